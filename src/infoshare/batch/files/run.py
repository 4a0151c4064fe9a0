"""A policy, a file of cases and a day -> a file of decisions, piece by piece; interrupted or not, the same bytes.

Pieces are decided in order and kept in parts beside the result (`unfinished`); the parts are joined when all
are there, and only then does the result get its name. With a standard stream on either side nothing is kept.
Deliberately not here: printing (the doors), what a summary says (`summary`).
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any, BinaryIO

import attrs
import pyarrow as pa
import pyarrow.compute as pc

from infoshare.batch.caseload import Batch, compile_batch
from infoshare.batch.files.decided import Decided, decided, schema_of
from infoshare.batch.files.formats import FileFormat, format_of
from infoshare.batch.files.journal import FORMAT, Journal
from infoshare.batch.files.opening import Cases, identity, opened_cases
from infoshare.batch.files.piece import RowFault
from infoshare.batch.files.results import Results, results_in
from infoshare.batch.files.tally import Tally
from infoshare.diagnostic import Diagnostic
from infoshare.errors import FactsError, Refused
from infoshare.policy.files import quoted
from infoshare.policy.policy import Policy
from infoshare.writing import Output

ROWS_PER_PART = 1_000_000

FAULTS_KEPT = 20
"""Rows that were not decided are told one by one up to so many; every one has its codes in the result."""

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
    """With what an unfinished run goes on.

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
class Run:
    """One run; `go` does it."""

    options: Options
    reached: Callable[[Reached], None] = lambda _: None
    stdin: BinaryIO | None = None
    stdout: BinaryIO | None = None
    resumes: Callable[[Resumed], None] = lambda _: None
    """Told with what an unfinished run goes on."""
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
            with opened_cases(options.cases, read, options, self.stdin) as cases:
                return self._streamed(cases, self._results(written, cases))
        inputs = (*options.inputs, *([] if options.cases == "-" else [options.cases]))
        output = Output(options.out, inputs, options.force, private=True)
        with Journal(output) as journal:
            journal.look(restart=options.restart)
            if not journal.is_published():
                output.check()
            with opened_cases(options.cases, read, options, self.stdin) as cases:
                return self._kept(cases, self._results(written, cases), journal, (read, written))

    def _results(self, format: FileFormat, cases: Cases) -> Results:
        return results_in(format, schema_of(cases.carried), tuple(self.options.policy.model.clauses))

    def _batch(self, day: date) -> Batch:
        return compile_batch(self.options.policy, as_of=day, presume=self.options.presume)

    def _streamed(self, cases: Cases, results: Results) -> Finished:
        """Straight to standard output: nothing is kept."""
        assert self.stdout is not None  # noqa: S101 - the door gives it
        day = self.options.as_of or self.options.today
        tally, faults = Tally(), _Faults()
        self.stdout.write(results.heading())
        for done in self._decided(cases, self._batch(day), Tally(), 0):
            faults.add(tally.cases, done.faults)
            tally += done.tally
            self.stdout.write(results.rows(done.table))
            self.stdout.flush()
        return self._finished(day, tally, faults.first)

    def _kept(
        self, cases: Cases, results: Results, journal: Journal, formats: tuple[FileFormat, FileFormat]
    ) -> Finished:
        options, before = self.options, journal.binding
        day = options.as_of or options.today
        if options.cases == "-":
            journal.begin({})
        else:
            if before and options.as_of is None:
                day = date.fromisoformat(before["as_of"])
            binding = self._binding(day, cases, formats)
            if not before:
                journal.begin(binding)
            else:
                journal.check(binding, by_rows=formats[0] is not FileFormat.NDJSON)
        try:
            return self._gone_on(cases, results, journal, day)
        except FactsError:
            journal.drop()
            raise
        finally:
            self.kept = journal.cases

    def _gone_on(self, cases: Cases, results: Results, journal: Journal, day: date) -> Finished:
        options = self.options
        tally = sum((part.tally for part in journal.parts), Tally())
        resumed = tally.cases
        if resumed or journal.distrusted:
            self.resumes(Resumed(day, resumed, journal.distrusted))
        faults = [found for part in journal.parts for found in part.faults]
        mark = journal.parts[-1].mark if journal.parts else 0
        for tables, marked, counted, found in self._parts(cases, self._batch(day), tally, mark):
            journal.add(results.part(tables), marked, counted, found)
            faults += found
            tally += counted
        if options.cases != "-" and identity(cases.file) != cases.identity:
            journal.drop()
            raise Refused(
                f"{quoted(options.cases)} was changed while it was read",
                "run the same command again when nothing writes to it any more",
            )
        if journal.is_published():
            journal.drop()
        else:
            self.reached(Reached(tally.cases, 1.0, joining=True))
            journal.publish(results.join)
        first = [
            (row, Diagnostic(code, said, help=tuple(help_), path=at)) for row, code, at, said, help_ in faults
        ]
        return self._finished(day, tally, first, resumed)

    def _parts(self, cases: Cases, batch: Batch, tally: Tally, mark: int) -> Iterator[tuple[Any, ...]]:
        """Decided pieces, gathered until they make a part."""
        tables: list[pa.Table] = []
        counted, found, last, size = Tally(), _Faults(), mark, 0
        begun = tally.cases
        for done in self._decided(cases, batch, tally, mark):
            found.add(begun + counted.cases, done.faults)
            tables.append(done.table)
            counted += done.tally
            last, size = done.mark, size + _text_in(done.table)
            if counted.cases >= self.options.rows_per_part or size >= _TEXT_PER_PART:
                yield tables, last, counted, found.lines()
                begun += counted.cases
                tables, counted, found, size = [], Tally(), _Faults(), 0
        if tables:
            yield tables, last, counted, found.lines()

    def _decided(self, cases: Cases, batch: Batch, tally: Tally, mark: int) -> Iterator[Decided]:
        count = tally.cases
        for number, piece in enumerate(cases.pieces(mark)):
            if number == 0 and not mark:
                cases.check(piece)
            done = decided(batch, piece)
            if self.options.stop and done.faults:
                raise FactsError([_told(count, fault) for fault in done.faults[:FAULTS_KEPT]])
            count += piece.rows
            self.reached(Reached(count, cases.share(piece)))
            yield done

    def _binding(self, day: date, cases: Cases, formats: tuple[FileFormat, FileFormat]) -> dict[str, Any]:
        from importlib.metadata import version

        options = self.options
        return {
            "format": FORMAT,
            "software": {name: version(name) for name in ("infoshare", "pyarrow")},
            "policy": options.policy.model.digest,
            "as_of": day.isoformat(),
            "presume": options.presume,
            "cases": cases.identity,
            "options": {
                "from": str(formats[0]),
                "to": str(formats[1]),
                "keep": list(options.keep),
                "ignore": list(options.ignore),
                "delimiter": options.delimiter,
                "rows_per_part": options.rows_per_part,
            },
        }

    def _finished(
        self, day: date, tally: Tally, faults: Sequence[tuple[int, Diagnostic]], resumed: int = 0
    ) -> Finished:
        return Finished(
            self.options.policy, day, self.options.presume, tally, tuple(faults[:FAULTS_KEPT]), resumed
        )


class _Faults:
    """The first rows that were not decided, by the number of the case."""

    def __init__(self, first: list[tuple[int, Diagnostic]] | None = None) -> None:
        self.first = first or []

    def add(self, before: int, faults: Sequence[RowFault]) -> None:
        """Notes faults of a piece that so many cases stand before."""
        room = FAULTS_KEPT - len(self.first)
        self.first += [(before + fault.row + 1, fault.diagnostic) for fault in faults[: max(room, 0)]]

    def lines(self) -> list[tuple[int, str, str | None, str, tuple[str, ...]]]:
        """As the journal keeps them."""
        return [(row, d.code, d.path, d.message, d.help) for row, d in self.first]


def _told(before: int, fault: RowFault) -> Diagnostic:
    return attrs.evolve(
        fault.diagnostic, message=f"case {before + fault.row + 1:,}: {fault.diagnostic.message}"
    )


def _text_in(table: pa.Table) -> int:
    """How many bytes of text are carried through: a number that hangs on the rows alone."""
    texts = (column for column in table.columns if pa.types.is_string(column.type))
    return sum(pc.sum(pc.binary_length(column)).as_py() or 0 for column in texts)
