"""One circuit in three engines: is it worth handing the bit columns' work to Polars or DuckDB?

    python benchmarks/caseload_forms.py [--rows N] [--rounds N]

The program that `reference.policy` compiles to (an `and`, `or` or `not` for every gate) is run on the same columns
of booleans: by NumPy on packed words, as infoshare does it; by Polars, a `with_columns` for each layer of gates; by
DuckDB, a nested `select` for each. Reading the table is left out on all three sides. One thread each.
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

import infoshare
from infoshare.batch import bits
from infoshare.batch.circuit import Program
from infoshare.batch.whole_policy import functions_of, program_of

HERE = Path(__file__).parent
Layer = list[tuple[str, str, str, str]]


def layers(program: Program) -> tuple[list[Layer], dict[str, str]]:
    """The gates by how deep they lie, each as (result, operation, left, right), and the columns of the outputs."""
    name = {0: "no", 1: "yes"} | {i: f"i{i}" for i in range(2, 2 + len(program.inputs))}
    depth = dict.fromkeys(name.values(), 0)
    found: list[Layer] = []
    for number, (operate, a, b, into) in enumerate(program.steps):
        left, right, result = name[a], name[b], f"g{number}"
        depth[result] = 1 + max(depth[left], depth[right])
        found += [[] for _ in range(depth[result] - len(found))]
        found[depth[result] - 1].append((result, operate.__name__, left, right))
        name[into] = result
    return found, {output: name[at] for output, at in program.outputs.items()}


def in_polars(frame: pl.DataFrame, gates: list[Layer], outputs: dict[str, str]) -> pl.DataFrame:
    """The circuit as layers of expressions."""
    combined = {
        "bitwise_and": lambda a, b: pl.col(a) & pl.col(b),
        "bitwise_or": lambda a, b: pl.col(a) | pl.col(b),
        "bitwise_xor": lambda a, b: pl.col(a) ^ pl.col(b),
    }
    query = frame.lazy()
    for layer in gates:
        query = query.with_columns(**{r: combined[o](a, b) for r, o, a, b in layer})
    return query.select(**{name: pl.col(column) for name, column in outputs.items()}).collect()


def in_sql(gates: list[Layer], outputs: dict[str, str]) -> str:
    """The circuit as nested selects."""
    combined = {"bitwise_and": "({} and {})", "bitwise_or": "({} or {})", "bitwise_xor": "({} <> {})"}
    query = "select *, false as no, true as yes from cases"
    for layer in gates:
        made = ", ".join(f"{combined[o].format(a, b)} as {r}" for r, o, a, b in layer)
        query = f"select *, {made} from ({query})"
    chosen = ", ".join(f'{column} as "{name}"' for name, column in outputs.items())
    return f"select {chosen} from ({query})"


def main() -> None:
    """Times the three in turns, checks that they agree, and prints a table."""
    parser = argparse.ArgumentParser(description="One circuit in three engines.")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    functions = functions_of(infoshare.load(HERE / "reference.policy").model, date(2026, 11, 25))
    if functions is None:
        raise SystemExit("no diagrams")
    program = program_of(functions, {}, {})
    gates, outputs = layers(program)
    rng = np.random.default_rng(3)
    loose = [rng.random(asked.rows) < 0.5 for _ in program.inputs]
    packed = [bits.packed(column) for column in loose]
    frame = pl.DataFrame({f"i{i}": column for i, column in enumerate(loose, start=2)})
    frame = frame.with_columns(no=pl.lit(value=False), yes=pl.lit(value=True))
    connection = duckdb.connect()
    connection.execute("set threads=1")
    connection.register("source", frame.drop("no", "yes").to_arrow())
    connection.execute("create table cases as select * from source")
    sql = in_sql(gates, outputs)

    def by_numpy() -> Any:
        out = {name: bits.zeros(asked.rows) for name in outputs}
        program.run(packed, out, 0, bits.words(asked.rows))
        return out

    runs: dict[str, Callable[[], Any]] = {
        "numpy, packed words": by_numpy,
        "polars expressions": lambda: in_polars(frame, gates, outputs),
        "duckdb sql": lambda: connection.execute(sql).to_arrow_table(),
    }
    times: dict[str, list[float]] = {name: [] for name in runs}
    made: dict[str, Any] = {}
    for _ in range(asked.rounds):
        for name, run in runs.items():
            start = time.perf_counter()
            made[name] = run()
            times[name].append(time.perf_counter() - start)
    for name in outputs:
        want = bits.unpacked(made["numpy, packed words"][name], asked.rows).view(bool)
        for other in ("polars expressions", "duckdb sql"):
            got = made[other][name].to_numpy()
            if not np.array_equal(got, want):
                raise SystemExit(f"{other} disagrees on {name}")
    print(f"{len(program.steps)} gates in {len(gates)} layers, {asked.rows:,} rows")
    for name, taken in times.items():
        print(f"{name:22s} {min(taken) * 1e3:9.1f} ms at best, {statistics.median(taken) * 1e3:9.1f} ms")


if __name__ == "__main__":
    main()
