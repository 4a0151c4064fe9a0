"""What is assumed of what nobody answered: `unanswered means VALUE`, of facts, references and whole lists.

An assumption never touches what somebody is unsure of. It is not made where it would make the case impossible, or
would take away an answer (or answers together) that what somebody is unsure of could have without it: alone, or (then
all of those that take part) together with others, so that no order of declarations decides which. That a reference
names every element of whom something is so is not assumed while that is unknown of one.
"""

from collections.abc import Mapping
from datetime import date
from functools import cached_property, reduce
from itertools import chain, combinations
from operator import and_
from weakref import WeakKeyDictionary

import attrs

from infoshare.budget import Budget
from infoshare.meaning.case import Case, keys_of, path_of
from infoshare.meaning.diagram import BUDGET, Diagram, mask_of
from infoshare.meaning.model import Fact, Impossible, Model
from infoshare.meaning.types import Answer, Reference
from infoshare.meaning.world import World

TRIALS = 2 * BUDGET
"""What may be told apart to see which assumptions of a case can be made."""

MOST_TRIED = 7
"""Assumptions that together clash of which every few are tried; of more, none is made."""

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

    if not model.impossibles or (not case.unsure and _can_be(model, case, day, {**known, **all_of_them})):
        return all_of_them
    trials = _Trials(model, case, day, known)
    found = trials.made(all_of_them)
    if found is all_of_them:
        return found
    if every:  # what was worked out with an assumption that is not made is not assumed
        rest = {k: v for k, v in found.items() if k not in every}
        still = _every(model, _with_lists(model, case, rest), day, {**known, **rest})
        found = {k: v for k, v in found.items() if k not in every or still.get(k) == v}
    return found


def _can_be(model: Model, case: Case, day: date, known: Assumed) -> bool:
    """Whether a case is plainly possible with what is known and all that is assumed."""
    world = World(model, _with_lists(model, case, known), day, _facts(model, known))
    world.diagrams.budget = Budget(TRIALS)
    left = world.diagrams.yes
    for impossible in model.impossibles:
        left = left & ~world.truth(impossible.condition)
    return left is not world.diagrams.no and not left.undecided


def in_doubt(model: Model, day: date) -> frozenset[str]:
    """The facts, by path, and the lists of which somebody's being unsure may keep something from being assumed."""
    kept = _IN_DOUBT.setdefault(model, {})
    found = kept.get(day)
    if found is None:
        empty = {group.name for group in model.groups.values() if group.none_listed}
        naming = {fact.path for fact in model.facts.values() if _group_of(fact) in empty}
        harmful = bool(empty & model.ruled_on) or any(
            _may_rule_out(model, day, model.facts[path]) for path in model.ruled_on & model.facts.keys()
        )
        found = kept[day] = frozenset(naming | model.ruled_on if harmful else naming)
    return found


_IN_DOUBT: WeakKeyDictionary[Model, dict[date, frozenset[str]]] = WeakKeyDictionary()


def _may_rule_out(model: Model, day: date, fact: Fact) -> bool:
    """Whether what is assumed of a fact may rule anything out: not where nothing that speaks of it can then be so."""
    if fact.assumed is None or fact.each:
        return fact.assumed is not None or fact.assumed_every is not None
    world = World(model, Case(), day, {fact.path: fact.assumed})
    asked = (
        each.condition for each in model.impossibles if fact.path in model.asked_by_impossibles[each.name]
    )
    return any(world.truth(each) is not world.diagrams.no for each in asked)


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
    """The lists that would be taken as empty: none of which somebody is unsure, or unsure whom a reference names."""
    unsure = {*case.unsure, *(_group_of(model.facts.get(path_of(key))) for key in case.unsure)}
    return {
        group.name: frozenset()
        for group in model.groups.values()
        if group.none_listed and group.name not in case.elements and group.name not in unsure
    }


