"""What somebody is unsure of, and what is assumed of all else: an assumption takes no answer away from it.

Expected is what the rule says: an assumption is not made where, together with what is known, it would take away an answer,
or answers together, that what somebody is unsure of could have without it.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from random import Random
from typing import Any

import pytest

import infoshare
from compiled_forms import forms, said
from infoshare.engine.engine import ByDefinition
from infoshare.errors import FactsError
from infoshare.outcome import Basis
from infoshare.testing.policies import MAIN, Files, random_day, random_policy, sources, with_doubt
from infoshare.testing.row_policies import random_row_policy
from infoshare.testing.tree_cases import Vocabulary, in_doubt, random_case, random_row_case
from oracle import TooManyError, UnknownListError, expect
from oracle.comparison import differences
from test_oracle_agreement import shown

DAY = date(2026, 7, 1)

RECIPIENTS = """
facts about sharing "the sharing"
  goes_further "they would pass it on" : yes or no  unanswered means no
facts about each recipient "somebody who might get it"
  role "who they are" : one of police, family
impossible talk "family tell others" when not sharing.goes_further and any recipient (recipient.role is family)
rule police_may "The police may have it." share when any recipient (recipient.role is police)
rule family_may_not "Family may not." withhold when any recipient (recipient.role is family)
"""
ODD = """
facts about a "a"
  rare "it is rare" : yes or no  unanswered means no
  rarer "it is rarer" : yes or no  unanswered means no
  else "anything else" : yes or no  unanswered means no
  link "what links them" : yes or no
facts about b "b"
  kind "its kind" : one of x, y
  size "its size" : number from 0 to 9
  many "what it has" : some of p, q
"""


def assumed(text: str, facts: Mapping[str, Any], *, times: int = 2) -> dict[str, Any]:
    """What is assumed of a case, in the form that is made first and in the one that is made then."""
    policy = infoshare.load_sources({"p.policy": f"infoshare 1\n{text}".encode()}, main="p.policy")
    found = [{a.fact: a.value for a in policy.decide(facts, as_of=DAY).assumed} for _ in range(times)]
    assert all(each == found[0] for each in found)
    return found[0]


def odd(cannot: str, **facts: Any) -> set[str]:
    """Of which facts of `a` something is assumed."""
    given = {
        group: {n: v for n, v in facts.items() if (n in ("kind", "size", "many")) == (group == "b")}
        for group in "ab"
    }
    return {key.partition(".")[2] for key in assumed(ODD + cannot + 'rule r "r" share when a.rare', given)}


def recipients(given: object) -> infoshare.Decision:
    policy = infoshare.load_sources({"p.policy": f"infoshare 1\n{RECIPIENTS}".encode()}, main="p.policy")
    return policy.decide({"recipient": given}, as_of=DAY)


def test_an_assumption_takes_no_answer_away_from_what_somebody_is_unsure_of() -> None:
    decision = recipients([{"name": "Ann", "role": "unsure"}])
    assert (decision.outcome, decision.basis, decision.assumed) == ("seek_advice", "unknown_facts", ())
    assert set(decision.possible) == {"share", "withhold"}
    assert odd('impossible i "i" when not a.rare and b.kind is x\n', kind="unsure") == {"rarer", "else"}


def test_an_assumption_may_take_an_answer_away_from_what_nobody_was_asked() -> None:
    decision = recipients([{"name": "Ann"}])
    assert decision.outcome == "share"
    assert [(each.fact, each.value) for each in decision.assumed] == [("sharing.goes_further", False)]


def test_who_is_in_a_list_of_which_somebody_is_unsure_is_not_assumed_away() -> None:
    assert recipients("unsure").assumed == ()
    assert recipients(None).assumed != ()


@pytest.mark.parametrize(
    ("cannot", "unsure", "left"),
    [
        ('impossible i "i" when not a.rare and b.size > 3\n', "size", {"rarer", "else"}),
        ('impossible i "i" when not a.rare and b.size > 9\n', "size", {"rare", "rarer", "else"}),
        ('impossible i "i" when not a.rare and b.many includes p\n', "many", {"rarer", "else"}),
        ('impossible i "i" when a.rare and b.kind is x\n', "kind", {"rare", "rarer", "else"}),
        ('impossible i "i" when not a.rare and a.link and b.kind is x\n', "kind", {"rare", "rarer", "else"}),
    ],
)
def test_of_every_type_what_can_be_without_an_assumption_can_be_with_it(
    cannot: str, unsure: str, left: set[str]
) -> None:
    assert odd(cannot, **{unsure: "unsure"}) == left


def test_what_is_taken_away_by_way_of_what_nobody_answered_is_not_assumed_either() -> None:
    cannot = 'impossible i "i" when not a.rare and not a.link\nimpossible j "j" when a.link and b.kind is x\n'
    assert odd(cannot, kind="unsure") == {"rarer", "else"}
    assert odd(cannot) == {"rare", "rarer", "else"}


def test_assumptions_that_only_together_take_an_answer_away_are_none_of_them_made() -> None:
    cannot = 'impossible i "i" when not a.rare and not a.rarer and b.kind is x\n'
    assert odd(cannot, kind="unsure") == {"else"}
    assert odd(cannot, kind="unsure", rarer=True) == {"rare", "else"}
    assert odd(cannot, kind="unsure", rarer="unsure") == {"else"}
    assert odd(cannot, kind="unsure", rarer=False) == {"else"}


def test_answers_that_could_be_only_together_are_not_taken_away() -> None:
    cannot = 'impossible i "i" when not a.rare and b.kind is x and b.size > 3\n'
    assert odd(cannot, kind="unsure", size="unsure") == {"rarer", "else"}
    assert odd(cannot, kind="unsure") == {"rare", "rarer", "else"}
    assert odd(cannot, kind="unsure", size=2) == {"rare", "rarer", "else"}


def test_what_could_not_be_anyway_an_assumption_does_not_take_away() -> None:
    cannot = (
        'impossible i "i" when not a.rare and b.kind is x\nimpossible j "j" when a.link and b.kind is x\n'
    )
    assert odd(cannot, kind="unsure", link=True) == {"rare", "rarer", "else"}


def test_of_assumptions_that_clash_those_are_made_that_take_no_part_in_it() -> None:
    cannot = (
        'impossible i "i" when not a.rare and not a.link\n'
        'impossible j "j" when not a.rarer and a.link\nimpossible k "k" when not a.else and b.kind is x and a.link\n'
    )
    assert odd(cannot) == {"else"}


PEOPLE = """
facts about each person "a person" unanswered means none
  harmed "they were harmed" : yes or no
