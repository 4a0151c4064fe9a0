"""Spark, for real in local mode, against the definition: what `.ci/spark` runs, and nothing else does.

The name keeps pytest from collecting it by itself: it needs Java and some minutes.
How many random policies are tried is INFOSHARE_SPARK_POLICIES (1,000).
"""

import csv
import os
import re
import subprocess
import sys
from collections import Counter
from datetime import date
from functools import reduce
from pathlib import Path
from random import Random

import pyarrow as pa
import pytest
from batch_samples import CASES, decided, expected, policy, write_cases
from caseloads import random_caseload, raw_columns, written
from pyspark.sql import SparkSession, functions
from pyspark.sql.types import ArrayType, BooleanType, StringType, StructField, StructType

import infoshare
from infoshare.batch.spark import decide
from infoshare.errors import FactsError
from infoshare.meaning.types import Date, Number, SomeOf, YesNo

ROOT = Path(__file__).parent.parent.parent
ANSWERS = {"yes": True, "no": False}
DAY = date(2026, 11, 22)
POLICIES = int(os.environ.get("INFOSHARE_SPARK_POLICIES", "1000"))
AT_ONCE = 20
LISTED = infoshare.load_sources(
    {
        "p.policy": b"""infoshare 1
policy p "P"
facts about each person "a person"
  agrees "they agree" : yes or no
facts about each item "a thing"
  about "whom it is about" : some person
facts about each recipient "somebody who would be told"
  who "which of the people this is" : one person
consent agreed "All agree." share for each item when every person in item.about (person.agrees)
rule refused "One does not." withhold for each recipient when not recipient.who is none of them and not recipient.who.agrees
override whatever "Over all." withhold prevails over agreed for each recipient
  when not recipient.who is none of them and not recipient.who.agrees
"""
    },
    main="p.policy",
)


@pytest.fixture(scope="module")
def spark():
    os.environ |= {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "2")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


def test_java_is_there():
    assert subprocess.run(["java", "-version"], capture_output=True, check=False).returncode == 0


def without_nothing(kind, nothing):
    """The type, with another where nothing is ever said: Spark knows no such type, and Arrow fails to cast it in lists."""
    if pa.types.is_list(kind):
        return pa.list_(without_nothing(kind.value_type, nothing))
    if pa.types.is_struct(kind):
        return pa.struct([(field.name, without_nothing(field.type, pa.string())) for field in kind])
    return nothing if pa.types.is_null(kind) else kind


def column(caseload, name, values):
    """A column as Spark can have it."""
    fact = caseload.policy.model.facts.get(name)
    if fact is None:
        nothing = pa.struct([("name", pa.string())])
        return pa.array(values, without_nothing(pa.infer_type(values), nothing))
    if isinstance(fact.type, SomeOf):
        return pa.array([[v] if v == "unsure" else v for v in values], pa.list_(pa.string()))
    if "unsure" in values:
        return pa.array([v if v is None else written(v) for v in values], pa.string())
    match fact.type:
        case YesNo():
            return pa.array(values, pa.bool_())
        case Number():
            return pa.array(values, pa.int64())
        case Date():
            return pa.array([v and date.fromisoformat(v) for v in values], pa.date32())
        case _:
            return pa.array(values, pa.string())


def frame(spark, caseload):
    columns = {
        name: column(caseload, name, v) for name, v in raw_columns(caseload.policy, caseload.cases).items()
    }
    cases = pa.array([str(i) for i in range(len(caseload.cases))])
    return spark.createDataFrame(pa.table({"case": cases, **columns})).coalesce(1)


@pytest.mark.parametrize("start", range(0, POLICIES, AT_ONCE))
def test_random_caseloads_come_to_what_the_definition_says(spark, start):
    caseloads, frames = [], []
    for seed in range(start, min(start + AT_ONCE, POLICIES)):
        caseload = random_caseload(Random(seed), 12)
        if caseload.cases:
            found = decide(
                frame(spark, caseload), caseload.policy, as_of=caseload.as_of, presume=caseload.presume
            )
            frames.append(found.withColumn("number", functions.lit(len(caseloads))))
            caseloads.append(caseload)
    got = [{} for _ in caseloads]
    for row in reduce(lambda a, b: a.unionByName(b), frames).collect():
        got[row["number"]][int(row["case"])] = decided([row.asDict()])[0][1:]
    for caseload, rows in zip(caseloads, got, strict=True):
        assert [rows[i] for i in range(len(caseload.cases))] == [(*row, None) for row in caseload.want]


@pytest.mark.parametrize("kind", ["ndjson", "csv", "parquet"])
def test_what_spark_reads_itself_comes_to_what_the_definition_says(spark, tmp_path, kind):
    path = write_cases(tmp_path / f"cases.{kind}", CASES)
    match kind:
        case "ndjson":
            given = spark.read.json(path)
        case "csv":
            given = spark.read.csv(path, header=True, multiLine=True, escape='"')
        case _:
            given = spark.read.parquet(path)
    out = decide(given, policy(), as_of=DAY)
    texts = ArrayType(StringType())
    kinds = {
        "mandatory": BooleanType(),
        "exact": BooleanType(),
        "fired": texts,
        "possible": texts,
        "error": texts,
    }
    names = ("case", "outcome", "basis", "mandatory", "fired", "possible", "exact", "error")
    assert out.schema == StructType([StructField(n, kinds.get(n, StringType())) for n in names])
    assert decided([row.asDict() for row in out.collect()]) == expected(CASES, DAY)
    without = decide(given, policy(), as_of=DAY, presume=False)
    assert decided([row.asDict() for row in without.collect()]) == expected(CASES, DAY, presume=False)


