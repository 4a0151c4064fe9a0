"""What a decision rests on where each row has an outcome: the assumptions that matter, and as few answers as settle it.

The case is written down as formulas with everything open, and what is known is put in: to ask what comes of it where
one answer is another, or is not known, only what hangs on that answer is looked at again. Of many rows, only those
are opened that are like none before them.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property, reduce
from itertools import chain
from operator import or_
from typing import Any

import attrs

from infoshare.budget import Budget
from infoshare.meaning.case import Row, element_key, element_of, here_of, in_order, key_of, path_of
from infoshare.meaning.consequences import visible
from infoshare.meaning.diagram import Diagram, Diagrams, variables_of
from infoshare.meaning.evaluator import Standing, evaluate, holds_back
from infoshare.meaning.formula import Before, Bits, Formula, Formulas, OfFormulas, Proof, Valuation
from infoshare.meaning.model import SIDES
from infoshare.meaning.types import Answer, Reference
from infoshare.meaning.view import View, by_row
from infoshare.meaning.words import Sample
from infoshare.meaning.world import World
from infoshare.outcome import Basis, Outcome

SPLITS = 100
"""How often every value of something unknown is tried to see what settles a row."""


MOST_OPENED = 400
"""Rows of which each assumption is tried in the case written down with everything open."""

TOGETHER = 16
"""Rows of which it is found together what settles them; of more, row by row."""


class GroundsByRow:
    """The grounds of one decision of which each row has an outcome.

    Args:
        decided: the view of the case as it is.
        fixed: what is known of it and is not opened.
    """

    def __init__(self, decided: View, fixed: Mapping[str, Answer]) -> None:
        self.decided, self.fixed = decided, fixed

    @cached_property
    def _outlook(self) -> OfFormulas:
        """The case as formulas, with everything open."""
        decided = self.decided
        world = World(decided.model, decided.case, decided.world.day, self.fixed, open_lists=True)
        self._budget = world.diagrams.budget.steps
        world.diagrams = Formulas()
        return OfFormulas(world)

    @cached_property
    def _opened(self) -> View:
        """What is said of the case opened; what is decided of each row is as it is."""
        seen = by_row(self._outlook)
        for row, own in self.decided.rows.items():
            vars(seen.rows[row])["outcome"] = own.outcome
        return seen

    @property
    def _known(self) -> dict[str, dict[int, int]]:
        """What is known, by key, as values of variables, as far as it has been asked for."""
        return known_values(self._outlook.world, self.decided.world.known)

    def _valuation(self, wheres: Iterable[Diagram], diagrams: Diagrams | None = None) -> Valuation:
        """What formulas come to with all that is known."""
        known = {variable: value for of_key in self._known.values() for variable, value in of_key.items()}
        return Valuation(wheres, known, diagrams)

    def turning(self, keys: Iterable[str]) -> set[str]:
        """The facts, or lists, of which another answer alone changes anything, in a completion that their own admits."""
        seen, found = self._opened, set[str]()
        wheres = by_number(chain(*visible(seen, self.decided.outcome).values()))
        care = seen.outlook.care
        valuation = self._valuation([care, *wheres.values()], Diagrams(Budget(self._budget)))
        exists, as_it_is, sample = valuation.diagrams.exists, valuation.diagram(care), Sample(valuation, care)
        for key in keys:
            mine = seen.world.of_key(key)
            before = valuation.put(dict.fromkeys(mine))
            hanging = list(valuation.hanging(wheres, before))
            if sample.turns(hanging, mine):
                found.add(key)
            elif hanging:
                can_be = valuation.diagram(care)
                for where in hanging:
                    so = valuation.diagram(where)
                    turned = exists(can_be & so, mine) & exists(can_be & ~so, mine) & as_it_is
                    if turned is not valuation.diagrams.no:
                        found.add(key)
                        break
            valuation.undo(before)
        return found

    def relied_on(self) -> frozenset[str]:
        """As few known facts, and lists, as settle every settled row."""
        decided, alike = self.decided, Alike(self.decided, self.fixed)
        settled = [row for row, own in decided.rows.items() if len(own.possible) == 1]
        # That nobody is listed settles what goes to whom.
        kept = {side for side in SIDES if decided.case.elements.get(side) == ()}
        if len(settled) <= TOGETHER:
            return frozenset(kept | self._settling(settled))
        for row in settled:
            known = alike.settling(row)
            found = self._settling([row]) if known is None else known
            if known is None:
                alike.keep(row, found)
            kept |= found
        return frozenset(kept)

    def _settling(self, settled: Iterable[Row]) -> set[str]:
        """As few known facts, and lists, as settle some rows.

        Kleene's tables name few facts that settle a row, where need be for each answer to what is unknown; of these
        facts each is left out without which the rest still settles. Of a row that they do not settle within
        `SPLITS`, all known facts are named that bear on it.
        """
        world, impossible = self._outlook.world, ~self._outlook.care
        rows = [(where, where | impossible) for where in by_number(map(self._wanted, settled)).values()]
        valuation, keys, bits = self._valuation(chain(*rows)), sorted(self._known), self._bits
        unknown, proofs, needed = valuation.tests.keys() - bits.of.keys(), list[Proof](), 0
        for ways in rows:
            found = (
                valuation.proof(way, unknown, Budget(SPLITS), bits)
                for way in ways
                if isinstance(way, Formula)
            )
            proof = next(filter(None, found), None)
            if proof is None:
                needed |= reduce(or_, (bits.of.get(v, 0) for v in variables_of(ways[0].support)), 0)
            else:
                proofs.append(proof)
        named = reduce(or_, (proof.facts for proof in proofs), needed)
        variables = [world.of_key(key) for key in keys]
        nameless = (of_key for n, of_key in enumerate(variables) if not named >> n & 1)
        valuation.put(dict.fromkeys(chain(*nameless)))
        tried: dict[frozenset[tuple[int, int]], set[int]] = {}
        for proof in proofs:
            for values in proof.wherever:
                tried.setdefault(values, set()).add(proof.where.number)
        everywhere = [(valuation.beside(values), numbers) for values, numbers in tried.items()]
        kept = {keys[n] for n in variables_of(needed)}
        for n in reversed(variables_of(named & ~needed)):
            done: list[tuple[Valuation, Before]] = []
            for each, numbers in everywhere:
                done.append((each, each.put(dict.fromkeys(variables[n]))))
                if not numbers.isdisjoint(done[-1][1].truths):
                    kept.add(keys[n])
                    for changed, before in done:
                        changed.undo(before)
                    break
        return kept

    @property
    def _bits(self) -> Bits:
        """The known facts as bits, in the order of their keys."""
        keys, elements = sorted(self._known), self.decided.case.elements
        sides = [
            (len(elements[side]) - 1, sum(1 << n for n, key in enumerate(keys) if key.startswith(f"{side}[")))
            for side in SIDES
            if len(elements.get(side, ())) > 1
        ]

        def cost(facts: int) -> int:  # rather one fact of the case than one of each element
            return facts.bit_count() + sum(more * (facts & of_side).bit_count() for more, of_side in sides)

        return Bits({v: 1 << n for n, key in enumerate(keys) for v in self._outlook.world.of_key(key)}, cost)

    def _wanted(self, row: Row) -> Diagram:
        """Where the same is settled of a row as is decided."""
        decided, world, here = self.decided, self._outlook.world, here_of(row)
        standing = evaluate(world, here, outcomes_alone=True)
        where = wanted_of(standing, decided.rows[row])
        released = decided.everywhere(decided.goes[row])
        if released is None:
            return where
        back = world.diagrams.either(holds_back(world, standing, s, here) for s, _ in decided.held_back[row])
        nobody = any(decided.case.elements.get(side) == () for side in SIDES)
        goes = world.diagrams.no if nobody else standing.outcome[Outcome.SHARE] & ~back
        return where & (goes if released else ~goes)


class Alike:
    """What settled rows, put to those like them.

    What a policy says does not change when elements change their names. So the facts that settle one row, with
    other elements in the place of its own, settle another one of which these facts have the same answers.
    """

    def __init__(self, decided: View, fixed: Mapping[str, Answer]) -> None:
        self.decided = decided
        facts = decided.model.facts.values()
        self.references = [fact for fact in facts if isinstance(fact.type, Reference)]
        self._places: dict[tuple[str, str] | None, list[tuple[tuple[str, str], object]]] = {}
        self._keys: dict[tuple[tuple[str, str], str], str] = {}
        self._fixed: dict[tuple[str, str], tuple[tuple[str, Answer], ...]] = {}
        for key, answer in fixed.items():
            element = element_of(key)
            if element is not None and not is_name(key):
                self._fixed[element] = (*self._fixed.get(element, ()), (path_of(key), answer))
        self._templates: dict[object, list[Template]] = {}
        self._alone = bool(decided.model.told_by_name) or any(g not in SIDES for g, _ in self._fixed)

    def settling(self, row: Row) -> frozenset[str] | None:
        """The facts that settle a row, if it is like one of which they are known."""
        names = self._names(here_of(row))
        templates = self._templates_of(row, names)
        for index, template in enumerate(() if self._alone else templates):
            filled = self._filled(template, names)
            if filled is not None:
                templates.insert(0, templates.pop(index))  # the next row is likely to be like this one
                return filled
        return None

    def keep(self, row: Row, found: Iterable[str]) -> None:
        """Keeps what settles a row."""
        names = self._names(here_of(row))
        answers = [(_templated(key, names), self._answer(key, names)) for key in found]
        self._templates_of(row, names).append(Template(dict(answers)))

    def _templates_of(self, row: Row, names: Mapping[tuple[str, str], object]) -> "list[Template]":
        decided, own = self.decided, self.decided.rows[row]
        released = decided.everywhere(decided.goes[row])
        fixed = frozenset(
            (place, self._fixed[element]) for element, place in names.items() if element in self._fixed
        )
        settled = (own.outcome, own.basis, own.mandatory, own.strength, released, fixed)
        return self._templates.setdefault(settled, [])

    def _names(self, here: Mapping[str, str]) -> dict[tuple[str, str], object]:
        """For each element of the row, and each that one of its references names, its place: by list and name."""
        names: dict[tuple[str, str], object] = {(group, name): group for group, name in here.items()}
        for element in (None, *here.items()):
            for named, place in self._named_by(element):
                names.setdefault(named, place)
        return names

    def _named_by(self, element: tuple[str, str] | None) -> list[tuple[tuple[str, str], object]]:
        """Whom the references of an element name, or those of the case itself, each with its place."""
        if element not in self._places:
            group, here = (element[0], dict([element])) if element else (None, {})
            self._places[element] = [
                ((fact.type.group, name), (fact.path, number))
                for fact in self.references
                if isinstance(fact.type, Reference) and (fact.group if fact.each else None) == group
                for answer in (self.decided.world.known.get(key_of(fact, here) or ""),)
                if isinstance(answer, frozenset)
                for number, name in enumerate(in_order(self.decided.case, fact.type.group, answer))
            ]
        return self._places[element]

    def _answer(self, key: str, names: Mapping[tuple[str, str], object]) -> object:
        """An answer, with those whom a reference names by their places."""
        known, case = self.decided.world.known, self.decided.case
        if key in case.elements:
            return case.elements[key]
        answer = known.get(key)
        fact = self.decided.model.facts.get(path_of(key))
        if isinstance(answer, frozenset) and fact is not None and isinstance(fact.type, Reference):
            group = fact.type.group
            return frozenset(names.get((group, name), name) for name in answer)
        return answer

    def _key(self, element: tuple[str, str], fact: str) -> str:
        if (element, fact) not in self._keys:
            self._keys[element, fact] = element_key(*element, fact)
        return self._keys[element, fact]

    def _filled(self, template: "Template", names: Mapping[tuple[str, str], object]) -> frozenset[str] | None:
        """The facts of this row in the places of a template's; None where the answers differ."""
        by_place = {place: element for element, place in names.items()}
        found = set[str]()
        for key, answer in template.answers.items():
            filled: str | None
            if isinstance(key, str):
                if element_of(key) in names:
                    return None  # an element of its own, which another one's place would take
                filled = key
            else:
                place, fact = key
                element = by_place.get(place)
                filled = None if element is None else self._key(element, fact)
            if filled is None or self._answer(filled, names) != answer:
                return None
            found.add(filled)
        return frozenset(found)


