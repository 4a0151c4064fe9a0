"""The shipped policies keep what they promise: in every scenario, around every example, and in every case there is.

Complete cases are decided by the oracle of the tests, which shares nothing with the evaluator, so that a slip of the
one does not hide a slip of the other. `COMPLETE_CASES` is how many a policy is tried on; INFOSHARE_CASES sets more.
"""

import json
import os
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import date
from functools import cache
from itertools import combinations, product
from pathlib import Path
from random import Random
from typing import Any

import attrs
import pytest

import infoshare
from infoshare import Decision, Outcome, Policy
from infoshare.analysis.days import days
from infoshare.analysis.every_case import Analysis
from infoshare.analysis.promise import broken as fails
from infoshare.meaning import consequences, facts
from infoshare.meaning.model import Guarantee, Model
from infoshare.meaning.presumption import presumed
from infoshare.meaning.types import UNSURE
from infoshare.meaning.view import View, view
from infoshare.scenarios import run_scenarios
from infoshare.syntax import tree
from oracle.answers import keyed
from oracle.complete import Complete, Decider
from oracle.reading import element, read_case, read_policy

ROOT = Path(__file__).parent.parent
POLICIES = ROOT / "policies"
NAMES = ["cscp", "hmg-2018", "hmg-2024", "england-2026"]
EXAMPLES = sorted(path for path in (ROOT / "examples").iterdir() if path.suffix in {".json", ".toml"})
COMPLETE_CASES = int(os.environ.get("INFOSHARE_CASES", "100"))

HARM = ["none", "possible", "significant", "immediate"]
OBSTACLES = [
    "endangers_child",
    "endangers_adult",
    "undermines_investigation",
    "loses_evidence",
    "prompts_flight",
    "delays_protection",
    "not_practicable",
]
AGENCIES = ["social_care", "police", "health", "school", "early_years", "designated_lead"]
Given = dict[str, Any]


@cache
def shipped(name: str) -> Policy:
    return infoshare.load(POLICIES / f"{name}.policy")


DAYS = [(name, day) for name in NAMES for day in days(shipped(name).model)]
each_policy = pytest.mark.parametrize("name", NAMES)
each_day = pytest.mark.parametrize(("name", "day"), DAYS, ids=str)
each_example = pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)


def example(path: Path) -> Given:
    text = path.read_text(encoding="utf-8")
    return json.loads(text) if path.suffix == ".json" else tomllib.loads(text)


def seen(name: str, given: Given, day: date) -> View:
    """What a policy says of a case, without the questions and grounds that take most of the time of `decide`."""
    model = shipped(name).model
    read = facts.read(model, given)
    assert not read.diagnostics
    case = read.case
    known = {**case.answers, **{f'{g}["{n}"].name': n for g, names in case.elements.items() for n in names}}
    assumed, case = presumed(model, case, day, known)
    return view(model, case, day, {**known, **assumed})


def changed(given: Given, where: tuple[str | int, ...], answer: object) -> Given:
    """The case with another answer at one place."""
    case = deepcopy(given)
    inner: Any = case
    for step in where[:-1]:
        inner = inner.setdefault(step, {}) if isinstance(inner, dict) else inner[step]
    inner[where[-1]] = answer
    return case


def answered(given: Given) -> Iterator[tuple[str | int, ...]]:
    """Where each fact is answered."""
    for group, answers in given.items():
        if isinstance(answers, dict):
            yield from ((group, name) for name, answer in answers.items() if answer != UNSURE)
        elif isinstance(answers, list):
            for index, element in enumerate(answers):
                yield from (
                    (group, index, name) for name in element if name != "name" and element[name] != UNSURE
                )


def lifted(decided: View | Decision) -> set[str]:
    """The duties that are lifted, each with whom it is for."""
    found = decided.lifted if isinstance(decided, Decision) else consequences.lifted(decided)
    return {keyed(duty.duty, duty.for_) for duty in found}


def due(decided: View | Decision) -> set[str]:
    """The duties that are due, each with whom it is for."""
    found = decided.duties if isinstance(decided, Decision) else consequences.duties(decided)
    return {keyed(duty.duty, duty.for_) for duty in found if duty.state == "due"}


