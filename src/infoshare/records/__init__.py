"""Decision records: signed, dated, replayable, and impossible to alter quietly.

What is offered is named below and imported when it is asked for, so that `import infoshare` needs no extra.
Invariant: nothing is imported here before it is used.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from infoshare.records.audience import export
    from infoshare.records.envelope import PAYLOAD_TYPE, Envelope, cosign, seal
    from infoshare.records.errors import RecordError, VerificationError
    from infoshare.records.key_file import FileSigner, read_keys
    from infoshare.records.keys import KeyRing, PublicKey, Signer, Standing, Validity
    from infoshare.records.ledger import Erasure, Ledger, Recorded
    from infoshare.records.note import Checkpoint, open_checkpoint, sign_checkpoint
    from infoshare.records.page import page_pdf, record_page
    from infoshare.records.particulars import (
        Advice,
        Consent,
        Done,
        ForFamily,
        Instead,
        NotTold,
        Pair,
        Particulars,
        Told,
    )
    from infoshare.records.practitioner import Party, Practitioner
    from infoshare.records.receipt import Receipt, VerifiedReceipt, verify_receipt
    from infoshare.records.seen import Audience
    from infoshare.records.troubles import NotRecordedError

__all__ = [
    "PAYLOAD_TYPE",
    "Advice",
    "Audience",
    "Checkpoint",
    "Consent",
    "Done",
    "Envelope",
    "Erasure",
    "FileSigner",
    "ForFamily",
    "Instead",
    "KeyRing",
    "Ledger",
    "NotRecordedError",
    "NotTold",
    "Pair",
    "Particulars",
    "Party",
    "Practitioner",
    "PublicKey",
    "Receipt",
    "RecordError",
    "Recorded",
    "Signer",
    "Standing",
    "Told",
    "Validity",
    "VerificationError",
    "VerifiedReceipt",
    "cosign",
    "export",
    "open_checkpoint",
    "page_pdf",
    "read_keys",
    "record_page",
    "seal",
    "sign_checkpoint",
    "verify_receipt",
]

_ROOMS = {
    "audience": ("export",),
    "envelope": ("PAYLOAD_TYPE", "Envelope", "cosign", "seal"),
    "errors": ("RecordError", "VerificationError"),
    "key_file": ("FileSigner", "read_keys"),
    "keys": ("KeyRing", "PublicKey", "Signer", "Standing", "Validity"),
    "ledger": ("Erasure", "Ledger", "Recorded"),
    "note": ("Checkpoint", "open_checkpoint", "sign_checkpoint"),
    "page": ("page_pdf", "record_page"),
    "particulars": (
        "Advice",
        "Consent",
        "Done",
        "ForFamily",
        "Instead",
        "NotTold",
        "Pair",
        "Particulars",
        "Told",
    ),
    "practitioner": ("Party", "Practitioner"),
    "receipt": ("Receipt", "VerifiedReceipt", "verify_receipt"),
    "seen": ("Audience",),
    "troubles": ("NotRecordedError",),
}
"""Which module each name comes from."""


if not TYPE_CHECKING:  # or type checkers would take every misspelt name for one that is there

    def __getattr__(name: str) -> object:
        for room, names in _ROOMS.items():
            if name in names:
                return getattr(import_module(f"{__name__}.{room}"), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
