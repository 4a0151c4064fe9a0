"""Whatever is changed, swapped, removed, inserted, reordered or rolled back in a ledger is found, and named."""

import contextlib
import functools
import json
import random
import shutil
import sqlite3
from datetime import timedelta

import attrs
import pytest
from ledger_samples import (
    AT,
    LEAD,
    NO,
    TEXT,
    URGENT,
    YES,
    add,
    codes,
    copied,
    created,
    opened,
    policy,
    said,
    small,
    tampered,
    ticking,
)
from record_signers import signer

from infoshare.diagnostic import Severity
from infoshare.records import RecordError, VerificationError
from infoshare.records.ledger import policies, verify
from infoshare.records.ledger import record as recording
from infoshare.records.store.errors import Cause, StoreError
from infoshare.records.store.sqlite import SQLiteStore


@pytest.fixture(scope="module")
def pristine(tmp_path_factory):
    """A ledger with records, one superseded, one erased, one on hold; and the receipts of its records."""
    path = tmp_path_factory.mktemp("pristine") / "a.ledger"
    with created(path) as ledger:
        receipts = [add(ledger, facts) for facts in (YES, NO, URGENT, NO, YES)]
        decision = policy().decide(URGENT, as_of=AT.date())
        receipts.append(ledger.supersede(receipts[1].record, decision, URGENT, policy=policy(), by=LEAD))
        ledger.hold(receipts[2].record, by=LEAD, because="A review.")
        ledger.erase(receipts[3].record, by=LEAD, because="Too old.")
        ledger.show(receipts[0].record, by=LEAD)
    return path, receipts


@pytest.fixture
def ledger_of(pristine, tmp_path):
    """A copy of that ledger, and its receipts."""
    return copied(pristine[0], tmp_path / "a.ledger"), pristine[1]


def found_in(path, receipts=(), **options):
    """What verifying a closed ledger finds; also that a quick pass finds it."""
    with opened(path, read_only=True) as ledger:
        return ledger.verify(receipts=receipts, **options)


def test_the_ledger_that_is_altered_below_is_sound(ledger_of):
    path, receipts = ledger_of
    for thorough in (True, False):
        found = found_in(path, receipts, thorough=thorough)
        assert found.problems == ()
        assert found.counts == {"record": 6, "hold": 1, "erasure": 1, "consultation": 1, "erased": 1}


@pytest.mark.parametrize("thorough", [True, False])
@pytest.mark.parametrize(
    ("column", "table", "number"),
    [
        (column, table, number)
        for table, columns in {"entry": ("leaf",), "content": ("lock", "body")}.items()
        for column in columns
        for number in (0, 1, 4, 8)
    ],
)
def test_a_changed_bit_of_an_entry_is_found_and_the_entry_named(ledger_of, column, table, number, thorough):
    path, _receipts = ledger_of
    with contextlib.closing(sqlite3.connect(path)) as db:
        (value,) = db.execute(f"SELECT {column} FROM {table} WHERE number = ?", (number,)).fetchone()  # noqa: S608 - names of this test
        (record,) = db.execute("SELECT id FROM entry WHERE number = ?", (number,)).fetchone()
    at = random.Random(number).randrange(len(value))
    changed = value[:at] + bytes([value[at] ^ 4]) + value[at + 1 :]
    change = f"UPDATE {table} SET {column} = ? WHERE number = ?"  # noqa: S608 - names of this test
    tampered(path, (change, (changed, number)))
    found = found_in(path, thorough=thorough)
    assert not found.holds
    assert "IS723" in codes(found)
    assert record in said(found)


