"""JSON values, bytes, instants and ids to their one text form, and back; what is signed is bytes, so one form alone is read.

The form of JSON is that of RFC 8785 (JSON Canonicalization Scheme), for the part of I-JSON (RFC 7493) that records
use: text, true, false, null, whole numbers below 2^53, lists, objects. Numbers with a point have no place in a
record: dates and amounts are text. Ids are UUIDs of version 7 (RFC 9562, section 5.7), which sort by when they were made.
Invariants: equal values have equal bytes; each reader accepts exactly what its writer writes, the unused bits of
base64 included, so that no changed bit of a signed text reads the same.
Speed: the encoder of the standard library writes this form already, but for the order of names with characters beyond
U+FFFF, as RFC 8785 compares UTF-16; those few go to the package `rfc8785`. A test holds the two equal.
Deliberately not here: what a record says (`body`), files, and the clock.
"""

import base64
import binascii
import json
import os
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn

from infoshare.records.errors import RecordError, VerificationError, error_of, missing_extra

_not_canonical = error_of(
    VerificationError,
    "IS704",
    "not the canonical form that was signed: ",
    "the bytes were changed or written again by another program: use the original file",
)
_unfit = error_of(RecordError, "IS703", "a record cannot hold ", "write dates and amounts as text")

DEPTH_LIMIT = 128
"""How deep lists and objects may lie in one another; a decision takes less than half of it."""

LARGEST = 2**53 - 1
"""The largest whole number that every reader of JSON knows exactly (RFC 7493, section 2.2)."""

_WIDTH_LIMIT = 2_000_000  # values on one level: what goes round in a circle ends here
_ASTRAL = "\U00010000"  # from here on UTF-16 takes two units, which sort below U+E000

_encode = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, sort_keys=True, separators=(",", ":")
).encode


def canonical(value: Any) -> bytes:
    """The canonical form of a JSON value.

    Args:
        value: str, bool, None, int, list (or tuple), dict with str keys, in any depth up to DEPTH_LIMIT.

    Returns:
        UTF-8, without a line end.

    Raises:
        RecordError: IS703, with the path, for whatever has no place in a record.
    """
    if _names_beyond(value):
        return _by_the_reference(value)
    try:
        return _encode(value).encode()
    except UnicodeEncodeError:
        _refuse(value)


def canonical_body(body: Mapping[str, Any]) -> bytes:
    """The canonical form of a body that `record_body` made.

    Its values are texts, truths, nothing and the whole numbers that a fact may have, so they are not looked at again;
    whether its names are in the right order is seen from the whole text: `sort_keys` is the order of UTF-16 where no
    character takes two units of it.

    Raises:
        RecordError: as for `canonical`.
    """
    try:
        text = _encode(body)
        plain = text.isascii() or len(text.encode("utf-16-le")) == 2 * len(text)
    except UnicodeEncodeError:
        plain = False
    return text.encode() if plain else canonical(body)


def parse(data: bytes) -> Any:
    """The JSON value that canonical bytes stand for.

    Raises:
        VerificationError: IS704, the bytes are not JSON, or not the canonical form of what they say.
    """
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise _not_canonical(f"byte {error.start} is not UTF-8") from None
    try:
        value = _decode(text)
    except _Refused as refused:
        raise _not_canonical(str(refused)) from None
    except RecursionError:
        raise _not_canonical(f"it is nested deeper than {DEPTH_LIMIT} levels") from None
    except ValueError as error:
        place = (
            f" at byte {len(text[: error.pos].encode())}" if isinstance(error, json.JSONDecodeError) else ""
        )
        raise _not_canonical(f"it is not JSON{place}") from None
    try:
        written = canonical(value)
    except RecordError as error:
        raise _not_canonical(error.diagnostics[0].message) from None
    if written != data:
        raise _not_canonical(_difference(text, data, written))
    return value


