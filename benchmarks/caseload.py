"""How fast whole caseloads are decided: infoshare beside the same policy written by hand for columns.

    python benchmarks/caseload.py [--rows N] [--rounds N] [--missing SHARE]

One table of invented cases of `reference.policy` (14 rules over 18 facts), a tenth of the answers missing. What is
timed, in rounds that take turns:

- `bits` and `codes`: `decide_columns`, and with outcome and basis as a code for each row; from Arrow, Polars, NumPy
  and pandas columns, reading and checking included;
- `table`: `decide`, a table of the same kind with the lists of fired clauses spelt out;
- by hand, *without unknown facts* (every answer given): NumPy on columns of booleans, Polars expressions and DuckDB
  SQL. They return the outcome and a number whose bits are the clauses, and know nothing of missing answers.

Prints, in millions of rows a second, the best and the median of the rounds by the clock, and the best by the time of
the processor, which other work on the machine disturbs less. Everything runs on one thread.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

os.environ.setdefault("POLARS_MAX_THREADS", "1")

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa

import infoshare
from infoshare.batch import compile_batch

HERE = Path(__file__).parent
CONSENT = ("given", "refused", "none")
RECIPIENT = ("police", "social_care", "health", "school", "other")
FACTS = (
    "risk_to_child",
    "risk_to_adult",
    "suspected_sexual_abuse",
    "suspected_fabricated_illness",
    "would_undermine_investigation",
    "telling_raises_risk",
    "legal_duty",
    "in_doubt",
    "has_sought_advice",
    "accurate",
    "up_to_date",
    "necessary",
    "need_to_know",
    "secure_channel",
)
OFTEN = {"accurate", "up_to_date", "necessary", "need_to_know", "secure_channel"}


def invented(rows: int, missing: float, seed: int = 7) -> dict[str, Any]:
    """Arrow columns of invented cases; words as words, a share of the answers missing."""
    rng = np.random.default_rng(seed)

    def column(values: Any) -> Any:
        return pa.array(values, mask=rng.random(rows) < missing if missing else None)

    found = {f"q.{name}": column(rng.random(rows) < (0.9 if name in OFTEN else 0.15)) for name in FACTS}
    found["q.harm_score"] = column(rng.integers(0, 101, rows))
    found["q.child_age"] = column(rng.integers(0, 19, rows))
    for name, words in (("consent_status", CONSENT), ("recipient", RECIPIENT)):
        codes = column(rng.integers(0, len(words), rows).astype(np.int8))
        found[f"q.{name}"] = pa.DictionaryArray.from_arrays(codes, list(words))
    return found


def by_numpy(c: dict[str, Any]) -> Any:
    """By hand, on columns of booleans: outcome and a mask."""
    score = c["harm_score"]
    sig = (
        (c["risk_to_child"] & (score >= 60))
        | c["suspected_sexual_abuse"]
        | c["suspected_fabricated_illness"]
        | (c["risk_to_adult"] & (score >= 80))
    )
    duty, given, refused, none = (
        c["legal_duty"],
        c["consent_status"] == 0,
        c["consent_status"] == 1,
        c["consent_status"] == 2,
    )
    nd, unasked = ~duty, ~c["has_sought_advice"]
    fired = (
        given,
        ~given & sig,
        duty,
        refused & ~sig & nd,
        none & ~sig & nd,
        nd & ~(c["accurate"] & c["up_to_date"]),
        nd & ~c["necessary"],
        nd & ~c["need_to_know"] & (c["recipient"] > 1),
        ~c["secure_channel"],
        c["in_doubt"] & unasked,
        c["risk_to_child"] & (score >= 30) & (score < 60) & ~given & unasked,
        (c["child_age"] >= 16) & refused & sig & nd & unasked,
    )
    block = fired[5] | fired[6] | fired[7] | fired[8]
    advice = fired[9] | fired[10] | fired[11]
    outcome = np.where(
        block, 2, np.where(duty, 0, np.where(advice, 3, np.where(fired[3] | fired[4], 2, 0)))
    ).astype(np.uint8)
    mask = np.zeros(len(score), np.uint16)
    for place, where in enumerate(fired):
        mask |= where.astype(np.uint16) << np.uint16(place)
    return outcome, mask


def by_polars(frame: pl.DataFrame) -> Any:
    """By hand, as expressions of Polars."""
    c = pl.col
    sig = (
        (c("risk_to_child") & (c("harm_score") >= 60))
        | c("suspected_sexual_abuse")
        | c("suspected_fabricated_illness")
        | (c("risk_to_adult") & (c("harm_score") >= 80))
    )
    given, refused, nd, unasked = (
        c("consent_status") == "given",
        c("consent_status") == "refused",
        ~c("legal_duty"),
        ~c("has_sought_advice"),
    )
    fired = {
        "r01": given,
        "r02": ~given & c("sig"),
        "r03": c("legal_duty"),
        "r04": refused & ~c("sig") & nd,
        "r05": (c("consent_status") == "none") & ~c("sig") & nd,
        "r06": nd & ~(c("accurate") & c("up_to_date")),
        "r07": nd & ~c("necessary"),
        "r08": nd & ~c("need_to_know") & ~c("recipient").is_in(["police", "social_care"]),
        "r09": ~c("secure_channel"),
        "r10": c("in_doubt") & unasked,
        "r11": c("risk_to_child") & (c("harm_score") >= 30) & (c("harm_score") < 60) & ~given & unasked,
        "r12": (c("child_age") >= 16) & refused & c("sig") & nd & unasked,
    }
    block, advice = c("r06") | c("r07") | c("r08") | c("r09"), c("r10") | c("r11") | c("r12")
    outcome = (
        pl.when(block)
        .then(2)
        .when(c("r03"))
        .then(0)
        .when(advice)
        .then(3)
        .when(c("r04") | c("r05"))
        .then(2)
        .otherwise(0)
    )
    return (
        frame.lazy()
        .with_columns(sig=sig)
        .with_columns(**fired)
        .select(outcome.cast(pl.UInt8).alias("outcome"), *fired)
        .collect()
    )


SQL = """
select case when r06 or r07 or r08 or r09 then 2 when r03 then 0 when r10 or r11 or r12 then 3
            when r04 or r05 then 2 else 0 end::utinyint as outcome,
       (r01::int | (r02::int<<1) | (r03::int<<2) | (r04::int<<3) | (r05::int<<4) | (r06::int<<5) | (r07::int<<6)
        | (r08::int<<7) | (r09::int<<8) | (r10::int<<9) | (r11::int<<10) | (r12::int<<11))::usmallint as fired