@pytest.mark.parametrize("thorough", [True, False])
@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE entry SET nodes = zeroblob(length(nodes)) WHERE number = 3", "IS723"),
        ("UPDATE entry SET nodes = x'' WHERE number = 1", "IS723"),
        ("UPDATE entry SET nodes = zeroblob(length(nodes) + 32) WHERE number = 7", "IS723"),
        ("UPDATE entry SET id = replace(id, '-', 'a') WHERE number = 2", "IS723"),
        ("UPDATE entry SET kind = 'hold' WHERE number = 0", "IS723"),
        ("UPDATE entry SET kind = 'record' WHERE number = 6", "IS723"),
        ("UPDATE entry SET about = 1 WHERE number = 6", "IS723"),
        ("UPDATE entry SET about = NULL WHERE number = 5", "IS723"),
        ("UPDATE entry SET about = 0 WHERE number = 7", "IS723"),
        (
            "UPDATE policy SET bytes = CAST(replace(CAST(bytes AS TEXT), 'respected', 'ignored') AS BLOB)",
            "IS728",
        ),
        ("UPDATE policy SET path = 'other.policy'", "IS728"),
        ("UPDATE policy SET digest = replace(digest, 'a', 'b')", "IS728"),
        ("DELETE FROM content WHERE number = 4", "IS723"),
        ("DELETE FROM checkpoint WHERE size = 9", "IS725"),
        ("UPDATE checkpoint SET note = zeroblob(100) WHERE size = 9", "IS712"),
        ("UPDATE checkpoint SET size = 99 WHERE size = 9", "IS725"),
        ("UPDATE ledger SET origin = 'records.example.org/2027'", "IS724"),
        ("UPDATE ledger SET key = replace(key, 'A', 'B')", "IS724"),
    ],
)
def test_a_changed_column_is_found(ledger_of, statement, code, thorough):
    path, _ = ledger_of
    tampered(path, statement)
    found = found_in(path, thorough=thorough)
    assert not found.holds
    assert code in codes(found)


def test_a_policy_that_is_gone_is_found_where_records_are_read(ledger_of):
    path, _ = ledger_of
    tampered(path, "DELETE FROM policy")
    assert codes(found_in(path)) == {"IS728"}


@pytest.mark.parametrize("thorough", [True, False])
def test_two_contents_that_were_swapped_are_found_and_both_named(ledger_of, thorough):
    path, receipts = ledger_of
    # A statement reads what it changes: swapped by way of a copy.
    tampered(
        path,
        "CREATE TEMP TABLE other AS SELECT * FROM content WHERE number IN (0, 4)",
        "UPDATE content SET lock = (SELECT lock FROM other WHERE other.number = 4 - content.number),"
        " body = (SELECT body FROM other WHERE other.number = 4 - content.number) WHERE number IN (0, 4)",
    )
    found = found_in(path, thorough=thorough)
    assert receipts[0].record in said(found) and receipts[4].record in said(found)


@pytest.mark.parametrize("thorough", [True, False])
def test_two_records_that_changed_places_are_found_and_both_named(ledger_of, thorough):
    path, receipts = ledger_of
    with contextlib.closing(sqlite3.connect(path)) as db:
        rows = {
            n: db.execute("SELECT kind, id, leaf FROM entry WHERE number = ?", (n,)).fetchone()
            for n in (0, 4)
        }
        contents = {
            n: db.execute("SELECT lock, body FROM content WHERE number = ?", (n,)).fetchone() for n in (0, 4)
        }
    change = "UPDATE entry SET kind = ?, id = ?, leaf = ? WHERE number = ?"
    tampered(
        path,
        ("UPDATE entry SET id = 'x' WHERE number = ?", (0,)),
        (change, (*rows[0], 4)),
        (change, (*rows[4], 0)),
        *(("UPDATE content SET lock = ?, body = ? WHERE number = ?", (*contents[4 - n], n)) for n in (0, 4)),
    )
    found = found_in(path, receipts, thorough=thorough)
    assert receipts[0].record in said(found) and receipts[4].record in said(found)
    assert "IS723" in codes(found)


def without(path, number):
    """Removes an entry with all that belongs to it and closes the gap, as carefully as can be done without keys."""
    tampered(
        path,
        "PRAGMA ignore_check_constraints = ON",
        ("DELETE FROM content WHERE number = ?", (number,)),
        ("DELETE FROM entry WHERE number = ?", (number,)),
        "UPDATE entry SET number = -number WHERE number > 4",
        "UPDATE entry SET number = -number - 1 WHERE number < 0",
        "UPDATE content SET number = -number WHERE number > 4",
        "UPDATE content SET number = -number - 1 WHERE number < 0",
        "DELETE FROM checkpoint WHERE size = 9",
    )


