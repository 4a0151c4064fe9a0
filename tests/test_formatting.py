"""Laying out: nothing that a file says is changed, no comment is lost, and once is enough."""

import re
from pathlib import Path
from random import Random

import pytest

from infoshare.authoring.formatting import changes, difference, lay_out
from infoshare.syntax import tree
from infoshare.syntax.layout import WIDTH
from infoshare.syntax.parser import parse
from infoshare.syntax.printer import print_file
from infoshare.testing.comments import places, with_comments
from infoshare.testing.policies import random_policy, sources
from infoshare.text import Source

ROOT = Path(__file__).parent.parent
SHIPPED = sorted((ROOT / "policies").glob("*.policy"))
SHARES = (0.05, 0.3, 1.0)


def laid_out(text: str) -> str:
    result = lay_out("test.policy", text.encode())
    assert result.diagnostics == ()
    assert result.data is not None
    return result.data.decode()


def comments(text: str) -> list[str]:
    """The comments of a text, found without the parser."""
    return [m[1].rstrip() for m in re.finditer(r'"[^"]*"|(#[^\n]*)', text) if m[1]]


def parsed(text: str) -> tree.File:
    result = parse(Source("test.policy", text))
    assert result.diagnostics == ()
    assert result.file is not None
    return result.file


def holds(text: str, expected: list[str] | None = None) -> None:
    """All that laying out promises; comments keep their order where the parts do."""
    once = laid_out(text)
    again = parsed(once)
    assert again == parsed(text)
    assert comments(once) == (comments(text) if expected is None else expected)
    assert print_file(again) == once


