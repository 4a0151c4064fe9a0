"""Conditions that are so in every case, or in none: proved on the decision diagrams.

Proved over every answer to every fact, on every day on which they are in force. The innermost condition is reported,
and not what follows from it.
Deliberately not here: what becomes of a clause whose condition is as it should be (`interplay`, `idle`).
"""

from collections.abc import Iterator, Sequence

import attrs

from infoshare.analysis.every_case import Analysis
from infoshare.authoring.conditions import Binding, Groups, Written, within, written
from infoshare.authoring.findings.finding import Checked, Finding, found, listed
from infoshare.diagnostic import Label
from infoshare.meaning import model as m
from infoshare.meaning.diagram import Diagram
from infoshare.meaning.world import facts_of
from infoshare.syntax import tree as t


def truths(checked: Checked, analyses: Sequence[Analysis]) -> Iterator[Finding]:
    """Yields the conditions of the file that are always or never so."""
    some = [a for a in analyses if a.view.outlook.possible(a.view.world.diagrams.yes)]
    if not some:
        yield from _no_case(checked)
        return
    looking = _Looking(checked, some)
    for node in checked.main.tree.declarations:
        yield from looking.at(node)


def _no_case(checked: Checked) -> Iterator[Finding]:
    """Warns that no case is possible; then nothing else that might be proved means anything."""
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


_Acting = t.Clause | t.Exception_ | t.Duty | t.Safeguard | t.Advice | t.Guarantee


class _Looking:
    def __init__(self, checked: Checked, analyses: Sequence[Analysis]) -> None:
        self.model, self.analyses = checked.model, analyses
        self.binding = Binding(checked.model)

    def at(self, node: t.Declaration) -> Iterator[Finding]:
        """Conditions of a declaration that are always or never so."""
        match node:
            case t.ImpossibleDecl():
                (said,) = written(node)
                yield from self._told(said, self.analyses, possible_only=False)[0]
            case t.DefineDecl():
                (said,) = written(node)
                yield from self._told(said, self.analyses)[0]
            case t.Clause() | t.Exception_() | t.Duty() | t.Safeguard() | t.Advice() | t.Guarantee():
                provision = self.model.provision(node.name.text)
                in_force = [a for a in self.analyses if self.model.in_force(provision, a.day)]
                told = [self._told(each, in_force) for each in written(node)]
                yield from (finding for findings, _ in told for finding in findings)
                if not any(constant for _, constant in told):
                    yield from self._nothing_left(node, provision, in_force)
            case _:
                pass

    def _told(
        self, said: Written, analyses: Sequence[Analysis], *, possible_only: bool = True
    ) -> tuple[list[Finding], bool]:
        """What is always or never so in a condition; and whether the whole of it is."""
        node = said.condition
        findings: list[Finding] = []
        explained = False
        for item in t.children(node):
            inner = attrs.evolve(said, condition=item, groups=within(node, said.groups))
            more, constant = self._told(inner, analyses, possible_only=possible_only)
            findings += more
            explained = explained or constant
        bound = self.binding.bound(node, said.groups)
        truth = self._always(bound, said.groups, analyses, possible_only=possible_only)
        if truth is None or explained or (isinstance(node, t.Holds) and isinstance(node.ref, t.Name)):
            return findings, truth is not None
        return [*findings, self._constant(said, bound, truth, analyses, possible_only)], True

    def _constant(
        self,
        said: Written,
        bound: m.Condition,
        truth: bool,
        analyses: Sequence[Analysis],
        possible_only: bool,
    ) -> Finding:
        code, words, label = (
            ("IS604", "is so in every case, so it asks for nothing", "always so")
            if truth
            else ("IS605", "can never be so", "never so")
        )
        facts = [fact.path for fact in facts_of(self.model, bound)]
        proof = f"every answer to {listed(facts)} was tried" if facts else "it speaks of no fact"
        if possible_only and self._always(bound, said.groups, analyses, possible_only=False) is None:
            proof += f", but for what is impossible: {listed(self._about(facts))}"
        return found(
            code,
            f"this condition of `{said.name}` {words}",
            said.condition.span,
            label,
            help=(proof, "correct it, or leave it out"),
            about=[said.name],
        )

    def _nothing_left(
        self, node: _Acting, provision: m.Provision, analyses: Sequence[Analysis]
    ) -> Iterator[Finding]:
        """A `when` and an `unless` that can each be so or not, and together leave no case."""
        when, unless = node.provisions.when, node.provisions.unless
        if when is None or unless is None or provision.when is None or provision.unless is None:
            return
        both = m.All((provision.when, m.Not(provision.unless)))
        groups = frozenset[str](node.scope) if isinstance(node, t.Safeguard) else frozenset[str]()
        if self._always(both, groups, analyses) is False:
            facts = [fact.path for fact in facts_of(self.model, both)]
            yield found(
                "IS605",
                f"`{node.name.text}` can never hold: its `unless` takes away every case that its `when` leaves",
                unless.span,
                "so wherever the other is",
                also=(Label(when.span, "holds only here"),),
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
        return [
            i.name for i in impossibles if any(f.path in facts for f in facts_of(self.model, i.condition))
        ]
