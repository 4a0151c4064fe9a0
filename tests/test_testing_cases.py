"""`infoshare.testing`: cases of a given policy, for Hypothesis."""

import subprocess
import sys
from datetime import date
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st

import infoshare
from infoshare.testing import cases, days
from infoshare.testing.policies import MAIN, random_policy, sources

SHIPPED = [infoshare.load(f"infoshare:{name}") for name in ("cscp", "hmg-2018", "hmg-2024", "england-2026")]
QUICK = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))

SMALL = infoshare.load_sources(
    {
        "p.policy": b"""infoshare 1
policy p "P"
  from 2026-01-01
facts about child "the child"
  age "the age" : number of years from 0 to 20
  born "the birthday" : date
  signs "signs" : some of bruising, fear
  seen "seen" : yes or no
  hidden "hidden" : yes or no
facts about each item "an item"
  needed "needed" : yes or no
impossible both "Not both." when child.seen and child.hidden
rule a "A." share
  when child.age >= 13 and child.born < 2015-06-01
  unless any item (item.name is "GP letter")
"""
    },
    main="p.policy",
)


@pytest.mark.slow
@pytest.mark.parametrize("policy", SHIPPED, ids=lambda policy: policy.name)
def test_every_case_of_a_shipped_policy_can_be_decided(policy):
    @QUICK
    @given(cases(policy), days(policy))
    def holds(case, day):
        assert policy.decide(case, as_of=day).outcome in set(infoshare.Outcome)

    holds()


@settings(QUICK, max_examples=25)
@given(st.integers(0, 2**32), st.data())
def test_every_case_of_a_random_policy_can_be_decided(seed, data):
    policy = infoshare.load_sources(sources(random_policy(Random(seed))), main=MAIN)
    policy.decide(data.draw(cases(policy)), as_of=data.draw(days(policy)))


@QUICK
@given(cases(SMALL, complete=True))
def test_a_complete_case_leaves_nothing_to_ask(case):
    decision = SMALL.decide(case, as_of=date(2026, 6, 1))
    assert decision.basis != "unknown_facts"
    assert decision.questions == ()


@QUICK
@given(cases(SMALL, unsure=False))
def test_nobody_is_unsure_where_that_is_not_wanted(case):
    assert "unsure" not in str(case)


@QUICK
@given(cases(SMALL, most_elements=1))
def test_lists_are_no_longer_than_wanted(case):
    assert len(case.get("item", [])) <= 1


@pytest.mark.slow
@pytest.mark.parametrize(
    "wanted",
    [
        lambda case: case.get("child", {}).get("age") == 13,
        lambda case: case.get("child", {}).get("age") == 12,
        lambda case: case.get("child", {}).get("born") == "2015-05-31",
        lambda case: case.get("child", {}).get("born") == "2015-06-01",
        lambda case: case.get("child", {}).get("signs") == [],
        lambda case: case.get("child", {}).get("seen") == "unsure",
        lambda case: case.get("child", {}).get("seen", ...) is None,
        lambda case: case.get("item") == [],
        lambda case: "GP letter" in [item["name"] for item in case.get("item", [])],
        lambda case: len(case.get("item", [])) == 2,
        lambda case: case == {},
    ],
)
def test_what_tells_cases_apart_is_drawn(wanted):
    find(cases(SMALL), wanted, settings=settings(max_examples=2000, database=None), random=Random(1))


@QUICK
@given(cases(SMALL, complete=True))
def test_no_case_is_impossible(case):
    assert not (case["child"]["seen"] and case["child"]["hidden"])


PEOPLE = infoshare.load_sources(
    {
        "p.policy": b"""infoshare 1
policy p "P"
facts about each person "somebody"
  known "they are known" : yes or no
facts about each recipient "who is to be told"
  who "who they are" : one person
  told_by "who told of it" : some person
rule r "R." share for each recipient when recipient.who.known
"""
    },
    main="p.policy",
)


@pytest.mark.parametrize(
    "wanted",
    [
        lambda case: any(r.get("who") in ("A", "B") for r in case.get("recipient", [])),
        lambda case: any(r.get("who") == {"none": True} for r in case.get("recipient", [])),
        lambda case: any(r.get("who") == "unsure" for r in case.get("recipient", [])),
        lambda case: any(len(r.get("told_by") or ()) == 2 for r in case.get("recipient", [])),
        lambda case: any(r.get("told_by") == [] for r in case.get("recipient", [])),
        lambda case: case.get("person") is None and case.get("recipient"),
    ],
)
def test_whom_a_fact_names_is_drawn_from_those_that_the_case_lists(wanted):
    case = find(cases(PEOPLE), wanted, settings=settings(max_examples=2000, database=None), random=Random(1))
    PEOPLE.decide(case, as_of=date(2026, 1, 1))


@QUICK
@given(cases(PEOPLE))
def test_every_case_with_people_can_be_decided(case):
    PEOPLE.decide(case, as_of=date(2026, 1, 1))


@pytest.mark.slow
def test_a_law_that_does_not_hold_is_shown_by_a_small_case():
    found = find(
        cases(SMALL),
        lambda case: SMALL.decide(case, as_of=date(2026, 6, 1)).basis == "clauses",
        settings=settings(max_examples=1000, deadline=None, database=None),
        random=Random(2),
    )
    assert found["child"]["age"] == 13
    assert found["item"] == []


def test_what_comes_with_infoshare_testing_needs_hypothesis_only_when_it_is_asked_for():
    code = "import infoshare.testing, sys; assert 'hypothesis' not in sys.modules; infoshare.testing.cases"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parent.parent)


def test_what_is_not_offered_is_not_there():
    with pytest.raises(AttributeError, match="nothing_such"):
        infoshare.testing.nothing_such  # noqa: B018
