"""Checks a text character by character before it is parsed: what a grammar is too late or too polite to say.

Turns a text into the faults of its characters, names, numbers and strings, a text of the same length in which
the parser will not trip over them, and the places where declarations begin. A text without a fault is seen to
be so by one regular expression. Deliberately not here: which word may follow which (`grammar.lark`).
"""

import re
from collections.abc import Iterator, Sequence
from typing import cast

import attrs

from infoshare.diagnostic import Diagnostic, Label
from infoshare.syntax.characters import BAD, DEEPEST
from infoshare.syntax.spelling import bad_character, bad_number, bad_word
from infoshare.syntax.words import DECLARATIONS
from infoshare.text import Source, Span

LONGEST_NAME = 100
MOST_FAULTS = 100

_TOKEN = re.compile(
    r"""
      (?P<space>[ \t\n]+|\r\n)
    | (?P<comment>\#[^\n]*)
    | (?P<string>"[^"]*"?)
    | (?P<number>\+?\d\w*(?:[./:-]\w+)*)
    | (?P<word>[^\W\d][\w\u0300-\u036f]*(?:\.[^\W\d][\w\u0300-\u036f]*)*)
    | (?P<sign>[<>]=?|[(),:-])
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_BAD_CHARACTER = re.compile(rf"[{BAD}]|\r(?!\n)")
_BAD_IN_STRING = re.compile(rf"[{BAD}\t\\]|\r(?!\n)")
_NAMED = "|".join(
    sorted(set(DECLARATIONS) - {"infoshare", "use", "facts", "scenario", "value", "advice", "holidays"})
)
_BEGINS = (
    rf'(?:(?:{_NAMED})[ \t\r\n]+[a-z][a-z0-9_]*[ \t\r\n]+"'
    r"|advice[ \t\r\n]+[a-z][a-z0-9_]*[ \t\r\n]+from\b|(?:value|holidays)[ \t\r\n]+[a-z][a-z0-9_]*[ \t\r\n]+[0-9]"
    r"|value[ \t\r\n]+[a-z][a-z0-9_]*[ \t\r\n]+by\b"
    r'|(?:use|scenario)[ \t\r\n]+"|facts[ \t\r\n]+about\b|infoshare[ \t]+[0-9])'
)
# Where a declaration surely begins, whatever the quotes before it say.
_SURE_START = re.compile(rf"^[ \t]*(?={_BEGINS})", re.MULTILINE)
_SURE = re.compile(_BEGINS)
_NAMES_A_FACT = re.compile(r'[a-z]+[ \t\r\n]*"[^"]*"[ \t\r\n]*:')
_NOT_A_START_AFTER = frozenset({"seek", "seeking", "asking", "every", "unknown", "cites", ",", "("})


_OUTSIDE_STRINGS = re.compile(r"[^\"#]+|#[^\n]*|(?P<string>\"[^\"]*\"?)")


def declarations_begin(text: str) -> Iterator[int]:
    """Where declarations surely begin that begin a line, whatever is wrong with those before them."""
    last = 0
    for match in _SURE_START.finditer(text):
        if not _in_a_string(text, last, match.start()):
            last = match.start()
            yield last


def _in_a_string(text: str, start: int, at: int) -> bool:
    """Whether a place is in a string that is closed, and begins after a place that is in none."""
    if text.count('"', start, at) % 2 == 0:
        return False
    for match in _OUTSIDE_STRINGS.finditer(text, start):
        if match.end() > at or match.start() >= at:
            return match["string"] is not None and not _astray(text, match.group(), match.end())
    return False


def _astray(text: str, string: str, end: int) -> bool:
    """Whether the quotation mark that ends a string seems to open another one."""
    if len(string) < 2 or not string.endswith('"'):
        return True
    return text[end : end + 1] not in " \t\r\n,():#" and ("\n" in string or string[-2:-1] in " \t")


@attrs.frozen
class Scan:
    """What the characters of a text amount to.

    Args:
        text: as long as the source's; characters that stop a parser are blank.
        starts: where declarations begin, in order.
        faults: what is wrong, in order.
        cut: stretches, each a declaration, that are not to be parsed.
    """

    text: str
    starts: Sequence[int] = ()
    faults: tuple[Diagnostic, ...] = ()
    cut: tuple[tuple[int, int], ...] = ()


def scan(source: Source) -> Scan:
    """The scan of a source."""
    return _Scanner(source).scan()


def tokens(text: str, start: int, end: int) -> Iterator[tuple[str, str, int]]:
    """The kind, text and place of each token between two places, without white space and comments."""
    for match in _TOKEN.finditer(text, start, end):
        kind = match.lastgroup or ""
        if kind not in {"space", "comment"}:
            yield kind, match.group(), match.start()


class _Scanner:
    """One pass over the tokens of a text with a fault in it."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text
        self.faults: list[Diagnostic] = []
        self.starts: list[int] = []
        self.breaks: list[int] = []
        self.blank: list[tuple[int, int]] = []
        self.previous, self.fresh, self.faulted = "", True, False
        self.line_ends: dict[str, list[int]] = {}

    def scan(self) -> Scan:
        at, length = 0, len(self.text)
        self._enter()
        while at < length and len(self.faults) < MOST_FAULTS:
            match = cast(
                re.Match[str], _TOKEN.match(self.text, at)
            )  # its last alternative takes any character
            kind, word = match.lastgroup, match.group()
            at = match.end()
            if kind == "space":
                self.fresh = self.fresh or "\n" in word
                continue
            if kind == "comment":
                self._characters(match.start(), at, _BAD_CHARACTER, in_string=False)
                continue
            jump = self._token(kind or "", word, match.start(), at)
            at = at if jump is None else jump
            self.fresh, self.previous = jump is not None, word
        return self._result()

    def _token(self, kind: str, word: str, start: int, end: int) -> int | None:
        """Look at one token; the place to go on from, if that is not its end."""
        match kind:
            case "string":
                return self._string(word, start, end)
            case "number":
                fault = bad_number(Span(self.source, start, end))
                if fault:
                    self._break(fault, start)
            case "word":
                if self._begins(word, start):
                    self.starts.append(start)
                    self._enter()
                fault = bad_word(Span(self.source, start, end), LONGEST_NAME)
                if fault:
                    self._break(fault, start)
                return self._nest(word, start, end)
            case "sign":
                return self._nest(word, start, end)
            case _:
                if _BAD_CHARACTER.match(word):
                    self._characters(start, end, _BAD_CHARACTER, in_string=False)
                    if word not in "\r\x85\u2028\u2029":
                        self.breaks.append(start)
                else:
                    self._break(bad_character(Span(self.source, start, end)), start)
        return None

    def _break(self, fault: Diagnostic, start: int) -> None:
        """Note a fault after which the declaration cannot be read; only the first of each declaration."""
        if not self.faulted:
            self.faults.append(self._habit(fault, start))
            self.faulted = True
        self.breaks.append(start)

    def _habit(self, fault: Diagnostic, start: int) -> Diagnostic:
        """What is said instead where it is known why people write so; as `don't` or `yes/no`."""
        from infoshare.syntax.faults import misunderstood  # which read tokens too
        from infoshare.syntax.habits import habit

        if fault.code not in {"IS103", "IS108"}:
            return fault
        begun = next((begin for begin in reversed(self.starts) if begin <= start), 0)
        known = habit(self.text, max(begun, start - 4_000), start)
        if known is None:
            return fault
        return misunderstood(fault.code, self.source, known) or attrs.evolve(fault, help=(known.help,))

    def _enter(self) -> None:
        self.depth: list[int] = []
        self.nots = self.offsets = 0
        self.faulted = False

    def _begins(self, word: str, start: int) -> bool:
        if word not in DECLARATIONS or self.previous in _NOT_A_START_AFTER:
            return False
        if _NAMES_A_FACT.match(self.text, start):
            return False
        return self.fresh or _SURE.match(self.text, start) is not None

    def _next_sure_start(self, at: int) -> int:
        match = _SURE_START.search(self.text, at)
        return match.end() if match else len(self.text)

    # --- strings and characters ---------------------------------------------------------------------

    def _string(self, word: str, start: int, end: int) -> int | None:
        closed = len(word) > 1 and word.endswith('"')
        if _astray(self.text, word, end):
            label = Label(
                Span(self.source, start, self._line_end(start, end)), "this quotation mark opens a string"
            )
            fault = Diagnostic(
                "IS104",
                "the string that opens here is not closed"
                if not closed
                else "the string that opens here seems not to be closed",
                (label,),
                (
                    'close it with `"`; a string cannot hold a double quote itself: use single quotes inside it',
                ),
            )
            self._break(fault, start)
            return self._next_sure_start(start)
        if self.previous != "use":  # what is wrong with a path is said by what opens it
            self._characters(start, end, _BAD_IN_STRING, in_string=True)
        return None

    def _line_end(self, start: int, end: int) -> int:
        newline = self.text.find("\n", start, end)
        stop = end if newline == -1 else newline
        return start + len(self.text[start:stop].rstrip())

    def _characters(self, start: int, end: int, bad: re.Pattern[str], *, in_string: bool) -> None:
        told: set[str] = set()
        for match in bad.finditer(self.text, start, end):
            character, span = match.group(), Span(self.source, match.start(), match.end())
            self.blank.append((match.start(), match.end()))
            if character in "\r\x85\u2028\u2029":
                self.line_ends.setdefault(character, []).append(match.start())
            elif character not in told and len(self.faults) < MOST_FAULTS:
                told.add(character)
                self.faults.append(bad_character(span, in_string=in_string))

    # --- nesting ------------------------------------------------------------------------------------

    def _nest(self, word: str, start: int, end: int) -> int | None:
        """Count brackets, `not`, `before` and `plus` around this place."""
        match word:
            case "not" if self.previous != "is":
                self.nots += 1
            case "before" | "after" | "plus" | "minus":
                self.offsets += 1
            case "(":
                self.depth.append(1 + self.nots)
                self.nots = self.offsets = 0
            case ")":
                if self.depth:
                    self.depth.pop()
                self.nots = self.offsets = 0
            case "and" | "or" | "," | "<" | "<=" | ">" | ">=" | "is" | "-":
                self.nots = self.offsets = 0
            case _ if self.previous == "not":
                self.nots = 0
        if sum(self.depth) + self.nots + self.offsets <= DEEPEST:
            return None
        fault = Diagnostic(
            "IS106",
            f"the condition is nested deeper than {DEEPEST} levels",
            (Label(Span(self.source, start, end), "one level too many"),),
            ("give a part of it a name with `define`, and use that name here",),
        )
        self._break(fault, start)
        self._enter()
        self.faulted = True
        return self._next_sure_start(end)

    # --- the result ---------------------------------------------------------------------------------

    def _result(self) -> Scan:
        faults = list(self.faults)
        for places in self.line_ends.values():
            faults.append(bad_character(Span(self.source, places[0], places[0] + 1), times=len(places)))
        faults.sort(key=lambda fault: fault.labels[0].span.start)
        return Scan(self._blanked(), self.starts, tuple(faults), self._cuts())

    def _blanked(self) -> str:
        if not self.blank:
            return self.text
        lone_returns_end_lines = "\n" not in self.text
        pieces, at = [], 0
        for start, end in self.blank:
            pieces += [
                self.text[at:start],
                "\n" if lone_returns_end_lines and self.text[start] == "\r" else " ",
            ]
            at = end
        return "".join([*pieces, self.text[at:]])

    def _cuts(self) -> tuple[tuple[int, int], ...]:
        """The declarations around the places where the text cannot be read."""
        if len(self.faults) >= MOST_FAULTS:
            return ((0, len(self.text)),)
        cuts: list[tuple[int, int]] = []
        bounds = [0, *self.starts, len(self.text)]
        index = 0
        for place in sorted(self.breaks):
            while index + 1 < len(bounds) - 1 and bounds[index + 1] <= place:
                index += 1
            cut = (bounds[index], bounds[index + 1])
            if not cuts or cuts[-1] != cut:
                cuts.append(cut)
        return tuple(cuts)
