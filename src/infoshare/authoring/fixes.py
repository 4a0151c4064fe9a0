"""Applies fixes: replaces stretches of a file, and leaves out any fix after which it would not parse.

Invariant: what comes back parses without a fault, and holds every comment that no fix was about.
Deliberately not here: reading and writing files (the door).
"""

from collections import Counter
from collections.abc import Iterable, Sequence

import attrs

from infoshare.authoring.findings.finding import Edit, Finding
from infoshare.syntax import tree as t
from infoshare.syntax.parser import parse
from infoshare.text import Source


@attrs.frozen
class Fixed:
    """A text, and how many findings were mended in it."""

    text: str
    count: int


def fixed(source: Source, findings: Iterable[Finding]) -> Fixed:
    """Applies the fixes of findings to the text of a source; of two that overlap, the first.

    A fix after which the text could not be read is left out, and so is one that would lose a comment.
    """
    chosen: list[tuple[Edit, ...]] = []
    for finding in findings:
        here = bool(finding.fix) and all(edit.span.source.path == source.path for edit in finding.fix)
        free = not any(_overlap(a, b) for edits in chosen for a in edits for b in finding.fix)
        if here and free and _safe(source, [*chosen, finding.fix]):
            chosen.append(finding.fix)
    return Fixed(_edited(source, chosen), len(chosen))


def _overlap(a: Edit, b: Edit) -> bool:
    return a.span.start < b.span.end and b.span.start < a.span.end


def _edited(source: Source, fixes: Sequence[tuple[Edit, ...]]) -> str:
    """Makes the edits, the last one first so that the offsets of the others stay valid."""
    text = source.text
    for edit in sorted((e for fix in fixes for e in fix), key=lambda e: e.span.start, reverse=True):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


def _safe(source: Source, fixes: Sequence[tuple[Edit, ...]]) -> bool:
    before, after = parse(source), parse(Source(source.path, _edited(source, fixes)))
    if before.file is None or after.file is None or after.diagnostics:
        return False
    taken = Counter(
        comment.text
        for comment in before.file.comments
        if any(e.span.start <= comment.span.start < e.span.end for fix in fixes for e in fix)
    )
    return _comments(after.file) == _comments(before.file) - taken


def _comments(file: t.File) -> Counter[str]:
    return Counter(comment.text for comment in file.comments)
