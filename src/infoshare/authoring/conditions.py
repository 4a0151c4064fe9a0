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
from infoshare.meaning.resolver import ParsedFile
from infoshare.meaning.scenario import Scenario
from infoshare.syntax import tree as t
from infoshare.text import Span

Groups: TypeAlias = frozenset[str]
"""The lists of which a condition speaks of one element."""
Part = Literal["when", "unless", "require", "define", "impossible"]
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
        case t.DefineDecl():
            yield Written(node.name.text, "define", node.condition)
        case t.ImpossibleDecl():
            yield Written(node.name.text, "impossible", node.condition)
        case t.Clause() | t.Exception_() | t.Duty() | t.Safeguard() | t.Advice() | t.Guarantee():
            groups: Groups = frozenset(node.scope) if isinstance(node, t.Safeguard) else frozenset()
            name, said = node.name.text, node.provisions
            if said.when is not None:
                yield Written(name, "when", said.when, groups)
            if said.unless is not None:
                yield Written(name, "unless", said.unless, groups)
            if isinstance(node, t.Safeguard):
                yield Written(name, "require", node.require, groups)
        case t.PolicyDecl() | t.Use() | t.SourceDecl() | t.FactsDecl() | t.ValueDecl() | t.Scenario():
            pass
        case _:
            assert_never(node)


def within(node: t.Condition, groups: Groups) -> Groups:
    """The lists of which the conditions in a condition speak of one element."""
    return groups | {node.group.text} if isinstance(node, t.Quantified) else groups


def with_child(node: t.Condition, at: int, child: t.Condition) -> t.Condition:
    """A condition with another in the place of one of its children."""
    items = t.children(node)
    return t.with_children(node, (*items[:at], child, *items[at + 1 :]))


def atoms(
    node: t.Condition, groups: Groups, rebuilt: Rebuilt = lambda c: c
) -> Iterator[tuple[t.Condition, Groups, Rebuilt]]:
    """Each condition in a condition that is made of no others, and what puts another in its place."""
    if not t.children(node):
        yield node, groups, rebuilt
    for at, child in enumerate(t.children(node)):
        put = _putting(rebuilt, node, at)
        yield from atoms(child, within(node, groups), put)


def _putting(rebuilt: Rebuilt, node: t.Condition, at: int) -> Rebuilt:
    return lambda child: rebuilt(with_child(node, at, child))


class Binding:
    """Binds conditions of a policy that loads, which therefore have no fault."""

    def __init__(self, model: m.Model) -> None:
        defines = {name: define.for_each for name, define in model.defines.items()}
        self._binder = Binder(Faults(), model.groups, model.facts, defines, model.values)

    def bound(self, node: t.Condition, groups: Groups) -> m.Condition:
        """Binds a condition that may speak of one element of each of these lists."""
        bound = self._binder.condition(node, groups)
        if bound is None:
            raise AssertionError("a condition of a policy that loads did not bind")
        return bound


# --- occurrences of atoms ----------------------------------------------------------------------------


Declared: TypeAlias = t.Clause | t.Exception_ | t.Duty | t.Safeguard | t.Advice | t.DefineDecl
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


def declarations(files: Sequence[ParsedFile]) -> Iterator[Declared]:
    """Yields the clauses, duties, safeguards, advice and defines of some files; not guarantees and impossibles."""
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
        for atom, groups, rebuilt in atoms(each.condition, each.groups):
            forced = {
                truth: _with(model, each, binding.bound(rebuilt(constant), each.groups))
                for truth, constant in _CONSTANT.items()
            }
            bound = binding.bound(atom, groups)
            yield Place(each.name, each.part, atom.span, bound, tuple(sorted(groups)), forced)


def _with(model: Model, where: Written, condition: Condition) -> Model:
    """Returns the policy with another condition in a place."""
    table = table_of(model, where)
    field = "condition" if where.part == "define" else where.part
    changed: dict[str, Anything] = {field: condition}
    owners = getattr(model, table)
    tables: dict[str, Anything] = {table: {**owners, where.name: attrs.evolve(owners[where.name], **changed)}}
    return attrs.evolve(model, **tables)


def table_of(model: Model, where: Written) -> str:
    """Returns the name of the model's table that a declaration is in."""
    if where.part == "define":
        return "defines"
    tables = ("clauses", "exceptions", "duties", "safeguards", "advice")
    return next(table for table in tables if where.name in getattr(model, table))
