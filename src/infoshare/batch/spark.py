"""A policy over a data frame of Apache Spark: the same columns, decided where the data lies.

Each worker makes the policy ready once and decides its rows in batches of Arrow columns, as one machine does; so
a row comes to the same, and no data passes through the driver. The policy goes to the workers in the task itself,
as everything that a program gives to Spark does. Needs the extra `spark`, on every worker.
Deliberately not here: when that is worth it (docs/how-to/spark.md).
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING, Any

import attrs
import pyarrow as pa

from infoshare.batch.caseload import Batch, compile_batch
from infoshare.batch.columns import ROW
from infoshare.batch.files.cases import Piece
from infoshare.batch.files.decided import TEXTS, TYPES, decided, schema_of
from infoshare.batch.files.parquet_cases import Columns
from infoshare.batch.files.whole_cases import WholeCases
from infoshare.batch.heading import Wanted, heading_of, results
from infoshare.policy.policy import Policy

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

ROWS = 131_072
"""Rows that are decided at once: Spark's own batches are smaller than is quickest."""


def decide(
    frame: "DataFrame",
    policy: Policy,
    *,
    as_of: date,
    presume: bool = True,
    keep: Collection[str] = (),
    ignore: Collection[str] = (),
    case_id: str | None = None,
    rows: bool = False,
) -> "DataFrame":
    """Decides every case of a data frame, when Spark comes to it.

    Args:
        frame: a column for each fact, named `group.fact`, or a column of records for each group; null for what
            nobody answered. Columns of text are read as cells of CSV are, so `unsure` may stand in any. A list is a
            column of lists of records, or (`item.name`, `item.necessary`) an element a row.
        policy: as `infoshare.load` gives it.
        as_of: the day that every row is decided for.
        presume: whether `unanswered means` is applied.
        keep: columns that are carried through, facts or not; `case` and the id always are.
        ignore: columns that are no facts and are left out.
        case_id: the column whose rows of the same value are one case, which Spark then brings together. Where a row
            holds an element of a list it is `case` if not said; without such a column each row is a case of its own.
        rows: whether to tell of each item and recipient too.

    Returns:
        What is kept, then `outcome`, `basis`, `mandatory`, `fired`, `possible`, `exact`, `rows` if it was asked for, and
        `error`: for a case that cannot be decided the codes of what is wrong with it, else null. The order of rows is
        Spark's affair.

    Raises:
        FactsError: a column is no fact, or the day is no calendar date; nothing is asked of Spark yet.
        ImportError: the extra is not installed.
    """
    try:
        from pyspark.sql import functions, types
    except ImportError as error:
        raise ImportError(
            'deciding on Apache Spark needs the extra `spark`: pip install "infoshare[spark]"'
        ) from error

    flat: dict[str, Any] = {}
    for field in frame.schema.fields:
        group = policy.model.groups.get(field.name)
        column = functions.col(_quoted(field.name))
        if group is not None and isinstance(field.dataType, types.StructType):
            for inner in field.dataType.fields:
                flat[f"{field.name}.{inner.name}"] = (column.getField(inner.name), inner.dataType)
        else:
            flat[field.name] = (column, field.dataType)
    wanted = Wanted(tuple(keep), tuple(ignore), ("`keep`", "`ignore`", "`case_id`"), case_id)
    heading = heading_of(list(flat), policy.model, wanted, rows=rows).checked()
    names = list(dict.fromkeys([*heading.read, *heading.carried]))
    texts = types.ArrayType(types.StringType())
    told = types.StructType(
        [
            types.StructField(
                field.name, types.BooleanType() if field.type == pa.bool_() else types.StringType()
            )
            for field in ROW
        ]
    )
    kinds = {pa.bool_(): types.BooleanType(), TEXTS: texts, TYPES["rows"]: types.ArrayType(told)}
    added = types.StructType([types.StructField(name, flat[name][1]) for name in heading.carried])
    for name in results(rows=rows):
        added = added.add(name, kinds.get(TYPES[name], types.StringType()))
    # Where Spark maps over Arrow it takes a dot in a name for a field of a record, so columns go by number.
    chosen = [flat[name][0].alias(f"_{place}") for place, name in enumerate(names)]
    kept = Wanted(heading.carried, () if names else ("",), case_id=heading.case_id)
    work = _Work(compile_batch(policy, as_of=as_of, presume=presume), kept, tuple(names) or ("",), rows)
    picked = frame.select(*chosen or [functions.lit(0)])
    if heading.case_id is not None:  # so that the rows of a case stand together where they are decided
        own = f"_{names.index(heading.case_id)}"
        picked = picked.repartition(own).sortWithinPartitions(own)
    return picked.mapInArrow(work.decided, added)


