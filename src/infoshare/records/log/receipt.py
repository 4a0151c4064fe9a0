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
from typing import Any

import attrs

from infoshare.records.canonical import LARGEST, canonical, from_base64, from_hex, parse, to_base64
from infoshare.records.errors import VerificationError, error_of
from infoshare.records.keys.public import KeyRing
from infoshare.records.log.checkpoint import Checkpoint, open_checkpoint
from infoshare.records.log.commitment import DIGEST_SIZE, SALT_SIZE, digest_of, record_leaf
from infoshare.records.log.envelope import PAYLOAD_TYPE, Envelope
from infoshare.records.log.envelope import verify as verify_envelope
from infoshare.records.log.tree import HASH_SIZE, verify_inclusion

_not_a_receipt = error_of(
    VerificationError, "IS714", "this is not a receipt: ", "use the file as it was given out"
)
_another = error_of(VerificationError, "IS716", "", "look for the record with the id that the receipt names")

FORMAT = "infoshare.receipt/1"
PROOF_LIMIT = 63  # a tree of the largest size is that high
ID_LIMIT = 200


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

    record: str
    index: int
    salt: bytes = attrs.field(repr=False)
    envelope_sha256: bytes
    proof: tuple[bytes, ...] = attrs.field(repr=False)
    checkpoint: bytes
    envelope: bytes | None = attrs.field(default=None, repr=False)
    leaf: bytes = attrs.field(default=attrs.Factory(_leaf, takes_self=True))

    def to_bytes(self) -> bytes:
        """Canonical JSON."""
        fields: dict[str, Any] = {
            "checkpoint": self.checkpoint.decode(),
            "envelope_sha256": self.envelope_sha256.hex(),
            "format": FORMAT,
            "index": self.index,
            "leaf": self.leaf.hex(),
            "proof": [step.hex() for step in self.proof],
            "record": self.record,
            "salt": self.salt.hex(),
        }
        if self.envelope is not None:
            fields["envelope"] = to_base64(self.envelope)
        return canonical(fields)

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
        for name in sorted(set(found) - _FIELDS):
            raise _not_a_receipt("a receipt has no such field", name)
        for name in sorted(_REQUIRED - set(found)):
            raise _not_a_receipt("a receipt has this field, and here it is missing", name)
        index, proof, envelope = found["index"], found["proof"], found.get("envelope")
        if not isinstance(index, int) or isinstance(index, bool) or not 0 <= index < LARGEST:
            raise _not_a_receipt("an index is a whole number from 0 on", "index")
        if not isinstance(proof, list) or len(proof) > PROOF_LIMIT:
            raise _not_a_receipt(f"a proof is a list of at most {PROOF_LIMIT} hashes", "proof")
        record, checkpoint = _text(found, "record"), _text(found, "checkpoint")
        if not 0 < len(record) <= ID_LIMIT:
            raise _not_a_receipt(f"the id of a record has 1 to {ID_LIMIT} characters", "record")
        return cls(
            record=record,
            index=index,
            salt=_hex(found["salt"], SALT_SIZE, "salt"),
            envelope_sha256=_hex(found["envelope_sha256"], DIGEST_SIZE, "envelope_sha256"),
            proof=tuple(_hex(step, HASH_SIZE, f"proof[{at}]") for at, step in enumerate(proof)),
            checkpoint=checkpoint.encode(),
            envelope=None if "envelope" not in found else _base64(envelope),
            leaf=_hex(found["leaf"], HASH_SIZE, "leaf"),
        )


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


_FIELDS = {"checkpoint", "envelope", "envelope_sha256", "format", "index", "leaf", "proof", "record", "salt"}
_REQUIRED = _FIELDS - {"envelope"}


def _text(found: dict[str, Any], name: str) -> str:
    value = found[name]
    if not isinstance(value, str):
        raise _not_a_receipt("this is not text", name)
    return value


def _hex(value: object, size: int, path: str) -> bytes:
    try:
        if isinstance(value, str):
            return from_hex(value, size)
    except ValueError:
        pass
    raise _not_a_receipt(f"this is not {2 * size} digits and letters from a to f", path)


def _base64(value: object) -> bytes:
    try:
        if isinstance(value, str):
            return from_base64(value)
    except ValueError:
        pass
    raise _not_a_receipt("this is not base64 in its one form", "envelope")
