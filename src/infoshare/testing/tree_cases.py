"""Random cases for policies that are given as trees: facts missing, null and unsure, lists long, short and left out.

Invariant: unless it is asked for, no list that a condition speaks of is left out, so decisions are exact; the
ways to answer what is unknown stay about below the number that is asked for.
Deliberately not here: random policies (`infoshare.testing.policies`), and what anything means.
"""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import date, timedelta
from random import Random
from typing import Any, TypeAlias

import attrs
from hypothesis import strategies as st

from infoshare.syntax import tree
from infoshare.testing.policies import DAYS, HIGH, Files, randoms

Case: TypeAlias = dict[str, Any]

_ELEMENTS = ("GP letter", "School report", "Notes")
_PEOPLE = ("Ann", "Bob", "Cy")  # of every list but those that older policies have
_OLDER = ("item", "recipient", "sibling")


def names_of(group: str) -> tuple[str, ...]:
    """What the elements of a list are called."""
    return _ELEMENTS if group in _OLDER else _PEOPLE


def nodes(node: object) -> Iterator[tree.Node]:
    """A node and all that is in it."""
    if isinstance(node, tuple):
        for item in node:
            yield from nodes(item)
    elif isinstance(node, tree.Node | tree.Provisions):
        if isinstance(node, tree.Node):
            yield node
        for field in attrs.fields(type(node)):
            if field.name != "span":
                yield from nodes(getattr(node, field.name))


