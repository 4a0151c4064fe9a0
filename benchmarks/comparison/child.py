"""A fresh Python process that does one thing and tells the result as JSON.

Bytecode goes to a folder of the run, so that the second process finds it, as an installed package would have it,
and nothing is written into the tree.
"""

import json
import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

BENCHMARKS = Path(__file__).parent.parent
SOURCES = BENCHMARKS.parent / "src"


@cache
def _bytecode() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="bytecode-")


def environment() -> dict[str, str]:
    """Of every process that is started."""
    kept = {k: v for k, v in os.environ.items() if k not in {"PYTHONDONTWRITEBYTECODE", "PYTHONSTARTUP"}}
    return {
        **kept,
        "PYTHONPATH": os.pathsep.join([str(BENCHMARKS), str(SOURCES)]),
        "PYTHONSAFEPATH": "1",
        "PYTHONPYCACHEPREFIX": _bytecode().name,
        "POLARS_MAX_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }


def told_by_child(module: str, request: dict[str, Any], seconds: float) -> dict[str, Any]:
    """What `inside` of the module makes of the request in a process of its own, or `{"error": …}`."""
    command = [sys.executable, "-m", "comparison.child", module]
    try:
        done = subprocess.run(
            command,
            input=json.dumps(request),
            capture_output=True,
            text=True,
            env=environment(),
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"error": f"took longer than {seconds:.0f} s"}
    last = done.stdout.splitlines()[-1:]
    if done.returncode or not last:
        return {"error": f"the process ended with {done.returncode}: {done.stderr.strip().splitlines()[-1:]}"}
    told: dict[str, Any] = json.loads(last[0])
    return told


def main() -> None:
    """The other side."""
    from importlib import import_module

    print(json.dumps(import_module(sys.argv[1]).inside(json.load(sys.stdin))))


if __name__ == "__main__":
    main()
