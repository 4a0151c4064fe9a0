"""Runs scenarios: holds what a policy's author expected against what is decided.

Deliberately not here: binding scenarios (`meaning.scenario`), printing what went wrong (`cli`).
"""

from collections.abc import Iterable, Iterator
from datetime import date

import attrs

from infoshare.errors import FactsError
from infoshare.meaning.case import path_of
from infoshare.meaning.deciding import Defined, decide
from infoshare.meaning.findings import Disclosure
from infoshare.meaning.model import Guarantee, Model
from infoshare.meaning.scenario import Scenario
from infoshare.outcome import Basis
from infoshare.policy.decision import Decision
from infoshare.policy.policy import Policy
from infoshare.syntax import tree as t
from infoshare.text import Span


@attrs.frozen
class Check:
    """One thing that was expected, beside what was decided.

    Attributes:
        what: as the scenario says it: `then`, `because of`, `with` …, or `guarantee`.
        problem: a sentence, where the two differ; None where it is as expected.
    """

    what: str
    expected: str
    decided: str
    problem: str | None = None


@attrs.frozen
class ScenarioResult:
    """What became of one scenario.

    Attributes:
        problems: one sentence for everything that was expected and is not so; empty when it passed.
        decision: None when the scenario's case could not be decided.
        checks: everything that was expected, met or not, in the order of the scenario.
    """

    title: str
    span: Span = attrs.field(eq=False)
    problems: tuple[str, ...]
    decision: Decision | None = attrs.field(repr=False)
    checks: tuple[Check, ...] = attrs.field(default=(), repr=False)

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
        found = decide(model, scenario.case, day)
    except FactsError as error:
        problems = tuple(diagnostic.message for diagnostic in error.diagnostics)
        return ScenarioResult(scenario.title, scenario.span, problems, None)
    checks = tuple(checked(scenario, found))
    problems = tuple(check.problem for check in checks if check.problem is not None)
    return ScenarioResult(scenario.title, scenario.span, problems, Decision.of(found), checks)


def checked(scenario: Scenario, found: Defined) -> Iterator[Check]:
    """Yields everything that a scenario expects, and every guarantee that fails, beside what was found of its case.

    Of a decision only the parts are worked out of which the scenario speaks.
    """
    decision = Decision.of(found)
    yield from _checks(scenario.then, decision)
    yield from _guarantees(found, decision)


def _checks(then: t.Expectation, decision: Decision) -> Iterator[Check]:
    problem = None
    if decision.outcome is not then.outcome:
        problem = f"expected {then.outcome.words}, decided {decision.outcome.words} ({_basis(decision)})"
    yield Check("then", then.outcome.words, decision.outcome.words, problem)
    if then.must:
        met = decision.mandatory is True
        problem = "expected a legal duty (must), but none of the clauses that stand says must"
        yield Check("then", "must", "must" if met else "no clause says must", None if met else problem)
    if then.basis is not None:
        met, basis = decision.basis is then.basis, _basis(decision)
        problem = f"expected because of {then.basis.words}, decided because of {basis}"
        yield Check("because of", then.basis.words, basis, None if met else problem)
    if then.because_of:
        yield from _because_of(then.because_of, decision)
    if then.with_ or then.without or then.lifting:
        yield from _duties(then, decision)
    if then.asking:
        yield from _asking(then.asking, decision)
    yield from _rows("releasing", then.releasing, decision, "released", wanted=True)
    yield from _rows("holding back", then.holding_back, decision, "held back", wanted=False)
    yield from _rows("leaving open", then.leaving_open, decision, "left open", wanted=None)


def _because_of(names: Iterable[t.Name], decision: Decision) -> Iterator[Check]:
    setting_aside = (*(c.by for c in decision.excepted), *(d.by for d in decision.lifted))
    acting = {c.clause for c in decision.fired} | {by.clause for bys in setting_aside for by in bys}
    for name in names:
        if name.text in acting:
            yield Check("because of", name.text, "so it is")
        else:
            became = _what_became(name.text, decision)
            yield Check("because of", name.text, became, f"expected because of `{name.text}`, which {became}")


def _asking(facts: Iterable[t.Path | t.Name], decision: Decision) -> Iterator[Check]:
    asked = {question.fact for question in decision.questions if question.answered is None}
    asked |= {path_of(key) for key in asked}
    for wanted in facts:
        if wanted.text in asked:
            yield Check("asking", wanted.text, "asked")
        else:
            problem = f"expected to be asked for `{wanted.text}`, which is not asked"
            yield Check("asking", wanted.text, "not asked", problem)


def _duties(then: t.Expectation, decision: Decision) -> Iterator[Check]:
    states: dict[str, str] = {duty.duty: duty.state for duty in decision.duties}
    states |= {duty.duty: "lifted" for duty in decision.lifted}
    for what, names, met in (
        ("with", then.with_, {"due"}),
        ("without", then.without, {"lifted", "not called for"}),
        ("lifting", then.lifting, {"lifted"}),
    ):
        for name in names:
            state = states.get(name.text, "not called for")
            problem = None if state in met else f"expected {what} `{name.text}`, which is {state}"
            yield Check(what, name.text, state, problem)


def _rows(
    what: str, rows: Iterable[t.Row], decision: Decision, words: str, *, wanted: bool | None
) -> Iterator[Check]:
    for row in rows:
        found = [
            d for d in decision.disclosures if d.item == row.item and row.recipient in (None, d.recipient)
        ]
        if not found:
            problem = f"expected {_pair(row.item, row.recipient)} to be {words}, but nothing is shared"
            yield Check(what, _pair(row.item, row.recipient), "nothing is shared", problem)
        for each in found:
            pair, release = _pair(each.item, each.recipient), _release(each)
            differs = f"expected {pair} to be {words}, but it is {release}"
            yield Check(what, pair, release, None if each.release is wanted else differs)


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


def _guarantees(found: Defined, decision: Decision) -> Iterator[Check]:
    seen = found.seen
    for guarantee in found.model.guarantees.values():
        if seen.outlook.certain(seen.world.truth(guarantee.when)) and _settled_against(guarantee, decision):
            problem = f"the guarantee `{guarantee.name}` does not hold: {guarantee.statement}"
            yield Check("guarantee", guarantee.name, "does not hold", problem)


def _settled_against(guarantee: Guarantee, decision: Decision) -> bool:
    never = guarantee.modality == "never"
    if guarantee.duty is not None:
        states = [duty.state for duty in decision.duties if duty.duty == guarantee.duty]
        return "due" in states if never else not states
    settled = decision.basis is not Basis.UNKNOWN_FACTS
    return settled and (decision.outcome is guarantee.outcome) is never