def released(decided: View) -> set[tuple[str | None, str | None]]:
    rows = consequences.disclosures(decided) if decided.outcome is Outcome.SHARE else ()
    return {(row.item, row.recipient) for row in rows if row.release}


# --- scenarios ---


@pytest.mark.slow
@each_policy
def test_every_shipped_scenario_passes_and_breaks_no_guarantee(name):
    policy = infoshare.load(POLICIES / f"{name}-scenarios.policy")
    results = run_scenarios(policy, today=date(2026, 11, 22))
    assert len(results) > 25
    assert {result.title: result.problems for result in results if not result.passed} == {}


@each_policy
def test_every_shipped_scenario_cites_its_place_or_speaks_of_what_the_guidance_leaves_open(name):
    """Only cscp's law, of which its page is silent, and days outside a policy have no place to cite."""
    policy = infoshare.load_result(POLICIES / f"{name}-scenarios.policy")
    (own,) = [file.tree for file in policy.files if file.path.endswith("-scenarios.policy")]
    scenarios = [each for each in own.declarations if isinstance(each, tree.Scenario)]
    without = [each.title for each in scenarios if not each.cites]
    assert len(without) <= (8 if name == "cscp" else 1), without


# --- around every example ---


@each_day
@each_example
def test_whoever_turns_out_unsure_gets_advice_or_the_same_answer_and_releases_no_more(name, day, path):
    given = example(path)
    before = seen(name, given, day)
    for where in answered(given):
        after = seen(name, changed(given, where, UNSURE), day)
        assert after.outcome in {before.outcome, Outcome.SEEK_ADVICE}, where
        assert released(after) <= released(before), where
        assert not lifted(before) & due(after), where


@each_day
@each_example
def test_more_harm_to_the_child_never_turns_sharing_into_a_refusal(name, day, path):
    ladder = [
        seen(name, changed(example(path), ("concern", "harm_to_child"), level), day).outcome for level in HARM
    ]
    assert_never_refused_higher_up(ladder)


def assert_never_refused_higher_up(ladder: list[Outcome]) -> None:
    first = ladder.index(Outcome.SHARE) if Outcome.SHARE in ladder else len(ladder)
    assert Outcome.WITHHOLD not in ladder[first:], ladder


@each_day
@each_example
def test_another_obstacle_never_makes_a_lifted_duty_to_tell_the_family_due(name, day, path):
    given = example(path)
    before = lifted(seen(name, given, day))
    for obstacle in OBSTACLES:
        if given.get("telling", {}).get(obstacle) is not True:
            after = seen(name, changed(given, ("telling", obstacle), True), day)
            assert not before & due(after), obstacle


@each_policy
def test_what_these_tests_see_is_what_a_decision_says(name):
    day = days(shipped(name).model)[-1]
    for path in EXAMPLES[::3]:
        decision, decided = shipped(name).decide(example(path), as_of=day), seen(name, example(path), day)
        assert decision.outcome is decided.outcome
        assert lifted(decision) == lifted(decided)
        assert due(decision) == due(decided)
        assert {(row.item, row.recipient) for row in decision.disclosures if row.release} == released(decided)


# --- every case there can be ---

LISTS: Sequence[Mapping[str, tuple[str, ...]]] = (
    {"item": (), "recipient": (), "person": ()},
    {"item": ("a thing",), "recipient": ("a recipient",), "person": ()},
    {"item": ("a thing",), "recipient": ("a recipient",), "person": ("one", "another")},
)
"""Whom and what the cases list of which everything is proved."""
each_list = pytest.mark.parametrize("lists", LISTS, ids=["nobody", "no people", "two people"])


def broken_somewhere(model: Model, day: date, lists: Mapping[str, tuple[str, ...]]) -> set[str]:
    """The guarantees that some case with these lists breaks."""
    analysis = Analysis(model, day, lists)

    def can_fail(guarantee: Guarantee) -> bool:
        return any(map(analysis.outlook.possible, fails(analysis.view, guarantee, Outcome.SHARE).values()))

    found = {name for name, guarantee in model.guarantees.items() if can_fail(guarantee)}
    assert analysis.complete
    return found


@each_list
@each_day
def test_every_guarantee_is_proved_over_all_cases(name, day, lists):
    assert broken_somewhere(shipped(name).model, day, lists) == set()


