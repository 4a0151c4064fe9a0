"""Coverages -> one HTML page: the text of each policy, each condition marked by what the scenarios show of it.

Invariants: self-contained, without script; everything from a policy is escaped; nothing is said by colour
alone. Deliberately not here: measuring (`coverage`).
"""

from collections.abc import Iterable, Iterator
from html import escape

from infoshare.authoring.coverage import Coverage, Occurrence, Shown
from infoshare.rendering import visible
from infoshare.text import Source, Span


def page(coverages: Iterable[Coverage]) -> str:
    """The page."""
    parts = [part for number, coverage in enumerate(coverages, 1) for part in _policy(coverage, f"p{number}")]
    html = (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Coverage of conditions</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        "<h1>Coverage of conditions</h1>\n"
        "<p>Which conditions of a policy its scenarios show to matter: had this one answer been otherwise, and nothing "
        "else, the decision would have been another.</p>\n"
        f"{_legend()}\n" + "\n".join(parts) + "\n</main>\n</body>\n</html>\n"
    )
    return html.encode("ascii", "xmlcharrefreplace").decode("ascii")  # safe whatever standard output is


def _legend() -> str:
    rows = "".join(
        f'<dt><span class="atom {css}">{what}<span class="sign" aria-hidden="true">{_SIGN[css]}</span></span></dt>'
        f"<dd>{words}</dd>"
        for css, what, words in (
            ("both", "condition", "the decision turned on it both as yes and as no"),
            ("half", "condition", "the decision turned on it one way only, or only its clause did"),
            ("none", "condition", "no scenario shows that it matters"),
            (
                "idle",
                "clause",
                "a clause that stands in no scenario, or an exception that takes nothing out of play in any",
            ),
        )
    )
    return f'<dl class="legend">{rows}</dl>'


def _policy(coverage: Coverage, anchor: str) -> Iterator[str]:
    title = coverage.title or coverage.policy
    both = sum(o.decision.both for o in coverage.occurrences)
    total = len(coverage.occurrences)
    clause = sum(o.clause.both for o in coverage.occurrences)
    yield f'<section aria-labelledby="{anchor}">\n<h2 id="{anchor}">{_escaped(title)}</h2>'
    yield (
        '<ul class="figures">'
        f"<li><strong>{coverage.of_decisions:.1f}&nbsp;%</strong> decide, seen both ways ({both} of {total})</li>"
        f"<li><strong>{coverage.of_clauses:.1f}&nbsp;%</strong> matter to their clause ({clause} of {total})</li>"
        f"<li><strong>{coverage.scenarios}</strong> scenarios</li></ul>"
    )
    yield from _gaps(coverage, anchor)
    for number, source in enumerate(coverage.sources, 1):
        yield f"<h3>{_escaped(source.path)}</h3>"
        yield _text(coverage, source, f"{anchor}f{number}")
    yield "</section>"


def _gaps(coverage: Coverage, anchor: str) -> Iterator[str]:
    gaps = [o for o in coverage.occurrences if not (o.clause.both and o.decision.both)]
    files = {source.path: f"{anchor}f{number}" for number, source in enumerate(coverage.sources, 1)}
    if gaps:
        yield (
            '<div class="wide"><table><caption>What no scenario shows</caption><thead><tr><th scope="col">line</th>'
            '<th scope="col">in</th><th scope="col">condition</th><th scope="col">to its clause</th>'
            '<th scope="col">to the decision</th></tr></thead><tbody>'
        )
        for o in gaps:
            link = f"#{files[o.span.source.path]}-{o.span.line}"
            yield (
                f'<tr><td data-what="line"><a href="{link}">{o.span.line}</a></td><th scope="row">{_escaped(o.owner)}</th>'
                f"<td><code>{_escaped(o.text)}</code></td>"
                f'<td data-what="to its clause">{_ways(o.clause)}</td>'
                f'<td data-what="to the decision">{_ways(o.decision)}</td></tr>'
            )
        yield "</tbody></table></div>"
    else:
        yield "<p>Every condition was seen to matter, both ways.</p>"
    for words, missed in (
        ("Clauses that stand in no scenario", coverage.never_fired),
        ("Exceptions that take nothing out of play in any scenario", coverage.never_lifted),
    ):
        if missed:
            yield f"<p>{words}: " + ", ".join(f"<code>{_escaped(m.name)}</code>" for m in missed) + ".</p>"


def _text(coverage: Coverage, source: Source, anchor: str) -> str:
    marks: list[tuple[Span, str, str, str]] = []
    for o in coverage.occurrences:
        if o.span.source is source:
            marks.append(
                (
                    o.span,
                    "atom",
                    _class(o),
                    f"to its clause: {_ways(o.clause)}; to the decision: {_ways(o.decision)}",
                )
            )
    for missed in (*coverage.never_fired, *coverage.never_lifted):
        if missed.span.source is source:
            marks.append((missed.span, "name", "idle", "no scenario sees this at work"))
    html, at = [], 0
    for span, kind, css, words in sorted(marks, key=lambda mark: mark[0].start):
        html.append(_escaped(source.text[at : span.start]))
        html.append(
            f'<span class="{kind} {css}" title="{_escaped(words)}">{_escaped(span.text)}'
            f'<span class="sign" aria-hidden="true">{_SIGN[css]}</span><span class="said"> [{_escaped(words)}]</span></span>'
        )
        at = span.end
    html.append(_escaped(source.text[at:]))
    lines = "".join(html).split("\n")
    if lines and not lines[-1]:
        lines.pop()
    body = "".join(
        f'<span class="line" id="{anchor}-{number}"><span class="number" aria-hidden="true">{number}</span>{line}\n</span>'
        for number, line in enumerate(_whole(lines), 1)
    )
    return f"<pre>{body}</pre>"


