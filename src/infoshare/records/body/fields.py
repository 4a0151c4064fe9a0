"""What people tell about a decision, field by field: checked, read from plain JSON, written as plain JSON.

A value class declares each field with one of the functions below (`line`, `text`, `flag`, `when`, `day`, `word`,
`part`, `parts`); everything else follows from that table: `faults_of`, `from_json`, `to_json`, and their
JSON Schema (`field_schema`).
Invariants: every fault is found at once, with its path; no message repeats what was told; what is read and found
without a fault is written back the same. Deliberately not here: which fields there are (`practitioner`, `particulars`).
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Literal, TypeAlias, TypeVar, cast

import attrs

from infoshare.diagnostic import Diagnostic, did_you_mean
from infoshare.records.canonical import to_instant
from infoshare.text import visible

T = TypeVar("T")
Kind: TypeAlias = Literal["line", "text", "flag", "when", "day", "word", "part", "parts"]
Json: TypeAlias = dict[str, Any]

LONGEST_LINE = 200
"""Characters of a name, a role, an organisation."""
LONGEST_TEXT = 10_000
"""Characters of a reason or a note."""
MOST_PARTS = 200
"""Entries of a list."""

KIND = "kind"
"""Under which a field's metadata says which of these it is."""
_WHEN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_NEVER = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def line(*, required: bool = False) -> Any:
    """A name or the like: one line, at most 200 characters, no control or hidden character."""
    return _field("line", required=required)


def text(*, required: bool = False) -> Any:
    """A reason or the like: lines of text, at most 10,000 characters, no control character but the end of a line."""
    return _field("text", required=required)


def flag() -> Any:
    """True, false or not told."""
    return _field("flag")


def when(*, required: bool = False) -> Any:
    """A moment: a `datetime` that knows its offset, kept to the microsecond and written in UTC."""
    return _field("when", required=required)


def day() -> Any:
    """A calendar date."""
    return _field("day")


def word(*words: str, required: bool = False) -> Any:
    """One of a closed set of words."""
    return _field("word", required=required, words=words)


def part(of: type, *, required: bool = False) -> Any:
    """One value of another such class, or None."""
    return _field("part", required=required, of=of)


def parts(of: type) -> Any:
    """A tuple of values of another such class."""
    return attrs.field(default=(), converter=_tuple, metadata={KIND: "parts", "of": of})


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _field(kind: Kind, *, required: bool = False, **more: Any) -> Any:
    default = attrs.NOTHING if required else None
    return attrs.field(default=default, metadata={KIND: kind, "required": required, **more})


def read_moment(written: object) -> datetime | None:
    """The moment that RFC 3339 text says, in UTC; None for anything else, and for text without an offset."""
    if not isinstance(written, str) or not _WHEN.fullmatch(written):
        return None
    try:
        return datetime.fromisoformat(written).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def read_day(written: object) -> date | None:
    """The calendar date that ISO 8601 text says; None for anything else."""
    if not isinstance(written, str) or not _DAY.fullmatch(written):
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


# --- writing ----------------------------------------------------------------------------------


def to_json(value: Any) -> Json:
    """A value as plain JSON: every key, those that were not told as null."""
    return {field.name: _written(getattr(value, field.name)) for field in attrs.fields(type(value))}


def _written(value: Any) -> Any:
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, datetime):
        return to_instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_written(each) for each in value]
    return to_json(value)


# --- checking ---------------------------------------------------------------------------------


def faults_of(value: object, expected: type, path: str, code: str) -> list[Diagnostic]:
    """Everything that is wrong with a value that was made in Python."""
    if not isinstance(value, expected):
        return [Diagnostic(code, f"`{path}` is not {_a(expected)}", path=path)]
    found: list[Diagnostic] = []
    for field in attrs.fields(expected):
        _check(getattr(value, field.name), field.metadata, _join(path, field.name), code, found)
    return found


