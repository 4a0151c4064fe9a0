"""The names in a declaration: what each stands for, and where it stands.

Turns a node of the tree into mentions. A name whose kind hangs on what other files declare (what follows a dot, a word
in the place of a value) is said as it is written; `scope` finds what it stands for.
"""

import re
from collections.abc import Iterator
from typing import Literal, TypeAlias, assert_never

import attrs

from infoshare.meaning.model import PLACE
from infoshare.syntax import tree as t
from infoshare.text import Span
from infoshare.values import frozen

Space: TypeAlias = Literal[
    "fact", "group", "term", "source", "provision", "part", "policy", "holidays", "option", "further", "file"
]
"""What a name is of. A `fact` may turn out to be a define for each of a list, an `option` a list or a constant."""

_STRING = re.compile(r'"[^"]*"')


@frozen
class Mention:
    """A name, and where it stands.

    Attributes:
        name: of a fact `group.fact`, of an option `group.fact:option`, of what is asked of somebody whom a reference
            names `group.fact.further`; of a file, its path as it is written.
        declares: whether it stands where it is declared.
    """

    space: Space
    name: str
    start: int
    end: int
    declares: bool = False

    def moved(self, by: int) -> "Mention":
        """The same at another place."""
        return attrs.evolve(self, start=self.start + by, end=self.end + by)


def mentions(node: t.Declaration) -> Iterator[Mention]:
    """Every name in a declaration."""
    match node:
        case t.PolicyDecl(name):
            yield _name("policy", name, declares=True)
        case t.Use(path):
            yield Mention("file", path, _string(node.span), node.span.end)
        case t.SourceDecl(name):
            yield _name("source", name, declares=True)
        case t.FactsDecl():
            yield from _facts(node)
        case t.DefineDecl(name, _, condition, for_each):
            yield _name("term", name, declares=True)
            if for_each is not None:
                yield _name("group", for_each)
            yield from _condition(condition)
            yield from _places(node.span)
        case t.ValueDecl(name, _, by, entries):
            yield _name("term", name, declares=True)
            if by is not None:
                yield from _path(by)
                for entry in entries:
                    yield _option(by, entry.option)
        case t.HolidaysDecl(name):
            yield _name("holidays", name, declares=True)
        case t.ImpossibleDecl(name, _, condition):
            yield _name("provision", name, declares=True)
            yield from _condition(condition)
        case t.Part(name, _, provisions):
            yield _name("part", name, declares=True)
            yield from _provisions(provisions)
        case t.Scenario():
            yield from _scenario(node)
        case t.Clause() | t.Exception_() | t.Duty() | t.Safeguard() | t.Advice() | t.Guarantee():
            yield _name("provision", node.name, declares=True)
            yield from _provision(node)
            yield from _provisions(node.provisions)
        case _:
            assert_never(node)


def _provision(
    node: t.Clause | t.Exception_ | t.Duty | t.Safeguard | t.Advice | t.Guarantee,
) -> Iterator[Mention]:
    if not isinstance(node, t.Guarantee) and node.instead_of is not None:
        yield _name("provision", node.instead_of)
    match node:
        case t.Clause(effect=effect, targets=targets):
            yield from _targets(targets)
            match effect.whom:
                case t.Path():
                    yield from _path(effect.whom)
                case t.Name():
                    yield _name("group", effect.whom)
                case t.EachOf(group, condition, within):
                    yield _name("group", group)
                    yield from _path(within) if within else ()
                    yield from _condition(condition)
                case t.Text() | None:
                    pass
                case _:
                    assert_never(effect.whom)
        case t.Exception_(targets=targets):
            yield from _targets(targets)
        case t.Duty(deadline=deadline):
            if deadline is not None and deadline.of is not None:
                yield from _path(deadline.of)
        case t.Safeguard(require=require):
            yield from _condition(require)
        case t.Advice():
            pass
        case t.Guarantee(duty=duty):
            if duty is not None:
                yield _name("provision", duty)
        case _:
            assert_never(node)


def _targets(targets: tuple[t.Target, ...]) -> Iterator[Mention]:
    for target in targets:
        match target:
            case t.Name():
                yield _name("provision", target)
            case t.EveryClauseOf(part):
                yield _name("part", part)
            case t.EveryConsentClause() | t.AllOtherClauses():
                pass
            case _:
                assert_never(target)


def _provisions(provisions: t.Provisions) -> Iterator[Mention]:
    for condition in (provisions.when, provisions.unless):
        if condition is not None:
            yield from _condition(condition)
    yield from _cites(provisions.cites)


def _cites(cites: tuple[t.Cite, ...]) -> Iterator[Mention]:
    for cite in cites:
        yield _name("source", cite.source)


# --- vocabulary --------------------------------------------------------------------------------------


