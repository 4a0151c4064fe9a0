"""The arithmetic of terms: numbers, dates and texts that are known, or that depend on one unknown fact.

A known term is an int (a date its ordinal) or a text. One that depends on one unknown fact is kept as a function of
it that never turns round (`OfOneFact`), so that a comparison with a constant comes to a stretch of its answers. One
that depends on several is not told apart (`OfSeveral`). Deliberately not here: facts, conditions, diagrams.
"""

from collections.abc import Callable
from datetime import date
from typing import TypeAlias

import attrs

from infoshare.meaning import calendar
from infoshare.meaning.model import Duration, Fact
from infoshare.meaning.types import Text
from infoshare.values import frozen


@frozen
class OfOneFact:
    """A term that depends on one unknown fact: by offsets (innermost first), then by years, then by a sum.

    Its value is `times` the answer (or the day that offsets lead to, or the years from or to that day), and `plus`.

    Attributes:
        years: the day to which, with `since`, or from which years are counted; None where none are.
    """

    key: str
    fact: Fact
    offsets: tuple[Duration, ...] = ()
    years: int | None = None
    since: bool = False
    times: int = 1
    plus: int = 0

    @property
    def is_plain(self) -> bool:
        """Whether it is the fact itself, perhaps with offsets."""
        return self.years is None and self.times == 1 and self.plus == 0

    def stretch(self, op: str, constant: int) -> tuple[int | None, int | None]:
        """From which answer up to (not including) which a comparison with a constant is so; None leaves a side open."""
        bounds: dict[str, tuple[int | None, int | None]] = {
            "<": (None, constant),
            "<=": (None, constant + 1),
            ">": (constant + 1, None),
            ">=": (constant, None),
            "=": (constant, constant + 1),
        }
        low, high = bounds[op]
        if self.times < 0:  # what is at least so much is then at most so much of the answer
            low, high = (None if end is None else (end - self.plus) // self.times + 1 for end in (high, low))
        else:
            low, high = (None if end is None else -((self.plus - end) // self.times) for end in (low, high))
        if self.years is not None and self.since:  # the later the day, the fewer the years from it
            low, high = (None if end is None else self._first_below(end) for end in (high, low))
        else:
            low, high = (None if end is None else self._first_reaching(end) for end in (low, high))
        return low, high

    def _first_reaching(self, target: int) -> int:
        """The first answer that comes to the target or beyond, before it is multiplied and added to."""
        if self.years is None:
            return first_reaching(self.offsets, target)
        years = self.years
        return first_day(lambda day: whole_years(years, moved(day, self.offsets)) >= target)

    def _first_below(self, target: int) -> int:
        """The first day from which there are fewer years than the target."""
        years = self.years or 0
        return first_day(lambda day: whole_years(moved(day, self.offsets), years) < target)


@frozen
class OfSeveral:
    """A term that is not told apart: it depends on these facts."""

    keys: tuple[str, ...]


Operand: TypeAlias = int | str | OfOneFact | OfSeveral


MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "="}


def compared(left: int | str, op: str, right: int | str) -> bool:
    """Whether a comparison of two known terms is so; texts are equal or not."""
    if isinstance(left, str) or isinstance(right, str):
        return left == right
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


def sum_of(left: Operand, sign: int, right: Operand) -> Operand:
    """Two numbers added, or the second taken away; not told apart where that depends on more than one unknown fact."""
    match left, right:
        case int(), int():
            return left + sign * right
        case OfOneFact(), int():
            return attrs.evolve(left, plus=left.plus + sign * right)
        case int(), OfOneFact():
            return attrs.evolve(right, times=sign * right.times, plus=left + sign * right.plus)
        case OfOneFact(), OfOneFact() if _same_source(left, right):
            times, plus = left.times + sign * right.times, left.plus + sign * right.plus
            return attrs.evolve(left, times=times, plus=plus) if times else plus
        case _:
            return OfSeveral(tuple(dict.fromkeys((*keys_in(left), *keys_in(right)))))


def _same_source(left: OfOneFact, right: OfOneFact) -> bool:
    return attrs.evolve(left, times=1, plus=0) == attrs.evolve(right, times=1, plus=0)


def years_of(first: Operand, second: Operand) -> Operand:
    """The years between two days; not told apart where that depends on more than one unknown fact."""
    match first, second:
        case int(), int():
            return whole_years(first, second)
        case OfOneFact(), int():
            return attrs.evolve(first, years=second, since=True)
        case int(), OfOneFact():
            return attrs.evolve(second, years=first)
        case OfOneFact(), OfOneFact() if first == second:
            return 0
        case _:
            return OfSeveral(tuple(dict.fromkeys((*keys_in(first), *keys_in(second)))))


def whole_years(first: int, second: int) -> int:
    """The greatest n with n years after the first not later than the second; negative the other way round."""
    if second < first:
        return -whole_years(second, first)
    years = date.fromordinal(second).year - date.fromordinal(first).year
    return years if shifted(first, Duration(years, "years")) <= second else years - 1


def moved(day: int, offsets: tuple[Duration, ...]) -> int:
    """A day with offsets, one after the other."""
    for by in offsets:
        day = shifted(day, by)
    return day


def first_day(reached: Callable[[int], bool]) -> int:
    """The first day of which something is so that stays so; the day after the last where it never is."""
    low, high = calendar.FIRST, calendar.LAST + 1
    while low < high:
        middle = (low + high) // 2
        if reached(middle):
            high = middle
        else:
            low = middle + 1
    return low


def by_bounds(left: OfOneFact, op: str, right: OfOneFact) -> bool | None:
    """What a comparison of two unknown facts comes to, if that is the same whatever they are."""
    if left == right:
        return compared(0, op, 0)
    if left.years is not None or right.years is not None or isinstance(left.fact.type, Text):
        return None
    (first, last), (other_first, other_last) = _reach(left), _reach(right)
    if last is not None and other_first is not None and last <= other_first:
        below, touching = compared(0, op, 1), compared(0, op, 0)
        return below if last < other_first or below == touching else None
    if first is not None and other_last is not None and first >= other_last:
        above, touching = compared(1, op, 0), compared(0, op, 0)
        return above if first > other_last or above == touching else None
    return None


def _reach(hanging: OfOneFact) -> tuple[int | None, int | None]:
    """The lowest and the highest that a term can be."""
    first, end = hanging.fact.type.domain
    ends = [first, None if end is None else end - 1]
    for by in hanging.offsets:
        ends = [None if each is None else shifted(each, by) for each in ends]
    low, high = (None if each is None else hanging.times * each + hanging.plus for each in ends)
    return (high, low) if hanging.times < 0 else (low, high)


def keys_in(side: Operand) -> tuple[str, ...]:
    """The unknown facts on which a term depends."""
    match side:
        case OfOneFact(key):
            return (key,)
        case OfSeveral(keys):
            return keys
        case _:
            return ()


def shifted(ordinal: int, by: Duration) -> int:
    """A day so much later, both as ordinals."""
    return calendar.shift(date.fromordinal(ordinal), by.count, by.unit).toordinal()


def first_reaching(offsets: tuple[Duration, ...], target: int) -> int:
    """The first day (or number) that the offsets take to the target or beyond: they never go back."""
    if not offsets:
        return target
    return first_day(lambda day: moved(day, offsets) >= target)
