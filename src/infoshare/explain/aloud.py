"""Reads a policy aloud in plain English, clause by clause, to be held against the procedure it came from.

Clauses are numbered in the order in which they are read, and speak of one another by number. Invariants:
every clause, exception, duty, safeguard, advice and guarantee is read exactly once; no dotted name.
Deliberately not here: what follows for a case (`letter`), wrapping and printing (the doors).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import assert_never

import attrs

from infoshare.explain.conditions import (
    Words,
    filled,
    in_words,
    length_of,
    listed_as,
    named_under,
    relative,
    spaced,
)
from infoshare.explain.english import day, inside, listed, opening
from infoshare.explain.labels import label_of
from infoshare.explain.wording import Voice, of_no_case
from infoshare.meaning.findings import Citation
from infoshare.meaning.model import (
    Advice,
    Clause,
    Condition,
    Duration,
    Duty,
    EachOf,
    Exception_,
    Fact,
    Guarantee,
    Header,
    InHand,
    Model,
    Provision,
    Referred,
    Safeguard,
)
from infoshare.meaning.types import OneOf, Reference, plain
from infoshare.outcome import Outcome
from infoshare.text import visible

_UNLESS = " (unless there is a reason, which is then recorded)"
_EFFECT = {
    "share": "It may be shared",
    "must share": "It must be shared",
    "withhold": "It is not shared",
    "must withhold": "It must not be shared",
    "seek consent": "Consent is sought first",
    "must seek consent": "Consent must be sought first",
    "seek advice": "Advice is taken first",
    "must seek advice": "Advice must be taken first",
    "should share": f"It should be shared{_UNLESS}",
    "should withhold": f"It should not be shared{_UNLESS}",
    "should seek consent": f"Consent should be sought first{_UNLESS}",
    "should seek advice": f"Advice should be taken first{_UNLESS}",
}
_ANSWER = {
    Outcome.SHARE: "to share",
    Outcome.SEEK_CONSENT: "to seek consent",
    Outcome.WITHHOLD: "to keep it back",
    Outcome.SEEK_ADVICE: "to seek advice",
    Outcome.DIFFERS: "not the same for all",
}


@attrs.frozen
class Remark:
    """Something that a policy leaves open, and the reason that its authors give."""

    sentence: str
    reason: str


@attrs.frozen
class LeftOpen:
    """What a policy leaves open, under a heading."""

    heading: str
    remarks: tuple[Remark, ...]


def read_aloud(
    model: Model, *, vocabulary: bool = False, names: bool = False, left_open: Iterable[LeftOpen] = ()
) -> str:
    """The policy in plain English, one logical line for each thing to say.

    Args:
        vocabulary: read the questions and their answers as well.
        names: say beside each clause the name that the policy's author gave it.
        left_open: what the policy leaves open, to be read after its clauses.
    """
    reader = Reader(model, names)
    return (
        "\n".join(visible(line) for line in reader.lines(vocabulary=vocabulary, left_open=left_open)) + "\n"
    )


@attrs.frozen(slots=False)
class Reader:
    """Says a policy part by part, for whoever lays it out otherwise than in lines.

    Attributes:
        number: of each clause, by its name, in the order in which they are read.
    """

    model: Model
    names: bool = False
    voice: Voice = attrs.field(init=False)
    number: Mapping[str, int] = attrs.field(init=False)

    @voice.default
    def _voice(self) -> Voice:
        return of_no_case(self.model)

    @number.default
    def _number(self) -> Mapping[str, int]:
        read = [provision.name for _, provisions in self.sections() for provision in provisions]
        return {name: number for number, name in enumerate(read, 1)}

    def lines(self, *, vocabulary: bool, left_open: Iterable[LeftOpen] = ()) -> Iterator[str]:
        yield from self._title()
        for heading, provisions in self.sections():
            if provisions:
                yield from ("", heading.upper())
                for words in self.beneath(provisions):
                    yield from ("", words.text)
                    yield from words.lines("  ")
            for provision in provisions:
                yield ""
                yield from self._provision(provision)
        for section in left_open:
            yield from ("", section.heading.upper())
            for remark in section.remarks:
                yield from ("", remark.sentence, f"   {remark.reason}")
        yield from self._impossible()
        yield from self._defines()
        yield from self._values()
        if vocabulary:
            yield from self._vocabulary()

    def sections(self) -> list[tuple[str, Sequence[Provision]]]:
        """The headings, some of them with nothing below, and what is read under each: parts, then the rest by kinds."""
        model = self.model
        clauses = list(model.clauses.values())
        kinds: list[tuple[str, Sequence[Provision]]] = [
            ("What follows from consent, and from its absence", [c for c in clauses if c.kind == "consent"]),
            ("Other rules", [c for c in clauses if c.kind == "rule"]),
            ("What prevails over other clauses", [c for c in clauses if c.kind == "override"]),
            ("Exceptions", list(model.exceptions.values())),
            ("What is to be done, and when", list(model.duties.values())),
            ("How it is shared", list(model.safeguards.values())),
            ("Whom to ask", list(model.advice.values())),
            ("What holds for every case", list(model.guarantees.values())),
        ]
        if not model.parts:
            return kinds
        of_part: dict[str | None, list[Provision]] = {name: [] for name in model.parts}
        for provision in model.in_policy_order(p for _, provisions in kinds for p in provisions):
            of_part.setdefault(_part_of(provision), []).append(provision)
        parts = [(model.parts[name].title, provisions) for name, provisions in of_part.items() if name]
        return [*parts, *((heading, [p for p in found if _part_of(p) is None]) for heading, found in kinds)]

    def beneath(self, provisions: Sequence[Provision]) -> Iterator[Words]:
        """What the heading of a part says of all that is read under it."""
        part = self.model.parts.get(_part_of(provisions[0]) or "")
        if part is None:
            return
        if part.condition is not None:
            yield self.sentence("All of this part is so only when", part.condition)
        if dates := in_force(part.start, part.end):
            yield Words(dates)

    # --- header

    def _title(self) -> Iterator[str]:
        header = self.model.header
        yield header.title if header else "A library: clauses and words for policies to use"
        if header:
            parts = [f"Version {header.version}" if header.version else "", header.owner or ""]
            if told := ", ".join(filter(None, parts)):
                yield opening(told)
            if dates := in_force(header.start, header.end):
                yield dates
            if header.review_by:
                yield f"To be reviewed by {day(header.review_by)}."
            for other in self.model.headers.values():
                if other.name != header.name:
                    yield f"It builds on: {titled(other)}."
        if note := self.voice.source_note():
            yield note
        elif self.voice.main_source and (source := self.model.sources.get(self.voice.main_source)):
            yield opening(f"The points are those of {source.title}{f', by {source.by}' if source.by else ''}")

    # --- clauses

    def _provision(self, provision: Provision) -> Iterator[str]:
        name = f" [{provision.name}]" if self.names else ""
        yield f"{self.number[provision.name]}. {self.statement(provision)}{self._points(provision)}{name}"
        if origin := self.origin(provision):
            yield f"   From: {origin}."
        if provision.instead_of is not None and provision.instead_of in self.number:
            yield f"   It stands instead of {self.clauses([provision.instead_of])}."
        if isinstance(provision, Exception_):
            yield from self._targets("It relaxes" if provision.relaxes else "It sets aside", provision)
        for words in self.saying(provision):
            yield f"   {words.text}"
            yield from words.lines("     ")
        if isinstance(provision, Clause):
            yield from self._targets("It prevails over", provision)
        yield from self._acted_on(provision)
        if dates := self.dates(provision):
            yield f"   {dates}"
        if provision.because:
            yield f"   Reason: {opening(provision.because)}"

    def dates(self, provision: Provision) -> str:
        """From when to when it is in force; empty where nothing says, or its part says the same."""
        part, own = self.model.parts.get(_part_of(provision) or ""), (provision.start, provision.end)
        return "" if part is not None and own == (part.start, part.end) else in_force(*own)

    def statement(self, provision: Provision) -> str:
        """What it says of itself, as a sentence."""
        if isinstance(provision, Advice):
            return f"Ask {inside(provision.statement)}."
        return opening(provision.statement)

    def origin(self, provision: Provision) -> str | None:
        """The title of the policy that it comes from, where that is another."""
        header = self.model.header
        if provision.policy is None or header is None or provision.policy == header.name:
            return None
        return self.model.headers[provision.policy].title

    def saying(self, provision: Provision) -> Iterator[Words]:
        """What it leads to and when, each a sentence or the head of a list."""
        match provision:
            case Clause():
                yield from self._clause(provision)
            case Exception_(relaxes=True):
                yield from self._conditional("What it relaxes still stands, but need not be done,", provision)
            case Exception_():
                yield from self._conditional("It applies", provision)
            case Duty(timings=timings, deadline=deadline):
                told = listed((timing.words for timing in timings), "or")
                if deadline:
                    since = f" of {self.voice.placed(deadline.of.phrase)}" if deadline.of else ""
                    told = f"{told}, within {deadline.words}{since}{',' if self.model.own_when(provision) else ''}"
                yield from self._conditional(f"To be done {told}", provision)
            case Safeguard():
                scope = f"For each {listed(provision.scope)}" if provision.scope else "For all that is shared"
                yield self.sentence(f"{scope} it is required that", provision.require)
                yield Words(f"Otherwise: {opening(provision.otherwise)}")
                yield from self._conditional("It is looked at", provision, always=False)
            case Advice():
                yield from self._conditional("They are to be asked", provision, always=False)
            case Guarantee():
                yield from self._conditional(self._promise(provision), provision)
            case _:
                raise AssertionError("a kind of provision that cannot be read aloud")

    def _clause(self, clause: Clause) -> Iterator[Words]:
        effect = _EFFECT[clause.effect]
        match clause.whom:
            case str() as whom:
                end = "," if "," in whom else ""
                effect = effect.replace("Consent", f"The consent of {inside(whom)}{end}", 1)
            case Referred(fact):
                whom = f"{_those(fact)} {relative(fact) or named_under(fact)}"
                effect = effect.replace("Consent", f"The consent of {whom}", 1)
            case InHand(group):
                effect = effect.replace("Consent", f"The consent of this {spaced(group)}", 1)
            case EachOf() | None:
                pass
            case _:
                assert_never(clause.whom)
        if clause.closing:
            effect = f"Where no other clause stands, {inside(effect)}"
        yield from self._conditional(effect, clause)
        if isinstance(clause.whom, EachOf):
            who = listed_as(self.voice, self.model, clause.whom.group, clause.whom.within)
            yield self.sentence(
                f"It is sought from each one {who}, of whom it is so that", clause.whom.condition
            )

    def _promise(self, guarantee: Guarantee) -> str:
        if guarantee.outcome is not None:
            return f"The answer is {guarantee.modality} {_ANSWER[guarantee.outcome]}"
        number = self.number[guarantee.duty] if guarantee.duty else 0
        return f"Clause {number} is {guarantee.modality} called for"

    def _conditional(self, effect: str, provision: Provision, *, always: bool = True) -> Iterator[Words]:
        when, unless = self.model.own_when(provision), provision.unless
        if provision.scope and not isinstance(provision, Safeguard):
            effect = f"For each {listed(map(spaced, provision.scope))}, {inside(effect)}"
        if when is None and unless is None:
            if always and not isinstance(provision, Duty) and provision.when is None:
                yield Words(f"{effect}, whatever the case.")
            elif always:
                yield Words(f"{effect}.")
            return
        if when is not None:
            yield self.sentence(f"{effect} when", when)
        if unless is not None:
            yield self.sentence("But not when" if when else f"{effect}, but not when", unless)

    def sentence(self, before: str, condition: Condition) -> Words:
        """A sentence that ends in a condition."""
        words = in_words(self.voice, self.model, condition)
        return Words(f"{before} {words.text}{':' if words.items else '.'}", words.items)

    def _targets(self, how: str, provision: Provision) -> Iterator[str]:
        targets = self.model.targets.get(provision.name, ())
        if targets:
            yield f"   {how} {self.clauses(targets)}."

    def _acted_on(self, provision: Provision) -> Iterator[str]:
        if over := self.model.prevailed_over_by.get(provision.name, ()):
            yield f"   {self.clauses(over, capital=True)} {'prevail' if len(over) > 1 else 'prevails'} over it."
        if aside := self.model.set_aside_by.get(provision.name, ()):
            yield f"   {self.clauses(aside, capital=True)} {'set' if len(aside) > 1 else 'sets'} it aside."
        if relaxing := self.model.relaxed_by.get(provision.name, ()):
            yield f"   {self.clauses(relaxing, capital=True)} {'relax' if len(relaxing) > 1 else 'relaxes'} it."
        if instead := self.model.replaced_by.get(provision.name):
            yield f"   {self.clauses([instead], capital=True)} stands instead of it while that is in force."

    def words_of(self, name: str) -> str:
        """A define, or a fact, by its own words; empty for what has none."""
        if name in self.model.defines:
            return f"“{self.voice.phrase_of(name)}”"
        return f"“{question(self.model.facts[name])}”" if name in self.model.facts else ""

    def clauses(self, names: Sequence[str], *, capital: bool = False) -> str:
        """`clause 3`, `clauses 1 and 4 to 6`: by their numbers."""
        numbers = sorted(self.number[name] for name in names)
        word = "clauses" if len(numbers) > 1 else "clause"
        return f"{word.capitalize() if capital else word} {listed(_runs(numbers))}"

    def _points(self, provision: Provision) -> str:
        return self.voice.points(Citation(cite.source, cite.at) for cite in provision.cites)

    # --- what lies beneath

    def _impossible(self) -> Iterator[str]:
        if self.model.impossibles:
            yield from ("", "WHAT CANNOT BE", "")
        for words in self.impossibles():
            yield words.text
            yield from words.lines("  ")

    def impossibles(self) -> Iterator[Words]:
        """What cannot be, and why."""
        for impossible in self.model.impossibles:
            yield self.sentence(f"{opening(impossible.why)} So it cannot be that", impossible.condition)

    def _defines(self) -> Iterator[str]:
        if self.model.defines:
            yield from ("", "WHAT THE WORDS MEAN")
        for words in self.meanings():
            yield from ("", words.text)
            yield from words.lines("  ")

    def meanings(self) -> Iterator[Words]:
        """What the named conditions mean."""
        for define in self.model.defines.values():
            each = f", of each {spaced(define.for_each)}," if define.for_each else ""
            yield self.sentence(f"“{self.voice.phrase_of(define.name)}”{each} means that", define.condition)

    def _values(self) -> Iterator[str]:
        if self.model.values or self.model.holidays:
            yield from ("", "WHAT CHANGES WITH THE LAW", "")
        yield from self.values()

    def values(self) -> Iterator[str]:
        """The constants that change with the law, and the days that are no working days."""
        for value in self.model.values.values():
            called = f"“{spaced(value.name)}”"
            if value.by is None:
                yield f"{called} is {_steps(value.steps)}."
                continue
            alike: dict[str, list[str]] = {}
            for answer, steps in value.tables.items():
                label = label_of(plain(answer, value.by.type), value.by)
                alike.setdefault(_steps(steps), []).append(label)
            for told, labels in alike.items():
                yield f"Where {filled(value.by, listed(labels, 'or'))}, {called} is {told}."
        if self.model.holidays:
            days = listed(day(each) for each in self.model.holidays)
            yield f"Working days leave out Saturdays, Sundays and {days}."

    def _vocabulary(self) -> Iterator[str]:
        yield from ("", "WHAT IS ASKED OF A CASE")
        for group in self.model.groups.values():
            facts = [
                f
                for f in self.model.facts.values()
                if f.group == group.name and not (f.each and f.name == "name")
            ]
            if facts:
                yield from ("", f"About {'each one: ' if group.each else ''}{group.phrase}:")
            if facts and group.none_listed:
                yield "Unless somebody lists them, it is assumed that there are none."
            for fact in facts:
                yield from self._fact(fact)

    def _fact(self, fact: Fact) -> Iterator[str]:
        yield f"- {self.voice.placed(question(fact))}{' (Asked first.)' if fact.ask_first else ''}"
        yield f"  {self.voice.placed(opening(answers(fact)))}{' It cannot be otherwise.' if fact.fixed else ''}"
        if assumed := self.assumed(fact):
            yield f"  Unless somebody says otherwise: {assumed}."

    def assumed(self, fact: Fact) -> str | None:
        """What is taken to be so where nobody answered."""
        if fact.assumed_every is not None and isinstance(fact.type, Reference):
            words = in_words(self.voice, self.model, fact.assumed_every)
            of = " ".join([words.text, *(item.text for item in words.items)])
            return f"those {named_under(fact)} are every {spaced(fact.type.group)} of whom it is so that {of}"
        if fact.assumed is None:
            return None
        return str(self.voice.said(fact.path, plain(fact.assumed, fact.type)))


def _those(reference: Fact) -> str:
    assert isinstance(reference.type, Reference)  # noqa: S101 - the resolver lets nothing else through
    return "those" if reference.type.many else f"the {spaced(reference.type.group)}"


def _part_of(provision: Provision) -> str | None:
    """The part whose condition and dates are among its own."""
    return None if isinstance(provision, Advice | Guarantee) else provision.part


def _steps(steps: Iterable[tuple[date, int | date | Duration]]) -> str:
    return listed(f"{_amount(amount)} from {day(start)}" for start, amount in steps)


def question(fact: Fact) -> str:
    """What to ask about a fact; its phrase where the author gave no question."""
    phrase = fact.phrase.replace("…", "").strip()
    return fact.ask or opening(phrase or fact.name.replace("_", " "))


def _runs(numbers: Sequence[int]) -> Iterator[str]:
    """`1`, `3 to 7`: three and more in a row are said as one."""
    for _, run in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0]):
        first, *rest = [number for _, number in run]
        if len(rest) > 1:
            yield f"{first} to {rest[-1]}"
        else:
            yield from (str(number) for number in (first, *rest))


def answers(fact: Fact) -> str:
    """Which answers a fact has, in words."""
    in_order = ", in this order" if isinstance(fact.type, OneOf) and fact.type.in_order else ""
    return f"{fact.type.spoken}{in_order}"


def _amount(amount: int | date | Duration) -> str:
    match amount:
        case Duration():
            return length_of(amount)
        case date():
            return day(amount)
        case _:
            return str(amount)


def in_force(start: date | None, end: date | None) -> str:
    """`In force from 1 January 2026.`; empty where nothing says."""
    parts = [f"from {day(start)}" if start else "", f"to {day(end)}" if end else ""]
    told = " ".join(filter(None, parts))
    return f"In force {told}." if told else ""


def titled(header: Header) -> str:
    """A policy by its title and version."""
    return header.title + (f" {header.version}" if header.version else "")
