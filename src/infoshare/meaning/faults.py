"""Collecting what is wrong with a policy, while going on with the rest of it."""

from collections.abc import Iterable

from infoshare.diagnostic import Diagnostic, Label, Severity
from infoshare.text import Span


_NOT_DECLARED = frozenset({"IS201", "IS202", "IS203", "IS204", "IS205", "IS215"})


class Faults:
    """The diagnostics of one load, in the order in which they were found.

    Args:
        broken: names (and fact paths) that a declaration which did not parse would have declared;
            nothing is said about them, as the cause has been told already.
        incomplete: whether a file is missing; then nothing is said about names that are not declared,
            as it may have declared them.
    """

    def __init__(self, broken: Iterable[str] = (), *, incomplete: bool = False) -> None:
        self.broken = frozenset(broken)
        self.incomplete = incomplete
        self.found: list[Diagnostic] = []

    def error(
        self, code: str, message: str, span: Span, label: str = "", *, help: Iterable[str] = (), also: Iterable[Label] = ()
    ) -> None:
        """One error at a place; `also` are places that belong to it."""
        if self.incomplete and code in _NOT_DECLARED:
            return
        self.found.append(Diagnostic(code, message, (Label(span, label), *also), tuple(help)))

    def warning(self, code: str, message: str, span: Span, label: str = "", *, help: Iterable[str] = ()) -> None:
        """One warning at a place."""
        self.found.append(Diagnostic(code, message, (Label(span, label),), tuple(help), severity=Severity.WARNING))
