"""A Parquet file -> pieces of a caseload.

Columns hold answers as they are (`bool`, whole numbers, dates, lists of text) or as text, which is read as a
cell of CSV is: so `unsure` has a place in any column. Pages are read as they are needed, so a file of one
enormous row group takes no more memory than another. Deliberately not here: strict reading of what is no text
(`infoshare.batch`, as for any table).
"""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from infoshare.batch.files.cells import read_column
from infoshare.batch.files.heading import heading_of
from infoshare.batch.files.piece import Column, Piece, RowFault
from infoshare.batch.files.refusal import Refused
from infoshare.meaning.model import Model

ROWS = 262_144
"""Rows of a piece."""


class ParquetCases:
    """The cases of a Parquet file.

    Args:
        path: of the file.
        shown: what to call it.
        model: of the policy that will decide.

    Raises:
        Refused: it is no Parquet, or not whole.
        FactsError: a column is no fact.
    """

    def __init__(
        self,
        path: str,
        shown: str,
        model: Model,
        keep: Iterable[str] = (),
        ignore: Iterable[str] = (),
        *,
        rows: int = ROWS,
    ) -> None:
        self._shown, self._model, self._path = shown, model, path
        self._rows = min(rows, ROWS)
        schema = self._opened(()).schema_arrow
        self.heading = heading_of(schema.names, model, keep, ignore)
        self.carried = pa.schema([_plain(schema.field(name)) for name in self.heading.carried])
        self._texts = [name for name in self.heading.facts if _is_text(schema.field(name).type)]
        self._parquet = self._opened(self._texts)
        self.total: int | None = self._parquet.metadata.num_rows

    def pieces(self, behind: int = 0) -> Iterator[Piece]:
        """The pieces behind so many rows, in order.

        Raises:
            Refused: the file turns out to be damaged.
        """
        group, before = 0, 0
        metadata = self._parquet.metadata
        while group < metadata.num_row_groups and before + metadata.row_group(group).num_rows <= behind:
            before += metadata.row_group(group).num_rows
            group += 1
        done = behind
        for batch in self._batches(range(group, metadata.num_row_groups), behind - before):
            done += batch.num_rows
            yield self._piece(batch, done)

    def _batches(self, groups: Iterable[int], skip: int) -> Iterator["pa.RecordBatch"]:
        """Batches of so many rows each but the last, whatever the row groups are; the first `skip` rows left out."""
        names = list(dict.fromkeys([*self.heading.facts, *self.heading.carried]))
        waiting: list[pa.RecordBatch] = []
        have = 0
        try:
            if not names:
                yield from self._without_columns(groups, skip)
                return
            for batch in self._parquet.iter_batches(self._rows, row_groups=list(groups), columns=names):
                found = batch
                if skip:
                    found, skip = batch.slice(min(skip, batch.num_rows)), max(0, skip - batch.num_rows)
                while found.num_rows:
                    part = found.slice(0, self._rows - have)
                    waiting.append(part)
                    have += part.num_rows
                    found = found.slice(part.num_rows)
                    if have == self._rows:
                        yield _joined(waiting)
                        waiting, have = [], 0
        except (pa.ArrowException, OSError) as error:
            raise self._damaged(error) from None
        if waiting:
            yield _joined(waiting)

    def _without_columns(self, groups: Iterable[int], skip: int) -> Iterator["pa.RecordBatch"]:
        left = sum(self._parquet.metadata.row_group(group).num_rows for group in groups) - skip
        while left > 0:
            yield pa.RecordBatch.from_arrays([pa.nulls(min(left, self._rows))], names=[""])
            left -= self._rows

    def _piece(self, batch: "pa.RecordBatch", done: int) -> Piece:
        facts: dict[str, Column] = {}
        faults: list[RowFault] = []
        for name in self.heading.facts:
            column = batch.column(name)
            if name in self._texts:
                facts[name], wrong = read_column(self._model.facts[name], _as_dictionary(column))
                faults += wrong
            elif pa.types.is_null(column.type):
                continue
            elif name in self._model.groups:
                facts[name] = np.empty(len(column), object)
                facts[name][:] = column.to_pylist()
            else:
                facts[name] = column
        carried = [batch.column(name).cast(self.carried.field(name).type) for name in self.heading.carried]
        return Piece(batch.num_rows, facts, pa.table(carried, schema=self.carried), faults, done, done)

    def _opened(self, texts: Iterable[str]) -> "parquet.ParquetFile":
        try:
            return parquet.ParquetFile(
                self._path, read_dictionary=list(texts), pre_buffer=False, buffer_size=1024 * 1024
            )
        except (pa.ArrowException, OSError) as error:
            raise self._damaged(error) from None

    def _damaged(self, error: Exception) -> Refused:
        if isinstance(error, OSError) and error.strerror:
            return Refused(f"{self._shown} cannot be read: {error.strerror.lower()}")
        return Refused(
            f"{self._shown} is not a whole Parquet file",
            "check that it was copied to its end, or export it again",
        )


def _is_text(type_: "pa.DataType") -> bool:
    if pa.types.is_dictionary(type_):
        return _is_text(type_.value_type)
    return bool(
        pa.types.is_string(type_) or pa.types.is_large_string(type_) or pa.types.is_string_view(type_)
    )


def _as_dictionary(column: "pa.Array[Any]") -> "pa.DictionaryArray[Any, Any]":
    return column if pa.types.is_dictionary(column.type) else column.dictionary_encode()


def _plain(field: "pa.Field[Any]") -> "pa.Field[Any]":
    """A column that is carried through: words in place of codes for them."""
    type_ = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
    return pa.field(field.name, type_)


def _joined(batches: list["pa.RecordBatch"]) -> "pa.RecordBatch":
    if len(batches) == 1:
        return batches[0]
    table = pa.Table.from_batches(batches).unify_dictionaries().combine_chunks()
    return table.to_batches()[0]
