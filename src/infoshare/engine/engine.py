"""A policy on a day, compiled: facts -> decision.

Deliberately not here: the clock, and what a decision means (`meaning.evaluator`); where this form does not
reach, or a case is wrong, the definition decides or says what is wrong.
"""

import ast
from collections.abc import Callable, Mapping

from infoshare.engine import assembly as a
from infoshare.engine.by_definition import ByDefinition
from infoshare.engine.deferred import Deferred, Slots, deferred
from infoshare.engine.dotted import Dotted
from infoshare.engine.fewer import from_view, is_tangled
from infoshare.engine.findings import Findings, Values
from infoshare.engine.hanging import Hanging, hangs_on
from infoshare.engine.holding_code import Holding
from infoshare.engine.index import Index
from infoshare.engine.lanes import MOST_BITS
from infoshare.engine.lanes_code import settling
from infoshare.engine.lists import Lists
from infoshare.engine.plan import Plan
from infoshare.engine.reading_code import Names, raw, reading
from infoshare.engine.verdict import Settled, Told, Verdict, from_lanes
from infoshare.engine.whole import Whole
from infoshare.meaning.case import Case
from infoshare.meaning.deciding import Kept, decide, with_names
from infoshare.meaning.decision import ClauseFinding, Decision, DutyFinding
from infoshare.meaning.presumption import offered
from infoshare.meaning.types import UNSURE

MOST_KEPT = 10_000
"""Verdicts that are kept; then they are made anew."""

