"""Conditions as tests of complete cases, and the answers that they can tell apart."""

import calendar
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import chain, combinations
from typing import Any, assert_never

from infoshare.syntax import tree
from oracle.answers import Answer
from oracle.reading import World, element

Env = Mapping[str, Answer]
Test = Callable[[Env], bool]
TermOf = Callable[[Env], Any]
Bind = Mapping[str, str]  # group of `each` -> name of the element spoken of


class UnknownListError(Exception):
    """A condition in play speaks of a list that the case does not give: the oracle does not guess."""


def shift(day: date, count: int, unit: str) -> date:
    """A day so many units later; months and years are clamped to the month's last day."""
    match unit:
        case "days":
            return day + timedelta(days=count)
        case "weeks":
            return day + timedelta(weeks=count)
        case _:
            months = day.year * 12 + day.month - 1 + (count if unit == "months" else 12 * count)
            year, month = divmod(months, 12)
            return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@dataclass
class Conditions:
    """Turns conditions into tests of complete cases, and remembers every fact they compare with what."""

    world: World
    lists: Mapping[str, Sequence[str]]
    atoms: list[tuple[frozenset[str], Test]] = field(default_factory=list)
    offsets: set[tuple[int, str]] = field(default_factory=set)
    constants: set[Any] = field(default_factory=set)

    def path(self, path: tree.Path, bind: Bind) -> str:
        """The path in the case: of the element spoken of, in a group of `each`."""
        if not self.world.listed[path.group]:
            return path.text
        return element(path.group, bind[path.group], path.fact)

    def atom(self, paths: Iterable[str], test: Test) -> Test:
        self.atoms.append((frozenset(paths), test))
        return test

    def literal(self, value: tree.Value | tree.Duration, fact: tree.FactDecl | None) -> Answer:
        match value:
            case tree.Word():
                if fact is not None and isinstance(fact.type, tree.NumberType | tree.DateType):
                    named = self.world.value(value.text)
                    assert not isinstance(named, tree.Duration)
                    return self.literal(named, None)
                if fact is not None and isinstance(fact.type, tree.YesNo):
                    return value.text == "yes"
                return value.text
            case tree.Number() | tree.Date() | tree.Text():
                self.constants.add(value.value)
                return value.value
            case tree.Duration():
                raise AssertionError("a duration is not an answer")
            case _:
                assert_never(value)

    def declaration(self, path: tree.Path) -> tree.FactDecl:
        if path.fact == "name" and self.world.listed[path.group]:
            return tree.FactDecl(tree.Name("name"), "", tree.TextType())
        return self.world.facts[path.group, path.fact]

    def term(self, term: tree.Term, bind: Bind) -> tuple[TermOf, frozenset[str]]:
        match term:
            case tree.Path():
                path = self.path(term, bind)
                return (lambda env: env[path]), frozenset({path})
            case tree.Name():
                literal = self.world.value(term.text)
                assert not isinstance(literal, tree.Duration)
                self.constants.add(literal.value)
                return (lambda _: literal.value), frozenset()
            case tree.Number() | tree.Date():
                self.constants.add(term.value)
                return (lambda _: term.value), frozenset()
            case tree.Today():
                self.constants.add(self.world.as_of)
                return (lambda _: self.world.as_of), frozenset()
            case tree.Offset():
                base, paths = self.term(term.base, bind)
                amount = term.amount
                if isinstance(amount, tree.Name):
                    named = self.world.value(amount.text)
                    assert isinstance(named, tree.Duration)
                    amount = named
                count = amount.count if term.direction == "after" else -amount.count
                self.offsets.add((count, amount.unit))
                unit = amount.unit
                if not paths:
                    self.constants.add(shift(base({}), count, unit))
                return (lambda env: shift(base(env), count, unit)), paths
            case _:
                assert_never(term)

    def test(self, condition: tree.Condition, bind: Bind) -> Test:
        match condition:
            case tree.Holds(ref):
                if isinstance(ref, tree.Name):
                    return self.test(self.world.defines[ref.text].condition, {})
                path = self.path(ref, bind)
                return self.atom([path], lambda env: env[path] is True)
            case tree.Is():
                path = self.path(condition.fact, bind)
                fact = self.declaration(condition.fact)
                values = {self.literal(v, fact) for v in condition.values}
                negated = condition.negated
                return self.atom([path], lambda env: (env[path] in values) != negated)
            case tree.Includes():
                path, word = self.path(condition.fact, bind), condition.value.text
                return self.atom([path], lambda env: word in env[path])  # type: ignore[operator]
            case tree.Compare():
                return self.compare(condition, bind)
            case tree.Not():
                inner = self.test(condition.item, bind)
                return lambda env: not inner(env)
            case tree.And():
                return self.all_of([self.test(i, bind) for i in condition.items])
            case tree.Or():
                return self.any_of([self.test(i, bind) for i in condition.items])
            case tree.These():
                items = [self.test(i, bind) for i in condition.items]
                if condition.kind == "all":
                    return self.all_of(items)
                some = self.any_of(items)
                return some if condition.kind == "any" else (lambda env: not some(env))
            case tree.Quantified():
                group = condition.group.text
                if group not in self.lists:
                    raise UnknownListError(group)
                each = [self.test(condition.condition, {**bind, group: n}) for n in self.lists[group]]
                if condition.kind == "every":
                    return self.all_of(each)
                some = self.any_of(each)
                return some if condition.kind == "any" else (lambda env: not some(env))
            case _:
                assert_never(condition)

    def all_of(self, tests: Sequence[Test]) -> Test:
        return lambda env: all(t(env) for t in tests)

    def any_of(self, tests: Sequence[Test]) -> Test:
        return lambda env: any(t(env) for t in tests)

    def compare(self, condition: tree.Compare, bind: Bind) -> Test:
        left, left_paths = self.term(condition.left, bind)
        right, right_paths = self.term(condition.right, bind)
        paths = left_paths | right_paths
        match condition.op:
            case "<":
                return self.atom(paths, lambda env: left(env) < right(env))
            case "<=":
                return self.atom(paths, lambda env: left(env) <= right(env))
            case ">":
                return self.atom(paths, lambda env: left(env) > right(env))
            case ">=":
                return self.atom(paths, lambda env: left(env) >= right(env))
            case _:
                assert_never(condition.op)


