"""Builds a file: its header and vocabulary, clauses, scenarios; and gathers the declarations in order."""

import attrs

from infoshare.diagnostic import Label
from infoshare.outcome import Act, Basis, Outcome
from infoshare.syntax import tree
from infoshare.syntax.builder import Children, Part, Token, folded
from infoshare.syntax.condition_builder import ConditionBuilder
from infoshare.syntax.words import RESERVED_GROUP, RESERVED_VALUE
from infoshare.text import Span

_Found = tuple[Outcome, int, int]  # an outcome, and where it begins and ends


class FileBuilder(ConditionBuilder):
    """All the callbacks of the grammar."""

    def file(self, _: Children) -> None:
        return None

    empty_file = file

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
        return tree.PolicyDecl(self._name(c[1]), folded(c[2].value), **self._once(c[3]), span=self._over(c))

    def use(self, c: Children) -> tree.Use:
        return tree.Use(folded(c[1].value), span=self._over(c))

    def source_decl(self, c: Children) -> tree.SourceDecl:
        return tree.SourceDecl(self._name(c[1]), folded(c[2].value), **self._once(c[3]), span=self._over(c))

    # --- vocabulary ----------------------------------------------------------------------------------

    def facts(self, c: Children) -> tree.FactsDecl:
        group, phrase, facts = c[-3:]
        name = self._name(group)
        if name.text == RESERVED_GROUP:
            self.fault(
                "IS212",
                "a group of facts may not be called `case`",
                Label(name.span, "`case` is how a case gives its own name"),
                help=("choose another name for the group",),
            )
        each = len(c) == len(("facts", "about", "each", group, phrase, facts))
        return tree.FactsDecl(name, folded(phrase.value), tuple(facts), each=each, span=self._over(c))

    facts_about_each = facts

    def fact(self, c: Children) -> tree.FactDecl:
        name, phrase, _, type_, parts = c
        return tree.FactDecl(
            self._name(name), folded(phrase.value), type_, **self._once(parts), span=self._over(c)
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
        return tree.DefineDecl(self._declared(c), folded(c[2].value), c[4], span=self._over(c))

    def value_decl(self, c: Children) -> tree.ValueDecl:
        return tree.ValueDecl(self._declared(c), tuple(c[2]), span=self._over(c))

    def value_step(self, c: Children) -> tree.ValueStep:
        return tree.ValueStep(c[0], c[2], span=c[0].span.to(c[2].span))

    def impossible(self, c: Children) -> tree.ImpossibleDecl:
        return tree.ImpossibleDecl(self._declared(c), folded(c[2].value), c[4], span=self._over(c))

    # --- clauses -------------------------------------------------------------------------------------

    def clause(self, c: Children) -> tree.Clause:
        word, _, statement, effect, *over, parts = c
        name, targets = self._declared(c), tuple(over[-1]) if over else ()
        provisions = self._provisions(parts)
        return tree.Clause(
            word.value, name, folded(statement.value), effect, targets, provisions, span=self._over(c)
        )

    override = clause

    def exception(self, c: Children) -> tree.Exception_:
        name, provisions = self._declared(c), self._provisions(c[6])
        return tree.Exception_(name, folded(c[2].value), tuple(c[5]), provisions, span=self._over(c))

    def duty(self, c: Children) -> tree.Duty:
        name, provisions = self._declared(c), self._provisions(c[4])
        return tree.Duty(name, folded(c[2].value), tuple(c[3]), provisions, span=self._over(c))

    def safeguard(self, c: Children) -> tree.Safeguard:
        scope = tuple(word.value for word in c[3] if word.type in {"ITEM", "RECIPIENT"})
        name, provisions = self._declared(c), self._provisions(c[8])
        statement, remedy = folded(c[2].value), folded(c[7].value)
        return tree.Safeguard(name, statement, scope, c[5], remedy, provisions, span=self._over(c))

    def scope(self, c: Children) -> list[Token]:
        return c

    def advice(self, c: Children) -> tree.Advice:
        name, provisions = self._declared(c), self._provisions(c[4])
        return tree.Advice(name, folded(c[3].value), provisions, span=self._over(c))

    def guarantee(self, c: Children) -> tree.Guarantee:
        return self._guarantee(c, outcome=c[4][0])

    def guarantee_of_duty(self, c: Children) -> tree.Guarantee:
        return self._guarantee(c, duty=self._name(c[5]))

    def _guarantee(
        self, c: Children, outcome: Outcome | None = None, duty: tree.Name | None = None
    ) -> tree.Guarantee:
        name, statement = self._declared(c), folded(c[2].value)
        provisions = self._provisions(c[-1])
        return tree.Guarantee(name, statement, c[3].value, outcome, duty, provisions, span=self._over(c))

    def effect(self, c: Children) -> tree.Effect:
        outcome, start, end = c[0]
        return tree.Effect(outcome, span=Span(self.source, start, end))

    def must(self, c: Children) -> tree.Effect:
        outcome, _, end = c[1]
        return tree.Effect(outcome, must=True, span=Span(self.source, c[0].start_pos, end))

    def outcome(self, c: Children) -> _Found:
        return Outcome("_".join([word.value for word in c])), c[0].start_pos, c[-1].end_pos

    def name(self, c: Children) -> tree.Name:
        return self._name(c[0])

    def every_consent_clause(self, c: Children) -> tree.EveryConsentClause:
        return tree.EveryConsentClause(span=self._over(c))

    def timing(self, c: Children) -> tree.Timing:
        act = Act(" ".join([word.value for word in c[1:]]))
        return tree.Timing(c[0].value, act, span=self._over(c))

    def cite(self, c: Children) -> tuple[Token, tree.Cite]:
        places = tuple([folded(place.value) for place in c[2]]) if len(c) > 2 else ()
        return c[0], tree.Cite(self._name(c[1]), places, span=self._over(c))

    # --- scenarios -----------------------------------------------------------------------------------

    def scenario(self, c: Children) -> tree.Scenario:
        _, title, parts, _, given, _, then = c
        return tree.Scenario(folded(title.value), tuple(given), then, **self._once(parts), span=self._over(c))

    def given_holds(self, c: Children) -> tree.GivenHolds:
        return tree.GivenHolds(c[0], span=c[0].span)

    def given_not(self, c: Children) -> tree.GivenHolds:
        return tree.GivenHolds(c[1], negated=True, span=self._over(c))

    def given_is(self, c: Children) -> tree.GivenIs:
        return tree.GivenIs(c[0], (c[2],), span=c[0].span.to(c[2].span))

    def given_exactly(self, c: Children) -> tree.GivenIs:
        values = c[3]
        return tree.GivenIs(c[0], tuple(values), exactly=True, span=c[0].span.to(values[-1].span))

    def given_exactly_several(self, c: Children) -> tree.GivenIs:
        span = Span(self.source, c[0].span.start, c[5].end_pos)
        return tree.GivenIs(c[0], tuple(c[4]), exactly=True, span=span)

    def own_fact(self, c: Children) -> tree.Path:
        return tree.Path("", c[0].value, span=self._span(c[0]))  # the group is known to the element around it

    def given_element(self, c: Children) -> tree.GivenElement:
        group = self._name(c[0])
        facts = c[3] if len(c) > 2 else ()
        owned = [attrs.evolve(fact, fact=attrs.evolve(fact.fact, group=group.text)) for fact in facts]
        return tree.GivenElement(group, folded(c[1].value), tuple(owned), span=self._over(c))

    def given_none(self, c: Children) -> tree.GivenNone:
        return tree.GivenNone(self._name(c[1]), span=self._over(c))

    def expectation(self, c: Children) -> tree.Expectation:
        return self._expectation(c[0], c[1], must=False, start=c[0][1])

    def mandatory(self, c: Children) -> tree.Expectation:
        return self._expectation(c[1], c[2], must=True, start=c[0].start_pos)

    def _expectation(self, found: _Found, results: list[Part], *, must: bool, start: int) -> tree.Expectation:
        span = Span(self.source, start, results[-1][-1] if results else found[2])
        return tree.Expectation(found[0], must, **self._once(results), span=span)

    def basis(self, c: Children) -> tuple[Basis, int]:
        return Basis("_".join([word.value for word in c])), c[-1].end_pos

    def row(self, c: Children) -> tree.Row:
        recipient = folded(c[2].value) if len(c) > 1 else None
        return tree.Row(folded(c[0].value), recipient, span=self._over(c))


def names_of(declaration: tree.Declaration) -> set[str]:
    """The names that a declaration gives to others: its own, or the paths of its facts."""
    match declaration:
        case tree.FactsDecl(group=group, facts=facts):
            return {group.text} | {f"{group.text}.{fact.name.text}" for fact in facts}
        case tree.Use() | tree.Scenario():
            return set()
        case _:
            return {declaration.name.text}
