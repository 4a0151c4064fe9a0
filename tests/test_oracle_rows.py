"""The oracle on rows and people, held against examples worked out by hand from the contract, so that it can be trusted."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from infoshare.outcome import Basis, Outcome
from infoshare.syntax.parser import parse
from infoshare.text import Source
from oracle import Expected, UnknownListError, expect, listings

DAY = date(2026, 6, 15)  # a Monday
SHARE, WITHHOLD = Outcome.SHARE, Outcome.WITHHOLD
CONSENT, ADVICE, DIFFERS = Outcome.SEEK_CONSENT, Outcome.SEEK_ADVICE, Outcome.DIFFERS

PEOPLE = """
facts about each person "somebody"
  child "a child" : yes or no
  barred "barred by a court" : yes or no
  age "their age" : number from 0 to 20
facts about each item "a piece of information"
  secret "secret" : yes or no
  about "whom it is about" : some person
  told_by "who told of it" : one person
facts about each recipient "who is to be told"
  agency "an agency" : yes or no
  who "which of the people they are" : one person
facts about request "the request"
  urgent "it is urgent" : yes or no
  came_on "the day it came" : date
"""
ANN, BOB = {"name": "Ann"}, {"name": "Bob"}
SCHOOL, FATHER = {"name": "school"}, {"name": "father"}


def said(policy: str, case: Mapping[str, Any], *, presume: bool = True, vocabulary: str = PEOPLE) -> Expected:
    file = parse(Source("p.policy", f'infoshare 1\npolicy p "P"\n{vocabulary}\n{policy}')).file
    assert file is not None
    found = expect(file, case, DAY, presume=presume)
    assert found is not None
    return found


def outcomes(found: Expected) -> list[Outcome]:
    return [row.outcome for row in found.every_row]


def test_each_recipient_has_an_outcome_of_their_own_and_the_decision_differs() -> None:
    found = said(
        'rule a "A." share for each recipient when recipient.agency\n'
        'rule b "B." withhold for each recipient unless recipient.agency',
        {"recipient": [SCHOOL | {"agency": True}, FATHER | {"agency": False}]},
    )
    assert (found.outcome, found.basis, found.mandatory) == (DIFFERS, Basis.ROWS, None)
    assert outcomes(found) == [SHARE, WITHHOLD]
    assert [row.release for row in found.every_row] == [True, False]
    assert found.possible == {SHARE, WITHHOLD} and found.fired == ["a", "b"]


def test_the_man_who_is_barred_gets_nothing_while_the_rest_is_open() -> None:
    found = said(
        'rule a "A." share when request.urgent\n'
        'override b "B." must withhold prevails over a for each recipient when recipient.who.barred',
        {
            "person": [ANN | {"barred": False}, BOB | {"barred": True}],
            "recipient": [SCHOOL | {"who": {"none": True}}, FATHER | {"who": "Bob"}],
        },
    )
    assert (found.outcome, found.basis) == (DIFFERS, Basis.ROWS)
    assert [(row.outcome, row.basis) for row in found.every_row] == [
        (ADVICE, Basis.UNKNOWN_FACTS),
        (WITHHOLD, Basis.CLAUSES),
    ]
    (question,) = found.questions
    assert question.fact == "request.urgent" and question.rows == {(None, "school")}


def test_an_override_and_an_exception_for_each_act_in_their_rows_alone() -> None:
    found = said(
        'consent a "A." withhold\n'
        'override b "B." share prevails over a for each recipient when recipient.agency\n'
        'exception c "C." sets aside b for each item when item.secret',
        {
            "item": [{"name": "x", "secret": True}, {"name": "y", "secret": False}],
            "recipient": [SCHOOL | {"agency": True}, FATHER | {"agency": False}],
        },
    )
    assert outcomes(found) == [WITHHOLD, WITHHOLD, SHARE, WITHHOLD]
    assert [list(row.defeated) for row in found.every_row] == [[], [], ["a"], []]
    assert [list(row.excepted) for row in found.every_row] == [["b"], [], [], []]


def test_of_an_empty_side_a_clause_for_each_holds_nowhere_and_nothing_goes() -> None:
    found = said('rule a "A." share\nrule b "B." withhold for each item', {"item": [], "recipient": [SCHOOL]})
    assert (found.outcome, found.fired) == (SHARE, ["a"])
    assert [row.release for row in found.every_row] == [False]


def test_of_a_list_that_is_not_given_nothing_is_guessed() -> None:
    policy = 'rule a "A." share for each recipient'
    with pytest.raises(UnknownListError):
        said(policy, {})
    file = parse(Source("p.policy", f'infoshare 1\npolicy p "P"\n{PEOPLE}\n{policy}')).file
    assert file is not None
    missing, ways = listings((file,), {"item": [], "person": []}, DAY)
    assert missing == ["recipient"]
    assert [len(way["recipient"]) for way in ways] == [0, 1, 2]


def test_of_none_of_them_every_test_is_no_and_its_opposite_is_yes() -> None:
    case = {"person": [ANN | {"barred": True, "age": 3}], "recipient": [SCHOOL | {"who": {"none": True}}]}
    for condition, holds in {
        "recipient.who.barred": False,
        "not recipient.who.barred": True,
        "recipient.who.age < 5": False,
        "recipient.who.age >= 5": False,
        "recipient.who.age is not 5": True,
        "recipient.who is none of them": True,
        "every person in recipient.who (person.barred)": False,
        "no person in recipient.who (person.barred)": False,
        "at most 2 person in recipient.who (person.barred)": False,
    }.items():
        found = said(f'rule a "A." share for each recipient when {condition}', case)
        assert (outcomes(found) == [SHARE]) is holds, condition


def test_two_references_to_nobody_are_not_the_same() -> None:
    case = {
        "person": [ANN],
        "item": [{"name": "x", "told_by": {"none": True}, "about": []}],
        "recipient": [SCHOOL | {"who": {"none": True}}],
    }
    rule = 'rule a "A." share for each item and recipient when '
    assert outcomes(said(f"{rule} recipient.who is item.told_by", case)) == [ADVICE]
    assert outcomes(said(f"{rule} recipient.who is not item.told_by", case)) == [SHARE]
    assert outcomes(said(f"{rule} item.about is empty", case)) == [SHARE]
    assert outcomes(said(f"{rule} item.about is exactly recipient.who", case)) == [ADVICE]


def test_a_comparison_through_a_reference_keeps_the_person_in_hand() -> None:
    case = {
        "person": [ANN | {"age": 5}, BOB | {"age": 9}],
        "recipient": [FATHER | {"who": "Bob"}],
    }
    found = said(
        'rule a "A." share for each recipient when any person (person.age < recipient.who.age)', case
    )
    assert outcomes(found) == [SHARE]
    assert outcomes(
        said('rule a "A." share for each recipient when any person (recipient.who.age < person.age)', case)
    ) == [ADVICE]


def test_sets_of_those_who_are_named_and_sets_of_those_who_are_meant() -> None:
    case = {
        "person": [ANN, BOB],
        "item": [{"name": "x", "told_by": "Ann", "about": ["Ann", "Bob"]}],
        "recipient": [FATHER | {"who": "Bob"}],
    }
    for condition, holds in {
        "item.about includes recipient.who": True,
        "item.about includes all of recipient.who, item.told_by": True,
        "item.about is exactly recipient.who": False,
        "item.about is exactly recipient.who, item.told_by": True,
        "item.about includes none of recipient.who, item.told_by": False,
        "every person (item.about includes person)": True,
        "exactly 1 person in item.about (recipient.who is person)": True,
    }.items():
        found = said(f'rule a "A." share for each item and recipient when {condition}', case)
        assert (outcomes(found) == [SHARE]) is holds, condition


def test_an_unanswered_reference_is_anybody_or_none_and_some_are_any_of_them() -> None:
    case = {"person": [ANN | {"barred": True}, BOB | {"barred": True}], "recipient": [FATHER]}
    found = said('rule a "A." withhold for each recipient when recipient.who.barred', case)
    assert found.completions == 3  # Ann, Bob, none
    assert found.possible == {WITHHOLD, ADVICE}
    item = {"person": [ANN, BOB], "item": [{"name": "x"}]}
    assert said('rule a "A." withhold for each item when item.about is empty', item).completions == 4


def test_a_clause_for_each_person_holds_where_it_holds_and_is_not_set_aside_of_one() -> None:
    policy = (
        'rule a "A." withhold for each person when person.barred\n'
        'exception b "B." sets aside a for each person when person.child'
    )
    one = {"person": [ANN | {"barred": True, "child": True}, BOB | {"barred": False, "child": False}]}
    two = {"person": [ANN | {"barred": True, "child": True}, BOB | {"barred": True, "child": False}]}
    assert said(policy, one).outcome is ADVICE and list(said(policy, one).excepted) == ["a"]
    assert said(policy, two).outcome is WITHHOLD


def test_consent_is_sought_of_those_alone_of_whom_it_is_certain() -> None:
    policy = (
        'consent a "A." seek consent from item.about for each item\n'
        'rule b "B." seek consent from each person (person.child)\n'
        'rule c "C." seek consent from "the student" when request.urgent'
    )
    case = {
        "person": [ANN | {"child": True}, BOB],
        "item": [{"name": "x", "about": ["Bob"]}, {"name": "y"}],
    }
    found = said(policy, case)
    assert found.outcome is CONSENT
    assert [row.ask for row in found.every_row] == [
        {("a", "Bob", None), ("b", "Ann", None)},
        {("b", "Ann", None)},
    ]


def test_a_clause_that_would_have_nobody_asked_does_not_hold() -> None:
    case = {"person": [ANN | {"child": False}]}
    assert said('rule a "A." seek consent from each person (person.child)', case).basis is Basis.SILENCE


def test_what_is_relaxed_stands_and_no_longer_says_must() -> None:
    policy = 'rule a "A." must withhold\nexception b "B." relaxes a for each recipient when recipient.agency'
    found = said(policy, {"recipient": [SCHOOL | {"agency": True}, FATHER | {"agency": False}]})
    assert (found.outcome, found.mandatory, found.strength) == (WITHHOLD, None, None)
    assert [(row.mandatory, row.strength, list(row.relaxed)) for row in found.every_row] == [
        (False, "may", ["a"]),
        (True, "must", []),
    ]


def test_a_closing_clause_stands_where_silence_would_be() -> None:
    policy = (
        'rule a "A." share for each recipient when recipient.agency\n'
        'rule b "B." must withhold where no other clause stands'
    )
    found = said(policy, {"recipient": [SCHOOL | {"agency": True}, FATHER | {"agency": False}]})
    assert outcomes(found) == [SHARE, WITHHOLD]
    assert [row.fired for row in found.every_row] == [("a",), ("b",)] and not found.defeated


def test_all_other_clauses_are_those_without_must_that_do_not_prevail_over_it() -> None:
    policy = (
        'consent a "A." share\nrule b "B." must share\n'
        'override c "C." withhold prevails over all other clauses\n'
        'override d "D." share prevails over c when request.urgent'
    )
    calm, urgent = ({"request": {"urgent": said_so}} for said_so in (False, True))
    assert said(policy, calm).basis is Basis.CONFLICT and said(policy, calm).fired == ["b", "c"]
    assert said(policy, urgent).fired == ["a", "b", "d"]


def test_a_part_gives_its_condition_to_what_it_heads() -> None:
    policy = (
        'rule a "A." share\n'
        'part p "A part" when request.urgent\nrule b "B." withhold\n'
        'override c "C." seek advice prevails over every clause of p'
    )
    assert said(policy, {"request": {"urgent": False}}).fired == ["a"]
    assert said(policy, {"request": {"urgent": True}}).fired == ["a", "c"]


def test_a_duty_is_due_lifted_or_open_for_each() -> None:
    policy = (
        'rule a "A." share\nduty d "D." before sharing for each person when person.child\n'
        'exception e "E." sets aside d for each person when person.barred'
    )
    people = [
        ANN | {"child": True, "barred": False},
        BOB | {"child": True, "barred": True},
        {"name": "Cy", "child": True},
        {"name": "Di", "child": False},
    ]
    found = said(policy, {"person": people})
    assert found.duties == {'d for person "Ann"': "due", 'd for person "Cy"': "open"}
    assert list(found.lifted) == ['d for person "Bob"']


def test_a_duty_for_each_recipient_is_brought_by_their_own_rows() -> None:
    policy = (
        'rule a "A." share for each recipient when recipient.agency\n'
        'rule b "B." withhold for each recipient unless recipient.agency\n'
        'safeguard s "S." for each item require not item.secret otherwise "Leave it out."\n'
        'duty d "D." after withholding for each recipient\n'
        'duty e "E." after holding back for each item\n'
        'duty f "F." before sharing'
    )
    found = said(
        policy,
        {
            "item": [{"name": "x", "secret": True}, {"name": "y", "secret": False}],
            "recipient": [SCHOOL | {"agency": True}, FATHER | {"agency": False}],
        },
    )
    assert found.duties == {'d for recipient "father"': "due", 'e for item "x"': "due", "f": "due"}


def test_working_days_leave_out_the_weekend_and_holidays_and_no_day_is_named_past_their_year() -> None:
    def last(within: str, came_on: str = "2026-06-15", days: str = "2026-06-16, 2026-12-25") -> date | None:
        policy = f'holidays h {days}\nrule a "A." share\nduty d "D." after deciding within {within}'
        return said(policy, {"request": {"came_on": came_on}}).last_days["d"]

    assert last("3 working days") == date(2026, 6, 19)  # Tuesday is a holiday
    assert last("5 working days") == date(2026, 6, 23)
    assert last("2 working days of request.came_on", "2026-06-19") == date(2026, 6, 23)
    assert last("2 working days of request.came_on", "2026-12-31") is None
    assert last("1 months of request.came_on", "2026-01-31") == date(2026, 2, 28)
    assert last("36 hours") is None


def test_a_day_that_is_not_known_gives_no_last_day_and_a_question() -> None:
    found = said('rule a "A." share\nduty d "D." after deciding within 2 days of request.came_on', {})
    assert found.last_days == {"d": None}
    assert [(q.fact, q.changes) for q in found.questions] == [("request.came_on", frozenset({"duties"}))]


ASSUMED = """
facts about each person "somebody" unanswered means none
  child "a child" : yes or no
