"""Turns a declaration into lines: how deep each is, what it says, and where in its source that was said.

Invariant: a line is as wide as `WIDTH` at most, but for a word that is wider still: a list takes a line an item,
a condition a line an operand, and what is left, such as a long sentence, goes on in the next line.
Deliberately not here: comments (`infoshare.syntax.comments`), what stands within a line (`phrases`).
"""

import re
from collections.abc import Sequence
from typing import assert_never

import attrs

from infoshare.syntax import tree
from infoshare.syntax.phrases import condition, listed, operand, phrase, quoted, type_
from infoshare.syntax.words import PARTS

WIDTH = 114

# Where a line that is too wide may be broken: in a sentence at any space, elsewhere before and/or and after a comma.
_PIECE = re.compile(r'"[^"]*"|[^" ]+| ')


@attrs.frozen
class Line:
    """One line of a declaration.

    Args:
        level: how deep it is indented, in steps of two spaces.
        text: what it says.
        at: where its source says it; None where the tree does not know.
        after: for a line without `at`: a place after which its first word is to be looked for.
    """

    level: int
    text: str
    at: int | None = None
    after: int = 0

    def rendered(self) -> str:
        """The line as it is printed, broken where it is too wide."""
        indent = "  " * self.level
        if len(indent) + len(self.text) <= WIDTH:
            return indent + self.text
        further = indent + ("    " if self.level == 0 else "  ")  # what follows a heading is indented by two
        lead, quote, rest = self.text.partition('"')
        if quote and lead.partition(" ")[0] not in PARTS and len(further) + len(quote + rest) <= WIDTH:
            return f"{indent}{lead.rstrip()}\n{further}{quote}{rest}"
        done, current = [], indent
        for piece in _pieces(self.text):
            if current.strip() and len(current) + len(piece.rstrip()) > WIDTH:
                done.append(current.rstrip())
                current = further
            current += piece
        return "\n".join([*done, current.rstrip()])


def _pieces(text: str) -> list[str]:
    """A line in pieces between which it may be broken; each but the last ends with a space."""
    pieces = [""]
    for match in _PIECE.finditer(text):
        part = match.group()
        if part.startswith('"'):
            first, *rest = part.split(" ")
            pieces[-1] += first
            for word in rest:
                pieces[-1] += " "
                pieces.append(word)
        elif part in {"and", "or"} and pieces[-1].endswith(" "):
            pieces.append(part)
        else:
            breaks = part == " " and pieces[-1].endswith(",")
            pieces[-1] += part
            if breaks:
                pieces.append("")
    return [piece for piece in pieces if piece]


def lines_of(node: tree.Declaration | tree.FactDecl | tree.Provisions | tree.Expectation) -> list[Line]:
    """The lines of a declaration, or of a part of one that takes several."""
    match node:
        case tree.Provisions():
            return _provisions(node, 0, 0)
        case tree.FactDecl():
            return _fact(node, 0)
        case tree.Expectation():
            return _expectation(node, 0)
        case _:
            return _declaration(node)


