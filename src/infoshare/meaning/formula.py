"""What is so in a case, written down as formulas over everything that might be otherwise, and what they come to.

A world whose conditions are `Formulas` says the same as one of `Diagrams`, but joins nothing: what a formula comes to is
asked of a `Valuation`, which knows some variables. It answers by Kleene's tables first, and tells apart only what these
leave open; where another variable becomes unknown, only what hangs on it is looked at again.

Deliberately not here: which facts are known, and what is asked of them (`grounds_by_row`).
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from functools import reduce
from heapq import heapify, heappop, heappush
from operator import or_
from typing import Literal, NamedTuple

from infoshare.budget import Budget
from infoshare.meaning.diagram import Diagram, Diagrams
from infoshare.meaning.outlook import Outlook

Kind = Literal["test", "not", "all", "any", "some"]


class Formula(Diagram):
    """One formula: a test of a variable, or what is made of others; its parts come before it.

    Attributes:
        number: its place among all formulas.
        parts: of what it is made.
        numbers: theirs; 0 for what is unknown whatever is known.
        over: of a test, the bounds between which the variable lies; of `some`, the variables that may be anything.
    """

    __slots__ = ("kind", "number", "numbers", "over", "parts", "used_in")

    kind: Kind
    number: int
    numbers: tuple[int, ...]
    parts: tuple[Diagram, ...]
    over: tuple[int | None, ...]
    used_in: "list[Formula]"


class Formulas(Diagrams):
    """What stands in the place of diagrams in a world: nothing is told apart, and equal formulas are one."""

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[object, Formula] = {}

    def test(self, var: int, low: int | None, high: int | None) -> Diagram:
        if low is None and high is None:
            return self.yes
        if low is not None and high is not None and low >= high:
            return self.no
        return self._formula("test", (), (low, high), var)

    def both(self, a: Diagram, b: Diagram) -> Diagram:
        if a is self.no or b is self.no or is_opposite(a, b):
            return self.no
        if a is self.yes or a is b:
            return b
        return a if b is self.yes else self._formula("all", (a, b))

    def at_least_one(self, a: Diagram, b: Diagram) -> Diagram:
        return self.either((a, b))

    def either(self, items: Iterable[Diagram]) -> Diagram:
        parts: dict[int, Diagram] = {}
        for item in items:
            if item is self.yes:
                return item
            if item is not self.no:
                parts[id(item)] = item
        if len(parts) <= 1:
            return next(iter(parts.values()), self.no)
        if any(
            isinstance(p, Formula) and p.kind == "not" and id(p.parts[0]) in parts for p in parts.values()
        ):
            return self.yes
        return self._formula("any", tuple(parts.values()))

    def negation(self, a: Diagram) -> Diagram:
        if not isinstance(a, Formula):
            return super().negation(a)
        return a.parts[0] if a.kind == "not" else self._formula("not", (a,))

    def exists(self, a: Diagram, variables: Iterable[int]) -> Diagram:
        return self._formula("some", (a,), tuple(variables)) if isinstance(a, Formula) else a

    def _formula(
        self, kind: Kind, parts: tuple[Diagram, ...], over: tuple[int | None, ...] = (), var: int = 0
    ) -> Formula:
        key = (kind, var, over, *map(id, parts))
        found = self._known.get(key)
        if found is None:
            found = object.__new__(Formula)
            found.home, found.truth, found.undecided, found.var = self, None, False, var
            found.kind, found.parts, found.over = kind, parts, over
            found.number, found.used_in = len(self._known) + 1, []
            found.numbers = tuple([part.number if isinstance(part, Formula) else 0 for part in parts])
            found.support = 0 if parts else 1 << var
            for part in parts:
                found.support |= part.support
                if isinstance(part, Formula):
                    part.used_in.append(found)
            self._known[key] = found
        return found


def is_opposite(a: Diagram, b: Diagram) -> bool:
    """Whether one is written as the other one's opposite."""
    return any(isinstance(x, Formula) and x.kind == "not" and x.parts[0] is y for x, y in ((a, b), (b, a)))


