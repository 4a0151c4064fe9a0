"""The Python door: what a developer imports, calls, catches, keeps and shows."""

import ast
import copy
import json
import multiprocessing
import pickle
from collections import UserDict
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

import infoshare
from cli_samples import POLICY, SEEK_CONSENT, SHARE, WITHHOLD
from infoshare import Basis, Decision, DecisionError, FactsError, InfoshareError, Outcome, PolicyError
from infoshare.cli import main

DAY = date(2026, 11, 22)
SAMPLE = infoshare.load_sources({"sample.policy": POLICY.encode()}, main="sample.policy")
CSCP = infoshare.load("infoshare:cscp")
HIDDEN = "Aurelia Quince"  # a name that must not come up where nobody asked for it
CASE = {
    "case": HIDDEN,
    "consent": {"status": "refused"},
    "concern": {"harm_to_child": "significant"},
    "item": [{"name": f"Letter about {HIDDEN}", "necessary": True}],
    "recipient": [{"name": HIDDEN, "needs_to_know": True}],
}


def decide(policy: infoshare.Policy, case: Mapping[str, object]) -> str:
    return json.dumps(policy.decide(case, as_of=DAY).to_dict())


# --- what is there --------------------------------------------------------------------------


def test_everything_that_is_exported_is_there_and_says_what_it_is():
    assert list(infoshare.__all__) == sorted(infoshare.__all__)
    for name in infoshare.__all__:
        assert getattr(infoshare, name).__doc__, name


@pytest.mark.parametrize("module", ["load.py", "policy.py", "decision.py"])
def test_every_public_function_and_method_is_typed(module):
    path = Path(infoshare.__file__).parent / "policy" / module
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            assert node.returns is not None, node.name
            arguments = [*node.args.args, *node.args.kwonlyargs]
            assert all(a.annotation for a in arguments if a.arg != "self"), node.name


def test_outcomes_and_bases_are_strings_of_the_contract():
    outcomes = ["share", "seek_consent", "withhold", "seek_advice", "differs"]
    assert [outcome.value for outcome in Outcome] == outcomes
    assert {basis.value for basis in Basis} == {
        "clauses",
        "unknown_facts",
        "conflict",
        "silence",
        "not_in_force",
        "rows",
    }
    assert Outcome.SHARE == "share"
    assert f"{Outcome.SEEK_CONSENT}" == "seek_consent"
    assert json.dumps({"outcome": Outcome.WITHHOLD}) == '{"outcome": "withhold"}'


# --- one family of errors -------------------------------------------------------------------


def test_every_error_is_of_one_family_and_carries_its_diagnostics():
    def policy_error() -> None:
        infoshare.load_sources({"p.policy": b"infoshare 1\nrule"}, main="p.policy")

    def facts_error() -> None:
        SAMPLE.decide({"consnet": {}}, as_of=DAY)

    def date_error() -> None:
        SAMPLE.decide({}, as_of=datetime(2026, 1, 1))  # noqa: DTZ001

    def decision_error() -> None:
        Decision.from_dict({"format": "something else"})

    kinds = [
        (policy_error, PolicyError),
        (facts_error, FactsError),
        (date_error, FactsError),
        (decision_error, DecisionError),
    ]
    for cause, kind in kinds:
        with pytest.raises(InfoshareError) as caught:
            cause()
        assert type(caught.value) is kind
        assert caught.value.diagnostics
        assert all(diagnostic.code in str(caught.value) for diagnostic in caught.value.diagnostics)


def test_the_text_of_a_facts_error_names_the_path_and_the_nearest_word_of_each_problem():
    case = {"consnet": {}, "consent": {"status": "refusd", "given": 1}, "concern": {"serious": "yess"}}
    with pytest.raises(FactsError) as caught:
        SAMPLE.decide(case, as_of=DAY)
    lines = str(caught.value).splitlines()
    assert len(lines) == len(caught.value.diagnostics) == 4
    assert [line.split(": ")[1] for line in lines] == [d.path for d in caught.value.diagnostics]
    text = str(caught.value)
    assert "consnet: " in text and "did you mean `consent`?" in text
    assert "consent.status: expected one of given, refused, not_sought" in text and "`refused`?" in text
    assert "concern.serious: " in text


def test_the_text_of_a_facts_error_does_not_say_what_the_elements_of_a_list_are_called():
    case = {"item": [{"name": f"Letter about {HIDDEN}", "necesary": True, "necessary": 7}]}
    with pytest.raises(FactsError) as caught:
        CSCP.decide(case, as_of=DAY)
    text = str(caught.value)
    assert HIDDEN not in text
    assert "item[…].necessary: " in text and "did you mean `necessary`?" in text
    assert all(f'item["Letter about {HIDDEN}"]' in str(d.path) for d in caught.value.diagnostics)


