"""The columns of one table as the bit columns that a program reads, assumptions made.

Of two facts that are compared with each other: where both are known the comparison is yes or no; where neither is, it
is unknown, as an opaque variable of `meaning/world`; where one is, it is a condition on the other, which only `row_groups` can
follow. Deliberately not here: reading the columns (`reading`).
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date
from typing import Any, assert_never

import attrs
import numpy as np

from infoshare.batch import bits
from infoshare.batch.answers import Answers, Span, lies_in
from infoshare.batch.bits import Bits, Values
from infoshare.batch.circuit import Allowed, Open, Shape
from infoshare.meaning import calendar
from infoshare.meaning.model import (
    Compare,
    Duration,
    Fact,
    FactTerm,
    Literal_,
    Model,
    Offset,
    Sum,
    Term,
    Today,
    ValueTerm,
    YearsBetween,
)
from infoshare.meaning.presumption import in_doubt
from infoshare.meaning.types import Answer
from infoshare.meaning.world import World

_OPERATORS = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "=": np.equal,
}


@attrs.frozen(eq=False)
class _Comparison:
    """A comparison of two facts.

    Attributes:
        unknown: the rows in which it is unknown.
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
    numbers: Values


class Inputs:
    """What a table says of every fact, with what is assumed of it."""

    def __init__(
        self, model: Model, day: date, rows: int, answers: Mapping[str, Answers], *, presume: bool
    ) -> None:
        self.model, self.day, self.rows, self.answers, self.presume = model, day, rows, answers, presume
        self._comparisons: dict[int, _Comparison] = {}
        self._texts: dict[str, int] = {}

    def assumed(self, fact: Fact) -> Answer | None:
        """What an unanswered fact is taken to be."""
        return fact.assumed if self.presume else None

    def shape(self) -> Shape:
        """The facts of which every row says the same, because there is no column or nothing in it."""
        found: dict[str, Answer | None] = {}
        for fact in self.model.facts.values():
            column = self.answers.get(fact.path)
            if not fact.each and (column is None or _is_empty(column)):
                found[fact.path] = self.assumed(fact)
        return found

    def unknown(self, fact: Fact) -> Bits | None:
        """Where a fact with a column is unknown; None for nowhere."""
        column = self.answers[fact.path]
        if self.assumed(fact) is not None:
            return column.unsure
        return None if column.known is None else ~column.known

    def unknown_rows(self) -> dict[str, Bits | bool]:
        """For each fact outside lists, where it is unknown; True for every row, False for none."""
        found: dict[str, Bits | bool] = {}
        for fact in self.model.facts.values():
            if not fact.each:
                if fact.path not in self.answers:
                    found[fact.path] = self.assumed(fact) is None
                else:
                    where = self.unknown(fact)
                    found[fact.path] = False if where is None else where
        return found

    def in_doubt(self) -> Bits:
        """The rows in which somebody is unsure of something on which it may hang what is assumed."""
        found = bits.zeros(self.rows)
        for path in in_doubt(self.model, self.day) if self.presume else ():
            column = self.answers.get(path)
            if column is not None and column.unsure is not None:
                found |= column.unsure
        return found

    def for_program(
        self, world: World, names: Sequence[Hashable], compared: Mapping[int, Compare]
    ) -> list[Bits]:
        """The columns that a program reads.

        Args:
            world: whose variables the program speaks of.
            compared: those that stand for two facts compared with each other.
        """
        return [self._input(world, name, compared) for name in names]

    def half_compared(self, compared: Mapping[int, Compare]) -> Bits:
        """The rows in which, of two facts that are compared, one is known and the other is not."""
        found = bits.zeros(self.rows)
        for index, compare in compared.items():
            found |= self._compared(index, compare).half
        return found

    def _input(self, world: World, name: Hashable, compared: Mapping[int, Compare]) -> Bits:
        match name:
            case Open(index):
                return self._compared(index, compared[index]).unknown
            case Allowed(index, spans):
                variable = world.variables[index]
                if variable.fact is None:
                    sides = self._compared(index, compared[index])
                    return sides.unknown | (sides.truth if lies_in(1, spans) else ~sides.truth)
                return self._allowed(
                    variable.fact, spans, lambda answer: world.encoded(variable, answer), variable.option
                )
            case _:
                raise AssertionError("an input that no program has")

    def _allowed(
        self, fact: Fact, spans: Sequence[Span], encoded: Callable[[Answer], int], option: str | None
    ) -> Bits:
        column, assumed = self.answers[fact.path], self.assumed(fact)
        within = column.of_option(option).within(spans, encoded)
        if column.known is None:
            return within
        if assumed is None or lies_in(encoded(assumed), spans):
            return within | ~column.known
        within = within & column.known
        return within if column.unsure is None else within | column.unsure

    def _compared(self, index: int, compare: Compare) -> _Comparison:
        found = self._comparisons.get(index)
        if found is None:
            found = self._comparisons[index] = self._comparison(compare)
        return found

    def _comparison(self, compare: Compare) -> _Comparison:
        """A comparison in every row; no answer makes a value known before its first date, or an element of a list."""
        left, right = self._term(compare.left), self._term(compare.right)
        if left is None or right is None:
            return _Comparison(bits.ones(self.rows), bits.zeros(self.rows), bits.zeros(self.rows))
        truth = bits.packed(_OPERATORS[compare.op](left.numbers, right.numbers))
        return _Comparison(~(left.known | right.known), left.known ^ right.known, truth)

    def _term(self, term: Term) -> _Side | None:
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
            case Sum() | YearsBetween():
                raise AssertionError("only the definition decides a policy that has one")
            case _:
                assert_never(term)

    def _same(self, answer: Answer) -> _Side:
        return _Side(bits.ones(self.rows), np.full(self.rows, self._number(answer), np.int64))

    def _fact(self, fact: Fact) -> _Side | None:
        if fact.each:
            return None
        column, assumed = self.answers.get(fact.path), self.assumed(fact)
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
        answered = bits.unpacked(column.known, self.rows).view(bool)
        return _Side(known, np.where(answered, numbers, self._number(assumed)))

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


def _is_empty(column: Answers) -> bool:
    return column.known is not None and column.unsure is None and not bits.any_in(column.known, column.rows)


def _shifted(ordinals: Any, count: int, unit: Any) -> Any:
    """Days counted on by the calendar, each different day once."""
    days, which = np.unique(np.clip(ordinals, calendar.FIRST, calendar.LAST), return_inverse=True)
    moved = [calendar.shift(date.fromordinal(day), count, unit).toordinal() for day in days.tolist()]
    return np.array(moved, np.int64)[which]
