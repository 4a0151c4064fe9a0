"""Decision diagrams -> one straight line of bitwise operations, for all rows of a table at once.

For a diagram and a row, *is there a completion of the row that makes it yes?* A node is possible if, for some of
its children, the row allows an answer on that edge (it gives one, or none and any can be) and the child is
possible. That is exact, since the variables are independent and each occurs once on a path: unknown facts cost
nothing beside the known ones. `certain` is that the opposite is not possible.

Each node becomes an `or` of `and`s of whole words, 64 rows each. Invariant: what is equal is computed once.
Deliberately not here: what the inputs are (`inputs`), and what is asked of a case (`whole_policy`, `each_clause`).
Source: the words of rows are the bit-slicing of P. O'Neil and D. Quass, "Improved Query Performance with Variant
Indexes", SIGMOD (1997).
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
from itertools import pairwise
from typing import Any, TypeAlias

import attrs
import numpy as np

from infoshare.batch.answers import Span
from infoshare.batch.bits import Bits
from infoshare.meaning.diagram import Diagram
from infoshare.meaning.types import Answer
from infoshare.meaning.world import World

NO, YES = 0, 1
"""DiagramCircuit that are the same in every row."""

_AND, _OR, _XOR = np.bitwise_and, np.bitwise_or, np.bitwise_xor

BLOCK = 4096
"""Words worked on at a time: what is in between then stays in the cache."""


class Circuit:
    """DiagramCircuit made from inputs by `and`, `or` and `not`; a signal is a number."""

    def __init__(self) -> None:
        self.inputs: dict[Hashable, int] = {}
        self._gates: list[tuple[int, int, int] | None] = [None, None]  # kind, a, b; None for an input
        self._made: dict[tuple[int, int, int], int] = {}
        self._not: dict[int, int] = {NO: YES, YES: NO}

    def input(self, name: Hashable) -> int:
        """The signal of an input."""
        found = self.inputs.get(name)
        if found is None:
            found = self.inputs[name] = len(self._gates)
            self._gates.append(None)
        return found

    def both(self, a: int, b: int) -> int:
        """Yes where both are."""
        if a in {b, YES} or b == NO:
            return b
        if b == YES:
            return a
        if a == NO or self._not.get(a) == b:
            return NO
        return self._gate(0, a, b)

    def either(self, a: int, b: int) -> int:
        """Yes where one is."""
        if a in {b, NO} or b == YES:
            return b
        if b == NO:
            return a
        if a == YES or self._not.get(a) == b:
            return YES
        return self._gate(1, a, b)

    def opposite(self, a: int) -> int:
        """Yes where it is not."""
        found = self._not.get(a)
        if found is None:
            found = self._gate(2, YES, a)
            self._not[a], self._not[found] = found, a
        return found

    def any_of(self, signals: Sequence[int]) -> int:
        """Yes where any is."""
        found = NO
        for each in signals:
            found = self.either(found, each)
        return found

    def _gate(self, kind: int, a: int, b: int) -> int:
        key = (kind, min(a, b), max(a, b))
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = len(self._gates)
            self._gates.append(key)
        return found

    def program(self, outputs: Mapping[str, int]) -> "Program":
        """What computes these signals, and no more, with as few columns in between as there need be."""
        needed, pending = set[int](), list(outputs.values())
        while pending:
            signal = pending.pop()
            gate = self._gates[signal]
            if signal not in needed:
                needed.add(signal)
                pending.extend(gate[1:] if gate else ())
        last: dict[int, int] = {}
        ordered = [s for s in sorted(needed) if self._gates[s] is not None]
        for signal in ordered:
            for each in self._gates[signal][1:]:  # type: ignore[index]
                last[each] = signal
        kept = set(outputs.values())
        inputs = [(name, s) for name, s in self.inputs.items() if s in needed]
        place = {NO: 0, YES: 1} | {s: i for i, (_, s) in enumerate(inputs, start=2)}
        free: list[int] = []
        size = 2 + len(inputs)
        steps = []
        for signal in ordered:
            kind, a, b = self._gates[signal]  # type: ignore[misc]
            if free:
                place[signal] = free.pop()
            else:
                place[signal], size = size, size + 1
            steps.append(((_AND, _OR, _XOR)[kind], place[a], place[b], place[signal]))
            for each in {a, b}:
                if last[each] == signal and each not in kept and self._gates[each] is not None:
                    free.append(place[each])
        return Program(
            tuple(name for name, _ in inputs),
            size,
            tuple(steps),
            {name: place[s] for name, s in outputs.items()},
        )


@attrs.frozen(eq=False)
class Program:
    """Steps over numbered columns: nought, one, the inputs, then what is in between.

    Attributes:
        inputs: the names of what it reads, for the columns from 2 on.
        outputs: where each result is in the end.
    """

    inputs: tuple[Hashable, ...]
    size: int
    steps: tuple[tuple[Any, int, int, int], ...]
    outputs: Mapping[str, int]

    def run(self, inputs: Sequence[Bits], outputs: Mapping[str, Bits], start: int, stop: int) -> None:
        """Computes the words from `start` to `stop` of every output."""
        spare = np.empty((self.size - 2 - len(inputs), min(BLOCK, stop - start)), np.uint64)
        for first in range(start, stop, BLOCK):
            end = min(first + BLOCK, stop)
            width = end - first
            columns = [np.zeros(width, np.uint64), np.full(width, ~np.uint64(0))]
            columns += [each[first:end] for each in inputs]
            columns += [each[:width] for each in spare]
            for operate, a, b, into in self.steps:
                operate(columns[a], columns[b], columns[into])
            for name, at in self.outputs.items():
                outputs[name][first:end] = columns[at]


Shape: TypeAlias = Mapping[str, Answer | None]
"""The facts of which a table says the same in every row: the answer, or None where it is unknown everywhere."""


@attrs.frozen
class Allowed:
    """An input: the rows that leave it open that a variable lies in one of the spans."""

    variable: int
    spans: tuple[Span, ...]


@attrs.frozen
class Open:
    """An input: the rows in which an opaque variable is unknown."""

    variable: int


class DiagramCircuit:
    """The signals of one circuit.

    Args:
        compared: the opaque variables of which a table may know something.
    """

    def __init__(self, circuit: Circuit, world: World, shape: Shape, compared: Collection[int] = ()) -> None:
        self.circuit, self.world, self.shape, self.compared = circuit, world, shape, compared
        self._signals: dict[int, int] = {}

    def of(self, where: Diagram) -> int:
        """The rows with a completion in which it is so; children before parents."""
        pending = [where]
        while pending:
            node = pending[-1]
            if id(node) in self._signals:
                pending.pop()
            elif node.truth is not None:
                self._signals[id(node)] = NO if node is node.home.no else YES
            elif missing := [c for c in node.children if id(c) not in self._signals]:
                pending.extend(missing)
            else:
                self._signals[id(node)] = self._node(node)
        return self._signals[id(where)]

    def _node(self, node: Diagram) -> int:
        variable = self.world.variables[node.var]
        signals = [self._signals[id(child)] for child in node.children]
        if variable.fact is None and variable.index not in self.compared:
            return self.circuit.any_of(signals)
        if variable.fact is not None and variable.fact.path in self.shape:
            answer = self.shape[variable.fact.path]
            if answer is None:
                return self.circuit.any_of(signals)
            return self._signals[id(node.follow(self.world.encoded(variable, answer)))]
        if all(signal == signals[0] for signal in signals):
            return signals[0]
        spans: dict[int, list[Span]] = {}
        for signal, span in zip(signals, pairwise((None, *node.bounds, None)), strict=True):
            if signal != NO:
                spans.setdefault(signal, []).append(span)
        return self.circuit.any_of(
            [
                self.circuit.both(self.circuit.input(Allowed(variable.index, tuple(where))), signal)
                for signal, where in spans.items()
            ]
        )
