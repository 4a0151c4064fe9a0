# ruff: noqa: RUF009 - what declares a field is called once for each class, which is what is meant
"""What a record holds, `infoshare.record/1`, and what people tell for one: a class for each object, a field for each key.

`Particulars` is what a decision cannot know and a record should hold: who asked, who was told, what was advised, what was
done. All of it may be left out, and what is left out is shown as not told.
Invariants: the plain JSON of `Particulars` (that `--particulars FILE` takes) has a key for each attribute, and no other; within
`/1` keys are only ever added: a new one is `absent` where there is none.
Deliberately not here: checking, reading and describing (`codec`); where the values of a record come from (`build`).
"""

from datetime import date, datetime
from typing import Any

import attrs

from infoshare.diagnostic import Diagnostic
from infoshare.outcome import Outcome
from infoshare.records.body.codec import (
    ANSWER,
    DECISION,
    ID,
    OBJECT,
    TEXT,
    Json,
    day,
    faults_of,
    faults_of_kept,
    flag,
    from_json,
    line,
    part,
    parts,
    text,
    to_json,
    value,
    when,
    word,
)
from infoshare.records.errors import RecordError

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
    """A duty of the decision that was done, by its name in the policy."""

    duty: str = line("The name of a duty in the decision.", required=True)
    at: datetime | None = when("When it was done.")
    by: str | None = line("By whom.")
    how: str | None = text("How.")


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

    outcome: str = word("What was decided instead.", *(outcome.value for outcome in Outcome))
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

    answer: Any = value(ANSWER, "What the facts answer; null where they do not.")
    label: str | None = text("How a person says that answer.")
    details: str | None = text("What was told beside it, in words.")


@attrs.frozen
class KeptConsent:
    """Whether consent was sought, its state, and why it was not sought."""

    sought: bool | None = flag("Whether anybody was asked; null where nobody said.")
    status: Any = value(ANSWER, "What the facts answer to whether consent was given.")
    label: str | None = text("How a person says that.")
    on: date | None = day("The day on which it was sought, or decided that it would not be.")
    by: str | None = text("Whose consent it is, or would be.")
    why_not_sought: str | None = text("The circumstances in which it was decided not to ask.")


@attrs.frozen
class Wishes:
    """What child and family want."""

    child: Worded = part(Worded, "What the child wants.", required=True)
    family: str | None = text("What the family wants, in words.")


@attrs.frozen
class Answer:
    """A fact with its answer, in words, for those who read the record without the policy."""

    fact: str = text(
        'The fact; for a list its group, for one element `item["GP letter"].necessary`.', required=True
    )
    question: str = text("What is asked.", required=True)
    type: str = word(
        "What kind of answer it has.", "yes or no", "one of", "some of", "number", "date", "text", LIST
    )
    state: str = word(
        "`unanswered`: nobody was asked; `unsure`: somebody was, and does not know.",
        "answered",
        "unanswered",
        "unsure",
    )
    answer: Any = value(
        ANSWER, "The answer, where there is one; of a list, the names of its elements.", absent=True
    )
    label: str | None = value(TEXT, "How a person says it, where there is one.", absent=True)


@attrs.frozen
class Source:
    """Something that the decision cites."""

    name: str = text("As clauses cite it.", required=True)
    title: str = text("Its title.", required=True)
    by: str | None = text("Whose it is.")
    dated: date | None = day("Of which day it is.")
    at: str | None = text("Where it is found.")


@attrs.frozen(kw_only=True)
class Record:
    """A decision about sharing information, and what people tell of it, as it is signed and kept."""

    format: str = word("The format, and its version.", FORMAT)
    id: str = value(ID, "The id of this record, a UUID of version 7.", required=True)
    supersedes: str | None = value(ID, "The record that this one takes the place of.")
    decided_at: datetime = when("When it was decided.", required=True)
    decided_by: Practitioner = part(Practitioner, "Who decided, and answers for it.", required=True)
    case: str | None = text("What the case calls itself: a pseudonym.")
    requester: Party | None = part(Party, "Who asked; null where the practitioner offers.")
    asked_for: str | None = text("What was asked for.")
    recipients: tuple[Party, ...] = parts(Party, "Who is to have something.")
    purpose: Worded = part(Worded, "What it is to be shared for.", required=True)
    lawful_basis: Worded = part(Worded, "On what lawful basis.", required=True)
    shared: tuple[Pair, ...] | None = parts(
        Pair, "What goes to whom; null where what was decided was not told.", required=False
    )
    held_back: tuple[Pair, ...] | None = parts(
        Pair, "What does not go; null where what was decided was not told.", required=False
    )
    consent: KeptConsent = part(
        KeptConsent, "Whether consent was sought, its state, and why it was not sought.", required=True
    )
    wishes: Wishes = part(Wishes, "What child and family want.", required=True)
    told: tuple[Told, ...] = parts(Told, "Who was told what, and when.")
    not_told: tuple[NotTold, ...] = parts(NotTold, "Who was not told, and why.")
    advice: tuple[Advice, ...] = parts(Advice, "What advice was taken.")
    done: tuple[Done, ...] = parts(Done, "The duties that were done.")
    facts: Json = value(OBJECT, "The case, as it can be decided again.", required=True)
    answers: list[Json] = parts(Answer, "Every fact with its answer, unanswered and unsure ones too.")
    presume: bool = flag("Whether `unanswered means` was applied.", required=True)
    decision: Json = value(
        DECISION, "The whole decision, with its policy's name, version and digest.", required=True
    )
    sources: tuple[Source, ...] = parts(Source, "What the decision cites.")
    engine_version: str = text("Which infoshare decided.", required=True)
    followed: bool = flag("Whether the person did what the decision says.", required=True)
    because: str | None = text("The person's reason; there is one where the decision was not followed.")
    instead: Instead | None = part(Instead, "What was decided where it was not followed.")
    for_family: ForFamily | None = part(ForFamily, "What the family may be told.")
    review_on: date | None = day("When the decision is looked at again.")
    note: str | None = text("Anything else.")


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
    if found := faults_of_kept(data, Record, KEPT_CODE) or _at_odds(data):
        raise RecordError(found)
    return data  # type: ignore[return-value]


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
