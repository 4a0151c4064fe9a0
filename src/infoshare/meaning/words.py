"""Formulas in many completions at once: a bit for each completion, a whole number for each formula.

What is seen in one of them is so, and no search is needed; what is seen in none may still be so.
Deliberately not here: what formulas come to in every completion (`formula.Valuation`).
"""

from bisect import bisect_left, bisect_right
from collections import ChainMap
from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from heapq import heapify, heappop, heappush
from operator import and_, or_
from random import Random

from infoshare.meaning.diagram import Diagram
from infoshare.meaning.formula import Formula, Valuation
from infoshare.truth import Truth


class Words:
    """What formulas come to, completion by completion.

    Args:
        formulas: parts first.
        width: how many completions.

    Attributes:
        bounds: for each variable, where its tests tell its values apart: each value lies in one place between them.
        every: all completions.
    """

    def __init__(self, formulas: Iterable[Formula], width: int) -> None:
        self.width, self.every = width, (1 << width) - 1
        self._dice = Random(width)  # noqa: S311 - the same completions each time
        self._made = {each.number: each for each in formulas}
        self._tests: dict[int, list[Formula]] = {}
        for each in self._made.values():
            if not each.parts:
                self._tests.setdefault(each.var, []).append(each)
        self.bounds = {
            variable: sorted({bound for test in tests for bound in test.over if bound is not None})
            for variable, tests in self._tests.items()
        }
        self.words: dict[int, int | None] = {0: None}  # of what is unknown in every completion

    def put(self, of_each: Callable[[int], list[int]]) -> None:
        """Works out every formula, from the completions in which each variable lies in each of its places."""
        for variable in self.bounds:
            self.words |= self._of_tests(variable, of_each(variable))
        for number, each in self._made.items():
            if each.parts:
                self.words[number] = self._word(each, self.words)

    def beside(self, of_each: Mapping[int, list[int]]) -> Mapping[int, int | None]:
        """What every formula comes to where some variables lie elsewhere."""
        changed: dict[int, int | None] = {}
        for variable, places in of_each.items():
            changed |= self._of_tests(variable, places)
        words = ChainMap(changed, self.words)
        pending = [used.number for number in changed for used in self._made[number].used_in]
        heapify(pending)
        while pending:
            number = heappop(pending)
            if number in self._made and number not in changed:
                word = self._word(self._made[number], words)
                if word != self.words[number]:
                    changed[number] = word
                    for used in self._made[number].used_in:
                        heappush(pending, used.number)
        return words

    def spread(self, completions: int, places: int) -> list[int]:
        """These completions, each at one of so many places."""
        found = list[int]()
        for left in range(places, 1, -1):
            found.append(completions & self.some(left))
            completions &= ~found[-1]
        return [*found, completions]

    def some(self, of: int) -> int:
        """About one completion of so many."""
        bits, picked = self._dice.getrandbits, 0
        for eighth in f"{max(round(8 / of), 1):03b}"[::-1]:
            picked = picked | bits(self.width) if eighth == "1" else picked & bits(self.width)
        return picked

    def _of_tests(self, variable: int, of_each: list[int]) -> dict[int, int | None]:
        """Where each test of a variable is so."""
        bounds, found = self.bounds.get(variable, []), dict[int, int | None]()
        for test in self._tests.get(variable, ()):
            low, high = test.over
            first = 0 if low is None else bisect_right(bounds, low)
            last = len(bounds) if high is None else bisect_left(bounds, high)
            found[test.number] = reduce(or_, of_each[first : last + 1])
        return found

    def _word(self, each: Formula, words: Mapping[int, int | None]) -> int | None:
        parts = [words[number] for number in each.numbers]
        known = [part for part in parts if part is not None]
        if each.kind == "some" or len(known) < len(parts):
            return None
        match each.kind:
            case "all":
                return reduce(and_, known)
            case "any":
                return reduce(or_, known)
            case _:
                return self.every & ~known[0]


SAMPLED = 1024
"""Completions that are tried at random before it is worked out what changes in any."""


class Sample:
    """What formulas come to in some completions that can be, picked at random.

    Args:
        valuation: the formulas that are asked about, and what is known.
        care: where a completion can be.
    """

    def __init__(self, valuation: Valuation, care: Diagram) -> None:
        self._words, self._care = Words(valuation.made.values(), SAMPLED), care
        self._all, picked = self._that_can_be(valuation.diagram(care))
        spread, bounds = self._words.spread, self._words.bounds

        def of_each(variable: int) -> list[int]:
            value, places = valuation.values.get(variable), [0] * (len(bounds[variable]) + 1)
            if value is not None:
                places[bisect_right(bounds[variable], value)] = self._all
                return places
            places = picked.get(variable, places)
            rest = spread(self._all & ~reduce(or_, places), len(places))
            return [one | other for one, other in zip(places, rest, strict=True)]

        self._words.put(of_each)

    def turns(self, wheres: Iterable[Formula], variables: Iterable[int]) -> bool:
        """Whether other values of some variables alone change any of these, in a completion that can be with both."""
        words, bounds = self._words, self._words.bounds
        asked = (variable for variable in variables if variable in bounds)
        other = words.beside({v: words.spread(self._all, len(bounds[v]) + 1) for v in asked})
        can_be = other[self._care.number] if isinstance(self._care, Formula) else self._all
        for where in wheres:
            before, after = words.words[where.number], other[where.number]
            if can_be is None or before is None or after is None:
                continue
            if self._all & can_be & (before ^ after):
                return True
        return False

    def _that_can_be(self, care: Diagram) -> tuple[int, dict[int, list[int]]]:
        """Some completions, and in which of them each variable has which value, as far as it matters to whether it can be."""
        picked: dict[int, list[int]] = {}
        reached, pending, found = {care: self._words.every}, [(care.var, 0, care)], 0
        while pending:
            *_, node = heappop(pending)
            completions = reached[node]
            if node.truth is not None:
                found |= completions if node.truth is Truth.YES else 0
                continue
            bounds = self._words.bounds[node.var]
            of_each = picked.setdefault(node.var, [0] * (len(bounds) + 1))
            ways = [n for n, child in enumerate(node.children) if child.truth is not Truth.NO]
            for way, some in zip(ways, self._words.spread(completions, len(ways)), strict=True):
                first = bisect_right(bounds, node.bounds[way - 1]) if way else 0
                last = bisect_left(bounds, node.bounds[way]) if way < len(node.bounds) else len(bounds)
                for place, bits in enumerate(self._words.spread(some, last - first + 1), first):
                    of_each[place] |= bits
                child = node.children[way]
                if child not in reached:
                    heappush(pending, (child.var, len(reached), child))
                reached[child] = reached.get(child, 0) | some
        return found, picked
