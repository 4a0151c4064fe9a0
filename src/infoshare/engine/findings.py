"""Clauses as decisions show them, with the answers that made it so."""

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

import attrs

from infoshare.engine.plan import Plan
from infoshare.meaning.case import Case
from infoshare.meaning.decision import ClauseFinding, DeferredMap
from infoshare.meaning.model import Provision
from infoshare.meaning.reasons import why_holds, why_not
from infoshare.meaning.types import UNSURE, Answer, PlainAnswer
from infoshare.meaning.view import finding
from infoshare.meaning.world import World, facts_of

MOST_KEPT = 1_000
"""Combinations of answers that are kept of one clause; then they are made anew."""

Values = tuple[Any, ...]
"""The facts of a plan, in its order: an answer, None, or `unsure`."""


# The slots of a `ClauseFinding`, set one by one: several times quicker than its own constructor.
_new = object.__new__
_clause, _kind, _effect, _statement, _cites, _facts, _by, _waiting_for = (
    vars(ClauseFinding)[field.name].__set__ for field in attrs.fields(ClauseFinding)
)


class Findings:
    """One clause, for the cases in which it holds, or for those in which it does not."""

    def __init__(self, plan: Plan, provision: Provision, *, holds: bool = True) -> None:
        self._plan, self._provision, self._why = plan, provision, why_holds if holds else why_not
        facts = [f for c in (provision.when, provision.unless) for f in facts_of(plan.model, c)]
        position = {fact.path: i for i, fact in enumerate(plan.facts)}
        self.positions = tuple(dict.fromkeys(position[fact.path] for fact in facts))
        self._bare = finding(provision, {})
        self._key = key_of(self.positions)
        self._kept: dict[Any, dict[str, PlainAnswer]] = {}

    def of(self, values: Values, by: tuple[ClauseFinding, ...] = ()) -> ClauseFinding:
        """The clause in the decision of a case with these facts; which of them made it so is found when asked for."""
        bare, found = self._bare, _new(ClauseFinding)
        _clause(found, bare.clause)
        _kind(found, bare.kind)
        _effect(found, bare.effect)
        _statement(found, bare.statement)
        _cites(found, bare.cites)
        _facts(found, DeferredMap(self._facts, values) if self.positions else bare.facts)
        _by(found, by)
        _waiting_for(found, ())
        return found

    def _facts(self, values: Values) -> dict[str, PlainAnswer]:
        key = self._key(values)
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            found = self._kept[key] = self._found(values)
        return found

    def _found(self, values: Values) -> dict[str, PlainAnswer]:
        plan = self._plan
        known: dict[str, Answer] = {}
        for position in self.positions:
            fact, value = plan.facts[position], values[position]
            if value is None and plan.presume:
                value = fact.assumed
            if value is not None and value != UNSURE:
                known[fact.path] = value
        return self._why(World(plan.model, Case(), plan.day, known), self._provision)


class Fired:
    """A set of clauses that stand together, each combination of answers once."""

    def __init__(self, clauses: Sequence[Findings], room: "Room") -> None:
        self._clauses, self._room = clauses, room
        self.key = key_of(tuple(sorted({position for clause in clauses for position in clause.positions})))
        self.made: dict[Any, tuple[ClauseFinding, ...]] = {}

    def make(self, values: Values) -> tuple[ClauseFinding, ...]:
        """They in the decision of a case with these facts; kept under its key."""
        self._room.take(self.made)
        found = self.made[self.key(values)] = tuple([clause.of(values) for clause in self._clauses])
        return found


class Room:
    """How much may be kept in many dictionaries together; when it is full, all are emptied."""

    def __init__(self, most: int) -> None:
        self._most, self._taken = most, 0
        self._filled: list[dict[Any, Any]] = []

    def take(self, by: dict[Any, Any]) -> None:
        """Room for one more in a dictionary."""
        if self._taken >= self._most:
            for each in self._filled:
                each.clear()
            self._taken, self._filled = 0, []
        if not by:
            self._filled.append(by)
        self._taken += 1


def key_of(positions: tuple[int, ...]) -> Callable[[Values], Any]:
    """What tells two cases apart by these facts."""
    return itemgetter(*positions) if positions else _the_same


def _the_same(_: Values) -> None:
    return None
