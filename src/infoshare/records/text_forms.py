"""Bytes as text and back, one text for each bytes: base64, hexadecimal, instants.

Invariant: a text that is not exactly what would be written is refused, the unused bits of base64 included, so that
no changed bit of a signed text reads the same.
"""

import base64
import binascii
import re
from datetime import UTC, datetime

_HEX = re.compile(r"(?:[0-9a-f]{2})*")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{6})?Z")


def to_base64(data: bytes) -> str:
    """Standard base64, padded (RFC 4648, section 4)."""
    return base64.b64encode(data).decode("ascii")


def from_base64(text: str) -> bytes:
    """The bytes. Raises ValueError for any text that `to_base64` does not write."""
    try:
        data = binascii.a2b_base64(text)
    except ValueError:
        raise ValueError("not base64") from None
    if to_base64(data) != text:
        raise ValueError("not base64 in its one form")
    return data


def from_hex(text: str, size: int) -> bytes:
    """So many bytes of lower-case hexadecimal. Raises ValueError for anything else."""
    if len(text) != 2 * size or not _HEX.fullmatch(text):
        raise ValueError("not lower-case hexadecimal of that length")
    return bytes.fromhex(text)


def to_instant(when: datetime) -> str:
    """An instant as text: RFC 3339 in UTC, such as `2026-01-31T09:30:00Z`; microseconds where there are any."""
    return when.astimezone(UTC).isoformat().replace("+00:00", "Z")


def from_instant(text: str) -> datetime:
    """The instant. Raises ValueError for any text that `to_instant` does not write."""
    if not _INSTANT.fullmatch(text):
        raise ValueError("not an instant")
    when = datetime.fromisoformat(text)
    if to_instant(when) != text:
        raise ValueError("not an instant in its one form")
    return when
