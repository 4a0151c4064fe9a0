"""Whether cases are decided as the oracle decides them, which tries every completion by brute force.

    python checks/oracle_agreement.py [CASES [SEED]]

Half of the cases are of random policies with rows and people, half of policies without; on each a dozen random cases
with facts missing, null and unsure, with and without assumptions. Where facts are compared with one another, where a
list is not given, or where a decision says that it is not exact, it is held against what settling promises. Ends with
what was tried, or with the first policy and case that differ.
"""

import sys
from collections import Counter
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from test_oracle_agreement import HARD, HARD_ROWS, agreement, row_agreement


def main(arguments: list[str]) -> int:
    """Runs the comparison; 1 where something differs, or where hardly anything was tried of a hard kind."""
    cases = int(arguments[0]) if arguments else 25_000
    seed = arguments[1] if len(arguments) > 1 else "every completion"
    found = False
    for title, compare, hard in (
        ("without rows", agreement, HARD),
        ("with rows and people", row_agreement, HARD_ROWS),
    ):
        counts: Counter[str] = Counter()
        difference = compare(cases // 2, Random(seed), counts)
        print(f"policies {title}:")
        print(*(f"  {count:,} {what}" for what, count in sorted(counts.items())), sep="\n")
        missing = [kind for kind, share in hard.items() if counts[kind] < share * counts["decided"]]
        if missing:
            print(f"  hardly tried: {', '.join(missing)}")
        if difference is not None:
            print(difference)
        found = found or difference is not None or bool(missing)
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
