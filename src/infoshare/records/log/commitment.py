"""What a record leaves in the log: one hash, a salted commitment to its envelope, its name and its place.

    commitment = SHA-256( "infoshare/leaf/1" || 0x0A         17 bytes: what this is
                       || salt                               32 random bytes
                       || index                              8 bytes, most significant first
                       || SHA-256(record id in UTF-8)        32 bytes
                       || SHA-256(envelope)                  32 bytes, over the bytes as they are kept
                        )
    leaf hash  = SHA-256( 0x00 || commitment )               RFC 6962: what the tree is made of

Every part has a fixed length, so no two different records can give the same bytes. The index ties the entry to its place,
before any proof; the id ties it to its name. Whoever knows neither salt nor envelope learns nothing from the hash, so
that a record is erased by destroying its salt and its key: the hash stands, every other proof with it, and
nobody can tell any more whether some text was what it stood for.
Deliberately not here: the tree, and where salts are kept.
"""

import secrets
from hashlib import sha256

from infoshare.records.log.tree import LARGEST_SIZE, leaf_hash

SALT_SIZE = 32
DIGEST_SIZE = 32
_TAG = b"infoshare/leaf/1\n"


def new_salt() -> bytes:
    """32 bytes from the operating system's source of randomness."""
    return secrets.token_bytes(SALT_SIZE)


def digest_of(envelope: bytes) -> bytes:
    """SHA-256 of the bytes of an envelope."""
    return sha256(envelope).digest()


def commitment(salt: bytes, index: int, record: str, envelope_digest: bytes) -> bytes:
    """The data of a leaf.

    Args:
        salt: 32 random bytes, of this record alone.
        index: of the leaf, from 0.
        record: the id of the record.
        envelope_digest: `digest_of` the envelope.

    Raises:
        ValueError: a part has not its length.
    """
    if len(salt) != SALT_SIZE or len(envelope_digest) != DIGEST_SIZE or not 0 <= index < LARGEST_SIZE:
        raise ValueError("salt and digest have 32 bytes, and an index is not negative")
    name = sha256(record.encode()).digest()
    return sha256(_TAG + salt + index.to_bytes(8, "big") + name + envelope_digest).digest()


def record_leaf(salt: bytes, index: int, record: str, envelope_digest: bytes) -> bytes:
    """The leaf hash of a record; arguments and errors as for `commitment`."""
    return leaf_hash(commitment(salt, index, record, envelope_digest))
