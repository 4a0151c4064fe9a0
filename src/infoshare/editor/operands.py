"""What can stand after an operator: what a fact of this type can be said to be, and nothing that would be a fault there.

Values first, then the words and the facts of the right type. Read off the words before and the declared types, so that it
is there while a policy does not load.
"""

import re
from collections.abc import Callable, Iterator
from typing import Literal, assert_never

from infoshare.editor.scope import Scope
from infoshare.meaning.term_binding import Kind, kind_of
from infoshare.syntax import tree as t
from infoshare.values import frozen


@frozen
class Operand:
    """Something that can stand there.

    Attributes:
        detail: a few words beside it.
    """

    text: str
    kind: Literal["value", "fact", "define", "group", "word"] = "value"
    detail: str = ""


_PATH = r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*"
_ASKED = re.compile(
    rf"(?P<fact>{_PATH})(?:\s+(?P<words>is(?:\s+not)?(?:\s+one\s+of)?|is\s+exactly|includes(?:\s+(?:any|all|none)\s+of)?"
    r"|is\s+(?:at\s+(?:least|most)|(?:more|less)\s+than))(?:\s+|\s*(?P<bracket>\()\s*)|\s*(?P<sign>[<>]=?)\s*)"
    r'(?P<named>(?:(?:[a-z0-9_.-]+|"[^"]*")\s*,\s*)*)\Z'
)
_ELEMENT = re.compile(r'([a-z][a-z0-9_]*)\s*"[^"]*"\s*\((?:[^()"]|"[^"]*"|\([^()]*\))*\Z')
_YEARS = re.compile(r"\byears\s+between\s+[^<>=]*\band\s+\Z")
_IN_HAND = re.compile(
    r"\b(?:any|every|no|each|exactly \d+|least \d+|most \d+)\s+([a-z0-9_]+)(?:\s+and\s+(recipient)\b)?"
)
_IN_ORDER = ("at least", "at most", "less than", "more than")


def element(before: str) -> str | None:
    """The list of which an element is being given: `person "Ann" (|`."""
    found = _ELEMENT.search(before)
    return found[1] if found else None


def in_hand(before: str) -> set[str]:
    """The lists of which one element is spoken in the clause that is being written."""
    return {group for match in _IN_HAND.finditer(before) for group in match.groups() if group}


def operands(scope: Scope, before: str) -> tuple[Operand, ...] | None:
    """What can stand at the end of a stretch of text; None where no operator of a fact that is declared stands there."""
    asked = _ASKED.search(before)
    if asked is None:
        return None
    path, group = asked["fact"], element(before)
    if "." not in path and group is not None:
        path = f"{group}.{path}"
    fact = scope.fact(path)
    if fact is None:
        return None
    named = {word.strip() for word in asked["named"].split(",")}
    given = before.lstrip().startswith("scenario")
    if given and named - {""} and isinstance(fact.type, t.OneOf | t.YesNo):
        return None  # a fact is given one value: another fact comes after the comma
    if given:
        found = _given(
            scope, path, fact, exactly=bool(asked["words"]) and "exactly" in asked["words"], before=before
        )
    elif asked["sign"]:
        years = _YEARS.search(before[: asked.start()]) is not None
        found = terms(scope, _kinds(fact) if not years else ("number",), before, but=path)
    else:
        found = _said(scope, path, fact, " ".join(asked["words"].split()), before)
    several = bool(named - {""})
    return tuple(each for each in found if each.text not in named and not (several and each.kind == "word"))


def _said(scope: Scope, path: str, fact: t.FactDecl, how: str, before: str) -> Iterator[Operand]:
    """What a clause can say of a fact."""
    words = how.removeprefix("is ")
    if words in _IN_ORDER:
        yield from _in_order(scope, path, fact, words, before)
        return
    alone, is_set = how in {"is", "is not"}, how == "is exactly" or how.startswith("includes")
    match fact.type:
        case t.SomeOf():
            yield from _options(scope, path) if is_set else _of_nobody(how)
        case t.Reference(of, many):
            if many == is_set:
                yield from _in_hand(scope, of.text, before)
                if not how.endswith("one of"):
                    yield from _referring(scope, path, of.text, before)
                yield from _more(how, in_order=False)
            elif many:
                yield from _of_nobody(how)
            if not many and alone:
                yield Operand("none of them", "word")
        case _ if is_set:
            return
        case t.OneOf(_, in_order):
            yield from _options(scope, path)
            yield from _more(how, in_order=in_order)
        case t.YesNo():
            yield from (Operand("yes"), Operand("no"))
        case t.NumberType() | t.DateType():
            yield from _values(scope, _kinds(fact))
            yield from _more(how, in_order=True)
        case t.TextType():
            yield from _more(how, in_order=False)
        case _:
            assert_never(fact.type)


def _of_nobody(how: str) -> Iterator[Operand]:
    """What `is` says of what may be several."""
    if how in {"is", "is not"}:
        yield Operand("empty")
    if how == "is":
        yield Operand("exactly", "word")


