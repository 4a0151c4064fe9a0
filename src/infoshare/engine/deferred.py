"""A decision of which only the answer is worked out at once; the rest when it is first asked for.

It is equal to the decision of the definition, field for field. Invariant: what it was decided from was copied
when it was decided, so that nothing that is done to the caller's dictionaries afterwards changes it.
"""

from typing import TYPE_CHECKING, Any, ClassVar

from infoshare.engine.findings import ClauseSlots, Standing
from infoshare.engine.partly import Changeable, Partly
from infoshare.meaning.decision import ClauseFinding, Decision, DutyFinding, PolicyRef
from infoshare.outcome import Basis, Outcome

if TYPE_CHECKING:
    from datetime import date

    from infoshare.engine.engine import Compiled
    from infoshare.engine.verdict import Verdict
    from infoshare.meaning.case import Case
    from infoshare.meaning.model import Model


class Slots(Changeable, Decision):
    """The parts of a deferred decision, before it is frozen."""

    __slots__ = ("_engine", "_made", "_rest", "_values", "_verdict")

    _engine: "Compiled"
    _verdict: "Verdict"
    _values: tuple[Any, ...]
    _rest: "tuple[str | None, Any] | None"
    _made: Decision


class Deferred(Partly, Slots, there=("outcome", "duties")):
    """See `infoshare.Decision`; what has no property here is asked for of the whole of the definition."""

    __slots__ = ()
    _plainly: ClassVar[type] = Decision

    @property
    def mandatory(self) -> bool | None:
        return self._verdict.mandatory

    @property
    def basis(self) -> Basis:
        return self._verdict.basis

    @property
    def possible(self) -> tuple[Outcome, ...]:
        return self._verdict.possible

    @property
    def fired(self) -> tuple[ClauseFinding, ...]:
        same = self._verdict.same
        if same is not None:
            return same
        values, found = self._values, []
        for findings in self._verdict.fired:
            clause = findings.same
            if clause is None:
                clause = ClauseSlots()
                clause.clause = findings.clause
                clause._findings, clause._values = findings, values  # noqa: SLF001 - it is made here
                clause.__class__ = Standing
            found.append(clause)
        return tuple(found)

    @property
    def defeated(self) -> tuple[ClauseFinding, ...]:
        if self._verdict.defeated is None:
            return self._whole().defeated
        return self._engine.defeated(self._verdict.defeated, self._values)

    @property
    def policy(self) -> PolicyRef:
        return self._engine.policy

    @property
    def case(self) -> str | None:
        return None if self._rest is None else self._rest[0]

    @property
    def as_of(self) -> "date":
        return self._engine.day

    @property
    def model(self) -> "Model":
        return self._engine.model

    def _whole(self) -> Decision:
        """The decision of the definition, made once."""
        made: Decision | None = getattr(self, "_made", None)
        if made is None:
            made = self._engine.whole(self._verdict, self._values, self._rest)
            object.__setattr__(self, "_made", made)
        return made


def deferred(
    engine: "Compiled",
    verdict: "Verdict",
    values: tuple[Any, ...],
    rest: "tuple[str | None, Any] | None",
    duties: tuple[DutyFinding, ...],
) -> Decision:
    """The decision on a case.

    Args:
        values: the facts that were read, in the order of the plan.
        rest: the name of the case and its lists, where it says either.
    """
    made: Any = Slots()
    made._engine, made._verdict, made._values, made._rest = engine, verdict, values, rest  # noqa: SLF001 - it is made here
    made.outcome, made.duties = verdict.outcome, duties
    made.__class__ = Deferred
    return made  # type: ignore[no-any-return]


def case_of(decision: Decision) -> "Case | None":
    """The case that a decision was made from, as it was read; None where the decision does not hold it."""
    if not isinstance(decision, Deferred):
        return None
    case: Case = decision._engine.case(decision._values, decision._rest)  # noqa: SLF001 - a part of it
    return case
