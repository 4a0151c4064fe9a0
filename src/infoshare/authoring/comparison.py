"""Renders a failed scenario as text: what was expected beside what was decided, and why.

Invariant: every expectation is shown, those that are not met are marked; the reasons are the decision's own.
Deliberately not here: trying scenarios (`infoshare.scenarios`), and where it is printed.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from infoshare.meaning.findings import ClauseFinding
from infoshare.outcome import Basis
from infoshare.policy.decision import Decision
from infoshare.scenarios import Check, ScenarioResult

_WIDEST = 48  # of the column of expectations; what is longer pushes what is beside it


def side_by_side(result: ScenarioResult) -> Iterator[str]:
    """Yields lines: what was expected, what was decided, and why."""
    if result.decision is None:
        yield from (f"  {problem}" for problem in result.problems)
        return
    yield from _table(result.checks)
    yield from _broken(result.checks)
    yield ""
    yield from _why(result.decision)
    for check in result.checks:
        if check.what == "because of" and check.problem is not None:
            yield from _why_not(check.expected, result.decision)


def _table(checks: Iterable[Check]) -> Iterator[str]:
    rows = [check for check in checks if check.what != "guarantee"]
    first = max(len("expected"), *(len(row.what) for row in rows))
    second = min(_WIDEST, max(len("expected"), *(len(row.expected) for row in rows)))
    yield f"    {'':<{first}}  {'expected':<{second}}  decided"
    said = ""
    for row in rows:
        what = "" if row.what == said else row.what
        said = row.what
        mark = "!" if row.problem is not None else " "
        yield f"  {mark} {what:<{first}}  {row.expected:<{second}}  {row.decided}"


def _broken(checks: Iterable[Check]) -> Iterator[str]:
    for check in checks:
        if check.what == "guarantee" and check.problem is not None:
            yield f"  ! {check.problem}"


def _why(decision: Decision) -> Iterator[str]:
    day = decision.as_of.isoformat()
    match decision.basis:
        case Basis.CLAUSES:
            yield f"  why {decision.outcome.words}, as of {day}:"
            yield from _clauses(decision.fired)
        case Basis.CONFLICT:
            yield f"  why {decision.outcome.words}, as of {day}: these clauses clash, and nothing says which prevails:"
            yield from _clauses(decision.fired or decision.unresolved, effects=True)
        case Basis.SILENCE:
            yield f"  why {decision.outcome.words}, as of {day}: no clause that stands speaks to this case"
            yield from _clauses(decision.excepted)
        case Basis.ROWS:
            yield f"  why the answer differs, as of {day}:"
            yield from _rows(decision)
        case Basis.NOT_IN_FORCE:
            yield f"  why {decision.outcome.words}: the policy is not in force on {day}"
        case Basis.UNKNOWN_FACTS:
            possible = " or ".join(outcome.words for outcome in decision.possible)
            yield f"  why {decision.outcome.words}, as of {day}: not settled, it may still be {possible}"
            for question in decision.questions:
                said = "nobody is sure of" if question.answered else "not given:"
                yield f"    {said} {question.fact}" + _leading(question.leads_to)
    for assumed in decision.assumed:
        if assumed.matters:
            yield f"    assumed, and it matters: {assumed.fact} is {_value(assumed.value)}"


def _rows(decision: Decision) -> Iterator[str]:
    """What is decided of each row, and because of what."""
    for row in decision.disclosures:
        to = " to ".join(f'"{name}"' for name in (row.item, row.recipient) if name is not None)
        if row.item is None:
            to = f"to {to}" if row.recipient is not None else "whatever it is"
        by = ", ".join(row.fired or ())
        possible = " or ".join(outcome.words for outcome in row.possible or ())
        settled = row.outcome is not None and row.basis is not Basis.UNKNOWN_FACTS
        said = f"{'must ' if row.mandatory else ''}{row.outcome.words}" if settled and row.outcome else ""
        why = by or (row.basis.words if row.basis else "")
        yield (
            f"    {to}: {said}, because of {why}"
            if settled
            else f"    {to}: not settled, it may still be {possible}"
        )
    yield from _clauses(decision.fired, effects=True)
    for question in decision.questions:
        said = "nobody is sure of" if question.answered else "not given:"
        yield f"    {said} {question.fact}"


def _clauses(findings: Iterable[ClauseFinding], *, effects: bool = False) -> Iterator[str]:
    for finding in findings:
        effect = f" ({finding.effect})" if effects and finding.effect else ""
        by = f", set aside by {_names(finding.by)}" if finding.by else ""
        for_ = f" {_pairs(finding.rows)}" if finding.rows else ""
        yield f'    {finding.clause}{effect}{by}{for_}: "{finding.statement}"'
        yield from _facts(finding.facts)


def _why_not(name: str, decision: Decision) -> Iterator[str]:
    """Says what kept an expected clause from acting."""
    for findings, became in ((decision.defeated, "defeated"), (decision.excepted, "set aside")):
        for finding in findings:
            if finding.clause == name:
                yield f"  why not {name}: it is {became} by {_names(finding.by)}"
                for by in finding.by:
                    yield from _facts(by.facts)
                return
    for finding in decision.unresolved:
        if finding.clause == name:
            yield f"  why not {name}: it waits for {', '.join(finding.waiting_for)}"
            return
    for finding in decision.not_fired:
        if finding.clause == name:
            yield f"  why not {name}: it does not hold"
            yield from _facts(finding.facts)
            return
    yield f"  why not {name}: it does not act here, or is not in force as of {decision.as_of.isoformat()}"


def _names(findings: Iterable[ClauseFinding]) -> str:
    return ", ".join(finding.clause for finding in findings)


def _pairs(rows: Iterable[Iterable[str | None]]) -> str:
    """As a scenario says it: `for "note" to "mother"`."""
    said = []
    for item, recipient in rows:
        for_ = [f'for "{item}"'] if item is not None else []
        said.append(" ".join(for_ + ([f'to "{recipient}"'] if recipient is not None else [])))
    return ", ".join(said)


def _facts(facts: Mapping[str, Any]) -> Iterator[str]:
    for path, answer in facts.items():
        yield f"      {path} is {_value(answer)}"


def _leading(leads_to: Mapping[str, Any]) -> str:
    ways = [
        f"{answer} leads to {' or '.join(str(o).replace('_', ' ') for o in to)}"
        for answer, to in leads_to.items()
    ]
    return f" ({'; '.join(ways)})" if ways else ""


def _value(answer: object) -> str:
    match answer:
        case bool():
            return "yes" if answer else "no"
        case None:
            return "not given"
        case list() | tuple() | set() | frozenset():
            return ", ".join(sorted(str(each) for each in answer)) or "none of them"
        case Mapping():  # a reference that names none of them
            return "none of them"
        case _:
            return str(answer)
