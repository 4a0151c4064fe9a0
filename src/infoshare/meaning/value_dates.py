"""Values in time: no clause may be in force before a value that it uses has its first date."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from infoshare.meaning import model as m
from infoshare.meaning.circles import used_defines
from infoshare.meaning.faults import Faults
from infoshare.text import Span

Bounded = tuple[str, Span | None, date | None, Sequence[m.Condition | None]]
"""What may use values: its name, its place, the first day that it can be in force, its conditions."""


def check_values_in_time(
    faults: Faults,
    values: Mapping[str, m.Value],
    defines: Mapping[str, m.Define],
    order: Iterable[str],
    users: Iterable[Bounded],
) -> None:
    """Tells what can be in force before the last of the values that it uses has its first date.

    Args:
        order: the names of the defines, those that others build on first.
    """
    latest: dict[str, tuple[date, str] | None] = {}

    def last_to_begin(condition: m.Condition) -> tuple[date, str] | None:
        used = [name for part in m.parts(condition) for name in _values_in(part)]
        begins = [latest.get(name) for name in used_defines(condition)]
        begins += [(_begins(values[name]), name) for name in used]
        return max((begin for begin in begins if begin is not None), default=None)

    for name in order if values else ():
        if name in defines:
            latest[name] = last_to_begin(defines[name].condition)
    for name, span, first, conditions in users if values else ():
        ends = [last_to_begin(condition) for condition in conditions if condition is not None]
        last = max((end for end in ends if end is not None), default=None)
        if last is None or span is None or (first is not None and first >= last[0]):
            continue
        start, value = last
        since = "with no first date" if first is None else f"from {first}"
        faults.error(
            "IS307",
            f"`{name}` can be in force before `{value}` has a value",
            span,
            f"in force {since}; `{value}` begins on {start}",
            help=(f"give it `from {start}`, or give `{value}` an earlier date",),
        )


def _values_in(condition: m.Condition) -> Iterator[str]:
    return (term.name for term in m.terms(condition) if isinstance(term, m.ValueTerm))


def _begins(value: m.Value) -> date:
    """The first day on which it is something, whatever the answer that it hangs on."""
    return max(table[0][0] for table in ((value.steps,) if value.by is None else value.tables.values()))
