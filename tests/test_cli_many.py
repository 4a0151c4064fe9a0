"""Many cases in one file, a case a line; a table of them and colour on a terminal; completion."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from cli_samples import POLICY, SHARE, WITHHOLD, write
from infoshare.cli import main, parser, terminal

DAY = ("--as-of", "2026-11-22")
ROOT = Path(__file__).parent.parent


@pytest.fixture
def policy(tmp_path):
    return write(tmp_path / "sample.policy", POLICY)


def lines(*cases: object) -> str:
    return "".join((case if isinstance(case, str) else json.dumps(case)) + "\n" for case in cases)


@pytest.mark.parametrize("suffix", ["ndjson", "jsonl", "NDJSON"])
def test_a_file_of_lines_holds_a_case_a_line(policy, tmp_path, capsys, suffix):
    file = write(tmp_path / f"cases.{suffix}", lines(SHARE, WITHHOLD, "", SHARE))
    assert main(["decide", policy, file, "--json", *DAY]) == 0
    out = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [decision["outcome"] for decision in out] == ["share", "withhold", "share"]


def test_a_bad_line_is_named_by_its_number_and_the_others_are_decided(policy, tmp_path, capsys):
    file = write(tmp_path / "cases.ndjson", lines(SHARE, "{", {"consnet": {}}, WITHHOLD))
    assert main(["decide", policy, file, "--json", *DAY]) == 4
    out, err = capsys.readouterr()
    found = [json.loads(line) for line in out.splitlines()]
    assert [line.get("outcome") for line in found] == ["share", None, None, "withhold"]
    assert [line["case"] for line in found[1:3]] == [f"{file}:2", f"{file}:3"]
    assert f"{file}:2" in err


def test_lines_come_on_standard_input_where_that_is_said(policy, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(lines(SHARE, WITHHOLD).encode())))
    assert main(["decide", policy, "-", "--ndjson", "--json", *DAY]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_in_words_each_stands_under_its_name(policy, tmp_path, capsys):
    file = write(tmp_path / "cases.ndjson", lines(SHARE, WITHHOLD))
    assert main(["decide", policy, file, *DAY]) == 0
    headings = [line for line in capsys.readouterr().out.splitlines() if line.startswith("== ")]
    assert headings == [f"== {file}:1", f"== {file}:2"]


def test_there_is_no_one_outcome_for_the_exit_code_to_tell(policy, tmp_path):
    file = write(tmp_path / "cases.ndjson", lines(WITHHOLD))
    assert main(["decide", policy, file, "--exit-code", *DAY]) == 0


def test_a_line_that_is_too_long_is_one_fault_and_the_next_is_read(policy, tmp_path, capsys):
    long = '{"case": "' + "x" * (8 * 1024 * 1024) + '"}'
    file = write(tmp_path / "cases.ndjson", lines(long, SHARE))
    assert main(["decide", policy, file, "--json", *DAY]) == 4
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert first["error"]["diagnostics"][0]["code"] == "IS802"
    assert second["outcome"] == "share"


def test_decisions_come_as_the_lines_do(policy):
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "infoshare", "decide", policy, "-", "--ndjson", "--json", *DAY],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as started:
        assert started.stdin is not None
        assert started.stdout is not None
        for case, outcome in ((SHARE, "share"), (WITHHOLD, "withhold")):
            started.stdin.write(lines(case).encode())
            started.stdin.flush()
            assert json.loads(started.stdout.readline())["outcome"] == outcome
        started.stdin.close()
        assert started.wait(timeout=60) == 0


# --- on a terminal --------------------------------------------------------------------------


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def shown(monkeypatch):
    """What a command prints on a terminal of its own, 80 columns wide."""
    for name, value in {"TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"}.items():
        monkeypatch.setenv(name, value)
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "CI"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: str) -> str:
        out = Terminal()
        with monkeypatch.context() as patch:
            patch.setattr("sys.stdout", out)
            assert main(list(arguments)) == 0
        return out.getvalue()

    return run


def test_a_terminal_gets_colour_and_no_more_columns_than_it_has(policy, tmp_path, shown):
    out = shown("decide", policy, write(tmp_path / "s.json", SHARE), *DAY)
    assert "\x1b[1;32mYES" in out
    assert max(len(plain(line)) for line in out.splitlines()) <= 80


def test_no_color_is_respected_and_lines_are_broken_between_words(policy, tmp_path, shown, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    out = shown("decide", policy, write(tmp_path / "s.json", SHARE), *DAY)
    assert "\x1b" not in out
    assert max(map(len, out.splitlines())) <= 80


def test_without_the_extra_it_is_the_same_in_plain_text(policy, tmp_path, shown, monkeypatch):
    monkeypatch.setitem(sys.modules, "rich.console", None)
    out = shown("decide", policy, write(tmp_path / "s.json", SHARE), *DAY)
    assert out.startswith("YES")
    assert "\x1b" not in out


def test_colour_changes_none_of_the_words(policy, tmp_path, shown, capsys):
    case = write(tmp_path / "s.json", SHARE)
    coloured = plain(shown("decide", policy, case, *DAY)).split()
    assert main(["decide", policy, case, *DAY]) == 0
    assert coloured == capsys.readouterr().out.split()


def test_markup_in_a_case_is_printed_as_it_is(tmp_path, shown):
    items = [{"name": "[red]x[/red] [link=http://x]y"}, {"name": "z"}]
    case = write(tmp_path / "s.json", {"concern": {"harm_to_child": "significant"}, "item": items})
    out = shown("decide", "infoshare:cscp", case, *DAY)
    assert "[red]x[/red]" in plain(out)
    assert "\x1b]8" not in out


def test_several_cases_end_with_a_table_of_them(policy, tmp_path, shown):
    last = plain(
        shown("decide", policy, write(tmp_path / "c.ndjson", lines(SHARE, WITHHOLD)), *DAY)
    ).splitlines()[-3:]
    assert "share" in last[0]
    assert "withhold" in last[1]


def test_questions_stand_out_on_a_terminal(policy, shown, monkeypatch):
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b"yes\n"), isatty=lambda: True))
    out = shown("ask", policy, *DAY)
    assert "\x1b[1mIs the child at risk?" in out
    assert "\n> yes" not in out  # the terminal itself shows what is typed


def test_nothing_of_it_is_imported_where_there_is_no_terminal(policy, tmp_path):
    case = write(tmp_path / "s.json", SHARE)
    code = f"import sys; from infoshare.cli import main; main(['decide', {policy!r}, {case!r}]); assert 'rich' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def plain(text: str) -> str:
    import re

    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def test_what_a_terminal_cannot_show_is_shown_plainer(tmp_path):
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    before = sys.stdout
    try:
        sys.stdout = out
        terminal.prepare()
        terminal.say("“so” – it’s … é")
        out.flush()
    finally:
        sys.stdout = before
    assert out.buffer.getvalue().decode().strip() == '"so" - it\'s ... \\xe9'


# --- help and completion --------------------------------------------------------------------

COMMANDS = sorted(
    next(
        action.choices
        for action in parser()._actions
        if getattr(action, "choices", None) and action.dest == "command"
    )
)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_every_command_has_its_exit_codes(command, capsys):
    assert main([command, "--help"]) == 0
    out = capsys.readouterr().out
    assert "exit codes:\n  0 " in out
    assert "130  interrupted" in out


@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh"])
def test_completion_knows_every_command(shell, capsys):
    assert main(["completion", shell]) == 0
    out = capsys.readouterr().out
    for command in COMMANDS:
        assert command in out


def test_completion_without_the_extra_says_how_to_get_it(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "shtab", None)
    assert main(["completion", "bash"]) == 2
    assert "infoshare[completion]" in capsys.readouterr().err


def test_bash_completes_a_command(tmp_path):
    script = tmp_path / "completion"
    script.write_text(
        subprocess.run(
            [sys.executable, "-m", "infoshare", "completion", "bash"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    )
    asked = f"source {script}; COMP_WORDS=(infoshare dec); COMP_CWORD=1; _shtab_infoshare 2>/dev/null; echo ${{COMPREPLY[@]}}"
    if os.name == "posix":
        done = subprocess.run(["bash", "-c", asked], check=True, capture_output=True, text=True)
        assert done.stdout.split() == ["decide"]
