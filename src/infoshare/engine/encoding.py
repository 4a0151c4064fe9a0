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


def encoder(plan: Plan, variable: Variable) -> Callable[[tuple[Any, ...]], int | None]:
    """What turns the facts of a case into a value of a variable; None where it is unknown."""
    position, assumed = variable.position, variable.fact.assumed if plan.presume else None
    encode = encoding(plan, variable)

    def of(values: tuple[Any, ...]) -> int | None:
        value = values[position]
        if value is None:
            value = assumed
        return None if value is None or value == UNSURE else encode(value)

    return of
