"""The promises of a ledger, kept when a process is killed, the disk is full or fails, or somebody else writes."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from ledger_samples import AT, LEAD, NO, YES, add, copied, created, opened, policy, small, ticking

from infoshare.records import NotRecordedError, Receipt, RecordError, VerificationError
from infoshare.records.ledger.append import STEPS, Appender
from infoshare.records.store.errors import Cause, StoreError
from infoshare.records.store.sqlite import SQLiteStore

HERE = Path(__file__).parent
PROGRAM = HERE / "ledger_process.py"

posix = pytest.mark.skipif(os.name != "posix", reason="signals and limits are those of POSIX")


def run(*arguments, **options):
    return subprocess.Popen(
        [sys.executable, str(PROGRAM), *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        **options,
    )


def receipts_of(output):
    return [Receipt.from_bytes(line.encode()) for line in output.splitlines()]


COUNTS = ("SELECT count(*) FROM entry", "SELECT count(*) FROM content")


def sound(path, receipts):
    """A ledger verifies, holds what there are receipts for, and goes on; how many entries it has."""
    with opened(path, clock=ticking(AT + timedelta(days=3))) as ledger:
        found = ledger.verify(receipts=receipts)
        assert found.problems == ()
        with contextlib.closing(sqlite3.connect(path)) as db:
            entries, contents = (db.execute(query).fetchone() for query in COUNTS)
        assert entries == contents == (found.size,)
        receipt = add(ledger)
        assert receipt.index == found.size
        assert ledger.verify(receipts=[*receipts, receipt]).problems == ()
    return found.size


@pytest.mark.slow
def test_a_process_killed_at_any_step_of_an_append_leaves_no_half_record(tmp_path):
    path = tmp_path / "a.ledger"
    small(path, records=2)
    started = [
        (step, where, run("add", where, 2, step))
        for step in STEPS
        for where in [copied(path, tmp_path / f"{step}.ledger")]
    ]
    for step, where, process in started:
        out, err = process.communicate(timeout=60)
        assert process.returncode == -9, err
        (receipt,) = receipts_of(out)  # of the append before the one in which it died
        # Before the commit there is nothing; after it the record is there, and nobody has its receipt.
        assert sound(where, [receipt]) == (4 if step == "committed" else 3), step


@posix
@pytest.mark.parametrize("room", [40_000, 100_000])
def test_a_full_disk_records_nothing_more_and_says_so(tmp_path, room):
    path = tmp_path / "a.ledger"
    small(path, records=1)
    size = path.stat().st_size
    process = run("until", path, size + room)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 8, err
    assert "IS722 not-recorded: nothing was recorded" in err
    receipts = receipts_of(out)
    assert receipts
    assert sound(path, receipts) == 1 + len(receipts)


def test_a_database_that_may_not_grow_records_nothing_more_and_carries_the_decision(tmp_path):
    path = tmp_path / "a.ledger"
    small(path, records=1)
    receipts = []
    with opened(path) as ledger:
        ledger._access.store._db.execute("PRAGMA max_page_count = 40")
        with pytest.raises(NotRecordedError) as error:
            receipts.extend(add(ledger) for _ in range(100))
        assert "the disk is full" in str(error.value)
        assert error.value.decision == policy().decide(YES, as_of=error.value.decision.as_of)
    assert sound(path, receipts) == 1 + len(receipts)


class Failing:
    """A connection whose statements fail as a disk does, from some statement on."""

    def __init__(self, db, on, error):
        self.db, self.on, self.error = db, on, error

    def execute(self, statement, *values):
        if self.on is not None and statement.startswith(self.on):
            raise self.error
        return self.db.execute(statement, *values)

    def __getattr__(self, name):
        return getattr(self.db, name)


def failure(message, code):
    error = sqlite3.OperationalError(message)
    error.sqlite_errorcode = code
    return error


DISK = failure("disk I/O error", sqlite3.SQLITE_IOERR_FSYNC)


@pytest.mark.parametrize(
    "statement",
    ["BEGIN", "INSERT INTO content", "SELECT lock", "INSERT INTO entry", "INSERT INTO checkpoint", "COMMIT"],
)
def test_a_disk_that_fails_at_any_step_gives_no_receipt_and_the_handle_writes_no_more(tmp_path, statement):
    path = tmp_path / "a.ledger"
    first = small(path, records=1)
    with opened(path) as ledger:
        before = add(ledger)
        ledger._access.store._db = Failing(ledger._access.store._db, statement, DISK)
        with pytest.raises(NotRecordedError) as error:
            add(ledger)
        assert "the disk did not keep what it was given" in str(error.value)
        uncertain = statement == "COMMIT"
        assert ("it may not have been recorded" if uncertain else "nothing was recorded") in str(error.value)
        ledger._access.store._db.on = None
        with pytest.raises(NotRecordedError):  # nobody knows what the disk has: it is to be opened again
            add(ledger)
    assert sound(path, [*first, before]) == 2


def test_a_bit_that_flips_on_its_way_to_the_disk_is_never_signed(tmp_path, monkeypatch):
    path = tmp_path / "a.ledger"
    small(path, records=1)
    real = SQLiteStore.add_content

    def flipped(self, number, content):
        read = real(self, number, content)
        return type(read)(read.lock, read.body[:-1] + bytes([read.body[-1] ^ 1]))

    with opened(path) as ledger:
        monkeypatch.setattr(SQLiteStore, "add_content", flipped)
        with pytest.raises(VerificationError) as error:
            add(ledger)
        assert error.value.diagnostics[0].code == "IS723"
        monkeypatch.undo()
    assert sound(path, []) == 1


def test_somebody_else_who_writes_is_waited_for_and_then_told_of(tmp_path):
    path = tmp_path / "a.ledger"
    small(path, records=1)
    with (
        contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other,
        opened(path, wait=0.05) as ledger,
    ):
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(NotRecordedError) as error:
            add(ledger)
        assert "somebody else is writing" in str(error.value)
        with pytest.raises(RecordError) as error:
            list(ledger.list())
        assert error.value.diagnostics[0].code == "IS732"
        assert ledger.verify().holds  # reading goes on
        other.execute("ROLLBACK")
        add(ledger)
    assert sound(path, []) == 2


def test_a_ledger_that_may_not_be_written_is_verified_and_not_added_to(tmp_path):
    path = tmp_path / "a.ledger"
    (receipt,) = small(path, records=1)
    with opened(path, read_only=True) as ledger:
        assert ledger.verify(receipts=[receipt]).holds
        for call in (
            lambda: add(ledger),
            lambda: ledger.hold(receipt.record, by=LEAD, because="A review."),
            lambda: ledger.erase(receipt.record, by=LEAD, because="Too old."),
        ):
            with pytest.raises(NotRecordedError) as error:
                call()
            assert "may be read but not written" in str(error.value)


def test_a_file_without_the_right_to_write_is_opened_for_reading(tmp_path, monkeypatch):
    path = tmp_path / "a.ledger"
    small(path, records=1)
    real = os.access
    monkeypatch.setattr(os, "access", lambda name, mode: mode != os.W_OK and real(name, mode))
    with opened(path) as ledger:
        assert ledger.verify().holds
        with pytest.raises(NotRecordedError):
            add(ledger)


@pytest.mark.slow
def test_processes_that_add_at_once_make_neither_gap_nor_fork(tmp_path):
    path = tmp_path / "a.ledger"
    with created(path):
        pass
    processes = [run("add", path, 6) for _ in range(8)]
    receipts = []
    for process in processes:
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        own = receipts_of(out)
        assert [receipt.index for receipt in own] == sorted(receipt.index for receipt in own)
        receipts += own
    assert sorted(receipt.index for receipt in receipts) == list(range(48))
    assert sound(path, receipts) == 48


def test_many_in_one_transaction_are_all_recorded_or_none(tmp_path):
    path = tmp_path / "a.ledger"
    small(path, records=1)
    with opened(path) as ledger:
        ledger._access.store._db = Failing(ledger._access.store._db, "COMMIT", DISK)
        with pytest.raises(NotRecordedError):
            list(ledger.decide_many(policy(), [YES, NO] * 10, by=LEAD))
    assert sound(path, []) == 1


def test_a_broken_log_is_never_signed_over(tmp_path):
    path = tmp_path / "a.ledger"
    small(path)
    with contextlib.closing(sqlite3.connect(path)) as db, db:
        db.execute("DROP TRIGGER entry_is_not_changed")
        db.execute("UPDATE entry SET nodes = zeroblob(length(nodes)) WHERE number = 3")
    with opened(path) as ledger, pytest.raises(VerificationError) as error:
        add(ledger)
    assert error.value.diagnostics[0].code == "IS725"


def moved(path):
    path.rename(path.with_name("elsewhere"))


def removed(path):
    path.unlink()


def replaced(path):
    shutil.copy(path, path.with_name("copy"))
    path.with_name("copy").replace(path)


def without_log(path):
    path.with_name(path.name + "-wal").unlink()


def without_shared_memory(path):
    path.with_name(path.name + "-shm").unlink()


@posix
@pytest.mark.parametrize("done", [moved, removed, replaced, without_log, without_shared_memory])
def test_no_receipt_is_given_for_a_ledger_that_was_moved_or_removed_while_it_was_open(tmp_path, done):
    path = tmp_path / "a.ledger"
    (first,) = small(path, records=1)
    with opened(path) as ledger:
        add(ledger)
        done(path)
        with pytest.raises(NotRecordedError) as error:
            add(ledger)
        assert "moved, removed or replaced" in str(error.value)
        assert error.value.decision == policy().decide(YES, as_of=error.value.decision.as_of)
        with pytest.raises(RecordError) as error:  # a consultation is an entry as well
            ledger.show(first.record)
        if path.exists() and done in {moved, removed, replaced}:
            with pytest.raises(RecordError) as error:
                ledger.receipt(first.record)
            assert error.value.diagnostics[0].code == "IS720"


@posix
@pytest.mark.parametrize("done", [moved, removed, replaced])
def test_of_many_none_gets_a_receipt_after_the_ledger_was_moved_or_removed(tmp_path, done):
    path = tmp_path / "a.ledger"
    small(path, records=1)
    with opened(path) as ledger:
        receipts = ledger.decide_many(policy(), [YES] * 5, by=LEAD)
        next(receipts)
        done(path)
        with pytest.raises(NotRecordedError):
            next(receipts)


@posix
@pytest.mark.parametrize("step", ["begun", "checkpoint", "committed"])
def test_a_ledger_that_is_removed_during_an_append_gives_no_receipt(tmp_path, step):
    path = tmp_path / "a.ledger"
    small(path, records=1)

    def at(reached):
        if reached == step and path.exists():
            path.unlink()

    with opened(path, at_step=at) as ledger:
        if step == "committed":  # the receipt was earned: it was removed afterwards
            add(ledger)
        with pytest.raises(NotRecordedError):
            add(ledger)


def test_a_ledger_is_found_again_after_the_working_folder_changed(tmp_path, monkeypatch):
    path = tmp_path / "a.ledger"
    small(path, records=1)
    monkeypatch.chdir(tmp_path)
    with opened("a.ledger") as ledger:
        monkeypatch.chdir("/")
        add(ledger)


def as_somebody(folder, act):
    """Does something in a process without the rights of root, which are above all others; what it raised, in words."""
    if os.geteuid() != 0:
        return act()
    for name in (folder, *folder.rglob("*")):
        os.chown(name, 65534, 65534)
    with tempfile.TemporaryFile("w+") as said:
        if (child := os.fork()) == 0:
            os.setgid(65534)
            os.setuid(65534)
            try:
                act()
            except BaseException as error:  # noqa: BLE001 - whatever it is, it is told
                said.write(repr(error))
                said.flush()
            os._exit(0)
        os.waitpid(child, 0)
        said.seek(0)
        assert said.read() == ""
    return None


@posix
def test_a_ledger_in_a_folder_that_may_only_be_read_is_verified_and_gives_receipts():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        receipts = small(folder / "a.ledger")
        folder.chmod(0o555)

        def act():
            with opened(folder / "a.ledger") as ledger:
                assert ledger.verify(receipts=receipts).problems == ()
                assert ledger.receipt(receipts[1].record).leaf == receipts[1].leaf
                with pytest.raises(NotRecordedError, match="may be read but not written"):
                    add(ledger)
            with opened(folder / "a.ledger", read_only=True) as ledger:
                assert ledger.verify().holds
            assert {each.name for each in folder.iterdir()} == {"a.ledger", "a.ledger.keys"}

        as_somebody(folder, act)
        folder.chmod(0o755)


@posix
def test_what_is_not_yet_in_the_file_itself_is_never_left_out_in_a_folder_that_may_only_be_read():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        first = small(folder / "a.ledger", records=1)
        with opened(folder / "a.ledger") as ledger:
            receipts = [*first, add(ledger)]
            folder.chmod(0o555)

            def act():
                with opened(folder / "a.ledger", read_only=True) as again:
                    assert again.verify(receipts=receipts).problems == ()

            as_somebody(folder, act)
            folder.chmod(0o755)


@pytest.mark.parametrize("kept", [100, 4096, 3 * 4096, 3 * 4096 + 5])
def test_a_ledger_that_is_cut_off_anywhere_is_told_to_be_damaged_and_where_to_go_on(tmp_path, kept):
    path = tmp_path / "a.ledger"
    small(path)
    os.truncate(path, kept)
    with pytest.raises(RecordError) as error, opened(path) as ledger:
        ledger.verify().require()
    help_ = " ".join(line for each in error.value.diagnostics for line in each.help)
    assert "record verify" not in help_ and "copy" in help_


@pytest.mark.parametrize("page", [1, 2, 4])
def test_a_ledger_of_which_a_page_was_written_over_is_not_told_to_be_verified_by_verifying_it(tmp_path, page):
    path = tmp_path / "a.ledger"
    small(path)
    with path.open("r+b") as file:
        file.seek(4096 * page)
        file.write(b"\xff" * 4096)
    with pytest.raises(RecordError) as error, opened(path) as ledger:
        ledger.verify().require()
    assert not any("record verify" in line for each in error.value.diagnostics for line in each.help)


def test_a_truncated_ledger_is_not_told_to_be_verified_by_verifying_it(tmp_path):
    path = tmp_path / "a.ledger"
    small(path)
    os.truncate(path, path.stat().st_size // 2)
    with pytest.raises(RecordError) as error, opened(path) as ledger:
        ledger.verify().require()
    help_ = " ".join(line for each in error.value.diagnostics for line in each.help)
    assert "record verify" not in help_
    assert "copy" in help_


def test_what_was_recorded_and_has_no_receipt_is_named(tmp_path, monkeypatch):
    path = tmp_path / "a.ledger"
    small(path, records=3)
    with opened(path) as ledger:

        def lost(*_):
            raise StoreError(Cause.INPUT_OUTPUT, "disk I/O error")

        monkeypatch.setattr(Appender, "_receipts", lost)
        with pytest.raises(RecordError) as error:
            add(ledger)
        monkeypatch.undo()
        assert not isinstance(error.value, NotRecordedError)
        *_, last = ledger.list()
        assert f"recorded as {last.id}" in str(error.value)
        assert any("do not record it again" in line for line in error.value.diagnostics[0].help)
