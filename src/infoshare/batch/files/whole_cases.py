"""Pieces of a file in long form -> pieces of whole cases: rows that share an id are one case (`infoshare.batch.long_form`).

The rows of a case stand one after the other. What is read is held until another case begins, so that no case is decided
without some of its rows; for the same reason a row that does not say which case it is of, or has too many cells, is at
fault in the cases on both sides of it. That no case turns up again further down is seen by a hash of each id, of eight
bytes; a file in which one does is refused, since what was decided before it was decided without the rest.

Invariant: a mark counts cases, and the pieces behind it are the same whenever they are read.
Deliberately not here: what makes a case of rows (`long_form`), how a format is read.
"""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import count
from typing import Any, Protocol

import attrs
import numpy as np
import pyarrow as pa

from infoshare.batch.arrow import Column
from infoshare.batch.bits import Values
from infoshare.batch.files.cases import Piece, Reader, RowFault
from infoshare.batch.heading import Heading
from infoshare.batch.long_form import NO_ID, gathered, ids_of, joined, sliced
from infoshare.diagnostic import Diagnostic
from infoshare.errors import Refused
from infoshare.meaning.model import Model
from infoshare.policy.files import quoted

MOST_ROWS = 100_000
"""Rows of one case at most; more are a mistake in the column that says which case a row is of."""


class RowsReader(Reader, Protocol):
    """A reader of rows, with a heading that says which column is what."""

    heading: Heading


class WholeCases:
    """The cases of a file in long form.

    Args:
        rows: what reads the file.
        shown: what to call it.
        model: of the policy that will decide.
        moved: whether rows no longer stand where they were written: one that does not say which case it is of is
            then a case of its own, and says nothing of those beside it.
    """

    def __init__(self, rows: RowsReader, shown: str, model: Model, *, moved: bool = False) -> None:
        self._rows, self._shown, self._model, self._heading = rows, shown, model, rows.heading
        self._alone = count() if moved else None
        self.carried, self.total = rows.carried, rows.total

    def pieces(self, behind: int = 0) -> Iterator[Piece]:
        """The pieces behind so many cases, in order.

        Raises:
            Refused: the rows of a case do not stand together, or there are too many of them.
        """
        met, cases, before = _Hashes(), 0, 0
        held: _Rows | None = None
        reached = 0
        for piece in self._rows.pieces(0):
            rows = _Rows.of(piece, self._heading)
            held = (rows if self._alone is None else rows.alone(self._alone, self._no_id)).behind(held)
            reached = piece.reached
            whole, held = held.split(self._no_id)
            if held is not None and held.count > MOST_ROWS:
                raise Refused(
                    f"a case of {self._shown} has more than {MOST_ROWS:,} rows",
                    f"check the column `{quoted(str(self._heading.case_id))}`, or say --case-id",
                )
            if whole is not None:
                made = self._piece(whole, met, cases, before, reached)
                cases, before = made.mark, before + whole.count
                if cases > behind:
                    yield made
        if held is not None:
            made = self._piece(held, met, cases, before, reached)
            if made.mark > behind:
                yield made

    def check(self, piece: Piece) -> None:
        """The heading was held against the policy already."""

    def _piece(self, rows: "_Rows", met: "_Hashes", cases: int, before: int, reached: int) -> Piece:
        """A piece of whole cases.

        Args:
            before: how many rows come before it.
        """
        heading = self._heading
        self._refuse_apart(rows, met, before)
        columns = rows.columns if heading.case_id is None else {**rows.columns, _ID: pa.array(rows.ids)}
        by_id = attrs.evolve(heading, case_id=None if heading.case_id is None else _ID, carried=())
        found = gathered(columns, rows.count, by_id, self._model)
        kept = attrs.evolve(by_id, facts=(), elements=(), carried=tuple(self.carried.names))
        by_row = dict(zip(rows.carried.column_names, map(_one, rows.carried.columns), strict=True))
        if heading.case_id is not None:
            by_row[_ID] = columns[_ID]
        carried = gathered(by_row, rows.count, kept, self._model).columns
        faults = {(fault.row, fault.said): fault for fault in self._faults(rows, found.case_of)}
        for fault in found.faults:
            for row in fault.rows.tolist():
                each = RowFault(int(found.case_of[row]), fault.diagnostic)
                faults.setdefault((each.row, each.said), each)
        table = pa.table(
            {field.name: pa.array(carried[field.name], field.type) for field in self.carried},
            schema=self.carried,
        )
        return Piece(found.count, found.columns, table, tuple(faults.values()), reached, cases + found.count)

    def _faults(self, rows: "_Rows", case_of: Values) -> Iterator[RowFault]:
        """The faults of rows as those of their cases, and of the cases beside a row whose own is not known."""
        for fault in rows.all_faults(self._no_id):
            yield attrs.evolve(fault, row=int(case_of[fault.row]))
            if fault.row in rows.lost and fault.row + 1 < rows.count:
                yield attrs.evolve(fault, row=int(case_of[fault.row + 1]))

    @property
    def _no_id(self) -> Diagnostic:
        code, message, help_ = NO_ID
        return Diagnostic(code, message, help=(help_,), path=quoted(str(self._heading.case_id)))

    def _refuse_apart(self, rows: "_Rows", met: "_Hashes", before: int) -> None:
        if self._heading.case_id is None:
            return
        starts = rows.starts()
        again = met.add([rows.ids[start] for start in starts.tolist()])
        if again is not None:
            raise Refused(
                f"row {before + int(starts[again]) + 1:,} of {self._shown} belongs to a case whose rows ended further up",
                f"sort the file by `{quoted(self._heading.case_id)}`, so that the rows of a case stand one after the"
                " other",
            )


