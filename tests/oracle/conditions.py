"""Conditions as tests of complete cases, and the answers that they can tell apart."""

import calendar
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import chain, combinations, product
from typing import Any, assert_never

from infoshare.syntax import tree
from oracle.answers import Answer
from oracle.reading import UnknownListError, World, element

Env = Mapping[str, Answer]
Test = Callable[[Env], bool]
TermOf = Callable[[Env], Any]
Bind = Mapping[str, str]  # group of `each` -> name of the element in hand
Compiled = tuple[TermOf, frozenset[str]]


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


def years_between(first: date, second: date) -> int:
    """The greatest n with n years after the first not later than the second; negative the other way round."""
    if second < first:
        return -years_between(second, first)
    return max(n for n in range(second.year - first.year + 1) if shift(first, n, "years") <= second)


def everybody(_: Env) -> bool:
    return True


def all_of(tests: Sequence[Test]) -> Test:
    return lambda env: all(t(env) for t in tests)


def any_of(tests: Sequence[Test]) -> Test:
    return lambda env: any(t(env) for t in tests)


def negation(test: Test) -> Test:
    return lambda env: not test(env)


@dataclass
class Conditions:
    """Turns conditions into tests of complete cases, and remembers every fact they compare with what."""

    world: World
    lists: Mapping[str, Sequence[str]]
    atoms: list[tuple[frozenset[str], Test]] = field(default_factory=list)
    offsets: set[tuple[int, str]] = field(default_factory=set)
    constants: set[Any] = field(default_factory=set)
    counts_years: bool = False

    # --- what is spoken of ----------------------------------------------------------------------

    def elements(self, group: str) -> Sequence[str]:
        if group not in self.lists:
            raise UnknownListError(group)
        return self.lists[group]

    def key(self, group: str, fact: str, bind: Bind) -> str:
        """The path in the case: of the element in hand, in a group of `each`."""
        return element(group, bind[group], fact) if self.world.listed[group] else f"{group}.{fact}"

    def declaration(self, group: str, fact: str) -> tree.FactDecl:
        if fact == "name" and self.world.listed[group]:
            return tree.FactDecl(tree.Name("name"), "", tree.TextType())
        return self.world.facts[group, fact]

    def referred(self, path: tree.Path) -> tree.Reference:
        kind = self.declaration(path.group, path.fact).type
        assert isinstance(kind, tree.Reference)
        return kind

    def names(self, reference: tree.Path, name: str, bind: Bind) -> Test:
        """Whether a reference names an element."""
        key = self.key(reference.group, reference.fact, bind)
        return self.atom([key], lambda env: name in env[key])  # type: ignore[operator]

    def through(self, path: tree.Path, bind: Bind, make: Callable[[str, str, Bind], Test]) -> Test:
        """A test of a fact; through a reference, of a fact of somebody whom it names: of none of them it is no."""
        if path.further is None:
            return make(path.group, path.fact, bind)
        group, further = self.referred(path).group.text, path.further
        return any_of(
            [
                all_of([self.names(path, name, bind), make(group, further, {**bind, group: name})])
                for name in self.elements(group)
            ]
        )

    def atom(self, paths: Iterable[str], test: Test) -> Test:
        self.atoms.append((frozenset(paths), test))
        return test

    # --- values and terms -----------------------------------------------------------------------

    def constant(self, value: tree.Value | tree.Duration) -> Any:
        """What is written, which answers are compared with."""
        plain = self.plain(value)
        if not isinstance(value, tree.Word | tree.Duration):
            self.constants.add(plain)
        return plain

    def plain(self, value: tree.Value | tree.Duration) -> Any:
        return value.text if isinstance(value, tree.Word) else getattr(value, "value", value)

    def value(self, name: str) -> Compiled:
        """What a `value` is, which may go by a fact."""
        by = self.world.values[name].by
        for literal in self.world.literals(name):
            self.constant(literal)
        if by is None:
            only = self.plain(self.world.value(name))
            return (lambda _: only), frozenset()
        key = self.key(by.group, by.fact, {})
        return (lambda env: self.plain(self.world.value(name, env[key]))), frozenset({key})

    def literal(self, value: tree.Value, fact: tree.FactDecl) -> Compiled:
        if isinstance(value, tree.Word) and isinstance(fact.type, tree.NumberType | tree.DateType):
            return self.value(value.text)
        constant = self.constant(value)
        constant = constant == "yes" if isinstance(fact.type, tree.YesNo) else constant
        return (lambda _: constant), frozenset()

    def term(self, term: tree.Term, bind: Bind, hands: Mapping[tree.Path, str] = {}) -> Compiled:
        """A term; a path through a reference is a fact of the element that `hands` has for it."""
        match term:
            case tree.Path(_, _, str() as further):
                group = self.referred(term).group.text
                return self.term(tree.Path(group, further), {group: hands[term]})
            case tree.Path():
                key = self.key(term.group, term.fact, bind)
                return (lambda env: env[key]), frozenset({key})
            case tree.Name():
                return self.value(term.text)
            case tree.Number() | tree.Date():
                constant = self.constant(term)
                return (lambda _: constant), frozenset()
            case tree.Today():
                self.constants.add(self.world.as_of)
                return (lambda _: self.world.as_of), frozenset()
            case tree.Offset(amount, direction, base):
                day, paths = self.term(base, bind, hands)
                length, more = (lambda _: amount), frozenset[str]()
                if isinstance(amount, tree.Name):
                    length, more = self.value(amount.text)
                sign = 1 if direction == "after" else -1
                lengths = self.world.literals(amount.text) if isinstance(amount, tree.Name) else [amount]
                self.offsets |= {(sign * each.count, each.unit) for each in lengths}

                def counted(env: Env) -> date:
                    duration = length(env)
                    return shift(day(env), sign * duration.count, duration.unit)

                if not paths | more:
                    self.constants.add(counted({}))
                return counted, paths | more
            case tree.Sum(left, op, right):
                (a, a_paths), (b, b_paths) = self.term(left, bind, hands), self.term(right, bind, hands)
                sign = 1 if op == "plus" else -1
                return (lambda env: a(env) + sign * b(env)), a_paths | b_paths
            case tree.YearsBetween(first, second):
                (a, a_paths), (b, b_paths) = self.term(first, bind, hands), self.term(second, bind, hands)
                self.counts_years = True
                return (lambda env: years_between(a(env), b(env))), a_paths | b_paths
            case _:
                assert_never(term)

    # --- conditions -------------------------------------------------------------------------------

    def test(self, condition: tree.Condition, bind: Bind) -> Test:
        match condition:
            case tree.Holds(ref):
                if isinstance(ref, tree.Name):
                    return self.test(self.world.defines[ref.text].condition, {})
                return self.through(ref, bind, self.holds)
            case tree.Is(fact, values, negated):
                test = self.through(fact, bind, lambda g, f, here: self.is_one_of(g, f, here, values, bind))
                return negation(test) if negated else test
            case tree.Includes(fact, values, how):
                return self.through(fact, bind, lambda g, f, b: self.includes(g, f, b, values, how, bind))
            case tree.Compare():
                return self.compare(condition, bind)
            case tree.Not(item):
                return negation(self.test(item, bind))
            case tree.And(items):
                return all_of([self.test(i, bind) for i in items])
            case tree.Or(items):
                return any_of([self.test(i, bind) for i in items])
            case tree.These(kind, items):
                tests = [self.test(i, bind) for i in items]
                if kind == "all":
                    return all_of(tests)
                return any_of(tests) if kind == "any" else negation(any_of(tests))
            case tree.Quantified() | tree.Counted():
                return self.over_elements(condition, bind)
            case _:
                assert_never(condition)

    def holds(self, group: str, fact: str, bind: Bind) -> Test:
        """A yes-or-no fact, or a define for each of the group, of the element in hand."""
        if (group, fact) not in self.world.facts and fact in self.world.defines:
            return self.test(self.world.defines[fact].condition, {group: bind[group]})
        key = self.key(group, fact, bind)
        return self.atom([key], lambda env: env[key] is True)

    def is_one_of(self, group: str, fact: str, bind: Bind, values: Sequence[Any], outside: Bind) -> Test:
        key, declared = self.key(group, fact, bind), self.declaration(group, fact)
        empty = self.atom([key], lambda env: env[key] == frozenset())
        tests: list[Test] = []
        for value in values:
            if isinstance(value, tree.NoneOfThem) or (
                isinstance(declared.type, tree.Reference | tree.SomeOf) and value == tree.Word("empty")
            ):
                tests.append(empty)
            elif isinstance(declared.type, tree.Reference):
                tests.append(self.meets(key, declared.type.group.text, value, outside))
            else:
                constant, paths = self.literal(value, declared)
                tests.append(self.atom([key, *paths], lambda env, wanted=constant: env[key] == wanted(env)))  # type: ignore[misc]
        return any_of(tests)

    def meets(self, key: str, group: str, value: tree.Path | tree.Word, bind: Bind) -> Test:
        """Somebody is named by a reference and by another, or is the element in hand: two nones are not the same."""
        if isinstance(value, tree.Word):
            name = bind[value.text]
            return self.atom([key], lambda env: name in env[key])  # type: ignore[operator]
        both = [
            all_of([self.atom([key], lambda env, n=name: n in env[key]), self.names(value, name, bind)])  # type: ignore[misc]
            for name in self.elements(group)
        ]
        return any_of(both)

    def includes(
        self, group: str, fact: str, bind: Bind, values: Sequence[Any], how: str | None, outside: Bind
    ) -> Test:
        key, declared = self.key(group, fact, bind), self.declaration(group, fact)
        if isinstance(declared.type, tree.Reference):
            of = declared.type.group.text
            tests = [self.meets(key, of, value, outside) for value in values]
            strange = [
                all_of([self.atom([key], lambda env, n=name: n in env[key]), negation(any_of(same))])  # type: ignore[misc]
                for name in self.elements(of)
                if (same := [self.is_named(value, name, outside) for value in values])
            ]
        else:
            words = [value.text for value in values]
            tests = [self.atom([key], lambda env, w=word: w in env[key]) for word in words]  # type: ignore[misc]
            strange = [self.atom([key], lambda env: not set(words) >= env[key])]  # type: ignore[operator]
        match how:
            case None | "any":
                return any_of(tests)
            case "all":
                return all_of(tests)
            case "none":
                return negation(any_of(tests))
            case _:
                return all_of([*tests, negation(any_of(strange))])

    def is_named(self, value: tree.Path | tree.Word, name: str, bind: Bind) -> Test:
        if isinstance(value, tree.Word):
            same = bind[value.text] == name
            return lambda _: same
        return self.names(value, name, bind)

    def compare(self, condition: tree.Compare, bind: Bind) -> Test:
        """Of each term through a reference, every element that it may name is tried: of none of them it is no."""
        paths = [p for p in dict.fromkeys(paths_in((condition.left, condition.right))) if p.further]
        groups = [self.referred(p).group.text for p in paths]
        ways = []
        for chosen in product(*(self.elements(group) for group in groups)):
            hands = dict(zip(paths, chosen, strict=True))
            named = [self.names(path, name, bind) for path, name in hands.items()]
            ways.append(all_of([*named, self.compare_here(condition, bind, hands)]))
        return any_of(ways)

    def compare_here(self, condition: tree.Compare, bind: Bind, hands: Mapping[tree.Path, str]) -> Test:
        if (options := self.in_order(condition.left)) and isinstance(condition.right, tree.Name):
            left, paths = self.term(condition.left, bind, hands)
            value, least = left, options.index(condition.right.text)
            left, right, more = (lambda env: options.index(value(env))), (lambda _: least), frozenset[str]()
        else:
            left, paths = self.term(condition.left, bind, hands)
            right, more = self.term(condition.right, bind, hands)
        paths |= more
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

    def in_order(self, term: tree.Term) -> list[str] | None:
        """The options of a `one of … in order`."""
        if not isinstance(term, tree.Path):
            return None
        group, fact = (
            (self.referred(term).group.text, term.further) if term.further else (term.group, term.fact)
        )
        kind = self.declaration(group, fact).type
        return [o.value.text for o in kind.options] if isinstance(kind, tree.OneOf) else None

    def over_elements(self, condition: tree.Quantified | tree.Counted, bind: Bind) -> Test:
        group = condition.group.text
        if group not in self.world.listed:
            group = group.removesuffix("s")
        within = condition.within
        each = []
        for name in self.elements(group):
            test = self.test(condition.condition, {**bind, group: name})
            each.append((self.names(within, name, bind) if within else everybody, test))
        one = within is not None and not self.referred(within).many
        met = any_of([meant for meant, _ in each]) if one else everybody  # of none of them it is no

        def count(env: Env) -> int:
            return sum(meant(env) and test(env) for meant, test in each)

        if isinstance(condition, tree.Counted):
            number, how = condition.number, condition.how
            match how:
                case "at least":
                    return lambda env: met(env) and count(env) >= number
                case "at most":
                    return lambda env: met(env) and count(env) <= number
                case "exactly":
                    return lambda env: met(env) and count(env) == number
                case _:
                    assert_never(how)
        match condition.kind:
            case "any":
                return lambda env: count(env) > 0
            case "no":
                return lambda env: met(env) and count(env) == 0
            case "every":
                return lambda env: met(env) and all(not meant(env) or test(env) for meant, test in each)
            case _:
                assert_never(condition.kind)


