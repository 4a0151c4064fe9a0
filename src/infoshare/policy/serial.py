"""Turns a decision into its JSON form, `infoshare.decision/1`.

Invariants: the dictionary is plain JSON data and shares nothing mutable with the decision; keys come
in the order of the contract, and within `/1` keys are only ever added, so a reader passes over keys
that it does not know; `from_dict(to_dict(d)) == d` for every decision (the model is not part of it).
Deliberately not here: reading (`decision_reader`), text for people (`infoshare.explain`), records.
"""

from collections.abc import Mapping
from typing import Any

from infoshare.meaning.findings import Citation, ClauseFinding, Findings, Hold, Question
from infoshare.policy.decision_reader import plain_answer
from infoshare.policy.shapes import (
    FORMAT,
    AnswerJson,
    CitationDict,
    ClauseDict,
    DecisionDict,
    HoldDict,
    QuestionDict,
)


def to_dict(decision: Findings) -> DecisionDict:
    """The decision as plain JSON data."""
    policy = decision.policy
    return {
        "format": FORMAT,
        "policy": {
            "name": policy.name,
            "title": policy.title,
            "version": policy.version,
            "digest": policy.digest,
        },
        "case": decision.case,
        "as_of": decision.as_of.isoformat(),
        "outcome": decision.outcome.value,
        "mandatory": decision.mandatory,
        "exact": decision.exact,
        "basis": decision.basis.value,
        "fired": [_clause(c) for c in decision.fired],
        "defeated": [_clause(c, by=True) for c in decision.defeated],
        "excepted": [_clause(c, by=True) for c in decision.excepted],
        "unresolved": [_clause(c, waiting=True) for c in decision.unresolved],
        "not_fired": [_clause(c) for c in decision.not_fired],
        "relied_on": _answers(decision.relied_on),
        "possible": [outcome.value for outcome in decision.possible],
        "questions": [_question(q) for q in decision.questions],
        "duties": [
            {
                "duty": d.duty,
                "timing": d.timing,
                "do": d.do,
                "state": d.state,
                "waiting_for": list(d.waiting_for),
                "cites": _cites(d.cites),
            }
            for d in decision.duties
        ],
        "lifted": [
            {
                "duty": d.duty,
                "by": [_clause(c) for c in d.by],
                "timing": d.timing,
                "do": d.do,
                "cites": _cites(d.cites),
            }
            for d in decision.lifted
        ],
        "safeguards": [
            {"safeguard": s.safeguard, "statement": s.statement, "cites": _cites(s.cites)}
            for s in decision.safeguards
        ],
        "disclosures": [
            {
                "item": row.item,
                "recipient": row.recipient,
                "release": row.release,
                "held_by": [_hold(h) for h in row.held_by],
                "open_by": [_hold(h) for h in row.open_by],
            }
            for row in decision.disclosures
        ],
        "advice": [{"advice": a.advice, "whom": a.whom, "cites": _cites(a.cites)} for a in decision.advice],
        "assumed": [
            {"fact": a.fact, "value": plain_answer(a.value), "matters": a.matters} for a in decision.assumed
        ],
    }


def _clause(finding: ClauseFinding, *, by: bool = False, waiting: bool = False) -> ClauseDict:
    """`by` and `waiting` say which of the two keys its list always shows."""
    data: ClauseDict = {
        "clause": finding.clause,
        "kind": finding.kind,
        "effect": finding.effect,
        "statement": finding.statement,
        "cites": _cites(finding.cites),
        "facts": _answers(finding.facts),
    }
    if by or finding.by:
        data["by"] = [_clause(c) for c in finding.by]
    if waiting or finding.waiting_for:
        data["waiting_for"] = list(finding.waiting_for)
    return data


def _question(question: Question) -> QuestionDict:
    return {
        "fact": question.fact,
        "ask": question.ask,
        "type": question.type,
        "answers": [{"value": plain_answer(a.value), "label": a.label} for a in question.answers],
        "answered": question.answered,
        "for": list(question.for_),
        "leads_to": {answer: [str(o) for o in found] for answer, found in question.leads_to.items()},
        "leads_to_strength": {answer: list(found) for answer, found in question.leads_to_strength.items()},
    }


def _hold(hold: Hold) -> HoldDict:
    return {
        "safeguard": hold.safeguard,
        "remedy": hold.remedy,
        "statement": hold.statement,
        "cites": _cites(hold.cites),
        "facts": _answers(hold.facts),
        "waiting_for": list(hold.waiting_for),
    }


def _cites(cites: tuple[Citation, ...]) -> list[CitationDict]:
    return [{"source": c.source, "at": c.at} for c in cites]


def _answers(answers: Mapping[str, Any]) -> dict[str, AnswerJson]:
    return {path: plain_answer(answer) for path, answer in answers.items()}
