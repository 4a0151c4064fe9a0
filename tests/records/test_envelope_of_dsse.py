"""Envelopes: the vectors of DSSE, who signed, and every single bit."""

import json
import re
from base64 import b64decode, urlsafe_b64decode
from pathlib import Path

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from record_signers import SeedSigner, flipped, signer

from infoshare.records.canonical import canonical, from_base64, parse, to_base64
from infoshare.records.errors import RecordError, VerificationError
from infoshare.records.keys.public import KeyRing
from infoshare.records.log.envelope import (
    PAYLOAD_TYPE,
    SIGNATURE_LIMIT,
    Envelope,
    Signature,
    cosign,
    pae,
    seal,
    verify,
)

DSSE = json.loads((Path(__file__).parent.parent / "data" / "dsse-vectors.json").read_text("utf-8"))
SIGNERS = {name: SeedSigner(name, bytes.fromhex(key["seed"])) for name, key in DSSE["keys"].items()}

MARIA, SAM, EVE = signer("maria@example.org", 1), signer("sam@example.org", 2), signer("eve@example.org", 3)
KNOWN = KeyRing((MARIA.public, SAM.public))
PAYLOAD = canonical({"format": "infoshare.record/1", "who": "Zoë"})


def fault(error, make, *arguments, **named):
    with pytest.raises(error) as caught:
        make(*arguments, **named)
    (found,) = caught.value.diagnostics
    return found


def decoded(text):
    return urlsafe_b64decode(text) if set(text) & set("-_") else b64decode(text)


def envelope_of(vector):
    """The envelope of a published vector. A signature without a key id gets the id of the key at its place."""
    signatures = [
        Signature(SIGNERS[each.get("keyid", trusted)].public.key_id, decoded(each["sig"]))
        for each, trusted in zip(vector["signatures"], vector["trustedKeys"], strict=False)
    ]
    return Envelope(decoded(vector["payload"]), tuple(signatures), vector["payloadType"])


def test_the_example_of_the_protocol_is_encoded_as_published():
    assert (
        pae("http://example.com/HelloWorld", b"hello world")
        == b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    )


@pytest.mark.parametrize("vector", DSSE["vectors"], ids=lambda v: v["id"])
def test_a_published_vector_is_encoded_and_accepted_or_rejected_as_published(vector):
    envelope = envelope_of(vector)
    if vector["id"] != "payload-type-swapped":
        assert pae(envelope.payload_type, envelope.payload).hex() == vector["pae"]
    keys = KeyRing(tuple(SIGNERS[name].public for name in vector["trustedKeys"]))
    accepted = False
    for supported in vector["supportedPayloadTypes"]:
        try:
            found = verify(envelope, keys, payload_type=supported)
        except VerificationError:
            continue
        accepted = accepted or len(found) >= vector["threshold"]
    assert accepted is (vector["expect"] == "accept")


@pytest.mark.parametrize(
    "vector", [v for v in DSSE["vectors"] if v["expect"] == "accept"], ids=lambda v: v["id"]
)
def test_signing_what_a_published_vector_signs_gives_its_signatures(vector):
    signers = [SIGNERS[name] for name in vector["trustedKeys"]]
    assert seal(decoded(vector["payload"]), *signers, payload_type=vector["payloadType"]) == envelope_of(
        vector
    )


def test_an_envelope_is_written_in_the_one_form_and_read_back():
    envelope = seal(PAYLOAD, MARIA, SAM)
    data = envelope.to_bytes()
    assert data == canonical(json.loads(data))
    assert set(json.loads(data)) == {"payload", "payloadType", "signatures"}
    assert json.loads(data)["payloadType"] == "application/vnd.infoshare.record+json" == PAYLOAD_TYPE
    assert Envelope.from_bytes(data) == envelope
    assert verify(envelope, KNOWN) == (MARIA.public.key_id, SAM.public.key_id)


def test_a_manager_signs_what_a_practitioner_signed_and_the_first_signature_stays():
    first = seal(PAYLOAD, MARIA)
    both = cosign(first, SAM)
    assert both.signatures[0] == first.signatures[0]
    assert both == seal(PAYLOAD, MARIA, SAM)
    assert verify(both, KeyRing((SAM.public,))) == (SAM.public.key_id,)


