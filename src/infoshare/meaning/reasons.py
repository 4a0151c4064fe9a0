"""Which answers make a condition what it is: the facts beside every clause of a decision."""

from collections.abc import Sequence
from typing import assert_never

from infoshare.meaning.case import key_of
from infoshare.meaning.model import (
    All,
    Any,
    Atomic,
    Condition,
    Defined,
    FactTerm,
    Not,
    Provision,
    Quantified,
    terms,
)
from infoshare.meaning.types import PlainAnswer, plain
from infoshare.meaning.world import NOWHERE, Here, World

Facts = dict[str, PlainAnswer]


def why_holds(world: World, provision: Provision, here: Here = NOWHERE) -> Facts:
    """The answers that make it hold: those of its `when` and of its `unless`."""
    return _why(world, provision.when, here) | _why(world, provision.unless, here)


def why_not(world: World, provision: Provision, here: Here = NOWHERE) -> Facts:
    """The answers that keep it from holding: of its `when` if that is no, else of its `unless`."""
    if world.truth(provision.when, here) is world.diagrams.no:
        return _why(world, provision.when, here)
    if provision.unless is not None and world.truth(provision.unless, here) is world.diagrams.yes:
        return _why(world, provision.unless, here)
    return why_holds(world, provision, here)


def why(world: World, condition: Condition, here: Here = NOWHERE) -> Facts:
    """The known answers that make a condition what it is; as few as its form lets one tell."""
    return _why(world, condition, here)


def _why(world: World, condition: Condition | None, here: Here) -> Facts:
    if condition is None or not here:
        return _reasons(world, condition, here)
    name = world.spoken_of(condition, here)
    found = world.reasons.get(name)
    if found is None:
        found = world.reasons[name] = _reasons(world, condition, here)
    return found


def _reasons(world: World, condition: Condition | None, here: Here) -> Facts:
    if isinstance(condition, Atomic):
        return _answers(world, condition, here)
    match condition:
        case None:
            return {}
        case Defined(name):
            return _why(world, world.model.defines[name].condition, NOWHERE)
        case Not(item):
            return _why(world, item, here)
        case All(items):
            return _joined(
                world, [(item, here) for item in items], world.truth(condition, here), decisive=False
            )
        case Any(items):
            return _joined(
                world, [(item, here) for item in items], world.truth(condition, here), decisive=True
            )
        case Quantified(kind, group, inner):
            names = world.case.elements.get(group)
            if names == ():
                return {group: []}  # it is the empty list that made it so
            parts = [(inner, {**here, group: name}) for name in names or ()]
            truth = world.truth(condition, here)
            return _joined(world, parts, ~truth if kind == "no" else truth, decisive=kind != "every")
        case _:
            assert_never(condition)


def _joined(world: World, parts: Sequence[tuple[Condition, Here]], truth: object, *, decisive: bool) -> Facts:
    """One part is reason enough where its truth decides the whole; otherwise every part is needed."""
    one_is_enough = world.diagrams.of(decisive)
    if truth is one_is_enough:
        reasons = [_why(world, c, h) for c, h in parts if world.truth(c, h) is one_is_enough]
        if reasons:
            return min(reasons, key=lambda found: ([] in found.values(), len(found)))
    return {key: answer for c, h in parts for key, answer in _why(world, c, h).items()}


def _answers(world: World, condition: Condition, here: Here) -> Facts:
    found: Facts = {}
    for fact in (term.fact for term in terms(condition) if isinstance(term, FactTerm)):
        key = key_of(fact, here)
        if key is not None and key in world.known and fact.name != "name":
            found[key] = plain(world.known[key], fact.type)
    return found
