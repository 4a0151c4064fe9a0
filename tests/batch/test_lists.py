"""Tables with lists: an element a row, or records in a cell, and always what the definition says of the case."""

import csv
import json
import os
from collections.abc import Mapping
from datetime import date
from itertools import zip_longest
from random import Random
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from batch_samples import run, write
from pyarrow import parquet

import infoshare
from infoshare.batch import decide_table
from infoshare.batch.caseload import compile_batch
from infoshare.batch.files.csv_cases import CsvCases
from infoshare.batch.files.decided import decided
from infoshare.batch.files.whole_cases import WholeCases
from infoshare.batch.heading import Wanted
from infoshare.errors import FactsError
from infoshare.testing.policies import sources
from infoshare.testing.row_policies import random_row_policy
from infoshare.testing.tree_cases import random_row_case

DAY = date(2026, 11, 22)
SEEDS = range(int(os.environ.get("INFOSHARE_ROW_TABLES", "8")))
PEOPLE = """infoshare 1

policy people "People"

facts about consent "consent"
  asked "they were asked" : yes or no
  of "whose it is" : some person

facts about each person "a person"
  agrees "they agree" : yes or no
  suspected "they are suspected" : yes or no
  age "their age" : number from 0 to 130

facts about each item "a piece of information"
  about "whom it is about" : some person
  told_by "who told it" : one person
  fit "it is fit to go" : yes or no

facts about each recipient "somebody who would be told"
  who "which of the people this is" : one person

define all_agree "all whom it is about agree" for each item as
  every person in item.about (person.agrees)

consent agreed "They agree." share for each item when item.all_agree
consent refused "Somebody does not." withhold for each item when not item.all_agree
rule suspect "A suspect gets nothing." must withhold for each recipient when recipient.who.suspected
override nothing "Whatever they agree to." must withhold prevails over agreed for each recipient
  when recipient.who.suspected
safeguard fit "Only what is fit." for each item require item.fit otherwise "Mend it."
"""
POLICY = infoshare.load_sources({"p.policy": PEOPLE.encode()}, main="p.policy")
CASES: tuple[dict[str, Any], ...] = (
    {
        "case": "A",
        "person": [
            {"name": "Ann", "agrees": True, "suspected": False, "age": 9},
            {"name": "Bob", "agrees": False, "suspected": True},
        ],
        "item": [
            {"name": "letter", "about": ["Ann"], "told_by": {"none": True}, "fit": True},
            {"name": "note", "about": ["Ann", "Bob"], "told_by": "Bob"},
        ],
        "recipient": [{"name": "Father", "who": "Bob"}, {"name": "School", "who": {"none": True}}],
    },
    {"case": "B", "person": [], "item": [{"name": "letter", "about": []}], "recipient": []},
    {"case": "C", "person": "unsure", "item": [{"name": "letter", "fit": "unsure"}]},
    {"case": "D", "consent": {"asked": True}},
)


