"""A small policy and a small case that the tests of the command line share."""

import json
from pathlib import Path
from typing import Any

POLICY = """\
infoshare 1

policy sample "A sample"
  version "7"
  from 2026-01-01
  until 2026-12-31

facts about consent "consent"
  status "the family's answer" : one of given, refused, not_sought  ask "What does the family say?"

facts about concern "the concern"
  serious "the child is at risk of serious harm" : yes or no  ask "Is the child at risk?"
  secret "something that nobody should have to say" : yes or no  unanswered means no

consent agreed "What the family agrees to is shared."
  share
  when consent.status is given

consent respected "The wishes of a family who refuse are respected."
  withhold
  when consent.status is refused

consent ask_first "The family is asked first."
  seek consent
  when consent.status is not_sought

override safety_first "A child's safety overrides confidentiality."
  share
  prevails over every consent clause
  when concern.serious

override secrets "Secrets are a matter for advice."
  seek advice
  prevails over agreed, respected, ask_first, safety_first
  when concern.secret
"""

SHARE: dict[str, Any] = {"case": "S", "consent": {"status": "refused"}, "concern": {"serious": True}}
SEEK_CONSENT: dict[str, Any] = {"consent": {"status": "not_sought"}, "concern": {"serious": False}}
WITHHOLD: dict[str, Any] = {"consent": {"status": "refused"}, "concern": {"serious": False}}
UNSETTLED: dict[str, Any] = {"consent": {"status": "refused"}}

PASSING = """
scenario "The family agrees"
  given
    consent.status is given
  then share
    because of agreed
"""
FAILING = """
scenario "The family refuses, and the child is at risk"
  given
    consent.status is refused
    concern.serious
  then withhold
"""


def write(path: Path, content: Any) -> str:
    """Writes text as it is and anything else as JSON; returns the path as text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return str(path)
