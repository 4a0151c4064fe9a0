"""What a decision rests on where each row has an outcome: as few answers as settle every settled row.

Deliberately not here: how the fewest are searched for (`grounds`).
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

import attrs

from infoshare.budget import Budget
from infoshare.meaning.case import Row, element_key, element_of, here_of, in_order, key_of, path_of
from infoshare.meaning.diagram import Diagram
from infoshare.meaning.evaluator import Standing, evaluate, holds_back
from infoshare.meaning.model import SIDES
from infoshare.meaning.outlook import Outlook
from infoshare.meaning.types import Answer, Reference
from infoshare.meaning.view import View
from infoshare.meaning.world import NOWHERE, Here, World
from infoshare.outcome import Basis, Outcome

TOGETHER = 16
"""Rows of which it is found together what settles them; of more, row by row."""


MOST_OPENED = 64
"""Elements, besides those of the rows, of a case that is opened as a whole: of all of them is then asked what is so."""

TRIES = 12
"""References of which it is tried whether a row is settled without them; of more it is not."""


class ReliedOnByRow:
    """As few known facts as settle every settled row, each opened only where no row before it was like it.

    What a policy says does not change when elements change their names. So the facts that settle one row, with
    other elements in the place of its own, settle another one of which these facts have the same answers.
    """

    def __init__(
        self,
        decided: View,
        opened: Outlook,
        fixed: Mapping[str, Answer],
        fewest: Callable[[Diagram, Outlook], frozenset[str] | None],
    ) -> None:
        """What settles the rows of a case.

        Args:
            opened: the same case, of which nothing else is known.
            fixed: what is known of it.
            fewest: finds as few facts as settle something of the case opened; None if all do not.
        """
        self.decided, self.opened, self.fewest = decided, opened, fewest
        self.world = opened.world
        facts = self.decided.model.facts.values()
        self.references = [fact for fact in facts if isinstance(fact.type, Reference)]
        self._places: dict[tuple[str, str] | None, list[tuple[tuple[str, str], object]]] = {}
        self._keys: dict[tuple[tuple[str, str], str], str] = {}
        self._fixed: dict[tuple[str, str], tuple[tuple[str, Answer], ...]] = {}
        for key, answer in fixed.items():
            element = element_of(key)
            if element is not None and not is_name(key):
                self._fixed[element] = (*self._fixed.get(element, ()), (path_of(key), answer))
        self._named = {
            key: answer
            for key, answer in decided.world.known.items()
            if path_of(key) in decided.model.facts
            and isinstance(decided.model.facts[path_of(key)].type, Reference)
        }
        others = (len(names) for group, names in decided.case.elements.items() if group not in SIDES)
        self._may_open = sum(others) <= MOST_OPENED
        self._tries = Budget(TRIES)
        self._known_references: Outlook | None = None
        self._templates: dict[object, list[Template]] = {}
        self._alone = bool(decided.model.told_by_name) or any(g not in SIDES for g, _ in self._fixed)

    def found(self) -> frozenset[str] | None:
        """The facts; None if all that is known does not settle some row."""
        decided = self.decided
        empty = (side for side in SIDES if decided.case.elements.get(side) == ())
        found = set[str](empty)  # that nobody is listed settles what goes to whom
        rows = {row: own for row, own in decided.rows.items() if len(own.possible) == 1}
        if len(rows) <= TOGETHER and self._may_open:
            wanted = self.world.diagrams.yes
            for row, own in rows.items():
                wanted = wanted & self._wanted(row, own, self.opened)
            together = None if wanted.undecided else self.fewest(wanted | ~self.opened.care, self.opened)
            if together is not None:
                return frozenset(found | together)
        for row, own in rows.items():
            of_row = self._of_row(row, own)
            if of_row is None:
                return None
            found |= of_row
        return frozenset(found)

    def _of_row(self, row: Row, own: View) -> frozenset[str] | None:
        decided, here = self.decided, here_of(row)
        released = decided.everywhere(decided.goes[row])
        names = self._names(here)
        fixed = frozenset(
            (place, self._fixed[element]) for element, place in names.items() if element in self._fixed
        )
        settled = (own.outcome, own.basis, own.mandatory, own.strength, released, fixed)
        templates = self._templates.setdefault(settled, [])
        for index, template in enumerate(() if self._alone else templates):
            filled = self._filled(template, names)
            if filled is not None:
                templates.insert(0, templates.pop(index))  # the next row is likely to be like this one
                return filled
        found = self._with_references(row, own, names)
        if found is None and self._may_open:
            found = self.fewest(self._wanted(row, own, self.opened) | ~self.opened.care, self.opened)
        if found is not None:
            answers = [(_templated(key, names), self._answer(key, names)) for key in found]
            templates.append(Template(dict(answers)))
        return found

    def _with_references(
        self, row: Row, own: View, names: Mapping[tuple[str, str], object]
    ) -> frozenset[str] | None:
        """What settles a row where it is known whom references name, with those references that it needs.

        Opened as a whole, a row asks of everybody what is then true of those whom it may be about. None where
        what is found does not settle it alone.
        """
        if not self._named:
            return None
        if self._known_references is None:
            self._known_references = self._opened_with(self._named)
        opened = self._known_references
        found = self.fewest(self._wanted(row, own, opened) | ~opened.care, opened)
        if found is None or any(key in self.decided.case.elements for key in found):
            return None
        known = self.decided.world.known
        needed = {key for key in self._named if element_of(key) in names}

        def settles(keys: Collection[str], others: Mapping[str, Answer]) -> bool:
            tried = self._opened_with({**others, **{key: known[key] for key in keys}}, here_of(row))
            return tried.certain(self._wanted(row, own, tried))

        if not settles(found | needed, {}):
            return None
        for key in sorted(needed):
            if not self._tries.take():
                break
            others = {k: v for k, v in self._named.items() if k != key}
            if settles(found, others) and settles(found | needed - {key}, {}):
                needed.discard(key)
        return found | needed

    def _opened_with(self, known: Mapping[str, Answer], here: Here = NOWHERE) -> Outlook:
        """The case opened, of which this is known besides.

        Args:
            here: where one row alone is asked about, its elements: of an open list it does not matter who else is in it.
        """
        world, decided = self.world, self.decided
        elements = {**decided.case.elements, **{side: (name,) for side, name in here.items()}}
        case = attrs.evolve(decided.case, elements=elements)
        return Outlook(World(decided.model, case, world.day, {**world.known, **known}, open_lists=True))

    def _wanted(self, row: Row, own: View, opened: Outlook) -> Diagram:
        """Where the same is settled of a row as is decided."""
        standing = evaluate(opened.world, here_of(row), outcomes_alone=True)
        released = self.decided.everywhere(self.decided.goes[row])
        wanted = wanted_of(standing, own)
        if released is None:
            return wanted
        goes = self._goes(opened.world, standing, row)
        return wanted & (goes if released else ~goes)

    def _goes(self, world: World, standing: Standing, row: Row) -> Diagram:
        either, here = world.diagrams.either, here_of(row)
        if any(self.decided.case.elements.get(side) == () for side in SIDES):
            return world.diagrams.no
        back = (holds_back(world, standing, s, here) for s, _ in self.decided.held_back[row])
        return standing.outcome[Outcome.SHARE] & ~either(back)

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
