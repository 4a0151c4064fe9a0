"""The oracle, held against examples worked out by hand from the contract, so that it can be trusted."""

from datetime import date
from typing import Any

import pytest

from infoshare.outcome import Act, Basis, Outcome
from infoshare.syntax import tree
from infoshare.syntax.tree import (
    Clause,
    Compare,
    Duration,
    Effect,
    EveryConsentClause,
    Holds,
    Is,
    Name,
    Not,
    Number,
    Offset,
    Option,
    Path,
    Provisions,
    Timing,
    Today,
    Word,
)  # fmt: skip
from oracle import TooManyError, UnknownListError, element, expect, shift

DAY = date(2026, 11, 22)
SHARE, WITHHOLD = Outcome.SHARE, Outcome.WITHHOLD
CONSENT, ADVICE = Outcome.SEEK_CONSENT, Outcome.SEEK_ADVICE


def path(text: str) -> Path:
    return Path(*text.split("."))


def yes(text: str) -> Holds:
    return Holds(path(text))


def one(text: str, *values: str) -> Is:
    return Is(path(text), tuple(Word(v) for v in values), listed=len(values) > 1)


def day(text: str) -> tree.Date:
    return tree.Date(date.fromisoformat(text))


def options(*values: str) -> tree.OneOf:
    return tree.OneOf(tuple(Option(Name(v)) for v in values))


def fact(name: str, kind: tree.TypeExpr | None = None, assumed: str | None = None) -> tree.FactDecl:
    return tree.FactDecl(Name(name), name, kind or tree.YesNo(), (Word(assumed),) if assumed else None)


def about(group: str, *facts: tree.FactDecl, each: bool = False) -> tree.FactsDecl:
    return tree.FactsDecl(Name(group), group, facts, each)


def clause(kind: Any, name: str, outcome: Outcome, when: Any = None, over: Any = (), **more: Any) -> Clause:
    targets = tuple(t if isinstance(t, EveryConsentClause) else Name(t) for t in over)
    must = more.pop("must", False)
    return Clause(kind, Name(name), name, Effect(outcome, must), targets, Provisions(when, **more))


def exception(name: str, over: str, when: Any = None, **more: Any) -> tree.Exception_:
    return tree.Exception_(Name(name), name, tuple(Name(t) for t in over.split()), Provisions(when, **more))


def duty(name: str, order: Any, act: Act, when: Any = None, **more: Any) -> tree.Duty:
    return tree.Duty(Name(name), name, (Timing(order, act),), Provisions(when, **more))


def safeguard(name: str, require: Any, scope: Any = (), when: Any = None) -> tree.Safeguard:
    return tree.Safeguard(Name(name), name, scope, require, "leave it out", Provisions(when))


def policy(*declarations: tree.Declaration, start: str | None = None, end: str | None = None) -> tree.File:
    head = tree.PolicyDecl(Name("p"), "P", start=day(start) if start else None, end=day(end) if end else None)
    return tree.File(1, (head, *declarations))


FLAGS = about("a", *(fact(n) for n in "pqrs"))

SAMPLE = policy(
    about("concern", fact("harm_to_child", options("none", "possible", "significant", "immediate"))),
    about("consent", fact("status", options("given", "refused", "withdrawn", "not_sought"))),
    about("sharing", fact("prohibited_by_law", assumed="no")),
    about("telling", fact("endangers_child"), fact("endangers_adult")),
    about("item", fact("necessary"), each=True),
    tree.DefineDecl(
        Name("telling_is_dangerous"), "telling would be dangerous",
        tree.These("any", (yes("telling.endangers_child"), yes("telling.endangers_adult"))),
    ),
    clause("consent", "family_agrees", SHARE, one("consent.status", "given")),
    clause("consent", "wishes_respected", WITHHOLD, one("consent.status", "refused", "withdrawn")),
    clause("consent", "speak_first", CONSENT, one("consent.status", "not_sought")),
    clause("rule", "legal_bar", WITHHOLD, yes("sharing.prohibited_by_law"), must=True),
    clause(
        "override", "welfare_first", SHARE,
        one("concern.harm_to_child", "significant", "immediate"), [EveryConsentClause()],
    ),
    exception("telling_endangers", "speak_first inform_family", Holds(Name("telling_is_dangerous"))),
    duty("inform_family", "before", Act.SHARING),
    duty("record_decision", "after", Act.DECIDING),
    safeguard("only_what_is_necessary", yes("item.necessary"), ("item",)),
    tree.Advice(Name("lead"), "your lead"),
    start="2026-01-01",
)  # fmt: skip
SAFE = {"endangers_child": False, "endangers_adult": False}


