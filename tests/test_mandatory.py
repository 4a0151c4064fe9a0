"""Whether an outcome is mandatory, and how strong the outcomes are to which a question leads: in every form."""

import attrs
import pytest

from compiled_forms import forms
from infoshare.batch import decide_table
from infoshare.engine.by_definition import ByDefinition
from infoshare.meaning.model import Model
from infoshare.outcome import Basis, Outcome
from small import DAY, FACTS, decide, load

pa = pytest.importorskip("pyarrow")

MUST_IF_ONE = 'rule r "r" must share when a.yes_1\n'

# policy, answers, and what follows: outcome, basis, mandatory
CASES = {
    "a must that stands": (MUST_IF_ONE, {"yes_1": True}, (Outcome.SHARE, Basis.CLAUSES, True)),
    "a must beside a may of the same outcome": (
        MUST_IF_ONE + 'rule s "s" share\n', {"yes_1": True}, (Outcome.SHARE, Basis.CLAUSES, True),
    ),
    "a power": ('rule r "r" share\n', {}, (Outcome.SHARE, Basis.CLAUSES, False)),
    "a conflict in which one says must": (
        MUST_IF_ONE + 'rule s "s" withhold\n', {"yes_1": True}, (Outcome.SEEK_ADVICE, Basis.CONFLICT, False),
    ),
    "silence": (MUST_IF_ONE, {"yes_1": False}, (Outcome.SEEK_ADVICE, Basis.SILENCE, False)),
    "advice that must be sought": (
        'rule r "r" must seek advice when a.yes_1\n', {"yes_1": True}, (Outcome.SEEK_ADVICE, Basis.CLAUSES, True),
    ),
    "two musts of which one stands in each completion": (
        MUST_IF_ONE + 'rule s "s" must share when not a.yes_1\n', {}, (Outcome.SHARE, Basis.CLAUSES, True),
    ),
    "a must in some completions of a settled outcome": (
        MUST_IF_ONE + 'rule s "s" share\n', {}, (Outcome.SHARE, Basis.CLAUSES, None),
    ),
    "an outcome that is not settled, and a must in some completion": (
        MUST_IF_ONE + 'rule s "s" withhold when not a.yes_1\n', {}, (Outcome.SEEK_ADVICE, Basis.UNKNOWN_FACTS, None),
    ),
    "an outcome that is not settled, and a must in every completion": (
        MUST_IF_ONE + 'rule s "s" must withhold when not a.yes_1\n', {},
        (Outcome.SEEK_ADVICE, Basis.UNKNOWN_FACTS, None),
    ),
    "an outcome that is not settled, and a must in conflict alone": (
        'rule r "r" must share when a.yes_1\nrule s "s" withhold\n', {},
        (Outcome.SEEK_ADVICE, Basis.UNKNOWN_FACTS, None),
    ),
    "an outcome that is not settled, and no must": (
        'rule r "r" share when a.yes_1\nrule s "s" withhold when not a.yes_1\n', {},
        (Outcome.SEEK_ADVICE, Basis.UNKNOWN_FACTS, False),
    ),
    "advice by clauses or by conflict, with a must in the conflict": (
        'rule r "r" seek advice\nrule s "s" must share when a.yes_1\n', {},
        (Outcome.SEEK_ADVICE, Basis.CLAUSES, None),
    ),
    "advice by clauses or by conflict, with the must in all of it": (
        'rule r "r" must seek advice\nrule s "s" share when a.yes_1\n', {},
        (Outcome.SEEK_ADVICE, Basis.CLAUSES, None),
    ),
    "advice by clauses or by conflict, without a must": (
        'rule r "r" seek advice\nrule s "s" share when a.yes_1\n', {},
        (Outcome.SEEK_ADVICE, Basis.CLAUSES, False),
    ),
    "advice by conflict or by silence, with a must in the conflict": (
        'rule r "r" must share when a.yes_1\nrule s "s" withhold when a.yes_1\n', {},
        (Outcome.SEEK_ADVICE, Basis.CONFLICT, False),
    ),
    "advice by a clause that says must, or by silence": (
        'rule r "r" must seek advice when a.yes_1\n', {}, (Outcome.SEEK_ADVICE, Basis.CLAUSES, None),
    ),
}  # fmt: skip


def model_of(text: str) -> Model:
    """The model of a policy in which advice too may have to be sought."""
    model = load(FACTS + text.replace("must seek", "seek")).model
    clauses = {
        name: attrs.evolve(clause, must=clause.must or ("must seek" in text and name == "r"))
        for name, clause in model.clauses.items()
    }
    return attrs.evolve(model, clauses=clauses)


