"""One table of fields for all that is read, checked, written and described of a record, and of what people tell for one.

A value class declares each field with one of the functions below (`line`, `text`, `flag`, …). From these tables follow, for
what people tell, `from_json`, `faults_of` and `schema_of_told`; for what a record keeps, `faults_of_kept`, `pruned` and
`schema_of_kept`; for both `to_json`. What is told is held to limits, and its unknown keys are faults; of what is kept, the
unknown keys are passed over, as within a format keys may be added.
Invariants: every fault is found at once, with its path; no message repeats what was told; a schema accepts what its reader
accepts and refuses what it refuses, but for what JSON Schema has no words for: control characters, and days that there are not.
Deliberately not here: which fields there are (`model`).
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, TypeAlias, TypeVar, cast

import attrs

from infoshare.diagnostic import Diagnostic, did_you_mean
from infoshare.errors import DecisionError
from infoshare.policy.decision import Decision
from infoshare.records.canonical import from_instant, is_id, to_instant
from infoshare.text import visible

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


# --- kinds of values --------------------------------------------------------------------------


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


def _is_instant(data: object) -> bool:
    try:
        return isinstance(data, str) and bool(from_instant(data))
    except (ValueError, OverflowError):
        return False


def _is_answer(data: object) -> bool:
    texts = isinstance(data, list) and all(isinstance(each, str) for each in data)
    return texts or isinstance(data, bool | int | str)


def _is_object(data: object) -> bool:
    return isinstance(data, Mapping) and all(isinstance(key, str) for key in data)


def _told_in_python_only(_: object) -> Fault | None:
    return None


@attrs.frozen
class Kind:
    """A kind of value.

    Attributes:
        kept: whether a JSON value of a record is of this kind.
        expected: what it is then, in words.
        schema: of that JSON value.
        fault: what is wrong with a Python value that was told.
        told: the schema of the JSON value that people write; as in a record where it is not given.
        read: the Python value that this JSON value tells; the value itself where it tells none.
    """

    kept: Callable[[object], bool]
    expected: str
    schema: Json
    fault: Callable[[Any], Fault | None] = _told_in_python_only
    told: Json = attrs.field(default=attrs.Factory(lambda self: self.schema, takes_self=True))
    read: Callable[[object], Any] = lambda value: value


def _is_text(data: object) -> bool:
    return isinstance(data, str)


_PATTERNS = {
    "uuid": ("^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", 36),
    "date-time": ("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{6})?Z$", 27),
    "date": (f"^{_DAY}$", 10),
}


def _formatted(name: str) -> Json:
    pattern, longest = _PATTERNS[name]
    return {"type": "string", "format": name, "pattern": pattern, "maxLength": longest}


def _written(longest: int, allowed: str) -> Kind:
    told: Json = {"type": "string", "pattern": r"\S", "maxLength": longest}
    return Kind(_is_text, "text", {"type": "string"}, lambda v: _text_fault(v, longest, allowed), told)


LINE, TEXT = _written(LONGEST_LINE, ""), _written(LONGEST_TEXT, "\n")
FLAG = Kind(
    lambda v: isinstance(v, bool),
    "true or false",
    {"type": "boolean"},
    lambda v: None if isinstance(v, bool) else ("is neither true nor false",),
)
WHEN = Kind(
    _is_instant,
    "a moment in UTC such as 2026-01-31T09:30:00Z",
    _formatted("date-time"),
    _moment_fault,
    {"type": "string", "format": "date-time", "pattern": f"^{_MOMENT}$"},
    lambda v: read_moment(v) or v,
)
DAY = Kind(
    lambda v: read_day(v) is not None,
    "a date such as 2026-01-31",
    _formatted("date"),
    lambda v: (
        None
        if isinstance(v, date) and not isinstance(v, datetime)
        else ("is not a date", "such as 2026-01-31")
    ),
    {"type": "string", "format": "date", "pattern": f"^{_DAY}$"},
    lambda v: read_day(v) or v,
)
ID = Kind(is_id, "the id of a record, a UUID of version 7", _formatted("uuid"))
ANSWER = Kind(
    _is_answer,
    "an answer",
    {"anyOf": [{"type": ["boolean", "integer", "string"]}, {"type": "array", "items": {"type": "string"}}]},
)
OBJECT = Kind(_is_object, "an object", {"type": "object"})
DECISION = Kind(_is_object, "an object", {"$ref": f"{SCHEMAS}decision-1.json"})


# --- fields -----------------------------------------------------------------------------------


@attrs.frozen
class Field:
    """What a field holds.

    Attributes:
        about: what that is, in words, for the schema of a record.
        required: whether there is always a value; a record writes null where there is none.
        absent: whether a record leaves the key out where there is none.
        kind: of its value, where it is one value.
        of: the class of its value, or of the entries of its list.
        many: whether it is a list.
    """

    about: str
    required: bool = False
    absent: bool = False
    kind: Kind | None = None
    of: type[Any] | None = None
    many: bool = False


def _declared(field: Field) -> Any:
    default = () if field.many and field.required else attrs.NOTHING if field.required else None
    converter = (lambda v: tuple(v) if isinstance(v, list) else v) if field.many else None
    return attrs.field(default=default, converter=converter, metadata={Field: field})


def value(kind: Kind, about: str, *, required: bool = False, absent: bool = False) -> Any:
    """One value of a kind."""
    return _declared(Field(about, required, absent, kind))


def line(about: str, *, required: bool = False) -> Any:
    """A name or the like: one line, at most 200 characters, no control or hidden character."""
    return value(LINE, about, required=required)


def text(about: str, *, required: bool = False) -> Any:
    """A reason or the like: lines of text, at most 10,000 characters, no control character but the end of a line."""
    return value(TEXT, about, required=required)


def flag(about: str, *, required: bool = False) -> Any:
    """True, false or not told."""
    return value(FLAG, about, required=required)


def when(about: str, *, required: bool = False) -> Any:
    """A moment: a `datetime` that knows its offset, kept to the microsecond and written in UTC."""
    return value(WHEN, about, required=required)


def day(about: str) -> Any:
    """A calendar date."""
    return value(DAY, about)


def word(about: str, *words: str, required: bool = True) -> Any:
    """One of a closed set of words."""
    one_of = f"one of {', '.join(words)}"

    def is_one(data: object) -> bool:
        return isinstance(data, str) and data in words

    kind = Kind(is_one, one_of, {"enum": list(words)}, lambda v: None if is_one(v) else (f"is not {one_of}",))
    return value(kind, about, required=required)


def part(of: type, about: str, *, required: bool = False) -> Any:
    """One value of another such class, or None."""
    return _declared(Field(about, required, of=of))


def parts(of: type, about: str, *, required: bool = True) -> Any:
    """A tuple of values of another such class; empty where none is told, or None where a record says that none was."""
    return _declared(Field(about, required, of=of, many=True))


def fields_of(cls: type) -> dict[str, Field]:
    """The fields of a class by name, in order."""
    return {field.name: field.metadata[Field] for field in attrs.fields(cls)}


# --- writing ----------------------------------------------------------------------------------


def to_json(value: Any) -> Json:
    """A value as plain JSON: every key, those that were not told as null."""
    return {
        name: _plain(getattr(value, name))
        for name, field in fields_of(type(value)).items()
        if not (field.absent and getattr(value, name) is None)
    }


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str | dict):
        return value
    if isinstance(value, datetime):
        return to_instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return to_json(value)


# --- what people tell -------------------------------------------------------------------------


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
    for key in data:
        if key not in fields:
            help_ = did_you_mean(str(key)[:100], fields)
            found.append(
                _fault(code, join(path, visible(str(key))[:LONGEST_LINE]), "is not known here", *help_)
            )
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
        if field.required and not field.many:
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
        "required": [name for name, field in fields.items() if field.required and not field.many],
        "additionalProperties": False,
    }


def _told_schema(field: Field) -> Json:
    if field.kind is not None:
        schema = field.kind.told
    elif field.many:
        schema = {"type": "array", "items": schema_of_told(cast("type", field.of)), "maxItems": MOST_PARTS}
    else:
        schema = schema_of_told(cast("type", field.of))
    return schema if field.required and not field.many else _or_null(schema)


# --- what a record keeps ----------------------------------------------------------------------


def faults_of_kept(data: object, expected: type, code: str, path: str = "") -> list[Diagnostic]:
    """Everything in which JSON data is not what a record keeps of a class; `path` is where it lies in a document."""
    if not isinstance(data, Mapping):
        return [_kept_fault(code, path, "an object")]
    found: list[Diagnostic] = []
    for name, field in fields_of(expected).items():
        inside = join(path, name)
        if name in data:
            _check_kept(data[name], field, inside, code, found)
        elif not field.absent:
            found.append(_fault(code, inside, "is missing"))
    return found


def _check_kept(data: object, field: Field, path: str, code: str, found: list[Diagnostic]) -> None:
    if data is None and not field.required and not field.absent:
        return
    if field.kind is DECISION:
        try:
            Decision.from_dict(data)
        except DecisionError as error:
            found += [
                attrs.evolve(d, code=code, path=join(path, d.path) if d.path else path)
                for d in error.diagnostics
            ]
    elif field.kind is not None:
        if not field.kind.kept(data):
            found.append(_kept_fault(code, path, field.kind.expected))
    elif not field.many:
        found += faults_of_kept(data, cast("type", field.of), code, path)
    elif not isinstance(data, Sequence) or isinstance(data, str):
        found.append(_kept_fault(code, path, "a list"))
    else:
        for index, each in enumerate(data):
            found += faults_of_kept(each, cast("type", field.of), code, f"{path}[{index}]")


def pruned(data: Json, cls: type) -> Json:
    """A copy of what a record keeps of a class, without the keys that it does not know. A decision, and facts, are left as they are."""
    return {name: _pruned(data[name], field) for name, field in fields_of(cls).items() if name in data}


def _pruned(data: Any, field: Field) -> Any:
    if data is None or field.of is None:
        return data
    return [pruned(each, field.of) for each in data] if field.many else pruned(data, field.of)


def schema_of_kept(cls: type, about: str | None = None) -> Json:
    """JSON Schema (2020-12) of what a record keeps of a class; `about` says what it is."""
    fields = fields_of(cls)
    return {
        **({"description": about} if about else {}),
        "type": "object",
        "properties": {
            name: {"description": field.about} | _kept_schema(field) for name, field in fields.items()
        },
        "required": [name for name, field in fields.items() if not field.absent],
    }


def _kept_schema(field: Field) -> Json:
    schema = field.kind.schema if field.kind is not None else schema_of_kept(cast("type", field.of))
    schema = {"type": "array", "items": schema} if field.many else schema
    return schema if field.required or field.absent else _or_null(schema)


def _or_null(schema: Json) -> Json:
    return {"anyOf": [schema, {"type": "null"}]}


def join(path: str, name: str) -> str:
    """The path of a field."""
    return f"{path}.{name}" if path else name


def _fault(code: str, path: str, message: str, *help_: str) -> Diagnostic:
    return Diagnostic(code, f"`{path}` {message}", help=help_, path=path)


def _kept_fault(code: str, path: str, expected: str) -> Diagnostic:
    return Diagnostic(code, f"`{visible(path) or 'the document'}` is not {expected}", path=path or None)
