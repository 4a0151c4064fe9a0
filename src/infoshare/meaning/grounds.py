"""What a decision rests on: the fewest answers that settle it, and the assumptions that matter.

Both ask "what if this were not known?", so the case is viewed once more with everything known taken
as open, and what is known is then put back as needed. Deliberately not here: the answer itself.
"""

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from itertools import chain, combinations, islice

import attrs

from infoshare.budget import Budget
from infoshare.meaning.case import Case, here_of, path_of
from infoshare.meaning.consequences import visible
from infoshare.meaning.diagram import BUDGET, Diagram, Diagrams, variables_of
from infoshare.meaning.evaluator import holds_back
from infoshare.meaning.grounds_by_row import (
    MOST_OPENED,
    GroundsByRow,
    is_name,
    known_values,
    target,
    wanted_of,
)
from infoshare.meaning.model import SIDES, Model, Provision
from infoshare.meaning.outlook import Outlook
from infoshare.meaning.types import Answer, Reference
from infoshare.meaning.view import View, view
from infoshare.outcome import Basis, Outcome
from infoshare.values import frozen

MOST_KEPT = 10_000
"""Sets of known values of which it is kept what was found, for cases that are opened together."""

TRIED = 20_000
"""Conditions that are looked at again to try facts that are compared with others."""

FOLLOWED = 300_000
"""Nodes of diagrams that are looked at in search of the fewest facts."""

SEARCH = 300
"""How many sets of facts are tried for a smaller one before an irredundant one will do."""


class Opened:
    """A case of which nothing is taken as known, and what would then be seen.

    Args:
        seen: a view with open lists, of a case with the names that this one's lists have.
    """

    def __init__(self, seen: View) -> None:
        self.view = seen
        self._shown: dict[tuple[Outcome, bool], Shown] = {}
        self._bounds: dict[int, dict[int, tuple[int, ...]]] = {}
        self._fewest: dict[tuple[int, ...], frozenset[str]] = {}

    @cached_property
    def asked_of_rows(self) -> "AskedOfRows":
        """On which facts it depends what is kept back of a row."""
        return asked_of_rows(self.view.model)

    def shown(self, decided: Outcome, *, rows: bool) -> "Shown":
        """What a person would see change, where this is the decision's own outcome; with what is disclosed or not."""
        found = self._shown.get((decided, rows))
        if found is None:
            wheres = visible(self.view, decided)
            found = Shown(
                self.view.outlook, chain(*(w for what, w in wheres.items() if rows or what != "disclosures"))
            )
            self._shown[decided, rows] = found
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
            bounds = {v: tuple(sorted(bounds_of(wanted, v))) for v in wanted.variables}
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


