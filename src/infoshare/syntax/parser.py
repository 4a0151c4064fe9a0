"""Turns the text of a policy file into its tree, or into what is wrong with it.

Invariant: an author's mistake never raises; every declaration that could be read is in the result, and the
names of those that could not are in `broken`. Only this module and `builder` import lark; no token leaves them.
"""

import threading
from functools import cache
from importlib.resources import files

import attrs
from lark import Lark, UnexpectedInput

from infoshare.diagnostic import Diagnostic, Label
from infoshare.syntax import tree
from infoshare.syntax.builder import Builder
from infoshare.text import Source, Span

_LOCK = threading.Lock()


@attrs.frozen
class ParseResult:
    """What could be read, and what is wrong.

    Args:
        file: the tree; partial where there are diagnostics; none where nothing could be read.
        diagnostics: in the order of the text.
        broken: names (and fact paths) that were declared in declarations that could not be read.
    """

    file: tree.File | None
    diagnostics: tuple[Diagnostic, ...] = ()
    broken: frozenset[str] = frozenset()


@cache
def _grammar() -> tuple[Lark, Builder]:
    """The parser, built once per process, and the builder that it calls. Use under `_LOCK` only."""
    builder = Builder()
    lark = Lark(
        (files("infoshare.syntax") / "grammar.lark").read_text(encoding="utf-8"),
        parser="lalr",
        lexer="contextual",
        start=["file", "declarations"],
        transformer=builder,
        keep_all_tokens=True,
        maybe_placeholders=False,
    )
    return lark, builder


def parse(source: Source) -> ParseResult:
    """The tree of a source, and everything that is wrong with its syntax."""
    with _LOCK:
        lark, builder = _grammar()
        builder.begin(source)
        try:
            lark.parse(source.text, start="file")
        except UnexpectedInput as error:
            at = error.pos_in_stream or 0
            return ParseResult(
                tree.File(1, tuple(builder.declarations)),
                (Diagnostic("IS101", "unexpected", (Label(Span(source, at, at + 1)),)),),
            )
        return ParseResult(
            tree.File(1, tuple(builder.declarations), span=Span(source, 0, len(source.text))),
            tuple(builder.faults.values()),
            frozenset(builder.broken),
        )


def decode(path: str, data: bytes) -> tuple[Source | None, tuple[Diagnostic, ...]]:
    """The source that bytes hold, or why they hold none."""
    return Source(path, data.decode("utf-8-sig")), ()
