"""What can be done about what was found: every fix of `check`, the nearest name, and what takes a first draft.

An action is a set of changes. Those that mend without changing what a policy means are `fixes`, and can be made all at
once; the others are drafts, for their author to read.
"""

import re
from collections.abc import Iterator
from itertools import permutations

import attrs

from infoshare.analysis.as_scenario import scenario as scenario_of
from infoshare.analysis.search import Search, Verdict
from infoshare.authoring.checking import CheckUp
from infoshare.authoring.findings import Checked, Finding
from infoshare.authoring.fixes import fixed
from infoshare.diagnostic import Diagnostic
from infoshare.editor.documents import Declared
from infoshare.editor.navigation import Change
from infoshare.editor.scope import Scope
from infoshare.editor.workspace import Workspace
from infoshare.meaning import facts as reading
from infoshare.meaning.consequences import lifted
from infoshare.meaning.diagram import Diagram
from infoshare.meaning.evaluator import Standing
from infoshare.syntax import tree as t
from infoshare.text import Source, Span
from infoshare.values import frozen


@frozen
class Action:
    """Something that can be done.

    Attributes:
        title: what it does, as an order.
        of: the finding that it answers; None where it answers none.
        is_fix: whether it mends, and changes nothing of what the policy means.
        preferred: whether it is what most people would want.
    """

    title: str
    changes: tuple[Change, ...]
    of: Diagnostic | None = attrs.field(default=None, eq=False)
    is_fix: bool = False
    preferred: bool = False


_NEAR = re.compile(r"did you mean `([^`]+)`(?: here)?\?")
_NO_FACT = re.compile(r"no fact is named `([a-z0-9_]+)\.([a-z0-9_]+)`")
_CLASH = re.compile(r'scenario "([a-z0-9_]+) and ([a-z0-9_]+) clash"')
_NO_SOURCE = re.compile(r"no source is named `([a-z0-9_]+)`")


def actions(workspace: Workspace, found: CheckUp, span: Span) -> Iterator[Action]:
    """What can be done about what was found in a stretch of a file.

    Args:
        found: what `Workspace.check_up` found in the same texts.
    """
    path = span.source.path
    fixes = {id(finding.diagnostic): finding for finding in found.findings}
    for diagnostic in found.diagnostics:
        place = diagnostic.span
        if place is None or place.source.path != path or not _meet(place, span):
            continue
        finding = fixes.get(id(diagnostic))
        if finding is not None and finding.fix and _is_safe(finding):
            yield Action(_fix_title(diagnostic), _changes(finding), diagnostic, is_fix=True, preferred=True)
        yield from _nearest(diagnostic, place)
        yield from _declaring(workspace, diagnostic, path)
        yield from _pasted(workspace, diagnostic, path)
        if diagnostic.code == "IS610" and finding is not None:
            yield from _missing_scenario(workspace, finding, path)
        if diagnostic.code == "IS601" and finding is not None:
            yield from _prevailing(workspace, finding, path)


def all_fixes(found: CheckUp, source: Source) -> tuple[Change, ...]:
    """The changes of every fix there is in a file, those that would not go together left out."""
    chosen: list[Finding] = []
    for finding in found.findings:
        here = bool(finding.fix) and all(edit.span.source.path == source.path for edit in finding.fix)
        if here and fixed(source, [*chosen, finding]).count == len(chosen) + 1:
            chosen.append(finding)
    return tuple(change for finding in chosen for change in _changes(finding))


def _meet(a: Span, b: Span) -> bool:
    return a.start <= b.end and b.start <= a.end


def _is_safe(finding: Finding) -> bool:
    return fixed(finding.fix[0].span.source, [finding]).count == 1


def _changes(finding: Finding) -> tuple[Change, ...]:
    return tuple(Change(edit.span, edit.text) for edit in finding.fix)


def _fix_title(diagnostic: Diagnostic) -> str:
    return f"Mend it: {diagnostic.help[0]}" if diagnostic.help else f"Mend it ({diagnostic.code})"


def _nearest(diagnostic: Diagnostic, place: Span) -> Iterator[Action]:
    for sentence in diagnostic.help:
        near = _NEAR.fullmatch(sentence)
        if near is not None and re.fullmatch(r"[\w.:/-]+", place.text.strip('"')):
            quoted = place.text.startswith('"')
            text = f'"{near[1]}"' if quoted else near[1]
            places = [label.span for label in diagnostic.labels if label.span.text == place.text]
            yield Action(
                f"Write `{near[1]}`",
                tuple(Change(each, text) for each in places if each.source.path == place.source.path),
                diagnostic,
                preferred=True,
            )


