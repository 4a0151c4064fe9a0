"""Rows, people, and what came with them, read aloud clause by clause."""

import pytest

from infoshare import Policy
from infoshare.explain.aloud import read_aloud
from small import load

FACTS = """
source act "The Act"
facts about matter "the matter"
  risk "the risk is …" : one of low, middling, high in order
  state "the state is …" : one of ireland "Ireland", france "France", spain "Spain"
  age "the child's age" : number of years from 0 to 130
  visits "the number of visits" : number
  calls "the number of calls" : number
  opened "the day it was opened" : date
  signs "the signs" : some of fear, hunger, bruises
  told_by "who told it" : one person
facts about each person "somebody in the case" unanswered means none
  hurt "they are hurt" : yes or no ask first "Are they hurt?"
  age "their age" : number of years from 0 to 130 fixed
  born_on "the day they were born" : date
  friend "their friend" : one person
facts about each item "a record"
  about "whom it is about" : some person unanswered means every person (person.hurt)
facts about each recipient "somebody who is to have it"
  who "which of the people this is" : one person
"""


def read(text: str) -> list[str]:
    """The lines of a policy read aloud, without what stands around them."""
    return [line.strip() for line in text.split("\n") if line.strip()]


def aloud(declarations: str, *, vocabulary: bool = False) -> list[str]:
    return read(read_aloud(load(FACTS + declarations).model, vocabulary=vocabulary))


def when(condition: str) -> str:
    lines = aloud(f'rule r "R." share when {condition}\n')
    at = next(n for n, line in enumerate(lines) if line.startswith("It may be shared when "))
    return " / ".join([lines[at].removeprefix("It may be shared when "), *lines[at + 1 :]])


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("matter.risk is at least middling", "the risk is middling or high."),
        ("matter.risk is less than middling", "the risk is low."),
        ("matter.age is at least 16", "the child's age is at least 16 years."),
        ("matter.visits plus 2 > matter.calls", "the number of calls is under the number of visits plus 2."),
        ("matter.visits minus matter.calls >= 3", "the number of visits minus the number of calls is at least 3."),
        (
            "years between matter.opened and today >= 2",
            "the number of whole years from the day it was opened to the day decided for is at least 2.",
        ),
        (
            "matter.signs includes any of fear, hunger",
            "the signs include fear or the signs include hunger.",
        ),
        ("matter.told_by.hurt", "for a person who told it, they are hurt."),
        ("not matter.told_by.hurt", "it is not so that for a person who told it, they are hurt."),
        ("matter.told_by is none of them", "no person is named under “who told it”."),
        ("at least 3 persons (person.hurt)", "for at least 3 listed as somebody in the case, they are hurt."),
        ("not at most 2 persons (person.hurt)", "it is not so that for at most 2 listed as somebody in the case, they are hurt."),
        ("no person in matter.told_by (person.hurt)", "for a person who told it, they are not hurt."),
        (
            "any person (person.friend.age < person.age)",
            "for at least one listed as somebody in the case, for a person named under “their friend”, their age (of the"
            " person named under “their friend”) is under their age (of this person).",
        ),
        (
            "any person (person.friend.born_on >= 2 years before person.born_on)",
            "for at least one listed as somebody in the case, for a person named under “their friend”, the day they were"
            " born (of the person named under “their friend”) is on or after 2 years before the day they were born (of"
            " this person).",
        ),
        (
            "any person (person.friend is matter.told_by)",
            "for at least one listed as somebody in the case, a person is named under both “their friend” and “who told"
            " it”.",
        ),
    ],
)  # fmt: skip
def test_a_new_form_is_said_in_words(condition, words):
    assert when(condition) == words


@pytest.mark.parametrize(
    ("scope", "head"),
    [
        ("for each item", "For each item, it may be shared when"),
        ("for each recipient", "For each recipient, it may be shared when"),
        ("for each item and recipient", "For each item and recipient, it may be shared when"),
        ("for each person", "For each person, it may be shared when"),
    ],
)
def test_a_clause_says_of_each_of_what_it_speaks(scope, head):
    lines = aloud(f'rule r "R." share {scope} when matter.risk is high\n')
    assert f"{head} the risk is high." in lines


@pytest.mark.parametrize(
    ("effect", "words"),
    [
        ("should share", "It should be shared (unless there is a reason, which is then recorded), whatever the case."),
        ("should withhold", "It should not be shared (unless there is a reason, which is then recorded), whatever the case."),
        ("must seek consent", "Consent must be sought first, whatever the case."),
        ('seek consent from "the student"', "The consent of the student is sought first, whatever the case."),
        (
            'seek consent from "the patient, or whoever acts for them"',
            "The consent of the patient, or whoever acts for them, is sought first, whatever the case.",
        ),
        ("seek consent from matter.told_by", "The consent of the person who told it is sought first, whatever the case."),
    ],
)  # fmt: skip
def test_strength_and_whose_consent_are_read(effect, words):
    assert words in aloud(f'rule r "R." {effect}\n')


