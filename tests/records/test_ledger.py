"""What a ledger does when all is well: receipts, consulting, deciding again, superseding, holds, erasure, keys."""

import hashlib
import os
import threading
from datetime import UTC, date, datetime, timedelta

import attrs
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from ledger_samples import (
    AT,
    DAY,
    LEAD,
    NO,
    NURSE,
    OPEN,
    ORIGIN,
    TEXT,
    URGENT,
    YES,
    add,
    codes,
    created,
    opened,
    policy,
    small,
    ticking,
)
from tree_samples import nodes_of

import infoshare
from infoshare.errors import FactsError
from infoshare.records import (
    FileSigner,
    Ledger,
    PublicKey,
    Receipt,
    RecordError,
    VerificationError,
    verify_receipt,
)
from infoshare.records.body.model import read_body
from infoshare.records.canonical import is_id, made_at
from infoshare.records.keys.files import UnsealError
from infoshare.records.ledger.append import InclusionProofs
from infoshare.records.log.tree import CompactRange, inclusion_proof, leaf_hash
from infoshare.records.store.sealing import padded, unpadded


def refused(code, call, *arguments, **options):
    with pytest.raises(RecordError) as error:
        call(*arguments, **options)
    assert [each.code for each in error.value.diagnostics] == [code]
    return error.value


@pytest.fixture
def ledger(tmp_path):
    with created(tmp_path / "a.ledger") as made:
        yield made


# --- recording ----------------------------------------------------------------------------------


def test_the_receipt_of_a_record_verifies_with_the_public_key_of_the_log_alone(ledger):
    receipt = Receipt.from_bytes(add(ledger).to_bytes())
    proved = verify_receipt(receipt, ledger.public_keys, origin=ORIGIN)
    assert (proved.record, proved.index, proved.checkpoint.size) == (receipt.record, 0, 1)


def test_every_receipt_ever_given_verifies_whatever_was_added_since(ledger):
    receipts = [add(ledger, facts) for facts in [YES, NO, URGENT, OPEN] * 3]
    assert [receipt.index for receipt in receipts] == list(range(12))
    for receipt in receipts:
        verify_receipt(receipt, ledger.public_keys)
        verify_receipt(ledger.receipt(receipt.record), ledger.public_keys)
    assert ledger.verify(receipts=receipts).problems == ()


def test_many_cases_go_into_few_transactions_and_each_has_its_receipt(ledger):
    cases = [YES, NO, URGENT, OPEN] * 9
    recorded = list(ledger.decide_many(policy(), cases, by=NURSE, as_of=DAY, at_once=10))
    assert [each.decision for each in recorded] == [policy().decide(facts, as_of=DAY) for facts in cases]
    for each in recorded:
        verify_receipt(each.receipt, ledger.public_keys)
    assert ledger.verify(receipts=[each.receipt for each in recorded]).counts == {"record": 36}


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 13, 32, 33])
def test_paths_made_many_at_once_are_those_of_the_definition(size):
    leaves = [leaf_hash(bytes([number])) for number in range(size)]
    tree = CompactRange()
    for leaf in leaves:
        tree = tree.append(leaf)
    node_at = nodes_of(leaves.__getitem__)
    paths = InclusionProofs(tree, node_at)
    assert [paths.to(index) for index in range(size)] == [
        inclusion_proof(node_at, index, size) for index in range(size)
    ]


def test_a_decision_made_before_is_recorded_with_the_facts_that_led_to_it(ledger):
    decision = policy().decide(NO, as_of=DAY)
    receipt = ledger.record(
        decision, NO, policy=policy(), by=NURSE, followed=False, because="She is in danger."
    )
    body = ledger.show(receipt.record).body
    assert body["decision"] == decision.to_dict()
    assert (body["followed"], body["because"]) == (False, "She is in danger.")
    assert body["decided_by"]["name"] == NURSE.name
    assert body["facts"] == NO
    read_body(body)


def test_facts_that_do_not_lead_to_the_decision_are_refused(ledger):
    decision = policy().decide(NO, as_of=DAY)
    refused("IS736", ledger.record, decision, URGENT, policy=policy(), by=NURSE)
    refused("IS736", ledger.record, decision, {**NO, "case": "Another"}, policy=policy(), by=NURSE)
    assert ledger.verify().size == 0


