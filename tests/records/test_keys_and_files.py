"""Keys: published vectors, the text form, validity at a time, and files that others may not read."""

import os
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from record_signers import SeedSigner, flipped, signer

from infoshare.diagnostic import Severity
from infoshare.records.canonical import canonical
from infoshare.records.errors import RecordError
from infoshare.records.keys.files import FileSigner, read_keys
from infoshare.records.keys.public import KeyRing, PublicKey, Validity

# RFC 8032, section 7.1: tests 1, 2, 3 and SHA(abc): seed, public key, message, signature.
RFC_8032 = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
    (
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
        "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    ),
]
# golang.org/x/mod, sumdb/note/note_test.go
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
ORDER_OF_THE_CURVE = 2**252 + 27742317777372353535851937790883648493

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def fault(make, *arguments, **named):
    with pytest.raises(RecordError) as caught:
        make(*arguments, **named)
    (found,) = caught.value.diagnostics
    return found


@pytest.mark.parametrize(("seed", "public", "text", "signature"), RFC_8032, ids=["1", "2", "3", "SHA(abc)"])
def test_the_vectors_of_rfc_8032_sign_and_verify(seed, public, text, signature, tmp_path):
    published = SeedSigner("vector", bytes.fromhex(seed))
    data, value = bytes.fromhex(text), bytes.fromhex(signature)
    assert published.public.raw.hex() == public
    assert published.sign(data) == value
    assert published.public.verify(data, value)
    assert not published.public.verify(data + b"x", value)


def test_a_signature_with_the_order_of_the_curve_added_is_another_one_and_refused():
    # RFC 8032, section 8.4: a signature must not be malleable.
    key, value = PublicKey("x", bytes.fromhex(RFC_8032[1][1])), bytes.fromhex(RFC_8032[1][3])
    s = int.from_bytes(value[32:], "little") + ORDER_OF_THE_CURVE
    assert not key.verify(b"\x72", value[:32] + s.to_bytes(32, "little"))


def test_every_flipped_bit_of_signature_data_and_key_is_found():
    me = signer("maria@example.org")
    data = b"a record"
    value = me.sign(data)
    assert all(not me.public.verify(data, changed) for _, _, changed in flipped(value))
    assert all(not me.public.verify(changed, value) for _, _, changed in flipped(data))
    for _, _, raw in flipped(me.public.raw):
        assert not PublicKey(me.name, raw).verify(data, value)


@pytest.mark.parametrize("wrong", [b"", b"x" * 63, b"x" * 65, b"\0" * 64])
def test_what_is_no_signature_does_not_verify(wrong):
    assert not signer("maria@example.org").public.verify(b"a record", wrong)


@pytest.mark.parametrize("text", [PETER, ENOCH])
def test_a_published_key_is_read_and_written_back(text):
    key = PublicKey.from_text(text)
    assert key.vkey == text
    assert key.key_id == text.rpartition("+")[0]
    assert key.to_text() == text + "\n"
    assert key.algorithm == "ed25519"


def test_no_part_of_a_key_and_no_key_with_a_changed_bit_is_a_key():
    for start in range(len(PETER)):
        for end in range(start + 1, len(PETER) + 1):
            if end - start != len(PETER):
                fault(PublicKey.from_text, PETER[start:end])
    for at, bit, changed in flipped(PETER.encode()):
        text = changed.decode("latin-1")
        assert fault(PublicKey.from_text, text).code == "IS707", (at, bit)


@pytest.mark.parametrize(
    "text",
    [
        # golang.org/x/mod: wrong length and unknown algorithm, each with the hash adjusted to it
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz",
        "",
        "\n# nothing\n",
        PETER.replace("c74f20a3", "C74F20A3"),
        PETER + "\n" + ENOCH,
        PETER + "=",
        PETER.replace("ARpc", "ARp c"),
    ],
)
def test_what_is_not_one_key_is_refused_and_says_what_a_key_looks_like(text):
    found = fault(PublicKey.from_text, text)
    assert found.code == "IS707"
    assert "Neumann+c7" not in found.message


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "empty"),
        ("Maria Silva", "space"),
        ("maria\u00a0silva", "space"),
        ("maria\u2003", "space"),
        ("a+b", "plus"),
        ("a\tb", "space"),
        ("a\nb", "space"),
        ("a\u200bb", "hidden"),
        ("a\x7fb", "hidden"),
        ("x" * 201, "characters"),
        ("\ud800", "hidden"),
    ],
)
def test_a_name_that_a_key_may_not_have_is_refused_with_the_reason(name, why):
    found = fault(PublicKey, name, b"x" * 32)
    assert found.code == "IS707" and why in found.message and "example.org" in found.help[0]


