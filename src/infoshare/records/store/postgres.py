"""The tables, triggers and roles of a ledger in PostgreSQL.

Invariant: a schema that has other triggers or functions is not as it was made, and verifying says so.
Deliberately not here: using them (`postgres`).
"""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import psycopg
from psycopg import sql

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

ROLES = ("infoshare_writer", "infoshare_reader", "infoshare_auditor")

_ONLY_ADDED = "BEGIN RAISE EXCEPTION 'a ledger is only added to'; END"
_ENTRY_ADDED = """
BEGIN
  IF NEW.number <> (SELECT coalesce(max(number), -1) + 1 FROM infoshare.entry) THEN
    RAISE EXCEPTION 'entries are numbered without a gap';
  END IF;
  IF NEW.kind <> 'consultation' AND NOT pg_has_role(current_user, 'infoshare_writer', 'member') THEN
    RAISE EXCEPTION 'this role may add consultations only' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END
"""
_CONTENT_REMOVED = """
BEGIN
  IF NOT EXISTS (SELECT 1 FROM infoshare.entry WHERE about = OLD.number AND kind = 'erasure') THEN
    RAISE EXCEPTION 'a content is removed only after an entry that says so';
  END IF;
  RETURN OLD;
END
"""
FUNCTIONS = {"only_added_to": _ONLY_ADDED, "entry_added": _ENTRY_ADDED, "content_removed": _CONTENT_REMOVED}
TRIGGERS = {
    "ledger_only_added_to": ("BEFORE UPDATE OR DELETE", "ledger", "only_added_to"),
    "entry_only_added_to": ("BEFORE UPDATE OR DELETE", "entry", "only_added_to"),
    "entry_added": ("BEFORE INSERT", "entry", "entry_added"),
    "content_only_added_to": ("BEFORE UPDATE", "content", "only_added_to"),
    "content_removed": ("BEFORE DELETE", "content", "content_removed"),
    "checkpoint_only_added_to": ("BEFORE UPDATE OR DELETE", "checkpoint", "only_added_to"),
    "policy_only_added_to": ("BEFORE UPDATE OR DELETE", "policy", "only_added_to"),
}
TABLES = """
CREATE SCHEMA infoshare;
CREATE TABLE infoshare.ledger (
  one integer PRIMARY KEY CHECK (one = 1),
  format text NOT NULL,
  origin text NOT NULL,
  key text NOT NULL
);
CREATE TABLE infoshare.entry (
  number bigint PRIMARY KEY CHECK (number >= 0),
  kind text NOT NULL,
  id text NOT NULL UNIQUE,
  about bigint REFERENCES infoshare.entry (number),
  leaf bytea NOT NULL CHECK (length(leaf) = 32),
  nodes bytea NOT NULL CHECK (length(nodes) % 32 = 0)
);
CREATE INDEX entry_about ON infoshare.entry (about) WHERE about IS NOT NULL;
CREATE INDEX entry_kind ON infoshare.entry (kind) WHERE kind <> 'record' AND kind <> 'consultation';
CREATE TABLE infoshare.content (
  number bigint PRIMARY KEY REFERENCES infoshare.entry (number) DEFERRABLE INITIALLY DEFERRED,
  lock bytea NOT NULL,
  body bytea NOT NULL
);
ALTER TABLE infoshare.content ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE TABLE infoshare.checkpoint (
  size bigint PRIMARY KEY CHECK (size > 0),
  note bytea NOT NULL
);
CREATE TABLE infoshare.policy (
  digest text NOT NULL,
  position integer NOT NULL,
  path text NOT NULL,
  bytes bytea NOT NULL,
  PRIMARY KEY (digest, position)
);
"""
RIGHTS = """
GRANT USAGE ON SCHEMA infoshare TO infoshare_writer, infoshare_reader, infoshare_auditor;
GRANT SELECT ON ALL TABLES IN SCHEMA infoshare TO infoshare_writer, infoshare_reader, infoshare_auditor;
GRANT INSERT ON infoshare.entry, infoshare.content, infoshare.checkpoint, infoshare.policy TO infoshare_writer;
GRANT INSERT ON infoshare.entry, infoshare.content, infoshare.checkpoint TO infoshare_reader;
GRANT DELETE ON infoshare.content TO infoshare_writer;
"""
ROLE = """
DO $$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = {name}) THEN CREATE ROLE {role} NOLOGIN; END IF;
END $$
"""


