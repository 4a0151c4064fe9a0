"""A case and what comes of it, in words.

Deliberately not here: the words of one fact (`explain.wording`), and scenarios (`examples`).
"""

from collections.abc import Iterator

from infoshare.authoring.page.markup import Markup, tag
from infoshare.explain.english import listed, name, opening
from infoshare.explain.wording import Voice
from infoshare.meaning.case import Case, path_of
from infoshare.meaning.model import Model
from infoshare.meaning.types import plain


def known(voice: Voice, model: Model, case: Case) -> Markup:
    """What a case says, as a list."""
    told = list(_known(voice, model, case))
    return tag("ul", [tag("li", each) for each in told]) if told else tag("p", "Nothing is known.")


def _known(voice: Voice, model: Model, case: Case) -> Iterator[str]:
    for group, elements in case.elements.items():
        phrase = model.groups[group].phrase
        yield opening(f"{phrase}: {listed(map(name, elements)) if elements else 'none is listed'}")
    for key, answer in case.answers.items():
        fact = model.facts[path_of(key)]
        if not (fact.each and fact.name == "name"):
            yield opening(str(voice.said(key, plain(answer, fact.type))))
    for key in sorted(case.unsure):
        yield opening(f"not known: {voice.whether(key)}")
