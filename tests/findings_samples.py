"""A policy in which nothing is found, and how to look for findings in variations of it."""

from collections.abc import Mapping
from datetime import date

from infoshare.authoring.findings import Checked, Finding, findings
from infoshare.meaning.resolver import resolve
from infoshare.policy.collector import collect
from infoshare.policy.files import FilesInMemory
from infoshare.policy.policy import Policy

TODAY = date(2026, 6, 1)

CLEAN = """\
infoshare 1

policy p "P"
  from 2026-01-01
  review by 2027-01-01

source paper "The paper"

facts about child "the child"
  at_risk "the child is at risk" : yes or no  ask "Is the child at risk?"
  agreed "the family agrees" : yes or no  ask "Does the family agree?"
  age "the age" : number of years from 0 to 17  ask "How old is the child?"
  level "the level" : one of low, middle, high  ask "How much is known?"

rule protect "What protects is shared."
  share
  when child.at_risk or child.agreed
  cites paper "1"

rule keep "All else is kept."
  withhold
  when not child.at_risk and not child.agreed
  cites paper "2"

safeguard grown "The old and the known only."
  require child.age > 15 or child.level is high
  otherwise "Wait."
  cites paper "3"

scenario "At risk"
  given
    child.at_risk
  then share

scenario "Neither"
  given
    not child.at_risk
    not child.agreed
  then withhold
"""

VOCABULARY = """\
infoshare 1

facts about family "the family"
  here "the family is here" : yes or no  ask "Is the family here?"
"""


def varied(changes: Mapping[str, str], text: str = CLEAN) -> str:
    """The text with stretches, each of which must be in it once, replaced; what replaces "" is added at the end."""
    for old, new in changes.items():
        assert old == "" or text.count(old) == 1, old
        text = text.replace(old, new) if old else f"{text}\n{new}\n"
    return text


def checked(
    text: str, files: Mapping[str, str] | None = None, *, main: str = "p.policy", listed: bool = True
) -> Checked:
    """A file as it is loaded."""
    sources = {main: text, **(files or {})}
    got = collect(FilesInMemory({path: each.encode() for path, each in sources.items()}, main))
    bound = resolve(got.files, digest=got.digest)
    assert bound.model is not None and not got.diagnostics, [*got.diagnostics, *bound.diagnostics]
    return Checked(Policy(bound.model, bound.scenarios, bound.diagnostics), got.files, listed)


def look(text: str, files: Mapping[str, str] | None = None, *, today: date = TODAY) -> tuple[Finding, ...]:
    """What is found in a policy."""
    return findings([checked(text, files)], today=today)


def codes(text: str, files: Mapping[str, str] | None = None, *, today: date = TODAY) -> list[str]:
    """The codes of what is found in a policy."""
    return [finding.diagnostic.code for finding in look(text, files, today=today)]


def pointed_at(found: tuple[Finding, ...]) -> list[str]:
    """The text that each finding points at."""
    return [finding.diagnostic.labels[0].span.text for finding in found]
