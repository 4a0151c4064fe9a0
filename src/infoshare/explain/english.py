"""Puts words together as English does: lists, dates, a sentence within a sentence, names as given.

Invariants: the same text on every machine, whatever the locale.
Deliberately not here: what any of it means (`wording`).
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import takewhile

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def day(when: date) -> str:
    """`22 November 2026`, whatever the locale."""
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


_JOINING = re.compile(r",| (?:and|n?or) ")
_PREPOSITIONS = {"of", "in", "on", "for", "to", "that", "which", "who", "from", "with", "about", "at", "by"}


def plural(noun: str) -> bool:
    """Whether a noun with what belongs to it takes `are`: `signs of harm` does, `the parents' address` not."""
    for word in reversed(list(takewhile(lambda w: w not in _PREPOSITIONS, noun.split()))):
        if re.fullmatch(r"[A-Za-z-]+", word):
            plain = word.lower()
            if plain in {"seen", "known", "given", "named", "listed", "found", "told"}:
                continue
            return plain.endswith("s") and not plain.endswith(("ss", "us", "is"))
    return False


def be(noun: str) -> str:
    """`is`, or `are` after a plural."""
    return "are" if plural(noun) else "is"


def a(noun: str) -> str:
    """`a person`, `an item`."""
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


def some(parts: Sequence[str], most: int, more: str = "") -> list[str]:
    """All of them, or the first ones and how many more there are; one alone is never hidden."""
    if len(parts) <= most + 1:
        return list(parts)
    return [*parts[:most], f"{len(parts) - most} more {more}".rstrip()]


def listed(parts: Iterable[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`; semicolons where a part is a list itself."""
    items = list(parts)
    if len(items) < 2:
        return "".join(items)
    if any(_JOINING.search(item) for item in items):
        return "; ".join(items[:-1]) + f"; {last} {items[-1]}"
    return ", ".join(items[:-1]) + f" {last} {items[-1]}"


_AUXILIARY = {"is", "are", "was", "were", "has", "have", "had", "can", "would", "will", "could"}


def drawn_together(sentences: Sequence[str]) -> list[str]:
    """Sentences that begin alike up to their auxiliary as one: `it is accurate`, `it is needed` as `it is accurate and needed`."""
    of_each: dict[str, list[str]] = {}
    for sentence in sentences:
        words = sentence.split(" ")
        at = next((at for at, word in enumerate(words) if word in _AUXILIARY), 0)
        # what is not said with the same words up to there, or what stands alone, stays as it is
        of_each.setdefault(" ".join(words[: at + 1]) if at else sentence, []).append(sentence)
    return [
        f"{start} {listed(each.removeprefix(start).strip() for each in found)}"
        if len(found) > 1
        else found[0]
        for start, found in of_each.items()
    ]


def alike_but_for_one(sentences: Iterable[str], last: str = "and") -> list[str]:
    """`tell the child what goes`, `tell the family what goes` as one: `tell the child and the family what goes`."""
    found: list[list[str]] = []
    for sentence in sentences:
        if not found or _between([*found[-1], sentence]) is None:
            found.append([])
        found[-1].append(sentence)
    told = []
    for alike in found:
        between = _between(alike)
        if between is None or len(alike) == 1:
            told += alike
            continue
        start, end = between
        words = [sentence.split(" ") for sentence in alike]
        middle = listed((" ".join(each[start : len(each) - end]) for each in words), last)
        told.append(" ".join([*words[0][:start], middle, *words[0][-end:]]))
    return told


def _between(sentences: Sequence[str]) -> tuple[int, int] | None:
    """How many words sentences begin and end with alike, around a noun of one or two words; None where they do not."""
    words = [sentence.split(" ") for sentence in sentences]
    start = next((at for at, each in enumerate(zip(*words, strict=False)) if len({*each}) > 1), 0)
    start -= start > 0 and words[0][start - 1] in _ARTICLES  # an article goes with its noun
    ends = enumerate(zip(*(reversed(each[start:]) for each in words), strict=False))
    end = next((at for at, each in ends if len({*each}) > 1), 0)
    nouns = [each[start : len(each) - end] for each in words]
    alike = (
        start > 0
        and end >= _ENOUGH
        and all(0 < len(noun) <= _ENOUGH and noun[0] in _ARTICLES for noun in nouns)
    )
    return (start, end) if alike or len(sentences) == 1 else None


_ARTICLES = {"the", "a", "an", "his", "her", "their"}
_ENOUGH = 3
"""So many words at least are alike at the end, and so many at most are not, where sentences are said as one."""


def inside(sentence: str) -> str:
    """A sentence as part of another: no full stop, and a small letter where it began with a capital."""
    text = sentence.strip().rstrip(".")
    first = text.split(" ", 1)[0]
    if first.rstrip(",") in _ALWAYS_CAPITAL or (len(first) > 1 and not first[1:].islower()):
        return text
    return text[:1].lower() + text[1:]


_ALWAYS_CAPITAL = {"I", "Gillick", "Caldicott", "England", "Wales", "Scotland", "Parliament", "Fraser"}


def opening(sentence: str) -> str:
    """A sentence with a capital and a full stop."""
    text = sentence.strip()
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else text + "."


_CLAUSE = {"who", "whom", "whose", "what", "which", "that", "where", "when", "how", "why", "whether", "if"}
"""What a part of a sentence begins with that has a verb, so that what follows could be read as part of it."""


def name(text: str) -> str:
    """What somebody called an item or a person; in quotes where it could be read as part of the sentence."""
    plain = text == text.strip() and re.fullmatch(r"[\w '’&/+-]{1,80}", text) is not None
    plain = plain and text.split(" ", 1)[0].lower() not in _CLAUSE
    return text if plain else f"“{text}”"
