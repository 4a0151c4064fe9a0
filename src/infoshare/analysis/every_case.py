"""A policy on one day, looked at over every case there can be: clashes, silences, guarantees, idle conditions.

Everything is read off the decision diagrams of the case that says nothing: with every fact unknown,
its completions are all the cases. What is found comes with a *witness*, a case that shows it and
that `decide` confirms. Exact, but for quantifiers over lists and comparisons of two facts, which
count as true or false independently: what is possible nowhere is impossible, but a witness that depends on one
is marked as inexact, unless the lists are given.

Where each row of a case has an outcome of its own, what is looked for is looked for in some row: the case that lists
nobody has one row, which stands for any.

Invariant: pure; a day is an input. Deliberately not here: codes, messages and places (`findings`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import copy
from datetime import date
from typing import Any as Anything

import attrs

from infoshare.budget import Budget
from infoshare.meaning.case import Case, as_facts
from infoshare.meaning.deciding import with_names
from infoshare.meaning.diagram import Diagram, Diagrams
from infoshare.meaning.evaluator import Standing
from infoshare.meaning.model import Fact, Model
from infoshare.meaning.outlook import Outlook
from infoshare.meaning.presumption import presumed
from infoshare.meaning.types import Answer, Reference, Text
from infoshare.meaning.view import View, viewed
from infoshare.meaning.world import World

BUDGET = 150_000
"""Steps of the diagrams before a policy is too large: more than for a decision, as it is asked for once."""


@attrs.frozen
class Witness:
    """A case that shows something, as a case file holds it.

    Attributes:
        exact: whether it shows it for certain; if not, it hangs on lists or on facts compared with one another.
    """

    case: Mapping[str, Anything]
    as_of: date
    exact: bool


class Analysis:
    """A policy on one day, over every case.

    Args:
        lists: the names of the elements of some lists; then only over the cases with these elements.
        answers: some answers, by key; then only over the cases with these.
        budget: the steps that it may take; `BUDGET` of its own if not given.
    """

    def __init__(
        self,
        model: Model,
        day: date,
        lists: Mapping[str, tuple[str, ...]] | None = None,
        answers: Mapping[str, Answer] | None = None,
        *,
        budget: Budget | None = None,
    ) -> None:
        self.model, self.day = model, day
        self.given = Case(answers=answers or {}, elements=lists or {})
        world = World(model, self.given, day, with_names(self.given))
        world.diagrams = Diagrams(BUDGET if budget is None else budget)
        self.view = viewed(world)
        self._evaluated = world.diagrams.spent
        # what is asked afterwards may be small where outcomes of all clauses together were too large
        world.diagrams.budget = Budget(0 if world.diagrams.budget.steps <= 0 else BUDGET)

    def beside(self, model: Model, view: View | None = None) -> "Analysis":
        """Another policy over the same cases: what is equal in both is one diagram.

        Args:
            view: what it says, where that is known already.
        """
        other = copy(self)
        other.model, other.view = model, view or viewed(self.view.world.beside(model))
        return other

    @property
    def outlook(self) -> Outlook:
        """What can be said of something over every case that can be."""
        return self.view.outlook

    @property
    def spent(self) -> int:
        """How many steps were taken."""
        return self._evaluated + self.view.world.diagrams.spent

    @property
    def complete(self) -> bool:
        """Whether every case was told apart; if not, what is not found may still be there."""
        standings = [seen.standing for seen in self.view.views]
        tried = [w for each in standings for w in (each.conflict, each.silence, *each.applies.values())]
        return not any(where.undecided for where in (self.outlook.care, *tried))

    def somewhere(self, so: Callable[[Standing], Diagram]) -> Diagram:
        """Where something is so of what stands in some row."""
        return self.view.world.diagrams.either(so(seen.standing) for seen in self.view.views)

    def clashes(self) -> Iterator[tuple[str, str]]:
        """Yields the names of every two clauses of different outcome that can stand together."""
        if not self.outlook.possible(self.view.standing.conflict):
            return
        clauses = tuple(self.model.clauses.values())
        # pair by pair: all that clash with a clause, joined, may be too large where each pair is small
        for index, first in enumerate(clauses):
            for second in clauses[index + 1 :]:
                if first.outcome is second.outcome:
                    continue
                if self.witness(self.both_stand(first.name, second.name)) is not None:
                    yield first.name, second.name

    def both_stand(self, first: str, second: str) -> Diagram:
        """Where two clauses stand in one row."""
        return self.somewhere(lambda standing: standing.stands[first] & standing.stands[second])

    def witness(self, where: Diagram) -> Witness | None:
        """A case in which something is so, if there is one; the exact ones first."""
        path = self._path(self.outlook.care & where)
        if path is None:
            return None
        found = self._fewest(path, where)
        answers: dict[str, Answer] = dict(self.given.answers)
        ticked: dict[str, set[str]] = {}
        exact = not where.undecided
        for index, value in found.items():
            variable = self.view.world.variables[index]
            if variable.fact is None:
                exact = False
            elif variable.option is not None:
                (key,) = variable.keys
                ticked.setdefault(key, set()).update([variable.option] if value else [])
            else:
                answers[variable.keys[0]] = self._answer(variable.fact, value)
        answers |= {key: frozenset(options) for key, options in ticked.items()}
        case = as_facts(Case(answers=answers, elements=self.given.elements), self.model)
        return Witness(case, self.day, exact)

    def _fewest(self, path: Mapping[int, int], where: Diagram) -> dict[int, int]:
        """As few of these values as will do: without the rest it is so in every case that can be."""
        enough = ~self.outlook.care | where

        def without_the_rest(order: Iterable[int]) -> dict[int, int]:
            found = dict(path)
            for index in order:
                fewer = {i: v for i, v in found.items() if i != index}
                if self.view.world.diagrams.certainly(enough, fewer):
                    found = fewer
            return found

        # which of them are left hangs on which is left out first
        return min((without_the_rest(path), without_the_rest(reversed(path))), key=len)

    def _path(self, where: Diagram) -> dict[int, int] | None:
        """Values of variables that lead to yes, by the shortest way; opaque variables only where they must."""
        if where.truth is not None:
            return {} if where is self.view.world.diagrams.yes else None
        best: dict[int, tuple[int, dict[int, int]] | None] = {}

        def cost(node: Diagram) -> tuple[int, dict[int, int]] | None:
            if node.truth is not None:
                return (0, {}) if node is self.view.world.diagrams.yes else None
            if id(node) not in best:
                opaque = self.view.world.variables[node.var].opaque
                found = None
                for value, child in self._edges(node):
                    rest = cost(child)
                    if rest is not None:
                        price = rest[0] + (1000 if opaque else 1)
                        if found is None or price < found[0]:
                            found = price, {node.var: value, **rest[1]}
                best[id(node)] = found
            return best[id(node)]

        found = cost(where)
        return None if found is None else found[1]

    def _edges(self, node: Diagram) -> Iterator[tuple[int, Diagram]]:
        """Each child with a value of the variable that leads to it."""
        fact = self.view.world.variables[node.var].fact
        first = 0 if fact is None else fact.type.domain[0]
        below = node.bounds[0] - 1 if first is None else first
        yield from zip((below, *node.bounds), node.children, strict=True)

    def _answer(self, fact: Fact, value: int) -> Answer:
        if isinstance(fact.type, Text):
            return self.view.world.text_of(value)
        if isinstance(fact.type, Reference):  # to one: nobody, or who stands in this place of the list
            return frozenset(self.given.elements.get(fact.type.group, ())[value - 1 : value] if value else ())
        return fact.type.decode(value)


def seen(model: Model, case: Case, day: date) -> View | None:
    """What a policy says of a case, with what is assumed of it; None where the case cannot be."""
    known = with_names(case)
    assumed, case = presumed(model, case, day, known)
    known = {**known, **{key: answer for key, answer in assumed.items() if key not in model.groups}}
    view = viewed(World(model, case, day, known))
    return view if view.outlook.possible(view.world.diagrams.yes) else None
