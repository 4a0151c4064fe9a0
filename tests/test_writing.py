"""Files that commands write, and standard output: never over what matters, whole or not at all, and said if not."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from cli_samples import FAILING, PASSING, POLICY, SHARE, UNSETTLED, write
from infoshare.cli import main
from infoshare.errors import Refused
from infoshare.writing import NotWritten, Output, rewrite
from kept import KEPT

WHO = ("--by", "Robin Example", "--role", "school nurse", "--organisation", "Northtown School")
POSIX = pytest.mark.skipif(os.name != "posix", reason="permissions, links and devices are otherwise there")


class Place:
    """A folder with a policy that uses another file, a case, a ledger with a record, and what writes into it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.vocabulary = write(folder / "words.policy", 'infoshare 1\nsource s "S"\n')
        used = POLICY.replace("\nfacts about consent", '\nuse "words.policy"\n\nfacts about consent')
        self.policy = write(folder / "p.policy", used + PASSING)
        self.case = write(folder / "case.json", SHARE)
        self.ledger = str(folder / "a.ledger")
        assert main(["record", "init", self.ledger]) == 0
        assert main(["record", "add", self.ledger, self.policy, self.case, *WHO, "--json"]) == 0

    def writers(self, record: str) -> dict[str, list[str]]:
        """Every command that writes a file of the given name, without the name."""
        return {
            "doc": ["doc", self.policy, "-o"],
            "test": ["test", self.policy, "--junit"],
            "ask": ["ask", self.policy, "--as-of", "2026-11-22", "--save"],
            "add": ["record", "add", self.ledger, self.policy, self.case, *WHO, "--receipt"],
            "receipt": ["record", "receipt", self.ledger, record, "-o"],
            "export": ["record", "export", self.ledger, record, *WHO, "-o"],
        }


WRITERS = ("doc", "test", "ask", "add", "receipt", "export")


@pytest.fixture
def place(tmp_path, capsys, monkeypatch):
    made = Place(tmp_path)
    made.record = json.loads(capsys.readouterr().out.strip().split("\n")[-1])["record"]
    monkeypatch.setattr("infoshare.cli.ask._line", lambda _: None)
    return made


@pytest.fixture
def run(place, capsys):
    """Runs one of the writers on a name; its exit code and what it complained of."""

    def running(writer: str, name: object, *options: str) -> tuple[int, str]:
        code = main([*place.writers(place.record)[writer], str(name), *options])
        return code, capsys.readouterr().err

    return running


