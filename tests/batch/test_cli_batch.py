"""`infoshare batch`: what it takes, what it writes, what it says to mistakes, and its exit codes."""

import io
import json
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pytest
from batch_samples import CASES, DAY, POLICY, read_rows, run, write, write_cases
from pyarrow import parquet

from infoshare.batch.files import journal
from infoshare.cli import main

HEADING = "case,consent.status,concern.serious"


@pytest.fixture
def policy(tmp_path):
    return write(tmp_path / "sample.policy", POLICY)


@pytest.fixture
def cases(tmp_path):
    return write_cases(tmp_path / "cases.csv", CASES)


def sheet(tmp_path, *rows, heading=HEADING, end="\n"):
    return write(tmp_path / "cases.csv", "".join(f"{row}{end}" for row in (heading, *rows)))


def refused(capsys, *arguments, code=2):
    """What is said where nothing is written."""
    out = Path(arguments[arguments.index("-o") + 1])
    before = out.read_bytes() if out.is_file() else None
    assert run(*arguments) == code
    told = capsys.readouterr()
    assert told.out == ""
    assert "Traceback" not in told.err
    assert (out.read_bytes() if out.is_file() else None) == before
    return told.err


# --- columns --------------------------------------------------------------------------------


def test_a_column_that_is_no_fact_is_named_with_the_nearest(policy, tmp_path, capsys):
    cases = sheet(tmp_path, "A,given,no,7", heading="case,consent.staus,concern.serious,nhs number")
    said = refused(capsys, policy, cases, "-o", tmp_path / "out.csv", code=4)
    assert "no fact is named `consent.staus`" in said and "did you mean `consent.status`?" in said
    assert "no fact is named `nhs number`" in said and "--keep" in said
    assert not Path(tmp_path / "out.csv.unfinished").exists()


@pytest.mark.parametrize("kind", ["csv", "ndjson", "parquet"])
def test_keep_carries_a_column_through_and_ignore_leaves_it_out(policy, tmp_path, kind):
    more = {"team": ["a, b", "=1", "c", *"defghi"], "place": list("123456789")}
    cases = write_cases(tmp_path / f"cases.{kind}", CASES, **more)
    out = tmp_path / f"out.{kind}"
    assert run(policy, cases, "-o", out, "--keep", "team", "--ignore", "place") == 0
    rows = read_rows(out)
    wanted = ["a, b", "'=1" if kind == "csv" else "=1", "c", *"defghi"]
    assert [row["team"] for row in rows] == wanted
    assert set(rows[0]) == {
        "case",
        "team",
        "outcome",
        "basis",
        "mandatory",
        "fired",
        "possible",
        "exact",
        "error",
    }


def test_a_fact_can_be_decided_by_and_carried_through_as_well(policy, tmp_path):
    cases = sheet(tmp_path, "A,given,no")
    assert run(policy, cases, "-o", tmp_path / "out.csv", "--keep", "consent.status") == 0
    (row,) = read_rows(tmp_path / "out.csv")
    assert (row["consent.status"], row["outcome"]) == ("given", "share")


@pytest.mark.parametrize(
    ("heading", "options", "words"),
    [
        ("case,consent.status,consent.status", [], "two columns are named"),
        ("case,outcome", ["--keep", "outcome"], "is the name of a column of the result"),
        ("case,consent.status", ["--keep", "tean"], "no column is named `tean`, which --keep asks for"),
        ("case,consent.status", ["--ignore", "x"], "no column is named `x`, which --ignore asks for"),
        ("case,,consent.status", [], "a column has no name"),
        ("case,status", [], "a column is named group and fact: `consent.status`"),
        ("case,Consent.Status", [], "no fact is named `Consent.Status`"),
    ],
)
def test_a_heading_that_is_not_clear_is_refused(policy, tmp_path, capsys, heading, options, words):
    assert words in refused(
        capsys, policy, sheet(tmp_path, heading=heading), "-o", tmp_path / "out.csv", *options, code=4
    )


