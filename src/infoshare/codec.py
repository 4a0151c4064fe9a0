"""What JSON has to look like, said once: values are written by it, read by it with every fault, and described by it.

A shape is a plain value. From the same shape come `write` (a value -> plain JSON data), `read` (data -> a value, and
everything that is wrong with it), `schema` (JSON Schema, 2020-12) and `types` (the source of typed dictionaries). The
shape of an attrs class is taken from its fields (`object_of`): their types, and what `values.key` says of each.

    shape = object_of(Citation)
    data = write(shape, Citation("gdpr", None))
    value, faults = read(shape, data, code="IS701")

Scalars are open: `Scalar` is whatever knows how it is read and written, such as an id or a moment. Invariants: every
fault is found, with its path; keys that are not known are passed over, as within a format keys may be added; a key
that has a default may be missing. Deliberately not here: any one document (`policy.codec`, `records.body`).
"""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from itertools import dropwhile
from keyword import iskeyword
from types import NoneType, UnionType
from typing import Any, ForwardRef, Literal, TypeAlias, Union, assert_never, get_args, get_origin

import attrs

from infoshare.diagnostic import Diagnostic
from infoshare.text import visible
from infoshare.values import KEY

DEEPEST = 16
"""How deep objects may lie in one another; no document that is written has more than six."""

NOTHING: Any = object()
"""What is read where there is a fault."""


@attrs.frozen(eq=False)
class Scalar:
    """A value without parts.

    Attributes:
        expected: what is expected, for a message: `a date such as 2026-01-31`.
        schema: JSON Schema of it.
        typed: its type in a typed dictionary.
        read: data into a value; raises ValueError where it is none.
        write: a value into data.
        name: what it is called among the `$defs` of a schema; None where it is written out.
    """

    expected: str
    schema: Mapping[str, Any]
    typed: str
    read: Callable[[Any], Any]
    write: Callable[[Any], Any] | None = None
    name: str | None = None


@attrs.frozen(eq=False)
class Word:
    """One of a closed set of words; `of` is the enumeration that they are of, or str."""

    words: tuple[str, ...]
    of: type[str] = str
    name: str | None = None


@attrs.frozen(eq=False)
class Maybe:
    """Null, or something."""

    shape: "Shape"


@attrs.frozen(eq=False)
class Many:
    """A list; `of` is what it is read into."""

    shape: "Shape"
    of: Callable[[list[Any]], Any] = tuple


@attrs.frozen(eq=False)
class Mapped:
    """An object with any keys, all of whose values are alike; `expected` is said of the whole, keys are not named."""

    shape: "Shape"
    expected: str


@attrs.frozen(eq=False)
class Key:
    """What a key holds.

    Attributes:
        attribute: of the value, if it is called otherwise than the key.
        required: whether it must be there to be read.
        always: whether it is written when it is empty.
        constant: the one word that it can be, where it is no part of the value.
        beside: the attribute of the value that says by not being None that the key is written.
    """

    shape: "Shape"
    about: str | None = None
    attribute: str | None = None
    required: bool = True
    always: bool = True
    constant: str | None = None
    beside: str | None = None


@attrs.frozen(eq=False)
class Object:
    """An object: its keys, what it is, and what is made of them when it is read (a dictionary, if nothing)."""

    keys: Mapping[str, Key]
    about: str | None = None
    make: Callable[..., Any] | None = None
    name: str | None = None


Shape: TypeAlias = Scalar | Word | Maybe | Many | Mapped | Object


# --- plain scalars ----------------------------------------------------------------------------


def _only(kind: type) -> Callable[[Any], Any]:
    def read(data: Any) -> Any:
        if not isinstance(data, kind):
            raise ValueError  # noqa: TRY004 - one kind of error for whatever does not fit
        return data

    return read


def _day(data: Any) -> date:
    found = date.fromisoformat(data) if isinstance(data, str) else None
    if found is None or found.isoformat() != data:
        raise ValueError
    return found


def _answer(data: Any) -> Any:
    if data is None or isinstance(data, bool | int | str):
        return data
    if isinstance(data, list | tuple) and all(isinstance(each, str) for each in data):
        return list(data)
    if isinstance(data, Mapping) and dict(data) == {"none": True}:
        return dict(data)
    raise ValueError


def _plain_answer(answer: Any) -> Any:
    if isinstance(answer, list | tuple):
        return list(answer)
    return dict(answer) if isinstance(answer, Mapping) else answer


