"""`infoshare test`: scenarios and guarantees, and what is printed where one fails."""

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from junitparser import JUnitXml

from cli_samples import FAILING, PASSING, POLICY, write
from infoshare.cli import main


def test_passing_scenarios_are_counted_and_exit_with_nought(tmp_path, capsys):
    assert main(["test", write(tmp_path / "p.policy", POLICY + PASSING)]) == 0
    assert "1 scenario: 1 passed, 0 failed" in capsys.readouterr().out


def test_a_failing_scenario_says_what_was_expected_and_what_was_decided(tmp_path, capsys):
    name = write(tmp_path / "p.policy", POLICY + PASSING + FAILING)
    assert main(["test", name]) == 1
    out = capsys.readouterr().out
    assert "The family refuses, and the child is at risk" in out
    assert "withhold" in out
    assert "share" in out
    assert "2 scenarios: 1 passed, 1 failed" in out


def test_a_broken_guarantee_is_a_failure(tmp_path, capsys):
    guarantee = '\nguarantee never_shared "Nothing is ever shared."\n  never share\n'
    assert main(["test", write(tmp_path / "p.policy", POLICY + guarantee + PASSING)]) == 1
    assert "never_shared" in capsys.readouterr().out


def test_a_file_without_scenarios_passes(tmp_path, capsys):
    assert main(["test", write(tmp_path / "p.policy", POLICY)]) == 0
    assert "0 scenarios" in capsys.readouterr().out


def test_a_library_is_no_failure(tmp_path):
    write(tmp_path / "words.policy", 'infoshare 1\nfacts about a "a"\n  b "b" : yes or no\n')
    write(tmp_path / "p.policy", POLICY + PASSING)
    assert main(["test", str(tmp_path)]) == 0


def test_scenarios_in_a_file_of_their_own_are_run_against_the_policy_that_they_use(tmp_path, capsys):
    write(tmp_path / "p.policy", POLICY)
    name = write(tmp_path / "scenarios.policy", 'infoshare 1\nuse "p.policy"\n' + PASSING + FAILING)
    assert main(["test", name]) == 1
    assert "2 scenarios: 1 passed, 1 failed" in capsys.readouterr().out


def test_an_invalid_policy_exits_with_three_and_the_others_are_still_run(tmp_path, capsys):
    write(tmp_path / "a.policy", "infoshare 1\nnonsense\n")
    write(tmp_path / "b.policy", POLICY + PASSING)
    assert main(["test", str(tmp_path)]) == 3
    out, err = capsys.readouterr()
    assert "error[IS1" in err
    assert "1 passed" in out


def test_a_path_that_is_not_there_exits_with_two_and_help_on_standard_error(tmp_path, capsys):
    assert main(["test", str(tmp_path / "missing.policy")]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "there is no file" in err
    assert "help" in err


@pytest.mark.slow
def test_the_scenarios_of_the_shipped_policies_pass():
    assert main(["test", str(Path(__file__).parent.parent / "policies")]) == 0


# --- what is printed where one fails --------------------------------------------------------------


def failing(tmp_path, capsys, scenario: str, policy: str = POLICY) -> list[str]:
    assert main(["test", write(tmp_path / "p.policy", policy + scenario)]) == 1
    return capsys.readouterr().out.splitlines()


def test_what_was_expected_stands_beside_what_was_decided_and_why(tmp_path, capsys):
    lines = failing(
        tmp_path, capsys, FAILING.rstrip() + "\n    because of respected\n    asking consent.status\n"
    )
    assert lines[0].startswith("FAILED ")
    assert lines[0].endswith("The family refuses, and the child is at risk")
    assert lines[1:] == [
        "                expected        decided",
        "  ! then        withhold        share",
        "  ! because of  respected       is defeated by `safety_first`",
        "  ! asking      consent.status  not asked",
        "",
        "  why share, as of 2026-01-01:",
        '    safety_first: "A child\'s safety overrides confidentiality."',
        "      concern.serious is yes",
        "    assumed, and it matters: concern.secret is no",
        "  why not respected: it is defeated by safety_first",
        "      concern.serious is yes",
        "",
        "1 scenario: 0 passed, 1 failed",
    ]


def test_what_is_as_expected_is_shown_without_a_mark(tmp_path, capsys):
    lines = failing(
        tmp_path, capsys, FAILING.replace("then withhold", "then share\n    because of safety_first, agreed")
    )
    assert lines[2:5] == [
        "    then        share         share",
        "    because of  safety_first  so it is",
        "  !             agreed        does not hold here",
    ]
    assert any(line.startswith("  why not agreed: ") for line in lines)


def test_what_is_not_settled_names_what_is_not_given(tmp_path, capsys):
    lines = failing(
        tmp_path, capsys, '\nscenario "s"\n  given\n    consent.status is refused\n  then share\n'
    )
    assert "  why seek advice, as of 2026-01-01: not settled, it may still be share or withhold" in lines
    assert any(line.startswith("    not given: concern.serious (") for line in lines)


def test_a_broken_guarantee_is_told_under_the_expectations(tmp_path, capsys):
    guarantee = '\nguarantee never_shared "Nothing is ever shared."\n  never share\n'
    lines = failing(tmp_path, capsys, guarantee + PASSING)
    assert "  ! the guarantee `never_shared` does not hold: Nothing is ever shared." in lines


def test_clauses_that_clash_are_named_with_what_each_would_do(tmp_path, capsys):
    clash = '\nrule barred "It is barred."\n  must withhold\n  when concern.serious\n'
    lines = failing(tmp_path, capsys, clash + FAILING)
    assert "these clauses clash, and nothing says which prevails:" in "\n".join(lines)
    assert '    barred (must withhold): "It is barred."' in lines


# --- choosing -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "count"),
    [
        (["agrees"], 1),
        (["AGREES"], 1),
        (["the family"], 2),
        (["agrees", "refuses"], 2),
        (["refuses, and"], 1),
    ],
)
def test_only_scenarios_whose_title_holds_the_words_are_run(tmp_path, capsys, words, count):
    name = write(tmp_path / "p.policy", POLICY + PASSING + FAILING)
    main(["test", name, *(part for word in words for part in ("-k", word))])
    assert f"{count} scenario" in capsys.readouterr().out


