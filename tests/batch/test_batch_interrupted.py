"""A run that is interrupted, however and however often, goes on when it is run again, and comes to the same bytes."""

import hashlib
import hmac
import io
import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from batch_samples import CASES, DAY, POLICY, run, write, write_cases

from infoshare.batch.files import journal as journals
from infoshare.batch.files import run as runs
from infoshare.writing import Output

MANY = tuple({**CASES[i % len(CASES)], "case": f"case {i}"} for i in range(600))
PARTS = ("--rows-per-part", "50")


@pytest.fixture
def policy(tmp_path):
    return write(tmp_path / "sample.policy", POLICY)


def command(*arguments):
    return [sys.executable, "-m", "infoshare", "batch", *map(str, arguments), *DAY]


def whole(policy, cases, into, *more):
    """The bytes of a run that nothing interrupts."""
    out = Path(cases).parent / f"whole.{into}"
    assert run(policy, cases, "-o", out, *PARTS, *more) == 0
    return out.read_bytes()


class Killed(BaseException):
    """What stands for the end of the program in the middle of its work."""


STEPS = [
    (os, "fsync"),
    (os, "link"),
    (os, "unlink"),
    (os, "mkdir"),
    (os, "rmdir"),
    (journals.Journal, "add"),
    (journals.Journal, "publish"),
    (journals.Journal, "_say"),
    (Output, "publish"),
    (runs, "decided"),
]


@pytest.mark.parametrize(("owner", "name"), STEPS, ids=[name for _, name in STEPS])
def test_stopped_before_or_behind_any_step_it_goes_on(policy, tmp_path, monkeypatch, owner, name):
    into = "parquet" if name == "publish" else "csv"
    cases = write_cases(tmp_path / "cases.ndjson", MANY[:70])
    wanted = whole(policy, cases, into)
    done = getattr(owner, name)
    for behind in (False, True):
        for nth in range(1, 40):
            out = tmp_path / f"{behind}-{nth}.{into}"
            left = nth

            def step(*arguments, behind=behind, **named):
                nonlocal left
                left -= 1
                if left == 0 and not behind:
                    raise Killed
                result = done(*arguments, **named)
                if left == 0:
                    raise Killed
                return result

            with monkeypatch.context() as patch:
                patch.setattr(owner, name, step)
                try:
                    assert run(policy, cases, "-o", out, *PARTS) == 0
                except Killed:
                    assert not out.exists() or out.read_bytes() == wanted
                else:
                    break  # it has fewer steps than that
            if out.exists() and not (Path(f"{out}.unfinished") / "journal").exists():
                continue  # all was done, and only not told
            assert run(policy, cases, "-o", out, *PARTS) == 0
            assert out.read_bytes() == wanted
            assert not Path(f"{out}.unfinished").exists()
        assert nth > 1, "the step is never taken"


def parts_of(out):
    return len(list(Path(f"{out}.unfinished").glob("part-??????")))


def start_and_stop(arguments, out, stop, behind):
    """Starts a run and stops it when there are so many parts and a moment is over; whether it was stopped."""
    with subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as started:
        enough, moment = behind
        while started.poll() is None and parts_of(out) < enough:
            time.sleep(0.002)
        time.sleep(moment)
        started.send_signal(stop)
        assert started.stderr is not None
        said = started.stderr.read().decode()
        return started.wait(timeout=60), said


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "times"), [("csv", 1), ("parquet", 2)])
def test_killed_at_random_it_comes_to_the_same_bytes(policy, tmp_path, kind, times):
    rng = Random(kind)
    cases = write_cases(tmp_path / f"cases.{kind}", MANY)
    wanted = whole(policy, cases, kind)
    out = tmp_path / f"out.{kind}"
    arguments = command(policy, cases, "-o", out, *PARTS)
    for enough in (rng.randrange(1, 4), rng.randrange(5, 9))[:times]:
        start_and_stop(arguments, out, signal.SIGKILL, (enough, rng.random() * 0.02))
        assert not out.exists() or out.read_bytes() == wanted
    if not out.exists() or Path(f"{out}.unfinished").exists():
        subprocess.run(arguments, check=True, capture_output=True)
    assert out.read_bytes() == wanted
    assert not Path(f"{out}.unfinished").exists()


