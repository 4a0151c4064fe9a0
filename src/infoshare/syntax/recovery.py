"""Reads a text that has something wrong with it, as far as it can be read, and tells everything that is wrong.

Invariant: an author's mistake never raises; every declaration that could be read is in the result, and the
names of those that could not are in `broken`. This reads a text without a fault too, to the same tree as
`infoshare.syntax.driver` makes of it, which is quicker. Only this module and `table_making` import lark; no token leaves it.
Deliberately not here: the wording of messages (`infoshare.syntax.faults`).
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from lark import Lark, TextSlice, Token, UnexpectedInput, UnexpectedToken

from infoshare.diagnostic import Diagnostic
from infoshare.syntax import faults
from infoshare.syntax.file_builder import FileBuilder
from infoshare.syntax.lexical import MOST_FAULTS, full_scan, scan
from infoshare.syntax.parsed import EVERYTHING, ParseResult, file_of, values_after_or
from infoshare.syntax.phrases import phrase
from infoshare.syntax.tables import START
from infoshare.syntax.words import KEYWORDS, VERSION
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


@cache
def _grammar() -> tuple[Lark, FileBuilder]:
    """The parser, built once per process, and the builder that it calls. For one parse at a time."""
    builder = FileBuilder()
    lark = Lark(
        (files("infoshare.syntax") / "grammar.lark").read_text(encoding="utf-8"),
        parser="lalr",
        lexer="contextual",
        start=list(START),
        transformer=builder,
        keep_all_tokens=True,
        maybe_placeholders=False,
    )
    return lark, builder


class _Parse:
    """One parse: after a syntax error it goes on with the next declaration."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.lark, self.builder = _grammar()
        self.builder.begin(source)
        self.diagnostics: list[Diagnostic] = []
        self.broken: set[str] = set()
        self.version = VERSION

    def result(self) -> ParseResult:
        scanned = scan(self.source)
        self.text = scanned.text
        self.diagnostics += scanned.faults
        self.starts: Sequence[int] | None = scanned.starts or None
        header_cut = False
        for start, end in scanned.cut:
            self._break(start, end)
            header_cut = header_cut or self.text[:start].isspace() or start == 0
            blank = re.sub(r"[^\n]", " ", self.text[start:end])
            self.text = self.text[:start] + blank + self.text[end:]
        if not self._more(0) and not scanned.cut:
            return ParseResult(None, (*self.diagnostics, faults.nothing_declared(self.source)))
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
            try:
                self._read(at, len(self.text), rule)
            except UnexpectedInput as error:
                at, rule = self._recover(error, at), "declarations"
            else:
                return

    def _read(self, start: int, end: int, rule: str) -> None:
        self.lark.parse(TextSlice(self.text, start, end), start=rule, on_error=_as_a_name)

    def _more(self, at: int) -> bool:
        """Whether anything but white space and comments follows."""
        match = _NOTHING.match(self.text, at)
        return match is None or match.end() < len(self.text)

    def _more_between(self, start: int, end: int) -> bool:
        match = _NOTHING.match(self.text, start, end)
        return match is None or match.end() < end

    def _recover(self, error: UnexpectedInput, begun: int) -> int:
        """Say what is wrong, and find the place to go on from."""
        if self.starts is None:
            self.starts = full_scan(self.source).starts
        accepted = error.interactive_parser.accepts()  # type: ignore[no-untyped-call]
        token = getattr(error, "token", None)
        ended = token is not None and token.type == "$END"
        stopped = len(self.text) if ended else error.pos_in_stream
        at = len(self.text) if stopped is None else stopped
        index = bisect_left(self.starts, at)
        start = max(begun, self.starts[index - 1] if index else 0)
        stop = faults.Stop(self.source, self.text, start, at, accepted)
        self.diagnostics.append(faults.explain(stop))
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
        if faults.between_declarations(stop) and start < at:
            self._salvage(start, at)
            start = at
        self._break(start, resume)
        return resume

    def _after_missing_header(self, at: int) -> int:
        """Go on where the first declaration begins; what stands before it was meant as the header."""
        starts = self.starts or ()
        following = bisect_left(starts, at)
        return starts[following] if following < len(starts) else len(self.text)

    def _salvage(self, start: int, end: int) -> None:
        """Read a declaration that is whole, but followed by something that is none."""
        if not self._more_between(start, end):
            return
        self.builder.resume()
        try:
            self._read(start, end, "declarations")
        except UnexpectedInput:
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
        self._values_after_or()
        found = [*self.diagnostics, *self.builder.faults.values()]
        found.sort(key=lambda diagnostic: diagnostic.labels[0].span.start)
        file = file_of(self.source, self.text, self.builder.declarations)
        return ParseResult(file, tuple(found), frozenset(self.broken | self.builder.broken))

    def _values_after_or(self) -> None:
        for is_, name in values_after_or(self.builder.declarations, self.builder.doubtful, self.broken):
            not_ = "not " if is_.negated else ""
            instead = f"to name several values write `is {not_}one of {phrase(is_.values[0])}, {name.text}`"
            self.diagnostics.append(faults.value_or_value(name.span, is_.span, name.text, instead))
            self.broken.add(name.text)


def _as_a_name(error: UnexpectedInput) -> bool:
    """Take a keyword for a name where only a name fits, and go on.

    The states of an LALR parser are shared between contexts, so that now and then its lexer sees a keyword
    that belongs to another one: a fact called `no` after a value, say.
    """
    if not isinstance(error, UnexpectedToken) or error.token.value not in KEYWORDS:
        return False
    interactive = error.interactive_parser
    if "NAME" not in interactive.accepts():  # type: ignore[no-untyped-call]
        return False
    interactive.feed_token(Token.new_borrow_pos("NAME", error.token.value, error.token))
    return True
