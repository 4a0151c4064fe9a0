"""What JSON has to look like, said once: data is checked against it, and JSON Schema is written from it.

Invariants: every fault is found, with its path; keys that are not known are passed over, by the check and by the
schema, as within a format keys may be added. Deliberately not here: any one document (`body_shape`).
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias, assert_never

import attrs

from infoshare.diagnostic import Diagnostic
from infoshare.errors import DecisionError
from infoshare.policy.decision import Decision
from infoshare.records.body.fields import read_day
from infoshare.records.canonical import from_instant, is_id
from infoshare.text import visible

DIALECT = "https://json-schema.org/draft/2020-12/schema"
SCHEMAS = "https://infoshare.example/schemas/"
"""What the `$id` of a published schema begins with; a name, and nothing is fetched from it."""

UUID_7 = "^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"
INSTANT = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{6})?Z$"
DAY = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


@attrs.frozen
class Text:
    """Any text."""


@attrs.frozen
class Id:
    """The id of a record."""


@attrs.frozen
class Instant:
    """A moment in UTC."""


@attrs.frozen
class Day:
    """A calendar date."""


@attrs.frozen
class Flag:
    """True or false."""


@attrs.frozen
class Word:
    """One of a closed set of words."""

    words: tuple[str, ...]


@attrs.frozen
class Answer:
    """The answer of a fact."""


@attrs.frozen
class AnyObject:
    """An object with any keys."""


@attrs.frozen
class ADecision:
    """A decision, `infoshare.decision/1`."""


@attrs.frozen
class Maybe:
    """Null, or something."""

    shape: "Shape"


@attrs.frozen
class Many:
    """A list."""

    shape: "Shape"


@attrs.frozen
class Key:
    """What a key holds, in words and as a shape; one that is not `required` may be missing."""

    shape: "Shape"
    about: str
    required: bool = True


@attrs.frozen
class Object:
    """An object: its keys, and what it is, for the schema."""

    keys: Mapping[str, Key]
    about: str | None = None


Shape: TypeAlias = (
    Text | Id | Instant | Day | Flag | Word | Answer | AnyObject | ADecision | Maybe | Many | Object
)


# --- data against a shape ---------------------------------------------------------------------


def check(data: object, shape: Shape, code: str, path: str = "") -> list[Diagnostic]:
    """Everything in which data is not of a shape.

    Args:
        code: of the diagnostics.
        path: of the data, in a document that it is part of.
    """
    found: list[Diagnostic] = []
    _check(data, shape, path, code, found)
    return found


def _check(data: object, shape: Shape, path: str, code: str, found: list[Diagnostic]) -> None:
    match shape:
        case Maybe(inner):
            if data is not None:
                _check(data, inner, path, code, found)
        case Many(inner):
            if not isinstance(data, Sequence) or isinstance(data, str):
                found.append(_fault(code, path, "a list"))
                return
            for index, each in enumerate(data):
                _check(each, inner, f"{path}[{index}]", code, found)
        case Object(keys):
            if not isinstance(data, Mapping):
                found.append(_fault(code, path, "an object"))
                return
            for name, key in keys.items():
                inside = f"{path}.{name}" if path else name
                if name in data:
                    _check(data[name], key.shape, inside, code, found)
                elif key.required:
                    found.append(Diagnostic(code, f"`{inside}` is missing", path=inside))
        case ADecision():
            found += _decision_faults(data, path, code)
        case _:
            if expected := _not(data, shape):
                found.append(_fault(code, path, expected))


def _not(data: object, shape: Text | Id | Instant | Day | Flag | Word | Answer | AnyObject) -> str | None:
    """What was expected, where data is something else."""
    match shape:
        case Text():
            return None if isinstance(data, str) else "text"
        case Id():
            return None if is_id(data) else "the id of a record, a UUID of version 7"
        case Instant():
            return None if _is_instant(data) else "a moment in UTC such as 2026-01-31T09:30:00Z"
        case Day():
            return None if read_day(data) else "a date such as 2026-01-31"
        case Flag():
            return None if isinstance(data, bool) else "true or false"
        case Word(words):
            return None if isinstance(data, str) and data in words else f"one of {', '.join(words)}"
        case Answer():
            return None if _is_answer(data) else "an answer"
        case AnyObject():
            return (
                None
                if isinstance(data, Mapping) and all(isinstance(key, str) for key in data)
                else "an object"
            )
        case _:
            assert_never(shape)


def _is_instant(data: object) -> bool:
    try:
        return isinstance(data, str) and bool(from_instant(data))
    except (ValueError, OverflowError):
        return False


def _is_answer(data: object) -> bool:
    return isinstance(data, bool | int | str) or (
        isinstance(data, list) and all(isinstance(v, str) for v in data)
    )


def _decision_faults(data: object, path: str, code: str) -> list[Diagnostic]:
    try:
        Decision.from_dict(data)
    except DecisionError as error:
        return [
            Diagnostic(code, each.message, help=each.help, path=f"{path}.{each.path}" if each.path else path)
            for each in error.diagnostics
        ]
    return []


def _fault(code: str, path: str, expected: str) -> Diagnostic:
    return Diagnostic(code, f"`{visible(path) or 'the document'}` is not {expected}", path=path or None)


def pruned(data: Any, shape: Shape) -> Any:
    """A copy of data of a shape, without the keys that the shape does not know. A decision, and facts, are left as they are."""
    match shape:
        case Maybe(inner):
            return None if data is None else pruned(data, inner)
        case Many(inner):
            return [pruned(each, inner) for each in data]
        case Object(keys):
            return {name: pruned(data[name], key.shape) for name, key in keys.items() if name in data}
        case _:
            return data


# --- a shape as JSON Schema -------------------------------------------------------------------


def schema_of(shape: Shape, *, about: str | None = None) -> dict[str, Any]:
    """JSON Schema (2020-12) of a shape: plain data.

    Args:
        about: what it is, for `description`.
    """
    schema = _schema(shape)
    return {"description": about} | schema if about else schema


def _schema(shape: Shape) -> dict[str, Any]:
    match shape:
        case Text():
            return {"type": "string"}
        case Id():
            return {"type": "string", "format": "uuid", "pattern": UUID_7, "maxLength": 36}
        case Instant():
            return {"type": "string", "format": "date-time", "pattern": INSTANT, "maxLength": 27}
        case Day():
            return {"type": "string", "format": "date", "pattern": DAY, "maxLength": 10}
        case Flag():
            return {"type": "boolean"}
        case Word(words):
            return {"enum": list(words)}
        case Answer():
            texts = {"type": "array", "items": {"type": "string"}}
            return {"anyOf": [{"type": ["boolean", "integer", "string"]}, texts]}
        case AnyObject():
            return {"type": "object"}
        case ADecision():
            return {"$ref": f"{SCHEMAS}decision-1.json"}
        case Maybe(inner):
            return {"anyOf": [_schema(inner), {"type": "null"}]}
        case Many(inner):
            return {"type": "array", "items": _schema(inner)}
        case Object(keys, told):
            described = {"description": told} if told else {}
            return {
                **described,
                "type": "object",
                "properties": {name: schema_of(key.shape, about=key.about) for name, key in keys.items()},
                "required": [name for name, key in keys.items() if key.required],
            }
        case _:
            assert_never(shape)