def test_the_text_of_a_policy_error_names_file_line_and_column_and_the_nearest_name():
    with pytest.raises(PolicyError) as caught:
        infoshare.load_sources(
            {"p.policy": b'infoshare 1\npolicy p "P"\nrule r "R." share when consent.given\n'},
            main="p.policy",
        )
    assert str(caught.value).startswith("IS20") and "p.policy:3:24: " in str(caught.value)
    with pytest.raises(PolicyError, match="did you mean `given`"):
        infoshare.load_sources({"p.policy": POLICY.replace("is given", "is givn").encode()}, main="p.policy")


@pytest.mark.parametrize(
    ("name", "offered"),
    [
        ("infoshare:cspc", "`cscp`"),
        ("infoshare:cspc.policy", "`cscp`"),
        ("infoshare:vocabulry", "`vocabulary`"),
        ("cscp", "`infoshare:cscp`"),
        ("cspc.policy", "`infoshare:cscp`"),
        ("nowhere/hmg-2042", "`infoshare:hmg-20"),
    ],
)
def test_the_text_of_the_error_for_a_policy_that_is_not_there_offers_the_nearest_name(name, offered):
    with pytest.raises(PolicyError) as caught:
        infoshare.load(name)
    assert f"did you mean {offered}" in str(caught.value)


def test_a_diagnostic_as_data_is_what_the_command_line_prints(tmp_path, capsys):
    (tmp_path / "p.policy").write_text(POLICY.replace("is given", "is givn"), encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        infoshare.load(tmp_path / "p.policy")
    main(["check", str(tmp_path / "p.policy"), "--format", "json"])
    assert json.loads(capsys.readouterr().out)["diagnostics"] == [
        d.to_dict() for d in caught.value.diagnostics
    ]
    (tmp_path / "case.json").write_text('{"consnet": {}}', encoding="utf-8")
    (tmp_path / "p.policy").write_text(POLICY, encoding="utf-8")
    with pytest.raises(FactsError) as wrong:
        SAMPLE.decide({"consnet": {}}, as_of=DAY)
    main(["decide", str(tmp_path / "p.policy"), str(tmp_path / "case.json"), "--json"])
    printed = json.loads(capsys.readouterr().out)["error"]["diagnostics"]
    assert printed == [d.to_dict() for d in wrong.value.diagnostics]


def test_a_policy_tells_its_name_its_version_and_its_digest():
    assert (SAMPLE.name, SAMPLE.version) == ("sample", "7")
    assert repr(SAMPLE) == str(SAMPLE) == "<Policy sample 7>"
    assert SAMPLE.digest == SAMPLE.decide(SHARE, as_of=DAY).to_dict()["policy"]["digest"]
    plain = infoshare.load_sources({"p.policy": b'infoshare 1\npolicy p "P"'}, main="p.policy")
    assert (plain.version, repr(plain)) == (None, "<Policy p>")
    library = infoshare.load("infoshare:vocabulary")
    assert (library.name, library.version, repr(library)) == (None, None, "<Policy (a library)>")
    assert library.digest.startswith("sha256:")


def test_an_error_can_be_pickled_with_its_diagnostics():
    with pytest.raises(FactsError) as caught:
        SAMPLE.decide({"consnet": {}}, as_of=DAY)
    again = pickle.loads(pickle.dumps(caught.value))
    assert (type(again), again.diagnostics) == (FactsError, caught.value.diagnostics)


def test_a_decision_is_no_truth_value_and_says_what_to_use():
    decision = SAMPLE.decide(SHARE, as_of=DAY)
    with pytest.raises(TypeError, match="may_share"):
        bool(decision)


# --- many cases -----------------------------------------------------------------------------


def test_many_cases_are_decided_in_their_order():
    decisions = SAMPLE.decide_many([SHARE, SEEK_CONSENT, WITHHOLD], as_of=DAY)
    assert [decision.outcome for decision in decisions] == ["share", "seek_consent", "withhold"]


def test_many_cases_are_decided_as_they_are_asked_for():
    read: list[int] = []

    def cases() -> Iterator[Mapping[str, object]]:
        for number in range(1000):
            read.append(number)
            yield SHARE

    decisions = SAMPLE.decide_many(cases(), as_of=DAY)
    assert read == []
    next(decisions)
    next(decisions)
    assert read == [0, 1]


def test_a_bad_case_stops_them_with_its_number_unless_errors_are_wanted_in_place():
    bad = {"consnet": {}}
    decisions = SAMPLE.decide_many([SHARE, bad, WITHHOLD], as_of=DAY)
    assert next(decisions).outcome is Outcome.SHARE
    with pytest.raises(FactsError) as caught:
        next(decisions)
    assert caught.value.__notes__ == ["case 2"]
    first, second, third = SAMPLE.decide_many([SHARE, bad, WITHHOLD], as_of=DAY, on_error="return")
    assert isinstance(first, Decision)
    assert isinstance(second, FactsError)
    assert isinstance(third, Decision)
    assert third.outcome is Outcome.WITHHOLD


def test_what_is_wrong_with_the_call_is_told_at_the_call():
    with pytest.raises(ValueError, match="on_error"):
        SAMPLE.decide_many([], on_error="ignore")
    with pytest.raises(FactsError, match="as_of"):
        SAMPLE.decide_many([], as_of="2026-01-01")


def test_presumptions_are_left_out_for_all_of_them_or_none():
    (without,) = SAMPLE.decide_many([SHARE], as_of=DAY, presume=False)
    assert without.basis is Basis.UNKNOWN_FACTS


# --- any mapping ----------------------------------------------------------------------------


def test_any_mapping_is_a_case():
    assert (
        SAMPLE.decide(UserDict({k: UserDict(v) for k, v in WITHHOLD.items()}), as_of=DAY).outcome
        is Outcome.WITHHOLD
    )


def test_a_case_is_never_changed():
    case = copy.deepcopy(CASE)
    CSCP.decide(case, as_of=DAY)
    assert case == CASE


# --- processes and threads ------------------------------------------------------------------


def test_a_policy_and_its_decisions_can_be_pickled():
    policy = pickle.loads(pickle.dumps(CSCP))
    decision = policy.decide(CASE, as_of=DAY)
    assert decision == CSCP.decide(CASE, as_of=DAY)
    again = pickle.loads(pickle.dumps(decision))
    assert again == decision
    assert again.explain() == decision.explain()


def test_processes_that_are_given_the_policy_decide_the_same():
    cases = [SHARE, SEEK_CONSENT, WITHHOLD]
    expected = [decide(SAMPLE, case) for case in cases]
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        assert list(pool.map(decide, [SAMPLE] * 3, cases)) == expected


def test_threads_share_one_policy_and_decide_the_same():
    cases = [SHARE, SEEK_CONSENT, WITHHOLD] * 40
    expected = [decide(SAMPLE, case) for case in cases]
    fresh = infoshare.load_sources({"sample.policy": POLICY.encode()}, main="sample.policy")
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda case: decide(fresh, case), cases)) == expected


