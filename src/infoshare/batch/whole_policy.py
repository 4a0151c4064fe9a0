"""A policy and a day -> the diagrams that decide any case, and from them programs over bit columns.

The evaluator is run once, on the case of which nothing is known. What it gives are functions of all facts at once;
a row of a table is then not evaluated but looked up in them. Where they cannot be had (the budget of the diagrams
runs out) there is no form, and rows are decided one by one (`row_groups`).
Invariant: a program says of each row what `deciding.decide` says of the case. Deliberately not here: rows.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import TypeAlias

import attrs

from infoshare.batch.circuit import YES, Circuit, DiagramCircuit, Open, Program, Shape
from infoshare.budget import Budget
from infoshare.meaning.case import Case
from infoshare.meaning.consequences import visible
from infoshare.meaning.diagram import Diagram
from infoshare.meaning.evaluator import holds
from infoshare.meaning.model import Compare, Model
from infoshare.meaning.outlook import Outlook
from infoshare.meaning.view import view
from infoshare.meaning.world import World
from infoshare.outcome import OUTCOMES, Act, Outcome

ADVICE = OUTCOMES.index(Outcome.SEEK_ADVICE)

MORE = 200_000
"""Pairs of diagrams joined for the columns, beyond what the evaluator may join."""


Differs: TypeAlias = Sequence[tuple[int, Diagram]]
"""For some opaque variables, where it alone changes something."""


@attrs.frozen(eq=False)
class WholePolicy:
    """What is asked of a case, each as the diagram of the completions that may not be there, or must be, for it.

    Attributes:
        possible: where it can be (and is not ruled out) that: the case `can be`, an outcome, `only advice`,
            `conflict`, `must` (a clause that says it stands), `not mandatory`, and of each clause that it does not stand.
        inexact: where something depends on an opaque variable: always counted; counted where the decision is to
            seek advice; where it is another; and where sharing is possible.
        compared: the opaque variables that stand for two facts compared with each other.
    """

    world: World
    possible: Mapping[str, Diagram]
    stands_not: Mapping[str, Diagram]
    inexact: tuple[Differs, Differs, Differs, Differs]
    compared: Mapping[int, Compare]


def functions_of(model: Model, day: date) -> WholePolicy | None:
    """The functions that decide any case of a policy on a day; None where they grow too large, or there are none."""
    if model.uses_new_forms:
        return None
    if not model.policy_in_force(day):
        return _out_of_force(model, day)
    seen = view(model, Case(), day, {})
    standing = seen.standing
    if_advice, if_other = (visible(seen, outcome) for outcome in (Outcome.SEEK_ADVICE, Outcome.SHARE))
    return _functions(
        seen.outlook,
        {str(o): where for o, where in standing.outcome.items()}
        | {"only advice": standing.only[Outcome.SEEK_ADVICE], "conflict": standing.conflict},
        (standing.must, standing.mandatory),
        standing.stands,
        (
            [*standing.stands.values(), *if_advice["outcome"], *if_advice["mandatory"]],
            if_advice["duties"],
            if_other["duties"],
            if_advice["disclosures"],
        ),
    )


def _out_of_force(model: Model, day: date) -> WholePolicy | None:
    """The outcome is then the same for all; what is left is what cannot be, and the duties of every decision."""
    world = World(model, Case(), day, {})
    yes, no = world.diagrams.yes, world.diagrams.no
    duties = [
        holds(world, attrs.evolve(duty, policy=None))
        for duty in model.duties.values()
        if any(timing.act is Act.DECIDING for timing in duty.timings)
    ]
    outcome = {str(o): yes if o is Outcome.SEEK_ADVICE else no for o in OUTCOMES}
    return _functions(
        Outlook(world), outcome | {"only advice": no, "conflict": no}, (no, no), {}, (duties, [], [], [])
    )


def _functions(
    outlook: Outlook,
    possible: Mapping[str, Diagram],
    must: tuple[Diagram, Diagram],
    stands: Mapping[str, Diagram],
    counted: tuple[Sequence[Diagram], Sequence[Diagram], Sequence[Diagram], Sequence[Diagram]],
) -> WholePolicy | None:
    world, care = outlook.world, outlook.care
    given = [care, *must, *possible.values(), *stands.values(), *(w for ws in counted for w in ws)]
    if any(where.undecided for where in given):
        return None
    world.diagrams.budget = Budget(MORE)  # what is made from here on only the columns need
    joined = {name: care & where for name, where in possible.items()}
    stands_must, mandatory = must
    joined |= {"can be": care, "must": care & stands_must, "not mandatory": care & ~mandatory}
    stands_not = {name: care & ~where for name, where in stands.items()}
    always, if_advice, if_other, if_shareable = (tuple(_differs(world, ws)) for ws in counted)
    inexact = (always, if_advice, if_other, if_shareable)
    made = [*joined.values(), *stands_not.values(), *(where for ds in inexact for _, where in ds)]
    if any(where.undecided for where in made):
        return None
    return WholePolicy(world, joined, stands_not, inexact, _compared(world))


def _differs(world: World, functions: Iterable[Diagram]) -> Iterable[tuple[int, Diagram]]:
    """Where one opaque variable alone changes these, whatever `impossible` rules out."""
    restrict = world.diagrams.restrict
    for where in dict.fromkeys(functions):
        for index in where.variables:
            if world.variables[index].opaque:
                yes, no = (restrict(where, {index: value}) for value in (1, 0))
                yield index, (yes & ~no) | (no & ~yes)


def _compared(world: World) -> dict[int, Compare]:
    found = {}
    for name, variable in world._by_name.items():  # noqa: SLF001 - what an opaque variable stands for
        if variable.opaque and isinstance(name, tuple) and isinstance(name[1][0], Compare):
            found[variable.index] = name[1][0]
    return found


def turns_of(whole: WholePolicy, keys: Collection[str]) -> Mapping[str, Diagram]:
    """For each of these facts and lists, where another answer to it alone changes the outcome."""
    world, diagrams = whole.world, whole.world.diagrams
    diagrams.budget = Budget(MORE)
    can_be, exists = whole.possible["can be"], diagrams.exists
    found = dict.fromkeys(keys, diagrams.no)
    for variable in world.variables:
        together = frozenset({variable.index}) if variable.opaque else world.of_key(variable.keys[0])
        turns = diagrams.either(
            exists(where, together) & exists(can_be & ~where, together)
            for where in (whole.possible[str(o)] for o in OUTCOMES)
            if where.depends_on(variable.index)
        )
        for key in variable.keys:
            if key in found:
                found[key] = found[key] | turns
    return {key: diagrams.yes if where.undecided else where for key, where in found.items()}


def program_of(whole: WholePolicy, shape: Shape, turns: Mapping[str, Diagram]) -> Program:
    """What decides a table of this shape.

    Its outputs are `outcome0`, `outcome1`, `basis0`, `basis1` (the numbers of outcome and basis in twos),
    `possible0` to `possible3`, `mandatory` and `mandatory?` (whether that is certain), `inexact`, `impossible`, and
    for each clause `fired:NAME`, and `waits:NAME` for what is given as `turns`.
    """
    return _Maker(whole, shape).program(turns)


class _Maker:
    def __init__(self, whole: WholePolicy, shape: Shape) -> None:
        self.whole, self.circuit = whole, Circuit()
        self._signal = DiagramCircuit(self.circuit, whole.world, shape, whole.compared).of

    def program(self, turns: Mapping[str, Diagram]) -> Program:
        whole, circuit = self.whole, self.circuit
        can_be = {name: self._signal(where) for name, where in whole.possible.items()}
        possible = [can_be[str(o)] for o in OUTCOMES]
        settled = [
            circuit.both(p, circuit.opposite(circuit.any_of([*possible[:i], *possible[i + 1 :]])))
            for i, p in enumerate(possible)
        ]
        advice = circuit.opposite(circuit.any_of(settled[:ADVICE]))
        several = circuit.both(advice, circuit.opposite(settled[ADVICE]))
        neither = circuit.both(settled[ADVICE], circuit.opposite(can_be["only advice"]))
        conflict = circuit.both(neither, can_be["conflict"])
        silence = circuit.both(neither, circuit.opposite(can_be["conflict"]))
        by_must = circuit.opposite(can_be["not mandatory"])
        mandatory = circuit.both(by_must, circuit.opposite(several))
        never = circuit.either(neither, circuit.opposite(can_be["must"]))
        outputs = {
            "outcome0": circuit.either(settled[1], advice),
            "outcome1": circuit.either(settled[2], advice),
            "basis0": circuit.either(several, silence),
            "basis1": circuit.either(conflict, silence),
            "mandatory": mandatory,
            "mandatory?": circuit.either(mandatory, never),
            "impossible": circuit.opposite(can_be["can be"]),
            "inexact": self._inexact(advice, possible[0]),
        }
        outputs |= {f"possible{i}": p for i, p in enumerate(possible)}
        outputs |= {
            f"fired:{name}": circuit.opposite(self._signal(where)) for name, where in whole.stands_not.items()
        }
        outputs |= {f"waits:{key}": self._signal(where) for key, where in turns.items()}
        return circuit.program(outputs)

    def _inexact(self, advice: int, shareable: int) -> int:
        """The rows in which something that counts depends on an opaque variable."""
        circuit = self.circuit
        counted = (YES, advice, circuit.opposite(advice), shareable)
        return circuit.any_of(
            [
                circuit.both(where, circuit.any_of([self._turns(i, differs) for i, differs in several]))
                for where, several in zip(counted, self.whole.inexact, strict=True)
            ]
        )

    def _turns(self, variable: int, differs: Diagram) -> int:
        is_open = self.circuit.input(Open(variable)) if variable in self.whole.compared else YES
        return self.circuit.both(is_open, self._signal(differs))
