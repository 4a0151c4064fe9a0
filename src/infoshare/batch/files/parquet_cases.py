"""A Parquet file -> pieces of a caseload.

Pages are read as they are needed, so a file of one enormous row group takes no more memory than another.
Deliberately not here: what the columns may hold (`arrow_piece`).
"""

from collections.abc import Iterable, Iterator

import pyarrow as pa
from pyarrow import parquet

from infoshare.batch.files.arrow_piece import carried_in, columns_for, names_in, piece_of, texts_in
from infoshare.batch.files.heading import heading_of
from infoshare.batch.files.piece import Piece
from infoshare.errors import Refused
from infoshare.meaning.model import Model

ROWS = 262_144
"""Rows of a piece at most."""

BYTES = 256 * 1024 * 1024
"""About so many bytes of a piece at most."""


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
        schema = self._opened(()).schema_arrow
        self.heading = heading_of(names_in(schema, model), model, keep, ignore)
        self.carried = carried_in(self.heading, schema, model)
        self._names = columns_for(self.heading, schema)
        self._parquet = self._opened(texts_in(self.heading, schema))
        self.total: int | None = self._parquet.metadata.num_rows
        self._rows = min(rows, _rows_of_a_piece(self._parquet.metadata))

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
            yield piece_of(batch, self.heading, self.carried, self._model, done)

    def _batches(self, groups: Iterable[int], skip: int) -> Iterator["pa.RecordBatch"]:
        """Batches of so many rows each but the last, whatever the row groups are; the first `skip` rows left out."""
        waiting: list[pa.RecordBatch] = []
        have = 0
        try:
            if not self._names:
                yield from self._without_columns(groups, skip)
                return
            for batch in self._in_groups(groups):
                start, skip = min(skip, batch.num_rows), max(0, skip - batch.num_rows)
                while start < batch.num_rows:
                    part = batch.slice(start, self._rows - have)
                    waiting.append(part)
                    start, have = start + part.num_rows, have + part.num_rows
                    if have == self._rows:
                        yield _joined(waiting)
                        waiting, have = [], 0
        except (pa.ArrowException, OSError) as error:
            raise self._damaged(error) from None
        if waiting:
            yield _joined(waiting)

    def _in_groups(self, groups: Iterable[int]) -> Iterator["pa.RecordBatch"]:
        """Batches as Arrow reads them: from one row group at a time, as a code has another meaning in the next."""
        for group in groups:
            yield from self._parquet.iter_batches(self._rows, row_groups=[group], columns=self._names)

    def _without_columns(self, groups: Iterable[int], skip: int) -> Iterator["pa.RecordBatch"]:
        left = sum(self._parquet.metadata.row_group(group).num_rows for group in groups) - skip
        while left > 0:
            yield pa.RecordBatch.from_arrays([pa.nulls(min(left, self._rows))], names=[""])
            left -= self._rows

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
        if isinstance(error, pa.ArrowNotImplementedError):
            return Refused(
                f"{self._shown} holds columns in a form that is not read here",
                "save it again with plain columns: texts, numbers, dates, and lists and records of these",
            )
        return Refused(
            f"{self._shown} is not a whole Parquet file",
            "check that it was copied to its end, or export it again",
        )


def _rows_of_a_piece(metadata: "parquet.FileMetaData") -> int:
    """How many rows: fewer where they are long."""
    size = sum(metadata.row_group(group).total_byte_size for group in range(metadata.num_row_groups))
    return max(1, min(ROWS, BYTES * int(metadata.num_rows) // max(int(size), 1)))


def _joined(batches: list["pa.RecordBatch"]) -> "pa.RecordBatch":
    if len(batches) == 1:
        return batches[0]
    table = pa.Table.from_batches(batches).unify_dictionaries().combine_chunks()
    return table.to_batches()[0]
