"""durable_rules (Rete, C): the case is asserted, rules say that they hold, the case is retracted."""

from functools import reduce
from itertools import count

from comparison.conditions import inlined, pushed
from comparison.specification import Case, Condition, Foreign, Match, Rules

TITLE, KIND = "durable_rules", "peer"
DISTRIBUTION, MODULE = "durable-rules", "durable"
FIRED, DUTIES = "all", True
LARGEST = 400  # jruizgit/rules issues 312 and 377

_number = count(1)


def matching(rules: Rules) -> Match:
    """A ruleset of its own name, as they are global."""
    from durable import lang

    name = f"comparison{next(_number)}"
    held: list[str] = []
    # A fact that no rule takes up is an error, so one rule takes up every case.
    always = next(fact for fact, values in rules.facts.items() if isinstance(values, range))

    def says(rule: str) -> Foreign:
        def action(_: object) -> None:
            held.append(rule)

        return action

    with lang.ruleset(name):
        lang.when_all(getattr(lang.m, always) >= 0)(says(""))
        for rule, condition in rules.rules.items():
            built = _build(lang.m, pushed(inlined(condition, rules.named)), always)
            lang.when_all(built)(says(rule))

    def match(case: Case) -> list[str]:
        held.clear()
        lang.assert_fact(name, dict(case))
        lang.retract_fact(name, dict(case))
        return [rule for rule in dict.fromkeys(held) if rule]

    return match


def _build(m: object, condition: Condition, always: str) -> Foreign:
    match condition:
        case ("is", fact, value):
            return getattr(m, fact) == value
        case ("not", ("is", fact, value)):
            return getattr(m, fact) != value
        case ("at_least", fact, number):
            return getattr(m, fact) >= number
        case ("below", fact, number):
            return getattr(m, fact) < number
        case ("all",):
            return getattr(m, always) >= 0
        case ("all", *parts):
            return reduce(lambda one, two: one & two, (_build(m, part, always) for part in parts))
        case ("any", *parts):
            return reduce(lambda one, two: one | two, (_build(m, part, always) for part in parts))
    raise ValueError(condition)
