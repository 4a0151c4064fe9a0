"""What a policy tells apart of each fact: two answers between which it tells nothing apart decide alike.

Deliberately not here: what then comes of it, for whole tables (`batch.row_groups`) and one by one (`engine.alike`).
"""

from collections.abc import Mapping
from datetime import date

import attrs

from infoshare.meaning.case import Case
from infoshare.meaning.model import (
    Atomic,
    Model,
    parts,
)
from infoshare.meaning.world import World


@attrs.frozen(eq=False)
class Distinctions:
    """What a policy can tell apart of each fact that it speaks of outside lists.

    Attributes:
        marks: by path, the encoded answers at which something begins to be another; None if any two differ.
        world: what encodes answers.
    """

    marks: Mapping[str, tuple[int, ...] | None]
    world: World


def distinctions(model: Model, day: date) -> Distinctions:
    """Read off every condition of a policy."""
    world = World(model, Case(), day, {})
    found: dict[str, set[int] | None] = {}
    for condition in model.conditions():
        for atom in (part for part in parts(condition) if isinstance(part, Atomic)):
            for fact in model.facts_of(atom):
                if not fact.each:
                    found.setdefault(fact.path, set())
            where = world.truth(atom)
            for index in where.variables:
                variable = world.variables[index]
                if variable.fact is not None:
                    bounds = found.setdefault(variable.fact.path, set())
                    if bounds is not None:
                        bounds |= world.diagrams.bounds_of(where, index)
    for path in model.entangled & found.keys():
        found[path] = None
    return Distinctions({p: None if b is None else tuple(sorted(b)) for p, b in found.items()}, world)
