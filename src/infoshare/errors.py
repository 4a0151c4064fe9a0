"""The one family of exceptions. Every one carries the diagnostics that say what is wrong."""

from collections.abc import Sequence

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


class DecisionError(InfoshareError):
    """Data that is not a decision as this library writes it."""
