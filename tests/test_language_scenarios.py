"""Every form of a scenario's `given` and `then`, passing and failing, and guarantees held against scenarios."""

from datetime import date

import pytest

from infoshare import PolicyError
from infoshare.scenarios import run_scenarios
from small import FACTS, load

TODAY = date(2026, 6, 15)


def run(text, *, head='infoshare 1\n\npolicy p "P"\n', today=TODAY):
    """What became of the only scenario of a policy."""
    (result,) = run_scenarios(load(text, head=head), today=today)
    return result


def passes(text, **how):
    return run(text, **how).passed


def shares_when(condition):
    return FACTS + f'rule so "S" share when {condition} rule otherwise_not "N" withhold unless {condition}\n'


# --- given ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "given", "outcome"),
    [
        ("a.yes_1", "a.yes_1", "share"),
        ("a.yes_1", "not a.yes_1", "withhold"),
        ("a.yes_1", "a.yes_1 is yes", "share"),
        ("a.yes_1", "a.yes_1 is no", "withhold"),
        ("a.level is high", "a.level is high", "share"),
        ("a.level is high", "a.level is low", "withhold"),
        ("a.age is 13", "a.age is 13", "share"),
        ("a.count is -3", "a.count is -3", "share"),
        ("a.day is 2026-01-01", "a.day is 2026-01-01", "share"),
        ('a.note is "x"', 'a.note is "x"', "share"),
        ("a.signs includes fear and a.signs includes hunger", "a.signs is exactly fear, hunger", "share"),
        ("a.signs includes fear and not a.signs includes hunger", "a.signs is exactly fear", "share"),
        ("not a.signs includes fear", "a.signs is exactly none", "share"),
        ("a.yes_1", "a.yes_1 is unsure", "seek advice because of unknown facts"),
        ("a.level is high", "a.level is unsure", "seek advice because of unknown facts"),
        ("a.yes_1", "", "seek advice because of unknown facts asking a.yes_1"),
        ("any item (item.necessary)", 'item "letter" (necessary)', "share"),
        ("any item (item.necessary)", 'item "letter" (not necessary)', "withhold"),
        ("any item (item.necessary)", 'item "letter" (necessary is yes)', "share"),
        ("any item (item.necessary)", 'item "letter"', "seek advice because of unknown facts"),
        (
            "any item (item.necessary)",
            'item "letter" (necessary is unsure)',
            "seek advice because of unknown facts",
        ),
        (
            "any item (item.necessary)",
            'item "one" (not necessary) item "other" (necessary, not old)',
            "share",
        ),
        ("any item (item.dated is 2026-01-01)", 'item "letter" (necessary, dated is 2026-01-01)', "share"),
        ("no item (item.necessary)", "no item", "share"),
        ('any item (item.name is "letter")', 'item "letter"', "share"),
    ],
)
def test_what_is_given_is_answered(condition, given, outcome):
    assert run(shares_when(condition) + f'scenario "s" given {given} then {outcome}').problems == ()


def test_what_is_not_given_is_unanswered_and_so_assumed():
    text = """
facts about a "a"
  rare "rare" : yes or no  unanswered means no
  plain "plain" : yes or no
rule so "S" share when not a.rare
rule other "O" withhold when a.rare
"""
    assert passes(text + 'scenario "s" given a.plain then share')
    assert passes(text + 'scenario "s" given a.rare is unsure then seek advice because of unknown facts')


def test_a_name_given_to_an_element_of_a_list_may_hold_quotation_free_text_of_any_language():
    assert passes(
        shares_when("any item (item.necessary)")
        + 'scenario "s" given item "Brief der Ärztin [1]." (necessary) then share'
    )


# --- the date -------------------------------------------------------------------------------------

DATED = shares_when("today >= 2026-07-01")


def test_a_scenario_is_decided_as_of_its_own_date():
    assert passes(DATED + 'scenario "s" as of 2026-07-01 given then share')
    assert passes(DATED + 'scenario "s" as of 2026-06-30 given then withhold', today=date(2027, 1, 1))


