"""The code that settles a case of which something that matters is unknown: every completion at once.

It follows `meaning.evaluator` line by line, with whole numbers of lanes (`lanes`) in the place of diagrams.
What it gives is what `verdict.from_lanes` takes; it gives up where no completion is possible.
"""

import ast
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, assert_never

from infoshare.engine import assembly as a
from infoshare.engine.atoms import Atom
from infoshare.engine.conditions_code import Conditions
from infoshare.engine.encoding import encoding
from infoshare.engine.lanes import ByBits
from infoshare.engine.plan import Plan, Variable
from infoshare.engine.reading_code import Names, assumes, raw
from infoshare.meaning.model import Clause, Duty, Provision
from infoshare.meaning.types import UNSURE, Date, Number, OneOf, SomeOf, Text, YesNo
from infoshare.outcome import Act, Outcome

OUTCOMES = tuple(Outcome)


def settling(plan: Plan, names: Names) -> list[a.Stmt]:
    """The body of a function of `k` and `values`, the facts as they were read.

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
    names |= {"by_bits": by_bits, "type": type, "frozenset": frozenset}
    tables = [f"{table}{position}" for position in by_bits.tables for table in ("told", "spread")]
    conditions = Conditions(plan.atoms, _atom, lanes=True)
    holding = [conditions.holds(provision) for provision in plan.provisions]
    impossible = [conditions.of(each.condition) for each in plan.model.impossibles]
    return [
        a.assign([raw(p) for p in range(len(plan.facts))], a.name("values")),
        a.assign(
            ["patterns", "unset", "everything", *tables],
            ast.Subscript(a.name("by_bits"), a.name("k"), ast.Load()),
        ),
        a.assign("j", a.const(0)),
        a.assign("unknown", ast.List([], ast.Load())),
        *(
            stmt
            for position in sorted({v.position for v in plan.variables})
            for stmt in _fact(plan, position)
        ),
        *conditions.statements,
        *_care(impossible),
        *(a.assign(f"h{i}", _lanes(expr)) for i, expr in enumerate(holding)),
        *_following(plan),
    ]


def _following(plan: Plan) -> Iterator[a.Stmt]:
    """What follows from where each provision holds."""
    applying, standing = _Locals(), _Locals()
    yield from _standing(plan, applying, standing)
    concluding = {clause.outcome for _, clause in _clauses(plan)}
    yield from _concluded(plan, standing, concluding)
    yield from _possible(plan, concluding)
    yield from _duties(plan, applying)
    yield from _told(plan, applying, standing)


class _Locals(dict[int, str]):
    """The local that holds something of a provision, by its number."""

    def at(self, number: int) -> a.Expr:
        return a.name(self[number])


def _fact(plan: Plan, position: int) -> Iterator[a.Stmt]:
    """The lanes of each atom of a fact: as it is known, as it is assumed, or over new bits."""
    variables = [variable for variable in plan.variables if variable.position == position]
    fact, here = plan.facts[position], a.name(raw(position))
    bits = sum(variable.regions.bits for variable in variables)
    noted = ast.Expr(a.call(a.method(a.name("unknown"), "append"), a.const(fact.path)))
    as_unknown: list[a.Stmt] = [noted] * bits
    for variable in variables:
        as_unknown += _spread(variable)
    if assumes(plan, position) and fact.assumed is not None:
        as_assumed = [
            stmt
            for variable in variables
            for stmt in _told_bit(variable, encoding(plan, variable)(fact.assumed))
        ]
        as_unknown = [a.when(a.is_(here, None), as_assumed, as_unknown)]
    match fact.type:
        case YesNo():
            yes, no = (_told_bit(variables[0], value) for value in (1, 0))
            yield a.when(a.is_(here, True), yes, [a.when(a.is_(here, False), no, as_unknown)])
        case SomeOf():
            ticked = [
                a.when(a.compare(a.const(v.option), (ast.In(), here)), _told_bit(v, 1), _told_bit(v, 0))
                for v in variables
            ]
            yield a.when(a.compare(a.call("type", here), (ast.Is(), a.name("frozenset"))), ticked, as_unknown)
        case OneOf() | Number() | Date() | Text():
            told = ast.Subscript(a.name(f"told{position}"), here, ast.Load())
            is_known = a.both([a.is_not(here, None), a.compare(here, (ast.NotEq(), a.const(UNSURE)))])
            yield a.when(is_known, [a.assign(_targets(variables[0]), told)], as_unknown)
        case _:
            assert_never(fact.type)


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
    everything = a.name("everything")
    if not impossible:
        yield a.assign("care", everything)
        return
    never = a.joined(ast.BitOr(), [_lanes(each) for each in impossible])
    yield a.assign("care", a.others(never))
    yield a.when(a.negated(a.name("care")), [a.give(a.const((None, None)))])


def _without(held: a.Expr, acting: Iterable[a.Expr]) -> a.Expr:
    return a.both([held, ast.BinOp(held, ast.BitAnd(), a.others(a.joined(ast.BitOr(), acting)))])


def _standing(plan: Plan, applying: _Locals, standing: _Locals) -> Iterator[a.Stmt]:
    """Where each provision applies, and each clause stands; what nothing acts on has no local of its own."""
    number = {provision.name: i for i, provision in enumerate(plan.provisions)}
    model = plan.model
    for i, provision in enumerate(plan.provisions):
        applying[i] = f"h{i}"
        if exceptions := [applying.at(number[e]) for e in _exceptions(plan, provision)]:
            yield a.assign(f"a{i}", _without(a.name(f"h{i}"), exceptions))
            applying[i] = f"a{i}"
        if isinstance(provision, Clause):
            standing[i] = applying[i]
            overrides = [
                standing.at(number[o])
                for o in model.prevailed_over_by.get(provision.name, ())
                if o in number and model.clauses[o].outcome is not provision.outcome
            ]
            if overrides:
                yield a.assign(f"s{i}", _without(applying.at(i), overrides))
                standing[i] = f"s{i}"


def _clauses(plan: Plan) -> list[tuple[int, Clause]]:
    return [(i, p) for i, p in enumerate(plan.provisions) if isinstance(p, Clause)]


def _concluded(plan: Plan, standing: _Locals, concluding: set[Outcome]) -> Iterator[a.Stmt]:
    """Where the standing clauses have one outcome among them, and where they clash or are silent."""
    yield a.assign("spoken", a.const(0))
    yield a.assign("conflict", a.const(0))
    for o in _numbered(concluding):
        of_it = [standing.at(i) for i, clause in _clauses(plan) if clause.outcome is OUTCOMES[o]]
        here = a.name(f"concluded{o}")
        yield a.assign(f"concluded{o}", a.joined(ast.BitOr(), of_it))
        clash = ast.BinOp(a.name("spoken"), ast.BitAnd(), here)
        yield a.when(
            here,
            [
                a.assign("conflict", ast.BinOp(a.name("conflict"), ast.BitOr(), clash)),
                a.assign("spoken", ast.BinOp(a.name("spoken"), ast.BitOr(), here)),
            ],
        )
    for o in _numbered(concluding):
        alone = ast.BinOp(a.name(f"concluded{o}"), ast.BitAnd(), a.others(a.name("conflict")))
        yield a.assign(f"only{o}", ast.IfExp(a.name("conflict"), alone, a.name(f"concluded{o}")))


def _numbered(outcomes: set[Outcome]) -> list[int]:
    return [o for o, outcome in enumerate(OUTCOMES) if outcome in outcomes]


def _somewhere(plan: Plan, where: a.Expr) -> a.Expr:
    """Those of some lanes that can be."""
    return ast.BinOp(a.name("care"), ast.BitAnd(), where) if plan.model.impossibles else where


def _possible(plan: Plan, concluding: set[Outcome]) -> Iterator[a.Stmt]:
    """Which outcomes are possible, and on which bases; what a duty before seeking advice hangs on."""
    yield a.assign("bases", a.const(0))
    for o in _numbered(concluding):
        only = a.name(f"only{o}")
        yield a.when(_somewhere(plan, only), [a.mark("bases", o)])
    yield a.assign("possible", a.name("bases"))
    advice = OUTCOMES.index(Outcome.SEEK_ADVICE)
    undecided = ast.BinOp(a.name("conflict"), ast.BitOr(), a.others(a.name("spoken")))
    clash = a.when(_somewhere(plan, a.name("conflict")), [a.mark("bases", len(OUTCOMES))])
    yield a.when(_somewhere(plan, undecided), [a.mark("possible", advice), clash])
    settled_otherwise = a.compare(
        a.name("possible"),
        (ast.In(), a.const(tuple(1 << o for o in range(len(OUTCOMES)) if o != advice))),
    )
    yield a.assign("advised", ast.IfExp(settled_otherwise, a.const(0), a.name("everything")))


def _brought(plan: Plan, duty: Duty) -> a.Expr | None:
    """Where the outcome brings a duty; None for everywhere."""
    acts = {timing.act for timing in duty.timings}
    if Act.DECIDING in acts:
        return None
    outcomes = {act.outcome for act in Act if act in acts and act.outcome is not None}
    concluded = {clause.outcome for _, clause in _clauses(plan)} & outcomes - {Outcome.SEEK_ADVICE}
    names = [f"only{o}" for o in _numbered(concluded)]
    names += ["advised"] if Outcome.SEEK_ADVICE in outcomes else []
    return a.joined(ast.BitOr(), [a.name(each) for each in names])


def _duties(plan: Plan, applying: _Locals) -> Iterator[a.Stmt]:
    """Where each duty is due."""
    for i, duty in _duties_of(plan):
        brought, applies = _brought(plan, duty), applying.at(i)
        due = applies if brought is None else a.both([applies, ast.BinOp(applies, ast.BitAnd(), brought)])
        yield a.assign(f"due{i}", due)


def _duties_of(plan: Plan) -> list[tuple[int, Duty]]:
    return [(i, p) for i, p in enumerate(plan.provisions) if isinstance(p, Duty)]


def _exceptions(plan: Plan, provision: Provision) -> list[str]:
    """The exceptions in force that set a provision aside."""
    in_force = {each.name for each in plan.provisions}
    return [name for name in plan.model.set_aside_by.get(provision.name, ()) if name in in_force]


def _lifted(plan: Plan, i: int, duty: Duty, applying: _Locals) -> a.Expr:
    """Where a duty would be due, had no exception set it aside."""
    lifted = ast.BinOp(a.name(f"h{i}"), ast.BitAnd(), a.others(applying.at(i)))
    brought = _brought(plan, duty)
    return lifted if brought is None else ast.BinOp(lifted, ast.BitAnd(), brought)


def _everywhere(plan: Plan, where: a.Expr) -> a.Expr:
    """Whether it is so in every lane that can be."""
    return a.compare(_somewhere(plan, where), (ast.Eq(), a.name("care")))


def _told(plan: Plan, applying: _Locals, standing: _Locals) -> Iterator[a.Stmt]:
    """What is so in every lane, and what in some only; of the latter duties also where."""
    yield a.assign(["fired", "due", "open_duties"], a.const((0, 0, 0)))
    yield a.assign("opened", ast.List([], ast.Load()))
    for i, _ in _clauses(plan):
        here = standing.at(i)
        yield a.when(a.both([here, _everywhere(plan, here)]), [a.mark("fired", i)])
    for i, duty in _duties_of(plan):
        here = a.name(f"due{i}")
        wheres = [here, *([_lifted(plan, i, duty, applying)] if _exceptions(plan, duty) else [])]
        noted = a.call(a.method(a.name("opened"), "append"), a.tuple_([a.const(i), a.tuple_(wheres)]))
        sometimes = a.when(_somewhere(plan, here), [a.mark("open_duties", i), ast.Expr(noted)])
        yield a.when(here, [a.when(_everywhere(plan, here), [a.mark("due", i)], [sometimes])])
    must = [standing.at(i) for i, clause in _clauses(plan) if clause.must]
    yield a.assign("mandatory", a.joined(ast.BitOr(), must))
    in_some_lanes = ast.IfExp(_somewhere(plan, a.name("mandatory")), a.const(None), a.const(False))
    mandatory = ast.IfExp(_everywhere(plan, a.name("mandatory")), a.const(True), in_some_lanes)
    told = ["possible", "bases", "fired", "due", "open_duties"]
    yield a.assign(
        "told", a.tuple_([mandatory if must else a.const(False), *(a.name(each) for each in told)])
    )
    hanging = a.tuple_([a.name(each) for each in ("k", "care", "unknown", "opened")])
    yield a.give(a.tuple_([a.name("told"), ast.IfExp(a.name("opened"), hanging, a.const(None))]))
