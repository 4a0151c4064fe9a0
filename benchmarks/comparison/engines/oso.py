"""Oso's Polar (Rust): a clause for each rule, all solutions asked for; a case is a Polar dictionary."""

from comparison.conditions import pushed
from comparison.specification import Condition, Match, Rules

TITLE, KIND = "Polar (oso)", "peer"
DISTRIBUTION = MODULE = "oso"
FIRED, DUTIES = "all", True


def matching(rules: Rules) -> Match:
    """Several proofs of one rule give its id more than once."""
    from oso import Oso, Variable

    lines = [f"{name}(case) if {_polar(pushed(condition))};" for name, condition in rules.named.items()]
    lines += [
        f'held(case, "{name}") if {_polar(pushed(condition))};' for name, condition in rules.rules.items()
    ]
    polar = Oso()
    polar.load_str("\n".join([*lines, "allow(_actor, _action, _resource) if false;"]))
    query, rule = polar.query_rule, Variable("rule")
    return lambda case: list(dict.fromkeys(found["bindings"]["rule"] for found in query("held", case, rule)))


def _polar(condition: Condition) -> str:
    match condition:
        case ("is", fact, bool(value)):
            return f"case.{fact} = {str(value).lower()}"
        case ("is", fact, value):
            return f'case.{fact} = "{value}"'
        case ("at_least", fact, number):
            return f"case.{fact} >= {number}"
        case ("below", fact, number):
            return f"case.{fact} < {number}"
        case ("named", name):
            return f"{name}(case)"
        case ("not", inner):
            return f"not {_polar(inner)}"
        case ("all",):
            return "case = case"
        case ("all" | "any" as word, *parts):
            return "(" + f" {'and' if word == 'all' else 'or'} ".join(map(_polar, parts)) + ")"
    raise ValueError(condition)
