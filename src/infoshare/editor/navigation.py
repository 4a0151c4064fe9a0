"""From a name to where it is declared, to where it stands, and to another name.

Invariant: renaming changes every place in which a name stands in the files of the workspace, or nothing: it is refused
where it would change what is another's, where the new name could not be one, and where a policy would not load as before.
"""

import re
from collections import Counter
from collections.abc import Iterator

import attrs

from infoshare.editor.documents import Declared, Document, Symbol
from infoshare.editor.mentions import Mention
from infoshare.editor.scope import Scope
from infoshare.editor.workspace import Workspace
from infoshare.policy.files import SHIPPED
from infoshare.syntax.lexical import LONGEST_NAME
from infoshare.syntax.words import KEYWORDS, RESERVED_GROUP, RESERVED_VALUE
from infoshare.text import Span
from infoshare.values import frozen

_NAME = re.compile(r"[a-z][a-z0-9_]*")
# What may be called as a word of the language is called.
_FREE = frozenset({"fact", "group", "option", "source", "policy"})


@frozen
class Change:
    """A stretch of a file, and what should stand there instead."""

    span: Span = attrs.field(eq=False)
    text: str


@frozen
class Refusal:
    """Why something is not done, a sentence."""

    why: str


def symbol_at(workspace: Workspace, path: str, offset: int) -> tuple[Symbol, Span, Scope] | None:
    """What the name at a place stands for, and where it stands."""
    document = workspace.document(path)
    found = document.mention_at(offset) if document is not None else None
    if found is None:
        return None
    mention, span = found
    scope = workspace.scope(path)
    symbol = scope.symbol(mention)
    return symbol, _itself(span, symbol), scope


def definition(workspace: Workspace, path: str, offset: int) -> tuple[Span, ...]:
    """Where the name at a place is declared; of a file that is used, its beginning."""
    found = symbol_at(workspace, path, offset)
    if found is None:
        return ()
    (space, name), _, scope = found
    if space == "file":
        used = workspace.used(name, path)
        document = workspace.document(used) if used else None
        return (Span(document.source, 0, 0),) if document else ()
    return tuple(each.name for each in scope.declared.get((space, name), ()))


def references(workspace: Workspace, path: str, offset: int, *, declaration: bool = True) -> tuple[Span, ...]:
    """Every place in which the name at a place stands.

    Args:
        declaration: whether that in which it is declared is one of them.
    """
    found = symbol_at(workspace, path, offset)
    if found is None:
        return ()
    symbol, _, scope = found
    return tuple(
        span
        for mention, span in _standing(workspace, scope, symbol, path)
        if declaration or not mention.declares
    )


def highlights(workspace: Workspace, path: str, offset: int) -> tuple[Span, ...]:
    """The places of the same file in which the name at a place stands."""
    found = symbol_at(workspace, path, offset)
    document = workspace.document(path)
    if found is None or document is None:
        return ()
    symbol, _, scope = found
    return tuple(span for _, span in _in(document, scope, symbol))


def renameable(workspace: Workspace, path: str, offset: int) -> Span | Refusal:
    """The name at a place, if it may be given another."""
    found = symbol_at(workspace, path, offset)
    if found is None or found[0][0] == "file":
        return Refusal("here is no name that can be changed")
    symbol, span, scope = found
    whose = _not_ours(workspace, scope, symbol)
    return whose or span


def rename(workspace: Workspace, path: str, offset: int, new: str) -> tuple[Change, ...] | Refusal:
    """The changes that give the name at a place another one, in every file; or why that cannot be."""
    found = symbol_at(workspace, path, offset)
    if found is None:
        return Refusal("here is no name that can be changed")
    symbol, _, scope = found
    wrong = _not_ours(workspace, scope, symbol) or _not_a_name(new, symbol) or _taken(scope, symbol, new)
    if wrong:
        return wrong
    changes = tuple(
        Change(_itself(span, symbol), new) for _, span in _standing(workspace, scope, symbol, path)
    )
    others = sorted({c.span.source.path for c in changes if not workspace.is_ours(c.span.source.path)})
    if others:
        return Refusal(f"the name stands in {', '.join(others)}, which is not in this workspace")
    return _breaks(workspace, changes) or changes