def test_ctrl_c_exits_with_130_and_says_how_to_go_on(policy, tmp_path):
    cases = write_cases(tmp_path / "cases.csv", MANY)
    out = tmp_path / "out.csv"
    arguments = command(policy, cases, "-o", out, "--rows-per-part", "20")
    code, said = start_and_stop(arguments, out, signal.SIGINT, (2, 0))
    assert code == 130, said
    assert "run the same command again" in said and "Traceback" not in said
    assert not out.exists()
    done = subprocess.run(arguments, check=True, capture_output=True, text=True)
    assert "going on with an unfinished run for 2026-11-22" in done.stderr


@pytest.fixture
def begun(policy, tmp_path, monkeypatch):
    """A run that stopped behind its second part."""
    cases = write_cases(tmp_path / "cases.csv", MANY[:200])
    out = tmp_path / "out.csv"
    add = journals.Journal.add

    def stop(self, *arguments):
        add(self, *arguments)
        if len(self.parts) == 2:
            raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(journals.Journal, "add", stop)
        with pytest.raises(Killed):
            run(policy, cases, "-o", out, *PARTS)
    assert parts_of(out) == 2
    return policy, cases, out


def test_what_was_decided_before_is_not_decided_again(begun, monkeypatch, capsys):
    policy, cases, out = begun
    seen = []
    decided = runs.decided
    monkeypatch.setattr(
        runs,
        "decided",
        lambda batch, piece, **options: seen.append(piece.rows) or decided(batch, piece, **options),
    )
    assert run(policy, cases, "-o", out, *PARTS, "--json") == 0
    assert sum(seen) == 100
    assert json.loads(capsys.readouterr().out)["cases"] == 200


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("policy", "with another policy"),
        ("cases", "with other cases"),
        ("touched", "with other cases"),
        ("day", "for another day"),
        ("presume", "--no-presumptions"),
        ("options", "with other options"),
    ],
)
def test_a_run_goes_on_only_with_what_it_was_begun_with(begun, capsys, change, words):
    policy, cases, out = begun
    kept = {path.name: path.read_bytes() for path in Path(f"{out}.unfinished").iterdir()}
    more = []
    match change:
        case "policy":
            write(Path(policy), POLICY + "\n# another word\n")
        case "cases":
            write(Path(cases), Path(cases).read_text("utf-8").replace("given", "refused"))
        case "touched":
            os.utime(cases, ns=(1, 1))
        case "day":
            more = ["--as-of", "2026-11-23"]
        case "presume":
            more = ["--no-presumptions"]
        case "options":
            more = ["--keep", "consent.status"]
    arguments = ["batch", policy, cases, "-o", str(out), *PARTS, *DAY, *more]
    assert runs_main(arguments) == 2
    said = capsys.readouterr().err
    assert words in said and "--restart" in said
    assert not out.exists()
    assert kept == {path.name: path.read_bytes() for path in Path(f"{out}.unfinished").iterdir()}
    assert runs_main([*arguments, "--restart"]) == 0
    assert out.exists()


def runs_main(arguments):
    from infoshare.cli import main

    return main(list(map(str, arguments)))


def test_without_a_day_it_goes_on_for_the_day_that_it_was_begun_for(begun, capsys):
    policy, cases, out = begun
    assert runs_main(["batch", policy, cases, "-o", out, *PARTS]) == 0
    said = capsys.readouterr()
    assert "for 2026-11-22" in said.err
    assert "as of 22 November 2026" in said.out


@pytest.mark.parametrize("damage", ["part", "gone", "journal"])
def test_what_was_damaged_meanwhile_is_decided_again(begun, tmp_path, damage):
    policy, cases, out = begun
    folder = Path(f"{out}.unfinished")
    match damage:
        case "part":
            (folder / "part-000001").write_bytes(b"x")
        case "gone":
            (folder / "part-000000").unlink()
        case "journal":
            with (folder / "journal").open("ab") as journal:
                journal.write(b'{"file": "part-0000')
    assert run(policy, cases, "-o", out, *PARTS) == 0
    assert out.read_bytes() == whole(policy, cases, "csv")


def test_two_programs_never_work_on_one_run(begun, capsys):
    policy, cases, out = begun
    with journals.Journal(Output(str(out))) as other:
        other.look(restart=False)
        assert other.cases == 100
        assert run(policy, cases, "-o", out, *PARTS) == 2
    assert "another program is at work" in capsys.readouterr().err
    assert run(policy, cases, "-o", out, *PARTS) == 0


