"""Decision diagrams: truth as a function of everything that is still unknown.

A `Diagram` maps every completion of a case to a `Truth`. Variables range over whole numbers (a
yes-or-no fact over 0 and 1, a date over its ordinals), and an edge covers a stretch of them, so only
what a policy can tell apart is told apart. `&`, `|` and `~` work completion by completion.

Invariants: diagrams of one `Diagrams` are shared and reduced, so two that are equal everywhere are
the same object; UNKNOWN occurs only where the budget ran out. Deliberately not here: facts, clauses.
Source: R. E. Bryant, "Graph-Based Algorithms for Boolean Function Manipulation", IEEE Transactions
on Computers C-35 (1986); A. Srinivasan et al., "Algorithms for discrete function manipulation",
ICCAD (1990), for variables of many values.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from functools import reduce
from itertools import pairwise
from operator import or_

from infoshare.budget import Budget, Stopped
from infoshare.truth import Truth

_LEAVES: list["Diagram"] = []  # the same in all diagrams; filled below

BUDGET = 50_000
"""Cases told apart before a `Diagrams` gives up: for each distinct pair of sub-diagrams joined, as many as it branches
beyond one."""

DEPTH = 160
"""Unknown facts told apart in a row before a `Diagrams` gives up, well inside the interpreter's limit."""

LEAF = 1 << 60


class Diagram:
    """A shared node: `children[i]` is for values of variable `var` below `bounds[i]`, the last for the rest."""

    __slots__ = ("bounds", "children", "depth", "home", "support", "truth", "undecided", "var")

    home: "Diagrams"
    var: int
    bounds: tuple[int, ...]
    children: tuple["Diagram", ...]
    truth: Truth | None  # the same truth everywhere, or None
    depth: int  # how many variables lie one below another
    support: int  # a bit for each variable on which it depends
    undecided: bool  # whether it is UNKNOWN somewhere

    def __and__(self, other: "Diagram") -> "Diagram":
        return (self if self.truth is None else other).home.both(self, other)

    def __or__(self, other: "Diagram") -> "Diagram":
        return (self if self.truth is None else other).home.at_least_one(self, other)

    def __invert__(self) -> "Diagram":
        return self.home.negation(self)

    @property
    def variables(self) -> list[int]:
        """The variables on which it depends, in order."""
        return variables_of(self.support)

    def depends_on(self, variable: int) -> bool:
        """Whether it is not the same for every value of a variable."""
        return bool(self.support >> variable & 1)

    def follow(self, value: int) -> "Diagram":
        """The child for a value of its variable."""
        return self.children[bisect_right(self.bounds, value)]


