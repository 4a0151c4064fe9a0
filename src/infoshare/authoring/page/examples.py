"""Scenarios, each with what is known, what is decided and why, and whether that was expected.

Deliberately not here: trying them (`infoshare.scenarios`), and what they leave untried (`seen`).
"""

from collections.abc import Iterator, Sequence
from datetime import date

import attrs

from infoshare.authoring.page.answers import known
from infoshare.authoring.page.clauses import numbered, outcome_badge
from infoshare.explain import short
from infoshare.explain.english import day, opening
from infoshare.explain.wording import Voice
from infoshare.load import Policy
from infoshare.meaning.findings import Citation
from infoshare.meaning.resolver import ParsedFile
from infoshare.meaning.scenario import Scenario
from infoshare.policy.decision import Decision
from infoshare.reading_aloud import Reader
from infoshare.scenarios import ScenarioResult, run_scenarios
from infoshare.webpage.markup import Content, Markup, spaced, tag


@attrs.frozen
class Examples:
    """Scenarios of a policy: as loaded, and the files that were read for it."""

    policy: Policy
    files: Sequence[ParsedFile]


@attrs.frozen
class Tried:
    """A scenario and what became of it."""

    scenario: Scenario
    result: ScenarioResult


def tried(found: Sequence[Examples], today: date) -> list[Tried]:
    """Every scenario, tried."""
    return [
        Tried(scenario, result)
        for each in found
        for scenario, result in zip(
            each.policy.scenarios, run_scenarios(each.policy, today=today), strict=True
        )
    ]


def summary(every: Sequence[Tried]) -> str:
    """How many there are, and how many are as expected."""
    passed = sum(each.result.passed for each in every)
    if passed == len(every):
        return "All of them are decided as expected." if len(every) > 1 else "It is decided as expected."
    return f"{passed} of {len(every)} are decided as expected; {len(every) - passed} not."


def examples(reader: Reader, every: Sequence[Tried]) -> Content:
    """A card for each."""
    return [_card(reader, each, number) for number, each in enumerate(every, 1)]


def _card(reader: Reader, each: Tried, number: int) -> Markup:
    scenario, result = each.scenario, each.result
    voice = Voice(result.decision, reader.model) if result.decision is not None else reader.voice
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
    yield "Waiting for answers", [clause.clause for clause in decision.unresolved]
    yield "To be done", [duty.duty for duty in decision.duties if duty.state == "due"]
    yield "Perhaps to be done", [duty.duty for duty in decision.duties if duty.state == "open"]
    yield "Lifted", [duty.duty for duty in decision.lifted]
    holds = [hold for row in decision.disclosures for hold in row.held_by]
    yield "Something held back by", [hold.safeguard for hold in holds]
    yield "Conditions to keep", [kept.safeguard for kept in decision.safeguards]
