"""The names of a table's columns -> facts, lists and what else is there, or what is wrong with the names.

A column of records for a group (`consent`, as a file of nested cases is read) stands for the facts in it.
Deliberately not here: what the columns hold (`reading`).
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import attrs
import numpy as np
import pyarrow as pa

from infoshare.batch import arrow, bits
from infoshare.batch.arrow import Column
from infoshare.batch.bits import Bits, Values
from infoshare.batch.reading import Fault
from infoshare.batch.tables import Table
from infoshare.diagnostic import Diagnostic
from infoshare.meaning import facts as reading
from infoshare.meaning.model import Model
from infoshare.meaning.types import UNSURE


@attrs.frozen(eq=False)
class Lists:
    """The lists of a column, each different one once.

    Attributes:
        codes: for each row the number of its list, -1 where there is none.
        values: the lists, as a case would hold them.
    """

    codes: Values
    values: Sequence[Any]

    @property
    def unknown(self) -> Bits:
        """The rows whose list is not known."""
        unsure = [code for code, value in enumerate(self.values) if value == UNSURE]
        return bits.packed((self.codes < 0) | np.isin(self.codes, unsure))

    @property
    def lengths(self) -> Values:
        """How many elements the list of each row has; none where it is not known."""
        lengths = [len(value) if isinstance(value, list) else 0 for value in self.values]
        return np.array([*lengths, 0], np.int64)[self.codes]

    def at(self, row: int) -> Any:
        """The list of a row, or None."""
        code = int(self.codes[row])
        return None if code < 0 else self.values[code]


@attrs.frozen(eq=False)
class Split:
    """What the columns of a table are.

    Attributes:
        columns: those of facts and of lists, by name.
    """

    columns: Mapping[str, Column]
    faults: Sequence[Diagnostic]


def split(model: Model, table: Table, keep: Collection[str], ignore: Collection[str]) -> Split:
    """Tells the columns of a table apart."""
    columns: dict[str, Column] = {}
    faults: list[Diagnostic] = []
    for name, column in _flat(model, table, {*keep, *ignore, "case"}):
        group = model.groups.get(name)
        fact = model.facts.get(name)
        if (fact is not None and not fact.each) or (group is not None and group.each):
            if name in columns:
                help_ = "keep the one that is right, and leave out the other"
                faults.append(Diagnostic("IS403", f"`{name}` is a column twice", help=(help_,), path=name))
            columns[name] = column
        else:
            faults += _unknown(model, name)
    missing = [name for name in keep if name not in table.columns]
    faults += [
        Diagnostic("IS401", f"no column is named `{name}`, which is to be kept", path=name)
        for name in missing
    ]
    return Split(columns, faults)


def _flat(model: Model, table: Table, others: Collection[str]) -> list[tuple[str, Column]]:
    found: list[tuple[str, Column]] = []
    for name, column in table.columns.items():
        group = model.groups.get(name)
        if name in others:
            continue
        if group is not None and not group.each and isinstance(column, pa.StructArray):
            fields = zip(column.type.names, column.flatten(), strict=True)
            found += [(f"{name}.{field}", values) for field, values in fields]
        elif not (group is not None and not group.each and _is_null(column)):
            found.append((name, column))
    return found


def _is_null(column: Column) -> bool:
    return isinstance(column, pa.Array) and pa.types.is_null(column.type)


def _unknown(model: Model, name: str) -> list[Diagnostic]:
    """As for a case, with what to do about a column that is meant to be something else."""
    said = reading.read(model, {name: True}).diagnostics
    also = "a column that is no fact is named in `keep` or `ignore`"
    return [attrs.evolve(each, help=(*each.help, also)) for each in said]


def read_lists(model: Model, group: str, column: Column) -> tuple[Lists, list[Fault]]:
    """The lists of a column as a case would hold them, and what is wrong with which rows."""
    codes = np.full(len(column), -1, np.int64)
    index: dict[str, int] = {}
    values: list[Any] = []
    for row, given in enumerate(arrow.objects_of(column)):
        value = arrow.plain_value(given)
        if value is not None:
            code = index.setdefault(repr(value), len(values))
            if code == len(values):
                values.append(value)
            codes[row] = code
    wrong: dict[tuple[str, str, str | None], tuple[Diagnostic, list[int]]] = {}
    for code, value in enumerate(values):
        for each in reading.read(model, {group: value}).diagnostics:
            wrong.setdefault((each.code, each.message, each.path), (each, []))[1].append(code)
    faults = [Fault(each, np.flatnonzero(np.isin(codes, said))) for each, said in wrong.values()]
    return Lists(codes, values), faults


def too_many_rows(lists: Mapping[str, Lists]) -> list[Fault]:
    """The cases of which the items and the recipients, each as they may be, are too many together."""
    sides = [lists[group] for group in ("item", "recipient") if group in lists]
    if len(sides) < 2:
        return []
    items, recipients = (side.lengths for side in sides)
    rows: dict[tuple[int, int], list[int]] = {}
    for row in np.flatnonzero(items * recipients > reading.MOST_ROWS).tolist():
        rows.setdefault((int(items[row]), int(recipients[row])), []).append(row)
    found = ((reading.too_many_rows(*sizes), np.array(said)) for sizes, said in rows.items())
    return [Fault(diagnostic, said) for diagnostic, said in found if diagnostic is not None]