def test_a_decision_not_followed_needs_a_reason(ledger):
    refused("IS742", add, ledger, NO, followed=False)


def test_a_case_that_cannot_be_read_is_not_recorded(ledger):
    with pytest.raises(FactsError):
        add(ledger, {"q": {"agred": True}})
    assert ledger.verify().size == 0


def test_times_and_days_come_from_the_clock_that_was_given(tmp_path):
    with created(tmp_path / "a.ledger", clock=ticking(AT)) as ledger:
        recorded = ledger.decide(policy(), YES, by=NURSE)
        body = ledger.show(recorded.receipt.record).body
    assert recorded.decision.as_of == AT.astimezone().date()
    assert datetime.fromisoformat(body["decided_at"]) - AT < timedelta(seconds=5)
    assert is_id(recorded.receipt.record)
    assert made_at(recorded.receipt.record) - AT < timedelta(seconds=5)


def test_a_policy_that_could_not_be_loaded_again_is_not_recorded_with(ledger, tmp_path):
    (tmp_path / "real.policy").write_bytes(TEXT)
    (tmp_path / "main.policy").write_text('infoshare 1\npolicy over "Over"\nuse "linked.policy"\n', "utf-8")
    (tmp_path / "linked.policy").write_bytes(TEXT.replace(b'policy tiny "A tiny policy"\n', b""))
    linked = infoshare.load(tmp_path / "main.policy")
    assert ledger.decide(linked, YES, by=NURSE).decision.policy.name == "over"
    (tmp_path / "linked.policy").unlink()
    (tmp_path / "real.policy").write_bytes(TEXT.replace(b'policy tiny "A tiny policy"\n', b""))
    (tmp_path / "linked.policy").symlink_to("real.policy")
    refused("IS738", ledger.decide, infoshare.load(tmp_path / "main.policy"), YES, by=NURSE)


def test_the_bytes_of_a_policy_are_kept_once(ledger):
    for _ in range(3):
        add(ledger)
    assert ledger._access.store.policies() == (policy().model.digest,)
    assert ledger._access.store.policy(policy().model.digest) == {"tiny.policy": TEXT}


