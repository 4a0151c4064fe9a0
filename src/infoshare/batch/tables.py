"""Tables of every kind -> named columns of Arrow, and decided columns -> a table of the kind that was given.

A kind is Polars (eager or lazy), pandas, PyArrow (table or record batch), a DuckDB relation, whatever else
Narwhals can turn into Arrow, or a mapping of NumPy arrays. Nothing is converted that Arrow does not hold as it is; a
column that Arrow has no type for (a pandas column of `True` and `"unsure"`) stays as objects. On the way back, the
words of `outcome` and `basis` stay a small set with a code each where the kind knows such columns; rows that fired the
same share one list, so where the kind holds Python objects it is a tuple, which nobody can change.
Deliberately not here: what the columns mean (`reading`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import attrs
import narwhals as nw
import numpy as np
import pyarrow as pa

from infoshare.batch import bits
from infoshare.batch.arrow import CANNOT, Column, held, is_coded, is_text, objects_of, whole
from infoshare.batch.bits import Values
from infoshare.batch.heading import twice
from infoshare.diagnostic import Diagnostic
from infoshare.errors import FactsError
from infoshare.policy.files import quoted

MOST_CATEGORIES = 64
"""Categories of Polars up to which each is looked for."""

Columns: TypeAlias = Mapping[str, Any]

Rebuilt: TypeAlias = Callable[[Columns, Columns], Any]
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
            return _of_arrow(pa.Table.from_batches([table]), _to_record_batch)
        case pa.Table():
            return _of_arrow(table, _to_arrow)
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
            return _of_polars(frame.collect().to_native(), _to_lazy_polars)
        collected = frame.collect(backend="pyarrow").to_native()
        return _of_arrow(collected, _to_duckdb if kind.is_duckdb() else _to_arrow)
    if kind.is_polars():
        return _of_polars(frame.to_native(), _to_polars)
    if kind.is_pandas():
        return _of_pandas(frame.to_native())
    return _of_arrow(frame.to_arrow(), _to_narwhals(kind))


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
    return Table(columns, len(native), _to_pandas(native.index))


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
    return Table(columns, next(iter(lengths), 0), _to_arrays)


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
    if array.ndim > 1:  # a list for each case, as if it had been given as such
        rows = (values if mask is not None else array).tolist()
        try:
            return whole(pa.array(rows))
        except CANNOT:
            return _objects(rows)
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
    if faults := twice(names):
        raise FactsError(faults)


def _each(
    decided: Columns, plain: Callable[[Any], Any], words: Callable[[Any], Any], lists: Callable[[Any], Any]
) -> dict[str, Any]:
    """Decided columns, each by what it holds: yes or no, coded words, or coded lists of words."""
    return {
        name: (plain if not is_coded(c.type) else words if is_text(c.type.value_type) else lists)(c)
        for name, c in decided.items()
    }


def _to_arrow(kept: Columns, decided: Columns) -> pa.Table:
    columns = {name: _arrow_column(values) for name, values in kept.items()}
    # Lists are spelt out: not every reader of Arrow knows lists with a code.
    made = _each(decided, lambda c: c, lambda c: c, lambda c: c.dictionary_decode())
    return pa.table(columns | made)


def _to_record_batch(kept: Columns, decided: Columns) -> pa.RecordBatch:
    made = _to_arrow(kept, decided)
    arrays = [column.combine_chunks() for column in made.columns]
    return pa.RecordBatch.from_arrays(arrays, schema=made.schema)


def _to_duckdb(kept: Columns, decided: Columns) -> Any:
    from duckdb import from_arrow

    return from_arrow(_to_arrow(kept, decided))


def _to_polars(kept: Columns, decided: Columns) -> Any:
    import polars as pl

    def enumerated(column: Any) -> Any:
        words = pl.Enum(column.dictionary.to_pylist())
        codes = pl.Series(_codes_of(column).view(np.uint8))
        return codes.cat.to(words) if hasattr(codes.cat, "to") else codes.cast(words)  # from Polars 2 on

    def listed(column: Any) -> Any:
        lists = pl.Series(column.dictionary.to_pylist(), dtype=pl.List(pl.String))
        return lists.gather(pl.Series(_codes_of(column)))

    columns = {name: pl.from_arrow(_arrow_column(values)) for name, values in kept.items()}
    return pl.DataFrame(columns | _each(decided, pl.from_arrow, enumerated, listed))


def _to_lazy_polars(kept: Columns, decided: Columns) -> Any:
    return _to_polars(kept, decided).lazy()  # the work is done already


def _to_pandas(index: Any) -> Rebuilt:
    def made(kept: Columns, decided: Columns) -> Any:
        import pandas as pd

        nullable = {pa.bool_(): pd.BooleanDtype()}.get
        columns: dict[str, Any] = {
            name: values if isinstance(values, np.ndarray) else values.to_pandas()
            for name, values in kept.items()
        }
        columns |= _each(
            decided, lambda c: c.to_pandas(types_mapper=nullable), lambda c: c.to_pandas(), _tuples
        )
        frame = pd.DataFrame({n: v if isinstance(v, np.ndarray) else v.array for n, v in columns.items()})
        if len(frame) == len(index):  # else some rows are one case together
            frame.index = index
        return frame

    return made


def _to_arrays(kept: Columns, decided: Columns) -> dict[str, Any]:
    """A mapping of NumPy arrays; what may be null is an array of objects."""

    def plain(column: Any) -> Any:
        if isinstance(column, np.ndarray):
            return column
        return (
            objects_of(column) if pa.types.is_nested(column.type) else column.to_numpy(zero_copy_only=False)
        )

    def worded(column: Any) -> Any:
        return np.array(column.dictionary.to_pylist())[_codes_of(column)]

    return {name: plain(values) for name, values in kept.items()} | _each(decided, plain, worded, _tuples)


def _to_narwhals(kind: Any) -> Rebuilt:
    """Makes tables of any kind that Narwhals knows."""
    return lambda kept, decided: nw.from_arrow(_to_arrow(kept, decided), backend=kind).to_native()


def _arrow_column(values: Any) -> Any:
    if not isinstance(values, np.ndarray):
        return values
    try:
        return pa.array(values, from_pandas=True)
    except CANNOT:
        return pa.array([None if v is None else str(v) for v in values])


def _tuples(column: Any) -> Any:
    distinct = column.dictionary.to_pylist()
    lists = np.empty(len(distinct), object)
    lists[:] = [tuple(each) for each in distinct]
    return lists[_codes_of(column)]


def _codes_of(column: Any) -> Any:
    return column.indices.to_numpy(zero_copy_only=False)
