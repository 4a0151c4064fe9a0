"""Scenarios on the page: what is known, what is decided and why, whether that was expected, and what they leave untried.

Deliberately not here: trying them (`infoshare.scenarios`), measuring what they show (`authoring.coverage`), and the
words of one fact (`explain.wording`).
"""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import PurePath

import attrs

from infoshare.authoring.coverage import Coverage, measure
from infoshare.authoring.page.clauses import numbered, outcome_badge
from infoshare.explain import short
from infoshare.explain.aloud import Reader
from infoshare.explain.english import day, listed, name, opening
from infoshare.explain.wording import Voice
from infoshare.meaning.case import Case, path_of, plain_answers
from infoshare.meaning.findings import Citation
from infoshare.meaning.model import Model
from infoshare.meaning.resolver import ParsedFile
from infoshare.meaning.scenario import Scenario
from infoshare.meaning.types import plain
from infoshare.policy.decision import Decision
from infoshare.policy.policy import Policy
from infoshare.scenarios import ScenarioResult, run_scenarios
from infoshare.webpage.markup import Content, Markup, spaced, tag


@attrs.frozen
class Examples:
    """Scenarios of a policy: as loaded, and the files that were read for it."""

    policy: Policy
    files: Sequence[ParsedFile]


@attrs.frozen
class Tried:
    """A scenario and its result."""

    scenario: Scenario
    result: ScenarioResult


def tried(found: Sequence[Examples], today: date) -> list[Tried]:
    """Runs every scenario."""
    return [
        Tried(scenario, result)
        for each in found
        for scenario, result in zip(
            each.policy.scenarios, run_scenarios(each.policy, today=today), strict=True
        )
    ]


def summary(every: Sequence[Tried]) -> str:
    """Says how many scenarios are decided as expected."""
    passed = sum(each.result.passed for each in every)
    if passed == len(every):
        return "All of them are decided as expected." if len(every) > 1 else "It is decided as expected."
    return f"{passed} of {len(every)} are decided as expected; {len(every) - passed} not."


def examples(reader: Reader, every: Sequence[Tried]) -> Content:
    """Returns a card for each scenario."""
    return [_card(reader, each, number) for number, each in enumerate(every, 1)]


def _card(reader: Reader, each: Tried, number: int) -> Markup:
    scenario, result = each.scenario, each.result
    voice = reader.voice
    if result.decision is not None:
        voice = Voice(result.decision, reader.model, answers=plain_answers(scenario.case, reader.model))
    cited = reader.voice.places(Citation(cite.source, cite.at) for cite in scenario.cites)
    about = [
        opening(cited).rstrip(".") if cited else "",
        f"on {day(scenario.as_of)}" if scenario.as_of else "",
    ]
    verdict = ("✓ as expected", "met") if result.passed else ("✗ not as expected", "unmet")
    return tag(
        "article",
        tag("h3", scenario.title, id=f"scenario-{number}-title"),
        tag(
            "p",
            spaced([tag("span", verdict[0], class_=f"verdict {verdict[1]}"), ", ".join(filter(None, about))]),
            class_="about",
        ),
        tag(
            "div",
            tag("div", tag("h4", "What is known"), known(voice, reader.model, scenario.case)),
            tag("div", tag("h4", "What is decided"), _decided(reader, result)),
            class_="both",
        ),
        id=f"scenario-{number}",
        class_="scenario",
        aria_labelledby=f"scenario-{number}-title",
    )


def _decided(reader: Reader, result: ScenarioResult) -> Content:
    told: list[Content] = []
    if result.decision is not None:
        badge = outcome_badge(result.decision.outcome, must=result.decision.mandatory is True)
        told += [tag("p", spaced([badge, short(result.decision, reader.model)]))]
        rows = [(how, names) for how, names in _clauses(result.decision) if names]
        if rows:
            told.append(
                tag(
                    "dl",
                    [[tag("dt", how), tag("dd", numbered(reader, names))] for how, names in rows],
                    class_="relations",
                )
            )
    if result.problems:
        told.append(
            tag("ul", [tag("li", opening(problem)) for problem in result.problems], class_="problems")
        )
    return told


