"""What a request may be, and how long it may take. Deliberately not here: what is said of one that is more."""

import attrs

KB, MB = 1024, 1024 * 1024


@attrs.frozen
class Limits:
    """Limits of one process.

    Attributes:
        body: bytes of a request, and of one line of many cases.
        many: bytes of a request with many cases.
        cases: how many cases, or evaluations of AuthZEN's batch, one request may have.
        rows: items times recipients of one case; candidates of a search.
        body_seconds: in which a request has to arrive, from its first byte to its last.
        seconds: after which somebody who waits for a decision is told that it is late. The decision itself cannot be
            stopped: it goes on until it is done, which a budget of steps sees to, and takes up its place meanwhile.
        at_once: how many are decided at the same time. Python computes in one thread at a time, so more do not make it
            quicker; they keep a long one from holding up the short ones.
        waiting: how many more may wait for their turn, before others are told to come again.
        streams: how many answers with many cases are given at the same time.
    """

    body: int = 1 * MB
    many: int = 16 * MB
    cases: int = 10_000
    rows: int = 10_000
    body_seconds: float = 10.0
    seconds: float = 10.0
    at_once: int = 4
    waiting: int = 64
    streams: int = 2
