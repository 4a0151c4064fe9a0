"""Finds the database of a ledger, and the folder of its keys, from its path or URL.

A path is an SQLite file; `postgresql://…` a PostgreSQL database. Deliberately not here: what is in them.
"""

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from infoshare.records.errors import missing_extra
from infoshare.records.store.base import Header, Store
from infoshare.records.store.sqlite import SQLiteStore

if TYPE_CHECKING:
    from infoshare.records.store.postgres import PostgresStore

KEYS = ".keys"
_URL = re.compile(r"postgres(?:ql)?://", re.ASCII)


def is_url(where: str) -> bool:
    """Tells whether this is the URL of a PostgreSQL database."""
    return _URL.match(where) is not None


def keys_beside(where: str) -> Path:
    """The folder of keys that goes with a ledger where no other is named.

    `children.ledger.keys` beside `children.ledger`; for a database, `NAME.keys` in the current folder.
    """
    if not is_url(where):
        path = Path(where)
        return path.with_name(path.name + KEYS)
    name = re.sub(r"[?#].*", "", where).rpartition("/")[2]
    return Path(f"{name or 'infoshare'}{KEYS}")


def without_password(where: str) -> str:
    """Returns a path or URL without its password, to be shown."""
    return re.sub(r"(?<=://)([^/@:]*)(:[^/@]*)?@", r"\1@", re.sub(r"(password=)[^&]*", r"\1…", where))


def create(where: str | os.PathLike[str], header: Header, *, wait: float) -> Store:
    """A new, empty ledger. Raises StoreError, or RecordError where an extra is missing."""
    text = os.fspath(where)
    if is_url(text):
        return _postgres().create(text, header, wait=wait)
    return SQLiteStore.create(Path(text), header, wait=wait)


def connect(where: str | os.PathLike[str], *, read_only: bool, wait: float) -> Store:
    """A ledger that is there. Raises StoreError, or RecordError where an extra is missing."""
    text = os.fspath(where)
    if is_url(text):
        return _postgres().open(text, read_only=read_only, wait=wait)
    return SQLiteStore.open(Path(text), read_only=read_only, wait=wait)


def _postgres() -> "type[PostgresStore]":
    try:
        from infoshare.records.store.postgres import PostgresStore
    except ImportError:
        raise missing_extra("a ledger in PostgreSQL", "postgres") from None
    return PostgresStore
