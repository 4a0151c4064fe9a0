"""A policy, a file of cases and a day -> a file of decisions, piece by piece; interrupted or not, the same bytes.

Pieces are decided in order and kept in parts beside the result (`journal`); the parts are joined when all are there,
and only then does the result get its name. With a standard stream on either side nothing is kept.
Deliberately not here: printing (the doors), what a summary says (`summary`).
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from datetime import date
from typing import Any, BinaryIO

import attrs
import pyarrow as pa
import pyarrow.compute as pc

from infoshare.batch.caseload import compile_batch
from infoshare.batch.files.cases import FileFormat, Reader, format_of, identity, opened
from infoshare.batch.files.csv_cases import CsvCases
from infoshare.batch.files.decided import Decided, Tally, decided, schema_of
from infoshare.batch.files.journal import FORMAT, Journal
from infoshare.batch.files.ndjson_cases import NdjsonCases
from infoshare.batch.files.output import Results, results_in
from infoshare.batch.files.parquet_cases import ParquetCases
from infoshare.batch.files.whole_cases import RowsReader, WholeCases
from infoshare.batch.heading import Wanted
from infoshare.diagnostic import Diagnostic
from infoshare.errors import FactsError, Refused
from infoshare.policy.files import quoted
from infoshare.policy.policy import Policy
from infoshare.writing import Output

ROWS_PER_PART = 1_000_000

FAULTS_KEPT = 20
"""Rows that were not decided are reported one by one up to so many; every one has its codes in the result."""

_TEXT_PER_PART = 256 * 1024 * 1024


@attrs.frozen
class Options:
    """What a run is asked to do.

    Attributes:
        cases, out: paths, or `-` for a standard stream.
        inputs: paths of other files that are read, and so never written over.
        as_of: the day to decide for; None is `today`, or the day that an unfinished run was begun for.
        read_as, write_as: the formats, where names do not say them.
        rows_per_part: an interrupted run goes on from a multiple of about so many cases.
        force: whether a result that is there is written over.
        restart: whether an unfinished run is thrown away.
        stop: whether the first row that cannot be decided ends the run.
        case_id: the column whose rows of the same value are one case.
        rows: whether the result tells of each item and recipient too.
    """

    policy: Policy
    cases: str
    out: str
    today: date
    inputs: tuple[str, ...] = ()
    as_of: date | None = None
    presume: bool = True
    keep: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    read_as: FileFormat | None = None
    write_as: FileFormat | None = None
    delimiter: str = ","
    rows_per_part: int = ROWS_PER_PART
    force: bool = False
    restart: bool = False
    stop: bool = False
    case_id: str | None = None
    rows: bool = False


@attrs.frozen
class Reached:
    """How far a run is.

    Attributes:
        share: of the file, from 0 to 1; None where its length is not known.
        joining: whether the decisions are all there and the result is put together.
    """

    cases: int
    share: float | None
    joining: bool = False


@attrs.frozen
class Resumed:
    """What an unfinished run goes on from.

    Attributes:
        cases: how many are decided already.
        distrusted: whether others were, and are decided again, since what was kept of them was altered or damaged.
    """

    as_of: date
    cases: int
    distrusted: bool


@attrs.frozen
class Finished:
    """What a run came to.

    Attributes:
        faults: the first rows that were not decided: the number of the case, from 1, and what is wrong with it.
        resumed: how many cases an earlier run had decided.
    """

    policy: Policy
    as_of: date
    presume: bool
    tally: Tally
    faults: tuple[tuple[int, Diagnostic], ...] = ()
    resumed: int = 0


@attrs.define
class _Part:
    """Decided pieces that are kept together.

    Attributes:
        before: how many cases come before them.
        mark: where the reader goes on behind them.
        faults: the first rows that were not decided, by the number of the case.
        size: how many bytes of text are carried through, which depends on the rows alone.
    """

    before: int
    mark: int
    tables: list[pa.Table] = attrs.field(factory=list)
    tally: Tally = attrs.field(factory=Tally)
    faults: list[tuple[int, Diagnostic]] = attrs.field(factory=list)
    size: int = 0

    def add(self, done: Decided) -> None:
        """Takes another piece in."""
        room = max(FAULTS_KEPT - len(self.faults), 0)
        first = self.before + self.tally.cases + 1
        self.faults += [(first + fault.row, fault.diagnostic) for fault in done.faults[:room]]
        self.tables.append(done.table)
        self.tally += done.tally
        self.mark = done.mark
        texts = (column for column in done.table.columns if pa.types.is_string(column.type))
        self.size += sum(pc.sum(pc.binary_length(column)).as_py() or 0 for column in texts)


@attrs.define
class Run:
    """One run; `go` does it."""

    options: Options
    reached: Callable[[Reached], None] = lambda _: None
    stdin: BinaryIO | None = None
    stdout: BinaryIO | None = None
    resumes: Callable[[Resumed], None] = lambda _: None
    """Called with what an unfinished run goes on from."""
    kept: int = 0
    """How many cases are decided and kept, for another try to go on with."""

    def go(self) -> Finished:
        """Decides every case and writes the result.

        Raises:
            Refused: the run cannot begin, go on or end; what is kept stays for another try.
            NotWritten: the result may not be written there, or the system refuses.
            FactsError: the file has columns that are no facts; with `stop`, a case cannot be decided.
        """
        options = self.options
        read = options.read_as or format_of(options.cases, "--from")
        written = options.write_as or format_of(options.out, "--to")
        if options.out == "-":
            if written is FileFormat.PARQUET:
                raise Refused("Parquet cannot be written to standard output", "name a file with -o")
            with self._opened(read) as file:
                return self._streamed(self._reader(file, read), file, written)
        inputs = (*options.inputs, *([] if options.cases == "-" else [options.cases]))
        output = Output(options.out, inputs, options.force, private=True)
        with Journal(output) as journal:
            journal.look(restart=options.restart)
            if not journal.is_published():
                output.check()
            with self._opened(read) as file:
                return self._kept(self._reader(file, read), file, journal, (read, written))

    def _opened(self, format: FileFormat) -> Any:
        if self.options.cases != "-":
            return opened(self.options.cases)
        if format is FileFormat.PARQUET:
            raise Refused("Parquet cannot be read from standard input", "name the file")
        return nullcontext(self.stdin)

    def _reader(self, file: BinaryIO, format: FileFormat) -> Reader:
        options = self.options
        name, model, rows = options.cases, options.policy.model, options.rows_per_part
        shown = "standard input" if name == "-" else quoted(name)
        called = ("--keep", "--ignore", "--case-id")
        wanted = Wanted(options.keep, options.ignore, called, options.case_id)
        told = options.rows
        found: RowsReader
        match format:
            case FileFormat.PARQUET:
                found = ParquetCases(name, shown, model, wanted, rows=rows, told_of_rows=told)
            case FileFormat.CSV:
                found = CsvCases(
                    file, shown, model, wanted, delimiter=options.delimiter, rows=rows, told_of_rows=told
                )
            case FileFormat.NDJSON:
                if options.case_id is not None:
                    raise Refused("a line of NDJSON is a whole case", "leave --case-id out")
                return NdjsonCases(file, shown, model, wanted, rows=rows, told_of_rows=told)
        return WholeCases(found, shown, model) if found.heading.is_long else found

    def _results(self, reader: Reader, format: FileFormat) -> Results:
        schema = schema_of(reader.carried, rows=self.options.rows)
        return results_in(format, schema, tuple(self.options.policy.model.clauses))

    def _streamed(self, reader: Reader, file: BinaryIO, format: FileFormat) -> Finished:
        """Straight to standard output: nothing is kept."""
        assert self.stdout is not None  # noqa: S101 - the door gives it
        day, results = self.options.as_of or self.options.today, self._results(reader, format)
        tally, faults = Tally(), list[tuple[int, Diagnostic]]()
        self.stdout.write(results.heading())
        size = None if self.options.cases == "-" else identity(file)["size"]
        for part in self._parts(reader, day, size, rows=1):
            faults += part.faults
            tally += part.tally
            self.stdout.write(results.part(part.tables))
            self.stdout.flush()
        return self._finished(day, tally, faults)

    def _kept(
        self, reader: Reader, file: BinaryIO, journal: Journal, formats: tuple[FileFormat, FileFormat]
    ) -> Finished:
        options, before = self.options, journal.binding
        day, seen = options.as_of or options.today, None
        if options.cases == "-":
            journal.begin({})
        else:
            if before and options.as_of is None:
                day = date.fromisoformat(before["as_of"])
            seen = identity(file)
            binding = self._binding(day, seen, formats)
            if not before:
                journal.begin(binding)
            else:
                journal.check(binding, by_rows=formats[0] is not FileFormat.NDJSON)
        try:
            finished = self._gone_on(reader, self._results(reader, formats[1]), journal, day, seen)
            if seen is not None and identity(file) != seen:
                journal.drop()
                raise Refused(
                    f"{quoted(options.cases)} was changed while it was read",
                    "run the same command again when nothing writes to it any more",
                )
        except FactsError:
            journal.drop()
            raise
        finally:
            self.kept = journal.cases
        if journal.is_published():
            journal.drop()
        else:
            self.reached(Reached(finished.tally.cases, 1.0, joining=True))
            journal.publish(self._results(reader, formats[1]).join)
        return finished

    def _gone_on(
        self, reader: Reader, results: Results, journal: Journal, day: date, seen: dict[str, Any] | None
    ) -> Finished:
        resumed = journal.cases
        if resumed or journal.distrusted:
            self.resumes(Resumed(day, resumed, journal.distrusted))
        size = None if seen is None else seen["size"]
        mark = journal.parts[-1].mark if journal.parts else 0
        for part in self._parts(
            reader, day, size, rows=self.options.rows_per_part, before=resumed, mark=mark
        ):
            journal.add(results.part(part.tables), part.mark, part.tally, part.faults)
        tally = sum((part.tally for part in journal.parts), Tally())
        return self._finished(day, tally, [each for part in journal.parts for each in part.faults], resumed)

    def _parts(
        self, reader: Reader, day: date, size: int | None, *, rows: int, before: int = 0, mark: int = 0
    ) -> Iterator[_Part]:
        """Decided pieces, gathered until they make a part of so many rows.

        Args:
            size: of the file in bytes, if it has one.
            before: how many cases are decided already, up to a mark of the reader.
        """
        batch = compile_batch(self.options.policy, as_of=day, presume=self.options.presume)
        total = reader.total if reader.total is not None else size
        part = _Part(before, mark)
        for piece in reader.pieces(mark):
            if not part.before + part.tally.cases:
                reader.check(piece)
            done = decided(batch, piece, rows=self.options.rows)
            if self.options.stop and done.faults:
                raise FactsError(
                    [_with_case(part, fault.row, fault.diagnostic) for fault in done.faults[:FAULTS_KEPT]]
                )
            part.add(done)
            share = None if total is None else min(1.0, piece.reached / max(total, 1))
            self.reached(Reached(part.before + part.tally.cases, share))
            if part.tally.cases >= rows or part.size >= _TEXT_PER_PART:
                yield part
                part = _Part(part.before + part.tally.cases, part.mark)
        if part.tables:
            yield part

    def _binding(
        self, day: date, seen: dict[str, Any], formats: tuple[FileFormat, FileFormat]
    ) -> dict[str, Any]:
        from importlib.metadata import version

        options = self.options
        return {
            "format": FORMAT,
            "software": {name: version(name) for name in ("infoshare", "pyarrow")},
            "policy": options.policy.model.digest,
            "as_of": day.isoformat(),
            "presume": options.presume,
            "cases": seen,
            "options": {
                "from": str(formats[0]),
                "to": str(formats[1]),
                "keep": list(options.keep),
                "ignore": list(options.ignore),
                "delimiter": options.delimiter,
                "rows_per_part": options.rows_per_part,
            }
            | ({} if options.case_id is None else {"case_id": options.case_id})
            | ({"rows": True} if options.rows else {}),
        }

    def _finished(
        self, day: date, tally: Tally, faults: Sequence[tuple[int, Diagnostic]], resumed: int = 0
    ) -> Finished:
        options = self.options
        return Finished(options.policy, day, options.presume, tally, tuple(faults[:FAULTS_KEPT]), resumed)


def _with_case(part: _Part, row: int, fault: Diagnostic) -> Diagnostic:
    case = part.before + part.tally.cases + row + 1
    return attrs.evolve(fault, message=f"case {case:,}: {fault.message}")
