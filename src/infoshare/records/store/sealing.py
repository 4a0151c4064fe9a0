"""Encrypts envelopes for the database: each under a key of its own, that key under the case key.

AES-256-GCM (`cryptography`) twice: the envelope under a key that is made for it and used once; that key, with the salt of
the commitment, under the case key, bound to the columns that stand beside it. Whoever removes the lock has destroyed key
and salt, so that the envelope cannot be read again nor guessed from its commitment.
The envelope is padded to a power of two first: its length, which whoever has the database sees, would tell the answers.
Invariant: the case key is never in the database. Deliberately not here: what is removed when (`ledger`).
"""

import os

from infoshare.records.keys.files import NONCE_SIZE, SYMMETRIC_KEY_SIZE, CaseKey, UnsealError, decrypted
from infoshare.records.store.base import Content

LEAST_PADDED = 1024
"""The length of the shortest padded envelope."""

_MARK = b"\x80"
"""What padding begins with, zeros following (ISO/IEC 7816-4). No envelope ends with either, so that one which was sealed
without padding, as version 0.1.0 did, is read as well."""


def seal(envelope: bytes, salt: bytes, case_key: CaseKey, associated_data: bytes) -> Content:
    """An envelope and the salt of its commitment, as a database may hold them.

    Args:
        associated_data: what stands beside it in the database; opening needs the same.
    """
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    key, nonce = os.urandom(SYMMETRIC_KEY_SIZE), os.urandom(NONCE_SIZE)
    sealed = AESGCM(key).encrypt(nonce, padded(envelope), None)
    return Content(case_key.wrap(key + salt, associated_data), nonce + sealed)


def unseal(content: Content, case_key: CaseKey, associated_data: bytes) -> tuple[bytes, bytes]:
    """The envelope and the salt. Raises UnsealError where anything was changed."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    secret = case_key.unwrap(content.lock, associated_data)
    key, salt = secret[:SYMMETRIC_KEY_SIZE], secret[SYMMETRIC_KEY_SIZE:]
    if len(key) != SYMMETRIC_KEY_SIZE:
        raise UnsealError
    return unpadded(decrypted(AESGCM(key), content.body, None)), salt


def padded(envelope: bytes) -> bytes:
    """An envelope made as long as the next power of two, and 1,024 bytes at least."""
    size = max(LEAST_PADDED, 1 << len(envelope).bit_length())
    return (envelope + _MARK).ljust(size, b"\0")


def unpadded(data: bytes) -> bytes:
    """What `padded` was given; an envelope without padding as it is."""
    return data.rstrip(b"\0").removesuffix(_MARK)