facts about each item "a piece of information"
  about "whom it is about" : some person unanswered means every person (person.child)
"""


def test_a_list_that_is_not_given_may_be_taken_to_be_empty() -> None:
    policy = 'rule a "A." share when no person (person.child)'
    found = said(policy, {}, vocabulary=ASSUMED)
    assert (found.outcome, found.assumed_lists) == (SHARE, {"person"})
    with pytest.raises(UnknownListError):
        said(policy, {}, vocabulary=ASSUMED, presume=False)
    with pytest.raises(UnknownListError):
        said(policy, {"person": "unsure"}, vocabulary=ASSUMED)


def test_whom_it_is_about_is_assumed_where_the_condition_is_known_of_everybody() -> None:
    policy = 'rule a "A." share for each item when any person in item.about (person.child)'
    known = {"person": [ANN | {"child": True}, BOB | {"child": False}], "item": [{"name": "x"}]}
    found = said(policy, known, vocabulary=ASSUMED)
    assert found.outcome is SHARE and found.assumed == {'item["x"].about': (frozenset({"Ann"}), True)}
    unknown = {"person": [ANN | {"child": True}, BOB], "item": [{"name": "x"}]}
    assert not said(policy, unknown, vocabulary=ASSUMED).assumed


def test_a_value_by_a_fact_is_tried_with_every_answer() -> None:
    vocabulary = """
