"""A path -> the cases in it, read in pieces, and what tells the file from another or from what it was.

Invariant: what is not a regular file is never waited for, but for standard input.
"""

import contextlib
import hashlib
import os
import stat
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol, TypeAlias

import attrs
import pyarrow as pa

from infoshare.batch.files.csv_cases import CsvCases
from infoshare.batch.files.formats import FileFormat
from infoshare.batch.files.ndjson_cases import NdjsonCases
from infoshare.batch.files.parquet_cases import ParquetCases
from infoshare.batch.files.piece import Piece
from infoshare.errors import Refused
from infoshare.policy.files import quoted
from infoshare.writing import reason_of

if TYPE_CHECKING:
    from infoshare.meaning.model import Model

Identity: TypeAlias = dict[str, Any]
_ENDS = 65_536


class Reader(Protocol):
    """What reads a format."""

    carried: pa.Schema
    total: int | None

    def pieces(self, behind: int = 0) -> Iterator[Piece]:
        """The pieces behind a mark, in order."""


class Wanted(Protocol):
    """What is asked of a file of cases."""

    @property
    def keep(self) -> tuple[str, ...]: ...
    @property
    def ignore(self) -> tuple[str, ...]: ...
    @property
    def delimiter(self) -> str: ...
    @property
    def rows_per_part(self) -> int: ...
    @property
    def policy(self) -> Any: ...


@attrs.frozen(eq=False)
class Cases:
    """A file of cases that is open.

    Attributes:
        size: its bytes; None for standard input.
        identity: what tells it from another; see `identity`.
    """

    file: BinaryIO
    reader: Reader
    size: int | None
    identity: Identity

    @property
    def carried(self) -> pa.Schema:
        """The columns that are carried through."""
        return self.reader.carried

    def pieces(self, mark: int) -> Iterator[Piece]:
        """The pieces behind a mark, in order."""
        return self.reader.pieces(mark)

    def check(self, piece: Piece) -> None:
        """Holds the names in the first piece against the policy, where no heading says them."""
        if isinstance(self.reader, NdjsonCases):
            self.reader.check(piece)

    def share(self, piece: Piece) -> float | None:
        """How much of the file is read behind a piece."""
        whole = self.reader.total if self.reader.total is not None else self.size
        return None if whole is None else min(1.0, piece.reached / max(whole, 1))


@contextlib.contextmanager
def opened_cases(name: str, format: FileFormat, wanted: Wanted, stdin: BinaryIO | None) -> Iterator[Cases]:
    """Opens a file of cases.

    Args:
        name: its path, or `-` for standard input.

    Raises:
        Refused: it cannot be read, or is not what its name says.
        FactsError: it names what is no fact.
    """
    if name == "-":
        if format is FileFormat.PARQUET:
            raise Refused("Parquet cannot be read from standard input", "name the file")
        assert stdin is not None  # noqa: S101 - the door gives it
        yield Cases(stdin, _reader(stdin, name, "standard input", format, wanted), None, {})
        return
    with _regular(name) as file:
        seen = identity(file)
        yield Cases(file, _reader(file, name, quoted(name), format, wanted), seen["size"], seen)


def identity(file: BinaryIO) -> Identity:
    """What tells a file from another, or from what it was before: size, time of its last change, and its ends.

    Reading all of it would take as long as deciding it.
    """
    status = os.fstat(file.fileno())
    here = file.tell()
    file.seek(0)
    ends = file.read(_ENDS)
    file.seek(max(0, status.st_size - _ENDS))
    ends += file.read(_ENDS)
    file.seek(here)
    return {
        "size": status.st_size,
        "changed": status.st_mtime_ns,
        "ends": hashlib.sha256(ends).hexdigest(),
    }


def _reader(file: BinaryIO, name: str, shown: str, format: FileFormat, wanted: Wanted) -> Reader:
    model: Model = wanted.policy.model
    match format:
        case FileFormat.PARQUET:
            return ParquetCases(name, shown, model, wanted.keep, wanted.ignore, rows=wanted.rows_per_part)
        case FileFormat.CSV:
            return CsvCases(
                file,
                shown,
                model,
                wanted.keep,
                wanted.ignore,
                delimiter=wanted.delimiter,
                rows=wanted.rows_per_part,
            )
        case FileFormat.NDJSON:
            return NdjsonCases(file, shown, model, wanted.keep, wanted.ignore, rows=wanted.rows_per_part)


@contextlib.contextmanager
def _regular(name: str) -> Iterator[BinaryIO]:
    try:
        # Not waiting: opening a pipe that nobody writes to would never come back.
        handle = os.open(name, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        raise Refused(f"there is no file {quoted(name)}", "check the spelling and the folder") from None
    except (OSError, ValueError) as error:
        raise Refused(f"{quoted(name)} cannot be read: {reason_of(error)}") from None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise Refused(
            f"{quoted(name)} is not a regular file",
            "give a .parquet, .csv or .ndjson file, or `-` for standard input",
        )
    with os.fdopen(handle, "rb") as file:
        yield file
