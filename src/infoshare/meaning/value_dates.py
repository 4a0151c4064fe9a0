"""Values in time: no clause may be in force before a value that it uses has its first date."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from infoshare.meaning import model as m
from infoshare.meaning.faults import Faults
from infoshare.meaning.relations import used_defines
from infoshare.text import Span

Bounded = tuple[str, Span | None, date | None, Sequence[m.Condition | None]]
"""What may use values: its name, its place, the first day that it can be in force, its conditions."""


def check_values_in_time(
    faults: Faults, values: Mapping[str, m.Value], defines: Mapping[str, m.Define], users: Iterable[Bounded]
) -> None:
    """Tells everything that can be in force before a value that it uses has its first date."""
    for name, span, first, conditions in users if values else ():
        used = {v for c in conditions if c is not None for v in _values_of(c, defines)}
        for value in sorted(used):
            start = values[value].steps[0][0]
            if span is not None and (first is None or first < start):
                since = "with no first date" if first is None else f"from {first}"
                faults.error(
                    "IS307",
                    f"`{name}` can be in force before `{value}` has a value",
                    span,
                    f"in force {since}; `{value}` begins on {start}",
                    help=(f"give it `from {start}`, or give `{value}` an earlier date",),
                )


def _values_of(condition: m.Condition, defines: Mapping[str, m.Define]) -> set[str]:
    """The values that a condition uses, through its defines."""
    found: set[str] = set()
    seen: set[str] = set()
    pending: list[m.Condition] = [condition]
    while pending:
        item = pending.pop()
        for name in used_defines(item) - seen:
            seen.add(name)
            if name in defines:
                pending.append(defines[name].condition)
        found |= _values_in(item)
    return found


def _values_in(condition: m.Condition) -> set[str]:
    def term(item: m.Term) -> set[str]:
        match item:
            case m.ValueTerm(name):
                return {name}
            case m.Offset(amount, _, base):
                return term(base) | (term(amount) if isinstance(amount, m.ValueTerm) else set())
            case _:
                return set()

    match condition:
        case m.Compare(left, _, right):
            return term(left) | term(right)
        case m.Not(item) | m.Quantified(_, _, item):
            return _values_in(item)
        case m.All(items) | m.Any(items):
            return {name for item in items for name in _values_in(item)}
        case _:
            return set()