def test_else_as_of_the_first_day_of_the_policy():
    head = 'infoshare 1 policy p "P" from 2026-07-01\n'
    assert passes(DATED + 'scenario "s" given then share', head=head, today=date(2020, 1, 1))


def test_else_as_of_the_day_of_the_run():
    assert passes(DATED + 'scenario "s" given then withhold', today=date(2026, 6, 30))
    assert passes(DATED + 'scenario "s" given then share', today=date(2026, 7, 1))


def test_a_scenario_of_a_policy_that_is_not_in_force_may_say_so():
    head = 'infoshare 1 policy p "P" from 2026-07-01\n'
    assert passes(
        DATED + 'scenario "s" as of 2026-01-01 given then seek advice because of not in force', head=head
    )


# --- then -----------------------------------------------------------------------------------------

FULL = (
    FACTS
    + """
consent wishes "W" withhold when a.yes_1
override safety "S" share prevails over wishes when a.level is high
rule law "L" must withhold when a.level is middle
rule clash "C" must share when a.note is "clash"
exception unsuited "A" sets aside wishes, tell when a.yes_2
duty tell "Tell" before sharing
duty record "Record" after deciding
duty late "Late" after withholding
safeguard need "N" for each item require item.necessary otherwise "Leave it out."
safeguard known "K" for each recipient require recipient.verified otherwise "Verify."
scenario "s"
  given
"""
)
SHARED = 'a.yes_1 a.level is high not a.yes_2 a.note is "" '
LISTED = """
item "letter" (necessary) item "notes" (not necessary) item "report"
recipient "nurse" (verified) recipient "caller" (not verified)
"""


@pytest.mark.parametrize(
    ("given", "then"),
    [
        (SHARED, "share"),
        (SHARED, "share because of safety"),
        (SHARED, "share with tell, record"),
        (SHARED, "share without late"),
        (SHARED, "share because of safety with record without late"),
        ('a.level is middle a.yes_1 not a.yes_2 a.note is ""', "must withhold because of law"),
        ('a.level is middle a.yes_1 not a.yes_2 a.note is ""', "withhold because of law, wishes with late"),
        ('a.level is middle a.yes_1 not a.yes_2 a.note is "clash"', "seek advice because of conflict"),
        ('a.level is middle a.yes_1 not a.yes_2 a.note is "clash"', "seek advice because of law, clash"),
        ('a.level is low not a.yes_1 not a.yes_2 a.note is ""', "seek advice because of silence"),
        ('a.level is low a.yes_1 a.yes_2 a.note is ""', "seek advice because of silence because of unsuited"),
        ('a.yes_1 not a.yes_2 a.note is ""', "seek advice because of unknown facts asking a.level"),
        ('a.level is high a.yes_2 a.note is ""', "share lifting tell because of unsuited without tell"),
        (SHARED + LISTED, 'share releasing "letter" from "nurse"'),
        (SHARED + LISTED, 'share releasing "letter" to "nurse"'),
        (SHARED + LISTED, 'share holding back "letter" from "caller", "notes"'),
        (SHARED + LISTED, 'share leaving open "report" from "nurse"'),
        (SHARED + 'item "letter" (necessary)', 'share releasing "letter"'),
    ],
)
def test_what_is_so_may_be_expected(given, then):
    assert run(FULL + given + " then " + then).problems == ()


