"""One decision: a dict of 18 facts in; outcome, rules and duties out, where an engine has them."""

from collections.abc import Sequence
from typing import Any

from comparison.cases import cases
from comparison.catalogue import REFERENCE_ENGINE, Engine, engine
from comparison.effort import Effort
from comparison.timing import MOST_IN_A_CHUNK, WARM_UP, Contestant, measured


def run(engines: Sequence[Engine], effort: Effort) -> dict[str, Any]:
    """Microseconds, and how many times the reference by hand."""
    pool = cases(effort.rounds * MOST_IN_A_CHUNK + WARM_UP, seed=21)
    by_hand = engine(REFERENCE_ENGINE).decide()
    contestants = {e.key: Contestant(e.decide(), pool, by_hand, pool) for e in engines if e.decides}
    figures = measured(contestants, rounds=effort.rounds, seconds=effort.chunk_seconds)
    return {key: found.told() for key, found in figures.items()}