@pytest.mark.parametrize("thorough", [True, False])
def test_a_record_removed_from_the_middle_is_found_with_and_without_the_gap(ledger_of, thorough):
    path, receipts = ledger_of
    other = copied(path, path.with_name("b.ledger"))
    tampered(path, "DELETE FROM content WHERE number = 4", "DELETE FROM entry WHERE number = 4")
    found = found_in(path, thorough=thorough)
    assert "entry 4 is missing" in said(found)
    without(other, 4)
    found = found_in(other, receipts, thorough=thorough)
    assert {"IS723", "IS725"} <= codes(found)
    assert receipts[4].record in said(found)


@pytest.mark.parametrize("thorough", [True, False])
def test_a_record_that_was_inserted_without_the_keys_is_found_and_named(ledger_of, thorough):
    path, _ = ledger_of
    intruder = "019aac1e-8d3a-7c52-9b6e-4f1d2a3b5c6d"
    tampered(
        path,
        ("INSERT INTO entry SELECT 9, kind, ?, about, leaf, x'' FROM entry WHERE number = 0", (intruder,)),
        "INSERT INTO content SELECT 9, lock, body FROM content WHERE number = 0",
    )
    found = found_in(path, thorough=thorough)
    assert intruder in said(found)
    assert {"IS723", "IS725"} <= codes(found)
    with opened(path) as ledger, pytest.raises(VerificationError) as error:
        add(ledger)
    assert error.value.diagnostics[0].code == "IS725"


def removed_last(path):
    """Takes the last entry back, and with it the checkpoint that was signed over it."""
    tampered(
        path,
        "DELETE FROM content WHERE number = 8",
        "DELETE FROM entry WHERE number = 8",
        "DELETE FROM checkpoint WHERE size = 9",
    )


def test_the_last_entry_removed_is_found_by_any_later_receipt_kept_outside(ledger_of):
    path, receipts = ledger_of
    with opened(path) as ledger:
        later = ledger.receipt(receipts[0].record)
    removed_last(path)
    (path.parent / "a.ledger.keys" / "seen").unlink()
    assert found_in(path).holds  # nothing that is left says so
    found = found_in(path, [later])
    assert codes(found) == {"IS725"}
    assert receipts[0].record in said(found)


def test_the_last_entry_removed_is_found_by_what_was_seen_from_where_the_keys_are(ledger_of):
    path, _ = ledger_of
    removed_last(path)
    assert codes(found_in(path)) == {"IS725"}
    with opened(path) as ledger, pytest.raises(VerificationError) as error:
        add(ledger)
    assert error.value.diagnostics[0].code == "IS725"


def test_a_database_rolled_back_to_yesterday_is_found_by_a_receipt_kept_outside(tmp_path):
    path = tmp_path / "a.ledger"
    small(path)
    shutil.copy(path, tmp_path / "yesterday")
    with opened(path) as ledger:
        receipt = add(ledger)
    shutil.copy(tmp_path / "yesterday", path)
    (tmp_path / "a.ledger.keys" / "seen").unlink()
    assert found_in(path).holds
    found = found_in(path, [receipt])
    assert codes(found) == {"IS725"} and receipt.record in said(found)


def test_a_fork_after_a_rollback_is_found_by_a_receipt_of_the_other_branch(tmp_path):
    path = tmp_path / "a.ledger"
    small(path)
    shutil.copy(path, tmp_path / "yesterday")
    with opened(path) as ledger:
        lost = [add(ledger), add(ledger, NO)]
    shutil.copy(tmp_path / "yesterday", path)
    (tmp_path / "a.ledger.keys" / "seen").unlink()
    with opened(path) as ledger:
        kept = [add(ledger, NO) for _ in range(3)]
        for receipt in lost:
            found = ledger.verify(receipts=[receipt])
            assert codes(found) == {"IS725"} and receipt.record in said(found)
        assert ledger.verify(receipts=kept).holds


def test_a_running_process_notices_that_the_ledger_was_rolled_back(tmp_path):
    path = tmp_path / "a.ledger"
    small(path)
    with opened(path) as ledger:
        add(ledger)
        tampered_rows = (
            "DELETE FROM content WHERE number = 4",
            "DELETE FROM entry WHERE number = 4",
            "DELETE FROM checkpoint WHERE size = 5",
        )
        tampered(path, *tampered_rows)
        with pytest.raises(VerificationError) as error:
            add(ledger)
    assert error.value.diagnostics[0].code == "IS725"