@pytest.mark.parametrize("day", days(shipped("england-2026").model), ids=str)
def test_the_duty_of_2026_gives_up_only_what_the_act_gives_up_of_the_guarantees_of_2024(day):
    """The Act lets a harm of sharing count: to significant harm the answer may be advice."""
    overlaid, national = shipped("england-2026").model, shipped("hmg-2024").model
    own = {name: attrs.evolve(each, policy=None) for name, each in national.guarantees.items()}
    in_force = day >= date(2026, 9, 30)
    assert broken_somewhere(attrs.evolve(overlaid, guarantees=own), day, LISTS[-1]) == (
        {"harm_is_acted_on", "agencies_get_it"} if in_force else set()
    )


def consistent(env: Given) -> Given:
    """A complete case of which the short forms say what is said of the people, and what was said is marked as said."""
    env = dict(env)
    people = ("one", "another")

    def of(group: str, name: str, fact: str) -> Any:
        return env[f'{group}["{name}"].{fact}']

    children = [each for each in people if of("person", each, "role") == "child"]
    if len(children) == 1:
        for fact in ("age", "competent", "unborn"):
            env[f"child.{fact}"] = of("person", children[0], fact)
        answer = of("person", children[0], "answer")
        env["child.wishes"] = {"given": "agrees", "refused": "refuses", "withdrawn": "refuses"}.get(
            answer, "not_asked"
        )
    if env["consent.by"] == "child":
        env["consent.status"] = {"agrees": "given", "refuses": "refused"}.get(
            env["child.wishes"], "not_sought"
        )
    spoken = [each for each in people if of("person", each, "answer") in {"given", "refused", "withdrawn"}]
    for each in people:
        env[f'person["{each}"].spoken'] = each in spoken
    env["child.spoken"] = env["child.wishes"] != "not_asked" or bool({*children} & {*spoken})
    env["consent.elsewhere"] = env["sharing.items_differ"] = env["sharing.reaches_others"] = True
    for group, name, fact, mark in (
        ("item", "a thing", "agreed_by", "is_agreed"),
        ("item", "a thing", "refused_by", "is_refused"),
        ("item", "a thing", "needed_by", "needed_by_some"),
        ("recipient", "a recipient", "agreed_by", "is_agreed"),
        ("recipient", "a recipient", "refused_by", "is_refused"),
        ("recipient", "a recipient", "acts_for", "represents"),
    ):
        env[f'{group}["{name}"].{mark}'] = bool(of(group, name, fact))
    return env


@attrs.frozen
class CompleteCases:
    """Complete cases of a policy on one day, of one thing, one recipient and two people, decided by the oracle."""

    decider: Decider
    guarantees: Sequence[tuple[tree.Guarantee, Mapping[str, str], Any]]
    answers: Mapping[str, tuple[object, ...]]

    @staticmethod
    def of(name: str, day: date) -> "CompleteCases":
        files = [file.tree for file in infoshare.load_result(POLICIES / f"{name}.policy").files]
        world = read_policy(files, day)
        decider = Decider(world, read_case(world, LISTED), presume=False)
        lists = decider.case.lists
        answers = {
            key: _answers(declared.type, lists)
            for (group, fact), declared in world.facts.items()
            for key in (
                [element(group, each, fact) for each in lists[group]]
                if world.listed[group]
                else [f"{group}.{fact}"]
            )
        }
        guarantees = []
        for each in files[-1].declarations:
            if isinstance(each, tree.Guarantee):
                for names in product(*(lists[group] for group in each.scope)):
                    hand = dict(zip(each.scope, names, strict=True))
                    when = each.provisions.when
                    guarantees.append((each, hand, when and decider.conditions.test(when, hand)))
        return CompleteCases(decider, guarantees, answers)

    def some(self, random: Random, count: int) -> Iterator[tuple[Given, Complete]]:
        """Random cases that can be."""
        while count:
            env: Given = consistent({path: random.choice(answers) for path, answers in self.answers.items()})
            if (decided := self.decide(env)) is not None:
                count -= 1
                yield env, decided

    def decide(self, env: Given) -> Complete | None:
        # not `complete`, which keeps what it decided: here no case comes twice
        env = {**self.decider.case.known, **env}
        impossible = any(test(env) for test in self.decider.impossible)
        return None if impossible else self.decider.decide(env)

    def broken(self, env: Given, decided: Complete) -> set[str]:
        """The guarantees that a case breaks."""
        found = set()
        for guarantee, hand, when in self.guarantees:
            if when is None or when({**self.decider.case.known, **env}):
                if guarantee.duty is None:
                    so = decided.outcome is guarantee.outcome  # there is one row
                else:
                    so = keyed(guarantee.duty.text, hand) in self.due(decided)
                if so is (guarantee.modality == "never"):
                    found.add(guarantee.name.text)
        return found

    def due(self, decided: Complete) -> frozenset[str]:
        return self.decider.considered(decided, decided.outcome) & decided.applies

    def lifted(self, decided: Complete) -> frozenset[str]:
        return self.decider.considered(decided, decided.outcome) & (decided.holds - decided.applies)


