"""`infoshare decide`: answers, exit codes, and what is said when there is no answer."""

import io
import json
import os
import signal
import subprocess
import sys
from types import SimpleNamespace

import pytest

from cli_samples import POLICY, SEEK_CONSENT, SHARE, UNSETTLED, WITHHOLD, write
from infoshare.cli import main

DAY = ("--as-of", "2026-11-22")


@pytest.fixture
def policy(tmp_path):
    return write(tmp_path / "sample.policy", POLICY)


@pytest.fixture
def share(tmp_path):
    return write(tmp_path / "share.json", SHARE)


def program(*arguments, **options):
    return subprocess.run(
        [sys.executable, "-m", "infoshare", *map(str, arguments)],
        capture_output=True,
        check=False,
        timeout=60,
        **options,
    )


def test_a_decision_is_explained_on_standard_output_and_the_exit_code_is_nought(policy, share, capsys):
    assert main(["decide", policy, share, *DAY]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("YES")
    assert "safety_first" not in out
    assert err == ""
    assert main(["decide", policy, share, *DAY, "--full"]) == 0
    assert "safety_first" in capsys.readouterr().out.splitlines()[-1]


def test_json_is_one_line_and_the_format_of_the_contract(policy, share, capsys):
    assert main(["decide", policy, share, "--json", *DAY]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    decision = json.loads(line)
    assert decision["format"] == "infoshare.decision/1"
    assert (decision["case"], decision["as_of"], decision["outcome"]) == ("S", "2026-11-22", "share")


@pytest.mark.parametrize(("case", "code"), [(SHARE, 0), (SEEK_CONSENT, 10), (WITHHOLD, 11), (UNSETTLED, 12)])
def test_with_exit_code_the_exit_code_tells_the_outcome(policy, tmp_path, case, code):
    name = write(tmp_path / "case.json", case)
    assert main(["decide", policy, name, "--exit-code", *DAY]) == code
    assert main(["decide", policy, name, "--exit-code", "--json", *DAY]) == code
    assert main(["decide", policy, name, *DAY]) == 0


def test_with_several_cases_there_is_no_one_outcome_for_the_exit_code_to_tell(policy, tmp_path):
    names = [write(tmp_path / f"{number}.json", WITHHOLD) for number in range(2)]
    assert main(["decide", policy, *names, "--json", "--exit-code", *DAY]) == 0


def test_several_cases_are_a_line_each_in_order_and_a_bad_one_is_a_line_that_says_so(
    policy, share, tmp_path, capsys
):
    bad = write(tmp_path / "bad.json", {"consnet": {"status": "given"}})
    broken = write(tmp_path / "broken.json", "{")
    withhold = write(tmp_path / "w.json", WITHHOLD)
    assert main(["decide", policy, share, bad, broken, withhold, "--json", *DAY]) == 4
    out, err = capsys.readouterr()
    lines = [json.loads(line) for line in out.splitlines()]
    assert [line.get("outcome") for line in lines] == ["share", None, None, "withhold"]
    assert [line["case"] for line in lines[1:3]] == [bad, broken]
    assert [[found["code"] for found in line["error"]["diagnostics"]] for line in lines[1:3]] == [
        ["IS401"],
        ["IS412"],
    ]
    assert {line["error"]["kind"] for line in lines[1:3]} == {"invalid_case"}
    assert "IS401" in err
    assert "IS412" in err


def test_several_cases_without_json_stand_under_their_names(policy, share, tmp_path, capsys):
    withhold = write(tmp_path / "w.json", WITHHOLD)
    assert main(["decide", policy, share, withhold, *DAY]) == 0
    headings = [line for line in capsys.readouterr().out.splitlines() if line.startswith("== ")]
    assert headings == [f"== {share}", f"== {withhold}"]


def test_a_case_that_is_not_there_is_a_line_too_and_exits_with_two(policy, share, tmp_path, capsys):
    missing = str(tmp_path / "missing.json")
    assert main(["decide", policy, missing, share, "--json", *DAY]) == 2
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (first["case"], first["error"]["kind"]) == (missing, "unreadable_case")
    assert second["outcome"] == "share"


def test_an_invalid_case_decides_nothing_reports_everything_and_exits_with_four(policy, tmp_path, capsys):
    bad = write(tmp_path / "bad.json", {"consnet": {"status": "given"}, "concern": {"serious": "perhaps"}})
    assert main(["decide", policy, bad, *DAY]) == 4
    out, err = capsys.readouterr()
    assert out == ""
    assert "IS401" in err
    assert "IS402" in err
    assert "consent" in err


def test_an_invalid_policy_exits_with_three(tmp_path, share, capsys):
    broken = write(
        tmp_path / "broken.policy", POLICY.replace("consent.status is given", "consnet.status is given")
    )
    assert main(["decide", broken, share, *DAY]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert "IS201" in err
    assert "did you mean `consent.status`?" in err


@pytest.mark.parametrize("name", ["missing.policy", "."])
def test_a_policy_file_that_cannot_be_read_exits_with_two_and_help(tmp_path, share, name, capsys):
    assert main(["decide", str(tmp_path / name), share, *DAY]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "help" in err


def test_a_shipped_policy_that_does_not_exist_exits_with_two_and_help(share, capsys):
    assert main(["decide", "infoshare:cscpp", share, *DAY]) == 2
    assert "did you mean `cscp`?" in capsys.readouterr().err


def test_a_used_file_that_is_missing_is_a_fault_of_the_policy(tmp_path, share):
    policy = write(tmp_path / "p.policy", 'infoshare 1\npolicy p "P"\nuse "missing.policy"\n')
    assert main(["decide", policy, share, *DAY]) == 3


def test_a_folder_in_place_of_a_case_exits_with_two_and_help(policy, tmp_path, capsys):
    assert main(["decide", policy, str(tmp_path), *DAY]) == 2
    assert "not a regular file" in capsys.readouterr().err


def test_a_named_pipe_in_place_of_a_case_is_not_waited_for(policy, tmp_path):
    os.mkfifo(tmp_path / "pipe.json")
    assert main(["decide", policy, str(tmp_path / "pipe.json"), *DAY]) == 2


def test_a_named_pipe_in_place_of_a_policy_is_not_waited_for(share, tmp_path):
    os.mkfifo(tmp_path / "pipe.policy")
    assert program("decide", tmp_path / "pipe.policy", share).returncode == 2


def test_a_dash_is_json_on_standard_input(policy, capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(json.dumps(SHARE).encode())))
    assert main(["decide", policy, "-", *DAY]) == 0
    assert capsys.readouterr().out.startswith("YES")


def test_standard_input_can_be_asked_for_once_only(policy, capsys):
    assert main(["decide", policy, "-", "-", *DAY]) == 2
    assert "once" in capsys.readouterr().err


def test_endless_standard_input_stops_at_the_limit(policy):
    with open("/dev/zero", "rb") as endless:
        done = program("decide", policy, "-", stdin=endless)
    assert done.returncode == 4
    assert b"8 MB" in done.stderr


def test_a_case_in_toml_is_read(policy, tmp_path, capsys):
    name = write(tmp_path / "case.toml", 'consent.status = "refused"\nconcern.serious = true\n')
    assert main(["decide", policy, name, "--json", *DAY]) == 0
    assert json.loads(capsys.readouterr().out)["outcome"] == "share"


@pytest.mark.parametrize(
    "day",
    [
        "2026-02-30",
        "22/11/2026",
        "20261122",
        "2026-W01-1",
        "tomorrow",
        "",
        "2026-11-22T10:00",
        "１２34-01-01",
    ],
)
def test_a_bad_as_of_date_is_a_usage_error_in_words(policy, share, day, capsys):
    assert main(["decide", policy, share, "--as-of", day]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "is not a date" in err
    assert "2026-01-31" in err


def test_the_as_of_date_decides_whether_the_policy_is_in_force(policy, share, capsys):
    assert main(["decide", policy, share, "--json", "--as-of", "2027-01-01"]) == 0
    decision = json.loads(capsys.readouterr().out)
    assert (decision["outcome"], decision["basis"]) == ("seek_advice", "not_in_force")


def test_without_presumptions_an_unanswered_fact_is_unknown(policy, share, capsys):
    assert main(["decide", policy, share, "--json", "--no-presumptions", *DAY]) == 0
    decision = json.loads(capsys.readouterr().out)
    assert (decision["outcome"], decision["basis"], decision["assumed"]) == (
        "seek_advice",
        "unknown_facts",
        [],
    )


def test_a_used_file_may_not_lie_outside_the_root(tmp_path, share, capsys):
    write(tmp_path / "outer.policy", "infoshare 1\n")
    policy = write(tmp_path / "inner" / "p.policy", 'infoshare 1\npolicy p "P"\nuse "../outer.policy"\n')
    assert main(["decide", policy, share, *DAY]) == 3
    assert "IS804" in capsys.readouterr().err


def test_a_root_above_the_policy_lets_it_use_what_lies_beside(tmp_path, capsys):
    write(
        tmp_path / "words.policy",
        POLICY.partition("consent agreed")[0].replace(
            'policy sample "A sample"\n  version "7"\n  from 2026-01-01\n  until 2026-12-31\n', ""
        ),
    )
    policy = write(
        tmp_path / "inner" / "p.policy",
        'infoshare 1\npolicy p "P"\nuse "../words.policy"\nconsent a "A." share when consent.status is given\n',
    )
    case = write(tmp_path / "case.json", {"consent": {"status": "given"}})
    assert main(["decide", policy, case, "--json", "--root", str(tmp_path), *DAY]) == 0
    assert json.loads(capsys.readouterr().out)["outcome"] == "share"


@pytest.mark.parametrize(
    "arguments",
    [[], ["decide"], ["nonsense"], ["decide", "p.policy"], ["decide", "a", "b", "--jso"], ["--colour"]],
)
def test_bad_usage_exits_with_two_and_shows_the_usage(arguments, capsys):
    assert main(arguments) == 2
    assert "usage:" in capsys.readouterr().err


@pytest.mark.parametrize("command", [[], ["decide"], ["check"], ["test"]])
def test_help_prints_the_exit_codes(command, capsys):
    assert main([*command, "--help"]) == 0
    out = capsys.readouterr().out
    assert "exit codes" in out
    assert all(f"\n  {code} " in out for code in (2, 3, 4, 70, 130))


def test_the_version_can_be_asked_for(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("infoshare ")


def test_names_that_begin_with_a_dash_stand_after_two_dashes(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "-p.policy", POLICY)
    write(tmp_path / "--json", SHARE)
    assert main(["decide", *DAY, "--", "-p.policy", "--json"]) == 0
    assert capsys.readouterr().out.startswith("YES")


def test_a_name_with_a_line_break_is_shown_quoted_on_one_line(policy, share, tmp_path, capsys):
    odd = write(tmp_path / "odd\n2026 ERROR share\x1b[2J.json", {"consent": {"status": "perhaps"}})
    assert main(["decide", policy, odd, share, *DAY]) == 4
    out, err = capsys.readouterr()
    assert "\\n2026 ERROR share\\x1b[2J" in out + err
    assert "\n2026 ERROR" not in out + err
    assert "\x1b" not in out + err


def test_control_characters_of_a_case_never_reach_the_terminal(policy, tmp_path, capsys):
    bad = write(tmp_path / "bad.json", {"\x1b[2Jx": {"y": 1}, "consent": {"status": "\x9b31m", "\x07": True}})
    assert main(["decide", policy, bad, *DAY]) == 4
    err = capsys.readouterr().err
    assert not any(character in err for character in "\x1b\x9b\x07")


def test_a_case_name_with_control_characters_is_printed_escaped(policy, tmp_path, capsys):
    case = write(tmp_path / "c.json", {**SHARE, "case": "x\x1b[31m\u202eevil"})
    main(["decide", policy, case, *DAY])
    main(["decide", policy, case, "--json", *DAY])
    out, err = capsys.readouterr()
    assert not any(character in out + err for character in "\x1b\u202e")


@pytest.mark.parametrize(
    "environment", [{"LC_ALL": "C"}, {"PYTHONIOENCODING": "ascii"}, {"PYTHONIOENCODING": "cp1252"}]
)
def test_any_encoding_of_the_terminal_will_do(policy, share, environment):
    for extra in ([], ["--json"]):
        done = program("decide", policy, share, *extra, *DAY, env={**os.environ, **environment})
        assert (done.returncode, done.stderr) == (0, b"")
        assert done.stdout


def test_a_closed_pipe_ends_quietly(policy, share):
    command = [sys.executable, "-m", "infoshare", "decide", policy, *[share] * 2000, "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


def test_an_interruption_exits_with_130_and_no_traceback(policy):
    command = [sys.executable, "-m", "infoshare", "decide", policy, "-"]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no threads here; a job in the background ignores it
    ) as process:
        process.stdin.write(
            b" " * 1_000_000
        )  # more than a pipe holds: written once the other side is reading
        process.stdin.flush()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (130, b"")
    assert b"Traceback" not in err


def test_a_fault_of_our_own_shows_no_traceback_and_no_facts(policy, share, monkeypatch, capsys):
    def fail(*_arguments, **_options):
        raise RuntimeError("Zebedee")

    monkeypatch.setattr("infoshare.cli.decide._decide", fail)
    assert main(["decide", policy, share]) == 70
    out, err = capsys.readouterr()
    assert out == ""
    assert "IS901" in err
    assert "our fault" in err
    assert "report it" in err
    assert "Zebedee" not in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "null",
        "{",
        '{"consent": 5}',
        '{"consent": []}',
        '{"a": NaN}',
        '{"consent": {"status": 1e400}}',
        "[" * 100_000,
        '{"a":' * 100_000,
    ],
)
def test_whatever_a_case_file_holds_there_is_a_message_and_no_traceback(policy, tmp_path, content, capsys):
    assert main(["decide", policy, write(tmp_path / "c.json", content), *DAY]) == 4
    out, err = capsys.readouterr()
    assert out == ""
    assert "error[IS" in err
    assert "Traceback" not in err
