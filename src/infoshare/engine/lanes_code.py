"""The code that settles a case of which something that matters is unknown: every completion at once.

It follows `meaning.evaluator` line by line, with whole numbers of lanes (`lanes`) in the place of diagrams.
What it gives is what `verdict.from_lanes` takes; it gives up where no completion is possible.
"""

import ast
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
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


def unknown_bits(plan: Plan, values: Sequence[Any]) -> list[str]:
    """The unknown fact of each bit of the lanes of a case, by what was read of it."""
    return [
        plan.facts[position].path
        for position, bits in sorted(plan.bits.items())
        if values[position] == UNSURE or (values[position] is None and not assumes(plan, position))
        for _ in range(bits)
    ]


def _following(plan: Plan) -> Iterator[a.Stmt]:
    """What follows from where each provision holds."""
    applying, standing = _Locals(), _Locals()
    yield from _standing(plan, applying, standing)
    concluding = {clause.outcome for _, clause in _clauses(plan)}
    yield from _concluded(plan, standing, concluding)
    yield from _possible(plan, concluding)
    yield from _duties(plan, applying)
    yield from _told(plan, concluding, applying, standing)


class _Locals(dict[int, str]):
    """The local that holds something of a provision, by its number."""

    def at(self, number: int) -> a.Expr:
        return a.name(self[number])


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
    yield a.when(a.negated(a.name("care")), [a.refuse()])


class _Unions:
    """Where any of some provisions acts; unions that begin with the same ones have that part worked out once."""

    def __init__(self, prefix: str, where: _Locals, wanted: Iterable[Sequence[int]]) -> None:
        """For unions of these provisions, by their numbers.

        Args:
            prefix: of the locals for what several unions share.
            where: each provision acts.
        """
        wanted = list(wanted)
        self._prefix, self._where = prefix, where
        self._often = Counter(number for union in wanted for number in union)
        starts = Counter(start for union in wanted for start in _starts(self._sorted(union)))
        shared = {start: count for start, count in starts.items() if count > 1 and len(start) > 1}
        goes_on = {start[:-1] for start, count in shared.items() if count == shared.get(start[:-1])}
        self._shared = shared.keys() - goes_on
        self._made: dict[tuple[int, ...], str] = {}

    def of(self, union: Sequence[int]) -> Iterator[a.Stmt]:
        """What must run before the union is asked for."""
        for start in _starts(self._sorted(union)):
            if start in self._shared and start not in self._made:
                expr = self.expr(start)
                local = self._made[start] = f"{self._prefix}{len(self._made)}"
                yield a.assign(local, expr)

    def expr(self, union: Sequence[int]) -> a.Expr:
        """The union."""
        expr = None
        for start in _starts(self._sorted(union)):
            if start in self._made:
                expr = a.name(self._made[start])
            else:
                last = self._where.at(start[-1])
                expr = last if expr is None else ast.BinOp(expr, ast.BitOr(), last)
        return a.const(0) if expr is None else expr

    def _sorted(self, union: Sequence[int]) -> list[int]:
        return sorted(union, key=lambda number: (-self._often[number], number))


def _starts(numbers: Sequence[int]) -> list[tuple[int, ...]]:
    return [tuple(numbers[: end + 1]) for end in range(len(numbers))]


def _without(held: a.Expr, acting: a.Expr) -> a.Expr:
    return a.both([held, ast.BinOp(held, ast.BitAnd(), a.others(acting))])


def _standing(plan: Plan, applying: _Locals, standing: _Locals) -> Iterator[a.Stmt]:
    """Where each provision applies, and each clause stands; what nothing acts on has no local of its own."""
    exceptions = {i: _exceptions(plan, provision) for i, provision in enumerate(plan.provisions)}
    overrides = {i: _overrides(plan, clause) for i, clause in _clauses(plan)}
    set_aside = _Unions("x", applying, exceptions.values())
    defeated = _Unions("o", standing, overrides.values())
    for i in range(len(plan.provisions)):
        applying[i] = f"h{i}"
        if exceptions[i]:
            yield from set_aside.of(exceptions[i])
            yield a.assign(f"a{i}", _without(a.name(f"h{i}"), set_aside.expr(exceptions[i])))
            applying[i] = f"a{i}"
        if i in overrides:
            standing[i] = applying[i]
            if overrides[i]:
                yield from defeated.of(overrides[i])
                yield a.assign(f"s{i}", _without(applying.at(i), defeated.expr(overrides[i])))
                standing[i] = f"s{i}"


