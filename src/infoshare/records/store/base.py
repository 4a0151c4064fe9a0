"""What a ledger needs of a database: rows in, rows out, one writer at a time, all of an append or nothing.

Invariants: entries are numbered from 0 without a gap and never changed; of an entry only its content, the sealed
envelope, can ever be removed, and only after an entry that says so. A transaction that `writing` gave up leaves nothing.
Deliberately not here: what is in an envelope, keys, trees and signatures (its neighbours); any one database.
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from enum import StrEnum
from typing import Protocol

import attrs

FORMAT = "infoshare.ledger/1"
HASH_SIZE = 32


class Trouble(StrEnum):
    """Why a database did not do what it was asked."""

    ABSENT = "absent"
    DAMAGED = "damaged"
    DENIED = "denied"
    FULL = "full"
    INPUT_OUTPUT = "input-output"
    LOCKED = "locked"
    MOVED = "moved"
    NOT_ADMITTED = "not-admitted"
    NOT_A_LEDGER = "not-a-ledger"
    READ_ONLY = "read-only"
    REFUSED = "refused"
    TAKEN = "taken"
    UNCERTAIN = "uncertain"
    UNREACHABLE = "unreachable"


class StoreError(Exception):
    """A database that did not do what it was asked; nothing of the transaction is kept.

    Attributes:
        trouble: why.
        detail: in the words of the database, with nothing of a record in it.
    """

    def __init__(self, trouble: Trouble, detail: str) -> None:
        self.trouble, self.detail = trouble, detail
        super().__init__(f"{trouble}: {detail}")


class Closeable(Protocol):
    """What can be closed."""

    def close(self) -> None:
        """Closes it."""


@contextmanager
def closed_if_raised(opened: Closeable) -> Iterator[None]:
    """Closes something where what is done with it next does not succeed, and nobody would have it to close."""
    try:
        yield
    except BaseException:
        opened.close()
        raise


@attrs.frozen
class Header:
    """Which ledger it is.

    Attributes:
        origin: the name of its log, which every checkpoint bears.
        key: the text of the public key that signs its checkpoints.
    """

    origin: str
    key: str
    format: str = FORMAT


@attrs.frozen
class Entry:
    """One entry of the log, without what it says.

    Attributes:
        number: its place, from 0.
        kind: what kind of entry it is; see `entries`.
        id: its UUID.
        about: the number of the entry that it speaks of, if it speaks of one.
        leaf: the leaf hash in the tree, 32 bytes.
        nodes: the hashes of the larger complete subtrees that this leaf completes, smallest first, 32 bytes each.
    """

    number: int
    kind: str
    id: str
    about: int | None
    leaf: bytes = attrs.field(repr=False)
    nodes: bytes = attrs.field(repr=False)


@attrs.frozen
class Content:
    """The sealed envelope of an entry.

    Attributes:
        lock: the record's own key and its salt, wrapped by the case key.
        body: the envelope, under the record's own key.
    """

    lock: bytes = attrs.field(repr=False)
    body: bytes = attrs.field(repr=False)


class Store(Protocol):
    """A database that holds one ledger. Every method may raise StoreError."""

    header: Header
    writable: bool
    """Whether anything can be appended by way of it."""

    def writing(self) -> AbstractContextManager[None]:
        """A transaction that no other writer is in; committed durably when it ends well, else as if it had not been.

        Raises StoreError (`MOVED`) where what is open is not what the ledger's path leads to, before anything is kept.
        """

    def reading(self) -> AbstractContextManager[None]:
        """A moment of the ledger that stands still while it is read."""

    def size(self) -> int:
        """How many entries there are."""

    def entry(self, number: int) -> Entry | None: ...

    def find(self, id: str) -> Entry | None: ...

    def starting(self, prefix: str, kind: str | None, most: int) -> tuple[Entry, ...]:
        """Entries, of a kind if one is given, whose id begins with a prefix of hexadecimal digits and dashes; at most so many."""

    def content(self, number: int) -> Content | None:
        """The sealed envelope of an entry; None where it was removed."""

    def about(self, number: int) -> tuple[Entry, ...]:
        """The entries that speak of one, in order."""

    def of_kind(self, kind: str) -> tuple[Entry, ...]:
        """The entries of a kind of which there are few, in order."""

    def numbers(self, kind: str, last: int | None) -> tuple[int, ...]:
        """The numbers of the entries of a kind, in order; only so many, the newest, where that is given."""

    def rows(self, start: int, stop: int) -> Iterator[tuple[Entry, Content | None]]:
        """Entries with their contents, in order, never all of them in memory."""

    def node(self, level: int, index: int) -> bytes:
        """The hash of the complete subtree over the leaves `index * 2**level` up to the next such one.

        Raises KeyError where there is none.
        """

    def checkpoint(self) -> bytes | None:
        """The newest checkpoint, a signed note; None where nothing was appended."""

    def checkpoints(self, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
        """Checkpoints by the size that they speak of, `start < size <= stop`, in order."""

    def policy(self, digest: str) -> Mapping[str, bytes] | None:
        """The files of a policy by path, the main one first."""

    def policies(self) -> tuple[str, ...]:
        """The digests of all policies."""

    def damage(self) -> Iterator[str]:
        """What the database itself finds wrong with how the ledger is kept."""

    def add_content(self, number: int, content: Content) -> Content:
        """Adds the content of an entry to come, and returns it as it is read back. Only within `writing`."""

    def add(self, entry: Entry) -> None:
        """Adds an entry whose content is there. Only within `writing`."""

    def add_checkpoint(self, size: int, note: bytes) -> None:
        """Adds a checkpoint. Only within `writing`."""

    def add_policy(self, digest: str, files: Mapping[str, bytes]) -> None:
        """Adds the files of a policy. Only within `writing`."""

    def remove_content(self, number: int) -> None:
        """Removes a content so that the database holds it no more. Only within `writing`."""

    def forget(self) -> None:
        """Clears what a database may still hold of removed contents in files of its own."""

    def close(self) -> None: ...


def node_of(entry: Entry, level: int) -> bytes | None:
    """The hash of the complete subtree of a level that ends with an entry; None where none does."""
    if level == 0:
        return entry.leaf
    found = entry.nodes[(level - 1) * HASH_SIZE : level * HASH_SIZE]
    return found if len(found) == HASH_SIZE else None


def last_of(level: int, index: int) -> int:
    """The number of the entry that a complete subtree ends with."""
    return ((index + 1) << level) - 1