def test_a_ledger_may_be_shared_by_threads(ledger):
    receipts = []
    threads = [
        threading.Thread(target=lambda: receipts.extend(add(ledger) for _ in range(5))) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(receipt.index for receipt in receipts) == list(range(30))
    assert ledger.verify(receipts=receipts).holds


# --- consulting ---------------------------------------------------------------------------------


def test_whoever_looks_at_records_is_recorded(ledger):
    record = add(ledger).record
    ledger.show(record, by=LEAD)
    list(ledger.list(by=LEAD))
    ledger.replay(record, by=LEAD)
    ledger.export(record, "practitioner", by=LEAD)
    found = [ledger._access.opened(ledger._access.store.entry(number)).body for number in range(1, 5)]
    assert [body["how"] for body in found] == ["show", "list", "replay", "export for practitioner"]
    assert {body["by"]["name"] for body in found} == {LEAD.name}
    assert [body["about"] and body["about"]["id"] for body in found] == [record, None, record, record]
    assert ledger.verify().counts == {"record": 1, "consultation": 4}


def test_nothing_is_shown_where_that_cannot_be_recorded(tmp_path):
    (receipt,) = small(tmp_path / "a.ledger", records=1)
    with opened(tmp_path / "a.ledger", read_only=True) as ledger:
        refused("IS732", ledger.show, receipt.record)
        refused("IS732", ledger.replay, receipt.record)
        refused("IS732", ledger.export, receipt.record, "practitioner")
        refused("IS732", lambda: list(ledger.list()))
        assert ledger.receipt(receipt.record).record == receipt.record
        assert ledger.verify(receipts=[receipt]).holds


def test_a_list_names_nobody_and_the_same_case_the_same(ledger):
    for facts in (YES, NO, URGENT):
        add(ledger, facts)
    listed = list(ledger.list())
    text = repr([each.to_dict() for each in listed])
    assert not any(name in text for name in ("A. B.", "C. D.", NURSE.name))
    assert [each.outcome for each in listed] == ["share", "withhold", "share"]
    assert listed[1].case == listed[2].case != listed[0].case
    assert [each.id for each in ledger.list(last=2)] == [each.id for each in listed[1:]]


def test_the_tag_of_a_case_is_of_its_own_in_every_ledger(tmp_path):
    tags = set()
    for name in ("a.ledger", "b.ledger"):
        with created(tmp_path / name) as ledger:
            add(ledger)
            tags |= {each.case for each in ledger.list()}
    assert len(tags) == 2


def test_an_unknown_record_is_told_of_and_nothing_is_recorded(ledger):
    add(ledger)
    for ask in (ledger.show, ledger.replay, ledger.receipt):
        refused("IS727", ask, "019aac1e-8d3a-7c52-9b6e-4f1d2a3b5c6d")
        refused("IS727", ask, "\x1b[2J")
    assert ledger.verify().size == 1


def test_no_content_is_readable_in_the_file(tmp_path):
    small(tmp_path / "a.ledger")
    data = (tmp_path / "a.ledger").read_bytes()
    assert TEXT in data or b"A tiny policy" in data  # the policy is public
    for secret in (b"A. B.", b"C. D.", NURSE.name.encode(), NURSE.role.encode(), b'agreed": true'):
        assert secret not in data


# --- deciding again -----------------------------------------------------------------------------


@pytest.mark.parametrize("presume", [True, False])
def test_a_record_is_decided_again_from_its_own_facts_and_policy(ledger, presume):
    for facts in (YES, NO, URGENT, OPEN):
        record = add(ledger, facts, presume=presume).record
        again = ledger.replay(record)
        assert (again.same, again.differences) == (True, ())


def test_what_differs_is_named_by_its_path_and_never_by_its_value(ledger, monkeypatch):
    record = add(ledger, NO).record
    real = infoshare.Policy.decide
    monkeypatch.setattr(
        infoshare.Policy, "decide", lambda self, *_, **k: real(self, URGENT, as_of=k["as_of"])
    )
    again = ledger.replay(record)
    assert not again.same
    assert "outcome" in again.differences
    assert {problem.code for problem in again.problems} == {"IS729"}
    assert not any("withhold" in problem.message or "C. D." in problem.message for problem in again.problems)


# --- superseding, holding, erasing ----------------------------------------------------------------


def test_a_record_is_superseded_by_one_that_says_so_and_once_only(ledger):
    first = add(ledger, NO).record
    decision = policy().decide(URGENT, as_of=DAY)
    second = ledger.supersede(first, decision, URGENT, policy=policy(), by=NURSE).record
    assert ledger.show(second).body["supersedes"] == first
    assert ledger.show(first).state.superseded_by.id == second
    assert "superseded by" not in ledger.show(second).state.words
    refused("IS735", ledger.supersede, first, decision, URGENT, policy=policy(), by=NURSE)
    refused(
        "IS727",
        ledger.supersede,
        "019aac1e-8d3a-7c52-9b6e-4f1d2a3b5c6d",
        decision,
        URGENT,
        policy=policy(),
        by=NURSE,
    )
    assert ledger.verify().holds


def test_a_record_on_legal_hold_is_not_erased_until_the_hold_ends(ledger):
    record = add(ledger).record
    ledger.hold(record, by=LEAD, because="A review.")
    refused("IS731", ledger.erase, record, by=LEAD, because="Too old.")
    refused("IS731", ledger.hold, record, by=LEAD, because="Again.")
    assert ledger.show(record).state.words == "on legal hold"
    ledger.release(record, by=LEAD, because="The review ended.")
    refused("IS731", ledger.release, record, by=LEAD, because="Again.")
    assert ledger.erase(record, by=LEAD, because="Too old.").cleared
    refused("IS731", ledger.erase, record, by=LEAD, because="Again.")
    refused("IS731", ledger.hold, record, by=LEAD, because="Too late.")
    assert ledger.verify().holds


def test_an_erased_record_says_by_whom_and_when_and_every_other_proof_stands(ledger):
    receipts = [add(ledger, facts) for facts in (YES, NO, URGENT)]
    ledger.erase(receipts[1].record, by=LEAD, because="The time to keep it is over.")
    for ask in (ledger.show, ledger.replay, ledger.receipt):
        error = refused("IS730", ask, receipts[1].record)
        assert LEAD.name in error.diagnostics[0].message
        assert "2026-11-22T14:30" in error.diagnostics[0].message
        assert "The time to keep it is over." in error.diagnostics[0].help[0]
    assert ledger.replay(receipts[0].record).same
    found = ledger.verify(receipts=receipts)
    assert found.problems == ()
    assert found.counts["erased"] == 1
    assert [each.state for each in ledger.list()] == ["", "erased", ""]


def test_what_was_erased_is_nowhere_in_the_files(tmp_path):
    path = tmp_path / "a.ledger"
    receipts = small(path)
    with opened(path) as ledger:
        content = ledger._access.store.content(1)
        assert content.lock in b"".join(
            file.read_bytes() for file in tmp_path.glob("a.ledger*") if file.is_file()
        )
        ledger.erase(receipts[1].record, by=LEAD, because="Too old.")
        pieces = [content.lock, content.body[:64], content.body[-64:]]
        for file in tmp_path.glob("a.ledger*"):
            if file.is_file():
                data = file.read_bytes()
                assert not any(piece in data for piece in pieces), file.name


def test_what_was_done_needs_a_person_and_a_reason(ledger):
    record = add(ledger).record
    refused("IS737", ledger.erase, record, by=LEAD, because=None)
    refused("IS741", ledger.erase, record, by=LEAD, because="\x1b[2J")
    refused("IS741", ledger.erase, record, by="Alex", because="Too old.")


# --- keys ---------------------------------------------------------------------------------------


def test_a_practitioner_and_a_manager_may_sign_with_keys_that_were_enrolled(ledger, tmp_path):
    signers = [
        FileSigner.generate(tmp_path / f"{name}.key", f"{name}@example.org") for name in ("rose", "max")
    ]
    refused("IS734", add, ledger, signers=signers)
    for signer in signers:
        ledger.enrol(signer.public, by=LEAD)
    receipt = add(ledger, signers=signers)
    shown = ledger.show(receipt.record)
    assert [each.key_id for each in shown.signed_by] == [signer.public.key_id for signer in signers]
    assert ledger.verify(receipts=[receipt]).problems == ()
    envelope = ledger.receipt(receipt.record, envelope=True)
    proved = verify_receipt(envelope, ledger.public_keys)
    assert proved.envelope_signed_by == tuple(signer.public.key_id for signer in signers)


def test_a_key_that_was_revoked_signs_no_more_and_what_it_signed_stays(tmp_path):
    signer = FileSigner.generate(tmp_path / "rose.key", "rose@example.org")
    with created(tmp_path / "a.ledger") as ledger:
        ledger.enrol(signer.public, by=LEAD)
        receipt = add(ledger, signers=[signer])
        revoked = PublicKey(signer.public.name, signer.public.raw, revoked_at=AT + timedelta(hours=1))
        ledger.enrol(revoked, by=LEAD, because="The key was lost.")
    with opened(tmp_path / "a.ledger") as ledger:
        refused("IS734", add, ledger, signers=[signer])
        (standing,) = ledger.show(receipt.record).signed_by
        assert (standing.at_decision, standing.now) == ("valid", "revoked")
        found = ledger.verify()
        assert found.holds
        assert codes(found) == {"IS715"}


def test_a_key_that_was_revoked_when_it_signed_does_not_verify(tmp_path):
    signer = FileSigner.generate(tmp_path / "rose.key", "rose@example.org")
    with created(tmp_path / "a.ledger") as ledger:
        ledger.enrol(signer.public, by=LEAD)
        add(ledger, signers=[signer])
        revoked = PublicKey(signer.public.name, signer.public.raw, revoked_at=AT - timedelta(days=1))
        ledger.enrol(revoked, by=LEAD, because="It was stolen yesterday.")
        found = ledger.verify()
    assert not found.holds
    assert codes(found) == {"IS715"}


def test_another_key_of_the_same_name_does_not_open_the_ledger(tmp_path):
    small(tmp_path / "a.ledger")
    small(tmp_path / "b.ledger")
    with opened(tmp_path / "a.ledger", keys=tmp_path / "b.ledger.keys") as ledger:
        refused("IS721", add, ledger)
        found = ledger.verify()
    assert {"IS723", "IS724"} <= codes(found)


def test_a_case_key_that_others_may_read_is_refused(tmp_path):
    small(tmp_path / "a.ledger")
    (tmp_path / "a.ledger.keys" / "case.key").chmod(0o644)
    error = refused("IS721", opened, tmp_path / "a.ledger")
    assert "chmod 600" in error.diagnostics[0].help[0]


@pytest.mark.skipif(os.name != "posix", reason="modes of files are those of POSIX")
def test_whatever_the_ledger_writes_is_for_its_owner_alone_whatever_mask_the_user_has(tmp_path):
    before = os.umask(0)
    try:
        small(tmp_path / "a.ledger")
    finally:
        os.umask(before)
    modes = {
        each.name: each.stat().st_mode & 0o077
        for each in tmp_path.rglob("*")
        if not each.name.endswith(".pub")
    }
    assert "seen" in modes
    assert not any(modes.values()), modes


def test_keys_are_for_their_owner_alone_and_not_in_the_database(tmp_path):
    small(tmp_path / "a.ledger")
    folder = tmp_path / "a.ledger.keys"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "a.ledger").stat().st_mode & 0o777 == 0o600
    for name in ("log.key", "case.key"):
        assert (folder / name).stat().st_mode & 0o777 == 0o600
    key = bytes.fromhex((folder / "case.key").read_text().split("\n")[1])
    assert key not in (tmp_path / "a.ledger").read_bytes()
    with opened(tmp_path / "a.ledger", read_only=True) as ledger:
        assert "case key" in repr(ledger._access.case_key)


