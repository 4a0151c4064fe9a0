"""Runs scenarios: holds what a policy's author expected against what is decided.

Deliberately not here: binding scenarios (`meaning.scenario`), printing what went wrong (`cli`).
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import product

import attrs

from infoshare.errors import FactsError
from infoshare.meaning.case import path_of
from infoshare.meaning.deciding import Defined, decide
from infoshare.meaning.findings import Disclosure
from infoshare.meaning.model import Duty, Guarantee, Model
from infoshare.meaning.scenario import Scenario, duties_in, rows_in
from infoshare.outcome import Basis, Outcome
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
    if then.should:
        met, strength = decision.strength == "should", decision.strength or "not as strong everywhere"
        problem = f"expected what should be done (should), but it is: {strength}"
        yield Check("then", "should", "should" if met else strength, None if met else problem)
    yield from _outcomes(then.rows, decision)
    if then.basis is not None:
        met, basis = decision.basis is then.basis, _basis(decision)
        problem = f"expected because of {then.basis.words}, decided because of {basis}"
        yield Check("because of", then.basis.words, basis, None if met else problem)
    if then.because_of:
        yield from _because_of(then.because_of, decision)
    if then.with_ or then.without or then.lifting or duties_in(then.leaving_open):
        yield from _duties(then, decision)
    if then.asking:
        yield from _asking(then.asking, decision)
    yield from _asking_consent(then.asking_consent, decision)
    yield from _rows("releasing", then.releasing, decision, "released", wanted=True)
    yield from _rows("holding back", then.holding_back, decision, "held back", wanted=False)
    yield from _rows("leaving open", rows_in(then.leaving_open), decision, "left open", wanted=None)


def _outcomes(rows: Iterable[t.OutcomeFor], decision: Decision) -> Iterator[Check]:
    """What is expected of rows: of either side that is left out, of all of them."""
    for row in rows:
        wanted = _effect(row.outcome, "must" if row.must else "should" if row.should else None)
        found = [
            d
            for d in decision.disclosures
            if row.item in (None, d.item) and row.recipient in (None, d.recipient) and d.outcome is not None
        ]
        said = [(d.item, d.recipient, d.outcome, d.mandatory, d.strength) for d in found]
        if not said:  # a policy that says the same of every row
            said = [(row.item, row.recipient, decision.outcome, decision.mandatory, decision.strength)]
        for item, recipient, outcome, mandatory, strength in said:
            of = _of(item, recipient)
            strong = "must" if mandatory else strength
            decided = _effect(outcome, strong if row.must or row.should else None)
            met = (
                outcome is row.outcome
                and (not row.must or mandatory is True)
                and (not row.should or strength == "should")
            )
            problem = f"expected {wanted} {of}, decided {decided}"
            yield Check("then", f"{wanted} {of}", decided, None if met else problem)


def _effect(outcome: Outcome | None, strength: str | None) -> str:
    """As a scenario says it: `must share`."""
    words = "nothing" if outcome is None else outcome.words
    return f"{strength} {words}" if strength in ("must", "should") else words


def _asking_consent(names: Iterable[str], decision: Decision) -> Iterator[Check]:
    asked = [each.whom if each.person is None else each.person for each in decision.ask_consent or ()]
    for name in names:
        if name in asked:
            yield Check("asking consent of", name, "to be asked")
            continue
        others = ", ".join(f'"{each}"' for each in asked if each is not None)
        problem = f'expected the consent of "{name}" to be sought, but ' + (
            f"it is that of {others}" if others else "nobody is certain to be asked"
        )
        yield Check("asking consent of", name, "not to be asked", problem)


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
    """A duty for each of a list is `with` where it is due for any that is spoken of, `without` where for none."""
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for due in decision.duties:
        found.setdefault(due.duty, []).append((_whom(due.for_), due.state))
    for lifted in decision.lifted:
        found.setdefault(lifted.duty, []).append((_whom(lifted.for_), "lifted"))
    for what, names, met in (
        ("with", then.with_, {"due"}),
        ("without", then.without, {"lifted", "not called for"}),
        ("lifting", then.lifting, {"lifted"}),
        ("leaving open", duties_in(then.leaving_open), {"open"}),
    ):
        for name in names:
            whom = (name.for_, *([] if name.to is None else [name.to])) if isinstance(name, t.DutyFor) else ()
            states = {state for of, state in found.get(name.text, ()) if set(whom) <= set(of)}
            states = states or {"not called for"}
            is_met = states <= met if what == "without" else bool(states & met)
            state = " and ".join(each for each in _STATES if each in states)
            said = f"{name.text} for " + " to ".join(f'"{each}"' for each in whom) if whom else name.text
            shown = f"`{name.text}`" + said.removeprefix(name.text)
            problem = None if is_met else f"expected {what} {shown}, which is {state}"
            yield Check(what, said, state, problem)


_STATES = ("due", "open", "lifted", "not called for")


def _whom(for_: Mapping[str, str | None] | None) -> tuple[str, ...]:
    """For whom or what a duty is, as a scenario names it."""
    return tuple(str(name) for name in for_.values()) if for_ else ()


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


def _of(item: str | None, recipient: str | None) -> str:
    """Of which row, as a scenario says it: `for "note" to "mother"`."""
    said = [f'for "{item}"'] if item is not None else []
    said += [f'to "{recipient}"'] if recipient is not None else []
    return " ".join(said) or "for every item"


def _pair(item: str | None, recipient: str | None) -> str:
    if item is None:
        return "every item" if recipient is None else f'"{recipient}"'
    return f'"{item}"' + (f' for "{recipient}"' if recipient is not None else "")


def _release(row: Disclosure) -> str:
    words = {True: "released", False: "held back", None: "left open"}[row.release]
    by = ", ".join(f"`{hold.safeguard}`" for hold in (*row.held_by, *row.open_by))
    return f"{words} by {by}" if by else words


def _basis(decision: Decision) -> str:
    if decision.basis is Basis.CLAUSES:
        return ", ".join(f"`{c.clause}`" for c in decision.fired)
    if decision.basis is Basis.ROWS:
        rows: dict[Outcome | None, Disclosure] = {}
        for row in decision.disclosures:  # the first of each outcome
            rows.setdefault(row.outcome, row)
        said = (f"{_effect(o, None)} {_of(d.item, d.recipient)}" for o, d in rows.items())
        return ", ".join(said)
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
    for guarantee in found.model.guarantees.values():
        if any(_fails(guarantee, here, found, decision) for here in _spoken_of(guarantee, found)):
            problem = f"the guarantee `{guarantee.name}` does not hold: {guarantee.statement}"
            yield Check("guarantee", guarantee.name, "does not hold", problem)


def _spoken_of(guarantee: Guarantee, found: Defined) -> Iterator[dict[str, str]]:
    """The elements in hand of each time that a guarantee speaks: once, or once for each of its lists' elements."""
    elements = found.given.elements
    lists = [
        [(group, name) for name in elements[group]] if group in elements else [None]
        for group in guarantee.scope
    ]
    yield from (dict(each for each in here if each is not None) for here in product(*lists))


