"""The reference by hand, after every fact was read strictly: its name, its type and its range."""

from comparison.engines.python_fired import decide_by_hand
from comparison.specification import FACTS, YES_OR_NO, Answer, Case, Decide

TITLE, KIND = "Python by hand: the same, facts checked first", "baseline"
DISTRIBUTION = MODULE = None
FIRED, DUTIES = "all", True

_YES_OR_NO = tuple(fact for fact, values in FACTS.items() if values == YES_OR_NO)
_NUMBERS = tuple((fact, values[0], values[-1]) for fact, values in FACTS.items() if isinstance(values, range))
_WORDS = tuple((fact, frozenset(values)) for fact, values in FACTS.items() if isinstance(values[0], str))


def decide() -> Decide:
    """The function."""
    return _decide


def _decide(case: Case) -> Answer:
    if len(case) != len(FACTS):
        raise ValueError("a fact too many or too few")
    for fact in _YES_OR_NO:
        answer = case[fact]
        if answer is not True and answer is not False:
            raise ValueError(fact)
    for fact, least, most in _NUMBERS:
        number = case[fact]
        if type(number) is not int or not least <= number <= most:
            raise ValueError(fact)
    for fact, words in _WORDS:
        if case[fact] not in words:
            raise ValueError(fact)
    return decide_by_hand(case)
