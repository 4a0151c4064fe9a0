"""The tables of the grammar: made by lark out of `grammar.lark`, kept beside it as `tables.json`, read back quickly.

Making them takes longer than everything else that happens before a first decision, so they come with the package.
Invariant: they are used only if they were made from the very `grammar.lark` that is here; otherwise there are none,
and lark parses from the grammar itself. They are plain data: names, numbers and regular expressions.
Deliberately not here: running them (`infoshare.syntax.driver`).

After a change of the grammar, `python -m infoshare.syntax.tables` makes them anew; a test says when it was forgotten.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import attrs

GRAMMAR = Path(__file__).with_name("grammar.lark")
TABLES = Path(__file__).with_name("tables.json")
START = ("file", "declarations")

# The terminals that are no words of the language are found by their names, which a test holds to the grammar.
_IGNORED = ("SPACE", "COMMENT")
_NAMES = ("PATH", "DEFINED", "NAME")
_WORD_END = r"(?![a-z0-9_]|\.[a-z])"
_FIRST_WORD = re.compile(r"(?:\(\?:(?P<several>[a-z|]+)\)(?P<plural>s\?)?|(?P<one>[a-z]+))")


@attrs.frozen
class Tables:
    """What a table-driven parser needs to know of a grammar.

    Attributes:
        states: for each state, by the name of a terminal: the state to shift to, or -1 - the rule to reduce by.
        gotos: for each state, by the name of a rule: the state to go to once it is recognised.
        rules: what is recognised, of how many symbols, the callback, and whether one symbol stands for itself.
        starts: by the name of a rule to parse as: the state to start in, and the one that ends it.
        ignored: regular expressions of what may stand between tokens.
        names: terminals of names that are no keywords, the first that fits first, with their expressions.
        signs: all other terminals that do not begin with a letter, likewise.
        words: by a word, the terminals that it may be, the first that fits first.
        looking: of terminals that depend on what follows the word, the regular expression.
    """

    states: Sequence[Mapping[str, int]]
    gotos: Sequence[Mapping[str, int]]
    rules: Sequence[tuple[str, int, str, bool]]
    starts: Mapping[str, tuple[int, int]]
    ignored: Sequence[str]
    names: Mapping[str, str]
    signs: Mapping[str, str]
    words: Mapping[str, Sequence[str]]
    looking: Mapping[str, str]


def kept() -> Tables | None:
    """The tables that came with the package; None if they were made from another grammar, or there are none."""
    try:
        data = json.loads(TABLES.read_bytes())
    except (OSError, ValueError):
        return None
    made_from = data.pop("made_from", None)
    return Tables(**data) if made_from == _digest(GRAMMAR.read_bytes()) else None


def made() -> dict[str, Any]:
    """The tables as lark makes them, as they are kept."""
    from lark import Lark
    from lark.parsers.lalr_analysis import Shift

    grammar = GRAMMAR.read_bytes()
    lark = Lark(grammar.decode("utf-8"), parser="lalr", start=list(START), keep_all_tokens=True)
    table = cast(Any, lark.parser).parser._parse_table
    number_of = {rule: index for index, rule in enumerate(lark.rules)}
    terminals = {terminal.name for terminal in lark.terminals} | {"$END"}
    order = _in_reading_order(table, Shift)
    states, gotos = [], []
    for state in order:
        row = {
            symbol: order[argument] if action is Shift else -1 - number_of[argument]
            for symbol, (action, argument) in sorted(table.states[state].items())
        }
        states.append({symbol: to for symbol, to in row.items() if symbol in terminals})
        gotos.append({symbol: to for symbol, to in row.items() if symbol not in terminals})
    rules = [
        (
            rule.origin.name,
            len(rule.expansion),
            rule.alias or rule.origin.name,
            rule.options.expand1 and not rule.alias,
        )
        for rule in lark.rules
    ]
    return {
        "made_from": _digest(grammar),
        "states": states,
        "gotos": gotos,
        "rules": [list(rule) for rule in rules],
        "starts": {rule: [order[table.start_states[rule]], order[table.end_states[rule]]] for rule in START},
        **_terminals(lark.terminals),
    }


def _in_reading_order(table: Any, shift: object) -> dict[int, int]:
    """A number for each state, the same whenever they are made: as they are reached, symbols in alphabetical order."""
    order = {table.start_states[rule]: index for index, rule in enumerate(START)}
    for state in (reached := list(order)):
        for _, (action, to) in sorted(table.states[state].items(), key=lambda item: str(item[0])):
            if action is shift and to not in order:
                order[to] = len(order)
                reached.append(to)
    return order


def _terminals(terminals: Iterable[Any]) -> dict[str, Any]:
    """The terminals by what they begin with, in the order in which lark's lexer tries them."""
    ordered = sorted(
        terminals, key=lambda t: (-t.priority, -t.pattern.max_width, -len(t.pattern.value), t.name)
    )
    patterns = {terminal.name: terminal.pattern.to_regexp() for terminal in ordered}
    words: dict[str, list[str]] = {}
    looking, signs = {}, {}
    for name, pattern in patterns.items():
        if name in _IGNORED or name in _NAMES:
            continue
        first = _FIRST_WORD.match(pattern)
        if first is None:
            signs[name] = pattern
            continue
        alternatives = [first["one"]] if first["one"] else first["several"].split("|")
        if first["plural"]:
            alternatives += [word + "s" for word in alternatives]
        for word in alternatives:
            words.setdefault(word, []).append(name)
        if pattern[first.end() :] != _WORD_END:
            looking[name] = pattern
    return {
        "ignored": [patterns[name] for name in _IGNORED],
        "names": {name: patterns[name] for name in patterns if name in _NAMES},
        "signs": signs,
        "words": words,
        "looking": looking,
    }


def _digest(grammar: bytes) -> str:
    return hashlib.sha256(grammar.replace(b"\r\n", b"\n")).hexdigest()


def text_of(tables: Mapping[str, Any]) -> str:
    """The tables as the text of a file: a line for each state, so that a change can be read."""
    lines = []
    for key, value in tables.items():
        if key in {"states", "gotos", "rules"}:
            rows = ",\n".join(json.dumps(row, separators=(",", ":")) for row in value)
            lines.append(f"{json.dumps(key)}:[\n{rows}\n]")
        else:
            lines.append(f"{json.dumps(key)}:{json.dumps(value, separators=(',', ':'))}")
    return "{" + ",\n".join(lines) + "}\n"


if __name__ == "__main__":
    TABLES.write_text(text_of(made()), encoding="utf-8", newline="\n")
