"""Envelopes to what a database may hold, and back: each under a key of its own, that key under the case key.

AES-256-GCM (`cryptography`) twice: the envelope under a key that is made for it and used once; that key, with the salt
of the leaf, under the case key, bound to the columns that stand beside it. Whoever removes the lock has destroyed key and salt, so that
the envelope cannot be read again nor guessed from its leaf.
The envelope is padded to a power of two first: its length, which whoever has the database sees, would tell the answers.
Invariant: the case key is never in the database. Deliberately not here: what is removed when (`ledger`), leaves (`leaf`).
"""

import hmac
import os
import stat
from pathlib import Path
from typing import Protocol

from infoshare.records.errors import RecordError, missing_extra
from infoshare.records.storage import Content

KEY_SIZE = 32
SALT_SIZE = 32
NONCE_SIZE = 12
TAG_SIZE = 10  # characters of hexadecimal


LEAST_PADDED = 1024
"""The length of the shortest padded envelope."""

_MARK = b"\x80"
"""What padding begins with, zeros following (ISO/IEC 7816-4). No envelope ends with either, so that one which was sealed
without padding, as version 0.1.0 did, is read as well."""


class Unreadable(Exception):  # noqa: N818 - says what happened
    """A sealed envelope that was changed, or that another case key sealed."""


class CaseKey(Protocol):
    """What wraps the keys of records: a file, or a device that does it without giving the key away."""

    def wrap(self, secret: bytes, bound_to: bytes) -> bytes: ...

    def unwrap(self, wrapped: bytes, bound_to: bytes) -> bytes:
        """Raises Unreadable where it was changed, or was bound to something else."""

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
        key = os.urandom(KEY_SIZE)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise _no_key(path, (error.strerror or "not possible").lower()) from None
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(f"infoshare case key 1\n{key.hex()}\n")
            file.flush()
            os.fsync(file.fileno())
        return cls(key)

    @classmethod
    def load(cls, path: Path) -> "FileCaseKey":
        """Reads a key's file. Raises RecordError where others may read it, or it is something else."""
        try:
            if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
                raise RecordError.of(
                    "IS721",
                    f"others may read the case key `{path.name}`",
                    f"let only its owner read it: chmod 600 {path}",
                )
            words = path.read_text("ascii").split("\n")
            key = bytes.fromhex(words[1]) if words[0] == "infoshare case key 1" else b""
        except OSError as error:
            raise _no_key(path, (error.strerror or "not possible").lower()) from None
        except (ValueError, IndexError):
            key = b""
        if len(key) != KEY_SIZE:
            raise _no_key(path, "it holds something else")
        return cls(key)

    def wrap(self, secret: bytes, bound_to: bytes) -> bytes:
        nonce = os.urandom(NONCE_SIZE)
        return nonce + self._cipher.encrypt(nonce, secret, bound_to)

    def unwrap(self, wrapped: bytes, bound_to: bytes) -> bytes:
        return _opened(self._cipher, wrapped, bound_to)

    def tag(self, name: str) -> str:
        return hmac.digest(self._tags, name.encode(), "sha256").hex()[:TAG_SIZE]


def seal(envelope: bytes, salt: bytes, case_key: CaseKey, bound_to: bytes) -> Content:
    """An envelope and the salt of its leaf, as a database may hold them.

    Args:
        bound_to: what stands beside it in the database; opening needs the same.
    """
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    key, nonce = os.urandom(KEY_SIZE), os.urandom(NONCE_SIZE)
    sealed = AESGCM(key).encrypt(nonce, padded(envelope), None)
    return Content(case_key.wrap(key + salt, bound_to), nonce + sealed)


def unseal(content: Content, case_key: CaseKey, bound_to: bytes) -> tuple[bytes, bytes]:
    """The envelope and the salt. Raises Unreadable where anything was changed."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    secret = case_key.unwrap(content.lock, bound_to)
    key, salt = secret[:KEY_SIZE], secret[KEY_SIZE:]
    if len(key) != KEY_SIZE:
        raise Unreadable
    return unpadded(_opened(AESGCM(key), content.body, None)), salt


def padded(envelope: bytes) -> bytes:
    """An envelope made as long as the next power of two, and 1,024 bytes at least."""
    size = max(LEAST_PADDED, 1 << len(envelope).bit_length())
    return (envelope + _MARK).ljust(size, b"\0")


def unpadded(data: bytes) -> bytes:
    """What `padded` was given; an envelope without padding as it is."""
    return data.rstrip(b"\0").removesuffix(_MARK)


def _opened(cipher: object, sealed: bytes, bound_to: bytes | None) -> bytes:
    from cryptography.exceptions import InvalidTag

    try:
        return cipher.decrypt(sealed[:NONCE_SIZE], sealed[NONCE_SIZE:], bound_to)  # type: ignore[attr-defined,no-any-return]
    except (InvalidTag, ValueError):
        raise Unreadable from None


def _no_key(path: Path, why: str) -> RecordError:
    return RecordError.of(
        "IS721",
        f"the case key `{path.name}` cannot be had: {why}",
        "without it no record can be read: fetch it from where its copy is kept",
    )
