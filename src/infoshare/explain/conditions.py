"""Says a condition of a policy in words, by the phrases and labels of its facts.

Invariant: no dotted name; what is denied is denied whole, and two conditions that are not the same never
read the same: parts stand in one sentence only where nobody can join them otherwise, else in a list.
Deliberately not here: which clause asks for it (`infoshare.explain.aloud`).
"""

from collections.abc import Iterator, Sequence
from typing import assert_never

import attrs

from infoshare.explain.english import a, be, day, listed, plural
from infoshare.explain.labels import GAP
from infoshare.explain.negation import is_stiff, negate
from infoshare.explain.wording import Voice
from infoshare.meaning.model import (
    All,
    Among,
    Any,
    Compare,
    Condition,
    Counted,
    Defined,
    Duration,
    Fact,
    FactTerm,
    InHand,
    Literal_,
    Meets,
    Model,
    Named,
    Not,
    Offset,
    Quantified,
    Referred,
    Sum,
    Term,
    Ticked,
    Today,
    ValueTerm,
    YearsBetween,
    terms,
)
from infoshare.meaning.types import Date, Number, OneOf, Reference, SomeOf, YesNo

_FLIPPED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "="}
_NUMBERS = {"<": "under", "<=": "at most", ">": "over", ">=": "at least", "=": ""}
_DATES = {"<": "before", "<=": "on or before", ">": "after", ">=": "on or after", "=": ""}
_EACH = {"any": "for at least one", "every": "for each one", "no": "for none"}
_HOW_MANY = {">=": "at least", "<=": "at most", "=": "exactly"}
_INLINE = 2


@attrs.frozen
class _Join:
    word: str
    head: str
    denial: str


_ALL = _Join("and", "all of these are so", "not all of these are so")
_ANY = _Join("or", "at least one of these is so", "none of these is so")


@attrs.frozen
class Words:
    """A condition in words: part of a sentence, or what heads a list of such parts.

    Attributes:
        simple: whether it can stand beside others in a sentence without being taken for more or for less.
    """

    text: str
    items: tuple["Words", ...] = ()
    simple: bool = False

    def lines(self, indent: str = "") -> Iterator[str]:
        """The list below the head, each item on its line."""
        for item in self.items:
            yield f"{indent}- {item.text}{':' if item.items else ''}"
            yield from item.lines(indent + "  ")


def listed_as(voice: Voice, model: Model, group: str, within: Referred | None) -> str:
    """Of whom something is so, after how many of them: `listed as somebody in the case`, `of those who told it`."""
    return _Speaker(voice, model).listed(group, within)


def in_words(voice: Voice, model: Model, condition: Condition) -> Words:
    """A condition in words."""
    return _Speaker(voice, model).words(condition)


