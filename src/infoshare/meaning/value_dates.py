"""Values in time: no clause may be in force before a value that it uses has its first date."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from infoshare.meaning import model as m
from infoshare.meaning.faults import Faults
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
    return {
        term.name
        for part in m.parts(condition, defines)
        for term in m.terms(part)
        if isinstance(term, m.ValueTerm)
    }
