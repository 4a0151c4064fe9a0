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


def test_the_table_of_the_page_counts_what_the_file_holds():
    rows = {}
    for _, case in CASES:
        for engine, given in case["answers"].items():
            answer, wrong = given["answer"], given["answer"] not in case["safe"]
            said = (True, not wrong, wrong and answer == "share", wrong and answer == "do not share")
            row = (*said, answer == "error")
            rows[engine] = [n + so for n, so in zip(rows.get(engine, [0] * 5), row, strict=True)]
    page = (FILE.parent.parent / "unknown-never-permits.md").read_text("utf-8")
    for engine, counts in rows.items():
        of = DATA["engines"].get(engine)
        name = f"{engine} (`{of['package']}` {of['version']})" if of else engine
        assert f"| {name} | {' | '.join(map(str, counts))} |" in page
    assert DATA["engines"].keys() | {"infoshare"} == rows.keys()


def test_every_answer_of_another_engine_stands_beside_what_was_written_for_it():
    for policy in DATA["policies"]:
        for case in policy["cases"]:
            assert case["answers"].keys() - {"infoshare"} <= policy.get("written", {}).keys()
            assert {given["answer"] for given in case["answers"].values()} <= {*DATA["answers"], "error"}
