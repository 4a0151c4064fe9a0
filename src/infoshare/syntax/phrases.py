"""Turns the nodes that stand within a line into text: names, literals, conditions, types, what is given.

Invariant: brackets stand where the grammar needs them, and nowhere else.
"""

from collections.abc import Iterable
from typing import assert_never

from infoshare.syntax import tree
from infoshare.syntax.words import DECLARATIONS

_IN_WORDS = {">=": "at least", "<=": "at most", ">": "more than", "<": "less than"}
# Words before which `is exactly` would say that `exactly` is itself the value.
_AFTER_A_VALUE = frozenset(
    {"and", "or", "when", "unless", "from", "until", "because", "cites", "otherwise", *DECLARATIONS}
)


def quoted(text: str) -> str:
    """A string literal."""
    return f'"{text}"'


def listed(nodes: Iterable[tree.Node]) -> str:
    """Nodes with commas between them."""
    return ", ".join(phrase(node) for node in nodes)


def phrase(node: tree.Node) -> str:
    """A node on one line.

    Raises:
        ValueError: for a node that takes several lines.
    """
    if isinstance(node, tree.Condition):
        return condition(node)
    if isinstance(node, tree.TypeExpr):
        return type_(node)
    if isinstance(node, tree.Given):
        return given(node)
    match node:
        case tree.DutyFor():
            to = f" to {quoted(node.to)}" if node.to is not None else ""
            return f"{node.text} for {quoted(node.for_)}{to}"
        case tree.Name() | tree.Path() | tree.Word() | tree.Comment():
            return node.text
        case tree.Number():
            return str(node.value)
        case tree.Date():
            return node.value.isoformat()
        case tree.Text():
            return quoted(node.value)
        case tree.Duration():
            return f"{node.count} {node.unit[:-1] if node.count == 1 else node.unit}"
        case tree.NoneOfThem():
            return "none of them"
        case tree.Today():
            return "today"
        case tree.Offset():
            return f"{phrase(node.amount)} {node.direction} {phrase(node.base)}"
        case tree.Sum():
            return f"{phrase(node.left)} {node.op} {phrase(node.right)}"
        case tree.YearsBetween():
            return f"years between {phrase(node.first)} and {phrase(node.second)}"
        case tree.EveryElement():
            return f"every {node.group.text} ({condition(node.condition)})"
        case tree.MoreOptions():
            return f"{node.name.text} also {type_(node.type)}"
        case tree.Option():
            return node.value.text if node.label is None else f"{node.value.text} {quoted(node.label)}"
        case tree.ValueStep():
            return f"{phrase(node.literal)} from {phrase(node.start)}"
        case tree.ValueEntry():
            start = f" from {phrase(node.start)}" if node.start is not None else ""
            return f"{node.option.text} {phrase(node.literal)}{start}"
        case tree.Cite():
            places = ", ".join(quoted(place) for place in node.places)
            return f"cites {node.source.text} {places}".rstrip()
        case tree.Effect():
            whom = f" from {phrase(node.whom)}" if node.whom is not None else ""
            closing = " where no other clause stands" if node.closing else ""
            return f"{_strength(node)}{node.outcome.words}{whom}{closing}"
        case tree.EachOf():
            return f"each {node.group.text}{_within(node)} ({condition(node.condition)})"
        case tree.Deadline():
            unit = node.unit[:-1] if node.count == 1 else node.unit
            of = f" of {node.of.text}" if node.of is not None else ""
            return f"within {node.count} {unit}{of}"
        case tree.EveryConsentClause():
            return "every consent clause"
        case tree.AllOtherClauses():
            return "all other clauses"
        case tree.EveryClauseOf():
            return f"every clause of {node.part.text}"
        case tree.Timing():
            return f"{node.order} {node.act.value}"
        case tree.Row():
            return quoted(node.item) + (
                f" from {quoted(node.recipient)}" if node.recipient is not None else ""
            )
        case tree.OutcomeFor():
            item = f" for {quoted(node.item)}" if node.item is not None else ""
            to = f" to {quoted(node.recipient)}" if node.recipient is not None else ""
            return f"{_strength(node)}{node.outcome.words}{item}{to}"
        case _:
            raise ValueError(f"not a part of a line: {type(node).__name__}")


