"""SHA-256 of a policy's files, without the five to eight milliseconds that OpenSSL takes to be loaded.

`hashlib` loads OpenSSL when it is imported; Python's own implementation is there beside it, and gives the same. The
standard library's `random` does likewise. Deliberately not here: signatures and ledgers, which want OpenSSL's speed.
"""

try:  # Python 3.12 and later
    from _sha2 import sha256  # type: ignore[import-not-found]
except ImportError:
    try:  # Python 3.11
        from _sha256 import sha256  # type: ignore[import-not-found]
    except ImportError:  # a Python without either
        from hashlib import sha256


def sha256_hex(data: bytes) -> str:
    """The SHA-256 of some bytes, as 64 hexadecimal digits in lower case (FIPS 180-4)."""
    return str(sha256(data).hexdigest())