def content(folder: Path) -> dict[str, bytes]:
    """The bytes of every file but those which a database keeps while it is open."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith("a.ledger-")
    }


# --- files ----------------------------------------------------------------------------------


@pytest.mark.parametrize("writer", WRITERS)
def test_a_file_that_is_there_stays_unless_it_is_forced(writer, place, run):
    file = place.folder / "there.txt"
    file.write_text("mine")
    code, said = run(writer, file)
    assert (code, file.read_text()) == (2, "mine")
    assert "is there already" in said and "--force" in said
    assert run(writer, file, "--force")[0] == 0
    assert file.read_text() != "mine"


READ = {
    "doc": ("p.policy", "words.policy"),
    "test": ("p.policy", "words.policy"),
    "ask": ("p.policy", "words.policy"),
    "add": ("p.policy", "words.policy", "case.json"),
    "receipt": (),
    "export": (),
}
RECORDS = (
    "a.ledger",
    "a.ledger.keys/case.key",
    "a.ledger.keys/log.key.pub",
    "a.ledger.keys/seen",
    "a.ledger.keys/new.txt",
    "a.ledger-wal",
    "a.ledger-journal",
)


@pytest.mark.parametrize(("writer", "name"), [(w, n) for w in WRITERS for n in (*READ[w], *RECORDS)])
def test_nothing_is_written_over_an_input_or_a_ledger_or_its_keys_even_if_it_is_forced(
    writer, name, place, run
):
    before = content(place.folder)
    code, said = run(writer, place.folder / name, "--force")
    assert code == 2
    assert "help: name " in said
    assert content(place.folder) == before


def test_a_receipt_is_refused_before_anything_is_recorded(place, run, capsys):
    assert run("add", place.case, "--force")[0] == 2
    assert run("add", place.folder / "no" / "receipt.json")[0] == 2
    assert main(["record", "list", place.ledger, "--json"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1


@POSIX
@pytest.mark.parametrize("writer", WRITERS)
def test_no_link_is_followed_wherever_it_leads(writer, place, run):
    (place.folder / "there.txt").write_text("mine")
    for name, target in {"dangling": "nowhere.txt", "link": "there.txt", "loop": "loop"}.items():
        (place.folder / name).symlink_to(place.folder / target)
        code, said = run(writer, place.folder / name, "--force")
        assert code == 2
        assert "is a link" in said
        assert (place.folder / name).is_symlink()
    assert (place.folder / "there.txt").read_text() == "mine"
    assert not (place.folder / "nowhere.txt").exists()


@POSIX
def test_an_input_under_another_name_is_still_an_input(place, run):
    os.link(place.policy, place.folder / "other.txt")
    before = Path(place.policy).read_bytes()
    code, said = run("doc", place.folder / "other.txt", "--force")
    assert (code, "is what this command reads" in said) == (2, True)
    assert Path(place.policy).read_bytes() == before


@POSIX
def test_what_is_no_file_is_not_written_to(place, run):
    os.mkfifo(place.folder / "pipe")
    for name, said in {
        place.folder / "pipe": "not a regular file",
        "/dev/null": "not a regular file",
        place.folder: "is a folder",
        place.folder / "no" / "x": "there is no folder",
        place.folder / "p.policy" / "x": "there is no folder",
        "": "has no name",
        "a\0b": "not a name of a file",
    }.items():
        code, complaint = run("doc", name, "--force")
        assert (code, said in complaint) == (2, True), complaint


@POSIX
def test_what_holds_facts_can_be_read_by_its_owner_alone_and_a_page_by_everybody(place, run):
    old = os.umask(0o022)
    try:
        for writer in WRITERS:
            assert run(writer, place.folder / writer)[0] == 0
    finally:
        os.umask(old)
    modes = {writer: stat.S_IMODE((place.folder / writer).stat().st_mode) for writer in WRITERS}
    assert modes == {"doc": 0o644, "test": 0o644} | dict.fromkeys(("ask", "add", "receipt", "export"), 0o600)


@POSIX
def test_what_holds_facts_is_for_its_owner_also_where_others_could_read_the_old_file(place, run):
    file = place.folder / "old.json"
    file.write_text("{}")
    file.chmod(0o644)
    assert run("receipt", file, "--force")[0] == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_dash_is_standard_output_everywhere(place, capsys):
    for writer, begins in {"doc": "<!doctype", "test": "<?xml", "receipt": "{", "export": "{"}.items():
        assert main([*place.writers(place.record)[writer], "-"]) == 0
        assert capsys.readouterr().out.lower().lstrip().startswith(begins)
    assert not Path("-").exists()


@pytest.mark.parametrize("fails", ["fsync", "link"])
def test_a_write_that_fails_leaves_nothing_behind_and_has_its_own_exit_code(fails, place, run, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, fails, full)
    if fails == "link":  # as on a disk without hard links, which then is full
        monkeypatch.setattr(os, "replace", full)
    before = content(place.folder)
    code, said = run("doc", place.folder / "page.html")
    assert code == 74
    assert "page.html cannot be written: no space left on device" in said
    assert content(place.folder) == before


def test_a_file_that_another_program_makes_meanwhile_is_not_written_over(tmp_path):
    output = Output.at(str(tmp_path / "x"))
    (tmp_path / "x").write_text("theirs")
    with pytest.raises(NotWritten, match="is there already"):
        output.write(b"ours")
    assert content(tmp_path) == {"x": b"theirs"}


def test_a_name_that_is_taken_at_the_last_moment_is_not_written_over(tmp_path, monkeypatch):
    output = Output.at(str(tmp_path / "x"))
    monkeypatch.setattr(Output, "check", lambda _: (tmp_path / "x").write_text("theirs"))
    with pytest.raises(NotWritten, match="is there meanwhile"):
        output.write(b"ours")
    assert content(tmp_path) == {"x": b"theirs"}


def test_writing_that_is_interrupted_leaves_the_old_file_and_nothing_else(tmp_path):
    (tmp_path / "x").write_text("old")
    output = Output.at(str(tmp_path / "x"), force=True)
    with pytest.raises(KeyboardInterrupt), output.open() as file:
        raise KeyboardInterrupt(file.write(b"half"))
    assert content(tmp_path) == {"x": b"old"}


@POSIX
def test_a_file_that_is_written_again_keeps_its_permissions(tmp_path):
    (tmp_path / "x").write_text("old")
    (tmp_path / "x").chmod(0o640)
    rewrite(str(tmp_path / "x"), "x", b"old", b"new")
    assert (tmp_path / "x").read_text() == "new"
    assert stat.S_IMODE((tmp_path / "x").stat().st_mode) == 0o640
    with pytest.raises(Refused, match="was changed meanwhile"):
        rewrite(str(tmp_path / "x"), "x", b"old", b"newer")


# --- standard output ------------------------------------------------------------------------


def shell(line: str, *arguments: str, typed: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Runs the program in a shell, which has it as "$@"."""
    return subprocess.run(
        ["sh", "-c", line, "sh", sys.executable, "-m", "infoshare", *arguments],
        input=typed,
        capture_output=True,
        check=False,
        timeout=120,
    )


