"""Birthdays on 29 February: `today >= 18 years after X` and `X <= 18 years before today` differ on one day; `years
between X and today` is counted as the first.

Years are counted by the calendar, clamped to the last day of February. Whoever was born on 29 February comes of age on
28 February by the first, and on 1 March by the second. Law differs on which it is, so an author has to choose.
Deliberately not here: months, which are clamped in the same way.
"""

from collections.abc import Iterator
from typing import Literal

from infoshare.authoring.findings.finding import Checked, Finding, found, nodes
from infoshare.diagnostic import Label
from infoshare.meaning.model import Duration
from infoshare.syntax import tree as t
from infoshare.syntax.printer import print_condition

_Op = Literal["<", "<=", ">", ">="]
_MIRRORED: dict[_Op, _Op] = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def leap_days(checked: Checked) -> Iterator[Finding]:
    """Every date that is compared with one some years after a fact."""
    compared = [
        (declaration, node)
        for declaration in checked.main.tree.declarations
        for node in nodes(declaration)
        if isinstance(node, t.Compare)
    ]
    for declaration, node in compared:
        turned = _turned(checked, node)
        if turned is not None:
            beside = [other for _, other in compared if _same(other, turned)]
            yield found(
                "IS613",
                "by this, years that are counted from 29 February are over on 28 February",
                node.span,
                "counted forward from it" if beside else "",
                also=[Label(other.span, "counted back: over on 1 March") for other in beside[:1]],
                help=(
                    f"by `{print_condition(turned)}` they are over on 1 March: law differs, so write the one that yours means",
                    "if this is the one, say so in a comment: `# allow IS613: …`",
                ),
                about=[declaration.name.text] if isinstance(declaration, _NAMED) else (),
            )


_NAMED = (
    t.Clause | t.Exception_ | t.Duty | t.Safeguard | t.Advice | t.Guarantee | t.DefineDecl | t.ImpossibleDecl
)


def _turned(checked: Checked, node: t.Compare) -> t.Compare | None:
    """The same, counted back from the other date; None where no years are counted forward from a fact."""
    for counted, number, op in (
        (node.left, node.right, node.op),
        (node.right, node.left, _MIRRORED[node.op]),
    ):
        if isinstance(counted, t.YearsBetween) and isinstance(counted.first, t.Path):
            return _counted_back(counted, op, number)
    for after, other, op in ((node.left, node.right, node.op), (node.right, node.left, _MIRRORED[node.op])):
        if not isinstance(after, t.Offset) or after.direction != "after" or isinstance(other, t.Number):
            continue
        if isinstance(after.base, t.Path) and _in_years(checked, after.amount):
            return t.Compare(after.base, op, t.Offset(after.amount, "before", other))
    return None


def _counted_back(years: t.YearsBetween, op: _Op, number: t.Term) -> t.Compare | None:
    """`X <= 18 years before today` for `years between X and today >= 18`; None where no number of years is named."""
    if not isinstance(number, t.Number):
        return None
    least = number.value + (op in (">", "<="))
    if least < 1:
        return None
    before = t.Offset(t.Duration(least, "years"), "before", years.second)
    return t.Compare(years.first, "<=" if op in (">", ">=") else ">", before)


def _in_years(checked: Checked, amount: t.Duration | t.Name) -> bool:
    if isinstance(amount, t.Duration):
        return amount.unit == "years"
    steps = checked.model.values[amount.text].steps
    return any(isinstance(step, Duration) and step.unit == "years" for _, step in steps)


def _same(node: t.Compare, turned: t.Compare) -> bool:
    """Whether a comparison counts as many years back from the same date to the same fact."""
    sides = {node.left, node.right}
    return turned.left in sides and turned.right in sides
