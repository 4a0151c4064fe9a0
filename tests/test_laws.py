"""The laws of the language, each a property that random policies and cases are tried against.

They speak of what the front door gives, not of how it is reached, and hold whatever a policy says.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from random import Random
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import infoshare
from infoshare.errors import FactsError
from infoshare.outcome import OUTCOMES, Act, Basis
from infoshare.syntax import tree
from infoshare.syntax.parser import parse
from infoshare.testing.policies import (
    MAIN,
    Files,
    adding,
    days,
    policies,
    random_condition,
    random_exception,
    random_safeguard,
    randoms,
    shuffled,
    sources,
)
from infoshare.testing.tree_cases import Case, cases, learn_more
from infoshare.text import Source
from oracle import TooManyError, UnknownListError, expect

law = settings(
    max_examples=120,
    derandomize=True,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.data_too_large],
)


class Situation:
    """A policy, a case and a day; shown, where a law fails, as somebody would write them."""

    def __init__(self, files: Files, case: Case, as_of: date) -> None:
        self.files, self.case, self.as_of = files, case, as_of

    def __repr__(self) -> str:
        text = "\n".join(f"# {path}\n{text.decode()}" for path, text in sources(self.files).items())
        return f"\n{text}\ncase {self.case!r} as of {self.as_of}"

    def __iter__(self) -> Iterator[Any]:
        return iter((self.files, self.case, self.as_of))


@st.composite
def situations(draw: st.DrawFn, *, doubt: bool = False) -> Situation:
    """A policy, a case and a day; with `doubt`, facts may be compared and lists left out."""
    files = draw(policies(pairs=doubt))
    return Situation(files, draw(cases(files, unknown_lists=doubt)), draw(days()))


def decide(files: Files, case: Mapping[str, Any], as_of: date, *, presume: bool = True) -> Any:
    """The decision; a case that cannot be is not the law's business."""
    policy = infoshare.load_sources(sources(files), main=MAIN)
    try:
        return policy.decide(case, as_of=as_of, presume=presume)
    except FactsError:
        assume(False)


def names(found: Any) -> set[str]:
    return {c.clause for c in found}


def said(decision: Any, *but: str) -> dict[str, Any]:
    """The decision as data, without the digest, which is of the text, and without some keys."""
    data = {k: v for k, v in decision.to_dict().items() if k not in but}
    return {**data, "policy": {k: v for k, v in data["policy"].items() if k != "digest"}}


def unordered(value: Any) -> Any:
    """With every list sorted."""
    match value:
        case dict():
            return {k: unordered(v) for k, v in value.items()}
        case list() | tuple():
            return sorted((unordered(v) for v in value), key=repr)
        case _:
            return value


def still_assumed(before: Any, after: Any, case: Mapping[str, Any]) -> bool:
    """Whether nothing that was assumed has been contradicted or taken back."""
    now = {a.fact: a.value for a in after.assumed}
    return all(a.value == (now[a.fact] if a.fact in now else answer(case, a.fact)) for a in before.assumed)


ELEMENT = re.compile(r'(\w+)\["(.*)"\]\.(\w+)')


def answer(case: Mapping[str, Any], path: str) -> Any:
    """What a case answers to a fact."""
    if found := ELEMENT.fullmatch(path):
        group, name, fact = found.groups()
        return next((e.get(fact) for e in case.get(group) or [] if e["name"] == name), None)
    group, fact = path.split(".")
    return (case.get(group) or {}).get(fact)


def rows(decision: Any) -> dict[Any, int]:
    """How far each row is released: no, open, yes."""
    return {(r.item, r.recipient): {False: 0, None: 1, True: 2}[r.release] for r in decision.disclosures}


@law
@given(situations(), randoms())
def test_the_order_of_declarations_never_matters(situation: Situation, rng: Random) -> None:
    files, case, as_of = situation
    one, other = decide(files, case, as_of), decide(shuffled(rng, files), case, as_of)
    assert unordered(said(one)) == unordered(said(other))


