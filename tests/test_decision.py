"""The decision as a value: frozen, quiet, and the same wherever it is made."""

import pickle
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import attrs
import pytest

import infoshare
from infoshare.engine.engine import ByDefinition
from infoshare.policy.decision import Decision
from small import load

DAY = date(2026, 6, 1)
CASE = {
    "case": "a case that nobody should read in a log",
    "child": {"age": 113},
    "concern": {"harm_to_child": "significant"},
    "consent": {"status": "refused"},
    "telling": {"endangers_child": "unsure"},
    "item": [
        {"name": "a letter", "necessary": True, "accurate": True, "up_to_date": True},
        {"name": "some notes", "necessary": False, "accurate": True, "up_to_date": True},
    ],
}


@pytest.fixture(scope="module")
def policy() -> infoshare.Policy:
    return infoshare.load("infoshare:cscp")


def test_a_decision_cannot_be_changed(policy: infoshare.Policy) -> None:
    decision = policy.decide(CASE, as_of=DAY)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        decision.outcome = infoshare.Outcome.WITHHOLD  # type: ignore[misc]
    with pytest.raises(TypeError):
        decision.relied_on["consent.status"] = "given"  # type: ignore[index]


def test_a_policy_and_a_decision_survive_pickling(policy: infoshare.Policy) -> None:
    decision = policy.decide(CASE, as_of=DAY)
    assert pickle.loads(pickle.dumps(decision)) == decision
    again = pickle.loads(pickle.dumps(policy))
    assert again.decide(CASE, as_of=DAY) == decision
    assert pickle.loads(pickle.dumps(decision)).explain() == decision.explain()


def test_threads_that_decide_at_once_decide_the_same(policy: infoshare.Policy) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: policy.decide(CASE, as_of=DAY).to_dict(), range(40)))
    assert all(each == found[0] for each in found)


def test_a_decision_is_never_taken_for_a_bool(policy: infoshare.Policy) -> None:
    with pytest.raises(TypeError, match="may_share"):
        bool(policy.decide(CASE, as_of=DAY))


def test_what_may_be_shared_is_told_row_by_row(policy: infoshare.Policy) -> None:
    decision = policy.decide(CASE, as_of=DAY)
    assert decision.outcome is infoshare.Outcome.SHARE
    assert not decision.may_share
    assert decision.released == (("a letter", None),)
    only_the_letter = {**CASE, "item": CASE["item"][:1]}  # type: ignore[index]
    assert policy.decide(only_the_letter, as_of=DAY).may_share


def test_a_repr_shows_nothing_of_the_case(policy: infoshare.Policy) -> None:
    decision = policy.decide(CASE, as_of=DAY)
    unsettled = policy.decide({"item": CASE["item"], "telling": {"endangers_child": "unsure"}}, as_of=DAY)
    shown = [repr(decision), repr(unsettled)]
    for each in (decision, unsettled):
        for part in (
            each.fired,
            each.not_fired,
            each.unresolved,
            each.questions,
            each.duties,
            each.disclosures,
        ):
            shown.append(repr(part))
        shown += [repr(each.assumed), repr(each.relied_on), repr(each.lifted), repr(each.defeated)]
    for secret in (
        "nobody should read",
        "a letter",
        "some notes",
        "unsure",
        "113",
    ):  # digits of a digest are none
        assert not any(re.search(rf"\b{secret}\b", text) for text in shown), secret


@pytest.mark.parametrize("first", ["questions", "exact", "disclosures", "to_dict", "assumed", "relied_on"])
def test_a_decision_says_the_same_whatever_of_it_is_looked_at_first(first):
    text = """
    facts about q "q"
      a "a" : yes or no
      b "b" : yes or no unanswered means yes
    facts about each item "an item"
      fit "it is fit" : yes or no
    rule r "x" share when q.a
    safeguard fit "it is fit" for each item require item.fit and q.b otherwise "leave it out"
    """
    case = {"q": {"a": True}, "item": [{"name": "letter"}]}
    model = load(text).model
    looked_at = Decision.of(ByDefinition(model, DAY, presume=True).decide(case))
    getattr(looked_at, first)
    assert looked_at.to_dict() == Decision.of(ByDefinition(model, DAY, presume=True).decide(case)).to_dict()
    assert [question.fact for question in looked_at.questions] == ['item["letter"].fit']