def _strength(node: tree.Effect | tree.OutcomeFor) -> str:
    return "must " if node.must else "should " if node.should else ""


def _within(node: tree.Quantified | tree.Counted | tree.EachOf) -> str:
    return f" in {node.within.text}" if node.within is not None else ""


def type_(node: tree.TypeExpr) -> str:
    """The type of a fact."""
    match node:
        case tree.YesNo():
            return "yes or no"
        case tree.OneOf():
            return f"one of {listed(node.options)}" + (" in order" if node.in_order else "")
        case tree.SomeOf():
            return f"some of {listed(node.options)}"
        case tree.NumberType():
            unit = f" of {node.unit}" if node.unit is not None else ""
            bounded = node.low is not None and node.high is not None
            return f"number{unit}" + (f" from {node.low} to {node.high}" if bounded else "")
        case tree.Reference():
            return f"{'some' if node.many else 'one'} {node.group.text}"
        case tree.DateType():
            return "date"
        case tree.TextType():
            return "text"
        case _:
            assert_never(node)


def condition(node: tree.Condition) -> str:
    """A condition on one line."""
    match node:
        case tree.Holds():
            return node.ref.text
        case tree.Is():
            is_ = "is not" if node.negated else "is"
            return f"{node.fact.text} {is_} {'one of ' if node.listed else ''}{listed(node.values)}"
        case tree.Includes():
            return _includes(node)
        case tree.Compare():
            op = f"is {_IN_WORDS[node.op]}" if node.in_words else node.op
            return f"{phrase(node.left)} {op} {phrase(node.right)}"
        case tree.Not():
            return f"not {operand(node.item)}"
        case tree.And():
            return " and ".join([operand(item) for item in node.items])
        case tree.Or():
            return " or ".join([operand(item) for item in node.items])
        case tree.These():
            return f"{node.kind} of these {' '.join(['- ' + operand(item) for item in node.items])}"
        case tree.Quantified():
            return f"{node.kind} {node.group.text}{_within(node)} ({condition(node.condition)})"
        case tree.Counted():
            counted = f"{node.how} {node.number} {node.group.text}{_within(node)}"
            return f"{counted} ({condition(node.condition)})"
        case _:
            assert_never(node)


def _includes(node: tree.Includes) -> str:
    if node.how != "exactly":
        several = f"{node.how} of " if node.how is not None else ""
        return f"{node.fact.text} includes {several}{listed(node.values)}"
    values = listed(node.values)
    ends = node.values[0].text in _AFTER_A_VALUE
    return f"{node.fact.text} is exactly {f'({values})' if ends else values}"


def operand(node: tree.Condition) -> str:
    """A condition after `not`, beside `and` or `or`, or as an item of a list: in brackets where it needs them."""
    match node:
        case tree.And() | tree.Or() | tree.These():
            return f"({condition(node)})"
        case tree.Holds() | tree.Is() | tree.Includes() | tree.Compare() | tree.Not():
            return condition(node)
        case tree.Quantified() | tree.Counted():
            return condition(node)
        case _:
            assert_never(node)


def given(node: tree.Given) -> str:
    """One line of what a scenario gives."""
    match node:
        case tree.GivenHolds():
            return f"not {node.fact.text}" if node.negated else node.fact.text
        case tree.GivenIs():
            return f"{node.fact.text} is {'exactly ' if node.exactly else ''}{listed(node.values)}"
        case tree.GivenElement():
            facts = ", ".join(_of_element(fact) for fact in node.facts)
            return f"{node.group.text} {quoted(node.name)}" + (f" ({facts})" if facts else "")
        case tree.GivenNone():
            return f"no {node.group.text}"
        case _:
            assert_never(node)


def _of_element(node: tree.GivenHolds | tree.GivenIs) -> str:
    match node:
        case tree.GivenHolds():
            return f"not {node.fact.fact}" if node.negated else node.fact.fact
        case tree.GivenIs(exactly=True) if len(node.values) > 1:
            return f"{node.fact.fact} is exactly ({listed(node.values)})"
        case tree.GivenIs():
            return f"{node.fact.fact} is {'exactly ' if node.exactly else ''}{listed(node.values)}"
        case _:
            assert_never(node)
