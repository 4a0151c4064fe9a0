"""Views of the ledger: a record that is shown, one that is listed, a consultation that is listed.

A list names no child and no practitioner: a record has its id, its case a tag that is the same for the same case of
the same ledger, and its practitioner a role. Deliberately not here: verifying, and recording the consultation (`consult`).
"""

from collections.abc import Mapping
from typing import Any

import attrs

from infoshare.diagnostic import Diagnostic
from infoshare.policy.decision import Decision
from infoshare.records.keys.files import CaseKey
from infoshare.records.keys.public import Standing
from infoshare.records.ledger.entries import OpenEntry, speaks_of
from infoshare.records.ledger.policies import loaded
from infoshare.records.ledger.states import State


@attrs.frozen
class ListedRecord:
    """A record as it is listed; or an entry that is not as it was recorded, and may have been one.

    Attributes:
        number: its place in the log.
        case: a tag in the place of the case's name; None for a case without a name.
        followed: whether the practitioner did what the decision says.
        state: what became of it, in words; empty where nothing did.
        problems: why it cannot be read; the attributes above are then those of its row in the database alone.
    """

    number: int
    id: str
    decided_at: str | None = None
    case: str | None = None
    outcome: str | None = None
    followed: bool | None = None
    policy: str | None = None
    version: str | None = None
    role: str | None = None
    state: str = ""
    problems: tuple[Diagnostic, ...] = attrs.field(default=(), repr=False)

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON; `problem` only where there is one."""
        return _plain(self)


@attrs.frozen
class Consultation:
    """That somebody looked at a record, or at the list of them.

    Attributes:
        number: its place in the log.
        id: of the entry that says so.
        at: when, as text in UTC.
        how: `show`, `list`, `log`, `replay`, `receipt` or `export`, with whom it was for.
        record: the id of what was looked at; None where that were all.
        by: who it was: `name`, `role`, `organisation`, `id`.
        problems: as in `ListedRecord`.
    """

    number: int
    id: str
    at: str | None = None
    how: str | None = None
    record: str | None = None
    by: Mapping[str, str | None] | None = None
    problems: tuple[Diagnostic, ...] = attrs.field(default=(), repr=False)

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON; `problem` only where there is one."""
        return _plain(self)


def _plain(shown: ListedRecord | Consultation) -> dict[str, Any]:
    fields = attrs.asdict(shown, filter=lambda field, _: field.name != "problems")
    return fields | ({"problem": shown.problems[0].message} if shown.problems else {})


@attrs.frozen
class RecordView:
    """A record as it is shown, everything about it verified.

    Attributes:
        body: what was recorded, `infoshare.record/1`.
        number: its place in the log.
        state: what became of it.
        signed_by: the ids of the keys that signed it, and what each was worth then and is now.
        files: of the policy that it was decided by, the main one first.
    """

    body: dict[str, Any] = attrs.field(repr=False)
    number: int
    state: State
    signed_by: tuple[Standing, ...]
    files: Mapping[str, bytes] = attrs.field(repr=False)

    @property
    def decision(self) -> Decision:
        """The decision, with the policy that was kept with it. Raises VerificationError (IS728) where that was altered."""
        decision = Decision.from_dict(self.body["decision"])
        return decision.with_model(loaded(self.files, decision.policy.digest).model)

    @property
    def id(self) -> str:
        """The id of the record."""
        return str(self.body["id"])


def listed(opened: OpenEntry, state: State, case_key: CaseKey) -> ListedRecord:
    """A record as it is listed."""
    body = opened.body
    decision = body["decision"]
    case = body.get("case")
    return ListedRecord(
        number=opened.entry.number,
        id=opened.entry.id,
        decided_at=body["decided_at"],
        case=None if case is None else case_key.tag(str(case)),
        outcome=decision["outcome"],
        followed=body["followed"],
        policy=decision["policy"]["name"],
        version=decision["policy"]["version"],
        role=body["decided_by"]["role"],
        state=state.words,
    )


def consultation(opened: OpenEntry) -> Consultation:
    """The entry of a consultation, as it is listed."""
    body = opened.body
    about = speaks_of(body)
    return Consultation(
        number=opened.entry.number,
        id=opened.entry.id,
        at=body["at"],
        how=body["how"],
        record=None if about is None else about["id"],
        by=body["by"],
    )
