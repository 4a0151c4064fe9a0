"""Trees and a case to the decision that the contract gives them, by trying every completion.

This is what the evaluator is held against, so it is written from the contract's section 4 alone and shares
nothing with the evaluator: no model, no resolver, no printer, no three-valued logic. It is slow and plain:
answer the unknown facts in every way the policy can tell apart, drop what is impossible, decide each complete
case with ordinary booleans, and say what all of them agree on.

Deliberately not here: phrases, citations, digests, `not_fired` and `relied_on` (the laws hold those).
"""

import calendar
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import chain, combinations, product
from typing import Any, assert_never

from infoshare.outcome import Act, Basis, Outcome
from infoshare.syntax import tree

Answer = bool | int | str | date | frozenset[str]
Env = Mapping[str, Answer]
Test = Callable[[Env], bool]
TermOf = Callable[[Env], Any]
Bind = Mapping[str, str]  # group of `each` -> name of the element spoken of
Acting = tree.Clause | tree.Exception_ | tree.Duty | tree.Safeguard | tree.Advice
Pair = tuple[str | None, str | None]
UNSURE = "unsure"


class UnknownListError(Exception):
    """A condition in play speaks of a list that the case does not give: the oracle does not guess."""


class TooManyError(Exception):
    """The completions are more than the limit."""


# --- what the oracle says ---------------------------------------------------------------------


@dataclass(frozen=True)
class By:
    """Who did it: in every completion, and in some."""

    always: frozenset[str]
    sometimes: frozenset[str]


@dataclass(frozen=True)
class ExpectedRow:
    """A row of the table: released, held back or open (None), by what, and the facts it hangs on."""

    item: str | None
    recipient: str | None
    release: bool | None
    held_by: By
    open_by: frozenset[str]


@dataclass(frozen=True)
class ExpectedQuestion:
    """A fact that matters, what it changes, and which outcomes each answer leaves."""

    fact: str
    unsure: bool
    changes: frozenset[str]
    leads_to: Mapping[Answer, frozenset[Outcome]]
    countable: bool  # answers are a list that the vocabulary fixes: yes or no, one of


@dataclass
class Expected:
    """The decision; lists are in policy order."""

    outcome: Outcome
    basis: Basis
    mandatory: bool | None
    possible: frozenset[Outcome]
    fired: list[str] = field(default_factory=list)
    unresolved: list[str] = field(default_factory=list)
    defeated: dict[str, By] = field(default_factory=dict)
    excepted: dict[str, By] = field(default_factory=dict)
    duties: dict[str, str] = field(default_factory=dict)
    lifted: dict[str, By] = field(default_factory=dict)
    safeguards: By = By(frozenset(), frozenset())
    rows: list[ExpectedRow] = field(default_factory=list)
    advice: list[str] = field(default_factory=list)
    assumed: dict[str, tuple[Answer, bool]] = field(default_factory=dict)
    questions: list[ExpectedQuestion] = field(default_factory=list)
    completions: int = 0


@dataclass(frozen=True)
class _Complete:
    """What one complete case comes to."""

    outcome: Outcome
    basis: Basis
    mandatory: bool
    holds: frozenset[str]
    applies: frozenset[str]
    stands: frozenset[str]
    held: Mapping[Pair, frozenset[str]]


# --- the declarations of all files -------------------------------------------------------------


@dataclass
class _World:
    """All declarations that are loaded, used files first, and what is in force on the day."""

    as_of: date
    facts: dict[tuple[str, str], tree.FactDecl] = field(default_factory=dict)
    listed: dict[str, bool] = field(default_factory=dict)
    defines: dict[str, tree.DefineDecl] = field(default_factory=dict)
    values: dict[str, tree.ValueDecl] = field(default_factory=dict)
    impossible: list[tree.ImpossibleDecl] = field(default_factory=list)
    acting: dict[str, Acting] = field(default_factory=dict)
    in_force: set[str] = field(default_factory=set)
    policy_in_force: bool = True

    def within(self, start: tree.Date | None, end: tree.Date | None) -> bool:
        """Both days are included."""
        return (start is None or start.value <= self.as_of) and (end is None or self.as_of <= end.value)

    def value(self, name: str) -> tree.Number | tree.Duration | tree.Date:
        """What a dated value is on the as-of date."""
        past = [s for s in self.values[name].steps if s.start.value <= self.as_of]
        return max(past, key=lambda s: s.start.value).literal

    def kind(self, *kinds: type) -> Iterator[Any]:
        """The clauses of some kinds, in policy order."""
        return (a for a in self.acting.values() if isinstance(a, kinds))