def test_a_name_that_every_line_has_and_that_is_no_fact_is_refused(policy, tmp_path, capsys):
    cases = write(tmp_path / "cases.ndjson", '{"consent": {"staus": "given"}}\n' * 3)
    said = refused(capsys, policy, cases, "-o", tmp_path / "out.csv", code=4)
    assert "did you mean `consent.status`?" in said
    assert not list(tmp_path.glob("*.unfinished"))


# --- cells ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("consent.status", "Given", "IS402"),
        ("consent.status", " given", "IS402"),
        ("concern.serious", "1", "IS402"),
        ("concern.serious", "Yes", "IS402"),
        ("concern.serious", "y", "IS402"),
        ("concern.signs", "bruising; fear", "IS402"),
        ("concern.signs", "bruising;bruising", "IS402"),
        ("concern.signs", "bruising,fear", "IS402"),
        ("concern.signs", "rash", "IS402"),
        ("child.age", "7.0", "IS402"),
        ("child.age", "007", "IS402"),
        ("child.age", "+7", "IS402"),
        ("child.age", "1e1", "IS402"),
        ("child.age", "１８", "IS402"),
        ("child.age", "131", "IS404"),
        ("child.age", "9" * 30, "IS402"),
        ("child.born", "2026-02-30", "IS402"),
        ("child.born", "22/11/2026", "IS402"),
        ("child.born", "2026-01-01T00:00", "IS402"),
    ],
)
def test_a_wrong_cell_is_told_by_row_column_and_code_and_never_by_what_it_says(
    policy, tmp_path, capsys, column, cell, code
):
    quoted = f'"{cell}"' if "," in cell else cell
    cases = sheet(tmp_path, "A,", f"B,{quoted}", "C,", heading=f"case,{column}")
    assert run(policy, cases, "-o", tmp_path / "out.csv") == 4
    told = capsys.readouterr().err
    assert f"case 2, {column}: {code} " in told
    assert "  = help: " in told
    if cell.strip() not in told.replace("write yes, no or", ""):
        assert "1 case was not decided" in told
    rows = read_rows(tmp_path / "out.csv")
    assert [row["error"] for row in rows] == [None, [f"{code} {column}"], None]
    assert [row["case"] for row in rows] == ["A", "B", "C"]
    assert [row["outcome"] is None for row in rows] == [False, True, False]


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        ("concern.serious", ["yes", "true", "TRUE"]),
        ("concern.serious", ["no", "false", "FALSE"]),
        ("concern.signs", ["bruising;fear", "fear;bruising"]),
    ],
)
def test_what_may_be_written_in_more_than_one_way_means_the_same(policy, tmp_path, column, cells):
    cases = sheet(tmp_path, *(f",{cell}" for cell in cells), heading=f"case,{column}")
    assert run(policy, cases, "-o", tmp_path / "out.csv") == 0
    first, *others = read_rows(tmp_path / "out.csv")
    assert others == [first] * len(others)


def test_answers_that_are_impossible_together_are_a_fault_of_their_row(policy, tmp_path, capsys):
    cases = sheet(tmp_path, "A,17,hunger", "B,18,hunger", "C,18,", heading="case,child.age,concern.signs")
    assert run(policy, cases, "-o", tmp_path / "out.ndjson") == 4
    assert "case 2" in capsys.readouterr().err
    rows = read_rows(tmp_path / "out.ndjson")
    assert [row["error"] is not None and row["error"][0].startswith("IS405") for row in rows] == [
        False,
        True,
        False,
    ]


def test_rows_with_too_few_or_too_many_cells_keep_their_place(policy, tmp_path, capsys):
    rows = ["A,given,no", "B,given", "C,refused,no", "D,given,no,no", "", "E,refused,yes", "F"]
    assert run(policy, sheet(tmp_path, *rows), "-o", tmp_path / "out.csv", "--rows-per-part", "1") == 4
    told = capsys.readouterr().err
    assert "case 2: IS412 the row has 2 cells where the heading has 3" in told
    assert "case 4: IS412 the row has 4 cells" in told and "case 6: IS412 the row has 1 cells" in told
    found = read_rows(tmp_path / "out.csv")
    assert [row["outcome"] for row in found] == ["share", None, "seek_advice", None, "share", None]
    assert [row["case"] for row in found] == ["A", None, "C", None, "E", None]