def test_nobody_or_one_person_twice_or_too_many_cannot_sign():
    assert fault(RecordError, seal, PAYLOAD).code == "IS709"
    assert "signed this already" in fault(RecordError, seal, PAYLOAD, MARIA, MARIA).message
    many = [signer("n", number) for number in range(1, SIGNATURE_LIMIT + 2)]
    assert len(seal(PAYLOAD, *many[:-1]).signatures) == SIGNATURE_LIMIT
    assert "at most" in fault(RecordError, seal, PAYLOAD, *many).message


def test_a_signer_whose_signature_does_not_verify_is_found_before_anything_is_sealed():
    @attrs.frozen
    class Broken:
        public = MARIA.public

        def sign(self, _):
            return b"\0" * 64

    assert fault(RecordError, seal, PAYLOAD, Broken()).code == "IS710"


def test_a_signature_by_an_unknown_key_is_passed_over_and_by_nobody_else_is_not_enough():
    assert verify(seal(PAYLOAD, EVE, MARIA), KNOWN) == (MARIA.public.key_id,)
    assert fault(VerificationError, verify, seal(PAYLOAD, EVE), KNOWN).code == "IS711"
    assert fault(VerificationError, verify, Envelope(PAYLOAD, ()), KNOWN).code == "IS711"


def test_a_bad_signature_by_a_known_key_rejects_the_whole():
    good = seal(PAYLOAD, SAM)
    forged = Envelope(
        PAYLOAD, (*good.signatures, Signature(MARIA.public.key_id, EVE.sign(pae(PAYLOAD_TYPE, PAYLOAD))))
    )
    found = fault(VerificationError, verify, forged, KNOWN)
    assert (found.code, found.path) == ("IS710", "signatures[1]")
    assert MARIA.public.key_id in found.message


def test_a_signature_under_the_name_of_another_is_not_passed_over():
    both = seal(PAYLOAD, MARIA, SAM)
    number = SAM.public.key_id.rpartition("+")[2]
    for key_id in (f"pam@example.org+{number}", "sam@example.org+00000000"):
        renamed = attrs.evolve(
            both, signatures=(both.signatures[0], attrs.evolve(both.signatures[1], key_id=key_id))
        )
        found = fault(VerificationError, verify, renamed, KNOWN)
        assert (found.code, found.path) == ("IS710", "signatures[1]")


def test_a_signature_twice_is_refused_read_or_not():
    envelope = seal(PAYLOAD, MARIA)
    twice = attrs.evolve(envelope, signatures=envelope.signatures * 2)
    assert "signed twice" in fault(VerificationError, verify, twice, KNOWN).message
    assert "signed twice" in fault(VerificationError, Envelope.from_bytes, twice.to_bytes()).message


def test_an_envelope_of_another_payload_type_is_refused_even_if_the_key_signed_it():
    other = seal(PAYLOAD, MARIA, payload_type="application/vnd.other+json")
    assert fault(VerificationError, verify, other, KNOWN).path == "payloadType"


def test_every_flipped_bit_of_an_envelope_is_found():
    data = seal(PAYLOAD, MARIA, SAM).to_bytes()
    codes = set()
    for at, bit, changed in flipped(data):
        with pytest.raises(VerificationError) as caught:
            verify(Envelope.from_bytes(changed), KNOWN)
        (found,) = caught.value.diagnostics
        codes.add(found.code)
        assert found.message and found.help, (at, bit)
    assert codes == {"IS704", "IS709", "IS710"}


@pytest.mark.parametrize(
    ("before", "after", "path"),
    [
        ('"payload":"', '"payload":"=', "payload"),
        ('","payloadType', '=","payloadType', "payload"),
        ('"payload":"ey', '"payload":"-y', "payload"),
        ('"payload":"ey', '"payload":"\\ney', "payload"),
        ('"signatures":[{', '"signatures":[{},{', "signatures[0]"),
        ('"signatures":[{', '"signatures":[5,{', "signatures[0]"),
        ('"keyid":"maria@example.org+', '"keyid":"maria example.org+', "signatures[0].keyid"),
        ('"keyid":"maria@example.org+', '"keyid":"+', "signatures[0].keyid"),
        ('"sig":"', '"more":1,"sig":"', "signatures[0]"),
        ('"payloadType":"application/vnd.infoshare.record+json"', '"payloadType":7', "payloadType"),
        ("}]}", '}],"zz":1}', "the envelope"),
    ],
)
def test_what_is_not_written_as_an_envelope_is_refused_with_its_path(before, after, path):
    text = seal(PAYLOAD, MARIA).to_bytes().decode()
    assert text.count(before) == 1
    found = fault(VerificationError, Envelope.from_bytes, text.replace(before, after).encode())
    assert (found.code, found.path) == ("IS709", path)


