"""`infoshare test`: scenarios and guarantees, and what is printed where one fails."""

from pathlib import Path

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


def test_the_scenarios_of_the_shipped_policies_pass():
    assert main(["test", str(Path(__file__).parent.parent / "policies")]) == 0
