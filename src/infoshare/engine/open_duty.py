"""A duty that is open, of which it is worked out when somebody asks for it on which facts it hangs."""

from typing import TYPE_CHECKING, Any, ClassVar

from infoshare.engine.partly import Partly
from infoshare.meaning.decision import DutyFinding

if TYPE_CHECKING:
    from infoshare.engine.engine import Compiled
    from infoshare.engine.hanging import Hanging


class Slots(DutyFinding):
    """The parts of an open duty, before it is frozen."""

    __slots__ = ("_engine", "_hanging", "_values", "_wheres")
    __init__ = object.__init__
    __setattr__ = object.__setattr__
    __delattr__ = object.__delattr__

    _engine: "Compiled"
    _values: tuple[Any, ...]
    _hanging: "Hanging"
    _wheres: tuple[int, ...]


class OpenDuty(Partly, Slots):
    """See `DutyFinding`."""

    __slots__ = ()
    _plainly: ClassVar[type] = DutyFinding

    @property
    def waiting_for(self) -> tuple[str, ...]:
        return self._engine.waiting_for(self._values, self._hanging, self._wheres)


def open_duty(
    engine: "Compiled", due: DutyFinding, values: tuple[Any, ...], hanging: "Hanging", wheres: tuple[int, ...]
) -> DutyFinding:
    """A duty that is due in some completions of a case, and in others not.

    Args:
        due: the duty, as it is where it is due.
        values: the facts that were read.
        wheres: the lanes in which it is due, and those in which it is lifted.
    """
    made: Any = Slots()
    made.duty, made.timing, made.do, made.state, made.cites = due.duty, due.timing, due.do, "open", due.cites
    made._engine, made._values, made._hanging, made._wheres = engine, values, hanging, wheres  # noqa: SLF001 - it is made here
    made.__class__ = OpenDuty
    return made  # type: ignore[no-any-return]
