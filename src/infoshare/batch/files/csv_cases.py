"""A CSV file -> pieces of a caseload.

By RFC 4180 with UTF-8: a heading, one case a row, quotation marks around what holds a comma, a quotation mark
or a line break. Empty lines are passed over. Invariant: every row of the file is a row of some piece, one that
has too many or too few cells too. Deliberately not here: what a cell says (`infoshare.batch.texts`).
"""

import csv
import io
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from infoshare.batch.arrow import Column
from infoshare.batch.files.cases import Piece, RowFault
from infoshare.batch.heading import Wanted, heading_of
from infoshare.diagnostic import Diagnostic
from infoshare.errors import Refused
from infoshare.meaning.model import Model

BLOCK = 8 * 1024 * 1024
"""Bytes read at once; no row is longer."""

ROWS = 262_144
"""Rows of a piece at most."""

_LONGEST_HEADING = 1024 * 1024
_TEXTS = pa.dictionary(pa.int32(), pa.binary())


class CsvCases:
    """The cases of a CSV file.

    Args:
        file: read from where it is to its end.
        shown: what to call it.
        model: of the policy that will decide.
        wanted: what is asked of its columns.
        delimiter: what stands between two cells.
        rows: of a piece at most.
        told_of_rows: whether the result tells of each item and recipient too.

    Raises:
        Refused: it is no CSV in UTF-8, or empty.
        FactsError: its heading names what is no fact.
    """

    def __init__(
        self,
        file: BinaryIO,
        shown: str,
        model: Model,
        wanted: Wanted,
        *,
        delimiter: str = ",",
        rows: int = ROWS,
        told_of_rows: bool = False,
    ) -> None:
        self._rows = min(rows, ROWS)
        self._file, self._shown, self._delimiter = file, shown, delimiter
        self._start, self._behind = _heading(file, shown)
        self.names = _names(self._start, shown, delimiter)
        self.heading = heading_of(self.names, model, wanted, lists=False, rows=told_of_rows).checked()
        self.carried = pa.schema([(name, pa.string()) for name in self.heading.carried])
        self.total: int | None = None

    def pieces(self, behind: int = 0) -> Iterator[Piece]:
        """The pieces behind so many rows, in order.

        Raises:
            Refused: the file turns out not to be CSV.
        """
        wrong: list[tuple[int, int]] = []
        counted = _Counted(self._start + b"\n" + self._behind, self._file)
        done = used = 0
        try:
            for batch in self._opened(counted, wrong):
                bad, used = _before(wrong, used, done, batch.num_rows)
                piece = self._piece(batch, bad, done, counted.read_bytes)
                done += piece.rows
                if done > behind:
                    yield piece
            if used < len(wrong):
                empty = self._empty()
                piece = self._piece(empty, wrong[used:], done, counted.read_bytes)
                if done + piece.rows > behind:
                    yield piece
        except pa.ArrowInvalid as error:
            raise self._not_csv(str(error)) from None

    def check(self, piece: Piece) -> None:
        """The heading was held against the policy already."""

    def _opened(self, file: "_Counted", wrong: list[tuple[int, int]]) -> Iterator["pa.RecordBatch"]:
        def note(row: Any) -> str:
            wrong.append((row.number - 2, row.actual_columns))
            return "skip"

        read = self.heading.read
        wanted = [*read, *(n for n in self.heading.carried if n not in read)]
        types = {name: _TEXTS if name in read else pa.binary() for name in wanted}
        reader = arrow_csv.open_csv(
            pa.PythonFile(file, mode="r"),
            read_options=arrow_csv.ReadOptions(block_size=BLOCK, use_threads=False),
            parse_options=arrow_csv.ParseOptions(
                delimiter=self._delimiter,
                newlines_in_values=True,
                invalid_row_handler=note,
                ignore_empty_lines=len(self.names) > 1,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=types,
                include_columns=wanted or self.names[:1],
                null_values=[],
                strings_can_be_null=False,
                quoted_strings_can_be_null=False,
            ),
        )
        for batch in reader:
            for start in range(0, batch.num_rows, self._rows):
                yield batch.slice(start, self._rows)

    def _empty(self) -> "pa.RecordBatch":
        names = list(dict.fromkeys([*self.heading.read, *self.heading.carried]))
        types = [_TEXTS if name in self.heading.read else pa.binary() for name in names]
        return pa.RecordBatch.from_arrays([pa.array([], t) for t in types], names=names)

    def _piece(self, batch: "pa.RecordBatch", bad: list[tuple[int, int]], done: int, read: int) -> Piece:
        rows = batch.num_rows + len(bad)
        faults = [RowFault(row - done, self._cells(found)) for row, found in bad]
        places = _places(rows, {fault.row for fault in faults}) if bad else None
        facts: dict[str, Column] = {}
        carried: dict[str, Any] = {}
        for name in self.heading.read:
            column = batch.column(name) if places is None else batch.column(name).take(places)
            facts[name] = column
        for name in self.heading.carried:
            column = batch.column(name) if places is None else batch.column(name).take(places)
            carried[name], wrong = _as_text(name, column)
            faults += wrong
        return Piece(rows, facts, pa.table(carried, schema=self.carried), faults, read, done + rows)

    def _cells(self, found: int) -> Diagnostic:
        message = f"the row has {found} cells where the heading has {len(self.names)}"
        help_ = "put what holds a comma in quotation marks, and check that none is left open"
        return Diagnostic("IS412", message, help=(help_,))

    def _not_csv(self, said: str) -> Refused:
        if "straddling" in said:
            return Refused(
                f"a row of {self._shown} is longer than {BLOCK // 1024 // 1024} MB",
                "check that no quotation mark is left open",
            )
        return Refused(f"{self._shown} cannot be read as CSV", "save it again as CSV (UTF-8)")


