"""The laws of the language, row by row: tried against random policies with rows and people.

They speak of what the front door gives, not of how it is reached, and hold whatever a policy says.
"""

from collections.abc import Mapping
from datetime import date
from random import Random
from typing import Any

import attrs
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import infoshare
from infoshare.outcome import OUTCOMES, Act, Basis
from infoshare.syntax import tree
from infoshare.testing.policies import MAIN, adding, days, randoms, shuffled, sources
from infoshare.testing.row_policies import (
    random_row_condition,
    random_row_exception,
    random_row_safeguard,
    row_policies,
)
from infoshare.testing.tree_cases import Case, learn_more, row_cases
from oracle.answers import keyed
from test_laws import (
    ELEMENT,
    Situation,
    answer,
    decide,
    decided_twice_and_read_back,
    names,
    printed_and_parsed_again,
    relied_on_alone,
    said,
    unordered,
)

law = settings(
    max_examples=25,
    derandomize=True,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
UNKNOWN = Basis.UNKNOWN_FACTS


@st.composite
def situations(draw: st.DrawFn, *, doubt: bool = False) -> Situation:
    """A policy with rows and people, a case and a day; with `doubt`, any list may be left out."""
    files = draw(row_policies())
    return Situation(files, draw(row_cases(files, completions=32, unknown_lists=doubt)), draw(days()))


def table(decision: Any) -> dict[Any, Any]:
    """The rows of a decision, by item and recipient."""
    return {(row.item, row.recipient): row for row in decision.disclosures}


def replaced_by(row: Any, after: Any) -> list[Any]:
    """The rows that stand for a row when more is known: a side that was not listed may have elements now."""
    return [
        new
        for new in after.disclosures
        if row.item in (None, new.item) and row.recipient in (None, new.recipient)
    ]


def still_assumed(before: Any, after: Any, case: Mapping[str, Any]) -> bool:
    """Whether nothing that was assumed has been contradicted or taken back."""
    now = {found.fact: found.value for found in after.assumed}

    def same(found: Any) -> bool:
        value = now[found.fact] if found.fact in now else _said(case, found.fact)
        return _plain(value) == _plain(found.value)

    return all(map(same, before.assumed))


def _said(case: Mapping[str, Any], fact: str) -> Any:
    return case.get(fact) if "." not in fact else answer(case, fact)


def _plain(value: Any) -> Any:
    return sorted(map(repr, value)) if isinstance(value, list | tuple | set | frozenset) else value


def to_ask(decision: Any) -> set[Any]:
    """Whose consent is to be sought, of which row."""
    return {
        (each.person, each.whom if each.person is None else None, pair)
        for each in decision.ask_consent
        for pair in each.rows
    }


def duties(decision: Any) -> dict[str, str]:
    """What each duty is of each for whom it is."""
    found = {keyed(d.duty, d.for_ or {}): d.state for d in decision.duties}
    return found | {keyed(d.duty, d.for_ or {}): "lifted" for d in decision.lifted}


@law
@given(situations(doubt=True), randoms())
def test_what_is_settled_of_a_row_never_changes_as_more_is_learnt(situation: Situation, rng: Random) -> None:
    files, case, as_of = situation
    before = decide(files, case, as_of)
    more = learn_more(rng, files, case)
    after = decide(files, more, as_of)
    assume(still_assumed(before, after, more))
    assume(table(before) and any(d.outcome is not None for d in before.disclosures))
    kept = {safeguard.safeguard for safeguard in before.safeguards}
    for pair, row in table(before).items():
        for new in replaced_by(row, after):
            nobody = None in (new.item, new.recipient) and pair != (new.item, new.recipient)
            assert set(new.possible) <= set(row.possible)
            assert set(row.fired) <= set(new.fired)
            if row.basis is not UNKNOWN:
                assert new.outcome is row.outcome
            assert row.mandatory in (None, new.mandatory)
            assert row.strength in (None, new.strength)
            if row.release is False:
                assert new.release is False
            if row.release is True and not nobody and (pair == (new.item, new.recipient) or not kept):
                listed_empty = any(
                    more.get(side) == [] and not case.get(side) for side in ("item", "recipient")
                )
                assert new.release is True or listed_empty


@law
@given(situations(doubt=True), randoms())
def test_whose_consent_is_certain_stays_so_as_more_is_learnt(situation: Situation, rng: Random) -> None:
    files, case, as_of = situation
    before = decide(files, case, as_of)
    assume(before.ask_consent)
    more = learn_more(rng, files, case)
    after = decide(files, more, as_of)
    assume(still_assumed(before, after, more))
    asked = {(person, words) for person, words, _ in to_ask(after)}
    same_rows = table(before).keys() == table(after).keys()
    for person, words, pair in to_ask(before):
        assert (person, words, pair) in to_ask(after) if same_rows else (person, words) in asked


@law
@given(situations(doubt=True), randoms())
def test_learning_more_never_lifts_what_is_due_of_anybody(situation: Situation, rng: Random) -> None:
    files, case, as_of = situation
    before = decide(files, case, as_of)
    more = learn_more(rng, files, case)
    after = decide(files, more, as_of)
    assume(still_assumed(before, after, more))
    due = {key for key, state in duties(before).items() if state == "due"}
    assert not due & {key for key, state in duties(after).items() if state == "lifted"}
    if all(row.basis is not UNKNOWN for row in before.disclosures) and before.basis is not UNKNOWN:
        assert all(duties(after)[key] == "due" for key in due)


@law
@given(situations())
def test_rows_are_what_the_decision_says_of_all_of_them(situation: Situation) -> None:
    files, case, as_of = situation
    decision = decide(files, case, as_of)
    rows = [row for row in decision.disclosures if row.outcome is not None]
    assume(rows)
    settled = {row.outcome for row in rows if row.basis is not UNKNOWN}
    differ = len(settled) > 1 or (settled and any(row.basis is UNKNOWN for row in rows))
    assert (decision.basis is Basis.ROWS) == bool(differ)
    assert set(decision.possible) == {o for row in rows for o in row.possible}
    if not differ and settled:
        assert {decision.outcome} == settled
    assert decision.may_share == all(row.release is True for row in rows)
    assert names(decision.fired) == {name for row in rows for name in row.fired}


@law
@given(situations(), randoms())
def test_the_order_of_declarations_never_matters(situation: Situation, rng: Random) -> None:
    files, case, as_of = situation
    one, other = decide(files, case, as_of), decide(shuffled(rng, files), case, as_of)
    assert unordered(said(one)) == unordered(said(other))


@law
@given(situations(), randoms())
def test_the_order_of_a_list_never_matters(situation: Situation, rng: Random) -> None:
    files, case, as_of = situation
    mixed = {k: rng.sample(v, len(v)) if isinstance(v, list) else v for k, v in case.items()}
    one, other = decide(files, case, as_of), decide(files, mixed, as_of)
    assert table(one).keys() == table(other).keys()
    for pair, row in table(one).items():
        new = table(other)[pair]
        assert (row.outcome, row.basis, row.release) == (new.outcome, new.basis, new.release)
        assert (row.mandatory, row.strength, row.fired) == (new.mandatory, new.strength, new.fired)
    assert (one.outcome, one.basis, duties(one)) == (other.outcome, other.basis, duties(other))
    assert {q.fact for q in one.questions} == {q.fact for q in other.questions}


@law
@given(situations(), randoms())
def test_an_exception_only_ever_weakens_its_target_row_by_row(situation: Situation, rng: Random) -> None:
    files, case, as_of = situation
    exception = random_row_exception(rng, files)
    (target,) = (t.text for t in exception.targets if isinstance(t, tree.Name))
    before, after = decide(files, case, as_of), decide(adding(files, exception), case, as_of)
    both = [(row, table(after)[pair]) for pair, row in table(before).items() if pair in table(after)]
    kind = target.split("_")[0]
    for row, new in both if kind in ("consent", "rule", "override") else ():
        assert row.fired is None or target not in set(new.fired) - set(row.fired)
    if kind == "duty":
        mine = {key: state for key, state in duties(before).items() if key.split()[0] == target}
        for key, state in duties(after).items():
            if key.split()[0] == target and state != "lifted":
                assert mine[key] in (state, "due")
    if kind == "safeguard":
        order = {False: 0, None: 1, True: 2}
        assert all(order[new.release] >= order[row.release] for row, new in both)
        assert all(new.outcome is row.outcome for row, new in both)
    if kind == "advice":
        assert {a.advice for a in after.advice} <= {a.advice for a in before.advice}


@law
@given(situations(), randoms())
def test_a_safeguard_only_ever_narrows_row_by_row(situation: Situation, rng: Random) -> None:
    files, case, as_of = situation
    before = decide(files, case, as_of)
    assume(not any(isinstance(d, tree.Duty) and _holding_back(d) for d in files[-1].declarations))
    after = decide(adding(files, random_row_safeguard(rng, files)), case, as_of)
    narrowed = ("disclosures", "safeguards", "questions", "assumed", "exact", "relied_on")
    assert said(before, *narrowed) == said(after, *narrowed)
    order = {False: 0, None: 1, True: 2}
    for pair, row in table(before).items():
        new = table(after)[pair]
        assert order[new.release] <= order[row.release]
        assert (new.outcome, new.basis, new.fired) == (row.outcome, row.basis, row.fired)


def _holding_back(duty: tree.Duty) -> bool:
    return any(timing.act is Act.HOLDING_BACK for timing in duty.timings)


@law
@given(situations(), randoms())
def test_adding_what_holds_in_no_completion_changes_nothing(situation: Situation, rng: Random) -> None:
    files, case, as_of = situation
    condition = random_row_condition(rng, files)
    never = tree.Provisions(when=condition, unless=condition)
    name = tree.Name("added_for_nothing")
    listed = [d.group.text for d in files[-1].declarations if isinstance(d, tree.FactsDecl) and d.each]
    scope = rng.choice([(), *[(group,) for group in listed if case.get(group) is not None]])
    exception = attrs.evolve(random_row_exception(rng, files), name=name, provisions=never)
    has_rows = any(
        getattr(d, "scope", ()) and not isinstance(d, tree.Safeguard) for d in files[-1].declarations
    )
    added = rng.choice(
        [
            tree.Clause("consent", name, "Nothing.", tree.Effect(rng.choice(OUTCOMES)), (), never, scope),
            tree.Duty(name, "Nothing.", (tree.Timing("after", Act.DECIDING),), never, scope),
            tree.Advice(name, "nobody", never, scope),
            exception,
        ]
    )
    assume(has_rows)  # or a scope would add an outcome to each row
    before, after = decide(files, case, as_of), decide(adding(files, added), case, as_of)
    one, other = said(before), said(after, "not_fired")
    other["not_fired"] = [c for c in after.to_dict()["not_fired"] if c["clause"] != name.text]
    assert one == other


@law
@given(situations(doubt=True))
def test_the_facts_relied_on_alone_settle_every_settled_row(situation: Situation) -> None:
    files, case, as_of = situation
    decision = decide(files, case, as_of)
    settled = {p: r for p, r in table(decision).items() if r.outcome is not None and r.basis is not UNKNOWN}
    assume(settled)
    policy = infoshare.load_sources(sources(files), main=MAIN)
    alone = with_all_elements(relied_on_alone(decision), case)
    again = policy.decide(alone, as_of=as_of, presume=False)
    for row in settled.values():
        replacing = [
            new
            for new in again.disclosures
            if new.item in (None, row.item) and new.recipient in (None, row.recipient)
        ]
        assert replacing
        for new in replacing:
            assert (new.outcome, new.basis) == (row.outcome, row.basis)


def with_all_elements(alone: Case, case: Case) -> Case:
    """The case whose rows are of the same items and recipients, and whose lists name all of their elements."""
    full = dict(alone)
    for group, elements in case.items():
        if isinstance(elements, list) and (group in alone or group in ("item", "recipient")):
            told = {element["name"]: element for element in alone.get(group, ())}
            full[group] = [told.get(e["name"], {"name": e["name"]}) for e in elements]
    return full


@law
@given(situations())
def test_printing_and_parsing_again_gives_the_same_policy(situation: Situation) -> None:
    printed_and_parsed_again(situation)


@law
@given(situations(doubt=True))
def test_a_decision_reads_back_from_its_json_as_it_was(situation: Situation) -> None:
    decided_twice_and_read_back(situation)


@law
@given(situations())
def test_every_answer_leads_where_its_question_says_in_the_rows_that_it_can_change(
    situation: Situation,
) -> None:
    files, case, as_of = situation
    decision = decide(files, case, as_of)
    for question in decision.questions:
        if "." not in question.fact or question.type not in ("yes or no", "one of"):
            continue
        for option in question.answers:
            told = _told(case, question.fact, option.value)
            key = {True: "yes", False: "no"}.get(option.value, option.value)
            if key not in question.leads_to or told is None:
                continue
            after = decide(files, told, as_of)
            if not still_assumed(decision, after, told) or len(after.assumed) != len(decision.assumed):
                continue
            rows = {tuple(pair) for pair in question.rows}
            possible = {o for pair, row in table(after).items() if pair in rows for o in row.possible or ()}
            if rows and possible:
                assert possible == set(question.leads_to[key])


def _told(case: Case, fact: str, value: Any) -> Case | None:
    """The case with one more answer."""
    if found := ELEMENT.fullmatch(fact):
        group, name, own = found.groups()
        return {**case, group: [{**e, own: value} if e["name"] == name else e for e in case[group]]}
    group, own = fact.split(".")
    return {**case, group: {**(case.get(group) or {}), own: value}}


def test_a_day_on_which_nothing_is_in_force_has_no_row_but_seeks_advice() -> None:
    files = (
        tree.File(
            1,
            (
                tree.PolicyDecl(tree.Name("p"), "P", start=tree.Date(date(2026, 1, 1))),
                tree.FactsDecl(tree.Name("item"), "an item", (), each=True),
                tree.Clause("rule", tree.Name("r"), "R.", tree.Effect(OUTCOMES[0]), scope=("item",)),
            ),
        ),
    )
    decision = decide(files, {"item": [{"name": "A"}, {"name": "B"}]}, date(2025, 12, 31))
    assert decision.basis is Basis.NOT_IN_FORCE
    assert {row.basis for row in decision.disclosures} <= {Basis.NOT_IN_FORCE}
