"""The receipt of a record: all that shows, offline and without us, that a log holds it.

`infoshare.receipt/1` is canonical JSON; hashes and salt are lower-case hexadecimal:

    checkpoint        the log's signed checkpoint, as text (C2SP tlog-checkpoint)
    envelope          the envelope in base64; only where the receipt carries it
    envelope_sha256   SHA-256 of the bytes of the envelope
    format            "infoshare.receipt/1"
    index             of the leaf, from 0
    leaf              the leaf hash; it follows from the rest, and tells what was changed if something was
    proof             inclusion proof, from the leaf upwards
    record            the id of the record
    salt              of the leaf

Checking, in this order: the checkpoint is signed by the log's own key; the leaf hash follows from salt, index, record and
envelope digest (`leaf`); the proof leads from it to the checkpoint's root; the envelope, if there is one, has the
digest, and known keys signed it. Invariant: every field takes part in that; no changed bit goes unnoticed.
Deliberately not here: making proofs (`tree`), the log (its ledger), the time of a signature (`KeyRing.standing`).
"""

import hmac
from collections.abc import Callable
from functools import cache
from typing import Any

import attrs

from infoshare import codec
from infoshare.codec import Key, Object, Scalar, Shape, Word
from infoshare.records.canonical import LARGEST, canonical, from_base64, from_hex, parse, to_base64
from infoshare.records.errors import VerificationError, error_of
from infoshare.records.keys.public import KeyRing
from infoshare.records.log.checkpoint import Checkpoint, open_checkpoint
from infoshare.records.log.commitment import digest_of, record_leaf
from infoshare.records.log.envelope import PAYLOAD_TYPE, Envelope
from infoshare.records.log.envelope import verify as verify_envelope
from infoshare.records.log.tree import HASH_SIZE, verify_inclusion
from infoshare.values import key

_not_a_receipt = error_of(
    VerificationError, "IS714", "this is not a receipt: ", "use the file as it was given out"
)
_another = error_of(VerificationError, "IS716", "", "look for the record with the id that the receipt names")

FORMAT = "infoshare.receipt/1"
PROOF_LIMIT = 63  # a tree of the largest size is that high
ID_LIMIT = 200


def _read_hash(data: Any) -> bytes:
    return from_hex(_text(data), HASH_SIZE)


def _text(data: Any) -> str:
    if not isinstance(data, str):
        raise ValueError  # noqa: TRY004 - one kind of error for whatever does not fit
    return data


def _id(data: Any) -> str:
    if not 0 < len(_text(data)) <= ID_LIMIT:
        raise ValueError
    return str(data)


def _index(data: Any) -> int:
    if not isinstance(data, int) or isinstance(data, bool) or not 0 <= data < LARGEST:
        raise ValueError
    return data


def _proof(data: Any) -> tuple[bytes, ...]:
    if not isinstance(data, list) or len(data) > PROOF_LIMIT:
        raise ValueError
    return tuple(map(_read_hash, data))


_HASH = {"type": "string", "pattern": "^[0-9a-f]{64}$", "maxLength": 64}
_BASE64 = "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"
SHAPES: dict[str, Shape] = {
    "id": Scalar(
        f"the id of a record, of 1 to {ID_LIMIT} characters",
        {"type": "string", "minLength": 1, "maxLength": ID_LIMIT},
        "str",
        _id,
    ),
    "index": Scalar(
        "a whole number from 0 on", {"type": "integer", "minimum": 0, "maximum": LARGEST - 1}, "int", _index
    ),
    "hash": Scalar("64 digits and letters from a to f", _HASH, "str", _read_hash, bytes.hex),
    "proof": Scalar(
        f"a list of at most {PROOF_LIMIT} hashes",
        {"type": "array", "maxItems": PROOF_LIMIT, "items": _HASH},
        "list[str]",
        _proof,
        lambda steps: [step.hex() for step in steps],
    ),
    "note": Scalar("text", {"type": "string"}, "str", lambda data: _text(data).encode(), bytes.decode),
    "base64": Scalar(
        "base64 in its one form",
        {"type": "string", "contentEncoding": "base64", "pattern": _BASE64},
        "str",
        lambda data: from_base64(_text(data)),
        to_base64,
    ),
}
"""What the types of fields do not tell."""


def _leaf(receipt: "Receipt") -> bytes:
    return record_leaf(receipt.salt, receipt.index, receipt.record, receipt.envelope_sha256)


