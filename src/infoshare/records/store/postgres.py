"""A ledger in a PostgreSQL database, version 15 or newer: one ledger a database, in the schema `infoshare`.

A transaction that adds takes an advisory lock first, so that one writer after another finds the next number and the tree.
Three roles, none of which can log in itself: grant them to those who can.

    infoshare_writer    adds, consults, holds and erases
    infoshare_reader    consults: reads, and adds the entries that say so
    infoshare_auditor   verifies: reads, and adds nothing

Triggers refuse changes and gaps: they stop mistakes, the hashes are the protection. Every commit waits for the disk.
Invariants: as for `sqlite`. Deliberately not here: what all databases share (`base`), what the rows mean (`ledger`); making
databases and users.
"""

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

import psycopg
from psycopg import sql

from infoshare.records.store.base import Header, Store, closed_if_raised
from infoshare.records.store.errors import Cause, StoreError

LOCK = 0x49534C67  # "ISLg": the advisory lock of a database's ledger
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


class PostgresStore(Store):
    """A ledger in a database."""

    _db: "psycopg.Connection[Any]"
    _BEGIN_READING = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"

    def __init__(self, connection: "psycopg.Connection[Any]", *, read_only: bool) -> None:
        self._db = connection
        with closed_if_raised(connection):
            self.header = self._only_header(self._all("SELECT format, origin, key FROM infoshare.ledger"))
            self.writable = not read_only and self._may_write()

    @classmethod
    def create(cls, url: str, header: Header, *, wait: float) -> "PostgresStore":
        """A new, empty ledger. Raises StoreError where the database has one, or may not be changed."""
        db = _connect(url, wait)
        with closed_if_raised(db), _translated(), db.transaction():
            _make(db, header)
        return cls(db, read_only=False)

    @classmethod
    def open(cls, url: str, *, read_only: bool = False, wait: float) -> "PostgresStore":
        """A ledger that is there; where the user may not add to it, for reading."""
        return cls(_connect(url, wait), read_only=read_only)

    @staticmethod
    def translated(*, commit: bool = False) -> contextlib.AbstractContextManager[None]:
        return _translated(commit=commit)

    def _begin_writing(self) -> None:
        self._db.execute("BEGIN ISOLATION LEVEL READ COMMITTED")
        try:
            self._db.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
        except psycopg.Error:
            self._roll_back()
            raise

    def _in_transaction(self) -> bool:
        return self._db.info.transaction_status is not psycopg.pq.TransactionStatus.IDLE

    def _execute(self, statement: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        cursor = self._db.execute(statement.replace("?", "%s"), values)
        return [] if cursor.description is None else cursor.fetchall()

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

    def require_in_place(self) -> None:
        """A server does not let go of a database that somebody is connected to."""

    def forget(self) -> None:
        raise StoreError(Cause.REFUSED, "a server clears its files in its own time")

    def _may_write(self) -> bool:
        found = self._all(
            "SELECT has_table_privilege('infoshare.entry', 'INSERT') AND NOT pg_is_in_recovery()"
            " AND current_setting('default_transaction_read_only') = 'off'"
        )
        return found == [(True,)]


def _connect(url: str, wait: float) -> "psycopg.Connection[Any]":
    with _translated():
        db = psycopg.connect(url, autocommit=True, application_name="infoshare", connect_timeout=10)
    with closed_if_raised(db), _translated():
        db.execute("SELECT set_config('lock_timeout', %s, false)", (f"{max(1, int(wait * 1000))}ms",))
        db.execute("SET synchronous_commit = on")
        db.execute("SET search_path = pg_catalog, infoshare")
        if db.info.server_version < 150_000:
            raise StoreError(Cause.REFUSED, "PostgreSQL 15 or newer is needed")
    return db


def _make(db: "psycopg.Connection[Any]", header: Header) -> None:
    if db.execute("SELECT to_regnamespace('infoshare')").fetchone() != (None,):
        raise StoreError(Cause.TAKEN, "the schema infoshare")
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


_CAUSES: Sequence[tuple[str, Cause]] = (
    ("55P03", Cause.LOCKED),
    ("57014", Cause.LOCKED),
    ("40", Cause.LOCKED),
    ("53100", Cause.FULL),
    ("53", Cause.UNREACHABLE),
    ("25006", Cause.READ_ONLY),
    ("42501", Cause.DENIED),
    ("42P01", Cause.NOT_A_LEDGER),
    ("3F000", Cause.NOT_A_LEDGER),
    ("3D000", Cause.ABSENT),
    ("28", Cause.NOT_ADMITTED),
    ("23", Cause.REFUSED),
    ("P0001", Cause.REFUSED),
    ("22", Cause.REFUSED),
    ("XX", Cause.DAMAGED),
)


def _of_connecting(text: str) -> Cause:
    """Why there is no connection: the driver gives the server's words, in whatever language, and no code."""
    if "authentication" in text or "password" in text or "pg_hba" in text or 'role "' in text:
        return Cause.NOT_ADMITTED
    return Cause.ABSENT if 'database "' in text and "does not exist" in text else Cause.UNREACHABLE


@contextlib.contextmanager
def _translated(*, commit: bool = False) -> Iterator[None]:
    try:
        yield
    except psycopg.Error as error:
        state = error.sqlstate
        if state is None:
            # No answer: it cannot be reached, or was lost on the way, and then nobody knows what it kept.
            lost = Cause.UNCERTAIN if commit else Cause.INPUT_OUTPUT
            cause = _of_connecting(str(error)) if "connection failed" in str(error) else lost
        else:
            cause = next((each for start, each in _CAUSES if state.startswith(start)), Cause.INPUT_OUTPUT)
        raise StoreError(cause, str(error).partition("\n")[0]) from None
