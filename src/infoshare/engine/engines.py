"""The compiled forms of one policy, each made when it is first asked for and kept while it is used.

Invariant: never part of a pickle; whoever unpickles a policy compiles it again.
"""

from datetime import date

from infoshare.engine.engine import Engine
from infoshare.meaning.model import Model

MOST_DAYS = 256


class Engines(dict[date, Engine]):
    """A policy's engines, by day; `bare` has those that do not apply `unanswered means`."""

    def __init__(self, model: Model, *, presume: bool = True) -> None:
        super().__init__()
        self._model, self._presume = model, presume
        self._bare: Engines | None = None

    def __missing__(self, day: date) -> Engine:
        if len(self) >= MOST_DAYS:
            self.clear()
        engine = self[day] = Engine(self._model, day, presume=self._presume)
        return engine

    @property
    def bare(self) -> "Engines":
        if self._bare is None:
            self._bare = Engines(self._model, presume=False)
        return self._bare

    def __reduce__(self) -> tuple[type["Engines"], tuple[Model]]:
        return Engines, (self._model,)
