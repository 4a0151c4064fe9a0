"""A ledger: decisions recorded, read, decided again, superseded, held and erased; each of it an entry of one log.

    with Ledger.open("children.ledger") as ledger:
        decided = ledger.decide(policy, facts, by=Practitioner("M. Rose", "school nurse", "Hill School"))

Invariants: a receipt is given only for what is durably stored; nothing is shown before it is verified, nor unless the
consultation itself can be recorded; times come from the clock that was given.
Deliberately not here: how something is added (`appending`), verifying the whole (`verifying`), printing (the doors).
"""

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import partial
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import attrs

from infoshare.load import Policy
from infoshare.meaning.decision import Decision
from infoshare.records import places, policies, states
from infoshare.records.appending import Appender, Draft, Step, state_of, unknown
from infoshare.records.body import record_body
from infoshare.records.canonical import canonical
from infoshare.records.consulting import Listed, Shown, account, listed
from infoshare.records.entries import PAYLOAD_TYPE as ENTRY_TYPE
from infoshare.records.entries import Kind, entry_body
from infoshare.records.envelope import Envelope, seal
from infoshare.records.envelope import verify as verify_envelope
from infoshare.records.errors import RecordError, VerificationError
from infoshare.records.ids import new_id
from infoshare.records.key_folder import KeyFolder
from infoshare.records.keys import KeyRing, PublicKey, Signer, Validity
from infoshare.records.leaf import digest_of
from infoshare.records.opening import OpenEntry, called, open_entry
from infoshare.records.particulars import NOTHING, Particulars
from infoshare.records.practitioner import Practitioner
from infoshare.records.receipt import Receipt
from infoshare.records.replay import Replay, replay
from infoshare.records.sealing import CaseKey
from infoshare.records.storage import Entry, Header, Store, StoreError, Trouble
from infoshare.records.text_forms import from_instant
from infoshare.records.tree import inclusion_proof, verify_inclusion
from infoshare.records.troubles import not_read, not_recorded
from infoshare.records.verifying import Verification, verify_ledger

WAIT = 30.0
"""Seconds that a writer waits for others to finish."""

AT_ONCE = 100
"""Records that go into one transaction where there are many."""


@attrs.frozen
class Recorded:
    """A decision, and the receipt of its record."""

    decision: Decision
    receipt: Receipt


@attrs.frozen
class Erasure:
    """An erasure that is done.

    Attributes:
        receipt: of the entry that says so.
        cleared: whether nothing of it is left in the files of the database either; where somebody was
            reading meanwhile, that happens when the last of them closes the ledger.
    """

    receipt: Receipt
    cleared: bool


def _now() -> datetime:
    return datetime.now(UTC)


def _no_step(_: str) -> None:
    pass