@attrs.frozen
class Receipt:
    """What shows, offline, that a log holds a record.

    Attributes:
        record: the id of the record.
        index: of its leaf, from 0.
        salt: of its leaf, 32 bytes.
        envelope_sha256: of the bytes of the envelope.
        proof: inclusion proof, from the leaf upwards.
        checkpoint: the signed note, as bytes.
        envelope: the bytes of the envelope, or None where the receipt goes without.
        leaf: the leaf hash; follows from the rest where it is not given.
    """

    record: str = key("The id of the record.", shape="id")
    index: int = key("The place of the record in the log, from 0.", shape="index")
    salt: bytes = key("The salt of the leaf, in hexadecimal.", shape="hash", repr=False)
    envelope_sha256: bytes = key("SHA-256 of the bytes of the signed envelope.", shape="hash")
    proof: tuple[bytes, ...] = key("The inclusion proof, from the leaf upwards.", shape="proof", repr=False)
    checkpoint: bytes = key("The log's signed checkpoint, a C2SP signed note, as text.", shape="note")
    envelope: bytes | None = key(
        "The signed envelope in base64, where the receipt carries it: whoever has it can read the record.",
        shape="base64",
        required=False,
        always=False,
        default=None,
        repr=False,
    )
    leaf: bytes = key(
        "The leaf hash; it follows from the rest.",
        shape="hash",
        default=attrs.Factory(_leaf, takes_self=True),
    )

    def to_bytes(self) -> bytes:
        """Canonical JSON."""
        return canonical(_write()(self))

    @classmethod
    def from_bytes(cls, data: bytes) -> "Receipt":
        """The receipt that `to_bytes` wrote; nothing about it is verified yet.

        Args:
            data: one line end after it is passed over, as editors put one there.

        Raises:
            VerificationError: IS714 or IS704, these are not the bytes of a receipt.
        """
        found = parse(data.removesuffix(b"\n"))
        if not isinstance(found, dict) or found.get("format") != FORMAT:
            raise _not_a_receipt(f"its format is not {FORMAT}", "format")
        for name in sorted(set(found) - set(receipt_shape().keys)):
            raise _not_a_receipt("a receipt has no such field", name)
        receipt, faults = codec.read(receipt_shape(), found, code="IS714")
        for fault in faults:
            raise _not_a_receipt(fault.message, fault.path)
        return receipt  # type: ignore[no-any-return]


@cache
def receipt_shape() -> Object:
    """What a receipt looks like as JSON."""
    parts = codec.object_of(Receipt, shapes=SHAPES)
    form = Key(Word((FORMAT,)), "The format, and its version.", constant=FORMAT)
    return attrs.evolve(parts, keys={"format": form, **parts.keys})


@cache
def _write() -> Callable[[Receipt], dict[str, Any]]:
    return codec.writer(receipt_shape())


@attrs.frozen
class VerifiedReceipt:
    """What a receipt shows, every part of it verified.

    Attributes:
        record: the id of the record that the log holds.
        index: where.
        checkpoint: what the log signed: its origin, its size then, its root.
        checkpoint_signed_by: ids of the keys; the log's own is among them.
        envelope: what was recorded, if the receipt or the caller had it.
        envelope_signed_by: ids of the keys that signed it; empty without an envelope.
    """

    record: str
    index: int
    checkpoint: Checkpoint
    checkpoint_signed_by: tuple[str, ...]
    envelope: Envelope | None = None
    envelope_signed_by: tuple[str, ...] = ()


def verify_receipt(
    receipt: Receipt,
    keys: KeyRing,
    *,
    origin: str | None = None,
    envelope: bytes | None = None,
    payload_type: str = PAYLOAD_TYPE,
) -> VerifiedReceipt:
    """Checks a receipt, offline.

    Args:
        receipt: as `Receipt.from_bytes` read it.
        keys: that of the log and, where there is an envelope, those of who may have signed it.
        origin: of the log that is meant; None accepts any log whose own key is in `keys`.
        envelope: the record's envelope, where it is at hand; it must be the one in the receipt if there is one.
        payload_type: what the envelope is to hold; a log may keep other entries than decisions.

    Raises:
        VerificationError: with the part that is wrong as its path. IS710, IS711, IS712, IS713 about the checkpoint,
            IS705 about index and proof, IS716 about leaf and envelope, and those of `envelope` about its signatures.
    """
    try:
        opened = open_checkpoint(receipt.checkpoint, keys, origin=origin)
    except VerificationError as error:
        raise error.within("checkpoint") from None
    if not hmac.compare_digest(_leaf(receipt), receipt.leaf):
        raise _another(
            "the receipt does not fit its record: salt, index, id or digest of the envelope was changed",
            "leaf",
        )
    checkpoint = opened.checkpoint
    verify_inclusion(receipt.leaf, receipt.index, checkpoint.size, receipt.proof, checkpoint.root)
    shown = VerifiedReceipt(receipt.record, receipt.index, checkpoint, opened.signed_by)
    given = [data for data in (receipt.envelope, envelope) if data is not None]
    if any(not hmac.compare_digest(digest_of(data), receipt.envelope_sha256) for data in given):
        raise _another("this is not the envelope that the receipt is for, or it was changed", "envelope")
    if not given:
        return shown
    try:
        found = Envelope.from_bytes(given[0])
        return attrs.evolve(
            shown, envelope=found, envelope_signed_by=verify_envelope(found, keys, payload_type=payload_type)
        )
    except VerificationError as error:
        raise error.within("envelope") from None
