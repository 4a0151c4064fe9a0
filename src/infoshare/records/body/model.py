# ruff: noqa: RUF009 - what declares a field is called once for each class, which is what is meant
"""What a record holds, `infoshare.record/1`, and what people tell for one: a class for each object, a field for each key.

`Particulars` is what a decision cannot know and a record should hold: who asked, who was told, what was advised, what was
done. All of it may be left out, and what is left out is shown as not told.
Invariants: the plain JSON of `Particulars` (that `--particulars FILE` takes) has a key for each attribute, and no other; within
`/1` keys are only ever added: a new one is `absent` where there is none.
Deliberately not here: checking, reading and describing (`codec`); where the values of a record come from (`build`).
"""

from datetime import date, datetime
from typing import Any, Literal, cast

import attrs

from infoshare import codec
from infoshare.diagnostic import Diagnostic
from infoshare.outcome import OUTCOMES
from infoshare.policy.codec import decision_shape
from infoshare.records.body.codec import (
    Json,
    day,
    faults_of,
    flag,
    from_json,
    line,
    part,
    parts,
    shape_of,
    text,
    to_json,
    when,
    word,
)
from infoshare.records.errors import RecordError
from infoshare.values import key

FORMAT = "infoshare.record/1"
TOLD_CODE, KEPT_CODE = "IS741", "IS740"
LIST = "list"
"""What stands for the type of a list of elements."""

_ROLE = "What they are there as."
_ORGANISATION = "Whom they act for."


@attrs.frozen
class Practitioner:
    """A person who answers for something: who decided, consulted or erased a record.

    Attributes:
        name: as they sign.
        role: what they were there as, such as `school nurse`.
        organisation: whom they act for.
        id: what their organisation knows them by, where it gives one.
    """

    name: str = line("As they sign.", required=True)
    role: str = line("What they were there as.", required=True)
    organisation: str = line(_ORGANISATION, required=True)
    id: str | None = line("What their organisation knows them by.")


@attrs.frozen
class Party:
    """Somebody who asked for information, or who is to have it.

    Attributes:
        name: the person or the body; for a recipient, as the case names them.
        verified: how it was made sure that they are who they say they are, such as `rang back by the switchboard`.
    """

    name: str = line("A person or a body, by name.", required=True)
    role: str | None = line(_ROLE)
    organisation: str | None = line(_ORGANISATION)
    verified: str | None = line("How it was made sure that they are who they say they are.")


@attrs.frozen
class Consent:
    """How consent was sought, or why it was not.

    Attributes:
        sought: whether anybody was asked; taken from the facts where they say so.
        on: the day on which it was sought, or decided that it would not be.
        by: whose consent it is, in words.
        why_not_sought: the circumstances in which it was decided not to ask.
    """

    sought: bool | None = flag("Whether anybody was asked.")
    on: date | None = day("The day on which it was sought, or decided that it would not be.")
    by: str | None = line("Whose consent it is, or would be.")
    why_not_sought: str | None = text("The circumstances in which it was decided not to ask.")


@attrs.frozen
class Told:
    """Somebody who was told."""

    who: str = line("Who was told.", required=True)
    what: str | None = text("What.")
    at: datetime | None = when("When.")


@attrs.frozen
class NotTold:
    """Somebody who was not told, why, and when that is looked at again."""

    who: str = line("Who was not told.", required=True)
    why: str = text("Why not.", required=True)
    review_on: date | None = day("When that is looked at again.")


@attrs.frozen
class Advice:
    """Advice that was taken.

    Attributes:
        giver: from whom.
        anonymised: whether the child and family could not be known from what was asked.
    """

    giver: str = line("From whom advice was taken.", required=True)
    role: str | None = line(_ROLE)
    organisation: str | None = line(_ORGANISATION)
    at: datetime | None = when("When.")
    anonymised: bool | None = flag("Whether child and family could not be known from what was asked.")
    advice: str | None = text("What was advised.")


@attrs.frozen
class Done:
    """A duty of the decision that was done, by its name in the policy.

    Attributes:
        whom: for whom or what, where the duty is one for each: the name in the case.
    """

    duty: str = line("The name of a duty in the decision.", required=True)
    at: datetime | None = when("When it was done.")
    by: str | None = line("By whom.")
    how: str | None = text("How.")
    whom: str | None = line(
        "For whom or what it was done, where the duty is one for each: the name in the case.", absent=True
    )


@attrs.frozen
class Pair:
    """An item and who is to have it; None on a side that the case does not list."""

    item: str | None = line("The item; null where the case lists none.")
    recipient: str | None = line("The recipient; null where the case lists none.")