def test_a_receipt_of_another_ledger_is_told_of(ledger_of, tmp_path):
    path, _ = ledger_of
    same_name = small(tmp_path / "other.ledger", records=1)[0]
    assert "IS711" in codes(found_in(path, [same_name]))  # the same origin, another key
    assert codes(found_in(path, [attrs.evolve(same_name, record="another")])) <= {"IS711", "IS716"}


def test_the_contents_of_another_ledger_do_not_fit(ledger_of, tmp_path):
    path, _ = ledger_of
    small(tmp_path / "other.ledger", records=1)
    with contextlib.closing(sqlite3.connect(tmp_path / "other.ledger")) as db:
        lock, body = db.execute("SELECT lock, body FROM content WHERE number = 0").fetchone()
    tampered(path, ("UPDATE content SET lock = ?, body = ? WHERE number = 0", (lock, body)))
    assert codes(found_in(path)) == {"IS723"}


def test_an_erased_content_that_came_back_is_found(pristine, ledger_of, tmp_path):
    path = tmp_path / "back.ledger"
    receipts = small(path)
    with contextlib.closing(sqlite3.connect(path)) as db:
        lock, body = db.execute("SELECT lock, body FROM content WHERE number = 1").fetchone()
    with opened(path) as ledger:
        ledger.erase(receipts[1].record, by=LEAD, because="Too old.")
    tampered(path, ("INSERT INTO content VALUES (1, ?, ?)", (lock, body)))
    found = found_in(path)
    assert "its content is there" in said(found) and receipts[1].record in said(found)


ALTERED = "UPDATE content SET body = zeroblob(length(body)) WHERE number = 1"
MISSING = "DELETE FROM content WHERE number = 1"


@pytest.mark.parametrize(("what", "statement"), [("altered", ALTERED), ("missing", MISSING)])
@pytest.mark.parametrize("thorough", [True, False])
def test_erasing_what_was_altered_or_missing_does_not_hide_it(tmp_path, what, statement, thorough):
    path = tmp_path / "a.ledger"
    receipts = small(path)
    tampered(path, statement)
    with opened(path) as ledger:
        erasure = ledger.erase(receipts[1].record, by=LEAD, because="Too old.")
        found = ledger.verify(thorough=thorough)
        assert erasure.found == what
        assert codes(found) == {"IS723"} and found.counts["erased"] == 1
        assert f"its content was {what} before it was erased" in said(found)
        assert receipts[1].record in said(found) and erasure.receipt.record in said(found)
        with pytest.raises(RecordError, match=f"its content was {what} before that"):
            ledger.show(receipts[1].record)
        assert {each.state for each in ledger.list()} == {"", "erased"}


def test_erasing_what_nobody_signed_who_is_known_says_so(tmp_path, monkeypatch):
    path = tmp_path / "a.ledger"
    with created(path) as ledger:
        sound = add(ledger, YES)
        with monkeypatch.context() as patched:
            seal = recording.seal
            patched.setattr(recording, "seal", lambda body, *_: seal(body, signer("stranger")))
            forged = add(ledger, NO)
        ledger.erase(forged.record, by=LEAD, because="Too old.")
        ledger.erase(sound.record, by=LEAD, because="Too old.")
        found = said(ledger.verify())
        assert forged.record in found and sound.record not in found


def test_an_erased_record_whose_id_was_changed_is_found_by_its_tombstone(ledger_of):
    path, _ = ledger_of
    tampered(path, "UPDATE entry SET id = '019aac1e-8d3a-7c52-9b6e-4f1d2a3b5c6d' WHERE number = 3")
    found = found_in(path)
    assert "IS723" in codes(found) and "speaks of" in said(found)


def test_an_erasure_under_a_hold_is_found(tmp_path, monkeypatch):
    path = tmp_path / "a.ledger"
    with created(path) as ledger:
        record = add(ledger).record
        ledger.hold(record, by=LEAD, because="A review.")
        monkeypatch.setattr("infoshare.records.ledger.states.may_be_erased", lambda *_: None)
        ledger.erase(record, by=LEAD, because="I do as I like.")
        found = ledger.verify()
    assert "erased while on legal hold" in said(found)


def test_what_was_signed_in_another_form_than_the_canonical_one_is_found(tmp_path, monkeypatch):
    path = tmp_path / "a.ledger"
    with created(path) as ledger:
        monkeypatch.setattr(
            recording, "canonical_body", lambda body: json.dumps(body, sort_keys=True).encode()
        )
        record = add(ledger).record
        found = ledger.verify()
        with pytest.raises(VerificationError):
            ledger.show(record)
    assert codes(found) == {"IS704"} and record in said(found)


