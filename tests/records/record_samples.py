"""Invented decisions and what is told of them, for the tests of records, pages and exports."""

import json
import os
import random
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import attrs

import infoshare
from infoshare.errors import FactsError
from infoshare.records.body.build import record_body
from infoshare.records.body.model import (
    Advice,
    Consent,
    Done,
    ForFamily,
    Instead,
    NotTold,
    Pair,
    Particulars,
    Party,
    Practitioner,
    Told,
)

ROOT = Path(__file__).parent.parent.parent
SHIPPED = ("cscp", "england-2026", "hmg-2018", "hmg-2024")
DAY = date(2026, 11, 22)
AT = datetime(2026, 11, 22, 14, 30, 5, 250000, tzinfo=UTC)
ID = "019aac1e-8d3a-7c52-9b6e-4f1d2a3b5c6d"
OLDER = "019aac1e-0000-7c52-9b6e-4f1d2a3b5c6d"
NURSE = Practitioner("Robin Example", "school nurse", "Northtown School Nursing", "RN-1")


@cache
def policy_of(name="cscp"):
    return infoshare.load(ROOT / "policies" / f"{name}.policy")


def refused():
    """The first case of the documentation."""
    return json.loads((ROOT / "examples" / "refused.json").read_text("utf-8"))


def body_of(facts, *, policy="cscp", presume=True, as_of=DAY, **told):
    """The body of a record of a case, decided now."""
    decision = policy_of(policy).decide(facts, as_of=as_of, presume=presume)
    given = {"by": NURSE, "decided_at": AT, "record_id": ID, "engine_version": "0.1.0", "presume": presume}
    return record_body(decision, facts, **{**given, **told})


def everything_told(**changed):
    """Particulars in which nothing is left out."""
    told = Particulars(
        requester=Party(
            "Sam Sample", "social worker", "Northtown Children's Services", "rang back by the switchboard"
        ),
        asked_for="The GP letter, and what we know of the bruises.",
        recipients=(
            Party("Children's Social Care", None, "Northtown Council", "known to the team for years"),
        ),
        purpose="To find out whether the child is safe at home.",
        lawful_basis="Article 6(1)(e); Children Act 1989, section 47.",
        consent=Consent(on=date(2026, 11, 21), why_not_sought="It was sought."),
        childs_wishes="She would like her aunt to know.",
        familys_wishes="The father does not want anybody to know.",
        told=(Told("The head teacher", "That a referral is made.", AT),),
        not_told=(NotTold("The father", "It might lead to harm.", date(2026, 12, 1)),),
        advice=(Advice("Pat Pattern", "designated lead", "Northtown Trust", AT, True, "Share today."),),
        done=(Done("record_decision", AT, "Robin Example", "In the case file."),),
        review_on=date(2026, 12, 6),
        note="Rang at noon,\nand again at two.",
    )
    return attrs.evolve(told, **changed)


SOME = int(os.environ.get("INFOSHARE_RECORD_CASES", "3"))
"""How many random cases of each shipped policy are tried; `.ci/full` asks for more."""


def random_cases(name, seed, count=SOME):
    """Cases of a shipped policy: some nearly complete, some with much unanswered or unsure, none impossible."""
    rng, found = random.Random(f"{name} {seed}"), []
    policy = policy_of(name)
    for _ in range(2000 * count):  # what is said of the child twice seldom agrees by chance
        case = _random_case(policy, rng, known=rng.choice([0.6, 0.9, 0.98]))
        try:
            policy.decide(case, as_of=DAY)
        except FactsError:
            continue
        found.append(case)
        if len(found) == count:
            return found
    raise AssertionError("too few of these cases are possible")


def _random_case(policy, rng, *, known):
    case, each = {}, {fact.group: fact.each for fact in policy.facts}
    for group, listed in each.items():
        facts = [fact for fact in policy.facts if fact.group == group]
        if not listed:
            case[group] = _random_answers(facts, rng, known)
        elif rng.random() < known:
            names = rng.sample(["GP letter", 'a "note"].x', "note", "école"], rng.randint(0, 3))
            case[group] = [{"name": n, **_random_answers(facts, rng, known)} for n in names]
    return case


def _random_answers(facts, rng, known):
    unknown = [None, "unsure"]
    return {
        fact.name.partition(".")[2]: _random_answer(fact, rng)
        if rng.random() < known
        else rng.choice(unknown)
        for fact in facts
    }


def _random_answer(fact, rng):
    match fact.type:
        case "yes or no":
            return rng.random() < 0.4
        case "one of":
            return rng.choice(list(fact.labels))
        case "some of":
            return [value for value in fact.labels if rng.random() < 0.4]
        case "number":
            return rng.randint(fact.low or 0, min(fact.high or 20, 20))
        case "date":
            return f"2026-0{rng.randint(1, 9)}-1{rng.randint(0, 9)}"
        case _:
            return rng.choice(["one", "two"])


__all__ = [
    "AT",
    "DAY",
    "ID",
    "NURSE",
    "OLDER",
    "ROOT",
    "SHIPPED",
    "ForFamily",
    "Instead",
    "Pair",
    "body_of",
    "everything_told",
    "policy_of",
    "random_cases",
    "refused",
]
