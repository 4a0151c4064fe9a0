"""Whether there is a case in which some formulas are so: looked for by trying, and by learning from what fails.

Formulas become clauses (a literal for each formula, and one for "this variable is at least so much"); what cannot be is
learned as a further clause, and kept for what is asked next. Nothing is tried but what would justify something that must
be so: once all of that is justified, the rest may be as it usually is.

Deliberately not here: what is asked, and cases as people write them (`every_case`).
Source: J. Marques-Silva and K. Sakallah, "GRASP", IEEE Transactions on Computers 48 (1999); N. Eén and N. Sörensson, "An
Extensible SAT-solver", SAT (2003), for what is assumed for one question alone; A. Kuehlmann, V. Paruthi, F. Krohm and M.
Ganai, "Robust Boolean Reasoning for Equivalence Checking and Functional Property Verification", IEEE Transactions on
CAD 21 (2002), for what is to be justified.
"""

from bisect import bisect_left
from collections.abc import Iterable
from itertools import chain, product
from math import prod

from infoshare.budget import Budget
from infoshare.meaning.diagram import Diagram
from infoshare.meaning.formula import Formula, under
from infoshare.truth import Truth

MOST_WAYS = 64
"""So many values of what may be anything are tried one by one; of more, one is looked for each time it is asked."""

Given = frozenset[tuple[int, int]]
"""Values of some variables, in the place of which a formula is asked about."""

NOTHING: Given = frozenset()


