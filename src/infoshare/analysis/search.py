"""A policy searched, over all days, for a case that shows something: found on the diagrams, then decided to confirm it.

Where something hangs on lists, or on facts that are compared with one another, it is looked for again in cases that
give these: lists with no element, and with as many as the policy's quantifiers can tell apart; facts with answers in
every order. What is found in no case of such lists is nowhere; only a comparison of two facts may then leave a doubt.
Deliberately not here: what is looked for, and all that a decision says beside its outcome.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from itertools import islice, product
from math import prod

import attrs

from infoshare.analysis import every_case
from infoshare.analysis.days import days
from infoshare.analysis.every_case import Analysis, Witness, seen
from infoshare.budget import Budget
from infoshare.meaning import facts as reading
from infoshare.meaning.case import Case, as_facts, element_key, keys_of, path_of
from infoshare.meaning.diagram import Diagram
from infoshare.meaning.evaluator import due
from infoshare.meaning.model import Fact, Guarantee, Model, Quantified, parts
from infoshare.meaning.types import Answer, Date, Number
from infoshare.meaning.world import facts_of
from infoshare.outcome import OUTCOMES, Basis, Outcome

_ELEMENTS = ("first", "second", "third")
STEPS = 3_000_000
"""Steps of the diagrams for all days and all lists together: some twenty seconds at most."""
MOST_GIVEN = 64
"""So many ways to give the lists are tried on each day."""

Where = Callable[[Analysis], Diagram]


@attrs.frozen
class Verdict:
    """What comes of a case: the heart of its decision.

    Attributes:
        standing: the clauses that stand.
        due: the duties that are due.
        not_due: those that are not, whatever is still unknown.
    """

    outcome: Outcome
    basis: Basis
    standing: frozenset[str]
    due: frozenset[str]
    not_due: frozenset[str]


Confirms = Callable[[Verdict], bool]


@attrs.frozen
class Shown:
    """A case that shows something, and what comes of it; without a verdict it is not sure that it does."""

    witness: Witness
    verdict: Verdict | None


class Search:
    """Every case of a policy, on a day of each stretch of time.

    Args:
        steps: of the diagrams, all of them together; what is left undecided then is never said to be so, nor to be
            nowhere.
    """

    def __init__(self, model: Model, today: date, *, steps: int = STEPS) -> None:
        self.model, self.steps = model, steps
        self.analyses: list[Analysis] = []
        self._given: dict[object, Analysis] = {}
        self._decided = 0
        for day in days(model, today):
            self.analyses.append(Analysis(model, day, budget=self._share()))

    def _share(self) -> Budget:
        """What one more analysis may take of the steps that are left."""
        made = (*self.analyses, *self._given.values())
        spent = self._decided + sum(each.spent for each in made)
        return Budget(max(0, min(every_case.BUDGET, self.steps - spent)))

    @property
    def nothing_possible(self) -> bool:
        """Whether there is no case at all, as all are said to be impossible."""
        return not any(a.view.outlook.possible(a.view.world.diagrams.yes) for a in self.analyses)

    def possible(self, where: Callable[..., Diagram], *names: str) -> bool:
        """Whether there is a day and a case in which something is so of these names."""
        return any(a.view.outlook.possible(where(a, *names)) for a in self.analyses)

    def shown(
        self,
        analysis: Analysis,
        where: Where,
        confirms: Confirms,
        *,
        also: Callable[[Witness], bool] = lambda _: True,
        unanswered: str | None = None,
    ) -> Shown | None:
        """A case of this day in which something is so; None if there is none.

        Args:
            where: where it is so.
            confirms: whether what comes of the case shows it.
            also: what else must be so of the case.
            unanswered: the path of a fact that the case is to leave out.
        """

        def confirmed(witness: Witness) -> Verdict | None:
            verdict = self.verdict(witness, confirms)
            return verdict if verdict is not None and also(witness) else None

        found = analysis.witness(where(analysis))
        if found is None:
            return None
        if found.exact:
            return Shown(found, confirmed(found))
        doubtful = not self._enough_elements
        for lists in self._lists():
            answers, complete = self._answers(lists, analysis.day, unanswered)
            for each in ({}, *answers):
                more = self._analysis(analysis.day, lists, each)
                witness = more.witness(where(more))
                verdict = None if witness is None else confirmed(witness)
                if witness is not None and verdict is not None:
                    least = self._reduced(witness, lambda case: confirmed(case) is not None)
                    return Shown(least, self.verdict(least, confirms))
                if not each and (witness is None or witness.exact):
                    complete = witness is None and not where(more).undecided
                    break  # with these lists, it is the same whatever the answers
                complete = complete and (not each or (witness is None and not where(more).undecided))
            doubtful = doubtful or not complete
        return Shown(found, None) if doubtful else None

    def breach(self, guarantee: Guarantee) -> Shown | None:
        """A case in which a guarantee fails, on the first day on which there is one; None where it holds for all."""

        def speaks(witness: Witness) -> bool:
            view = seen(self.model, reading.read(self.model, witness.case).case, witness.as_of)
            return view is not None and view.outlook.certain(view.world.truth(guarantee.when))

        for analysis in self.analyses:
            for (
                outcome
            ) in OUTCOMES:  # outcome by outcome: so the decision of the case that is found is settled

                def where(each: Analysis, outcome: Outcome = outcome) -> Diagram:
                    return each.broken(guarantee) & each.view.standing.outcome[outcome]

                shown = self.shown(analysis, where, lambda verdict: _fails(guarantee, verdict), also=speaks)
                if shown is not None:
                    return shown
        return None

    def verdict(self, witness: Witness, confirms: Confirms) -> Verdict | None:
        """What comes of a case, if that confirms what it should show."""
        view = seen(self.model, reading.read(self.model, witness.case).case, witness.as_of)
        if view is None:
            return None
        stands, outlook = view.standing.stands, view.outlook
        self._decided += view.world.diagrams.spent
        duties = {d.name: due(view.world, view.standing, d, view.outcome) for d in self.model.duties.values()}
        verdict = Verdict(
            view.outcome,
            view.basis,
            frozenset(name for name, where in stands.items() if outlook.certain(where)),
            frozenset(name for name, where in duties.items() if outlook.certain(where)),
            frozenset(name for name, where in duties.items() if not outlook.possible(where)),
        )
        return verdict if confirms(verdict) else None

    def _reduced(self, witness: Witness, shows: Callable[[Witness], bool]) -> Witness:
        """The case without the lists, the elements and the answers that it shows the same without."""
        case = reading.read(self.model, witness.case).case
        pending = True
        while pending:
            pending = False
            for smaller in _smaller(case):
                tried = attrs.evolve(witness, case=as_facts(smaller, self.model))
                if shows(tried):
                    case, witness, pending = smaller, tried, True
                    break
        return witness

    # --- ways to give lists, and facts that are compared with one another ----------------------------

    @cached_property
    def _quantifiers(self) -> Mapping[str, int]:
        """How many quantifiers there are over each list."""
        found = {p for c in self.model.conditions() for p in parts(c) if isinstance(p, Quantified)}
        groups = [part.group for part in found]
        return {group: groups.count(group) for group in self.model.groups if group in groups}

    @cached_property
    def _compared(self) -> list[Fact]:
        """The numbers and dates that are compared with one another."""
        facts = [self.model.facts[path] for path in sorted(self.model.entangled)]
        return [f for f in facts if isinstance(f.type, Number | Date)]

    @cached_property
    def _enough_elements(self) -> bool:
        """Whether as many elements as there are names for can show whatever any number can."""
        named = any(
            f.each and f.name == "name" for c in self.model.conditions() for f in facts_of(self.model, c)
        )
        return not named and all(count <= len(_ELEMENTS) for count in self._quantifiers.values())

    def _lists(self) -> Iterator[Mapping[str, tuple[str, ...]]]:
        sizes = [(0, min(count, len(_ELEMENTS))) for count in self._quantifiers.values()]
        for chosen in islice(product(*sizes), MOST_GIVEN):
            yield {g: _ELEMENTS[:size] for g, size in zip(self._quantifiers, chosen, strict=True)}

    def _answers(
        self, lists: Mapping[str, tuple[str, ...]], day: date, unanswered: str | None
    ) -> tuple[list[Mapping[str, Answer]], bool]:
        """Answers to the facts that are compared with one another, and whether these are all that there can be.

        All of them where they are few, else low, middle and high ones, in one order and in the other.
        """
        facts = [fact for fact in self._compared if fact.path != unanswered]
        asked = [(key, fact) for fact in facts for key in keys_of(fact, Case(elements=lists))]
        if not asked:
            return [], False
        ranges = [_all_answers(fact) for _, fact in asked]
        complete = prod(map(len, ranges)) in range(1, MOST_GIVEN + 1)
        if not complete:
            ranges = [_some_answers(fact, day) for _, fact in asked]
        count = len(asked)
        rising = [min(2, 3 * at // count) for at in range(count)]
        ways = (
            product(*ranges)
            if complete or count <= 3
            else (
                [r[at] for r, at in zip(ranges, way, strict=True)]
                for way in ([1] * count, rising, rising[::-1])
            )
        )
        return [dict(zip((key for key, _ in asked), way, strict=True)) for way in ways], complete

    def _analysis(
        self, day: date, lists: Mapping[str, tuple[str, ...]], answers: Mapping[str, Answer]
    ) -> Analysis:
        key = (day, *lists.items(), *answers.items())
        if key not in self._given:
            self._given[key] = Analysis(self.model, day, lists, answers, budget=self._share())
        return self._given[key]


def _fails(guarantee: Guarantee, verdict: Verdict) -> bool:
    never = guarantee.modality == "never"
    if verdict.basis is Basis.UNKNOWN_FACTS:
        return False
    if guarantee.duty is not None:
        return guarantee.duty in (verdict.due if never else verdict.not_due)
    return (verdict.outcome is guarantee.outcome) is never


def _all_answers(fact: Fact) -> Sequence[Answer]:
    """Every answer to a number, where it has bounds."""
    type_ = fact.type
    if isinstance(type_, Number) and type_.low is not None and type_.high is not None:
        return range(type_.low, type_.high + 1)
    return ()


def _some_answers(fact: Fact, day: date) -> Sequence[Answer]:
    """A low answer, one in the middle and a high one, of a number or a date."""
    if isinstance(fact.type, Number):
        bottom = 0 if fact.type.low is None else fact.type.low
        top = bottom + 2 if fact.type.high is None else fact.type.high
        return bottom, (bottom + top) // 2, top
    near = date.min.year + 2 < day.year < date.max.year - 2
    return tuple(day + timedelta(366 * years) for years in ((-1, 0, 1) if near else (0, 0, 0)))


def _smaller(case: Case) -> Iterator[Case]:
    """The case without one list, one element or one answer."""
    for group, names in case.elements.items():
        kept = {key: answer for key, answer in case.answers.items() if not key.startswith(f"{group}[")}
        yield attrs.evolve(
            case, answers=kept, elements={g: n for g, n in case.elements.items() if g != group}
        )
        for name in names:
            mine = element_key(group, name, "")
            yield attrs.evolve(
                case,
                answers={key: answer for key, answer in case.answers.items() if not key.startswith(mine)},
                elements={**case.elements, group: tuple(n for n in names if n != name)},
            )
    for key in case.answers:
        if path_of(key).rpartition(".")[2] != "name":
            yield attrs.evolve(case, answers={k: a for k, a in case.answers.items() if k != key})
