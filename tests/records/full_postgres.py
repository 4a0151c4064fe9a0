"""The ledger in a real PostgreSQL: the same tests as in SQLite, and what only a server does.

Not found by `pytest` alone, as it needs a server: run by `.ci/postgres`, which starts a server of its own on loopback and gives its address in INFOSHARE_POSTGRES.
"""

import contextlib
import os
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
import store_suite
import test_ledger as same
from ledger_samples import (
    AT,
    LEAD,
    NO,
    YES,
    add,
    codes,
    created,
    opened,
    place,
    policy,
    said,
    small,
    ticking,
)
from store_suite import HEADER
from store_suite import store as store  # noqa: PLC0414 - a fixture
from test_ledger import ledger as ledger  # noqa: PLC0414 - a fixture

from infoshare.cli import main
from infoshare.records import Ledger, NotRecordedError, Receipt, RecordError
from infoshare.records.ledger.append import STEPS
from infoshare.records.store.postgres import PostgresStore

SERVER = os.environ["INFOSHARE_POSTGRES"]
PROGRAM = Path(__file__).parent / "ledger_process.py"

# What is about the file of an SQLite ledger, or that it is made by its name.
OF_FILES = {
    "test_no_content_is_readable_in_the_file",
    "test_what_was_erased_is_nowhere_in_the_files",
    "test_a_record_on_legal_hold_is_not_erased_until_the_hold_ends",
    "test_keys_are_for_their_owner_alone_and_not_in_the_database",
    "test_a_ledger_is_never_made_over_a_file_or_over_keys",
    "test_a_file_that_is_no_ledger_is_not_opened",
    "test_a_ledger_that_is_not_there_is_not_made_by_opening_it",
}
for _name, _test in (vars(same) | vars(store_suite)).items():
    if _name.startswith("test_") and _name not in OF_FILES:
        globals()[_name] = _test


def test_what_is_left_out_is_there():
    assert set(vars(same)) >= OF_FILES


@pytest.fixture
def stores(tmp_path):
    """Makes the store of a name, or opens it once more."""
    opened, urls = [], {}

    def make(name, *, wait=10, again=False, read_only=False):
        made = name not in urls or again
        url = urls.setdefault(name, place(tmp_path / name))
        store = (
            PostgresStore.create(url, HEADER, wait=wait)
            if made
            else PostgresStore.open(url, wait=wait, read_only=read_only)
        )
        opened.append(store)
        return store

    yield make
    for each in opened:
        each.close()


@contextlib.contextmanager
def server(path):
    """A connection of the owner to the database of a path."""
    with psycopg.connect(place(path), autocommit=True) as db:
        yield db


def tampered(path, *statements):
    """Does what the triggers would refuse, and leaves them as they were."""
    with server(path) as db:
        db.execute("SET session_replication_role = replica")
        for statement in statements:
            assert db.execute(statement).rowcount != 0, statement


def found_in(path, receipts=(), **options):
    with opened(path, read_only=True) as ledger:
        return ledger.verify(receipts=receipts, **options)


