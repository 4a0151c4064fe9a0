"""An open ledger: its database, its keys, its clock, and one way in each for writing and for reading.

Invariants: only one thread at a time is in; what the database refuses is said as what it means for whoever asked; a key
signs only where it is that of this ledger, or was enrolled and counts now. Deliberately not here: what is done (`recording`, `consulting`).
"""

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache, partial
from importlib.metadata import version
from typing import Any

from infoshare.records.body.model import Practitioner
from infoshare.records.canonical import canonical
from infoshare.records.errors import RecordError, VerificationError
from infoshare.records.keys.files import CaseKey, KeyFolder
from infoshare.records.keys.public import KeyRing, PublicKey, Signer, Validity
from infoshare.records.ledger import states
from infoshare.records.ledger.append import Appender, Draft, Step, no_step, state_of, unknown
from infoshare.records.ledger.entries import (
    PAYLOAD_TYPE,
    Kind,
    OpenEntry,
    altered,
    entry_body,
    name_of,
    open_entry,
)
from infoshare.records.log.envelope import seal
from infoshare.records.log.receipt import Receipt
from infoshare.records.log.tree import inclusion_proof, verify_inclusion
from infoshare.records.store import url
from infoshare.records.store.base import Entry, Store, closed_if_raised
from infoshare.records.store.errors import Cause, StoreError, not_read, not_recorded

_PREFIX = re.compile(r"[0-9a-f]{4}[0-9a-f-]{0,31}")
_NAMED = 5
"""Ids that are named where several begin alike."""

_version = cache(partial(version, "infoshare"))  # a file is read for it