ROWS_AT_ONCE = 256
LOCK = 0x49534C67  # "ISLg": the advisory lock of a database's ledger

_ENTRY = "SELECT number, kind, id, about, leaf, nodes FROM infoshare.entry"
_ROWS = """
SELECT e.number, e.kind, e.id, e.about, e.leaf, e.nodes, c.lock, c.body
FROM infoshare.entry AS e LEFT JOIN infoshare.content AS c USING (number)
WHERE e.number >= %s AND e.number < %s ORDER BY e.number LIMIT %s
"""


class PostgresStore:
    """A ledger in a database."""

    def __init__(self, connection: "psycopg.Connection[Any]", *, read_only: bool) -> None:
        self._db = connection
        with closed_if_raised(connection), _told():
            self.header = self._read_header()
            self.writable = not read_only and self._may_write()

    @classmethod
    def create(cls, url: str, header: Header, *, wait: float) -> "PostgresStore":
        """A new, empty ledger. Raises StoreError where the database has one, or may not be changed."""
        db = _connect(url, wait)
        with closed_if_raised(db), _told(), db.transaction():
            _make(db, header)
        return cls(db, read_only=False)

    @classmethod
    def open(cls, url: str, *, read_only: bool = False, wait: float) -> "PostgresStore":
        """A ledger that is there; where the user may not add to it, for reading."""
        return cls(_connect(url, wait), read_only=read_only)

    def close(self) -> None:
        self._db.close()

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        with _told():
            self._db.execute("BEGIN ISOLATION LEVEL READ COMMITTED")
        try:
            with _told():
                self._db.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
            yield
            with _told(commit=True):
                self._db.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(psycopg.Error):
                self._db.execute("ROLLBACK")
            raise

    @contextlib.contextmanager
    def reading(self) -> Iterator[None]:
        if self._db.info.transaction_status is not psycopg.pq.TransactionStatus.IDLE:
            yield
            return
        with _told():
            self._db.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            yield
        finally:
            with contextlib.suppress(psycopg.Error):
                self._db.execute("ROLLBACK")

    def size(self) -> int:
        ((size,),) = self._all("SELECT coalesce(max(number), -1) + 1 FROM infoshare.entry")
        return int(size)

    def entry(self, number: int) -> Entry | None:
        return self._one(f"{_ENTRY} WHERE number = %s", number)

    def find(self, id: str) -> Entry | None:
        return self._one(f"{_ENTRY} WHERE id = %s", id)

    def starting(self, prefix: str, kind: str | None, most: int) -> tuple[Entry, ...]:
        query = f"{_ENTRY} WHERE starts_with(id, %s) AND kind = coalesce(%s, kind) ORDER BY number LIMIT %s"
        return tuple(
            Entry(*row) for row in self._all(query, prefix, None if kind is None else str(kind), most)
        )

    def content(self, number: int) -> Content | None:
        found = self._all("SELECT lock, body FROM infoshare.content WHERE number = %s", number)
        return Content(*found[0]) if found else None

    def about(self, number: int) -> tuple[Entry, ...]:
        query = f"{_ENTRY} WHERE about = %s ORDER BY number"
        return tuple(Entry(*row) for row in self._all(query, number))

    def of_kind(self, kind: str) -> tuple[Entry, ...]:
        # The last two conditions are those of the index.
        query = f"{_ENTRY} WHERE kind = %s AND kind <> 'record' AND kind <> 'consultation' ORDER BY number"
        return tuple(Entry(*row) for row in self._all(query, str(kind)))

    def numbers(self, kind: str, last: int | None) -> tuple[int, ...]:
        query = "SELECT number FROM infoshare.entry WHERE kind = %s ORDER BY number DESC LIMIT %s"
        return tuple(number for (number,) in reversed(self._all(query, str(kind), last)))

    def rows(self, start: int, stop: int) -> Iterator[tuple[Entry, Content | None]]:
        while rows := self._all(_ROWS, start, stop, ROWS_AT_ONCE):
            for *entry, lock, body in rows:
                yield Entry(*entry), None if lock is None else Content(lock, body)
            start = rows[-1][0] + 1

    def node(self, level: int, index: int) -> bytes:
        entry = self.entry(last_of(level, index))
        if entry is None or (found := node_of(entry, level)) is None:
            raise KeyError((level, index))
        return found

    def checkpoint(self) -> bytes | None:
        found = self._all("SELECT note FROM infoshare.checkpoint ORDER BY size DESC LIMIT 1")
        return found[0][0] if found else None

    def checkpoints(self, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
        query = "SELECT size, note FROM infoshare.checkpoint WHERE size > %s AND size <= %s ORDER BY size LIMIT %s"
        while rows := self._all(query, start, stop, ROWS_AT_ONCE):
            yield from rows
            start = rows[-1][0]

    def policy(self, digest: str) -> Mapping[str, bytes] | None:
        query = "SELECT path, bytes FROM infoshare.policy WHERE digest = %s ORDER BY position"
        return dict(self._all(query, digest)) or None

    def policies(self) -> tuple[str, ...]:
        query = "SELECT DISTINCT digest FROM infoshare.policy ORDER BY digest"
        return tuple(digest for (digest,) in self._all(query))

    def damage(self) -> Iterator[str]:
        found = {
            (name, table, function): enabled
            for name, table, function, enabled in self._all(
                "SELECT t.tgname, c.relname, p.proname, t.tgenabled::text FROM pg_trigger AS t"
                " JOIN pg_class AS c ON c.oid = t.tgrelid JOIN pg_proc AS p ON p.oid = t.tgfoid"
                " WHERE c.relnamespace = 'infoshare'::regnamespace AND NOT t.tgisinternal"
            )
        }
        if found != {(name, table, function): "O" for name, (_, table, function) in TRIGGERS.items()}:
            yield "the triggers are not those of a ledger"
        functions = dict(
            self._all("SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'infoshare'::regnamespace")
        )
        if functions != FUNCTIONS:
            yield "the functions are not those of a ledger"
        strays = self._all(
            "SELECT count(*) FROM infoshare.content AS c"
            " WHERE NOT EXISTS (SELECT 1 FROM infoshare.entry AS e WHERE e.number = c.number)"
        )
        if strays != [(0,)]:
            yield "there are contents without an entry"

    def add_content(self, number: int, content: Content) -> Content:
        self._do("INSERT INTO infoshare.content VALUES (%s, %s, %s)", number, content.lock, content.body)
        ((lock, body),) = self._all("SELECT lock, body FROM infoshare.content WHERE number = %s", number)
        return Content(lock, body)

    def add(self, entry: Entry) -> None:
        self._do(
            "INSERT INTO infoshare.entry VALUES (%s, %s, %s, %s, %s, %s)",
            entry.number, str(entry.kind), entry.id, entry.about, entry.leaf, entry.nodes,
        )  # fmt: skip

    def add_checkpoint(self, size: int, note: bytes) -> None:
        self._do("INSERT INTO infoshare.checkpoint VALUES (%s, %s)", size, note)

    def add_policy(self, digest: str, files: Mapping[str, bytes]) -> None:
        for position, (path, data) in enumerate(files.items()):
            self._do("INSERT INTO infoshare.policy VALUES (%s, %s, %s, %s)", digest, position, path, data)

    def remove_content(self, number: int) -> None:
        self._do("DELETE FROM infoshare.content WHERE number = %s", number)

    def forget(self) -> None:
        raise StoreError(Trouble.REFUSED, "a server clears its files in its own time")

    def _read_header(self) -> Header:
        found = self._db.execute("SELECT format, origin, key FROM infoshare.ledger").fetchall()
        if len(found) != 1:
            raise StoreError(Trouble.NOT_A_LEDGER, "the database holds something else")
        format_, origin, key = found[0]
        if format_ != FORMAT:
            raise StoreError(Trouble.NOT_A_LEDGER, f"it is of a format that is not known here; {FORMAT} is")
        return Header(origin, key, format_)

    def _may_write(self) -> bool:
        found = self._db.execute(
            "SELECT has_table_privilege('infoshare.entry', 'INSERT') AND NOT pg_is_in_recovery()"
            " AND current_setting('default_transaction_read_only') = 'off'"
        ).fetchone()
        return found == (True,)

    def _one(self, query: str, *values: object) -> Entry | None:
        found = self._all(query, *values)
        return Entry(*found[0]) if found else None

    def _all(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with _told():
            return self._db.execute(query, values).fetchall()

    def _do(self, statement: str, *values: object) -> None:
        with _told():
            self._db.execute(statement, values)


def _connect(url: str, wait: float) -> "psycopg.Connection[Any]":
    with _told():
        db = psycopg.connect(url, autocommit=True, application_name="infoshare", connect_timeout=10)
    with closed_if_raised(db), _told():
        db.execute("SELECT set_config('lock_timeout', %s, false)", (f"{max(1, int(wait * 1000))}ms",))
        db.execute("SET synchronous_commit = on")
        db.execute("SET search_path = pg_catalog")
        if db.info.server_version < 150_000:
            raise StoreError(Trouble.REFUSED, "PostgreSQL 15 or newer is needed")
    return db


def _make(db: "psycopg.Connection[Any]", header: Header) -> None:
    if db.execute("SELECT to_regnamespace('infoshare')").fetchone() != (None,):
        raise StoreError(Trouble.TAKEN, "the schema infoshare")
    for role in ROLES:
        db.execute(sql.SQL(ROLE).format(name=sql.Literal(role), role=sql.Identifier(role)))
    db.execute(TABLES)
    for name, body in FUNCTIONS.items():
        db.execute(
            sql.SQL("CREATE FUNCTION infoshare.{} () RETURNS trigger LANGUAGE plpgsql AS {}").format(
                sql.Identifier(name), sql.Literal(body)
            )
        )
    for name, (when, table, function) in TRIGGERS.items():
        db.execute(
            sql.SQL(
                "CREATE TRIGGER {} {} ON infoshare.{} FOR EACH ROW EXECUTE FUNCTION infoshare.{} ()"
            ).format(sql.Identifier(name), sql.SQL(when), sql.Identifier(table), sql.Identifier(function))
        )
    db.execute(RIGHTS)
    db.execute(
        "INSERT INTO infoshare.ledger VALUES (1, %s, %s, %s)", (header.format, header.origin, header.key)
    )


_TROUBLES: Sequence[tuple[str, Trouble]] = (
    ("55P03", Trouble.LOCKED),
    ("57014", Trouble.LOCKED),
    ("40", Trouble.LOCKED),
    ("53100", Trouble.FULL),
    ("53", Trouble.UNREACHABLE),
    ("25006", Trouble.READ_ONLY),
    ("42501", Trouble.DENIED),
    ("42P01", Trouble.NOT_A_LEDGER),
    ("3F000", Trouble.NOT_A_LEDGER),
    ("3D000", Trouble.ABSENT),
    ("28", Trouble.NOT_ADMITTED),
    ("23", Trouble.REFUSED),
    ("P0001", Trouble.REFUSED),
    ("22", Trouble.REFUSED),
    ("XX", Trouble.DAMAGED),
)


def _of_connecting(text: str) -> Trouble:
    """Why there is no connection: the driver gives the server's words, in whatever language, and no code."""
    if "authentication" in text or "password" in text or "pg_hba" in text or 'role "' in text:
        return Trouble.NOT_ADMITTED
    return Trouble.ABSENT if 'database "' in text and "does not exist" in text else Trouble.UNREACHABLE


@contextlib.contextmanager
def _told(*, commit: bool = False) -> Iterator[None]:
    """What the database raises, as what became of the ledger."""
    try:
        yield
    except psycopg.Error as error:
        state = error.sqlstate
        if state is None:
            # No answer: it cannot be reached, or was lost on the way, and then nobody knows what it kept.
            lost = Trouble.UNCERTAIN if commit else Trouble.INPUT_OUTPUT
            trouble = _of_connecting(str(error)) if "connection failed" in str(error) else lost
        else:
            trouble = next((t for start, t in _TROUBLES if state.startswith(start)), Trouble.INPUT_OUTPUT)
        raise StoreError(trouble, str(error).partition("\n")[0]) from None
