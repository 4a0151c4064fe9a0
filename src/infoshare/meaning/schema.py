"""The vocabulary of a policy -> JSON Schema (2020-12) of the cases that it reads.

Invariant: for a case written in JSON, the schema accepts what the strict reader (`facts`) accepts and refuses
what it refuses, but for what JSON Schema has no words for: that elements of a list have different names, and a
reference those of elements that there are, that `7.0` is no whole number, that a key is given twice, half a character, and what a policy declares impossible.
Deliberately not here: reading. An assumption is no `default`: a form that filled it in would make it an answer.
"""

from infoshare.meaning.facts import LONGEST_LIST
from infoshare.meaning.model import Fact, Group, Model
from infoshare.meaning.types import UNSURE, Reference, Schema, plain

DIALECT = "https://json-schema.org/draft/2020-12/schema"
ASSUMED = "x-unanswered-means"
"""The keyword under which an assumption stands."""


def case_schema(model: Model) -> Schema:
    """JSON Schema of a policy's cases: plain data, a new copy each time."""
    title = f"A case for {model.header.title}" if model.header else "A case"
    referred = {fact.type.group for fact in model.facts.values() if isinstance(fact.type, Reference)}
    properties: Schema = {"case": {"type": "string", "title": "What the case is called"}}
    both: Schema = {}
    for group in model.groups.values():
        own = [fact for fact in model.facts.values() if fact.group == group.name]
        properties[group.name] = (
            _list(group, own, referred=group.name in referred) if group.each else _group(group, own)
        )
        if not group.each:
            for fact in own:
                properties[fact.path] = _answer(fact)
                both[fact.path] = _not_both(fact)
    return {
        "$schema": DIALECT,
        "title": title,
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "dependentSchemas": both,
    }


def _group(group: Group, own: list[Fact]) -> Schema:
    return {
        "title": group.phrase,
        "type": ["object", "null"],
        "properties": {fact.name: _answer(fact) for fact in own},
        "additionalProperties": False,
    }


def _list(group: Group, own: list[Fact], *, referred: bool) -> Schema:
    name: Schema = {"type": "string", "title": "What it is called; every one needs a name of its own"}
    if referred:
        name["not"] = {"const": UNSURE}
    element = {
        "title": group.phrase,
        "type": "object",
        "properties": {"name": name} | {fact.name: _answer(fact) for fact in own if fact.name != "name"},
        "required": ["name"],
        "additionalProperties": False,
    }
    assumed: Schema = {ASSUMED: []} if group.none_listed else {}
    return assumed | {
        "title": f"Each one: {group.phrase}",
        "anyOf": [
            {"type": "array", "items": element, "maxItems": LONGEST_LIST},
            {"const": UNSURE, "title": "not known"},
            {"type": "null"},
        ],
    }


def _answer(fact: Fact) -> Schema:
    schema: Schema = {
        "title": fact.phrase,
        "anyOf": [*fact.type.schemas(), {"const": UNSURE, "title": "asked, and not known"}, {"type": "null"}],
    }
    if fact.ask is not None:
        schema["description"] = fact.ask
    if fact.assumed is not None:
        schema[ASSUMED] = plain(fact.assumed, fact.type)
    return schema


def _not_both(fact: Fact) -> Schema:
    """A fact given with a dot and in its group has two answers, unless one of them is null."""
    unanswered = {"type": "null"}
    in_group = {"properties": {fact.group: {"properties": {fact.name: unanswered}}}}
    return {"anyOf": [{"properties": {fact.path: unanswered}}, in_group]}
