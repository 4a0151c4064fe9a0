"""The door to whole tables as a program uses it: kept, shared, pickled, asked for codes and counts."""

import pickle
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import attrs
import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import infoshare
from infoshare.batch import compile_batch, decide_table
from infoshare.batch.caseload import MOST_SHAPES
from infoshare.outcome import OUTCOMES, Basis, Outcome
from kept import kept

POLICY = kept("cscp")
DAY = date(2026, 11, 22)
CASES = pl.DataFrame(
    {
        "case": ["A", "B", "C", "D"],
        "consent.status": ["given", "refused", None, "unsure"],
        "sharing.confidential": [True, True, None, False],
        "concern.harm_to_child": ["none", "none", "significant", None],
    }
)
WANT = [
    POLICY.decide(
        {
            "consent": {"status": row["consent.status"]},
            "sharing": {"confidential": row["sharing.confidential"]},
            "concern": {"harm_to_child": row["concern.harm_to_child"]},
        },
        as_of=DAY,
    )
    for row in CASES.to_dicts()
]


def test_a_batch_that_was_pickled_takes_nothing_along_that_it_can_make_again():
    batch = compile_batch(POLICY, as_of=DAY)
    before = pickle.dumps(batch)
    want = batch.decide(CASES)
    assert pickle.dumps(batch) == before
    assert pickle.loads(before).decide(CASES).equals(want)


def test_a_batch_is_shared_between_threads_from_its_first_table_on():
    want = decide_table(POLICY, CASES, as_of=DAY)
    batch = compile_batch(POLICY, as_of=DAY)
    with ThreadPoolExecutor(8) as pool:
        assert all(made.equals(want) for made in pool.map(lambda _: batch.decide(CASES), range(24)))


@pytest.mark.parametrize("made", [pl.DataFrame, pd.DataFrame, pa.table])
def test_the_text_of_the_error_for_a_table_names_the_column_and_the_nearest_word(made):
    with pytest.raises(infoshare.FactsError) as caught:
        decide_table(POLICY, made({"consent.status": ["refusd", "given"]}), as_of=DAY)
    assert "consent.status: expected one of given, refused" in str(caught.value)
    assert "did you mean `refused`?" in str(caught.value)
    with pytest.raises(infoshare.FactsError) as caught:
        decide_table(POLICY, made({"consent.staus": ["given"]}), as_of=DAY)
    assert "consent.staus: " in str(caught.value) and "did you mean `consent.status`?" in str(caught.value)


def test_a_batch_cannot_be_changed():
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        compile_batch(POLICY, as_of=DAY).as_of = date(2027, 1, 1)


def test_tables_that_leave_out_other_facts_each_time_keep_no_more_than_a_few_programs():
    batch = compile_batch(POLICY, as_of=DAY)
    facts = [path for path, fact in POLICY.model.facts.items() if not fact.each]
    for number in range(MOST_SHAPES + 10):
        chosen = [path for place, path in enumerate(facts) if number >> place & 1]
        columns = {path: pa.array(["unsure"]) for path in chosen if path != "concern.signs"}
        batch.decide_columns({"consent.status": pa.array(["given"]), **columns})
    assert 0 < len(batch._programs) <= MOST_SHAPES


def test_codes_masks_and_counts_say_what_the_words_say():
    columns = compile_batch(POLICY, as_of=DAY).decide_columns(CASES)
    outcomes, bases = list(Outcome), list(Basis)
    assert [outcomes[code] for code in columns.outcome_codes] == [d.outcome for d in WANT]
    assert [bases[code] for code in columns.basis_codes] == [d.basis for d in WANT]
    assert columns.possible_masks.tolist() == [sum(1 << outcomes.index(o) for o in d.possible) for d in WANT]
    assert columns.fired().to_pylist() == [[c.clause for c in d.fired] for d in WANT]
    assert columns.mandatory().to_pylist() == [d.mandatory for d in WANT]
    assert columns.exact().to_pylist() == [d.exact for d in WANT]
    assert columns.to_arrow().column("possible").to_pylist() == [[str(o) for o in d.possible] for d in WANT]
    assert sum(columns.outcome_counts().values()) == len(WANT)


