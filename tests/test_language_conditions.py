"""Every form of condition in section 2 of the language, with a yes, a no and an unknown each."""

from datetime import date, timedelta

import pytest

from infoshare import Basis, Outcome
from small import FACTS, decide, fired

YES, NO, UNKNOWN = "yes", "no", "unknown"


def truth(condition, facts=None, *, as_of=date(2026, 6, 15), more=""):
    """What a condition is, seen from a policy that shares when it is yes and withholds when it is no."""
    text = (
        FACTS
        + more
        + f'rule so "S" share when {condition}\nrule otherwise_not "N" withhold unless {condition}\n'
    )
    decision = decide(text, facts, as_of=as_of)
    if decision.basis is Basis.UNKNOWN_FACTS:
        assert set(decision.possible) == {Outcome.SHARE, Outcome.WITHHOLD}
        assert {c.clause for c in decision.unresolved} == {"so", "otherwise_not"}
        return UNKNOWN
    assert decision.basis is Basis.CLAUSES
    return {("so",): YES, ("otherwise_not",): NO}[tuple(fired(decision))]


def a(**facts):
    return {"a": facts}


# --- yes or no ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "yes", "no", "unknown"),
    [
        ("a.yes_1", True, False, None),
        ("not a.yes_1", False, True, None),
        ("not not a.yes_1", True, False, "unsure"),
        ("a.yes_1 is yes", True, False, None),
        ("a.yes_1 is no", False, True, "unsure"),
        ("a.yes_1 is not yes", False, True, None),
        ("a.yes_1 is not no", True, False, None),
    ],
)
def test_a_yes_or_no_fact(condition, yes, no, unknown):
    assert truth(condition, a(yes_1=yes)) == YES
    assert truth(condition, a(yes_1=no)) == NO
    assert truth(condition, a(yes_1=unknown)) == UNKNOWN


def test_a_define_by_itself():
    more = 'define grave "it is grave" as a.yes_1 and not a.yes_2\n'
    assert truth("grave", a(yes_1=True, yes_2=False), more=more) == YES
    assert truth("not grave", a(yes_1=False), more=more) == YES
    assert truth("grave", a(yes_2=True), more=more) == NO
    assert truth("grave", a(yes_1=True), more=more) == UNKNOWN


# --- and, or, not, brackets, lists ----------------------------------------------------------------

KLEENE = {True: YES, False: NO, None: UNKNOWN}


@pytest.mark.parametrize("left", [True, False, None])
@pytest.mark.parametrize("right", [True, False, None])
def test_and_and_or_follow_kleenes_tables(left, right):
    facts = a(yes_1=left, yes_2=right)
    both = NO if False in (left, right) else (UNKNOWN if None in (left, right) else YES)
    either = YES if True in (left, right) else (UNKNOWN if None in (left, right) else NO)
    neither = {YES: NO, NO: YES, UNKNOWN: UNKNOWN}[either]
    assert truth("a.yes_1 and a.yes_2", facts) == both
    assert truth("a.yes_1 or a.yes_2", facts) == either
    assert truth("all of these - a.yes_1 - a.yes_2", facts) == both
    assert truth("any of these - a.yes_1 - a.yes_2", facts) == either
    assert truth("none of these - a.yes_1 - a.yes_2", facts) == neither
    assert truth("not (a.yes_1 or a.yes_2)", facts) == neither


def test_what_is_so_however_the_unknown_is_answered_is_settled():
    assert truth("a.yes_1 or not a.yes_1") == YES
    assert truth("a.yes_1 and not a.yes_1") == NO
    assert truth("(a.yes_1 and a.yes_2) or (a.yes_1 and not a.yes_2) or not a.yes_1") == YES


def test_not_binds_closest():
    assert truth("not a.yes_1 and a.yes_2", a(yes_1=False, yes_2=True)) == YES
    assert truth("not a.yes_1 and a.yes_2", a(yes_1=True, yes_2=False)) == NO
    assert truth("not a.yes_1 and a.yes_2", a(yes_1=False, yes_2=False)) == NO
    assert truth("not a.yes_1 or a.yes_2", a(yes_1=True, yes_2=True)) == YES
    assert truth("not a.level is high", a(level="low")) == YES


def test_brackets_say_what_belongs_together():
    facts = a(yes_1=True, yes_2=False, yes_3=False)
    assert truth("a.yes_1 or (a.yes_2 and a.yes_3)", facts) == YES
    assert truth("(a.yes_1 or a.yes_2) and a.yes_3", facts) == NO