def _overrides(plan: Plan, clause: Clause) -> list[int]:
    """The overrides in force of another outcome that prevail over a clause."""
    by, clauses = plan.model.prevailed_over_by.get(clause.name, ()), plan.model.clauses
    return [plan.number[o] for o in by if o in plan.number and clauses[o].outcome is not clause.outcome]


def _exceptions(plan: Plan, provision: Provision) -> list[int]:
    """The exceptions in force that set a provision aside."""
    by = plan.model.set_aside_by.get(provision.name, ())
    return [plan.number[exception] for exception in by if exception in plan.number]


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
    clash = a.when(_somewhere(plan, a.name("conflict")), [a.mark("bases", len(OUTCOMES))])
    yield a.when(_undecided(plan), [a.mark("possible", advice), clash])
    settled_otherwise = a.compare(
        a.name("possible"),
        (ast.In(), a.const(tuple(1 << o for o in range(len(OUTCOMES)) if o != advice))),
    )
    yield a.assign("advised", ast.IfExp(settled_otherwise, a.const(0), a.name("everything")))


def _undecided(plan: Plan) -> a.Expr:
    """Whether there are lanes in which clauses clash or none stands."""
    conflict, spoken = a.name("conflict"), a.name("spoken")
    if plan.model.impossibles:
        return _somewhere(plan, ast.BinOp(conflict, ast.BitOr(), a.others(spoken)))
    return a.either([conflict, a.compare(spoken, (ast.NotEq(), a.name("everything")))])


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


def _lifted(plan: Plan, i: int, duty: Duty, applying: _Locals) -> a.Expr:
    """Where a duty would be due, had no exception set it aside."""
    lifted = ast.BinOp(a.name(f"h{i}"), ast.BitAnd(), a.others(applying.at(i)))
    brought = _brought(plan, duty)
    return lifted if brought is None else ast.BinOp(lifted, ast.BitAnd(), brought)


def _everywhere(plan: Plan, where: a.Expr) -> a.Expr:
    """Whether it is so in every lane that can be."""
    return a.compare(_somewhere(plan, where), (ast.Eq(), a.name("care")))


def _told(plan: Plan, concluding: set[Outcome], applying: _Locals, standing: _Locals) -> Iterator[a.Stmt]:
    """What is so in every lane, and what in some only; of the latter duties also where."""
    yield a.assign("certain", a.const(0))
    yield a.assign("open_duties", a.const(0))
    yield a.assign("opened", ast.List([], ast.Load()))
    for o in _numbered(concluding):  # a clause that stands everywhere is of an outcome that is concluded everywhere
        yield a.when(
            _everywhere(plan, a.name(f"concluded{o}")),
            [
                a.when(a.both([standing.at(i), _everywhere(plan, standing.at(i))]), [a.mark("certain", i)])
                for i, clause in _clauses(plan)
                if clause.outcome is OUTCOMES[o]
            ],
        )
    for i, duty in _duties_of(plan):
        here = a.name(f"due{i}")
        wheres = [here, *([_lifted(plan, i, duty, applying)] if _exceptions(plan, duty) else [])]
        noted = a.call(a.method(a.name("opened"), "append"), a.tuple_([a.const(i), a.tuple_(wheres)]))
        sometimes = a.when(_somewhere(plan, here), [a.mark("open_duties", i), ast.Expr(noted)])
        yield a.when(here, [a.when(_everywhere(plan, here), [a.mark("certain", i)], [sometimes])])
    must = [standing.at(i) for i, clause in _clauses(plan) if clause.must]
    yield a.assign("mandatory", a.joined(ast.BitOr(), must))
    in_some_lanes = ast.IfExp(_somewhere(plan, a.name("mandatory")), a.const(None), a.const(False))
    mandatory = ast.IfExp(_everywhere(plan, a.name("mandatory")), a.const(True), in_some_lanes)
    told = ["possible", "bases", "certain", "open_duties"]
    yield a.assign(
        "told", a.tuple_([mandatory if must else a.const(False), *(a.name(each) for each in told)])
    )
    hanging = a.tuple_([a.name(each) for each in ("k", "care", "opened")])
    yield a.assign("hanging", ast.IfExp(a.name("opened"), hanging, a.const(None)))
