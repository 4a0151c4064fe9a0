"""Scenarios beside the text: what became of each, which clauses they decide, and what of a clause none of them tried.

Read off what the policy makes of its scenarios, those of every file that is for it. What takes a policy without an
error is not told while it has one.
"""

from collections.abc import Iterator, Mapping, Sequence

import attrs

from infoshare.authoring.comparison import side_by_side
from infoshare.authoring.findings import Checked
from infoshare.editor.documents import Document
from infoshare.editor.workspace import Workspace
from infoshare.meaning.case import path_of
from infoshare.meaning.model import Model
from infoshare.meaning.types import OneOf, SomeOf, YesNo
from infoshare.scenarios import ScenarioResult, run_scenarios
from infoshare.syntax import tree as t
from infoshare.text import Span
from infoshare.values import frozen

_MOST = 3


@frozen
class Tried:
    """What became of a scenario.

    Attributes:
        difference: what was expected beside what was decided, and why; empty where it passed.
    """

    title: str
    passed: bool
    said: str
    difference: str
    span: Span = attrs.field(eq=False)


@frozen
class Lens:
    """What to say above a declaration.

    Attributes:
        scenario: the title of the scenario that it is of; None for a clause.
        shows: the places that it leads to.
    """

    span: Span = attrs.field(eq=False)
    said: str
    scenario: str | None = None
    shows: tuple[Span, ...] = attrs.field(default=(), eq=False)


def tried(workspace: Workspace, path: str, title: str | None = None) -> tuple[Tried, ...]:
    """What became of the scenarios of a file, or of the one with a title; none where its policy has an error."""
    checked = workspace.checked(path)
    if checked is None:
        return ()
    return tuple(
        _tried(result) for result in results(workspace, checked) if title is None or result.title == title
    )


def _tried(result: ScenarioResult) -> Tried:
    if result.passed:
        outcome = "" if result.decision is None else result.decision.outcome.words
        return Tried(result.title, passed=True, said=outcome, difference="", span=result.span)
    more = f", and {len(result.problems) - 1} more" if len(result.problems) > 1 else ""
    difference = "\n".join(side_by_side(result))
    return Tried(
        result.title, passed=False, said=result.problems[0] + more, difference=difference, span=result.span
    )


def results(workspace: Workspace, checked: Checked) -> Sequence[ScenarioResult]:
    """What became of the scenarios of a file, tried once."""
    today = workspace.today
    return checked.once(("tried", today), lambda: run_scenarios(checked.policy, today=today))


def lenses(workspace: Workspace, document: Document) -> Iterator[Lens]:
    """What to say above each scenario and each clause of a file."""
    for each in tried(workspace, document.path):
        yield Lens(each.span, f"{'passes' if each.passed else 'fails'}: {each.said}", each.title)
    trials = [
        (result, checked)
        for main in workspace.policies(document.path)
        if (checked := workspace.checked(main)) is not None and checked.policy.scenarios
        for result in results(workspace, checked)
    ]
    own = workspace.checked(document.path)
    model = own.model if own is not None else None
    for node, span in document.nodes():
        if isinstance(node, t.Clause | t.Exception_ | t.Duty | t.Safeguard):
            yield _of_clause(node.name.text, span, trials, model)


def _of_clause(
    name: str, span: Span, trials: Sequence[tuple[ScenarioResult, Checked]], model: Model | None
) -> Lens:
    acting = [result for result, _ in trials if name in _acting(result)]
    said = f"decides {len(acting)} scenario{'' if len(acting) == 1 else 's'}" if acting else "no scenario"
    never = _never(name, trials, model) if model is not None and trials else []
    if never:
        more = f" and {len(never) - _MOST} more" if len(never) > _MOST else ""
        said += f", never tried with {', '.join(never[:_MOST])}{more}"
    return Lens(span, said, shows=tuple(result.span for result in acting))


def _acting(result: ScenarioResult) -> set[str]:
    """The names of what decided a scenario's case: clauses that stand, what set aside, duties due, safeguards that hold."""
    decision = result.decision
    if decision is None:
        return set()
    found = {clause.clause for clause in decision.fired}
    found |= {by.clause for c in decision.excepted for by in c.by}
    found |= {by.clause for lifted in decision.lifted for by in lifted.by}
    found |= {duty.duty for duty in decision.duties if duty.state == "due"}
    return found | {hold.safeguard for row in decision.disclosures for hold in row.held_by}


def _never(name: str, trials: Sequence[tuple[ScenarioResult, Checked]], model: Model) -> list[str]:
    """The answers to what a clause asks that no scenario gives, `unknown` for one that each of them gives."""
    asked = dict.fromkeys(
        path for condition in model.provision(name).conditions for path in sorted(model.asked_by(condition))
    )
    given: dict[str, set[object]] = {path: set() for path in asked}
    left_out: set[str] = set()
    for scenario in {id(s): s for _, checked in trials for s in checked.policy.scenarios}.values():
        answers: Mapping[str, object] = scenario.case.answers
        said = set()
        for key, answer in answers.items():
            path = path_of(key)
            said.add(path)
            if path in given:
                given[path] |= set(answer) if isinstance(answer, frozenset) else {answer}
        left_out |= set(asked) - said
        left_out |= {path_of(key) for key in scenario.case.unsure}
    found = []
    for path in asked:
        fact = model.facts.get(path)
        if fact is None:
            continue
        if isinstance(fact.type, YesNo):
            missing = [word for word, value in (("yes", True), ("no", False)) if value not in given[path]]
        elif isinstance(fact.type, OneOf | SomeOf):
            missing = [str(value) for value, _ in fact.type.choices if value not in given[path]]
        else:
            missing = []
        if path not in left_out:
            missing.append("unknown")
        found += [f"{path} {word}" for word in missing]
    return found
