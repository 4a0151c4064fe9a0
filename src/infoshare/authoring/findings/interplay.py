"""Findings about clauses together: clashes, cases that none decides, guarantees that can fail.

A clash is a finding for each pair of clauses, so that a comment can allow it; what is left is told once for a policy,
with a grid of what prevails over what. Exact for facts that are compared with constants, and each with a case that
shows it and that was decided. Deliberately not here: clauses that never act (`idle`), and conditions by themselves
(`truths`).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations, islice

import attrs

from infoshare.analysis.every_case import Analysis
from infoshare.analysis.search import Search, Shown, Verdict
from infoshare.authoring.findings.finding import Checked, Finding, Told, found, listed, told
from infoshare.diagnostic import Label
from infoshare.meaning.diagram import Diagram
from infoshare.meaning.model import SIDES, Clause, Guarantee
from infoshare.meaning.view import View
from infoshare.outcome import Basis


def interplay(checked: Checked, search: Search) -> Iterator[Finding]:
    """Yields silences, closing clauses that meet and guarantees that can fail, for a policy as it was loaded."""
    yield from _silence(checked, search)
    yield from _closing(checked, search)
    for guarantee in checked.model.guarantees.values():
        yield from _breach(checked, search, guarantee)


def too_large(checked: Checked, search: Search) -> Iterator[Finding]:
    """Warns where the budget did not suffice to try every case."""
    every, short = len(search.analyses), sum(not analysis.complete for analysis in search.analyses)
    on = f"on {short} of the {every} days that were looked at " if every > 1 else ""
    if checked.header is not None and short:
        yield found(
            "IS611",
            f"`{checked.header.name.text}` tells more cases apart than can be tried",
            checked.header.name.span,
            help=(
                f"{on}not every case could be tried: what is not found may still be there",
                "take apart what can be decided apart, or ask for less in one clause",
            ),
            about=[checked.header.name.text],
        )


# --- cases that nothing decides -------------------------------------------------------------------


def _silence(checked: Checked, search: Search) -> Iterator[Finding]:
    header = checked.header
    if header is None or not checked.model.clauses:
        return
    for analysis in search.analyses:
        shown = search.shown(analysis, _silent, _is_silent, about=checked.model.clauses)
        if shown is not None:
            yield found(
                "IS602",
                f"there {'are' if shown.verdict is not None else 'may be'} cases that no clause decides",
                header.name.span,
                help=(
                    "write what follows in them, even if that is `seek advice`:"
                    " whoever is told to seek advice then reads why",
                ),
                shown=told(checked, shown, "No clause decides this case"),
                about=[header.name.text],
            )
            return


def _silent(analysis: Analysis) -> Diagram:
    """Where no clause stands in some row."""
    if _decides_of_nothing(analysis.view):
        return analysis.view.world.diagrams.no
    return analysis.somewhere(lambda standing: standing.silence)


def _is_silent(verdict: Verdict) -> bool:
    return verdict.basis is Basis.SILENCE and not _decides_of_nothing(verdict.seen)


def _decides_of_nothing(view: View) -> bool:
    """Whether a side of the rows is given as empty, where clauses speak of each: then there is none to decide of."""
    return view.by_row and any(view.case.elements.get(side) == () for side in SIDES)


# --- closing clauses ------------------------------------------------------------------------------


def _closing(checked: Checked, search: Search) -> Iterator[Finding]:
    """Two closing clauses of one outcome that can stand together; of two outcomes, they clash."""
    closing = [clause for clause in checked.model.clauses.values() if clause.closing]
    for first, second in combinations(closing, 2):
        if first.outcome is not second.outcome:
            continue

        def stand(verdict: Verdict, both: frozenset[str] = frozenset((first.name, second.name))) -> bool:
            return both <= verdict.standing

        both = _both_stand(first.name, second.name)
        names = (first.name, second.name)
        tried = (search.shown(analysis, both, stand, about=names) for analysis in search.analyses)
        shown = next((each for each in tried if each is not None), None)
        if shown is not None:
            yield found(
                "IS614",
                f"`{second.name}` and `{first.name}` {_can(shown)} both close what no other clause decides",
                checked.name_of(second.name),
                also=(Label(checked.name_of(first.name), "and so does this"),),
                help=(
                    "let one of them say it, or give each its own cases: conditions that never meet",
                    f"if both are meant, say so above one of them: `# allow IS614 {first.name}: …`",
                ),
                shown=told(checked, shown, f"{second.name} and {first.name} close it together"),
                about=[first.name, second.name],
            )


def _can(shown: Shown) -> str:
    return "can" if shown.verdict is not None else "may"


# --- guarantees -----------------------------------------------------------------------------------


def _breach(checked: Checked, search: Search, guarantee: Guarantee) -> Iterator[Finding]:
    shown = search.breach(guarantee)
    if shown is not None:
        can = "can" if shown.verdict is not None else "may"
        yield found(
            "IS603",
            f"the guarantee `{guarantee.name}` {can} fail",
            checked.name_of(guarantee.name),
            _against(guarantee, shown.verdict),
            help=("correct the clauses, or promise less",),
            shown=told(checked, shown, f"{guarantee.name} fails"),
            about=[guarantee.name],
        )


def _against(guarantee: Guarantee, verdict: Verdict | None) -> str:
    if verdict is None:
        return ""
    by = listed(sorted(verdict.standing)) if verdict.standing else verdict.basis.words
    decided = f"a case is decided `{verdict.outcome.words}`, because of {by}"
    if guarantee.duty is None:
        return decided
    return f"{decided}, and `{guarantee.duty}` {'is' if guarantee.modality == 'never' else 'is not'} due"


# --- clauses that clash ------------------------------------------------------------------------------


MOST_CLASHES = 50
"""So many pairs are looked for; a policy with more of them has one cause for most."""
_SIGNS = (
    "`?` can, or may, both stand and nothing says which prevails; `>` the clause on the left prevails; `<` the one above does;"
    " `a` allowed by a comment; `.` nothing to settle"
)
WIDEST_GRID = 24
"""So many clauses have room beside one another; of more, the pairs are listed."""
MOST_SCENARIOS = 6
"""So many are shown at once; the others come when the first are settled."""


@attrs.frozen
class Clash(Finding):
    """The finding about one pair of clauses.

    Attributes:
        checked: the policy in which they clash.
        shown: the case that shows it.
    """

    checked: Checked = attrs.field(kw_only=True, eq=False, repr=False)
    first: Clause = attrs.field(kw_only=True)
    second: Clause = attrs.field(kw_only=True)
    shown: Told = attrs.field(kw_only=True)


def clashes(checked: Checked, search: Search) -> Iterator[Clash]:
    """Every pair that can clash, as far as there are not too many."""
    return islice(_clashes(checked, search), MOST_CLASHES)


def _clashes(checked: Checked, search: Search) -> Iterator[Clash]:
    clauses = checked.model.clauses
    seen: set[tuple[str, str]] = set()
    for analysis in search.analyses:
        for pair in analysis.clashes():
            if pair in seen:
                continue
            brief = len(seen) < 2 * MOST_SCENARIOS
            shown = search.shown(analysis, _both_stand(*pair), _confirms(*pair), about=pair, briefly=brief)
            if shown is not None:
                seen.add(pair)
                first, second = pair
                case = told(checked, shown, f"{second} and {first} clash")
                yield _clash(checked, clauses[first], clauses[second], case)


def _both_stand(first: str, second: str) -> Callable[[Analysis], Diagram]:
    return lambda analysis: analysis.both_stand(first, second)


def _confirms(first: str, second: str) -> Callable[[Verdict], bool]:
    return lambda verdict: verdict.basis is Basis.CONFLICT and {first, second} <= verdict.standing


def _clash(checked: Checked, first: Clause, second: Clause, shown: Told) -> Clash:
    can = "can" if shown.scenario is not None else "may"
    finding = found(
        "IS601",
        f"`{second.name}` and `{first.name}` {can} clash, and nothing says which prevails",
        checked.name_of(second.name),
        f"`{second.effect}`",
        also=(Label(checked.name_of(first.name), f"`{first.effect}`"),),
        help=(
            "nothing prevails over a closing clause: give each its own cases, conditions that never meet"
            if first.closing and second.closing
            else "if one of them wins, let it be an override that prevails over the other",
            f"if advice is to decide, say so above one of them: `# allow IS601 {first.name}: …`",
        ),
        shown=shown,
        about=[first.name, second.name],
    )
    return Clash(finding.diagnostic, finding.about, checked=checked, first=first, second=second, shown=shown)


def as_one(left: Sequence[Finding], allowed: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings, with all clashes of a policy told as one, where the first of them stood.

    Args:
        left: the findings to tell.
        allowed: those that a comment allows, for the grid.
    """
    by_policy: dict[str, list[Clash]] = {}
    for finding in left:
        if isinstance(finding, Clash):
            by_policy.setdefault(finding.checked.main.path, []).append(finding)
    result: list[Finding] = []
    for finding in left:
        if not isinstance(finding, Clash):
            result.append(finding)
        elif (pairs := by_policy.pop(finding.checked.main.path, None)) is not None:
            result.append(pairs[0] if len(pairs) == 1 else _together(pairs, allowed))
    return tuple(result)


