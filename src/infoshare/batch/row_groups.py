"""Rows decided one by one, each group of rows that no condition distinguishes once.

It takes the rows that bit columns cannot: those that give a list, those in which one of two facts that are compared
is known and the other is not, those whose assumptions are impossible together or might take something away from what
somebody is unsure of, and all rows of a policy whose
diagrams grow too large. Two rows are of one group if no condition of the policy distinguishes their answers.
Invariant: a row comes to what `deciding.decide` says of it, of which only what the columns hold is worked out.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import attrs
import numpy as np

from infoshare.batch.answers import NOT_SURE, NULL, Answers
from infoshare.batch.bits import Values
from infoshare.batch.columns import ToldRow
from infoshare.batch.reading import Lists
from infoshare.errors import FactsError
from infoshare.meaning import facts as reading
from infoshare.meaning.case import Case
from infoshare.meaning.deciding import Defined, decide
from infoshare.meaning.distinctions import Distinctions
from infoshare.meaning.findings import Disclosure
from infoshare.meaning.model import Model
from infoshare.meaning.presumption import in_doubt
from infoshare.meaning.types import UNSURE, Answer, plain
from infoshare.outcome import Basis, Outcome


@attrs.frozen
class Finding:
    """What the columns say of a case; see `Decision` for each.

    Attributes:
        waiting: the facts and lists whose answer alone can change an outcome that is not settled.
        rows: what becomes of each item for each recipient, if that was asked for.
        unmade: the facts outside lists, and the lists, of which nothing is assumed although nobody answered.
    """

    outcome: Outcome
    basis: Basis
    mandatory: bool | None
    fired: frozenset[str]
    possible: tuple[Outcome, ...]
    exact: bool
    waiting: frozenset[str] = frozenset()
    rows: tuple[ToldRow, ...] | None = None
    unmade: frozenset[str] = frozenset()


def finding_of(
    model: Model, case: Case, day: date, *, presume: bool, waiting: bool = False, each_row: bool = False
) -> Finding:
    """What the columns say of a case, and if asked what it waits for.

    Raises:
        FactsError: the answers together are impossible.
    """
    found = decide(model, case, day, presume=presume)
    rows = tuple(_row(found, each) for each in found.disclosures) if each_row else None
    given = {*case.answers, *case.unsure, *case.elements, *found.assumptions}
    unmade = frozenset(key for key in assumable(model) if key not in given) if presume else frozenset[str]()
    if model.uses_new_forms:
        named = frozenset(clause.clause for clause in found.fired)
        asked = [question for question in found.questions if "outcome" in question.for_] if waiting else ()
        keys = frozenset(question.fact.partition("[")[0] for question in asked)
        parts = (found.outcome, found.basis, found.mandatory, named, found.possible, found.exact, keys)
        return Finding(*parts, rows, unmade)
    outlook, standing = found.seen.outlook, found.seen.standing
    fired = frozenset(name for name, where in standing.stands.items() if outlook.certain(where))
    hangs_on = outlook.hangs_on(*standing.outcome.values()) if waiting and len(found.possible) > 1 else ()
    lists_and_facts = frozenset(key.partition("[")[0] for key in hangs_on)
    parts = (found.outcome, found.basis, found.mandatory, fired, found.possible, found.exact, lists_and_facts)
    return Finding(*parts, rows, unmade)


def assumable(model: Model) -> tuple[str, ...]:
    """The facts outside lists, and the lists, of which something is assumed, but perhaps not in every case."""
    facts = [fact.path for fact in model.facts.values() if fact.assumed is not None and not fact.each]
    lists = [group.name for group in model.groups.values() if group.none_listed]
    return (*(path for path in facts if path in model.ruled_on), *lists)


def _row(found: Defined, row: Disclosure) -> ToldRow:
    """What becomes of an item for a recipient; in a policy that speaks of all rows alike the outcome is that of all."""
    return row.item, row.recipient, row.outcome or found.outcome, row.release


def decided(
    model: Model,
    day: date,
    apart: Distinctions,
    columns: Mapping[str, Answers],
    lists: Mapping[str, Lists],
    *,
    chosen: Values,
    presume: bool,
    waiting: bool,
    each_row: bool = False,
) -> tuple[Values, Sequence[Finding | FactsError]]:
    """Decides rows of a table.

    Args:
        columns: the answers, by path.
        lists: by group, already read without a fault.
        chosen: the numbers of the rows.
        waiting: whether it is asked what they wait for.
        each_row: whether it is asked what becomes of each item for each recipient.

    Returns:
        For each chosen row the number of its group; for each group what it comes to, or the error of its answers
        together.
    """
    of_row, doubtful = np.zeros(len(chosen), np.int64), in_doubt(model, day)
    for path, answers in columns.items():
        if path in apart.marks:
            classes = _classes(model, apart, path, answers, chosen, doubtful)
            _, classes = np.unique(classes, return_inverse=True)
            _, of_row = np.unique(of_row * (int(classes.max(initial=0)) + 1) + classes, return_inverse=True)
    for given in lists.values():
        classes = given.codes[chosen] + 1
        _, of_row = np.unique(of_row * (len(given.values) + 1) + classes, return_inverse=True)
    _, first = np.unique(of_row, return_index=True)
    found: list[Finding | FactsError] = []
    for row in chosen[first].tolist():
        try:
            case = case_of(model, columns, lists, row)
            found.append(finding_of(model, case, day, presume=presume, waiting=waiting, each_row=each_row))
        except FactsError as error:
            found.append(error)
    return of_row, found


def _classes(
    model: Model, apart: Distinctions, path: str, answers: Answers, chosen: Values, doubtful: Collection[str]
) -> Values:
    world, fact = apart.world, model.facts[path]
    variable = next((v for v in world.variables if v.fact is not None and v.fact.path == path), None)

    def encoded(answer: Answer) -> int:
        return 0 if variable is None else world.encoded(variable, answer)

    classes = answers.classes(chosen, apart.marks[path], encoded)
    if fact.assumed is None and path not in doubtful:
        classes[classes == NOT_SURE] = NULL  # both are unknown, and nothing is assumed or not for either
    return classes


def case_of(model: Model, columns: Mapping[str, Answers], lists: Mapping[str, Lists], row: int) -> Case:
    """One row as a case.

    Raises:
        FactsError: whom it refers to it does not list.
    """
    given = {group: values.at(row) for group, values in lists.items()}
    if model.has_references:  # a name is one of a list that may be of another column
        for path, column in columns.items():
            answer = column.answer(row)
            given[path] = (
                answer if answer is None or answer == UNSURE else plain(answer, model.facts[path].type)
            )
        whole = reading.read(model, given)
        if whole.diagnostics:
            raise FactsError(whole.diagnostics)
        return attrs.evolve(whole.case, name=None)
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
