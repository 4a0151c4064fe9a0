"""How much work something is, in steps that are the same on every machine and on every day."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def steps(work: Callable[[], object]) -> int:
    """How many lines of Python `work` runs and how many functions of C it calls.

    What one call in C does inside is one step, so this finds loops that grow with the square, not a regular
    expression that does.
    """
    count = 0

    def line(_frame: FrameType, event: str, _argument: Any) -> Any:
        nonlocal count
        if event == "line":
            count += 1
        return line

    def call(_frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal count
        if event == "c_call":
            count += 1

    tracing, profiling = sys.gettrace(), sys.getprofile()
    sys.settrace(line)
    sys.setprofile(call)
    try:
        work()
    finally:
        sys.setprofile(profiling)
        sys.settrace(tracing)
    return count


def grows_in_step(work: Callable[[int], object], size: int) -> bool:
    """Whether work over twice the size takes about twice the steps; with the square it would take four times."""
    work(size)  # what is only done the first time belongs to neither
    return steps(lambda: work(2 * size)) <= 2.5 * steps(lambda: work(size))
