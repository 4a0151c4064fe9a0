"""Lists that are empty and let a policy share: `every parent (…)` is yes where no parent is listed, and
`every person in item.about (…)` where it is about nobody.

Held against a policy in which `every` is yes of somebody only: where the two differ, the sharing rests on nobody.
Deliberately not here: `no parent (…)`, which says by itself that there may be none.
"""

from collections.abc import Iterator
from typing import Any as Anything
from typing import TypeGuard

import attrs

from infoshare.analysis.every_case import Analysis, Witness, seen
from infoshare.analysis.search import Search, Shown, Verdict
from infoshare.authoring.findings.finding import Checked, Finding, found, nodes, told
from infoshare.diagnostic import Label
from infoshare.meaning import facts as reading
from infoshare.meaning.case import Row, here_of
from infoshare.meaning.diagram import Diagram
from infoshare.meaning.evaluator import holds_back
from infoshare.meaning.model import (
    SIDES,
    All,
    Any,
    Condition,
    Counted,
    Model,
    Not,
    Provision,
    Quantified,
    Referred,
    Safeguard,
    children,
    of_all,
    says_all,
    with_children,
)
from infoshare.meaning.types import Reference
from infoshare.outcome import Outcome
from infoshare.syntax import tree as t
from infoshare.text import Span


def nobody(checked: Checked, search: Search) -> Iterator[Finding]:
    """For each list, and each reference, that a policy asks `every` of, whether that it is empty can let it share."""
    model = search.model
    every = (each for condition, denied in _conditions(model) for each in _all_of_them(condition, denied))
    asked = {(each.group, each.within) for each in every if not _of_one(each)}
    for group, within in sorted(asked, key=lambda each: _position(model, *each)):
        if places := _places(checked, group, within):
            shown = _shown(search, group, within)
            if shown is not None:
                yield _finding(checked, group, within, places, shown)


def _conditions(model: Model) -> Iterator[tuple[Condition, bool]]:
    """Every condition, and whether it is denied where it stands: what holds `unless` something holds where that is not so."""
    yield from ((condition, False) for condition in model.conditions())
    yield from ((each.unless, True) for each in model.provisions() if each.unless is not None)


def _all_of_them(condition: Condition, denied: bool) -> Iterator[Quantified | Counted]:
    """The quantifiers in it that ask something of all."""
    for asked in (of_all(condition), of_all(Not(condition)) if denied else None):
        if asked is not None:
            yield asked
    below = isinstance(condition, Not) is not denied and not isinstance(condition, Quantified | Counted)
    for child in children(condition):
        yield from _all_of_them(child, below)


def _position(model: Model, group: str, within: Referred | None) -> tuple[int, int]:
    """As the policy declares the lists, and then the references to them."""
    facts = [] if within is None else [*model.facts]
    return [*model.groups].index(group), 0 if within is None else 1 + facts.index(within.fact.path)


def _written_of_all(node: t.Node) -> Iterator[t.Quantified | t.Counted]:
    """The quantifiers by which a node asks something of all, as they are written: itself, or what it denies."""
    provisions = getattr(node, "provisions", None)
    if isinstance(provisions, t.Provisions) and provisions.unless is not None:
        yield from _denied(provisions.unless)
    if isinstance(node, t.Not):
        yield from _denied(node.item)
    elif _says_all(node, denied=False):
        yield node


def _denied(node: t.Condition) -> Iterator[t.Quantified | t.Counted]:
    if _says_all(node, denied=True):
        yield node
    elif isinstance(node, t.And | t.Or) or (isinstance(node, t.These) and node.kind != "none"):
        for item in node.items:
            yield from _denied(item)


def _says_all(node: t.Node, *, denied: bool) -> TypeGuard[t.Quantified | t.Counted]:
    if not isinstance(node, t.Quantified | t.Counted):
        return False
    kind = node.kind if isinstance(node, t.Quantified) else _AS_QUANTIFIER.get((node.how, node.number))
    return says_all(kind, isinstance(node.condition, t.Not), denied)


_AS_QUANTIFIER = {("at most", 0): "no", ("exactly", 0): "no", ("at least", 1): "any"}


def _of_one(part: Quantified | Counted) -> bool:
    """Whether it is asked of those whom a reference to one names: of nobody it is then no."""
    type_ = part.within and part.within.fact.type
    return isinstance(type_, Reference) and not type_.many


