"""A policy on a day, compiled: facts -> decision.

Deliberately not here: the clock, and what a decision means (`meaning.evaluator`); where this form does not
reach, or a case is wrong, the definition decides or says what is wrong.
"""

import ast
from collections.abc import Callable, Mapping
from typing import Any

from infoshare.engine import assembly as a
from infoshare.engine.alike import Kinds
from infoshare.engine.by_definition import ByDefinition
from infoshare.engine.dotted import Dotted
from infoshare.engine.fewer import from_view, is_tangled
from infoshare.engine.found import Found
from infoshare.engine.hanging import Hanging, hangs_on, with_open
from infoshare.engine.holding_code import Holding
from infoshare.engine.index import Index
from infoshare.engine.lanes import MOST_BITS
from infoshare.engine.lanes_code import settling, unknown_bits
from infoshare.engine.lists import Lists
from infoshare.engine.plan import Plan
from infoshare.engine.reading_code import Names, raw, reading
from infoshare.engine.reasons import Reasons, Values
from infoshare.engine.verdict import Settled, Told, Verdict, from_lanes
from infoshare.meaning.case import Case
from infoshare.meaning.deciding import Defined, decide
from infoshare.meaning.findings import ClauseFinding, DutyFinding
from infoshare.meaning.types import UNSURE

MOST_KEPT = 10_000
"""Verdicts that are kept; then they are made anew."""

MOST_OPEN = 1_000
"""Cases with very much unknown that are kept, such as the one of which nothing is known yet."""

Decide = Callable[..., Found | Defined]

Rest = tuple[str | None, Case | None] | None
"""What a case says besides the facts of plain groups: its name, and its lists as a case of their own."""


MOST_COMPILED = 150
"""Provisions that become code; more are looked up in an index."""


