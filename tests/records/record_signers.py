"""Signers with published or fixed keys, and every single bit of some bytes flipped."""

from collections.abc import Iterator

import attrs
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from infoshare.records.keys.public import PublicKey


@attrs.frozen
class SeedSigner:
    """Signs with the key that a seed of 32 bytes gives (RFC 8032)."""

    name: str
    seed: bytes

    @property
    def _private(self):
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    @property
    def public(self):
        return PublicKey(self.name, self._private.public_key().public_bytes_raw())

    def sign(self, data):
        return self._private.sign(data)


def signer(name, number=1):
    """A signer with a fixed key: the same name and number give the same key."""
    return SeedSigner(name, bytes([number]) * 32)


def flipped(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Every copy with one bit changed: which byte, which bit, the copy."""
    for at, byte in enumerate(data):
        for bit in range(8):
            yield at, bit, data[:at] + bytes([byte ^ 1 << bit]) + data[at + 1 :]