@pytest.mark.parametrize("processes", [1, 2])
def test_a_long_ledger_is_verified_in_parts_and_each_is_held_against_the_one_before(
    tmp_path, monkeypatch, processes
):
    path = tmp_path / "a.ledger"
    monkeypatch.setattr(verify, "PART", 8)
    monkeypatch.setattr(verify, "WORTH_IT", 8)
    with created(path) as ledger:
        list(ledger.decide_many(policy(), [YES, NO] * 15, by=LEAD))
        told = []
        found = ledger.verify(processes=processes, progress=lambda *each: told.append(each))
        assert (found.problems, found.counts) == ((), {"record": 30})
        assert told == [(8, 30), (16, 30), (24, 30), (30, 30)]
    tampered(path, "UPDATE content SET body = zeroblob(50) WHERE number IN (3, 20)",
             "UPDATE entry SET nodes = zeroblob(length(nodes)) WHERE number = 15")  # fmt: skip
    found = found_in(path, processes=processes)
    assert {problem.message.partition("number ")[2][:3].strip("): ") for problem in found.problems} >= {
        "3",
        "15",
        "20",
    }
    assert "before entry 16 are not those of the entries" in said(found)


def test_what_is_altered_is_not_shown(ledger_of):
    path, receipts = ledger_of
    tampered(path, "UPDATE content SET body = zeroblob(length(body)) WHERE number = 0")
    with opened(path) as ledger:
        for ask in (ledger.show, ledger.replay, ledger.receipt):
            with pytest.raises(VerificationError) as error:
                ask(receipts[0].record)
            assert receipts[0].record in str(error.value)


def wrong(entries):
    """What is said of the entries that are not as they were recorded."""
    return [each.problems[0].message for each in entries if each.problems]


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("UPDATE content SET body = zeroblob(length(body)) WHERE number = 1", "its content was changed"),
        ("UPDATE content SET lock = zeroblob(length(lock)) WHERE number = 1", "its content was changed"),
        ("DELETE FROM content WHERE number = 1", "its content is gone"),
        ("UPDATE entry SET kind = 'hold' WHERE number = 1", "its kind"),
        ("UPDATE entry SET kind = 'consultation' WHERE number = 1", "its kind"),
        ("UPDATE entry SET id = 'x' WHERE number = 1", "its content was changed"),
        ("DELETE FROM entry WHERE number = 1", "entry 1 is missing"),
    ],
)
def test_a_list_shows_what_is_good_and_names_what_is_not(ledger_of, statement, message):
    path, receipts = ledger_of
    tampered(path, statement)
    with opened(path) as ledger:
        listed = list(ledger.list())
        assert [each.id for each in listed if not each.problems] == [
            receipt.record for receipt in receipts if receipt.index != 1
        ]
        (found,) = wrong(listed)
        assert message in found
        assert wrong(ledger.list(case="nobody")) == [found]  # whatever is sought
        (named,) = [each for each in listed if each.problems]
        assert named.number == 1 and named.outcome is None


def test_a_page_of_the_database_that_cannot_be_read_hides_only_what_is_on_it(ledger_of, monkeypatch):
    path, receipts = ledger_of
    real = SQLiteStore.rows

    def rows(self, start, stop):
        for entry, content in real(self, start, stop):
            if entry.number == 2:
                raise StoreError(Cause.DAMAGED, "database disk image is malformed")
            yield entry, content

    monkeypatch.setattr(SQLiteStore, "rows", rows)
    with opened(path) as ledger:
        listed = list(ledger.list())
    assert [each.id for each in listed if not each.problems] == [
        receipt.record for receipt in receipts if receipt.index != 2
    ]
    (found,) = wrong(listed)
    assert found.startswith("entry 2: ") and "damaged" in found


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("UPDATE entry SET kind = 'release' WHERE number = 8", "its kind"),
        ("UPDATE content SET body = zeroblob(length(body)) WHERE number = 8", "its content was changed"),
        ("DELETE FROM content WHERE number = 8", "its content is gone"),
    ],
)
def test_a_consultation_that_was_hidden_is_named_where_they_are_listed(ledger_of, statement, message):
    path, _ = ledger_of
    tampered(path, statement)
    with opened(path) as ledger:
        looked = list(ledger.log(by=LEAD))
        assert [each.how for each in looked if not each.problems] == ["log"]
        assert message in wrong(looked)[0]


