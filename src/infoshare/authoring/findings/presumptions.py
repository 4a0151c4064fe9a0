"""Assumptions that do harm: `unanswered means` that lets a policy share, or keeps a duty due, where nobody has asked.

Looked at for the facts that a policy declares itself; a vocabulary's are for those who share it to judge. A duty counts
where another answer would take it away by an exception or an `unless`: telling a family cannot be taken back.
Deliberately not here: facts of the elements of lists.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import islice

import attrs

from infoshare.analysis.every_case import Analysis, Witness
from infoshare.analysis.search import Search, Shown, Verdict
from infoshare.authoring.findings.finding import Checked, Finding, found, told
from infoshare.meaning import facts as reading
from infoshare.meaning.case import here_of
from infoshare.meaning.deciding import with_names
from infoshare.meaning.diagram import Diagram
from infoshare.meaning.evaluator import Standing, brought
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
    Quantified,
    Referred,
    Ticked,
)
from infoshare.meaning.presumption import presumed
from infoshare.meaning.types import Answer, OneOf, Reference, SomeOf, YesNo
from infoshare.meaning.view import in_hand
from infoshare.outcome import OUTCOMES, Outcome
from infoshare.syntax import tree as t
from infoshare.syntax.printer import print_node

_REFUSALS = (Outcome.WITHHOLD, Outcome.SEEK_ADVICE)


def presumptions(checked: Checked, search: Search) -> Iterator[Finding]:
    """Yields the harmful assumptions among the facts that the file's own policy declares."""
    if checked.header is None:
        return
    for group in checked.main.tree.declarations:
        if isinstance(group, t.FactsDecl) and not group.each:
            for node in group.facts:
                if isinstance(node, t.MoreOptions):
                    continue  # what is assumed of it, the policy says that declares it
                fact = checked.model.facts[f"{group.group.text}.{node.name.text}"]
                if fact.assumed is not None:
                    yield from islice(_harms(checked, search, fact, node, fact.assumed), 1)


def _harms(
    checked: Checked, search: Search, fact: Fact, node: t.FactDecl, assumed: Answer
) -> Iterator[Finding]:
    swap = _Swap(search, fact, assumed)
    for analysis in search.analyses:
        if not swap.variables(analysis):
            continue
        about = [*checked.model.clauses]
        shown = swap.shown(
            analysis, _shares, _refused, lambda verdict: verdict.outcome is Outcome.SHARE, about
        )
        if shown is not None:
            what = ("let the policy say share where another answer would not", shown)
            yield _harm(checked, fact, node, *what)
        for duty in checked.model.duties.values():
            for outcome in OUTCOMES:
                shown = swap.shown(
                    analysis,
                    _due(duty, outcome),
                    _taken_away(duty, outcome),
                    _is_due(duty.name),
                    [*about, duty.name],
                )
                if shown is not None:
                    what = (
                        f"keep the duty `{duty.name}` due where another answer would take it away",
                        shown,
                    )
                    yield _harm(checked, fact, node, *what)


def _harm(checked: Checked, fact: Fact, node: t.FactDecl, what: str, shown: Shown) -> Finding:
    if node.assumed is None or isinstance(node.assumed, t.EveryElement):
        raise TypeError("nothing is assumed of this fact that can be held against another answer")
    assumed = node.assumed
    words = ", ".join(print_node(value) for value in assumed)
    verb, _, rest = what.partition(" ")
    does = f"{verb}s {rest}" if shown.verdict is not None else f"may {what}"
    return found(
        "IS609",
        f"that `{fact.path}` unanswered means {words} {does}",
        assumed[0].span,
        help=(
            "leave `unanswered means` out: it is then asked, and until it is answered nothing rests on it",
        ),
        shown=told(checked, shown, f"It rests on an assumption about {fact.path}"),
        about=[fact.path],
    )


_Where = Callable[[Analysis], list[Diagram]]
"""Where something is so, for each row of a case (in the same order whatever is so), or for each that a duty is for."""


def _shares(analysis: Analysis) -> list[Diagram]:
    return [standing.outcome[Outcome.SHARE] for standing in _standings(analysis)]


def _refused(analysis: Analysis) -> list[Diagram]:
    either = analysis.view.world.diagrams.either
    return [either(standing.outcome[o] for o in _REFUSALS) for standing in _standings(analysis)]


def _standings(analysis: Analysis) -> list[Standing]:
    view = analysis.view
    return [of.standing for of in view.rows.values()] if view.by_row else [view.standing]


