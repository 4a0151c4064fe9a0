"""A moment and chance to a UUID of version 7 (RFC 9562, section 5.7): ids that sort by when they were made.

Deliberately not here: the clock; what the id is of.
"""

import os
import re
from datetime import UTC, datetime, timedelta

_UUID_7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def new_id(at: datetime) -> str:
    """A new id. 48 bits of milliseconds, 74 bits of chance.

    Args:
        at: the moment, with its offset from UTC.
    """
    milliseconds = (at - _EPOCH) // timedelta(milliseconds=1)
    chance = int.from_bytes(os.urandom(10), "big")
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80 | 0x7 << 76 | (chance >> 62 & 0xFFF) << 64
    text = f"{value | 0b10 << 62 | chance & (1 << 62) - 1:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def is_id(text: object) -> bool:
    """Whether it is a UUID of version 7 in lower case."""
    return isinstance(text, str) and _UUID_7.fullmatch(text) is not None


def made_at(id: str) -> datetime:
    """The moment at which an id was made, by the clock of whoever made it."""
    return _EPOCH + timedelta(milliseconds=int(id[:8] + id[9:13], 16))