def told(policy: infoshare.Policy, case: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the definition says of a case; None where it cannot be decided."""
    try:
        decision = policy.decide(dict(case), as_of=DAY)
    except FactsError:
        return None
    return {
        "outcome": str(decision.outcome),
        "basis": str(decision.basis),
        "mandatory": decision.mandatory,
        "fired": list(dict.fromkeys(clause.clause for clause in decision.fired)),
        "possible": [str(each) for each in decision.possible],
        "exact": decision.exact,
        "rows": [
            {
                "item": row.item,
                "recipient": row.recipient,
                "outcome": str(row.outcome or decision.outcome),
                "release": row.release,
            }
            for row in decision.disclosures
        ],
    }


def cell(answer: Any) -> str:
    """An answer as a cell of CSV has it."""
    match answer:
        case None:
            return ""
        case bool():
            return "yes" if answer else "no"
        case list():
            return ";".join(answer) or "[]"
        case {"none": True}:
            return "[]"
        case _:
            return str(answer)


def in_long_form(policy: infoshare.Policy, case: Mapping[str, Any], rng: Random) -> list[dict[str, str]]:
    """The rows of a case: some facts of the case in each, and an element of some lists, in any order."""
    each: dict[str, list[dict[str, str]]] = {"": []}
    for group, said in case.items():
        if group == "case" or said is None:
            continue
        if isinstance(said, dict):
            each[""] += [{f"{group}.{name}": cell(answer)} for name, answer in said.items()]
        elif said == "unsure" or not said:
            each[group] = [{f"{group}.name": "[]" if said == [] else "unsure"}]
        else:
            elements = [{f"{group}.{name}": cell(a) for name, a in element.items()} for element in said]
            again = [
                {f"{group}.name": e[f"{group}.name"], **dict(rng.sample(sorted(e.items()), 1))}
                for e in elements
            ]
            each[group] = elements + rng.sample(again, rng.randint(0, len(again)))  # said twice, and the same
    if rng.random() < 0.5:
        rows = [row for rows in each.values() for row in rows]
    else:
        rows = [
            {k: v for part in parts for k, v in part.items()}
            for parts in zip_longest(*each.values(), fillvalue={})
        ]
    return [{"case": str(case["case"]), **row} for row in rows or [{}]]


def columns_of(rows: list[dict[str, str]]) -> dict[str, list[str]]:
    """Rows as columns of text."""
    return {
        name: [row.get(name, "") for row in rows] for name in dict.fromkeys(k for row in rows for k in row)
    }


def result_of(table: Any) -> list[dict[str, Any]]:
    """A table of Arrow as the definition's words, with the cases that it is of."""
    return [
        {name: row[name] for name in ("outcome", "basis", "mandatory", "fired", "possible", "exact", "rows")}
        for row in table
    ]


def as_table_has_them(case: Mapping[str, Any]) -> dict[str, Any]:
    """A case as a row of nested columns: whom one refers to is a list of names too, since a column has one type."""

    def said(name: str, answer: Any) -> Any:
        if name in {"told_by", "who"} and answer is not None:
            return [] if answer == {"none": True} else [answer]
        return None if answer == "unsure" else answer

    found: dict[str, Any] = {"case": case["case"], "consent.asked": case.get("consent", {}).get("asked")}
    for group in ("person", "item", "recipient"):
        elements = case.get(group)
        found[group] = (
            [{name: said(name, answer) for name, answer in element.items()} for element in elements]
            if isinstance(elements, list)
            else None
        )
    return found


def test_records_in_a_cell_come_to_what_the_definition_says() -> None:
    cases = [case for case in CASES if case["case"] != "C"]
    table = pa.Table.from_pylist([as_table_has_them(case) for case in cases])
    for given in (table, pl.from_arrow(table), {name: table[name] for name in table.column_names}):
        found = decide_table(POLICY, given, as_of=DAY, rows=True)
        outcomes = list(found["outcome"].to_pylist() if isinstance(found, pa.Table) else found["outcome"])
        assert outcomes == [want["outcome"] for case in cases if (want := told(POLICY, case))]
    assert result_of(decide_table(POLICY, table, as_of=DAY, rows=True).to_pylist()) == [
        told(POLICY, c) for c in cases
    ]


def test_an_element_a_row_comes_to_what_the_definition_says() -> None:
    rng = Random(1)
    rows = [row for case in CASES for row in in_long_form(POLICY, case, rng)]
    found = decide_table(POLICY, pa.table(columns_of(rows)), as_of=DAY, rows=True)
    assert found.column("case").to_pylist() == ["A", "B", "C", "D"]
    assert result_of(found.to_pylist()) == [told(POLICY, case) for case in CASES]
    assert found.column("outcome").to_pylist()[0] == "differs"


@pytest.mark.parametrize("seed", SEEDS)
def test_random_cases_of_random_policies_with_rows_come_to_what_the_definition_says(
    seed: int, tmp_path: Any
) -> None:
    rng = Random(f"lists {seed}")
    files = random_row_policy(rng)
    given = sources(files)
    policy = infoshare.load_sources(given, main=list(given)[-1])
    cases = [{**random_row_case(rng, files, completions=20), "case": f"c{number}"} for number in range(6)]
    want = [told(policy, case) for case in cases]
    batch = compile_batch(policy, as_of=DAY)
    lines = tmp_path / "cases.ndjson"
    lines.write_text("".join(json.dumps(case) + "\n" for case in cases))
    for name, text in given.items():
        (tmp_path / name).write_bytes(text)
    main = tmp_path / list(given)[-1]
    rows = [row for case in cases for row in in_long_form(policy, case, rng)]
    long = tmp_path / "cases.csv"
    with long.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(columns_of(rows)))
        writer.writeheader()
        writer.writerows(rows)
    parquet.write_table(pa.table(columns_of(rows)), tmp_path / "cases.parquet")
    for cases_in in ("ndjson", "csv", "parquet"):
        out = tmp_path / f"{cases_in}.out.ndjson"
        whole = () if cases_in == "ndjson" else ("--case-id", "case")  # a case may list nothing
        code = run(main, tmp_path / f"cases.{cases_in}", "-o", out, "--rows", *whole)
        assert code == (4 if None in want else 0)
        found = [json.loads(line) for line in out.read_text().splitlines()]
        assert [each["case"] for each in found] == [case["case"] for case in cases]
        assert [
            None if each["error"] else result for each, result in zip(found, result_of(found), strict=True)
        ] == want
    good = [row for row in rows if want[int(row["case"][1:])] is not None]
    if good:
        table = batch.decide(columns_of(good), rows=True, case_id="case")
        assert table["outcome"].tolist() == [each["outcome"] for each in want if each]