def _group_of(fact: Fact | None) -> str | None:
    return fact.type.group if fact is not None and isinstance(fact.type, Reference) else None


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


@attrs.define(eq=False)
class _Together:
    """Some `impossible` that share something unknown with one another, and with no others.

    Attributes:
        keys: the unknown facts and lists on which it hangs whether one of them is so.
        could: what somebody is unsure of could be beside them, by what is known alone; None while nobody asked.
    """

    impossibles: tuple[Impossible, ...]
    keys: frozenset[str]
    could: Diagram | None = None


class _Trials:
    """Which assumptions can be made of a case: what is left by what is known alone, and by them too.

    Looked at is what the facts that somebody is unsure of could be; where there are none, whether anything can be.
    """

    def __init__(self, model: Model, case: Case, day: date, known: Assumed) -> None:
        self.model, self.case, self.day, self.known = model, case, day, known
        self._ways_at_first: dict[str, list[Diagram]] = {}

    @cached_property
    def _world(self) -> World:
        world = World(self.model, self.case, self.day, _facts(self.model, self.known))
        world.diagrams.budget = Budget(TRIALS)
        return world

    @cached_property
    def _parts(self) -> list[_Together]:
        """All that may be impossible."""
        found: list[_Together] = []
        for each in self.model.impossibles:
            if keys := self._hangs_on(each):
                joined = [part for part in found if part.keys & keys]
                found = [part for part in found if part not in joined]
                impossibles = (*chain(*(part.impossibles for part in joined)), each)
                found.append(_Together(impossibles, keys.union(*(part.keys for part in joined))))
        return found

    def _ways(self, impossible: Impossible, world: World) -> list[Diagram]:
        """The ways in which it may be so; those of before, where nothing is known besides that it asks about."""
        found = self._ways_at_first.get(impossible.name)
        if found is not None and world.case.elements.keys() == self.case.elements.keys():
            more = map(path_of, world.known.keys() - self._world.known.keys())
            if self.model.asked_by_impossibles[impossible.name].isdisjoint(more):
                return found
        ways = world.ways(impossible.condition)
        if world is self._world:
            self._ways_at_first[impossible.name] = ways
        return ways

    def _hangs_on(self, impossible: Impossible) -> frozenset[str]:
        """The unknown facts and lists on which it hangs whether this is so."""
        ways = self._ways(impossible, self._world)
        if not any(way.undecided for way in ways):
            return frozenset(k for way in ways for v in way.variables for k in self._world.variables[v].keys)
        asked, facts = self.model.asked_by_impossibles[impossible.name], self.model.facts
        keys = {k for each in asked for k in (keys_of(facts[each], self.case) if each in facts else [each])}
        return frozenset(keys.difference(self.known))

    def not_left_by(self, assumed: Assumed) -> frozenset[str]:
        """That on which it hangs what may be impossible, where these assumptions cannot be or take something away from
        what somebody is unsure of; nothing where they do not.
        """
        parts = [part for part in self._parts if not part.keys.isdisjoint(assumed)]
        world = self._with(assumed) if parts else self._world
        return frozenset(chain(*(part.keys for part in parts if not self._is_left(part, world))))

    def made(self, assumed: dict[str, Answer]) -> dict[str, Answer]:
        """Those of some assumptions that are made; these themselves where all of them are."""
        plainly = self._plainly_made(assumed)
        if plainly is not None:
            return plainly
        clashing = self.not_left_by(assumed)
        if not clashing:
            return assumed
        # what leaves enough with all of them leaves as much alone
        found = {k: v for k, v in assumed.items() if k not in clashing or not self.not_left_by({k: v})}
        if self.is_too_much:  # so that it does not hang on which was tried first
            found = {k: v for k, v in found.items() if not self.touches(k)}
        return self.apart(found) if self.not_left_by(found) else found

    def _plainly_made(self, assumed: dict[str, Answer]) -> dict[str, Answer] | None:
        """The same, told at once by what can be where only lists are assumed; None where that does not tell.

        Nobody may be unsure of anything: then it is asked of each answer, and of all together, whether anything can be
        with it.
        """
        if self.case.unsure:
            return None
        lists = {key: answer for key, answer in assumed.items() if key in self.model.groups}
        world = self._with(lists) if lists else self._world
        yes, no, test = world.diagrams.yes, world.diagrams.no, world.diagrams.test
        ways = [[way for each in part.impossibles for way in self._ways(each, world)] for part in self._parts]
        so: dict[str, Diagram] = {}
        for variable in world.variables:
            key = variable.keys[0]
            if key in assumed and variable.fact is not None:
                value = world.encoded(variable, assumed[key])
                so[key] = so.get(key, yes) & test(variable.index, value, value + 1)
        clashing = set[str]()
        for part, mine in zip(self._parts, ways, strict=True):
            can_be = reduce(and_, (~way for way in mine), yes)
            asked = [key for key in so if key in part.keys]
            clashing.update(key for key in asked if can_be & so[key] is no)
            together = reduce(and_, (so[key] for key in asked if key not in clashing), can_be)
            if together is no or together.undecided:
                return None
        if self.is_too_much or (lists and not all(self.not_left_by({key: assumed[key]}) for key in clashing)):
            return None  # or it can be made, but not where the lists are empty
        return {k: v for k, v in assumed.items() if k not in clashing} if clashing else assumed

    @property
    def is_too_much(self) -> bool:
        """Whether there was more to tell apart than there is time for."""
        return "_world" in self.__dict__ and self._world.diagrams.exhausted

    def touches(self, key: str) -> bool:
        """Whether it has to do with what may be impossible."""
        return any(key in part.keys for part in self._parts)

    def apart(self, assumed: Assumed) -> dict[str, Answer]:
        """Of assumptions that can be made each, but not all together, those that take no part in that.

        Those take part that are among some which cannot be made together, while all but any one of these can.
        """
        world, clashing = self._with(assumed), set[str]()
        for part in self._parts:
            if not self._is_left(part, world):
                some = {key: assumed[key] for key in assumed if key in part.keys}
                clashing |= some.keys() if self.is_too_much else self._clashing(part, some)
        return {key: answer for key, answer in assumed.items() if key not in clashing}

    def _clashing(self, part: _Together, assumed: Assumed) -> set[str]:
        if len(assumed) > MOST_TRIED:
            return set(assumed)
        found = list[set[str]]()
        for some in chain.from_iterable(combinations(assumed, n) for n in range(2, len(assumed) + 1)):
            if not any(each.issubset(some) for each in found) and not self._is_left(
                part, self._with({key: assumed[key] for key in some})
            ):
                found.append(set(some))
        return set(assumed) if self.is_too_much else set[str]().union(*found)

    def _with(self, assumed: Assumed) -> World:
        whole = _with_lists(self.model, self.case, assumed)
        return self._world.knowing(whole, _facts(self.model, {**self.known, **assumed}))

    def _is_left(self, part: _Together, world: World) -> bool:
        """Whether what somebody is unsure of could be all that it could, beside what may be impossible."""
        could, no = part.could, world.diagrams.no
        if could is None:
            could = part.could = reduce(and_, self._left_by(part, self._world), world.diagrams.yes)
        return could is not no and all((could & ~left) is no for left in self._left_by(part, world))

    def _left_by(self, part: _Together, world: World) -> list[Diagram]:
        """What somebody is unsure of could be, whatever becomes of all else: where all of these are so."""
        left = [~way for each in part.impossibles for way in self._ways(each, world)]
        unsure = (v for key in self.case.unsure for v in world.of_key(key))
        return world.diagrams.without(left, ~mask_of(unsure))


def _facts(model: Model, known: Assumed) -> dict[str, Answer]:
    """What is known of facts; lists are part of the case."""
    return {key: answer for key, answer in known.items() if key not in model.groups}
