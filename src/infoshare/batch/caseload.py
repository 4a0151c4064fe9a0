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
from infoshare.batch.answers import Answers
from infoshare.batch.arrow import Column
from infoshare.batch.bits import Bits, Values
from infoshare.batch.columns import BASES, OUTCOMES, Columns
from infoshare.batch.completing import completed
from infoshare.batch.form import Form, form_of, turns_of
from infoshare.batch.form import program_of as form_program
from infoshare.batch.inputs import Inputs
from infoshare.batch.patterns import Finding
from infoshare.batch.program import Program
from infoshare.batch.reading import Fault, read_column
from infoshare.batch.signals import Shape
from infoshare.batch.vocabulary import Lists, read_lists, split, too_many_rows
from infoshare.batch.wide import Wide, program_of_ways, wide_of
from infoshare.batch.wide import program_of as wide_program
from infoshare.diagnostic import Diagnostic
from infoshare.errors import FactsError
from infoshare.meaning.diagram import Diagram
from infoshare.meaning.distinctions import Distinctions, distinctions
from infoshare.meaning.world import facts_of
from infoshare.policy.policy import Policy

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
                fact, named `group.fact`, with null for what nobody answered. Columns of texts are read as cells of
                CSV are.
            keep: columns that are no facts and are carried through; `case` always is.
            ignore: columns that are no facts and are left out.
            first_row: what errors call the first row.

        Returns:
            A table of the same kind: what is kept, then `outcome`, `basis`, `mandatory`, `fired`, `possible`, `exact`.

        Raises:
            FactsError: a column or an answer cannot be read, or a row says what is impossible; nothing is decided.
        """
        given = tables.opened(table)
        decided = self._strictly(given, keep, ignore, first_row)
        kept = {n: c for n, c in given.columns.items() if n in keep or n == "case"}
        made: TableT = given.rebuilt(kept, dict(decided.items()))
        return made

    def decide_columns(
        self, table: Any, *, keep: Collection[str] = (), ignore: Collection[str] = (), first_row: int = 1
    ) -> Columns:
        """As `decide`, with the answer still as bits and codes: much quicker where it is counted or filtered."""
        return self._strictly(tables.opened(table), keep, ignore, first_row)

    def decide_what_can_be(self, columns: Mapping[str, Column], rows: int) -> tuple[Columns, Sequence[Fault]]:
        """Decides the rows without a fault; what the others come to says nothing.

        Args:
            columns: of facts and lists, by name.
            rows: how many there are, also where there is no column.

        Returns:
            The decisions, with what they wait for, and every fault with its rows. Of a row that holds what cannot be
            read, it is not said whether its answers are impossible together.
        """
        return self._decided(*self._read(columns, rows), waiting=True)

    def _strictly(
        self, given: tables.Table, keep: Collection[str], ignore: Collection[str], first_row: int
    ) -> Columns:
        found = split(self.policy.model, given, keep, ignore)
        inputs, lists, faults = self._read(found.columns, given.rows)
        _refuse([*found.faults, *(fault.told(first_row) for fault in faults)])
        columns, faults = self._decided(inputs, lists, ())
        _refuse([fault.told(first_row) for fault in faults])
        return columns

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
    def _asked(self) -> tuple[str, ...]:
        """The facts, and lists, that what decides speaks of, in policy order."""
        model = self.policy.model
        found = {
            fact.group if fact.each else fact.path
            for each in (*model.clauses.values(), *model.exceptions.values())
            if model.in_force(each, self.as_of)
            for condition in (each.when, each.unless)
            if condition is not None
            for fact in facts_of(model, condition)
        }
        names = dict.fromkeys(fact.group if fact.each else fact.path for fact in model.facts.values())
        return tuple(name for name in names if name in found)

    @cached_property
    def _turns(self) -> Mapping[str, Diagram]:
        return {} if self._form is None else turns_of(self._form, self._asked)

    @cached_property
    def _told(self) -> Distinctions:
        return distinctions(self.policy.model, self.as_of)

    @cached_property
    def _programs(self) -> dict[Any, Program]:
        return {}

    def _read(
        self, columns: Mapping[str, Column], rows: int
    ) -> tuple[Inputs, Mapping[str, Lists], Sequence[Fault]]:
        """The answers of every column, and what is wrong with which rows."""
        model = self.policy.model
        answers: dict[str, Answers] = {}
        lists: dict[str, Lists] = {}
        faults: list[Fault] = []
        for name, column in columns.items():
            if name in model.facts:
                answers[name], found = read_column(model.facts[name], column)
            else:
                lists[name], found = read_lists(model, name, column)
            faults += found
        faults += too_many_rows(lists)
        return Inputs(model, self.as_of, rows, answers, presume=self.presume), lists, faults

    def _decided(
        self, inputs: Inputs, lists: Mapping[str, Lists], faults: Sequence[Fault], *, waiting: bool = False
    ) -> tuple[Columns, Sequence[Fault]]:
        keys = self._asked if waiting else ()
        names = (*_PARTS, *(f"fired:{name}" for name in self._clauses), *(f"waits:{key}" for key in keys))
        out = {name: bits.zeros(inputs.rows) for name in names}
        general = self._by_program(inputs, lists, out)
        if faults:
            wrong = np.unique(np.concatenate([fault.rows for fault in faults]))
            bits.put(general, inputs.rows, wrong, np.zeros(len(wrong), bool))
        if bits.any_in(general, inputs.rows):
            rows = bits.rows_of(general, inputs.rows)
            faults = [*faults, *self._by_pattern(inputs, lists, rows, out)]
        unknown = inputs.unknown_rows()
        for group, about in self.policy.model.groups.items():
            if about.each:
                unknown[group] = lists[group].unknown if group in lists else True
        waits = {key: out[f"waits:{key}"] for key in keys if unknown[key] is not False}
        for key, where in waits.items():
            if unknown[key] is not True:
                np.bitwise_and(where, unknown[key], out=where)
        in_force = self.policy.model.policy_in_force(self.as_of)
        return Columns(inputs.rows, self._clauses, out, in_force, unknown, waits), faults

    @cached_property
    def _clauses(self) -> tuple[str, ...]:
        return tuple(self.policy.model.clauses)

    def _by_program(self, inputs: Inputs, lists: Mapping[str, Lists], out: Mapping[str, Bits]) -> Bits:
        """Decides what bit columns can decide, and says which rows are left."""
        form = self._form
        if form is not None:
            turns = self._turns if any(name.startswith("waits:") for name in out) else {}
            program = self._program(
                inputs.shape(), bool(turns), lambda shape: form_program(form, shape, turns)
            )
            left = self._run(program, inputs.for_program(form, program.inputs), out, "impossible")
            left |= inputs.half_compared(form) | _with_lists(lists, inputs.rows)
            return left
        wide = self._wide
        if wide is None:
            return bits.ones(inputs.rows)
        program = self._program(inputs.shape(), False, lambda shape: wide_program(wide, shape))
        left = self._run(program, inputs.for_program(wide, program.inputs), out, "open")
        for name, where in out.items():
            if name.startswith("waits:"):
                where[:] = bits.ones(inputs.rows)  # what one diagram does not hold, any of them may change
        listed = _with_lists(lists, inputs.rows)
        rows = bits.rows_of(left & ~listed, inputs.rows)
        if len(rows):
            done = completed(wide, self._ways, inputs, rows)
            for name, truths in done.parts.items():
                bits.put(out[name], inputs.rows, done.rows, truths)
            bits.put(left, inputs.rows, done.rows, np.zeros(len(done.rows), bool))
        return left | listed

    def _program(self, shape: Shape, waiting: bool, made: Callable[[Shape], Program]) -> Program:
        key = (waiting, *shape.items())
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
        self, inputs: Inputs, lists: Mapping[str, Lists], rows: Values, out: Mapping[str, Bits]
    ) -> list[Fault]:
        """Decides rows by the definition; gives those whose answers are impossible together."""
        got = patterns.decided(
            self.policy.model,
            self.as_of,
            self._told,
            inputs.answers,
            lists,
            chosen=rows,
            presume=self.presume,
        )
        for name, where in out.items():
            truths = np.array([isinstance(f, Finding) and _part(name, f) for f in got.findings], bool)
            bits.put(where, inputs.rows, rows, truths[got.of_row])
        kinds: dict[Diagnostic, list[int]] = {}
        for number, found in enumerate(got.findings):
            for each in found.diagnostics if isinstance(found, FactsError) else ():
                kinds.setdefault(each, []).append(number)
        return [Fault(each, rows[np.isin(got.of_row, numbers)]) for each, numbers in kinds.items()]


def _with_lists(lists: Mapping[str, Lists], rows: int) -> Bits:
    """The rows that give a list."""
    given = bits.zeros(rows)
    for values in lists.values():
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
    kind, _, of = name.partition(":")
    if of:
        return of in (found.fired if kind == "fired" else found.waiting)
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
