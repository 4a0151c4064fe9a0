"""Receipts: what a leaf commits to, what a receipt shows, the script that needs nothing of ours, and every single bit."""

import io
import json
import subprocess
import sys
from contextlib import redirect_stdout
from hashlib import sha256
from pathlib import Path

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from record_signers import flipped, signer
from tree_samples import nodes_of, root_at

from infoshare.records.canonical import canonical
from infoshare.records.errors import RecordError, VerificationError
from infoshare.records.keys.public import KeyRing
from infoshare.records.log.checkpoint import Checkpoint, sign_checkpoint
from infoshare.records.log.commitment import commitment, digest_of, new_salt, record_leaf
from infoshare.records.log.envelope import cosign, seal
from infoshare.records.log.receipt import FORMAT, Receipt, verify_receipt
from infoshare.records.log.tree import inclusion_proof

ROOT = Path(__file__).parent.parent.parent
SCRIPT = ROOT / "examples" / "verify_receipt.py"
KEPT = ROOT / "tests" / "data" / "receipt-1"

ORIGIN = "records.example.org/2026"
LOG, MARIA, SAM, EVE = (
    signer(ORIGIN, 1),
    signer("maria@example.org", 2),
    signer("sam@example.org", 3),
    signer("eve@example.org", 4),
)
KNOWN = KeyRing((LOG.public, MARIA.public, SAM.public))


def envelope_of(number):
    return cosign(seal(canonical({"number": number, "who": "Zoë"}), MARIA), SAM).to_bytes()


def salt_of(number):
    return sha256(b"a fixed salt %d" % number).digest()


def id_of(number):
    return f"0198c0de-0000-7000-8000-{number:012d}"


SIZE = 11
ENVELOPES = [envelope_of(number) for number in range(SIZE)]
LEAVES = [record_leaf(salt_of(n), n, id_of(n), digest_of(ENVELOPES[n])) for n in range(SIZE)]
NODES = nodes_of(LEAVES.__getitem__)


def receipt_of(number, size=SIZE, *, envelope=False, log=LOG, origin=ORIGIN):
    return Receipt(
        record=id_of(number),
        index=number,
        salt=salt_of(number),
        envelope_sha256=digest_of(ENVELOPES[number]),
        proof=inclusion_proof(NODES, number, size),
        checkpoint=sign_checkpoint(Checkpoint(origin, size, root_at(NODES, size)), log),
        envelope=ENVELOPES[number] if envelope else None,
    )


def fault(*arguments, **named):
    with pytest.raises(VerificationError) as caught:
        verify_receipt(*arguments, **named)
    (found,) = caught.value.diagnostics
    assert found.help
    return found


def test_a_leaf_commits_to_salt_index_id_and_envelope_exactly_as_documented():
    # Written out from docs/records.md, so that the definition cannot drift.
    salt, record, envelope = bytes(range(32)), "0198c0de-0000-7000-8000-000000000005", b'{"payload":"e30="}'
    data = b"infoshare/leaf/1\x0a" + salt + b"\0\0\0\0\0\0\0\5" + sha256(record.encode()).digest()
    data += sha256(envelope).digest()
    assert len(data) == 17 + 32 + 8 + 32 + 32
    assert commitment(salt, 5, record, sha256(envelope).digest()) == sha256(data).digest()
    assert record_leaf(salt, 5, record, digest_of(envelope)) == sha256(b"\0" + sha256(data).digest()).digest()


@given(
    st.integers(0, 2**40),
    st.integers(0, 2**40),
    st.text(max_size=5),
    st.text(max_size=5),
    st.binary(max_size=5),
)
def test_another_salt_index_id_or_envelope_is_another_leaf(index, other, record, name, envelope):
    salt, digest = bytes(32), digest_of(envelope)
    leaf = record_leaf(salt, index, record, digest)
    assert (record_leaf(salt, other, record, digest) == leaf) is (other == index)
    assert (record_leaf(salt, index, name, digest) == leaf) is (name == record)
    assert record_leaf(salt, index, record, digest_of(envelope + b"x")) != leaf
    assert record_leaf(b"\1" + salt[1:], index, record, digest) != leaf


