"""Turns a loaded policy into a Hypothesis strategy for its cases: what a caller may give to `policy.decide`.

Invariant: every case that is drawn can be read; it may be incomplete, and is never `impossible`. What a policy
compares facts with is drawn often, with what lies next to it.
Deliberately not here: cases for policies that are trees (`tree_cases`), for the tests of infoshare itself.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, TypeAlias, assert_never

import attrs
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from infoshare.errors import FactsError
from infoshare.meaning.model import Among, Fact, Literal_, Model
from infoshare.meaning.types import NONE_OF_THEM, UNSURE, Date, Number, OneOf, Reference, SomeOf, Text, YesNo
from infoshare.policy.policy import Policy
from infoshare.text import Span

Case: TypeAlias = dict[str, Any]
_Listed: TypeAlias = Mapping[str, list[str] | None]  # who is in each list; None where it is not given

_NAMES = ("A", "B", "C", "D")
_NEAR = 3
_SOME_DAY = date(2026, 1, 1)
_FURTHEST = 10_000


def cases(
    policy: Policy, *, complete: bool = False, unsure: bool = True, most_elements: int = 2
) -> SearchStrategy[Case]:
    """Cases of a policy, as `policy.decide` takes them.

    Args:
        policy: as loaded.
        complete: whether every fact is answered and every list given.
        unsure: whether somebody may be unsure of a fact.
        most_elements: how long a list, such as `item`, may be.

    Example:
        >>> @given(cases(policy))
        ... def test_nobody_shares_what_a_court_forbids(case):
        ...     decision = policy.decide({**case, "sharing.prohibited_by_law": True})
        ...     assert decision.outcome != "share"
    """
    model = policy.model
    constants = _Constants.of(model)
    lists: dict[str, list[Fact]] = {}
    groups: dict[str, list[Fact]] = {}
    for fact in model.facts.values():
        (lists if fact.each else groups).setdefault(fact.group, []).append(fact)

    def facts_of(facts: Iterable[Fact], listed: _Listed) -> SearchStrategy[Case]:
        answers = {fact.name: _answers(fact, constants, listed) for fact in facts}
        if complete:
            return st.fixed_dictionaries(answers)
        unknown = [None, UNSURE] if unsure else [None]
        return st.fixed_dictionaries(
            {}, optional={n: a | st.sampled_from(unknown) for n, a in answers.items()}
        )

    def named(name: str, inner: SearchStrategy[Case]) -> SearchStrategy[Case]:
        return inner.map(lambda facts: {"name": name, **facts})

    def elements(group: str, listed: _Listed) -> SearchStrategy[Any]:
        inner = facts_of((fact for fact in lists[group] if fact.name != "name"), listed)
        called = listed[group]
        return st.none() if called is None else st.tuples(*(named(name, inner) for name in called)).map(list)

    def whole(listed: _Listed) -> SearchStrategy[Case]:
        """The case, once it is known who is listed: a fact may name them."""
        parts = {name: facts_of(facts, listed) for name, facts in groups.items()}
        return st.fixed_dictionaries(parts | {name: elements(name, listed) for name in lists})

    names = st.lists(st.sampled_from((*_NAMES, *constants.texts)), max_size=most_elements, unique=True)
    called = st.fixed_dictionaries({name: names if complete else st.none() | names for name in lists})
    drawn = called.flatmap(whole).map(_without_empty)
    return drawn.filter(lambda case: _is_possible(policy, case)) if model.impossibles else drawn


def days(policy: Policy) -> SearchStrategy[date]:
    """Days to decide for: those on which something in the policy changes, the days around them, and others."""
    constants = _Constants.of(policy.model)
    near = [day + timedelta(days=n) for day in constants.days for n in (-1, 0, 1)]
    others = st.dates(date(2000, 1, 1), date(2060, 12, 31))
    return st.sampled_from(sorted(set(near))) | others if near else others


@attrs.frozen
class _Constants:
    """What a policy compares its facts with."""

    numbers: tuple[int, ...]
    days: tuple[date, ...]
    texts: tuple[str, ...]

    @staticmethod
    def of(model: Model) -> "_Constants":
        found = list(_constants(model, set()))
        return _Constants(
            tuple(sorted({each for each in found if type(each) is int and abs(each) < _FURTHEST})),
            tuple(sorted({each for each in found if type(each) is date and 1900 < each.year < 2200})),
            tuple(sorted({each for each in found if isinstance(each, str)})),
        )


def _constants(node: object, seen: set[int]) -> Iterator[object]:
    """Every number and date in a model, and every text that a text is compared with."""
    match node:
        case int() | date():
            yield node
        case Among(fact, values):
            yield from values if isinstance(fact.type, Text) else ()
        case Literal_(value):
            yield value
        case tuple() | frozenset():
            for item in node:
                yield from _constants(item, seen)
        case Mapping():
            yield from _constants(tuple(node.values()), seen)
        case Span():
            return
        case _ if id(node) not in seen:
            seen.add(id(node))
            fields: Iterable[attrs.Attribute[object]] = getattr(type(node), "__attrs_attrs__", ())
            for field in fields:
                yield from _constants(getattr(node, field.name), seen)
        case _:
            return


def _answers(fact: Fact, constants: _Constants, listed: _Listed) -> SearchStrategy[Any]:
    """Answers of a fact, in the shape of JSON."""
    match fact.type:
        case Reference(group, many):
            somebody = st.sampled_from(listed.get(group) or ("nobody",))
            if many:
                return st.lists(somebody, unique=True) if listed.get(group) else st.just([])
            nobody: SearchStrategy[Any] = st.builds(dict, st.just(NONE_OF_THEM))
            return somebody | nobody if listed.get(group) else nobody
        case YesNo():
            return st.booleans()
        case OneOf():
            return st.sampled_from(fact.type.values)
        case SomeOf():
            return st.lists(st.sampled_from(fact.type.values), unique=True)
        case Number():
            low = fact.type.low if fact.type.low is not None else 0
            high = fact.type.high if fact.type.high is not None else max((low, *constants.numbers)) + _NEAR
            near = sorted({c + n for c in constants.numbers for n in (-1, 0, 1) if low <= c + n <= high})
            anywhere = st.integers(low, high)
            return st.sampled_from(near) | anywhere if near else anywhere
        case Date():
            near_days = [day + timedelta(days=n) for day in constants.days for n in (-1, 0, 1)]
            dates = st.dates(date(2000, 1, 1), date(2060, 12, 31))
            return (st.sampled_from(sorted(set(near_days))) | dates if near_days else dates).map(
                date.isoformat
            )
        case Text():
            return st.sampled_from(("some words", *constants.texts))
        case _:
            assert_never(fact.type)


def _without_empty(case: Case) -> Case:
    return {group: facts for group, facts in case.items() if facts not in ({}, None)}


def _is_possible(policy: Policy, case: Case) -> bool:
    try:
        policy.decide(case, as_of=_SOME_DAY)
    except FactsError:
        return False
    return True
