"""What a decision rests on: the fewest answers that settle it, and the assumptions that matter.

Both ask "what if this were not known?", so the policy is evaluated once more with everything known
taken as open, and what is known is then put back as needed. Deliberately not here: the answer itself.
"""

from collections.abc import Callable, Iterable, Mapping
from itertools import combinations

import attrs

from infoshare.meaning.diagram import Diagram
from infoshare.meaning.evaluator import Standing
from infoshare.meaning.outlook import Outlook
from infoshare.meaning.types import Answer
from infoshare.meaning.world import World
from infoshare.outcome import Basis, Outcome

SEARCH = 300
"""How many sets of facts are tried for a smaller one before an irredundant one will do."""


def target(standing: Standing, outcome: Outcome, basis: Basis) -> Diagram:
    """Where this outcome is reached on this basis (or, for clauses and conflict, on a firmer one)."""
    match basis:
        case Basis.SILENCE:
            return standing.silence
        case Basis.CONFLICT:
            return standing.conflict | standing.silence
        case _:
            return standing.outcome[outcome]


def fewest(candidates: Iterable[str], settles: Callable[[frozenset[str]], bool]) -> frozenset[str] | None:
    """As few of the candidates as still settle; None if even all of them do not.

    Those that no settling set can do without come first; then small additions are tried, and past
    `SEARCH` tries one is dropped after the other as long as the rest still settles.
    """
    everything = frozenset(candidates)
    if not settles(everything):
        return None
    ordered = [c for c in candidates if c in everything]
    core = frozenset(c for c in ordered if not settles(everything - {c}))
    rest = [c for c in ordered if c not in core]
    tries = 0
    for size in range(len(rest) + 1):
        for extra in combinations(rest, size):
            tries += 1
            if tries > SEARCH:
                break
            if settles(core | set(extra)):
                return core | set(extra)
        if tries > SEARCH:
            break
    kept = everything
    for candidate in reversed(rest):
        if settles(kept - {candidate}):
            kept -= {candidate}
    return kept


@attrs.frozen(eq=False)
class Opened:
    """The policy evaluated with what is known taken as open.

    Attributes:
        outlook: over the open world; the facts that are compared with one another stay known in it.
        values: what is known, as values of the open world's variables.
        visible: everything that a person would see change.
    """

    outlook: Outlook
    standing: Standing
    visible: tuple[Diagram, ...]
    values: Mapping[str, Mapping[int, int]]

    def matters(self, key: str) -> bool:
        """Whether another answer to this fact alone would change anything visible."""
        world, diagrams = self.outlook.world, self.outlook.world.diagrams
        others = {v: n for k, values in self.values.items() if k != key for v, n in values.items()}
        mine = world.of_key(key)
        care = diagrams.restrict(self.outlook.care, others)
        for where in self.visible:
            if where.undecided:
                return True
            if where.support & mine:
                rest = diagrams.restrict(where, others)
                turned = diagrams.somehow(care & rest, mine) & diagrams.somehow(care & ~rest, mine)
                if turned is not diagrams.no:
                    return True
        return False

    def settles(self, wanted: Diagram, keys: frozenset[str]) -> bool:
        """Whether these answers alone settle what is wanted."""
        known = {v: n for key in keys for v, n in self.values[key].items()}
        return self.outlook.world.diagrams.certainly(wanted | ~self.outlook.care, known)


def known_values(world: World, known: Mapping[str, Answer]) -> dict[str, dict[int, int]]:
    """What is known as values of an open world's variables; lists are as the case gives them."""
    values: dict[str, dict[int, int]] = {}
    for variable in world.variables:
        key = variable.keys[0]
        if variable.fact is not None and key in known:
            values.setdefault(key, {})[variable.index] = world.encoded(variable, known[key])
    for group in world.listed():
        values[group] = {world.list_variable(group).index: 1}
    return values