# --- laws -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_policy_keeps_its_tree_and_its_comments(path):
    holds(path.read_text("utf-8"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_policy_keeps_comments_between_any_two_of_its_words(path):
    text = laid_out(path.read_text("utf-8"))
    for seed, share in enumerate(SHARES):
        holds(with_comments(Random(seed), text, share=share))


@pytest.mark.parametrize("start", range(0, 1000, 100))
def test_random_policies_keep_comments_in_every_possible_place_and_stay_as_they_are_laid_out(start):
    for seed in range(start, start + 100):
        rng = Random(seed)
        for text in sources(random_policy(rng)).values():
            holds(with_comments(rng, text.decode(), share=SHARES[seed % 3]))


def test_a_comment_may_stand_in_each_single_place_of_a_sample_of_the_language():
    text = laid_out(SAMPLE)
    for place in places(text):
        holds(f"{text[:place]} # here\n{text[place:]}", ["# here"])


def test_no_line_of_a_shipped_policy_is_wider_than_the_layout_but_for_comments_and_addresses():
    for path in SHIPPED:
        lines = laid_out(path.read_text("utf-8")).splitlines()
        wide = [line for line in lines if len(line) > WIDTH and "#" not in line]
        assert [
            line for line in wide if not line.startswith('  at "https://')
        ] == []  # an address has no spaces


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_policy_is_laid_out(path):
    assert not lay_out(path.name, path.read_bytes()).changed, "infoshare fmt policies"


@pytest.mark.parametrize("name", ["given", "then", "other"])
def test_a_comment_stays_at_the_citation_whatever_the_source_is_called(name):
    text = f'infoshare 1\n\nscenario "S"\n  cites {name}  # why\n  given\n    a.b\n  then share\n'
    assert laid_out(text) == text
    assert laid_out(text.replace(f"cites {name}  # why", f"cites # why\n {name}")) == text


# --- pairs ----------------------------------------------------------------------------------------

SAMPLE = """\
infoshare 1

policy sample "A sample"
  from 2026-01-01
  review by 2027-01-01

use "vocabulary.policy"

source protocol "The protocol" by "The partnership"

facts about concern "the concern"
  harm "the harm that the child is likely to suffer" :
    one of none "no harm", possible "possible harm", significant "significant harm", immediate "immediate danger"
    ask "How serious is the harm that the child may suffer?"
  abuse "abuse is suspected" : yes or no
    unanswered means no
    ask "Do you suspect abuse?"

facts about each item "a piece of information"
  needed "the purpose needs it" : yes or no  ask "Is this needed?"
  recorded_on "the day it was recorded" : date  ask "When was it recorded?"

define dangerous "telling would be dangerous" as
  any of these
    - telling.endangers_child
    - telling.endangers_adult

value retention 6 years from 2020-01-01, 10 years from 2026-01-01

impossible unborn_speaks "An unborn child says nothing." when child.unborn and child.speaks

override welfare "The welfare of the child comes first."
  must share
  prevails over every consent clause, other
  when concern.harm is one of significant, immediate or not (concern.abuse and dangerous)
  unless 6 months before item.recorded_on < today
  from 2026-01-01
  until 2026-12-31
  because "That is why."
  cites protocol "1", "3"

exception danger "Telling them is dangerous."
  sets aside inform
  when no item (needed and not old)

duty inform "Tell the family."
  before sharing, after withholding

safeguard needed_only "Only what is needed."
  for each item and recipient
  require item.needed
  otherwise "Leave it out."

advice lead from "your lead"

guarantee child_first "Never left."
  never withhold

scenario "The family refuses" as of 2026-03-01
  cites protocol "3"
  given
    consent.status is refused
    not concern.abuse
    item "GP letter" (needed, recorded_on is 2026-01-01)
  then must share
    because of welfare
    with inform
    asking concern.harm
    releasing "GP letter" to "the school"
"""


def test_the_sample_of_the_language_is_laid_out_as_it_stands():
    text = SAMPLE.replace(
        'impossible unborn_speaks "An unborn child says nothing." when',
        'impossible unborn_speaks "An unborn child says nothing."\n  when',
    )
    assert laid_out(SAMPLE) == laid_out(text) == text


def test_parts_are_put_in_order_and_what_was_on_one_line_gets_lines_of_its_own():
    crowded = (
        'infoshare 1 source s "S" rule a "A." share cites s "1" because "B." when x.y and\n'
        'not x.z from 2026-01-01 cites s "2" facts about x "x" y "y" : yes or no z "z" : yes or no\n'
    )
    assert laid_out(crowded) == (
        "infoshare 1\n\n"
        'source s "S"\n\n'
        'rule a "A."\n  share\n  when x.y and not x.z\n  from 2026-01-01\n  because "B."\n'
        '  cites s "1"\n  cites s "2"\n\n'
        'facts about x "x"\n  y "y" : yes or no\n  z "z" : yes or no\n'
    )


def test_comments_keep_their_places():
    text = (
        "# before everything\n\ninfoshare 1  # the version\n\n\n# a section\n\n# of a\n"
        'rule a "A."  # the heading\n  # above the effect\n  share # beside it\n  when x.y # why\n    and x.z # and why\n'
        '  # indented below: still a\'s\n# of b\nrule b "B."\n  share\n\n# the end\n'
    )
    assert laid_out(text) == (
        "# before everything\n\ninfoshare 1  # the version\n\n# a section\n\n# of a\n"
        'rule a "A."  # the heading\n  # above the effect\n  share  # beside it\n'
        "  # why\n  when x.y and x.z  # and why\n"
        '  # indented below: still a\'s\n\n# of b\nrule b "B."\n  share\n\n# the end\n'
    )


def test_a_comment_beside_a_part_stays_there_where_the_name_is_the_word_of_the_part():
    text = 'infoshare 1\n\npolicy version ""\n  version ""  # beside\n'
    assert laid_out(text) == text


@pytest.mark.parametrize(
    "said",
    [
        ": yes or no\n    unanswered means every a (a.b is fixed)",
        ": one of open, fixed\n    unanswered means fixed",
        ": one of open, fixed",
    ],
)
def test_a_comment_stays_before_the_word_fixed_whatever_else_is_called_so(said):
    fact = said.replace("\n", "  # what comes before\n", 1) if "\n" in said else said
    text = f'infoshare 1\n\nfacts about x ""\n  y "" {fact}  # beside\n    # before it\n    fixed\n'
    assert laid_out(text) == text


def test_a_comment_goes_with_the_part_that_it_stands_beside():
    text = 'infoshare 1\n\nrule a "A."\n  share\n  cites s "1"  # the place\n  when x.y  # the condition\n'
    assert laid_out(text) == (
        'infoshare 1\n\nrule a "A."\n  share\n  when x.y  # the condition\n  cites s "1"  # the place\n'
    )


def test_a_long_sentence_goes_on_in_the_next_line_and_a_long_heading_below_its_name():
    sentence = "A sentence that is told at length. " * 5
    heading = (
        "A heading that fits on a line of its own, but not beside the name of the clause that it is about."
    )
    text = laid_out(f'infoshare 1\nrule a_rather_long_name "{heading}" share because "{sentence}"')
    head, statement, _, *because = text.splitlines()[2:]
    assert (head, statement) == ("rule a_rather_long_name", f'    "{heading}"')
    assert because[0].startswith('  because "A sentence')
    assert all(line.startswith("    ") for line in because[1:])
    assert " ".join(line.strip() for line in because) == f'because "{sentence.strip()}"'


def test_answers_with_labels_that_do_not_fit_on_a_line_get_a_line_each():
    options = [f'answer_{n} "the answer that is called {n}"' for n in range(4)]
    text = laid_out(f'infoshare 1 facts about x "x" y "y" : one of {", ".join(options)} ask "Which?"')
    assert text.splitlines()[3:] == [
        '  y "y" :',
        "    one of",
        *(f"      {option}," for option in options[:-1]),
        f"      {options[-1]}",
        '    ask "Which?"',
    ]


def test_blank_lines_between_one_line_declarations_are_the_authors_and_between_others_there_is_one():
    text = 'infoshare 1\nuse "a"\nuse "b"\n\n\n\nuse "c"\nrule a "A."\n  share\nrule b "B."\n  share\n'
    assert laid_out(text) == (
        'infoshare 1\n\nuse "a"\nuse "b"\n\nuse "c"\n\nrule a "A."\n  share\n\nrule b "B."\n  share\n'
    )


# --- line ends, faults, refusal -------------------------------------------------------------------


def test_lines_end_as_the_first_one_does():
    unix, windows = b'infoshare 1\n\nuse "a"\n', b'infoshare 1\r\n\r\nuse "a"\r\n'
    assert lay_out("a", unix).data == unix
    assert lay_out("a", windows).data == windows
    assert lay_out("a", b'infoshare 1\r\nuse "a" # x\n').data == b'infoshare 1\r\n\r\nuse "a"  # x\r\n'


def test_a_byte_order_mark_goes():
    assert lay_out("a", b'\xef\xbb\xbfinfoshare 1\n\nuse "a"\n').data == b'infoshare 1\n\nuse "a"\n'


@pytest.mark.parametrize(
    "data", [b"", b"infoshare 1\nnonsense\n", b"\xff", b'infoshare 1\nuse "a', b"infoshare 2\nuse 'a'"]
)
def test_a_file_with_an_error_is_not_laid_out(data):
    result = lay_out("a.policy", data)
    assert result.data is None
    assert result.diagnostics


def test_a_result_that_is_not_safe_is_refused(monkeypatch):
    data = b'infoshare 1\n\nuse "a"  # why\n'
    monkeypatch.setattr("infoshare.authoring.formatting.print_file", lambda _: 'infoshare 1\n\nuse "a"\n')
    result = lay_out("a.policy", data)
    assert result.data is None
    (diagnostic,) = result.diagnostics
    assert diagnostic.code == "IS901"
    assert "lose a comment" in diagnostic.message


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('infoshare 1\n\nuse "b"  # why\n', "something else"),
        ('infoshare 1\n\nuse "a"\n', "lose a comment"),
        ('infoshare 1\n\nuse "a"  # why not\n', "lose a comment"),
        ('infoshare 1\nuse "a"  # why\n', "change it again"),
        ("infoshare 1\n\nuse\n", "read again"),
    ],
)
def test_what_differs_is_said(text, reason):
    file = parse(Source("a", 'infoshare 1\n\nuse "a"  # why\n')).file
    assert print_file(file) == 'infoshare 1\n\nuse "a"  # why\n'
    assert reason in (difference(file, text) or "")


def test_changes_are_a_unified_diff():
    told = list(changes("a.policy", b'infoshare 1\nuse "a"\n', b'infoshare 1\n\nuse "a"\n'))
    assert told[:2] == ["--- a.policy", "+++ a.policy (laid out)"]
    assert "+" in told
