"""What a decision says of each clause: fired, defeated, excepted, unresolved, or kept from firing.

Where each row has an outcome of its own, a clause is told once for each set of facts that makes it so, with the rows
of which it is so where these are not all.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import attrs

from infoshare.meaning.case import Row, here_of, rows
from infoshare.meaning.diagram import Diagram
from infoshare.meaning.evaluator import holds
from infoshare.meaning.findings import AskConsent, ClauseFinding, Relaxed
from infoshare.meaning.model import Clause, EachOf, InHand, Provision, Referred, Safeguard
from infoshare.meaning.reasons import why_holds, why_not
from infoshare.meaning.view import View, finding, in_hand
from infoshare.meaning.world import Here
from infoshare.outcome import OUTCOMES, Outcome

Told = tuple[ClauseFinding, ...]


def fired(view: View) -> Iterator[ClauseFinding]:
    """The clauses that stand in every completion."""
    for clause in view.model.clauses.values():

        def stands(seen: View, clause: Clause = clause) -> bool:
            return seen.outlook.certain(seen.standing.stands[clause.name])

        yield from told(view, clause, stands)


def unresolved(view: View) -> Iterator[ClauseFinding]:
    """The clauses that stand in some completions only, and what they wait for."""
    for clause in view.model.clauses.values():

        def open_(seen: View, clause: Clause = clause) -> bool:
            return seen.everywhere(seen.standing.stands[clause.name]) is None

        def waiting(seen: View, _: Here, clause: Clause = clause) -> dict[str, Any]:
            return {"waiting_for": seen.outlook.hangs_on(seen.standing.stands[clause.name])}

        yield from told(view, clause, open_, besides=waiting)


def defeated(view: View) -> Iterator[ClauseFinding]:
    """The clauses that apply in every completion and stand in none; a closing clause gives way and is not defeated."""
    for clause in (each for each in view.model.clauses.values() if not each.closing):

        def is_defeated(seen: View, clause: Clause = clause) -> bool:
            applies, stands = seen.standing.applies[clause.name], seen.standing.stands[clause.name]
            return not seen.outlook.possible(stands) and seen.outlook.certain(applies)

        def by(seen: View, here: Here, clause: Clause = clause) -> dict[str, Any]:
            overrides, applies = (
                view.model.defeated_by.get(clause.name, ()),
                seen.standing.applies[clause.name],
            )
            return {"by": seen.acting(overrides, seen.standing.stands, applies, here)}

        yield from told(view, clause, is_defeated, besides=by)


def excepted(view: View) -> Iterator[ClauseFinding]:
    """What holds in every completion and applies in none: clauses, exceptions, safeguards, advice."""
    model, either = view.model, view.world.diagrams.either
    tables = (model.clauses, model.exceptions, model.safeguards, model.advice)
    for provision in model.in_policy_order(
        p for t in tables for n, p in t.items() if n in model.set_aside_by
    ):

        def is_excepted(seen: View, provision: Provision = provision) -> bool:
            held = _held(seen, provision)
            if isinstance(provision, Safeguard):
                set_aside = either(seen.standing.applies[n] for n in model.set_aside_by[provision.name])
                return seen.outlook.certain(held) and not seen.outlook.possible(held & ~set_aside)
            applies = seen.standing.applies[provision.name]
            return seen.outlook.certain(held) and not seen.outlook.possible(applies)

        def by(seen: View, here: Here, provision: Provision = provision) -> dict[str, Any]:
            names = model.set_aside_by[provision.name]
            return {"by": seen.acting(names, seen.standing.applies, _held(seen, provision), here)}

        yield from told(view, provision, is_excepted, besides=by)


def not_fired(view: View, kept_from_firing: Iterable[Provision]) -> Iterator[ClauseFinding]:
    """Those kept from firing, with the answers that kept them from it."""
    for provision in kept_from_firing:
        yield from told(view, provision, lambda _: True, why=why_not)


def told(
    view: View,
    provision: Provision,
    is_so: Callable[[View], bool],
    *,
    why: Callable[..., Mapping[str, object]] = why_holds,
    besides: Callable[[View, Here], dict[str, Any]] | None = None,
) -> Told:
    """A clause in its one shape, once for each set of facts that makes something so of it; nothing where it is not.

    Args:
        is_so: whether it is so of rows of which this view speaks.
        why: the facts that make it so.
        besides: what else is told of it.
    """
    so = {id(seen): is_so(seen) for seen in view.views}
    if not any(so.values()):
        return ()
    if not view.by_row:
        more = {} if besides is None else besides(view, {})
        return (attrs.evolve(finding(provision, why(view.world, provision)), **more),)
    facts: dict[tuple[object, ...], list[Mapping[str, object]]] = {}
    found: dict[object, tuple[ClauseFinding, list[Row]]] = {}
    for row, seen in view.rows.items():
        if not so[id(seen)]:
            continue
        here = here_of(row)
        of = (*[here.get(group) for group in provision.scope], id(seen) if provision.other_list else None)
        if of not in facts:
            facts[of] = [why(view.world, provision, each) for each in _elements(seen, provision, here)]
        for each in facts[of]:
            key = (
                id(each),
                id(seen) if besides else None,
                *([*here.items()] if besides and provision.scope else []),
            )
            if key not in found:
                more = {} if besides is None else besides(seen, here)
                found[key] = attrs.evolve(finding(provision, each), **more), []
            found[key][1].append(row)
    joined: dict[object, tuple[ClauseFinding, list[Row]]] = {}
    for told_, of_rows in found.values():
        known = joined.setdefault(_as_told(told_), (told_, []))
        known[1].extend(row for row in of_rows)
    every = len(view.rows)
    place: dict[Any, int] = {row: index for index, row in enumerate(view.rows)}
    return tuple(
        told_
        if len(set(of_rows)) == every
        else attrs.evolve(told_, rows=tuple(sorted(set(of_rows), key=place.__getitem__)))
        for told_, of_rows in joined.values()
    )


def _as_told(told_: ClauseFinding) -> object:
    """What two of one clause are the same by: their facts, and what acts on them."""
    facts = tuple(sorted((key, repr(answer)) for key, answer in told_.facts.items()))
    return (
        facts,
        told_.waiting_for,
        tuple(_as_told(each) for each in told_.by),
        tuple(b.clause for b in told_.by),
    )


def _elements(seen: View, provision: Provision, here: Here) -> list[Here]:
    """The elements in hand for which a provision holds: those of the row, and of another list each that it holds of."""
    group, mine = provision.other_list, in_hand(provision, here)
    if group is None:
        return [mine]
    holding = seen.standing.holds_of.get(provision.name, {})
    named = [(name, where) for name, where in holding.items() if name is not None]
    of = [name for name, where in named if seen.outlook.certain(where)]
    of = of or [name for name, where in named if seen.outlook.possible(where)]
    return [{**mine, group: name} for name in of] or [mine]


def asked_consent(view: View) -> Iterator[AskConsent]:
    """Whose consent is certainly to be sought, in rows of which that is the settled outcome."""
    found: dict[tuple[str | None, str | None], tuple[dict[str, None], dict[Row, None]]] = {}
    for row, seen in view.rows.items():
        if seen.possible != (Outcome.SEEK_CONSENT,):
            continue
        for clause in view.model.clauses.values():
            if clause.outcome is Outcome.SEEK_CONSENT and seen.outlook.certain(
                seen.standing.stands[clause.name]
            ):
                for whom in _whom(seen, clause, in_hand(clause, here_of(row))):
                    by, of_rows = found.setdefault(whom, ({}, {}))
                    by[clause.name] = of_rows[row] = None
    for (person, words), (by, of_rows) in found.items():
        yield AskConsent(person, words, tuple(by), tuple(of_rows))


def _whom(seen: View, clause: Clause, here: Here) -> list[tuple[str | None, str | None]]:
    """The names of those whose consent a clause certainly asks for, or in words who it is."""
    world = seen.world
    match clause.whom:
        case None | str() as words:
            return [(None, words)]
        case InHand(group):
            applies = seen.standing.applies_of.get(clause.name, {})
            named = [n for n, where in applies.items() if n is not None and seen.outlook.certain(where)]
            return [(name, None) for name in named] if group == clause.other_list else [(here[group], None)]
        case Referred() as whom:
            return [(n, None) for n, where in world.named(whom, here) if seen.outlook.certain(where)]
        case EachOf(group, condition, within):
            return [
                (name, None)
                for name, where in world.named(within or group, here)
                if seen.outlook.certain(where & world.truth(condition, {**here, group: name}))
            ]


def asking(view: View) -> Iterator[tuple[Row, Diagram]]:
    """Where a clause asks for the consent of somebody whom the case lists, row by row."""
    for row, seen in view.rows.items():
        seeking = seen.standing.outcome[Outcome.SEEK_CONSENT]
        for clause in view.model.clauses.values():
            if isinstance(clause.whom, Referred | EachOf):
                whom, here = clause.whom, in_hand(clause, here_of(row))
                of = whom.within or whom.group if isinstance(whom, EachOf) else whom
                group = whom.group if isinstance(whom, EachOf) else ""
                for name, where in view.world.named(of, here):
                    if isinstance(whom, EachOf):
                        where = where & view.world.truth(whom.condition, {**here, group: name})  # noqa: PLW2901
                    yield row, seen.standing.stands[clause.name] & seeking & where
            elif isinstance(clause.whom, InHand):
                for where in seen.standing.applies_of.get(clause.name, {}).values():
                    yield row, seen.standing.stands[clause.name] & seeking & where


def relaxed(view: View) -> Iterator[Relaxed]:
    """The clauses that stand in some row, and no longer say must or should there, as exceptions relax them."""
    for name, exceptions in view.model.relaxed_by.items():
        by: dict[str, None] = {}
        for seen in view.views:
            if seen.outlook.certain(seen.standing.stands[name]):
                by |= dict.fromkeys(e for e in exceptions if seen.outlook.certain(seen.standing.applies[e]))
        if by:
            yield Relaxed(name, tuple(exception for exception in exceptions if exception in by))


def kept_from_firing(view: View) -> Iterator[Provision]:
    """The clauses and exceptions in force that hold in no completion of any row, where holding would change an outcome."""
    model = view.model
    kept = [
        provision
        for provision in model.in_policy_order((*model.clauses.values(), *model.exceptions.values()))
        if model.in_force(provision, view.world.day)
        and not any(seen.outlook.possible(seen.standing.holds[provision.name]) for seen in view.views)
    ]
    if not kept:
        return
    changing = set[str]()
    for seen in view.views:
        live: dict[Outcome, dict[str, Diagram]] = {outcome: {} for outcome in OUTCOMES}
        for name, where in seen.standing.stands.items():
            if seen.outlook.possible(where):
                live[model.clauses[name].outcome][name] = where
        found: dict[object, tuple[Outcome, ...]] = {}
        for provision in kept:
            if provision.name not in changing and _outcomes_if(seen, provision, live, found) != seen.possible:
                changing.add(provision.name)
    yield from (provision for provision in kept if provision.name in changing)


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
    for name in (n for n, clause in model.clauses.items() if clause.closing):
        others = (n for n, clause in model.clauses.items() if not clause.closing)
        stands[name] = applies.get(name, standing.applies[name]) & ~either(
            stands.get(other, standing.stands[other]) for other in others
        )
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
        for outcome in OUTCOMES
    }
    only = {o: concluded[o] & ~either(concluded[p] for p in OUTCOMES if p is not o) for o in OUTCOMES}
    definite = either(only[o] for o in OUTCOMES if o is not Outcome.SEEK_ADVICE)
    found[alike] = tuple(
        o for o in OUTCOMES if view.outlook.possible(~definite if o is Outcome.SEEK_ADVICE else only[o])
    )
    return found[alike]