def _check(value: Any, told: Mapping[str, Any], path: str, code: str, found: list[Diagnostic]) -> None:
    def fault(message: str, *help_: str) -> None:
        found.append(Diagnostic(code, f"`{path}` {message}", help=help_, path=path))

    if value is None and told[KIND] != "parts":
        if told.get("required"):
            fault("is missing")
        return
    match told[KIND]:
        case "line" | "text" as kind:
            _check_text(value, kind, fault)
        case "flag":
            if not isinstance(value, bool):
                fault("is neither true nor false")
        case "when":
            if not isinstance(value, datetime) or value.utcoffset() is None:
                fault("is not a moment with its offset from UTC", "such as 2026-11-25T14:30:00Z")
            elif not 1 < value.year < 9999:
                fault("is out of range")
        case "day":
            if not isinstance(value, date) or isinstance(value, datetime):
                fault("is not a date", "such as 2026-01-31")
        case "word":
            if not isinstance(value, str) or value not in told["words"]:
                fault(f"is not one of {', '.join(told['words'])}")
        case "part":
            found += faults_of(value, told["of"], path, code)
        case "parts":
            _check_parts(value, told, path, code, found)
        case kind:
            raise AssertionError(f"a field of a kind that is not checked: {kind}")


def _check_parts(value: Any, told: Mapping[str, Any], path: str, code: str, found: list[Diagnostic]) -> None:
    if not isinstance(value, tuple):
        found.append(Diagnostic(code, f"`{path}` is not a list", path=path))
    elif len(value) > MOST_PARTS:
        found.append(
            Diagnostic(code, f"`{path}` has {len(value):,} entries, more than {MOST_PARTS}", path=path)
        )
    else:
        for index, each in enumerate(value):
            found += faults_of(each, told["of"], f"{path}[{index}]", code)


def _check_text(value: Any, kind: Literal["line", "text"], fault: Any) -> None:
    longest = LONGEST_LINE if kind == "line" else LONGEST_TEXT
    if not isinstance(value, str):
        fault("is not text")
    elif not value.strip():
        fault("is empty", "leave it out if there is nothing to say")
    elif len(value) > longest:
        fault(f"is longer than {longest:,} characters")
    elif value.isascii() and value.isprintable():
        return
    else:
        allowed = "\n" if kind == "text" else ""
        bad = next((c for c in value if c not in allowed and unicodedata.category(c) in _NEVER), None)
        if bad is not None:
            fault(f"holds a control or hidden character, {visible(bad)}", "take it out")


# --- reading ----------------------------------------------------------------------------------


def from_json(data: object, expected: type[T], path: str, code: str, found: list[Diagnostic]) -> T | None:
    """The value that plain JSON tells, or None; what is wrong is added to `found`.

    Keys that are not known are faults: this reads what people type.
    """
    if not isinstance(data, Mapping):
        found.append(Diagnostic(code, f"`{path or 'the document'}` is not an object", path=path or None))
        return None
    fields = {field.name: field for field in attrs.fields(cast("type[Any]", expected))}
    before = len(found)
    for key in data:
        if key not in fields:
            told = _join(path, visible(str(key))[:LONGEST_LINE])
            help_ = did_you_mean(str(key)[:100], fields)
            found.append(Diagnostic(code, f"`{told}` is not known here", help=help_, path=told))
    values = {
        name: _taken(data.get(name), field.metadata, _join(path, name), code, found)
        for name, field in fields.items()
    }
    if len(found) > before:
        return None
    value = expected(**{name: v for name, v in values.items() if v is not None})
    found += faults_of(value, expected, path, code)
    return value if len(found) == before else None


def _taken(value: object, told: Mapping[str, Any], path: str, code: str, found: list[Diagnostic]) -> Any:
    """A field's value out of JSON; what is of no use is left as it is, for the check to find."""
    if value is None:
        if told.get("required"):
            found.append(Diagnostic(code, f"`{path}` is missing", path=path))
        return None
    match told[KIND]:
        case "when":
            return read_moment(value) or value
        case "day":
            return read_day(value) or value
        case "part":
            return from_json(value, told["of"], path, code, found)
        case "parts":
            if not isinstance(value, Sequence) or isinstance(value, str):
                found.append(Diagnostic(code, f"`{path}` is not a list", path=path))
                return None
            if len(value) > MOST_PARTS:
                found.append(
                    Diagnostic(
                        code, f"`{path}` has {len(value):,} entries, more than {MOST_PARTS}", path=path
                    )
                )
                return None
            return tuple(
                from_json(each, told["of"], f"{path}[{index}]", code, found)
                for index, each in enumerate(value)
            )
        case _:
            return value


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _a(expected: type) -> str:
    return "a " + re.sub(r"(?<=.)(?=[A-Z])", " ", expected.__name__).lower()
