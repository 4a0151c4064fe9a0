"""The tables and triggers of a ledger in SQLite.

Invariant: a file that has others is not as it was made, and verifying says so. Deliberately not here: using them (`sqlite`).
"""

import contextlib
import functools
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from infoshare.records.store.base import (
    FORMAT,
    Content,
    Entry,
    Header,
    StoreError,
    Trouble,
    closed_if_raised,
    last_of,
    node_of,
)

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


T = TypeVar("T")

ROWS_AT_ONCE = 256

_ENTRY = "SELECT number, kind, id, about, leaf, nodes FROM entry"
_ROWS = (
    "SELECT e.number, e.kind, e.id, e.about, e.leaf, e.nodes, c.lock, c.body"
    " FROM entry AS e LEFT JOIN content AS c USING (number) WHERE e.number >= ? AND e.number < ? ORDER BY e.number"
)


class SQLiteStore:
    """A ledger in a file."""

    def __init__(self, connection: sqlite3.Connection, path: Path, *, writable: bool) -> None:
        self.writable = writable
        self._db, self._path = connection, path.absolute()
        self._files: tuple[tuple[int, int] | None, ...] = ()
        with closed_if_raised(connection), _told():
            self.header = self._read_header()
            self._opened_as = _identity(self._path)

    @classmethod
    def create(cls, path: Path, header: Header, *, wait: float) -> "SQLiteStore":
        """A new, empty ledger. Raises StoreError where there is a file already."""
        try:
            with path.open("xb"):
                path.chmod(0o600)
        except FileExistsError:
            raise StoreError(Trouble.TAKEN, "a file of that name") from None
        except OSError as error:
            raise StoreError(Trouble.DENIED, (error.strerror or "not possible").lower()) from None
        try:
            with _told():
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
            raise StoreError(Trouble.ABSENT, "there is no such file")
        # A write-ahead log lies beside the file: both must be writable.
        folder_writable = os.access(path.absolute().parent, os.W_OK)
        writable = not read_only and folder_writable and os.access(path, os.W_OK)
        mode = "rw" if writable else "ro"
        if not folder_writable and not _holds_something(_beside(path, "-wal")):
            # SQLite cannot make what readers share with a writer, and must be told that nobody writes.
            mode = "ro&immutable=1"
        with _told():
            db = _connect(path, mode, wait)
        return cls(db, path, writable=writable)

    def close(self) -> None:
        self._db.close()

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        with _told():
            self._db.execute("BEGIN IMMEDIATE")
        try:
            self._require_in_place()
            # What is committed to files that nobody can find is lost, so they are looked for first.
            self._files = self._files or tuple(_identity(_beside(self._path, end)) for end in _SHARED)
            yield
            self._require_in_place()
            with _told(commit=True):
                self._db.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                self._db.execute("ROLLBACK")
            raise
        self._require_in_place()

    @contextlib.contextmanager
    def reading(self) -> Iterator[None]:
        if self._db.in_transaction:
            yield
            return
        self._require_in_place()
        with _told():
            self._db.execute("BEGIN")
        try:
            yield
        finally:
            with contextlib.suppress(sqlite3.Error):
                self._db.execute("ROLLBACK")

    def size(self) -> int:
        ((size,),) = self._all("SELECT coalesce(max(number), -1) + 1 FROM entry")
        return int(size)

    def entry(self, number: int) -> Entry | None:
        return self._one_entry(f"{_ENTRY} WHERE number = ?", number)

    def find(self, id: str) -> Entry | None:
        return self._one_entry(f"{_ENTRY} WHERE id = ?", id)

    def starting(self, prefix: str, kind: str | None, most: int) -> tuple[Entry, ...]:
        query = f"{_ENTRY} WHERE id >= ? AND id < ? AND kind = coalesce(?, kind) ORDER BY number LIMIT ?"
        return tuple(_entry(row) for row in self._all(query, prefix, f"{prefix}g", kind, most))

    def content(self, number: int) -> Content | None:
        found = self._all("SELECT lock, body FROM content WHERE number = ?", number)
        return _content(found[0]) if found else None

    def about(self, number: int) -> tuple[Entry, ...]:
        return tuple(_entry(row) for row in self._all(f"{_ENTRY} WHERE about = ? ORDER BY number", number))

    def of_kind(self, kind: str) -> tuple[Entry, ...]:
        # The last two conditions are those of the index.
        query = f"{_ENTRY} WHERE kind = ? AND kind <> 'record' AND kind <> 'consultation' ORDER BY number"
        return tuple(_entry(row) for row in self._all(query, kind))

    def numbers(self, kind: str, last: int | None) -> tuple[int, ...]:
        query = "SELECT number FROM entry WHERE kind = ? ORDER BY number DESC LIMIT ?"
        return tuple(number for (number,) in reversed(self._all(query, kind, -1 if last is None else last)))

    def rows(self, start: int, stop: int) -> Iterator[tuple[Entry, Content | None]]:
        with _told():
            cursor = self._db.execute(_ROWS, (start, stop))
            while rows := cursor.fetchmany(ROWS_AT_ONCE):
                for *entry, lock, body in rows:
                    yield _entry(entry), None if lock is None else _content((lock, body))

    def node(self, level: int, index: int) -> bytes:
        entry = self.entry(last_of(level, index))
        if entry is None or (found := node_of(entry, level)) is None:
            raise KeyError((level, index))
        return found

    def checkpoint(self) -> bytes | None:
        found = self._all("SELECT note FROM checkpoint ORDER BY size DESC LIMIT 1")
        return _sound(found[0][0], bytes) if found else None

    def checkpoints(self, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
        with _told():
            query = "SELECT size, note FROM checkpoint WHERE size > ? AND size <= ? ORDER BY size"
            for size, note in self._db.execute(query, (start, stop)):
                yield _sound(size, int), _sound(note, bytes)

    def policy(self, digest: str) -> Mapping[str, bytes] | None:
        found = self._all("SELECT path, bytes FROM policy WHERE digest = ? ORDER BY position", digest)
        return {_sound(path, str): _sound(data, bytes) for path, data in found} or None

    def policies(self) -> tuple[str, ...]:
        return tuple(
            _sound(digest, str)
            for (digest,) in self._all("SELECT DISTINCT digest FROM policy ORDER BY digest")
        )

    def damage(self) -> Iterator[str]:
        with _told():
            found = self._db.execute("PRAGMA integrity_check(20)").fetchall()
            yield from (text for (text,) in found if text != "ok")
            written = set(self._db.execute(SCHEMA_OF))
            version = self._db.execute("PRAGMA user_version").fetchone()
        if written != as_made():
            yield "the tables, indexes or triggers are not those of a ledger"
        if version != (VERSION,):
            yield "the version of the file is not that of a ledger"

    def add_content(self, number: int, content: Content) -> Content:
        self._do("INSERT INTO content VALUES (?, ?, ?)", number, content.lock, content.body)
        ((lock, body),) = self._all("SELECT lock, body FROM content WHERE number = ?", number)
        return _content((lock, body))

    def add(self, entry: Entry) -> None:
        self._do(
            "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?)",
            entry.number, entry.kind, entry.id, entry.about, entry.leaf, entry.nodes,
        )  # fmt: skip

    def add_checkpoint(self, size: int, note: bytes) -> None:
        self._do("INSERT INTO checkpoint VALUES (?, ?)", size, note)

    def add_policy(self, digest: str, files: Mapping[str, bytes]) -> None:
        for position, (path, data) in enumerate(files.items()):
            self._do("INSERT INTO policy VALUES (?, ?, ?, ?)", digest, position, path, data)

    def remove_content(self, number: int) -> None:
        self._do("DELETE FROM content WHERE number = ?", number)

    def forget(self) -> None:
        with _told():
            (busy, *_) = self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise StoreError(Trouble.LOCKED, "somebody else is reading or writing")

    def _require_in_place(self) -> None:
        """Raises StoreError where the files that are open are no longer those that the path leads to."""
        if _identity(self._path) != self._opened_as:
            raise StoreError(Trouble.MOVED, "another file, or none, is where it was opened")
        if self._files and self._files != tuple(_identity(_beside(self._path, end)) for end in _SHARED):
            raise StoreError(Trouble.MOVED, "a file that belongs to it, beside it, was removed or replaced")

    def _read_header(self) -> Header:
        try:
            (application,) = self._db.execute("PRAGMA application_id").fetchone()
            found = self._db.execute("SELECT format, origin, key FROM ledger").fetchall()
        except sqlite3.OperationalError as error:
            if "no such" not in str(error):
                raise
            application, found = 0, []
        if application != APPLICATION_ID or len(found) != 1:
            raise StoreError(Trouble.NOT_A_LEDGER, "the file holds something else")
        format_, origin, key = (_sound(value, str) for value in found[0])
        if format_ != FORMAT:
            raise StoreError(Trouble.NOT_A_LEDGER, f"it is of a format that is not known here; {FORMAT} is")
        return Header(origin, key, format_)

    def _one_entry(self, query: str, *values: object) -> Entry | None:
        found = self._all(query, *values)
        return _entry(found[0]) if found else None

    def _all(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with _told():
            return self._db.execute(query, values).fetchall()

    def _do(self, statement: str, *values: object) -> None:
        with _told():
            self._db.execute(statement, values)


def _entry(row: Sequence[Any]) -> Entry:
    number, kind, id_, about, leaf, nodes = row
    return Entry(
        _sound(number, int),
        _sound(kind, str),
        _sound(id_, str),
        None if about is None else _sound(about, int),
        _sound(leaf, bytes),
        _sound(nodes, bytes),
    )


def _content(row: Sequence[Any]) -> Content:
    lock, body = row
    return Content(_sound(lock, bytes), _sound(body, bytes))


def _sound(value: Any, kind: type[T]) -> T:
    """A value that is of the type of its column; a file that was damaged holds others."""
    if type(value) is not kind:
        raise StoreError(Trouble.DAMAGED, "a value is not of the type of its column")
    return value


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


_TROUBLES = {
    sqlite3.SQLITE_BUSY: Trouble.LOCKED,
    sqlite3.SQLITE_LOCKED: Trouble.LOCKED,
    sqlite3.SQLITE_FULL: Trouble.FULL,
    sqlite3.SQLITE_READONLY: Trouble.READ_ONLY,
    sqlite3.SQLITE_PERM: Trouble.DENIED,
    sqlite3.SQLITE_CANTOPEN: Trouble.DENIED,
    sqlite3.SQLITE_AUTH: Trouble.DENIED,
    sqlite3.SQLITE_CORRUPT: Trouble.DAMAGED,
    sqlite3.SQLITE_NOTADB: Trouble.NOT_A_LEDGER,
    sqlite3.SQLITE_CONSTRAINT: Trouble.REFUSED,
    sqlite3.SQLITE_IOERR: Trouble.INPUT_OUTPUT,
}


@contextlib.contextmanager
def _told(*, commit: bool = False) -> Iterator[None]:
    """What SQLite raises, as what became of the ledger."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", None)
        trouble = Trouble.DAMAGED if code is None else _TROUBLES.get(code & 0xFF, Trouble.DAMAGED)
        if commit and code == sqlite3.SQLITE_IOERR_FSYNC:  # written whole, and perhaps on the disk
            trouble = Trouble.UNCERTAIN
        raise StoreError(trouble, str(error)) from None
    except UnicodeDecodeError:
        raise StoreError(Trouble.DAMAGED, "text that is not UTF-8") from None
