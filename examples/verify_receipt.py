"""Verifies a receipt of infoshare, offline, with nothing but `cryptography` and the standard library.

python verify_receipt.py RECEIPT KEYS [ENVELOPE]
KEYS holds the public keys of the log and of whoever signed; docs/records.md tells what is checked, and why.
"""

import json
import re
import sys
from base64 import b64decode, b64encode
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def _must(holds: object, what: str) -> None:
    if not holds:
        raise ValueError(what)


def _signers(signatures: list[tuple[str, bytes]], data: bytes) -> list[str]:
    _must(len(dict(signatures)) == len(signatures), "signatures, a key has signed twice")
    return [key_id for key_id, value in signatures if key_id in keys and not keys[key_id].verify(value, data)]


sys.excepthook = lambda kind, error, _: print("does not verify:", kind.__name__, error, file=sys.stderr)
data, public, *envelopes = [Path(name).read_bytes() for name in sys.argv[1:]]
vkeys = re.findall(r"^([^+\s]+\+[0-9a-f]{8})\+(\S+)$", public.decode(), re.MULTILINE)
keys = {key_id: Ed25519PublicKey.from_public_bytes(b64decode(key)[1:]) for key_id, key in vkeys}
receipt = json.loads(data)
written = json.dumps(receipt, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
inside = receipt.pop("envelope", "")
envelopes += [b64decode(inside)] * bool(inside)
_must(b64encode(b64decode(inside)).decode() == inside, "envelope")
_must([written, len(receipt)] == [data.removesuffix(b"\n"), 8], "bytes")
text, _, lines = receipt["checkpoint"].rpartition("\n\n")  # C2SP signed-note, tlog-checkpoint
origin, size, root = text.split("\n")[:3]
notes = [(line.split(" ")[1], b64decode(line.split(" ")[2])) for line in lines.splitlines()]
_must(lines == "".join(f"\u2014 {name} {b64encode(value).decode()}\n" for name, value in notes), "checkpoint")
by = _signers([(f"{name}+{value[:4].hex()}", value[4:]) for name, value in notes], f"{text}\n".encode())
_must(origin in [key_id.rpartition("+")[0] for key_id in by], "checkpoint, the log did not sign it")
digits = [receipt["salt"], receipt["envelope_sha256"], *receipt["proof"]]
salt, digest, *proof = parts = [bytes.fromhex(each) for each in digits]
index, record = receipt["index"], sha256(receipt["record"].encode()).digest()
leaf = sha256(b"infoshare/leaf/1\n" + salt + index.to_bytes(8, "big") + record + digest).digest()
found = sha256(b"\0" + leaf).digest()  # RFC 9162, section 2.1: hashes from either side, then from the left
inner = (index ^ int(size) - 1).bit_length()
_must(digits == [each.hex() for each in parts] and receipt["leaf"] == found.hex(), "leaf")
_must(index < int(size) and len(proof) == inner + (index >> inner).bit_count(), "index, or proof")
for level, step in enumerate(proof):
    found = sha256(b"\1" + (step + found if level >= inner or index >> level & 1 else found + step)).digest()
_must(found == b64decode(root) and receipt["format"] == "infoshare.receipt/1", "proof, or format")
for envelope, sealed in [(each, json.loads(each)) for each in envelopes]:  # DSSE
    _must(sha256(envelope).digest() == digest, "envelope, it is another one")
    kind, payload = sealed["payloadType"].encode(), b64decode(sealed["payload"])
    signed = [(each["keyid"], b64decode(each["sig"])) for each in sealed["signatures"]]
    people = _signers(signed, b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload))
    _must(people, "envelope, no known key signed it")
print(f"record {receipt['record']} is in {origin}", *(people if envelopes else []), sep="\nsigned by ")