@attrs.frozen
class _Speaker:
    voice: Voice
    model: Model

    def words(self, condition: Condition, *, denied: bool = False, alone: bool = True) -> Words:
        """A condition in words.

        Args:
            denied: say that it is not so.
            alone: nothing stands before it in its sentence that could be taken to reach into it.
        """
        match condition:
            case Not(item):
                return self.words(item, denied=not denied, alone=alone)
            case All(items):
                return self._joined(items, _ALL, denied=denied, alone=alone)
            case Any(items):
                return self._joined(items, _ANY, denied=denied, alone=alone)
            case Quantified("any", group, All(())):
                return self._somebody(group, condition.within, denied)
            case Quantified("any" | "no", _, inner, Referred(Fact(type=Reference(many=False)))):
                # of none of them it is no, so that there is somebody is said as well
                found = self.words(inner, denied=condition.kind == "no", alone=False)
                return self._of_elements(f"for {self._one(condition.within)}", found, denied)
            case Quantified("every", group, inner, Referred(Fact(type=Reference(many=False))) as within):
                return self.words(Quantified("any", group, inner, within, condition.hand), denied=denied)
            case Quantified(kind, group, inner, within):
                about = f"{_EACH[kind]} {self.listed(group, within)}"
                return self._of_elements(about, self.words(inner, alone=False), denied)
            case Counted(op, number, group, inner, Referred(Fact(type=Reference(many=False))) as within):
                about = f"for {_HOW_MANY[op]} {number} {self.listed(group, within)}"
                counted = self._of_elements(about, self.words(inner, alone=False), denied=False)
                named = self._somebody(group, within, denied=False)
                return Words(_ALL.denial if denied else _ALL.head, (named, counted))
            case Counted(op, number, group, inner, within):
                about = f"for {_HOW_MANY[op]} {number} {self.listed(group, within)}"
                return self._of_elements(about, self.words(inner, alone=False), denied)
            case Meets(left, right):
                return self._meets(left, right, denied)
            case Defined(name):
                return _sentence(self.voice.phrase_of(name), denied)
            case Among(fact, values):
                return self._among(fact, values, denied=denied, alone=alone)
            case Ticked(fact, option):
                return self._ticked(fact, option, denied)
            case Compare():
                return self._compare(condition, denied)
            case _:
                assert_never(condition)

    def _of_elements(self, about: str, found: Words, denied: bool) -> Words:
        head = f"it is not so that {about}" if denied else about
        return Words(f"{head}, {found.text}", found.items)

    def listed(self, group: str, within: Referred | None) -> str:
        """Of whom a quantifier speaks, after how many of them: `of those whom it is about`."""
        if within is None:
            return f"listed as {self.model.groups[group].phrase}"
        return f"of those {relative(within.fact) or named_under(within.fact)}"

    def _one(self, within: Referred | None) -> str:
        """Whom a reference to one names: `a person who told it`."""
        assert within is not None  # noqa: S101 - asked for only where there is one
        fact = within.fact
        return f"{a(_element(fact))} {relative(fact) or named_under(fact)}"

    def _somebody(self, group: str, within: Referred | None, denied: bool) -> Words:
        if within is None:
            how_many = "none is" if denied else "at least one is"
            return Words(f"{how_many} listed as {self.model.groups[group].phrase}")
        what = _element(within.fact)
        text = f"{f'no {what}' if denied else a(what)} is {named_under(within.fact)}"
        return Words(text, simple=_closed(text))

    def _meets(self, left: Named, right: Named, denied: bool) -> Words:
        match left, right:
            case (Referred(fact), InHand(group)) | (InHand(group), Referred(fact)):
                text = f"this {spaced(group)} is {'not ' if denied else ''}{named_under(fact)}"
            case Referred(fact), Referred(other):
                what = _element(fact)
                text = f"{f'no {what}' if denied else a(what)} is named under both “{fact.phrase}” and “{other.phrase}”"
            case InHand(group), InHand(other_group):
                text = f"this {spaced(group)} is {'not ' if denied else ''}this {spaced(other_group)}"
            case _:
                raise AssertionError("what is named is a reference or the element in hand")
        return Words(text, simple=_closed(text))

    def _joined(self, items: Sequence[Condition], how: "_Join", *, denied: bool, alone: bool) -> Words:
        if len(items) == 1:
            return self.words(items[0], denied=denied, alone=alone)
        if not items:
            return Words("it is so in every case" if (how is _ALL) is not denied else "it is so in no case")
        found = tuple(self.words(item) for item in items)
        if alone and not denied and len(found) <= _INLINE and all(item.simple for item in found):
            return Words(listed((each.text for each in found), how.word))
        return Words(how.denial if denied else how.head, found)

    def _placed(self, fact: Fact) -> Fact:
        """A fact with what stands in the places of its phrase."""
        return attrs.evolve(fact, phrase=self.voice.placed(fact.phrase)) if "{" in fact.phrase else fact

    def _among(self, fact: Fact, values: frozenset[object], *, denied: bool, alone: bool) -> Words:
        if isinstance(fact.type, YesNo):
            phrase = self.voice.placed(fact.phrase)
            if len(values) > 1:
                how = "neither answer is given to whether" if denied else "whether or not"
                return Words(f"{how} {phrase}")
            return _sentence(phrase, (True in values) is denied)
        assert isinstance(fact.type, OneOf)  # noqa: S101 - the resolver lets nothing else through
        pairs = zip(fact.type.values, map(self.voice.placed, fact.type.labels), strict=True)
        labels = [label for value, label in pairs if value in values]
        fact = self._placed(fact)
        if len(labels) == 1:
            if GAP in fact.phrase or not denied:
                return _sentence(filled(fact, labels[0]), denied)
            return Words(f"{fact.phrase} {be(fact.phrase)} not {labels[0]}", simple=_closed(labels[0]))
        if GAP not in fact.phrase:
            verb = be(fact.phrase)
            what = f"neither {listed(labels, 'nor')}" if denied else listed(labels, "or")
            return Words(f"{fact.phrase} {verb} {what}")
        if alone and not denied:
            return Words(filled(fact, listed(labels, "or")))
        # a list, for "not" before "or" could be taken to reach its first part alone
        return Words(
            _ANY.denial if denied else _ANY.head, tuple(Words(filled(fact, each)) for each in labels)
        )

    def _ticked(self, fact: Fact, option: str, denied: bool) -> Words:
        assert isinstance(fact.type, SomeOf)  # noqa: S101 - as above
        label = self.voice.placed(fact.type.labels[fact.type.values.index(option)])
        fact = self._placed(fact)
        if GAP in fact.phrase:
            return _sentence(filled(fact, label), denied)
        include = "include" if denied or plural(fact.phrase) else "includes"
        deny = ("do not " if plural(fact.phrase) else "does not ") if denied else ""
        return Words(f"{fact.phrase} {deny}{include} {label}", simple=_closed(label, fact.phrase))

    def _compare(self, node: Compare, denied: bool) -> Words:
        left, op, right = node.left, node.op, node.right
        if not isinstance(left, FactTerm) and isinstance(right, FactTerm):
            left, op, right = right, _MIRRORED[op], left  # type: ignore[assignment]
        if denied and op != "=":
            op, denied = _FLIPPED[op], False  # type: ignore[assignment]
        words = (_DATES if _is_date(left) or _is_date(right) else _NUMBERS)[op]
        unit = (
            left.fact.type.unit if isinstance(left, FactTerm) and isinstance(left.fact.type, Number) else None
        )
        # who is meant is said where a comparison speaks of somebody named beside somebody in hand
        whose = any(isinstance(term, FactTerm) and term.hand for term in terms(node))
        told = self._term(right, whose=whose)
        unit = None if unit and isinstance(right, FactTerm) and whose else unit
        what = " ".join(part for part in (words, told, unit or "") if part)
        if denied:
            what = f"not {what}"
        if isinstance(left, FactTerm) and not whose:
            text = filled(self._placed(left.fact), what)
        else:
            text = f"{self._term(left, whose=whose)} is {what}"
        return Words(text, simple=_closed(text))

    def _whose(self, term: FactTerm) -> str:
        """Of whom a term speaks: ` (of this person)`."""
        if not term.fact.each:
            return ""
        if term.hand is None:
            return f" (of this {spaced(term.fact.group)})"
        reference = self.model.facts[term.hand]
        return f" (of the {_element(reference)} {relative(reference) or named_under(reference)})"

    def _term(self, term: Term, *, whose: bool = False) -> str:
        match term:
            case FactTerm(fact):
                return self.voice.placed(fact.phrase).replace(GAP, "").strip() + (
                    self._whose(term) if whose else ""
                )
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
                return f"{length} {'before' if sign < 0 else 'after'} {self._term(base, whose=whose)}"
            case Sum(left, sign, right):
                more = self._term(right, whose=whose)
                more = f"({more})" if isinstance(right, Sum) else more
                return f"{self._term(left, whose=whose)} {'minus' if sign < 0 else 'plus'} {more}"
            case YearsBetween(first, second):
                between = f"{self._term(first, whose=whose)} to {self._term(second, whose=whose)}"
                return f"the number of whole years from {between}"
            case _:
                assert_never(term)


