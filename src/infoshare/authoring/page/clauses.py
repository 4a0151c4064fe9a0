"""The clauses of a policy, each in plain English beside what it cites, and the words and answers that they speak of.

What a clause leads to is a badge: a colour, and always its words. Deliberately not here: the sentences
(`infoshare.explain.aloud`), the colours (`style`), and what is promised of every case (`promises`).
"""

from collections.abc import Iterable, Sequence
from typing import assert_never

from infoshare.explain.aloud import Reader, answers, question
from infoshare.explain.conditions import Words
from infoshare.explain.english import opening
from infoshare.meaning.findings import Citation
from infoshare.meaning.model import (
    Advice,
    Cite,
    Clause,
    Duty,
    Exception_,
    Fact,
    Group,
    Guarantee,
    Provision,
    Safeguard,
)
from infoshare.meaning.types import Date, Number, OneOf, Reference, SomeOf, Text, YesNo
from infoshare.outcome import Outcome
from infoshare.webpage.markup import Content, Markup, spaced, table, tag


def clauses(reader: Reader) -> list[Markup]:
    """Returns a section for each part of the policy, and for each kind of clause that stands in none."""
    return [
        tag(
            "section",
            tag("h3", heading),
            [said(words) for words in reader.beneath(provisions)],
            [clause(reader, provision) for provision in provisions],
            class_="kind",
        )
        for heading, provisions in reader.sections()
        if provisions and not isinstance(provisions[0], Guarantee)
    ]


def clause(reader: Reader, provision: Provision, *beneath: Content, heading: str = "h4") -> Markup:
    """Returns the card of one clause.

    Args:
        beneath: further content for it, such as the verdict on a guarantee.
    """
    number = reader.number[provision.name]
    origin = reader.origin(provision)
    dates = reader.dates(provision)
    return tag(
        "article",
        tag("div", str(number), class_="number", aria_hidden="true"),
        tag(
            "div",
            tag(
                heading,
                tag("span", f"Clause {number}: ", class_="unseen"),
                reader.statement(provision),
                id=f"clause-{number}-title",
                class_="statement",
            ),
            tag("p", spaced([badge(provision), tag("code", provision.name)]), class_="what"),
            [said(words) for words in reader.saying(provision)],
            tag("p", dates) if dates else None,
            tag("p", f"From: {origin}.") if origin else None,
            _relations(reader, provision),
            beneath,
            class_="says",
        ),
        tag("div", _cited(reader, provision.cites), _because(provision), class_="beside"),
        id=f"clause-{number}",
        class_="clause",
        aria_labelledby=f"clause-{number}-title",
    )


def said(words: Words) -> list[Markup]:
    """Returns a sentence, with the list that it introduces."""
    return [tag("p", words.text), *_items(words.items)]


def _items(items: Sequence[Words]) -> list[Markup]:
    if not items:
        return []
    return [
        tag(
            "ul", [tag("li", f"{item.text}{':' if item.items else ''}", _items(item.items)) for item in items]
        )
    ]


def numbered(reader: Reader, names: Iterable[str]) -> Content:
    """Returns the numbers of clauses, each a link to its card."""
    numbers = sorted({reader.number[name] for name in names})
    return spaced(tag("a", str(number), href=f"#clause-{number}", class_="to") for number in numbers)


def _relations(reader: Reader, provision: Provision) -> Markup | None:
    model, name = reader.model, provision.name
    rows: list[tuple[str, Sequence[str]]] = [
        (_acts(provision), model.targets.get(name, ())),
        ("Yields to", model.prevailed_over_by.get(name, ())),
        ("Set aside by", model.set_aside_by.get(name, ())),
        ("Relaxed by", model.relaxed_by.get(name, ())),
        ("Stands instead of", [old] if (old := provision.instead_of) in reader.number and old else []),
        ("While in force, replaced by", [model.replaced_by[name]] if name in model.replaced_by else []),
    ]
    told = [[tag("dt", how), tag("dd", numbered(reader, names))] for how, names in rows if names]
    return tag("dl", told, class_="relations") if told else None


def _acts(provision: Provision) -> str:
    """How a clause acts on others."""
    if isinstance(provision, Exception_):
        return "Relaxes" if provision.relaxes else "Sets aside"
    return "Prevails over"


def _cited(reader: Reader, cites: Sequence[Cite]) -> Content:
    if not cites:
        return tag("p", "No source is cited.", class_="uncited")
    sources = list(dict.fromkeys(cite.source for cite in cites))
    return [tag("p", _source(reader, source, cites), class_="cited") for source in sources]