def _clauses(decision: Decision) -> Iterator[tuple[str, list[str]]]:
    """Which clauses speak, and how."""
    yield "Because of", [clause.clause for clause in decision.fired]
    yield "Outweighed", [clause.clause for clause in decision.defeated]
    yield "Set aside", [clause.clause for clause in decision.excepted]
    yield "Relaxed", [each.clause for each in decision.relaxed]
    yield "Waiting for answers", [clause.clause for clause in decision.unresolved]
    yield "To be done", [duty.duty for duty in decision.duties if duty.state == "due"]
    yield "Perhaps to be done", [duty.duty for duty in decision.duties if duty.state == "open"]
    yield "Lifted", [duty.duty for duty in decision.lifted]
    holds = [hold for row in decision.disclosures for hold in row.held_by]
    yield "Something held back by", [hold.safeguard for hold in holds]
    yield "Conditions to keep", [kept.safeguard for kept in decision.safeguards]


# --- a case in words ---------------------------------------------------------------------------------


def known(voice: Voice, model: Model, case: Case) -> Markup:
    """Returns the answers of a case as a list."""
    told = list(_known(voice, model, case))
    return tag("ul", [tag("li", each) for each in told]) if told else tag("p", "Nothing is known.")


def _known(voice: Voice, model: Model, case: Case) -> Iterator[str]:
    about: dict[str | None, list[str]] = {}
    for key, answer in case.answers.items():
        fact = model.facts[path_of(key)]
        if not (fact.each and fact.name == "name"):
            said = voice.said(key, plain(answer, fact.type))
            about.setdefault(said.who, []).append(said.sentence)
    yield from map(opening, about.pop(None, ()))
    for group, elements in case.elements.items():
        phrase = model.groups[group].phrase
        if not elements:
            yield opening(f"{phrase}: none is listed")
        for who in map(name, elements):
            yield opening(f"{phrase}, {who}{': ' if who in about else ''}{listed(about.pop(who, ()))}")
    for key in sorted(case.unsure):
        yield opening(f"not known: {voice.whether(key)}")


# --- what they show of the clauses -------------------------------------------------------------------


def seen(reader: Reader, found: Sequence[Examples], today: date) -> Content:
    """Returns a table for each file of scenarios: what they show of the clauses."""
    return [
        _table(
            reader,
            measure(each.policy, each.files, today=today),
            PurePath(each.files[-1].tree.span.source.path).name,
        )
        for each in found
        if each.policy.scenarios
    ]


def _table(reader: Reader, coverage: Coverage, path: str) -> Markup:
    occurrences = coverage.occurrences
    rows: list[tuple[str, Content]] = [
        ("Scenarios", str(coverage.scenarios)),
        (
            "Conditions seen to decide, both ways, whether their clause stands",
            _share([o.clause.both for o in occurrences]),
        ),
        (
            "Conditions seen to change, both ways, what is decided",
            _share([o.decision.both for o in occurrences]),
        ),
        ("Clauses that never stood", numbered(reader, [m.name for m in coverage.never_fired]) or "none"),
        (
            "Exceptions that never set anything aside",
            numbered(reader, [m.name for m in coverage.never_lifted]) or "none",
        ),
    ]
    return tag(
        "table",
        tag("caption", f"What the scenarios of {path} show"),
        tag("tbody", [tag("tr", tag("th", what, scope="row"), tag("td", value)) for what, value in rows]),
        class_="coverage",
    )


def _share(matters: Sequence[bool]) -> str:
    count = len(matters)
    return f"{sum(matters)} of {count} ({100 * sum(matters) // count} %)" if count else "there are none"
