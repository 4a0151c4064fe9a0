"""A policy and a day -> what decides whole tables.

Invariant: row for row what `Policy.decide` says of the case; nothing is decided while anything is wrong.
Deliberately not here: kinds of tables (`tables`), reading columns (`reading`), the functions (`form`).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

import attrs
import numpy as np

from infoshare.batch import bits, patterns, tables
from infoshare.batch.bits import Bits, Values
from infoshare.batch.columns import BASES, OUTCOMES, Columns
from infoshare.batch.completing import completed
from infoshare.batch.form import Form, form_of
from infoshare.batch.form import program_of as form_program
from infoshare.batch.inputs import Inputs
from infoshare.batch.patterns import Finding, Told, told_by
from infoshare.batch.program import Program
from infoshare.batch.reading import Reader, rows_told
from infoshare.batch.signals import Shape
from infoshare.batch.vocabulary import Split, split
from infoshare.batch.wide import Wide, program_of_ways, wide_of
from infoshare.batch.wide import program_of as wide_program
from infoshare.diagnostic import Diagnostic
from infoshare.errors import FactsError
from infoshare.load import Policy

TableT = TypeVar("TableT")
"""The kind of table that is given, and given back."""

MOST_FAULTS = 100
"""Faults of one table that are told."""

MOST_SHAPES = 64
"""Programs that are kept, one for each set of facts that tables leave out."""


@attrs.frozen(eq=False, slots=False)
class Batch:
    """A policy made ready to decide tables of cases, all for one day.

    Immutable, picklable, and safe to share between threads. What it needs it makes when it is first asked to decide.

    Attributes:
        policy: the policy.
        as_of: the day that every case is decided for.
        presume: whether `unanswered means` is applied.
    """

    policy: Policy = attrs.field(repr=False)
    as_of: date
    presume: bool = True

    def decide(
        self, table: TableT, *, keep: Collection[str] = (), ignore: Collection[str] = (), first_row: int = 1
    ) -> TableT:
        """Decides every row of a table.

        Args:
            table: a table of Polars, pandas, PyArrow or DuckDB, or a mapping of NumPy arrays; a column for each
                fact, named `group.fact`, with null for what nobody answered.
            keep: columns that are no facts and are carried through; `case` always is.
            ignore: columns that are no facts and are left out.
            first_row: what errors call the first row.

        Returns:
            A table of the same kind: what is kept, then `outcome`, `basis`, `mandatory`, `fired`, `possible`, `exact`.

        Raises:
            FactsError: a column or an answer cannot be read, or a row says what is impossible; nothing is decided.
        """
        given = tables.opened(table)
        decided = self._columns(given, keep, ignore, first_row)
        kept = {n: c for n, c in given.columns.items() if n in keep or n == "case"}
        made: TableT = given.rebuilt(kept, dict(decided.items()))
        return made

    def decide_columns(
        self, table: Any, *, keep: Collection[str] = (), ignore: Collection[str] = (), first_row: int = 1
    ) -> Columns:
        """As `decide`, with the answer still as bits and codes: much quicker where it is counted or filtered."""
        return self._columns(tables.opened(table), keep, ignore, first_row)

    def __getstate__(self) -> dict[str, Any]:
        return {"policy": self.policy, "as_of": self.as_of, "presume": self.presume}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        self.__dict__.update(state)

    @cached_property
    def _form(self) -> Form | None:
        return form_of(self.policy.model, self.as_of)

    @cached_property
    def _wide(self) -> Wide | None:
        return wide_of(self.policy.model, self.as_of)

    @cached_property
    def _ways(self) -> Program:
        if self._wide is None:
            raise AssertionError("only what has functions for every clause is completed")
        return program_of_ways(self._wide)

    @cached_property
    def _told(self) -> Told:
        return told_by(self.policy.model, self.as_of)

    @cached_property
    def _programs(self) -> dict[Any, Program]:
        return {}

    def _columns(
        self, given: tables.Table, keep: Collection[str], ignore: Collection[str], first_row: int
    ) -> Columns:
        model = self.policy.model
        found = split(model, given, keep, ignore)
        reader = Reader(given.rows)
        answers = {path: reader.read(model.facts[path], column) for path, column in found.facts.items()}
        faults = [*found.faults, *(fault.told(first_row) for fault in reader.faults)]
        for group, lists in found.lists.items():
            faults += patterns.list_faults(model, group, lists, first_row)
        _refuse(faults)
        inputs = Inputs(model, self.as_of, given.rows, answers, presume=self.presume)
        names = (*_PARTS, *(f"fired:{name}" for name in self._clauses))
        out = {name: bits.zeros(given.rows) for name in names}
        general = self._by_program(inputs, found, out)
        if bits.any_in(general, given.rows):
            self._by_pattern(inputs, found, bits.rows_of(general, given.rows), out, first_row)
        return Columns(
            given.rows, self._clauses, out, model.policy_in_force(self.as_of), inputs.unknown_rows()
        )

    @cached_property
    def _clauses(self) -> tuple[str, ...]:
        return tuple(self.policy.model.clauses)

    def _by_program(self, inputs: Inputs, found: Split, out: Mapping[str, Bits]) -> Bits:
        """Decides what bit columns can decide, and says which rows are left."""
        form = self._form
        if form is not None:
            program = self._program(inputs.shape(), lambda shape: form_program(form, shape))
            left = self._run(program, inputs.for_program(form, program.inputs), out, "impossible")
            left |= inputs.half_compared(form) | _with_lists(found, inputs.rows)
            return left
        wide = self._wide
        if wide is None:
            return bits.ones(inputs.rows)
        program = self._program(inputs.shape(), lambda shape: wide_program(wide, shape))
        left = self._run(program, inputs.for_program(wide, program.inputs), out, "open")
        lists = _with_lists(found, inputs.rows)
        rows = bits.rows_of(left & ~lists, inputs.rows)
        if len(rows):
            done = completed(wide, self._ways, inputs, rows)
            for name, truths in done.parts.items():
                bits.put(out[name], inputs.rows, done.rows, truths)
            bits.put(left, inputs.rows, done.rows, np.zeros(len(done.rows), bool))
        return left | lists

    def _program(self, shape: Shape, made: Callable[[Shape], Program]) -> Program:
        key = tuple(shape.items())
        found = self._programs.get(key)
        if found is None:
            if len(self._programs) >= MOST_SHAPES:
                self._programs.clear()
            found = self._programs[key] = made(shape)
        return found

    @staticmethod
    def _run(program: Program, read: Sequence[Bits], out: Mapping[str, Bits], left: str) -> Bits:
        """Runs a program on every row; gives its output that says which rows are left."""
        rest = np.zeros_like(out["outcome0"])
        made = {name: rest if name == left else out[name] for name in program.outputs}
        program.run(read, made, 0, len(rest))
        return rest

    def _by_pattern(
        self,
        inputs: Inputs,
        found: Split,
        rows: Values,
        out: Mapping[str, Bits],
        first_row: int,
    ) -> None:
        model = self.policy.model
        got = patterns.decided(
            model, self.as_of, self._told, inputs.answers, found.lists, chosen=rows, presume=self.presume
        )
        _refuse(_impossible(got, rows, first_row))
        findings = [each for each in got.findings if isinstance(each, Finding)]
        for name, where in out.items():
            truths = np.array([_part(name, each) for each in findings], bool)
            bits.put(where, inputs.rows, rows, truths[got.of_row])


def _with_lists(found: Split, rows: int) -> Bits:
    """The rows that give a list."""
    given = bits.zeros(rows)
    for values in found.lists.values():
        given |= bits.packed(values.codes >= 0)
    return given


_PARTS = (
    "outcome0",
    "outcome1",
    "basis0",
    "basis1",
    "possible0",
    "possible1",
    "possible2",
    "possible3",
    "mandatory",
    "mandatory?",
    "inexact",
)


def _part(name: str, found: Finding) -> bool:
    """One bit of what was found; see `form.program_of`."""
    if name.startswith("fired:"):
        return name.removeprefix("fired:") in found.fired
    place = int(name[-1]) if name[-1].isdigit() else 0
    match name.rstrip("0123456789"):
        case "outcome":
            return bool(OUTCOMES.index(found.outcome) >> place & 1)
        case "basis":
            return bool(BASES.index(found.basis) >> place & 1)
        case "possible":
            return OUTCOMES[place] in found.possible
        case "mandatory":
            return found.mandatory is True
        case "mandatory?":
            return found.mandatory is not None
        case _:
            return not found.exact


def _impossible(got: patterns.Patterns, rows: Values, first_row: int) -> list[Diagnostic]:
    kinds: dict[tuple[str, str | None], tuple[Diagnostic, list[int]]] = {}
    for number, found in enumerate(got.findings):
        if isinstance(found, FactsError):
            for each in found.diagnostics:
                kinds.setdefault((each.message, each.path), (each, []))[1].append(number)
    return [
        attrs.evolve(
            each, message=f"{each.message}, {rows_told(rows[np.isin(got.of_row, numbers)], first_row)}"
        )
        for each, numbers in kinds.values()
    ]


def _refuse(faults: Sequence[Diagnostic]) -> None:
    if not faults:
        return
    error = FactsError(faults[:MOST_FAULTS])
    if len(faults) > MOST_FAULTS:
        error.add_note(f"and {len(faults) - MOST_FAULTS:,} more of this kind")
    raise error


def compile_batch(policy: Policy, *, as_of: date, presume: bool = True) -> Batch:
    """A policy made ready to decide tables for a day.

    Args:
        policy: as `infoshare.load` gives it.
        as_of: the day that every case is decided for.
        presume: whether `unanswered means` is applied.

    Raises:
        FactsError: the day is no calendar date.
    """
    if type(as_of) is not date:
        help_ = "write `date(2026, 1, 31)`, without a time of day"
        raise FactsError(
            [Diagnostic("IS411", "a calendar date was expected for `as_of`", help=(help_,), path="as_of")]
        )
    return Batch(policy, as_of, presume)


def decide_table(
    policy: Policy,
    table: TableT,
    *,
    as_of: date,
    presume: bool = True,
    keep: Collection[str] = (),
    ignore: Collection[str] = (),
) -> TableT:
    """Decides every row of a table; see `Batch.decide`."""
    return compile_batch(policy, as_of=as_of, presume=presume).decide(table, keep=keep, ignore=ignore)
