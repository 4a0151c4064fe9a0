"""Builds a file: its header, its sources, its vocabulary; and gathers the declarations in order."""

from infoshare.diagnostic import Label
from infoshare.syntax import tree
from infoshare.syntax.builder import Children, Token, folded
from infoshare.syntax.clause_builder import ClauseBuilder
from infoshare.syntax.condition_builder import ConditionBuilder
from infoshare.syntax.scenario_builder import ScenarioBuilder
from infoshare.syntax.words import RESERVED_GROUP, RESERVED_VALUE


class FileBuilder(ClauseBuilder, ConditionBuilder, ScenarioBuilder):
    """All the callbacks of the grammar."""

    def file(self, _: Children) -> None:
        return None

    def empty_file(self, _: Children) -> None:
        return None

    def first(self, c: Children) -> None:
        self._finish(c[0])

    def next_one(self, c: Children) -> None:
        self._finish(c[1])

    def _finish(self, declaration: tree.Declaration) -> None:
        if self._distrusted:
            self.broken |= names_of(declaration)
            self._distrusted = False
        else:
            self.declarations.append(declaration)

    def policy(self, c: Children) -> tree.PolicyDecl:
        parts = self._once(c[3])
        return tree.PolicyDecl(
            self._name(c[1]),
            folded(c[2].value),
            version=parts.get("version"),
            owner=parts.get("owner"),
            start=parts.get("from"),
            end=parts.get("until"),
            review_by=parts.get("review"),
            span=self._over(c),
        )

    def use(self, c: Children) -> tree.Use:
        return tree.Use(folded(c[1].value), span=self._over(c))

    def source_decl(self, c: Children) -> tree.SourceDecl:
        parts = self._once(c[3])
        return tree.SourceDecl(
            self._name(c[1]),
            folded(c[2].value),
            by=parts.get("by"),
            dated=parts.get("dated"),
            at=parts.get("at"),
            span=self._over(c),
        )

    # --- vocabulary ----------------------------------------------------------------------------------

    def facts(self, c: Children) -> tree.FactsDecl:
        return self._facts(c, c[2], c[3], c[4], each=False)

    def facts_about_each(self, c: Children) -> tree.FactsDecl:
        return self._facts(c, c[3], c[4], c[5], each=True)

    def _facts(
        self, c: Children, group: Token, phrase: Token, facts: list[tree.FactDecl], *, each: bool
    ) -> tree.FactsDecl:
        name = self._name(group)
        if name.text == RESERVED_GROUP:
            self.fault(
                "IS212",
                "a group of facts may not be called `case`",
                Label(name.span, "`case` is how a case gives its own name"),
                help=("choose another name for the group",),
            )
        return tree.FactsDecl(name, folded(phrase.value), tuple(facts), each=each, span=self._over(c))

    def fact(self, c: Children) -> tree.FactDecl:
        parts = self._once(c[4])
        assumed = parts.get("unanswered")
        return tree.FactDecl(
            self._name(c[0]),
            folded(c[1].value),
            c[3],
            assumed=None if assumed is None else tuple(assumed),
            ask=parts.get("ask"),
            span=self._over(c),
        )

    def yes_no(self, c: Children) -> tree.YesNo:
        return tree.YesNo(span=self._over(c))

    def one_of(self, c: Children) -> tree.OneOf:
        return tree.OneOf(tuple(c[1]), span=self._over(c))

    def some_of(self, c: Children) -> tree.SomeOf:
        return tree.SomeOf(tuple(c[1]), span=self._over(c))

    def option(self, c: Children) -> tree.Option:
        name = self._name(c[0])
        if name.text == RESERVED_VALUE:
            self.fault(
                "IS212",
                "a value may not be called `unsure`",
                Label(name.span, "every fact can be answered `unsure` already"),
                help=("leave it out: `unsure` is an answer of every fact",),
            )
        return tree.Option(name, folded(c[1].value) if len(c) > 1 else None, span=self._over(c))

    def number_type(self, c: Children) -> tree.NumberType:
        unit, bounds = c[1], c[2]
        low, high = (bounds[0].value, bounds[1].value) if bounds else (None, None)
        return tree.NumberType(unit.value if unit else None, low, high, span=self._over(c))

    def range(self, c: Children) -> tuple[tree.Number, tree.Number, int]:
        return c[1], c[3], c[3].span.end

    def date_type(self, c: Children) -> tree.DateType:
        return tree.DateType(span=self._over(c))

    def text_type(self, c: Children) -> tree.TextType:
        return tree.TextType(span=self._over(c))

    def define(self, c: Children) -> tree.DefineDecl:
        return tree.DefineDecl(self._declared(c[0], c[1]), folded(c[2].value), c[4], span=self._over(c))

    def value_decl(self, c: Children) -> tree.ValueDecl:
        return tree.ValueDecl(self._declared(c[0], c[1]), tuple(c[2]), span=self._over(c))

    def value_step(self, c: Children) -> tree.ValueStep:
        return tree.ValueStep(c[0], c[2], span=c[0].span.to(c[2].span))

    def impossible(self, c: Children) -> tree.ImpossibleDecl:
        return tree.ImpossibleDecl(self._declared(c[0], c[1]), folded(c[2].value), c[4], span=self._over(c))


def names_of(declaration: tree.Declaration) -> set[str]:
    """The names that a declaration gives to others: its own, or the paths of its facts."""
    match declaration:
        case tree.FactsDecl(group=group, facts=facts):
            return {group.text} | {f"{group.text}.{fact.name.text}" for fact in facts}
        case tree.Use() | tree.Scenario():
            return set()
        case _:
            return {declaration.name.text}