def _declaration(node: tree.Declaration) -> list[Line]:
    at = node.span.start
    match node:
        case tree.PolicyDecl():
            return [
                Line(0, f"policy {node.name.text} {quoted(node.title)}", at),
                *_text("version", node.version, at),
                *_text("owner", node.owner, at),
                *_date("from", node.start, 1),
                *_date("until", node.end, 1),
                *_date("review by", node.review_by, 1),
            ]
        case tree.Use():
            return [Line(0, f"use {quoted(node.path)}", at)]
        case tree.SourceDecl():
            return _source(node)
        case tree.FactsDecl():
            about = "facts about each" if node.each else "facts about"
            listed_ = " unanswered means none" if node.none_listed else ""
            head = Line(0, f"{about} {node.group.text} {quoted(node.phrase)}{listed_}", at)
            return [head, *_facts(node.facts)]
        case tree.DefineDecl():
            each = f" for each {node.for_each.text}" if node.for_each is not None else ""
            head = Line(0, f"define {node.name.text} {quoted(node.phrase)}{each} as", at)
            return [head, *_condition("", node.condition, 1)]
        case tree.ValueDecl():
            return _value(node)
        case tree.ImpossibleDecl():
            head = Line(0, f"impossible {node.name.text} {quoted(node.why)}", at)
            return [head, *_condition("when ", node.condition, 1)]
        case tree.Clause():
            lines = [
                _head(f"{node.kind} {node.name.text} {quoted(node.statement)}", node),
                Line(1, phrase(node.effect), node.effect.span.start),
            ]
            if node.targets:
                lines += _all("prevails over", node.targets)
            return [*lines, *_scope(node.scope, at), *_provisions(node.provisions, 1, at)]
        case tree.Exception_():
            return [
                _head(f"exception {node.name.text} {quoted(node.statement)}", node),
                *_all("relaxes" if node.relaxes else "sets aside", node.targets),
                *_scope(node.scope, at),
                *_provisions(node.provisions, 1, at),
            ]
        case tree.Duty():
            deadline = node.deadline
            return [
                _head(f"duty {node.name.text} {quoted(node.statement)}", node),
                Line(1, listed(node.timings), node.timings[0].span.start),
                *_scope(node.scope, at),
                *([Line(1, phrase(deadline), deadline.span.start)] if deadline is not None else ()),
                *_provisions(node.provisions, 1, at),
            ]
        case tree.Safeguard():
            return [
                _head(f"safeguard {node.name.text} {quoted(node.statement)}", node),
                *_scope(node.scope, at),
                *_condition("require ", node.require, 1),
                Line(1, f"otherwise {quoted(node.otherwise)}", None, at),
                *_provisions(node.provisions, 1, at),
            ]
        case tree.Advice():
            return [
                _head(f"advice {node.name.text} from {quoted(node.whom)}", node),
                *_scope(node.scope, at),
                *_provisions(node.provisions, 1, at),
            ]
        case tree.Guarantee():
            what = node.outcome.words if node.outcome else f"requires {node.duty.text if node.duty else ''}"
            return [
                Line(0, f"guarantee {node.name.text} {quoted(node.statement)}", at),
                Line(1, f"{node.modality} {what}", None, at),
                *_scope(node.scope, at),
                *_provisions(node.provisions, 1, at),
            ]
        case tree.HolidaysDecl():
            days = [(phrase(day), day.span.start) for day in node.days]
            return _filled(0, f"holidays {node.name.text}", at, days)
        case tree.Part():
            head = Line(0, f"part {node.name.text} {quoted(node.title)}", at)
            return [head, *_provisions(node.provisions, 1, at)]
        case tree.Scenario():
            return _scenario(node)
        case _:
            assert_never(node)


def _head(text: str, node: tree.Clause | tree.Exception_ | tree.Duty | tree.Safeguard | tree.Advice) -> Line:
    """The first line of what may take the place of another."""
    instead = f" instead of {node.instead_of.text}" if node.instead_of is not None else ""
    return Line(0, text + instead, node.span.start)


def _scope(scope: tree.Scope, after: int) -> list[Line]:
    return [Line(1, f"for each {' and '.join(scope)}", None, after)] if scope else []


def _text(word: str, text: str | None, after: int, level: int = 1) -> list[Line]:
    return [] if text is None else [Line(level, f"{word} {quoted(text)}", None, after)]


def _date(word: str, date: tree.Date | None, level: int) -> list[Line]:
    return [] if date is None else [Line(level, f"{word} {phrase(date)}", date.span.start)]


def _fits(level: int, text: str) -> bool:
    return 2 * level + len(text) <= WIDTH


def _source(node: tree.SourceDecl) -> list[Line]:
    at = node.span.start
    head = Line(0, f"source {node.name.text} {quoted(node.title)}", at)
    parts = [*_text("by", node.by, at), *_date("dated", node.dated, 1), *_text("at", node.at, at)]
    whole = " ".join([head.text, *(part.text for part in parts)])
    return [Line(0, whole, at)] if _fits(0, whole) else [head, *parts]


def _value(node: tree.ValueDecl) -> list[Line]:
    by = f" by {node.by.text}:" if node.by is not None else ""
    steps = [(phrase(step), step.span.start) for step in node.steps or node.entries]
    return _filled(0, f"value {node.name.text}{by}", node.span.start, steps)


