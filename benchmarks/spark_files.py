"""The same caseload, Parquet to Parquet, by `infoshare batch` and by Apache Spark in local mode, in turn.

    python benchmarks/spark_files.py --rows 5000000 --rounds 3

Both run on this machine, each in a process of its own; Spark's start is told apart. Needs Java and the extra `spark`.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import infoshare
from batch_files import DAY, KEPT, write

ALONE = """
import sys, time
begun = time.perf_counter()
from infoshare.cli import main
started = time.perf_counter()
code = main(sys.argv[1:])
print("TIMES", started - begun, time.perf_counter() - started, file=sys.stderr)
sys.exit(code)
"""

ON_SPARK = """
import sys, time
from datetime import date
begun = time.perf_counter()
import infoshare
from pyspark.sql import SparkSession
from infoshare.batch.spark import decide
cases, out, day, policy = sys.argv[1:]
spark = (
    SparkSession.builder.master("local[2]")
    .config("spark.ui.enabled", "false")
    .config("spark.driver.host", "127.0.0.1")
    .config("spark.driver.bindAddress", "127.0.0.1")
    .config("spark.sql.execution.arrow.maxRecordsPerBatch", "131072")
    .config("spark.sql.parquet.compression.codec", "zstd")
    .getOrCreate()
)
started = time.perf_counter()
frame = spark.read.parquet(cases)
decide(frame, infoshare.load(policy), as_of=date.fromisoformat(day)).write.parquet(out)
print("TIMES", started - begun, time.perf_counter() - started, file=sys.stderr)
spark.stop()
"""


def timed(code: str, *arguments: object) -> tuple[float, float]:
    """Seconds to start, and seconds to decide, read and write."""
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"},
    )
    (line,) = (line for line in done.stderr.splitlines() if line.startswith("TIMES "))
    started, took = map(float, line.split()[1:])
    return started, took


def main() -> None:
    """Measures, and prints a table in Markdown."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--policy", default=KEPT)
    parser.add_argument("--folder", help="where the files go for a while")
    arguments = parser.parse_args()
    policy = infoshare.load(arguments.policy)
    found: dict[str, list[tuple[float, float]]] = {"infoshare batch": [], "Spark, local[2]": []}
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        cases = Path(folder, "cases.parquet")
        write(policy, cases, arguments.rows)
        for turn in range(arguments.rounds):
            alone, spark = Path(folder, f"{turn}.parquet"), Path(folder, f"{turn}.spark")
            found["infoshare batch"].append(
                timed(ALONE, "batch", arguments.policy, cases, "-o", alone, "--as-of", DAY, "--json")
            )
            found["Spark, local[2]"].append(timed(ON_SPARK, cases, spark, DAY, arguments.policy))
    print(f"{arguments.policy}, {arguments.rows:,} cases, Parquet to Parquet, median of {arguments.rounds}")
    print("| | start, s | decide, s | cases/s | ratio |")
    print("|---|---:|---:|---:|---:|")
    base = statistics.median(took for _, took in found["infoshare batch"])
    for name, times in found.items():
        start, took = (statistics.median(each) for each in zip(*times, strict=True))
        print(f"| {name} | {start:.1f} | {took:.1f} | {arguments.rows / took:,.0f} | {took / base:.1f} |")


if __name__ == "__main__":
    main()
