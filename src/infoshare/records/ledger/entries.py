"""What a ledger's entries are and say: a record, or something that was done with one; and a row of the database, opened.

Every entry is an envelope over canonical JSON. A record has its own body (`body`); all others have the one of this
module, `infoshare.entry/1`: what was done, to which entry, when, by whom and why. So an erasure, a legal hold, a consultation
or a new key stands in the same log, and can be altered as little as a record.
Invariants: within `/1` keys are only ever added; what `open_entry` returns is what the commitment in the tree is of, at this
place and under this id; everything that it refuses is named by number and id.
Deliberately not here: who may do what (`states`); whether the tree holds it, and whose signatures count (`verify`).
"""

import hmac
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

import attrs

from infoshare.records.body.codec import faults_of, to_json
from infoshare.records.body.model import Practitioner, Reason
from infoshare.records.canonical import parse, to_instant
from infoshare.records.errors import RecordError, VerificationError
from infoshare.records.keys.files import CaseKey, UnsealError
from infoshare.records.log.commitment import digest_of, record_leaf
from infoshare.records.log.envelope import PAYLOAD_TYPE as RECORD_TYPE
from infoshare.records.log.envelope import Envelope
from infoshare.records.store.base import Content, Entry
from infoshare.records.store.sealing import unseal

FORMAT = "infoshare.entry/1"
PAYLOAD_TYPE = "application/vnd.infoshare.entry+json"


class Kind(StrEnum):
    """What an entry is."""

    RECORD = "record"
    ERASURE = "erasure"
    HOLD = "hold"
    RELEASE = "release"
    CONSULTATION = "consultation"
    KEY = "key"


class ContentFault(StrEnum):
    """What became of the content of a record before it was erased; kept with the erasure where it was not as recorded."""

    MISSING = "missing"
    ALTERED = "altered"


def entry_body(
    kind: Kind,
    *,
    id: str,
    at: datetime,
    by: Practitioner,
    about: Entry | None = None,
    because: str | None = None,
    how: str | None = None,
    key: str | None = None,
    found: ContentFault | None = None,
) -> dict[str, Any]:
    """The body of an entry that is no record.

    Args:
        id: of this entry, a UUID of version 7.
        at: when, with the offset from UTC.
        by: who did it.
        about: the entry that it was done to.
        because: why; a hold, its release and an erasure need a reason.
        how: of a consultation, how: `show`, `list`, `replay`, `export`.
        key: of a key, its text with its dates.
        found: of an erasure, that the content was not there as it was recorded; no such key in the body otherwise.

    Raises:
        RecordError: IS741, with everything that is wrong.
    """
    faults = [
        *faults_of(by, Practitioner, "by", "IS741"),
        *faults_of(Reason(because), Reason, "", "IS741"),
    ]
    if faults:
        raise RecordError(faults)
    if because is None and kind in {Kind.ERASURE, Kind.HOLD, Kind.RELEASE}:
        raise RecordError.of(
            "IS737", f"no reason is given for this {kind}", 'say why: --because "…"', path="because"
        )
    return {
        "format": FORMAT,
        "kind": kind.value,
        "id": id,
        "at": to_instant(at),
        "by": to_json(by),
        "about": None
        if about is None
        else {"number": about.number, "id": about.id, "leaf": about.leaf.hex()},
        "because": because,
        "how": how,
        "key": key,
        **({} if found is None else {"found": found.value}),
    }


def speaks_of(body: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What an entry's body says of the entry that it is about: its number, id and leaf."""
    found = body.get("about")
    return found if isinstance(found, Mapping) else None


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


def name_of(entry: Entry) -> str:
    """Names an entry in messages."""
    kind = entry.kind if entry.kind in set(Kind) else "entry"
    return f"{kind} {entry.id} (number {entry.number})" if entry.id.isprintable() else f"entry {entry.number}"


def associated_data(origin: str, entry: Entry) -> bytes:
    """The columns that the lock of a content is bound to."""
    about = "" if entry.about is None else entry.about
    return f"{origin}\n{entry.number}\n{entry.kind}\n{entry.id}\n{about}".encode()


def altered(entry: Entry, what: str) -> VerificationError:
    """The error for an entry that is not as it was written."""
    return VerificationError.of("IS723", f"{name_of(entry)}: {what}", KEEP, path=entry.id)


def missing(first: int, last: int) -> str:
    """Says which entries are missing."""
    return f"entry {first} is missing" if first == last else f"entries {first} to {last} are missing"


def require_sealed_columns(entry: Entry, content: Content, case_key: CaseKey, origin: str) -> None:
    """Checks number, kind, id and reference of an entry against those that it was sealed with, without opening its content.

    Raises:
        VerificationError: IS723, with the entry's name.
    """
    try:
        case_key.unwrap(content.lock, associated_data(origin, entry))
    except UnsealError:
        raise altered(entry, "its kind, its id, what it is about or its lock was changed") from None


def unsealed(entry: Entry, content: Content, case_key: CaseKey, origin: str) -> tuple[bytes, bytes]:
    """Decrypts an entry: the bytes of its envelope and its salt, checked against the leaf.

    Raises:
        VerificationError: IS723, with the entry's name.
    """
    try:
        data, salt = unseal(content, case_key, associated_data(origin, entry))
    except UnsealError:
        raise altered(entry, "its content was changed, or another case key sealed it") from None
    try:
        leaf = record_leaf(salt, entry.number, entry.id, digest_of(data))
    except ValueError:
        raise altered(entry, "its salt was changed") from None
    if not hmac.compare_digest(leaf, entry.leaf):
        raise altered(entry, "its leaf in the tree is not that of its content")
    return data, salt


def open_entry(entry: Entry, content: Content, case_key: CaseKey, origin: str) -> OpenEntry:
    """Decrypts and reads an entry.

    Raises:
        VerificationError: IS723 and what the envelope and the body raise, with the entry's name.
    """
    data, salt = unsealed(entry, content, case_key, origin)
    try:
        envelope = Envelope.from_bytes(data)
        body = parse(envelope.payload)
    except VerificationError as error:
        raise error.about(name_of(entry)) from None
    require_matching_body(entry, envelope.payload_type, body)
    return OpenEntry(entry, salt, data, envelope, body)


def require_matching_body(entry: Entry, payload_type: str, body: Any) -> None:
    """Checks the columns of an entry against its body. Raises VerificationError (IS723)."""
    is_record = entry.kind == Kind.RECORD
    if not isinstance(body, dict) or payload_type != (RECORD_TYPE if is_record else PAYLOAD_TYPE):
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
