"""The compiled forms of one policy, one a day, each made when it is asked for again and kept while it is used.

The first decision for a day is left to the definition, which takes less time than compiling.
Invariant: never part of a pickle; whoever unpickles a policy compiles it again.
"""

from datetime import date

from infoshare.engine.by_definition import ByDefinition
from infoshare.meaning.model import Model

MOST_DAYS = 256


class Engines(dict[date, ByDefinition]):
    """A policy's engines, by day; `bare` has those that do not apply `unanswered means`."""

    def __init__(self, model: Model, *, presume: bool = True) -> None:
        super().__init__()
        self._model, self._presume = model, presume
        self._bare: Engines | None = None
        self._met: set[date] = set()

    def __missing__(self, day: date) -> ByDefinition:
        engine: ByDefinition
        if day not in self._met:
            if len(self._met) >= MOST_DAYS:
                self._met.clear()
            self._met.add(day)
            return ByDefinition(self._model, day, presume=self._presume)
        from infoshare.engine.atoms import NoFastFormError
        from infoshare.engine.engine import Compiled
        from infoshare.engine.plan import plan

        if len(self) >= MOST_DAYS:
            self.clear()
        try:
            engine = Compiled(plan(self._model, day, presume=self._presume))
        except NoFastFormError:
            engine = ByDefinition(self._model, day, presume=self._presume)
        self[day] = engine
        return engine

    @property
    def bare(self) -> "Engines":
        if self._bare is None:
            self._bare = Engines(self._model, presume=False)
        return self._bare

    def __reduce__(self) -> tuple[type["Engines"], tuple[Model]]:
        return Engines, (self._model,)