def test_words_that_no_title_holds_are_an_error_and_no_success(tmp_path, capsys):
    assert main(["test", write(tmp_path / "p.policy", POLICY + PASSING), "-k", "nobody"]) == 2
    assert "no scenario has these words" in capsys.readouterr().err


# --- JUnit ----------------------------------------------------------------------------------------

# What the schema that servers check against (JUnit 10 of Jenkins) lets each element have: attributes that must be
# there, attributes that may, and what may stand in it.
JUNIT = {
    "testsuites": (set(), {"name", "time", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors"},
        {"group", "time", "skipped", "timestamp", "hostname", "id", "package", "file", "log", "url"},
        {"testsuite", "properties", "testcase", "system-out", "system-err"},
    ),
    "testcase": (
        {"name"},
        {"time", "classname", "group"},
        {"skipped", "error", "failure", "system-out", "system-err"},
    ),
    "failure": (set(), {"type", "message"}, set()),
    "error": (set(), {"type", "message"}, set()),
}


def fits_the_schema(element):
    must, may, inside = JUNIT[element.tag]
    assert must <= set(element.keys()) <= must | may
    assert {child.tag for child in element} <= inside
    for child in element:
        fits_the_schema(child)


def reported(tmp_path, *names: str) -> Path:
    report = tmp_path / "report.xml"
    main(["test", *names, "--junit", str(report)])
    fits_the_schema(ET.parse(report).getroot())  # noqa: S314 - our own
    return report


def test_a_report_for_servers_fits_their_schema_and_is_read_by_others(tmp_path):
    write(tmp_path / "a.policy", POLICY + PASSING + FAILING)
    write(tmp_path / "b.policy", "infoshare 1\nnonsense\n")
    write(tmp_path / "c.policy", POLICY)
    report = JUnitXml.fromfile(str(reported(tmp_path, str(tmp_path))))
    assert (report.tests, report.failures, report.errors) == (3, 1, 1)
    suites = {Path(suite.name).name: list(suite) for suite in report}
    assert [case.name for case in suites["a.policy"]] == [
        "The family agrees",
        "The family refuses, and the child is at risk",
    ]
    passed, failed = suites["a.policy"]
    assert passed.is_passed
    (failure,) = failed.result
    assert failure.message == "expected withhold, decided share (`safety_first`)"
    assert "why share" in failure.text
    assert "p.policy" not in failure.text
    (broken,) = suites["b.policy"]
    assert broken.result[0].type == "IS101"
    assert suites["c.policy"] == []


def test_a_report_says_the_same_every_time(tmp_path):
    name = write(tmp_path / "a.policy", POLICY + PASSING + FAILING)
    assert reported(tmp_path, name).read_bytes() == reported(tmp_path, name).read_bytes()


def test_what_a_title_holds_does_not_break_the_report(tmp_path):
    title = "a < b & c > d ]]> 'x' \N{SNOWMAN}"
    name = write(tmp_path / "a.policy", POLICY + PASSING.replace("The family agrees", title))
    (suite,) = JUnitXml.fromfile(str(reported(tmp_path, name)))
    assert [case.name for case in suite] == [title]


def test_a_report_that_cannot_be_written_exits_with_two(tmp_path, capsys):
    name = write(tmp_path / "a.policy", POLICY + PASSING)
    assert main(["test", name, "--junit", str(tmp_path / "no" / "folder.xml")]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_a_row_without_an_item_is_told_as_it_is_written_and_nobody_as_none_of_them(tmp_path, capsys):
    policy = tmp_path / "p.policy"
    policy.write_text(
        """infoshare 1
policy p "P" from 2026-01-01
facts about each person "somebody"
  old "they are of age" : yes or no
facts about each recipient "somebody who asks"
  who "who they are" : one person
rule strangers "Strangers get nothing." withhold for each recipient when recipient.who is none of them
rule others "Others do." share for each recipient when recipient.who.old
scenario "a stranger"
  given
    person "Ann" (old)
    recipient "caller" (who is none of them)
    recipient "Ann" (who is "Ann")
  then differs
    share to "caller"
""",
        encoding="utf-8",
    )
    assert main(["test", str(policy)]) == 1
    out = capsys.readouterr().out
    assert '  !           share to "caller"  withhold' in out
    assert '    strangers (withhold) to "caller": ' in out
    assert '      recipient["caller"].who is none of them' in out
