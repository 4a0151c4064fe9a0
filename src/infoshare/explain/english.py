"""Puts words together as English does: lists, dates, a sentence within a sentence, names as given.

Invariants: the same text on every machine, whatever the locale; `shown` lets no control character through.
Deliberately not here: what any of it means (`wording`).
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import takewhile

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def shown(text: str) -> str:
    """Text with every control, format or line-breaking character spelled out, ESC as backslash x1b."""
    if text.isprintable():  # as nearly every text is, which then needs no look at each character
        return text
    return "".join(_spelled(c) if unicodedata.category(c) in _UNSAFE else c for c in text)


_UNSAFE = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def _spelled(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


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


def name(text: str) -> str:
    """What somebody called an item or a person; in quotes where it could be read as part of the sentence."""
    plain = text == text.strip() and re.fullmatch(r"[\w '’&/+-]{1,80}", text)
    return text if plain else f"“{text}”"