def _facts(nodes: Sequence[tree.FactDecl | tree.MoreOptions]) -> list[Line]:
    """The facts of a group: a line each with its question where all of them fit on one, else each laid out."""
    whole = [_fact_on_a_line(node) for node in nodes]
    if all(text is not None and _fits(1, text) for text in whole):
        return [Line(1, text or "", node.span.start) for node, text in zip(nodes, whole, strict=True)]
    return [line for node in nodes for line in _fact(node, 1)]


def _fact_on_a_line(node: tree.FactDecl | tree.MoreOptions) -> str | None:
    """A fact and its question, if that is all that is said of it."""
    if isinstance(node, tree.MoreOptions):
        return phrase(node)
    if node.assumed is not None or node.ask_first or node.fixed:
        return None
    ask = "" if node.ask is None else f"  ask {quoted(node.ask)}"
    return f"{node.name.text} {quoted(node.phrase)} : {type_(node.type)}{ask}"


def _fact(node: tree.FactDecl | tree.MoreOptions, level: int) -> list[Line]:
    at = node.span.start
    if isinstance(node, tree.MoreOptions):
        if _fits(level, phrase(node)):
            return [Line(level, phrase(node), at)]
        return [Line(level, f"{node.name.text} also", at), *_type(node.type, level + 1)]
    head = f"{node.name.text} {quoted(node.phrase)} :"
    whole = type_(node.type)
    told = not isinstance(node.type, tree.OneOf | tree.SomeOf) and _fits(
        level + 1, f"{quoted(node.phrase)} : {whole}"
    )
    if told or _fits(level, f"{head} {whole}"):
        lines = [Line(level, f"{head} {whole}", at)]
    else:
        lines = [Line(level, head, at), *_type(node.type, level + 1)]
    if node.assumed is not None:
        lines += _assumed(node.assumed, level + 1)
    lines += _text("ask first" if node.ask_first else "ask", node.ask, at, level + 1)
    # an option, or what a condition compares with, may be called fixed
    said = node.type if node.assumed is None else node.assumed
    end = (said[-1] if isinstance(said, tuple) else said).span.end
    return [*lines, *([Line(level + 1, "fixed", None, end - 1)] if node.fixed else ())]


def _assumed(node: tuple[tree.Value, ...] | tree.EveryElement, level: int) -> list[Line]:
    if isinstance(node, tree.EveryElement):
        return [Line(level, f"unanswered means {phrase(node)}", node.span.start)]
    return [Line(level, f"unanswered means {listed(node)}", node[0].span.start)]


def _type(node: tree.TypeExpr, level: int) -> list[Line]:
    """A type on a line of its own, its options on as many as they need."""
    match node:
        case tree.OneOf(options=options) | tree.SomeOf(options=options):
            word = "one of" if isinstance(node, tree.OneOf) else "some of"
            items = [(phrase(option), option.span.start) for option in options]
            if isinstance(node, tree.OneOf) and node.in_order:
                items[-1] = (f"{items[-1][0]} in order", items[-1][1])
            if _fits(level, type_(node)) or all(option.label is None for option in options):
                return _filled(level, word, node.span.start, items)
            return [Line(level, word, node.span.start), *_one_a_line(level + 1, items)]
        case tree.YesNo() | tree.NumberType() | tree.DateType() | tree.TextType() | tree.Reference():
            return [Line(level, type_(node), node.span.start)]
        case _:
            assert_never(node)


def _one_a_line(level: int, items: Sequence[tuple[str, int]]) -> list[Line]:
    """A list with commas, an item a line."""
    last = len(items) - 1
    return [Line(level, item + ("," if i < last else ""), at) for i, (item, at) in enumerate(items)]


def _all(lead: str, nodes: Sequence[tree.Node]) -> list[Line]:
    """Leading words and the list that follows them, as a part of a declaration."""
    return _filled(1, lead, nodes[0].span.start, [(phrase(node), node.span.start) for node in nodes])


def _filled(level: int, lead: str, at: int, items: Sequence[tuple[str, int]]) -> list[Line]:
    """A list with commas after its leading words: as many items on each line as fit."""
    lines: list[Line] = []
    for index, (item, place) in enumerate(items):
        text = item + ("," if index < len(items) - 1 else "")
        if not lines:
            lines.append(Line(level, f"{lead} {text}", at))
        elif _fits(lines[-1].level, f"{lines[-1].text} {text}"):
            lines[-1] = attrs.evolve(lines[-1], text=f"{lines[-1].text} {text}")
        else:
            lines.append(Line(level + 1, text, place))
    return lines