def test_a_list_may_come_last_after_and():
    condition = "a.yes_1 and any of these - a.yes_2 - a.yes_3"
    assert truth(condition, a(yes_1=True, yes_2=False, yes_3=True)) == YES
    assert truth(condition, a(yes_1=True, yes_2=False, yes_3=False)) == NO
    assert truth(condition, a(yes_1=True, yes_2=False)) == UNKNOWN


def test_an_item_of_a_list_may_join_in_brackets():
    condition = "any of these - (a.yes_1 and a.yes_2) - a.yes_3"
    assert truth(condition, a(yes_1=True, yes_2=True, yes_3=False)) == YES
    assert truth(condition, a(yes_1=True, yes_2=False, yes_3=False)) == NO


# --- is -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "yes", "no"),
    [
        ("a.level is high", ["high"], ["low", "middle"]),
        ("a.level is not high", ["low", "middle"], ["high"]),
        ("a.level is one of low, high", ["low", "high"], ["middle"]),
        ("a.level is not one of low, high", ["middle"], ["low", "high"]),
    ],
)
def test_is_on_a_fact_with_several_values(condition, yes, no):
    assert {truth(condition, a(level=level)) for level in yes} == {YES}
    assert {truth(condition, a(level=level)) for level in no} == {NO}
    assert truth(condition) == UNKNOWN
    assert truth(condition, a(level="unsure")) == UNKNOWN


def test_every_value_of_a_fact_together_is_always_so():
    assert truth("a.level is one of low, middle, high") == YES
    assert truth("a.level is low or a.level is middle or a.level is high") == YES


@pytest.mark.parametrize(
    ("condition", "fact", "yes", "no"),
    [
        ("a.age is 13", "age", [13], [12, 14]),
        ("a.age is not 13", "age", [12, 14], [13]),
        ("a.age is one of 13, 15", "age", [13, 15], [14]),
        ("a.age is not one of 13, 15", "age", [14], [13, 15]),
        ("a.count is -3", "count", [-3], [3, 0]),
        ("a.day is 2026-01-31", "day", ["2026-01-31"], ["2026-01-30", "2026-02-01"]),
        ("a.day is not 2026-01-31", "day", ["2026-02-01"], ["2026-01-31"]),
        ("a.day is today", "day", ["2026-06-15"], ["2026-06-14"]),
        ('a.note is "by hand"', "note", ["by hand"], ["by post", "By hand", ""]),
        ('a.note is not "by hand"', "note", ["by post"], ["by hand"]),
        ('a.note is one of "x", "y"', "note", ["x", "y"], ["z"]),
        ('a.note is ""', "note", [""], [" "]),
    ],
)
def test_is_on_numbers_dates_and_text(condition, fact, yes, no):
    assert {truth(condition, a(**{fact: answer})) for answer in yes} == {YES}
    assert {truth(condition, a(**{fact: answer})) for answer in no} == {NO}
    assert truth(condition) == UNKNOWN


def test_text_is_compared_with_its_accents_composed():
    assert (
        truth('a.note is "caf\N{LATIN SMALL LETTER E WITH ACUTE}"', a(note="cafe\N{COMBINING ACUTE ACCENT}"))
        == YES
    )
    assert (
        truth('a.note is "cafe\N{COMBINING ACUTE ACCENT}"', a(note="caf\N{LATIN SMALL LETTER E WITH ACUTE}"))
        == YES
    )


def test_a_string_over_several_lines_is_folded():
    assert truth('a.note is "by\n     hand"', a(note="by hand")) == YES


# --- includes -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("signs", "expected"),
    [
        (["fear"], YES),
        (["bruising", "fear"], YES),
        (["bruising"], NO),
        ([], NO),
        (None, UNKNOWN),
        ("unsure", UNKNOWN),
    ],
)
def test_includes(signs, expected):
    assert truth("a.signs includes fear", a(signs=signs)) == expected


def test_every_way_of_ticking_is_a_completion():
    assert truth("a.signs includes fear or not a.signs includes fear") == YES
    assert truth("a.signs includes fear and a.signs includes bruising") == UNKNOWN


