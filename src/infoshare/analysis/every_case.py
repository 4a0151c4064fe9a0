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
from functools import reduce
from operator import or_
from typing import Any as Anything

import attrs

from infoshare.analysis.solver import Solver
from infoshare.budget import Budget
from infoshare.meaning.case import Case, as_facts
from infoshare.meaning.deciding import with_names
from infoshare.meaning.diagram import Diagram, Diagrams, variables_of
from infoshare.meaning.evaluator import Standing, evaluate
from infoshare.meaning.formula import Formula, Formulas, under
from infoshare.meaning.model import Fact, Model
from infoshare.meaning.outlook import Outlook
from infoshare.meaning.presumption import presumed
from infoshare.meaning.types import Answer, Reference, Text
from infoshare.meaning.view import View, by_row, viewed
from infoshare.meaning.world import World
from infoshare.truth import Truth

BUDGET = 60_000
"""Steps for one question, before it is left open."""

JOINED = 5_000
"""Steps of the diagrams for one question, before an analysis looks for cases one by one: what is asked of a policy that
is small is told apart at once, with the shortest case."""


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
        budget: the steps that it may take for all that is asked; as much as ten questions of its own, if not given.
        each: how many of them one question may take, if not `BUDGET`.
        too_large: whether it is known that its diagrams would not be small.
    """

    def __init__(
        self,
        model: Model,
        day: date,
        lists: Mapping[str, tuple[str, ...]] | None = None,
        answers: Mapping[str, Answer] | None = None,
        *,
        budget: Budget | None = None,
        each: int | None = None,
        too_large: bool = False,
    ) -> None:
        self.model, self.day = model, day
        self.given = Case(answers=answers or {}, elements=lists or {})
        world = World(model, self.given, day, with_names(self.given))
        world.diagrams = Formulas()
        self.questions = Questions(Budget(10 * BUDGET) if budget is None else budget, each)
        self.questions.too_large = too_large
        self.view = self._viewed(world)

    def _viewed(self, world: World) -> View:
        outlook = _Asking(world, self.questions)
        return by_row(outlook) if world.model.has_rows else View(outlook, evaluate(world))

    def beside(
        self,
        model: Model,
        view: View | None = None,
        *,
        day: date | None = None,
        answers: Mapping[str, Answer] | None = None,
    ) -> "Analysis":
        """Another policy over the same cases: what is equal in both is one diagram.

        Args:
            view: what it says, where that is known already.
            day: on which it is looked at; the same, if not given.
            answers: what is known there; the same, if not given.
        """
        other = copy(self)
        world = self.view.world.beside(model)
        if answers is not None:
            world.known = {**with_names(Case(elements=self.given.elements)), **answers}
        world.day = other.day = day or self.day
        other.model, other.view = model, view or self._viewed(world)
        return other

    @property
    def outlook(self) -> Outlook:
        """What can be said of something over every case that can be."""
        return self.view.outlook

    @property
    def complete(self) -> bool:
        """Whether everything that was asked has been answered; if not, what is not found may still be there."""
        return not self.questions.open

    def somewhere(self, so: Callable[[Standing], Diagram]) -> Diagram:
        """Where something is so of what stands in some row."""
        return self.view.world.diagrams.either(so(seen.standing) for seen in self.view.views)

    def always(self, where: Diagram) -> bool:
        """Whether it is known that something is so in every case that can be."""
        return self.questions.possible(self.outlook.care, ~where) is False

    def whatever_can_be(self, where: Diagram) -> bool | None:
        """True if something is so in every case, even in those that are said to be impossible; False if in none."""
        yes, possible = self.view.world.diagrams.yes, self.questions.possible
        if possible(yes, ~where) is False:
            return True
        return None if possible(yes, where) is not False else False

    def clashes(self) -> Iterator[tuple[str, str]]:
        """Yields the names of every two clauses of different outcome that can stand together."""
        clauses = tuple(self.model.clauses.values())
        for index, first in enumerate(clauses):
            for second in clauses[index + 1 :]:
                if first.outcome is second.outcome:
                    continue
                if self.outlook.possible(self.both_stand(first.name, second.name)):
                    yield first.name, second.name

    def both_stand(self, first: str, second: str) -> Diagram:
        """Where two clauses stand in one row."""
        return self.somewhere(lambda standing: standing.stands[first] & standing.stands[second])

    def witness(self, where: Diagram) -> Witness | None:
        """A case in which something is so, if there is one; the exact ones first."""
        care, joined = self.outlook.care, self.questions.joined
        told, possible = joined(where), joined(care)
        if told is not None and possible is not None:
            path = self._path(possible & told)
            if path is None:
                return None
            found = self._fewest(path, ~possible | told)
        else:
            values = self.questions.values(care, where, self._kept_longer)
            if values is None:
                return None
            found = values
        exact = all(self.view.world.variables[index].fact is not None for index in found)
        return Witness(as_facts(self.case_of(found), self.model), self.day, exact)

    def case_of(self, values: Mapping[int, int]) -> Case:
        """The case with the answers for which these values stand."""
        answers: dict[str, Answer] = dict(self.given.answers)
        ticked: dict[str, set[str]] = {}
        for index, value in values.items():
            variable = self.view.world.variables[index]
            if variable.option is not None:
                (key,) = variable.keys
                ticked.setdefault(key, set()).update([variable.option] if value else [])
            elif variable.fact is not None:
                answers[variable.keys[0]] = self._answer(variable.fact, value)
        answers |= {key: frozenset(options) for key, options in ticked.items()}
        return Case(answers=answers, elements=self.given.elements)

    @property
    def too_large(self) -> bool:
        """Whether cases are looked for one by one."""
        return self.questions.too_large

    def _kept_longer(self, index: int, value: int) -> int:
        """A rank: values of what is not told apart exactly are left out first, those that are assumed anyway last."""
        variable = self.view.world.variables[index]
        if variable.fact is None or variable.option is not None or variable.fact.assumed is None:
            return int(not variable.opaque)
        return 1 + (self.view.world.encoded(variable, variable.fact.assumed) == value)

    def _fewest(self, path: Mapping[int, int], enough: Diagram) -> dict[int, int]:
        """As few of these values as will do: without the rest it is so in every case that can be."""

        def without_the_rest(order: Iterable[int]) -> dict[int, int]:
            found = dict(path)
            for index in order:
                fewer = {i: v for i, v in found.items() if i != index}
                if enough.home.certainly(enough, fewer):
                    found = fewer
            return found

        # which of them are left hangs on which is left out first
        return min((without_the_rest(path), without_the_rest(reversed(path))), key=len)

    def _path(self, where: Diagram) -> dict[int, int] | None:
        """Values of variables that lead to yes, by the shortest way; opaque variables only where they must."""
        if where.truth is not None:
            return {} if where.truth is Truth.YES else None
        best: dict[int, tuple[int, dict[int, int]] | None] = {}

        def cost(node: Diagram) -> tuple[int, dict[int, int]] | None:
            if node.truth is not None:
                return (0, {}) if node.truth is Truth.YES else None
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


class Questions:
    """What is asked of formulas: told apart by diagrams while these are small, else looked for case by case.

    Attributes:
        budget: the steps of all questions together.
        each: how many of them one question may take.
        open: whether one was left open.
        solver: knows, after a question was answered by `tried`, the values with which it is so, or what cannot be together.
        too_large: whether a diagram was not small; then no more are made.
    """

    def __init__(self, budget: Budget, each: int | None = None) -> None:
        self.budget, self.each, self.open = budget, BUDGET if each is None else each, False
        self.solver, self._diagrams = Solver(), Diagrams(0)
        self._told_apart: dict[int, Diagram] = {}
        self.too_large = False
        self._answers: dict[tuple[int, int], bool | None] = {}

    def joined(self, where: Diagram) -> Diagram | None:
        """As one diagram, if that is small; once one is not, none is any more."""
        if not isinstance(where, Formula):
            return where
        if self.too_large:
            return None
        if where.number not in self._told_apart:
            mine = self._diagrams.budget = Budget(min(JOINED, self.budget.left))
            for each in under((where,), lambda part: part.number not in self._told_apart):
                self._told_apart[each.number] = self._join(each)
                if mine.exhausted or self._told_apart[each.number].undecided:
                    self.too_large = True
                    return None
            self.budget.take(mine.spent)
        return self._told_apart[where.number]

    def _join(self, each: Formula) -> Diagram:
        diagrams = self._diagrams
        parts = [self._told_apart[p.number] if isinstance(p, Formula) else p for p in each.parts]
        match each.kind:
            case "test":
                return diagrams.test(each.var, *each.over)
            case "not":
                return diagrams.negation(parts[0])
            case "all":
                return diagrams.both(*parts)
            case "any":
                return diagrams.either(parts)
            case _:
                return diagrams.exists(parts[0], [v for v in each.over if v is not None])

    def possible(self, care: Diagram, where: Diagram) -> bool | None:
        """Whether something is so in a case that can be; None where that is left open."""
        where, care = (where, care) if isinstance(where, Formula) else (care, where)
        key = (id(care), id(where))
        if key not in self._answers:
            one, other = self.joined(care), self.joined(where)
            if one is not None and other is not None:
                told = self._diagrams.both(one, other)
                if not told.undecided:
                    self._answers[key] = told.truth is not Truth.NO
                    return self._answers[key]
                self.too_large = True
            self._answers[key] = self.tried([care, where])
        return self._answers[key]

    def tried(
        self, so: Iterable[Diagram], values: Mapping[int, int] | None = None, *, most: int | None = None
    ) -> bool | None:
        """Whether all of these can be so together, with some values.

        Args:
            most: the steps that it may take, if fewer than any other question.
        """
        so, solver = [*so], self.solver
        assumed = [solver.literal(each) for each in so]
        assumed += [literal for v, value in (values or {}).items() for literal in solver.as_given(v, value)]
        mine = Budget(min(self.each if most is None else most, self.budget.left))
        found = solver.possible(assumed, mine)
        if found:
            solver.note(variables_of(reduce(or_, (each.support for each in so), 0)))
        self.budget.take(mine.spent)
        self.open = self.open or found is None
        return found

    def values(self, care: Diagram, where: Diagram, rank: Callable[[int, int], int]) -> dict[int, int] | None:
        """A case in which something is so, in few values: without the rest it is so in every case that can be."""
        if not self.tried((care, where)):
            return None
        found, otherwise = self.solver.values, ~where

        def enough(values: Mapping[int, int]) -> dict[int, int] | None:
            if self.tried((care, otherwise), values) is not False:
                return None
            needed = self.solver.needed
            return {
                v: value for v, value in values.items() if needed.intersection(self.solver.as_given(v, value))
            }

        fewer = enough(found)
        if fewer is None:
            return found
        found = first = fewer
        for variable in sorted(first, key=lambda v: (rank(v, first[v]), -v)):
            if variable in found:
                fewer = enough({v: value for v, value in found.items() if v != variable})
                found = found if fewer is None else fewer
        return found


class _Asking(Outlook):
    """An outlook over formulas that asks of each what it comes to; what is left open may be."""

    most_joined = None

    def __init__(self, world: World, questions: Questions) -> None:
        super().__init__(world)
        self.questions = questions

    def certain(self, where: Diagram) -> bool:
        return self.questions.possible(self.care, ~where) is False

    def possible(self, where: Diagram) -> bool:
        return self.questions.possible(self.care, where) is not False


def seen(model: Model, case: Case, day: date, budget: Budget | None = None) -> View | None:
    """What a policy says of a case, with what is assumed of it; None where the case cannot be.

    Args:
        budget: of the diagrams, if it is not as large as usual.
    """
    known = with_names(case)
    assumed, case = presumed(model, case, day, known)
    known = {**known, **{key: answer for key, answer in assumed.items() if key not in model.groups}}
    view = viewed(World(model, case, day, known, budget=budget))
    return view if view.outlook.possible(view.world.diagrams.yes) else None


def said(model: Model, case: Case, day: date, *, assuming: bool = False) -> View | None:
    """What a policy says of a case; None where the case cannot be.

    What is not answered may be anything: that is asked of formulas, as diagrams of it need not be small.

    Args:
        assuming: whether what is assumed where nobody answers is taken to be so.
    """
    answers = case.answers
    if assuming:
        assumed, case = presumed(model, case, day, with_names(case))
        answers = {**case.answers, **{key: a for key, a in assumed.items() if key not in model.groups}}
    analysis = Analysis(model, day, case.elements, answers, too_large=True)
    return analysis.view if analysis.outlook.possible(analysis.view.world.diagrams.yes) else None
