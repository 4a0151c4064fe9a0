"""The decisions of a piece -> counts that can be added up and kept: what a summary is made from."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from infoshare.batch.caseload import Batch
from infoshare.batch.columns import BASES, OUTCOMES, Columns
from infoshare.batch.files.piece import Column, Piece, RowFault
from infoshare.meaning.model import Model
from infoshare.meaning.types import UNSURE
from infoshare.meaning.world import facts_of
from infoshare.outcome import Basis

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


def asked_of(model: Model, day: date) -> tuple[str, ...]:
    """The facts, and lists, that what decides on a day speaks of, in policy order."""
    conditions = [
        condition
        for each in (*model.clauses.values(), *model.exceptions.values())
        if model.in_force(each, day)
        for condition in (each.when, each.unless)
        if condition is not None
    ]
    found = {fact.group if fact.each else fact.path for c in conditions for fact in facts_of(model, c)}
    names = [fact.group if fact.each else fact.path for fact in model.facts.values()]
    return tuple(name for name in dict.fromkeys(names) if name in found)


def tally_of(
    batch: Batch, piece: Piece, columns: Columns, good: "np.ndarray[Any, Any]", faults: Sequence[RowFault]
) -> Tally:
    """The counts of a piece.

    Args:
        columns: of the rows that were decided.
        good: which rows of the piece those are.
        faults: of the others.
    """
    model = batch.policy.model
    all_good = len(good) == piece.rows
    open_ = columns.basis_codes == BASES.index(Basis.UNKNOWN_FACTS)
    some_open = bool(open_.any())
    unknown: dict[str, int] = {}
    unsettled: dict[str, int] = {}
    for name in asked_of(model, batch.as_of):
        fact = model.facts.get(name)
        assumed = batch.presume and fact is not None and fact.assumed is not None
        missing = _missing(piece.facts.get(name), piece.rows, assumed=assumed)
        if missing is not None:
            missing = missing if all_good else missing[good]
            unknown[name] = int(np.count_nonzero(missing))
            unsettled[name] = int(np.count_nonzero(missing & open_)) if some_open else 0
    pairs = np.bincount(columns.outcome_codes.astype(np.int64) * len(BASES) + columns.basis_codes)
    return Tally(
        cases=piece.rows,
        undecided=piece.rows - len(good),
        outcomes={
            f"{OUTCOMES[place // len(BASES)]} {BASES[place % len(BASES)]}": int(count)
            for place, count in enumerate(pairs)
        },
        unknown=unknown,
        unsettled=unsettled,
        fired=columns.fired_counts(),
        faults=Counter(said for _, said in dict.fromkeys((fault.row, fault.said) for fault in faults)),
    )


def _missing(column: "Column | None", rows: int, *, assumed: bool) -> "np.ndarray[Any, Any] | None":
    """In which rows a fact is unknown; None if it is so in none."""
    if column is None:
        return None if assumed else np.ones(rows, bool)
    if isinstance(column, np.ndarray):
        return np.array(
            [v == UNSURE if isinstance(v, str) else v is None and not assumed for v in column], bool
        )
    unsure = np.zeros(rows, bool)
    if pa.types.is_dictionary(column.type) and UNSURE in (words := column.dictionary.to_pylist()):
        unsure |= pc.fill_null(pc.equal(column.indices, words.index(UNSURE)), False).to_numpy(
            zero_copy_only=False
        )
    if pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
        said = pc.list_parent_indices(column).filter(pc.equal(column.flatten(), UNSURE))
        unsure[said.to_numpy(zero_copy_only=False)] = True
    if assumed or not column.null_count:
        return unsure if unsure.any() else None
    unsure |= column.is_null().to_numpy(zero_copy_only=False)
    return unsure
