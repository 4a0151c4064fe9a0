"""Colour and tables on a terminal, by `rich`, where the extra `terminal` has put it there.

Invariants: only ever on a terminal that has not said NO_COLOR; what a policy or a case says is never read
as markup; the words are the same as without it. Deliberately not here: any of the words.
"""

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from infoshare import rendering
from infoshare.meaning.findings import Disclosure
from infoshare.outcome import Basis, Outcome
from infoshare.policy.decision import Decision

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

WIDEST = 110
_COLOUR = {
    Outcome.SHARE: "green",
    Outcome.SEEK_CONSENT: "yellow",
    Outcome.WITHHOLD: "red",
    Outcome.SEEK_ADVICE: "yellow",
}
_LABELS = (
    "Why", "Share", "Hold back", "Before all else", "Before", "Before anything goes", "Afterwards",
    "Once anything goes", "Whatever you decide", "Make sure", "Not yet", "In doubt", "Question", "Still to answer",
    "Assumed, as nobody said otherwise", "Assumed (say if wrong)", "It says", "It may say", "This outweighs",
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
    out.print(Text(_shown(first), style=f"bold {_COLOUR[decision.outcome] if settled else 'yellow'}"))
    for number, line in enumerate(rest, 1):
        told = Text(_shown(line.strip()), style="dim" if number == len(rest) else "")
        label, colon, _ = line.strip().partition(":")
        if colon and (label in _LABELS or label.startswith("Question ")):
            told.stylize("bold", 0, len(label) + 1)
        for start in _warnings(told.plain):
            told.stylize("bold red", start, start + len("do NOT"))
        indent = len(line) - len(line.lstrip(" "))
        out.print(Padding(told, (0, 0, 0, indent)) if indent else told)
        following = rest[number] if number < len(rest) else ""
        if line.startswith(_OF_ROWS) and not following.startswith(_OF_ROWS) and len(decision.disclosures) > 1:
            _table(out, decision.disclosures)
    return True


def say_question(text: str) -> bool:
    """Prints a question so that it stands out; False if that was not to be."""
    out = console()
    if out is None:
        return False
    from rich.text import Text

    out.print(Text(_shown(text), style="bold"))
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
            table.add_row(Text(_shown(name)), Text("nothing was decided", style="red"), Text(""))
        else:
            outcome = Text(decision.outcome.words, style=_COLOUR[decision.outcome])
            table.add_row(Text(_shown(name)), outcome, Text(decision.basis.words))
    out.print()
    out.print(table)


class Bar:
    """A bar on standard error, with words beside it."""

    def __init__(self, progress: "Progress") -> None:
        self._progress = progress
        self._task = progress.add_task("", total=None)
        progress.start()

    def show(self, text: str, share: float | None) -> None:
        """Shows how much is done, from 0 to 1 (None: not known)."""
        self._progress.update(
            self._task, description=text, total=None if share is None else 1.0, completed=share or 0.0
        )

    def end(self) -> None:
        """Takes the bar away."""
        self._progress.stop()


def bar() -> Bar | None:
    """A bar on standard error, which the caller knows to be a terminal; None where there is no `rich`."""
    if os.environ.get("NO_COLOR"):
        return None
    try:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
    except ImportError:
        return None
    where = Console(stderr=True, markup=False, emoji=False, highlight=False)
    columns = (BarColumn(), TextColumn("{task.description}", markup=False), TimeRemainingColumn())
    return Bar(
        Progress(*columns, console=where, transient=True, redirect_stdout=False, redirect_stderr=False)
    )


def _table(out: "Console", rows: tuple[Disclosure, ...]) -> None:
    from rich.table import Table
    from rich.text import Text

    going = {True: Text("released", "green"), False: Text("held back", "red"), None: Text("open", "yellow")}
    table = Table("item", "recipient", "", "until")
    for row in rows:
        remedies = dict.fromkeys(_shown(hold.remedy) for hold in row.held_by)
        table.add_row(
            Text(_shown(row.item or "")),
            Text(_shown(row.recipient or "")),
            going[row.release],
            Text(" ".join(remedies)),
        )
    out.print(table)


def _warnings(text: str) -> list[int]:
    found, start = [], text.find("do NOT")
    while start >= 0:
        found.append(start)
        start = text.find("do NOT", start + 1)
    return found


def _shown(text: str) -> str:
    return rendering.visible(text)
