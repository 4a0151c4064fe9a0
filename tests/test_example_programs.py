"""The programs in `examples/` do what they say."""

import json
import runpy
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

import infoshare
from infoshare.cli import main

EXAMPLES = Path(__file__).parent.parent / "examples"
DAY = date(2026, 11, 23)


class Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.labelled: set[str] = set()
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.add(tag)
        if tag in ("input", "select"):
            self.names.add(str(given["name"]))
        if tag == "label" and "for" in given:
            self.labelled.add(str(given["for"]))


def test_the_form_asks_for_every_fact_and_runs_no_script() -> None:
    policy = infoshare.load("infoshare:cscp")
    fields = Fields()
    fields.feed(runpy.run_path(str(EXAMPLES / "form.py"))["form"](policy))
    assert fields.names == {fact.name for fact in policy.facts if not fact.each}
    assert fields.labelled == fields.names
    assert "script" not in fields.tags


def test_what_the_form_sends_is_decided_like_the_same_case_in_a_file() -> None:
    policy = infoshare.load("infoshare:cscp")
    sent = {"consent.status": ["refused"], "concern.harm_to_child": ["significant"], "child.age": ["9"]}
    sent |= {
        "telling.endangers_child": ["yes"],
        "telling.endangers_adult": ["unsure"],
        "concern.sexual_abuse": [""],
    }
    case = runpy.run_path(str(EXAMPLES / "form.py"))["answers"](policy, sent)
    assert case == {
        "child": {"age": 9},
        "concern": {"harm_to_child": "significant"},
        "telling": {"endangers_child": True, "endangers_adult": "unsure"},
        "consent": {"status": "refused"},
    }
    assert policy.decide(case, as_of=DAY).outcome is infoshare.Outcome.SHARE


def test_the_case_system_asks_one_question_and_acts_on_the_answer(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(EXAMPLES / "case_system.py"), run_name="__main__")
    out = capsys.readouterr().out
    assert out.startswith("YES, you may share this.")
    assert "2026-11-23: seek advice (cscp 2026.2)\n2026-11-23: share (cscp 2026.2)" in out


def test_where_nobody_knows_more_the_case_system_leaves_the_doubt_to_advice() -> None:
    system = runpy.run_path(str(EXAMPLES / "case_system.py"))
    case = system["CaseFile"]("another invented case", {"consent.status": "refused"})
    decision = system["work_on"](case, {}, DAY)
    assert decision.basis is infoshare.Basis.UNKNOWN_FACTS
    assert [advice.advice for advice in decision.advice] == ["safeguarding_lead"]


def test_the_overlay_of_the_examples_has_nothing_wrong_with_it_and_its_scenarios_pass(capsys) -> None:
    overlay = str(EXAMPLES / "marlowe-vale.policy")
    assert main(["check", "--format", "json", overlay]) in {0, 1}
    found = json.loads(capsys.readouterr().out)["diagnostics"]
    assert [
        each for each in found if each["file"].endswith("marlowe-vale.policy") and each["code"] != "IS611"
    ] == [], "as far as cases could be tried, its guarantees hold, and a scenario reaches every clause"
    assert main(["fmt", "--check", overlay]) == 0
    assert main(["test", overlay]) == 0
    assert capsys.readouterr().out.endswith(" passed, 0 failed\n")
