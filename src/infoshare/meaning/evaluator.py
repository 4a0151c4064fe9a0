"""The meaning of a policy, in the order of the sentences under "What it means" in `docs/language.md`.

Each line says of *every completion* of a case at once where something is so: `&`, `|` and `~` work
completion by completion (`diagram`). With nothing unknown they are plain truth. Everything that
decides faster is held against this. All of it is said of one row, an item for a recipient, with its elements
in hand; where nothing speaks of each item or recipient, what is said of one row is said of all.

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
from infoshare.outcome import OUTCOMES, Act, Outcome

Where = Diagram
"""The completions in which something is so."""

OfEach = Mapping[str | None, Where]
"""For each element of a list, where something is so of it; None stands for one of a list that nobody gave."""


@attrs.frozen(eq=False)
class Standing:
    """What becomes of every exception and clause, and the outcomes that follow.

    Attributes:
        holds: by name, also of duties and advice; False everywhere for what is not in force. Of what is for each of
            a list that is no side of a row: where it holds of any.
        applies: by name, likewise.
        stands: by name of consent clause, rule or override.
        only: where the standing clauses have one outcome among them, this one.
        conflict: where they have different ones.
        silence: where none stands.
        outcome: where this outcome is the answer; exactly one is, in each completion.
        must: where a clause that says must stands, and no exception relaxes it.
        mandatory: where one stands that concludes the outcome: not where clauses conflict.
        should: where one that says should concludes it, likewise.
        holds_of: of what is for each of a list that is no side of a row, where it holds of which element.
        applies_of: likewise.
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
    should: Where
    holds_of: Mapping[str, OfEach] = {}
    applies_of: Mapping[str, OfEach] = {}


def evaluate(world: World, here: Here = NOWHERE, *, outcomes_alone: bool = False) -> Standing:
    """What stands in a row, completion by completion.

    Args:
        outcomes_alone: whether only what bears on outcomes and on what is kept back is worked out: no duties, no advice.
    """
    needed = world.model.bears_on_outcomes if outcomes_alone else None
    provisions = [p for p in world.model.in_order() if needed is None or p.name in needed]
    of_each = {p.name: holds_of(world, p, here) for p in provisions if p.other_list}
    holding = {
        p.name: _any(world, of_each[p.name].values()) if p.other_list else holds(world, p, here)
        for p in provisions
    }
    return follow(world, holding, of_each)


def follow(
    world: World, holding: Mapping[str, Where], of_each: Mapping[str, OfEach] | None = None
) -> Standing:
    """What applies, stands and is concluded, from what holds."""
    model = world.model
    applying: dict[str, Where] = {}
    applying_of: dict[str, OfEach] = {}
    standing: dict[str, Where] = {}
    closing: list[str] = []

    for provision in (each for each in model.in_order() if each.name in holding):
        name, exceptions = provision.name, model.set_aside_by.get(provision.name, ())
        if of_each and name in of_each:
            applying_of[name] = {
                element: where
                & ~_any(
                    world, (applying_of[e][element] if e in applying_of else applying[e] for e in exceptions)
                )
                for element, where in of_each[name].items()
            }
            applying[name] = _any(world, applying_of[name].values())
        else:
            applying[name] = holding[name] & ~_any(world, (applying[e] for e in exceptions))
        if isinstance(provision, Clause) and provision.closing:
            closing.append(name)
        elif isinstance(provision, Clause):
            defeating = (standing[override] for override in model.defeated_by.get(name, ()))
            standing[name] = applying[name] & ~_any(world, defeating)
    if closing:
        no_other = ~_any(world, standing.values())
        standing |= {name: applying[name] & no_other for name in closing}

    concluded = {o: _any(world, _standing_with(o, standing, world)) for o in OUTCOMES}
    only = {o: concluded[o] & ~_any(world, (concluded[p] for p in OUTCOMES if p is not o)) for o in OUTCOMES}
    conflict = _any(world, (concluded[o] & concluded[p] for o, p in combinations(OUTCOMES, 2)))
    silence = ~_any(world, concluded.values())
    outcome = {**only, Outcome.SEEK_ADVICE: only[Outcome.SEEK_ADVICE] | conflict | silence}
    must = _any(
        world, (unrelaxed(world, applying, n, w) for n, w in standing.items() if model.clauses[n].must)
    )
    should = _any(
        world, (unrelaxed(world, applying, n, w) for n, w in standing.items() if model.clauses[n].should)
    )
    return Standing(
        holding,
        applying,
        standing,
        only,
        conflict,
        silence,
        outcome,
        must,
        mandatory=must & ~conflict,
        should=should & ~conflict,
        holds_of=of_each or {},
        applies_of=applying_of,
    )


def unrelaxed(world: World, applying: Mapping[str, Where], clause: str, stands: Where) -> Where:
    """Where a clause that says must or should stands and still says it."""
    relaxing = world.model.relaxed_by.get(clause, ())
    return stands & ~_any(world, (applying[e] for e in relaxing)) if relaxing else stands


def holds(world: World, provision: Provision, here: Here = NOWHERE) -> Where:
    """In force, its `when` yes and its `unless` no; of what is for each item or recipient, in this row."""
    if not world.model.in_force(provision, world.day):
        return world.diagrams.no
    there = world.diagrams.yes
    if not isinstance(provision, Safeguard):  # which is a condition to keep, of what is not listed
        for group in provision.sides:
            there = there if group in here else there & world.one_of(group)
        if there is world.diagrams.no:
            return there
    where = world.truth(provision.when, here) & there
    return where if provision.unless is None else where & ~world.truth(provision.unless, here)


def holds_of(world: World, provision: Provision, here: Here = NOWHERE) -> OfEach:
    """Where a provision for each of a list that is no side of a row holds, of which element."""
    group = provision.other_list or ""
    return {
        name: (
            world.of_nameless(group, provision.name, holds(world, provision, here))
            if name is None
            else holds(world, provision, {**here, group: name})
        )
        & there
        for name, there in world.each_of(group)
    }


def brought(
    world: World, standing: Standing, duty: Duty, decided: Outcome, kept_back: Where | None = None
) -> Where:
    """Where a row's outcome brings a duty.

    Args:
        decided: the outcome that is decided; it differs from a completion's when it is not settled: advice is then
            sought now.
        kept_back: where a safeguard keeps the row back; nowhere, if not given.
    """
    acts = dict.fromkeys(
        timing.act for timing in duty.timings
    )  # in one order, as a set has another one in every process
    if Act.DECIDING in acts or any(act.outcome is decided is Outcome.SEEK_ADVICE for act in acts):
        return world.diagrams.yes
    where = _any(world, (standing.outcome[act.outcome] for act in acts if act.outcome is not None))
    if Act.HOLDING_BACK in acts and kept_back is not None:
        where = where | (standing.outcome[Outcome.SHARE] & kept_back)
    return where


def holds_back(world: World, standing: Standing, safeguard: Safeguard, here: Here) -> Where:
    """Where a safeguard keeps back one item from one recipient."""
    set_aside = _any(world, (standing.applies[e] for e in world.model.set_aside_by.get(safeguard.name, ())))
    return holds(world, safeguard, here) & ~set_aside & ~world.truth(safeguard.require, here)


def _standing_with(outcome: Outcome, standing: Mapping[str, Where], world: World) -> Iterable[Where]:
    clauses = world.model.clauses
    return (where for name, where in standing.items() if clauses[name].outcome is outcome)


def _any(world: World, items: Iterable[Where]) -> Where:
    return world.diagrams.either(items)
