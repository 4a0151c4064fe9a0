"""The whole decision on a case of which everything that is asked is known, from the provisions that hold.

The definition puts it together (`meaning.deciding`); what is new for each case is looked at, and what is the
same for every case in which the same provisions hold is kept. Deliberately not here: what any part means.
"""

from collections.abc import Mapping
from threading import Lock

import attrs

from infoshare.engine.findings import Findings, Values
from infoshare.engine.plan import Plan
from infoshare.engine.verdict import bits
from infoshare.meaning import clauses
from infoshare.meaning.case import Case
from infoshare.meaning.deciding import Kept, decide, put_together, with_names
from infoshare.meaning.decision import ClauseFinding, Decision, DutyFinding
from infoshare.meaning.diagram import BUDGET
from infoshare.meaning.evaluator import Standing, follow
from infoshare.meaning.grounds import Grounds, Opened
from infoshare.meaning.outlook import Outlook
from infoshare.meaning.types import Answer
from infoshare.meaning.view import View, view
from infoshare.meaning.world import World

MOST_OPENED = 16
"""Opened cases that are kept, one for each set of lists."""

MOST_KEPT = 1_000
"""Sets of provisions of which what follows is kept."""


@attrs.frozen
class _Same:
    """What is the same whenever the same provisions hold; clauses by their number in the plan.

    Attributes:
        defeated: each with what defeats it.
    """

    standing: Standing
    defeated: tuple[tuple[int, tuple[int, ...]], ...]
    not_fired: tuple[int, ...]


class Whole:
    """Makes whole decisions for one plan."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._number = {provision.name: n for n, provision in enumerate(plan.provisions)}
        self._same: dict[int, _Same] = {}
        self._findings: dict[tuple[int, bool], Findings] = {}
        self._opened: dict[object, Opened] = {}
        self._lock = Lock()

    def decision(
        self,
        mask: int,
        fired: tuple[ClauseFinding, ...],
        duties: tuple[DutyFinding, ...],
        values: Values,
        case: Case,
        assumed: Mapping[str, Answer],
    ) -> Decision | None:
        """The decision on a case in which these provisions hold.

        Args:
            fired: the clauses that stand, as they appear in the decision.
            duties: those that are due.
            assumed: what is assumed of the case, by key.

        Returns:
            None where the budget of the definition might have run out.
        """
        plan = self._plan
        world = World(plan.model, case, plan.day, {**with_names(case), **assumed})
        outlook = Outlook(world, care=world.diagrams.yes)
        with self._lock:  # what is kept open grows as it is looked at
            same = self._same.get(mask) or self._keep(mask, outlook)
            seen = View(outlook, same.standing)
            opened = self._open(case)
            defeated = [
                attrs.evolve(self._finding(n, values), by=tuple([self._finding(each, values) for each in by]))
                for n, by in same.defeated
            ]
            not_fired = [self._finding(n, values, holds=False) for n in same.not_fired]
            decision = put_together(
                seen,
                seen.basis,
                plan.model,
                assumed,
                Grounds(seen, seen.basis, opened),
                Kept(fired, tuple(defeated), (), tuple(not_fired), duties),
            )
            return None if opened.view.world.diagrams.exhausted else decision

    def by_definition(self, case: Case) -> Decision | None:
        """The decision on any case of the plan's facts; None as in `decision`."""
        with self._lock:
            opened = self._open(case)
            decision = decide(
                self._plan.model, case, self._plan.day, presume=self._plan.presume, opened=opened
            )
            return None if opened.view.world.diagrams.exhausted else decision

    def _keep(self, mask: int, outlook: Outlook) -> _Same:
        if len(self._same) >= MOST_KEPT:
            self._same.clear()
        world, number = outlook.world, self._number
        holding = {self._plan.provisions[n].name for n in bits(mask)}
        standing = follow(
            world, {name: world.diagrams.of(name in holding) for name in self._plan.model.order}
        )
        seen = View(outlook, standing)
        found = self._same[mask] = _Same(
            standing,
            tuple(
                (number[each.clause], tuple(number[by.clause] for by in each.by))
                for each in clauses.defeated(seen)
            ),
            tuple(number[each.name] for each in clauses.kept_from_firing(seen)),
        )
        return found

    def _finding(self, number: int, values: Values, *, holds: bool = True) -> ClauseFinding:
        found = self._findings.get((number, holds))
        if found is None:
            found = Findings(self._plan, self._plan.provisions[number], holds=holds)
            self._findings[number, holds] = found
        return found.of(values)

    def _open(self, case: Case) -> Opened:
        """The case opened; shared by all that have the same lists, until looking has used up half the budget."""
        key = tuple(case.elements.items())
        opened = self._opened.get(key)
        if opened is None or opened.view.world.diagrams.spent > BUDGET // 2:
            if len(self._opened) >= MOST_OPENED:
                self._opened.clear()
            names = {k: v for k, v in with_names(case).items() if k not in case.answers}
            opened = Opened(view(self._plan.model, case, self._plan.day, names, open_lists=True))
            self._opened[key] = opened
        return opened
