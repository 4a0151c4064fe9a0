"""A payload and the signatures over it: the envelope of DSSE, as one canonical JSON document.

DSSE v1 (github.com/secure-systems-lab/dsse, protocol.md): what is signed is `pae(payload type, payload)`; no field says
which algorithm, the key knows. Narrower than DSSE where bytes are committed to: one form of base64 (standard, padded),
one order of names (RFC 8785), a key id on every signature, one signature a key, and a bad signature by a known key rejects
the whole. The payload, by far the longest part, has no character that JSON escapes: it is put in and taken out as it is.
Invariant: an envelope that `from_bytes` accepted gives the same bytes again.
Deliberately not here: what the payload says (the body), whether a key counted at the time (`KeyRing.standing`).
"""

import re
from base64 import b64encode
from typing import Any

import attrs

from infoshare.records.canonical import canonical, from_base64, parse, to_base64
from infoshare.records.errors import RecordError, VerificationError, error_of
from infoshare.records.keys.files import FileSigner
from infoshare.records.keys.public import KeyRing, PublicKey, Signer

_not_an_envelope = error_of(
    VerificationError, "IS709", "this is not a signed record: ", "use the file as infoshare wrote it"
)

PAYLOAD_TYPE = "application/vnd.infoshare.record+json"
SIGNATURE_LIMIT = 16

_START = b'{"payload":"'
_KEY_ID = re.compile(r"[^+\s]+\+[0-9a-f]{8}")


@attrs.frozen
class Signature:
    """A signature, and the id of the key that it says it is by (not signed: a hint, DSSE)."""

    key_id: str
    value: bytes = attrs.field(repr=False)


@attrs.frozen
class Envelope:
    """A payload with its signatures, in the order in which they were made."""

    payload: bytes = attrs.field(repr=False)
    signatures: tuple[Signature, ...]
    payload_type: str = PAYLOAD_TYPE

    def to_bytes(self) -> bytes:
        """Canonical JSON: what a leaf commits to."""
        signatures = [{"keyid": s.key_id, "sig": to_base64(s.value)} for s in self.signatures]
        rest = canonical({"payload": "", "payloadType": self.payload_type, "signatures": signatures})
        return _START + b64encode(self.payload) + rest.removeprefix(_START)

    @classmethod
    def from_bytes(cls, data: bytes) -> "Envelope":
        """The envelope that `to_bytes` wrote; nothing about it is verified yet.

        Raises:
            VerificationError: IS709 or IS704, these are not the bytes of an envelope.
        """
        end = data.find(b'"', len(_START))
        if data.startswith(_START) and (payload := _exact_base64(data[len(_START) : end])) is not None:
            return cls(payload, *_read_rest(parse(_START + data[end:])))
        return cls(b"", *_read_rest(parse(data)))


def _read_rest(found: Any) -> tuple[tuple[Signature, ...], str]:
    """What an envelope says beside its payload, which was taken out."""
    _only(found, {"payload", "payloadType", "signatures"}, "the envelope")
    if found["payload"] != "":
        raise _not_an_envelope("this is not base64 in its one form", "payload")
    signatures = found["signatures"]
    if not isinstance(signatures, list) or not 0 < len(signatures) <= SIGNATURE_LIMIT:
        raise _not_an_envelope(f"it has no signature, or more than {SIGNATURE_LIMIT}", "signatures")
    payload_type = found["payloadType"]
    if not isinstance(payload_type, str):
        raise _not_an_envelope("the payload type is not text", "payloadType")
    return _once(tuple(_signature(each, at) for at, each in enumerate(signatures))), payload_type


def _exact_base64(data: bytes) -> bytes | None:
    try:
        return from_base64(data.decode("ascii"))
    except ValueError:
        return None


