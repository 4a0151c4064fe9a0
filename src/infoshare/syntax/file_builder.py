"""Builds a file: its header and vocabulary, clauses, scenarios; and gathers the declarations in order."""

from typing import Any, Literal, cast, get_args

import attrs

from infoshare.diagnostic import Label
from infoshare.outcome import Act, Basis, Outcome
from infoshare.syntax import tree
from infoshare.syntax.builder import Children, Part, Token, folded
from infoshare.syntax.condition_builder import ConditionBuilder
from infoshare.syntax.words import RESERVED_GROUP, RESERVED_VALUE
from infoshare.text import Span

_Found = tuple[Outcome, int, int]  # an outcome, and where it begins and ends


_DeadlineUnit = Literal["hours", "days", "working days", "weeks", "months"]
_UNITS_OF_A_DEADLINE: dict[str, _DeadlineUnit] = {unit: unit for unit in get_args(_DeadlineUnit)}


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
        _, _, group, phrase, facts = c
        return tree.FactsDecl(self._group(group), folded(phrase.value), tuple(facts), span=self._over(c))

    def facts_about_each(self, c: Children) -> tree.FactsDecl:
        _, _, _, group, phrase, none_listed, facts = c
        name = self._group(group)
        return tree.FactsDecl(
            name,
            folded(phrase.value),
            tuple(facts),
            each=True,
            none_listed=none_listed is not None,
            span=self._over(c),
        )

    def none_listed(self, c: Children) -> Token:
        return cast(Token, c[2])

    def _group(self, token: Token) -> tree.Name:
        name = self._name(token)
        if name.text == RESERVED_GROUP:
            self.fault(
                "IS212",
                "a group of facts may not be called `case`",
                Label(name.span, "`case` is how a case gives its own name"),
                help=("choose another name for the group",),
            )
        return name

    def fact(self, c: Children) -> tree.FactDecl:
        name, phrase, _, type_, parts = c
        return tree.FactDecl(
            self._name(name), folded(phrase.value), type_, **self._once(parts), span=self._over(c)
        )

    def fact_has_more(self, c: Children) -> tree.MoreOptions:
        return tree.MoreOptions(self._name(c[0]), c[2], span=self._over(c))

    def those(self, c: Children) -> tree.EveryElement:
        return tree.EveryElement(self._name(c[1]), c[3], span=self._over(c))

    def yes_no(self, c: Children) -> tree.YesNo:
        return tree.YesNo(span=self._over(c))

    def one_of(self, c: Children) -> tree.OneOf:
        return tree.OneOf(tuple(c[1]), in_order=len(c) > len(("one of", "options")), span=self._over(c))

    def some_of(self, c: Children) -> tree.SomeOf:
        return tree.SomeOf(tuple(c[1]), span=self._over(c))

    def reference(self, c: Children) -> tree.Reference:
        return tree.Reference(self._name(c[1]), many=c[0].value == "some", span=self._over(c))

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
        for_each = self._name(c[3]) if c[3] else None
        return tree.DefineDecl(self._declared(c), folded(c[2].value), c[5], for_each, span=self._over(c))

    def value_decl(self, c: Children) -> tree.ValueDecl:
        return tree.ValueDecl(self._declared(c), tuple(c[2]), span=self._over(c))

    def value_step(self, c: Children) -> tree.ValueStep:
        return tree.ValueStep(c[0], c[2], span=c[0].span.to(c[2].span))

    def value_by(self, c: Children) -> tree.ValueDecl:
        return tree.ValueDecl(self._declared(c), by=c[3], entries=tuple(c[5]), span=self._over(c))

    def entry(self, c: Children) -> tree.ValueEntry:
        return tree.ValueEntry(self._name(c[0]), c[1], c[3] if len(c) > 2 else None, span=self._over(c))

    def holidays(self, c: Children) -> tree.HolidaysDecl:
        return tree.HolidaysDecl(self._declared(c), tuple(c[2]), span=self._over(c))

    def impossible(self, c: Children) -> tree.ImpossibleDecl:
        return tree.ImpossibleDecl(self._declared(c), folded(c[2].value), c[4], span=self._over(c))

    # --- clauses -------------------------------------------------------------------------------------

    def part_decl(self, c: Children) -> tree.Part:
        name, provisions = self._declared(c), self._provisions(c[3])
        return tree.Part(name, folded(c[2].value), provisions, span=self._over(c))

    def clause(self, c: Children) -> tree.Clause:
        word, _, statement, instead, effect, *over, scope, parts = c
        return tree.Clause(
            word.value,
            self._declared(c),
            folded(statement.value),
            effect,
            tuple(over[-1]) if over else (),
            self._provisions(parts),
            _scope(scope),
            self._instead_of(instead),
            span=self._over(c),
        )

    override = clause

    def exception(self, c: Children) -> tree.Exception_:
        return self._exception(c)

    def relaxing(self, c: Children) -> tree.Exception_:
        return self._exception(c, relaxes=True)

    def _exception(self, c: Children, *, relaxes: bool = False) -> tree.Exception_:
        _, _, statement, instead, *_, targets, scope, parts = c
        return tree.Exception_(
            self._declared(c),
            folded(statement.value),
            tuple(targets),
            self._provisions(parts),
            relaxes,
            _scope(scope),
            self._instead_of(instead),
            span=self._over(c),
        )

    def duty(self, c: Children) -> tree.Duty:
        _, _, statement, instead, timings, scope, deadline, parts = c
        return tree.Duty(
            self._declared(c),
            folded(statement.value),
            tuple(timings),
            self._provisions(parts),
            _scope(scope),
            deadline,
            self._instead_of(instead),
            span=self._over(c),
        )

    def deadline(self, c: Children) -> tree.Deadline:
        unit = "working days" if c[2].type == "WORKING_DAYS" else c[2].value.rstrip("s") + "s"
        if unit not in _UNITS_OF_A_DEADLINE:
            self._distrusted = True
            self.fault(
                "IS101",
                "a deadline is not counted in years",
                Label(self._span(c[2]), "hours, days, working days, weeks or months"),
                help=(f"write it in months: `within {12 * int(c[1].value[:9])} months`",),
            )
        of = c[4] if len(c) > len(("within", "3", "days")) else None
        return tree.Deadline(
            self.number([c[1]]).value, _UNITS_OF_A_DEADLINE.get(unit, "months"), of, span=self._over(c)
        )

    def safeguard(self, c: Children) -> tree.Safeguard:
        _, _, statement, instead, scope, _, require, _, remedy, parts = c
        return tree.Safeguard(
            self._declared(c),
            folded(statement.value),
            _scope(scope),
            require,
            folded(remedy.value),
            self._provisions(parts),
            self._instead_of(instead),
            span=self._over(c),
        )

    def scope(self, c: Children) -> list[Token]:
        return c[2::2]

    def advice(self, c: Children) -> tree.Advice:
        _, _, _, whom, instead, scope, parts = c
        return tree.Advice(
            self._declared(c),
            folded(whom.value),
            self._provisions(parts),
            _scope(scope),
            self._instead_of(instead),
            span=self._over(c),
        )

    def _instead_of(self, token: Token | None) -> tree.Name | None:
        return None if token is None else self._name(token)

    def guarantee(self, c: Children) -> tree.Guarantee:
        return self._guarantee(c, outcome=c[4][0])

    def guarantee_of_duty(self, c: Children) -> tree.Guarantee:
        return self._guarantee(c, duty=self._name(c[5]))

    def _guarantee(
        self, c: Children, outcome: Outcome | None = None, duty: tree.Name | None = None
    ) -> tree.Guarantee:
        name, statement, scope, parts = self._declared(c), folded(c[2].value), c[-2], c[-1]
        return tree.Guarantee(
            name,
            statement,
            c[3].value,
            outcome,
            duty,
            self._provisions(parts),
            _scope(scope),
            span=self._over(c),
        )

    def effect(self, c: Children) -> tree.Effect:
        strength, (outcome, start, end), closing = c
        return self._effect(
            outcome, strength, start, closing.end_pos if closing else end, closing=bool(closing)
        )

    def effect_from(self, c: Children) -> tree.Effect:
        strength, seek, _, _, whom, closing = c
        end = closing.end_pos if closing else whom.span.end
        return self._effect(
            Outcome.SEEK_CONSENT, strength, seek.start_pos, end, closing=bool(closing), whom=whom
        )

    def _effect(
        self,
        outcome: Outcome,
        strength: Token | None,
        start: int,
        end: int,
        *,
        closing: bool,
        whom: tree.Whom | None = None,
    ) -> tree.Effect:
        span = Span(self.source, strength.start_pos if strength else start, end)
        return tree.Effect(outcome, **_said_with(strength), whom=whom, closing=closing, span=span)

    def each_of(self, c: Children) -> tree.EachOf:
        return tree.EachOf(self._name(c[1]), c[4], c[2], span=self._over(c))

    def outcome(self, c: Children) -> _Found:
        return Outcome("_".join([word.value for word in c])), c[0].start_pos, c[-1].end_pos

    def name(self, c: Children) -> tree.Name:
        return self._name(c[0])

    def every_consent_clause(self, c: Children) -> tree.EveryConsentClause:
        return tree.EveryConsentClause(span=self._over(c))

    def every_clause_of(self, c: Children) -> tree.EveryClauseOf:
        return tree.EveryClauseOf(self._name(c[3]), span=self._over(c))

    def all_other_clauses(self, c: Children) -> tree.AllOtherClauses:
        return tree.AllOtherClauses(span=self._over(c))

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

    def _one_dot(self, fact: tree.Path) -> None:
        """Tells of what is said of somebody by way of another, where it is to be said of themselves."""
        if fact.further is not None:
            self.fault(
                "IS120",
                f"`{fact.text}` has more than one dot",
                Label(fact.span),
                help=(f'say it of whom it is so, by name: `person "Ann" ({fact.further})`',),
            )

    def given_none_of_them(self, c: Children) -> tree.GivenIs:
        self._one_dot(c[0])
        nobody = self.none_of_them([c[2]])
        return tree.GivenIs(c[0], (nobody,), span=c[0].span.to(nobody.span))

    def given_holds(self, c: Children) -> tree.GivenHolds:
        self._one_dot(c[0])
        return tree.GivenHolds(c[0], span=c[0].span)

    def given_not(self, c: Children) -> tree.GivenHolds:
        self._one_dot(c[1])
        return tree.GivenHolds(c[1], negated=True, span=self._over(c))

    def given_is(self, c: Children) -> tree.GivenIs:
        self._one_dot(c[0])
        return tree.GivenIs(c[0], (c[2],), span=c[0].span.to(c[2].span))

    def given_exactly(self, c: Children) -> tree.GivenIs:
        self._one_dot(c[0])
        values = c[3]
        return tree.GivenIs(c[0], tuple(values), exactly=True, span=c[0].span.to(values[-1].span))

    def given_exactly_several(self, c: Children) -> tree.GivenIs:
        self._one_dot(c[0])
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
        strength, (outcome, start, end), results = c
        start = strength.start_pos if strength else start
        return self._expectation(outcome, results, Span(self.source, start, end), **_said_with(strength))

    def differs(self, c: Children) -> tree.Expectation:
        return self._expectation(Outcome.DIFFERS, c[1], self._span(c[0]))

    def _expectation(
        self, outcome: Outcome, results: list[Part], said: Span, **strength: Any
    ) -> tree.Expectation:
        span = Span(self.source, said.start, results[-1][-1]) if results else said
        return tree.Expectation(outcome, **strength, **self._once(results), span=span)

    def outcome_for(self, c: Children) -> tuple[Token | None, tree.OutcomeFor]:
        strength, (outcome, start, _), *sides = c
        item, recipient = None, None
        for word, text in zip(sides[::2], sides[1::2], strict=True):
            if word.type == "FOR":
                item = folded(text.value)
            else:
                recipient = folded(text.value)
        span = Span(self.source, strength.start_pos if strength else start, sides[-1].end_pos)
        return strength, tree.OutcomeFor(
            outcome, **_said_with(strength), item=item, recipient=recipient, span=span
        )

    def duty_for(self, c: Children) -> tree.DutyFor:
        for_, *to = [folded(text.value) for text in c[2::2]]
        return tree.DutyFor(c[0].value, for_, *to, span=self._over(c))

    def basis(self, c: Children) -> tuple[Basis, int]:
        return Basis("_".join([word.value for word in c])), c[-1].end_pos

    def row(self, c: Children) -> tree.Row:
        recipient = folded(c[2].value) if len(c) > 1 else None
        return tree.Row(folded(c[0].value), recipient, span=self._over(c))


def _scope(words: list[Token]) -> tree.Scope:
    return tuple([word.value for word in words])


def _said_with(strength: Token | None) -> dict[str, Any]:
    """`must` or `should`, as the tree keeps it."""
    return {strength.value: True} if strength else {}


def names_of(declaration: tree.Declaration) -> set[str]:
    """The names that a declaration gives to others: its own, or the paths of its facts."""
    match declaration:
        case tree.FactsDecl(group=group, facts=facts):
            return {group.text} | {f"{group.text}.{fact.name.text}" for fact in facts}
        case tree.Use() | tree.Scenario():
            return set()
        case _:
            return {declaration.name.text}
