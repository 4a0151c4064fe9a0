"""The solver that looks for cases: what it finds, and what it says cannot be, against trying every value."""

from itertools import product
from random import Random

import pytest

from infoshare.analysis.solver import Solver
from infoshare.budget import Budget
from infoshare.meaning.diagram import Diagram
from infoshare.meaning.formula import Formula, Formulas

VARIABLES, VALUES = 5, 3


def formula(rng: Random, formulas: Formulas, depth: int) -> Diagram:
    if not depth or rng.random() < 0.2:
        return formulas.test(rng.randrange(VARIABLES), rng.choice((None, 1)), rng.choice((None, 2)))
    parts = [formula(rng, formulas, depth - 1) for _ in range(rng.randint(1, 3))]
    match rng.choice(("all", "any", "not", "some")):
        case "all":
            found = formulas.yes
            for part in parts:
                found = found & part
            return found
        case "any":
            return formulas.either(parts)
        case "not":
            return ~parts[0]
        case _:
            return formulas.exists(parts[0], [rng.randrange(VARIABLES)])


def holds(where: Diagram, values: tuple[int, ...]) -> bool:
    if not isinstance(where, Formula):
        return where is where.home.yes
    parts = where.parts
    match where.kind:
        case "test":
            low, high = where.over
            value = values[where.var]
            return (low is None or low <= value) and (high is None or value < high)
        case "not":
            return not holds(parts[0], values)
        case "all":
            return all(holds(part, values) for part in parts)
        case "any":
            return any(holds(part, values) for part in parts)
        case _:
            (left_out,) = where.over
            assert left_out is not None
            ways = [(*values[:left_out], value, *values[left_out + 1 :]) for value in range(VALUES)]
            return any(holds(parts[0], way) for way in ways)


@pytest.mark.parametrize("start", range(0, 150, 50))
def test_a_question_is_answered_as_trying_every_value_answers_it(start):
    answers = [answer for seed in range(start, start + 50) for answer in asked(Random(seed))]
    assert answers.count(True) > 100
    assert answers.count(False) > 100


def asked(rng: Random) -> list[bool]:
    """The answers to some questions in turn, each held against trying every value."""
    formulas, solver = Formulas(), Solver()
    every = list(product(range(VALUES), repeat=VARIABLES))
    known = [formula(rng, formulas, 4) for _ in range(6)]
    always: list[Diagram] = []
    answers = list[bool]()
    for _ in range(12):
        if rng.random() < 0.2:
            fact = rng.randrange(VARIABLES)
            solver.prefer(fact, rng.randrange(VALUES))
        if rng.random() < 0.1:  # from now on one of these is so
            chosen = rng.sample(known, 2)
            always.append(formulas.either(chosen))
            solver.clause([solver.literal(each) for each in chosen])
        so = rng.sample(known, rng.randint(1, 3))
        so = [each if rng.random() < 0.7 else ~each for each in so]
        literals = [solver.literal(each) for each in so]
        possible = [v for v in every if all(holds(each, v) for each in (*always, *so))]
        assert solver.possible(literals, Budget(10**6)) is bool(possible)
        answers.append(bool(possible))
        if possible:
            solver.note(range(VARIABLES))
            found = tuple(min(solver.values.get(v, 0), VALUES - 1) for v in range(VARIABLES))
            assert found in possible
        else:
            clash = [each for each, literal in zip(so, literals, strict=True) if literal in solver.needed]
            assert not any(all(holds(each, v) for each in (*always, *clash)) for v in every)
    return answers


def test_what_is_preferred_is_found_where_nothing_speaks_against_it():
    formulas, solver = Formulas(), Solver()
    tests = [formulas.test(v, 1, None) for v in range(VARIABLES)]
    for each in tests:
        solver.literal(each)
    for variable in range(1, VARIABLES):
        solver.prefer(variable, 1)
    assert solver.possible([solver.literal(formulas.either(tests[:2]) & ~tests[2])], Budget(1000)) is True
    solver.note(range(VARIABLES))
    assert [solver.values[v] for v in range(VARIABLES)] == [0, 1, 0, 1, 1]


def test_where_the_steps_do_not_suffice_nothing_is_said():
    formulas, solver = Formulas(), Solver()
    where = formulas.yes
    for variable in range(VARIABLES):
        where = where & formulas.either(
            [formulas.test(variable, 1, None), formulas.test(variable + 1, None, 1)]
        )
    assert solver.possible([solver.literal(where)], Budget(1)) is None
    assert solver.possible([solver.literal(where)], Budget(1000)) is True
