"""The answers of one column, already read: where they are known, and where they lie in a range.

Four shapes for one idea: few different answers (a bit column each), many (a code each), numbers and dates as
they are, and options ticked (a bit column each). Invariant: outside `known` nothing that a column says counts.
Deliberately not here: reading (`reading`), and what an answer means (`meaning`).
"""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Self, TypeAlias

import attrs
import numpy as np

from infoshare.batch import bits
from infoshare.batch.bits import Bits, Values
from infoshare.meaning.types import UNSURE, Answer

Span: TypeAlias = tuple[int | None, int | None]
"""Encoded answers from the first up to, not including, the second; None is open."""

Encoded: TypeAlias = Callable[[Answer], int]

NULL, NOT_SURE, FIRST_CLASS = 0, 1, 2
"""The class of a row in a column: nobody answered, unsure, or the class of its answer."""


@attrs.frozen(eq=False)
class Answers:
    """What a column says.

    Attributes:
        known: the rows with an answer; None for every row.
        unsure: the rows with `unsure` in place of an answer; None for no row.
    """

    rows: int
    known: Bits | None
    unsure: Bits | None

    def of_option(self, option: str | None) -> "Answers":
        """Of options that are ticked, that this one is, or none; of other answers, the same."""
        if option is not None:
            raise AssertionError("only of options that are ticked one is asked for")
        return self

    def within(self, spans: Sequence[Span], encoded: Encoded) -> Bits:
        """Where the answer lies in one of the spans."""
        raise NotImplementedError

    def classes(self, chosen: Values, marks: Sequence[int] | None, encoded: Encoded) -> Values:
        """For each chosen row, a number that is the same for answers that no condition distinguishes.

        Args:
            marks: encoded answers at which something begins to be another; None if any two differ.
        """
        found = self._classes(chosen, marks, encoded) + FIRST_CLASS
        if self.known is not None:
            found[~bits.at(self.known, chosen)] = NULL
        if self.unsure is not None:
            found[bits.at(self.unsure, chosen)] = NOT_SURE
        return found

    def answer(self, row: int) -> Answer | None:
        """The answer of a row: None where nobody answered, or `unsure`."""
        here = np.array([row])
        if self.unsure is not None and bits.at(self.unsure, here)[0]:
            return UNSURE
        if self.known is not None and not bits.at(self.known, here)[0]:
            return None
        return self._answer(row)

    def without(self, rows: Sequence[Values]) -> Self:
        """The same, with no answer in these rows, which hold what is none."""
        if not rows:
            return self
        wrong = np.zeros(self.rows, bool)
        wrong[np.concatenate(rows)] = True
        right = ~bits.packed(wrong)
        known = right if self.known is None else self.known & right
        return attrs.evolve(self, known=known, unsure=None if self.unsure is None else self.unsure & right)

    def numbers(self, encoded: Encoded) -> Values:
        """Every answer, encoded."""
        raise NotImplementedError

    def _classes(self, chosen: Values, marks: Sequence[int] | None, encoded: Encoded) -> Values:
        raise NotImplementedError

    def _answer(self, row: int) -> Answer:
        raise NotImplementedError


@attrs.frozen(eq=False)
class OneHot(Answers):
    """A few different answers, each with the rows that give it; what is in none gives the `rest`."""

    each: Mapping[Answer, Bits]
    rest: Answer | None = None

    def within(self, spans: Sequence[Span], encoded: Encoded) -> Bits:
        inside = [where for answer, where in self.each.items() if lies_in(encoded(answer), spans)]
        if self.rest is not None and lies_in(encoded(self.rest), spans):
            return ~_either([w for a, w in self.each.items() if not lies_in(encoded(a), spans)], self.rows)
        return _either(inside, self.rows)

    def numbers(self, encoded: Encoded) -> Values:
        found = np.full(self.rows, 0 if self.rest is None else encoded(self.rest), np.int64)
        for answer, where in self.each.items():
            found[bits.unpacked(where, self.rows).view(bool)] = encoded(answer)
        return found

    def _classes(self, chosen: Values, marks: Sequence[int] | None, encoded: Encoded) -> Values:
        of_answer = _class_numbers([*self.each, *([] if self.rest is None else [self.rest])], marks, encoded)
        found = np.full(len(chosen), 0 if self.rest is None else of_answer[-1], np.int64)
        for number, where in zip(of_answer, self.each.values(), strict=False):
            found[bits.at(where, chosen)] = number
        return found

    def _answer(self, row: int) -> Answer:
        here = np.array([row])
        for answer, where in self.each.items():
            if bits.at(where, here)[0]:
                return answer
        if self.rest is None:
            raise AssertionError("a row that is known has an answer")
        return self.rest


