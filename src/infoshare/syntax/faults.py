"""Turns the place where the grammar stopped into what an author needs to hear.

Invariant: every message says what was found and what was expected, in the words of the language, never in the
grammar's own; the place is the one an author would look at, which is not always where the parser stopped.
"""

import re
from collections.abc import Set as AbstractSet
from itertools import pairwise

import attrs

from infoshare.diagnostic import Diagnostic, Label, nearest
from infoshare.syntax import expected
from infoshare.syntax.habits import Habit, habit
from infoshare.syntax.lexical import tokens
from infoshare.syntax.spelling import echoed, run_together
from infoshare.syntax.words import DECLARATIONS, INNER, KEYWORDS, PARTS, VERSION
from infoshare.text import Source, Span

_VALUE = r'(?:[a-z][a-z0-9_]*|[0-9][0-9-]*|"[^"]*")'
_IS_OR = re.compile(rf"\bis\s+(not\s+)?({_VALUE})\s+(or|and)\s+(?:not\s+)?({_VALUE})\s*$")
_IS = re.compile(rf"([a-z][a-z0-9_.]*)\s+is\s+(not\s+)?({_VALUE})\s*$")
_THESE = re.compile(r"(?:any|all|none)\s+of\s+these\b")
_PATH = re.compile(r"[a-z][a-z0-9_]*\.[a-z]")
_NEXT_FACT = re.compile(r'[a-z][a-z0-9_]*\s*"[^"]*"\s*:')
_DECLARES = re.compile(r'([a-z]+)\s+(?:[a-z][a-z0-9_]*\s+|about\s+(?:each\s+)?[a-z][a-z0-9_]*\s+)?"')


@attrs.frozen
class Stop:
    """Where the grammar stopped.

    Args:
        source: the document.
        text: its text as it was parsed.
        start: where the declaration that was being read begins.
        at: the first character that did not fit; the text's length at its end.
        accepted: the terminals that would have fitted.
    """

    source: Source
    text: str
    start: int
    at: int
    accepted: AbstractSet[str]


@attrs.frozen
class _Token:
    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def between_declarations(stop: Stop) -> bool:
    """Whether all that came before was whole, and what was found looks like a misspelt declaration."""
    if "CONSENT" not in stop.accepted or "POLICY" not in stop.accepted:
        return False
    match = _DECLARES.match(stop.text, stop.at)
    if match is None:
        return False
    words = expected.words(stop.accepted)
    return nearest(match[1], words & PARTS) is None or nearest(match[1], words) in DECLARATIONS


def explain(stop: Stop) -> Diagnostic:
    """The diagnostic for a place where the grammar stopped."""
    return _Explainer(stop).explain()


