"""Answers with which something is settled: as few as will do, or as few as must be otherwise than they are.

Answers are proposed, fewest first, and held against every case that leaves the rest open. A case that shows that they do
not settle it says which of them must be otherwise, or which further fact must be answered; the next proposal heeds that.
Invariant: of what is found, nothing can be left out, and all of one size comes before all that is larger.
Deliberately not here: what is to be settled (`difference`, `changes`).
Source: A. Ignatiev, A. Morgado and J. Marques-Silva, "Propositional Abduction with Implicit Hitting Sets", ECAI (2016).
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

import attrs

from infoshare.analysis.every_case import Questions
from infoshare.analysis.solver import Solver
from infoshare.budget import Budget
from infoshare.meaning.diagram import Diagram, variables_of
from infoshare.meaning.formula import Formula, under
from infoshare.meaning.words import Words
from infoshare.meaning.world import Variable

Values = Mapping[int, int]
"""By variable, its value."""

MOST_FACTS = 40
"""More answers are never looked for at once."""
LOOKED_AT = 48
"""So many cases that differ in one answer are looked at together before one is searched for."""


@attrs.frozen(eq=False)
class Wanted:
    """What is to be so in every case that can be, as one policy sees it."""

    care: Diagram
    so: Diagram

    @property
    def fails(self) -> Diagram:
        """Where it can be otherwise."""
        return self.care & ~self.so


class Fewest:
    """A search for answers with which all of this is so.

    Args:
        variables: those of the world.
        may: whether a fact may be answered, or answered otherwise.
        given: the answers that there are, as values.
        also: what else is to be so in some case with these answers.
        budget: the steps that it may take, if not as many as all questions.
        usual: values that are tried first, so that a case is told by what is out of the ordinary in it.
        accepted: whether answers that settle it are such as are looked for.

    Attributes:
        complete: whether all of up to the size that was asked for have been given, once no more come.
        possible: after `one`, whether some case shows it, as far as that was found out.
    """

    def __init__(
        self,
        questions: Questions,
        variables: Sequence[Variable],
        wanted: Sequence[Wanted],
        *,
        may: Callable[[str], bool] = lambda _: True,
        given: Values | None = None,
        also: Sequence[Diagram] = (),
        budget: Budget | None = None,
        usual: Values | None = None,
        accepted: Callable[[Mapping[str, Mapping[int, int]]], bool] = lambda _: True,
    ) -> None:
        self.questions, self.wanted, self.given = questions, wanted, given or {}
        self.budget = budget or questions.budget
        self.accepted = accepted
        self.complete = True
        self.possible: bool | None = None
        support = 0
        for each in wanted:
            support |= each.care.support | each.so.support
        for each_also in also:
            support |= each_also.support
        of_key: dict[str, list[int]] = {}
        for index in variables_of(support):
            variable = variables[index]
            if variable.fact is not None and not variable.elsewhere:
                of_key.setdefault(variable.keys[0], []).append(index)
        for index in self.given:
            if index not in variables_of(support) and variables[index].keys[0] in of_key:
                of_key[variables[index].keys[0]].append(index)
        self.of_key = {key: sorted(indices) for key, indices in of_key.items()}
        self._key_of = {index: key for key, indices in of_key.items() for index in indices}
        self._apart = len({(id(each.care)) for each in wanted}) > 1
        self._so = [*(part for w in wanted for part in (w.care, w.so)), *also]
        self._support, self.usual, self.may = support, usual or {}, may

    @cached_property
    def _chosen(self) -> Solver:
        """What is known of which answers are chosen."""
        chosen = Solver()
        for each in self._so:
            chosen.literal(each)
        for index, value in self.usual.items():
            chosen.prefer(index, value)
        return chosen

    @cached_property
    def _together(self) -> list[int]:
        return [self._chosen.literal(each) for each in self._so]

    @cached_property
    def _asked(self) -> list[int]:
        return [*variables_of(self._support), *(-1 - n for n in range(len(self.of_key)))]

    @cached_property
    def _selected(self) -> dict[str, int]:
        """By fact, the literal that says that it is answered, or answered otherwise."""
        chosen = self._chosen
        found = {key: chosen.at_least(-1 - n, 1) for n, key in enumerate(self.of_key)}
        for key, indices in self.of_key.items():
            known = [v for v in indices if v in self.given]
            if known:
                same = chosen.all_of(self._equal({v: self.given[v] for v in known}))
                chosen.clause([found[key], same])
                chosen.clause([found[key] ^ 1, same ^ 1])
            if not self.may(key):
                chosen.clause([found[key] ^ 1])
        return found

    # --- all that there are, fewest first ---------------------------------------------------------------

    def each(self, most: int = MOST_FACTS) -> Iterator[dict[str, dict[int, int]]]:
        """Yields answers, by key, as values: none that could do without one of them.

        Args:
            most: of more than so many none are looked for.
        """
        most = min(most, len(self.of_key))
        more = self._counted(most + 1)
        for count in range(most + 1):
            bound = [more[count] ^ 1] if count < len(more) else []
            if self._possible([]) is False:
                return
            for assumed in (
                ([*self._together, *bound], bound) if self._apart else ([*self._together, *bound],)
            ):
                joined = len(assumed) > len(bound)
                while found := self._possible(assumed):
                    values = self._proposed()
                    against = self._against(values, joined=joined)
                    if against is None:
                        return
                    if against:
                        self._chosen.clause(against)
                        continue
                    answers = self._answers(values)
                    others = [s for k, s in self._selected.items() if k not in answers]
                    if self.accepted(answers):
                        others = []
                        yield answers
                    same = [
                        self._chosen.all_of([self._selected[k], *self._equal(of)]) ^ 1
                        for k, of in answers.items()
                    ]
                    self._chosen.clause([*same, *others])
                if found is None:
                    return

    def _possible(self, assumed: Sequence[int]) -> bool | None:
        mine = Budget(min(self.budget.left, self.questions.budget.left))
        found = self._chosen.possible(assumed, mine)
        if found:
            self._chosen.note(self._asked)
        self._take(mine.spent)
        self.complete = self.complete and found is not None
        return found

    def _tried(self, so: Sequence[Diagram], values: Values, most: int | None = None) -> bool | None:
        if self.budget.exhausted:
            return None
        before = self.questions.budget.left
        found = self.questions.tried(so, values, most=most)
        if self.budget is not self.questions.budget:
            self.budget.take(min(self.budget.left, before - self.questions.budget.left))
        return found

    def _take(self, steps: int) -> None:
        for each in {id(b): b for b in (self.budget, self.questions.budget)}.values():
            each.take(min(steps, each.left))

    def _counted(self, most: int) -> list[int]:
        """For each number up to this, a literal: at least one more than so many are chosen."""
        at_least = [0] + [1] * most
        for selected in self._selected.values():
            for number in range(most, 0, -1):
                more = self._chosen.all_of([at_least[number - 1], selected])
                at_least[number] = self._chosen.all_of([at_least[number] ^ 1, more ^ 1]) ^ 1
        return at_least[1:]

    def _proposed(self) -> dict[int, int]:
        """The values of all that is answered."""
        found = {**self.given}
        for key, selected in self._selected.items():
            if self._chosen.is_so(selected):
                found |= {v: self._told(v, self._chosen) for v in self.of_key[key]}
        return found

    def _told(self, index: int, solver: Solver) -> int:
        """The value of a variable: of those between which nothing tells apart, the usual one."""
        value, usual = solver.values.get(index, self.given.get(index, 0)), self.usual.get(index)
        same = solver.as_given
        return usual if usual is not None and same(index, usual) == same(index, value) else value

    def alike(self, index: int, value: int, among: Iterable[int]) -> list[int]:
        """Of some values of a variable, those between which and this one nothing tells apart."""
        same = self._chosen.as_given
        return [each for each in among if same(index, each) == same(index, value)]

    def _answers(self, values: Values) -> dict[str, dict[int, int]]:
        return {
            key: {v: values[v] for v in self.of_key[key]}
            for key, selected in self._selected.items()
            if self._chosen.is_so(selected)
        }

    def _equal(self, values: Values) -> list[int]:
        return [literal for v, value in values.items() for literal in self._chosen.as_given(v, value)]

    def _against(self, values: Values, *, joined: bool) -> list[int] | None:
        """What must be otherwise, as a clause; an empty one where nothing must; None where the budget is spent."""
        for each in self.wanted if not joined else ():
            possible = self._tried([each.care], values)
            if possible is None:
                self.complete = False
                return None
            if not possible:
                clash = [
                    self._chosen.all_of([self._answered(key), *self._equal(of)]) ^ 1
                    for key, of in self._by_key(self._needed(values)).items()
                ]
                return clash or [1]
        shown = self._otherwise(values)
        if shown is None:
            return [] if self.complete else None
        clause = [
            self._chosen.all_of([self._answered(key), self._chosen.all_of(self._equal(of)) ^ 1])
            for key, of in self._by_key(shown).items()
        ]
        return clause or [1]

    def _otherwise(self, values: Values) -> dict[int, int] | None:
        """Of a case with these values that is otherwise, those on which that rests; None where none is found."""
        solver = self.questions.solver
        for each in self.wanted:
            fails = each.fails
            otherwise = self._tried([fails], values)
            if otherwise is None:
                self.complete = False
                return None
            if otherwise:
                shown = {v: value for v, value in solver.values.items() if fails.support >> v & 1}
                if isinstance(fails, Formula) and self._tried([~fails], shown) is False:
                    shown = self._needed(shown)
                return shown
        return None

    def _needed(self, values: Values) -> dict[int, int]:
        """Those of some values that cannot be together with what was asked last."""
        solver = self.questions.solver
        return {
            v: value for v, value in values.items() if solver.needed.intersection(solver.as_given(v, value))
        }

    def _answered(self, key: str) -> int:
        """The literal that says that a fact is answered."""
        given = any(v in self.given for v in self.of_key[key])
        return 0 if given else self._selected[key]

    def _by_key(self, values: Values) -> dict[str, dict[int, int]]:
        found: dict[str, dict[int, int]] = {}
        for index, value in values.items():
            if index in self._key_of:
                found.setdefault(self._key_of[index], {})[index] = value
        return found

    # --- one, quickly -----------------------------------------------------------------------------------

    def one(self, most: int | None = None) -> dict[str, dict[int, int]] | None:
        """Answers of which none can be left out, though others may be fewer; None where the first case that is found
        does not settle it, whatever cannot be answered.

        Args:
            most: the steps that looking for a case may take, if fewer than for any other question.
        """
        solver = self.questions.solver
        for each in self._so:
            solver.literal(each)
        for index, value in self.usual.items():
            solver.prefer(index, value)
        self.possible = self._tried(self._so, {}, most)
        if not self.possible:
            return None
        found = {
            key: {v: self._told(v, solver) for v in indices}
            for key, indices in self.of_key.items()
            if self.may(key)
        }
        fewer = self.without_what_is_not_needed(found)
        return fewer if fewer is not None and self.accepted(fewer) else None

    def without_what_is_not_needed(
        self, answers: Mapping[str, dict[int, int]]
    ) -> dict[str, dict[int, int]] | None:
        """Of some answers that settle it, such as do so that none can be left out; None where all of them do not."""
        found = self._enough(answers)
        if not found:
            return found
        keys, values = [*found], {v: value for of in answers.values() for v, value in of.items()}
        needed = set[str]()
        for each in self.wanted:
            left = [key for key in keys if key not in needed]
            shown = shown_without(each.fails, values, [[*found[key]] for key in left])
            needed |= {key for key, is_needed in zip(left, shown, strict=True) if is_needed}
        for key in keys:
            if key in found and key not in needed:
                fewer = self._enough({k: of for k, of in found.items() if k != key})
                found = found if fewer is None else fewer
        return found

    def _enough(self, answers: Mapping[str, dict[int, int]]) -> dict[str, dict[int, int]] | None:
        """Those of some answers that will do; None where all of them do not."""
        values = {v: value for of in answers.values() for v, value in of.items()}
        needed: set[int] = set()
        for each in self.wanted:
            if self._tried([each.fails], values) is not False:
                return None
            needed |= self._needed(values).keys()
        return {key: of for key, of in answers.items() if needed.intersection(of)}


def shown_without(where: Diagram, values: Mapping[int, int], parts: Sequence[Sequence[int]]) -> list[bool]:
    """For each part of some values, whether a case was found in which something is so that has the others.

    Args:
        values: of a case: of each variable on which it hangs, as far as they are known.
        parts: the variables of each part; of what is in none, every value is tried now and then.
    """
    words, part_of = (
        Words(under((where,)), LOOKED_AT * len(parts)),
        {v: n for n, part in enumerate(parts) for v in part},
    )

    def mine(part: int) -> int:
        return ((1 << LOOKED_AT) - 1) << (part * LOOKED_AT)

    def of_each(variable: int) -> list[int]:
        bounds = words.bounds[variable]
        otherwise = mine(part_of[variable]) if variable in part_of else words.some(4)
        places = words.spread(otherwise, len(bounds) + 1)
        usual = bisect_right(bounds, values[variable]) if variable in values else 0
        places[usual] |= words.every & ~otherwise
        return places

    words.put(of_each)
    told = words.words[where.number] if isinstance(where, Formula) else None
    return [told is not None and bool(told & mine(part)) for part in range(len(parts))]


def shown_with(where: Diagram, values: Mapping[int, int], variable: int, count: int) -> list[bool]:
    """For each value of a variable, whether something is so with it and with some values of the others.

    Args:
        values: of a case: of each variable on which it hangs.
    """
    words = Words(under((where,)), count)

    def of_each(of: int) -> list[int]:
        places = [0] * (len(words.bounds[of]) + 1)
        for at in range(count):
            places[bisect_right(words.bounds[of], at if of == variable else values.get(of, 0))] |= 1 << at
        return places

    words.put(of_each)
    told = words.words[where.number] if isinstance(where, Formula) else None
    return [told is not None and bool(told >> at & 1) for at in range(count)]
