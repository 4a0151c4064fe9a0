"""Before anything is timed: does every engine come to what the specification says?

Outcomes, rules and duties are held against the specification by definition, on likely cases and on even ones.
"""

from collections.abc import Sequence
from typing import Any

import attrs

from comparison.cases import cases
from comparison.catalogue import Engine
from comparison.conditions import holds
from comparison.effort import Effort
from comparison.specification import ONLY_DUTIES, REFERENCE, Answer, Case, duties_of, outcome_of

SEEDS = (11, 12)


def run(engines: Sequence[Engine], effort: Effort) -> dict[str, Any]:
    """For each engine, how many of the cases differ."""
    tried = cases(effort.cases_checked, SEEDS[0]) + cases(effort.cases_checked, SEEDS[1], even=True)
    expected = [defined(case) for case in tried]
    return {engine.key: compared(engine, tried, expected) for engine in engines if engine.decides}


@attrs.frozen
class Defined:
    """What the specification says of a case."""

    outcome: str
    held: frozenset[str]
    duties: frozenset[str]


def defined(case: Case) -> Defined:
    """The rules one by one, then the precedence, then the duties."""
    held = [name for name, condition in REFERENCE.rules.items() if holds(condition, case, REFERENCE.named)]
    outcome = outcome_of(held)
    return Defined(outcome, frozenset(held), frozenset(duties_of(outcome, held)))


def compared(engine: Engine, tried: Sequence[Case], expected: Sequence[Defined]) -> dict[str, Any]:
    """Counts of cases that differ; null for what the engine does not return."""
    decide = engine.decide()
    answers = [decide(dict(case)) for case in tried]
    pairs = list(zip(answers, expected, strict=True))
    return {
        "cases": len(tried),
        "outcomes": sum(answer[0] != wanted.outcome for answer, wanted in pairs),
        "rules": None if engine.fired == "none" else sum(not _rules_agree(engine, *pair) for pair in pairs),
        "duties": sum(set(answer[2]) != wanted.duties for answer, wanted in pairs) if engine.duties else None,
    }


def _rules_agree(engine: Engine, answer: Answer, wanted: Defined) -> bool:
    held = frozenset(answer[1])
    match engine.fired, engine.kind:
        case "all", "product":  # rules that are only duties are duties there, which are compared as such
            return held == wanted.held.difference(ONLY_DUTIES)
        case "all", _:
            return held == wanted.held
    # What stands, or what decides: one of those that hold, and alone they come to the same outcome.
    return bool(held) and held <= wanted.held and outcome_of(held) == wanted.outcome