def _fails(guarantee: Guarantee, here: Mapping[str, str], found: Defined, decision: Decision) -> bool:
    """Whether the decision settles against a guarantee where its `when` is yes."""
    seen = found.seen
    if not seen.outlook.certain(seen.world.truth(guarantee.when, here)):
        return False
    never = guarantee.modality == "never"
    if guarantee.duty is not None:
        return _fails_of_duty(found.model.duties[guarantee.duty], here, found, decision, never=never)
    rows = [
        d
        for d in decision.disclosures
        if d.outcome is not None
        and here.get("item", d.item) == d.item
        and here.get("recipient", d.recipient) == d.recipient
    ]
    said = [(d.outcome, d.basis) for d in rows] or [(decision.outcome, decision.basis)]
    return any(
        basis is not Basis.UNKNOWN_FACTS and (outcome is guarantee.outcome) is never
        for outcome, basis in said
    )


def _fails_of_duty(
    duty: Duty, here: Mapping[str, str], found: Defined, decision: Decision, *, never: bool
) -> bool:
    """Whether a duty is due that never may be, or is not due of an element of which it always has to be."""
    states = [
        (d.for_, d.state)
        for d in decision.duties
        if d.duty == duty.name
        and all((d.for_ or {}).get(group, name) == name for group, name in here.items())
    ]
    if never:
        return any(state == "due" for _, state in states)
    elements = found.given.elements
    each = [[here[g]] if g in here else elements[g] for g in duty.scope if g in here or g in elements]
    wanted = set(product(*each)) if len(each) == len(duty.scope) else {()}
    there = {_whom(for_) for for_, _ in states}
    return not states if wanted == {()} else not wanted <= there