@attrs.frozen(eq=False)
class DictionaryCoded(Answers):
    """Many different answers, and for each row the number of its own."""

    codes: Values
    dictionary: Sequence[Answer]

    def within(self, spans: Sequence[Span], encoded: Encoded) -> Bits:
        inside = np.array([lies_in(encoded(answer), spans) for answer in self.dictionary], bool)
        return bits.packed_where(lambda rows: bits.taken(inside, self.codes[rows]), self.rows)

    def numbers(self, encoded: Encoded) -> Values:
        return np.array([encoded(answer) for answer in self.dictionary], np.int64)[self.codes]

    def _classes(self, chosen: Values, marks: Sequence[int] | None, encoded: Encoded) -> Values:
        numbers = np.array(_class_numbers(self.dictionary, marks, encoded), np.int64)
        return numbers[self.codes[chosen]]

    def _answer(self, row: int) -> Answer:
        return self.dictionary[int(self.codes[row])]


@attrs.frozen(eq=False)
class Integers(Answers):
    """Integers numbers, or dates as days counted from `origin`, as the table holds them."""

    values: Values
    origin: int = 0
    dates: bool = False
    _found: dict[int, Bits] = attrs.field(factory=dict, init=False)

    def within(self, spans: Sequence[Span], encoded: Encoded) -> Bits:  # noqa: ARG002
        found = [self._between(low, high) for low, high in spans]
        return _either(found, self.rows)

    def _between(self, low: int | None, high: int | None) -> Bits:
        below = None if high is None else self._below(high)
        if low is None:
            return bits.ones(self.rows) if below is None else below
        from_low = ~self._below(low)
        return from_low if below is None else from_low & below

    def _below(self, bound: int) -> Bits:
        found = self._found.get(bound)
        if found is None:
            values, at = self.values, bound - self.origin
            found = self._found[bound] = bits.packed_where(lambda rows: values[rows] < at, self.rows)
        return found

    def numbers(self, encoded: Encoded) -> Values:  # noqa: ARG002
        return self.values.astype(np.int64) + self.origin

    def _classes(self, chosen: Values, marks: Sequence[int] | None, encoded: Encoded) -> Values:  # noqa: ARG002
        values = self.values[chosen].astype(np.int64) + self.origin
        if marks is None:
            return np.unique(values, return_inverse=True)[1].astype(np.int64)
        return np.searchsorted(np.array(marks, np.int64), values, side="right").astype(np.int64)

    def _answer(self, row: int) -> Answer:
        value = int(self.values[row]) + self.origin
        return date.fromordinal(value) if self.dates else value


@attrs.frozen(eq=False)
class MultiHot(Answers):
    """For each option, the rows in which it is ticked."""

    each: Mapping[str, Bits]

    def of_option(self, option: str | None) -> Answers:
        return (
            self
            if option is None
            else OneHot(
                self.rows, self.known, self.unsure, {frozenset((option,)): self.each[option]}, frozenset()
            )
        )

    def _classes(self, chosen: Values, marks: Sequence[int] | None, encoded: Encoded) -> Values:  # noqa: ARG002
        found = np.zeros(len(chosen), np.int64)
        for where in self.each.values():
            found = np.unique(found * 2 + bits.at(where, chosen), return_inverse=True)[1].astype(np.int64)
        return found

    def _answer(self, row: int) -> Answer:
        here = np.array([row])
        return frozenset(option for option, where in self.each.items() if bits.at(where, here)[0])


def lies_in(value: int, spans: Sequence[Span]) -> bool:
    """Whether an encoded answer lies in one of the spans."""
    return any((low is None or low <= value) and (high is None or value < high) for low, high in spans)


def _either(columns: Sequence[Bits], rows: int) -> Bits:
    if not columns:
        return bits.zeros(rows)
    found = columns[0]
    for other in columns[1:]:
        found = found | other
    return found


def _class_numbers(answers: Sequence[Answer], marks: Sequence[int] | None, encoded: Encoded) -> list[int]:
    if marks is None:
        return list(range(len(answers)))
    return [bisect_right(marks, encoded(answer)) for answer in answers]
