"""Turns the text of a policy file into its tree, or into what is wrong with it.

Invariant: an author's mistake never raises. A text without a fault is read once; of any other `recovery` reads what can
be read, and tells what is wrong.
Deliberately not here: reading files (`infoshare.policy.load`), the wording of messages (`infoshare.syntax.faults`).
"""

import re
import threading
from collections.abc import Sequence

from infoshare.diagnostic import Diagnostic, Label
from infoshare.syntax import tree
from infoshare.syntax.characters import are_sound
from infoshare.syntax.driver import Driver
from infoshare.syntax.file_builder import FileBuilder
from infoshare.syntax.tables import tables
from infoshare.syntax.words import VERSION
from infoshare.text import Source, Span
from infoshare.values import frozen

EVERYTHING = "*"
_NOTHING_FITS = "\0"  # a character that no terminal has
LARGEST_FILE = 8 * 1024 * 1024

_MINE = threading.local()
_HEADER = re.compile(rf"(?:[ \t\r\n]++|#[^\n]*+)*+infoshare[ \t\r\n]+{VERSION}(?![0-9])")


_COMMENT = re.compile(r'"[^"]*"?|(#[^\n]*)')


@frozen
class ParseResult:
    """What could be read, and what is wrong.

    Args:
        file: the tree; partial where there are diagnostics.
        diagnostics: in the order of the text.
        broken: names (and fact paths) that were declared in declarations that could not be read;
            `EVERYTHING` among them where it could not be seen what one of them declares or uses.
    """

    file: tree.File | None
    diagnostics: tuple[Diagnostic, ...] = ()
    broken: frozenset[str] = frozenset()


def parse(source: Source) -> ParseResult:
    """The tree of a source, and everything that is wrong with its syntax."""
    driver, builder = reader()
    if are_sound(source.text) and _HEADER.match(source.text):
        builder.begin(source)
        stopped = driver.read(source.text, "file")
        if stopped is None and builder.declarations and not builder.faults and not builder.broken:
            return ParseResult(file_of(source, source.text, builder.declarations))
    from infoshare.syntax import recovery  # with all that there is to say about faults

    return recovery.told(source)


def has_header(text: str) -> bool:
    """Whether a text begins with the version of the language, comments aside."""
    return _HEADER.match(text) is not None


def fitting(text: str) -> tuple[int, frozenset[str]]:
    """What could stand next after the beginning of a declaration, or of a file with its header.

    Returns:
        where the text stops fitting the grammar, which is its length where all of it does; and the terminals of the
        grammar that could stand there.
    """
    driver, builder = reader()
    builder.begin(Source("", text))
    stopped = driver.read(text + _NOTHING_FITS, "file" if has_header(text) else "declarations")
    return (len(text), frozenset()) if stopped is None else (min(stopped.at, len(text)), stopped.accepted)


def reader() -> tuple[Driver, FileBuilder]:
    """What reads texts, and the builder that it calls; made once per thread, for one parse at a time."""
    mine: tuple[Driver, FileBuilder] | None = getattr(_MINE, "reader", None)
    if mine is None:
        builder = FileBuilder()
        mine = _MINE.reader = Driver(tables(), builder), builder
    return mine


def file_of(source: Source, text: str, declarations: Sequence[tree.Declaration]) -> tree.File:
    """The tree of a whole file.

    Args:
        source: the file.
        text: its text as it was parsed, which is where comments are looked for.
        declarations: those that could be read.
    """
    whole = Span(source, 0, len(source.text))
    return tree.File(VERSION, tuple(declarations), _comments(source, text), span=whole)


def _comments(source: Source, text: str) -> tuple[tree.Comment, ...]:
    if "#" not in text:
        return ()
    return tuple(
        tree.Comment(
            match[1].rstrip(), span=Span(source, match.start(1), match.start(1) + len(match[1].rstrip()))
        )
        for match in _COMMENT.finditer(text)
        if match[1] is not None
    )


def decode(path: str, data: bytes) -> tuple[Source | None, tuple[Diagnostic, ...]]:
    """The source that the bytes of a file hold, or why they hold none. A byte-order mark is left out."""
    if len(data) > LARGEST_FILE:
        nothing = Label(Span(Source(path, ""), 0, 0))
        message = f"the file is larger than {LARGEST_FILE // 1024 // 1024} MB, the most that is read"
        return None, (Diagnostic("IS802", message, (nothing,), ("split it, and join the parts with `use`",)),)
    try:
        return Source(path, data.decode("utf-8").removeprefix("\ufeff")), ()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", errors="replace")
        shown = Source(path, before + "\ufffd")
        help_ = "save the file as UTF-8"
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            help_ += "; it seems to be UTF-16"
        place = Label(Span(shown, len(before), len(before) + 1), "this byte")
        message = f"the file is not UTF-8: byte {error.start} (0x{data[error.start]:02x}) cannot be read"
        return None, (Diagnostic("IS801", message, (place,), (help_,)),)
