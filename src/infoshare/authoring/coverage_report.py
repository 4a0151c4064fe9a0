"""Reports a coverage or a mutation as lines of text and as JSON. Deliberately not here: pages (`coverage_page`)."""

from collections.abc import Iterator
from typing import Any

from infoshare.authoring.coverage import MANY, Coverage, Occurrence, Shown
from infoshare.authoring.mutation import STEPS, Mutation
from infoshare.text import Span


def coverage_lines(coverage: Coverage) -> Iterator[str]:
    """Yields the figures, and a table of the conditions that no scenario shows to matter."""
    found = coverage.occurrences
    clause = sum(o.clause.both for o in found)
    decision = sum(o.decision.both for o in found)
    yield f"coverage of {coverage.policy}: {coverage.of_decisions:.1f} % of its conditions decide, seen both ways"
    yield f"  matters to the decision, as yes and as no:  {decision} of {len(found)} ({coverage.of_decisions:.1f} %)"
    yield f"  matters to its clause, as yes and as no:    {clause} of {len(found)} ({coverage.of_clauses:.1f} %)"
    never = sum(len(o.decision.never) for o in found)
    if never:
        yield f"  not asked for: {never} ways that no case shows, with {MANY} or none in each list"
    gaps = [o for o in found if not (o.clause.both and o.decision.both)]
    if gaps:
        rows = [("where", "condition", "not seen to matter")]
        rows += [(f"{place(o.span)} {o.owner}", o.text, " ".join(_missing(o))) for o in gaps]
        widths = [max(len(row[column]) for row in rows) for column in range(2)]
        yield ""
        for where, text, missing in rows:
            yield f"  {where:<{widths[0]}}  {text:<{widths[1]}}  {missing}"
    for heading, missed in (
        ("never fired", coverage.never_fired),
        ("took nothing out of play", coverage.never_lifted),
    ):
        if missed:
            yield ""
            yield f"  {heading}:"
            yield from (f"    {place(each.span)} {each.kind} {each.name}" for each in missed)


def _missing(occurrence: Occurrence) -> Iterator[str]:
    for what, shown in (("clause:", occurrence.clause), ("decision:", occurrence.decision)):
        words = ["yes" if truth else "no" for truth in shown.missing]
        if words:
            yield f"{what} as {' or as '.join(words)}"


def coverage_json(coverage: Coverage) -> dict[str, Any]:
    """Returns the whole coverage as JSON."""
    return {
        "format": "infoshare.coverage/1",
        "policy": coverage.policy,
        "scenarios": coverage.scenarios,
        "decisions_percent": round(coverage.of_decisions, 2),
        "clauses_percent": round(coverage.of_clauses, 2),
        "occurrences": [
            {
                "file": o.span.source.path,
                "line": o.span.line,
                "column": o.span.column,
                "in": o.owner,
                "part": o.part,
                "condition": o.text,
                "clause": _pair(o.clause),
                "decision": _pair(o.decision),
            }
            for o in coverage.occurrences
        ],
        "never_fired": [_missed(m.name, m.kind, m.span) for m in coverage.never_fired],
        "never_lifted": [_missed(m.name, m.kind, m.span) for m in coverage.never_lifted],
    }


def _pair(shown: Shown) -> dict[str, Any]:
    never = ["yes" if truth else "no" for truth in sorted(shown.never, reverse=True)]
    return {"yes": shown.yes, "no": shown.no, **({"never": never} if never else {})}


def _missed(name: str, kind: str, span: Span) -> dict[str, Any]:
    return {"name": name, "kind": kind, "file": span.source.path, "line": span.line}


def mutation_lines(mutation: Mutation) -> Iterator[str]:
    """Yields the score, how many mutants were tried, and every survivor."""
    tried, count = len(mutation.trials), mutation.count
    yield f"mutants of {mutation.policy}: {mutation.score:.1f} % noticed"
    if mutation.untried:
        every = tried + mutation.untried
        yield (
            f"  tried {tried:,} of {every:,}: the steps that they may take are spent, and the score is that of these;"
            f" --steps {20 * STEPS} tries more"
        )
    yield (
        f"  {tried} tried: {count('noticed')} noticed by a scenario, {count('guaranteed')} by a guarantee, "
        f"{count('equivalent')} proved to change nothing, {count('survived')} survived"
    )
    if mutation.survivors:
        rows = [(f"{place(m.span)} {m.name}", m.what) for m in mutation.survivors]
        width = max(len(where) for where, _ in rows)
        yield ""
        yield "  no scenario notices:"
        yield from (f"    {where:<{width}}  {what}" for where, what in rows)


def mutation_json(mutation: Mutation) -> dict[str, Any]:
    """Returns the whole mutation as JSON."""
    return {
        "format": "infoshare.mutation/1",
        "policy": mutation.policy,
        "score_percent": round(mutation.score, 2),
        "untried": mutation.untried,
        "mutants": [
            {
                "file": trial.mutant.span.source.path,
                "line": trial.mutant.span.line,
                "column": trial.mutant.span.column,
                "in": trial.mutant.name,
                "kind": trial.mutant.kind,
                "change": trial.mutant.what,
                "verdict": trial.verdict,
                "by": trial.by,
            }
            for trial in mutation.trials
        ],
    }


def place(span: Span) -> str:
    """`cscp.policy:73`."""
    return f"{span.source.path.rpartition('/')[2]}:{span.line}"
