"""The published cases in which a fact is left out: our answers are what the file says, and safe."""

import json
from datetime import date
from pathlib import Path

import pytest

from infoshare import load_sources
from infoshare.outcome import Basis, Outcome

FILE = Path(__file__).parent.parent / "docs" / "data" / "unknown-never-permits.json"
DATA = json.loads(FILE.read_text("utf-8"))
CASES = [(policy, case) for policy in DATA["policies"] for case in policy["cases"]]
SAID = {Outcome.SHARE: "share", Outcome.WITHHOLD: "do not share"}


@pytest.mark.parametrize(("policy", "case"), CASES, ids=[f"{p['name']}: {c['name']}" for p, c in CASES])
def test_our_answer_is_the_published_one_and_is_safe(policy, case):
    loaded = load_sources({"p.policy": policy["policy"].encode()}, main="p.policy")
    decision = loaded.decide(case["facts"], as_of=date(2026, 11, 29))
    answer = "cannot tell" if decision.basis is Basis.UNKNOWN_FACTS else SAID[decision.outcome]
    assert case["answers"]["infoshare"] == {
        "answer": answer,
        "outcome": decision.outcome.value,
        "basis": decision.basis.value,
        "asks": [question.fact for question in decision.questions],
    }
    assert answer in case["safe"]
    assert (case["safe"] == ["cannot tell"]) <= bool(case["left_out"])


def test_there_are_cases_in_which_what_is_missing_matters_and_such_in_which_it_does_not():
    safe = {tuple(case["safe"]) for _, case in CASES if case["left_out"]}
    assert safe == {("cannot tell",), ("share",), ("do not share",)}
