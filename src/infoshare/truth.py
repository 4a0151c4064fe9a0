"""Truth with three values: yes, no, unknown.

Deliberately not here: and, or and not. They work on whole diagrams (`meaning.diagram`), which join
their leaves by the strong tables of S. C. Kleene, *Introduction to Metamathematics* (1952), section 64.
"""

from enum import Enum
from typing import NoReturn


class Truth(Enum):
    """Yes, no or unknown; never a bool."""

    NO = 0
    UNKNOWN = 1
    YES = 2

    def __bool__(self) -> NoReturn:
        raise TypeError("a truth of three values is not a bool: compare it with Truth.YES or Truth.NO")
