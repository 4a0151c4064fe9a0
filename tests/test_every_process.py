"""What is told does not hang on how a process happens to hash names: the same order, decisions and faults in each."""

import os
import subprocess
import sys

TOLD = """
import infoshare
from datetime import date
from infoshare.meaning.diagram import Diagrams
policy = ['facts about q "q"', *(f'  a{n} "a" : yes or no' for n in range(8)), 'consent c "x" share when q.a0']
policy += [f'override b{n} "x" withhold prevails over c when q.a{n} or d{n}' for n in range(8)]
policy += [f'define d{n} "d" as q.a{n} and q.a{(n + 1) % 8}' for n in range(8)]
head = 'infoshare 1\\npolicy p "P" version "1" from 2026-01-01\\n'
loaded = infoshare.load_sources({"p.policy": (head + "\\n".join(policy)).encode()}, main="p.policy")
print(loaded.model.order)
print(loaded.decide({"q": {"a3": False}}, as_of=date(2026, 6, 1)).to_dict())
kinds = ", ".join(f"k{n}" for n in range(9))
rows = ['facts about q "q"\\n  kind "kind" : one of ' + kinds, *policy[1:]]
rows += [f'facts about each recipient "r"\\n  kind "kind" : one of {kinds}']
effects = ["share", "withhold", "seek consent", "seek advice"]
rows += [f'rule r{n} "x" {effects[n]} for each recipient when recipient.kind is one of k{n}, k{n + 5}, k{n + 3} and (q.a{n} or q.a{n + 3})' for n in range(4)]
acts = ["sharing", "seeking consent", "withholding"]
rows += [f'duty told "x" {", ".join("before " + act for act in acts)} when q.kind is one of k1, k4, k8, k2, k6']
rows += [f'override over{n} "x" {effects[n]} prevails over r{n - 1} for each recipient when q.a{n + 4} or not q.a{n}' for n in (1, 2)]
one = infoshare.load_sources({"p.policy": (head + "\\n".join(rows)).encode()}, main="p.policy")
joined = []
join = Diagrams.at_least_one
Diagrams.at_least_one = lambda home, a, b: (joined.append((a.support, b.support, home.spent)), join(home, a, b))[1]
decision = one.decide({"q": {"a7": True}, "recipient": [{"name": "x"}, {"name": "y"}]}, as_of=date(2026, 6, 1))
print(decision.to_dict())
print(joined)  # or what comes of it where the budget is spent would differ
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
