"""Rego through regopy (rego-cpp, C++): a module compiled once; each case is one query for the set of rules that hold."""

from comparison.conditions import pushed
from comparison.specification import Case, Condition, Match, Rules

TITLE, KIND = "Rego (regopy)", "peer"
DISTRIBUTION = MODULE = "regopy"
FIRED, DUTIES = "all", True


def matching(rules: Rules) -> Match:
    """By a prepared entry point, which is much quicker than a query given as text."""
    from regopy import Input, Interpreter

    interpreter = Interpreter()
    interpreter.add_module("policy.rego", _Module().write(rules))
    bundle = interpreter.build(None, ["policy/held"])
    give, query = interpreter.set_input, interpreter.query_bundle_entrypoint

    def match(case: Case) -> list[str]:
        give(Input(case))
        return sorted(query(bundle, "policy/held")[0].expressions[0])

    return match


class _Module:
    """Collects helpers: Rego says `or` by several rules of one name."""

    def __init__(self) -> None:
        self.lines = ["package policy", "import rego.v1"]
        self.helpers: dict[Condition, str] = {}

    def write(self, rules: Rules) -> str:
        for name, condition in rules.named.items():
            self.rule(name, pushed(condition))
        for name, condition in rules.rules.items():
            self.rule(f'held contains "{name}"', pushed(condition))
        return "\n".join(self.lines)

    def rule(self, head: str, condition: Condition) -> None:
        match condition:
            case ("all",):
                self.lines.append(head)
            case ("any", *parts):
                for part in parts:
                    self.rule(head, part)
            case ("all", *parts):
                self.lines.append(f"{head} if {{ {'; '.join(map(self.literal, parts))} }}")
            case _:
                self.lines.append(f"{head} if {self.literal(condition)}")

    def literal(self, condition: Condition) -> str:
        match condition:
            case ("is", fact, True):
                return f"input.{fact}"
            case ("is", fact, False):
                return f"not input.{fact}"
            case ("is", fact, value):
                return f'input.{fact} == "{value}"'
            case ("not", ("is", fact, value)):
                return f'input.{fact} != "{value}"'
            case ("at_least", fact, number):
                return f"input.{fact} >= {number}"
            case ("below", fact, number):
                return f"input.{fact} < {number}"
            case ("named", str(name)):
                return name
            case ("not", ("named", name)):
                return f"not {name}"
        if condition not in self.helpers:
            self.helpers[condition] = helper = f"helper_{len(self.helpers)}"
            self.rule(helper, condition)
        return self.helpers[condition]
