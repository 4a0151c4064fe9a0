"""Functions and cases -> microseconds a decision and ratios, measured in pairs.

A chunk of one contestant is timed with a chunk of what it is measured against before and after it, on the same cases;
a ratio is the median, over rounds, of the ratios of such pairs. Contestants come in a new random order each round, and
no case comes twice while there are enough. What an empty loop costs is taken off. Slow contestants get fewer cases in a
chunk, and the slowest fewer rounds, so that none takes for ever.

The clock is the processor time of this process, all its threads together: what else the machine does is not counted.
What an engine waits for is not counted either, so the clock on the wall is told as well. The garbage collector stays on,
with everything that was loaded beforehand frozen.
"""

import gc
import random
import statistics
from collections.abc import Callable, Sequence
from time import perf_counter, process_time

import attrs

from comparison.specification import Case

COLLECTOR = "on; everything that was loaded before the rounds is frozen (gc.freeze)"
MOST_IN_A_CHUNK = 1000
FEWEST_ROUNDS = 3
WARM_UP, WARM_UP_CHUNKS = 2000, 50  # decisions before the rounds, but for no longer than so many chunks take
PATIENCE = 4  # a contestant that took so many times what its chunks should take is not timed again


@attrs.frozen
class Contestant:
    """What is timed, what it is measured against, and the cases of both, in the same order."""

    run: Callable[..., object]
    cases: Sequence[Case]
    beside: Callable[..., object]
    beside_cases: Sequence[Case]


@attrs.frozen
class Figures:
    """What the rounds gave; microseconds a decision, and how many times the cost of what is beside it."""

    us: float
    us_low: float  # a tenth of the rounds were quicker
    us_high: float  # a tenth were slower
    ratio: float
    ratio_low: float
    ratio_high: float
    beside_us: float
    chunk: int
    wall_us: float  # by the clock on the wall
    rounds: tuple[float, ...] = attrs.field(repr=False)  # microseconds in each, from the first on

    def told(self) -> dict[str, object]:
        """For JSON, without the rounds."""
        return attrs.asdict(self, filter=lambda field, _: field.name != "rounds")


def measured(
    contestants: dict[str, Contestant],
    *,
    rounds: int,
    seconds: float,
    seed: int = 1,
    clock: Callable[[], float] = process_time,
) -> dict[str, Figures]:
    """Figures for each contestant; `seconds` is about what one chunk takes, by the clock."""
    sizes = {
        name: (
            _size(c.run, c.cases, seconds, clock),
            _size(c.beside, c.beside_cases, seconds / 2, clock),
        )
        for name, c in contestants.items()
    }
    at = dict.fromkeys(contestants, 0)
    times: dict[str, list[tuple[float, float, float]]] = {name: [] for name in contestants}
    loops: list[float] = []
    chance = random.Random(seed)
    gc.collect()
    gc.freeze()
    try:
        for _ in range(rounds):
            for name in chance.sample(list(contestants), len(contestants)):
                spent = sum(time for time, _, _ in times[name]) * sizes[name][0]
                if len(times[name]) >= FEWEST_ROUNDS and spent > PATIENCE * seconds * rounds:
                    continue
                size = max(sizes[name])
                start = at[name] if at[name] + size <= len(contestants[name].cases) else 0
                at[name] = start + size
                times[name].append(_pair(contestants[name], start, *sizes[name], clock))
                loops.append(_chunk(_nothing, contestants[name].beside_cases[:MOST_IN_A_CHUNK], clock))
    finally:
        gc.unfreeze()
    loop = statistics.median(loops)
    return {name: _figures(pairs, loop, sizes[name][0]) for name, pairs in times.items()}


def _size(
    run: Callable[..., object], cases: Sequence[Case], seconds: float, clock: Callable[[], float]
) -> int:
    """How many cases take about so long, after a warm-up on cases from the end, which the rounds come to last."""
    times: list[float] = []
    started = clock()
    while len(times) < 3 or (
        len(times) < WARM_UP and clock() - started < WARM_UP_CHUNKS * seconds and len(times) < len(cases)
    ):
        before = clock()
        run(cases[-1 - len(times) % len(cases)])
        times.append(clock() - before)
    each = statistics.median(times[len(times) // 2 :])
    return max(1, min(MOST_IN_A_CHUNK, len(cases), int(seconds / max(each, 1e-8))))


def _pair(
    contestant: Contestant, start: int, size: int, beside_size: int, clock: Callable[[], float]
) -> tuple[float, float, float]:
    cases = contestant.cases[start : start + size]
    beside_cases = contestant.beside_cases[start : start + beside_size]
    for case in (*cases, *beside_cases):  # in the cache, as right after a case was made
        tuple(case.values())
    before = _chunk(contestant.beside, beside_cases, clock)
    started = perf_counter()
    time = _chunk(contestant.run, cases, clock)
    wall = (perf_counter() - started) / len(cases)
    after = _chunk(contestant.beside, beside_cases, clock)
    return time, (before + after) / 2, wall


def _chunk(run: Callable[..., object], cases: Sequence[Case], clock: Callable[[], float]) -> float:
    """Seconds a case."""
    started = clock()
    for case in cases:
        run(case)
    return (clock() - started) / len(cases)


def _nothing(_: object) -> None:
    pass


def _figures(pairs: list[tuple[float, float, float]], loop: float, chunk: int) -> Figures:
    us = [max(time - loop, 0.0) * 1e6 for time, _, _ in pairs]
    ratios = [max(time - loop, 0.0) / (beside - loop) for time, beside, _ in pairs]
    return Figures(
        us=statistics.median(us),
        us_low=quantile(us, 0.1),
        us_high=quantile(us, 0.9),
        ratio=statistics.median(ratios),
        ratio_low=quantile(ratios, 0.1),
        ratio_high=quantile(ratios, 0.9),
        beside_us=statistics.median((beside - loop) * 1e6 for _, beside, _ in pairs),
        wall_us=statistics.median((wall - loop) * 1e6 for *_, wall in pairs),
        chunk=chunk,
        rounds=tuple(us),
    )


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which this share of them lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
