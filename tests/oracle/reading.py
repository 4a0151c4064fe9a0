"""Trees and a case, read: what is declared and in force, what is answered and what is not."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, assert_never

import attrs

from infoshare.outcome import Act
from infoshare.syntax import tree
from oracle.answers import Answer

Acting = tree.Clause | tree.Exception_ | tree.Duty | tree.Safeguard | tree.Advice
UNSURE = "unsure"
SIDES = ("item", "recipient")


class UnknownListError(Exception):
    """A condition in play speaks of a list that the case does not give: the oracle does not guess."""

    def __init__(self, group: str) -> None:
        super().__init__(group)
        self.group = group


@dataclass
class World:
    """All declarations that are loaded, used files first, and what is in force on the day."""

    as_of: date
    facts: dict[tuple[str, str], tree.FactDecl] = field(default_factory=dict)
    listed: dict[str, bool] = field(default_factory=dict)
    taken_as_empty: set[str] = field(default_factory=set)  # the lists of which `unanswered means none`
    defines: dict[str, tree.DefineDecl] = field(default_factory=dict)
    values: dict[str, tree.ValueDecl] = field(default_factory=dict)
    holidays: set[date] = field(default_factory=set)
    impossible: list[tree.ImpossibleDecl] = field(default_factory=list)
    acting: dict[str, Acting] = field(default_factory=dict)
    part_of: dict[str, str] = field(default_factory=dict)
    in_force: set[str] = field(default_factory=set)
    policy_in_force: bool = True

    def within(self, start: tree.Date | None, end: tree.Date | None) -> bool:
        """Both days are included."""
        return (start is None or start.value <= self.as_of) and (end is None or self.as_of <= end.value)

    def value(self, name: str, answer: Answer | None = None) -> tree.Number | tree.Duration | tree.Date:
        """What a dated value is on the as-of date, for an answer of the fact that it goes by."""
        declared = self.values[name]
        if declared.by is None:
            past = [(s.start.value, s.literal) for s in declared.steps if s.start.value <= self.as_of]
        else:
            dated = self.entries(declared)
            past = [e for option, *e in dated if option == answer and e[0] <= self.as_of]
            past = past or [e for option, *e in dated if option == "others" and e[0] <= self.as_of]
        return max(past, key=lambda step: step[0])[1]

    def entries(self, declared: tree.ValueDecl) -> list[tuple[str, date, Any]]:
        """The entries of a value by a fact, each with its date: that of the next that has one."""
        out, start = list[tuple[str, date, Any]](), None
        for entry in reversed(declared.entries):
            start = entry.start or start
            assert start is not None
            out.append((entry.option.text, start.value, entry.literal))
        return out

    def literals(self, name: str) -> list[tree.Number | tree.Duration | tree.Date]:
        """Everything that a value can be on the as-of date."""
        declared = self.values[name]
        if declared.by is None:
            return [self.value(name)]
        fact = self.facts[declared.by.group, declared.by.fact]
        assert isinstance(fact.type, tree.OneOf)
        return [self.value(name, option.value.text) for option in fact.type.options]

    def kind(self, *kinds: type) -> Iterator[Any]:
        """The clauses of some kinds, in policy order."""
        return (a for a in self.acting.values() if isinstance(a, kinds))

    @property
    def has_rows(self) -> bool:
        """Whether anything but a safeguard is for each of a list."""
        return any(a.scope for a in self.acting.values() if not isinstance(a, tree.Safeguard))

    @property
    def is_new(self) -> bool:
        """Whether a decision says how strong it is and whose consent is to be sought: something asks for rows or people."""
        clauses = list(self.kind(tree.Clause))
        return (
            self.has_rows
            or bool(self.holidays or self.part_of or self.taken_as_empty)
            or any(isinstance(fact.type, tree.Reference) for fact in self.facts.values())
            or any(c.effect.should or c.effect.closing or c.effect.whom for c in clauses)
            or any(e.relaxes for e in self.kind(tree.Exception_))
            or any(d.deadline for d in self.kind(tree.Duty))
            or any(fact.ask_first or fact.fixed for fact in self.facts.values())
            or any(define.for_each for define in self.defines.values())
            or any(value.by for value in self.values.values())
        )


def read_policy(files: Sequence[tree.File], as_of: date) -> World:
    world = World(as_of)
    for file in files:
        policies = [d for d in file.declarations if isinstance(d, tree.PolicyDecl)]
        policy_now = all(world.within(p.start, p.end) for p in policies)
        part: tree.Part | None = None
        for decl in file.declarations:
            match decl:
                case tree.FactsDecl():
                    world.listed[decl.group.text] = decl.each
                    world.taken_as_empty |= {decl.group.text} if decl.none_listed else set()
                    facts = [f for f in decl.facts if isinstance(f, tree.FactDecl)]
                    world.facts |= {(decl.group.text, f.name.text): f for f in facts}
                case tree.DefineDecl():
                    world.defines[decl.name.text] = decl
                case tree.ValueDecl():
                    world.values[decl.name.text] = decl
                case tree.HolidaysDecl():
                    world.holidays |= {day.value for day in decl.days}
                case tree.ImpossibleDecl():
                    world.impossible.append(decl)
                case tree.Part():
                    part = decl
                case tree.Clause() | tree.Exception_() | tree.Duty() | tree.Safeguard() | tree.Advice():
                    name, own = decl.name.text, decl.provisions
                    now = policy_now and world.within(own.start, own.end)
                    if part is not None:
                        world.part_of[name] = part.name.text
                    if part is not None and not isinstance(decl, tree.Advice):
                        headed = part.provisions
                        now = now and world.within(headed.start, headed.end)
                        if headed.when is not None:
                            whens = (headed.when, own.when) if own.when else (headed.when,)
                            own = attrs.evolve(own, when=tree.And(whens))
                    world.acting[name] = attrs.evolve(decl, provisions=own)
                    world.in_force |= {name} if now else set()
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


def targets_of(world: World, source: tree.Clause | tree.Exception_) -> frozenset[str]:
    """The names that it prevails over, sets aside or relaxes."""
    names: set[str] = set()
    for target in source.targets:
        match target:
            case tree.Name():
                names.add(target.text)
            case tree.EveryConsentClause():
                names |= {c.name.text for c in without_must(world, source) if c.kind == "consent"}
            case tree.EveryClauseOf(part):
                names |= {
                    c.name.text
                    for c in without_must(world, source)
                    if world.part_of.get(c.name.text) == part.text
                }
            case tree.AllOtherClauses():
                spared = prevailing_over(world, source) | alike(world)
                names |= {c.name.text for c in without_must(world, source)} - spared
            case _:
                assert_never(target)
    return frozenset(names - {source.name.text})


def without_must(world: World, source: tree.Clause | tree.Exception_) -> list[tree.Clause]:
    """What a blanket target may mean; a closing clause is prevailed over by nothing."""
    return [
        c
        for c in world.kind(tree.Clause)
        if not c.effect.must and not (c.effect.closing and isinstance(source, tree.Clause))
    ]


def alike(world: World) -> frozenset[str]:
    """The overrides that prevail over all other clauses."""
    return frozenset(
        c.name.text
        for c in world.kind(tree.Clause)
        if any(isinstance(t, tree.AllOtherClauses) for t in c.targets)
    )


def prevailing_over(world: World, source: tree.Clause | tree.Exception_) -> frozenset[str]:
    """What prevails over an override by a target that is not itself all other clauses, directly or not."""
    below, found = {source.name.text}, set[str]()
    while True:
        more = {
            o.name.text
            for o in world.kind(tree.Clause)
            if o.name.text not in found
            and targets_of(
                world,
                attrs.evolve(
                    o, targets=tuple(t for t in o.targets if not isinstance(t, tree.AllOtherClauses))
                ),
            )
            & (below | found)
        }
        if not more:
            return frozenset(found)
        found |= more


def element(group: str, name: str, fact: str) -> str:
    """The path of a fact of one element."""
    return f'{group}["{name}"].{fact}'


@dataclass
class Case:
    """What is answered, what is unsure, what is unanswered; and what is listed, or taken to be."""

    known: dict[str, Answer] = field(default_factory=dict)
    unknown: dict[str, tree.FactDecl] = field(default_factory=dict)
    unsure: set[str] = field(default_factory=set)
    lists: dict[str, list[str]] = field(default_factory=dict)
    assumed_empty: set[str] = field(default_factory=set)
    never_listed: frozenset[str] = frozenset()  # the lists that the case does not give, and that are tried


def is_in_doubt(world: World, given: Mapping[str, Any], group: str) -> bool:
    """Whether somebody is unsure whom a reference names of a list."""
    return any(
        isinstance(fact.type, tree.Reference) and fact.type.group.text == group and said.get(name) == UNSURE
        for (of, name), fact in world.facts.items()
        for said in (given.get(of) if isinstance(given.get(of), list) else [given.get(of)])
        if isinstance(said, Mapping)
    )


def answered(fact: tree.FactDecl, given: Any) -> Answer:
    match fact.type:
        case tree.SomeOf():
            return frozenset(given)
        case tree.Reference(_, many):
            return frozenset(given if many else [] if isinstance(given, Mapping) else [given])
        case tree.DateType():
            return date.fromisoformat(given)
        case _:
            return given  # type: ignore[no-any-return]


def read_case(
    world: World, given: Mapping[str, Any], presume: bool = True, tried: Iterable[str] = ()
) -> Case:
    """The case; `tried` are lists that it gives only as one way in which they might be."""
    case = Case(never_listed=frozenset(tried))
    for group, listed in world.listed.items():
        if not listed or given.get(group) == UNSURE:
            continue
        if given.get(group) is not None:
            case.lists[group] = [e["name"] for e in given[group]]
        elif presume and group in world.taken_as_empty and not is_in_doubt(world, given, group):
            case.lists[group] = []
            case.assumed_empty.add(group)
    for (group, name), fact in world.facts.items():
        said_of = given.get(group) or {}
        if not world.listed[group]:
            places = [(f"{group}.{name}", said_of)]
        else:
            places = [(element(group, e["name"], name), e) for e in said_of if said_of != UNSURE]
        for path, said in places:
            answer = said.get(name)
            if answer is None or answer == UNSURE:
                case.unknown[path] = fact
                case.unsure |= {path} if answer == UNSURE else set()
            else:
                case.known[path] = answered(fact, answer)
    for group, names in case.lists.items():
        case.known |= {element(group, n, "name"): n for n in names}
    return case


def assumption(fact: tree.FactDecl) -> Answer:
    """What is assumed of a fact, where that hangs on nothing else."""
    assert isinstance(fact.assumed, tuple)
    if isinstance(fact.type, tree.SomeOf):
        return frozenset(v.text for v in fact.assumed if isinstance(v, tree.Word))
    (value,) = fact.assumed
    match value:
        case tree.Word():
            if isinstance(fact.type, tree.Reference):
                return frozenset()
            return value.text == "yes" if isinstance(fact.type, tree.YesNo) else value.text
        case tree.Number() | tree.Date() | tree.Text():
            return value.value
        case _:
            assert_never(value)
