"""What there is to say of what stands at a place: a fact, a clause, a word of the language.

Of a clause it is told what its policy makes of it, in English, as of when the policy last had no error; while it has
one, the clause's own words must do.
"""

from collections.abc import Iterator

import attrs

from infoshare import catalogue
from infoshare.authoring.findings import Checked
from infoshare.editor.completion import fact_page, said_of
from infoshare.editor.documents import Declared
from infoshare.editor.scope import Scope
from infoshare.editor.workspace import Workspace
from infoshare.explain.aloud import Reader
from infoshare.meaning.model import Model, Provision
from infoshare.syntax import tree as t
from infoshare.syntax.printer import print_node
from infoshare.text import Span
from infoshare.values import frozen


@frozen
class Hover:
    """What to say, in Markdown, of a stretch of text."""

    span: Span = attrs.field(eq=False)
    markdown: str


def hover(workspace: Workspace, path: str, offset: int) -> Hover | None:
    """What to say of what stands at a place; None where there is nothing."""
    document = workspace.document(path)
    if document is None:
        return None
    found = document.mention_at(offset)
    if found is not None:
        mention, span = found
        scope = workspace.scope(path)
        space, name = scope.symbol(mention)
        declared = scope.first(space, name)
        said = "" if declared is None else _said(workspace, scope, declared)
        return Hover(span, said) if said else None
    word = document.word_at(offset)
    page = catalogue.keyword(word.text) if word.text and not _is_quoted(document.text, word.start) else None
    return Hover(word, page) if page else None


def _is_quoted(text: str, at: int) -> bool:
    line = text[text.rfind("\n", 0, at) + 1 : at]
    return line.count('"') % 2 == 1 or "#" in line


def _said(workspace: Workspace, scope: Scope, declared: Declared) -> str:
    name = declared.symbol[1]
    node = declared.node
    match node:
        case t.FactDecl():
            return fact_page(scope, name)
        case t.Option():
            fact = name.partition(":")[0]
            return f"`{node.value.text}`: {said_of(node)}\n\n{fact_page(scope, fact)}"
        case t.FactsDecl(_, phrase, _, each):
            facts = [f for f in scope.of("fact") if f.symbol[1].startswith(f"{name}.")]
            told = [f"- `{f.symbol[1]}`: {said_of(f.node)}" for f in facts]
            return "\n".join([f"{'A list: ' if each else ''}{phrase}", "", *told])
        case t.Clause() | t.Exception_() | t.Duty() | t.Safeguard() | t.Advice() | t.Guarantee():
            return "\n\n".join([f"**{said_of(node)}**", *_of_clause(workspace, scope, declared)])
        case _:
            return f"```policy\n{print_node(node)}\n```"


def model_of(workspace: Workspace, path: str) -> Checked | None:
    """A policy that a file is part of, as it last had no error; its own rather than another."""
    mains = workspace.policies(path)
    good = (workspace.last_good(main) for main in mains)
    return next((checked for checked in good if checked is not None), None)


def _of_clause(workspace: Workspace, scope: Scope, declared: Declared) -> Iterator[str]:
    checked = model_of(workspace, declared.path)
    name = declared.symbol[1]
    if checked is None or name not in checked.model.declared:
        yield (
            f"```policy\n{print_node(declared.node)}\n```" if isinstance(declared.node, t.Declaration) else ""
        )
        return
    model = checked.model
    provision = model.provision(name)
    reader = Reader(model)
    for words in reader.saying(provision):
        yield "\n".join([words.text, *(f"- {line.lstrip('- ')}" for line in words.lines(""))])
    if dates := reader.dates(provision):
        yield dates
    if provision.because:
        yield f"*{provision.because}*"
    yield from _cited(scope, provision)
    yield from _acting(model, provision)


def _cited(scope: Scope, provision: Provision) -> Iterator[str]:
    if not provision.cites:
        return
    told = []
    for cite in provision.cites:
        found = scope.first("source", cite.source)
        title = said_of(found.node) if found else cite.source
        address = found.node.at if found and isinstance(found.node, t.SourceDecl) else None
        linked = f"[{title}]({address})" if address else title
        told.append(f"{linked}, {cite.at}" if cite.at else linked)
    yield "Cites " + "; ".join(told) + "."


def _acting(model: Model, provision: Provision) -> Iterator[str]:
    """What it acts on, and what acts on it."""
    name = provision.name
    exception = model.exceptions.get(name)
    verb = "Prevails over" if exception is None else "Relaxes" if exception.relaxes else "Sets aside"
    lines = [
        (verb, model.targets.get(name, ())),
        ("Is prevailed over by", model.prevailed_over_by.get(name, ())),
        ("Is set aside by", model.set_aside_by.get(name, ())),
        ("Is relaxed by", model.relaxed_by.get(name, ())),
        ("Is replaced by", (model.replaced_by[name],) if name in model.replaced_by else ()),
        ("Stands instead of", (provision.instead_of,) if provision.instead_of else ()),
    ]
    told = [f"- {verb} {', '.join(f'`{each}`' for each in names)}" for verb, names in lines if names]
    if told:
        yield "\n".join(told)
