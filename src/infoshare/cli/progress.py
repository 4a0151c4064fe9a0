"""How far a long run is, on standard error where that is a terminal; nothing anywhere else.

With `rich` (the extra `terminal`) as a bar, plainly otherwise. Invariant: what is shown is gone at the end.
Deliberately not here: what is being done.
"""

import os
import sys
import time
from types import TracebackType
from typing import Any, Self

from infoshare.cli import pretty

_OFTEN = 0.2
"""Seconds between two lines."""


class Progress:
    """Shows how far a run is, from the first time that it is told."""

    def __init__(self) -> None:
        self._on = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._bar: Any = None
        self._last = 0.0
        self._begun: tuple[float, int] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.end()

    def show(self, cases: int, share: float | None, *, joining: bool = False) -> None:
        """Shows how many cases are decided, and how much of the file is read (None: not known)."""
        now = time.monotonic()
        if self._begun is None:
            self._begun = (now, cases)
            self._bar = pretty.bar() if self._on else None
        if not self._on or (now - self._last < _OFTEN and not joining):
            return
        self._last = now
        text = self._text(cases, share, now, joining=joining)
        if self._bar is not None:
            self._bar.show(text, share)
        else:
            sys.stderr.write(f"\r\x1b[K{text}")
            sys.stderr.flush()

    def end(self) -> None:
        """Takes what is shown away."""
        if self._bar is not None:
            self._bar.end()
        elif self._on and self._last:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
        self._on, self._bar = False, None

    def _text(self, cases: int, share: float | None, now: float, *, joining: bool) -> str:
        if joining:
            return f"{cases:,} cases decided; writing the result"
        begun, before = self._begun or (now, cases)
        gone = now - begun
        words = [f"{cases:,} cases"]
        if share is not None:
            words.append(f"{share:.0%}")
        if gone > 1 and cases > before:
            words.append(f"{(cases - before) / gone:,.0f} a second")
        return ", ".join(words)