from (select consent_status='given' r01, consent_status<>'given' and sig r02, legal_duty r03,
        consent_status='refused' and not sig and not legal_duty r04,
        consent_status='none' and not sig and not legal_duty r05,
        not legal_duty and not (accurate and up_to_date) r06, not legal_duty and not necessary r07,
        not legal_duty and not need_to_know and recipient not in ('police','social_care') r08,
        not secure_channel r09, in_doubt and not has_sought_advice r10,
        risk_to_child and harm_score>=30 and harm_score<60 and consent_status<>'given' and not has_sought_advice r11,
        child_age>=16 and consent_status='refused' and sig and not legal_duty and not has_sought_advice r12
      from (select *, (risk_to_child and harm_score>=60) or suspected_sexual_abuse
              or suspected_fabricated_illness or (risk_to_adult and harm_score>=80) as sig from cases))
"""


def spelt(columns: dict[str, Any]) -> dict[str, Any]:
    """The same with every word spelt out in every row."""
    return {n: c.cast(pa.string()) if pa.types.is_dictionary(c.type) else c for n, c in columns.items()}


def contenders(rows: int, missing: float) -> dict[str, Callable[[], object]]:
    """What is timed, by name; every table is made before."""
    policy = infoshare.load(HERE / "reference.policy")
    batch = compile_batch(policy, as_of=date(2026, 11, 25))
    arrow, complete = pa.table(invented(rows, missing)), invented(rows, 0)
    in_words = pa.table(spelt(invented(rows, missing)))
    frame, framed_words = pl.from_arrow(arrow), pl.from_arrow(in_words)
    pandas = arrow.to_pandas()
    full = pl.DataFrame(pa.table({n.removeprefix("q."): c for n, c in complete.items()}))
    plain = {
        n.removeprefix("q."): (c.indices if pa.types.is_dictionary(c.type) else c).to_numpy(
            zero_copy_only=False
        )
        for n, c in complete.items()
    }
    arrays = {
        n: c.to_numpy(zero_copy_only=False) if not pa.types.is_dictionary(c.type) else c
        for n, c in complete.items()
    }
    connection = duckdb.connect()
    connection.execute("set threads=1")
    connection.register("source", full.to_arrow())
    connection.execute("create table cases as select * from source")

    def codes(table: Any) -> Callable[[], object]:
        def run() -> object:
            got = batch.decide_columns(table)
            return got.outcome_codes, got.basis_codes, got.fired_bits

        return run

    return {
        "arrow, bits": lambda: batch.decide_columns(arrow),
        "arrow, codes": codes(arrow),
        "arrow, table": lambda: batch.decide(arrow),
        "arrow in words, codes": codes(in_words),
        "polars, codes": codes(frame),
        "polars in words, codes": codes(framed_words),
        "polars, table": lambda: batch.decide(frame),
        "pandas, codes": codes(pandas),
        "numpy without gaps, codes": codes(arrays),
        "by hand: numpy": lambda: by_numpy(plain),
        "by hand: polars": lambda: by_polars(full),
        "by hand: duckdb": lambda: connection.execute(SQL).fetchnumpy(),
    }


def main() -> None:
    """Times everything in turns and prints a table."""
    parser = argparse.ArgumentParser(description="How fast whole caseloads are decided.")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--missing", type=float, default=0.1)
    asked = parser.parse_args()
    everything = contenders(asked.rows, asked.missing)
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in everything}
    for _ in range(asked.rounds):
        for name, run in everything.items():
            start, started = time.perf_counter(), time.process_time()
            run()
            times[name].append((time.perf_counter() - start, time.process_time() - started))
    print(
        f"{asked.rows:,} rows, {asked.missing:.0%} missing, {asked.rounds} rounds; millions of rows a second"
    )
    print(f"{'':28s} {'best':>8s} {'median':>8s} {'by processor time':>18s}")
    for name, taken in times.items():
        clock, processor = zip(*taken, strict=True)
        shown = [asked.rows / 1e6 / each for each in (min(clock), statistics.median(clock), min(processor))]
        print(f"{name:28s} {shown[0]:8.1f} {shown[1]:8.1f} {shown[2]:18.1f}")


if __name__ == "__main__":
    main()