def test_a_key_of_another_length_or_algorithm_is_refused():
    assert "32 bytes" in fault(PublicKey, "a", b"x" * 31).message
    assert "algorithm" in fault(PublicKey, "a", b"x" * 32, "ml-dsa-44").message


def test_dates_need_a_time_zone_and_are_kept_in_utc():
    assert "time zone" in fault(PublicKey, "a", b"x" * 32, not_after=datetime(2026, 1, 1)).message  # noqa: DTZ001
    key = PublicKey("a", b"x" * 32, not_after=datetime(2026, 7, 1, 13, tzinfo=timezone(timedelta(hours=1))))
    assert "not-after: 2026-07-01T12:00:00Z\n" in key.to_text()


INSTANTS = st.none() | st.datetimes(min_value=datetime(1000, 1, 2), timezones=st.just(UTC))  # noqa: DTZ001
NAMES = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="+"), min_size=1, max_size=20)
KEYS = st.builds(
    PublicKey,
    NAMES,
    st.binary(min_size=32, max_size=32),
    not_before=INSTANTS,
    not_after=INSTANTS,
    revoked_at=INSTANTS,
)


@given(st.lists(KEYS, max_size=4, unique_by=lambda key: key.key_id))
def test_keys_with_their_dates_are_written_and_read_back(keys):
    ring = KeyRing(keys)
    assert KeyRing.from_text(ring.to_text()) == ring
    assert KeyRing.from_text(f"# ours\n\n{ring.to_text()}\r\n") == ring


@pytest.mark.parametrize(
    "line",
    [
        "not-after: 2026-01-31",
        "not-after: 2026-01-31T09:30:00+00:00",
        "not-after: 2026-02-30T09:30:00Z",
        "not-after: 2026-01-31T09:30:00.000000Z",
        "not-after: 2026-01-31T09:30:60Z",
        "not-after: soon",
        "revoked: yes",
    ],
)
def test_a_date_that_is_not_written_as_dates_are_is_refused_with_its_line(line):
    assert fault(KeyRing.from_text, f"{PETER}\n{line}\n").message.startswith("line 2: ")


def test_a_date_before_any_key_or_twice_is_refused():
    assert fault(KeyRing.from_text, "not-after: 2026-01-31T09:30:00Z\n").message.startswith("line 1: ")
    twice = "not-after: 2026-01-31T09:30:00Z\n" * 2
    assert "twice" in fault(KeyRing.from_text, f"{PETER}\n{twice}").message


def test_two_different_keys_with_one_id_are_refused_and_one_key_twice_is_one():
    peter = PublicKey.from_text(PETER)
    assert len(KeyRing((peter, peter))) == 1
    dated = PublicKey(peter.name, peter.raw, not_after=NOON)
    assert "share the id" in fault(KeyRing, (peter, dated)).message
    assert tuple(KeyRing((peter,)).plus(dated)) == (dated,)


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (NOON - DAY - timedelta(microseconds=1), Validity.NOT_YET),
        (NOON - DAY, Validity.VALID),
        (NOON, Validity.VALID),
        (NOON + DAY, Validity.VALID),
        (NOON + DAY + timedelta(microseconds=1), Validity.EXPIRED),
    ],
)
def test_a_key_counts_from_its_first_instant_to_its_last(when, expected):
    key = PublicKey("a", b"x" * 32, not_before=NOON - DAY, not_after=NOON + DAY)
    assert key.validity_at(when) is expected
    assert PublicKey("a", b"x" * 32).validity_at(when) is Validity.VALID


def test_a_revoked_key_counts_until_then_and_never_after_whatever_its_other_dates_say():
    key = PublicKey("a", b"x" * 32, not_after=NOON + DAY, revoked_at=NOON)
    assert key.validity_at(NOON - timedelta(microseconds=1)) is Validity.VALID
    assert key.validity_at(NOON) is Validity.REVOKED
    assert key.validity_at(NOON + 2 * DAY) is Validity.REVOKED