class Access:
    """A ledger that is open; its database is closed where it cannot be made."""

    def __init__(
        self,
        store: Store,
        where: str,
        keys: KeyFolder,
        *,
        signer: Signer | None,
        case_key: CaseKey | None,
        clock: Callable[[], datetime],
        ids: Callable[[datetime], str],
        at_step: Step = no_step,
    ) -> None:
        self.store, self.where, self.keys = store, where, keys
        self.clock, self.ids = clock, ids
        with closed_if_raised(store):
            self.case_key = case_key if case_key is not None else keys.case_key()
            self.engine = _version()
        self.lock = threading.RLock()
        self.kept: set[str] = set()
        self._at_step = at_step
        self._signer = signer
        self._signs: list[Signer] = []  # the signer, once it proved to be that of this ledger
        self._appender: Appender | None = None
        self._enrolled: KeyRing | None = None

    def close(self) -> None:
        """Closes the database; what was seen last is kept beside the keys."""
        with self.lock:
            if self._appender is not None and self._appender.last is not None:
                self.keys.saw(self._appender.last.note)
            self.store.close()

    @property
    def origin(self) -> str:
        """The name of the log."""
        return self.store.header.origin

    @property
    def shown(self) -> str:
        """Where the ledger is, as it may be shown: without a password."""
        return url.without_password(self.where)

    def today(self) -> date:
        """The day of the clock, where the computer is."""
        return self.clock().astimezone().date()

    # --- ways in ----------------------------------------------------------------------------

    @contextmanager
    def recording(self) -> Iterator[None]:
        """Holds the lock for writing; translates StoreError to NotRecordedError."""
        with self.lock:
            if not self.store.writable:
                raise not_recorded(StoreError(Cause.READ_ONLY, "it was opened for reading"))
            try:
                yield
            except StoreError as error:
                if error.cause in {Cause.INPUT_OUTPUT, Cause.UNCERTAIN}:
                    # After a failed write nobody knows what the disk has: this handle writes nothing more.
                    self.store.writable = False
                raise not_recorded(error) from None

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Holds the lock and a snapshot for reading; translates StoreError to RecordError (IS720)."""
        with self.lock:
            try:
                with self.store.reading():
                    yield
            except StoreError as error:
                raise not_read(error, self.shown) from None

    # --- keys -------------------------------------------------------------------------------

    def log_signer(self) -> Signer:
        """Returns the key that signs checkpoints, and records of those who have none. Raises RecordError (IS721) for another's."""
        if self._signs:
            return self._signs[0]
        if self._signer is None:
            self._signer = self.keys.signer()
        if self._signer.public.vkey != self.store.header.key:
            raise RecordError.of(
                "IS721",
                f"the key `{self._signer.public.key_id}` is not the one of this ledger",
                "give the folder of keys that was made with it: --keys",
            )
        self._signs.append(self._signer)
        return self._signer

    def log_keys(self) -> KeyRing:
        """Returns the public keys that checkpoints are verified with."""
        return KeyRing((self._signer.public,)) if self._signer is not None else self.keys.public()

    def ring(self, *, fresh: bool = False) -> KeyRing:
        """The keys that records are verified with; read again from the log where that is asked for."""
        if self._enrolled is None or fresh:
            self._enrolled = states.keys_of(self.store, self.log_keys(), self.case_key)
        return self._enrolled

    def may_sign(self, key: PublicKey, now: datetime) -> None:
        """Raises RecordError (IS734) for a key that was not enrolled, or does not count now."""
        with self.reading():
            known = self.ring().get(key.key_id)
            if known is None or known.raw != key.raw:
                known = self.ring(fresh=True).get(key.key_id)
        if known is None or known.raw != key.raw:
            raise RecordError.of(
                "IS734",
                f"the key `{key.key_id}` is not known to this ledger",
                "enrol it: infoshare record enrol LEDGER FILE.pub",
            )
        if (worth := known.validity_at(now)) is not Validity.VALID:
            raise RecordError.of("IS734", f"the key `{key.key_id}` is {worth}", "sign with a key that counts")

    def enrolled_anew(self) -> None:
        """Reads the enrolled keys again when they are next needed."""
        self._enrolled = None

    # --- adding -----------------------------------------------------------------------------

    def draft(self, kind: Kind, by: Practitioner, *, about: Entry | None = None, **said: Any) -> Draft:
        """An entry to be that is no record, signed; `said` as for `entry_body`."""
        now = self.clock()
        entry_id = self.ids(now)
        body = entry_body(kind, id=entry_id, at=now, by=by, about=about, **said)
        envelope = seal(canonical(body), self.log_signer(), payload_type=PAYLOAD_TYPE)
        return Draft(kind, entry_id, envelope.to_bytes(), None if about is None else about.id)

    def append(
        self, drafts: Sequence[Draft], kept: Sequence[tuple[str, dict[str, bytes]]] = ()
    ) -> Sequence[Receipt]:
        """Adds entries, and policies by digest that they need. Only within `recording`."""
        if self._appender is None:
            self._appender = Appender(
                self.store, self.log_signer(), self.case_key, seen=self.keys.seen(), at=self._at_step
            )
        return self._appender.append(drafts, kept)

    # --- looking ----------------------------------------------------------------------------

    def find(self, id: str, kind: Kind | None = None) -> Entry:
        """An entry by its id, or by as much of the beginning as no other has.

        Args:
            kind: where only one kind of entry is meant.

        Raises:
            RecordError: IS727, there is none; IS746, there are several.
        """
        entry = self.store.find(id)
        if entry is None and _PREFIX.fullmatch(id):
            entry, *others = self.store.starting(id, kind, _NAMED + 1) or (None,)
            if entry is not None and others:
                raise _several(id, (entry, *others))
        if entry is None or kind not in {None, entry.kind}:
            raise unknown(id)
        return entry

    def record(self, id: str) -> Entry:
        """The entry of a record; otherwise as `find`."""
        return self.find(id, Kind.RECORD)

    def opened(self, entry: Entry) -> OpenEntry:
        """Opens an entry. Raises RecordError (IS730) where it was erased, VerificationError where it was altered."""
        content = self.store.content(entry.number)
        if content is None:
            raise self._erased(entry)
        return open_entry(entry, content, self.case_key, self.origin)

    def in_tree(self, entry: Entry) -> tuple[bytes, tuple[bytes, ...]]:
        """The newest checkpoint and the proof that it holds an entry. Raises VerificationError where it does not."""
        signed = state_of(self.store, self.log_keys(), self.origin)
        if signed is None:
            raise unknown(entry.id)
        checkpoint = signed.checkpoint
        try:
            proof = inclusion_proof(self.store.node, entry.number, checkpoint.size)
            verify_inclusion(entry.leaf, entry.number, checkpoint.size, proof, checkpoint.root)
        except KeyError:
            raise altered(entry, "hashes of the tree that lead to it are missing") from None
        except VerificationError as error:
            raise error.about(name_of(entry)) from None
        return signed.note, proof

    def _erased(self, entry: Entry) -> RecordError:
        """Returns the error for an erased record, with who erased it, when and why."""
        erasure = states.state_of(self.store, entry).erased_by
        if erasure is None:
            return altered(entry, "its content is gone, and no entry says that it was erased")
        body = self.opened(erasure).body
        by, found = body["by"], body.get("found")
        before = f"; its content was {found} before that" if found else ""
        return RecordError.of(
            "IS730",
            f"{name_of(entry)} was erased at {body['at']} by {by['name']}, {by['role']}, {by['organisation']}{before}",
            f"the reason given: {body['because']}",
            path=entry.id,
        )


def _several(prefix: str, entries: Sequence[Entry]) -> RecordError:
    ids = ", ".join(entry.id for entry in entries[:_NAMED])
    return RecordError.of(
        "IS746",
        f"several begin with `{prefix}`",
        "give more of the id, or all of it",
        f"they are {ids}{' and others' if len(entries) > _NAMED else ''}",
    )