# --- declare this --------------------------------------------------------------------------------------


def _declaring(workspace: Workspace, diagnostic: Diagnostic, path: str) -> Iterator[Action]:
    scope = workspace.scope(path)
    fact, source = _NO_FACT.match(diagnostic.message), _NO_SOURCE.match(diagnostic.message)
    if fact is not None and diagnostic.span is not None:
        group, name = fact.groups()
        change = _new_fact(workspace, scope, path, group, name, _type_by_use(diagnostic.span))
        if change is not None:
            where = change.span.source.path.rpartition("/")[2]
            yield Action(f"Declare the fact `{group}.{name}` in {where}", (change,), diagnostic)
    if source is not None:
        document = workspace.document(path)
        if document is not None:
            sources = [
                span
                for node, span in document.nodes()
                if isinstance(node, t.SourceDecl | t.Use | t.PolicyDecl)
            ]
            at = sources[-1].end if sources else len(document.text)
            text = f'\n\nsource {source[1]} "{source[1].replace("_", " ").capitalize()}"'
            yield Action(
                f"Declare the source `{source[1]}`",
                (Change(Span(document.source, at, at), text),),
                diagnostic,
            )


def _type_by_use(span: Span) -> str:
    """The type that a fact has to have, by what is asked of it where it stands."""
    after = span.source.text[span.end : span.end + 200]
    value = re.match(
        r"\s+is(?:\s+not)?(?:\s+one\s+of)?\s+([a-z][a-z0-9_]*(?:\s*,\s*[a-z][a-z0-9_]*)*)", after
    )
    if re.match(r"\s+includes\s", after):
        return "some of …"
    if re.match(r"\s*[<>]|\s+is\s+(?:at|more|less)\s", after):
        return "number"
    if value is not None and not value[1].startswith(("yes", "no ", "unsure", "empty")):
        return f"one of {value[1]}"
    return "yes or no"


def _new_fact(
    workspace: Workspace, scope: Scope, path: str, group: str, name: str, type_: str
) -> Change | None:
    """The declaration of a fact: in its group, if that is ours; else in a group of its own, in the vocabulary or here."""
    said = name.replace("_", " ")
    phrase = said if type_ == "yes or no" else f"the {said}"
    text = f'\n  {name} "{phrase}" : {type_}\n    ask "{said.capitalize()}?"'
    there = scope.first("group", group)
    if there is not None:
        if not workspace.is_ours(there.path):
            return None
        return Change(Span(there.whole.source, there.whole.end, there.whole.end), text)
    groups = [each for each in scope.of("group") if workspace.is_ours(each.path)]
    if groups:
        last = groups[-1].whole
        return Change(
            Span(last.source, last.end, last.end),
            f'\n\nfacts about {group} "the {group.replace("_", " ")}"{text}',
        )
    document = workspace.document(path)
    if document is None:
        return None
    heads = [s for n, s in document.nodes() if isinstance(n, t.PolicyDecl | t.Use | t.SourceDecl)]
    at = heads[-1].end if heads else len(document.text)
    return Change(
        Span(document.source, at, at), f'\n\nfacts about {group} "the {group.replace("_", " ")}"{text}'
    )


# --- scenarios -----------------------------------------------------------------------------------------


def _pasted(workspace: Workspace, diagnostic: Diagnostic, path: str) -> Iterator[Action]:
    """The scenario that shows a finding, added to those of the policy."""
    for block in diagnostic.blocks:
        if block.startswith("scenario "):
            change = _at_the_end(workspace, path, block)
            if change is not None and block.strip() not in "\n".join(change.span.source.text.splitlines()):
                where = change.span.source.path.rpartition("/")[2]
                yield Action(f"Add the scenario that shows it to {where}", (change,), diagnostic)
            return


def _at_the_end(workspace: Workspace, path: str, scenario: str) -> Change | None:
    """A scenario at the end of the file that holds those of a policy: its own, or one that uses it."""
    for file in sorted(workspace.policies(path), key=lambda each: _holds_none(workspace, each)):
        document = workspace.document(file)
        if document is not None and workspace.is_ours(file):
            end = len(document.text)
            gap = "\n" if document.text.endswith("\n") else "\n\n"
            newline = "\r\n" if "\r\n" in document.text else "\n"
            text = f"{gap}{scenario.rstrip()}\n".replace("\n", newline)
            return Change(Span(document.source, end, end), text)
    return None


