"""What a policy says of one item for one recipient: an outcome and how strong it is, and where it says so.

Deliberately not here: which cases there are (`every_case`), and what is compared (`difference`).
"""

from collections.abc import Mapping

from infoshare.meaning.case import Case, Row
from infoshare.meaning.consequences import strengths
from infoshare.meaning.diagram import Diagram
from infoshare.meaning.findings import Strength
from infoshare.meaning.view import View
from infoshare.outcome import OUTCOMES, Basis, Outcome
from infoshare.values import frozen, key


@frozen
class State:
    """What is said of a case, or of a row of it."""

    outcome: Outcome = key("What is to be done.")
    strength: Strength | None = key(
        "How strong it is; null where clauses conflict or none speaks, so that it is to seek advice.",
        shape="strength",
    )

    @property
    def words(self) -> str:
        """`must share`, `seek consent`; without strength, that nothing decides."""
        if self.strength is None:
            return f"{self.outcome.words} (nothing decides)"
        return f"{'' if self.strength == 'may' else self.strength + ' '}{self.outcome.words}"


UNDECIDED = State(Outcome.SEEK_ADVICE, None)
"""Where clauses conflict, or none speaks."""

_STRENGTHS: tuple[Strength, ...] = ("must", "should", "may")
STATES = (*(State(outcome, strength) for outcome in OUTCOMES for strength in _STRENGTHS), UNDECIDED)
"""All that can be said of a complete case."""


def states(view: View, row: Row, *, in_force: bool = True) -> Mapping[State, Diagram]:
    """For each state, where it is said of a row; only those that are not plainly nowhere."""
    standing, diagrams = view.rows[row].standing, view.world.diagrams
    if not in_force:
        return {UNDECIDED: diagrams.yes}
    must, should, may = strengths(standing)
    by_strength: dict[Strength, Diagram] = {"must": must, "should": should, "may": may}
    found = {
        State(outcome, strength): where & standing.only[outcome]
        for outcome in OUTCOMES
        for strength, where in by_strength.items()
    }
    found[UNDECIDED] = standing.conflict | standing.silence
    return {state: where for state, where in found.items() if where is not diagrams.no}


def settled_by(view: View, row: Row, each: State, strictly: Diagram) -> Diagram:
    """Where every completion must lie, so that a decision says this: it is said of the whole, not of each completion.

    Args:
        strictly: where a complete case is in this state.
    """
    standing = view.rows[row].standing
    if each.outcome is not Outcome.SEEK_ADVICE or each.strength in {"must", "should"}:
        return strictly
    if each.strength == "may":
        return strictly if view.model.uses_new_forms else standing.outcome[each.outcome] & ~standing.must
    return standing.outcome[each.outcome]


def state(view: View, row: Row) -> State | None:
    """What a decision says of a row; None while that is not settled."""
    seen = view.rows[row]
    if not view.model.policy_in_force(view.world.day):
        return UNDECIDED
    if len(seen.possible) > 1:
        return None
    if view.model.uses_new_forms:
        return State(seen.outcome, seen.strength)
    if seen.basis is not Basis.CLAUSES or seen.mandatory is None:
        return State(seen.outcome, None)
    return State(seen.outcome, "must" if seen.mandatory else "may")


def facts_in(case: Case) -> int:
    """How much a case says: every answer, every name in a list, and every list that is given as empty."""
    return len(case.answers) + sum(max(1, len(names)) for names in case.elements.values())
