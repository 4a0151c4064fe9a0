"""Values that an overlay adds to a fact of a policy that it uses, and that pass a `not` of that policy.

Who wrote `is not press` had the values before them that there were: what is new is none of those that they deny, and is
let through. Read off how the used policy is written, through its defines.
"""

from collections.abc import Iterator

from infoshare.authoring.findings.finding import Checked, Finding, found, listed
from infoshare.authoring.findings.names import named_by
from infoshare.diagnostic import Label
from infoshare.syntax import tree as t
from infoshare.text import Span


def overlays(checked: Checked) -> Iterator[Finding]:
    """Yields the facts to which the file adds values that pass a `not`."""
    used = [d for file in checked.files[:-1] for d in file.tree.declarations]
    for group in checked.main.tree.declarations:
        if not isinstance(group, t.FactsDecl):
            continue
        for node in group.facts:
            if isinstance(node, t.MoreOptions):
                path = f"{group.group.text}.{node.name.text}"
                places = list(dict.fromkeys(_Passing(checked, path, used).places()))
                if places:
                    yield _finding(checked, path, node, places)


def _finding(checked: Checked, path: str, node: t.MoreOptions, places: list[Span]) -> Finding:
    before = {
        option.value.text
        for file in checked.files[:-1]
        for group in file.tree.declarations
        if isinstance(group, t.FactsDecl)
        for fact in group.facts
        if f"{group.group.text}.{fact.name.text}" == path and isinstance(fact.type, t.OneOf | t.SomeOf)
        for option in fact.type.options
    }
    new = [option.value.text for option in node.type.options if option.value.text not in before]
    several = len(new) > 1
    return found(
        "IS615",
        f"{listed(new)} of `{path}` {'pass' if several else 'passes'} a `not` of the policy that is used",
        node.name.span,
        f"{'values' if several else 'a value'} that it was not written for",
        also=[Label(place, f"so where it is {listed(new, 'or')}") for place in places],
        help=(
            "check that its paragraph means what is let through by this",
            f"if not, say what follows from {'them' if several else 'it'}: a clause of your own, `when {path} …`",
        ),
        about=[path],
    )


class _Passing:
    """Where conditions deny what a fact is.

    Args:
        used: the declarations of the files that are used.
    """

    def __init__(self, checked: Checked, path: str, used: list[t.Declaration]) -> None:
        self.model, self.path, self.used = checked.model, path, used
        self.defines = {d.name.text: d for d in used if isinstance(d, t.DefineDecl)}
        self.followed = set[tuple[str, bool]]()

    def places(self) -> Iterator[Span]:
        """The tests that are denied, or stand in what is."""
        for node in self.used:
            if isinstance(node, t.Clause | t.Exception_ | t.Duty | t.Safeguard | t.Advice | t.Part):
                said = node.provisions
                for condition, denied in ((said.when, False), (said.unless, True)):
                    if condition is not None:
                        yield from self._in(condition, denied=denied)
                if isinstance(node, t.Safeguard):
                    yield from self._in(node.require, denied=False)

    def _in(self, node: t.Condition, *, denied: bool) -> Iterator[Span]:
        if isinstance(node, t.Is) and self._asks(node.fact):
            if denied is not node.negated:
                yield node.span
        elif isinstance(node, t.Includes) and self._asks(node.fact):
            if denied is not (node.how == "none"):
                yield node.span
        elif isinstance(node, t.Holds):
            yield from self._in_define(node.ref, denied=denied)
        turned = isinstance(node, t.Not) or (
            isinstance(node, t.These | t.Quantified) and node.kind in ("none", "no")
        )
        for item in t.children(node):
            yield from self._in(item, denied=denied is not turned)

    def _in_define(self, ref: t.Path | t.Name, *, denied: bool) -> Iterator[Span]:
        names = [ref.text] if isinstance(ref, t.Name) else [*named_by(ref, self.model)]
        for name in names:
            if name in self.defines and (name, denied) not in self.followed:
                self.followed.add((name, denied))
                yield from self._in(self.defines[name].condition, denied=denied)

    def _asks(self, path: t.Path) -> bool:
        """Whether a path ends at the fact."""
        return [*named_by(path, self.model)][-1:] == [self.path]
