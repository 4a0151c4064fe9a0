"""A table of decisions -> rows of CSV, or lines of JSON, as bytes.

Whole columns are put together at once, so a row costs no Python. Invariants: a cell of text that a spreadsheet
would run as a formula begins with an apostrophe (see docs/how-to/caseloads.md); a line is one JSON object with
every column. Deliberately not here: files.
"""

import base64
import json
import math
from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

_WIDE = pa.large_string()
_BEGINS = "=+\\-@\uff1d\uff0b\uff0d\uff20"
"""What may begin a formula: OWASP, *CSV Injection*."""

_FORMULAS = (
    (f'([;|\t\r\n])("*[{_BEGINS}])', r"\1'\2"),
    (f'^("*[{_BEGINS}]|[\t\r\n\\x00])', r"'\1"),
)
"""Where an apostrophe goes: within a cell behind what a spreadsheet may take for the end of one, as it does where a
semicolon or a tab separates cells and the comma's quotation marks mean nothing; and before a cell."""

_NEEDS_QUOTES = '[",\r\n]'
_NEEDS_ESCAPE = '["\\\\\\x00-\\x1f\\x7f]'


def csv_heading(names: Sequence[str]) -> bytes:
    """The first line of a CSV file."""
    return b",".join(_quoted_one(_harmless_one(name)).encode() for name in names) + b"\n"


def csv_rows(table: pa.Table) -> bytes:
    """The rows of a table as CSV: options with semicolons between, nothing for null."""
    columns = [_filled(_csv_column(_whole(column)), "") for column in table.columns]
    return _bytes(pc.binary_join_element_wise(*columns, pa.scalar(",", _WIDE)))


def json_lines(table: pa.Table) -> bytes:
    """The rows of a table as JSON, an object a line."""
    parts: list[Any] = []
    for place, (name, column) in enumerate(zip(table.column_names, table.columns, strict=True)):
        key = json.dumps(name, ensure_ascii=False)
        parts.append(pa.scalar(f"{'{' if place == 0 else ', '}{key}: ", _WIDE))
        parts.append(_filled(_json_column(_whole(column)), "null"))
    parts.append(pa.scalar("}", _WIDE))
    return _bytes(pc.binary_join_element_wise(*parts, pa.scalar("", _WIDE)))


def _bytes(rows: Any) -> bytes:
    """Texts one after the other, a line end behind each."""
    lines = pc.binary_join_element_wise(rows, pa.scalar("", _WIDE), pa.scalar("\n", _WIDE))
    whole = _whole(lines)
    if not len(whole):
        return b""
    offsets, data = whole.buffers()[1], whole.buffers()[2]
    ends = pa.Array.from_buffers(pa.int64(), len(whole) + 1 + whole.offset, [None, offsets])
    start, end = ends[whole.offset].as_py(), ends[whole.offset + len(whole)].as_py()
    return bytes(memoryview(data)[start:end])


def _csv_column(column: "pa.Array[Any]") -> Any:
    if pa.types.is_dictionary(column.type):
        return _by_dictionary(column, _csv_column)
    if _is_list_of_text(column.type):
        texts = pc.binary_join(column.cast(pa.list_(_WIDE)), pa.scalar(";", _WIDE))
        return _quoted(_harmless(texts))
    if _is_text(column.type):
        return _quoted(_harmless(column.cast(_WIDE)))
    if _casts_to_text(column.type):
        return column.cast(_WIDE)
    texts = [_as_text(v) if isinstance(v, bytes) else _json(v) for v in column.to_pylist()]
    return _quoted(_harmless(pa.array(texts, _WIDE, mask=column.is_null().to_numpy(zero_copy_only=False))))


