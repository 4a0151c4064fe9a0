"""Many independent rules over 20 facts, and cases for them: what engines do as policies grow.

*Selective*: two words out of a hundred each, and for half of the rules a number too, so that of 10,000 rules about one
holds. *Unselective*: eight facts of two values each, so that no single test rules out much.
"""

import random
from collections.abc import Callable

from comparison.conditions import holds
from comparison.specification import Case, Condition, Rules, Values

WORDS = tuple(f"k{number:02d}" for number in range(100))
_WORD_FACTS = tuple(f"c{number:02d}" for number in range(10))
_NUMBER_FACTS = tuple(f"n{number:02d}" for number in range(10))


def synthetic_rules(count: int, seed: int = 3, *, selective: bool = True) -> Rules:
    """That many rules, each a conjunction; the first ones of a larger set are the smaller set."""
    chance = random.Random(seed)
    one = _selective if selective else _unselective
    words = WORDS if selective else WORDS[:2]
    facts: dict[str, Values] = {
        **dict.fromkeys(_WORD_FACTS, words),
        **dict.fromkeys(_NUMBER_FACTS, range(100)),
    }
    return Rules(facts, {}, {f"s{number:05d}": one(chance) for number in range(count)})


def _selective(chance: random.Random) -> Condition:
    tests: list[Condition] = [("is", fact, chance.choice(WORDS)) for fact in chance.sample(_WORD_FACTS, 2)]
    if chance.random() < 0.5:
        tests.append(("at_least", chance.choice(_NUMBER_FACTS), chance.randrange(10, 90)))
    return ("all", *tests)


def _unselective(chance: random.Random) -> Condition:
    return ("all", *(("is", fact, chance.choice(WORDS[:2])) for fact in chance.sample(_WORD_FACTS, 8)))


def synthetic_cases(count: int, rules: Rules, seed: int = 4) -> list[Case]:
    """That many cases; in every second one at least one rule holds."""
    chance = random.Random(seed)
    conditions = list(rules.rules.values())
    made: list[Case] = []
    for number in range(count):
        case: Case = {fact: chance.choice(values) for fact, values in rules.facts.items()}
        if number % 2:
            case.update({fact: value for _, fact, value in chance.choice(conditions)[1:]})
        made.append(case)
    return made


def brute_force(rules: Rules) -> Callable[[Case], list[str]]:
    """The rules that hold, one after the other: what every engine must come to."""
    return lambda case: [
        name for name, condition in rules.rules.items() if holds(condition, case, rules.named)
    ]