def _due(duty: Duty, outcome: Outcome) -> _Where:
    def where(analysis: Analysis) -> list[Diagram]:
        return [
            _called_for(analysis, standing, duty, outcome) & applies
            for standing in _standings(analysis)
            for applies in standing.applies_of.get(duty.name, {None: standing.applies[duty.name]}).values()
        ]

    return where


def _taken_away(duty: Duty, outcome: Outcome) -> _Where:
    """Where it would be due, but for an exception or its `unless`."""

    def where(analysis: Analysis) -> list[Diagram]:
        world, found = analysis.view.world, list[Diagram]()
        in_force = analysis.model.in_force(duty, analysis.day)
        heres = map(here_of, analysis.view.rows) if analysis.view.by_row else ({},)
        for here, standing in zip(heres, _standings(analysis), strict=True):
            mine = in_hand(duty, here)
            for element, applies in standing.applies_of.get(
                duty.name, {None: standing.applies[duty.name]}
            ).items():
                of = (
                    mine if element is None or duty.other_list is None else {**mine, duty.other_list: element}
                )
                called = _called_for(analysis, standing, duty, outcome) & world.truth(duty.when, of)
                found.append(called & ~applies if in_force else world.diagrams.no)
        return found

    return where


def _called_for(analysis: Analysis, standing: Standing, duty: Duty, outcome: Outcome) -> Diagram:
    return brought(analysis.view.world, standing, duty, Outcome.SHARE) & standing.outcome[outcome]


def _is_due(duty: str) -> Callable[[Verdict], bool]:
    return lambda verdict: duty in verdict.due


@attrs.frozen
class _Swap:
    """One fact as it is assumed, and as it might be answered otherwise, with all else the same."""

    search: Search
    fact: Fact
    assumed: Answer

    def variables(self, analysis: Analysis) -> frozenset[int]:
        """The variables that an answer to the fact decides; none where nothing depends on it."""
        return analysis.view.world.of_key(self.fact.path)

    def shown(
        self,
        analysis: Analysis,
        so: _Where,
        otherwise: _Where,
        confirms: Callable[[Verdict], bool],
        about: Iterable[str],
    ) -> Shown | None:
        """A case without the fact, in which it is so as is assumed, and otherwise with some other answer.

        Args:
            about: the names of the provisions of which it is.
        """

        def where(each: Analysis) -> Diagram:
            world, care = each.view.world, each.view.outlook.care
            as_assumed, left_out = world.truth(_is(self.fact, self.assumed)), self.variables(each)
            exists = world.diagrams.exists
            found = world.diagrams.either(
                exists(care & one & as_assumed, left_out) & exists(care & other & ~as_assumed, left_out)
                for one, other in zip(so(each), otherwise(each), strict=True)
            )
            for index in left_out:
                if world.variables[index].opaque:
                    # Its two truths were chosen apart, so a case has to show it: the witness is to say so.
                    found = found & world.diagrams.test(index, 1, None)
            return found

        def differs(witness: Witness) -> bool:
            case = reading.read(self.search.model, witness.case).case
            known = with_names(case)
            assumed, case = presumed(self.search.model, case, witness.as_of, known)
            known = {**known, **{k: a for k, a in assumed.items() if k not in self.search.model.groups}}
            known.pop(self.fact.path, None)
            opened = Analysis(self.search.model, witness.as_of, case.elements, known)
            as_assumed = opened.view.world.truth(_is(self.fact, self.assumed))
            return any(
                opened.outlook.possible(one & as_assumed) and opened.outlook.possible(other & ~as_assumed)
                for one, other in zip(so(opened), otherwise(opened), strict=True)
            )

        return self.search.shown(
            analysis, where, confirms, about=about, also=differs, unanswered=self.fact.path
        )


def _is(fact: Fact, answer: Answer) -> Condition:
    """That a fact has this answer."""
    match fact.type, answer:
        case ((YesNo() | OneOf()), _):
            return Among(fact, frozenset({answer}))
        case SomeOf(values), frozenset():
            ticked = [(Ticked(fact, value), value in answer) for value in values]
            return All(tuple(option if on else Not(option) for option, on in ticked))
        case Reference(group), frozenset():  # nothing else is assumed of one than that it names nobody
            return Not(Quantified("any", group, All(()), Referred(fact)))
        case _, (int() | str() | date()):
            return Compare(FactTerm(fact), "=", Literal_(answer))
        case _:
            raise AssertionError("an answer that its fact does not admit")
