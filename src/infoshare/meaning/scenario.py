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
from infoshare.meaning.lookup import group_of, listed
from infoshare.meaning.model import Cite, Clause, EachOf, Fact, Group, InHand, Provision, Referred
from infoshare.meaning.types import UNSURE, Answer, Reference, SomeOf
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
        self._referred = {f.type.group for f in facts.values() if isinstance(f.type, Reference)}
        self._naming: list[tuple[Fact, str, Span]] = []

    def scenario(self, node: t.Scenario, cites: tuple[Cite, ...]) -> Scenario:
        """One scenario; whatever is wrong with it has been told."""
        answers: dict[str, Answer] = {}
        unsure: set[str] = set()
        elements: dict[str, list[str]] = {}
        seen: dict[str, Span] = {}
        self._naming = []
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
                    if name == UNSURE and group.text in self._referred:
                        self._called_unsure(group.text, given.span)
                    elements.setdefault(group.text, []).append(name)
                    for inner in facts:
                        self._given(inner, answers, unsure, seen, (group.text, name))
                case _:
                    self._given(given, answers, unsure, seen, None)
        given_lists = {group: tuple(names) for group, names in elements.items()}
        for fact, name, span in self._naming:
            self._is_given(group_of(fact), name, span, given_lists, lost)
        case = Case(node.title, answers, frozenset(unsure), given_lists)
        self._expected(node.then, given_lists, lost)
        return Scenario(
            node.title, case, node.then, node.as_of.value if node.as_of else None, cites, node.span
        )

    def _called_unsure(self, group: str, span: Span) -> None:
        self.faults.error(
            "IS402",
            f"no {group} may be called `{UNSURE}`",
            span,
            help=(
                f"give it another name: where a {group} is named, `{UNSURE}` says that nobody knows which",
            ),
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
            case t.GivenIs(_, values, _) if isinstance(fact.type, Reference):
                named = self._named(fact, values, node.span)
                if named is not None:
                    answers[key] = named
            case t.GivenIs(_, values, _) if isinstance(fact.type, SomeOf):
                if values in _NONE and values[0] not in [t.Word(value) for value in fact.type.values]:
                    answers[key] = frozenset()
                    return
                ticked = [self.binder.answer(fact, _written(value), unsure=True) for value in values]
                answers[key] = frozenset(v for v in ticked if isinstance(v, str))
            case t.GivenIs(_, (value,), _):
                answer = self.binder.answer(fact, _written(value), unsure=True)
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

    def _named(
        self, fact: Fact, values: tuple[t.Value | t.NoneOfThem, ...], span: Span
    ) -> frozenset[str] | None:
        """Whom a reference is said to name; None, with the fault told, where that is not said."""
        many = isinstance(fact.type, Reference) and fact.type.many
        if values in ((t.NoneOfThem(),), (t.Word("empty"),)):
            return frozenset()
        names = [value.value for value in values if isinstance(value, t.Text)]
        if len(names) < len(values):
            none = "is empty" if many else "is none of them"
            self.faults.error(
                "IS302",
                f"`{fact.path}` is answered by the name of {an(group_of(fact))}",
                span,
                help=(f'write `{fact.path} is "…"`, in double quotes, or `{fact.path} {none}`',),
            )
            return None
        if len(names) > 1 and not many:
            self.faults.error(
                "IS302",
                f"`{fact.path}` names one at most",
                span,
                "several are given here",
                help=("write the one that is given",),
            )
            return None
        self._naming.extend((fact, name, span) for name in names)
        return frozenset(names)

    def _is_given(
        self,
        group: str,
        name: str,
        span: Span,
        elements: Mapping[str, tuple[str, ...]],
        lost: AbstractSet[str],
    ) -> None:
        """Tells a name of a list that the scenario does not give."""
        if name in elements.get(group, ()) or name in lost or not self._list(t.Name(group, span=span)):
            return
        self.faults.error(
            "IS202",
            f"the scenario gives no {group} of this name",
            span,
            help=did_you_mean(name, elements.get(group, ())) or (f'give it: `{group} "…"`',),
        )

    def _expected(
        self, then: t.Expectation, elements: Mapping[str, tuple[str, ...]], lost: AbstractSet[str]
    ) -> None:
        self.names(then.because_of, ("consent", "rule", "override", "exception"), "clause", bases=_BASES)
        duties = (*then.with_, *then.without, *then.lifting, *duties_in(then.leaving_open))
        self.names(duties, ("duty",), "duty")
        for asked in then.asking:
            match asked:
                case t.Path():
                    self.binder.fact(asked, frozenset({asked.group}))
                case t.Name():
                    self._list(asked)
        rows: tuple[t.Row | t.OutcomeFor, ...] = (
            *then.releasing,
            *then.holding_back,
            *rows_in(then.leaving_open),
            *then.rows,
        )
        for row in rows:
            for group, name in (("item", row.item), ("recipient", row.recipient)):
                if name is not None:
                    self._is_given(group, name, row.span, elements, lost)
        for duty in duties:
            if isinstance(duty, t.DutyFor):
                self._duty_for(duty, elements, lost)
        for name in then.asking_consent:
            self._may_be_asked(name, then.span, elements)

    def _duty_for(
        self, duty: t.DutyFor, elements: Mapping[str, tuple[str, ...]], lost: AbstractSet[str]
    ) -> None:
        """Tells a duty that is not for each of a list, or for nobody whom the scenario gives."""
        kind, provision = self.provisions.get(duty.text, ("", None))
        if provision is None or kind != "duty":
            return  # which has been told
        each = " and ".join(provision.scope)
        if not provision.scope or (duty.to is not None and len(provision.scope) == 1):
            self.faults.error(
                "IS217",
                f"`{duty.text}` is for each {each}" if each else f"`{duty.text}` is not for each of a list",
                duty.span,
                help=(f'write `{duty.text} for "…"`' if each else f"write `{duty.text}` alone",),
            )
        elif duty.to is None and len(provision.scope) == 2:  # either side may be left out
            if not any(duty.for_ in elements.get(group, ()) for group in provision.scope):
                self._is_given("recipient", duty.for_, duty.span, elements, lost)
        else:
            for group, name in zip(provision.scope, (duty.for_, duty.to), strict=False):
                if name is not None:
                    self._is_given(group, name, duty.span, elements, lost)

    def _may_be_asked(self, name: str, span: Span, elements: Mapping[str, tuple[str, ...]]) -> None:
        """Tells one whose consent no clause can say to seek: no element that is given, and in no clause's words."""
        clauses = [p for _, p in self.provisions.values() if isinstance(p, Clause) and p.whom is not None]
        words = [clause.whom for clause in clauses if isinstance(clause.whom, str)]
        groups = {_asked_of(clause.whom) for clause in clauses}
        known = [*words, *(each for group in elements if group in groups for each in elements[group])]
        if name in known:
            return
        self.faults.error(
            "IS202",
            "nobody of this name is asked for consent: the scenario gives none, and no clause says so in words",
            span,
            help=did_you_mean(name, known) or (f"those who can be asked are {listed(known)}",)
            if known
            else ("no clause says whom to ask: write `seek consent from …` in one",),
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


_NONE = ((t.Word("none"),), (t.Word("empty"),), (t.NoneOfThem(),))


def _written(value: t.Value | t.NoneOfThem) -> t.Value:
    """What stands in the place of an answer of what is no reference: `none of them` as the word it begins with."""
    return t.Word("none", span=value.span) if isinstance(value, t.NoneOfThem) else value


def rows_in(left_open: Iterable[t.Row | t.Name]) -> list[t.Row]:
    """The rows among what is left open."""
    return [each for each in left_open if isinstance(each, t.Row)]


def duties_in(left_open: Iterable[t.Row | t.Name]) -> list[t.Name]:
    """The duties among what is left open."""
    return [each for each in left_open if isinstance(each, t.Name)]


def _asked_of(whom: object) -> str | None:
    """The list of whose elements one is asked."""
    match whom:
        case Referred(fact):
            return group_of(fact)
        case InHand(group) | EachOf(group):
            return group
        case _:
            return None
