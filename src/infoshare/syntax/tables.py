"""The tables of the grammar: made by lark out of `grammar.lark`, kept beside it as `tables.json`, read back quickly.

Making them takes longer than everything else that happens before a first decision, so they come with the package.
Invariant: they are used only if they were made from the very `grammar.lark` that is here; otherwise there are none,
and lark parses from the grammar itself. They are plain data: names, numbers and regular expressions.
Deliberately not here: making them (`infoshare.syntax.table_making`) and running them (`infoshare.syntax.driver`).
"""

import json
import os
from collections.abc import Mapping, Sequence

from infoshare.digests import sha256_hex
from infoshare.values import frozen

_FOLDER = os.path.dirname(__file__)
GRAMMAR = os.path.join(_FOLDER, "grammar.lark")
TABLES = os.path.join(_FOLDER, "tables.json")
START = ("file", "declarations")


@frozen
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
        data = json.loads(read(TABLES))
    except (OSError, ValueError):
        return None
    made_from = data.pop("made_from", None)
    return Tables(**data) if made_from == digest(read(GRAMMAR)) else None


def read(path: str) -> bytes:
    """The bytes of one of the two files."""
    with open(path, "rb") as file:
        return file.read()


def digest(grammar: bytes) -> str:
    """The digest of a grammar, the same whatever ends its lines."""
    return sha256_hex(grammar.replace(b"\r\n", b"\n"))
