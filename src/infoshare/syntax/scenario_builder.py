"""Builds scenarios: what is given, and what is expected then."""

from collections.abc import Callable

from infoshare.outcome import Basis, Outcome
from infoshare.syntax import tree
from infoshare.syntax.builder import Builder, Children, Part, Token, folded
from infoshare.text import Span


class ScenarioBuilder(Builder):
    """The callbacks of scenarios."""

    def scenario(self, c: Children) -> tree.Scenario:
        parts = self._once(c[2])
        return tree.Scenario(
            folded(c[1].value),
            tuple(c[4]),
            c[6],
            as_of=parts.get("as"),
            cites=tuple(parts.get("cites", ())),
            span=self._over(c),
        )

    def given_holds(self, c: Children) -> tree.GivenHolds:
        return tree.GivenHolds(c[0], span=c[0].span)

    def given_not(self, c: Children) -> tree.GivenHolds:
        return tree.GivenHolds(c[1], negated=True, span=self._over(c))

    def given_is(self, c: Children) -> tree.GivenIs:
        return tree.GivenIs(c[0], (c[2],), span=c[0].span.to(c[2].span))

    def given_exactly(self, c: Children) -> tree.GivenIs:
        return tree.GivenIs(c[0], tuple(c[3]), exactly=True, span=c[0].span.to(c[3][-1].span))

    def given_none(self, c: Children) -> tree.GivenNone:
        return tree.GivenNone(self._name(c[1]), span=self._over(c))

    def given_element(self, c: Children) -> tree.GivenElement:
        group = self._name(c[0])
        facts: list[tree.GivenHolds | tree.GivenIs] = []
        for token, make in c[3] if len(c) > 2 else ():
            facts.append(make(tree.Path(group.text, token.value, span=self._span(token))))
        return tree.GivenElement(group, folded(c[1].value), tuple(facts), span=self._over(c))

    # The group of an element's fact is known only to the element around it, so these wait for the path.

    def element_holds(self, c: Children) -> tuple[Token, Callable[[tree.Path], tree.Given]]:
        span = self._over(c)
        return c[0], lambda path: tree.GivenHolds(path, span=span)

    def element_not(self, c: Children) -> tuple[Token, Callable[[tree.Path], tree.Given]]:
        span = self._over(c)
        return c[1], lambda path: tree.GivenHolds(path, negated=True, span=span)

    def element_is(self, c: Children) -> tuple[Token, Callable[[tree.Path], tree.Given]]:
        span = self._over(c)
        return c[0], lambda path: tree.GivenIs(path, (c[2],), span=span)

    def element_exactly(self, c: Children) -> tuple[Token, Callable[[tree.Path], tree.Given]]:
        span = self._over(c)
        return c[0], lambda path: tree.GivenIs(path, (c[3],), exactly=True, span=span)

    def element_exactly_several(self, c: Children) -> tuple[Token, Callable[[tree.Path], tree.Given]]:
        span = self._over(c)
        return c[0], lambda path: tree.GivenIs(path, tuple(c[4]), exactly=True, span=span)

    def expectation(self, c: Children) -> tree.Expectation:
        return self._expectation(c[0], c[1], must=False, start=c[0][1])

    def mandatory(self, c: Children) -> tree.Expectation:
        return self._expectation(c[1], c[2], must=True, start=c[0].start_pos)

    def _expectation(
        self, outcome: tuple[Outcome, int, int], results: list[Part], *, must: bool, start: int
    ) -> tree.Expectation:
        parts = self._once(results)
        end = results[-1][-1] if results else outcome[2]
        return tree.Expectation(
            outcome[0],
            must,
            because_of=tuple(parts.get("because", ())),
            basis=parts.get("basis"),
            with_=tuple(parts.get("with", ())),
            without=tuple(parts.get("without", ())),
            lifting=tuple(parts.get("lifting", ())),
            asking=tuple(parts.get("asking", ())),
            releasing=tuple(parts.get("releasing", ())),
            holding_back=tuple(parts.get("holding", ())),
            leaving_open=tuple(parts.get("leaving", ())),
            span=Span(self.source, start, end),
        )

    def basis(self, c: Children) -> tuple[Basis, int]:
        return Basis("_".join([word.value for word in c])), c[-1].end_pos

    def row(self, c: Children) -> tree.Row:
        recipient = folded(c[2].value) if len(c) > 1 else None
        return tree.Row(folded(c[0].value), recipient, span=self._over(c))
