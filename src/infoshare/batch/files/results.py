"""Tables of decisions -> parts, and parts -> a file in one of the formats.

Invariant: the same tables make the same bytes.
"""

from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO, Protocol

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from infoshare.batch.files.formats import FileFormat
from infoshare.batch.files.heading import RESULTS
from infoshare.batch.files.text_rows import csv_heading, csv_rows, json_lines
from infoshare.outcome import Outcome

_WORDS = pa.dictionary(pa.int8(), pa.string())
_CODES = pa.dictionary(pa.int16(), pa.string())


class Results(Protocol):
    """How decisions are written."""

    def heading(self) -> bytes:
        """What stands before the first row."""

    def rows(self, table: pa.Table) -> bytes:
        """Rows, one behind the other."""

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

    def rows(self, table: pa.Table) -> bytes:
        return csv_rows(table) if self._csv else json_lines(table)

    def part(self, tables: Sequence[pa.Table]) -> bytes:
        return b"".join(self.rows(table) for table in tables)

    def join(self, parts: Iterable[bytes], out: BinaryIO) -> None:
        out.write(self.heading())
        out.writelines(parts)


class _Parquet:
    """Words stay codes until they are in the file, where readers find plain text."""

    def __init__(self, schema: pa.Schema, clauses: Sequence[str]) -> None:
        words = {"fired": tuple(clauses), "possible": tuple(str(each) for each in Outcome)}
        self._words = {name: pa.array(each, pa.string()) for name, each in words.items()}
        types = {name: pa.list_(_CODES) for name in words} | {"outcome": _WORDS, "basis": _WORDS}
        own = len(schema) - len(RESULTS)  # a column of the same name is never carried through
        self._schema = pa.schema(
            [
                field if place < own else field.with_type(types.get(field.name, field.type))
                for place, field in enumerate(schema)
            ]
        )

    def heading(self) -> bytes:
        return b""

    def rows(self, table: pa.Table) -> bytes:  # noqa: ARG002 - as the others
        raise AssertionError("Parquet is not written row by row")

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
            whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
            listed = pa.types.is_list(field.type) and field.type.value_type == _CODES
            columns.append(self._lists(field.name, whole) if listed else whole.cast(field.type))
        return pa.table(columns, schema=self._schema)

    def _lists(self, name: str, column: "pa.DictionaryArray[Any, Any]") -> "pa.Array[Any]":
        """Each different list once, of codes of words that are the same in every part."""
        lists = column.dictionary
        codes = pc.index_in(lists.flatten(), self._words[name]).cast(pa.int16())
        coded = pa.DictionaryArray.from_arrays(codes, self._words[name])
        return pa.ListArray.from_arrays(lists.offsets, coded).take(column.indices)
