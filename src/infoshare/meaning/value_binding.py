"""Values as written -> values of the model: their steps in time, and of those by a fact, steps for each answer."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TypeAlias

from infoshare.diagnostic import Label
from infoshare.meaning import model as m
from infoshare.meaning.answer_binding import with_article
from infoshare.meaning.binding import Binder
from infoshare.meaning.faults import Faults
from infoshare.meaning.lookup import listed
from infoshare.meaning.names import Names
from infoshare.meaning.term_binding import kind_of
from infoshare.meaning.types import Answer, OneOf, YesNo
from infoshare.syntax import tree as t

Constant: TypeAlias = int | date | m.Duration
Steps: TypeAlias = tuple[tuple[date, Constant], ...]

_OTHERS = "others"


class ValueBinder:
    """Takes in the values of a policy, in order.

    Attributes:
        values: by name.
    """

    def __init__(
        self, faults: Faults, names: Names, groups: Mapping[str, m.Group], facts: Mapping[str, m.Fact]
    ) -> None:
        self.faults, self.names = faults, names
        self.binder = Binder(faults, groups, facts, {}, {})
        self.values: dict[str, m.Value] = {}

    def value(self, node: t.ValueDecl) -> None:
        """Takes in a value and its steps."""
        if not self.names.take("term", node.name):
            return
        name = node.name.text
        if node.by is not None:
            self._by(node, node.by)
            return
        steps: list[tuple[date, Constant]] = []
        for step in node.steps:
            if steps and not self._same_kind(name, steps[0][1], step.literal):
                continue
            if steps and step.start.value <= steps[-1][0]:
                self._not_forward(step.start)
                continue
            steps.append((step.start.value, _constant(step.literal)))
        self.values[name] = m.Value(name, tuple(steps))

    def _by(self, node: t.ValueDecl, path: t.Path) -> None:
        name, first = node.name.text, _constant(node.entries[0].literal)
        fact, dated = self._fact_of(path), self._dated(node)
        if fact is None or not dated:  # who uses it is not to be blamed: it is there, whatever it is
            self.values[name] = m.Value(name, ((date.min, first),))
            return
        words = {word: answer for answer, word in _answers(fact)}
        unknown = [e for e in node.entries if e.option.text not in words and e.option.text != _OTHERS]
        for entry in unknown:
            self.faults.unknown(
                "IS301",
                f"`{entry.option.text}` is not a value of `{fact.path}`",
                entry.option.span,
                f"its values are {listed(list(words))}",
                space="value",
                known=(*words, _OTHERS),
                of=fact.path,
                word=entry.option.text,
                help=(f"write one of them, or `{_OTHERS}` for all that have no entry",),
            )
        tables = {answer: _steps(dated, word, others=_OTHERS not in words) for word, answer in words.items()}
        missing = [f"`{word}`" for word, answer in words.items() if not tables[answer]]
        if missing and not unknown and len(dated) == len(node.entries):
            self.faults.error(
                "IS309",
                f"`{name}` says nothing where `{fact.path}` is {' or '.join(missing)}",
                node.name.span,
                help=(
                    f"give each of them an entry, or write `{_OTHERS} {_written(first)}` for all that have none",
                ),
            )
        self.values[name] = m.Value(name, (), fact, {a: s or ((date.min, first),) for a, s in tables.items()})

    def _fact_of(self, path: t.Path) -> m.Fact | None:
        """The fact by which a value is given: of few answers, and outside lists."""
        if path.further is not None:
            self._not_by(path, "goes through a reference")
            return None
        known = self.binder.facts.get(path.text)
        if known is not None and known.each:
            self._not_by(path, f"is of each {known.group}, and a value is the same for all of a case")
            return None
        fact = self.binder.fact(path, frozenset())
        if fact is None or isinstance(fact.type, OneOf | YesNo):
            return fact
        self._not_by(path, f"is {with_article(fact.type)}, whose answers cannot all be named")
        return None

    def _not_by(self, path: t.Path, why: str) -> None:
        self.faults.error(
            "IS302",
            f"`{path.text}` {why}",
            path.span,
            "a value is by one of several values, or by a yes or no",
            help=("name a fact that is no part of a list, and is declared `one of …` or `yes or no`",),
        )

    def _dated(self, node: t.ValueDecl) -> list[tuple[t.ValueEntry, date]]:
        """Its entries, each with its date: a date is that of all entries since the last that has one."""
        found: list[tuple[t.ValueEntry, date]] = []
        waiting: list[t.ValueEntry] = []
        last: date | None = None
        first = _constant(node.entries[0].literal)
        for entry in node.entries:
            same = self._same_kind(node.name.text, first, entry.literal)
            earlier = next((e for e in waiting if e.option.text == entry.option.text), None)
            if earlier is not None:
                self.faults.error(
                    "IS303",
                    f"`{entry.option.text}` is given twice for one date",
                    entry.option.span,
                    "again",
                    also=(Label(earlier.option.span, "first here"),),
                    help=("delete one of them, or put a date between them",),
                )
            elif same:
                waiting.append(entry)
            if entry.start is None:
                continue
            if last is not None and entry.start.value <= last:
                self._not_forward(entry.start)
            else:
                last = entry.start.value
                found += [(each, last) for each in waiting]
            waiting = []
        if waiting:
            self.faults.error(
                "IS306",
                f"it is not said from when `{waiting[-1].option.text}` is {_written(_constant(waiting[-1].literal))}",
                waiting[-1].span,
                "no date stands after it",
                help=("end with the date from which these are so: `from 2026-01-01`",),
            )
        return found

    def _same_kind(self, name: str, first: Constant, literal: t.Number | t.Duration | t.Date) -> bool:
        if kind_of(literal) == kind_of(first):
            return True
        self.faults.error(
            "IS302",
            f"`{name}` is a {kind_of(first)} first, and a {kind_of(literal)} here",
            literal.span,
            help=("give every step the same kind of value",),
        )
        return False

    def _not_forward(self, start: t.Date) -> None:
        self.faults.error(
            "IS306",
            "the dates of a value go forward",
            start.span,
            "not after the one before it",
            help=("put the steps in the order of their dates, each date once",),
        )


def _answers(fact: m.Fact) -> tuple[tuple[Answer, str], ...]:
    """The answers of a fact, each as it is written."""
    if isinstance(fact.type, OneOf):
        return tuple((value, value) for value in fact.type.values)
    return fact.type.choices


def _steps(dated: Iterable[tuple[t.ValueEntry, date]], word: str, *, others: bool) -> Steps:
    """The steps of one answer: those of its own name, and until the first of them those of all others."""
    own = [(day, _constant(entry.literal)) for entry, day in dated if entry.option.text == word]
    rest = [(day, _constant(e.literal)) for e, day in dated if others and e.option.text == _OTHERS]
    return (*(step for step in rest if not own or step[0] < own[0][0]), *own)


def _constant(literal: t.Number | t.Duration | t.Date) -> Constant:
    return m.Duration(literal.count, literal.unit) if isinstance(literal, t.Duration) else literal.value


def _written(value: Constant) -> str:
    return f"{value.count} {value.unit}" if isinstance(value, m.Duration) else str(value)
