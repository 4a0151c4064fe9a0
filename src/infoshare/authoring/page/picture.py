"""A graph -> one SVG drawing, with a title and a description for whoever does not see it.

Invariant: nothing is told by colour alone: every box names what it is, and a dashed line sets aside.
Deliberately not here: which boxes there are (`graph`), and where they stand (`layout`).
"""

import textwrap
from collections.abc import Iterator, Sequence

import attrs

from infoshare.authoring.page.effects import kind, tone
from infoshare.authoring.page.graph import Graph, provision
from infoshare.authoring.page.layout import WIDTH, Placed, Stretch, plan
from infoshare.explain.english import listed
from infoshare.reading_aloud import Reader
from infoshare.webpage.markup import Markup, tag

_LETTERS = 28
"""So many stand on a line of a box."""
_LINE = 17
_PAD = 12
_NUMBER = 32
_MARGIN = 12
_MOST_LINES = 3


@attrs.frozen
class _Entry:
    """A clause in a box: its number, what it is, and its statement on lines."""

    number: int
    kind: str
    tone: str
    lines: tuple[str, ...]

    @property
    def height(self) -> int:
        return _LINE * (len(self.lines) + 1) + 8


def picture(reader: Reader, graph: Graph) -> Markup:
    """The drawing."""
    boxes = [[_entry(reader, name) for name in box.names] for box in graph.boxes]
    heights = [sum(entry.height for entry in entries) + _PAD for entries in boxes]
    dashed = {line.start for line in graph.lines if line.sets_aside}
    where = plan(heights, [(line.start, line.end) for line in graph.lines], dashed)
    width, height = where.width + 2 * _MARGIN, where.height + 2 * _MARGIN
    drawn = [
        tag("title", "What prevails over and sets aside what", id="drawing-title"),
        tag("desc", " ".join(described(reader, graph)), id="drawing-description"),
        tag("defs", [_arrow("prevails"), _arrow("sets-aside")]),
        tag("g", [_line(piece) for piece in where.lines]),
        *(_box(entries, where.boxes[index]) for index, entries in enumerate(boxes)),
    ]
    return tag(
        "svg",
        drawn,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"{-_MARGIN} {-_MARGIN} {width:.0f} {height:.0f}",
        width=f"{width:.0f}",
        height=f"{height:.0f}",
        role="img",
        aria_labelledby="drawing-title drawing-description",
    )


def described(reader: Reader, graph: Graph) -> Iterator[str]:
    """The same in sentences, a line of the drawing each."""
    for line in graph.lines:
        numbers = [
            sorted(reader.number[name] for name in graph.boxes[at].names) for at in (line.start, line.end)
        ]
        acting, acted_on = ([str(number) for number in each] for each in numbers)
        one = len(acting) == 1
        verb = (
            ("sets aside" if one else "set aside") if line.sets_aside else f"prevail{'s' if one else ''} over"
        )
        yield f"{'Clause' if one else 'Clauses'} {listed(acting)} {verb} {listed(acted_on)}."


def _entry(reader: Reader, name: str) -> _Entry:
    found = provision(reader.model, name)
    lines = textwrap.wrap(reader.statement(found), _LETTERS, max_lines=_MOST_LINES, placeholder=" …")
    return _Entry(reader.number[name], kind(found), tone(found), tuple(lines))


def _arrow(name: str) -> Markup:
    return tag(
        "marker",
        tag("path", d="M0 0 L10 5 L0 10 z", class_=f"head {name}"),
        id=f"arrow-{name}",
        viewBox="0 0 10 10",
        refX="9",
        refY="5",
        markerWidth="7",
        markerHeight="7",
        orient="auto",
    )


def _line(piece: Stretch) -> Markup:
    name = "sets-aside" if piece.dashed else "prevails"
    middle = (piece.bend + piece.to_y) / 2
    path = (
        f"M{piece.x:.1f} {piece.top:.1f} V{piece.bend:.1f} C{piece.x:.1f} {middle:.1f}"
        f" {piece.to_x:.1f} {middle:.1f} {piece.to_x:.1f} {piece.to_y:.1f}"
    )
    return tag(
        "path", d=path, class_=f"line {name}", marker_end=f"url(#arrow-{name})" if piece.ends else None
    )


def _box(entries: Sequence[_Entry], place: Placed) -> Markup:
    parts = [
        tag(
            "rect",
            x=f"{place.x:.1f}",
            y=f"{place.y:.1f}",
            width=WIDTH,
            height=f"{place.height:.1f}",
            rx=8,
            class_="box",
        )
    ]
    at = place.y + _PAD / 2
    for index, entry in enumerate(entries):
        if index:
            rule = f"M{place.x + 10:.1f} {at:.1f} h{WIDTH - 20}"
            parts.append(tag("path", d=rule, class_="rule"))
        parts += _written(entry, place.x, at)
        at += entry.height
    return tag("g", parts)


def _written(entry: _Entry, left: float, top: float) -> list[Markup]:
    x, y = left + _NUMBER + _PAD, top + _LINE
    return [
        tag(
            "rect",
            x=f"{left + 6:.1f}",
            y=f"{top + 5:.1f}",
            width=4,
            height=f"{entry.height - 10:.1f}",
            rx=2,
            class_=f"stripe {entry.tone}",
        ),
        tag("text", str(entry.number), x=f"{left + 17:.1f}", y=f"{y:.1f}", class_="number"),
        tag("text", entry.kind, x=f"{x:.1f}", y=f"{y:.1f}", class_=f"kind {entry.tone}"),
        *(
            tag("text", text, x=f"{x:.1f}", y=f"{y + _LINE * (index + 1):.1f}", class_="said")
            for index, text in enumerate(entry.lines)
        ),
    ]