def test_both_are_told_what_a_key_was_worth_at_the_decision_and_what_it_is_worth_now():
    key = PublicKey("a", b"x" * 32, not_before=NOON - 2 * DAY, not_after=NOON + DAY, revoked_at=NOON)
    ring = KeyRing((key,))
    (found,) = ring.standing(key.key_id, decided_at=NOON - DAY, now=NOON + DAY).diagnostics
    assert (found.code, found.severity) == ("IS715", Severity.WARNING)
    assert "was valid when this was decided and is revoked now" in found.message
    (found,) = ring.standing(key.key_id, decided_at=NOON + DAY, now=NOON + DAY).diagnostics
    assert (found.code, found.severity) == ("IS715", Severity.ERROR)
    assert "was revoked when this was decided and is revoked now" in found.message
    (found,) = ring.standing(key.key_id, decided_at=NOON - 3 * DAY, now=NOON - DAY).diagnostics
    assert (
        found.severity is Severity.ERROR
        and "was not yet valid when this was decided and is valid now" in found.message
    )
    assert ring.standing(key.key_id, decided_at=NOON - DAY, now=NOON - DAY).diagnostics == ()


def test_a_generated_key_signs_is_read_again_and_its_public_half_lies_beside_it(tmp_path):
    made = FileSigner.generate(tmp_path / "maria.key", "maria@example.org", not_after=NOON)
    read = FileSigner.load(tmp_path / "maria.key")
    assert read.public == made.public and made.public.not_after == NOON
    assert made.public.verify(b"x", read.sign(b"x"))
    assert tuple(read_keys(tmp_path / "maria.key.pub")) == (made.public,)
    assert FileSigner.generate(tmp_path / "other.key", "maria@example.org").public.raw != made.public.raw


@pytest.mark.skipif(os.name != "posix", reason="modes of files are those of POSIX")
def test_a_private_key_is_for_its_owner_alone_from_the_first_moment(tmp_path):
    before = os.umask(0)
    try:
        FileSigner.generate(tmp_path / "maria.key", "maria@example.org")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "maria.key").stat().st_mode) == 0o600


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o620, 0o601, 0o610, 0o777])
def test_a_private_key_that_others_may_read_is_refused_and_the_help_says_what_to_type(mode, tmp_path):
    FileSigner.generate(tmp_path / "maria.key", "maria@example.org")
    (tmp_path / "maria.key").chmod(mode)
    found = fault(FileSigner.load, tmp_path / "maria.key")
    assert found.code == "IS708" and "chmod 600 maria.key" in found.help[0]
    (tmp_path / "maria.key").chmod(0o400)
    FileSigner.load(tmp_path / "maria.key")


@pytest.mark.parametrize("name", ["maria.key", "maria.key.pub"])
def test_a_file_that_is_there_is_never_written_over(name, tmp_path):
    (tmp_path / name).write_text("something")
    found = fault(FileSigner.generate, tmp_path / "maria.key", "maria@example.org")
    assert found.code == "IS708" and f"`{name}` already" in found.message
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {name: "something"}


def test_a_file_that_appears_at_the_last_moment_is_not_written_over_either(tmp_path, monkeypatch):
    (tmp_path / "maria.key").write_text("something")
    monkeypatch.setattr("infoshare.records.keys.files.os.path.lexists", lambda _: False)
    assert "already" in fault(FileSigner.generate, tmp_path / "maria.key", "maria@example.org").message
    assert (tmp_path / "maria.key").read_text() == "something"


def test_a_link_that_leads_nowhere_is_not_followed_to_make_a_key(tmp_path):
    (tmp_path / "maria.key").symlink_to(tmp_path / "elsewhere")
    assert "already" in fault(FileSigner.generate, tmp_path / "maria.key", "maria@example.org").message
    assert not (tmp_path / "elsewhere").exists()


def test_a_disk_that_fails_leaves_no_half_key(tmp_path, monkeypatch):
    def fail(_):
        raise OSError(28, "no space left")

    monkeypatch.setattr("infoshare.records.keys.files.os.fsync", fail)
    assert "disk" in fault(FileSigner.generate, tmp_path / "maria.key", "maria@example.org").help[0]
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_told(tmp_path):
    assert "folder" in fault(FileSigner.generate, tmp_path / "no" / "maria.key", "maria@example.org").help[0]
    assert fault(FileSigner.load, tmp_path / "maria.key").message == "there is no file `maria.key`"
    assert "cannot be read" in fault(FileSigner.load, tmp_path).message


