"""The tables and triggers of a ledger in SQLite.

Invariant: a file that has others is not as it was made, and verifying says so. Deliberately not here: using them (`sqlite`).
"""

import contextlib
import functools
import sqlite3

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
