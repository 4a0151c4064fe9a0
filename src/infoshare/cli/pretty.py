"""Colour, tables and progress on a terminal, by `rich`, where the extra `terminal` has put it there.

Invariants: only ever on a terminal that has not said NO_COLOR; what a policy or a case says is never read
as markup; the words are the same as without it. Deliberately not here: any of the words.
"""

import os
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Self

from infoshare.meaning.findings import Disclosure
from infoshare.outcome import Basis, Outcome
from infoshare.policy.decision import Decision
from infoshare.text import visible

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress as RichProgress
    from rich.text import Text

WIDEST = 110
_OFTEN = 0.2
"""Seconds between two lines of progress."""
_COLOUR = {
    Outcome.SHARE: "green",
    Outcome.SEEK_CONSENT: "yellow",
    Outcome.WITHHOLD: "red",
    Outcome.SEEK_ADVICE: "yellow",
    Outcome.DIFFERS: "yellow",
}
_LABELS = (
    "Why", "Share", "Hold back", "Before all else", "Before", "Before anything goes", "Afterwards",
    "Once anything goes", "Whatever you decide", "Make sure", "Not yet", "In doubt", "Question", "Still to answer",
    "Assumed, as nobody said otherwise", "Check (assumed)", "It says", "It may say", "This outweighs",
)  # fmt: skip
_OF_ROWS = ("Share:", "Hold back:", "Not yet:", "Do not give ")
"""How the lines begin that say what goes to whom."""


def console() -> "Console | None":
    """Where to print in colour; None where that is not wanted or cannot be."""
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return None
    try:
        from rich.console import Console
    except ImportError:
        return None
    wide = Console(markup=False, emoji=False, highlight=False)
    return Console(markup=False, emoji=False, highlight=False, width=min(wide.width, WIDEST))


def say_decision(decision: Decision, text: str) -> bool:
    """Prints a decision in colour, with a table of what goes to whom; False if that was not to be."""
    out = console()
    if out is None:
        return False
    from rich.padding import Padding
    from rich.text import Text

    first, *rest = text.split("\n")
    settled = decision.basis is not Basis.UNKNOWN_FACTS
    out.print(visible(first), style=f"bold {_COLOUR[decision.outcome] if settled else 'yellow'}")
    if decision.outcome is Outcome.DIFFERS:
        _table(out, decision.disclosures)
    for number, line in enumerate(rest, 1):
        shown = Text(visible(line.strip()), style="dim" if number == len(rest) else "")
        label, colon, _ = line.strip().partition(":")
        if colon and (label in _LABELS or label.startswith("Question ")):
            shown.stylize("bold", 0, len(label) + 1)
        shown.highlight_words(["do NOT", "Do NOT"], "bold red")
        indent = len(line) - len(line.lstrip(" "))
        out.print(Padding(shown, (0, 0, 0, indent)) if indent else shown)
        following = rest[number] if number < len(rest) else ""
        if line.startswith(_OF_ROWS) and not following.startswith(_OF_ROWS) and len(decision.disclosures) > 1:
            _table(out, decision.disclosures)
    return True


def say_question(text: str) -> bool:
    """Prints a question so that it stands out; False if that was not to be."""
    out = console()
    if out is None:
        return False
    out.print(visible(text), style="bold")
    return True


def say_summary(cases: Sequence[tuple[str, Decision | None]]) -> None:
    """Prints a table of many cases and their outcomes, below them; nothing where there is no colour."""
    out = console()
    if out is None:
        return
    from rich.table import Table
    from rich.text import Text

    table = Table("case", "outcome", "basis", title=None)
    for name, decision in cases:
        if decision is None:
            table.add_row(visible(name), Text("nothing was decided", style="red"), "")
        else:
            outcome = Text(decision.outcome.words, style=_COLOUR[decision.outcome])
            table.add_row(visible(name), outcome, decision.basis.words)
    out.print()
    out.print(table)


class Progress:
    """Shows how far a long run is, on standard error where that is a terminal; what is shown is gone at the end.

    By `rich` as a bar, without it as a line.
    """

    def __init__(self) -> None:
        self._on = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._bar: RichProgress | None = None
        self._last = 0.0
        self._begun: tuple[float, int] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def show(self, cases: int, share: float | None, *, joining: bool = False) -> None:
        """Shows how many cases are decided, and how much of the file is read (None: not known)."""
        now = time.monotonic()
        if self._begun is None:
            self._begun = (now, cases)
            self._bar = _bar() if self._on else None
        if not self._on or (now - self._last < _OFTEN and not joining):
            return
        self._last = now
        text = f"{cases:,} cases decided; writing the result" if joining else self._text(cases, share, now)
        if self._bar is not None:
            total = None if share is None else 1.0
            self._bar.update(self._bar.task_ids[0], description=text, total=total, completed=share or 0.0)
        else:
            sys.stderr.write(f"\r\x1b[K{text}")
            sys.stderr.flush()

    def end(self) -> None:
        """Takes what is shown away."""
        if self._bar is not None:
            self._bar.stop()
        elif self._on and self._last:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
        self._on, self._bar = False, None

    def _text(self, cases: int, share: float | None, now: float) -> str:
        begun, before = self._begun or (now, cases)
        words = [f"{cases:,} cases"] + ([] if share is None else [f"{share:.0%}"])
        if now - begun > 1 and cases > before:
            words.append(f"{(cases - before) / (now - begun):,.0f} a second")
        return ", ".join(words)


def _bar() -> "RichProgress | None":
    if os.environ.get("NO_COLOR"):
        return None
    try:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
    except ImportError:
        return None
    where = Console(stderr=True, markup=False, emoji=False, highlight=False)
    columns = (BarColumn(), TextColumn("{task.description}", markup=False), TimeRemainingColumn())
    bar = Progress(*columns, console=where, transient=True, redirect_stdout=False, redirect_stderr=False)
    bar.add_task("", total=None)
    bar.start()
    return bar


def _table(out: "Console", rows: tuple[Disclosure, ...]) -> None:
    from rich.table import Table
    from rich.text import Text

    going = {True: Text("released", "green"), False: Text("held back", "red"), None: Text("open", "yellow")}
    by_row = any(row.outcome is not None for row in rows)
    table = Table("item", "recipient", *(["answer"] if by_row else []), "", "until")
    for row in rows:
        shared = row.outcome in (None, Outcome.SHARE)  # nothing mends what is not to be shared
        remedies = " ".join(dict.fromkeys(visible(hold.remedy) for hold in row.held_by if shared))
        answer = [_answer(row)] if by_row else []
        table.add_row(
            visible(row.item or ""), visible(row.recipient or ""), *answer, going[row.release], remedies
        )
    out.print(table)


def _answer(row: Disclosure) -> "Text":
    """The outcome of a row, or that it is not settled."""
    from rich.text import Text

    if row.outcome is None or len(row.possible or ()) > 1:
        return Text("not settled", "yellow")
    strength = f"{row.strength} " if row.strength in ("must", "should") else ""
    return Text(f"{strength}{row.outcome.words}", _COLOUR[row.outcome])
