"""What the scenarios show of the clauses: which conditions were seen to matter, and what was never seen at work.

Deliberately not here: how that is measured (`authoring.coverage`).
"""

from collections.abc import Sequence
from datetime import date
from pathlib import PurePath

from infoshare.authoring.coverage import Coverage, measure
from infoshare.authoring.page.clauses import numbered
from infoshare.authoring.page.examples import Examples
from infoshare.reading_aloud import Reader
from infoshare.webpage.markup import Content, Markup, tag


def seen(reader: Reader, found: Sequence[Examples], today: date) -> Content:
    """A table for each file of scenarios."""
    return [
        _table(
            reader,
            measure(each.policy, each.files, today=today),
            PurePath(each.files[-1].tree.span.source.path).name,
        )
        for each in found
        if each.policy.scenarios
    ]


def _table(reader: Reader, coverage: Coverage, path: str) -> Markup:
    occurrences = coverage.occurrences
    rows: list[tuple[str, Content]] = [
        ("Scenarios", str(coverage.scenarios)),
        (
            "Conditions seen to decide, both ways, whether their clause stands",
            _share([o.clause.both for o in occurrences]),
        ),
        (
            "Conditions seen to change, both ways, what is decided",
            _share([o.decision.both for o in occurrences]),
        ),
        ("Clauses that never stood", numbered(reader, [m.name for m in coverage.never_fired]) or "none"),
        (
            "Exceptions that never set anything aside",
            numbered(reader, [m.name for m in coverage.never_lifted]) or "none",
        ),
    ]
    return tag(
        "table",
        tag("caption", f"What the scenarios of {path} show"),
        tag("tbody", [tag("tr", tag("th", what, scope="row"), tag("td", value)) for what, value in rows]),
        class_="coverage",
    )


def _share(matters: Sequence[bool]) -> str:
    count = len(matters)
    return f"{sum(matters)} of {count} ({100 * sum(matters) // count} %)" if count else "there are none"
