"""Coverages as one HTML page: the text of each policy, each condition marked by what the scenarios show of it.

Invariants: self-contained, without script; nothing is told by colour alone. Deliberately not here: measuring
(`coverage`).
"""

from collections.abc import Iterable, Iterator

import attrs

from infoshare.authoring.coverage import Coverage, Occurrence, Shown
from infoshare.text import Source
from infoshare.webpage.frame import framed
from infoshare.webpage.markup import Content, Markup, table, tag
from infoshare.webpage.style import COLOURS, TABLES, TEXT

_SIGN = {"both": "✓", "half": "½", "none": "✗", "idle": "✗"}
_LEGEND = (
    ("both", "condition", "the decision turned on it both as yes and as no"),
    ("half", "condition", "the decision turned on it one way only, or only its clause did"),
    ("none", "condition", "no scenario shows that it matters"),
    ("idle", "clause", "stands in no scenario; of an exception: takes nothing out of play in any"),
)


def page(coverages: Iterable[Coverage]) -> str:
    """The page, in ASCII: safe whatever standard output is."""
    legend = [
        [tag("dt", _marked(_Mark("atom", css), what)), tag("dd", words)] for css, what, words in _LEGEND
    ]
    body = tag(
        "main",
        tag("h1", "Coverage of conditions"),
        tag(
            "p",
            "Which conditions of a policy its scenarios show to matter: had this one answer been otherwise, and nothing "
            "else, the decision would have been another.",
        ),
        tag("dl", legend, class_="legend"),
        [_policy(coverage, f"p{number}") for number, coverage in enumerate(coverages, 1)],
    )
    text = framed("Coverage of conditions", f"{COLOURS}{TEXT}{TABLES}{_STYLE}", body)
    return text.encode("ascii", "xmlcharrefreplace").decode("ascii")


def _policy(coverage: Coverage, anchor: str) -> Markup:
    total = len(coverage.occurrences)
    both = sum(o.decision.both for o in coverage.occurrences)
    clause = sum(o.clause.both for o in coverage.occurrences)
    figures: list[tuple[str, str]] = [
        (f"{coverage.of_decisions:.1f}\u00a0%", f" decide, seen both ways ({both} of {total})"),
        (f"{coverage.of_clauses:.1f}\u00a0%", f" matter to their clause ({clause} of {total})"),
        (str(coverage.scenarios), " scenarios"),
    ]
    files = {source.path: f"{anchor}f{number}" for number, source in enumerate(coverage.sources, 1)}
    return tag(
        "section",
        tag("h2", coverage.title or coverage.policy, id=anchor),
        tag("ul", [tag("li", tag("strong", figure), words) for figure, words in figures], class_="figures"),
        _gaps(coverage, files),
        [[tag("h3", s.path), _text(coverage, s, files[s.path])] for s in coverage.sources],
        aria_labelledby=anchor,
    )


def _gaps(coverage: Coverage, files: dict[str, str]) -> Iterator[Content]:
    gaps = [o for o in coverage.occurrences if not (o.clause.both and o.decision.both)]
    if gaps:
        columns = ("line", "in", "condition", "to its clause", "to the decision")
        rows = [_row(o, f"#{files[o.span.source.path]}-{o.span.line}") for o in gaps]
        yield tag("div", table("What no scenario shows", columns, rows, class_="gaps"), class_="wide")
    else:
        yield tag("p", "Every condition was seen to matter, both ways.")
    for words, missed in (
        ("Clauses that stand in no scenario", coverage.never_fired),
        ("Exceptions that take nothing out of play in any scenario", coverage.never_lifted),
    ):
        if missed:
            yield tag("p", f"{words}: {', '.join(m.name for m in missed)}.")


def _row(o: Occurrence, link: str) -> Content:
    return [
        tag("td", tag("a", str(o.span.line), href=link), role="cell"),
        tag("th", o.owner, scope="row", role="rowheader"),
        tag("td", tag("code", o.text), role="cell"),
        tag("td", _ways(o.clause), role="cell", data_label="to its clause"),
        tag("td", _ways(o.decision), role="cell", data_label="to the decision"),
    ]