class _Explainer:
    def __init__(self, stop: Stop) -> None:
        self.stop = stop
        self.source, self.text, self.accepted = stop.source, stop.text, stop.accepted
        # What was read before and what was found; a declaration is seldom long, and only its end matters.
        since = max(stop.start, stop.at - 4000)
        self.before = [_Token(*token) for token in tokens(self.text, since, stop.at)]
        self.known = habit(self.text, stop.start, stop.at)
        self.found = next((_Token(*token) for token in tokens(self.text, stop.at, len(self.text))), None)

    # --- small words ------------------------------------------------------------------------------

    def _last(self, back: int = 1) -> str:
        return self.before[-back].text if len(self.before) >= back else ""

    def _span(self, token: _Token) -> Span:
        return Span(self.source, token.start, token.end)

    def _here(self) -> Span:
        if self.found is not None:
            return self._span(self.found)
        return self._after_last()

    def _after_last(self) -> Span:
        if not self.before:
            return Span(self.source, self.stop.at, self.stop.at)
        return self._span(self.before[-1])

    def _shown(self) -> str:
        if self.found is None:
            return "the end of the file"
        if self.found.kind == "string":
            inside = " ".join(self.found.text.strip('"').split())
            return f'the text "{echoed(inside)}"'
        return f"`{echoed(self.found.text)}`"

    def _expected(self) -> str:
        accepted = self.accepted
        if "SEEK" in accepted:  # `then "…"` could begin an element of a list called `then`
            accepted = accepted - {"STRING"}
        phrase = expected.phrase(accepted, [token.text for token in self.before])
        return phrase.replace("another item", "an item") if self._last() == "these" else phrase

    def _keyword(self) -> str:
        """The word that the declaration begins with."""
        first = next(tokens(self.text, self.stop.start, len(self.text)), ("", "", 0))
        return first[1] if first[1] in DECLARATIONS else ""

    # --- the cases, from the particular to the general ----------------------------------------------

    def explain(self) -> Diagnostic:
        return (
            self._version()
            or self._foreign_part()
            or self._habit()
            or self._value_lost()
            or self._comma_lost()
            or self._is_lost()
            or self._nested_list()
            or self._value_or_value()
            or self._reserved_name()
            or self._date_or_number()
            or self._brackets()
            or self._unknown_facts()
            or self._misspelt()
            or self._missing_before()
            or self._general()
        )

    def _version(self) -> Diagnostic | None:
        if "INFOSHARE" in self.accepted:
            help_ = ["begin the file with `infoshare 1`, the version of the language that it is written in"]
            if self.found and nearest(self.found.text, ["infoshare"]) and self.found.text != "infoshare":
                help_ = ["did you mean `infoshare`?"]
            return Diagnostic(
                "IS115",
                f"expected `infoshare {VERSION}` before anything else, found {self._shown()}",
                (Label(self._here()),),
                tuple(help_),
            )
        if self.found and self.found.text == "infoshare":
            return Diagnostic(
                "IS115",
                "`infoshare` stands once, before anything else",
                (Label(self._here(), "this is not the beginning of the file"),),
                ("delete it here; the first line says the version of the language",),
            )
        if self._last() == "infoshare" and self.accepted == {"NUMBER"}:
            return Diagnostic(
                "IS114",
                f"expected the version of the language, {VERSION}, found {self._shown()}",
                (Label(self._here()),),
                (f"write `infoshare {VERSION}`; version {VERSION} is the only one understood",),
            )
        return None

    def _habit(self) -> Diagnostic | None:
        if self.known is None or self.found is None:
            return None
        return misunderstood("IS101", self.source, self.known)

    def _value_lost(self) -> Diagnostic | None:
        """A line that ends with `is`: the first word of the next line was then taken for the value."""
        ahead = [*self.before[-4:], *([self.found] if self.found else [])]
        for index, (token, following) in enumerate(pairwise(ahead)):
            if token.text not in _WANTS_A_VALUE or "\n" not in self.text[token.end : following.start]:
                continue
            if token.text == "not" and (index == 0 or ahead[index - 1].text != "is"):
                continue
            if following.text in KEYWORDS or _PATH.match(self.text, following.start):
                return Diagnostic(
                    "IS101",
                    f"expected a value after `{token.text}`, found the end of the line",
                    (Label(self._span(token), "a value is missing after this"),),
                    ("write the value on the same line, such as `consent.status is refused`",),
                )
        return None

    def _comma_lost(self) -> Diagnostic | None:
        """Options over several lines: without its comma, the next option looks like the next fact."""
        if (
            self.found is None
            or self.found.text != ","
            or "COLON" not in self.accepted
            or len(self.before) < 3
        ):
            return None
        last, option, label = self.before[-3:]
        if option.kind != "word" or label.kind != "string" or last.kind not in {"word", "string"}:
            return None
        return Diagnostic(
            "IS101",
            f"expected `,` between `{echoed(last.text)}` and `{echoed(option.text)}`",
            (Label(self._span(last), "a comma is missing after this"),),
            ("put commas between the values of a fact",),
        )

    def _is_lost(self) -> Diagnostic | None:
        """`concern.harm significant`: the value was then taken for the name of a list, and its element awaited."""
        if "STRING" not in self.accepted or len(self.before) < 2:
            return None
        fact, value = self.before[-2:]
        between = self.text[fact.end : value.start]
        if (
            "." not in fact.text
            or value.kind != "word"
            or value.text in KEYWORDS - {"none"}
            or "\n" in between
        ):
            return None
        return Diagnostic(
            "IS101",
            f"expected `is` between `{echoed(fact.text)}` and `{echoed(value.text)}`",
            (Label(self._span(value), "something is missing before this"),),
            (f"write `{echoed(fact.text)} is {echoed(value.text)}`",),
        )

    def _unknown_facts(self) -> Diagnostic | None:
        """`because of unknwon facts`, where a clause was read and then the beginning of a group of facts."""
        words = [*self.before[-4:], *([self.found] if self.found else [])]
        for first, of, word, facts in zip(words, words[1:], words[2:], words[3:], strict=False):
            if (first.text, of.text, facts.text) != ("because", "of", "facts") or word.text == "unknown":
                continue
            if nearest(word.text, ["unknown"]):
                return Diagnostic(
                    "IS101",
                    f"found `{echoed(word.text)} facts`, expected the names of clauses, or `unknown facts`",
                    (Label(self._span(word)),),
                    ("did you mean `unknown`?",),
                )
        return None

    def _nested_list(self) -> Diagnostic | None:
        """`- any of these …`; `any of` may have been read already, like the beginning of `any item (…)`."""
        first = self.found
        if first is not None and first.text == "these" and self._last(2) == "any":
            first = self.before[-2]
        elif "NOT" not in self.accepted or "BULLET" in self.accepted:
            return None
        if first is None or not _THESE.match(self.text, first.start):
            return None
        joiner = self.before[-3 if first is not self.found else -1]
        if joiner.text in {"and", "or"}:
            return Diagnostic(
                "IS112",
                f"two lists are joined with `{joiner.text}`, without brackets",
                (Label(self._span(joiner), "after a list this is not clear"),),
                (f"give each list a name with `define`, and join the names: `this {joiner.text} that`",),
            )
        return nested_list(self._span(first))

    def _value_or_value(self) -> Diagnostic | None:
        """`is significant or 5`, `is a, b`: a second value without `one of`."""
        if not self.before:
            return None
        start = self.before[max(0, len(self.before) - 8)].start
        match = _IS_OR.search(self.text, start, self.stop.at)
        # A name could be that of a definition, so that it is not to blame for what follows; but for a comma.
        doubtful = match is not None and match[4][0].isalpha() and not (self.found and self.found.text == ",")
        if match and not doubtful and match[4] not in KEYWORDS and "." not in self._last():
            return value_or_value(
                Span(self.source, match.start(4), match.end(4)),
                Span(self.source, match.start(), match.end(2)),
                match[4],
                f"to name several values write `is {match[1] or ''}one of {match[2]}, {match[4]}`",
            )
        if self.found and self.found.text == ",":
            match = _IS.search(self.text, start, self.stop.at)
            if match and "COMMA" not in self.accepted:
                is_not = "is not" if match[2] else "is"
                after = re.match(rf"\s*,\s*({_VALUE})", self.text[self.stop.at : self.stop.at + 200])
                second = after[1] if after else "…"
                return Diagnostic(
                    "IS119",
                    f"found `,` and another value after `{is_not} {match[3]}`",
                    (Label(self._here()),),
                    (f"write `{is_not} one of {match[3]}, {second}`",),
                )
        return None

    def _reserved_name(self) -> Diagnostic | None:
        if len(self.before) < 2 or ("STRING" not in self.accepted and "NUMBER" not in self.accepted):
            return None
        keyword, name = self.before[-2], self.before[-1]
        if keyword.text not in DECLARATIONS or name.text not in KEYWORDS:
            return None
        return reserved_word(keyword.text, name.text, self._span(name))

    def _date_or_number(self) -> Diagnostic | None:
        if self.found is None or self.found.kind != "number" or "DATE" not in self.accepted:
            return None
        if "NUMBER" in self.accepted:
            return None
        meant = run_together(self.found.text)
        return Diagnostic(
            "IS109",
            f"expected a date, found {self._shown()}",
            (Label(self._here(), "expected year-month-day"),),
            (f"write {meant}" if meant else "dates are written year-month-day, such as 2026-01-31",),
        )

    def _brackets(self) -> Diagnostic | None:
        found = self.found
        if found is not None and found.text == ")" and not self._open_bracket():
            return Diagnostic(
                "IS101",
                "found `)`, but no bracket is open here",
                (Label(self._here()),),
                ("delete it, or put `(` where it should open",),
            )
        if "RPAR" not in self.accepted or ("COMPARISON" in self.accepted and "IS" not in self.accepted):
            return None
        new_line = found is not None and self.before and "\n" in self.text[self.before[-1].end : found.start]
        ends = (
            found is None
            or new_line
            or found.text in DECLARATIONS
            or found.text in PARTS
            or found.text == "-"
        )
        opened = self._open_bracket()
        if opened is None or not ends:
            return None
        return Diagnostic(
            "IS101",
            f"this bracket is not closed: expected `)`, found {self._shown()}",
            (Label(self._span(opened), "opened here"), Label(self._here(), "not closed before this")),
            ("close it with `)` after the condition that it is meant to hold",),
        )

    def _open_bracket(self) -> _Token | None:
        opened: list[_Token] = []
        for token in self.before:
            if token.text == "(":
                opened.append(token)
            elif token.text == ")" and opened:
                opened.pop()
        return opened[-1] if opened else None

    def _foreign_part(self) -> Diagnostic | None:
        """A part that belongs to another kind of declaration, or stands too late in this one."""
        if self.found is None or self.found.kind != "word":
            return None
        word, keyword = self.found.text, self._keyword()
        help_ = expected.foreign(word, keyword)
        if help_ is None:
            return None
        message = f"found `{word}`, which has no place here in {expected.an(DECLARATIONS[keyword])}"
        return Diagnostic("IS101", message, (Label(self._here()),), (help_,))

    def _misspelt(self) -> Diagnostic | None:
        """A word that is nearly one that fits."""
        found = self.found
        if found is None or found.kind != "word" or found.text in KEYWORDS or self.known is not None:
            return None
        words = sorted(expected.words(self.accepted))
        match = nearest(found.text, words)
        if match is None and len(words) == 1 and set(found.text) & set(words[0]):
            match = words[0]
        if match is None:
            return None
        return Diagnostic(
            "IS101",
            f"found {self._shown()}, expected {self._expected()}",
            (Label(self._here()),),
            (f"did you mean `{match}`?",),
        )

    def _missing_before(self) -> Diagnostic | None:
        """Something is left out at the end of the line before the one where the parser stopped."""
        if not self.before or expected.whole(self.accepted):
            return None
        last = self.before[-1]
        found = self.found
        if found is not None:
            if "\n" not in self.text[last.end : found.start]:
                return None
            if not self._begins_something(found):
                return None
            if self._in_the_middle(found):
                return Diagnostic(
                    "IS101",
                    f"expected {self._expected()}, found {self._shown()}",
                    (Label(self._here(), "something is missing before this"),),
                    self._advice(),
                )
        code = "IS102" if found is None else "IS101"
        return Diagnostic(
            code,
            f"expected {self._expected()} after `{echoed(last.text)}`, found {self._shown()}",
            (Label(self._span(last), "something is missing after this"),),
            self._advice(),
        )

    def _in_the_middle(self, found: _Token) -> bool:
        """A word that never comes first: `over`, `sharing`; or `advice` and `consent`, if nothing is declared by them."""
        if self._expected() in {"`as`", "`given`", "`:`"}:
            return False
        if "REQUIRE" in self.accepted:
            return True
        if found.text in INNER and found.text not in DECLARATIONS:
            return True
        return found.text in {"advice", "consent"} and not re.match(
            rf"{found.text}\s+[a-z][a-z0-9_]*\s+(?:from|\")", self.text[found.start : found.start + 200]
        )

    def _begins_something(self, found: _Token) -> bool:
        if found.text in KEYWORDS or found.text == "-":
            return True
        if found.kind == "word" and "." in found.text:
            return True
        return found.kind == "word" and _NEXT_FACT.match(self.text, found.start) is not None

    def _general(self) -> Diagnostic:
        code = "IS102" if self.found is None else "IS101"
        return Diagnostic(
            code,
            f"found {self._shown()}, expected {self._expected()}",
            (Label(self._here()),),
            self._advice(),
        )

    def _advice(self) -> tuple[str, ...]:
        found = self.found
        if self.known is not None:
            return (self.known.help,)
        if found is None:
            return ("finish the declaration, or delete it: perhaps the last lines of the file were lost",)
        help_: tuple[str, ...] = ()
        if found.kind in {"word", "number"} and "IS" in self.accepted and "." in self._last():
            help_ = (f"write `{self._last()} is {found.text}`, if that is what is meant",)
        elif found.kind in {"word", "number"} and "STRING" in self.accepted:
            help_ = (f'text stands in double quotes: `"{found.text if found.kind == "number" else "…"}"`',)
        elif found.text in {":", ","} and "COLON" in self.accepted:
            help_ = ('a fact is declared as `name "phrase" : type`',)
        last = self._last()
        if _NAME.fullmatch(last) and last not in KEYWORDS:
            meant = nearest(last, _EASILY_MISTAKEN)
            if meant is not None and abs(len(meant) - len(last)) < 2:
                help_ = (f"did you mean `{meant}` where `{echoed(last)}` stands?", *help_)
        line = self.text[self.text.rfind("\n", 0, found.start) + 1 : found.start]
        return help_ or expected.advice(self.accepted, begins=not line.strip())


