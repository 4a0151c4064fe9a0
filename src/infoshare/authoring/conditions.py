"""The conditions of a file: where they and their atoms stand, as written and as bound, and others put in their place.

An *atom* is a condition that is made of no others: a fact by itself, a comparison, the name of a define.
Deliberately not here: what is found in them (`findings`), varied in them (`mutants`) or shown of them (`coverage`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any as Anything
from typing import Literal, TypeAlias, assert_never

import attrs

from infoshare.meaning import model as m
from infoshare.meaning.binding import Binder
from infoshare.meaning.faults import Faults
from infoshare.meaning.model import Condition, Model
from infoshare.meaning.provision_binding import together
from infoshare.meaning.resolver import ParsedFile
from infoshare.meaning.scenario import Scenario
from infoshare.syntax import tree as t
from infoshare.text import Span

Groups: TypeAlias = frozenset[str]
"""The lists of which a condition speaks of one element."""
Part = Literal["when", "unless", "require", "define", "impossible", "part", "whom", "assumed"]
Rebuilt: TypeAlias = Callable[[t.Condition], t.Condition]


@attrs.frozen
class Written:
    """A condition of a declaration.

    Attributes:
        name: of the declaration.
    """

    name: str
    part: Part
    condition: t.Condition
    groups: Groups = frozenset()


def written(node: t.Declaration) -> Iterator[Written]:
    """Yields the conditions of a declaration."""
    match node:
        case t.DefineDecl(for_each=each):
            yield Written(node.name.text, "define", node.condition, frozenset((each.text,) if each else ()))
        case t.ImpossibleDecl():
            yield Written(node.name.text, "impossible", node.condition)
        case t.Part():
            if node.provisions.when is not None:
                yield Written(node.name.text, "part", node.provisions.when)
        case t.Clause() | t.Exception_() | t.Duty() | t.Safeguard() | t.Advice() | t.Guarantee():
            name, said, groups = node.name.text, node.provisions, frozenset(node.scope)
            if isinstance(node, t.Clause) and isinstance(node.effect.whom, t.EachOf):
                whom = node.effect.whom
                yield Written(name, "whom", whom.condition, groups | {whom.group.text})
            if said.when is not None:
                yield Written(name, "when", said.when, groups)
            if said.unless is not None:
                yield Written(name, "unless", said.unless, groups)
            if isinstance(node, t.Safeguard):
                yield Written(name, "require", node.require, groups)
        case t.FactsDecl(group, _, facts):
            for fact in facts:
                if isinstance(fact, t.FactDecl) and isinstance(fact.assumed, t.EveryElement):
                    of = fact.assumed
                    yield Written(
                        f"{group.text}.{fact.name.text}", "assumed", of.condition, frozenset((of.group.text,))
                    )
        case t.PolicyDecl() | t.Use() | t.SourceDecl() | t.ValueDecl() | t.HolidaysDecl() | t.Scenario():
            pass
        case _:
            assert_never(node)


def with_child(node: t.Condition, at: int, child: t.Condition) -> t.Condition:
    """A condition with another in the place of one of its children."""
    items = t.children(node)
    return t.with_children(node, (*items[:at], child, *items[at + 1 :]))


def _putting(rebuilt: Rebuilt, node: t.Condition, at: int) -> Rebuilt:
    return lambda child: rebuilt(with_child(node, at, child))


class Binding:
    """Binds conditions of a policy that loads, which therefore have no fault."""

    def __init__(self, model: m.Model) -> None:
        defines = {name: define.for_each for name, define in model.defines.items()}
        self._binder = Binder(Faults(), model.groups, model.facts, defines, model.values)
        self._groups = model.groups

    def bound(self, node: t.Condition, groups: Groups) -> m.Condition:
        """Binds a condition that may speak of one element of each of these lists."""
        bound = self._binder.condition(node, groups)
        if bound is None:
            raise AssertionError("a condition of a policy that loads did not bind")
        return bound

    def within(self, node: t.Condition, groups: Groups) -> Groups:
        """The lists of which the conditions in a condition speak of one element."""
        return groups if (group := self.group_of(node)) is None else groups | {group}

    def group_of(self, node: t.Condition) -> str | None:
        """The list that a quantifier or count goes over; a count may name it in the plural."""
        if not isinstance(node, t.Quantified | t.Counted):
            return None
        group = node.group.text
        return group if group in self._groups else group.removesuffix("s")

    def atoms(
        self, node: t.Condition, groups: Groups, rebuilt: Rebuilt = lambda c: c
    ) -> Iterator[tuple[t.Condition, Groups, Rebuilt]]:
        """Each condition in a condition that is made of no others, and what puts another in its place."""
        if not t.children(node):
            yield node, groups, rebuilt
        for at, child in enumerate(t.children(node)):
            yield from self.atoms(child, self.within(node, groups), _putting(rebuilt, node, at))


# --- occurrences of atoms ----------------------------------------------------------------------------


Declared: TypeAlias = t.Clause | t.Exception_ | t.Duty | t.Safeguard | t.Advice | t.DefineDecl | t.Part
_CONSTANT: Mapping[bool, t.Condition] = {True: t.And(()), False: t.Or(())}


@attrs.frozen(eq=False)
class Place:
    """An occurrence in the model: the atom, and the policy with yes or no in its place."""

    owner: str
    part: Part
    span: Span
    atom: Condition
    groups: tuple[str, ...]
    forced: Mapping[bool, Model]


def own_files(files: Sequence[ParsedFile], model: Model) -> list[ParsedFile]:
    """Returns the file that was loaded and the file of its policy, without the files that these use."""
    name = model.header.name if model.header else None
    return [
        file
        for file in files
        if file is files[-1]
        or any(isinstance(node, t.PolicyDecl) and node.name.text == name for node in file.tree.declarations)
    ]


def ruling_out(model: Model) -> set[str]:
    """The defines and values on which it hangs what can be and what is assumed: all values, if anything is ruled out."""
    asked = [each.condition for each in model.impossibles]
    asked += [fact.assumed_every for fact in model.facts.values() if fact.assumed_every is not None]
    followed = (part for condition in asked for part in m.parts(condition, model.defines))
    return {
        *(model.values if asked else ()),
        *(part.name for part in followed if isinstance(part, m.Defined)),
    }


def asked_for(model: Model) -> set[str]:
    """The defines on which some clause, duty, safeguard, advice or part hangs, or what is assumed.

    Others say what cannot be, or nothing.
    """
    conditions = [condition for provision in model.provisions() for condition in provision.conditions]
    conditions += [fact.assumed_every for fact in model.facts.values() if fact.assumed_every is not None]
    conditions += [part.condition for part in model.parts.values() if part.condition is not None]
    followed = (part for condition in conditions for part in m.parts(condition, model.defines))
    return {part.name for part in followed if isinstance(part, m.Defined)}


def declarations(files: Sequence[ParsedFile]) -> Iterator[Declared]:
    """Yields the clauses, duties, safeguards, advice, defines and parts of some files; not guarantees and impossibles."""
    for file in files:
        for node in file.tree.declarations:
            if isinstance(node, Declared):
                yield node


def day_of(scenario: Scenario, model: Model, today: date) -> date:
    """Returns the day that a scenario is decided for."""
    return scenario.as_of or (model.header.start if model.header else None) or today


def places(model: Model, node: Declared) -> Iterator[Place]:
    """Yields every occurrence in a declaration: of its `when`, its `unless`, then what it requires."""
    binding = Binding(model)
    for each in written(node):
        for atom, groups, rebuilt in binding.atoms(each.condition, each.groups):
            forced = {
                truth: _with(model, each, binding.bound(rebuilt(constant), each.groups))
                for truth, constant in _CONSTANT.items()
            }
            bound = binding.bound(atom, groups)
            yield Place(each.name, each.part, atom.span, bound, tuple(sorted(groups)), forced)


def _with(model: Model, where: Written, condition: Condition) -> Model:
    """Returns the policy with another condition in a place."""
    if where.part == "define":
        define = attrs.evolve(model.defines[where.name], condition=condition)
        return attrs.evolve(model, defines={**model.defines, where.name: define})
    tables: dict[str, Anything] = {
        table: {
            name: _with_condition(model, each, where, condition)
            for name, each in getattr(model, table).items()
        }
        for table in _TABLES
    }
    return attrs.evolve(model, **tables)


_TABLES = ("clauses", "exceptions", "duties", "safeguards", "advice")


def _with_condition(
    model: Model, provision: m.Provision, where: Written, condition: Condition
) -> m.Provision:
    """A provision with another condition in a place of its own, or of its part."""
    own, part = model.own_when(provision), None
    if provision.part is not None and not isinstance(provision, m.Advice):
        part = model.parts[provision.part].condition
    if where.part == "part":
        if provision.part != where.name or isinstance(provision, m.Advice):
            return provision
        part = condition
    elif provision.name != where.name:
        return provision
    changed: dict[str, Anything] = {}
    somebody = None
    if isinstance(provision, m.Clause) and isinstance(whom := provision.whom, m.EachOf):
        if where.part == "whom":
            whom = changed["whom"] = attrs.evolve(whom, condition=condition)
        somebody = m.Quantified("any", whom.group, whom.condition, whom.within)
    if where.part in ("part", "when", "whom"):
        own = condition if where.part == "when" else own
        changed["when"] = together(together(part, own), somebody)
    else:
        changed[where.part] = condition
    return attrs.evolve(provision, **changed)