def _read(files: Sequence[tree.File], as_of: date) -> _World:
    world = _World(as_of)
    for file in files:
        policies = [d for d in file.declarations if isinstance(d, tree.PolicyDecl)]
        policy_now = all(world.within(p.start, p.end) for p in policies)
        for decl in file.declarations:
            match decl:
                case tree.FactsDecl():
                    world.listed[decl.group.text] = decl.each
                    world.facts |= {(decl.group.text, f.name.text): f for f in decl.facts}
                case tree.DefineDecl():
                    world.defines[decl.name.text] = decl
                case tree.ValueDecl():
                    world.values[decl.name.text] = decl
                case tree.ImpossibleDecl():
                    world.impossible.append(decl)
                case tree.Clause() | tree.Exception_() | tree.Duty() | tree.Safeguard() | tree.Advice():
                    world.acting[decl.name.text] = decl
                    if policy_now and world.within(decl.provisions.start, decl.provisions.end):
                        world.in_force.add(decl.name.text)
                case _:
                    pass
        world.policy_in_force = policy_now  # of the last file: the one that was loaded
    if not world.policy_in_force:  # only duties after deciding, and advice, remain
        world.in_force = {
            a.name.text
            for a in world.acting.values()
            if isinstance(a, tree.Advice)
            or (isinstance(a, tree.Duty) and any(t.act is Act.DECIDING for t in a.timings))
            if world.within(a.provisions.start, a.provisions.end)
        }
    return world


def _targets(world: _World, source: tree.Clause | tree.Exception_) -> frozenset[str]:
    """The names that it prevails over or sets aside."""
    names: set[str] = set()
    for target in source.targets:
        match target:
            case tree.Name():
                names.add(target.text)
            case tree.EveryConsentClause():
                names |= {
                    c.name.text for c in world.kind(tree.Clause) if c.kind == "consent" and not c.effect.must
                }
            case _:
                assert_never(target)
    return frozenset(names)


# --- dates ------------------------------------------------------------------------------------


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


# --- conditions, for a case whose lists are known -----------------------------------------------


def element(group: str, name: str, fact: str) -> str:
    """The path of a fact of one element."""
    return f'{group}["{name}"].{fact}'


@dataclass
class _Conditions:
    """Turns conditions into tests of complete cases, and remembers every fact they compare with what."""

    world: _World
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

    def test(self, condition: tree.Condition, bind: Bind) -> Test:  # noqa: C901, PLR0911 - one case a node
        match condition:
            case tree.Holds(ref=tree.Path() as ref):
                path = self.path(ref, bind)
                return self.atom([path], lambda env: env[path] is True)
            case tree.Holds(ref=tree.Name() as ref):
                return self.test(self.world.defines[ref.text].condition, {})
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


# --- the case -----------------------------------------------------------------------------------


@dataclass
class _Case:
    """What is answered, what is unsure, what is unanswered; and what is listed."""

    known: dict[str, Answer] = field(default_factory=dict)
    unknown: dict[str, tree.FactDecl] = field(default_factory=dict)
    unsure: set[str] = field(default_factory=set)
    lists: dict[str, list[str]] = field(default_factory=dict)


def _answer(fact: tree.FactDecl, given: Any) -> Answer:
    match fact.type:
        case tree.SomeOf():
            return frozenset(given)
        case tree.DateType():
            return date.fromisoformat(given)
        case _:
            return given  # type: ignore[no-any-return]


