"""A text at a glance: its outline, what folds, what leads elsewhere, its colours, and how it should be laid out."""

import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from typing import Literal, get_args

import attrs

from infoshare.authoring.formatting import lay_out
from infoshare.diagnostic import Diagnostic
from infoshare.editor.completion import said_of, type_of
from infoshare.editor.documents import Document, Stretch
from infoshare.editor.mentions import Mention
from infoshare.editor.navigation import Change
from infoshare.editor.scope import Scope
from infoshare.editor.workspace import Workspace
from infoshare.syntax import tree as t
from infoshare.syntax.lexical import tokens
from infoshare.syntax.words import BY_PLACE, KEYWORDS
from infoshare.text import Span
from infoshare.values import frozen

What = Literal[
    "policy", "file", "source", "group", "fact", "value", "define", "clause", "duty", "part", "scenario"
]


@frozen
class Entry:
    """Something declared.

    Attributes:
        said: what it says of itself.
        name: where its name stands; all of it is `whole`.
        inside: what is declared in it: the facts of a group, what stands under the heading of a part.
    """

    label: str
    what: What
    said: str
    name: Span = attrs.field(eq=False)
    whole: Span = attrs.field(eq=False)
    inside: "tuple[Entry, ...]" = ()


def outline(document: Document) -> tuple[Entry, ...]:
    """What a file declares, in its order; what follows a part's heading is in it."""
    top: list[Entry] = []
    part: tuple[Entry, list[Entry]] | None = None
    for stretch, start in zip(document.stretches, document.starts, strict=True):
        for node in stretch.declarations:
            entry = _entry(document, stretch, start, node)
            if isinstance(node, t.Part):
                if part is not None:
                    top.append(_with(*part))
                part = entry, []
            elif part is not None and isinstance(node, _IN_PARTS):
                part[1].append(entry)
            else:
                if part is not None and isinstance(node, t.PolicyDecl):
                    top.append(_with(*part))
                    part = None
                top.append(entry)
    if part is not None:
        top.append(_with(*part))
    return tuple(sorted(top, key=lambda entry: entry.whole.start))


_IN_PARTS = (t.Clause, t.Exception_, t.Duty, t.Safeguard, t.Advice, t.Guarantee)


def _with(part: Entry, inside: list[Entry]) -> Entry:
    end = inside[-1].whole.end if inside else part.whole.end
    whole = Span(part.whole.source, part.whole.start, end)
    return attrs.evolve(part, whole=whole, inside=tuple(inside))


def _entry(document: Document, stretch: Stretch, start: int, node: t.Declaration) -> Entry:
    def at(inner: t.Node) -> Span:
        return document.span(stretch, start, inner)

    whole = at(node)
    match node:
        case t.Use(path):
            return Entry(path, "file", "used", whole, whole)
        case t.Scenario(title):
            opening = document.text.index('"', whole.start)
            closing = document.text.find('"', opening + 1)
            return Entry(title, "scenario", "", Span(document.source, opening, closing + 1), whole)
        case t.FactsDecl(group, phrase, facts):
            inside = tuple(
                Entry(f.name.text, "fact", f"{said_of(f)}: {type_of(f)}", at(f.name), at(f))
                for f in facts
                if isinstance(f, t.FactDecl)
            )
            return Entry(group.text, "group", phrase, at(group), whole, inside)
        case _:
            return Entry(node.name.text, _what(node), said_of(node), at(node.name), whole)


def _what(node: object) -> What:
    match node:
        case t.PolicyDecl():
            return "policy"
        case t.SourceDecl():
            return "source"
        case t.DefineDecl() | t.ValueDecl() | t.HolidaysDecl():
            return "define"
        case t.Part():
            return "part"
        case t.Duty() | t.Safeguard() | t.Advice():
            return "duty"
        case _:
            return "clause"


def search(workspace: Workspace, words: str) -> Iterator[Entry]:
    """What the files of the workspace declare under names, or with words, in which letters stand in this order."""
    wanted = re.compile(".*?".join(map(re.escape, words.lower())))
    for path in workspace.paths:
        document = workspace.document(path)
        for entry in _all(outline(document)) if document else ():
            if wanted.search(entry.label.lower()) or (words and words.lower() in entry.said.lower()):
                yield entry


def _all(entries: Iterable[Entry]) -> Iterator[Entry]:
    for entry in entries:
        yield entry
        yield from _all(entry.inside)


# --- folding -----------------------------------------------------------------------------------------


@frozen
class Fold:
    """Lines that fold into their first, counted from 1, both included."""

    first: int
    last: int
    comment: bool = False


def folds(document: Document) -> tuple[Fold, ...]:
    """What folds: declarations, parts with all that is in them, facts, and comments of several lines."""
    found = [_fold(entry.whole) for entry in _all(outline(document))]
    begun = None
    lines = document.source.line_starts
    for number in range(1, len(lines) + 2):
        is_comment = number <= len(lines) and document.source.line(number).lstrip().startswith("#")
        if is_comment and begun is None:
            begun = number
        elif not is_comment and begun is not None:
            found.append(Fold(begun, number - 1, comment=True))
            begun = None
    return tuple(dict.fromkeys(fold for fold in found if fold.last > fold.first))


