"""What clauses come to together, in every case: silences, guarantees that fail; and whether all could be tried.

Exact for facts that are compared with constants, and each with a case that shows it and that was decided.
Deliberately not here: clauses that clash (`clashes`) or never act (`idle`), and conditions by themselves (`truths`).
"""

from collections.abc import Iterator

from infoshare.analysis.search import Search, Verdict
from infoshare.authoring.findings.finding import Checked, Finding, found, listed
from infoshare.authoring.findings.witness import told
from infoshare.meaning.model import Guarantee
from infoshare.outcome import Basis


def interplay(checked: Checked, search: Search) -> Iterator[Finding]:
    """Every finding of this kind about a policy as it was loaded."""
    yield from _silence(checked, search)
    for guarantee in checked.model.guarantees.values():
        yield from _breach(checked, search, guarantee)


def too_large(checked: Checked, search: Search) -> Iterator[Finding]:
    """That not every case could be tried, so that what is proved may be missing."""
    if checked.header is not None and not all(analysis.complete for analysis in search.analyses):
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


# --- cases that nothing decides -------------------------------------------------------------------


def _silence(checked: Checked, search: Search) -> Iterator[Finding]:
    header = checked.header
    if header is None or not checked.model.clauses:
        return
    for analysis in search.analyses:
        shown = search.shown(
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
                ),
                shown=told(checked, shown, "No clause decides this case"),
                about=[header.name.text],
            )
            return


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
