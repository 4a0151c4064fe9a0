"""Tables in long form -> a row for each case, with its lists as a case holds them.

A row may say facts of the case and, for each list, the name of one element (`item.name`) and facts of it (`item.necessary`).
Rows with the same id are one case; without an id each row is a case of its own. What nobody says in any row of a case is
not answered; a list of which no row names an element is not given, and `[]` in the place of a name gives it as empty.

Invariants: rows that say the same may repeat it, and rows that say otherwise are at fault: none of them is preferred;
cases come in the order of their first rows. Deliberately not here: which column is what (`heading`).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import attrs
import numpy as np
import pyarrow as pa

from infoshare.batch import arrow
from infoshare.batch.arrow import Column
from infoshare.batch.bits import Values
from infoshare.batch.heading import Heading
from infoshare.batch.reading import Fault
from infoshare.batch.texts import NOBODY, read_value
from infoshare.diagnostic import Diagnostic
from infoshare.meaning.model import Model
from infoshare.meaning.types import UNSURE, Wrong, plain
from infoshare.policy.files import quoted


@attrs.frozen(eq=False)
class Cases:
    """The cases of a table.

    Attributes:
        columns: by name, a value for each case: facts, lists, and what is carried through.
        case_of: for each row of the table, the number of its case.
        first: for each case, its first row.
        faults: of rows of the table.
    """

    columns: Mapping[str, Column]
    case_of: Values
    first: Values
    faults: Sequence[Fault] = ()

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.first)

    def in_rows(self, faults: Sequence[Fault]) -> list[Fault]:
        """Faults of cases as faults of their first rows."""
        return [Fault(fault.diagnostic, self.first[fault.rows]) for fault in faults]


def gathered(columns: Mapping[str, Column], rows: int, heading: Heading, model: Model) -> Cases:
    """The cases of a table in long form.

    Args:
        columns: of the table, by name.
        rows: how many it has.
    """
    faults: list[Fault] = []
    ids = None if heading.case_id is None else columns[heading.case_id]
    case_of, first = cases_of(ids, rows)
    if heading.case_id is not None and ids is not None:
        _report(faults, NO_ID, heading.case_id, np.flatnonzero(_coded(ids)[0] < 0))
    found: dict[str, Column] = {}
    for name in heading.facts:
        found[name], other = _agreed(columns[name], case_of, len(first))
        _report(faults, _TWO_ANSWERS, name, other)
    for name in heading.carried:
        if name not in found:
            found[name] = _agreed(columns[name], case_of, len(first))[0]
    groups: dict[str, dict[str, Column]] = {}
    for name in heading.elements:
        groups.setdefault(model.facts[name].group, {})[name] = columns[name]
    for group, its in groups.items():
        found[group] = _Lists(model, group, case_of, len(first), faults).of(its)
    return Cases(found, case_of, first, faults)


def cases_of(ids: Column | None, rows: int) -> tuple[Values, Values]:
    """For each row the number of its case, and for each case its first row; a row without an id is one of its own."""
    if ids is None:
        return np.arange(rows), np.arange(rows)
    codes, values = _coded(ids)
    codes = np.where(codes < 0, len(values) + np.arange(rows), codes)
    _, first, numbers = np.unique(codes, return_index=True, return_inverse=True)
    order = np.argsort(first)
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    return place[numbers], first[order]


def ids_of(column: Column) -> list[str | None]:
    """The id of each row as text, None where there is none."""
    codes, values = _coded(column)
    texts = [str(value) for value in values]
    return [None if code < 0 else texts[code] for code in codes.tolist()]


NO_ID = ("IS406", "this row does not say which case it is of", "write the same in every row of a case")
"""What is wrong with a row that does not say which case it is of: code, message and help."""

_TWO_ANSWERS = (
    "IS403",
    "another row of the same case says otherwise",
    "say it in one row of the case, or the same in each",
)
_NO_NAME = (
    "IS406",
    "something is said of an element without a name",
    "name it in every row that is about it",
)
_NAMED_AND_NOT = (
    "IS403",
    f"one row of the case names an element, and another says that there is none, or that nobody knows (`{NOBODY}`,"
    f" `{UNSURE}`)",
    "keep the rows that are right",
)


def _report(faults: list[Fault], said: tuple[str, str, str], name: str, rows: Values) -> None:
    if len(rows):
        code, message, help_ = said
        faults.append(Fault(Diagnostic(code, message, help=(help_,), path=quoted(name)), rows))


def _coded(column: Column) -> tuple[Values, Sequence[Any]]:
    """A number for each different value, -1 where nobody said anything; and the values as a case would hold them."""
    simple = arrow.plain(column)
    if isinstance(simple, np.ndarray) or pa.types.is_nested(simple.type):
        return _coded_objects(arrow.objects_of(simple))
    if arrow.is_coded(simple.type):
        simple = simple.dictionary_decode()
    try:
        coded = simple.dictionary_encode()
    except arrow.CANNOT:
        return _coded_objects(arrow.objects_of(simple))
    values = [arrow.plain_value(value) for value in arrow.objects_of(coded.dictionary)]
    codes = coded.indices.cast(pa.int64()).fill_null(-1).to_numpy(zero_copy_only=False)
    nothing = [code for code, value in enumerate(values) if value is None or value == ""]
    return (np.where(np.isin(codes, nothing), -1, codes) if nothing else codes), values


def _coded_objects(column: Values) -> tuple[Values, Sequence[Any]]:
    codes, index = np.full(len(column), -1, np.int64), dict[str, int]()
    values: list[Any] = []
    for row, given in enumerate(column):
        value = arrow.plain_value(given)
        if value is None or value == "":
            continue
        code = index.setdefault(repr(value), len(values))
        if code == len(values):
            values.append(value)
        codes[row] = code
    return codes, values


def _agreed(column: Column, case_of: Values, cases: int) -> tuple[Column, Values]:
    """What the rows of each case say, and the rows that say otherwise than one before them."""
    codes, _ = _coded(column)
    said = np.flatnonzero(codes >= 0)
    first = np.full(cases, -1, np.int64)
    first[case_of[said[::-1]]] = said[::-1]  # the first row that says anything is put there last
    other = said[codes[said] != codes[first[case_of[said]]]]
    return arrow.taken(column, first), other


class _Lists:
    """The lists of one group, an element a row at most."""

    def __init__(self, model: Model, group: str, case_of: Values, cases: int, faults: list[Fault]) -> None:
        self._model, self._group, self._case_of, self._faults = model, group, case_of, faults
        self._lists = np.empty(cases, object)

    def of(self, columns: Mapping[str, Column]) -> Values:
        """The list of each case: of elements as a case holds them, `unsure`, or None."""
        path = f"{self._group}.name"
        named, names = _coded(columns[path])
        self._without_elements(path, named, names)
        nobody = [code for code, name in enumerate(names) if name in (NOBODY, UNSURE)]
        about = (named >= 0) & ~np.isin(named, nobody)
        elements: dict[tuple[int, int], dict[str, Any]] = {}
        for row in np.flatnonzero(about).tolist():
            case, name = int(self._case_of[row]), int(named[row])
            if (case, name) not in elements:
                elements[case, name] = {"name": names[name]}
                if self._lists[case] is None:
                    self._lists[case] = []
                if isinstance(self._lists[case], list):
                    self._lists[case].append(elements[case, name])
        for each, column in columns.items():
            if each != path:
                self._answers(
                    each, column, about, lambda row: elements[int(self._case_of[row]), int(named[row])]
                )
        return self._lists

    def _without_elements(self, path: str, named: Values, names: Sequence[Any]) -> None:
        """Lists that are given as empty, or that nobody knows."""
        other: list[int] = []
        words = {code: name for code, name in enumerate(names) if name in (NOBODY, UNSURE)}
        said = dict[int, set[int]]()
        for row in np.flatnonzero(named >= 0).tolist():
            kinds = said.setdefault(int(self._case_of[row]), set())
            kinds.add(int(named[row]) if int(named[row]) in words else -1)
            if len(kinds) > 1:
                other.append(row)
        _report(self._faults, _NAMED_AND_NOT, path, np.array(other, np.int64))
        for case, kinds in said.items():
            for kind in kinds - {-1}:
                self._lists[case] = [] if words[kind] == NOBODY else UNSURE

    def _answers(self, path: str, column: Column, about: Values, element_of: Any) -> None:
        """What a column says of elements."""
        fact = self._model.facts[path]
        codes, values = _coded(column)
        read = [read_value(fact.type, value) for value in values]
        _report(self._faults, _NO_NAME, path, np.flatnonzero((codes >= 0) & ~about))
        wrong: dict[Wrong, list[int]] = {}
        other: list[int] = []
        for row in np.flatnonzero((codes >= 0) & about).tolist():
            answer = read[codes[row]]
            if isinstance(answer, Wrong):
                wrong.setdefault(answer, []).append(row)
                continue
            if answer is None:
                continue
            element = element_of(row)
            given = UNSURE if answer == UNSURE else plain(answer, fact.type)
            if element.setdefault(fact.name, given) != given:
                other.append(row)
        for each, rows in wrong.items():
            self._faults.append(
                Fault(Diagnostic(each.code, each.message, help=each.help, path=path), np.array(rows))
            )
        _report(self._faults, _TWO_ANSWERS, path, np.array(other, np.int64))


def sliced(column: Column, start: int, stop: int) -> Column:
    """Some rows of a column."""
    return column[start:stop] if isinstance(column, np.ndarray) else column.slice(start, stop - start)


def joined(columns: Sequence[Column]) -> Column:
    """Columns one after the other."""
    if all(isinstance(column, pa.Array) for column in columns):
        return arrow.whole(pa.chunked_array(columns))
    parts = [arrow.objects_of(column) for column in columns]
    found = np.empty(sum(map(len, parts)), object)
    found[:] = [value for part in parts for value in part]
    return found
