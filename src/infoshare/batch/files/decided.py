"""A piece -> its decisions as a table, with a column of codes for the rows that were not decided.

Invariants: a row of the piece is a row of the table, in its order; a row with a fault has no outcome; what is
said of a fault is its code and its column, never what stands there.
Deliberately not here: deciding (`infoshare.batch`).
"""

from collections.abc import Sequence
from typing import Any

import attrs
import numpy as np
import pyarrow as pa

from infoshare.batch.caseload import Batch
from infoshare.batch.files.heading import RESULTS
from infoshare.batch.files.piece import Column, Piece, RowFault
from infoshare.batch.files.tally import Tally, tally_of
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


@attrs.frozen(eq=False)
class Decided:
    """What became of a piece.

    Attributes:
        table: what is carried through, then the columns of `heading.RESULTS`.
        faults: of the rows that were not decided, in their order.
    """

    table: pa.Table
    tally: Tally
    faults: Sequence[RowFault]


def schema_of(carried: "pa.Schema") -> "pa.Schema":
    """The columns of a result, whatever the cases."""
    return pa.schema([*carried, *(pa.field(name, TYPES[name]) for name in RESULTS)])


def decided(batch: Batch, piece: Piece) -> Decided:
    """Decides every row of a piece that can be read."""
    bad = {fault.row for fault in piece.faults}
    rows = np.setdiff1d(np.arange(piece.rows), sorted(bad)) if bad else None
    facts = piece.facts if rows is None else {name: _at(c, rows) for name, c in piece.facts.items()}
    count = piece.rows - len(bad)
    columns, found = _decide(batch, facts, count)
    origin = rows if rows is not None else np.arange(piece.rows) if found else None
    faults = sorted([*piece.faults, *(RowFault(int(origin[f.row]), f.diagnostic) for f in found)], key=lambda f: f.row) if origin is not None else []
    if faults:
        columns = _spread(columns, piece.rows, {fault.row for fault in faults})
    errors = _errors(faults, piece.rows)
    results = pa.table({**{name: columns.column(name) for name in columns.column_names}, "error": errors})
    table = pa.table(
        [*piece.carried.columns, *results.select(list(RESULTS)).cast(schema_of(pa.schema([]))).columns],
        schema=schema_of(piece.carried.schema),
    )
    return Decided(table, tally_of(batch, piece, table), faults)


def _decide(batch: Batch, facts: dict[str, Column] | Any, rows: int) -> tuple[pa.Table, list[RowFault]]:
    """The decisions of the rows that can be decided, and the faults of the others.

    A table with a fault is refused as a whole, so it is halved until the faults are alone.
    """
    if rows == 0:
        return pa.table({name: pa.array([], TYPES[name]) for name in RESULTS if name != "error"}), []
    given = {**facts, "case": pa.nulls(rows, pa.string())}
    try:
        return batch.decide_columns(given).to_arrow(), []
    except FactsError as error:
        if rows == 1:
            empty = pa.table({name: pa.array([], TYPES[name]) for name in RESULTS if name != "error"})
            return empty, [RowFault(0, each) for each in error.diagnostics]
    half = rows // 2
    first, wrong = _decide(batch, {name: column[:half] for name, column in facts.items()}, half)
    second, more = _decide(batch, {name: column[half:] for name, column in facts.items()}, rows - half)
    return pa.concat_tables([first, second]), [*wrong, *(attrs.evolve(f, row=f.row + half) for f in more)]


def _at(column: Column, rows: "np.ndarray[Any, Any]") -> Column:
    return column[rows] if isinstance(column, np.ndarray) else column.take(pa.array(rows))


def _spread(columns: pa.Table, rows: int, bad: set[int]) -> pa.Table:
    """The columns with a row of nulls for each that was not decided."""
    good = np.ones(rows, bool)
    good[sorted(bad)] = False
    places = pa.array(np.cumsum(good) - 1, mask=~good)
    return columns.take(places)


def _errors(faults: Sequence[RowFault], rows: int) -> "pa.Array[Any]":
    if not faults:
        return pa.nulls(rows, TEXTS)
    said: list[list[str] | None] = [None] * rows
    for fault in faults:
        each = fault.diagnostic
        text = each.code if each.path is None else f"{each.code} {each.path}"
        place = said[fault.row]
        if place is None:
            said[fault.row] = [text]
        elif text not in place:
            place.append(text)
    return pa.array(said, TEXTS)