def printers(place: Place) -> list[list[str]]:
    """Commands that print."""
    bad = write(place.folder / "bad.policy", POLICY + FAILING)
    cases = write(place.folder / "cases.ndjson", "".join(json.dumps(SHARE) + "\n" for _ in range(3000)))
    return [
        ["decide", place.policy, place.case],
        ["decide", place.policy, cases, "--json"],
        ["ask", place.policy],
        ["read", str(KEPT / "cscp.policy")],
        ["check", bad],
        ["fmt", place.policy, "--check"],
        ["test", bad],
        ["test", place.policy, "--coverage", "--format", "html"],
        ["doc", place.policy],
        ["code", "IS201"],
        ["new", str(place.folder / "started")],
        ["--version"],
        ["record", "list", place.ledger],
    ]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a disk that is always full is Linux's")
@pytest.mark.parametrize("command", range(13))
def test_output_on_a_full_disk_is_an_error_of_its_own_and_no_fault_of_the_program(command, place):
    arguments = printers(place)[command]
    done = shell('exec "$@" > /dev/full', *arguments)
    assert done.returncode == 74, done
    assert b"error: standard output cannot be written: no space left on device" in done.stderr
    assert b"Traceback" not in done.stderr and b"IS901" not in done.stderr
    assert b"nothing was decided" not in done.stderr


@POSIX
@pytest.mark.parametrize("command", range(13))
def test_output_that_is_closed_is_an_error_of_its_own(command, place):
    arguments = printers(place)[command]
    done = shell('exec "$@" >&-', *arguments)
    assert done.returncode == 74, done
    assert b"standard output cannot be written: it is closed" in done.stderr
    assert b"Traceback" not in done.stderr and b"IS901" not in done.stderr


@POSIX
@pytest.mark.parametrize("command", [1, 3, 8])
def test_a_reader_that_goes_away_is_no_error_and_nothing_is_said(command, place):
    done = shell('"$@" | exec true; :', *printers(place)[command])
    assert (done.returncode, done.stderr) == (0, b"")
    done = shell('{ "$@"; echo $? >&2; } | exec true', *printers(place)[command])
    assert done.stderr in {b"141\n", b"0\n"}  # 0 where it had ended before the reader


