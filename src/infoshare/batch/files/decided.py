"""A piece -> its decisions as a table, with a column of codes for the rows that were not decided.

Invariants: a row of the piece is a row of the table, in its order; a row with a fault has no outcome; what is
said of a fault is its code and its column, never what stands there.
Deliberately not here: deciding (`infoshare.batch`), the form that files give the columns (`results`).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import attrs
import numpy as np
import pyarrow as pa

from infoshare.batch.caseload import Batch
from infoshare.batch.columns import Columns
from infoshare.batch.files.heading import CASE, RESULTS
from infoshare.batch.files.piece import Column, Piece, RowFault
from infoshare.batch.files.tally import Tally, tally_of
from infoshare.batch.reading import Reader
from infoshare.diagnostic import Diagnostic
from infoshare.errors import FactsError

TEXTS = pa.list_(pa.string())
TYPES = {
    "outcome": pa.string(),
    "basis": pa.string(),
    "mandatory": pa.bool_(),
    "fired": TEXTS,
    "possible": TEXTS,
    "exact": pa.bool_(),
    "error": TEXTS,
}
"""What the columns of a result hold; inside, words and lists of them may stand as codes."""


@attrs.frozen(eq=False)
class Decided:
    """What became of a piece.

    Attributes:
        table: what is carried through, then the columns of `heading.RESULTS`.
        faults: of the rows that were not decided, in their order.
        mark: where the reader goes on behind the piece.
    """

    table: pa.Table
    tally: Tally
    faults: Sequence[RowFault]
    mark: int = 0


def schema_of(carried: "pa.Schema") -> "pa.Schema":
    """The columns of a result, whatever the cases."""
    return pa.schema([*carried, *(pa.field(name, TYPES[name]) for name in RESULTS)])


def decided(batch: Batch, piece: Piece) -> Decided:
    """Decides every row of a piece that can be read."""
    faults = list(piece.faults)
    while True:
        bad = {fault.row for fault in faults}
        good = np.setdiff1d(np.arange(piece.rows), sorted(bad)) if bad else np.arange(piece.rows)
        facts = piece.facts if not bad else {name: _at(c, good) for name, c in piece.facts.items()}
        try:
            columns = _columns(batch, facts, len(good))
            break
        except FactsError:
            found = _misread(batch, facts, len(good)) or _faulty(batch, facts, len(good))
            faults += [attrs.evolve(fault, row=int(good[fault.row])) for fault in found]
    faults.sort(key=lambda fault: fault.row)
    results = dict(columns.items())
    if bad:
        places = _places(piece.rows, bad)
        results = {name: column.take(places) for name, column in results.items()}
    results["error"] = _errors(faults, piece.rows)
    carried = dict(zip(piece.carried.column_names, piece.carried.columns, strict=True))
    table = pa.table({**carried, **{name: results[name] for name in RESULTS}})
    return Decided(table, tally_of(batch, piece, columns, good, faults), faults, piece.mark)


def _columns(batch: Batch, facts: Mapping[str, Column], rows: int) -> Columns:
    return batch.decide_columns({**facts, CASE: pa.nulls(rows, pa.string())})


def _misread(batch: Batch, facts: Mapping[str, Column], rows: int) -> list[RowFault]:
    """The rows that hold what is no answer of their column."""
    reader = Reader(rows)
    for name, column in facts.items():
        if name in batch.policy.model.facts:
            reader.read(batch.policy.model.facts[name], column)
    return [
        RowFault(
            int(row),
            Diagnostic(fault.wrong.code, fault.wrong.message, help=fault.wrong.help, path=fault.path),
        )
        for fault in reader.faults
        for row in fault.rows
    ]


def _faulty(batch: Batch, facts: Mapping[str, Column], rows: int) -> list[RowFault]:
    """The rows with another fault, such as answers that are impossible together.

    A table with a fault in it is refused as a whole, so it is halved until each fault is alone.
    """
    try:
        _columns(batch, facts, rows)
    except FactsError as error:
        if rows == 1:
            return [
                RowFault(0, attrs.evolve(each, message=each.message.removesuffix(", in row 1")))
                for each in error.diagnostics
            ]
        half = rows // 2
        first = _faulty(batch, {name: column[:half] for name, column in facts.items()}, half)
        second = _faulty(batch, {name: column[half:] for name, column in facts.items()}, rows - half)
        return [*first, *(attrs.evolve(fault, row=fault.row + half) for fault in second)]
    return []


def _at(column: Column, rows: "np.ndarray[Any, Any]") -> Column:
    return column[rows] if isinstance(column, np.ndarray) else column.take(pa.array(rows))


def _places(rows: int, bad: set[int]) -> "pa.Array[Any]":
    """For each row which of the decided ones it is; null for one that was not."""
    good = np.ones(rows, bool)
    good[sorted(bad)] = False
    return pa.array(np.cumsum(good) - 1, mask=~good)


def _errors(faults: Sequence[RowFault], rows: int) -> "pa.Array[Any]":
    if not faults:
        return pa.nulls(rows, TEXTS)
    said: list[list[str] | None] = [None] * rows
    for fault in faults:
        place = said[fault.row]
        if place is None:
            said[fault.row] = [fault.said]
        elif fault.said not in place:
            place.append(fault.said)
    return pa.array(said, TEXTS)
