"""What facts that are missing cost the product, beside the same cases with none missing.

No case is decided twice.
"""

from collections.abc import Sequence
from typing import Any

from comparison.cases import cases, with_facts_missing
from comparison.catalogue import Engine
from comparison.effort import Effort
from comparison.timing import MOST_IN_A_CHUNK, WARM_UP, Contestant, measured

SHARES = (0.1, 0.25, 0.5, 1.0)


def run(engines: Sequence[Engine], effort: Effort) -> dict[str, Any]:
    """For each share of facts missing: microseconds, and how many times the cost with none missing."""
    pool = cases(effort.rounds * MOST_IN_A_CHUNK + WARM_UP, seed=22)
    contestants = {}
    for engine in engines:
        if engine.key == "infoshare":
            decide = engine.decide()
            for share in SHARES:
                incomplete = with_facts_missing(pool, share, seed=23)
                contestants[str(share)] = Contestant(decide, incomplete, decide, pool)
    figures = measured(contestants, rounds=effort.rounds, seconds=effort.chunk_seconds)
    return {key: found.told() for key, found in figures.items()}