def run(*arguments):
    return subprocess.Popen(
        [sys.executable, str(PROGRAM), *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def receipts_of(output):
    return [Receipt.from_bytes(line.encode()) for line in output.splitlines()]


def sound(path, receipts):
    with opened(path, clock=ticking(AT + timedelta(days=3))) as ledger:
        found = ledger.verify(receipts=receipts)
        assert found.problems == ()
        with server(path) as db:
            for table in ("entry", "content"):
                assert db.execute(f"SELECT count(*) FROM infoshare.{table}").fetchone() == (found.size,)  # noqa: S608 - names of this test
        receipt = add(ledger)
        assert ledger.verify(receipts=[*receipts, receipt]).problems == ()
    return found.size


# --- faults -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", STEPS)
def test_a_process_killed_at_any_step_leaves_no_half_record(tmp_path, step):
    path = tmp_path / "a.ledger"
    small(path, records=1)
    process = run("add", path, 2, step)
    out, err = process.communicate(timeout=60)
    assert process.returncode == -9, err
    assert sound(path, receipts_of(out)) == (3 if step == "committed" else 2)


def test_processes_that_add_at_once_make_neither_gap_nor_fork(tmp_path):
    path = tmp_path / "a.ledger"
    with created(path):
        pass
    processes = [run("add", path, 12) for _ in range(8)]
    receipts = []
    for process in processes:
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        receipts += receipts_of(out)
    assert sorted(receipt.index for receipt in receipts) == list(range(96))
    assert sound(path, receipts) == 96


@pytest.mark.parametrize("step", STEPS[:-1])
def test_a_connection_that_is_cut_at_any_step_gives_no_receipt(tmp_path, step):
    path = tmp_path / "a.ledger"
    first = small(path, records=1)

    def cut(reached):
        if reached == step:
            with server(path) as db:
                db.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE application_name = 'infoshare' AND datname = current_database()"
                )

    with opened(path, at_step=cut) as ledger:
        with pytest.raises(NotRecordedError):
            add(ledger)
        with pytest.raises(RecordError):
            add(ledger)
    assert sound(path, first) == 1


def test_a_writer_that_waits_too_long_is_told_and_nothing_is_recorded(tmp_path):
    path = tmp_path / "a.ledger"
    small(path, records=1)
    with server(path) as other, opened(path, wait=0.2) as ledger, other.transaction():
        other.execute("SELECT pg_advisory_xact_lock(%s)", (0x49534C67,))
        with pytest.raises(NotRecordedError) as error:
            add(ledger)
        assert "somebody else is writing" in str(error.value)
        assert ledger.verify().holds
    assert sound(path, []) == 1


def test_whoever_waits_goes_on_when_the_other_is_done(tmp_path):
    path = tmp_path / "a.ledger"
    small(path, records=1)
    with server(path) as other, opened(path) as ledger:
        other.execute("BEGIN")
        other.execute("SELECT pg_advisory_xact_lock(%s)", (0x49534C67,))
        added = []
        thread = threading.Thread(target=lambda: added.append(add(ledger)))
        thread.start()
        time.sleep(0.2)
        assert added == []
        other.execute("COMMIT")
        thread.join(30)
        assert [receipt.index for receipt in added] == [1]


# --- altered ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("thorough", [True, False])
@pytest.mark.parametrize(
    ("statements", "code"),
    [
        (["UPDATE infoshare.content SET body = set_byte(body, 40, 255 - get_byte(body, 40)) WHERE number = 1"], "IS723"),
        (["UPDATE infoshare.content SET lock = set_byte(lock, 20, 255 - get_byte(lock, 20)) WHERE number = 1"], "IS723"),
        (["UPDATE infoshare.entry SET leaf = set_byte(leaf, 3, 255 - get_byte(leaf, 3)) WHERE number = 1"], "IS723"),
        (["UPDATE infoshare.entry SET nodes = set_byte(nodes, 3, 255 - get_byte(nodes, 3)) WHERE number = 1"], "IS723"),
        (["UPDATE infoshare.entry SET kind = 'hold' WHERE number = 0"], "IS723"),
        (["UPDATE infoshare.entry SET id = '019aac1e-8d3a-7c52-9b6e-4f1d2a3b5c6d' WHERE number = 2"], "IS723"),
        (["UPDATE infoshare.policy SET path = 'other.policy'"], "IS728"),
        (["UPDATE infoshare.ledger SET origin = 'records.example.org/2027'"], "IS724"),
        (["DELETE FROM infoshare.content WHERE number = 2"], "IS723"),
        (["DELETE FROM infoshare.content WHERE number = 2", "DELETE FROM infoshare.entry WHERE number = 2"], "IS724"),
        (["DELETE FROM infoshare.checkpoint WHERE size = 4"], "IS725"),
        (["UPDATE infoshare.content SET number = 77 WHERE number = 1", "UPDATE infoshare.content SET number = 1 WHERE number = 2", "UPDATE infoshare.content SET number = 2 WHERE number = 77"], "IS723"),
        (["INSERT INTO infoshare.entry SELECT 4, kind, 'x', about, leaf, '' FROM infoshare.entry WHERE number = 0"], "IS725"),
    ],
)  # fmt: skip
def test_what_was_altered_is_found(tmp_path, statements, code, thorough):
    path = tmp_path / "a.ledger"
    small(path)
    tampered(path, *statements)
    assert code in codes(found_in(path, thorough=thorough))


def test_a_ledger_that_was_rolled_back_is_found_by_a_receipt_kept_outside(tmp_path):
    path = tmp_path / "a.ledger"
    receipts = small(path)
    tampered(
        path,
        "DELETE FROM infoshare.content WHERE number = 3",
        "DELETE FROM infoshare.entry WHERE number = 3",
        "DELETE FROM infoshare.checkpoint WHERE size = 4",
    )
    Path(f"{path}.keys", "seen").unlink()
    assert found_in(path).holds
    found = found_in(path, receipts)
    assert codes(found) == {"IS725"} and receipts[3].record in said(found)


def test_triggers_that_were_disabled_or_changed_are_told_of(tmp_path):
    path = tmp_path / "a.ledger"
    small(path, records=1)
    with server(path) as db:
        db.execute("ALTER TABLE infoshare.entry DISABLE TRIGGER entry_only_added_to")
    assert codes(found_in(path)) == {"IS724"}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE infoshare.entry SET kind = 'hold' WHERE number = 0",
        "UPDATE infoshare.content SET lock = '' WHERE number = 0",
        "UPDATE infoshare.checkpoint SET size = 77",
        "UPDATE infoshare.policy SET path = 'x'",
        "UPDATE infoshare.ledger SET origin = 'x'",
        "DELETE FROM infoshare.entry",
        "DELETE FROM infoshare.content",
        "DELETE FROM infoshare.checkpoint",
        "DELETE FROM infoshare.policy",
        "DELETE FROM infoshare.ledger",
        "INSERT INTO infoshare.entry VALUES (50, 'record', 'x', NULL, decode(repeat('00', 32), 'hex'), '')",
    ],
)
def test_a_mistake_in_the_database_is_stopped(tmp_path, statement):
    path = tmp_path / "a.ledger"
    small(path, records=1)
    with server(path) as db, pytest.raises(psycopg.errors.RaiseException):
        db.execute(statement)