@pytest.mark.parametrize("what", CASES)
def test_an_outcome_is_mandatory_where_a_clause_that_concludes_it_says_must(what: str) -> None:
    text, answers, want = CASES[what]
    model = model_of(text)
    ways = [ByDefinition(model, DAY, presume=True), *forms(model, DAY)]
    assert len(ways) > 2
    for way in ways:
        decision = way.decide({"a": answers})
        assert (decision.outcome, decision.basis, decision.mandatory) == want, type(way).__name__


@pytest.mark.parametrize("what", [what for what, (text, *_) in CASES.items() if "must seek" not in text])
def test_a_table_says_of_a_row_that_it_is_mandatory_where_a_decision_does(what: str) -> None:
    text, answers, (outcome, basis, mandatory) = CASES[what]
    table = pa.table({"a.yes_1": pa.array([answers.get("yes_1"), None], pa.bool_())})
    (row, _) = decide_table(load(FACTS + text), table, as_of=DAY).to_pylist()
    assert (row["outcome"], row["basis"], row["mandatory"]) == (outcome, basis, mandatory)


def test_a_policy_that_is_not_in_force_makes_nothing_mandatory() -> None:
    text = MUST_IF_ONE.replace("when", "from 2030-01-01 when")
    decision = decide(FACTS + text, {"a": {"yes_1": True}})
    assert decision.mandatory is False


def strengths(decision):
    return {
        question.fact: {
            answer: list(zip(outcomes, question.leads_to_strength[answer], strict=True))
            for answer, outcomes in question.leads_to.items()
        }
        for question in decision.questions
    }


def test_a_question_says_whether_its_answer_leads_to_a_must_or_to_a_may() -> None:
    decision = decide(
        FACTS
        + 'rule r "r" must share when a.yes_1 and a.yes_2\nrule s "s" withhold when not (a.yes_1 and a.yes_2)\n',
        {"a": {"yes_1": True}},
    )
    assert strengths(decision) == {"a.yes_2": {"yes": [("share", "must")], "no": [("withhold", "may")]}}


def test_a_strength_is_null_where_an_answer_leads_to_conflict_or_silence() -> None:
    text = 'rule r "r" must share when a.yes_1\nrule s "s" withhold when a.level is high\n'
    decision = decide(FACTS + text, {"a": {"level": "high"}})
    assert strengths(decision) == {"a.yes_1": {"yes": [("seek_advice", None)], "no": [("withhold", "may")]}}
    silent = decide(FACTS + text, {"a": {"level": "low"}})
    assert strengths(silent) == {"a.yes_1": {"yes": [("share", "must")], "no": [("seek_advice", None)]}}


def test_a_strength_is_null_where_other_unknown_facts_decide_it() -> None:
    decision = decide(
        FACTS
        + """rule r "r" must share when a.yes_1 and a.yes_2
rule s "s" share when a.yes_1
rule t "t" withhold when not a.yes_1
"""
    )
    assert strengths(decision)["a.yes_1"] == {"yes": [("share", None)], "no": [("withhold", "may")]}
    # what was null where both were unknown is told once the other is answered
    decision = decide(
        FACTS + 'rule r "r" must share when a.yes_1 and a.yes_2\nrule s "s" share when a.yes_1\n',
        {"a": {"yes_2": True}},
    )
    assert strengths(decision)["a.yes_1"]["yes"] == [("share", "must")]


def test_strengths_are_told_for_stretches_of_a_number_and_for_what_is_ticked() -> None:
    number = decide(FACTS + 'rule r "r" must share when a.age < 16\nrule s "s" withhold when a.age >= 16\n')
    assert strengths(number) == {
        "a.age": {"0 to 15": [("share", "must")], "16 to 130": [("withhold", "may")]}
    }
    ticked = decide(FACTS + 'rule r "r" must withhold when a.signs includes fear\n')
    assert strengths(ticked)["a.signs"]["fear"] == [("withhold", "must")]


def test_outcomes_to_which_an_answer_may_lead_have_a_strength_each() -> None:
    decision = decide(
        FACTS
        + """rule r "r" must share when a.yes_1 and a.yes_2
rule s "s" withhold when a.yes_1 and not a.yes_2
rule t "t" seek consent when not a.yes_1
"""
    )
    assert strengths(decision)["a.yes_1"]["yes"] == [("share", "must"), ("withhold", "may")]
