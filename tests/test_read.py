"""A policy read aloud: every clause once, its condition in words, and what acts on what, by number."""

import re

import pytest

import infoshare
from cli_samples import POLICY, write
from infoshare.cli import main
from infoshare.explain.aloud import read_aloud
from small import load

SHIPPED = ["cscp", "hmg-2018", "hmg-2024", "england-2026"]


def paragraphs(text: str) -> list[str]:
    return text.split("\n\n")


def aloud(declarations: str) -> str:
    return read_aloud(load(declarations).model)


FACTS = """
facts about a "the matter"
  grave "the matter is grave" : yes or no
  known "the matter is known" : yes or no
  kind "the matter is …" : one of small "small", middling "middling", large "large"
  answer "…" : one of agreed "they agree", refused "they refuse", unasked "they have not been asked"
  stage "the stage" : one of first "the first", last "the last"
  signs "the signs" : some of bruising "bruises", fear "fear"
  age "the age" : number of years from 0 to 130
  day "the day of the report" : date
  note "the note" : text
facts about each item "a piece of information"
  needed "it is needed" : yes or no
"""


def test_a_clause_is_read_with_its_number_statement_place_effect_and_condition():
    text = aloud(
        FACTS + 'source book "The book"\nconsent agreed "What is agreed may be shared."\n'
        '  share when a.answer is agreed because "It says so." cites book "3", "4"\n'
    )
    assert (
        "1. What is agreed may be shared. (points 3, 4)\n"
        "   It may be shared when they agree.\n"
        "   Reason: It says so." in text
    )


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("a.grave", "the matter is grave"),
        ("not a.grave", "the matter is not grave"),
        ("a.grave is no", "the matter is not grave"),
        ("a.grave is not no", "the matter is grave"),
        ("a.kind is small", "the matter is small"),
        ("a.kind is one of small, large", "the matter is small or large"),
        ("a.kind is not small", "the matter is not small"),
        ("a.answer is one of agreed, refused", "they agree or they refuse"),
        ("a.answer is not unasked", "they have been asked"),
        ("a.stage is last", "the stage is the last"),
        ("a.stage is not last", "the stage is not the last"),
        ("a.signs includes fear", "the signs include fear"),
        ("not a.signs includes fear", "the signs do not include fear"),
        ("a.age < 13", "the age is under 13 years"),
        ("a.age >= 16", "the age is at least 16 years"),
        ("not a.age < 13", "the age is at least 13 years"),
        ("13 > a.age", "the age is under 13 years"),
        ("a.age is 13", "the age is 13 years"),
        ("a.day < 2026-01-31", "the day of the report is before 31 January 2026"),
        (
            "a.day >= 6 months before today",
            "the day of the report is on or after 6 months before the day decided for",
        ),
        (
            "2 years after a.day <= today",
            "2 years after the day of the report is on or before the day decided for",
        ),
        ('a.note is "x"', "the note is “x”"),
        ("a.grave and a.known", "the matter is grave and the matter is known"),
        ("a.grave or a.known", "the matter is grave or the matter is known"),
        ("any item (item.needed)", "for at least one listed as a piece of information, it is needed"),
        ("every item (item.needed)", "for each one listed as a piece of information, it is needed"),
        ("no item (item.needed)", "for none listed as a piece of information, it is needed"),
        ("plain", "the matter is plain"),
        ("not plain", "the matter is not plain"),
    ],
)
def test_a_condition_is_said_in_words(condition, words):
    text = aloud(
        f'{FACTS}define plain "the matter is plain" as a.grave and a.known rule r "R." share when {condition}\n'
    )
    told = text.split("It may be shared when ")[1].split("\n")[0].rstrip(".")
    assert told == words


def test_more_than_two_things_are_a_list_and_lists_within_are_lists():
    text = aloud(FACTS + 'rule r "R." share when a.grave and a.known and (a.age < 13 or a.kind is small)\n')
    assert (
        "It may be shared when all of these are so:\n"
        "     - the matter is grave\n"
        "     - the matter is known\n"
        "     - the age is under 13 years or the matter is small\n" in text
    )