# --- roles --------------------------------------------------------------------------------------------


@pytest.fixture
def as_role(tmp_path):
    """A ledger with a record, and how to open it as a user with one of the roles."""
    path = tmp_path / "a.ledger"
    (receipt,) = small(path, records=1)

    def open_as(role):
        with server(path) as db:
            db.execute(
                f"DO $$ BEGIN CREATE ROLE test_{role} LOGIN; EXCEPTION WHEN duplicate_object THEN END $$"
            )
            db.execute(f"GRANT infoshare_{role} TO test_{role}")
        host = place(path).partition("@")[2]
        return Ledger.open(
            f"postgresql://test_{role}@{host}", keys=f"{path}.keys", clock=ticking(AT + timedelta(days=1))
        )

    return open_as, receipt


def test_a_writer_adds_consults_and_erases(as_role):
    open_as, receipt = as_role
    with open_as("writer") as ledger:
        add(ledger)
        ledger.show(receipt.record, by=LEAD)
        ledger.erase(receipt.record, by=LEAD, because="Too old.")
        assert ledger.verify().holds


def test_a_reader_consults_which_is_recorded_and_adds_nothing_else(as_role):
    open_as, receipt = as_role
    with open_as("reader") as ledger:
        assert ledger.show(receipt.record, by=LEAD).id == receipt.record
        assert ledger.verify().counts == {"record": 1, "consultation": 1}
        for call in (
            lambda: add(ledger),
            lambda: ledger.hold(receipt.record, by=LEAD, because="A review."),
            lambda: ledger.erase(receipt.record, by=LEAD, because="Too old."),
        ):
            with pytest.raises(NotRecordedError):
                call()
        assert ledger.verify().size == 2


