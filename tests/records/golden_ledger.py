"""Makes the ledger in tests/data/ledger-1, as version 0.1.0 writes it: run once, kept for ever.

    PYTHONPATH=src python tests/records/golden_ledger.py FOLDER

The ledger of every format is kept beside those of the earlier ones, and all of them must verify and be decided again.
Its keys are for tests alone.
"""

import contextlib
import json
import sqlite3
import sys
from datetime import timedelta
from pathlib import Path

from ledger_samples import AT, DAY, LEAD, NO, NURSE, OPEN, URGENT, YES, add, created, policy, ticking

from infoshare.records import FileSigner


def ids():
    """An id for each entry, in their order."""
    number = 0
    while True:
        yield f"019aac1e-{number:04x}-7000-8000-000000000000"
        number += 1


def lasting(path):
    """Makes a ledger's file as small as it can be."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = DELETE")
        db.execute("PRAGMA page_size = 1024")
        db.execute("VACUUM")
        db.execute("PRAGMA journal_mode = WAL")


def make(folder):
    folder.mkdir(parents=True)
    path, made = folder / "a.ledger", ids()
    signer = FileSigner.generate(folder / "robin.key", "robin@example.org")
    with created(path, clock=ticking(AT, timedelta(seconds=10)), ids=lambda _: next(made)) as ledger:
        receipts = [add(ledger, facts) for facts in (YES, NO, OPEN)]
        ledger.enrol(signer.public, by=LEAD, because="We met.")
        decision = policy().decide(URGENT, as_of=DAY)
        receipts += [
            ledger.supersede(
                receipts[1].record, decision, URGENT, policy=policy(), by=NURSE, signers=[signer]
            ),
            add(ledger, NO, followed=False, because="She is in danger."),
            add(ledger, OPEN, presume=False),
        ]
        ledger.hold(receipts[0].record, by=LEAD, because="A case review began.")
        ledger.erase(receipts[2].record, by=LEAD, because="The time to keep it is over.")
        ledger.show(receipts[3].record, by=LEAD)
    (folder / "receipts.ndjson").write_bytes(b"".join(receipt.to_bytes() + b"\n" for receipt in receipts))
    (folder / "robin.key").unlink()
    lasting(path)
    print(json.dumps({"entries": 10, "size": path.stat().st_size}))


if __name__ == "__main__":
    make(Path(sys.argv[1]))
