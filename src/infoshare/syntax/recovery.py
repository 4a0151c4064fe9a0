"""Reads a text that has something wrong with it, as far as it can be read, and tells everything that is wrong.

Invariant: an author's mistake never raises; every declaration that could be read is in the result, and the
names of those that could not are in `broken`.
Deliberately not here: the wording of messages (`infoshare.syntax.faults`).
"""

import re
from bisect import bisect_left, bisect_right

from infoshare.diagnostic import Diagnostic
from infoshare.syntax import faults
from infoshare.syntax.driver import Stop
from infoshare.syntax.lexical import MOST_FAULTS, scan
from infoshare.syntax.parser import EVERYTHING, ParseResult, file_of, reader
from infoshare.syntax.words import VERSION
from infoshare.text import Source, Span

_NOTHING = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+)*+")
_VERSION = re.compile(r"infoshare[ \t\r\n]+([0-9]+)")
_NAMED = re.compile(r"\s*[a-z_]+\s+(?:about\s+(each\s+)?)?([a-z][a-z0-9_]*)")
_NAMELESS = re.compile(r'([a-z][a-z0-9_]*)[ \t]+"(?!\S*\.policy"|infoshare:)')
_LOST_USE = re.compile(r'[a-z]*[ \t]*"?(?:[^"\s]*\.policy\b|infoshare:)')
_FACT = re.compile(
    r'([a-z][a-z0-9_]*)\s*"[^"\n]*"?\s*:|^[ \t]*(?!(?:ask|one|some|unanswered)\b)([a-z][a-z0-9_]*)\b[ \t]*["a-z:]',
    re.MULTILINE,
)


def told(source: Source) -> ParseResult:
    """The tree of a source, and everything that is wrong with its syntax. One at a time."""
    return _Parse(source).result()


class _Parse:
    """One parse: after a syntax error it goes on with the next declaration."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.driver, self.builder = reader()
        self.builder.begin(source)
        self.diagnostics: list[Diagnostic] = []
        self.broken: set[str] = set()
        self.version = VERSION

    def result(self) -> ParseResult:
        scanned = scan(self.source)
        self.text = scanned.text
        self.diagnostics += scanned.faults
        self.starts = scanned.starts
        header_cut = False
        for start, end in scanned.cut:
            self._break(start, end)
            header_cut = header_cut or self.text[:start].isspace() or start == 0
            blank = re.sub(r"[^\n]", " ", self.text[start:end])
            self.text = self.text[:start] + blank + self.text[end:]
        if not self._more(0) and not scanned.cut:
            return ParseResult(None, (faults.nothing_declared(self.source), *self.diagnostics))
        self._parse(self._header(tolerant=header_cut))
        return self._assembled()

    def _header(self, *, tolerant: bool) -> tuple[int, str]:
        """Where to parse from, and as what; a wrong or missing version does not stop the rest."""
        first = _NOTHING.match(self.text)
        at = first.end() if first else 0
        match = _VERSION.match(self.text, at)
        if match is None:
            return (at, "declarations") if tolerant else (0, "file")
        if match[1] != str(VERSION):
            self.diagnostics.append(faults.wrong_version(Span(self.source, *match.span(1)), match[1]))
            return match.end(), "declarations"
        if not self._more(match.end()):
            if not tolerant and not self.diagnostics:
                self.diagnostics.append(faults.nothing_declared(self.source))
            return len(self.text), "declarations"
        return 0, "file"

    def _parse(self, begin: tuple[int, str]) -> None:
        at, rule = begin
        while self._more(at) and len(self.diagnostics) < MOST_FAULTS:
            self.builder.resume()
            stopped = self.driver.read(self.text, rule, at)
            if stopped is None:
                return
            at, rule = self._recover(stopped, at), "declarations"

    def _more(self, at: int, end: int | None = None) -> bool:
        """Whether anything but white space and comments follows."""
        end = len(self.text) if end is None else end
        match = _NOTHING.match(self.text, at, end)
        return match is None or match.end() < end

    def _recover(self, stopped: Stop, begun: int) -> int:
        """Say what is wrong, and find the place to go on from."""
        at, accepted = stopped.at, stopped.accepted
        index = bisect_left(self.starts, at)
        start = max(begun, self.starts[index - 1] if index else 0)
        stop = faults.Place(self.source, self.text, start, at, accepted)
        self.diagnostics.append(stop.explain())
        nameless = _NAMELESS.match(self.text, at)  # a declaration that has lost its first word
        if nameless is not None:
            self.broken.add(nameless[1])
        elif _LOST_USE.match(self.text, at):
            self.broken.add(EVERYTHING)
        if "INFOSHARE" in accepted:
            return self._after_missing_header(at)
        following = bisect_right(self.starts, at)
        resume = self.starts[following] if following < len(self.starts) else len(self.text)
        version = _VERSION.match(self.text, at)
        if version is not None:
            self._salvage(start, at)
            return version.end()
        if index < len(self.starts) and self.starts[index] == at > begun:
            self._break(start, at)
            return at  # the declaration before is cut short; this one may be sound
        if stop.between_declarations() and start < at:
            self._salvage(start, at)
            start = at
        self._break(start, resume)
        return resume

    def _after_missing_header(self, at: int) -> int:
        """Go on where the first declaration begins; what stands before it was meant as the header."""
        following = bisect_left(self.starts, at)
        return self.starts[following] if following < len(self.starts) else len(self.text)

    def _salvage(self, start: int, end: int) -> None:
        """Read a declaration that is whole, but followed by something that is none."""
        if not self._more(start, end):
            return
        self.builder.resume()
        if self.driver.read(self.text, "declarations", start, end) is not None:
            self._break(start, end)

    def _break(self, start: int, end: int) -> None:
        """Remember the names that a stretch of text would have declared."""
        text = self.text[start : min(end, start + 200_000)]
        match = _NAMED.match(text)
        if match is None or text.lstrip().startswith("use"):
            if not text.lstrip().startswith("scenario"):
                self.broken.add(EVERYTHING)
            return
        name = match[2]
        self.broken.add(name)
        if re.match(r"\s*[a-z_]+\s+about\b|\s*facts\b", text):
            for fact in _FACT.finditer(text):
                self.broken.add(f"{name}.{fact[1] or fact[2]}")

    # --- putting together -----------------------------------------------------------------------------

    def _assembled(self) -> ParseResult:
        found = [*self.diagnostics, *self.builder.faults.values()]
        found.sort(key=lambda diagnostic: diagnostic.labels[0].span.start)
        file = file_of(self.source, self.text, self.builder.declarations)
        return ParseResult(file, tuple(found), frozenset(self.broken | self.builder.broken))
