"""Runs the tables of the grammar over a text.

Turns a text into calls of the builder, bottom-up; a token is the first terminal, in the order of the tables, that fits
here and that the state has room for. Where the text does not fit, it says where, and what would have fitted.
Deliberately not here: what that means for the author (`infoshare.syntax.faults`), and where to go on (`recovery`).

Source: the LALR driver of Aho, Lam, Sethi and Ullman, *Compilers*, 2nd edition, algorithm 4.44; choosing among
terminals by the state of the parser is from Van Wyk and Schwerdfeger, *Context-aware scanning for parsing extensible
languages* (2007), as lark does it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, cast

from infoshare.syntax.builder import Builder, Token
from infoshare.syntax.tables import Tables
from infoshare.values import frozen

_Callback = Callable[[Any], Any]


@frozen
class Stop:
    """Where a text did not fit.

    Args:
        at: the first character that did not fit; the end of what was read if something is missing there.
        accepted: the terminals that would have fitted.
    """

    at: int
    accepted: frozenset[str]


class Driver:
    """Reads texts for one builder; one at a time.

    Args:
        tables: those of the grammar.
        builder: has a callback for each rule, and may have one for a terminal.
    """

    def __init__(self, tables: Tables, builder: Builder) -> None:
        self._states, self._gotos, self._starts = tables.states, tables.gotos, tables.starts
        self._ends = {end for _, end in tables.starts.values()}
        self._token = cast(Callable[[str, int, int], re.Match[str]], re.compile(_one_token(tables)).match)
        self._words = {word: tables.words.get(word, ()) for word in (*tables.keywords, *tables.words)}
        self._keywords = frozenset(tables.keywords)
        self._looking = tables.looking
        self._rules = [
            (origin, size, getattr(builder, callback, _never), itself and size == 1)
            for origin, size, callback, itself in tables.rules
        ]
        self._terminals: dict[str, _Callback] = {
            name: getattr(builder, name) for name in (*tables.names, *tables.signs) if hasattr(builder, name)
        }

    def read(self, text: str, rule: str, start: int = 0, end: int | None = None) -> Stop | None:
        """Calls the builder for a stretch of a text.

        Args:
            text: the text.
            rule: what to read it as, `file` or `declarations`.
            start: where to begin.
            end: where to end; at the end of the text if not given.

        Returns:
            None if all of it could be read; else where it stopped: the builder has seen what is before.
        """
        states, gotos, rules, terminals = self._states, self._gotos, self._rules, self._terminals
        token, kind_of = self._token, self._kind_of
        first, last = self._starts[rule]
        end = len(text) if end is None else end
        stack: list[int] = [first]
        values: list[Any] = []
        at, row = start, states[first]
        while True:
            match = token(text, at, end)
            kind = match.lastgroup
            if kind is None:
                begin = at = match.end()
                kind = "$END" if at == end else "?"
            else:
                begin, at = match.span(kind)
                if kind == "NAME":
                    kind, at = kind_of(text, begin, at, end, row)
                elif kind == "NEGATIVE" and kind not in row:
                    kind, at = "BULLET", begin + 1
            action = row.get(kind)
            while action is None or action < 0:
                if action is None:
                    # A state is shared between contexts, so that now and then a word is taken for a keyword of another.
                    name = self._name(text[begin:at], kind, stack)
                    if name is not None:
                        kind, action = name, row[name]
                        continue
                    return Stop(begin, frozenset(name for name in row if self._fits(name, stack)))
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
                    return None
                row = states[state]
                action = row.get(kind)
            stack.append(action)
            row = states[action]
            read = Token(kind, text[begin:at], begin, at)
            values.append(terminals[kind](read) if kind in terminals else read)

    def _fits(self, kind: str, stack: Sequence[int]) -> bool:
        """Whether a terminal would be taken after what is on the stack, once what is whole is put together."""
        stack = list(stack)
        while True:
            action = self._states[stack[-1]].get(kind)
            if action is None or action >= 0:
                return action is not None
            origin, size, _, _ = self._rules[-1 - action]
            del stack[len(stack) - size :]
            stack.append(self._gotos[stack[-1]][origin])
            if kind == "$END" and stack[-1] in self._ends:
                return True

    def _name(self, word: str, kind: str, stack: Sequence[int]) -> str | None:
        """As what name a word would be taken that was taken for a word of the language."""
        if word not in self._words:
            return None
        names = ("NAME",) if word in self._keywords else ("DEFINED", "NAME")
        return next((name for name in names if name != kind and self._fits(name, stack)), None)

    def _kind_of(self, text: str, start: int, end: int, stop: int, row: Mapping[str, int]) -> tuple[str, int]:
        """What a word is where the parser is in this row of the table, and where it ends: it may take in more words."""
        names = self._words.get(text[start:end])
        if names is None:
            return ("DEFINED" if "DEFINED" in row else "NAME"), end
        for name in names:
            if name in row:
                pattern = self._looking.get(name)
                if pattern is None:
                    return name, end
                seen = _compiled(pattern).match(text, start, stop)
                if seen is not None:
                    return name, seen.end()
        return ("DEFINED" if "DEFINED" in row and text[start:end] not in self._keywords else "NAME"), end


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