def test_cases_that_change_while_they_are_read_are_noticed(policy, tmp_path, monkeypatch, capsys):
    cases = write_cases(tmp_path / "cases.csv", MANY[:200])
    out = tmp_path / "out.csv"
    add = journals.Journal.add

    def touch(self, *arguments):
        add(self, *arguments)
        os.utime(cases, ns=(1, 1))

    with monkeypatch.context() as patch:
        patch.setattr(journals.Journal, "add", touch)
        assert run(policy, cases, "-o", out, *PARTS) == 2
    assert "was changed while it was read" in capsys.readouterr().err
    assert not list(tmp_path.glob("out.csv*"))


def test_what_a_stream_left_behind_is_in_nobodys_way(policy, tmp_path):
    out = tmp_path / "out.csv"
    with closing(journals.Journal(Output(str(out)))) as left:
        left.begin({})
    assert Path(f"{out}.unfinished").is_dir()
    cases = write_cases(tmp_path / "cases.csv", CASES)
    assert runs_main(["batch", policy, cases, "-o", out]) == 0


# --- what others may do to it ---------------------------------------------------------------


def lines_of(out):
    return (Path(f"{out}.unfinished") / "journal").read_bytes().splitlines(keepends=True)[1:]


def written(out, lines, key=None):
    """Puts these lines into the journal, behind its key."""
    path = Path(f"{out}.unfinished") / "journal"
    path.write_bytes(b"".join([key or path.read_bytes().splitlines(keepends=True)[0], *lines]))


def resealed(out, lines):
    """The lines as whoever holds the key would seal them."""
    key = (Path(f"{out}.unfinished") / "journal").read_bytes().splitlines()[0]
    seal, found = b"", []
    for line in lines:
        text = line.partition(b" ")[2].rstrip(b"\n")
        seal = hmac.new(key, seal + text, hashlib.sha256).hexdigest().encode()
        found.append(seal + b" " + text + b"\n")
    return found


def changed(line, **values):
    seal, _, text = line.partition(b" ")
    return seal + b" " + json.dumps({**json.loads(text), **values}).encode() + b"\n"


SECRET = b"the words of another file\n"


def altered(kind, out, lines):
    """The journal as somebody could leave it, and what is done to the files."""
    folder = Path(f"{out}.unfinished")
    elsewhere = folder.parent / "elsewhere"
    elsewhere.write_bytes(SECRET)
    digest = {"sha256": hashlib.sha256(SECRET).hexdigest(), "size": len(SECRET)}
    match kind:
        case "deleted":
            return [lines[0], lines[2]]
        case "repeated":
            return [lines[0], lines[1], lines[1], lines[2]]
        case "swapped":
            return [lines[0], lines[2], lines[1]]
        case "mark":
            return [lines[0], lines[1], changed(lines[2], mark=150)]
        case "counts":
            tally = json.loads(lines[2].partition(b" ")[2])["tally"]
            return [lines[0], lines[1], changed(lines[2], tally={**tally, "cases": 150})]
        case "elsewhere":
            return [lines[0], lines[1], changed(lines[2], file=str(elsewhere), **digest)]
        case "above":
            return [lines[0], lines[1], changed(lines[2], file="../elsewhere", **digest)]
        case "linked":
            (folder / "part-000001").unlink()
            (folder / "part-000001").symlink_to(elsewhere)
            return [lines[0], lines[1], changed(lines[2], **digest)]
        case _:
            (folder / "part-000001").write_bytes(SECRET)
            return [lines[0], lines[1], changed(lines[2], **digest)]


ALTERED = ["deleted", "repeated", "swapped", "mark", "counts", "elsewhere", "above", "linked", "replaced"]


@pytest.mark.parametrize("sealed", [False, True])
@pytest.mark.parametrize("kind", ALTERED)
def test_of_a_journal_that_was_altered_nothing_is_believed_from_there_on(begun, capsys, kind, sealed):
    policy, cases, out = begun
    wanted = whole(policy, cases, "csv")
    lines = altered(kind, out, lines_of(out))
    if sealed and kind == "replaced":
        return  # who holds the key, and writes parts as the owner, can make anything
    written(out, resealed(out, lines) if sealed else lines)
    capsys.readouterr()
    assert run(policy, cases, "-o", out, *PARTS) == 0
    assert "was altered or damaged, and is decided again" in capsys.readouterr().err
    assert out.read_bytes() == wanted


