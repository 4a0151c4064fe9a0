"""Deciding beside the event loop: in a few threads, so that health checks and other requests are answered meanwhile.

Invariants: no more wait than may; whoever waits too long is told so, and what they asked for keeps its place until it is
done, as a thread cannot be stopped; recording has a thread of its own and is always waited for.
"""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from infoshare.service.limits import Limits
from infoshare.service.problem import BUSY, LATE, Problem

P = ParamSpec("P")
T = TypeVar("T")

_AGAIN = {"Retry-After": "1"}


class Work:
    """The threads of one process."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._deciding = _Lane(limits.at_once, limits.waiting, "infoshare-decide")
        self._recording = _Lane(1, limits.waiting, "infoshare-record")
        self._streams = 0

    @property
    def stuck(self) -> bool:
        """Whether every place is taken by something that is late, so that nothing is decided for now."""
        return self._deciding.late >= self._limits.at_once

    async def decide(self, function: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        """What a function gives, in its turn. Raises Problem where that takes too long or too many wait."""
        return await self._decided(self._deciding.submit(lambda: function(*args, **named)))

    async def go_on(self, function: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        """As `decide`, for the next part of an answer that was begun: it is not sent away because many wait."""
        return await self._decided(self._deciding.submit(lambda: function(*args, **named), however_many=True))

    async def _decided(self, future: "Future[T]") -> T:
        try:
            async with asyncio.timeout(self._limits.seconds):
                return await asyncio.wrap_future(future)
        except TimeoutError:
            self._deciding.is_late(future)
            raise Problem(
                LATE,
                f"Nothing came of it in {self._limits.seconds:g} seconds. Answer more of the facts, or list fewer"
                " items, recipients and people; a decision that was begun is not stopped, and is thrown away.",
                headers=_AGAIN,
            ) from None

    async def record(self, function: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        """What a function gives that writes to the ledger; it is waited for to its end, so that nobody is left in doubt."""
        return await asyncio.shield(
            asyncio.wrap_future(self._recording.submit(lambda: function(*args, **named)))
        )

    def stream(self) -> "_Stream":
        """Round an answer with many cases. Raises Problem where there are too many of them."""
        return _Stream(self)

    def close(self) -> None:
        """Ends the threads, when what they do is done; what only waits is not begun."""
        self._deciding.close()
        self._recording.close()


class _Stream:
    """One of the answers with many cases."""

    def __init__(self, work: Work) -> None:
        self._work = work
        if work._streams >= work._limits.streams:  # noqa: SLF001 - a part of it
            raise Problem(
                BUSY, "Other answers with many cases are being given: try again later.", headers=_AGAIN
            )
        work._streams += 1  # noqa: SLF001 - as above
        self._open = True

    def close(self) -> None:
        if self._open:
            self._open = False
            self._work._streams -= 1  # noqa: SLF001 - as above


class _Lane:
    """Some threads, and how many calls are in them or wait."""

    def __init__(self, threads: int, waiting: int, name: str) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._most = threads + waiting
        self._lock = threading.Lock()
        self._taken = self.late = 0

    def submit(self, call: Callable[[], T], *, however_many: bool = False) -> "Future[T]":
        with self._lock:
            if self._taken >= self._most and not however_many:
                raise Problem(BUSY, "Too many are waiting: try again in a moment.", headers=_AGAIN)
            self._taken += 1
        future = self._pool.submit(call)
        future.add_done_callback(self._done)
        return future

    def is_late(self, future: "Future[T]") -> None:
        """Counts a call that nobody waits for any more, until it is done."""
        if not future.cancelled() and not future.done():
            with self._lock:
                self.late += 1
            future.add_done_callback(self._late_done)

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _done(self, _: "Future[T]") -> None:
        with self._lock:
            self._taken -= 1

    def _late_done(self, _: "Future[T]") -> None:
        with self._lock:
            self.late -= 1