def test_an_auditor_verifies_and_is_shown_nothing(as_role):
    open_as, receipt = as_role
    with open_as("auditor") as ledger:
        assert ledger.verify(receipts=[receipt]).holds
        with pytest.raises(RecordError) as error:
            ledger.show(receipt.record, by=LEAD)
        assert error.value.diagnostics[0].code == "IS732"
        with pytest.raises(NotRecordedError):
            add(ledger)


# --- where it is --------------------------------------------------------------------------------------


def test_a_database_without_a_ledger_or_that_cannot_be_reached_is_told_of(tmp_path):
    for url in (f"{SERVER}/postgres", f"{SERVER}/none", "postgresql://nobody:secret@127.0.0.1:1/none"):
        with created(tmp_path / f"{abs(hash(url))}.ledger"):
            keys = tmp_path / f"{abs(hash(url))}.ledger.keys"
        with pytest.raises(RecordError) as error:
            Ledger.open(url, keys=keys)
        assert error.value.diagnostics[0].code == "IS720"
        assert "secret" not in str(error.value)


def test_a_ledger_is_not_made_twice_in_one_database(tmp_path):
    path = tmp_path / "a.ledger"
    small(path, records=1)
    with pytest.raises(RecordError) as error:
        created(path, keys=tmp_path / "others")
    assert error.value.diagnostics[0].code == "IS720"
    assert found_in(path).holds


def test_erasing_says_that_a_server_clears_its_files_in_its_own_time(tmp_path):
    with created(tmp_path / "a.ledger") as ledger:
        record = add(ledger).record
        ledger.hold(record, by=LEAD, because="A review.")
        with pytest.raises(RecordError):
            ledger.erase(record, by=LEAD, because="Too old.")
        ledger.release(record, by=LEAD, because="It ended.")
        assert ledger.erase(record, by=LEAD, because="Too old.").cleared is False
        assert ledger.verify().holds


def test_the_command_line_takes_the_address_of_a_database(tmp_path, capsys):
    path = tmp_path / "a.ledger"
    (receipt,) = small(path, records=1)
    place_of = [place(path), "--keys", f"{path}.keys"]
    assert main(["record", "verify", *place_of]) == 0
    assert "verified: 1 record" in capsys.readouterr().out
    assert main(["record", "replay", place_of[0], receipt.record, *place_of[1:]]) == 0
    assert "the same, byte for byte" in capsys.readouterr().out


def test_several_processes_verify_together(tmp_path):
    path = tmp_path / "a.ledger"
    with created(path) as ledger:
        list(ledger.decide_many(policy(), [YES, NO] * 10_000, by=LEAD, at_once=1000))
        found = ledger.verify(thorough=False, processes=2)
        assert (found.problems, found.size) == ((), 20_000)
    tampered(path, "UPDATE infoshare.content SET body = '' WHERE number IN (3, 17000)")
    found = found_in(path, thorough=False, processes=2)
    assert [problem.code for problem in found.problems] == ["IS723", "IS723"]
    with opened(path) as ledger:
        assert [each.number for each in ledger.list(by=LEAD, last=9000) if each.problems] == [17000]


@pytest.mark.parametrize(
    ("url", "message", "help_"),
    [
        ("postgresql://nobody@{at}/postgres", "does not let this user in", "user's name and password"),
        ("postgresql://tests@{at}/nowhere", "there is no such ledger", "infoshare record init"),
        ("postgresql://tests@127.0.0.1:1/postgres", "cannot be reached", "the address and the port"),
    ],
)
def test_why_there_is_no_connection_is_said_and_never_as_a_matter_of_files(tmp_path, url, message, help_):
    small(tmp_path / "a.ledger", records=0)
    with pytest.raises(RecordError) as error:
        Ledger.open(url.format(at=SERVER.rpartition("@")[2]), keys=f"{tmp_path / 'a.ledger'}.keys")
    (found,) = error.value.diagnostics
    assert found.code == "IS720" and message in found.message and help_ in found.help[0]
    assert not any("rights to the file" in line for line in found.help)