@POSIX
def test_standard_error_that_is_closed_or_full_changes_nothing_else(place):
    wanted = shell('exec "$@"', "decide", place.policy, place.case, "--as-of", "2026-11-22").stdout
    for line in ('exec "$@" 2>&-', 'exec "$@" 2>/dev/full'):
        done = shell(line, "decide", place.policy, place.case, "--as-of", "2026-11-22")
        assert (done.returncode, done.stdout) == (0, wanted)
        done = shell(line, "decide", place.policy, str(place.folder / "none.json"))
        assert (done.returncode, done.stdout) == (2, b"")


@POSIX
@pytest.mark.parametrize(
    "arguments",
    [["decide", "P", "-"], ["decide", "P", "-", "--ndjson"], ["fmt", "-"],
     ["batch", "P", "-", "--from", "csv", "-o", "-", "--to", "csv"]],
)  # fmt: skip
def test_standard_input_that_is_closed_is_an_ordinary_error(arguments, place):
    given = [place.policy if each == "P" else each for each in arguments]
    done = shell('exec "$@" <&-', *given)
    assert done.returncode == 2, done
    assert b"standard input cannot be read: it is closed" in done.stderr
    assert b"IS901" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a disk that is always full is Linux's")
@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_record_whose_receipt_could_not_be_printed_is_named_and_how_to_print_it(options, place):
    done = shell(
        'exec "$@" > /dev/full', "record", "add", place.ledger, place.policy, place.case, *WHO, *options
    )
    assert done.returncode == 74
    said = done.stderr.decode()
    listed = shell('exec "$@"', "record", "list", place.ledger, "--json").stdout.splitlines()
    added = json.loads(listed[-1])["id"]
    assert len(listed) == 2
    assert f"the decision is recorded as {added} (number " in said
    assert "do not record it again" in said
    assert f"infoshare record receipt {place.ledger} {added}" in said
    assert "nothing was" not in said and "run the command again" not in said


def test_a_record_whose_receipt_could_not_be_written_is_named(place, run, monkeypatch):
    def full(*_):
        raise NotWritten("receipt.json cannot be written: no space left on device")

    monkeypatch.setattr(Output, "write", full)
    code, said = run("add", place.folder / "receipt.json")
    assert code == 74
    assert "the decision is recorded as " in said


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a disk that is always full is Linux's")
def test_what_was_done_is_said_where_it_could_not_be_printed(place):
    done = shell(
        'exec "$@" > /dev/full', "record", "hold", place.ledger, place.record, *WHO, "--because", "a court"
    )
    assert (done.returncode, b"do not do it again" in done.stderr) == (74, True)
    rows = write(place.folder / "rows.csv", "consent.status\nrefused\n")
    out = place.folder / "out.csv"
    done = shell('exec "$@" > /dev/full', "batch", place.policy, rows, "-o", str(out))
    assert (done.returncode, f"the decisions are in {out}".encode() in done.stderr) == (74, True)
    assert out.exists()


# --- answers that were typed ----------------------------------------------------------------


@pytest.fixture
def interrupted(monkeypatch):
    """Types some lines and then, at the next question, presses Ctrl-C."""

    def typing(*lines: str) -> None:
        left = list(lines)

        def line(_) -> str:
            if not left:
                raise KeyboardInterrupt
            return left.pop(0)

        monkeypatch.setattr("infoshare.cli.ask._line", line)

    return typing


def test_an_interview_that_is_interrupted_saves_what_was_answered(place, interrupted, capsys):
    interrupted("no")
    file = place.folder / "saved.json"
    assert main(["ask", place.policy, "--as-of", "2026-11-22", "--save", str(file)]) == 130
    assert json.loads(file.read_text()) == {"concern": {"serious": False}}
    assert f"What was answered is kept in {file}" in capsys.readouterr().err
    interrupted()
    assert main(["ask", place.policy, str(file), "--as-of", "2026-11-22", "--save", str(file)]) == 130
    assert json.loads(file.read_text()) == {"concern": {"serious": False}}


