"""The names of a table's columns -> facts, lists and what else is there, or what is wrong with the names.

A column of records for a group (`consent`, as a file of nested cases is read) stands for the facts in it.
Deliberately not here: what the columns hold (`reading`).
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, time
from math import isnan
from typing import Any

import attrs
import numpy as np
import pyarrow as pa

from infoshare.batch.bits import Values
from infoshare.batch.tables import Column, Table
from infoshare.diagnostic import Diagnostic
from infoshare.meaning import facts as reading
from infoshare.meaning.model import Model


@attrs.frozen(eq=False)
class Lists:
    """The lists of a column, each different one once.

    Attributes:
        codes: for each row the number of its list, -1 where there is none.
        values: the lists, as a case would hold them.
    """

    codes: Values
    values: Sequence[Any]

    def at(self, row: int) -> Any:
        """The list of a row, or None."""
        code = int(self.codes[row])
        return None if code < 0 else self.values[code]


@attrs.frozen(eq=False)
class Split:
    """What the columns are.

    Attributes:
        facts: the columns of facts, by path.
        lists: for each group that is a list, its lists.
    """

    facts: Mapping[str, Column]
    lists: Mapping[str, Lists]
    faults: Sequence[Diagnostic]


def split(model: Model, table: Table, keep: Collection[str], ignore: Collection[str]) -> Split:
    """Tells the columns of a table apart."""
    facts: dict[str, Column] = {}
    lists: dict[str, Lists] = {}
    faults: list[Diagnostic] = []
    for name, column in _flat(model, table, {*keep, *ignore, "case"}):
        group = model.groups.get(name)
        fact = model.facts.get(name)
        if fact is not None and not fact.each:
            if name in facts:
                help_ = "keep the one that is right, and leave out the other"
                faults.append(Diagnostic("IS403", f"`{name}` is a column twice", help=(help_,), path=name))
            facts[name] = column
        elif group is not None and group.each:
            given = column.tolist() if isinstance(column, np.ndarray) else column.to_pylist()
            lists[name] = _distinct([_plain_list(value) for value in given])
        else:
            faults += _unknown(model, name)
    missing = [name for name in keep if name not in table.columns]
    faults += [
        Diagnostic("IS401", f"no column is named `{name}`, which is to be kept", path=name)
        for name in missing
    ]
    return Split(facts, lists, faults)


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


def _distinct(given: Sequence[Any]) -> Lists:
    codes = np.full(len(given), -1, np.int64)
    index: dict[str, int] = {}
    values: list[Any] = []
    for row, value in enumerate(given):
        if value is not None:
            code = index.setdefault(repr(value), len(values))
            if code == len(values):
                values.append(value)
            codes[row] = code
    return Lists(codes, values)


def _plain_list(value: Any) -> Any:
    """A list as a case would hold it: what a table makes of whole numbers and days is taken back, as in columns."""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, float) and isnan(value):
        return None
    if not isinstance(value, list):
        return value
    return [
        {name: _plain(answer) for name, answer in element.items()} if isinstance(element, dict) else element
        for element in value
    ]


def _plain(answer: Any) -> Any:
    match answer:
        case float() if isnan(answer):
            return None
        case float() if answer.is_integer():
            return int(answer)
        case datetime() if answer.tzinfo is None and answer.time() == time():
            return answer.date()
        case np.ndarray():
            return answer.tolist()
        case _:
            return answer
