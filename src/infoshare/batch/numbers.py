"""Columns of numbers and days, read as they are held. Which rows are wrong is looked for only where one may be."""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa

from infoshare.batch import bits
from infoshare.batch.answers import Answers, Whole
from infoshare.batch.bits import Bits, Values
from infoshare.meaning import calendar
from infoshare.meaning.answers import LARGEST, Wrong, read_answer
from infoshare.meaning.types import Number

Told: TypeAlias = Callable[[object, Values], None]
"""Takes what is wrong and the rows that have it."""

EPOCH = 719_163
"""The ordinal of 1970-01-01, from which Arrow counts days."""

_IN_A_DAY = {"s": 86_400, "ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000}

_WITH_A_TIME = Wrong(
    "IS402",
    "expected a date, found a day with a time",
    ("leave the time out: midnight without a zone is read as a date, and no other time",),
)
_NO_SUCH_DAY = Wrong("IS402", "expected a day that is in the calendar", ("check the year",))


def is_number(kind: Any) -> bool:
    """Whether an Arrow type holds numbers."""
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def is_day(kind: Any) -> bool:
    """Whether an Arrow type holds days, or times without a zone."""
    return bool(pa.types.is_date(kind) or (pa.types.is_timestamp(kind) and kind.tz is None))


def of_numbers(type_: Number, column: Any, low: int, high: int, fault: Told) -> Answers:
    """Whole numbers from `low` to `high`."""
    known = bits.validity(column)
    if pa.types.is_integer(column.type):
        values = held(column)
    else:
        if pa.types.is_decimal(column.type):
            column = column.cast(pa.float64())
        with_point = held(column).astype(np.float64, copy=False)
        bad = _where(~((np.abs(with_point) <= LARGEST) & (with_point == np.trunc(with_point))), known)
        if len(bad):
            fault(read_answer(type_, 0.5), bad)
        with np.errstate(invalid="ignore"):  # what stands where nothing is known
            values = with_point.astype(np.int64)
        if len(bad):
            values[bad] = low
    if len(values) and (values.min() < low or values.max() > high):
        for outside, sample in ((values < low, low - 1), (values > high, high + 1)):
            bad = _where(outside, known)
            if len(bad):
                fault(read_answer(type_, sample), bad)
    return Whole(len(column), known, None, values)


def of_days(column: Any, fault: Told) -> Answers:
    """Days of the calendar."""
    kind, known = column.type, bits.validity(column)
    if pa.types.is_date32(kind):
        days = held(column, np.int32)
    else:
        unit = "ms" if pa.types.is_date64(kind) else kind.unit
        days, rest = np.divmod(held(column, np.int64), _IN_A_DAY[unit])
        bad = _where(rest != 0, known)
        if len(bad):
            fault(_WITH_A_TIME, bad)
    first, last = calendar.FIRST - EPOCH, calendar.LAST - EPOCH
    if len(days) and (days.min() < first or days.max() > last):
        bad = _where((days < first) | (days > last), known)
        if len(bad):
            fault(_NO_SUCH_DAY, bad)
    return Whole(len(column), known, None, days, EPOCH, dates=True)


def held(column: Any, kind: Any = None) -> Values:
    """The values of an Arrow column of fixed width in its own memory, whatever stands where it is null."""
    kind = np.dtype(kind or column.type.to_pandas_dtype())
    if len(column) == 0:
        return np.empty(0, kind)
    return np.frombuffer(column.buffers()[1], kind, len(column), column.offset * kind.itemsize)


def _where(wrong: Values, known: Bits | None) -> Values:
    """The rows that are wrong, of those that say something."""
    rows = np.flatnonzero(wrong)
    return rows if known is None else rows[bits.at(known, rows)]
