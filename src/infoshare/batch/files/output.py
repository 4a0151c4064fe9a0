"""Tables of decisions -> rows of CSV, lines of JSON, or parts of a Parquet file; and parts -> a file.

Integers columns are put together at once, so a row costs no Python. Invariants: the same tables make the same bytes; a
cell of text that a spreadsheet would run as a formula begins with an apostrophe (see docs/how-to/caseloads.md); a
line is one JSON object with every column.
"""

import base64
import json
import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, BinaryIO, Protocol

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from infoshare.batch.arrow import is_coded, is_string, whole
from infoshare.batch.files.cases import FileFormat
from infoshare.outcome import OUTCOMES

_WORDS = pa.dictionary(pa.int8(), pa.string())
_CODES = pa.dictionary(pa.int16(), pa.string())


class Results(Protocol):
    """How decisions are written."""

    def heading(self) -> bytes:
        """What stands before the first row."""

    def part(self, tables: Sequence[pa.Table]) -> bytes:
        """Rows as a part keeps them."""

    def join(self, parts: Iterable[bytes], out: BinaryIO) -> None:
        """Writes all parts, in order, as one file."""


def results_in(format: FileFormat, schema: pa.Schema, clauses: Sequence[str]) -> Results:
    """What writes a format.

    Args:
        schema: the columns, as `decided.schema_of` gives them.
        clauses: the names that `fired` may hold.
    """
    return _Parquet(schema, clauses) if format is FileFormat.PARQUET else _Text(format, schema)


class _Text:
    def __init__(self, format: FileFormat, schema: pa.Schema) -> None:
        self._csv, self._schema = format is FileFormat.CSV, schema

    def heading(self) -> bytes:
        return csv_heading(self._schema.names) if self._csv else b""

    def part(self, tables: Sequence[pa.Table]) -> bytes:
        return b"".join(map(csv_rows if self._csv else json_lines, tables))

    def join(self, parts: Iterable[bytes], out: BinaryIO) -> None:
        out.write(self.heading())
        out.writelines(parts)


class _Parquet:
    """Words stay codes until they are in the file, where readers find plain text."""

    def __init__(self, schema: pa.Schema, clauses: Sequence[str]) -> None:
        words = {"fired": tuple(clauses), "possible": tuple(str(each) for each in OUTCOMES)}
        self._words = {name: pa.array(each, pa.string()) for name, each in words.items()}
        types = {name: pa.list_(_CODES) for name in words} | {"outcome": _WORDS, "basis": _WORDS}
        self._schema = pa.schema(  # a column of the same name is never carried through
            [field.with_type(types.get(field.name, field.type)) for field in schema]
        )

    def heading(self) -> bytes:
        return b""

    def part(self, tables: Sequence[pa.Table]) -> bytes:
        sink = pa.BufferOutputStream()
        options = pa.ipc.IpcWriteOptions(compression="lz4")
        with pa.ipc.new_stream(sink, self._schema, options=options) as stream:
            for table in tables:
                stream.write_table(self._coded(table))
        return bytes(sink.getvalue())

    def join(self, parts: Iterable[bytes], out: BinaryIO) -> None:
        """A row group for each part."""
        with parquet.ParquetWriter(out, self._schema, compression="zstd", store_schema=False) as writer:
            for part in parts:
                with pa.ipc.open_stream(pa.BufferReader(part)) as stream:
                    writer.write_table(stream.read_all().combine_chunks(), row_group_size=1 << 40)

    def _coded(self, table: pa.Table) -> pa.Table:
        columns = []
        for field, column in zip(self._schema, table.columns, strict=True):
            listed = pa.types.is_list(field.type) and field.type.value_type == _CODES
            plain = whole(column)
            columns.append(self._lists(field.name, plain) if listed else plain.cast(field.type))
        return pa.table(columns, schema=self._schema)

    def _lists(self, name: str, column: "pa.DictionaryArray[Any, Any]") -> "pa.Array[Any]":
        """Each different list once, of codes of words that are the same in every part."""
        lists = column.dictionary
        codes = pc.index_in(lists.flatten(), self._words[name]).cast(pa.int16())
        coded = pa.DictionaryArray.from_arrays(codes, self._words[name])
        return pa.ListArray.from_arrays(lists.offsets, coded).take(column.indices)


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
    cells = _quoted(_harmless(pa.array(names, _WIDE)))
    return ",".join(whole(cells).to_pylist()).encode() + b"\n"


