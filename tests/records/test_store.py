"""A ledger in an SQLite file does what every store does (`store_suite`)."""

import pytest
from store_suite import *  # noqa: F403 - its tests are those of this module
from store_suite import HEADER

from infoshare.records.store.sqlite import SQLiteStore


@pytest.fixture
def stores(tmp_path):
    """Makes the store of a name, or opens it once more."""
    opened = []

    def make(name, *, wait=10, again=False, read_only=False):
        path = tmp_path / name
        made = not path.exists() or again
        store = (
            SQLiteStore.create(path, HEADER, wait=wait)
            if made
            else SQLiteStore.open(path, wait=wait, read_only=read_only)
        )
        opened.append(store)
        return store

    yield make
    for store in opened:
        store.close()
