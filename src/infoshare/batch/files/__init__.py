"""Integers caseloads in files: Parquet, CSV or NDJSON in, the same with the decisions out, piece by piece.

Invariants: at most a few pieces are in memory, however long the file; what is written never depends on
whether the run was interrupted; no result bears its final name before it is whole.
Deliberately not here: deciding (`infoshare.batch`), printing and exit codes (the doors).
"""

from infoshare.batch.files.cases import FileFormat
from infoshare.batch.files.run import Finished, Options, Reached, Resumed, Run
from infoshare.batch.files.summary import Summary, summary_of
from infoshare.errors import Refused

__all__ = [
    "FileFormat",
    "Finished",
    "Options",
    "Reached",
    "Refused",
    "Resumed",
    "Run",
    "Summary",
    "summary_of",
]