def test_the_same_envelope_twice_leaves_two_leaves_that_nobody_can_link():
    digest = digest_of(ENVELOPES[0])
    salts = {new_salt() for _ in range(100)}
    assert len(salts) == 100 and all(len(salt) == 32 for salt in salts)
    assert len({record_leaf(salt, 0, id_of(0), digest) for salt in salts}) == 100


@pytest.mark.parametrize(
    ("salt", "index", "digest"),
    [(b"", 0, bytes(32)), (bytes(33), 0, bytes(32)), (bytes(32), -1, bytes(32)), (bytes(32), 0, b"")],
)
def test_a_leaf_with_a_part_of_another_length_is_refused(salt, index, digest):
    with pytest.raises(ValueError, match="32 bytes"):
        commitment(salt, index, "x", digest)


@pytest.mark.parametrize("number", range(SIZE))
def test_every_receipt_at_every_size_shows_its_record(number):
    for size in range(number + 1, SIZE + 1):
        receipt = Receipt.from_bytes(receipt_of(number, size).to_bytes())
        shown = verify_receipt(receipt, KNOWN, origin=ORIGIN, envelope=ENVELOPES[number])
        assert (shown.record, shown.index, shown.checkpoint.size) == (id_of(number), number, size)
        assert shown.checkpoint_signed_by == (LOG.public.key_id,)
        assert shown.envelope_signed_by == (MARIA.public.key_id, SAM.public.key_id)
        assert shown.envelope is not None and shown.envelope.to_bytes() == ENVELOPES[number]


def test_without_an_envelope_it_is_shown_that_there_is_a_record_and_not_who_signed_it():
    shown = verify_receipt(receipt_of(3), KeyRing((LOG.public,)))
    assert (shown.envelope, shown.envelope_signed_by) == (None, ())


def test_a_receipt_may_carry_its_envelope():
    receipt = Receipt.from_bytes(receipt_of(3, envelope=True).to_bytes())
    assert receipt.envelope == ENVELOPES[3]
    assert verify_receipt(receipt, KNOWN).envelope_signed_by == (MARIA.public.key_id, SAM.public.key_id)
    assert verify_receipt(receipt, KNOWN, envelope=ENVELOPES[3]).record == id_of(3)


def test_a_line_end_after_a_receipt_is_passed_over_and_only_one():
    data = receipt_of(3).to_bytes()
    assert Receipt.from_bytes(data + b"\n") == Receipt.from_bytes(data)
    with pytest.raises(VerificationError):
        Receipt.from_bytes(data + b"\n\n")


def test_the_envelope_of_another_record_is_not_the_one_that_the_receipt_is_for():
    found = fault(receipt_of(3), KNOWN, envelope=ENVELOPES[4])
    assert (found.code, found.path) == ("IS716", "envelope")
    found = fault(receipt_of(3, envelope=True), KNOWN, envelope=ENVELOPES[4])
    assert (found.code, found.path) == ("IS716", "envelope")


def test_an_envelope_that_nobody_known_signed_is_not_enough():
    found = fault(receipt_of(3), KeyRing((LOG.public, EVE.public)), envelope=ENVELOPES[3])
    assert (found.code, found.path) == ("IS711", "envelope.signatures")


def test_parts_of_two_receipts_do_not_make_one():
    three, four = receipt_of(3), receipt_of(4)
    for name in ("record", "index", "salt", "envelope_sha256"):
        mixed = attrs.evolve(three, **{name: getattr(four, name)})
        found = fault(mixed, KNOWN)
        assert (found.code, found.path) == ("IS716", "leaf")
        # With the leaf made to fit, the proof gives it away.
        fitting = attrs.evolve(
            mixed, leaf=record_leaf(mixed.salt, mixed.index, mixed.record, mixed.envelope_sha256)
        )
        assert fault(fitting, KNOWN).code == "IS705"
    assert fault(attrs.evolve(three, proof=four.proof), KNOWN).path == "proof"
    assert fault(attrs.evolve(three, leaf=four.leaf), KNOWN).path == "leaf"
    assert fault(attrs.evolve(three, checkpoint=receipt_of(3, 5).checkpoint), KNOWN).code == "IS705"
    assert fault(attrs.evolve(receipt_of(9), checkpoint=receipt_of(3, 5).checkpoint), KNOWN).path == "index"


