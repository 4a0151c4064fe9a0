"""What acts on what: as a hierarchy, beside blanket targets, and over a whole policy."""

from collections.abc import Iterator
from typing import Literal, assert_never

from infoshare.editor.documents import Declared, Document
from infoshare.editor.hover import model_of
from infoshare.editor.navigation import symbol_at
from infoshare.editor.workspace import Workspace
from infoshare.meaning.model import Model
from infoshare.syntax import tree as t
from infoshare.text import Span
from infoshare.values import frozen

How = Literal["prevails over", "sets aside", "relaxes"]


@frozen
class Acting:
    """A clause that acts on another, or is acted on by it, and how."""

    clause: Declared
    how: How


def clause_at(workspace: Workspace, path: str, offset: int) -> Declared | None:
    """The clause whose name stands at a place, or that it lies in."""
    found = symbol_at(workspace, path, offset)
    if found is not None and found[0][0] == "provision":
        return found[2].first(*found[0])
    document = workspace.document(path)
    if document is None:
        return None
    for each in workspace.scope(path).of("provision"):
        if each.path == path and each.whole.start <= offset <= each.whole.end:
            return each
    return None


def acts_on(workspace: Workspace, clause: Declared) -> Iterator[Acting]:
    """What a clause prevails over, sets aside or relaxes."""
    checked = model_of(workspace, clause.path)
    name = clause.symbol[1]
    if checked is not None:
        yield from _those(workspace, clause, checked.model.targets.get(name, ()), _how(clause.node))


def acted_on_by(workspace: Workspace, clause: Declared) -> Iterator[Acting]:
    """What prevails over a clause, sets it aside or relaxes it."""
    checked = model_of(workspace, clause.path)
    if checked is None:
        return
    model, name = checked.model, clause.symbol[1]
    yield from _those(workspace, clause, model.prevailed_over_by.get(name, ()), "prevails over")
    yield from _those(workspace, clause, model.set_aside_by.get(name, ()), "sets aside")
    yield from _those(workspace, clause, model.relaxed_by.get(name, ()), "relaxes")


def _those(workspace: Workspace, clause: Declared, names: tuple[str, ...], how: How) -> Iterator[Acting]:
    scope = workspace.scope(clause.path)
    for name in names:
        found = scope.first("provision", name)
        if found is not None:
            yield Acting(found, how)


def _how(node: object) -> How:
    if isinstance(node, t.Exception_):
        return "relaxes" if node.relaxes else "sets aside"
    return "prevails over"


# --- blanket targets ---------------------------------------------------------------------------------


@frozen
class Hint:
    """What to show after a place, as if it were written there."""

    offset: int
    text: str
    about: str = ""


_MOST = 6


def hints(workspace: Workspace, document: Document, within: Span) -> Iterator[Hint]:
    """What each blanket target in a stretch of text covers."""
    checked = model_of(workspace, document.path)
    if checked is None:
        return
    for stretch, start in zip(document.stretches, document.starts, strict=True):
        if start > within.end or start + len(stretch.text) < within.start:
            continue
        for node in stretch.declarations:
            if not isinstance(node, t.Clause | t.Exception_):
                continue
            for target in node.targets:
                if isinstance(target, t.Name):
                    continue
                names = covered(checked.model, node, target)
                end = document.span(stretch, start, target).end
                shown = ", ".join(names[:_MOST]) + (
                    f" and {len(names) - _MOST} more" if names[_MOST:] else ""
                )
                yield Hint(end, f" = {shown or 'no clause'}", "\n".join(f"- `{name}`" for name in names))


def covered(model: Model, node: t.Clause | t.Exception_, target: t.Target) -> tuple[str, ...]:
    """The clauses that a blanket target is about, in the order of the policy."""
    named = {each.text for each in node.targets if isinstance(each, t.Name)}
    every = model.targets.get(node.name.text, ())
    match target:
        case t.EveryConsentClause():
            return tuple(n for n in every if n in model.clauses and model.clauses[n].kind == "consent")
        case t.EveryClauseOf(part):
            return tuple(n for n in every if model.provision(n).part == part.text)
        case t.AllOtherClauses():
            return tuple(n for n in every if n not in named)
        case t.Name(name):
            return (name,)
        case _:
            assert_never(target)
