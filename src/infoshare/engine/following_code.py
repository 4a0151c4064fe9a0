"""What follows from where each provision holds, in every completion of a case at once.

It follows `meaning.evaluator` line by line, with whole numbers of lanes (`lanes`) in the place of diagrams.
What it tells is what `verdict.from_lanes` takes. Deliberately not here: where each provision holds (`lanes_code`).
"""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from infoshare.engine import assembly as a
from infoshare.engine.plan import Plan
from infoshare.meaning.model import Clause, Duty, Provision
from infoshare.outcome import OUTCOMES, Act, Outcome

ADVICE = OUTCOMES.index(Outcome.SEEK_ADVICE)

Wheres = dict[int, a.Expr]
"""The lanes of something of a provision, by its number: a local, all of them, or none."""


def following(plan: Plan, holding: Mapping[int, a.Expr]) -> Iterator[a.Stmt]:
    """Statements that work out `told` and `hanging`.

    Args:
        holding: where each provision holds; `everything` is all lanes and `care`, which is the same where nothing
            is impossible, those that can be.
    """
    code = _Following(plan, holding)
    yield from code.standing_ones()
    yield from code.concluded()
    yield from code.possible()
    yield from code.certain_clauses()
    yield from code.duties()
    yield from code.told()


class _Following:
    def __init__(self, plan: Plan, holding: Mapping[int, a.Expr]) -> None:
        self.plan, self.holding = plan, holding
        self.care = a.name("care" if plan.model.impossibles else "everything")
        self.clauses = {i: p for i, p in enumerate(plan.provisions) if isinstance(p, Clause)}
        concluding = {clause.outcome for clause in self.clauses.values()}
        self.concluding = [o for o, outcome in enumerate(OUTCOMES) if outcome in concluding]
        self.applying, self.standing = Wheres(), Wheres()
        self.exceptions = {i: self._exceptions(each) for i, each in enumerate(plan.provisions)}
        self.overrides = {i: self._overrides(clause) for i, clause in self.clauses.items()}
        self._set_aside = Unions("x", self.applying, self.exceptions.values())
        self._defeated = Unions("o", self.standing, self.overrides.values())

    def _somewhere(self, where: a.Expr) -> a.Expr:
        """Those of some lanes that can be."""
        return ast.BinOp(self.care, ast.BitAnd(), where) if self.plan.model.impossibles else where

    def _everywhere(self, where: a.Expr) -> a.Expr:
        """Whether it is so in every lane that can be."""
        return a.compare(self._somewhere(where), (ast.Eq(), self.care))

    def standing_ones(self) -> Iterator[a.Stmt]:
        """Where each provision applies, and each clause stands; what nothing acts on has no local of its own."""
        for i, holds in self.holding.items():
            self.applying[i] = holds
            if by := self.exceptions[i]:
                yield from self._set_aside.made_for(by)
                yield a.assign(f"a{i}", _without(holds, self._set_aside.of(by)))
                self.applying[i] = a.name(f"a{i}")
            if i in self.clauses:
                self.standing[i] = self.applying[i]
                if by := self.overrides[i]:
                    yield from self._defeated.made_for(by)
                    yield a.assign(f"s{i}", _without(self.applying[i], self._defeated.of(by)))
                    self.standing[i] = a.name(f"s{i}")

    def _exceptions(self, provision: Provision) -> list[int]:
        """The exceptions in force that set a provision aside."""
        number = self.plan.number
        return [number[e] for e in self.plan.model.set_aside_by.get(provision.name, ()) if e in number]

    def _overrides(self, clause: Clause) -> list[int]:
        """The overrides in force of another outcome that prevail over a clause."""
        number = self.plan.number
        return [number[o] for o in self.plan.model.defeated_by.get(clause.name, ()) if o in number]

    def concluded(self) -> Iterator[a.Stmt]:
        """Where the standing clauses have one outcome among them, and where they clash or are silent."""
        spoken, conflict = a.name("spoken"), a.name("conflict")
        yield a.assign("conflict", a.const(0))
        if not self.concluding:
            yield a.assign("spoken", a.const(0))
        for place, o in enumerate(self.concluding):
            here = a.name(f"concluded{o}")
            yield a.assign(f"concluded{o}", self._defeated.of(self._of_outcome(o)))
            if place == 0:
                yield a.assign("spoken", here)
                continue
            clash: a.Expr = ast.BinOp(spoken, ast.BitAnd(), here)
            if place > 1:
                clash = ast.BinOp(conflict, ast.BitOr(), clash)
            both = [a.assign("conflict", clash), a.assign("spoken", ast.BinOp(spoken, ast.BitOr(), here))]
            yield a.when(here, both)
        for o in self.concluding:
            here = a.name(f"concluded{o}")
            alone = ast.BinOp(here, ast.BitAnd(), a.others(conflict))
            yield a.assign(f"only{o}", ast.IfExp(conflict, alone, here))

    def _of_outcome(self, o: int) -> list[int]:
        """The clauses of an outcome."""
        return [i for i, clause in self.clauses.items() if clause.outcome is OUTCOMES[o]]

    def possible(self) -> Iterator[a.Stmt]:
        """Which outcomes are possible, and on which bases."""
        conflict, spoken = a.name("conflict"), a.name("spoken")
        yield a.assign("bases", a.const(0))
        for o in self.concluding:
            yield a.when(self._somewhere(a.name(f"only{o}")), [a.mark("bases", o)])
        yield a.assign("possible", a.name("bases"))
        undecided = a.either([conflict, a.compare(spoken, (ast.NotEq(), a.name("everything")))])
        if self.plan.model.impossibles:
            undecided = self._somewhere(ast.BinOp(conflict, ast.BitOr(), a.others(spoken)))
        clash = a.when(self._somewhere(conflict), [a.mark("bases", len(OUTCOMES))])
        yield a.when(undecided, [a.mark("possible", ADVICE), clash])

    def certain_clauses(self) -> Iterator[a.Stmt]:
        """Which clauses stand in every lane; where one does, its outcome is concluded in every lane."""
        yield a.assign("certain", a.const(0))
        for o in self.concluding:
            each = [
                a.when(a.both([self.standing[i], self._everywhere(self.standing[i])]), [a.mark("certain", i)])
                for i in self._of_outcome(o)
            ]
            yield a.when(self._everywhere(a.name(f"concluded{o}")), each)

    def duties(self) -> Iterator[a.Stmt]:
        """Which duties are due in every lane, and which in some only: of these also where, and where they are lifted."""
        yield a.assign("open_duties", a.const(0))
        yield a.assign("opened", ast.List([], ast.Load()))
        duties = [(i, p) for i, p in enumerate(self.plan.provisions) if isinstance(p, Duty)]
        if any(Outcome.SEEK_ADVICE in _outcomes(duty) for _, duty in duties):
            others = a.const(tuple(1 << o for o in range(len(OUTCOMES)) if o != ADVICE))
            settled_otherwise = a.compare(a.name("possible"), (ast.In(), others))
            yield a.assign("advised", ast.IfExp(settled_otherwise, a.const(0), a.name("everything")))
        for i, duty in duties:
            applies, brought, due = self.applying[i], self._brought(duty), a.name(f"due{i}")
            where = applies if brought is None else a.both([applies, _and(applies, brought)])
            wheres: list[a.Expr] = [due]
            if self.exceptions[i]:
                lifted = _and(self.holding[i], a.others(applies))
                wheres.append(lifted if brought is None else _and(lifted, brought))
            noted = a.call(a.method(a.name("opened"), "append"), a.tuple_(wheres))
            sometimes = [a.mark("open_duties", i), ast.Expr(noted)]
            if self.plan.model.impossibles:
                sometimes = [a.when(self._somewhere(due), sometimes)]
            yield a.assign(f"due{i}", where)
            yield a.when(due, [a.when(self._everywhere(due), [a.mark("certain", i)], sometimes)])

    def _brought(self, duty: Duty) -> a.Expr | None:
        """Where the outcome brings a duty; None for everywhere."""
        if any(timing.act is Act.DECIDING for timing in duty.timings):
            return None
        outcomes = _outcomes(duty)
        names = [f"only{o}" for o in self.concluding if o != ADVICE and OUTCOMES[o] in outcomes]
        names += ["advised"] if Outcome.SEEK_ADVICE in outcomes else []
        return a.joined(ast.BitOr(), [a.name(each) for each in names])

    def told(self) -> Iterator[a.Stmt]:
        """Everything that `verdict.from_lanes` takes."""
        must = [self.standing[i] for i, clause in self.clauses.items() if clause.must]
        mandatory: a.Expr = a.const(False)
        if must:
            where = a.name("mandatory")
            yield a.assign("mandatory", a.joined(ast.BitOr(), must))
            in_some = ast.IfExp(self._somewhere(where), a.const(None), a.const(False))
            alone = ast.IfExp(a.name("conflict"), _and(where, a.others(a.name("conflict"))), where)
            mandatory = ast.IfExp(self._everywhere(alone), a.const(True), in_some)
        told = [a.name(each) for each in ("possible", "bases", "certain", "open_duties")]
        yield a.assign("told", a.tuple_([mandatory, *told]))
        hanging = a.tuple_([a.name("k"), self.care, a.name("opened")])
        yield a.assign("hanging", ast.IfExp(a.name("opened"), hanging, a.const(None)))