def _before(
    wrong: list[tuple[int, int]], used: int, done: int, good: int
) -> tuple[list[tuple[int, int]], int]:
    """The wrong rows that stand before the last of the next good rows, and how many were taken in all."""
    end = done + good
    start = used
    while used < len(wrong) and wrong[used][0] < end:
        used, end = used + 1, end + 1
    return wrong[start:used], used


def _places(rows: int, bad: set[int]) -> "pa.Array[Any]":
    """For each row of the piece which row of the batch it is; null for a wrong one."""
    places: list[int | None] = []
    taken = 0
    for row in range(rows):
        places.append(None if row in bad else taken)
        taken += row not in bad
    return pa.array(places, pa.int64())


def _as_text(name: str, column: "pa.Array[Any]") -> tuple["pa.Array[Any]", list[RowFault]]:
    """What is carried through: text, or null for an empty cell."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(pa.binary())
    column = pc.if_else(pc.equal(column, b""), None, column)
    try:
        return column.cast(pa.string()), []
    except pa.ArrowInvalid:
        texts, faults = [], []
        for row, value in enumerate(column.to_pylist()):
            try:
                texts.append(None if value is None else value.decode())
            except UnicodeDecodeError:
                said = Diagnostic(
                    "IS801", "the text is not UTF-8", help=("save the file as UTF-8",), path=name
                )
                faults.append(RowFault(row, said))
                texts.append(None)
        return pa.array(texts, pa.string()), faults


def _heading(file: BinaryIO, shown: str) -> tuple[bytes, bytes]:
    """The line that names the columns, without blank lines before it and its own end; and what was read behind it."""
    start = b""
    while True:
        line = file.readline(_LONGEST_HEADING)
        start = (start + line).lstrip(b"\r\n")
        if start[:2] in {b"\xff\xfe", b"\xfe\xff"}:
            raise Refused(f"{shown} is UTF-16, not UTF-8", "save it as CSV (UTF-8)")
        if start.startswith(b"\xef\xbb\xbf"):
            start = start[3:].lstrip(b"\r\n")
        end = _end_of_row(start) if line else len(start)
        if end is not None and start[:end].strip():
            return start[:end], start[end:].removeprefix(b"\r").removeprefix(b"\n")
        if not line:
            raise Refused(
                f"{shown} is empty", "the first line names the columns, such as `case,consent.status`"
            )
        if len(start) >= _LONGEST_HEADING:
            raise Refused(
                f"the first line of {shown} is endless", "it names the columns, with commas between"
            )


def _end_of_row(text: bytes) -> int | None:
    """Where the first row ends; None if its end is not there yet."""
    quoted = False
    for found in re.finditer(rb'["\r\n]', text):
        if found.group() == b'"':
            quoted = not quoted
        elif not quoted:
            return found.start()
    return None


def _names(start: bytes, shown: str, delimiter: str) -> list[str]:
    try:
        text = start.decode()
    except UnicodeDecodeError:
        raise Refused(f"the heading of {shown} is not UTF-8", "save it as CSV (UTF-8)") from None
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row]
    except csv.Error:
        raise Refused(f"the heading of {shown} cannot be read as CSV", "save it as CSV (UTF-8)") from None
    names = rows[0] if rows else []
    if len(names) == 1:
        for other, words in ((";", "';'"), ("\t", "tab"), (",", "','")):
            if other in names[0] and other != delimiter:
                raise Refused(
                    f"the cells of {shown} are not separated by `{delimiter}`", f"say --delimiter {words}"
                )
    return names


class _Counted(io.RawIOBase):
    """A file read from the start again: what was taken from it first, then the rest."""

    def __init__(self, start: bytes, rest: BinaryIO) -> None:
        super().__init__()
        self._start, self._rest, self.read_bytes = start, rest, 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """As many bytes as asked for, unless the file ends; no block ends within CR LF.

        Arrow takes an LF that begins a block for the rest of a line end, also within quotation marks.
        """
        found, self._start = (self._start, b"") if size < 0 else (self._start[:size], self._start[size:])
        if size < 0:
            found += self._rest.read()
        elif len(found) < size:
            found += self._rest.read(size - len(found))
        if size > 1 and len(found) == size and found.endswith(b"\r"):
            found, self._start = found[:-1], b"\r" + self._start
        self.read_bytes += len(found)
        return found