def test_a_journal_that_is_cut_at_the_end_of_a_line_loses_only_work(begun):
    policy, cases, out = begun
    written(out, lines_of(out)[:2])
    assert run(policy, cases, "-o", out, *PARTS) == 0
    assert out.read_bytes() == whole(policy, cases, "csv")


@pytest.mark.parametrize("kind", ["binding", "key", "no key", "garbage", "version before"])
def test_a_run_that_cannot_be_told_to_be_ours_is_refused_until_it_is_thrown_away(begun, capsys, kind):
    policy, cases, out = begun
    folder, lines = Path(f"{out}.unfinished"), lines_of(out)
    match kind:
        case "binding":
            written(out, [changed(lines[0], as_of="2020-01-01"), *lines[1:]])
        case "key":
            written(out, lines, b"0" * 64 + b"\n")
        case "no key":
            (folder / "journal").write_bytes(b"".join(lines))
        case "garbage":
            (folder / "journal").write_bytes(b"\0\n\xff\n" * 9)
        case _:
            (folder / "journal").rename(folder / "journal.ndjson")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert run(policy, cases, "-o", out, *PARTS) == 2
    said = capsys.readouterr().err
    assert "--restart" in said and ("altered or damaged" in said or "another version" in said)
    assert before == {path.name: path.read_bytes() for path in folder.iterdir()}
    assert run(policy, cases, "-o", out, *PARTS, "--restart") == 0
    assert out.read_bytes() == whole(policy, cases, "csv")


@pytest.mark.parametrize("kind", ["link", "file", "open to others", "somebody else's"])
def test_a_folder_that_is_not_ours_is_neither_read_nor_deleted(begun, tmp_path, monkeypatch, capsys, kind):
    policy, cases, out = begun
    folder = Path(f"{out}.unfinished")
    match kind:
        case "link":
            folder.rename(tmp_path / "mine")
            folder.symlink_to(tmp_path / "mine")
        case "file":
            folder.rename(tmp_path / "mine")
            folder.write_bytes(b"mine")
        case "open to others":
            folder.chmod(0o777)
        case _:
            monkeypatch.setattr(os, "geteuid", lambda: os.stat(folder).st_uid + 1)
    for more in ([], ["--restart"]):
        assert run(policy, cases, "-o", out, *PARTS, *more) == 2
        said = capsys.readouterr().err
        assert "move it away" in said and "Traceback" not in said
    assert os.path.lexists(folder)
    assert kind != "link" or len(list((tmp_path / "mine").iterdir())) == 3


@pytest.mark.parametrize("kind", ["link", "folder"])
def test_a_journal_that_is_no_file_is_neither_followed_nor_our_fault(begun, tmp_path, capsys, kind):
    policy, cases, out = begun
    journal = Path(f"{out}.unfinished") / "journal"
    journal.rename(tmp_path / "mine")
    if kind == "link":
        journal.symlink_to(tmp_path / "mine")
    else:
        journal.mkdir()
    before = (tmp_path / "mine").read_bytes()
    for more in ([], ["--restart"]):
        assert run(policy, cases, "-o", out, *PARTS, *more) == 2
        said = capsys.readouterr().err
        assert "move it away" in said and "our fault" not in said
    assert (tmp_path / "mine").read_bytes() == before
    assert not out.exists()


def test_a_folder_with_files_of_somebody_in_it_is_not_deleted(begun, capsys):
    policy, cases, out = begun
    mine = Path(f"{out}.unfinished") / "diary.txt"
    mine.write_bytes(b"mine")
    assert run(policy, cases, "-o", out, *PARTS, "--restart") == 2
    assert "diary.txt" in capsys.readouterr().err
    assert mine.read_bytes() == b"mine"
    assert run(policy, cases, "-o", out, *PARTS) == 0
    assert list(mine.parent.iterdir()) == [mine]


def test_what_holds_facts_is_for_its_owner_alone(begun):
    policy, cases, out = begun
    old = os.umask(0)
    try:
        folder = Path(f"{out}.unfinished")
        assert folder.stat().st_mode & 0o777 == 0o700
        assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
        assert run(policy, cases, "-o", out, *PARTS) == 0
        assert out.stat().st_mode & 0o777 == 0o600
        out.chmod(0o755)
        assert run(policy, cases, "-o", out, *PARTS, "--force") == 0
        assert out.stat().st_mode & 0o777 == 0o600
    finally:
        os.umask(old)


