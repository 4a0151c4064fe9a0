"""What changes from one policy to another: which answers some case shows, and the smallest case that shows each.

Both policies are looked at over every case, in worlds that share their formulas. A change is looked for in the cases that
list nobody; then, as far as lists can matter, in those that list one of each, two of one of them, and as many as the two
policies can tell apart. What is found is a case of which nothing is assumed, that each of the two settles; it was put to
both by itself to see that.

Invariant: what is said to be shown was decided; `proved` is said only where every question was answered.
Deliberately not here: what each of the two says where (`pair`), what is written otherwise (`policy.comparison`), and words
for people.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property, reduce
from itertools import compress, islice, product
from operator import and_
from typing import Any

import attrs

from infoshare.analysis.days import days
from infoshare.analysis.every_case import Analysis, said
from infoshare.analysis.fewest import Fewest, Wanted, shown_with
from infoshare.analysis.lists import ELEMENTS, MOST_GIVEN, Lists
from infoshare.analysis.pair import Change, Given, Pair, duty_changes, names_in
from infoshare.analysis.states import STATES, State, facts_in, settled_by, state
from infoshare.analysis.together import OTHER, together
from infoshare.budget import Budget
from infoshare.meaning.case import Case, Row, as_facts, path_of
from infoshare.meaning.diagram import Diagram
from infoshare.meaning.model import Fact, Model
from infoshare.meaning.types import Answer, OneOf
from infoshare.meaning.view import View
from infoshare.outcome import OUTCOMES, Outcome

STEPS = 4_000_000
"""Steps that a comparison may take: some seconds."""
EACH = 300_000
"""How many of them one question may take: whether two versions that say nearly the same differ takes more than most."""
PARTS = {"changes": 0.6, "kinds": 0.2, "smaller": 0.07, "assumed": 0.05, "settling": 0.015}
"""How many of them each part may take."""
MOST_WAYS = 1000
"""So many ways to give lists are looked through for smaller cases, at most."""
MOST_WITHOUT = 3
"""In so many of the cases that are shown a fact is left out, to see whether one of the two then waits for it."""
MOST_IN_VAIN = 3
"""After so many changes in turn of which it was not told whether their case is the smallest, no more are tried."""
MOST_CHOSEN = 250
"""A smaller case is looked for only where the facts that a case says, times those that it could say, are at most so many: of
larger ones it was never found out within the steps whether there is one."""
USUAL_WAYS = 2
"""Ways to give lists in which a change is looked for again on a further day, if it was found in none and none proves anything."""
RARE = 5_000
"""Steps that looking for a case of a change may take in further ways to give lists, if none proves anything."""
KIND = 2_500
"""Steps that one question of other kinds of recipients may take where no number of elements proves that there are none."""
LEAST = 5_000
"""With fewer steps left, no further fact is left out of every case: writing the question down would take longer."""
LISTED = 30
"""Steps that looking at the lists of a case costs, for each provision and row."""


@attrs.frozen
class Moment:
    """A day on which each of the two policies is looked at: the same for both, where they are in force together."""

    old: date
    new: date


@attrs.frozen(eq=False)
class Shown:
    """The smallest case that was found to show a change.

    Attributes:
        case: of the facts of both policies.
        row: the item and the recipient of whom it is so, where each has an outcome of its own.
        facts: how much it says (`facts_in`).
        smallest: whether it is proved that no smaller one shows it.
        views: what each of the two policies says of it; None where it cannot be.
    """

    case: Case
    moment: Moment
    row: Row | None
    facts: int
    smallest: bool
    views: tuple[View | None, View | None]


@attrs.frozen(eq=False)
class Found:
    """All that was found of two policies.

    Attributes:
        moments: the days that were looked at.
        shown: each change with the smallest case that shows it.
        assumed: changes of outcome that only cases show in which something is assumed, likewise.
        kinds: for a change of outcome, the kinds of recipients (their first fact that is one of some) of whom it is so;
            and in `only_these` the changes of which it is proved that it is so of no other kind.
        unsettled: by fact, a case without it that the old policy settles and the new one does not; and the other way
            round in `settled`.
        open: the changes that may be, though no case was found that shows them.
        asking: the clauses and advice by which one of the two may ask somebody whom the other does not.
        proved: whether it is proved that nothing else changes.
        kinds_of_facts: the paths of facts that are of another kind in the two.
    """

    moments: tuple[Moment, ...]
    shown: Mapping[Change, Shown]
    assumed: Mapping[Change, Shown]
    kinds: Mapping[Change, tuple[Answer, ...]]
    only_these: frozenset[Change]
    unsettled: Mapping[str, tuple[Shown, State, tuple[Outcome, ...]]]
    settled: Mapping[str, tuple[Shown, State, tuple[Outcome, ...]]]
    open: tuple[Change, ...]
    asking: tuple[str, ...]
    proved: bool
    kinds_of_facts: frozenset[str]


def compared(old: Model, new: Model, today: date, *, as_of: date | None = None, steps: int = STEPS) -> Found:
    """Compares two policies over every case there can be.

    Args:
        today: the day of policies of which nothing says when they begin.
        as_of: the day on which they are compared; every day on which one of them changes, if not given.
        steps: that it may take; what is left undecided then is never said to be proved.
    """
    return _Comparing(old, new, moments(old, new, today, as_of), steps).found()


def moments(old: Model, new: Model, today: date, as_of: date | None = None) -> tuple[Moment, ...]:
    """The days on which two policies are compared.

    A day for each stretch in which nothing of either changes, while both are in force; where they never are at once, the
    last day of the old one that can be told is held against the first of the new one.
    """
    if as_of is not None:
        return (Moment(as_of, as_of),)
    one, other = days(old, today), days(new, today)
    both = [d for d in sorted({*one, *other}) if old.policy_in_force(d) and new.policy_in_force(d)]
    if both:
        return tuple(Moment(day, day) for day in both)
    end = old.header.end if old.header else None
    return (Moment(one[-1] if end is None or end < one[-1] else end, other[0]),)


@attrs.frozen(eq=False)
class _By:
    """How a change was shown: of which cases, and by which answers, none of which can be left out."""

    pair: Pair
    moment: Moment
    row: Row | None
    sides: tuple[Diagram, Diagram]
    answers: Mapping[str, dict[int, int]]


class _Comparing:
    def __init__(self, old: Model, new: Model, at: Sequence[Moment], steps: int) -> None:
        self.own = old, new
        self.both = together(old, new)
        self.moments, self.steps, self.budget = tuple(at), steps, Budget(0)
        self.shown: dict[Change, Shown] = {}
        self.open: dict[Change, None] = {}
        self.asking: dict[str, None] = {}
        self.complete = True
        self._pairs: dict[object, Pair] = {}
        self._possible: dict[Moment, list[Change]] = {}
        self._by: dict[Change, _By] = {}
        self._views: dict[tuple[object, ...], View | None] = {}

    def found(self) -> Found:
        assumed: dict[Change, Shown] = {}
        unsettled: dict[str, Any] = {}
        settled: dict[str, Any] = {}
        self._may_take("changes")
        for moment in self.moments:
            self._changes(moment)
        self._may_take("kinds")
        kinds, only_these = self._kinds()
        self._may_take("smaller")
        self._smaller()
        self._may_take("assumed")
        for moment in self.moments:
            self._assumed(moment, assumed)
        self._may_take("settling")
        self._waiting(unsettled, settled)
        for moment in self.moments:
            self._settling(moment, unsettled, settled)
        return Found(
            self.moments,
            dict(sorted(self.shown.items(), key=lambda each: _order(each[0]))),
            assumed,
            kinds,
            only_these,
            unsettled,
            settled,
            tuple(change for change in self.open if change not in self.shown),
            tuple(self.asking),
            self.complete and not self.open.keys() - self.shown.keys(),
            self.both.kinds,
        )

    def _may_take(self, part: str) -> None:
        """Gives a part its share of the steps."""
        self.budget = Budget(int(self.steps * PARTS[part]))

    def _pair(self, moment: Moment, lists: Given) -> Pair:
        key = (moment, *lists.items())
        if key not in self._pairs:
            old = Analysis(self.both.old, moment.old, lists, budget=self.budget, each=EACH, too_large=True)
            self._pairs[key] = Pair(self.both, old, old.beside(self.both.new, day=moment.new), lists)
        self._pairs[key].old.questions.budget = self.budget
        return self._pairs[key]

    # --- changes of outcomes, duties and disclosures -------------------------------------------------

    def _changes(self, moment: Moment) -> None:
        """Looks for a case of each change; then for smaller ones."""
        base = self._pair(moment, {}).of_any_element()
        self.asking.update(dict.fromkeys(base.asking()))
        possible: dict[Change, bool | None] = {}  # None: not known; True: some case may show it
        for change in base.changes():
            where = [base.old.questions.tried([*base.care, *sides]) for _, *sides in base.where(change)]
            if any(each is not False for each in where):
                possible[change] = True if True in where else None
        if not possible:
            return
        first = [{}, *self._few[:1], *self._two] if self._lists.needed else [{}]
        ways = [*first, *self._few[1:], *self._enough] if self._lists.needed else first
        proves = self._lists.are_enough
        unclear, in_vain = set[Change](), 0
        for number, lists in enumerate(ways):
            wanted = [change for change in possible if change not in self.shown]
            if not proves and number >= USUAL_WAYS:
                wanted = [change for change in wanted if change not in self.open]
            if not wanted or (in_vain == len(first) and not proves):
                break  # where all ways together prove nothing, no more are tried once so many show nothing
            if not self.budget.take(self._cost(lists)):
                unclear.update(wanted)
                break
            pair = self._pair(moment, lists)
            most = RARE if not proves and number >= USUAL_WAYS else None
            for change in wanted:
                if self._look(pair, change, moment, most) is None and lists:
                    unclear.add(change)
            in_vain = in_vain + 1 if all(change not in self.shown for change in wanted) else 0
        for change in possible:
            if change not in self.shown and (change in unclear or not proves or not self._lists.needed):
                self.open[change] = None
        self._possible[moment] = [*possible]

    def _smaller(self) -> None:
        """Looks for smaller cases, in turn for each change, and notes where there are none.

        The smallest come first; where it is not told of several in turn, it is left at that.
        """
        total, in_vain = Budget(self.budget.left), 0
        for number, change in enumerate(sorted(self.shown, key=lambda each: self.shown[each].facts)):
            if in_vain == MOST_IN_VAIN:
                break
            mine = Budget(total.left // (len(self.shown) - number))
            sure = True
            for moment, possible in self._possible.items():
                for lists in self._every_way if change in possible else ():
                    if names_in(lists) >= self.shown[change].facts:
                        break
                    if not mine.take(self._cost(lists)):
                        sure = False
                        break
                    sure = self._look_smaller(self._pair(moment, lists), change, moment, mine) and sure
            total.take(mine.spent)
            in_vain = 0 if sure else in_vain + 1
            self.shown[change] = attrs.evolve(self.shown[change], smallest=sure)

    @cached_property
    def _few(self) -> list[Given]:
        """Lists of one element each: the cases that are easiest to read."""
        chosen = product(*((None, ELEMENTS[:1]) for _ in self._lists.needed))
        ways = [_given(self._lists.needed, each) for each in islice(chosen, 1, MOST_GIVEN)]
        return [*ways[-1:], *sorted(ways[:-1], key=names_in)]

    @cached_property
    def _two(self) -> list[Given]:
        """Lists of one element each, but of two in one of them: where it matters of which of two something is so."""
        each_one = dict.fromkeys(self._lists.needed, ELEMENTS[:1])
        ways = ({**each_one, group: ELEMENTS[:2]} for group, count in self._lists.needed.items() if count > 1)
        return [*islice((way for way in ways if way not in self._lists.ways()), MOST_GIVEN)]

    @cached_property
    def _enough(self) -> list[Given]:
        """Lists with which all can be shown that any number of elements can, if there are such."""
        return sorted((way for way in self._lists.ways() if way not in self._few), key=names_in)

    @cached_property
    def _every_way(self) -> list[Given]:
        """Every way to give some of the lists, up to as many elements as are needed; the shortest first."""
        most = self._lists.largest()
        chosen = product(*((None, *(ELEMENTS[:n] for n in range(len(most[g]) + 1))) for g in most))
        return sorted((_given(most, each) for each in islice(chosen, MOST_WAYS)), key=names_in)

    def _cost(self, lists: Given) -> int:
        """The steps that it costs to look at cases with these lists."""
        rows = max(1, len(lists.get("item", ()))) * max(1, len(lists.get("recipient", ())))
        return LISTED * rows * (len(self.both.old.order) + len(self.both.new.order)) if lists else 1

    @cached_property
    def _lists(self) -> Lists:
        return Lists(self.both.old, also=self.both.new)

    def _so(
        self, pair: Pair, change: Change, row: Row | None, sides: tuple[Diagram, Diagram]
    ) -> tuple[Diagram, Diagram]:
        """Where every completion must lie, so that each of the two policies says it."""
        match change.about:
            case (State() as one, State() as other):
                at = row or next(iter(pair.old.view.rows))
                return (
                    settled_by(pair.old.view, at, one, sides[0]),
                    settled_by(pair.new.view, at, other, sides[1]),
                )
            case _:
                return sides

    def _look(self, pair: Pair, change: Change, moment: Moment, most: int | None = None) -> bool | None:
        """Looks for a case that shows it; False where there is none."""
        answer: bool | None = False
        for row, sides in self._sides(pair, change):
            search = self._search(pair, change, moment, row, sides, sides)
            found = search.one(most)
            if found is not None:
                self.shown[change] = self._as_shown(pair, moment, row, found)
                self._by[change] = _By(pair, moment, row, sides, found)
                return True
            if search.possible is not False:
                answer = None
        return answer

    def _look_smaller(self, pair: Pair, change: Change, moment: Moment, budget: Budget) -> bool:
        """Looks for a smaller case; whether it is sure, then, that there is none smaller than the one that is known."""
        sure = True
        for row, sides in self._sides(pair, change):
            most = self.shown[change].facts - pair.size - 1
            so = self._so(pair, change, row, sides)
            search = self._search(pair, change, moment, row, sides, so, budget)
            if most * len(search.of_key) > MOST_CHOSEN:
                sure = False
                continue
            found = next(search.each(most), None) if most >= 0 else None
            if found is not None:
                self.shown[change] = self._as_shown(pair, moment, row, found)
            sure = sure and search.complete
        return sure

    def _sides(self, pair: Pair, change: Change) -> Iterator[tuple[Row | None, tuple[Diagram, Diagram]]]:
        no = pair.old.view.world.diagrams.no
        for row, before, after in pair.where(change):
            if before is not no and after is not no and (before & after) is not no:
                yield row, (before, after)

    def _search(
        self,
        pair: Pair,
        change: Change,
        moment: Moment,
        row: Row | None,
        sides: tuple[Diagram, Diagram],
        so: tuple[Diagram, Diagram],
        budget: Budget | None = None,
    ) -> Fewest:
        return Fewest(
            pair.old.questions,
            pair.old.view.world.variables,
            [Wanted(care, where) for care, where in zip(pair.care, so, strict=True)],
            may=self._may,
            also=[] if so == sides else sides,
            budget=budget,
            usual=usual_values(pair.old),
            accepted=lambda found: self._confirmed(self._as_shown(pair, moment, row, found), change),
        )

    def _as_shown(
        self, pair: Pair, moment: Moment, row: Row | None, found: Mapping[str, Mapping[int, int]]
    ) -> Shown:
        case = pair.old.case_of({v: value for of in found.values() for v, value in of.items()})
        at = row if self._by_row(pair) else None
        views = self._view(0, case, moment.old), self._view(1, case, moment.new)
        return Shown(case, moment, at, facts_in(case), smallest=False, views=views)

    def _view(self, which: int, case: Case, day: date, *, assuming: bool = False) -> View | None:
        """What one of the two policies says of a case; of which nothing is assumed, if not said otherwise."""
        model = self.own[which]
        case = cut(case, model)
        key = (assuming, which, day, frozenset(case.answers.items()), *case.elements.items())
        if key not in self._views:
            self._views[key] = said(model, case, day, assuming=assuming)
        return self._views[key]

    def _may(self, key: str) -> bool:
        path = path_of(key)
        return path not in self.both.kinds and not path.endswith(OTHER)

    @staticmethod
    def _by_row(pair: Pair) -> bool:
        return pair.old.view.by_row or pair.new.view.by_row

    def _confirmed(self, shown: Shown, change: Change) -> bool:
        """Whether deciding the case by the definition shows the change."""
        one, other = shown.views
        if one is None or other is None:
            return False
        match change.about:
            case (State() as before, State() as after):
                rows = [shown.row] if shown.row is not None else [next(iter(one.rows))]
                return any(state(one, r) == before and state(other, r) == after for r in rows)
            case (str() as name, _):
                return duty_changes(one, other, change.kind, name)
            case _:
                return True

    # --- of whom it is so ------------------------------------------------------------------------------

    def _kinds(self) -> tuple[dict[Change, tuple[Answer, ...]], frozenset[Change]]:
        """For each change of outcome, the kinds of recipients of whom a case shows it; and of which that is proved to be all."""
        fact = kind_of_recipient(self.both.old) or kind_of_recipient(self.both.new)
        type_ = self.both.old.facts.get(fact.path, fact).type if fact is not None else None
        if (
            not isinstance(type_, OneOf)
            or fact is None
            or not (self.both.old.has_rows or self.both.new.has_rows)
        ):
            return {}, frozenset()
        values = type_.values
        seen = {change: set[Answer]() for change in self.shown if change.kind == "outcome"}
        enough = self._lists.are_enough
        ways = [next((few for few in self._few if "recipient" in few), {"recipient": ELEMENTS[:1]})]
        ways += [way for way in self._enough if enough and way.get("recipient")]
        unsure = set[Change]()
        for moment, lists in product(self.moments, ways):
            wanted = [change for change, of in seen.items() if len(of) < len(values)]
            if wanted and not self.budget.take(self._cost(lists)):
                unsure.update(wanted)
                break
            for change in wanted:
                if not self._of_kinds(self._pair(moment, lists), change, fact, values, seen[change]):
                    unsure.add(change)
        told: dict[Change, tuple[Answer, ...]] = {
            change: tuple(value for value in values if value in of) for change, of in seen.items()
        }
        return told, frozenset(c for c in told if len(told[c]) == len(values) or (enough and c not in unsure))

    def _of_kinds(
        self, pair: Pair, change: Change, fact: Fact, values: Sequence[Answer], seen: set[Answer]
    ) -> bool:
        """Adds the kinds of recipients of whom some case with these lists shows a change; False where one is left open."""
        questions, diagrams = pair.old.questions, pair.old.view.world.diagrams
        sure, by = True, self._by.get(change)
        for answer in by.answers.values() if by is not None and by.pair is pair else ():
            for usual in answer.items():
                questions.solver.prefer(*usual)
        for row, before, after in pair.where(change):
            so = [*pair.care, before, after]
            keys = (f'recipient["{row[1] if row else None}"].{fact.name}',)
            own = [v for v in pair.old.view.world.variables if v.keys == keys and v.fact is not None]
            most = None if self._lists.are_enough else KIND
            of_others: bool | None = True
            while of_others and (left := [at for at, value in enumerate(values) if value not in seen]):
                kind = [diagrams.either(diagrams.test(v.index, at, at + 1) for at in left) for v in own]
                of_others = questions.tried([*so, *kind], most=most)
                sure = sure and of_others is not None
                if of_others and not own:
                    seen.update(values)
                for v in own if of_others else ():  # the same case mostly shows it of other kinds
                    found = questions.solver.values
                    with_each = shown_with(reduce(and_, so), found, v.index, len(values))
                    seen.update([values[found[v.index]], *compress(values, with_each)])
        return sure

    # --- what only assumptions make --------------------------------------------------------------------

    def _assumed(self, moment: Moment, found: dict[Change, Shown]) -> None:
        """Adds the changes of outcome that only cases show in which something is left to be assumed."""
        facts = self.both.old.facts
        apart = [
            path
            for path, fact in self.own[0].facts.items()
            if path in self.own[1].facts
            and not fact.each
            and fact.assumed != self.own[1].facts[path].assumed
            and path in facts
        ]
        for left_out in [*([path] for path in apart), *([apart] if len(apart) > 1 else [])]:
            for change, shown in self._left_out(moment, left_out):
                known = found.get(change)
                if change not in self.shown and (known is None or shown.facts < known.facts):
                    found[change] = shown

    def _left_out(self, moment: Moment, paths: Sequence[str]) -> Iterator[tuple[Change, Shown]]:
        given = [{p: a for p in paths if (a := model.facts[p].assumed) is not None} for model in self.own]
        old = Analysis(self.both.old, moment.old, {}, given[0], budget=self.budget, too_large=True)
        new = old.beside(self.both.new, day=moment.new, answers=given[1])
        pair = Pair(self.both, old, new, {})
        for change in pair.changes():
            if change.kind != "outcome" or change in self.shown:
                continue
            for row, before, after in pair.where(change):
                if pair.old.questions.tried([pair.care[0], before]) is False:
                    continue
                wanted = [Wanted(care, so) for care, so in zip(pair.care, (before, after), strict=True)]
                search = Fewest(
                    old.questions,
                    old.view.world.variables,
                    wanted,
                    may=lambda key: self._may(key) and key not in paths,
                )
                answers = next(search.each(), None)
                if answers is None:
                    continue
                values = {v: value for of in answers.values() for v, value in of.items()}
                case = attrs.evolve(
                    old.case_of(values),
                    answers={k: a for k, a in old.case_of(values).answers.items() if k not in paths},
                )
                one, other = [
                    said(model, cut(case, model), day, assuming=True)
                    for model, day in zip(self.own, (moment.old, moment.new), strict=True)
                ]
                shown_of = row if self._by_row(pair) else None
                shown = Shown(case, moment, shown_of, facts_in(case), search.complete, (one, other))
                at = shown.row or (None, None)
                if (
                    one is not None
                    and other is not None
                    and (state(one, at), state(other, at)) == change.about
                ):
                    yield change, shown

    # --- what is settled no longer ----------------------------------------------------------------------

    @cached_property
    def _asked(self) -> tuple[frozenset[str], frozenset[str]]:
        """The paths of which each of the two asks; of what it assumes where nobody answers, it does not wait for an answer."""
        one, other = (
            model.asked - {path for path, fact in own.facts.items() if fact.assumed is not None}
            for model, own in zip((self.both.old, self.both.new), self.own, strict=True)
        )
        return one, other

    def _waiting(self, unsettled: dict[str, Any], settled: dict[str, Any]) -> None:
        """Looks at what was shown: without one of its answers, one of the two may still settle the case."""
        tried: Counter[tuple[str, int]] = Counter()
        for change, by in self._by.items():
            by.pair.old.questions.budget = self.budget
            for key in by.answers if change.kind == "outcome" else ():
                rest = {k: of for k, of in by.answers.items() if k != key}
                for into, first, second in ((unsettled, 0, 1), (settled, 1, 0)):
                    if key in into or path_of(key) != key or key not in self._asked[second]:
                        continue
                    tried[key, first] += 1
                    if tried[key, first] > MOST_WITHOUT:
                        continue
                    fails = Wanted(by.pair.care[first], by.sides[first]).fails
                    values = {v: value for of in rest.values() for v, value in of.items()}
                    if by.pair.old.questions.tried([fails], values) is False:
                        told = self._told(by.pair, by.moment, by.row, rest, first, change.states[first])
                        into.update({key: told} if told else {})

    def _told(
        self,
        pair: Pair,
        moment: Moment,
        row: Row | None,
        answers: Mapping[str, Mapping[int, int]],
        first: int,
        so: State,
    ) -> tuple[Shown, State, tuple[Outcome, ...]] | None:
        """A case that one policy settles and the other does not, with what that leaves open; None if it is none.

        It is none either where the other settles it by what it assumes: nobody is asked then.
        """
        days, at = (moment.old, moment.new), row or next(iter(pair.old.view.rows))
        case = pair.old.case_of({v: value for of in answers.values() for v, value in of.items()})
        waits = self._view(1 - first, case, days[1 - first], assuming=True)
        possible = waits.rows[at].possible if waits is not None and at in waits.rows else ()
        if len(possible) < 2:  # then it waits where nothing is assumed, too
            return None
        told = self._view(first, case, days[first])
        if told is None or state(told, at) != so:
            return None
        views = (waits, told) if first else (told, waits)
        shown_of = row if self._by_row(pair) else None
        return Shown(case, moment, shown_of, facts_in(case), smallest=False, views=views), so, possible

    def _settling(self, moment: Moment, unsettled: dict[str, Any], settled: dict[str, Any]) -> None:
        """Adds, for each fact, a case without it that one of the two policies settles and the other does not."""
        pair = self._pair(moment, {})
        if pair.care[0] is pair.care[1] and all(dict(a) == dict(b) for a, b in pair.states.values()):
            return
        old, new = self.both.old, self.both.new
        asked, world = self._asked, pair.old.view.world
        for path in dict.fromkeys([*old.facts, *new.facts]):
            fact = old.facts.get(path) or new.facts[path]
            variables = [v.index for v in world.variables if v.keys == (path,) and v.fact is not None]
            if self.budget.left < LEAST:
                return
            if fact.each or not variables or not any(path in each for each in asked):
                continue
            for into, first, second in ((unsettled, 0, 1), (settled, 1, 0)):
                if path not in into and path in asked[second]:
                    shown = self._without(pair, moment, path, variables, first, second)
                    if shown is not None:
                        into[path] = shown

    def _without(
        self, pair: Pair, moment: Moment, path: str, variables: Sequence[int], first: int, second: int
    ) -> tuple[Shown, State, tuple[Outcome, ...]] | None:
        """A case without a fact that one policy settles and the other does not."""
        diagrams, tried = pair.old.view.world.diagrams, pair.old.questions.tried
        views = (pair.old.view, pair.new.view)
        row = pair.rows[0]
        standing = views[second].rows[row].standing

        def somewhere(where: Diagram) -> Diagram:
            return diagrams.exists(where, variables)

        possible = [somewhere(pair.care[second] & standing.outcome[o]) for o in OUTCOMES]
        open_ = diagrams.either(
            one & other for at, one in enumerate(possible) for other in possible[at + 1 :]
        )
        if not tried([open_]):
            return None
        for one, where in pair.states[row][first].items():
            so = ~somewhere(pair.care[first] & ~where)
            if tried([open_, so, pair.care[first], where, pair.care[second]]) is not True:
                continue
            wanted = [Wanted(pair.care[first], where)]
            search = Fewest(
                pair.old.questions,
                pair.old.view.world.variables,
                wanted,
                may=lambda key: self._may(key) and key != path,
                also=[open_, so],
                usual=usual_values(pair.old),
            )
            answers = search.one()
            if answers is None:
                continue
            told = self._told(pair, moment, row, answers, first, one)
            if told is not None:
                return told
        return None


def _given(groups: Iterable[str], chosen: Iterable[tuple[str, ...] | None]) -> Given:
    return {group: names for group, names in zip(groups, chosen, strict=True) if names is not None}


def usual_values(analysis: Analysis) -> dict[int, int]:
    """What is usual of each variable: what is assumed of its fact, or an option that is called none."""
    found: dict[int, int] = {}
    world = analysis.view.world
    for variable in world.variables:
        fact = variable.fact
        if fact is None or variable.elsewhere:
            continue
        assumed = fact.assumed
        if assumed is None and isinstance(fact.type, OneOf) and "none" in fact.type.values:
            assumed = "none"
        if isinstance(assumed, frozenset) and variable.option is not None:
            found[variable.index] = int(variable.option in assumed)
        elif assumed is not None and not isinstance(assumed, frozenset):
            found[variable.index] = world.encoded(variable, assumed)
    return found


def cut(case: Case, model: Model) -> Case:
    """The case as a policy reads it: without the facts and lists that it does not have."""
    return attrs.evolve(
        case,
        answers={k: a for k, a in case.answers.items() if path_of(k) in model.facts},
        elements={
            g: names for g, names in case.elements.items() if g in model.groups and model.groups[g].each
        },
    )


def nested(case: Case, *models: Model) -> dict[str, Any]:
    """The case as a file holds it, by the facts of several policies."""
    found: dict[str, Any] = {}
    for model in models:
        for group, told in as_facts(cut(case, model), model).items():
            known = found.setdefault(group, told)
            if isinstance(known, dict):
                known.update(told)
            elif isinstance(known, list):
                for one, more in zip(known, told, strict=True):
                    one.update(more)
    return found


def kind_of_recipient(model: Model) -> Fact | None:
    """What tells kinds of recipients apart: the first fact of theirs that is one of some."""
    mine = (f for f in model.facts.values() if f.group == "recipient" and f.each)
    return next((fact for fact in mine if isinstance(fact.type, OneOf)), None)


def _order(change: Change) -> tuple[int, ...]:
    match change.about:
        case (State() as one, State() as other):
            return 0, STATES.index(one), STATES.index(other)
        case _:
            return (1,)