class Unions:
    """Where any of some provisions acts; unions that begin with the same ones have that part worked out once."""

    def __init__(self, prefix: str, where: Wheres, wanted: Iterable[Sequence[int]]) -> None:
        """For unions of these provisions, by their numbers.

        Args:
            prefix: of the locals for what several unions share.
            where: each provision acts.
        """
        wanted = list(wanted)
        self._prefix, self._where = prefix, where
        self._often = Counter(number for union in wanted for number in union)
        starts = Counter(start for union in wanted for start in self._starts(union))
        shared = {start: count for start, count in starts.items() if count > 1 and len(start) > 1}
        goes_on = {start[:-1] for start, count in shared.items() if count == shared.get(start[:-1])}
        self._shared = shared.keys() - goes_on
        self._made: dict[tuple[int, ...], a.Expr] = {}

    def made_for(self, union: Sequence[int]) -> Iterator[a.Stmt]:
        """What must run before a union is asked for."""
        for start in self._starts(union):
            if start in self._shared and start not in self._made:
                local, where = f"{self._prefix}{len(self._made)}", self.of(start)
                self._made[start] = a.name(local)
                yield a.assign(local, where)

    def of(self, union: Sequence[int]) -> a.Expr:
        """A union."""
        where: a.Expr = a.const(0)
        for start in self._starts(union):
            last = self._where[start[-1]]
            where = self._made.get(start) or (
                last if len(start) == 1 else ast.BinOp(where, ast.BitOr(), last)
            )
        return where

    def _starts(self, union: Sequence[int]) -> list[tuple[int, ...]]:
        """The first, the first two, … of a union, those that act most often first."""
        numbers = sorted(union, key=lambda number: (-self._often[number], number))
        return [tuple(numbers[: end + 1]) for end in range(len(numbers))]


def _without(held: a.Expr, acting: a.Expr) -> a.Expr:
    return a.both([held, _and(held, a.others(acting))])


def _and(one: a.Expr, other: a.Expr) -> a.Expr:
    return ast.BinOp(one, ast.BitAnd(), other)


def _outcomes(duty: Duty) -> set[Outcome]:
    """The outcomes that bring a duty."""
    return {timing.act.outcome for timing in duty.timings if timing.act.outcome is not None}