@law
@given(situations(), randoms())
def test_the_order_in_which_a_case_says_things_never_matters(situation: Situation, rng: Random) -> None:
    files, case, as_of = situation

    def mixed(value: Any, *, lists: bool) -> Any:
        match value:
            case dict():
                keys = list(value)
                rng.shuffle(keys)
                return {k: mixed(value[k], lists=lists) for k in keys}
            case [dict(), *_]:
                elements = [mixed(v, lists=lists) for v in value]
                if lists:
                    rng.shuffle(elements)
                return elements
            case _:
                return value

    decision = decide(files, case, as_of)
    assert decision.to_dict() == decide(files, mixed(case, lists=False), as_of).to_dict()
    other = decide(files, mixed(case, lists=True), as_of)
    assert (decision.outcome, decision.basis, rows(decision)) == (other.outcome, other.basis, rows(other))
    assert {q.fact for q in decision.questions} == {q.fact for q in other.questions}


@law
@given(situations(doubt=True), randoms())
def test_a_settled_outcome_never_changes_as_more_is_learnt(situation: Situation, rng: Random) -> None:
    files, case, as_of = situation
    before = decide(files, case, as_of)
    more = learn_more(rng, files, case)
    after = decide(files, more, as_of)
    assume(still_assumed(before, after, more))
    assert set(after.possible) <= set(before.possible)
    assert names(before.fired) <= names(after.fired)
    if before.basis is not Basis.UNKNOWN_FACTS:
        assert after.outcome is before.outcome
        assert before.mandatory in (None, after.mandatory)


@law
@given(situations(doubt=True), randoms())
def test_learning_more_never_turns_a_due_duty_into_a_lifted_one(situation: Situation, rng: Random) -> None:
    files, case, as_of = situation
    before = decide(files, case, as_of)
    more = learn_more(rng, files, case)
    after = decide(files, more, as_of)
    assume(still_assumed(before, after, more))
    due = {d.duty for d in before.duties if d.state == "due"}
    assert not due & {d.duty for d in after.lifted}
    if before.basis is not Basis.UNKNOWN_FACTS:
        assert due <= {d.duty for d in after.duties if d.state == "due"}
        assert {d.duty for d in after.duties} <= {d.duty for d in before.duties}


@law
@given(situations(), randoms())
def test_learning_more_never_takes_back_a_release_or_a_hold(situation: Situation, rng: Random) -> None:
    files, case, as_of = situation
    before = decide(files, case, as_of)
    more = learn_more(rng, files, case)
    after = decide(files, more, as_of)
    assume(still_assumed(before, after, more))
    assume(
        {g for g, e in case.items() if isinstance(e, list)}
        == {g for g, e in more.items() if isinstance(e, list)}
    )
    settled = {row: release for row, release in rows(before).items() if release != 1}
    assert settled.items() <= rows(after).items()


@law
@given(situations(), randoms())
def test_an_exception_only_ever_weakens_its_target(situation: Situation, rng: Random) -> None:
    files, case, as_of = situation
    exception = random_exception(rng, files)
    (target,) = (t.text for t in exception.targets if isinstance(t, tree.Name))
    before, after = decide(files, case, as_of), decide(adding(files, exception), case, as_of)
    maybe = names(before.fired) | names(before.unresolved)
    if target in names(after.fired):
        assert target in names(before.fired)
    if target in names(after.unresolved):
        assert target in maybe
    kind = target.split("_")[0]
    touched = ("duties", "lifted", "questions", "assumed", "exact")
    if kind == "duty":
        state = {d.duty: d.state for d in before.duties}
        for duty in (d for d in after.duties if d.duty == target):
            assert state[target] == "due" if duty.state == "due" else target in state
        assert said(before, *touched) == said(after, *touched)
    if kind == "safeguard":
        assert before.outcome is after.outcome
        assert all(rows(after)[row] >= release for row, release in rows(before).items())
    if kind == "advice":
        assert {a.advice for a in after.advice} <= {a.advice for a in before.advice}
        assert before.outcome is after.outcome


