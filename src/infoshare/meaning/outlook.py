"""What can be said of something over every completion that can be: certain, possible, hanging on facts."""

from collections.abc import Iterable
from weakref import WeakKeyDictionary

from infoshare.meaning.case import Case, keys_of
from infoshare.meaning.diagram import Diagram
from infoshare.meaning.model import Model
from infoshare.meaning.world import Variable, World


class Outlook:
    """A world, and the completions in it that no `impossible` rules out.

    Invariant: `care` is where a completion can be.

    Args:
        care: where somebody has found that out already.

    Attributes:
        most_joined: rows of which it is joined where they bring a duty; of more it is not told apart what they come to
            together. None where joining costs nothing.
    """

    most_joined: int | None = 32

    def __init__(self, world: World, care: Diagram | None = None) -> None:
        self.world = world
        self.care = care or ~world.diagrams.either(world.truth(i.condition) for i in world.model.impossibles)
        self._positions: dict[str, int] | None = None
        self._hanging: dict[Diagram, tuple[str, ...]] = {}

    def certain(self, where: Diagram) -> bool:
        """Whether it is so in every completion."""
        return (self.care & ~where) is self.world.diagrams.no

    def possible(self, where: Diagram) -> bool:
        """Whether it may be so in some completion."""
        return (self.care & where) is not self.world.diagrams.no

    def inexact(self, where: Diagram) -> bool:
        """Whether it hangs on something that was not told apart exactly."""
        return where.undecided or any(self.world.variables[v].opaque for v in where.variables)

    def hangs_on(self, *wheres: Diagram) -> tuple[str, ...]:
        """The facts (or lists) of which another answer alone can change any of these, in policy order."""
        if len(wheres) > 1:
            found = {key: None for where in dict.fromkeys(wheres) for key in self.hangs_on(where)}
            return self.in_policy_order(found)
        (where,) = wheres or (self.world.diagrams.no,)
        known = self._hanging.get(where)  # rows often share their diagrams
        if known is None:
            turning = [v for v in self._mentioned(where) if where.undecided or self.turns(where, v)]
            known = self.in_policy_order({key: None for variable in turning for key in variable.keys})
            self._hanging[where] = known
        return known

    def turns(self, where: Diagram, variable: Variable) -> bool:
        """Whether, in some completion, changing this answer alone changes it."""
        if not where.depends_on(variable.index):
            return False
        if self.care is self.world.diagrams.yes:
            return True
        together = frozenset({variable.index}) if variable.opaque else self.world.of_key(variable.keys[0])
        somewhere = self.world.diagrams.exists
        return (somewhere(self.care & where, together) & somewhere(self.care & ~where, together)) is not (
            self.world.diagrams.no
        )

    def in_policy_order(self, keys: Iterable[str]) -> tuple[str, ...]:
        """Keys sorted as the policy declares their facts, elements as the case lists them."""
        return tuple(sorted(keys, key=self.position))

    def position(self, key: str) -> int:
        """Where a key stands in policy order."""
        if self._positions is None:
            model, case = self.world.model, self.world.case
            self._positions = _positions(model, case) if case.elements else _without_lists(model)
        return self._positions[key]

    def _mentioned(self, where: Diagram) -> list[Variable]:
        gave_up_on = self.world.diagrams.gave_up_on if where.undecided else ()
        return [self.world.variables[i] for i in sorted({*where.variables, *gave_up_on})]


def _positions(model: Model, case: Case) -> dict[str, int]:
    """Where each key stands in policy order."""
    found: dict[str, int] = {}
    for fact in model.facts.values():
        if fact.each:
            found.setdefault(fact.group, len(found))
        for key in keys_of(fact, case):
            found[key] = len(found)
    return found


_KEPT: WeakKeyDictionary[Model, dict[str, int]] = WeakKeyDictionary()


def _without_lists(model: Model) -> dict[str, int]:
    """The same for every case that has no lists, worked out once for each policy."""
    found = _KEPT.get(model)
    if found is None:
        found = _KEPT[model] = _positions(model, Case())
    return found
