"""What follows from an outcome: duties, whom to ask, and what goes to whom."""

from collections.abc import Iterator

from infoshare.meaning import evaluator
from infoshare.meaning.case import Row, here_of
from infoshare.meaning.diagram import Diagram
from infoshare.meaning.findings import AdviceFinding, Disclosure, DutyFinding, Hold, KeptSafeguard, LiftedDuty
from infoshare.meaning.model import Duty, Safeguard
from infoshare.meaning.reasons import why, why_holds
from infoshare.meaning.view import View, citations
from infoshare.outcome import Outcome


def visible(view: View, decided: Outcome) -> dict[str, list[Diagram]]:
    """What a person would see change, by what it is.

    Args:
        decided: the decision's own outcome, which may differ from the view's (see `grounds`).
    """
    shared = view.standing.outcome[Outcome.SHARE]
    duties = view.model.duties.values()
    return {
        "outcome": list(view.standing.outcome.values()),
        "mandatory": [view.standing.mandatory],
        "duties": [
            where
            for duty in duties
            for where in (
                evaluator.due(view.world, view.standing, duty, decided),
                evaluator.lifted(view.world, view.standing, duty, decided),
            )
        ],
        "disclosures": [
            shared & ~view.world.diagrams.either(back for _, back in held_back)
            for held_back in (view.held_back.values() if view.outlook.possible(shared) else ())
        ],
    }


def duties(view: View) -> Iterator[DutyFinding]:
    """The duties that are due in every completion, or open."""
    for duty in view.model.duties.values():
        due = evaluator.due(view.world, view.standing, duty, view.outcome)
        always = view.everywhere(due)
        if always is False:
            continue
        lifted = evaluator.lifted(view.world, view.standing, duty, view.outcome)
        yield DutyFinding(
            duty.name,
            timing_words(duty),
            duty.statement,
            "due" if always else "open",
            () if always else view.outlook.hangs_on(due, lifted),
            citations(duty.cites),
        )


def lifted(view: View) -> Iterator[LiftedDuty]:
    """The duties that are due in no completion, as an exception lifts them."""
    for duty in view.model.duties.values():
        if duty.name not in view.model.set_aside_by or view.outlook.possible(
            evaluator.due(view.world, view.standing, duty, view.outcome)
        ):
            continue
        where = evaluator.lifted(view.world, view.standing, duty, view.outcome)
        if view.outlook.possible(where):
            by = view.acting(view.model.set_aside_by[duty.name], view.standing.applies, where)
            yield LiftedDuty(duty.name, timing_words(duty), duty.statement, by, citations(duty.cites))


def advice(view: View) -> Iterator[AdviceFinding]:
    """Whom to ask; also where that is not certain."""
    for each in view.model.advice.values():
        if view.outlook.possible(view.standing.applies[each.name]):
            yield AdviceFinding(each.name, each.statement, citations(each.cites))


def disclosures(view: View) -> Iterator[Disclosure]:
    """What becomes of each row: released, held back or open."""
    for row, held_back in view.held_back.items():
        holding = [(s, where) for s, where in held_back if view.outlook.possible(where)]
        always = [s for s, where in holding if view.outlook.certain(where)]
        held = view.everywhere(view.world.diagrams.either(where for _, where in holding))
        if held and not always:
            always = [s for s, _ in holding]
        yield Disclosure(
            *row,
            None if held is None else not held,
            tuple(_hold(view, s, row) for s in always),
            tuple(
                _hold(view, s, row, view.outlook.hangs_on(where)) for s, where in holding if s not in always
            ),
        )


def kept_safeguards(view: View) -> Iterator[KeptSafeguard]:
    """The safeguards of lists that the case does not give: conditions to keep."""
    listed = {group for group, names in view.case.elements.items() if names}
    for safeguard in view.model.safeguards.values():
        if not listed.issuperset(safeguard.scope):
            exceptions = view.model.set_aside_by.get(safeguard.name, ())
            set_aside = view.world.diagrams.either(view.standing.applies[e] for e in exceptions)
            if view.outlook.possible(evaluator.holds(view.world, safeguard) & ~set_aside):
                yield KeptSafeguard(safeguard.name, safeguard.statement, citations(safeguard.cites))


def _hold(view: View, safeguard: Safeguard, row: Row, waiting_for: tuple[str, ...] = ()) -> Hold:
    here = here_of(row)
    facts = why_holds(view.world, safeguard, here) | why(view.world, safeguard.require, here)
    cites = citations(safeguard.cites)
    return Hold(safeguard.name, safeguard.statement, safeguard.otherwise, cites, facts, waiting_for)


def timing_words(duty: Duty) -> str:
    """When a duty is to be done, as the language spells it."""
    return ", ".join(timing.words for timing in duty.timings)