@law
@given(situations(), randoms())
def test_a_safeguard_only_ever_narrows(situation: Situation, rng: Random) -> None:
    files, case, as_of = situation
    before = decide(files, case, as_of)
    after = decide(adding(files, random_safeguard(rng, files)), case, as_of)
    narrowed = ("disclosures", "safeguards", "questions", "assumed", "exact")
    assert said(before, *narrowed) == said(after, *narrowed)
    assert rows(before).keys() == rows(after).keys()
    assert all(rows(after)[row] <= release for row, release in rows(before).items())
    assert not (after.may_share and not before.may_share)


def never(rng: Random, files: Files) -> tree.Provisions:
    """Provisions under which nothing holds in any completion."""
    condition = random_condition(rng, files)
    return rng.choice(
        [
            tree.Provisions(when=condition, unless=condition),
            tree.Provisions(when=condition, end=tree.Date(date(1999, 1, 1))),
            tree.Provisions(when=condition, start=tree.Date(date(2999, 1, 1))),
        ]
    )


@law
@given(situations(), randoms())
def test_adding_a_clause_that_holds_in_no_completion_changes_nothing(
    situation: Situation, rng: Random
) -> None:
    files, case, as_of = situation
    provisions = never(rng, files)
    exception = random_exception(rng, files)
    deciding = [d.name for d in files[-1].declarations if isinstance(d, tree.Clause)]
    effect = tree.Effect(rng.choice(OUTCOMES))
    name = tree.Name("added_for_nothing")
    added = rng.choice(
        [
            tree.Clause("consent", name, "Nothing.", effect, (), provisions),
            tree.Clause("rule", name, "Nothing.", effect, (), provisions),
            tree.Clause("override", name, "Nothing.", effect, (rng.choice(deciding),), provisions),
            attrs.evolve(exception, name=name, provisions=provisions),
            tree.Duty(name, "Nothing.", (tree.Timing("after", Act.DECIDING),), provisions),
            attrs.evolve(
                random_safeguard(rng, files),
                name=name,
                scope=(),
                require=tree.Holds(_flag(files)),
                provisions=provisions,
            ),
            tree.Advice(name, "nobody", provisions),
        ]
    )
    before, after = decide(files, case, as_of), decide(adding(files, added), case, as_of)
    one, other = said(before), said(after, "not_fired")
    other["not_fired"] = [c for c in after.to_dict()["not_fired"] if c["clause"] != name.text]
    assert one == other


def _flag(files: Files) -> tree.Path:
    """A yes-or-no fact outside the lists, or any (a safeguard that never holds may speak of it all the same)."""
    groups = [d for f in files for d in f.declarations if isinstance(d, tree.FactsDecl) and not d.each]
    flags = [
        tree.Path(g.group.text, f.name.text)
        for g in groups
        for f in g.facts
        if isinstance(f.type, tree.YesNo)
    ]
    assume(flags)
    return flags[0]


def relied_on_alone(decision: Any) -> Case:
    """The case that says what the decision relied on, and nothing else."""
    case: Case = {}
    listed: dict[str, dict[str, dict[str, Any]]] = {}
    for path, value in decision.to_dict()["relied_on"].items():
        if found := ELEMENT.fullmatch(path):
            group, name, fact = found.groups()
            listed.setdefault(group, {}).setdefault(name, {"name": name})[fact] = value
        elif "." in path:
            group, fact = path.split(".")
            case.setdefault(group, {})[fact] = value
        else:
            for name in value:
                listed.setdefault(path, {}).setdefault(name, {"name": name})
            listed.setdefault(path, {})
    return {**case, **{group: list(elements.values()) for group, elements in listed.items()}}