class Shown:
    """What a person would see change."""

    def __init__(self, outlook: Outlook, wheres: Iterable[Diagram]) -> None:
        self._outlook = outlook
        self._wheres = {id(where): where for where in wheres if where.support or where.undecided}.values()
        self._undecided = any(where.undecided for where in self._wheres)

    def turning(self, keys: Iterable[str], known: Mapping[str, Answer]) -> Iterator[str]:
        """The facts of which another answer alone changes anything, in a completion that its own answer admits.

        Args:
            known: what is known of the case, also of facts that the view leaves open.
        """
        world = self._outlook.world
        values = {v: n for of_key in known_values(world, known).values() for v, n in of_key.items()}
        met: dict[int, list[Diagram]] = {}
        for where in self._wheres:
            for variable in variables_of(world.diagrams.met(where, values)):
                met.setdefault(variable, []).append(where)
        for key in keys:
            mine = world.of_key(key)
            # What is the same wherever the rest leads cannot be changed by this alone.
            touched = {id(where): where for v in sorted(mine) for where in met.get(v, ())}
            if self._undecided or self._turns(mine, values, list(touched.values())):
                yield key

    def _turns(self, mine: frozenset[int], values: Mapping[int, int], touched: Sequence[Diagram]) -> bool:
        if not touched:
            return False
        diagrams, care = self._outlook.world.diagrams, self._outlook.care
        as_it_is = diagrams.restrict(care, values)
        care = diagrams.restrict(care, values, but=mine)
        for where in touched:
            rest = diagrams.restrict(where, values, but=mine)
            turned = diagrams.exists(care & rest, mine) & diagrams.exists(care & ~rest, mine) & as_it_is
            if turned is not diagrams.no:
                return True
        return False


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
        self.fixed = {k: v for k, v in known.items() if is_name(k) or (entangled and path_of(k) in entangled)}
        if decided.by_row:
            return
        if self.fixed == known and not decided.case.elements:
            opened = Opened(decided)
        elif opened is None:
            case = decided.case if decided.model.has_quantifiers else Case()
            opened = Opened(view(decided.model, case, decided.world.day, self.fixed, open_lists=True))
        self._opened, self.outlook = opened, opened.view.outlook

    @cached_property
    def _by_row(self) -> GroundsByRow:
        return GroundsByRow(self.decided, self.fixed)

    @property
    def is_exhausted(self) -> bool:
        """Whether the budget ran out over the case opened."""
        return not self.decided.by_row and self.outlook.world.diagrams.exhausted

    @property
    def values(self) -> dict[str, dict[int, int]]:
        """What is known, by key, as values of the variables of the case opened."""
        return known_values(self.outlook.world, self.decided.world.known)

    def matters(self, assumed: Mapping[str, Answer]) -> frozenset[str]:
        """The assumed facts of which another answer alone, all else as it is, changes something visible."""
        decided, known = self.decided, self.decided.world.known
        if not assumed:
            return frozenset()
        apart = [key for key in assumed if key not in self.fixed]
        if decided.by_row and len(decided.rows) <= MOST_OPENED:
            turning = self._by_row.turning(apart)
        elif decided.by_row or (decided.case.elements and decided.model.has_quantifiers):
            # With everything open, most of what is made of the lists is never asked; of many rows it would not end.
            turning = set(self._viewed_without(apart).turning(apart, known))
        else:
            shown = self._opened.shown(decided.outcome, rows=not decided.case.elements)
            turning = set(shown.turning(apart, known))
            if decided.case.elements:
                turning |= self._turning_rows([key for key in apart if key not in turning])
        return frozenset(turning.union(self._compared_turning([key for key in assumed if key in self.fixed])))

    def _turning_rows(self, keys: Sequence[str]) -> set[str]:
        """Of facts that turn no outcome, those that turn what is kept back of a row."""
        decided = self.decided
        rows, known, turning = self._opened.asked_of_rows, decided.world.known, set[str]()
        if again := [key for key in keys if path_of(key) in rows.by_exceptions]:
            turning.update(self._viewed_without(again).turning(again, known))
        rest = [key for key in keys if key not in again and path_of(key) in rows.by_safeguards]
        asking = {name for key in rest for name in rows.by_safeguards[path_of(key)]}
        shared = decided.standing.outcome[Outcome.SHARE]
        if rest and decided.outlook.possible(shared):
            world = decided.world.without(rest)
            wheres = []
            for row, held_back in decided.held_back.items():
                here = here_of(row)
                back = (
                    holds_back(world, decided.standing, each, here) if each.name in asking else where
                    for each, where in held_back
                )
                wheres.append(shared & ~world.diagrams.either(back))
            turning.update(Shown(Outlook(world), wheres).turning(rest, known))
        return turning

    def _viewed_without(self, keys: Collection[str], budget: Budget | None = None) -> "Shown":
        """What a person would see change, where some of what is known is not."""
        decided = self.decided
        known = {key: answer for key, answer in decided.world.known.items() if key not in keys}
        lists = any(key in decided.case.elements for key in keys)
        seen = view(decided.model, decided.case, decided.world.day, known, open_lists=lists, budget=budget)
        return Shown(seen.outlook, chain(*visible(seen, decided.outcome).values()))

    def _compared_turning(self, compared: Iterable[str]) -> Iterator[str]:
        """Those that turn something of some facts that are compared with others, and those that were not tried.

        A diagram over both does not tell such facts apart, so the case is viewed again for each.
        """
        decided, looked_at, joined = self.decided, Budget(TRIED), Budget(BUDGET)
        for key in compared:
            if looked_at.take(decided.size):
                yield from self._viewed_without([key], joined).turning([key], decided.world.known)
            else:
                yield key

    def relied_on(self) -> frozenset[str]:
        """As few known facts, and lists, as settle the same outcome on the same basis; where each row has one, of every
        settled row, with what else is settled of it.
        """
        decided = self.decided
        if self.basis is Basis.NOT_IN_FORCE or (self.basis is Basis.UNKNOWN_FACTS and not decided.by_row):
            return frozenset()
        if decided.by_row:
            found: frozenset[str] | None = self._by_row.relied_on()
        else:
            standing = self._opened.view.standing
            wanted = target(standing, decided.outcome, self.basis) | ~self.outlook.care
            found = self._opened.fewest(wanted, self.values, partial(self.fewest_for, wanted))
        if found is None:
            found = frozenset(decided.world.known) | frozenset(decided.case.elements)
        compared = frozenset(key for key in self.fixed if not is_name(key))
        kept = {key for key in self._without_needless(found | compared, compared) if not is_name(key)}
        return frozenset(kept | self._lists_named_from(kept))

    def _lists_named_from(self, keys: Iterable[str]) -> set[str]:
        """The lists of those whom references name: without their list, they name nobody."""
        known, facts = self.decided.world.known, self.decided.model.facts
        references = ((key, facts[path_of(key)].type) for key in keys if path_of(key) in facts)
        return {type_.group for key, type_ in references if isinstance(type_, Reference) and known.get(key)}

    def fewest_for(self, wanted: Diagram) -> frozenset[str] | None:
        """As few known facts as settle something of the case opened; None if all of them do not."""
        of_key, values = self.outlook.world.of_key, self.values
        hung_on = sorted(k for k in values if any(map(wanted.depends_on, of_key(k))))
        return fewest(hung_on, self._settling(wanted, values, self.outlook.world.diagrams))

    def _settling(
        self, wanted: Diagram, all_values: Mapping[str, Mapping[int, int]], diagrams: Diagrams
    ) -> Callable[[frozenset[str]], bool]:
        """Whether some known facts settle it; what was found of one set is used for others.

        A set that has all that was looked at to see that another settles it settles it too. A completion in
        which it is not so differs from the case in some facts, and no set without any of these settles it.
        """
        key_of = {v: key for key, values in all_values.items() for v in values}
        known = {v: n for values in all_values.values() for v, n in values.items()}
        budget = Budget(FOLLOWED)
        enough: list[frozenset[str]] = []
        needed: list[frozenset[str]] = []
        everything = frozenset(key_of.values())
        for variable, stays in diagrams.one_otherwise(wanted, known).items():
            key = key_of[variable]
            if stays is False:
                needed.append(frozenset([key]))
            elif stays and len(all_values[key]) == 1:
                enough.append(everything - {key})

        def settles(some: frozenset[str]) -> bool:
            if any(map(some.isdisjoint, needed)):
                return False
            if any(map(some.issuperset, enough)):
                return True
            fixed = frozenset([v for key in some for v in all_values[key]])
            found = diagrams.tried(wanted, known, fixed, budget)
            if found is None:
                return False  # nobody knows; what is not left out settles it still
            settled, variables = found
            (enough if settled else needed).append(frozenset([key_of[v] for v in variables]))
            return settled

        return settles

    def _without_needless(self, kept: frozenset[str], compared: frozenset[str]) -> frozenset[str]:
        """Without those compared facts that it settles without, each tried by viewing the case again.

        A list that is not kept is not given then either: what settles because nobody is listed hangs on the list.
        """
        looked_at, joined = Budget(TRIED), Budget(BUDGET)
        decided = self.decided
        lists = {
            group: names
            for group, names in decided.case.elements.items()
            if (decided.by_row and group in SIDES) or any(_is_of(key, group) for key in kept)
        }
        case = attrs.evolve(decided.case, elements=lists)
        for key in sorted(compared):
            if joined.exhausted or not looked_at.take(decided.size):
                break
            fewer = kept - {key}
            known = {k: v for k, v in decided.world.known.items() if k in fewer or is_name(k)}
            tried = view(decided.model, case, decided.world.day, known, budget=joined)
            if all(map(tried.outlook.certain, _settled(tried, decided, self.basis))):
                kept = fewer
        return kept


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


