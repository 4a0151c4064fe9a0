"""Turns the bytes of a policy file into the bytes of the same file as it is laid out for everybody.

Invariant: what comes back says exactly what was given: it parses to the same tree, holds every comment, and laying
it out again changes nothing. Where that should not be so, nothing comes back, but what is wrong.
Deliberately not here: how things are laid out (`infoshare.syntax.layout`), and reading and writing files (the door).
"""

from collections import Counter
from collections.abc import Iterator
from difflib import unified_diff

import attrs

from infoshare.diagnostic import Diagnostic
from infoshare.syntax import tree
from infoshare.syntax.parser import decode, parse
from infoshare.syntax.printer import print_file
from infoshare.text import Source


@attrs.frozen
class LaidOut:
    """What became of a file.

    Attributes:
        data: the file as it should be; None if it cannot be read, or not be laid out safely.
        changed: whether that is not what was given.
        diagnostics: what is wrong with the file, or with infoshare.
    """

    data: bytes | None
    changed: bool = False
    diagnostics: tuple[Diagnostic, ...] = ()


def lay_out(path: str, data: bytes) -> LaidOut:
    """Lays a file out.

    Lines end as the first line of the file does: with LF, or as files that were made on Windows with CRLF.
    A byte-order mark is left out.

    Args:
        path: what the file is called in diagnostics.
        data: its bytes.
    """
    source, faults = decode(path, data)
    if source is None:
        return LaidOut(None, diagnostics=faults)
    parsed = parse(source)
    if parsed.file is None or parsed.diagnostics:
        return LaidOut(None, diagnostics=parsed.diagnostics)
    text = print_file(parsed.file)
    reason = difference(parsed.file, text)
    if reason is not None:
        return LaidOut(None, diagnostics=(_refused(path, reason),))
    written = text.replace("\n", "\r\n") if _ends_lines_with_crlf(data) else text
    new = written.encode()
    return LaidOut(new, new != data)


def difference(file: tree.File, text: str) -> str | None:
    """How a text differs from the file that it should lay out; None if it says the same, with every comment."""
    again = parse(Source("laid out", text))
    if again.diagnostics or again.file is None:
        return "it could not be read again"
    if again.file != file:
        return "it would say something else"
    if Counter(comment.text for comment in again.file.comments) != Counter(
        comment.text for comment in file.comments
    ):
        return "it would lose a comment"
    if print_file(again.file) != text:
        return "laying it out again would change it again"
    return None


def changes(path: str, before: bytes, after: bytes) -> Iterator[str]:
    """What would change, as a unified diff without line ends."""
    old, new = (data.decode("utf-8", errors="replace").splitlines() for data in (before, after))
    if old == new:
        yield f"{path}: only the ends of lines, or what no line shows, would change"
        return
    yield from unified_diff(old, new, path, f"{path} (laid out)", lineterm="")


def _ends_lines_with_crlf(data: bytes) -> bool:
    first = data.find(b"\n")
    return first > 0 and data[first - 1 : first] == b"\r"


def _refused(path: str, reason: str) -> Diagnostic:
    message = f"`{path}` cannot be laid out safely: {reason}"
    help_ = (
        "the file is left as it is; this is our fault, not yours",
        "report it with the file, or with the smallest part of it that does this",
    )
    return Diagnostic("IS901", message, help=help_)
