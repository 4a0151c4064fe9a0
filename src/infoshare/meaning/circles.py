"""Circles of what builds on or acts on one another, and orders without them."""

from collections.abc import Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from infoshare.diagnostic import Label
from infoshare.meaning.faults import Faults
from infoshare.meaning.model import Condition, Defined, children, parts
from infoshare.text import Span

_MOST_NAMES = 20  # of one circle that are shown
_MOST_CIRCLES = 100  # that are told
DEEPEST = 100
"""How deep conditions may nest with their defines written out."""


def in_order(
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
    order = in_order(
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
