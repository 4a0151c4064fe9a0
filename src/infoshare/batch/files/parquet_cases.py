"""Columns of Arrow, and the Parquet files that hold them -> pieces of a caseload.

Pages are read as they are needed, so a file of one enormous row group takes no more memory than another.
Deliberately not here: what stands in the columns (`infoshare.batch`, as for any table).
"""

from collections.abc import Iterable, Iterator

import attrs
import pyarrow as pa
from pyarrow import parquet

from infoshare.batch import arrow
from infoshare.batch.files.cases import Piece
from infoshare.batch.heading import Heading, Wanted, flat, heading_of
from infoshare.errors import Refused
from infoshare.meaning.model import Model

ROWS = 262_144
"""Rows of a piece at most."""

BYTES = 256 * 1024 * 1024
"""About so many bytes of a piece at most."""


@attrs.frozen(eq=False)
class Columns:
    """Which columns of Arrow are what; those in records for a group stand for themselves.

    Attributes:
        carried: what is carried through: words in the place of codes for them.
    """

    model: Model
    wanted: Wanted
    heading: Heading
    carried: pa.Schema

    @staticmethod
    def of(schema: "pa.Schema", model: Model, wanted: Wanted, *, rows: bool = False) -> "Columns":
        """The columns of such a table. Raises FactsError if a column is no fact."""
        empty = schema.empty_table()
        columns = flat(zip(schema.names, map(arrow.whole, empty.columns), strict=True), model, wanted)
        heading = heading_of([name for name, _ in columns], model, wanted, rows=rows).checked()
        kinds = {name: column.type for name, column in columns}
        plain = [(name, _without_codes(kinds[name])) for name in heading.carried]
        return Columns(model, wanted, heading, pa.schema(plain))

    def needed(self, schema: "pa.Schema") -> list[str]:
        """The columns that have to be read, in the order of the table."""
        named = {*self.heading.read, *self.heading.carried}
        groups = {name.partition(".")[0] for name in named}
        return [
            n
            for n in schema.names
            if n in named or (n in groups and pa.types.is_struct(schema.field(n).type))
        ]

    def piece(self, batch: "pa.RecordBatch", done: int = 0) -> Piece:
        """The piece that a batch makes.

        Args:
            done: rows up to its end.
        """
        columns = dict(flat(zip(batch.schema.names, batch.columns, strict=True), self.model, self.wanted))
        kept = [columns[field.name].cast(field.type) for field in self.carried]
        facts = {name: columns[name] for name in self.heading.read}
        return Piece(batch.num_rows, facts, pa.table(kept, schema=self.carried), (), done, done)


class ParquetCases:
    """The cases of a Parquet file.

    Args:
        path: of the file.
        shown: what to call it.
        model: of the policy that will decide.
        wanted: what is asked of its columns.
        told_of_rows: whether the result tells of each item and recipient too.

    Raises:
        Refused: it is no Parquet, or not whole.
        FactsError: a column is no fact.
    """

    def __init__(
        self,
        path: str,
        shown: str,
        model: Model,
        wanted: Wanted,
        *,
        rows: int = ROWS,
        told_of_rows: bool = False,
    ) -> None:
        self._shown, self._path = shown, path
        schema = self._opened(()).schema_arrow
        self._columns = Columns.of(schema, model, wanted, rows=told_of_rows)
        self.carried, self.heading = self._columns.carried, self._columns.heading
        self._names = self._columns.needed(schema)
        self._parquet = self._opened([name for name in self._names if _is_string(schema.field(name).type)])
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
            yield self._columns.piece(batch, done)

    def check(self, piece: Piece) -> None:
        """The heading was held against the policy already."""

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


def _without_codes(kind: "pa.DataType") -> "pa.DataType":
    return kind.value_type if arrow.is_coded(kind) else kind


def _is_string(kind: "pa.DataType") -> bool:
    return arrow.is_string(_without_codes(kind))


def _rows_of_a_piece(metadata: "parquet.FileMetaData") -> int:
    """How many rows: fewer where they are long."""
    size = sum(metadata.row_group(group).total_byte_size for group in range(metadata.num_row_groups))
    return max(1, min(ROWS, BYTES * int(metadata.num_rows) // max(int(size), 1)))


def _joined(batches: list["pa.RecordBatch"]) -> "pa.RecordBatch":
    if len(batches) == 1:
        return batches[0]
    table = pa.Table.from_batches(batches).unify_dictionaries().combine_chunks()
    return table.to_batches()[0]
