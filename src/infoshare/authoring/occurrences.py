"""Where atoms stand: every occurrence in the conditions of a policy, and the policy with something else in its place.

An *atom* is a condition that is made of no others: a fact by itself, a comparison, the name of a define.
Deliberately not here: what scenarios show of an occurrence (`coverage`).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any as Anything
from typing import TypeAlias

import attrs

from infoshare.authoring.conditions import Binding, Part, Written, atoms, written
from infoshare.meaning.model import Condition, Model
from infoshare.meaning.resolver import ParsedFile
from infoshare.meaning.scenario import Scenario
from infoshare.syntax import tree as t
from infoshare.text import Span

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
    """The file that was loaded, and the file of its policy: not the policies and vocabularies that it uses."""
    name = model.header.name if model.header else None
    return [
        file
        for file in files
        if file is files[-1]
        or any(isinstance(node, t.PolicyDecl) and node.name.text == name for node in file.tree.declarations)
    ]


def declarations(files: Sequence[ParsedFile]) -> Iterator[Declared]:
    """Everything with a condition, and every clause; not what is promised of them (guarantees, impossibles)."""
    for file in files:
        for node in file.tree.declarations:
            if isinstance(node, Declared):
                yield node


def day_of(scenario: Scenario, model: Model, today: date) -> date:
    """The day that a scenario is tried on."""
    return scenario.as_of or (model.header.start if model.header else None) or today


def places(model: Model, node: Declared) -> Iterator[Place]:
    """Every occurrence in a declaration, in the order of its text but for `unless` after `when`."""
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
    """The policy with another condition in a place."""
    table = table_of(model, where)
    field = "condition" if where.part == "define" else where.part
    changed: dict[str, Anything] = {field: condition}
    owners = getattr(model, table)
    tables: dict[str, Anything] = {table: {**owners, where.name: attrs.evolve(owners[where.name], **changed)}}
    return attrs.evolve(model, **tables)


def table_of(model: Model, where: Written) -> str:
    """The table of the model that a declaration is in."""
    if where.part == "define":
        return "defines"
    tables = ("clauses", "exceptions", "duties", "safeguards", "advice")
    return next(table for table in tables if where.name in getattr(model, table))