def test_a_proof_with_more_or_fewer_hashes_is_refused():
    receipt = receipt_of(3)
    for proof in (
        receipt.proof[:-1],
        receipt.proof[1:],
        (*receipt.proof, receipt.leaf),
        (receipt.leaf, *receipt.proof),
        (),
    ):
        assert fault(attrs.evolve(receipt, proof=proof), KNOWN).path == "proof"


def test_a_checkpoint_of_another_log_or_by_another_key_is_refused():
    other = signer("records.example.org/2025", 5)
    receipt = receipt_of(3, log=other, origin="records.example.org/2025")
    assert fault(receipt, KNOWN).path == "checkpoint.signatures"
    known = KNOWN.plus(other.public)
    assert verify_receipt(receipt, known).checkpoint.origin == "records.example.org/2025"
    found = fault(receipt, known, origin=ORIGIN)
    assert (found.code, found.path) == ("IS713", "checkpoint.origin")
    impostor = receipt_of(3, log=signer(ORIGIN, 6))
    assert fault(impostor, KNOWN).code == "IS711"


def test_an_erased_record_leaves_every_other_receipt_standing_and_nothing_to_guess_from():
    kept = receipt_of(8)
    # Erased: salt and envelope of record 3 are destroyed, its leaf hash stays.
    leaves = {n: LEAVES[n] for n in range(SIZE)}
    assert inclusion_proof(nodes_of(leaves.__getitem__), 8, SIZE) == kept.proof
    assert verify_receipt(kept, KNOWN).record == id_of(8)
    # Who knows envelope, index and id, and not the salt, cannot tell whether the leaf stood for them.
    guesses = {
        record_leaf(salt, 3, id_of(3), digest_of(ENVELOPES[3]))
        for salt in (bytes(32), salt_of(2), new_salt())
    }
    assert LEAVES[3] not in guesses


PART = {
    "checkpoint": ("checkpoint", {"IS710", "IS711", "IS712", "IS713"}),
    "envelope": ("envelope", {"IS714", "IS716"}),
    "envelope_sha256": ("leaf", {"IS716"}),
    "index": ("leaf", {"IS716"}),
    "leaf": ("leaf", {"IS716"}),
    "proof": ("proof", {"IS705"}),
    "record": ("leaf", {"IS716"}),
    "salt": ("leaf", {"IS716"}),
}


def field_at(data, at):
    """The field of a receipt whose value the byte lies in, or None for a name or a sign of JSON."""
    decoder, text = json.JSONDecoder(), data.decode()
    starts = {f'"{name}":': name for name in (*PART, "format")}
    for start, name in starts.items():
        begin = text.index(start) + len(start)
        _, end = decoder.raw_decode(text, begin)
        first, last = len(text[:begin].encode()), len(text[:end].encode())
        if first <= at < last and data[at : at + 1] not in b'"[],':
            return name
    return None


def test_every_flipped_bit_of_a_receipt_is_found_and_the_part_that_is_wrong_named():
    data = receipt_of(6, envelope=True).to_bytes()
    named = set()
    fields = [field_at(data, at) for at in range(len(data))]
    for at, bit, changed in flipped(data):
        with pytest.raises(VerificationError) as caught:
            verify_receipt(Receipt.from_bytes(changed), KNOWN, origin=ORIGIN)
        (found,) = caught.value.diagnostics
        assert found.help, (at, bit)
        if (field := fields[at]) in PART and found.code not in {"IS704", "IS714"}:
            part, codes = PART[field]
            assert found.path is not None and found.path.startswith(part), (at, bit, field, found)
            assert found.code in codes, (at, bit, field, found)
            named.add(field)
        elif found.code == "IS714" and field is not None:
            assert found.path is not None and found.path.startswith(field), (at, bit, field, found)
    assert named == set(PART)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("format", "infoshare.receipt/2"),
        ("format", 1),
        ("index", "3"),
        ("index", True),
        ("index", -1),
        ("index", 2**53 - 1),
        ("index", None),
        ("leaf", "AB" * 32),
        ("leaf", "ab" * 31),
        ("leaf", 7),
        ("salt", "ab" * 33),
        ("salt", ""),
        ("envelope_sha256", "zz" * 32),
        ("envelope_sha256", [1]),
        ("proof", "ab" * 32),
        ("proof", ["ab" * 31]),
        ("proof", [["ab" * 32]]),
        ("proof", ["ab" * 32] * 64),
        ("record", ""),
        ("record", "x" * 201),
        ("record", 3),
        ("checkpoint", None),
        ("envelope", None),
        ("envelope", "QR=="),
        ("extra", 1),
    ],
)
def test_what_is_not_written_as_a_receipt_is_refused_with_the_field(name, value):
    fields = json.loads(receipt_of(3).to_bytes())
    fields[name] = value
    with pytest.raises(VerificationError) as caught:
        Receipt.from_bytes(canonical(fields))
    (found,) = caught.value.diagnostics
    assert found.code == "IS714" and found.path is not None and found.path.startswith(name)