def changed(workspace: Workspace, changes: tuple[Change, ...]) -> Workspace:
    """The workspace once changes are made."""
    by_file: dict[str, list[Change]] = {}
    for change in changes:
        by_file.setdefault(change.span.source.path, []).append(change)
    for path, some in by_file.items():
        text = some[0].span.source.text
        for change in sorted(some, key=lambda c: c.span.start, reverse=True):
            text = text[: change.span.start] + change.text + text[change.span.end :]
        workspace = workspace.edited(path, text)
    return workspace


# --- where a name stands -----------------------------------------------------------------------------


def _standing(
    workspace: Workspace, scope: Scope, symbol: Symbol, path: str
) -> Iterator[tuple[Mention, Span]]:
    """Every place in which a name stands, in every file that is read together with one that declares it."""
    declared = scope.declared.get(symbol, ())
    together = dict.fromkeys(
        file for start in ([each.path for each in declared] or [path]) for file in workspace.together(start)
    )
    for file in together:
        document = workspace.document(file)
        if document is not None:
            yield from _in(document, workspace.scope(file), symbol)


def _in(document: Document, scope: Scope, symbol: Symbol) -> Iterator[tuple[Mention, Span]]:
    last = re.split(r"[.:]", symbol[1])[-1]
    for mention, span in document.mentions():
        if last in mention.name and scope.symbol(mention) == symbol:
            yield mention, span


def _itself(span: Span, symbol: Symbol) -> Span:
    """The name without the `s` that makes it many: `at least 2 persons`."""
    name = symbol[1]
    if symbol[0] == "group" and span.text == f"{name}s":
        return Span(span.source, span.start, span.end - 1)
    return span


# --- what cannot be ----------------------------------------------------------------------------------


def _not_ours(workspace: Workspace, scope: Scope, symbol: Symbol) -> Refusal | None:
    declared: tuple[Declared, ...] = scope.declared.get(symbol, ())
    if not declared:
        return Refusal(f"nothing declares `{symbol[1]}`: declare it first")
    for each in declared:
        if each.path.startswith(SHIPPED):
            return Refusal(f"`{symbol[1]}` belongs to `{each.path}`, which comes with infoshare")
        if not workspace.is_ours(each.path):
            return Refusal(f"`{symbol[1]}` belongs to {each.path}, which is not in this workspace")
    return None


def _not_a_name(new: str, symbol: Symbol) -> Refusal | None:
    space = symbol[0]
    if not _NAME.fullmatch(new):
        return Refusal(
            f"`{new}` is no name: names are small letters, digits and underscores, and begin with a letter"
        )
    if len(new) > LONGEST_NAME:
        return Refusal(f"a name has at most {LONGEST_NAME} characters")
    if new in KEYWORDS and space not in _FREE:
        return Refusal(f"`{new}` is a word of the language")
    if (space == "group" and new == RESERVED_GROUP) or (space == "option" and new == RESERVED_VALUE):
        return Refusal(f"`{new}` means something already")
    return None


def _taken(scope: Scope, symbol: Symbol, new: str) -> Refusal | None:
    space, name = symbol
    whole = re.sub(r"[^.:]+\Z", new, name)
    if whole == name:
        return Refusal("it is called so already")
    there = scope.first(space, whole)
    if there is None:
        return None
    return Refusal(f"`{whole}` is declared already, in {there.path}:{there.name.line}")


def _breaks(workspace: Workspace, changes: tuple[Change, ...]) -> Refusal | None:
    """Why the policies would not load as before, if they would not: a word may mean something where it comes to stand."""
    before = Counter(each.code for each in workspace.errors())
    after = changed(workspace, changes).errors()
    new = Counter(each.code for each in after) - before
    worse = next((each for each in after if each.code in new), None)
    return None if worse is None else Refusal(f"then something would be wrong: {worse.message}")