def length_of(duration: Duration) -> str:
    """`1 year`, `6 months`."""
    return f"{duration.count} {duration.unit[:-1] if duration.count == 1 else duration.unit}"


def spaced(name: str) -> str:
    """A name of the policy as words."""
    return name.replace("_", " ")


def _element(reference: Fact) -> str:
    """What a reference names one of, or some of: `person`."""
    assert isinstance(reference.type, Reference)  # noqa: S101 - the resolver lets nothing else through
    return spaced(reference.type.group)


def relative(reference: Fact) -> str:
    """A reference's phrase after what it names, where it reads so: `whom it is about`; else nothing."""
    phrase = reference.phrase
    reads_so = phrase.startswith(("who ", "whom ")) and not phrase.startswith(
        ("who they ", "who this ", "who it ")
    )
    return phrase if reads_so and GAP not in phrase and _closed(phrase) else ""


def named_under(reference: Fact) -> str:
    """Those whom a reference names, as on a form: `named under “which of the people this is”`."""
    return f"named under “{reference.phrase}”"


def filled(fact: Fact, what: str) -> str:
    """A fact's phrase with an answer in its place: where its gap is, else after `is`."""
    return fact.phrase.replace(GAP, what) if GAP in fact.phrase else f"{fact.phrase} {be(fact.phrase)} {what}"


def _sentence(text: str, denied: bool) -> Words:
    said = negate(text) if denied else text
    return Words(said, simple=_closed(said))


def _closed(*texts: str) -> bool:
    """Whether nothing in it could be taken to join it with what stands beside it, or to deny that too."""
    return not any(is_stiff(text) or {"and", "or", "nor"} & set(text.split()) for text in texts)


def _is_date(term: Term) -> bool:
    match term:
        case FactTerm(fact):
            return isinstance(fact.type, Date)
        case Literal_(value):
            return not isinstance(value, int | str)
        case ValueTerm() | Sum() | YearsBetween():
            return False
        case Today() | Offset():
            return True
        case _:
            assert_never(term)