def _together(pairs: Sequence[Clash], allowed: Iterable[Finding]) -> Finding:
    checked = pairs[0].checked
    model = checked.model
    clauses = [c for c in model.clauses.values() if any(c in (p.first, p.second) for p in pairs)]
    scenarios = [p.shown.scenario for p in pairs if p.shown.scenario is not None]
    certain = len(scenarios) == len(pairs)
    shown = scenarios[:MOST_SCENARIOS]
    count = f"at least {len(pairs)}" if len(pairs) >= MOST_CLASHES else str(len(pairs))
    finding = found(
        "IS601",
        f"{count} pairs of clauses {'can' if certain else 'may'} clash, and nothing says which prevails",
        checked.name_of(clauses[0].name),
        f"`{clauses[0].effect}`",
        also=[Label(checked.name_of(c.name), f"`{c.effect}`") for c in clauses[1:]],
        help=(
            "where one of two wins, let it be an override that prevails over the other",
            "where advice is to decide, say so above one of the two, and name the other: `# allow IS601 NAME: …`",
            *([_SIGNS] if len(clauses) <= WIDEST_GRID else []),
            *dict.fromkeys(p.shown.help for p in pairs),
            *(
                (f"{len(scenarios) - len(shown)} more come when these are settled",)
                if scenarios[MOST_SCENARIOS:]
                else ()
            ),
        ),
        about=[c.name for c in clauses],
    )
    if len(clauses) > WIDEST_GRID:
        grid = "\n".join(f"{pair.second.name} and {pair.first.name}" for pair in pairs)
    else:
        grid = _grid(checked, clauses, pairs, [a for a in allowed if isinstance(a, Clash)])
    return attrs.evolve(finding, diagnostic=attrs.evolve(finding.diagnostic, blocks=(grid, *shown)))


def _grid(
    checked: Checked, clauses: Sequence[Clause], left: Sequence[Clash], allowed: Sequence[Clash]
) -> str:
    """For each two clauses, which prevails, or that nothing says so."""
    over = checked.model.prevailed_over_by
    clashing, meant = ({clash.about for clash in each} for each in (left, allowed))

    def mark(row: str, column: str) -> str:
        pair = frozenset((row, column))
        if pair in clashing:
            return "?"
        if row in over.get(column, ()):
            return ">"
        if column in over.get(row, ()):
            return "<"
        return "a" if pair in meant else " " if row == column else "."

    width = max(len(c.name) for c in clauses)
    cell = len(str(len(clauses)))
    numbers = [str(number).rjust(cell) for number in range(1, len(clauses) + 1)]
    lines = [" ".join([" " * (width + cell + 1), *numbers])]
    for number, row in zip(numbers, clauses, strict=True):
        marks = (mark(row.name, column.name).rjust(cell) for column in clauses)
        lines.append(" ".join([f"{number} {row.name:<{width}}", *marks]).rstrip())
    return "\n".join(lines)
