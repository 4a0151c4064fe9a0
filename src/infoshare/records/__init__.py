"""Decision records: signed, dated, replayable, and impossible to alter quietly.

What is offered is named below and imported when it is asked for, so that `import infoshare` needs no extra.
Invariant: nothing is imported here before it is used.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from infoshare.records.envelope import PAYLOAD_TYPE, Envelope, cosign, seal
    from infoshare.records.errors import RecordError, VerificationError
    from infoshare.records.key_file import FileSigner, read_keys
    from infoshare.records.keys import KeyRing, PublicKey, Signer, Standing, Validity
    from infoshare.records.ledger import Erasure, Ledger, Recorded
    from infoshare.records.note import Checkpoint, open_checkpoint, sign_checkpoint
    from infoshare.records.practitioner import Practitioner
    from infoshare.records.receipt import Receipt, VerifiedReceipt, verify_receipt
    from infoshare.records.troubles import NotRecordedError

__all__ = [
    "PAYLOAD_TYPE",
    "Checkpoint",
    "Envelope",
    "Erasure",
    "FileSigner",
    "KeyRing",
    "Ledger",
    "NotRecordedError",
    "Practitioner",
    "PublicKey",
    "Receipt",
    "RecordError",
    "Recorded",
    "Signer",
    "Standing",
    "Validity",
    "VerificationError",
    "VerifiedReceipt",
    "cosign",
    "open_checkpoint",
    "read_keys",
    "seal",
    "sign_checkpoint",
    "verify_receipt",
]

_ROOMS = {
    "envelope": ("PAYLOAD_TYPE", "Envelope", "cosign", "seal"),
    "errors": ("RecordError", "VerificationError"),
    "key_file": ("FileSigner", "read_keys"),
    "keys": ("KeyRing", "PublicKey", "Signer", "Standing", "Validity"),
    "ledger": ("Erasure", "Ledger", "Recorded"),
    "note": ("Checkpoint", "open_checkpoint", "sign_checkpoint"),
    "practitioner": ("Practitioner",),
    "receipt": ("Receipt", "VerifiedReceipt", "verify_receipt"),
    "troubles": ("NotRecordedError",),
}
"""Which module each name comes from."""


def __getattr__(name: str) -> object:
    for room, names in _ROOMS.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{room}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
