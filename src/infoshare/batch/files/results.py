"""Tables of decisions -> parts, and parts -> a file in one of the formats.

Invariant: the same tables make the same bytes.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import pyarrow as pa
from pyarrow import parquet

from infoshare.batch.files.formats import FileFormat
from infoshare.batch.files.text_rows import csv_heading, csv_rows, json_lines

_COPIED = 4 * 1024 * 1024


class Results(Protocol):
    """How decisions are written."""

    def heading(self) -> bytes:
        """What stands before the first row."""

    def rows(self, table: pa.Table) -> bytes:
        """Rows, one behind the other."""

    def part(self, tables: Sequence[pa.Table]) -> bytes:
        """Rows as a part keeps them."""

    def join(self, parts: Sequence[Path], out: Path) -> None:
        """Writes all parts, in order, as one file."""


def results_in(format: FileFormat, schema: pa.Schema) -> Results:
    """What writes a format."""
    return _Parquet(schema) if format is FileFormat.PARQUET else _Text(format, schema)


class _Text:
    def __init__(self, format: FileFormat, schema: pa.Schema) -> None:
        self._csv, self._schema = format is FileFormat.CSV, schema

    def heading(self) -> bytes:
        return csv_heading(self._schema.names) if self._csv else b""

    def rows(self, table: pa.Table) -> bytes:
        return csv_rows(table) if self._csv else json_lines(table)

    def part(self, tables: Sequence[pa.Table]) -> bytes:
        return b"".join(self.rows(table) for table in tables)

    def join(self, parts: Sequence[Path], out: Path) -> None:
        with out.open("wb") as joined:
            joined.write(self.heading())
            for path in parts:
                with path.open("rb") as part:
                    shutil.copyfileobj(part, joined, _COPIED)


class _Parquet:
    def __init__(self, schema: pa.Schema) -> None:
        self._schema = schema

    def heading(self) -> bytes:
        return b""

    def rows(self, table: pa.Table) -> bytes:
        raise AssertionError("Parquet is not written row by row")

    def part(self, tables: Sequence[pa.Table]) -> bytes:
        sink = pa.BufferOutputStream()
        options = pa.ipc.IpcWriteOptions(compression="lz4")
        with pa.ipc.new_stream(sink, self._schema, options=options) as stream:
            for table in tables:
                stream.write_table(table.cast(self._schema))
        return sink.getvalue().to_pybytes()

    def join(self, parts: Sequence[Path], out: Path) -> None:
        """A row group for each part."""
        with out.open("wb") as file, parquet.ParquetWriter(file, self._schema, compression="zstd") as writer:
            for path in parts:
                with pa.OSFile(str(path)) as part, pa.ipc.open_stream(part) as stream:
                    writer.write_table(stream.read_all().combine_chunks(), row_group_size=1 << 40)
