"""A caseload and two policies -> how many cases come to another outcome, and which clauses brought that.

Both decide the same file, row for row. Counts are suppressed as those of a summary are; of what is suppressed no clauses
are named either. Deliberately not here: reading the file and deciding (`run`), and words for people (the doors).
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import zip_longest
from tempfile import TemporaryFile
from typing import Any

import attrs

from infoshare.batch.files.cases import FileFormat
from infoshare.batch.files.run import Options, Run
from infoshare.batch.files.summary import SMALLEST, published
from infoshare.errors import FactsError
from infoshare.policy.policy import Policy

NOT_DECIDED = "not decided"


@attrs.frozen
class Cell:
    """Cases that come from one outcome to another, or stay.

    Attributes:
        cases: how many; None is suppressed.
        by: the clauses that stand now and did not, and those that stood and do not, most often first; none of what
            stays, and of what is suppressed.
    """

    before: str
    after: str
    cases: int | None
    by: tuple[str, ...] = ()


@attrs.frozen
class Turned:
    """What becomes of a caseload.

    Attributes:
        cases: all of them; None where that would give a small count away.
        cells: in the order of how they come to one another; none of which there is no case.
    """

    cases: int | None
    cells: tuple[Cell, ...]
    below: int = SMALLEST

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON data; null is a count that is suppressed."""
        return {
            "cases": self.cases,
            "suppressed_below": self.below,
            "outcomes": [
                {"from": each.before, "to": each.after, "cases": each.cases, "clauses": list(each.by)}
                for each in self.cells
            ],
        }


def turned(old: Policy, new: Policy, cases: str, day: date, *, below: int = SMALLEST) -> Turned:
    """Decides a file of cases by two policies.

    Args:
        cases: the path of a Parquet, CSV or NDJSON file.
        below: counts from 1 to one less than this are suppressed.

    Raises:
        Refused: the file cannot be read.
        FactsError: it has columns that are facts of neither policy.
    """
    counts: Counter[tuple[str, str]] = Counter()
    by: dict[tuple[str, str], Counter[str]] = {}
    for one, other in zip_longest(_decided(old, new, cases, day), _decided(new, old, cases, day)):
        key = (_outcome(one), _outcome(other))
        counts[key] += 1
        if key[0] != key[1]:
            moved = set(other.get("fired") or ()) ^ set(one.get("fired") or ())
            by.setdefault(key, Counter()).update(moved)
    order = sorted(counts, key=lambda key: (key[0] == key[1], key))
    said = published({json.dumps(key): counts[key] for key in order}, below)
    return Turned(
        said.total,
        tuple(
            Cell(*key, said.counts[json.dumps(key)], _clauses(by.get(key), said.counts[json.dumps(key)]))
            for key in order
        ),
        below,
    )


def _clauses(by: Counter[str] | None, count: int | None) -> tuple[str, ...]:
    if by is None or count is None:
        return ()
    return tuple(name for name, _ in sorted(by.items(), key=lambda each: (-each[1], each[0])))


def _outcome(row: Mapping[str, Any]) -> str:
    if row.get("error"):
        return NOT_DECIDED
    return f"{row['outcome']} ({row['basis']})" if row["basis"] == "unknown_facts" else str(row["outcome"])


def _decided(policy: Policy, other: Policy, cases: str, day: date) -> Iterator[Mapping[str, Any]]:
    """The decisions, row for row; the facts that only the other policy has are passed over."""
    options = Options(policy, cases, "-", today=day, as_of=day, write_as=FileFormat.NDJSON)
    with TemporaryFile() as kept:
        try:
            Run(options, stdout=kept).go()
        except FactsError as error:
            columns = [each.path or "" for each in error.diagnostics]
            known = {*other.model.facts, *other.model.groups} - {*policy.model.facts, *policy.model.groups}
            if not columns or not known.issuperset(columns):
                raise
            kept.seek(0)
            kept.truncate()
            Run(attrs.evolve(options, ignore=tuple(columns)), stdout=kept).go()
        kept.seek(0)
        for line in kept:
            yield json.loads(line)
