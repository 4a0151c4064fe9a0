"""Where atoms stand: every occurrence in the conditions of a policy, as written and as it means, and what replaces it.

An *atom* is a fact by itself, a comparison, or the name of a define. Invariant: trees and the model say the same,
so both are walked in step. Deliberately not here: what scenarios show of an occurrence (`coverage`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any as Anything
from typing import Literal, TypeAlias

import attrs

from infoshare.meaning.model import All, Any, Condition, Model, Not, Quantified, Safeguard
from infoshare.meaning.resolver import ParsedFile
from infoshare.meaning.scenario import Scenario
from infoshare.syntax import tree as t
from infoshare.text import Span

Part = Literal["when", "unless", "require", "define"]
Rebuilt: TypeAlias = Callable[[Condition], Condition]
Atom: TypeAlias = tuple[t.Condition, Condition, Rebuilt, tuple[str, ...]]
Declared: TypeAlias = t.Clause | t.Exception_ | t.Duty | t.Safeguard | t.Advice | t.DefineDecl


@attrs.frozen(eq=False)
class Place:
    """An occurrence in the model: the atom, and the policy with something else in its place."""

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
            if isinstance(node, t.Clause | t.Exception_ | t.Duty | t.Safeguard | t.Advice | t.DefineDecl):
                yield node


def day_of(scenario: Scenario, model: Model, today: date) -> date:
    """The day that a scenario is tried on."""
    return scenario.as_of or (model.header.start if model.header else None) or today


def places(model: Model, node: Declared) -> Iterator[Place]:
    """Every occurrence in a declaration, in the order of its text but for `unless` before `when`."""
    name = node.name.text
    table = "defines" if isinstance(node, t.DefineDecl) else table_of(model, name)
    owner = getattr(model, table)[name]
    scope = owner.scope if isinstance(owner, Safeguard) else ()
    for part, condition in _parts(node):
        field = "condition" if part == "define" else part
        for leaf, atom, rebuilt, groups in _atoms(condition, getattr(owner, field), lambda c: c, scope):
            forced: dict[bool, Model] = {}
            for truth, constant in _CONSTANT.items():
                changed: dict[str, Anything] = {field: rebuilt(constant)}
                tables: dict[str, Anything] = {
                    table: {**getattr(model, table), name: attrs.evolve(owner, **changed)}
                }
                forced[truth] = attrs.evolve(model, **tables)
            yield Place(name, part, leaf.span, atom, groups, forced)


def _parts(node: Declared) -> Iterator[tuple[Part, t.Condition]]:
    if isinstance(node, t.DefineDecl):
        yield "define", node.condition
        return
    if node.provisions.when is not None:
        yield "when", node.provisions.when
    if node.provisions.unless is not None:
        yield "unless", node.provisions.unless
    if isinstance(node, t.Safeguard):
        yield "require", node.require


_CONSTANT: Mapping[bool, Condition] = {True: All(()), False: Any(())}


def table_of(model: Model, name: str) -> str:
    """The table of the model that a clause, duty, safeguard or advice is in."""
    tables = ("clauses", "exceptions", "duties", "safeguards", "advice")
    return next(table for table in tables if name in getattr(model, table))


def _atoms(node: t.Condition, bound: Condition, rebuilt: Rebuilt, groups: tuple[str, ...]) -> Iterator[Atom]:
    """Each atom as written and as bound, what puts something in its place, and the lists that it is spoken of in."""
    match node, bound:
        case ((t.Holds() | t.Is() | t.Includes() | t.Compare()), _):
            yield node, bound, rebuilt, groups
        case t.Not(item), Not(inner):
            yield from _atoms(item, inner, lambda c: rebuilt(Not(c)), groups)
        case t.Quantified(_, _, item), Quantified(kind, group, inner):
            yield from _atoms(item, inner, lambda c: rebuilt(Quantified(kind, group, c)), (*groups, group))
        case t.These("none", items), Not(inner):
            yield from _joined(items, inner, lambda c: rebuilt(Not(c)), groups)
        case ((t.And(items) | t.Or(items) | t.These(_, items)), _):
            yield from _joined(items, bound, rebuilt, groups)
        case _:
            raise AssertionError("the tree and the model say the same")


def _joined(
    items: tuple[t.Condition, ...], bound: Condition, rebuilt: Rebuilt, groups: tuple[str, ...]
) -> Iterator[Atom]:
    match items, bound:
        case (only,), _:
            yield from _atoms(only, bound, rebuilt, groups)
        case _, All(parts) | Any(parts):
            for index, item in enumerate(items):
                yield from _atoms(item, parts[index], _putting(rebuilt, bound, index), groups)
        case _:
            raise AssertionError("the tree and the model say the same")


def _putting(rebuilt: Rebuilt, bound: All | Any, at: int) -> Rebuilt:
    parts = bound.items
    return lambda c: rebuilt(attrs.evolve(bound, items=(*parts[:at], c, *parts[at + 1 :])))
