"""Every bit of a small ledger, of a receipt and of a checkpoint flipped in turn. Minutes: run by `.ci/full`.

    python tests/records/every_bit.py [--processes N] [--every N]

Each flip must be found by verifying, and named, or change nothing that can be read.
"""

import argparse
import functools
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from ledger_samples import add, created
from test_ledger_altered import bare, dump, flipped

from infoshare.records import Receipt, RecordError, verify_receipt
from infoshare.records.ledger import policies

IN_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
"""Where a file is written without a disk, on Linux: one for each bit."""


def of_the_file(source: Path, places: range) -> list[str]:
    """What is missed among some bits of the file of a ledger."""
    loaded = policies.loaded
    kept = functools.cache(lambda files, digest: loaded(dict(files), digest))
    policies.loaded = lambda files, digest: kept(tuple((files or {}).items()), digest)
    with tempfile.TemporaryDirectory(dir=IN_MEMORY if IN_MEMORY.is_dir() else None) as folder:
        path = Path(folder) / "a.ledger"
        Path(f"{path}.keys").symlink_to(f"{source}.keys")
        data = bytearray(source.read_bytes())
        path.write_bytes(data)
        expected = dump(path)
        receipts = [
            Receipt.from_bytes(line) for line in source.with_suffix(".receipts").read_bytes().splitlines()
        ]
        missed = (flipped(path, expected, receipts, data, at // 8, at % 8) for at in places)
        return [each for each in missed if each is not None]


def of_receipts(folder: Path) -> Iterator[str]:
    """What is missed in a receipt with its record, and so in its checkpoint, its proof and its signatures."""
    with created(folder / "r.ledger") as ledger:
        for _ in range(5):
            record = add(ledger).record
        data = bytearray(ledger.receipt(record, envelope=True).to_bytes())
        keys = ledger.public_keys
    for at in range(len(data) * 8):
        data[at // 8] ^= 1 << at % 8
        try:
            verify_receipt(Receipt.from_bytes(bytes(data)), keys)
            yield f"bit {at % 8} of byte {at // 8} of the receipt is not found"
        except RecordError as error:
            if not all(each.message for each in error.diagnostics):
                yield f"bit {at % 8} of byte {at // 8} of the receipt is not named"
        data[at // 8] ^= 1 << at % 8


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--processes", type=int, default=os.cpu_count())
    options.add_argument("--every", type=int, default=1, help="only one bit in so many")
    given = options.parse_args()
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        missed = list(of_receipts(Path(folder)))
        path, receipts = bare(Path(folder))
        path.with_suffix(".receipts").write_bytes(b"".join(each.to_bytes() + b"\n" for each in receipts))
        bits = path.stat().st_size * 8
        step = 2048 * given.every
        parts = [range(start, min(start + step, bits), given.every) for start in range(0, bits, step)]
        with ProcessPoolExecutor(given.processes) as pool:
            for done, found in enumerate(pool.map(of_the_file, [path] * len(parts), parts), start=1):
                missed += found
                if sys.stderr.isatty():
                    print(f"\r{done} of {len(parts)} parts", end="", file=sys.stderr)
    print(
        f"{bits // given.every:,} bits of a ledger flipped in {time.monotonic() - started:.0f} s: {len(missed)} missed"
    )
    print(*missed[:20], sep="\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
