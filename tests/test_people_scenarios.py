"""Scenarios and guarantees of rows and people: what may be given and expected, what is then found, and the faults."""

from datetime import date

import pytest

from infoshare.meaning.case import as_facts
from infoshare.scenarios import run_scenarios
from small import DAY, FACTS, faults, load

PEOPLE = (
    FACTS
    + """
facts about each person "somebody in the case"
  dangerous "telling them is dangerous" : yes or no unanswered means no
  agrees "they agree" : one of yes_they_do, no_they_do_not, not_asked
  partner "whom they are with" : one person

facts about each letter "a letter"
  about "whom it is about" : some person

facts about concern "the concern"
  found_by "who found it" : one person
  about "whom it is about" : some person
"""
)

ROWS = """
rule to_verified "Those who are verified get it." must share for each recipient when recipient.verified
rule old "What is old should be kept back." should withhold for each item when item.old
rule others "Others ask first." seek consent from concern.about for each recipient when not recipient.verified
override old_first "What is old stays." should withhold prevails over others, to_verified for each item when item.old
duty tell "Tell them." after sharing, after withholding, after seeking consent for each person
exception dangerous "Not if it is dangerous." sets aside tell for each person when person.dangerous
duty record "Record it." after sharing for each item and recipient
duty note "Note it." after deciding
"""
GIVEN = """
  given
    person "Ann" (not dangerous)
    person "Bob" (dangerous)
    item "old letter" (old)
    item "new letter" (not old)
    recipient "social worker" (verified)
    recipient "press" (not verified)
    concern.about is exactly ("Ann", "Bob")
    concern.found_by is none of them
"""


def run(text, then, given=GIVEN):
    """What is wrong with a scenario of what is expected."""
    policy = load(PEOPLE + text + f'\nscenario "s" {given}\n  then {then}')
    (result,) = run_scenarios(policy, today=DAY)
    return list(result.problems)


# --- given -------------------------------------------------------------------------------------------


def test_a_scenario_gives_whom_its_references_name():
    policy = load(
        PEOPLE
        + """
scenario "s"
  given
    concern.found_by is "Ann"
    concern.about is exactly ("Ann", "Bob")
    person "Ann" (partner is "Bob")
    person "Bob" (partner is none of them)
    letter "L" (about is empty)
    letter "M" (about is exactly "Bob")
    letter "N" (about is unsure)
    letter "O"
  then seek advice
"""
    )
    assert as_facts(policy.scenarios[0].case, policy.model) == {
        "case": "s",
        "concern": {"found_by": "Ann", "about": ["Ann", "Bob"]},
        "person": [{"name": "Ann", "partner": "Bob"}, {"name": "Bob", "partner": {"none": True}}],
        "letter": [
            {"name": "L", "about": []},
            {"name": "M", "about": ["Bob"]},
            {"name": "N", "about": "unsure"},
            {"name": "O"},
        ],
    }


def test_what_is_ticked_may_be_given_as_empty():
    policy = load(PEOPLE + 'scenario "s" given a.signs is empty then seek advice')
    assert as_facts(policy.scenarios[0].case, policy.model)["a"] == {"signs": []}


@pytest.mark.parametrize(
    ("given", "code", "place", "offered"),
    [
        ('concern.found_by is "Anne" person "Ann"', "IS202", 'concern.found_by is "Anne"', "`Ann`"),
        ('concern.found_by is "Ann"', "IS202", 'concern.found_by is "Ann"', '`person "…"`'),
        ('concern.about is exactly ("Ann", "Cat") person "Ann"', "IS202", 'concern.about is exactly ("Ann", "Cat")', '`person "…"`'),
        ('concern.found_by is ann person "ann"', "IS302", "concern.found_by is ann", "in double quotes"),
        ('concern.found_by is none person "ann"', "IS302", "concern.found_by is none", "`concern.found_by is none of them`"),
        ('concern.found_by is exactly ("A", "B") person "A" person "B"', "IS302", 'concern.found_by is exactly ("A", "B")', "the one that is given"),
        ('person "unsure"', "IS402", 'person "unsure"', "another name"),
        ('concern.found_by is "Ann" concern.found_by is "Ann" person "Ann"', "IS403", 'concern.found_by is "Ann"', "keep the one"),
        ("a.level is none of them", "IS301", "none of them", "`a.level is low`"),
    ],
)  # fmt: skip
def test_what_cannot_be_given_says_what_to_write(given, code, place, offered):
    (fault,) = faults(PEOPLE + f'scenario "s" given {given} then seek advice')
    assert (fault.code, fault.span.text) == (code, place)
    assert offered in " ".join([fault.message, *fault.help])


# --- expected ----------------------------------------------------------------------------------------


def test_a_scenario_expects_outcomes_of_rows_duties_of_people_and_whom_to_ask():
    then = """differs
    must share for "new letter" to "social worker"
    should withhold for "old letter"
    seek consent for "new letter" to "press"
    because of old_first
    with tell for "Ann", note, record for "new letter" to "social worker", record for "social worker"
    without record for "old letter" to "press"
    lifting tell for "Bob"
    asking consent of "Ann", "Bob"
    releasing "new letter" from "social worker"
    holding back "old letter" """
    assert run(ROWS, then) == []


