"""Deciding: a policy and a case -> a decision. The order of section 4 of the language, put together.

Invariant: pure; the same policy, case and day give the same decision. Deliberately not here: what
stands (`evaluator`), reading a case (`facts`), the clock.
"""

from collections.abc import Mapping
from datetime import date

import attrs

from infoshare.diagnostic import Diagnostic
from infoshare.errors import FactsError
from infoshare.meaning import clauses, consequences
from infoshare.meaning.case import Case, element_key, path_of
from infoshare.meaning.decision import (
    Assumption,
    ClauseFinding,
    Decision,
    DutyFinding,
    PolicyRef,
    Question,
)
from infoshare.meaning.grounds import Grounds, Opened
from infoshare.meaning.model import Condition, Impossible, Model
from infoshare.meaning.outlook import Outlook
from infoshare.meaning.presumption import presumed
from infoshare.meaning.questions import questions
from infoshare.meaning.reasons import why
from infoshare.meaning.types import Answer, PlainAnswer, plain
from infoshare.meaning.view import View, view
from infoshare.meaning.world import World
from infoshare.outcome import Act, Basis, Outcome


@attrs.frozen
class Kept:
    """What a decision says of its clauses and of the duties that are not lifted."""

    fired: tuple[ClauseFinding, ...] = ()
    defeated: tuple[ClauseFinding, ...] = ()
    unresolved: tuple[ClauseFinding, ...] = ()
    not_fired: tuple[ClauseFinding, ...] = ()
    duties: tuple[DutyFinding, ...] = ()


def decide(
    model: Model, case: Case, day: date, *, presume: bool = True, opened: Opened | None = None
) -> Decision:
    """Decides a case as of a day.

    Args:
        presume: whether `unanswered means` is applied; without it such facts are unknown.
        opened: the case opened (`grounds`), where somebody has kept it.

    Raises:
        FactsError: the answers together are impossible.
    """
    answered = with_names(case)
    assumed = presumed(model, case, day, answered) if presume else {}
    in_force = model.policy_in_force(day)
    seen = view(model if in_force else _out_of_force(model), case, day, {**answered, **assumed})
    if not seen.outlook.possible(seen.world.diagrams.yes):
        raise FactsError(_impossible(seen.world))
    basis = seen.basis if in_force else Basis.NOT_IN_FORCE
    return put_together(seen, basis, model, assumed, Grounds(seen, basis, opened))


def is_certain(model: Model, case: Case, day: date, condition: Condition) -> bool:
    """Whether a condition is yes in every completion of a case, with what is assumed of it."""
    answered = with_names(case)
    outlook = Outlook(World(model, case, day, {**answered, **presumed(model, case, day, answered)}))
    return outlook.certain(outlook.world.truth(condition))


def put_together(
    seen: View,
    basis: Basis,
    model: Model,
    assumed: Mapping[str, Answer],
    grounds: Grounds,
    kept: Kept | None = None,
) -> Decision:
    """The decision on a case of which this is seen.

    Args:
        assumed: what is assumed of the case, by key.
        kept: what is said of the clauses, where somebody has kept it.
    """
    of_clauses = kept or Kept(
        tuple(clauses.fired(seen)),
        tuple(clauses.defeated(seen)),
        tuple(clauses.unresolved(seen)),
        tuple(clauses.not_fired(seen)),
        tuple(consequences.duties(seen)),
    )
    matters = grounds.matters(assumed)
    shares = seen.outcome is Outcome.SHARE
    safeguards = tuple(consequences.kept_safeguards(seen)) if shares else ()
    disclosures = tuple(consequences.disclosures(seen)) if shares else ()
    exact = True
    asked: tuple[Question, ...] = ()
    if seen.world.variables:  # something is unknown of what was looked at
        shown = consequences.visible(seen, seen.outcome)
        told_apart = [
            *seen.standing.stands.values(),
            *(where for wheres in shown.values() for where in wheres),
        ]
        exact = not (seen.world.doubtful and any(seen.outlook.inexact(where) for where in told_apart))
        asked = questions(seen.outlook, seen.standing, shown)
    return Decision(
        policy=policy_ref(model),
        case=seen.case.name,
        as_of=seen.world.day,
        outcome=seen.outcome,
        mandatory=seen.mandatory,
        exact=exact,
        basis=basis,
        fired=of_clauses.fired,
        defeated=of_clauses.defeated,
        excepted=tuple(clauses.excepted(seen)),
        unresolved=of_clauses.unresolved,
        not_fired=of_clauses.not_fired,
        relied_on={key: _plain(seen, key) for key in seen.outlook.in_policy_order(grounds.relied_on())},
        possible=seen.possible,
        questions=asked,
        duties=of_clauses.duties,
        lifted=tuple(consequences.lifted(seen)),
        safeguards=safeguards,
        disclosures=disclosures,
        advice=tuple(consequences.advice(seen)),
        assumed=tuple(Assumption(key, _plain(seen, key), key in matters) for key in assumed),
        model=model,
    )


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
    return [diagnostic(i) for i in said or impossibles]
