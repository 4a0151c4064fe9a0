"""Trees and a case, read: what is declared and in force, what is answered and what is not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, assert_never

from infoshare.outcome import Act
from infoshare.syntax import tree
from oracle.answers import Answer

Acting = tree.Clause | tree.Exception_ | tree.Duty | tree.Safeguard | tree.Advice
UNSURE = "unsure"


@dataclass
class World:
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


def read_policy(files: Sequence[tree.File], as_of: date) -> World:
    world = World(as_of)
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


def targets_of(world: World, source: tree.Clause | tree.Exception_) -> frozenset[str]:
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


def element(group: str, name: str, fact: str) -> str:
    """The path of a fact of one element."""
    return f'{group}["{name}"].{fact}'


@dataclass
class Case:
    """What is answered, what is unsure, what is unanswered; and what is listed."""

    known: dict[str, Answer] = field(default_factory=dict)
    unknown: dict[str, tree.FactDecl] = field(default_factory=dict)
    unsure: set[str] = field(default_factory=set)
    lists: dict[str, list[str]] = field(default_factory=dict)


def answered(fact: tree.FactDecl, given: Any) -> Answer:
    match fact.type:
        case tree.SomeOf():
            return frozenset(given)
        case tree.DateType():
            return date.fromisoformat(given)
        case _:
            return given  # type: ignore[no-any-return]


def read_case(world: World, given: Mapping[str, Any]) -> Case:
    case = Case()
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
                case.known[path] = answered(fact, answer)
    for group, names in case.lists.items():
        case.known |= {element(group, n, "name"): n for n in names}
    return case


def assumption(fact: tree.FactDecl) -> Answer:
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