facts about place "the place"
  state "the state" : one of ireland, france, spain
  age "the age" : number from 0 to 20
value online_age by place.state:
  ireland 16, france 15, others 13 from 2000-01-01, ireland 17 from 2026-01-01
"""
    policy = (
        'rule a "A." share when place.age >= online_age\nrule b "B." withhold when place.age < online_age'
    )
    for age, possible in ((17, {SHARE}), (16, {SHARE, WITHHOLD}), (13, {SHARE, WITHHOLD}), (12, {WITHHOLD})):
        assert said(policy, {"place": {"age": age}}, vocabulary=vocabulary).possible == possible
    assert said(policy, {"place": {"age": 13, "state": "spain"}}, vocabulary=vocabulary).outcome is SHARE
    assert said(policy, {"place": {"age": 16, "state": "ireland"}}, vocabulary=vocabulary).outcome is WITHHOLD


def test_numbers_are_added_and_years_counted_by_the_calendar() -> None:
    vocabulary = """
facts about it "it"
  age "the age" : number from 0 to 20
  level "the level" : one of none, possible, significant in order
  born "the day of birth" : date
"""
    case = {"it": {"age": 10, "level": "possible", "born": "2008-02-29"}}
    for condition, holds in {
        "it.age plus 2 is at least 12": True,
        "it.age plus 2 minus 3 is more than 9": False,
        "it.level is at least possible": True,
        "it.level is more than possible": False,
        "it.level is less than significant": True,
        "years between it.born and 2026-02-28 is at least 18": True,
        "years between it.born and 2026-02-27 is at least 18": False,
        "years between 2026-02-28 and it.born < -17": True,
    }.items():
        found = said(f'rule a "A." share when {condition}', case, vocabulary=vocabulary)
        assert (found.outcome is SHARE) is holds, condition
