"""The types of facts: all that there is to know of each, in one place.

An *answer* is plain and hashable: bool, str, int, date, or (for `some of` and references) a frozenset of str. A type reads answers
strictly, encodes them as whole numbers for diagrams, and writes them as JSON holds them, with a schema for it.
Invariants: nothing is converted; what is said of a wrong answer names the kind of thing that was found, never the
answer itself. Deliberately not here: comparing answers (`world`), and where in a case they stand (`facts`).
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, ClassVar, Literal, TypeAlias

from infoshare.diagnostic import nearest
from infoshare.meaning import calendar
from infoshare.values import frozen

Answer: TypeAlias = bool | str | int | date | frozenset[str]
PlainAnswer: TypeAlias = bool | str | int | list[str] | dict[str, bool]
Kind: TypeAlias = Literal["yes or no", "one of", "some of", "number", "date", "text", "one", "some"]
Schema: TypeAlias = dict[str, Any]

UNSURE = "unsure"
LARGEST = 2**53 - 1

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_SAID_YES_OR_NO = frozenset({"yes", "no", "true", "false", "y", "n"})

# Every day that there is, from the year 1 to 9999; the length keeps a line end after it out.
_CALENDAR = (
    r"^((?!0000)[0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
    r"|02-(0[1-9]|1[0-9]|2[0-8]))"
    r"|([0-9]{2}(0[48]|[2468][048]|[13579][26])|(0[48]|[2468][048]|[13579][26])00)-02-29)$"
)


@frozen
class Wrong:
    """Why a value is not an answer: a code, a message and help."""

    code: str
    message: str
    help: tuple[str, ...] = ()


class Type:
    """What every type of fact has.

    Attributes:
        kind: what it is called in one or two words.
        is_ordered: whether its answers lie before and after one another.
        is_closed: whether the vocabulary lists its answers, one of which is given.
    """

    __slots__ = ()

    kind: ClassVar[Kind]
    is_ordered: ClassVar[bool] = False
    is_closed: ClassVar[bool] = False

    @property
    def words(self) -> str:
        """As the language spells it."""
        return self.kind

    @property
    def choices(self) -> tuple[tuple[Answer, str], ...]:
        """The answers, or the options to tick, that the vocabulary lists, each with its label; none where it does not."""
        return ()

    @property
    def domain(self) -> tuple[int | None, int | None]:
        """The encoded answers: from the first up to, not including, the second."""
        raise NotImplementedError

    def encoder(self, option: str | None, texts: Mapping[str, int]) -> Callable[[Any], int]:
        """What turns an answer into a whole number.

        Args:
            option: of which it is encoded whether it is ticked; only for `some of`.
            texts: the numbers of the texts that texts are compared with; every other is 0.
        """
        raise NotImplementedError

    def decode(self, value: int) -> Answer:
        """The answer that is encoded as a whole number; not for texts, nor for what is ticked."""
        return value

    def read(self, value: object) -> Answer | Wrong:
        """Any value as an answer of this type, or what is wrong with it."""
        raise NotImplementedError

    def plain(self, answer: Any) -> PlainAnswer:
        """An answer as JSON holds it."""
        return answer  # type: ignore[no-any-return]

    def of_plain(self, plain: Any) -> Answer:
        """The answer that `plain` wrote."""
        return plain  # type: ignore[no-any-return]

    @property
    def spoken(self) -> str:
        """Which answers it has, for people to read."""
        return self.kind

    def schemas(self) -> list[Schema]:
        """JSON Schema of its answers: any of these."""
        raise NotImplementedError


@frozen
class YesNo(Type):
    """Yes or no."""

    kind = "yes or no"
    is_closed = True

    @property
    def choices(self) -> tuple[tuple[Answer, str], ...]:
        return (True, "yes"), (False, "no")

    @property
    def domain(self) -> tuple[int | None, int | None]:
        return 0, 2

    def encoder(self, option: str | None, texts: Mapping[str, int]) -> Callable[[Any], int]:
        return int

    def read(self, value: object) -> Answer | Wrong:
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value.strip().lower() in _SAID_YES_OR_NO:
            help_ = "write true or false, without quotation marks"
        else:
            help_ = 'write true or false, or "unsure" if somebody was asked and does not know'
        return _wrong("yes or no (true or false)", value, help_)

    def schemas(self) -> list[Schema]:
        return [{"type": "boolean"}]

    def decode(self, value: int) -> Answer:
        return bool(value)


@frozen
class OneOf(Type):
    """Exactly one of `values`; `labels` stand beside them, the value itself where none was given.

    Attributes:
        in_order: whether each value is more than those before it.
    """

    values: tuple[str, ...]
    labels: tuple[str, ...]
    in_order: bool = False

    kind = "one of"
    is_closed = True

    @property
    def words(self) -> str:
        return "one of " + ", ".join(self.values) + (" in order" if self.in_order else "")

    @property
    def choices(self) -> tuple[tuple[Answer, str], ...]:
        return tuple(zip(self.values, self.labels, strict=True))

    @property
    def domain(self) -> tuple[int | None, int | None]:
        return 0, len(self.values)

    def encoder(self, option: str | None, texts: Mapping[str, int]) -> Callable[[Any], int]:
        return {value: index for index, value in enumerate(self.values)}.__getitem__

    def read(self, value: object) -> Answer | Wrong:
        if isinstance(value, str) and value in self.values:
            return self.values[self.values.index(value)]  # plain text, also for a member of an enumeration
        what = "found another word" if isinstance(value, str) else found(value)
        return Wrong("IS402", f"expected one of {', '.join(self.values)}, {what}", _meant(value, self))

    def schemas(self) -> list[Schema]:
        return [{"const": value, "title": label} for value, label in self.choices]

    def decode(self, value: int) -> Answer:
        return self.values[value]

    @property
    def spoken(self) -> str:
        return f"one of these: {'; '.join(self.labels)}"


@frozen
class SomeOf(Type):
    """Any number of `values`, none included; each is a variable of its own."""

    values: tuple[str, ...]
    labels: tuple[str, ...]

    kind = "some of"

    @property
    def words(self) -> str:
        return "some of " + ", ".join(self.values)

    @property
    def choices(self) -> tuple[tuple[Answer, str], ...]:
        return tuple(zip(self.values, self.labels, strict=True))

    @property
    def domain(self) -> tuple[int | None, int | None]:
        return 0, 2

    def encoder(self, option: str | None, texts: Mapping[str, int]) -> Callable[[Any], int]:
        return lambda answer: int(option in answer)

    def read(self, value: object) -> Answer | Wrong:
        wanted = f"a list of some of {', '.join(self.values)}"
        if not isinstance(value, list | tuple | set | frozenset):
            is_one = isinstance(value, str) and value in self.values
            return _wrong(wanted, value, *(["put it in square brackets"] if is_one else []))
        ticked = list(value)
        for each in ticked:
            if not isinstance(each, str) or each not in self.values:
                message = f"expected {wanted}; something else is in the list"
                return Wrong("IS402", message, _meant(each, self))
        if len(set(ticked)) < len(ticked):
            return Wrong("IS402", f"expected {wanted}, each at most once", ("leave out what is said again",))
        return frozenset([value for value in self.values if value in ticked])

    def plain(self, answer: Any) -> PlainAnswer:
        return [value for value in self.values if value in answer]

    def schemas(self) -> list[Schema]:
        options = [{"const": value, "title": label} for value, label in self.choices]
        return [{"type": "array", "items": {"anyOf": options}, "uniqueItems": True}]

    def of_plain(self, plain: Any) -> Answer:
        return frozenset(plain) if isinstance(plain, (list, tuple)) else frozenset([plain])

    @property
    def spoken(self) -> str:
        return f"any number of these: {'; '.join(self.labels)}"


@frozen
class Number(Type):
    """A whole number from `low` to `high`, both included; `unit` is what it counts."""

    unit: str | None = None
    low: int | None = None
    high: int | None = None

    kind = "number"
    is_ordered = True

    @property
    def words(self) -> str:
        bounds = f" from {self.low} to {self.high}" if self.low is not None else ""
        return "number" + (f" of {self.unit}" if self.unit else "") + bounds

    @property
    def domain(self) -> tuple[int | None, int | None]:
        return self.low, None if self.high is None else self.high + 1

    @property
    def reach(self) -> tuple[int, int]:
        """The lowest and the highest that is read."""
        return -LARGEST if self.low is None else self.low, LARGEST if self.high is None else self.high

    def encoder(self, option: str | None, texts: Mapping[str, int]) -> Callable[[Any], int]:
        return int

    def read(self, value: object) -> Answer | Wrong:
        if isinstance(value, bool) or not isinstance(value, int):
            help_ = "write it in digits, without quotation marks or a point"
            return _wrong("a whole number", value, help_)
        lowest, highest = self.reach
        if not lowest <= value <= highest:
            which = "smaller" if value < lowest else "greater"
            return Wrong(
                "IS404",
                f"expected a number from {lowest} to {highest}, found one that is {which}",
                ("check it for a digit too many or a digit lost",),
            )
        return int(value)

    def schemas(self) -> list[Schema]:
        lowest, highest = self.reach
        return [{"type": "integer", "minimum": lowest, "maximum": highest}]

    @property
    def spoken(self) -> str:
        bounds = f", from {self.low} to {self.high}" if self.low is not None and self.high is not None else ""
        return f"a whole number{f' of {self.unit}' if self.unit else ''}{bounds}"


@frozen
class Date(Type):
    """A calendar date."""

    kind = "date"
    is_ordered = True

    @property
    def domain(self) -> tuple[int | None, int | None]:
        return calendar.FIRST, calendar.LAST + 1

    def encoder(self, option: str | None, texts: Mapping[str, int]) -> Callable[[Any], int]:
        return date.toordinal

    def read(self, value: object) -> Answer | Wrong:
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if isinstance(value, str) and _DATE.fullmatch(value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                message = "expected a day that is in the calendar"
                return Wrong("IS402", message, ("check the day and the month",))
        return _wrong("a date", value, "write it as 2026-01-31, without a time of day")

    def plain(self, answer: Any) -> PlainAnswer:
        return str(answer.isoformat())

    def schemas(self) -> list[Schema]:
        return [{"type": "string", "format": "date", "pattern": _CALENDAR, "maxLength": 10}]

    def decode(self, value: int) -> Answer:
        return date.fromordinal(value)

    def of_plain(self, plain: Any) -> Answer:
        return date.fromisoformat(plain)

    @property
    def spoken(self) -> str:
        return "a date"


@frozen
class Text(Type):
    """Any text."""

    kind = "text"

    @property
    def domain(self) -> tuple[int | None, int | None]:
        return 0, None

    def encoder(self, option: str | None, texts: Mapping[str, int]) -> Callable[[Any], int]:
        return lambda answer: texts.get(answer, 0)

    def read(self, value: object) -> Answer | Wrong:
        if not isinstance(value, str):
            return _wrong("text", value, "put it in quotation marks")
        if any("\ud800" <= c <= "\udfff" for c in value):
            message = "expected text, found some with half a character in it"
            return Wrong("IS402", message, ("type it again",))
        return unicodedata.normalize("NFC", value)

    def schemas(self) -> list[Schema]:
        return [{"type": "string"}]

    @property
    def spoken(self) -> str:
        return "in words"


NONE_OF_THEM = {"none": True}
"""How JSON says that a reference to one names none of those whom the case lists."""


@frozen
class Reference(Type):
    """The names of elements of a list: with `many` any number of them, else one, or none of them.

    An answer is a frozenset of names, of at most one where it is not `many`. That the case lists each of them is
    checked where the whole case is at hand (`facts`).
    """

    group: str
    many: bool

    @property
    def kind(self) -> Kind:  # type: ignore[override]
        return "some" if self.many else "one"

    @property
    def words(self) -> str:
        return f"{self.kind} {self.group}"

    @property
    def domain(self) -> tuple[int | None, int | None]:
        """Of the variable that says of one element whether it is named."""
        return 0, 2

    def encoder(self, option: str | None, texts: Mapping[str, int]) -> Callable[[Any], int]:
        return lambda answer: int(option in answer)

    def read(self, value: object) -> Answer | Wrong:
        one = isinstance(value, str)
        if not self.many:
            if _says_none(value):
                return frozenset()
            if not one:
                help_ = f'write its name, or {{"none": true}} if it is none of those whom the case lists as {self.group}'
                return _wrong(f"the name of one {self.group}", value, help_)
            return frozenset([unicodedata.normalize("NFC", str(value))])
        if not isinstance(value, list | tuple | set | frozenset):
            instead = ("put it in square brackets",) if one else ()
            if _says_none(value):
                instead = ("write [] for none of them",)
            return _wrong(f"a list of names, each of a {self.group}", value, *instead)
        names = list(value)
        if not all(isinstance(name, str) for name in names):
            return Wrong("IS402", "expected a list of names; something else is in the list")
        if len(set(names)) < len(names):
            return Wrong(
                "IS402", "expected a list of names, each at most once", ("leave out what is said again",)
            )
        return frozenset([unicodedata.normalize("NFC", name) for name in names])

    def plain(self, answer: Any) -> PlainAnswer:
        if self.many:
            return sorted(answer)
        return next(iter(answer)) if answer else dict(NONE_OF_THEM)

    def of_plain(self, plain: Any) -> Answer:
        return frozenset(() if isinstance(plain, Mapping) else [plain] if isinstance(plain, str) else plain)

    def schemas(self) -> list[Schema]:
        name = {"type": "string", "title": f"the name of a {self.group} of this case"}
        if self.many:
            return [{"type": "array", "items": name, "uniqueItems": True}]
        nobody = {
            "type": "object",
            "title": "none of those whom the case lists",
            "properties": {"none": {"const": True}},
            "required": ["none"],
            "additionalProperties": False,
        }
        return [name, nobody]

    @property
    def spoken(self) -> str:
        return (
            "the names of those that you list"
            if self.many
            else "the name of one that you list, or none of them"
        )


FactType: TypeAlias = YesNo | OneOf | SomeOf | Number | Date | Text | Reference


def plain(answer: Answer, type_: FactType) -> PlainAnswer:
    """An answer as JSON holds it: dates as text, options ticked as a list in the declared order."""
    return type_.plain(answer)


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


def _says_none(value: object) -> bool:
    """Whether it says that none of them is meant; a mapping that cannot be read says nothing."""
    try:
        return isinstance(value, Mapping) and len(value) == 1 and value["none"] is True
    except Exception:  # noqa: BLE001 - whatever a caller's own mapping raises is its fault
        return False


def _wrong(wanted: str, value: object, *help_: str) -> Wrong:
    return Wrong("IS402", f"expected {wanted}, {found(value)}", help_)


def _meant(value: object, of: OneOf | SomeOf) -> tuple[str, ...]:
    """The value that a wrong one most likely stands for: what has that label, or what is written nearly so."""
    if not isinstance(value, str):
        return ()
    said = value.strip().casefold()
    by_label = {label.casefold(): each for each, label in zip(of.values, of.labels, strict=True)}
    word = re.sub(r"[\s-]+", "_", said)
    match = (
        by_label.get(said)
        or nearest(word, (*of.values, UNSURE))
        or by_label.get(nearest(said, by_label) or "")
    )
    return (f"did you mean `{match}`?",) if match else ()
