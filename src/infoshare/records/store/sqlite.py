"""A ledger in one SQLite file.

Tables are STRICT, the journal is a write-ahead log, every commit waits for the disk (`synchronous=FULL`), one writer is
in at a time. Triggers refuse changes and gaps: they stop mistakes, the hashes are the protection.
Invariants: a transaction is there as a whole after the process, the machine or the disk failed, or not at all; a file that has
other tables or triggers is not as it was made, and verifying says so.
Deliberately not here: what all databases share (`base`), what the rows mean (`ledger`).
Sources: https://www.sqlite.org/atomiccommit.html, /wal.html, /pragma.html#pragma_secure_delete.
"""

import contextlib
import functools
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from infoshare.records.store.base import Header, Store, closed_if_raised
from infoshare.records.store.errors import Cause, StoreError

APPLICATION_ID = 0x49534C67  # "ISLg", in the header of the file: what `file` and SQLite know it by
VERSION = 1

_TABLES = """
CREATE TABLE ledger (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  format TEXT NOT NULL,
  origin TEXT NOT NULL,
  key TEXT NOT NULL
) STRICT;
CREATE TABLE entry (
  number INTEGER PRIMARY KEY CHECK (number >= 0),
  kind TEXT NOT NULL,
  id TEXT NOT NULL UNIQUE,
  about INTEGER REFERENCES entry (number),
  leaf BLOB NOT NULL CHECK (length(leaf) = 32),
  nodes BLOB NOT NULL CHECK (length(nodes) % 32 = 0)
) STRICT;
CREATE INDEX entry_about ON entry (about) WHERE about IS NOT NULL;
CREATE INDEX entry_kind ON entry (kind) WHERE kind <> 'record' AND kind <> 'consultation';
CREATE TABLE content (
  number INTEGER PRIMARY KEY REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
  lock BLOB NOT NULL,
  body BLOB NOT NULL
) STRICT;
CREATE TABLE checkpoint (
  size INTEGER PRIMARY KEY CHECK (size > 0),
  note BLOB NOT NULL
) STRICT;
CREATE TABLE policy (
  digest TEXT NOT NULL,
  position INTEGER NOT NULL,
  path TEXT NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (digest, position)
) STRICT;
CREATE TRIGGER entry_without_gap BEFORE INSERT ON entry
  WHEN NEW.number <> (SELECT coalesce(max(number), -1) + 1 FROM entry)
  BEGIN SELECT raise(ABORT, 'entries are numbered without a gap'); END;
CREATE TRIGGER content_stays BEFORE DELETE ON content
  WHEN NOT EXISTS (SELECT 1 FROM entry WHERE about = OLD.number AND kind = 'erasure')
  BEGIN SELECT raise(ABORT, 'a content is removed only after an entry that says so'); END;
"""
_NEVER = """
CREATE TRIGGER {table}_is_not_changed BEFORE UPDATE ON {table}
  BEGIN SELECT raise(ABORT, 'a ledger is only added to'); END;
"""
_NEVER_REMOVED = """
CREATE TRIGGER {table}_is_not_removed BEFORE DELETE ON {table}
  BEGIN SELECT raise(ABORT, 'a ledger is only added to'); END;
"""
SCHEMA = "".join(
    [
        _TABLES,
        *(_NEVER.format(table=table) for table in ("ledger", "entry", "content", "checkpoint", "policy")),
        *(_NEVER_REMOVED.format(table=table) for table in ("ledger", "entry", "checkpoint", "policy")),
    ]
)

SCHEMA_OF = "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%'"


@functools.cache
def as_made() -> frozenset[tuple[object, ...]]:
    """The tables, indexes and triggers as SQLite describes them."""
    with contextlib.closing(sqlite3.connect(":memory:")) as db:
        db.executescript(SCHEMA)
        return frozenset(db.execute(SCHEMA_OF))