def test_an_interview_that_is_interrupted_without_a_file_shows_what_was_answered(place, interrupted, capsys):
    interrupted("no")
    assert main(["ask", place.policy, "--as-of", "2026-11-22"]) == 130
    said = capsys.readouterr().err
    assert json.loads(said[said.index("{") : said.rindex("}") + 1]) == {"concern": {"serious": False}}


def test_an_interview_that_is_interrupted_before_an_answer_says_no_more_than_that(place, interrupted, capsys):
    interrupted()
    assert main(["ask", place.policy, "--save", str(place.folder / "saved.json")]) == 130
    assert capsys.readouterr().err == "interrupted\n"
    assert not (place.folder / "saved.json").exists()


def test_a_case_that_somebody_changed_during_the_interview_is_left_and_the_answers_are_shown(
    place, monkeypatch, capsys
):
    case = write(place.folder / "mine.json", UNSETTLED)

    def line(_) -> None:
        write(Path(case), {"consent": {"status": "given"}})

    monkeypatch.setattr("infoshare.cli.ask._line", line)
    assert main(["ask", place.policy, case, "--save", case]) == 2
    assert json.loads(Path(case).read_text()) == {"consent": {"status": "given"}}
    out, err = capsys.readouterr()
    assert "was changed meanwhile" in err
    assert '"refused"' in out


@POSIX
def test_a_window_that_is_closed_during_an_interview_loses_no_answer(tmp_path):
    import signal

    policy = write(tmp_path / "p.policy", POLICY)
    with subprocess.Popen(
        [sys.executable, "-m", "infoshare", "ask", policy, "--save", str(tmp_path / "s.json")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as started:
        assert started.stdin is not None and started.stdout is not None
        started.stdin.write(b"no\n")
        started.stdin.flush()
        while b"What does the family say?" not in (read := started.stdout.readline()):
            assert read
        while b"Or:" not in started.stdout.readline():
            pass
        started.send_signal(signal.SIGHUP)
        assert started.wait(60) == 130
    assert json.loads((tmp_path / "s.json").read_text()) == {"concern": {"serious": False}}


# --- what --exit-code tells -----------------------------------------------------------------

ROWS = (
    POLICY
    + """
facts about each item "a piece of information"
  necessary "the purpose needs it" : yes or no

safeguard only_needed "Only what is needed is shared."
  for each item
  require item.necessary
  otherwise "Leave it out."
"""
)


@pytest.mark.parametrize(
    ("items", "code"),
    [
        ([{"name": "letter", "necessary": True}], 0),
        ([], 0),
        ([{"name": "letter", "necessary": False}], 13),
        ([{"name": "letter", "necessary": True}, {"name": "notes", "necessary": False}], 13),
        ([{"name": "letter"}], 13),
        ([{"name": "letter", "necessary": "unsure"}], 13),
        (None, 0),  # nothing was asked for by name: the safeguard is a condition to keep
    ],
)
def test_the_exit_code_is_0_only_where_everything_that_was_asked_for_may_go(items, code, tmp_path, capsys):
    policy = write(tmp_path / "p.policy", ROWS)
    case = write(tmp_path / "c.json", {**SHARE, **({} if items is None else {"item": items})})
    assert main(["decide", policy, case, "--as-of", "2026-11-22", "--exit-code"]) == code
    assert main(["decide", policy, case, "--as-of", "2026-11-22"]) == 0
    capsys.readouterr()


@pytest.mark.parametrize("command", ["decide", "ask"])
def test_the_help_says_what_each_exit_code_means(command, capsys):
    assert main([command, "--help"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "13 share, but something is held back or still open" in said
    assert "0 share, and everything that was asked for may go" in said
    assert "74 output could not be written" in said
