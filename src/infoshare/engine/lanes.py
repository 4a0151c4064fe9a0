"""Every way to answer what is unknown, side by side in the bits of whole numbers.

With `k` bits unknown there are `2**k` *lanes*, one for each way to set them; a truth over all of them is a
whole number with a bit a lane, and `&`, `|` and `^` work on all lanes at once. What is known is set in every
lane or in none. A fact of more than two values takes as many bits as it needs to tell them apart, and lanes
left over repeat its last value, which changes nothing that holds in all lanes or in some.

Source: the truth-table words of D. E. Knuth, *The Art of Computer Programming* 4A (2011), section 7.1.3.
"""

from functools import cache

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


class LanesOf(dict[int, tuple[tuple[int, ...], tuple[int, ...], int]]):
    """For so many bits, the lanes in which each is set and is not, and all; quicker to look up than to call."""

    def __missing__(self, bits: int) -> tuple[tuple[int, ...], tuple[int, ...], int]:
        found = self[bits] = patterns(bits), lower(bits), full(bits)
        return found


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


class Spread(dict[tuple[int, int], tuple[int, ...]]):
    """The lanes of the atoms of one unknown fact, by how many bits there are and which is its first.

    Those of many bits are large, and soon made beside what is then done with them: they are not kept.
    """

    MOST_BITS_KEPT = 12

    def __init__(self, regions: Regions) -> None:
        super().__init__()
        self.regions = regions

    def __missing__(self, key: tuple[int, int]) -> tuple[int, ...]:
        bits, first = key
        own = patterns(bits)[first : first + self.regions.bits]
        lanes = [0] * len(self.regions.truths[0])
        for number in range(1 << self.regions.bits):
            here = full(bits)
            for bit, pattern in enumerate(own):
                here &= pattern if number >> bit & 1 else ~pattern
            region = self.regions.truths[min(number, len(self.regions.truths) - 1)]
            lanes = [lane | (here if truth else 0) for lane, truth in zip(lanes, region, strict=True)]
        found = tuple(lanes)
        if bits <= self.MOST_BITS_KEPT:
            self[key] = found
        return found
