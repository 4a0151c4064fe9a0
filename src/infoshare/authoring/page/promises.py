"""The guarantees on the page: each proved for every possible case, or shown with a case in which it fails.

Deliberately not here: how that is found out (`infoshare.analysis`).
"""

from collections.abc import Mapping

import attrs

from infoshare.analysis.every_case import Analysis
from infoshare.analysis.promise import spoken_of
from infoshare.analysis.search import Search, Shown
from infoshare.authoring.left_open import CLASHES
from infoshare.authoring.page.clauses import clause, outcome_badge
from infoshare.authoring.page.examples import known
from infoshare.explain.aloud import Reader
from infoshare.explain.english import day
from infoshare.meaning import facts as reading
from infoshare.meaning.diagram import Diagram
from infoshare.meaning.model import Guarantee
from infoshare.outcome import Act
from infoshare.webpage.markup import Content, Markup, spaced, tag


@attrs.frozen
class Kept:
    """Whether a guarantee holds.

    Attributes:
        against: a case in which it fails; None where it holds for every case.
        disagreeing: whether clauses may disagree in a case of which it speaks, so that people decide.
    """

    against: Shown | None
    disagreeing: bool


def kept(search: Search) -> dict[str, Kept]:
    """Finds out whether each guarantee holds, by its name."""
    return {name: _kept(search, guarantee) for name, guarantee in search.model.guarantees.items()}


def _kept(search: Search, guarantee: Guarantee) -> Kept:
    def disagreeing(analysis: Analysis) -> Diagram:
        view = analysis.view
        spoken = spoken_of(view, guarantee)
        return view.world.diagrams.either(spoken[row] & of.standing.conflict for row, of in view.rows.items())

    duty = search.model.duties[guarantee.duty] if guarantee.duty else None
    whatever = duty is not None and any(timing.act is Act.DECIDING for timing in duty.timings)
    return Kept(search.breach(guarantee), not whatever and search.possible(disagreeing))


def promises(reader: Reader, found: Mapping[str, Kept]) -> list[Markup]:
    """Returns a card for each guarantee, with the verdict."""
    guarantees = reader.model.guarantees.values()
    return [clause(reader, g, _verdict(reader, found[g.name]), heading="h3") for g in guarantees]


def summary(found: Mapping[str, Kept]) -> str:
    """Says how many guarantees hold."""
    holding = [each for each in found.values() if each.against is None]
    if len(holding) < len(found):
        return f"{len(holding)} of {len(found)} hold"
    where = " wherever clauses agree" if any(each.disagreeing for each in holding) else ""
    return f"All of them hold{where}" if len(holding) > 1 else f"It holds{where}"


def _verdict(reader: Reader, found: Kept) -> Content:
    shown = found.against
    if shown is None and found.disagreeing:
        return [
            tag("p", tag("span", "It holds wherever clauses agree.", class_="verdict")),
            tag("p", f"In some of these cases they disagree, and somebody decides: see “{CLASHES}”."),
        ]
    if shown is None:
        return tag("p", tag("span", "✓ Proved: it holds for every case there can be.", class_="verdict met"))
    read = reading.read(reader.model, shown.witness.case).case
    case = [
        tag("p", f"On {day(shown.witness.as_of)}, where this is known:"),
        known(reader.voice, reader.model, read),
    ]
    if shown.verdict is None:
        return [tag("p", tag("span", "✗ Not proved: it may fail.", class_="verdict unmet")), case]
    badge = outcome_badge(shown.verdict.outcome, must=False)
    return [
        tag("p", tag("span", "✗ It can fail.", class_="verdict unmet")),
        case,
        tag("p", spaced(["What is then decided:", badge])),
    ]
