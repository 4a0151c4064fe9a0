"""Files of keys: the private key of a signer, public keys to verify with, the case key, and the folder of a ledger's keys.

A private key file is PKCS#8 in PEM, after the public key as text (RFC 7468 lets text stand before the PEM), so that it
says whose it is. Beside it, under the same name and `.pub`, lies the public key to give away. A ledger's keys lie in a
folder apart from its database, `LEDGER.keys` beside it or wherever it is put:

    log.key        the private key that signs checkpoints, and records of those who have no key of their own
    log.key.pub    its public half, to give away: receipts are verified with it
    case.key       wraps the keys of the records: without it no record can be read
    seen           the newest checkpoint that was seen from here: a ledger that was rolled back is found by it

Invariants: a file is created for its owner alone (mode 0600) and never written over; a private key that others may read
is refused, as it can no longer be trusted to be one person's.
Deliberately not here: what keys are (`public`), what the case key wraps (`store.sealing`).
"""

import contextlib
import hmac
import os
import stat
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import attrs

from infoshare.records.errors import RecordError, missing_extra
from infoshare.records.keys.public import KeyRing, PublicKey

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


def _others_may_read(found: os.stat_result) -> bool:
    return os.name == "posix" and bool(stat.S_IMODE(found.st_mode) & 0o077)


def _read(path: Path, *, private: bool) -> bytes:
    try:
        with path.open("rb") as file:
            if private and _others_may_read(os.fstat(file.fileno())):
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


_CASE_KEY_HEAD = "infoshare case key 1"
SYMMETRIC_KEY_SIZE = 32
NONCE_SIZE = 12
TAG_SIZE = 10
"""Characters of hexadecimal that a case is called by."""


class UnsealError(Exception):
    """A sealed envelope that was changed, or that another case key sealed."""


class CaseKey(Protocol):
    """What wraps the keys of records: a file, or a device that does it without giving the key away."""

    def wrap(self, secret: bytes, associated_data: bytes) -> bytes: ...

    def unwrap(self, wrapped: bytes, associated_data: bytes) -> bytes:
        """Raises UnsealError where it was changed, or was bound to something else."""

    def tag(self, name: str) -> str:
        """What a case is called where it is not to be known: always the same, and nobody can tell the name from it."""


class FileCaseKey:
    """A case key that is kept in a file which only its owner may read."""

    def __init__(self, key: bytes) -> None:
        try:
            from cryptography.hazmat.primitives.ciphers.aead import AESGCM
        except ImportError:
            raise missing_extra("keeping records") from None
        self._cipher = AESGCM(key)
        self._tags = hmac.digest(key, b"infoshare case tag", "sha256")

    def __repr__(self) -> str:
        return "<a case key>"

    @classmethod
    def generate(cls, path: Path) -> "FileCaseKey":
        """Makes a key and its file. Raises RecordError where there is a file already."""
        key = os.urandom(SYMMETRIC_KEY_SIZE)
        _create(path, f"{_CASE_KEY_HEAD}\n{key.hex()}\n".encode(), 0o600)
        return cls(key)

    @classmethod
    def load(cls, path: Path) -> "FileCaseKey":
        """Reads a key's file. Raises RecordError where others may read it, or it is something else."""
        try:
            if _others_may_read(path.stat()):
                raise RecordError.of(
                    "IS721",
                    f"others may read the case key `{path.name}`",
                    f"let only its owner read it: chmod 600 {path}",
                )
            head, _, rest = path.read_text("ascii").partition("\n")
            key = bytes.fromhex(rest.strip("\n")) if head == _CASE_KEY_HEAD else b""
        except OSError as error:
            raise _no_key(path, (error.strerror or "not possible").lower()) from None
        except ValueError:
            key = b""
        if len(key) != SYMMETRIC_KEY_SIZE:
            raise _no_key(path, "it holds something else")
        return cls(key)

    def wrap(self, secret: bytes, associated_data: bytes) -> bytes:
        nonce = os.urandom(NONCE_SIZE)
        return nonce + self._cipher.encrypt(nonce, secret, associated_data)

    def unwrap(self, wrapped: bytes, associated_data: bytes) -> bytes:
        return decrypted(self._cipher, wrapped, associated_data)

    def tag(self, name: str) -> str:
        return hmac.digest(self._tags, name.encode(), "sha256").hex()[:TAG_SIZE]


def decrypted(cipher: object, sealed: bytes, associated_data: bytes | None) -> bytes:
    """What AES-256-GCM encrypted, the nonce before it. Raises UnsealError where anything was changed."""
    from cryptography.exceptions import InvalidTag

    try:
        return cipher.decrypt(sealed[:NONCE_SIZE], sealed[NONCE_SIZE:], associated_data)  # type: ignore[attr-defined,no-any-return]
    except (InvalidTag, ValueError):
        raise UnsealError from None


def _no_key(path: Path, why: str) -> RecordError:
    return RecordError.of(
        "IS721",
        f"the case key `{path.name}` cannot be had: {why}",
        "without it no record can be read: fetch it from where its copy is kept",
    )


LOG_KEY, CASE_KEY, SEEN = "log.key", "case.key", "seen"


@attrs.frozen
class KeyFolder:
    """The folder of the keys of one ledger; it is found again when the working folder changes."""

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
        with contextlib.suppress(OSError, RecordError):
            new.unlink(missing_ok=True)
            _create(new, note, 0o600)
            new.replace(self._place / SEEN)
