"""How fast decisions are recorded and a ledger is verified, in SQLite.

    python benchmarks/records.py [--appends N] [--records N] [--rounds N] [--folder DIR]

Invented cases of `reference.policy` (14 rules over 18 facts). In rounds that take turns, best and median of them:

- *bare*: a row of the size of a record inserted and committed by SQLite alone, waiting for the disk as the ledger does;
- *sign*, *verify*: one Ed25519 signature over a record, and its check, by `cryptography` alone;
- *decide*: `Policy.decide` and its JSON;
- *one by one*: `Ledger.decide`, each record in a transaction of its own, its receipt given when it is durable;
- *many*: `Ledger.decide_many`, a hundred in a transaction, likewise; in one process, and in two at once;
- *of it, not deciding*: `many` with decisions that were made before.

Then a ledger of so many records is verified, quickly and thoroughly, by as many processes as there are cores, and the
largest memory that any of them took is told.
"""

import argparse
import gc
import os
import random
import resource
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import infoshare
from infoshare.policy.decision import Decision
from infoshare.records import Ledger, Practitioner
from infoshare.records.ledger import record as recording

HERE = Path(__file__).parent
DAY = date(2026, 11, 22)
NURSE = Practitioner("Robin Example", "school nurse", "Northtown School")
BOOLEANS = (
    "risk_to_child", "risk_to_adult", "suspected_sexual_abuse", "suspected_fabricated_illness",
    "would_undermine_investigation", "telling_raises_risk", "legal_duty", "in_doubt", "has_sought_advice",
    "accurate", "up_to_date", "necessary", "need_to_know", "secure_channel",
)  # fmt: skip
LIKELY = {"accurate", "up_to_date", "necessary", "need_to_know", "secure_channel"}


def invented(count: int) -> list[dict[str, Any]]:
    """Cases, every fact answered, each with a name of its own."""
    chance = random.Random(7)
    return [
        {
            "case": f"case {number}",
            "q": {
                "consent_status": chance.choice(("given", "refused", "none")),
                "recipient": chance.choice(("police", "social_care", "health", "school", "other")),
                "harm_score": chance.randrange(101),
                "child_age": chance.randrange(19),
                **{name: chance.random() < (0.93 if name in LIKELY else 0.15) for name in BOOLEANS},
            },
        }
        for number in range(count)
    ]


def record_made(
    ledger: Ledger, policy: infoshare.Policy, made: list[tuple[Decision, Any]], at_once: int = 100
) -> None:
    """Records decisions that were made before, a hundred in a transaction."""
    access = ledger._access  # noqa: SLF001 - what is measured is what lies below the door
    for start in range(0, len(made), at_once):
        drafts = [
            recording.record_draft(access, decision, facts, by=NURSE)
            for decision, facts in made[start : start + at_once]
        ]
        recording.record(access, drafts, policy, None)


