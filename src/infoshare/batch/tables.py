"""Tables of every kind -> named Arrow columns.

A kind is Polars (eager or lazy), pandas, PyArrow (table or record batch), a DuckDB relation, whatever else
Narwhals can turn into Arrow, or a mapping of NumPy arrays. Invariant: nothing is converted that Arrow does not
hold as it is; a column that Arrow has no type for (a pandas column of `True` and `"unsure"`) stays as objects.
Deliberately not here: what the columns mean (`reading`), and the way back (`results`).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import attrs
import narwhals as nw
import numpy as np
import pyarrow as pa

from infoshare.batch import bits, results
from infoshare.batch.arrow import CANNOT, Column, held, whole
from infoshare.batch.bits import Values
from infoshare.diagnostic import Diagnostic
from infoshare.errors import FactsError
from infoshare.policy.files import quoted

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
        if isinstance(table, Sequence) and table and all(isinstance(each, Mapping) for each in table):
            help_ = "cases that are mappings are decided by `policy.decide_many`"
        raise FactsError([Diagnostic("IS408", "expected a table of cases", help=(help_,))]) from None
    except nw.exceptions.DuplicateError:
        _refuse_twice([str(name) for name in getattr(table, "columns", ())])
        raise
    kind = frame.implementation
    if kind.is_duckdb():
        _refuse_twice(list(getattr(table, "columns", ())))
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
        elif isinstance(series.dtype, pl.Object):
            columns[series.name] = _objects(series.to_list())
        else:
            try:
                columns[series.name] = whole(series.rechunk().to_arrow(compat_level=newest))
            except pa.ArrowInvalid:  # numbers wider than Arrow's
                columns[series.name] = _objects(series.to_list())
    return Table(columns, len(native), rebuilt)


def _codes(series: Any) -> Any:
    return whole(series.rechunk().to_physical().to_arrow())


def _of_categories(series: Any) -> Column:
    """The codes of categories as they are: to have Polars spell them out takes as long as all the rest."""
    codes = _codes(series)
    valid = bits.validity(codes)
    given = np.True_ if valid is None else bits.unpacked(valid, len(codes)).view(bool)
    values = held(codes)
    size = int(values.max()) + 1 if len(values) else 0
    if size > MOST_CATEGORIES:
        return whole(series.to_arrow())
    row_of = [
        int(np.argmax((values == code) & given)) for code in range(size)
    ]  # one that has it, if any does
    words = series.gather(row_of).to_list()
    return pa.DictionaryArray.from_arrays(codes, pa.array(words, pa.string()))


def _of_pandas(native: Any) -> Table:
    columns: dict[str, Column] = {}
    for place, name in enumerate(native.columns):
        series = native.iloc[:, place]
        try:
            columns[str(name)] = whole(pa.Array.from_pandas(series))
        except CANNOT:
            columns[str(name)] = series.to_numpy(dtype=object)
    return Table(columns, len(native), results.pandas(native.index))


def _of_mapping(table: Mapping[Any, Any]) -> Table:
    _refuse_one_case(table)
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


def _refuse_one_case(table: Mapping[Any, Any]) -> None:
    """Sees to it that a mapping holds columns, and not the answers of one case."""
    help_ = (
        "give a list or an array with a value for every case; one case alone is decided by `policy.decide`"
    )
    faults = [
        Diagnostic(
            "IS408",
            f"expected a column of values in `{quoted(str(name))}`, found {_one(values)}",
            help=(help_,),
            path=quoted(str(name)),
        )
        for name, values in table.items()
        if _one(values)
    ]
    if faults:
        raise FactsError(faults)


def _one(values: Any) -> str | None:
    """What is no column, in words; None for what is one."""
    match values:
        case Mapping():
            return "a group of facts"
        case set() | frozenset():
            return "a set, which has no order"
        case str() | bytes() | None:
            return "one value"
        case np.ndarray():
            return None if values.ndim else "one value"
        case Iterable():
            return None
        case _:
            return "one value"


def _of_values(values: Any) -> Column:
    if isinstance(values, pa.Array | pa.ChunkedArray):
        return whole(values)
    if not hasattr(values, "__getitem__"):  # such as a generator, which can be gone through once
        values = list(values)
    mask = np.ma.getmaskarray(values) if isinstance(values, np.ma.MaskedArray) else None
    array = np.asarray(values) if isinstance(values, np.ndarray) else np.asarray(values, dtype=object)
    if array.dtype == bool:
        return bits.to_arrow(bits.packed(array), len(array), None if mask is None else bits.packed(~mask))
    try:
        if mask is not None:
            return whole(pa.array(array, mask=mask))
        return whole(pa.array(array, from_pandas=True))
    except CANNOT:
        return _objects(np.ma.filled(np.ma.asarray(values, dtype=object), None))


def _objects(values: Any) -> Values:
    found = np.empty(len(values), object)
    found[:] = list(values)
    return found


def _of_arrow(table: Any, rebuilt: Rebuilt) -> Table:
    _refuse_twice(table.column_names)
    columns = {name: whole(table.column(i)) for i, name in enumerate(table.column_names)}
    return Table(columns, table.num_rows, rebuilt)


def _refuse_twice(names: Sequence[str]) -> None:
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        help_ = "keep the one that is right, and leave out the other"
        raise FactsError(
            [Diagnostic("IS403", f"`{name}` is a column twice", help=(help_,), path=name) for name in twice]
        )
