"""What is promised of every case, and whether it is kept: proved for every case there can be, or a case against it.

Deliberately not here: how that is found out (`authoring.analysis`).
"""

from datetime import date

from infoshare.analysis.search import Search, Shown
from infoshare.authoring.page.answers import known
from infoshare.authoring.page.clauses import clause
from infoshare.authoring.page.effects import outcome_badge
from infoshare.explain.english import day
from infoshare.meaning import facts as reading
from infoshare.meaning.model import Model
from infoshare.reading_aloud import Reader
from infoshare.webpage.markup import Content, Markup, spaced, tag


def broken(model: Model, today: date) -> dict[str, Shown | None]:
    """For each guarantee, a case in which it fails; None where it holds for every case."""
    search = Search(model, today)
    return {name: search.breach(guarantee) for name, guarantee in model.guarantees.items()}


def promises(reader: Reader, found: dict[str, Shown | None]) -> list[Markup]:
    """Every guarantee with what became of it."""
    guarantees = reader.model.guarantees.values()
    return [clause(reader, g, _verdict(reader, found[g.name]), heading="h3") for g in guarantees]


def summary(found: dict[str, Shown | None]) -> str:
    """How many hold."""
    kept = sum(shown is None for shown in found.values())
    if kept == len(found):
        return "All of them hold" if kept > 1 else "It holds"
    return f"{kept} of {len(found)} hold"


def _verdict(reader: Reader, shown: Shown | None) -> Content:
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
