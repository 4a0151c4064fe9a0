"""A policy looked at over every case there can be: clashes, silences, guarantees, idle conditions.

Everything is read off the decision diagrams of the case that says nothing: with every fact unknown,
its completions are all the cases. What is found comes with a *witness*, a case that shows it and
that `decide` confirms. Exact, but for quantifiers over lists and comparisons of two facts, which
count as true or false independently: a finding that hangs on one is marked as such.

Invariant: pure; a day is an input. Deliberately not here: codes, messages and places (`findings`).
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import combinations

import attrs

from infoshare.meaning.case import Case
from infoshare.meaning.diagram import Diagram
from infoshare.meaning.evaluator import due
from infoshare.meaning.model import Clause, Guarantee, Model
from infoshare.meaning.types import Answer, Date, Number, OneOf, SomeOf, Text, YesNo, plain
from infoshare.meaning.view import View, view
from infoshare.meaning.world import Variable, domain
from infoshare.outcome import Outcome


@attrs.frozen
class Witness:
    """A case that shows something, as a case file holds it.

    Attributes:
        exact: whether it shows it for certain; if not, it hangs on lists or on facts compared with one another.
    """

    case: Mapping[str, Mapping[str, object]]
    as_of: date
    exact: bool


@attrs.frozen
class Clash:
    """Two clauses of different outcome that can stand together, and a case in which they do."""

    first: str
    second: str
    witness: Witness


@attrs.frozen
class Breach:
    """A guarantee that can fail, and a case in which it does."""

    guarantee: str
    witness: Witness


class Analysis:
    """A policy on one day, over every case."""

    def __init__(self, model: Model, day: date) -> None:
        self.model, self.day = model, day
        self.view: View = view(model, Case(), day, {})
        self._outlook = self.view.outlook

    def clashes(self) -> Iterator[Clash]:
        """Every pair of clauses of different outcome that can stand together."""
        stands = self.view.standing.stands
        live = [c for c in self.model.clauses.values() if self._outlook.possible(stands[c.name])]
        for first, second in combinations(live, 2):
            if first.outcome is not second.outcome:
                witness = self.witness(stands[first.name] & stands[second.name])
                if witness is not None:
                    yield Clash(first.name, second.name, witness)

    def silence(self) -> Witness | None:
        """A case that no clause decides, if there is one."""
        return self.witness(self.view.standing.silence)

    def breaches(self) -> Iterator[Breach]:
        """Every guarantee that can fail."""
        for guarantee in self.model.guarantees.values():
            witness = self.witness(self._broken(guarantee))
            if witness is not None:
                yield Breach(guarantee.name, witness)

    def condition(self, clause: Clause) -> bool | None:
        """Whether what a clause says of the facts is so in every case (True), in none (False), or in some."""
        when = self.view.world.truth(clause.when)
        if clause.unless is not None:
            when = when & ~self.view.world.truth(clause.unless)
        return self.view.everywhere(when)

    def witness(self, where: Diagram) -> Witness | None:
        """A case in which something is so, if there is one; the exact ones first."""
        found = self._path(self._outlook.care & where)
        if found is None:
            return None
        groups: dict[str, dict[str, object]] = {}
        ticked: dict[str, set[str]] = {}
        exact = not where.undecided
        for index, value in found.items():
            variable = self.view.world.variables[index]
            if variable.fact is None:
                exact = False
                continue
            group = groups.setdefault(variable.fact.group, {})
            if variable.option is not None:
                chosen = ticked.setdefault(variable.fact.path, set())
                chosen.update([variable.option] if value else [])
                group[variable.fact.name] = plain(frozenset(chosen), variable.fact.type)
            else:
                group[variable.fact.name] = plain(self._answer(variable, value), variable.fact.type)
        return Witness(groups, self.day, exact)

    def _broken(self, guarantee: Guarantee) -> Diagram:
        standing, world = self.view.standing, self.view.world
        if guarantee.duty is not None:
            duty = self.model.duties[guarantee.duty]
            # what a complete case brings: the duties of its own outcome, never those of seeking advice meanwhile
            so = due(world, standing, duty, Outcome.SHARE)
        else:
            assert guarantee.outcome is not None
            so = standing.outcome[guarantee.outcome]
        return world.truth(guarantee.when) & (so if guarantee.modality == "never" else ~so)

    def _path(self, where: Diagram) -> dict[int, int] | None:
        """Values of variables that lead to yes, by the shortest way; opaque variables only where they must."""
        if where.truth is not None:
            return {} if where is self.view.world.diagrams.yes else None
        best: dict[int, tuple[int, dict[int, int]] | None] = {}

        def cost(node: Diagram) -> tuple[int, dict[int, int]] | None:
            if node.truth is not None:
                return (0, {}) if node is self.view.world.diagrams.yes else None
            if id(node) not in best:
                opaque = self.view.world.variables[node.var].opaque
                found = None
                for value, child in self._edges(node):
                    rest = cost(child)
                    if rest is not None:
                        price = rest[0] + (1000 if opaque else 1)
                        if found is None or price < found[0]:
                            found = price, {node.var: value, **rest[1]}
                best[id(node)] = found
            return best[id(node)]

        found = cost(where)
        return None if found is None else found[1]

    def _edges(self, node: Diagram) -> Iterator[tuple[int, Diagram]]:
        """Each child with a value of the variable that leads to it."""
        fact = self.view.world.variables[node.var].fact
        first = 0 if fact is None else domain(fact)[0]
        below = node.bounds[0] - 1 if first is None else first
        yield from zip((below, *node.bounds), node.children, strict=True)

    def _answer(self, variable: Variable, value: int) -> Answer:
        assert variable.fact is not None
        match variable.fact.type:
            case YesNo():
                return bool(value)
            case OneOf(values):
                return values[value]
            case Date():
                return date.fromordinal(value)
            case Text():
                return self.view.world.text_of(value)
            case Number() | SomeOf():
                return value


def days(model: Model) -> list[date]:
    """A day for each stretch of time in which nothing of the policy changes, while it is in force."""
    header = model.header
    changes: set[date] = set()
    for provision in model.in_policy_order(
        p
        for table in (model.clauses, model.exceptions, model.duties, model.safeguards, model.advice)
        for p in table.values()
    ):
        changes.update(d for d in (provision.start, provision.end and provision.end + timedelta(1)) if d is not None)
    for each in model.headers.values():
        changes.update(d for d in (each.start, each.end and each.end + timedelta(1)) if d is not None)
    for value in model.values.values():
        changes.update(start for start, _ in value.steps)
    first = header.start if header and header.start else min(changes, default=date.min) - timedelta(
        1 if changes and min(changes) > date.min else 0
    )
    return [first, *sorted(d for d in changes if d > first and model.policy_in_force(d))]