class _Refused(Exception):  # noqa: N818 - says what happened
    """What the canonical form never holds, met while reading."""


def _no_point(_: str) -> NoReturn:
    raise _Refused("it holds a number with a point or an exponent")


def _no_constant(_: str) -> NoReturn:
    raise _Refused("it holds NaN or an endless number")


_decode = json.JSONDecoder(parse_float=_no_point, parse_constant=_no_constant).decode


def _difference(text: str, data: bytes, written: bytes) -> str:
    """Why bytes that are JSON are not the canonical form of what they say."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({name for name, _ in pairs}) != len(pairs):
            raise _Refused("a name stands twice in one object")
        return dict(pairs)

    try:
        json.loads(text, object_pairs_hook=once)
    except _Refused as refused:
        return str(refused)
    pairs = enumerate(zip(data, written, strict=False))
    at = next((at for at, (a, b) in pairs if a != b), min(len(data), len(written)))
    return f"from byte {at} on, spaces, order of names or escapes differ from RFC 8785"


def _names_beyond(value: Any) -> bool:
    """Whether some name needs the order of UTF-16; refuses what has no place in a record.

    Level by level, so that depth is counted and nothing recurses.
    """
    beyond = False
    depth, level = 0, [value]
    while level:
        depth += 1
        below: list[Any] = []
        for each in level:
            kind = type(each)
            if kind is str or each is None or kind is bool:
                continue
            if kind is dict or isinstance(each, dict):
                try:
                    names = "".join(each)
                except TypeError:
                    _refuse(value)
                if not names.isascii() and max(names) >= _ASTRAL:
                    beyond = True
                below.extend(each.values())
            elif kind is list or kind is tuple:
                below.extend(each)
            elif isinstance(each, int):
                if not -LARGEST <= each <= LARGEST:
                    _refuse(value)
                continue
            elif isinstance(each, str):
                continue
            else:
                _refuse(value)
            if depth > DEPTH_LIMIT or len(below) > _WIDTH_LIMIT:
                raise _unfit(f"lists and objects nested deeper than {DEPTH_LIMIT} levels, or without end")
        level = below
    return beyond


def _by_the_reference(value: Any) -> bytes:
    try:
        import rfc8785
    except ImportError:
        raise missing_extra("writing records") from None
    try:
        return bytes(rfc8785.dumps(value))
    except (UnicodeEncodeError, rfc8785.CanonicalizationError):
        _refuse(value)


def _refuse(value: Any) -> NoReturn:
    """Raises for the first thing, in the order of the value, that has no place in a record."""
    for path, each in _walk(value, "", 1):
        if isinstance(each, bool) or each is None:
            continue
        if isinstance(each, str):
            if not _whole(each):
                raise _unfit("half of a character (a lone surrogate)", path or None)
        elif isinstance(each, dict):
            for name in each:
                if not isinstance(name, str):
                    raise _unfit("an object with a name that is not text", path or None)
                if not _whole(name):
                    raise _unfit("a name with half of a character (a lone surrogate)", path or None)
        elif isinstance(each, int):
            if not -LARGEST <= each <= LARGEST:
                raise _unfit("a whole number of 2^53 or more", path or None)
        elif isinstance(each, float):
            raise _unfit("a number with a point", path or None)
        elif type(each) not in {list, tuple}:
            raise _unfit(
                "something that is not text, yes or no, a whole number, a list or an object", path or None
            )
    raise AssertionError("refused without a reason")  # pragma: no cover - `_names_beyond` agrees with this


def _walk(value: Any, path: str, depth: int) -> Iterator[tuple[str, Any]]:
    yield path, value
    if depth > DEPTH_LIMIT:
        return
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _walk(each, f"{path}.{name}" if path else f"{name}", depth + 1)
    elif type(value) in {list, tuple}:
        for at, each in enumerate(value):
            yield from _walk(each, f"{path}[{at}]", depth + 1)


def _whole(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


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
