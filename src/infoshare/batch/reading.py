"""Reading the columns of a table strictly: each as answers of its fact, with every fault in it.

As strict as for one case (`meaning/facts`), with what a column needs besides:

- A number with a point is read where it is whole, as pandas makes them of whole numbers with gaps; a day with a
  time where the time is midnight and no zone is given. One that is not is a fault.
- A column of texts is read as a column of CSV is, whatever the fact (`texts`).
- A list of `unsure` alone says so of a some-of fact.

Invariants: faults name the column, the rows and what was expected, never an answer; a fault that many rows share is
reported once; a row with a fault has no answer. Deliberately not here: which column is which fact (`heading`).
"""

from collections.abc import Mapping, Sequence
from typing import Any, assert_never

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from infoshare.batch import arrow, bits, texts
from infoshare.batch.answers import Answers, Integers, OneHot
from infoshare.batch.arrow import Column, held
from infoshare.batch.bits import Bits, Values
from infoshare.batch.texts import Report
from infoshare.diagnostic import Diagnostic
from infoshare.meaning import calendar, facts
from infoshare.meaning.model import Fact, Model
from infoshare.meaning.types import (
    LARGEST,
    UNSURE,
    Date,
    FactType,
    Number,
    OneOf,
    Reference,
    SomeOf,
    Text,
    Wrong,
    YesNo,
)

SHOWN = 3
"""Rows that are named of those that share a fault."""

EPOCH = 719_163
"""The ordinal of 1970-01-01, from which Arrow counts days."""

