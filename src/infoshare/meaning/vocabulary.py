"""The vocabulary as outsiders see it: one plain description a fact, enough to build a form."""

from collections.abc import Mapping

import attrs

from infoshare.meaning.findings import FrozenMap
from infoshare.meaning.model import Fact, Model
from infoshare.meaning.types import Kind, Number, OneOf, PlainAnswer, Reference, SomeOf, plain
from infoshare.values import frozen


@frozen
class FactInfo:
    """What a case may say of one fact.

    Attributes:
        name: as cases and messages write it, `consent.status`.
        group: the part before the dot, and with `each` the name of a list, each element with its own `name`.
        phrase: how an explanation speaks of it.
        type: `yes or no`, `one of`, `some of`, `number`, `date` or `text`; `one` or `some` where it names elements
            of a list.
        labels: for `one of` and `some of`, how a person would say each value; empty otherwise.
        question: what to ask; None where the author gave none.
        assumption: what an unanswered fact is taken to be, as JSON holds it; None where nothing is assumed.
        unit, low, high: of a number, where they are declared; both bounds are allowed.
        in_order: whether each of its labels is more than those before it.
        names: for `one` and `some`, the list whose elements it names; None otherwise.
        ask_first: whether it is to be asked before what is not so marked.
        fixed: whether it cannot be otherwise.
    """

    name: str
    group: str
    phrase: str
    type: Kind
    labels: Mapping[str, str] = attrs.field(factory=FrozenMap, converter=FrozenMap)
    question: str | None = None
    assumption: PlainAnswer | None = None
    each: bool = False
    unit: str | None = None
    low: int | None = None
    high: int | None = None
    in_order: bool = False
    names: str | None = None
    ask_first: bool = False
    fixed: bool = False

    @property
    def path(self) -> str:
        """The same as `name`."""
        return self.name


def vocabulary(model: Model) -> tuple[FactInfo, ...]:
    """Every fact in policy order, but for the `name` that every element of a list has."""
    return tuple(_info(fact) for fact in model.facts.values() if not (fact.each and fact.name == "name"))


def _info(fact: Fact) -> FactInfo:
    type_ = fact.type
    labels = (
        {str(value): label for value, label in type_.choices} if isinstance(type_, OneOf | SomeOf) else {}
    )
    unit, low, high = (type_.unit, type_.low, type_.high) if isinstance(type_, Number) else (None, None, None)
    assumption = None if fact.assumed is None else plain(fact.assumed, fact.type)
    return FactInfo(
        fact.path,
        fact.group,
        fact.phrase,
        type_.kind,
        labels,
        fact.ask,
        assumption,
        fact.each,
        unit,
        low,
        high,
        in_order=isinstance(type_, OneOf) and type_.in_order,
        names=type_.group if isinstance(type_, Reference) else None,
        ask_first=fact.ask_first,
        fixed=fact.fixed,
    )
