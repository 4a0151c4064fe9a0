"""Every type that Arrow has: which facts it holds answers of, and what is said where it holds none."""

import uuid
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from batch_samples import DAY as AS_OF
from batch_samples import read_rows, run
from test_batch_reading import DAY, POLICY, refusal

from infoshare.batch import decide_table
from infoshare.errors import FactsError

EVERY = ("child.unborn", "child.age", "child.born_on", "child.signs", "child.about", "consent.status")
GOOD = {
    "child.unborn": True,
    "child.age": 17,
    "child.born_on": date(2009, 1, 31),
    "child.signs": ["fear"],
    "child.about": "bullying",
    "consent.status": "given",
}
TEXTS = {
    "child.unborn": "yes",
    "child.age": "17",
    "child.born_on": "2009-01-31",
    "child.signs": "fear",
    "child.about": "bullying",
    "consent.status": "given",
}
BYTES = {name: text.encode() for name, text in TEXTS.items()}
MIDNIGHT = datetime.combine(date(2009, 1, 31), time())


def union(kind, values):
    texts = pa.array([v if isinstance(v, str) else None for v in values], pa.string())
    truths = pa.array([v if isinstance(v, bool) else None for v in values], pa.bool_())
    ids = pa.array([int(isinstance(v, str)) for v in values], pa.int8())
    if kind == "sparse":
        return pa.UnionArray.from_sparse(ids, [truths, texts])
    offsets = pa.array(range(len(values)), pa.int32())
    return pa.UnionArray.from_dense(ids, offsets, [truths, texts])


def of(kind, value):
    return pa.array([None, value, None], kind)


def each(kind, values):
    return {name: of(kind, value) for name, value in values.items()}


def some(kind, *names):
    return {name: of(kind, GOOD[name]) for name in names}


NOTHING = {
    "TIME32": of(pa.time32("s"), time(12)),
    "TIME64": of(pa.time64("ns"), time(12)),
    "DURATION": of(pa.duration("s"), timedelta(1)),
    "INTERVAL_MONTH_DAY_NANO": of(pa.month_day_nano_interval(), (1, 2, 3)),
    "MAP": of(pa.map_(pa.string(), pa.int8()), [("a", 1)]),
    "STRUCT": of(pa.struct([("a", pa.int8())]), {"a": 1}),
}
"""Types that hold no answer of any fact, with a column of each."""

READ = {
    "NA": {name: pa.nulls(3) for name in EVERY},
    "BOOL": some(pa.bool_(), "child.unborn"),
    **{
        name: some(kind, "child.age")
        for name, kind in {
            "UINT8": pa.uint8(), "INT8": pa.int8(), "UINT16": pa.uint16(), "INT16": pa.int16(),
            "UINT32": pa.uint32(), "INT32": pa.int32(), "UINT64": pa.uint64(), "INT64": pa.int64(),
            "HALF_FLOAT": pa.float16(), "FLOAT": pa.float32(), "DOUBLE": pa.float64(),
            "DECIMAL32": pa.decimal32(9, 2), "DECIMAL64": pa.decimal64(18, 2),
            "DECIMAL128": pa.decimal128(38, 20), "DECIMAL256": pa.decimal256(76, 40),
        }.items()
    },
    "DATE32": some(pa.date32(), "child.born_on"),
    "DATE64": some(pa.date64(), "child.born_on"),
    "TIMESTAMP": {"child.born_on": of(pa.timestamp("ns"), MIDNIGHT)},
    "STRING": each(pa.string(), TEXTS),
    "LARGE_STRING": each(pa.large_string(), TEXTS),
    "STRING_VIEW": each(pa.string_view(), TEXTS),
    "BINARY": each(pa.binary(), BYTES),
    "LARGE_BINARY": each(pa.large_binary(), BYTES),
    "BINARY_VIEW": each(pa.binary_view(), BYTES),
    "FIXED_SIZE_BINARY": {name: of(pa.binary(len(octets)), octets) for name, octets in BYTES.items()},
    "LIST": some(pa.list_(pa.string_view()), "child.signs"),
    "LARGE_LIST": some(pa.large_list(pa.large_string()), "child.signs"),
    "FIXED_SIZE_LIST": some(pa.list_(pa.string(), 1), "child.signs"),
    "LIST_VIEW": some(pa.list_view(pa.binary()), "child.signs"),
    "LARGE_LIST_VIEW": some(pa.large_list_view(pa.dictionary(pa.int8(), pa.string())), "child.signs"),
    "DICTIONARY": {
        **{name: of(pa.string(), text).dictionary_encode() for name, text in TEXTS.items()},
        "child.age": of(pa.int64(), 17).dictionary_encode(),
        "child.born_on": of(pa.timestamp("s"), MIDNIGHT).dictionary_encode(),
    },
    "RUN_END_ENCODED": {
        "child.unborn": pc.run_end_encode(of(pa.bool_(), True)),
        "child.age": pc.run_end_encode(of(pa.int16(), 17)),
        "child.born_on": pc.run_end_encode(of(pa.date32(), GOOD["child.born_on"])),
        "child.signs": pa.RunEndEncodedArray.from_arrays([1, 2, 3], of(pa.list_(pa.string()), ["fear"])),
        "child.about": pc.run_end_encode(of(pa.string(), "bullying")),
        "consent.status": pc.run_end_encode(of(pa.string(), "given")),
    },
    "SPARSE_UNION": {"child.unborn": union("sparse", [None, True, None]), "consent.status": union("sparse", [None, "given", None])},
    "DENSE_UNION": {"child.unborn": union("dense", [None, True, None]), "child.age": union("dense", [None, "17", None])},
}  # fmt: skip
"""For each type of Arrow the facts that it holds answers of, with a column for each."""