@attrs.frozen
class Vocabulary:
    """The facts that a policy declares, and the constants that it compares them with.

    Attributes:
        asked: the lists that something but a safeguard speaks of together, or is for each of.
        taken_as_empty: the lists of which `unanswered means none`.
    """

    facts: tuple[tuple[str, tree.FactDecl], ...]
    each: tuple[str, ...]
    asked: frozenset[str]
    taken_as_empty: tuple[str, ...]
    numbers: tuple[int, ...]
    days: tuple[date, ...]

    @staticmethod
    def of(files: Files) -> "Vocabulary":
        """Read off the declarations."""
        everything = list(nodes(tuple(d for f in files for d in f.declarations)))
        groups = [n for n in everything if isinstance(n, tree.FactsDecl)]
        return Vocabulary(
            tuple(
                (g.group.text, _with_more(g.group.text, f, groups))
                for g in groups
                for f in g.facts
                if isinstance(f, tree.FactDecl)
            ),
            tuple(g.group.text for g in groups if g.each),
            frozenset(g for n in everything for g in _lists_asked(n)),
            tuple(g.group.text for g in groups if g.none_listed),
            tuple(sorted({n.value for n in everything if isinstance(n, tree.Number)})) or (HIGH // 2,),
            tuple(sorted({n.value for n in everything if isinstance(n, tree.Date)} | set(DAYS[:2]))),
        )

    def places(self, case: Case) -> list[tuple[dict[str, Any], tree.FactDecl]]:
        """Where each fact is answered in a case: a group, or an element of a list that the case gives."""
        out: list[tuple[dict[str, Any], tree.FactDecl]] = []
        for group, fact in self.facts:
            if group in self.each:
                out += [(element, fact) for element in case.get(group) or []]
            else:
                if case.get(group) is None:
                    case[group] = {}
                out.append((case[group], fact))
        return out

    def answers(self, fact: tree.FactDecl, case: Case) -> int:
        """About how many answers the policy can tell apart."""
        match fact.type:
            case tree.Reference(group, many):
                listed = len(case.get(group.text) or ())
                return 1 << listed if many else listed + 1
            case tree.YesNo():
                return 2
            case tree.OneOf():
                return len(fact.type.options)
            case tree.SomeOf():
                return 1 << len(fact.type.options)
            case tree.NumberType():
                return min(2 * len(self.numbers) + 1, 7)
            case tree.DateType():
                return 5
            case tree.TextType():
                return 3

    def answer(self, rng: Random, fact: tree.FactDecl, case: Case) -> Any:
        """A random answer, in the shape of JSON."""
        match fact.type:
            case tree.Reference(group, many):
                listed = [each["name"] for each in case.get(group.text) or ()]
                if many:
                    return [name for name in listed if rng.random() < 0.5]
                return rng.choice([*listed, *listed, {"none": True}])
            case tree.YesNo():
                return rng.random() < 0.6
            case tree.OneOf():
                return rng.choice(fact.type.options).value.text
            case tree.SomeOf():
                return [o.value.text for o in fact.type.options if rng.random() < 0.5]
            case tree.NumberType():
                near = rng.choice(self.numbers) + rng.randint(-1, 1)
                return min(max(near, fact.type.low or 0), fact.type.high or near)
            case tree.DateType():
                day = rng.choice(self.days) - rng.choice((0, 0, 1, 2)) * timedelta(days=183)
                return (day + timedelta(days=rng.randint(-1, 1))).isoformat()
            case tree.TextType():
                return rng.choice(("plain words", "other words", "no words"))


def _with_more(group: str, fact: tree.FactDecl, groups: Sequence[tree.FactsDecl]) -> tree.FactDecl:
    """A fact with the values that overlays add to it; of an ordered one they repeat all."""
    if not isinstance(fact.type, tree.OneOf | tree.SomeOf):
        return fact
    options = {option.value.text: option for option in fact.type.options}
    for more in (each for g in groups if g.group.text == group for each in g.facts):
        if isinstance(more, tree.MoreOptions) and more.name == fact.name:
            options |= {option.value.text: option for option in more.type.options}
    return attrs.evolve(fact, type=attrs.evolve(fact.type, options=tuple(options.values())))


def _lists_asked(node: tree.Node) -> Iterator[str]:
    match node:
        case tree.Quantified():
            yield node.group.text
        case tree.Counted():
            yield from {node.group.text, node.group.text.removesuffix("s")}
        case tree.Reference(group):
            yield group.text
        case tree.Clause() | tree.Exception_() | tree.Duty() | tree.Advice():
            yield from node.scope
        case _:
            pass


def random_case(
    rng: Random,
    files: Files,
    *,
    completions: int = 60,
    unknown_lists: bool = False,
    sizes: Sequence[int] = (1, 1, 2, 2, 3, 0),
) -> Case:
    """A random case of a policy, with facts missing, null and unsure.

    Args:
        rng: where every choice comes from.
        files: the policy.
        completions: about how many ways there may be, at most, to answer what is unknown.
        unknown_lists: whether a list that conditions speak of together, or that something is for each of, may be left
            out.
        sizes: how long lists are, the more likely ones more often.
    """
    return _case(rng, Vocabulary.of(files), completions, sizes, unknown_lists=unknown_lists)


def _case(
    rng: Random, vocabulary: Vocabulary, completions: int, sizes: Sequence[int], *, unknown_lists: bool
) -> Case:
    case: Case = {}
    for group in vocabulary.each:
        left_out = (None,) if unknown_lists or group not in vocabulary.asked else ()
        size = rng.choice((*sizes, *left_out))
        if size is not None:
            case[group] = [{"name": n} for n in names_of(group)[:size]]
    places = vocabulary.places(case)
    rng.shuffle(places)
    answered = rng.choice((1.0, 0.85, 0.6, 0.4, 0.2))
    for place, fact in places:
        ways = vocabulary.answers(fact, case)
        if rng.random() < answered or ways > completions:
            place[fact.name.text] = vocabulary.answer(rng, fact, case)
            continue
        completions //= ways
        said = rng.randint(0, 9)
        if said >= 8:
            place[fact.name.text] = None if said == 8 else "unsure"
    for group in [g for g, facts in case.items() if facts == {} and rng.random() < 0.5]:
        del case[group]
    return case


def random_row_case(rng: Random, files: Files, *, completions: int = 60, unknown_lists: bool = False) -> Case:
    """A random case of a policy with rows and people: longer lists, and often one reference that nobody answered."""
    sizes = (2, 2, 2, 2, 2, 3, 1, 1, 0)
    vocabulary = Vocabulary.of(files)
    case = _case(rng, vocabulary, completions, sizes, unknown_lists=unknown_lists)
    for group in vocabulary.taken_as_empty:
        if rng.random() < 0.25:
            case.pop(group, None)
            for place, fact in vocabulary.places(case):  # nor is any of its names given
                if isinstance(fact.type, tree.Reference) and fact.type.group.text == group:
                    place.pop(fact.name.text, None)
    answered = [
        (place, fact)
        for place, fact in vocabulary.places(case)
        if isinstance(fact.type, tree.Reference) and place.get(fact.name.text) not in (None, "unsure")
    ]
    if answered and rng.random() < 0.6:
        place, fact = rng.choice(answered)
        place[fact.name.text] = rng.choice((None, None, "unsure"))
    return case


def in_doubt(rng: Random, files: Files, case: Mapping[str, Any]) -> Case:
    """The same case where somebody was asked most of what nobody answered, and is unsure; but what is assumed seldom."""
    vocabulary = Vocabulary.of(files)
    doubted: Case = deepcopy(dict(case))
    for place, fact in vocabulary.places(doubted):
        if fact.assumed is not None and rng.random() < 0.7:
            place.pop(fact.name.text, None)
        elif place.get(fact.name.text) is None and rng.random() < 0.6:
            place[fact.name.text] = "unsure"
    return doubted


def learn_more(rng: Random, files: Files, case: Mapping[str, Any]) -> Case:
    """The same case when more is known: some of what was missing or unsure answered, lists given."""
    vocabulary = Vocabulary.of(files)
    more: Case = deepcopy(dict(case))
    for group in vocabulary.each:
        if more.get(group) is None and rng.random() < 0.5:
            more[group] = [{"name": n} for n in names_of(group)[: rng.randint(0, 2)]]
    share = rng.choice((1.0, 0.5, 0.2))
    for place, fact in vocabulary.places(more):
        if place.get(fact.name.text) in (None, "unsure") and rng.random() < share:
            place[fact.name.text] = vocabulary.answer(rng, fact, more)
    return more


@st.composite
def cases(draw: st.DrawFn, files: Files, *, completions: int = 60, unknown_lists: bool = False) -> Case:
    """Random cases of one policy."""
    rng = draw(randoms())
    return random_case(rng, files, completions=completions, unknown_lists=unknown_lists)


@st.composite
def row_cases(draw: st.DrawFn, files: Files, *, completions: int = 60, unknown_lists: bool = False) -> Case:
    """Random cases of one policy with rows and people."""
    return random_row_case(draw(randoms()), files, completions=completions, unknown_lists=unknown_lists)