@pytest.mark.parametrize(
    ("then", "problem"),
    [
        (
            "share",
            'expected share, decided differs (withhold for "old letter" to "social worker",'
            ' share for "new letter" to "social worker", seek consent for "new letter" to "press")',
        ),
        ('differs share for "old letter"', 'expected share for "old letter" to "social worker", decided withhold'),
        ('differs must withhold for "old letter" to "press"', 'expected must withhold for "old letter" to "press", decided should withhold'),
        ('differs should share for "new letter" to "social worker"', 'expected should share for "new letter" to "social worker", decided must share'),
        ('differs share to "press"', None),
        ('differs with tell for "Bob"', 'expected with `tell` for "Bob", which is lifted'),
        ('differs without tell for "Ann"', 'expected without `tell` for "Ann", which is due'),
        ('differs lifting tell for "Ann"', 'expected lifting `tell` for "Ann", which is due'),
        ("differs without tell", "expected without `tell`, which is due and lifted"),
        ('differs with record for "press"', 'expected with `record` for "press", which is not called for'),
        ('differs leaving open tell for "Ann"', 'expected leaving open `tell` for "Ann", which is due'),
        ('differs releasing "old letter" from "press"', 'expected "old letter" for "press" to be released, but it is held back'),
    ],
)  # fmt: skip
def test_what_is_found_instead_is_said(then, problem):
    problems = run(ROWS, then)
    if problem is None:
        assert len(problems) == 2
    else:
        assert problem in problems


def test_of_a_duty_without_a_name_any_is_meant_and_of_without_all():
    assert run(ROWS, "differs with tell lifting tell") == []
    assert run(ROWS, "differs with record without record") == ["expected without `record`, which is due"]


def test_whose_consent_is_not_sought_is_said_with_those_whose_is():
    assert (
        run(ROWS.replace("concern.about for", '"the student" for'), 'differs asking consent of "the student"')
        == []
    )
    text = ROWS.replace("concern.about for", "concern.found_by for")
    asked = "concern.found_by is none of them\n"
    found = run(text, 'differs asking consent of "Ann"', GIVEN)
    assert found == ['expected the consent of "Ann" to be sought, but nobody is certain to be asked']
    named = run(text, 'differs asking consent of "Ann"', GIVEN.replace(asked, 'concern.found_by is "Bob"\n'))
    assert named == ['expected the consent of "Ann" to be sought, but it is that of "Bob"']


def test_rows_of_a_policy_that_says_the_same_of_every_row_are_as_the_decision():
    text = 'rule r "R" must share when a.yes_1'
    given = 'given a.yes_1 item "A" item "B"'
    assert run(text, 'must share must share for "A" share for "B"', given) == []
    assert run(text, 'share withhold for "A"', given) == ['expected withhold for "A", decided share']


def test_should_is_expected_of_the_decision():
    text = 'rule r "R" should share when a.yes_1 rule q "Q" share'
    assert run(text, "should share", "given a.yes_1") == []
    assert run(text, "should share", "given not a.yes_1") == [
        "expected what should be done (should), but it is: may"
    ]


@pytest.mark.parametrize(
    ("then", "code", "place", "offered"),
    [
        ('differs share for "odl letter"', "IS202", 'share for "odl letter"', "`old letter`"),
        ('differs share to "pres"', "IS202", 'share to "pres"', "`press`"),
        ('differs with tell for "Anne"', "IS202", 'tell for "Anne"', "`Ann`"),
        ('differs with note for "Ann"', "IS217", 'note for "Ann"', "write `note` alone"),
        ('differs with tell for "Ann" to "press"', "IS217", 'tell for "Ann" to "press"', '`tell for "…"`'),
        ('differs with tel for "Ann"', "IS203", "tel", "`tell`"),
        ('differs with record for "pres"', "IS202", 'record for "pres"', "`press`"),
        ("differs leaving open tel", "IS203", "tel", "`tell`"),
        ('differs asking consent of "Anne"', "IS202", None, "`Ann`"),
    ],
)  # fmt: skip
def test_what_cannot_be_expected_says_what_to_write(then, code, place, offered):
    (fault,) = faults(PEOPLE + ROWS + f'scenario "s" {GIVEN} then {then}')
    assert fault.code == code
    assert place is None or fault.span.text.startswith(place)
    assert offered in " ".join([fault.message, *fault.help])


# --- guarantees --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("guarantee", "holds"),
    [
        ("never share for each recipient when not recipient.verified", True),
        ("never share for each recipient when recipient.verified", False),
        ("never seek consent for each recipient when recipient.verified", True),
        ("never seek consent for each recipient when not recipient.verified", False),
        ("always withhold for each item when item.old", True),
        ("always withhold for each item when not item.old", False),
        ("never seek advice", True),
        ("never withhold", False),
        ("always share", False),
        ("always requires note", True),
        ("always requires tell", False),
        ("always requires tell for each person when not person.dangerous", True),
        ("always requires tell for each person when person.dangerous", False),
        ("never requires tell for each person when person.dangerous", True),
        ("never requires tell for each person when not person.dangerous", False),
        ("always requires record for each item and recipient when not item.old and recipient.verified", True),
        ("always requires record for each item when not item.old", False),
        ("never requires record for each item when item.old", True),
        ("never requires record", False),
    ],
)
def test_a_guarantee_speaks_of_every_row_and_every_element(guarantee, holds):
    found = run(ROWS + f'guarantee g "G" {guarantee}', "differs")
    assert (found == []) is holds, found


def test_a_guarantee_for_each_of_a_list_that_is_not_given_speaks_where_it_is_certain():
    text = 'rule r "R" share for each item when item.old guarantee g "G" never share for each item'
    assert run(text, "seek advice", "given a.yes_1") == []
    text = 'rule r "R" share rule q "Q" share for each item when item.old guarantee g "G" never share for each item'
    assert run(text, "share", "given a.yes_1") == ["the guarantee `g` does not hold: G"]


def test_the_day_of_a_scenario_is_the_one_it_names():
    policy = load('rule r "R" share from 2030-01-01 scenario "s" as of 2030-01-01 given then share')
    (result,) = run_scenarios(policy, today=date(2020, 1, 1))
    assert result.passed
