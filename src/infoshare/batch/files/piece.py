"""A piece of a caseload: some rows as columns of facts, what is carried through, and the faults of rows."""

from collections.abc import Mapping, Sequence

import attrs
import pyarrow as pa

from infoshare.batch.arrow import Column
from infoshare.diagnostic import Diagnostic


@attrs.frozen
class RowFault:
    """What is wrong with a row.

    Attributes:
        row: its place in the piece, from 0.
        diagnostic: its `path` is the column; never says the value.
    """

    row: int
    diagnostic: Diagnostic

    @property
    def said(self) -> str:
        """Its code and its column, as the result has them."""
        each = self.diagnostic
        return each.code if each.path is None else f"{each.code} {each.path}"


@attrs.frozen(eq=False)
class Piece:
    """Some rows of a file, in its order.

    Attributes:
        rows: how many.
        facts: by name (`consent.status`, or `item` for a list), each as long as the piece.
        carried: the columns that go into the result as they are.
        faults: of rows that cannot be decided; such a row says nothing in `facts` that counts.
        reached: how far the file was read, in what its reader counts (rows, or bytes).
        mark: what the reader needs to go on behind this piece.
    """

    rows: int
    facts: Mapping[str, Column]
    carried: pa.Table
    faults: Sequence[RowFault] = ()
    reached: int = 0
    mark: int = 0
