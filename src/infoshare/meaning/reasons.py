"""Which answers make a condition what it is: the facts beside every clause of a decision."""

from collections.abc import Sequence
from typing import assert_never

from infoshare.meaning.case import in_order, key_of
from infoshare.meaning.model import (
    PLACE,
    All,
    Any,
    Atomic,
    Condition,
    Counted,
    Defined,
    FactTerm,
    Not,
    OverElements,
    Provision,
    Quantified,
    Term,
    ValueTerm,
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
            define = world.model.defines[name]
            group = define.for_each
            inside = {group: here[group]} if group and group in here else NOWHERE
            return _why(world, define.condition, inside) | _in_places(world, define.phrase, inside)
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
            names, named = _over(world, condition, here)
            if not names:
                return named  # it is the empty list, or that nobody is named, that made it so
            parts = [(inner, {**here, condition.bound: name}) for name in names]
            truth = world.truth(condition, here)
            found = _joined(world, parts, ~truth if kind == "no" else truth, decisive=kind != "every")
            return (named if condition.within else {}) | found
        case Counted(group=group, condition=inner):
            names, named = _over(world, condition, here)
            found = {k: a for n in names for k, a in _why(world, inner, {**here, group: n}).items()}
            return found if names and condition.within is None else named | found
        case _:
            assert_never(condition)


def _over(world: World, condition: OverElements, here: Here) -> tuple[Sequence[str], Facts]:
    """The elements that a quantifier or count goes over, as far as is known, and the answer that says which."""
    if condition.within is None:
        names = world.case.elements.get(condition.group)
        return names or (), {condition.group: []} if names == () else {}
    key = key_of(condition.within.fact, here)
    answer = None if key is None else world.known.get(key)
    if key is None or not isinstance(answer, frozenset):
        return world.case.elements.get(condition.group, ()), {}
    return in_order(world.case, condition.group, answer), {key: plain(answer, condition.within.fact.type)}


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
    for term in (term for term in _terms(world, condition) if isinstance(term, FactTerm)):
        fact = term.fact
        hand = term.hand
        key = key_of(fact, here if hand is None else {fact.group: here[hand]} if hand in here else {})
        if key is not None and key in world.known and fact.name != "name":
            found[key] = plain(world.known[key], fact.type)
            element = here.get(fact.group if hand is None else hand)
            of = {fact.group: element} if element is not None else NOWHERE
            label = dict(fact.type.choices).get(world.known[key], "") if fact.type.choices else ""
            found |= _in_places(world, f"{fact.phrase} {label}", of)
    return found


def _in_places(world: World, text: str, here: Here) -> Facts:
    """The answers that are said in the places of a phrase or label: whose consent it is."""
    found: Facts = {}
    for path in PLACE.findall(text) if "{" in text else ():
        fact = world.model.facts.get(path)
        key = key_of(fact, here) if fact is not None else None
        if fact is not None and key is not None and key in world.known:
            found[key] = plain(world.known[key], fact.type)
    return found


def _terms(world: World, condition: Condition) -> list[Term]:
    """The terms of a condition, and the facts that its values are by."""
    found = list(terms(condition))
    by = (world.model.values[t.name].by for t in found if isinstance(t, ValueTerm))
    return [*found, *(FactTerm(fact) for fact in by if fact is not None)]
