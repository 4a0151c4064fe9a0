"""The comparison with other rule engines: the policy says the same to everybody, and the one command works.

Peers are not installed where these tests run; agreement with those is part of every run of the command.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from comparison import page, plot
from comparison.cases import cases, with_facts_missing
from comparison.catalogue import catalogue, engine
from comparison.child import environment
from comparison.conditions import alternatives, holds, pushed
from comparison.parts.agreement import compared, defined
from comparison.parts.missing import trials
from comparison.specification import FACTS, ONLY_DUTIES, REFERENCE
from comparison.synthetic import brute_force, synthetic_cases, synthetic_rules
from comparison.timing import Contestant, measured
from infoshare.cli import main

ROOT = Path(__file__).parent.parent
RUN = ROOT / "benchmarks" / "run.py"
TRIED = cases(300, seed=51) + cases(300, seed=52, even=True)


def by_the_table(q):
    """The table in benchmarks/README.md, written down once more."""
    harm = (
        (q["risk_to_child"] and q["harm_score"] >= 60)
        or q["suspected_sexual_abuse"]
        or q["suspected_fabricated_illness"]
        or (q["risk_to_adult"] and q["harm_score"] >= 80)
    )
    given, refused = q["consent_status"] == "given", q["consent_status"] == "refused"
    legal, unadvised = q["legal_duty"], not q["has_sought_advice"]
    dangerous = (
        q["telling_raises_risk"]
        or q["suspected_sexual_abuse"]
        or q["suspected_fabricated_illness"]
        or q["would_undermine_investigation"]
    )
    insiders = ("police", "social_care")
    held = {
        "r01": given,
        "r02": not given and harm,
        "r03": legal,
        "r04": refused and not harm and not legal,
        "r05": q["consent_status"] == "none" and not harm and not legal,
        "r06": not legal and (not q["accurate"] or not q["up_to_date"]),
        "r07": not legal and not q["necessary"],
        "r08": not legal and not q["need_to_know"] and q["recipient"] not in insiders,
        "r09": not q["secure_channel"],
        "r10": q["in_doubt"] and unadvised,
        "r11": q["risk_to_child"] and 30 <= q["harm_score"] < 60 and not given and unadvised,
        "r12": q["child_age"] >= 16 and refused and harm and not legal and unadvised,
        "r13": (given or harm or legal) and not dangerous,
        "r14": True,
    }
    held = {rule for rule, holds_here in held.items() if holds_here}
    if held & {"r06", "r07", "r08", "r09"}:
        outcome = "withhold"
    elif legal:
        outcome = "share"
    elif held & {"r10", "r11", "r12"}:
        outcome = "seek_advice"
    else:
        outcome = "withhold" if held & {"r04", "r05"} else "share"
    duties = {"record_decision"}
    duties |= {"seek_consent"} if "r05" in held else set()
    duties |= {"inform_family"} if "r13" in held and outcome == "share" else set()
    return outcome, held, duties


def test_the_specification_says_what_the_table_says():
    for case in TRIED:
        said = defined(case)
        assert (said.outcome, set(said.held), set(said.duties)) == by_the_table(case)


def test_the_reference_policy_says_what_the_table_says():
    decide = engine("infoshare_all").decide()
    for case in TRIED:
        outcome, held, duties = by_the_table(case)
        got = decide(case)
        assert (got[0], set(got[1]), set(got[2])) == (outcome, held.difference(ONLY_DUTIES), duties)


def test_what_stands_are_the_rules_that_no_other_one_prevails_over():
    decide = engine("infoshare").decide()
    says = {
        "share": {"r01", "r02", "r03"},
        "withhold": {"r04", "r05", "r06", "r07", "r08", "r09"},
        "seek_advice": {"r10", "r11", "r12"},
    }
    for case in TRIED:
        outcome, held, _ = by_the_table(case)
        assert set(decide(case)[1]) == held & says[outcome]


def test_the_cases_try_every_rule_and_every_outcome_both_ways():
    said = [by_the_table(case) for case in TRIED]
    assert {outcome for outcome, _, _ in said} == {"share", "withhold", "seek_advice"}
    for rule in set(REFERENCE.rules) - {"r14"}:
        assert 0 < sum(rule in held for _, held, _ in said) < len(said), rule


def test_the_reference_policy_is_clean_and_laid_out(capsys):
    policy = str(RUN.parent / "reference.policy")
    assert main(["fmt", "--check", policy]) == 0
    main(["check", policy])
    found = set(re.findall(r"\[(IS\d+)\]", capsys.readouterr().out))
    assert found <= {"IS610"}  # it has no scenarios: these tests try it


@pytest.mark.parametrize("key", [e.key for e in catalogue() if e.kind == "baseline"])
def test_a_baseline_says_what_the_specification_says(key):
    row = compared(engine(key), TRIED, [defined(case) for case in TRIED])
    assert not row["outcomes"] and not row["rules"] and not row["duties"]


def test_conditions_written_another_way_hold_in_the_same_cases():
    for condition in REFERENCE.rules.values():
        ways = alternatives(REFERENCE, condition)
        for case in TRIED:
            wanted = holds(condition, case, REFERENCE.named)
            assert holds(pushed(condition), case, REFERENCE.named) == wanted
            assert holds(("not", pushed(condition, negated=True)), case, REFERENCE.named) == wanted
            assert any(all(holds(test, case, {}) for test in tests) for tests in ways) == wanted


@pytest.mark.parametrize("selective", [True, False])
def test_many_clauses_fire_as_brute_force_says(selective):
    rules = synthetic_rules(25, selective=selective)
    tried = synthetic_cases(12, rules)
    wanted = [brute_force(rules)(case) for case in tried]
    assert any(wanted)
    for key in ("infoshare", "python_outcome"):
        match = engine(key).matching(rules)
        assert [sorted(match(case)) for case in tried] == wanted


def test_a_larger_set_of_rules_begins_with_the_smaller_one():
    small, large = synthetic_rules(10).rules, synthetic_rules(30).rules
    assert list(large.items())[:10] == list(small.items())


def test_a_trial_is_open_only_where_the_missing_answer_changes_the_outcome():
    opened, idle = trials(30)
    assert len(opened) == len(idle) == 30
    for case, outcomes in opened + idle:
        (fact,) = set(FACTS) - set(case)
        assert outcomes == {by_the_table({**case, fact: value})[0] for value in FACTS[fact]}
    assert all(len(outcomes) > 1 for _, outcomes in opened)
    assert all(len(outcomes) == 1 for _, outcomes in idle)


def test_missing_facts_are_left_out_in_the_share_that_was_asked_for():
    complete = cases(300, seed=53)
    kept = sum(len(case) for case in with_facts_missing(complete, 0.25, seed=54))
    assert 0.72 < kept / (300 * len(FACTS)) < 0.78


class Clock:
    """Time that passes only while something works."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now

    def takes(self, seconds, slow=()):
        def work(case):
            self.now += seconds * (50 if case["number"] in slow else 1)

        return work


