"""Lists that are empty and let a policy share: `every parent (…)` is yes where no parent is listed.

Held against a policy in which `every` is yes of somebody only: where the two differ, the sharing rests on nobody.
Deliberately not here: `no parent (…)`, which says by itself that there may be none.
"""

from collections.abc import Iterator
from typing import Any as Anything

import attrs

from infoshare.analysis.every_case import Analysis, Witness, seen
from infoshare.analysis.search import Search, Shown, Verdict
from infoshare.authoring.findings.finding import Checked, Finding, found, nodes, told
from infoshare.diagnostic import Label
from infoshare.meaning import facts as reading
from infoshare.meaning.diagram import Diagram
from infoshare.meaning.evaluator import holds_back
from infoshare.meaning.model import (
    All,
    Condition,
    Model,
    Not,
    Provision,
    Quantified,
    Safeguard,
    children,
    parts,
    with_children,
)
from infoshare.outcome import Outcome
from infoshare.syntax import tree as t
from infoshare.text import Span


def nobody(checked: Checked, search: Search) -> Iterator[Finding]:
    """For each list that a policy asks `every` of, whether listing nobody can let it share."""
    model = search.model
    asked = {
        p.group for c in model.conditions() for p in parts(c) if (isinstance(p, Quantified) and _of_all(p))
    }
    for group in model.groups:
        if group in asked and (places := _places(checked, group)):
            shown = _shown(search, group)
            if shown is not None:
                yield _finding(checked, group, places, shown)


def _of_all(part: Quantified) -> bool:
    """`every …`, and `no … (not …)`, which says the same."""
    return part.kind == "every" or (part.kind == "no" and isinstance(part.condition, Not))


def _finding(checked: Checked, group: str, places: list[Span], shown: Shown) -> Finding:
    lets = "lets" if shown.verdict is not None else "may let"
    first, *others = places
    return found(
        "IS612",
        f"a case that lists no {group} {lets} the policy say share: `every {group} (…)` is so of nobody",
        first,
        "so where none is listed",
        also=[Label(place, "here too") for place in others],
        help=(f"ask that there is one as well: `any {group} (…) and every {group} (…)`",),
        shown=told(checked, shown, f"No {group} is listed"),
        about=[group],
    )


def _places(checked: Checked, group: str) -> list[Span]:
    """Where the file itself asks it."""
    return [
        node.span
        for declaration in checked.main.tree.declarations
        for node in nodes(declaration)
        if isinstance(node, t.Quantified)
        and node.group.text == group
        and (node.kind == "every" or (node.kind == "no" and isinstance(node.condition, t.Not)))
    ]


def _shown(search: Search, group: str) -> Shown | None:
    stricter = of_somebody(search.model, group)

    def where(analysis: Analysis) -> Diagram:
        """Where something goes although nobody is listed, and would not if `every` asked for somebody."""
        if analysis.given.elements.get(group):
            return analysis.view.world.diagrams.no
        return _goes(analysis) & ~_goes(analysis.beside(stricter))

    def rests_on_it(witness: Witness) -> bool:
        case = reading.read(search.model, witness.case).case
        view = seen(search.model, case, witness.as_of)
        if view is None or case.elements.get(group) != ():
            return False
        opened = Analysis(search.model, witness.as_of, case.elements, view.world.known)
        return opened.outlook.certain(where(opened))

    def shares(verdict: Verdict) -> bool:
        return verdict.outcome is Outcome.SHARE

    tried = (search.shown(analysis, where, shares, also=rests_on_it) for analysis in search.analyses)
    return next((shown for shown in tried if shown is not None), None)


def _goes(analysis: Analysis) -> Diagram:
    """Where the outcome is share, and no safeguard keeps back what is shared."""
    view = analysis.view
    kept = (
        holds_back(view.world, view.standing, safeguard, dict.fromkeys(safeguard.scope, "one of them"))
        for safeguard in analysis.model.safeguards.values()
    )
    return view.standing.outcome[Outcome.SHARE] & ~view.world.diagrams.either(kept)


def of_somebody(model: Model, group: str) -> Model:
    """The policy in which `every` of a list is yes only where somebody is listed."""

    def changed(condition: Condition | None) -> Condition | None:
        return None if condition is None else _of_somebody(condition, group)

    def provision(each: Provision) -> Provision:
        each = attrs.evolve(each, when=changed(each.when), unless=changed(each.unless))
        return (
            attrs.evolve(each, require=_of_somebody(each.require, group))
            if isinstance(each, Safeguard)
            else each
        )

    tables: dict[str, Anything] = {
        table: {name: provision(each) for name, each in getattr(model, table).items()}
        for table in ("clauses", "exceptions", "duties", "safeguards", "advice", "guarantees")
    }
    defines = {
        name: attrs.evolve(each, condition=_of_somebody(each.condition, group))
        for name, each in model.defines.items()
    }
    return attrs.evolve(model, defines=defines, **tables)


def _of_somebody(condition: Condition, group: str) -> Condition:
    inner = with_children(condition, tuple(_of_somebody(item, group) for item in children(condition)))
    if isinstance(condition, Quantified) and condition.group == group and _of_all(condition):
        return All((inner, Quantified("any", group, All(()))))
    return inner
