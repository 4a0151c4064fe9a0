"""Who is shown what of a record: one table, and what is said to each audience about it.

Invariant: every key of a record stands in the table. Deliberately not here: how an export is made of it (`audience`).
"""

from collections.abc import Mapping
from enum import StrEnum

import attrs


class Audience(StrEnum):
    """Whom an export is for."""

    PRACTITIONER = "practitioner"
    INFORMATION_GOVERNANCE = "information_governance"
    FAMILY = "family"

    @property
    def words(self) -> str:
        """As one says it."""
        return _WORDS[self]


_WORDS = {
    Audience.PRACTITIONER: "a practitioner who works with this child",
    Audience.INFORMATION_GOVERNANCE: "information governance",
    Audience.FAMILY: "the family",
}


@attrs.frozen
class Seen:
    """What each audience is shown of one key of a record; empty where it is shown nothing.

    Attributes:
        why: the reason for what is not shown.
    """

    practitioner: str
    governance: str
    family: str
    why: str


_ALL = "all"
_WRITTEN = "all, unless some item may not be named"
_CLEARED = "if cleared"

SEEN: Mapping[str, Seen] = {
    "id": Seen(_ALL, _ALL, "the last twelve characters", "What is before them tells when it was made."),
    "supersedes": Seen(_ALL, _ALL, "", "It would tell a family that it was decided before, and otherwise."),
    "decided_at": Seen(_ALL, _ALL, "the day", "The hour may tell who reported something."),
    "decided_by": Seen(
        _ALL, _ALL, "the organisation", "Telling may put staff at risk; a role may tell what was suspected."
    ),
    "case": Seen(_ALL, "", "", "A pseudonym leads to the child in another system."),
    "requester": Seen(
        _ALL, "role and organisation", "", "That somebody asked, the police for one, is not for the family."
    ),
    "asked_for": Seen(_WRITTEN, "", "", "What people write may name anybody."),
    "recipients": Seen(
        _ALL, "role, under other names", "", "Who is to have it is told beside what is shared."
    ),
    "purpose": Seen(_WRITTEN, "the answer", _CLEARED, "What people write may name anybody."),
    "lawful_basis": Seen(_WRITTEN, "the answer", _CLEARED, "What people write may name anybody."),
    "shared": Seen(
        "all, under other names where an item may not be named",
        "under other names",
        _CLEARED,
        "That something is shared tells that there was something to share.",
    ),
    "held_back": Seen(
        "all, under other names where an item may not be named",
        "under other names",
        "",
        "That something is held back tells that it exists.",
    ),
    "consent": Seen(
        _WRITTEN, "sought, status, day", "", "A family is not one mind: one must not learn what another said."
    ),
    "wishes": Seen(
        _WRITTEN, "the child's answer", "", "What a child says in confidence is not for its parents."
    ),
    "told": Seen(_WRITTEN, "when", "", "Who knows may tell who reported."),
    "not_told": Seen(
        _WRITTEN,
        "the day of review",
        "",
        "That somebody is not told, and is to be later, tells that there is a reason.",
    ),
    "advice": Seen(
        "all but what was advised",
        "role, organisation, when, whether anonymised",
        "",
        "Legal advice is privileged.",
    ),
    "done": Seen(_WRITTEN, "duty and when", "", "Duties tell what was decided."),
    "facts": Seen("", "", "", "They say the same as `answers`."),
    "answers": Seen(
        "all, under other names where an item may not be named",
        "yes or no, one of and some of, under other names",
        "",
        "Numbers, dates and texts may tell who a child is.",
    ),
    "presume": Seen(_ALL, _ALL, "", "It is about how it was decided."),
    "decision": Seen(
        "all, under other names where an item may not be named",
        "as the answers; without the case",
        "title and version of the policy",
        "An outcome and its reasons tell what led to them.",
    ),
    "sources": Seen(_ALL, _ALL, "", "What is cited tells which clauses spoke."),
    "engine_version": Seen(_ALL, _ALL, "", "It is about how it was decided."),
    "followed": Seen(_ALL, _ALL, "", "It is about how it was decided."),
    "because": Seen(_WRITTEN, "whether there is one", "", "What people write may name anybody."),
    "instead": Seen(
        _WRITTEN, "outcome, and what goes to whom under other names", "", "An outcome tells what led to it."
    ),
    "for_family": Seen(_WRITTEN, "", "the words, if cleared", "It is what the family may be told."),
    "review_on": Seen(_ALL, _ALL, "", "A day of review tells that there is a reason to look again."),
    "note": Seen(_WRITTEN, "", "", "What people write may name anybody."),
}
"""For every key of a record, what each audience is shown of it.

*If cleared*: somebody has said that everyone in the family may know, no fact forbids it (`family.DANGERS`), and something is
shared of which a family may know (`family.PAIR`). The words are shown also where nothing of that kind is shared.
"""

NOTICE: Mapping[Audience, tuple[str, ...]] = {
    Audience.PRACTITIONER: (
        "This was taken from a record for a practitioner who works with this child. It is confidential.",
        "An item that may not be named has a number instead; where there is one, what people wrote is left out. What was"
        " advised is left out.",
    ),
    Audience.INFORMATION_GOVERNANCE: (
        "This was taken from a record to look at how it was decided. It names no child, item or recipient: they have"
        " numbers. What people wrote, and numbers, dates and texts of the case, are left out.",
    ),
    Audience.FAMILY: (
        "This page tells what may be told to everyone in a family. It has the same form, and these words, for every family.",
        "It does not say whether anything else was asked, said, shared or kept back, and nothing should be concluded from"
        " what is not on it.",
        "You may ask the organisation named here what it holds about you, and to put right what is wrong. If you are not"
        " content with its answer, you may complain to the Information Commissioner.",
    ),
}
"""What stands on every export of an audience, whatever the record holds."""
