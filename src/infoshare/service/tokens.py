"""Who may ask: a file of names with a token each, of which only digests are kept.

Invariants: how long it takes to compare says nothing of a token; a file that others can read is refused.
"""

import hashlib
import hmac
import os
import re
import stat
from pathlib import Path

import attrs

from infoshare.errors import Refused
from infoshare.text import quoted
from infoshare.writing import reason_of

SHORTEST = 32
"""Characters of a token; fewer could be guessed."""

LARGEST_FILE = 1024 * 1024
_MAKE_ONE = 'make one: python3 -c "import secrets; print(secrets.token_urlsafe(32))"'
_LINE = re.compile(r"(?P<name>[A-Za-z0-9][A-Za-z0-9._-]{0,63})[ \t]+(?P<token>[A-Za-z0-9._~+/=-]+)")


@attrs.frozen(repr=False)
class Tokens:
    """Those who may ask: a digest of each token, and whose it is."""

    _known: tuple[tuple[bytes, str], ...]

    @staticmethod
    def read(path: str) -> "Tokens":
        """Reads a file: a line for each, a name and its token; blank lines and lines that begin with `#` are passed over.

        Raises:
            Refused: it cannot be read, others can read it, or a line is not such.
        """
        shown = quoted(path)
        try:
            with Path(path).open("rb") as file:
                mode = os.fstat(file.fileno()).st_mode
                if not stat.S_ISREG(mode):
                    raise Refused(f"{shown} is not a regular file", "give a file of tokens")
                if os.name == "posix" and mode & 0o077:
                    raise Refused(f"others than its owner can read or write {shown}", f"chmod 600 {path}")
                data = file.read(LARGEST_FILE + 1)
        except OSError as error:
            raise Refused(
                f"{shown} cannot be read: {reason_of(error)}", "check the name and the rights"
            ) from None
        if len(data) > LARGEST_FILE:
            raise Refused(f"{shown} is too large for a file of tokens")
        return Tokens.of_text(data.decode("utf-8", "replace"), shown)

    @staticmethod
    def of_text(text: str, shown: str = "the tokens") -> "Tokens":
        """Those that a text names, line by line. Raises Refused."""
        known: dict[bytes, str] = {}
        for number, line in enumerate(text.splitlines(), start=1):
            if not line.strip() or line.lstrip().startswith("#"):
                continue
            found = _LINE.fullmatch(line.strip())
            if found is None:
                raise Refused(
                    f"line {number} of {shown} is not a name and a token",
                    "write a name, a space and a token of letters, digits and - . _ ~ + / =",
                )
            if len(found["token"]) < SHORTEST:
                raise Refused(
                    f"the token in line {number} of {shown} is shorter than {SHORTEST} characters", _MAKE_ONE
                )
            if found["name"] in known.values() or _digest(found["token"].encode()) in known:
                raise Refused(
                    f"the name or the token in line {number} of {shown} stands there twice", _MAKE_ONE
                )
            known[_digest(found["token"].encode())] = found["name"]
        if not known:
            raise Refused(f"{shown} names nobody", _MAKE_ONE)
        return Tokens(tuple(known.items()))

    def whose(self, authorization: bytes | None) -> str | None:
        """Whose token the header `Authorization` bears; None for nobody's."""
        scheme, _, token = (authorization or b"").partition(b" ")
        given, found = _digest(token.strip()), None
        for digest, name in self._known:  # all are compared, so that time does not tell which came near
            if hmac.compare_digest(digest, given):
                found = name
        return found if scheme.lower() == b"bearer" else None

    def __repr__(self) -> str:
        return f"<Tokens of {len(self._known)}>"


def _digest(token: bytes) -> bytes:
    return hashlib.sha256(token).digest()
