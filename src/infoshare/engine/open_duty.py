"""A duty that is open, of which it is worked out when somebody asks for it on which facts it hangs."""

from typing import TYPE_CHECKING, Any, ClassVar

import attrs

from infoshare.engine.hanging import FEW, Hanging
from infoshare.engine.partly import Changeable, Partly
from infoshare.meaning.decision import Citation, DutyFinding

if TYPE_CHECKING:
    from infoshare.engine.engine import Compiled
    from infoshare.engine.verdict import Verdict


class Slots(Changeable, DutyFinding):
    """The parts of an open duty, before it is frozen."""

    __slots__ = ("_due", "_engine", "_hanging", "_values", "_wheres")

    _due: DutyFinding
    _engine: "Compiled"
    _values: tuple[Any, ...]
    _hanging: Hanging
    _wheres: tuple[int, ...]


class OpenDuty(Partly, Slots, there=("duty", "state")):
    """See `DutyFinding`."""

    __slots__ = ()
    _plainly: ClassVar[type] = DutyFinding

    @property
    def timing(self) -> str:
        return self._due.timing

    @property
    def do(self) -> str:
        return self._due.do

    @property
    def cites(self) -> tuple[Citation, ...]:
        return self._due.cites

    @property
    def waiting_for(self) -> tuple[str, ...]:
        return self._engine.waiting_for(self._values, self._hanging, self._wheres)

    def _whole(self) -> DutyFinding:
        return attrs.evolve(self._due, state=self.state, waiting_for=self.waiting_for)


def with_open(
    engine: "Compiled", verdict: "Verdict", values: tuple[Any, ...], hanging: Hanging
) -> tuple[DutyFinding, ...]:
    """The duties of a verdict, of which some are due in some completions of a case, and in others not.

    Args:
        values: the facts that were read.
    """
    bits, _, opened = hanging
    found: list[Any] = [*verdict.duties]
    for number, place in enumerate(verdict.open):
        due, wheres = found[place], opened[number]
        if bits > FEW:  # a decision that is kept should not keep lanes by the kilobyte
            waiting_for = engine.waiting_for(values, hanging, wheres)
            found[place] = attrs.evolve(due, state="open", waiting_for=waiting_for)
            continue
        made: Any = Slots()
        made.duty, made.state = due.duty, "open"
        made._due, made._engine, made._values = due, engine, values  # noqa: SLF001 - it is made here
        made._hanging, made._wheres = hanging, wheres  # noqa: SLF001
        made.__class__ = OpenDuty
        found[place] = made
    return tuple(found)
