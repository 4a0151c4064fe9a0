"""A piece -> its decisions as a table, with a column of codes for the rows that were not decided.

Invariants: a row of the piece is a row of the table, in its order; a row with a fault has no outcome; what is
said of a fault is its code and its column, never what stands there.
Deliberately not here: deciding (`infoshare.batch`), the form that files give the columns (`results`).
"""

from collections.abc import Sequence
from typing import Any

import attrs
import numpy as np
import pyarrow as pa

from infoshare.batch.caseload import Batch
from infoshare.batch.files.heading import RESULTS
from infoshare.batch.files.piece import Piece, RowFault
from infoshare.batch.files.tally import Tally, tally_of

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
    columns, found = batch.decide_what_can_be(piece.facts, piece.rows)
    faults = [*piece.faults, *(RowFault(int(row), each.diagnostic) for each in found for row in each.rows)]
    faults.sort(key=lambda fault: fault.row)
    results = dict(columns.items())
    good = np.ones(piece.rows, bool)
    if faults:
        good[[fault.row for fault in faults]] = False
        places = pa.array(np.arange(piece.rows), mask=~good)
        results = {name: column.take(places) for name, column in results.items()}
    results["error"] = _errors(faults, piece.rows)
    carried = dict(zip(piece.carried.column_names, piece.carried.columns, strict=True))
    table = pa.table({**carried, **{name: results[name] for name in RESULTS}})
    return Decided(table, tally_of(columns, good, faults), faults, piece.mark)


def _errors(faults: Sequence[RowFault], rows: int) -> "pa.Array[Any]":
    if not faults:
        return pa.nulls(rows, TEXTS)
    said: list[dict[str, None] | None] = [None] * rows
    for fault in faults:
        said[fault.row] = {**(said[fault.row] or {}), fault.said: None}
    return pa.array([None if each is None else list(each) for each in said], TEXTS)
