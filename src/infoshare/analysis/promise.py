"""Where a guarantee speaks of a case, and where it fails there, row by row.

A guarantee for each of a list speaks of every element; one of an outcome is of every row, and one that always requires
a duty which is for each of a list is of every element. Deliberately not here: looking for such cases (`search`).
"""

from collections.abc import Iterator, Mapping

from infoshare.meaning.case import Row, here_of
from infoshare.meaning.consequences import due, targets
from infoshare.meaning.diagram import Diagram
from infoshare.meaning.model import Guarantee
from infoshare.meaning.view import View
from infoshare.meaning.world import Here
from infoshare.outcome import Outcome


def spoken_of(view: View, guarantee: Guarantee) -> dict[Row, Diagram]:
    """For each row, where a guarantee speaks of it."""
    either = view.world.diagrams.either
    return {row: either(where for _, where in _speaking(view, guarantee, row)) for row in view.rows}


def broken(view: View, guarantee: Guarantee, decided: Outcome | None = None) -> dict[Row, Diagram]:
    """For each row, where a guarantee fails of it.

    Args:
        decided: the outcome that is taken to be decided; what a complete case brings is never a duty of seeking advice
            meanwhile. If not given, that of each row.
    """
    never = guarantee.modality == "never"
    either = view.world.diagrams.either
    found: dict[Row, Diagram] = {}
    for row in view.rows:
        so = _promised(view, guarantee, row, decided)
        found[row] = either(
            where & (one if never else ~one)
            for here, where in _speaking(view, guarantee, row)
            for elements, one in so
            if all(elements.get(group, name) == name for group, name in here.items())
        )
    return found


def _speaking(view: View, guarantee: Guarantee, row: Row) -> Iterator[tuple[Here, Diagram]]:
    """The elements in hand of which a guarantee speaks in a row, and where it does."""
    world, here = view.world, here_of(row)
    mine = {side: here[side] for side in guarantee.sides if side in here}
    there = world.diagrams.yes
    for side in guarantee.sides:
        if side not in here:
            there = there & world.one_of(side)
    if guarantee.other_list is None:
        yield mine, there & world.truth(guarantee.when, mine)
        return
    for name, listed in world.each_of(guarantee.other_list):
        of = mine if name is None else {**mine, guarantee.other_list: name}
        yield of, there & listed & world.truth(guarantee.when, of)


def _promised(
    view: View, guarantee: Guarantee, row: Row, decided: Outcome | None
) -> list[tuple[Mapping[str, str], Diagram]]:
    """Where it is so of a row what a guarantee speaks of: of a duty, for each whom it is for."""
    if guarantee.duty is None:
        if guarantee.outcome is None:
            raise AssertionError("a guarantee that speaks of no outcome and no duty")
        return [({}, view.rows[row].standing.outcome[guarantee.outcome])]
    duty = view.model.duties[guarantee.duty]
    return [
        (dict(target.elements or {}), due(view, duty, target, decided)[0])
        for target in targets(view, duty)
        if row in target.rows
    ]
