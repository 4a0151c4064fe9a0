"""What acts on what: targets by name, circles found, and an order in which actors come first."""

from collections.abc import Iterable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from itertools import chain

from infoshare.diagnostic import Label, Nearest
from infoshare.meaning.faults import Faults, an
from infoshare.meaning.model import Clause, Condition, Defined, Provision, children, parts
from infoshare.syntax import tree as t
from infoshare.text import Span
from infoshare.values import frozen

_SET_ASIDE = frozenset({"exception", "duty", "safeguard", "advice"})
_MOST_NAMES = 20  # of one circle that are shown
_MOST_CIRCLES = 100  # that are told
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
    every_consent = dict.fromkeys(c.name for c in clauses.values() if c.kind == "consent" and not c.must)
    checker = _Checker(faults, clauses, others)
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
                    names.update(every_consent)
                case t.Name():
                    if checker.may_act_on(node, target):
                        names[target.text] = None
        targets[node.name.text] = tuple(names)
        spans[node.name.text] = node.name.span
        table = set_aside if isinstance(node, t.Exception_) else prevailed
        for name in names:
            table.setdefault(name, []).append(node.name.text)
    graph: dict[str, list[str]] = {name: [] for name in (*others["exception"], *clauses)}
    for actor, acted_on in targets.items():
        for name in acted_on:
            if name in graph:
                graph[name].append(actor)
    order = _in_order(
        faults,
        graph,
        spans,
        "IS210",
        ("`{}` acts on itself", "these act on one another in a circle: {}"),
        "take one of them out of the circle, so that it is plain which goes first",
        reverse=True,
    )
    return Relations(
        {name: tuple(by) for name, by in set_aside.items()},
        {name: tuple(by) for name, by in prevailed.items()},
        targets,
        (*order, *others["duty"], *others["advice"]),
    )


class _Checker:
    """Checks what acts on what by name; the arguments are those of `relations`."""

    def __init__(
        self, faults: Faults, clauses: Mapping[str, Clause], others: Mapping[str, Mapping[str, Provision]]
    ) -> None:
        self.faults, self.clauses = faults, clauses
        self.kinds = {name: kind for kind, table in others.items() for name in table}
        aside = (name for name, kind in self.kinds.items() if kind in _SET_ASIDE)
        self.near = {t.Clause: Nearest(clauses), t.Exception_: Nearest(chain(clauses, aside))}

    def may_act_on(self, node: t.Clause | t.Exception_, target: t.Name) -> bool:
        """Whether this target is one that the node can act on; told if not."""
        name = target.text
        if name in self.clauses:
            if isinstance(node, t.Clause) and self.clauses[name].must and not node.effect.must:
                self.faults.warning(
                    "IS216",
                    f"`{node.name.text}` does not say `must`, and prevails over `{name}`, which does",
                    target.span,
                    help=("check that the paragraph allows a power to prevail over a legal duty",),
                )
            return True
        kind = self.kinds.get(name)
        excepts = isinstance(node, t.Exception_)
        if kind is None:
            if name not in self.faults.broken:
                what = "clause, duty or other provision" if excepts else "clause"
                self.faults.unknown(
                    "IS203",
                    f"no {what} is named `{name}`",
                    target.span,
                    space="provision",
                    known=self.near[type(node)],
                    help=self._instead(node, name),
                )
            return False
        if excepts and kind in _SET_ASIDE:
            return True
        acting = "an exception cannot set that aside" if excepts else "an override cannot prevail over that"
        help_: tuple[str, ...] = (
            "only consent clauses, rules and overrides have an outcome that another can prevail over",
        )
        if excepts:
            help_ = (f"{an(kind)} speaks of what must always be so: change its condition instead",)
        elif kind in _SET_ASIDE:
            help_ = (*help_, f"to take it out of play, write an `exception` that `sets aside {name}`")
        self.faults.error("IS208", f"`{name}` is {an(kind)}, and {acting}", target.span, help=help_)
        return False

    def _instead(self, node: t.Clause | t.Exception_, name: str) -> tuple[str, ...]:
        if name in {"everything", "everyone", "anything", "all", "others"}:
            return ("write `every consent clause`, or the names of what is meant, with commas between them",)
        acts = "set aside" if isinstance(node, t.Exception_) else "prevail over"
        return (f"write the name of what it is to {acts}, which stands after the word that declares it",)


def _in_order(
    faults: Faults,
    graph: Mapping[str, Sequence[str]],
    spans: Mapping[str, Span],
    code: str,
    messages: tuple[str, str],
    help: str,
    *,
    reverse: bool = False,
) -> tuple[str, ...]:
    """The names in an order in which what each needs comes first; circles are told, and then cut open.

    Args:
        messages: what is said of a name that needs itself, and of several in a circle.
        reverse: whether a circle is told from what is needed to what needs it.
    """
    try:
        return tuple(TopologicalSorter(graph).static_order())
    except CycleError:
        order, circles = _circles(graph)
    for found in circles:
        circle = found[::-1] if reverse else found
        at = min(range(len(circle)), key=lambda index: spans[circle[index]].start)
        path = [*circle[at:], *circle[:at]]
        alone, together = messages
        around = " → ".join(
            f"`{name}`" for name in (*path[:_MOST_NAMES], *["…"][: len(path) > _MOST_NAMES], path[0])
        )
        faults.error(
            code,
            together.format(around) if len(path) > 1 else alone.format(path[0]),
            spans[path[0]],
            help=(help if len(path) > 1 else f"leave `{path[0]}` out of what it names",),
            also=[Label(spans[name], "") for name in path[1:_MOST_NAMES]],
        )
    return tuple(order)


def _circles(graph: Mapping[str, Sequence[str]]) -> tuple[list[str], list[list[str]]]:
    """An order of the names without the edges that close a circle, and the circles: each has a name that no other has.

    One walk, depth first and without recursion, however many circles there are.
    """
    order: list[str] = []
    circles: list[list[str]] = []
    told: set[str] = set()
    place: dict[str, int] = {}  # on the path; -1 once done
    for start in graph:
        if start in place:
            continue
        path, rest = [start], [iter(graph[start])]
        place[start] = 0
        while path:
            following = next(rest[-1], None)
            if following is None:
                rest.pop()
                order.append(path.pop())
                place[order[-1]] = -1
            elif following not in place:
                place[following] = len(path)
                path.append(following)
                rest.append(iter(graph.get(following, ())))
            elif place[following] >= 0 and len(circles) < _MOST_CIRCLES:
                circle = path[place[following] :]
                if not told.issuperset(circle):
                    told.update(circle)
                    circles.append(circle)
    return order, circles


def check_defines(
    faults: Faults, conditions: Mapping[str, Condition], spans: Mapping[str, Span]
) -> tuple[str, ...]:
    """Tells circles of defines, and conditions that nest too deep with their defines written out.

    Returns:
        The names in an order in which those that another builds on come first.
    """
    graph = {name: sorted(used_defines(condition)) for name, condition in conditions.items()}
    order = _in_order(
        faults,
        graph,
        spans,
        "IS209",
        ("`{}` builds on itself", "these defines build on one another in a circle: {}"),
        "say one of them by facts, without the others",
    )
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
    return order


def used_defines(condition: Condition) -> set[str]:
    """The defines that a condition names."""
    return {part.name for part in parts(condition) if isinstance(part, Defined)}


def depth(condition: Condition, defines: Mapping[str, int]) -> int:
    """How deep a condition nests, with the given depths of its defines."""
    if isinstance(condition, Defined):
        return 1 + defines.get(condition.name, 0)
    return 1 + max((depth(item, defines) for item in children(condition)), default=0)
