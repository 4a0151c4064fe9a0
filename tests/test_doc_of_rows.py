"""The page of a policy with rows, people and parts: every clause once, and each promise proved, or shown to fail."""

import html
import re
from pathlib import Path

import pytest

from cli_samples import write
from findings_samples import TODAY
from infoshare.authoring.page import Examples, page
from infoshare.explain.aloud import Reader
from infoshare.policy.load import load_result

POLICY = """infoshare 1
policy p "P" from 2026-01-01
source g "The guide"
source h "The handbook"
facts about x "x"
  a "a is so" : yes or no ask "A?"
  harm "the harm" : one of none, some, much in order ask "How much?"
facts about each person "somebody" unanswered means none
  bad "they are bad" : yes or no ask "Bad?"
facts about each item "an item"
  about "whom it is about" : some person ask "About whom?"
facts about each recipient "a recipient"
  near "they are near" : yes or no ask "Near?"
  who "which of the people they are" : one person ask "Who?"
part first "What is given" when x.a from 2026-02-01 cites h
rule go "It goes to those who are near." should share for each recipient
  when recipient.near and x.harm is at least some and not recipient.who.bad
exception at_will "It need not go." relaxes go when at least 2 persons (person.bad)
part second "What is asked"
consent asked "They are asked." seek consent from each person in item.about (person.bad) for each item cites g "2"
rule stay "Everything else stays." withhold where no other clause stands cites g "3"
duty tell "Tell them." after holding back for each recipient within 3 days cites g "4"
guarantee spared "None who is bad gets it." never share for each recipient when recipient.who.bad cites g "5"
guarantee all_near "All who are near get it." always share for each recipient when recipient.near cites g "6"
guarantee told "Whoever is near is told." always requires tell for each recipient when recipient.near cites g "7"
scenario "Two"
  given
    x.a
    x.harm is some
    person "Ann" (bad)
    item "report" (about is empty)
    recipient "school" (near, who is none of them)
    recipient "Ann" (near, who is "Ann")
  then differs
    share for "report" to "school"
    withhold for "report" to "Ann"
"""


@pytest.fixture
def made(tmp_path: Path) -> tuple[Reader, str]:
    loaded = load_result(write(tmp_path / "p.policy", POLICY))
    assert loaded.policy is not None, loaded.diagnostics
    found = page(loaded.policy, [Examples(loaded.policy, loaded.files)], today=TODAY)
    text = html.unescape(re.sub(r"<[^>]+>", " ", found[found.index("<main") :]))
    return Reader(loaded.policy.model), " ".join(text.split())


def test_the_parts_are_sections_in_their_order_with_what_is_so_of_all_that_stands_in_them(made) -> None:
    reader, text = made
    headings = [heading for heading, provisions in reader.sections() if provisions]
    assert headings[:2] == ["What is given", "What is asked"]
    places = [
        text.index(words)
        for words in (
            "What is given",
            "All of this part is so only when a is so.",
            "In force from 1 February 2026.",
            "It goes to those who are near.",
            "What is asked",
            "They are asked.",
        )
    ]
    assert places == sorted(places)
    assert text.count("In force from 1 February 2026.") == 1


def test_every_clause_is_there_once_with_what_it_relaxes_and_by_when_it_is_done(made) -> None:
    reader, text = made
    for name in ("go", "at_will", "asked", "stay", "tell", "spared"):
        assert text.count(f"Clause {reader.number[name]}: ") == 1
    assert f"Relaxed by {reader.number['at_will']}" in text
    assert f"Relaxes {reader.number['go']}" in text
    assert "relaxes (~)" in text
    assert "within 3 days" in text
    assert "Where no other clause stands, it is not shared" in text
    assert "One of these, in this order: none some much" in text
    assert "unless somebody lists them, it is assumed that there are none" in text


def test_a_promise_for_each_recipient_is_proved_of_every_row_or_shown_to_fail_of_one(made) -> None:
    _, text = made
    assert "1 of 3 hold" in text
    spared = text[text.index("None who is bad gets it.") :]
    assert (
        "✓ Proved: it holds for every case there can be."
        in spared[: spared.index("All who are near get it.")]
    )
    near = text[text.index("All who are near get it.") : text.index("Whoever is near is told.")]
    assert "✗ It can fail." in near
    assert "they are near" in near[near.index("where this is known") :]


def test_a_case_of_which_the_answer_differs_is_shown_with_what_stands_for_whom(made) -> None:
    _, text = made
    case = text[text.index("What is known") :]
    decided = case[: case.index("What the cases show")]
    assert "differs" in decided
    assert "he guarantee `all_near` does not hold" in decided
    assert "expected share" not in decided  # both rows are as the scenario says
