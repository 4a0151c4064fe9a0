"""The code that settles a case of which something that matters is unknown: every completion at once.

Where each provision holds, as whole numbers of lanes (`lanes`), and then what follows (`following_code`); where no
completion is possible, the definition says so.
"""

import ast
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from infoshare.engine import assembly as a
from infoshare.engine.atoms import Atom
from infoshare.engine.conditions_code import Conditions
from infoshare.engine.encoding import encoding
from infoshare.engine.following_code import following
from infoshare.engine.lanes import ByBits
from infoshare.engine.plan import Plan, Variable
from infoshare.engine.reading_code import Names, assumes, raw
from infoshare.meaning.types import UNSURE, SomeOf, YesNo


def settling(plan: Plan, names: Names) -> list[a.Stmt]:
    """Statements that work out `told` and `hanging` of `k` and `values`, the facts as they were read.

    Args:
        names: gets what the statements refer to.
    """
    by_bits = ByBits(
        {
            v.position: (v.regions, partial(_truths, v, encoding(plan, v)))
            for v in plan.variables
            if not isinstance(v.fact.type, YesNo | SomeOf)
        }
    )
    names |= {"by_bits": by_bits, "type": type, "frozenset": frozenset, "unsure": UNSURE}
    tables = [f"{table}{position}" for position in by_bits.tables for table in ("told", "spread")]
    conditions = Conditions(plan.atoms, _atom, lanes=True)
    holding = [conditions.holds(provision) for provision in plan.provisions]
    impossible = [conditions.of(each.condition) for each in plan.model.impossibles]
    asked: list[a.Stmt] = []
    held = _held(holding, asked)
    return [
        a.assign([raw(p) for p in range(len(plan.facts))], a.name("values")),
        *_unless_in_doubt(plan),
        a.assign(
            ["patterns", "unset", "everything", *tables],
            ast.Subscript(a.name("by_bits"), a.name("k"), ast.Load()),
        ),
        a.assign("j", a.const(0)),
        *(
            stmt
            for position in sorted({v.position for v in plan.variables})
            for stmt in _fact(plan, position)
        ),
        *conditions.statements,
        *_care(impossible),
        *asked,
        *following(plan, held),
    ]


def unknown_bits(plan: Plan, values: Sequence[Any]) -> list[str]:
    """The unknown fact of each bit of the lanes of a case, by what was read of it."""
    return [
        plan.facts[position].path
        for position, bits in plan.bits.items()
        if values[position] == UNSURE or (values[position] is None and not assumes(plan, position))
        for _ in range(bits)
    ]


def _unless_in_doubt(plan: Plan) -> Iterator[a.Stmt]:
    """Where it hangs on what somebody is unsure of whether something is assumed, the definition says."""
    if plan.doubtful:
        is_unsure = (ast.Is(), a.name("unsure"))
        yield a.when(a.either([a.compare(a.name(raw(p)), is_unsure) for p in plan.doubtful]), [a.refuse()])


def _fact(plan: Plan, position: int) -> Iterator[a.Stmt]:
    """The lanes of each atom of a fact: as it is known, as it is assumed, or over new bits."""
    variables = [variable for variable in plan.variables if variable.position == position]
    fact, here = plan.facts[position], a.name(raw(position))
    as_unknown = [stmt for variable in variables for stmt in _spread(variable)]
    if assumes(plan, position) and fact.assumed is not None:
        as_assumed = [
            stmt
            for variable in variables
            for stmt in _told_bit(variable, encoding(plan, variable)(fact.assumed))
        ]
        as_unknown = [a.when(a.is_(here, None), as_assumed, as_unknown)]
    if isinstance(fact.type, YesNo):
        yes, no = (_told_bit(variables[0], value) for value in (1, 0))
        yield a.when(a.is_(here, True), yes, [a.when(a.is_(here, False), no, as_unknown)])
    elif isinstance(fact.type, SomeOf):
        ticked = [
            a.when(a.compare(a.const(v.option), (ast.In(), here)), _told_bit(v, 1), _told_bit(v, 0))
            for v in variables
        ]
        yield a.when(a.compare(a.call("type", here), (ast.Is(), a.name("frozenset"))), ticked, as_unknown)
    else:
        told = ast.Subscript(a.name(f"told{position}"), here, ast.Load())
        is_known = a.both([a.is_not(here, None), a.compare(here, (ast.IsNot(), a.name("unsure")))])
        yield a.when(is_known, [a.assign(_targets(variables[0]), told)], as_unknown)


def _targets(variable: Variable) -> list[str]:
    return [f"t{atom.index}" for atom in variable.atoms]


def _spread(variable: Variable) -> list[a.Stmt]:
    """The atoms of an unknown variable, over its bits."""
    if isinstance(variable.fact.type, YesNo | SomeOf):
        statements = [
            a.assign(
                f"t{atom.index}",
                ast.Subscript(a.name("patterns" if atom.of(1) else "unset"), a.name("j"), ast.Load()),
            )
            for atom in variable.atoms
        ]
        return [*statements, a.add("j", 1)]
    lanes = ast.Subscript(a.name(f"spread{variable.position}"), a.name("j"), ast.Load())
    return [a.assign(_targets(variable), lanes), a.add("j", variable.regions.bits)]


def _told_bit(variable: Variable, value: int) -> list[a.Stmt]:
    """The atoms of a variable of which this value is known."""
    return [a.assign(f"t{atom.index}", _lanes(atom.of(value))) for atom in variable.atoms]


def _truths(variable: Variable, encode: Callable[[Any], int], answer: Any) -> tuple[bool, ...]:
    """The truth of each atom of a variable for an answer."""
    return variable.truths(encode(answer))


def _atom(atom: Atom) -> a.Expr:
    return a.name(f"t{atom.index}")


def _lanes(expr: a.Expr | bool) -> a.Expr:
    if isinstance(expr, bool):
        return a.name("everything") if expr else a.const(0)
    return expr


def _care(impossible: list[a.Expr | bool]) -> Iterator[a.Stmt]:
    """The lanes that can be."""
    if impossible:
        never = a.joined(ast.BitOr(), [_lanes(each) for each in impossible])
        yield a.assign("care", a.others(never))
        yield a.when(a.negated(a.name("care")), [a.refuse()])


def _held(holding: Sequence[a.Expr | bool], statements: list[a.Stmt]) -> dict[int, a.Expr]:
    """Where each provision holds, by its number; what is asked twice is worked out once.

    Args:
        statements: gets what must run first.
    """
    held, same = dict[int, a.Expr](), dict[str, a.Expr]()
    for i, expr in enumerate(holding):
        if isinstance(expr, bool):
            held[i] = _lanes(expr)
            continue
        shape = ast.dump(expr)
        if shape not in same:
            same[shape] = a.name(f"h{i}")
            statements.append(a.assign(f"h{i}", expr))
        held[i] = same[shape]
    return held
