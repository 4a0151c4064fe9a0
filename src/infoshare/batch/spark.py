"""A policy over a data frame of Apache Spark: the same columns, decided where the data lies.

Each worker makes the policy ready once and decides its rows in batches of Arrow columns, as one machine does; so
a row comes to the same, and no data passes through the driver. The policy goes to the workers in the task itself,
as everything that a program gives to Spark does. Needs the extra `spark`, on every worker.
Deliberately not here: when that is worth it (docs/how-to/spark.md).
"""

from collections.abc import Collection, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

import attrs
import pyarrow as pa

from infoshare.batch.caseload import Batch, compile_batch
from infoshare.batch.files.decided import TEXTS, TYPES, decided, schema_of
from infoshare.batch.files.parquet_cases import Columns
from infoshare.batch.heading import RESULTS, Wanted, heading_of
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
) -> "DataFrame":
    """Decides every row of a data frame, when Spark comes to it.

    Args:
        frame: a column for each fact, named `group.fact`, or a column of records for each group; null for what
            nobody answered. Columns of text are read as cells of CSV are, so `unsure` may stand in any.
        policy: as `infoshare.load` gives it.
        as_of: the day that every row is decided for.
        presume: whether `unanswered means` is applied.
        keep: columns that are carried through, facts or not; `case` always is.
        ignore: columns that are no facts and are left out.

    Returns:
        What is kept, then `outcome`, `basis`, `mandatory`, `fired`, `possible`, `exact`, and `error`: for a row that
        cannot be decided the codes of what is wrong with it, else null. The order of rows is Spark's affair.

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
        if group is not None and not group.each and isinstance(field.dataType, types.StructType):
            for inner in field.dataType.fields:
                flat[f"{field.name}.{inner.name}"] = (column.getField(inner.name), inner.dataType)
        else:
            flat[field.name] = (column, field.dataType)
    wanted = Wanted(tuple(keep), tuple(ignore), ("`keep`", "`ignore`", "`case_id`"))
    heading = heading_of(list(flat), policy.model, wanted).checked()
    names = list(dict.fromkeys([*heading.facts, *heading.carried]))
    texts = types.ArrayType(types.StringType())
    kinds = {pa.bool_(): types.BooleanType(), TEXTS: texts}
    results = types.StructType([types.StructField(name, flat[name][1]) for name in heading.carried])
    for name in RESULTS:
        results = results.add(name, kinds.get(TYPES[name], types.StringType()))
    # Where Spark maps over Arrow it takes a dot in a name for a field of a record, so columns go by number.
    chosen = [flat[name][0].alias(f"_{place}") for place, name in enumerate(names)]
    kept = Wanted(heading.carried, () if names else ("",))
    work = _Work(compile_batch(policy, as_of=as_of, presume=presume), kept, tuple(names) or ("",))
    return frame.select(*chosen or [functions.lit(0)]).mapInArrow(work.decided, results)


@attrs.frozen
class _Work:
    """What a worker is given: the policy, the day, and which column is what."""

    batch: Batch
    wanted: Wanted
    names: tuple[str, ...]

    def decided(self, batches: "Iterator[pa.RecordBatch]") -> "Iterator[pa.RecordBatch]":
        """Decides batch after batch."""
        batch = _ready(self.batch)
        model = batch.policy.model
        for numbered in _gathered(batches):
            given = numbered.rename_columns(list(self.names))
            kept = Columns.of(given.schema, model, self.wanted)
            schema = schema_of(kept.carried)
            columns = [
                _spelt(column, field.type)
                for column, field in zip(decided(batch, kept.piece(given)).table.columns, schema, strict=True)
            ]
            yield from pa.table(columns, schema=schema).to_batches()


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
