"""What is found of one case is found for every case that is told alike, but for the answers that it shows."""

from copy import deepcopy
from datetime import date, timedelta
from random import Random

import pytest

import infoshare
from compiled_forms import said
from infoshare.engine import alike
from infoshare.engine.engine import ByDefinition, Compiled
from infoshare.engine.engines import compiled
from infoshare.engine.found import Found
from infoshare.policy.decision import Decision
from infoshare.testing.policies import MAIN, random_policy, sources
from infoshare.testing.tree_cases import random_case
from small import load

DAY = date(2026, 6, 15)

POLICY = load("""
facts about q "q"
  age "the age" : number from 0 to 20
  on "the day" : date
  note "the note" : text
  a "a" : yes or no unanswered means no
  colour "the colour" : one of red, green, blue
facts about each item "an item"
  fit "it is fit" : yes or no
rule r "x" share when q.age > 9 and q.on < 2026-01-01 and q.note is "yes" and not q.a
rule s "y" withhold when q.colour is red
safeguard fit "it is fit" for each item require item.fit otherwise "leave it out"
""")
CASE = {
    "case": "one",
    "q": {"age": 12, "on": "2025-03-01", "note": "yes", "colour": "green"},
    "item": [{"name": "letter", "fit": False}],
}


def looked_at(decision):
    return decision.to_dict(), decision.explain()


def twins(form, one, other):
    """What two cases come to, one after the other, and whether they are told alike."""
    first = Decision.of(form.decide(one))
    looked_at(first)
    second = Decision.of(form.decide(other))
    found = looked_at(second)
    return found, first._found.alike is second._found.alike


@pytest.mark.parametrize(
    ("fact", "answer", "told_alike"),
    [
        ("age", 15, True),
        ("age", 9, False),
        ("on", "2025-12-31", True),
        ("on", "2026-01-01", False),
        ("note", "no", False),
        ("a", False, False),  # it is not assumed then
        ("a", "unsure", False),
        ("colour", "blue", False),
    ],
)
def test_cases_are_told_alike_if_nothing_in_the_policy_tells_their_answers_apart(fact, answer, told_alike):
    form = compiled(POLICY.model, DAY, presume=True)
    other = deepcopy(CASE)
    other["case"] = "another"
    other["q"][fact] = answer
    found, alike = twins(form, CASE, other)
    assert alike is told_alike
    assert found == looked_at(Decision.of(ByDefinition(POLICY.model, DAY, presume=True).decide(other)))


def test_the_answers_that_are_shown_are_those_of_the_case_itself():
    form = compiled(POLICY.model, DAY, presume=True)
    other = deepcopy(CASE)
    other["q"]["age"] = 20
    (told, text), _ = twins(form, CASE, other)
    assert told["fired"][0]["facts"]["q.age"] == told["relied_on"]["q.age"] == 20
    assert "12" not in text


def shifted(rng, case):
    """The case with its numbers and days moved by one, and called otherwise."""
    other = {**deepcopy(case), "case": "another"}
    for group in other.values():
        for name, answer in group.items() if isinstance(group, dict) else ():
            if type(answer) is int:
                group[name] = answer + rng.choice((-1, 0, 1))
            elif isinstance(answer, date):
                group[name] = answer + timedelta(rng.choice((-1, 0, 1)))
    return other


@pytest.mark.parametrize("seed", range(4))
def test_whatever_was_looked_at_before_a_decision_is_that_of_the_definition(seed):
    rng, shared = Random(seed), 0
    for _ in range(16):
        files = random_policy(rng)
        model = infoshare.load_sources(sources(files), main=MAIN).model
        form, definition = compiled(model, DAY, presume=True), ByDefinition(model, DAY, presume=True)
        if not isinstance(form, Compiled):
            continue
        for _ in range(3):
            case = random_case(rng, files)
            for other in (case, shifted(rng, case), shifted(rng, case)):
                assert said(form.decide, other) == said(definition.decide, other)
        shared += len(form._kinds._kept)
    assert shared >= 10


def test_what_is_kept_of_kinds_of_cases_is_bounded(monkeypatch):
    monkeypatch.setattr(alike, "MOST_KEPT", 3)
    form = compiled(POLICY.model, DAY, presume=True)
    definition = ByDefinition(POLICY.model, DAY, presume=True)
    for note in ("yes", "no", "unsure", None):
        for colour in ("red", "green", "blue"):
            case = {"q": {"note": note, "colour": colour, "age": 12, "on": "2025-03-01"}}
            assert said(form.decide, case) == said(definition.decide, case)
            assert len(form._kinds._kept) <= 3


def test_what_is_found_is_kept_without_the_world_of_the_case_it_was_found_of():
    form = compiled(POLICY.model, DAY, presume=True)
    found = form.decide(CASE)
    assert isinstance(found, Found)
    looked_at(Decision.of(found))
    kept = form._kinds._kept
    assert [type(each) for parts in kept.values() for each, _ in parts.values()] == [
        infoshare.meaning.case.Case
    ] * len(found.alike)
