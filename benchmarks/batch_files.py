"""Streams caseloads through `infoshare batch`: how long it takes, and how much memory, by the number of cases.

    python benchmarks/batch_files.py                      # 1 and 20 million cases, Parquet to Parquet
    python benchmarks/batch_files.py --rows 100000000     # a hundred million: about 4 GB on the disk, for a while
    python benchmarks/batch_files.py --rows 1000000 --formats csv ndjson

Cases are made up at random, piece by piece, in a folder that is deleted at the end: every fact that what decides
in the policy speaks of is a column, and in one case in ten it is unknown. Each size runs in a process of its own;
its memory is the largest resident set that the system saw (`getrusage`). What reading and writing the same files
takes without deciding is measured in the same run, for comparison.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv, parquet

import infoshare
from infoshare.batch import compile_batch
from infoshare.meaning.types import OneOf, YesNo

PIECE = 1_000_000
MISSING = 0.1
KEPT = str(Path(__file__).parent.parent / "tests" / "data" / "policies-2026.1" / "cscp.policy")
"""The shipped `cscp` before it spoke of people: it has columns, and earlier figures were measured with it."""
DAY = "2026-11-22"


def columns(policy: infoshare.Policy, rng: np.random.Generator, start: int, rows: int) -> pa.Table:
    """So many random cases."""
    made = {"case": pa.array(np.arange(start, start + rows)).cast(pa.string())}
    for name in compile_batch(policy, as_of=date.fromisoformat(DAY)).asked:
        fact = policy.model.facts.get(name)
        missing = rng.random(rows) < MISSING
        match fact.type if fact else None:
            case YesNo():
                made[name] = pa.array(rng.random(rows) < 0.3, mask=missing)
            case OneOf(values):
                codes = pa.array(rng.integers(0, len(values), rows).astype(np.int8), mask=missing)
                made[name] = pa.DictionaryArray.from_arrays(codes, pa.array(values))
            case None:
                continue
            case _:
                made[name] = pa.nulls(rows)
    return pa.table(made)


def write(policy: infoshare.Policy, path: Path, rows: int) -> None:
    """A file of random cases."""
    rng = np.random.default_rng(20261122)
    first = columns(policy, rng, 0, min(rows, PIECE))
    plain = pa.schema(
        [(f.name, pa.string() if pa.types.is_dictionary(f.type) else f.type) for f in first.schema]
    )
    done = first.num_rows

    def pieces() -> Iterator[pa.Table]:
        nonlocal done
        yield first
        while done < rows:
            piece = columns(policy, rng, done, min(PIECE, rows - done))
            done += piece.num_rows
            yield piece

    match path.suffix:
        case ".parquet":
            with parquet.ParquetWriter(path, first.schema, compression="zstd", store_schema=False) as writer:
                for piece in pieces():
                    writer.write_table(piece)
        case ".csv":
            with csv.CSVWriter(str(path), plain) as writer:
                for piece in pieces():
                    writer.write_table(piece.cast(plain))
        case _:
            with path.open("w", encoding="utf-8") as file:
                for piece in pieces():
                    for row in piece.cast(plain).to_pylist():
                        file.write(json.dumps({k: v for k, v in row.items() if v is not None}) + "\n")


MEASURED = """
import resource, sys, time
from infoshare.cli import main
begun = time.perf_counter()
code = main(sys.argv[1:])
print(time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, file=sys.stderr)
sys.exit(code)
"""

COPIED = """
import sys, time
from pyarrow import parquet
begun = time.perf_counter()
file = parquet.ParquetFile(sys.argv[1], pre_buffer=False, buffer_size=1 << 20)
with parquet.ParquetWriter(sys.argv[2], file.schema_arrow, compression="zstd") as writer:
    for batch in file.iter_batches(1 << 20):
        writer.write_batch(batch)
print(time.perf_counter() - begun)
"""


def main() -> None:
    """Measures, and prints a table in Markdown."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000, 20_000_000])
    parser.add_argument("--formats", nargs="+", default=["parquet"], choices=["parquet", "csv", "ndjson"])
    parser.add_argument("--policy", default=KEPT)
    parser.add_argument("--folder", help="where the files go for a while")
    arguments = parser.parse_args()
    policy = infoshare.load(arguments.policy)
    print(
        f"{arguments.policy}, as of {DAY}, {len(compile_batch(policy, as_of=date.fromisoformat(DAY)).asked)} facts"
    )
    print("| format | cases | cases GB | result GB | seconds | cases/s | largest MB | copying alone, s |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for kind in arguments.formats:
        for rows in arguments.rows:
            with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
                cases, out, copy = (Path(folder, f"{name}.{kind}") for name in ("cases", "out", "copy"))
                write(policy, cases, rows)
                command = ["batch", arguments.policy, str(cases), "-o", str(out), "--as-of", DAY, "--json"]
                done = subprocess.run(
                    [sys.executable, "-c", MEASURED, *command], capture_output=True, text=True, check=True
                )
                seconds, memory = map(float, done.stderr.split()[-2:])
                if json.loads(done.stdout)["cases"] != rows:
                    raise SystemExit("not every case was decided")
                copied = ""
                if kind == "parquet":
                    ran = subprocess.run(
                        [sys.executable, "-c", COPIED, str(cases), str(copy)],
                        capture_output=True,
                        text=True,
                        check=True,
                    )
                    copied = f"{float(ran.stdout):.1f}"
                sizes = [path.stat().st_size / 1e9 for path in (cases, out)]
                print(
                    f"| {kind} | {rows:,} | {sizes[0]:.2f} | {sizes[1]:.2f} | {seconds:.1f} | {rows / seconds:,.0f}"
                    f" | {memory:,.0f} | {copied} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
