"""Which assumptions matter: those of which another answer alone changes what a person would see, and no others."""

import random
from datetime import date, timedelta
from typing import Any

import pytest

from infoshare.outcome import Outcome
from small import DAY, decide, load

LOW_AND_HIGH = """
facts about f "it"
  b "it is so" : yes or no
  low "the low one" : number from 0 to 2 unanswered means 1
  high "the high one" : number from {first} to 9
consent c "c" share when f.b
consent w "w" withhold when f.low > f.high
"""


def mattering(decision):
    return {assumed.fact: assumed.matters for assumed in decision.assumed}


@pytest.mark.parametrize("high", [{"high": 7}, {}, {"high": "unsure"}])
def test_what_is_compared_with_a_fact_that_it_can_never_exceed_does_not_matter(high: dict[str, Any]) -> None:
    decision = decide(LOW_AND_HIGH.format(first=5), {"f": {"b": True, **high}})
    assert decision.outcome is Outcome.SHARE
    assert decision.exact
    assert mattering(decision) == {"f.low": False}
    assert dict(decision.relied_on) == {"f.b": True}
    assert decision.questions == ()


def test_what_is_compared_with_a_fact_that_it_may_exceed_matters() -> None:
    decision = decide(LOW_AND_HIGH.format(first=1), {"f": {"b": True, "high": 1}})
    assert decision.outcome is Outcome.SHARE
    assert mattering(decision) == {"f.low": True}
    assert dict(decision.relied_on) == {"f.b": True, "f.low": 1}  # the high one is never below 1
    assert mattering(decide(LOW_AND_HIGH.format(first=1), {"f": {"b": True, "high": 2}})) == {"f.low": False}


@pytest.mark.parametrize(
    ("op", "low", "high", "always"),
    [
        ("<", (0, 4), (5, 9), True),
        ("<", (0, 5), (5, 9), None),
        ("<=", (0, 5), (5, 9), True),
        (">", (0, 5), (5, 9), False),
        (">=", (0, 5), (5, 9), None),
        (">", (6, 9), (1, 5), True),
        (">=", (5, 9), (1, 5), True),
        ("<", (5, 9), (1, 5), False),
        ("<=", (5, 9), (1, 5), None),
    ],
)
def test_two_unknown_numbers_are_told_apart_by_their_bounds(
    op: str, low: tuple[int, int], high: tuple[int, int], always: bool | None
) -> None:
    decision = decide(
        f"""
facts about f "it"
  low "the low one" : number from {low[0]} to {low[1]}
  high "the high one" : number from {high[0]} to {high[1]}
consent c "c" share when f.low {op} f.high
"""
    )
    outcomes = {
        True: (Outcome.SHARE,),
        False: (Outcome.SEEK_ADVICE,),
        None: (Outcome.SHARE, Outcome.SEEK_ADVICE),
    }
    assert decision.possible == outcomes[always]
    assert decision.exact is (always is not None)
    assert len(decision.questions) == (2 if always is None else 0)


def test_a_fact_compared_with_itself_is_known_to_be_equal() -> None:
    text = """
facts about f "it"
  day "the day" : date unanswered means 2026-01-01
consent c "c" share when f.day <= f.day
consent d "d" withhold when f.day < f.day
"""
    decision = decide(text)
    assert (decision.outcome, decision.exact, mattering(decision)) == (Outcome.SHARE, True, {"f.day": False})


def test_a_date_that_other_clauses_make_irrelevant_does_not_matter() -> None:
    text = """
facts about f "it"
  b "it is so" : yes or no
  start "the start" : date unanswered means 2026-01-01
  end "the end" : date
override c "c" share prevails over w when f.b
rule w "w" withhold when 6 months after f.start > f.end
"""
    for end, b, matters in (("2026-03-01", True, False), ("2026-03-01", False, True)):
        decision = decide(text, {"f": {"b": b, "end": end}})
        assert mattering(decision) == {"f.start": matters}, (end, b)


def test_another_answer_counts_only_where_the_assumed_one_is_possible() -> None:
    text = """
facts about f "it"
  k "the kind" : one of a, b, c unanswered means a
  u "it is so" : yes or no
impossible i "never both" when f.k is a and f.u
consent c "c" share when f.u and f.k is b
consent w "w" withhold
"""
    decision = decide(text)
    assert (decision.outcome, mattering(decision)) == (Outcome.WITHHOLD, {"f.k": False})


DAYS = [
    "2020-01-01",
    *[(date(2026, 1, 1) + timedelta(days=7 * n)).isoformat() for n in range(6)],
    "2030-01-01",
]
ANSWERS: dict[str, list[Any]] = {
    "low": [0, 1, 2, 3],
    "high": [2, 3, 4, 5],
    "start": DAYS,
    "end": DAYS,
    "b": [True, False],
}  # every answer that the conditions below can tell apart, and more


def compared(rng: random.Random) -> str:
    """A policy in which facts that are assumed are compared with one another."""

    def condition() -> str:
        op = rng.choice(["<", "<=", ">", ">="])
        asked = [
            f"f.low {op} f.high",
            f"f.start {op} f.end",
            f"f.end {rng.choice(['<', '>='])} 2 weeks after f.start",
            "f.b",
            "f.low > 1",
        ]
        return rng.choice([" and ", " or "]).join(rng.sample(asked, rng.randint(1, 3)))

    effects = ["share", "must share", "withhold", "seek consent"]
    clauses = [
        f'consent c{i} "c" {rng.choice(effects)} when {condition()}\n' for i in range(rng.randint(1, 3))
    ]
    clauses.append(f'override o "o" {rng.choice(effects)} prevails over c0 when {condition()}\n')
    clauses.append(f'duty d "d" before sharing when {condition()}\n')
    return """
facts about f "it"
  low "low" : number from 0 to 3 unanswered means 1
  high "high" : number from 2 to 5 unanswered means 3
  start "start" : date unanswered means 2026-01-08
  end "end" : date unanswered means 2026-01-22
  b "so" : yes or no unanswered means no
""" + "".join(clauses)


def seen(decision) -> object:
    return (
        decision.outcome,
        decision.mandatory,
        [(d.duty, d.state) for d in decision.duties],
        [row.release for row in decision.disclosures],
    )


@pytest.mark.parametrize("seed", range(40))
def test_an_assumption_matters_if_and_only_if_another_answer_changes_what_is_seen(seed: int) -> None:
    rng = random.Random(seed)
    policy = load(compared(rng))
    for _ in range(4):
        given = {name: rng.choice(each[1:-1] or each) for name, each in ANSWERS.items() if rng.random() < 0.4}
        decision = policy.decide({"f": given}, as_of=DAY)
        for assumed in decision.assumed:
            name = assumed.fact.removeprefix("f.")
            others = [
                policy.decide({"f": {**given, name: answer}}, as_of=DAY)
                for answer in ANSWERS[name]
                if answer != assumed.value
            ]
            changes = any(seen(other) != seen(decision) for other in others)
            assert assumed.matters is changes, (given, assumed.fact)
