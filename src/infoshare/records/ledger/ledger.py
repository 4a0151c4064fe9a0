"""A ledger: decisions recorded, read, decided again, superseded, held and erased; each of it an entry of one log.

    with Ledger.open("children.ledger") as ledger:
        decided = ledger.decide(policy, facts, by=Practitioner("M. Rose", "school nurse", "Hill School"))

Invariants: a receipt is given only for what is durably stored; nothing is shown before it is verified, nor unless the
consultation itself can be recorded; times come from the clock that was given.
Deliberately not here: how something is added (`append`), verifying the whole (`verify`), printing (the doors).
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self, Unpack

import attrs

from infoshare.meaning.findings import case_of
from infoshare.outcome import Outcome
from infoshare.policy.decision import Decision
from infoshare.policy.policy import Policy
from infoshare.records.body.model import Practitioner
from infoshare.records.canonical import new_id
from infoshare.records.errors import RecordError
from infoshare.records.keys.files import CaseKey, KeyFolder
from infoshare.records.keys.public import KeyRing, PublicKey, Signer
from infoshare.records.ledger import consult, states
from infoshare.records.ledger import record as recording
from infoshare.records.ledger.access import Access
from infoshare.records.ledger.append import Step, no_step
from infoshare.records.ledger.entries import ContentFault, Kind
from infoshare.records.ledger.record import ToldOfDecision
from infoshare.records.ledger.replay import Replay
from infoshare.records.ledger.verify import Verification, verify_ledger
from infoshare.records.ledger.view import Consultation, ListedRecord, RecordView
from infoshare.records.log.receipt import Receipt
from infoshare.records.store import url
from infoshare.records.store.base import Entry, Header, Store
from infoshare.records.store.errors import StoreError, not_read

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
        found: `missing` or `altered`, where the content was not as it was recorded; the entry says so, and so does verifying.
    """

    receipt: Receipt
    cleared: bool
    found: str | None = None


def _now() -> datetime:
    return datetime.now(UTC)


