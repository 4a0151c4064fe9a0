"""The tables of the grammar: made by lark out of `grammar.lark`, kept beside it as `tables.json`, read back quickly.

Making them takes longer than everything else that happens before a first decision, so they come with the package.
Invariant: they are those of the very `grammar.lark` that is here; where others are kept, or none, they are made anew.
They are plain data: names, numbers and regular expressions.
Deliberately not here: making them (`infoshare.syntax.table_making`) and running them (`infoshare.syntax.driver`).
"""

import json
import os
from collections.abc import Mapping, Sequence
from functools import cache

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
        keywords: every word of the language.
        declaring: those that begin a declaration, in the order of the grammar.
        parts: those that begin a part of one.
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
    keywords: Sequence[str]
    declaring: Sequence[str]
    parts: Sequence[str]
    looking: Mapping[str, str]


@cache
def tables() -> Tables:
    """The tables of the grammar, read once per process."""
    try:
        data = json.loads(read(TABLES))
    except (OSError, ValueError):
        data = {}
    if data.get("made_from") != digest(read(GRAMMAR)):
        from infoshare.syntax.table_making import made  # with lark: only after the grammar was changed

        data = made()
    del data["made_from"]
    return Tables(**data)


def read(path: str) -> bytes:
    """The bytes of one of the two files, also where the package lies in an archive."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        from importlib.resources import files

        return (files("infoshare.syntax") / os.path.basename(path)).read_bytes()


def digest(grammar: bytes) -> str:
    """The digest of a grammar, the same whatever ends its lines."""
    return sha256_hex(grammar.replace(b"\r\n", b"\n"))