@pytest.mark.parametrize(
    "data", [b"[]", b"{}", b'"x"', b"null", b'{"payload":"","payloadType":"x","signatures":[]}']
)
def test_other_json_is_no_envelope(data):
    assert fault(VerificationError, Envelope.from_bytes, data).code == "IS709"


def test_the_unused_bits_of_base64_are_no_place_to_hide_anything():
    # One byte more than a multiple of three: four bits of the last letter are unused, and "QQ==" says what "QR==" does.
    text = seal(b"A", MARIA).to_bytes().decode()
    assert '"payload":"QQ=="' in text
    found = fault(VerificationError, Envelope.from_bytes, text.replace("QQ==", "QR==").encode())
    assert (found.code, found.path) == ("IS709", "payload")


def test_the_url_safe_alphabet_that_dsse_allows_is_refused_here_because_bytes_are_committed_to():
    envelope = seal(b"\xfb\xff\xbf", MARIA)
    text = envelope.to_bytes().decode()
    assert '"payload":"+/+/"' in text
    assert (
        fault(VerificationError, Envelope.from_bytes, text.replace("+/+/", "-_-_").encode()).path == "payload"
    )


def test_a_repr_does_not_show_what_was_recorded():
    assert "infoshare.record/1" not in repr(seal(PAYLOAD, MARIA))


def by_definition(data):
    """An envelope read as plain canonical JSON, its payload like everything else; None where it is none."""
    try:
        found = parse(data)
        payload = from_base64(found["payload"])
        signatures = tuple(Signature(each["keyid"], from_base64(each["sig"])) for each in found["signatures"])
        envelope = Envelope(payload, signatures, found["payloadType"])
        named = [each.key_id for each in signatures if re.fullmatch(r"[^+\s]+\+[0-9a-f]{8}", each.key_id)]
        fit = len(set(named)) == len(signatures) and 1 <= len(signatures) <= 16
        return envelope if fit and envelope.to_bytes() == data else None
    except (VerificationError, ValueError, KeyError, TypeError, AttributeError):
        return None


KEY_IDS = st.from_regex(r"[a-z.@/é]{1,8}\+[0-9a-f]{8}", fullmatch=True)
ENVELOPES = st.builds(
    Envelope,
    st.binary(max_size=30),
    st.lists(
        st.builds(Signature, KEY_IDS, st.binary(max_size=6)),
        min_size=1,
        max_size=3,
        unique_by=lambda s: s.key_id,
    ).map(tuple),
    st.text(max_size=6),
)


@given(ENVELOPES)
def test_taking_the_payload_out_before_reading_gives_what_reading_all_of_it_gives(envelope):
    data = envelope.to_bytes()
    signatures = [{"keyid": s.key_id, "sig": to_base64(s.value)} for s in envelope.signatures]
    whole = {
        "payload": to_base64(envelope.payload),
        "payloadType": envelope.payload_type,
        "signatures": signatures,
    }
    assert data == canonical(whole)
    assert Envelope.from_bytes(data) == envelope == by_definition(data)


@given(ENVELOPES, st.data())
def test_a_changed_envelope_is_read_exactly_if_it_is_one(envelope, data):
    changed = bytearray(envelope.to_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(changed) - 1))
        changed[at : at + data.draw(st.integers(0, 2))] = data.draw(
            st.sampled_from([b"", b'"', b"=", b"A", b",", b"\\", b" "])
        )
    try:
        found = Envelope.from_bytes(bytes(changed))
    except VerificationError:
        assert by_definition(bytes(changed)) is None
    else:
        assert found == by_definition(bytes(changed))
