"""`infoshare diff`, `why`, `what-if` and `prove`: what they print, how they exit, and what they refuse."""

import json
import re
from datetime import date
from html import unescape
from pathlib import Path

import pytest

from cli_samples import write
from infoshare import load, load_sources
from infoshare.cli import main

ROOT = Path(__file__).parent.parent
FIRST, SECOND = (str(ROOT / "examples" / "versions" / f"{name}.policy") for name in ("first", "second"))


def told(page):
    """The text of a page."""
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page[page.index("<body>") :])))


def case(tmp_path, **child):
    path = tmp_path / "case.json"
    path.write_text(json.dumps({"child": child}), "utf-8")
    return str(path)


# --- diff -------------------------------------------------------------------------------------------


def test_a_policy_beside_itself_is_proved_to_change_nothing_and_exits_with_nought(capsys):
    assert main(["diff", FIRST, FIRST]) == 0
    assert "Proved: nothing else changes." in capsys.readouterr().out


def test_where_only_whom_to_ask_may_change_that_is_said_and_nothing_is_called_unchanged(tmp_path, capsys):
    text = """\
infoshare 1
policy p "P"
facts about each parent "a parent"
  asked "they have been asked" : yes or no
  present "they are present" : yes or no
define to_ask "they are to be asked" for each parent as
  not parent.asked
consent asks "They are asked."
  seek consent from each parent (parent.to_ask)
  when any parent (not parent.asked)
advice lead from "the lead" when any parent (parent.present)
"""
    paths = [
        write(tmp_path / f"{n}.policy", t)
        for n, t in enumerate(
            (
                text,
                text.replace("  not parent.asked", "  not parent.asked and parent.present"),
                text.replace('"the lead" when any', '"the lead" when every'),
                text.replace("consent asks", "consent they_are_asked"),
            )
        )
    ]
    told = []
    for path in paths[1:]:
        assert main(["diff", paths[0], path]) == 1
        told.append(capsys.readouterr().out)
    who = "Who is asked for consent or advice may be otherwise, by "
    by = ("“They are asked” (asks).", "“the lead” (lead).", "“They are asked” (asks).")
    assert [who + name in out for out, name in zip(told, by, strict=True)] == [
        True,
        True,
        False,
    ]
    assert ["Proved: nothing else changes." in out for out in told] == [False, False, True]


def test_each_change_is_told_with_the_case_that_shows_it_and_what_turns_it(capsys):
    assert main(["diff", FIRST, SECOND]) == 1
    out = capsys.readouterr().out
    assert "Before: seek advice.\n  Now:    may share." in out
    assert "The child's age is 13 years." in out
    assert "New version: “What the child agrees to is shared with the family, from 13 on” (agreed)" in out
    assert "Before: must not share.\n  Now:    seek advice, as clauses disagree or none speaks." in out
    assert "Proved: outcomes, duties and disclosures change in these ways and in no other" in out


def test_the_scenario_of_a_change_passes_in_the_new_policy(tmp_path, capsys):
    old, new = load(FIRST), load(SECOND)
    scenarios = [each.scenario for each in old.compare(new).outcomes]
    file = tmp_path / "second.policy"
    file.write_text(Path(SECOND).read_text("utf-8") + "\n" + "\n\n".join(scenarios) + "\n", "utf-8")
    assert len(scenarios) == 2
    main(["test", str(file)])
    assert not any("FAILED" in line and "Was " in line for line in capsys.readouterr().out.splitlines())
    for each in old.compare(new).outcomes:
        decision = new.decide(each.witness, as_of=each.day.new, presume=False)
        assert decision.outcome is each.to.outcome


def test_as_json_the_keys_are_those_of_the_contract(capsys):
    assert main(["diff", FIRST, SECOND, "--format", "json"]) == 1
    data = json.loads(capsys.readouterr().out)
    assert data["format"] == "infoshare.diff/1"
    assert data["clauses"] == {
        "added": [],
        "removed": [],
        "changed": [
            {"clause": "agreed", "what": ["condition", "words"]},
            {"clause": "too_young", "what": ["condition"]},
            {"clause": "danger", "what": ["targets"]},
        ],
    }
    first = data["outcomes"][-1]
    assert first["from"] == {"outcome": "seek_advice", "strength": "may"}
    assert first["to"] == {"outcome": "share", "strength": "may"}
    assert first["witness"] == {"child": {"safe": True, "age": 13, "answer": "agrees"}}
    assert first["facts"] == 3


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ("seek advice -> share", 1),
        ("any -> share", 1),
        ("withhold -> share", 0),
        ("must withhold -> any", 1),
        ("share -> any", 0),
    ],
)
def test_only_the_changes_that_are_asked_for_fail_a_pipeline(wanted, code, capsys):
    assert main(["diff", FIRST, SECOND, "--fail-on", wanted]) == code