def test_without_its_case_key_a_ledger_is_not_opened(tmp_path):
    small(tmp_path / "a.ledger")
    (tmp_path / "a.ledger.keys" / "case.key").unlink()
    refused("IS721", opened, tmp_path / "a.ledger")


class Device:
    """Signs, and wraps keys, without giving its own away; here with keys in memory."""

    def __init__(self):
        self.private = Ed25519PrivateKey.generate()
        self.public = PublicKey(ORIGIN, self.private.public_key().public_bytes_raw())
        self.cipher = AESGCM(AESGCM.generate_key(256))

    def sign(self, data):
        return self.private.sign(data)

    def wrap(self, secret, associated_data):
        nonce = os.urandom(12)
        return nonce + self.cipher.encrypt(nonce, secret, associated_data)

    def unwrap(self, wrapped, associated_data):
        try:
            return self.cipher.decrypt(wrapped[:12], wrapped[12:], associated_data)
        except InvalidTag:
            raise UnsealError from None

    def tag(self, name):
        return hashlib.sha256(name.encode()).hexdigest()[:8]


def test_a_device_may_sign_and_wrap_in_the_place_of_files_of_keys(tmp_path):
    device, path = Device(), tmp_path / "a.ledger"
    with created(path, signer=device, case_key=device) as ledger:
        receipt = add(ledger)
    assert not (tmp_path / "a.ledger.keys").exists()
    with opened(path, signer=device, case_key=device) as ledger:
        assert ledger.show(receipt.record).body["facts"] == YES
        assert ledger.verify(receipts=[receipt], processes=2).problems == ()
    with opened(path, signer=device, case_key=Device()) as ledger:
        refused("IS723", ledger.show, receipt.record)