@attrs.frozen
class _Work:
    """What a worker is given: the policy, the day, and which column is what."""

    batch: Batch
    wanted: Wanted
    names: tuple[str, ...]
    rows: bool = False

    def decided(self, batches: "Iterator[pa.RecordBatch]") -> "Iterator[pa.RecordBatch]":
        """Decides batch after batch."""
        batch = _ready(self.batch)
        for piece in self._pieces(batches):
            schema = schema_of(piece.carried.schema, rows=self.rows)
            table = decided(batch, piece, rows=self.rows).table
            columns = [
                _spelt(column, field.type) for column, field in zip(table.columns, schema, strict=True)
            ]
            yield from pa.table(columns, schema=schema).to_batches()

    def _pieces(self, batches: "Iterator[pa.RecordBatch]") -> Iterator[Piece]:
        """The cases of all batches."""
        gathered = _gathered(batches)
        first = next(gathered, None)
        if first is None:
            return
        model = self.batch.policy.model
        kept = Columns.of(first.rename_columns(list(self.names)).schema, model, self.wanted, rows=self.rows)
        pieces = _Pieces(kept, self.names, chain([first], gathered))
        yield from (
            WholeCases(pieces, "this part", model, moved=True) if kept.heading.is_long else pieces
        ).pieces()


class _Pieces:
    """Batches as a reader of a file has them."""

    def __init__(self, kept: Columns, names: Sequence[str], batches: "Iterable[pa.RecordBatch]") -> None:
        self._kept, self._names, self._batches = kept, names, batches
        self.heading, self.carried = kept.heading, kept.carried
        self.total: int | None = None

    def pieces(self, behind: int = 0) -> Iterator[Piece]:  # noqa: ARG002 - nothing is gone on with
        for batch in self._batches:
            yield self._kept.piece(batch.rename_columns(list(self._names)))

    def check(self, piece: Piece) -> None:
        """The columns were held against the policy already."""


_READY: dict[tuple[str, date, bool], Batch] = {}


def _ready(batch: Batch) -> Batch:
    """The same, as this process had it before: what was made ready once is not made again for every task."""
    key = (batch.policy.model.digest, batch.as_of, batch.presume)
    if key not in _READY:
        _READY.clear()  # a worker decides by one policy at a time
        _READY[key] = batch
    return _READY[key]


def _gathered(batches: "Iterator[pa.RecordBatch]") -> "Iterator[pa.RecordBatch]":
    waiting: list[pa.RecordBatch] = []
    for batch in batches:
        waiting.append(batch)
        if sum(each.num_rows for each in waiting) >= ROWS:
            yield pa.concat_batches(waiting)
            waiting = []
    if waiting:
        yield pa.concat_batches(waiting)


def _spelt(column: "pa.ChunkedArray[Any]", type_: "pa.DataType") -> "pa.Array[Any]":
    whole = column.combine_chunks()
    if pa.types.is_dictionary(whole.type):
        whole = whole.dictionary.take(whole.indices)
    return whole.cast(type_)


def _quoted(name: str) -> str:
    """A name as Spark takes it for one, whatever dots are in it."""
    return "`" + name.replace("`", "``") + "`"
