"""business-rules (pure Python): conditions in JSON over a class of variables; every rule is run."""

from comparison.conditions import inlined, pushed
from comparison.specification import YES_OR_NO, Case, Condition, Foreign, Match, Rules, Values

TITLE, KIND = "business-rules", "peer"
DISTRIBUTION, MODULE = "business-rules", "business_rules"
FIRED, DUTIES = "all", True


def matching(rules: Rules) -> Match:
    """The action of each rule is to say that it holds."""
    from business_rules import run_all
    from business_rules.actions import BaseActions, rule_action
    from business_rules.fields import FIELD_TEXT
    from business_rules.variables import (
        BaseVariables,
        boolean_rule_variable,
        numeric_rule_variable,
        string_rule_variable,
    )

    def variable(fact: str, values: Values) -> Foreign:
        def read(self: BaseVariables) -> object:
            return self.case[fact]

        read.__name__ = fact
        if values == YES_OR_NO:
            return boolean_rule_variable()(read)
        return numeric_rule_variable()(read) if isinstance(values, range) else string_rule_variable()(read)

    class Variables(BaseVariables):  # type: ignore[misc] # an untyped library
        def __init__(self, case: Case) -> None:
            self.case = case

    for fact, values in rules.facts.items():
        setattr(Variables, fact, variable(fact, values))

    class Actions(BaseActions):  # type: ignore[misc] # likewise
        def __init__(self) -> None:
            self.held: list[str] = []

        @rule_action(params={"rule": FIELD_TEXT})  # type: ignore[untyped-decorator] # likewise
        def holds(self, rule: str) -> None:
            self.held.append(rule)

    written = []
    for name, condition in rules.rules.items():
        tree = _json(pushed(inlined(condition, rules.named)), rules)
        conditions = tree if "all" in tree or "any" in tree else {"all": [tree]}
        written.append({"conditions": conditions, "actions": [{"name": "holds", "params": {"rule": name}}]})

    def match(case: Case) -> list[str]:
        actions = Actions()
        run_all(rule_list=written, defined_variables=Variables(case), defined_actions=actions)
        return actions.held

    return match


def _json(condition: Condition, rules: Rules) -> dict[str, object]:
    match condition:
        case ("is", fact, bool(value)):
            return {"name": fact, "operator": "is_true" if value else "is_false", "value": True}
        case ("is", fact, value):
            return {"name": fact, "operator": "equal_to", "value": value}
        case ("not", ("is", fact, value)):
            others = [word for word in rules.facts[fact] if word != value]
            return {"any": [_json(("is", fact, word), rules) for word in others]}
        case ("at_least", fact, number):
            return {"name": fact, "operator": "greater_than_or_equal_to", "value": number}
        case ("below", fact, number):
            return {"name": fact, "operator": "less_than", "value": number}
        case ("all",):
            always = next(fact for fact, values in rules.facts.items() if values == YES_OR_NO)
            return {"any": [_json(("is", always, value), rules) for value in YES_OR_NO]}
        case ("all" | "any" as word, *parts):
            return {word: [_json(part, rules) for part in parts]}
    raise ValueError(condition)
