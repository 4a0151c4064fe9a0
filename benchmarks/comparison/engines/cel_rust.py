"""CEL in Rust (common-expression-language): one program with a truth for each rule, so that a case is converted once."""

from comparison.conditions import Infix
from comparison.specification import REFERENCE, ConcludedFromTruths, Decide, Foreign, Match, Rules

TITLE, KIND = "CEL in Rust (common-expression-language)", "peer"
DISTRIBUTION, MODULE = "common-expression-language", "cel"
FIRED, DUTIES = "all", True


def _truths(rules: Rules) -> Foreign:
    import cel

    texts = Infix("&&,||,!,true", quote='"').rules(rules).values()
    return cel.compile("[" + ", ".join(f"({text})" for text in texts) + "]").execute


def decide() -> Decide:
    """One call for all rules."""
    truths, concluded = _truths(REFERENCE), ConcludedFromTruths(REFERENCE.rules)
    return lambda case: concluded[tuple(truths(case))]


def matching(rules: Rules) -> Match:
    """Likewise."""
    truths, ids = _truths(rules), list(rules.rules)
    return lambda case: [name for name, holds in zip(ids, truths(case), strict=True) if holds]
