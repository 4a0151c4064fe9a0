"""Reading columns: what is read, what is refused, and what people are told. Nothing of an answer is in a message."""

import subprocess
import sys
from datetime import date, datetime, time

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import infoshare
from infoshare.batch import compile_batch, decide_table
from infoshare.errors import FactsError

DAY = date(2026, 11, 25)
NOON = datetime.combine(date(2026, 1, 1), time(12))
POLICY = infoshare.load_sources(
    {
        "p.policy": b"""infoshare 1

policy p "A policy"

facts about child "the child"
  age "the child's age" : number of years from 0 to 25
  unborn "the child is not born yet" : yes or no
  born_on "the day of birth" : date
  signs "what was seen" : some of bruising, fear
  about "what it is about" : text

facts about consent "consent"
  status "consent" : one of given, refused, not_sought
  asked "it was asked for" : yes or no unanswered means no

facts about each item "the item"
  necessary "it is needed" : yes or no
  pages "its pages" : number from 0 to 100

impossible unborn_has_no_age "A child who is not yet born has an age of nought."
  when child.unborn and child.age > 0

consent agreed "Agreed." share when consent.status is given
consent older "An older child agrees." share when child.age >= 16 and child.born_on < 2012-01-01
consent refused "Refused." withhold when consent.status is refused
rule fearful "Fear." must withhold when child.signs includes fear
rule bullying "Bullying." seek advice when child.about is "bullying"
rule needed "Something is not needed." withhold when any item (not item.necessary and item.pages > 3)
rule unasked "Nobody asked." seek consent when not consent.asked and child.age < 5 and not child.unborn
"""
    },
    main="p.policy",
)


def refusal(columns, **how):
    with pytest.raises(FactsError) as error:
        compile_batch(POLICY, as_of=DAY).decide(columns, **how)
    return [(d.code, d.path, d.message) for d in error.value.diagnostics]


def outcomes(columns):
    return [str(o) for o in decide_table(POLICY, columns, as_of=DAY)["outcome"]]


@pytest.mark.parametrize(
    ("name", "column", "message"),
    [
        ("child.age", pa.array([None, "seven"]), "expected a whole number, found other text, in row 2"),
        ("child.age", pa.array(["7.0", "7"]), "expected a whole number, found other text, in row 1"),
        ("child.age", pa.array([7.0, 7.5]), "expected a whole number, found a number with a point, in row 2"),
        ("child.age", pa.array([float("nan"), 7.0]), "expected a whole number, found a number with a point, in row 1"),
        ("child.age", pa.array([True, None]), "expected a whole number, found a yes or no, in row 1"),
        ("child.age", pa.array([date(2026, 1, 1)]), "expected a whole number, found a date, in row 1"),
        ("child.age", np.array([1e300]), "expected a whole number, found a number with a point, in row 1"),
        ("child.unborn", pa.array([0, None, 1]), "expected yes or no (true or false), found a number, in rows 1 and 3"),
        ("child.unborn", pa.array(["ja"]), "expected yes or no, found another word, in row 1"),
        ("child.born_on", pa.array(["2026-02-30"]), "expected a day that is in the calendar, in row 1"),
        ("child.born_on", pa.array(["22/11/2026"]), "expected a date, found text, in row 1"),
        ("child.born_on", pa.array([NOON.replace(hour=0), NOON]), "expected a date, found a day with a time, in row 2"),
        ("child.born_on", pa.array([20_260_101]), "expected a date, found a number, in row 1"),
        ("child.born_on", pa.array([10**7], pa.int32()).cast(pa.date32()), "expected a day that is in the calendar, in row 1"),
        ("child.signs", pa.array([["fear"], ["fear", "cold"], None]), "expected a list of some of bruising, fear; something else is in the list, in row 2"),
        ("child.signs", pa.array([["fear", "fear"]]), "expected a list of some of bruising, fear, each at most once, in row 1"),
        ("child.signs", pa.array([["fear", None]]), "expected a list of some of bruising, fear; something else is in the list, in row 1"),
        ("child.signs", pa.array(["fear,bruising"]), "expected a list of some of bruising, fear; something else is in the list, in row 1"),
        ("child.about", pa.array([3]), "expected text, found a number, in row 1"),
        ("consent.status", pa.array(["given", "Given", "g", "given "]), "expected one of given, refused, not_sought, found another word, in rows 2 and 4"),
        ("consent.status", pa.array([1]), "expected one of given, refused, not_sought, found a number, in row 1"),
        ("consent.status", pa.array([" "]), "expected one of given, refused, not_sought, found another word, in row 1"),
        ("consent.status", np.array(["given", 3], object), "expected one of given, refused, not_sought, found a number, in row 2"),
    ],
)  # fmt: skip
def test_a_wrong_answer_is_refused_with_its_column_its_rows_and_what_was_expected(name, column, message):
    assert ("IS402", name, message) in refusal({name: column})