class OfFormulas(Outlook):
    """An outlook over formulas, which cannot tell what is certain: everything may be."""

    most_joined = None

    def certain(self, where: Diagram) -> bool:
        return where is self.world.diagrams.yes

    def possible(self, where: Diagram) -> bool:
        return where is not self.world.diagrams.no


def under(wheres: Iterable[Diagram], wanted: Callable[[Formula], bool] = lambda _: True) -> list[Formula]:
    """Formulas and those of which they are made, as far as they are wanted, parts first."""
    found: dict[int, Formula] = {}
    pending = [where for where in wheres if isinstance(where, Formula)]
    while pending:
        each = pending.pop()
        if each.number not in found and wanted(each):
            found[each.number] = each
            pending += [part for part in each.parts if isinstance(part, Formula)]
    return [found[number] for number in sorted(found)]


class Bits:
    """Facts as bits.

    Attributes:
        of: for a variable, the bit of its fact.
        cost: of two sets of facts, the one that costs less is taken.
    """

    def __init__(self, of: Mapping[int, int], cost: Callable[[int], int]) -> None:
        self.of, self.cost = of, cost


class Proof(NamedTuple):
    """How Kleene's tables make a formula yes.

    Attributes:
        facts: few known ones that do so, as bits.
        wherever: the values of what is not known for each of which they do so, together all that there are.
    """

    where: Formula
    facts: int
    wherever: tuple[frozenset[tuple[int, int]], ...] = (frozenset(),)


class Before(NamedTuple):
    """What was so before some variables had other values.

    Attributes:
        values: of these variables; None of what was not known.
        truths: by number, of the formulas that are otherwise now, or hang on something else.
        told_apart: likewise.
    """

    values: dict[int, int | None]
    truths: dict[int, int]
    told_apart: dict[int, Diagram]


NO, UNKNOWN, YES = 0, 1, 2
"""The truths of Kleene's tables: `and` is the least of some, `or` the greatest."""