def _text(coverage: Coverage, source: Source, anchor: str) -> Markup:
    """The text of a file, line by line, with what the scenarios show of it marked."""
    marks = [
        (
            o.span,
            _Mark(
                "atom", _class(o), f"to its clause: {_ways(o.clause)}; to the decision: {_ways(o.decision)}"
            ),
        )
        for o in coverage.occurrences
    ]
    missed = (*coverage.never_fired, *coverage.never_lifted)
    marks += [(m.span, _Mark("name", "idle", "no scenario sees this at work")) for m in missed]
    pieces: list[tuple[str, _Mark | None]] = []
    at = 0
    for span, mark in sorted((m for m in marks if m[0].source is source), key=lambda m: m[0].start):
        pieces += [(source.text[at : span.start], None), (span.text, mark)]
        at = span.end
    pieces.append((source.text[at:].removesuffix("\n"), None))
    lines: list[list[Content]] = [[]]
    for text, of in pieces:
        *others, last = text.split("\n")
        for line in others:
            lines[-1].append(_marked(of, line.removesuffix("\r"), more=True))
            lines.append([])
        lines[-1].append(_marked(of, last))
    return tag("pre", [_line(f"{anchor}-{number}", number, line) for number, line in enumerate(lines, 1)])


def _line(anchor: str, number: int, line: Content) -> Markup:
    shown = tag("span", str(number), class_="number", aria_hidden="true")
    return tag("span", shown, line, Markup("\n"), class_="line", id=anchor)


@attrs.frozen
class _Mark:
    """What is said of a stretch of text: by a colour, a sign, and in words."""

    kind: str
    css: str
    words: str = ""


def _marked(mark: _Mark | None, text: str, *, more: bool = False) -> Content:
    """A stretch of text, or a line of it; the sign and the words stand at its end."""
    if mark is None or not text:
        return text
    end = [
        tag("span", _SIGN[mark.css], class_="sign", aria_hidden="true"),
        tag("span", f" [{mark.words}]", class_="unseen") if mark.words else None,
    ]
    return tag(
        "span", text, None if more else end, class_=f"{mark.kind} {mark.css}", title=mark.words or None
    )


def _class(occurrence: Occurrence) -> str:
    if occurrence.decision.both and occurrence.clause.both:
        return "both"
    shown = (occurrence.clause.yes, occurrence.clause.no, occurrence.decision.yes, occurrence.decision.no)
    return "half" if any(shown) else "none"


def _ways(shown: Shown) -> str:
    seen = [word for word, so in (("yes", shown.yes), ("no", shown.no)) if so]
    return f"as {' and as '.join(seen)}{' only' if len(seen) == 1 else ''}" if seen else "not at all"


_STYLE = """
.legend { display: grid; grid-template-columns: max-content 1fr; gap: 0.45rem 1rem; margin: 1rem 0; }
.legend dd { margin: 0; color: var(--soft); }
.figures { list-style: none; display: flex; flex-wrap: wrap; gap: 0.5rem 2.5rem; padding: 0; }
.figures strong { font-size: 1.35rem; }
.wide { overflow-x: auto; }
pre {
  font: 0.86rem/1.7 ui-monospace, "DejaVu Sans Mono", monospace; background: var(--sheet); border: 1px solid var(--rule);
  border-radius: 6px; padding: 0.75rem 0; white-space: pre-wrap; overflow-wrap: anywhere; tab-size: 2;
}
.line { display: block; padding: 0 1rem 0 5.25rem; text-indent: -5.25rem; }
.line:target { background: var(--plain-back); }
.number {
  display: inline-block; width: 3.25rem; padding-right: 1rem; text-align: right; text-indent: 0; color: var(--soft);
  user-select: none;
}
.atom, .name { border-radius: 3px; padding: 0.08em 0.15em; }
.sign { font: 700 0.72em/1 system-ui, sans-serif; margin-left: 0.25em; }
.both { background: var(--share-back); border-bottom: 2px solid var(--share); }
.half { background: var(--advice-back); border-bottom: 2px dashed var(--advice); }
.none, .idle { background: var(--withhold-back); border-bottom: 2px dotted var(--withhold); }
@media (max-width: 40rem) {
  .line { padding: 0 0.5rem 0 3.4rem; text-indent: -3.4rem; }
  .number { width: 2.4rem; padding-right: 0.6rem; }
}
@media print { .wide { overflow: visible; } * { print-color-adjust: exact; } }
"""
