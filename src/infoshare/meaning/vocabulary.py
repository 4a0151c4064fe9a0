"""The vocabulary as outsiders see it: one plain description a fact, enough to build a form."""

from collections.abc import Mapping
from typing import Literal, TypeAlias, assert_never

import attrs

from infoshare.meaning.findings import FrozenMap
from infoshare.meaning.model import Fact, Model
from infoshare.meaning.types import Date, Number, OneOf, PlainAnswer, SomeOf, Text, YesNo, plain
from infoshare.values import frozen

FactKind: TypeAlias = Literal["yes or no", "one of", "some of", "number", "date", "text"]


@frozen
class FactInfo:
    """What a case may say of one fact.

    Attributes:
        name: as cases and messages write it, `consent.status`.
        group: the part before the dot, and with `each` the name of a list, each element with its own `name`.
        phrase: how an explanation speaks of it.
        type: `yes or no`, `one of`, `some of`, `number`, `date` or `text`.
        labels: for `one of` and `some of`, how a person would say each value; empty otherwise.
        question: what to ask; None where the author gave none.
        assumption: what an unanswered fact is taken to be, as JSON holds it; None where nothing is assumed.
        unit, low, high: of a number, where they are declared; both bounds are allowed.
    """

    name: str
    group: str
    phrase: str
    type: FactKind
    labels: Mapping[str, str] = attrs.field(factory=FrozenMap, converter=FrozenMap)
    question: str | None = None
    assumption: PlainAnswer | None = None
    each: bool = False
    unit: str | None = None
    low: int | None = None
    high: int | None = None

    @property
    def path(self) -> str:
        """The same as `name`."""
        return self.name


def vocabulary(model: Model) -> tuple[FactInfo, ...]:
    """Every fact in policy order, but for the `name` that every element of a list has."""
    return tuple(_info(fact) for fact in model.facts.values() if not (fact.each and fact.name == "name"))


def _info(fact: Fact) -> FactInfo:
    kind: FactKind
    labels: dict[str, str] = {}
    unit = low = high = None
    match fact.type:
        case OneOf(values, said):
            kind, labels = "one of", dict(zip(values, said, strict=True))
        case SomeOf(values, said):
            kind, labels = "some of", dict(zip(values, said, strict=True))
        case Number():
            kind, unit, low, high = "number", fact.type.unit, fact.type.low, fact.type.high
        case YesNo():
            kind = "yes or no"
        case Date():
            kind = "date"
        case Text():
            kind = "text"
        case _:
            assert_never(fact.type)
    assumption = None if fact.assumed is None else plain(fact.assumed, fact.type)
    return FactInfo(
        fact.path, fact.group, fact.phrase, kind, labels, fact.ask, assumption, fact.each, unit, low, high
    )
