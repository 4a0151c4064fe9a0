"""The keys of a ledger, in a folder apart from its database: `LEDGER.keys` beside it, or wherever it is put.

    log.key        the private key that signs checkpoints, and records of those who have no key of their own
    log.key.pub    its public half, to give away: receipts are verified with it
    case.key       wraps the keys of the records: without it no record can be read
    seen           the newest checkpoint that was seen from here: a ledger that was rolled back is found by it

Invariant: private keys are readable by their owner alone. Deliberately not here: what they do (`sealing`, `keys`).
"""

import contextlib
import os
from pathlib import Path

import attrs

from infoshare.records.errors import RecordError
from infoshare.records.key_file import FileSigner, read_keys
from infoshare.records.keys import KeyRing
from infoshare.records.sealing import FileCaseKey

LOG_KEY, CASE_KEY, SEEN = "log.key", "case.key", "seen"


@attrs.frozen
class KeyFolder:
    """Where the keys of one ledger are; found again when the working folder changes."""

    path: Path
    _place: Path = attrs.field(
        init=False, repr=False, default=attrs.Factory(lambda self: self.path.absolute(), takes_self=True)
    )

    @classmethod
    def create(cls, path: Path, origin: str) -> "KeyFolder":
        """Makes a folder with new keys. Raises RecordError where there are keys already."""
        folder = cls(path)
        try:
            path.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            why = (error.strerror or "not possible").lower()
            raise RecordError.of(
                "IS721", f"the folder of keys cannot be made: {why}", "name another: --keys"
            ) from None
        FileSigner.generate(path / LOG_KEY, origin)
        FileCaseKey.generate(path / CASE_KEY)
        return folder

    def unmake(self) -> None:
        """Removes keys that were just made for a ledger that then could not be."""
        with contextlib.suppress(OSError):
            for name in (LOG_KEY, f"{LOG_KEY}.pub", CASE_KEY):
                (self._place / name).unlink()
            self._place.rmdir()

    def signer(self) -> FileSigner:
        """What signs checkpoints."""
        return FileSigner.load(self._place / LOG_KEY)

    def public(self) -> KeyRing:
        """What checkpoints are verified with."""
        return read_keys(self._place / f"{LOG_KEY}.pub")

    def case_key(self) -> FileCaseKey:
        """What wraps the keys of records."""
        return FileCaseKey.load(self.path / CASE_KEY)

    def seen(self) -> bytes | None:
        """The newest checkpoint that was seen from here."""
        try:
            return (self._place / SEEN).read_bytes()
        except OSError:
            return None

    def saw(self, note: bytes) -> None:
        """Keeps a checkpoint; where that is not possible, an older one stays, which is as true."""
        new = self._place / f"{SEEN}.{os.getpid()}"
        with contextlib.suppress(OSError):
            new.write_bytes(note)
            new.replace(self._place / SEEN)