def numbered(count):
    return [{"number": number} for number in range(count)]


def test_a_ratio_is_what_it_is_whatever_the_sizes_of_the_chunks():
    clock, pool = Clock(), numbered(40_000)
    quick, slow = clock.takes(0.000_002), clock.takes(0.000_300)
    figures = measured(
        {"slow": Contestant(slow, pool, quick, pool), "quick": Contestant(quick, pool, quick, pool)},
        rounds=9,
        seconds=0.01,
        clock=clock,
    )
    assert figures["slow"].ratio == pytest.approx(150)
    assert figures["slow"].us == pytest.approx(300)
    assert figures["slow"].beside_us == pytest.approx(2)
    assert figures["quick"].ratio == pytest.approx(1)
    assert figures["slow"].chunk < figures["quick"].chunk


def test_a_few_interrupted_rounds_do_not_change_a_median():
    clock, pool = Clock(), numbered(9000)
    interrupted = clock.takes(0.000_010, slow=range(0, 9000, 3000))
    one = Contestant(interrupted, pool, clock.takes(0.000_001), pool)
    assert measured({"one": one}, rounds=9, seconds=0.002, clock=clock)["one"].ratio == pytest.approx(10)


def test_no_case_is_decided_twice_while_there_are_enough():
    clock, pool, met = Clock(), numbered(9000), []
    work = clock.takes(0.000_010)

    def run(case):
        met.append(case["number"])
        work(case)

    measured({"one": Contestant(run, pool, work, pool)}, rounds=9, seconds=0.005, clock=clock)
    in_rounds = met[-9 * 500 :]
    assert len(in_rounds) == len(set(in_rounds)) == 9 * 500


def test_what_is_very_slow_gets_fewer_rounds_and_one_case_in_each():
    clock, pool = Clock(), numbered(100)
    one = Contestant(clock.takes(1.0), pool, clock.takes(0.001), pool)
    found = measured({"one": one}, rounds=50, seconds=0.01, clock=clock)["one"]
    assert (len(found.rounds), found.chunk) == (3, 1)
    assert found.ratio == pytest.approx(1000)


