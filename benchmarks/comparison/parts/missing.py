"""One fact is left out: what does each engine do?

A trial is a case without one of its facts. It is *open* where the answers to that fact lead to different outcomes, and
*idle* where they all lead to the same. In an open trial nobody can know the outcome yet; an engine that names one all
the same has guessed. Observed with the rules written plainly, as in the files of `engines`, without guards of our own.
"""

import contextlib
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from comparison.cases import cases
from comparison.catalogue import Engine
from comparison.effort import Effort
from comparison.parts.agreement import defined
from comparison.specification import FACTS, SHARE, Case, Decide

Trial = tuple[Case, frozenset[str]]  # a case without a fact, the outcomes that its answers lead to


def run(engines: Sequence[Engine], effort: Effort) -> dict[str, Any]:
    """For each engine, counts of what it did in open and in idle trials."""
    open_trials, idle_trials = trials(effort.trials_missing)
    found: dict[str, Any] = {}
    for engine in engines:
        if engine.decides:
            with _quiet():
                answer = partial(_answer, engine.decide(), engine.says_unknown())
                found[engine.key] = {
                    "open": dict(Counter(_in_open(answer(case)) for case, _ in open_trials)),
                    "idle": dict(Counter(_in_idle(answer(case), possible) for case, possible in idle_trials)),
                }
    return {"trials": effort.trials_missing, "engines": found}


def trials(count: int) -> tuple[list[Trial], list[Trial]]:
    """That many open and idle trials, no case and fact twice."""
    open_trials: list[Trial] = []
    idle_trials: list[Trial] = []
    for number, case in enumerate(cases(count * 8, seed=41)):
        fact = list(FACTS)[number % len(FACTS)]
        outcomes = frozenset(defined({**case, fact: value}).outcome for value in FACTS[fact])
        kind = open_trials if len(outcomes) > 1 else idle_trials
        if len(kind) < count:
            kind.append(({name: value for name, value in case.items() if name != fact}, outcomes))
    return open_trials, idle_trials


def _answer(decide: Decide, says_unknown: Callable[[Case], bool] | None, case: Case) -> str:
    try:
        if says_unknown is not None and says_unknown(dict(case)):
            return "unknown"
        return decide(dict(case))[0]
    except Exception:  # noqa: BLE001 - whatever it raises, it raises
        return "raises"


def _in_open(answer: str) -> str:
    if answer in {"unknown", "raises"}:
        return answer
    return "shares" if answer == SHARE else "another outcome"


def _in_idle(answer: str, outcomes: frozenset[str]) -> str:
    if answer in {"unknown", "raises"}:
        return answer
    return "right" if answer in outcomes else "wrong"


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Without what some engines print beside the error that they raise."""
    sys.stdout.flush()
    sys.stderr.flush()
    kept = [os.dup(stream) for stream in (1, 2)]
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        for stream in (1, 2):
            os.dup2(nowhere, stream)
        yield
    finally:
        for stream, copy in zip((1, 2), kept, strict=True):
            os.dup2(copy, stream)
            os.close(copy)
        os.close(nowhere)
