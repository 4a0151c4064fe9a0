"""Findings about single declarations: no citation, no question, dates that never meet, a review that is overdue.

Deliberately not here: names that nothing uses (`names`), and whatever takes more than one declaration to see.
"""

import unicodedata
from collections.abc import Iterator
from datetime import date

from infoshare.authoring.findings.finding import Checked, Edit, Finding, found
from infoshare.diagnostic import Label
from infoshare.syntax import tree as t
from infoshare.syntax.lexical import tokens
from infoshare.text import Span

_KINDS = {t.Exception_: "exception", t.Duty: "duty", t.Safeguard: "safeguard", t.Advice: "advice"}


def declarations(checked: Checked, today: date) -> Iterator[Finding]:
    """Yields the findings about the declarations of the file."""
    header = checked.header
    if header is not None:
        yield from _header(checked, header, today)
    for node in checked.main.tree.declarations:
        match node:
            case t.FactsDecl():
                facts = (fact for fact in node.facts if isinstance(fact, t.FactDecl))
                yield from (_no_question(node, fact) for fact in facts if fact.ask is None)
            case t.Clause() | t.Exception_() | t.Duty() | t.Safeguard():
                own = node.provisions.cites or checked.model.provision(node.name.text).cites
                if not own and node.provisions.because is None:
                    yield _cites_nothing(node)
                yield from _never_in_force(node, checked)
            case t.Advice():
                yield from _never_in_force(node, checked)
            case _:
                pass
    yield from _not_composed(checked.main.tree)


def _header(checked: Checked, header: t.PolicyDecl, today: date) -> Iterator[Finding]:
    if not checked.model.clauses:
        yield found(
            "IS512",
            f"`{header.name.text}` has no consent clause, rule or override, so it can only ever say to seek advice",
            header.name.span,
            help=("write what follows from consent, or from anything else: `consent`, `rule` or `override`",),
            about=[header.name.text],
        )
    if header.review_by is not None and header.review_by.value < today:
        yield found(
            "IS510",
            f"`{header.name.text}` was to be reviewed by {header.review_by.value}",
            header.review_by.span,
            f"{(today - header.review_by.value).days} days ago",
            help=("review it against its sources, then give it the next date",),
            about=[header.name.text],
        )


def _no_question(group: t.FactsDecl, fact: t.FactDecl) -> Finding:
    path = f"{group.group.text}.{fact.name.text}"
    return found(
        "IS506",
        f"`{path}` has no question",
        fact.name.span,
        "who is asked for it reads its name only",
        help=('add `ask` and the question, in the words of those who are asked: `ask "…?"`',),
        about=[path],
    )


def _cites_nothing(node: t.Clause | t.Exception_ | t.Duty | t.Safeguard) -> Finding:
    kind = node.kind if isinstance(node, t.Clause) else _KINDS[type(node)]
    return found(
        "IS501",
        f"the {kind} `{node.name.text}` cites nothing, and does not say why it is there",
        node.name.span,
        help=(
            'say which paragraph it comes from: `cites SOURCE "place"`',
            'if it comes from none, say so: `because "…"`',
        ),
        about=[node.name.text],
    )


def _never_in_force(
    node: t.Clause | t.Exception_ | t.Duty | t.Safeguard | t.Advice, checked: Checked
) -> Iterator[Finding]:
    """Finds a clause whose own dates and its policy's have no day in common."""
    header, start, end = checked.header, node.provisions.start, node.provisions.end
    if header is None:
        return
    name, policy = node.name.text, header.name.text
    ends, begins = header.end, header.start
    if start is not None and ends is not None and start.value > ends.value:
        where, label, other = start, f"from {start.value}", Label(ends.span, f"until {ends.value}")
    elif end is not None and begins is not None and end.value < begins.value:
        where, label, other = end, f"until {end.value}", Label(begins.span, f"from {begins.value}")
    else:
        return
    yield found(
        "IS507",
        f"`{name}` can never be in force: `{policy}` is not in force on any of its days",
        where.span,
        label,
        also=(other,),
        help=("check which of the two dates is meant",),
        about=[name],
    )


def _not_composed(file: t.File) -> Iterator[Finding]:
    """Text in which a letter and its accent are two characters: it looks like another that is spelt with one."""
    text = file.span.source.text
    if unicodedata.is_normalized("NFC", text):
        return
    for kind, literal, at in tokens(text, 0, len(text)):
        composed = unicodedata.normalize("NFC", literal)
        if kind == "string" and composed != literal:
            span = Span(file.span.source, at, at + len(literal))
            yield found(
                "IS513",
                "a letter and its accent are written as two characters",
                span,
                "read as one character each",
                help=("write them as one: other programs would not find this text when they search for it",),
                fix=[Edit(span, composed)],
            )
