"""The decisions of a piece -> counts that can be added up and kept: what a summary is made from."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import attrs
import numpy as np

from infoshare.batch import bits
from infoshare.batch.columns import BASES, OUTCOMES, Columns
from infoshare.batch.files.piece import RowFault
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
        unsettled: by fact, in how many cases that unknown facts leave unsettled its answer alone can change the
            outcome.
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


def tally_of(columns: Columns, good: "np.ndarray[Any, Any]", faults: Sequence[RowFault]) -> Tally:
    """The counts of a piece.

    Args:
        good: for each row whether it was decided.
        faults: of the others.
    """
    rows, decided = columns.rows, bits.packed(good)
    waiting = {}
    open_ = bits.packed((columns.basis_codes == BASES.index(Basis.UNKNOWN_FACTS)) & good)
    if bits.any_in(open_, rows):
        waiting = {name: bits.count(where & open_, rows) for name, where in columns.waiting.items()}
    pairs = np.bincount((columns.outcome_codes.astype(np.int64) * len(BASES) + columns.basis_codes)[good])
    return Tally(
        cases=rows,
        undecided=rows - int(np.count_nonzero(good)),
        outcomes={
            f"{OUTCOMES[place // len(BASES)]} {BASES[place % len(BASES)]}": int(count)
            for place, count in enumerate(pairs)
        },
        unknown={
            name: bits.count(decided if where is True else where & decided, rows)
            for name, where in columns.unknown.items()
            if where is not False
        },
        unsettled=waiting,
        fired={
            name: bits.count(where & decided, rows)
            for name, where in zip(columns.clauses, columns.fired_bits, strict=True)
        },
        faults=Counter(said for _, said in dict.fromkeys((fault.row, fault.said) for fault in faults)),
    )
