"""Conditions that say nothing, or say it twice: always so, never so, the same again, not not.

What is always or never so is proved on the decision diagrams: over every answer to every fact, on every day on
which it is in force. The innermost condition is told, and not what follows from it.
Deliberately not here: what becomes of a clause whose condition is as it should be (`interplay`).
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import attrs

from infoshare.authoring.analysis import Analysis
from infoshare.authoring.findings.finding import Checked, Edit, Finding, found, listed
from infoshare.diagnostic import Label
from infoshare.meaning import model as m
from infoshare.meaning.binding import Binder
from infoshare.meaning.diagram import Diagram
from infoshare.meaning.faults import Faults
from infoshare.meaning.world import facts_of
from infoshare.syntax import tree as t
from infoshare.syntax.printer import print_condition
from infoshare.text import Span

Groups = frozenset[str]


@attrs.frozen
class _Written:
    """A condition of a declaration; `groups` are the lists of which it speaks of one element."""

    name: str
    condition: t.Condition
    groups: Groups = frozenset()


def conditions(checked: Checked, analyses: Sequence[Analysis]) -> Iterator[Finding]:
    """Every finding of this kind about the conditions of the file itself."""
    some = [a for a in analyses if a.view.outlook.possible(a.view.world.diagrams.yes)]
    looking = _Looking(checked, some or analyses)
    for node in checked.main.tree.declarations:
        for written in _written(node):
            yield from looking.wording(written)
        if some:
            yield from looking.truths(node)
    if not some:
        yield from _no_case(checked)


def _no_case(checked: Checked) -> Iterator[Finding]:
    """Where all that is impossible leaves no case, nothing else that might be proved means anything."""
    impossibles = [d for d in checked.declared.values() if isinstance(d, t.ImpossibleDecl)]
    names = [d.name.text for d in impossibles]
    yield found(
        "IS604",
        f"what is impossible leaves no case at all: {listed(names)}",
        impossibles[-1].condition.span,
        also=[Label(d.condition.span) for d in impossibles[:-1]],
        help=("every case was tried", "correct one of them"),
        about=names,
    )


def _written(node: t.Declaration) -> Iterator[_Written]:
    match node:
        case t.DefineDecl() | t.ImpossibleDecl():
            yield _Written(node.name.text, node.condition)
        case t.Clause() | t.Exception_() | t.Duty() | t.Safeguard() | t.Advice() | t.Guarantee():
            groups = frozenset[str](node.scope) if isinstance(node, t.Safeguard) else frozenset[str]()
            required = node.require if isinstance(node, t.Safeguard) else None
            for condition in (node.provisions.when, node.provisions.unless, required):
                if condition is not None:
                    yield _Written(node.name.text, condition, groups)
        case _:
            pass


class _Looking:
    def __init__(self, checked: Checked, analyses: Sequence[Analysis]) -> None:
        self.model = model = checked.model
        self.analyses = analyses
        self.binder = Binder(Faults(), model.groups, model.facts, model.defines, model.values)

    # --- what is written --------------------------------------------------------------------

    def wording(self, written: _Written) -> Iterator[Finding]:
        """The same again and not not, anywhere in a condition."""
        yield from self._repeated(written, written.condition, written.groups, {}, None)
        yield from self._doubly_negated(written)

    def _repeated(
        self, written: _Written, node: t.Condition, groups: Groups, seen: dict[m.Condition, Span], joiner: str | None
    ) -> Iterator[Finding]:
        """What is said before beside it; `seen` is what is joined so far by the joiner that stands around."""
        own = _joiner(node)
        if own is None or own != joiner:
            seen = {}
        for index, item in enumerate(items_of(node)):
            inner = groups | {node.group.text} if isinstance(node, t.Quantified) else groups
            if own is not None and _joiner(item) != own:
                bound = self._bound(item, inner)
                if bound in seen:
                    yield found(
                        "IS508",
                        "the same condition is given twice",
                        item.span,
                        "again",
                        also=(Label(seen[bound], "first here"),),
                        help=("leave one of them out, or correct the one that was meant to be another",),
                        about=[written.name],
                        fix=_without(items_of(node), index),
                    )
                    continue
                seen[bound] = item.span
            yield from self._repeated(written, item, inner, seen, own)

    def _doubly_negated(self, written: _Written) -> Iterator[Finding]:
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
                    help=(f"say it without: `{positive}`",) if "\n" not in positive else ("say it without",),
                    about=[written.name],
                )
                pending.extend((item, False) for item in items_of(node))
                continue
            if isinstance(node, t.Not):
                inner = _positive(node.item)
                if inner is not None:
                    yield found(
                        "IS509",
                        "this is denied twice",
                        node.span,
                        help=(f"say it without: `{inner}`",),
                        about=[written.name],
                        fix=_replaced(node.span, inner),
                    )
                    pending.extend((item, False) for item in items_of(node.item))
                    continue
            denying = isinstance(node, t.These) and node.kind == "none"
            pending.extend((item, denying) for item in items_of(node))

    # --- what is so -------------------------------------------------------------------------

    def truths(self, node: t.Declaration) -> Iterator[Finding]:
        """Conditions of a declaration that are always or never so."""
        if isinstance(node, t.ImpossibleDecl):
            yield from self._truths(_Written(node.name.text, node.condition), self.analyses, possible_only=False)[0]
            return
        name = next((written.name for written in _written(node)), None)
        if name is None:
            return
        analyses = self.analyses
        if not isinstance(node, t.DefineDecl):
            provision = _provision(self.model, name)
            analyses = [a for a in analyses if self.model.in_force(provision, a.day)]
        told = False
        for written in _written(node):
            findings, constant = self._truths(written, analyses)
            told = told or constant
            yield from findings
        if not told and not isinstance(node, t.DefineDecl):
            yield from self._nothing_left(node, analyses)

    def _truths(
        self, written: _Written, analyses: Sequence[Analysis], *, possible_only: bool = True
    ) -> tuple[list[Finding], bool]:
        """What is always or never so in a condition; and whether the whole of it is."""
        node = written.condition
        findings: list[Finding] = []
        explained = False
        for item in items_of(node):
            groups = written.groups | {node.group.text} if isinstance(node, t.Quantified) else written.groups
            inner = attrs.evolve(written, condition=item, groups=groups)
            more, constant = self._truths(inner, analyses, possible_only=possible_only)
            findings += more
            explained = explained or constant
        bound = self._bound(node, written.groups)
        truth = self._always(bound, written.groups, analyses, possible_only=possible_only)
        if truth is None or explained or isinstance(node, t.Holds) and isinstance(node.ref, t.Name):
            return findings, truth is not None
        return [*findings, self._constant(written, bound, truth, analyses, possible_only)], True

    def _constant(
        self, written: _Written, bound: m.Condition, truth: bool, analyses: Sequence[Analysis], possible_only: bool
    ) -> Finding:
        code, words, label = (
            ("IS604", "is so in every case, so it asks for nothing", "always so")
            if truth
            else ("IS605", "can never be so", "never so")
        )
        facts = [fact.path for fact in facts_of(self.model, bound)]
        proof = f"every answer to {listed(facts)} was tried" if facts else "it speaks of no fact"
        if possible_only and self._always(bound, written.groups, analyses, possible_only=False) is None:
            proof += f", but what cannot be: {listed(self._about(facts))}"
        return found(
            code,
            f"this condition of `{written.name}` {words}",
            written.condition.span,
            label,
            help=(proof, "correct it, or leave it out"),
            about=[written.name],
        )

    def _nothing_left(self, node: t.Declaration, analyses: Sequence[Analysis]) -> Iterator[Finding]:
        """A `when` and an `unless` that can each be so or not, and together leave no case."""
        assert not isinstance(node, t.PolicyDecl | t.Use | t.FactsDecl | t.Scenario | t.DefineDecl)
        provision = _provision(self.model, node.name.text)
        if provision.when is None or provision.unless is None or not analyses:
            return
        both = m.All((provision.when, m.Not(provision.unless)))
        groups = frozenset[str](node.scope) if isinstance(node, t.Safeguard) else frozenset[str]()
        if self._always(both, groups, analyses) is False:
            said = _provisions(node)
            assert said.when is not None and said.unless is not None
            facts = [fact.path for fact in facts_of(self.model, both)]
            yield found(
                "IS605",
                f"`{node.name.text}` can never hold: its `unless` takes away every case that its `when` leaves",
                said.unless.span,
                "so wherever the other is",
                also=(Label(said.when.span, "holds only here"),),
                help=(f"every answer to {listed(facts)} was tried", "correct one of the two"),
                about=[node.name.text],
            )

    def _always(
        self, bound: m.Condition, groups: Groups, analyses: Sequence[Analysis], *, possible_only: bool = True
    ) -> bool | None:
        """True if it is so in every case on every day, False if in none on any, else None."""
        here = dict.fromkeys(groups, "one of them")
        truths = {self._everywhere(a, a.view.world.truth(bound, here), possible_only) for a in analyses}
        return truths.pop() if len(truths) == 1 else None

    def _everywhere(self, analysis: Analysis, where: Diagram, possible_only: bool) -> bool | None:
        if possible_only:
            return analysis.view.everywhere(where)
        leaves = {analysis.view.world.diagrams.yes: True, analysis.view.world.diagrams.no: False}
        return leaves.get(where)

    def _about(self, facts: Sequence[str]) -> list[str]:
        """The impossible combinations that speak of some of these facts."""
        impossibles = self.model.impossibles
        return [i.name for i in impossibles if any(f.path in facts for f in facts_of(self.model, i.condition))]

    def _bound(self, node: t.Condition, groups: Groups) -> m.Condition:
        bound = self.binder.condition(node, groups)
        assert bound is not None, "a policy that loads has no condition that does not bind"
        return bound


def items_of(node: t.Condition) -> tuple[t.Condition, ...]:
    """The conditions that a condition is directly made of."""
    match node:
        case t.And(items) | t.Or(items) | t.These(_, items):
            return items
        case t.Not(item) | t.Quantified(_, _, item):
            return (item,)
        case _:
            return ()


def _joiner(node: t.Condition) -> str | None:
    """How the items of a condition are joined."""
    match node:
        case t.And() | t.These("all"):
            return "and"
        case t.Or() | t.These("any"):
            return "or"
        case t.These("none"):
            return "nor"
        case _:
            return None


def _positive(node: t.Condition) -> str | None:
    """What a denial denies, as it is written; None for what is no denial."""
    match node:
        case t.Not(item):
            return item.span.text
        case t.Is(negated=True):
            return print_condition(attrs.evolve(node, negated=False))
        case t.Quantified("no"):
            return print_condition(attrs.evolve(node, kind="any"))
        case _:
            return None


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


def _provision(model: m.Model, name: str) -> m.Provision:
    tables = (model.clauses, model.exceptions, model.duties, model.safeguards, model.advice, model.guarantees)
    return next(table[name] for table in tables if name in table)


def _provisions(node: t.Declaration) -> t.Provisions:
    match node:
        case t.Clause() | t.Exception_() | t.Duty() | t.Safeguard() | t.Advice() | t.Guarantee():
            return node.provisions
        case _:
            raise AssertionError("it has no conditions of its own")
