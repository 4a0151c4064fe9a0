"""The facts, clauses and citations of a record in words, out of what the record itself holds: no policy is needed.

Invariant: whatever stands in a record is only ever text. Deliberately not here: which of it stands where (its neighbours).
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

import attrs

from infoshare.explain.english import day, listed, name, opening
from infoshare.outcome import Outcome
from infoshare.records.body.codec import Json, read_moment
from infoshare.webpage.markup import Content, Markup, table, tag

_DECODER = json.JSONDecoder()

OUTCOMES = {
    Outcome.SHARE: "Share",
    Outcome.SEEK_CONSENT: "Ask for consent first",
    Outcome.WITHHOLD: "Do not share",
    Outcome.SEEK_ADVICE: "Take advice first",
    Outcome.DIFFERS: "Not the same for everything and everybody",
}


@attrs.frozen
class Spoken:
    """A fact in words: who it is about, what was asked, and the answer."""

    who: str | None
    question: str
    answer: str

    def __str__(self) -> str:
        about = f"{name(self.who)}: " if self.who is not None else ""
        return f"{about}{self.question} {opening(self.answer)}"


@attrs.frozen(slots=False)
class Speaker:
    """Speaks for one record, or one export.

    Attributes:
        record: with the keys of a record, as many of them as the audience may see.
    """

    record: Json = attrs.field(repr=False)

    @property
    def decision(self) -> Json:
        """The decision in it."""
        found: Json = self.record["decision"]
        return found

    @cached_property
    def _told(self) -> Mapping[str, Json]:
        return {entry["fact"]: entry for entry in self.record["answers"]}

    @cached_property
    def _sources(self) -> Mapping[str, Json]:
        return {source["name"]: source for source in self.record["sources"]}

    def fact(self, key: str, answer: Any) -> Spoken:
        """A fact with an answer that it was given, or taken to have."""
        entry = self._told.get(key)
        question = entry["question"] if entry else key
        known = entry is not None and entry.get("answer") == answer and "label" in entry
        return Spoken(
            element(key), question, entry["label"] if entry is not None and known else plain(answer)
        )

    def question(self, key: str) -> str:
        """What is asked of a fact, and about whom."""
        entry, who = self._told.get(key), element(key)
        asked = entry["question"] if entry else key
        return asked if who is None else f"{name(who)}: {asked}"

    def facts(self, facts: Mapping[str, Any]) -> Content:
        """Facts as a list; nothing where there are none."""
        return bullets((str(self.fact(key, answer)) for key, answer in facts.items()), class_="facts-told")

    def cited(self, cites: Iterable[Json]) -> Content:
        """The places that something cites, by source."""
        places: dict[str, list[str]] = {}
        for cite in cites:
            found = places.setdefault(cite["source"], [])
            if cite["at"] is not None:
                found.append(cite["at"])
        return [self._source(source, found) for source, found in places.items()]

    def _source(self, source: str, places: list[str]) -> Markup:
        known = self._sources.get(source)
        at = f", {listed(places)}" if places else ""
        return tag("p", tag("cite", known["title"] if known else source), at, class_="cited")

    def clause(self, clause: Json, *, lead: str | None = None) -> Markup:
        """A clause: what it says, the facts that made it so, and where it stands."""
        return tag(
            "div",
            tag(
                "p",
                [tag("span", f"{lead}: ", class_="lead") if lead else None, opening(clause["statement"])],
                class_="statement",
            ),
            tag("p", f"In place of `{clause['instead_of']}`.", class_="note")
            if clause.get("instead_of")
            else None,
            tag("p", f"Of {in_rows(clause['rows'])}.", class_="note") if clause.get("rows") else None,
            self.facts(clause["facts"]),
            self.cited(clause["cites"]),
            class_="clause",
        )


def element(key: str) -> str | None:
    """The element that a fact is of."""
    _, bracket, rest = key.partition("[")
    if not bracket:
        return None
    try:
        found, _ = _DECODER.raw_decode(rest)
    except json.JSONDecodeError:
        return None
    return str(found)


def in_rows(rows: Iterable[Sequence[str | None]]) -> str:
    """Rows in words: `the GP letter to the father, and …`."""
    return listed(_in_row(item, recipient) for item, recipient in rows)


def _in_row(item: str | None, recipient: str | None) -> str:
    what = "the information" if item is None else name(item)
    return what if recipient is None else f"{what} to {name(recipient)}"


def of_whom(of: Mapping[str, str] | None) -> str | None:
    """Of whom or what something is said; None where it is said of nobody by name."""
    return listed(name(each) for each in of.values()) if of else None


def plain(answer: Any) -> str:
    """An answer without its label."""
    match answer:
        case bool():
            return "yes" if answer else "no"
        case list():
            return listed(str(each).replace("_", " ") for each in answer) or "none"
        case dict():
            return "none of them"
        case None:
            return "not answered"
        case _:
            return str(answer).replace("_", " ")


def at(written: str | None) -> str | None:
    """A moment in words: `22 November 2026, 14:30 UTC`; seconds where there are any."""
    moment = read_moment(written)
    if moment is None:
        return written
    clock = f"{moment:%H:%M}" if moment.second == 0 else f"{moment:%H:%M:%S}"
    return f"{day(moment.date())}, {clock} UTC"


def on(written: str | None) -> str | None:
    """A day in words."""
    return None if written is None else day(date.fromisoformat(written))


def person(party: Json) -> str:
    """Who somebody is: name, role and organisation, as many of them as are told."""
    return ", ".join(filter(None, (party.get("name"), party.get("role"), party.get("organisation"))))


def paragraphs(text: str) -> list[Markup]:
    """What somebody wrote, a paragraph for each line."""
    return [tag("p", line) for line in text.splitlines() if line.strip()]


def grid(columns: Sequence[str], rows: Iterable[Sequence[Content]], class_: str) -> Markup:
    """A table: each row begins with its header, and every other cell bears the name of its column on narrow screens."""
    cells = [
        [
            tag("th", first, scope="row", role="rowheader"),
            *(
                tag("td", content or "–", data_label=column, role="cell")
                for column, content in zip(columns[1:], rest, strict=True)
            ),
        ]
        for first, *rest in rows
    ]
    return table(None, columns, cells, class_=class_)


def bullets(items: Iterable[Content], heading: str | None = None, class_: str | None = None) -> Content:
    """A list, under a heading if it has one; nothing where it is empty."""
    found = [tag("li", item) for item in items]
    if not found:
        return None
    return [tag("h3", heading) if heading else None, tag("ul", found, class_=class_)]


def badge(text: str, class_: str) -> Markup:
    """A word that stands out."""
    return tag("span", text, class_=f"badge {class_}".strip())
