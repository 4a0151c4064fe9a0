"""What became of every case of a table, as columns: small codes inside, words when they are asked for."""

from collections.abc import Mapping
from typing import Any

import attrs
import pyarrow as pa

NAMES = ("outcome", "basis", "mandatory", "fired", "possible", "exact")
"""The columns that deciding a table adds, in this order."""

LIST_OF_TEXT = pa.list_(pa.string())


@attrs.frozen(eq=False)
class Columns:
    """The decisions of a table, row by row in its order."""

    arrays: Mapping[str, Any]

    def to_arrow(self) -> pa.Table:
        """The six columns as a table of Arrow."""
        return pa.table(dict(self.arrays))