_IN_A_DAY = {"s": 86_400, "ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000}

_WITH_A_TIME = Wrong(
    "IS402",
    "expected a date, found a day with a time",
    ("leave the time out: midnight without a zone is read as a date, and no other time",),
)
_NO_SUCH_DAY = Wrong("IS402", "expected a day that is in the calendar", ("check the year",))


@attrs.frozen(eq=False)
class Fault:
    """What is wrong with some rows of a table.

    Attributes:
        diagnostic: says nothing of the rows.
        rows: their numbers, from 0.
    """

    diagnostic: Diagnostic
    rows: Values

    def with_rows(self, first_row: int) -> Diagnostic:
        """The fault with its rows: `in row 3`, `in rows 3, 7 and 12`, `in rows 3, 7, 12 and 41 more`."""
        shown = [f"{int(row) + first_row:,}" for row in self.rows[:SHOWN]]
        if len(self.rows) == 1:
            where = f"in row {shown[0]}"
        else:
            last = shown.pop() if len(self.rows) <= SHOWN else f"{len(self.rows) - SHOWN:,} more"
            where = f"in rows {', '.join(shown)} and {last}"
        return attrs.evolve(self.diagnostic, message=f"{self.diagnostic.message}, {where}")


@attrs.frozen(eq=False)
class Lists:
    """The lists of a column, each different one once.

    Attributes:
        codes: for each row the number of its list, -1 where there is none.
        values: the lists, as a case would hold them.
    """

    codes: Values
    values: Sequence[Any]

    def unknown(self, *, assumed: bool) -> Bits:
        """The rows whose list is not known.

        Args:
            assumed: whether one that is not given is taken to be empty.
        """
        unsure = [code for code, value in enumerate(self.values) if value == UNSURE]
        return bits.packed(((self.codes < 0) & (not assumed)) | np.isin(self.codes, unsure))

    @property
    def lengths(self) -> Values:
        """How many elements the list of each row has; none where it is not known."""
        lengths = [len(value) if isinstance(value, list) else 0 for value in self.values]
        return np.array([*lengths, 0], np.int64)[self.codes]

    def at(self, row: int) -> Any:
        """The list of a row, or None."""
        code = int(self.codes[row])
        return None if code < 0 else self.values[code]


def column_type(type_: FactType) -> "pa.DataType":
    """How Arrow holds answers of a type, as long as none is unsure."""
    match type_:
        case YesNo():
            return pa.bool_()
        case Number():
            return pa.int64()
        case Date():
            return pa.date32()
        case SomeOf() | Reference():
            return pa.list_(pa.string())
        case OneOf() | Text():
            return pa.dictionary(pa.int32(), pa.string())
        case _:
            assert_never(type_)


def read_column(fact: Fact, column: Column) -> tuple[Answers, Sequence[Fault]]:
    """The answers of a column, and what is wrong with which rows."""
    faults: list[Fault] = []
    plain = arrow.plain(column)

    def report(wrong: object, rows: Values, help_: str | None = None) -> None:
        if not isinstance(wrong, Wrong):
            raise AssertionError("what is at fault is no answer")  # noqa: TRY004 - a slip of ours
        helps = wrong.help if help_ is None else (*wrong.help, help_)
        faults.append(Fault(Diagnostic(wrong.code, wrong.message, help=helps, path=fact.path), rows))

    def of_another_type(wrong: object, rows: Values) -> None:
        report(wrong, rows, f"the column is of type `{_shortened(str(column.type))}`")

    answers = _answers(fact, plain, report, report if isinstance(column, np.ndarray) else of_another_type)
    return answers.without([fault.rows for fault in faults]), faults


def _answers(fact: Fact, column: Column, report: Report, of_another_type: Report) -> Answers:
    if isinstance(column, np.ndarray):
        return texts.of_values(fact.type, column, of_another_type)
    kind, rows = column.type, len(column)
    if arrow.is_text(kind) or arrow.is_coded(kind):
        return texts.of_texts(fact.type, column, report)
    match fact.type:
        case YesNo() if pa.types.is_boolean(kind):
            yes = bits.of_buffer(column.buffers()[1], column.offset, rows)
            return OneHot(rows, bits.validity(column), None, {True: yes}, rest=False)
        case Number() as type_ if arrow.is_number(kind):
            return _of_numbers(type_, column, *type_.reach, report)
        case Date() if arrow.is_day(kind):
            return _of_days(column, report)
        case SomeOf() as type_ if arrow.is_list_of_texts(kind):
            return texts.of_lists(type_, column, report)
        case type_ if pa.types.is_nested(kind):
            return texts.of_values(type_, arrow.objects_of(column), of_another_type)
        case YesNo() | OneOf() | SomeOf() | Number() | Date() | Text() | Reference() as type_:
            # No value of such a column is an answer: every row that has one is wrong.
            said = np.flatnonzero(column.is_valid().to_numpy(zero_copy_only=False))
            if len(said):
                sample = arrow.objects_of(column.slice(int(said[0]), 1))[0]
                of_another_type(type_.read(sample), said)
            return OneHot(rows, bits.zeros(rows), None, {})
        case _:
            assert_never(fact.type)


def read_lists(model: Model, group: str, column: Column) -> tuple[Lists, list[Fault]]:
    """The lists of a column as a case would hold them, and what is wrong with which rows."""
    codes = np.full(len(column), -1, np.int64)
    index: dict[str, int] = {}
    values: list[Any] = []
    naming = {
        fact.name: fact.type
        for fact in model.facts.values()
        if fact.group == group and isinstance(fact.type, Reference)
    }
    for row, given in enumerate(arrow.objects_of(column)):
        value = arrow.plain_value(given)
        if naming and isinstance(value, list):
            value = [_naming(element, naming) if isinstance(element, dict) else element for element in value]
        if value is not None:
            code = index.setdefault(repr(value), len(values))
            if code == len(values):
                values.append(value)
            codes[row] = code
    if model.has_references:  # whether it lists those to whom it refers, the whole case says
        return Lists(codes, values), []
    wrong: dict[tuple[str, str, str | None], tuple[Diagnostic, list[int]]] = {}
    for code, value in enumerate(values):
        for each in facts.read(model, {group: value}).diagnostics:
            wrong.setdefault((each.code, each.message, each.path), (each, []))[1].append(code)
    faults = [Fault(each, np.flatnonzero(np.isin(codes, said))) for each, said in wrong.values()]
    return Lists(codes, values), faults


def _naming(element: dict[str, Any], naming: Mapping[str, Reference]) -> dict[str, Any]:
    """An element with whom it refers to as a case says it: a table has a list of names for one too, empty for none."""
    said: dict[str, Any] = {}
    for name in naming.keys() & element.keys():
        answer = texts.read_value(naming[name], element[name])
        if answer is not None and not isinstance(answer, Wrong):
            said[name] = UNSURE if answer == UNSURE else naming[name].plain(answer)
        elif isinstance(element[name], dict) and set(element[name].values()) <= {None}:
            said[name] = None  # a record with nothing in it
    return {**element, **said}


def too_many_rows(lists: Mapping[str, Lists]) -> list[Fault]:
    """The cases of which the items and the recipients, each as they may be, are too many together."""
    sides = [lists[group] for group in ("item", "recipient") if group in lists]
    if len(sides) < 2:
        return []
    items, recipients = (side.lengths for side in sides)
    rows: dict[tuple[int, int], list[int]] = {}
    for row in np.flatnonzero(items * recipients > facts.MOST_ROWS).tolist():
        rows.setdefault((int(items[row]), int(recipients[row])), []).append(row)
    found = ((facts.too_many_rows(*sizes), np.array(said)) for sizes, said in rows.items())
    return [Fault(diagnostic, said) for diagnostic, said in found if diagnostic is not None]


def _of_numbers(type_: Number, column: Any, low: int, high: int, report: Report) -> Answers:
    """Integers numbers from `low` to `high`. Which rows are wrong is looked for only where one may be."""
    known = bits.validity(column)
    if pa.types.is_integer(column.type):
        values = held(column)
    else:
        values, is_whole = _of_decimals(column) if pa.types.is_decimal(column.type) else _of_floats(column)
        bad = _where(~is_whole, known)
        if len(bad):
            report(type_.read(0.5), bad)
            values[bad] = low
    if len(values) and (values.min() < low or values.max() > high):
        for outside, sample in ((values < low, low - 1), (values > high, high + 1)):
            bad = _where(outside, known)
            if len(bad):
                report(type_.read(sample), bad)
    return Integers(len(column), known, None, values)


def _of_floats(column: Any) -> tuple[Values, Values]:
    """Numbers with a point as whole ones, and which of them are whole; one too large to tell is not."""
    values = held(column).astype(np.float64, copy=False)
    is_whole = (np.abs(values) <= LARGEST) & (values == np.trunc(values))
    with np.errstate(invalid="ignore"):  # what stands where nothing is known
        return values.astype(np.int64), is_whole


def _of_decimals(column: Any) -> tuple[Values, Values]:
    """Likewise; every digit counts, and one too large is beyond the largest number."""
    if column.type.bit_width < 128:
        column = column.cast(pa.decimal128(18, column.type.scale))
    is_whole = pc.equal(column, pc.trunc(column)).fill_null(True).to_numpy(zero_copy_only=False)
    near = column.cast(pa.float64()).fill_null(0).to_numpy(zero_copy_only=False)
    large = np.abs(near) > LARGEST
    small = pc.if_else(pa.array(large), pa.scalar(None, column.type), column)
    values = pc.trunc(small).cast(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False).copy()
    values[large] = np.sign(near[large]) * (LARGEST + 1)
    return values, is_whole


def _of_days(column: Any, report: Report) -> Answers:
    """Days of the calendar."""
    kind, known = column.type, bits.validity(column)
    if pa.types.is_date32(kind):
        days = held(column, np.int32)
    else:
        unit = "ms" if pa.types.is_date64(kind) else kind.unit
        days, rest = np.divmod(held(column, np.int64), _IN_A_DAY[unit])
        bad = _where(rest != 0, known)
        if len(bad):
            report(_WITH_A_TIME, bad)
    first, last = calendar.FIRST - EPOCH, calendar.LAST - EPOCH
    if len(days) and (days.min() < first or days.max() > last):
        bad = _where((days < first) | (days > last), known)
        if len(bad):
            report(_NO_SUCH_DAY, bad)
    return Integers(len(column), known, None, days, EPOCH, dates=True)


def _where(wrong: Values, known: Bits | None) -> Values:
    """The rows that are wrong, of those that say something."""
    rows = np.flatnonzero(wrong)
    return rows if known is None else rows[bits.at(known, rows)]


def _shortened(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"