class Ledger:
    """See the module. Safe to share between threads; several processes may each open the same one.

    Made by `create` and `open`, and closed by `close` or at the end of a `with`.
    """

    def __init__(self, access: Access) -> None:
        self._access = access

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
        folder = KeyFolder(Path(keys) if keys is not None else url.keys_beside(text))
        if origin is None:
            origin = signer.public.name if signer is not None else _made_up(text)
        made = KeyFolder.create(folder.path, origin) if signer is None or case_key is None else None
        signer = signer if signer is not None else folder.signer()
        try:
            store = url.create(text, Header(origin, signer.public.vkey), wait=wait)
        except (StoreError, RecordError) as error:
            if made is not None:
                made.unmake()
            if isinstance(error, StoreError):
                raise not_read(error, url.without_password(text)) from None
            raise
        return cls(Access(store, text, folder, signer=signer, case_key=case_key, clock=clock, ids=ids))

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
        at_step: Step = no_step,
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
        folder = KeyFolder(Path(keys) if keys is not None else url.keys_beside(text))
        try:
            store = url.connect(text, read_only=read_only, wait=wait)
        except StoreError as error:
            raise not_read(error, url.without_password(text)) from None
        access = Access(
            store, text, folder, signer=signer, case_key=case_key, clock=clock, ids=ids, at_step=at_step
        )
        return cls(access)

    def close(self) -> None:
        """Closes the ledger; what was seen last is kept beside the keys."""
        self._access.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, place: TracebackType | None
    ) -> None:
        self.close()

    @property
    def origin(self) -> str:
        """The name of its log."""
        return self._access.origin

    @property
    def shown(self) -> str:
        """Where it is, as it may be shown: without a password."""
        return self._access.shown

    @property
    def keys(self) -> KeyFolder:
        """Where its keys are."""
        return self._access.keys

    @property
    def public_keys(self) -> KeyRing:
        """What receipts and records of this ledger are verified with: the log's own key, and those that were enrolled."""
        with self._access.reading():
            return self._access.ring(fresh=True)

    # --- recording --------------------------------------------------------------------------

    def decide(
        self,
        policy: Policy,
        facts: Mapping[str, object],
        *,
        by: Practitioner,
        as_of: date | None = None,
        **told: Unpack[ToldOfDecision],
    ) -> Recorded:
        """Decides a case and records the decision.

        Args:
            policy, facts: as for `Policy.decide`.
            by: who decides.
            as_of: the day to decide for; that of the clock if none is given.
            told: what is told beside the decision, as `ToldOfDecision` has it.

        Raises:
            FactsError: the case cannot be read: nothing was decided.
            NotRecordedError: decided, and not recorded; it carries the decision.
            RecordError: what is told beside the decision is wrong: nothing was recorded.
        """
        decision = policy.decide(
            facts, as_of=as_of or self._access.today(), presume=told.get("presume", True)
        )
        draft = recording.record_draft(self._access, decision, facts, by=by, case=case_of(decision), **told)
        return Recorded(decision, recording.record(self._access, [draft], policy, decision)[0])

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
        day, left = as_of or self._access.today(), iter(cases)
        told: ToldOfDecision = {"presume": presume, "signers": signers}
        while chunk := list(islice(left, at_once)):
            decisions = [policy.decide(facts, as_of=day, presume=presume) for facts in chunk]
            drafts = [
                recording.record_draft(self._access, decision, facts, by=by, case=case_of(decision), **told)
                for decision, facts in zip(decisions, chunk, strict=True)
            ]
            receipts = recording.record(self._access, drafts, policy, None)
            for recorded in map(Recorded, decisions, receipts):
                # Between two receipts whoever takes them may do anything, and the ledger may be gone.
                with self._access.recording():
                    self._access.store.require_in_place()
                yield recorded

    def record(
        self,
        decision: Decision,
        facts: Mapping[str, object],
        *,
        policy: Policy,
        by: Practitioner,
        supersedes: str | None = None,
        **told: Unpack[ToldOfDecision],
    ) -> Receipt:
        """Records a decision that was made already.

        Args:
            decision: as `policy.decide` gave it.
            facts: what it was made from. They are decided again, and must lead to that decision.
            policy: what it was made by.
            supersedes: the id of the record whose place this one takes, such as when more is known; that one stays.
            by, told: as for `decide`.

        Raises:
            FactsError: the facts are no case of the policy.
            RecordError: IS736, the facts do not lead to this decision; or as for `decide`.
        """
        if policy.decide(facts, as_of=decision.as_of, presume=told.get("presume", True)) != decision:
            raise RecordError.of(
                "IS736",
                "these facts do not lead to this decision",
                "give the facts, the policy and the presumptions that it was decided with",
            )
        before = None if supersedes is None else self.id_of(supersedes)
        draft = recording.record_draft(self._access, decision, facts, by=by, supersedes=before, **told)
        return recording.record(self._access, [draft], policy, decision)[0]

    def supersede(
        self,
        record: str,
        decision: Decision,
        facts: Mapping[str, object],
        *,
        policy: Policy,
        by: Practitioner,
        **told: Unpack[ToldOfDecision],
    ) -> Receipt:
        """As `record`, for a decision that takes the place of a recorded one. Raises RecordError (IS735) as well."""
        return self.record(decision, facts, policy=policy, by=by, supersedes=record, **told)

    # --- what may be done with a record -----------------------------------------------------

    def hold(self, record: str, *, by: Practitioner, because: str) -> Receipt:
        """Puts a record on legal hold: it may not be erased. Raises RecordError (IS731) if it is."""
        return self._deed(Kind.HOLD, record, states.may_be_held, by, because)[0]

    def release(self, record: str, *, by: Practitioner, because: str) -> Receipt:
        """Ends a legal hold. Raises RecordError (IS731) where there is none."""
        return self._deed(Kind.RELEASE, record, states.may_be_released, by, because)[0]

    def erase(self, record: str, *, by: Practitioner, because: str) -> Erasure:
        """Erases what a record says: its content, its key and its salt. That it was there, and this erasure, stays.

        Raises:
            RecordError: IS731, it is on legal hold, or was erased already.
        """
        receipt, found = self._deed(Kind.ERASURE, record, states.may_be_erased, by, because)
        try:
            with self._access.lock:
                self._access.store.forget()
        except StoreError:
            return Erasure(receipt, cleared=False, found=found)
        return Erasure(receipt, cleared=True, found=found)

    def _deed(
        self, kind: Kind, record: str, check: Callable[[Store, Entry], None], by: Practitioner, because: str
    ) -> tuple[Receipt, ContentFault | None]:
        return recording.deed(self._access, kind, record, check, by=by, because=because)

    def enrol(self, key: PublicKey, *, by: Practitioner, because: str | None = None) -> Receipt:
        """Lets a key sign records from now on; the same key with other dates, such as when it was revoked, says so."""
        return recording.enrol(self._access, key, by=by, because=because)

    # --- consulting -------------------------------------------------------------------------

    def show(self, record: str, *, by: Practitioner | None = None) -> RecordView:
        """What a record says, verified; that it was consulted is recorded first.

        Args:
            by: who looks; the account on this computer if nobody says.

        Raises:
            RecordError: IS727, there is none; IS730, it was erased; IS732, the consultation cannot be recorded.
            VerificationError: it was altered.
        """
        return consult.show(self._access, record, by, "show")

    def list(
        self,
        *,
        by: Practitioner | None = None,
        last: int | None = None,
        case: str | None = None,
        outcome: Outcome | str | None = None,
        followed: bool | None = None,
        since: date | None = None,
        until: date | None = None,
    ) -> Iterator[ListedRecord]:
        """The records, oldest first; that they were listed is recorded first.

        An entry that is not as it was recorded, and may have been a record, is listed with its `problems`, whatever is sought.

        Args:
            by: as for `show`.
            last: only so many, the newest.
            case: only those of a case: its name, or the tag that a list shows in its place.
            outcome: only those with this outcome.
            followed: only those that were followed, or were not.
            since, until: only those that were decided on these days or between them, in UTC.

        Raises:
            RecordError: IS732, the consultation cannot be recorded.
            ValueError: there is no such outcome.
        """
        wanted = None if outcome is None else Outcome(outcome)
        sought = consult.Filter(case, wanted, followed, consult.Days(since, until))
        return consult.records(self._access, by, last, sought)

    def log(
        self,
        record: str | None = None,
        *,
        by: Practitioner | None = None,
        person: str | None = None,
        since: date | None = None,
        until: date | None = None,
        last: int | None = None,
    ) -> Iterator[Consultation]:
        """Who looked at what and when, oldest first; that this was looked at is recorded first, and the last of them.

        An entry that is not as it was recorded comes with its `problems`.

        Args:
            record: only who looked at this record.
            by: as for `show`.
            person: only what this person looked at: their name, or what their organisation knows them by.
            since, until: only on these days or between them, in UTC.
            last: only so many, the newest.

        Raises:
            RecordError: IS727, there is no such record; IS732, the consultation cannot be recorded.
        """
        return consult.consultations(
            self._access, by, last, record=record, person=person, days=consult.Days(since, until)
        )

    def id_of(self, beginning: str) -> str:
        """The whole id of the one record whose id begins so; every method takes as much of an id as no other record has.

        Raises:
            RecordError: IS727, there is none; IS746, there are several.
        """
        with self._access.reading():
            return self._access.record(beginning).id

    def replay(self, record: str, *, by: Practitioner | None = None) -> Replay:
        """Decides a record again, from its own facts and the policy that was kept with it.

        Raises:
            As for `show`; VerificationError (IS728) where the policy was altered.
        """
        return consult.decided_again(self._access, record, by)

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
        return consult.exported(self._access, record, audience, by, page=page)

    def receipt(self, record: str, *, envelope: bool = False, by: Practitioner | None = None) -> Receipt:
        """The receipt of an entry as of now: what was given when it was added, against the newest checkpoint.

        Args:
            envelope: whether it carries what was recorded. Whoever has such a receipt can read the record, so that
                giving it is a consultation.
            by: who gets it, as for `show`.

        Raises:
            RecordError: IS727, there is no such entry; IS730, it was erased, and its salt with it; IS732 with the envelope.
            VerificationError: it was altered.
        """
        if envelope:
            with self._access.reading():
                entry = self._access.find(record)
            consult.consult(self._access, "receipt", by, entry)
        return consult.receipt(self._access, record, envelope=envelope)

    def verify(
        self,
        *,
        thorough: bool = True,
        receipts: Iterable[Receipt] = (),
        public_keys: KeyRing | None = None,
        processes: int = 1,
        progress: Callable[[int, int], None] | None = None,
    ) -> Verification:
        """Verifies all of it; nothing is consulted.

        Args:
            thorough: whether every signature is checked; without it, all but what the newest checkpoint vouches for.
            receipts: that were kept outside.
            public_keys: that of the log; the one beside the private key if not given.
            processes: how many of them share the work, where the ledger is long and its keys are in files.
            progress: is told now and then how many entries were gone through, and of how many.
        """
        from infoshare.records.ledger.verify import in_processes

        access = self._access
        keys = public_keys if public_keys is not None else access.log_keys()
        parts = in_processes(processes, access.where, access.keys, access.case_key) if processes > 1 else None
        with access.lock:
            return verify_ledger(
                access.store,
                access.case_key,
                keys,
                now=access.clock(),
                thorough=thorough,
                receipts=receipts,
                seen=access.keys.seen(),
                parts=parts,
                progress=progress,
            )


def _made_up(where: str) -> str:
    """A name for a log that no other has."""
    stem = "".join(
        c if c.isalnum() or c in "-." else "-" for c in url.without_password(where).rpartition("/")[2]
    )
    return f"{stem.removesuffix('.ledger') or 'ledger'}-{os.urandom(6).hex()}"
