"""Rows decided one by one, each distinct pattern of answers once: the general road.

It takes the rows that bit columns cannot: those that give a list, those in which one of two facts that are compared
is known and the other is not, those whose assumptions are impossible together, and all rows of a policy whose
diagrams grow too large. Two rows are of one pattern if nothing in the policy tells their answers apart.
Of the definition only what is asked for is worked out: no questions, duties or grounds.
Invariant: a row comes to what `deciding.decide` says of it.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import attrs
import numpy as np

from infoshare.batch.answers import NOT_SURE, NULL, Answers
from infoshare.batch.bits import Values
from infoshare.batch.vocabulary import Lists
from infoshare.errors import FactsError
from infoshare.meaning import facts as reading
from infoshare.meaning.case import Case, element_key
from infoshare.meaning.consequences import visible
from infoshare.meaning.deciding import decide
from infoshare.meaning.distinctions import Distinctions
from infoshare.meaning.model import (
    Model,
)
from infoshare.meaning.presumption import presumed
from infoshare.meaning.types import UNSURE, Answer
from infoshare.meaning.view import view
from infoshare.outcome import Basis, Outcome


@attrs.frozen
class Finding:
    """What the columns say of a case; see `Decision` for each.

    Attributes:
        waiting: the facts and lists whose answer alone can change an outcome that is not settled.
    """

    outcome: Outcome
    basis: Basis
    mandatory: bool | None
    fired: frozenset[str]
    possible: tuple[Outcome, ...]
    exact: bool
    waiting: frozenset[str] = frozenset()


def finding_of(model: Model, case: Case, day: date, *, presume: bool) -> Finding:
    """What `deciding.decide` says of a case, as far as the columns say it, in the same order.

    Raises:
        FactsError: the answers together are impossible.
    """
    names = {element_key(g, name, "name"): name for g, each in case.elements.items() for name in each}
    answered = {**case.answers, **names}
    assumed = presumed(model, case, day, answered) if presume else {}
    seen = view(model, case, day, {**answered, **assumed})
    if not model.policy_in_force(day) or not seen.outlook.possible(seen.world.diagrams.yes):
        full = decide(model, case, day, presume=presume)
        fired = frozenset(finding.clause for finding in full.fired)
        return Finding(full.outcome, full.basis, full.mandatory, fired, full.possible, full.exact)
    basis = seen.basis
    shown = visible(seen, seen.outcome)
    told_apart = [*seen.standing.stands.values(), *(where for wheres in shown.values() for where in wheres)]
    exact = not any(seen.outlook.inexact(where) for where in told_apart)
    fired = frozenset(name for name, where in seen.standing.stands.items() if seen.outlook.certain(where))
    keys = seen.outlook.hangs_on(*seen.standing.outcome.values()) if len(seen.possible) > 1 else ()
    waiting = frozenset(key.partition("[")[0] for key in keys)
    return Finding(seen.outcome, basis, seen.mandatory, fired, seen.possible, exact, waiting)


@attrs.frozen(eq=False)
class Patterns:
    """The patterns of some rows, and what becomes of each.

    Attributes:
        of_row: for each chosen row, the number of its pattern.
        findings: for each pattern what it comes to, or the error of the answers together.
    """

    of_row: Values
    findings: Sequence[Finding | FactsError]


def decided(
    model: Model,
    day: date,
    told: Distinctions,
    columns: Mapping[str, Answers],
    lists: Mapping[str, Lists],
    *,
    chosen: Values,
    presume: bool,
) -> Patterns:
    """Decides rows of a table.

    Args:
        columns: the answers, by path.
        lists: by group, already read without a fault.
        chosen: the numbers of the rows.
    """
    of_row = np.zeros(len(chosen), np.int64)
    for path, answers in columns.items():
        if path in told.marks:
            classes = _classes(model, told, path, answers, chosen)
            _, classes = np.unique(classes, return_inverse=True)
            _, of_row = np.unique(of_row * (int(classes.max(initial=0)) + 1) + classes, return_inverse=True)
    for given in lists.values():
        classes = given.codes[chosen] + 1
        _, of_row = np.unique(of_row * (len(given.values) + 1) + classes, return_inverse=True)
    _, first = np.unique(of_row, return_index=True)
    found: list[Finding | FactsError] = []
    for row in chosen[first].tolist():
        case = case_of(model, columns, lists, row)
        try:
            found.append(finding_of(model, case, day, presume=presume))
        except FactsError as error:
            found.append(error)
    return Patterns(of_row, found)


def _classes(model: Model, told: Distinctions, path: str, answers: Answers, chosen: Values) -> Values:
    world, fact = told.world, model.facts[path]
    variable = next((v for v in world.variables if v.fact is not None and v.fact.path == path), None)

    def encoded(answer: Answer) -> int:
        return 0 if variable is None else world.encoded(variable, answer)

    classes = answers.classes(chosen, told.marks[path], encoded)
    if fact.assumed is None:
        classes[classes == NOT_SURE] = NULL  # both are unknown, and nothing is assumed of either
    return classes


def case_of(model: Model, columns: Mapping[str, Answers], lists: Mapping[str, Lists], row: int) -> Case:
    """One row as a case."""
    given = {group: values.at(row) for group, values in lists.items()}
    read = reading.read(model, given).case
    answers: dict[str, Answer] = dict(read.answers)
    unsure = set(read.unsure)
    for path, column in columns.items():
        answer = column.answer(row)
        if isinstance(answer, str) and answer == UNSURE:
            unsure.add(path)
        elif answer is not None:
            answers[path] = answer
    return Case(None, answers, frozenset(unsure), read.elements)