def test_whose_consent_is_sought_for_each_record_is_read_with_the_condition():
    lines = aloud(
        'rule r "R." seek consent from each person in item.about (person.hurt) for each item when matter.risk is high\n'
    )
    assert (
        "It is sought from each one of those whom it is about, of whom it is so that they are hurt." in lines
    )
    lines = aloud('rule r "R." seek consent from person for each person when person.hurt\n')
    assert "For each person, the consent of this person is sought first when they are hurt." in lines


def test_what_relaxes_says_that_it_still_stands_and_both_sides_name_the_other():
    lines = aloud('rule r "R." must share\nexception e "E." relaxes r when matter.risk is low\n')
    assert "It relaxes clause 1." in lines
    assert "What it relaxes still stands, but need not be done, when the risk is low." in lines
    assert "Clause 2 relaxes it." in lines


def test_a_closing_clause_says_that_it_stands_where_no_other_does():
    lines = aloud(
        'rule r "R." share when matter.risk is low\nrule c "C." withhold where no other clause stands\n'
    )
    assert "Where no other clause stands, it is not shared, whatever the case." in lines


def test_a_duty_says_by_when_and_working_days_say_which_days_they_leave_out():
    lines = aloud(
        'holidays bank 2026-12-25, 2026-12-28\nduty d "D." after sharing within 3 working days of matter.opened\n'
        'duty e "E." after deciding for each person within 36 hours when person.hurt\n'
    )
    assert "To be done after sharing, within 3 working days of the day it was opened." in lines
    assert "For each person, to be done after deciding, within 36 hours, when they are hurt." in lines
    assert "Working days leave out Saturdays, Sundays and 25 December 2026 and 28 December 2026." in lines


def test_a_value_by_a_fact_is_read_for_each_answer():
    lines = aloud(
        "value online_age by matter.state: ireland 16, others 13 from 2018-05-25\n"
        'rule r "R." share when matter.age >= online_age from 2018-06-01\n'
    )
    assert "Where the state is Ireland, “online age” is 16 from 25 May 2018." in lines
    assert "Where the state is France or Spain, “online age” is 13 from 25 May 2018." in lines


def test_a_define_about_each_element_says_so():
    lines = aloud('define left "they are left alone" for each person as not person.hurt\n'
                  'rule r "R." share when any person (person.left)\n')  # fmt: skip
    assert "“they are left alone”, of each person, means that they are not hurt." in lines


def test_parts_are_sections_and_say_their_condition_once():
    lines = aloud(
        'part treatment "Treatment" when matter.risk is high cites act\n'
        'rule a "A." share when matter.age < 18\nrule b "B." withhold\nduty d "D." after sharing\n'
        'part other "Everything else"\nrule c "C." seek advice when matter.risk is low\n'
    )
    at = lines.index("TREATMENT")
    assert lines[at + 1] == "All of this part is so only when the risk is high."
    assert "It may be shared when the child's age is under 18 years." in lines
    assert "It is not shared." in lines
    assert "EVERYTHING ELSE" in lines
    assert sum("the risk is high" in line for line in lines) == 1
    assert [line[:1] for line in lines if line[:1].isdigit()] == ["1", "2", "3", "4"]


def test_an_overlay_says_what_it_stands_instead_of():
    national = """infoshare 1
policy national "National"
facts about m "the matter"
  grave "it is grave" : yes or no
rule old "The old way." share when m.grave
"""
    policy: Policy = load(
        'use "national.policy"\nrule new "The new way." instead of old withhold when m.grave\n',
        {"national.policy": national},
    )
    lines = read(read_aloud(policy.model))
    assert "It stands instead of clause 1." in lines
    assert "Clause 2 stands instead of it while that is in force." in lines


def test_what_is_asked_of_a_case_says_what_is_assumed_asked_first_and_fixed():
    lines = aloud('rule r "R." share\n', vocabulary=True)
    assert "Unless somebody lists them, it is assumed that there are none." in lines
    assert "- Are they hurt? (Asked first.)" in lines
    assert "A whole number of years, from 0 to 130. It cannot be otherwise." in lines
    assert (
        "Unless somebody says otherwise: those named under “whom it is about” are every person of whom it is so that"
        " they are hurt."
    ) in lines
