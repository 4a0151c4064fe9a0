"""What of a policy is compiled for a day: its facts, what is asked of each, and the provisions in force.

Invariant: every condition of the plan can be answered from the facts of plain groups alone; a policy for
which that is not so has no plan (`NoFastFormError`), and the definition decides it.
Deliberately not here: the code that is made of it.
"""

from collections.abc import Iterable
from datetime import date
from functools import cached_property

import attrs

from infoshare.engine.atoms import Atom, Atoms, NoFastFormError, conjuncts_of
from infoshare.engine.lanes import Regions
from infoshare.meaning.model import Atomic, Fact, Model, Provision, Quantified, parts
from infoshare.meaning.presumption import in_doubt
from infoshare.meaning.types import Answer, OneOf, YesNo


@attrs.frozen
class Variable:
    """One variable of one fact, and what is asked of it.

    Attributes:
        position: of the fact among the facts of the plan.
        option: for one option of a some-of fact.
    """

    position: int
    fact: Fact
    option: str | None
    atoms: tuple[Atom, ...]

    @property
    def bounds(self) -> tuple[int, ...]:
        """Where some atom tells values apart."""
        return tuple(sorted({bound for atom in self.atoms for bound in atom.bounds}))

    def truths(self, value: int) -> tuple[bool, ...]:
        """The truth of each atom for an encoded value."""
        return tuple(atom.of(value) for atom in self.atoms)

    @property
    def regions(self) -> Regions:
        """The values told apart, each kind once."""
        bounds = self.bounds
        starts = (bounds[0] - 1, *bounds)
        return Regions(tuple(dict.fromkeys(self.truths(start) for start in starts)))


@attrs.frozen(slots=False)
class Plan:
    """A policy on a day, ready to be compiled.

    Attributes:
        facts: every fact of a plain group, in policy order.
        lists: the names of the groups that are lists.
        provisions: exceptions, clauses, duties and advice in force, each after whatever acts on it.
        presume: whether `unanswered means` is applied.
    """

    model: Model
    day: date
    presume: bool
    facts: tuple[Fact, ...]
    lists: tuple[str, ...]
    provisions: tuple[Provision, ...]
    atoms: Atoms

    @cached_property
    def position(self) -> dict[str, int]:
        """Where each fact stands among the facts, by its path."""
        return {fact.path: i for i, fact in enumerate(self.facts)}

    @cached_property
    def number(self) -> dict[str, int]:
        """Which number each provision has, by its name."""
        return {provision.name: number for number, provision in enumerate(self.provisions)}

    @cached_property
    def doubtful(self) -> tuple[int, ...]:
        """The facts, by position, of which somebody's being unsure may keep something from being assumed."""
        told = in_doubt(self.model, self.day) if self.presume else ()
        return tuple(position for position, fact in enumerate(self.facts) if fact.path in told)

    @cached_property
    def groups(self) -> dict[str, list[int]]:
        """The plain groups, and the positions of their facts."""
        found: dict[str, list[int]] = {g.name: [] for g in self.model.groups.values() if not g.each}
        for position, fact in enumerate(self.facts):
            found[fact.group].append(position)
        return found

    @cached_property
    def variables(self) -> tuple[Variable, ...]:
        """What is asked of each fact; to be looked at once every condition has been taken apart."""
        return self._variables(self.atoms.all)

    def variables_of(self, provision: Provision) -> tuple[Variable, ...]:
        """What a provision asks of each fact, each condition taken apart as far as can be."""
        leaves = [
            self._atoms_of_parts.of(part)
            for condition in provision.conditions
            for part in parts(condition, self.model.defines)
            if isinstance(part, Atomic)
        ]
        return self._variables(dict.fromkeys(leaf for leaf in leaves if isinstance(leaf, Atom)))

    def _variables(self, atoms: Iterable[Atom]) -> tuple[Variable, ...]:
        position = self.position
        found: dict[tuple[str, str | None], list[Atom]] = {}
        for atom in atoms:
            found.setdefault((atom.fact.path, atom.option), []).append(atom)
        return tuple(
            Variable(position[path], asked[0].fact, option, tuple(asked))
            for (path, option), asked in sorted(found.items(), key=lambda item: position[item[0][0]])
        )

    @cached_property
    def _atoms_of_parts(self) -> Atoms:
        """For parts of conditions that were taken apart less far when the plan was compiled."""
        return Atoms(self.model, self.day)

    def settled_by(self, provision: Provision) -> dict[int, Answer]:
        """The facts that have one answer alone wherever a provision holds and they are known, by their position."""
        position, found = self.position, dict[int, Answer]()
        for condition in conjuncts_of(provision):
            atom = self._atoms_of_parts.of(condition)
            if isinstance(atom, Atom) and isinstance(atom.fact.type, YesNo | OneOf):
                of = atom.fact.type
                answers: tuple[Answer, ...] = of.values if isinstance(of, OneOf) else (False, True)
                left = [answer for value, answer in enumerate(answers) if atom.of(value)]
                if len(left) == 1:
                    found[position[atom.fact.path]] = left[0]
        return found

    @cached_property
    def bits(self) -> dict[int, int]:
        """How many bits the lanes need for each fact of which something is asked, by its position, in order."""
        found: dict[int, int] = {}
        for variable in self.variables:
            found[variable.position] = found.get(variable.position, 0) + variable.regions.bits
        return found


def plan(model: Model, day: date, *, presume: bool) -> Plan:
    """The plan of a policy for a day.

    Raises:
        NoFastFormError: the policy is out of force, or asks what only the definition can answer.
    """
    if not model.policy_in_force(day) or model.entangled or model.uses_new_forms:
        raise NoFastFormError
    provisions = tuple(p for p in model.in_order() if model.in_force(p, day))
    spoken = [i.condition for i in model.impossibles]
    for provision in (*provisions, *model.safeguards.values()):
        spoken.extend(provision.conditions)
    for condition in spoken:
        for part in parts(condition, model.defines):
            if isinstance(part, Quantified):
                raise NoFastFormError
    if any(value.on(day) is None for value in model.values.values()):
        raise NoFastFormError
    facts = tuple(fact for fact in model.facts.values() if not fact.each)
    lists = tuple(group.name for group in model.groups.values() if group.each)
    return Plan(model, day, presume, facts, lists, provisions, Atoms(model, day))
