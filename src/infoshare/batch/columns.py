"""What became of every case of a table, as columns: bits inside, words when they are asked for.

Spelling out which clauses fired costs many times the deciding, so rows that fired the same share one list.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import attrs
import numpy as np
import pyarrow as pa

from infoshare.batch import bits
from infoshare.batch.bits import Bits, Values
from infoshare.outcome import OUTCOMES as CONCLUDED
from infoshare.outcome import Basis, Outcome

NAMES = ("outcome", "basis", "mandatory", "fired", "possible", "exact")
"""The columns that deciding a table adds, in this order."""

OUTCOMES, BASES = tuple(Outcome), tuple(Basis)

IN_ROWS = ("outcome2", "basis2")
"""The bits of an answer that only a policy has of which rows may differ."""

_TABLE = 1 << 22
"""Values up to which a table of them is quicker than sorting."""

_LISTS = pa.list_(pa.string())

ROW = pa.struct(
    {"item": pa.string(), "recipient": pa.string(), "outcome": pa.string(), "release": pa.bool_()}
)
"""What is told of one item for one recipient."""

ToldRow = tuple[str | None, str | None, Outcome, bool | None]
"""The same: an item, a recipient, the outcome, and whether it goes."""


@attrs.frozen(eq=False)
class ToldOfRows:
    """What becomes of each item for each recipient, in each case.

    Attributes:
        codes: for each case the number of its list, -1 where there is none.
        lists: each different one once.
    """

    codes: Values
    lists: list[list[dict[str, Any]] | None] = attrs.field(factory=list)

    @staticmethod
    def of_nothing(cases: int) -> "ToldOfRows":
        """Of cases that are not decided yet."""
        return ToldOfRows(np.full(cases, -1, np.int64))

    def put(self, cases: Values, of_case: Values, told: Sequence[Sequence[ToldRow] | None]) -> None:
        """Takes in what is told of some cases.

        Args:
            of_case: for each of them, the number of what is told of it.
        """
        self.codes[cases] = of_case + len(self.lists)
        names = [field.name for field in ROW]
        self.lists.extend(
            None
            if rows is None
            else [
                dict(zip(names, (item, recipient, str(outcome), release), strict=True))
                for item, recipient, outcome, release in rows
            ]
            for rows in told
        )

    def to_arrow(self) -> "pa.Array[Any]":
        """A list of records for each case, null where it is not decided."""
        known = self.codes >= 0
        return pa.array(self.lists, pa.list_(ROW)).take(pa.array(self.codes, mask=~known))


@attrs.frozen(eq=False, slots=False)
class Columns:
    """The decisions of a table, row by row in its order.

    Attributes:
        rows: how many.
        clauses: the names of consent clauses, rules and overrides, in policy order.
        bits: a bit column for each part of the answer, 64 rows to a word; see `whole_policy.program_of`.
        in_force: whether the policy is, that day.
        unknown: for each fact outside lists, and each list, the rows in which it is unknown; True for every row,
            False for none.
        waiting: for each fact and list, the rows in which it is unknown and its answer alone can change the outcome,
            as far as that was asked for; of use only where the outcome is not settled.
        told_of_rows: what becomes of each item for each recipient, if that was asked for.
    """

    rows: int
    clauses: tuple[str, ...]
    bits: Mapping[str, Bits] = attrs.field(repr=False)
    in_force: bool = True
    unknown: Mapping[str, Bits | bool] = attrs.field(factory=dict, repr=False)
    waiting: Mapping[str, Bits] = attrs.field(factory=dict, repr=False)
    told_of_rows: ToldOfRows | None = attrs.field(default=None, repr=False)

    @cached_property
    def outcome_codes(self) -> Values:
        """For each row, the place of its outcome in `Outcome`."""
        return self._number("outcome0", "outcome1", *IN_ROWS[:1])

    @cached_property
    def basis_codes(self) -> Values:
        """For each row, the place of its basis in `Basis`."""
        if not self.in_force:
            return np.full(self.rows, BASES.index(Basis.NOT_IN_FORCE), np.uint8)
        return self._number("basis0", "basis1", *IN_ROWS[1:])

    @cached_property
    def possible_masks(self) -> Values:
        """For each row, the outcomes still possible: the lowest bit is the first of `Outcome`."""
        return self._number("possible0", "possible1", "possible2", "possible3")

    @property
    def fired_bits(self) -> list[Bits]:
        """For each clause, the rows in which it fired."""
        return [self.bits[f"fired:{name}"] for name in self.clauses]

    def fired_counts(self) -> dict[str, int]:
        """For each clause, in how many rows it fired."""
        return {
            name: bits.count(where, self.rows)
            for name, where in zip(self.clauses, self.fired_bits, strict=True)
        }

    def outcome_counts(self) -> dict[Outcome, int]:
        """For each outcome, in how many rows it is the answer."""
        counts = np.bincount(self.outcome_codes, minlength=len(OUTCOMES))
        return {outcome: int(counts[i]) for i, outcome in enumerate(self._outcomes)}

    def unknown_counts(self) -> dict[str, int]:
        """For each fact outside lists, and each list, in how many rows it is unknown."""
        return {
            path: self.rows * where if isinstance(where, bool) else bits.count(where, self.rows)
            for path, where in self.unknown.items()
        }

    @cached_property
    def _fired(self) -> tuple[Values, list[list[str]]]:
        """For each row a number, and for each number the clauses that fired."""
        return _distinct(self.fired_bits, self.clauses, self.rows)

    def outcome(self) -> "pa.DictionaryArray[Any, Any]":
        """The outcome of each row."""
        return _worded(self.outcome_codes, [str(o) for o in self._outcomes])

    def basis(self) -> "pa.DictionaryArray[Any, Any]":
        """What each outcome rests on."""
        return _worded(self.basis_codes, [str(b) for b in self._bases])

    def mandatory(self) -> "pa.Array[Any]":
        """Whether a clause that concludes the outcome says *must*; null where that depends on an unknown fact."""
        return bits.to_arrow(self.bits["mandatory"], self.rows, self.bits["mandatory?"])

    def fired(self) -> "pa.DictionaryArray[Any, Any]":
        """The clauses that stand whatever the unknown facts turn out to be: each different list once."""
        codes, lists = self._fired
        return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(lists, _LISTS))

    def possible(self) -> "pa.DictionaryArray[Any, Any]":
        """The outcomes still possible, likewise."""
        lists = [[str(o) for i, o in enumerate(CONCLUDED) if mask >> i & 1] for mask in range(16)]
        return pa.DictionaryArray.from_arrays(
            pa.array(self.possible_masks.view(np.int8)), pa.array(lists, _LISTS)
        )

    def exact(self) -> "pa.Array[Any]":
        """False where the answer may be too careful."""
        return bits.to_arrow(~self.bits["inexact"], self.rows)

    def items(self) -> Iterator[tuple[str, "pa.Array[Any]"]]:
        """The six columns by name, as Arrow holds them with the least effort, and `rows` if it was asked for."""
        for name in NAMES:
            yield name, getattr(self, name)()
        if self.told_of_rows is not None:
            yield "rows", self.told_of_rows.to_arrow()

    def to_arrow(self) -> pa.Table:
        """The six columns as a table of Arrow, lists spelt out."""
        return pa.table(
            {
                name: column.dictionary_decode() if name in {"fired", "possible"} else column
                for name, column in self.items()
            }
        )

    def _number(self, *names: str) -> Values:
        found = bits.unpacked(self.bits[names[0]], self.rows)
        for place, name in enumerate(names[1:], start=1):
            if name in self.bits:
                found |= bits.unpacked(self.bits[name], self.rows) << np.uint8(place)
        return found

    @property
    def _outcomes(self) -> tuple[Outcome, ...]:
        """The outcomes that a row of this policy may have."""
        return OUTCOMES if IN_ROWS[0] in self.bits else CONCLUDED

    @property
    def _bases(self) -> tuple[Basis, ...]:
        """The bases that it may rest on."""
        return BASES if IN_ROWS[1] in self.bits else tuple(b for b in BASES if b is not Basis.ROWS)


def _worded(codes: Values, texts: list[str]) -> "pa.DictionaryArray[Any, Any]":
    return pa.DictionaryArray.from_arrays(pa.array(codes.view(np.int8)), pa.array(texts))


def _distinct(columns: list[Bits], names: tuple[str, ...], rows: int) -> tuple[Values, list[list[str]]]:
    """Rows numbered so that those with the same bits have the same number, and the names of each number's bits."""
    codes = np.zeros(rows, np.int32)
    found: list[list[str]] = [[]]
    for start in range(0, len(columns), 8):
        some, their = columns[start : start + 8], names[start : start + 8]
        mask = np.zeros(rows, np.uint8)
        for place, column in enumerate(some):
            mask |= bits.unpacked(column, rows) << np.uint8(place)
        joined = mask if len(found) == 1 else codes.astype(_narrow(len(found) << 8)) << 8 | mask
        used, codes = _numbered(joined, len(found) << 8)
        found = [
            [*found[old >> 8], *(name for place, name in enumerate(their) if old >> place & 1)]
            for old in used.tolist()
        ]
    return codes, found


def _numbered(values: Values, bound: int) -> tuple[Values, Values]:
    """The different values below a bound, and for each value which of them it is."""
    if bound > _TABLE:
        used, codes = np.unique(values, return_inverse=True)
        return used, codes.astype(np.int32)
    seen = np.zeros(bound, bool)
    seen[values] = True
    used = np.flatnonzero(seen)
    number = np.zeros(bound, np.int32)
    number[used] = np.arange(len(used), dtype=np.int32)
    return used, bits.taken(number, values)


def _narrow(bound: int) -> Any:
    """The smallest kind of number that holds what is below a bound."""
    return np.uint16 if bound <= 1 << 16 else np.uint32 if bound <= 1 << 32 else np.int64