class Valuation:
    """What formulas come to, where some variables are known.

    Args:
        wheres: the formulas that are asked about.
        values: of each variable that is known.
        diagrams: what tells apart what Kleene's tables leave open; None where that is not asked.
    """

    def __init__(
        self, wheres: Iterable[Diagram], values: Mapping[int, int], diagrams: Diagrams | None = None
    ) -> None:
        self._diagrams = diagrams
        self.values: dict[int, int | None] = {**values}
        self._truths, self._told_apart = {0: UNKNOWN}, dict[int, Diagram]()
        self.made: dict[int, Formula] = {}
        self.tests: dict[int, list[Formula]] = {}
        for each in under(wheres):
            self.made[each.number], self._truths[each.number] = each, self._truth(each)
            if not each.parts:
                self.tests.setdefault(each.var, []).append(each)

    def beside(self, values: Iterable[tuple[int, int]]) -> "Valuation":
        """What the same formulas come to where some other variables are known too."""
        other = object.__new__(Valuation)
        other._diagrams, other.made, other.tests = None, self.made, self.tests
        other.values, other._truths, other._told_apart = {**self.values}, {**self._truths}, {}
        other.put(dict(values))
        return other

    def truth(self, where: Formula) -> int:
        """What Kleene's tables make of it."""
        return self._truths[where.number]

    def _truth(self, each: Formula) -> int:
        if not each.numbers:
            value = self.values.get(each.var)
            if value is None:
                return UNKNOWN
            low, high = each.over
            return YES if (low is None or low <= value) and (high is None or value < high) else NO
        truth = self._truths.__getitem__
        match each.kind:
            case "all":
                return min(map(truth, each.numbers))
            case "any":
                return max(map(truth, each.numbers))
            case "not":
                return YES - truth(each.numbers[0])
            case _:
                return truth(each.numbers[0])

    @property
    def diagrams(self) -> Diagrams:
        """What tells apart what Kleene's tables leave open."""
        if self._diagrams is None:
            raise TypeError("nothing is told apart")
        return self._diagrams

    def diagram(self, where: Diagram) -> Diagram:
        """In which completions it is so."""
        truths, found = self._truths, self._told_apart
        if not isinstance(where, Formula):
            return where
        if truths[where.number] == UNKNOWN:
            for each in under(
                (where,), lambda part: truths[part.number] == UNKNOWN and part.number not in found
            ):
                found[each.number] = self._joined(each)
            return found[where.number]
        return self.diagrams.of(truths[where.number] == YES)

    def _joined(self, each: Formula) -> Diagram:
        diagrams = self.diagrams
        leaves = (diagrams.no, diagrams.unknown, diagrams.yes)
        parts = [self._told_apart.get(n) or leaves[self._truths[n]] for n in each.numbers]
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

    def put(self, values: Mapping[int, int | None]) -> Before:
        """Gives some variables other values, or none; what is given back undoes it."""
        before = Before({variable: self.values.get(variable) for variable in values}, {}, {})
        self.values |= values
        made, truths, told_apart = self.made, self._truths, self._told_apart
        pending = [test.number for variable in values for test in self.tests.get(variable, ())]
        heapify(pending)
        while pending:
            number = heappop(pending)
            if number in before.truths:
                continue
            each, old = made[number], truths[number]
            truth = self._truth(each)
            # What stays unknown is told apart by other variables now.
            if truth != old or (truth == UNKNOWN and self._diagrams is not None):
                before.truths[number], truths[number] = old, truth
                if number in told_apart:
                    before.told_apart[number] = told_apart.pop(number)
                for other in each.used_in:
                    if other.number in made:
                        heappush(pending, other.number)
        return before

    def undo(self, before: Before) -> None:
        """As it was before some variables had other values."""
        self.values |= before.values
        self._truths |= before.truths
        for number in before.truths:
            self._told_apart.pop(number, None)
        self._told_apart |= before.told_apart

    def hanging(self, wheres: Mapping[int, Formula], before: Before) -> Iterator[Formula]:
        """Of some formulas, by number, those on which other values may bear."""
        return (wheres[number] for number in wheres.keys() & before.truths.keys())

    def proof(self, where: Formula, among: Container[int], splits: Budget, bits: Bits) -> Proof | None:
        """How Kleene's tables make it yes, where need be for each value of some variables that are not known.

        Args:
            among: the variables of which every value may be tried.
            splits: how often that may be done.
            bits: with which it is told which facts do so.

        Returns:
            None where it is not found to be yes.
        """
        truths = self._truths
        if truths[where.number] != UNKNOWN:
            return Proof(where, self._reason(where, bits)) if truths[where.number] == YES else None
        variable = self._first_open(where, among)
        if variable is None or not splits.take():
            return None
        bounds = {bound for test in self.tests[variable] for bound in test.over if bound is not None}
        facts, wherever = 0, list[frozenset[tuple[int, int]]]()
        for value in (min(bounds) - 1, *sorted(bounds)):
            before = self.put({variable: value})
            found = self.proof(where, among, splits, bits)
            self.undo(before)
            if found is None:
                return None
            facts |= found.facts
            wherever += (values | {(variable, value)} for values in found.wherever)
        return Proof(where, facts, tuple(wherever))

    def _first_open(self, where: Formula, among: Container[int]) -> int | None:
        """The first variable that leaves it open, in the order in which the formula is written, not that in which its
        parts happened to be numbered.
        """
        pending, seen = [where], set[int]()
        while pending:
            each = pending.pop()
            if self._truths[each.number] != UNKNOWN or each.number in seen:
                continue
            if not each.parts and each.var in among:
                return each.var
            seen.add(each.number)
            pending += [part for part in reversed(each.parts) if isinstance(part, Formula)]
        return None

    def _reason(self, where: Formula, bits: Bits) -> int:
        """Few known facts that make a formula yes or no by Kleene's tables."""
        found, truths = dict[int, int](), self._truths
        for each in under((where,), lambda part: truths[part.number] != UNKNOWN):
            truth = truths[each.number]
            masks = [found[n] for n in each.numbers if each.kind == "not" or truths[n] == truth]
            if not each.numbers:
                found[each.number] = bits.of.get(each.var, 0)
            elif each.kind == ("all" if truth == NO else "any"):
                found[each.number] = min(masks, key=bits.cost)
            else:
                found[each.number] = reduce(or_, masks, 0)
        return found[where.number]
