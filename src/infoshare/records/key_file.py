"""Files of keys: the private key of a signer, and public keys to verify with.

A private key file is PKCS#8 in PEM, after the public key as text (RFC 7468 lets text stand before the PEM), so that it
says whose it is. Beside it, under the same name and `.pub`, lies the public key to give away.
Invariants: a file is created for its owner alone (mode 0600) and never written over; a private key that others may read
is refused, as it can no longer be trusted to be one person's.
Deliberately not here: what keys are (`keys`).
"""

import os
import stat
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from infoshare.records.errors import RecordError, missing_extra
from infoshare.records.keys import KeyRing, PublicKey

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_SIZE_LIMIT = 1024 * 1024
_BEGIN = b"-----BEGIN "
_WARNING = "# A private key of infoshare. Whoever has this file can sign in this name: keep it to yourself.\n"


@attrs.frozen
class FileSigner:
    """Signs with a private key that was read from a file."""

    public: PublicKey
    _private: "Ed25519PrivateKey" = attrs.field(repr=False, eq=False)

    def sign(self, data: bytes) -> bytes:
        """The Ed25519 signature (RFC 8032), 64 bytes."""
        return self._private.sign(data)

    @classmethod
    def generate(
        cls,
        path: str | os.PathLike[str],
        name: str,
        *,
        not_before: datetime | None = None,
        not_after: datetime | None = None,
        passphrase: bytes | None = None,
    ) -> "FileSigner":
        """A new key pair: the private key in a new file, the public one beside it in `PATH.pub`.

        Args:
            path: of the new file; nothing may be there yet.
            name: whose key it is, without spaces and plus signs; for a log, its origin.
            not_before: the first instant at which it counts.
            not_after: the last one.
            passphrase: to encrypt the file with; without it, the mode of the file protects it.

        Raises:
            RecordError: IS708, a file is there already or cannot be written; IS707, no name for a key.
        """
        ed25519, serialization = _cryptography()
        private = ed25519.Ed25519PrivateKey.generate()
        public = PublicKey(
            name, private.public_key().public_bytes_raw(), not_before=not_before, not_after=not_after
        )
        encryption = (
            serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption()
        )
        pem = private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)
        place = Path(path)
        beside = place.with_name(place.name + ".pub")
        for file in (place, beside):
            if os.path.lexists(file):
                raise _already(file)
        _create(place, (_WARNING + public.to_text()).encode() + pem, 0o600)
        _create(beside, public.to_text().encode(), 0o644)
        return cls(public, private)

    @classmethod
    def load(cls, path: str | os.PathLike[str], *, passphrase: bytes | None = None) -> "FileSigner":
        """The signer whose private key is in a file.

        Raises:
            RecordError: IS708, the file is not there, others may read it, or it holds no private key.
        """
        ed25519, serialization = _cryptography()
        place = Path(path)
        data = _read(place, private=True)
        text, begin, rest = data.partition(_BEGIN)
        if not begin:
            raise _fault(
                f"`{place.name}` holds no private key",
                "name the file without .pub, or make a key with `infoshare record keygen`",
            )
        try:
            private = serialization.load_pem_private_key(begin + rest, passphrase)
        except (TypeError, ValueError):
            raise _fault(
                f"the private key in `{place.name}` cannot be read",
                "it is damaged, or it needs another passphrase"
                if passphrase or b"ENCRYPTED" in rest[:20]
                else "it is damaged: take it from a copy",
            ) from None
        if not isinstance(private, ed25519.Ed25519PrivateKey):
            raise _fault(
                f"the key in `{place.name}` is not an Ed25519 key", "make one with `infoshare record keygen`"
            )
        try:
            public = PublicKey.from_text(text.decode())
        except (UnicodeDecodeError, RecordError):
            raise _fault(
                f"`{place.name}` does not say whose key it holds",
                "its public key, one line as in the .pub file, stands before the private one",
            ) from None
        if private.public_key().public_bytes_raw() != public.raw:
            raise _fault(f"the public and the private key in `{place.name}` do not belong together")
        return cls(public, private)


def read_keys(path: str | os.PathLike[str]) -> KeyRing:
    """The public keys in a file, as `FileSigner.generate` and `KeyRing.to_text` write them.

    Raises:
        RecordError: IS708, the file cannot be read, or holds a private key; IS707, it holds no public key.
    """
    place = Path(path)
    data = _read(place, private=False)
    if _BEGIN in data:
        raise _fault(
            f"`{place.name}` holds a private key", "give the file with the public key: its name ends in .pub"
        )
    try:
        ring = KeyRing.from_text(data.decode())
    except UnicodeDecodeError:
        raise _fault(f"`{place.name}` is not text") from None
    if not len(ring):
        raise _fault(f"`{place.name}` holds no public key")
    return ring


def _create(path: Path, data: bytes, mode: int) -> None:
    """Writes a new file, to the disk itself; a file that is there already is left alone."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError:
        raise _already(path) from None
    except OSError:
        raise _fault(
            f"`{path.name}` cannot be written", "check the folder, and that you may write there"
        ) from None
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        path.unlink(missing_ok=True)
        raise _fault(f"`{path.name}` cannot be written", "check that the disk is not full") from None


def _read(path: Path, *, private: bool) -> bytes:
    try:
        with path.open("rb") as file:
            found = os.fstat(file.fileno())
            if private and os.name == "posix" and stat.S_IMODE(found.st_mode) & 0o077:
                raise _fault(
                    f"others than its owner may read the private key `{path.name}`",
                    f"type: chmod 600 {path.name}",
                    "if somebody else may have read it, make a new key and revoke this one",
                )
            data = file.read(_SIZE_LIMIT + 1)
    except FileNotFoundError:
        raise _fault(f"there is no file `{path.name}`", "make a key with `infoshare record keygen`") from None
    except OSError:
        raise _fault(f"`{path.name}` cannot be read", "check the name, and that you may read it") from None
    if len(data) > _SIZE_LIMIT:
        raise _fault(f"`{path.name}` is too large to be a file of keys")
    return data


def _cryptography() -> tuple[Any, Any]:
    try:
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import ed25519
    except ImportError:
        raise missing_extra("signing") from None
    return ed25519, serialization


def _already(path: Path) -> RecordError:
    return _fault(
        f"there is a file `{path.name}` already", "keys are never written over: choose another name"
    )


def _fault(message: str, *help_: str) -> RecordError:
    return RecordError.of("IS708", message, *help_)
