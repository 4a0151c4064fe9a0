"""CLIPS (Rete, C) through clipspy: a case is one fact of a template, and rules say that they hold.

A CLIPS environment slows down with every decision, so it is built anew now and then, within the time that is measured.
"""

from comparison.conditions import inlined, pushed
from comparison.specification import Case, Condition, Foreign, Match, Rules

TITLE, KIND = "CLIPS (clipspy)", "peer"
DISTRIBUTION, MODULE = "clipspy", "clips"
FIRED, DUTIES = "all", True

_DECISIONS_BEFORE_RENEWAL = 2000  # of the 14 rules; with more rules, building costs more than slowing


def matching(rules: Rules) -> Match:
    """Asserts the case, runs, retracts it."""
    import clips

    held: list[str] = []
    symbols = {
        word: clips.Symbol(word) for words in rules.facts.values() for word in words if isinstance(word, str)
    }
    productions = [_production(name, inlined(c, rules.named)) for name, c in rules.rules.items()]
    renew_after = _DECISIONS_BEFORE_RENEWAL if len(productions) < 50 else None

    def build() -> Foreign:
        environment = clips.Environment()
        environment.build(f"(deftemplate case {' '.join(f'(slot {fact})' for fact in rules.facts)})")
        environment.define_function(lambda name: held.append(str(name)), name="holds")
        for production in productions:
            environment.build(production)
        return environment, environment.find_template("case")

    environment, template = build()
    decisions = 0

    def match(case: Case) -> list[str]:
        nonlocal environment, template, decisions
        decisions += 1
        if decisions == renew_after:
            environment, template = build()
            decisions = 0
        held.clear()
        fact = template.assert_fact(**{k: symbols[v] if type(v) is str else v for k, v in case.items()})
        environment.run()
        fact.retract()
        return list(held)

    return match


def _production(name: str, condition: Condition) -> str:
    whole = pushed(condition)
    parts = list(whole[1:]) if whole[0] == "all" else [whole]
    slots: dict[str, list[str]] = {}
    tests: list[str] = []
    for part in parts:
        match part:
            case ("is", fact, value):
                slots.setdefault(fact, []).append(_word(value))
            case ("not", ("is", fact, value)):
                slots.setdefault(fact, []).append(f"~{_word(value)}")
            case ("at_least" | "below", fact, _):
                slots.setdefault(fact, []).append(f":{_test(part)}")
            case _:
                tests.append(_test(part))
    for fact in _facts(("all", *(part for part in parts if part[0] != "is"))):
        constraints = slots.setdefault(fact, [])
        if not any(constraint[0] == "~" for constraint in constraints) or tests:
            constraints.insert(0, f"?{fact}")
    pattern = " ".join(f"({fact} {'&'.join(constraints)})" for fact, constraints in slots.items())
    return f"(defrule {name} (case {pattern}) {' '.join(f'(test {t})' for t in tests)} => (holds {name}))"


def _word(value: object) -> str:
    return str(value).upper() if isinstance(value, bool) else str(value)


def _test(condition: Condition) -> str:
    match condition:
        case ("is", fact, value):
            return f"(eq ?{fact} {_word(value)})"
        case ("at_least", fact, number):
            return f"(>= ?{fact} {number})"
        case ("below", fact, number):
            return f"(< ?{fact} {number})"
        case ("not", inner):
            return f"(not {_test(inner)})"
        case ("all" | "any" as word, *parts):
            return f"({'and' if word == 'all' else 'or'} {' '.join(map(_test, parts))})"
    raise ValueError(condition)


def _facts(condition: Condition) -> list[str]:
    match condition:
        case ("is" | "at_least" | "below", fact, _):
            return [fact]
        case ("not" | "all" | "any", *parts):
            return list(dict.fromkeys(fact for part in parts for fact in _facts(part)))
    raise ValueError(condition)
