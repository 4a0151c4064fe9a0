"""pycasbin: a policy row for each rule, in order of precedence; the first that matches decides and is the one returned."""

from comparison.conditions import Infix
from comparison.specification import (
    BLOCKS,
    DENIALS,
    DOUBTS,
    LEGAL_DUTY,
    PERMITS,
    REFERENCE,
    Answer,
    Case,
    Decide,
    Foreign,
    Match,
    Rules,
    outcome_of,
)

TITLE, KIND = "casbin (pycasbin)", "peer"
DISTRIBUTION, MODULE = "pycasbin", "casbin"
FIRED, DUTIES = "deciding", False

_MODEL = """
[request_definition]
r = sub
[policy_definition]
p = id, rule, outcome, eft
[policy_effect]
e = priority(p.eft) || deny
[matchers]
m = eval(p.rule)
"""


class _Subject:
    """A case whose facts are attributes, as casbin reads them."""

    def __init__(self, case: Case) -> None:
        self.__dict__ = case


def _enforcer(rules: Rules, order: list[str]) -> Foreign:
    import logging

    import casbin

    logging.getLogger("casbin").setLevel(logging.ERROR)
    model = casbin.Model()
    model.load_model_from_text(_MODEL)
    enforcer = casbin.Enforcer(model)
    texts = Infix("and,or,not ,True", fact="r.sub.{}").rules(rules)
    enforcer.add_policies([[name, texts[name], outcome_of([name]), "allow"] for name in order])
    return enforcer.enforce_ex


def decide() -> Decide:
    """Outcome and the rule that decided."""
    enforce = _enforcer(REFERENCE, [*BLOCKS, LEGAL_DUTY, *DOUBTS, *DENIALS, *PERMITS])

    def run(case: Case) -> Answer:
        _, row = enforce(_Subject(case))
        return row[2], (row[0],), ()

    return run


def matching(rules: Rules) -> Match:
    """Only the first rule that holds: it looks no further."""
    enforce = _enforcer(rules, list(rules.rules))

    def match(case: Case) -> tuple[str, ...]:
        _, row = enforce(_Subject(case))
        return (row[0],) if row else ()

    return match