# --- what a crash leaves --------------------------------------------------------------------


def crashed(policy, cases, out, monkeypatch, parts):
    """A run that is killed behind so many parts, as if the power went."""
    add, decided = journals.Journal.add, runs.decided

    def stopped(self, *arguments):
        if len(self.parts) == parts:
            raise Killed
        add(self, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr(journals.Journal, "add", stopped)
        patch.setattr(journals.Journal, "__exit__", lambda self, *_: self.close())
        patch.setattr(runs, "decided", decided)
        with pytest.raises(Killed):
            run(policy, cases, "-o", out, *PARTS)
    assert Path(f"{out}.unfinished").is_dir()


def test_a_crash_before_anything_was_kept_is_in_the_way_of_no_other_cases(policy, tmp_path, monkeypatch):
    cases = write_cases(tmp_path / "cases.csv", MANY[:200])
    others = write_cases(tmp_path / "others.csv", MANY[200:300])
    out = tmp_path / "out.csv"
    crashed(policy, cases, out, monkeypatch, 0)
    assert run(policy, others, "-o", out, *PARTS) == 0
    assert out.read_bytes() == whole(policy, others, "csv")


def test_other_cases_are_told_what_is_in_their_way_and_how_to_go_on(policy, tmp_path, monkeypatch, capsys):
    cases = write_cases(tmp_path / "cases.csv", MANY[:200])
    others = write_cases(tmp_path / "others.csv", MANY[200:300])
    out = tmp_path / "out.csv"
    crashed(policy, cases, out, monkeypatch, 2)
    assert run(policy, others, "-o", out, *PARTS) == 2
    said = capsys.readouterr().err
    assert "it was begun with other cases, or the file was changed; 100 cases are decided in it" in said
    assert "give the same again to go on with it" in said
    assert "say --restart to throw it away and begin anew, or name another file with -o" in said
    assert run(policy, others, "-o", out, *PARTS, "--restart") == 0
    assert out.read_bytes() == whole(policy, others, "csv")


def test_a_fault_of_ours_before_anything_was_kept_leaves_nothing_behind(policy, tmp_path, monkeypatch):
    cases = write_cases(tmp_path / "cases.csv", MANY[:200])
    monkeypatch.setattr(runs, "decided", lambda *_: 1 / 0)
    assert run(policy, cases, "-o", tmp_path / "out.csv") == 70
    assert not list(tmp_path.glob("out.csv*"))


def on_a_terminal(arguments, environment=None):
    """What a command writes on standard error if that is a terminal."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        arguments,
        stdout=subprocess.PIPE,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm", **(environment or {})},
    ) as started:
        os.close(theirs)
        said = b""
        while True:
            if not select.select([ours], [], [], 60)[0]:
                raise AssertionError("nothing more is said, and it does not end")
            try:
                found = os.read(ours, 65536)
            except OSError:
                break
            if not found:
                break
            said += found
        started.communicate()
    os.close(ours)
    return said.decode()


def test_progress_is_shown_on_a_terminal(policy, tmp_path):
    cases = write_cases(tmp_path / "cases.csv", MANY)
    shown = on_a_terminal(command(policy, cases, "-o", tmp_path / "out.csv", *PARTS))
    assert "cases" in shown and "\x1b[" in shown


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_progress_is_plain_where_colour_is_not_wanted_and_absent_where_it_cannot_be(
    policy, tmp_path, monkeypatch, environment
):
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    shown = Terminal()
    monkeypatch.setattr("sys.stderr", shown)
    cases = write_cases(tmp_path / "cases.csv", MANY)
    assert run(policy, cases, "-o", tmp_path / "out.csv", *PARTS) == 0
    assert ("cases" in shown.getvalue()) == ("NO_COLOR" in environment)
    assert not shown.getvalue() or shown.getvalue().endswith("\r\x1b[K")


def test_progress_is_shown_nowhere_else(policy, tmp_path, capsys):
    cases = write_cases(tmp_path / "cases.csv", MANY)
    assert run(policy, cases, "-o", tmp_path / "out.csv", *PARTS) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert "\x1b" not in out and "\r" not in out
