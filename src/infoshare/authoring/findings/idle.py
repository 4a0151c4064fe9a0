"""Clauses that never act: always set aside, always defeated, never where their target is.

Each is proved over every case, on every day. Deliberately not here: clauses whose own condition keeps them from ever
holding (`conditions`).
"""

from collections.abc import Iterator

from infoshare.analysis.every_case import Analysis
from infoshare.analysis.search import Search
from infoshare.authoring.findings.finding import Checked, Finding, found
from infoshare.diagnostic import Label
from infoshare.meaning.diagram import Diagram
from infoshare.syntax import tree as t
from infoshare.text import Span


def idle(checked: Checked, search: Search) -> Iterator[Finding]:
    """Yields the clauses of a policy that never act."""
    for name, node in checked.declared.items():
        yield from _always_set_aside(checked, search, name) or _always_defeated(checked, search, name)
        if isinstance(node, t.Clause | t.Exception_) and search.possible(_applies, name):
            for target in node.targets:
                yield from _apart(checked, search, node, target)


def _always_set_aside(checked: Checked, search: Search, name: str) -> list[Finding]:
    exceptions = checked.model.set_aside_by.get(name, ())
    if not exceptions or not search.possible(_holds, name) or search.possible(_left, name):
        return []
    acting = [e for e in exceptions if search.possible(_applies, e)]
    return [
        found(
            "IS606",
            f"`{name}` is set aside in every case in which it holds",
            checked.name_of(name),
            also=[Label(checked.name_of(e), "by this exception") for e in acting],
            help=("every case was tried", "take it out, or narrow the exception"),
            about=[name, *acting],
        )
    ]


def _always_defeated(checked: Checked, search: Search, name: str) -> list[Finding]:
    overrides = checked.model.prevailed_over_by.get(name, ())
    if not overrides or not search.possible(_applies, name) or search.possible(_stands, name):
        return []
    acting = [o for o in overrides if search.possible(_defeats, o, name)]
    return [
        found(
            "IS607",
            f"`{name}` is defeated in every case in which it applies",
            checked.name_of(name),
            also=[Label(checked.name_of(o), "by this override") for o in acting],
            help=("every case was tried", "take it out, or narrow the override"),
            about=[name, *acting],
        )
    ]


def _apart(
    checked: Checked, search: Search, node: t.Clause | t.Exception_, target: t.Target
) -> Iterator[Finding]:
    """Finds a target that never holds where what acts on it applies."""
    name, (names, span) = node.name.text, _names(checked, target)
    if any(search.possible(_meet, name, each) for each in names):
        return
    if names and not any(search.possible(_holds, each) for each in names):
        return  # that it never holds is told of itself
    verb = "prevail over" if isinstance(node, t.Clause) else "set aside"
    words = f"`{target.text}`" if isinstance(target, t.Name) else "any consent clause"
    why = "every case was tried: never do both apply" if names else "there is none that does not say `must`"
    yield found(
        "IS608",
        f"`{name}` can never {verb} {words}",
        span,
        "never where the other is" if names else "",
        help=(why, "leave it out, or correct the condition of one of the two" if names else "leave it out"),
        about=[name, *names],
    )


def _names(checked: Checked, target: t.Target) -> tuple[list[str], Span]:
    if isinstance(target, t.Name):
        return [target.text], target.span
    return [c.name for c in checked.model.clauses.values() if c.kind == "consent" and not c.must], target.span


# --- where something is so ------------------------------------------------------------------------


def _holds(analysis: Analysis, name: str) -> Diagram:
    """A safeguard, which may hold for one row only, is taken to wherever it is in force."""
    holds = analysis.view.standing.holds
    if name in holds:
        return holds[name]
    safeguard = analysis.model.safeguards.get(name)
    in_force = safeguard is not None and analysis.model.in_force(safeguard, analysis.day)
    return analysis.view.world.diagrams.of(in_force)


def _left(analysis: Analysis, name: str) -> Diagram:
    """It holds and no exception sets it aside."""
    exceptions = analysis.model.set_aside_by.get(name, ())
    aside = analysis.view.world.diagrams.either(analysis.view.standing.applies[e] for e in exceptions)
    return _holds(analysis, name) & ~aside


def _applies(analysis: Analysis, name: str) -> Diagram:
    return analysis.view.standing.applies[name]


def _stands(analysis: Analysis, name: str) -> Diagram:
    return analysis.view.standing.stands[name]


def _defeats(analysis: Analysis, override: str, name: str) -> Diagram:
    return _applies(analysis, name) & _stands(analysis, override)


def _meet(analysis: Analysis, actor: str, target: str) -> Diagram:
    return _applies(analysis, actor) & _holds(analysis, target)
