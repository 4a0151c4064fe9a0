"""Truth with three values: yes, no, unknown.

Source: S. C. Kleene, *Introduction to Metamathematics* (1952), section 64, the strong tables.
"""

from enum import Enum


class Truth(Enum):
    """Yes, no or unknown; `&`, `|` and `~` are Kleene's and, or and not."""

    NO = 0
    UNKNOWN = 1
    YES = 2

    @staticmethod
    def of(value: bool) -> "Truth":
        """Yes for True, no for False."""
        return Truth.YES if value else Truth.NO

    def __and__(self, other: "Truth") -> "Truth":
        return self if self.value <= other.value else other

    def __or__(self, other: "Truth") -> "Truth":
        return self if self.value >= other.value else other

    def __invert__(self) -> "Truth":
        return Truth(2 - self.value)

    def __bool__(self) -> bool:
        raise TypeError("a truth of three values is not a bool: compare it with Truth.YES or Truth.NO")
