"""Tables of every kind -> named Arrow columns.

A kind is Polars (eager or lazy), pandas, PyArrow (table or record batch), a DuckDB relation, whatever else
Narwhals can turn into Arrow, or a mapping of NumPy arrays. Invariant: nothing is converted that Arrow does not
hold as it is; a column that Arrow has no type for (a pandas column of `True` and `"unsure"`) stays as objects.
Deliberately not here: what the columns mean (`reading`), and the way back (`results`).
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import attrs
import narwhals as nw
import numpy as np
import pyarrow as pa

from infoshare.batch import bits, results
from infoshare.batch.bits import Values
from infoshare.batch.numbers import held
from infoshare.diagnostic import Diagnostic
from infoshare.errors import FactsError

Column: TypeAlias = Any
"""A column: an Arrow array without chunks, or (only where Arrow has no type for it) an array of objects."""

MOST_CATEGORIES = 64
"""Categories of Polars up to which each is looked for."""

Rebuilt: TypeAlias = Callable[[Mapping[str, Column], Mapping[str, Any]], Any]
"""Makes a table of the kind that was given from columns that are kept and columns that were decided."""


@attrs.frozen(eq=False)
class Table:
    """A table that was given."""

    columns: Mapping[str, Column]
    rows: int
    rebuilt: Rebuilt


def opened(table: object) -> Table:
    """The columns of a table.

    Raises:
        FactsError: it is no table, or its columns are not of one length.
    """
    match table:
        case pa.RecordBatch():
            return _of_arrow(pa.Table.from_batches([table]), results.record_batch)
        case pa.Table():
            return _of_arrow(table, results.arrow)
        case Mapping():
            return _of_mapping(table)
        case _:
            return _of_frame(table)


def _of_frame(table: object) -> Table:
    try:
        frame: Any = nw.from_native(table)
    except TypeError:
        help_ = "give a table of Polars, pandas, PyArrow or DuckDB, or a mapping of names to NumPy arrays"
        raise FactsError([Diagnostic("IS408", "expected a table of cases", help=(help_,))]) from None
    except nw.exceptions.DuplicateError:
        _refuse_twice([str(name) for name in getattr(table, "columns", ())])
        raise
    kind = frame.implementation
    if isinstance(frame, nw.LazyFrame):
        if kind.is_polars():
            return _of_polars(frame.collect().to_native(), results.polars_lazy)
        collected = frame.collect(backend="pyarrow").to_native()
        return _of_arrow(collected, results.duckdb if kind.is_duckdb() else results.arrow)
    if kind.is_polars():
        return _of_polars(frame.to_native(), results.polars)
    if kind.is_pandas():
        return _of_pandas(frame.to_native())
    return _of_arrow(frame.to_arrow(), results.as_narwhals(kind))


def _of_polars(native: Any, rebuilt: Rebuilt) -> Table:
    import polars as pl

    newest = pl.CompatLevel.newest()
    columns: dict[str, Column] = {}
    for series in native.get_columns():
        if isinstance(series.dtype, pl.Enum):
            categories = series.dtype.categories.to_arrow().cast(pa.string())
            columns[series.name] = pa.DictionaryArray.from_arrays(_codes(series), categories)
        elif isinstance(series.dtype, pl.Categorical):
            columns[series.name] = _of_categories(series)
        else:
            try:
                columns[series.name] = _whole(series.rechunk().to_arrow(compat_level=newest))
            except pa.ArrowInvalid:  # numbers wider than Arrow's
                columns[series.name] = _objects(series.to_list())
    return Table(columns, len(native), rebuilt)


def _codes(series: Any) -> Any:
    return _whole(series.rechunk().to_physical().to_arrow())


def _of_categories(series: Any) -> Column:
    """The codes of categories as they are: to have Polars spell them out takes as long as all the rest."""
    codes = _codes(series)
    valid = bits.validity(codes)
    given = np.True_ if valid is None else bits.unpacked(valid, len(codes)).view(bool)
    values = held(codes)
    size = int(values.max(initial=0)) + 1
    if size > MOST_CATEGORIES:
        return _whole(series.to_arrow())
    row_of = [
        int(np.argmax((values == code) & given)) for code in range(size)
    ]  # one that has it, if any does
    words = series.gather(row_of).to_list() if len(series) else []
    return pa.DictionaryArray.from_arrays(codes, pa.array(words, pa.string()))


def _of_pandas(native: Any) -> Table:
    columns: dict[str, Column] = {}
    for place, name in enumerate(native.columns):
        series = native.iloc[:, place]
        try:
            columns[str(name)] = _whole(pa.Array.from_pandas(series))
        except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
            columns[str(name)] = series.to_numpy(dtype=object)
    return Table(columns, len(native), results.pandas(native.index))


def _of_mapping(table: Mapping[Any, Any]) -> Table:
    columns = {str(name): _of_values(values) for name, values in table.items()}
    lengths: dict[int, str] = {}
    for name, values in columns.items():
        lengths.setdefault(len(values), name)
    if len(lengths) > 1:
        (first, a), (second, b), *_ = lengths.items()
        message = f"expected columns of one length, found {first:,} rows in `{a}` and {second:,} in `{b}`"
        help_ = "give every column a value, or null, for every case"
        raise FactsError([Diagnostic("IS408", message, help=(help_,))])
    return Table(columns, next(iter(lengths), 0), results.arrays)


def _of_values(values: Any) -> Column:
    if isinstance(values, pa.Array | pa.ChunkedArray):
        return _whole(values)
    mask = np.ma.getmaskarray(values) if isinstance(values, np.ma.MaskedArray) else None
    array = np.asarray(values) if isinstance(values, np.ndarray) else np.asarray(values, dtype=object)
    if array.dtype == bool:
        return bits.to_arrow(bits.packed(array), len(array), None if mask is None else bits.packed(~mask))
    try:
        if mask is not None:
            return _whole(pa.array(array, mask=mask))
        return _whole(pa.array(array, from_pandas=True))
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
        return _objects(np.ma.filled(np.ma.asarray(values, dtype=object), None))


def _objects(values: Any) -> Values:
    found = np.empty(len(values), object)
    found[:] = list(values)
    return found


def _of_arrow(table: Any, rebuilt: Rebuilt) -> Table:
    _refuse_twice(table.column_names)
    columns = {name: _whole(table.column(i)) for i, name in enumerate(table.column_names)}
    return Table(columns, table.num_rows, rebuilt)


def _refuse_twice(names: Sequence[str]) -> None:
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        help_ = "keep the one that is right, and leave out the other"
        raise FactsError(
            [Diagnostic("IS403", f"`{name}` is a column twice", help=(help_,), path=name) for name in twice]
        )


def _whole(column: Any) -> Any:
    if not isinstance(column, pa.ChunkedArray):
        return column
    if column.num_chunks == 1:
        return column.chunk(0)
    return _joined(column)


def _joined(column: Any) -> Any:
    if pa.types.is_dictionary(column.type):
        column = column.unify_dictionaries()
    whole = column.combine_chunks()
    if isinstance(whole, pa.ChunkedArray):  # no chunk at all, or texts too long for one array
        return pa.array([], column.type) if whole.num_chunks == 0 else pa.concat_arrays(whole.chunks)
    return whole