def _holds_none(workspace: Workspace, path: str) -> bool:
    document = workspace.document(path)
    return document is None or not any(isinstance(node, t.Scenario) for node, _ in document.nodes())


def _missing_scenario(workspace: Workspace, finding: Finding, path: str) -> Iterator[Action]:
    """The scenario in which a clause holds that none reaches; found as `check` finds the cases that it shows."""
    checked = workspace.checked(path)
    model = checked.model if checked else None
    names = [
        name
        for name in sorted(finding.about)
        if model and (name in model.clauses or name in model.exceptions)
    ]
    if model and model.header and model.header.name in finding.about:
        names = [*names, *model.clauses]  # none tries the policy: the first will do
    for name in names[:1]:
        text = checked and missing_scenario(checked, name, workspace)
        change = _at_the_end(workspace, path, text) if text else None
        if change is not None:
            where = change.span.source.path.rpartition("/")[2]
            yield Action(
                f"Write the missing scenario for `{name}` into {where}",
                (change,),
                finding.diagnostic,
                preferred=True,
            )


def missing_scenario(checked: Checked, name: str, workspace: Workspace) -> str | None:
    """A scenario in which a clause stands, or in which an exception holds; None where none was found."""
    excepts = name in checked.model.exceptions
    search = checked.once(("search", workspace.today), lambda: Search(checked.model, workspace.today))

    def stands(standing: Standing) -> Diagram:
        return standing.holds[name] if excepts else standing.stands[name]

    def confirms(verdict: Verdict) -> bool:
        return (
            verdict.seen.outlook.certain(verdict.own.standing.holds[name])
            if excepts
            else name in verdict.standing
        )

    for analysis in search.analyses:
        shown = search.shown(analysis, lambda each: each.somewhere(stands), confirms, about=[name])
        if shown is not None and shown.verdict is not None:
            case = reading.read(checked.model, shown.witness.case).case
            title = f"{name} holds" if excepts else f"{name} decides"
            text = scenario_of(checked.model, case, shown.witness.as_of, title, shown.verdict).rstrip()
            if excepts:
                duties = [
                    each.duty for each in lifted(shown.verdict.seen) if name in {c.clause for c in each.by}
                ]
                return "\n".join([text, *(f"    lifting {duty}" for duty in dict.fromkeys(duties)), ""])
            return f"{text}\n" if "because of" in text else f"{text}\n    because of {name}\n"
    return None


# --- which prevails --------------------------------------------------------------------------------------


def _prevailing(workspace: Workspace, finding: Finding, path: str) -> Iterator[Action]:
    """For two clauses that clash, the two ways of saying which goes first."""
    scope = workspace.scope(path)
    told = _CLASH.findall("\n".join(finding.diagnostic.blocks))
    pairs = told or ([tuple(sorted(finding.about))] if len(finding.about) == 2 else [])
    for pair in pairs:
        clauses = [scope.first("provision", name) for name in sorted(pair)]
        for first, second in permutations([each for each in clauses if each is not None], 2):
            change = tuple(_over(first, second)) if workspace.is_ours(first.path) else ()
            if (
                isinstance(first.node, t.Clause)
                and first.node.kind == "consent"
                and _all_consent_is_meant(scope)
            ):
                continue  # as an override it would be no consent clause any more, and no longer be prevailed over
            if change:
                title = f"Say that `{first.symbol[1]}` prevails over `{second.symbol[1]}`"
                yield Action(title, change, finding.diagnostic)


def _all_consent_is_meant(scope: Scope) -> bool:
    """Whether something acts on every consent clause."""
    provisions = [each.node for each in scope.of("provision")]
    targets = [target for node in provisions for target in getattr(node, "targets", ())]
    return any(isinstance(target, t.EveryConsentClause) for target in targets)


def _over(first: Declared, second: Declared) -> Iterator[Change]:
    """The changes that make a clause prevail over another."""
    node, source, name = first.node, first.whole.source, second.symbol[1]
    if not isinstance(node, t.Clause) or not isinstance(second.node, t.Clause):
        return
    if node.effect.closing or (second.node.effect.must and not node.effect.must):
        return  # it would be an error, or a warning of its own
    by = first.whole.start - node.span.start
    if node.targets:
        end = node.targets[-1].span.end + by
        yield Change(Span(source, end, end), f", {name}")
        return
    start = first.whole.start
    yield Change(Span(source, start, start + len(node.kind)), "override")
    end = node.effect.span.end + by
    newline = "\r\n" if "\r\n" in source.text else "\n"
    yield Change(Span(source, end, end), f"{newline}  prevails over {name}")
