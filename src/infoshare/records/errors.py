"""Errors of records: a refusal, and a failed verification.

Invariant: no message holds a fact, a key or a salt; it names the part that is wrong and what to do next.
Deliberately not here: exit codes (`infoshare.cli`), and what an error is made of (`infoshare.errors`).
"""

from typing import Protocol, Self, TypeVar

import attrs

from infoshare.diagnostic import Diagnostic
from infoshare.errors import InfoshareError


class RecordError(InfoshareError):
    """What cannot be recorded, or data that is not a record, a key or a receipt as this library writes it."""

    @classmethod
    def of(cls, code: str, message: str, *help_: str, path: str | None = None) -> Self:
        """The error that carries one diagnostic.

        Args:
            code: of the catalogue, `IS7..`.
            message: one clause, lower-case.
            help_: what to do next, one sentence each.
            path: which part, such as `proof[3]`.
        """
        return cls([Diagnostic(code, message, help=help_, path=path)])

    def about(self, what: str) -> Self:
        """The same error, its messages beginning with what they are about, such as `record 0198…`."""
        return type(self)([attrs.evolve(d, message=f"{what}: {d.message}") for d in self.diagnostics])

    def within(self, part: str) -> Self:
        """The same error, its paths beginning with the part that they lie in, such as `envelope`."""

        def below(path: str | None) -> str:
            return part if path is None or path == part else f"{part}.{path.removeprefix(f'{part}.')}"

        return type(self)([attrs.evolve(d, path=below(d.path)) for d in self.diagnostics])


class VerificationError(RecordError):
    """Something does not verify: a signature, a proof, a checkpoint, a receipt, or bytes that were changed."""


E_co = TypeVar("E_co", bound=RecordError, covariant=True)


class MakesError(Protocol[E_co]):
    """Makes an error out of a message and the path of the part that it is about."""

    def __call__(self, message: str, path: str | None = None) -> E_co: ...


def error_of(error: type[E_co], code: str, beginning: str, *help_: str) -> MakesError[E_co]:
    """What makes an error out of the rest of its message and its path.

    Args:
        beginning: of every message.
        help_: what to do next, the same for all.
    """

    def make(message: str, path: str | None = None) -> E_co:
        return error.of(code, beginning + message, *help_, path=path)

    return make


def missing_extra(what: str, extra: str = "records") -> RecordError:
    """What to say where a package of an extra is not installed.

    Args:
        what: what cannot be done without it, such as `signing`.
        extra: its name in pyproject.toml.
    """
    return RecordError.of(
        "IS702", f"{what} needs the extra `{extra}`", f'install it: pip install "infoshare[{extra}]"'
    )
