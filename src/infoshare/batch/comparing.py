"""Two facts compared with each other, row by row.

Where both are known the comparison is yes or no; where neither is, it is not told apart (as in `meaning/world`);
where one is, it is a condition on the other, which only the general road can follow.
Deliberately not here: a fact compared with what is the same in every row, which is a range of its answers.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeAlias

import attrs
import numpy as np

from infoshare.batch import bits
from infoshare.batch.answers import Answers
from infoshare.batch.bits import Bits
from infoshare.meaning import calendar
from infoshare.meaning.model import (
    Compare,
    Duration,
    Fact,
    FactTerm,
    Literal_,
    Model,
    Offset,
    Term,
    Today,
    ValueTerm,
)
from infoshare.meaning.types import Answer


@attrs.frozen(eq=False)
class Sides:
    """A comparison of two facts.

    Attributes:
        unknown: the rows in which it is not told apart.
        half: the rows in which one fact is known and the other is not.
        truth: whether it holds; of no use where a fact is unknown.
    """

    unknown: Bits
    half: Bits
    truth: Bits


@attrs.frozen(eq=False)
class _Side:
    """One side: where it is known, and its number in every row."""

    known: Bits
    numbers: Any


_Row: TypeAlias = _Side | None
"""None for what no answer makes known: a value before its first date, an element of a list."""


class Comparing:
    """The comparisons of one table.

    Args:
        assumed: what is assumed of each fact that nobody answered, by path.
    """

    def __init__(
        self,
        model: Model,
        day: date,
        rows: int,
        answers: Mapping[str, Answers],
        assumed: Mapping[str, Answer],
    ) -> None:
        self.model, self.day, self.rows, self.answers, self.assumed = model, day, rows, answers, assumed
        self._texts: dict[str, int] = {}

    def sides(self, compare: Compare) -> Sides:
        """A comparison in every row."""
        left, right = self._term(compare.left), self._term(compare.right)
        if left is None or right is None:
            return Sides(bits.ones(self.rows), bits.zeros(self.rows), bits.zeros(self.rows))
        truth = bits.packed(_compared(left.numbers, compare.op, right.numbers))
        return Sides(~(left.known | right.known), left.known ^ right.known, truth)

    def _term(self, term: Term) -> _Row:
        match term:
            case Literal_(value):
                return self._same(value)
            case Today():
                return self._same(self.day)
            case ValueTerm(name):
                current = self.model.values[name].on(self.day)
                return None if current is None or isinstance(current, Duration) else self._same(current)
            case FactTerm(fact):
                return self._fact(fact)
            case Offset(amount, sign, base):
                length = (
                    self.model.values[amount.name].on(self.day) if isinstance(amount, ValueTerm) else amount
                )
                side = self._term(base)
                if side is None or not isinstance(length, Duration):
                    return None
                return _Side(side.known, _shifted(side.numbers, sign * length.count, length.unit))

    def _same(self, answer: Answer) -> _Side:
        return _Side(bits.ones(self.rows), np.full(self.rows, self._number(answer), np.int64))

    def _fact(self, fact: Fact) -> _Row:
        if fact.each:
            return None
        column, assumed = self.answers.get(fact.path), self.assumed.get(fact.path)
        if column is None:
            return (
                _Side(bits.zeros(self.rows), np.zeros(self.rows, np.int64))
                if assumed is None
                else self._same(assumed)
            )
        numbers = column.numbers(self._number)
        if column.known is None:
            return _Side(bits.ones(self.rows), numbers)
        if assumed is None:
            return _Side(column.known, numbers)
        known = bits.ones(self.rows) if column.unsure is None else ~column.unsure
        told = bits.unpacked(column.known, self.rows).view(bool)
        return _Side(known, np.where(told, numbers, self._number(assumed)))

    def _number(self, answer: Answer) -> int:
        match answer:
            case date():
                return answer.toordinal()
            case str():
                return self._texts.setdefault(answer, len(self._texts))
            case int():
                return answer
            case _:
                raise AssertionError("only numbers, dates and texts are compared")


def _shifted(ordinals: Any, count: int, unit: Any) -> Any:
    """Days counted on by the calendar, each different day once."""
    days, which = np.unique(np.clip(ordinals, calendar.FIRST, calendar.LAST), return_inverse=True)
    moved = [calendar.shift(date.fromordinal(day), count, unit).toordinal() for day in days.tolist()]
    return np.array(moved, np.int64)[which]


def _compared(left: Any, op: str, right: Any) -> Any:
    match op:
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case ">=":
            return left >= right
        case _:
            return left == right