class Diagrams:
    """The diagrams of one evaluation.

    Args:
        budget: the steps that may be taken: for each distinct pair of sub-diagrams joined, one for each branch beyond
            the first. Several `Diagrams` may share one.
    """

    def __init__(self, budget: Budget | int = BUDGET) -> None:
        self._nodes: dict[tuple[int, tuple[int, ...], tuple[int, ...]], Diagram] = {}
        self._both: dict[tuple[int, int], Diagram] = {}
        self._either: dict[tuple[int, int], Diagram] = {}
        self._not: dict[int, Diagram] = {}
        self.budget = budget if isinstance(budget, Budget) else Budget(budget)
        self._gave_up_on = 0
        self.no, self.unknown, self.yes = _LEAVES or [self._leaf(t) for t in Truth]

    @property
    def gave_up_on(self) -> list[int]:
        """The variables on which something depends that was left undecided."""
        return variables_of(self._gave_up_on)

    @property
    def spent(self) -> int:
        """How many cases were told apart."""
        return self.budget.spent

    @property
    def exhausted(self) -> bool:
        """Whether anything was left undecided, for want of budget or of depth."""
        return bool(self._gave_up_on) or self.budget.exhausted

    def of(self, truth: bool) -> Diagram:
        """The same truth in every completion."""
        return self.yes if truth else self.no

    def test(self, var: int, low: int | None, high: int | None) -> Diagram:
        """Yes where `low <= var < high`; None leaves a side open."""
        if low is None:
            return self.of(True) if high is None else self._node(var, (high,), (self.yes, self.no))
        if high is None:
            return self._node(var, (low,), (self.no, self.yes))
        if low >= high:
            return self.no
        return self._node(var, (low, high), (self.no, self.yes, self.no))

    def either(self, items: Iterable[Diagram]) -> Diagram:
        """Yes where any is; no for none of them."""
        result = self.no
        for item in items:
            if item is not self.no:
                result = item if result is self.no else result | item
                if result is self.yes or (result is self.unknown and self.budget.exhausted):
                    break  # once the budget is spent there is no looking for what would yet decide it
        return result

    def both(self, a: Diagram, b: Diagram) -> Diagram:
        """Kleene's and, completion by completion; UNKNOWN where the budget ran out."""
        return self._join(a, b, self.yes, self.no, self._both)

    def at_least_one(self, a: Diagram, b: Diagram) -> Diagram:
        """Kleene's or, likewise."""
        return self._join(a, b, self.no, self.yes, self._either)

    def negation(self, a: Diagram) -> Diagram:
        """Kleene's not, completion by completion."""
        if a.truth is not None:
            return self.unknown if a is self.unknown else (self.no if a is self.yes else self.yes)
        found = self._not.get(id(a))
        if found is None:
            found = self._not[id(a)] = self._node(a.var, a.bounds, tuple(map(self.negation, a.children)))
            self._not[id(found)] = a
        return found

    def restrict(self, a: Diagram, values: Mapping[int, int], *, but: Iterable[int] = ()) -> Diagram:
        """With some variables known, but for those that are left open."""
        known = mask_of(v for v in a.variables if v in values) & ~mask_of(but)
        done: dict[int, Diagram] = {}

        def walk(node: Diagram) -> Diagram:
            if not node.support & known:
                return node
            found = done.get(id(node))
            if found is None:
                if known >> node.var & 1:
                    found = walk(node.follow(values[node.var]))
                else:
                    found = self._node(node.var, node.bounds, tuple(map(walk, node.children)))
                done[id(node)] = found
            return found

        return walk(a)

    def met(self, a: Diagram, known: Mapping[int, int]) -> int:
        """A bit for each variable that is met where what is known is followed, and every way of what is not."""
        pending, seen, found = [a], set[int](), 0
        while pending:
            node = pending.pop()
            if node.truth is None and id(node) not in seen:
                seen.add(id(node))
                found |= 1 << node.var
                value = known.get(node.var)
                pending.extend(node.children if value is None else (node.follow(value),))
        return found

    def exists(self, a: Diagram, variables: Iterable[int]) -> Diagram:
        """Yes where some values of these variables make it so."""
        some = mask_of(variables)
        done: dict[int, Diagram] = {}

        def walk(node: Diagram) -> Diagram:
            if not node.support & some:
                return node
            found = done.get(id(node))
            if found is None:
                children = tuple(map(walk, node.children))
                joined = some >> node.var & 1
                found = self.either(children) if joined else self._node(node.var, node.bounds, children)
                done[id(node)] = found
            return found

        return walk(a)

    def without(self, items: Iterable[Diagram], variables: int) -> list[Diagram]:
        """Diagrams that are all yes where some values of these variables (a bit each) make all of the given ones yes.

        One variable after the other is left out, and only what hangs on it is put together.
        """
        left = list(items)
        while self.no not in left:
            once = twice = 0
            for each in left:
                once, twice = once | each.support, twice | (once & each.support)
            if alone := variables & once & ~twice:
                left = [self.exists(each, variables_of(each.support & alone)) for each in left]
                continue
            shared = variables_of(variables & twice)
            if not shared:
                return left
            hanging = {v: [each for each in left if each.depends_on(v)] for v in shared}
            variable = min(shared, key=lambda v: _joined_support(hanging[v]).bit_count())
            joined = reduce(self.both, hanging[variable])
            left = [each for each in left if not each.depends_on(variable)]
            left.append(self.exists(joined, [variable]))
        return [self.no]

    def certainly(self, a: Diagram, known: Mapping[int, int]) -> bool:
        """Whether it is yes in every completion that agrees with what is known."""
        return all(leaf is self.yes for leaf in self._leaves(a, known))

    def tried(
        self, a: Diagram, known: Mapping[int, int], fixed: frozenset[int], budget: Budget
    ) -> tuple[bool, frozenset[int]] | None:
        """Whether it is yes wherever some variables are as known, and why.

        Args:
            known: a case, as values of variables.
            fixed: those of them that are kept as known.

            budget: a step for each node that is looked at.

        Returns:
            True and the fixed variables that were looked at; or False and the known variables that differ in
            one completion in which it is not so; None where the budget is spent.
        """
        seen: set[int] = set()
        looked_at: set[int] = set()
        pending: list[tuple[Diagram, tuple[int, ...]]] = [(a, ())]
        while pending:
            node, differing = pending.pop()
            if node is self.yes or id(node) in seen:
                continue
            if node.truth is not None:
                return False, frozenset(differing)
            if not budget.take():
                return None
            seen.add(id(node))
            variable = node.var
            value = known.get(variable)
            if value is None:
                pending.extend((child, differing) for child in node.children)
                continue
            as_known = node.children[bisect_right(node.bounds, value)]
            if variable in fixed:
                looked_at.add(variable)
            else:
                otherwise = (*differing, variable)
                pending.extend([(c, otherwise) for c in node.children if c is not as_known])
            pending.append((as_known, differing))
        return True, frozenset(looked_at)

    def one_otherwise(self, a: Diagram, known: Mapping[int, int]) -> dict[int, bool | None]:
        """For each variable that leads to yes, whether it stays yes whatever the value of this one alone.

        None where that hangs on something unknown; empty where something unknown is met on the way itself.
        """
        found: dict[int, bool | None] = {}
        node = a
        while node.truth is None:
            if node.var not in known:
                return {}
            as_known = node.follow(known[node.var])
            leaves = {self._followed(child, known) for child in node.children if child is not as_known}
            found[node.var] = True if leaves == {self.yes} else None if leaves <= {self.yes, None} else False
            node = as_known
        return found if node is self.yes else {}

    def _followed(self, node: Diagram, known: Mapping[int, int]) -> Diagram | None:
        """The leaf to which what is known leads, or None."""
        while node.truth is None:
            value = known.get(node.var)
            if value is None:
                return None
            node = node.follow(value)
        return node

    def possibly(self, a: Diagram, known: Mapping[int, int]) -> bool:
        """Whether it may be yes in some completion that agrees with what is known."""
        return any(leaf is not self.no for leaf in self._leaves(a, known))

    def _leaves(self, a: Diagram, known: Mapping[int, int]) -> Iterator[Diagram]:
        pending, seen = [a], set[int]()
        while pending:
            node = pending.pop()
            if node.truth is not None:
                yield node
            elif id(node) not in seen:
                seen.add(id(node))
                pending.extend((node.follow(known[node.var]),) if node.var in known else node.children)

    def bounds_of(self, a: Diagram, var: int) -> set[int]:
        """Where it tells values of a variable apart."""
        pending, seen, found = [a], set[int](), set[int]()
        while pending:
            node = pending.pop()
            if node.depends_on(var) and id(node) not in seen:
                seen.add(id(node))
                found.update(node.bounds if node.var == var else ())
                pending.extend(node.children)
        return found

    def _join(
        self,
        a: Diagram,
        b: Diagram,
        neutral: Diagram,
        decisive: Diagram,
        done: dict[tuple[int, int], Diagram],
    ) -> Diagram:
        """And, whose decisive truth is no, or or, whose decisive truth is yes."""
        if a is decisive or b is decisive:
            return decisive
        if a is neutral or a is b:
            return b
        if b is neutral:
            return a
        key = (id(a), id(b)) if id(a) <= id(b) else (id(b), id(a))
        found = done.get(key)
        if found is not None:
            return found
        if self._not.get(id(a)) is b and not a.undecided:
            return decisive
        budget = self.budget
        if budget.stop.now:
            raise Stopped
        if budget.left <= 0:
            self._gave_up_on |= a.support | b.support
            return self.unknown
        var, join = min(a.var, b.var), self._join
        if a.var == b.var and a.bounds != b.bounds:
            bounds = tuple(sorted({*a.bounds, *b.bounds}))
        else:
            bounds = a.bounds if a.var == var else b.bounds
        budget.left = max(budget.left - len(bounds), 0)
        if a.var < b.var:
            children = tuple([join(child, b, neutral, decisive, done) for child in a.children])
        elif b.var < a.var:
            children = tuple([join(a, child, neutral, decisive, done) for child in b.children])
        elif bounds is a.bounds:
            pairs = zip(a.children, b.children, strict=True)
            children = tuple([join(left, right, neutral, decisive, done) for left, right in pairs])
        else:
            starts = (bounds[0] - 1, *bounds)
            children = tuple([join(a.follow(s), b.follow(s), neutral, decisive, done) for s in starts])
        result = done[key] = self._node(var, bounds, children)
        return result

    def _leaf(self, truth: Truth) -> Diagram:
        leaf = self._new(LEAF, (), ())
        leaf.truth, leaf.undecided = truth, truth is Truth.UNKNOWN
        return leaf

    def _node(self, var: int, bounds: tuple[int, ...], children: tuple[Diagram, ...]) -> Diagram:
        first = children[0]
        if len(children) == 2:  # by far the most common
            if first is children[1]:
                return first
        elif all(c is first for c in children):
            return first
        elif any(x is y for x, y in pairwise(children)):
            kept = [i for i in range(len(bounds)) if children[i] is not children[i + 1]]
            children = (*(children[i] for i in kept), children[-1])
            bounds = tuple(bounds[i] for i in kept)
        key = (var, bounds, tuple([id(c) for c in children]))
        node = self._nodes.get(key)
        if node is None:
            node = self._new(var, bounds, children)
            if node.depth > DEPTH:
                self._gave_up_on |= node.support
                node = self.unknown
            self._nodes[key] = node
        return node

    def _new(self, var: int, bounds: tuple[int, ...], children: tuple[Diagram, ...]) -> Diagram:
        node = object.__new__(Diagram)
        node.home, node.var, node.bounds, node.children, node.truth = self, var, bounds, children, None
        support, depth, undecided = 1 << var if children else 0, 0, False
        for child in children:
            support |= child.support
            if child.depth >= depth:
                depth = child.depth + 1
            undecided = undecided or child.undecided
        node.support, node.depth, node.undecided = support, depth, undecided
        return node


def _joined_support(items: Iterable[Diagram]) -> int:
    return reduce(or_, (each.support for each in items), 0)


def mask_of(variables: Iterable[int]) -> int:
    """A bit for each of some variables."""
    mask = 0
    for variable in variables:
        mask |= 1 << variable
    return mask


def variables_of(mask: int) -> list[int]:
    """The variables of which the bits are set, in order."""
    found = []
    while mask:
        lowest = mask & -mask
        found.append(lowest.bit_length() - 1)
        mask ^= lowest
    return found


_NOWHERE = Diagrams()
_LEAVES.extend((_NOWHERE.no, _NOWHERE.unknown, _NOWHERE.yes))
