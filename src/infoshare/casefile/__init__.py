"""Case files: from bytes to a plain mapping, and everything that is wrong with them.

Strict where libraries are lax: a key given twice, a number that is no number, half a character and
endless nesting are faults, each with its path and all of them at once. Numbers written with a
point stay `float`, so that the reader of facts can tell 18.0 from 18.
Invariants: nothing raises, whatever the bytes; no message repeats an answer.
Deliberately not here: YAML (`yaml_text`), opening files (the doors), and what the facts mean (`infoshare.meaning.facts`).
"""

import json
import math
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from types import NoneType
from typing import Any, Literal, TypeAlias

from infoshare.diagnostic import Diagnostic

CaseFormat: TypeAlias = Literal["json", "toml", "yaml"]
Read: TypeAlias = tuple[dict[str, Any] | None, tuple[Diagnostic, ...]]

SIZE_LIMIT = 8 * 1024 * 1024
DEPTH_LIMIT = 64
DIGIT_LIMIT = 4300  # where Python itself refuses to read a whole number

_SUFFIXES: dict[str, CaseFormat] = {".json": "json", ".toml": "toml", ".yaml": "yaml", ".yml": "yaml"}
_OF_LINES = {".ndjson", ".jsonl"}


def format_of(name: str) -> CaseFormat:
    """The format that a file name promises; JSON where it promises nothing."""
    return _SUFFIXES.get(_suffix(name), "json")


def holds_lines(name: str) -> bool:
    """Whether a file name promises a case a line, each in JSON."""
    return _suffix(name) in _OF_LINES


def _suffix(name: str) -> str:
    stem, dot, suffix = name.rpartition(".")
    return dot + suffix.lower() if stem else ""


def read_case(data: bytes, name: str, format: CaseFormat) -> Read:
    """The mapping that a case file holds, or None and what is wrong with it.

    Args:
        data: the bytes of the file.
        name: what to call it in messages.
        format: how it is written; see `format_of`.
    """
    if len(data) > SIZE_LIMIT:
        return fault("IS802", f"the case is larger than {SIZE_LIMIT // 1024 // 1024} MB")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return fault("IS801", f"the case is not UTF-8: byte {error.start} is not valid", "save it as UTF-8")
    match format:
        case "json":
            return _read_json(text)
        case "toml":
            return _read_toml(text)
        case "yaml":
            try:
                from infoshare.casefile.yaml_text import read_yaml
            except ImportError:
                return fault(
                    "IS412",
                    "a case in YAML cannot be read without the extra `yaml`",
                    "install it: pip install 'infoshare[yaml]'",
                    f"or write {name.rpartition('/')[2] or name!a} as JSON or TOML",
                )
            return read_yaml(text)


# --- faults ---------------------------------------------------------------------------------


def fault(code: str, message: str, *help_: str, path: str | None = None) -> Read:
    """Nothing read, for one reason."""
    return None, (Diagnostic(code, message, help=help_, path=path),)


def too_deep(path: str | None = None) -> Read:
    """Nothing read, as it nests too deep."""
    help_ = "a case holds groups, lists and answers, and nothing deeper: check the program that wrote it"
    return fault("IS409", f"the case is nested more than {DEPTH_LIMIT} deep", help_, path=path)


def empty() -> Read:
    """Nothing read, as there is nothing."""
    return fault("IS412", "the case file is empty", "the smallest case is `{}`, which answers nothing")


# --- JSON and TOML --------------------------------------------------------------------------

# Strings whole, so that a bracket inside one does not count; the alternatives after a string
# that never ends keep this linear whatever the text. In TOML a dotted key nests as brackets do.
_JSON_NESTING = re.compile(
    r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)'
    r"|(?P<open>[\[{])|(?P<close>[\]}])",
    re.DOTALL,
)
_TOML_NESTING = re.compile(
    r'"""(?:[^\\]|\\.)*?(?:"""|\Z)'
    r"|'''.*?(?:'''|\Z)"
    r'|"(?:[^"\\\n]|\\.)*+(?:"|\\?(?=\n|\Z))'
    r"|'[^'\n]*+(?:'|(?=\n|\Z))"
    r"|\#[^\n]*+"
    r"|(?P<open>[\[{])|(?P<close>[\]}])|(?P<dot>\.)|(?P<end>[=,\n]++)",
    re.DOTALL,
)


def _read_json(text: str) -> Read:
    if _nests_too_deep(_JSON_NESTING, text):
        return too_deep()
    if not text.strip():
        return empty()
    try:
        value = json.loads(
            text,
            object_pairs_hook=Pairs,
            parse_int=whole_number,
            parse_float=number_with_point,
            parse_constant=NoNumber,
        )
    except json.JSONDecodeError as error:
        what, help_ = _in_words(error)
        return fault("IS412", f"not JSON: {what} at line {error.lineno}, column {error.colno}", help_)
    return case_of(value)


