"""Clauses that never act: always set aside, always defeated, never where their target is.

Each is proved over every case, on every day. Deliberately not here: clauses whose own condition keeps them from ever
holding (`conditions`).
"""

from collections.abc import Iterator
from typing import assert_never

from infoshare.analysis.every_case import Analysis
from infoshare.analysis.search import Search
from infoshare.authoring.findings.finding import Checked, Finding, found
from infoshare.diagnostic import Label
from infoshare.meaning.diagram import Diagram
from infoshare.meaning.evaluator import Standing
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
    name = node.name.text
    names, span = _names(checked, name, target)
    if any(search.possible(_meet, name, each) for each in names):
        return
    if names and not any(search.possible(_holds, each) for each in names):
        return  # that it never holds is told of itself
    verb = "prevail over" if isinstance(node, t.Clause) else "relax" if node.relaxes else "set aside"
    match target:
        case t.Name(text):
            words = f"`{text}`"
        case t.EveryConsentClause():
            words = "any consent clause"
        case t.AllOtherClauses():
            words = "any other clause"
        case t.EveryClauseOf(part):
            words = f"any clause of `{part.text}`"
        case _:
            assert_never(target)
    why = "every case was tried: never do both apply" if names else "there is none that does not say `must`"
    yield found(
        "IS608",
        f"`{name}` can never {verb} {words}",
        span,
        "never where the other is" if names else "",
        help=(why, "leave it out, or correct the condition of one of the two" if names else "leave it out"),
        about=[name, *names],
    )


def _names(checked: Checked, by: str, target: t.Target) -> tuple[list[str], Span]:
    """The names that a target stands for; a blanket one for all that no other target of the clause names."""
    if isinstance(target, t.Name):
        return [target.text], target.span
    model = checked.model
    if isinstance(target, t.EveryConsentClause):
        consent = [c.name for c in model.clauses.values() if c.kind == "consent" and not c.must]
        return consent, target.span
    acted_on = [name for name in model.targets.get(by, ()) if name in model.clauses]
    if isinstance(target, t.EveryClauseOf):
        acted_on = [name for name in acted_on if model.clauses[name].part == target.part.text]
    return [name for name in acted_on if not model.clauses[name].must], target.span


# --- where something is so ------------------------------------------------------------------------
# In some row, where each has an outcome of its own; of what is for each of a list, of some element.


def _holds(analysis: Analysis, name: str) -> Diagram:
    """A safeguard, which may hold for one row only, is taken to wherever it is in force."""
    return analysis.somewhere(lambda standing: _held(analysis, standing, name))


def _held(analysis: Analysis, standing: Standing, name: str) -> Diagram:
    if name in standing.holds:
        return standing.holds[name]
    safeguard = analysis.model.safeguards.get(name)
    in_force = safeguard is not None and analysis.model.in_force(safeguard, analysis.day)
    return analysis.view.world.diagrams.of(in_force)


def _left(analysis: Analysis, name: str) -> Diagram:
    """It holds and no exception sets it aside."""
    exceptions = analysis.model.set_aside_by.get(name, ())

    def left(standing: Standing) -> Diagram:
        if name in standing.applies:
            return standing.applies[name]
        aside = analysis.view.world.diagrams.either(standing.applies[e] for e in exceptions)
        return _held(analysis, standing, name) & ~aside

    return analysis.somewhere(left)


def _applies(analysis: Analysis, name: str) -> Diagram:
    return analysis.somewhere(lambda standing: standing.applies[name])


def _stands(analysis: Analysis, name: str) -> Diagram:
    return analysis.somewhere(lambda standing: standing.stands[name])


def _defeats(analysis: Analysis, override: str, name: str) -> Diagram:
    return analysis.somewhere(lambda standing: standing.applies[name] & standing.stands[override])


def _meet(analysis: Analysis, actor: str, target: str) -> Diagram:
    def meet(standing: Standing) -> Diagram:
        acts, holds = standing.applies_of.get(actor), standing.holds_of.get(target)
        if acts is None or holds is None:
            return standing.applies[actor] & _held(analysis, standing, target)
        together = (where & holds[element] for element, where in acts.items() if element in holds)
        return analysis.view.world.diagrams.either(together)

    return analysis.somewhere(meet)
