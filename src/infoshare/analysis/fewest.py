"""Answers with which something is settled: as few as will do, or as few as must be otherwise than they are.

Answers are proposed, fewest first, and held against every case that leaves the rest open. A case that shows that they do
not settle it says which of them must be otherwise, or which further fact must be answered; the next proposal heeds that.
Invariant: of what is found, nothing can be left out, and all of one size comes before all that is larger.
Deliberately not here: what is to be settled (`difference`, `changes`).
Source: A. Ignatiev, A. Morgado and J. Marques-Silva, "Propositional Abduction with Implicit Hitting Sets", ECAI (2016).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import attrs

from infoshare.analysis.every_case import Questions
from infoshare.analysis.solver import Solver
from infoshare.budget import Budget
from infoshare.meaning.diagram import Diagram, variables_of
from infoshare.meaning.formula import Formula
from infoshare.meaning.world import Variable

Values = Mapping[int, int]
"""By variable, its value."""

MOST_TRIED = 3
"""So many cases are tried in turn for one that settles it, whatever cannot be answered."""
MOST_FACTS = 40
"""More answers are never looked for at once."""


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
        self._chosen = Solver()
        self._apart = len({(id(each.care)) for each in wanted}) > 1
        self._together = [
            self._chosen.literal(each) for each in (*(part for w in wanted for part in (w.care, w.so)), *also)
        ]
        self._selected = {key: self._chosen.at_least(-1 - n, 1) for n, key in enumerate(self.of_key)}
        self._asked = [*variables_of(support), *(-1 - n for n in range(len(self.of_key)))]
        for key, indices in self.of_key.items():
            known = [v for v in indices if v in self.given]
            if known:
                same = self._chosen.all_of(self._equal({v: self.given[v] for v in known}))
                selected = self._selected[key]
                self._chosen.clause([selected, same])
                self._chosen.clause([selected ^ 1, same ^ 1])
            if not may(key):
                self._chosen.clause([self._selected[key] ^ 1])
        self.usual = usual or {}
        for index, value in self.usual.items():
            self._chosen.prefer(index, value)
        self._counts: list[int] = []
        self.may = may

    # --- all that there are, fewest first ---------------------------------------------------------------

    def each(self, most: int = MOST_FACTS) -> Iterator[dict[str, dict[int, int]]]:
        """Yields answers, by key, as values: none that could do without one of them.

        Args:
            most: of more than so many none are looked for.
        """
        most = min(most, len(self.of_key))
        self._count(most + 1)
        for count in range(most + 1):
            bound = [self._counts[count] ^ 1] if count < len(self._counts) else []
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
        found = self._chosen.possible(assumed, self._asked, mine)
        self._take(mine.spent)
        self.complete = self.complete and found is not None
        return found

    def _tried(self, so: Sequence[Diagram], values: Values) -> bool | None:
        if self.budget.exhausted:
            return None
        before = self.questions.budget.left
        found = self.questions.tried(so, values)
        if self.budget is not self.questions.budget:
            self.budget.take(min(self.budget.left, before - self.questions.budget.left))
        return found

    def _take(self, steps: int) -> None:
        for each in {id(b): b for b in (self.budget, self.questions.budget)}.values():
            each.take(min(steps, each.left))

    def _count(self, most: int) -> None:
        """For each number up to this, a literal: at least one more than so many are chosen."""
        at_least = [0] + [1] * most
        for selected in self._selected.values():
            for number in range(most, 0, -1):
                more = self._chosen.all_of([at_least[number - 1], selected])
                at_least[number] = self._chosen.all_of([at_least[number] ^ 1, more ^ 1]) ^ 1
        self._counts = at_least[1:]

    def _proposed(self) -> dict[int, int]:
        """The values of all that is answered."""
        found = {**self.given}
        for key, selected in self._selected.items():
            if self._chosen.is_so(selected):
                found |= {v: self._told(v) for v in self.of_key[key]}
        return found

    def _told(self, index: int) -> int:
        """The value of a variable: of those between which nothing tells apart, the usual one."""
        value, usual = self._chosen.values.get(index, self.given.get(index, 0)), self.usual.get(index)
        same = self._chosen.as_given
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
        tried, solver = self._tried, self.questions.solver
        for each in self.wanted if not joined else ():
            possible = tried([each.care], values)
            if possible is None:
                self.complete = False
                return None
            if not possible:
                clash = [
                    self._chosen.all_of([self._answered(key), *self._equal(of)]) ^ 1
                    for key, of in self._by_key(self._needed(values)).items()
                ]
                return clash or [1]
        for each in self.wanted:
            fails = each.fails
            otherwise = tried([fails], values)
            if otherwise is None:
                self.complete = False
                return None
            if otherwise:
                shown = {v: value for v, value in solver.values.items() if fails.support >> v & 1}
                if isinstance(fails, Formula) and tried([~fails], shown) is False:
                    shown = self._needed(shown)
                clause = [
                    self._chosen.all_of([self._answered(key), self._chosen.all_of(self._equal(of)) ^ 1])
                    for key, of in self._by_key(shown).items()
                ]
                return clause or [1]
        return []

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

    def one(self) -> dict[str, dict[int, int]] | None:
        """Answers of which none can be left out, though others may be fewer; None where none are found."""
        everything = [self._selected[key] for key in self.of_key if self.may(key)]
        for _ in range(MOST_TRIED):
            if not self._possible([*self._together, *everything]):
                return None
            values = self._proposed()
            against = self._against(values, joined=True)
            if against is None:
                return None
            if not against:
                break
            self._chosen.clause(against)
        else:
            return None
        found = {key: {v: values[v] for v in self.of_key[key]} for key in self.of_key if self.may(key)}
        found = self._enough(found) or found
        for key in [*found]:
            if key in found:
                fewer = self._enough({k: of for k, of in found.items() if k != key})
                found = found if fewer is None else fewer
        return found if self.accepted(found) else None

    def _enough(self, answers: Mapping[str, dict[int, int]]) -> dict[str, dict[int, int]] | None:
        """Those of some answers that will do; None where all of them do not."""
        values = {v: value for of in answers.values() for v, value in of.items()}
        needed: set[int] = set()
        for each in self.wanted:
            if self._tried([each.fails], values) is not False:
                return None
            needed |= self._needed(values).keys()
        return {key: of for key, of in answers.items() if needed.intersection(of)}