def _more(how: str, *, in_order: bool) -> Iterator[Operand]:
    """The words with which `is` goes on."""
    if how == "is":
        yield Operand("not", "word")
        yield from (Operand(each, "word") for each in _IN_ORDER if in_order)
    if how in {"is", "is not"}:
        yield Operand("one of", "word")


def _in_order(scope: Scope, path: str, fact: t.FactDecl, how: str, before: str) -> Iterator[Operand]:
    """What stands after `is at least`; nothing is less than the first value, and nothing more than the last."""
    if isinstance(fact.type, t.OneOf) and fact.type.in_order:
        options = tuple(_options(scope, path))
        yield from options[how == "less than" : len(options) - (how == "more than")]
    else:
        yield from terms(scope, _kinds(fact), before, but=path)


def _given(scope: Scope, path: str, fact: t.FactDecl, *, exactly: bool, before: str) -> Iterator[Operand]:
    """What a scenario can give as the answer to a fact."""
    yield from _options(scope, path)
    several = False
    match fact.type:
        case t.YesNo():
            yield from (Operand("yes"), Operand("no"))
        case t.Reference(of, many):
            several = many
            names = dict.fromkeys(re.findall(rf'\b{of.text}\s+("[^"\n]+")', before))
            yield from (Operand(name, "value", f"the {of.text} that is given") for name in names)
            if not exactly:
                yield Operand("empty" if many else "none of them")
        case t.SomeOf(options):
            several = True
            if not exactly:
                none = "none" if all(option.value.text != "none" for option in options) else "empty"
                yield Operand(none, detail="none of these")
        case t.OneOf() | t.NumberType() | t.DateType() | t.TextType():
            pass
        case _:
            assert_never(fact.type)
    if not exactly:
        yield Operand("unsure", detail="asked, and not known")
    if several and not exactly:
        yield Operand("exactly", "word")


def _options(scope: Scope, path: str) -> Iterator[Operand]:
    return (Operand(each.value.text, detail=each.label or "") for each in scope.options(path))


def _in_hand(scope: Scope, group: str, before: str) -> Iterator[Operand]:
    """The one of a list that is in hand."""
    if group in in_hand(before):
        found = scope.group(group)
        yield Operand(group, "group", found.phrase if found else "")


def _referring(scope: Scope, path: str, group: str, before: str) -> Iterator[Operand]:
    """The other references that name one of the same list."""

    def fits(type_: t.TypeExpr) -> bool:
        return isinstance(type_, t.Reference) and not type_.many and type_.group.text == group

    yield from _facts(scope, fits, before, but=path)


def terms(scope: Scope, kinds: tuple[Kind, ...], before: str, *, but: str = "") -> Iterator[Operand]:
    """What can be compared with something: values and facts of these kinds, and what is counted from them."""
    if not kinds:
        return
    yield from _values(scope, kinds)
    wanted = tuple(type_ for kind, type_ in (("number", t.NumberType), ("date", t.DateType)) if kind in kinds)
    yield from _facts(scope, lambda type_: isinstance(type_, wanted), before, but=but)
    if "date" in kinds:
        for each in scope.of("term"):
            if isinstance(each.node, t.ValueDecl) and _kind(each.node) == "duration":
                yield Operand(each.symbol[1], "define", "before or after a date")
    if "number" in kinds:
        yield Operand("years between", "word")


def _values(scope: Scope, kinds: tuple[Kind, ...]) -> Iterator[Operand]:
    """What has a name and is of these kinds."""
    if "date" in kinds:
        yield Operand("today")
    for each in scope.of("term"):
        if isinstance(each.node, t.ValueDecl) and _kind(each.node) in kinds:
            told = ", ".join(step.span.text for step in (*each.node.steps, *each.node.entries))
            yield Operand(each.symbol[1], "define", told)


def _facts(scope: Scope, fits: Callable[[t.TypeExpr], bool], before: str, *, but: str) -> Iterator[Operand]:
    """The facts of some types, those of a list where one element of it is in hand."""
    hands = in_hand(before)
    for each in scope.of("fact"):
        path = each.symbol[1]
        if path != but and isinstance(each.node, t.FactDecl) and fits(each.node.type):
            group = scope.group(path.partition(".")[0])
            if group is None or not group.each or group.group.text in hands:
                yield Operand(path, "fact", each.node.phrase)


def _kinds(fact: t.FactDecl) -> tuple[Kind, ...]:
    """What a fact can be compared with; nothing, where it has no order."""
    match fact.type:
        case t.NumberType():
            return ("number",)
        case t.DateType():
            return ("date",)
        case t.YesNo() | t.OneOf() | t.SomeOf() | t.TextType() | t.Reference():
            return ()
        case _:
            assert_never(fact.type)


def _kind(node: t.ValueDecl) -> Kind | None:
    """What a value holds; None while nothing is written of it."""
    written = [*(step.literal for step in node.steps), *(entry.literal for entry in node.entries)]
    return kind_of(written[0]) if written else None
