"""What acts on what: targets by name, circles found, and an order in which actors come first."""

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

from infoshare.diagnostic import Label
from infoshare.meaning.faults import Faults, an
from infoshare.meaning.model import Clause, Condition, Defined, Provision, children, parts
from infoshare.syntax import tree as t
from infoshare.text import Span
from infoshare.values import frozen

_SET_ASIDE = frozenset({"exception", "duty", "safeguard", "advice"})
DEEPEST = 100
"""How deep conditions may nest with their defines written out."""


@frozen
class Relations:
    """See `Model` for the meaning of each."""

    set_aside_by: Mapping[str, tuple[str, ...]]
    prevailed_over_by: Mapping[str, tuple[str, ...]]
    targets: Mapping[str, tuple[str, ...]]
    order: tuple[str, ...]


def relations(
    faults: Faults,
    written: Iterable[t.Clause | t.Exception_],
    clauses: Mapping[str, Clause],
    others: Mapping[str, Mapping[str, Provision]],
) -> Relations:
    """Binds every target.

    Args:
        others: by kind, the provisions that are not clauses: exception, duty, safeguard, advice,
            and those that nothing can act on, guarantee and impossible.
    """
    every_consent = tuple(c.name for c in clauses.values() if c.kind == "consent" and not c.must)
    set_aside: dict[str, list[str]] = {}
    prevailed: dict[str, list[str]] = {}
    targets: dict[str, tuple[str, ...]] = {}
    spans: dict[str, Span] = {}
    for node in written:
        if not node.targets:
            continue
        names: dict[str, None] = {}
        for target in node.targets:
            match target:
                case t.EveryConsentClause():
                    names.update(dict.fromkeys(every_consent))
                case t.Name():
                    if _checked(faults, node, target, clauses, others):
                        names[target.text] = None
        targets[node.name.text] = tuple(names)
        spans[node.name.text] = node.name.span
        table = set_aside if isinstance(node, t.Exception_) else prevailed
        for name in names:
            table.setdefault(name, []).append(node.name.text)
    order = _order(faults, targets, [*others["exception"], *clauses], spans)
    return Relations(
        {name: tuple(by) for name, by in set_aside.items()},
        {name: tuple(by) for name, by in prevailed.items()},
        targets,
        (*order, *others["duty"], *others["advice"]),
    )


def _checked(
    faults: Faults,
    node: t.Clause | t.Exception_,
    target: t.Name,
    clauses: Mapping[str, Clause],
    others: Mapping[str, Mapping[str, Provision]],
) -> bool:
    name = target.text
    if name in clauses:
        clause = clauses[name]
        if isinstance(node, t.Clause) and clause.must and not node.effect.must:
            faults.warning(
                "IS216",
                f"`{node.name.text}` does not say `must`, and prevails over `{name}`, which does",
                target.span,
                help=("check that the paragraph allows a power to prevail over a legal duty",),
            )
        return True
    kind = next((k for k, table in others.items() if name in table), None)
    if kind is None:
        if name not in faults.broken:
            known = [*clauses, *(n for k, table in others.items() if _may(node, k) for n in table)]
            what = (
                "no clause is named"
                if isinstance(node, t.Clause)
                else "no clause, duty or other provision is named"
            )
            faults.unknown("IS203", f"{what} `{name}`", target.span, space="provision", known=known)
        return False
    if not _may(node, kind):
        acting = (
            "an exception cannot set that aside"
            if isinstance(node, t.Exception_)
            else "an override cannot prevail over that"
        )
        help_: tuple[str, ...] = (
            "only consent clauses, rules and overrides have an outcome that another can prevail over",
        )
        if isinstance(node, t.Clause) and kind in _SET_ASIDE:
            help_ = (*help_, f"to take it out of play, write an `exception` that `sets aside {name}`")
        if isinstance(node, t.Exception_):
            help_ = (f"{an(kind)} speaks of what must always be so: change its condition instead",)
        faults.error("IS208", f"`{name}` is {an(kind)}, and {acting}", target.span, help=help_)
        return False
    return True


def _may(node: t.Clause | t.Exception_, kind: str) -> bool:
    return isinstance(node, t.Exception_) and kind in _SET_ASIDE


def _order(
    faults: Faults, targets: Mapping[str, tuple[str, ...]], names: list[str], spans: Mapping[str, Span]
) -> tuple[str, ...]:
    graph: dict[str, list[str]] = {name: [] for name in names}  # lists: the same order in every process
    for actor, acted_on in targets.items():
        for name in acted_on:
            if name in graph:
                graph[name].append(actor)
    while True:
        try:
            return tuple(TopologicalSorter(graph).static_order())
        except CycleError as cycle:
            round_ = cycle.args[1]
            first = min((n for n in round_ if n in spans), key=lambda n: spans[n].start)
            path = _from(first, round_[:-1])
            chain = " → ".join(f"`{n}`" for n in (*path, first))
            faults.error(
                "IS210",
                f"these act on one another in a circle: {chain}",
                spans[first],
                help=("take one of them out of the circle, so that it is plain which goes first",),
                also=[Label(spans[n], "") for n in path[1:]],
            )
            for name in round_:
                graph[name] = [actor for actor in graph[name] if actor not in round_]


def _from(first: str, names: list[str]) -> list[str]:
    at = names.index(first)
    return [*names[at:], *names[:at]]


def check_defines(faults: Faults, conditions: Mapping[str, Condition], spans: Mapping[str, Span]) -> None:
    """Tells circles of defines, and conditions that nest too deep with their defines written out."""
    graph = {name: sorted(used_defines(condition)) for name, condition in conditions.items()}
    while True:
        try:
            order = list(TopologicalSorter(graph).static_order())
            break
        except CycleError as cycle:
            round_ = list(reversed(cycle.args[1][1:]))
            first = min(round_, key=lambda n: spans[n].start)
            path = _from(first, round_)
            chain = " → ".join(f"`{n}`" for n in (*path, first))
            faults.error(
                "IS209",
                "a define builds on itself"
                if len(path) == 1
                else f"these defines build on one another in a circle: {chain}",
                spans[first],
                help=("say one of them by facts, without the others",),
                also=[Label(spans[n], "") for n in path[1:]],
            )
            for name in round_:
                graph[name] = [used for used in graph[name] if used not in round_]
    depths: dict[str, int] = {}
    for name in order:
        depths[name] = depth(conditions[name], depths) if name in conditions else 0
        if depths[name] > DEEPEST:
            faults.error(
                "IS106",
                f"the defines that `{name}` builds on nest more than {DEEPEST} deep",
                spans[name],
                help=("say it with fewer steps",),
            )
            depths[name] = 0


def used_defines(condition: Condition) -> set[str]:
    """The defines that a condition names."""
    return {part.name for part in parts(condition) if isinstance(part, Defined)}


def depth(condition: Condition, defines: Mapping[str, int]) -> int:
    """How deep a condition nests, with the given depths of its defines."""
    if isinstance(condition, Defined):
        return 1 + defines.get(condition.name, 0)
    return 1 + max((depth(item, defines) for item in children(condition)), default=0)