TEXT = Scalar("text", {"type": "string"}, "str", _only(str))
FLAG = Scalar("true or false", {"type": "boolean"}, "bool", _only(bool))
DAY = Scalar(
    "a date such as 2026-01-31",
    {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "maxLength": 10},
    "str",
    _day,
    date.isoformat,
    "day",
)
ANSWER = Scalar(
    "an answer",
    {
        "description": "An answer of a fact, as JSON holds it: dates are text, what is ticked is a list, who is named"
        " a name or a list of names, and `none` is true where a reference to one names nobody.",
        "anyOf": [
            {"type": ["boolean", "integer", "string", "null"]},
            {"type": "array", "items": {"type": "string"}},
            {"type": "object", "properties": {"none": {"const": True}}, "required": ["none"]},
        ],
    },
    "AnswerJson",
    _answer,
    _plain_answer,
    "answer",
)
ANSWERS = Mapped(ANSWER, "an object of answers")


# --- the shape of a class ---------------------------------------------------------------------


def object_of(
    cls: type, names: Mapping[type, str] | None = None, shapes: Mapping[str, Shape] | None = None
) -> Object:
    """The shape of an attrs class: its fields that `values.key` says something of.

    Args:
        names: what it and the classes within it are called among the `$defs` of a schema.
        shapes: those that fields name.
    """
    return _Classes(names or {}, shapes or {}).object_of(cls)


class _Classes:
    def __init__(self, names: Mapping[type, str], shapes: Mapping[str, Shape]) -> None:
        self.names, self.shapes = names, shapes
        self._found: dict[type, Object] = {}

    def object_of(self, cls: type) -> Object:
        if cls not in self._found:
            keys: dict[str, Key] = {}
            self._found[cls] = Object(keys, _first_line(cls), cls, self.names.get(cls))
            for field in attrs.fields(cls):
                told = field.metadata.get(KEY)
                if told is not None:
                    shape = self.shapes[told.shape] if told.shape else self.shape_of(field.type, cls)
                    if told.showing:
                        shape = _showing(shape, told.showing)
                    after = dict(dropwhile(lambda item: item[0] != told.before, [*keys.items()]))  # noqa: B023
                    for each in after:
                        del keys[each]
                    keys[told.name or field.name] = Key(
                        shape,
                        told.about,
                        field.name,
                        required=told.required,
                        always=told.always,
                        beside=told.beside,
                    )
                    keys |= after
        return self._found[cls]

    def shape_of(self, type_: Any, within: type) -> Shape:
        """The shape of the type of a field."""
        if isinstance(type_, ForwardRef | str):  # a class of the same module
            name = type_ if isinstance(type_, str) else type_.__forward_arg__
            type_ = getattr(sys.modules[within.__module__], name)
        origin, inner = get_origin(type_), get_args(type_)
        if origin in (Union, UnionType):
            (some,) = [each for each in inner if each is not NoneType]
            return Maybe(self.shape_of(some, within))
        if origin is Literal:
            return Word(inner)
        if origin is tuple:
            return Many(self.shape_of(inner[0], within))
        if attrs.has(type_):
            return self.object_of(type_)
        if issubclass(type_, StrEnum):
            return Word(tuple(each.value for each in type_), type_, self.names.get(type_))
        return _SCALARS[type_]


_SCALARS = {str: TEXT, bool: FLAG, date: DAY}


def _showing(shape: Shape, keys: Sequence[str]) -> Shape:
    """The same list, with some keys of what is in it written also where they are empty."""
    if not isinstance(shape, Many) or not isinstance(shape.shape, Object):
        raise TypeError("only objects in a list show keys that are empty")
    inner = shape.shape
    shown = {name: attrs.evolve(inner.keys[name], always=True) for name in keys}
    return attrs.evolve(shape, shape=attrs.evolve(inner, keys={**inner.keys, **shown}))


def _first_line(cls: type) -> str:
    return (cls.__doc__ or "").partition("\n")[0]


# --- writing ----------------------------------------------------------------------------------


def write(shape: Shape, value: Any) -> Any:
    """A value as plain JSON data, which shares nothing that can be changed with it."""
    return writer(shape)(value)


def writer(shape: Shape) -> Callable[[Any], Any]:
    """What writes values of a shape; made once, it is quicker than to look at the shape each time."""
    return _Writers().of(shape)