class Solver:
    """What is known of some formulas together; a literal is a number, and its opposite is one more or less.

    Attributes:
        values: of each variable that was noted after a question that was answered with yes, its value.
        needed: after one that was answered with no: those of the assumed literals that cannot be together.
    """

    def __init__(self) -> None:
        self.values: dict[int, int] = {}
        self.needed: set[int] = set()
        self._watched: list[list[list[int]]] = [[], []]
        # By literal: of the clauses of two, what follows once it is not so.
        self._follows: list[list[tuple[int, list[int]]]] = [[], []]
        self._truth: list[int] = [1, 0]  # by literal: 1 yes, 0 no, -1 not known; literal 0 is always yes
        self._reason: list[list[int] | None] = [None]  # by variable of the solver
        self._level: list[int] = [0]
        self._activity: list[float] = [0.0]
        self._bump = 1.0
        self._trail, self._limits, self._head = list[int](), list[int](), 0
        self._literals: dict[int | tuple[int, Given], int] = {}
        self._at_least: dict[
            int, tuple[list[int], list[int]]
        ] = {}  # bounds of a variable, and their literals
        self._impossible = False
        # What is to be justified: while its guard is not so, one of the literals must be; the last one that was seen to be.
        self._guards, self._to_justify, self._justified_by = list[int](), list[list[int]](), list[int]()
        self._turn = 0
        # By literal: whether it is so where every variable has the value that is tried first.
        self._usual, self._is_stale = [1, 0], False
        # By variable: that value, and how many bounds told it apart then.
        self._preferred: dict[int, tuple[int, int]] = {}

    # --- formulas as literals -------------------------------------------------------------------------

    def literal(self, where: Diagram, given: Given = NOTHING) -> int:
        """The literal that says that a formula is so, where some variables have these values."""
        if not isinstance(where, Formula):
            return self.new() if where.undecided else int(where.truth is Truth.NO)
        found = self._literals.get(self._key(where, given))
        if found is not None:
            return found
        for each in under((where,), lambda part: self._key(part, given) not in self._literals):
            self._literals[self._key(each, given)] = self._encoded(each, given)
        return self._literals[self._key(where, given)]

    def _key(self, where: Formula, given: Given) -> int | tuple[int, Given]:
        mine = given and frozenset([(v, value) for v, value in given if where.support >> v & 1])
        return (where.number, mine) if mine else where.number

    def _encoded(self, each: Formula, given: Given) -> int:
        if each.kind == "test":
            low, high = each.over
            of = dict(given)
            if each.var in of:
                value = of[each.var]
                return int(not ((low is None or low <= value) and (high is None or value < high)))
            literals = [self.at_least(each.var, low)] if low is not None else []
            literals += [self.at_least(each.var, high) ^ 1] if high is not None else []
            return self.all_of(literals)
        if each.kind == "some":
            return self._some(each, given)
        parts = [self.literal(part, given) for part in each.parts]
        match each.kind:
            case "not":
                return parts[0] ^ 1
            case "all":
                return self.all_of(parts)
            case _:
                return self.all_of([part ^ 1 for part in parts]) ^ 1

    def _some(self, each: Formula, given: Given) -> int:
        (inner,) = each.parts
        left_out = [v for v in each.over if v is not None and inner.support >> v & 1]
        bounds: dict[int, set[int]] = {v: set() for v in left_out}
        for test in under((inner,)):
            if test.kind == "test" and test.var in bounds:
                bounds[test.var].update(b for b in test.over if b is not None)
        kept = frozenset((v, value) for v, value in given if v not in bounds)
        if prod(len(of) + 1 for of in bounds.values()) > MOST_WAYS:
            return (
                self.new()
            )  # so or not, as if it hung on nothing: what is found is then held against the case
        ways = product(*([(v, value) for value in (min(of) - 1, *sorted(of))] for v, of in bounds.items()))
        return self.all_of([self.literal(inner, kept | frozenset(way)) ^ 1 for way in ways]) ^ 1

    def all_of(self, literals: Iterable[int]) -> int:
        """The literal that says that all of these are so."""
        apart = dict.fromkeys(each for each in literals if each)
        if 1 in apart or any(each ^ 1 in apart for each in apart):
            return 1
        if len(apart) <= 1:
            return next(iter(apart), 0)
        found = self.new()
        for each in apart:
            self._added([found ^ 1, each])
        self._justify(found, self._added([found, *[each ^ 1 for each in apart]]))
        self._usual[found] = int(all(self._usual[each] for each in apart))
        self._usual[found ^ 1] = 1 - self._usual[found]
        return found

    def at_least(self, variable: int, bound: int) -> int:
        """The literal that says that a variable is at least so much."""
        bounds, literals = self._at_least.setdefault(variable, ([], []))
        at = bisect_left(bounds, bound)
        if at < len(bounds) and bounds[at] == bound:
            return literals[at]
        found = self.new()
        if at:
            self._added([found ^ 1, literals[at - 1]])
        if at < len(bounds):
            self._added([literals[at] ^ 1, found])
        bounds.insert(at, bound)
        literals.insert(at, found)
        return found

    def prefer(self, variable: int, value: int) -> None:
        """Tries this value first, as far as values are told apart by now; else the lowest."""
        known = value, len(self._at_least.get(variable, ([],))[0])
        if self._preferred.get(variable) != known:
            self._preferred[variable] = known
            for each in self.as_given(variable, value):
                if not each & 1 and not self._usual[each]:
                    self._usual[each], self._usual[each ^ 1] = 1, 0
                    self._is_stale = True

    def is_so(self, literal: int) -> bool:
        """Whether a literal is so, after a question that was answered with yes."""
        return self._truth[literal] == 1

    def as_given(self, variable: int, value: int) -> list[int]:
        """The literals that say that a variable has a value, as far as values are told apart."""
        bounds, literals = self._at_least.get(variable, ([], []))
        return [each if bound <= value else each ^ 1 for bound, each in zip(bounds, literals, strict=True)]

    def new(self) -> int:
        """A literal of which nothing is known."""
        self._watched += ([], [])
        self._follows += ([], [])
        self._truth += (-1, -1)
        self._reason.append(None)
        self._level.append(0)
        self._activity.append(0.0)
        self._usual += (0, 1)
        return 2 * (len(self._reason) - 1)

    def clause(self, literals: Iterable[int]) -> None:
        """Adds that one of these is so; nothing but what is always so may be known meanwhile."""
        self._justify(1, self._added(literals))

    def _added(self, literals: Iterable[int]) -> list[int]:
        """Adds that one of these is so; whether it has to be justified, whoever adds it says.

        Returns:
            Those of them of which it is not known yet whether they are; none where it is known that one is.
        """
        if self._limits:
            self._back(0)
        truth = self._truth
        left = [each for each in literals if truth[each]]
        if any(truth[each] == 1 for each in left):
            return []
        if len(left) > 1:
            self._watch(left)
        elif left:
            self._set(left[0], None)
        else:
            self._impossible = True
        return left if len(left) > 1 else []

    def _justify(self, guard: int, clause: list[int]) -> None:
        """Has a literal of a clause be found that is so, in every question in which the guard is not."""
        if clause:
            self._guards.append(guard)
            self._to_justify.append(clause)
            self._justified_by.append(1)

    def _watch(self, clause: list[int]) -> None:
        one, other = clause[:2]
        if len(clause) == 2:
            self._follows[one].append((other, clause))
            self._follows[other].append((one, clause))
        else:
            self._watched[one].append(clause)
            self._watched[other].append(clause)

    # --- questions ------------------------------------------------------------------------------------

    def possible(self, assumed: Iterable[int], budget: Budget) -> bool | None:
        """Whether these literals can be together.

        Args:
            budget: a step for each literal that follows from others.

        Returns:
            None where the budget is spent.
        """
        assumed = [*assumed]
        self._back(self._still(assumed))
        self._as_usual()
        self.needed = set()
        truth, told = self._truth, 0  # up to where these are known; until something is learned, it stays so
        self._turn = len(self._guards)
        while True:
            before = len(self._trail)
            failing = None if self._impossible else self._propagate()
            if not budget.take(max(1, len(self._trail) - before)):
                self._back(0)  # what follows is not worked out to the end
                return None
            if self._impossible or (failing is not None and not self._limits):
                self._impossible = True
                return False
            if failing is not None:
                self._learn(failing)
                told, self._turn = 0, len(self._guards)
                continue
            while told < len(assumed) and truth[assumed[told]] == 1:
                told += 1
            if told < len(assumed):
                wanted = assumed[told]
                if truth[wanted] == 0:
                    self.needed = self._blamed(wanted, assumed)
                    return False
            else:
                wanted = self._to_try()
                if not wanted:
                    return True
            self._limits.append(len(self._trail))
            self._set(wanted, None)

    def _to_try(self) -> int:
        """A literal that would justify something that must be so; 0 where all is justified, whatever the rest is."""
        truth, guards, by, turn = self._truth, self._guards, self._justified_by, self._turn
        # what is asked was written down last: from there to what it hangs on, and round until nothing more was found
        for at in chain(range(turn - 1, -1, -1), range(len(guards) - 1, turn - 1, -1)):
            if truth[guards[at]] or truth[by[at]] == 1:
                continue
            open_ = list[int]()
            for literal in self._to_justify[at]:
                if truth[literal] == 1:
                    by[at] = literal
                    break
                if truth[literal]:
                    open_.append(literal)
            else:
                usual, activity = self._usual, self._activity
                self._turn = at
                return max(open_, key=lambda each: (usual[each], activity[each >> 1], -each))
        return 0

    def _as_usual(self) -> None:
        """Works out anew what is so where every variable has the value that is tried first."""
        if self._is_stale:
            self._is_stale, usual = False, self._usual
            for guard, clause in zip(self._guards, self._to_justify, strict=True):
                if guard > 1:
                    usual[guard ^ 1] = int(any(usual[each] for each in clause if each != guard))
                    usual[guard] = 1 - usual[guard ^ 1]

    def _still(self, assumed: Iterable[int]) -> int:
        """How much of what was assumed for the last question is assumed for this one: what follows from it is known."""
        of = {*assumed}
        for level, start in enumerate(self._limits):
            if self._trail[start] not in of:
                return level
        return len(self._limits)

    def note(self, asked: Iterable[int]) -> None:
        """Notes what some variables are, after a question that was answered with yes: as `values`."""
        self.values, truth, usual = {}, self._truth, self._usual
        for variable in asked:
            bounds, literals = self._at_least.get(variable, ([], []))
            if bounds:
                value = bounds[0] - 1
                for bound, each in zip(bounds, literals, strict=True):
                    if not truth[each]:
                        break
                    if truth[each] == 1 or usual[each]:
                        value = bound
                self.values[variable] = value

    def _set(self, literal: int, reason: list[int] | None) -> None:
        self._truth[literal], self._truth[literal ^ 1] = 1, 0
        self._reason[literal >> 1], self._level[literal >> 1] = reason, len(self._limits)
        self._trail.append(literal)

    def _back(self, level: int) -> None:
        if len(self._limits) > level:
            for literal in self._trail[self._limits[level] :]:
                self._truth[literal] = self._truth[literal ^ 1] = -1
            del self._trail[self._limits[level] :], self._limits[level:]
            self._head = min(self._head, len(self._trail))

    def _propagate(self) -> list[int] | None:
        """Sets what follows; a clause of which nothing can be so any more, if there is one."""
        truth, watched, follows, trail = self._truth, self._watched, self._follows, self._trail
        reasons, levels, level, head = self._reason, self._level, len(self._limits), self._head
        while head < len(trail):
            no = trail[head] ^ 1
            head += 1
            for other, clause in follows[no]:
                if truth[other] == 1:
                    continue
                if not truth[other]:
                    self._head = head
                    return clause
                truth[other], truth[other ^ 1] = 1, 0
                reasons[other >> 1], levels[other >> 1] = clause, level
                trail.append(other)
            mine = watched[no]
            if not mine:
                continue
            watched[no] = kept = []
            for at, clause in enumerate(mine):
                first = clause[0]
                if first == no:
                    first = clause[0] = clause[1]
                    clause[1] = no
                if truth[first] == 1:
                    kept.append(clause)
                    continue
                for place in range(2, len(clause)):
                    other = clause[place]
                    if truth[other]:
                        clause[1], clause[place] = other, no
                        watched[other].append(clause)
                        break
                else:
                    kept.append(clause)
                    if not truth[first]:
                        kept += mine[at + 1 :]
                        self._head = head
                        return clause
                    truth[first], truth[first ^ 1] = 1, 0
                    reasons[first >> 1], levels[first >> 1] = clause, level
                    trail.append(first)
        self._head = head
        return None

    def _learn(self, failing: list[int]) -> None:
        """Learns why a clause fails, and goes back to where that says something new."""
        level, learned, seen = len(self._limits), list[int](), set[int]()
        open_, at, clause = 0, len(self._trail) - 1, failing
        while True:
            for literal in clause:
                variable = literal >> 1
                if variable in seen or not self._level[variable] or self._truth[literal]:
                    continue
                seen.add(variable)
                self._activity[variable] += self._bump
                if self._level[variable] == level:
                    open_ += 1
                else:
                    learned.append(literal)
            while self._trail[at] >> 1 not in seen:
                at -= 1
            literal = self._trail[at]
            at -= 1
            open_ -= 1
            if not open_:
                break
            clause = self._reason[literal >> 1] or []
        self._bump *= 1.05
        if self._bump > 1e100:
            self._activity = [each * 1e-100 for each in self._activity]
            self._bump *= 1e-100
        learned.sort(key=lambda each: -self._level[each >> 1])
        self._back(self._level[learned[0] >> 1] if learned else 0)
        clause = [literal ^ 1, *learned]
        if learned:
            self._watch(clause)
        self._set(literal ^ 1, clause if learned else None)

    def _blamed(self, failed: int, assumed: Iterable[int]) -> set[int]:
        """Those of the assumed literals from which it follows that one of them cannot be."""
        of, found, pending, seen = set(assumed), {failed}, [failed], set[int]()
        while pending:
            variable = pending.pop() >> 1
            if variable in seen or not self._level[variable]:
                continue
            seen.add(variable)
            reason = self._reason[variable]
            if reason is None:
                found |= {2 * variable, 2 * variable + 1} & of
            else:
                pending += reason
        return found
