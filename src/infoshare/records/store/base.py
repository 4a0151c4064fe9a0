"""A ledger in an SQL database: rows in, rows out, one writer at a time, all of an append or nothing.

`Store` says everything in the SQL that SQLite and PostgreSQL share; a dialect (`sqlite`, `postgres`) connects, begins and
locks, and translates errors. `tests/records/store_suite.py` is what any dialect is held to.
Invariants: entries are numbered from 0 without a gap and never changed; of an entry only its content, the sealed
envelope, can ever be removed, and only after an entry that says so. A transaction that `writing` gave up leaves nothing.
Deliberately not here: what is in an envelope, keys, trees and signatures (its neighbours); any one database.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Any, Protocol, TypeVar

import attrs

from infoshare.records.store.errors import Cause, StoreError

T = TypeVar("T")

FORMAT = "infoshare.ledger/1"
HASH_SIZE = 32
ROWS_AT_ONCE = 256


class Closeable(Protocol):
    """What can be closed."""

    def close(self) -> None: ...


@contextmanager
def closed_if_raised(opened: Closeable) -> Iterator[None]:
    """Closes a connection if the block raises."""
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
        kind: what kind of entry it is; see `ledger.entries`.
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

    def node(self, level: int) -> bytes | None:
        """The hash of the complete subtree of a level that ends with this entry; None where none does."""
        if level == 0:
            return self.leaf
        found = self.nodes[(level - 1) * HASH_SIZE : level * HASH_SIZE]
        return found if len(found) == HASH_SIZE else None


@attrs.frozen
class Content:
    """The sealed envelope of an entry.

    Attributes:
        lock: the record's own key and its salt, wrapped by the case key.
        body: the envelope, under the record's own key.
    """

    lock: bytes = attrs.field(repr=False)
    body: bytes = attrs.field(repr=False)


def last_of(level: int, index: int) -> int:
    """The number of the entry that a complete subtree ends with."""
    return ((index + 1) << level) - 1


_ENTRY = "SELECT number, kind, id, about, leaf, nodes FROM entry"
_CONTENT = "SELECT lock, body FROM content WHERE number = ?"
_ROWS = (
    "SELECT e.number, e.kind, e.id, e.about, e.leaf, e.nodes, c.lock, c.body FROM entry AS e"
    " LEFT JOIN content AS c ON c.number = e.number WHERE e.number >= ? AND e.number < ? ORDER BY e.number LIMIT ?"
)


class Store(ABC):
    """A database that holds one ledger. Every method may raise StoreError.

    Attributes:
        writable: whether anything can be appended by way of it.
    """

    header: Header
    writable: bool
    _db: Any
    _BEGIN_READING: str

    # --- what a dialect says in its own way -----------------------------------------------------

    @abstractmethod
    def translated(self, *, commit: bool = False) -> AbstractContextManager[None]:
        """Translates the errors of the database's driver to StoreError; `commit` is whether it fails in a commit."""

    @abstractmethod
    def _begin_writing(self) -> None:
        """Begins a transaction that no other writer is in."""

    @abstractmethod
    def _in_transaction(self) -> bool:
        """Whether a transaction was begun and has not ended."""

    @abstractmethod
    def damage(self) -> Iterator[str]:
        """What the database itself finds wrong with how the ledger is kept."""

    @abstractmethod
    def forget(self) -> None:
        """Clears what a database may still hold of removed contents in files of its own."""

    @abstractmethod
    def require_in_place(self) -> None:
        """Raises StoreError (`MOVED`) where the open files are no longer those at the path of the ledger."""

    # --- transactions ---------------------------------------------------------------------------

    @contextmanager
    def writing(self) -> Iterator[None]:
        """A transaction that no other writer is in; committed durably when it ends well, else as if it had not been.

        Raises StoreError (`MOVED`) where the open files are no longer those at the path of the ledger, before anything is kept.
        """
        with self.translated():
            self._begin_writing()
        try:
            self.require_in_place()
            yield
            self.require_in_place()
            with self.translated(commit=True):
                self._db.execute("COMMIT")
        except BaseException:
            self._roll_back()
            raise
        self.require_in_place()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """A moment of the ledger that stands still while it is read."""
        if self._in_transaction():
            yield
            return
        self.require_in_place()
        with self.translated():
            self._db.execute(self._BEGIN_READING)
        try:
            yield
        finally:
            self._roll_back()

    def _roll_back(self) -> None:
        with suppress(StoreError), self.translated():
            self._db.execute("ROLLBACK")

    def close(self) -> None:
        """Closes the connection."""
        self._db.close()

    # --- entries --------------------------------------------------------------------------------

    def size(self) -> int:
        """How many entries there are."""
        ((size,),) = self._all("SELECT coalesce(max(number), -1) + 1 FROM entry")
        return int(size)

    def entry(self, number: int) -> Entry | None:
        """The entry of a number."""
        return next(iter(self._entries("WHERE number = ?", number)), None)

    def find(self, id: str) -> Entry | None:
        """The entry of an id."""
        return next(iter(self._entries("WHERE id = ?", id)), None)

    def starting(self, prefix: str, kind: str | None, most: int) -> tuple[Entry, ...]:
        """Entries, of a kind if one is given, whose id begins so; at most so many."""
        where = "WHERE substr(id, 1, ?) = ? AND kind = coalesce(?, kind) ORDER BY number LIMIT ?"
        return self._entries(where, len(prefix), prefix, None if kind is None else str(kind), most)

    def about(self, number: int) -> tuple[Entry, ...]:
        """The entries that speak of one, in order."""
        return self._entries("WHERE about = ? ORDER BY number", number)

    def of_kind(self, kind: str) -> tuple[Entry, ...]:
        """The entries of a kind of which there are few, in order."""
        # The last two conditions are those of the index.
        return self._entries(
            "WHERE kind = ? AND kind <> 'record' AND kind <> 'consultation' ORDER BY number", str(kind)
        )

    def numbers(self, kind: str, last: int | None) -> tuple[int, ...]:
        """The numbers of the entries of a kind, in order; only so many, the newest, where that is given."""
        query = "SELECT number FROM entry WHERE kind = ? ORDER BY number DESC LIMIT ?"
        found = self._all(query, str(kind), 2**62 if last is None else last)
        return tuple(number for (number,) in reversed(found))

    def content(self, number: int) -> Content | None:
        """The sealed envelope of an entry; None where it was removed."""
        return next((_content(*row) for row in self._all(_CONTENT, number)), None)

    def rows(self, start: int, stop: int) -> Iterator[tuple[Entry, Content | None]]:
        """Entries with their contents, in order, never all of them in memory."""
        while rows := self._all(_ROWS, start, stop, ROWS_AT_ONCE):
            for *entry, lock, body in rows:
                yield _entry(entry), None if lock is None else _content(lock, body)
            start = _further(start - 1, rows[-1][0]) + 1

    def node(self, level: int, index: int) -> bytes:
        """The hash of the complete subtree over the leaves `index * 2**level` up to the next such one.

        Raises KeyError where there is none.
        """
        entry = self.entry(last_of(level, index))
        if entry is None or (found := entry.node(level)) is None:
            raise KeyError((level, index))
        return found

    def add_content(self, number: int, content: Content) -> Content:
        """Adds the content of an entry to come, and returns it as it is read back. Only within `writing`."""
        self._all("INSERT INTO content VALUES (?, ?, ?)", number, content.lock, content.body)
        ((lock, body),) = self._all(_CONTENT, number)
        return _content(lock, body)

    def add(self, entry: Entry) -> None:
        """Adds an entry whose content is there. Only within `writing`."""
        self._all(
            "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?)",
            entry.number, str(entry.kind), entry.id, entry.about, entry.leaf, entry.nodes,
        )  # fmt: skip

    def remove_content(self, number: int) -> None:
        """Removes a content so that the database holds it no more. Only within `writing`."""
        self._all("DELETE FROM content WHERE number = ?", number)

    # --- checkpoints and policies ---------------------------------------------------------------

    def checkpoint(self) -> bytes | None:
        """The newest checkpoint, a signed note; None where nothing was appended."""
        found = self._all("SELECT note FROM checkpoint ORDER BY size DESC LIMIT 1")
        return _typed(found[0][0], bytes) if found else None

    def checkpoints(self, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
        """Checkpoints by the size that they speak of, `start < size <= stop`, in order."""
        query = "SELECT size, note FROM checkpoint WHERE size > ? AND size <= ? ORDER BY size LIMIT ?"
        while rows := self._all(query, start, stop, ROWS_AT_ONCE):
            yield from ((_typed(size, int), _typed(note, bytes)) for size, note in rows)
            start = _further(start, rows[-1][0])

    def add_checkpoint(self, size: int, note: bytes) -> None:
        """Adds a checkpoint. Only within `writing`."""
        self._all("INSERT INTO checkpoint VALUES (?, ?)", size, note)

    def policy(self, digest: str) -> Mapping[str, bytes] | None:
        """The files of a policy by path, the main one first."""
        found = self._all("SELECT path, bytes FROM policy WHERE digest = ? ORDER BY position", digest)
        return {_typed(path, str): _typed(data, bytes) for path, data in found} or None

    def policies(self) -> tuple[str, ...]:
        """The digests of all policies."""
        found = self._all("SELECT DISTINCT digest FROM policy ORDER BY digest")
        return tuple(_typed(digest, str) for (digest,) in found)

    def add_policy(self, digest: str, files: Mapping[str, bytes]) -> None:
        """Adds the files of a policy. Only within `writing`."""
        for position, (path, data) in enumerate(files.items()):
            self._all("INSERT INTO policy VALUES (?, ?, ?, ?)", digest, position, path, data)

    # --- statements -----------------------------------------------------------------------------

    def _entries(self, where: str, *values: object) -> tuple[Entry, ...]:
        return tuple(map(_entry, self._all(f"{_ENTRY} {where}", *values)))

    def _all(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Runs a statement with a ? for each value; its rows, if it has any."""
        with self.translated():
            return self._execute(statement, values)

    def _execute(self, statement: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self._db.execute(statement, values).fetchall()
        return found

    def _only_header(self, found: Sequence[tuple[Any, ...]]) -> Header:
        """The header among the rows of the table `ledger`. Raises StoreError where it is none that is known."""
        if len(found) != 1:
            raise StoreError(Cause.NOT_A_LEDGER, "it holds something else")
        format_, origin, key = (_typed(value, str) for value in found[0])
        if format_ != FORMAT:
            raise StoreError(Cause.NOT_A_LEDGER, f"it is of a format that is not known here; {FORMAT} is")
        return Header(origin, key, format_)


def _entry(row: Sequence[Any]) -> Entry:
    number, kind, id_, about, leaf, nodes = row
    return Entry(
        _typed(number, int),
        _typed(kind, str),
        _typed(id_, str),
        None if about is None else _typed(about, int),
        _typed(leaf, bytes),
        _typed(nodes, bytes),
    )


def _content(lock: object, body: object) -> Content:
    return Content(_typed(lock, bytes), _typed(body, bytes))


def _further(after: int, last: int) -> int:
    """The last key of some rows that were asked for after another; in a damaged file they may begin again, for ever."""
    if last <= after:
        raise StoreError(Cause.DAMAGED, "rows do not come in their order")
    return last


def _typed(value: object, kind: type[T]) -> T:
    """A value that is of the type of its column; a file that was damaged holds others."""
    if type(value) is not kind:
        raise StoreError(Cause.DAMAGED, "a value is not of the type of its column")
    return value
