"""Makes mutants: a declaration with one spot changed, in every way that an author might slip.

Invariant: each mutant differs from the original in one spot, and says which and how. Deliberately not here:
noticing them (`mutation`); advice, and the `before` and `after` of a duty and by when it is done, which no scenario can
speak of; what is promised (guarantees, impossibles), the vocabulary, and words for people.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Literal, TypeAlias, TypeVar, assert_never

import attrs

from infoshare.authoring.conditions import with_child
from infoshare.outcome import Act, Outcome
from infoshare.syntax import tree as t
from infoshare.text import Span

Kind = Literal[
    "negated",
    "joined",
    "dropped",
    "bound",
    "effect",
    "switched off",
    "target",
    "timing",
    "quantifier",
    "scope",
]
Spot: TypeAlias = tuple[Kind, str, Span]
Changed: TypeAlias = Iterator[tuple[Spot, t.Condition]]
N = TypeVar("N", bound=t.Node)
Declared: TypeAlias = t.Clause | t.Exception_ | t.Duty | t.Safeguard

NEVER: t.Condition = t.Or(())


@attrs.frozen
class Mutant:
    """A declaration with one spot changed.

    Attributes:
        name: of the declaration.
        what: what was changed, as a sentence without its full stop.
        span: the spot, in the original text.
        node: the changed declaration.
    """

    name: str
    kind: Kind
    what: str
    span: Span = attrs.field(eq=False, repr=False)
    node: t.Declaration = attrs.field(repr=False)


def mutants(node: t.Declaration, *, should: bool = False) -> Iterator[Mutant]:
    """Yields every mutant of a declaration, roughly in the order of its text.

    Args:
        should: whether its policy tells what should be done from what must be.
    """
    match node:
        case t.Clause() | t.Exception_() | t.Duty() | t.Safeguard():
            name = node.name.text
            for (kind, what, span), changed in _declared(node, should=should):
                yield Mutant(name, kind, what, span, changed)
        case t.Part():
            for (kind, what, span), provisions in _provisions(node.provisions):
                yield Mutant(node.name.text, kind, what, span, attrs.evolve(node, provisions=provisions))
        case t.DefineDecl():
            for (kind, what, span), condition in _condition(node.condition):
                yield Mutant(node.name.text, kind, what, span, attrs.evolve(node, condition=condition))
        case t.ValueDecl():
            for index, step in enumerate(node.steps):
                for (kind, what, span), literal in _moved(step.literal):
                    steps = _put(node.steps, index, attrs.evolve(step, literal=literal))
                    yield Mutant(node.name.text, kind, what, span, attrs.evolve(node, steps=steps))
            for index, entry in enumerate(node.entries):
                for (kind, what, span), literal in _moved(entry.literal):
                    entries = _put(node.entries, index, attrs.evolve(entry, literal=literal))
                    yield Mutant(node.name.text, kind, what, span, attrs.evolve(node, entries=entries))
        case _:
            pass


def _declared(node: Declared, *, should: bool) -> Iterator[tuple[Spot, Declared]]:
    said, name = node.provisions, node.name
    never = attrs.evolve(said, when=NEVER)
    yield ("switched off", f"`{name.text}` never holds", name.span), attrs.evolve(node, provisions=never)
    if node.instead_of is not None:
        spot: Spot = ("target", f"without `instead of {node.instead_of.text}`", node.instead_of.span)
        yield spot, attrs.evolve(node, instead_of=None)
    if node.scope and not isinstance(node, t.Safeguard):
        for scope in ((), *((side,) for side in node.scope if len(node.scope) > 1)):
            fewer = f"for each {scope[0]}" if scope else "for all of them"
            what = f"`for each {' and '.join(node.scope)}` becomes {fewer}"
            yield ("scope", what, name.span), attrs.evolve(node, scope=scope)
    match node:
        case t.Clause(effect=effect):
            for changed in _effects(effect, should=should):
                what = f"{_effect(effect)} becomes {_effect(changed)}"
                yield ("effect", what, effect.span), attrs.evolve(node, effect=changed)
            if isinstance(effect.whom, t.EachOf):
                for spot, condition in _condition(effect.whom.condition):
                    whom = attrs.evolve(effect.whom, condition=condition)
                    yield spot, attrs.evolve(node, effect=attrs.evolve(effect, whom=whom))
        case t.Exception_(relaxes=True):
            yield ("effect", "relaxes becomes sets aside", name.span), attrs.evolve(node, relaxes=False)
        case t.Duty(timings=timings):
            for spot, left in _fewer(timings, "timing", _timing):
                yield spot, attrs.evolve(node, timings=left)
            for index, timing in enumerate(timings):
                other = attrs.evolve(timing, act=_OTHER_ACT[timing.act])
                spot = ("timing", f"{_timing(timing)} becomes {_timing(other)}", timing.span)
                if other not in timings:
                    yield spot, attrs.evolve(node, timings=_put(timings, index, other))
        case t.Safeguard(require=require):
            for spot, condition in _condition(require):
                yield spot, attrs.evolve(node, require=condition)
        case _:
            pass
    if isinstance(node, t.Clause) or (isinstance(node, t.Exception_) and len(node.targets) > 1):
        for spot, targets in _fewer(node.targets, "target", _target):
            yield spot, attrs.evolve(node, targets=targets)
    for spot, provisions in _provisions(said):
        yield spot, attrs.evolve(node, provisions=provisions)


def _provisions(said: t.Provisions) -> Iterator[tuple[Spot, t.Provisions]]:
    if said.when is not None:
        yield ("dropped", "without its `when`", said.when.span), attrs.evolve(said, when=None)
        for spot, condition in _condition(said.when):
            yield spot, attrs.evolve(said, when=condition)
    if said.unless is not None:
        yield ("dropped", "without its `unless`", said.unless.span), attrs.evolve(said, unless=None)
        for spot, condition in _condition(said.unless):
            yield spot, attrs.evolve(said, unless=condition)
    for part in ("start", "end"):
        written = getattr(said, part)
        if written is not None:
            for spot, day in _moved(written):
                yield spot, attrs.evolve(said, **{part: day})


# --- conditions -----------------------------------------------------------------------------------


def _condition(node: t.Condition) -> Changed:
    """Changes the condition itself, then each condition in it."""
    yield from _itself(node)
    for at, child in enumerate(t.children(node)):
        yield from ((spot, with_child(node, at, changed)) for spot, changed in _condition(child))


def _itself(node: t.Condition) -> Changed:
    match node:
        case t.Holds():
            yield _negated(node), t.Not(node)
        case t.Includes(_, options, how):
            yield _negated(node), t.Not(node)
            if how is not None and (len(options) > 1 or how == "exactly"):
                words = {**_INCLUDING, "exactly": "is exactly"}
                other_how = _OTHER_HOW[how]
                what = f"{words[how]} becomes {words[other_how]}"
                yield ("quantifier", what, node.span), attrs.evolve(node, how=other_how)
            for spot, fewer in _fewer(options, "dropped", lambda v: v.span.text):
                yield spot, attrs.evolve(node, values=fewer)
        case t.Is(negated=negated, values=values):
            yield _negated(node), attrs.evolve(node, negated=not negated)
            for spot, left in _fewer(values, "dropped", lambda v: v.span.text):
                if left:
                    yield spot, attrs.evolve(node, values=left)
            for index, value in enumerate(values):
                if isinstance(value, t.Number | t.Date):
                    for spot, moved in _moved(value):
                        yield spot, attrs.evolve(node, values=_put(values, index, moved))
        case t.Compare():
            yield _negated(node), t.Not(node)
            yield from _compared(node)
        case t.Not():
            pass  # what it denies is negated
        case t.Quantified(kind):
            other: Literal["any", "every", "no"] = "every" if kind == "any" else "any"
            yield ("quantifier", f"{kind} becomes {other}", node.span), attrs.evolve(node, kind=other)
            yield from _of_anybody(node)
        case t.Counted(how, number):
            for by in (1, -1):
                if number + by >= 0:
                    what = f"{how} {number} becomes {how} {number + by}"
                    yield ("bound", what, node.span), attrs.evolve(node, number=number + by)
            for other_many in _HOW_MANY:
                if other_many != how:
                    what = f"{how} {number} becomes {other_many} {number}"
                    yield ("quantifier", what, node.span), attrs.evolve(node, how=other_many)
            yield from _of_anybody(node)
        case t.And(items) | t.Or(items) | t.These(_, items):
            yield from _several(node, items)
        case _:
            assert_never(node)


def _of_anybody(node: t.Quantified | t.Counted) -> Changed:
    """Asked of the whole list, and not only of those whom a reference names."""
    if node.within is not None:
        what = f"without `in {node.within.text}`"
        yield ("quantifier", what, node.within.span), attrs.evolve(node, within=None)


def _several(node: t.And | t.Or | t.These, items: tuple[t.Condition, ...]) -> Changed:
    if len(items) > 1:
        match node:
            case t.And():
                yield ("joined", "and becomes or", node.span), t.Or(items)
            case t.Or():
                yield ("joined", "or becomes and", node.span), t.And(items)
            case t.These("none"):
                yield ("joined", "none of these becomes not all of these", node.span), t.Not(t.And(items))
            case t.These(kind):
                other: Literal["any", "all"] = "all" if kind == "any" else "any"
                what = f"{kind} of these becomes {other} of these"
                yield ("joined", what, node.span), attrs.evolve(node, kind=other)
    for spot, left in _fewer(items, "dropped", lambda i: _one_line(i.span.text)):
        if left:
            yield spot, attrs.evolve(node, items=left)


def _compared(node: t.Compare) -> Changed:
    for side in ("left", "right"):
        for spot, term in _moved(getattr(node, side)):
            yield spot, attrs.evolve(node, **{side: term})
    if not any(isinstance(term, t.Number | t.Date) for term in (node.left, node.right)):
        # with a number or a date on one side, this is what moving that by one does
        op = _OTHER_OP[node.op]
        words = _IN_WORDS if node.in_words else {each: each for each in _OTHER_OP}
        what = f"{words[node.op]} becomes {words[op]}"
        yield ("bound", what, node.span), attrs.evolve(node, op=op)


def _moved(term: t.Term | t.Value | t.Duration) -> Iterator[tuple[Spot, Any]]:
    """Moves a literal by one either way; in an offset, its length and its base."""
    match term:
        case t.Number(value):
            for by in (1, -1):
                yield (
                    ("bound", f"{value} becomes {value + by}", term.span),
                    attrs.evolve(term, value=value + by),
                )
        case t.Duration(count, unit):
            for by in (1, -1):
                spot: Spot = ("bound", f"{count} {unit} becomes {count + by} {unit}", term.span)
                if count + by >= 0:
                    yield spot, attrs.evolve(term, count=count + by)
        case t.Date(day):
            for by in (1, -1):
                if date.min < day < date.max:
                    moved = day + timedelta(by)
                    yield ("bound", f"{day} becomes {moved}", term.span), attrs.evolve(term, value=moved)
        case t.Offset(amount, _, base):
            yield from ((spot, attrs.evolve(term, amount=changed)) for spot, changed in _moved(amount))
            yield from ((spot, attrs.evolve(term, base=changed)) for spot, changed in _moved(base))
        case t.Sum(left, op, right):
            other: Literal["plus", "minus"] = "minus" if op == "plus" else "plus"
            yield ("bound", f"{op} becomes {other}", term.span), attrs.evolve(term, op=other)
            yield from ((spot, attrs.evolve(term, left=changed)) for spot, changed in _moved(left))
            yield from ((spot, attrs.evolve(term, right=changed)) for spot, changed in _moved(right))
        case t.YearsBetween(first, second):
            yield from ((spot, attrs.evolve(term, first=changed)) for spot, changed in _moved(first))
            yield from ((spot, attrs.evolve(term, second=changed)) for spot, changed in _moved(second))
        case t.Path() | t.Name() | t.Word() | t.Text() | t.Today():
            pass
        case _:
            assert_never(term)


# --- words ----------------------------------------------------------------------------------------


def _negated(node: t.Condition) -> Spot:
    return "negated", f"`{_one_line(node.span.text)}` is negated", node.span


def _fewer(
    items: tuple[N, ...], kind: Kind, words: Callable[[N], str]
) -> Iterator[tuple[Spot, tuple[N, ...]]]:
    """Leaves out one at a time; only of targets may none be left."""
    if len(items) == 1 and kind != "target":
        return
    for index, item in enumerate(items):
        yield (kind, f"without `{words(item)}`", item.span), (*items[:index], *items[index + 1 :])


def _put(items: Sequence[Any], index: int, item: Any) -> tuple[Any, ...]:
    return (*items[:index], item, *items[index + 1 :])


def _effects(effect: t.Effect, *, should: bool) -> Iterator[t.Effect]:
    if effect.must or effect.should:
        yield attrs.evolve(effect, must=False, should=False)
    if should and (effect.must or effect.should):
        yield attrs.evolve(effect, must=effect.should, should=effect.must)
    if effect.closing:
        yield attrs.evolve(effect, closing=False)
    if effect.whom is not None:
        yield attrs.evolve(effect, whom=None)
    other = Outcome.WITHHOLD if effect.outcome is Outcome.SHARE else Outcome.SHARE
    yield attrs.evolve(effect, outcome=other, whom=None)


def _effect(effect: t.Effect) -> str:
    strength = "must " if effect.must else "should " if effect.should else ""
    whom = "" if effect.whom is None else f" from {_whom(effect.whom)}"
    closing = " where no other clause stands" if effect.closing else ""
    return f"`{strength}{effect.outcome.words}{whom}{closing}`"


def _whom(whom: t.Whom) -> str:
    match whom:
        case t.Text(value):
            return f'"{value}"'
        case t.Path() | t.Name():
            return whom.text
        case t.EachOf(group, _, within):
            return f"each {group.text}{'' if within is None else f' in {within.text}'} (…)"
        case _:
            assert_never(whom)


def _timing(timing: t.Timing) -> str:
    return f"{timing.order} {timing.act}"


def _target(target: t.Target) -> str:
    match target:
        case t.Name(text):
            return text
        case t.EveryConsentClause():
            return "every consent clause"
        case t.AllOtherClauses():
            return "all other clauses"
        case t.EveryClauseOf(part):
            return f"every clause of {part.text}"
        case _:
            assert_never(target)


def _one_line(text: str) -> str:
    return " ".join(text.split())


_OTHER_ACT = {
    Act.SHARING: Act.WITHHOLDING,
    Act.SEEKING_CONSENT: Act.SHARING,
    Act.WITHHOLDING: Act.SHARING,
    Act.SEEKING_ADVICE: Act.SHARING,
    Act.DECIDING: Act.SHARING,
    Act.HOLDING_BACK: Act.SHARING,
}

_OTHER_OP: dict[str, Literal["<", "<=", ">", ">="]] = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
_IN_WORDS = {"<": "is less than", "<=": "is at most", ">": "is more than", ">=": "is at least"}
_INCLUDING = {"any": "includes any of", "all": "includes all of", "none": "includes none of"}
_OTHER_HOW: dict[str, Literal["any", "all", "none", "exactly"]] = {
    "any": "all",
    "all": "any",
    "none": "any",
    "exactly": "all",
}
_HOW_MANY: tuple[Literal["at least", "at most", "exactly"], ...] = ("at least", "at most", "exactly")