def _fold(span: Span) -> Fold:
    return Fold(span.line, span.source.line_column(span.end)[0])


# --- links -------------------------------------------------------------------------------------------


@frozen
class Link:
    """A stretch of text that leads somewhere: to a file of the workspace, or to an address."""

    span: Span = attrs.field(eq=False)
    path: str | None
    address: str | None = None


def links(workspace: Workspace, document: Document) -> Iterator[Link]:
    """What leads elsewhere: used files, and the addresses of sources."""
    for node, span in document.nodes():
        text = document.text
        if isinstance(node, t.Use):
            used = workspace.used(node.path, document.path)
            if used is not None and workspace.document(used) is not None:
                start = text.index('"', span.start) + 1
                yield Link(Span(document.source, start, max(start, span.end - 1)), used)
        elif isinstance(node, t.SourceDecl) and node.at and re.match(r"https?://", node.at):
            start = text.find(node.at, span.start, span.end)
            if start != -1:
                yield Link(Span(document.source, start, start + len(node.at)), None, node.at)


# --- colours -----------------------------------------------------------------------------------------

Role = Literal[
    "comment", "string", "number", "keyword", "fact", "group", "value", "define", "clause", "source", "part"
]
ROLES: tuple[Role, ...] = get_args(Role)
_BY_SPACE: dict[str, Role] = {
    "fact": "fact",
    "further": "fact",
    "group": "group",
    "term": "define",
    "source": "source",
    "provision": "clause",
    "part": "part",
    "policy": "clause",
    "holidays": "define",
    "option": "value",
}
_PIECE = re.compile(r"#[^\n]*")


@frozen
class Colour:
    """What a stretch of one line is; whether it is the name of something, where that is declared."""

    span: Span = attrs.field(eq=False)
    role: Role
    declares: bool = False


def colours(document: Document, scope: Scope) -> Iterator[Colour]:
    """What every word is, in order; strings and comments over lines are told line by line."""
    for stretch, start in zip(document.stretches, document.starts, strict=True):
        names = {each.start: each for each in stretch.mentions if each.space != "file"}
        comments = (
            (m.start(), m.group())
            for m in _PIECE.finditer(stretch.text)
            if not _quoted(stretch.text, m.start())
        )
        pieces = [(at, text, "comment") for at, text in comments]
        pieces += [(at, text, kind) for kind, text, at in tokens(stretch.text, 0, len(stretch.text))]
        for at, text, kind in sorted(pieces):
            yield from _coloured(document, scope, start, at, text, kind, names)


def _quoted(text: str, at: int) -> bool:
    """Whether a `#` stands in a string: an odd number of marks before it, those in comments aside."""
    count, comment = 0, False
    for character in text[:at]:
        if character == "\n":
            comment = False
        elif character == "#" and count % 2 == 0:
            comment = True
        elif character == '"' and not comment:
            count += 1
    return count % 2 == 1


def _coloured(
    document: Document, scope: Scope, start: int, at: int, text: str, kind: str, names: dict[int, Mention]
) -> Iterator[Colour]:
    match kind:
        case "comment":
            yield Colour(Span(document.source, start + at, start + at + len(text.rstrip("\r"))), "comment")
        case "string":
            line = at
            for piece in text.splitlines(keepends=True):
                bare = piece.rstrip("\r\n")
                lead = len(bare) - len(bare.lstrip())
                if bare.strip():
                    yield Colour(
                        Span(document.source, start + line + lead, start + line + len(bare)), "string"
                    )
                line += len(piece)
        case "number":
            yield Colour(Span(document.source, start + at, start + at + len(text)), "number")
        case "word":
            within = [names[place] for place in range(at, at + len(text)) if place in names]
            for mention in within:
                role = _BY_SPACE[scope.symbol(mention)[0]]
                span = Span(document.source, start + mention.start, start + mention.end)
                yield Colour(span, role, mention.declares)
            if not within and (text in KEYWORDS or text in BY_PLACE or text == "infoshare"):
                yield Colour(Span(document.source, start + at, start + at + len(text)), "keyword")
        case _:
            pass


# --- layout ------------------------------------------------------------------------------------------


def laid_out(document: Document) -> tuple[Change, ...] | tuple[Diagnostic, ...]:
    """The changes that lay a file out, line by line; or what stands in the way."""
    result = lay_out(document.path, document.text.encode("utf-8", "replace"))
    if result.data is None:
        return result.diagnostics
    old = document.text.splitlines(keepends=True)
    new = result.data.decode().splitlines(keepends=True)
    starts = [0]
    for line in old:
        starts.append(starts[-1] + len(line))
    return tuple(
        Change(Span(document.source, starts[a], starts[b]), "".join(new[c:d]))
        for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        if tag != "equal"
    )
