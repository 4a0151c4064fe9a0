"""The names of columns -> which are facts and lists, which are carried through, which are left out.

A column of records for a group (`consent`, as nested cases are kept) stands for the facts in it. Columns of the facts of
a list (`item.name`, `item.necessary`) make a table *long*: its rows that share an id are one case (`long_form`). A name
that is none of these is an error that offers the nearest one: a misspelt fact that was passed over would be an unknown fact, and
the outcome another. Deliberately not here: what is in the columns (`reading`).
"""

from collections.abc import Collection, Iterable, Sequence

import attrs
import pyarrow as pa

from infoshare.batch.arrow import Column
from infoshare.diagnostic import Diagnostic, did_you_mean
from infoshare.errors import FactsError
from infoshare.meaning.model import Model
from infoshare.policy.files import quoted

CASE = "case"
RESULTS = ("outcome", "basis", "mandatory", "fired", "possible", "exact", "error")
"""The columns that deciding adds, in this order; the last for files alone."""

ROWS = "rows"
"""The column that it adds on request: what becomes of each item for each recipient."""


def results(*, rows: bool) -> tuple[str, ...]:
    """The columns that deciding adds to a file."""
    return (*RESULTS[:-1], ROWS, *RESULTS[-1:]) if rows else RESULTS


@attrs.frozen
class Wanted:
    """What is asked of the columns of a table.

    Attributes:
        keep: columns that are carried through, facts or not; `case` always is.
        ignore: columns that are left out.
        called: how these and the next are called where they are asked for.
        case_id: the column whose rows of the same value are one case; None is `case`, in a long table.
    """

    keep: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    called: tuple[str, str, str] = ("keep", "ignore", "case_id")
    case_id: str | None = None

    @property
    def kept(self) -> tuple[str, ...]:
        """The names that are carried through."""
        ids = () if self.case_id is None else (self.case_id,)
        return tuple(dict.fromkeys((CASE, *ids, *self.keep)))


@attrs.frozen
class Heading:
    """The columns of a table, by what they are for, each in the order of the table.

    Attributes:
        facts: facts by path, lists by the name of their group.
        elements: the facts of elements of lists, of which a row has one of each.
        faults: every name that is unknown, twice there, or asked for and not there.
        is_long: whether rows make cases together.
        case_id: the column that says which; None where each row is a case of its own.
    """

    facts: tuple[str, ...]
    carried: tuple[str, ...]
    elements: tuple[str, ...] = ()
    faults: tuple[Diagnostic, ...] = ()
    is_long: bool = False
    case_id: str | None = None

    @property
    def read(self) -> tuple[str, ...]:
        """The columns that say something of a case."""
        return (*self.facts, *self.elements)

    def lists_and_facts(self, model: Model) -> tuple[str, ...]:
        """What is said of a case: facts by path, lists by group, those of which rows hold the elements too."""
        return (*self.facts, *dict.fromkeys(model.facts[name].group for name in self.elements))

    def checked(self) -> "Heading":
        """The same. Raises FactsError if a name is at fault."""
        if self.faults:
            raise FactsError(self.faults)
        return self


def flat(columns: Iterable[tuple[str, Column]], model: Model, wanted: Wanted) -> list[tuple[str, Column]]:
    """The columns by name, with those in records for a group in the place of the records."""
    found: list[tuple[str, Column]] = []
    for name, column in columns:
        group = model.groups.get(name)
        records = group is not None and isinstance(column, pa.Array) and name not in wanted.ignore
        if records and pa.types.is_struct(column.type):
            inner = zip(column.type.names, column.flatten(), strict=True)
            found += [(f"{name}.{field}", values) for field, values in inner]
        if (
            not (records and (pa.types.is_struct(column.type) or pa.types.is_null(column.type)))
            or name in wanted.keep
        ):
            found.append((name, column))
    return found


