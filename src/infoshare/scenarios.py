"""Scenarios tried: what a policy's author expected, held against what is decided.

Deliberately not here: binding scenarios (`meaning.scenario`), printing what went wrong (`cli`).
"""

from collections.abc import Iterable, Iterator
from datetime import date

import attrs

from infoshare.load import Policy
from infoshare.errors import FactsError
from infoshare.meaning.case import path_of
from infoshare.meaning.deciding import decide, is_certain
from infoshare.meaning.decision import Decision, Disclosure
from infoshare.meaning.model import Guarantee, Model
from infoshare.meaning.scenario import Scenario
from infoshare.outcome import Basis
from infoshare.syntax import tree as t
from infoshare.text import Span


@attrs.frozen
class ScenarioResult:
    """What became of one scenario.

    Attributes:
        problems: one sentence for everything that was expected and is not so; empty when it passed.
        decision: None when the scenario's case could not be decided.
    """

    title: str
    span: Span = attrs.field(eq=False)
    problems: tuple[str, ...]
    decision: Decision | None = attrs.field(repr=False)

    @property
    def passed(self) -> bool:
        """Whether all that was expected is so."""
        return not self.problems


def run_scenarios(policy: Policy, *, today: date) -> tuple[ScenarioResult, ...]:
    """Tries every scenario of a policy, and every guarantee against each of them.

    Args:
        today: the date of a scenario that gives none, where its policy has no first day either.
    """
    return tuple(_run(policy.model, scenario, today) for scenario in policy.scenarios)


def _run(model: Model, scenario: Scenario, today: date) -> ScenarioResult:
    start = model.header.start if model.header else None
    day = scenario.as_of or start or today
    try:
        decision = decide(model, scenario.case, day)
    except FactsError as error:
        problems = tuple(diagnostic.message for diagnostic in error.diagnostics)
        return ScenarioResult(scenario.title, scenario.span, problems, None)
    problems = (*_unmet(scenario.then, decision), *_broken(model, scenario, day, decision))
    return ScenarioResult(scenario.title, scenario.span, problems, decision)


def _unmet(then: t.Expectation, decision: Decision) -> Iterator[str]:
    if decision.outcome is not then.outcome:
        yield f"expected {then.outcome.words}, decided {decision.outcome.words} ({_basis(decision)})"
    if then.must and decision.mandatory is not True:
        yield "expected a legal duty (must), but none of the clauses that stand says must"
    if then.basis is not None and decision.basis is not then.basis:
        yield f"expected because of {then.basis.words}, decided because of {_basis(decision)}"
    acting = {c.clause for c in decision.fired} | {
        by.clause for bys in (*(c.by for c in decision.excepted), *(d.by for d in decision.lifted)) for by in bys
    }
    for name in then.because_of:
        if name.text not in acting:
            yield f"expected because of `{name.text}`, which {_what_became(name.text, decision)}"
    yield from _duties(then, decision)
    asked = {question.fact for question in decision.questions if question.answered is None}
    for wanted in then.asking:
        if wanted.text not in asked | {path_of(key) for key in asked}:
            yield f"expected to be asked for `{wanted.text}`, which is not asked"
    yield from _rows(then.releasing, decision, "released", wanted=True)
    yield from _rows(then.holding_back, decision, "held back", wanted=False)
    yield from _rows(then.leaving_open, decision, "left open", wanted=None)


def _duties(then: t.Expectation, decision: Decision) -> Iterator[str]:
    states = {duty.duty: duty.state for duty in decision.duties} | {duty.duty: "lifted" for duty in decision.lifted}
    for name in then.with_:
        if states.get(name.text) != "due":
            yield f"expected with `{name.text}`, which is {states.get(name.text, 'not called for')}"
    for name in then.without:
        if states.get(name.text) in ("due", "open"):
            yield f"expected without `{name.text}`, which is {states[name.text]}"
    for name in then.lifting:
        if states.get(name.text) != "lifted":
            yield f"expected lifting `{name.text}`, which is {states.get(name.text, 'not called for')}"


def _rows(rows: Iterable[t.Row], decision: Decision, words: str, *, wanted: bool | None) -> Iterator[str]:
    for row in rows:
        found = [d for d in decision.disclosures if d.item == row.item and row.recipient in (None, d.recipient)]
        if not found:
            yield f"expected {_pair(row.item, row.recipient)} to be {words}, but nothing is shared"
        for each in (d for d in found if d.release is not wanted):
            yield f"expected {_pair(each.item, each.recipient)} to be {words}, but it is {_release(each)}"


def _pair(item: str | None, recipient: str | None) -> str:
    return f'"{item}"' + (f' for "{recipient}"' if recipient is not None else "")


def _release(row: Disclosure) -> str:
    words = {True: "released", False: "held back", None: "left open"}[row.release]
    by = ", ".join(f"`{hold.safeguard}`" for hold in (*row.held_by, *row.open_by))
    return f"{words} by {by}" if by else words


def _basis(decision: Decision) -> str:
    if decision.basis is Basis.CLAUSES:
        return ", ".join(f"`{c.clause}`" for c in decision.fired)
    return decision.basis.words


def _what_became(name: str, decision: Decision) -> str:
    for found, words in ((decision.defeated, "is defeated"), (decision.excepted, "is set aside")):
        for clause in found:
            if clause.clause == name:
                return f"{words} by " + ", ".join(f"`{by.clause}`" for by in clause.by)
    if any(clause.clause == name for clause in decision.unresolved):
        return "hangs on an unknown fact"
    return "does not hold here"


def _broken(model: Model, scenario: Scenario, day: date, decision: Decision) -> Iterator[str]:
    for guarantee in model.guarantees.values():
        if guarantee.when is None or is_certain(model, scenario.case, day, guarantee.when):
            if _settled_against(guarantee, decision):
                yield f"the guarantee `{guarantee.name}` does not hold: {guarantee.statement}"


def _settled_against(guarantee: Guarantee, decision: Decision) -> bool:
    never = guarantee.modality == "never"
    if guarantee.duty is not None:
        states = [duty.state for duty in decision.duties if duty.duty == guarantee.duty]
        return "due" in states if never else not states
    settled = decision.basis is not Basis.UNKNOWN_FACTS
    return settled and (decision.outcome is guarantee.outcome) is never
