"""Builds the body of a record, `infoshare.record/1`, from a decision and what people tell about it.

The body is what is signed: it says who decided what, when, on which facts and under which policy, so that it can be
read without the policy and decided again with it. Invariants: only strings, booleans, whole numbers, lists and objects;
within `/1` keys are only ever added; everything that is wrong is told at once, and then there is no body.
Deliberately not here: canonical bytes, signing and keeping (its neighbours), reading one back (`model`), the clock.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from infoshare.diagnostic import Diagnostic
from infoshare.errors import FactsError
from infoshare.explain.labels import label_of
from infoshare.explain.wording import of_no_case
from infoshare.meaning.case import Case, element_key
from infoshare.meaning.facts import read
from infoshare.meaning.model import Model
from infoshare.meaning.types import plain
from infoshare.outcome import Outcome
from infoshare.policy.decision import Decision
from infoshare.records.body.answers import answers
from infoshare.records.body.codec import Json, to_json
from infoshare.records.body.family import Facts
from infoshare.records.body.faults import (
    family_may_not_know,
    not_of_the_decision,
    not_otherwise,
    of_another_case,
    plain_answer,
    said_wrongly,
)
from infoshare.records.body.model import (
    FORMAT,
    NOTHING,
    Consent,
    Particulars,
    Party,
    Practitioner,
    particulars_faults,
)
from infoshare.records.canonical import to_instant
from infoshare.records.errors import RecordError

_ASKED = {"given", "refused", "withdrawn"}


def record_body(
    decision: Decision,
    facts: Mapping[str, object],
    *,
    by: Practitioner,
    decided_at: datetime,
    record_id: str,
    engine_version: str,
    particulars: Particulars = NOTHING,
    followed: bool = True,
    because: str | None = None,
    presume: bool = True,
    supersedes: str | None = None,
    case: Case | None = None,
) -> Json:
    """The body of a record.

    Args:
        decision: as `policy.decide` gave it, with its policy's model.
        facts: the case that was decided.
        decided_at: the moment of the decision, with its offset from UTC.
        record_id: a UUID of version 7, in lower case.
        engine_version: which infoshare decided.
        particulars: what else there is to tell.
        followed: whether the person does what the decision says.
        because: the person's reason; needed where the decision is not followed.
        presume: whether `unanswered means` was applied in deciding.
        supersedes: the id of the record that this one takes the place of.
        case: the facts as they were read for this very decision; unless given, they are read, and held against it.

    Raises:
        RecordError: with every fault (IS741 to IS743).
        FactsError: the facts are no case of the policy.
        ValueError: the decision was read back from JSON, so that its policy's model is not at hand.
    """
    model = decision.model
    if model is None:
        raise ValueError(
            "a decision that was read back has no policy: record the one that `policy.decide` gave"
        )
    other: Sequence[Diagnostic] = ()
    if case is None:
        reading = read(model, facts)
        if reading.diagnostics:
            raise FactsError(reading.diagnostics)
        case = reading.case
        other = tuple(of_another_case(model, decision, case))
    found = [
        *said_wrongly(
            by=by,
            decided_at=decided_at,
            record_id=record_id,
            supersedes=supersedes,
            followed=followed,
            because=because,
        ),
        *particulars_faults(particulars),
    ]
    if not found:
        found = [
            *other,
            *not_of_the_decision(decision, case, particulars),
            *not_otherwise(decision, particulars, followed=followed),
        ]
    facts_again, told = answers(model, case)
    decided = decision.to_dict()
    if not found and particulars.for_family:
        found = [*family_may_not_know(particulars.for_family, Facts.of(told, decided["assumed"]))]
    if found:
        raise RecordError(found)
    shared, held_back = _sharing(decision, case, particulars, followed=followed)
    return {
        "format": FORMAT,
        "id": record_id,
        "supersedes": supersedes,
        "decided_at": to_instant(decided_at),
        "decided_by": to_json(by),
        "case": decision.case,
        "requester": to_json(particulars.requester) if particulars.requester else None,
        "asked_for": particulars.asked_for,
        "recipients": [to_json(party) for party in _recipients(model, case, particulars)],
        "purpose": _worded(model, case, "sharing.purpose", particulars.purpose),
        "lawful_basis": _worded(model, case, "sharing.lawful_basis", particulars.lawful_basis),
        "shared": shared,
        "held_back": held_back,
        "consent": _consent(model, case, particulars.consent or Consent()),
        "wishes": {
            "child": _worded(model, case, "child.wishes", particulars.childs_wishes),
            "family": particulars.familys_wishes,
        },
        "told": [to_json(each) for each in particulars.told],
        "not_told": [to_json(each) for each in particulars.not_told],
        "advice": [to_json(each) for each in particulars.advice],
        "done": [to_json(each) for each in particulars.done],
        "facts": facts_again,
        "answers": told,
        "presume": presume,
        "decision": decided,
        "sources": _sources(decision, model),
        "engine_version": engine_version,
        "followed": followed,
        "because": because,
        "instead": to_json(particulars.instead) if particulars.instead else None,
        "for_family": to_json(particulars.for_family) if particulars.for_family else None,
        "review_on": particulars.review_on.isoformat() if particulars.review_on else None,
        "note": particulars.note,
    }


# --- what goes into it ------------------------------------------------------------------------


def _recipients(model: Model, case: Case, told: Particulars) -> Iterator[Party]:
    """Returns the recipients that the case lists, with what people told about them, then those named by people alone."""
    known = {party.name: party for party in told.recipients}
    for name in case.elements.get("recipient", ()):
        role = _label(model, case, element_key("recipient", name, "role"), "recipient.role")
        party = known.pop(name, Party(name))
        yield Party(party.name, party.role or role, party.organisation, party.verified)
    yield from known.values()


def _worded(model: Model, case: Case, path: str, details: str | None) -> Json:
    """What the facts answer, how that is said, and what was told beside it."""
    return {
        "answer": plain_answer(model, case, path),
        "label": _label(model, case, path, path),
        "details": details,
    }


def _consent(model: Model, case: Case, told: Consent) -> Json:
    status = plain_answer(model, case, "consent.status")
    sought = told.sought
    if sought is None and status is not None:
        sought = True if status in _ASKED else False if status == "not_sought" else None
    return {
        "sought": sought,
        "status": status,
        "label": _label(model, case, "consent.status", "consent.status"),
        "on": told.on.isoformat() if told.on else None,
        "by": told.by or _label(model, case, "consent.by", "consent.by"),
        "why_not_sought": told.why_not_sought,
    }


def _sharing(
    decision: Decision, case: Case, told: Particulars, *, followed: bool
) -> tuple[list[Json] | None, list[Json] | None]:
    """Returns what goes to whom and what does not, as decided in the end; None where that was not told."""
    pairs = [(row.item, row.recipient) for row in decision.disclosures]
    pairs = pairs or [(item, None) for item in case.elements.get("item", ())]
    if followed:
        shares = decision.outcome in {Outcome.SHARE, Outcome.DIFFERS}
        going = set(decision.released) if shares else set()
    elif told.instead is None:
        return None, None
    else:
        chosen = [(pair.item, pair.recipient) for pair in told.instead.shared]
        going = set(chosen)
        pairs = list(dict.fromkeys([*(pair for pair in pairs if pair != _WHOLE or not chosen), *chosen]))
    pairs = pairs or [_WHOLE]
    return [_pair(p) for p in pairs if p in going], [_pair(p) for p in pairs if p not in going]


_WHOLE = (None, None)  # all there is, for whoever is to have it


def _pair(pair: tuple[str | None, str | None]) -> Json:
    return {"item": pair[0], "recipient": pair[1]}


def _sources(decision: Decision, model: Model) -> list[Json]:
    """Every source of the policy that something in the decision cites."""
    cited = {cite.source for cite in _cited(decision)}
    return [
        {
            "name": source.name,
            "title": source.title,
            "by": source.by,
            "dated": source.dated.isoformat() if source.dated else None,
            "at": source.at,
        }
        for source in model.sources.values()
        if source.name in cited
    ]


def _cited(decision: Decision) -> Iterator[Any]:
    for clauses in (
        decision.fired,
        decision.defeated,
        decision.excepted,
        decision.unresolved,
        decision.not_fired,
    ):
        for clause in clauses:
            yield from clause.cites
            for by in clause.by:
                yield from by.cites
    for lifted in decision.lifted:
        yield from lifted.cites
        for by in lifted.by:
            yield from by.cites
    for several in (decision.duties, decision.safeguards, decision.advice):
        for each in several:
            yield from each.cites
    for row in decision.disclosures:
        for hold in (*row.held_by, *row.open_by):
            yield from hold.cites


def _label(model: Model, case: Case, key: str, path: str) -> str | None:
    if key not in case.answers:
        return None
    fact = model.facts[path]
    return of_no_case(model).placed(label_of(plain(case.answers[key], fact.type), fact))
