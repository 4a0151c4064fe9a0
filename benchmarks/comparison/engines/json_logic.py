"""JSON Logic (json-logic-qubit): a JSON expression for each rule, interpreted each time."""

from comparison.conditions import inlined
from comparison.specification import Condition, Match, Rules

TITLE, KIND = "JSON Logic (json-logic-qubit)", "peer"
DISTRIBUTION, MODULE = "json-logic-qubit", "json_logic"
FIRED, DUTIES = "all", True


def matching(rules: Rules) -> Match:
    """One after the other."""
    from json_logic import jsonLogic

    logic = [(name, _json(inlined(condition, rules.named))) for name, condition in rules.rules.items()]
    return lambda case: [name for name, expression in logic if jsonLogic(expression, case)]


def _json(condition: Condition) -> object:
    match condition:
        case ("is", fact, True):
            return {"var": fact}
        case ("is", fact, False):
            return {"!": [{"var": fact}]}
        case ("is", fact, value):
            return {"==": [{"var": fact}, value]}
        case ("not", ("is", fact, value)):
            return {"!=": [{"var": fact}, value]}
        case ("at_least", fact, number):
            return {">=": [{"var": fact}, number]}
        case ("below", fact, number):
            return {"<": [{"var": fact}, number]}
        case ("not", inner):
            return {"!": [_json(inner)]}
        case ("all",):
            return True
        case ("all" | "any" as word, *parts):
            return {"and" if word == "all" else "or": [_json(part) for part in parts]}
    raise ValueError(condition)
