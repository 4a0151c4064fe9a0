"""What a decision says of each clause: fired, defeated, excepted, unresolved, or kept from firing."""

from collections.abc import Iterable, Iterator, Mapping

import attrs

from infoshare.meaning.case import Row, here_of, rows
from infoshare.meaning.diagram import Diagram
from infoshare.meaning.evaluator import holds
from infoshare.meaning.findings import ClauseFinding
from infoshare.meaning.model import Provision, Safeguard
from infoshare.meaning.reasons import why_not
from infoshare.meaning.view import View
from infoshare.outcome import Outcome


def fired(view: View) -> Iterator[ClauseFinding]:
    """The clauses that stand in every completion."""
    for clause in view.model.clauses.values():
        if view.outlook.certain(view.standing.stands[clause.name]):
            yield view.finding(clause)


def unresolved(view: View) -> Iterator[ClauseFinding]:
    """The clauses that stand in some completions only, and what they wait for."""
    for clause in view.model.clauses.values():
        stands = view.standing.stands[clause.name]
        if view.everywhere(stands) is None:
            yield attrs.evolve(view.finding(clause), waiting_for=view.outlook.hangs_on(stands))


def defeated(view: View) -> Iterator[ClauseFinding]:
    """The clauses that apply in every completion and stand in none."""
    for clause in view.model.clauses.values():
        applies, stands = view.standing.applies[clause.name], view.standing.stands[clause.name]
        if not view.outlook.possible(stands) and view.outlook.certain(applies):
            overrides = view.model.defeated_by.get(clause.name, ())
            yield attrs.evolve(view.finding(clause), by=view.acting(overrides, view.standing.stands, applies))


def excepted(view: View) -> Iterator[ClauseFinding]:
    """What holds in every completion and applies in none: clauses, exceptions, safeguards, advice."""
    model = view.model
    tables = (model.clauses, model.exceptions, model.safeguards, model.advice)
    for provision in model.in_policy_order(
        p for t in tables for n, p in t.items() if n in model.set_aside_by
    ):
        names = model.set_aside_by[provision.name]
        set_aside = view.world.diagrams.either(view.standing.applies[name] for name in names)
        held = _held(view, provision)
        if view.outlook.certain(held) and not view.outlook.possible(held & ~set_aside):
            yield attrs.evolve(view.finding(provision), by=view.acting(names, view.standing.applies, held))


def not_fired(view: View, kept_from_firing: Iterable[Provision]) -> Iterator[ClauseFinding]:
    """Those kept from firing, with the answers that kept them from it."""
    for provision in kept_from_firing:
        yield view.finding(provision, why_not(view.world, provision))


def kept_from_firing(view: View) -> Iterator[Provision]:
    """The clauses and exceptions in force that hold in no completion, where holding would change the outcome."""
    model = view.model
    live: dict[Outcome, dict[str, Diagram]] = {outcome: {} for outcome in Outcome}
    for name, where in view.standing.stands.items():
        if view.outlook.possible(where):
            live[model.clauses[name].outcome][name] = where
    found: dict[object, tuple[Outcome, ...]] = {}
    for provision in model.in_policy_order((*model.clauses.values(), *model.exceptions.values())):
        if not model.in_force(provision, view.world.day) or view.outlook.possible(
            view.standing.holds[provision.name]
        ):
            continue
        outcomes = _outcomes_if(view, provision, live, found)
        if outcomes != view.possible:
            yield provision


def _held(view: View, provision: Provision) -> Diagram:
    """Where a provision holds; a safeguard, for any row."""
    if not isinstance(provision, Safeguard):
        return view.standing.holds[provision.name]
    tried = [here_of(row) for row in rows(view.case) if _speaks_of(provision, row)]
    return view.world.diagrams.either(holds(view.world, provision, here) for here in tried or [{}])


def _speaks_of(safeguard: Safeguard, row: Row) -> bool:
    return all(group in here_of(row) for group in safeguard.scope)


def _outcomes_if(
    view: View,
    provision: Provision,
    live: Mapping[Outcome, Mapping[str, Diagram]],
    found: dict[object, tuple[Outcome, ...]],
) -> tuple[Outcome, ...]:
    """The outcomes that would be possible, had this clause held; only what it acts on is tried again.

    Args:
        found: what was found for others; clauses that would stand alike and have one outcome come to the same.
    """
    model, standing, either = view.model, view.standing, view.world.diagrams.either
    applies: dict[str, Diagram] = {}
    stands: dict[str, Diagram] = {}
    for name in model.downstream(provision.name):
        held = view.world.diagrams.yes if name == provision.name else standing.holds[name]
        exceptions = model.set_aside_by.get(name, ())
        applies[name] = held & ~either(applies.get(e, standing.applies[e]) for e in exceptions)
        if name in model.clauses:
            overrides = model.defeated_by.get(name, ())
            stands[name] = applies[name] & ~either(stands.get(o, standing.stands[o]) for o in overrides)
    changed = {name: where for name, where in stands.items() if where is not standing.stands[name]}
    if not changed:
        return view.possible
    alike = frozenset(
        (model.clauses[name].outcome, id(where), name if name in live[model.clauses[name].outcome] else None)
        for name, where in changed.items()
    )
    if alike in found:
        return found[alike]
    concluded = {
        outcome: either(
            (
                *(where for name, where in stands.items() if model.clauses[name].outcome is outcome),
                *(where for name, where in live[outcome].items() if name not in stands),
            )
        )
        for outcome in Outcome
    }
    only = {o: concluded[o] & ~either(concluded[p] for p in Outcome if p is not o) for o in Outcome}
    definite = either(only[o] for o in Outcome if o is not Outcome.SEEK_ADVICE)
    found[alike] = tuple(
        o for o in Outcome if view.outlook.possible(~definite if o is Outcome.SEEK_ADVICE else only[o])
    )
    return found[alike]