def _condition(lead: str, node: tree.Condition, level: int) -> list[Line]:
    """A condition after its leading word: on one line if it fits, else an operand or an item a line."""
    at = node.span.start
    match node:
        case tree.These():
            return [
                Line(level, f"{lead}{node.kind} of these", at),
                *(Line(level + 1, f"- {operand(item)}", item.span.start) for item in node.items),
            ]
        case tree.And(items=items) | tree.Or(items=items):
            joiner = "and " if isinstance(node, tree.And) else "or "
            last = items[-1]
            if not isinstance(last, tree.These):
                whole = f"{lead}{condition(node)}"
                if _fits(level, whole):
                    return [Line(level, whole, at)]
            lines = [Line(level, f"{lead}{operand(items[0])}", at)]
            lines += [Line(level + 1, f"{joiner}{operand(item)}", item.span.start) for item in items[1:-1]]
            if isinstance(last, tree.These):
                return [*lines, *_condition(joiner, last, level + 1)]
            return [*lines, Line(level + 1, f"{joiner}{operand(last)}", last.span.start)]
        case tree.Holds() | tree.Is() | tree.Includes() | tree.Compare() | tree.Not():
            return [Line(level, f"{lead}{condition(node)}", at)]
        case tree.Quantified() | tree.Counted():
            return [Line(level, f"{lead}{condition(node)}", at)]
        case _:
            assert_never(node)


def _provisions(node: tree.Provisions, level: int, after: int) -> list[Line]:
    return [
        *(_condition("when ", node.when, level) if node.when is not None else ()),
        *(_condition("unless ", node.unless, level) if node.unless is not None else ()),
        *_date("from", node.start, level),
        *_date("until", node.end, level),
        *_text("because", node.because, after, level),
        *(Line(level, phrase(cite), cite.span.start) for cite in node.cites),
    ]


def _scenario(node: tree.Scenario) -> list[Line]:
    then = _expectation(node.then, 1)
    head, as_of = Line(0, f"scenario {quoted(node.title)}", node.span.start), _date("as of", node.as_of, 1)
    whole = " ".join([head.text, *(line.text for line in as_of)])
    cited = max(
        (cite.span.end - 1 for cite in node.cites), default=node.span.start
    )  # a source may be called given
    return [
        *([Line(0, whole, node.span.start)] if _fits(0, whole) else [head, *as_of]),
        *(Line(1, phrase(cite), cite.span.start) for cite in node.cites),
        Line(1, "given", None, cited),
        *(Line(2, phrase(given), given.span.start) for given in node.given),
        *then,
    ]


def _expectation(node: tree.Expectation, level: int) -> list[Line]:
    at = node.span.start
    strength = "must " if node.must else "should " if node.should else ""
    lines = [Line(level, f"then {strength}{node.outcome.words}", at)]
    lines += [Line(level + 1, phrase(row), row.span.start) for row in node.rows]
    if node.asking_consent:
        lines.append(
            Line(level + 1, f"asking consent of {', '.join(map(quoted, node.asking_consent))}", None, at)
        )
    if node.basis is not None:
        lines.append(Line(level + 1, f"because of {node.basis.words}", None, at))
    for words, nodes in (
        ("because of", node.because_of),
        ("with", node.with_),
        ("without", node.without),
        ("lifting", node.lifting),
        ("asking", node.asking),
        ("releasing", node.releasing),
        ("holding back", node.holding_back),
        ("leaving open", node.leaving_open),
    ):
        if nodes:
            items = [(_row(words, item), item.span.start) for item in nodes]
            lines += _filled(level + 1, words, nodes[0].span.start, items)
    return lines


def _row(words: str, node: tree.Node) -> str:
    """An item and who it goes to, or is kept from."""
    match node:
        case tree.Row(item=item, recipient=str(recipient)) if words == "releasing":
            return f"{quoted(item)} to {quoted(recipient)}"
        case _:
            return phrase(node)
