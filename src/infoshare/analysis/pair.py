"""Two policies over the same cases: what each says where, what may change from one to the other, and where that is so.

Both are written as formulas of one world, so that what they say alike is one formula.
Deliberately not here: looking for cases (`difference`).
"""

from collections.abc import Iterator, Mapping
from copy import copy
from functools import cached_property
from typing import Literal, TypeAlias

import attrs

from infoshare.analysis.every_case import Analysis
from infoshare.analysis.states import STATES, State, facts_in, states
from infoshare.analysis.together import Together
from infoshare.meaning.case import Case, Row
from infoshare.meaning.consequences import due, targets
from infoshare.meaning.diagram import Diagram
from infoshare.meaning.evaluator import Standing
from infoshare.meaning.model import SIDES, Duty, Model
from infoshare.meaning.view import View
from infoshare.outcome import OUTCOMES, Outcome

Given: TypeAlias = Mapping[str, tuple[str, ...]]
"""The lists that a case gives, and the names of their elements."""


@attrs.frozen
class Change:
    """Something that some case shows: what it is, and what is to be so by the old policy and by the new one.

    Attributes:
        kind: `outcome`, or what becomes of a duty or of a row that is shared.
        about: the states before and after; the name of a duty, and the outcome in which it changes; nothing.
    """

    kind: Literal["outcome", "gained", "lost", "lifted", "released", "held back"]
    about: tuple[State, State] | tuple[str, Outcome] | tuple[()] = ()

    @property
    def states(self) -> tuple[State, State]:
        """The states before and after, of a change of outcome."""
        match self.about:
            case (State() as one, State() as other):
                return one, other
            case _:
                raise AssertionError("no change of outcome")

    @property
    def of_duty(self) -> tuple[str, Outcome]:
        """The duty that changes, and the outcome in which it does."""
        match self.about:
            case (str() as name, Outcome() as outcome):
                return name, outcome
            case _:
                raise AssertionError("no change of a duty")


@attrs.frozen(eq=False, slots=False)
class Pair:
    """Both policies over the same cases."""

    both: Together
    old: Analysis
    new: Analysis
    lists: Given

    @property
    def size(self) -> int:
        """How much its cases say by the lists that they give."""
        return names_in(self.lists)

    @cached_property
    def care(self) -> tuple[Diagram, Diagram]:
        """Where a case can be, and be read, by the old policy and by the new one."""
        return tuple(  # type: ignore[return-value]
            each.outlook.care & self.both.readable(self.old.view.world, second=second)
            for second, each in ((False, self.old), (True, self.new))
        )

    def of_any_element(self) -> "Pair":
        """The same, with what is said of a row as of any element of the lists that are not given: for what can be nowhere."""
        old, new = copy(self.old), copy(self.new)
        old.view, new.view = old.view.of_any_element(), new.view.of_any_element()
        return Pair(self.both, old, new, self.lists)

    @property
    def rows(self) -> list[Row]:
        """A row for each two views: of the others both say the same."""
        apart: dict[tuple[int, int], Row] = {}
        for row in self.old.view.rows:
            apart.setdefault((id(self.old.view.rows[row]), id(self.new.view.rows[row])), row)
        return [*apart.values()]

    @cached_property
    def states(self) -> dict[Row, tuple[Mapping[State, Diagram], Mapping[State, Diagram]]]:
        """What the two say of each row."""
        return {
            row: (
                states(self.old.view, row, in_force=self.old.model.policy_in_force(self.old.day)),
                states(self.new.view, row, in_force=self.new.model.policy_in_force(self.new.day)),
            )
            for row in self.rows
        }

    def asking(self) -> Iterator[str]:
        """Yields the clauses and advice by which one of the two may ask somebody whom the other does not.

        That is those whose consent is sought, where both seek it, and those from whom advice is taken.
        """
        no, tried = self.old.view.world.diagrams.no, self.old.questions.tried
        for row in self.rows:
            standing = [each.view.rows[row].standing for each in (self.old, self.new)]
            both_seek = standing[0].outcome[Outcome.SEEK_CONSENT] & standing[1].outcome[Outcome.SEEK_CONSENT]
            before, after = (
                _asked(each.model, stands, both_seek)
                for each, stands in zip((self.old, self.new), standing, strict=True)
            )
            for whom in {**before, **after}:
                was, names = before.get(whom, (no, []))
                now, others = after.get(whom, (no, []))
                sides = ((was, now), (now, was)) if was is not now else ()
                if any(tried([*self.care, one, ~other]) is not False for one, other in sides):
                    yield from dict.fromkeys([*names, *others])

    def changes(self) -> Iterator[Change]:
        """All changes that there may be."""
        before = dict.fromkeys(s for one, _ in self.states.values() for s in one)
        after = dict.fromkeys(s for _, other in self.states.values() for s in other)
        for one in STATES:
            for other in STATES:
                if one != other and one in before and other in after:
                    yield Change("outcome", (one, other))
        old, new = self.both.old.duties, self.both.new.duties
        for name in dict.fromkeys([*old, *new]):
            for outcome in OUTCOMES:
                if name in new:
                    yield Change("gained", (name, outcome))
                if name in old:
                    yield Change("lost", (name, outcome))
                if name in old and self.both.new.set_aside_by.get(name):
                    yield Change("lifted", (name, outcome))
        if self.both.old.safeguards or self.both.new.safeguards:
            yield Change("released")
            yield Change("held back")

    def where(self, change: Change) -> Iterator[tuple[Row | None, Diagram, Diagram]]:
        """Where it is so: for a row or an element, by the old policy and by the new one."""
        no = self.old.view.world.diagrams.no
        match change.about:
            case (State() as one, State() as other):
                for row, (before, after) in self.states.items():
                    was, now = before.get(one, no), after.get(other, no)
                    if was is not after.get(one, no) and now is not before.get(other, no):
                        yield row, was, now  # else it would be said of one case twice by the same policy
            case (str() as name, outcome):
                yield from self._of_duty(change.kind, name, outcome)
            case _:
                one_view, other_view = self.old.view, self.new.view
                for row in one_view.goes:
                    goes = one_view.goes[row], other_view.goes[row]
                    if goes[0] is goes[1]:
                        continue
                    if change.kind == "released":
                        shared = one_view.rows[row].standing.outcome[Outcome.SHARE]
                        yield row, shared & ~goes[0], goes[1]
                    else:
                        yield row, goes[0], other_view.rows[row].standing.outcome[Outcome.SHARE] & ~goes[1]

    def _of_duty(
        self, kind: str, name: str, outcome: Outcome
    ) -> Iterator[tuple[Row | None, Diagram, Diagram]]:
        no = self.old.view.world.diagrams.no
        before, after = (dues(each.view, name) for each in (self.old, self.new))
        for elements in dict.fromkeys([*before, *after]):
            was, was_lifted = before.get(elements, (no, no))
            now, lifted = after.get(elements, (no, no))
            if was is now and was_lifted is lifted:
                continue
            sides = {"gained": (~was, now), "lost": (was, ~now & ~lifted), "lifted": (was, ~now & lifted)}[
                kind
            ]
            for row in self.rows:
                if all(name in row for side, name in elements if side in SIDES):
                    one, other = (
                        each.view.rows[row].standing.outcome[outcome] for each in (self.old, self.new)
                    )
                    yield row, sides[0] & one, sides[1] & other