@pytest.fixture(scope="module")
def looked(tmp_path_factory):
    """A quick look at everything that is quick, by the one command."""
    out = tmp_path_factory.mktemp("benchmarks")
    parts = "agreement,missing,decision,unknown,asked,cold"
    done = subprocess.run(
        [sys.executable, str(RUN), "--quick", "--rounds", "2", "--only", parts, "--out", str(out)],
        capture_output=True,
        text=True,
        env=environment(),
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads((out / "benchmarks" / "results.json").read_text("utf-8")), out, done


def test_the_one_command_measures_what_is_here_and_names_what_is_not(looked):
    results, out, done = looked
    here = {e.key for e in catalogue() if e.installed}
    assert {"infoshare", "python_fired", "python_outcome", "python_strict"} <= here
    assert set(results["agreement"]) == set(results["decision"]) == here
    told = (out / "benchmarks.md").read_text("utf-8")
    (line,) = re.findall(r"^Not installed, so not measured: (.*)\.$", told, re.MULTILINE)
    absent = {e.distribution for e in catalogue() if not e.installed}
    assert set(line.split(", ")) == absent or not absent
    assert line in done.stdout


def test_the_product_never_guesses_where_a_fact_is_missing(looked):
    results, _, _ = looked
    row = results["missing"]["engines"]["infoshare"]
    count = results["missing"]["trials"]
    assert row == {"open": {"unknown": count}, "idle": {"right": count}}


def test_tables_have_a_cell_in_every_column(looked):
    _, out, _ = looked
    tables = re.findall(r"(?:^\|.*\|$\n?)+", (out / "benchmarks.md").read_text("utf-8"), re.MULTILINE)
    assert len(tables) >= 6
    for table in tables:
        assert len({line.count("|") for line in table.splitlines()}) == 1
        assert len({len(line) for line in table.splitlines()}) == 1


def test_what_is_written_names_no_machine_and_no_path(looked):
    results, out, _ = looked
    text = json.dumps(results) + (out / "benchmarks.md").read_text("utf-8")
    assert str(ROOT) not in text and str(Path.home()) not in text
    assert results["machine"]["python"] and results["machine"]["cores"]


def test_the_read_me_tells_of_every_option_and_every_part():
    done = subprocess.run(
        [sys.executable, str(RUN), "--help"], capture_output=True, text=True, env=environment(), check=True
    )
    told = (RUN.parent / "README.md").read_text("utf-8")
    options = set(re.findall(r"--[a-z]+", done.stdout)) - {"--help"}
    assert options == set(re.findall(r"`(--[a-z]+)", told))
    parts = {path.stem for path in (RUN.parent / "comparison" / "parts").glob("[a-z]*.py")}
    (listed,) = re.findall(r"^Parts: (.*?)\n\n", told, re.MULTILINE | re.DOTALL)
    assert parts == set(re.findall(r"`(\w+)`", listed))


def test_the_requirements_name_every_engine_that_is_known():
    pinned = (RUN.parent / "requirements-peers.txt").read_text("utf-8").lower().replace("_", "-")
    for peer in catalogue():
        if peer.kind == "peer":
            assert re.search(rf"^{peer.distribution}==", pinned, re.MULTILINE), peer.distribution


def test_a_mistyped_name_is_answered_with_the_nearest_one():
    done = subprocess.run(
        [sys.executable, str(RUN), "--only", "decison"],
        capture_output=True,
        text=True,
        env=environment(),
        check=False,
    )
    assert done.returncode == 1
    assert "nothing to measure is named decison; did you mean decision?" in done.stderr


def test_an_engine_that_differs_is_named_on_the_page_and_ends_the_run_with_an_error():
    told = {"title": "Odd", "kind": "peer", "fired": "all", "duties": True, "version": "1", "installed": True}
    results = {
        "engines": {"odd": told},
        "agreement": {"odd": {"cases": 200, "outcomes": 3, "rules": 0, "duties": 0}},
    }
    assert page.disagreements(results) == ["Odd"]
    assert "**These differ: Odd.**" in page.tables(results | {"effort": {"rounds": 1}, "collector": ""})


def test_the_reported_run_has_the_engines_that_a_reader_looks_for():
    results = json.loads((ROOT / "docs" / "benchmarks" / "results.json").read_text("utf-8"))
    assert not results["quick"]
    looked_for = {"zen_graph", "zen_expression", "cedar", "cel_rust", "cel_python", "clips", "rule_engine"}
    assert looked_for | {"infoshare", "python_fired"} <= set(results["decision"])
    assert page.disagreements(results) == []


def test_the_page_of_the_reported_run_is_what_its_figures_make():
    folder = ROOT / "docs" / "benchmarks"
    results = json.loads((folder / "results.json").read_text("utf-8"))
    drawn = [name for name in ("decision.svg", "growth.svg") if (folder / name).exists()]
    assert (ROOT / "docs" / "benchmarks.md").read_text("utf-8") == page.page(results, drawn)


def test_plots_are_drawn_where_the_library_is_there_and_left_out_where_not(tmp_path, looked):
    results, _, _ = looked
    names = plot.drawn(results, tmp_path)
    assert names in ([], ["decision.svg"])
    assert [path.name for path in tmp_path.iterdir()] == names
