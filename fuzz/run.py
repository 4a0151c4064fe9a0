"""`python fuzz/run.py policy|case --seconds N [--corpus DIR] [--findings DIR]`: a coverage-guided run of a target.

Needs the extra `fuzz` (atheris). Goes on after a finding: each kind (exception and the line that raised it) is written
once to the folder of findings, with its traceback beside it. Exits with 1 if there was any.
"""

import argparse
import hashlib
import os
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["infoshare"]):
    import infoshare.casefile.yaml_text  # noqa: F401 - otherwise imported later, and not watched
    from fuzz_targets import TARGETS

from mutators import MUTATORS
from seeds import seeds, write_dictionary

ROOT = Path(__file__).parent.parent


def main() -> None:
    """Runs one target for a while."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", choices=TARGETS)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--corpus", type=Path, help="where what is worth keeping goes, and is taken up from")
    parser.add_argument("--findings", type=Path, default=Path("fuzz-findings"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        corpus = options.corpus or Path(scratch, "corpus")
        started_from = Path(scratch, "seeds")
        for folder in (corpus, started_from):
            folder.mkdir(parents=True, exist_ok=True)
        for name, data in seeds(options.target).items():
            (started_from / name).write_bytes(data)
        write_dictionary(options.target, Path(scratch, "words"))
        arguments = [
            *(
                sys.argv[0],
                f"-max_total_time={options.seconds + 60}",
                f"-dict={scratch}/words",
                "-max_len=8192",
            ),
            *("-timeout=60", "-rss_limit_mb=3000", "-use_value_profile=1", "-mutate_depth=2"),
            f"-artifact_prefix={options.findings}/{options.target}-",
            *(str(corpus), str(started_from), str(ROOT / "tests" / "corpus" / options.target)),
        ]
        watched = Watched(options.target, options.findings, options.seconds)
        keeping_shape = MUTATORS[options.target]()

        def mutate(data: bytes, longest: int, seed: int) -> bytes:
            chance = random.Random(seed)
            if watched.deep and chance.random() < 0.4:
                data = chance.choice(watched.deep)
            changed = keeping_shape(data, chance) if chance.random() < 0.5 else b""
            return changed if 0 < len(changed) <= longest else atheris.Mutate(data, longest)

        atheris.Setup(arguments, watched, custom_mutator=mutate)
        atheris.Fuzz()


class Watched:
    """A target that notes what it raises and goes on."""

    def __init__(self, target: str, folder: Path, seconds: int) -> None:
        self.target, self.folder, self.seconds = target, folder, seconds
        self.became: Counter[str] = Counter()
        self.kinds: Counter[str] = Counter()
        self.slowest, self.started = 0.0, time.monotonic()
        self.told = 0
        self.deep: list[bytes] = []
        folder.mkdir(parents=True, exist_ok=True)

    def __call__(self, data: bytes) -> None:
        """Tries one input."""
        started = time.process_time()
        try:
            became = TARGETS[self.target](data)
            self.became[became] += 1
            if became in {"loaded", "decided"}:
                self.go_on_from(data)
        except Exception as error:
            self.note(data, error)
        taken = time.process_time() - started
        if taken > max(1.0, self.slowest + 0.5):
            print(
                f"slowest so far: {taken:.2f} s for {len(data)} bytes: {self.keep(f'slow-{self.target}', data)}",
                flush=True,
            )
        self.slowest = max(self.slowest, taken)
        self.tell_now_and_then()

    def go_on_from(self, data: bytes) -> None:
        """Keeps some of the inputs that got to the end: most changes of any other are refused at once."""
        if len(self.deep) < 500:
            self.deep.append(data)
        else:
            self.deep[random.randrange(500)] = data

    def note(self, data: bytes, error: Exception) -> None:
        """Writes a finding of a new kind down."""
        self.became["finding"] += 1
        place = traceback.extract_tb(error.__traceback__)[-1]
        kind = f"{type(error).__name__} {Path(place.filename).name}:{place.lineno}"
        self.kinds[kind] += 1
        if self.kinds[kind] == 1:
            name = self.keep(self.target, data)
            (self.folder / f"{name}.txt").write_text(
                "".join(traceback.format_exception(error)), "utf-8", "backslashreplace"
            )
            print(f"FINDING {kind}: {name}", flush=True)

    def keep(self, prefix: str, data: bytes) -> str:
        """Writes an input to the folder of findings."""
        name = f"{prefix}-{hashlib.sha256(data).hexdigest()[:12]}"
        (self.folder / name).write_bytes(data)
        return name

    def tell_now_and_then(self) -> None:
        """Prints the figures every minute; at the end, turns findings into an exit code."""
        seconds = time.monotonic() - self.started
        ended = seconds >= self.seconds
        if ended or seconds >= self.told + 60:
            self.told = int(seconds)
            print(
                f"{self.target}: {sum(self.became.values())} inputs in {seconds:.0f} s: {dict(self.became)}",
                end="; ",
            )
            print(f"slowest {self.slowest:.2f} s; findings: {dict(self.kinds) or 'none'}", flush=True)
        if ended:
            os._exit(1 if self.kinds else 0)  # libFuzzer itself ends without a way to say so


if __name__ == "__main__":
    main()
