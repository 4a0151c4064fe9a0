"""How much is measured: the reported run, or a quick look."""

import attrs


@attrs.frozen
class Effort:
    """Counts and times of every part."""

    cases_checked: int  # of each distribution
    trials_missing: int
    rounds: int
    chunk_seconds: float
    sizes: tuple[int, ...]  # synthetic rules
    growth_rounds: int
    growth_seconds: float  # one chunk
    growth_patience: float  # an engine that would take longer to load or to be checked is not tried
    starts: int
    batch_rows: int
    batch_seconds: float  # one pass over the rows
    batch_rounds: int


REPORTED = Effort(
    cases_checked=1000,
    trials_missing=400,
    rounds=61,
    chunk_seconds=0.002,
    sizes=(10, 100, 1000, 10_000),
    growth_rounds=21,
    growth_seconds=0.004,
    growth_patience=12,
    starts=7,
    batch_rows=1_000_000,
    batch_seconds=1.5,
    batch_rounds=5,
)

QUICK = Effort(
    cases_checked=100,
    trials_missing=40,
    rounds=7,
    chunk_seconds=0.001,
    sizes=(10, 100, 1000),
    growth_rounds=5,
    growth_seconds=0.002,
    growth_patience=1,
    starts=1,
    batch_rows=100_000,
    batch_seconds=0.3,
    batch_rounds=3,
)
