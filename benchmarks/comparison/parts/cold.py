"""From a fresh process to the first decision: import, load, decide, and a hundred more; rounds of all engines in random order.

Bytecode is there already, as it is after the first use of an installed package.
"""

import random
import statistics
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from comparison.catalogue import Engine
from comparison.child import BENCHMARKS, environment
from comparison.effort import Effort

PROGRAM = BENCHMARKS / "comparison" / "cold_start.py"
PARTS = ("import_ms", "load_ms", "first_ms", "wall_ms", "next_us")
SHIPPED = "shipped"
SAME_START = ("infoshare_all", "python_outcome", "python_strict")  # as one that is there


def run(engines: Sequence[Engine], effort: Effort) -> dict[str, Any]:
    """Milliseconds: import, load, first decision, the three together, and by the wall; µs for each of the next."""
    names = [e.key for e in engines if e.decides and e.key not in SAME_START]
    if "infoshare" in names:
        names.append(SHIPPED)
    times: dict[str, list[dict[str, float]]] = {name: [] for name in names}
    chance = random.Random(5)
    for name in names:
        _one(name)  # writes the bytecode
    for _ in range(effort.starts):
        for name in chance.sample(names, len(names)):
            times[name].append(_one(name))
    return {
        name: {part: statistics.median(one[part] for one in found) for part in found[0]}
        for name, found in times.items()
    }


def _one(name: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, str(PROGRAM), name], capture_output=True, text=True, env=environment(), check=True
    )
    parts = dict(zip(PARTS, map(float, done.stdout.splitlines()[-1].split()), strict=True))
    return {**parts, "ready_ms": sum(parts[name] for name in PARTS[:3])}
