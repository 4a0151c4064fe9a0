"""Assumptions that do harm: `unanswered means` that lets a policy share, or keeps a duty due, where nobody has asked.

Told of the facts that a policy declares itself; a vocabulary's are for those who share it to judge. A duty counts
where another answer would take it away by an exception or an `unless`: telling a family cannot be taken back.
Deliberately not here: facts of the elements of lists.
"""

from collections.abc import Iterator
from datetime import date
from itertools import islice

import attrs

from infoshare.authoring.analysis import Analysis
from infoshare.authoring.findings.cases import Cases, Shown, told
from infoshare.authoring.findings.finding import Checked, Finding, found
from infoshare.meaning.diagram import Diagram
from infoshare.meaning.evaluator import brought
from infoshare.meaning.model import (
    All,
    Among,
    Compare,
    Condition,
    Duty,
    Fact,
    FactTerm,
    Literal_,
    Not,
    Ticked,
)
from infoshare.meaning.types import Answer, OneOf, SomeOf, YesNo
from infoshare.outcome import Outcome
from infoshare.syntax import tree as t
from infoshare.syntax.printer import print_node

_REFUSALS = (Outcome.WITHHOLD, Outcome.SEEK_ADVICE)


def presumptions(checked: Checked, cases: Cases) -> Iterator[Finding]:
    """Every finding of this kind about the facts that the policy of the file itself declares."""
    if checked.header is None:
        return
    for group in checked.main.tree.declarations:
        if isinstance(group, t.FactsDecl) and not group.each:
            for node in group.facts:
                fact = checked.model.facts[f"{group.group.text}.{node.name.text}"]
                if fact.assumed is not None:
                    yield from islice(_harms(checked, cases, fact, node, fact.assumed), 1)


def _harms(
    checked: Checked, cases: Cases, fact: Fact, node: t.FactDecl, assumed: Answer
) -> Iterator[Finding]:
    for analysis in cases.analyses:
        swaps = _Swaps(analysis, fact, assumed)
        if not swaps.variables:
            continue
        outcome = analysis.view.standing.outcome
        refused = analysis.view.world.diagrams.either(outcome[o] for o in _REFUSALS)
        shown = swaps.shown(cases, outcome[Outcome.SHARE], refused)
        if shown is not None:
            yield _harm(
                checked, fact, node, "lets the policy say share where another answer would not", shown
            )
        for duty in checked.model.duties.values():
            for each in Outcome:
                shown = swaps.shown(cases, _due(analysis, duty, each), _taken_away(analysis, duty, each))
                if shown is not None:
                    what = f"keeps the duty `{duty.name}` due where another answer would take it away"
                    yield _harm(checked, fact, node, what, shown)


def _harm(checked: Checked, fact: Fact, node: t.FactDecl, what: str, shown: Shown) -> Finding:
    assumed = node.assumed or ()
    words = ", ".join(print_node(value) for value in assumed)
    return found(
        "IS609",
        f"that `{fact.path}` unanswered means {words} {what}",
        assumed[0].span,
        help=(
            "leave `unanswered means` out: it is then asked, and until it is answered nothing rests on it",
            *told(checked, shown, "it"),
        ),
        about=[fact.path],
    )


def _due(analysis: Analysis, duty: Duty, outcome: Outcome) -> Diagram:
    return _called_for(analysis, duty, outcome) & analysis.view.standing.applies[duty.name]


def _taken_away(analysis: Analysis, duty: Duty, outcome: Outcome) -> Diagram:
    """Where it would be due, but for an exception or its `unless`."""
    if not analysis.model.in_force(duty, analysis.day):
        return analysis.view.world.diagrams.no
    applies = analysis.view.standing.applies[duty.name]
    return _called_for(analysis, duty, outcome) & analysis.view.world.truth(duty.when) & ~applies


def _called_for(analysis: Analysis, duty: Duty, outcome: Outcome) -> Diagram:
    standing = analysis.view.standing
    return brought(analysis.view.world, standing, duty, Outcome.SHARE) & standing.outcome[outcome]


@attrs.frozen(slots=False)
class _Swaps:
    """One fact as it is assumed, and as it might be answered otherwise, with all else the same."""

    analysis: Analysis
    fact: Fact
    assumed: Answer

    @property
    def variables(self) -> frozenset[int]:
        """The variables that an answer to the fact decides; none where nothing hangs on it."""
        return self.analysis.view.world.of_key(self.fact.path)

    def shown(self, cases: Cases, so: Diagram, otherwise: Diagram) -> Shown | None:
        """A case without the fact, which is so as it is assumed, and otherwise with some other answer."""
        world, care = self.analysis.view.world, self.analysis.view.outlook.care
        as_assumed = world.truth(_is(self.fact, self.assumed))
        left_out, somehow = self.variables, world.diagrams.somehow
        where = somehow(care & so & as_assumed, left_out) & somehow(care & otherwise & ~as_assumed, left_out)
        witness = self.analysis.witness(where)
        if witness is None:
            return None
        return Shown(witness, cases.verdict(witness, lambda _: True) if witness.exact else None)


def _is(fact: Fact, answer: Answer) -> Condition:
    """That a fact has this answer."""
    match fact.type, answer:
        case ((YesNo() | OneOf()), _):
            return Among(fact, frozenset({answer}))
        case SomeOf(values), frozenset():
            ticked = [(Ticked(fact, value), value in answer) for value in values]
            return All(tuple(option if on else Not(option) for option, on in ticked))
        case _, (int() | str() | date()):
            return Compare(FactTerm(fact), "=", Literal_(answer))
        case _:
            raise AssertionError("an answer that its fact does not admit")