@pytest.mark.parametrize("thorough", [True, False])
def test_every_policy_removed_is_found_also_by_a_quick_pass(ledger_of, thorough):
    path, _ = ledger_of
    tampered(path, "DELETE FROM policy")
    found = found_in(path, thorough=thorough)
    assert codes(found) == {"IS728"} and policy().model.digest[:19] in said(found)


@pytest.mark.parametrize("thorough", [True, False])
def test_a_checkpoint_that_is_known_from_outside_and_was_removed_is_found(ledger_of, thorough):
    path, receipts = ledger_of
    tampered(path, "DELETE FROM checkpoint WHERE size = 3")
    assert found_in(path, receipts[:2], thorough=thorough).holds
    found = found_in(path, receipts[:3], thorough=thorough)
    assert codes(found) == {"IS725"} and "the checkpoint of 3 entries" in said(found)


def test_the_checkpoint_that_was_seen_last_is_looked_for(ledger_of):
    path, _ = ledger_of
    with opened(path) as ledger:
        size = ledger.verify().size
        (ledger.keys.path / "seen").write_bytes(ledger.verify().checkpoint)
        ledger.show(next(iter(ledger.list())).id)
        ledger._access._appender.last = None  # so that the one seen last stays
    tampered(path, ("DELETE FROM checkpoint WHERE size = ?", (size,)))
    found = found_in(path)
    assert codes(found) == {"IS725"} and "seen here last, is gone" in said(found)


def test_what_a_pass_left_out_is_said(ledger_of):
    path, receipts = ledger_of
    whole = found_in(path, receipts)
    assert whole.left_out == () and whole.checkpoints == whole.size
    quick = found_in(path, receipts, thorough=False)
    assert "the form of each record" in quick.left_out[0] and len(quick.left_out) == 1
    (path.with_name("a.ledger.keys") / "seen").unlink()
    said_of = found_in(path).left_out
    assert "no `seen` beside the keys" in said_of[0] and "a receipt kept outside" in said_of[1]


def test_a_clock_that_was_set_back_is_told_of_and_the_order_of_the_log_counts(tmp_path):
    path = tmp_path / "a.ledger"
    with created(path, clock=ticking(AT)) as ledger:
        add(ledger)
    with opened(path, clock=ticking(AT - timedelta(days=2))) as ledger:
        early = add(ledger)
        found = ledger.verify()
    assert found.holds
    assert codes(found) == {"IS733"} and early.record in said(found)
    assert all(problem.severity is Severity.WARNING for problem in found.problems)


def test_records_of_the_same_moment_have_the_order_of_the_log(tmp_path):
    with created(tmp_path / "a.ledger", clock=ticking(AT, timedelta(0))) as ledger:
        receipts = [add(ledger, facts) for facts in (YES, NO, YES)]
        assert [each.id for each in ledger.list()] == [receipt.record for receipt in receipts]
        assert ledger.verify().problems == ()


def test_a_change_of_the_triggers_is_told_of(ledger_of):
    path, _ = ledger_of
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute("DROP TRIGGER entry_is_not_changed")
    assert codes(found_in(path)) == {"IS724"}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET kind = 'hold' WHERE number = 0",
        "UPDATE content SET lock = x'00' WHERE number = 0",
        "UPDATE checkpoint SET size = 77 WHERE size = 1",
        "UPDATE policy SET path = 'x'",
        "UPDATE ledger SET origin = 'x'",
        "DELETE FROM entry WHERE number = 8",
        "DELETE FROM content WHERE number = 0",
        "DELETE FROM checkpoint WHERE size = 9",
        "DELETE FROM policy",
        "DELETE FROM ledger",
        "INSERT INTO entry VALUES (50, 'record', 'x', NULL, zeroblob(32), x'')",
        "INSERT INTO entry VALUES (9, 'record', 'x', NULL, 'short', x'')",
        "INSERT INTO ledger VALUES (2, '', '', '')",
    ],
)
def test_a_mistake_in_the_database_is_stopped(ledger_of, statement):
    path, _ = ledger_of
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA foreign_keys = ON")
        with pytest.raises(sqlite3.IntegrityError):
            db.execute(statement)