def sample(**groups: Any) -> Any:
    return expect(SAMPLE, groups, DAY)


def test_refused_consent_is_defeated_by_significant_harm() -> None:
    got = sample(consent={"status": "refused"}, concern={"harm_to_child": "significant"}, telling=SAFE)
    assert (got.outcome, got.basis, got.mandatory) == (SHARE, Basis.CLAUSES, False)
    assert got.fired == ["welfare_first"]
    assert got.defeated.keys() == {"wishes_respected"}
    assert got.defeated["wishes_respected"].always == {"welfare_first"}
    assert got.duties == {"inform_family": "due", "record_decision": "due"}
    assert got.assumed == {"sharing.prohibited_by_law": (False, True)}
    assert not got.questions and got.advice == ["lead"]


def test_a_legal_bar_and_child_welfare_clash_and_nothing_is_shared() -> None:
    got = sample(
        consent={"status": "refused"}, concern={"harm_to_child": "immediate"}, telling=SAFE,
        sharing={"prohibited_by_law": True},
    )  # fmt: skip
    assert (got.outcome, got.basis, got.mandatory) == (ADVICE, Basis.CONFLICT, False)
    assert got.fired == ["legal_bar", "welfare_first"]
    assert got.duties == {"record_decision": "due"}
    assert got.rows == []


def test_an_exception_lifts_the_duty_and_silences_the_clause() -> None:
    got = sample(
        consent={"status": "not_sought"}, concern={"harm_to_child": "none"},
        telling={"endangers_child": True, "endangers_adult": "unsure"},
    )  # fmt: skip
    assert (got.outcome, got.basis) == (ADVICE, Basis.SILENCE)
    assert got.excepted["speak_first"].always == {"telling_endangers"}
    assert got.lifted == {} and not got.questions


def test_a_duty_that_hangs_on_an_unknown_fact_is_open_and_asked_about() -> None:
    got = sample(consent={"status": "given"}, telling={"endangers_child": False, "endangers_adult": "unsure"})
    assert (got.outcome, got.basis) == (SHARE, Basis.CLAUSES)
    assert got.fired == ["family_agrees"] and got.unresolved == ["welfare_first"]
    assert got.duties == {"inform_family": "open", "record_decision": "due"}
    assert [(q.fact, q.unsure, q.changes) for q in got.questions] == [
        ("telling.endangers_adult", True, frozenset({"duties"}))
    ]


def test_a_lifted_duty_is_named_with_the_exception() -> None:
    got = sample(consent={"status": "given"}, telling={"endangers_child": True})
    assert got.lifted["inform_family"].always == {"telling_endangers"}
    assert got.duties == {"record_decision": "due"}


def test_what_is_not_known_leaves_outcomes_possible_and_one_question_that_settles() -> None:
    got = sample(consent={"status": "refused"}, telling=SAFE)
    assert (got.outcome, got.basis, got.possible) == (ADVICE, Basis.UNKNOWN_FACTS, {SHARE, WITHHOLD})
    (question,) = got.questions
    assert question.fact == "concern.harm_to_child"
    assert question.leads_to == {
        "none": {WITHHOLD: "may"}, "possible": {WITHHOLD: "may"},
        "significant": {SHARE: "may"}, "immediate": {SHARE: "may"},
    }  # fmt: skip
    assert got.duties == {"inform_family": "open", "record_decision": "due"}
    assert got.completions == 4


def test_a_presumption_not_made_leaves_its_fact_unknown() -> None:
    case = {"consent": {"status": "given"}, "telling": SAFE, "concern": {"harm_to_child": "none"}}
    assert expect(SAMPLE, case, DAY).outcome is SHARE  # type: ignore[union-attr]
    got = expect(SAMPLE, case, DAY, presume=False)
    assert got is not None and got.possible == {SHARE, ADVICE} and got.mandatory is None and not got.assumed
    unsure = sample(**case, sharing={"prohibited_by_law": "unsure"})
    assert unsure.possible == {SHARE, ADVICE} and unsure.questions[0].unsure


def test_items_are_released_held_back_or_open_one_by_one() -> None:
    items = [{"name": "A", "necessary": True}, {"name": "B", "necessary": False}, {"name": "C"}]
    got = sample(consent={"status": "given"}, concern={"harm_to_child": "none"}, telling=SAFE, item=items)
    assert [(r.item, r.recipient, r.release) for r in got.rows] == [
        ("A", None, True), ("B", None, False), ("C", None, None),
    ]  # fmt: skip
    assert got.rows[1].held_by.always == {"only_what_is_necessary"}
    assert got.rows[2].open_by == {'item["C"].necessary'} == {q.fact for q in got.questions}
    assert not got.safeguards.sometimes


