"""What nobody said and the policy took to be so -> what a person confirms, and in which order.

What could change the answer is confirmed before the answer is told; what could only change a duty or a row, after the
questions about those. Deliberately not here: the words (`prompts`), and what a person types (`dialogue`).
"""

from collections.abc import Callable, Collection, Iterable

import attrs

from infoshare.meaning.case import path_of
from infoshare.meaning.findings import Assumption
from infoshare.outcome import Outcome
from infoshare.policy.decision import Decision

_FREEDOM = {
    Outcome.WITHHOLD: 0,
    Outcome.SEEK_ADVICE: 1,
    Outcome.DIFFERS: 1,
    Outcome.SEEK_CONSENT: 2,
    Outcome.SHARE: 3,
}
"""How freely information goes: the further apart two outcomes are, the worse it is to take one for the other."""


@attrs.frozen
class Assumed:
    """An assumption that matters, and what other answers could make of the decision.

    Attributes:
        otherwise: outcomes that are possible with another answer and not without.
        first: whether it is confirmed before the answer is told.
        always_first: whether its author has it confirmed before all else.
    """

    assumption: Assumption
    otherwise: frozenset[Outcome]
    first: bool
    always_first: bool = False

    @property
    def group(self) -> str:
        """The group of facts that it is about."""
        return path_of(self.assumption.fact).partition(".")[0]

    def urgency(self, now: Iterable[Outcome]) -> tuple[int, int]:
        """A key that sorts first what would change the outcome the most, and keeping back before letting go."""
        steps = [_FREEDOM[other] - _FREEDOM[outcome] for other in self.otherwise for outcome in now]
        return -max(map(abs, steps), default=0), min(steps, default=0)


def to_confirm(
    decision: Decision,
    if_unsure: Callable[[str], Decision | None],
    always_first: Callable[[str], bool],
    left: Collection[str],
) -> list[Assumed]:
    """The assumptions that matter, the most urgent first, those about the same thing together.

    Args:
        if_unsure: the decision if a fact, or a list, were unknown; None where that cannot be decided.
        always_first: whether a fact is to be confirmed before an answer is told whatever it could change.
        left: the facts that are left assumed by choice, and are not weighed.
    """
    now = [Outcome(each) for each in decision.possible]
    asked = [each for each in decision.assumed if each.fact not in left and each.matters]
    found = [_weighed(each, decision, if_unsure(each.fact)) for each in asked]
    for at, each in enumerate(found):
        if always_first(each.assumption.fact):
            found[at] = attrs.evolve(each, first=True, always_first=True)
    found.sort(key=lambda each: (not each.first, not each.always_first, *each.urgency(now)))
    groups = list(dict.fromkeys((each.first, each.group) for each in found))
    return sorted(found, key=lambda each: groups.index((each.first, each.group)))


def _weighed(assumption: Assumption, decision: Decision, unknown: Decision | None) -> Assumed:
    """Weighs an assumption by what could be decided if it were not made."""
    if unknown is None:
        return Assumed(assumption, frozenset(), first=True)
    otherwise = {Outcome(each) for each in unknown.possible} - {Outcome(each) for each in decision.possible}
    changes = bool(otherwise) or answer_of(unknown) != answer_of(decision)
    return Assumed(assumption, frozenset(otherwise), first=changes)


def answer_of(decision: Decision) -> tuple[object, ...]:
    """The answer of a decision, and of each row where each has one."""
    rows = [(row.outcome, row.strength, row.possible) for row in decision.disclosures]
    return decision.outcome, decision.mandatory, rows if decision.ask_consent is not None else None
