"""The decided columns of Arrow -> a table of the kind that was given.

The words of `outcome` and `basis` stay a small set with a code each where the kind knows such columns. Rows that
fired the same share one list, so where the kind holds Python objects it is a tuple, which nobody can change.
Deliberately not here: reading tables (`tables`).
"""

from collections.abc import Mapping
from typing import Any

import narwhals as nw
import numpy as np
import pyarrow as pa


def arrow(kept: Mapping[str, Any], decided: Mapping[str, Any]) -> pa.Table:
    """A table of PyArrow."""
    columns = {name: _arrow_column(values) for name, values in kept.items()}
    return pa.table(columns | {name: _spelt_out(values) for name, values in decided.items()})


def record_batch(kept: Mapping[str, Any], decided: Mapping[str, Any]) -> pa.RecordBatch:
    """A record batch of PyArrow."""
    made = arrow(kept, decided)
    arrays = [column.combine_chunks() for column in made.columns]
    return pa.RecordBatch.from_arrays(arrays, schema=made.schema)


def duckdb(kept: Mapping[str, Any], decided: Mapping[str, Any]) -> Any:
    """A relation of DuckDB, in its default connection."""
    from duckdb import from_arrow

    return from_arrow(arrow(kept, decided))


def polars(kept: Mapping[str, Any], decided: Mapping[str, Any]) -> Any:
    """A data frame of Polars; `outcome` and `basis` are enumerations."""
    import polars as pl

    columns: list[Any] = [pl.Series(name, pl.from_arrow(_arrow_column(each))) for name, each in kept.items()]
    for name, values in decided.items():
        if not _has_codes(values):
            columns.append(pl.Series(name, pl.from_arrow(values)))
        elif _is_text(values):
            columns.append(_enumerated(pl, name, values))
        else:
            lists = pl.Series(name, values.dictionary.to_pylist(), dtype=pl.List(pl.String))
            columns.append(lists.gather(pl.Series(_codes(values))))
    return pl.DataFrame(columns)


def _enumerated(pl: Any, name: str, column: Any) -> Any:
    words = pl.Enum(column.dictionary.to_pylist())
    codes = pl.Series(name, _codes(column).view(np.uint8))
    if hasattr(codes.cat, "to"):  # from Polars 2 on
        return codes.cat.to(words)
    return codes.cast(words)


def polars_lazy(kept: Mapping[str, Any], decided: Mapping[str, Any]) -> Any:
    """A lazy frame of Polars; the work is done already."""
    return polars(kept, decided).lazy()


def pandas(index: Any) -> Any:
    """Makes data frames of pandas with this index."""

    def made(kept: Mapping[str, Any], decided: Mapping[str, Any]) -> Any:
        import pandas as pd

        columns: dict[str, Any] = {
            name: values if isinstance(values, np.ndarray) else values.to_pandas()
            for name, values in kept.items()
        }
        for name, values in decided.items():
            if not _has_codes(values):
                columns[name] = values.to_pandas(types_mapper={pa.bool_(): pd.BooleanDtype()}.get)
            elif _is_text(values):
                columns[name] = values.to_pandas()
            else:
                columns[name] = _tuples(values)
        frame = pd.DataFrame(
            {name: np.asarray(v) if isinstance(v, np.ndarray) else v.array for name, v in columns.items()}
        )
        frame.index = index
        return frame

    return made


def arrays(kept: Mapping[str, Any], decided: Mapping[str, Any]) -> dict[str, Any]:
    """A mapping of NumPy arrays; what may be null is an array of objects."""
    out = {
        name: values if isinstance(values, np.ndarray) else values.to_numpy(zero_copy_only=False)
        for name, values in kept.items()
    }
    for name, values in decided.items():
        if not _has_codes(values):
            out[name] = values.to_numpy(zero_copy_only=False)
        elif _is_text(values):
            out[name] = np.array(values.dictionary.to_pylist())[_codes(values)]
        else:
            out[name] = _tuples(values)
    return out


def as_narwhals(kind: Any) -> Any:
    """Makes tables of any kind that Narwhals knows."""

    def made(kept: Mapping[str, Any], decided: Mapping[str, Any]) -> Any:
        return nw.from_arrow(arrow(kept, decided), backend=kind).to_native()

    return made


def _spelt_out(column: Any) -> Any:
    """Lists as lists: not every reader of Arrow knows lists with a code."""
    return column.dictionary_decode() if _has_codes(column) and not _is_text(column) else column


def _arrow_column(values: Any) -> Any:
    if not isinstance(values, np.ndarray):
        return values
    try:
        return pa.array(values, from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
        return pa.array([None if v is None else str(v) for v in values])


def _tuples(column: Any) -> Any:
    distinct = column.dictionary.to_pylist()
    lists = np.empty(len(distinct), object)
    lists[:] = [tuple(each) for each in distinct]
    return lists[_codes(column)]


def _codes(column: Any) -> Any:
    return column.indices.to_numpy(zero_copy_only=False)


def _has_codes(column: Any) -> bool:
    return bool(pa.types.is_dictionary(column.type))


def _is_text(column: Any) -> bool:
    return bool(pa.types.is_string(column.type.value_type))
