"""Shows, lists, replays and exports records, once the consultation itself is recorded.

Invariants: nothing is shown before it is verified, nor unless the consultation itself could be recorded.
Deliberately not here: the views (`view`), what an audience may see (`audience`), pages (`page`).
"""

import getpass
import platform
from collections import deque
from collections.abc import Iterator
from datetime import date
from typing import Any, TypeVar

import attrs

from infoshare.outcome import Outcome
from infoshare.records.body.model import Practitioner
from infoshare.records.canonical import from_instant, is_id, made_at, to_instant
from infoshare.records.errors import RecordError, VerificationError
from infoshare.records.keys.files import CaseKey
from infoshare.records.ledger import policies, states
from infoshare.records.ledger.access import Access
from infoshare.records.ledger.entries import (
    KEEP,
    Kind,
    OpenEntry,
    altered,
    missing,
    name_of,
    open_entry,
    require_sealed_columns,
)
from infoshare.records.ledger.replay import Replay, replay
from infoshare.records.ledger.view import Consultation, ListedRecord, RecordView, consultation, listed
from infoshare.records.log.commitment import digest_of
from infoshare.records.log.envelope import Envelope
from infoshare.records.log.envelope import verify as verify_envelope
from infoshare.records.log.receipt import Receipt
from infoshare.records.store.base import Content, Entry

T = TypeVar("T")

AT_ONCE = 256
"""Entries that are in memory together."""


def consult(access: Access, how: str, by: Practitioner | None, entry: Entry | None) -> None:
    """Records a consultation. Raises RecordError (IS732) where that cannot be."""
    try:
        with access.recording():
            access.append([access.draft(Kind.CONSULTATION, by or account(), about=entry, how=how)])
    except VerificationError:
        raise
    except RecordError as error:
        why = error.diagnostics[0]
        raise RecordError.of(
            "IS732",
            "nothing is shown: that somebody looks at records is recorded, and it could not be",
            why.message,
            *why.help,
        ) from None


def show(access: Access, record: str, by: Practitioner | None, how: str) -> RecordView:
    """A record, verified: its content, its signatures, and that the newest checkpoint holds it."""
    with access.reading():
        entry = access.record(record)
        opened = access.opened(entry)
    consult(access, how, by, entry)
    with access.reading():
        ring = access.ring()
        try:
            signers = verify_envelope(opened.envelope, ring)
        except VerificationError as error:
            raise error.about(name_of(entry)) from None
        access.in_tree(entry)
        now, at = access.clock(), from_instant(opened.body["decided_at"])
        standings = tuple(ring.standing(key, decided_at=at, now=now) for key in signers)
        files = access.store.policy(opened.body["decision"]["policy"]["digest"]) or {}
        return RecordView(opened.body, entry.number, states.state_of(access.store, entry), standings, files)


@attrs.frozen
class Days:
    """The days from one to another, each of them included, in UTC; None where there is no first or last."""

    since: date | None = None
    until: date | None = None

    def __contains__(self, moment: str) -> bool:
        day = date.fromisoformat(moment[:10])
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@attrs.frozen
class Filter:
    """Which records are listed: those of which all that is not None is so.

    Attributes:
        case: the name of a case, or its tag.
        followed: whether the practitioner did what the decision says.
    """

    case: str | None = None
    outcome: Outcome | None = None
    followed: bool | None = None
    days: Days = Days()

    def finds(self, record: ListedRecord, case_key: CaseKey) -> bool:
        """Whether a record is one of them; of an erased one, only its day is known."""
        made = to_instant(made_at(record.id)) if is_id(record.id) else str(date.min)
        return (
            (self.case is None or record.case in {self.case, case_key.tag(self.case)})
            and self.outcome in {None, record.outcome}
            and self.followed in {None, record.followed}
            and (record.decided_at or made) in self.days
        )


def records(
    access: Access, by: Practitioner | None, last: int | None, sought: Filter
) -> Iterator[ListedRecord]:
    """Records as they are listed, oldest first, and whatever is not as it was recorded; each is read when its turn comes."""
    consult(access, "list", by, None)
    with access.reading():
        all_of_them = sought == Filter()
        numbers = access.store.numbers(Kind.RECORD, last if all_of_them else None)

    def found() -> Iterator[ListedRecord]:
        for entry, opened in _scan(access, Kind.RECORD, numbers[0] if numbers else 0):
            if isinstance(opened, RecordError):
                yield ListedRecord(entry.number, entry.id, problems=opened.diagnostics)
                continue
            with access.reading():
                state = states.state_of(access.store, entry)
            record = (
                ListedRecord(entry.number, entry.id, state=state.words)
                if opened is None
                else listed(opened, state, access.case_key)
            )
            if sought.finds(record, access.case_key):
                yield record

    return found() if all_of_them else _newest(found(), last)


