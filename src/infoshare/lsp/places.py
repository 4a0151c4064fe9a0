"""Places as the protocol has them: files as URIs, lines counted from 0, columns in the units that were agreed on.

Invariant: a column is turned by the codec that client and server agreed on, UTF-8, UTF-16 or UTF-32; a line ends in LF,
CR LF or CR, whatever else a text holds.
"""

import re
from bisect import bisect_right
from functools import lru_cache

from lsprotocol import types
from pygls.uris import from_fs_path, to_fs_path
from pygls.workspace import PositionCodec

from infoshare.text import Span

_LINE_END = re.compile(r"\r\n|\n|\r")


@lru_cache(maxsize=64)
def _starts(text: str) -> tuple[int, ...]:
    return (0, *(match.end() for match in _LINE_END.finditer(text)))


def position(codec: PositionCodec, text: str, offset: int) -> types.Position:
    """A place in a text, as the client counts."""
    starts = _starts(text)
    line = bisect_right(starts, offset) - 1
    return types.Position(line, codec.client_num_units(text[starts[line] : offset]))


def range_of(codec: PositionCodec, span: Span) -> types.Range:
    """A stretch of a text, as the client counts."""
    text = span.source.text
    return types.Range(position(codec, text, span.start), position(codec, text, span.end))


def offset(codec: PositionCodec, text: str, place: types.Position) -> int:
    """A place that the client gives, in characters; the nearest that there is, where it is beyond a line or the text."""
    starts = _starts(text)
    if place.line >= len(starts):
        return len(text)
    start = starts[place.line]
    end = starts[place.line + 1] if place.line + 1 < len(starts) else len(text)
    line = _LINE_END.sub("", text[start:end])
    units = min(place.character, codec.client_num_units(line))
    if units == 0:
        return start
    found = codec.position_from_client_units([line], types.Position(0, units))
    return start + found.character


def edited(codec: PositionCodec, text: str, changes: "list[types.TextDocumentContentChangeEvent]") -> str:
    """A text after changes, each made to what the one before left."""
    for change in changes:
        if isinstance(change, types.TextDocumentContentChangePartial):
            start, end = (offset(codec, text, p) for p in (change.range.start, change.range.end))
            text = text[:start] + change.text + text[max(start, end) :]
        else:
            text = change.text
    return text


def path_of(uri: str) -> str:
    """The path of a file; what is no file is known by its URI."""
    path = to_fs_path(uri) if uri.startswith("file:") else None
    return uri if path is None else path.replace("\\", "/")


def uri_of(path: str) -> str:
    """The URI of a file."""
    return (from_fs_path(path) or path) if path.startswith("/") or path[1:2] == ":" else path
