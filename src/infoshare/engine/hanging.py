"""On which unknown facts something hangs, read off the lanes of a case.

It follows `meaning.outlook`: something hangs on a fact if, in some completion, another answer to that fact
alone changes it.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import attrs

from infoshare.engine.lanes import full, lower, patterns
from infoshare.meaning.findings import DutyFinding, Late

if TYPE_CHECKING:
    from infoshare.engine.engine import Compiled
    from infoshare.engine.verdict import Verdict

_new = object.__new__
_duty, _state = vars(DutyFinding)["duty"].__set__, vars(DutyFinding)["state"].__set__
_later = vars(Late)["_later"].__set__

Hanging = tuple[int, int, Sequence[tuple[int, ...]]]
"""How many bits are unknown, the lanes that can be, and for each open duty where it is due and where it is lifted."""

FEW = 12
"""Bits of which lanes are kept, to be asked what hangs on them: 4,096 lanes, half a kB."""


def hangs_on(bits: int, care: int, unknown: Sequence[str], wheres: tuple[int, ...]) -> tuple[str, ...]:
    """The unknown facts, in policy order, on which any of these lanes hang."""
    if care != full(bits):
        sides = [where for where in wheres if care & where]
        facts = dict.fromkeys(unknown)
        return tuple(
            [fact for fact in facts if any(_turns(bits, care, where, fact, unknown) for where in sides)]
        )
    turning = (_kept if bits <= FEW else _turning)(bits, wheres)
    return tuple(dict.fromkeys([unknown[bit] for bit in turning]))


def _turning(bits: int, wheres: tuple[int, ...]) -> tuple[int, ...]:
    """The bits on which any of these lanes hang, where every lane can be."""
    turning = []
    for bit, unset in enumerate(lower(bits)):
        step = 1 << bit
        for where in wheres:
            if (where ^ where >> step) & unset:  # a lane, and the one that differs from it by this bit alone
                turning.append(bit)
                break
    return tuple(turning)


_kept = lru_cache(4_096)(_turning)


def _turns(bits: int, care: int, where: int, fact: str, unknown: Sequence[str]) -> bool:
    """Whether another answer to a fact alone leads from a lane where it is so to one where it is not."""
    reached = care & where
    for bit, pattern in enumerate(patterns(bits)):
        if unknown[bit] == fact:
            step = 1 << bit
            reached |= (reached & pattern) >> step | (reached & ~pattern) << step
    return reached & care & ~where != 0


def with_open(
    engine: "Compiled", verdict: "Verdict", values: tuple[Any, ...], hanging: Hanging
) -> tuple[DutyFinding, ...]:
    """The duties of a verdict, of which some are due in some completions of a case, and in others not.

    Args:
        values: the facts that were read.
    """
    bits, _, opened = hanging
    found = [*verdict.duties]
    for number, place in enumerate(verdict.open):
        due, wheres = found[place], opened[number]
        if bits > FEW:  # a decision that is kept should not keep lanes by the kilobyte
            waiting_for = engine.waiting_for(values, hanging, wheres)
            found[place] = attrs.evolve(due, state="open", waiting_for=waiting_for)
            continue
        found[place] = made = _new(DutyFinding)
        _duty(made, due.duty)
        _state(made, "open")
        _later(made, (_part, (due, engine, values, hanging, wheres)))
    return tuple(found)


def _part(of: tuple[Any, ...], name: str) -> Any:
    due, engine, values, hanging, wheres = of
    return engine.waiting_for(values, hanging, wheres) if name == "waiting_for" else getattr(due, name)