# --- comparisons ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("op", "below", "equal", "above"),
    [("<", YES, NO, NO), ("<=", YES, YES, NO), (">", NO, NO, YES), (">=", NO, YES, YES)],
)
def test_numbers_and_dates_are_compared_either_way_round(op, below, equal, above):
    mirrored = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}[op]
    for condition in (f"a.age {op} 16", f"16 {mirrored} a.age"):
        assert [truth(condition, a(age=age)) for age in (15, 16, 17)] == [below, equal, above]
        assert truth(condition) == UNKNOWN
    days = ("2026-02-28", "2026-03-01", "2026-03-02")
    for condition in (f"a.day {op} 2026-03-01", f"2026-03-01 {mirrored} a.day"):
        assert [truth(condition, a(day=day)) for day in days] == [below, equal, above]
        assert truth(condition) == UNKNOWN


def test_two_known_facts_are_compared():
    assert truth("a.count < a.other", a(count=1, other=2)) == YES
    assert truth("a.count < a.other", a(count=2, other=2)) == NO
    assert truth("a.count < a.other", a(count=2)) == UNKNOWN
    assert truth("a.day <= a.end", a(day="2026-01-01", end="2026-01-01")) == YES


def test_the_declared_range_bounds_the_completions():
    assert truth("a.age <= 130") == YES
    assert truth("a.age < 0") == NO
    assert truth("a.age >= 130") == UNKNOWN
    assert truth("a.count <= 130") == UNKNOWN


def test_numbers_leave_no_gap_between_neighbours():
    assert truth("a.age < 16 or a.age > 15") == YES
    assert truth("a.age > 15 and a.age < 16") == NO


# --- dates and today ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("as_of", "length", "earliest"),
    [
        ("2026-06-15", "6 months", "2025-12-15"),
        ("2026-03-31", "1 month", "2026-02-28"),
        ("2024-03-31", "1 month", "2024-02-29"),
        ("2026-08-31", "6 months", "2026-02-28"),
        ("2024-02-29", "1 year", "2023-02-28"),
        ("2024-02-29", "4 years", "2020-02-29"),
        ("2026-05-31", "3 months", "2026-02-28"),
        ("2026-01-31", "2 months", "2025-11-30"),
        ("2026-06-15", "10 days", "2026-06-05"),
        ("2026-06-15", "1 day", "2026-06-14"),
        ("2026-06-15", "2 weeks", "2026-06-01"),
        ("2026-01-05", "1 week", "2025-12-29"),
        ("2026-06-15", "0 days", "2026-06-15"),
    ],
)
def test_time_before_a_date_is_counted_by_the_calendar_and_clamped(as_of, length, earliest):
    first = date.fromisoformat(earliest)
    condition = f"a.day >= {length} before today"
    day = date.fromisoformat(as_of)
    assert truth(condition, a(day=first), as_of=day) == YES
    assert truth(condition, a(day=first - timedelta(days=1)), as_of=day) == NO
    assert truth(condition, as_of=day) == UNKNOWN


@pytest.mark.parametrize(
    ("written", "length", "reached"),
    [
        ("2026-01-31", "1 month", "2026-02-28"),
        ("2024-01-31", "1 month", "2024-02-29"),
        ("2024-02-29", "1 year", "2025-02-28"),
        ("2024-02-29", "4 years", "2028-02-29"),
        ("2025-11-30", "3 months", "2026-02-28"),
        ("2026-02-28", "1 month", "2026-03-28"),
        ("2026-12-31", "2 weeks", "2027-01-14"),
    ],
)
def test_time_after_a_date_is_counted_by_the_calendar_and_clamped(written, length, reached):
    day = date.fromisoformat(reached)
    for condition in (f"today >= {length} after a.day", f"{length} after a.day <= today"):
        assert truth(condition, a(day=written), as_of=day) == YES
        assert truth(condition, a(day=written), as_of=day - timedelta(days=1)) == NO


@pytest.mark.parametrize(
    ("born", "today", "after", "before"),
    [
        ("2008-02-29", "2026-02-27", NO, NO),
        ("2008-02-29", "2026-02-28", YES, NO),
        ("2008-02-29", "2026-03-01", YES, YES),
        ("2008-02-28", "2026-02-28", YES, YES),
        ("2008-03-01", "2026-02-28", NO, NO),
        ("2006-03-01", "2024-02-29", NO, NO),
    ],
)
def test_who_was_born_on_29_february_is_18_a_day_earlier_counted_from_birth_than_counted_from_today(
    born, today, after, before
):
    for condition, want in (
        ("today >= 18 years after a.day", after),
        ("18 years after a.day <= today", after),
        ("years between a.day and today is at least 18", after),
        ("a.day <= 18 years before today", before),
        ("18 years before today >= a.day", before),
    ):
        assert truth(condition, a(day=born), as_of=date.fromisoformat(today)) == want, condition


