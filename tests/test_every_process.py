"""What is told does not hang on how a process happens to hash names: the same order, decisions and faults in each."""

import os
import subprocess
import sys

TOLD = """
import infoshare
from datetime import date
policy = ['facts about q "q"', *(f'  a{n} "a" : yes or no' for n in range(8)), 'consent c "x" share when q.a0']
policy += [f'override b{n} "x" withhold prevails over c when q.a{n} or d{n}' for n in range(8)]
policy += [f'define d{n} "d" as q.a{n} and q.a{(n + 1) % 8}' for n in range(8)]
head = 'infoshare 1\\npolicy p "P" version "1" from 2026-01-01\\n'
loaded = infoshare.load_sources({"p.policy": (head + "\\n".join(policy)).encode()}, main="p.policy")
print(loaded.model.order)
print(loaded.decide({"q": {"a3": False}}, as_of=date(2026, 6, 1)).to_dict())
circles = [f'override b{n} "x" withhold prevails over b{(n + 1) % 8}, b{(n + 3) % 8} when d{n}' for n in range(8)]
circles += [f'define d{n} "d" as d{(n + 1) % 8} or d{(n + 5) % 8}' for n in range(8)]
try:
    infoshare.load_sources({"p.policy": (head + "\\n".join(circles)).encode()}, main="p.policy")
except infoshare.PolicyError as error:
    print(error)
"""


def test_every_process_tells_the_same() -> None:
    told = set()
    for seed in range(4):
        done = subprocess.run(
            [sys.executable, "-c", TOLD],
            capture_output=True,
            text=True,
            check=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONIOENCODING": "utf-8"},
        )
        told.add(done.stdout)
    assert len(told) == 1
    assert "IS210" in told.pop()
