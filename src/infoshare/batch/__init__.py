"""Integers caseloads: a table of cases in, a table of outcomes out.

One column for each fact (`consent.status`), one row for each case; null is unknown. Every row comes to what
`Policy.decide` says of the case, decision for decision; only the time it takes is another.
Needs the extra `batch`. Deliberately not here: explanations, questions and duties, which belong to one case.
"""

try:
    import narwhals as nw  # noqa: F401
    import numpy as np  # noqa: F401
    import pyarrow as pa  # noqa: F401
except ImportError as error:
    raise ImportError(
        'deciding a whole caseload needs the extra `batch`: pip install "infoshare[batch]"'
    ) from error

from infoshare.batch.caseload import Batch, compile_batch, decide_table
from infoshare.batch.columns import Columns

__all__ = ["Batch", "Columns", "compile_batch", "decide_table"]