NOT_MADE = {"INTERVAL_MONTHS", "INTERVAL_DAY_TIME"}
"""Types that PyArrow numbers and cannot make."""


def test_every_type_of_arrow_is_in_one_of_the_lists():
    known = {name.removeprefix("Type_") for name in dir(pa.lib) if name.startswith("Type_")}
    assert known == READ.keys() | NOTHING.keys() | NOT_MADE


def meant(column, name):
    """The rows of a column, as a case says them."""
    group, _, fact = name.partition(".")
    rows = [None, None, None] if pa.types.is_null(column.type) else [None, GOOD[name], None]
    return [POLICY.decide({group: {fact: row}} if row is not None else {}, as_of=DAY) for row in rows]


@pytest.mark.parametrize("kind", READ)
def test_a_type_that_holds_answers_of_a_fact_is_read_as_the_case_would_be(kind):
    for name, column in READ[kind].items():
        chunks = pa.chunked_array([column.slice(0, 1), column.slice(1)])
        for given in (column, chunks, pa.concat_arrays([column, column]).slice(3)):
            made = decide_table(POLICY, pa.table({name: given}), as_of=DAY)
            want = meant(column, name)
            assert made["outcome"].to_pylist() == [str(d.outcome) for d in want], (kind, name)
            assert made["possible"].to_pylist() == [[str(o) for o in d.possible] for d in want], (kind, name)


def wrong_for(kind):
    """The facts that a type holds no answer of, each with a column of that type."""
    if kind in NOTHING:
        return dict.fromkeys(EVERY, NOTHING[kind])
    column = next(iter(READ[kind].values()))
    others = {name: column for name in EVERY if name not in READ[kind]}
    return {} if kind in {"SPARSE_UNION", "DENSE_UNION"} else others


@pytest.mark.parametrize("kind", sorted(READ.keys() | NOTHING.keys()))
def test_a_type_that_holds_no_answer_of_a_fact_is_an_ordinary_error_with_column_and_type(kind):
    for name, column in wrong_for(kind).items():
        with pytest.raises(FactsError) as error:
            decide_table(POLICY, pa.table({name: column}), as_of=DAY)
        for found in error.value.diagnostics:
            assert (found.code, found.path) == ("IS402", name)
            assert found.message.endswith("in row 2")
            assert found.help[-1] == f"the column is of type `{column.type}`"


