"""Collecting what is wrong with a policy, while going on with the rest of it."""

from collections.abc import Iterable

from infoshare.diagnostic import Diagnostic, Label, Severity
from infoshare.text import Span


class Faults:
    """The diagnostics of one load, in the order in which they were found.

    Args:
        broken: names (and fact paths) that a declaration which did not parse would have declared;
            nothing is said about them, as the cause has been told already.
    """

    def __init__(self, broken: Iterable[str] = ()) -> None:
        self.broken = frozenset(broken)
        self.found: list[Diagnostic] = []

    def error(
        self, code: str, message: str, span: Span, label: str = "", *, help: Iterable[str] = (), also: Iterable[Label] = ()
    ) -> None:
        """One error at a place; `also` are places that belong to it."""
        self.found.append(Diagnostic(code, message, (Label(span, label), *also), tuple(help)))

    def warning(self, code: str, message: str, span: Span, label: str = "", *, help: Iterable[str] = ()) -> None:
        """One warning at a place."""
        self.found.append(Diagnostic(code, message, (Label(span, label),), tuple(help), severity=Severity.WARNING))
