"""Keys: who may sign, public keys as text, and whether a key was valid at a time.

A public key is written as the *vkey* of C2SP signed-note, `NAME+HASH+KEY` in one line; the byte before the key says its
algorithm, so that another one can join without a new format. Its key id, `NAME+HASH`, is a name for it and no proof.
Whoever has keys elsewhere (a hardware module, a key service) writes a `Signer`: a public key and `sign`.
Invariants: a private key is never in a repr, a message or a database; a signature is checked by `cryptography`
alone, which is imported when a key is first used.
Deliberately not here: key files (`key_file`), what is signed (`envelope`, `note`), and the clock.
"""

import hmac
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Protocol

import attrs

from infoshare.diagnostic import Diagnostic, Severity
from infoshare.records.canonical import from_base64, from_instant, to_base64, to_instant
from infoshare.records.errors import RecordError, missing_extra

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ED25519 = "ed25519"
SIGNATURE_TYPES = {ED25519: 0x01}
"""The byte that stands for an algorithm in a vkey and a key hash (C2SP signed-note, "Signature types")."""

KEY_SIZE = 32
SIGNATURE_SIZE = 64
NAME_LIMIT = 200

_VKEY = re.compile(r"(?P<name>[^+\s]+)\+(?P<hash>[0-9a-f]{8})\+(?P<key>[A-Za-z0-9+/]+={0,2})")
_DATES = {"not-before": "not_before", "not-after": "not_after", "revoked-at": "revoked_at"}


class Validity(StrEnum):
    """Whether a key was valid at a time."""

    VALID = "valid"
    NOT_YET = "not yet valid"
    EXPIRED = "expired"
    REVOKED = "revoked"


def name_fault(name: str) -> str | None:
    """What keeps a text from being the name of a key or a log, or None.

    C2SP signed-note: not empty, no space of Unicode, no plus; no control character.
    """
    if not name:
        return "it is empty"
    if len(name) > NAME_LIMIT:
        return f"it has more than {NAME_LIMIT} characters"
    if any(c.isspace() for c in name):
        return "it holds a space"
    if "+" in name:
        return "it holds a plus sign"
    if not name.isprintable():
        return "it holds a hidden character"
    return None


def _check_name(_: object, __: object, name: str) -> None:
    if fault := name_fault(name):
        raise _bad_key(
            f"this cannot be the name of a key: {fault}",
            "write it like a web or e-mail address, such as records.example.org/maria",
        )


def _check_instant(_: object, attribute: "attrs.Attribute[datetime | None]", when: datetime | None) -> None:
    if when is not None and when.tzinfo is None:
        raise _bad_key(f"`{attribute.name}` has no time zone", "give it in UTC")


def _in_utc(when: datetime | None) -> datetime | None:
    return when if when is None or when.tzinfo is None else when.astimezone(UTC)


