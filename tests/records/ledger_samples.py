"""A small policy, invented cases and small ledgers, for the tests of the ledger.

With INFOSHARE_POSTGRES, the address of a server for tests, a path stands for a database on it.
"""

import contextlib
import hashlib
import os
import shutil
import sqlite3
from datetime import UTC, date, datetime, timedelta
from functools import cache

import infoshare
from infoshare.records import Ledger, Practitioner

DAY = date(2026, 11, 22)
AT = datetime(2026, 11, 22, 14, 30, tzinfo=UTC)
NURSE = Practitioner("Robin Example", "school nurse", "Northtown School Nursing")
LEAD = Practitioner("Alex Sample", "information governance lead", "Northtown Council")
ORIGIN = "records.example.org/2026"

TEXT = b"""\
infoshare 1
policy tiny "A tiny policy"
facts about q "the request"
  agreed "the family agrees" : yes or no
  urgent "it is urgent" : yes or no
consent agreement "What the family agrees to is shared."
  share
  when q.agreed
consent refusal "A refusal is respected."
  withhold
  when not q.agreed
override danger "Danger outweighs it."
  share
  prevails over refusal
  when q.urgent
duty record "Record it."
  after deciding
"""
YES = {"case": "A. B.", "q": {"agreed": True}}
NO = {"case": "C. D.", "q": {"agreed": False, "urgent": False}}
URGENT = {"case": "C. D.", "q": {"agreed": False, "urgent": True}}
OPEN = {"case": "E. F.", "q": {"agreed": "unsure"}}


@cache
def policy():
    return infoshare.load_sources({"tiny.policy": TEXT}, main="tiny.policy")


def ticking(start=AT, step=timedelta(seconds=1)):
    """A clock that goes on by a step each time it is asked."""
    now = start - step

    def clock():
        nonlocal now
        now += step
        return now

    return clock


SERVER = os.environ.get("INFOSHARE_POSTGRES")


def place(path):
    """Where the ledger of a path is: the file, or a database that is made for it."""
    if SERVER is None or str(path).startswith("postgresql:"):
        return path
    import psycopg

    name = "t" + hashlib.sha256(str(path).encode()).hexdigest()[:20]
    with psycopg.connect(f"{SERVER}/postgres", autocommit=True) as db:
        if not db.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
            db.execute(f"CREATE DATABASE {name}")
    return f"{SERVER}/{name}"


def created(path, **options):
    given = {"origin": ORIGIN, "keys": f"{path}.keys", "clock": ticking(), **options}
    return Ledger.create(place(path), **given)


def opened(path, **options):
    given = {"keys": f"{path}.keys", "clock": ticking(AT + timedelta(days=1)), **options}
    return Ledger.open(place(path), **given)


def add(ledger, facts=YES, **told):
    """Decides and records; the receipt."""
    return ledger.decide(policy(), facts, **{"by": NURSE, "as_of": DAY, **told}).receipt


def small(path, *, records=4):
    """A closed ledger with some records; their receipts."""
    with created(path) as ledger:
        return [add(ledger, facts) for facts in ([YES, NO, URGENT, OPEN] * records)[:records]]


def copied(path, to):
    """A ledger and its keys copied, both closed."""
    shutil.copy(path, to)
    shutil.copytree(f"{path}.keys", f"{to}.keys")
    return to


def tampered(path, *statements):
    """Does to a closed ledger what its triggers would refuse, and leaves the triggers as they were."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        triggers = db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            db.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            text, values = statement if isinstance(statement, tuple) else (statement, ())
            assert db.execute(text, values).rowcount != 0, text
        for _, sql in triggers:
            db.execute(sql)


def codes(verification):
    return {problem.code for problem in verification.problems}


def said(verification):
    return "\n".join(problem.message for problem in verification.problems)