@pytest.mark.parametrize("wrong", ["share", "share -> maybe", "a -> b -> c"])
def test_what_is_no_change_is_refused_with_how_to_write_one(wrong, capsys):
    assert main(["diff", FIRST, SECOND, "--fail-on", wrong]) == 2
    assert "outcome" in capsys.readouterr().err or "withhold -> share"


def test_for_github_each_change_is_a_notice(capsys):
    assert main(["diff", FIRST, SECOND, "--format", "github"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert all(line.startswith(("::notice title=", "::warning title=")) for line in lines)
    assert any("Before: seek advice.%0ANow: may share." in line for line in lines)


def test_the_page_says_what_changes_runs_nothing_and_has_room_to_sign(tmp_path, capsys):
    page = tmp_path / "page.html"
    assert main(["diff", FIRST, SECOND, "--format", "html", "-o", str(page)]) == 1
    text = page.read_text("utf-8")
    assert "<script" not in text
    assert "default-src" in text
    for said in (
        "Shared now, and not before",
        "The child's age is 13 years.",
        "Signatures",
        "Which clauses make the difference:",
    ):
        assert said in told(text)


def test_a_page_is_not_written_over_a_policy(capsys):
    assert main(["diff", FIRST, SECOND, "--format", "html", "-o", FIRST, "--force"]) == 2


def test_the_page_of_a_policy_says_first_what_changes_since_an_earlier_version(tmp_path, capsys):
    assert main(["doc", SECOND, "--since", FIRST]) == 0
    text = told(capsys.readouterr().out)
    assert text.index("What changes since Letters home (version 1)") < text.index("What prevails over what")


def test_a_caseload_is_counted_and_small_counts_are_not_said(tmp_path, capsys):
    cases = [{"child": {"safe": True, "age": 14, "answer": "agrees"}}] * 6
    cases += [{"child": {"safe": True, "age": 17, "answer": "agrees"}}] * 30
    cases += [{"child": {"safe": False, "answer": "refuses"}}] * 2
    file = tmp_path / "cases.ndjson"
    file.write_text("".join(json.dumps(each) + "\n" for each in cases), "utf-8")
    assert (
        main(["diff", FIRST, SECOND, "--cases", str(file), "--suppress-below", "1", "--format", "json"]) == 1
    )
    told_ = json.loads(capsys.readouterr().out)["cases"]
    counts = {(c["from"], c["to"]): (c["cases"], c["clauses"]) for c in told_["outcomes"]}
    assert counts["seek_advice", "share"] == (6, ["agreed", "too_young"])
    assert counts["share", "share"] == (30, [])
    assert main(["diff", FIRST, SECOND, "--cases", str(file)]) == 1
    assert "–" in capsys.readouterr().out


def test_versions_that_are_never_in_force_together_are_compared_on_the_last_day_and_the_first():
    text = Path(FIRST).read_text("utf-8")
    old = load_sources(
        {"p.policy": text.replace("from 2026-01-01", "from 2026-01-01\n  until 2026-05-31").encode()},
        main="p.policy",
    )
    comparison = old.compare(load(SECOND))
    assert [(each.old, each.new) for each in comparison.days] == [(date(2026, 5, 31), date(2026, 6, 1))]
    assert len(comparison.outcomes) == 2


def test_what_only_an_assumption_changes_stands_apart():
    text = Path(FIRST).read_text("utf-8")
    new = load_sources(
        {"p.policy": text.replace("unanswered means not_asked", "unanswered means refuses").encode()},
        main="p.policy",
    )
    comparison = load(FIRST).compare(new)
    assert comparison.outcomes == ()
    ((change,)) = comparison.assumed
    assert (change.from_.words, change.to.words) == ("seek consent", "withhold")
    assert "answer" not in change.witness["child"]
    assert comparison.vocabulary.changed[0].what == ("assumption",)


def test_an_option_that_only_one_version_has_is_never_part_of_a_case():
    text = Path(FIRST).read_text("utf-8")
    new = text.replace(
        'not_asked "has not been asked"', 'not_asked "has not been asked", silent "says nothing"'
    )
    comparison = load(FIRST).compare(load_sources({"p.policy": new.encode()}, main="p.policy"))
    assert comparison.outcomes == ()
    assert comparison.vocabulary.changed[0].what == ("type",)
    assert comparison.proved


def test_clauses_are_matched_by_name_wherever_they_stand():
    text = Path(FIRST).read_text("utf-8")
    start, end = text.index("rule refused"), text.index("override danger")
    moved = text[:start] + text[end:] + "\n" + text[start:end]
    comparison = load(FIRST).compare(load_sources({"p.policy": moved.encode()}, main="p.policy"))
    assert comparison.unchanged


# --- why ----------------------------------------------------------------------------------------------


def test_why_names_what_is_in_the_way_with_the_answers_and_the_paragraph(tmp_path, capsys):
    given = case(tmp_path, safe=False, age=17, answer="agrees")
    assert main(["why", FIRST, given, "--not", "share"]) == 0
    out = capsys.readouterr().out
    assert "It applies, and is outweighed:" in out
    assert 'by danger (must withhold): "Nothing is told to a family where the child is not safe."' in out
    assert "(The school's own code, 4)" in out
    assert "the child is not safe at home [child.safe]" in out


def test_why_says_what_a_clause_waits_for_and_which_answers_keep_it_from_holding(tmp_path, capsys):
    given = case(tmp_path, safe=True, answer="agrees")
    assert main(["why", FIRST, given, "--clause", "agreed"]) == 0
    assert "How old is the child? [child.age]" in capsys.readouterr().out
    given = case(tmp_path, safe=True, age=12, answer="agrees")
    assert main(["why", FIRST, given, "--clause", "agreed", "--json"]) == 0
    (clause,) = json.loads(capsys.readouterr().out)["clauses"]
    assert clause["why"] == "does not hold"
    assert clause["facts"] == {"child.age": 12}


def test_why_offers_the_nearest_clause_for_a_slip(tmp_path, capsys):
    assert main(["why", FIRST, case(tmp_path, safe=True), "--clause", "dangr"]) == 2
    assert "did you mean `danger`?" in capsys.readouterr().err


def test_a_decision_read_from_json_says_that_it_does_not_hold_its_case():
    decision = load(FIRST).decide({"child": {"safe": True}}, as_of=date(2026, 6, 1))
    kept = type(decision).from_dict(decision.to_dict())
    with pytest.raises(ValueError, match="decide the case again"):
        kept.why_not("share")


# --- what-if ------------------------------------------------------------------------------------------


def test_what_if_gives_the_smallest_changes_and_keeps_what_it_is_told_to_keep(tmp_path, capsys):
    given = case(tmp_path, safe=True, age=12, answer="agrees")
    assert main(["what-if", FIRST, given, "--to", "share"]) == 0
    out = capsys.readouterr().out
    assert "1. the child's age is 16 years (now: the child's age is 12 years) [child.age]" in out
    assert "There is no other change" in out
    assert main(["what-if", FIRST, given, "--to", "share", "--keep", "child.age"]) == 0
    assert "No change of what may change leads to share." in capsys.readouterr().out


def test_what_if_never_touches_a_fact_that_cannot_be_otherwise(tmp_path, capsys):
    fixed = tmp_path / "fixed.policy"
    text = Path(FIRST).read_text("utf-8")
    fixed.write_text(
        text.replace("number of years from 0 to 20", "number of years from 0 to 20\n    fixed"), "utf-8"
    )
    given = case(tmp_path, safe=True, age=12, answer="agrees")
    assert main(["what-if", str(fixed), given, "--to", "share", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "format": "infoshare.what-if/1",
        "complete": True,
        "alternatives": [],
    }


# --- prove --------------------------------------------------------------------------------------------


def test_a_promise_that_holds_is_proved_and_one_that_fails_is_shown_a_case_in_which_it_does(capsys):
    assert main(["prove", FIRST, "never share when not child.safe"]) == 0
    assert capsys.readouterr().out == "Proved: it holds for every case there can be.\n"
    assert main(["prove", SECOND, "always withhold when not child.safe"]) == 1
    out = capsys.readouterr().out
    assert 'scenario "It fails: always withhold when not child.safe"' in out
    assert "not child.safe" in out


def test_a_promise_with_a_slip_is_told_like_any_policy(capsys):
    assert main(["prove", FIRST, "never share when child.saef"]) == 3
    assert "child.safe" in capsys.readouterr().err
    assert main(["prove", FIRST, "perhaps share"]) == 3


PROMISING = """infoshare 1
policy p "P" from 2026-01-01
facts about c "c"
  hurt "the child is hurt" : yes or no
  lost "the child is lost" : yes or no
define danger "there is danger" as {danger}
rule go "It goes." share when danger
rule stay "It stays." withhold when not danger
guarantee {name} "Danger is acted on." never withhold when danger
"""


@pytest.mark.parametrize(("danger", "told"), [("c.hurt", False), ("c.hurt or c.lost", True)])
def test_a_promise_under_another_name_is_not_lost_unless_its_words_mean_something_else(
    danger, told, tmp_path, capsys
):
    for file, name, means in (("old", "acted_on", "c.hurt"), ("new", "never_refused", danger)):
        text = PROMISING.format(name=name, danger=means)
        (tmp_path / f"{file}.policy").write_text(text, encoding="utf-8")
    main(["diff", str(tmp_path / "old.policy"), str(tmp_path / "new.policy")])
    out = capsys.readouterr().out
    assert ("Promises that are no longer written down, and may still hold" in out) == told
    assert ("Promises that are written down now" in out) == told
