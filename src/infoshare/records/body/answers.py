"""Lists every fact of a policy's vocabulary with its answer in a case, as a record keeps them.

Twice: as a case that can be decided again, and one by one, in words, for those who read the record without the policy.
Invariants: the first reads back as the same case; the second leaves no fact out, answered or not.
Deliberately not here: reading cases (`meaning.facts`).
"""

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias
from weakref import WeakKeyDictionary

import attrs

from infoshare.explain.english import listed
from infoshare.explain.labels import label_of
from infoshare.explain.wording import unanswered
from infoshare.meaning.case import Case, element_key
from infoshare.meaning.model import Fact, Model
from infoshare.meaning.types import UNSURE, Reference, plain
from infoshare.meaning.vocabulary import vocabulary
from infoshare.records.body.codec import Json

State: TypeAlias = Literal["answered", "unanswered", "unsure"]
ANSWERED: State = "answered"
UNANSWERED: State = "unanswered"
LIST = "list"
"""What stands for the type of a list of elements."""


@attrs.frozen
class _Entry:
    """A fact; `labels` has every answer that it may have, where these are few; `group` says whom a reference names."""

    fact: Fact
    name: str
    question: str
    type: str
    labels: Mapping[Any, str]
    group: Json


@attrs.frozen
class _Section:
    """A group; for a list, `question` asks for its elements."""

    name: str
    question: str | None
    entries: tuple[_Entry, ...]


_LAYOUTS: WeakKeyDictionary[Model, tuple[_Section, ...]] = WeakKeyDictionary()


def answers(model: Model, case: Case) -> tuple[Json, list[Json]]:
    """The case as facts that can be decided again, and every fact in words, group by group in policy order."""
    facts: Json = {} if case.name is None else {"case": case.name}
    told: list[Json] = []
    for section in _layout(model):
        if section.question is None:
            if said := {
                e.name: a for e in section.entries if (a := _tell(e, e.fact.path, case, told)) is not None
            }:
                facts[section.name] = said
        elif section.name in case.elements:
            names = list(case.elements[section.name])
            told.append(_answered(section.name, section.question, LIST, names, listed(names) or "none"))
            facts[section.name] = [{"name": name} | _element(section, name, case, told) for name in names]
        else:
            unsure = section.name in case.unsure
            told.append(_not_answered(section.name, section.question, LIST, unsure=unsure))
            if unsure:
                facts[section.name] = UNSURE
    return facts, told


def _element(section: _Section, name: str, case: Case, told: list[Json]) -> Json:
    said: Json = {}
    prefix = element_key(section.name, name, "")
    for entry in section.entries:
        answer = _tell(entry, prefix + entry.name, case, told)
        if answer is not None:
            said[entry.name] = answer
    return said


def _tell(entry: _Entry, key: str, case: Case, told: list[Json]) -> Any:
    """Adds the entry of one fact to `told`; returns its answer, None where the case has none."""
    if key not in case.answers:
        unsure = key in case.unsure
        told.append(_not_answered(key, entry.question, entry.type, unsure=unsure) | entry.group)
        return UNSURE if unsure else None
    answer = plain(case.answers[key], entry.fact.type)
    if isinstance(entry.fact.type, Reference):
        label = named(answer)
    else:
        label = entry.labels[answer] if entry.labels else label_of(answer, entry.fact)
    told.append(_answered(key, entry.question, entry.type, answer, label) | entry.group)
    return answer


def named(answer: Any) -> str:
    """Whom a reference names, in words."""
    names = [answer] if isinstance(answer, str) else [] if isinstance(answer, Mapping) else answer
    return listed(names) or "none of them"


def _answered(fact: str, question: str, type_: str, answer: Any, label: str) -> Json:
    copy = list(answer) if isinstance(answer, list) else dict(answer) if isinstance(answer, dict) else answer
    return {
        "fact": fact,
        "question": question,
        "type": type_,
        "state": ANSWERED,
        "answer": copy,
        "label": label,
    }


def _not_answered(fact: str, question: str, type_: str, *, unsure: bool) -> Json:
    return {"fact": fact, "question": question, "type": type_, "state": UNSURE if unsure else UNANSWERED}


def _layout(model: Model) -> tuple[_Section, ...]:
    """The vocabulary, group by group, worked out once for each policy."""
    found = _LAYOUTS.get(model)
    if found is None:
        found = _LAYOUTS[model] = tuple(_sections(unanswered(model)))
    return found


def _labels(fact: Fact) -> Mapping[Any, str]:
    choices = fact.type.choices if fact.type.is_closed else ()
    return {answer: label_of(answer, fact) for answer, _ in choices}


def _sections(model: Model) -> list[_Section]:
    types = {fact.name: fact.type for fact in vocabulary(model)}
    return [
        _Section(
            group.name,
            f"Please list each one: {group.phrase}." if group.each else None,
            tuple(
                _Entry(
                    fact,
                    fact.name,
                    fact.ask or fact.phrase,
                    types[fact.path],
                    _labels(fact),
                    {"group": fact.type.group} if isinstance(fact.type, Reference) else {},
                )
                for fact in model.facts.values()
                if fact.group == group.name and not (group.each and fact.name == "name")
            ),
        )
        for group in model.groups.values()
    ]
