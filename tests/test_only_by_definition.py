"""What is compiled declines a policy that uses a form that only the definition knows, and never guesses at it."""

from collections.abc import Callable
from datetime import date

import attrs
import pytest

from infoshare import load_sources
from infoshare.batch import each_clause, whole_policy
from infoshare.engine.atoms import NoFastFormError
from infoshare.engine.plan import plan
from infoshare.meaning import model as m
from infoshare.meaning.types import Reference, YesNo
from infoshare.outcome import Act

DAY = date(2026, 1, 1)
PLAIN = b"""infoshare 1
policy p "P"
facts about each person "a person"
  suspected "they are suspected" : yes or no
facts about visit "the visit"
  on "the day" : date
  count "how many" : number
  wanted "it is wanted" : yes or no
consent c "It is wanted." share when visit.wanted and visit.count < 3
rule r "It is not." withhold when not visit.wanted
exception e "It is early." sets aside r when visit.on < 2020-01-01
duty d "Tell." before sharing
"""
WANTED = m.Fact("visit.wanted", "it is wanted", YesNo())
WHO = m.Fact("visit.who", "who comes", Reference("person", many=False))
COUNT = m.Fact("visit.count", "how many", YesNo())
SUSPECTED = m.Among(m.Fact("person.suspected", "they are suspected", YesNo(), each=True), frozenset([True]))


def plain_model() -> m.Model:
    return load_sources({"p.policy": PLAIN}, main="p.policy").model


def clause(**changes: object) -> Callable[[m.Model], m.Model]:
    return lambda model: attrs.evolve(
        model, clauses={**model.clauses, "c": attrs.evolve(model.clauses["c"], **changes)}
    )


def duty(**changes: object) -> Callable[[m.Model], m.Model]:
    return lambda model: attrs.evolve(model, duties={"d": attrs.evolve(model.duties["d"], **changes)})


def when(condition: m.Condition) -> Callable[[m.Model], m.Model]:
    return clause(when=m.All((m.Among(WANTED, frozenset([True])), m.Not(condition))))


def with_groups(model: m.Model) -> m.Model:
    person = attrs.evolve(model.groups["person"], none_listed=True)
    return attrs.evolve(model, groups={**model.groups, "person": person})


NEW = {
    "a clause for each item": clause(scope=("item",)),
    "a duty for each person": duty(scope=("person",)),
    "should": clause(should=True),
    "whom to ask": clause(whom="the student"),
    "a closing clause": clause(closing=True),
    "relaxes": lambda model: attrs.evolve(model, relaxed_by={"c": ("e",)}),
    "instead of": lambda model: attrs.evolve(model, replaced_by={"r": "c"}),
    "a deadline": duty(deadline=m.Deadline(3, "days")),
    "after holding back": duty(timings=(m.Timing("after", Act.HOLDING_BACK),)),
    "a reference": lambda model: attrs.evolve(model, facts={**model.facts, WHO.path: WHO}),
    "a list that is taken to be empty": with_groups,
    "a value by a fact": lambda model: attrs.evolve(model, values={"v": m.Value("v", by=WANTED)}),
    "meets": when(m.Meets(m.Referred(WHO), m.InHand("person"))),
    "counted": when(m.Counted(">=", 2, "person", SUSPECTED)),
    "within": when(m.Quantified("any", "person", SUSPECTED, within=m.Referred(WHO))),
    "a sum": when(m.Compare(m.Sum(m.FactTerm(COUNT), 1, m.Literal_(2)), "<", m.Literal_(9))),
    "years between": when(m.Compare(m.YearsBetween(m.Today(), m.Today()), "<", m.Literal_(9))),
}


@pytest.mark.parametrize("form", NEW)
def test_a_policy_with_a_new_form_has_no_fast_form(form: str) -> None:
    model = NEW[form](plain_model())
    assert model.uses_new_forms
    with pytest.raises(NoFastFormError):
        plan(model, DAY, presume=True)
    assert whole_policy.functions_of(model, DAY) is None
    assert each_clause.functions_of(model, DAY) is None


def test_a_policy_without_one_is_compiled_as_ever() -> None:
    model = plain_model()
    assert not model.uses_new_forms
    assert plan(model, DAY, presume=True).provisions
    assert whole_policy.functions_of(model, DAY) is not None