def consultations(
    access: Access,
    by: Practitioner | None,
    last: int | None,
    *,
    record: str | None,
    person: str | None,
    days: Days,
) -> Iterator[Consultation]:
    """Who looked at what and when, oldest first, and whatever is not as it was recorded.

    Args:
        record: the id of what was looked at.
        person: the name of who looked, or what their organisation knows them by.
    """
    with access.reading():
        about = None if record is None else access.find(record)
    consult(access, "log", by, about)

    def found() -> Iterator[Consultation]:
        for entry, opened in _scan(access, Kind.CONSULTATION, 0 if about is None else about.number):
            if opened is None:
                continue
            if isinstance(opened, RecordError):
                yield Consultation(entry.number, entry.id, problems=opened.diagnostics)
                continue
            each = consultation(opened)
            who = {None if name is None else name.casefold() for name in (each.by or {}).values()}
            if (
                (about is None or each.record == about.id)
                and (person is None or person.casefold() in who)
                and (each.at or "") in days
            ):
                yield each

    return _newest(found(), last)


def _newest(found: Iterator[T], last: int | None) -> Iterator[T]:
    return found if last is None else iter(deque(found, last))


def _scan(access: Access, kind: Kind, first: int) -> Iterator[tuple[Entry, OpenEntry | RecordError | None]]:
    """Entries of a kind from a number on, opened; None for one that was erased.

    Whatever cannot be read, is gone, or is said to be of another kind than it was recorded as, comes with its error.
    """
    with access.reading():
        size = access.store.size()
    number = first
    for start in range(first, size, AT_ONCE):
        for entry, content, error in _rows(access, start, min(start + AT_ONCE, size)):
            if entry.number > number:
                yield _unread(number), VerificationError.of("IS724", missing(number, entry.number - 1), KEEP)
            number = entry.number + 1
            try:
                if error is not None:
                    raise error
                if content is None:
                    with access.reading():
                        state = states.state_of(access.store, entry)
                    if entry.kind != Kind.RECORD or state.erased_by is None:
                        raise altered(entry, "its content is gone, and no entry says that it was erased")
                    if kind is Kind.RECORD:
                        yield entry, None
                elif entry.kind == kind:
                    yield entry, open_entry(entry, content, access.case_key, access.origin)
                else:
                    require_sealed_columns(entry, content, access.case_key, access.origin)
            except VerificationError as found:
                yield entry, found


def _rows(
    access: Access, start: int, stop: int
) -> Iterator[tuple[Entry, Content | None, VerificationError | None]]:
    """Reads rows together, or one by one where that fails, so that one damaged row does not hide the others."""
    try:
        with access.reading():
            found = list(access.store.rows(start, stop))
    except RecordError as error:
        if stop - start > 1:
            for number in range(start, stop):
                yield from _rows(access, number, number + 1)
            return
        yield _unread(start), None, VerificationError(error.diagnostics).about(f"entry {start}")
        return
    for entry, content in found:
        yield entry, content, None


def _unread(number: int) -> Entry:
    """Returns a placeholder for an entry whose row is gone or cannot be read."""
    return Entry(number, "entry", "-", None, b"", b"")


def decided_again(access: Access, record: str, by: Practitioner | None) -> Replay:
    """A record decided again, by the policy that was kept with it."""
    found = show(access, record, by, "replay")
    policy = policies.loaded(found.files, found.body["decision"]["policy"]["digest"])
    return replay(found.body, policy, access.engine)


def exported(
    access: Access, record: str, audience: str | None, by: Practitioner | None, *, page: bool
) -> dict[str, Any] | str:
    """A record, or what one audience may see of it, as plain JSON or as one HTML page."""
    from infoshare.records.audience.table import export
    from infoshare.records.page.document import record_page

    found = show(access, record, by, f"export for {audience}" if audience else "export")
    if audience is not None:
        body = export(found.body, audience)
        return record_page(body) if page else body
    if not page:
        return found.body
    given = receipt(access, record, envelope=True)
    return record_page(
        found.body,
        envelope_digest=given.envelope_sha256.hex(),
        receipt=attrs.evolve(given, envelope=None),
        signatures=Envelope.from_bytes(given.envelope or b"").signatures,
    )


def receipt(access: Access, record: str, *, envelope: bool) -> Receipt:
    """The receipt of an entry against the newest checkpoint."""
    with access.reading():
        entry = access.find(record)
        opened = access.opened(entry)
        note, proof = access.in_tree(entry)
    data, digest = (opened.data if envelope else None), digest_of(opened.data)
    return Receipt(entry.id, entry.number, opened.salt, digest, proof, note, envelope=data)


def account() -> Practitioner:
    """Who looks, where nobody says who does: the account on this computer."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError, ImportError):
        name = "unknown"
    return Practitioner(name[:100], "account on a computer", (platform.node() or "unknown")[:100])