def test_a_quotation_mark_that_is_left_open_is_told(policy, tmp_path, capsys):
    cases = sheet(tmp_path, "A,given,no", '"B,given,no', "C,given,no")
    assert run(policy, cases, "-o", tmp_path / "out.csv") == 4
    assert "check that none is left open" in capsys.readouterr().err


def test_bytes_that_are_not_utf_8_are_a_fault_of_their_row(policy, tmp_path, capsys):
    path = tmp_path / "cases.csv"
    path.write_bytes(b"case,child.called\nA,caf\xe9\nB,caf\xc3\xa9\n\xe9,x\n")
    assert run(policy, path, "-o", tmp_path / "out.csv") == 4
    assert [row["error"] for row in read_rows(tmp_path / "out.csv")] == [
        ["IS801 child.called"],
        None,
        ["IS801 case"],
    ]


def test_a_byte_order_mark_and_lines_of_windows_are_read(policy, tmp_path):
    cases = sheet(tmp_path, "A,given,no", "B,,", heading=f"\ufeff{HEADING}", end="\r\n")
    assert run(policy, cases, "-o", tmp_path / "out.csv") == 0
    assert [row["outcome"] for row in read_rows(tmp_path / "out.csv")] == ["share", "seek_advice"]


@pytest.mark.parametrize("delimiter", [";", "tab"])
def test_another_delimiter_is_said_and_its_lack_is_noticed(policy, tmp_path, capsys, delimiter):
    between = {"tab": "\t"}.get(delimiter, delimiter)
    cases = sheet(tmp_path, between.join(["A", "given", "no"]), heading=HEADING.replace(",", between))
    assert "--delimiter" in refused(capsys, policy, cases, "-o", tmp_path / "out.csv")
    assert run(policy, cases, "-o", tmp_path / "out.csv", "--delimiter", delimiter) == 0


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_a_spreadsheet_would_run_begins_with_an_apostrophe(policy, tmp_path, start):
    text = f'{start}HYPERLINK(""http://x"")'
    cases = sheet(tmp_path, f'"{text}",given,no,"{text}"', heading=f"{HEADING},note")
    assert run(policy, cases, "-o", tmp_path / "out.csv", "--keep", "note") == 0
    (row,) = read_rows(tmp_path / "out.csv")
    assert row["case"] == row["note"] == "'" + text.replace('""', '"')


@pytest.mark.parametrize("start", ["=cmd()", "+1", "-1", "@x", "\uff1dx", '"=cmd()'])
@pytest.mark.parametrize("between", [";", "\t", "|", "\n", "\r\n", ";;"])
def test_behind_what_may_end_a_cell_a_formula_begins_with_an_apostrophe(policy, tmp_path, start, between):
    text = f"ok{between}{start}"
    cases = write_cases(tmp_path / "cases.csv", CASES[:1], note=[text])
    assert run(policy, cases, "-o", tmp_path / "out.csv", "--keep", "note") == 0
    (row,) = read_rows(tmp_path / "out.csv")
    assert row["note"] == f"ok{between}'{start}"


@pytest.mark.parametrize("text", ["a; b", "1-2", "x=y", "a|b", "", "don't", "a;'=b", "a@b"])
def test_a_cell_that_no_spreadsheet_would_run_stays_as_it_is(policy, tmp_path, text):
    cases = write_cases(tmp_path / "cases.csv", CASES[:1], note=[text])
    assert run(policy, cases, "-o", tmp_path / "out.csv", "--keep", "note") == 0
    assert (read_rows(tmp_path / "out.csv")[0]["note"] or "") == text


