"""Compares a policy and a mutant: whether anything that a scenario can expect differs, in one case or in all.

Both are looked at in worlds that share their diagrams, so what is equal in every completion is the same object.

Invariant: what is said to be the same is the same; where that cannot be told, it differs. Deliberately not
here: what a scenario expects (`mutation`).
"""

from collections.abc import Callable, Iterator, Sequence

from infoshare.analysis.promise import spoken_of
from infoshare.authoring.mutants import Mutant
from infoshare.meaning import evaluator
from infoshare.meaning.case import Case, here_of
from infoshare.meaning.case import rows as pairs
from infoshare.meaning.clauses import asking
from infoshare.meaning.consequences import due, targets
from infoshare.meaning.diagram import Diagram
from infoshare.meaning.evaluator import Standing
from infoshare.meaning.model import Defined, Safeguard
from infoshare.meaning.outlook import Outlook
from infoshare.meaning.view import View, viewed
from infoshare.meaning.world import NOWHERE, Here, World
from infoshare.outcome import Outcome
from infoshare.syntax import tree as t


def rows(case: Case) -> list[Here]:
    """Returns the rows of a case, each as the elements of `item` and `recipient`."""
    return [here_of(row) for row in pairs(case)]


def same(
    some: Sequence[object], others: Sequence[object], always: Callable[[Diagram], bool | None] | None = None
) -> bool:
    """Compares two lists of effects one by one: equal diagrams are the same object.

    Args:
        always: whether something is so in every case; given where the effects are formulas, of which two may say the
            same. What it leaves open differs.
    """

    def alike(a: object, b: object) -> bool:
        if not isinstance(a, Diagram) or not isinstance(b, Diagram):
            return a == b
        return a is b or (always is not None and always((a & b) | (~a & ~b)) is True)

    return len(some) == len(others) and all(map(alike, some, others))


def undecided(some: Sequence[object]) -> bool:
    """Whether the diagrams gave up on any of them, so that equality is not known."""
    return any(isinstance(part, Diagram) and part.undecided for part in some)


def effects(seen: View, shown: Sequence[Here], decided: Sequence[Outcome]) -> Iterator[object]:
    """Yields all that a scenario can expect, in the same order for every mutant of a policy."""
    world, model = seen.world, seen.model
    yield decided
    yield seen.outlook.care
    yield from (world.truth(impossible.condition) for impossible in model.impossibles)
    if seen.by_row:
        yield from (where for each in model.guarantees.values() for where in spoken_of(seen, each).values())
        for view in seen.rows.values():
            yield from _of_standing(view.standing)
            yield view.standing.should
            yield from (w for name in sorted(view.standing.applies_of) for w in _each(view.standing, name))
    else:
        for guarantee in model.guarantees.values():
            yield from (
                spoken_of(seen, guarantee).values() if guarantee.scope else (world.truth(guarantee.when),)
            )
        yield from _of_standing(seen.standing)
        if any(clause.should for clause in model.clauses.values()):
            yield seen.standing.should
    for duty in model.duties.values():
        for outcome in decided:
            for target in targets(seen, duty):
                yield from due(seen, duty, target, outcome)
    for safeguard in model.safeguards.values():
        for view in seen.views:
            for here in (NOWHERE, *shown):
                if here is NOWHERE or here.keys() >= set(safeguard.scope):
                    yield evaluator.holds(world, safeguard, here)
                    yield evaluator.holds_back(world, view.standing, safeguard, here)
    for view in seen.rows.values() if seen.by_row else (seen,):
        yield from _acting(world, view.standing)
    if any(clause.whom is not None for clause in model.clauses.values()):
        yield tuple((clause.name, clause.whom) for clause in model.clauses.values())
        for asked in asking(seen):
            yield from asked


def _of_standing(standing: Standing) -> Iterator[object]:
    yield from standing.outcome.values()
    yield from standing.only.values()
    yield from (standing.conflict, standing.silence, standing.must)
    yield from (standing.stands[name] for name in sorted(standing.stands))
    # what a clause would have done, had it not been defeated, no scenario can speak of
    yield from (standing.applies[name] for name in sorted(standing.applies) if name not in standing.stands)


def _each(standing: Standing, name: str) -> Iterator[Diagram]:
    """Of what is for each of a list, where it holds and applies of which element."""
    yield from (*standing.holds_of[name].values(), *standing.applies_of[name].values())


def _acting(world: World, standing: Standing) -> Iterator[object]:
    """Where each exception acts on what."""
    model = world.model
    for name in sorted(standing.holds):
        for exception in sorted(model.exceptions):
            if exception in (*model.set_aside_by.get(name, ()), *model.relaxed_by.get(name, ())):
                yield standing.holds[name] & standing.applies[exception]
            else:
                yield world.diagrams.no
    for name in sorted(model.safeguards):
        for exception in sorted(model.exceptions):
            yield (
                standing.applies[exception]
                if exception in model.set_aside_by.get(name, ())
                else world.diagrams.no
            )


def touches(before: View, world: World, mutant: Mutant) -> bool:
    """Whether a mutant may change anything in a case; False only where it plainly does not."""
    name, old = mutant.name, before.world
    match mutant.node:
        case t.DefineDecl():
            return world.truth(Defined(name)) is not old.truth(Defined(name))
        case t.Clause() | t.Exception_() | t.Duty() | t.Safeguard():
            was, now = before.model.provision(name), world.model.provision(name)
            if was.other_list or now.other_list:
                return True
            if mutant.kind in ("effect", "target", "timing", "scope"):
                return before.standing.applies[name] is not old.diagrams.no or mutant.kind == "scope"
            for here in (NOWHERE, *rows(before.case)):
                if evaluator.holds(world, now, here) is not evaluator.holds(old, was, here):
                    return True
                if (
                    isinstance(was, Safeguard)
                    and isinstance(now, Safeguard)
                    and world.truth(now.require, here) is not old.truth(was.require, here)
                ):
                    return True
            return False
        case _:
            return True


def changed(before: View, world: World, mutant: Mutant) -> View:
    """Evaluates a mutant in a world that shares the policy's diagrams; of a changed provision, only its consequences."""
    if isinstance(mutant.node, t.DefineDecl | t.ValueDecl | t.Part) or before.by_row or world.model.has_rows:
        return viewed(world)
    holding = before.standing.holds
    if mutant.name in holding:
        holding = {**holding, mutant.name: evaluator.holds(world, world.model.provision(mutant.name))}
    return View(Outlook(world, before.outlook.care), evaluator.follow(world, holding))
