"""The meaning of a policy, in the order of the sentences under "What it means" in `docs/language.md`.

Each line says of *every completion* of a case at once where something is so: `&`, `|` and `~` work
completion by completion (`diagram`). With nothing unknown they are plain truth. Everything that
decides faster is held against this.

Invariant: pure and total; clauses are visited after whatever acts on them (`Model.order`), so no
recursion and no order of declarations. Deliberately not here: what the conditions say of the case
(`world`), settling, and what is told about it (`view`, `clauses`, `consequences`).
"""

from collections.abc import Iterable, Mapping
from itertools import combinations

import attrs

from infoshare.meaning.diagram import Diagram
from infoshare.meaning.model import Clause, Duty, Provision, Safeguard
from infoshare.meaning.world import NOWHERE, Here, World
from infoshare.outcome import Act, Outcome

Where = Diagram
"""The completions in which something is so."""


@attrs.frozen(eq=False)
class Standing:
    """What becomes of every exception and clause, and the outcomes that follow.

    Attributes:
        holds: by name, also of duties and advice; False everywhere for what is not in force.
        applies: by name, likewise.
        stands: by name of consent clause, rule or override.
        only: where the standing clauses have one outcome among them, this one.
        conflict: where they have different ones.
        silence: where none stands.
        outcome: where this outcome is the answer; exactly one is, in each completion.
        must: where a clause that says must stands.
        mandatory: where one stands that concludes the outcome: not where clauses conflict.
    """

    holds: Mapping[str, Where]
    applies: Mapping[str, Where]
    stands: Mapping[str, Where]
    only: Mapping[Outcome, Where]
    conflict: Where
    silence: Where
    outcome: Mapping[Outcome, Where]
    must: Where
    mandatory: Where


def evaluate(world: World) -> Standing:
    """What stands, completion by completion."""
    return follow(world, {provision.name: holds(world, provision) for provision in world.model.in_order()})


def follow(world: World, holding: Mapping[str, Where]) -> Standing:
    """What applies, stands and is concluded, from what holds."""
    model = world.model
    applying: dict[str, Where] = {}
    standing: dict[str, Where] = {}

    for provision in model.in_order():
        name = provision.name
        applying[name] = holding[name] & ~_any(world, (applying[e] for e in model.set_aside_by.get(name, ())))
        if isinstance(provision, Clause):
            defeating = (standing[override] for override in model.defeated_by.get(name, ()))
            standing[name] = applying[name] & ~_any(world, defeating)

    concluded = {o: _any(world, _standing_with(o, standing, world)) for o in Outcome}
    only = {o: concluded[o] & ~_any(world, (concluded[p] for p in Outcome if p is not o)) for o in Outcome}
    conflict = _any(world, (concluded[o] & concluded[p] for o, p in combinations(Outcome, 2)))
    silence = ~_any(world, concluded.values())
    outcome = {**only, Outcome.SEEK_ADVICE: only[Outcome.SEEK_ADVICE] | conflict | silence}
    must = _any(world, (where for name, where in standing.items() if model.clauses[name].must))
    return Standing(
        holding, applying, standing, only, conflict, silence, outcome, must, mandatory=must & ~conflict
    )


def holds(world: World, provision: Provision, here: Here = NOWHERE) -> Where:
    """In force, its `when` yes and its `unless` no."""
    if not world.model.in_force(provision, world.day):
        return world.diagrams.no
    where = world.truth(provision.when, here)
    return where if provision.unless is None else where & ~world.truth(provision.unless, here)


def brought(world: World, standing: Standing, duty: Duty, decided: Outcome) -> Where:
    """Where the outcome brings a duty; `decided` is the decision's own outcome.

    It differs from a completion's when the decision is not settled: advice is then sought now.
    """
    acts = {timing.act for timing in duty.timings}
    if Act.DECIDING in acts or any(act.outcome is decided is Outcome.SEEK_ADVICE for act in acts):
        return world.diagrams.yes
    return _any(world, (standing.outcome[act.outcome] for act in acts if act.outcome is not None))


def due(world: World, standing: Standing, duty: Duty, decided: Outcome) -> Where:
    """Where a duty is to be done."""
    return brought(world, standing, duty, decided) & standing.applies[duty.name]


def lifted(world: World, standing: Standing, duty: Duty, decided: Outcome) -> Where:
    """Where a duty would be due, had no exception set it aside."""
    return brought(world, standing, duty, decided) & standing.holds[duty.name] & ~standing.applies[duty.name]


def holds_back(world: World, standing: Standing, safeguard: Safeguard, here: Here) -> Where:
    """Where a safeguard keeps back one item from one recipient."""
    set_aside = _any(world, (standing.applies[e] for e in world.model.set_aside_by.get(safeguard.name, ())))
    return holds(world, safeguard, here) & ~set_aside & ~world.truth(safeguard.require, here)


def _standing_with(outcome: Outcome, standing: Mapping[str, Where], world: World) -> Iterable[Where]:
    clauses = world.model.clauses
    return (where for name, where in standing.items() if clauses[name].outcome is outcome)


def _any(world: World, items: Iterable[Where]) -> Where:
    return world.diagrams.either(items)