def _settled(seen: View, decided: View, basis: Basis) -> Iterator[Diagram]:
    """Where the same is settled as is decided: of each settled row, as seen where less is known."""
    if not decided.by_row:
        yield target(seen.standing, decided.outcome, basis)
        return
    for row, own in decided.rows.items():
        if len(own.possible) == 1:
            wanted, released = wanted_of(seen.rows[row].standing, own), decided.everywhere(decided.goes[row])
            if released is not None:
                wanted = wanted & (seen.goes[row] if released else ~seen.goes[row])
            yield wanted


@frozen
class AskedOfRows:
    """The facts on which it depends what is kept back of a row, by their paths.

    Attributes:
        by_safeguards: for each fact, the safeguards that ask about it.
        by_exceptions: the facts that exceptions ask about, which set safeguards aside or act on those that do.
    """

    by_safeguards: Mapping[str, frozenset[str]]
    by_exceptions: frozenset[str]


def asked_of_rows(model: Model) -> AskedOfRows:
    """Read off the conditions of a policy."""
    by_safeguards: dict[str, frozenset[str]] = {}
    for safeguard in model.safeguards.values():
        for path in _asked(model, safeguard):
            by_safeguards[path] = by_safeguards.get(path, frozenset()) | {safeguard.name}
    acting = {name for each in model.safeguards for name in model.upstream(each)}
    by_exceptions = {path for name in acting for path in _asked(model, model.exceptions[name])}
    return AskedOfRows(by_safeguards, frozenset(by_exceptions))


def _asked(model: Model, provision: Provision) -> set[str]:
    return {fact.path for condition in provision.conditions for fact in model.facts_of(condition)}


def _is_of(key: str, group: str) -> bool:
    """Whether a key is a list, or a fact of one of its elements."""
    return key == group or (key.startswith(f"{group}[") and not is_name(key))