class _Writers:
    def __init__(self) -> None:
        self._objects: dict[int, Callable[[Any], Any]] = {}

    def of(self, shape: Shape) -> Callable[[Any], Any]:
        match shape:
            case Scalar():
                return shape.write or _itself
            case Word():
                return str.__str__  # plain text, also of an enumeration
            case Maybe(inner):
                some = self.of(inner)
                return _itself if some is _itself else lambda value: None if value is None else some(value)
            case Many(inner):
                each = self.of(inner)
                return list if each is _itself else lambda values: [each(value) for value in values]
            case Mapped(inner):
                of_one = self.of(inner)
                return lambda values: {name: of_one(value) for name, value in values.items()}
            case Object():
                return self._object(shape)
            case _:
                assert_never(shape)

    def _object(self, shape: Object) -> Callable[[Any], Any]:
        if id(shape) not in self._objects:
            constants = {name: each.constant for name, each in shape.keys.items() if each.constant}
            parts: list[tuple[str, str, Callable[[Any], Any], bool, str | None]] = []

            def written(value: Any) -> dict[str, Any]:
                found: dict[str, Any] = {**constants}
                for name, attribute, of, always, beside in parts:
                    if beside is not None and getattr(value, beside) is None:
                        continue
                    part = getattr(value, attribute)
                    if always or part or part is False or isinstance(part, Mapping):  # no is an answer
                        found[name] = part if of is _itself else of(part)
                return found

            self._objects[id(shape)] = written
            parts += [
                (name, each.attribute or name, self.of(each.shape), each.always, each.beside)
                for name, each in shape.keys.items()
                if each.constant is None
            ]
        return self._objects[id(shape)]


def _itself(value: Any) -> Any:
    return value


# --- reading ----------------------------------------------------------------------------------


def read(shape: Shape, data: object, *, code: str, path: str = "") -> tuple[Any, list[Diagnostic]]:
    """The value that data stands for, and everything that is wrong; there is no value where anything is.

    Args:
        code: of the diagnostics.
        path: of the data, in a document that it is part of.
    """
    reader = _Reader(code)
    value = reader.read(shape, data, path, 0)
    return (NOTHING if reader.faults else value), reader.faults


class _Reader:
    def __init__(self, code: str) -> None:
        self.code = code
        self.faults: list[Diagnostic] = []

    def fault(self, path: str, message: str) -> Any:
        shown = visible(path) or "the document"
        self.faults.append(Diagnostic(self.code, f"`{shown}` {message}", path=path or None))
        return NOTHING

    def read(self, shape: Shape, data: Any, path: str, depth: int) -> Any:
        match shape:
            case Scalar() | Word():
                return self._scalar(shape, data, path)
            case Maybe(inner):
                return None if data is None else self._maybe(inner, data, path, depth)
            case Many(inner):
                if not isinstance(data, list | tuple):
                    return self.fault(path, "is not a list")
                if data and depth >= DEEPEST:
                    return self.fault(path, "is nested too deep")
                return shape.of(
                    [self.read(inner, each, f"{path}[{i}]", depth + 1) for i, each in enumerate(data)]
                )
            case Mapped(inner, expected):
                if not isinstance(data, Mapping) or not all(isinstance(name, str) for name in data):
                    return self.fault(path, f"is not {expected}")
                within = _Reader(self.code)  # what is wrong in it is said of the whole
                found = {name: within.read(inner, each, "", depth + 1) for name, each in data.items()}
                return self.fault(path, f"is not {expected}") if within.faults else found
            case Object():
                return self._object(shape, data, path, depth)
            case _:
                assert_never(shape)

    def _maybe(self, shape: Shape, data: Any, path: str, depth: int) -> Any:
        if isinstance(shape, Scalar | Word):
            return self._scalar(shape, data, path, or_null=True)
        return self.read(shape, data, path, depth)

    def _scalar(self, shape: Scalar | Word, data: Any, path: str, *, or_null: bool = False) -> Any:
        if isinstance(shape, Word):
            if isinstance(data, str) and data in shape.words:
                return shape.of(data)
        else:
            try:
                return shape.read(data)
            except (ValueError, OverflowError):
                pass
        return self.fault(path, f"is not {_expected(shape)}{', or null' if or_null else ''}")

    def _object(self, shape: Object, data: Any, path: str, depth: int) -> Any:
        if not isinstance(data, Mapping):
            return self.fault(path, "is not an object")
        before, found = len(self.faults), dict[str, Any]()
        constants = {name for name, each in shape.keys.items() if each.constant}
        for name, each in shape.keys.items():
            inside = f"{path}.{name}" if path else name
            if name in data:
                found[each.attribute or name] = self.read(each.shape, data[name], inside, depth)
            elif each.required:
                self.fault(inside, "is missing")
        if len(self.faults) > before:
            return NOTHING
        if shape.make is None:
            return found
        return shape.make(**{name: part for name, part in found.items() if name not in constants})


