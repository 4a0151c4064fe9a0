"""`python benchmarks/run.py [--quick] [--only NAMES] [--rounds N] [--out DIR] [--retell]`: infoshare beside other rule engines.

One policy, one machine, one run. Prints the tables; a full run also writes docs/benchmarks.md, its plots and the
figures as JSON. What is not installed is named and left out. README.md tells how to make the environment.
"""

import argparse
import difflib
import json
import os
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
os.environ.update(POLARS_MAX_THREADS="1", OMP_NUM_THREADS="1")  # figures are for one core
sys.path[:0] = [str(HERE), str(HERE.parent / "src")]  # what is measured is this tree

import attrs  # noqa: E402

from comparison import machine, page, plot  # noqa: E402
from comparison.catalogue import Engine, catalogue  # noqa: E402
from comparison.effort import QUICK, REPORTED  # noqa: E402
from comparison.timing import COLLECTOR  # noqa: E402

PARTS = ("agreement", "missing", "decision", "unknown", "asked", "growth", "cold", "batch")
DOCS = HERE.parent / "docs"


def main() -> int:
    """Measures, tells, writes; 1 if an engine disagrees with the specification."""
    options = _options()
    if options.retell:
        _write(json.loads((DOCS / "benchmarks" / "results.json").read_text("utf-8")), options.out or DOCS)
        return 0
    known = catalogue()
    parts, engines = _chosen(options.only, known)
    effort = QUICK if options.quick else REPORTED
    if options.rounds:
        effort = attrs.evolve(effort, rounds=options.rounds, growth_rounds=options.rounds)
    results: dict[str, Any] = {
        "format": "infoshare.benchmarks/1",
        "quick": options.quick,
        "machine": machine.described(),
        "collector": COLLECTOR,
        "effort": attrs.asdict(effort),
        "engines": {e.key: _told(e) for e in known},
    }
    here = [e for e in engines if e.installed]
    started = time.monotonic()
    for name in parts:
        before = time.monotonic()
        print(f"{name} …", end=" ", file=sys.stderr, flush=True)
        results[name] = import_module(f"comparison.parts.{name}").run(here, effort)
        print(f"{time.monotonic() - before:.0f} s", file=sys.stderr)
    results["machine"]["load_after"] = machine.load()
    results["seconds"] = round(time.monotonic() - started)
    print(page.tables(results))
    whole = not options.quick and not options.only
    out = options.out or (DOCS if whole else None)
    if out:
        _write(results, out)
    return 1 if page.disagreements(results) else 0


def _write(results: dict[str, Any], out: Path) -> None:
    folder = out / "benchmarks"
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(results, indent=1)
    (folder / "results.json").write_text(text + "\n", "utf-8")
    results = json.loads(text)  # what the page says is what the file says
    drawn = plot.drawn(results, folder)
    if not drawn:
        print('no plots: they need matplotlib ("pip install matplotlib")', file=sys.stderr)
    (out / "benchmarks.md").write_text(page.page(results, drawn), "utf-8")


def _told(engine: Engine) -> dict[str, object]:
    return attrs.asdict(engine, filter=lambda field, _: field.name not in {"_code", "module", "key"})


def _chosen(only: str | None, known: list[Engine]) -> tuple[tuple[str, ...], list[Engine]]:
    """Parts and engines by name; where none of a kind is named, all of that kind."""
    names = [name.strip() for name in only.split(",")] if only else []
    keys = {engine.key: engine for engine in known}
    for name in names:
        if name not in PARTS and name not in keys:
            near = difflib.get_close_matches(name, [*PARTS, *keys], n=1)
            hint = f"; did you mean {near[0]}?" if near else f"; there are {', '.join([*PARTS, *keys])}"
            raise SystemExit(f"nothing to measure is named {name}{hint}")
    parts = tuple(part for part in PARTS if part in names) or PARTS
    engines = [engine for key, engine in keys.items() if key in names]
    return parts, engines or known


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run.py", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a look, in less than a minute; writes nothing")
    parser.add_argument("--only", metavar="NAMES", help="some parts or engines, by commas")
    parser.add_argument("--rounds", type=int, metavar="N", help="how often each pair is timed")
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="where to write; a full run writes to docs without it"
    )
    parser.add_argument(
        "--retell",
        action="store_true",
        help="write page and plots anew from the figures of the last full run",
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
