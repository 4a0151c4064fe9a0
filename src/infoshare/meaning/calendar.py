"""Dates counted by the calendar.

Months and years are clamped to the month's last day: one month before 31 March is 28 (or 29)
February. A date out of the calendar's reach is clamped to its first or last day, so that counting
never fails and never turns round: a later date always gives a later or equal result.
"""

from datetime import date
from typing import Literal

FIRST, LAST = date.min.toordinal(), date.max.toordinal()


def shift(day: date, count: int, unit: Literal["days", "weeks", "months", "years"]) -> date:
    """The date `count` units after `day`; before it, where `count` is negative."""
    if unit in ("days", "weeks"):
        ordinal = day.toordinal() + count * (7 if unit == "weeks" else 1)
        return date.fromordinal(min(max(ordinal, FIRST), LAST))
    from calendar import monthrange  # few policies count months, and it brings every language's names of them

    months = day.year * 12 + day.month - 1 + count * (12 if unit == "years" else 1)
    year, month = months // 12, months % 12 + 1
    if year < date.min.year:
        return date.min
    if year > date.max.year:
        return date.max
    return date(year, month, min(day.day, monthrange(year, month)[1]))