def _expected(shape: Scalar | Word) -> str:
    return f"one of {', '.join(shape.words)}" if isinstance(shape, Word) else shape.expected


# --- describing -------------------------------------------------------------------------------


def schema(shape: Shape) -> dict[str, Any]:
    """JSON Schema (2020-12) of a shape, what has a name under `$defs`: plain data."""
    described = _Schemas()
    found = described.of(shape, top=True)
    return found | ({"$defs": described.definitions} if described.definitions else {})


class _Schemas:
    def __init__(self) -> None:
        self.definitions: dict[str, Any] = {}

    def of(self, shape: Shape, *, top: bool = False) -> dict[str, Any]:
        name = getattr(shape, "name", None)
        if name is None or top:
            return self._whole(shape)
        if name not in self.definitions:
            self.definitions[name] = {}  # it may be part of itself
            self.definitions[name] = self._whole(shape)
        return {"$ref": f"#/$defs/{name}"}

    def _whole(self, shape: Shape) -> dict[str, Any]:
        match shape:
            case Scalar():
                return dict(shape.schema)
            case Word(words):
                return {"const": words[0]} if len(words) == 1 else {"enum": list(words)}
            case Maybe(Word(words)):
                return {"enum": [None, *words]}
            case Maybe(inner):
                some = self.of(inner)
                if set(some) == {"type"}:
                    return {"type": [some["type"], "null"]}
                return {"anyOf": [some, {"type": "null"}]}
            case Many(inner):
                return {"type": "array", "items": self.of(inner)}
            case Mapped(inner):
                return {"type": "object", "additionalProperties": self.of(inner)}
            case Object(keys, about):
                properties = {
                    name: ({"description": each.about} if each.about else {}) | self.of(each.shape)
                    for name, each in keys.items()
                }
                required = [name for name, each in keys.items() if each.required]
                head = {"description": about} if about else {}
                return {**head, "type": "object", "properties": properties, "required": required}
            case _:
                assert_never(shape)


def types(shape: Object, called: Mapping[Any, str]) -> Iterator[str]:
    """The source of the typed dictionaries of an object and of those in it, line by line.

    Args:
        called: the name of each by what it is of, after those that it is made of.
    """
    shapes = {each.make: each for each in _objects(shape)}
    for cls, name in called.items():
        shape = shapes[cls]
        typed = {each: _typed(key, called, name) for each, key in shape.keys.items()}
        yield from ("", "")
        if any(iskeyword(each) for each in typed):
            yield "# A key is a keyword of Python, hence the other way of writing this one."
            yield from (f"{name} = TypedDict(", f'    "{name}",', "    {")
            yield from (f'        "{each}": {type_},' for each, type_ in typed.items())
            yield from ("    },", ")")
        else:
            yield from (f"class {name}(TypedDict):", f'    """{shape.about}"""', "")
            yield from (f"    {each}: {type_}" for each, type_ in typed.items())


def _objects(shape: Shape) -> Iterator[Object]:
    """Every object in a shape, each once."""
    pending, met = [shape], set[int]()
    while pending:
        match pending.pop():
            case Maybe(inner) | Many(inner) | Mapped(inner):
                pending.append(inner)
            case Object() as found if id(found) not in met:
                met.add(id(found))
                yield found
                pending.extend(key.shape for key in found.keys.values())
            case _:
                pass


def _typed(key: Key, called: Mapping[Any, str], within: str) -> str:
    typed = _type(key.shape, called, within)
    return typed if key.required else f"NotRequired[{typed}]"


def _type(shape: Shape, called: Mapping[Any, str], within: str) -> str:
    match shape:
        case Scalar():
            return shape.typed
        case Word(words, of, name):
            plain = of is not str or name is not None or len(words) == 1
            return "str" if plain else f"Literal[{_quoted(words)}]"
        case Maybe(inner):
            return f"{_type(inner, called, within)} | None"
        case Many(inner):
            return f"list[{_type(inner, called, within)}]"
        case Mapped(inner):
            return f"dict[str, {_type(inner, called, within)}]"
        case Object(make=make):
            name = called.get(make, "dict[str, Any]")
            return f'"{name}"' if name == within else name
        case _:
            assert_never(shape)


def _quoted(words: Sequence[str]) -> str:
    return ", ".join(f'"{word}"' for word in words)