@attrs.frozen
class PublicKey:
    """A public key, whose it is, and from when until when it counts.

    Attributes:
        name: whose; for the key of a log, the origin of the log.
        raw: the key itself, 32 bytes (RFC 8032).
        algorithm: `ed25519`.
        not_before: the first instant at which it counts; None: always did.
        not_after: the last instant at which it counts; None: no end.
        revoked_at: the instant from which on it counts no longer, whatever the others say.

    Raises:
        RecordError: IS707, these cannot be a key.
    """

    name: str = attrs.field(validator=_check_name)
    raw: bytes = attrs.field(repr=False)
    algorithm: str = ED25519
    not_before: datetime | None = attrs.field(
        default=None, kw_only=True, converter=_in_utc, validator=_check_instant
    )
    not_after: datetime | None = attrs.field(
        default=None, kw_only=True, converter=_in_utc, validator=_check_instant
    )
    revoked_at: datetime | None = attrs.field(
        default=None, kw_only=True, converter=_in_utc, validator=_check_instant
    )

    def __attrs_post_init__(self) -> None:
        if self.algorithm not in SIGNATURE_TYPES:
            raise _bad_key("keys of this algorithm are not known here", "ed25519 is")
        if len(self.raw) != KEY_SIZE:
            raise _bad_key(f"an Ed25519 key has {KEY_SIZE} bytes, and this one has not")

    @property
    def hash(self) -> bytes:
        """The first four bytes of SHA-256 over name, 0x0A, signature type and key (C2SP signed-note)."""
        return _key_hash(self.name, SIGNATURE_TYPES[self.algorithm], self.raw)

    @property
    def key_id(self) -> str:
        """`NAME+HASH`: names the key; anybody can make a key with the same one."""
        return f"{self.name}+{self.hash.hex()}"

    def verify(self, data: bytes, signature: bytes) -> bool:
        """Whether the signature over the data is by this key.

        Raises:
            RecordError: IS702, the extra is not installed.
        """
        key = _loaded(self.raw)
        from cryptography.exceptions import InvalidSignature

        try:
            key.verify(signature, data)
        except InvalidSignature:
            return False
        return True

    def validity_at(self, when: datetime) -> Validity:
        """Returns the validity of the key at an instant (with a time zone)."""
        if self.revoked_at is not None and when >= self.revoked_at:
            return Validity.REVOKED
        if self.not_before is not None and when < self.not_before:
            return Validity.NOT_YET
        if self.not_after is not None and when > self.not_after:
            return Validity.EXPIRED
        return Validity.VALID

    @property
    def vkey(self) -> str:
        """`NAME+HASH+KEY`, in one line (C2SP signed-note)."""
        return f"{self.key_id}+{to_base64(bytes([SIGNATURE_TYPES[self.algorithm]]) + self.raw)}"

    def to_text(self) -> str:
        """The vkey and, a line each, its dates; `from_text` reads it back."""
        dates = [(word, getattr(self, name)) for word, name in _DATES.items()]
        lines = [f"{word}: {to_instant(when)}" for word, when in dates if when is not None]
        return "\n".join([self.vkey, *lines]) + "\n"

    @classmethod
    def from_text(cls, text: str) -> "PublicKey":
        """The one key that a text holds. Raises RecordError (IS707) for anything else."""
        match tuple(KeyRing.from_text(text)):
            case (key,):
                return key
            case ():
                raise _bad_key("there is no public key in this text", _LOOKS_LIKE)
            case _:
                raise _bad_key("there is more than one public key in this text")


class Signer(Protocol):
    """Who can sign: the half of a key that others may see, and the act. The private half stays wherever it is."""

    @property
    def public(self) -> PublicKey:
        """The key that the signatures verify with."""

    def sign(self, data: bytes) -> bytes:
        """The signature over the data, 64 bytes for Ed25519."""