MOST_OPEN = 1_000
"""Cases with very much unknown that are kept, such as the one of which nothing is known yet."""

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
        "_attempt", "_dotted", "_fewer", "_findings", "_index", "_open", "_settle", "_settled", "_verdicts", "_whole", "decide", "plan",
    )  # fmt: skip

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan.model, plan.day, presume=plan.presume)
        self.plan = plan
        self._findings: dict[tuple[int, bool], Findings] = {}
        self._fewer: dict[Values, Verdict] = {}
        self._open: dict[tuple[int, tuple[str, ...]], DutyFinding] = {}
        self._dotted = Dotted(plan.model)
        self._index = Index(plan) if len(plan.provisions) > self.most_compiled else None
        self._settle: Callable[[int, Values], tuple[Told | None, Hanging | None]] = self._settle_first
        self._settled = Settled(plan, self._fired_of_settled)
        self._verdicts: dict[int | Told, Verdict] = {}
        parameters, body, names = self._code()
        self._whole = Whole(plan)
        self.decide = a.function(  # type: ignore[method-assign]
            "decide", parameters, body, names | {"otherwise": self._otherwise}
        )
        self._attempt = a.function("decide", parameters, body, names | {"otherwise": _nothing})

    def _code(self) -> tuple[list[str], list[a.Stmt], Names]:
        """The function that decides a case: what is plain at once, all else by the methods that it names."""
        plan = self.plan
        names: Names = {
            "read_lists": Lists(self.model).read,
            "verdicts": self._verdicts,
            "concluded": self._concluded,
            "unsettled": self._unsettled,
            "Slots": Slots,
            "Deferred": Deferred,
            "engine": self,
            "KeyError": KeyError,
            "TypeError": TypeError,
        }
        if self._index is not None:
            names["holding"] = self._index.holding
            mask, asked = [a.assign("mask", a.call("holding", a.name("values")))], self._index.asked
        else:
            mask, asked = Holding(plan).statements(), plan.bits
        read = [a.name(each) for each in ("values", "rest")]
        values = a.assign("values", a.tuple_([a.name(raw(i)) for i in range(len(plan.facts))]))
        found = a.assign("verdict", ast.Subscript(a.name("verdicts"), a.name("mask"), ast.Load()))
        body = [
            a.unless_raised(  # nothing is called in a handler: an error of its own would show what was handled
                [*reading(plan, asked, names), values],
                ["KeyError", "TypeError"],
                [a.assign("values", a.const(None))],
            ),
            a.when(a.is_(a.name("values"), None), [a.refuse()]),
            a.when(a.name("k"), [a.give(a.call("unsettled", a.name("facts"), a.name("k"), *read))]),
            *mask,
            a.unless_raised([found], ["KeyError"], [a.assign("verdict", a.const(None))]),
            a.when(
                a.is_(a.name("verdict"), None),
                [a.give(a.call("concluded", a.name("facts"), a.name("mask"), *read))],
            ),
            # As `deferred`, which would take as long again to be called.
            a.assign("made", a.call("Slots")),
            *(a.set_("made", f"_{part}", a.name(part)) for part in ("engine", "verdict", "values", "rest")),
            a.set_("made", "_hanging", a.const(None)),
            a.set_("made", "__class__", a.name("Deferred")),
            a.give(a.name("made")),
        ]
        return ["facts"], body, names

    def _otherwise(self, facts: Mapping[str, object]) -> Decision:
        """The decision on a case that is not plain; what is wrong with it, the definition says."""
        in_groups = self._dotted.in_groups(facts)
        decision = None if in_groups is None else self._attempt(in_groups)
        return self._by_definition(facts) if decision is None else decision

    def _unsettled(self, facts: Mapping[str, object], bits: int, values: Values, rest: Rest) -> Decision:
        """The decision on a case of which something that is asked is unknown."""
        told, hanging = self._settle(bits, values) if bits <= self.most_bits else NOT_SETTLED
        if told is None:
            verdict = self._among_fewer(values)
        else:
            verdict = self._verdicts.get(told) or self._conclude(told)
        if verdict is None:
            return self._by_definition(facts)
        return deferred(self, verdict, values, rest, hanging)

    def _concluded(self, facts: Mapping[str, object], mask: int, values: Values, rest: Rest) -> Decision:
        """The decision on a case in which these provisions hold, for the first time."""
        verdict = self._conclude(mask)
        if verdict is None:
            return self._by_definition(facts)
        return deferred(self, verdict, values, rest, None)

    def defeated(
        self, defeated: tuple[tuple[int, tuple[int, ...]], ...], values: Values
    ) -> tuple[ClauseFinding, ...]:
        """The clauses that apply and do not stand, with what defeats each."""
        of = self._finding
        return tuple(
            [of(number).of(values, tuple([of(each).of(values) for each in by])) for number, by in defeated]
        )

    def open_duties(self, verdict: Verdict, hanging: Hanging) -> tuple[DutyFinding, ...]:
        """The duties of a verdict, the open ones with the facts on which they hang."""
        bits, care, unknown, by_duty = hanging
        found = list(verdict.duties)
        for number, wheres in by_duty:
            waiting_for = hangs_on(bits, care, unknown, wheres)
            duty = self._open.get((number, waiting_for)) or self._open_duty(number, waiting_for)
            found[verdict.open[number]] = duty
        return tuple(found)  # type: ignore[arg-type]

    def whole(self, verdict: Verdict, values: Values, rest: Rest) -> Decision:
        """Everything that the definition says of facts that were read."""
        case, decision = self.case(values, rest), None
        if self._index is None:
            if verdict.mask is not None:
                assumed = offered(self.model, case, with_names(case)) if self.presume else {}
                kept = Kept(
                    tuple([each.of(values) for each in verdict.fired]),
                    self.defeated(verdict.defeated or (), values),
                    duties=verdict.settled_duties,
                )
                decision = self._whole.decision(verdict.mask, kept, values, case, assumed)
            else:
                decision = self._whole.by_definition(case)
        if decision is None:
            decision = decide(self.model, case, self.day, presume=self.presume)
        return decision

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

    def _settle_first(self, bits: int, values: Values) -> tuple[Told | None, Hanging | None]:
        """Makes what settles cases in lanes, when the first comes that asks for it."""
        if self._index is not None or is_tangled(self.plan):
            self._settle = _not_settled
        else:
            names: Names = {}
            self._settle = a.function("settle", ["k", "values"], settling(self.plan, names), names)
        return self._settle(bits, values)

    def _among_fewer(self, values: Values) -> Verdict | None:
        found = self._fewer.get(values)
        if found is None:
            possible = -1 if self._index is None else self._index.possible(values)[0]
            found = from_view(self.plan, possible, self.case(values, None), self._fired_of)
            if len(self._fewer) >= MOST_OPEN:
                self._fewer.clear()
            if found is not None:
                self._fewer[values] = found
        return found

    def _fired_of(self, numbers: tuple[int, ...]) -> tuple[Findings, ...]:
        # What stands in every way to answer does so by what is known, unless some ways are impossible.
        settled = not self.model.impossibles
        return tuple([self._finding(number, settled=settled) for number in numbers])

    def _fired_of_settled(self, numbers: tuple[int, ...]) -> tuple[Findings, ...]:
        return tuple([self._finding(number) for number in numbers])

    def _finding(self, number: int, *, settled: bool = True) -> Findings:
        found = self._findings.get((number, settled))
        if found is None:
            # To see what a clause settles takes longer than it saves where each of very many stands but seldom.
            found = Findings(self.plan, self.plan.provisions[number], settled=settled and self._index is None)
            self._findings[number, settled] = found
        return found

    def _open_duty(self, number: int, waiting_for: tuple[str, ...]) -> DutyFinding:
        if len(self._open) >= MOST_KEPT:
            self._open.clear()
        due = self._settled.due[number]
        found = self._open[number, waiting_for] = DutyFinding(
            due.duty, due.timing, due.do, "open", waiting_for, due.cites
        )
        return found

    def _conclude(self, told: int | Told) -> Verdict | None:
        if len(self._verdicts) >= MOST_KEPT:
            self._verdicts.clear()
        if isinstance(told, int):
            verdict = self._settled.of(told)
        else:
            verdict = from_lanes(self.plan, told, self._fired_of)
        if verdict is not None:
            self._verdicts[told] = verdict
        return verdict


NOT_SETTLED = None, None


def _not_settled(_bits: int, _values: Values) -> tuple[None, None]:
    return NOT_SETTLED


def _nothing(_: object) -> None:
    return None
