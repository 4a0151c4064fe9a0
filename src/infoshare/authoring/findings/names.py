"""What a policy declares and never uses: sources, facts, defines and values.

A library declares for others, so nothing is said of what it declares. What any file that was read refers to is
used, scenarios aside: they give facts that no clause may ask for.
"""

from collections.abc import Iterable, Iterator

import attrs

from infoshare.authoring.findings.finding import Checked, Finding, found, nodes
from infoshare.syntax import tree as t


@attrs.frozen
class Used:
    """The names that some files refer to."""

    facts: frozenset[str]
    sources: frozenset[str]
    terms: frozenset[str]


def used(everything: Iterable[Checked]) -> dict[str, Used]:
    """For each file, by path, what those refer to that were loaded with it."""
    collected: dict[str, list[Used]] = {}
    by_file: dict[str, Used] = {}
    for checked in everything:
        for file in checked.files:
            if file.path not in by_file:
                by_file[file.path] = _referred_to(file.tree)
        together = [by_file[file.path] for file in checked.files]
        for file in checked.files:
            collected.setdefault(file.path, []).extend(together)
    return {
        path: Used(
            frozenset[str]().union(*(u.facts for u in uses)),
            frozenset[str]().union(*(u.sources for u in uses)),
            frozenset[str]().union(*(u.terms for u in uses)),
        )
        for path, uses in collected.items()
    }


def _referred_to(file: t.File) -> Used:
    facts: set[str] = set()
    sources: set[str] = set()
    terms: set[str] = set()
    for declaration in file.declarations:
        for node in nodes(declaration):
            match node:
                case t.Cite(source):
                    sources.add(source.text)
                case t.Path() if not isinstance(declaration, t.Scenario):
                    facts.add(node.text)
                case t.Holds(t.Name(name)) | t.Word(name):
                    terms.add(name)
                case t.Compare(left, _, right):
                    terms.update(side.text for side in (left, right) if isinstance(side, t.Name))
                case t.Offset(amount, _, base):
                    terms.update(part.text for part in (amount, base) if isinstance(part, t.Name))
                case _:
                    pass
    return Used(frozenset(facts), frozenset(sources), frozenset(terms))


def unused(checked: Checked, use: Used) -> Iterator[Finding]:
    """What the policy of the file itself declares in vain."""
    if checked.header is None:
        return
    for node in checked.main.tree.declarations:
        match node:
            case t.SourceDecl(name) if name.text not in use.sources:
                yield _unused("IS502", "source", name, name.text, "cite it, or take it out")
            case t.FactsDecl(group, _, facts):
                for fact in facts:
                    path = f"{group.text}.{fact.name.text}"
                    if path not in use.facts:
                        yield _unused(
                            "IS503", "fact", fact.name, path, "no answer to it changes anything: take it out"
                        )
            case t.DefineDecl(name) if name.text not in use.terms:
                yield _unused("IS504", "define", name, name.text, "use it, or take it out")
            case t.ValueDecl(name) if name.text not in use.terms:
                yield _unused("IS505", "value", name, name.text, "use it, or take it out")
            case _:
                pass


def _unused(code: str, kind: str, name: t.Name, text: str, advice: str) -> Finding:
    return found(code, f"the {kind} `{text}` is never used", name.span, help=(advice,), about=[text])