@pytest.mark.parametrize(
    "name", ["checkpoint", "envelope_sha256", "format", "index", "leaf", "proof", "record", "salt"]
)
def test_a_receipt_without_one_of_its_fields_is_refused(name):
    fields = json.loads(receipt_of(3).to_bytes())
    del fields[name]
    with pytest.raises(VerificationError) as caught:
        Receipt.from_bytes(canonical(fields))
    assert caught.value.diagnostics[0].path == name


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"null", b"7", b"not a receipt"])
def test_other_data_is_no_receipt(data):
    with pytest.raises(VerificationError) as caught:
        Receipt.from_bytes(data)
    assert caught.value.diagnostics[0].code in {"IS704", "IS714"}


def test_neither_repr_nor_message_shows_salt_or_envelope():
    receipt = receipt_of(3, envelope=True)
    assert repr(receipt.salt) not in repr(receipt) and "number" not in repr(receipt)
    assert receipt.salt.hex() not in str(fault(attrs.evolve(receipt, index=4), KNOWN))


def test_a_receipt_of_the_first_format_that_was_kept_verifies_for_ever():
    keys = KeyRing.from_text((KEPT / "keys.txt").read_text(encoding="utf-8"))
    receipt = Receipt.from_bytes((KEPT / "receipt.json").read_bytes())
    shown = verify_receipt(receipt, keys, origin=ORIGIN, envelope=(KEPT / "envelope.json").read_bytes())
    assert (shown.record, shown.index, shown.checkpoint.size) == (id_of(6), 6, SIZE)
    assert shown.envelope_signed_by == (MARIA.public.key_id, SAM.public.key_id)
    assert FORMAT == "infoshare.receipt/1"


def test_the_example_of_the_documents_is_the_receipt_that_was_kept():
    page = (ROOT / "docs" / "records.md").read_text(encoding="utf-8").partition("An example to try")[2]
    keys, checkpoint, rest = [block.partition("\n```")[0] + "\n" for block in page.split("```text\n")[1:]]
    fields = json.loads((KEPT / "receipt.json").read_bytes())
    assert keys == (KEPT / "keys.txt").read_text(encoding="utf-8")
    assert checkpoint == fields.pop("checkpoint")
    assert fields.pop("format") == FORMAT
    told = {words[0]: words[1:] for words in map(str.split, rest.replace("\n    ", " ").splitlines())}
    assert told == {
        name: list(map(str, value if isinstance(value, list) else [value])) for name, value in fields.items()
    }


# The script: no line of it is ours but what it reads.


@pytest.fixture
def files(tmp_path):
    (tmp_path / "receipt.json").write_bytes(receipt_of(6).to_bytes())
    (tmp_path / "whole.json").write_bytes(receipt_of(6, envelope=True).to_bytes() + b"\n")
    (tmp_path / "envelope.json").write_bytes(ENVELOPES[6])
    (tmp_path / "other.json").write_bytes(ENVELOPES[5])
    (tmp_path / "keys.txt").write_text("# those that we know\n" + KNOWN.to_text(), encoding="utf-8")
    (tmp_path / "log.txt").write_text(LOG.public.to_text(), encoding="utf-8")
    (tmp_path / "eve.txt").write_text(EVE.public.to_text(), encoding="utf-8")
    return tmp_path


