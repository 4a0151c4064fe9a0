"""A condition of the specification -> its truth, or the same in the language of an engine.

Imports nothing that a Python process has not loaded, as engines are timed from a cold start.
"""

from collections.abc import Mapping

from comparison.specification import Case, Condition, Rules


def holds(condition: Condition, case: Case, named: Mapping[str, Condition]) -> bool:
    """Whether a condition holds in a complete case, by definition."""
    match condition:
        case ("is", fact, value):
            return bool(case[fact] == value)
        case ("at_least", fact, number):
            return bool(case[fact] >= number)
        case ("below", fact, number):
            return bool(case[fact] < number)
        case ("named", name):
            return holds(named[name], case, named)
        case ("not", inner):
            return not holds(inner, case, named)
        case ("all", *parts):
            return all(holds(part, case, named) for part in parts)
        case ("any", *parts):
            return any(holds(part, case, named) for part in parts)
        case _:
            raise ValueError(condition)


def inlined(condition: Condition, named: Mapping[str, Condition]) -> Condition:
    """With every named condition put in place of its name."""
    match condition:
        case ("named", name):
            return inlined(named[name], named)
        case ("not" | "all" | "any" as word, *parts):
            return (word, *(inlined(part, named) for part in parts))
        case _:
            return condition


def pushed(condition: Condition, *, negated: bool = False) -> Condition:
    """With `not` only before a word or a name: for engines that have no `not` around a condition."""
    match condition:
        case ("not", inner):
            return pushed(inner, negated=not negated)
        case ("all" | "any" as word, *parts):
            other = {"all": "any", "any": "all"}[word] if negated else word
            return (other, *(pushed(part, negated=negated) for part in parts))
        case ("is", fact, bool(value)) if negated:
            return ("is", fact, not value)
        case ("at_least", fact, number) if negated:
            return ("below", fact, number)
        case ("below", fact, number) if negated:
            return ("at_least", fact, number)
    return ("not", condition) if negated else condition


def alternatives(rules: Rules, condition: Condition) -> list[list[Condition]]:
    """As alternatives, each a list of tests that must all pass (`is`, `not is`, `at_least`, `below`)."""
    found: list[list[Condition]] = []
    for tests in _alternatives(pushed(inlined(condition, rules.named))):
        unique = list(dict.fromkeys(tests))
        if not any(test[0] == "is" and ("is", test[1], not test[2]) in unique for test in unique):
            found.append(unique)
    return found


def _alternatives(condition: Condition) -> list[list[Condition]]:
    match condition:
        case ("any", *parts):
            return [tests for part in parts for tests in _alternatives(part)]
        case ("all", *parts):
            so_far: list[list[Condition]] = [[]]
            for part in parts:
                so_far = [[*before, *after] for before in so_far for after in _alternatives(part)]
            return so_far
        case _:
            return [[condition]]


class Infix:
    """How a language with infix operators writes things."""

    def __init__(self, words: str, *, fact: str = "{}", quote: str = "'", named: str = "{}") -> None:
        """`words` are those for and, or, not and true, between commas."""
        self.conjunction, self.disjunction, self.negation, self.true = words.split(",")
        self.fact, self.quote, self.named = fact, quote, named

    def write(self, condition: Condition) -> str:
        """The condition as text, in brackets wherever it has parts."""
        match condition:
            case ("is", fact, True):
                return self.fact.format(fact)
            case ("is", fact, False):
                return f"{self.negation}{self.fact.format(fact)}"
            case ("is", fact, value):
                return f"{self.fact.format(fact)} == {self.quote}{value}{self.quote}"
            case ("not", ("is", fact, str(value))):
                return f"{self.fact.format(fact)} != {self.quote}{value}{self.quote}"
            case ("at_least", fact, number):
                return f"{self.fact.format(fact)} >= {number}"
            case ("below", fact, number):
                return f"{self.fact.format(fact)} < {number}"
            case ("named", name):
                return self.named.format(name)
            case ("not", inner):
                return f"{self.negation}({self.write(inner)})"
            case ("all",):
                return self.true
            case ("all", *parts):
                return f" {self.conjunction} ".join(self._part(part) for part in parts)
            case ("any", *parts):
                return f" {self.disjunction} ".join(self._part(part) for part in parts)
            case _:
                raise ValueError(condition)

    def _part(self, condition: Condition) -> str:
        text = self.write(condition)
        return f"({text})" if condition[0] in {"all", "any"} else text

    def rules(self, rules: Rules, *, keep_names: bool = False) -> dict[str, str]:
        """Every rule as text; named conditions are written out unless the language has names of its own."""
        named = {} if keep_names else rules.named
        return {
            name: self.write(condition if keep_names else inlined(condition, named))
            for name, condition in rules.rules.items()
        }