@pytest.mark.parametrize(
    ("given", "then", "named"),
    [
        (SHARED, "withhold", "withhold"),
        (SHARED, "must share", "must"),
        (SHARED, "share because of wishes", "`wishes`"),
        (SHARED, "share because of law", "`law`"),
        (SHARED, "share because of conflict", "conflict"),
        (SHARED, "share because of silence", "silence"),
        (SHARED, "share because of unknown facts", "unknown facts"),
        (SHARED, "share with late", "`late`"),
        (SHARED, "share without record", "`record`"),
        (SHARED, "share lifting tell", "`tell`"),
        (SHARED, "share asking a.age", "`a.age`"),
        ('a.level is high a.note is ""', "share with tell", "`tell`"),
        ('a.level is high a.note is ""', "share without tell", "`tell`"),
        ('a.level is high a.note is ""', "share lifting tell", "`tell`"),
        ('a.level is high a.yes_2 a.note is ""', "share with tell", "`tell`"),
        ('a.yes_1 not a.yes_2 a.note is ""', "share", "share"),
        (SHARED + LISTED, 'share releasing "letter"', "letter"),
        (SHARED + LISTED, 'share holding back "letter"', "letter"),
        (SHARED + LISTED, 'share leaving open "notes" from "nurse"', "notes"),
        (SHARED + LISTED, 'share releasing "report" from "nurse"', "report"),
        (
            'not a.yes_2 a.yes_1 a.level is low a.note is "" ' + LISTED,
            'withhold releasing "letter"',
            "letter",
        ),
    ],
)
def test_what_is_not_so_fails_and_is_named(given, then, named):
    result = run(FULL + given + " then " + then)
    assert len(result.problems) == 1
    assert named in result.problems[0]


def test_an_item_without_a_recipient_speaks_of_every_recipient_and_each_is_named():
    first, second = run(FULL + SHARED + LISTED + 'then share releasing "notes"').problems
    assert "nurse" in first
    assert "caller" in second


def test_everything_that_is_not_so_is_told_at_once():
    result = run(FULL + SHARED + "then must withhold because of law with late without record asking a.age")
    assert len(result.problems) == 6


def test_because_of_asks_for_at_least_these():
    assert passes('rule a_1 "1" share rule a_2 "2" share scenario "s" given then share because of a_2')


def test_a_list_may_be_asked_for():
    text = shares_when("any item (item.necessary)")
    assert passes(text + 'scenario "s" given then seek advice because of unknown facts asking item')


def test_the_facts_of_an_element_may_be_asked_for():
    text = shares_when("any item (item.necessary)")
    assert passes(
        text
        + 'scenario "s" given item "letter" then seek advice because of unknown facts asking item.necessary'
    )


def test_a_scenario_whose_case_is_impossible_fails_and_says_why():
    result = run(
        FACTS + 'impossible both "They exclude one another." when a.yes_1 and a.yes_2'
        ' scenario "s" given a.yes_1 a.yes_2 then seek advice'
    )
    assert result.decision is None
    assert "They exclude one another." in result.problems[0]


def test_every_scenario_gets_a_result_in_the_order_of_the_file():
    policy = load(
        shares_when("a.yes_1") + 'scenario "one" given a.yes_1 then share scenario "two" given then share'
    )
    assert [(r.title, r.passed) for r in run_scenarios(policy, today=TODAY)] == [
        ("one", True),
        ("two", False),
    ]


# --- faults ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scenario", "code", "text"),
    [
        ("given a.yes_9 then share", "IS201", "a.yes_9"),
        ("given a.level is hihg then share", "IS301", "hihg"),
        ("given a.yes_1 not a.yes_1 then share", "IS403", "not a.yes_1"),
        ("given item.necessary then share", "IS211", "item.necessary"),
        ('given itme "letter" then share', "IS205", "itme"),
        ('given item "letter" (necesary) then share', "IS201", "necesary"),
        ("given a.level then share", "IS302", "a.level"),
        ("given a.yes_1 then share because of nobody", "IS203", "nobody"),
        ("given a.yes_1 then share with nothing", "IS203", "nothing"),
        ("given a.yes_1 then share with so", "IS208", "so"),
        ("given a.yes_1 then share asking a.yes_9", "IS201", "a.yes_9"),
        ('given a.yes_1 then share releasing "letter"', "IS202", '"letter"'),
    ],
)
def test_a_scenario_is_bound_like_everything_else(scenario, code, text):
    with pytest.raises(PolicyError) as raised:
        load(shares_when("a.yes_1") + f'scenario "s" {scenario}')
    assert [(d.code, d.span.text) for d in raised.value.diagnostics] == [(code, text)]


# --- guarantees -----------------------------------------------------------------------------------

PROMISES = (
    FACTS
    + """
consent wishes "W" withhold when a.yes_1
override safety "S" share prevails over wishes when a.level is high
duty record "R" after deciding
duty tell "T" before sharing
exception untold "U" sets aside tell when a.yes_2
"""
)


