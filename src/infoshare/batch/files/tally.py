"""The decisions of a piece -> counts that can be added up and kept: what a summary is made from."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from infoshare.batch.caseload import Batch
from infoshare.batch.files.piece import Column, Piece
from infoshare.meaning.model import Model
from infoshare.meaning.types import UNSURE
from infoshare.meaning.world import facts_of

Counts = Mapping[str, int]


def _counter(value: Counts) -> Counter[str]:
    return Counter({key: int(count) for key, count in value.items() if count})


@attrs.frozen
class Tally:
    """Counts over some cases.

    Attributes:
        cases: how many there are, decided or not.
        undecided: those with a fault.
        outcomes: by outcome and basis, `share clauses`.
        unknown: by fact, in how many cases nobody knows it (and nothing is assumed).
        unsettled: the same, of the cases that unknown facts leave unsettled.
        fired: by clause, in how many cases it stands.
        faults: by code and column, in how many cases.
    """

    cases: int = 0
    undecided: int = 0
    outcomes: Counter[str] = attrs.field(factory=Counter, converter=_counter)
    unknown: Counter[str] = attrs.field(factory=Counter, converter=_counter)
    unsettled: Counter[str] = attrs.field(factory=Counter, converter=_counter)
    fired: Counter[str] = attrs.field(factory=Counter, converter=_counter)
    faults: Counter[str] = attrs.field(factory=Counter, converter=_counter)

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.cases + other.cases,
            self.undecided + other.undecided,
            self.outcomes + other.outcomes,
            self.unknown + other.unknown,
            self.unsettled + other.unsettled,
            self.fired + other.fired,
            self.faults + other.faults,
        )

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return attrs.asdict(self, value_serializer=lambda _, __, v: dict(v) if isinstance(v, Counter) else v)


def asked_of(model: Model) -> tuple[str, ...]:
    """The facts, and lists, that what decides speaks of, in policy order."""
    conditions = [
        condition
        for each in (*model.clauses.values(), *model.exceptions.values())
        for condition in (each.when, each.unless)
        if condition is not None
    ]
    found = {fact.group if fact.each else fact.path for c in conditions for fact in facts_of(model, c)}
    names = [fact.group if fact.each else fact.path for fact in model.facts.values()]
    return tuple(name for name in dict.fromkeys(names) if name in found)


def tally_of(batch: Batch, piece: Piece, table: pa.Table) -> Tally:
    """The counts of a piece that was decided."""
    bases = table.column("basis")
    done = pc.is_valid(bases).to_numpy(zero_copy_only=False)
    open_ = pc.fill_null(pc.equal(bases, "unknown_facts"), False).to_numpy(zero_copy_only=False)  # noqa: FBT003
    unknown: dict[str, int] = {}
    unsettled: dict[str, int] = {}
    any_open = bool(open_.any())
    for name in asked_of(batch.policy.model):
        fact = batch.policy.model.facts.get(name)
        assumed = batch.presume and fact is not None and fact.assumed is not None
        missing = _missing(piece.facts.get(name), piece.rows, assumed=assumed)
        if missing is None:
            continue
        unknown[name] = int(np.count_nonzero(missing & done))
        unsettled[name] = int(np.count_nonzero(missing & open_)) if any_open else 0
    return Tally(
        cases=table.num_rows,
        undecided=int(table.num_rows - np.count_nonzero(done)),
        outcomes=_pairs(table.column("outcome"), bases),
        unknown=unknown,
        unsettled=unsettled,
        fired=_values(pc.list_flatten(table.column("fired"))),
        faults=_values(pc.list_flatten(table.column("error"))),
    )


def _missing(column: Column | None, rows: int, *, assumed: bool) -> "np.ndarray[Any, Any] | None":
    """In which rows a fact is unknown; None if it is so in none."""
    if column is None:
        return None if assumed else np.ones(rows, bool)
    if isinstance(column, np.ndarray):
        return np.array([v == UNSURE if isinstance(v, str) else v is None and not assumed for v in column], bool)
    unsure = np.zeros(rows, bool)
    if pa.types.is_dictionary(column.type) and UNSURE in (words := column.dictionary.to_pylist()):
        unsure = pc.fill_null(pc.equal(column.indices, words.index(UNSURE)), False).to_numpy(zero_copy_only=False)  # noqa: FBT003
    if assumed or not column.null_count:
        return unsure if unsure.any() else None
    return column.is_null().to_numpy(zero_copy_only=False) | unsure


def _pairs(outcomes: Any, bases: Any) -> dict[str, int]:
    grouped = pa.table({"o": outcomes, "b": bases}).group_by(["o", "b"], use_threads=False).aggregate([([], "count_all")])
    return {f"{row['o']} {row['b']}": row["count_all"] for row in grouped.to_pylist() if row["o"] is not None}


def _values(texts: Any) -> dict[str, int]:
    return {str(each["values"]): each["counts"] for each in pc.value_counts(texts).to_pylist() if each["values"] is not None}
