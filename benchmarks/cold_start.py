"""How long a fresh process takes to a first decision, and what of it goes where.

    python benchmarks/cold_start.py [ROUNDS]

Every figure is of processes of its own, in rounds in which each kind runs once, so that a busy moment meets all of
them; beside the product stand a process that does nothing, one that imports what the product imports from others,
and one that makes lark's tables from the grammar. Bytecode is there, as it is once the package is installed;
the last row is without. The policy is `cscp` as it was in 2026.1 (tests/data/policies-2026.1), which is compiled and
with which earlier figures were measured; those that come with the package speak of people, and are not compiled.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DECIDING = """
import time; times = [time.perf_counter()]
import infoshare
times.append(time.perf_counter())
policy = infoshare.load("tests/data/policies-2026.1/cscp.policy")
times.append(time.perf_counter())
from datetime import date
decision = policy.decide({"consent": {"status": "given"}}, as_of=date(2026, 3, 2))
outcome, fired, duties = decision.outcome, decision.fired, decision.duties
times.append(time.perf_counter())
print(*(1e3 * (after - before) for before, after in zip(times, times[1:])))
"""
TABLES = """
from infoshare.syntax.table_making import made
made()
"""
CASE = "examples/refused.json"
KINDS: dict[str, list[str]] = {
    "python -c pass": ["-c", "pass"],
    "import attrs": ["-c", "import attrs"],
    "lark makes the tables of the grammar": ["-c", TABLES],
    "first decision of cscp 2026.1": ["-c", DECIDING],
    f"infoshare decide cscp.policy {CASE}": [
        "-m",
        "infoshare",
        "decide",
        "tests/data/policies-2026.1/cscp.policy",
        CASE,
    ],
    "infoshare --help": ["-m", "infoshare", "--help"],
    "first decision, without bytecode": ["-c", DECIDING],
}


def main(rounds: int) -> None:
    """Measures and prints."""
    whole: dict[str, list[float]] = {kind: [] for kind in KINDS}
    parts: list[list[float]] = []
    with tempfile.TemporaryDirectory() as bytecode:
        for number in range(rounds + 1):
            for kind, command in KINDS.items():
                environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONPYCACHEPREFIX": bytecode}
                environment.pop("PYTHONDONTWRITEBYTECODE", None)
                if kind.endswith("without bytecode"):
                    environment |= {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPYCACHEPREFIX": f"{bytecode}/none"}
                start = time.perf_counter()
                done = subprocess.run(
                    [sys.executable, *command],
                    capture_output=True,
                    text=True,
                    check=True,
                    cwd=ROOT,
                    env=environment,
                )
                elapsed = 1e3 * (time.perf_counter() - start)
                if number:  # the first of each writes the bytecode
                    whole[kind].append(elapsed)
                    if kind == "first decision of cscp 2026.1":
                        parts.append([float(figure) for figure in done.stdout.split()])
    print(f"whole process, ms, {rounds} rounds{'':24}median    best")
    for kind, times in whole.items():
        print(f"  {kind:52}{statistics.median(times):8.1f}{min(times):8.1f}")
    print("within it")
    totals = [sum(figures) for figures in parts]
    for name, figures in (
        *zip(("import", "load", "decide"), zip(*parts, strict=True), strict=True),
        ("all", totals),
    ):
        print(f"  {name:52}{statistics.median(figures):8.1f}{min(figures):8.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 21)