@attrs.frozen
class Instead:
    """What was decided where the decision was not followed.

    Attributes:
        outcome: `share`, `seek_consent`, `withhold` or `seek_advice`.
        shared: what goes to whom, where the outcome is `share`.
        note: anything else about it.
    """

    outcome: Literal["share", "seek_consent", "withhold", "seek_advice"] = word(
        "What was decided instead.", *(outcome.value for outcome in OUTCOMES)
    )
    shared: tuple[Pair, ...] = parts(Pair, "What goes to whom, where that is to share.")
    note: str | None = text("Anything else about it.")


@attrs.frozen
class ForFamily:
    """What a family may be told by way of an export.

    Attributes:
        may_know: whether everyone in the family, each parent and the child, may know what is shared and with whom.
        words: what to tell them, in words of your own; shown to them as they stand.
    """

    may_know: bool | None = flag("Whether everyone in the family may know what is shared, and with whom.")
    words: str | None = text("What to tell them.")


@attrs.frozen
class Reason:
    """Why something was done, or a decision was not followed."""

    because: str | None = text("Why.")


@attrs.frozen
class Particulars:
    """What to record beside the decision.

    Attributes:
        requester: who asked; None where the practitioner offers.
        asked_for: what was asked for, in words.
        recipients: how to know those whom the case names as recipients.
        purpose, lawful_basis: in words, beside what the facts answer.
        childs_wishes, familys_wishes: what they said, in words.
        review_on: when the decision is looked at again.
    """

    requester: Party | None = part(Party, "Who asked.")
    asked_for: str | None = text("What was asked for.")
    recipients: tuple[Party, ...] = parts(Party, "Who is to have something.")
    purpose: str | None = text("What it is to be shared for.")
    lawful_basis: str | None = text("On what lawful basis.")
    consent: Consent | None = part(Consent, "How consent was sought, or why it was not.")
    childs_wishes: str | None = text("What the child wants.")
    familys_wishes: str | None = text("What the family wants.")
    told: tuple[Told, ...] = parts(Told, "Who was told what, and when.")
    not_told: tuple[NotTold, ...] = parts(NotTold, "Who was not told, and why.")
    advice: tuple[Advice, ...] = parts(Advice, "What advice was taken.")
    done: tuple[Done, ...] = parts(Done, "The duties that were done.")
    instead: Instead | None = part(Instead, "What was decided where it was not followed.")
    for_family: ForFamily | None = part(ForFamily, "What the family may be told.")
    review_on: date | None = day("When the decision is looked at again.")
    note: str | None = text("Anything else.")

    def to_json(self) -> dict[str, Any]:
        """The particulars as plain JSON, as `from_json` reads them."""
        return to_json(self)

    @staticmethod
    def from_json(data: object) -> "Particulars":
        """The particulars that plain JSON tells.

        Args:
            data: an object with any of the attributes as keys; moments as RFC 3339 text with an offset, days as
                `2026-01-31`.

        Raises:
            RecordError: with everything that is wrong (IS741), each with its path.
        """
        found: list[Diagnostic] = []
        particulars = from_json(data, Particulars, "", TOLD_CODE, found)
        if found or particulars is None:
            raise RecordError(found)
        return particulars


NOTHING = Particulars()
"""Nothing but the decision."""


def particulars_faults(particulars: object) -> list[Diagnostic]:
    """What is wrong with particulars that were made in Python."""
    return [] if particulars is NOTHING else faults_of(particulars, Particulars, "particulars", TOLD_CODE)


# --- what a record alone holds ----------------------------------------------------------------


@attrs.frozen
class Worded:
    """What the facts answer, how that is said, and what was told beside it."""

    answer: Any = key("What the facts answer; null where they do not.", shape="answer or null")
    label: str | None = key("How a person says that answer.")
    details: str | None = key("What was told beside it, in words.")


@attrs.frozen
class KeptConsent:
    """Whether consent was sought, its state, and why it was not sought."""

    sought: bool | None = key("Whether anybody was asked; null where nobody said.")
    status: Any = key("What the facts answer to whether consent was given.", shape="answer or null")
    label: str | None = key("How a person says that.")
    on: date | None = key("The day on which it was sought, or decided that it would not be.")
    by: str | None = key("Whose consent it is, or would be.")
    why_not_sought: str | None = key("The circumstances in which it was decided not to ask.")


@attrs.frozen
class Wishes:
    """What child and family want."""

    child: Worded = key("What the child wants.")
    family: str | None = key("What the family wants, in words.")


