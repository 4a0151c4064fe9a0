"""The vocabulary as written -> groups and facts of the model."""

from collections.abc import Iterable, Mapping
from typing import assert_never

import attrs

from infoshare.diagnostic import Label, did_you_mean
from infoshare.meaning import model as m
from infoshare.meaning.binding import Binder
from infoshare.meaning.faults import Faults
from infoshare.meaning.names import Names
from infoshare.meaning.types import (
    Answer,
    Date,
    FactType,
    Number,
    OneOf,
    Reference,
    SomeOf,
    Text,
    YesNo,
)
from infoshare.syntax import tree as t
from infoshare.text import Span


class VocabularyBinder:
    """Takes in the declarations of a vocabulary, in order; `settle` then binds what may name later ones.

    Attributes:
        groups, facts: by name; of every list its built-in `name` too.
        new_words: whether a form is used that leaves no trace in the model (`Model.new_words`).
    """

    def __init__(self, faults: Faults, names: Names) -> None:
        self.faults, self.names = faults, names
        self.groups: dict[str, m.Group] = {}
        self.facts: dict[str, m.Fact] = {}
        self.new_words = False
        self._written: dict[str, t.FactDecl] = {}

    def group(self, node: t.FactsDecl) -> None:
        """Takes in a group, or more facts of one that is known already."""
        name = node.group.text
        known = self.groups.get(name)
        none_listed = node.none_listed and self._may_be_assumed_empty(node)
        if known is None:
            self.groups[name] = m.Group(name, node.phrase, node.each, none_listed)
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
        else:
            self._again(node, known, none_listed=none_listed)
        for fact in node.facts:
            if isinstance(fact, t.MoreOptions):
                self._more_options(node, fact)
            else:
                self._fact(node, fact)

    def _may_be_assumed_empty(self, node: t.FactsDecl) -> bool:
        name = node.group.text
        if node.each and name not in m.SIDES:
            return True
        self.faults.error(
            "IS311",
            f"`{name}` is never taken to be an empty list"
            if node.each
            else f"`{name}` is no list, so it cannot be taken to be empty",
            node.group.span,
            "who lists none of them would share more" if node.each else "",
            help=(
                "leave out `unanswered means none`" + (": the question is to list them" if node.each else ""),
            ),
        )
        return False

    def _again(self, node: t.FactsDecl, known: m.Group, *, none_listed: bool) -> None:
        more = any(isinstance(fact, t.MoreOptions) for fact in node.facts)
        if more and node.phrase != known.phrase:
            self.faults.error(
                "IS214",
                f"`{known.name}` has another phrase where it is declared first",
                node.group.span,
                "what adds values to its facts repeats the phrase",
                also=(Label(self.names.places["group", known.name], "first here"),),
                help=(f'write `facts about {"each " if known.each else ""}{known.name} "{known.phrase}"`',),
            )
        if none_listed:
            self.groups[known.name] = attrs.evolve(known, none_listed=True)

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
        fact = m.Fact(
            path,
            node.phrase,
            type_,
            None,
            node.ask,
            group.each,
            ask_first=node.ask_first,
            fixed=node.fixed,
        )
        self.facts[path] = attrs.evolve(fact, assumed=self._assumed(fact, node))
        self._written[path] = node

    def _type(self, node: t.TypeExpr, path: str) -> FactType:
        match node:
            case t.YesNo():
                return YesNo()
            case t.OneOf(options, in_order):
                values = self._options(options, path)
                return OneOf(tuple(values), tuple(values.values()), in_order)
            case t.SomeOf(options):
                values = self._options(options, path)
                return SomeOf(tuple(values), tuple(values.values()))
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
            case t.Reference(group, many):
                return Reference(group.text, many)
            case _:
                assert_never(node)

    def _options(self, options: Iterable[t.Option], path: str) -> dict[str, str]:
        """The values that are written, each with its label."""
        values: dict[str, str] = {}
        seen: dict[str, Span] = {}
        for option in options:
            name = option.value.text
            if name in values:
                self._twice(option.value.span, seen[name])
            else:
                values[name] = option.label or name.replace("_", " ")
                seen[name] = option.value.span
                self.names.places.setdefault(("value", f"{path} {name}"), option.value.span)
        return values

    def _twice(self, span: Span, first: Span) -> None:
        self.faults.error(
            "IS303",
            "the same value is given twice",
            span,
            "again",
            also=(Label(first, "first here"),),
            help=("delete one, or write what was meant there",),
        )

    def _more_options(self, group: t.FactsDecl, node: t.MoreOptions) -> None:
        """Adds values to a fact of a policy that is used; to one in order, by the whole order."""
        path = f"{group.group.text}.{node.name.text}"
        self.new_words = True
        fact = self.facts.get(path)
        if fact is None:
            if path not in self.faults.broken and group.group.text not in self.faults.broken:
                known = [f.path for f in self.facts.values() if isinstance(f.type, OneOf | SomeOf)]
                self.faults.error(
                    "IS201",
                    f"no fact is named `{path}`, so it has no values to add to",
                    node.name.span,
                    "not declared in a policy that is used",
                    help=did_you_mean(path, known) or ("declare it, with `:` and its type",),
                )
            return
        written = "one of" if isinstance(node.type, t.OneOf) else "some of"
        if not isinstance(fact.type, OneOf | SomeOf) or fact.type.kind != written:
            self.faults.error(
                "IS302",
                f"`{path}` is declared `{fact.type.words}`, so it has no `{written}` to add values to",
                node.type.span,
                also=(Label(self.names.places["fact", path], "declared here"),),
                help=(
                    f"write `{node.name.text} also {fact.type.kind} …`"
                    if isinstance(fact.type, OneOf | SomeOf)
                    else "only what is `one of` or `some of` values takes more of them",
                ),
            )
            return
        had = dict(zip(fact.type.values, fact.type.labels, strict=True))
        more = self._options(node.type.options, path)
        if isinstance(fact.type, OneOf) and fact.type.in_order:
            if [value for value in more if value in had] != list(had):
                whole = ", ".join([*had, *(value for value in more if value not in had)])
                self.faults.error(
                    "IS310",
                    f"`{path}` is in order, and more values of it repeat the whole order",
                    node.type.span,
                    f"its order is {', '.join(had)}",
                    help=(f"write `also one of {whole} in order`, each value in its place",),
                )
                return
            said = {option.value.text for option in node.type.options if option.label}
            values = {value: more[value] if value in said else had.get(value, more[value]) for value in more}
            type_: FactType = attrs.evolve(fact.type, values=tuple(values), labels=tuple(values.values()))
        else:
            for option in node.type.options:
                if option.value.text in had:
                    self._twice(option.value.span, self.names.places["value", f"{path} {option.value.text}"])
            if isinstance(node.type, t.OneOf) and node.type.in_order:
                self.faults.error(
                    "IS310",
                    f"`{path}` is declared without an order, so its values cannot be put in one here",
                    node.type.span,
                    help=("leave out `in order`",),
                )
            values = had | {value: label for value, label in more.items() if value not in had}
            type_ = attrs.evolve(fact.type, values=tuple(values), labels=tuple(values.values()))
        self.facts[path] = attrs.evolve(fact, type=type_)

    def _assumed(self, fact: m.Fact, node: t.FactDecl) -> Answer | None:
        if node.assumed is None or isinstance(node.assumed, t.EveryElement):
            return None
        none_ticked = isinstance(fact.type, SomeOf) and "none" not in fact.type.values
        if (none_ticked or isinstance(fact.type, Reference)) and node.assumed == (t.Word("none"),):
            return frozenset()
        if isinstance(fact.type, Reference):
            group = fact.type.group
            every = f", or `unanswered means every {group} (…)`" if fact.type.many else ""
            self.faults.error(
                "IS302",
                f"`{fact.path}` is a reference to {fact.type.words}, which nobody can name before there is a case",
                node.assumed[0].span,
                help=(f"write `unanswered means none`{every}",),
            )
            return None
        binder = Binder(self.faults, self.groups, self.facts, {}, {})
        if isinstance(fact.type, SomeOf):
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

    def settle(self, defines: Mapping[str, str | None], values: Mapping[str, m.Value]) -> frozenset[str]:
        """Binds what references and assumptions of them name, once every fact is known.

        Args:
            defines: the names of all defines, and of what list each speaks of an element.
            values: by name.

        Returns:
            The paths that conditions of assumptions compare with one another.
        """
        binder = Binder(self.faults, self.groups, self.facts, defines, values)
        every: dict[str, m.Condition] = {}
        for path, node in self._written.items():
            fact = self.facts[path]
            labels = fact.type.labels if isinstance(fact.type, OneOf | SomeOf) else ()
            for text in (fact.phrase, *labels):
                if "{" in text:
                    binder.check_places(text, node.name.span, fact.group if fact.each else None)
            if isinstance(fact.type, Reference):
                binder.is_list(fact.type.group, node.type.span)
            elif isinstance(node.type, t.OneOf | t.SomeOf) and self._is_no_list(path, node.type):
                meant = Reference(node.type.options[0].value.text, isinstance(node.type, t.SomeOf))
                self.facts[path] = attrs.evolve(fact, type=meant)  # so that who uses it is not blamed
            if isinstance(node.assumed, t.EveryElement):
                condition = self._every(binder, fact, node.assumed)
                if condition is not None:
                    every[path] = condition
        for path, condition in every.items():
            self.facts[path] = attrs.evolve(self.facts[path], assumed_every=condition)
        self.new_words = self.new_words or binder.new_words
        return frozenset(binder.entangled)

    def _is_no_list(self, path: str, node: t.OneOf | t.SomeOf) -> bool:
        """Whether it is `one of person`, where `person` is a list: whoever wrote that meant a reference; told."""
        option, *more = node.options
        group = self.groups.get(option.value.text)
        if more or option.label is not None or group is None or not group.each:
            return False
        kind = "one" if isinstance(node, t.OneOf) else "some"
        self.faults.error(
            "IS302",
            f"`{path}` has one value, and it is called as the list `{group.name}` is",
            node.span,
            "this does not name one of the list" if kind == "one" else "this does not name some of the list",
            help=(
                f"write `{kind} {group.name}`: it is answered by the "
                f"{'name of an element' if kind == 'one' else 'names of elements'} of the list",
            ),
        )
        return True

    def _every(self, binder: Binder, fact: m.Fact, node: t.EveryElement) -> m.Condition | None:
        group = node.group.text
        if not isinstance(fact.type, Reference) or not fact.type.many or fact.type.group != group:
            wanted = f"`some {group}`"
            self.faults.error(
                "IS302",
                f"`{fact.path}` is no {wanted}, so it cannot be taken to name every {group} of whom something is so",
                node.span,
                help=(
                    f"write `unanswered means every {fact.type.group} (…)`"
                    if isinstance(fact.type, Reference) and fact.type.many
                    else f"give it the type {wanted}, or assume another answer",
                ),
            )
            return None
        if not binder.is_list(group, node.group.span):
            return None
        return binder.condition(node.condition, frozenset({group}))
