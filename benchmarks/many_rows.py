"""`python benchmarks/many_rows.py [--beside DIR] [--rounds N]`: what it costs that every item has an answer for every recipient.

A policy that says something for each item, for each recipient and for whom they are about, over lists of 10 × 10, 30 × 30 and
100 × 100 rows: all known; one reference unknown; nothing known but who and what there is. Milliseconds of processor time of
the outcome, of `to_dict()`, and of `explain()` after it, each in a process of its own; and the peak of its memory.
With --beside, another checkout that knows rows is measured in the same run, turn by turn.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
DAY = date(2026, 11, 22)
SIDES = (10, 30, 100)
KNOWN = ("all known", "one reference unknown", "names alone")
POLICY = b"""infoshare 1

policy rows "Every item for every recipient"

facts about each person "a person"
  agrees "they agree" : yes or no
  suspected "they are suspected" : yes or no
  child "they are a child" : yes or no

facts about each item "a piece of information"
  about "whom it is about" : some person
  necessary "it is needed" : yes or no

facts about each recipient "somebody who would be told"
  who "which of the people this is" : one person
  role "what they are" : one of family, agency, other

define all_agree "all whom it is about agree" for each item as
  every person in item.about (person.agrees)

consent agreed "They agree." share for each item when item.all_agree
consent asked "They are asked." seek consent from each person in item.about (not person.agrees) for each item
  when not item.all_agree
rule own "One may have what is about oneself." should share for each item and recipient
  when item.about includes recipient.who
rule suspect "A suspect gets nothing." must withhold for each recipient when recipient.who.suspected
override nothing "Whatever was agreed to." must withhold prevails over agreed, asked, own for each recipient
  when recipient.who.suspected
override agency "Agencies may have it." share prevails over asked for each recipient when recipient.role is agency
exception child "A child is not asked alone." sets aside own for each item and recipient
  when recipient.who.child
safeguard needed "Only what is needed." for each item require item.necessary otherwise "Leave it out."
duty tell "Tell them." before sharing for each recipient within 3 days when recipient.role is family
duty note "Record it." after deciding
advice lead from "the designated lead"
"""


def case_of(side: int, known: str) -> dict[str, Any]:
    """So many items for so many recipients, and half as many people as there are items."""
    people = [f"person {n}" for n in range(side // 2)]
    case: dict[str, Any] = {
        "person": [
            {"name": name, "agrees": n % 4 != 0, "suspected": n % 7 == 0, "child": n % 3 == 0}
            for n, name in enumerate(people)
        ],
        "item": [
            {
                "name": f"item {n}",
                "about": sorted({people[n % len(people)], people[n * 3 % len(people)]}),
                "necessary": n % 5 != 0,
            }
            for n in range(side)
        ],
        "recipient": [
            {
                "name": f"recipient {n}",
                "who": people[n] if n < len(people) else {"none": True},
                "role": ("family", "agency", "other")[n % 3],
            }
            for n in range(side)
        ],
    }
    match known:
        case "one reference unknown":
            del case["recipient"][0]["who"]
        case "names alone":
            case = {group: [{"name": element["name"]} for element in said] for group, said in case.items()}
        case _:
            pass
    return case


def main() -> None:
    """Prints a table; milliseconds, and megabytes."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--beside", type=Path, metavar="DIR", help="another checkout of this repository")
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="the best of so many (3)")
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(_measured(int(options.child[0]), options.child[1])))
        return
    trees = {"here": HERE.parent} | ({"beside": options.beside} if options.beside else {})
    print(f"{'rows':>7}  {'':<22}  {'':<7}{'outcome':>10}{'to_dict':>10}{'explain':>10}{'MB':>7}")
    for side in SIDES:
        for known in KNOWN:
            for name, tree in trees.items():
                runs = [_child(tree, side, known) for _ in range(options.rounds)]
                best = {key: min(run[key] for run in runs) for key in runs[0]}
                print(
                    f"{side * side:>7,}  {known:<22}  {name:<7}{best['outcome']:>10.1f}{best['to_dict']:>10.1f}"
                    f"{best['explain']:>10.1f}{best['memory']:>7.0f}",
                    flush=True,
                )


def _child(tree: Path, side: int, known: str) -> dict[str, float]:
    environment = os.environ | {"PYTHONPATH": str(tree / "src")}
    done = subprocess.run(
        [sys.executable, __file__, "--child", str(side), known],
        env=environment,
        capture_output=True,
        check=True,
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _measured(side: int, known: str) -> dict[str, float]:
    """Milliseconds of each part, in this process, and the memory that it took in the end."""
    from time import thread_time as clock  # what others do on the machine is not counted

    import infoshare

    policy = infoshare.load_sources({"rows.policy": POLICY}, main="rows.policy")
    case = case_of(side, known)
    start = clock()
    decision = policy.decide(case, as_of=DAY)
    _ = decision.outcome
    outcome = clock()
    decision.to_dict()
    told = clock()
    decision.explain()
    explained = clock()
    return {
        "outcome": 1000 * (outcome - start),
        "to_dict": 1000 * (told - outcome),
        "explain": 1000 * (explained - told),
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


if __name__ == "__main__":
    main()
