"""GoRules ZEN's expression language alone: one compiled list with a truth for each rule; the rest is looked up."""

from comparison.conditions import Infix
from comparison.specification import REFERENCE, ConcludedFromTruths, Decide, Foreign, Match, Rules

TITLE, KIND = "zen-engine, bare expression", "peer"
DISTRIBUTION, MODULE = "zen-engine", "zen"
FIRED, DUTIES = "all", True


def _truths(rules: Rules) -> Foreign:
    import zen

    texts = Infix("and,or,not ,true").rules(rules).values()
    return zen.compile_expression("[" + ", ".join(f"({text})" for text in texts) + "]").evaluate


def decide() -> Decide:
    """One call for all rules."""
    truths, concluded = _truths(REFERENCE), ConcludedFromTruths(REFERENCE.rules)
    return lambda case: concluded[tuple(truths(case))]


def matching(rules: Rules) -> Match:
    """Likewise."""
    truths, ids = _truths(rules), list(rules.rules)
    return lambda case: [name for name, holds in zip(ids, truths(case), strict=True) if holds]
