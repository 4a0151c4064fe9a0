"""What people tell for a record: how each field is declared, checked, read from JSON and described.

A value class declares each field with one of the functions below (`line`, `text`, `flag`, …), which says both what people
may tell in it, here, and what a record keeps of it, for `infoshare.codec`. From the first follow `from_json`, `faults_of` and
`schema_of_told`: what is told is held to limits, and unknown keys are faults. From the second follow `shape_of` and `to_json`.
Invariants: every fault is found at once, with its path; no message repeats what was told; the schema accepts what is read and
refuses what is not, but for what JSON Schema has no words for: control characters, and days that there are not.
Deliberately not here: which fields there are (`model`).
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, TypeAlias, TypeVar, cast

import attrs

from infoshare import codec
from infoshare.codec import ANSWER, Maybe, Object, Scalar, Shape
from infoshare.diagnostic import Diagnostic, did_you_mean
from infoshare.records.canonical import from_instant, is_id, to_instant
from infoshare.text import visible
from infoshare.values import key

T = TypeVar("T")
Json: TypeAlias = dict[str, Any]
Fault: TypeAlias = tuple[str, ...]
"""What a value is not, for the message, and then what to do."""

LONGEST_LINE = 200
"""Characters of a name, a role, an organisation."""
LONGEST_TEXT = 10_000
"""Characters of a reason or a note."""
MOST_PARTS = 200
"""Entries of a list."""

DIALECT = "https://json-schema.org/draft/2020-12/schema"
SCHEMAS = "https://infoshare.example/schemas/"
"""What the `$id` of a published schema begins with; a name, and nothing is fetched from it."""

_MOMENT = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})"
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_NEVER = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


# --- what a record keeps ----------------------------------------------------------------------


def _checked(fits: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def read(data: Any) -> Any:
        if not fits(data):
            raise ValueError
        return data

    return read


def _formatted(name: str, pattern: str, longest: int) -> Json:
    return {"type": "string", "format": name, "pattern": f"^{pattern}$", "maxLength": longest}


_UUID_7 = "[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
_INSTANT = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{6})?Z"
_ID = Scalar(
    "the id of a record, a UUID of version 7", _formatted("uuid", _UUID_7, 36), "str", _checked(is_id)
)
_WHEN = Scalar(
    "a moment in UTC such as 2026-01-31T09:30:00Z",
    _formatted("date-time", _INSTANT, 27),
    "str",
    lambda data: from_instant(data) if isinstance(data, str) else _checked(bool)(None),
    to_instant,
)
_ANSWER = attrs.evolve(
    ANSWER,
    schema={
        "anyOf": [
            {"type": ["boolean", "integer", "string"]},
            {"type": "array", "items": {"type": "string"}},
            {"type": "object", "properties": {"none": {"const": True}}, "required": ["none"]},
        ]
    },
    read=lambda data: ANSWER.read(_checked(lambda v: v is not None)(data)),
    name=None,
)
_OBJECT = Scalar(
    "an object",
    {"type": "object"},
    "dict[str, Any]",
    _checked(lambda data: isinstance(data, Mapping) and all(isinstance(name, str) for name in data)),
)
SHAPES: Mapping[str, Shape] = {
    "id": _ID,
    "id or null": Maybe(_ID),
    "moment": _WHEN,
    "moment or null": Maybe(_WHEN),
    "answer": _ANSWER,
    "answer or null": Maybe(_ANSWER),
    "object": _OBJECT,
    "decision": attrs.evolve(_OBJECT, schema={"$ref": f"{SCHEMAS}decision-1.json"}),
}
"""What the types of fields do not tell."""


@cache
def shape_of(cls: type) -> Object:
    """What a record keeps of a class."""
    return codec.object_of(cls, shapes=SHAPES)


@cache
def _writer(cls: type) -> Callable[[Any], Json]:
    return codec.writer(shape_of(cls))


def to_json(value: Any) -> Json:
    """A value as plain JSON: every key, those that were not told as null."""
    cls: type = type(value)
    return _writer(cls)(value)


def pruned(data: Any, shape: Shape) -> Any:
    """A copy of JSON data of a shape, without the keys that the shape does not know. A decision, and facts, are left as they are."""
    match shape:
        case codec.Maybe(inner):
            return None if data is None else pruned(data, inner)
        case codec.Many(inner):
            return [pruned(each, inner) for each in data]
        case codec.Object(keys):
            return {name: pruned(data[name], keys[name].shape) for name in keys if name in data}
        case _:
            return data


# --- kinds of what people tell ----------------------------------------------------------------


def read_moment(written: object) -> datetime | None:
    """The moment that RFC 3339 text says, in UTC; None for anything else, and for text without an offset."""
    if not isinstance(written, str) or not re.fullmatch(_MOMENT, written):
        return None
    try:
        return datetime.fromisoformat(written).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def read_day(written: object) -> date | None:
    """The calendar date that ISO 8601 text says; None for anything else."""
    if not isinstance(written, str) or not re.fullmatch(_DAY, written):
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _text_fault(value: Any, longest: int, allowed: str) -> Fault | None:
    if not isinstance(value, str):
        return ("is not text",)
    if not value.strip():
        return "is empty", "leave it out if there is nothing to say"
    if len(value) > longest:
        return (f"is longer than {longest:,} characters",)
    if value.isascii() and value.isprintable():
        return None
    bad = next((c for c in value if c not in allowed and unicodedata.category(c) in _NEVER), None)
    return None if bad is None else (f"holds a control or hidden character, {visible(bad)}", "take it out")


def _moment_fault(value: Any) -> Fault | None:
    if not isinstance(value, datetime) or value.utcoffset() is None:
        return "is not a moment with its offset from UTC", "such as 2026-11-25T14:30:00Z"
    return None if 1 < value.year < 9999 else ("is out of range",)


@attrs.frozen
class Kind:
    """A kind of value that people tell.

    Attributes:
        fault: what is wrong with a Python value.
        schema: of the JSON value that people write.
        read: the Python value that this JSON value tells; the value itself where it tells none.
    """

    fault: Callable[[Any], Fault | None]
    schema: Json
    read: Callable[[object], Any] = lambda value: value


def _text_kind(longest: int, allowed: str) -> Kind:
    schema: Json = {"type": "string", "pattern": r"\S", "maxLength": longest}
    return Kind(lambda value: _text_fault(value, longest, allowed), schema)


LINE, TEXT = _text_kind(LONGEST_LINE, ""), _text_kind(LONGEST_TEXT, "\n")
FLAG = Kind(
    lambda value: None if isinstance(value, bool) else ("is neither true nor false",), {"type": "boolean"}
)
WHEN = Kind(
    _moment_fault,
    {"type": "string", "format": "date-time", "pattern": f"^{_MOMENT}$"},
    lambda value: read_moment(value) or value,
)
DAY = Kind(
    lambda value: (
        None
        if isinstance(value, date) and not isinstance(value, datetime)
        else ("is not a date", "such as 2026-01-31")
    ),
    {"type": "string", "format": "date", "pattern": f"^{_DAY}$"},
    lambda value: read_day(value) or value,
)


# --- fields -----------------------------------------------------------------------------------


@attrs.frozen
class Field:
    """What people may tell in a field.

    Attributes:
        required: whether there is always a value.
        kind: of its value, where it is one value.
        of: the class of its value, or of the entries of its list.
        many: whether it is a list.
    """

    required: bool = False
    kind: Kind | None = None
    of: type[Any] | None = None
    many: bool = False


def _declared(field: Field, about: str, shape: str | None = None, *, absent: bool = False) -> Any:
    default = () if field.many else attrs.NOTHING if field.required else None
    converter = (lambda v: tuple(v) if isinstance(v, list) else v) if field.many else None
    declared = key(
        about, shape=shape, default=default, converter=converter, required=not absent, always=not absent
    )
    declared.metadata[Field] = field
    return declared


def line(about: str, *, required: bool = False, absent: bool = False) -> Any:
    """A name or the like: one line, at most 200 characters, no control or hidden character.

    Args:
        absent: whether a record has no such key where it was not told; so for keys that were added later.
    """
    return _declared(Field(required, LINE), about, absent=absent)


def text(about: str, *, required: bool = False) -> Any:
    """A reason or the like: lines of text, at most 10,000 characters, no control character but the end of a line."""
    return _declared(Field(required, TEXT), about)


def flag(about: str) -> Any:
    """True, false or not told."""
    return _declared(Field(kind=FLAG), about)


def when(about: str) -> Any:
    """A moment: a `datetime` that knows its offset, kept to the microsecond and written in UTC."""
    return _declared(Field(kind=WHEN), about, "moment or null")


def day(about: str) -> Any:
    """A calendar date."""
    return _declared(Field(kind=DAY), about)


def word(about: str, *words: str) -> Any:
    """One of a closed set of words."""
    fault = f"is not one of {', '.join(words)}"
    fits = lambda value: None if isinstance(value, str) and value in words else (fault,)  # noqa: E731
    return _declared(Field(required=True, kind=Kind(fits, {"enum": list(words)})), about)


def part(of: type, about: str) -> Any:
    """One value of another such class, or None."""
    return _declared(Field(of=of), about)


def parts(of: type, about: str) -> Any:
    """A tuple of values of another such class."""
    return _declared(Field(of=of, many=True), about)


def fields_of(cls: type) -> dict[str, Field]:
    """The fields of a class by name, in order."""
    return {field.name: field.metadata[Field] for field in attrs.fields(cls)}


# --- checking, reading, describing -------------------------------------------------------------------------


def faults_of(value: object, expected: type, path: str, code: str) -> list[Diagnostic]:
    """Everything that is wrong with a value that was made in Python."""
    if not isinstance(value, expected):
        name = re.sub(r"(?<=.)(?=[A-Z])", " ", expected.__name__).lower()
        return [_fault(code, path, f"is not a {name}")]
    found: list[Diagnostic] = []
    for name, field in fields_of(expected).items():
        _check_told(getattr(value, name), field, join(path, name), code, found)
    return found


def _check_told(value: Any, field: Field, path: str, code: str, found: list[Diagnostic]) -> None:
    if value is None and not field.many:
        found += [_fault(code, path, "is missing")] if field.required else []
    elif field.kind is not None:
        if fault := field.kind.fault(value):
            found.append(_fault(code, path, *fault))
    elif field.of is not None and not field.many:
        found += faults_of(value, field.of, path, code)
    elif field.of is not None and _is_list(value, tuple, path, code, found):
        for index, each in enumerate(value):
            found += faults_of(each, field.of, f"{path}[{index}]", code)


def _is_list(value: Any, kind: type, path: str, code: str, found: list[Diagnostic]) -> bool:
    if not isinstance(value, kind) or isinstance(value, str):
        found.append(_fault(code, path, "is not a list"))
        return False
    if len(cast("Sequence[Any]", value)) > MOST_PARTS:
        found.append(
            _fault(code, path, f"has {len(cast('Sequence[Any]', value)):,} entries, more than {MOST_PARTS}")
        )
        return False
    return True


def from_json(data: object, expected: type[T], path: str, code: str, found: list[Diagnostic]) -> T | None:
    """The value that plain JSON tells, or None; what is wrong is added to `found`.

    Keys that are not known are faults: this reads what people type.
    """
    if not isinstance(data, Mapping):
        found.append(Diagnostic(code, f"`{path or 'the document'}` is not an object", path=path or None))
        return None
    fields, before = fields_of(expected), len(found)
    for name in data:
        if name not in fields:
            unknown = join(path, visible(str(name))[:LONGEST_LINE])
            help_ = did_you_mean(str(name)[:100], fields)
            found.append(_fault(code, unknown, "is not known here", *help_))
    values = {
        name: _taken(data.get(name), field, join(path, name), code, found) for name, field in fields.items()
    }
    if len(found) > before:
        return None
    made = expected(**{name: v for name, v in values.items() if v is not None})
    found += faults_of(made, expected, path, code)
    return made if len(found) == before else None


def _taken(value: object, field: Field, path: str, code: str, found: list[Diagnostic]) -> Any:
    """A field's value out of JSON; what is of no use is left as it is, for the check to find."""
    if value is None:
        if field.required:
            found.append(_fault(code, path, "is missing"))
        return None
    if field.kind is not None:
        return field.kind.read(value)
    of = cast("type[Any]", field.of)
    if not field.many:
        return from_json(value, of, path, code, found)
    if not _is_list(value, Sequence, path, code, found):
        return None
    entries = enumerate(cast("Sequence[object]", value))
    return tuple(from_json(each, of, f"{path}[{index}]", code, found) for index, each in entries)


def schema_of_told(cls: type) -> Json:
    """JSON Schema (2020-12) of what `from_json` reads."""
    fields = fields_of(cls)
    return {
        "type": "object",
        "properties": {name: _told_schema(field) for name, field in fields.items()},
        "required": [name for name, field in fields.items() if field.required],
        "additionalProperties": False,
    }


def _told_schema(field: Field) -> Json:
    if field.kind is not None:
        schema = field.kind.schema
    elif field.many:
        schema = {"type": "array", "items": schema_of_told(cast("type", field.of)), "maxItems": MOST_PARTS}
    else:
        schema = schema_of_told(cast("type", field.of))
    return schema if field.required else _or_null(schema)


def _or_null(schema: Json) -> Json:
    return {"anyOf": [schema, {"type": "null"}]}


def join(path: str, name: str) -> str:
    """The path of a field."""
    return f"{path}.{name}" if path else name


def _fault(code: str, path: str, message: str, *help_: str) -> Diagnostic:
    return Diagnostic(code, f"`{path}` {message}", help=help_, path=path)
