"""Builds what people cite: clauses, exceptions, duties, safeguards, advice and guarantees."""

from infoshare.outcome import Act, Outcome
from infoshare.syntax import tree
from infoshare.syntax.builder import Builder, Children, Token, folded
from infoshare.text import Span


class ClauseBuilder(Builder):
    """The callbacks of clauses and of their effects, targets and timings."""

    def clause(self, c: Children) -> tree.Clause:
        name = self._declared(c[0], c[1])
        return tree.Clause(
            c[0].value,
            name,
            folded(c[2].value),
            c[3],
            provisions=self._provisions(c[4]),
            span=self._over(c),
        )

    def override(self, c: Children) -> tree.Clause:
        name = self._declared(c[0], c[1])
        return tree.Clause(
            "override",
            name,
            folded(c[2].value),
            c[3],
            tuple(c[6]),
            self._provisions(c[7]),
            span=self._over(c),
        )

    def exception(self, c: Children) -> tree.Exception_:
        name = self._declared(c[0], c[1])
        return tree.Exception_(
            name, folded(c[2].value), tuple(c[5]), self._provisions(c[6]), span=self._over(c)
        )

    def duty(self, c: Children) -> tree.Duty:
        name = self._declared(c[0], c[1])
        return tree.Duty(name, folded(c[2].value), tuple(c[3]), self._provisions(c[4]), span=self._over(c))

    def safeguard(self, c: Children) -> tree.Safeguard:
        return tree.Safeguard(
            self._declared(c[0], c[1]),
            folded(c[2].value),
            tuple(word.value for word in c[3] if word.type in {"ITEM", "RECIPIENT"}),
            c[5],
            folded(c[7].value),
            self._provisions(c[8]),
            span=self._over(c),
        )

    def scope(self, c: Children) -> list[Token]:
        return c

    def advice(self, c: Children) -> tree.Advice:
        name = self._declared(c[0], c[1])
        return tree.Advice(name, folded(c[3].value), self._provisions(c[4]), span=self._over(c))

    def guarantee(self, c: Children) -> tree.Guarantee:
        return tree.Guarantee(
            self._declared(c[0], c[1]),
            folded(c[2].value),
            c[3].value,
            outcome=c[4][0],
            provisions=self._provisions(c[5]),
            span=self._over(c),
        )

    def guarantee_of_duty(self, c: Children) -> tree.Guarantee:
        return tree.Guarantee(
            self._declared(c[0], c[1]),
            folded(c[2].value),
            c[3].value,
            duty=self._name(c[5]),
            provisions=self._provisions(c[6]),
            span=self._over(c),
        )

    def effect(self, c: Children) -> tree.Effect:
        outcome, start, end = c[0]
        return tree.Effect(outcome, span=Span(self.source, start, end))

    def must(self, c: Children) -> tree.Effect:
        outcome, _, end = c[1]
        return tree.Effect(outcome, must=True, span=Span(self.source, c[0].start_pos, end))

    def outcome(self, c: Children) -> tuple[Outcome, int, int]:
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
