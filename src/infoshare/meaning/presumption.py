"""What is assumed of what nobody answered: `unanswered means VALUE`, of facts, references and whole lists.

An assumption never touches what somebody is unsure of, and is not made where it would make the case
impossible: alone, or (then all of those that take part) together with others, so that no order of
declarations decides which. That a reference names every element of whom something is so is not assumed while that is
unknown of one.
"""

from collections.abc import Iterable, Mapping
from datetime import date

import attrs

from infoshare.meaning.case import Case, keys_of
from infoshare.meaning.model import Counted, Fact, Impossible, Model, Quantified, parts
from infoshare.meaning.outlook import Outlook
from infoshare.meaning.types import Answer, Reference
from infoshare.meaning.world import World, facts_of

Assumed = Mapping[str, Answer]
"""What is assumed, by key; of a list that is taken to be empty, by the name of its group."""


def presumed(model: Model, case: Case, day: date, known: Assumed) -> tuple[dict[str, Answer], Case]:
    """The assumptions made of a case, by key, in policy order; and the case with the lists that are taken as empty.

    A list is assumed under the name of its group.
    """
    found = _possible_together(model, case, day, known)
    return found, _with_lists(model, case, found)


def _possible_together(model: Model, case: Case, day: date, known: Assumed) -> dict[str, Answer]:
    lists = _lists_offered(model, case)
    whole = _with_lists(model, case, lists)
    plain = {**lists, **offered(model, whole, known)}
    every = _every(model, whole, day, {**known, **plain})
    all_of_them = _in_policy_order(model, whole, {**plain, **every})

    def can_be(assumed: Assumed) -> bool:
        return _can_be(model, case, day, known, assumed)

    if not model.impossibles or can_be(all_of_them):
        return all_of_them
    found = {k: v for k, v in all_of_them.items() if can_be({k: v})}
    if not can_be(found):
        outlook = _outlook(model, case, day, known, found)
        clashing = [
            i for i in model.impossibles if outlook.world.truth(i.condition) is outlook.world.diagrams.yes
        ]
        apart = _without(model, whole, found, clashing)
        found = apart if can_be(apart) else _without(model, whole, found, model.impossibles)
    if every:  # what was worked out with an assumption that is not made is not assumed
        rest = {k: v for k, v in found.items() if k not in every}
        still = _every(model, _with_lists(model, case, rest), day, {**known, **rest})
        found = {k: v for k, v in found.items() if k not in every or still.get(k) == v}
    return found


def offered(model: Model, case: Case, known: Assumed) -> dict[str, Answer]:
    """What would be assumed of the facts of a case, if that can be: what their declarations name."""
    return {
        key: fact.assumed
        for fact in model.facts.values()
        if fact.assumed is not None
        for key in keys_of(fact, case)
        if key not in known and key not in case.unsure
    }


def _lists_offered(model: Model, case: Case) -> dict[str, Answer]:
    return {
        group.name: frozenset()
        for group in model.groups.values()
        if group.none_listed and group.name not in case.elements and group.name not in case.unsure
    }


def _with_lists(model: Model, case: Case, assumed: Assumed) -> Case:
    """The case, with the lists that are assumed to be empty."""
    lists = {key: () for key in assumed if key in model.groups}
    return attrs.evolve(case, elements={**case.elements, **lists}) if lists else case


def _every(model: Model, case: Case, day: date, known: Assumed) -> dict[str, Answer]:
    """The references that are taken to name every element of whom something is so, where that is known of each."""
    waiting = {
        fact.path: (fact, keys)
        for fact in model.facts.values()
        if fact.assumed_every is not None
        and (keys := [k for k in keys_of(fact, case) if k not in known and k not in case.unsure])
    }
    found: dict[str, Answer] = {}
    while waiting:
        world = World(model, case, day, _facts(model, {**known, **found}))
        named = {path: _named(world, fact) for path, (fact, _) in waiting.items()}
        new = {path: names for path, names in named.items() if names is not None}
        if not new:
            break
        for path, names in new.items():  # one of them may be what another was waiting for
            found |= dict.fromkeys(waiting.pop(path)[1], names)
    return found


def _named(world: World, fact: Fact) -> frozenset[str] | None:
    """Whom a reference is taken to name; None while it is unknown of one whether it does."""
    if not isinstance(fact.type, Reference):
        return None
    group, names = fact.type.group, world.case.elements.get(fact.type.group)
    if names is None:
        return None
    wheres = {name: world.truth(fact.assumed_every, {group: name}) for name in names}
    yes, no = world.diagrams.yes, world.diagrams.no
    if any(where is not yes and where is not no for where in wheres.values()):
        return None
    return frozenset(name for name, where in wheres.items() if where is yes)


def _in_policy_order(model: Model, case: Case, assumed: Assumed) -> dict[str, Answer]:
    if not any(key in model.groups for key in assumed) and not any(
        fact.assumed_every for fact in model.facts.values()
    ):
        return dict(assumed)
    order: dict[str, None] = {}
    for fact in model.facts.values():
        order |= dict.fromkeys([fact.group, *keys_of(fact, case)])
    return {key: assumed[key] for key in order if key in assumed}


def _without(
    model: Model, case: Case, assumed: Assumed, impossibles: Iterable[Impossible]
) -> dict[str, Answer]:
    """What is assumed, but for what takes part in any of what is impossible."""
    conditions = [i.condition for i in impossibles]
    taking_part = {k for each in conditions for fact in facts_of(model, each) for k in keys_of(fact, case)}
    taking_part |= {
        part.group
        for each in conditions
        for part in parts(each, model.defines)
        if isinstance(part, Quantified | Counted)
    }
    return {k: v for k, v in assumed.items() if k not in taking_part}


def _can_be(model: Model, case: Case, day: date, known: Assumed, assumed: Assumed) -> bool:
    outlook = _outlook(model, case, day, known, assumed)
    return outlook.possible(outlook.world.diagrams.yes)


def _outlook(model: Model, case: Case, day: date, known: Assumed, assumed: Assumed) -> Outlook:
    whole = _with_lists(model, case, assumed)
    return Outlook(World(model, whole, day, _facts(model, {**known, **assumed})))


def _facts(model: Model, known: Assumed) -> dict[str, Answer]:
    """What is known of facts; lists are part of the case."""
    return {key: answer for key, answer in known.items() if key not in model.groups}
