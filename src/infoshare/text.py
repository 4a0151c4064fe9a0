"""Document text and places in it: `Source`, and `Span`, a stretch of a source; `visible`, as it may be shown.

Invariant: a span's offsets count characters of its source's text, and `0 <= start <= end <= len(text)`.
Deliberately not here: reading files (`infoshare.policy.load`) and rendering (`infoshare.diagnostic`).
"""

import unicodedata
from bisect import bisect_right
from functools import cached_property

import attrs


@attrs.frozen(slots=False, eq=False)
class Source:
    """The text of one document, and the path by which people know it.

    Args:
        path: as shown in messages, `/` between parts; also what `use` is relative to.
        text: decoded, without a byte-order mark; lines end in LF or CR LF.
    """

    path: str
    text: str = attrs.field(repr=False)

    @cached_property
    def line_starts(self) -> tuple[int, ...]:
        """Offset of the first character of each line, in order."""
        starts, at = [0], self.text.find("\n")
        while at != -1:
            starts.append(at + 1)
            at = self.text.find("\n", at + 1)
        return tuple(starts)

    def line_column(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both counted from 1, columns in characters."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of a line (counted from 1), without its line end."""
        start = self.line_starts[number - 1]
        end = self.line_starts[number] if number < len(self.line_starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")


@attrs.frozen(eq=False)
class Span:
    """A stretch of a source: from `start` up to, not including, `end`."""

    source: Source
    start: int
    end: int

    @property
    def text(self) -> str:
        """The characters that the span covers."""
        return self.source.text[self.start : self.end]

    @property
    def line(self) -> int:
        """The line, counted from 1, that the span starts on."""
        return self.source.line_column(self.start)[0]

    @property
    def column(self) -> int:
        """The column, counted from 1 in characters, that the span starts at."""
        return self.source.line_column(self.start)[1]

    def to(self, other: "Span") -> "Span":
        """The stretch from this span's start to the other's end."""
        return Span(self.source, self.start, other.end)


def visible(text: str) -> str:
    r"""Text with every control or hidden character written out, as `\x1b` or `\u202e`."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(character if _harmless(character) else _escaped(character) for character in text)


def quoted(name: str) -> str:
    """The name of a file as it stands when it is plain, else in quotes with what is odd in it escaped."""
    plain = name != "" and all(character.isprintable() and character not in " \"'`\\" for character in name)
    if plain:
        return name
    inner = name.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{visible(inner)}"'


def _harmless(character: str) -> bool:
    return unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Zl", "Zp", "Co", "Cn"}


def _escaped(character: str) -> str:
    point = ord(character)
    if point < 0x100:
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"
