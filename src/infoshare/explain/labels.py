"""Words an answer: by its label, by the names that it gives, and as the sentence that it makes of a fact's phrase.

Deliberately not here: of which element a fact is, and what a decision puts in the places of a phrase (`wording`).
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import attrs

from infoshare.explain.english import be, day, listed, name, plural
from infoshare.explain.negation import negate
from infoshare.meaning.model import PLACE, Fact
from infoshare.meaning.types import Date, Number, OneOf, Reference, SomeOf, YesNo

GAP = "…"
_MOST_NAMED = 4
NONE_OF_THEM = "none of them"
"""How it is said that a reference names nobody."""

# phrases of references that have what they are of for their subject: `which of the people this is`, `whom it is about`
_IS_WHOM = re.compile(
    r"^(?:which (?:one )?of .*? |whom |who (?=(?:they|you|this|it|he|she|that)\b))((?:they|you) are|(?:this|it|he|she|that) is)\b *(.*)$"
)
_SEVERAL = {"is": "are", "has": "have", "was": "were", "does": "do"}


@attrs.frozen
class Said:
    """A fact in words: the element that it is about, as its group and name (or nobody), and the sentence."""

    element: tuple[str, str] | None
    sentence: str

    @property
    def who(self) -> str | None:
        """What the element is called, as it can stand in a sentence."""
        return None if self.element is None else name(self.element[1])

    def __str__(self) -> str:
        return f"for {self.who}: {self.sentence}" if self.element else self.sentence


def answered(fact: Fact, answer: Any) -> str:
    """What an answer says, without whose it is."""
    if isinstance(fact.type, YesNo):
        return fact.phrase if answer is True else negate(fact.phrase)
    label = label_of(answer, fact)
    if GAP in fact.phrase:
        return fact.phrase.replace(GAP, label)
    if isinstance(fact.type, SomeOf):
        if not answer:
            return f"none of {fact.phrase} is ticked"
        return f"{fact.phrase} {'include' if plural(fact.phrase) else 'includes'} {label}"
    return f"{fact.phrase} {be(fact.phrase)} {label}"


def placed(sentence: str, facts: Mapping[str, Fact], answer: Callable[[str], Any]) -> str:
    """A sentence with what is said in its places: `{consent.by} refuses` is “the child refuses”.

    Args:
        answer: what is answered to a fact, as JSON holds it; None where that is not known.
    """

    def put(place: re.Match[str]) -> str:
        fact = facts[place[1]]
        said = answer(fact.path)
        return whoever(fact) if said is None else label_of(said, fact)

    return PLACE.sub(put, sentence)


def whoever(fact: Fact) -> str:
    """What stands in a place while it is not known who it is."""
    labels = [label for _, label in fact.type.choices]
    if (
        not labels
        or len(labels) > _MOST_NAMED
        or fact.phrase.startswith(("the ", "a ", "an ", "your ", "their "))
    ):
        return fact.phrase.replace(GAP, "").strip()
    return listed(labels, "or")


def nobody(phrase: str) -> str:
    """`nobody` of people, else `nothing`."""
    people = ("somebody", "someone", "anybody", "a person", "one of the people")
    return "nobody" if phrase.startswith(people) else "nothing"


def naming(phrase: str, answer: Any, element: tuple[str, str] | None, *, many: bool) -> Said:
    """What a reference says: `Father is dad`, `GP letter is about Ann`, `Ann told it` for “who told it”."""
    names = [answer] if isinstance(answer, str) else list(answer) if isinstance(answer, list | tuple) else []
    label = listed(map(name, names)) or NONE_OF_THEM
    word, _, rest = phrase.partition(" ")
    if found := _IS_WHOM.match(phrase):
        said = " ".join(filter(None, (found[2], label)))
        return Said(None, f"{name(element[1])} is {said}") if element else Said(None, f"{found[1]} {said}")
    if GAP in phrase:
        return Said(element, phrase.replace(GAP, label))
    if word == "whom":
        return Said(element, f"{rest} {label}")
    if word == "who":
        verb, space, more = rest.partition(" ")
        return Said(element, f"{label} {_SEVERAL.get(verb, verb) if len(names) > 1 else verb}{space}{more}")
    if word in {"which", "whose", "what", "where", "how"}:
        return Said(element, f"{phrase}: {label}")
    return Said(element, f"{phrase} {'are' if many else be(phrase)} {label}")


def label_of(answer: Any, fact: Fact) -> str:
    """Labels an answer, as JSON holds it, the way a person says it."""
    match fact.type, answer:
        case Reference(), _:
            names = (
                [answer] if isinstance(answer, str) else answer if isinstance(answer, list | tuple) else []
            )
            return listed(map(name, names)) or NONE_OF_THEM
        case ((OneOf(values, labels) | SomeOf(values, labels)), str()) if answer in values:
            return labels[values.index(answer)]
        case SomeOf(values, labels), list() | tuple():
            return listed(labels[values.index(v)] for v in answer if v in values) or "none of those listed"
        case Date(), str():
            try:
                return day(date.fromisoformat(answer))
            except ValueError:
                return answer
        case Number(unit), int() if unit:
            return f"{answer} {unit.rstrip('s') if answer == 1 else unit}"
        case _:
            return plain_label(answer) if not isinstance(answer, str) else answer


def plain_label(answer: Any) -> str:
    """Labels an answer to a fact of which nothing is known."""
    match answer:
        case bool():
            return "yes" if answer else "no"
        case list() | tuple():
            return listed(str(a).replace("_", " ") for a in answer) or "nothing"
        case None:
            return "not answered"
        case _:
            return str(answer).replace("_", " ")
