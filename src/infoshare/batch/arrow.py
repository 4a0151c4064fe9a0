"""Arrow's many layouts of the same values, made few: what every reader of a column has to know about Arrow.

Deliberately not here: what a column means (`reading`).
"""

from datetime import datetime, time
from decimal import Decimal
from math import isfinite, isnan
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from infoshare.batch.bits import Values

Column: TypeAlias = Any
"""A column: an Arrow array without chunks, or (only where Arrow has no type for it) an array of objects."""

CANNOT = (
    pa.ArrowInvalid,
    pa.ArrowTypeError,
    pa.ArrowNotImplementedError,
    OverflowError,  # whole numbers wider than its own
    UnicodeEncodeError,  # half a character
)
"""What Arrow raises where it has no type, or no function, for some values."""


_STRINGS = {pa.string().id, pa.large_string().id, pa.string_view().id}
_BYTES = {pa.binary().id, pa.large_binary().id, pa.binary_view().id, pa.binary(1).id}
_LISTS = {made(pa.null()).id for made in (pa.list_, pa.large_list, pa.list_view, pa.large_list_view)} | {
    pa.list_(pa.null(), 1).id
}


def is_string(kind: Any) -> bool:
    """Whether a type holds texts."""
    return kind.id in _STRINGS


def is_text(kind: Any) -> bool:
    """Whether a type holds texts, or bytes, which are read as texts in UTF-8."""
    return kind.id in _STRINGS | _BYTES


def is_coded(kind: Any) -> bool:
    """Whether a type holds codes for values that stand in a dictionary."""
    return bool(pa.types.is_dictionary(kind))


def is_list_of_texts(kind: Any) -> bool:
    """Whether a type holds lists of texts, of codes for texts, or of nothing at all."""
    if kind.id not in _LISTS:
        return False
    inner = kind.value_type
    return bool(pa.types.is_null(inner)) or is_text(inner.value_type if is_coded(inner) else inner)


def is_number(kind: Any) -> bool:
    """Whether a type holds numbers."""
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def is_day(kind: Any) -> bool:
    """Whether a type holds days, or times without a zone."""
    return bool(pa.types.is_date(kind) or (pa.types.is_timestamp(kind) and kind.tz is None))


def whole(column: Any) -> Any:
    """A column as one array, without chunks."""
    if not isinstance(column, pa.ChunkedArray):
        return column
    if column.num_chunks == 1:
        return column.chunk(0)
    joined = (column.unify_dictionaries() if is_coded(column.type) else column).combine_chunks()
    if isinstance(joined, pa.ChunkedArray):  # no chunk at all, or texts too long for one array
        return pa.array([], column.type) if joined.num_chunks == 0 else pa.concat_arrays(joined.chunks)
    return joined


def taken(column: Column, places: Values) -> Column:
    """The values at these places, null where a place is below nought."""
    if not isinstance(column, np.ndarray):
        kind = pa.large_string() if is_string(column.type) else column.type  # views cannot be taken from
        try:
            return column.cast(kind).take(pa.array(places, mask=places < 0))
        except CANNOT:
            pass
    found = np.empty(len(places), object)
    found[places >= 0] = objects_of(column)[places[places >= 0]]
    return found


def plain(column: Column) -> Column:
    """The same values in one of few layouts.

    What an extension adds to how values are stored is left out, runs are written out, and of dictionaries only those
    of texts stay. Where Arrow has no function for it, the values come as objects.
    """
    if isinstance(column, np.ndarray):
        return column
    kind = column.type
    try:
        if isinstance(column, pa.ExtensionArray):
            is_yes_or_no = isinstance(kind, pa.Bool8Type)
            return plain(column.storage.cast(pa.bool_()) if is_yes_or_no else column.storage)
        if pa.types.is_run_end_encoded(kind):
            return plain(pc.run_end_decode(column))
        if is_coded(kind) and not is_text(kind.value_type):
            return plain(column.dictionary_decode())
    except CANNOT:
        return objects_of(column)
    return column


def objects_of(column: Column) -> Values:
    """The values as Python's own, None for null; what Python has no value for is an object that is no answer."""
    if isinstance(column, np.ndarray):
        return column
    found = np.empty(len(column), object)
    try:
        found[:] = column.to_pylist()
    except (ValueError, *CANNOT):  # such as a moment finer than Python's own
        found[:] = [_object_of(scalar) for scalar in column]
    return found


def _object_of(scalar: Any) -> Any:
    try:
        return scalar.as_py()
    except (ValueError, *CANNOT):
        return object()


def plain_value(value: Any) -> Any:
    """A value of a column of objects as a case would hold it: what tables make of whole numbers and days taken back.

    None for what is missing.
    """
    match value:
        case _ if type(value).__name__ in {"NAType", "NaTType"}:  # those of pandas
            return None
        case np.ndarray():
            return [plain_value(each) for each in value.tolist()]
        case np.datetime64():
            moment = value.astype("datetime64[us]")
            return None if np.isnat(value) else plain_value(moment.item() if moment == value else object())
        case np.generic():
            return plain_value(value.item())
        case bytes():
            try:
                return value.decode()
            except UnicodeDecodeError:
                return value
        case float() | Decimal():
            if isnan(value):
                return None
            return int(value) if isfinite(value) and value == int(value) else value
        case datetime() if value.tzinfo is None and value.time() == time() and not _nanosecond(value):
            return value.date()
        case list():
            return [plain_value(each) for each in value]
        case dict():
            return {name: plain_value(each) for name, each in value.items()}
        case _:
            return value


def _nanosecond(value: Any) -> int:
    return getattr(value, "nanosecond", 0)  # a moment of pandas is finer than Python's


def held(column: Any, kind: Any = None) -> Values:
    """The values of a column of fixed width in its own memory, whatever stands where it is null."""
    kind = np.dtype(kind or column.type.to_pandas_dtype())
    if len(column) == 0:
        return np.empty(0, kind)
    return np.frombuffer(column.buffers()[1], kind, len(column), column.offset * kind.itemsize)
