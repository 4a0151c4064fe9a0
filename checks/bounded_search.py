"""Whether deciding ends soon and in little memory, however clauses are tangled and whatever is unknown.

    python checks/bounded_search.py [POLICIES [SEED]]

Makes policies of several kinds at random, each as hard as its kind gets, decides cases of which nothing, half or
all is known, twice each, and looks at every part of the decision. Prints the slowest case of each kind, and exits
with 1 where one took more than two seconds of processor time, or the whole more than half a gigabyte.
"""

import resource
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from random import Random
from typing import Any

import infoshare

DAY = date(2026, 6, 1)
MOST_SECONDS = 2.0
MOST_MEGABYTES = 512
EFFECTS = ("share", "must share", "withhold", "seek consent", "seek advice")
HEAD = 'infoshare 1\npolicy p "P" from 2026-01-01\n'

Made = tuple[str, dict[str, list[Any]]]
"""A policy's text, and for each fact outside lists its answers."""


def joined(rng: Random, atoms: list[str]) -> str:
    """Some atoms in two brackets, now a product of sums and now a sum of products."""
    half = max(1, len(atoms) // 2)
    signed = [rng.choice(["", "not "]) + atom for atom in atoms]
    inner, outer = rng.choice([("or", "and"), ("and", "or")])
    parts = [f"({f' {inner} '.join(part)})" for part in (signed[:half], signed[half:]) if part]
    return f" {outer} ".join(parts)


def clauses(rng: Random, count: int, condition: Callable[[], str], overrides: float) -> Iterator[str]:
    """Clauses of which each override prevails over some before it, with exceptions and duties."""
    names: list[str] = []
    for i in range(count):
        effect = rng.choice(EFFECTS)
        if names and rng.random() < overrides:
            targets = ", ".join(rng.sample(names, min(3, len(names))))
            yield f'override c{i} "c" {effect} prevails over {targets} when {condition()}'
        else:
            yield f'rule c{i} "c" {effect} when {condition()}'
        names.append(f"c{i}")
    for i in range(count // 8):
        yield f'exception e{i} "e" sets aside {", ".join(rng.sample(names, min(3, len(names))))} when {condition()}'
    for i in range(4):
        timing = rng.choice(["before sharing", "after withholding", "after deciding"])
        yield f'duty d{i} "d" {timing} when {condition()}'


def tangled(rng: Random, facts: int, count: int, size: tuple[int, int], *, assumed: float = 0.0) -> Made:
    """Clauses that each ask several of the same yes-or-no facts."""
    declared = ['facts about f "it"']
    for i in range(facts):
        declared.append(
            f'  a{i} "a" : yes or no' + (" unanswered means no" if rng.random() < assumed else "")
        )

    def condition() -> str:
        return joined(rng, [f"f.a{i}" for i in rng.sample(range(facts), min(facts, rng.randint(*size)))])

    text = HEAD + "\n".join([*declared, *clauses(rng, count, condition, rng.choice([0.1, 0.3, 0.6]))])
    return text, {f"a{i}": [True, False] for i in range(facts)}


def clauses_over_unknown_facts(rng: Random) -> Made:
    """80 clauses over 40 facts."""
    return tangled(rng, 40, 80, (4, 8))


def many_clauses_over_few_facts(rng: Random) -> Made:
    """100 clauses over 24 facts."""
    return tangled(rng, 24, 100, (4, 8))


def long_conditions(rng: Random) -> Made:
    """Conditions over most of what there is."""
    return tangled(rng, 30, 40, (12, 20))


def very_many_facts(rng: Random) -> Made:
    """More facts in a row than diagrams go deep."""
    return tangled(rng, 300, 60, (20, 60))


def much_assumed(rng: Random) -> Made:
    """Half of the facts are assumed, so it is asked of each whether it matters."""
    return tangled(rng, 40, 60, (4, 8), assumed=0.5)


def levels_and_numbers(rng: Random) -> Made:
    """Facts of many values, told apart at many places."""
    values = [f"v{n}" for n in range(12)]
    declared = ['facts about f "it"']
    declared += [f'  l{i} "l" : one of {", ".join(values)}' for i in range(12)]
    declared += [f'  n{i} "n" : number from 0 to 500' for i in range(12)]

    def atom() -> str:
        if rng.random() < 0.5:
            return f"f.l{rng.randrange(12)} is one of {', '.join(rng.sample(values, rng.randint(2, 6)))}"
        return f"f.n{rng.randrange(12)} {rng.choice(['<', '>='])} {rng.randrange(500)}"

    def condition() -> str:
        return joined(rng, [f"({atom()})" for _ in range(rng.randint(3, 7))])

    text = HEAD + "\n".join([*declared, *clauses(rng, 80, condition, 0.3)])
    answers: dict[str, list[Any]] = {f"l{i}": values for i in range(12)}
    return text, answers | {f"n{i}": [*range(0, 501, 25)] for i in range(12)}


def comparisons(rng: Random) -> Made:
    """Facts that are compared with one another, all of them assumed."""
    declared = ['facts about f "it"']
    declared += [f'  n{i} "n" : number from 0 to 9 unanswered means {i % 10}' for i in range(40)]

    def condition() -> str:
        pairs = [rng.sample(range(40), 2) for _ in range(rng.randint(2, 6))]
        return joined(rng, [f"(f.n{a} {rng.choice(['<', '>='])} f.n{b})" for a, b in pairs])

    text = HEAD + "\n".join([*declared, *clauses(rng, 60, condition, 0.3)])
    return text, {f"n{i}": [*range(10)] for i in range(40)}


def impossible_together(rng: Random) -> Made:
    """Much that cannot be, over facts that are assumed."""
    text, answers = tangled(rng, 40, 40, (3, 6), assumed=0.3)
    for i in range(40):
        text += f'\nimpossible i{i} "no" when ' + " and ".join(
            rng.choice(["", "not "]) + f"f.a{n}" for n in rng.sample(range(40), 4)
        )
    return text, answers


def lists_in_lists(rng: Random) -> Made:
    """Safeguards and clauses that ask of every item and recipient, up to 1,600 rows of them."""
    text = (
        HEAD
        + """facts about f "it"
  ok "ok" : yes or no
facts about each item "an item"
  a "a" : yes or no unanswered means no
  b "b" : yes or no
  n "n" : number from 0 to 9 unanswered means 3
facts about each recipient "a recipient"
  c "c" : yes or no
  d "d" : yes or no unanswered means no
  m "m" : number from 0 to 9 unanswered means 5
rule c "c" share when f.ok
"""
    )
    inner = [
        "item.b and recipient.c",
        "item.a or recipient.d",
        "item.n < recipient.m",
        "not item.b or recipient.d",
    ]
    for i in range(3):
        kind, other = rng.choice(["any", "every", "no"]), rng.choice(["any", "every"])
        text += f'override o{i} "o" {rng.choice(EFFECTS)} prevails over c when {kind} item ({other} recipient ({rng.choice(inner)}))\n'
    for i in range(3):
        required = rng.choice(inner)
        if rng.random() < 0.5:
            required = f"({required}) or any item (item.b and recipient.c)"
        text += f'safeguard s{i} "s" for each item and recipient require {required} otherwise "no"\n'
    return text, {"ok": [True]}


KINDS = (
    clauses_over_unknown_facts,
    many_clauses_over_few_facts,
    long_conditions,
    very_many_facts,
    much_assumed,
    levels_and_numbers,
    comparisons,
    impossible_together,
    lists_in_lists,
)


def cases(
    rng: Random, kind: Callable[[Random], Made], answers: dict[str, list[Any]]
) -> Iterator[dict[str, Any]]:
    """Cases of which nothing, a third, most and all is known."""
    for known in (0.0, 0.3, 0.8, 1.0):
        given = {"f": {name: rng.choice(each) for name, each in answers.items() if rng.random() < known}}
        if kind is lists_in_lists:
            given["f"] = {"ok": True}
            items, recipients = rng.choice([(40, 40), (100, 10), (20, 60)])
            facts = {"item": (items, "a", "b", "n"), "recipient": (recipients, "c", "d", "m")}
            for group, (size, *names) in facts.items():
                given[group] = [
                    {"name": f"{group}{i}"}
                    | {
                        n: rng.randrange(10) if n in "nm" else rng.random() < 0.5
                        for n in names
                        if rng.random() < known
                    }
                    for i in range(size)
                ]
        yield given


def main(policies: int, seed: int) -> int:
    """Tries so many policies of each kind; 1 where one of them takes too long."""
    failed = False
    for kind in KINDS:
        rng, slowest, inexact, tried, what = Random(f"{seed} {kind.__name__}"), 0.0, 0, 0, ""
        for number in range(policies):
            text, answers = kind(rng)
            policy = infoshare.load_sources({"p.policy": text.encode()}, main="p.policy")
            for place, case in enumerate(cases(rng, kind, answers)):
                for again in (False, True):
                    begun = time.process_time()
                    try:
                        decision = policy.decide(case, as_of=DAY)
                        decision.to_dict()
                        inexact += not decision.exact
                    except infoshare.FactsError:
                        pass
                    took, tried = time.process_time() - begun, tried + 1
                    if took > slowest:
                        slowest, what = took, f"policy {number}, case {place}{', again' if again else ''}"
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        failed = failed or slowest > MOST_SECONDS or memory > MOST_MEGABYTES
        name = kind.__name__.replace("_", " ")
        print(
            f"{name}: {tried} cases, {inexact} not exact, slowest {slowest:.2f} s ({what}), {memory} MB",
            flush=True,
        )
    return int(failed)


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:]]
    sys.exit(main(*given, *(3, 1)[len(given) :]))