def _read_toml(text: str) -> Read:
    import tomllib  # few cases are TOML, and importing it takes longer than reading one

    if _nests_too_deep(_TOML_NESTING, text):
        return too_deep()
    try:
        value = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        said = str(error)
        help_ = 'texts stand in quotation marks, such as status = "refused", under the name of their group, such as [consent]'
        return fault("IS412", f"not TOML: {said[:1].lower()}{said[1:]}", help_)
    except ValueError:  # a whole number of more digits than Python reads
        return fault("IS410", f"a number of more than {DIGIT_LIMIT} digits is not an answer")
    return case_of(value)


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
            case _:
                pass  # a text, which may be a part of a dotted key
        if brackets > DEPTH_LIMIT or dots > DEPTH_LIMIT:
            return True
    return False


_QUOTE = 'names and texts stand in double quotation marks: "refused"'
_COMMA = "a comma stands between two answers, and none after the last"
_WORDS = (  # how the message of the JSON reader begins, what to say instead, and what to do
    ("Illegal trailing comma", "found a comma after the last answer", _COMMA),
    ("Expecting property name", "expected a name in double quotation marks", _QUOTE),
    ("Expecting value", "expected an answer", f"{_QUOTE}; yes and no are written true and false"),
    ("Expecting ':'", "expected `:` between a name and its answer", 'write "consent": {"status": "refused"}'),
    ("Expecting ','", "expected a comma or a closing bracket", _COMMA),
    ("Extra data", "expected the end of the case, found something more", "one case is one pair of curly brackets"),
    ("Unterminated string", "a text that begins here is not closed", "close it with a double quotation mark"),
    ("Invalid control", "found a line break or a control character in a text", "write a space instead"),
    ("Invalid \\", "found a backslash that stands for nothing", "write two of them to mean one"),
)  # fmt: skip


def _in_words(error: json.JSONDecodeError) -> tuple[str, str]:
    """What is wrong, in words that say nothing of the answer, and what to do."""
    if error.doc[error.pos : error.pos + 1] in {"}", "]"} and error.msg.startswith("Expecting"):
        return "found a closing bracket after a comma, or where an answer is missing", _COMMA
    for beginning, what, help_ in _WORDS:
        if error.msg.startswith(beginning):
            return what, help_
    return f"{error.msg[:1].lower()}{error.msg[1:]}", "check the place, or write the case again from a sample"


# --- as it is written -> plain data ---------------------------------------------------------


class Pairs(list[tuple[str, Any]]):
    """The pairs of an object as they are written, so that a repeated key is still there."""


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


def case_of(value: object) -> Read:
    """The plain mapping that an object as written stands for."""
    if not isinstance(value, Pairs | dict):
        help_ = 'write it like {"consent": {"status": "refused"}}'
        return fault("IS412", "expected a case in curly brackets, found something else", help_)
    faults: list[Diagnostic] = []
    case = _plain(value, "", 1, faults)
    return (None, tuple(faults)) if faults else (case, ())


_PLAIN = {bool, int, NoneType}


def _plain(value: Any, path: str, depth: int, faults: list[Diagnostic]) -> Any:
    """The value with plain dicts for objects; what cannot be an answer is a fault at its path."""
    if depth > DEPTH_LIMIT:
        faults.extend(too_deep(path)[1])
        return None
    match value:
        case Pairs() | dict():
            plain: dict[str, Any] = {}
            for key, inner in _pairs(value):
                if type(inner) in _PLAIN and key.isascii() and key not in plain and depth < DEPTH_LIMIT:
                    plain[key] = inner
                    continue
                at = _join(path, key, faults)
                if key in plain:
                    help_ = "keep the answer that is right, and delete the other"
                    faults.append(
                        Diagnostic("IS403", f"{_shown(at)} is answered twice", help=(help_,), path=at)
                    )
                else:
                    plain[key] = _plain(inner, at, depth + 1, faults)
            return plain
        case list():
            places = [f"{path}[{name}]" for name in _element_names(value)]
            return [_plain(inner, at, depth + 1, faults) for at, inner in zip(places, value, strict=True)]
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


def _unreadable(path: str, what: str, help_: str = "leave out what nobody has answered") -> Diagnostic:
    return Diagnostic("IS410", f"{_shown(path)} is {what}, which is not an answer", help=(help_,), path=path)


def _join(path: str, key: str, faults: list[Diagnostic]) -> str:
    shown = key.encode("ascii", "backslashreplace").decode() if _broken(key) else key
    at = f"{path}.{shown}" if path else shown
    if shown is not key:
        faults.append(Diagnostic("IS410", "a name has half a character in it (a lone surrogate)", path=at))
    return at


def _shown(path: str) -> str:
    return f"`{path}`" if path else "the case"


def _broken(text: str) -> bool:
    """Whether the text holds a surrogate without its other half, which no encoding can carry."""
    return not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text)


def _pairs(value: object) -> Iterable[tuple[str, Any]]:
    """The pairs of an object; none where it is none."""
    return value.items() if isinstance(value, dict) else value if isinstance(value, Pairs) else ()


def _element_names(elements: list[Any]) -> Iterator[str]:
    """How the elements of a list are called in paths: by name where they have one, else by number from 1."""
    for number, element in enumerate(elements, start=1):
        names = (inner for key, inner in _pairs(element) if key == "name")
        named = next((name for name in names if isinstance(name, str) and not _broken(name)), None)
        yield str(number) if named is None else json.dumps(named, ensure_ascii=False)
