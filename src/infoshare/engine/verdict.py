"""What follows from the provisions that hold: worked out once for each set of them.

It is the definition's own sentences (`meaning.evaluator`) for one completion, over those that hold alone, so
that ten thousand clauses of which three hold cost no more than three.
Deliberately not here: which hold (`holding_code`), and what is told of a case besides (`meaning.deciding`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

import attrs

from infoshare.engine.plan import Plan
from infoshare.engine.reasons import Reasons
from infoshare.meaning.consequences import timing_words
from infoshare.meaning.findings import ClauseFinding, DutyFinding
from infoshare.meaning.model import Clause, Duty, Model, Provision
from infoshare.meaning.view import citations, mandatory
from infoshare.outcome import OUTCOMES, Act, Basis, Outcome

FiredOf = Callable[[tuple[int, ...]], tuple[Reasons, ...]]
"""Clauses that stand, by their number among the provisions of the plan -> what shows them."""

Told = tuple[bool | None, int, int, int, int]
"""What the lanes say: `by_must` of `view.mandatory`, outcomes possible, bases possible, clauses fired and duties due, duties open."""


@attrs.frozen
class Verdict:
    """An outcome and what goes with it, whatever the answers were that led to it.

    Attributes:
        fired: the clauses that stand.
        mask: the provisions that hold, where they are the same in every completion.
        duties: those that are due and, as if they were, those that are open: what these hang on differs.
        open: where among the duties the open ones are, in the order of the plan.
        defeated: the clauses that apply and do not stand, each with what defeats it; None where only the
            definition can say.
        same: the clauses that stand, where they are told alike in every case; None elsewhere.
    """

    outcome: Outcome
    mandatory: bool | None
    basis: Basis
    possible: tuple[Outcome, ...]
    fired: tuple[Reasons, ...]
    duties: tuple[DutyFinding, ...]
    mask: int | None = None
    open: tuple[int, ...] = ()
    defeated: tuple[tuple[int, tuple[int, ...]], ...] | None = None
    same: tuple[ClauseFinding, ...] | None = attrs.field(init=False)

    @same.default
    def _same(self) -> tuple[ClauseFinding, ...] | None:
        same = tuple([each.same for each in self.fired if each.same is not None])
        return same if len(same) == len(self.fired) else None


@attrs.frozen
class _Part:
    """A provision among the others, each of which is its number.

    Attributes:
        set_aside_by: the exceptions that do.
        defeated_by: for a clause, the overrides of another outcome that prevail over it, in policy order.
        outcome: of a clause; None for what is none.
        declared: its place in the policy.
    """

    set_aside_by: frozenset[int]
    defeated_by: tuple[int, ...]
    outcome: Outcome | None
    must: bool
    declared: int


class Settled:
    """What follows for one plan from the provisions that hold, where it is known of all.

    Attributes:
        due: each duty as a decision shows it where it is due, by its number.
    """

    def __init__(self, plan: Plan, fired_of: FiredOf) -> None:
        self._fired_of = fired_of
        model = plan.model
        number = plan.number
        declared = {provision.name: i for i, provision in enumerate(model.in_policy_order(plan.provisions))}
        self._parts = [
            _Part(
                frozenset(number[e] for e in model.set_aside_by.get(provision.name, ()) if e in number),
                _defeating(plan, provision),
                provision.outcome if isinstance(provision, Clause) else None,
                isinstance(provision, Clause) and provision.must,
                declared[provision.name],
            )
            for provision in plan.provisions
        ]
        self._duties = {number[duty.name]: duty for duty in model.duties.values() if duty.name in number}
        self.due = {each: duty_finding(duty) for each, duty in self._duties.items()}

    def of(self, mask: int) -> Verdict | None:
        """The verdict where these provisions hold and no others; None where that is impossible."""
        parts = self._parts
        if mask >> len(parts):
            return None
        applying: set[int] = set()
        standing: dict[int, Outcome] = {}
        defeated: list[tuple[int, tuple[int, ...]]] = []
        for number in bits(mask):
            part = parts[number]
            if applying.isdisjoint(part.set_aside_by):
                applying.add(number)
                if part.outcome is not None:
                    by = tuple([each for each in part.defeated_by if each in standing])
                    if by:
                        defeated.append((number, by))
                    else:
                        standing[number] = part.outcome
        concluded = set(standing.values())
        outcome = next(iter(concluded)) if len(concluded) == 1 else Outcome.SEEK_ADVICE
        basis = (Basis.SILENCE, Basis.CLAUSES, Basis.CONFLICT)[min(len(concluded), 2)]
        return Verdict(
            outcome,
            mandatory(basis, any(parts[number].must for number in standing)),
            basis,
            (outcome,),
            self._fired_of(tuple(sorted(standing, key=lambda each: parts[each].declared))),
            tuple(
                [
                    self.due[number]
                    for number, duty in self._duties.items()
                    if number in applying and _is_brought(duty, outcome)
                ]
            ),
            mask,
            defeated=tuple(sorted(defeated, key=lambda each: parts[each[0]].declared)),
        )


def _defeating(plan: Plan, provision: Provision) -> tuple[int, ...]:
    """The overrides of another outcome that prevail over a clause, in policy order."""
    if not isinstance(provision, Clause):
        return ()
    model, number = plan.model, plan.number
    overrides = [model.clauses[name] for name in model.defeated_by.get(provision.name, ()) if name in number]
    return tuple([number[override.name] for override in model.in_policy_order(overrides)])


def from_lanes(plan: Plan, told: Told, fired_of: FiredOf) -> Verdict:
    """The verdict over every completion at once."""
    by_must, possible_bits, bases, certain, open_ = told
    possible = tuple(outcome for o, outcome in enumerate(OUTCOMES) if possible_bits >> o & 1)
    settled = len(possible) == 1
    if not settled:
        basis = Basis.UNKNOWN_FACTS
    elif bases >> OUTCOMES.index(possible[0]) & 1:
        basis = Basis.CLAUSES
    else:
        basis = Basis.CONFLICT if bases >> len(OUTCOMES) else Basis.SILENCE
    told_of = {plan.provisions[number].name: number for number in bits(certain | open_)}
    standing = {name: number for name, number in told_of.items() if name in plan.model.clauses}
    duties = [(duty, told_of[duty.name]) for duty in plan.model.duties.values() if duty.name in told_of]
    place_of_open = [place for place, (_, number) in enumerate(duties) if open_ >> number & 1]
    return Verdict(
        possible[0] if settled else Outcome.SEEK_ADVICE,
        mandatory(basis, by_must),
        basis,
        possible,
        fired_of(in_policy_order(plan.model, standing)),
        tuple(duty_finding(duty) for duty, _ in duties),
        open=tuple(sorted(place_of_open, key=lambda place: duties[place][1])),
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


def duty_finding(duty: Duty) -> DutyFinding:
    """A duty that is due."""
    return DutyFinding(duty.name, timing_words(duty), duty.statement, "due", (), citations(duty.cites))
