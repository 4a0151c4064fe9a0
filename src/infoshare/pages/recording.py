"""What somebody tells beside a decision, as a form asks for it, and the record that is made of it.

Where there is a ledger the record is signed and kept there; else it is made and left to sign. Invariant: the record is of
the very decision that was shown. Deliberately not here: the page with the form (`answer`), and what a record holds (`records`).
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import attrs

from infoshare.asking import Dialogue
from infoshare.outcome import OUTCOMES
from infoshare.pages.forms import Form
from infoshare.pages.words import Words

if TYPE_CHECKING:
    from infoshare.records import Ledger

LONGEST = 500
LONGEST_TEXT = 20_000


class NotMadeError(Exception):
    """No record was made; its text says why, and holds nothing of the case."""


@attrs.frozen
class Made:
    """A record that was made.

    Attributes:
        id: its id.
        facts: of which case.
        number: of its entry in the ledger; None where there is none.
        receipt: of the ledger, as a file.
        body: the record as a file that is still to be signed; None where it is in a ledger.
        page: the same as a page.
    """

    id: str
    facts: Mapping[str, Any] = attrs.field(repr=False)
    number: int | None = None
    receipt: bytes | None = attrs.field(default=None, repr=False)
    body: bytes | None = attrs.field(default=None, repr=False)
    page: bytes | None = attrs.field(default=None, repr=False)


@attrs.frozen
class Telling:
    """What the form asks for, as it was filled in."""

    name: str
    role: str
    organisation: str
    followed: str
    because: str
    instead: str
    note: str

    @staticmethod
    def of(form: Form) -> "Telling":
        """What was filled in."""
        return Telling(**{field.name: form.text(field.name) for field in attrs.fields(Telling)})

    def faults(self, words: Words) -> dict[str, str]:
        """What is missing or at odds, by its field."""
        outcomes = {outcome.value for outcome in OUTCOMES}
        wrong = {
            "name": words.name_needed if not self.name else None,
            "role": words.role_needed if not self.role else None,
            "organisation": words.organisation_needed if not self.organisation else None,
            "followed": words.followed_needed if self.followed not in {"yes", "no"} else None,
            "because": words.because_needed if self.followed == "no" and not self.because else None,
            "instead": words.instead_needless if self.instead and self.followed == "yes" else None,
        }
        if self.instead and self.instead not in outcomes:
            wrong["instead"] = words.answer_missing
        limits = dict.fromkeys(("name", "role", "organisation"), LONGEST) | dict.fromkeys(
            ("because", "note"), LONGEST_TEXT
        )
        for field, most in limits.items():
            if len(getattr(self, field)) > most:
                wrong[field] = words.large_heading
        return {field: said for field, said in wrong.items() if said}


def is_possible() -> bool:
    """Whether records can be made: whether what they need is installed."""
    try:
        import infoshare.records.body.build
        import infoshare.records.ledger.ledger  # noqa: F401 - whether it can be
    except ImportError:
        return False
    return True


def make(
    dialogue: Dialogue,
    told: Telling,
    *,
    ledger: "Ledger | None",
    now: Callable[[], datetime],
    who: str | None = None,
    supersedes: str | None = None,
) -> Made:
    """Makes the record of a decision.

    Args:
        told: without a fault.
        ledger: where it is kept, if anywhere.
        who: what the service knows them by who decided.
        supersedes: the record whose place it takes.

    Raises:
        NotMadeError: it could not be made, or the ledger refuses it.
    """
    from infoshare.records import Instead, Particulars, Practitioner, RecordError, record_page
    from infoshare.records.body.build import record_body
    from infoshare.records.canonical import canonical_body, new_id

    by = Practitioner(told.name, told.role, told.organisation, id=who)
    followed, because = told.followed == "yes", told.because or None
    particulars = Particulars(
        instead=Instead(told.instead) if told.instead else None,  # type: ignore[arg-type]  # its faults were looked for
        note=told.note or None,
    )
    facts, decision = dialogue.facts, dialogue.decision
    try:
        if ledger is not None:
            receipt = ledger.record(
                decision,
                facts,
                policy=dialogue.policy,
                by=by,
                presume=dialogue.presume,
                followed=followed,
                because=because,
                particulars=particulars,
                supersedes=supersedes,
            )
            return Made(receipt.record, facts, receipt.index, receipt.to_bytes())
        from infoshare import __version__

        moment = now()
        id_ = new_id(moment)
        body = record_body(
            decision,
            facts,
            by=by,
            decided_at=moment,
            record_id=id_,
            engine_version=__version__,
            particulars=particulars,
            followed=followed,
            because=because,
            presume=dialogue.presume,
            supersedes=supersedes,
        )
    except RecordError as error:
        raise NotMadeError(" ".join(each.message for each in error.diagnostics)) from None
    return Made(id_, facts, body=canonical_body(body), page=record_page(body).encode())
