"""The names of columns -> which are facts, which are carried through, which are left out.

A name that is none of these is an error that offers the nearest one: a misspelt fact that was passed over
would be an unknown fact, and the outcome another. Deliberately not here: what is in the columns.
"""

from collections.abc import Iterable, Sequence

import attrs

from infoshare.diagnostic import Diagnostic, did_you_mean
from infoshare.errors import FactsError
from infoshare.meaning.model import Model
from infoshare.policy.files import quoted

CASE = "case"
RESULTS = ("outcome", "basis", "mandatory", "fired", "possible", "exact", "error")
"""The columns that a run adds, in this order."""


@attrs.frozen
class Heading:
    """The columns of a file, by what they are for, each in the order of the file."""

    facts: tuple[str, ...]
    carried: tuple[str, ...]


def heading_of(
    names: Sequence[str], model: Model, keep: Iterable[str], ignore: Iterable[str], *, lists: bool = True
) -> Heading:
    """Which column is what.

    Args:
        names: of the columns, in their order.
        model: of the policy: its facts are `group.fact`, its lists the name of the group.
        keep: columns that are carried through, facts or not; `case` always is.
        ignore: columns that are left out.
        lists: whether the file can hold lists in a cell.

    Raises:
        FactsError: with every column that is unknown, twice there, or asked for and not there.
    """
    kept, ignored = {CASE, *keep}, set(ignore)
    faults: list[Diagnostic] = []
    facts: list[str] = []
    carried: list[str] = []
    for place, name in enumerate(names, 1):
        if names.index(name) < place - 1:
            faults.append(
                _fault("IS403", f"two columns are named `{quoted(name)}`", name, "keep one of them")
            )
            continue
        if name in kept:
            carried.append(name)
            if name in RESULTS:
                help_ = "give it another name in the file, or leave it out with --ignore"
                faults.append(_fault("IS403", f"`{name}` is the name of a column of the result", name, help_))
        if name in model.facts and not model.facts[name].each and name not in ignored:
            facts.append(name)
        elif name in model.groups and model.groups[name].each and name not in kept | ignored:
            facts.append(name)
            if not lists:
                faults.append(_in_no_cell(name, name))
        elif name not in kept and name not in ignored:
            faults.append(_unknown(name, model))
    for option, wanted in (("--keep", keep), ("--ignore", ignore)):
        faults += [
            _fault(
                "IS401",
                f"no column is named `{quoted(name)}`, which {option} asks for",
                name,
                *did_you_mean(name, names),
            )
            for name in wanted
            if name not in names
        ]
    if faults:
        raise FactsError(faults)
    return Heading(tuple(facts), tuple(carried))


def _unknown(name: str, model: Model) -> Diagnostic:
    group = name.partition(".")[0]
    if group in model.groups and model.groups[group].each:
        return _in_no_cell(name, group)
    if not name.strip():
        return _fault("IS401", "a column has no name", None, "name it in the heading, or delete the column")
    known = [*(fact.path for fact in model.facts.values() if not fact.each), CASE]
    plain = [fact.path for fact in model.facts.values() if fact.name == name and not fact.each]
    help_ = (f"a column is named group and fact: `{plain[0]}`",) if plain else did_you_mean(name, known)
    otherwise = "if it is no fact, say --keep to carry it through or --ignore to leave it out"
    return _fault("IS401", f"no fact is named `{quoted(name)}`", name, *help_, otherwise)


def _in_no_cell(name: str, group: str) -> Diagnostic:
    message = f"`{group}` is a list, which does not fit in one cell of a table"
    return _fault("IS401", message, name, f'give the cases as NDJSON: "{group}": [{{"name": …}}]')


def _fault(code: str, message: str, name: str | None, *help_: str) -> Diagnostic:
    return Diagnostic(code, message, help=help_, path=None if name is None else quoted(name))
