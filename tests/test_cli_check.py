"""`infoshare check`: every finding, in four forms."""

import json
import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from cli_samples import POLICY, write
from findings_samples import CLEAN, VOCABULARY, varied
from infoshare.cli import main

BROKEN = POLICY.replace("consent.status is given", "consnet.status is given")
DOUBLED = varied(
    {"when child.at_risk or child.agreed": "when child.at_risk or child.at_risk or child.agreed"}
)
CLASHING = varied({"when not child.at_risk and not child.agreed": "when not child.at_risk"})
LIBRARY = "infoshare 1" + CLEAN[CLEAN.index("source paper") - 1 : CLEAN.index("rule protect")]
LOCAL = 'infoshare 1\n\npolicy p "P"\nuse "../words.policy"\n\n' + CLEAN[CLEAN.index("rule protect") :]


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr("infoshare.cli.check.today", lambda: date(2026, 6, 1))


@pytest.fixture
def broken(tmp_path):
    return write(tmp_path / "broken.policy", BROKEN)


def line_of(text, found):
    return text[: text.index(found)].count("\n") + 1


def test_a_clean_policy_exits_with_nought(tmp_path, capsys):
    assert main(["check", write(tmp_path / "p.policy", CLEAN)]) == 0
    assert "nothing found" in capsys.readouterr().out


def test_an_error_exits_with_three_and_shows_the_place(broken, capsys):
    assert main(["check", broken]) == 3
    out = capsys.readouterr().out
    assert "error[IS201] unknown-fact" in out
    assert f":{line_of(BROKEN, 'consnet.status')}:" in out
    assert "did you mean `consent.status`?" in out


def test_warnings_alone_exit_with_one(tmp_path, capsys):
    assert main(["check", write(tmp_path / "p.policy", DOUBLED)]) == 1
    out = capsys.readouterr().out
    assert "warning[IS508]" in out
    assert out.endswith("1 file checked: 1 warning\n")


def test_errors_and_warnings_are_counted_apart(tmp_path, capsys):
    write(tmp_path / "a.policy", DOUBLED)
    write(tmp_path / "b.policy", BROKEN)
    assert main(["check", str(tmp_path)]) == 3
    assert capsys.readouterr().out.endswith("2 files checked: 1 error, 1 warning\n")


def test_folders_are_searched_and_every_file_is_looked_at(tmp_path, capsys):
    write(tmp_path / "good.policy", CLEAN)
    write(tmp_path / "deep" / "er" / "bad.policy", BROKEN)
    write(tmp_path / ".hidden" / "bad.policy", BROKEN)
    write(tmp_path / "notes.txt", "no policy")
    assert main(["check", str(tmp_path), "--format", "json"]) == 3
    found = json.loads(capsys.readouterr().out)["diagnostics"]
    assert len(found) == 1


def test_a_file_in_a_folder_below_may_use_what_lies_in_the_folder_that_was_given(tmp_path):
    write(tmp_path / "words.policy", LIBRARY)
    write(tmp_path / "local" / "p.policy", LOCAL)
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
    assert main(["check", write(tmp_path / "p.policy", CLEAN), "--format", "sarif"]) == 0
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


SHIPPED = Path(__file__).parent.parent / "policies"


# --- findings, wherever they come from -----------------------------------------------------------


def test_every_format_carries_findings(tmp_path, capsys):
    name = write(tmp_path / "p.policy", CLASHING)
    assert main(["check", name, "--format", "json"]) == 1
    (found,) = json.loads(capsys.readouterr().out)["diagnostics"]
    assert (found["code"], found["severity"]) == ("IS601", "warning")
    assert main(["check", name, "--format", "github"]) == 1
    assert capsys.readouterr().out.startswith("::warning title=IS601 clauses-clash,file=")
    assert main(["check", name, "--format", "sarif"]) == 1
    (result,) = json.loads(capsys.readouterr().out)["runs"][0]["results"]
    assert (result["ruleId"], result["level"]) == ("IS601", "warning")
    assert main(["check", name]) == 1
    assert "warning[IS601] clauses-clash" in capsys.readouterr().out


def scenario_shown(out):
    """The text of the one scenario that was printed."""
    lines = out.splitlines()
    (start,) = [at for at, line in enumerate(lines) if line.startswith("    scenario ")]
    end = next((at for at in range(start, len(lines)) if not lines[at]), len(lines))
    return "\n".join(lines[start:end])


def test_the_scenario_that_shows_a_clash_can_be_pasted_as_it_is_printed_and_passes(tmp_path, capsys):
    name = write(tmp_path / "the policy.policy", CLASHING)
    assert main(["check", name]) == 1
    shown = scenario_shown(capsys.readouterr().out)
    write(tmp_path / "the policy.policy", f"{CLASHING}\n{shown}\n")
    assert main(["test", name, "-k", "clash"]) == 0
    assert "1 scenario: 1 passed" in capsys.readouterr().out
    assert "because of conflict" in shown


def test_every_format_has_the_scenario(tmp_path, capsys):
    name = write(tmp_path / "p.policy", CLASHING)
    main(["check", name, "--format", "json"])
    (found,) = json.loads(capsys.readouterr().out)["diagnostics"]
    assert found["blocks"][0].startswith('scenario "keep and protect clash"\n')
    for form in ("github", "sarif"):
        main(["check", name, "--format", form])
        assert "because of conflict" in capsys.readouterr().out


MANY = (
    CLASHING
    + """
rule court "What a court forbids." must withhold when child.level is high cites paper "4"
override safety "Safety." share prevails over keep when child.age < 3 cites paper "5"
scenario "c" given child.level is high not child.at_risk child.agreed is no then must withhold
scenario "s" given child.age is 2 not child.at_risk child.agreed is no child.level is low then share
"""
)


