"""Every way to answer what is unknown, side by side in the bits of whole numbers.

With `k` bits unknown there are `2**k` *lanes*, one for each way to set them; a truth over all of them is a
whole number with a bit a lane, and `&`, `|` and `^` work on all lanes at once. What is known is set in every
lane or in none. A fact of more than two values takes as many bits as it needs to tell them apart, and lanes
left over repeat its last value, which changes nothing that holds in all lanes or in some.

Source: the truth-table words of D. E. Knuth, *The Art of Computer Programming* 4A (2011), section 7.1.3.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import attrs

MOST_BITS = 18
"""Bits told apart at once: 262,144 lanes, 32 kB a truth."""


@cache
def patterns(bits: int) -> tuple[int, ...]:
    """For each of so many bits, the lanes in which it is set."""
    lanes = 1 << bits
    found = []
    for bit in range(bits):
        block = ((1 << (1 << bit)) - 1) << (1 << bit)
        width = 2 << bit
        while width < lanes:
            block |= block << width
            width *= 2
        found.append(block)
    return tuple(found)


@cache
def full(bits: int) -> int:
    """All lanes of so many bits."""
    return (1 << (1 << bits)) - 1


@cache
def lower(bits: int) -> tuple[int, ...]:
    """For each of so many bits, the lanes in which it is not set."""
    return tuple(full(bits) & ~pattern for pattern in patterns(bits))


@attrs.frozen
class Regions:
    """The values of one fact that some atoms tell apart.

    Attributes:
        truths: for each region, the truth of each atom.
        bits: how many bits an unknown answer takes.
    """

    truths: tuple[tuple[bool, ...], ...]

    @property
    def bits(self) -> int:
        return max(len(self.truths) - 1, 0).bit_length()


class ByBits(dict[int, tuple[Any, ...]]):
    """For so many bits: the lanes in which each is set and in which not, all lanes, and two tables for each fact.

    The tables are those of a `Told` and of a `Spread`.

    Attributes:
        tables: for each fact, by its position: the values told apart, and the truth of its atoms for an answer.
    """

    def __init__(self, tables: dict[int, tuple[Regions, Callable[[Any], tuple[bool, ...]]]]) -> None:
        super().__init__()
        self.tables = tables

    def __missing__(self, bits: int) -> tuple[Any, ...]:
        found: list[Any] = [patterns(bits), lower(bits), full(bits)]
        for regions, truths in self.tables.values():
            found += [Told(bits, truths), Spread(bits, regions)]
        self[bits] = tuple(found)
        return self[bits]


class Told(dict[Any, tuple[int, ...]]):
    """The lanes of the atoms of one fact by its answer, where it is known; each worked out when it is first met."""

    MOST = 1_000

    def __init__(self, bits: int, truths: Callable[[Any], tuple[bool, ...]]) -> None:
        super().__init__()
        self._everything, self._truths = full(bits), truths

    def __missing__(self, answer: Any) -> tuple[int, ...]:
        if len(self) >= self.MOST:
            self.clear()
        found = self[answer] = tuple([self._everything if truth else 0 for truth in self._truths(answer)])
        return found


class Spread(dict[int, tuple[int, ...]]):
    """The lanes of the atoms of one unknown fact, by which its first bit is.

    Those of many bits are large, and soon made beside what is then done with them: they are not kept.
    """

    MOST_BITS_KEPT = 12

    def __init__(self, bits: int, regions: Regions) -> None:
        super().__init__()
        self._bits, self._regions = bits, regions

    def __missing__(self, first: int) -> tuple[int, ...]:
        bits, regions = self._bits, self._regions
        own = patterns(bits)[first : first + regions.bits]
        lanes = [0] * len(regions.truths[0])
        for number in range(1 << regions.bits):
            here = full(bits)
            for bit, pattern in enumerate(own):
                here &= pattern if number >> bit & 1 else ~pattern
            region = regions.truths[min(number, len(regions.truths) - 1)]
            lanes = [lane | (here if truth else 0) for lane, truth in zip(lanes, region, strict=True)]
        found = tuple(lanes)
        if bits <= self.MOST_BITS_KEPT:
            self[first] = found
        return found
