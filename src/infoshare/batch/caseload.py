"""A policy and a day -> what decides whole tables.

Invariant: row for row what `Policy.decide` says of the case; nothing is decided while anything is wrong.
Deliberately not here: kinds of tables (`tables`), reading columns (`reading`), the functions (`whole_policy`,
`each_clause`) and what they leave open (`row_groups`).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

import attrs
import numpy as np

from infoshare.batch import bits, each_clause, row_groups, tables, whole_policy
from infoshare.batch.answers import Answers
from infoshare.batch.arrow import Column
from infoshare.batch.bits import Bits, Values
from infoshare.batch.circuit import Program, Shape
from infoshare.batch.columns import BASES, IN_ROWS, OUTCOMES, Columns, ToldOfRows
from infoshare.batch.each_clause import EachClause
from infoshare.batch.heading import Wanted, flat, heading_of
from infoshare.batch.inputs import Inputs
from infoshare.batch.long_form import gathered
from infoshare.batch.reading import Fault, Lists, read_column, read_lists, too_many_rows
from infoshare.batch.row_groups import Finding
from infoshare.batch.whole_policy import WholePolicy
from infoshare.diagnostic import Diagnostic
from infoshare.errors import FactsError
from infoshare.meaning.case import Case
from infoshare.meaning.diagram import Diagram
from infoshare.meaning.distinctions import Distinctions, distinctions
from infoshare.meaning.world import World
from infoshare.policy.policy import Policy

_CALLED = ("`keep`", "`ignore`", "`case_id`")

TableT = TypeVar("TableT")
"""The kind of table that is given, and given back."""

MOST_FAULTS = 100
"""Faults of one table that are reported."""

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
        self,
        table: TableT,
        *,
        keep: Collection[str] = (),
        ignore: Collection[str] = (),
        first_row: int = 1,
        case_id: str | None = None,
        rows: bool = False,
    ) -> TableT:
        """Decides every case of a table.

        Args:
            table: a table of Polars, pandas, PyArrow or DuckDB, or a mapping of NumPy arrays; a column for each
                fact, named `group.fact`, with null for what nobody answered. Columns of texts are read as cells of
                CSV are. A list is a column of lists of records, or (`item.name`, `item.necessary`) an element a row.
            keep: columns that are carried through, facts or not; `case` and the id always are.
            ignore: columns that are left out.
            first_row: what errors call the first row.
            case_id: the column whose rows of the same value are one case. Where a row holds an element of a list it
                is `case` if not said; without such a column each row is a case of its own.
            rows: whether to tell of each item and recipient too.

        Returns:
            A table of the same kind, a row for each case: what is kept, then `outcome`, `basis`, `mandatory`, `fired`,
            `possible`, `exact`, and if asked for `rows`: a list of `item`, `recipient`, `outcome` and `release`.

        Raises:
            FactsError: a column or an answer cannot be read, or a row says what is impossible; nothing is decided.
        """
        given = tables.opened(table)
        wanted = Wanted(tuple(keep), tuple(ignore), _CALLED, case_id)
        decided, kept = self._strictly(given, wanted, first_row, rows=rows)
        made: TableT = given.rebuilt(kept, dict(decided.items()))
        return made

    def decide_columns(
        self,
        table: Any,
        *,
        keep: Collection[str] = (),
        ignore: Collection[str] = (),
        first_row: int = 1,
        case_id: str | None = None,
        rows: bool = False,
    ) -> Columns:
        """As `decide`, with the answer still as bits and codes: much quicker where it is counted or filtered."""
        wanted = Wanted(tuple(keep), tuple(ignore), _CALLED, case_id)
        return self._strictly(tables.opened(table), wanted, first_row, rows=rows)[0]

    def decide_what_can_be(
        self, columns: Mapping[str, Column], rows: int, *, each_row: bool = False
    ) -> tuple[Columns, Sequence[Fault]]:
        """Decides the rows without a fault; what the others come to says nothing.

        Args:
            columns: of facts and lists, by name.
            rows: how many there are, also where there is no column.
            each_row: whether to tell of each item and recipient too.

        Returns:
            The decisions, with what they wait for, and every fault with its rows. Of a row that holds what cannot be
            read, it is not said whether its answers are impossible together.
        """
        return self._decided(*self._read(columns, rows), waiting=True, each_row=each_row)

    def _strictly(
        self, given: tables.Table, wanted: Wanted, first_row: int, *, rows: bool
    ) -> tuple[Columns, Mapping[str, Column]]:
        """The decisions, and the columns that are carried through."""
        model = self.policy.model
        named = flat(given.columns.items(), model, wanted)
        heading = heading_of([name for name, _ in named], model, wanted, rows=rows)
        columns: Mapping[str, Column] = dict(named)
        found: Sequence[Fault] = ()
        cases = None
        if heading.is_long:
            _refuse(heading.faults)
            cases = gathered(columns, given.rows, heading, model)
            columns, found = cases.columns, cases.faults
        read = {name: columns[name] for name in heading.lists_and_facts(model)}
        inputs, lists, faults = self._read(read, given.rows if cases is None else cases.count)

        def refuse(faults: Sequence[Fault]) -> None:
            in_rows = faults if cases is None else cases.in_rows(faults)
            _refuse([*heading.faults, *(each.with_rows(first_row) for each in (*found, *in_rows))])

        refuse(faults)
        decided, faults = self._decided(inputs, lists, (), each_row=rows)
        refuse(faults)
        return decided, {name: columns[name] for name in heading.carried}

    def __getstate__(self) -> dict[str, Any]:
        return {"policy": self.policy, "as_of": self.as_of, "presume": self.presume}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        self.__dict__.update(state)

    @cached_property
    def _whole(self) -> WholePolicy | None:
        return whole_policy.functions_of(self.policy.model, self.as_of)

    @cached_property
    def _each(self) -> EachClause | None:
        return each_clause.functions_of(self.policy.model, self.as_of)

    @cached_property
    def asked(self) -> tuple[str, ...]:
        """The facts, and lists, that what decides speaks of, in policy order."""
        model = self.policy.model
        names = dict.fromkeys(fact.group if fact.each else fact.path for fact in model.facts.values())
        if model.uses_new_forms:
            return tuple(names)
        found = {
            fact.group if fact.each else fact.path
            for each in (*model.clauses.values(), *model.exceptions.values())
            if model.in_force(each, self.as_of)
            for condition in (each.when, each.unless)
            if condition is not None
            for fact in model.facts_of(condition)
        }
        return tuple(name for name in names if name in found)

    @cached_property
    def _turns(self) -> Mapping[str, Diagram]:
        return {} if self._whole is None else whole_policy.turns_of(self._whole, self.asked)

    @cached_property
    def _distinctions(self) -> Distinctions:
        model = self.policy.model
        if not model.uses_new_forms:
            return distinctions(model, self.as_of)
        marks = {path: None for path, fact in model.facts.items() if not fact.each}
        return Distinctions(marks, World(model, Case(), self.as_of, {}))

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
        self,
        inputs: Inputs,
        lists: Mapping[str, Lists],
        faults: Sequence[Fault],
        *,
        waiting: bool = False,
        each_row: bool = False,
    ) -> tuple[Columns, Sequence[Fault]]:
        keys = self.asked if waiting else ()
        parts = (*PARTS, *IN_ROWS) if self.policy.model.has_rows else PARTS
        names = (*parts, *(f"fired:{name}" for name in self._clauses), *(f"waits:{key}" for key in keys))
        out = {name: bits.zeros(inputs.rows) for name in names}
        general = self._by_program(inputs, lists, out)
        if each_row:  # what goes to whom is no part of what columns decide
            general = bits.ones(inputs.rows)
        told = ToldOfRows.of_nothing(inputs.rows) if each_row else None
        if faults:
            wrong = np.unique(np.concatenate([fault.rows for fault in faults]))
            bits.put(general, inputs.rows, wrong, np.zeros(len(wrong), bool))
        unmade = {f"unmade:{key}": bits.zeros(inputs.rows) for key in self._perhaps_unmade}
        if bits.any_in(general, inputs.rows):
            rows = bits.rows_of(general, inputs.rows)
            faults = [*faults, *self._by_row_group(inputs, lists, rows, {**out, **unmade}, told)]
        unknown = inputs.unknown_rows()
        for group, about in self.policy.model.groups.items():
            if about.each:
                assumed = self.presume and about.none_listed
                unknown[group] = lists[group].unknown(assumed=assumed) if group in lists else not assumed
        for key in self._perhaps_unmade:
            if bits.any_in(unmade[f"unmade:{key}"], inputs.rows) and (known := unknown[key]) is not True:
                unknown[key] = unmade[f"unmade:{key}"] if known is False else unmade[f"unmade:{key}"] | known
        waits = {key: out[f"waits:{key}"] for key in keys if unknown[key] is not False}
        for key, where in waits.items():
            if unknown[key] is not True:
                np.bitwise_and(where, unknown[key], out=where)
        in_force = self.policy.model.policy_in_force(self.as_of)
        return Columns(inputs.rows, self._clauses, out, in_force, unknown, waits, told), faults

    @cached_property
    def _perhaps_unmade(self) -> tuple[str, ...]:
        """The facts outside lists, and the lists, of which an assumption may not be made, as it may be impossible."""
        return row_groups.assumable(self.policy.model) if self.presume else ()

    @cached_property
    def _clauses(self) -> tuple[str, ...]:
        return tuple(self.policy.model.clauses)

    def _by_program(self, inputs: Inputs, lists: Mapping[str, Lists], out: Mapping[str, Bits]) -> Bits:
        """Decides what bit columns can decide, and says which rows are left."""
        waiting = any(name.startswith("waits:") for name in out)
        apart = _with_lists(lists, inputs.rows) | inputs.in_doubt()
        if self._whole is not None:
            whole, turns = self._whole, self._turns if waiting else {}
            program = self._program(
                (waiting, inputs.shape()), lambda s: whole_policy.program_of(whole, s, turns)
            )
            read = inputs.for_program(whole.world, program.inputs, whole.compared)
            left = _run(program, read, out, "impossible")
            return left | inputs.half_compared(whole.compared) | apart
        if self._each is None:
            return bits.ones(inputs.rows)
        each = self._each
        program = self._program((False, inputs.shape()), lambda s: each_clause.program_of(each, s))
        left = _run(program, inputs.for_program(each.world, program.inputs, {}), out, "open")
        for name, where in out.items():
            if name.startswith("waits:"):
                where[:] = bits.ones(inputs.rows)  # what no one diagram holds, any of them may change
        rows = bits.rows_of(left & ~apart, inputs.rows)
        if len(rows):
            done, parts = each_clause.completed(each, inputs, rows)
            for name, truths in parts.items():
                bits.put(out[name], inputs.rows, done, truths)
            bits.put(left, inputs.rows, done, np.zeros(len(done), bool))
        return left | apart

    def _program(self, key: tuple[bool, Shape], made: Callable[[Shape], Program]) -> Program:
        waiting, shape = key
        found = self._programs.get((waiting, *shape.items()))
        if found is None:
            if len(self._programs) >= MOST_SHAPES:
                self._programs.clear()
            found = self._programs[waiting, *shape.items()] = made(shape)
        return found

    def _by_row_group(
        self,
        inputs: Inputs,
        lists: Mapping[str, Lists],
        rows: Values,
        out: Mapping[str, Bits],
        told: ToldOfRows | None,
    ) -> list[Fault]:
        """Decides rows by the definition; gives those whose answers are impossible together."""
        model, apart = self.policy.model, self._distinctions
        waiting = any(name.startswith("waits:") for name in out)
        of_row, found = row_groups.decided(
            model,
            self.as_of,
            apart,
            inputs.answers,
            lists,
            chosen=rows,
            presume=self.presume,
            waiting=waiting,
            each_row=told is not None,
        )
        if told is not None:
            told.put(rows, of_row, [found_.rows if isinstance(found_, Finding) else None for found_ in found])
        for name, where in out.items():
            truths = np.array([isinstance(f, Finding) and _part(name, f) for f in found], bool)
            bits.put(where, inputs.rows, rows, truths[of_row])
        kinds: dict[Diagnostic, list[int]] = {}
        for number, each in enumerate(found):
            for diagnostic in each.diagnostics if isinstance(each, FactsError) else ():
                kinds.setdefault(diagnostic, []).append(number)
        return [Fault(each, rows[np.isin(of_row, numbers)]) for each, numbers in kinds.items()]


def _run(program: Program, read: Sequence[Bits], out: Mapping[str, Bits], left: str) -> Bits:
    """Runs a program on every row; gives its output that says which rows are left."""
    rest = np.zeros_like(out["outcome0"])
    made = {name: rest if name == left else out[name] for name in program.outputs}
    program.run(read, made, 0, len(rest))
    return rest


def _with_lists(lists: Mapping[str, Lists], rows: int) -> Bits:
    """The rows that give a list."""
    given = bits.zeros(rows)
    for values in lists.values():
        given |= bits.packed(values.codes >= 0)
    return given


PARTS = (
    *("outcome0", "outcome1", "basis0", "basis1", "possible0", "possible1", "possible2", "possible3"),
    *("mandatory", "mandatory?", "inexact"),
)
"""The bits of an answer, but for those of each clause; see `whole_policy.program_of`."""


def _part(name: str, found: Finding) -> bool:
    """One bit of what was found; see `whole_policy.program_of`."""
    kind, _, of = name.partition(":")
    if of:
        return of in {"fired": found.fired, "waits": found.waiting, "unmade": found.unmade}[kind]
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
    case_id: str | None = None,
    rows: bool = False,
) -> TableT:
    """Decides every case of a table; see `Batch.decide`."""
    batch = compile_batch(policy, as_of=as_of, presume=presume)
    return batch.decide(table, keep=keep, ignore=ignore, case_id=case_id, rows=rows)
