"""The tables, triggers and roles of a ledger in PostgreSQL.

Invariant: a schema that has other triggers or functions is not as it was made, and verifying says so.
Deliberately not here: using them (`postgres`).
"""

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
