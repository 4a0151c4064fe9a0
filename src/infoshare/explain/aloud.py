"""Reads a policy aloud in plain English, clause by clause, to be held against the procedure it came from.

Clauses are numbered in the order in which they are read, and speak of one another by number. Invariants:
every clause, exception, duty, safeguard, advice and guarantee is read exactly once; no dotted name.
Deliberately not here: what follows for a case (`letter`), wrapping and printing (the doors).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby

import attrs

from infoshare.explain.conditions import Words, in_words, length_of
from infoshare.explain.english import day, inside, listed, opening, shown
from infoshare.explain.wording import Voice
from infoshare.meaning.findings import Citation, PolicyRef, Stated
from infoshare.meaning.model import (
    Advice,
    Clause,
    Condition,
    Duration,
    Duty,
    Exception_,
    Fact,
    Guarantee,
    Header,
    Model,
    Provision,
    Safeguard,
)
from infoshare.meaning.types import plain
from infoshare.outcome import Basis, Outcome

_EFFECT = {
    "share": "It may be shared",
    "must share": "It must be shared",
    "withhold": "It is not shared",
    "must withhold": "It must not be shared",
    "seek consent": "Consent is sought first",
    "must seek consent": "Consent must be sought first",
    "seek advice": "Advice is taken first",
    "must seek advice": "Advice must be taken first",
}
_ANSWER = {
    Outcome.SHARE: "to share",
    Outcome.SEEK_CONSENT: "to seek consent",
    Outcome.WITHHOLD: "to keep it back",
    Outcome.SEEK_ADVICE: "to seek advice",
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
    return "\n".join(shown(line) for line in reader.lines(vocabulary=vocabulary, left_open=left_open)) + "\n"


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
        header = self.model.header
        policy = (
            PolicyRef(header.name, header.title, header.version, "")
            if header
            else PolicyRef(None, None, None, "")
        )
        nothing = Stated(policy, None, date.min, Outcome.SEEK_ADVICE, None, False, Basis.SILENCE)
        return Voice(nothing, self.model)

    @number.default
    def _number(self) -> Mapping[str, int]:
        read = [provision.name for _, provisions in self.sections() for provision in provisions]
        return {name: number for number, name in enumerate(read, 1)}

    def lines(self, *, vocabulary: bool, left_open: Iterable[LeftOpen] = ()) -> Iterator[str]:
        yield from self._title()
        for heading, provisions in self.sections():
            if provisions:
                yield from ("", heading.upper())
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
        """The headings, some of them with nothing below, and what is read under each."""
        clauses = list(self.model.clauses.values())
        return [
            ("What follows from consent, and from its absence", [c for c in clauses if c.kind == "consent"]),
            ("Other rules", [c for c in clauses if c.kind == "rule"]),
            ("What prevails over other clauses", [c for c in clauses if c.kind == "override"]),
            ("Exceptions", list(self.model.exceptions.values())),
            ("What is to be done, and when", list(self.model.duties.values())),
            ("How it is shared", list(self.model.safeguards.values())),
            ("Whom to ask", list(self.model.advice.values())),
            ("What holds for every case", list(self.model.guarantees.values())),
        ]

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
        if isinstance(provision, Exception_):
            yield from self._targets("It sets aside", provision)
        for words in self.saying(provision):
            yield f"   {words.text}"
            yield from words.lines("     ")
        if isinstance(provision, Clause):
            yield from self._targets("It prevails over", provision)
        yield from self._acted_on(provision)
        if dates := in_force(provision.start, provision.end):
            yield f"   {dates}"
        if provision.because:
            yield f"   Reason: {opening(provision.because)}"

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
                yield from self._conditional(_EFFECT[provision.effect], provision)
            case Exception_():
                yield from self._conditional("It applies", provision)
            case Duty():
                timings = listed((timing.words for timing in provision.timings), "or")
                yield from self._conditional(f"To be done {timings}", provision)
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

    def _promise(self, guarantee: Guarantee) -> str:
        if guarantee.outcome is not None:
            return f"The answer is {guarantee.modality} {_ANSWER[guarantee.outcome]}"
        number = self.number[guarantee.duty] if guarantee.duty else 0
        return f"Clause {number} is {guarantee.modality} called for"

    def _conditional(self, effect: str, provision: Provision, *, always: bool = True) -> Iterator[Words]:
        if provision.when is None and provision.unless is None:
            if always and not isinstance(provision, Duty):
                yield Words(f"{effect}, whatever the case.")
            elif always:
                yield Words(f"{effect}.")
            return
        if provision.when is not None:
            yield self.sentence(f"{effect} when", provision.when)
        if provision.unless is not None:
            yield self.sentence(
                "But not when" if provision.when else f"{effect}, but not when", provision.unless
            )

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

    def words_of(self, name: str) -> str:
        """A define, or a fact, by its own words; empty for what has none."""
        if name in self.model.defines:
            return f"“{self.model.defines[name].phrase}”"
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
            yield self.sentence(f"“{define.phrase}” means that", define.condition)

    def _values(self) -> Iterator[str]:
        if self.model.values:
            yield from ("", "WHAT CHANGES WITH THE LAW", "")
        yield from self.values()

    def values(self) -> Iterator[str]:
        """The constants that change with the law."""
        for value in self.model.values.values():
            steps = [f"{_amount(amount)} from {day(start)}" for start, amount in value.steps]
            yield f"“{value.name.replace('_', ' ')}” is {listed(steps)}."

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
            for fact in facts:
                yield from self._fact(fact)

    def _fact(self, fact: Fact) -> Iterator[str]:
        yield f"- {question(fact)}"
        yield f"  {opening(answers(fact))}"
        if assumed := self.assumed(fact):
            yield f"  Unless somebody says otherwise: {assumed}."

    def assumed(self, fact: Fact) -> str | None:
        """What is taken to be so where nobody answered."""
        return (
            None if fact.assumed is None else str(self.voice.said(fact.path, plain(fact.assumed, fact.type)))
        )


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
    return fact.type.spoken


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