def test_a_safeguard_for_what_the_case_does_not_list_is_a_condition_to_keep() -> None:
    got = sample(consent={"status": "given"}, concern={"harm_to_child": "none"}, telling=SAFE)
    assert [(r.item, r.recipient, r.release) for r in got.rows] == [(None, None, True)]
    assert got.safeguards.always == {"only_what_is_necessary"}


def test_outside_its_dates_a_policy_only_seeks_advice() -> None:
    case = {"consent": {"status": "given"}}
    got = expect(SAMPLE, case, date(2025, 12, 31))
    assert got is not None
    assert (got.outcome, got.basis, got.mandatory) == (ADVICE, Basis.NOT_IN_FORCE, False)
    assert got.duties == {"record_decision": "due"} and got.advice == ["lead"] and got.fired == []


def test_both_days_of_a_clause_are_in_force_and_silence_is_outside() -> None:
    file = policy(clause("rule", "r", SHARE, start=day("2026-02-01"), end=day("2026-02-28")))
    in_force = {
        d: expect(file, {}, date.fromisoformat(d)).basis  # type: ignore[union-attr]
        for d in ("2026-01-31", "2026-02-01", "2026-02-28", "2026-03-01")
    }
    assert list(in_force.values()) == [Basis.SILENCE, Basis.CLAUSES, Basis.CLAUSES, Basis.SILENCE]


def test_an_exception_to_an_exception_puts_the_clause_back() -> None:
    file = policy(
        FLAGS,
        clause("rule", "r", WITHHOLD),
        exception("e", "r", yes("a.p")),
        exception("f", "e", yes("a.q")),
    )
    out = {(p, q): expect(file, {"a": {"p": p, "q": q}}, DAY) for p in (True, False) for q in (True, False)}
    assert [o.outcome for o in out.values() if o] == [WITHHOLD, ADVICE, WITHHOLD, WITHHOLD]
    both = out[True, True]
    assert both is not None and both.excepted.keys() == {"e"} and both.excepted["e"].always == {"f"}


def test_an_overridden_override_defeats_nothing() -> None:
    file = policy(
        FLAGS,
        clause("consent", "c", WITHHOLD),
        clause("override", "o", SHARE, yes("a.p"), ["c"]),
        clause("override", "top", WITHHOLD, yes("a.q"), ["o"]),
    )
    got = expect(file, {"a": {"p": True, "q": True}}, DAY)
    assert got is not None
    assert got.outcome is WITHHOLD and got.fired == ["c", "top"] and got.defeated.keys() == {"o"}


def test_an_override_with_the_same_outcome_defeats_nothing() -> None:
    file = policy(clause("consent", "c", SHARE), clause("override", "o", SHARE, over=["c"], must=True))
    got = expect(file, {}, DAY)
    assert got is not None and got.fired == ["c", "o"] and got.mandatory is True and not got.defeated


def test_every_consent_clause_leaves_out_those_that_say_must() -> None:
    file = policy(
        clause("consent", "c", WITHHOLD, must=True),
        clause("consent", "d", WITHHOLD),
        clause("override", "o", SHARE, over=[EveryConsentClause()]),
    )
    got = expect(file, {}, DAY)
    assert got is not None
    assert got.basis is Basis.CONFLICT and got.fired == ["c", "o"] and got.defeated.keys() == {"d"}


def test_agreement_by_different_clauses_settles_with_nothing_fired() -> None:
    file = policy(
        FLAGS,
        clause("rule", "r", SHARE, yes("a.p"), must=True),
        clause("rule", "s", SHARE, Not(yes("a.p"))),
    )
    got = expect(file, {}, DAY)
    assert got is not None
    assert (got.outcome, got.basis, got.mandatory) == (SHARE, Basis.CLAUSES, None)
    assert got.fired == [] and got.unresolved == ["r", "s"]
    assert [q.changes for q in got.questions] == [frozenset({"mandatory"})]


def test_agreement_on_advice_for_different_reasons_is_named_conflict() -> None:
    file = policy(FLAGS, clause("rule", "r", SHARE, yes("a.p")), clause("rule", "s", WITHHOLD, yes("a.p")))
    got = expect(file, {}, DAY)
    assert got is not None and (got.outcome, got.basis) == (ADVICE, Basis.CONFLICT)