# --- where it is --------------------------------------------------------------------------------


def test_a_ledger_is_never_made_over_a_file_or_over_keys(tmp_path):
    small(tmp_path / "a.ledger")
    with pytest.raises(RecordError):
        created(tmp_path / "a.ledger")
    (tmp_path / "b.ledger").write_text("a diary", "utf-8")
    refused("IS720", created, tmp_path / "b.ledger")
    assert (tmp_path / "b.ledger").read_text("utf-8") == "a diary"
    assert not (tmp_path / "b.ledger.keys").exists()


@pytest.mark.parametrize("content", [b"", b"a diary", bytes(4096), b"SQLite format 3\0" + bytes(5000)])
def test_a_file_that_is_no_ledger_is_not_opened(tmp_path, content):
    small(tmp_path / "a.ledger")
    (tmp_path / "a.ledger").write_bytes(content)
    refused("IS720", opened, tmp_path / "a.ledger")


def test_a_ledger_that_is_not_there_is_not_made_by_opening_it(tmp_path):
    refused("IS720", Ledger.open, tmp_path / "none.ledger")
    assert list(tmp_path.iterdir()) == []


def test_ids_sort_by_when_they_were_made():
    from infoshare.records.canonical import new_id

    made = [new_id(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(milliseconds=n)) for n in range(50)]
    assert made == sorted(made)
    assert all(is_id(each) for each in made)
    assert made_at(made[7]) == datetime(2026, 1, 1, tzinfo=UTC) + timedelta(milliseconds=7)
    assert len({new_id(datetime(2026, 1, 1, tzinfo=UTC)) for _ in range(1000)}) == 1000


