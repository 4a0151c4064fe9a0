"""A model into the days on which it must be looked at: one of each stretch in which nothing of it changes.

Invariant: of two days of one stretch, a condition that asks nothing of the facts has the same truth, and so has
every combination of conditions over all their completions. Exact where one moving date meets constants; where two
move at once (`today >= 18 years after X` beside `X <= 18 years before today`), the ends of months are looked at as
well, of February in four years: there counting is clamped.
"""

from bisect import bisect_left
from calendar import isleap
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product

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
    parts,
)

Chain = tuple[Duration, ...]
"""Lengths of time added one after another, the innermost first; a negative count goes back."""


def days(model: Model, today: date | None = None) -> list[date]:
    """A day for each stretch of time in which nothing of the policy changes, while it is in force.

    Args:
        today: the day of a policy of which nothing says when it begins.
    """
    header = model.header
    changes: set[date] = set()
    for provision in model.provisions():
        changes.update(d for d in (provision.start, provision.end and _after(provision.end)) if d is not None)
    for each in model.headers.values():
        changes.update(d for d in (each.start, each.end and _after(each.end)) if d is not None)
    for value in model.values.values():
        changes.update(start for start, _ in value.every_step)
    if header and header.start:
        first = header.start
    elif changes:
        first = min(changes) - timedelta(1 if min(changes) > date.min else 0)
    else:
        first = today or date.min
    changes |= _turns(model, first)
    return [first, *sorted(d for d in changes if d > first and model.policy_in_force(d))]


def _turns(model: Model, first: date) -> set[date]:
    """The days on which a comparison with today may turn."""
    # By what is held against moving dates (a fact, constants, or today itself): how far it is moved, and they are.
    moving: dict[Fact | Today | None, set[tuple[Chain, Chain]]] = {}
    fixed: dict[Fact | Today | None, set[tuple[Chain, date]]] = {}
    compared = [p for c in model.conditions() for p in parts(c) if isinstance(p, Compare)]
    sides = [(each.left, each.right) for each in compared]
    sides += [pair for each in compared for pair in _in_years(model, each)]
    for left, right in sides:
        for one, other in ((left, right), (right, left)):
            for (base, by), (against, distance) in product(_chains(model, one), _chains(model, other)):
                match base, against:
                    case ((Fact() | Today()), Today()):
                        moving.setdefault(base, set()).add((by, distance))
                    case Fact(), date():
                        fixed.setdefault(base, set()).add((by, _moved(against, distance)))
                    case date(), Today():
                        moving.setdefault(None, set()).add(((), distance))
                        fixed.setdefault(None, set()).add(((), _moved(base, by)))
                    case _:
                        pass  # nothing moves, or it is said the other way round
    found: set[date] = set()
    for about, pairs in moving.items():
        edges = {_reaching(by, day) for by, at in fixed.get(about, ()) for day in (at, _after(at))}
        for (by, distance), edge in product(pairs, edges):
            for target in (_moved(edge, by), _moved(_before(edge), by)):
                found |= {_reaching(distance, target), _reaching(distance, _after(target))}
        if about is not None and len(pairs) > 1:
            found |= _ends_of_months(pairs, first)
    return found


def _chains(model: Model, term: Term) -> list[tuple[Fact | date | Today, Chain]]:
    """What a term of dates starts from, and how far it is moved, in every way that values allow; no numbers."""
    match term:
        case FactTerm(fact):
            return [(fact, ())]
        case Today():
            return [(term, ())]
        case Literal_(value):
            return [(value, ())] if isinstance(value, date) else []
        case ValueTerm(name):
            return [(v, ()) for _, v in model.values[name].every_step if isinstance(v, date)]
        case Offset(amount, sign, base):
            steps = (
                [v for _, v in model.values[amount.name].every_step]
                if isinstance(amount, ValueTerm)
                else [amount]
            )
            lengths = [Duration(sign * v.count, v.unit) for v in steps if isinstance(v, Duration)]
            return [(b, (*by, length)) for b, by in _chains(model, base) for length in lengths]
        case Sum() | YearsBetween():
            return []


def _in_years(model: Model, compare: Compare) -> Iterator[tuple[Term, Term]]:
    """The dates that a number of whole years between two others hangs on: `18 years after X` and `today`.

    At least n years, of n from 1 on, are between two where n years after the first is not later than the second; at
    least none or fewer, where it is not so that one more after the second is not later than the first.
    """
    signed = [*_summed(compare.left), *((term, -sign) for term, sign in _summed(compare.right))]
    counted = [(term, sign) for term, sign in signed if isinstance(term, YearsBetween)]
    if len(counted) != 1:
        return  # none, or more than one: then neither is held against a constant
    ((years, sign),) = counted
    others = [(term, each) for term, each in signed if not isinstance(term, YearsBetween)]
    op = compare.op if sign > 0 else _MIRRORED[compare.op]
    for chosen in product(*(_numbers(model, term) for term, _ in others)):
        number = -sign * sum(each * value for (_, each), value in zip(others, chosen, strict=True))
        for least in {">=": (number,), "<": (number,), "=": (number, number + 1)}.get(op, (number + 1,)):
            forward = (years.first, years.second) if least > 0 else (years.second, years.first)
            yield Offset(Duration(least if least > 0 else 1 - least, "years"), 1, forward[0]), forward[1]


_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "="}


def _summed(term: Term) -> list[tuple[Term, int]]:
    """The parts of a sum, each with its sign."""
    if not isinstance(term, Sum):
        return [(term, 1)]
    return [*_summed(term.left), *((part, term.sign * sign) for part, sign in _summed(term.right))]


def _numbers(model: Model, term: Term) -> list[int]:
    """What a term of numbers may be, where that is no fact."""
    if isinstance(term, ValueTerm):
        return [v for _, v in model.values[term.name].every_step if isinstance(v, int)]
    return [term.value] if isinstance(term, Literal_) and isinstance(term.value, int) else []


def _ends_of_months(pairs: set[tuple[Chain, Chain]], first: date) -> set[date]:
    """Where counting by months or by years may be clamped: the ends of months, and those of February in four years."""
    units = {length.unit for pair in pairs for chain in pair for length in chain}
    if not units & {"months", "years"}:
        return set()
    leap = next(year for year in range(first.year + 1, first.year + 10) if isleap(year))
    ends = {(year, 3) for year in range(leap, leap + 4)}
    if "months" in units:
        ends |= {(year, month) for year in (leap, leap + 1) for month in range(1, 13)}
    firsts = {date(year, month, 1) for year, month in ends}
    return {day - timedelta(back) for day in firsts for back in (0, 1)}


def _moved(day: date, by: Chain) -> date:
    for length in by:
        day = calendar.shift(day, length.count, length.unit)
    return day


def _reaching(by: Chain, target: date) -> date:
    """The first day that is moved to the target or beyond: moving never turns two days round."""
    ordinals = range(calendar.FIRST, calendar.LAST + 1)
    at = bisect_left(ordinals, target, key=lambda ordinal: _moved(date.fromordinal(ordinal), by))
    return date.fromordinal(ordinals[min(at, len(ordinals) - 1)])


def _after(day: date) -> date:
    return day if day == date.max else day + timedelta(1)


def _before(day: date) -> date:
    return day if day == date.min else day - timedelta(1)
