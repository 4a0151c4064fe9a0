"""Policies whose clauses hang together too closely for one diagram: first what is plain, then every completion.

Each clause still has a small diagram of its own, so whether it stands for certain is read off as in `form`. Only
what is made of all clauses together (outcome, basis, mandatory) outgrows the evaluator's budget. So for a row:

1. Kleene's logic over the clauses. Where that settles everything, the row is decided.
2. Otherwise the row is laid out in every way to complete it, each a row without an unknown, and what all of them
   say is put together again: that is the definition itself. `fits` says for how many ways the evaluator is sure to
   stay within its budget, and so to say the same.
3. What is left goes the general road (`patterns`).

Deliberately not here: conditions on lists that are not given, and comparisons of two facts, which are not told
apart exactly; a policy with any goes the general road.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import combinations

import attrs

from infoshare.batch.form import ADVICE, MORE, OUTCOMES
from infoshare.batch.program import NO, YES, Circuit, Program
from infoshare.batch.signals import Shape, Signals
from infoshare.budget import Budget
from infoshare.meaning.case import Case
from infoshare.meaning.consequences import visible
from infoshare.meaning.diagram import Diagram
from infoshare.meaning.evaluator import evaluate, holds
from infoshare.meaning.model import Model
from infoshare.meaning.outlook import Outlook
from infoshare.meaning.view import View
from infoshare.meaning.world import World
from infoshare.outcome import Outcome

SPARE = 40
"""Diagrams joined beside those of the clauses, for outcomes, conflict, silence and what follows: more than there are."""


@attrs.frozen(eq=False)
class Wide:
    """The functions of the clauses, each by itself.

    Attributes:
        care: where a case can be.
        stands_not: for each clause, where a case can be and it does not stand.
        marks: for each variable of these, the encoded answers at which something begins to be another.
        told_apart: for each variable that the evaluator meets, as many answers as it may tell apart.
        ways: in how many ways a row may be completed for the evaluator to be sure of its budget.
        plain: whether Kleene's logic may settle a row, whatever becomes of the budget.
    """

    model: Model
    world: World
    care: Diagram
    stands: Mapping[str, Diagram]
    stands_not: Mapping[str, Diagram]
    marks: Mapping[int, tuple[int, ...]]
    told_apart: Mapping[int, int]
    ways: int
    plain: bool


def wide_of(model: Model, day: date) -> Wide | None:
    """The functions of the clauses of a policy on a day; None where even they grow too large, or are not exact."""
    world = World(model, Case(), day, {})
    outlook = Outlook(world)
    standing = evaluate(world)
    functions = [outlook.care, *standing.stands.values()]
    if any(where.undecided for where in functions) or not model.policy_in_force(day):
        return None
    visible(View(outlook, standing), Outcome.SHARE)
    if any(variable.opaque for variable in world.variables):
        return None
    world.diagrams.budget = Budget(MORE)  # as in `form`
    stands_not = {name: outlook.care & ~where for name, where in standing.stands.items()}
    if any(where.undecided for where in stands_not.values()):
        return None
    marks = _marks(world, functions)
    unscoped = [safeguard for safeguard in model.safeguards.values() if not safeguard.scope]
    lifted = any(duty in model.set_aside_by for duty in model.duties)
    conditions = [world.truth(each.require) for each in unscoped]
    conditions += [holds(world, each) for each in (*model.in_order(), *unscoped)]
    conditions += [world.truth(each.condition) for each in model.impossibles]
    if any(where.undecided for where in conditions):
        return None
    return Wide(
        model,
        world,
        outlook.care,
        standing.stands,
        stands_not,
        {index: tuple(sorted(bounds)) for index, bounds in marks.items()},
        {index: len(bounds) + 1 for index, bounds in _marks(world, conditions).items()},
        _ways(model, day),
        plain=not (model.impossibles or unscoped or lifted),
    )


def _marks(world: World, functions: Iterable[Diagram]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for where in functions:
        for index in where.variables:
            found.setdefault(index, set()).update(world.diagrams.bounds_of(where, index))
    return found


def _ways(model: Model, day: date) -> int:
    """In how many ways a row may be completed for the evaluator to be sure of its budget.

    A condition takes no more of it than where nothing is known. Whatever is joined of conditions takes at most one
    for each way, since no more can be told apart.
    """
    world = World(model, Case(), day, {})
    outlook = Outlook(world)
    unscoped = [safeguard for safeguard in model.safeguards.values() if not safeguard.scope]
    for provision in (*model.in_order(), *unscoped):
        holds(world, provision)
    for safeguard in unscoped:
        world.truth(safeguard.require)
    left = outlook.world.diagrams.budget.left
    acting = sum(map(len, (*model.set_aside_by.values(), *model.prevailed_over_by.values())))
    named = len(model.order) + len(unscoped) + acting
    return left // (2 * named + 4 * len(model.clauses) + 8 * len(model.duties) + SPARE)


def program_of(wide: Wide, shape: Shape) -> Program:
    """What Kleene's logic makes of the rows of a table: the outputs of `form.program_of`, and `open`.

    In rows that are open, `fired` is right and nothing else is.
    """
    circuit = Circuit()
    signal = Signals(circuit, wide.world, shape).of
    clauses = wide.model.clauses
    stands_not = {name: signal(where) for name, where in wide.stands_not.items()}
    must = {name: circuit.opposite(where) for name, where in stands_not.items()}
    may = {name: signal(where) for name, where in wide.stands.items()}
    can = [circuit.any_of([may[n] for n in may if clauses[n].outcome is o]) for o in OUTCOMES]
    does = [circuit.any_of([must[n] for n in must if clauses[n].outcome is o]) for o in OUTCOMES]

    def but(items: list[int], place: int) -> int:
        return circuit.any_of([*items[:place], *items[place + 1 :]])

    only = [circuit.both(does[i], circuit.opposite(but(can, i))) for i in range(len(OUTCOMES))]
    conflict = circuit.any_of([circuit.both(a, b) for a, b in combinations(does, 2)])
    silence = circuit.opposite(circuit.any_of(can))
    by_clauses = circuit.any_of(only)
    settled = circuit.any_of([by_clauses, conflict, silence])
    advice = circuit.any_of([only[ADVICE], conflict, silence])
    mandatory = circuit.both(by_clauses, circuit.any_of([must[n] for n in must if clauses[n].must]))
    some_must = circuit.any_of([may[n] for n in may if clauses[n].must])
    never = circuit.any_of([conflict, silence, circuit.opposite(some_must)])
    told = circuit.either(mandatory, never)
    outputs = {
        "outcome0": circuit.either(only[1], advice),
        "outcome1": circuit.either(only[2], advice),
        "basis0": circuit.both(silence, circuit.opposite(conflict)),
        "basis1": circuit.either(conflict, silence),
        "mandatory": mandatory,
        "mandatory?": told,
        "inexact": NO,
        "open": circuit.opposite(circuit.both(settled, told)) if wide.plain else YES,
    }
    outputs |= {f"possible{i}": each for i, each in enumerate([*only[:ADVICE], advice])}
    outputs |= {f"fired:{name}": each for name, each in must.items()}
    return circuit.program(outputs)


def program_of_ways(wide: Wide) -> Program:
    """What becomes of rows in which nothing is unknown: an outcome each, what it rests on, must, not mandatory."""
    circuit = Circuit()
    signal = Signals(circuit, wide.world, {}).of
    clauses = wide.model.clauses
    stands = {name: signal(where) for name, where in wide.stands.items()}
    does = [circuit.any_of([stands[n] for n in stands if clauses[n].outcome is o]) for o in OUTCOMES]
    only = [
        circuit.both(each, circuit.opposite(circuit.any_of([*does[:i], *does[i + 1 :]])))
        for i, each in enumerate(does)
    ]
    conflict = circuit.any_of([circuit.both(a, b) for a, b in combinations(does, 2)])
    silence = circuit.opposite(circuit.any_of(does))
    must = circuit.any_of([stands[n] for n in stands if clauses[n].must])
    parts = [*only[:ADVICE], circuit.any_of([only[ADVICE], conflict, silence])]
    parts += [only[ADVICE], conflict, must, circuit.either(conflict, circuit.opposite(must))]
    can_be = signal(wide.care)
    return circuit.program({f"part{i}": circuit.both(can_be, each) for i, each in enumerate(parts)})
