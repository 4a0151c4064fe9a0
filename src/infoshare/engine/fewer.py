"""A case by the definition, over those provisions alone that may hold in it.

For what the lanes do not reach: more unknown than they hold, or more provisions than are compiled. A provision
that holds in no completion changes nothing, so the outcome and what goes with it are those of the whole policy.

Invariant: nothing is told of a case for which the definition's budget might run out. It then tells less than all
completions agree on, and so must every other form; here is also how that is seen before it happens.
"""

import attrs

from infoshare.budget import Budget
from infoshare.engine.plan import Plan
from infoshare.engine.verdict import FiredOf, Verdict, bits, in_policy_order
from infoshare.meaning.case import Case
from infoshare.meaning.consequences import duties
from infoshare.meaning.diagram import BUDGET
from infoshare.meaning.model import Model
from infoshare.meaning.view import View, view

WITHIN = BUDGET // 4
"""Joins that a view may take, so that the definition, which asks more of it, stays within its budget."""


def is_tangled(plan: Plan) -> bool:
    """Whether the definition's budget might run out for some case.

    Where nothing is known there is most to tell apart, so this is tried. The shipped policies take a hundredth
    of the budget then; random clauses that ask a dozen of the same facts each come to a quarter.
    """
    return _is_near_its_budget(view(plan.model, Case(), plan.day, {}, budget=Budget(WITHIN)))


def from_view(plan: Plan, possible: int, case: Case, fired_of: FiredOf) -> Verdict | None:
    """The verdict on a case in which no other provisions than these may hold.

    Args:
        possible: a bit for each provision of the plan.

    Returns:
        None where no completion is possible with what is assumed, or the budget might run out.
    """
    number = {plan.provisions[n].name: n for n in bits(possible & ((1 << len(plan.provisions)) - 1))}
    assumed = {
        fact.path: fact.assumed
        for fact in plan.facts
        if plan.presume and fact.assumed is not None and fact.path not in case.unsure
    }
    known = {**assumed, **case.answers}
    seen = view(_only(plan.model, number), case, plan.day, known, budget=Budget(WITHIN))
    if not seen.outlook.possible(seen.world.diagrams.yes):
        return None
    standing = {
        name: number[name] for name, where in seen.standing.stands.items() if seen.outlook.certain(where)
    }
    verdict = Verdict(
        seen.outcome,
        seen.mandatory,
        seen.basis,
        seen.possible,
        fired_of(in_policy_order(plan.model, standing)),
        tuple(duties(seen)),
    )
    return None if _is_near_its_budget(seen) else verdict


def _is_near_its_budget(seen: View) -> bool:
    return bool(seen.possible) and seen.world.diagrams.exhausted


def _only(model: Model, names: dict[str, int]) -> Model:
    """A model of these provisions, and of no safeguards."""
    return attrs.evolve(
        model,
        clauses={name: each for name, each in model.clauses.items() if name in names},
        exceptions={name: each for name, each in model.exceptions.items() if name in names},
        duties={name: each for name, each in model.duties.items() if name in names},
        advice={},
        safeguards={},
        set_aside_by={
            n: tuple(e for e in by if e in names) for n, by in model.set_aside_by.items() if n in names
        },
        prevailed_over_by={
            n: tuple(o for o in by if o in names) for n, by in model.prevailed_over_by.items() if n in names
        },
        order=tuple(name for name in model.order if name in names and name not in model.advice),
    )
