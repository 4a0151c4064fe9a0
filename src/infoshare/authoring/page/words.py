"""The vocabulary: what is asked and which answers there are, what the named conditions mean, what cannot be.

Deliberately not here: the sentences (`infoshare.reading_aloud`).
"""

from typing import assert_never

from infoshare.authoring.page.clauses import said
from infoshare.explain.english import opening
from infoshare.meaning.model import Fact, Group
from infoshare.meaning.types import Date, Number, OneOf, SomeOf, Text, YesNo
from infoshare.reading_aloud import Reader, answers, question
from infoshare.webpage.markup import Content, Markup, table, tag


def meanings(reader: Reader) -> list[Content]:
    """Named conditions, values that change with the law, and what cannot be: each part where there is any."""
    model = reader.model
    parts: list[Content] = []
    if model.defines:
        told = [tag("div", said(words), class_="meaning") for words in reader.meanings()]
        parts.append([tag("h3", "What the words mean"), told])
    if model.values:
        parts.append([tag("h3", "What changes with the law"), [tag("p", told) for told in reader.values()]])
    if model.impossibles:
        cannot = [tag("div", said(words), class_="meaning") for words in reader.impossibles()]
        parts.append([tag("h3", "What cannot be"), cannot])
    return parts


def vocabulary(reader: Reader) -> list[Markup]:
    """A table for each group of facts."""
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
    return table(caption, columns, [_row(reader, fact) for fact in facts], class_="vocabulary")


def _row(reader: Reader, fact: Fact) -> Content:
    assumed = reader.assumed(fact)
    taken = f"Taken to be so: {assumed}." if assumed else "Left open."
    return [
        tag("th", question(fact), tag("br"), tag("code", fact.path), scope="row", role="rowheader"),
        tag("td", _answers(fact), data_label="Answers", role="cell"),
        tag("td", taken, data_label="If nobody answers", role="cell"),
    ]


def _answers(fact: Fact) -> Content:
    match fact.type:
        case OneOf(_, labels) | SomeOf(_, labels):
            head = "Any number of these:" if isinstance(fact.type, SomeOf) else "One of these:"
            return [head, tag("ul", [tag("li", label) for label in labels])]
        case YesNo() | Number() | Date() | Text():
            return opening(answers(fact))
        case _:
            assert_never(fact.type)
