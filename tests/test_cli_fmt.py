"""`infoshare fmt`: what is written, what is only shown, and what is never touched."""

import os
import stat
import sys
from io import BytesIO, TextIOWrapper

import pytest

from cli_samples import POLICY
from infoshare.cli import main

UGLY = 'infoshare 1 rule a "A." share  # why\n'
TIDY = 'infoshare 1\n\nrule a "A."\n  share  # why\n'


@pytest.fixture
def ugly(tmp_path):
    path = tmp_path / "a.policy"
    path.write_bytes(UGLY.encode())
    return path


def test_a_file_is_laid_out_in_its_place(ugly, capsys):
    assert main(["fmt", str(ugly)]) == 0
    assert ugly.read_bytes() == TIDY.encode()
    out, err = capsys.readouterr()
    assert out == f"laid out {ugly}\n"
    assert err == "1 file: 1 laid out\n"


def test_laying_out_again_does_nothing(ugly, capsys):
    main(["fmt", str(ugly)])
    before = ugly.stat().st_mtime_ns, ugly.stat().st_ino
    capsys.readouterr()
    assert main(["fmt", str(ugly)]) == 0
    assert (ugly.stat().st_mtime_ns, ugly.stat().st_ino) == before
    assert capsys.readouterr() == ("", "1 file: 0 laid out\n")


def test_check_names_what_would_change_exits_with_one_and_writes_nothing(ugly, tmp_path, capsys):
    (tmp_path / "b.policy").write_text(TIDY)
    assert main(["fmt", "--check", str(tmp_path)]) == 1
    assert capsys.readouterr() == (f"would lay out {ugly}\n", "2 files: 1 would change\n")
    assert ugly.read_text() == UGLY


def test_check_of_what_is_laid_out_exits_with_nought(tmp_path):
    (tmp_path / "b.policy").write_text(TIDY)
    assert main(["fmt", "--check", str(tmp_path)]) == 0


def test_diff_shows_what_would_change_exits_with_one_and_writes_nothing(ugly, capsys):
    assert main(["fmt", "--diff", str(ugly)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == [f"--- {ugly}", f"+++ {ugly} (laid out)"]
    assert '-infoshare 1 rule a "A." share  # why' in lines
    assert '+rule a "A."' in lines
    assert ugly.read_text() == UGLY


def test_a_file_with_an_error_is_left_and_exits_with_three_and_the_others_are_laid_out(
    ugly, tmp_path, capsys
):
    broken = tmp_path / "0.policy"
    broken.write_text("infoshare 1\nnonsense\n")
    assert main(["fmt", str(tmp_path)]) == 3
    assert broken.read_text() == "infoshare 1\nnonsense\n"
    assert ugly.read_text() == TIDY
    assert "error[IS1" in capsys.readouterr().err


def test_a_result_that_is_not_safe_is_not_written(ugly, monkeypatch, capsys):
    monkeypatch.setattr(
        "infoshare.authoring.formatting.print_file", lambda _: 'infoshare 1\n\nrule a "A."\n  share\n'
    )
    assert main(["fmt", str(ugly)]) == 70
    assert ugly.read_text() == UGLY
    assert "lose a comment" in capsys.readouterr().err


@pytest.mark.parametrize("mode", [0o600, 0o664, 0o755])
def test_the_mode_of_the_file_is_kept(ugly, mode):
    ugly.chmod(mode)
    assert main(["fmt", str(ugly)]) == 0
    assert stat.S_IMODE(ugly.stat().st_mode) == mode


def test_lines_that_end_with_crlf_still_do(ugly):
    ugly.write_bytes(UGLY.replace("\n", "\r\n").encode())
    assert main(["fmt", str(ugly)]) == 0
    assert ugly.read_bytes() == TIDY.replace("\n", "\r\n").encode()


def test_nothing_else_is_left_in_the_folder(ugly, tmp_path):
    assert main(["fmt", str(ugly)]) == 0
    assert os.listdir(tmp_path) == ["a.policy"]


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(ugly, tmp_path, monkeypatch, capsys):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert main(["fmt", str(ugly)]) == 74
    assert ugly.read_text() == UGLY
    assert os.listdir(tmp_path) == ["a.policy"]
    assert "no space left" in capsys.readouterr().err


def test_a_file_that_changes_meanwhile_is_left_as_it_is(ugly, monkeypatch, capsys):
    from infoshare.cli import fmt

    def meanwhile(name, data):
        result = real(name, data)
        ugly.write_text("somebody else")
        return result

    real = fmt.lay_out
    monkeypatch.setattr(fmt, "lay_out", meanwhile)
    assert main(["fmt", str(ugly)]) == 2
    assert ugly.read_text() == "somebody else"
    assert "changed meanwhile" in capsys.readouterr().err


def test_a_link_that_leads_out_of_the_folder_is_not_followed(tmp_path, capsys):
    outside = tmp_path / "outside.policy"
    outside.write_text(UGLY)
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "link.policy").symlink_to(outside)
    for name in (folder, folder / "link.policy"):
        assert main(["fmt", str(name)]) == 2
        assert "leads out" in capsys.readouterr().err
    assert outside.read_text() == UGLY


def test_a_link_within_the_folder_stays_a_link_and_its_file_is_laid_out(ugly, tmp_path):
    link = tmp_path / "link.policy"
    link.symlink_to(ugly)
    assert main(["fmt", str(link)]) == 0
    assert link.is_symlink()
    assert ugly.read_text() == TIDY


def test_what_is_no_regular_file_is_not_waited_for(tmp_path, capsys):
    os.mkfifo(tmp_path / "pipe.policy")
    assert main(["fmt", str(tmp_path / "pipe.policy")]) == 2
    assert "not a regular file" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["missing.policy", "infoshare:cscp", "a\0b"])
def test_what_cannot_be_laid_out_exits_with_two(tmp_path, monkeypatch, capsys, name):
    monkeypatch.chdir(tmp_path)
    assert main(["fmt", name]) == 2
    assert "error" in capsys.readouterr().err


def test_standard_input_is_laid_out_on_standard_output(monkeypatch, capsysbinary):
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(UGLY.encode())))
    assert main(["fmt", "-"]) == 0
    assert capsysbinary.readouterr() == (TIDY.encode(), b"")


def test_control_characters_of_a_file_reach_no_terminal(tmp_path, capsys):
    path = tmp_path / "a.policy"
    path.write_bytes(b"infoshare 1\n# \x1b[31m\nuse 'a'\n")
    assert main(["fmt", "--diff", str(path)]) == 3
    out, err = capsys.readouterr()
    assert "\x1b" not in out + err


def test_the_policy_of_these_tests_is_laid_out_as_it_stands_but_for_its_questions(tmp_path, capsys):
    path = tmp_path / "p.policy"
    path.write_text(POLICY)
    assert main(["fmt", "--diff", str(path)]) == 1
    changed = [line for line in capsys.readouterr().out.splitlines()[2:] if line[0] in "+-"]
    assert changed  # a fact with an assumption takes lines of its own, and so do those beside it
    assert all("ask" in line or ":" in line or "unanswered means" in line for line in changed)