def pae(payload_type: str, payload: bytes) -> bytes:
    """What is signed: the pre-authentication encoding of DSSE v1."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def seal(payload: bytes, *signers: Signer, payload_type: str = PAYLOAD_TYPE) -> Envelope:
    """The envelope of a payload, signed by one or more.

    Raises:
        RecordError: IS709, no signer, or one twice; IS710, a signer gave what does not verify with its own key.
    """
    if not signers:
        raise RecordError.of(
            "IS709", "a record is signed by somebody, and here is nobody", "name a key to sign with"
        )
    envelope = Envelope(payload, (), payload_type)
    for signer in signers:
        envelope = cosign(envelope, signer)
    return envelope


def cosign(envelope: Envelope, signer: Signer) -> Envelope:
    """The envelope with one signature more, such as that of a manager over what a practitioner signed.

    Raises:
        RecordError: as for `seal`.
    """
    key = signer.public
    if any(signature.key_id == key.key_id for signature in envelope.signatures):
        raise RecordError.of("IS709", f"`{key.key_id}` has signed this already")
    if len(envelope.signatures) >= SIGNATURE_LIMIT:
        raise RecordError.of("IS709", f"a record has at most {SIGNATURE_LIMIT} signatures")
    value = sign_checked(signer, pae(envelope.payload_type, envelope.payload))
    return attrs.evolve(envelope, signatures=(*envelope.signatures, Signature(key.key_id, value)))


def sign_checked(signer: Signer, data: bytes) -> bytes:
    """A signature that verifies with the signer's public key.

    What a signer from elsewhere gives is tried; a `FileSigner` was, as a pair, when it was read.

    Raises:
        RecordError: IS710, it does not verify.
    """
    value = bytes(signer.sign(data))
    if not isinstance(signer, FileSigner) and not signer.public.verify(data, value):
        raise RecordError.of(
            "IS710",
            f"the signer of `{signer.public.key_id}` gave a signature that its own key does not verify",
            "the private and the public key do not belong together: nothing was signed",
        )
    return value


def verify(envelope: Envelope, keys: KeyRing, *, payload_type: str = PAYLOAD_TYPE) -> tuple[str, ...]:
    """The ids of the known keys that signed this, in the order of the signatures; at least one.

    A signature by an unknown key is passed over, unless a known key with the same name or number made it.

    Raises:
        VerificationError: IS710, a signature by a known key does not verify; IS711, none by a known key; IS709,
            another payload type.
    """
    if envelope.payload_type != payload_type:
        raise _not_an_envelope(
            f"it is meant to hold `{payload_type}`, and says it holds something else", "payloadType"
        )
    data = pae(envelope.payload_type, envelope.payload)
    found: list[str] = []
    for at, signature in enumerate(_once(envelope.signatures)):
        key = keys.get(signature.key_id)
        if key is not None:
            if not key.verify(data, signature.value):
                raise _bad_signature(f"the signature of `{key.key_id}` does not match what it signs", at)
            found.append(key.key_id)
            continue
        for near in _alike(signature.key_id, keys):
            if near.verify(data, signature.value):
                raise _bad_signature(f"a signature of `{near.key_id}` is given under another name", at)
    if not found:
        raise VerificationError.of(
            "IS711",
            "no signature is by a key that is known here",
            "give the public key of whoever signed",
            path="signatures",
        )
    return tuple(found)


def _alike(key_id: str, keys: KeyRing) -> list[PublicKey]:
    name, _, number = key_id.rpartition("+")
    return [key for key in keys if key.name == name or key.hash.hex() == number]


def _signature(value: Any, at: int) -> Signature:
    where = f"signatures[{at}]"
    _only(value, {"keyid", "sig"}, where)
    if not isinstance(value["keyid"], str) or not _KEY_ID.fullmatch(value["keyid"]):
        raise _not_an_envelope("the id of a key looks like NAME+0123abcd", f"{where}.keyid")
    return Signature(value["keyid"], _bytes(value["sig"], f"{where}.sig"))


def _once(signatures: tuple[Signature, ...]) -> tuple[Signature, ...]:
    if len({signature.key_id for signature in signatures}) != len(signatures):
        raise _not_an_envelope("a key has signed twice", "signatures")
    return signatures


def _bytes(value: Any, path: str) -> bytes:
    try:
        if isinstance(value, str):
            return from_base64(value)
    except ValueError:
        pass
    raise _not_an_envelope("this is not base64 in its one form", path)


def _only(value: Any, names: set[str], what: str) -> None:
    if not isinstance(value, dict) or set(value) != names:
        raise _not_an_envelope(f"{what} has exactly {', '.join(sorted(names))}", what)


def _bad_signature(message: str, at: int) -> VerificationError:
    return VerificationError.of(
        "IS710", message, "the record or the signature was changed after signing", path=f"signatures[{at}]"
    )