def test_what_cannot_be_is_no_completion_and_takes_away_the_presumption() -> None:
    file = policy(
        about("a", fact("p"), fact("q", assumed="yes")),
        tree.ImpossibleDecl(Name("i"), "never both", tree.And((yes("a.p"), yes("a.q")))),
        clause("rule", "r", SHARE, yes("a.q")),
        clause("rule", "s", WITHHOLD, Not(yes("a.q"))),
    )
    both = expect(file, {"a": {"p": True, "q": True}}, DAY)
    assert both is None
    assumed = expect(file, {}, DAY)
    assert assumed is not None and assumed.outcome is SHARE and assumed.assumed == {"a.q": (True, True)}
    taken = expect(file, {"a": {"p": True}}, DAY)
    assert taken is not None and taken.outcome is WITHHOLD and not taken.assumed and taken.completions == 1


def test_questions_come_with_the_best_first_and_doubt_last() -> None:
    file = policy(
        about("a", *(fact(n) for n in "pqr"), fact("kind", options("x", "y", "z"))),
        clause("rule", "r", SHARE, one("a.kind", "x")),
        clause("rule", "s", WITHHOLD, tree.And((one("a.kind", "y", "z"), tree.Or((yes("a.p"), yes("a.q")))))),
    )
    got = expect(file, {"a": {"p": "unsure"}}, DAY)
    assert got is not None
    # one of three answers about the kind settles it; yes or no about q never does (the kind may be x)
    assert [q.fact for q in got.questions] == ["a.kind", "a.q", "a.p"]
    assert got.questions[0].leads_to["x"] == {SHARE: "may"}


def test_numbers_and_dates_are_told_apart_only_at_what_they_are_compared_with() -> None:
    file = policy(
        about("child", fact("age", tree.NumberType("years", 0, 130)), fact("born", tree.DateType())),
        clause("rule", "r", SHARE, Compare(path("child.age"), ">=", Number(16))),
        clause("rule", "s", SHARE, Compare(path("child.age"), "<", Number(18))),
        clause("rule", "t", WITHHOLD, Compare(path("child.born"), ">", Offset(Duration(1, "years"), "before", Today()))),
        clause("rule", "u", WITHHOLD, Is(path("child.age"), (Number(17),))),
    )  # fmt: skip
    got = expect(file, {"child": {"born": "2025-11-22"}}, DAY)
    assert got is not None and got.possible == {SHARE, ADVICE} and got.completions == 4
    assert expect(file, {"child": {"born": "2025-11-23", "age": 4}}, DAY).basis is Basis.CONFLICT  # type: ignore[union-attr]
    assert expect(file, {"child": {"age": 4}}, DAY).completions == 2  # type: ignore[union-attr]


def test_months_are_counted_by_the_calendar_and_clamped() -> None:
    assert shift(date(2026, 8, 31), 6, "months") == date(2027, 2, 28)
    assert shift(date(2024, 2, 29), 1, "years") == date(2025, 2, 28)
    assert shift(date(2026, 3, 31), -1, "months") == date(2026, 2, 28)
    assert shift(date(2026, 1, 15), -1, "months") == date(2025, 12, 15)
    assert shift(date(2026, 2, 27), 2, "days") == date(2026, 3, 1)


def test_a_figure_changes_on_the_day_that_the_law_changes() -> None:
    figure = tree.ValueDecl(
        Name("adult"),
        (tree.ValueStep(Number(18), day("2000-01-01")), tree.ValueStep(Number(16), day("2026-07-01"))),
    )
    file = policy(
        about("child", fact("age", tree.NumberType(None, 0, 130))), figure,
        clause("rule", "r", SHARE, Compare(path("child.age"), ">=", Name("adult"))),
    )  # fmt: skip
    outcomes = [expect(file, {"child": {"age": 17}}, date(2026, m, d)) for m, d in ((6, 30), (7, 1))]
    assert [o.basis for o in outcomes if o] == [Basis.SILENCE, Basis.CLAUSES]


def test_quantifiers_look_at_each_element_and_need_the_list() -> None:
    file = policy(
        about("item", fact("old"), each=True),
        clause("rule", "r", WITHHOLD, tree.Quantified("any", Name("item"), yes("item.old"))),
        clause("rule", "s", SHARE, tree.Quantified("no", Name("item"), yes("item.old"))),
    )
    assert expect(file, {"item": []}, DAY).outcome is SHARE  # type: ignore[union-attr]
    half = expect(file, {"item": [{"name": "A", "old": False}, {"name": "B"}]}, DAY)
    assert half is not None and half.possible == {WITHHOLD, SHARE}
    assert [q.fact for q in half.questions] == [element("item", "B", "old")]
    with pytest.raises(UnknownListError):
        expect(file, {}, DAY)


def test_too_many_completions_are_refused_rather_than_sampled() -> None:
    with pytest.raises(TooManyError):
        expect(SAMPLE, {}, DAY, limit=3)
