"""Text signed by one or more keys, and the text that a log signs: its size and its root.

C2SP signed-note (c2sp.org/signed-note) and tlog-checkpoint (c2sp.org/tlog-checkpoint), so that tools of others, and
outside witnesses, read them. Three rules more than those ask: a note holds at most 16 signatures, none of them twice by
one key, and a checkpoint counts only if a known key signed it whose name is the log's origin. A practitioner's key in the same
ring can thus never vouch for a log.
Invariant: what `open_note` and `open_checkpoint` return was signed by a known key.
Deliberately not here: proofs (`tree`), and whether a log signed two checkpoints that disagree (its ledger sees to that).
"""

import re
from collections.abc import Sequence

import attrs

from infoshare.records.canonical import from_base64, to_base64
from infoshare.records.errors import RecordError, VerificationError, error_of
from infoshare.records.keys.public import KeyRing, Signer
from infoshare.records.log.envelope import sign_checked
from infoshare.records.log.tree import HASH_SIZE, LARGEST_SIZE

_malformed = error_of(
    VerificationError, "IS712", "this is not a signed checkpoint: ", "use the text exactly as it was signed"
)

SIGNATURE_LIMIT = 16
SIZE_LIMIT = 256 * 1024
"""Sixteen signatures of algorithms to come, of 5 kB each, fit well."""

_DASH = "\u2014"
_LINE = re.compile(rf"{_DASH} (?P<name>[^ ]+) (?P<signature>[A-Za-z0-9+/]+={{0,2}})")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


@attrs.frozen
class Checkpoint:
    """What a log says of itself: `size` entries, and the root over them.

    Attributes:
        origin: the name of the log, such as `records.example.org/2026`; the key that signs bears it.
        size: number of leaves.
        root: 32 bytes.
        extensions: further lines, opaque; better none.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __attrs_post_init__(self) -> None:
        if not self.origin or "\n" in self.origin or _CONTROL.search(self.origin):
            raise RecordError.of("IS712", "the origin of a log is not empty and holds no line end")
        if not 0 <= self.size <= LARGEST_SIZE or len(self.root) != HASH_SIZE:
            raise RecordError.of(
                "IS712", "a checkpoint has a size that is not negative, and a root of 32 bytes"
            )
        if any(not line or "\n" in line or _CONTROL.search(line) for line in self.extensions):
            raise RecordError.of("IS712", "a further line of a checkpoint is not empty and holds no line end")

    def to_text(self) -> str:
        """The lines that are signed."""
        return "\n".join([self.origin, str(self.size), to_base64(self.root), *self.extensions]) + "\n"

    @classmethod
    def from_text(cls, text: str) -> "Checkpoint":
        """The checkpoint in the text of a note.

        Raises:
            VerificationError: IS712, the text is not one.
        """
        lines = text.split("\n")
        if len(lines) < 4 or lines.pop() != "" or not all(lines):
            raise _malformed("a checkpoint has a line each for origin, size and root, and no empty one")
        origin, size, root, *extensions = lines
        if not _SIZE.fullmatch(size) or int(size) > LARGEST_SIZE:
            raise _malformed("the second line of a checkpoint is the number of entries", "size")
        try:
            return cls(origin, int(size), from_base64(root), tuple(extensions))
        except (ValueError, RecordError):
            raise _malformed("origin or root of the checkpoint cannot be right", "root") from None


@attrs.frozen
class OpenNote:
    """A text, and the ids of the known keys that signed it, in the order of the signatures; at least one."""

    text: str
    signed_by: tuple[str, ...]


@attrs.frozen
class OpenCheckpoint:
    """A checkpoint, and the ids of the known keys that signed it; the log's own is among them."""

    checkpoint: Checkpoint
    signed_by: tuple[str, ...]


def sign_note(text: str, *signers: Signer) -> bytes:
    """The signed note of a text.

    Args:
        text: ends with a line end; the only control character in it is the line end.
        signers: one to sixteen.

    Raises:
        RecordError: IS712, the text cannot be a note; IS710, a signer gave what does not verify.
    """
    if not text.endswith("\n") or _CONTROL.search(text):
        raise RecordError.of(
            "IS712", "the text of a note ends with a line end and holds no tab or other hidden character"
        )
    if not 0 < len(signers) <= SIGNATURE_LIMIT:
        raise RecordError.of("IS712", f"a note has one signature at least and {SIGNATURE_LIMIT} at most")
    _sign_once([signer.public.key_id for signer in signers])
    try:
        data = text.encode()
    except UnicodeEncodeError:
        raise RecordError.of("IS712", "the text of a note holds half of a character") from None
    return data + b"\n" + b"".join(_signature_line(data, signer) for signer in signers)


def add_signature(note: bytes, signer: Signer) -> bytes:
    """A note with one signature more, such as that of a witness. What is there already is left as it is.

    Raises:
        VerificationError: IS712, this is not a signed note.
        RecordError: IS712, it has sixteen already.
    """
    text, signatures = _split(note)
    if len(signatures) >= SIGNATURE_LIMIT:
        raise RecordError.of("IS712", f"a note has at most {SIGNATURE_LIMIT} signatures")
    _sign_once((signer.public.key_id, *(f"{name}+{value[:4].hex()}" for name, value in signatures)))
    return note + _signature_line(text.encode(), signer)


