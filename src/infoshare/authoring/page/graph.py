"""What prevails over and sets aside what -> boxes and lines, and these as Mermaid and as DOT text.

Clauses that act on the same and are acted on by the same share a box: a drawing of forty lines says no more
than one of four. Invariants: every clause that acts or is acted on is in exactly one box, and every line
stands for all pairs of its two boxes; in the texts no label is anything but a label.
Deliberately not here: places (`layout`) and drawing (`picture`).
"""

import re
from collections.abc import Iterator, Mapping, Sequence

import attrs

from infoshare.explain.english import shown
from infoshare.meaning.model import Exception_, Model, Provision
from infoshare.reading_aloud import Reader


@attrs.frozen
class Box:
    """Clauses that stand together."""

    names: tuple[str, ...]


@attrs.frozen
class Line:
    """From a box to another: what is in the first prevails over, or sets aside, what is in the second."""

    start: int
    end: int
    sets_aside: bool


@attrs.frozen
class Graph:
    """The boxes in the order of their first clauses, and the lines between them."""

    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]


def graph(reader: Reader) -> Graph:
    """The boxes and lines of a policy; none where nothing acts on anything."""
    model = reader.model
    acting = sorted(
        (name for name, targets in model.targets.items() if targets), key=reader.number.__getitem__
    )
    pairs = [(name, target) for name in acting for target in model.targets[name]]
    alike: dict[object, list[str]] = {}
    for name in sorted({name for pair in pairs for name in pair}, key=reader.number.__getitem__):
        key = (
            _kind(provision(model, name)),
            frozenset(model.targets.get(name, ())),
            frozenset(start for start, end in pairs if end == name),
        )
        alike.setdefault(key, []).append(name)
    boxes = tuple(Box(tuple(names)) for names in alike.values())
    box = {name: index for index, each in enumerate(boxes) for name in each.names}
    lines = dict.fromkeys(
        Line(box[start], box[end], isinstance(provision(model, start), Exception_)) for start, end in pairs
    )
    return Graph(boxes, tuple(lines))


def provision(model: Model, name: str) -> Provision:
    """What is declared by a name."""
    tables: tuple[Mapping[str, Provision], ...] = (
        model.clauses,
        model.exceptions,
        model.duties,
        model.safeguards,
        model.advice,
    )
    return next(table[name] for table in tables if name in table)


def _kind(found: Provision) -> str:
    return type(found).__name__


# --- as text --------------------------------------------------------------------------------------


def mermaid(reader: Reader, found: Graph) -> str:
    """The graph as Mermaid text."""
    return "\n".join(_mermaid(reader, found)) + "\n"


def _mermaid(reader: Reader, found: Graph) -> Iterator[str]:
    yield "flowchart TB"
    for index, box in enumerate(found.boxes):
        yield f'  n{index}["{"<br/>".join(_entities(label) for label in _labels(reader, box.names))}"]'
    for line in found.lines:
        arrow = "-.->" if line.sets_aside else "-->"
        yield f"  n{line.start} {arrow}|{_how(line)}| n{line.end}"


def _entities(label: str) -> str:
    """Whatever is more than a letter, a digit, a space or a full stop as Mermaid's entity code."""
    return re.sub(r"[^A-Za-z0-9 .]", lambda found: f"#{ord(found[0])};", label)


def dot(reader: Reader, found: Graph) -> str:
    """The graph as DOT text, for Graphviz."""
    return "\n".join(_dot(reader, found)) + "\n"


def _dot(reader: Reader, found: Graph) -> Iterator[str]:
    yield "digraph policy {"
    yield "  node [shape=box];"
    for index, box in enumerate(found.boxes):
        yield f'  n{index} [label="{"".join(_quoted(label) + _LEFT for label in _labels(reader, box.names))}"];'
    for line in found.lines:
        style = ", style=dashed" if line.sets_aside else ""
        yield f'  n{line.start} -> n{line.end} [label="{_how(line)}"{style}];'
    yield "}"


_LEFT = r"\l"
"""Ends a line of a DOT label, flush left."""


def _quoted(label: str) -> str:
    """As it stands within quotes: DOT reads a backslash as an escape and `&` as an entity."""
    return label.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")


def _labels(reader: Reader, names: Sequence[str]) -> list[str]:
    model = reader.model
    return [f"{reader.number[name]}. {shown(reader.statement(provision(model, name)))}" for name in names]


def _how(line: Line) -> str:
    return "sets aside" if line.sets_aside else "prevails over"
