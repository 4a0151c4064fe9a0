"""Builds conditions, terms and literals.

Invariant: `and` and `or` joined any number of times give one flat node; where they are mixed without brackets the
first of them is taken, and told.
"""

import datetime as dt
import re
from typing import Any, Literal, cast

import attrs

from infoshare.diagnostic import Label
from infoshare.syntax import tree
from infoshare.syntax.builder import Builder, Children, Token, folded
from infoshare.text import Span

LARGEST_NUMBER = 2**53 - 1  # what every reader of JSON keeps exactly

_PLURALS: tuple[tree.Unit, ...] = ("days", "weeks", "months", "years")
_UNITS: dict[str, tree.Unit] = {word: plural for plural in _PLURALS for word in (plural, plural[:-1])}
_COUNTS: dict[str, Literal["at least", "at most", "exactly"]] = {
    "AT_LEAST": "at least",
    "AT_MOST": "at most",
    "EXACTLY_SO_MANY": "exactly",
}
_COMMENT = re.compile(r"#[^\n]*")
_SIGNS: dict[str, Literal["<", "<=", ">", ">="]] = {"least": ">=", "most": "<=", "more": ">", "less": "<"}


class ConditionBuilder(Builder):
    """The callbacks of conditions, from chains down to dates."""

    def PATH(self, token: Token) -> tree.Path:  # noqa: N802 - the terminal's name
        return tree.Path(*token.value.split("."), span=Span(self.source, token.start_pos, token.end_pos))

    def holds(self, c: Children) -> tree.Holds:
        return tree.Holds(c[0], span=c[0].span)

    def holds_name(self, c: Children) -> tree.Holds:
        name = self._name(c[0])
        return tree.Holds(name, span=name.span)

    def is_(self, c: Children) -> tree.Is:
        fact, word, value = c
        return tree.Is(fact, (value,), word.type == "IS_NOT", span=fact.span.to(value.span))

    def is_one_of(self, c: Children) -> tree.Is:
        fact, word, _, values = c
        negated = word.type == "IS_NOT"
        return tree.Is(fact, tuple(values), negated, listed=True, span=fact.span.to(values[-1].span))

    def includes(self, c: Children) -> tree.Includes:
        return tree.Includes(c[0], (c[2],), span=c[0].span.to(c[2].span))

    def includes_several(self, c: Children) -> tree.Includes:
        how = c[2].type.partition("_")[0].lower()
        return tree.Includes(c[0], tuple(c[3]), how, span=c[0].span.to(c[3][-1].span))

    def is_exactly(self, c: Children) -> tree.Includes:
        return tree.Includes(c[0], tuple(c[2]), "exactly", span=c[0].span.to(c[2][-1].span))

    def is_exactly_bracketed(self, c: Children) -> tree.Includes:
        span = Span(self.source, c[0].span.start, c[4].end_pos)
        return tree.Includes(c[0], tuple(c[3]), "exactly", span=span)

    def compare(self, c: Children) -> tree.Compare:
        return tree.Compare(c[0], c[1].value, c[2], span=c[0].span.to(c[2].span))

    def compare_in_words(self, c: Children) -> tree.Compare:
        said = _COMMENT.sub(" ", c[1].value).split()
        sign = _SIGNS[said[1] if said[-1] == "than" else said[-1]]
        return tree.Compare(c[0], sign, c[2], in_words=True, span=c[0].span.to(c[2].span))

    def compare_with_option(self, c: Children) -> tree.Compare:
        return self.compare_in_words([c[0], c[1], self._name(c[2])])

    def negation(self, c: Children) -> tree.Not:
        return tree.Not(c[1], span=self._over(c))

    def bracketed(self, c: Children) -> tree.Condition:
        return cast(tree.Condition, attrs.evolve(c[1], span=self._over(c)))

    def quantified(self, c: Children) -> tree.Quantified:
        return tree.Quantified(c[0].value, self._name(c[1]), c[4], c[2], span=self._over(c))

    def counted(self, c: Children) -> tree.Counted:
        number = self.number([c[1]]).value
        return tree.Counted(_COUNTS[c[0].type], number, self._name(c[2]), c[5], c[3], span=self._over(c))

    def chain_of_two(self, c: Children) -> tuple[list[tree.Condition], list[Token]]:
        return [c[0], c[2]], [c[1]]

    def chain_more(self, c: Children) -> tuple[list[tree.Condition], list[Token]]:
        items, joiners = c[0]
        joiners.append(c[1])
        items.append(c[2])
        return items, joiners

    def joined(self, c: Children) -> tree.And | tree.Or:
        items, joiners = c[0]
        return self._join(items, joiners)

    def joined_with_list(self, c: Children) -> tree.And | tree.Or:
        return self._join([c[0], c[2]], [c[1]])

    def chain_with_list(self, c: Children) -> tree.And | tree.Or:
        return self._join(*self.chain_more(c))

    def _join(self, items: list[tree.Condition], joiners: list[Token]) -> tree.And | tree.Or:
        kind = joiners[0].type
        other = next((joiner for joiner in joiners if joiner.type != kind), None)
        if other is not None:
            self.fault(
                "IS111",
                "`and` and `or` are mixed without brackets",
                Label(self._span(other), f"`{other.value}` here"),
                Label(self._span(joiners[0]), f"but `{joiners[0].value}` here"),
                help=("put brackets around what belongs together: `(a and b) or c`, or `a and (b or c)`",),
            )
        span = items[0].span.to(items[-1].span)
        if kind == "AND":
            return tree.And(tuple(items), span=span)
        return tree.Or(tuple(items), span=span)

    def first_item(self, c: Children) -> list[tree.Condition]:
        return [c[1]]

    def item_goes_on(self, c: Children) -> list[Any]:
        c[0].append((c[1], c[2]))  # what the list makes of it depends on whether another item follows
        return cast(list[Any], c[0])

    def these(self, c: Children) -> tree.These:
        start = c[0].start_pos
        kind = c[0].type.partition("_")[0].lower()
        items: list[tree.Condition] = []
        further: list[tuple[Token, tree.Condition]] = []
        for item in c[1]:
            if isinstance(item, tuple):
                further.append(item)
                continue
            self._item_goes_on(items, further, None)
            items.append(item)
            further = []
        self._item_goes_on(items, further, kind)
        if self._last_list > start:
            from infoshare.syntax import faults  # only where there is one

            inner = Span(self.source, self._last_list, self._last_list_end)
            self.add(faults.nested_list(inner))
        self._last_list, self._last_list_end = start, c[0].end_pos
        return tree.These(kind, tuple(items), span=Span(self.source, start, items[-1].span.end))

    def _item_goes_on(
        self, items: list[tree.Condition], further: list[tuple[Token, tree.Condition]], kind: str | None
    ) -> None:
        """Tells of `and` or `or` after an item: it belongs to the item, or after the last one perhaps to the list.

        Args:
            items: those so far.
            further: what the last of them is joined with.
            kind: of the list, if that item ends it.
        """
        if not further:
            return
        from infoshare.syntax.phrases import operand  # only where there is a fault
        from infoshare.syntax.spelling import echoed

        self._distrusted = True
        word = further[0][0].value
        this = echoed(operand(items[-1]))
        that = " ".join(f"{joiner.value} {echoed(operand(item))}" for joiner, item in further[:3])
        help_ = [f"put the item in brackets: `- ({this} {that})`"]
        message, label = f"this `{word}` goes on with an item of a list", "the item has no brackets around it"
        if kind is not None:
            message = f"does this `{word}` belong to the last item of the list, or to the whole list?"
            label = "after a list this is not clear"
            whole = f"({kind} of these {'- … ' if len(items) > 1 else ''}- {this})"
            help_ = [
                f"if it belongs to the item, {help_[0]}",
                f"if it belongs to the list, put the list in brackets, `{whole} {that}`, or name it with `define`",
            ]
        self.fault("IS112", message, Label(self._span(further[0][0]), label), help=help_)

    def today(self, c: Children) -> tree.Today:
        return tree.Today(span=self._span(c[0]))

    def offset(self, c: Children) -> tree.Offset:
        return tree.Offset(c[0], c[1].value, c[2], span=c[0].span.to(c[2].span))

    def offset_by_name(self, c: Children) -> tree.Offset:
        return tree.Offset(self._name(c[0]), c[1].value, c[2], span=self._over(c))

    def sum(self, c: Children) -> tree.Sum:
        return tree.Sum(c[0], c[1].value, c[2], span=c[0].span.to(c[2].span))

    def years_between(self, c: Children) -> tree.YearsBetween:
        return tree.YearsBetween(c[1], c[3], span=self._over(c))

    def none_of_them(self, c: Children) -> tree.NoneOfThem:
        return tree.NoneOfThem(span=self._span(c[0]))

    def word(self, c: Children) -> tree.Word:
        return tree.Word(c[0].value, span=self._span(c[0]))

    def text(self, c: Children) -> tree.Text:
        return tree.Text(folded(c[0].value), span=self._span(c[0]))

    def number(self, c: Children) -> tree.Number:
        token = c[0]
        value = int(token.value) if len(token.value) < 20 else LARGEST_NUMBER + 1
        if abs(value) > LARGEST_NUMBER:
            self._distrusted = True
            self.fault("IS108", *number_too_large(self._span(token)))
        return tree.Number(value, span=self._span(token))

    def date(self, c: Children) -> tree.Date:
        token = c[0]
        try:
            value = dt.date.fromisoformat(token.value)
        except ValueError:
            self._distrusted = True
            self.fault(
                "IS109",
                *no_such_day(self._span(token)),
                help=("check the year, the month and the day, in this order",),
            )
            value = dt.date.min
        return tree.Date(value, span=self._span(token))

    def duration(self, c: Children) -> tree.Duration:
        count = self.number([c[0]])
        return tree.Duration(count.value, _UNITS[c[1].value], span=self._over(c))


def number_too_large(span: Span) -> tuple[str, Label]:
    """The message and label for a number beyond what is kept exactly."""
    return "the number is too large", Label(span, f"the largest is {LARGEST_NUMBER}")


def no_such_day(span: Span) -> tuple[str, Label]:
    """The message and label for a date that no calendar has."""
    import calendar  # only where there is a fault

    year, month = int(span.text[:4]), int(span.text[5:7])
    label = "not in the calendar"
    if year and 1 <= month <= 12:
        label = f"{calendar.month_name[month]} {year} has {calendar.monthrange(year, month)[1]} days"
    return f"there is no day {span.text}", Label(span, label)
