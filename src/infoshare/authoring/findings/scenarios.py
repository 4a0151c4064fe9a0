"""Scenarios that repeat one another, and clauses that none of them reaches.

A clause is reached where it holds in every completion of a scenario's case. The scenarios of a policy are those of
every file that was read for it.
Deliberately not here: what the scenarios expect (`infoshare.scenarios`), and how much of a condition they try.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial

from infoshare.analysis.every_case import seen
from infoshare.authoring.conditions import day_of
from infoshare.authoring.findings.finding import Checked, Edit, Finding, found
from infoshare.diagnostic import Label
from infoshare.meaning.model import Model
from infoshare.meaning.scenario import Scenario
from infoshare.syntax import tree as t
from infoshare.text import Span

Reached = Mapping[str, set[str]]
"""By the path of the file of a policy, the names of the clauses that its scenarios reach; none for one without."""


def reached(everything: Iterable[Checked], today: date) -> Reached:
    """Collects the clauses and exceptions that hold in a scenario, by the path of their policy's file."""
    names: dict[str, set[str]] = {}
    for checked in everything:
        paths = {file.path for file in checked.files}
        holding = checked.once(("holding", today), partial(_all_holding, checked, today))
        for path in paths if checked.policy.scenarios else ():
            names.setdefault(path, set()).update(holding)
    return names


def _all_holding(checked: Checked, today: date) -> set[str]:
    return {
        name for scenario in checked.policy.scenarios for name in _holding(checked.model, scenario, today)
    }


def _holding(model: Model, scenario: Scenario, today: date) -> set[str]:
    day = day_of(scenario, model, today)
    view = seen(model, scenario.case, day) if model.policy_in_force(day) else None
    if view is None:
        return set()
    return {
        name
        for name in (*model.clauses, *model.exceptions)
        if any(view.outlook.certain(row.standing.holds[name]) for row in view.views)
    }


def unreached(checked: Checked, names: Reached) -> Iterator[Finding]:
    """Finds clauses of the file's own policy that no scenario reaches."""
    header = checked.header
    if header is None:
        return
    clauses = [d for d in checked.main.tree.declarations if isinstance(d, t.Clause | t.Exception_)]
    if checked.main.path not in names:
        if clauses:
            yield found(
                "IS610",
                f"no scenario tries `{header.name.text}`",
                header.name.span,
                help=(
                    'write what should follow in a case that you are sure of: `scenario "…" given … then …`',
                ),
                about=[header.name.text],
            )
        return
    for node in clauses:
        if node.name.text not in names[checked.main.path]:
            yield found(
                "IS610",
                f"no scenario reaches `{node.name.text}`",
                node.name.span,
                "it holds in none of them",
                help=("write a scenario in which it holds, and what should follow then",),
                about=[node.name.text],
            )


def duplicates(everything: Sequence[Checked], today: date) -> Iterator[Finding]:
    """Finds scenarios with the title, or the case and day, of an earlier one for the same policy."""
    before: dict[object, Scenario] = {}
    for checked in everything:
        if not checked.listed:
            continue
        for scenario in checked.policy.scenarios:
            case, day = scenario.case, day_of(scenario, checked.model, today)
            answers = frozenset(case.answers.items())
            same = (checked.tried, answers, case.unsure, frozenset(case.elements.items()), day)
            titled = (checked.tried, scenario.title)
            if same in before:
                yield _duplicate(checked, scenario, before[same])
            elif titled in before:
                yield found(
                    "IS511",
                    "two scenarios have the same title",
                    title_of(scenario),
                    "again",
                    also=(Label(title_of(before[titled]), "first here"),),
                    help=("say in the title what is different about this one",),
                )
            before.setdefault(same, scenario)
            before.setdefault(titled, scenario)


def _duplicate(checked: Checked, scenario: Scenario, first: Scenario) -> Finding:
    alike = scenario.then == first.then and scenario.cites == first.cites
    return found(
        "IS511",
        "this scenario gives the same case as an earlier one",
        title_of(scenario),
        "again" if alike else "the same case, and something else is expected",
        also=(Label(title_of(first), "first here"),),
        help=(
            "leave it out" if alike else "put what is expected of both into one, or give what is different",
        ),
        fix=_removed(checked, scenario) if alike else (),
    )


def _removed(checked: Checked, scenario: Scenario) -> tuple[Edit, ...]:
    """Returns the edit that removes a scenario and the blank line before it; none if a comment would be lost."""
    span = scenario.span
    comments = checked.main.tree.comments
    text = span.source.text
    end = text.find("\n", span.end)
    end = len(text) if end == -1 else end + 1
    start = span.start
    while start > 0 and text[start - 1].isspace():
        start -= 1
    start = start if start == 0 else text.find("\n", start) + 1
    if any(start <= comment.span.start < end for comment in comments):
        return ()
    return (Edit(Span(span.source, start, end), ""),)


def title_of(scenario: Scenario) -> Span:
    """Where the title of a scenario stands."""
    text, start = scenario.span.source.text, scenario.span.start
    opening = text.index('"', start)
    return Span(scenario.span.source, opening, text.index('"', opening + 1) + 1)
