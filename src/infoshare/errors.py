"""The family of exceptions that the library raises, each with diagnostics; and what commands say when they cannot go on."""

from collections.abc import Iterable, Sequence
from typing import Any

from infoshare.diagnostic import Diagnostic


class InfoshareError(Exception):
    """Above every error that this library raises on purpose.

    Attributes:
        diagnostics: what is wrong, in the order of the document or the case; never empty.
    """

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__(self.diagnostics)

    def __str__(self) -> str:
        return "\n".join(map(str, self.diagnostics))


class PolicyError(InfoshareError):
    """A policy that cannot be used: nothing was decided."""


class FactsError(InfoshareError):
    """A case that cannot be read as it stands: nothing was decided."""


def not_decided(case: str, kind: str, diagnostics: Iterable[Diagnostic]) -> dict[str, Any]:
    """What stands in the place of a decision, as plain JSON data, `infoshare.error/1`.

    Args:
        case: what to call the case.
        kind: why nothing was decided, such as `invalid_case`.
        diagnostics: everything that is wrong with it.
    """
    return {
        "format": "infoshare.error/1",
        "case": case,
        "error": {"kind": kind, "diagnostics": [each.to_dict() for each in diagnostics]},
    }


class DecisionError(InfoshareError):
    """Data that is not a decision as this library writes it."""


class Refused(Exception):  # noqa: N818 - says what happened
    """Something that a command or a file stands in the way of; the message says why.

    Attributes:
        help: what to do next, a sentence each.
    """

    def __init__(self, message: str, *help_: str) -> None:
        self.help = help_
        super().__init__(message)
