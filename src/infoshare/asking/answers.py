"""What a person types -> an answer to one question, a command, or a kind word about what was expected.

Numbers of a menu, words, labels and beginnings of them are understood where only one thing can be
meant: a wrong guess would be a wrong fact. Deliberately not here: what is asked next (`dialogue`).
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Literal, TypeAlias, assert_never

import attrs

from infoshare.diagnostic import nearest
from infoshare.explain.labels import NONE_OF_THEM
from infoshare.meaning.types import (
    LARGEST,
    Answer,
    Date,
    FactType,
    Number,
    OneOf,
    Reference,
    SomeOf,
    Text,
    YesNo,
)

Word: TypeAlias = Literal["help", "back", "skip", "not sure", "stop"]

COMMANDS: dict[str, Word] = {
    "?": "help",
    "help": "help",
    "back": "back",
    "skip": "skip",
    "not sure": "not sure",
    "unsure": "not sure",
    "dont know": "not sure",
    "do not know": "not sure",
    "i dont know": "not sure",
    "stop": "stop",
    "quit": "stop",
    "exit": "stop",
}
LONGEST = 1_000
_YES_NO = ("yes", "no")
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip


@attrs.frozen
class Command:
    """Something to do rather than an answer."""

    word: Word


@attrs.frozen
class Unclear:
    """It was not understood; `why` says what was expected."""

    why: str


@attrs.frozen
class Given:
    """An answer."""

    value: Answer


def understand(typed: str, type_: FactType, names: Sequence[str] = ()) -> Given | Command | Unclear:
    """Reads what was typed in answer to a question of a type; not for an empty line.

    Args:
        names: those that a reference may name.
    """
    text = tidy(typed)
    if text is None:
        return Unclear("that holds characters that cannot be kept; type it in plain text")
    word = _folded(text)
    match type_:
        case YesNo():
            found = _pick({"y": "yes", "n": "no"}.get(word, word), _YES_NO, _YES_NO, commands=True)
            return Given(_YES_NO[found] == "yes") if isinstance(found, int) else found
        case OneOf(values, labels):
            found = _pick(word, values, labels, commands=True)
            return Given(values[found]) if isinstance(found, int) else found
        case Reference(many=False):
            found = _pick(word, (*names, NONE_OF_THEM), (*names, NONE_OF_THEM), commands=True)
            return Given(frozenset([*names[found : found + 1]])) if isinstance(found, int) else found
        case _ if word in COMMANDS:
            return Command(COMMANDS[word])
        case SomeOf(values, labels):
            return _some_of(word, values, labels)
        case Reference():
            return _some_of(word, names, names)
        case Number():
            return _number(word, type_)
        case Date():
            return _date(word)
        case Text():
            return Given(text)
        case _:
            assert_never(type_)


def command(typed: str) -> Word | None:
    """The command that a line is, where anything else is taken as it stands."""
    return COMMANDS.get(_folded(typed))


def tidy(typed: str) -> str | None:
    """The line as it is kept; None if it holds what no case may hold."""
    text = unicodedata.normalize("NFC", typed.strip())
    odd = any(unicodedata.category(c) in {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"} for c in text)
    return None if odd or len(text) > LONGEST else text


def form(type_: FactType) -> str | None:
    """What is to be typed, where there is no menu that shows it."""
    match type_:
        case Number(unit, low, high):
            bounds = f", from {low} to {high}" if low is not None and high is not None else ""
            return f"a whole number{f' of {unit}' if unit else ''}{bounds}"
        case Date():
            return "a date, such as 2026-01-31 or 31 January 2026"
        case Text():
            return "in your own words, on one line"
        case SomeOf():
            return "as many as there are, with commas between them; `none` for none of these"
        case Reference(many=True):
            return "as many of these as there are, with commas between them; `none` for none of them"
        case YesNo() | OneOf() | Reference():
            return None
        case _:
            assert_never(type_)


# --- a menu ---------------------------------------------------------------------------------


def _some_of(word: str, values: Sequence[str], labels: Sequence[str]) -> Given | Command | Unclear:
    if word in {"none", "none of these", "none of them"} and "none" not in values:
        return Given(frozenset())
    ticked: list[str] = []
    for part in (_folded(part) for part in word.split(",")):
        found = _pick(part, values, labels, commands=False)
        if not isinstance(found, int):
            return found
        ticked.append(values[found])
    return Given(frozenset(ticked))


def _pick(
    word: str, values: Sequence[str], labels: Sequence[str], *, commands: bool
) -> int | Command | Unclear:
    """The place of the one option that can be meant: by number, by word, then by the beginning of a word."""
    if re.fullmatch(r"[0-9]{1,4}", word):
        if 1 <= int(word) <= len(values):
            return int(word) - 1
        return Unclear(f"there is no answer {word}: the numbers go from 1 to {len(values)}")
    spoken = [{_folded(value), _folded(label)} for value, label in zip(values, labels, strict=True)]
    whole = [at for at, words in enumerate(spoken) if word in words]
    if len(whole) == 1:
        return whole[0]
    if commands and word in COMMANDS:
        return Command(COMMANDS[word])
    begun = [at for at, words in enumerate(spoken) if any(each.startswith(word) for each in words)]
    also = {COMMANDS[each] for each in COMMANDS if commands and each.startswith(word)}
    if len(begun) == 1 and not also:
        return begun[0]
    if not begun and len(also) == 1:
        return Command(also.pop())
    if begun or also:
        could_be = [labels[at] for at in begun] + sorted(also)
        return Unclear(f"that could be {_either(could_be)}: type more of it, or the number")
    near = nearest(word, [each for words in spoken for each in words])
    meant = next((labels[at] for at, words in enumerate(spoken) if near in words), None)
    hint = f" Did you mean “{meant}”?" if meant else ""
    return Unclear(f"that is not one of the answers: type a number from 1 to {len(values)}, or a word.{hint}")


def _either(words: Sequence[str]) -> str:
    return " or ".join(f"“{word}”" for word in words)


def _folded(text: str) -> str:
    """As words are compared: small letters, single spaces, no underscores, apostrophes or full stop."""
    plain = re.sub(r"['’`\"“”]", "", text.casefold()).replace("_", " ")
    return " ".join(plain.split()).rstrip(".")


# --- numbers and dates ----------------------------------------------------------------------


def _number(word: str, type_: Number) -> Given | Unclear:
    unit = re.escape((type_.unit or "").rstrip("s"))
    found = (
        re.fullmatch(rf"(-?[0-9]{{1,18}})(?: ?{unit}s?)?", word)
        if unit
        else re.fullmatch(r"(-?[0-9]{1,18})", word)
    )
    if found is None:
        return Unclear(f"that is not a number: type {form(type_)}, in digits")
    number = int(found[1])
    low, high = (
        (-LARGEST if type_.low is None else type_.low),
        (LARGEST if type_.high is None else type_.high),
    )
    if not low <= number <= high:
        return Unclear(f"that is out of range: type {form(type_)}")
    return Given(number)


def _date(word: str) -> Given | Unclear:
    day = month = year = None
    if found := re.fullmatch(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})", word):
        year, month, day = int(found[1]), int(found[2]), int(found[3])
    elif found := re.fullmatch(r"([0-9]{1,2})(?:st|nd|rd|th)? ([a-z]{3,9}),? ([0-9]{4})", word):
        months = [at for at, name in enumerate(_MONTHS, 1) if name.startswith(found[2])]
        year, month, day = int(found[3]), (months[0] if len(months) == 1 else 0), int(found[1])
    if year is None or month is None or day is None:
        return Unclear(f"that is not a date: type {form(Date())}")
    try:
        return Given(date(year, month, day))
    except ValueError:
        return Unclear(f"there is no such day in the calendar: type {form(Date())}")
