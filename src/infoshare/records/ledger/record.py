"""Records decisions, holds, releases, erasures and keys: signs each, checks it against the ledger, and appends it.

Invariant: a policy is kept with the first record that needs it, in the same transaction.
Deliberately not here: how something is added (`append`), what the bodies say (`body`, `entries`).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TypedDict, Unpack

import attrs

from infoshare.meaning.case import Case
from infoshare.policy.decision import Decision
from infoshare.policy.policy import Policy
from infoshare.records.body.build import record_body
from infoshare.records.body.model import NOTHING, Particulars, Practitioner
from infoshare.records.canonical import canonical_body
from infoshare.records.errors import VerificationError
from infoshare.records.keys.public import PublicKey, Signer
from infoshare.records.ledger import policies, states
from infoshare.records.ledger.access import Access
from infoshare.records.ledger.append import Draft
from infoshare.records.ledger.entries import ContentFault, Kind, altered, open_entry
from infoshare.records.log.envelope import seal
from infoshare.records.log.envelope import verify as verify_envelope
from infoshare.records.log.receipt import Receipt
from infoshare.records.store.base import Entry, Store
from infoshare.records.store.errors import NotRecordedError


class ToldOfDecision(TypedDict, total=False):
    """What is told beside a decision that is recorded.

    Attributes:
        presume: whether the policy's presumptions are made; they are if nothing is told.
        followed: whether they do what the decision says; they do if nothing is told.
        because: why not; or anything else they want to say for their reason.
        particulars: what else there is to tell.
        decided_at: when it was decided, if not now.
        signers: who signs the record, such as a practitioner and a manager; the ledger's own key if nobody does.
    """

    presume: bool
    followed: bool
    because: str | None
    particulars: Particulars
    decided_at: datetime | None
    signers: Sequence[Signer]


def record_draft(
    access: Access,
    decision: Decision,
    facts: Mapping[str, object],
    *,
    by: Practitioner,
    supersedes: str | None = None,
    case: Case | None = None,
    **told: Unpack[ToldOfDecision],
) -> Draft:
    """A record to be, signed; arguments and errors as for `record_body`, and IS734 for a key that may not sign."""
    now = access.clock()
    record_id = access.ids(now)
    body = record_body(
        decision,
        facts,
        by=by,
        decided_at=told.get("decided_at") or now,
        record_id=record_id,
        engine_version=access.engine,
        particulars=told.get("particulars", NOTHING),
        followed=told.get("followed", True),
        because=told.get("because"),
        presume=told.get("presume", True),
        supersedes=supersedes,
        case=case,
    )
    signers = told.get("signers") or (access.log_signer(),)
    for signer in told.get("signers", ()):
        access.may_sign(signer.public, now)
    envelope = seal(canonical_body(body), *signers)
    check = partial(states.may_be_superseded, access.store)
    return Draft(Kind.RECORD, record_id, envelope.to_bytes(), supersedes, check)


def record(
    access: Access, drafts: Sequence[Draft], policy: Policy, decision: Decision | None
) -> Sequence[Receipt]:
    """Adds records that one policy decided, all or none; the error carries the decision."""
    digest = policy.model.digest
    kept = [] if digest in access.kept else [(digest, policies.files_of(policy))]
    try:
        with access.recording():
            receipts = access.append(drafts, kept)
    except NotRecordedError as error:
        error.decision = decision
        raise
    access.kept.add(digest)
    return receipts


def deed(
    access: Access,
    kind: Kind,
    record: str,
    check: Callable[[Store, Entry], None],
    *,
    by: Practitioner,
    because: str,
) -> tuple[Receipt, ContentFault | None]:
    """Appends an entry about a record, unless `check` refuses it within the same transaction.

    A content that is to be erased is opened first: what was wrong with it can be found only as long as it is there.
    """
    erases = kind is Kind.ERASURE
    with access.recording():
        entry = access.record(record)
        check(access.store, entry)
        found = _fault_of_content(access, entry) if erases else None

        def checked(about: Entry) -> None:
            check(access.store, about)
            if erases and _fault_of_content(access, about) is not found:
                raise altered(about, "its content was changed while it was being erased")

        draft = access.draft(kind, by, about=entry, because=because, found=found)
        return access.append([attrs.evolve(draft, check=checked, erases=erases)])[0], found


def _fault_of_content(access: Access, entry: Entry) -> ContentFault | None:
    content = access.store.content(entry.number)
    if content is None:
        return ContentFault.MISSING
    try:
        opened = open_entry(entry, content, access.case_key, access.origin)
        verify_envelope(opened.envelope, access.ring())
    except VerificationError:
        return ContentFault.ALTERED
    return None


def enrol(access: Access, key: PublicKey, *, by: Practitioner, because: str | None) -> Receipt:
    """Adds a key, or what became of it. Raises RecordError (IS707) for another key of the same name and number."""
    with access.recording():
        access.ring(fresh=True).plus(key)
        (receipt,) = access.append([access.draft(Kind.KEY, by, because=because, key=key.to_text())])
        access.enrolled_anew()
    return receipt