def _read_case(world: _World, given: Mapping[str, Any]) -> _Case:
    case = _Case()
    for group, listed in world.listed.items():
        if listed and given.get(group) is not None:
            case.lists[group] = [e["name"] for e in given[group]]
    for (group, name), fact in world.facts.items():
        if world.listed[group]:
            places = [(element(group, e["name"], name), e) for e in given.get(group) or []]
        else:
            places = [(f"{group}.{name}", given.get(group) or {})]
        for path, said in places:
            answer = said.get(name)
            if answer is None or answer == UNSURE:
                case.unknown[path] = fact
                case.unsure |= {path} if answer == UNSURE else set()
            else:
                case.known[path] = _answer(fact, answer)
    for group, names in case.lists.items():
        case.known |= {element(group, n, "name"): n for n in names}
    return case


# --- completions ----------------------------------------------------------------------------------


def _subsets(items: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    return chain.from_iterable(combinations(items, n) for n in range(len(items) + 1))


def _around(constants: Iterable[Any], offsets: set[tuple[int, str]]) -> set[date]:
    """Days beside every constant, and beside what an offset turns into a constant."""
    days = {c for c in constants if isinstance(c, date)} | {date(2000, 1, 1)}
    for _ in range(2):
        days |= {shift(d, -count, unit) for d in tuple(days) for count, unit in offsets}
    return {d + timedelta(days=n) for d in days for n in range(-4, 5)}


def _domain(path: str, fact: tree.FactDecl, conditions: _Conditions, known: Env) -> list[Answer]:
    """One answer of every sort that the policy can tell apart."""
    match fact.type:
        case tree.YesNo():
            return [True, False]
        case tree.OneOf():
            return [o.value.text for o in fact.type.options]
        case tree.SomeOf():
            return [frozenset(s) for s in _subsets([o.value.text for o in fact.type.options])]
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


def _assumption(fact: tree.FactDecl) -> Answer:
    assert fact.assumed is not None
    if isinstance(fact.type, tree.SomeOf):
        return frozenset(v.text for v in fact.assumed if isinstance(v, tree.Word))
    (value,) = fact.assumed
    match value:
        case tree.Word():
            return value.text == "yes" if isinstance(fact.type, tree.YesNo) else value.text
        case tree.Number() | tree.Date() | tree.Text():
            return value.value
        case _:
            assert_never(value)


class _Oracle:
    """One case of one policy on one day."""

    def __init__(self, world: _World, case: _Case, presume: bool, limit: int) -> None:
        self.world, self.case, self.limit = world, case, limit
        self.conditions = _Conditions(world, case.lists)
        make = self.conditions.test
        self.impossible = [make(i.condition, {}) for i in world.impossible]
        self.in_impossible = {p for paths, _ in self.conditions.atoms for p in paths}
        self.rows: list[Pair] = list(
            product(case.lists.get("item") or [None], case.lists.get("recipient") or [None])
        )
        self.when: dict[str, Test] = {}
        self.row_tests: dict[tuple[str, Pair], tuple[Test, Test]] = {}
        for acting in world.acting.values():
            if acting.name.text not in world.in_force:
                continue
            if isinstance(acting, tree.Safeguard) and acting.scope:
                self.scoped(acting)
            else:
                self.when[acting.name.text] = self.provisions(acting.provisions, {})
                if isinstance(acting, tree.Safeguard):
                    test = make(acting.require, {})
                    for row in self.rows:
                        self.row_tests[acting.name.text, row] = self.when[acting.name.text], test
        self.sets_aside = [(e, _targets(world, e)) for e in world.kind(tree.Exception_)]
        self.prevails = [(o, _targets(world, o)) for o in world.kind(tree.Clause) if o.kind == "override"]
        self.cache: dict[tuple[Answer, ...], _Complete | None] = {}
        self.assumed = self.assumptions() if presume else {}
        self.conditions.constants |= {v for v in self.assumed.values() if not isinstance(v, frozenset | bool)}
        self.relevant = sorted({p for paths, _ in self.conditions.atoms for p in paths} & case.unknown.keys())
        self.domains = {
            p: _domain(p, case.unknown[p], self.conditions, case.known) for p in self.relevant
        }
        self.open = [p for p in self.relevant if p not in self.assumed]

    def scoped(self, safeguard: tree.Safeguard) -> None:
        """Where the case lists what it speaks of, a test a row; else it is a condition to keep."""
        name = safeguard.name.text
        if not all(self.case.lists.get(g) for g in safeguard.scope):
            try:
                self.when[name] = self.provisions(safeguard.provisions, {})
            except KeyError:  # its `when` speaks of an element, and there is none to look at
                self.when[name] = lambda _: True
            return
        for row in self.rows:
            bind = {g: n for g, n in zip(("item", "recipient"), row, strict=True) if g in safeguard.scope and n}
            tests = self.provisions(safeguard.provisions, bind), self.conditions.test(safeguard.require, bind)
            self.row_tests[name, row] = tests
        self.when[name] = self.conditions.any_of([t for (n, _), (t, _) in self.row_tests.items() if n == name])

    def provisions(self, provisions: tree.Provisions, bind: Bind) -> Test:
        when = self.conditions.test(provisions.when, bind) if provisions.when else lambda _: True
        unless = self.conditions.test(provisions.unless, bind) if provisions.unless else lambda _: False
        return lambda env: when(env) and not unless(env)

    def can_be(self, known: Env) -> bool:
        """Whether some completion of these answers is not impossible."""
        free = sorted(self.in_impossible - known.keys())
        domains = [_domain(p, self.case.unknown[p], self.conditions, known) for p in free]
        return any(
            not any(test({**known, **dict(zip(free, values, strict=True))}) for test in self.impossible)
            for values in product(*domains)
        )

    def assumptions(self) -> dict[str, Answer]:
        """What is assumed: all that can be together, and none of what cannot be beside other assumptions."""
        wanted = {
            p: _assumption(f)
            for p, f in self.case.unknown.items()
            if f.assumed is not None and p not in self.case.unsure
        }
        if not self.impossible or self.can_be({**self.case.known, **wanted}):
            return wanted
        disputed = [p for p in wanted if p in self.in_impossible]
        largest: list[set[str]] = []
        for kept in reversed(list(_subsets(disputed))):
            if any(set(kept) <= other for other in largest):
                continue
            if self.can_be({**self.case.known, **{p: wanted[p] for p in kept}}):
                largest.append(set(kept))
        agreed = set.intersection(*largest) if largest else set()
        return {p: v for p, v in wanted.items() if p not in disputed or p in agreed}

    def complete(self, env: Env) -> _Complete | None:
        """Decide one complete case; None if it cannot be."""
        key = tuple(env[p] for p in self.relevant)
        if key not in self.cache:
            self.cache[key] = None if any(t(env) for t in self.impossible) else self.decide(env)
        return self.cache[key]

    def decide(self, env: Env) -> _Complete:
        world = self.world
        holds = {name for name, test in self.when.items() if test(env)}
        effective: dict[str, bool] = {}

        def aside(name: str) -> bool:
            return any(name in targets and acts(e.name.text) for e, targets in self.sets_aside)

        def acts(name: str) -> bool:
            if name not in effective:
                effective[name] = name in holds and not aside(name)
            return effective[name]

        applies = {name for name in holds if acts(name)}
        standing: dict[str, bool] = {}

        def stands(clause: tree.Clause) -> bool:
            name = clause.name.text
            if name not in standing:
                standing[name] = name in applies and not any(
                    name in targets and o.effect.outcome is not clause.effect.outcome and stands(o)
                    for o, targets in self.prevails
                )
            return standing[name]

        deciding = [c for c in world.kind(tree.Clause) if stands(c)]
        outcomes = {c.effect.outcome for c in deciding}
        outcome, basis = Outcome.SEEK_ADVICE, Basis.CONFLICT
        if len(outcomes) == 1:
            (outcome,), basis = outcomes, Basis.CLAUSES
        elif not outcomes:
            basis = Basis.SILENCE
        held: dict[Pair, frozenset[str]] = {}
        if outcome is Outcome.SHARE:
            for row in self.rows:
                held[row] = frozenset(
                    name
                    for (name, of), (when, require) in self.row_tests.items()
                    if of == row and name in applies and when(env) and not require(env)
                )
        return _Complete(
            outcome,
            basis if world.policy_in_force else Basis.NOT_IN_FORCE,
            any(c.effect.must for c in deciding),
            frozenset(holds),
            frozenset(applies),
            frozenset(c.name.text for c in deciding),
            held,
        )

    def prevailing(self, name: str, one: _Complete) -> frozenset[str]:
        """The overrides that stand and defeat a clause, in one completion."""
        clause = self.world.acting[name]
        assert isinstance(clause, tree.Clause)
        return frozenset(
            o.name.text
            for o, targets in self.prevails
            if name in targets and o.name.text in one.stands and o.effect.outcome is not clause.effect.outcome
        )

    def setting_aside(self, name: str, one: _Complete) -> frozenset[str]:
        return frozenset(e.name.text for e, ts in self.sets_aside if name in ts and e.name.text in one.applies)

    def considered(self, one: _Complete, own: Outcome) -> frozenset[str]:
        """The duties that a completion's outcome, or the decision's own, brings."""
        acts = {one.outcome, own}
        return frozenset(
            d.name.text
            for d in self.world.kind(tree.Duty)
            if any(t.act is Act.DECIDING or t.act.outcome in acts for t in d.timings)
        )

    def changes(self, a: _Complete, b: _Complete, own: Outcome) -> frozenset[str]:
        """What differs between two complete cases, of what a fact may matter for."""
        due_a, due_b = self.considered(a, own) & a.applies, self.considered(b, own) & b.applies
        aspects = {
            "outcome": a.outcome is not b.outcome,
            "mandatory": a.mandatory is not b.mandatory,
            "duty": due_a != due_b,
            "disclosure": {r: bool(h) for r, h in a.held.items()} != {r: bool(h) for r, h in b.held.items()},
        }
        return frozenset(k for k, differs in aspects.items() if differs)

    def expected(self) -> Expected | None:
        """All of it; None where no completion can be."""
        size = 1
        for p in self.open:
            size *= len(self.domains[p])
        if size > self.limit:
            raise TooManyError(size)
        base: dict[str, Answer] = {**self.case.known, **self.assumed}
        envs = [
            {**base, **dict(zip(self.open, values, strict=True))}
            for values in product(*(self.domains[p] for p in self.open))
        ]
        pairs = [(env, one) for env in envs if (one := self.complete(env)) is not None]
        return self.aggregate(pairs) if pairs else None

    def aggregate(self, pairs: list[tuple[dict[str, Answer], _Complete]]) -> Expected:
        world = self.world
        ones = [one for _, one in pairs]
        possible = frozenset(one.outcome for one in ones)
        bases = {one.basis for one in ones}
        if len(possible) > 1:
            own, basis = Outcome.SEEK_ADVICE, Basis.UNKNOWN_FACTS
        else:
            (own,) = possible
            basis = bases.pop() if len(bases) == 1 else next(b for b in (Basis.CLAUSES, Basis.CONFLICT) if b in bases)
        must = {one.mandatory for one in ones}
        out = Expected(own, basis, must.pop() if len(must) == 1 else None, possible, completions=len(ones))
        for name, acting in world.acting.items():
            stood = [name in one.stands for one in ones]
            applied = [name in one.applies for one in ones]
            held = all(name in one.holds for one in ones)
            if isinstance(acting, tree.Clause):
                if all(stood):
                    out.fired.append(name)
                elif any(stood):
                    out.unresolved.append(name)
                elif all(applied):
                    out.defeated[name] = _by([self.prevailing(name, one) for one in ones])
            if held and not any(applied) and not isinstance(acting, tree.Duty):
                out.excepted[name] = _by([self.setting_aside(name, one) for one in ones])
            if isinstance(acting, tree.Duty):
                self.duty(out, name, ones)
            if isinstance(acting, tree.Advice) and any(applied):
                out.advice.append(name)
        if own is Outcome.SHARE:
            self.table(out, pairs)
        self.hang_on(out, pairs)
        return out

    def duty(self, out: Expected, name: str, ones: list[_Complete]) -> None:
        met = [name in self.considered(one, out.outcome) for one in ones]
        due = [m and name in one.applies for m, one in zip(met, ones, strict=True)]
        lifted = [m and name in one.holds - one.applies for m, one in zip(met, ones, strict=True)]
        if all(due):
            out.duties[name] = "due"
        elif any(due):
            out.duties[name] = "open"
        elif any(lifted):
            where = [one for one, off in zip(ones, lifted, strict=True) if off]
            out.lifted[name] = _by([self.setting_aside(name, one) for one in where])

    def table(self, out: Expected, pairs: list[tuple[dict[str, Answer], _Complete]]) -> None:
        ones = [one for _, one in pairs]
        for row in self.rows:
            held = [one.held[row] for one in ones]
            release = None if any(held) and not all(held) else not any(held)
            out.rows.append(ExpectedRow(*row, release, _by(held), self.flips(pairs, lambda o: bool(o.held[row]))))  # noqa: B023
        kept = [s.name.text for s in world_safeguards(self.world) if not all(self.case.lists.get(g) for g in s.scope)]
        out.safeguards = _by([frozenset(n for n in kept if n in one.applies) for one in ones])

    def flips(
        self, pairs: list[tuple[dict[str, Answer], _Complete]], what: Callable[[_Complete], object]
    ) -> frozenset[str]:
        """The unknown facts that alone, in some completion, change something."""
        return frozenset(
            p for p in self.open if any(len({what(o) for o in same}) > 1 for same in self.alike(p, pairs))
        )

    def alike(
        self, path: str, pairs: list[tuple[dict[str, Answer], _Complete]]
    ) -> Iterable[list[_Complete]]:
        """The completions in lots that differ in one fact alone."""
        others = [p for p in self.open if p != path]
        lots: dict[tuple[Answer, ...], list[_Complete]] = {}
        for env, one in pairs:
            lots.setdefault(tuple(env[p] for p in others), []).append(one)
        return lots.values()

    def hang_on(self, out: Expected, pairs: list[tuple[dict[str, Answer], _Complete]]) -> None:
        """The assumptions, the questions, and what each is for."""
        for path, value in self.assumed.items():
            others = [v for v in self.domains.get(path, []) if v != value]
            matters = any(
                self.changes(one, other, out.outcome)
                for env, one in pairs
                for v in others
                if (other := self.complete({**env, path: v})) is not None
            )
            out.assumed[path] = value, matters
        for path in self.open:
            changes: frozenset[str] = frozenset()
            for lot in self.alike(path, pairs):
                changes = changes.union(*(self.changes(lot[0], o, out.outcome) for o in lot[1:]), *())
            if changes:
                leads: dict[Answer, frozenset[Outcome]] = {}
                for env, one in pairs:
                    leads[env[path]] = leads.get(env[path], frozenset()) | {one.outcome}
                fact = self.case.unknown[path]
                countable = isinstance(fact.type, tree.YesNo | tree.OneOf)
                out.questions.append(
                    ExpectedQuestion(path, path in self.case.unsure, changes, leads, countable)
                )
        order = {p: n for n, p in enumerate(self.case.unknown)}
        out.questions.sort(key=lambda q: (q.unsure, self.case.unknown[q.fact].assumed is not None, *_best(q), order[q.fact]))


def world_safeguards(world: _World) -> Iterator[tree.Safeguard]:
    return (s for s in world.kind(tree.Safeguard) if s.scope)


def _best(question: ExpectedQuestion) -> tuple[float, int]:
    """The larger share of answers that settle first, then the fewest outcomes left in the worst case."""
    left = [len(outcomes) for outcomes in question.leads_to.values()]
    return -sum(n == 1 for n in left) / len(left), max(left)


def _by(each: Sequence[frozenset[str]]) -> By:
    return By(frozenset.intersection(*each), frozenset().union(*each))


def expect(
    files: Sequence[tree.File] | tree.File,
    case: Mapping[str, Any],
    as_of: date,
    *,
    presume: bool = True,
    limit: int = 20_000,
) -> Expected | None:
    """What the contract says of a case; None where no completion of it can be.

    Args:
        files: used files first, the loaded one last.
        case: groups of facts, as in JSON.
        as_of: the day decided for.
        presume: whether `unanswered means` is applied.
        limit: how many completions are tried at most.

    Raises:
        UnknownListError: a condition in force speaks of a list that the case does not give.
        TooManyError: there are more completions than the limit.
    """
    world = _read([files] if isinstance(files, tree.File) else files, as_of)
    read = _read_case(world, case)
    return _Oracle(world, read, presume, limit).expected()