class Ledger:
    """See the module. Safe to share between threads; several processes may each open the same one.

    Made by `create` and `open`, and closed by `close` or at the end of a `with`.
    """

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
        at_step: Step,
    ) -> None:
        self.where, self.keys = where, keys
        self._store, self._clock, self._ids, self._at_step = store, clock, ids, at_step
        self._case_key = case_key if case_key is not None else keys.case_key()
        self._signer = signer
        self._signs: list[Signer] = []  # the signer, once it proved to be that of this ledger
        self._appender: Appender | None = None
        self._enrolled: KeyRing | None = None
        self._kept: set[str] = set()
        self._lock = threading.RLock()
        self._engine = version("infoshare")

    # --- opening and closing ----------------------------------------------------------------

    @classmethod
    def create(
        cls,
        where: str | os.PathLike[str],
        *,
        origin: str | None = None,
        keys: str | os.PathLike[str] | None = None,
        signer: Signer | None = None,
        case_key: CaseKey | None = None,
        clock: Callable[[], datetime] = _now,
        ids: Callable[[datetime], str] = new_id,
        wait: float = WAIT,
    ) -> Self:
        """Makes a new, empty ledger, and the keys that it needs.

        Args:
            where: a file to be, or `postgresql://…`.
            origin: the name of its log, unlike that of any other, such as `records.example.org/2026`; made up from
                the name of the file and chance if not given.
            keys: the folder of its keys; `LEDGER.keys` beside it if not given.
            signer: signs checkpoints, in the place of a key file; its name is the origin.
            case_key: wraps the keys of records, in the place of a key file.
            clock, ids, wait: as for `open`.

        Raises:
            RecordError: there is something already, or it cannot be made.
        """
        text = os.fspath(where)
        folder = KeyFolder(Path(keys) if keys is not None else places.keys_beside(text))
        if origin is None:
            origin = signer.public.name if signer is not None else _made_up(text)
        if signer is None or case_key is None:
            KeyFolder.create(folder.path, origin)
        signer = signer if signer is not None else folder.signer()
        try:
            store = places.create(text, Header(origin, signer.public.vkey), wait=wait)
        except StoreError as error:
            raise not_read(error, places.shown(text)) from None
        return cls(
            store, text, folder, signer=signer, case_key=case_key, clock=clock, ids=ids, at_step=_no_step
        )

    @classmethod
    def open(
        cls,
        where: str | os.PathLike[str],
        *,
        keys: str | os.PathLike[str] | None = None,
        signer: Signer | None = None,
        case_key: CaseKey | None = None,
        read_only: bool = False,
        clock: Callable[[], datetime] = _now,
        ids: Callable[[datetime], str] = new_id,
        wait: float = WAIT,
        at_step: Step = _no_step,
    ) -> Self:
        """Opens a ledger.

        Args:
            where, keys, signer, case_key: as for `create`.
            read_only: to verify and to give receipts; nothing can be added, and so no record consulted.
            clock: gives the moment, with its offset from UTC.
            ids: gives an entry its id, a UUID of version 7, from the moment.
            wait: how many seconds to wait while somebody else writes.
            at_step: is told each step of an append, for tests.

        Raises:
            RecordError: IS720, it cannot be opened; IS721, a key is missing.
        """
        text = os.fspath(where)
        folder = KeyFolder(Path(keys) if keys is not None else places.keys_beside(text))
        try:
            store = places.connect(text, read_only=read_only, wait=wait)
        except StoreError as error:
            raise not_read(error, places.shown(text)) from None
        try:
            return cls(
                store, text, folder, signer=signer, case_key=case_key, clock=clock, ids=ids, at_step=at_step
            )
        except BaseException:
            store.close()
            raise

    def close(self) -> None:
        """Closes the ledger; what was seen last is kept beside the keys."""
        with self._lock:
            if self._appender is not None and self._appender.last is not None:
                self.keys.saw(self._appender.last.note)
            self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, place: TracebackType | None
    ) -> None:
        self.close()

    @property
    def origin(self) -> str:
        """The name of its log."""
        return self._store.header.origin

    @property
    def shown(self) -> str:
        """Where it is, as it may be shown: without a password."""
        return places.shown(self.where)

    @property
    def public_keys(self) -> KeyRing:
        """What receipts and records of this ledger are verified with: the log's own key, and those that were enrolled."""
        with self._reading():
            return self._ring(fresh=True)

    # --- recording --------------------------------------------------------------------------

    def decide(
        self,
        policy: Policy,
        facts: Mapping[str, object],
        *,
        by: Practitioner,
        as_of: date | None = None,
        presume: bool = True,
        followed: bool = True,
        because: str | None = None,
        particulars: Particulars = NOTHING,
        decided_at: datetime | None = None,
        signers: Sequence[Signer] = (),
    ) -> Recorded:
        """Decides a case and records the decision.

        Args:
            policy, facts, as_of, presume: as for `Policy.decide`; the day of the clock if none is given.
            by: who decides.
            followed: whether they do what the decision says.
            because: why not; or anything else they want to say for their reason.
            particulars: what else there is to tell.
            decided_at: when it was decided, if not now.
            signers: who signs the record, such as a practitioner and a manager; the ledger's own key if nobody does.

        Raises:
            FactsError: the case cannot be read: nothing was decided.
            NotRecordedError: decided, and not recorded; it carries the decision.
            RecordError: what is told beside the decision is wrong: nothing was recorded.
        """
        decision = policy.decide(facts, as_of=as_of or self._today(), presume=presume)
        draft = self._draft(
            decision,
            facts,
            by=by,
            presume=presume,
            followed=followed,
            because=because,
            particulars=particulars,
            decided_at=decided_at,
            signers=signers,
        )
        return Recorded(decision, self._record([draft], policy, decision)[0])

    def decide_many(
        self,
        policy: Policy,
        cases: Iterable[Mapping[str, object]],
        *,
        by: Practitioner,
        as_of: date | None = None,
        presume: bool = True,
        signers: Sequence[Signer] = (),
        at_once: int = AT_ONCE,
    ) -> Iterator[Recorded]:
        """Decides and records cases one after another; their receipts come when their transaction is durable.

        Args:
            at_once: how many go into one transaction.

        Raises:
            As for `decide`; what was given out before that is recorded.
        """
        day, left = as_of or self._today(), iter(cases)
        while chunk := list(islice(left, at_once)):
            decisions = [policy.decide(facts, as_of=day, presume=presume) for facts in chunk]
            drafts = [
                self._draft(decision, facts, by=by, presume=presume, signers=signers)
                for decision, facts in zip(decisions, chunk, strict=True)
            ]
            yield from map(Recorded, decisions, self._record(drafts, policy, None))

    def record(
        self,
        decision: Decision,
        facts: Mapping[str, object],
        *,
        policy: Policy,
        by: Practitioner,
        presume: bool = True,
        followed: bool = True,
        because: str | None = None,
        particulars: Particulars = NOTHING,
        decided_at: datetime | None = None,
        signers: Sequence[Signer] = (),
        supersedes: str | None = None,
    ) -> Receipt:
        """Records a decision that was made already.

        Args:
            decision: as `policy.decide` gave it.
            facts: what it was made from. They are decided again, and must lead to that decision.
            policy: what it was made by.
            supersedes: the id of the record whose place this one takes, such as when more is known; that one stays.
            by, presume, followed, because, particulars, decided_at, signers: as for `decide`.

        Raises:
            FactsError: the facts are no case of the policy.
            RecordError: IS736, the facts do not lead to this decision; or as for `decide`.
        """
        if policy.decide(facts, as_of=decision.as_of, presume=presume) != decision:
            raise RecordError.of(
                "IS736",
                "these facts do not lead to this decision",
                "give the facts, the policy and the presumptions that it was decided with",
            )
        draft = self._draft(
            decision,
            facts,
            by=by,
            presume=presume,
            followed=followed,
            because=because,
            particulars=particulars,
            decided_at=decided_at,
            signers=signers,
            supersedes=supersedes,
        )
        return self._record([draft], policy, decision)[0]

    def supersede(
        self,
        record: str,
        decision: Decision,
        facts: Mapping[str, object],
        *,
        policy: Policy,
        by: Practitioner,
        **told: Any,
    ) -> Receipt:
        """As `record`, for a decision that takes the place of a recorded one. Raises RecordError (IS735) as well."""
        return self.record(decision, facts, policy=policy, by=by, supersedes=record, **told)

    # --- what may be done with a record -----------------------------------------------------

    def hold(self, record: str, *, by: Practitioner, because: str) -> Receipt:
        """Puts a record on legal hold: it may not be erased. Raises RecordError (IS731) if it is."""
        return self._deed(Kind.HOLD, record, states.may_be_held, by, because)

    def release(self, record: str, *, by: Practitioner, because: str) -> Receipt:
        """Ends a legal hold. Raises RecordError (IS731) where there is none."""
        return self._deed(Kind.RELEASE, record, states.may_be_released, by, because)

    def erase(self, record: str, *, by: Practitioner, because: str) -> Erasure:
        """Erases what a record says: its content, its key and its salt. That it was there, and this erasure, stays.

        Raises:
            RecordError: IS731, it is on legal hold, or was erased already.
        """
        receipt = self._deed(Kind.ERASURE, record, states.may_be_erased, by, because)
        try:
            with self._lock:
                self._store.forget()
        except StoreError:
            return Erasure(receipt, cleared=False)
        return Erasure(receipt, cleared=True)

    def enrol(self, key: PublicKey, *, by: Practitioner, because: str | None = None) -> Receipt:
        """Lets a key sign records from now on; the same key with other dates, such as when it was revoked, says so."""
        with self._recording():
            self._ring(fresh=True).plus(key)  # refuses another key of the same name and number
            draft = self._entry(Kind.KEY, by, because=because, key=key.to_text())
            receipts = self._append([draft])
            self._enrolled = None
        return receipts[0]

    # --- consulting -------------------------------------------------------------------------

    def show(self, record: str, *, by: Practitioner | None = None, how: str = "show") -> Shown:
        """What a record says, verified; that it was consulted is recorded first.

        Args:
            by: who looks; the account on this computer if nobody says.

        Raises:
            RecordError: IS727, there is none; IS730, it was erased; IS732, the consultation cannot be recorded.
            VerificationError: it was altered.
        """
        with self._reading():
            entry = self._record_entry(record)
            opened = self._opened(entry)
        self._consult(how, by, entry)
        with self._reading():
            ring = self._ring()
            try:
                signers = verify_envelope(opened.envelope, ring)
            except VerificationError as error:
                raise error.about(called(entry)) from None
            self._require_in_tree(entry)
            now, at = self._clock(), from_instant(opened.body["decided_at"])
            standings = tuple(ring.standing(key, decided_at=at, now=now) for key in signers)
            files = self._store.policy(opened.body["decision"]["policy"]["digest"]) or {}
            return Shown(opened.body, entry.number, states.state_of(self._store, entry), standings, files)

    def list(self, *, by: Practitioner | None = None, last: int | None = None) -> Iterator[Listed]:
        """The records, oldest first; that they were listed is recorded first.

        Args:
            by: as for `show`.
            last: only so many, the newest.

        Raises:
            RecordError: IS732, the consultation cannot be recorded.
            VerificationError: one of them was altered.
        """
        self._consult("list", by, None)
        with self._lock, self._told():
            numbers = self._records(last)
        for start in numbers:
            with self._reading():
                rows = list(self._store.rows(start, start + 1))
                entry, content = rows[0]
                state = states.state_of(self._store, entry)
            if content is None:
                yield Listed(entry.number, entry.id, state=state.words)
            else:
                opened = open_entry(entry, content, self._case_key, self.origin)
                yield listed(opened, state, self._case_key)

    def replay(self, record: str, *, by: Practitioner | None = None) -> Replay:
        """Decides a record again, from its own facts and the policy that was kept with it.

        Raises:
            As for `show`; VerificationError (IS728) where the policy was altered.
        """
        shown = self.show(record, by=by, how="replay")
        policy = policies.loaded(shown.files, shown.body["decision"]["policy"]["digest"])
        return replay(shown.body, policy, self._engine)

    def consulted(self, record: str, *, how: str, by: Practitioner | None = None) -> None:
        """Records that what a record says is given away in another way. Raises RecordError (IS732) where it cannot be."""
        with self._reading():
            entry = self._record_entry(record)
        self._consult(how, by, entry)

    def export(
        self,
        record: str,
        audience: str | None = None,
        *,
        by: Practitioner | None = None,
        page: bool = False,
    ) -> "dict[str, Any] | str":
        """What one audience may see of a record, or all of it, as plain JSON or as one HTML page to read and sign.

        Args:
            audience: `practitioner`, `information_governance` or `family`; without one, the whole record.

        Raises:
            As for `show`; RecordError (IS745) where there is no such audience.
        """
        from infoshare.records.audience import export
        from infoshare.records.page import record_page

        shown = self.show(record, by=by, how=f"export for {audience}" if audience else "export")
        if audience is not None:
            body = export(shown.body, audience)
            return record_page(body) if page else body
        if not page:
            return shown.body
        receipt = self.receipt(record, envelope=True)
        envelope = Envelope.from_bytes(receipt.envelope or b"")
        return record_page(
            shown.body,
            envelope_digest=receipt.envelope_sha256.hex(),
            receipt=attrs.evolve(receipt, envelope=None),
            signatures=envelope.signatures,
        )

    def receipt(self, record: str, *, envelope: bool = False) -> Receipt:
        """The receipt of an entry as of now: what was given when it was added, against the newest checkpoint.

        Args:
            envelope: whether it carries what was recorded; whoever has such a receipt can read the record.

        Raises:
            RecordError: IS727, there is no such entry; IS730, it was erased, and its salt with it.
            VerificationError: it was altered.
        """
        with self._reading():
            entry = self._store.find(record)
            if entry is None:
                raise unknown(record)
            opened = self._opened(entry)
            note, proof = self._require_in_tree(entry)
        data = opened.data if envelope else None
        return Receipt(
            entry.id, entry.number, opened.salt, digest_of(opened.data), proof, note, envelope=data
        )

    def verify(
        self,
        *,
        thorough: bool = True,
        receipts: Iterable[Receipt] = (),
        public_keys: KeyRing | None = None,
        processes: int = 1,
    ) -> Verification:
        """Verifies all of it; nothing is consulted.

        Args:
            thorough: whether every signature is checked; without it, all but what the newest checkpoint vouches for.
            receipts: that were kept outside.
            public_keys: that of the log; the one beside the private key if not given.
            processes: how many of them share the work, where the ledger is long and its keys are in files.
        """
        from infoshare.records.parallel import shared_by

        keys = public_keys if public_keys is not None else self._log_keys()
        parts = shared_by(processes, self.where, self.keys, self._case_key) if processes > 1 else None
        with self._lock:
            return verify_ledger(
                self._store,
                self._case_key,
                keys,
                now=self._clock(),
                thorough=thorough,
                receipts=receipts,
                seen=self.keys.seen(),
                parts=parts,
            )

    # --- within -----------------------------------------------------------------------------

    def _today(self) -> date:
        return self._clock().astimezone().date()

    def _draft(
        self,
        decision: Decision,
        facts: Mapping[str, object],
        *,
        by: Practitioner,
        decided_at: datetime | None = None,
        signers: Sequence[Signer] = (),
        supersedes: str | None = None,
        **told: Any,
    ) -> Draft:
        now = self._clock()
        record_id = self._ids(now)
        body = record_body(
            decision,
            facts,
            by=by,
            decided_at=decided_at if decided_at is not None else now,
            record_id=record_id,
            engine_version=self._engine,
            supersedes=supersedes,
            **told,
        )
        for signer in signers:
            self._may_sign(signer.public, now)
        envelope = seal(canonical(body), *(signers or (self._log_signer(),)))
        check = partial(states.may_be_superseded, self._store)
        return Draft(Kind.RECORD, record_id, envelope.to_bytes(), supersedes, check)

    def _entry(
        self, kind: Kind, by: Practitioner, *, about: Entry | None = None, **said: str | None
    ) -> Draft:
        now = self._clock()
        entry_id = self._ids(now)
        body = entry_body(kind, id=entry_id, at=now, by=by, about=about, **said)
        envelope = seal(canonical(body), self._log_signer(), payload_type=ENTRY_TYPE)
        return Draft(kind, entry_id, envelope.to_bytes(), None if about is None else about.id)

    def _deed(
        self, kind: Kind, record: str, check: Callable[[Store, Entry], None], by: Practitioner, because: str
    ) -> Receipt:
        with self._recording():
            entry = self._store.find(record)
            if entry is None:
                raise unknown(record)
            check(self._store, entry)
            draft = self._entry(kind, by, about=entry, because=because)
            draft = attrs.evolve(draft, check=partial(check, self._store), erases=kind is Kind.ERASURE)
            return self._append([draft])[0]

    def _consult(self, how: str, by: Practitioner | None, entry: Entry | None) -> None:
        """Records that somebody looks, or refuses that they do."""
        try:
            with self._recording():
                self._append([self._entry(Kind.CONSULTATION, by or account(), about=entry, how=how)])
        except RecordError as error:
            if isinstance(error, VerificationError):
                raise
            why = error.diagnostics[0]
            raise RecordError.of(
                "IS732",
                "nothing is shown: that somebody looks at records is recorded, and it could not be",
                why.message,
                *why.help,
            ) from None

    def _record(
        self, drafts: Sequence[Draft], policy: Policy, decision: Decision | None
    ) -> Sequence[Receipt]:
        digest = policy.model.digest
        kept = [] if digest in self._kept else [(digest, policies.files_of(policy))]
        try:
            with self._recording():
                receipts = self._append(drafts, kept)
        except RecordError as error:
            if hasattr(error, "decision"):
                error.decision = decision
            raise
        self._kept.add(digest)
        return receipts

    def _append(
        self, drafts: Sequence[Draft], kept: Sequence[tuple[str, dict[str, bytes]]] = ()
    ) -> Sequence[Receipt]:
        if self._appender is None:
            seen = self.keys.seen()
            self._appender = Appender(
                self._store, self._log_signer(), self._case_key, seen=seen, at=self._at_step
            )
        return self._appender.append(drafts, kept)

    def _opened(self, entry: Entry) -> OpenEntry:
        content = self._store.content(entry.number)
        if content is None:
            raise self._erased(entry)
        return open_entry(entry, content, self._case_key, self.origin)

    def _erased(self, entry: Entry) -> RecordError:
        """Says by whom and when, as the entry of the erasure says it."""
        erasure = states.state_of(self._store, entry).erased_by
        if erasure is None:
            return VerificationError.of(
                "IS723",
                f"{called(entry)}: its content is gone, and no entry says that it was erased",
                path=entry.id,
            )
        body = self._opened(erasure).body
        by = body["by"]
        return RecordError.of(
            "IS730",
            f"{called(entry)} was erased at {body['at']} by {by['name']}, {by['role']}, {by['organisation']}",
            f"the reason given: {body['because']}",
            path=entry.id,
        )

    def _record_entry(self, record: str) -> Entry:
        entry = self._store.find(record)
        if entry is None or entry.kind != Kind.RECORD:
            raise unknown(record)
        return entry

    def _records(self, last: int | None) -> Iterable[int]:
        """The numbers of the records, oldest first."""
        return self._store.numbers(Kind.RECORD, last)

    def _require_in_tree(self, entry: Entry) -> tuple[bytes, tuple[bytes, ...]]:
        """The newest checkpoint and the proof that it holds an entry. Raises VerificationError where it does not."""
        signed = state_of(self._store, self._log_keys(), self.origin)
        if signed is None:
            raise unknown(entry.id)
        checkpoint = signed.checkpoint
        proof = inclusion_proof(self._store.node, entry.number, checkpoint.size)
        try:
            verify_inclusion(entry.leaf, entry.number, checkpoint.size, proof, checkpoint.root)
        except VerificationError as error:
            raise error.about(called(entry)) from None
        return signed.note, proof

    def _log_signer(self) -> Signer:
        if self._signs:
            return self._signs[0]
        if self._signer is None:
            self._signer = self.keys.signer()
        if self._signer.public.vkey != self._store.header.key:
            raise RecordError.of(
                "IS721",
                f"the key `{self._signer.public.key_id}` is not the one of this ledger",
                "give the folder of keys that was made with it: --keys",
            )
        self._signs.append(self._signer)
        return self._signer

    def _log_keys(self) -> KeyRing:
        return KeyRing((self._signer.public,)) if self._signer is not None else self.keys.public()

    def _ring(self, *, fresh: bool = False) -> KeyRing:
        if self._enrolled is None or fresh:
            self._enrolled = states.keys_of(self._store, self._log_keys(), self._case_key)
        return self._enrolled

    def _may_sign(self, key: PublicKey, now: datetime) -> None:
        with self._lock, self._told():
            known = self._ring().get(key.key_id)
            if known is None or known.raw != key.raw:
                known = self._ring(fresh=True).get(key.key_id)
        if known is None or known.raw != key.raw:
            raise RecordError.of(
                "IS734",
                f"the key `{key.key_id}` is not known to this ledger",
                "enrol it: infoshare record enrol LEDGER FILE.pub",
            )
        if (worth := known.validity_at(now)) is not Validity.VALID:
            raise RecordError.of("IS734", f"the key `{key.key_id}` is {worth}", "sign with a key that counts")

    @contextmanager
    def _recording(self) -> Iterator[None]:
        """Alone in this process; what the database refuses is said as something that was not recorded."""
        with self._lock:
            if not self._store.writable:
                raise not_recorded(StoreError(Trouble.READ_ONLY, "it was opened for reading"))
            try:
                yield
            except StoreError as error:
                if error.trouble is Trouble.INPUT_OUTPUT:
                    # After a failed write nobody knows what the disk has: this handle writes nothing more.
                    self._store.writable = False
                raise not_recorded(error) from None

    @contextmanager
    def _reading(self) -> Iterator[None]:
        with self._lock, self._told(), self._store.reading():
            yield

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except StoreError as error:
            raise not_read(error, places.shown(self.where)) from None


def _made_up(where: str) -> str:
    """A name for a log that no other has."""
    stem = "".join(c if c.isalnum() or c in "-." else "-" for c in places.shown(where).rpartition("/")[2])
    return f"{stem.removesuffix('.ledger') or 'ledger'}-{os.urandom(6).hex()}"
