"""Runs the tables of the grammar over a text: the quick way to read a file that has nothing wrong with it.

Turns a text into calls of the builder, as lark's parser does, with the same tokens and in the same order: a token is
the first terminal in lark's order that fits here and that the state has room for.
Invariant: it reads only what lark reads, and makes the same of it. Where it is not sure (a keyword that may be meant
as a name, say), it stops, and says no more than that.
Deliberately not here: what is wrong with a text that it cannot read (`infoshare.syntax.recovery`).

Source: the LALR driver of Aho, Lam, Sethi and Ullman, *Compilers*, 2nd edition, algorithm 4.44; choosing among
terminals by the state of the parser is from Van Wyk and Schwerdfeger, *Context-aware scanning for parsing extensible
languages* (2007), as lark does it.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, cast

from infoshare.syntax.builder import Builder, Token
from infoshare.syntax.tables import Tables
from infoshare.syntax.words import KEYWORDS

_Callback = Callable[[Any], Any]


class Driver:
    """Reads texts for one builder; one at a time.

    Args:
        tables: those of the grammar.
        builder: has a callback for each rule, and may have one for a terminal.
    """

    def __init__(self, tables: Tables, builder: Builder) -> None:
        self._states, self._gotos, self._starts = tables.states, tables.gotos, tables.starts
        self._token = cast(Callable[[str, int], re.Match[str]], re.compile(_one_token(tables)).match)
        self._words = {word: tuple(tables.words.get(word, ())) for word in KEYWORDS}
        self._looking = tables.looking
        self._rules = [
            (origin, size, getattr(builder, callback, _never), itself and size == 1)
            for origin, size, callback, itself in tables.rules
        ]
        self._terminals: dict[str, _Callback] = {
            name: getattr(builder, name) for name in (*tables.names, *tables.signs) if hasattr(builder, name)
        }

    def read(self, text: str, rule: str) -> bool:
        """Calls the builder for a whole text.

        Args:
            text: the text.
            rule: what to read it as, `file` or `declarations`.

        Returns:
            Whether all of it could be read; if not, the builder has seen some of it.
        """
        states, gotos, rules, terminals = self._states, self._gotos, self._rules, self._terminals
        token, kind_of = self._token, self._kind_of
        first, last = self._starts[rule]
        stack: list[int] = [first]
        values: list[Any] = []
        at, row = 0, states[first]
        while True:
            match = token(text, at)
            kind = match.lastgroup
            if kind is None:
                if match.end() < len(text):
                    return False
                kind, start = "$END", at
            else:
                start, at = match.span(kind)
                if kind == "NAME":
                    kind, at = kind_of(text, start, at, row)
            action = row.get(kind)
            while action is not None and action < 0:
                origin, size, callback, stands_for_itself = rules[-1 - action]
                if stands_for_itself:
                    stack.pop()
                elif size:
                    children = values[-size:]
                    del values[-size:], stack[-size:]
                    values.append(callback(children))
                else:
                    values.append(callback([]))
                state = gotos[stack[-1]][origin]
                stack.append(state)
                if state == last and kind == "$END":
                    return True
                row = states[state]
                action = row.get(kind)
            if action is None:
                return False
            stack.append(action)
            row = states[action]
            read = Token(kind, text[start:at], start, at)
            values.append(terminals[kind](read) if kind in terminals else read)

    def _kind_of(self, text: str, start: int, end: int, row: Mapping[str, int]) -> tuple[str, int]:
        """What a word is where the parser is in this row of the table, and where it ends: it may take in more words."""
        names = self._words.get(text[start:end])
        if names is None:
            return ("DEFINED" if "DEFINED" in row else "NAME"), end
        for name in names:
            if name in row:
                pattern = self._looking.get(name)
                if pattern is None:
                    return name, end
                seen = _compiled(pattern).match(text, start)
                if seen is not None:
                    return name, seen.end()
        return "NAME", end


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """The expression of a terminal that looks ahead, once a text has the word that it begins with."""
    return re.compile(pattern)


def _never(_: object) -> None:
    raise AssertionError("a rule without a callback always stands for itself")


def _one_token(tables: Tables) -> str:
    """What may stand before a token, and the token if there is one; a word that may be a keyword is a `NAME`."""
    tokens = {**tables.names, **tables.signs}
    del tokens["DEFINED"]
    groups = "|".join(f"(?P<{name}>{pattern})" for name, pattern in tokens.items())
    return f"(?:{'|'.join(tables.ignored)})*+(?:{groups})?"
