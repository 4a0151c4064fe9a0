"""Answers -> the whole numbers by which the definition's variables know them (`meaning.world`)."""

from collections.abc import Callable
from typing import Any, assert_never

from infoshare.engine.plan import Plan, Variable
from infoshare.meaning.types import UNSURE, Date, Number, OneOf, SomeOf, Text, YesNo


def encoding(plan: Plan, variable: Variable) -> Callable[[Any], int]:
    """What turns a known answer of a variable's fact into a value of the variable."""
    match variable.fact.type:
        case YesNo() | Number():
            return int
        case OneOf(values):
            return {value: index for index, value in enumerate(values)}.__getitem__
        case SomeOf():
            return lambda answer: int(variable.option in answer)
        case Date():
            return lambda answer: int(answer.toordinal())
        case Text():
            texts = {text: value for value, text in plan.atoms.texts().items()}
            return lambda answer: texts.get(answer, 0)
        case _:
            assert_never(variable.fact.type)


def encoder(plan: Plan, variable: Variable) -> Callable[[Any], int | None]:
    """What turns what was read of a variable's fact into a value of the variable; None where it is unknown."""
    assumed = variable.fact.assumed if plan.presume else None
    encode = encoding(plan, variable)

    def of(answer: Any) -> int | None:
        if answer is None:
            answer = assumed
        return None if answer is None or answer == UNSURE else encode(answer)

    return of