def run_script(folder, *names):
    return subprocess.run(
        [sys.executable, "-I", SCRIPT, *names],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_the_script_has_at_most_sixty_lines_and_imports_cryptography_and_the_standard_library_alone():
    text = SCRIPT.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 60
    imported = {
        line.split()[1].partition(".")[0]
        for line in text.splitlines()
        if line.startswith(("import ", "from "))
    }
    assert imported - set(sys.stdlib_module_names) == {"cryptography"}
    assert "import" not in "".join(line for line in text.splitlines() if line.startswith(" "))


@pytest.mark.parametrize("names", [("whole.json", "keys.txt"), ("receipt.json", "keys.txt", "envelope.json")])
def test_the_script_verifies_a_receipt_and_says_who_signed_the_record(names, files):
    done = run_script(files, *names)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == f"record {id_of(6)} is in {ORIGIN}"
    assert lines[1:] == [f"signed by {MARIA.public.key_id}", f"signed by {SAM.public.key_id}"]


def test_the_script_verifies_a_receipt_alone_with_the_key_of_the_log():
    done = run_script(KEPT, "receipt.json", "keys.txt")
    assert (done.returncode, done.stdout) == (0, f"record {id_of(6)} is in {ORIGIN}\n")


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("receipt.json", "eve.txt"), "the log did not sign it"),
        (("receipt.json", "keys.txt", "other.json"), "another one"),
        (("receipt.json", "log.txt", "envelope.json"), "no known key signed it"),
        (("envelope.json", "keys.txt"), "bytes"),
        (("keys.txt", "keys.txt"), "JSONDecodeError"),
        (("receipt.json", "receipt.json"), "the log did not sign it"),
        (("gone.json", "keys.txt"), "FileNotFoundError"),
    ],
)
def test_the_script_refuses_in_one_line_that_names_the_part(names, said, files):
    done = run_script(files, *names)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("does not verify: ") and said in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.fixture
def script_says(monkeypatch):
    """(receipt) -> whether the script, in this process and with files that lie in memory, says yes."""
    code = compile(SCRIPT.read_text(encoding="utf-8"), str(SCRIPT), "exec")
    contents = {"keys.txt": KNOWN.to_text().encode()}
    monkeypatch.setattr(Path, "read_bytes", lambda path: contents[path.name])
    monkeypatch.setattr(sys, "argv", [str(SCRIPT), "receipt.json", "keys.txt"])

    def says(receipt):
        contents["receipt.json"] = receipt
        hook, out = sys.excepthook, io.StringIO()
        try:
            with redirect_stdout(out):
                exec(code, {"__name__": "__main__"})
        except Exception:  # noqa: BLE001 - whatever it raises, the hook tells
            return False
        finally:
            sys.excepthook = hook
        return bool(out.getvalue())

    return says


def test_the_script_finds_every_flipped_bit_of_a_receipt_too(script_says):
    data, whole = receipt_of(6).to_bytes(), receipt_of(6, envelope=True).to_bytes()
    assert script_says(data) and script_says(whole)
    for at, bit, changed in flipped(data):
        assert not script_says(changed), (at, bit)
    start = whole.index(b'"envelope":')
    for at, bit, changed in flipped(whole[start : start + 60]):
        assert not script_says(whole[:start] + changed + whole[start + 60 :]), (at, bit)


def test_neither_the_script_nor_the_library_accepts_a_signature_that_stands_twice(script_says):
    data = json.loads(receipt_of(6).to_bytes())
    _, _, lines = data["checkpoint"].rpartition("\n\n")
    data["checkpoint"] += lines.splitlines(keepends=True)[0]
    twice = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    assert script_says(receipt_of(6).to_bytes())
    assert not script_says(twice)
    with pytest.raises((RecordError, VerificationError)):
        verify_receipt(Receipt.from_bytes(twice), KNOWN)


def test_the_script_and_the_library_agree_on_every_receipt_at_every_size(script_says):
    for size in range(1, SIZE + 1):
        for number in range(size):
            receipt = receipt_of(number, size)
            assert script_says(receipt.to_bytes())
            longer = attrs.evolve(receipt, proof=(*receipt.proof, receipt.leaf))
            for changed in (longer, attrs.evolve(receipt, proof=receipt.proof[:-1])):
                assert changed == receipt or not script_says(changed.to_bytes())