def test_an_answer_out_of_range_is_told_apart_from_one_of_another_kind():
    column = pa.array([26, 3, -1, None, 27])
    assert refusal({"child.age": column}) == [
        ("IS404", "child.age", "expected a number from 0 to 25, found one that is smaller, in row 3"),
        ("IS404", "child.age", "expected a number from 0 to 25, found one that is greater, in rows 1 and 5"),
    ]
    assert set(refusal({"child.age": column.cast(pa.string())})) == set(refusal({"child.age": column}))


@pytest.mark.parametrize("kind", [pa.uint64(), pa.decimal128(20, 0), pa.float64(), pa.string()])
def test_a_number_that_no_reader_of_json_holds_is_out_of_range_whatever_holds_it(kind):
    found = refusal({"child.age": pa.array([2**60], pa.uint64()).cast(kind, safe=False)})
    assert found[0][:2] in {("IS404", "child.age"), ("IS402", "child.age")}


def test_everything_that_is_wrong_is_told_at_once_and_no_answer_is_in_it():
    columns = {
        "child.age": pa.array(["4711", None]),
        "child.unborn": pa.array(["Wahr", "true"]),
        "consent.status": pa.array(["geheim", "given"]),
        "consent.sttaus": pa.array(["given", "given"]),
    }
    found = refusal(columns)
    assert {(code, path) for code, path, _ in found} == {
        ("IS404", "child.age"),
        ("IS402", "child.unborn"),
        ("IS402", "consent.status"),
        ("IS401", "consent.sttaus"),
    }
    for hidden in ("4711", "Wahr", "geheim", "str", "int", "Array"):
        assert not any(hidden in message for _, _, message in found)


def test_a_million_wrong_rows_are_one_fault_with_the_first_three_by_number():
    column = pa.array(["x"] * 1_000_000)
    assert refusal({"consent.status": column}) == [
        (
            "IS402",
            "consent.status",
            "expected one of given, refused, not_sought, found another word, in rows 1, 2, 3 and 999,997 more",
        )
    ]


def test_rows_are_counted_from_where_the_caller_says():
    found = refusal({"consent.status": pa.array(["given", "x"])}, first_row=1_000_001)
    assert found[0][2].endswith("in row 1,000,002")


def test_a_column_that_is_no_fact_is_refused_with_the_nearest_name():
    with pytest.raises(FactsError) as error:
        decide_table(POLICY, pa.table({"consent.sttaus": ["given"], "id": [1]}), as_of=DAY)
    first, second = error.value.diagnostics
    assert (first.code, first.path) == ("IS401", "consent.sttaus")
    assert first.help[0] == "did you mean `consent.status`?"
    assert (second.code, second.path) == ("IS401", "id")
    assert "`keep`" in second.help[-1] and "`ignore`" in second.help[-1]


def test_other_columns_are_carried_through_or_left_out_as_the_caller_says():
    given = pa.table({"id": [7, 8], "note": ["a", "b"], "case": ["x", "y"], "child.age": [3, None]})
    made = decide_table(POLICY, given, as_of=DAY, keep=["id"], ignore=["note"])
    assert made.column_names == ["id", "case", "outcome", "basis", "mandatory", "fired", "possible", "exact"]
    assert made["id"].to_pylist() == [7, 8]
    assert made["case"].to_pylist() == ["x", "y"]


def test_a_fact_that_is_kept_is_decided_by_as_well():
    made = decide_table(
        POLICY, pa.table({"consent.status": ["given", None]}), as_of=DAY, keep=["consent.status"]
    )
    assert made["consent.status"].to_pylist() == ["given", None]
    assert made["fired"].to_pylist()[0] == ["agreed"]


