"""On which unknown facts something hangs, read off the lanes of a case.

It follows `meaning.outlook`: something hangs on a fact if, in some completion, another answer to that fact
alone changes it.
"""

from collections.abc import Sequence

from infoshare.engine.lanes import full, lower, patterns

Unknown = tuple[str, int, int]
"""An unknown fact: its path, its first bit and the number of its bits."""

Hanging = tuple[int, int, Sequence[Unknown], dict[int, tuple[int, ...]]]
"""How many bits are unknown, the lanes that can be, the unknown facts in policy order, and for each duty
where it is due and where it is lifted."""


def hangs_on(bits: int, care: int, unknown: Sequence[Unknown], wheres: Sequence[int]) -> tuple[str, ...]:
    """The unknown facts, in policy order, on which any of these lanes hang."""
    sides = [where for where in wheres if care & where]
    found: dict[str, None] = {}
    if care == full(bits):  # a lane, and the one that differs from it by one bit alone
        unset = lower(bits)
        for path, first, count in unknown:
            for where in sides:
                if (where ^ where >> (1 << first)) & unset[first]:
                    found[path] = None
                elif count > 1:
                    for bit in range(first + 1, first + count):
                        if (where ^ where >> (1 << bit)) & unset[bit]:
                            found[path] = None
    else:
        for path, first, count in unknown:
            together = range(first, first + count)
            if any(_turns(bits, care, where, together) for where in sides):
                found[path] = None
    return tuple(found)


def _turns(bits: int, care: int, where: int, together: range) -> bool:
    """Whether other values of these bits alone lead from a lane where it is so to one where it is not."""
    reached = care & where
    for bit in together:
        step, pattern = 1 << bit, patterns(bits)[bit]
        reached |= (reached & pattern) >> step | (reached & ~pattern) << step
    return reached & care & ~where != 0
