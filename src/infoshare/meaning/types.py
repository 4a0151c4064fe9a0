"""The types of facts, and which answers each admits.

An *answer* is plain and hashable: bool, str, int, date, or (for `some of`) a frozenset of str.
Deliberately not here: reading answers from a case (`facts`) and comparing them (`conditions`).
"""

from datetime import date
from typing import TypeAlias

from infoshare.values import frozen

Answer: TypeAlias = bool | str | int | date | frozenset[str]
PlainAnswer: TypeAlias = bool | str | int | list[str]

UNSURE = "unsure"


@frozen
class YesNo:
    """Yes or no."""

    @property
    def words(self) -> str:
        return "yes or no"


@frozen
class OneOf:
    """Exactly one of `values`; `labels` stand beside them, the value itself where none was given."""

    values: tuple[str, ...]
    labels: tuple[str, ...]

    @property
    def words(self) -> str:
        return "one of " + ", ".join(self.values)


@frozen
class SomeOf:
    """Any number of `values`, none included."""

    values: tuple[str, ...]
    labels: tuple[str, ...]

    @property
    def words(self) -> str:
        return "some of " + ", ".join(self.values)


@frozen
class Number:
    """A whole number from `low` to `high`, both included; `unit` is what it counts."""

    unit: str | None = None
    low: int | None = None
    high: int | None = None

    @property
    def words(self) -> str:
        bounds = f" from {self.low} to {self.high}" if self.low is not None else ""
        return "number" + (f" of {self.unit}" if self.unit else "") + bounds


@frozen
class Date:
    """A calendar date."""

    @property
    def words(self) -> str:
        return "date"


@frozen
class Text:
    """Any text."""

    @property
    def words(self) -> str:
        return "text"


FactType: TypeAlias = YesNo | OneOf | SomeOf | Number | Date | Text


def plain(answer: Answer, type_: FactType) -> PlainAnswer:
    """An answer as JSON holds it: dates as text, options ticked as a list in the declared order."""
    match answer:
        case date():
            return answer.isoformat()
        case frozenset():
            order = type_.values if isinstance(type_, SomeOf) else tuple(sorted(answer))
            return [value for value in order if value in answer]
        case _:
            return answer