def _whole(lines: list[str]) -> Iterator[str]:
    """Lines in which every mark that a line opens is closed on it, and opened again on the next."""
    opened: list[str] = []
    for line in lines:
        text = "".join(opened) + line
        rest = line
        while rest:
            rest = rest.partition("<")[2]
            if not rest:
                break
            inner, _, rest = rest.partition(">")
            if inner == "/span":
                opened.pop()
            else:
                opened.append(f"<{inner}>")
        yield text + "</span>" * len(opened)


def _class(occurrence: Occurrence) -> str:
    if occurrence.decision.both and occurrence.clause.both:
        return "both"
    shown = (occurrence.clause.yes, occurrence.clause.no, occurrence.decision.yes, occurrence.decision.no)
    return "half" if any(shown) else "none"


def _ways(shown: Shown) -> str:
    match shown.yes, shown.no:
        case True, True:
            return "as yes and as no"
        case True, False:
            return "as yes only"
        case False, True:
            return "as no only"
        case _:
            return "not at all"


def _escaped(text: str) -> str:
    return escape("\n".join(visible(line) for line in text.replace("\r\n", "\n").split("\n")), quote=True)


_SIGN = {"both": "✓", "half": "½", "none": "✗", "idle": "✗"}

_STYLE = """
:root { color-scheme: light; --ink: #1d2329; --soft: #56606b; --line: #d5dae0; --page: #fbfbf9; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 1rem/1.55 system-ui, sans-serif; }
main { max-width: 72rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .5rem; }
h2 { font-size: 1.4rem; margin: 2.5rem 0 .5rem; padding-top: 1.25rem; border-top: 2px solid var(--ink); }
h3 { font: 600 .95rem/1.4 ui-monospace, monospace; margin: 1.75rem 0 .4rem; overflow-wrap: anywhere; }
p { max-width: 46rem; }
.legend { display: grid; grid-template-columns: max-content 1fr; gap: .45rem 1rem; margin: 1rem 0; }
.legend dd { margin: 0; color: var(--soft); }
.figures { list-style: none; display: flex; flex-wrap: wrap; gap: .5rem 2.5rem; padding: 0; margin: .75rem 0 1.25rem; }
.figures strong { font-size: 1.35rem; margin-right: .3rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; }
caption { text-align: left; font-weight: 600; padding: .25rem 0; }
th, td { text-align: left; vertical-align: top; padding: .35rem 1rem .35rem 0; border-bottom: 1px solid var(--line); }
thead th { color: var(--soft); font-weight: 600; font-size: .9rem; }
tbody th { font-weight: 400; }
a { color: #144f90; }
code, pre { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .86rem; }
pre { background: #fff; border: 1px solid var(--line); border-radius: 6px; padding: .75rem 0; margin: 0; line-height: 1.7;
  white-space: pre-wrap; overflow-wrap: anywhere; tab-size: 2; }
.line { display: block; padding: 0 1rem 0 5.25rem; text-indent: -5.25rem; }
.line:target { background: #eef3fb; }
.number { display: inline-block; width: 3.25rem; padding-right: 1rem; text-align: right; text-indent: 0; color: #6d7680;
  user-select: none; }
.atom, .name { border-radius: 3px; padding: .08em .15em; box-decoration-break: clone; -webkit-box-decoration-break: clone; }
.sign { font: 700 .72em/1 system-ui, sans-serif; margin-left: .25em; }
.both { background: #dcf0df; border-bottom: 2px solid #2c7a3d; }
.both .sign { color: #1e6230; }
.half { background: #fdeec4; border-bottom: 2px dashed #946200; }
.half .sign { color: #7a5000; }
.none, .idle { background: #fbdcd8; border-bottom: 2px dotted #ad2b1d; }
.none .sign, .idle .sign { color: #98231a; }
.said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (max-width: 40rem) {
  main { padding: 1.25rem .75rem 3rem; }
  .number { width: 2.4rem; padding-right: .6rem; }
  .line { padding: 0 .5rem 0 3.4rem; text-indent: -3.4rem; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, caption, tbody, tr, th, td { display: block; }
  tr { border-bottom: 1px solid var(--line); padding: .4rem 0; }
  tbody th, td { border: 0; padding: .05rem 0; }
  td[data-what]::before { content: attr(data-what) ": "; color: var(--soft); }
}
@media print {
  body { background: #fff; font-size: 10pt; }
  main { max-width: none; padding: 0; }
  .wide { overflow: visible; }
  pre { border: 0; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  h2, h3, caption { break-after: avoid; }
}
"""
