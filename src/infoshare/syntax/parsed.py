"""What becomes of a text: its tree, what is wrong with it, and what can only be seen once the whole of it is read.

Deliberately not here: reading it (`driver`, and `recovery` where something is wrong).
"""

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from infoshare.diagnostic import Diagnostic
from infoshare.syntax import tree
from infoshare.syntax.words import VERSION
from infoshare.text import Source, Span
from infoshare.values import frozen

EVERYTHING = "*"

_COMMENT = re.compile(r'"[^"]*"?|(#[^\n]*)')


@frozen
class ParseResult:
    """What could be read, and what is wrong.

    Args:
        file: the tree; partial where there are diagnostics.
        diagnostics: in the order of the text.
        broken: names (and fact paths) that were declared in declarations that could not be read;
            `EVERYTHING` among them where it could not be seen what one of them declares or uses.
    """

    file: tree.File | None
    diagnostics: tuple[Diagnostic, ...] = ()
    broken: frozenset[str] = frozenset()


def file_of(source: Source, text: str, declarations: Sequence[tree.Declaration]) -> tree.File:
    """The tree of a whole file.

    Args:
        source: the file.
        text: its text as it was parsed, which is where comments are looked for.
        declarations: those that could be read.
    """
    whole = Span(source, 0, len(source.text))
    return tree.File(VERSION, tuple(declarations), _comments(source, text), span=whole)


def _comments(source: Source, text: str) -> tuple[tree.Comment, ...]:
    if "#" not in text:
        return ()
    return tuple(
        tree.Comment(
            match[1].rstrip(), span=Span(source, match.start(1), match.start(1) + len(match[1].rstrip()))
        )
        for match in _COMMENT.finditer(text)
        if match[1] is not None
    )


def values_after_or(
    declarations: Sequence[tree.Declaration],
    doubtful: Sequence[tuple[tree.Is, tree.Name]],
    broken: AbstractSet[str],
) -> Iterator[tuple[tree.Is, tree.Name]]:
    """`is significant or immediate`, where the fact is declared in this file; else the resolver says it."""
    if not doubtful:
        return
    defined = {d.name.text for d in declarations if isinstance(d, tree.DefineDecl)}
    options = {
        (d.group.text, fact.name.text): {option.value.text for option in fact.type.options}
        for d in declarations
        if isinstance(d, tree.FactsDecl)
        for fact in d.facts
        if isinstance(fact.type, tree.OneOf | tree.SomeOf)
    }
    for is_, name in doubtful:
        known = options.get((is_.fact.group, is_.fact.fact), set())
        if name.text in known and name.text not in defined and name.text not in broken:
            yield is_, name