@law
@given(situations(doubt=True))
def test_the_facts_relied_on_alone_settle_the_same_outcome_on_the_same_basis(situation: Situation) -> None:
    files, case, as_of = situation
    decision = decide(files, case, as_of)
    assume(decision.basis is not Basis.UNKNOWN_FACTS)
    policy = infoshare.load_sources(sources(files), main=MAIN)
    again = policy.decide(relied_on_alone(decision), as_of=as_of, presume=False)
    assert (again.outcome, again.basis) == (decision.outcome, decision.basis)


@law
@given(situations())
def test_nothing_relied_on_can_be_left_out(situation: Situation) -> None:
    files, case, as_of = situation
    decision = decide(files, case, as_of)
    assume(decision.basis is not Basis.UNKNOWN_FACTS)
    policy = infoshare.load_sources(sources(files), main=MAIN)
    for path in decision.relied_on:
        if "[" in path or "." not in path:
            continue
        less = relied_on_alone(decision)
        group, fact = path.split(".")
        del less[group][fact]
        again = policy.decide(less, as_of=as_of, presume=False)
        assert (again.outcome, again.basis) != (decision.outcome, decision.basis), f"without {path}"


def printed_and_parsed_again(situation: Situation) -> None:
    """Holds a policy against what is parsed of what is printed of it."""
    files, case, as_of = situation
    texts = sources(files)
    again = tuple(parse(Source(path, text.decode())).file for path, text in texts.items())
    assert again == files
    assert sources(again) == texts
    assert decide(again, case, as_of).to_dict() == decide(files, case, as_of).to_dict()


def decided_twice_and_read_back(situation: Situation) -> None:
    """Holds a decision against another of the same case, and against what is read of its JSON."""
    files, case, as_of = situation
    one, other = decide(files, case, as_of), decide(files, case, as_of)
    assert one == other and one.to_dict() == other.to_dict()
    assert infoshare.Decision.from_dict(one.to_dict()) == one


@law
@given(situations())
def test_printing_and_parsing_again_gives_the_same_policy(situation: Situation) -> None:
    printed_and_parsed_again(situation)


@law
@given(situations(doubt=True))
def test_the_same_policy_facts_and_date_give_the_same_decision(situation: Situation) -> None:
    decided_twice_and_read_back(situation)


@law
@given(situations(doubt=True), st.lists(st.sampled_from(["A", "B", "C"]), unique=True, max_size=2))
def test_an_outcome_is_never_said_when_some_completion_disagrees(
    situation: Situation, listed: list[str]
) -> None:
    files, case, as_of = situation
    decision = decide(files, case, as_of, presume=False)
    assume(decision.basis is not Basis.UNKNOWN_FACTS)
    groups = {d.group.text for f in files for d in f.declarations if isinstance(d, tree.FactsDecl) and d.each}
    concrete = {**case, **{g: [{"name": n} for n in listed] for g in groups if case.get(g) is None}}
    try:
        want = expect(files, concrete, as_of, presume=False, limit=1_000)
    except (TooManyError, UnknownListError):
        assume(False)
    assume(want is not None)
    assert want is not None
    assert want.possible == {decision.outcome}


@law
@given(situations())
def test_every_answer_leads_where_its_question_says(situation: Situation) -> None:
    files, case, as_of = situation
    decision = decide(files, case, as_of)
    for question in decision.questions:
        if "[" in question.fact or question.type not in ("yes or no", "one of"):
            continue
        group, fact = question.fact.split(".")
        for option in question.answers:
            key = {True: "yes", False: "no"}.get(option.value, option.value)
            told = {**case, group: {**(case.get(group) or {}), fact: option.value}}
            if key not in question.leads_to:
                with pytest.raises(FactsError):
                    infoshare.load_sources(sources(files), main=MAIN).decide(told, as_of=as_of)
                continue
            after = decide(files, told, as_of)
            if still_assumed(decision, after, told) and len(after.assumed) == len(decision.assumed):
                assert set(after.possible) == set(question.leads_to[key])
