"""What a policy declares and never uses: sources, facts, defines and values; and facts that only advice asks for.

A library declares for others, so nothing is said of what it declares, but for the facts of a vocabulary that a single
policy uses: it is that policy's own. Until it asks for one of them, they are what it starts from. What any file that was read refers to is used, scenarios aside: they give facts
that no clause may ask for.
"""

from collections.abc import Iterable, Iterator

import attrs

from infoshare.authoring.findings.finding import Checked, Finding, found, nodes
from infoshare.meaning.model import Model
from infoshare.meaning.types import Reference
from infoshare.syntax import tree as t


@attrs.frozen
class Used:
    """The names that some files refer to.

    Attributes:
        deciding: the facts among them on which anything but advice can depend.
        policies: the policies that were loaded with the file.
    """

    facts: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    terms: frozenset[str] = frozenset()
    deciding: frozenset[str] = frozenset()
    policies: frozenset[str] = frozenset()

    def __or__(self, other: "Used") -> "Used":
        return Used(*(mine | theirs for mine, theirs in zip(_sets(self), _sets(other), strict=True)))


def _sets(used: Used) -> tuple[frozenset[str], ...]:
    return used.facts, used.sources, used.terms, used.deciding, used.policies


def used(everything: Iterable[Checked]) -> dict[str, Used]:
    """Collects, by the path of a file, the names that all files loaded with it refer to."""
    collected: dict[str, Used] = {}
    for checked in everything:
        together = _referred_to(checked)
        for file in checked.files:
            collected[file.path] = collected.get(file.path, Used()) | together
    return collected


def _referred_to(checked: Checked) -> Used:
    """Collects the names that a file and those that it uses refer to."""
    declared = [d for file in checked.files for d in file.tree.declarations]
    by_declaration = [(d, _names_in(d, checked.model)) for d in declared]
    everything = Used()
    for _, names in by_declaration:
        everything |= names
    defines = {d.name.text: names for d, names in by_declaration if isinstance(d, t.DefineDecl)}
    pending = [n for d, n in by_declaration if not isinstance(d, t.Advice | t.DefineDecl | t.Scenario)]
    deciding, followed = set[str](), set[str]()
    while pending:
        names = pending.pop()
        deciding |= names.facts
        pending += [defines[term] for term in names.terms & defines.keys() - followed]
        followed |= names.terms
    policies = frozenset(d.name.text for d in declared if isinstance(d, t.PolicyDecl))
    return attrs.evolve(everything, deciding=frozenset(deciding), policies=policies)


def _names_in(declaration: t.Declaration, model: Model) -> Used:
    facts: set[str] = set()
    sources: set[str] = set()
    terms: set[str] = set()
    for node in nodes(declaration):
        match node:
            case t.Cite(source):
                sources.add(source.text)
            case t.Path() if not isinstance(declaration, t.Scenario):
                for name in named_by(node, model):
                    (facts if name in model.facts else terms).add(name)
            case t.Holds(t.Name(name)) | t.Word(name):
                terms.add(name)
            case t.Compare(left, _, right) | t.Sum(left, _, right) | t.YearsBetween(left, right):
                terms.update(side.text for side in (left, right) if isinstance(side, t.Name))
            case t.Offset(amount, _, base):
                terms.update(part.text for part in (amount, base) if isinstance(part, t.Name))
            case _:
                pass
    return Used(frozenset(facts), frozenset(sources), frozenset(terms))


def named_by(path: t.Path, model: Model) -> Iterator[str]:
    """The facts that a path goes through, and the fact or the define that it ends at."""
    first = f"{path.group}.{path.fact}"
    if first not in model.facts and path.fact in model.defines:
        yield path.fact
        return
    yield first
    type_ = model.facts[first].type if path.further and first in model.facts else None
    if path.further and isinstance(type_, Reference):
        yield from named_by(t.Path(type_.group, path.further), model)


def unused(checked: Checked, use: Used) -> Iterator[Finding]:
    """Finds what the file declares and nothing uses."""
    if checked.header is None and (len(use.policies) != 1 or not _asked_of(checked.main.tree, use)):
        return
    for node in checked.main.tree.declarations:
        match node:
            case t.FactsDecl(group, _, facts):
                for fact in facts:
                    if isinstance(fact, t.FactDecl):
                        yield from _fact(fact, f"{group.text}.{fact.name.text}", use)
            case _ if checked.header is None:
                pass  # a library's other names are for whoever uses it next
            case t.SourceDecl(name) if name.text not in use.sources:
                yield _unused("IS502", "source", name, name.text, "cite it, or take it out")
            case t.DefineDecl(name) if name.text not in use.terms:
                yield _unused("IS504", "define", name, name.text, "use it, or take it out")
            case t.ValueDecl(name) if name.text not in use.terms:
                yield _unused("IS505", "value", name, name.text, "use it, or take it out")
            case t.HolidaysDecl(name) if not _counts_working_days(checked.model):
                advice = "no duty is to be done within working days: take them out"
                yield _unused("IS505", "list of holidays", name, name.text, advice)
            case _:
                pass


def _counts_working_days(model: Model) -> bool:
    return any(duty.deadline and duty.deadline.unit == "working days" for duty in model.duties.values())


def _asked_of(file: t.File, use: Used) -> bool:
    """Whether anything asks for a fact of a file: of a vocabulary that is yet to be used, nothing is in vain."""
    return any(
        f"{group.text}.{fact.name.text}" in use.facts
        for group, facts in ((d.group, d.facts) for d in file.declarations if isinstance(d, t.FactsDecl))
        for fact in facts
    )


def _fact(fact: t.FactDecl, path: str, use: Used) -> Iterator[Finding]:
    if path not in use.facts:
        yield _unused("IS503", "fact", fact.name, path, "no answer to it changes anything: take it out")
    elif path not in use.deciding:
        yield found(
            "IS503",
            f"the fact `{path}` decides nothing: only advice asks for it",
            fact.name.span,
            help=(
                "no answer to it changes what is decided: let a clause ask for it, or say in a comment why it is here",
            ),
            about=[path],
        )


def _unused(code: str, kind: str, name: t.Name, text: str, advice: str) -> Finding:
    return found(code, f"the {kind} `{text}` is never used", name.span, help=(advice,), about=[text])
