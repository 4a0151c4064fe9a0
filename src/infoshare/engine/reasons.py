"""Clauses as decisions show them, with the answers that made it so."""

from collections.abc import Callable
from operator import itemgetter
from typing import Any

import attrs

from infoshare.engine.encoding import ToldApart, told_apart
from infoshare.engine.plan import Plan
from infoshare.meaning.case import Case
from infoshare.meaning.findings import ClauseFinding, FrozenMap, Late
from infoshare.meaning.model import Provision
from infoshare.meaning.reasons import why_holds, why_not
from infoshare.meaning.types import UNSURE, PlainAnswer, plain
from infoshare.meaning.view import finding
from infoshare.meaning.world import World

MOST_KEPT = 1_000
"""Combinations of answers that are kept of one clause; then they are made anew."""

Values = tuple[Any, ...]
"""The facts of a plan, in its order: an answer, None, or `unsure`."""

# The slots of a clause that are there at once, set one by one: several times quicker than its own constructor.
_new = object.__new__
_clause, _by = vars(ClauseFinding)["clause"].__set__, vars(ClauseFinding)["by"].__set__
_later = vars(Late)["_later"].__set__


class Reasons:
    """What one clause shows, for the cases in which it holds, or for those in which it does not.

    Attributes:
        clause: its name.
        same: the clause in every case, where its facts are always the same.
    """

    def __init__(
        self, plan: Plan, provision: Provision, *, holds: bool = True, settled: bool = False
    ) -> None:
        """For one clause.

        Args:
            settled: only for cases of which everything that is asked is known.
        """
        self._plan, self._provision, self._why = plan, provision, why_holds if holds else why_not
        settled_by = plan.settled_by(provision) if holds and settled else {}
        self._settled = {plan.facts[position].path: answer for position, answer in settled_by.items()}
        facts = [f for c in provision.conditions for f in plan.model.facts_of(c)]
        positions = dict.fromkeys(plan.position[fact.path] for fact in facts)
        self._positions = tuple(each for each in positions if each not in settled_by)
        self._bare = finding(provision, {})
        self._key = _key_of(self._positions)
        self._kept: dict[Any, FrozenMap] = {}
        self._shown: dict[tuple[object, ...], tuple[str, ...]] = {}
        self._apart: ToldApart | None = None
        self.same = None if self._positions else attrs.evolve(self._bare, facts=self._facts(()))
        self.clause = provision.name
        self.part = self._part  # bound once

    def of(self, values: Values, by: tuple[ClauseFinding, ...] | None = None) -> ClauseFinding:
        """The clause in the decision of a case with these facts; which of them made it so is found when looked at."""
        found = _new(ClauseFinding)
        _clause(found, self.clause)
        _later(found, (self.part, values))
        if by is not None:
            _by(found, by)
        return found

    def _part(self, values: Values, name: str) -> Any:
        if name != "facts":
            return getattr(self._bare, name)
        key = self._key(values)
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            found = self._kept[key] = FrozenMap(self._facts(key))
        return found

    def _facts(self, key: Any) -> dict[str, PlainAnswer]:
        """The answers that make it so: which facts' they are hangs on what the conditions tell apart of them alone."""
        plan, apart = self._plan, self._apart
        if apart is None:
            apart = self._apart = told_apart(plan, self._provision)
        case: list[object] = []
        known = dict(self._settled)
        answers = (key,) if len(self._positions) == 1 else key
        for position, value in zip(self._positions, answers, strict=True):
            fact = plan.facts[position]
            answer = fact.assumed if value is None and plan.presume else value
            if answer is None or answer == UNSURE:
                case.append(None)
            else:
                known[fact.path] = answer
                case.append(apart[position](answer) if position in apart else answer)
        paths = self._shown.get(tuple(case))
        if paths is not None:
            return {path: plain(known[path], plan.model.facts[path].type) for path in paths}
        found = self._why(World(plan.model, Case(), plan.day, known), self._provision)
        if len(self._shown) >= MOST_KEPT:
            self._shown.clear()
        self._shown[tuple(case)] = tuple(found)
        return found


def _key_of(positions: tuple[int, ...]) -> Callable[[Values], Any]:
    """What tells two cases apart by these facts: an answer, several, or nothing."""
    return itemgetter(*positions) if positions else itemgetter(slice(0))
