"""Makes the tables of the grammar with lark, as they are kept beside it.

After a change of `grammar.lark`, `python -m infoshare.syntax.table_making` makes them anew; a test says when that was
forgotten. Made twice, they are the same, byte for byte. Deliberately not here: reading them back (`infoshare.syntax.tables`).
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from lark import Lark
from lark.parsers.lalr_analysis import Shift

from infoshare.syntax.tables import GRAMMAR, START, TABLES, digest, read

# The terminals that are no words of the language are found by their names, which a test holds to the grammar.
_IGNORED = ("SPACE", "COMMENT")
_NAMES = ("PATH", "DEFINED", "NAME")
_GAP = r"(?:[ \t\r\n]|#[^\n]*\n)+"
_QUOTED = re.compile(r'"([a-z]+)"')
_BY_PLACE = re.compile(r"'([a-z]+)'")
_TERMINAL_OF_WORDS = re.compile(
    r"^[A-Z_]+\.\d: /(?:([a-z]+(?:\{gap\}[a-z]+)*)|\(\?:([a-z|]+)\)s\?)", re.MULTILINE
)
_FIRST_WORD = re.compile(r"(?:\(\?:(?P<several>[a-z|]+)\)(?P<plural>s\?)?|(?P<one>[a-z]+))")
_WORD_END = r"(?![a-z0-9_]|\.[a-z])"


def written_out(grammar: str) -> str:
    """The grammar with its words in the places of `{keyword}` and `{declares}`, as lark reads it."""
    written = {  # in this order: some are made of others
        "more": r"also{gap}(?:one|some){gap}of{end}",
        "keyword": "|".join(_keywords(grammar)),
        "declares": "|".join(_declaring(grammar)),
        "gap": _GAP,
        "end": _WORD_END,
        "soft": "",
    }
    for placeholder, text in written.items():
        grammar = grammar.replace(f"{{{placeholder}}}", text)
    return _BY_PLACE.sub(r'"\1"', grammar)


def _keywords(grammar: str) -> list[str]:
    found = set(_QUOTED.findall(re.sub(r"//.*|/.*/", "", grammar)))
    for words, units in _TERMINAL_OF_WORDS.findall(grammar):
        found.update(words.split("{gap}") if words else [])
        found.update(unit + end for unit in units.split("|") for end in ("", "s") if unit)
    return sorted(found)


def _declaring(grammar: str) -> list[str]:
    """The keywords that begin a declaration, in the order of the grammar."""
    (names,) = re.findall(r"^\?declaration: ([a-z_|\s]+)", grammar, re.MULTILINE)
    names = "|".join(names.replace("|", " ").split())
    rules = re.findall(rf'^(?:{names}): ("[a-z]+".*(?:\n +\| .*)*)', grammar, re.MULTILINE)
    firsts = (first for rule in rules for first in re.findall(r'(?:^|\| )"([a-z]+)"', rule))
    return list(dict.fromkeys(firsts))


def lark_of(grammar: str, **options: Any) -> Lark:
    """Lark's own parser of a grammar."""
    return Lark(written_out(grammar), parser="lalr", start=list(START), keep_all_tokens=True, **options)


def made() -> dict[str, Any]:
    """The tables as lark makes them, as they are kept."""
    grammar = read(GRAMMAR)
    text = grammar.decode("utf-8")
    lark = lark_of(text)
    table = cast(Any, lark.parser).parser._parse_table  # noqa: SLF001 - lark has no other way to it
    number_of = {rule: index for index, rule in enumerate(lark.rules)}
    terminals = {terminal.name for terminal in lark.terminals} | {"$END"}
    order = _in_reading_order(table)
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
    of_words = _terminals(lark.terminals)
    begin = _begin_parts(lark.rules) - {"DECLARING"}
    declared = [rule.expansion[0].name for rule in lark.rules if rule.origin.name == "declaration"]
    firsts = [rule.expansion[0].name for kind in declared for rule in lark.rules if rule.origin.name == kind]
    return {
        "made_from": digest(grammar),
        "states": states,
        "gotos": gotos,
        "rules": [list(rule) for rule in rules],
        "starts": {rule: [order[table.start_states[rule]], order[table.end_states[rule]]] for rule in START},
        "keywords": _keywords(text),
        "declaring": [
            word for first in dict.fromkeys(firsts) for word in _words_of(first, of_words["words"])
        ],
        "parts": sorted({word for name in begin for word in _words_of(name, of_words["words"])}),
        **of_words,
    }


def _words_of(terminal: str, words: Mapping[str, Sequence[str]]) -> list[str]:
    """The words that a terminal may begin with."""
    return [word for word, terminals in words.items() if terminal in terminals]


def _in_reading_order(table: Any) -> dict[int, int]:
    """A number for each state, the same whenever they are made: as they are reached, symbols in alphabetical order."""
    order = {table.start_states[rule]: index for index, rule in enumerate(START)}
    for state in (reached := list(order)):
        for _, (action, to) in sorted(table.states[state].items(), key=lambda item: str(item[0])):
            if action is Shift and to not in order:
                order[to] = len(order)
                reached.append(to)
    return order


def _begin_parts(rules: Sequence[Any]) -> set[str]:
    """The terminals that begin a part of a declaration: what follows its name, its text or a part that is whole."""
    expansions: dict[str, list[list[Any]]] = {}
    for rule in rules:
        expansions.setdefault(rule.origin.name, []).append(rule.expansion)

    def begins(symbols: Sequence[Any]) -> set[str]:
        """The terminals that may come first; what may be left out is seen through."""
        found: set[str] = set()
        for symbol in symbols:
            if symbol.is_term:
                return found | {symbol.name}
            for expansion in expansions[symbol.name]:
                if expansion and expansion[0].name != symbol.name:
                    found |= begins(expansion)
            if [] not in expansions[symbol.name]:
                break
        return found

    declarations = {expansion[0].name for expansion in expansions["declaration"]}
    found: set[str] = set()
    for rule in rules:
        if (rule.alias or "").startswith("part"):
            found |= begins(rule.expansion[1:2])
        if rule.origin.name in declarations:
            for index, symbol in enumerate(rule.expansion[1:], 1):
                if not symbol.is_term or symbol.name in {"NAME", "STRING"}:
                    found |= begins(rule.expansion[index + 1 :])
    return found


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
        if pattern[first.end() :] not in {"", _WORD_END}:
            looking[name] = pattern
    return {
        "ignored": [patterns[name] for name in _IGNORED],
        "names": {name: patterns[name] for name in patterns if name in _NAMES},
        "signs": signs,
        "words": words,
        "looking": looking,
    }


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
    Path(TABLES).write_text(text_of(made()), encoding="utf-8", newline="\n")
