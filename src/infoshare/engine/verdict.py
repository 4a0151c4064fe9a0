"""What follows from the provisions that hold: worked out once for each set of them.

It is the definition's own sentences (`meaning.evaluator`) for one completion, over those that hold alone, so
that ten thousand clauses of which three hold cost no more than three.
Deliberately not here: which hold (`holding_code`), and what is told of a case besides (`meaning.deciding`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Literal

import attrs

from infoshare.engine.findings import Fired
from infoshare.engine.lanes_code import OUTCOMES
from infoshare.engine.plan import Plan
from infoshare.meaning.consequences import timing_words
from infoshare.meaning.decision import DutyFinding
from infoshare.meaning.model import Clause, Duty, Model
from infoshare.meaning.view import citations
from infoshare.outcome import Act, Basis, Outcome

FiredOf = Callable[[tuple[int, ...]], Fired]
"""Clauses that stand, by their number among the provisions of the plan -> what shows them."""

Told = tuple[bool | None, int, int, int, int, int]
"""What the lanes say: mandatory, outcomes possible, bases possible, clauses fired, duties due, duties open."""


@attrs.frozen
class Verdict:
    """An outcome and what goes with it, whatever the answers were that led to it.

    Attributes:
        fired: the clauses that stand.
        mask: the provisions that hold, where they are the same in every completion.
        duties: those that are due, and None in the place of one that is open, which hangs on the case.
        open: the open ones, by their number, in the same order.
        defeated: the clauses that apply and do not stand, each with what defeats it; None where only the
            definition can say.
    """

    outcome: Outcome
    mandatory: bool | None
    basis: Basis
    possible: tuple[Outcome, ...]
    fired: Fired
    duties: tuple[DutyFinding | None, ...]
    mask: int | None = None
    open: tuple[int, ...] = ()
    defeated: tuple[tuple[int, tuple[int, ...]], ...] | None = None

    @property
    def settled_duties(self) -> tuple[DutyFinding, ...]:
        """The duties that are not open."""
        return tuple([duty for duty in self.duties if duty is not None])


def from_mask(plan: Plan, mask: int, fired_of: FiredOf) -> Verdict | None:
    """The verdict where these provisions hold and no others; None where that is impossible."""
    if mask >> len(plan.provisions):
        return None
    model = plan.model
    applying: set[str] = set()
    standing: dict[str, int] = {}
    defeated: dict[str, dict[str, int]] = {}
    for number in bits(mask):
        provision = plan.provisions[number]
        if applying.isdisjoint(model.set_aside_by.get(provision.name, ())):
            applying.add(provision.name)
            if isinstance(provision, Clause):
                by = {
                    override: standing[override]
                    for override in model.prevailed_over_by.get(provision.name, ())
                    if override in standing and model.clauses[override].outcome is not provision.outcome
                }
                if by:
                    defeated[provision.name] = by
                else:
                    standing[provision.name] = number
    concluded = {model.clauses[name].outcome for name in standing}
    outcome = next(iter(concluded)) if len(concluded) == 1 else Outcome.SEEK_ADVICE
    basis = [Basis.SILENCE, Basis.CLAUSES, Basis.CONFLICT][min(len(concluded), 2)]
    due = [duty for duty in model.duties.values() if duty.name in applying and _is_brought(duty, outcome)]
    number_of = {plan.provisions[number].name: number for number in bits(mask)}
    return Verdict(
        outcome,
        any(model.clauses[name].must for name in standing),
        basis,
        (outcome,),
        fired_of(in_policy_order(model, standing)),
        tuple(duty_finding(duty) for duty in due),
        mask,
        defeated=tuple(
            (number, in_policy_order(model, defeated[plan.provisions[number].name]))
            for number in in_policy_order(model, {name: number_of[name] for name in defeated})
        ),
    )


def from_lanes(plan: Plan, told: Told, fired_of: FiredOf) -> Verdict:
    """The verdict over every completion at once."""
    mandatory, possible_bits, bases, fired, due, open_ = told
    possible = tuple(outcome for o, outcome in enumerate(OUTCOMES) if possible_bits >> o & 1)
    settled = len(possible) == 1
    if not settled:
        basis = Basis.UNKNOWN_FACTS
    elif bases >> OUTCOMES.index(possible[0]) & 1:
        basis = Basis.CLAUSES
    else:
        basis = Basis.CONFLICT if bases >> len(OUTCOMES) else Basis.SILENCE
    standing = {plan.provisions[number].name: number for number in bits(fired)}
    due_or_open = {plan.provisions[number].name: number for number in bits(due | open_)}
    duties = [(d, due_or_open[d.name]) for d in plan.model.duties.values() if d.name in due_or_open]
    return Verdict(
        possible[0] if settled else Outcome.SEEK_ADVICE,
        mandatory,
        basis,
        possible,
        fired_of(in_policy_order(plan.model, standing)),
        tuple(None if open_ >> number & 1 else duty_finding(duty) for duty, number in duties),
        open=tuple(number for _, number in duties if open_ >> number & 1),
    )


def bits(mask: int) -> Iterator[int]:
    """The numbers of the bits that are set, in order."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def in_policy_order(model: Model, standing: Mapping[str, int]) -> tuple[int, ...]:
    """The numbers of clauses, as the policy declares them."""
    ordered: Iterable[str] = (p.name for p in model.in_policy_order(model.clauses[name] for name in standing))
    return tuple(standing[name] for name in ordered)


def _is_brought(duty: Duty, outcome: Outcome) -> bool:
    return any(timing.act is Act.DECIDING or timing.act.outcome is outcome for timing in duty.timings)


def duty_finding(duty: Duty, waiting_for: tuple[str, ...] | None = None) -> DutyFinding:
    """A duty that is due, or with what it waits for one that is open."""
    state: Literal["due", "open"] = "due" if waiting_for is None else "open"
    return DutyFinding(
        duty.name, timing_words(duty), duty.statement, state, waiting_for or (), citations(duty.cites)
    )
