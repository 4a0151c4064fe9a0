"""What a decision with rows rests on: few answers, none of them needless, found without looking at everything at once."""

import itertools
from typing import Any

import pytest

from infoshare import Decision
from infoshare.outcome import Basis, Outcome
from small import DAY, decide, load
from steps import grows_in_step

PEOPLE = """
facts about f "it"
  a "it is a" : yes or no  unanswered means no
  b "it is b" : yes or no  unanswered means no
  x "it is x" : yes or no
facts about each person "somebody" unanswered means none
  barred "barred" : yes or no  unanswered means no
facts about each recipient "who is told"
  agency "an agency" : yes or no
  known "known" : yes or no  unanswered means no
  who "which of the people" : one person  unanswered means none
"""
SCHOOL, FATHER = {"name": "school", "agency": True}, {"name": "father", "agency": False}


def relied_on(policy: str, case: dict[str, Any]) -> dict[str, Any]:
    return dict(decide(PEOPLE + policy, case).relied_on)


def mattering(decision: Decision) -> set[str]:
    return {found.fact for found in decision.assumed if found.matters}


def test_of_two_answers_that_each_settle_a_row_one_is_named() -> None:
    policy = 'rule r "r" share for each recipient when recipient.agency or f.a'
    assert len(relied_on(policy, {"f": {"a": True}, "recipient": [SCHOOL]})) == 1


def test_one_answer_of_the_case_is_named_rather_than_one_of_each_recipient() -> None:
    policy = 'rule r "r" share for each recipient when recipient.known or f.a'
    case = {"f": {"a": True}, "recipient": [{"name": n, "known": True} for n in ("s", "t", "u")]}
    assert relied_on(policy, case) == {"f.a": True}


def test_a_row_is_settled_by_both_answers_to_what_is_unknown_with_what_each_needs() -> None:
    policy = """
rule r "r" share for each recipient when f.x and recipient.agency
rule s "s" share for each recipient when not f.x and f.a
"""
    case = {"f": {"a": True}, "recipient": [SCHOOL]}
    assert decide(PEOPLE + policy, case).outcome is Outcome.SHARE
    assert relied_on(policy, case) == {"f.a": True, 'recipient["school"].agency': True}


def test_what_a_row_is_settled_by_whatever_is_unknown_needs_no_answer() -> None:
    policy = """
rule r "r" share for each recipient when f.x
rule s "s" share for each recipient when not f.x
"""
    assert relied_on(policy, {"recipient": [SCHOOL, FATHER]}) == {}


def test_an_unsettled_row_names_nothing() -> None:
    policy = """
rule r "r" share for each recipient when recipient.agency
rule s "s" withhold for each recipient when f.x and not recipient.agency
"""
    case = {"recipient": [SCHOOL, FATHER]}
    assert relied_on(policy, case) == {'recipient["school"].agency': True}


MANY = """
rule r "r" share for each recipient when recipient.agency or recipient.known
override o "o" must withhold prevails over r for each recipient when recipient.who.barred
exception e "e" sets aside o when f.a and f.b
duty d "d" before sharing for each recipient when recipient.known and not f.b
safeguard s "s" for each recipient require not recipient.known or f.a otherwise "leave it out"
"""


def settled(decision: Decision) -> dict[str | None, object]:
    return {
        row.recipient: (row.outcome, row.basis, row.mandatory, row.strength, row.release)
        for row in decision.disclosures
        if row.basis is not Basis.UNKNOWN_FACTS
    }


def cases() -> list[dict[str, Any]]:
    """Cases of two people and two recipients, each answer in some."""
    found = []
    for n, (a, b, barred, known) in enumerate(itertools.product((True, False), repeat=4)):
        people = [{"name": "Ann", "barred": barred}, {"name": "Bob", "barred": not barred}]
        told = [
            {**SCHOOL, "known": known, "who": {"none": True}},
            {**FATHER, "who": "Bob" if n % 3 else "Ann", "known": not known},
        ]
        found.append({"f": {"a": a, "b": b}, "person": people, "recipient": told})
    return found


def alone(decision: Decision, case: dict[str, Any], *, but: str | None = None) -> Decision:
    """What is decided by what a decision relied on, but for one answer."""
    left: dict[str, Any] = {"recipient": [{"name": each["name"]} for each in case["recipient"]]}
    keys = [key for key in decision.relied_on if key != but]
    if any(key.startswith("person") for key in keys):
        left["person"] = [{"name": each["name"]} for each in case["person"]]
    for key in keys:
        group, bracket, rest = key.partition("[")
        if bracket:
            name, fact = rest[1:].split('"].')
            next(each for each in left[group] if each["name"] == name)[fact] = decision.relied_on[key]
        elif "." in key:
            left.setdefault(key.split(".")[0], {})[key.split(".")[1]] = decision.relied_on[key]
    return load(PEOPLE + MANY).decide(left, as_of=DAY, presume=False)


@pytest.mark.parametrize("case", cases())
def test_what_is_relied_on_settles_every_row_and_nothing_of_it_can_be_left_out(case: dict[str, Any]) -> None:
    decision = decide(PEOPLE + MANY, case)
    assert settled(alone(decision, case)) == settled(decision)
    for key in decision.relied_on:
        if "." in key:
            assert settled(alone(decision, case, but=key)) != settled(decision), key


