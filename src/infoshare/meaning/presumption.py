"""What is assumed of the facts that nobody answered: `unanswered means VALUE`.

An assumption never touches what somebody is unsure of, and is not made where it would make the case
impossible: alone, or (then all of those that take part) together with others, so that no order of
declarations decides which.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from infoshare.meaning.case import Case, keys_of
from infoshare.meaning.model import Impossible, Model
from infoshare.meaning.outlook import Outlook
from infoshare.meaning.types import Answer
from infoshare.meaning.world import World, facts_of


def presumed(
    model: Model, case: Case, day: date, known: Mapping[str, Answer]
) -> tuple[dict[str, Answer], Case]:
    """The assumptions made of a case, by key, in policy order; and the case with the lists that are taken as empty."""
    return _presumed(model, case, day, known), case


def _presumed(model: Model, case: Case, day: date, known: Mapping[str, Answer]) -> dict[str, Answer]:
    all_of_them = offered(model, case, known)
    if not model.impossibles or _can_be(model, case, day, {**known, **all_of_them}):
        return all_of_them
    alone = {k: v for k, v in all_of_them.items() if _can_be(model, case, day, {**known, k: v})}
    if _can_be(model, case, day, {**known, **alone}):
        return alone
    outlook = Outlook(World(model, case, day, {**known, **alone}))
    clashing = [
        i for i in model.impossibles if outlook.world.truth(i.condition) is outlook.world.diagrams.yes
    ]
    apart = _without(model, case, alone, clashing)
    return (
        apart
        if _can_be(model, case, day, {**known, **apart})
        else _without(model, case, alone, model.impossibles)
    )


def offered(model: Model, case: Case, known: Mapping[str, Answer]) -> dict[str, Answer]:
    """What would be assumed of a case, if that can be."""
    return {
        key: fact.assumed
        for fact in model.facts.values()
        if fact.assumed is not None
        for key in keys_of(fact, case)
        if key not in known and key not in case.unsure
    }


def _without(
    model: Model, case: Case, assumed: Mapping[str, Answer], impossibles: Iterable[Impossible]
) -> dict[str, Answer]:
    taking_part = {
        k for i in impossibles for fact in facts_of(model, i.condition) for k in keys_of(fact, case)
    }
    return {k: v for k, v in assumed.items() if k not in taking_part}


def _can_be(model: Model, case: Case, day: date, known: Mapping[str, Answer]) -> bool:
    outlook = Outlook(World(model, case, day, known))
    return outlook.possible(outlook.world.diagrams.yes)
