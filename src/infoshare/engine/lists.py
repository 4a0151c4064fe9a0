"""Reads the lists of a case, strictly: plain lists of plain dictionaries -> a case that has only them.

As `reading_code`, it gives up on everything that `meaning.facts` would refuse or that is not plain.
"""

from collections.abc import Mapping

from infoshare.engine.reading_code import plain_text
from infoshare.meaning.case import Case, element_key
from infoshare.meaning.facts import LONGEST_LIST, too_many_rows
from infoshare.meaning.model import Model
from infoshare.meaning.types import UNSURE, Answer, FactType, Wrong


class Lists:
    """The lists that a policy knows, and the facts of their elements."""

    def __init__(self, model: Model) -> None:
        self._types: dict[str, dict[str, FactType]] = {g.name: {} for g in model.groups.values() if g.each}
        for fact in model.facts.values():
            if fact.each and fact.name != "name":
                self._types[fact.group][fact.name] = fact.type

    def read(self, facts: Mapping[str, object]) -> Case | None:
        """The lists of a case; None to leave it to the definition's reader."""
        answers: dict[str, Answer] = {}
        unsure: set[str] = set()
        elements: dict[str, tuple[str, ...]] = {}
        for group, types in self._types.items():
            value = facts.get(group)
            if value is None:
                continue
            if type(value) is str and value == UNSURE:
                unsure.add(group)
                continue
            if type(value) is not list or len(value) > LONGEST_LIST:
                return None
            names: dict[str, None] = {}
            for element in value:
                name = _element(group, types, element, answers, unsure)
                if name is None or name in names:
                    return None
                names[name] = None
            elements[group] = tuple(names)
        if too_many_rows(*(len(elements.get(group, ())) for group in ("item", "recipient"))):
            return None
        return Case(None, answers, frozenset(unsure), elements)


def _element(
    group: str, types: Mapping[str, FactType], element: object, answers: dict[str, Answer], unsure: set[str]
) -> str | None:
    """Adds what an element says; its name, or None to give up."""
    name = plain_text(element.get("name")) if type(element) is dict else None
    if name is None:
        return None
    prefix = element_key(group, name, "")
    for fact, value in element.items():  # type: ignore[attr-defined]
        if fact == "name":
            continue
        if fact not in types:
            return None
        if value is None:
            continue
        if isinstance(value, str) and value == UNSURE:
            unsure.add(prefix + fact)
            continue
        answer = types[fact].read(value)
        if isinstance(answer, Wrong):
            return None
        answers[prefix + fact] = answer
    return name