@pytest.mark.parametrize("case", cases())
def test_an_assumption_matters_if_and_only_if_another_answer_alone_changes_what_is_seen(
    case: dict[str, Any],
) -> None:
    def seen(decision: Decision) -> object:
        return (settled(decision), [(d.duty, d.state, d.for_) for d in decision.duties])

    policy = load(PEOPLE + MANY)
    for answers in (case["f"], *case["person"], *case["recipient"]):
        for fact in answers.keys() - {"name", "agency"}:
            given = answers.pop(fact)
            decision = policy.decide(case, as_of=DAY)
            others = [True] if fact != "who" else ["Ann", "Bob"]
            changes = []
            for other in others:
                answers[fact] = other
                changes.append(seen(policy.decide(case, as_of=DAY)) != seen(decision))
            (key,) = [f.fact for f in decision.assumed]
            assert (key in mattering(decision)) is any(changes), (key, case)
            answers[fact] = given


def test_assumptions_that_cannot_be_are_told_from_the_others_however_many_there_are() -> None:
    things = 'facts about each thing "a thing"\n' + "\n".join(
        f'  told{n} "told {n}" : yes or no unanswered means no\n  by{n} "by" : some person' for n in range(8)
    )
    ruled = "\n".join(
        f'impossible i{n} "told" when any thing (not thing.told{n} and thing.by{n} is not empty)'
        for n in range(8)
    )
    text = (
        PEOPLE
        + things
        + f'\n{ruled}\nimpossible clash "clash" when not f.a and any recipient (recipient.agency)\n'
        + 'rule r "r" share for each recipient when f.a or recipient.known'
    )
    people = [{"name": n} for n in ("Ann", "Bob", "Cem")]
    case = {"person": people, "recipient": [SCHOOL], "thing": [{"name": f"t{n}"} for n in range(8)]}
    assumed = {found.fact for found in decide(text, case).assumed}
    assert "f.a" not in assumed  # which clashes with the school
    assert {f'thing["t{n}"].told{m}' for n in range(8) for m in range(8)} <= assumed


def many_of(count: int) -> dict[str, Any]:
    """So many recipients, each like one of a few, and so many people."""
    people = [{"name": f"person {n}"} | ({"barred": True} if n % 5 == 0 else {}) for n in range(count)]
    told = [
        {
            "name": f"recipient {n}",
            "agency": n % 2 == 0,
            "who": {"none": True} if n % 2 == 0 else f"person {n}",
        }
        for n in range(count)
    ]
    return {"f": {"a": True}, "person": people, "recipient": told}


def test_what_many_rows_rest_on_settles_each_of_them() -> None:
    case = many_of(40)
    decision = decide(PEOPLE + MANY, case)
    assert len({*settled(decision).values()}) > 1
    assert settled(alone(decision, case)) == settled(decision)


@pytest.mark.parametrize("part", ["relied_on", "assumed"])
def test_what_many_rows_rest_on_takes_steps_in_proportion_to_them(part: str) -> None:
    def work(count: int) -> None:
        getattr(decide(PEOPLE + MANY, many_of(count)), part)

    assert grows_in_step(work, 500)


def test_what_a_decision_rests_on_does_not_hang_on_what_of_it_was_looked_at_before() -> None:
    policy = load("""
facts about each person "each person"
  known "person known" : yes or no
facts about each recipient "each recipient"
  known "recipient known" : yes or no
  who "recipient who" : one person
facts about request "the request"
  urgent "request urgent" : yes or no  unanswered means no
  agreed "request agreed" : yes or no
  stage "request stage" : one of low, middle, high
  age "request age" : number from 0 to 20
rule seldom "Seldom." withhold for each recipient
  when recipient.who.known and (recipient.who is none of them
    or at most 0 recipient (not recipient.known and request.stage is one of middle, low))
rule nobody "Nobody." withhold for each recipient
  when any recipient (recipient.who is none of them) unless recipient.who.known is no
exception lifted_here "Lifted." sets aside seldom
consent asked "Asked." must seek consent from recipient.who for each recipient
duty told "Tell." after sharing
exception untold "Untold." sets aside told when not at least 1 person (not person.known)
consent kept "Kept." withhold
override other "Other." share prevails over kept for each recipient when not recipient.who.known
""")
    case = {
        "person": [{"name": "Ann"}],
        "recipient": [
            {"name": "letter", "who": "unsure", "known": False},
            {"name": "report", "who": "unsure"},
        ],
        "request": {"agreed": True, "age": 15, "stage": "middle"},
    }
    first, second = policy.decide(case, as_of=DAY), policy.decide(case, as_of=DAY)
    assert second.assumed
    assert first.relied_on == second.relied_on


def test_where_no_few_facts_settle_a_row_all_that_bear_on_it_are_named() -> None:
    policy = """
facts about each item "item"
  who "who" : one person
    unanswered means none
facts about each person "person"
  known "known" : yes or no
facts about each recipient "recipient"
  known "known" : yes or no
facts about request "the request"
  urgent "urgent" : yes or no
consent c "C."
  withhold
  for each item
  when none of these
    - not not item.who.known
    - request.urgent
override o "O."
  must withhold
  prevails over c
  for each item and recipient
  when no person in item.who (person.known and at least 1 person in item.who (not person.known
    and any recipient (recipient.known and item.who.known)))
  unless no person in item.who (not person.known and request.urgent)
"""
    case = {"item": [{"name": "a"}], "recipient": [{"name": "b"}], "request": {"urgent": False}}
    decision = decide(policy, case)
    assert [row.outcome for row in decision.disclosures] == [Outcome.WITHHOLD]
    assert set(decision.relied_on) == {'item["a"].who', "request.urgent"}
