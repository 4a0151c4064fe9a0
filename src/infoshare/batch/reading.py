"""Reading the columns of a table strictly: each as answers of its fact, or every fault of the table at once.

As strict as for one case (`meaning/facts`), with what a column needs besides:

- A number with a point is read where it is whole, as pandas makes them of whole numbers with gaps; a day with a
  time where the time is midnight and no zone is given. One that is not is a fault.
- A column of text may hold the answers of any fact as a case file writes them: `true`, `17`, `2026-01-31`,
  `unsure`; so may a column of mixed values. Nothing is trimmed, and an empty text is no answer.
- A list of `unsure` alone says so of a some-of fact.

Invariants: faults name the column, the rows and what was expected, never an answer; a fault that many rows share is
told once. Deliberately not here: lists of elements (`vocabulary`, `patterns`).
"""

from collections.abc import Sequence
from functools import partial
from typing import Any, assert_never

import attrs
import numpy as np
import pyarrow as pa

from infoshare.batch import bits, numbers, ticks, words
from infoshare.batch.answers import Answers, Few
from infoshare.batch.bits import Values
from infoshare.batch.tables import Column
from infoshare.diagnostic import Diagnostic
from infoshare.meaning.answers import LARGEST, Wrong, read_answer
from infoshare.meaning.model import Fact
from infoshare.meaning.types import Date, Number, OneOf, SomeOf, Text, YesNo

SHOWN = 3
"""Rows that are named of those that share a fault."""


@attrs.frozen
class Fault:
    """What is wrong with some rows of a column.

    Attributes:
        rows: their numbers, from 0.
    """

    path: str
    wrong: Wrong
    rows: Values = attrs.field(eq=False)

    def told(self, first_row: int) -> Diagnostic:
        """The fault with its rows, a few of them by number."""
        message = f"{self.wrong.message}, {rows_told(self.rows, first_row)}"
        return Diagnostic(self.wrong.code, message, help=self.wrong.help, path=self.path)


def rows_told(rows: Sequence[int] | Values, first_row: int) -> str:
    """`in row 3`, `in rows 3, 7 and 12`, `in rows 3, 7, 12 and 41 more`."""
    shown = [f"{int(row) + first_row:,}" for row in rows[:SHOWN]]
    if len(rows) == 1:
        return f"in row {shown[0]}"
    last = shown.pop() if len(rows) <= SHOWN else f"{len(rows) - SHOWN:,} more"
    return f"in rows {', '.join(shown)} and {last}"


class Reader:
    """Reads the columns of one table.

    Attributes:
        faults: what is wrong; if there is anything, the answers are of no use.
    """

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self.faults: list[Fault] = []

    def read(self, fact: Fact, column: Column) -> Answers:
        """The answers of a column."""
        fault = partial(self._fault, fact)
        if isinstance(column, np.ndarray):
            return words.of_objects(fact.type, column, fault)
        if isinstance(column, pa.ExtensionArray):
            column = column.storage
        if pa.types.is_dictionary(column.type) and not words.is_text(column.type.value_type):
            column = column.dictionary_decode()
        kind = column.type
        if words.is_text(kind) or pa.types.is_dictionary(kind):
            return words.of_texts(fact.type, column, fault)
        match fact.type:
            case YesNo() if pa.types.is_boolean(kind):
                yes = bits.of_buffer(column.buffers()[1], column.offset, self.rows)
                return Few(self.rows, bits.validity(column), None, {True: yes}, rest=False)
            case Number(_, low, high) if numbers.is_number(kind):
                lowest, highest = (-LARGEST if low is None else low), (LARGEST if high is None else high)
                return numbers.of_numbers(fact.type, column, lowest, highest, fault)
            case Date() if numbers.is_day(kind):
                return numbers.of_days(column, fault)
            case SomeOf() if ticks.is_list_of_texts(kind):
                return ticks.of_lists(fact.type, column, fault)
            case YesNo() | OneOf() | SomeOf() | Number() | Date() | Text():
                return self._nothing_of(fact, column)
            case _:
                assert_never(fact.type)

    def _nothing_of(self, fact: Fact, column: Any) -> Answers:
        """A column of a kind that holds no answer of this fact: every row that says something is wrong."""
        said = np.flatnonzero(column.is_valid().to_numpy(zero_copy_only=False))
        if len(said):
            try:
                sample = column[int(said[0])].as_py()
            except (ValueError, OverflowError):  # a moment finer than Python's own
                sample = object()
            self._fault(fact, read_answer(fact.type, sample), said)
        return Few(self.rows, bits.zeros(self.rows), None, {})

    def _fault(self, fact: Fact, wrong: object, rows: Values) -> None:
        if isinstance(wrong, Wrong):
            self.faults.append(Fault(fact.path, wrong, rows))
        else:
            raise AssertionError("what is at fault is no answer")  # noqa: TRY004 - a slip of ours