def _facts(node: t.FactsDecl) -> Iterator[Mention]:
    group = node.group.text
    yield _name("group", node.group, declares=True)
    for fact in node.facts:
        path = f"{group}.{fact.name.text}"
        # More options are those of a fact that is declared elsewhere.
        yield Mention("fact", path, *_ends(fact.name.span), declares=isinstance(fact, t.FactDecl))
        match fact.type:
            case t.OneOf(options) | t.SomeOf(options):
                for option in options:
                    yield Mention(
                        "option", f"{path}:{option.value.text}", *_ends(option.value.span), declares=True
                    )
            case t.Reference(of):
                yield _name("group", of)
            case t.YesNo() | t.NumberType() | t.DateType() | t.TextType():
                pass
            case _:
                assert_never(fact.type)
        if isinstance(fact, t.FactDecl):
            match fact.assumed:
                case t.EveryElement(of, condition):
                    yield _name("group", of)
                    yield from _condition(condition)
                case None:
                    pass
                case _:
                    for value in fact.assumed:
                        if isinstance(value, t.Word):
                            yield Mention("option", f"{path}:{value.text}", *_ends(value.span))
    yield from _places(node.span)


def _places(span: Span) -> Iterator[Mention]:
    """The facts whose answers phrases say, as `{group.fact}`."""
    text = span.source.text
    for string in _STRING.finditer(text, span.start, span.end):
        for place in PLACE.finditer(text, string.start(), string.end()):
            yield from _dotted(place[1], place.start(1))


# --- conditions --------------------------------------------------------------------------------------


def _condition(node: t.Condition) -> Iterator[Mention]:
    match node:
        case t.Holds(ref):
            yield from _term(ref)
        case t.Is(fact, values) | t.Includes(fact, values):
            yield from _path(fact)
            yield from _values(fact, values)
        case t.Compare(left, _, right, in_words):
            if in_words and isinstance(left, t.Path) and isinstance(right, t.Name):
                yield from _path(left)
                yield _option(left, right)
            else:
                yield from _term(left)
                yield from _term(right)
        case t.Quantified(_, group, condition, within) | t.Counted(_, _, group, condition, within):
            yield _name("group", group)
            yield from _path(within) if within else ()
            yield from _condition(condition)
        case t.Not() | t.And() | t.Or() | t.These():
            for child in t.children(node):
                yield from _condition(child)
        case _:
            assert_never(node)


def _values(fact: t.Path, values: tuple[t.Value | t.Path | t.NoneOfThem, ...]) -> Iterator[Mention]:
    for value in values:
        match value:
            case t.Path():
                yield from _path(value)
            case t.Word():
                yield _option(fact, value)
            case t.Number() | t.Date() | t.Text() | t.NoneOfThem():
                pass
            case _:
                assert_never(value)


def _term(node: t.Term) -> Iterator[Mention]:
    match node:
        case t.Path():
            yield from _path(node)
        case t.Name():
            yield _name("term", node)
        case t.Number() | t.Date() | t.Today():
            pass
        case t.Offset(amount, _, base):
            if isinstance(amount, t.Name):
                yield _name("term", amount)
            yield from _term(base)
        case t.Sum(left, _, right) | t.YearsBetween(left, right):
            yield from _term(left)
            yield from _term(right)
        case _:
            assert_never(node)


# --- scenarios ---------------------------------------------------------------------------------------


def _scenario(node: t.Scenario) -> Iterator[Mention]:
    yield from _cites(node.cites)
    for given in node.given:
        match given:
            case t.GivenElement(group, _, facts):
                yield _name("group", group)
                for fact in facts:
                    yield from _given(fact)
            case t.GivenNone(group):
                yield _name("group", group)
            case t.GivenHolds() | t.GivenIs():
                yield from _given(given)
            case _:
                assert_never(given)
    then = node.then
    for name in (*then.because_of, *then.with_, *then.without, *then.lifting):
        yield _name("provision", name)
    for asked in then.asking:
        if isinstance(asked, t.Path):
            yield from _path(asked)
        else:
            yield _name("group", asked)
    for left in then.leaving_open:
        if isinstance(left, t.Name):
            yield _name("provision", left)


def _given(node: t.GivenHolds | t.GivenIs) -> Iterator[Mention]:
    yield from _path(node.fact)
    if isinstance(node, t.GivenIs):
        yield from _values(node.fact, node.values)


# --- names -------------------------------------------------------------------------------------------


def _name(space: Space, name: t.Name, *, declares: bool = False) -> Mention:
    start = name.span.start
    return Mention(space, name.text, start, start + len(name.text), declares)


def _option(fact: t.Path, value: t.Name | t.Word) -> Mention:
    return Mention("option", f"{fact.text}:{value.text}", *_ends(value.span))


def _path(path: t.Path) -> Iterator[Mention]:
    if "." not in path.span.text:  # of an element of a scenario, which names its group before
        yield Mention("fact", path.text, *_ends(path.span))
    else:
        yield from _dotted(path.text, path.span.start)


def _dotted(path: str, start: int) -> Iterator[Mention]:
    group, fact, *further = path.split(".")
    yield Mention("group", group, start, start + len(group))
    start += len(group) + 1
    yield Mention("fact", f"{group}.{fact}", start, start + len(fact))
    if further:
        start += len(fact) + 1
        yield Mention("further", path, start, start + len(further[0]))


def _ends(span: Span) -> tuple[int, int]:
    return span.start, span.end


def _string(span: Span) -> int:
    """Where the text of `use` begins."""
    return span.source.text.index('"', span.start)
