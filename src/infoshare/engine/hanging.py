"""On which unknown facts something hangs, read off the lanes of a case.

It follows `meaning.outlook`: something hangs on a fact if, in some completion, another answer to that fact
alone changes it.
"""

from collections.abc import Sequence
from functools import lru_cache

from infoshare.engine.lanes import full, lower, patterns

Unknown = tuple[str, int]
"""An unknown fact: its path, and a bit for each of its bits among those that are unknown."""

Hanging = tuple[int, int, Sequence[Unknown], dict[int, tuple[int, ...]]]
"""How many bits are unknown, the lanes that can be, the unknown facts in policy order, and for each duty
where it is due and where it is lifted."""

FEW = 8
"""Bits of which it is kept what hangs on which: 256 lanes, 32 bytes."""


def hangs_on(bits: int, care: int, unknown: Sequence[Unknown], wheres: Sequence[int]) -> tuple[str, ...]:
    """The unknown facts, in policy order, on which any of these lanes hang."""
    if care == full(bits):
        of, turning = (_kept if bits <= FEW else _turning), 0
        for where in wheres:
            turning |= of(bits, where)
        return tuple([path for path, own in unknown if turning & own])
    sides = [where for where in wheres if care & where]
    return tuple([path for path, own in unknown if any(_turns(bits, care, where, own) for where in sides)])


def _turning(bits: int, where: int) -> int:
    """A bit for each bit on which these lanes hang, where every lane can be."""
    turning, unset = 0, lower(bits)
    for bit in range(bits):  # a lane, and the one that differs from it by this bit alone
        if (where ^ where >> (1 << bit)) & unset[bit]:
            turning |= 1 << bit
    return turning


_kept = lru_cache(10_000)(_turning)


def _turns(bits: int, care: int, where: int, own: int) -> bool:
    """Whether other values of these bits alone lead from a lane where it is so to one where it is not."""
    reached = care & where
    for bit, pattern in enumerate(patterns(bits)):
        if own >> bit & 1:
            step = 1 << bit
            reached |= (reached & pattern) >> step | (reached & ~pattern) << step
    return reached & care & ~where != 0