_ID = "\0id"
"""What the column of ids is called here, where those that were missing are filled in."""


def _one(column: Any) -> Column:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


@attrs.frozen(eq=False)
class _Rows:
    """Rows of a file, in its order.

    Attributes:
        ids: for each row the id of its case; of one that is lost, that of the row before it.
        lost: the rows that do not say which case they are of.
    """

    count: int
    columns: Mapping[str, Column]
    carried: pa.Table
    ids: list[str]
    lost: frozenset[int]
    faults: Sequence[RowFault]

    @staticmethod
    def of(piece: Piece, heading: Heading) -> "_Rows":
        """The rows of a piece."""
        own = heading.case_id
        ids: list[str] = []
        lost = frozenset[int]()
        if own is not None:
            said = ids_of(_one(piece.carried.column(own)))
            lost = frozenset(row for row, each in enumerate(said) if each is None)
            ids = [each or "" for each in said]
        return _Rows(piece.rows, piece.facts, piece.carried, ids, lost, piece.faults)

    def alone(self, numbers: Iterator[int], no_id: Diagnostic) -> "_Rows":
        """These rows, each that is lost being a case of its own."""
        ids = [f"\0{next(numbers)}" if row in self.lost else each for row, each in enumerate(self.ids)]
        faults = [*self.faults, *(RowFault(row, no_id) for row in self.lost)]
        return attrs.evolve(self, ids=ids, lost=frozenset(), faults=faults)

    def behind(self, before: "_Rows | None") -> "_Rows":
        """These rows behind others, and each that is lost in the case of the row before it."""
        joined_ = self if before is None else before.followed_by(self)
        ids = list(joined_.ids)
        for row in sorted(joined_.lost):
            if row:
                ids[row] = ids[row - 1]
        return attrs.evolve(joined_, ids=ids)

    def followed_by(self, other: "_Rows") -> "_Rows":
        """These rows and others after them."""
        shift = self.count
        return _Rows(
            shift + other.count,
            {name: joined([column, other.columns[name]]) for name, column in self.columns.items()},
            pa.concat_tables([self.carried, other.carried]),
            self.ids + other.ids,
            self.lost | {row + shift for row in other.lost},
            [*self.faults, *(attrs.evolve(fault, row=fault.row + shift) for fault in other.faults)],
        )

    def starts(self) -> Values:
        """The rows with which a case begins."""
        return np.array([row for row in range(self.count) if not row or self.ids[row] != self.ids[row - 1]])

    def all_faults(self, no_id: Diagnostic) -> Iterator[RowFault]:
        """The faults of rows, with those of rows that are lost and have no other."""
        yield from self.faults
        others = {fault.row for fault in self.faults}
        yield from (RowFault(row, no_id) for row in sorted(self.lost - others))

    def split(self, no_id: Diagnostic) -> "tuple[_Rows | None, _Rows | None]":
        """The rows of whole cases, and those of a case of which there may be more.

        Args:
            no_id: what is wrong with a row that is lost.
        """
        if not self.ids:
            return self, None
        last = int(self.starts()[-1])
        if not last:
            return None, self
        rest = self._part(last, self.count)
        beside = [each for each in self.all_faults(no_id) if each.row == last - 1 and each.row in self.lost]
        return self._part(0, last), attrs.evolve(
            rest, faults=[*rest.faults, *(attrs.evolve(each, row=0) for each in beside)]
        )

    def _part(self, start: int, stop: int) -> "_Rows":
        return _Rows(
            stop - start,
            {name: sliced(column, start, stop) for name, column in self.columns.items()},
            self.carried.slice(start, stop - start),
            self.ids[start:stop],
            frozenset(row - start for row in self.lost if start <= row < stop),
            [attrs.evolve(f, row=f.row - start) for f in self.faults if start <= f.row < stop],
        )


class _Hashes:
    """The ids that were met, a hash of each, in sorted columns of which each is much longer than the next."""

    def __init__(self) -> None:
        self._met: list[Values] = []

    def add(self, ids: Sequence[str]) -> int | None:
        """Takes ids in; gives the place of the first that was met before."""
        hashes = np.array(
            [int.from_bytes(blake2b(each.encode(), digest_size=8).digest(), "little") for each in ids],
            np.uint64,
        )
        again = np.ones(len(hashes), bool)
        again[np.unique(hashes, return_index=True)[1]] = False
        for met in self._met:
            places = np.minimum(np.searchsorted(met, hashes), len(met) - 1)
            again |= met[places] == hashes
        if again.any():
            return int(np.argmax(again))
        self._met.append(np.sort(hashes))
        while len(self._met) > 1 and len(self._met[-2]) < 2 * len(self._met[-1]):
            last = self._met.pop()
            self._met[-1] = np.sort(np.concatenate([self._met[-1], last]))
        return None
