"""A folder of small policies as an author has it open, for the tests of this room."""

from datetime import date
from pathlib import Path

from infoshare.editor.workspace import Workspace

TODAY = date(2026, 11, 29)

WORDS = """\
infoshare 1

facts about consent "consent"
  status "the family's answer" :
    one of given "agreed", refused "refused", not_sought "not asked yet"
    ask "What does the family say?"

facts about concern "the concern"
  harm "the harm is …" : one of none "no harm", possible "possible harm" in order  unanswered means none
  urgent "it cannot wait" : yes or no

facts about each person "somebody in the case"
  adult "they are grown up" : yes or no

facts about each item "a piece of information"
  about "whom it is about" : one person
"""

POLICY = """\
infoshare 1

policy local "Our own" from 2026-01-01 review by 2027-01-01

use "words.policy"

source handbook "The handbook" at "https://example.org/handbook"

# What is meant by danger. 🚨
define danger "there is danger" as concern.harm is possible or concern.urgent

consent agreed "What the family agrees to may be shared."
  share
  when consent.status is given
  cites handbook "1"

consent refused "What the family refuses is not shared."
  withhold
  when consent.status is refused
  cites handbook "2"

override in_danger "Danger overrides a refusal."
  share
  prevails over every consent clause
  when danger
  cites handbook "3"

duty tell "Tell the family."
  after sharing
  cites handbook "4"

exception no_time "There is no time to tell them."
  sets aside tell
  when concern.urgent
  cites handbook "5"
"""

CASES = """\
infoshare 1

use "local.policy"

scenario "The family agrees"
  given
    consent.status is given
    concern.harm is none
    not concern.urgent
  then share
    because of agreed
    with tell

scenario "The family refuses, and there is danger"
  given
    consent.status is refused
    concern.harm is possible
  then withhold
    because of refused
"""


def desk(folder: Path, **files: str) -> Workspace:
    """The files in a folder, all of them but the vocabulary open; others, by their name without `.policy`, put there."""
    texts = {"words": WORDS, "local": POLICY, "cases": CASES, **files}
    workspace = Workspace((folder.as_posix(),), TODAY)
    for name, text in texts.items():
        (folder / f"{name}.policy").write_bytes(text.encode())
    workspace = workspace.refreshed()
    for name, text in texts.items():
        if name != "words":
            workspace = workspace.edited(f"{folder.as_posix()}/{name}.policy", text, 1)
    return workspace


def place(workspace: Workspace, path: str, words: str) -> tuple[str, int]:
    """The place that `|` marks in some words of a file."""
    before, after = words.split("|")
    text = workspace.document(path).text
    assert text.count(before + after) >= 1, words
    return path, text.index(before + after) + len(before)
