"""Interviews that are going on: in memory alone, each with an end, and never more than may be.

Nothing is thrown away for somebody new: where there is no room, whoever comes is told so. Invariant: an id is found out
by nobody who was not given it, and is in no log.
"""

import hashlib
import hmac
import secrets
import threading
from collections.abc import Callable

import attrs

from infoshare.asking import Dialogue
from infoshare.pages.recording import Made


@attrs.define(eq=False)
class Session:
    """One interview.

    Attributes:
        dialogue: as far as it has come; the states before it are in it.
        who: whose access code began it.
        made: the record that was made of it, if one was.
    """

    dialogue: Dialogue
    who: str | None = None
    made: Made | None = None
    begun: float = 0.0
    seen: float = 0.0
    lock: threading.Lock = attrs.field(factory=threading.Lock, repr=False)

    def states(self) -> list[Dialogue]:
        """Every state of the dialogue, the first one first."""
        found: list[Dialogue] = []
        state: Dialogue | None = self.dialogue
        while state is not None:
            found.append(state)
            state = state.before
        return found[::-1]


class Full(Exception):  # noqa: N818 - not an error of the program
    """There is no room for another interview."""


@attrs.define(eq=False)
class Sessions:
    """The interviews of one process.

    Attributes:
        clock: seconds that only go forward.
        most: how many there may be.
        idle: seconds after which one ends that nobody goes on with.
        longest: seconds after which any ends.
    """

    clock: Callable[[], float]
    most: int = 200
    idle: float = 30 * 60.0
    longest: float = 8 * 3600.0
    _secret: bytes = attrs.field(factory=lambda: secrets.token_bytes(32), repr=False)
    _known: dict[str, Session] = attrs.field(factory=dict, repr=False)
    _lock: threading.Lock = attrs.field(factory=threading.Lock, repr=False)

    @staticmethod
    def new_id() -> str:
        """An id that nobody can guess."""
        return secrets.token_urlsafe(32)

    def token(self, id_: str) -> str:
        """What a form has to bear that is sent by whoever has this id."""
        return hmac.new(self._secret, id_.encode(), hashlib.sha256).hexdigest()

    def is_token(self, id_: str | None, token: str | None) -> bool:
        """Whether a form bears it."""
        return id_ is not None and token is not None and hmac.compare_digest(self.token(id_), token)

    def begin(self, dialogue: Dialogue, who: str | None) -> str:
        """The id of a new interview. Raises Full."""
        now, id_ = self.clock(), self.new_id()
        with self._lock:
            self._forget_ended(now)
            if len(self._known) >= self.most:
                raise Full
            self._known[id_] = Session(dialogue, who, begun=now, seen=now)
        return id_

    def find(self, id_: str | None) -> Session | None:
        """The interview with that id, which then goes on; None where there is none, or it has ended."""
        now = self.clock()
        with self._lock:
            self._forget_ended(now)
            session = self._known.get(id_ or "")
            if session is not None:
                session.seen = now
            return session

    def end(self, id_: str | None) -> None:
        """Forgets an interview."""
        with self._lock:
            self._known.pop(id_ or "", None)

    def _forget_ended(self, now: float) -> None:
        for id_, session in list(self._known.items()):
            if now - session.seen > self.idle or now - session.begun > self.longest:
                del self._known[id_]
