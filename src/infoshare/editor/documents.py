"""A text as it is being written: cut into stretches of about a declaration each, each read by itself and kept.

Invariants: a stretch is a function of its text alone, so that a text edited a thousand times is cut and read as it
would be from scratch; the stretches of a document, one after the other, are its text.
What a stretch says is there to find names and places. What is wrong with a text is told by reading it whole.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import pairwise

import attrs

from infoshare.editor.mentions import Mention, Space, mentions
from infoshare.syntax import tree as t
from infoshare.syntax.lexical import declarations_begin
from infoshare.syntax.parser import has_header, parse
from infoshare.syntax.words import VERSION
from infoshare.text import Source, Span
from infoshare.values import frozen

_HEADER = f"infoshare {VERSION}\n"  # before a stretch that is read without the beginning of its file
_WORD = re.compile(r"[a-z0-9_.]*")


Declaring = t.Declaration | t.FactDecl | t.Option
"""What declares a name."""

Symbol = tuple[Space, str]
"""What a name is of, and the name; of a fact and an option as in `Mention.name`."""


@frozen
class Declared:
    """A name where it is declared.

    Attributes:
        name: where the name stands; all that declares it is `whole`.
    """

    symbol: Symbol
    node: Declaring
    name: Span = attrs.field(eq=False)
    whole: Span = attrs.field(eq=False)

    @property
    def path(self) -> str:
        """The file."""
        return self.name.source.path


@attrs.frozen(eq=False, slots=False)
class Stretch:
    """A declaration with what follows it up to the next, or what stands before the first.

    Attributes:
        text: places in what it says are counted from its beginning.
    """

    text: str

    @cached_property
    def _before(self) -> str:
        return "" if has_header(self.text) else _HEADER

    @cached_property
    def declarations(self) -> tuple[t.Declaration, ...]:
        """What could be read of it: mostly one declaration, or none."""
        file = parse(Source("", self._before + self.text)).file
        return () if file is None else file.declarations

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        """Every name in it."""
        found = [each for node in self.declarations for each in mentions(node)]
        return tuple(sorted((each.moved(-len(self._before)) for each in found), key=lambda m: m.start))

    @cached_property
    def declared(self) -> tuple[tuple[Symbol, Declaring, tuple[int, int], tuple[int, int]], ...]:
        """Every name that it declares, with what declares it, and where both stand."""
        declaring = {each.start: each for each in self.mentions if each.declares}
        return tuple(
            ((mention.space, mention.name), whole, self.place(name.span), self.place(whole.span))
            for node in self.declarations
            for name, whole in _naming(node)
            if (mention := declaring.get(self.place(name.span)[0])) is not None
        )

    def place(self, span: Span) -> tuple[int, int]:
        """Where in the stretch a node of it begins and ends."""
        return span.start - len(self._before), span.end - len(self._before)


@attrs.frozen(eq=False, slots=False)
class Document:
    """A text, by the path that people know it by.

    Attributes:
        open: whether an editor has it open; else it is as it is on the disk.
        version: the editor's count of its changes.
    """

    source: Source
    stretches: tuple[Stretch, ...]
    open: bool = False
    version: int | None = None

    @staticmethod
    def of(
        path: str,
        text: str,
        before: "Document | None" = None,
        *,
        open: bool = False,
        version: int | None = None,
    ) -> "Document":
        """The document of a text.

        Args:
            before: as it was, whose stretches are kept where the text still has them.
        """
        kept = {stretch.text: stretch for stretch in before.stretches} if before else {}
        cuts = [0, *(at for at in declarations_begin(text) if at), len(text)]
        pieces = [text[start:end] for start, end in pairwise(cuts)]
        stretches = tuple(kept.get(piece) or Stretch(piece) for piece in pieces)
        return Document(Source(path, text), stretches, open, version)

    @property
    def path(self) -> str:
        """As messages say it."""
        return self.source.path

    @property
    def text(self) -> str:
        """All of it."""
        return self.source.text

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Where each stretch begins."""
        found, at = [], 0
        for stretch in self.stretches:
            found.append(at)
            at += len(stretch.text)
        return tuple(found)

    def at(self, offset: int) -> tuple[Stretch, int]:
        """The stretch of a place, and where it begins."""
        index = max(0, bisect_right(self.starts, offset) - 1)
        return self.stretches[index], self.starts[index]

    @cached_property
    def declared(self) -> tuple[Declared, ...]:
        """Every name that it declares."""
        return tuple(
            Declared((space, name), node, self.moved(start, at), self.moved(start, whole))
            for stretch, start in zip(self.stretches, self.starts, strict=True)
            for (space, name), node, at, whole in stretch.declared
        )

    def moved(self, start: int, place: tuple[int, int]) -> Span:
        """A place in the stretch that begins there."""
        return Span(self.source, start + place[0], start + place[1])

    def nodes(self) -> Iterator[tuple[t.Declaration, Span]]:
        """Each declaration, with where it stands."""
        for stretch, start in zip(self.stretches, self.starts, strict=True):
            for node in stretch.declarations:
                yield node, self.span(stretch, start, node)

    def span(self, stretch: Stretch, start: int, node: t.Node) -> Span:
        """Where a node of a stretch stands."""
        begin, end = stretch.place(node.span)
        return Span(self.source, start + begin, start + end)

    def mentions(self) -> Iterator[tuple[Mention, Span]]:
        """Every name in it, with where it stands."""
        for stretch, start in zip(self.stretches, self.starts, strict=True):
            for each in stretch.mentions:
                yield each, Span(self.source, start + each.start, start + each.end)

    def mention_at(self, offset: int) -> tuple[Mention, Span] | None:
        """The name that stands at a place, or ends there."""
        stretch, start = self.at(offset)
        at = offset - start
        here = [each for each in stretch.mentions if each.start <= at <= each.end]
        if not here:
            return None
        found = next((each for each in here if at < each.end), here[-1])
        return found, Span(self.source, start + found.start, start + found.end)

    def word_at(self, offset: int) -> Span:
        """The word around a place, dots included; empty where there is none."""
        start = offset
        while start > 0 and (self.text[start - 1].isalnum() or self.text[start - 1] in "_."):
            start -= 1
        match = _WORD.match(self.text, start)
        return Span(self.source, start, max(offset, match.end() if match else start))


def _naming(node: t.Declaration) -> Iterable[tuple[t.Name, Declaring]]:
    """The names that a declaration gives."""
    match node:
        case t.Use() | t.Scenario():
            return
        case t.FactsDecl(group, _, facts):
            yield group, node
            for fact in facts:
                if isinstance(fact, t.FactDecl):
                    yield fact.name, fact
                if isinstance(fact.type, t.OneOf | t.SomeOf):
                    yield from ((option.value, option) for option in fact.type.options)
        case _:
            yield node.name, node
