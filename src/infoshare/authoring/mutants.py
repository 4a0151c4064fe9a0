"""Makes mutants: a declaration with one spot changed, in every way that an author might slip.

Invariant: each mutant differs from the original in one spot, and says which and how. Deliberately not here:
noticing them (`mutation`); advice, and the `before` and `after` of a duty, which no scenario can speak of; what is
promised (guarantees, impossibles), the vocabulary, and words for people.
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
    "negated", "joined", "dropped", "bound", "effect", "switched off", "target", "timing", "quantifier"
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


def mutants(node: t.Declaration) -> Iterator[Mutant]:
    """Yields every mutant of a declaration, roughly in the order of its text."""
    match node:
        case t.Clause() | t.Exception_() | t.Duty() | t.Safeguard():
            name = node.name.text
            for (kind, what, span), changed in _declared(node):
                yield Mutant(name, kind, what, span, changed)
        case t.DefineDecl():
            for (kind, what, span), condition in _condition(node.condition):
                yield Mutant(node.name.text, kind, what, span, attrs.evolve(node, condition=condition))
        case t.ValueDecl():
            for index, step in enumerate(node.steps):
                for (kind, what, span), literal in _moved(step.literal):
                    steps = _put(node.steps, index, attrs.evolve(step, literal=literal))
                    yield Mutant(node.name.text, kind, what, span, attrs.evolve(node, steps=steps))
        case _:
            pass


def _declared(node: Declared) -> Iterator[tuple[Spot, Declared]]:
    said, name = node.provisions, node.name
    never = attrs.evolve(said, when=NEVER)
    yield ("switched off", f"`{name.text}` never holds", name.span), attrs.evolve(node, provisions=never)
    match node:
        case t.Clause(effect=effect):
            for changed in _effects(effect):
                what = f"{_effect(effect)} becomes {_effect(changed)}"
                yield ("effect", what, effect.span), attrs.evolve(node, effect=changed)
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
        case t.Holds() | t.Includes():
            yield _negated(node), t.Not(node)
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
        case t.And(items) | t.Or(items) | t.These(_, items):
            yield from _several(node, items)
        case _:
            assert_never(node)


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
        yield ("bound", f"{node.op} becomes {op}", node.span), attrs.evolve(node, op=op)


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


def _effects(effect: t.Effect) -> Iterator[t.Effect]:
    if effect.must:
        yield attrs.evolve(effect, must=False)
    other = Outcome.WITHHOLD if effect.outcome is Outcome.SHARE else Outcome.SHARE
    yield attrs.evolve(effect, outcome=other)


def _effect(effect: t.Effect) -> str:
    return f"`{'must ' if effect.must else ''}{effect.outcome.words}`"


def _timing(timing: t.Timing) -> str:
    return f"{timing.order} {timing.act}"


def _target(target: t.Target) -> str:
    return target.text if isinstance(target, t.Name) else "every consent clause"


def _one_line(text: str) -> str:
    return " ".join(text.split())


_OTHER_ACT = {
    Act.SHARING: Act.WITHHOLDING,
    Act.SEEKING_CONSENT: Act.SHARING,
    Act.WITHHOLDING: Act.SHARING,
    Act.SEEKING_ADVICE: Act.SHARING,
    Act.DECIDING: Act.SHARING,
}

_OTHER_OP: dict[str, Literal["<", "<=", ">", ">="]] = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