def open_note(data: bytes, keys: KeyRing) -> OpenNote:
    """The text of a note that a known key signed.

    Signatures by unknown keys are passed over, also if they share a name or a number with a known one.

    Raises:
        VerificationError: IS712, this is not a signed note; IS710, a signature by a known key does not verify;
            IS711, none is by a known key.
    """
    text, signatures = _split(data)
    found: dict[str, None] = {}
    for at, (name, value) in enumerate(signatures):
        key = keys.get(f"{name}+{value[:4].hex()}")
        if key is None:
            continue
        if not key.verify(text.encode(), value[4:]):
            raise VerificationError.of(
                "IS710",
                f"the signature of `{key.key_id}` does not match the text above it",
                "the text or the signature was changed after signing",
                path=f"signatures[{at}]",
            )
        found[key.key_id] = None
    if not found:
        raise VerificationError.of(
            "IS711",
            "no signature is by a key that is known here",
            "give the public key of the log",
            path="signatures",
        )
    return OpenNote(text, tuple(found))


def sign_checkpoint(checkpoint: Checkpoint, signer: Signer, *witnesses: Signer) -> bytes:
    """The signed note of a checkpoint.

    Args:
        checkpoint: what the log says.
        signer: the log's own; its name is the origin.
        witnesses: whoever signs as well.

    Raises:
        RecordError: IS713, the key is not that of this log.
    """
    if signer.public.name != checkpoint.origin:
        raise RecordError.of(
            "IS713",
            f"the key `{signer.public.key_id}` does not bear the name of the log `{checkpoint.origin}`",
        )
    return sign_note(checkpoint.to_text(), signer, *witnesses)


def open_checkpoint(data: bytes, keys: KeyRing, *, origin: str | None = None) -> OpenCheckpoint:
    """The checkpoint in a note that the log's own key signed.

    Args:
        data: the signed note.
        keys: those that are known.
        origin: of the log that is meant; None accepts any log whose own key is known.

    Raises:
        VerificationError: as for `open_note`; IS713, it is of another log, or the log's own key did not sign.
    """
    note = open_note(data, keys)
    checkpoint = Checkpoint.from_text(note.text)
    if origin is not None and checkpoint.origin != origin:
        raise VerificationError.of(
            "IS713",
            f"this is of the log `{checkpoint.origin}`, and not of `{origin}`",
            "ask for the receipt or checkpoint of the right log",
            path="origin",
        )
    if not any(key_id.rpartition("+")[0] == checkpoint.origin for key_id in note.signed_by):
        raise VerificationError.of(
            "IS713",
            f"no known key with the name of the log, `{checkpoint.origin}`, signed this checkpoint",
            "give the public key of the log itself",
            path="origin",
        )
    return OpenCheckpoint(checkpoint, note.signed_by)


def _sign_once(key_ids: Sequence[str]) -> None:
    if len(set(key_ids)) != len(key_ids):
        raise RecordError.of(
            "IS712", "a note is signed once by each key", "leave out the key that stands twice"
        )


def _signature_line(data: bytes, signer: Signer) -> bytes:
    key = signer.public
    return f"{_DASH} {key.name} {to_base64(key.hash + sign_checked(signer, data))}\n".encode()


def _split(data: bytes) -> tuple[str, Sequence[tuple[str, bytes]]]:
    """The text of a note, and of each signature the name, and number and signature together."""
    if len(data) > SIZE_LIMIT:
        raise _malformed(f"a note has at most {SIZE_LIMIT // 1024} kB")
    try:
        whole = data.decode()
    except UnicodeDecodeError as error:
        raise _malformed(f"byte {error.start} is not UTF-8") from None
    if found := _CONTROL.search(whole):
        raise _malformed(
            f"it holds a tab, a carriage return or another hidden character (at {found.start()})", None
        )
    text, blank, lines = whole.rpartition("\n\n")
    if not blank or not lines.endswith("\n"):
        raise _malformed(
            "it has no signature after an empty line, or does not end with a line end", "signatures"
        )
    signatures = [_read_line(line, at) for at, line in enumerate(lines[:-1].split("\n"))]
    if len(signatures) > SIGNATURE_LIMIT:
        raise _malformed(f"it has more than {SIGNATURE_LIMIT} signatures", "signatures")
    if len({(name, value[:4]) for name, value in signatures}) != len(signatures):
        # One more line would make other bytes of what says the same.
        raise _malformed("a key has signed twice", "signatures")
    return text + "\n", signatures


def _read_line(line: str, at: int) -> tuple[str, bytes]:
    match = _LINE.fullmatch(line)
    if not match or "+" in match["name"] or any(c.isspace() for c in match["name"]):
        raise _malformed(
            "a signature is a dash, a name without spaces and plus signs, and base64", f"signatures[{at}]"
        )
    try:
        value = from_base64(match["signature"])
    except ValueError:
        raise _malformed("the signature is not base64 in its one form", f"signatures[{at}]") from None
    if len(value) <= 4:
        raise _malformed("the signature is too short", f"signatures[{at}]")
    return match["name"], value
