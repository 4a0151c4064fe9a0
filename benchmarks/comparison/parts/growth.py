"""More and more independent rules: what one decision costs, and what loading them costs.

All sizes of all engines are loaded in one process of their own and timed in turn, each beside hand-written `if`s for the
same rules. An engine that would take longer than the patience allows, going by the size before, is not tried, and so
are the sizes after that. Fired rules are held against brute force before anything is timed.
"""

import statistics
from collections.abc import Iterable, Iterator, Sequence
from time import process_time
from typing import Any

from comparison.catalogue import Engine, engine
from comparison.child import told_by_child
from comparison.effort import QUICK, REPORTED, Effort
from comparison.specification import Case, Match, Rules
from comparison.synthetic import brute_force, synthetic_cases, synthetic_rules
from comparison.timing import Contestant, measured

BY_HAND = "python_outcome"
CASES, CHECKED = 1000, 40
FIRST = 3  # decisions in which an engine may make what it makes on first use; what they cost more is loading


def run(engines: Sequence[Engine], effort: Effort) -> dict[str, Any]:
    """By engine and number of rules: loading, a decision, the ratio to ifs by hand; and the largest over 100 rules."""
    keys = [e.key for e in engines if e.matches]
    return told_by_child("comparison.parts.growth", {"engines": keys, "quick": effort == QUICK}, seconds=400)


def inside(request: dict[str, Any]) -> dict[str, Any]:
    """What the child does."""
    effort = QUICK if request["quick"] else REPORTED
    engines = [engine(key) for key in request["engines"]]
    selective = {size: synthetic_rules(size) for size in effort.sizes}
    found = {"selective": _compared(engines, selective, effort)}
    middle = effort.sizes[-2]
    unselective = {middle: synthetic_rules(middle, selective=False)}
    found["unselective"] = _compared(engines, unselective, effort)
    return found


def _compared(engines: list[Engine], rules: dict[int, Rules], effort: Effort) -> dict[str, Any]:
    cases = {size: synthetic_cases(CASES, of_size) for size, of_size in rules.items()}
    wanted = {size: list(map(brute_force(of_size), cases[size][:CHECKED])) for size, of_size in rules.items()}
    by_hand = {size: engine(BY_HAND).matching(of_size) for size, of_size in rules.items()}
    rows: dict[str, dict[str, dict[str, Any]]] = {}
    contestants: dict[str, Contestant] = {}
    for one in engines:
        rows[one.key] = {}
        for count, match, row in _loaded(one, rules, cases, wanted, effort.growth_patience):
            rows[one.key][str(count)] = row
            if match is not None:
                contestants[f"{one.key}|{count}"] = Contestant(
                    match, cases[count], by_hand[count], cases[count]
                )
    figures = measured(contestants, rounds=effort.growth_rounds, seconds=effort.growth_seconds)
    for name, found in figures.items():
        key, _, size = name.partition("|")
        rows[key][size].update(found.told())
        smaller = figures.get(f"{key}|100")
        if smaller and int(size) > 100:
            pairs = zip(found.rounds, smaller.rounds, strict=False)  # a slow one has fewer rounds
            rows[key][size]["over_100"] = statistics.median(large / small for large, small in pairs)
    return rows


def _loaded(
    one: Engine,
    rules: dict[int, Rules],
    cases: dict[int, list[Case]],
    wanted: dict[int, list[list[str]]],
    patience: float,
) -> Iterator[tuple[int, Match | None, dict[str, Any]]]:
    """Each size in turn: what matches, and its row so far; `None` and why, where it was not tried."""
    one.matching(next(iter(rules.values())))(next(iter(cases.values()))[0])  # what is made once is made
    spent, before = 0.0, 0
    for size, of_size in rules.items():
        expected = spent * size / before if before else 0.0
        if one.largest is not None and size > one.largest:
            yield size, None, {"not_tried": f"hangs with more than about {one.largest}"}
            return
        if expected > patience * (5 if one.kind == "product" else 1):
            yield size, None, {"not_tried": f"would take about {expected:.0f} s to load and check"}
            return
        started = process_time()
        match = one.matching(of_size)
        loaded = process_time()
        for case in cases[size][:FIRST]:
            match(case)
        first = process_time()
        match(cases[size][FIRST])
        again = process_time() - first
        load = loaded - started + max(0.0, first - loaded - FIRST * again)
        few = max(2, min(CHECKED, int(patience / 10 / max(again, 1e-6))))
        pairs = zip(cases[size][:few], wanted[size], strict=False)
        wrong = sum(not _agrees(one, match(case), held) for case, held in pairs)
        spent, before = load + 30 * again, size
        yield size, match, {"load_ms": load * 1e3, "checked": few, "wrong": wrong}


def _agrees(one: Engine, got: Iterable[str], wanted: list[str]) -> bool:
    return list(got)[:1] == wanted[:1] if one.fired == "deciding" else sorted(got) == wanted
