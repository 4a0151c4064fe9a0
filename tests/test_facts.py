"""Facts: what a case may say, what is unknown, and what is assumed of what nobody answered."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

import infoshare

DAY = date(2026, 6, 1)
POLICY = """infoshare 1
policy p "P"
facts about child "the child"
  age "the age" : number of years from 0 to 25
  unborn "not yet born" : yes or no  unanswered means no
  seen "last seen" : date
  note "a note" : text
facts about concern "the concern"
  harm "the harm" : one of none, some, grave
  abuse "abuse is suspected" : yes or no  unanswered means no
  signs "the signs" : some of bruising, fear, hunger
facts about each item "a paper"
  needed "it is needed" : yes or no
impossible unborn_age "A child not yet born has an age of nought." when child.unborn and child.age > 0
rule grave "Grave harm is shared." share when concern.harm is grave or concern.abuse
rule else_not "Otherwise it is not." withhold when not (concern.harm is grave or concern.abuse)
safeguard needed "Only what is needed." for each item require item.needed otherwise "Leave it out."
"""


@pytest.fixture(scope="module")
def policy() -> infoshare.Policy:
    return infoshare.load_sources({"p.policy": POLICY.encode()}, main="p.policy")


def faults(policy: infoshare.Policy, case: Any) -> list[tuple[str, str | None]]:
    with pytest.raises(infoshare.FactsError) as caught:
        policy.decide(case, as_of=DAY)
    return [(diagnostic.code, diagnostic.path) for diagnostic in caught.value.diagnostics]


def test_groups_and_dotted_keys_say_the_same(policy: infoshare.Policy) -> None:
    nested = policy.decide({"case": "one", "concern": {"harm": "grave"}}, as_of=DAY)
    dotted = policy.decide({"case": "one", "concern.harm": "grave"}, as_of=DAY)
    assert nested == dotted
    assert nested.case == "one"


def test_two_answers_for_one_fact_are_an_error_also_where_they_agree(policy: infoshare.Policy) -> None:
    assert faults(policy, {"concern": {"harm": "grave"}, "concern.harm": "grave"}) == [
        ("IS403", "concern.harm")
    ]


def test_null_and_absent_are_unanswered(policy: infoshare.Policy) -> None:
    assert policy.decide({"concern": {"harm": None}, "item": None}, as_of=DAY) == policy.decide({}, as_of=DAY)


def test_unsure_is_unknown_and_is_never_assumed_away(policy: infoshare.Policy) -> None:
    assumed = policy.decide({"concern": {"harm": "none"}}, as_of=DAY)
    assert assumed.outcome == "withhold"
    assert [(a.fact, a.value, a.matters) for a in assumed.assumed] == [
        ("child.unborn", False, False),
        ("concern.abuse", False, True),
    ]
    unsure = policy.decide({"concern": {"harm": "none", "abuse": "unsure"}}, as_of=DAY)
    assert unsure.basis == "unknown_facts"
    assert [(q.fact, q.answered) for q in unsure.questions if "outcome" in q.for_] == [
        ("concern.abuse", "unsure")
    ]


def test_without_presumptions_what_would_be_assumed_is_unknown(policy: infoshare.Policy) -> None:
    decision = policy.decide({"concern": {"harm": "none"}}, as_of=DAY, presume=False)
    assert decision.basis == "unknown_facts"
    assert decision.assumed == ()


def test_an_assumption_that_would_make_the_case_impossible_is_not_made() -> None:
    text = POLICY.replace(
        'unborn "not yet born" : yes or no  unanswered means no',
        'unborn "not yet born" : yes or no  unanswered means yes',
    )
    policy = infoshare.load_sources({"p.policy": text.encode()}, main="p.policy")
    assert "child.unborn" in [a.fact for a in policy.decide({}, as_of=DAY).assumed]
    assert "child.unborn" not in [a.fact for a in policy.decide({"child": {"age": 4}}, as_of=DAY).assumed]


def test_a_case_that_is_impossible_is_an_error_that_says_why(policy: infoshare.Policy) -> None:
    with pytest.raises(infoshare.FactsError, match="nought"):
        policy.decide({"child": {"unborn": True, "age": 3}}, as_of=DAY)


@pytest.mark.parametrize(
    ("case", "path"),
    [
        ({"concern": {"abuse": "no"}}, "concern.abuse"),
        ({"concern": {"abuse": 0}}, "concern.abuse"),
        ({"concern": {"abuse": ""}}, "concern.abuse"),
        ({"concern": {"abuse": []}}, "concern.abuse"),
        ({"concern": {"harm": "severe"}}, "concern.harm"),
        ({"concern": {"harm": "unknown"}}, "concern.harm"),
        ({"concern": {"harm": True}}, "concern.harm"),
        ({"concern": {"signs": "bruising"}}, "concern.signs"),
        ({"concern": {"signs": ["bruise"]}}, "concern.signs"),
        ({"concern": {"signs": ["fear", "fear"]}}, "concern.signs"),
        ({"child": {"age": "7"}}, "child.age"),
        ({"child": {"age": 7.0}}, "child.age"),
        ({"child": {"age": True}}, "child.age"),
        ({"child": {"seen": "22/11/2026"}}, "child.seen"),
        ({"child": {"seen": "20261122"}}, "child.seen"),
        ({"child": {"seen": "2026-02-30"}}, "child.seen"),
        ({"child": {"seen": datetime(2026, 1, 1)}}, "child.seen"),  # noqa: DTZ001 - just what must be refused
        ({"child": {"note": 3}}, "child.note"),
        ({"child": {"note": "half \ud800"}}, "child.note"),
        ({"item": [{"name": "a", "needed": 1}]}, 'item["a"].needed'),
    ],
)
def test_nothing_is_taken_for_what_it_is_not(
    policy: infoshare.Policy, case: Mapping[str, object], path: str
) -> None:
    assert faults(policy, case) == [("IS402", path)]


@pytest.mark.parametrize(
    "text", ["7.00000000000000000001", "6.99999999999999999999", "7.5", "0.00000000000000000001"]
)
def test_a_decimal_that_is_no_whole_number_is_never_taken_for_one(
    policy: infoshare.Policy, text: str
) -> None:
    assert faults(policy, {"child": {"age": Decimal(text)}}) == [("IS402", "child.age")]


@pytest.mark.parametrize("age", [-1, 26, 2**53, 10**30])
def test_a_number_outside_its_range_is_an_error(policy: infoshare.Policy, age: int) -> None:
    assert faults(policy, {"child": {"age": age}}) == [("IS404", "child.age")]


def test_unknown_names_are_errors_that_offer_the_nearest(policy: infoshare.Policy) -> None:
    with pytest.raises(infoshare.FactsError) as caught:
        policy.decide({"concern": {"Harm": "grave"}, "chld": {}, "child.aeg": 3}, as_of=DAY)
    helps = [" ".join(diagnostic.help) for diagnostic in caught.value.diagnostics]
    assert [d.code for d in caught.value.diagnostics] == ["IS401"] * 3
    assert "`concern.harm`" in helps[0]
    assert "`child`" in helps[1]
    assert "`child.age`" in helps[2]


def test_every_fault_is_told_at_once_and_no_answer_is_repeated(policy: infoshare.Policy) -> None:
    case = {
        "child": {"age": "a secret", "seen": "another secret"},
        "item": [{"needed": True}, {"name": "x"}, {"name": "x"}],
        "concern": 4,
    }
    with pytest.raises(infoshare.FactsError) as caught:
        policy.decide(case, as_of=DAY)
    assert [d.code for d in caught.value.diagnostics] == ["IS402", "IS402", "IS406", "IS407", "IS408"]
    assert "secret" not in str(caught.value) + repr(caught.value.diagnostics)


def test_each_answer_is_read_once_and_one_that_cannot_be_read_is_named(policy: infoshare.Policy) -> None:
    class Counting(Mapping[str, object]):
        def __init__(self, answers: dict[str, object]) -> None:
            self.answers, self.read = answers, dict.fromkeys(answers, 0)

        def __getitem__(self, key: str) -> object:
            self.read[key] += 1
            if key == "abuse":
                raise RuntimeError("the record is locked")
            return self.answers[key]

        def __iter__(self) -> Iterator[str]:
            return iter(self.answers)

        def __len__(self) -> int:
            return len(self.answers)

    group = Counting({"harm": "grave"})
    assert policy.decide({"concern": group}, as_of=DAY).outcome == "share"
    assert group.read == {"harm": 1}
    assert faults(policy, {"concern": Counting({"abuse": True})}) == [("IS410", "concern.abuse")]


def test_a_list_that_is_unsure_is_unknown_and_an_empty_one_is_not(policy: infoshare.Policy) -> None:
    for case in ({"item": "unsure"}, {"item": []}, {}):
        decision = policy.decide({"concern": {"harm": "grave"}, **case}, as_of=DAY)
        assert [(row.item, row.recipient, row.release) for row in decision.disclosures] == [
            (None, None, True)
        ]
        assert [kept.safeguard for kept in decision.safeguards] == ["needed"]


def test_the_day_is_a_calendar_date(policy: infoshare.Policy) -> None:
    for day in ("2026-06-01", datetime(2026, 6, 1)):  # noqa: DTZ001 - just what must be refused
        with pytest.raises(infoshare.FactsError) as caught:
            policy.decide({}, as_of=day)  # type: ignore[arg-type]
        assert [d.code for d in caught.value.diagnostics] == ["IS411"]


def test_what_else_is_wrong_with_the_second_of_one_name_is_told_too() -> None:
    case = {"item": [{"name": "a letter"}, {"name": "a letter", "nonsense": None, "necessary": "perhaps"}]}
    with pytest.raises(infoshare.FactsError) as caught:
        infoshare.load("infoshare:cscp").decide(case, as_of=date(2026, 6, 1))
    assert sorted(d.code for d in caught.value.diagnostics) == ["IS401", "IS402", "IS407"]
