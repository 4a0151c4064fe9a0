"""Invented cases for the reference policy: likely ones, even ones, and ones with facts missing.

Invariant: the same seed gives the same cases. Every fifth number lies on a threshold, so that an engine that takes
`>` for `>=` is found out.
"""

import random

from comparison.specification import FACTS, YES_OR_NO, Case

_LIKELY = {
    "risk_to_child": 0.35,
    "risk_to_adult": 0.12,
    "suspected_sexual_abuse": 0.06,
    "suspected_fabricated_illness": 0.02,
    "would_undermine_investigation": 0.08,
    "telling_raises_risk": 0.12,
    "legal_duty": 0.07,
    "in_doubt": 0.25,
    "has_sought_advice": 0.35,
    "accurate": 0.95,
    "up_to_date": 0.92,
    "necessary": 0.94,
    "need_to_know": 0.90,
    "secure_channel": 0.95,
}
_WEIGHTS = {"consent_status": (0.45, 0.25, 0.30), "recipient": (0.12, 0.38, 0.25, 0.15, 0.10)}
_THRESHOLDS = {"harm_score": (29, 30, 59, 60, 79, 80), "child_age": (15, 16)}


def cases(count: int, seed: int, *, even: bool = False) -> list[Case]:
    """That many cases, each a flat dict of 18 facts; `even` takes every value as likely as any other."""
    chance = random.Random(seed)
    return [_case(chance, even=even) for _ in range(count)]


def _case(chance: random.Random, *, even: bool) -> Case:
    case: Case = {}
    for fact, values in FACTS.items():
        if values == YES_OR_NO:
            case[fact] = chance.random() < (0.5 if even else _LIKELY[fact])
        elif isinstance(values, range):
            case[fact] = chance.choice(_THRESHOLDS[fact] if chance.random() < 0.2 else values)
        else:
            case[fact] = chance.choices(values, None if even else _WEIGHTS[fact])[0]
    return case


def with_facts_missing(complete: list[Case], share: float, seed: int) -> list[Case]:
    """The same cases, each fact left out with this probability."""
    chance = random.Random(seed)
    return [{fact: value for fact, value in case.items() if chance.random() >= share} for case in complete]
