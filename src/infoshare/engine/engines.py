"""The compiled forms of one policy, each made when it is first asked for and kept while it is used.

Invariant: never part of a pickle; whoever unpickles a policy compiles it again.
"""

from datetime import date

from infoshare.engine.atoms import NoFastFormError
from infoshare.engine.engine import ByDefinition, Compiled
from infoshare.engine.plan import plan
from infoshare.meaning.model import Model

MOST_DAYS = 256


class Engines(dict[date, ByDefinition]):
    """A policy's engines, by day; `bare` has those that do not apply `unanswered means`."""

    def __init__(self, model: Model, *, presume: bool = True) -> None:
        super().__init__()
        self._model, self._presume = model, presume
        self._bare: Engines | None = None

    def __missing__(self, day: date) -> ByDefinition:
        if len(self) >= MOST_DAYS:
            self.clear()
        engine: ByDefinition
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
