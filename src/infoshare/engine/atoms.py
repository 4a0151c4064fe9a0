"""Conditions -> atoms: what a policy asks of one fact alone, as the definition answers it.

An atom is the largest part of a condition that speaks of one variable of one fact. Its truth for each value
is read off the definition's own diagram (`meaning.world`), so there is no second meaning to keep equal.
Invariant: within an `Atoms` the same question of the same variable is the same atom.
Deliberately not here: how atoms are joined (`conditions_code`), and how many values at once are tried (`lanes`).
"""

import sys
from bisect import bisect_right
from collections.abc import Iterator
from datetime import date
from typing import assert_never

import attrs

from infoshare.meaning.case import Case
from infoshare.meaning.diagram import Diagram, Diagrams
from infoshare.meaning.model import (
    All,
    Any,
    Atomic,
    Condition,
    Counted,
    Defined,
    Fact,
    Model,
    Not,
    Provision,
    Quantified,
    parts,
)
from infoshare.meaning.world import World
from infoshare.truth import Truth


class NoFastFormError(Exception):
    """A condition that only the definition can answer: a quantifier, or facts compared with one another."""


@attrs.frozen
class Atom:
    """A question about one variable of one fact.

    Attributes:
        index: its number among the atoms.
        option: for one option of a some-of fact.
        bounds, truths: its truth for values below each bound, the last for the rest; values as the
            definition encodes them.
    """

    index: int
    fact: Fact
    option: str | None
    bounds: tuple[int, ...]
    truths: tuple[bool, ...]

    def of(self, value: int) -> bool:
        """Its truth for an encoded value."""
        return self.truths[bisect_right(self.bounds, value)]


class Atoms:
    """The atoms of a policy's conditions on one day."""

    def __init__(self, model: Model, day: date) -> None:
        self.model, self.day = model, day
        self.world = World(model, Case(), day, {})
        self.world.diagrams = Diagrams(budget=sys.maxsize)  # what speaks of one fact is small
        self.all: list[Atom] = []
        self._found: dict[object, Atom] = {}

    def of(self, condition: Condition) -> "Atom | bool | None":
        """The atom that a condition is, or its truth if it is always the same; None if it must be taken apart.

        Raises:
            NoFastFormError: the condition itself has none.
        """
        if isinstance(condition, Atomic):
            return self._leaf(condition)
        match condition:
            case Not() | All() | Any() | Defined():
                facts = self.model.facts_of(condition)
                if len(facts) > 1 or any(
                    isinstance(part, Quantified | Counted) for part in parts(condition, self.model.defines)
                ):
                    return None
                where = self.world.truth(condition)
                return None if where.truth is None and len(where.variables) != 1 else self._atom(where)
            case Quantified() | Counted():
                raise NoFastFormError
            case _:
                assert_never(condition)

    def _leaf(self, condition: Condition) -> "Atom | bool":
        where = self.world.truth(condition)
        if where.truth is None and len(where.variables) != 1:
            raise NoFastFormError
        return self._atom(where)

    def _atom(self, where: Diagram) -> "Atom | bool":
        if where.truth is not None:
            if where.truth is Truth.UNKNOWN:
                raise NoFastFormError
            return where.truth is Truth.YES
        variable = self.world.variables[where.var]
        if variable.fact is None or variable.fact.each:
            raise NoFastFormError
        truths = tuple(child.truth is Truth.YES for child in where.children)
        key = (where.var, where.bounds, truths)
        found = self._found.get(key)
        if found is None:
            found = Atom(len(self.all), variable.fact, variable.option, where.bounds, truths)
            self._found[key] = found
            self.all.append(found)
        return found

    def texts(self) -> dict[int, str]:
        """The texts that text facts are compared with, by the value that stands for each."""
        return self.world.constant_texts()


def conjuncts_of(provision: Provision) -> list[Condition]:
    """Conditions that are all yes where a provision holds, and nowhere else."""
    found = [] if provision.when is None else list(conjuncts(provision.when))
    return found if provision.unless is None else [*found, *conjuncts(Not(provision.unless))]


def conjuncts(condition: Condition) -> Iterator[Condition]:
    """Conditions that are all yes where this one is, and nowhere else."""
    if isinstance(condition, Atomic):
        yield condition
        return
    match condition:
        case All(items):
            for item in items:
                yield from conjuncts(item)
        case Not(Any(items)):
            for item in items:
                yield from conjuncts(Not(item))
        case Not(Not(item)):
            yield from conjuncts(item)
        case Defined() | Not() | Any() | Quantified() | Counted():
            yield condition
        case _:
            assert_never(condition)
