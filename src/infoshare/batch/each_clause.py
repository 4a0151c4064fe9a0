"""Policies whose clauses depend on one another too closely for one diagram: first what is plain, then every completion.

Each clause still has a small diagram of its own, so whether it stands for certain is read off as in `whole_policy`.
Only what is made of all clauses together (outcome, basis, mandatory) outgrows the evaluator's budget. So for a row:

1. Kleene's logic over the clauses. Where that settles everything, the row is decided.
2. Otherwise the row is laid out in every way to complete it, each a row without an unknown, and what all of them
   say is put together again: that is the definition itself. `ways` says for how many ways the evaluator is sure to
   stay within its budget, and so to say the same. A row that no completion makes possible is given back.
3. What is left is decided by `row_groups`.

Deliberately not here: conditions on lists that are not given, and comparisons of two facts, which are
not decided exactly; a policy with any is decided by `row_groups`.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from itertools import combinations

import attrs
import numpy as np

from infoshare.batch import bits
from infoshare.batch.answers import FIRST_CLASS, NULL, lies_in
from infoshare.batch.bits import Bits, Values
from infoshare.batch.circuit import NO, YES, Allowed, Circuit, DiagramCircuit, Program, Shape
from infoshare.batch.inputs import Inputs
from infoshare.batch.whole_policy import ADVICE, MORE
from infoshare.budget import Budget
from infoshare.meaning.case import Case
from infoshare.meaning.consequences import visible
from infoshare.meaning.diagram import Diagram
from infoshare.meaning.evaluator import evaluate, holds
from infoshare.meaning.model import Clause, Model
from infoshare.meaning.outlook import Outlook
from infoshare.meaning.types import Answer
from infoshare.meaning.view import View
from infoshare.meaning.world import Variable, World
from infoshare.outcome import OUTCOMES, Outcome

SPARE = 40
"""Diagrams joined beside those of the clauses, for outcomes, conflict, silence and what follows: more than there are."""


@attrs.frozen(eq=False, slots=False)
class EachClause:
    """The functions of the clauses, each by itself.

    Attributes:
        care: where a case can be.
        stands_not: for each clause, where a case can be and it does not stand.
        marks: for each variable of these, the encoded answers at which something begins to be another.
        distinguished: for each variable that the evaluator meets, as many answers as it may distinguish.
        ways: in how many ways a row may be completed for the evaluator to be sure of its budget.
        plain: whether Kleene's logic may settle a row, whatever becomes of the budget.
    """

    model: Model
    world: World
    care: Diagram
    stands: Mapping[str, Diagram]
    stands_not: Mapping[str, Diagram]
    marks: Mapping[int, tuple[int, ...]]
    distinguished: Mapping[int, int]
    ways: int
    plain: bool

    @cached_property
    def of_completions(self) -> Program:
        """What decides a row in which nothing is unknown."""
        return program_of_completions(self)


def functions_of(model: Model, day: date) -> EachClause | None:
    """The functions of the clauses of a policy on a day; None where even they grow too large, or are not exact."""
    if model.uses_new_forms:
        return None
    world = World(model, Case(), day, {})
    outlook = Outlook(world)
    standing = evaluate(world)
    functions = [outlook.care, *standing.stands.values()]
    if any(where.undecided for where in functions) or not model.policy_in_force(day):
        return None
    visible(View(outlook, standing), Outcome.SHARE)
    if any(variable.opaque for variable in world.variables):
        return None
    world.diagrams.budget = Budget(MORE)  # as in `whole_policy`
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
    return EachClause(
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
    for each way, since no more can be distinguished.
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


@attrs.frozen
class _Outcomes:
    """The signals of what the clauses come to.

    Attributes:
        only: for each outcome, that it is concluded and no other can be.
        advice: seeking advice, on whatever basis.
    """

    only: list[int]
    conflict: int
    silence: int
    advice: int


def _outcomes(
    circuit: Circuit, clauses: Mapping[str, Clause], stands: Mapping[str, int], may: Mapping[str, int]
) -> _Outcomes:
    """What follows where clauses stand for certain, and where they may."""

    def of(signals: Mapping[str, int]) -> list[int]:
        return [circuit.any_of([s for n, s in signals.items() if clauses[n].outcome is o]) for o in OUTCOMES]

    does, can = of(stands), of(may)
    only = [
        circuit.both(certain, circuit.opposite(circuit.any_of([*can[:i], *can[i + 1 :]])))
        for i, certain in enumerate(does)
    ]
    conflict = circuit.any_of([circuit.both(a, b) for a, b in combinations(does, 2)])
    silence = circuit.opposite(circuit.any_of(can))
    return _Outcomes(only, conflict, silence, circuit.any_of([only[ADVICE], conflict, silence]))


def program_of(each: EachClause, shape: Shape) -> Program:
    """What Kleene's logic makes of the rows of a table: the outputs of `whole_policy.program_of`, and `open`.

    In rows that are open, `fired` is right and nothing else is.
    """
    circuit = Circuit()
    signal = DiagramCircuit(circuit, each.world, shape).of
    clauses = each.model.clauses
    stands = {name: circuit.opposite(signal(where)) for name, where in each.stands_not.items()}
    may = {name: signal(where) for name, where in each.stands.items()}
    found = _outcomes(circuit, clauses, stands, may)
    by_clauses = circuit.any_of(found.only)
    mandatory = circuit.both(by_clauses, circuit.any_of([s for n, s in stands.items() if clauses[n].must]))
    some_must = circuit.any_of([s for n, s in may.items() if clauses[n].must])
    never = circuit.any_of([found.conflict, found.silence, circuit.opposite(some_must)])
    certain = circuit.either(mandatory, never)
    settled = circuit.any_of([by_clauses, found.conflict, found.silence])
    outputs = {
        "outcome0": circuit.either(found.only[1], found.advice),
        "outcome1": circuit.either(found.only[2], found.advice),
        "basis0": circuit.both(found.silence, circuit.opposite(found.conflict)),
        "basis1": circuit.either(found.conflict, found.silence),
        "mandatory": mandatory,
        "mandatory?": certain,
        "inexact": NO,
        "open": circuit.opposite(circuit.both(settled, certain)) if each.plain else YES,
    }
    outputs |= {f"possible{i}": s for i, s in enumerate([*found.only[:ADVICE], found.advice])}
    outputs |= {f"fired:{name}": s for name, s in stands.items()}
    return circuit.program(outputs)


def program_of_completions(each: EachClause) -> Program:
    """What becomes of rows in which nothing is unknown: an outcome each, what it rests on, must, not mandatory."""
    circuit = Circuit()
    signal = DiagramCircuit(circuit, each.world, {}).of
    stands = {name: signal(where) for name, where in each.stands.items()}
    found = _outcomes(circuit, each.model.clauses, stands, stands)
    must = circuit.any_of([s for n, s in stands.items() if each.model.clauses[n].must])
    not_mandatory = circuit.either(found.conflict, circuit.opposite(must))
    parts = [*found.only[:ADVICE], found.advice, found.only[ADVICE], found.conflict, must, not_mandatory]
    can_be = signal(each.care)
    return circuit.program({f"part{i}": circuit.both(can_be, part) for i, part in enumerate(parts)})


AT_ONCE = 1 << 20
"""Completions that are laid out at a time."""

_UNKNOWN = -1
_BASIS = {"clauses": 0, "unknown facts": 1, "conflict": 2, "silence": 3}


def completed(each: EachClause, inputs: Inputs, chosen: Values) -> tuple[Values, Mapping[str, Values]]:
    """Decides of the chosen rows those that can be completed in few enough ways, and can be at all.

    Returns:
        Those rows, and for each of them the bits of `program_of` but for what fired.
    """
    program = each.of_completions
    variables = [each.world.variables[index] for index in each.marks]
    sizes = [len(marks) + 1 for marks in each.marks.values()]
    classes = [_classes(each, inputs, variable, chosen) for variable in variables]
    ways, distinguished = np.ones(len(chosen)), np.ones(len(chosen))
    for size, column in zip(sizes, classes, strict=True):
        ways[column == _UNKNOWN] *= size
    for index, size in each.distinguished.items():
        distinguished[_unknown(inputs, each.world.variables[index], chosen)] *= size
    few = np.flatnonzero(distinguished <= each.ways)
    masks = np.zeros(len(few), np.uint8)
    counts = ways[few].astype(np.int64)
    for piece in _pieces(counts):
        part = few[piece]
        columns = [column[part] for column in classes]
        masks[piece] = _masks(each, program, sizes, columns, counts[piece])
    can_be = np.flatnonzero(masks)
    return chosen[few[can_be]], _parts(masks[can_be])


def _pieces(counts: Values) -> Iterator[slice]:
    ends = np.cumsum(counts)
    start = 0
    while start < len(counts):
        before = ends[start - 1] if start else 0
        stop = max(int(np.searchsorted(ends, before + AT_ONCE, side="right")), start + 1)
        yield slice(start, stop)
        start = stop


def _classes(each: EachClause, inputs: Inputs, variable: Variable, chosen: Values) -> Values:
    """For each row, between which marks the answer lies; or that it is unknown."""
    marks, fact = each.marks[variable.index], variable.fact
    if fact is None:
        raise AssertionError("only facts are completed")

    def encoded(answer: Answer) -> int:
        return each.world.encoded(variable, answer)

    column, assumed = inputs.answers.get(fact.path), inputs.assumed(fact)
    instead = _UNKNOWN if assumed is None else bisect_right(marks, encoded(assumed))
    if column is None:
        return np.full(len(chosen), instead, np.int16)
    found = column.of_option(variable.option).classes(chosen, marks, encoded).astype(np.int16)
    return np.where(
        found >= FIRST_CLASS, found - FIRST_CLASS, np.where(found == NULL, instead, _UNKNOWN)
    ).astype(np.int16)


def _unknown(inputs: Inputs, variable: Variable, chosen: Values) -> Values:
    """For each row, whether it leaves a variable open."""
    if variable.fact is None or variable.fact.path not in inputs.answers:
        always = variable.fact is None or inputs.assumed(variable.fact) is None
        return np.full(len(chosen), always)
    where = inputs.unknown(variable.fact)
    return np.zeros(len(chosen), bool) if where is None else bits.at(where, chosen)


def _masks(
    each: EachClause, program: Program, sizes: Sequence[int], classes: Sequence[Values], counts: Values
) -> Values:
    """For each row, the parts of the answer that some completion has."""
    starts = np.cumsum(counts) - counts
    row_of = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    number = np.arange(len(row_of), dtype=np.int64) - starts[row_of]
    stride = np.ones(len(counts), np.int64)
    wanted: dict[int, list[Allowed]] = {}
    for name in program.inputs:
        if isinstance(name, Allowed):
            wanted.setdefault(name.variable, []).append(name)
    made: dict[Allowed, Bits] = {}
    for index, size, column in zip(each.marks, sizes, classes, strict=True):
        unknown = column == _UNKNOWN
        laid_out = column[row_of]
        if unknown.any():
            where = np.flatnonzero(unknown[row_of])
            laid_out[where] = number[where] // stride[row_of[where]] % size
            stride[unknown] *= size
        for name in wanted.get(index, ()):
            inside = np.array([lies_in(at, name.spans) for at in _samples(each.marks[index])], bool)
            made[name] = bits.packed(bits.taken(inside, laid_out))
    outputs = {name: bits.zeros(len(row_of)) for name in program.outputs}
    read = [made[name] for name in program.inputs if isinstance(name, Allowed)]
    program.run(read, outputs, 0, bits.words(len(row_of)))
    masks = np.zeros(len(row_of), np.uint8)
    for place in range(len(outputs)):
        masks |= bits.unpacked(outputs[f"part{place}"], len(row_of)) << np.uint8(place)
    found: Values = np.bitwise_or.reduceat(masks, starts)
    return found


def _samples(marks: Sequence[int]) -> list[int]:
    """An encoded answer between any two marks."""
    return [marks[0] - 1, *marks]


def _parts(masks: Values) -> dict[str, Values]:
    outcomes = len(OUTCOMES)
    of_mask = np.array([_code(mask) for mask in range(256)], np.uint8)[masks]
    found = {f"possible{i}": (masks >> i & 1).astype(bool) for i in range(outcomes)}
    found |= {f"outcome{i}": (of_mask >> i & 1).astype(bool) for i in range(2)}
    found |= {f"basis{i}": (of_mask >> (2 + i) & 1).astype(bool) for i in range(2)}
    must, not_mandatory = ((masks >> (outcomes + 2 + i) & 1).astype(bool) for i in range(2))
    basis = of_mask >> 2
    mandatory = (basis == _BASIS["clauses"]) & ~not_mandatory
    never = ~must | (basis == _BASIS["conflict"]) | (basis == _BASIS["silence"])
    return found | {"mandatory": mandatory, "mandatory?": mandatory | never}


def _code(mask: int) -> int:
    """Outcome and basis of a row, by the parts that its completions have."""
    possible = [i for i in range(len(OUTCOMES)) if mask >> i & 1]
    outcome = possible[0] if len(possible) == 1 else ADVICE
    by_clauses, conflict = (mask >> (len(OUTCOMES) + i) & 1 for i in range(2))
    if len(possible) > 1:
        basis = "unknown facts"
    elif outcome != ADVICE or by_clauses:
        basis = "clauses"
    else:
        basis = "conflict" if conflict else "silence"
    return outcome | _BASIS[basis] << 2
