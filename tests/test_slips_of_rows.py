"""Slips and coverage of policies with rows and people, held against deciding every case anew."""

from collections import Counter
from random import Random
from typing import Any

import attrs
import pytest

import findings_samples as samples
from infoshare.analysis.as_scenario import scenario
from infoshare.analysis.every_case import Witness
from infoshare.analysis.every_case import seen as seen_of
from infoshare.analysis.promise import broken
from infoshare.analysis.search import Search
from infoshare.authoring.coverage import measure
from infoshare.authoring.findings import Checked
from infoshare.authoring.mutants import mutants
from infoshare.authoring.mutation import mutate
from infoshare.meaning import facts as reading
from infoshare.meaning.model import Model
from infoshare.meaning.resolver import resolve
from infoshare.policy.policy import Policy
from infoshare.scenarios import run_scenarios
from infoshare.syntax import tree as t
from infoshare.syntax.parser import parse
from infoshare.text import Source
from test_findings_of_rows import DAY, VOCABULARY, complete_cases, random_text


def with_scenarios(text: str, seed: int, count: int) -> tuple[Checked, list[dict[str, Any]]] | None:
    """The policy with a few scenarios that pass, each a complete case and what is decided of it; and every case."""
    model = samples.checked(text).model
    cases = complete_cases(Policy(model, (), ()), 600)
    if cases is None:
        return None
    every = list(cases)
    search = Search(model, DAY)
    lines = [text]
    for number, case in enumerate(Random(seed).sample(every, count)):
        verdict = search.verdict(Witness(case, DAY, exact=True), lambda _: True)
        assert verdict is not None
        lines.append(scenario(model, reading.read(model, case).case, DAY, f"Case {number}", verdict))
    return samples.checked("\n".join(lines) + "\n"), every


def changed_by(checked: Checked, node: t.Declaration) -> Model | None:
    """The policy with one declaration as a slip would have it; None where that does not load."""
    (file,) = checked.files
    before = file.tree.declarations
    at = next(
        at
        for at, each in enumerate(before)
        if type(each) is type(node) and getattr(each, "name", None) == getattr(node, "name", None)
    )
    tree = attrs.evolve(file.tree, declarations=(*before[:at], node, *before[at + 1 :]))
    return resolve([attrs.evolve(file, tree=tree)]).model


def said(model: Model, case: dict[str, Any]) -> object:
    """All that a scenario could speak of in a decision."""
    decision = Policy(model, (), ()).decide(case, as_of=DAY)
    return (
        decision.outcome,
        decision.basis,
        decision.mandatory,
        [
            (row.item, row.recipient, row.outcome, row.basis, row.mandatory, row.release)
            for row in decision.disclosures
        ],
        [(row.fired, row.defeated) for row in decision.disclosures],
        [(duty.duty, duty.for_, duty.state) for duty in decision.duties],
        [(duty.duty, duty.for_) for duty in decision.lifted],
        [(clause.clause, [by.clause for by in clause.by]) for clause in decision.excepted],
    )


def failing_of(model: Model, case: dict[str, Any]) -> set[str]:
    """The guarantees that fail in a case."""
    view = seen_of(model, reading.read(model, case).case, DAY)
    assert view is not None
    return {
        name
        for name, guarantee in model.guarantees.items()
        if any(where is view.world.diagrams.yes for where in broken(view, guarantee).values())
    }


@pytest.mark.slow
def test_the_verdict_on_a_slip_is_that_of_running_every_scenario_and_of_every_case() -> None:
    counts: Counter[str] = Counter()
    for seed in range(100):
        text = random_text(Random(seed))
        made = with_scenarios(text, seed, 3)
        if made is None or not made[0].model.has_rows:
            continue
        checked, every = made
        assert all(
            result.passed for result in run_scenarios(checked.policy, today=DAY) if not _breaks(result)
        ), text
        passing = {r.title for r in run_scenarios(checked.policy, today=DAY) if r.passed}
        base = [said(checked.model, case) for case in every]
        for trial in mutate(checked.policy, checked.files, today=DAY).trials:
            model = changed_by(checked, trial.mutant.node)
            assert model is not None
            results = run_scenarios(attrs.evolve(checked.policy, model=model), today=DAY)
            failing = [r.title for r in results if r.title in passing and not r.passed]
            assert (trial.verdict == "noticed") is bool(failing), (text, trial, failing)
            if trial.verdict == "equivalent":
                assert [said(model, case) for case in every] == base, (text, trial)
            if trial.verdict == "guaranteed":
                assert not any(trial.by in failing_of(checked.model, case) for case in every), (text, trial)
            counts[trial.verdict] += 1
        counts["policies"] += 1
        if counts["policies"] == 6:
            break
    print(dict(counts))
    assert counts["noticed"] > 20
    assert counts["equivalent"] > 3


def _breaks(result: Any) -> bool:
    return any(check.what == "guarantee" and check.problem for check in result.checks)


def test_a_slip_that_breaks_a_guarantee_of_each_recipient_is_noticed_by_it() -> None:
    text = VOCABULARY + (
        'rule go "Go." share for each recipient when recipient.near and not recipient.who.bad\n'
        'rule stay "Stay." withhold for each recipient when not recipient.near or recipient.who.bad\n'
        'guarantee spared "Never." never share for each recipient when recipient.who.bad\n'
    )
    checked = samples.checked(text)
    verdicts = {
        trial.mutant.what: (trial.verdict, trial.by)
        for trial in mutate(checked.policy, checked.files, today=DAY).trials
    }
    assert verdicts["without `not recipient.who.bad`"] == ("survived", None)  # then both stand, and clash
    assert verdicts["`withhold` becomes `share`"] == ("guaranteed", "spared")


