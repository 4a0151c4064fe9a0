"""Renders diagnostics as text for a person: the message, the line that it speaks of, what to do next.

Invariant: what is printed holds no control or hidden character of the text it quotes, and no line of it is
longer than about a screen's width, however long the line of the policy is.
Deliberately not here: colour and where the text goes (`infoshare.cli`), other formats than text.
"""

import unicodedata
from collections.abc import Iterable

import attrs

from infoshare.diagnostic import Diagnostic, Label
from infoshare.text import Source, visible

__all__ = ["WIDEST_LINE", "render", "render_all", "visible"]

WIDEST_LINE = 110
_TAB = "    "
_CLIPPED = "…"


def render_all(diagnostics: Iterable[Diagnostic]) -> str:
    """Every diagnostic, a blank line between two; ends with a line end, unless there is none to render."""
    rendered = [render(diagnostic) for diagnostic in diagnostics]
    return "\n\n".join(rendered) + "\n" if rendered else ""


def render(diagnostic: Diagnostic, *, case: str = "case") -> str:
    """One diagnostic, without a line end after its last line.

    Args:
        diagnostic: what to render.
        case: the name or file of the case, for a fault of a case.
    """
    head = f"{diagnostic.severity}[{diagnostic.code}] {diagnostic.name}: {visible(diagnostic.message)}"
    lines = [head]
    margin = ""
    if diagnostic.labels:
        numbers = [label.span.line for label in diagnostic.labels]
        margin = " " * len(str(max(numbers)))
        lines += _excerpts(diagnostic.labels, margin)
    elif diagnostic.path is not None:
        lines.append(f"  --> {visible(case)}: {visible(diagnostic.path)}")
    if diagnostic.help:
        if diagnostic.labels:
            lines.append(f"{margin} |")
        lines += [f"{margin or '  '} = help: {visible(sentence)}" for sentence in diagnostic.help]
    for block in diagnostic.blocks:
        lines += ["", *(f"    {visible(line)}".rstrip() for line in block.splitlines())]
    return "\n".join(lines)


@attrs.frozen
class _Excerpt:
    """A line of the text as it is shown, and where on it a label's carets go, in screen columns."""

    text: str
    indent: int
    carets: int


def _excerpts(labels: tuple[Label, ...], margin: str) -> list[str]:
    """The place itself with its line, then the lines of the other labels, in the order of the labels."""
    lines: list[str] = []
    shown: tuple[str, int] | None = None
    for index, label in enumerate(labels):
        source = label.span.source
        number, column = source.line_column(label.span.start)
        if index == 0:
            lines.append(f" --> {visible(source.path)}:{number}:{column}")
            lines += [f"{margin} |"] if source.text else []
        elif (source.path, number) != shown:
            elsewhere = shown is not None and source.path != shown[0]
            lines.append(
                f"{margin}::: {visible(source.path)}:{number}:{column}" if elsewhere else f"{margin} |"
            )
        if not source.text:
            continue  # nothing to show, nor to point at
        excerpt = _excerpt(source, number, label)
        if (source.path, number) != shown or len(excerpt.text) >= WIDEST_LINE:
            lines.append(f"{number:>{len(margin)}} | {excerpt.text}".rstrip())
        shown = (source.path, number)
        carets = f"{' ' * excerpt.indent}{'^' * excerpt.carets} {visible(label.text)}".rstrip()
        lines.append(f"{margin} | {carets}")
    return lines


def _excerpt(source: Source, number: int, label: Label) -> _Excerpt:
    """The line around a label's start, clipped at both ends where it is too wide."""
    line = source.line(number)
    start = min(label.span.start - source.line_starts[number - 1], len(line))
    end = min(start + max(label.span.end - label.span.start, 1), max(len(line), start + 1))
    first = max(0, start - WIDEST_LINE // 2) if len(line) > WIDEST_LINE else 0
    last = min(len(line), first + WIDEST_LINE)
    before = (_CLIPPED if first else "") + _laid_out(line[first:start])
    within = _laid_out(line[start : min(end, last)])
    after = _laid_out(line[min(end, last) : last]) + (_CLIPPED if last < len(line) else "")
    return _Excerpt(before + within + after, _width(before), max(1, _width(within)))


def _laid_out(text: str) -> str:
    return "".join(_TAB if character == "\t" else visible(character) for character in text)


def _width(text: str) -> int:
    """Columns that a text takes on a screen: wide characters take two, combining ones none."""
    return sum(
        0 if unicodedata.category(c) in {"Mn", "Me"} else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )
