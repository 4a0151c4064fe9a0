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
from infoshare.meaning.model import Clause, EachOf, InHand, Provision, Referred, Safeguard, Whom
from infoshare.meaning.reasons import why_holds, why_not
from infoshare.meaning.view import View, finding, in_hand
from infoshare.meaning.world import Here, World
from infoshare.outcome import OUTCOMES, Outcome

Told = tuple[ClauseFinding, ...]


def fired(view: View) -> Iterator[ClauseFinding]:
    """The clauses that stand in every completion."""
    for clause in view.model.clauses.values():

        def stands(seen: View, _: Here, clause: Clause = clause) -> bool:
            return seen.outlook.certain(seen.standing.stands[clause.name])

        yield from told(view, clause, stands)


def unresolved(view: View) -> Iterator[ClauseFinding]:
    """The clauses that stand in some completions only, and what they wait for."""
    for clause in view.model.clauses.values():

        def open_(seen: View, _: Here, clause: Clause = clause) -> bool:
            return seen.everywhere(seen.standing.stands[clause.name]) is None

        def waiting(seen: View, _: Here, clause: Clause = clause) -> dict[str, Any]:
            return {"waiting_for": seen.outlook.hangs_on(seen.standing.stands[clause.name])}

        yield from told(view, clause, open_, besides=waiting)


def defeated(view: View) -> Iterator[ClauseFinding]:
    """The clauses that apply in every completion and stand in none; a closing clause gives way and is not defeated."""
    for clause in (each for each in view.model.clauses.values() if not each.closing):

        def is_defeated(seen: View, _: Here, clause: Clause = clause) -> bool:
            applies, stands = seen.standing.applies[clause.name], seen.standing.stands[clause.name]
            return not seen.outlook.possible(stands) and seen.outlook.certain(applies)

        def by(seen: View, here: Here, clause: Clause = clause) -> dict[str, Any]:
            overrides = view.model.defeated_by.get(clause.name, ())
            applies = seen.standing.applies[clause.name]
            return {"by": seen.acting(overrides, seen.standing.stands, applies, here)}

        yield from told(view, clause, is_defeated, besides=by)


def excepted(view: View) -> Iterator[ClauseFinding]:
    """What holds in every completion and applies in none: clauses, exceptions, safeguards, advice."""
    model, either = view.model, view.world.diagrams.either
    tables = (model.clauses, model.exceptions, model.safeguards, model.advice)
    for provision in model.in_policy_order(
        p for t in tables for n, p in t.items() if n in model.set_aside_by
    ):

        def is_excepted(seen: View, here: Here, provision: Provision = provision) -> bool:
            held = _held(seen, provision, here)
            if isinstance(provision, Safeguard):
                set_aside = either(seen.standing.applies[n] for n in model.set_aside_by[provision.name])
                return seen.outlook.certain(held) and not seen.outlook.possible(held & ~set_aside)
            applies = seen.standing.applies[provision.name]
            return seen.outlook.certain(held) and not seen.outlook.possible(applies)

        def by(seen: View, here: Here, provision: Provision = provision) -> dict[str, Any]:
            names = model.set_aside_by[provision.name]
            acts = {name: _setting_aside(seen, name, provision) for name in names}
            return {"by": seen.acting(names, acts, _held(seen, provision, here), here)}

        yield from told(view, provision, is_excepted, besides=by)


def not_fired(view: View, kept_from_firing: Iterable[Provision]) -> Iterator[ClauseFinding]:
    """Those kept from firing, with the answers that kept them from it."""
    for provision in kept_from_firing:
        yield from told(view, provision, lambda _, __: True, why=why_not)