# --- every kind of slip in the new forms --------------------------------------------------------------


def changes(text: str, *, should: bool = False) -> set[str]:
    file = parse(Source("p.policy", VOCABULARY + text)).file
    assert file is not None
    return {mutant.what for node in file.declarations for mutant in mutants(node, should=should)}


def test_every_kind_of_slip_in_what_rows_and_people_added_is_made() -> None:
    assert changes(
        'rule r "R." should seek consent from each person in item.about (person.bad) for each item and recipient\n',
        should=True,
    ) == {
        "`r` never holds",
        "`for each item and recipient` becomes for all of them",
        "`for each item and recipient` becomes for each item",
        "`for each item and recipient` becomes for each recipient",
        "`should seek consent from each person in item.about (…)` becomes `seek consent from each person in item.about (…)`",
        "`should seek consent from each person in item.about (…)` becomes `must seek consent from each person in item.about (…)`",
        "`should seek consent from each person in item.about (…)` becomes `should seek consent`",
        "`should seek consent from each person in item.about (…)` becomes `should share`",
        "`person.bad` is negated",
    } | changes("")
    assert {
        "at least 2 becomes at least 3",
        "at least 2 becomes at least 1",
        "at least 2 becomes at most 2",
        "at least 2 becomes exactly 2",
        "without `in item.about`",
    } <= changes('define y "y" for each item as at least 2 persons in item.about (person.bad)\n')
    assert {"any becomes every", "without `in item.about`"} <= changes(
        'define y "y" for each item as any person in item.about (person.bad)\n'
    )
    assert {"relaxes becomes sets aside"} <= changes(
        'rule r "R." must share\nexception e "E." relaxes r when x.a\n'
    )
    assert {"`withhold where no other clause stands` becomes `withhold`"} <= changes(
        'rule r "R." withhold where no other clause stands\n'
    )
    assert {"without its `when`", "`x.a` is negated"} <= changes('part q "Q" when x.a\nrule r "R." share\n')
    numbers = 'facts about n "n"\n  one "one" : number\n  day "day" : date\n  k "k" : some of a, b\n'
    assert {
        "plus becomes minus",
        "2 becomes 3",
        "2 becomes 1",
        "is at least becomes is more than",
        "includes any of becomes includes all of",
        "without `a`",
    } <= changes(
        f'{numbers}rule r "R." share when n.one plus 2 is at least n.one and n.k includes any of a, b\n'
    )
    assert {"18 becomes 19", "18 becomes 17"} <= changes(
        f'{numbers}rule r "R." share when years between n.day and today >= 18\n'
    )


# --- coverage ----------------------------------------------------------------------------------------


def test_a_condition_of_a_row_is_seen_as_yes_in_one_row_and_as_no_in_another_of_the_same_case() -> None:
    text = VOCABULARY + (
        'rule go "Go." share for each recipient when recipient.near\n'
        'rule stay "Stay." withhold for each recipient when recipient.risky\n'
        'scenario "Two recipients"\n  given\n    not x.b\n'
        '    recipient "Ann" (near)\n    recipient "Bob" (not near)\n  then differs\n'
        'scenario "One"\n  given\n    x.b\n    recipient "Ann" (near)\n  then share\n'
    )
    checked = samples.checked(text)
    shown = {
        (o.owner, o.text): (o.clause.yes, o.clause.no, o.decision.yes, o.decision.no)
        for o in measure(checked.policy, checked.files, today=DAY).occurrences
    }
    assert shown["go", "recipient.near"] == (True, True, True, True)
    assert shown["stay", "recipient.risky"] == (True, True, True, True)
    assert shown["risky", "x.b"] == (True, True, True, True)


def test_the_condition_of_a_part_counts_once_and_for_all_that_stand_in_it() -> None:
    text = VOCABULARY + (
        'part first "The first" when x.a\n'
        'rule go "Go." share when x.b\n'
        'rule stay "Stay." withhold when not x.b\n'
        'scenario "Yes"\n  given\n    x.a\n    x.b\n  then share\n'
        'scenario "No"\n  given\n    not x.a\n    x.b\n  then seek advice\n'
    )
    checked = samples.checked(text)
    found = measure(checked.policy, checked.files, today=DAY)
    assert [(o.owner, o.part, o.decision.both) for o in found.occurrences if o.owner == "first"] == [
        ("first", "part", True)
    ]
    assert [o.text for o in found.occurrences if o.owner == "go"] == ["x.b"]


def test_whom_it_is_asked_of_counts_where_the_answer_changes_whose_consent_is_sought() -> None:
    text = VOCABULARY + (
        'consent asked "Ask." seek consent from each person in item.about (person.bad) for each item\n'
        'scenario "One of two"\n  given\n    person "Ann" (bad)\n    person "Bob" (not bad)\n'
        '    item "i" (about is exactly ("Ann", "Bob"))\n  then seek consent\n    asking consent of "Ann"\n'
    )
    checked = samples.checked(text)
    (result,) = run_scenarios(checked.policy, today=DAY)
    assert result.passed, result.problems
    (shown,) = (
        o for o in measure(checked.policy, checked.files, today=DAY).occurrences if o.owner == "asked"
    )
    assert (shown.part, shown.text, shown.decision.yes, shown.decision.no) == (
        "whom",
        "person.bad",
        True,
        True,
    )
