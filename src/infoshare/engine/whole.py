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
from infoshare.meaning.decision import Decision
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


class Whole:
    """Makes whole decisions for one plan."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._same: dict[int, tuple[Standing, tuple[int, ...]]] = {}
        self._why_not: dict[int, Findings] = {}
        self._opened: dict[object, Opened] = {}
        self._lock = Lock()

    def decision(
        self, mask: int, kept: Kept, values: Values, case: Case, assumed: Mapping[str, Answer]
    ) -> Decision | None:
        """The decision on a case in which these provisions hold.

        Args:
            kept: what is known of its clauses, but for those that did not fire.
            assumed: what is assumed of the case, by key.

        Returns:
            None where the budget of the definition might have run out.
        """
        plan = self._plan
        world = World(plan.model, case, plan.day, {**with_names(case), **assumed})
        outlook = Outlook(world, care=world.diagrams.yes)
        with self._lock:  # what is kept open grows as it is looked at
            standing, kept_from_firing = self._same.get(mask) or self._keep(mask, outlook)
            seen = View(outlook, standing)
            opened = self._open(case)
            not_fired = tuple([self._why(number).of(values) for number in kept_from_firing])
            decision = put_together(
                seen,
                seen.basis,
                plan.model,
                assumed,
                Grounds(seen, seen.basis, opened),
                attrs.evolve(kept, not_fired=not_fired),
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

    def _keep(self, mask: int, outlook: Outlook) -> tuple[Standing, tuple[int, ...]]:
        """What stands where these provisions hold, and which of the others would have changed the outcome."""
        if len(self._same) >= MOST_KEPT:
            self._same.clear()
        world = outlook.world
        holding = {self._plan.provisions[n].name for n in bits(mask)}
        standing = follow(
            world, {name: world.diagrams.of(name in holding) for name in self._plan.model.order}
        )
        kept_from_firing = clauses.kept_from_firing(View(outlook, standing))
        found = self._same[mask] = standing, tuple(self._plan.number[each.name] for each in kept_from_firing)
        return found

    def _why(self, number: int) -> Findings:
        found = self._why_not.get(number)
        if found is None:
            provision = self._plan.provisions[number]
            found = self._why_not[number] = Findings(self._plan, provision, holds=False)
        return found

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
