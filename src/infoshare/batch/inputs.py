"""The columns of one table as the bit columns that a program reads, assumptions made.

Deliberately not here: reading the columns (`reading`), and the general road (`patterns`).
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date

from infoshare.batch import bits
from infoshare.batch.answers import Answers, Span
from infoshare.batch.bits import Bits
from infoshare.batch.comparing import Comparing, Sides
from infoshare.batch.form import Form, Open
from infoshare.batch.signals import Allowed, Shape
from infoshare.batch.wide import Wide
from infoshare.meaning.model import Fact, Model
from infoshare.meaning.types import Answer


class Inputs:
    """What a table says of every fact, with what is assumed of it."""

    def __init__(
        self, model: Model, day: date, rows: int, answers: Mapping[str, Answers], *, presume: bool
    ) -> None:
        self.model, self.rows, self.answers, self.presume = model, rows, answers, presume
        assumed = {f.path: a for f in model.facts.values() if (a := self.assumed(f)) is not None}
        self._comparing = Comparing(model, day, rows, answers, assumed)
        self._sides: dict[int, Sides] = {}

    def assumed(self, fact: Fact) -> Answer | None:
        """What an unanswered fact is taken to be."""
        return fact.assumed if self.presume else None

    def shape(self) -> Shape:
        """The facts of which every row says the same, because there is no column or nothing in it."""
        found: dict[str, Answer | None] = {}
        for fact in self.model.facts.values():
            column = self.answers.get(fact.path)
            if not fact.each and (column is None or _is_empty(column)):
                found[fact.path] = self.assumed(fact)
        return found

    def unknown(self, fact: Fact) -> Bits | None:
        """Where a fact with a column is unknown; None for nowhere."""
        column = self.answers[fact.path]
        if self.assumed(fact) is not None:
            return column.unsure
        return None if column.known is None else ~column.known

    def unknown_rows(self) -> dict[str, Bits | bool]:
        """For each fact outside lists, where it is unknown; True for every row, False for none."""
        found: dict[str, Bits | bool] = {}
        for fact in self.model.facts.values():
            if not fact.each:
                if fact.path not in self.answers:
                    found[fact.path] = self.assumed(fact) is None
                else:
                    where = self.unknown(fact)
                    found[fact.path] = False if where is None else where
        return found

    def for_program(self, form: Form | Wide, names: Sequence[Hashable]) -> list[Bits]:
        """The columns that a program reads."""
        return [self._input(form, name) for name in names]

    def half_compared(self, form: Form) -> Bits:
        """The rows in which, of two facts that are compared, one is known and the other is not."""
        found = bits.zeros(self.rows)
        for index in form.compared:
            found |= self._compared(form, index).half
        return found

    def _input(self, form: Form | Wide, name: Hashable) -> Bits:
        match name:
            case Open(index) if isinstance(form, Form):
                return self._compared(form, index).unknown
            case Allowed(index, spans):
                variable = form.world.variables[index]
                if variable.fact is None and isinstance(form, Form):
                    sides = self._compared(form, index)
                    return sides.unknown | (sides.truth if _holds(spans, 1) else ~sides.truth)
                if variable.fact is None:
                    raise AssertionError("an input of a fact")
                return self._allowed(
                    variable.fact, spans, lambda answer: form.world.encoded(variable, answer), variable.option
                )
            case _:
                raise AssertionError("an input that a form does not make")

    def _allowed(
        self, fact: Fact, spans: Sequence[Span], encoded: Callable[[Answer], int], option: str | None
    ) -> Bits:
        column, assumed = self.answers[fact.path], self.assumed(fact)
        within = column.within(spans, encoded, option)
        if column.known is None:
            return within
        if assumed is None or _holds(spans, encoded(assumed)):
            return within | ~column.known
        within = within & column.known
        return within if column.unsure is None else within | column.unsure

    def _compared(self, form: Form, index: int) -> Sides:
        found = self._sides.get(index)
        if found is None:
            found = self._sides[index] = self._comparing.sides(form.compared[index])
        return found


def _holds(spans: Sequence[Span], value: int) -> bool:
    return any((low is None or low <= value) and (high is None or value < high) for low, high in spans)


def _is_empty(column: Answers) -> bool:
    return column.known is not None and column.unsure is None and not bits.any_in(column.known, column.rows)