def test_today_is_the_day_decided_for():
    assert truth("today >= 2026-06-15", as_of=date(2026, 6, 15)) == YES
    assert truth("today >= 2026-06-15", as_of=date(2026, 6, 14)) == NO


def test_lengths_of_time_may_follow_one_another():
    condition = "a.day >= 1 day after 1 month after 2026-01-31"
    assert truth(condition, a(day="2026-03-01")) == YES
    assert truth(condition, a(day="2026-02-28")) == NO


def test_an_unknown_date_with_a_length_of_time_is_settled_when_every_date_agrees():
    assert truth("a.day <= 1 month after a.day or a.yes_1", a(yes_1=True)) == YES
    assert truth("1 month after a.day >= 2026-03-01 or 1 month after a.day < 2026-03-01") == YES


def test_a_value_stands_for_what_the_law_says_on_the_day():
    more = "value majority 21 from 2000-01-01, 18 from 2026-07-01\n"
    for as_of, expected in [(date(2026, 6, 30), NO), (date(2026, 7, 1), YES)]:
        decision = decide(
            FACTS + more + 'rule so "S" share when a.age >= majority from 2001-01-01', a(age=18), as_of=as_of
        )
        assert (YES if fired(decision) else NO) == expected


def test_is_may_name_a_value():
    text = (
        FACTS + 'value majority 18 from 2000-01-01 rule so "S" share when a.age is majority from 2001-01-01'
    )
    assert fired(decide(text, a(age=18))) == ["so"]
    assert fired(decide(text, a(age=17))) == []


# --- quantifiers ----------------------------------------------------------------------------------


def items(*necessary):
    return {"item": [{"name": f"i{n}", "necessary": answer} for n, answer in enumerate(necessary)]}


@pytest.mark.parametrize(
    ("necessary", "any_", "every", "no"),
    [
        ([], NO, YES, YES),
        ([True], YES, YES, NO),
        ([False], NO, NO, YES),
        ([None], UNKNOWN, UNKNOWN, UNKNOWN),
        ([True, False], YES, NO, NO),
        ([True, None], YES, UNKNOWN, NO),
        ([False, None], UNKNOWN, NO, UNKNOWN),
        ([False, False], NO, NO, YES),
    ],
)
def test_quantifiers_over_a_list(necessary, any_, every, no):
    facts = items(*necessary)
    assert truth("any item (item.necessary)", facts) == any_
    assert truth("every item (item.necessary)", facts) == every
    assert truth("no item (item.necessary)", facts) == no


@pytest.mark.parametrize("facts", [{}, {"item": None}, {"item": "unsure"}])
@pytest.mark.parametrize("kind", ["any", "every", "no"])
def test_a_quantifier_over_an_unknown_list_is_unknown(kind, facts):
    assert truth(f"{kind} item (item.necessary)", facts) == UNKNOWN


def test_an_unknown_list_that_does_not_matter_settles():
    assert truth("any item (item.necessary) and a.yes_1", a(yes_1=False)) == NO
    assert truth("any item (item.necessary) or a.yes_1", a(yes_1=True)) == YES


def test_quantifiers_may_stand_in_one_another():
    condition = "every item (any recipient (recipient.verified and item.necessary))"
    people = [{"name": "nurse", "verified": True}, {"name": "caller", "verified": False}]
    assert truth(condition, {**items(True, True), "recipient": people}) == YES
    assert truth(condition, {**items(True, False), "recipient": people}) == NO
    assert truth(condition, {**items(True), "recipient": []}) == NO
    assert truth(condition, {"item": [], "recipient": people}) == YES
    assert truth(condition, items(True)) == UNKNOWN


def test_what_is_asked_of_an_element_may_speak_of_the_case_too():
    assert truth("any item (item.necessary and a.yes_1)", {**items(True), **a(yes_1=True)}) == YES
    assert truth("any item (item.necessary and a.yes_1)", {**items(True), **a(yes_1=False)}) == NO
    assert (
        truth(
            "any item (item.dated < 2 years before today)",
            {"item": [{"name": "old letter", "dated": "2024-06-14"}]},
        )
        == YES
    )
    assert (
        truth(
            "any item (item.dated < 2 years before today)",
            {"item": [{"name": "new letter", "dated": "2024-06-15"}]},
        )
        == NO
    )
