"""Turns the text of a policy file into its tree, or into what is wrong with it.

Invariant: an author's mistake never raises. A text without a fault is read by the tables of the grammar; any other is
read again by `recovery`, which tells what is wrong, and which alone decides that something is.
Deliberately not here: reading files (`infoshare.load`), the wording of messages (`infoshare.syntax.faults`).
"""

import re
import threading
from functools import cache

from infoshare.diagnostic import Diagnostic, Label
from infoshare.syntax import tables
from infoshare.syntax.characters import are_sound
from infoshare.syntax.driver import Driver
from infoshare.syntax.file_builder import FileBuilder
from infoshare.syntax.parsed import EVERYTHING as EVERYTHING  # noqa: PLC0414 - people look for both here
from infoshare.syntax.parsed import ParseResult, file_of, values_after_or
from infoshare.syntax.words import VERSION
from infoshare.text import Source, Span

LARGEST_FILE = 8 * 1024 * 1024

_LOCK = threading.Lock()
_HEADER = re.compile(rf"(?:[ \t\r\n]++|#[^\n]*+)*+infoshare[ \t\r\n]+{VERSION}(?![0-9])")


def parse(source: Source) -> ParseResult:
    """The tree of a source, and everything that is wrong with its syntax."""
    with _LOCK:
        sound = _sound(source)
        if sound is not None:
            return sound
        from infoshare.syntax import recovery  # with lark, and all that there is to say about faults

        return recovery.told(source)


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


@cache
def _driver() -> tuple[Driver, FileBuilder] | None:
    """What reads texts, made once per process; None where the tables are not those of the grammar."""
    kept = tables.kept()
    builder = FileBuilder()
    return None if kept is None else (Driver(kept, builder), builder)


def _sound(source: Source) -> ParseResult | None:
    """What a text without a fault says; None where it may have one."""
    ready = _driver()
    if ready is None or not are_sound(source.text) or not _HEADER.match(source.text):
        return None
    driver, builder = ready
    builder.begin(source)
    read = driver.read(source.text, "file")
    declarations = builder.declarations
    if not read or not declarations or builder.faults or builder.broken:
        return None
    if any(values_after_or(declarations, builder.doubtful, frozenset())):
        return None
    return ParseResult(file_of(source, source.text, declarations))