def csv_rows(table: pa.Table) -> bytes:
    """The rows of a table as CSV: options with semicolons between, nothing for null."""
    columns = [_filled(_csv_column(whole(column)), "") for column in table.columns]
    return _bytes(pc.binary_join_element_wise(*columns, pa.scalar(",", _WIDE)))


def json_lines(table: pa.Table) -> bytes:
    """The rows of a table as JSON, an object a line."""
    parts: list[Any] = []
    for place, (name, column) in enumerate(zip(table.column_names, table.columns, strict=True)):
        key = json.dumps(name, ensure_ascii=False)
        parts.append(pa.scalar(f"{'{' if place == 0 else ', '}{key}: ", _WIDE))
        parts.append(_filled(_json_column(whole(column)), "null"))
    parts.append(pa.scalar("}", _WIDE))
    return _bytes(pc.binary_join_element_wise(*parts, pa.scalar("", _WIDE)))


def _bytes(rows: Any) -> bytes:
    """Texts one after the other, a line end behind each."""
    lines = pc.binary_join_element_wise(rows, pa.scalar("", _WIDE), pa.scalar("\n", _WIDE))
    text = whole(lines)
    if not len(text):
        return b""
    offsets, data = text.buffers()[1], text.buffers()[2]
    ends = pa.Array.from_buffers(pa.int64(), len(text) + 1 + text.offset, [None, offsets])
    start, end = ends[text.offset].as_py(), ends[text.offset + len(text)].as_py()
    return bytes(memoryview(data)[start:end])


def _csv_column(column: "pa.Array[Any]") -> Any:
    if is_coded(column.type):
        return _by_dictionary(column, _csv_column)
    if _is_list_of_strings(column.type):
        texts = pc.binary_join(column.cast(pa.list_(_WIDE)), pa.scalar(";", _WIDE))
        return _quoted(_harmless(texts))
    if is_string(column.type):
        return _quoted(_harmless(column.cast(_WIDE)))
    if _casts_to_text(column.type):
        return column.cast(_WIDE)
    texts = [_as_text(v) if isinstance(v, bytes) else _json(v) for v in column.to_pylist()]
    return _quoted(_harmless(pa.array(texts, _WIDE, mask=column.is_null().to_numpy(zero_copy_only=False))))


def _json_column(column: "pa.Array[Any]") -> Any:
    type_ = column.type
    if is_coded(type_):
        return _by_dictionary(column, _json_column)
    if is_string(type_):
        return _json_texts(column.cast(_WIDE))
    if _is_list_of_strings(type_):
        wide = column.cast(pa.list_(_WIDE))
        escaped = _filled(_json_texts(wide.flatten()), "null")
        sizes = pc.fill_null(pc.list_value_length(wide), 0)
        offsets = pa.concat_arrays([pa.array([0], pa.int32()), pc.cumulative_sum(sizes).cast(pa.int32())])
        lists = pa.ListArray.from_arrays(offsets, whole(escaped), mask=column.is_null())
        return _around("[", pc.binary_join(lists, pa.scalar(", ", _WIDE)), "]")
    if pa.types.is_boolean(type_) or pa.types.is_integer(type_):
        return column.cast(_WIDE)
    if pa.types.is_temporal(type_) and _casts_to_text(type_):
        return _json_texts(column.cast(_WIDE))
    return pa.array([None if v is None else _json(v) for v in column.to_pylist()], _WIDE)


def _by_dictionary(column: Any, write: Callable[[Any], Any]) -> Any:
    return whole(write(column.dictionary)).take(column.indices)


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


def _around(before: str, column: Any, behind: str) -> Any:
    return pc.binary_join_element_wise(
        pa.scalar(before, _WIDE), column.cast(_WIDE), pa.scalar(behind, _WIDE), pa.scalar("", _WIDE)
    )


def _filled(column: Any, text: str) -> Any:
    return pc.fill_null(column.cast(_WIDE), pa.scalar(text, _WIDE))


def _is_list_of_strings(type_: "pa.DataType") -> bool:
    return (pa.types.is_list(type_) or pa.types.is_large_list(type_)) and is_string(type_.value_type)


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
