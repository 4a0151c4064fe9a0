"""Answers -> the whole numbers by which the definition's variables know them (`meaning.world`)."""

from bisect import bisect_right
from collections.abc import Callable, Mapping
from typing import Any

from infoshare.engine.plan import Plan, Variable
from infoshare.meaning.model import Provision
from infoshare.meaning.types import UNSURE, Text

ToldApart = Mapping[int, Callable[[Any], object]]
"""For some facts, by their position: what turns a known answer into what is told apart of it."""


def encoding(plan: Plan, variable: Variable) -> Callable[[Any], int]:
    """What turns a known answer of a variable's fact into a value of the variable."""
    return plan.atoms.world.encoder(variable.fact, variable.option)


def encoder(plan: Plan, variable: Variable) -> Callable[[Any], int | None]:
    """What turns what was read of a variable's fact into a value of the variable; None where it is unknown."""
    assumed = variable.fact.assumed if plan.presume else None
    encode = encoding(plan, variable)

    def of(answer: Any) -> int | None:
        if answer is None:
            answer = assumed
        return None if answer is None or answer == UNSURE else encode(answer)

    return of


def told_apart(plan: Plan, provision: Provision) -> ToldApart:
    """What the conditions of a provision tell apart of each of their facts; texts are told apart as they are."""
    found: dict[int, list[tuple[tuple[int, ...], Callable[[Any], int]]]] = {}
    for variable in plan.variables_of(provision):
        if not isinstance(variable.fact.type, Text):
            of_fact = found.setdefault(variable.position, [])
            of_fact.append((variable.bounds, encoding(plan, variable)))

    def of(variables: list[tuple[tuple[int, ...], Callable[[Any], int]]]) -> Callable[[Any], object]:
        return lambda answer: tuple([bisect_right(bounds, encode(answer)) for bounds, encode in variables])

    return {position: of(variables) for position, variables in found.items()}