_WIDEST = 80  # of what is shown of a line
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_EASILY_MISTAKEN = ("all", "any", "each", "every", "exactly", "none", "not", "one", "some", "today")
_WANTS_A_VALUE = frozenset({"is", "not", "includes", "means", "exactly"})


def misunderstood(code: str, source: Source, known: Habit) -> Diagnostic | None:
    """What is written by habit, if it stands on one line; else something else is out of place, and only its help fits."""
    written = source.text[known.start : known.end]
    if "\n" in written:
        return None
    shown = written if len(written) <= _WIDEST else written[:_WIDEST] + "…"
    return Diagnostic(
        code,
        f"`{shown}` is not understood here",
        (Label(Span(source, known.start, known.end)),),
        (known.help,),
    )


def reserved_word(keyword: str, name: str, span: Span) -> Diagnostic:
    """A keyword in the place of a declaration's name."""
    return Diagnostic(
        "IS110",
        f"`{name}` is a word of the language, so it may not name {expected.an(DECLARATIONS[keyword])}",
        (Label(span, "reserved word"),),
        (f"choose another name, such as `{name}_{keyword}` or `the_{name}`",),
    )


def value_or_value(second: Span, first: Span, word: str, instead: str) -> Diagnostic:
    """`is significant or immediate`, `is 16 or more`: something after `or` that is no condition."""
    return Diagnostic(
        "IS119",
        f"`{echoed(word)}` is not a condition by itself: after `or` or `and` another whole condition is expected",
        (Label(second, "not a condition"), Label(first, "the condition before it")),
        (instead,),
    )


def nested_list(span: Span) -> Diagnostic:
    """A list inside an item of a list."""
    return Diagnostic(
        "IS121",
        "a list stands inside an item of another list",
        (Label(span, "lists are one level deep"),),
        ("give the inner list a name of its own with `define`, and use that name as the item",),
    )


def wrong_version(span: Span, found: int | str) -> Diagnostic:
    """A version of the language that is not understood."""
    return Diagnostic(
        "IS114",
        f"version {echoed(str(found))} of the language is not understood",
        (Label(span, f"version {VERSION} is understood"),),
        (f"write `infoshare {VERSION}`, or use a newer release of infoshare",),
    )


def nothing_declared(source: Source) -> Diagnostic:
    """An empty file, or one of comments only."""
    return Diagnostic(
        "IS105",
        "nothing declared: expected at least one declaration",
        (Label(Span(source, 0, 0)),),
        ("begin with `infoshare 1`, then `policy`, `use`, `facts about` or another declaration",),
    )
