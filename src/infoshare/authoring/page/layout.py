"""Boxes and what leads from one to another -> places on a plane, in rows from top to bottom.

Whatever acts stands above what it acts on. Lines of one sort to the same box that pass a row on the way pass it together,
as one. Invariant: the same boxes in the same order give the same places. Deliberately not here: how it is drawn.
"""

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

import attrs

WIDTH = 246
"""Of a box."""
_GAP = 26
_ROW_GAP = 64
"""Between rows, for the lines."""
_BEND = 8
"""How much room a line takes in a row that it passes."""
_SWEEPS = 24


@attrs.frozen
class Placed:
    """Where a box stands: its upper left corner and its height."""

    x: float
    y: float
    height: float


@attrs.frozen
class Stretch:
    """A piece of line: straight down from `top` to `bend`, then to (`to_x`, `to_y`); `ends` where it meets a box."""

    x: float
    top: float
    bend: float
    to_x: float
    to_y: float
    ends: bool
    dashed: bool


@attrs.frozen
class Plan:
    """Where everything stands.

    Attributes:
        lines: the pieces of all lines, from top to bottom.
    """

    boxes: Mapping[int, Placed]
    lines: tuple[Stretch, ...]
    width: float
    height: float


@attrs.define(eq=False)
class _Node:
    """A box, or (with `height` None) where the lines to a box pass a row.

    Attributes:
        box: its own index, or that of the box to which the lines lead.
        dashed: how the lines that leave it are drawn.
        x: its middle.
    """

    box: int
    row: int
    height: float | None
    dashed: bool
    above: list["_Node"] = attrs.field(factory=list)
    below: list["_Node"] = attrs.field(factory=list)
    x: float = 0

    @property
    def width(self) -> float:
        return _BEND if self.height is None else WIDTH


def plan(heights: Sequence[float], lines: Sequence[tuple[int, int]], dashed: Collection[int] = ()) -> Plan:
    """Places boxes of these heights; the lines, from box to box, form no circle.

    Args:
        dashed: the boxes whose lines are dashed.
    """
    depth = _depths(len(heights), lines)
    last = max(depth, default=0)
    nodes = [_Node(box, last - depth[box], height, box in dashed) for box, height in enumerate(heights)]
    rows = _rows(nodes, lines, last + 1)
    _order(rows)
    _place(rows)
    tops, bottoms = _levels(rows)
    left = min((n.x - n.width / 2 for row in rows for n in row), default=0)
    for row in rows:
        for node in row:
            node.x -= left
    placed = {n.box: Placed(n.x - WIDTH / 2, tops[n.row], n.height or 0) for n in nodes}
    pieces = [_stretch(node, other, tops, bottoms) for row in rows for node in row for other in node.below]
    return Plan(
        placed,
        tuple(pieces),
        max((n.x + n.width / 2 for row in rows for n in row), default=0),
        max((place.y + place.height for place in placed.values()), default=0),
    )


def _depths(count: int, lines: Sequence[tuple[int, int]]) -> list[int]:
    """How many lines lead down from each box, at most, one after the other."""
    depth = [0] * count
    for _ in range(count):
        for start, end in lines:
            depth[start] = max(depth[start], depth[end] + 1)
    return depth


def _rows(nodes: Sequence[_Node], lines: Sequence[tuple[int, int]], count: int) -> list[list[_Node]]:
    bends: dict[tuple[int, bool, int], _Node] = {}
    for start, end in lines:
        chain = [nodes[start]]
        for row in range(nodes[start].row + 1, nodes[end].row):
            dashed = nodes[start].dashed
            chain.append(bends.setdefault((end, dashed, row), _Node(end, row, None, dashed)))
        for above, below in pairwise([*chain, nodes[end]]):
            if below not in above.below:
                above.below.append(below)
                below.above.append(above)
    return [[node for node in (*nodes, *bends.values()) if node.row == row] for row in range(count)]