@attrs.frozen
class Answer:
    """A fact with its answer, in words, for those who read the record without the policy."""

    fact: str = key('The fact; for a list its group, for one element `item["GP letter"].necessary`.')
    question: str = key("What is asked.")
    type: Literal["yes or no", "one of", "some of", "number", "date", "text", "one", "some", "list"] = key(
        "What kind of answer it has; `one` and `some` are answered by the names of elements of a list."
    )
    state: Literal["answered", "unanswered", "unsure"] = key(
        "`unanswered`: nobody was asked; `unsure`: somebody was, and does not know."
    )
    answer: Any = key(
        "The answer, where there is one; of a list, the names of its elements; of `one` that is none of them, an object.",
        shape="answer",
        required=False,
        default=None,
    )
    label: str = key("How a person says it, where there is one.", required=False, default="")
    group: str | None = key(
        "The list whose elements `one` and `some` name.", required=False, always=False, default=None
    )


@attrs.frozen
class Source:
    """Something that the decision cites."""

    name: str = key("As clauses cite it.")
    title: str = key("Its title.")
    by: str | None = key("Whose it is.")
    dated: date | None = key("Of which day it is.")
    at: str | None = key("Where it is found.")


@attrs.frozen
class Record:
    """A decision about sharing information, and what people tell of it, as it is signed and kept."""

    format: Literal["infoshare.record/1"] = key("The format, and its version.")
    id: str = key("The id of this record, a UUID of version 7.", shape="id")
    supersedes: str | None = key("The record that this one takes the place of.", shape="id or null")
    decided_at: datetime = key("When it was decided.", shape="moment")
    decided_by: Practitioner = key("Who decided, and answers for it.")
    case: str | None = key("What the case calls itself: a pseudonym.")
    requester: Party | None = key("Who asked; null where the practitioner offers.")
    asked_for: str | None = key("What was asked for.")
    recipients: tuple[Party, ...] = key("Who is to have something.")
    purpose: Worded = key("What it is to be shared for.")
    lawful_basis: Worded = key("On what lawful basis.")
    shared: tuple[Pair, ...] | None = key("What goes to whom; null where what was decided was not told.")
    held_back: tuple[Pair, ...] | None = key("What does not go; null where what was decided was not told.")
    consent: KeptConsent = key("Whether consent was sought, its state, and why it was not sought.")
    wishes: Wishes = key("What child and family want.")
    told: tuple[Told, ...] = key("Who was told what, and when.")
    not_told: tuple[NotTold, ...] = key("Who was not told, and why.")
    advice: tuple[Advice, ...] = key("What advice was taken.")
    done: tuple[Done, ...] = key("The duties that were done.")
    facts: Json = key("The case, as it can be decided again.", shape="object")
    answers: tuple[Answer, ...] = key("Every fact with its answer, unanswered and unsure ones too.")
    presume: bool = key("Whether `unanswered means` was applied.")
    decision: Json = key("The whole decision, with its policy's name, version and digest.", shape="decision")
    sources: tuple[Source, ...] = key("What the decision cites.")
    engine_version: str = key("Which infoshare decided.")
    followed: bool = key("Whether the person did what the decision says.")
    because: str | None = key("The person's reason; there is one where the decision was not followed.")
    instead: Instead | None = key("What was decided where it was not followed.")
    for_family: ForFamily | None = key("What the family may be told.")
    review_on: date | None = key("When the decision is looked at again.")
    note: str | None = key("Anything else.")


RECORD = shape_of(Record)
"""What the body of a record looks like as JSON."""


def read_body(data: object) -> Json:
    """The body of a record, once it is known to be one; keys that are not known are passed over.

    Args:
        data: what a payload holds.

    Raises:
        RecordError: with every fault (IS740), each with its path.
    """
    if isinstance(data, dict) and data.get("format") != FORMAT:
        later = str(data.get("format", "")).startswith("infoshare.")
        help_ = ("a later infoshare may know it",) if later else ()
        raise RecordError([Diagnostic(KEPT_CODE, f'`format` is not "{FORMAT}"', help=help_, path="format")])
    _, found = codec.read(RECORD, data, code=KEPT_CODE)
    body = cast("Json", data)
    if isinstance(data, dict) and isinstance(data.get("decision"), dict):
        _, within = codec.read(decision_shape(), data["decision"], code=KEPT_CODE, path="decision")
        found = [*found, *within]
    if found := found or _at_odds(body):
        raise RecordError(found)
    return body


def _at_odds(body: Any) -> list[Diagnostic]:
    """What two keys say that cannot both be."""
    paths = [
        f"answers[{index}]"
        for index, entry in enumerate(body["answers"])
        if (entry["state"] == "answered") != ("answer" in entry)
    ]
    found = [
        Diagnostic(KEPT_CODE, f"`{path}` has an answer and no such state, or none", path=path)
        for path in paths
    ]
    if not body["followed"] and body["because"] is None:
        message = "`because` is missing, as the decision was not followed"
        found.append(Diagnostic(KEPT_CODE, message, path="because"))
    return found
