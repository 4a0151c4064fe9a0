"""The findings of `check`: warnings about policies that load without an error.

`findings` runs them all: declarations, names, conditions and scenarios file by file, clauses and guarantees policy by
policy; then it drops what comments allow. Invariants: pure; each finding is reported once, however many files lead to
it; one that was proved on the diagrams comes with its proof or with a case that shows it.
Deliberately not here: errors (`infoshare.meaning.resolver`), reading files and printing (the doors).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import partial

from infoshare.analysis.search import Search
from infoshare.authoring import suppression
from infoshare.authoring.findings.declarations import declarations
from infoshare.authoring.findings.finding import Checked, Edit, Finding
from infoshare.authoring.findings.idle import idle
from infoshare.authoring.findings.interplay import as_one, clashes, interplay, too_large
from infoshare.authoring.findings.leap_days import leap_days
from infoshare.authoring.findings.names import Used, unused, used
from infoshare.authoring.findings.nobody import nobody
from infoshare.authoring.findings.overlays import overlays
from infoshare.authoring.findings.presumptions import presumptions
from infoshare.authoring.findings.scenarios import Reached, duplicates, reached, unreached
from infoshare.authoring.findings.truths import truths
from infoshare.authoring.findings.wording import wording
from infoshare.authoring.suppression import Remaining
from infoshare.syntax import tree as t

_QUOTED = re.compile(r"`([^`]+)`")

__all__ = ["Checked", "Edit", "Finding", "about_meaning", "findings", "looked_at"]


def findings(everything: Sequence[Checked], *, today: date, whole: bool = True) -> tuple[Finding, ...]:
    """Returns every warning about the listed files.

    Args:
        everything: the files to look at, and those whose scenarios count for them.
        today: the day on which it is asked.
        whole: whether all files could be loaded; if not, a suppression may be for what could not be found.
    """
    everything = _each_once(everything)
    left = looked_at(everything, today=today)
    about = [checked.main.tree for checked in everything if checked.listed] if whole else []
    about_comments = [fault for file in about for fault in suppression.faults(file, left.used)]
    return (*as_one(left.findings, [each.finding for each in left.allowed]), *about_comments)


def looked_at(everything: Sequence[Checked], *, today: date) -> Remaining:
    """Returns what is found in the listed files, and what of it comments allow; each clash of two clauses by itself."""
    files = {file.path: file.tree for checked in everything for file in checked.files}
    use, reach = used(everything), reached(everything, today)
    found = _once([*_load_warnings(everything), *_all(everything, use, reach, today)])
    return suppression.applied(found, files.values())


def about_meaning(checked: Checked, search: Search, today: date) -> Remaining:
    """Returns the findings about what a policy means, and what of them comments allow."""
    found = _once([*_load_warnings([checked]), *_analysed(checked, search, today)])
    return suppression.applied(found, (file.tree for file in checked.files))


def _each_once(everything: Iterable[Checked]) -> list[Checked]:
    """Keeps each file once; listed if it is listed anywhere."""
    by_path: dict[str, Checked] = {}
    for checked in everything:
        if checked.listed or checked.main.path not in by_path:
            by_path[checked.main.path] = checked
    return list(by_path.values())


def _load_warnings(everything: Iterable[Checked]) -> Iterator[Finding]:
    """Yields the warnings that loading gave."""
    for checked in everything:
        if checked.listed:
            for diagnostic in checked.policy.diagnostics:
                yield Finding(diagnostic, frozenset(_QUOTED.findall(diagnostic.message)))


def _all(
    everything: Sequence[Checked], use: dict[str, Used], reach: Reached, today: date
) -> Iterator[Finding]:
    for checked in everything:
        if checked.listed:
            yield from declarations(checked, today)
            yield from unused(checked, use[checked.main.path])
            yield from wording(checked)
            yield from checked.once(("analysed", today), partial(_whole, checked, today))
            yield from unreached(checked, reach)
    yield from duplicates(everything, today)


def _whole(checked: Checked, today: date) -> tuple[Finding, ...]:
    return tuple(_analysed(checked, None, today))


def _analysed(checked: Checked, search: Search | None, today: date) -> Iterator[Finding]:
    """Yields what bears on what the policy means; nothing for a file of scenarios alone, as its policy has it all."""
    if all(isinstance(node, t.Use | t.Scenario | t.SourceDecl) for node in checked.main.tree.declarations):
        return
    yield from leap_days(checked)
    yield from overlays(checked)
    search = search or Search(checked.model, today)
    yield from truths(checked, search.analyses)
    if checked.header is not None and not search.nothing_possible:
        looked_for = (clashes, interplay, idle, presumptions, nobody)
        answered = [finding for each in looked_for for finding in each(checked, search)]
        yield from too_large(checked, search)
        yield from answered


def _once(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Keeps each finding once: a file may be used by several policies."""
    kept: dict[object, Finding] = {}
    for finding in found:
        diagnostic = finding.diagnostic
        place = (diagnostic.span.source.path, diagnostic.span.start) if diagnostic.span else None
        kept.setdefault((diagnostic.code, diagnostic.message, place), finding)
    return tuple(kept.values())