def test_records_that_are_kept_are_decided_by_and_those_left_out_are_not():
    given = pa.table({"consent": [{"status": "given"}, None]})
    kept = decide_table(POLICY, given, as_of=DAY, keep=["consent"])
    assert (kept["consent"], kept["fired"].to_pylist()[0]) == (given["consent"], ["agreed"])
    assert decide_table(POLICY, given, as_of=DAY, ignore=["consent"])["fired"].to_pylist() == [[], []]


def test_a_column_that_is_kept_may_not_be_called_as_one_of_the_result():
    assert refusal({"child.age": [3], "outcome": ["x"]}, keep=["outcome"])[0][:2] == ("IS403", "outcome")


def test_a_column_to_be_kept_that_is_not_there_is_named():
    assert refusal({"child.age": pa.array([3])}, keep=["idd"])[0][:2] == ("IS401", "idd")


def test_a_fact_of_a_list_wants_a_column_that_says_of_which_element_it_is():
    assert refusal({"item.necessary": pa.array([True])})[0][:2] == ("IS406", "item.name")


def test_a_column_of_records_stands_for_the_facts_of_its_group():
    nested = pa.table(
        {"consent": [{"status": "given", "asked": True}, None, {"status": "refused", "asked": None}]}
    )
    flat = {"consent.status": ["given", None, "refused"], "consent.asked": [True, None, None]}
    assert outcomes(nested) == outcomes(flat)


def test_a_fact_in_two_columns_is_refused():
    columns = {"consent": pa.array([{"status": "given"}]), "consent.status": pa.array(["given"])}
    assert ("IS403", "consent.status", "two columns are named `consent.status`") in refusal(columns)


@pytest.mark.parametrize(
    "table",
    [
        pa.table([pa.array([1]), pa.array([2])], names=["child.age", "child.age"]),
        pd.DataFrame([[1, 2]], columns=["child.age", "child.age"]),
    ],
)
def test_two_columns_of_one_name_are_refused_and_not_the_last_taken(table):
    assert refusal(table) == [("IS403", "child.age", "two columns are named `child.age`")]


KINDS_WITHOUT_ROWS = {
    "child.age": [pa.int8(), pa.float64(), pa.decimal128(10, 0), pa.null(), pa.string()],
    "child.unborn": [pa.bool_(), pa.string_view(), pa.null()],
    "child.born_on": [pa.date32(), pa.date64(), pa.timestamp("ns")],
    "child.signs": [pa.list_(pa.string()), pa.large_list(pa.large_string()), pa.list_(pa.null())],
    "consent.status": [pa.string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())],
    "item": [pa.list_(pa.struct([("name", pa.string())]))],
}


@pytest.mark.parametrize("name", KINDS_WITHOUT_ROWS)
def test_columns_without_rows_or_without_an_answer_are_read_whatever_their_type(name):
    nobody = POLICY.decide({}, as_of=DAY)
    for kind in KINDS_WITHOUT_ROWS[name]:
        for column in (pa.chunked_array([], kind), pa.array([], kind), pa.nulls(3, kind)):
            made = decide_table(POLICY, pa.table({name: column}), as_of=DAY)
            assert made["outcome"].to_pylist() == [str(nobody.outcome)] * len(column)
            assert made["exact"].to_pylist() == [nobody.exact] * len(column)


@pytest.mark.parametrize("type_", [pl.Int8, pl.UInt64, pl.Int128, pl.Float32, pl.Decimal(10, 2)])
def test_numbers_are_read_from_whatever_polars_holds_them_in(type_):
    frame = pl.DataFrame({"child.age": [0, None, 17]}).cast(type_)
    want = [POLICY.decide({"child": {"age": age}}, as_of=DAY).possible for age in (0, None, 17)]
    made = decide_table(POLICY, frame, as_of=DAY)["possible"].to_list()
    assert made == [[str(outcome) for outcome in possible] for possible in want]