def paths_in(terms: Iterable[tree.Term]) -> Iterator[tree.Path]:
    for term in terms:
        match term:
            case tree.Path():
                yield term
            case tree.Offset():
                yield from paths_in((term.base,))
            case tree.Sum(left, _, right) | tree.YearsBetween(left, right):
                yield from paths_in((left, right))
            case _:
                pass


def subsets(items: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    return chain.from_iterable(combinations(items, n) for n in range(len(items) + 1))


def _around(constants: Iterable[Any], offsets: set[tuple[int, str]]) -> set[date]:
    """Days beside every constant, and beside what an offset turns into a constant."""
    days = {c for c in constants if isinstance(c, date)} | {date(2000, 1, 1)}
    for _ in range(2):
        days |= {shift(d, -count, unit) for d in tuple(days) for count, unit in offsets}
    return {d + timedelta(days=n) for d in days for n in range(-4, 5)}


SMALL = 64  # of a number with so few answers all are tried


def domain(
    path: str, fact: tree.FactDecl, conditions: Conditions, known: Env, whole: bool = False
) -> list[Answer]:
    """One answer of every sort that the policy can tell apart; with `whole`, two of every sort of days."""
    match fact.type:
        case tree.YesNo():
            return [True, False]
        case tree.OneOf():
            return [o.value.text for o in fact.type.options]
        case tree.SomeOf():
            return [frozenset(s) for s in subsets([o.value.text for o in fact.type.options])]
        case tree.Reference(group, many):
            names = conditions.elements(group.text)
            return [frozenset(s) for s in subsets(names) if many or len(s) <= 1]
        case tree.NumberType():
            numbers = [c for c in conditions.constants if type(c) is int]
            numbers += [v for v in known.values() if type(v) is int] or [0]
            low = min(numbers) - 1 if fact.type.low is None else fact.type.low
            high = max(numbers) + 1 if fact.type.high is None else fact.type.high
            near = {n + d for n in numbers for d in (-1, 0, 1)} | {low, high}
            near |= set(range(low, high + 1)) if high - low < SMALL else set()
            candidates: list[Any] = sorted(n for n in near if low <= n <= high)
        case tree.DateType():
            days = {v for v in known.values() if isinstance(v, date)} | conditions.constants
            numbers = {
                n for n in {*conditions.constants, *known.values()} if type(n) is int and abs(n) < SMALL
            }
            years = sorted({n + d for n in numbers for d in (-1, 0, 1)})  # more than five begins with six
            if conditions.counts_years:
                days |= {shift(d, n, "years") for d in days if isinstance(d, date) for n in years}
                days |= {shift(d, -n, "years") for d in days if isinstance(d, date) for n in years}
            candidates = sorted(_around(days, conditions.offsets))
        case tree.TextType():
            texts = {c for c in conditions.constants if isinstance(c, str)}
            candidates = [*sorted(texts), "some other text"]
        case _:
            assert_never(fact.type)
    alike: dict[tuple[Any, ...], list[Answer]] = {}
    atoms = [(paths, test) for paths, test in conditions.atoms if path in paths]
    for value in candidates:
        env = {**known, path: value}
        sort = tuple(test(env) if paths <= env.keys() else value for paths, test in atoms)
        alike.setdefault(sort, []).append(value)
    return [
        value for values in alike.values() for value in ({values[0], values[-1]} if whole else values[:1])
    ]
