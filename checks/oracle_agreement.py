"""Whether cases are decided as the oracle decides them, which tries every completion by brute force.

    python checks/oracle_agreement.py [CASES [SEED]]

Random policies, on each a dozen random cases with facts missing, null and unsure, with and without assumptions. Where
facts are compared with one another, or a decision says that it is not exact, it is held against what settling
promises. Ends with what was tried, or with the first policy and case that differ.
"""

import sys
from collections import Counter
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

import infoshare
from infoshare import FactsError
from infoshare.outcome import Basis
from infoshare.testing.policies import MAIN, random_day, random_policy, sources
from infoshare.testing.tree_cases import random_case
from oracle import TooManyError, expect
from test_oracle_agreement import HARD, differences, hard, shown

CASES_EACH = 12


def compare(cases: int, seed: str, counts: Counter[str]) -> str | None:
    """The first difference; None where there is none. Counts what was tried."""
    rng = Random(seed)
    while counts["cases"] < cases:
        pairs = rng.random() < 0.15
        files = random_policy(rng, large=rng.random() < 0.1, pairs=pairs)
        texts = sources(files)
        policy = infoshare.load_sources(texts, main=MAIN)
        counts["policies"] += 1
        for _ in range(CASES_EACH):
            case = random_case(rng, files, completions=rng.choice((1, 8, 32, 128, 512, 2048)))
            as_of, presume = random_day(rng), rng.random() < 0.8
            try:
                want = expect(files, case, as_of, presume=presume, limit=3_000)
            except TooManyError:
                continue
            counts["cases"] += 1
            try:
                got = policy.decide(case, as_of=as_of, presume=presume)
            except FactsError:
                if want is None:
                    counts["cases that cannot be"] += 1
                    continue
                return shown(texts, case, as_of, presume, ["refused, and it can be"])
            if want is None:
                return shown(texts, case, as_of, presume, ["decided, and it cannot be"])
            counts["completions"] += want.completions
            counts.update(hard(want))
            if pairs and not got.exact:
                counts["not exact, facts being compared with one another"] += 1
                settled = got.basis is not Basis.UNKNOWN_FACTS
                found = ["settled against a completion"] if settled and want.possible != {got.outcome} else []
            else:
                found = list(differences(want, got.to_dict()))
            if found:
                return shown(texts, case, as_of, presume, found)
    return None


def main(arguments: list[str]) -> int:
    """Runs the comparison; 1 where something differs."""
    cases = int(arguments[0]) if arguments else 25_000
    counts: Counter[str] = Counter()
    difference = compare(cases, arguments[1] if len(arguments) > 1 else "every completion", counts)
    print(*(f"{count:,} {what}" for what, count in sorted(counts.items())), sep="\n")
    missing = [kind for kind in HARD if counts[kind] < 0.03 * counts["cases"]]
    if missing:
        print(f"hardly tried: {', '.join(missing)}")
    if difference is not None:
        print(difference)
    return difference is not None or bool(missing)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
