"""A case that shows a finding, as a scenario: policy text that can be pasted as it stands, and kept.

Deliberately not here: looking for the case (`infoshare.analysis.search`).
"""

from datetime import date

from infoshare.analysis.search import Shown, Verdict
from infoshare.authoring.findings.finding import Checked, Told
from infoshare.meaning import facts as reading
from infoshare.meaning.case import Case, element_key
from infoshare.meaning.model import Fact, Model
from infoshare.meaning.types import Answer, SomeOf, Text
from infoshare.outcome import Basis
from infoshare.syntax import tree as t
from infoshare.syntax.printer import print_node

PASTE = "paste this scenario into the policy, and `infoshare test` shows it"
DOUBT = "no case was found that shows it: it depends on facts that are compared with one another, or on lists"


def told(checked: Checked, shown: Shown, title: str) -> Told:
    """The scenario that shows a finding.

    Args:
        title: of the scenario.
    """
    if shown.verdict is None:
        return Told(DOUBT)
    model = checked.model
    case = reading.read(model, shown.witness.case).case
    return Told(PASTE, scenario(model, case, shown.witness.as_of, title, shown.verdict))


def scenario(model: Model, case: Case, day: date, title: str, verdict: Verdict) -> str:
    """A case and what is decided of it, as the language writes it."""
    first = model.header.start if model.header else None
    basis = verdict.basis if verdict.basis in (Basis.CONFLICT, Basis.SILENCE) else None
    node = t.Scenario(
        title,
        tuple(_given(model, case)),
        t.Expectation(verdict.outcome, basis=basis),
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
