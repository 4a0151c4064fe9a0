"""Rows laid out in every way to complete them, decided, and put together again.

What nothing in the policy tells apart is one way. Invariant: what comes out is what holds in some completion, or in
all; a row that no completion makes possible is given back. Deliberately not here: what is asked (`wide`).
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence

import attrs
import numpy as np

from infoshare.batch import bits
from infoshare.batch.answers import FIRST_CLASS, NOT_SURE, NULL, Ticked
from infoshare.batch.bits import Bits, Values
from infoshare.batch.form import ADVICE, OUTCOMES
from infoshare.batch.inputs import Inputs
from infoshare.batch.program import Program
from infoshare.batch.signals import Allowed
from infoshare.batch.wide import Wide
from infoshare.meaning.types import Answer
from infoshare.meaning.world import Variable

AT_ONCE = 1 << 20
"""Completions that are laid out at a time."""

_UNKNOWN = -1
_BASIS = {"clauses": 0, "unknown facts": 1, "conflict": 2, "silence": 3}


@attrs.frozen(eq=False)
class Completed:
    """What became of some rows.

    Attributes:
        rows: those that were decided.
        parts: for each of them, the bits of `form.program_of` but for what fired.
    """

    rows: Values
    parts: Mapping[str, Values]


def completed(wide: Wide, program: Program, inputs: Inputs, chosen: Values) -> Completed:
    """Decides of the chosen rows those that can be completed in few enough ways, and can be at all."""
    variables = [wide.world.variables[index] for index in wide.marks]
    sizes = [len(marks) + 1 for marks in wide.marks.values()]
    classes = [_classes(wide, inputs, variable, chosen) for variable in variables]
    ways, told_apart = np.ones(len(chosen)), np.ones(len(chosen))
    for size, column in zip(sizes, classes, strict=True):
        ways[column == _UNKNOWN] *= size
    for index, size in wide.told_apart.items():
        told_apart[_unknown(inputs, wide.world.variables[index], chosen)] *= size
    few = np.flatnonzero(told_apart <= wide.ways)
    masks = np.zeros(len(few), np.uint8)
    counts = ways[few].astype(np.int64)
    for piece in _pieces(counts):
        part = few[piece]
        columns = [column[part] for column in classes]
        masks[piece] = _masks(wide, program, sizes, columns, counts[piece])
    can_be = np.flatnonzero(masks)
    return Completed(chosen[few[can_be]], _parts(masks[can_be]))


def _pieces(counts: Values) -> Iterator[slice]:
    ends = np.cumsum(counts)
    start = 0
    while start < len(counts):
        before = ends[start - 1] if start else 0
        stop = max(int(np.searchsorted(ends, before + AT_ONCE, side="right")), start + 1)
        yield slice(start, stop)
        start = stop


def _classes(wide: Wide, inputs: Inputs, variable: Variable, chosen: Values) -> Values:
    """For each row, between which marks the answer lies; or that it is unknown."""
    marks, fact = wide.marks[variable.index], variable.fact
    if fact is None:
        raise AssertionError("what is not told apart is not completed")

    def encoded(answer: Answer) -> int:
        return wide.world.encoded(variable, answer)

    column, assumed = inputs.answers.get(fact.path), inputs.assumed(fact)
    instead = _UNKNOWN if assumed is None else bisect_right(marks, encoded(assumed))
    if column is None:
        return np.full(len(chosen), instead, np.int16)
    if isinstance(column, Ticked) and variable.option is not None:
        found = bits.at(column.each[variable.option], chosen).astype(np.int16) + FIRST_CLASS
        if column.known is not None:
            found[~bits.at(column.known, chosen)] = NULL
        if column.unsure is not None:
            found[bits.at(column.unsure, chosen)] = NOT_SURE
    else:
        found = column.classes(chosen, marks, encoded).astype(np.int16)
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
    wide: Wide, program: Program, sizes: Sequence[int], classes: Sequence[Values], counts: Values
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
    for index, size, column in zip(wide.marks, sizes, classes, strict=True):
        unknown = column == _UNKNOWN
        laid_out = column[row_of]
        if unknown.any():
            where = np.flatnonzero(unknown[row_of])
            laid_out[where] = number[where] // stride[row_of[where]] % size
            stride[unknown] *= size
        for name in wanted.get(index, ()):
            inside = np.array([_inside(name, at) for at in _samples(wide.marks[index])], bool)
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


def _inside(name: Allowed, value: int) -> bool:
    return any((low is None or low <= value) and (high is None or value < high) for low, high in name.spans)


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