# --- from left to right ---------------------------------------------------------------------------


def _order(rows: list[list[_Node]]) -> None:
    """Each row by the mean place of its neighbours, up and down; of all that come about, with the fewest crossings."""
    _number(rows)
    best, fewest = [list(row) for row in rows], _crossings(rows)
    for sweep in range(_SWEEPS):
        down = sweep % 2 == 0
        for row in rows if down else rows[::-1]:
            row.sort(key=lambda node: _mean(node.above if down else node.below, node.x))
            _number([row])
        if (found := _crossings(rows)) < fewest:
            best, fewest = [list(row) for row in rows], found
    rows[:] = best


def _number(rows: list[list[_Node]]) -> None:
    for row in rows:
        for index, node in enumerate(row):
            node.x = index


def _crossings(rows: list[list[_Node]]) -> int:
    count = 0
    for row in rows:
        lines = [(node.x, other.x) for node in row for other in node.below]
        count += sum((a - c) * (b - d) < 0 for i, (a, b) in enumerate(lines) for c, d in lines[i + 1 :])
    return count


def _mean(neighbours: list[_Node], otherwise: float) -> float:
    return sum(node.x for node in neighbours) / len(neighbours) if neighbours else otherwise


def _place(rows: list[list[_Node]]) -> None:
    """In the order found: near to their neighbours, none on top of another."""
    for row in rows:
        at = 0.0
        for node in row:
            node.x = at + node.width / 2
            at += node.width + _GAP
    widest = max((row[-1].x for row in rows if row), default=0)
    for row in rows:
        shift = (widest - row[-1].x) / 2 if row else 0
        for node in row:
            node.x += shift
    for _ in range(16):
        for row in (*rows, *reversed(rows)):
            _apart(row, [_mean([*node.above, *node.below], node.x) for node in row])


def _apart(row: list[_Node], wanted: list[float]) -> None:
    """As near to what is wanted as the order and the gaps allow: runs that touch move as one."""
    runs: list[
        tuple[list[tuple[_Node, float]], float]
    ] = []  # members with their offset, and where the run starts
    for node, want in zip(row, wanted, strict=True):
        run = ([(node, 0.0)], want)
        while runs:
            members, start = runs[-1]
            last, offset = members[-1]
            step = offset + (last.width + run[0][0][0].width) / 2 + _GAP
            if start + step <= run[1]:
                break
            runs.pop()
            joined = [*members, *((n, o + step) for n, o in run[0])]
            weight = len(members) / len(joined)
            run = (joined, start * weight + (run[1] - step) * (1 - weight))
        runs.append(run)
    for members, start in runs:
        for node, offset in members:
            node.x = start + offset


# --- from top to bottom ---------------------------------------------------------------------------


def _levels(rows: list[list[_Node]]) -> tuple[list[float], list[float]]:
    """Where each row begins and ends; the more lines there are below it, the more room they get."""
    tops, bottoms = [], []
    at = 0.0
    for row in rows:
        tops.append(at)
        at += max((node.height or 0 for node in row), default=0)
        bottoms.append(at)
        at += _ROW_GAP + 2 * sum(len(node.below) for node in row)
    return tops, bottoms


def _stretch(node: _Node, other: _Node, tops: list[float], bottoms: list[float]) -> Stretch:
    top = tops[node.row] + (node.height or 0)
    x, to_x = _port(node, node.below, other), _port(other, other.above, node)
    return Stretch(x, top, bottoms[node.row], to_x, tops[other.row], other.height is not None, node.dashed)


def _port(node: _Node, others: list[_Node], other: _Node) -> float:
    """Where on the side of a box a line meets it: spread out, in the order of what they lead to."""
    if node.height is None:
        return node.x
    ordered = sorted(others, key=lambda each: each.x)
    step = min(22.0, (WIDTH - 40) / max(len(ordered), 1))
    return node.x + (ordered.index(other) - (len(ordered) - 1) / 2) * step