def _json_column(column: "pa.Array[Any]") -> Any:
    type_ = column.type
    if pa.types.is_dictionary(type_):
        return _by_dictionary(column, _json_column)
    if _is_text(type_):
        return _json_texts(column.cast(_WIDE))
    if _is_list_of_text(type_):
        wide = column.cast(pa.list_(_WIDE))
        escaped = _filled(_json_texts(wide.flatten()), "null")
        sizes = pc.fill_null(pc.list_value_length(wide), 0)
        offsets = pa.concat_arrays([pa.array([0], pa.int32()), pc.cumulative_sum(sizes).cast(pa.int32())])
        lists = pa.ListArray.from_arrays(offsets, _whole(escaped), mask=column.is_null())
        return _around("[", pc.binary_join(lists, pa.scalar(", ", _WIDE)), "]")
    if pa.types.is_boolean(type_) or pa.types.is_integer(type_):
        return column.cast(_WIDE)
    if pa.types.is_temporal(type_) and _casts_to_text(type_):
        return _json_texts(column.cast(_WIDE))
    return pa.array([None if v is None else _json(v) for v in column.to_pylist()], _WIDE)


def _by_dictionary(column: Any, write: Callable[[Any], Any]) -> Any:
    return _whole(write(column.dictionary)).take(column.indices)


def _json_texts(column: Any) -> Any:
    escaped = pc.match_substring_regex(column, _NEEDS_ESCAPE)
    if pc.any(escaped).as_py():
        return pa.array(
            [None if v is None else json.dumps(v, ensure_ascii=False) for v in column.to_pylist()], _WIDE
        )
    return _around('"', column, '"')


def _json(value: Any) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        return "null"
    return json.dumps(value, ensure_ascii=False, default=_as_text)


def _as_text(value: Any) -> str:
    """What JSON has no form for: bytes as the text that they are, or else in base 64."""
    if not isinstance(value, bytes):
        return str(value)
    try:
        return value.decode()
    except UnicodeDecodeError:
        return base64.b64encode(value).decode()


def _harmless(column: Any) -> Any:
    for pattern, instead in _FORMULAS:
        if pc.any(pc.match_substring_regex(column, pattern)).as_py():
            column = pc.replace_substring_regex(column, pattern, instead)
    return column


def _quoted(column: Any) -> Any:
    needed = pc.match_substring_regex(column, _NEEDS_QUOTES)
    if not pc.any(needed).as_py():
        return column
    return pc.if_else(needed, _around('"', pc.replace_substring(column, '"', '""'), '"'), column)


def _harmless_one(text: str) -> str:
    return str(_whole(_harmless(pa.array([text], _WIDE)))[0].as_py())


def _quoted_one(text: str) -> str:
    return str(_whole(_quoted(pa.array([text], _WIDE)))[0].as_py())


def _around(before: str, column: Any, behind: str) -> Any:
    return pc.binary_join_element_wise(
        pa.scalar(before, _WIDE), column.cast(_WIDE), pa.scalar(behind, _WIDE), pa.scalar("", _WIDE)
    )


def _filled(column: Any, text: str) -> Any:
    return pc.fill_null(column.cast(_WIDE), pa.scalar(text, _WIDE))


def _is_text(type_: "pa.DataType") -> bool:
    return bool(
        pa.types.is_string(type_) or pa.types.is_large_string(type_) or pa.types.is_string_view(type_)
    )


def _is_list_of_text(type_: "pa.DataType") -> bool:
    return bool((pa.types.is_list(type_) or pa.types.is_large_list(type_)) and _is_text(type_.value_type))


def _casts_to_text(type_: "pa.DataType") -> bool:
    return bool(
        pa.types.is_boolean(type_)
        or pa.types.is_integer(type_)
        or pa.types.is_floating(type_)
        or pa.types.is_decimal(type_)
        or pa.types.is_date(type_)
        or pa.types.is_time(type_)
        or (pa.types.is_timestamp(type_) and type_.tz is None)
    )


def _whole(column: Any) -> Any:
    if isinstance(column, pa.ChunkedArray):
        found = column.combine_chunks()
        return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found
    return column
