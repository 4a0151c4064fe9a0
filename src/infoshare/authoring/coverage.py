"""Measures the coverage of a policy: which of its conditions the scenarios show to matter.

An *occurrence* is one place where an atom (a fact by itself, a comparison, the name of a define) stands in a
condition. A scenario shows that it matters while it is yes (or no), if it is that there and forcing this
occurrence alone to the other truth changes (a) whether its clause stands, its duty is due or its row is held
back, (b) the decision. An occurrence that a scenario leaves unknown is shown neither way. The atoms of a
define count once, in the define; its name counts wherever a clause uses it.

Invariant: pure. Deliberately not here: lines run, which say nothing about a condition; pages (`coverage_page`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import product

import attrs

from infoshare.analysis.days import days
from infoshare.analysis.every_case import Analysis
from infoshare.analysis.every_case import seen as what_is_said
from infoshare.authoring.conditions import (
    Part,
    Place,
    asked_for,
    day_of,
    declarations,
    own_files,
    places,
    ruling_out,
)
from infoshare.meaning import clauses, consequences, evaluator
from infoshare.meaning.case import Case, here_of
from infoshare.meaning.diagram import Diagram
from infoshare.meaning.evaluator import Where
from infoshare.meaning.findings import AskConsent
from infoshare.meaning.model import Duty, Model, Safeguard
from infoshare.meaning.resolver import ParsedFile
from infoshare.meaning.view import View, view
from infoshare.meaning.world import NOWHERE, Here, World
from infoshare.policy.policy import Policy
from infoshare.syntax import tree as t
from infoshare.text import Source, Span


@attrs.frozen
class Shown:
    """Whether an occurrence was seen to matter while it was yes, and while it was no.

    Attributes:
        never: the truths at which no case shows it, with `MANY` or none in each list: what cannot be seen is not missing.
    """

    yes: bool = False
    no: bool = False
    never: frozenset[bool] = frozenset()

    @property
    def missing(self) -> list[bool]:
        """The truths at which it was not seen, and could be."""
        return [t for t, seen in ((True, self.yes), (False, self.no)) if not seen and t not in self.never]

    @property
    def both(self) -> bool:
        """Whether it was seen both ways, or in the one way in which it can be."""
        return not self.missing


@attrs.frozen
class Occurrence:
    """One place where an atom stands.

    Attributes:
        owner: the clause, duty, safeguard, advice or define that it stands in.
        clause: whether it was seen to matter to its owner; for a define, to any clause.
        decision: whether it was seen to matter to the decision.
    """

    owner: str
    part: Part
    span: Span = attrs.field(eq=False, repr=False)
    clause: Shown
    decision: Shown

    @property
    def text(self) -> str:
        """As it is written, on one line."""
        return " ".join(self.span.text.split())


@attrs.frozen
class Missed:
    """Something declared that no scenario saw at work."""

    name: str
    kind: str
    span: Span = attrs.field(eq=False, repr=False)


@attrs.frozen
class Coverage:
    """What the scenarios of a policy show.

    Attributes:
        policy: its name.
        scenarios: how many there are.
        never_fired: consent clauses, rules and overrides that stand in none of them.
        never_lifted: exceptions that took nothing out of play in any of them.
        sources: the texts of the policy itself.
    """

    policy: str
    title: str
    scenarios: int
    occurrences: tuple[Occurrence, ...]
    never_fired: tuple[Missed, ...]
    never_lifted: tuple[Missed, ...]
    sources: tuple[Source, ...] = attrs.field(eq=False, repr=False)

    @property
    def of_clauses(self) -> float:
        """Per cent of occurrences seen to matter both ways to their clause; 100 where there are none."""
        return self._share([o.clause.both for o in self.occurrences])

    @property
    def of_decisions(self) -> float:
        """Per cent of occurrences seen to matter both ways to the decision."""
        return self._share([o.decision.both for o in self.occurrences])

    def _share(self, seen: Sequence[bool]) -> float:
        return 100 * sum(seen) / len(seen) if seen else 100.0


MANY = 2
"""So many elements of each list, or none, are tried for a case that shows what no scenario does."""
MOST_LISTS = 6
"""Of more lists, not every way to give them is tried."""


@attrs.define(eq=False)
class _Tally:
    clause: set[bool] = attrs.field(factory=set)
    decision: set[bool] = attrs.field(factory=set)
    never: frozenset[bool] = frozenset()

    @property
    def is_complete(self) -> bool:
        """Whether it was seen to matter both ways, to its clause and to the decision."""
        return len(self.clause) == len(self.decision) == 2


def measure(policy: Policy, files: Sequence[ParsedFile], *, today: date) -> Coverage:
    """Measures what the scenarios of a policy show of its conditions.

    Args:
        files: those that the policy was loaded from; what another policy that it uses says is not counted.
        today: the date of a scenario that gives none, where its policy has no first day either.
    """
    header = policy.model.header
    name, title = (header.name, header.title) if header else ("", "")
    return _measured(name, title, own_files(files, policy.model), [policy], today)


def measure_library(library: ParsedFile, policies: Sequence[Policy], *, today: date) -> Coverage:
    """Measures what the scenarios of the policies that use a library show of its conditions, all of them together.

    Args:
        today: the date of a scenario that gives none, where its policy has no first day either.
    """
    return _measured(library.path.rpartition("/")[2], "", [library], policies, today)


def _measured(
    name: str, title: str, files: Sequence[ParsedFile], policies: Sequence[Policy], today: date
) -> Coverage:
    asked = {name for policy in policies for name in asked_for(policy.model)}
    declared = [
        node for node in declarations(files) if not isinstance(node, t.DefineDecl) or node.name.text in asked
    ]
    fired: set[str] = set()
    lifted: set[str] = set()
    found: list[Place] = []
    tallies: list[_Tally] = []
    for policy in policies:
        model, ruling = policy.model, ruling_out(policy.model)
        found = [place for node in declared for place in places(model, node)]
        tallies = tallies or [_Tally() for _ in found]
        for scenario in policy.scenarios:
            day = day_of(scenario, model, today)
            seen = _seen(model, scenario.case, day)
            if seen is None:
                continue
            for each in seen.views:
                fired.update(n for n, where in each.standing.stands.items() if seen.everywhere(where))
            lifted.update(_acting(seen))
            before = _Effects.of(seen)
            for place, tally in zip(found, tallies, strict=True):
                if not tally.is_complete:
                    _try(place, tally, seen, before, rules=place.owner in ruling)
    if policies:
        _never(policies[-1].model, found, tallies, today)
    return Coverage(
        name,
        title,
        sum(len(policy.scenarios) for policy in policies),
        tuple(
            Occurrence(
                place.owner,
                place.part,
                place.span,
                *(Shown(True in seen, False in seen, tally.never) for seen in (tally.clause, tally.decision)),
            )
            for place, tally in zip(found, tallies, strict=True)
        ),
        tuple(_missed(n, n.kind) for n in declared if isinstance(n, t.Clause) and n.name.text not in fired),
        tuple(
            _missed(n, "exception")
            for n in declared
            if isinstance(n, t.Exception_) and n.name.text not in lifted
        ),
        tuple(file.tree.span.source for file in files if any(declarations([file]))),
    )


def _missed(node: t.Clause | t.Exception_, kind: str) -> Missed:
    return Missed(node.name.text, kind, node.name.span)


def _never(model: Model, found: Sequence[Place], tallies: Sequence[_Tally], today: date) -> None:
    """Notes the ways in which no case shows an occurrence to matter where it stands.

    Every list is given with nobody and with `MANY`, each way; of more lists than `MOST_LISTS` nothing is said. Nor of
    those whose consent is sought: whom they are is told, whether or not the clause stands.
    """
    lists = [group.name for group in model.groups.values() if group.each]
    left = [(p, t) for p, t in zip(found, tallies, strict=True) if not t.is_complete and p.part != "whom"]
    if not left or len(lists) > MOST_LISTS:
        return
    several = [((), tuple(f"{name} {n}" for n in range(MANY))) for name in lists]
    analyses = [
        Analysis(model, day, dict(zip(lists, names, strict=True)), too_large=True)
        for day in days(model, today)
        for names in product(*several)
    ]
    for place, tally in left:
        missing = {True, False}.difference(tally.clause & tally.decision)
        tally.never = frozenset(
            truth
            for truth in missing
            if not any(_may_show(analysis, place.forced[not truth], place) for analysis in analyses)
        )


def _may_show(analysis: Analysis, forced: Model, place: Place) -> bool:
    """Whether in some case, of those with these lists, an occurrence makes a difference where it stands."""
    world, possible = analysis.view.world, analysis.questions.possible
    before, after = (list(_wheres(world, model, place)) for model in (analysis.model, forced))
    return any(
        possible(analysis.outlook.care, (one & ~other) | (~one & other)) is not False
        for one, other in zip(before, after, strict=True)
        if one is not other
    )


def _wheres(world: World, model: Model, place: Place) -> Iterator[Diagram]:
    """Where it is so, what an occurrence stands in: of each element or row of the lists."""
    if place.part == "define":
        define = model.defines[place.owner]
        yield from (world.truth(define.condition, here) for here in _heres(world, [define.for_each]))
        return
    for provision in model.provisions():
        if place.owner not in (provision.name, provision.part):
            continue
        for here in _heres(world, [*provision.scope]):
            yield evaluator.holds(world, provision, here)
            if isinstance(provision, Safeguard):
                yield world.truth(provision.require, here)


def _heres(world: World, groups: Iterable[str | None]) -> list[Here]:
    """Every way to have one element in hand of each of some lists."""
    mine = [group for group in groups if group is not None]
    return [dict(zip(mine, names, strict=True)) for names in product(*(world.case.elements[g] for g in mine))]


# --- trying them --------------------------------------------------------------------------------


def _seen(model: Model, case: Case, day: date) -> View | None:
    """What a policy in force says of a case; None where it is out of force or the case cannot be."""
    return what_is_said(model, case, day) if model.policy_in_force(day) else None


def _try(place: Place, tally: _Tally, seen: View, before: "_Effects", *, rules: bool) -> None:
    for truth in _truths(place, seen):
        if truth in tally.clause and truth in tally.decision:
            continue
        changed = _changed(place, seen, not truth, rules=rules)
        if changed is None:
            continue
        after = _Effects.of(changed)
        if before.of_owner(place) != after.of_owner(place):
            tally.clause.add(truth)
        if before.decision != after.decision:
            tally.decision.add(truth)


def _truths(place: Place, seen: View) -> set[bool]:
    """The truths that an atom has in a case, over the elements of the lists it is spoken of in; none if one is unknown."""
    lists = [group for group in dict.fromkeys(place.groups) if seen.case.elements.get(group)]
    found: set[bool] = set()
    for names in product(*(seen.case.elements[group] for group in lists)):
        truth = seen.everywhere(seen.world.truth(place.atom, dict(zip(lists, names, strict=True))))
        if truth is None:
            return set()
        found.add(truth)
    return found


def _changed(place: Place, seen: View, truth: bool, *, rules: bool) -> View | None:
    """Decides the same case with the atom forced to a truth; None where that plainly changes nothing.

    Args:
        rules: whether it hangs on it what can be, or what is assumed.
    """
    model = place.forced[truth]
    if rules:
        return _seen(model, seen.case, seen.world.day)
    so = _so(seen, model, place)
    if so is not None and so == _so(seen, seen.model, place):
        return None
    return view(model, seen.case, seen.world.day, seen.world.known)


def _so(seen: View, model: Model, place: Place) -> list[int] | None:
    """What a policy makes of a place in a case, each thing told from the others; nothing where only deciding it tells."""
    world = seen.world
    if place.part == "define":
        define = model.defines[place.owner]
        names = seen.case.elements.get(define.for_each, ()) if define.for_each else ()
        heres = [{define.for_each: name} for name in names] if define.for_each else []
        return [id(world.truth(define.condition, here)) for here in (*heres, NOWHERE)]
    if place.part in ("part", "whom"):
        return None
    provision = model.provision(place.owner)
    rows = [here_of(row) for row in seen.rows] if seen.by_row else [NOWHERE]
    if isinstance(provision, Safeguard):
        return None
    if provision.other_list:
        return [id(each) for here in rows for each in evaluator.holds_of(world, provision, here).values()]
    return [id(evaluator.holds(world, provision, here)) for here in rows]


@attrs.frozen(eq=False)
class _Effects:
    """What a policy says of a case, as far as people see it: in every completion, in none (False), or open (None)."""

    owners: Mapping[str, object]
    decision: object

    @staticmethod
    def of(seen: View) -> "_Effects":
        everywhere, by_row = seen.everywhere, seen.by_row
        of_rows = [_of_row(view) for view in seen.rows.values()] if by_row else []
        owners: dict[str, object] = (
            {name: tuple(row[name] for row in of_rows) for name in of_rows[0]} if by_row else _of_row(seen)
        )
        duties = {
            duty.name: tuple(
                (dict(target.elements or {}), *map(everywhere, consequences.due(seen, duty, target)))
                for target in consequences.targets(seen, duty)
            )
            for duty in seen.model.duties.values()
        }
        shared = consequences.visible(seen, seen.outcome)["disclosures"]
        kept = tuple(s.safeguard for s in consequences.kept_safeguards(seen))
        owners |= duties
        for safeguard in seen.model.safeguards.values():
            heres = [(here_of(row), view.standing) for row, view in seen.rows.items()]
            owners[safeguard.name] = (
                safeguard.name in kept,
                *(
                    everywhere(evaluator.holds_back(seen.world, standing, safeguard, here))
                    for here, standing in heres
                    if here.keys() >= set(safeguard.scope)
                ),
            )
        advice = [owners[name] for name in seen.model.advice]
        released = [everywhere(where) for where in shared]
        decided: list[object] = [seen.outcome, seen.possible, seen.basis, seen.mandatory]
        asked: tuple[AskConsent, ...] = ()
        if seen.model.uses_new_forms:
            decided.append(seen.strength)
            asked = tuple(clauses.asked_consent(seen))
        for each in seen.rows.values() if by_row else ():
            decided += [each.possible, each.basis, each.mandatory, each.strength]
        relaxed = tuple(clauses.relaxed(seen))
        owners |= {name: (owners[name], relaxed) for name in seen.model.exceptions if relaxed}
        return _Effects(
            owners,
            (*decided, duties, released, kept if released else (), advice, asked, relaxed),
        )

    def of_owner(self, place: Place) -> object:
        """What becomes of the clause; for a define or a part, of every clause."""
        return self.owners if place.part in ("define", "part") else self.owners[place.owner]


def _of_row(view: View) -> dict[str, object]:
    """What becomes of each clause, exception and advice in a row."""
    standing, names = view.standing, (*view.model.exceptions, *view.model.advice)
    owners: dict[str, object] = {name: view.everywhere(where) for name, where in standing.stands.items()}
    return owners | {
        name: tuple(
            map(view.everywhere, (standing.applies[name], *standing.applies_of.get(name, {}).values()))
        )
        for name in names
    }


def _acting(seen: View) -> Iterator[str]:
    """Returns the exceptions that set something aside, or relax it, in a case."""
    for acting in (seen.model.set_aside_by, seen.model.relaxed_by):
        for target, exceptions in acting.items():
            for exception in exceptions:
                acts = (
                    where & one
                    for view in seen.views
                    for where, one in _without_exceptions(seen, view, target, exception)
                )
                if any(seen.everywhere(where) for where in acts):
                    yield exception


def _without_exceptions(seen: View, view: View, target: str, exception: str) -> Iterator[tuple[Where, Where]]:
    """Where a target would have been in play in a row, and where an exception applies to it; of each element."""
    model, standing, world = seen.model, view.standing, seen.world
    provision, applies = model.provision(target), standing.applies[exception]
    brings = world.diagrams.yes
    if isinstance(provision, Duty):
        brings = evaluator.brought(world, standing, provision, view.outcome, world.diagrams.yes)
    if isinstance(provision, Safeguard):
        heres = [here_of(row) for row, each in seen.rows.items() if each is view]
        yield from ((evaluator.holds(world, provision, here), applies) for here in heres)
    elif provision.other_list is not None:
        of = standing.applies_of.get(exception, {})
        holding = standing.holds_of[target].items()
        yield from ((brings & where, of.get(element, applies)) for element, where in holding)
    else:
        yield brings & standing.holds[target], applies
