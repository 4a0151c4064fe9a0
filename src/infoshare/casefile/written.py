"""What a case file holds as it is written -> plain dicts, lists and answers, or what is wrong with it.

Invariants: a key given twice, a number that is none and half a character are faults, each with its path;
no message repeats an answer. Deliberately not here: the formats (`json_text`, `toml_text`, `yaml_text`).
"""

import json
import math
import re
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, TypeAlias

from infoshare.diagnostic import Diagnostic

Read: TypeAlias = tuple[dict[str, Any] | None, tuple[Diagnostic, ...]]

DEPTH_LIMIT = 64
DIGIT_LIMIT = 4300  # where Python itself refuses to read a whole number
_ONE = "keep the answer that is right, and delete the other"


class Pairs(list[tuple[str, Any]]):
    """The pairs of a JSON object as they are written, so that a repeated key is still there."""


class NoNumber:
    """A number that cannot be an answer, and what it is instead."""

    def __init__(self, words: str) -> None:
        self.words = words


def whole_number(digits: str) -> int | NoNumber:
    """Digits as a whole number."""
    return int(digits) if len(digits) <= DIGIT_LIMIT else NoNumber(f"a number of {len(digits)} digits")


def number_with_point(digits: str) -> float | NoNumber:
    """A number with a point or an exponent."""
    number = float(digits)
    return number if math.isfinite(number) else NoNumber("a number too large to hold")


def fault(code: str, message: str, *help_: str, path: str | None = None) -> Read:
    """Nothing read, for one reason."""
    return None, (Diagnostic(code, message, help=help_, path=path),)


def nests_too_deep(nesting: re.Pattern[str], text: str) -> bool:
    """Whether brackets or dotted keys go deeper than the limit, without reading what is between them."""
    brackets = dots = 0
    for match in nesting.finditer(text):
        match match.lastgroup:
            case "open":
                brackets += 1
            case "close":
                brackets -= 1
            case "dot":
                dots += 1
            case "end":
                dots = 0
            case _:
                pass  # a text, which may be a part of a dotted key
        if brackets > DEPTH_LIMIT or dots > DEPTH_LIMIT:
            return True
    return False


def too_deep(path: str | None = None) -> Read:
    """Nothing read, as it nests too deep."""
    help_ = "a case holds groups, lists and answers, and nothing deeper: check the program that wrote it"
    return fault("IS409", f"the case is nested more than {DEPTH_LIMIT} deep", help_, path=path)


def not_an_object() -> Read:
    """Nothing read, as it is no mapping of groups."""
    return fault(
        "IS412",
        "expected a case in curly brackets, found something else",
        'write it like {"consent": {"status": "refused"}}',
    )


def case_of(value: Pairs | dict[str, Any]) -> Read:
    """The plain mapping that an object as written stands for."""
    faults: list[Diagnostic] = []
    case = _plain(value, "", 1, faults)
    return (None, tuple(faults)) if faults else (case, ())


def _plain(value: Any, path: str, depth: int, faults: list[Diagnostic]) -> Any:
    """The value with plain dicts for objects; what cannot be an answer is a fault at its path."""
    if depth > DEPTH_LIMIT:
        faults.extend(too_deep(path)[1])
        return None
    match value:
        case Pairs() | dict():
            pairs = value if isinstance(value, Pairs) else list(value.items())
            plain: dict[str, Any] = {}
            for key, inner in pairs:
                at = _join(path, key, faults)
                if key in plain:
                    faults.append(
                        Diagnostic("IS403", f"{_shown(at)} is answered twice", help=(_ONE,), path=at)
                    )
                    continue
                plain[key] = _plain(inner, at, depth + 1, faults)
            return plain
        case list():
            names = _element_names(value)
            return [
                _plain(inner, f"{path}[{name}]", depth + 1, faults)
                for name, inner in zip(names, value, strict=True)
            ]
        case NoNumber():
            faults.append(_unreadable(path, value.words))
        case float() if not math.isfinite(value):
            faults.append(_unreadable(path, "not a number" if math.isnan(value) else "an endless number"))
        case datetime():
            faults.append(_unreadable(path, "a day with a time", "give the day alone, such as 2026-01-31"))
        case time():
            faults.append(_unreadable(path, "a time of day"))
        case str() if _broken(value):
            faults.append(_unreadable(path, "text with half a character in it (a lone surrogate)"))
        case str() | bool() | int() | float() | date() | None:
            return value
        case _:
            faults.append(_unreadable(path, "something that is not plain data"))
    return None


def _unreadable(path: str, what: str, *help_: str) -> Diagnostic:
    help_ = help_ or ("leave out what nobody has answered",)
    return Diagnostic("IS410", f"{_shown(path)} is {what}, which is not an answer", help=help_, path=path)


def _join(path: str, key: str, faults: list[Diagnostic]) -> str:
    if _broken(key):
        key = key.encode("ascii", "backslashreplace").decode()
        at = f"{path}.{key}" if path else key
        faults.append(Diagnostic("IS410", "a name has half a character in it (a lone surrogate)", path=at))
        return at
    return f"{path}.{key}" if path else key


def _shown(path: str) -> str:
    return f"`{path}`" if path else "the case"


def _broken(text: str) -> bool:
    """Whether the text holds a surrogate without its other half, which no encoding can carry."""
    return any("\ud800" <= character <= "\udfff" for character in text)


def _element_names(elements: list[Any]) -> Iterator[str]:
    """How the elements of a list are called in paths: by name where they have one, else by number from 1."""
    for number, element in enumerate(elements, start=1):
        pairs = (
            element
            if isinstance(element, Pairs)
            else list(element.items())
            if isinstance(element, dict)
            else []
        )
        named = [
            inner for key, inner in pairs if key == "name" and isinstance(inner, str) and not _broken(inner)
        ]
        yield json.dumps(named[0], ensure_ascii=False) if named else str(number)