@attrs.frozen
class Standing:
    """The validity of a key when something was decided, and now."""

    key_id: str
    at_decision: Validity
    now: Validity

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Empty for a key that counts; an error for one that did not count then, a warning for one that ended since."""
        both = f"the key `{self.key_id}` was {self.at_decision} when this was decided and is {self.now} now"
        if self.at_decision is not Validity.VALID:
            help_ = ("ask whoever signed to sign again with a key that counts",)
            return (Diagnostic("IS715", both, help=help_),)
        if self.now is not Validity.VALID:
            help_ = ("what it signed before that still counts; see that nobody signs with it any more",)
            return (Diagnostic("IS715", both, help=help_, severity=Severity.WARNING),)
        return ()


def _unique(keys: Iterable[PublicKey]) -> tuple[PublicKey, ...]:
    return tuple(dict.fromkeys(keys))


@attrs.frozen
class KeyRing:
    """The public keys that somebody trusts, by their ids.

    Raises:
        RecordError: IS707, two different keys with one id.
    """

    keys: tuple[PublicKey, ...] = attrs.field(default=(), converter=_unique)
    _by_id: dict[str, PublicKey] = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        by_id: dict[str, PublicKey] = {}
        for key in self.keys:
            if by_id.setdefault(key.key_id, key) != key:
                raise _bad_key(f"two different keys share the id `{key.key_id}`", "leave out the wrong one")
        object.__setattr__(self, "_by_id", by_id)

    def __iter__(self) -> Iterator[PublicKey]:
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)

    def __contains__(self, key_id: object) -> bool:
        return key_id in self._by_id

    def get(self, key_id: str) -> PublicKey | None:
        """The key with this id, if it is trusted."""
        return self._by_id.get(key_id)

    def plus(self, *keys: PublicKey) -> "KeyRing":
        """These keys and more; one that is there already is replaced if only its dates differ."""
        new = {key.key_id: key for key in keys}
        kept = [key for key in self if key.key_id not in new or key.raw != new[key.key_id].raw]
        return KeyRing((*kept, *keys))

    def standing(self, key_id: str, *, decided_at: datetime, now: datetime) -> Standing:
        """Returns the validity of a key of the ring then and now. Raises KeyError for a key that is not in it."""
        key = self._by_id[key_id]
        return Standing(key_id, key.validity_at(decided_at), key.validity_at(now))

    def to_text(self) -> str:
        """Every key, one after the other; `from_text` reads it back."""
        return "".join(key.to_text() for key in self)

    @classmethod
    def from_text(cls, text: str) -> "KeyRing":
        """The keys in a text: a line each, followed by their dates; empty lines and remarks (a # and a space) are passed over.

        Raises:
            RecordError: IS707, with the line that is wrong.
        """
        keys: list[PublicKey] = []
        for number, line in enumerate(text.splitlines(), start=1):
            words = line.strip()
            if not words or words == "#" or words.startswith("# "):
                continue
            try:
                word, colon, when = words.partition(": ")
                if colon and word in _DATES:
                    keys[-1] = _dated(keys[-1], _DATES[word], when.strip())
                else:
                    keys.append(_from_vkey(words))
            except (RecordError, ValueError, IndexError) as error:
                why = (
                    error.diagnostics[0].message
                    if isinstance(error, RecordError)
                    else "it is not a public key"
                )
                raise _bad_key(f"line {number}: {why}", _LOOKS_LIKE) from None
        return cls(keys)


_LOOKS_LIKE = "a public key looks like records.example.org+0123abcd+AbC… and stands in one line"


def _dated(key: PublicKey, name: str, when: str) -> PublicKey:
    if getattr(key, name) is not None:
        raise _bad_key("a date is given twice for one key")
    try:
        dates: Any = {name: from_instant(when)}
        return attrs.evolve(key, **dates)
    except ValueError:
        raise _bad_key("a date is written like 2026-01-31T09:30:00Z") from None


def _from_vkey(text: str) -> PublicKey:
    match = _VKEY.fullmatch(text)
    if not match:
        raise _bad_key("it is not a public key")
    try:
        data = from_base64(match["key"])
    except ValueError:
        raise _bad_key("the last part of the key is damaged") from None
    algorithms = {byte: name for name, byte in SIGNATURE_TYPES.items()}
    if data[0] not in algorithms:
        raise _bad_key("keys of this algorithm are not known here")
    key = PublicKey(match["name"], data[1:], algorithms[data[0]])
    if not hmac.compare_digest(key.hash.hex(), match["hash"]):
        raise _bad_key("name, number and key do not belong together: one of them was changed")
    return key


@lru_cache(maxsize=4096)
def _key_hash(name: str, signature_type: int, raw: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + bytes([signature_type]) + raw).digest()[:4]


@lru_cache(maxsize=4096)
def _loaded(raw: bytes) -> "Ed25519PublicKey":
    try:
        from cryptography.hazmat.primitives.asymmetric import ed25519
    except ImportError:
        raise missing_extra("signing and verifying") from None
    return ed25519.Ed25519PublicKey.from_public_bytes(raw)


def _bad_key(message: str, *help_: str) -> RecordError:
    return RecordError.of("IS707", message, *help_)
