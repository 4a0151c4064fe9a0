"""Counts of a run -> what may be said about a caseload: outcomes, what cases wait for, what never fired.

The outcomes are one table in which every decided case is counted once, so that no two tables can be subtracted from
one another. A count of one to four people can point at them, so it is not said. Where it could be worked out from the
total, others are suppressed with it (*secondary* suppression, as for frequency tables in Hundepool et al.,
*Statistical Disclosure Control*, Wiley 2012), and if there are not enough of them, the total as well. None is not a
small count. Which others depends on their order alone and never by how large they are, or that would reveal something
again. Invariant: whoever sees what is published, and knows this rule, can rule out no value below the threshold for a
count that is suppressed and small. Deliberately not here: counts by clause, which could be.
"""

from collections.abc import Mapping
from typing import Any

import attrs

from infoshare.batch.files.run import Finished
from infoshare.meaning.model import Model
from infoshare.outcome import Basis, Outcome

SMALLEST = 5


@attrs.frozen
class Published:
    """The counts of a table that sum up to its total; None is suppressed."""

    total: int | None
    counts: Mapping[str, int | None]


def published(counts: Mapping[str, int], below: int = SMALLEST) -> Published:
    """What may be said of counts that, with nothing else, make up their sum.

    Args:
        counts: of cases; every case is counted once. Of those that are not small, the last are suppressed first.
        below: counts from 1 to one less than this are suppressed; 1 suppresses none.
    """
    total = sum(counts.values())
    hidden = [name for name, count in counts.items() if 0 < count < below]
    if not hidden:
        return Published(total, dict(counts))
    others = [name for name, count in counts.items() if count >= below]
    enough = False
    while others and not enough:
        hidden.append(others.pop())
        enough = sum(counts[name] for name in hidden) >= 2 * below + len(hidden)
    said = {name: None if name in hidden else count for name, count in counts.items()}
    return Published(total if enough else None, said)


def alone(count: int, of: int, below: int = SMALLEST) -> int | None:
    """What may be said of one count of so many cases: neither it nor the rest may be small."""
    return None if 0 < count < below or 0 < of - count < below else count


FORMAT = "infoshare.batch-summary/1"
MOST = 10
"""So many facts are named as most often unknown."""

_UNSETTLED = f"{Outcome.SEEK_ADVICE} {Basis.UNKNOWN_FACTS}"

ROWS = (
    *((Outcome(o), Basis.CLAUSES) for o in ("share", "seek_consent", "withhold", "seek_advice")),
    *((Outcome.SEEK_ADVICE, basis) for basis in Basis if basis not in {Basis.CLAUSES, Basis.ROWS}),
)
"""What a case can come to; only seeking advice has another basis than clauses."""

DIFFERING = (*ROWS, (Outcome.DIFFERS, Basis.ROWS))
"""What it can come to where the answer may not be the same for everybody."""


@attrs.frozen
class OutcomeCount:
    """How many cases came to an outcome on a basis; None is suppressed."""

    outcome: Outcome
    basis: Basis
    cases: int | None


@attrs.frozen
class UnknownCount:
    """In how many cases nobody knows a fact that some cases are unsettled for; None is suppressed.

    Attributes:
        question: what was not answered, in words.
        unsettled: in how many cases that unknown facts leave unsettled its answer alone can change the outcome.
    """

    fact: str
    question: str
    cases: int | None
    unsettled: int | None


@attrs.frozen
class Summary:
    """What may be said about a caseload.

    Attributes:
        cases: decided ones; None is suppressed.
        undecided: rows with a fault; a fault is no fact about a child, so none is suppressed.
        unknown: the facts that cases are unsettled for, most often first.
        never_fired: clauses in force that stood in no case.
        below: counts from 1 to one less than this are suppressed.
    """

    finished: Finished
    cases: int | None
    undecided: int
    outcomes: tuple[OutcomeCount, ...]
    unknown: tuple[UnknownCount, ...]
    never_fired: tuple[str, ...]
    not_in_force: tuple[str, ...]
    faults: Mapping[str, int]
    below: int

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON data, `infoshare.batch-summary/1`."""
        header = self.finished.policy.model.header
        return {
            "format": FORMAT,
            "policy": {
                "name": self.finished.policy.name,
                "title": self.finished.policy.title,
                "version": header.version if header else None,
                "digest": self.finished.policy.model.digest,
            },
            "as_of": self.finished.as_of.isoformat(),
            "presumptions": self.finished.presume,
            "suppressed_below": self.below,
            "cases": self.cases,
            "undecided": self.undecided,
            "outcomes": [
                {"outcome": str(o.outcome), "basis": str(o.basis), "cases": o.cases} for o in self.outcomes
            ],
            "unknown": [{"fact": u.fact, "cases": u.cases, "unsettled": u.unsettled} for u in self.unknown],
            "never_fired": list(self.never_fired),
            "not_in_force": list(self.not_in_force),
            "faults": [{"fault": fault, "cases": count} for fault, count in self.faults.items()],
        }


def summary_of(finished: Finished, below: int = SMALLEST) -> Summary:
    """What may be said about what a run came to.

    Args:
        below: counts from 1 to one less than this are suppressed; 1 suppresses none.
    """
    tally, model = finished.tally, finished.policy.model
    can_be = DIFFERING if model.has_rows else ROWS
    counts = {f"{outcome} {basis}": tally.outcomes[f"{outcome} {basis}"] for outcome, basis in can_be}
    for other in tally.outcomes:
        counts.setdefault(other, tally.outcomes[other])
    said = published(counts, below)
    in_force = {name: model.in_force(clause, finished.as_of) for name, clause in model.clauses.items()}
    return Summary(
        finished,
        said.total,
        tally.undecided,
        tuple(_outcome(key, said.counts[key]) for key in counts),
        _unknown(finished, said, below),
        tuple(name for name in model.clauses if in_force[name] and not tally.fired[name]),
        tuple(name for name in model.clauses if not in_force[name]),
        dict(tally.faults.most_common()),
        below,
    )


def _outcome(key: str, count: int | None) -> OutcomeCount:
    outcome, _, basis = key.partition(" ")
    return OutcomeCount(Outcome(outcome), Basis(basis), count)


def _unknown(finished: Finished, said: Published, below: int) -> tuple[UnknownCount, ...]:
    """The facts that are most often unknown; nothing is said of them that would tell a number that is not said."""
    tally, model = finished.tally, finished.policy.model
    decided = tally.cases - tally.undecided
    open_ = tally.outcomes[_UNSETTLED]
    names = dict.fromkeys(fact.group if fact.each else fact.path for fact in model.facts.values())
    order = {name: place for place, name in enumerate(names)}
    waiting = [name for name in order if tally.unsettled[name]]
    most = sorted(waiting, key=lambda name: (-tally.unsettled[name], -tally.unknown[name], order[name]))[
        :MOST
    ]
    return tuple(
        UnknownCount(
            name,
            _question(model, name),
            None if said.total is None else alone(tally.unknown[name], decided, below),
            None if said.counts[_UNSETTLED] is None else alone(tally.unsettled[name], open_, below),
        )
        for name in most
    )


def _question(model: Model, name: str) -> str:
    """What was not answered, as it is asked."""
    if name not in model.facts:
        return f"Which are there: {model.groups[name].phrase}?"
    return model.facts[name].ask or f"{model.facts[name].phrase}?"
