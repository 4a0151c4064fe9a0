"""Which of very many provisions hold: one look a fact, however many provisions there are.

For each fact, each kind of answer has a whole number with a bit for every provision that this answer does not
rule out; what all the answers of a case leave are the provisions that hold, but for those conditions that join
several facts, which are then tried for the few that are left.

Source: the bitmap indices of P. O'Neil and D. Quass, "Improved Query Performance with Variant Indexes",
SIGMOD (1997), with rules in the place of rows. Deliberately not here: what follows from what holds.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from operator import itemgetter
from typing import Any

import attrs

from infoshare.engine.atoms import Atom, conjuncts, conjuncts_of
from infoshare.engine.encoding import encoder
from infoshare.engine.plan import Plan, Variable
from infoshare.engine.reasons import Values
from infoshare.engine.verdict import bits
from infoshare.meaning.case import Case
from infoshare.meaning.model import Condition
from infoshare.meaning.types import UNSURE
from infoshare.meaning.world import World
from infoshare.truth import Truth


@attrs.frozen
class _Column:
    """One variable: what each stretch of its values leaves standing.

    Attributes:
        left: a mask for each stretch between the bounds.
        some, all: what some value leaves, and what every value leaves.
    """

    variable: Variable
    bounds: tuple[int, ...]
    left: tuple[int, ...]
    some: int
    all: int


class _Table(dict[Any, int]):
    """What an answer leaves of a column, for each answer that was met."""

    MOST = 1_000

    def __init__(self, column: _Column, encode: Callable[[Any], int | None]) -> None:
        super().__init__()
        self._column, self._encode = column, encode

    def __missing__(self, answer: Any) -> int:
        if len(self) >= self.MOST:
            self.clear()
        value = self._encode(answer)
        column = self._column
        left = column.some if value is None else column.left[bisect_right(column.bounds, value)]
        self[answer] = left
        return left


class Index:
    """The provisions of a plan, and above them its `impossible`s, by what their conditions ask."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.everything = 0
        self.residual: dict[int, list[Condition]] = {}
        tested: dict[Atom, list[int]] = {}
        for number, wanted in enumerate(_wanted(plan)):
            if self._take_apart(number, wanted, tested):
                self.everything |= 1 << number
        self._tested = tested
        self._columns: list[tuple[_Column, Any]] | None = None
        self._tables: list[_Table] | None = None
        self._pick: Any = None
        self._residual_bits = sum(1 << number for number in self.residual)

    @property
    def asked(self) -> dict[int, int]:
        """The positions of the facts of which something is asked, a bit each."""
        paths = {
            f.path
            for conditions in _wanted(self.plan)
            for c in conditions
            for f in self.plan.model.facts_of(c)
        }
        return {position: 1 for position, fact in enumerate(self.plan.facts) if fact.path in paths}

    def holding(self, values: Values) -> int:
        """The provisions that hold, of a case of which everything that is asked is known."""
        if self._tables is None:
            columns = self._looked_up()
            positions = [column.variable.position for column, _ in columns]
            self._pick = itemgetter(*positions, 0) if positions else _nothing
            self._tables = [_Table(column, encode) for column, encode in columns]
        some = self.everything
        for table, value in zip(self._tables, self._pick(values)):  # noqa: B905 - `strict` takes longer than the loop
            some &= table[value]
        for number in bits(some & self._residual_bits):
            if not self._all_hold(self.residual[number], values):
                some ^= 1 << number
        return some

    def possible(self, values: Values) -> tuple[int, int]:
        """The provisions that hold in some completion at most, and those that certainly hold."""
        some = every = self.everything
        for column, encode in self._looked_up():
            answer = values[column.variable.position]
            value = encode(answer)
            if value is None:
                some &= column.some
                every &= column.all
            else:
                left = column.left[bisect_right(column.bounds, value)]
                some &= left
                every &= left
        return some, every & ~self._residual_bits

    def _looked_up(self) -> list[tuple[_Column, Any]]:
        if self._columns is None:
            columns = [self._column(variable) for variable in self.plan.variables]
            self._columns = [(column, encoder(self.plan, column.variable)) for column in columns]
        return self._columns

    def _column(self, variable: Variable) -> _Column:
        bounds = variable.bounds
        asked = [(atom, _mask(self._tested[atom])) for atom in variable.atoms if atom in self._tested]
        left = []
        for start in (bounds[0] - 1, *bounds):
            ruled_out = 0
            for atom, mask in asked:
                if not atom.of(start):
                    ruled_out |= mask
            left.append(self.everything & ~ruled_out)
        some, every = 0, self.everything
        for each in left:
            some |= each
            every &= each
        return _Column(variable, bounds, tuple(left), some, every)

    def _take_apart(self, number: int, wanted: Iterable[Condition], tested: dict[Atom, list[int]]) -> bool:
        """Files each condition that must be yes under its fact; False if one is never yes."""
        for condition in wanted:
            match self.plan.atoms.of(condition):
                case Atom() as atom:
                    tested.setdefault(atom, []).append(number)
                case None:
                    self.residual.setdefault(number, []).append(condition)
                case False:
                    return False
                case True:
                    pass
        return True

    def _all_hold(self, conditions: list[Condition], values: Values) -> bool:
        known = {
            fact.path: fact.assumed if value is None and self.plan.presume else value
            for fact, value in zip(self.plan.facts, values, strict=True)
        }
        said = {path: answer for path, answer in known.items() if answer is not None and answer != UNSURE}
        world = World(self.plan.model, Case(), self.plan.day, said)
        return all(world.truth(condition).truth is Truth.YES for condition in conditions)


def _nothing(_: Values) -> Values:
    return ()


def _wanted(plan: Plan) -> Iterator[list[Condition]]:
    """For each provision and each `impossible`, the conditions that must all be yes."""
    for provision in plan.provisions:
        yield conjuncts_of(provision)
    for impossible in plan.model.impossibles:
        yield list(conjuncts(impossible.condition))


def _mask(numbers: Iterable[int]) -> int:
    """The bits of these numbers."""
    numbers = list(numbers)
    data = bytearray(max(numbers) // 8 + 1)
    for number in numbers:
        data[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(data, "little")
