"""Diagrams -> signals of a circuit: for each row, whether a completion of it is yes.

A node is possible if, for some of its children, the row allows an answer on that edge and the child is possible.
Invariant: a diagram that is shared is one signal. Deliberately not here: what is asked of a case (`form`, `wide`).
"""

from collections.abc import Collection, Mapping
from itertools import pairwise
from typing import TypeAlias

import attrs

from infoshare.batch.answers import Span
from infoshare.batch.program import NO, YES, Circuit
from infoshare.meaning.diagram import Diagram
from infoshare.meaning.types import Answer
from infoshare.meaning.world import World

Shape: TypeAlias = Mapping[str, Answer | None]
"""The facts of which a table says the same in every row: the answer, or None where it is unknown everywhere."""


@attrs.frozen
class Allowed:
    """An input: the rows that leave it open that a variable lies in one of the spans."""

    variable: int
    spans: tuple[Span, ...]


class Signals:
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