def subsets(items: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    return chain.from_iterable(combinations(items, n) for n in range(len(items) + 1))


def _around(constants: Iterable[Any], offsets: set[tuple[int, str]]) -> set[date]:
    """Days beside every constant, and beside what an offset turns into a constant."""
    days = {c for c in constants if isinstance(c, date)} | {date(2000, 1, 1)}
    for _ in range(2):
        days |= {shift(d, -count, unit) for d in tuple(days) for count, unit in offsets}
    return {d + timedelta(days=n) for d in days for n in range(-4, 5)}


def domain(path: str, fact: tree.FactDecl, conditions: Conditions, known: Env) -> list[Answer]:
    """One answer of every sort that the policy can tell apart."""
    match fact.type:
        case tree.YesNo():
            return [True, False]
        case tree.OneOf():
            return [o.value.text for o in fact.type.options]
        case tree.SomeOf():
            return [frozenset(s) for s in subsets([o.value.text for o in fact.type.options])]
        case tree.NumberType():
            numbers = [c for c in conditions.constants if type(c) is int]
            numbers += [v for v in known.values() if type(v) is int] or [0]
            low = min(numbers) - 1 if fact.type.low is None else fact.type.low
            high = max(numbers) + 1 if fact.type.high is None else fact.type.high
            near = {n + d for n in numbers for d in (-1, 0, 1)} | {low, high}
            candidates: list[Any] = sorted(n for n in near if low <= n <= high)
        case tree.DateType():
            days = {v for v in known.values() if isinstance(v, date)} | conditions.constants
            candidates = sorted(_around(days, conditions.offsets))
        case tree.TextType():
            texts = {c for c in conditions.constants if isinstance(c, str)}
            candidates = [*sorted(texts), "some other text"]
        case _:
            assert_never(fact.type)
    alike: dict[tuple[Any, ...], Answer] = {}
    atoms = [(paths, test) for paths, test in conditions.atoms if path in paths]
    for value in candidates:
        env = {**known, path: value}
        sort = tuple(test(env) if paths <= env.keys() else value for paths, test in atoms)
        alike.setdefault(sort, value)
    return list(alike.values())
