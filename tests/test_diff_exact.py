"""What a comparison and a change of facts come to, against brute force on pairs of small random policies.

A dozen pairs in the quick run; as many as INFOSHARE_PAIRS says in the whole one.
"""

import os
import re
from itertools import combinations, product
from random import Random

import pytest

import small_pairs
from infoshare.analysis.difference import compared, nested
from infoshare.outcome import OUTCOMES
from infoshare.policy.load import load
from small_pairs import DAY, KIND, cases, decided, duties, going, policies

PAIRS = int(os.environ.get("INFOSHARE_PAIRS", "12"))
ROWS = max(4, PAIRS // 4)


def both(old, new, case):
    """For each row, what the two say of it; nothing where one of them cannot read the case as possible."""
    one, other = decided(old, case), decided(new, case)
    if one is None or other is None:
        return []
    if not (old.model.has_rows or new.model.has_rows):
        return [(one[None, None], other[None, None])]
    rows = one if old.model.has_rows else other
    return [(one.get(row, one.get((None, None))), other.get(row, other.get((None, None)))) for row in rows]


def changes_of(sketch, old, new):
    """Every pair of states that differ and that a complete case shows; and the least that a case says that both settle so."""
    shown = {
        pair
        for case, _ in cases(sketch, complete=True)
        for pair in both(old, new, case)
        if pair[0] != pair[1]
    }
    least = {}
    for case, size in cases(sketch, complete=False):
        for pair in both(old, new, case):
            if pair in shown:
                least[pair] = min(size, least.get(pair, size))
    return least


@pytest.mark.parametrize("rows", [False, True], ids=["whole cases", "rows"])
def test_exactly_the_changes_that_occur_are_found_each_with_a_case_that_no_smaller_one_can_replace(rows):
    for seed in range(ROWS if rows else PAIRS):
        sketch, old, new = policies(seed, rows=rows)
        found = compared(old.model, new.model, DAY)
        told = {
            tuple((state.outcome.value, state.strength) for state in change.states): shown
            for change, shown in found.shown.items()
            if change.kind == "outcome"
        }
        least = changes_of(sketch, old, new)
        assert told.keys() == least.keys(), seed
        assert found.proved, seed
        for pair, shown in told.items():
            case = nested(shown.case, old.model, new.model)
            assert pair in both(old, new, case), (seed, pair)
            assert shown.facts == least[pair], (seed, pair)
            assert shown.smallest, (seed, pair)


@pytest.mark.parametrize("seed", range(ROWS * 2))
def test_what_is_held_back_now_or_no_longer_is_found_wherever_a_case_shows_it(seed):
    sketch, old, new = policies(1000 + seed, rows=True)
    expected = set()
    for case, _ in cases(sketch, complete=True):
        one, other = going(old, case), going(new, case)
        for row in one.keys() & other.keys() if one is not None and other is not None else ():
            if one[row] is not other[row]:
                expected.add("released" if other[row] else "held back")
    found = compared(old.model, new.model, DAY)
    goings = {
        change: shown for change, shown in found.shown.items() if change.kind in ("released", "held back")
    }
    assert {change.kind for change in goings} == expected
    assert found.proved
    for change, shown in goings.items():
        case = nested(shown.case, old.model, new.model)
        goes = (change.kind != "released", change.kind == "released")
        assert goes in [(of, going(new, case).get(row)) for row, of in going(old, case).items()]


def duty_changes(old, new, case, *, alike=False):
    """Each duty that a case shows to be due by one of the two alone, and an outcome that both give where it is.

    Args:
        alike: only where both give every row the same one outcome, so that no other row's answer brings it.
    """
    one, other = duties(old, case), duties(new, case)
    if one is None or other is None:
        return set()
    (before, was), (after, now) = one, other
    if alike and len({*was.values(), *now.values()}) > 1:
        return set()
    found = set()
    for row, outcome in was.items():
        if now.get(row, now.get((None, None))) is outcome:
            due = [{d for d, of in each if not of or ("recipient", row[1]) in of} for each in (before, after)]
            found |= {("gained" if duty in due[1] else "lost", duty, outcome) for duty in due[0] ^ due[1]}
            if not alike:  # it may also be for each of them now, and for all of them before
                found |= {
                    ("gained" if each in after else "lost", each[0], outcome) for each in before ^ after
                }
    return found


@pytest.mark.parametrize("seed", range(ROWS * 2))
def test_a_duty_that_comes_or_goes_is_found_wherever_a_case_shows_it(seed):
    sketch, old, new = policies(2000 + seed, rows=True)
    every = [case for case, _ in cases(sketch, complete=True)]
    found = compared(old.model, new.model, DAY)
    told = {(c.kind, *c.of_duty): shown for c, shown in found.shown.items() if c.kind in ("gained", "lost")}
    assert found.proved
    assert told.keys() >= set().union(*(duty_changes(old, new, case, alike=True) for case in every))
    for change, shown in told.items():
        assert change in duty_changes(old, new, nested(shown.case, old.model, new.model))


def kinds_of(sketch, old, new):
    """For each change that a complete case shows, the kinds of the recipients of whom one does."""
    found = {}
    for case, _ in cases(sketch, complete=True):
        kinds = {each["name"]: each["gk"] for each in case["recipient"]}
        one, other = decided(old, case), decided(new, case)
        for row in {**(one or {}), **(other or {})} if one is not None and other is not None else ():
            pair = tuple(each.get(row, each.get((None, None))) for each in (one, other))
            if row[1] is not None and pair[0] != pair[1]:
                found.setdefault(pair, set()).add(kinds[row[1]])
    return found


def test_a_change_is_told_of_exactly_the_kinds_of_recipients_of_whom_a_case_shows_it():
    told = 0
    for seed in range(ROWS * 3):
        sketch, old, new = policies(seed, rows=True)
        if KIND not in sketch.listed:
            continue
        expected = kinds_of(sketch, old, new)
        found = compared(old.model, new.model, DAY)
        for change, kinds in found.kinds.items():
            pair = tuple((state.outcome.value, state.strength) for state in change.states)
            assert set(kinds) == expected.get(pair, set()), (seed, pair)
            assert change in found.only_these, (seed, pair)
            told += 1
    assert told >= ROWS


def every_change(sketch, policy, case, outcome):
    """All changes of a case that lead to an outcome and of which none can be left out."""
    child = case.get("child", {})
    found = []
    for count in range(1, len(sketch.facts) + 1):
        for chosen in combinations(sketch.facts, count):
            names = [fact.partition(".")[2] for fact in chosen]
            for values in product(*map(sketch.domain, chosen)):
                change = frozenset(zip(names, values, strict=True))
                if any(name in child and child[name] == value for name, value in change):
                    continue
                if any(smaller <= change for smaller in found):
                    continue
                said = decided(policy, {"child": {**child, **dict(change)}})
                if said is not None and said[None, None] and said[None, None][0] == outcome.value:
                    found.append(change)
    return set(found)


def told_apart(sketch, policy, changes):
    """Changes with numbers as the policy tells them apart: of those between which it does not, one stands for all."""
    text = policy.sources["p.policy"].decode()
    cuts = {
        fact.partition(".")[2]: [int(n) for n in re.findall(rf"{re.escape(fact)} (?:<|>=) (\\d)", text)]
        for fact, kind in sketch.facts.items()
        if kind == "number"
    }
    return {
        frozenset(
            (name, sum(value >= n for n in cuts[name]) if name in cuts else value) for name, value in each
        )
        for each in changes
    }


def test_all_changes_of_a_case_that_lead_to_another_outcome_are_found_and_none_has_a_fact_too_many():
    for seed in range(PAIRS):
        sketch, policy, _ = policies(seed, rows=False)
        every = [case for case, _ in cases(sketch, complete=False)]
        for case in Random(seed).sample(every, 3):
            said = decided(policy, case)
            for outcome in OUTCOMES if said is not None else ():
                if said[None, None] and said[None, None][0] == outcome.value:
                    continue
                decision = policy.decide(case, as_of=DAY, presume=False)
                found = decision.changes(to=outcome, limit=1000, presume=False)
                got = {
                    frozenset((c.fact.partition(".")[2], c.to) for c in each.changes)
                    for each in found.alternatives
                }
                expected = every_change(sketch, policy, case, outcome)
                assert told_apart(sketch, policy, got) == told_apart(sketch, policy, expected), (
                    seed,
                    case,
                    outcome,
                )
                assert found.complete


def test_the_pairs_that_are_tried_have_every_form_in_which_changes_are_looked_for():
    texts = [sketch.text() for sketch, _, _ in (policies(seed, rows=False) for seed in range(PAIRS))]
    texts += [sketch.text() for sketch, _, _ in (policies(seed, rows=True) for seed in range(ROWS))]
    together = "\n".join(texts)
    for word in (
        "impossible",
        "exception",
        "override",
        "one of",
        "number from",
        "for each recipient",
        "any recipient",
    ):
        assert word in together
    assert small_pairs.EFFECTS


EACH = """\
infoshare 1
policy p "P" from 2026-01-01
facts about each person "a person"
  a "a" : yes or no
  b "b" : yes or no
facts about all "all of them"
  c "c" : yes or no
define told "told" for each person as
  {}
rule r "R."
  share
duty inform "Tell them."
  before sharing
  for each person
  when person.told and all.c
"""


def test_a_duty_for_each_of_a_list_changes_exactly_where_it_falls_to_somebody_else(tmp_path):
    atoms = ("person.a", "person.b", "not person.a", "not person.b")
    said = [*atoms, *(f"{x} {word} {y}" for x, y in combinations(atoms, 2) for word in ("and", "or"))]
    rng, changed, same = Random("each"), 0, 0
    for _ in range(40):
        old, new = rng.choice(said), rng.choice(said)
        models = []
        for number, condition in enumerate((old, new)):
            path = tmp_path / f"{number}.policy"
            path.write_text(EACH.format(condition), "utf-8")
            models.append(load(path).model)
        ways = list(product((True, False), repeat=2))
        falls = [
            {(a, b) for a, b in ways if eval(re.sub(r"person\.", "", each), {"a": a, "b": b})}  # noqa: S307
            for each in (old, new)
        ]
        found = compared(*models, DAY)
        kinds = {change.kind for change in found.shown}
        assert found.proved
        assert kinds == {
            *(["gained"] if falls[1] - falls[0] else []),
            *(["lost"] if falls[0] - falls[1] else []),
        }
        changed, same = changed + bool(kinds), same + (not kinds)
    assert changed > 10
    assert same
