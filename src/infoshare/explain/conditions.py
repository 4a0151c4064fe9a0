"""Says a condition of a policy in words, by the phrases and labels of its facts.

Invariant: no dotted name; what is denied is denied whole. Simple conditions are part of a sentence, the
others a list of their own. Deliberately not here: which clause asks for it (`infoshare.reading_aloud`).
"""

from collections.abc import Iterator, Sequence
from typing import assert_never

import attrs

from infoshare.explain.english import day, listed
from infoshare.explain.negation import negate
from infoshare.explain.wording import GAP, Voice
from infoshare.meaning.model import (
    All,
    Among,
    Any,
    Compare,
    Condition,
    Defined,
    Duration,
    Fact,
    FactTerm,
    Literal_,
    Model,
    Not,
    Offset,
    Quantified,
    Term,
    Ticked,
    Today,
    ValueTerm,
)
from infoshare.meaning.types import Date, Number, OneOf, SomeOf, YesNo

_FLIPPED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "="}
_NUMBERS = {"<": "under", "<=": "at most", ">": "over", ">=": "at least", "=": ""}
_DATES = {"<": "before", "<=": "on or before", ">": "after", ">=": "on or after", "=": ""}
_EACH = {"any": "for at least one", "every": "for each one", "no": "for none"}
_INLINE = 2


@attrs.frozen
class Words:
    """A condition in words: a sentence part, or what heads a list of such."""

    text: str
    items: tuple["Words", ...] = ()

    def lines(self, indent: str = "") -> Iterator[str]:
        """The list below the head, each item on its line."""
        for item in self.items:
            yield f"{indent}- {item.text}{':' if item.items else ''}"
            yield from item.lines(indent + "  ")


def in_words(voice: Voice, model: Model, condition: Condition) -> Words:
    """A condition in words."""
    return _Speaker(voice, model).words(condition)


@attrs.frozen
class _Speaker:
    voice: Voice
    model: Model

    def words(self, condition: Condition, *, denied: bool = False) -> Words:
        match condition:
            case Not(item):
                return self.words(item, denied=not denied)
            case All(items):
                return self._joined(
                    items, "and", "not all of these are so" if denied else "all of these are so", denied
                )
            case Any(items):
                return self._joined(
                    items, "or", "none of these is so" if denied else "at least one of these is so", denied
                )
            case Quantified(kind, group, inner):
                about = f"{_EACH[kind]} listed as {self.model.groups[group].phrase}"
                found = self.words(inner)
                head = f"it is not so that {about}" if denied else about
                return Words(f"{head}, {found.text}", found.items)
            case Defined(name):
                phrase = self.model.defines[name].phrase
                return Words(negate(phrase) if denied else phrase)
            case Among(fact, values):
                return Words(self._among(fact, values, denied))
            case Ticked(fact, option):
                return Words(self._ticked(fact, option, denied))
            case Compare():
                return Words(self._compare(condition, denied))
            case _:
                assert_never(condition)

    def _joined(self, items: Sequence[Condition], word: str, head: str, denied: bool) -> Words:
        found = tuple(self.words(item) for item in items)
        if not denied and len(found) <= _INLINE and all(_plain(item) for item in items):
            return Words(listed((each.text for each in found), word))
        return Words(head, found)

    def _among(self, fact: Fact, values: frozenset[object], denied: bool) -> str:
        if isinstance(fact.type, YesNo):
            if len(values) > 1:
                return (
                    f"whether or not {fact.phrase}"
                    if not denied
                    else f"neither answer is given to whether {fact.phrase}"
                )
            return str(self.voice.said(fact.path, (True in values) is not denied))
        assert isinstance(fact.type, OneOf)  # noqa: S101 - the resolver lets nothing else through
        labels = [
            label for value, label in zip(fact.type.values, fact.type.labels, strict=True) if value in values
        ]
        if fact.phrase.strip() == GAP:
            if denied:
                return listed((negate(label) for label in labels), "and")
            return listed(labels, "or")
        sentence = _filled(fact, listed(labels, "or"))
        if not denied:
            return sentence
        if GAP in fact.phrase:
            return negate(sentence)
        return (
            f"{fact.phrase} is not {labels[0]}"
            if len(labels) == 1
            else f"{fact.phrase} is neither {listed(labels, 'nor')}"
        )

    def _ticked(self, fact: Fact, option: str, denied: bool) -> str:
        assert isinstance(fact.type, SomeOf)  # noqa: S101 - as above
        label = fact.type.labels[fact.type.values.index(option)]
        if GAP in fact.phrase:
            sentence = _filled(fact, label)
            return negate(sentence) if denied else sentence
        return f"{fact.phrase} {'does not include' if denied else 'includes'} {label}"

    def _compare(self, node: Compare, denied: bool) -> str:
        left, op, right = node.left, node.op, node.right
        if not isinstance(left, FactTerm) and isinstance(right, FactTerm):
            left, op, right = right, _MIRRORED[op], left  # type: ignore[assignment]
        if denied and op != "=":
            op, denied = _FLIPPED[op], False  # type: ignore[assignment]
        words = (_DATES if _is_date(left) or _is_date(right) else _NUMBERS)[op]
        unit = (
            left.fact.type.unit if isinstance(left, FactTerm) and isinstance(left.fact.type, Number) else None
        )
        what = " ".join(part for part in (words, self._term(right), unit or "") if part)
        if denied:
            what = f"not {what}"
        if isinstance(left, FactTerm):
            return _filled(left.fact, what)
        return f"{self._term(left)} is {what}"

    def _term(self, term: Term) -> str:
        match term:
            case FactTerm(fact):
                return fact.phrase.replace(GAP, "").strip()
            case Literal_(value):
                return (
                    f"“{value}”"
                    if isinstance(value, str)
                    else str(value)
                    if isinstance(value, int)
                    else day(value)
                )
            case Today():
                return "the day decided for"
            case ValueTerm(name):
                return f"“{name.replace('_', ' ')}”"
            case Offset(amount, sign, base):
                length = (
                    length_of(amount)
                    if isinstance(amount, Duration)
                    else f"“{amount.name.replace('_', ' ')}”"
                )
                return f"{length} {'before' if sign < 0 else 'after'} {self._term(base)}"
            case _:
                assert_never(term)


def length_of(duration: Duration) -> str:
    """`1 year`, `6 months`."""
    return f"{duration.count} {duration.unit[:-1] if duration.count == 1 else duration.unit}"


def _filled(fact: Fact, what: str) -> str:
    return fact.phrase.replace(GAP, what) if GAP in fact.phrase else f"{fact.phrase} is {what}"


def _is_date(term: Term) -> bool:
    match term:
        case FactTerm(fact):
            return isinstance(fact.type, Date)
        case Literal_(value):
            return not isinstance(value, int | str)
        case ValueTerm():
            return False
        case Today() | Offset():
            return True
        case _:
            assert_never(term)


def _plain(condition: Condition) -> bool:
    """Whether it is one thing to say, so that it can stand in a row."""
    match condition:
        case Not(item):
            return _plain(item)
        case Among(fact, values):
            return isinstance(fact.type, YesNo) or len(values) == 1
        case Ticked() | Compare() | Defined():
            return True
        case All() | Any() | Quantified():
            return False
        case _:
            assert_never(condition)