facts about report "the report"
  about "whom it is about" : one person
rule harmed "They were harmed." share when report.about.harmed
rule unharmed "They were not." withhold when not report.about.harmed
"""


def test_a_list_is_not_taken_as_empty_where_somebody_is_unsure_whom_of_it_a_reference_names() -> None:
    assert assumed(PEOPLE, {"report": {"about": "unsure"}}) == {}
    assert assumed(PEOPLE, {}) == {"person": []}


# --- random policies ------------------------------------------------------------------------------


def situation(rng: Random, *, rows: bool) -> tuple[Files, infoshare.Policy]:
    files = with_doubt(rng, random_row_policy(rng) if rows else random_policy(rng))
    return files, infoshare.load_sources(sources(files), main=MAIN)


def case_of(rng: Random, files: Files, *, rows: bool) -> dict[str, Any]:
    case = random_row_case if rows else random_case
    return in_doubt(rng, files, case(rng, files, completions=rng.choice((8, 32, 64))))


@pytest.mark.parametrize(("rows", "cases"), [(False, 300), (True, 80)])
def test_what_is_assumed_beside_what_somebody_is_unsure_of_is_what_the_oracle_assumes(
    rows: bool, cases: int
) -> None:
    rng, counts = Random("in doubt"), Counter[str]()
    while counts["decided"] < cases:
        files, policy = situation(rng, rows=rows)
        for _ in range(6):
            case, day = case_of(rng, files, rows=rows), random_day(rng)
            try:
                want = expect(files, case, day, limit=600)
                got = policy.decide(case, as_of=day).to_dict()
            except (TooManyError, UnknownListError):
                continue
            except FactsError:
                got = None
            if want is None or got is None:
                assert want is got, shown(sources(files), case, day, True, ["only one of them can be"])
                continue
            of = {each["fact"] for each in got["assumed"]} ^ (want.assumed.keys() | want.assumed_lists)
            found = [each for each in differences(want, got) if not each.startswith("assumed:")]
            found += [f"only one of them assumes {key}" for key in of]  # what matters of it is held elsewhere
            assert not found, shown(sources(files), case, day, True, found)
            counts["decided"] += 1
            given = case.get("odd", {})
            counts["not assumed"] += any(
                given.get(name) is None and f"odd.{name}" not in want.assumed
                for name in ("rare", "rarer", "kind")
            )
    assert counts["not assumed"] > cases / 20


@pytest.mark.parametrize(("rows", "cases"), [(False, 400), (True, 150)])
def test_becoming_unsure_never_turns_what_is_settled_into_another_answer(rows: bool, cases: int) -> None:
    rng, tried, unsettled = Random("becoming unsure"), 0, 0
    while tried < cases:
        files, policy = situation(rng, rows=rows)
        for _ in range(6):
            case, day = case_of(rng, files, rows=rows), random_day(rng)
            place, fact = rng.choice(Vocabulary.of(files).places(case))
            try:
                before = settled(policy.decide(case, as_of=day))
            except FactsError:
                continue
            place[fact.name.text] = "unsure"
            after = settled(policy.decide(case, as_of=day))
            tried += 1
            unsettled += before.keys() > after.keys()
            turned = [
                f"{row}: {before[row]}, then {after[row]}"
                for row in before.keys() & after.keys()
                if before[row] != after[row]
            ]
            assert not turned, shown(
                sources(files), case, day, True, [f"unsure of {fact.name.text}", *turned]
            )
    assert unsettled > cases / 50


def settled(decision: infoshare.Decision) -> dict[Any, Any]:
    """The outcome of each row of which it is settled, or of the decision where there are no rows."""
    rows = {(row.item, row.recipient): (row.outcome, row.basis) for row in decision.disclosures}
    if any(outcome is None for outcome, _ in rows.values()) or not rows:
        rows = {None: (decision.outcome, decision.basis)}
    return {row: outcome for row, (outcome, basis) in rows.items() if basis is not Basis.UNKNOWN_FACTS}


def test_every_compiled_form_assumes_the_same_beside_what_somebody_is_unsure_of() -> None:
    rng, tried = Random("compiled, in doubt"), 0
    while tried < 150:
        files, policy = situation(rng, rows=False)
        day = random_day(rng)
        definition = ByDefinition(policy.model, day, presume=True)
        for form in forms(policy.model, day):
            for _ in range(4):
                case = case_of(rng, files, rows=False)
                found = said(form.decide, case) == said(definition.decide, case)
                assert found, shown(sources(files), case, day, True, [type(form).__name__])
                tried += 1