def _asked(model: Model, standing: Standing, both_seek: Diagram) -> dict[object, tuple[Diagram, list[str]]]:
    """By who is asked: where, and by which clauses or advice."""
    asked: list[tuple[object, str, Diagram]] = [
        (each.whom, each.name, standing.stands[each.name] & both_seek)
        for each in model.clauses.values()
        if each.outcome is Outcome.SEEK_CONSENT
    ]
    asked += [(each.statement, each.name, standing.applies[each.name]) for each in model.advice.values()]
    found: dict[object, tuple[Diagram, list[str]]] = {}
    for whom, name, where in asked:
        known, names = found.get(whom, (both_seek.home.no, []))
        found[whom] = known | where, [*names, name]
    return found


def dues(view: View, name: str) -> dict[tuple[tuple[str, str], ...], tuple[Diagram, Diagram]]:
    """Where a duty is due and where it is lifted, by the elements for which it is."""
    duty: Duty | None = view.model.duties.get(name)
    if duty is None:
        return {}
    return {
        tuple((target.elements or {}).items()): due(view, duty, target, Outcome.SHARE)
        for target in targets(view, duty)
    }


def duty_changes(one: View, other: View, kind: str, name: str) -> bool:
    """Whether a case that both policies settle shows what becomes of a duty."""
    before, after = dues(one, name), dues(other, name)
    nothing = one.world.diagrams.no, one.world.diagrams.no

    def so(view: View, where: Diagram) -> bool:
        return view.outlook.certain(where)

    for elements in {*before, *after}:
        was, _ = before.get(elements, nothing)
        now, lifted = after.get(elements, (other.world.diagrams.no, other.world.diagrams.no))
        found = {
            "gained": so(one, ~was) and so(other, now),
            "lost": so(one, was) and so(other, ~now & ~lifted),
            "lifted": so(one, was) and so(other, lifted & ~now),
        }
        if found[kind]:
            return True
    return False


def names_in(lists: Given) -> int:
    """How much a case says by its lists alone."""
    return facts_in(Case(elements=lists))