SCHOOL = {"recipient.name": ["School", "School"], "recipient.who": ["[]", "[]"]}

# --- long tables ------------------------------------------------------------------------------


def outcomes(table: Mapping[str, Any], **options: Any) -> list[str]:
    return decide_table(POLICY, table, as_of=DAY, **options)["outcome"].tolist()


def test_without_an_id_each_row_is_a_case_of_its_own() -> None:
    table = {"item.name": ["a", "b"], "item.about": ["[]", ""], **SCHOOL}
    assert outcomes(table) == ["share", "seek_advice"]


def test_another_column_may_say_which_rows_are_one_case() -> None:
    school = {name: said[:1] * 3 for name, said in SCHOOL.items()}
    table = {"child": ["x", "y", "x"], "item.name": ["a", "a", "b"], "item.about": ["[]", "[]", ""], **school}
    found = decide_table(POLICY, table, as_of=DAY, case_id="child", rows=True)
    assert found["child"].tolist() == ["x", "y"]
    assert found["outcome"].tolist() == ["differs", "share"]


def test_what_no_row_of_a_case_names_is_a_list_that_is_not_given_and_brackets_are_an_empty_one() -> None:
    table = {
        "case": ["A", "B"],
        "person.name": ["", "[]"],
        "item.name": ["a", "a"],
        "item.about": ["[]", "[]"],
    }
    columns = compile_batch(POLICY, as_of=DAY).decide_columns(table)
    assert columns.unknown_counts()["person"] == 1