def test_none_of_these_and_not_all_are_said_as_such():
    text = aloud(
        FACTS
        + 'rule r "R." share when not (a.grave or a.known) rule q "Q." share when not (a.grave and a.known)\n'
    )
    assert "It may be shared when none of these is so:" in text
    assert "It may be shared when not all of these are so:" in text


def test_unless_is_read_after_when_and_alone():
    text = aloud(
        FACTS + 'rule r "R." share when a.grave unless a.known rule q "Q." must withhold unless a.known\n'
    )
    assert "It may be shared when the matter is grave.\n   But not when the matter is known." in text
    assert "It must not be shared, but not when the matter is known." in text


def test_what_acts_on_what_is_said_from_both_sides_by_number():
    text = aloud(
        FACTS + 'consent c "C." withhold override o "O." share prevails over c when a.grave\n'
        'exception e "E." sets aside c, d when a.known duty d "Do it." before sharing, after withholding\n'
    )
    blocks = paragraphs(text)
    (c,) = [b for b in blocks if b.startswith("1. C.")]
    assert "It is not shared, whatever the case." in c
    assert "Clause 2 prevails over it.\n   Clause 3 sets it aside." in c
    (e,) = [b for b in blocks if b.startswith("3. E.")]
    assert "It sets aside clauses 1 and 4." in e
    (d,) = [b for b in blocks if b.startswith("4. Do it.")]
    assert "To be done before sharing or after withholding." in d


def test_three_and_more_numbers_in_a_row_are_said_as_one():
    clauses = "".join(f'consent c_{n} "C {n}." withhold\n' for n in range(1, 6))
    text = aloud(
        f'{clauses}override o "O." share prevails over c_1, c_2, c_4 override p_2 "P." share prevails over c_2, c_3, c_4, c_5'
    )
    assert "It prevails over clauses 1, 2 and 4." in text
    assert "It prevails over clauses 2 to 5." in text


def test_safeguards_advice_guarantees_and_dates_are_read():
    text = aloud(
        FACTS + 'rule r "R." share from 2026-02-01 until 2026-03-31\n'
        'safeguard s "S." for each item require item.needed otherwise "Leave it out."\n'
        'advice lead from "your lead" when a.grave\n'
        'duty d "Write it down." after deciding\n'
        'guarantee g "G." never withhold when a.grave\nguarantee h "H." always requires d\n'
    )
    assert "In force from 1 February 2026 to 31 March 2026." in text
    assert "For each item it is required that it is needed.\n   Otherwise: Leave it out." in text
    assert "Ask your lead.\n   They are to be asked when the matter is grave." in text
    assert "The answer is never to keep it back when the matter is grave." in text
    assert "Clause 2 is always called for, whatever the case." in text


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_policy_is_read_whole_and_without_a_dotted_name(name):
    policy = infoshare.load(f"infoshare:{name}")
    text = read_aloud(policy.model, vocabulary=True)
    assert text.startswith(policy.title)
    model = policy.model
    tables = (model.clauses, model.exceptions, model.duties, model.safeguards, model.advice, model.guarantees)
    provisions = [provision for table in tables for provision in table.values()]
    assert re.findall(r"^(\d+)\. ", text, re.MULTILINE) == [str(n) for n in range(1, len(provisions) + 1)]
    for path in model.facts:
        assert path not in text
    for fact in policy.facts:
        assert fact.question is None or fact.question in text


def test_the_command_reads_a_policy_and_exits_with_nought(tmp_path, capsys):
    policy = write(tmp_path / "sample.policy", POLICY)
    assert main(["read", policy]) == 0
    out = capsys.readouterr().out
    assert out.startswith("A sample\n")
    assert max(map(len, out.split("\n"))) <= 110
    assert "WHAT IS ASKED OF A CASE" not in out
    assert main(["read", policy, "--vocabulary", "--names"]) == 0
    out = capsys.readouterr().out
    assert "WHAT IS ASKED OF A CASE" in out
    assert "[safety_first]" in out
    assert "Unless somebody says otherwise: it is not so that something that nobody should have to say" in out


def test_a_policy_that_cannot_be_read_exits_as_decide_does(tmp_path, capsys):
    assert main(["read", write(tmp_path / "bad.policy", "infoshare 1\nrule")]) == 3
    assert main(["read", str(tmp_path / "none.policy")]) == 2
    assert capsys.readouterr().out == ""
