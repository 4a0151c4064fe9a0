"""What the product costs by how much of the decision is looked at: reading alone, everything, the text for a person."""

from collections.abc import Callable, Sequence
from typing import Any

from comparison.cases import cases, with_facts_missing
from comparison.catalogue import REFERENCE_ENGINE, Engine, engine
from comparison.effort import Effort
from comparison.engines.infoshare import DAY, POLICY
from comparison.specification import Case
from comparison.timing import MOST_IN_A_CHUNK, Contestant, measured


def run(engines: Sequence[Engine], effort: Effort) -> dict[str, Any]:
    """Microseconds with all facts known and with a quarter missing."""
    if not any(e.key == "infoshare" for e in engines):
        return {}
    import infoshare

    settle = infoshare.load(POLICY).decide
    looks: dict[str, Callable[[infoshare.Decision], object]] = {
        "outcome": lambda decision: decision.outcome,
        "outcome, fired and duties": lambda d: (
            d.outcome,
            [c.clause for c in d.fired],
            [x.duty for x in d.duties],
        ),
        "the same, and the facts behind each": lambda d: (
            d.outcome,
            [(c.clause, dict(c.facts)) for c in d.fired],
            [(x.duty, x.waiting_for) for x in d.duties],
        ),
        "everything, as a dict for JSON": lambda decision: decision.to_dict(),
        "the text for a person": lambda decision: decision.explain(),
    }
    pool = cases(effort.rounds * MOST_IN_A_CHUNK // 4, seed=24)
    pools = {"complete": pool, "quarter missing": with_facts_missing(pool, 0.25, seed=25)}
    by_hand = engine(REFERENCE_ENGINE).decide()
    contestants = {}
    for look, read in looks.items():

        def one(case: Case, read: Callable[[infoshare.Decision], object] = read) -> object:
            return read(settle({"q": case}, as_of=DAY))

        for name, given in pools.items():
            contestants[f"{look}|{name}"] = Contestant(one, given, by_hand, pool)
    figures = measured(contestants, rounds=max(3, effort.rounds // 2), seconds=effort.chunk_seconds)
    return {key: found.told() for key, found in figures.items()}