def test_what_is_raised_is_one_family_and_shows_no_fact(ledger):
    record = add(ledger, NO).record
    ledger.hold(record, by=LEAD, because="A review.")
    with pytest.raises(infoshare.InfoshareError) as error:
        ledger.erase(record, by=LEAD, because="Too old.")
    assert "C. D." not in str(error.value) and "C. D." not in repr(error.value)
    assert not isinstance(error.value, VerificationError)
    assert date.fromisoformat("2026-11-22") == DAY


def sizes(ledger):
    """How long the content of each entry is, as whoever has the database sees it."""
    store = ledger._access.store
    return [len(content.body) for _, content in store.rows(0, store.size())]


def test_the_length_of_a_content_tells_not_which_answers_it_holds(ledger):
    """Answers, a reason and a name of different lengths."""
    for facts in (YES, NO, URGENT, OPEN, {**YES, "case": "A much longer name of a case"}):
        add(ledger, facts)
    add(ledger, NO, followed=False, because="She is in danger.")
    assert len(set(sizes(ledger))) == 1


@pytest.mark.parametrize("length", [0, 1, 1022, 1023, 1024, 1025, 2047, 2048, 100_000])
def test_an_envelope_is_padded_to_a_power_of_two_and_found_again(length):
    data = b"}" * length
    long = padded(data)
    assert len(long).bit_count() == 1 and len(long) >= 1024
    assert len(data) < len(long) <= max(1024, 2 * length)
    assert unpadded(long) == data


def test_an_envelope_that_was_sealed_without_padding_is_read():
    assert unpadded(b'{"payload":""}') == b'{"payload":""}'


def numbers(entries):
    return [each.number for each in entries]


def test_records_are_listed_by_case_outcome_day_and_whether_they_were_followed(tmp_path):
    with created(tmp_path / "a.ledger", clock=ticking(AT, timedelta(hours=8))) as ledger:
        add(ledger, YES)  # 14:30
        add(
            ledger, NO, followed=False, because="She is in danger."
        )  # later by 8 hours for each look at the clock
        add(ledger, URGENT)
        add(ledger, NO)
        days = [each.decided_at[:10] for each in ledger.list(by=LEAD)]
        assert days[0] < days[-1]
        assert numbers(ledger.list(case="C. D.", by=LEAD)) == [1, 2, 3]
        tag = next(ledger.list(case="A. B.", by=LEAD)).case
        assert numbers(ledger.list(case=tag, by=LEAD)) == [0]
        assert numbers(ledger.list(outcome="share", by=LEAD)) == [0, 2]
        assert numbers(ledger.list(followed=False, by=LEAD)) == [1]
        assert numbers(ledger.list(case="C. D.", outcome="withhold", followed=True, by=LEAD)) == [3]
        assert numbers(ledger.list(case="C. D.", last=2, by=LEAD)) == [2, 3]
        first, last = date.fromisoformat(days[0]), date.fromisoformat(days[-1])
        assert numbers(ledger.list(since=first, until=first, by=LEAD)) == [
            number for number, day in enumerate(days) if day == days[0]
        ]
        assert numbers(ledger.list(since=last, by=LEAD)) == [
            n for n, day in enumerate(days) if day == days[-1]
        ]
        assert numbers(ledger.list(until=first - timedelta(days=1), by=LEAD)) == []
        with pytest.raises(ValueError, match="perhaps"):
            ledger.list(outcome="perhaps", by=LEAD)


