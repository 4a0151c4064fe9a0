"""Formulas in many cases at once: a bit for each case, a whole number for each formula.

What some case shows needs no search where a case is at hand that nearly does: many that differ from it in a few answers are
looked at together, at the price of one. What none of them shows may still be somewhere.
Deliberately not here: proving that something is nowhere (`solver`).
"""

from collections.abc import Mapping, Sequence
from random import Random

from infoshare.meaning.diagram import Diagram
from infoshare.meaning.formula import Formula, under
from infoshare.truth import Truth

CASES = 48
"""So many cases are looked at for each part that is left out."""


def shown_without(where: Diagram, values: Mapping[int, int], parts: Sequence[Sequence[int]]) -> list[bool]:
    """For each part of some values, whether a case was found in which something is so that has the others.

    Args:
        values: of a case: of each variable on which it hangs, as far as they are known.
        parts: the variables of each part; of what is in none, every value is tried now and then.
    """
    formulas = under((where,))
    if not isinstance(where, Formula) or any(each.kind == "some" for each in formulas):
        return [False] * len(parts)
    rng, width = Random(0), CASES * len(parts)  # noqa: S311 - the same cases each time
    every = (1 << width) - 1
    part_of = {v: at for at, part in enumerate(parts) for v in part}
    bounds: dict[int, set[int]] = {}
    for each in formulas:
        if each.kind == "test":
            bounds.setdefault(each.var, set()).update(b for b in each.over if b is not None)
    is_so: dict[int, int] = {}
    cases_of: dict[int, list[tuple[int, int]]] = {}
    for variable, of in bounds.items():
        apart = [min(of) - 1, *sorted(of)]
        usual = max((each for each in apart if each <= values.get(variable, apart[0])), default=apart[0])
        at = part_of.get(variable)
        # where it may be otherwise: its own part; of what is in no part, in one of four cases
        otherwise = (
            rng.getrandbits(width) & rng.getrandbits(width)
            if at is None
            else ((1 << CASES) - 1) << (at * CASES)
        )
        found = [(usual, every & ~otherwise)]
        for place, value in enumerate(apart):
            mine = otherwise
            if place + 1 < len(apart):
                mine &= rng.getrandbits(width)
                if len(apart) - place > 2:
                    mine &= rng.getrandbits(width)
            found.append((value, mine))
            otherwise &= ~mine
        cases_of[variable] = found
    for each in formulas:
        parts_of = [
            is_so[part.number] if isinstance(part, Formula) else every * (part.truth is Truth.YES)
            for part in each.parts
        ]
        match each.kind:
            case "test":
                low, high = each.over
                so = 0
                for value, mine in cases_of[each.var]:
                    if (low is None or low <= value) and (high is None or value < high):
                        so |= mine
            case "not":
                so = every & ~parts_of[0]
            case "all":
                so = every
                for part in parts_of:
                    so &= part
            case _:
                so = 0
                for part in parts_of:
                    so |= part
        is_so[each.number] = so
    told = is_so[where.number]
    return [bool(told >> (at * CASES) & ((1 << CASES) - 1)) for at in range(len(parts))]
