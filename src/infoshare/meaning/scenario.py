"""Scenarios, bound: a case in the policy's own vocabulary and what is expected of its decision.

Deliberately not here: running them (`infoshare.scenarios`).
"""

from collections.abc import Iterable, Mapping
from datetime import date

import attrs

from infoshare.diagnostic import Label, did_you_mean
from infoshare.meaning.binding import Binder
from infoshare.meaning.case import Case, element_key
from infoshare.meaning.faults import Faults, an
from infoshare.meaning.model import Cite, Fact, Group, Provision
from infoshare.meaning.types import UNSURE, Answer, SomeOf
from infoshare.syntax import tree as t
from infoshare.text import Span
from infoshare.values import frozen

_BASES = ("conflict", "silence", "unknown facts")


@frozen
class Scenario:
    """A case and what is expected of it; the expectation's names are known to exist."""

    title: str
    case: Case
    then: t.Expectation
    as_of: date | None
    cites: tuple[Cite, ...]
    span: Span = attrs.field(eq=False, repr=False)


class ScenarioBinder:
    """Binds scenarios against a policy's names."""

    def __init__(
        self,
        faults: Faults,
        binder: Binder,
        groups: Mapping[str, Group],
        facts: Mapping[str, Fact],
        provisions: Mapping[str, tuple[str, Provision]],
    ) -> None:
        self.faults, self.binder, self.groups, self.facts = faults, binder, groups, facts
        self.provisions = provisions

    def scenario(self, node: t.Scenario, cites: tuple[Cite, ...]) -> Scenario:
        """One scenario; whatever is wrong with it has been told."""
        answers: dict[str, Answer] = {}
        unsure: set[str] = set()
        elements: dict[str, tuple[str, ...]] = {}
        seen: dict[str, Span] = {}
        for given in node.given:
            match given:
                case t.GivenNone(group):
                    if self._list(group) and not self._twice(seen, group.text, given.span):
                        elements[group.text] = ()
                case t.GivenElement(group, name, facts):
                    if not self._list(group) or self._twice(seen, f"{group.text} {name}", given.span):
                        continue
                    elements[group.text] = (*elements.get(group.text, ()), name)
                    for inner in facts:
                        self._given(inner, answers, unsure, seen, (group.text, name))
                case _:
                    self._given(given, answers, unsure, seen, None)
        case = Case(node.title, answers, frozenset(unsure), elements)
        self._expected(node.then, elements)
        return Scenario(
            node.title, case, node.then, node.as_of.value if node.as_of else None, cites, node.span
        )

    def _list(self, group: t.Name) -> bool:
        known = self.groups.get(group.text)
        if known is not None and known.each:
            return True
        if group.text not in self.faults.broken:
            lists = [g.name for g in self.groups.values() if g.each]
            self.faults.unknown(
                "IS205", f"no list is named `{group.text}`", group.span, space="group", known=lists
            )
        return False

    def _twice(self, seen: dict[str, Span], what: str, span: Span) -> bool:
        if what in seen:
            self.faults.error(
                "IS403",
                "this is given twice",
                span,
                "again",
                also=(Label(seen[what], "first here"),),
                help=("keep the one that is meant",),
            )
            return True
        seen[what] = span
        return False

    def _given(
        self,
        node: t.GivenHolds | t.GivenIs,
        answers: dict[str, Answer],
        unsure: set[str],
        seen: dict[str, Span],
        element: tuple[str, str] | None,
    ) -> None:
        fact = self.binder.fact(node.fact, frozenset({element[0]}) if element else frozenset())
        if fact is None:
            return
        key = element_key(*element, fact.name) if element else fact.path
        if self._twice(seen, key, node.span):
            return
        match node:
            case t.GivenHolds(_, negated):
                if self.binder.stands_alone(fact, node.fact.span):
                    answers[key] = not negated
            case t.GivenIs(_, (t.Word(word),), _) if word == UNSURE:
                unsure.add(key)
            case t.GivenIs(_, values, _) if isinstance(fact.type, SomeOf):
                if values == (t.Word("none"),) and "none" not in fact.type.values:
                    answers[key] = frozenset()
                    return
                ticked = [self.binder.answer(fact, value, unsure=True) for value in values]
                answers[key] = frozenset(v for v in ticked if isinstance(v, str))
            case t.GivenIs(_, (value,), _):
                answer = self.binder.answer(fact, value, unsure=True)
                if answer is not None:
                    answers[key] = answer
            case _:
                self.faults.error(
                    "IS302", f"`{fact.path}` has one answer", node.span, "several are given here"
                )

    def _expected(self, then: t.Expectation, elements: Mapping[str, tuple[str, ...]]) -> None:
        self.names(then.because_of, ("consent", "rule", "override", "exception"), "clause", bases=_BASES)
        self.names((*then.with_, *then.without, *then.lifting), ("duty",), "duty")
        for asked in then.asking:
            match asked:
                case t.Path():
                    self.binder.fact(asked, frozenset({asked.group}))
                case t.Name():
                    self._list(asked)
        for row in (*then.releasing, *then.holding_back, *then.leaving_open):
            for group, name in (("item", row.item), ("recipient", row.recipient)):
                listed = elements.get(group, ())
                if name is not None and name not in listed:
                    self.faults.error(
                        "IS202",
                        f"the scenario gives no {group} of this name",
                        row.span,
                        help=did_you_mean(name, listed) or (f'give it: `{group} "…"`',),
                    )

    def names(
        self, names: Iterable[t.Name], kinds: tuple[str, ...], what: str, *, bases: Iterable[str] = ()
    ) -> None:
        """Tells the names that are not of a provision of these kinds.

        Args:
            bases: what may stand in the place of names, to be offered too.
        """
        for name in names:
            kind = self.provisions[name.text][0] if name.text in self.provisions else None
            if kind in kinds or name.text in self.faults.broken:
                continue
            known = [n for n, (k, _) in self.provisions.items() if k in kinds]
            message = f"no {what} is named `{name.text}`"
            if kind is None:
                known += bases
                self.faults.unknown("IS203", message, name.span, space="provision", known=known)
            else:
                label = f"this is the name of {an('consent clause' if kind == 'consent' else kind)}"
                help_ = did_you_mean(name.text, known) or (
                    (f"there is `{known[0]}`, for one",) if known else ()
                )
                self.faults.error("IS208", message, name.span, label, help=help_)