def test_a_file_with_a_passphrase_opens_with_it_alone(tmp_path):
    made = FileSigner.generate(tmp_path / "maria.key", "maria@example.org", passphrase=b"a long one")
    assert FileSigner.load(tmp_path / "maria.key", passphrase=b"a long one").public == made.public
    for wrong in (None, b"another"):
        assert "passphrase" in fault(FileSigner.load, tmp_path / "maria.key", passphrase=wrong).help[0]


def private(path, data):
    path.write_bytes(data)
    path.chmod(0o600)
    return path


def test_a_key_file_that_was_changed_or_is_another_kind_of_file_is_refused(tmp_path):
    path = tmp_path / "maria.key"
    FileSigner.generate(path, "maria@example.org")
    FileSigner.generate(tmp_path / "sam.key", "sam@example.org")
    whole, other = path.read_bytes(), (tmp_path / "sam.key").read_bytes()
    text, pem = whole.split(b"-----BEGIN", 1)
    for data, said in [
        (text, "holds no private key"),
        (b"", "holds no private key"),
        (b"x" * 2_000_000, "too large"),
        (whole[:-60], "cannot be read"),
        (b"-----BEGIN" + pem, "does not say whose key"),
        (b"\xff" + whole, "does not say whose key"),
        (other.split(b"-----BEGIN")[0] + b"-----BEGIN" + pem, "do not belong together"),
    ]:
        assert said in fault(FileSigner.load, private(path, data)).message


def test_a_key_of_another_kind_is_refused(tmp_path):
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    found = fault(FileSigner.load, private(tmp_path / "maria.key", PETER.encode() + b"\n" + pem))
    assert "not an Ed25519 key" in found.message


def test_a_file_of_public_keys_that_holds_none_or_a_private_one_is_refused(tmp_path):
    FileSigner.generate(tmp_path / "maria.key", "maria@example.org")
    found = fault(read_keys, tmp_path / "maria.key")
    assert "holds a private key" in found.message and ".pub" in found.help[0]
    for data, said in [(b"", "no public key"), (b"\xff", "not text"), (b"x", "line 1")]:
        (tmp_path / "keys").write_bytes(data)
        assert said in fault(read_keys, tmp_path / "keys").message


def test_neither_a_repr_nor_a_message_shows_a_private_key(tmp_path):
    made = FileSigner.generate(tmp_path / "maria.key", "maria@example.org")
    secret = (tmp_path / "maria.key").read_text().splitlines()[-2]
    assert secret not in repr(made) and "private" not in repr(made)
    (tmp_path / "maria.key").chmod(0o644)
    assert secret not in str(fault(FileSigner.load, tmp_path / "maria.key"))


def test_nothing_of_the_extra_is_loaded_before_somebody_signs_or_verifies():
    names = "Envelope, FileSigner, KeyRing, Receipt, read_keys, seal, verify_receipt"
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import sys; from infoshare.records import {names}\n"
            f"KeyRing.from_text('{PETER}').to_text()\n"
            "print(*sorted({'cryptography', 'rfc8785'} & set(sys.modules)))",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == ""


def test_without_the_extra_everything_that_needs_it_says_how_to_install_it(tmp_path, monkeypatch):
    peter = PublicKey("nobody has used this key yet".replace(" ", "-"), bytes(range(32)))
    FileSigner.generate(tmp_path / "maria.key", "maria@example.org")
    for name in ("rfc8785", "cryptography.hazmat.primitives", "cryptography.hazmat.primitives.asymmetric"):
        monkeypatch.setitem(sys.modules, name, None)
    for found in (
        fault(FileSigner.generate, tmp_path / "sam.key", "sam@example.org"),
        fault(FileSigner.load, tmp_path / "maria.key"),
        fault(peter.verify, b"x", b"x" * 64),
        fault(canonical, {"\ue000": 1, "\U00010000": 2}),
    ):
        assert found.code == "IS702" and found.help == ('install it: pip install "infoshare[records]"',)
    assert not (tmp_path / "sam.key").exists()
