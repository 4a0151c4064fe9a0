"""The code that settles a case of which something that matters is unknown: every completion at once.

It follows `meaning.evaluator` line by line, with whole numbers of lanes (`lanes`) in the place of diagrams.
What it gives is what `verdict.from_lanes` takes; it gives up where no completion is possible.
"""

import ast
from collections.abc import Iterable, Iterator
from typing import assert_never

from infoshare.engine import assembly as a
from infoshare.engine.atoms import Atom
from infoshare.engine.conditions_code import Conditions
from infoshare.engine.encoding import encoding
from infoshare.engine.lanes import Spread, full, known, patterns
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
    names |= {"patterns_of": patterns, "full": full, "type": type, "frozenset": frozenset}
    conditions = Conditions(plan.atoms, _atom, lanes=True)
    holding = [conditions.holds(provision) for provision in plan.provisions]
    impossible = [conditions.of(each.condition) for each in plan.model.impossibles]
    return [
        a.assign([raw(p) for p in range(len(plan.facts))], a.name("values")),
        a.assign("patterns", a.call("patterns_of", a.name("k"))),
        a.assign("j", a.const(0)),
        a.assign("unknown", ast.List([], ast.Load())),
        *(
            stmt
            for position in sorted({v.position for v in plan.variables})
            for stmt in _fact(plan, position, names)
        ),
        *conditions.statements,
        *_care(impossible),
        *(a.assign(f"h{i}", _lanes(expr)) for i, expr in enumerate(holding)),
        *_standing(plan),
        *_concluded(plan),
        *_possible(),
        *_duties(plan),
        *_told(plan),
    ]


