"""rule-engine (pure Python): an object for each rule, matched one after the other."""

from comparison.conditions import Infix
from comparison.specification import Match, Rules

TITLE, KIND = "rule-engine", "peer"
DISTRIBUTION, MODULE = "rule-engine", "rule_engine"
FIRED, DUTIES = "all", True


def matching(rules: Rules) -> Match:
    """Compiled once."""
    import rule_engine

    texts = Infix("and,or,not ,true").rules(rules)
    compiled = [(name, rule_engine.Rule(text).matches) for name, text in texts.items()]
    return lambda case: [name for name, matches in compiled if matches(case)]