class Plain(pa.ExtensionType):
    """A type of a program's own, as it stores whole numbers."""

    def __init__(self):
        super().__init__(pa.int8(), "tests.plain")

    def __arrow_ext_serialize__(self):
        return b""

    @classmethod
    def __arrow_ext_deserialize__(cls, storage, serialized):
        return cls()


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("child.unborn", pa.ExtensionArray.from_storage(pa.bool8(), pa.array([None, 1, None], pa.int8()))),
        ("child.about", pa.ExtensionArray.from_storage(pa.json_(), pa.array([None, "bullying", None]))),
        ("child.age", pa.ExtensionArray.from_storage(Plain(), pa.array([None, 17, None], pa.int8()))),
    ],
)
def test_what_an_extension_stores_is_read(name, column):
    made = decide_table(POLICY, pa.table({name: column}), as_of=DAY)
    assert made["possible"].to_pylist() == [[str(o) for o in d.possible] for d in meant(column, name)]


def test_an_extension_that_holds_no_answer_is_named():
    column = pa.ExtensionArray.from_storage(pa.uuid(), pa.array([uuid.UUID(int=1).bytes], pa.binary(16)))
    found = refusal(pa.table({"consent.status": column}))
    assert [(code, path) for code, path, _ in found] == [("IS402", "consent.status")]


@pytest.mark.parametrize("inner", [pa.int64(), pa.bool_(), pa.float64(), pa.struct([("a", pa.int8())]), pa.list_(pa.string()), pa.date32()])  # fmt: skip
@pytest.mark.parametrize("kind", [pa.list_, pa.large_list, pa.list_view])
def test_empty_lists_of_whatever_tick_nothing_and_what_is_in_others_is_no_option(kind, inner):
    empty = decide_table(POLICY, pa.table({"child.signs": pa.array([[], None], kind(inner))}), as_of=DAY)
    want = [POLICY.decide({"child": {"signs": signs}}, as_of=DAY) for signs in ([], None)]
    assert empty["possible"].to_pylist() == [[str(o) for o in d.possible] for d in want]
    filled = pa.array([[], [None], [None, None]], kind(inner))
    said = "expected a list of some of bruising, fear; something else is in the list, in rows 2 and 3"
    assert refusal(pa.table({"child.signs": filled})) == [("IS402", "child.signs", said)]


def test_lists_that_are_empty_in_pandas_are_read():
    made = decide_table(POLICY, pd.DataFrame({"child.signs": [np.array([]), np.array([])]}), as_of=DAY)
    assert made["outcome"].tolist() == [POLICY.decide({"child": {"signs": []}}, as_of=DAY).outcome] * 2


def test_decimals_count_to_the_last_digit():
    column = pa.array(
        [Decimal("7.00000000000000000001"), Decimal("7.00"), None, Decimal("25.00000000000000000001")]
    )
    said = "expected a whole number, found a number with a point, in rows 1 and 4"
    assert refusal(pa.table({"child.age": column})) == [("IS402", "child.age", said)]
    assert refusal({"child.age": np.array([Decimal("7.00000000000000000001"), "unsure"], object)}) == [
        ("IS402", "child.age", "expected a whole number, found a number with a point, in row 1")
    ]


@pytest.mark.parametrize("kind", [pa.decimal32(9), pa.decimal64(18), pa.decimal128(38), pa.decimal256(76)])
def test_decimals_out_of_range_are_told_as_numbers_are(kind):
    digits = "9" * kind.precision
    found = refusal(
        pa.table({"child.age": pa.array([Decimal(digits), Decimal(f"-{digits}"), Decimal(7)], kind)})
    )
    assert sorted(found) == [
        ("IS404", "child.age", "expected a number from 0 to 25, found one that is greater, in row 1"),
        ("IS404", "child.age", "expected a number from 0 to 25, found one that is smaller, in row 2"),
    ]


@pytest.mark.parametrize("value", [7.0, np.float64(7), np.int8(7), Decimal("7.0"), "7"])
def test_a_whole_number_in_a_column_of_objects_is_read_whatever_holds_it(value):
    made = decide_table(POLICY, {"child.age": np.array([value, "unsure"], object)}, as_of=DAY)
    want = [POLICY.decide({"child": {"age": age}}, as_of=DAY) for age in (7, "unsure")]
    assert [list(each) for each in made["possible"]] == [[str(o) for o in d.possible] for d in want]


@pytest.mark.parametrize(
    "value", [pd.NaT, pd.NA, None, float("nan"), np.datetime64("NaT", "s"), Decimal("NaN"), ""]
)
def test_what_stands_for_nothing_in_a_column_of_objects_is_unknown(value):
    column = np.empty(2, object)
    column[:] = [value, "unsure"]
    made = decide_table(POLICY, {"child.born_on": column}, as_of=DAY)
    assert made["possible"][0] == made["possible"][1]