def _source(reader: Reader, name: str, cites: Sequence[Cite]) -> Content:
    """The place, and below it the source that it is in."""
    source = reader.model.sources[name]
    places = opening(places_in(reader, name, cites)).rstrip(".")
    whose = f", {source.by}" if source.by else ""
    if name == reader.voice.main_source and places != opening(source.title).rstrip("."):
        return [tag("strong", places), tag("br"), tag("span", f"{source.title}{whose}")]
    return [tag("strong", places), tag("span", whose)]


def places_in(reader: Reader, source: str, cites: Sequence[Cite]) -> str:
    """`points 1, 3`: where in one source."""
    return reader.voice.places(Citation(cite.source, cite.at) for cite in cites if cite.source == source)


def _because(provision: Provision) -> Markup | None:
    if not provision.because:
        return None
    return tag("p", tag("span", "Reason. ", class_="lead"), opening(provision.because), class_="because")


# --- badges ---------------------------------------------------------------------------------------


def tone(provision: Provision) -> str:
    """Returns the name of the colour of a provision."""
    match provision:
        case Clause():
            return of_outcome(provision.outcome)
        case Exception_():
            return "exception"
        case Duty():
            return "duty"
        case _:
            return "plain"


def of_outcome(outcome: Outcome) -> str:
    """Returns the name of the colour of an outcome."""
    return outcome.words.replace(" ", "-")


def kind(provision: Provision) -> str:
    """Returns the kind of a provision, in a word or two; of a clause, its effect."""
    match provision:
        case Clause():
            return provision.effect
        case Exception_():
            return "exception"
        case Duty():
            return "duty"
        case Safeguard():
            return "safeguard"
        case Advice():
            return "advice"
        case Guarantee():
            return "guarantee"
        case _:
            return "clause"


def badge(provision: Provision) -> Markup:
    """Returns a badge with the kind of a provision."""
    return tag("span", kind(provision), class_=f"badge {tone(provision)}")


def outcome_badge(outcome: Outcome, *, must: bool) -> Markup:
    """Returns a badge with an outcome."""
    return tag("span", f"{'must ' if must else ''}{outcome.words}", class_=f"badge {of_outcome(outcome)}")


# --- words, law, and what is asked -------------------------------------------------------------------


def meanings(reader: Reader) -> list[Content]:
    """Returns the defines, the values and the impossible combinations, each under a heading if there are any."""
    model = reader.model
    parts: list[Content] = []
    if model.defines:
        told = [tag("div", said(words), class_="meaning") for words in reader.meanings()]
        parts.append([tag("h3", "What the words mean"), told])
    if model.values or model.holidays:
        parts.append([tag("h3", "What changes with the law"), [tag("p", told) for told in reader.values()]])
    if model.impossibles:
        cannot = [tag("div", said(words), class_="meaning") for words in reader.impossibles()]
        parts.append([tag("h3", "What cannot be"), cannot])
    return parts


def vocabulary(reader: Reader) -> list[Markup]:
    """Returns a table for each group of facts: questions, answers, assumptions."""
    tables = []
    for group in reader.model.groups.values():
        facts = [
            f
            for f in reader.model.facts.values()
            if f.group == group.name and not (f.each and f.name == "name")
        ]
        if facts:
            tables.append(_table(reader, group, facts))
    return tables


def _table(reader: Reader, group: Group, facts: list[Fact]) -> Markup:
    columns = ("Question", "Answers", "If nobody answers")
    caption = f"About {'each one: ' if group.each else ''}{group.phrase}"
    if group.none_listed:
        caption += " (unless somebody lists them, it is assumed that there are none)"
    return table(caption, columns, [_row(reader, fact) for fact in facts], class_="vocabulary")


def _row(reader: Reader, fact: Fact) -> Content:
    assumed = reader.assumed(fact)
    marks = [
        *(["Asked first."] if fact.ask_first else []),
        *(["It cannot be otherwise."] if fact.fixed else []),
    ]
    taken = f"Taken to be so: {assumed}." if assumed else "Left open."
    return [
        tag("th", question(fact), tag("br"), tag("code", fact.path), scope="row", role="rowheader"),
        tag("td", _answers(fact), data_label="Answers", role="cell"),
        tag("td", " ".join((taken, *marks)), data_label="If nobody answers", role="cell"),
    ]


def _answers(fact: Fact) -> Content:
    match fact.type:
        case OneOf(_, labels) | SomeOf(_, labels):
            head = "Any number of these:" if isinstance(fact.type, SomeOf) else "One of these:"
            if isinstance(fact.type, OneOf) and fact.type.in_order:
                head = "One of these, in this order:"
            return [head, tag("ul", [tag("li", label) for label in labels])]
        case YesNo() | Number() | Date() | Text() | Reference():
            return opening(answers(fact))
        case _:
            assert_never(fact.type)
