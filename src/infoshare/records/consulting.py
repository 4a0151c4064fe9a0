"""Records to what somebody who consults them is shown, once it is recorded that they do.

Invariants: nothing is shown before it is verified, nor unless the consultation itself could be recorded.
Deliberately not here: what is shown (`shown`), what an audience may see (`audience`), pages (`page`).
"""

import getpass
import platform
from collections.abc import Iterator
from typing import Any

import attrs

from infoshare.records import policies, states
from infoshare.records.access import Access
from infoshare.records.entries import Kind
from infoshare.records.envelope import Envelope
from infoshare.records.envelope import verify as verify_envelope
from infoshare.records.errors import RecordError, VerificationError
from infoshare.records.leaf import digest_of
from infoshare.records.opening import called, open_entry
from infoshare.records.practitioner import Practitioner
from infoshare.records.receipt import Receipt
from infoshare.records.replay import Replay, replay
from infoshare.records.shown import Listed, Shown, listed
from infoshare.records.storage import Entry
from infoshare.records.text_forms import from_instant


def consult(access: Access, how: str, by: Practitioner | None, entry: Entry | None) -> None:
    """Records that somebody looks. Raises RecordError (IS732) where that cannot be."""
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


def show(access: Access, record: str, by: Practitioner | None, how: str) -> Shown:
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
            raise error.about(called(entry)) from None
        access.in_tree(entry)
        now, at = access.clock(), from_instant(opened.body["decided_at"])
        standings = tuple(ring.standing(key, decided_at=at, now=now) for key in signers)
        files = access.store.policy(opened.body["decision"]["policy"]["digest"]) or {}
        return Shown(opened.body, entry.number, states.state_of(access.store, entry), standings, files)


def records(access: Access, by: Practitioner | None, last: int | None) -> Iterator[Listed]:
    """Records as they are listed, oldest first; each is read when its turn comes."""
    consult(access, "list", by, None)
    with access.reading():
        numbers = access.store.numbers(Kind.RECORD, last)
    for number in numbers:
        with access.reading():
            ((entry, content),) = access.store.rows(number, number + 1)
            state = states.state_of(access.store, entry)
        if content is None:
            yield Listed(entry.number, entry.id, state=state.words)
        else:
            opened = open_entry(entry, content, access.case_key, access.origin)
            yield listed(opened, state, access.case_key)


def decided_again(access: Access, record: str, by: Practitioner | None) -> Replay:
    """A record decided again, by the policy that was kept with it."""
    found = show(access, record, by, "replay")
    policy = policies.loaded(found.files, found.body["decision"]["policy"]["digest"])
    return replay(found.body, policy, access.engine)


def exported(
    access: Access, record: str, audience: str | None, by: Practitioner | None, *, page: bool
) -> dict[str, Any] | str:
    """A record, or what one audience may see of it, as plain JSON or as one HTML page."""
    from infoshare.records.audience import export
    from infoshare.records.page import record_page

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
