"""Conditions that say the same twice, or deny what is denied: read off how they are written.

Deliberately not here: what conditions come to (`truths`).
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import assert_never

import attrs

from infoshare.authoring.conditions import Binding, Written, written
from infoshare.authoring.findings.finding import Checked, Edit, Finding, found
from infoshare.diagnostic import Label
from infoshare.meaning import model as m
from infoshare.syntax import tree as t
from infoshare.syntax.printer import print_condition
from infoshare.text import Span


@attrs.frozen
class _Joined:
    """What is joined with `and`, `or` or `nor` so far, and where each of it stands."""

    by: str | None
    places: dict[m.Condition, Span] = attrs.field(factory=dict)


def wording(checked: Checked) -> Iterator[Finding]:
    """Every finding of this kind about the conditions of the file itself."""
    binding = Binding(checked.model)
    for node in checked.main.tree.declarations:
        for each in written(node):
            yield from _repeated(binding, each)
            yield from _doubly_negated(each)


def _repeated(binding: Binding, said: Written, joined: _Joined | None = None) -> Iterator[Finding]:
    """What was said before among what it is joined with, through brackets that join in the same way."""
    node, joiner = said.condition, _joiner(said.condition)
    if joined is None or joined.by != joiner:
        joined = _Joined(joiner)
    for index, item in enumerate(t.children(node)):
        groups = binding.within(node, said.groups)
        bound = binding.bound(item, groups)
        if joiner is not None and bound in joined.places:
            yield found(
                "IS508",
                "the same condition is given twice",
                item.span,
                "again",
                also=(Label(joined.places[bound], "first here"),),
                help=("leave one of them out, or correct the one that was meant to be another",),
                about=[said.name],
                fix=_without(t.children(node), index),
            )
            continue
        if _joiner(item) != joiner:
            joined.places[bound] = item.span
        yield from _repeated(binding, attrs.evolve(said, condition=item, groups=groups), joined)


def _doubly_negated(written: Written) -> Iterator[Finding]:
    pending: list[tuple[t.Condition, bool]] = [(written.condition, False)]
    while pending:
        node, denied = pending.pop()
        positive = _positive(node)
        if denied and positive is not None:
            yield found(
                "IS509",
                "this is denied twice",
                node.span,
                "denied here, and by what stands before it",
                help=(f"say it without: `{_on_one_line(positive)}`",),
                about=[written.name],
            )
            pending.extend((item, False) for item in t.children(node))
            continue
        if isinstance(node, t.Not):
            inner = _positive(node.item)
            if inner is not None:
                yield found(
                    "IS509",
                    "this is denied twice",
                    node.span,
                    help=(f"say it without: `{_on_one_line(inner)}`",),
                    about=[written.name],
                    fix=_replaced(node.span, inner),
                )
                pending.extend((item, False) for item in t.children(node.item))
                continue
        denying = isinstance(node, t.These) and node.kind == "none"
        pending.extend((item, denying) for item in t.children(node))


def _joiner(node: t.Condition) -> str | None:
    """How the items of a condition are joined."""
    match node:
        case t.And() | t.These("all"):
            return "and"
        case t.Or() | t.These("any"):
            return "or"
        case t.These("none"):
            return "nor"
        case t.Holds() | t.Is() | t.Includes() | t.Compare() | t.Not() | t.These():
            return None
        case t.Quantified() | t.Counted():
            return None
        case _:
            assert_never(node)


def _positive(node: t.Condition) -> str | None:
    """What a denial denies, as it is written; None for what is no denial."""
    match node:
        case t.Not(item):
            return item.span.text
        case t.Is(negated=True):
            return print_condition(attrs.evolve(node, negated=False))
        case t.Quantified("no", within=None):  # of those whom a reference names, neither may be so
            return print_condition(attrs.evolve(node, kind="any"))
        case t.Includes(how="none"):
            return print_condition(attrs.evolve(node, how="any"))
        case t.Holds() | t.Is() | t.Includes() | t.Compare() | t.And() | t.Or() | t.These():
            return None
        case t.Quantified() | t.Counted():
            return None
        case _:
            assert_never(node)


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _replaced(span: Span, text: str) -> tuple[Edit, ...]:
    """The edit, unless a comment would be lost by it."""
    return () if "#" in span.text or "#" in text else (Edit(span, text),)


def _without(items: Sequence[t.Condition], index: int) -> tuple[Edit, ...]:
    """The edit that takes one item out of several, with what joins it, unless a comment would be lost by it."""
    if len(items) == 1:
        return ()
    if index == 0:
        first, second = items[:2]
        span = Span(first.span.source, first.span.start, second.span.start)
    else:
        before, item = list(pairwise(items))[index - 1]
        span = Span(item.span.source, before.span.end, item.span.end)
    return _replaced(span, "")
