"""Comments that allow a finding: `# allow IS601 legal_bar: the clash is meant, advice decides`.

A code, the names that it concerns if it is meant for some of them only, and after a colon the reason, which is for
readers and must be given. On a line of its own it is for the next declaration or fact, else for the one that it
stands in. One that allows nothing is itself a finding, so that none outlives what it was written for.
Deliberately not here: what is found.
"""

import re
from collections.abc import Iterable, Iterator

import attrs

from infoshare.authoring.findings.finding import Edit, Finding, found
from infoshare.syntax import tree as t
from infoshare.text import Span

_COMMENT = re.compile(r"#\s*allow\s+(?P<code>IS\d{3})(?P<names>[^:]*)(?::(?P<reason>.*))?\Z", re.DOTALL)
_NAME = re.compile(r"[a-z0-9_.]+")
_JOINING = {"and", "x"}
"""Words that people write between two names: `# allow IS601 court x safety: …`."""


@attrs.frozen(eq=False)
class Suppression:
    """One such comment.

    Attributes:
        names: empty where it is for whatever the finding concerns.
        place: the declaration or fact that it is for; None at the end of a file.
    """

    comment: t.Comment
    code: str
    names: frozenset[str]
    reason: str
    place: Span | None

    def allows(self, finding: Finding) -> bool:
        """Whether it is meant for this finding."""
        place = self.place
        if place is None or finding.diagnostic.code != self.code or not self.names <= finding.about:
            return False
        return any(
            label.span.source.path == place.source.path and place.start <= label.span.start < place.end
            for label in finding.diagnostic.labels
        )


def suppressions(file: t.File) -> tuple[Suppression, ...]:
    """Returns the suppressions of a file, in its order."""
    found_: list[Suppression] = []
    for comment in file.comments:
        said = _COMMENT.match(comment.text.rstrip())
        if said is not None:
            names = frozenset(_NAME.findall(said["names"])) - _JOINING
            reason = (said["reason"] or "").strip()
            found_.append(Suppression(comment, said["code"], names, reason, _place(file, comment)))
    return tuple(found_)


Used = frozenset[tuple[str, int]]
"""Where suppressions stand that allowed something: the path of the file, and the offset."""


@attrs.frozen
class Remaining:
    """The findings that are left, those that a comment allows, and the comments that allowed one."""

    findings: tuple[Finding, ...]
    allowed: tuple["Allowed", ...]
    used: Used


@attrs.frozen
class Allowed:
    """A finding that a comment allows, and the reason that it gives (may be empty)."""

    finding: Finding
    reason: str


def applied(findings: Iterable[Finding], files: Iterable[t.File]) -> Remaining:
    """Sorts findings by whether a suppression in some files allows them."""
    by_code: dict[str, list[Suppression]] = {}
    for file in files:
        for suppression in suppressions(file):
            by_code.setdefault(suppression.code, []).append(suppression)
    used: set[tuple[str, int]] = set()
    left: list[Finding] = []
    allowed: list[Allowed] = []
    for finding in findings:
        allowing = [s for s in by_code.get(finding.diagnostic.code, ()) if s.allows(finding)]
        used.update((s.comment.span.source.path, s.comment.span.start) for s in allowing)
        if allowing:
            allowed.append(Allowed(finding, "; ".join(dict.fromkeys(s.reason for s in allowing if s.reason))))
        else:
            left.append(finding)
    return Remaining(tuple(left), tuple(allowed), frozenset(used))


def faults(file: t.File, used: Used) -> Iterator[Finding]:
    """Finds suppressions that allow nothing, or that give no reason."""
    for suppression in suppressions(file):
        span, code = suppression.comment.span, suppression.code
        if (span.source.path, span.start) not in used:
            yield found(
                "IS515",
                f"this allows {code}, which is not found here",
                span,
                help=("take it out", "it is for the declaration that comes next, or that it stands in"),
                fix=_removed(span),
            )
        elif not suppression.reason:
            yield found(
                "IS514",
                f"this allows {code} without a reason",
                span,
                help=(f"say why after a colon: `# allow {code}: …`",),
            )


def _place(file: t.File, comment: t.Comment) -> Span | None:
    """Returns the span of the declaration or fact that a comment is for."""
    at, text = comment.span.start, comment.span.source.text
    line_start = text.rfind("\n", 0, at) + 1
    alone = not text[line_start:at].strip()
    facts = [fact.span for d in file.declarations if isinstance(d, t.FactsDecl) for fact in d.facts]
    groups = [d.span for d in file.declarations if isinstance(d, t.FactsDecl)]
    others = [d.span for d in file.declarations if not isinstance(d, t.FactsDecl)]
    around = [span for span in (*facts, *others) if span.start < at and line_start < span.end]
    if around:
        return around[-1]
    if not alone:
        return next((span for span in groups if span.start < at and line_start < span.end), None)
    following = [span for span in (*groups, *facts, *others) if span.start > at]
    return min(following, key=lambda span: span.start, default=None)


def _removed(span: Span) -> tuple[Edit, ...]:
    """Returns the edit that removes a comment, with its line if it stands alone."""
    text = span.source.text
    line_start = text.rfind("\n", 0, span.start) + 1
    before = text[line_start : span.start]
    if before.strip():
        start = line_start + len(before.rstrip())
        return (Edit(Span(span.source, start, span.end), ""),)
    end = text.find("\n", span.end)
    return (Edit(Span(span.source, line_start, len(text) if end == -1 else end + 1), ""),)
