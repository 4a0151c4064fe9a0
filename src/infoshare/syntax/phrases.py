"""Turns the nodes that stand within a line into text: names, literals, conditions, types, what is given.

Invariant: brackets stand where the grammar needs them, and nowhere else.
"""

from collections.abc import Iterable
from typing import assert_never

from infoshare.syntax import tree


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
        case tree.Today():
            return "today"
        case tree.Offset():
            return f"{phrase(node.amount)} {node.direction} {phrase(node.base)}"
        case tree.Option():
            return node.value.text if node.label is None else f"{node.value.text} {quoted(node.label)}"
        case tree.ValueStep():
            return f"{phrase(node.literal)} from {phrase(node.start)}"
        case tree.Cite():
            places = ", ".join(quoted(place) for place in node.places)
            return f"cites {node.source.text} {places}".rstrip()
        case tree.Effect():
            return f"must {node.outcome.words}" if node.must else node.outcome.words
        case tree.EveryConsentClause():
            return "every consent clause"
        case tree.Timing():
            return f"{node.order} {node.act.value}"
        case tree.Row():
            return quoted(node.item) + (
                f" from {quoted(node.recipient)}" if node.recipient is not None else ""
            )
        case _:
            raise ValueError(f"not a part of a line: {type(node).__name__}")


def type_(node: tree.TypeExpr) -> str:
    """The type of a fact."""
    match node:
        case tree.YesNo():
            return "yes or no"
        case tree.OneOf():
            return f"one of {listed(node.options)}"
        case tree.SomeOf():
            return f"some of {listed(node.options)}"
        case tree.NumberType():
            unit = f" of {node.unit}" if node.unit is not None else ""
            bounded = node.low is not None and node.high is not None
            return f"number{unit}" + (f" from {node.low} to {node.high}" if bounded else "")
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
            return f"{node.fact.text} includes {node.value.text}"
        case tree.Compare():
            return f"{phrase(node.left)} {node.op} {phrase(node.right)}"
        case tree.Not():
            return f"not {operand(node.item)}"
        case tree.And():
            return " and ".join([operand(item) for item in node.items])
        case tree.Or():
            return " or ".join([operand(item) for item in node.items])
        case tree.These():
            return f"{node.kind} of these {' '.join(['- ' + operand(item) for item in node.items])}"
        case tree.Quantified():
            return f"{node.kind} {node.group.text} ({condition(node.condition)})"
        case _:
            assert_never(node)


def operand(node: tree.Condition) -> str:
    """A condition after `not`, beside `and` or `or`, or as an item of a list: in brackets where it needs them."""
    match node:
        case tree.And() | tree.Or() | tree.These():
            return f"({condition(node)})"
        case tree.Holds() | tree.Is() | tree.Includes() | tree.Compare() | tree.Not() | tree.Quantified():
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