def test_an_erased_record_is_found_by_its_day_alone(ledger):
    receipt = add(ledger)
    ledger.erase(receipt.record, by=LEAD, because="Too old.")
    day = made_at(receipt.record).date()
    assert numbers(ledger.list(since=day, until=day, by=LEAD)) == [0]
    assert numbers(ledger.list(since=day + timedelta(days=1), by=LEAD)) == []
    assert numbers(ledger.list(outcome="share", by=LEAD)) == []


def test_who_looked_at_what_and_when_is_listed_by_record_person_and_day(tmp_path):
    nurse = attrs.evolve(NURSE, id="N-7")
    with created(tmp_path / "a.ledger", clock=ticking(AT, timedelta(hours=10))) as ledger:
        one, two = add(ledger).record, add(ledger, NO).record
        ledger.show(one, by=nurse)
        ledger.export(two, "family", by=LEAD)
        list(ledger.list(by=nurse))
        ledger.replay(one, by=LEAD)
        ledger.receipt(one, envelope=True, by=nurse)
        looked = list(ledger.log(by=LEAD))
        assert [(each.how, each.record, each.by["name"]) for each in looked] == [
            ("show", one, nurse.name),
            ("export for family", two, LEAD.name),
            ("list", None, nurse.name),
            ("replay", one, LEAD.name),
            ("receipt", one, nurse.name),
            ("log", None, LEAD.name),
        ]
        assert [each.how for each in ledger.log(one, by=LEAD)] == ["show", "replay", "receipt", "log"]
        assert [each.how for each in ledger.log(one[:20], person="n-7", by=LEAD)] == ["show", "receipt"]
        assert [each.how for each in ledger.log(person=nurse.name.upper(), by=LEAD)] == [
            "show",
            "list",
            "receipt",
        ]
        assert [each.how for each in ledger.log(last=1, by=LEAD)] == ["log"]
        day = date.fromisoformat(looked[1].at[:10])
        assert [each.id for each in ledger.log(since=day, until=day, by=LEAD)] == [
            each.id for each in looked if each.at[:10] == day.isoformat()
        ]
        refused("IS727", ledger.log, "019aac1e-8d3a-7c52-9b6e-4f1d2a3b5c6d", by=LEAD)


def test_as_much_of_an_id_as_no_other_record_has_is_enough(tmp_path):
    ids = [
        "019aac1e-0000-7000-8000-000000000000",
        "019aac1e-0001-7000-8000-000000000000",
        "019aac2e-0000-7000-8000-000000000000",
        "019aac2e-0001-7000-8000-000000000000",  # a hold
        *(f"019aac3e-{number:04x}-7000-8000-000000000000" for number in range(9)),
    ]
    made = iter(ids)
    with created(tmp_path / "a.ledger", ids=lambda _: next(made)) as ledger:
        for facts in (YES, NO, NO):
            add(ledger, facts)
        assert ledger.hold(ids[2][:8], by=LEAD, because="A review.").index == 3
        assert ledger.id_of("019aac2e") == ids[2]  # what is no record does not count
        assert ledger.show("019aac1e-0001", by=LEAD).id == ids[1]
        assert ledger.receipt(ids[3][:13]).record == ids[3]  # of any entry
        decision = policy().decide(URGENT, as_of=DAY)
        ledger.supersede("019aac1e-0001", decision, URGENT, policy=policy(), by=NURSE)
        assert ledger.show(ids[1], by=LEAD).state.superseded_by is not None
        found = refused("IS746", ledger.erase, "019aac1e", by=LEAD, because="Too old.")
        assert ids[0] in found.diagnostics[0].help[1] and ids[1] in found.diagnostics[0].help[1]
        for nobody in (
            "019",
            "",
            "019aac1e-0002",
            "%",
            "019aac1_",
            "019AAC1E-0000-7000-8000-000000000000",
            ids[3],
        ):
            refused("IS727", ledger.show, nobody, by=LEAD)