def test_faults_within_lists_are_told_with_their_rows():
    items = [[{"name": "a", "pages": 3}], None, [{"name": "a", "pages": 300}], [{"name": "b"}, {"name": "b"}]]
    found = refusal({"item": pa.array(items)})
    assert [(code, path) for code, path, _ in found] == [
        ("IS404", 'item["a"].pages'),
        ("IS407", "item[2]"),
    ]
    assert [message.rpartition(", ")[2] for _, _, message in found] == ["in row 3", "in row 4"]


UNSURE = {
    "child.age": pa.array(["17", "unsure", None]),
    "child.unborn": pa.array(["true", "unsure", None]).dictionary_encode(),
    "child.born_on": pa.array(["2010-01-31", "unsure", None], pa.string_view()),
    "child.signs": pa.array([["fear"], ["unsure"], None]),
    "child.about": pa.array(["bullying", "unsure", None]),
    "consent.status": pa.array(["given", "unsure", None]),
    "consent.asked": pd.Series([True, "unsure", None], dtype=object),
}


@pytest.mark.parametrize("name", UNSURE)
def test_unsure_is_an_answer_of_every_fact_in_a_column_of_texts_or_lists(name):
    group, _, fact = name.partition(".")
    column = UNSURE[name]
    values = [True, "unsure", None] if isinstance(column, pd.Series) else column.to_pylist()
    said = {"17": 17, "true": True}.get(values[0] if isinstance(values[0], str) else "", values[0])
    cases = [{group: {fact: said}}, {group: {fact: "unsure"}}, {}]
    made = decide_table(
        POLICY,
        pd.DataFrame({name: column.to_pandas() if isinstance(column, pa.Array) else column}),
        as_of=DAY,
    )
    arrow = (
        None if isinstance(column, pd.Series) else decide_table(POLICY, pa.table({name: column}), as_of=DAY)
    )
    for row, case in enumerate(cases):
        want = POLICY.decide(case, as_of=DAY)
        assert (made["outcome"][row], made["basis"][row]) == (want.outcome, want.basis)
        if arrow is not None:
            assert arrow["possible"][row].as_py() == [str(o) for o in want.possible]


def test_numbers_that_pandas_gave_a_point_and_days_that_it_gave_a_midnight_are_read():
    frame = pd.DataFrame(
        {
            "child.age": [17, None, 15],
            "child.born_on": pd.to_datetime(["2009-01-01", "2009-01-01", None]),
        }
    )
    assert str(frame["child.age"].dtype) == "float64"
    made = decide_table(POLICY, frame, as_of=DAY)
    assert made["fired"].tolist() == [("older",), (), ()]


def test_what_a_row_gets_in_pandas_cannot_be_changed_for_the_others():
    made = decide_table(POLICY, pd.DataFrame({"consent.status": ["given"] * 3}), as_of=DAY)
    assert made["fired"].tolist() == [("agreed",)] * 3


@pytest.mark.parametrize("rows", [0, 1, 63, 64, 65, 127, 128, 129])
def test_tables_of_any_length_are_decided_to_the_last_row(rows):
    status = pl.Series("consent.status", [("refused", "given")[i % 3 > 0] for i in range(rows)], pl.String)
    made = decide_table(POLICY, status.to_frame(), as_of=DAY)
    assert made["fired"].to_list() == [[("refused", "agreed")[i % 3 > 0]] for i in range(rows)]


def test_a_table_without_columns_has_no_rows():
    assert decide_table(POLICY, {}, as_of=DAY)["outcome"].tolist() == []


def test_columns_of_different_lengths_are_refused():
    assert refusal({"child.age": [1, 2], "consent.status": ["given"]})[0][0] == "IS408"


@pytest.mark.parametrize("table", [None, 3, "cases.csv", [{"child": {"age": 3}}]])
def test_what_is_no_table_is_refused(table):
    assert refusal(table) == [("IS408", None, "expected a table of cases")]


def test_an_as_of_date_with_a_time_is_refused():
    with pytest.raises(FactsError) as error:
        compile_batch(POLICY, as_of=NOON)
    assert error.value.diagnostics[0].code == "IS411"


def test_without_its_extra_it_says_how_to_install_it():
    code = "import sys; sys.modules['narwhals'] = None; import infoshare; import infoshare.batch"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert 'pip install "infoshare[batch]"' in done.stderr
