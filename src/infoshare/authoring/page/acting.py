"""What prevails over and sets aside what: as a grid to read, and as Mermaid and DOT text for those who want a drawing.

Clauses that act on the same and are acted on by the same share a box: forty lines say no more than four. Invariants:
every clause that acts or is acted on is in exactly one box; every line stands for all pairs of its two boxes; nothing
is told by colour alone; in the texts no label is anything but a label.
Deliberately not here: a drawing of our own. Tools lay out graphs better, and lines between twenty boxes help nobody.
"""

import re
from collections.abc import Sequence

import attrs

from infoshare.authoring.page.clauses import badge
from infoshare.explain.aloud import Reader
from infoshare.meaning.model import Model
from infoshare.text import visible
from infoshare.webpage.markup import Content, Markup, spaced, tag


@attrs.frozen
class Line:
    """From a box to another: what is in the first prevails over, sets aside or relaxes what is in the second."""

    start: int
    end: int
    verb: str


@attrs.frozen
class Graph:
    """The names in each box, those that act before what they act on, and the lines between the boxes."""

    boxes: tuple[tuple[str, ...], ...]
    lines: tuple[Line, ...]


def graph(reader: Reader) -> Graph:
    """The boxes and lines of a policy; none where nothing acts on anything."""
    model, number = reader.model, reader.number
    pairs = [(name, target) for name, targets in model.targets.items() for target in targets]
    alike: dict[object, list[str]] = {}
    for name in sorted({name for pair in pairs for name in pair}, key=number.__getitem__):
        acts_on = frozenset(model.targets.get(name, ()))
        acted_on_by = frozenset(start for start, end in pairs if end == name)
        alike.setdefault((type(model.provision(name)), _verb(model, name), acts_on, acted_on_by), []).append(
            name
        )
    depth = _depths(pairs)
    boxes = sorted(alike.values(), key=lambda names: (-depth[names[0]], number[names[0]]))
    box = {name: index for index, names in enumerate(boxes) for name in names}
    lines = {Line(box[start], box[end], _verb(model, start)) for start, end in pairs}
    return Graph(tuple(map(tuple, boxes)), tuple(sorted(lines, key=lambda line: (line.start, line.end))))


def _verb(model: Model, name: str) -> str:
    """How it acts on others."""
    exception = model.exceptions.get(name)
    if exception is None:
        return "prevails over"
    return "relaxes" if exception.relaxes else "sets aside"


_SIGNS = {"prevails over": ">", "sets aside": "×", "relaxes": "~"}


def _depths(pairs: Sequence[tuple[str, str]]) -> dict[str, int]:
    """How many lines lead down from each name, at most, one after another; they form no circle."""
    depth = {name: 0 for pair in pairs for name in pair}
    for _ in depth:
        for start, end in pairs:
            depth[start] = max(depth[start], depth[end] + 1)
    return depth


# --- as text --------------------------------------------------------------------------------------


def mermaid(reader: Reader, found: Graph) -> str:
    """The graph as Mermaid text."""
    boxes = [
        f'  n{at}["{"<br/>".join(map(_entities, _labels(reader, b)))}"]' for at, b in enumerate(found.boxes)
    ]
    lines = [
        f"  n{line.start} {'-->' if line.verb == 'prevails over' else '-.->'}|{line.verb}| n{line.end}"
        for line in found.lines
    ]
    return "\n".join(["flowchart TB", *boxes, *lines, ""])


def _entities(label: str) -> str:
    """Whatever is more than a letter, a digit, a space or a full stop as Mermaid's entity code."""
    return re.sub(r"[^A-Za-z0-9 .]", lambda found: f"#{ord(found[0])};", label)


def dot(reader: Reader, found: Graph) -> str:
    """The graph as DOT text, for Graphviz."""
    left = r"\l"  # ends a line of a label, flush left
    boxes = [
        f'  n{at} [label="{"".join(_quoted(label) + left for label in _labels(reader, box))}"];'
        for at, box in enumerate(found.boxes)
    ]
    lines = [
        f'  n{line.start} -> n{line.end} [label="{line.verb}"{"" if line.verb == "prevails over" else ", style=dashed"}];'
        for line in found.lines
    ]
    return "\n".join(["digraph policy {", "  node [shape=box];", *boxes, *lines, "}", ""])


def _quoted(label: str) -> str:
    """As it stands within quotes: DOT reads a backslash as an escape and `&` as an entity."""
    return label.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")


def _labels(reader: Reader, names: Sequence[str]) -> list[str]:
    return [f"{reader.number[n]}. {visible(reader.statement(reader.model.provision(n)))}" for n in names]


# --- as a grid ------------------------------------------------------------------------------------


def grid(reader: Reader, found: Graph) -> Markup:
    """A table: a row for each box that acts, a column for each that is acted on, and a mark where one acts on the other."""
    acts = {(line.start, line.end): line for line in found.lines}
    rows = sorted({line.start for line in found.lines})
    columns = sorted({line.end for line in found.lines}, key=lambda at: reader.number[found.boxes[at][0]])
    head = [tag("th", _numbers(reader, found.boxes[at]), scope="col") for at in columns]
    body = [
        tag(
            "tr",
            tag("th", [_clause(reader, name) for name in found.boxes[row]], scope="row"),
            [tag("td", _mark(acts.get((row, column)))) for column in columns],
        )
        for row in rows
    ]
    return tag(
        "table",
        tag("caption", "What prevails over and sets aside what"),
        tag("thead", tag("tr", tag("th", "Clause", scope="col"), head)),
        tag("tbody", body),
        class_="grid",
    )


def _clause(reader: Reader, name: str) -> Markup:
    found = reader.model.provision(name)
    number = tag("a", str(reader.number[name]), href=f"#clause-{reader.number[name]}", class_="to")
    return tag("p", spaced([number, badge(found), reader.statement(found)]))


def _numbers(reader: Reader, names: Sequence[str]) -> Content:
    numbers = sorted(reader.number[name] for name in names)
    return [tag("a", str(number), href=f"#clause-{number}", class_="to") for number in numbers]


def _mark(line: Line | None) -> Content:
    if line is None:
        return None
    return [tag("span", _SIGNS[line.verb], aria_hidden="true"), tag("span", line.verb, class_="unseen")]