LISTED: Given = {group: [{"name": each} for each in names] for group, names in LISTS[-1].items()}
"""The case that says no more than whom and what there is."""


def _answers(kind: tree.TypeExpr, lists: Mapping[str, Sequence[str]]) -> tuple[object, ...]:
    match kind:
        case tree.YesNo():
            return (True, False)
        case tree.OneOf():
            return tuple(option.value.text for option in kind.options)
        case tree.NumberType():
            return (0, 9, 12, 13, 17, 18, 40)
        case tree.Reference(group, many):
            listed = lists[group.text]
            most = len(listed) if many else 1
            return tuple(frozenset(some) for n in range(most + 1) for some in combinations(listed, n))
        case _:
            raise AssertionError("no shipped policy asks for dates, texts or several answers")


def as_case(name: str, env: Given) -> Given:
    """A complete case as a case file of a policy holds it."""
    case = deepcopy(LISTED)
    kinds = {fact.name: fact.type for fact in shipped(name).facts}
    for key, answer in env.items():
        found = re.fullmatch(r'(\w+)\["(.*)"\]\.(\w+)', key)
        if found is None:
            case[key] = answer
            continue
        group, each, fact = found.groups()
        (mine,) = (one for one in case[group] if one["name"] == each)
        match kinds[f"{group}.{fact}"]:
            case "some":
                mine[fact] = sorted(answer)
            case "one":
                mine[fact] = next(iter(answer), {"none": True})
            case _:
                mine[fact] = answer
    return case


def is_somebody_of_the_family(env):
    """Whether the recipient is a listed person who is the child or has parental responsibility: no agency, whatever is said."""
    return any(
        env.get(f'person["{name}"].responsibility') or env.get(f'person["{name}"].role') == "child"
        for name in env.get('recipient["a recipient"].who') or ()
    )


@each_day
def test_guarantees_hold_in_random_complete_cases_and_no_step_leads_the_wrong_way(name, day):
    """Decided by the oracle: every guarantee; more harm, for an agency; another obstacle to telling; agreement."""
    cases = CompleteCases.of(name, day)
    for env, decided in cases.some(Random(f"{name} {day}"), COMPLETE_CASES):
        assert cases.broken(env, decided) == set(), env
        if env['recipient["a recipient"].role'] in AGENCIES and not is_somebody_of_the_family(env):
            ladder = [cases.decide({**env, "concern.harm_to_child": level}) for level in HARM]
            assert_never_refused_higher_up([each.outcome for each in ladder if each is not None])
        for obstacle in OBSTACLES:
            after = cases.decide({**env, f"telling.{obstacle}": True})
            assert after is None or not cases.lifted(decided) & cases.due(after), (obstacle, env)
        refused, agreed = (
            cases.decide(consistent({**env, "consent.status": status})) for status in ("refused", "given")
        )
        if refused and agreed:
            assert agreed.outcome is not Outcome.WITHHOLD or refused.outcome is Outcome.WITHHOLD, env


@each_day
def test_a_complete_case_is_decided_as_the_oracle_decides_it(name, day):
    cases = CompleteCases.of(name, day)
    for env, decided in cases.some(Random(f"{day} {name}"), 12):
        view_ = seen(name, as_case(name, env), day)
        assert (view_.outcome, view_.basis) == (decided.outcome, decided.basis), env
        assert due(view_) == cases.due(decided), env
        assert released(view_) == {pair for pair, row in decided.rows.items() if row.goes}, env