def test_what_is_unknown_is_counted_by_fact_assumptions_made():
    columns = compile_batch(POLICY, as_of=DAY).decide_columns(CASES)
    counts = columns.unknown_counts()
    assert counts["consent.status"] == 2
    assert counts["concern.harm_to_child"] == 1
    for path, fact in POLICY.model.facts.items():
        if not fact.each and path not in CASES.columns:
            assert counts[path] == (4 if fact.assumed is None else 0)


def test_without_presuming_an_unanswered_fact_is_unknown():
    policy = infoshare.load_sources(
        {
            "p.policy": b"""infoshare 1
policy p "A policy"
facts about f "facts"
  asked "it was asked for" : yes or no unanswered means no
consent agreed "Agreed." share when f.asked
consent not_asked "Not asked." withhold when not f.asked
"""
        },
        main="p.policy",
    )
    table = {"f.asked": pa.array(["true", None, "unsure"])}
    assert decide_table(policy, table, as_of=DAY)["outcome"].tolist() == ["share", "withhold", "seek_advice"]
    without = decide_table(policy, table, as_of=DAY, presume=False)
    assert without["outcome"].tolist() == ["share", "seek_advice", "seek_advice"]


def test_every_kind_gives_its_own_kind_back_with_its_own_columns():
    arrow = CASES.to_arrow()
    made = decide_table(POLICY, CASES, as_of=DAY)
    assert made.schema["outcome"] == pl.Enum([str(o) for o in OUTCOMES])
    assert made.schema["fired"] == pl.List(pl.String)
    lazy = decide_table(POLICY, CASES.lazy(), as_of=DAY)
    assert isinstance(lazy, pl.LazyFrame)
    assert lazy.collect().equals(made)
    frame = decide_table(POLICY, CASES.to_pandas().set_index(pd.Index([9, 3, 5, 1])), as_of=DAY)
    assert isinstance(frame, pd.DataFrame)
    assert frame.index.tolist() == [9, 3, 5, 1]
    assert str(frame["outcome"].dtype) == "category"
    assert str(frame["mandatory"].dtype) == "boolean"
    table = decide_table(POLICY, arrow, as_of=DAY)
    assert isinstance(table, pa.Table)
    assert table.schema.field("fired").type == pa.list_(pa.string())
    assert isinstance(decide_table(POLICY, arrow.to_batches()[0], as_of=DAY), pa.RecordBatch)
    relation = decide_table(POLICY, duckdb.from_arrow(arrow), as_of=DAY)
    assert isinstance(relation, duckdb.DuckDBPyRelation)
    arrays = decide_table(POLICY, {n: CASES[n].to_list() for n in CASES.columns}, as_of=DAY)
    assert isinstance(arrays["outcome"], np.ndarray)
    want = [str(d.outcome) for d in WANT]
    for outcomes in (frame["outcome"].tolist(), table["outcome"].to_pylist(), arrays["outcome"].tolist()):
        assert outcomes == want
    assert [row[1] for row in relation.fetchall()] == want


def test_out_of_force_a_table_says_so_in_every_row():
    made = decide_table(POLICY, CASES, as_of=date(2020, 1, 1))
    assert made["basis"].to_list() == ["not_in_force"] * 4
    assert made["outcome"].to_list() == ["seek_advice"] * 4


def test_what_is_not_assumed_as_it_would_take_an_answer_away_is_counted_as_unknown():
    text = b"""infoshare 1
facts about a "a"
  rare "it is rare" : yes or no  unanswered means no
  kind "its kind" : one of x, y
impossible i "i" when not a.rare and a.kind is x
rule r "r" share when a.rare
"""
    policy = infoshare.load_sources({"p.policy": text}, main="p.policy")
    columns = compile_batch(policy, as_of=date(2026, 7, 1)).decide_columns(
        {"a.kind": np.array(["unsure", None, "x", "y"], object)}
    )
    assert columns.unknown_counts() == {"a.rare": 2, "a.kind": 2}