@pytest.mark.parametrize(
    "value", [pd.Timestamp("2009-01-31"), np.datetime64("2009-01-31"), MIDNIGHT, MIDNIGHT.date()]
)
def test_a_day_in_a_column_of_objects_is_read_whatever_holds_it(value):
    column = np.empty(2, object)
    column[:] = [value, "unsure"]
    made = decide_table(POLICY, {"child.born_on": column, "child.age": [17, 17]}, as_of=DAY)
    assert made["fired"].tolist() == [("older",), ()]


@pytest.mark.parametrize("made", [dict, pd.DataFrame], ids=["mapping", "pandas"])
def test_what_arrow_cannot_hold_is_told_by_column_and_row(made):
    def column(*values):
        return pd.Series(values, dtype=object)

    said = "expected a number from 0 to 25, found one that is"
    for value, side in ((2**70, "greater"), (10**400, "greater"), (-(2**63) - 1, "smaller")):
        found = refusal(made({"child.age": column(None, value)}))
        assert found == [("IS404", "child.age", f"{said} {side}, in row 2")]
    ((code, path, _),) = refusal(made({"child.unborn": column("no", "\ud800")}))
    assert (code, path) == ("IS402", "child.unborn")


def test_a_moment_just_after_midnight_is_no_date():
    late = np.array(["2009-01-31T00:00:00.000000001"], "datetime64[ns]")
    mixed = np.empty(2, object)
    mixed[:] = [late[0], "unsure"]
    for column in (pa.array(late), mixed, pd.Series([pd.Timestamp(late[0]), "unsure"], dtype=object)):
        assert refusal(pd.DataFrame({"child.born_on": column}))[0][:2] == ("IS402", "child.born_on")


# --- tables ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "found"),
    [
        ({"consent": {"status": "given"}}, "a group of facts"),
        ({"consent.status": "given"}, "one value"),
        ({"child.age": 3}, "one value"),
        ({"child.age": np.float64(3)}, "one value"),
        ({"child.age": np.array(3)}, "one value"),
        ({"child.age": None}, "one value"),
        ({"child.about": b"bullying"}, "one value"),
        ({"child.age": {1, 2}}, "a set, which has no order"),
    ],
)
def test_one_case_is_no_table(table, found):
    (name,) = table
    with pytest.raises(FactsError) as error:
        decide_table(POLICY, table, as_of=DAY)
    (fault,) = error.value.diagnostics
    assert (fault.code, fault.path) == ("IS408", name)
    assert fault.message == f"expected a column of values in `{name}`, found {found}"
    assert "policy.decide" in fault.help[0]


def test_cases_as_mappings_are_told_where_to_go():
    with pytest.raises(FactsError) as error:
        decide_table(POLICY, [{"child": {"age": 3}}], as_of=DAY)
    assert error.value.diagnostics[0].help == ("cases that are mappings are decided by `policy.decide_many`",)


@pytest.mark.parametrize("column", [(age for age in (17, 3)), range(3, 5), (17, 3), pl.Series([17, 3]), map(int, "13"), {17: "a", 3: "b"}.keys()])  # fmt: skip
def test_whatever_gives_values_in_an_order_is_a_column(column):
    assert len(decide_table(POLICY, {"child.age": column}, as_of=DAY)["outcome"]) == 2


def test_a_column_of_two_dimensions_is_a_column_of_lists():
    said = "expected a whole number, found a list, in rows 1 and 2"
    assert refusal({"child.age": np.zeros((2, 2))}) == [("IS402", "child.age", said)]


def test_a_relation_of_duckdb_with_a_column_twice_is_refused():
    import duckdb

    twice = duckdb.sql('select 1 as "child.age", 2 as "child.age"')
    assert refusal(twice) == [("IS403", "child.age", "two columns are named `child.age`")]


@pytest.mark.parametrize("type_", [pl.Categorical, pl.Enum(["given", "refused"]), pl.String, pl.Null])
def test_a_frame_of_polars_without_rows_is_decided(type_):
    frame = pl.DataFrame({"consent.status": pl.Series([], dtype=type_)})
    assert decide_table(POLICY, frame, as_of=DAY)["outcome"].to_list() == []