def test_columns_are_carried_through_with_their_types_also_those_with_dots(spark):
    given = spark.createDataFrame(
        pa.table(
            {"consent.status": ["given", None], "a.b": [1, 2], "note`s": ["x", None], "left out": [1.5, 2.5]}
        )
    )
    out = decide(given, policy(), as_of=DAY, keep=["a.b", "note`s", "consent.status"], ignore=["left out"])
    kept = [(row["consent.status"], row["a.b"], row["note`s"]) for row in out.collect()]
    assert kept == [("given", 1, "x"), (None, 2, None)]
    assert [row["outcome"] for row in out.select("outcome").collect()] == ["share", "seek_advice"]


def test_a_row_that_cannot_be_decided_says_so_and_the_others_are_decided(spark):
    given = spark.createDataFrame(
        pa.table(
            {
                "case": list("ABCD"),
                "consent.status": ["given", "gvien", "given", "given"],
                "child.age": [7, 8, 131, 18],
                "concern.signs": [[], [], [], ["hunger"]],
            }
        )
    )
    rows = {row["case"]: row for row in decide(given, policy(), as_of=DAY).collect()}
    assert [rows[case]["outcome"] for case in "ABCD"] == ["share", None, None, None]
    assert [rows[case]["error"] for case in "ABC"] == [None, ["IS402 consent.status"], ["IS404 child.age"]]
    assert rows["D"]["error"][0].startswith("IS405")


def test_a_column_that_is_no_fact_is_an_error_before_spark_is_asked(spark):
    given = spark.createDataFrame(pa.table({"consent.staus": ["given"]}))
    with pytest.raises(FactsError) as caught:
        decide(given, policy(), as_of=DAY)
    assert "did you mean `consent.status`?" in caught.value.diagnostics[0].help
    with pytest.raises(FactsError):
        decide(given, policy(), as_of="2026-11-22", ignore=["consent.staus"])


def test_many_rows_in_many_partitions_come_to_the_same_as_one(spark):
    given = spark.range(100_000).select(
        functions.col("id").cast("string").alias("case"),
        functions.when(functions.col("id") % 3 == 0, "given")
        .when(functions.col("id") % 3 == 1, "refused")
        .alias("consent.status"),
        (functions.col("id") % 7 == 0).alias("concern.serious"),
    )
    counted = []
    for frame_ in (given.coalesce(1), given.repartition(7)):
        out = decide(frame_, policy(), as_of=DAY).groupBy("outcome", "basis").count()
        counted.append(sorted(tuple(row) for row in out.collect()))
    assert counted[0] == counted[1]
    assert sum(count for *_, count in counted[0]) == 100_000


def test_a_frame_without_rows_or_without_columns_is_decided_too(spark):
    empty = spark.createDataFrame([], "case string, `consent.status` string")
    assert decide(empty, policy(), as_of=DAY).collect() == []
    bare = spark.range(3).withColumnRenamed("id", "n")
    rows = decide(bare, policy(), as_of=DAY, ignore=["n"]).collect()
    assert decided([{"case": None, **row.asDict()} for row in rows]) == expected([{}] * 3, DAY)


def test_the_page_about_spark_runs_from_top_to_bottom(spark):
    page = (ROOT / "docs" / "how-to" / "spark.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"^```python\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    counted = Counter()
    with (ROOT / "examples" / "caseload.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            facts = {name: ANSWERS.get(text, text) for name, text in row.items() if text and name != "team"}
            facts["child.age"] = int(facts["child.age"])
            counted[row["team"], str(infoshare.load("infoshare:cscp").decide(facts, as_of=DAY).outcome)] += 1
    shown = re.findall(r"^\| *(north|south)\| *(\w+)\| *(\d+)\|$", done.stdout, re.MULTILINE)
    assert {(team, outcome): int(count) for team, outcome, count in shown} == counted


LONG = """
case,item.name,item.about,person.name,person.agrees,recipient.name,recipient.who
A,letter,Ann,Ann,yes,Father,Bob
A,note,Ann;Bob,Bob,no,School,[]
B,letter,[],[],,School,[]
,letter,[],[],,School,[]
"""


def test_rows_of_one_case_are_brought_together_wherever_they_lie(spark, tmp_path):
    (tmp_path / "long.csv").write_text(LONG.lstrip())
    given = spark.read.csv(str(tmp_path / "long.csv"), header=True)
    for frame_ in (given, given.repartition(4), given.orderBy("`item.name`")):
        rows = {row["case"]: row for row in decide(frame_, LISTED, as_of=DAY, rows=True).collect()}
        assert {case: (row["outcome"], row["error"]) for case, row in rows.items()} == {
            "A": ("differs", None),
            "B": ("share", None),
            None: (None, ["IS406 case"]),
        }
        told = {(row["item"], row["recipient"]): row["outcome"] for row in rows["A"]["rows"]}
        assert (told["letter", "School"], told["letter", "Father"]) == ("share", "withhold")


def test_without_an_id_each_row_is_a_case_of_its_own(spark):
    given = spark.createDataFrame(
        pa.table({"item.name": ["a", "b"], "item.about": ["[]", None], "recipient.name": ["[]", "[]"]})
    )
    assert decide(given, LISTED, as_of=DAY).count() == 2
