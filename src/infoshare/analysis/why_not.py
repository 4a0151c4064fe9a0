"""What kept a case from another outcome, or a clause from acting: conditions, exceptions and overrides in its way.

For each clause that leads there: whether it stands and clashes, is outweighed, set aside, does not hold, waits for an
answer or is not in force, with the answers that made it so and the places that it cites.
Deliberately not here: what would have to be otherwise (`changes`), and words for people.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal, TypeAlias

from infoshare.meaning.clauses import told
from infoshare.meaning.findings import ClauseFinding
from infoshare.meaning.model import Clause, Provision
from infoshare.meaning.reasons import why_holds, why_not
from infoshare.meaning.view import View, finding
from infoshare.meaning.world import Here
from infoshare.outcome import Outcome
from infoshare.values import frozen

Reason: TypeAlias = Literal[
    "stands",
    "clashes",
    "gives way",
    "outweighed",
    "set aside",
    "does not hold",
    "not known",
    "not in force",
]


@frozen
class Kept:
    """What is to be said of one clause.

    Attributes:
        clause: with the answers that made it so; `by` what is in its way, `waiting_for` the facts that it hangs on, and
            `rows` the items and recipients of whom it is so, where that is not all of them.
        why: `stands` where nothing keeps it, `clashes` where clauses of another outcome stand as well.
    """

    clause: ClauseFinding
    why: Reason


@frozen
class WhyNot:
    """What kept a case from an outcome, or a clause from acting.

    Attributes:
        outcome: the outcome that was asked for; None where a clause was.
        clauses: what is to be said of each clause that leads there, in policy order; empty where no clause does.
        already: whether the case came to that outcome, or the clause acts, anyhow.
    """

    outcome: Outcome | None
    clauses: tuple[Kept, ...]
    already: bool


def kept_from(view: View, *, outcome: Outcome | None = None, clause: str | None = None) -> WhyNot:
    """What kept a case from an outcome, or a clause or exception from acting.

    Raises:
        KeyError: there is no clause or exception of that name.
    """
    model = view.model
    if clause is not None:
        provision: Provision = model.clauses[clause] if clause in model.clauses else model.exceptions[clause]
        wanted: Sequence[Provision] = [provision]
    else:
        wanted = [each for each in model.clauses.values() if each.outcome is outcome]
    found = tuple(kept for each in wanted for kept in _kept(view, each))
    already = view.outcome is outcome if clause is None else all(kept.why == "stands" for kept in found)
    return WhyNot(outcome, found, already)


def _kept(view: View, provision: Provision) -> Iterator[Kept]:
    reasons: tuple[Reason, ...] = (
        *("stands", "clashes", "gives way", "outweighed", "set aside"),
        *("does not hold", "not known", "not in force"),
    )
    for reason in reasons:

        def is_so(seen: View, _: Here, reason: Reason = reason) -> bool:
            return _reason(seen, provision) == reason

        why: Callable[..., Mapping[str, object]] = why_not if reason == "does not hold" else why_holds
        besides = (
            None if reason in {"stands", "does not hold", "not in force"} else _besides(provision, reason)
        )
        yield from (Kept(each, reason) for each in told(view, provision, is_so, why=why, besides=besides))


def _reason(seen: View, provision: Provision) -> Reason:
    name, standing, outlook = provision.name, seen.standing, seen.outlook
    stands = standing.stands[name] if isinstance(provision, Clause) else standing.applies[name]
    if outlook.certain(stands):
        return "clashes" if isinstance(provision, Clause) and _against(seen, provision) else "stands"
    if not seen.model.in_force(provision, seen.world.day):
        return "not in force"
    if outlook.possible(stands):
        return "not known"
    if not outlook.possible(standing.holds[name]):
        return "does not hold"
    if not outlook.possible(standing.applies[name]):
        return "set aside"
    return "gives way" if isinstance(provision, Clause) and provision.closing else "outweighed"


def _against(seen: View, clause: Clause) -> list[Clause]:
    """The clauses of another outcome that may stand as well."""
    return [
        other
        for other in seen.model.clauses.values()
        if other.outcome is not clause.outcome and seen.outlook.possible(seen.standing.stands[other.name])
    ]


def _besides(provision: Provision, reason: Reason) -> Callable[[View, Here], dict[str, Any]]:
    """What is in the way of a clause, or what it waits for."""

    def besides(seen: View, here: Here) -> dict[str, Any]:
        name, standing, model = provision.name, seen.standing, seen.model
        match reason:
            case "not known":
                where = standing.stands[name] if isinstance(provision, Clause) else standing.applies[name]
                return {"waiting_for": seen.outlook.hangs_on(where)}
            case "set aside":
                names = model.set_aside_by.get(name, ())
                return {"by": seen.acting(names, standing.applies, standing.holds[name], here)}
            case "outweighed":
                names = model.defeated_by.get(name, ())
                return {"by": seen.acting(names, standing.stands, standing.applies[name], here)}
            case _:
                others = _against(seen, provision) if isinstance(provision, Clause) else []
                if reason == "gives way":
                    others = [
                        c for c in model.clauses.values() if seen.outlook.possible(standing.stands[c.name])
                    ]
                return {"by": tuple(finding(each, why_holds(seen.world, each, here)) for each in others)}

    return besides


def named(view: View) -> frozenset[str]:
    """The clauses and exceptions of which it can be asked."""
    return frozenset({*view.model.clauses, *view.model.exceptions})
