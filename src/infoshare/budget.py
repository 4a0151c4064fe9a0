"""How much a search may try before it gives up: a count of steps, never of seconds; and whether it is still wanted.

What one step is, the search says (a pair of sub-diagrams joined, a mutant tried). So the same policy gives the same
answer on every machine, and what was left untried can be told. Searches that together answer one question share one
`Budget`. Whoever may lose interest in an answer asks for it `until` a `Stop` says so; a search that is stopped answers
nothing, so that nothing half-searched is ever taken for an answer.
Deliberately not here: what a search says where its budget is spent; it must say it.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class Stopped(Exception):  # noqa: N818 - nothing is wrong
    """What was searched for is not wanted any more."""


class Stop:
    """Whether what is searched for is still wanted; said from another thread.

    Attributes:
        now: whether it is not.
    """

    __slots__ = ("_last", "_reading", "now")

    def __init__(self) -> None:
        self.now, self._last, self._reading = False, False, frozenset[str]()

    def stop(self, changed: Collection[str]) -> None:
        """Stops all that reads one of these files at once; the rest when it is done with what it looks at.

        So what is found of files that did not change is there for whoever asks next.
        """
        self._last = True
        self.now = self.now or not self._reading.isdisjoint(changed)

    @contextmanager
    def reading(self, files: Collection[str]) -> Iterator[None]:
        """What is searched in here hangs on these files alone.

        Raises:
            Stopped: if it is not wanted.
        """
        self._reading = frozenset(files)
        try:
            if self._last:
                raise Stopped
            yield
        finally:
            self._reading = frozenset()


_UNTIL: ContextVar[Stop] = ContextVar("until", default=Stop())  # noqa: B039 - which nothing ever stops


@contextmanager
def until(stop: Stop) -> Iterator[None]:
    """What is searched in here is stopped by this.

    Raises:
        Stopped: where it was.
    """
    token = _UNTIL.set(stop)
    try:
        yield
    finally:
        _UNTIL.reset(token)


def asked() -> Stop:
    """What may stop what is searched here; what nobody stops is asked for until the end."""
    return _UNTIL.get()


class Budget:
    """Steps that a search may still take.

    Attributes:
        steps: how many it had at first.
        left: how many are left; never less than none.
        stop: whether the search is still wanted; whoever counts `left` down by itself asks.
    """

    __slots__ = ("left", "steps", "stop")

    def __init__(self, steps: int) -> None:
        self.steps = self.left = steps
        self.stop = _UNTIL.get()
        if self.stop.now:
            raise Stopped

    @property
    def spent(self) -> int:
        """How many steps were taken."""
        return self.steps - self.left

    @property
    def exhausted(self) -> bool:
        """Whether none is left."""
        return self.left <= 0

    def take(self, steps: int = 1) -> bool:
        """Takes some steps; takes none and returns False where there are not as many left.

        Raises:
            Stopped: if the search is not wanted any more.
        """
        if self.stop.now:
            raise Stopped
        if steps > self.left:
            return False
        self.left -= steps
        return True