def test_lists_records_and_names_of_columns_are_no_formulas_either(policy, tmp_path):
    table = pa.table(
        {"case": ["A"], "=name": [["=x", "-y"]], "record": [{"a;=b": "=c;=d"}], "octets": [b"=1"]}
    )
    parquet.write_table(table, tmp_path / "cases.parquet")
    kept = ("--keep", "=name", "record", "octets")
    assert run(policy, tmp_path / "cases.parquet", "-o", tmp_path / "out.csv", *kept) == 0
    (row,) = read_rows(tmp_path / "out.csv")
    assert row["'=name"] == "'=x;'-y"
    assert row["record"] == """{"a;'=b": "=c;'=d"}"""
    assert row["octets"] == "'=1"


def test_a_line_break_of_windows_in_a_cell_is_kept_wherever_a_block_ends(policy, tmp_path, monkeypatch):
    monkeypatch.setattr("infoshare.batch.files.csv_cases.BLOCK", 512)
    notes = [f"{i}{'x' * (i % 7)}\r\ny\rz\nw" for i in range(400)]
    cases = write_cases(tmp_path / "cases.csv", CASES[:1] * 400, note=notes)
    assert run(policy, cases, "-o", tmp_path / "out.ndjson", "--keep", "note") == 0
    assert [row["note"] for row in read_rows(tmp_path / "out.ndjson")] == notes


@pytest.mark.parametrize("into", ["csv", "ndjson", "parquet"])
@pytest.mark.parametrize("block", [97, 256, 509])
def test_a_line_break_of_windows_is_kept_in_every_format_and_ends_one_row_wherever_a_block_ends(
    policy, tmp_path, monkeypatch, into, block
):
    monkeypatch.setattr("infoshare.batch.files.csv_cases.BLOCK", block)
    notes = [f"{'x' * (1 + i % 11)}\r\ny" for i in range(120)]
    rows = "".join(f'"A","given","no","{note}"\r\n' for note in notes)
    cases = tmp_path / "cases.csv"
    cases.write_bytes(f"{HEADING},note\r\n{rows}".encode())
    assert run(policy, cases, "-o", tmp_path / f"out.{into}", "--keep", "note") == 0
    assert [row["note"] for row in read_rows(tmp_path / f"out.{into}")] == notes


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("before", ["", "{end}", "{end}{end}", "\ufeff", "\ufeff{end}"])
@pytest.mark.parametrize("heading", ["consent.status", '"consent.status"', "case,consent.status"])
def test_a_heading_is_found_behind_blank_lines_and_whatever_ends_it(policy, tmp_path, end, before, heading):
    row = "A,given" if "case" in heading else "given"
    for behind, count in (("", 0), (end, 0), (f"{end}{row}", 1), (f"{end}{row}{end}", 1)):
        text = before.format(end=end) + heading + behind
        cases = write(tmp_path / "cases.csv", text)
        assert run(policy, cases, "-o", tmp_path / "out.csv", "--force") == 0
        rows = read_rows(tmp_path / "out.csv")
        assert [row["outcome"] for row in rows] == ["share"] * count, text


@pytest.mark.parametrize(
    "number",
    [
        "9007199254740993.0",
        "1.10",
        "-0",
        "0.1e1",
        "12345678901234567890123",
        '[1.10, {"a" :2.0}]',
        "true",
        "1E2",
    ],
)
def test_what_is_kept_of_json_is_kept_letter_for_letter(policy, tmp_path, number):
    line = f'{{"case": "A", "n" : {number} , "consent": {{"status": "given"}}}}'
    cases = write(tmp_path / "cases.ndjson", f"{line}\n")
    assert run(policy, cases, "-o", tmp_path / "out.ndjson", "--keep", "n") == 0
    (row,) = read_rows(tmp_path / "out.ndjson")
    assert (row["n"], row["outcome"]) == (number, "share")