def test_what_is_kept_of_a_case_is_what_the_first_of_its_rows_says_that_says_anything() -> None:
    table = {"case": ["A", "A"], "team": [None, "North"], "item.name": ["a", "b"]}
    assert decide_table(POLICY, table, as_of=DAY, keep=["team"])["team"].tolist() == ["North"]


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        ({"case": ["A", None], "item.name": ["x", "y"]}, ("IS406", "case", "in row 2")),
        ({"case": ["A", "A"], "consent.asked": ["yes", "no"], "item.name": ["x", "y"]}, ("IS403", "consent.asked", "in row 2")),
        ({"case": ["A", "A"], "item.name": ["x", "x"], "item.fit": ["yes", "no"]}, ("IS403", "item.fit", "in row 2")),
        ({"case": ["A", "A"], "item.name": ["x", ""], "item.fit": ["yes", "no"]}, ("IS406", "item.fit", "in row 2")),
        ({"case": ["A", "A"], "item.name": ["x", "[]"]}, ("IS403", "item.name", "in row 2")),
        ({"item.fit": ["yes"]}, ("IS406", "item.name", "which `item` a row is about")),
        ({"item.name": ["x"], "item": [[]]}, ("IS403", "item", "given twice")),
        ({"item.name": ["x"], "item.ft": ["yes"]}, ("IS401", "item.ft", "no fact is named")),
        ({"item.name": ["x"], "item.fit": ["Yes"]}, ("IS402", "item.fit", "in row 1")),
        (
            {"case": ["A", "A"], "person.name": ["Ann", ""], "item.name": ["", "x"], "item.about": ["", "Bob"]},
            ("IS402", 'item["x"].about', "in row 1"),
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_long_table_is_told_with_its_column_and_row(
    table: dict[str, Any], fault: tuple[str, str, str]
) -> None:
    with pytest.raises(FactsError) as raised:
        outcomes(table)
    found = raised.value.diagnostics[0]
    assert (found.code, found.path) == fault[:2]
    assert fault[2] in found.message
    assert found.help


def test_an_id_that_is_no_column_is_named() -> None:
    with pytest.raises(FactsError) as raised:
        outcomes({"child": ["x"], "item.name": ["a"]}, case_id="chid", ignore=["child"])
    assert (raised.value.diagnostics[0].code, raised.value.diagnostics[0].path) == ("IS401", "chid")


def test_a_policy_without_anything_scoped_tells_of_the_rows_what_a_decision_discloses() -> None:
    plain = infoshare.load_sources(
        {
            "p.policy": b"""infoshare 1
policy p "P"
facts about each item "a thing"
  fit "it is fit" : yes or no
rule everything "All goes." share
safeguard fit "Only what is fit." for each item require item.fit otherwise "Mend it."
"""
        },
        main="p.policy",
    )
    table = {"case": ["A", "A", "B"], "item.name": ["x", "y", None], "item.fit": [True, None, None]}
    found = decide_table(plain, table, as_of=DAY, rows=True)
    assert [[(row["item"], row["release"]) for row in rows] for rows in found["rows"]] == [
        [("x", True), ("y", None)],
        [(None, True)],
    ]
    assert "rows" not in decide_table(plain, table, as_of=DAY)


# --- files ------------------------------------------------------------------------------------

LONG = """case,team,recipient.name,recipient.who,person.name,person.agrees,item.name,item.about
A,North,School,[],Ann,yes,letter,Ann
A,,,,Bob,no,note,Ann;Bob
B,South,School,[],Ann,yes,letter,Ann
C,,School,[],[],,letter,[]
C,,,,,,other,[]
D,,School,[],Ann,no,letter,Ann
"""


def long_file(tmp_path: Any, text: str) -> tuple[str, str]:
    return write(tmp_path / "people.policy", PEOPLE), write(tmp_path / "cases.csv", text)


def test_a_long_file_has_a_row_of_the_result_for_each_case(tmp_path: Any) -> None:
    policy, cases = long_file(tmp_path, LONG)
    out = tmp_path / "out.csv"
    assert run(policy, cases, "-o", out, "--keep", "team") == 0
    found = list(csv.DictReader(out.read_text().splitlines()))
    assert [(row["case"], row["team"], row["outcome"]) for row in found] == [
        ("A", "North", "differs"),
        ("B", "South", "share"),
        ("C", "", "share"),
        ("D", "", "withhold"),
    ]


def test_rows_of_a_case_that_do_not_stand_together_are_refused_before_anything_is_written(
    tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    policy, cases = long_file(tmp_path, LONG + "A,,,,,,third,[]\n")
    assert run(policy, cases, "-o", tmp_path / "out.csv", "--ignore", "team") == 2
    assert not (tmp_path / "out.csv").exists()
    said = capsys.readouterr().err
    assert "row 7 of" in said
    assert "sort the file by `case`" in said


def test_a_row_that_does_not_say_its_case_keeps_those_on_both_sides_from_being_decided(tmp_path: Any) -> None:
    rows = LONG.splitlines(keepends=True)
    policy, cases = long_file(tmp_path, "".join([*rows[:4], ",,,,Cy,no,,\n", *rows[4:]]))
    out = tmp_path / "out.csv"
    assert run(policy, cases, "-o", out, "--ignore", "team") == 4
    found = {row["case"]: row["error"] for row in csv.DictReader(out.read_text().splitlines())}
    assert found == {"A": "", "B": "IS406 case", "C": "IS406 case", "D": ""}


def test_a_row_with_too_many_cells_does_the_same(tmp_path: Any) -> None:
    rows = LONG.splitlines(keepends=True)
    policy, cases = long_file(tmp_path, "".join([*rows[:4], "B,,,,Cy,no,,,,\n", *rows[4:]]))
    out = tmp_path / "out.csv"
    assert run(policy, cases, "-o", out, "--ignore", "team") == 4
    found = {row["case"]: row["error"] for row in csv.DictReader(out.read_text().splitlines())}
    assert {case for case, error in found.items() if "IS412" in error} == {"B", "C"}


def test_a_line_of_json_is_a_whole_case(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    policy, _ = long_file(tmp_path, LONG)
    cases = write(tmp_path / "cases.ndjson", "{}\n")
    assert run(policy, cases, "-o", tmp_path / "out.csv", "--case-id", "case") == 2
    assert "leave --case-id out" in capsys.readouterr().err


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_the_pieces_behind_a_mark_are_the_same_whenever_they_are_read(tmp_path: Any, size: int) -> None:
    _, cases = long_file(tmp_path, LONG)
    wanted, batch = Wanted(("team",)), compile_batch(POLICY, as_of=DAY)

    def pieces(behind: int) -> list[tuple[int, list[Any]]]:
        with open(cases, "rb") as file:
            reader = WholeCases(CsvCases(file, cases, POLICY.model, wanted, rows=size), cases, POLICY.model)
            return [(piece.mark, decided(batch, piece).table.to_pylist()) for piece in reader.pieces(behind)]

    whole = pieces(0)
    assert [row["case"] for _, rows in whole for row in rows] == ["A", "B", "C", "D"]
    assert [row["outcome"] for _, rows in whole for row in rows] == ["differs", "share", "share", "withhold"]
    for place, (mark, _) in enumerate(whole):
        assert pieces(mark) == whole[place + 1 :]


def test_the_summary_counts_the_cases_whose_answer_is_not_the_same_for_all(
    tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    policy, cases = long_file(tmp_path, LONG)
    assert (
        run(policy, cases, "-o", tmp_path / "out.csv", "--ignore", "team", "--suppress-below", "1", "--json")
        == 0
    )
    summary = json.loads(capsys.readouterr().out)
    counts = {(each["outcome"], each["basis"]): each["cases"] for each in summary["outcomes"]}
    assert counts["differs", "rows"] == 1
    assert counts["share", "clauses"] == 2


def test_numbers_and_days_of_elements_may_be_of_their_own_types() -> None:
    table = {"case": ["A", "A"], "person.name": ["Ann", "Bob"], "person.age": np.array([9, 40])}
    assert outcomes(table) == ["seek_advice"]
