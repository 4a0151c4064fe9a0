"""Deciding: a policy and a case -> what a decision says of it. The order of section 4 of the language, put together.

Invariant: pure; the same policy, case and day give the same decision. Deliberately not here: what
stands (`evaluator`), reading a case (`facts`), the clock.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from itertools import chain
from typing import Any

import attrs

from infoshare.diagnostic import Diagnostic
from infoshare.errors import FactsError
from infoshare.meaning import clauses, consequences
from infoshare.meaning.case import Case, element_key, path_of
from infoshare.meaning.diagram import Diagram
from infoshare.meaning.findings import (
    AdviceFinding,
    AskConsent,
    Assumption,
    ClauseFinding,
    Disclosure,
    DutyFinding,
    FrozenMap,
    KeptSafeguard,
    LiftedDuty,
    PolicyRef,
    Question,
    Relaxed,
    Strength,
)
from infoshare.meaning.grounds import Grounds, Opened
from infoshare.meaning.model import Impossible, Model, Provision
from infoshare.meaning.presumption import presumed
from infoshare.meaning.questions import questions
from infoshare.meaning.reasons import why
from infoshare.meaning.types import Answer, PlainAnswer, plain
from infoshare.meaning.view import View, view
from infoshare.meaning.world import World
from infoshare.outcome import Act, Basis, Outcome


def decide(
    model: Model, case: Case, day: date, *, presume: bool = True, opened: Opened | None = None
) -> "Defined":
    """Decides a case as of a day.

    Args:
        presume: whether `unanswered means` is applied; without it such facts are unknown.
        opened: the case opened (`grounds`), where somebody has kept it.

    Raises:
        FactsError: the answers together are impossible.
    """
    answered = with_names(case)
    assumed: Mapping[str, Answer] = {}
    if presume:
        assumed, case = presumed(model, case, day, answered)
    in_force = model.policy_in_force(day)
    known = {key: answer for key, answer in assumed.items() if key not in model.groups}
    seen = view(model if in_force else _out_of_force(model), case, day, {**answered, **known})
    if not seen.outlook.possible(seen.world.diagrams.yes):
        raise FactsError(_impossible(seen.world))
    return Defined(seen, model, assumed, in_force=in_force, opened=opened)


class _Part(cached_property[Any]):
    """A part of what is found, worked out when it is first looked at."""

    def __get__(self, found: Any, owner: type | None = None) -> Any:
        if found is not None:
            if self.attrname == "relied_on" or (self.attrname == "assumed" and found.assumptions):
                _ = found.grounds  # so that it is seen at once where opening the case takes all of the budget
            if found.is_exhausted:
                found.work_out_in_order()
        value = super().__get__(found, owner)
        if found is not None and found.is_exhausted:
            found.work_out_in_order()
            value = vars(found)[self.attrname]
        return value


class Defined:
    """What the definition finds of a case, each part when it is first looked at.

    Where the budget of the diagrams runs out, what a part says depends on what was looked at before it; so every
    part is then worked out anew, in one order, whatever was looked at first.

    Attributes:
        given: the case, with the lists that are taken to be empty.
        assumptions: what is assumed of it, by key.
    """

    def __init__(
        self,
        seen: View,
        model: Model,
        assumptions: Mapping[str, Answer],
        *,
        in_force: bool = True,
        opened: Opened | None = None,
    ) -> None:
        self.seen, self.model, self.assumptions = seen, model, assumptions
        self.given, self.case, self.as_of = seen.case, seen.case.name, seen.world.day
        self.outcome, self.possible = seen.outcome, seen.possible
        self.basis = seen.basis if in_force else Basis.NOT_IN_FORCE
        self.in_force, self._opened, self._in_order = in_force, opened, False

    @property
    def is_exhausted(self) -> bool:
        """Whether the budget ran out before the parts were worked out in order."""
        return not self._in_order and (
            self.seen.world.diagrams.exhausted or ("grounds" in vars(self) and self.grounds.is_exhausted)
        )

    def work_out_in_order(self) -> None:
        """Works every part out, each in its turn, of a case that nothing was looked at of before."""
        seen, world = self.seen, self.seen.world
        looked_at = vars(self).keys() & {*_IN_ORDER, "kept_from_firing", "_visible"}
        if looked_at:
            seen = view(world.model, self.given, world.day, world.known)
        again = Defined(seen, self.model, self.assumptions, in_force=self.in_force)
        self._in_order = again._in_order = True
        if not looked_at and "grounds" in vars(self):
            again.grounds = self.grounds
        self.grounds = again.grounds  # which draws on the same budget where nothing is known
        for part in _IN_ORDER:
            vars(self)[part] = getattr(again, part)

    @property
    def as_read(self) -> Case:
        """The case, without the lists that are taken to be empty."""
        case, assumed = self.given, self.assumptions
        if case.elements.keys().isdisjoint(assumed):
            return case
        elements = {group: names for group, names in case.elements.items() if group not in assumed}
        return attrs.evolve(case, elements=elements)

    @property
    def policy(self) -> PolicyRef:
        return policy_ref(self.model)

    @_Part
    def mandatory(self) -> bool | None:
        return self.seen.mandatory

    @property
    def strength(self) -> Strength | None:
        return self.seen.strength

    @_Part
    def ask_consent(self) -> tuple[AskConsent, ...] | None:
        return tuple(clauses.asked_consent(self.seen)) if self.model.uses_new_forms else None

    @_Part
    def relaxed(self) -> tuple[Relaxed, ...]:
        return tuple(clauses.relaxed(self.seen))

    @_Part
    def fired(self) -> tuple[ClauseFinding, ...]:
        return tuple(clauses.fired(self.seen))

    @_Part
    def defeated(self) -> tuple[ClauseFinding, ...]:
        return tuple(clauses.defeated(self.seen))

    @_Part
    def unresolved(self) -> tuple[ClauseFinding, ...]:
        return tuple(clauses.unresolved(self.seen))

    @cached_property
    def kept_from_firing(self) -> Sequence[Provision]:
        """The clauses and exceptions that hold nowhere, where holding would change the outcome."""
        return tuple(clauses.kept_from_firing(self.seen))

    @_Part
    def not_fired(self) -> tuple[ClauseFinding, ...]:
        return tuple(clauses.not_fired(self.seen, self.kept_from_firing))

    @_Part
    def excepted(self) -> tuple[ClauseFinding, ...]:
        return tuple(clauses.excepted(self.seen))

    @_Part
    def duties(self) -> tuple[DutyFinding, ...]:
        return tuple(consequences.duties(self.seen))

    @_Part
    def lifted(self) -> tuple[LiftedDuty, ...]:
        return tuple(consequences.lifted(self.seen))

    @_Part
    def safeguards(self) -> tuple[KeptSafeguard, ...]:
        shared = any(seen.outcome is Outcome.SHARE for seen in self.seen.views)
        return tuple(consequences.kept_safeguards(self.seen)) if shared else ()

    @_Part
    def disclosures(self) -> tuple[Disclosure, ...]:
        told = self.seen.by_row or self.outcome is Outcome.SHARE
        return tuple(consequences.disclosures(self.seen)) if told else ()

    @_Part
    def advice(self) -> tuple[AdviceFinding, ...]:
        return tuple(consequences.advice(self.seen))

    @_Part
    def exact(self) -> bool:
        if self._all_known:
            return True
        seen = self.seen
        stands = chain(*(each.standing.stands.values() for each in seen.views))
        told_apart = [*stands, *chain(*self._visible.values())]
        return not (seen.world.doubtful and any(seen.outlook.inexact(where) for where in told_apart))

    @_Part
    def questions(self) -> tuple[Question, ...]:
        if self._all_known:
            return ()
        seen = self.seen
        by_row = consequences.visible_by_row(seen) if seen.by_row else None
        return questions(seen.outlook, seen.views[0].standing, self._visible, by_row, self._counted_from)

    @_Part
    def relied_on(self) -> Mapping[str, PlainAnswer]:
        keys = self.seen.outlook.in_policy_order(self.grounds.relied_on())
        return FrozenMap({key: _plain(self.seen, key) for key in keys})

    @_Part
    def assumed(self) -> tuple[Assumption, ...]:
        matters = self.grounds.matters(self.assumptions) if self.assumptions else frozenset()
        return tuple(Assumption(key, _plain(self.seen, key), key in matters) for key in self.assumptions)

    @cached_property
    def _counted_from(self) -> list[str]:
        """The unknown facts from which the deadlines of duties are counted that are due or may be."""
        return list(consequences.counted_from(self.seen))

    @property
    def _all_known(self) -> bool:
        """Whether nothing is unknown of what a person would see change: clauses, duties and disclosures."""
        _ = self.disclosures  # a safeguard asks of a row what nothing else may have asked
        return not self.seen.world.variables and not self._counted_from

    @cached_property
    def grounds(self) -> Grounds:
        """What it rests on."""
        return Grounds(self.seen, self.basis, self._opened)

    @cached_property
    def _visible(self) -> dict[str, list[Diagram]]:
        return consequences.visible(self.seen, self.outcome)


_IN_ORDER = (
    "fired",
    "defeated",
    "unresolved",
    "not_fired",
    "duties",
    "assumed",
    "safeguards",
    "disclosures",
    "exact",
    "questions",
    "mandatory",
    "excepted",
    "relied_on",
    "lifted",
    "advice",
    "ask_consent",
    "relaxed",
)
"""The parts for which diagrams are joined, in the order in which they draw on the budget."""


def policy_ref(model: Model) -> PolicyRef:
    """Which policy decides."""
    header = model.header
    return PolicyRef(
        header.name if header else None,
        header.title if header else None,
        header.version if header else None,
        model.digest,
    )


def _out_of_force(model: Model) -> Model:
    """What remains of a policy that is out of force: advice, and the duties that every decision brings."""
    duties = {
        name: attrs.evolve(duty, policy=None)
        for name, duty in model.duties.items()
        if any(timing.act is Act.DECIDING for timing in duty.timings)
    }
    advice = {name: attrs.evolve(each, policy=None) for name, each in model.advice.items()}
    order = tuple(name for name in model.order if name in duties or name in advice)
    return attrs.evolve(
        model,
        clauses={},
        exceptions={},
        safeguards={},
        duties=duties,
        advice=advice,
        set_aside_by={},
        relaxed_by={},
        replaced_by={old: new for old, new in model.replaced_by.items() if new in duties or new in advice},
        order=order,
    )


def with_names(case: Case) -> dict[str, Answer]:
    """What is known of a case before anything is assumed: its answers, and the names of its elements."""
    names = {element_key(g, name, "name"): name for g, each in case.elements.items() for name in each}
    return {**case.answers, **names}


def _plain(seen: View, key: str) -> PlainAnswer:
    if key in seen.case.elements:
        return list(seen.case.elements[key])
    return plain(seen.world.known[key], seen.model.facts[path_of(key)].type)


def _impossible(world: World) -> list[Diagnostic]:
    def diagnostic(impossible: Impossible) -> Diagnostic:
        facts = ", ".join(f"`{key}`" for key in why(world, impossible.condition))
        return Diagnostic(
            "IS405",
            f'these answers cannot all be so: "{impossible.why}"',
            help=(
                f"look again at {facts}: one of them must be otherwise"
                if facts
                else "look again at the answers",
            ),
            path=impossible.name,
        )

    impossibles = world.model.impossibles
    said = [i for i in impossibles if world.truth(i.condition) is world.diagrams.yes]
    return [diagnostic(i) for i in said or _needed(world, impossibles)]


def _needed(world: World, impossibles: Sequence[Impossible]) -> list[Impossible]:
    """Some impossibilities of which one holds in every completion, none of them left out without that being lost."""
    needed = list(impossibles)
    for each in impossibles:
        rest = [other for other in needed if other is not each]
        if world.diagrams.either(world.truth(other.condition) for other in rest) is world.diagrams.yes:
            needed = rest
    return needed
