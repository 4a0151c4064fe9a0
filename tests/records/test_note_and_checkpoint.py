"""Signed notes and checkpoints: the examples of C2SP, every rule of the two specifications, and every single bit."""

import pytest
from record_signers import SeedSigner, flipped, signer

from infoshare.records.canonical import from_base64, to_base64
from infoshare.records.errors import RecordError, VerificationError
from infoshare.records.keys.public import KeyRing, PublicKey
from infoshare.records.log.checkpoint import (
    SIGNATURE_LIMIT,
    Checkpoint,
    add_signature,
    open_checkpoint,
    open_note,
    sign_checkpoint,
    sign_note,
)
from infoshare.records.log.tree import EMPTY_ROOT

# golang.org/x/mod, sumdb/note/note_test.go: two keys, the seed of the first, a text and both signatures over it.
PETER = PublicKey.from_text("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
ENOCH = PublicKey.from_text("EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop")
PETER_SIGNS = SeedSigner("PeterNeumann", from_base64("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:])
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
PETER_LINE = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
ENOCH_LINE = "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"
NOTE = f"{TEXT}\n{PETER_LINE}"

# c2sp.org/signed-note and c2sp.org/tlog-checkpoint
SALVATORE = (
    "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n"
    "— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n"
)
SOFA = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
)

ORIGIN = "log.example.org/2026"
LOG, WITNESS, MARIA = signer(ORIGIN, 1), signer("witness.example.net", 2), signer("maria@example.org", 3)
KNOWN = KeyRing((LOG.public, WITNESS.public, MARIA.public))
CHECKPOINT = Checkpoint(ORIGIN, 7, bytes(range(32)))


def ring(*keys):
    return KeyRing(keys)


def fault(make, *arguments, error=VerificationError, **named):
    with pytest.raises(error) as caught:
        make(*arguments, **named)
    (found,) = caught.value.diagnostics
    assert found.message
    return found


def test_signing_gives_the_published_note():
    assert PETER_SIGNS.public == PETER
    assert sign_note(TEXT, PETER_SIGNS).decode() == NOTE


def test_the_published_notes_open_with_their_keys():
    assert open_note(NOTE.encode(), ring(PETER)).text == TEXT
    both = (NOTE + ENOCH_LINE).encode()
    assert open_note(both, ring(PETER, ENOCH)).signed_by == (PETER.key_id, ENOCH.key_id)
    assert open_note(both, ring(ENOCH)).signed_by == (ENOCH.key_id,)
    assert open_note(both, ring(PETER)).signed_by == (PETER.key_id,)


def test_a_note_without_a_signature_by_a_known_key_is_refused():
    for keys in (ring(), ring(ENOCH)):
        assert fault(open_note, NOTE.encode(), keys).code == "IS711"


@pytest.mark.parametrize(
    "data",
    [
        TEXT,
        f"{TEXT}\n",
        f"{TEXT}\n{PETER_LINE[:-1]}",
        f"\x01{TEXT}\n{PETER_LINE}",
        f"{TEXT}\n— Bad Name {PETER_LINE.split()[2]}",
        f"{TEXT}\n{PETER_LINE}Unexpected line.\n",
    ],
)
def test_the_published_malformed_notes_are_refused(data):
    assert fault(open_note, data.encode(), ring(PETER)).code == "IS712"


def test_bytes_that_are_not_utf_8_are_no_note():
    assert "UTF-8" in fault(open_note, b"\xff" + NOTE.encode(), ring(PETER)).message


@pytest.mark.parametrize("example", [SALVATORE, SOFA])
def test_the_examples_of_the_specifications_are_notes_by_keys_that_are_not_known_here(example):
    assert fault(open_note, example.encode(), KNOWN).code == "IS711"


def test_the_text_of_a_note_goes_up_to_its_last_empty_line():
    text = SALVATORE.rpartition("\n\n")[0] + "\n"
    assert open_note(sign_note(text, MARIA), KNOWN).text == text
    assert "\n\n" in text


def test_the_checkpoint_of_the_specification_is_read_and_written_back():
    text = SOFA.rpartition("\n\n")[0] + "\n"
    read = Checkpoint.from_text(text)
    assert (read.origin, read.size) == ("example.com/behind-the-sofa", 20852163)
    assert to_base64(read.root) == "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
    assert read.to_text() == text


def test_a_key_that_shares_only_its_name_or_only_its_number_is_unknown():
    value = from_base64(PETER_LINE.split()[2])
    other_number = f"— PeterNeumann {to_base64(bytes(4) + value[4:])}\n"
    other_name = PETER_LINE.replace("PeterNeumann", "CarmenSandiego")
    for line in (other_number, other_name):
        assert fault(open_note, f"{TEXT}\n{line}".encode(), ring(PETER)).code == "IS711"
        assert open_note(f"{TEXT}\n{line}{PETER_LINE}".encode(), ring(PETER)).signed_by == (PETER.key_id,)


def test_a_bad_signature_by_a_known_key_rejects_the_note_although_another_is_good():
    bad = f"— EnochRoot {to_base64(ENOCH.hash + bytes(64))}\n"
    found = fault(open_note, f"{TEXT}\n{PETER_LINE}{bad}".encode(), ring(PETER, ENOCH))
    assert (found.code, found.path) == ("IS710", "signatures[1]")
    assert open_note(f"{TEXT}\n{PETER_LINE}{bad}".encode(), ring(PETER)).signed_by == (PETER.key_id,)


@pytest.mark.parametrize("size", [0, 1, 63, 65, 2420])
def test_a_signature_of_another_length_by_a_known_key_is_bad_and_by_an_unknown_key_passed_over(size):
    line = f"— PeterNeumann {to_base64(PETER.hash + bytes(size))}\n"
    assert fault(open_note, f"{TEXT}\n{line}".encode(), ring(PETER)).code in {"IS710", "IS712"}
    if size:
        assert open_note(f"{TEXT}\n{line}{ENOCH_LINE}".encode(), ring(ENOCH)).signed_by == (ENOCH.key_id,)


def test_sixteen_long_signatures_by_keys_of_names_that_only_others_use_are_passed_over():
    names = ["x" * 300, "zero\u200bwidth", "prüfer", "見", *map(str, range(11))]
    lines = "".join(f"— {name} {to_base64(bytes(4) + bytes(5000))}\n" for name in names)
    assert open_note(f"{TEXT}\n{lines}{PETER_LINE}".encode(), ring(PETER)).signed_by == (PETER.key_id,)


@pytest.mark.parametrize(
    "lines", [PETER_LINE * 2, PETER_LINE + ENOCH_LINE * 2, ENOCH_LINE + PETER_LINE + ENOCH_LINE]
)
def test_a_signature_line_that_is_repeated_is_refused_whether_its_key_is_known_or_not(lines):
    found = fault(open_note, f"{TEXT}\n{lines}".encode(), ring(PETER))
    assert (found.code, found.path) == ("IS712", "signatures") and "signed twice" in found.message


def test_a_note_is_not_signed_twice_by_one_key():
    with pytest.raises(RecordError):
        add_signature(NOTE.encode(), PETER_SIGNS)
    with pytest.raises(RecordError):
        sign_note(TEXT, PETER_SIGNS, PETER_SIGNS)


def test_sixteen_signatures_are_taken_and_seventeen_refused():
    unknown = [signer(f"witness-{number}", number + 10) for number in range(16)]
    note = sign_note(TEXT, PETER_SIGNS, *unknown[:15])
    assert open_note(note, ring(PETER)).signed_by == (PETER.key_id,)
    line = sign_note(TEXT, unknown[15]).decode().rpartition("\n\n")[2]
    assert "more than 16" in fault(open_note, note + line.encode(), ring(PETER)).message
    assert SIGNATURE_LIMIT == 16
    assert fault(sign_note, TEXT, PETER_SIGNS, *unknown, error=RecordError).code == "IS712"
    assert fault(add_signature, note, unknown[15], error=RecordError).code == "IS712"


@pytest.mark.parametrize("character", [chr(number) for number in range(32) if number != 10])
@pytest.mark.parametrize("place", ["text", "blank", "name", "signature", "end"])
def test_a_control_character_anywhere_but_the_line_end_is_refused(character, place):
    data = {
        "text": NOTE.replace("answer", f"ans{character}wer"),
        "blank": NOTE.replace("\n\n", f"\n{character}\n"),
        "name": NOTE.replace("PeterN", f"Peter{character}N"),
        "signature": NOTE.replace("x08g", f"x0{character}8g"),
        "end": NOTE[:-1] + character + "\n",
    }[place]
    assert fault(open_note, data.encode(), ring(PETER)).code == "IS712"


def test_a_text_that_cannot_be_a_note_is_not_signed():
    for text in ("no line end", "tab\t\n", "return\r\n", "", "nul\0\n", "half \ud800\n"):
        assert fault(sign_note, text, MARIA, error=RecordError).code == "IS712"
    assert fault(sign_note, TEXT, error=RecordError).code == "IS712"


@pytest.mark.parametrize(
    "line",
    [
        PETER_LINE.replace("— ", "- "),
        PETER_LINE.replace("— ", "—"),
        PETER_LINE.replace("— ", "—  "),
        PETER_LINE.replace("— ", "—\u00a0"),
        PETER_LINE.replace("PeterNeumann", "Peter\u00a0Neumann"),
        PETER_LINE.replace("PeterNeumann", "Peter+Neumann"),
        PETER_LINE.replace("PeterNeumann ", ""),
        PETER_LINE.replace("PeterNeumann ", "PeterNeumann  "),
        PETER_LINE.replace("=\n", "\n"),
        PETER_LINE.replace("=\n", "==\n"),
        PETER_LINE.replace("M=\n", "N=\n"),  # the unused bits of the last letter
        PETER_LINE.replace("=\n", "= \n"),
        PETER_LINE.replace("x08g", "x0-g"),
        PETER_LINE.replace("x08g", "x08=g"),
        "— PeterNeumann x08goA==\n"[:-5] + "\n",
        "— PeterNeumann \n",
        "\n",
    ],
)
def test_a_signature_line_in_any_other_form_is_refused(line):
    assert fault(open_note, f"{TEXT}\n{line}".encode(), ring(PETER)).code == "IS712"
    assert fault(open_note, f"{TEXT}\n{PETER_LINE}{line}".encode(), ring(PETER)).code == "IS712"


def test_a_note_that_is_far_too_long_is_refused_unread():
    assert "kB" in fault(open_note, b"x" * 300_000, ring(PETER)).message


def test_every_flipped_bit_of_a_note_is_found():
    for at, bit, changed in flipped(NOTE.encode()):
        with pytest.raises(VerificationError) as caught:
            open_note(changed, ring(PETER))
        assert caught.value.diagnostics[0].code in {"IS710", "IS711", "IS712"}, (at, bit)


def test_a_checkpoint_is_signed_by_its_log_and_opens():
    note = sign_checkpoint(CHECKPOINT, LOG)
    opened = open_checkpoint(note, KNOWN, origin=ORIGIN)
    assert opened.checkpoint == CHECKPOINT
    assert opened.signed_by == (LOG.public.key_id,)
    assert open_checkpoint(note, KNOWN).checkpoint == CHECKPOINT


def test_a_witness_signs_as_well_then_or_later():
    at_once = sign_checkpoint(CHECKPOINT, LOG, WITNESS)
    assert add_signature(sign_checkpoint(CHECKPOINT, LOG), WITNESS) == at_once
    assert open_checkpoint(at_once, KNOWN).signed_by == (LOG.public.key_id, WITNESS.public.key_id)
    assert open_checkpoint(at_once, ring(LOG.public)).signed_by == (LOG.public.key_id,)


def test_every_flipped_bit_of_a_checkpoint_is_found():
    note = sign_checkpoint(CHECKPOINT, LOG)
    for at, bit, changed in flipped(note):
        with pytest.raises(VerificationError) as caught:
            open_checkpoint(changed, KNOWN, origin=ORIGIN)
        assert caught.value.diagnostics[0].code in {"IS710", "IS711", "IS712", "IS713"}, (at, bit)


def test_a_flipped_bit_in_the_line_of_a_witness_never_goes_on_counting_as_its_signature():
    # C2SP has unknown keys ignored: a line whose name was changed says nothing any more, and that is what is reported.
    note = sign_checkpoint(CHECKPOINT, LOG, WITNESS)
    for at, bit, changed in flipped(note):
        try:
            opened = open_checkpoint(changed, KNOWN, origin=ORIGIN)
        except VerificationError:
            continue
        assert (opened.checkpoint, opened.signed_by) == (CHECKPOINT, (LOG.public.key_id,)), (at, bit)


def test_only_the_key_with_the_name_of_the_log_vouches_for_it():
    forged = sign_note(CHECKPOINT.to_text(), MARIA)
    assert open_note(forged, KNOWN).signed_by == (MARIA.public.key_id,)
    found = fault(open_checkpoint, forged, KNOWN, origin=ORIGIN)
    assert (found.code, found.path) == ("IS713", "origin")
    assert fault(sign_checkpoint, CHECKPOINT, MARIA, error=RecordError).code == "IS713"


def test_a_checkpoint_of_another_log_is_refused_although_its_key_is_known():
    other = signer("log.example.org/2025", 9)
    note = sign_checkpoint(Checkpoint("log.example.org/2025", 7, bytes(range(32))), other)
    keys = KNOWN.plus(other.public)
    assert open_checkpoint(note, keys).checkpoint.origin == "log.example.org/2025"
    found = fault(open_checkpoint, note, keys, origin=ORIGIN)
    assert (found.code, found.path) == ("IS713", "origin")
    assert "2025" in found.message and ORIGIN in found.message


def test_another_key_with_the_name_of_the_log_is_unknown():
    impostor = signer(ORIGIN, 8)
    assert fault(open_checkpoint, sign_checkpoint(CHECKPOINT, impostor), KNOWN, origin=ORIGIN).code == "IS711"
    both = sign_note(CHECKPOINT.to_text(), impostor, MARIA)
    assert fault(open_checkpoint, both, KNOWN, origin=ORIGIN).code == "IS713"


ROOT_TEXT = to_base64(bytes(32))


@pytest.mark.parametrize(
    "text",
    [
        f"{ORIGIN}\n7\n",
        f"{ORIGIN}\n7\n{ROOT_TEXT}\n\n",
        f"\n7\n{ROOT_TEXT}\n",
        f"{ORIGIN}\n\n{ROOT_TEXT}\n",
        f"{ORIGIN}\n07\n{ROOT_TEXT}\n",
        f"{ORIGIN}\n00\n{ROOT_TEXT}\n",
        f"{ORIGIN}\n-7\n{ROOT_TEXT}\n",
        f"{ORIGIN}\n+7\n{ROOT_TEXT}\n",
        f"{ORIGIN}\n 7\n{ROOT_TEXT}\n",
        f"{ORIGIN}\n7.0\n{ROOT_TEXT}\n",
        f"{ORIGIN}\n٧\n{ROOT_TEXT}\n",
        f"{ORIGIN}\n{2**63}\n{ROOT_TEXT}\n",
        f"{ORIGIN}\n{'9' * 5000}\n{ROOT_TEXT}\n",
        f"{ORIGIN}\n7\n{to_base64(bytes(31))}\n",
        f"{ORIGIN}\n7\n{to_base64(bytes(33))}\n",
        f"{ORIGIN}\n7\n{ROOT_TEXT[:-2]}B=\n",
        f"{ORIGIN}\n7\n{ROOT_TEXT.rstrip('=')}\n",
        f"{ORIGIN}\n7\n{ROOT_TEXT}\n\nmore\n",
    ],
)
def test_a_signed_text_that_is_no_checkpoint_is_refused(text):
    note = sign_note(text, LOG)
    assert open_note(note, KNOWN).text == text
    assert fault(open_checkpoint, note, KNOWN).code == "IS712"


def test_a_checkpoint_of_no_entries_and_one_with_further_lines_are_read():
    for checkpoint in (
        Checkpoint(ORIGIN, 0, EMPTY_ROOT),
        Checkpoint(ORIGIN, 2**63 - 1, bytes(32), ("a", "b c")),
    ):
        assert open_checkpoint(sign_checkpoint(checkpoint, LOG), KNOWN).checkpoint == checkpoint


@pytest.mark.parametrize(
    ("origin", "size", "root", "extensions"),
    [
        ("", 1, bytes(32), ()),
        ("a\nb", 1, bytes(32), ()),
        ("a\tb", 1, bytes(32), ()),
        ("a", -1, bytes(32), ()),
        ("a", 2**63, bytes(32), ()),
        ("a", 1, bytes(31), ()),
        ("a", 1, bytes(32), ("",)),
        ("a", 1, bytes(32), ("x\ny",)),
        ("a", 1, bytes(32), ("x\ry",)),
    ],
)
def test_a_checkpoint_that_could_not_be_read_back_cannot_be_made(origin, size, root, extensions):
    assert fault(Checkpoint, origin, size, root, extensions, error=RecordError).code == "IS712"
