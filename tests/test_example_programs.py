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


# --- the whole form -------------------------------------------------------------------------------

WHOLE = """infoshare 1
policy whole "Every kind of question"
facts about child "the child"
  harm "harm" : one of none "no harm", serious "serious harm"  ask first "How serious is it?"
  age "the age" : number of years from 0 to 18  ask "How old are they?"
  since "the day" : date  ask "Since when?"
  signs "signs" : some of bruises "bruises", fear "fear"  ask "Which signs are there?"
  barred "a law forbids it" : yes or no  unanswered means no  ask "Does a law forbid it?"
facts about each person "who is in this"
  parent "a parent" : yes or no  ask "Are they a parent?"
facts about each item "what would be shared"
  about "whom it is about" : some person  ask "Whom is this about?"
  told_by "who told it" : one person  ask "Who told it?"
  accurate "it is accurate" : yes or no  ask "Is it accurate?"
rule protect "A child in danger is protected."
  share
  when child.harm is serious or (child.age < 8 and child.signs includes fear) or child.since < 2020-01-01
override law "What a law forbids is not shared."
  withhold
  prevails over protect
  when child.barred
safeguard right "It is accurate."
  for each item
  require item.accurate
  otherwise "Put it right first."
"""


@pytest.fixture(scope="module")
def whole_form():
    policy = infoshare.load_sources({"p.policy": WHOLE.encode()}, main="p.policy")
    return policy, runpy.run_path(str(EXAMPLES / "full_form.py"))


def test_the_whole_form_reads_every_kind_of_answer_and_leaves_out_what_is_empty(whole_form) -> None:
    policy, form = whole_form
    sent = {
        "child.harm": ["serious"], "child.age": [" 9 "], "child.since": ["2026-01-31"], "child.signs": ["(none)"],
        "child.barred": [""], "person.0.name": ["Ann"], "person.2.name": ["Bo"], "person.1.name": [" "],
        "person.2.parent": ["unsure"], "item.0.name": ["letter"], "item.0.about": ["Ann", "Bo"],
        "item.0.told_by": ["(none)"], "item.0.accurate": ["yes"],
    }  # fmt: skip
    assert form["case_of"](policy, sent) == {
        "child": {"harm": "serious", "age": 9, "since": "2026-01-31", "signs": []},
        "person": [{"name": "Ann"}, {"name": "Bo", "parent": "unsure"}],
        "item": [{"name": "letter", "about": ["Ann", "Bo"], "told_by": {"none": True}, "accurate": True}],
    }
    assert form["case_of"](policy, {"item.given": ["all"], "person.given": ["unsure"]}) == {
        "person": "unsure",
        "item": [],
    }
    assert policy.decide(form["case_of"](policy, sent), as_of=DAY).outcome is infoshare.Outcome.SHARE


def test_the_whole_form_shows_what_it_was_sent_asks_first_what_is_to_be_and_folds_away_what_is_not_needed(
    whole_form,
) -> None:
    policy, form = whole_form
    shown = form["page"](policy, {}, DAY)
    assert shown.index("How serious") < shown.index("<h2>the child</h2>") < shown.index("How old")
    sent = {"child.harm": ["serious"], "item.0.name": ['<a> "letter"'], "person.0.name": ["Ann"]}
    shown = form["page"](policy, sent, DAY)
    assert '<option value="serious" selected>' in shown
    assert "<h3>&lt;a&gt; &quot;letter&quot;</h3>" in shown
    assert '<option value="Ann">Ann</option>' in shown, "a reference is chosen among the names"
    assert "Not needed so far" in shown[: shown.index("How old")]
    assert "<script" not in shown


def test_the_whole_form_gives_no_answer_before_what_was_assumed_is_confirmed_or_left(whole_form) -> None:
    policy, form = whole_form
    sent = {"child.harm": ["serious"], "item.given": ["all"], "person.given": ["all"]}
    shown = form["page"](policy, sent, DAY)
    assert "infoshare-decision" not in shown
    assert "Does a law forbid it? Taken to be: no" in shown
    assert "checked" not in shown
    confirmed = form["page"](policy, {**sent, "right": ["child.barred"]}, DAY)
    assert "infoshare-decision" in confirmed
    assert (
        'name="child.barred"><option value=""></option><option value="yes">yes</option><option value="no" selected>'
        in confirmed
    )
    assert "infoshare-decision" in form["page"](policy, {**sent, "leave": ["yes"]}, DAY)


def test_the_whole_form_says_of_each_answer_what_is_wrong_with_it_and_keeps_it(whole_form) -> None:
    policy, form = whole_form
    sent = {
        "child.age": ["200"],
        "child.since": ["yesterday"],
        "item.0.name": ["x"],
        "item.0.told_by": ["Zoe"],
    }
    shown = form["page"](policy, sent, DAY)
    for path in ("child.age", "child.since", "item[&quot;x&quot;].told_by"):
        assert f"<li>{path}: " in shown
    assert 'value="200"' in shown
    assert "infoshare-decision" not in shown
