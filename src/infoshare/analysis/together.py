"""Two policies over one vocabulary: facts of one name are one fact, so that one case can be looked at by both.

What is called the same and asks for something else (other options, other bounds) is put together; which answers each of
the two can read is kept apart (`Together.readable`). Defines and values that mean something else in the two get a name of
their own in the second, as what is not told apart exactly is known by its words.
Deliberately not here: what the two say of a case (`difference`).
"""

from collections.abc import Mapping
from typing import Any

import attrs

from infoshare.meaning.case import path_of
from infoshare.meaning.diagram import Diagram
from infoshare.meaning.model import Defined, Fact, Model, ValueTerm, parts, terms
from infoshare.meaning.types import FactType, Number, OneOf, Reference, SomeOf
from infoshare.meaning.world import World

OTHER = " (new)"
"""Stands behind the name of what means something else in the second policy; no name of the language has it."""


@attrs.frozen(eq=False)
class Together:
    """Two policies over one vocabulary.

    Attributes:
        old: the first, over all facts of both.
        new: the second.
        read: by path, the type that a fact has in each of the two; only of those where it is another.
        kinds: the paths of facts that are of another kind in the two, so that no answer suits both.
    """

    old: Model
    new: Model
    read: Mapping[str, tuple[FactType, FactType]]
    kinds: frozenset[str]

    def readable(self, world: World, *, second: bool) -> Diagram:
        """Where all answers are such as one of the two policies can read."""
        where = world.diagrams.yes
        for variable in world.variables:
            fact = variable.fact
            types = None if fact is None else self.read.get(path_of(variable.keys[0]))
            if fact is None or types is None:
                continue
            own = types[second]
            test = world.diagrams.test
            match fact.type, own:
                case OneOf(values), OneOf(mine):
                    where = where & world.diagrams.either(
                        test(variable.index, at, at + 1) for at, each in enumerate(values) if each in mine
                    )
                case SomeOf(), SomeOf(mine) if variable.option not in mine:
                    where = where & test(variable.index, None, 1)
                case Number(), Number(low=low, high=high):
                    where = where & test(variable.index, low, None if high is None else high + 1)
                case _:
                    pass  # it has the same answers in both
        return where


def together(old: Model, new: Model) -> Together:
    """Puts two policies over one vocabulary."""
    facts: dict[str, Fact] = {}
    read: dict[str, tuple[FactType, FactType]] = {}
    kinds: set[str] = set()
    for path in (path for path in old.facts if path in new.facts):
        one, other = old.facts[path], new.facts[path]
        joined = _joined(one.type, other.type) if one.each == other.each else None
        if joined is None:
            kinds.add(path)
            continue
        facts[path] = attrs.evolve(one, type=joined)
        if joined != one.type or joined != other.type:
            read[path] = one.type, other.type
    first = _Put(facts, {}, {})
    apart = {path: attrs.evolve(new.facts[path], path=path + OTHER) for path in kinds}
    second = _Put({**facts, **apart}, {}, {})
    before, after = first.model(old), second.model(new)
    defines, values = _meaning_otherwise(before, after)
    if defines or values:
        after = _Put({}, defines, values).model(after)
    return Together(before, after, read, frozenset(kinds))


def _joined(one: FactType, other: FactType) -> FactType | None:
    """The type that has the answers of both; None where they are of different kinds."""
    match one, other:
        case OneOf(values, labels), OneOf(more, others):
            return OneOf(*_options(values, labels, more, others), one.in_order and other.in_order)
        case SomeOf(values, labels), SomeOf(more, others):
            return SomeOf(*_options(values, labels, more, others))
        case Number(unit, low, high), Number(_, lowest, highest):
            return Number(
                unit,
                None if low is None or lowest is None else min(low, lowest),
                None if high is None or highest is None else max(high, highest),
            )
        case Reference(), Reference():
            return one if one == other else None
        case _:
            return one if type(one) is type(other) else None


def _options(
    values: tuple[str, ...], labels: tuple[str, ...], more: tuple[str, ...], others: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    told = dict(zip(values, labels, strict=True))
    told |= {value: label for value, label in zip(more, others, strict=True) if value not in told}
    return tuple(told), tuple(told.values())


def _meaning_otherwise(old: Model, new: Model) -> tuple[dict[str, str], dict[str, str]]:
    """The defines and values of the second that mean something else in the first, each with a name of its own."""
    values = {n for n in old.values.keys() & new.values.keys() if old.values[n] != new.values[n]}
    defines = {
        n
        for n in old.defines.keys() & new.defines.keys()
        if (old.defines[n].condition, old.defines[n].for_each)
        != (new.defines[n].condition, new.defines[n].for_each)
    }
    changed = True
    while changed:  # what speaks of one that means something else does too
        more = {
            name
            for name in old.defines.keys() & new.defines.keys() - defines
            for part in parts(new.defines[name].condition)
            if (isinstance(part, Defined) and part.name in defines)
            or any(isinstance(term, ValueTerm) and term.name in values for term in terms(part))
        }
        defines |= more
        changed = bool(more)
    return {n: n + OTHER for n in defines}, {n: n + OTHER for n in values}


class _Put:
    """A model with other facts in the place of its own, and other names for some defines and values."""

    def __init__(
        self, facts: Mapping[str, Fact], defines: Mapping[str, str], values: Mapping[str, str]
    ) -> None:
        self.facts, self.defines, self.values = facts, defines, values
        self._done: dict[int, tuple[object, Any]] = {}

    def model(self, model: Model) -> Model:
        """The model; itself, where nothing is put in its place."""
        same = all(self.facts.get(path, fact) == fact for path, fact in model.facts.items())
        if same and not self.defines and not self.values:
            return model
        tables = (
            *("facts", "defines", "values", "impossibles", "clauses", "exceptions", "duties"),
            *("safeguards", "advice", "guarantees", "parts"),
        )
        put: dict[str, Any] = {name: self._put(getattr(model, name)) for name in tables}
        put["defines"] = {each.name: each for each in put["defines"].values()}
        put["values"] = {each.name: each for each in put["values"].values()}
        put["facts"] = {each.path: each for each in put["facts"].values()}
        entangled = {self.facts[p].path if p in self.facts else p for p in model.entangled}
        return attrs.evolve(model, **put, entangled=frozenset(entangled))

    def _put(self, each: Any) -> Any:
        known = self._done.get(id(each))
        if known is None:  # kept with it, so that its identity stays its own
            known = self._done[id(each)] = each, self._made(each)
        return known[1]

    def _made(self, each: Any) -> Any:
        if isinstance(each, Fact):
            return self.facts.get(each.path, each)
        if isinstance(each, tuple):
            parts_ = tuple([self._put(part) for part in each])
            return each if all(a is b for a, b in zip(each, parts_, strict=True)) else parts_
        if isinstance(each, Mapping):
            return {key: self._put(value) for key, value in each.items()}
        if not attrs.has(type(each)) or not type(each).__module__.endswith("meaning.model"):
            return each
        fields = {f.name: getattr(each, f.name) for f in attrs.fields(type(each)) if f.name != "span"}
        put = {name: self._put(value) for name, value in fields.items()}
        names = self.defines if type(each).__name__ in _OF_DEFINES else self.values
        if type(each).__name__ in (*_OF_DEFINES, *_OF_VALUES):
            put["name"] = names.get(each.name, each.name)
        other = {name: value for name, value in put.items() if value is not fields[name]}
        return attrs.evolve(each, **other) if other else each


_OF_DEFINES = ("Define", "Defined")
_OF_VALUES = ("Value", "ValueTerm")
