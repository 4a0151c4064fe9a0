"""Case files: from bytes to a plain mapping, and everything that is wrong with them.

Strict where libraries are lax: a key given twice, a number that is no number, half a character and
endless nesting are faults, each with its path and all of them at once. Numbers written with a
point stay `float`, so that the reader of facts can tell 18.0 from 18.
Invariants: nothing raises, whatever the bytes; no message repeats an answer.
Deliberately not here: opening files (the doors), and what the facts mean (`infoshare.meaning.facts`).
"""

import json
import math
import re
import tomllib
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, Literal, TypeAlias

from infoshare.diagnostic import Diagnostic

CaseFormat: TypeAlias = Literal["json", "toml", "yaml"]
Read: TypeAlias = tuple[dict[str, Any] | None, tuple[Diagnostic, ...]]

SIZE_LIMIT = 8 * 1024 * 1024
DEPTH_LIMIT = 64
_DIGIT_LIMIT = 4300  # where Python itself refuses to read a whole number

_SUFFIXES: dict[str, CaseFormat] = {".json": "json", ".toml": "toml", ".yaml": "yaml", ".yml": "yaml"}


def format_of(name: str) -> CaseFormat:
    """The format that a file name promises; JSON where it promises nothing."""
    stem, dot, suffix = name.rpartition(".")
    return _SUFFIXES.get(dot + suffix.lower(), "json") if stem else "json"


def read_case(data: bytes, name: str, format: CaseFormat) -> Read:
    """The mapping that a case file holds, or None and what is wrong with it.

    Args:
        data: the bytes of the file.
        name: what to call it in messages.
        format: how it is written; see `format_of`.
    """
    if len(data) > SIZE_LIMIT:
        return _fault("IS802", f"the case is larger than {SIZE_LIMIT // 1024 // 1024} MB")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _fault("IS801", f"the case is not UTF-8: byte {error.start} is not valid", "save it as UTF-8")
    match format:
        case "json":
            return _read_json(text)
        case "toml":
            return _read_toml(text)
        case "yaml":
            shown = name.rpartition("/")[2] or name
            return _fault(
                "IS412",
                "a case in YAML cannot be read by this version",
                f"write {shown!a} as JSON or TOML, the formats that are understood",
            )


def _fault(code: str, message: str, *help_: str, path: str | None = None) -> Read:
    return None, (Diagnostic(code, message, help=help_, path=path),)


# --- JSON -----------------------------------------------------------------------------------


class _Object(list[tuple[str, Any]]):
    """The pairs of a JSON object as they are written, so that a repeated key is still there."""


class _NoNumber:
    """A number that cannot be an answer, and what it is instead."""

    def __init__(self, words: str) -> None:
        self.words = words


# Strings whole, so that a bracket inside one does not count; the alternatives after a string
# that never ends keep this linear whatever the text.
_JSON_NESTING = re.compile(
    r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)'
    r"|(?P<open>[\[{])|(?P<close>[\]}])",
    re.DOTALL,
)


def _read_json(text: str) -> Read:
    if _nests_too_deep(_JSON_NESTING, text):
        return _too_deep()
    if not text.strip():
        return _fault("IS412", "the case file is empty", "the smallest case is `{}`, which answers nothing")
    try:
        value = json.loads(
            text,
            object_pairs_hook=_Object,
            parse_int=_whole_number,
            parse_float=_number_with_point,
            parse_constant=_NoNumber,
        )
    except json.JSONDecodeError as error:
        message = error.msg.split(":")[0]
        return _fault(
            "IS412",
            f"not JSON: {message[:1].lower()}{message[1:]} at line {error.lineno}, column {error.colno}",
        )
    if not isinstance(value, _Object):
        return _not_an_object()
    faults: list[Diagnostic] = []
    case = _plain(value, "", 1, faults)
    return (None, tuple(faults)) if faults else (case, ())


def _whole_number(digits: str) -> int | _NoNumber:
    return int(digits) if len(digits) <= _DIGIT_LIMIT else _NoNumber(f"a number of {len(digits)} digits")


def _number_with_point(digits: str) -> float | _NoNumber:
    number = float(digits)
    return number if math.isfinite(number) else _NoNumber("a number too large to hold")


# --- TOML -----------------------------------------------------------------------------------

# A dotted key nests as brackets do.
_TOML_NESTING = re.compile(
    r'"""(?:[^\\]|\\.)*?(?:"""|\Z)'
    r"|'''.*?(?:'''|\Z)"
    r'|"(?:[^"\\\n]|\\.)*+(?:"|\\?(?=\n|\Z))'
    r"|'[^'\n]*+(?:'|(?=\n|\Z))"
    r"|\#[^\n]*+"
    r"|(?P<open>[\[{])|(?P<close>[\]}])|(?P<dot>\.)|(?P<end>[=,\n]++)",
    re.DOTALL,
)


def _read_toml(text: str) -> Read:
    if _nests_too_deep(_TOML_NESTING, text):
        return _too_deep()
    try:
        value = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        said = str(error)
        return _fault("IS412", f"not TOML: {said[:1].lower()}{said[1:]}")
    except ValueError:  # a whole number of more digits than Python reads
        return _fault("IS410", f"a number of more than {_DIGIT_LIMIT} digits is not an answer")
    faults: list[Diagnostic] = []
    case = _plain(value, "", 1, faults)
    return (None, tuple(faults)) if faults else (case, ())


# --- both -----------------------------------------------------------------------------------


def _nests_too_deep(nesting: re.Pattern[str], text: str) -> bool:
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
        if brackets > DEPTH_LIMIT or dots > DEPTH_LIMIT:
            return True
    return False


def _too_deep(path: str | None = None) -> Read:
    return _fault("IS409", f"the case is nested more than {DEPTH_LIMIT} deep", path=path)


def _not_an_object() -> Read:
    return _fault(
        "IS412",
        "a case is an object of groups of facts, and this is not an object",
        'write it like {"consent": {"status": "refused"}}',
    )


def _plain(value: Any, path: str, depth: int, faults: list[Diagnostic]) -> Any:
    """The value with plain dicts for objects; what cannot be an answer is a fault at its path."""
    if depth > DEPTH_LIMIT:
        faults.extend(_too_deep(path)[1])
        return None
    match value:
        case _Object() | dict():
            pairs = value if isinstance(value, _Object) else list(value.items())
            plain: dict[str, Any] = {}
            for key, inner in pairs:
                at = _join(path, key, faults)
                if key in plain:
                    faults.append(Diagnostic("IS403", f"{_shown(at)} is given twice", path=at))
                    continue
                plain[key] = _plain(inner, at, depth + 1, faults)
            return plain
        case list():
            names = _element_names(value)
            return [
                _plain(inner, f"{path}[{name}]", depth + 1, faults)
                for name, inner in zip(names, value, strict=True)
            ]
        case _NoNumber():
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
    return None


def _unreadable(path: str, what: str, *help_: str) -> Diagnostic:
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
            if isinstance(element, _Object)
            else list(element.items())
            if isinstance(element, dict)
            else []
        )
        named = [
            inner for key, inner in pairs if key == "name" and isinstance(inner, str) and not _broken(inner)
        ]
        yield json.dumps(named[0], ensure_ascii=False) if named else str(number)
