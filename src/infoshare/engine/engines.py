"""The compiled forms of one policy, one a day, each made when it is asked for again and kept while it is used.

The first decision of a small policy for a day is left to the definition, which takes less time than compiling.
Invariant: never part of a pickle; whoever unpickles a policy compiles it again.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from infoshare.engine.by_definition import ByDefinition
from infoshare.meaning.deciding import Defined
from infoshare.meaning.model import Model

if TYPE_CHECKING:
    from infoshare.engine.found import Found

MOST_DAYS = 256
SMALL = 24
"""Provisions of a policy that the definition decides, once, in less time than compiling takes."""


Decide = Callable[[Mapping[str, object]], "Defined | Found"]


class Engines(dict[date, Decide]):
    """What decides cases of a policy, by day; `bare` has what does not apply `unanswered means`."""

    def __init__(self, model: Model, *, presume: bool = True) -> None:
        super().__init__()
        self._model, self._presume = model, presume
        self._bare: Engines | None = None
        self._met: set[date] = set()

    def __missing__(self, day: date) -> Decide:
        if day not in self._met and len(self._model.order) <= SMALL:
            if len(self._met) >= MOST_DAYS:
                self._met.clear()
            self._met.add(day)
            return ByDefinition(self._model, day, presume=self._presume).decide
        if len(self) >= MOST_DAYS:
            self.clear()
        decide = self[day] = compiled(self._model, day, presume=self._presume).decide
        return decide

    @property
    def bare(self) -> "Engines":
        if self._bare is None:
            self._bare = Engines(self._model, presume=False)
        return self._bare

    def __reduce__(self) -> tuple[type["Engines"], tuple[Model]]:
        return Engines, (self._model,)


def compiled(model: Model, day: date, *, presume: bool) -> ByDefinition:
    """The fastest form that a policy has for a day: the definition, where it has no other."""
    from infoshare.engine.atoms import NoFastFormError
    from infoshare.engine.engine import Compiled
    from infoshare.engine.plan import plan

    try:
        return Compiled(plan(model, day, presume=presume))
    except NoFastFormError:
        return ByDefinition(model, day, presume=presume)