def heading_of(
    names: Sequence[str], model: Model, wanted: Wanted, *, lists: bool = True, rows: bool = False
) -> Heading:
    """Which column is what.

    Args:
        names: of the columns, in their order.
        lists: whether the table can hold lists in a cell.
        rows: whether the result tells of each item and recipient too.
    """
    kept, ignored = set(wanted.kept), set(wanted.ignore)
    faults = twice(names)
    facts: list[str] = []
    elements: list[str] = []
    carried: list[str] = []
    for name in dict.fromkeys(names):
        fact, group = model.facts.get(name), model.groups.get(name)
        if name in kept:
            carried.append(name)
            if name in RESULTS or (rows and name == ROWS):
                help_ = f"give it another name, or leave it out with {wanted.called[1]}"
                faults.append(_fault("IS403", f"`{name}` is the name of a column of the result", name, help_))
        if name in ignored:
            continue
        if fact is not None:
            (elements if fact.each else facts).append(name)
        elif group is not None and group.each and (lists or name not in kept):
            facts.append(name)
            if not lists:
                faults.append(_in_no_cell(name, name))
        elif name not in kept:
            faults.append(_unknown(name, model, wanted))
    faults += _of_elements(elements, facts, model)
    ids = () if wanted.case_id is None else (wanted.case_id,)
    for option, asked in zip(wanted.called, (wanted.keep, wanted.ignore, ids), strict=True):
        faults += [
            _fault(
                "IS401",
                f"no column is named `{quoted(name)}`, which {option} asks for",
                name,
                *did_you_mean(name, names),
            )
            for name in asked
            if name not in names
        ]
    is_long = bool(elements) or wanted.case_id is not None
    case_id = wanted.case_id or (CASE if is_long and CASE in carried else None)
    return Heading(tuple(facts), tuple(carried), tuple(elements), tuple(faults), is_long, case_id)


def _of_elements(elements: Sequence[str], facts: Sequence[str], model: Model) -> list[Diagnostic]:
    """What is wrong with the columns of the facts of elements together."""
    faults = []
    for group in dict.fromkeys(model.facts[name].group for name in elements):
        if f"{group}.name" not in elements:
            help_ = f"give a column `{group}.name`, so that each {group} of a case has a name of its own"
            faults.append(
                _fault("IS406", f"no column says which `{group}` a row is about", f"{group}.name", help_)
            )
        if group in facts:
            help_ = f"keep the column `{group}`, or those that begin with `{group}.`"
            faults.append(_fault("IS403", f"the list `{group}` is given twice", group, help_))
    return faults


def twice(names: Collection[str]) -> list[Diagnostic]:
    """The names that more than one column has."""
    counts: dict[str, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    help_ = "keep the one that is right, and leave out the other"
    return [
        _fault("IS403", f"two columns are named `{quoted(name)}`", name, help_)
        for name, count in counts.items()
        if count > 1
    ]


def _unknown(name: str, model: Model, wanted: Wanted) -> Diagnostic:
    if not name.strip():
        return _fault("IS401", "a column has no name", None, "name it in the heading, or delete the column")
    known = [*(fact.path for fact in model.facts.values()), CASE]
    plain = [fact.path for fact in model.facts.values() if fact.name == name and not fact.each]
    help_ = (f"a column is named group and fact: `{plain[0]}`",) if plain else did_you_mean(name, known)
    keep, ignore, _ = wanted.called
    otherwise = f"if it is no fact, say {keep} to carry it through or {ignore} to leave it out"
    return _fault("IS401", f"no fact is named `{quoted(name)}`", name, *help_, otherwise)


def _in_no_cell(name: str, group: str) -> Diagnostic:
    message = f"`{group}` is a list, which does not fit in one cell of a table"
    return _fault(
        "IS401",
        message,
        name,
        f"give each {group} a row of its own, with columns `{group}.name`, `{group}.…`, and the same `{CASE}` in the"
        " rows of one case",
        f'or give the cases as NDJSON: "{group}": [{{"name": …}}]',
    )


def _fault(code: str, message: str, name: str | None, *help_: str) -> Diagnostic:
    return Diagnostic(code, message, help=help_, path=None if name is None else quoted(name))