def told(
    view: View,
    provision: Provision,
    is_so: Callable[[View, Here], bool],
    *,
    why: Callable[..., Mapping[str, object]] = why_holds,
    besides: Callable[[View, Here], dict[str, Any]] | None = None,
) -> Told:
    """A clause in its one shape, once for each set of facts that makes something so of it; nothing where it is not.

    Args:
        is_so: whether it is so of rows of which this view speaks; of a safeguard, of this row.
        why: the facts that make it so.
        besides: what else is told of it.
    """
    if not view.by_row:
        if not is_so(view, {}):
            return ()
        more = {} if besides is None else besides(view, {})
        return (attrs.evolve(finding(provision, why(view.world, provision)), **more),)
    so: dict[tuple[object, ...], bool] = {}
    facts: dict[tuple[object, ...], list[Mapping[str, object]]] = {}
    found: dict[object, tuple[ClauseFinding, list[Row]]] = {}
    for row, seen in view.rows.items():
        here = here_of(row)
        told_apart = (
            id(seen),
            *([here.get(g) for g in provision.scope] if isinstance(provision, Safeguard) else ()),
        )
        if told_apart not in so:
            so[told_apart] = is_so(seen, here)
        if not so[told_apart]:
            continue
        of = (*[here.get(group) for group in provision.scope], id(seen) if provision.other_list else None)
        if of not in facts:
            facts[of] = [why(view.world, provision, each) for each in _elements(seen, provision, here)]
        for each in facts[of]:
            key = (id(each), *((id(seen), row) if besides else ()))
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
    """The elements in hand for which a provision applies: those of the row, and of another list each that it applies to.

    Where it applies to nobody, those of whom it holds.
    """
    group, mine = provision.other_list, in_hand(provision, here)
    if group is None:
        return [mine]
    for of_each in (seen.standing.applies_of, seen.standing.holds_of):
        named = [(name, where) for name, where in of_each.get(provision.name, {}).items() if name is not None]
        of = [name for name, where in named if seen.outlook.certain(where)]
        of = of or [name for name, where in named if seen.outlook.possible(where)]
        if of:
            return [{**mine, group: name} for name in of]
    return [mine]


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
    if clause.whom is None or isinstance(clause.whom, str):
        return [(None, clause.whom)]
    asked = _asks(seen, clause, here)
    return [(name, None) for name, where in asked.items() if seen.outlook.certain(where)]


def asking(view: View) -> Iterator[tuple[Row, Diagram]]:
    """Where a clause asks for the consent of somebody whom the case lists, row by row."""
    for row, seen in view.rows.items():
        seeking = seen.standing.outcome[Outcome.SEEK_CONSENT]
        for clause in (c for c in view.model.clauses.values() if c.outcome is Outcome.SEEK_CONSENT):
            stands, here = seen.standing.stands[clause.name], in_hand(clause, here_of(row))
            if not view.world.is_listed(clause.whom, here):  # it is told in words, or not known who it may be
                yield row, stands & seeking
            for where in _asks(seen, clause, here).values():
                yield row, stands & seeking & where


def _asks(seen: View, clause: Clause, here: Here) -> dict[str, Diagram]:
    """Whom a clause may ask, and where it asks them, wherever it stands."""
    asked: dict[str, list[Diagram]] = {}
    each = seen.standing.applies_of.get(clause.name, {None: seen.world.diagrams.yes})
    group = clause.other_list
    for element, applies in each.items():
        own = {**here, group: element} if group is not None and element is not None else here
        for name, where in _named(seen.world, clause.whom, own):
            asked.setdefault(name, []).append(applies & where)
    return {name: seen.world.diagrams.either(wheres) for name, wheres in asked.items()}


def _named(world: World, whom: Whom | None, here: Here) -> Iterator[tuple[str, Diagram]]:
    match whom:
        case None | str():
            return
        case InHand(group):
            if group in here:
                yield here[group], world.diagrams.yes
        case Referred():
            yield from world.named(whom, here)
        case EachOf(group, condition, within):
            for name, where in world.named(within or group, here):
                yield name, where & world.truth(condition, {**here, group: name})


def relaxed(view: View) -> Iterator[Relaxed]:
    """The clauses that stand in some row, and no longer say must or should there, as exceptions relax them."""
    for name, exceptions in view.model.relaxed_by.items():
        by: dict[str, None] = {}
        for seen in view.views:
            acts = {exception: seen.standing.applies[exception] for exception in exceptions}
            relaxing = view.world.diagrams.either(acts.values())
            if seen.outlook.certain(seen.standing.stands[name]) and seen.outlook.certain(relaxing):
                always = [exception for exception, where in acts.items() if seen.outlook.certain(where)]
                by |= dict.fromkeys(
                    always or [e for e, where in acts.items() if seen.outlook.possible(where)]
                )
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


def _setting_aside(view: View, exception: str, provision: Provision) -> Diagram:
    """Where an exception applies to what holds; of what is for each of a list, to somebody of whom both are so."""
    standing = view.standing
    if exception not in standing.applies_of or provision.name not in standing.holds_of:
        return standing.applies[exception]
    applies, holding = standing.applies_of[exception], standing.holds_of[provision.name]
    return view.world.diagrams.either(applies[element] & where for element, where in holding.items())


def _held(view: View, provision: Provision, here: Here) -> Diagram:
    """Where a provision holds; a safeguard in this row, or where rows do not differ in any."""
    if not isinstance(provision, Safeguard):
        return view.standing.holds[provision.name]
    if here:
        return holds(view.world, provision, in_hand(provision, here))
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