def _finding(
    checked: Checked, group: str, within: Referred | None, places: list[Span], shown: Shown
) -> Finding:
    lets = "lets" if shown.verdict is not None else "may let"
    first, *others = places
    asked = group if within is None else f"{group} in {within.fact.path}"
    nobody_ = f"lists no {group}" if within is None else f"names nobody in `{within.fact.path}`"
    return found(
        "IS612",
        f"a case that {nobody_} {lets} the policy say share: `every {asked} (…)` is so of nobody",
        first,
        "so where none is listed" if within is None else "so where it names nobody",
        also=[Label(place, "here too") for place in others],
        help=(f"ask that there is one as well: `any {asked} (…) and every {asked} (…)`",),
        shown=told(
            checked, shown, f"No {group} is {'listed' if within is None else f'named in {within.fact.path}'}"
        ),
        about=[group if within is None else within.fact.path],
    )


def _places(checked: Checked, group: str, within: Referred | None) -> list[Span]:
    """Where the file itself asks it."""
    path = None if within is None else within.fact.path
    asked = [
        each
        for declaration in checked.main.tree.declarations
        for node in nodes(declaration)
        for each in _written_of_all(node)
    ]
    return [
        each.span
        for each in asked
        if each.group.text in (group, *([f"{group}s"] if isinstance(each, t.Counted) else []))
        and (None if each.within is None else each.within.text) == path
    ]


def _shown(search: Search, group: str, within: Referred | None) -> Shown | None:
    stricter = of_somebody(search.model, group, within)

    def where(analysis: Analysis) -> Diagram:
        """Where something goes although nobody is listed, and would not if `every` asked for somebody."""
        if within is None and analysis.given.elements.get(group):
            return analysis.view.world.diagrams.no
        goes, strictly = _goes(analysis), _goes(analysis.beside(stricter))
        return analysis.view.world.diagrams.either(goes[row] & ~strictly[row] for row in goes)

    def rests_on_it(witness: Witness) -> bool:
        case = reading.read(search.model, witness.case).case
        view = seen(search.model, case, witness.as_of)
        if view is None or (within is None and view.case.elements.get(group) != ()):
            return False
        opened = Analysis(search.model, witness.as_of, view.case.elements, view.world.known)
        return opened.outlook.certain(where(opened))

    def shares(verdict: Verdict) -> bool:
        return verdict.outcome is Outcome.SHARE

    about = (*search.model.clauses, *search.model.safeguards)
    tried = (
        search.shown(analysis, where, shares, about=about, also=rests_on_it) for analysis in search.analyses
    )
    return next((shown for shown in tried if shown is not None), None)


def _goes(analysis: Analysis) -> dict[Row | None, Diagram]:
    """For each row that may differ, where the outcome is share, and no safeguard keeps back what is shared."""
    view = analysis.view
    empty = view.by_row and any(analysis.given.elements.get(side) == () for side in SIDES)
    found: dict[Row | None, Diagram] = {}
    for row, of in view.rows.items() if view.by_row else ((None, view),):
        here = {**dict.fromkeys(SIDES, "one of them"), **({} if row is None else here_of(row))}
        kept = (
            holds_back(view.world, of.standing, safeguard, {group: here[group] for group in safeguard.scope})
            for safeguard in analysis.model.safeguards.values()
        )
        goes = of.standing.outcome[Outcome.SHARE] & ~view.world.diagrams.either(kept)
        found[row] = view.world.diagrams.no if empty else goes
    return found


def of_somebody(model: Model, group: str, within: Referred | None = None) -> Model:
    """The policy in which `every` of a list, or of those whom a reference names, is yes only where there is somebody."""

    def provision(each: Provision) -> Provision:
        when = None if each.when is None else _of_somebody(each.when, group, within)
        unless = None if each.unless is None else _of_somebody(each.unless, group, within, denied=True)
        each = attrs.evolve(each, when=when, unless=unless)
        return (
            attrs.evolve(each, require=_of_somebody(each.require, group, within))
            if isinstance(each, Safeguard)
            else each
        )

    tables: dict[str, Anything] = {
        table: {name: provision(each) for name, each in getattr(model, table).items()}
        for table in ("clauses", "exceptions", "duties", "safeguards", "advice", "guarantees")
    }
    defines = {
        name: attrs.evolve(each, condition=_of_somebody(each.condition, group, within))
        for name, each in model.defines.items()
    }
    return attrs.evolve(model, defines=defines, **tables)


def _of_somebody(
    condition: Condition, group: str, within: Referred | None, *, denied: bool = False
) -> Condition:
    somebody = Quantified("any", group, All(()), within)
    asked, asked_otherwise = of_all(condition), of_all(Not(condition)) if denied else None
    below = isinstance(condition, Not) and asked is None and not denied
    below = below or (denied and not isinstance(condition, Not | Quantified | Counted))
    items = (_of_somebody(item, group, within, denied=below) for item in children(condition))
    inner = with_children(condition, tuple(items))
    if asked is not None and (asked.group, asked.within) == (group, within):
        return All((inner, somebody))
    if asked_otherwise is not None and (asked_otherwise.group, asked_otherwise.within) == (group, within):
        return Any((inner, Not(somebody)))
    return inner
