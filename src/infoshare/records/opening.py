"""A row of the database to what it says, checked on the way: the content opens, and the leaf follows from it.

Invariant: what `open_entry` returns is what the leaf commits to, at this place and under this id; everything that it
refuses is named by number and id. Deliberately not here: whether the tree holds the leaf, and whose signatures count (`verifying`).
"""

import hmac
from typing import Any

import attrs

from infoshare.records.canonical import parse
from infoshare.records.entries import PAYLOAD_TYPE as ENTRY_TYPE
from infoshare.records.entries import Kind, speaks_of
from infoshare.records.envelope import PAYLOAD_TYPE as RECORD_TYPE
from infoshare.records.envelope import Envelope
from infoshare.records.errors import VerificationError
from infoshare.records.leaf import digest_of, record_leaf
from infoshare.records.sealing import CaseKey, Unreadable, unseal
from infoshare.records.storage import Content, Entry

KEEP = "keep the ledger as it is for whoever looks into it, and compare with a copy and with receipts kept outside"


@attrs.frozen
class OpenEntry:
    """An entry with what it says.

    Attributes:
        data: the bytes of the envelope, which the leaf commits to.
        body: what was signed, read.
    """

    entry: Entry
    salt: bytes = attrs.field(repr=False)
    data: bytes = attrs.field(repr=False)
    envelope: Envelope = attrs.field(repr=False)
    body: dict[str, Any] = attrs.field(repr=False)


def called(entry: Entry) -> str:
    """How an entry is named in messages."""
    kind = entry.kind if entry.kind in set(Kind) else "entry"
    return f"{kind} {entry.id} (number {entry.number})" if entry.id.isprintable() else f"entry {entry.number}"


def bound_to(origin: str, entry: Entry) -> bytes:
    """The columns that the lock of a content is bound to."""
    about = "" if entry.about is None else entry.about
    return f"{origin}\n{entry.number}\n{entry.kind}\n{entry.id}\n{about}".encode()


def altered(entry: Entry, what: str) -> VerificationError:
    """The error for an entry that is not as it was written."""
    return VerificationError.of("IS723", f"{called(entry)}: {what}", KEEP, path=entry.id)


def missing(first: int, last: int) -> str:
    """What is said of entries whose numbers are not there."""
    return f"entry {first} is missing" if first == last else f"entries {first} to {last} are missing"


def require_columns(entry: Entry, content: Content, case_key: CaseKey, origin: str) -> None:
    """That number, kind, id and what it is about are those that an entry was sealed with; its content is not opened.

    Raises:
        VerificationError: IS723, with the entry's name.
    """
    try:
        case_key.unwrap(content.lock, bound_to(origin, entry))
    except Unreadable:
        raise altered(entry, "its kind, its id, what it is about or its lock was changed") from None


def unlocked(entry: Entry, content: Content, case_key: CaseKey, origin: str) -> tuple[bytes, bytes]:
    """The bytes of the envelope and the salt, which the leaf commits to.

    Raises:
        VerificationError: IS723, with the entry's name.
    """
    try:
        data, salt = unseal(content, case_key, bound_to(origin, entry))
    except Unreadable:
        raise altered(entry, "its content was changed, or another case key sealed it") from None
    try:
        leaf = record_leaf(salt, entry.number, entry.id, digest_of(data))
    except ValueError:
        raise altered(entry, "its salt was changed") from None
    if not hmac.compare_digest(leaf, entry.leaf):
        raise altered(entry, "its leaf in the tree is not that of its content")
    return data, salt


def open_entry(entry: Entry, content: Content, case_key: CaseKey, origin: str) -> OpenEntry:
    """What an entry says.

    Raises:
        VerificationError: IS723 and what the envelope and the body raise, with the entry's name.
    """
    data, salt = unlocked(entry, content, case_key, origin)
    try:
        envelope = Envelope.from_bytes(data)
        body = parse(envelope.payload)
    except VerificationError as error:
        raise error.about(called(entry)) from None
    check_columns(entry, envelope.payload_type, body)
    return OpenEntry(entry, salt, data, envelope, body)


def check_columns(entry: Entry, payload_type: str, body: Any) -> None:
    """That the columns of an entry say what its body says. Raises VerificationError (IS723)."""
    is_record = entry.kind == Kind.RECORD
    if not isinstance(body, dict) or payload_type != (RECORD_TYPE if is_record else ENTRY_TYPE):
        raise altered(entry, "it is of another kind than its content")
    if body.get("id") != entry.id:
        raise altered(entry, "its content bears another id")
    if is_record:
        if (body.get("supersedes") is None) != (entry.about is None):
            raise altered(entry, "what it supersedes is not what its content says")
        return
    if body.get("kind") != entry.kind:
        raise altered(entry, "it is of another kind than its content")
    about = speaks_of(body)
    if (None if about is None else about.get("number")) != entry.about:
        raise altered(entry, "it is about another entry than its content says")