def test_all_clashes_of_a_policy_are_told_as_one_with_a_grid_of_who_prevails(tmp_path, capsys):
    name = write(tmp_path / "p.policy", MANY)
    assert main(["check", name]) == 1
    out = capsys.readouterr().out
    assert out.count("warning[IS601]") == 1
    assert out.count("let it be an override") == 1
    grid = [line for line in out.splitlines() if re.match(r"    \d \w+ ", line)]
    assert grid == [
        "    1 protect   ? ? .",
        "    2 keep    ?   . <",
        "    3 court   ? .   ?",
        "    4 safety  . > ?",
    ]
    assert out.count("then seek advice") == 3


def test_what_a_comment_allows_is_in_the_grid_and_is_told_no_more(tmp_path, capsys):
    name = write(
        tmp_path / "p.policy",
        MANY.replace("rule court", "# allow IS601 court and protect: lawyers decide\nrule court"),
    )
    assert main(["check", name]) == 1
    out = capsys.readouterr().out
    assert "2 pairs of clauses can clash" in out
    assert "    1 protect   ? a ." in out
    assert out.count("then seek advice") == 2


def test_scenarios_of_the_files_beside_a_policy_count_for_it_and_are_not_looked_at_themselves(
    tmp_path, capsys
):
    alone, scenarios = CLEAN[: CLEAN.index("scenario")], CLEAN[CLEAN.index("scenario") :]
    name = write(tmp_path / "p.policy", alone)
    assert main(["check", name]) == 1
    assert "no scenario tries `p`" in capsys.readouterr().out
    twice = scenarios + scenarios.replace('scenario "', 'scenario "Again: ')
    write(tmp_path / "p-scenarios.policy", f'infoshare 1\nuse "p.policy"\n{twice}')
    assert main(["check", name]) == 0
    assert main(["check", str(tmp_path)]) == 1
    assert capsys.readouterr().out.count("IS511") == 2


def test_a_broken_file_beside_a_policy_does_not_matter(tmp_path):
    write(tmp_path / "q.policy", 'infoshare 1\nuse "p.policy"\nscenario')
    assert main(["check", write(tmp_path / "p.policy", CLEAN)]) == 0


def test_what_another_file_uses_is_used(tmp_path, capsys):
    spare = varied({"": 'define spare "it is spare" as child.age is 4'})
    write(tmp_path / "p.policy", spare)
    assert main(["check", str(tmp_path)]) == 1
    assert "IS504" in capsys.readouterr().out
    local = (
        'infoshare 1\npolicy q "Q" from 2026-01-01\nuse "p.policy"\nadvice lead from "a lead" when spare\n'
    )
    write(tmp_path / "q.policy", local + 'scenario "Q" given child.at_risk then share')
    assert main(["check", str(tmp_path)]) == 0


def test_a_vocabulary_may_declare_what_nobody_uses(tmp_path):
    assert main(["check", write(tmp_path / "words.policy", VOCABULARY)]) == 0


# --- fixes ----------------------------------------------------------------------------------------


def test_fix_mends_the_file_and_says_so(tmp_path, capsys):
    name = write(tmp_path / "p.policy", DOUBLED)
    assert main(["check", "--fix", name]) == 0
    assert Path(name).read_text(encoding="utf-8") == CLEAN
    assert capsys.readouterr().out == "1 file checked: nothing found; 1 mended\n"


def test_fix_keeps_a_byte_order_mark_and_the_ends_of_lines(tmp_path):
    path = tmp_path / "p.policy"
    path.write_bytes(b"\xef\xbb\xbf" + DOUBLED.replace("\n", "\r\n").encode())
    assert main(["check", "--fix", str(path)]) == 0
    assert path.read_bytes() == b"\xef\xbb\xbf" + CLEAN.replace("\n", "\r\n").encode()


def test_fix_leaves_what_takes_a_person_and_what_has_errors(tmp_path, capsys):
    for text, code in ((CLASHING, 1), (BROKEN, 3)):
        path = tmp_path / "p.policy"
        write(path, text)
        assert main(["check", "--fix", str(path)]) == code
        assert path.read_text(encoding="utf-8") == text


def test_fix_mends_no_file_that_was_not_given(tmp_path):
    doubled = VOCABULARY + 'define twice "twice" as family.here or family.here\n'
    write(tmp_path / "words.policy", doubled)
    text = varied(
        {"source paper": 'use "words.policy"\n\nsource paper', "or child.level is high": "or twice"}
    )
    name = write(
        tmp_path / "p.policy", text.replace("\n  level", "\n  # level").replace("or twice", "or twice")
    )
    assert main(["check", "--fix", name]) == 0
    assert (tmp_path / "words.policy").read_text(encoding="utf-8") == doubled


def test_fix_does_not_follow_a_link_out_of_the_folder(tmp_path, capsys):
    write(tmp_path / "elsewhere.policy", DOUBLED)
    (tmp_path / "given").mkdir()
    (tmp_path / "given" / "p.policy").symlink_to(tmp_path / "elsewhere.policy")
    assert main(["check", "--fix", str(tmp_path / "given"), "--root", str(tmp_path)]) == 2
    assert (tmp_path / "elsewhere.policy").read_text(encoding="utf-8") == DOUBLED


def test_nothing_is_found_in_the_shipped_policies_and_nothing_to_mend(tmp_path, capsys):
    copied = shutil.copytree(SHIPPED, tmp_path / "policies")
    assert main(["check", "--fix", str(copied)]) == 0
    assert "nothing found" in capsys.readouterr().out
    for path in copied.glob("*.policy"):
        assert path.read_bytes() == (SHIPPED / path.name).read_bytes()
