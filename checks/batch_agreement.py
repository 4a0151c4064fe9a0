"""A thousand random policies, each on tables of random cases of every kind, against the definition.

    python checks/batch_agreement.py [POLICIES [SEED]]

Prints what was tried, and exits with 1 at the first row that comes to something else.
"""

import sys
from collections import Counter
from datetime import date
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "batch"))

from caseloads import (
    KINDS,
    closely_knit,
    differences,
    knit_cases,
    knit_differences,
    random_caseload,
)

from infoshare.batch import compile_batch


def main(policies: int, seed: str = "whole caseloads", size: int = 40) -> int:
    """Tries so many policies on so many cases each."""
    rng = Random(seed)
    counts: Counter[str] = Counter()
    for number in range(policies):
        caseload = random_caseload(
            rng, size, pairs=rng.random() < 0.4, large=rng.random() < 0.1, doubt=rng.random() < 0.3
        )
        counts["rows"] += len(caseload.cases)
        counts["unsettled"] += sum(row[1] == "unknown_facts" for row in caseload.want)
        counts["not exact"] += sum(not row[5] for row in caseload.want)
        counts["impossible"] += len(caseload.impossible)
        for kind in KINDS:
            if found := differences(caseload, kind, rng):
                print(*(f"--- {path}\n{text.decode()}" for path, text in caseload.texts.items()), sep="\n")
                print(f"policy {number}, {len(found)} rows", *found[:3], sep="\n")
                return 1
    for number in range(policies // 50):
        policy = closely_knit(rng, impossible=number % 2 == 1, clauses=rng.choice((40, 60, 90)))
        batch = compile_batch(policy, as_of=date(2026, 11, 25))
        cases = [*knit_cases(rng, 100), *knit_cases(rng, 5, known=(0.8, 0.3))]
        found, got = knit_differences(batch, cases, rng)
        counts["rows of policies that no one diagram holds"] += len(got)
        if found:
            print(f"closely knit policy {number}, {len(found)} rows", *found[:3], sep="\n")
            return 1
    print(
        f"{policies:,} policies, {len(KINDS)} kinds of table: "
        + ", ".join(f"{v:,} {k}" for k, v in counts.items())
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000, *sys.argv[2:3]))
