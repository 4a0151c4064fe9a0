"""What a decision rests on: the fewest answers that settle it, and the assumptions that matter.

Both ask "what if this were not known?", so the case is viewed once more with everything known taken
as open, and what is known is then put back as needed. Deliberately not here: the answer itself.
"""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations, islice

from infoshare.meaning.case import path_of
from infoshare.meaning.consequences import visible
from infoshare.meaning.diagram import Diagram
from infoshare.meaning.evaluator import Standing
from infoshare.meaning.types import Answer
from infoshare.meaning.view import View, view
from infoshare.outcome import Basis, Outcome

MOST_KEPT = 10_000
"""Sets of known values of which it is kept what was found, for cases that are opened together."""

SEARCH = 300
"""How many sets of facts are tried for a smaller one before an irredundant one will do."""


class Opened:
    """A case of which nothing is taken as known, and what would then be seen.

    Args:
        seen: a view with open lists, of a case with the names that this one's lists have.
    """

    def __init__(self, seen: View) -> None:
        self.view = seen
        self._shown: dict[Outcome, list[Diagram]] = {}
        self._bounds: dict[int, dict[int, tuple[int, ...]]] = {}
        self._fewest: dict[tuple[int, ...], frozenset[str]] = {}

    def shown(self, decided: Outcome) -> list[Diagram]:
        """What a person would see change, where this is the decision's own outcome."""
        found = self._shown.get(decided)
        if found is None:
            found = [where for wheres in visible(self.view, decided).values() for where in wheres]
            self._shown[decided] = found
        return found

    def fewest(
        self,
        wanted: Diagram,
        values: Mapping[str, Mapping[int, int]],
        find: Callable[[], frozenset[str] | None],
    ) -> frozenset[str] | None:
        """What `find` finds, once for all known values that a diagram does not tell apart.

        Args:
            wanted: one of the diagrams of the view.
            values: by key, the values of its variables; of what is not there nothing is known.
        """
        bounds = self._bounds.get(id(wanted))
        if bounds is None:
            bounds_of = self.view.world.diagrams.bounds_of
            bounds = {v: tuple(sorted(bounds_of(wanted, v))) for v in wanted.support}
            self._bounds[id(wanted)] = bounds
        told_apart = [id(wanted)]
        for known in values.values():
            for variable, value in known.items():
                if variable in bounds:
                    told_apart += variable, bisect_right(bounds[variable], value)
        found = self._fewest.get(tuple(told_apart))
        if found is None and (found := find()) is not None:
            if len(self._fewest) >= MOST_KEPT:
                self._fewest.clear()
            self._fewest[tuple(told_apart)] = found
        return found