def bare(path: Path, count: int, size: int) -> None:
    """Rows inserted by SQLite alone, each in a transaction."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for pragma in ("journal_mode = WAL", "synchronous = FULL"):
            db.execute(f"PRAGMA {pragma}")
        db.execute("CREATE TABLE row (number INTEGER PRIMARY KEY, body BLOB) STRICT")
        body = os.urandom(size)
        for number in range(count):
            db.execute("BEGIN IMMEDIATE")
            db.execute("INSERT INTO row VALUES (?, ?)", (number, body))
            db.execute("COMMIT")


def one_by_one(ledger: Ledger, policy: infoshare.Policy, cases: list[dict[str, Any]]) -> None:
    """Decides and records, each case in a transaction of its own."""
    for facts in cases:
        ledger.decide(policy, facts, by=NURSE, as_of=DAY)


def freeze() -> None:
    """What was loaded is not gone through again by the collector, as in a program that serves for long; it stays on."""
    gc.collect()
    gc.freeze()


def many(ledger: Ledger, policy: infoshare.Policy, cases: list[dict[str, Any]]) -> None:
    """Decides and records, a hundred cases in a transaction."""
    for _ in ledger.decide_many(policy, cases, by=NURSE, as_of=DAY):
        pass


class Timed:
    """Times a second of things that take turns."""

    def __init__(self) -> None:
        self.found: dict[str, list[float]] = {}

    def take(self, name: str, count: int, do: Callable[[], object]) -> None:
        start = time.perf_counter()
        do()
        self.found.setdefault(name, []).append(count / (time.perf_counter() - start))

    def lines(self) -> Iterator[str]:
        for name, rates in self.found.items():
            best, median = max(rates), statistics.median(rates)
            yield f"{name:32}{best:12,.0f}{median:12,.0f}{1e6 / best:12,.1f}"


def appends(folder: Path, count: int, rounds: int) -> None:
    """Times what an append is made of, and appends."""
    policy = infoshare.load(HERE / "reference.policy")
    cases = invented(count)
    made = [(policy.decide(facts, as_of=DAY), facts) for facts in cases]
    key = Ed25519PrivateKey.generate()
    public, data = key.public_key(), os.urandom(7000)
    signature = key.sign(data)
    timed = Timed()
    freeze()
    for number in range(rounds):
        place = folder / str(number)
        place.mkdir()
        timed.take("bare", count, partial(bare, place / "bare", count, 9500))
        timed.take("sign", 500, lambda: [key.sign(data) for _ in range(500)])
        timed.take("verify", 500, lambda: [public.verify(signature, data) for _ in range(500)])
        timed.take("decide", count, lambda: [policy.decide(facts, as_of=DAY).to_dict() for facts in cases])
        with Ledger.create(place / "a.ledger") as ledger:
            record_made(ledger, policy, made[:20])
            timed.take("one by one", count, partial(one_by_one, ledger, policy, cases))
            timed.take("many", count, partial(many, ledger, policy, cases))
            timed.take("of it, not deciding", count, partial(record_made, ledger, policy, made))
        timed.take("many, two processes at once", 2 * count, Two(place / "a.ledger", count))
        with Ledger.open(place / "a.ledger") as ledger:
            ledger.verify(thorough=False).require()
        shutil.rmtree(place)
    print(f"{'':32}{'best':>12}{'median':>12}{'µs':>12}")
    print(*timed.lines(), sep="\n")


class Two:
    """Two processes that record in one ledger at once, from when both are ready."""

    def __init__(self, path: Path, count: int) -> None:
        command = [sys.executable, __file__, "--work", str(path), "--appends", str(count)]
        self._started = [
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for _ in range(2)
        ]
        self._each("ready\n")

    def __call__(self) -> None:
        for process in self._started:
            print(file=process.stdin, flush=True)
        self._each("done\n")

    def _each(self, says: str) -> None:
        for process in self._started:
            if process.stdout is None or process.stdout.readline() != says:
                raise SystemExit("a process that records failed")


def work(path: Path, count: int) -> None:
    """What one of several processes does."""
    policy, cases = infoshare.load(HERE / "reference.policy"), invented(count)
    with Ledger.open(path) as ledger:
        many(ledger, policy, cases[:300])
        freeze()
        print("ready", flush=True)
        sys.stdin.readline()
        many(ledger, policy, cases)
        print("done", flush=True)


def verified(folder: Path, count: int) -> None:
    """Makes a ledger of so many records, and times how it is verified."""
    policy = infoshare.load(HERE / "reference.policy")
    made = [(policy.decide(facts, as_of=DAY), facts) for facts in invented(300)]
    path = folder / "large.ledger"
    start = time.perf_counter()
    with Ledger.create(path) as ledger:
        for done in range(0, count, 3000):
            record_made(ledger, policy, (made * 10)[: min(3000, count - done)], at_once=1000)
    seconds = time.perf_counter() - start
    print(f"\n{count:,} records made in {seconds:,.0f} s; {path.stat().st_size / 2**20:,.0f} MB")
    cores = os.cpu_count() or 1
    for thorough in (False, True):
        with Ledger.open(path, read_only=True) as ledger:
            start = time.perf_counter()
            found = ledger.verify(thorough=thorough, processes=cores).require()
            seconds = time.perf_counter() - start
        memory = max(
            resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        )
        how = "thoroughly" if thorough else "quickly"
        rate = found.size / seconds
        print(
            f"verified {how}, {cores} processes: {rate:,.0f} a second ({seconds:,.1f} s), at most {memory / 1024:,.0f} MB in one"
        )


def main() -> None:
    """Measures, and prints."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--appends", type=int, default=2000)
    options.add_argument("--records", type=int, default=100_000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--folder", type=Path, help="where to write; the temporary folder if not given")
    options.add_argument("--work", type=Path, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.work:
        work(given.work, given.appends)
        return
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        if given.rounds:
            appends(Path(folder), given.appends, given.rounds)
        if given.records:
            verified(Path(folder), given.records)


if __name__ == "__main__":
    main()
