"""Terms as written -> terms of the model: numbers, dates and lengths of time, and what is counted from them."""

from datetime import date
from typing import Literal, assert_never

from infoshare.meaning import model as m
from infoshare.meaning.answer_binding import Answers, how_to_write, with_article
from infoshare.meaning.lookup import Groups, group_of
from infoshare.meaning.types import Date, Number, Text
from infoshare.syntax import tree as t

Kind = Literal["number", "date", "duration"]


def kind_of(value: int | date | m.Duration | t.Number | t.Date | t.Duration) -> Kind:
    """What a `value` holds."""
    match value:
        case m.Duration() | t.Duration():
            return "duration"
        case int() | t.Number():
            return "number"
        case date() | t.Date():
            return "date"
        case _:
            assert_never(value)


Through = dict[str, m.Fact]
"""The references that a condition goes through, by what the element that each names is called in it."""


def kind_of_value(value: m.Value) -> Kind:
    """What a `value` holds, whenever and for whichever answer."""
    return kind_of(value.every_step[0][1])


def wrapped(condition: m.Condition, through: Through) -> m.Condition:
    """A condition, asked of those whom the references name that it goes through: no where one names nobody."""
    for hand, reference in reversed(through.items()):
        condition = m.Quantified("any", group_of(reference), condition, m.Referred(reference), hand)
    return condition


class Terms(Answers):
    """Binds what is compared."""

    def reached(self, path: t.Path, here: Groups, through: Through) -> tuple[m.Fact, str | None] | None:
        """The fact of a path, and of which element in hand, where that is not the one of its list.

        What it goes through is added to `through`; None, with the fault told, where there is no such fact.
        """
        if path.further is None:
            fact = self.fact(path, here)
            return None if fact is None else (fact, None)
        found = self.through(path, here)
        if found is None:
            return None
        reference, inner = found
        fact = self.fact(inner, here | {inner.group})
        if fact is None:
            return None
        through[reference.path] = reference
        return fact, reference.path

    def value_term(self, fact: m.Fact, value: t.Value) -> m.Term | None:
        """A value that a number, date or text fact is said to be; a word may name a `value`, or today."""
        if isinstance(value, t.Word) and not isinstance(fact.type, Text):
            wanted = "number" if isinstance(fact.type, Number) else "date"
            if value.text == "today" and wanted == "date":
                return m.Today()
            if value.text in self.values and kind_of_value(self.values[value.text]) == wanted:
                return m.ValueTerm(value.text)
        answer = self.answer(fact, value)
        return None if answer is None or isinstance(answer, frozenset) else m.Literal_(answer)

    def term(self, node: t.Term, here: Groups, through: Through) -> tuple[m.Term, Kind] | None:
        match node:
            case t.Number(value):
                return m.Literal_(value), "number"
            case t.Date(day):
                return m.Literal_(day), "date"
            case t.Today():
                return m.Today(), "date"
            case t.Name(text):
                if text in self.values:
                    return m.ValueTerm(text), kind_of_value(self.values[text])
                if text not in self.faults.broken:
                    whole = self.whole_path.get(text)
                    self.faults.unknown(
                        "IS202",
                        f"no value is named `{text}`",
                        node.span,
                        space="term",
                        known=() if whole else self.near_values,
                        help=(f"did you mean `{whole}`?",)
                        if whole
                        else ("write a number, a date, or the name of a `value`",),
                    )
                return None
            case t.Path():
                reached = self.reached(node, here, through)
                if reached is None:
                    return None
                fact, hand = reached
                if isinstance(fact.type, Number):
                    return m.FactTerm(fact, hand), "number"
                if isinstance(fact.type, Date):
                    return m.FactTerm(fact, hand), "date"
                self.faults.error(
                    "IS308",
                    f"`{fact.path}` is {with_article(fact.type)}, which has no order",
                    node.span,
                    "only numbers and dates are compared",
                    help=(how_to_write(fact),),
                )
                return None
            case t.Offset():
                return self._offset(node, here, through)
            case t.Sum():
                return self._sum(node, here, through)
            case t.YearsBetween(first, second):
                days = [self._counted(each, here, through, "date", node) for each in (first, second)]
                before, after = days
                return None if before is None or after is None else (m.YearsBetween(before, after), "number")
            case _:
                assert_never(node)

    def _sum(self, node: t.Sum, here: Groups, through: Through) -> tuple[m.Term, Kind] | None:
        numbers = [self._counted(each, here, through, "number", node) for each in (node.left, node.right)]
        left, right = numbers
        if left is None or right is None:
            return None
        return m.Sum(left, 1 if node.op == "plus" else -1, right), "number"

    def _counted(
        self, node: t.Term, here: Groups, through: Through, wanted: Kind, whole: t.Sum | t.YearsBetween
    ) -> m.Term | None:
        """A part of a sum or of `years between`; None, with the fault told, if it is not of the kind that is wanted."""
        found = self.term(node, here, through)
        if found is None or found[1] == wanted:
            return None if found is None else found[0]
        if isinstance(whole, t.Sum):
            what = f"`{whole.op}` counts with numbers"
            help_ = "a date is counted from another by `6 months after DATE`, and years by `years between DATE and DATE`"
        else:
            what = "`years between` counts from a date to a date"
            help_ = "write `years between child.born_on and today`, with two dates"
        self.faults.error("IS308", f"{what}, found a {found[1]}", node.span, help=(help_,))
        return None

    def _offset(self, node: t.Offset, here: Groups, through: Through) -> tuple[m.Term, Kind] | None:
        base = self.term(node.base, here, through)
        match node.amount:
            case t.Duration(count, unit):
                amount: m.Duration | m.ValueTerm = m.Duration(count, unit)
            case t.Name():
                length = self.term(node.amount, here, through)
                if length is None:
                    return None
                if length[1] != "duration":
                    self.faults.error(
                        "IS308",
                        f"`{node.amount.text}` is not a length of time",
                        node.amount.span,
                        help=("give its steps a unit, `6 months`, or write the length of time itself",),
                    )
                    return None
                amount = m.ValueTerm(node.amount.text)
        if base is None:
            return None
        if base[1] != "date":
            self.faults.error(
                "IS308",
                f"`{node.direction}` needs a date, found a {base[1]}",
                node.base.span,
                help=(f"count from a date: `6 months {node.direction} today`, or from a fact that is one",),
            )
            return None
        return m.Offset(amount, -1 if node.direction == "before" else 1, base[0]), "date"

    def asked(self, term: m.Term) -> list[str]:
        """The paths of the facts that a term is made of, each as often as it occurs."""
        match term:
            case m.FactTerm(fact):
                return [fact.path]
            case m.Offset(amount, _, base):
                return [*(self.asked(amount) if isinstance(amount, m.ValueTerm) else ()), *self.asked(base)]
            case m.Sum(left, _, right) | m.YearsBetween(left, right):
                return [*self.asked(left), *self.asked(right)]
            case m.ValueTerm(name):
                by = self.values[name].by
                return [] if by is None else [by.path]
            case m.Literal_() | m.Today():
                return []
            case _:
                assert_never(term)
