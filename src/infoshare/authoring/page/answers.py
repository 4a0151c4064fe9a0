"""A case and what comes of it, in words.

Deliberately not here: the words of one fact (`explain.wording`), and scenarios (`examples`).
"""

from collections.abc import Iterator

from infoshare.explain.english import listed, name, opening
from infoshare.explain.wording import Voice
from infoshare.meaning.case import Case, path_of
from infoshare.meaning.model import Model
from infoshare.meaning.types import plain
from infoshare.webpage.markup import Markup, tag


def known(voice: Voice, model: Model, case: Case) -> Markup:
    """What a case says, as a list."""
    told = list(_known(voice, model, case))
    return tag("ul", [tag("li", each) for each in told]) if told else tag("p", "Nothing is known.")


def _known(voice: Voice, model: Model, case: Case) -> Iterator[str]:
    about: dict[str | None, list[str]] = {}
    for key, answer in case.answers.items():
        fact = model.facts[path_of(key)]
        if not (fact.each and fact.name == "name"):
            said = voice.said(key, plain(answer, fact.type))
            about.setdefault(said.who, []).append(said.sentence)
    yield from map(opening, about.pop(None, ()))
    for group, elements in case.elements.items():
        phrase = model.groups[group].phrase
        if not elements:
            yield opening(f"{phrase}: none is listed")
        for who in map(name, elements):
            yield opening(f"{phrase}, {who}{': ' if who in about else ''}{listed(about.pop(who, ()))}")
    for key in sorted(case.unsure):
        yield opening(f"not known: {voice.whether(key)}")
