"""A piece -> its decisions as a table, with a column of codes for the rows that were not decided, and as counts.

Invariants: a row of the piece is a row of the table, in its order; a row with a fault has no outcome; what is
said of a fault is its code and its column, never what stands there.
Deliberately not here: deciding (`infoshare.batch`), the form that files give the columns (`output`).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import attrs
import numpy as np
import pyarrow as pa

from infoshare.batch import bits
from infoshare.batch.caseload import Batch
from infoshare.batch.columns import BASES, OUTCOMES, ROW, Columns
from infoshare.batch.files.cases import Piece, RowFault
from infoshare.batch.heading import results as names_of_results
from infoshare.outcome import Basis

Counts = Mapping[str, int]


def _counter(value: Counts) -> Counter[str]:
    return Counter({key: int(count) for key, count in value.items() if count})


@attrs.frozen
class Tally:
    """Counts over some cases.

    Attributes:
        cases: how many there are, decided or not.
        undecided: those with a fault.
        outcomes: by outcome and basis, `share clauses`.
        unknown: by fact, in how many cases nobody knows it (and nothing is assumed).
        unsettled: by fact, in how many cases that unknown facts leave unsettled its answer alone can change the
            outcome.
        fired: by clause, in how many cases it stands.
        faults: by code and column, in how many cases.
    """

    cases: int = 0
    undecided: int = 0
    outcomes: Counter[str] = attrs.field(factory=Counter, converter=_counter)
    unknown: Counter[str] = attrs.field(factory=Counter, converter=_counter)
    unsettled: Counter[str] = attrs.field(factory=Counter, converter=_counter)
    fired: Counter[str] = attrs.field(factory=Counter, converter=_counter)
    faults: Counter[str] = attrs.field(factory=Counter, converter=_counter)

    def __add__(self, other: "Tally") -> "Tally":
        names = [field.name for field in attrs.fields(Tally)]
        return Tally(*(getattr(self, name) + getattr(other, name) for name in names))

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return attrs.asdict(self, value_serializer=lambda _, __, v: dict(v) if isinstance(v, Counter) else v)


def tally_of(columns: Columns, good: "np.ndarray[Any, Any]", faults: Sequence[RowFault]) -> Tally:
    """The counts of a piece.

    Args:
        good: for each row whether it was decided.
        faults: of the others.
    """
    rows, decided = columns.rows, bits.packed(good)
    waiting = {}
    open_ = bits.packed((columns.basis_codes == BASES.index(Basis.UNKNOWN_FACTS)) & good)
    if bits.any_in(open_, rows):
        waiting = {name: bits.count(where & open_, rows) for name, where in columns.waiting.items()}
    pairs = np.bincount((columns.outcome_codes.astype(np.int64) * len(BASES) + columns.basis_codes)[good])
    return Tally(
        cases=rows,
        undecided=rows - int(np.count_nonzero(good)),
        outcomes={
            f"{OUTCOMES[place // len(BASES)]} {BASES[place % len(BASES)]}": int(count)
            for place, count in enumerate(pairs)
        },
        unknown={
            name: bits.count(decided if where is True else where & decided, rows)
            for name, where in columns.unknown.items()
            if where is not False
        },
        unsettled=waiting,
        fired={
            name: bits.count(where & decided, rows)
            for name, where in zip(columns.clauses, columns.fired_bits, strict=True)
        },
        faults=Counter(said for _, said in dict.fromkeys((fault.row, fault.said) for fault in faults)),
    )


TEXTS = pa.list_(pa.string())
TYPES = {
    "outcome": pa.string(),
    "basis": pa.string(),
    "mandatory": pa.bool_(),
    "fired": TEXTS,
    "possible": TEXTS,
    "exact": pa.bool_(),
    "rows": pa.list_(ROW),
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


def schema_of(carried: "pa.Schema", *, rows: bool = False) -> "pa.Schema":
    """The columns of a result, whatever the cases.

    Args:
        rows: whether it tells of each item and recipient too.
    """
    return pa.schema([*carried, *(pa.field(name, TYPES[name]) for name in names_of_results(rows=rows))])


def decided(batch: Batch, piece: Piece, *, rows: bool = False) -> Decided:
    """Decides every row of a piece that can be read; for `rows` see `schema_of`."""
    columns, found = batch.decide_what_can_be(piece.facts, piece.rows, each_row=rows)
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
    table = pa.table({**carried, **{name: results[name] for name in names_of_results(rows=rows)}})
    return Decided(table, tally_of(columns, good, faults), faults, piece.mark)


def _errors(faults: Sequence[RowFault], rows: int) -> "pa.Array[Any]":
    if not faults:
        return pa.nulls(rows, TEXTS)
    said: list[dict[str, None] | None] = [None] * rows
    for fault in faults:
        said[fault.row] = {**(said[fault.row] or {}), fault.said: None}
    return pa.array([None if each is None else list(each) for each in said], TEXTS)