# --- every bit ------------------------------------------------------------------------------------


def dump(path):
    """Everything that can be read in a ledger."""
    with contextlib.closing(SQLiteStore.open(path, read_only=True, wait=1)) as store:
        size = store.size()
        return (
            store.header,
            list(store.rows(-1, size + 10)),
            list(store.checkpoints(-1, size + 10)),
            {digest: tuple((store.policy(digest) or {}).items()) for digest in store.policies()},
        )


def flipped(path, expected, receipts, data, at, bit):
    """Flips one bit of the file; None where that is found or changes nothing that can be read, else what it is."""
    data[at] ^= 1 << bit
    path.write_bytes(data)
    data[at] ^= 1 << bit
    try:
        with opened(path, read_only=True) as ledger:
            found = ledger.verify(receipts=receipts)
            if not found.holds and all(problem.message for problem in found.problems):
                return None
        return (
            None
            if dump(path) == expected
            else f"bit {bit} of byte {at} changes what is read, and is not found"
        )
    except RecordError as error:
        return None if error.diagnostics[0].code == "IS720" else str(error)


def bare(folder):
    """A ledger as small as one can be, with the least of a page; its receipts."""
    path = folder / "a.ledger"
    with created(path) as ledger:
        receipts = [add(ledger, YES)]
        ledger.hold(receipts[0].record, by=LEAD, because="A review.")
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = DELETE")
        db.execute("PRAGMA page_size = 512")
        db.execute("VACUUM")
    return path, receipts


def test_rows_that_come_again_for_ever_are_found(tmp_path):
    """One bit makes of the second checkpoint one of size nought: whoever asks for those after the first gets it each time."""
    path, receipts = bare(tmp_path)
    expected, data = dump(path), bytearray(path.read_bytes())
    note = data.index(b"records.example.org/2026\n2\n")
    at = data.rindex(b"\x02\x04\x00", note - 8, note)  # the key of its row, and the head of the row
    assert flipped(path, expected, receipts, data, at, 1) is None
    with opened(path, read_only=True) as ledger:
        assert codes(ledger.verify()) == {"IS724", "IS725"}


@pytest.mark.slow
def test_bits_of_the_file_flipped_here_and_there_are_found_or_change_nothing(tmp_path, monkeypatch):
    # Loading a policy is what takes longest, and the same bytes give the same policy.
    kept = functools.cache(lambda files, digest: policies_loaded(dict(files), digest))
    policies_loaded = policies.loaded
    monkeypatch.setattr(policies, "loaded", lambda files, digest: kept(tuple((files or {}).items()), digest))
    path, receipts = bare(tmp_path)
    expected, data = dump(path), bytearray(path.read_bytes())
    chance = random.Random(7)
    places = [(at, chance.randrange(8)) for at in range(100)]  # the header of the file
    places += [(chance.randrange(100, len(data)), chance.randrange(8)) for _ in range(500)]
    missed = [each for at, bit in places if (each := flipped(path, expected, receipts, data, at, bit))]
    assert missed == []


@pytest.mark.parametrize("size", [0, -1, -(2**40)])
def test_a_checkpoint_of_no_entries_or_fewer_is_found(tmp_path, size):
    path, receipts = bare(tmp_path)
    with contextlib.closing(sqlite3.connect(path)) as db, db:
        db.execute("PRAGMA ignore_check_constraints = ON")
        note = db.execute("SELECT note FROM checkpoint WHERE size = 1").fetchone()
        for (trigger,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {trigger}")
        db.execute("INSERT INTO checkpoint VALUES (?, ?)", (size, *note))
    said = [problem.message for problem in found_in(path, receipts).problems]
    assert f"there is a checkpoint of {size} entries, and none is ever signed of so few" in said


def test_the_file_as_it_was_is_sound_and_holds_what_it_holds(tmp_path):
    path, receipts = bare(tmp_path)
    assert found_in(path, receipts).problems == ()
    header, rows, checkpoints, kept = dump(path)
    assert (len(rows), [size for size, _ in checkpoints]) == (2, [1, 2])
    assert kept == {policy().model.digest: (("tiny.policy", TEXT),)}
    assert header.origin