@pytest.mark.parametrize("inner", ["struct", "list", "list of views", "plain"])
def test_codes_that_mean_something_else_in_each_row_group_are_read(policy, tmp_path, inner):
    words = ["given", "refused", "given"]
    coded = pa.dictionary(pa.int8(), pa.string())
    match inner:
        case "struct":
            column = pa.array([{"status": word} for word in words], pa.struct([("status", coded)]))
            table = pa.table({"consent": column})
        case "plain":
            table = pa.table({"consent.status": pa.array(words, coded)})
        case _:
            kind = pa.list_(coded if inner == "list" else pa.string_view())
            signs = pa.array([["bruising"], ["unsure"], ["fear", "bruising"]], kind)
            table = pa.table({"consent.status": words, "concern.signs": signs})
    parquet.write_table(table, tmp_path / "cases.parquet", row_group_size=1)
    assert run(policy, tmp_path / "cases.parquet", "-o", tmp_path / "out.ndjson") == 0
    wanted = ["share", "seek_advice", "share"]
    assert [row["outcome"] for row in read_rows(tmp_path / "out.ndjson")] == wanted


# --- files ----------------------------------------------------------------------------------


def test_what_is_there_is_not_written_over_unless_that_is_said(policy, cases, tmp_path, capsys):
    out = tmp_path / "out.csv"
    out.write_text("mine", encoding="utf-8")
    assert "--force" in refused(capsys, policy, cases, "-o", out)
    assert run(policy, cases, "-o", out, "--force") == 0
    assert out.read_text("utf-8").startswith("case,outcome")


@pytest.mark.parametrize("kind", ["the cases", "a link to the cases", "the policy", "a used file", "a link"])
def test_what_is_read_is_never_written_over_whatever_is_forced(policy, cases, tmp_path, capsys, kind):
    used = Path(write(tmp_path / "used.policy", 'infoshare 1\n\nsource s "A source"\n'))
    write(Path(policy), POLICY.replace("facts about consent", 'use "used.policy"\n\nfacts about consent', 1))
    out = {"the cases": Path(cases), "the policy": Path(policy), "a used file": used}.get(
        kind, tmp_path / "x"
    )
    if kind == "a link to the cases":
        os.link(cases, out)
    elif kind == "a link":
        (tmp_path / "mine").write_bytes(b"mine")
        out.symlink_to(tmp_path / "mine")
    before = out.read_bytes()
    said = refused(capsys, policy, cases, "-o", out, "--to", "csv", "--force")
    assert ("links are not followed" if kind == "a link" else "is what this command reads") in said
    assert out.read_bytes() == before
    assert not list(tmp_path.glob("*.unfinished"))


