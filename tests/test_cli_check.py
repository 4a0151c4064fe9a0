"""`infoshare check`: every finding, in four forms."""

import json

import pytest

from cli_samples import PASSING, POLICY, write
from infoshare.cli import main

BROKEN = POLICY.replace("consent.status is given", "consnet.status is given")
WARNED = POLICY.replace(
    "override safety_first",
    'override legal "It must be."\n  must share\n  when concern.serious\n\noverride safety_first',
)


@pytest.fixture
def broken(tmp_path):
    return write(tmp_path / "broken.policy", BROKEN)


def line_of(text, found):
    return text[: text.index(found)].count("\n") + 1


def test_a_clean_policy_exits_with_nought(tmp_path, capsys):
    assert main(["check", write(tmp_path / "p.policy", POLICY + PASSING)]) == 0
    assert "nothing found" in capsys.readouterr().out


def test_an_error_exits_with_three_and_shows_the_place(broken, capsys):
    assert main(["check", broken]) == 3
    out = capsys.readouterr().out
    assert "error[IS201] unknown-fact" in out
    assert f":{line_of(BROKEN, 'consnet.status')}:" in out
    assert "did you mean `consent.status`?" in out


def test_warnings_alone_exit_with_one(tmp_path, capsys):
    text = (
        POLICY
        + '\nrule duty_to_share "A law wants it." must share when concern.serious\n'
        + ('override despite "Advice first." seek advice prevails over duty_to_share when concern.secret\n')
    )
    assert main(["check", write(tmp_path / "p.policy", text)]) == 1
    assert "warning[IS216]" in capsys.readouterr().out


def test_folders_are_searched_and_every_file_is_looked_at(tmp_path, capsys):
    write(tmp_path / "good.policy", POLICY)
    write(tmp_path / "deep" / "er" / "bad.policy", BROKEN)
    write(tmp_path / ".hidden" / "bad.policy", BROKEN)
    write(tmp_path / "notes.txt", "no policy")
    assert main(["check", str(tmp_path), "--format", "json"]) == 3
    found = json.loads(capsys.readouterr().out)["diagnostics"]
    assert len(found) == 1


def test_a_file_in_a_folder_below_may_use_what_lies_in_the_folder_that_was_given(tmp_path):
    write(
        tmp_path / "words.policy",
        POLICY.partition("consent agreed")[0].replace(
            'policy sample "A sample"\n  version "7"\n  from 2026-01-01\n  until 2026-12-31\n', ""
        ),
    )
    write(
        tmp_path / "local" / "p.policy",
        'infoshare 1\npolicy p "P"\nuse "../words.policy"\nconsent a "A." share when consent.status is given\n',
    )
    assert main(["check", str(tmp_path)]) == 0


def test_a_finding_that_two_policies_lead_to_is_shown_once(tmp_path, capsys):
    write(
        tmp_path / "words.policy", 'infoshare 1\nfacts about a "a" b "b" : yes or no\ndefine c "c" as a.x\n'
    )
    for name in ("one", "two"):
        write(tmp_path / f"{name}.policy", f'infoshare 1\npolicy {name} "P"\nuse "words.policy"\n')
    assert main(["check", str(tmp_path), "--format", "json"]) == 3
    errors = [
        found for found in json.loads(capsys.readouterr().out)["diagnostics"] if found["severity"] == "error"
    ]
    assert [found["code"] for found in errors] == ["IS201"]


def test_json_says_code_message_and_place(broken, capsys):
    assert main(["check", broken, "--format", "json"]) == 3
    report = json.loads(capsys.readouterr().out)
    assert report["format"] == "infoshare.diagnostics/1"
    (found,) = [found for found in report["diagnostics"] if found["severity"] == "error"]
    assert (found["code"], found["name"]) == ("IS201", "unknown-fact")
    label = found["labels"][0]
    line = line_of(BROKEN, "consnet.status")
    column = BROKEN.splitlines()[line - 1].index("consnet.status") + 1
    assert (label["line"], label["column"], label["end_line"], label["end_column"]) == (
        line,
        column,
        line,
        column + 14,
    )


def test_github_shows_findings_beside_the_line(broken, capsys):
    assert main(["check", broken, "--format", "github"]) == 3
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "IS201" in line]
    assert line.startswith("::error title=IS201 unknown-fact,file=")
    assert f",line={line_of(BROKEN, 'consnet.status')}," in line
    assert "%0Ahelp: " in line


def test_sarif_is_the_standard_form(broken, capsys):
    assert main(["check", broken, "--format", "sarif"]) == 3
    log = json.loads(capsys.readouterr().out)
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    (result,) = [result for result in run["results"] if result["level"] == "error"]
    assert result["ruleId"] == "IS201"
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "IS201"
    region = result["locations"][0]["physicalLocation"]["region"]
    assert region["startLine"] == line_of(BROKEN, "consnet.status")


def test_sarif_of_a_clean_policy_has_no_results(tmp_path, capsys):
    assert main(["check", write(tmp_path / "p.policy", POLICY), "--format", "sarif"]) == 0
    assert json.loads(capsys.readouterr().out)["runs"][0]["results"] == []


def test_a_path_that_is_not_there_exits_with_two_and_help_on_standard_error(tmp_path, capsys):
    assert main(["check", str(tmp_path / "missing.policy")]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "there is no file" in err
    assert "help" in err


def test_a_folder_without_policies_exits_with_two_and_says_so(tmp_path, capsys):
    assert main(["check", str(tmp_path)]) == 2
    assert "no .policy file" in capsys.readouterr().err


def test_control_characters_in_a_policy_never_reach_the_terminal(tmp_path, capsys):
    name = write(tmp_path / "p.policy", 'infoshare 1\npolicy p "\x1b[2J"\n\x9b \u202e\n')
    for form in ("text", "json", "github", "sarif"):
        assert main(["check", name, "--format", form]) == 3
    out, err = capsys.readouterr()
    assert not any(character in out + err for character in "\x1b\x9b\u202e")


def test_the_shipped_policies_are_clean():
    from pathlib import Path

    assert main(["check", str(Path(__file__).parent.parent / "policies")]) == 0
