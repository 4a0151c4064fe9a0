"""What a ledger's entries are about: a record, or something that was done with one.

Every entry is an envelope over canonical JSON. A record has its own body (`body`); all others have the one of this
module, `infoshare.entry/1`: what was done, to which entry, when, by whom and why. So an erasure, a legal hold, a consultation
or a new key stands in the same log, and can be altered as little as a record.
Invariant: within `/1` keys are only ever added. Deliberately not here: who may do what (`ledger`).
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

import attrs

from infoshare.records.errors import RecordError
from infoshare.records.fields import faults_of, text, to_json
from infoshare.records.practitioner import Practitioner
from infoshare.records.storage import Entry
from infoshare.records.text_forms import to_instant

FORMAT = "infoshare.entry/1"
PAYLOAD_TYPE = "application/vnd.infoshare.entry+json"


class Kind(StrEnum):
    """What an entry is."""

    RECORD = "record"
    ERASURE = "erasure"
    HOLD = "hold"
    RELEASE = "release"
    CONSULTATION = "consultation"
    KEY = "key"


class Content(StrEnum):
    """What became of the content of a record before it was erased; kept with the erasure where it was not as recorded."""

    MISSING = "missing"
    ALTERED = "altered"


@attrs.frozen
class _Reason:
    because: str | None = text()


def entry_body(
    kind: Kind,
    *,
    id: str,
    at: datetime,
    by: Practitioner,
    about: Entry | None = None,
    because: str | None = None,
    how: str | None = None,
    key: str | None = None,
    found: Content | None = None,
) -> dict[str, Any]:
    """The body of an entry that is no record.

    Args:
        id: of this entry, a UUID of version 7.
        at: when, with the offset from UTC.
        by: who did it.
        about: the entry that it was done to.
        because: why; a hold, its release and an erasure need a reason.
        how: of a consultation, how: `show`, `list`, `replay`, `export`.
        key: of a key, its text with its dates.
        found: of an erasure, that the content was not there as it was recorded; no such key in the body otherwise.

    Raises:
        RecordError: IS741, with everything that is wrong.
    """
    faults = [
        *faults_of(by, Practitioner, "by", "IS741"),
        *faults_of(_Reason(because), _Reason, "", "IS741"),
    ]
    if faults:
        raise RecordError(faults)
    if because is None and kind in {Kind.ERASURE, Kind.HOLD, Kind.RELEASE}:
        raise RecordError.of(
            "IS737", f"no reason is given for this {kind}", 'say why: --because "…"', path="because"
        )
    return {
        "format": FORMAT,
        "kind": kind.value,
        "id": id,
        "at": to_instant(at),
        "by": to_json(by),
        "about": None
        if about is None
        else {"number": about.number, "id": about.id, "leaf": about.leaf.hex()},
        "because": because,
        "how": how,
        "key": key,
        **({} if found is None else {"found": found.value}),
    }


def speaks_of(body: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What an entry's body says of the entry that it is about: its number, id and leaf."""
    found = body.get("about")
    return found if isinstance(found, Mapping) else None
