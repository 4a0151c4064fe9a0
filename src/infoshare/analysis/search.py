"""A policy searched, over all days, for a case that shows something: found on the diagrams, then decided to confirm it.

Where something hangs on lists, or on facts that are compared with one another, it is looked for again in cases that
give these: lists with no element, and with as many as the policy's quantifiers and counts, and whatever is for each of
a list, can tell apart; facts with answers in every order. What is found in no case of such lists is nowhere; only a
comparison of two facts, or lists of which no number of elements is known to be enough, may then leave a doubt.
Deliberately not here: what is looked for, and all that a decision says beside its outcome.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from itertools import product
from math import prod

import attrs

from infoshare.analysis.days import days
from infoshare.analysis.every_case import Analysis, Witness, seen
from infoshare.analysis.lists import MOST_GIVEN, Lists
from infoshare.analysis.promise import broken
from infoshare.budget import Budget
from infoshare.meaning import facts as reading
from infoshare.meaning.case import Case, Row, as_facts, element_key, keys_of, path_of
from infoshare.meaning.consequences import due, targets
from infoshare.meaning.diagram import Diagram
from infoshare.meaning.model import Fact, Guarantee, Model
from infoshare.meaning.types import Answer, Date, Number, Reference
from infoshare.meaning.view import View
from infoshare.outcome import OUTCOMES, Act, Basis, Outcome

STEPS = 3_000_000
"""Steps for all days and all lists together: some twenty seconds at most."""

Where = Callable[[Analysis], Diagram]


@attrs.frozen(slots=False)
class Verdict:
    """What comes of a case, or of a row of it that shows what is looked for: the heart of its decision.

    Attributes:
        decided: the outcome of the case as a whole, and what that rests on.
        row: the row, where each has an outcome of its own.
        seen: all that is said of the case.
        own: what is said of the row.
    """

    outcome: Outcome
    basis: Basis
    decided: tuple[Outcome, Basis]
    row: Row | None
    seen: View = attrs.field(eq=False, repr=False)
    own: View = attrs.field(eq=False, repr=False)

    @cached_property
    def standing(self) -> frozenset[str]:
        """The clauses that stand."""
        stands = self.own.standing.stands
        return frozenset(name for name, where in stands.items() if self.seen.outlook.certain(where))

    @cached_property
    def due(self) -> frozenset[str]:
        """The duties that are due."""
        view = self.seen
        return frozenset(
            duty.name
            for duty in self.seen.model.duties.values()
            if any(view.outlook.certain(due(view, duty, target)[0]) for target in targets(view, duty))
        )


Confirms = Callable[[Verdict], bool]


@attrs.frozen
class Shown:
    """A case that shows something, and what comes of it; without a verdict it is not sure that it does."""

    witness: Witness
    verdict: Verdict | None


class Search:
    """Every case of a policy, on a day of each stretch of time.

    Args:
        steps: of all questions together; what is left undecided then is never said to be so, nor to be
            nowhere.
    """

    def __init__(self, model: Model, today: date, *, steps: int = STEPS) -> None:
        self.model = model
        self.analyses: list[Analysis] = []
        self._given: dict[object, Analysis] = {}
        self._lists_about: dict[frozenset[str] | None, Lists] = {}
        self._budget = Budget(steps)
        for day in days(model, today):
            self.analyses.append(Analysis(model, day, budget=self._budget))

    @property
    def nothing_possible(self) -> bool:
        """Whether there is no case at all, as all are said to be impossible."""
        return not any(a.view.outlook.possible(a.view.world.diagrams.yes) for a in self.analyses)

    def possible(self, where: Callable[..., Diagram], *names: str) -> bool:
        """Whether there is a day and a case in which something is so of these names, as far as is known."""
        return any(a.view.outlook.possible(where(a, *names)) for a in self.analyses)

    def shown(
        self,
        analysis: Analysis,
        where: Where,
        confirms: Confirms,
        *,
        about: Iterable[str] | None = None,
        also: Callable[[Witness], bool] = lambda _: True,
        unanswered: str | None = None,
        briefly: bool = True,
    ) -> Shown | None:
        """A case of this day in which something is so; None if there is none.

        Args:
            where: where it is so.
            confirms: whether what comes of the case shows it.
            about: the names of the provisions of which it is; all of them, if not given.
            also: what else must be so of the case.
            unanswered: the path of a fact that the case is to leave out.
            briefly: whether a case of a large policy is worth the time to leave out what shows nothing.
        """

        def confirmed(witness: Witness) -> Verdict | None:
            verdict = self.verdict(witness, confirms)
            return verdict if verdict is not None and also(witness) else None

        found = analysis.witness(where(analysis))
        if found is None:
            return None
        if found.exact:
            return Shown(found, confirmed(found))
        given = self._lists(about)
        doubtful = not given.are_enough
        for lists in given.ways():
            answers, complete = self._answers(lists, analysis.day, unanswered)
            for each in ({}, *answers):
                more = self._analysis(analysis.day, lists, each)
                witness = more.witness(where(more))
                verdict = None if witness is None else confirmed(witness)
                if witness is not None and verdict is not None:
                    if more.too_large and not briefly:
                        return Shown(witness, verdict)
                    least = self._reduced(more, witness, lambda case: confirmed(case) is not None)
                    return Shown(least, self.verdict(least, confirms))
                if not each and (witness is None or witness.exact):
                    complete = witness is None and more.complete
                    break  # with these lists, it is the same whatever the answers
                complete = complete and (not each or (witness is None and more.complete))
            doubtful = doubtful or not complete
        return Shown(found, None) if doubtful else None

    def breach(self, guarantee: Guarantee) -> Shown | None:
        """A case in which a guarantee fails, on the first day on which there is one; None where it holds for all."""

        def fails(verdict: Verdict) -> bool:
            if verdict.basis is Basis.UNKNOWN_FACTS:
                return False
            against = broken(verdict.seen, guarantee)
            rows = against if verdict.row is None else (verdict.row,)
            return any(verdict.seen.outlook.certain(against[row]) for row in rows)

        about = [*self.model.clauses, guarantee.name, *([guarantee.duty] if guarantee.duty else [])]
        if guarantee.duty and any(
            t.act is Act.HOLDING_BACK for t in self.model.duties[guarantee.duty].timings
        ):
            about += self.model.safeguards
        for analysis in self.analyses:
            for (
                outcome
            ) in OUTCOMES:  # outcome by outcome: so the decision of the case that is found is settled

                def where(each: Analysis, outcome: Outcome = outcome) -> Diagram:
                    rows = each.view.rows
                    against = broken(each.view, guarantee, Outcome.SHARE)
                    return each.view.world.diagrams.either(
                        against[row] & seen.standing.outcome[outcome]
                        for row, seen in _each_once(rows, against)
                    )

                shown = self.shown(analysis, where, fails, about=about)
                if shown is not None:
                    return shown
        return None

    def verdict(self, witness: Witness, confirms: Confirms) -> Verdict | None:
        """What comes of a case, or of the first row of it, that confirms what the case should show."""
        view = seen(self.model, reading.read(self.model, witness.case).case, witness.as_of)
        if view is None:
            return None
        found = None
        for row, each in view.rows.items():
            verdict = Verdict(
                each.outcome,
                each.basis,
                (view.outcome, view.basis),
                row if view.by_row else None,
                view,
                each,
            )
            if confirms(verdict):
                found = verdict
                break
            if not view.by_row:
                break
        return found

    def _reduced(self, analysis: Analysis, witness: Witness, shows: Callable[[Witness], bool]) -> Witness:
        """The case without the lists, the elements and the answers that it shows the same without.

        Answers that are not assumed are few already where cases were looked for one by one.
        """
        case = reading.read(self.model, witness.case).case
        less = _without_what_is_assumed(case, self.model)
        tried = attrs.evolve(witness, case=as_facts(less, self.model))
        if less.answers != case.answers and shows(tried):
            case, witness = less, tried
        at, failed = 0, 0
        while failed < len(smaller := list(_smaller(case, self.model, answers=not analysis.too_large))):
            at %= len(smaller)
            tried = attrs.evolve(witness, case=as_facts(smaller[at], self.model))
            if shows(tried):
                case, witness, failed = smaller[at], tried, 0
            else:
                at, failed = at + 1, failed + 1
        return witness

    # --- ways to give lists, and facts that are compared with one another ----------------------------

    def _lists(self, about: Iterable[str] | None) -> Lists:
        """The lists to give, for what provisions of these names come to; for all of them, if none are given."""
        names = frozenset(about) if about is not None and self.model.uses_new_forms else None
        if names not in self._lists_about:
            self._lists_about[names] = Lists(self.model, names)
        return self._lists_about[names]

    @cached_property
    def _compared(self) -> list[Fact]:
        """The numbers and dates that are compared with one another."""
        facts = [self.model.facts[path] for path in sorted(self.model.entangled)]
        return [f for f in facts if isinstance(f.type, Number | Date)]

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
            large = bool(lists) and any(each.too_large for each in self.analyses)
            self._given[key] = Analysis(self.model, day, lists, answers, budget=self._budget, too_large=large)
        return self._given[key]


def _each_once(rows: Mapping[Row, View], of: Mapping[Row, Diagram]) -> Iterator[tuple[Row, View]]:
    """The rows, but for those of which the same is said as of one before."""
    told = set[tuple[int, int]]()
    for row, view in rows.items():
        if (key := (id(view), id(of[row]))) not in told:
            told.add(key)
            yield row, view


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


def _without_what_is_assumed(case: Case, model: Model) -> Case:
    """The case without the answers that are assumed where nobody answers."""
    kept = {k: a for k, a in case.answers.items() if model.facts[path_of(k)].assumed != a}
    return attrs.evolve(case, answers=kept)


def _smaller(case: Case, model: Model, *, answers: bool) -> Iterator[Case]:
    """The case without one list, one element or one answer; references name nobody any more whom it does not list."""
    for group, names in case.elements.items():
        kept = {key: answer for key, answer in case.answers.items() if not key.startswith(f"{group}[")}
        yield attrs.evolve(
            case,
            answers={key: answer for key, answer in kept.items() if _names_of(key, model) != group},
            elements={g: n for g, n in case.elements.items() if g != group},
        )
        for name in names:
            mine = element_key(group, name, "")
            kept = {key: answer for key, answer in case.answers.items() if not key.startswith(mine)}
            yield attrs.evolve(
                case,
                answers={
                    key: answer - {name}
                    if isinstance(answer, frozenset) and _names_of(key, model) == group
                    else answer
                    for key, answer in kept.items()
                },
                elements={**case.elements, group: tuple(n for n in names if n != name)},
            )
    for key in case.answers if answers else ():
        if path_of(key).rpartition(".")[2] != "name":
            yield attrs.evolve(case, answers={k: a for k, a in case.answers.items() if k != key})


def _names_of(key: str, model: Model) -> str | None:
    """The list of which a reference names elements; None for a fact that is none."""
    type_ = model.facts[path_of(key)].type
    return type_.group if isinstance(type_, Reference) else None
