"""Exports what one audience may see of a record, `infoshare.export/1`, by one table: for every key, what each audience is shown.

The table is what runs, and what the documents print. A key that a later format adds is not shown until it stands in it.
Invariant (non-interference, after Goguen and Meseguer, 1982): two records that differ only in what an audience is not shown
give the same export, byte for byte. So nothing can be inferred from it: no count, order, length, id, digest, or wording.
For a family nothing is computed from facts or clauses at all: it is told what a person has said that it may know, less what
the facts forbid (`body.family`), and the same words about everything else, whether there is anything else or not.
Deliberately not here: names under others (`masking`), the page (`page`), the law: that an export may be given is for a person to say.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import cached_property
from typing import Any

import attrs

from infoshare.diagnostic import did_you_mean
from infoshare.meaning.case import element_key, path_of
from infoshare.policy.decision import Decision
from infoshare.records.audience.masking import Masking
from infoshare.records.body.codec import Json, pruned
from infoshare.records.body.family import Facts
from infoshare.records.body.model import RECORD, read_body
from infoshare.records.errors import RecordError

FORMAT = "infoshare.export/1"
_CLOSED = {"yes or no", "one of", "some of"}
"""The types of facts whose answers are out of a closed set."""

_NAMING = {"one", "some"}
"""The types of facts that are answered by names of elements."""


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


@attrs.frozen(slots=False)
class Looking:
    """A record that is looked at for one audience."""

    record: Json = attrs.field(repr=False)
    audience: Audience

    @cached_property
    def facts(self) -> Facts:
        """Its facts."""
        return Facts.of(self.record["answers"], self.record["decision"]["assumed"])

    @cached_property
    def closed(self) -> frozenset[str]:
        """The paths of the facts whose answers are out of a closed set."""
        return frozenset(path_of(e["fact"]) for e in self.record["answers"] if e["type"] in _CLOSED)

    @cached_property
    def naming(self) -> frozenset[str]:
        """The paths of the facts that are answered by names of elements."""
        return frozenset(path_of(e["fact"]) for e in self.record["answers"] if e["type"] in _NAMING)

    @cached_property
    def masking(self) -> Masking:
        """What is called otherwise: for a practitioner items that may not be named, for others everything."""
        if self.audience is Audience.PRACTITIONER:
            return Masking.of(
                self.record, lambda group, name: group == "item" and not self.facts.may_name(name)
            )
        return Masking.of_all(self.record, self.closed | self.naming)

    @cached_property
    def written(self) -> bool:
        """Whether what people wrote is shown: nothing else is named by it that may not be."""
        return self.audience is Audience.PRACTITIONER and not self.masking.active

    @cached_property
    def cleared(self) -> bool:
        """Whether a person has said that everyone in the family may know, and no fact forbids it."""
        told = self.record.get("for_family") or {"may_know": None}
        return told["may_know"] is True and not self.facts.in_the_way()

    @cached_property
    def shared(self) -> list[Json]:
        """What is shared of which a family may know."""
        pairs = self.record["shared"] or () if self.cleared else ()
        return [pair for pair in pairs if self.facts.may_know(pair["item"], pair["recipient"])]


@attrs.frozen
class Rule:
    """What one audience is shown of one key: in words, and as the keys of its export."""

    words: str
    show: Callable[[Looking, str], Json] = attrs.field(repr=False)


NOTHING = Rule("", lambda _looking, _key: {})
ALL = Rule("all", lambda looking, key: {key: looking.record[key]})


def _shown(words: str, value: Callable[[Looking, Any], Any], name: str | None = None) -> Rule:
    """A rule that shows one value in the place of another, under the same key or another name."""
    return Rule(words, lambda looking, key: {name or key: value(looking, looking.record[key])})


def _but(entry: Any, *hidden: str) -> Any:
    """An object, or each of several, without the keys that are hidden."""
    if isinstance(entry, list):
        return [_but(each, *hidden) for each in entry]
    return {name: value for name, value in entry.items() if name not in hidden}


def _coded(looking: Looking, worded: Json, path: str) -> Json:
    """Only an answer out of a closed set."""
    return {name: worded[name] if path in looking.closed else None for name in ("answer", "label")}


def _answer(path: str, words: str = "the answer") -> Rule:
    return _shown(words, lambda looking, worded: _coded(looking, worded, path))


def _label_if_cleared(path: str) -> Rule:
    return _shown(
        _CLEARED, lambda looking, worded: _coded(looking, worded, path)["label"] if looking.shared else None
    )


def _written(
    *hidden: str, words: str = "all, unless some item may not be named", always: tuple[str, ...] = ()
) -> Rule:
    """An object, or each of several: where an item may not be named, without the hidden keys."""
    return _shown(words, lambda looking, value: _but(value, *always, *(() if looking.written else hidden)))


def _worded(looking: Looking, worded: Json) -> Json:
    return worded if looking.written else {**worded, "details": None}


def _wishes(looking: Looking, wishes: Json) -> Json:
    family = wishes["family"] if looking.written else None
    return {"child": _worded(looking, wishes["child"]), "family": family}


def _consent_for_governance(looking: Looking, consent: Json) -> Json:
    known = "consent.status" in looking.closed
    return {
        **{name: consent[name] for name in ("sought", "on")},
        **{name: consent[name] if known else None for name in ("status", "label")},
    }


def _instead(looking: Looking, instead: Json | None) -> Json | None:
    return instead and {
        "outcome": instead["outcome"],
        "shared": looking.masking.pairs(instead["shared"]),
        "note": instead["note"] if looking.written else None,
    }


def _done(looking: Looking, done: list[Json], *hidden: str) -> list[Json]:
    """The duties that were done, for whom under other names."""
    groups = {
        (duty["duty"], name): group
        for duty in looking.record["decision"]["duties"]
        for group, name in (duty.get("for") or {}).items()
    }

    def of(each: Json) -> Json:
        shown: Json = _but(each, *hidden)
        if "whom" not in each:
            return shown
        group = groups.get((each["duty"], each["whom"]))
        return shown | {"whom": looking.masking.name(group, each["whom"]) if group else None}

    return [of(each) for each in done]


def _roles(looking: Looking, parties: list[Json]) -> list[Json]:
    """Recipients under other names, with what the case answers to who each is."""

    def role(name: str) -> str | None:
        key = element_key("recipient", name, "role")
        answers = looking.record["answers"] if path_of(key) in looking.closed else ()
        return next((e["label"] for e in answers if e["fact"] == key and e["state"] == "answered"), None)

    return [
        {"name": looking.masking.name("recipient", each["name"]), "role": role(each["name"])}
        for each in parties
    ]


def _masked(part: str, words: str) -> Rule:
    """Pairs, answers or a decision under other names."""
    return _shown(words, lambda looking, value: getattr(looking.masking, part)(value))


_UNLESS, _OTHERWISE, _CLEARED = "all, unless some item may not be named", "under other names", "if cleared"
_MASKED = "all, under other names where an item may not be named"
WRITTEN = _shown(_UNLESS, lambda looking, value: value if looking.written else None)
WORDED = _shown(_UNLESS, _worded)
LAST_TWELVE = _shown("the last twelve characters", lambda _, id_: id_[-12:], "reference")  # made by chance
THE_DAY = _shown("the day", lambda _, moment: moment[:10], "decided_on")
ORGANISATION = _shown("the organisation", lambda _, by: by["organisation"], "organisation")
REQUESTER = _shown(
    "role and organisation", lambda _, who: who and {name: who[name] for name in ("role", "organisation")}
)
RECIPIENTS = _shown("role, under other names", _roles)
CLEARED_PAIRS = _shown(_CLEARED, lambda looking, _: looking.shared)
CONSENT = _shown("sought, status, day", _consent_for_governance)
WISHES = _shown(_UNLESS, _wishes)
CHILDS_ANSWER = _shown(
    "the child's answer", lambda looking, wishes: {"child": _coded(looking, wishes["child"], "child.wishes")}
)
DECISION = _shown(
    "as the answers; without the case",
    lambda looking, decision: looking.masking.decision({**decision, "case": None}),
)
POLICY = _shown(
    "title and version of the policy",
    lambda _, decision: {name: decision["policy"][name] for name in ("title", "version")},
    "policy",
)
REASON_GIVEN = _shown("whether there is one", lambda _, because: because is not None, "because_given")
WORDS_IF_CLEARED = _shown(
    "the words, if cleared",
    lambda looking, told: told["words"] if told and looking.cleared else None,
    "words",
)


@attrs.frozen
class Seen:
    """What each audience is shown of one key of a record.

    Attributes:
        why: the reason for what is not shown.
    """

    practitioner: Rule
    governance: Rule
    family: Rule
    why: str

    def of(self, audience: Audience) -> Rule:
        """What one audience is shown."""
        match audience:
            case Audience.PRACTITIONER:
                return self.practitioner
            case Audience.INFORMATION_GOVERNANCE:
                return self.governance
            case Audience.FAMILY:
                return self.family


_ANYBODY = "What people write may name anybody."
_HOW = "It is about how it was decided."

SEEN: Mapping[str, Seen] = {
    "id": Seen(ALL, ALL, LAST_TWELVE, "What is before them tells when it was made."),
    "supersedes": Seen(
        ALL, ALL, NOTHING, "It would tell a family that it was decided before, and otherwise."
    ),
    "decided_at": Seen(ALL, ALL, THE_DAY, "The hour may tell who reported something."),
    "decided_by": Seen(
        ALL, ALL, ORGANISATION, "Telling may put staff at risk; a role may tell what was suspected."
    ),
    "case": Seen(ALL, NOTHING, NOTHING, "A pseudonym leads to the child in another system."),
    "requester": Seen(
        ALL, REQUESTER, NOTHING, "That somebody asked, the police for one, is not for the family."
    ),
    "asked_for": Seen(WRITTEN, NOTHING, NOTHING, _ANYBODY),
    "recipients": Seen(ALL, RECIPIENTS, NOTHING, "Who is to have it is told beside what is shared."),
    "purpose": Seen(WORDED, _answer("sharing.purpose"), _label_if_cleared("sharing.purpose"), _ANYBODY),
    "lawful_basis": Seen(
        WORDED, _answer("sharing.lawful_basis"), _label_if_cleared("sharing.lawful_basis"), _ANYBODY
    ),
    "shared": Seen(
        _masked("pairs", _MASKED),
        _masked("pairs", _OTHERWISE),
        CLEARED_PAIRS,
        "That something is shared tells that there was something to share.",
    ),
    "held_back": Seen(
        _masked("pairs", _MASKED),
        _masked("pairs", _OTHERWISE),
        NOTHING,
        "That something is held back tells that it exists.",
    ),
    "consent": Seen(
        _written("by", "why_not_sought"),
        CONSENT,
        NOTHING,
        "A family is not one mind: one must not learn what another said.",
    ),
    "wishes": Seen(WISHES, CHILDS_ANSWER, NOTHING, "What a child says in confidence is not for its parents."),
    "told": Seen(
        _written("who", "what"),
        _written(words="when", always=("who", "what")),
        NOTHING,
        "Who knows may tell who reported.",
    ),
    "not_told": Seen(
        _written("who", "why"),
        _written(words="the day of review", always=("who", "why")),
        NOTHING,
        "That somebody is not told, and is to be later, tells that there is a reason.",
    ),
    "advice": Seen(
        _written("giver", "role", "organisation", words="all but what was advised", always=("advice",)),
        _written(words="role, organisation, when, whether anonymised", always=("giver", "advice")),
        NOTHING,
        "Legal advice is privileged.",
    ),
    "done": Seen(
        _shown(
            _UNLESS, lambda looking, done: _done(looking, done, *(() if looking.written else ("by", "how")))
        ),
        _shown("duty and when, under other names", lambda looking, done: _done(looking, done, "by", "how")),
        NOTHING,
        "Duties tell what was decided.",
    ),
    "facts": Seen(NOTHING, NOTHING, NOTHING, "They say the same as `answers`."),
    "answers": Seen(
        _masked("answers", _MASKED),
        _masked("answers", "yes or no, one of, some of and whom a reference names, under other names"),
        NOTHING,
        "Numbers, dates and texts may tell who a child is.",
    ),
    "presume": Seen(ALL, ALL, NOTHING, _HOW),
    "decision": Seen(
        _masked("decision", _MASKED), DECISION, POLICY, "An outcome and its reasons tell what led to them."
    ),
    "sources": Seen(ALL, ALL, NOTHING, "What is cited tells which clauses spoke."),
    "engine_version": Seen(ALL, ALL, NOTHING, _HOW),
    "followed": Seen(ALL, ALL, NOTHING, _HOW),
    "because": Seen(WRITTEN, REASON_GIVEN, NOTHING, _ANYBODY),
    "instead": Seen(
        _shown(_UNLESS, _instead),
        _shown("outcome, and what goes to whom under other names", _instead),
        NOTHING,
        "An outcome tells what led to it.",
    ),
    "for_family": Seen(WRITTEN, NOTHING, WORDS_IF_CLEARED, "It is what the family may be told."),
    "review_on": Seen(ALL, ALL, NOTHING, "A day of review tells that there is a reason to look again."),
    "note": Seen(WRITTEN, NOTHING, NOTHING, _ANYBODY),
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


def export(body: object, audience: Audience | str) -> Json:
    """What an audience may see of a record.

    Args:
        body: of a record, `infoshare.record/1`.
        audience: `practitioner`, `information_governance` or `family`.

    Raises:
        RecordError: IS740, it is no record; IS745, there is no such audience.
    """
    try:
        whom = Audience(audience)
    except ValueError:
        known = [each.value for each in Audience]
        help_ = did_you_mean(str(audience)[:100], known)
        message = f"there is no such audience; there are {', '.join(known)}"
        raise RecordError.of("IS745", message, *help_, path="audience") from None
    record = pruned(read_body(body), RECORD)
    record["decision"] = Decision.from_dict(record["decision"]).to_dict()
    looking = Looking(record, whom)
    shown: Json = {"format": FORMAT, "audience": whom.value, "notice": list(NOTICE[whom])}
    for key, seen in SEEN.items():
        if key in record:
            shown |= seen.of(whom).show(looking, key)
    return shown
