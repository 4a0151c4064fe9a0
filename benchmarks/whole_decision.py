"""`python benchmarks/whole_decision.py [--beside DIR] [--rounds N]`: what a decision costs when everything of it is looked at.

For each policy in tests/data/policies-2026.1 (the shipped ones before they spoke of people, with which earlier figures
were measured) and `examples/refused.json`: the median time of the outcome alone, of `to_dict()`, and of
`to_dict()` with `explain()`, for the same case again and again and for distinct cases (the example with some of
its answers changed by a fixed seed). With --beside, another checkout is measured in the same run, turn by turn, by
the same policies.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
KEPT = HERE.parent / "tests" / "data" / "policies-2026.1"
POLICIES = ("cscp", "hmg-2024", "england-2026", "hmg-2018")
EXAMPLE = HERE.parent / "examples" / "refused.json"
LOOKED_AT: dict[str, Callable[[Any], object]] = {
    "outcome": lambda decision: decision.outcome,
    "to_dict": lambda decision: decision.to_dict(),
    "to_dict and explain": lambda decision: (decision.to_dict(), decision.explain()),
}
DISTINCT = 150
POLICIES_IN = "INFOSHARE_BENCHMARK_POLICIES"


def main() -> None:
    """Prints a table; milliseconds."""
    options = _options()
    if options.child:
        print(json.dumps(_measured()))
        return
    trees = {"here": HERE.parent} | ({"beside": options.beside} if options.beside else {})
    told: dict[str, list[dict[str, float]]] = {name: [] for name in trees}
    for _ in range(options.rounds):
        for name, tree in trees.items():
            environment = os.environ | {"PYTHONPATH": str(tree / "src"), POLICIES_IN: str(KEPT)}
            child = [sys.executable, __file__, "--child"]
            told[name].append(
                json.loads(subprocess.run(child, env=environment, capture_output=True, check=True).stdout)
            )
    best = {name: {key: min(run[key] for run in runs) for key in runs[0]} for name, runs in told.items()}
    print(f"{'milliseconds':<52}" + "".join(f"{name:>10}" for name in best))
    for key in best["here"]:
        figures = [best[name][key] for name in best]
        share = f"{figures[0] / figures[1]:>8.0%}" if len(figures) > 1 else ""
        print(f"{key:<52}" + "".join(f"{figure:>10.3f}" for figure in figures) + share)


def _measured() -> dict[str, float]:
    """Milliseconds by policy, what is looked at, and which cases; in this process."""
    from time import thread_time as clock  # what others do on the machine is not counted

    import infoshare

    folder = Path(os.environ.get(POLICIES_IN, KEPT))
    example = json.loads(EXAMPLE.read_text("utf-8"))
    found = {}
    for name in POLICIES:
        policy = infoshare.load(folder / f"{name}.policy")
        day = date(2026, 11, 22)
        for kind, cases in (("same", [example] * DISTINCT), ("distinct", _distinct(policy, example))):
            for what, look in LOOKED_AT.items():
                policy = infoshare.load(folder / f"{name}.policy")  # one that has met none of the cases
                for case in cases[:20]:
                    look(policy.decide(case, as_of=day))
                times = []
                for case in cases[20:]:
                    before = clock()
                    look(policy.decide(case, as_of=day))
                    times.append(clock() - before)
                found[f"{name}, {what}, {kind}"] = statistics.median(times) * 1000
    return found


def _distinct(policy: Any, example: dict[str, Any]) -> list[dict[str, Any]]:
    """The example with one to four answers of the policy's changed or left out, no two the same."""
    from infoshare.meaning.types import OneOf, YesNo

    draw = random.Random(7)
    facts = [
        fact for fact in policy.model.facts.values() if not fact.each and isinstance(fact.type, YesNo | OneOf)
    ]
    known = [fact for fact in facts if fact.name in example.get(fact.group, {})]
    found: dict[str, dict[str, Any]] = {}
    while len(found) < DISTINCT:
        case = json.loads(json.dumps(example))
        case["case"] = f"Example {len(found)}"
        for fact in draw.sample(facts, 2) + draw.sample(known, draw.randint(0, 2)):
            answers = (True, False, None) if isinstance(fact.type, YesNo) else (*fact.type.values, None)
            case.setdefault(fact.group, {})[fact.name] = draw.choice(answers)
        try:
            policy.decide(case, as_of=policy.model.header.start)
        except Exception:  # noqa: BLE001, S112 - answers that cannot be together are drawn again
            continue
        found.setdefault(json.dumps({**case, "case": None}), case)
    return list(found.values())


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="whole_decision.py", description=__doc__)
    parser.add_argument("--beside", type=Path, metavar="DIR", help="another checkout to measure in turn")
    parser.add_argument(
        "--rounds", type=int, default=3, metavar="N", help="runs of each, of which the best counts"
    )
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
