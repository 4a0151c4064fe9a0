# ruff: noqa: RUF009 - what declares a field is called once for each class, which is what is meant
"""What people tell beside a decision: who decided, asked and received; what was told, advised and done.

All of it may be left out, and what is left out is shown as not told. Invariant: the plain JSON of `Particulars` (that
`--particulars FILE` takes) has a key for each attribute below, and no other.
Deliberately not here: checking and reading (`fields`); the facts and the decision, which come from the case.
"""

from datetime import date, datetime
from typing import Any

import attrs

from infoshare.diagnostic import Diagnostic
from infoshare.records.body.fields import (
    day,
    faults_of,
    flag,
    from_json,
    line,
    part,
    parts,
    text,
    to_json,
    when,
    word,
)
from infoshare.records.errors import RecordError


@attrs.frozen
class Practitioner:
    """A person who answers for something: who decided, consulted or erased a record.

    Attributes:
        name: as they sign.
        role: what they were there as, such as `school nurse`.
        organisation: whom they act for.
        id: what their organisation knows them by, where it gives one.
    """

    name: str = line(required=True)
    role: str = line(required=True)
    organisation: str = line(required=True)
    id: str | None = line()


@attrs.frozen
class Party:
    """Somebody who asked for information, or who is to have it.

    Attributes:
        name: the person or the body; for a recipient, as the case names them.
        verified: how it was made sure that they are who they say they are, such as `rang back by the switchboard`.
    """

    name: str = line(required=True)
    role: str | None = line()
    organisation: str | None = line()
    verified: str | None = line()


CODE = "IS741"


@attrs.frozen
class Consent:
    """How consent was sought, or why it was not.

    Attributes:
        sought: whether anybody was asked; taken from the facts where they say so.
        on: the day on which it was sought, or decided that it would not be.
        by: whose consent it is, in words.
        why_not_sought: the circumstances in which it was decided not to ask.
    """

    sought: bool | None = flag()
    on: date | None = day()
    by: str | None = line()
    why_not_sought: str | None = text()


@attrs.frozen
class Told:
    """Somebody who was told."""

    who: str = line(required=True)
    what: str | None = text()
    at: datetime | None = when()


@attrs.frozen
class NotTold:
    """Somebody who was not told, why, and when that is looked at again."""

    who: str = line(required=True)
    why: str = text(required=True)
    review_on: date | None = day()


@attrs.frozen
class Advice:
    """Advice that was taken.

    Attributes:
        giver: from whom.
        anonymised: whether the child and family could not be known from what was asked.
    """

    giver: str = line(required=True)
    role: str | None = line()
    organisation: str | None = line()
    at: datetime | None = when()
    anonymised: bool | None = flag()
    advice: str | None = text()


@attrs.frozen
class Done:
    """A duty of the decision that was done, by its name in the policy."""

    duty: str = line(required=True)
    at: datetime | None = when()
    by: str | None = line()
    how: str | None = text()


@attrs.frozen
class Pair:
    """An item and who is to have it; None on a side that the case does not list."""

    item: str | None = line()
    recipient: str | None = line()


@attrs.frozen
class Instead:
    """What was decided where the decision was not followed.

    Attributes:
        outcome: `share`, `seek_consent`, `withhold` or `seek_advice`.
        shared: what goes to whom, where the outcome is `share`.
        note: anything else about it.
    """

    outcome: str = word("share", "seek_consent", "withhold", "seek_advice", required=True)
    shared: tuple[Pair, ...] = parts(Pair)
    note: str | None = text()


@attrs.frozen
class ForFamily:
    """What a family may be told by way of an export.

    Attributes:
        may_know: whether everyone in the family, each parent and the child, may know what is shared and with whom.
        words: what to tell them, in words of your own; shown to them as they stand.
    """

    may_know: bool | None = flag()
    words: str | None = text()


@attrs.frozen
class Reason:
    """Why a decision was not followed, or was."""

    because: str | None = text()


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

    requester: Party | None = part(Party)
    asked_for: str | None = text()
    recipients: tuple[Party, ...] = parts(Party)
    purpose: str | None = text()
    lawful_basis: str | None = text()
    consent: Consent | None = part(Consent)
    childs_wishes: str | None = text()
    familys_wishes: str | None = text()
    told: tuple[Told, ...] = parts(Told)
    not_told: tuple[NotTold, ...] = parts(NotTold)
    advice: tuple[Advice, ...] = parts(Advice)
    done: tuple[Done, ...] = parts(Done)
    instead: Instead | None = part(Instead)
    for_family: ForFamily | None = part(ForFamily)
    review_on: date | None = day()
    note: str | None = text()

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
        particulars = from_json(data, Particulars, "", CODE, found)
        if found or particulars is None:
            raise RecordError(found)
        return particulars


NOTHING = Particulars()
"""Nothing but the decision."""


def particulars_faults(particulars: object) -> list[Diagnostic]:
    """What is wrong with particulars that were made in Python."""
    return [] if particulars is NOTHING else faults_of(particulars, Particulars, "particulars", CODE)