def test_what_appears_meanwhile_is_not_written_over(policy, cases, tmp_path, monkeypatch, capsys):
    out = tmp_path / "out.csv"
    say = journal.Journal._say

    def said(self, line):
        say(self, line)
        if "joined" in line:
            out.write_text("mine", encoding="utf-8")

    with monkeypatch.context() as patch:
        patch.setattr(journal.Journal, "_say", said)
        assert run(policy, cases, "-o", out) == 74
    told = capsys.readouterr().err
    assert "is there already" in told and "goes on from there" in told
    assert out.read_text("utf-8") == "mine"


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "cases.csv", "is empty"),
        (b"\n\n", "cases.csv", "is empty"),
        ("case,consent.status\n".encode("utf-16"), "cases.csv", "UTF-16"),
        (b"caf\xe9,consent.status\n", "cases.csv", "is not UTF-8"),
        (b"x" * (1 << 20), "cases.csv", "endless"),
        (b"PAR1", "cases.parquet", "not a whole Parquet file"),
        (b"", "cases.parquet", "not a whole Parquet file"),
        (b"case\n", "cases.parquet", "not a whole Parquet file"),
        (b"x", "cases.xlsx", "save the sheet as CSV"),
        (b"x", "cases.csv.gz", "unpack it first"),
        (b"x", "cases.txt", "--from"),
        (None, "none.csv", "there is no file"),
        (None, "a\nb.csv", "there is no file"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_and_nothing_is_left_behind(
    policy, tmp_path, capsys, content, name, words
):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    assert words in refused(capsys, policy, path, "-o", tmp_path / "out.csv")
    assert not list(tmp_path.glob("out.csv*"))


def test_a_parquet_file_that_was_cut_off_or_damaged_is_told(policy, tmp_path, capsys):
    path = Path(write_cases(tmp_path / "cases.parquet", CASES * 300))
    data = path.read_bytes()
    path.write_bytes(data[:-100])
    assert "not a whole Parquet file" in refused(capsys, policy, path, "-o", tmp_path / "out.csv")
    path.write_bytes(data[:4] + bytes(200) + data[204:])
    assert "not a whole Parquet file" in refused(capsys, policy, path, "-o", tmp_path / "out.csv")


@pytest.mark.parametrize("name", ["", ".", "fifo", "/dev/zero"])
def test_what_is_not_a_regular_file_is_never_waited_for(policy, tmp_path, capsys, name):
    if name == "fifo":
        os.mkfifo(tmp_path / name)
    said = refused(capsys, policy, tmp_path / name, "--from", "csv", "-o", tmp_path / "out.csv")
    assert "is not a regular file" in said or "cannot be read" in said


@pytest.mark.parametrize(
    ("out", "words"),
    [
        ("", "is a folder"),
        ("none/out.csv", "there is no folder"),
        ("/dev/full", "is not a regular file"),
        ("a\0b.csv", "cannot be written"),
        ("cases.csv", "is what this command reads, and is not written over"),
        ("out.txt", "--to"),
    ],
)
def test_a_result_that_cannot_be_written_is_told_before_anything_is_decided(
    policy, cases, tmp_path, capsys, out, words
):
    options = [] if out == "out.txt" else ["--to", "csv", "--force"]
    assert words in refused(
        capsys, policy, cases, "-o", f"{tmp_path}/{out}" if out[:1] != "/" else out, *options
    )


def test_a_full_disk_leaves_no_half_result_and_the_run_goes_on_when_there_is_room(policy, tmp_path):
    cases = write_cases(tmp_path / "cases.csv", CASES * 40)
    out = tmp_path / "out.csv"
    arguments = ["batch", policy, cases, "-o", str(out), "--rows-per-part", "20", *DAY]

    def full():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (8000, 8000))

    done = subprocess.run(
        [sys.executable, "-m", "infoshare", *arguments],
        capture_output=True,
        text=True,
        preexec_fn=full,
        check=False,
    )
    assert done.returncode == 74, done.stderr
    assert "cannot be written" in done.stderr and "goes on from there" in done.stderr
    assert "Traceback" not in done.stderr
    assert not out.exists()
    assert main(arguments) == 0
    assert len(read_rows(out)) == len(CASES) * 40


@pytest.mark.parametrize("kind", ["csv", "ndjson", "parquet"])
@pytest.mark.parametrize("into", ["csv", "ndjson", "parquet"])
def test_no_case_at_all_is_a_result_without_rows(policy, tmp_path, kind, into, capsys):
    match kind:
        case "csv":
            cases = sheet(tmp_path)
        case "ndjson":
            cases = write(tmp_path / "cases.ndjson", "\n")
        case _:
            cases = tmp_path / "cases.parquet"
            parquet.write_table(pa.table({"case": pa.array([], pa.string())}), cases)
    assert run(policy, cases, "-o", tmp_path / f"out.{into}") == 0
    assert read_rows(tmp_path / f"out.{into}") == []
    assert "0 cases were decided" in capsys.readouterr().out


def test_a_text_of_a_megabyte_is_carried_through_and_a_longer_one_than_a_block_is_told(
    policy, tmp_path, capsys
):
    long = "x" * 1_000_000
    assert run(policy, sheet(tmp_path, f"{long},given,no"), "-o", tmp_path / "out.csv") == 0
    assert read_rows(tmp_path / "out.csv")[0]["case"] == long
    said = refused(
        capsys_cleared(capsys), policy, sheet(tmp_path, f"{long * 25},given,no"), "-o", tmp_path / "x.csv"
    )
    assert "longer than 8 MB" in said and len(said) < 1000


def capsys_cleared(capsys):
    capsys.readouterr()
    return capsys


