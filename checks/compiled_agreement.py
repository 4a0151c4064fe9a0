"""Whether every compiled form decides as the definition: random policies, random cases, decision for decision.

    python checks/compiled_agreement.py [POLICIES [SEED]]

POLICIES is the number of those that have a compiled form. Cases have facts missing, null and unsure, and things that are wrong with them; with and without assumptions. In a third of the
policies assumptions stand against what somebody is unsure of.
Ends with the number of cases that were tried in each form, or with the first policy and case that differ.
"""

import sys
from collections import Counter
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

import infoshare
from compiled_forms import dotted, forms, mutated, said
from infoshare.engine.engine import ByDefinition
from infoshare.testing.policies import MAIN, random_day, random_policy, sources, with_doubt
from infoshare.testing.tree_cases import in_doubt, random_case

CASES = 8


def compare(policies: int, seed: int, tried: Counter[str]) -> str | None:
    """The first difference; None where there is none. Counts what was tried."""
    rng = Random(seed)
    while tried["policies with a fast form"] < policies:
        files = random_policy(rng, large=rng.random() < 0.3, pairs=rng.random() < 0.1)
        doubt = rng.random() < 0.3
        files = with_doubt(rng, files) if doubt else files
        texts = sources(files)
        model = infoshare.load_sources(texts, main=MAIN).model
        day = random_day(rng)
        fast = any(True for _ in forms(model, day))
        tried["policies with a fast form" if fast else "policies without"] += 1
        for presume in (True, False):
            definition = ByDefinition(model, day, presume=presume)
            compiled = list(forms(model, day, presume=presume))
            for _ in range(CASES if compiled else 0):
                case = random_case(rng, files, completions=500, unknown_lists=True)
                case = in_doubt(rng, files, case) if doubt else case
                case = dotted(rng, case, model) if rng.random() < 0.2 else mutated(rng, case, model)
                wanted = said(definition.decide, case)
                for form in compiled:
                    name = type(form).__name__
                    tried[f"cases, {name}"] += 1
                    if said(form.decide, case) != wanted:
                        shown = "\n".join(text.decode() for text in texts.values())
                        return f"{name} differs: presume={presume}, {day}, {case!r}\n\n{shown}"
    return None


def main(arguments: list[str]) -> int:
    """Runs the comparison; 1 where something differs."""
    policies, seed = [int(a) for a in arguments] + [1000, 1][len(arguments) :]
    tried: Counter[str] = Counter()
    difference = compare(policies, seed, tried)
    print(*(f"{count:,} {what}" for what, count in sorted(tried.items())), sep="\n")
    if difference is not None:
        print(difference)
    return difference is not None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
