"""What kept a case from an answer, and what would lead to another: asked of a decision, and as plain JSON data.

Deliberately not here: how it is found (`infoshare.analysis.why_not`, `infoshare.analysis.changes`).
"""

from collections.abc import Collection
from typing import Any

from infoshare.analysis.changes import WhatIf, alternatives
from infoshare.analysis.every_case import said, seen
from infoshare.analysis.why_not import WhyNot, kept_from
from infoshare.meaning.case import Case
from infoshare.meaning.findings import ClauseFinding, Findings
from infoshare.meaning.model import Model
from infoshare.outcome import OUTCOMES, Outcome

WHY_NOT = "infoshare.why-not/1"
WHAT_IF = "infoshare.what-if/1"


def why_not(
    decision: Findings, case: Case | None, outcome: Outcome | str | None, clause: str | None
) -> WhyNot:
    """See `Decision.why_not`."""
    model, case = _at_hand(decision, case)
    if (outcome is None) == (clause is None):
        raise ValueError("ask for an outcome or for a clause, and not for both")
    if clause is not None and clause not in model.clauses and clause not in model.exceptions:
        raise ValueError(f"the policy has no clause or exception {clause!r}")
    look = seen if decision.assumed else said
    view = look(model, case, decision.as_of)
    if view is None:
        raise ValueError("the case that was decided cannot be")
    return kept_from(view, outcome=_outcome(outcome), clause=clause)


def changes(
    decision: Findings,
    case: Case | None,
    to: Outcome | str | None,
    keep: Collection[str],
    limit: int,
    presume: bool,
) -> WhatIf:
    """See `Decision.changes`."""
    model, case = _at_hand(decision, case)
    return alternatives(model, case, decision.as_of, to=_outcome(to), keep=keep, limit=limit, presume=presume)


def _at_hand(decision: Findings, case: Case | None) -> tuple[Model, Case]:
    if decision.model is None or case is None:
        raise ValueError(
            "this decision was read from what was kept of it: decide the case again, and ask the decision that gives"
        )
    return decision.model, case


def _outcome(outcome: Outcome | str | None) -> Outcome | None:
    if outcome is None:
        return None
    found = Outcome(str(outcome).replace(" ", "_"))
    if found not in OUTCOMES:
        raise ValueError("no clause concludes that the answer differs: ask for share, withhold, …")
    return found


def why_not_dict(found: WhyNot) -> dict[str, Any]:
    """As plain JSON data, `infoshare.why-not/1`."""
    return {
        "format": WHY_NOT,
        "outcome": found.outcome.value if found.outcome else None,
        "already": found.already,
        "clauses": [
            {"why": kept.why, **_clause(kept.clause), "by": [_clause(by) for by in kept.clause.by]}
            for kept in found.clauses
        ],
    }


def _clause(each: ClauseFinding) -> dict[str, Any]:
    return {
        "clause": each.clause,
        "effect": each.effect,
        "statement": each.statement,
        "cites": [{"source": cite.source, "at": cite.at} for cite in each.cites],
        "facts": {key: list(a) if isinstance(a, list | tuple) else a for key, a in each.facts.items()},
        "waiting_for": list(each.waiting_for),
        "rows": [list(row) for row in each.rows],
    }


def what_if_dict(found: WhatIf) -> dict[str, Any]:
    """As plain JSON data, `infoshare.what-if/1`."""
    return {
        "format": WHAT_IF,
        "complete": found.complete,
        "alternatives": [
            {
                "outcome": each.outcome.value,
                "changes": [
                    {"fact": c.fact, "from": c.was, "to": c.to, "assumed": c.assumed} for c in each.changes
                ],
            }
            for each in found.alternatives
        ],
    }