def test_long_rows_make_shorter_pieces_and_parts(policy, tmp_path, monkeypatch):
    notes = [f"{i} {'x' * 5_000}" for i in range(200)]
    add = journal.Journal.add
    parts = []

    def noted(self, data, *arguments):
        parts.append(data)
        add(self, data, *arguments)

    monkeypatch.setattr(journal.Journal, "add", noted)
    wanted = None
    for kind, room in (("ndjson", 10**9), ("ndjson", 20_000), ("parquet", 10**9), ("parquet", 40_000)):
        cases = write_cases(tmp_path / f"{room}.{kind}", CASES[:1] * 200, note=notes)
        out = tmp_path / f"{room}-{kind}.ndjson"
        parts.clear()
        with monkeypatch.context() as patch:
            patch.setattr(f"infoshare.batch.files.{kind}_cases.BYTES", room)
            patch.setattr("infoshare.batch.files.run._TEXT_PER_PART", room)
            assert run(policy, cases, "-o", out, "--keep", "note") == 0
        assert (len(parts) > 10) == (room < 10**6)
        wanted = wanted or out.read_bytes()
        assert out.read_bytes() == wanted


# --- standard streams -----------------------------------------------------------------------


def through(monkeypatch, data):
    out = io.BytesIO()
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(data)))
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(out, encoding="utf-8", write_through=True))
    return out


@pytest.mark.parametrize("kind", ["csv", "ndjson"])
def test_cases_come_on_standard_input_and_decisions_go_to_standard_output(
    policy, tmp_path, monkeypatch, capsys, kind
):
    cases = Path(write_cases(tmp_path / f"cases.{kind}", CASES * 9))
    assert run(policy, cases, "-o", tmp_path / f"out.{kind}") == 0
    capsys.readouterr()
    out = through(monkeypatch, cases.read_bytes())
    assert run(policy, "-", "--from", kind, "-o", "-", "--to", kind) == 0
    assert out.getvalue() == (tmp_path / f"out.{kind}").read_bytes()
    assert "81 cases were decided" in capsys.readouterr().err


def test_a_result_in_a_file_of_cases_on_standard_input_is_whole_or_not_there(policy, tmp_path, monkeypatch):
    through(monkeypatch, b"case,consent.status\nA,given\n")
    assert run(policy, "-", "--from", "csv", "-o", tmp_path / "out.parquet") == 0
    assert len(read_rows(tmp_path / "out.parquet")) == 1
    assert not list(tmp_path.glob("*.unfinished"))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["-", "-o", "-"], "--from"),
        (["-", "--from", "csv", "-o", "-"], "--to"),
        (["-", "--from", "parquet", "-o", "-", "--to", "csv"], "standard input"),
        (["-", "--from", "csv", "-o", "-", "--to", "parquet"], "standard output"),
    ],
)
def test_a_stream_whose_format_is_not_said_or_that_cannot_be_is_refused(
    policy, capsys, monkeypatch, arguments, words
):
    out = through(monkeypatch, b"")
    assert run(policy, *arguments) == 2
    assert out.getvalue() == b""
    assert words in capsys.readouterr().err