class Grounds:
    """The grounds of one decision.

    Args:
        decided: the view of the case as it is.
        basis: what its outcome rests on.
        opened: the same case opened, where somebody has kept it.
    """

    def __init__(self, decided: View, basis: Basis, opened: Opened | None = None) -> None:
        self.decided, self.basis = decided, basis
        known, entangled = decided.world.known, decided.model.entangled
        self.fixed = {
            k: v for k, v in known.items() if _is_name(k) or (entangled and path_of(k) in entangled)
        }
        if self.fixed == known and not decided.case.elements:
            opened = Opened(decided)
        elif opened is None:
            opened = Opened(view(decided.model, decided.case, decided.world.day, self.fixed, open_lists=True))
        self._opened, self.open = opened, opened.view
        self.shown = opened.shown(decided.outcome)
        self.values = self._known_values()  # last: looking makes the variables that there are

    def matters(self, assumed: Mapping[str, Answer]) -> frozenset[str]:
        """The assumed facts of which another answer alone, all else as it is, changes something visible."""
        return frozenset(
            key for key in assumed if (self._compared_turns(key) if key in self.fixed else self._turns(key))
        )

    def relied_on(self) -> frozenset[str]:
        """As few known facts, and lists, as settle the same outcome on the same basis."""
        if self.basis in (Basis.UNKNOWN_FACTS, Basis.NOT_IN_FORCE):
            return frozenset()
        wanted = _target(self.open.standing, self.decided.outcome, self.basis) | ~self.open.outlook.care
        hung_on = (k for k in self.values if self.open.world.of_key(k) & wanted.support)
        found = self._opened.fewest(
            wanted, self.values, lambda: fewest(sorted(hung_on), self._settling(wanted))
        )
        if found is None:
            found = frozenset(self.decided.world.known) | frozenset(self.decided.case.elements)
        compared = frozenset(key for key in self.fixed if not _is_name(key))
        return frozenset(
            key for key in self._without_needless(found | compared, compared) if not _is_name(key)
        )

    def _settling(self, wanted: Diagram) -> Callable[[frozenset[str]], bool]:
        """Whether some known facts settle it; what was found of one set is used for others.

        A set that has all that was looked at to see that another settles it settles it too. A completion in
        which it is not so differs from the case in some facts, and no set without any of these settles it.
        """
        diagrams = self.open.world.diagrams
        key_of = {v: key for key, values in self.values.items() for v in values}
        known = {v: n for values in self.values.values() for v, n in values.items()}
        enough: list[frozenset[str]] = []
        needed: list[frozenset[str]] = []
        everything = frozenset(key_of.values())
        for variable, stays in diagrams.one_otherwise(wanted, known).items():
            key = key_of[variable]
            if stays is False:
                needed.append(frozenset([key]))
            elif stays and len(self.values[key]) == 1:
                enough.append(everything - {key})

        def settles(some: frozenset[str]) -> bool:
            if any(map(some.isdisjoint, needed)):
                return False
            if any(map(some.issuperset, enough)):
                return True
            fixed = frozenset([v for key in some for v in self.values[key]])
            settled, variables = diagrams.tried(wanted, known, fixed)
            (enough if settled else needed).append(frozenset([key_of[v] for v in variables]))
            return settled

        return settles

    def _known_values(self) -> dict[str, dict[int, int]]:
        """What is known as values of the open world's variables; lists are as the case gives them."""
        world, known = self.open.world, self.decided.world.known
        values: dict[str, dict[int, int]] = {}
        for variable in world.variables:
            key = variable.keys[0]
            if variable.fact is not None and key in known:
                values.setdefault(key, {})[variable.index] = world.encoded(variable, known[key])
        for group in world.listed():
            values[group] = {world.list_variable(group).index: 1}
        return values

    def _turns(self, key: str) -> bool:
        others = {v: n for k, values in self.values.items() if k != key for v, n in values.items()}
        return _turned(self.open, self.shown, key, self.decided.world.known[key], others)

    def _compared_turns(self, key: str) -> bool:
        """The same of a fact that is compared with others, which a diagram over both does not tell apart.

        So the case is viewed again with this one unknown and all others as they are.
        """
        decided = self.decided
        known = {k: v for k, v in decided.world.known.items() if k != key}
        tried = view(decided.model, decided.case, decided.world.day, known)
        shown = [where for wheres in visible(tried, decided.outcome).values() for where in wheres]
        return _turned(tried, shown, key, decided.world.known[key], {})

    def _without_needless(self, kept: frozenset[str], compared: frozenset[str]) -> frozenset[str]:
        """Without those compared facts that it settles without, each tried by viewing the case again."""
        for key in sorted(compared):
            fewer = kept - {key}
            known = {k: v for k, v in self.decided.world.known.items() if k in fewer or _is_name(k)}
            tried = view(self.decided.model, self.decided.case, self.decided.world.day, known)
            if tried.outlook.certain(_target(tried.standing, self.decided.outcome, self.basis)):
                kept = fewer
        return kept


def _turned(
    seen: View, shown: Sequence[Diagram], key: str, answer: Answer, others: Mapping[int, int]
) -> bool:
    """Whether another answer to one fact alone changes anything of this, in a completion that its own answer admits.

    Args:
        others: the values of variables of other facts, where they are known.
    """
    world, diagrams = seen.world, seen.world.diagrams
    mine = world.of_key(key)
    care = diagrams.restrict(seen.outlook.care, others)
    own = {v: world.encoded(variable, answer) for v in mine if not (variable := world.variables[v]).opaque}
    as_it_is = diagrams.restrict(care, own)
    for where in shown:
        if where.undecided:
            return True
        if where.support & mine:
            rest = diagrams.restrict(where, others)
            turned = diagrams.somehow(care & rest, mine) & diagrams.somehow(care & ~rest, mine) & as_it_is
            if turned is not diagrams.no:
                return True
    return False


def fewest(candidates: Sequence[str], settles: Callable[[frozenset[str]], bool]) -> frozenset[str] | None:
    """As few of the candidates as still settle; None if even all of them do not.

    Those that no settling set can do without come first; then small additions are tried, and past
    `SEARCH` tries one is dropped after the other as long as the rest still settles.
    """
    everything = frozenset(candidates)
    if not settles(everything):
        return None
    core = frozenset(c for c in candidates if not settles(everything - {c}))
    rest = [c for c in candidates if c not in core]
    additions = (frozenset(extra) for size in range(len(rest) + 1) for extra in combinations(rest, size))
    for extra in islice(additions, SEARCH):
        if settles(core | extra):
            return core | extra
    kept = everything
    for candidate in reversed(rest):
        if settles(kept - {candidate}):
            kept -= {candidate}
    return kept


def _target(standing: Standing, outcome: Outcome, basis: Basis) -> Diagram:
    """Where this outcome is reached on this basis (for clauses and conflict, or on one that gives way to it)."""
    match basis:
        case Basis.SILENCE:
            return standing.silence
        case Basis.CONFLICT:
            return standing.conflict | standing.silence
        case _:
            return standing.outcome[outcome]


def _is_name(key: str) -> bool:
    return key.endswith("].name")
