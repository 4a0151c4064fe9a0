"""A case and what is decided of it -> a scenario: policy text that can be pasted as it stands, and kept.

Deliberately not here: looking for the case, and trying scenarios.
"""

from datetime import date

import attrs

from infoshare.analysis.search import Verdict
from infoshare.meaning.case import Case, element_key
from infoshare.meaning.model import Fact, Model
from infoshare.meaning.types import Answer, Reference, SomeOf, Text
from infoshare.outcome import Basis, Outcome
from infoshare.syntax import tree as t
from infoshare.syntax.printer import print_node


def scenario(model: Model, case: Case, day: date, title: str, verdict: Verdict) -> str:
    """A case and what is decided of it, as the language writes it."""
    first = model.header.start if model.header else None
    outcome, basis = verdict.decided
    undecided = basis in (Basis.CONFLICT, Basis.SILENCE)
    strength = None if undecided else verdict.seen.strength
    then = t.Expectation(
        outcome, strength == "must", should=strength == "should", basis=basis if undecided else None
    )
    if outcome is Outcome.DIFFERS and verdict.row is not None:
        row, strength = verdict.row, verdict.own.strength
        said = t.OutcomeFor(verdict.outcome, strength == "must", strength == "should", *row)
        then = attrs.evolve(then, rows=(said,))
    node = t.Scenario(
        title,
        tuple(_given(model, case)),
        then,
        as_of=None if day == first else t.Date(day),
    )
    return print_node(node)


def _given(model: Model, case: Case) -> list[t.Given]:
    given: list[t.Given] = []
    for group in model.groups.values():
        facts = [f for f in model.facts.values() if f.group == group.name]
        if not group.each:
            given += [_answer(f, case.answers[f.path]) for f in facts if f.path in case.answers]
        elif (names := case.elements.get(group.name)) is not None:
            given += [
                t.GivenElement(
                    t.Name(group.name),
                    name,
                    tuple(
                        _answer(fact, case.answers[key])
                        for fact in facts
                        if fact.name != "name"
                        and (key := element_key(group.name, name, fact.name)) in case.answers
                    ),
                )
                for name in names
            ] or [t.GivenNone(t.Name(group.name))]
    return given


def _answer(fact: Fact, answer: Answer) -> t.GivenHolds | t.GivenIs:
    path = t.Path(fact.group, fact.name)
    match answer:
        case bool():
            return t.GivenHolds(path, negated=not answer)
        case frozenset() if isinstance(fact.type, Reference):
            names = tuple(t.Text(name) for name in sorted(answer))
            if fact.type.many:
                return t.GivenIs(path, names or (t.Word("empty"),), exactly=bool(names))
            return t.GivenIs(path, names or (t.NoneOfThem(),))
        case frozenset():
            options = fact.type.values if isinstance(fact.type, SomeOf) else ()
            values = [t.Word(value) for value in options if value in answer]
            return t.GivenIs(path, tuple(values or [t.Word("none")]), exactly=True)
        case date():
            return t.GivenIs(path, (t.Date(answer),))
        case int():
            return t.GivenIs(path, (t.Number(answer),))
        case _:
            word = t.Text(answer) if isinstance(fact.type, Text) else t.Word(answer)
            return t.GivenIs(path, (word,))
