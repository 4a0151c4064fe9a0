"""One answer of a case: any value -> an answer of the fact's type, or what is wrong with it.

Invariants: nothing is converted; what is said names the kind of thing that was found, never the answer itself.
Deliberately not here: where in a case it stands (`facts`).
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from typing import assert_never

from infoshare.diagnostic import nearest
from infoshare.meaning.types import UNSURE, Answer, Date, FactType, Number, OneOf, SomeOf, Text, YesNo
from infoshare.values import frozen

LARGEST = 2**53 - 1
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_SAID_YES_OR_NO = frozenset({"yes", "no", "true", "false", "y", "n"})


@frozen
class Wrong:
    """Why a value is not an answer: a code, a message and help."""

    code: str
    message: str
    help: tuple[str, ...] = ()


def read_answer(type_: FactType, value: object) -> Answer | Wrong:
    """A value as an answer of a type."""
    match type_:
        case YesNo():
            return value if isinstance(value, bool) else _not_yes_or_no(value)
        case OneOf(values, labels):
            if isinstance(value, str) and value in values:
                return values[values.index(value)]  # plain text, also for a member of an enumeration
            what = "found another word" if isinstance(value, str) else found(value)
            return Wrong(
                "IS402", f"expected one of {', '.join(values)}, {what}", _meant(value, values, labels)
            )
        case SomeOf(values, labels):
            return _some_of(values, labels, value)
        case Number(_, low, high):
            return _number(low, high, value)
        case Date():
            return _date(value)
        case Text():
            return _text(value)
        case _:
            assert_never(type_)


def found(value: object) -> str:
    """What kind of thing stands in the place of an answer, in words that say nothing of the answer itself."""
    match value:
        case bool():
            return "found a yes or no"
        case int():
            return "found a number"
        case float():
            return "found a number with a point"
        case str():
            return "found text"
        case datetime():
            return "found a day with a time"
        case date():
            return "found a date"
        case Mapping():
            return "found a group in curly brackets"
        case list() | tuple() | set() | frozenset():
            return "found a list"
        case None:
            return "found nothing"
        case _:
            return "found something that is not plain data"


def _wrong(wanted: str, value: object, *help_: str) -> Wrong:
    return Wrong("IS402", f"expected {wanted}, {found(value)}", help_)


def _not_yes_or_no(value: object) -> Wrong:
    if isinstance(value, str) and value.strip().lower() in _SAID_YES_OR_NO:
        return _wrong("yes or no (true or false)", value, "write true or false, without quotation marks")
    return _wrong(
        "yes or no (true or false)",
        value,
        'write true or false, or "unsure" if somebody was asked and does not know',
    )


def _some_of(values: tuple[str, ...], labels: tuple[str, ...], value: object) -> Answer | Wrong:
    wanted = f"a list of some of {', '.join(values)}"
    if not isinstance(value, list | tuple | set | frozenset):
        return _wrong(
            wanted,
            value,
            *(["put it in square brackets"] if isinstance(value, str) and value in values else []),
        )
    ticked = list(value)
    for each in ticked:
        if not isinstance(each, str) or each not in values:
            return Wrong(
                "IS402", f"expected {wanted}; something else is in the list", _meant(each, values, labels)
            )
    if len(set(ticked)) < len(ticked):
        return Wrong("IS402", f"expected {wanted}, each at most once", ("leave out what is said again",))
    return frozenset([value for value in values if value in ticked])


def _number(low: int | None, high: int | None, value: object) -> Answer | Wrong:
    if isinstance(value, bool) or not isinstance(value, int):
        return _wrong("a whole number", value, "write it in digits, without quotation marks or a point")
    lowest, highest = (-LARGEST if low is None else low), (LARGEST if high is None else high)
    if not lowest <= value <= highest:
        which = "smaller" if value < lowest else "greater"
        return Wrong(
            "IS404",
            f"expected a number from {lowest} to {highest}, found one that is {which}",
            ("check it for a digit too many or a digit lost",),
        )
    return int(value)


def _date(value: object) -> Answer | Wrong:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return Wrong("IS402", "expected a day that is in the calendar", ("check the day and the month",))
    return _wrong("a date", value, "write it as 2026-01-31, without a time of day")


def _text(value: object) -> Answer | Wrong:
    if not isinstance(value, str):
        return _wrong("text", value, "put it in quotation marks")
    if any("\ud800" <= c <= "\udfff" for c in value):
        return Wrong("IS402", "expected text, found some with half a character in it", ("type it again",))
    return unicodedata.normalize("NFC", value)


def _meant(value: object, values: tuple[str, ...], labels: tuple[str, ...]) -> tuple[str, ...]:
    """The value that a wrong one most likely stands for: what has that label, or what is written nearly so."""
    if not isinstance(value, str):
        return ()
    said = value.strip().casefold()
    by_label = {label.casefold(): each for each, label in zip(values, labels, strict=True)}
    word = re.sub(r"[\s-]+", "_", said)
    match = (
        by_label.get(said) or nearest(word, (*values, UNSURE)) or by_label.get(nearest(said, by_label) or "")
    )
    return (f"did you mean `{match}`?",) if match else ()