def test_objects_of_polars_are_read_one_by_one():
    frame = pl.DataFrame({"child.age": pl.Series([17, "unsure", None], dtype=pl.Object)})
    assert len(decide_table(POLICY, frame, as_of=DAY)) == 3


# --- the rules for texts --------------------------------------------------------------------


def test_the_caseload_of_the_examples_is_decided_as_polars_and_pandas_read_it(tmp_path):
    import infoshare

    policy = infoshare.load("infoshare:cscp")
    day = date.fromisoformat(AS_OF[1])
    assert run("infoshare:cscp", "examples/caseload.csv", "-o", tmp_path / "out.csv", "--keep", "team") == 0
    want = [row["outcome"] for row in read_rows(tmp_path / "out.csv")]
    by_polars = decide_table(policy, pl.read_csv("examples/caseload.csv"), as_of=day, keep=["team"])
    by_pandas = decide_table(policy, pd.read_csv("examples/caseload.csv"), as_of=day, keep=["team"])
    assert by_polars["outcome"].to_list() == want
    assert by_pandas["outcome"].tolist() == want


@pytest.mark.parametrize(
    ("name", "texts", "answers"),
    [
        ("child.unborn", ["yes", "no", "true", "FALSE", "True", "unsure", ""], [True, False, True, False, True, "unsure", None]),
        ("child.age", ["7", "0", "unsure", ""], [7, 0, "unsure", None]),
        ("child.signs", ["fear", "bruising;fear", "[]", "unsure", ""], [["fear"], ["bruising", "fear"], [], "unsure", None]),
        ("child.born_on", ["2009-01-31", "unsure", ""], ["2009-01-31", "unsure", None]),
        ("child.about", ["bullying", "unsure", ""], ["bullying", "unsure", None]),
        ("consent.status", ["given", "unsure", ""], ["given", "unsure", None]),
    ],
)  # fmt: skip
def test_a_text_says_in_every_table_what_it_says_in_a_cell_of_csv(name, texts, answers):
    group, _, fact = name.partition(".")
    want = [
        [str(outcome) for outcome in POLICY.decide({group: {fact: answer}}, as_of=DAY).possible]
        for answer in answers
    ]
    columns = [
        pa.array(texts),
        pa.array(texts).dictionary_encode(),
        np.array(texts, object),
        pl.Series(texts),
    ]
    for column in columns:
        made = decide_table(POLICY, {name: column}, as_of=DAY)
        assert [list(each) for each in made["possible"]] == want


@pytest.mark.parametrize(("name", "text"), [("child.unborn", "ja"), ("child.unborn", "Yes"), ("child.age", "7.0"), ("child.signs", "fear, bruising"), ("consent.status", "given\t")])  # fmt: skip
def test_nothing_else_is_guessed_of_a_text(name, text):
    found = refusal({name: [text]})
    assert [(code, path) for code, path, _ in found] == [("IS402", name)]


def test_bytes_that_are_not_utf_8_are_a_fault_of_their_row():
    column = pa.array([b"given", b"\xff", None])
    assert refusal(pa.table({"consent.status": column})) == [
        ("IS801", "consent.status", "the text is not UTF-8, in row 2")
    ]


def _masked(values):
    return np.ma.MaskedArray(np.array(values), [[False, True]] * len(values))


@pytest.mark.parametrize("kind", [np.array, np.asfortranarray, _masked, list, pl.Series])
@pytest.mark.parametrize("values", [[[True, True], [False, False]], [[False, False], [True, True]]])
def test_of_an_array_of_two_dimensions_each_row_is_a_list_and_no_answer_that_is_one_word(kind, values):
    said = "expected yes or no (true or false), found a list, in rows 1 and 2"
    assert refusal({"child.unborn": kind(values)}) == [("IS402", "child.unborn", said)]


def test_the_rows_of_an_array_of_words_tick_what_lists_tick():
    signs = [["bruising", "fear"], ["fear", "bruising"]]
    made = decide_table(POLICY, {"child.signs": np.array(signs)}, as_of=DAY)
    as_lists = decide_table(POLICY, {"child.signs": pa.array(signs)}, as_of=DAY)
    assert [*made["outcome"]] == [*as_lists["outcome"]]
    assert refusal({"child.signs": np.array([["bruising", 1]], object)})[0][0] == "IS402"