def _fact(plan: Plan, position: int, names: Names) -> Iterator[a.Stmt]:
    """The lanes of each atom of a fact: as it is known, as it is assumed, or over new bits."""
    variables = [variable for variable in plan.variables if variable.position == position]
    fact, here = plan.facts[position], a.name(raw(position))
    bits = sum(variable.regions.bits for variable in variables)
    own = ast.BinOp(a.const((1 << bits) - 1), ast.LShift(), a.name("j"))
    noted = a.tuple_([a.const(fact.path), own])
    as_unknown: list[a.Stmt] = [ast.Expr(a.call(a.method(a.name("unknown"), "append"), noted))]
    for variable in variables:
        as_unknown += _spread(variable, names)
    if assumes(plan, position) and fact.assumed is not None:
        as_assumed = [
            a.assign(f"t{atom.index}", a.const(lanes))
            for variable in variables
            for atom, lanes in zip(
                variable.atoms, known(variable.truths(encoding(plan, variable)(fact.assumed))), strict=True
            )
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
            names[f"told{position}"] = _Teller(plan, variables[0])
            told = ast.Subscript(a.name(f"told{position}"), here, ast.Load())
            is_known = a.both([a.is_not(here, None), a.compare(here, (ast.NotEq(), a.const(UNSURE)))])
            yield a.when(is_known, [a.assign(_targets(variables[0]), told)], as_unknown)
        case _:
            assert_never(fact.type)


def _targets(variable: Variable) -> list[str]:
    return [f"t{atom.index}" for atom in variable.atoms]


def _spread(variable: Variable, names: Names) -> list[a.Stmt]:
    """The atoms of an unknown variable, over its bits."""
    if isinstance(variable.fact.type, YesNo | SomeOf):
        bit = ast.Subscript(a.name("patterns"), a.name("j"), ast.Load())
        first = variable.atoms[0]
        statements = [a.assign(f"t{first.index}", bit if first.of(1) else a.inverted(bit))]
        for other in variable.atoms[1:]:
            statements.append(a.assign(f"t{other.index}", a.inverted(a.name(f"t{first.index}"))))
        return [*statements, a.add("j", 1)]
    spread = f"spread{variable.position}"
    names[spread] = Spread(variable.regions)
    lanes = ast.Subscript(a.name(spread), a.tuple_([a.name("k"), a.name("j")]), ast.Load())
    return [a.assign(_targets(variable), lanes), a.add("j", variable.regions.bits)]


def _told_bit(variable: Variable, value: int) -> list[a.Stmt]:
    """The atoms of a known variable of two values."""
    return [a.assign(f"t{atom.index}", a.const(-1 if atom.of(value) else 0)) for atom in variable.atoms]


class _Teller(dict[object, tuple[int, ...]]):
    """The lanes of a fact's atoms by its answer, each worked out when it is first met."""

    MOST = 10_000

    def __init__(self, plan: Plan, variable: Variable) -> None:
        super().__init__()
        self.variable, self.encode = variable, encoding(plan, variable)

    def __missing__(self, answer: object) -> tuple[int, ...]:
        if len(self) >= self.MOST:
            self.clear()
        found = self[answer] = known(self.variable.truths(self.encode(answer)))
        return found


def _atom(atom: Atom) -> a.Expr:
    return a.name(f"t{atom.index}")


def _lanes(expr: a.Expr | bool) -> a.Expr:
    return a.const(-1 if expr else 0) if isinstance(expr, bool) else expr


def _care(impossible: list[a.Expr | bool]) -> Iterator[a.Stmt]:
    """The lanes that can be."""
    everything = a.call("full", a.name("k"))
    if not impossible:
        yield a.assign("care", everything)
        return
    never = a.joined(ast.BitOr(), [_lanes(each) for each in impossible], 0)
    yield a.assign("care", ast.BinOp(everything, ast.BitAnd(), a.inverted(never)))
    yield a.when(a.negated(a.name("care")), [a.give(a.const((None, None)))])


def _without(held: str, acting: Iterable[str]) -> a.Expr:
    acts = [a.name(each) for each in acting]
    if not acts:
        return a.name(held)
    kept = ast.BinOp(a.name(held), ast.BitAnd(), a.inverted(a.joined(ast.BitOr(), acts, 0)))
    return a.both([a.name(held), kept])


def _standing(plan: Plan) -> Iterator[a.Stmt]:
    """Where each provision applies, and each clause stands."""
    number = {provision.name: i for i, provision in enumerate(plan.provisions)}
    model = plan.model
    for i, provision in enumerate(plan.provisions):
        exceptions = [f"a{number[e]}" for e in _exceptions(plan, provision)]
        yield a.assign(f"a{i}", _without(f"h{i}", exceptions))
        if isinstance(provision, Clause):
            overrides = [
                f"s{number[o]}"
                for o in model.prevailed_over_by.get(provision.name, ())
                if o in number and model.clauses[o].outcome is not provision.outcome
            ]
            yield a.assign(f"s{i}", _without(f"a{i}", overrides))


def _clauses(plan: Plan) -> list[tuple[int, Clause]]:
    return [(i, p) for i, p in enumerate(plan.provisions) if isinstance(p, Clause)]


def _concluded(plan: Plan) -> Iterator[a.Stmt]:
    """Where the standing clauses have one outcome among them, and where they clash or are silent."""
    yield a.assign("spoken", a.const(0))
    yield a.assign("conflict", a.const(0))
    concluding: list[int] = []
    for o, outcome in enumerate(OUTCOMES):
        standing = [a.name(f"s{i}") for i, clause in _clauses(plan) if clause.outcome is outcome]
        if standing:
            here = a.name(f"concluded{o}")
            yield a.assign(f"concluded{o}", a.joined(ast.BitOr(), standing, 0))
            if concluding:
                clash = ast.BinOp(a.name("spoken"), ast.BitAnd(), here)
                yield a.assign("conflict", ast.BinOp(a.name("conflict"), ast.BitOr(), clash))
            yield a.assign("spoken", ast.BinOp(a.name("spoken"), ast.BitOr(), here))
            concluding.append(o)
    yield a.assign("alone", a.inverted(a.name("conflict")))
    for o in range(len(OUTCOMES)):
        alone = ast.BinOp(a.name(f"concluded{o}"), ast.BitAnd(), a.name("alone"))
        yield a.assign(f"only{o}", alone if o in concluding else a.const(0))
    must = [a.name(f"s{i}") for i, clause in _clauses(plan) if clause.must]
    yield a.assign("mandatory", a.joined(ast.BitOr(), must, 0))


def _somewhere(where: a.Expr) -> a.Expr:
    return ast.BinOp(a.name("care"), ast.BitAnd(), where)


def _possible() -> Iterator[a.Stmt]:
    """Which outcomes are possible, and on which bases; what a duty before seeking advice hangs on."""
    yield a.assign("bases", a.const(0))
    for o in range(len(OUTCOMES)):
        only = a.name(f"only{o}")
        yield a.when(a.both([only, _somewhere(only)]), [a.mark("bases", o)])
    yield a.assign("possible", a.name("bases"))
    advice = OUTCOMES.index(Outcome.SEEK_ADVICE)
    undecided = ast.BinOp(a.name("conflict"), ast.BitOr(), a.inverted(a.name("spoken")))
    yield a.assign("undecided", undecided)
    clash = a.when(_somewhere(a.name("conflict")), [a.mark("bases", len(OUTCOMES))])
    yield a.when(_somewhere(a.name("undecided")), [a.mark("possible", advice), clash])
    settled_otherwise = a.compare(
        a.name("possible"),
        (ast.In(), a.const(tuple(1 << o for o in range(len(OUTCOMES)) if o != advice))),
    )
    yield a.assign("advised", ast.IfExp(settled_otherwise, a.const(0), a.const(-1)))


def _brought(duty: Duty) -> a.Expr | None:
    """Where the outcome brings a duty; None for everywhere."""
    acts = {timing.act for timing in duty.timings}
    if Act.DECIDING in acts:
        return None
    outcomes = [act.outcome for act in Act if act in acts and act.outcome is not None]
    names = ["advised" if o is Outcome.SEEK_ADVICE else f"only{OUTCOMES.index(o)}" for o in outcomes]
    return a.joined(ast.BitOr(), [a.name(each) for each in names], 0)


def _duties(plan: Plan) -> Iterator[a.Stmt]:
    """Where each duty is due."""
    for i, duty in _duties_of(plan):
        brought = _brought(duty)
        applies = a.name(f"a{i}")
        due = applies if brought is None else a.both([applies, ast.BinOp(applies, ast.BitAnd(), brought)])
        yield a.assign(f"due{i}", due)


def _duties_of(plan: Plan) -> list[tuple[int, Duty]]:
    return [(i, p) for i, p in enumerate(plan.provisions) if isinstance(p, Duty)]


def _exceptions(plan: Plan, provision: Provision) -> list[str]:
    """The exceptions in force that set a provision aside."""
    in_force = {each.name for each in plan.provisions}
    return [name for name in plan.model.set_aside_by.get(provision.name, ()) if name in in_force]


def _lifted(i: int, duty: Duty) -> a.Expr:
    """Where a duty would be due, had no exception set it aside."""
    lifted = ast.BinOp(a.name(f"h{i}"), ast.BitAnd(), a.inverted(a.name(f"a{i}")))
    brought = _brought(duty)
    return lifted if brought is None else ast.BinOp(lifted, ast.BitAnd(), brought)


def _everywhere(where: str) -> a.Expr:
    """Whether it is so in every lane that can be."""
    return a.both([a.name(where), a.compare(_somewhere(a.name(where)), (ast.Eq(), a.name("care")))])


def _told(plan: Plan) -> Iterator[a.Stmt]:
    """What is so in every lane, and what in some only; of the latter duties also where."""
    yield a.assign(["fired", "due", "open_duties"], a.const((0, 0, 0)))
    for i, _ in _clauses(plan):
        yield a.when(_everywhere(f"s{i}"), [a.mark("fired", i)])
    for i, _ in _duties_of(plan):
        sometimes = a.when(_somewhere(a.name(f"due{i}")), [a.mark("open_duties", i)])
        always = a.compare(_somewhere(a.name(f"due{i}")), (ast.Eq(), a.name("care")))
        yield a.when(a.name(f"due{i}"), [a.when(always, [a.mark("due", i)], [sometimes])])
    mandatory: a.Expr = ast.IfExp(
        _everywhere("mandatory"),
        a.const(True),
        ast.IfExp(_somewhere(a.name("mandatory")), a.const(None), a.const(False)),
    )
    told = ["possible", "bases", "fired", "due", "open_duties"]
    yield a.assign("told", a.tuple_([mandatory, *(a.name(each) for each in told)]))
    wheres = {
        i: a.tuple_([a.name(f"due{i}"), *([_lifted(i, duty)] if _exceptions(plan, duty) else [])])
        for i, duty in _duties_of(plan)
    }
    by_duty = ast.Dict([a.const(i) for i in wheres], list(wheres.values()))
    hanging = a.tuple_([a.name("k"), a.name("care"), a.name("unknown"), by_duty])
    yield a.give(a.tuple_([a.name("told"), ast.IfExp(a.name("open_duties"), hanging, a.const(None))]))
