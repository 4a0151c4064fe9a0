"""Conditions that are so in every case, or in none: proved on the decision diagrams.

Proved over every answer to every fact, on every day on which they are in force. The innermost condition is reported,
and not what follows from it.
Deliberately not here: what becomes of a clause whose condition is as it should be (`interplay`, `idle`).
"""

from collections.abc import Iterator, Sequence

import attrs

from infoshare.analysis.every_case import Analysis
from infoshare.authoring.conditions import Binding, Groups, Written, written
from infoshare.authoring.findings.finding import Checked, Finding, found, listed
from infoshare.diagnostic import Label
from infoshare.meaning import model as m
from infoshare.meaning.diagram import Diagram
from infoshare.meaning.model import covers
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
        declared = [d for file in checked.files for d in file.tree.declarations]
        self.parts = {d.name.text: d for d in declared if isinstance(d, t.Part)}

    def at(self, node: t.Declaration) -> Iterator[Finding]:
        """Conditions of a declaration that are always or never so."""
        match node:
            case t.ImpossibleDecl():
                (said,) = written(node)
                yield from self._told(said, self.analyses, possible_only=False)[0]
            case t.DefineDecl() | t.FactsDecl():
                for said in written(node):
                    yield from self._told(said, self.analyses)[0]
            case t.Part():
                part = self.model.parts[node.name.text]
                in_force = [a for a in self.analyses if covers(part.start, part.end, a.day)]
                for said in written(node):
                    yield from self._told(said, in_force)[0]
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
            inner = attrs.evolve(said, condition=item, groups=self.binding.within(node, said.groups))
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
        facts = [fact.path for fact in self.model.facts_of(bound)]
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
        """Conditions of a declaration that can each be so or not, and together leave no case."""
        when, unless, name = node.provisions.when, node.provisions.unless, node.name.text
        part = self._part_of(node, provision)
        pieces: list[tuple[t.Node, str]] = [*part]
        if isinstance(node, t.Clause) and isinstance(node.effect.whom, t.EachOf):
            pieces.append((node.effect.whom, "somebody of whom this is so"))
        pieces += [(each, "holds only here") for each in (when,) if each is not None]
        if len(pieces) + (unless is not None) < 2:
            return
        denied = () if provision.unless is None else (m.Not(provision.unless),)
        both = m.All((*(() if provision.when is None else (provision.when,)), *denied))
        if self._always(both, frozenset(node.scope), analyses) is not False:
            return
        proof = f"every answer to {listed([fact.path for fact in self.model.facts_of(both)])} was tried"
        if unless is not None and [each for each, _ in pieces] == [when]:
            yield found(
                "IS605",
                f"`{name}` can never hold: its `unless` takes away every case that its `when` leaves",
                unless.span,
                "so wherever the other is",
                also=(Label(pieces[0][0].span, "holds only here"),),
                help=(proof, "correct one of the two"),
                about=[name],
            )
            return
        yield found(
            "IS605",
            f"`{name}` can never hold: its conditions leave no case together",
            node.name.span,
            also=[
                *(Label(said.span, words) for said, words in pieces),
                *(() if unless is None else (Label(unless.span, "never where this is so"),)),
            ],
            help=(proof, "correct one of them, or put it in another part" if part else "correct one of them"),
            about=[name],
        )

    def _part_of(self, node: _Acting, provision: m.Provision) -> list[tuple[t.Condition, str]]:
        """The condition of the part that a declaration stands in, if that has one which can be so or not."""
        if provision.part is None or isinstance(node, t.Advice | t.Guarantee):
            return []
        said = self.parts[provision.part].provisions.when
        bound = self.model.parts[provision.part].condition
        if said is None or bound is None or self._always(bound, frozenset(), self.analyses) is not None:
            return []
        return [(said, "the condition of its part")]

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
        return analysis.whatever_can_be(where)

    def _about(self, facts: Sequence[str]) -> list[str]:
        """The impossible combinations that speak of some of these facts."""
        impossibles = self.model.impossibles
        return [i.name for i in impossibles if any(f.path in facts for f in self.model.facts_of(i.condition))]