def test_a_reader_that_goes_away_ends_it_quietly(policy, tmp_path):
    cases = write_cases(tmp_path / "cases.csv", CASES * 2000)
    arguments = ["batch", policy, cases, "-o", "-", "--to", "csv", "--rows-per-part", "100", *DAY]
    with subprocess.Popen(
        [sys.executable, "-m", "infoshare", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as started:
        assert started.stdout is not None
        assert started.stderr is not None
        assert started.stdout.readline().startswith(b"case,outcome")
        started.stdout.close()
        said = started.stderr.read()
        assert started.wait(timeout=60) == 141, said
    assert b"Traceback" not in said


# --- summary --------------------------------------------------------------------------------


def test_the_summary_says_outcomes_what_is_unknown_and_what_never_fired(policy, tmp_path, capsys):
    rows = ["A,given,no"] * 6 + ["B,refused,no"] * 7 + ["C,,no"] * 8 + ["D,given,"] * 9
    assert run(policy, sheet(tmp_path, *rows), "-o", tmp_path / "out.csv", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["format"] == "infoshare.batch-summary/1"
    assert (found["cases"], found["undecided"], found["as_of"]) == (30, 0, "2026-11-22")
    told = {(each["outcome"], each["basis"]): each["cases"] for each in found["outcomes"] if each["cases"]}
    # D: given or a serious concern, both come to share; the signs are unknown throughout, and both ways share.
    # A: bruising would share as well. B: bruising would share what is refused, so it is not settled.
    assert told == {("share", "clauses"): 15, ("seek_advice", "unknown_facts"): 15}
    # B and C wait for the signs, C for consent as well, and for the day of birth if that was not sought. D is settled
    # although nobody knows how serious it is, and nothing depends on what the child is called while nothing is secret.
    assert {each["fact"]: (each["cases"], each["unsettled"]) for each in found["unknown"]} == {
        "concern.signs": (30, 15),
        "consent.status": (8, 8),
        "child.born": (30, 8),
    }
    assert found["never_fired"] == ["respected", "ask_first", "safety_first", "secrets"]
    assert found["not_in_force"] == ["past"]


def test_small_counts_are_not_said_nor_can_they_be_worked_out(policy, tmp_path, capsys):
    rows = ["A,given,no"] * 90 + ["B,,no"] * 3
    assert run(policy, sheet(tmp_path, *rows), "-o", tmp_path / "out.csv", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["cases"] == 93
    assert [each["cases"] for each in found["outcomes"] if each["cases"] != 0] == [None, None]
    assert (
        run(policy, sheet(tmp_path, *rows), "-o", tmp_path / "b.csv", "--json", "--suppress-below", "1") == 0
    )
    found = json.loads(capsys.readouterr().out)
    assert [each["cases"] for each in found["outcomes"] if each["cases"] != 0] == [90, 3]


def test_a_bad_row_can_end_the_run_instead(policy, tmp_path, capsys):
    cases = sheet(tmp_path, "A,given,no", "B,gvien,no", "C,given,no")
    said = refused(capsys, policy, cases, "-o", tmp_path / "out.csv", "--stop-at-bad-row", code=4)
    assert "case 2" in said and "did you mean `given`?" in said
    assert not list(tmp_path.glob("*.unfinished"))


def test_many_bad_rows_are_told_up_to_twenty_and_counted(policy, tmp_path, capsys):
    assert run(policy, sheet(tmp_path, *["A,gvien,no"] * 50), "-o", tmp_path / "out.csv") == 4
    told = capsys.readouterr().err
    assert told.count("IS402") == 20
    assert "and 30 more" in told and "50 cases were not decided" in told
    assert "gvien" not in told


def test_a_policy_that_is_not_in_force_decides_nothing_by_its_clauses(policy, cases, tmp_path):
    assert main(["batch", policy, cases, "-o", str(tmp_path / "out.csv"), "--as-of", "2027-11-22"]) == 0
    assert {row["basis"] for row in read_rows(tmp_path / "out.csv")} == {"not_in_force"}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["none.policy", "cases.csv", "-o", "out.csv"], 2),
        (["infoshare:vocabulary", "cases.csv", "-o", "out.csv"], 3),
        (["cases.csv", "cases.csv", "-o", "out.csv"], 3),
        (["sample.policy", "cases.csv"], 2),
        (["sample.policy", "cases.csv", "-o", "out.csv", "--rows-per-part", "0"], 2),
        (["sample.policy", "cases.csv", "-o", "out.csv", "--delimiter", "x"], 2),
        (["sample.policy", "cases.csv", "-o", "out.csv", "--as-of", "soon"], 2),
    ],
)
def test_a_command_that_cannot_be_run_says_so(policy, cases, tmp_path, monkeypatch, capsys, arguments, code):
    monkeypatch.chdir(tmp_path)
    assert main(["batch", *arguments]) == code
    assert "Traceback" not in capsys.readouterr().err
    assert not (tmp_path / "out.csv").exists()


def test_without_the_extra_it_says_how_to_install_it(policy, cases, tmp_path, monkeypatch, capsys):
    for name in [name for name in sys.modules if name.startswith("infoshare.batch")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert run(policy, cases, "-o", tmp_path / "out.csv") == 2
    assert 'pip install "infoshare[batch]"' in capsys.readouterr().err