@attrs.frozen(eq=False)
class Template:
    """What settles a row: by fact, or by the place of an element and its fact, the answer."""

    answers: Mapping[Any, object]


def _templated(key: str, names: Mapping[tuple[str, str], object]) -> Any:
    """A key with the place of its element instead of its name; as it is where it is of no element of the row."""
    element = element_of(key)
    place = None if element is None else names.get(element)
    return key if place is None else (place, key.rpartition(".")[2])


def by_number(wheres: Iterable[Diagram]) -> dict[int, Formula]:
    """Those that are not the same everywhere, each once."""
    return {where.number: where for where in wheres if isinstance(where, Formula)}


def known_values(world: World, known: Mapping[str, Answer]) -> dict[str, dict[int, int]]:
    """What is known, by key, as values of a world's variables; lists are as the case gives them."""
    values: dict[str, dict[int, int]] = {}
    for variable in world.variables:
        key = variable.keys[0]
        if variable.fact is not None and key in known:
            values.setdefault(key, {})[variable.index] = world.encoded(variable, known[key])
    for group in world.listed():
        values[group] = {world.list_variable(group).index: 1}
    return values


def wanted_of(standing: Standing, own: View) -> Diagram:
    """Where the same is settled of a row as is decided, as seen where less is known."""
    where = target(standing, own.outcome, own.basis)
    strong = {"must": standing.mandatory, "should": standing.should & ~standing.mandatory}
    if own.mandatory is not None:
        where = where & (standing.mandatory if own.mandatory else ~standing.mandatory)
    if own.strength is not None:
        weak = ~(standing.mandatory | standing.should)
        where = where & strong.get(own.strength, weak)
    return where


def target(standing: Standing, outcome: Outcome, basis: Basis) -> Diagram:
    """Where this outcome is reached on this basis (for clauses and conflict, or on one that gives way to it)."""
    match basis:
        case Basis.SILENCE:
            return standing.silence
        case Basis.CONFLICT:
            return standing.conflict | standing.silence
        case _:
            return standing.outcome[outcome]


def is_name(key: str) -> bool:
    """Whether a key is of the name of an element."""
    return key.endswith("].name")