class SQLiteStore(Store):
    """A ledger in a file."""

    _db: sqlite3.Connection
    _BEGIN_READING = "BEGIN"

    def __init__(self, connection: sqlite3.Connection, path: Path, *, writable: bool) -> None:
        self.writable = writable
        self._db, self._path = connection, path.absolute()
        self._files: tuple[tuple[int, int] | None, ...] = ()
        with closed_if_raised(connection), self.translated():
            self.header = self._read_header()
            self._opened_as = _identity(self._path)

    @classmethod
    def create(cls, path: Path, header: Header, *, wait: float) -> "SQLiteStore":
        """A new, empty ledger. Raises StoreError where there is a file already."""
        try:
            with path.open("xb"):
                path.chmod(0o600)
        except FileExistsError:
            raise StoreError(Cause.TAKEN, "a file of that name") from None
        except OSError as error:
            raise StoreError(Cause.DENIED, (error.strerror or "not possible").lower()) from None
        try:
            with _translated():
                db = _connect(path, "rw", wait)
                with closed_if_raised(db):
                    _make(db, header)
        except StoreError:
            path.unlink(missing_ok=True)
            raise
        return cls(db, path, writable=True)

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False, wait: float) -> "SQLiteStore":
        """A ledger that is there; one that may not be written is opened for reading."""
        if not path.is_file():
            raise StoreError(Cause.ABSENT, "there is no such file")
        # A write-ahead log lies beside the file: both must be writable.
        folder_writable = os.access(path.absolute().parent, os.W_OK)
        writable = not read_only and folder_writable and os.access(path, os.W_OK)
        mode = "rw" if writable else "ro"
        if not folder_writable and not _holds_something(_beside(path, "-wal")):
            # SQLite cannot make what readers share with a writer, and must be told that nobody writes.
            mode = "ro&immutable=1"
        with _translated():
            db = _connect(path, mode, wait)
        return cls(db, path, writable=writable)

    @staticmethod
    def translated(*, commit: bool = False) -> contextlib.AbstractContextManager[None]:
        return _translated(commit=commit)

    def _begin_writing(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")
        # What is committed to files that nobody can find is lost, so they are looked for ever after.
        self._files = self._files or tuple(_identity(_beside(self._path, end)) for end in _SHARED)

    def _in_transaction(self) -> bool:
        return self._db.in_transaction

    def damage(self) -> Iterator[str]:
        with self.translated():
            found = self._db.execute("PRAGMA integrity_check(20)").fetchall()
            yield from (text for (text,) in found if text != "ok")
            written = set(self._db.execute(SCHEMA_OF))
            version = self._db.execute("PRAGMA user_version").fetchone()
        if written != as_made():
            yield "the tables, indexes or triggers are not those of a ledger"
        if version != (VERSION,):
            yield "the version of the file is not that of a ledger"

    def forget(self) -> None:
        with self.translated():
            (busy, *_) = self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise StoreError(Cause.LOCKED, "somebody else is reading or writing")

    def require_in_place(self) -> None:
        """Raises StoreError where the files that are open are no longer those that the path leads to."""
        if _identity(self._path) != self._opened_as:
            raise StoreError(Cause.MOVED, "another file, or none, is where it was opened")
        if self._files and self._files != tuple(_identity(_beside(self._path, end)) for end in _SHARED):
            raise StoreError(Cause.MOVED, "a file that belongs to it, beside it, was removed or replaced")

    def _read_header(self) -> Header:
        try:
            (application,) = self._db.execute("PRAGMA application_id").fetchone()
            found = self._db.execute("SELECT format, origin, key FROM ledger").fetchall()
        except sqlite3.OperationalError as error:
            if "no such" not in str(error):
                raise
            application, found = 0, []
        return self._only_header(found if application == APPLICATION_ID else [])


_SHARED = ("-wal", "-shm")
"""The files beside a ledger that all who have it open share, by what their names end in."""


def _beside(path: Path, end: str) -> Path:
    return path.with_name(path.name + end)


def _holds_something(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except OSError:
        return False


def _identity(path: Path) -> tuple[int, int] | None:
    """Which file a path leads to; None for none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _connect(path: Path, mode: str, wait: float) -> sqlite3.Connection:
    db = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=wait,
        isolation_level=None,
        check_same_thread=False,
    )
    with closed_if_raised(db):
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("PRAGMA secure_delete = ON")
        db.execute("PRAGMA trusted_schema = OFF")
    return db


def _make(db: sqlite3.Connection, header: Header) -> None:
    db.execute("PRAGMA journal_mode = WAL")
    db.executescript(
        f"BEGIN; PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {VERSION};{SCHEMA}"
    )
    db.execute("INSERT INTO ledger VALUES (1, ?, ?, ?)", (header.format, header.origin, header.key))
    db.execute("COMMIT")


_CAUSES = {
    sqlite3.SQLITE_BUSY: Cause.LOCKED,
    sqlite3.SQLITE_LOCKED: Cause.LOCKED,
    sqlite3.SQLITE_FULL: Cause.FULL,
    sqlite3.SQLITE_READONLY: Cause.READ_ONLY,
    sqlite3.SQLITE_PERM: Cause.DENIED,
    sqlite3.SQLITE_CANTOPEN: Cause.DENIED,
    sqlite3.SQLITE_AUTH: Cause.DENIED,
    sqlite3.SQLITE_CORRUPT: Cause.DAMAGED,
    sqlite3.SQLITE_NOTADB: Cause.NOT_A_LEDGER,
    sqlite3.SQLITE_CONSTRAINT: Cause.REFUSED,
    sqlite3.SQLITE_IOERR: Cause.INPUT_OUTPUT,
}


@contextlib.contextmanager
def _translated(*, commit: bool = False) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", None)
        cause = Cause.DAMAGED if code is None else _CAUSES.get(code & 0xFF, Cause.DAMAGED)
        if commit and code == sqlite3.SQLITE_IOERR_FSYNC:  # written whole, and perhaps on the disk
            cause = Cause.UNCERTAIN
        raise StoreError(cause, str(error)) from None
    except UnicodeDecodeError:
        raise StoreError(Cause.DAMAGED, "text that is not UTF-8") from None
