"""Decision records: signed, dated, replayable, and impossible to alter quietly.

What is offered is named below and imported when it is asked for, so that `import infoshare` needs no extra.
Invariant: nothing is imported here before it is used.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from infoshare.records.audience.table import Audience, export
    from infoshare.records.body.model import (
        Advice,
        Consent,
        Done,
        ForFamily,
        Instead,
        NotTold,
        Pair,
        Particulars,
        Party,
        Practitioner,
        Told,
    )
    from infoshare.records.errors import RecordError, VerificationError
    from infoshare.records.keys.files import FileSigner, read_keys
    from infoshare.records.keys.public import KeyRing, PublicKey, Signer, Standing, Validity
    from infoshare.records.ledger.ledger import Erasure, Ledger, Recorded
    from infoshare.records.log.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
    from infoshare.records.log.envelope import PAYLOAD_TYPE, Envelope, cosign, seal
    from infoshare.records.log.receipt import Receipt, VerifiedReceipt, verify_receipt
    from infoshare.records.page.document import record_page
    from infoshare.records.page.pdf import page_pdf
    from infoshare.records.store.errors import NotRecordedError

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
    "audience.table": ("Audience", "export"),
    "body.model": (
        "Advice",
        "Consent",
        "Done",
        "ForFamily",
        "Instead",
        "NotTold",
        "Pair",
        "Particulars",
        "Party",
        "Practitioner",
        "Told",
    ),
    "errors": ("RecordError", "VerificationError"),
    "keys.files": ("FileSigner", "read_keys"),
    "keys.public": ("KeyRing", "PublicKey", "Signer", "Standing", "Validity"),
    "ledger.ledger": ("Erasure", "Ledger", "Recorded"),
    "log.checkpoint": ("Checkpoint", "open_checkpoint", "sign_checkpoint"),
    "log.envelope": ("PAYLOAD_TYPE", "Envelope", "cosign", "seal"),
    "log.receipt": ("Receipt", "VerifiedReceipt", "verify_receipt"),
    "page.document": ("record_page",),
    "page.pdf": ("page_pdf",),
    "store.errors": ("NotRecordedError",),
}
"""Which module each name comes from."""


if not TYPE_CHECKING:  # or type checkers would take every misspelt name for one that is there

    def __getattr__(name: str) -> object:
        for room, names in _ROOMS.items():
            if name in names:
                return getattr(import_module(f"{__name__}.{room}"), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
