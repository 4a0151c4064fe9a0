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
from typing import Any

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
        self._token = re.compile(_one_token(tables)).match
        self._words = {word: tuple(tables.words.get(word, ())) for word in KEYWORDS}
        self._looking = _Looking(tables.looking)
        self._rules = [
            (origin, size, getattr(builder, callback, None), itself and size == 1)
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
        words, looking, token = self._words, self._looking, self._token
        state, last = self._starts[rule]
        stack: list[int] = [state]
        values: list[Any] = []
        at, row = 0, states[state]
        while True:
            match = token(text, at)
            kind = match.lastgroup  # type: ignore[union-attr] - it fits everywhere, if only to nothing
            if kind is None:
                if match.end() < len(text):  # type: ignore[union-attr]
                    return False
                kind, start, at = "$END", at, at
            else:
                start, at = match.span(kind)  # type: ignore[union-attr]
            word = text[start:at]
            if kind == "NAME":
                names = words.get(word)
                if names is None:
                    if "DEFINED" in row:
                        kind = "DEFINED"
                else:
                    for name in names:
                        if name in row:
                            if name not in looking:
                                kind = name
                                break
                            seen = looking[name](text, start)
                            if seen is not None:
                                kind, word, at = name, seen.group(), seen.end()
                                break
            action = row.get(kind)
            while action is not None and action < 0:
                origin, size, callback, itself = rules[-1 - action]
                if itself:
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
            read = Token(kind, word, start, at)
            values.append(terminals[kind](read) if kind in terminals else read)


class _Looking(dict[str, "Callable[[str, int], re.Match[str] | None]"]):
    """The terminals that look ahead, each compiled when a text first needs it."""

    def __init__(self, patterns: Mapping[str, str]) -> None:
        super().__init__()
        self._patterns = patterns

    def __contains__(self, name: object) -> bool:
        return name in self._patterns

    def __missing__(self, name: str) -> "Callable[[str, int], re.Match[str] | None]":
        self[name] = match = re.compile(self._patterns[name]).match
        return match


def _one_token(tables: Tables) -> str:
    """What may stand before a token, and the token if there is one; a word that may be a keyword is a `NAME`."""
    tokens = {name: pattern for name, pattern in tables.names.items() if name != "DEFINED"} | dict(tables.signs)
    groups = "|".join(f"(?P<{name}>{pattern})" for name, pattern in tokens.items())
    return f"(?:{'|'.join(tables.ignored)})*+(?:{groups})?"
