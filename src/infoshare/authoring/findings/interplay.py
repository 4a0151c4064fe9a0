"""What clauses come to together, in every case: clashes, silences, guarantees that fail.

Exact for facts that are compared with constants, and each with a case that shows it and that was decided.
Deliberately not here: conditions by themselves (`conditions`), and clauses that never act (`idle`).
"""

from collections.abc import Callable, Iterator
from itertools import islice

from infoshare.authoring.analysis import Analysis
from infoshare.authoring.findings.cases import Cases, Shown, Verdict, told
from infoshare.authoring.findings.finding import Checked, Finding, found, listed
from infoshare.diagnostic import Label
from infoshare.meaning.diagram import Diagram
from infoshare.meaning.model import Clause, Guarantee
from infoshare.outcome import Basis, Outcome

MOST_CLASHES = 50
"""So many pairs are told; a policy with more of them has one cause for most."""


def interplay(checked: Checked, cases: Cases) -> Iterator[Finding]:
    """Every finding of this kind about a policy as it was loaded."""
    yield from _too_large(checked, cases)
    yield from islice(_clashes(checked, cases), MOST_CLASHES)
    yield from _silence(checked, cases)
    for guarantee in checked.model.guarantees.values():
        yield from _breach(checked, cases, guarantee)


def _too_large(checked: Checked, cases: Cases) -> Iterator[Finding]:
    if checked.header is not None and not all(analysis.complete for analysis in cases.analyses):
        yield found(
            "IS611",
            f"`{checked.header.name.text}` tells more cases apart than can be tried",
            checked.header.name.span,
            help=(
                "what is proved over every case may be missing here, and what is not found may still be there",
                "take apart what can be decided apart, or ask for less in one clause",
            ),
            about=[checked.header.name.text],
        )


# --- clauses that clash ---------------------------------------------------------------------------


def _clashes(checked: Checked, cases: Cases) -> Iterator[Finding]:
    clauses = checked.model.clauses
    seen: set[tuple[str, str]] = set()
    for analysis in cases.analyses:
        for clash in analysis.clashes():
            pair = (clash.first, clash.second)
            if pair in seen:
                continue
            shown = cases.shown(analysis, _both_stand(*pair), _confirms_clash(*pair))
            if shown is not None:
                seen.add(pair)
                yield _clash(checked, clauses[clash.first], clauses[clash.second], shown)


def _both_stand(first: str, second: str) -> Callable[[Analysis], Diagram]:
    return lambda analysis: analysis.view.standing.stands[first] & analysis.view.standing.stands[second]


def _confirms_clash(first: str, second: str) -> Callable[[Verdict], bool]:
    def confirms(verdict: Verdict) -> bool:
        return verdict.basis is Basis.CONFLICT and {first, second} <= verdict.standing

    return confirms


def _clash(checked: Checked, first: Clause, second: Clause, shown: Shown) -> Finding:
    can = "can" if shown.verdict is not None else "may"
    return found(
        "IS601",
        f"`{second.name}` and `{first.name}` {can} clash, and nothing says which prevails",
        checked.name_of(second.name),
        f"`{second.effect}`",
        also=(Label(checked.name_of(first.name), f"`{first.effect}`"),),
        help=(
            "if one of them wins, let it be an override that prevails over the other",
            f"if advice is to decide, say so above one of them: `# allow IS601 {first.name}: …`",
            *told(checked, shown, "them clash"),
        ),
        about=[first.name, second.name],
    )


# --- cases that nothing decides -------------------------------------------------------------------


def _silence(checked: Checked, cases: Cases) -> Iterator[Finding]:
    header = checked.header
    if header is None or not checked.model.clauses:
        return
    for analysis in cases.analyses:
        shown = cases.shown(
            analysis, lambda a: a.view.standing.silence, lambda verdict: verdict.basis is Basis.SILENCE
        )
        if shown is not None:
            yield found(
                "IS602",
                f"there {'are' if shown.verdict is not None else 'may be'} cases that no clause decides",
                header.name.span,
                help=(
                    "write what follows in them, even if that is `seek advice`:"
                    " whoever is told to seek advice then reads why",
                    *told(checked, shown, "one"),
                ),
                about=[header.name.text],
            )
            return


# --- guarantees -----------------------------------------------------------------------------------


def _breach(checked: Checked, cases: Cases, guarantee: Guarantee) -> Iterator[Finding]:
    for analysis in cases.analyses:
        for where in _failing(guarantee):
            shown = cases.shown(analysis, where, _confirms_breach(guarantee))
            if shown is not None:
                can = "can" if shown.verdict is not None else "may"
                yield found(
                    "IS603",
                    f"the guarantee `{guarantee.name}` {can} fail",
                    checked.name_of(guarantee.name),
                    _against(guarantee, shown.verdict),
                    help=(
                        "correct the clauses, or promise less",
                        *told(checked, shown, "it fail"),
                    ),
                    about=[guarantee.name],
                )
                return


def _failing(guarantee: Guarantee) -> Iterator[Callable[[Analysis], Diagram]]:
    """Where it fails, outcome by outcome: so the decision of a case that shows it is settled."""
    return (_failing_with(guarantee, outcome) for outcome in Outcome)


def _failing_with(guarantee: Guarantee, outcome: Outcome) -> Callable[[Analysis], Diagram]:
    return lambda analysis: analysis.broken(guarantee) & analysis.view.standing.outcome[outcome]


def _confirms_breach(guarantee: Guarantee) -> Callable[[Verdict], bool]:
    never = guarantee.modality == "never"

    def confirms(verdict: Verdict) -> bool:
        if verdict.basis is Basis.UNKNOWN_FACTS:
            return False
        if guarantee.duty is not None:
            return guarantee.duty in (verdict.due if never else verdict.not_due)
        return (verdict.outcome is guarantee.outcome) is never

    return confirms


def _against(guarantee: Guarantee, verdict: Verdict | None) -> str:
    if verdict is None:
        return ""
    by = listed(sorted(verdict.standing)) if verdict.standing else verdict.basis.words
    decided = f"a case is decided `{verdict.outcome.words}`, because of {by}"
    if guarantee.duty is None:
        return decided
    return f"{decided}, and `{guarantee.duty}` {'is' if guarantee.modality == 'never' else 'is not'} due"
