"""A file of cases: its format, the pieces that it is read in, and what tells it from another or from what it was.

Invariant: what is not a regular file is never waited for, but for standard input.
Deliberately not here: how a format is read (`csv_cases`, `ndjson_cases`, `parquet_cases`).
"""

import contextlib
import hashlib
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, BinaryIO, Protocol, TypeAlias

import attrs
import pyarrow as pa

from infoshare.batch.arrow import Column
from infoshare.diagnostic import Diagnostic
from infoshare.errors import Refused
from infoshare.policy.files import quoted
from infoshare.writing import reason_of

Identity: TypeAlias = dict[str, Any]
_ENDS = 65_536


class FileFormat(StrEnum):
    """How a file of cases, or of decisions, is written."""

    PARQUET = "parquet"
    CSV = "csv"
    NDJSON = "ndjson"


_SUFFIXES = {
    ".parquet": FileFormat.PARQUET,
    ".pq": FileFormat.PARQUET,
    ".csv": FileFormat.CSV,
    ".ndjson": FileFormat.NDJSON,
    ".jsonl": FileFormat.NDJSON,
}
_PACKED = (".gz", ".zst", ".bz2", ".xz", ".zip", ".lz4")
_SHEETS = (".xlsx", ".xls", ".ods")


def format_of(name: str, option: str) -> FileFormat:
    """The format that the name of a file promises.

    Args:
        name: a path, or `-` for a standard stream.
        option: the option that says the format where the name does not.

    Raises:
        Refused: it promises none that is read and written here.
    """
    lower = name.lower()
    for suffix, found in _SUFFIXES.items():
        if lower.endswith(suffix):
            return found
    known = "parquet, csv or ndjson"
    if name == "-":
        raise Refused(f"the format of `-` is not known: say it with {option}", f"{option} is {known}")
    if lower.endswith(_PACKED):
        raise Refused(f"`{quoted(name)}` is a packed file", "unpack it first, or save it as Parquet")
    if lower.endswith(_SHEETS):
        raise Refused(f"`{quoted(name)}` is a workbook", "save the sheet as CSV (UTF-8)")
    raise Refused(
        f"the name `{quoted(name)}` does not say how the file is written",
        f"let it end in .parquet, .csv or .ndjson, or say {option} {known}",
    )


@attrs.frozen
class RowFault:
    """What is wrong with a row.

    Attributes:
        row: its place in the piece, from 0.
        diagnostic: its `path` is the column; never says the value.
    """

    row: int
    diagnostic: Diagnostic

    @property
    def said(self) -> str:
        """Its code and its column, as the result has them."""
        each = self.diagnostic
        return each.code if each.path is None else f"{each.code} {each.path}"


@attrs.frozen(eq=False)
class Piece:
    """Some rows of a file, in its order.

    Attributes:
        facts: by name (`consent.status`, or `item` for a list), each as long as the piece.
        carried: the columns that go into the result as they are.
        faults: of rows that cannot be decided; what such a row says in `facts` does not count.
        reached: how far the file was read, in what its reader counts (rows, or bytes).
        mark: what the reader needs to go on behind this piece.
    """

    rows: int
    facts: Mapping[str, Column]
    carried: pa.Table
    faults: Sequence[RowFault] = ()
    reached: int = 0
    mark: int = 0


class Reader(Protocol):
    """What reads a format.

    Attributes:
        carried: the columns that are carried through.
        total: how much there is to read, in what `reached` counts; None where that is the bytes of the file.
    """

    carried: pa.Schema
    total: int | None

    def pieces(self, behind: int = 0) -> Iterator[Piece]:
        """The pieces behind a mark, in order."""

    def check(self, piece: Piece) -> None:
        """Holds the names in the first piece against the policy, where no heading says them.

        Raises:
            FactsError: every case in it has the same name that is no fact.
        """


@contextlib.contextmanager
def opened(name: str) -> Iterator[BinaryIO]:
    """A regular file, open to be read.

    Raises:
        Refused: it cannot be read.
    """
    try:
        # Not waiting: opening a pipe that nobody writes to would never come back.
        handle = os.open(name, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        raise Refused(f"there is no file {quoted(name)}", "check the spelling and the folder") from None
    except (OSError, ValueError) as error:
        raise Refused(f"{quoted(name)} cannot be read: {reason_of(error)}") from None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        help_ = "give a .parquet, .csv or .ndjson file, or `-` for standard input"
        raise Refused(f"{quoted(name)} is not a regular file", help_)
    with os.fdopen(handle, "rb") as file:
        yield file


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
