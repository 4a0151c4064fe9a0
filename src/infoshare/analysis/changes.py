"""The smallest changes of a case that would lead to another answer.

A change answers some facts otherwise, or answers what was not answered; the rest stays as it is, and what nobody knows stays
unknown. Never touched are facts that cannot be otherwise, what the lists hold, and what somebody asks to keep; never
proposed is a case that cannot be. Each is decided by the definition before it is told.
Deliberately not here: what kept the case from the answer (`why_not`), and words for people.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from itertools import product
from typing import Any

import attrs

from infoshare.analysis.every_case import Analysis, said, seen
from infoshare.analysis.fewest import Fewest, Wanted
from infoshare.budget import Budget
from infoshare.meaning.case import Case, path_of
from infoshare.meaning.deciding import with_names
from infoshare.meaning.diagram import Diagram
from infoshare.meaning.model import Model
from infoshare.meaning.presumption import presumed
from infoshare.meaning.types import Answer, OneOf, SomeOf, plain
from infoshare.meaning.view import View
from infoshare.outcome import OUTCOMES, Outcome
from infoshare.values import frozen

STEPS = 1_000_000
"""Steps that looking for changes may take: some seconds."""
MOST = 20
"""So many changes are given, if no other number is asked for."""


@frozen
class Otherwise:
    """A fact that would be answered otherwise.

    Attributes:
        fact: its key.
        was: its answer, as JSON holds it; None where nobody answered.
        to: the answer that it would have.
        assumed: whether what it was is an assumption.
    """

    fact: str
    was: Any
    to: Any
    assumed: bool = False


@frozen
class Alternative:
    """Facts that would be answered otherwise together; without one of them the outcome would not be reached."""

    outcome: Outcome
    changes: tuple[Otherwise, ...]


@frozen
class WhatIf:
    """What would lead to another answer.

    Attributes:
        alternatives: the smallest first.
        complete: whether these are all that there are; if not, there were more than were asked for, or than could be
            tried, or the answer hangs on lists or on facts compared with one another, which are left as they are.
    """

    alternatives: tuple[Alternative, ...]
    complete: bool


def alternatives(
    model: Model,
    case: Case,
    day: date,
    *,
    to: Outcome | None = None,
    keep: Collection[str] = (),
    limit: int = MOST,
    presume: bool = True,
    steps: int = STEPS,
) -> WhatIf:
    """The smallest changes that lead to an outcome; to any other than the one there is, if none is given.

    Args:
        keep: facts, by path or by key, and groups of facts, that are to stay as they are.
        limit: no more than so many are looked for.
        presume: whether what nobody answers is assumed.
        steps: that it may take.
    """
    known = with_names(case)
    assumed: Mapping[str, Answer] = {}
    if presume:
        assumed, case = presumed(model, case, day, known)
        assumed = {key: answer for key, answer in assumed.items() if key not in model.groups}
    view = seen(model, case, day) if presume else said(model, case, day)
    if view is None:
        return WhatIf((), True)
    now = view.outcome if len(view.possible) == 1 or view.by_row else None
    budget = Budget(steps)
    fixed = {key for key in (*case.answers, *assumed) if path_of(key) in model.entangled}
    stay = {key: {**assumed, **case.answers}[key] for key in fixed}
    analysis = Analysis(model, day, case.elements, stay, budget=budget, too_large=True)
    world, outlook = analysis.view.world, analysis.outlook
    wanted = [to] if to is not None else [each for each in OUTCOMES if each is not now]
    answers = {**assumed, **case.answers}
    found: list[Alternative] = []
    complete = not any(variable.opaque for variable in world.variables)
    for outcome in wanted:
        where = _everywhere(analysis.view, outcome)
        if where is world.diagrams.no:
            continue
        given = {
            variable.index: world.encoded(variable, _said(variable.option, answers[variable.keys[0]]))
            for variable in world.variables
            if variable.fact is not None and variable.keys[0] in answers and variable.keys[0] not in stay
        }

        def may(key: str) -> bool:
            path = path_of(key)
            kept = {key, path, path.partition(".")[0], key.partition("[")[0]}
            return not model.facts[path].fixed and not kept.intersection(keep) and key not in stay

        def accepted(
            changed: Mapping[str, Mapping[int, int]],
            outcome: Outcome = outcome,
        ) -> bool:
            after = _changed(analysis, case, changed)
            told = seen(model, after, day) if presume else said(model, after, day)
            return told is not None and told.outcome is outcome and len(told.possible) == 1

        search = Fewest(
            analysis.questions,
            world.variables,
            [Wanted(outlook.care, where)],
            may=may,
            given=given,
            accepted=accepted,
        )
        for changed in search.each():
            if not changed:
                break  # it is so already
            for each in _each_option(search, analysis, changed):
                after = _changed(analysis, case, each)
                found.append(
                    Alternative(
                        outcome,
                        tuple(
                            Otherwise(
                                key,
                                plain(answers[key], model.facts[path_of(key)].type)
                                if key in answers
                                else None,
                                plain(after.answers[key], model.facts[path_of(key)].type),
                                key in assumed and key not in case.answers,
                            )
                            for key in sorted(each, key=outlook.position)
                        ),
                    )
                )
            if sum(each.outcome is outcome for each in found) > limit:
                break
        complete = complete and search.complete
    found.sort(key=lambda each: len(each.changes))
    return WhatIf(tuple(found[:limit]), complete and len(found) <= limit)


def _each_option(
    search: Fewest, analysis: Analysis, changed: Mapping[str, Mapping[int, int]]
) -> Iterator[dict[str, dict[int, int]]]:
    """The same change with every option that does as well; of numbers and dates, one stands for all that are alike."""
    ways: list[list[tuple[str, dict[int, int]]]] = []
    for key, of in changed.items():
        type_ = analysis.model.facts[path_of(key)].type
        if isinstance(type_, OneOf):
            ((index, value),) = of.items()
            alike = search.alike(index, value, range(len(type_.values)))
            ways.append([(key, {index: each}) for each in alike])
        else:
            ways.append([(key, dict(of))])
    for way in product(*ways):
        yield dict(way)


def _everywhere(view: View, outcome: Outcome) -> Diagram:
    """Where every row has an outcome."""
    where = view.world.diagrams.yes
    for each in view.views:
        where = where & each.standing.outcome[outcome]
    return where


def _said(option: str | None, answer: Answer) -> Answer:
    """What a variable takes from an answer: of one option, whether it is ticked."""
    return option in answer if option is not None and isinstance(answer, frozenset) else answer


def _changed(analysis: Analysis, case: Case, changed: Mapping[str, Mapping[int, int]]) -> Case:
    """The case with some facts answered otherwise."""
    values = {v: value for of in changed.values() for v, value in of.items()}
    told = analysis.case_of(values).answers
    answers = {**case.answers}
    for key in changed:
        fact = analysis.model.facts[path_of(key)]
        answer = told[key]
        if isinstance(fact.type, SomeOf) and isinstance(answer, frozenset):
            asked = {analysis.view.world.variables[v].option for v in changed[key]}
            before = case.answers.get(key)
            kept = before - asked if isinstance(before, frozenset) else frozenset[Any]()
            answer = answer | kept
        answers[key] = answer
    unsure = frozenset(key for key in case.unsure if key not in changed)
    return attrs.evolve(case, answers=answers, unsure=unsure)