def test_a_decision_cannot_be_changed():
    decision = SAMPLE.decide(SHARE, as_of=DAY)
    with pytest.raises(AttributeError):
        decision.outcome = Outcome.WITHHOLD
    with pytest.raises(TypeError):
        decision.relied_on["concern.serious"] = False


# --- reading back ---------------------------------------------------------------------------


def test_a_decision_is_read_back_from_its_json():
    decision = CSCP.decide(CASE, as_of=DAY)
    again = Decision.from_dict(json.loads(json.dumps(decision.to_dict())))
    assert again == decision
    assert again.may_share is decision.may_share


# --- enough to build a form -----------------------------------------------------------------


def test_a_form_built_from_the_facts_fills_in_a_case_that_can_be_decided():
    form: dict[str, Any] = {}
    for fact in CSCP.facts:
        if fact.each:
            continue
        value: Any = {"yes or no": False, "number": fact.low, "date": "2026-01-31", "text": "words"}.get(
            fact.type
        )
        if fact.labels:
            value = next(iter(fact.labels))
        form[fact.name] = [value] if fact.type == "some of" else value
    assert (
        CSCP.decide(
            {**form, "child.unborn": False, "child.spoken": True, "child.too_young": True}, as_of=DAY
        ).basis
        is not None
    )


def test_the_groups_say_what_a_form_has_for_sections():
    assert [group.name for group in CSCP.groups][:2] == ["child", "concern"]
    assert {group.name for group in CSCP.groups if group.each} == {"person", "item", "recipient"}
    assert {fact.group for fact in CSCP.facts} <= {group.name for group in CSCP.groups}


# --- notebooks ------------------------------------------------------------------------------


def test_a_notebook_shows_the_outcome_and_nothing_of_the_case():
    shown = CSCP.decide(CASE, as_of=DAY)._repr_html_()
    assert "<td>share (not mandatory)</td>" in shown
    for told in (HIDDEN, "Letter", "refused", "significant", "welfare_first", "consent.status"):
        assert told not in shown


def test_no_repr_shows_an_answer_or_the_name_of_an_item():
    decision = CSCP.decide(CASE, as_of=DAY)
    for value in (CSCP, decision, decision.relied_on):
        for told in (f"Letter about {HIDDEN}", "refused", "significant"):
            assert told not in repr(value)


def test_what_a_policy_says_is_escaped_in_a_notebook():
    hostile = POLICY.replace('"A sample"', '"<script>alert(1)</script>"').replace('"7"', '"\'><img src=x>"')
    policy = infoshare.load_sources({"p.policy": hostile.encode()}, main="p.policy")
    for shown in (policy._repr_html_(), policy.decide(SHARE, as_of=DAY)._repr_html_()):
        assert "<script" not in shown
        assert "<img" not in shown
        assert "&lt;script&gt;" in shown


def test_a_notebook_shows_what_a_policy_is():
    shown = SAMPLE._repr_html_()
    assert "<td>A sample 7</td>" in shown
    assert "<th>safety_first</th>" in shown
