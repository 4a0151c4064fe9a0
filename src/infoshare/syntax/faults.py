"""Turns the place where the grammar stopped into what an author needs to hear.

Invariant: every message says what was found and what was expected, in the words of the language, never in the
grammar's own; the place is the one an author would look at, which is not always where the parser stopped.
Deliberately not here: what people write by habit (`habits`), and what could have stood there (`expected`).
"""

import re
from collections.abc import Set as AbstractSet
from functools import cached_property
from itertools import pairwise

import attrs

from infoshare.diagnostic import Diagnostic, Label, nearest
from infoshare.syntax import expected
from infoshare.syntax.habits import Habit, habit
from infoshare.syntax.lexical import tokens
from infoshare.syntax.spelling import echoed, run_together
from infoshare.syntax.words import DECLARATIONS, KEYWORDS, PARTS, VERSION
from infoshare.text import Source, Span

_VALUE = r'(?:[a-z][a-z0-9_]*|[0-9][0-9-]*|"[^"]*")'
_IS_OR = re.compile(rf"\bis\s+(not\s+)?({_VALUE})\s*(or|and|,)\s*(?:not\s+)?({_VALUE})?\s*$")
_THESE = re.compile(r"(?:any|all|none)\s+of\s+these\b")
_PATH = re.compile(r"[a-z][a-z0-9_]*\.[a-z]")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_NEXT_FACT = re.compile(r'[a-z][a-z0-9_]*\s*"[^"]*"\s*:')
_DECLARES = re.compile(r'([a-z]+)\s+(?:[a-z][a-z0-9_]*\s+|about\s+(?:each\s+)?[a-z][a-z0-9_]*\s+)?"')
_WIDEST = 80  # of what is shown of a line
_EASILY_MISTAKEN = ("all", "any", "each", "every", "exactly", "none", "not", "one", "some", "today")
_WANTS_A_VALUE = frozenset({"is", "not", "includes", "means", "exactly"})


