"""A policy and a day -> what decides whole tables.

Invariant: row for row what `Policy.decide` says of the case; nothing is decided while anything is wrong.
Deliberately not here: kinds of tables (`tables`), reading columns (`reading`), the functions (`form`).
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

import attrs
import numpy as np

from infoshare.batch import bits, patterns, tables
from infoshare.batch.bits import Values
from infoshare.batch.columns import BASES, OUTCOMES, Columns
from infoshare.batch.form import Form, form_of, program_of
from infoshare.batch.inputs import Inputs
from infoshare.batch.patterns import Finding, Told, told_by
from infoshare.batch.program import Program
from infoshare.batch.reading import Reader, rows_told
from infoshare.batch.vocabulary import Split, split
from infoshare.diagnostic import Diagnostic
from infoshare.errors import FactsError
from infoshare.load import Policy

MOST_FAULTS = 100
"""Faults of one table that are told."""


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
        self, table: Any, *, keep: Collection[str] = (), ignore: Collection[str] = (), first_row: int = 1
    ) -> Any:
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
        return given.rebuilt(kept, dict(decided.items()))

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
        for group, values in found.lists.items():
            faults += patterns.list_faults(model, group, values, first_row)
        _refuse(faults)
        inputs = Inputs(model, self.as_of, given.rows, answers, presume=self.presume)
        names = (*_PARTS, *(f"fired:{name}" for name in self._clauses))
        out = {name: bits.zeros(given.rows) for name in names}
        general = self._by_program(inputs, found, out)
        rows = bits.rows_of(general, given.rows)
        if len(rows):
            self._by_pattern(inputs, found, rows, out, first_row)
        return Columns(
            given.rows, self._clauses, out, model.policy_in_force(self.as_of), inputs.unknown_rows()
        )

    @cached_property
    def _clauses(self) -> tuple[str, ...]:
        return tuple(self.policy.model.clauses)

    def _by_program(self, inputs: Inputs, found: Split, out: Mapping[str, bits.Bits]) -> bits.Bits:
        """Decides what bit columns can decide, and says which rows are left."""
        form = self._form
        if form is None:
            return bits.ones(inputs.rows)
        shape = inputs.shape()
        key = tuple(shape.items())
        program = self._programs.get(key)
        if program is None:
            program = self._programs[key] = program_of(form, shape)
        read = inputs.for_program(form, program.inputs)
        made = {name: out[name] for name in program.outputs if name in out}
        impossible = bits.zeros(inputs.rows)
        made["impossible"] = impossible
        size = bits.words(inputs.rows)
        program.run(read, made, 0, size)
        general = impossible | inputs.half_compared(form)
        for values in found.lists.values():
            general |= bits.packed(np.array([v is not None for v in values], bool))
        return general

    def _by_pattern(
        self,
        inputs: Inputs,
        found: Split,
        rows: Values,
        out: Mapping[str, bits.Bits],
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
    table: Any,
    *,
    as_of: date,
    presume: bool = True,
    keep: Collection[str] = (),
    ignore: Collection[str] = (),
) -> Any:
    """Decides every row of a table; see `Batch.decide`."""
    return compile_batch(policy, as_of=as_of, presume=presume).decide(table, keep=keep, ignore=ignore)
