"""The vocabulary as written -> groups, facts and values of the model."""

from datetime import date

import attrs

from infoshare.diagnostic import Label
from infoshare.meaning import model as m
from infoshare.meaning.binding import Binder, kind_of
from infoshare.meaning.faults import Faults
from infoshare.meaning.names import Names
from infoshare.meaning.types import Answer, Date, FactType, Number, OneOf, SomeOf, Text, YesNo
from infoshare.syntax import tree as t
from infoshare.text import Span


class VocabularyBinder:
    """Takes in the declarations of a vocabulary, in order.

    Attributes:
        groups, facts, values: by name; of every list its built-in `name` too.
    """

    def __init__(self, faults: Faults, names: Names) -> None:
        self.faults, self.names = faults, names
        self.groups: dict[str, m.Group] = {}
        self.facts: dict[str, m.Fact] = {}
        self.values: dict[str, m.Value] = {}

    def group(self, node: t.FactsDecl) -> None:
        """Takes in a group, or more facts of one that is known already."""
        name = node.group.text
        known = self.groups.get(name)
        if known is None:
            self.groups[name] = m.Group(name, node.phrase, node.each)
            self.names.places["group", name] = node.group.span
            if node.each:
                self.facts[f"{name}.name"] = m.Fact(f"{name}.name", "its name", Text(), each=True)
        elif known.each != node.each:
            self.faults.error(
                "IS214",
                f"`{name}` is declared once as a list (`each`) and once not",
                node.group.span,
                "declared otherwise here",
                also=(Label(self.names.places["group", name], "first here"),),
                help=("declare it the same way both times",),
            )
            return
        for fact in node.facts:
            self._fact(node, fact)

    def _fact(self, group: t.FactsDecl, node: t.FactDecl) -> None:
        path = f"{group.group.text}.{node.name.text}"
        if group.each and node.name.text == "name":
            self.faults.error(
                "IS212",
                "every element of a list has a `name` already",
                node.name.span,
                help=("leave it out, or choose another name",),
            )
            return
        if path in self.facts:
            also = (Label(self.names.places["fact", path], "first here"),)
            self.faults.error(
                "IS207",
                f"`{path}` is declared twice",
                node.name.span,
                "again",
                also=also,
                help=("keep one of them",),
            )
            return
        self.names.places["fact", path] = node.name.span
        type_ = self._type(node.type, path)
        fact = m.Fact(path, node.phrase, type_, None, node.ask, group.each)
        self.facts[path] = attrs.evolve(fact, assumed=self._assumed(fact, node))

    def _type(self, node: t.TypeExpr, path: str) -> FactType:
        match node:
            case t.YesNo():
                return YesNo()
            case t.OneOf(options) | t.SomeOf(options):
                values: dict[str, str] = {}
                seen: dict[str, Span] = {}
                for option in options:
                    name = option.value.text
                    if name in values:
                        self.faults.error(
                            "IS303",
                            "the same value is given twice",
                            option.value.span,
                            "again",
                            also=(Label(seen[name], "first here"),),
                            help=("delete one, or write what was meant there",),
                        )
                    else:
                        values[name] = option.label or name.replace("_", " ")
                        seen[name] = option.value.span
                        self.names.places["value", f"{path} {name}"] = option.value.span
                make = OneOf if isinstance(node, t.OneOf) else SomeOf
                return make(tuple(values), tuple(values.values()))
            case t.NumberType(unit, low, high):
                if low is not None and high is not None and low > high:
                    self.faults.error(
                        "IS304",
                        f"no number lies from {low} to {high}",
                        node.span,
                        help=(f"write `from {high} to {low}`",),
                    )
                return Number(unit, low, high)
            case t.DateType():
                return Date()
            case t.TextType():
                return Text()

    def _assumed(self, fact: m.Fact, node: t.FactDecl) -> Answer | None:
        if node.assumed is None:
            return None
        binder = Binder(self.faults, self.groups, self.facts, (), {})
        if isinstance(fact.type, SomeOf):
            if node.assumed == (t.Word("none"),) and "none" not in fact.type.values:
                return frozenset()
            answers = [binder.answer(fact, value) for value in node.assumed]
            return frozenset(a for a in answers if isinstance(a, str))
        if len(node.assumed) > 1:
            self.faults.error(
                "IS302",
                f"`{fact.path}` has one answer",
                node.assumed[1].span,
                "a second one",
                help=("keep the one that is meant",),
            )
            return None
        return binder.answer(fact, node.assumed[0])

    def value(self, node: t.ValueDecl) -> None:
        """Takes in a value and its steps."""
        if not self.names.take("term", node.name):
            return
        steps: list[tuple[date, int | date | m.Duration]] = []
        for step in node.steps:
            if steps and kind_of(step.literal) != kind_of(steps[0][1]):
                self.faults.error(
                    "IS302",
                    f"`{node.name.text}` is a {kind_of(steps[0][1])} first, and a {kind_of(step.literal)} here",
                    step.literal.span,
                    help=("give every step the same kind of value",),
                )
                continue
            if steps and step.start.value <= steps[-1][0]:
                self.faults.error(
                    "IS306",
                    "the dates of a value go forward",
                    step.start.span,
                    "not after the one before it",
                    help=("put the steps in the order of their dates, each date once",),
                )
                continue
            literal = step.literal
            value = (
                m.Duration(literal.count, literal.unit) if isinstance(literal, t.Duration) else literal.value
            )
            steps.append((step.start.value, value))
        self.values[node.name.text] = m.Value(node.name.text, tuple(steps))
