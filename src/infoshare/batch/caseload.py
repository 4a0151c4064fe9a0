"""A policy and a day -> what decides whole tables.

Invariant: row for row what `Policy.decide` says. Deliberately not here: kinds of tables (`tables`), reading
columns (`reading`).
"""

from collections.abc import Collection
from datetime import date
from typing import Any

import attrs
import pyarrow as pa

from infoshare.batch import tables
from infoshare.batch.columns import LIST_OF_TEXT, Columns
from infoshare.diagnostic import Diagnostic
from infoshare.errors import FactsError
from infoshare.load import Policy


@attrs.frozen(eq=False)
class Batch:
    """A policy made ready to decide tables of cases, all for one day.

    Immutable, picklable, and safe to share between threads.
    """

    policy: Policy = attrs.field(repr=False)
    as_of: date
    presume: bool = True

    def decide(
        self, table: Any, *, keep: Collection[str] = (), ignore: Collection[str] = (), first_row: int = 1
    ) -> Any:
        """Decides every row of a table.

        Args:
            table: a table of Polars, pandas, PyArrow or DuckDB, or a mapping of NumPy arrays; a column for each
                fact, named `group.fact`, with null for what nobody answered.
            keep: columns that are no facts and are carried through; `case` always is.
            ignore: columns that are no facts and are left out.
            first_row: what errors call the first row.

        Returns:
            A table of the same kind: what is kept, then `outcome`, `basis`, `mandatory`, `fired`, `possible`, `exact`.

        Raises:
            FactsError: a column or an answer cannot be read, or a row says what is impossible; nothing is decided.
        """
        given = tables.opened(table)
        decided = self._columns(given, keep, ignore, first_row).to_arrow()
        kept = {n: c for n, c in given.columns.items() if n in keep or n == "case"}
        return given.rebuilt(pa.table({**kept, **{n: decided.column(n) for n in decided.column_names}}))

    def decide_columns(
        self, table: Any, *, keep: Collection[str] = (), ignore: Collection[str] = (), first_row: int = 1
    ) -> Columns:
        """As `decide`, with the columns still as codes and bits."""
        return self._columns(tables.opened(table), keep, ignore, first_row)

    def _columns(
        self, given: tables.Table, keep: Collection[str], ignore: Collection[str], first_row: int
    ) -> Columns:
        names = [n for n in given.columns if n not in keep and n not in ignore and n != "case"]
        values = {n: given.columns[n] for n in names}
        lists = {n: v.to_pylist() if isinstance(v, pa.Array) else list(v) for n, v in values.items()}
        out: dict[str, list[Any]] = {
            n: [] for n in ("outcome", "basis", "mandatory", "fired", "possible", "exact")
        }
        faults: list[Diagnostic] = []
        for row in range(given.rows):
            try:
                got = self.policy.decide(
                    {n: v[row] for n, v in lists.items()}, as_of=self.as_of, presume=self.presume
                )
            except FactsError as error:
                faults += [
                    attrs.evolve(d, message=f"{d.message} (row {row + first_row})") for d in error.diagnostics
                ]
                continue
            out["outcome"].append(str(got.outcome))
            out["basis"].append(str(got.basis))
            out["mandatory"].append(got.mandatory)
            out["fired"].append([c.clause for c in got.fired])
            out["possible"].append([str(o) for o in got.possible])
            out["exact"].append(got.exact)
        if faults:
            raise FactsError(faults[:100])
        types = {
            "mandatory": pa.bool_(),
            "exact": pa.bool_(),
            "fired": LIST_OF_TEXT,
            "possible": LIST_OF_TEXT,
        }
        return Columns({n: pa.array(v, type=types.get(n, pa.string())) for n, v in out.items()})


def compile_batch(policy: Policy, *, as_of: date, presume: bool = True) -> Batch:
    """A policy made ready to decide tables for a day.

    Args:
        policy: as `infoshare.load` gives it.
        as_of: the day that every case is decided for.
        presume: whether `unanswered means` is applied.
    """
    return Batch(policy, as_of, presume)


def decide_table(
    policy: Policy, table: Any, *, as_of: date, presume: bool = True, keep: Collection[str] = ()
) -> Any:
    """Decides every row of a table; see `Batch.decide`."""
    return compile_batch(policy, as_of=as_of, presume=presume).decide(table, keep=keep)