class Compiled(ByDefinition):
    """Decides the same cases by functions made for the policy and the day.

    Attributes:
        most_compiled: how many provisions become code; of a policy that has more, they are looked up.
        most_bits: how many bits of unknown facts are tried at once.
    """

    most_compiled, most_bits = MOST_COMPILED, MOST_BITS

    __slots__ = (
        "_attempt", "_dotted", "_fewer", "_index", "_kinds", "_reasons", "_settled", "_verdicts", "decide", "plan",
    )  # fmt: skip

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan.model, plan.day, presume=plan.presume)
        self.plan = plan
        self._reasons: dict[tuple[int, bool], Reasons] = {}
        self._fewer: dict[Values, Verdict] = {}
        self._dotted = Dotted(plan.model)
        self._index = Index(plan) if len(plan.provisions) > self.most_compiled else None
        self._settled = Settled(plan, self._fired_of_settled)
        self._verdicts: dict[int | Told, Verdict] = {}
        self._kinds = Kinds(plan)
        body, names = self._code()
        self.decide = self._function("decide", ["facts"], body, names | {"otherwise": self._otherwise})  # type: ignore[method-assign]
        self._attempt = self._function("decide", ["facts"], body, names | {"otherwise": _nothing})

    def _function(self, name: str, parameters: list[str], body: list[a.Stmt], names: Names) -> Decide:
        """A function that decides; what all of them refer to is added to its names."""
        common = {
            "verdicts": self._verdicts,
            "concluded": self._concluded,
            "with_open": with_open,
            "engine": self,
            "Found": Found,
            "KeyError": KeyError,
        }
        return a.function(name, parameters, body, common | names)

    def _code(self) -> tuple[list[a.Stmt], Names]:
        """The body of what decides a case: what is plain at once, all else by the methods that it names."""
        plan = self.plan
        names: Names = {
            "read_lists": Lists(self.model).read,
            "unsettled": self._unsettled_first,
            "TypeError": TypeError,
        }
        if self._index is not None:
            names["holding"] = self._index.holding
            mask, asked = [a.assign("mask", a.call("holding", a.name("values")))], self._index.asked
        else:
            mask, asked = Holding(plan).statements(names), plan.bits
        values = a.assign("values", a.tuple_([a.name(raw(i)) for i in range(len(plan.facts))]))
        unsettled = a.call("unsettled", *(a.name(each) for each in ("facts", "k", "values", "rest")))
        return (
            [
                a.unless_raised(  # nothing is called in a handler: an error of its own would show what was handled
                    [*reading(plan, asked, names), values],
                    ["KeyError", "TypeError"],
                    [a.assign("values", a.const(None))],
                ),
                a.when(a.is_(a.name("values"), None), [a.refuse()]),
                a.when(a.name("k"), [a.give(unsettled)]),
                *mask,
                *_made_of("mask"),
            ],
            names,
        )

    def _unsettled_first(
        self, facts: Mapping[str, object], bits: int, values: Values, rest: Rest
    ) -> Found | Defined:
        """Makes what decides cases of which something that is asked is unknown, when the first comes."""
        unsettled = self._by_lanes()
        for function in (self.decide, self._attempt):
            function.__globals__["unsettled"] = unsettled
        return unsettled(facts, bits, values, rest)

    def _by_lanes(self) -> Decide:
        """What decides cases of which something that is asked is unknown: all completions at once where it can."""
        if self._index is not None or is_tangled(self.plan):
            return self._among_fewer
        names: Names = {"among_fewer": self._among_fewer, "otherwise": self._by_definition}
        parameters = ["facts", "k", "values", "rest"]
        too_many = a.compare(a.name("k"), (ast.Gt(), a.const(self.most_bits)))
        among_fewer = a.give(a.call("among_fewer", *map(a.name, parameters)))
        body = [a.when(too_many, [among_fewer]), *settling(self.plan, names), *_made_of("told", "hanging")]
        return self._function("unsettled", parameters, body, names)

    def _otherwise(self, facts: Mapping[str, object]) -> Found | Defined:
        """The decision on a case that is not plain; what is wrong with it, the definition says."""
        in_groups = self._dotted.in_groups(facts)
        decision = None if in_groups is None else self._attempt(in_groups)
        return self._by_definition(facts) if decision is None else decision

    def _among_fewer(
        self, facts: Mapping[str, object], _bits: int, values: Values, rest: Rest
    ) -> Found | Defined:
        """The decision on a case of which much is unknown, by the definition of fewer provisions."""
        if any(values[position] == UNSURE for position in self.plan.doubtful):
            return self._by_definition(facts)
        verdict = self._fewer.get(values)
        if verdict is None:
            possible = -1 if self._index is None else self._index.possible(values)[0]
            verdict = from_view(self.plan, possible, self.case(values, None), self._fired_of)
            if verdict is None:
                return self._by_definition(facts)
            if len(self._fewer) >= MOST_OPEN:
                self._fewer.clear()
            self._fewer[values] = verdict
        return self._found(verdict, values, rest, verdict.duties)

    def _concluded(
        self,
        facts: Mapping[str, object],
        told: int | Told,
        values: Values,
        rest: Rest,
        hanging: Hanging | None,
    ) -> Found | Defined:
        """The decision on a case of which this is told for the first time: the provisions that hold, or by lanes."""
        if len(self._verdicts) >= MOST_KEPT:
            self._verdicts.clear()
        if isinstance(told, int):
            verdict = self._settled.of(told)
        else:
            verdict = from_lanes(self.plan, told, self._fired_of)
        if verdict is None:
            return self._by_definition(facts)
        self._verdicts[told] = verdict
        duties = verdict.duties if hanging is None else with_open(self, verdict, values, hanging)
        return self._found(verdict, values, rest, duties)

    def _found(self, verdict: Verdict, values: Values, rest: Rest, duties: tuple[DutyFinding, ...]) -> Found:
        found = Found()
        found.engine, found.verdict, found.values, found.rest = self, verdict, values, rest
        found.outcome, found.duties = verdict.outcome, duties
        return found

    def defeated(
        self, defeated: tuple[tuple[int, tuple[int, ...]], ...], values: Values
    ) -> tuple[ClauseFinding, ...]:
        """The clauses that apply and do not stand, with what defeats each."""
        of = self._reason
        return tuple(
            [of(number).of(values, tuple([of(each).of(values) for each in by])) for number, by in defeated]
        )

    def waiting_for(self, values: Values, hanging: Hanging, wheres: tuple[int, ...]) -> tuple[str, ...]:
        """The facts on which an open duty hangs, in policy order."""
        bits, care, _ = hanging
        return hangs_on(bits, care, unknown_bits(self.plan, values), wheres)

    def part(self, found: Found, name: str) -> Any:
        """A part of what is found of a case that the definition finds."""
        if self._index is None:
            return self._kinds.part(found, name)
        if found.defined is None:  # to see what tells cases apart would take longer than to look at one
            found.defined = decide(self.model, found.given, self.day, presume=self.presume)
        return getattr(found.defined, name)

    def case(self, values: Values, rest: Rest) -> Case:
        """The case that was read."""
        said = [
            (fact.path, value)
            for fact, value in zip(self.plan.facts, values, strict=True)
            if value is not None
        ]
        answers = {path: value for path, value in said if value != UNSURE}
        unsure = [path for path, value in said if value == UNSURE]
        name, lists = rest or (None, None)
        if lists is None:
            return Case(name, answers, frozenset(unsure))
        return Case(name, answers | dict(lists.answers), lists.unsure | set(unsure), lists.elements)

    def _fired_of(self, numbers: tuple[int, ...]) -> tuple[Reasons, ...]:
        # What stands in every way to answer does so by what is known, unless some ways are impossible.
        settled = not self.model.impossibles
        return tuple([self._reason(number, settled=settled) for number in numbers])

    def _fired_of_settled(self, numbers: tuple[int, ...]) -> tuple[Reasons, ...]:
        return tuple([self._reason(number) for number in numbers])

    def _reason(self, number: int, *, settled: bool = True) -> Reasons:
        found = self._reasons.get((number, settled))
        if found is None:
            # To see what a clause settles takes longer than it saves where each of very many stands but seldom.
            found = Reasons(self.plan, self.plan.provisions[number], settled=settled and self._index is None)
            self._reasons[number, settled] = found
        return found


def _made_of(told: str, hanging: str | None = None) -> list[a.Stmt]:
    """The decision by what is told of a case, and by what its open duties hang on."""
    verdict = a.name("verdict")
    found = a.assign("verdict", ast.Subscript(a.name("verdicts"), a.name(told), ast.Load()))
    hangs = a.const(None) if hanging is None else a.name(hanging)
    duties = a.method(verdict, "duties")
    if hanging is not None:
        open_ones = a.call("with_open", a.name("engine"), verdict, a.name("values"), hangs)
        duties = ast.IfExp(a.is_(hangs, None), duties, open_ones)
    parts = {name: a.name(name) for name in ("engine", "verdict", "values", "rest")} | {
        "outcome": a.method(verdict, "outcome"),
        "duties": duties,
    }
    return [
        a.unless_raised([found], ["KeyError"], [a.assign("verdict", a.const(None))]),
        a.when(
            a.is_(verdict, None),
            [
                a.give(
                    a.call("concluded", *(a.name(each) for each in ("facts", told, "values", "rest")), hangs)
                )
            ],
        ),
        # As `_found`, which would take as long again to be called.
        a.assign("found", a.call("Found")),
        *(a.set_("found", part, value) for part, value in parts.items()),
        a.give(a.name("found")),
    ]


def _nothing(_: object) -> None:
    return None
