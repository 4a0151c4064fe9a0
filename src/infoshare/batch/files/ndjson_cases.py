"""A file of lines, a case a line in JSON -> pieces of a caseload.

Each line is read as strictly as a case file by itself. Blank lines are passed over. Invariant: every line
with something on it is a row of some piece, whatever is wrong with it.
"""

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

import attrs
import numpy as np
import pyarrow as pa

from infoshare.batch.arrow import Column, is_coded
from infoshare.batch.files.heading import CASE, RESULTS
from infoshare.batch.files.ndjson_lines import Lines
from infoshare.batch.files.piece import Piece, RowFault
from infoshare.batch.reading import column_type
from infoshare.casefile import SIZE_LIMIT
from infoshare.diagnostic import Diagnostic
from infoshare.errors import FactsError
from infoshare.meaning.model import Model
from infoshare.meaning.types import UNSURE

ROWS = 16_384
"""Lines of a piece at most."""

BYTES = 32 * 1024 * 1024
"""Bytes of a piece at most, but for one line."""


class NdjsonCases:
    """The cases of a file of lines.

    Args:
        file: read from where it is to its end; lines end in LF.
        shown: what to call it.
        model: of the policy that will decide.
        keep: names beside the groups that are carried through, as text; `case` always is.
        ignore: names beside the groups that are left out.
        rows: lines of a piece at most.
    """

    def __init__(
        self,
        file: BinaryIO,
        shown: str,
        model: Model,
        keep: Iterable[str] = (),
        ignore: Iterable[str] = (),
        *,
        rows: int = ROWS,
    ) -> None:
        self._rows = min(rows, ROWS)
        self._file, self._model = file, model
        self._keep = tuple(dict.fromkeys((CASE, *keep)))
        self._lines = Lines(model, shown, self._keep, frozenset(ignore))
        clash = [
            Diagnostic("IS403", f"`{name}` is the name of a column of the result", path=name)
            for name in self._keep
            if name in RESULTS
        ]
        if clash:
            raise FactsError(clash)
        self.carried = pa.schema([(name, pa.string()) for name in self._keep])
        self.total: int | None = None

    def pieces(self, behind: int = 0) -> Iterator[Piece]:
        """The pieces behind so many bytes, in order."""
        if behind:
            self._file.seek(behind, 1)
        at = behind
        lines: list[bytes] = []
        begun = at
        for line, size in _lines(self._file):
            at += size
            if line.strip():
                lines.append(line.removeprefix(b"\xef\xbb\xbf") if at == size else line)
            if lines and (len(lines) == self._rows or at - begun >= BYTES):
                yield self._piece(lines, at)
                lines, begun = [], at
        if lines:
            yield self._piece(lines, at)

    def check(self, piece: Piece) -> None:
        """Holds the names in the first piece against the policy, as the heading of a table is.

        Raises:
            FactsError: every case in it has the same name that is no fact.
        """
        unknown: dict[str, list[RowFault]] = {}
        for fault in piece.faults:
            if fault.diagnostic.code == "IS401" and fault.diagnostic.path is not None:
                unknown.setdefault(fault.diagnostic.path, []).append(fault)
        everywhere = [found for found in unknown.values() if len(found) == piece.rows]
        if everywhere:
            otherwise = "if it is no fact, say --keep to carry it through or --ignore to leave it out"
            raise FactsError(
                [attrs.evolve(f[0].diagnostic, help=(*f[0].diagnostic.help, otherwise)) for f in everywhere]
            )

    def _piece(self, lines: list[bytes], at: int) -> Piece:
        rows = len(lines)
        faults: list[RowFault] = []
        answers: dict[str, list[Any]] = {}
        carried: dict[str, list[str | None]] = {name: [None] * rows for name in self._keep}
        for row, line in enumerate(lines):
            read = self._lines.read(line)
            for name, text in read.carried.items():
                carried[name][row] = text
            for key, answer in read.answers.items():
                column = answers.get(key)
                if column is None:
                    column = answers[key] = [None] * rows
                column[row] = answer
            if read.faults:
                faults += [RowFault(row, each) for each in read.faults]
        columns = {key: self._column(key, values) for key, values in answers.items()}
        return Piece(rows, columns, pa.table(carried, schema=self.carried), faults, at, at)

    def _column(self, key: str, values: list[Any]) -> Column:
        plain = [sorted(v) if isinstance(v, frozenset) else v for v in values]
        fact = self._model.facts.get(key)
        kind = None if fact is None else column_type(fact.type)
        if kind is not None and (is_coded(kind) or UNSURE not in values):
            return pa.array(plain, kind)
        objects = np.empty(len(values), object)
        objects[:] = plain
        return objects


def _lines(file: BinaryIO) -> Iterator[tuple[bytes, int]]:
    """The lines of a file, none longer than a byte above the limit, and how long each really is."""
    while line := file.readline(SIZE_LIMIT + 1):
        size, rest = len(line), line
        while len(rest) > SIZE_LIMIT and not rest.endswith(b"\n"):
            rest = file.readline(SIZE_LIMIT + 1)
            size += len(rest)
        yield line, size
