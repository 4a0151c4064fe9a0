"""A case: the answers that somebody gave, already read and checked against the vocabulary.

Every answer is kept under its *key*: `consent.status`, or for an element of a list
`item["GP letter"].necessary`. Deliberately not here: reading (`facts`) and assuming (`presumption`).
"""

import json
from collections.abc import Mapping
from typing import Any

import attrs

from infoshare.meaning.model import Fact, Model
from infoshare.meaning.types import UNSURE, Answer, plain
from infoshare.values import frozen


@frozen
class Case:
    """What is known of a case.

    Attributes:
        answers: by key; neither unanswered nor unsure facts are in it.
        unsure: the keys (or lists) that somebody was asked and does not know.
        elements: for each list that the case gives, the names of its elements, in order.
    """

    name: str | None = None
    answers: Mapping[str, Answer] = attrs.field(factory=dict, repr=False)
    unsure: frozenset[str] = attrs.field(default=frozenset(), repr=False)
    elements: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict, repr=False)


_quoted = json.JSONEncoder(ensure_ascii=False).encode  # `json.dumps` makes an encoder each time


def element_key(group: str, element: str, fact: str) -> str:
    """The key of an element's fact: `item["GP letter"].necessary`."""
    return f"{group}[{_quoted(element)}].{fact}"


def key_of(fact: Fact, here: Mapping[str, str], hand: str | None = None) -> str | None:
    """The key of a fact where some elements are being spoken of; None for a list that has none here.

    Args:
        hand: what the element is called of which it is the fact, where that is not its group (`Quantified.hand`).
    """
    if not fact.each:
        return fact.path
    element = here.get(hand or fact.group)
    return None if element is None else element_key(fact.group, element, fact.name)


def keys_of(fact: Fact, case: Case) -> list[str]:
    """The keys that a fact has in a case: one, or one for each element of its list."""
    if not fact.each:
        return [fact.path]
    return [element_key(fact.group, name, fact.name) for name in case.elements.get(fact.group, ())]


def path_of(key: str) -> str:
    """The path of the fact that a key is of: `item.necessary` for `item["GP letter"].necessary`."""
    group, bracket, rest = key.partition("[")
    return f"{group}.{rest.rpartition('].')[2]}" if bracket else key


def in_order(case: Case, group: str, names: frozenset[str]) -> list[str]:
    """Names as the case lists them: whatever they are, what is told of them comes in the same order."""
    listed = [name for name in case.elements.get(group, ()) if name in names]
    return listed if len(listed) == len(names) else [*listed, *sorted(names.difference(listed))]


def element_of(key: str) -> tuple[str, str] | None:
    """The list and the name of the element that a key is of; None where it is of none."""
    group, bracket, rest = key.partition("[")
    return (group, json.loads(rest.rpartition("].")[0])) if bracket else None


Row = tuple[str | None, str | None]
"""An item and a recipient; None for a side that the case does not list."""


def rows(case: Case) -> list[Row]:
    """Every item for every recipient."""
    items = case.elements.get("item") or (None,)
    recipients = case.elements.get("recipient") or (None,)
    return [(item, recipient) for item in items for recipient in recipients]


def here_of(row: Row) -> dict[str, str]:
    """A row as the elements that are being spoken of."""
    item, recipient = row
    here = {} if item is None else {"item": item}
    if recipient is not None:
        here["recipient"] = recipient
    return here


def plain_answers(case: Case, model: Model) -> dict[str, Any]:
    """The answers of a case by key, as JSON data."""
    return {key: plain(answer, model.facts[path_of(key)].type) for key, answer in case.answers.items()}


def as_facts(case: Case, model: Model) -> dict[str, Any]:
    """The case as a mapping that reads back as the same case: plain JSON data, in policy order."""
    facts: dict[str, Any] = {} if case.name is None else {"case": case.name}
    for group in model.groups.values():
        own = [fact for fact in model.facts.values() if fact.group == group.name]
        if not group.each:
            if said := {fact.name: _said(case, fact, fact.path) for fact in own if _is_said(case, fact.path)}:
                facts[group.name] = said
        elif group.name in case.unsure:
            facts[group.name] = UNSURE
        elif group.name in case.elements:
            facts[group.name] = [
                {"name": name}
                | {
                    fact.name: _said(case, fact, key)
                    for fact in own
                    if fact.name != "name" and _is_said(case, key := element_key(group.name, name, fact.name))
                }
                for name in case.elements[group.name]
            ]
    return facts


def _is_said(case: Case, key: str) -> bool:
    return key in case.answers or key in case.unsure


def _said(case: Case, fact: Fact, key: str) -> Any:
    return UNSURE if key in case.unsure else plain(case.answers[key], fact.type)
