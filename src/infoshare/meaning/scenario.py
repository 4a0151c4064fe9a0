"""Scenarios, bound: a case in the policy's own vocabulary and what is expected of its decision.

Deliberately not here: running them (`infoshare.scenarios`).
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import date
from itertools import chain

import attrs

from infoshare.diagnostic import Label, Nearest, did_you_mean
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
        self._nearest: dict[tuple[str, ...], Nearest] = {}

    def scenario(self, node: t.Scenario, cites: tuple[Cite, ...]) -> Scenario:
        """One scenario; whatever is wrong with it has been told."""
        answers: dict[str, Answer] = {}
        unsure: set[str] = set()
        elements: dict[str, list[str]] = {}
        seen: dict[str, Span] = {}
        lost: set[str] = set()  # elements of what is no list, of which nothing more is said
        for given in node.given:
            match given:
                case t.GivenNone(group):
                    if self._list(group) and not self._twice(seen, group.text, given.span):
                        elements[group.text] = []
                case t.GivenElement(group, name, facts):
                    if not self._list(group):
                        lost.add(name)
                        continue
                    if self._twice(seen, f"{group.text} {name}", given.span):
                        continue
                    elements.setdefault(group.text, []).append(name)
                    for inner in facts:
                        self._given(inner, answers, unsure, seen, (group.text, name))
                case _:
                    self._given(given, answers, unsure, seen, None)
        listed = {group: tuple(names) for group, names in elements.items()}
        case = Case(node.title, answers, frozenset(unsure), listed)
        self._expected(node.then, listed, lost)
        return Scenario(
            node.title, case, node.then, node.as_of.value if node.as_of else None, cites, node.span
        )

    def _list(self, group: t.Name) -> bool:
        return self.binder.is_list(group.text, group.span)

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
                    "IS302",
                    f"`{fact.path}` has one answer",
                    node.span,
                    "several are given here",
                    help=("write the one that is given",),
                )

    def _expected(
        self, then: t.Expectation, elements: Mapping[str, tuple[str, ...]], lost: AbstractSet[str]
    ) -> None:
        self.names(then.because_of, ("consent", "rule", "override", "exception"), "clause", bases=_BASES)
        self.names((*then.with_, *then.without, *then.lifting), ("duty",), "duty")
        for asked in then.asking:
            match asked:
                case t.Path():
                    self.binder.fact(asked, frozenset({asked.group}))
                case t.Name():
                    self._list(asked)
        near: dict[str, Nearest] = {}
        known = {(group, name) for group, names in elements.items() for name in names}
        for row in (*then.releasing, *then.holding_back, *then.leaving_open):
            for group, name in (("item", row.item), ("recipient", row.recipient)):
                if name is None or name in lost or not self._list(t.Name(group, span=row.span)):
                    continue
                listed = near.setdefault(group, Nearest(elements.get(group, ())))
                if (group, name) not in known:
                    self.faults.error(
                        "IS202",
                        f"the scenario gives no {group} of this name",
                        row.span,
                        help=did_you_mean(name, listed) or (f'give it: `{group} "…"`',),
                    )

    def names(
        self, names: Iterable[t.Name], kinds: tuple[str, ...], what: str, *, bases: tuple[str, ...] = ()
    ) -> None:
        """Tells the names that are not of a provision of these kinds.

        Args:
            bases: what may stand in the place of names, to be offered too.
        """
        for name in names:
            kind = self.provisions[name.text][0] if name.text in self.provisions else None
            if kind in kinds or name.text in self.faults.broken:
                continue
            known = self._near(kinds, () if kind else bases)
            message = f"no {what} is named `{name.text}`"
            if kind is None:
                there = f"write the name of a {what}"
                help_: tuple[str, ...] = (f"{there}, such as `{known.names[0]}`" if known.names else there,)
                self.faults.unknown("IS203", message, name.span, space="provision", known=known, help=help_)
            else:
                label = f"this is the name of {an('consent clause' if kind == 'consent' else kind)}"
                help_ = did_you_mean(name.text, known) or (
                    f"there is `{known.names[0]}`, for one"
                    if known.names
                    else f"this policy declares no {what}",
                )
                self.faults.error("IS208", message, name.span, label, help=help_)

    def _near(self, kinds: tuple[str, ...], bases: tuple[str, ...]) -> Nearest:
        """The names of the provisions of these kinds."""
        names = (name for name, (kind, _) in self.provisions.items() if kind in kinds)
        return self._nearest.setdefault((*kinds, *bases), Nearest(chain(names, bases)))