@pytest.mark.parametrize(
    ("promise", "given", "outcome", "kept"),
    [
        ("never withhold", "a.yes_1 a.level is low", "withhold", False),
        ("never withhold", "a.yes_1 a.level is high", "share", True),
        ("always share", "a.level is high", "share", True),
        ("always share", "a.yes_1 a.level is low", "withhold", False),
        ("always share", "a.yes_1", "seek advice", True),
        ("never share", "a.yes_1", "seek advice", True),
        ("always share", "not a.yes_1 a.level is low", "seek advice", False),
        ("never seek advice", "not a.yes_1 a.level is low", "seek advice", False),
        ("never seek advice", "a.yes_1", "seek advice", True),
        ("always requires record", "a.level is high", "share", True),
        ("always requires tell", "a.yes_1 a.level is low", "withhold", False),
        ("always requires tell", "a.level is high a.yes_2", "share", False),
        ("always requires tell", "a.level is high not a.yes_2", "share", True),
        ("always requires tell", "a.level is high", "share", True),
        ("never requires tell", "a.level is high not a.yes_2", "share", False),
        ("never requires tell", "a.level is high", "share", True),
        ("never requires tell", "a.level is high a.yes_2", "share", True),
        ("never withhold when a.level is high", "a.yes_1 a.level is low", "withhold", True),
        ("never share when a.level is high", "a.level is high", "share", False),
        ("never withhold when a.yes_3", "a.yes_1 a.level is low", "withhold", True),
        ("never withhold when a.yes_3", "a.yes_1 a.level is low a.yes_3", "withhold", False),
        ("never withhold when a.yes_3 or not a.yes_3", "a.yes_1 a.level is low", "withhold", False),
    ],
)
def test_a_guarantee_fails_a_scenario_where_its_when_is_yes_and_the_decision_settles_against_it(
    promise, given, outcome, kept
):
    result = run(
        PROMISES + f'guarantee g "What is promised." {promise} scenario "s" given {given} then {outcome}'
    )
    assert result.passed is kept
    if not kept:
        (problem,) = result.problems
        assert "`g`" in problem
        assert "What is promised." in problem


def test_a_guarantee_is_held_against_every_scenario():
    policy = load(
        PROMISES + 'guarantee g "G" never withhold scenario "1" given a.level is high then share'
        ' scenario "2" given a.yes_1 a.level is low then withhold'
    )
    assert [r.passed for r in run_scenarios(policy, today=TODAY)] == [True, False]


# --- lists that there are not ---------------------------------------------------------------------


def faults_of(text):
    with pytest.raises(PolicyError) as caught:
        load(text, head='infoshare 1\n\npolicy p "P"\n')
    return [(fault.code, fault.labels[0].span.text) for fault in caught.value.diagnostics]


ITEMS = 'facts about each item "an item" fit "it is fit" : yes or no\nrule r "R" share\n'
NO_ITEMS = 'facts about a "a" b "b" : yes or no\nrule r "R" share\n'


def test_an_element_of_a_list_that_nobody_declares_is_one_error():
    text = NO_ITEMS + 'scenario "s" given item "x" then share releasing "x"'
    assert faults_of(text) == [("IS205", "item")]


def test_an_element_of_a_misspelt_list_is_one_error():
    text = ITEMS + 'scenario "s" given itme "x" then share releasing "x"'
    assert faults_of(text) == [("IS205", "itme")]


def test_a_row_to_a_list_that_nobody_declares_is_told_of_the_list_and_not_of_the_element():
    text = ITEMS + 'scenario "s" given item "x" then share releasing "x" to "y", "x" to "z"'
    assert faults_of(text) == [("IS205", '"x" to "y"')]


def test_a_group_that_is_no_list_is_told_to_be_declared_with_each():
    with pytest.raises(PolicyError) as caught:
        load(NO_ITEMS + 'scenario "s" given no a then share', head='infoshare 1\n\npolicy p "P"\n')
    (fault,) = caught.value.diagnostics
    assert fault.message == "`a` is not a list"
    assert "`facts about each a …`" in " ".join(fault.help)