@attrs.frozen(slots=False)
class Place:
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

    @cached_property
    def before(self) -> "list[_Token]":
        """What was read before; a declaration is seldom long, and only its end matters."""
        return [_Token(*token) for token in tokens(self.text, max(self.start, self.at - 4000), self.at)]

    @cached_property
    def found(self) -> "_Token | None":
        """What was found; None at the end of the file."""
        return next((_Token(*token) for token in tokens(self.text, self.at, len(self.text))), None)

    @cached_property
    def habit(self) -> Habit | None:
        """What it is known that people write so."""
        return habit(self.text, self.start, self.at)

    def between_declarations(self) -> bool:
        """Whether all that came before was whole, and what was found looks like a misspelt declaration."""
        if "CONSENT" not in self.accepted or "POLICY" not in self.accepted:
            return False
        match = _DECLARES.match(self.text, self.at)
        if match is None:
            return False
        words = expected.words(self.accepted)
        return nearest(match[1], words & PARTS) is None or nearest(match[1], words) in DECLARATIONS

    # --- small words ------------------------------------------------------------------------------

    def _last(self, back: int = 1) -> str:
        return self.before[-back].text if len(self.before) >= back else ""

    def _span(self, token: "_Token") -> Span:
        return Span(self.source, token.start, token.start + len(token.text))

    def _here(self) -> Span:
        here = self.found or (self.before[-1] if self.before else None)
        return self._span(here) if here else Span(self.source, self.at, self.at)

    def _shown(self) -> str:
        if self.found is None:
            return "the end of the file"
        inside = " ".join(self.found.text.strip('"').split())
        return (
            f'the text "{echoed(inside)}"' if self.found.kind == "string" else f"`{echoed(self.found.text)}`"
        )

    def _expected(self) -> str:
        # `then "…"` could begin an element of a list called `then`
        accepted = self.accepted - {"STRING"} if "SEEK" in self.accepted else self.accepted
        phrase = expected.phrase(accepted, [token.text for token in self.before])
        return phrase.replace("another item", "an item") if self._last() == "these" else phrase

    def _error(self, message: str, span: Span, label: str, *help: str, code: str = "IS101") -> Diagnostic:
        return Diagnostic(code, message, (Label(span, label),), help)

    # --- the cases, from the particular to the general ----------------------------------------------

    def explain(self) -> Diagnostic:
        """What is said of it."""
        return (
            self._version()
            or self._known()
            or self._value_lost()
            or self._comma_lost()
            or self._nested_list()
            or self._value_or_value()
            or self._reserved_name()
            or self._no_date()
            or self._brackets()
            or self._misspelt()
            or self._missing_before()
            or self._general()
        )

    def _version(self) -> Diagnostic | None:
        found = self.found.text if self.found else ""
        if "INFOSHARE" in self.accepted:
            help_ = "begin the file with `infoshare 1`, the version of the language that it is written in"
            if found != "infoshare" and nearest(found, ["infoshare"]):
                help_ = "did you mean `infoshare`?"
            message = f"expected `infoshare {VERSION}` before anything else, found {self._shown()}"
            return self._error(message, self._here(), "", help_, code="IS115")
        if found == "infoshare":
            return self._error(
                "`infoshare` stands once, before anything else",
                self._here(),
                "this is not the beginning of the file",
                "delete it here; the first line says the version of the language",
                code="IS115",
            )
        if self._last() == "infoshare" and self.accepted == {"NUMBER"}:
            return self._error(
                f"expected the version of the language, {VERSION}, found {self._shown()}",
                self._here(),
                "",
                f"write `infoshare {VERSION}`; version {VERSION} is the only one understood",
                code="IS114",
            )
        return None

    def _known(self) -> Diagnostic | None:
        if self.habit is None or self.found is None:
            return None
        return misunderstood("IS101", self.source, self.habit)

    def _value_lost(self) -> Diagnostic | None:
        """A line that ends with `is`: the first word of the next line was then taken for the value."""
        ahead = [*self.before[-4:], *([self.found] if self.found else [])]
        for index, (token, following) in enumerate(pairwise(ahead)):
            ends = token.start + len(token.text)
            if token.text not in _WANTS_A_VALUE or "\n" not in self.text[ends : following.start]:
                continue
            if token.text == "not" and (index == 0 or ahead[index - 1].text != "is"):
                continue
            if following.text in KEYWORDS or _PATH.match(self.text, following.start):
                return self._error(
                    f"expected a value after `{token.text}`, found the end of the line",
                    self._span(token),
                    "a value is missing after this",
                    "write the value on the same line, such as `consent.status is refused`",
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
        return self._error(
            f"expected `,` between `{echoed(last.text)}` and `{echoed(option.text)}`",
            self._span(last),
            "a comma is missing after this",
            "put commas between the values of a fact",
        )

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
            return self._error(
                f"two lists are joined with `{joiner.text}`, without brackets",
                self._span(joiner),
                "after a list this is not clear",
                f"give each list a name with `define`, and join the names: `this {joiner.text} that`",
                code="IS112",
            )
        return nested_list(self._span(first))

    def _value_or_value(self) -> Diagnostic | None:
        """`is 13 or 14`, `is a, b`: a second value without `one of`."""
        if not self.before:
            return None
        comma = self.found is not None and self.found.text == ","
        start = self.before[max(0, len(self.before) - 8)].start
        match = _IS_OR.search(self.text, start, self.at + comma)
        if match is None or "COMMA" in self.accepted:
            return None
        not_, first, joiner, second = match.groups()
        if joiner == ",":
            after = re.match(rf"\s*({_VALUE})(\.)?", self.text[match.end() : match.end() + 200])
            if after is not None and after[2]:
                together = (
                    "give one fact a line, with nothing between them"
                    if "given" in [token.text for token in self.before]
                    else "join them with `and`"
                )
                message = f"found `,` and another fact after `is {not_ or ''}{first}`"
                return self._error(message, self._here(), "", together, code="IS119")
            one_of = f"one of {first}, {after[1] if after else '…'}"
            message = f"found `,` and another value after `is {not_ or ''}{first}`"
            return self._error(message, self._here(), "", f"write `is {not_ or ''}{one_of}`", code="IS119")
        # A name could be that of a definition, so that it is not to blame for what follows; but for a comma.
        if not second or second in KEYWORDS or "." in self._last() or (second[0].isalpha() and not comma):
            return None
        instead = f"to name several values write `is {not_ or ''}one of {first}, {second}`"
        return value_or_value(
            Span(self.source, *match.span(4)), Span(self.source, match.start(), match.end(2)), second, instead
        )

    def _reserved_name(self) -> Diagnostic | None:
        keyword, name = self._last(2), self._last()
        if not {"STRING", "NUMBER"} & self.accepted or keyword not in DECLARATIONS or name not in KEYWORDS:
            return None
        return reserved_word(keyword, name, self._span(self.before[-1]))

    def _no_date(self) -> Diagnostic | None:
        if (
            self.found is None
            or self.found.kind != "number"
            or {"DATE", "NUMBER"} & self.accepted != {"DATE"}
        ):
            return None
        meant = run_together(self.found.text)
        help_ = f"write {meant}" if meant else "dates are written year-month-day, such as 2026-01-31"
        message = f"expected a date, found {self._shown()}"
        return self._error(message, self._here(), "expected year-month-day", help_, code="IS109")

    def _brackets(self) -> Diagnostic | None:
        found = self.found
        opened: list[_Token] = []
        for token in self.before:
            if token.text == "(":
                opened.append(token)
            elif token.text == ")" and opened:
                opened.pop()
        if found is not None and found.text == ")" and not opened:
            return self._error(
                "found `)`, but no bracket is open here",
                self._here(),
                "",
                "delete it, or put `(` where it should open",
            )
        if (
            "RPAR" not in self.accepted
            or not opened
            or {"COMPARISON", "IS"} & self.accepted == {"COMPARISON"}
        ):
            return None
        if found and not self._on_a_new_line() and found.text not in {*DECLARATIONS, *PARTS, "-"}:
            return None
        return Diagnostic(
            "IS101",
            f"this bracket is not closed: expected `)`, found {self._shown()}",
            (Label(self._span(opened[-1]), "opened here"), Label(self._here(), "not closed before this")),
            ("close it with `)` after the condition that it is meant to hold",),
        )

    def _on_a_new_line(self) -> bool:
        return (
            bool(self.found and self.before)
            and "\n" in self.text[self.before[-1].start : self.at].rpartition(self.before[-1].text)[2]
        )

    def _misspelt(self) -> Diagnostic | None:
        """A word that is nearly one that fits."""
        found = self.found
        if found is None or found.kind != "word" or found.text in KEYWORDS or self.habit is not None:
            return None
        words = sorted(expected.words(self.accepted))
        match = nearest(found.text, words)
        if match is None and len(words) == 1 and set(found.text) & set(words[0]):
            match = words[0]
        return self._general(f"did you mean `{match}`?") if match else None

    def _missing_before(self) -> Diagnostic | None:
        """Something is left out at the end of the line before the one where the parser stopped."""
        found = self.found
        if not self.before or expected.whole(self.accepted):
            return None
        if found is not None:
            if not self._on_a_new_line() or not self._begins_something(found):
                return None
            if self._in_the_middle(found):
                message = f"expected {self._expected()}, found {self._shown()}"
                return self._error(message, self._here(), "something is missing before this", *self._advice())
        return self._error(
            f"expected {self._expected()} after `{echoed(self._last())}`, found {self._shown()}",
            self._span(self.before[-1]),
            "something is missing after this",
            *self._advice(),
            code="IS101" if found else "IS102",
        )

    def _in_the_middle(self, found: "_Token") -> bool:
        """A word that never comes first: `over`, `sharing`; or `advice` and `consent`, if nothing is declared by them."""
        if self._expected() in {"`as`", "`given`", "`:`"}:
            return False
        if "REQUIRE" in self.accepted or found.text in KEYWORDS - PARTS - DECLARATIONS.keys():
            return True
        return found.text in {"advice", "consent"} and not re.match(
            rf"{found.text}\s+[a-z][a-z0-9_]*\s+(?:from|\")", self.text[found.start : found.start + 200]
        )

    def _begins_something(self, found: "_Token") -> bool:
        if found.text in KEYWORDS or found.text == "-":
            return True
        return found.kind == "word" and ("." in found.text or bool(_NEXT_FACT.match(self.text, found.start)))

    def _general(self, *help: str) -> Diagnostic:
        return self._error(
            f"found {self._shown()}, expected {self._expected()}",
            self._here(),
            "",
            *(help or self._advice()),
            code="IS101" if self.found else "IS102",
        )

    def _advice(self) -> tuple[str, ...]:
        """What to do, where nothing is known but what was found and what would have fitted."""
        found, last = self.found, self._last()
        if self.habit is not None:
            return (self.habit.help,)
        if found is None:
            return ("finish the declaration, or delete it: perhaps the last lines of the file were lost",)
        help_: tuple[str, ...] = ()
        if found.kind in {"word", "number"} and "IS" in self.accepted and "." in last:
            help_ = (f"write `{last} is {found.text}`, if that is what is meant",)
        elif found.kind in {"word", "number"} and "STRING" in self.accepted:
            help_ = (f'text stands in double quotes: `"{found.text if found.kind == "number" else "…"}"`',)
        elif found.text in {":", ","} and "COLON" in self.accepted:
            help_ = ('a fact is declared as `name "phrase" : type`',)
        if _NAME.fullmatch(last) and last not in KEYWORDS:
            meant = nearest(last, _EASILY_MISTAKEN)
            if meant is not None and abs(len(meant) - len(last)) < 2:
                help_ = (f"did you mean `{meant}` where `{echoed(last)}` stands?", *help_)
        line = self.text[self.text.rfind("\n", 0, found.start) + 1 : found.start]
        return help_ or expected.advice(self.accepted, begins=not line.strip())


@attrs.frozen
class _Token:
    kind: str
    text: str
    start: int


def misunderstood(code: str, source: Source, known: Habit) -> Diagnostic | None:
    """What is written by habit, if it stands on one line; else something else is out of place, and only its help fits."""
    written = source.text[known.start : known.end]
    if "\n" in written:
        return None
    shown = written if len(written) <= _WIDEST else written[:_WIDEST] + "…"
    how = "has no place here" if written in KEYWORDS else "is not understood here"
    return Diagnostic(code, f"`{shown}` {how}", (Label(Span(source, known.start, known.end)),), (known.help,))


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
