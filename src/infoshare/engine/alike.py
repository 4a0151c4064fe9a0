"""Cases between which a policy tells nothing apart: what the definition finds is found for all of them at once.

Such cases differ in answers that lead to the same (an age of 9 or of 10), in answers that no clause asks for, and in
what they are called. What is found of one is therefore found of the others, but for the answers that it shows.

Invariant: what is kept is bounded, and holds no world of a case; it is made anew when it is asked for again.
"""

from bisect import bisect_right
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any

import attrs

from infoshare.engine.found import Found, Parts
from infoshare.engine.plan import Plan
from infoshare.engine.reasons import Values
from infoshare.engine.verdict import bits
from infoshare.meaning.case import Case, path_of
from infoshare.meaning.deciding import Defined, decide, with_names
from infoshare.meaning.diagram import BUDGET
from infoshare.meaning.distinctions import Distinctions, distinctions
from infoshare.meaning.evaluator import Standing, follow
from infoshare.meaning.findings import ClauseFinding, Disclosure, FrozenMap, Hold, LiftedDuty
from infoshare.meaning.grounds import Opened
from infoshare.meaning.model import Fact, Provision
from infoshare.meaning.outlook import Outlook
from infoshare.meaning.presumption import offered
from infoshare.meaning.types import UNSURE, Answer, OneOf, SomeOf, YesNo, plain
from infoshare.meaning.view import View, view
from infoshare.meaning.world import World

MOST_KEPT = 1_000
"""Sets of provisions of which what follows is kept, and kinds of cases of which what is found is kept."""


@attrs.frozen
class Retelling:
    """Puts the answers of a case in the place of those of one that is told alike."""

    case: Case
    plan: Plan

    def of(self, part: Any) -> Any:
        match part:
            case tuple():
                return tuple([self.of(each) for each in part])
            case ClauseFinding(facts=facts, by=by) if facts or by:
                return attrs.evolve(part, facts=self._facts(facts), by=self.of(by))
            case Hold(facts=facts) if facts:
                return attrs.evolve(part, facts=self._facts(facts))
            case LiftedDuty(by=by):
                return attrs.evolve(part, by=self.of(by))
            case Disclosure(held_by=held, open_by=open_):
                return attrs.evolve(part, held_by=self.of(held), open_by=self.of(open_))
            case Mapping():
                return self._facts(part)
            case _:
                return part

    def _facts(self, facts: Mapping[str, Any]) -> FrozenMap:
        answers, all_facts = self.case.answers, self.plan.model.facts
        return FrozenMap(
            {
                key: plain(answers[key], all_facts[path_of(key)].type) if key in answers else shown
                for key, shown in facts.items()
            }
        )


class Kinds:
    """What is found of cases, by what a plan tells apart of them."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._kept: dict[object, Parts] = {}
        self._tell: list[Callable[[Any], object]] | None = None
        self._standing: dict[int, tuple[Standing, tuple[Provision, ...]]] = {}
        self._opened: Opened | None = None
        self._lock = Lock()

    def part(self, found: Found, name: str) -> Any:
        """A part of what is found of a case: as it was found of one that is told alike, or by the definition."""
        case = found.given
        kept = found.alike
        if kept is None:
            kept = found.alike = self._alike(found.values, case)
        known = kept.get(name)
        if known is None:
            with self._lock:  # what is kept open grows as it is looked at
                if found.defined is None:
                    found.defined = self._defined(found.verdict.mask, case)
                part = getattr(found.defined, name)
            kept[name] = case, part
            return part
        other, part = known
        return part if _same_answers(case, other) else Retelling(case, self._plan).of(part)

    def _alike(self, values: Values, case: Case) -> Parts:
        """What is kept of the cases that are told like this one."""
        if self._tell is None:
            told = distinctions(self._plan.model, self._plan.day)
            self._tell = [_told_apart(told, fact) for fact in self._plan.facts]
        lists: object = None
        if case.elements or case.unsure:
            lists = (
                tuple(case.elements.items()),
                frozenset(each for each in case.answers.items() if "[" in each[0]),
                frozenset(each for each in case.unsure if each not in self._plan.position),
            )
        key = (*[tell(value) for tell, value in zip(self._tell, values, strict=True)], lists)
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            found = self._kept[key] = {}
        return found

    def _defined(self, mask: int | None, case: Case) -> Defined:
        """What the definition finds of a case.

        Args:
            mask: the provisions that hold; None where something is unknown that they ask.
        """
        plan, opened = self._plan, self._open()
        if mask is None:
            return decide(plan.model, case, plan.day, presume=plan.presume, opened=opened)
        answered = with_names(case)
        assumed = offered(plan.model, case, answered) if plan.presume else {}
        world = World(plan.model, case, plan.day, {**answered, **assumed})
        outlook = Outlook(world, care=world.diagrams.yes)
        standing, kept_from_firing = self._standing.get(mask) or self._follow(mask, outlook)
        found = Defined(View(outlook, standing), plan.model, assumed, opened=opened)
        found.kept_from_firing = kept_from_firing
        return found

    def _follow(self, mask: int, outlook: Outlook) -> tuple[Standing, tuple[Provision, ...]]:
        """What stands where these provisions hold, and which of the others would have changed the outcome."""
        if len(self._standing) >= MOST_KEPT:
            self._standing.clear()
        world = outlook.world
        holding = {self._plan.provisions[n].name for n in bits(mask)}
        standing = follow(
            world, {name: world.diagrams.of(name in holding) for name in self._plan.model.order}
        )
        kept_from_firing = Defined(View(outlook, standing), self._plan.model, {}).kept_from_firing
        found = self._standing[mask] = standing, tuple(kept_from_firing)
        return found

    def _open(self) -> Opened:
        """What would be seen where nothing is known; for every case, until looking has used up half the budget."""
        if self._opened is None or self._opened.view.world.diagrams.spent > BUDGET // 2:
            self._opened = Opened(view(self._plan.model, Case(), self._plan.day, {}, open_lists=True))
        return self._opened


def _same_answers(case: Case, other: Case) -> bool:
    return case.answers == other.answers and case.unsure == other.unsure


def _told_apart(told: Distinctions, fact: Fact) -> Callable[[Any], object]:
    """What turns what was read of a fact into what is told apart of it."""
    marks = told.marks.get(fact.path, ())
    variable = next(
        (v for v in told.world.variables if v.fact is not None and v.fact.path == fact.path), None
    )
    if marks is None or isinstance(fact.type, YesNo | OneOf | SomeOf):
        return _as_it_is
    if variable is None or not marks:
        return _whether_given
    encoded, bounds = told.world.encoded, marks

    def of(answer: Answer | None) -> object:
        return (
            answer if answer is None or answer == UNSURE else bisect_right(bounds, encoded(variable, answer))
        )

    return of


def _as_it_is(answer: Answer | None) -> object:
    return answer


def _whether_given(answer: Answer | None) -> object:
    return answer if answer is None or answer == UNSURE else True
