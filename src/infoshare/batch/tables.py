"""Tables of every kind -> named Arrow columns, and Arrow columns -> a table of the same kind.

A kind is Polars (eager or lazy), pandas, PyArrow (table or record batch), a DuckDB relation, whatever else
Narwhals can turn into Arrow, or a mapping of NumPy arrays. Invariant: nothing is converted that Arrow does not
hold as it is; a column that Arrow has no type for (a pandas column of `True` and `"unsure"`) stays as objects.
Deliberately not here: what the columns mean (`reading`).
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import attrs
import narwhals as nw
import numpy as np
import pyarrow as pa

from infoshare.diagnostic import Diagnostic
from infoshare.errors import FactsError

Column: TypeAlias = "pa.Array[Any] | np.ndarray[Any, Any]"
"""A column: an Arrow array without chunks, or (only where Arrow has no type for it) an array of objects."""


@attrs.frozen
class Table:
    """A table that was given.

    Attributes:
        rebuilt: makes a table of the same kind from a table of Arrow.
    """

    columns: Mapping[str, Column]
    rows: int
    rebuilt: Callable[[pa.Table], Any]


def opened(table: object) -> Table:
    """The columns of a table.

    Raises:
        FactsError: it is no table, or its columns are not of one length.
    """
    match table:
        case pa.RecordBatch():
            return _of_arrow(pa.Table.from_batches([table]), _one_batch)
        case pa.Table():
            return _of_arrow(table, _itself)
        case Mapping():
            return _of_mapping(table)
        case _:
            return _of_frame(table)


def _of_frame(table: object) -> Table:
    try:
        frame = nw.from_native(table)  # type: ignore[call-overload]
    except TypeError:
        raise FactsError(
            [
                Diagnostic(
                    "IS408",
                    "expected a table of cases",
                    help=(
                        "give a table of Polars, pandas, PyArrow or DuckDB, or a mapping of names to NumPy arrays",
                    ),
                )
            ]
        ) from None
    if isinstance(frame, nw.LazyFrame):
        if frame.implementation.is_polars():
            import polars as pl

            found = _of_frame(frame.collect().to_native())
            return attrs.evolve(found, rebuilt=lambda made: _polars(made, pl).lazy())
        if frame.implementation.is_duckdb():
            import duckdb

            collected = frame.collect(backend="pyarrow").to_native()
            return _of_arrow(collected, duckdb.from_arrow)
        collected = frame.collect(backend="pyarrow").to_native()
        return _of_arrow(collected, _itself)
    if frame.implementation.is_polars():
        import polars as pl

        newest = frame.to_native().to_arrow(compat_level=pl.CompatLevel.newest())
        return _of_arrow(newest, lambda made: _polars(made, pl))
    if frame.implementation.is_pandas_like():
        return _of_pandas(frame)
    backend = frame.implementation
    return _of_arrow(frame.to_arrow(), lambda made: nw.from_arrow(made, backend=backend).to_native())


def _of_pandas(frame: "nw.DataFrame[Any]") -> Table:
    native = frame.to_native()
    columns: dict[str, Column] = {}
    for name in native.columns:
        series = native[name]
        try:
            columns[str(name)] = _whole(pa.Array.from_pandas(series))
        except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
            columns[str(name)] = series.to_numpy(dtype=object)

    def rebuilt(made: pa.Table) -> Any:
        out = nw.from_arrow(made, backend=frame.implementation).to_native()
        out.index = native.index
        return out

    return Table(columns, len(native), rebuilt)


def _of_mapping(table: Mapping[Any, Any]) -> Table:
    columns: dict[str, Column] = {}
    lengths: dict[int, str] = {}
    for name, values in table.items():
        columns[str(name)] = _of_values(values)
        lengths.setdefault(len(columns[str(name)]), str(name))
    if len(lengths) > 1:
        (first, a), (second, b), *_ = lengths.items()
        raise FactsError(
            [
                Diagnostic(
                    "IS408",
                    f"expected columns of one length, found {first:,} rows in `{a}` and {second:,} in `{b}`",
                    help=("give every column a value, or null, for every case",),
                )
            ]
        )
    return Table(columns, next(iter(lengths), 0), _arrays)


def _of_values(values: Any) -> Column:
    if isinstance(values, pa.Array | pa.ChunkedArray):
        return _whole(values)
    if isinstance(values, np.ma.MaskedArray):
        return _whole(pa.array(values.data, mask=np.ma.getmaskarray(values)))
    array = values if isinstance(values, np.ndarray) else np.asarray(values, dtype=object)
    try:
        return _whole(pa.array(array, from_pandas=True))
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
        return array.astype(object)


def _of_arrow(table: pa.Table, rebuilt: Callable[[pa.Table], Any]) -> Table:
    columns = {name: _whole(table.column(i)) for i, name in enumerate(table.column_names)}
    return Table(columns, table.num_rows, rebuilt)


def _whole(column: "pa.Array[Any] | pa.ChunkedArray[Any]") -> "pa.Array[Any]":
    if isinstance(column, pa.ChunkedArray):
        if column.num_chunks == 1:
            return column.chunk(0)
        whole = column.combine_chunks()
        return whole.combine_chunks() if isinstance(whole, pa.ChunkedArray) else whole
    return column


def _itself(made: pa.Table) -> pa.Table:
    return made


def _one_batch(made: pa.Table) -> pa.RecordBatch:
    batches = made.combine_chunks().to_batches()
    return batches[0] if batches else pa.RecordBatch.from_pylist([], schema=made.schema)


def _polars(made: pa.Table, pl: Any) -> Any:
    return pl.from_arrow(made)


def _arrays(made: pa.Table) -> dict[str, Any]:
    out = {}
    for name in made.column_names:
        column = made.column(name).combine_chunks()
        if pa.types.is_boolean(column.type) and column.null_count == 0:
            out[name] = column.to_numpy(zero_copy_only=False)
        else:
            values = np.empty(len(column), dtype=object)
            values[:] = column.to_pylist()
            out[name] = values
    return out
