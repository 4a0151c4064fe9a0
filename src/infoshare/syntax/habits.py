"""Help for what people write by habit, by the table in `habits.txt`: adding a habit is adding two lines there.

Turns the place that did not fit, and the words around it, into what to write instead.
Deliberately not here: what the grammar would have taken (`expected`), and the rest of what is said (`faults`).
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from itertools import accumulate

from infoshare.syntax.lexical import tokens
from infoshare.syntax.words import DECLARATIONS, KEYWORDS
from infoshare.values import frozen

_NEXT = re.compile(rf"\n[ \t]*(?:{'|'.join(DECLARATIONS)})\b")
_BLANK = "\xa0"  # within a text, so that it is one word
_FAR = 60  # how many words before the place, and a fifth of it after it, may belong to a habit
_PARTS = {
    "FACT": r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*){1,2}",
    "NAME": r"[a-z][a-z0-9_]*",
    "TEXT": r'"[^"]*"',
    "NUMBER": r"[0-9]+",
    "DATE": r"(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|today)",
    "TIME": r"[0-9]+ (?:hour|day|week|month|year)s?",
    "THE": r"(?:(?:the|a|an) )?",
    "AS_BIG": r"(?:(?:or|and) (?:more|over|above|older|up|upwards|greater|higher)|\+)",
    "AS_SMALL": r"(?:or|and) (?:less|under|below|younger|fewer|lower)",
    "AT_LEAST": r"(?:at least|(?:no|not) (?:less|fewer) than|not under|minimum)",
    "AT_MOST": r"(?:at most|(?:no|not) (?:more|greater) than|not over|up to|maximum)",
    "BIGGER": r"(?:(?:more|greater|older|higher|bigger|larger) than|over|above|exceeds)",
    "SMALLER": r"(?:(?:less|fewer|younger|lower|smaller) than|under|below)",
    "KEYWORD": rf"(?:{'|'.join(sorted(KEYWORDS))})(?= |$)",
    "SHARED": r"(?:share|shared|sharing|disclose|disclosed|disclosing|release|send|tell)",
}


@frozen
class Habit:
    """What people write so, and what to write instead.

    Args:
        start: where it begins.
        end: where it ends.
        help: what to write instead, or why it cannot be said.
    """

    start: int
    end: int
    help: str


def habit(text: str, start: int, at: int) -> Habit | None:
    """What it is known that people write so, around a place that does not fit.

    Args:
        text: the text of the document.
        start: where the declaration begins.
        at: the first character that did not fit.
    """
    found = [(place, word) for _, word, place in tokens(text, start, _end(text, start, at))]
    if not found:
        return None
    here = next(
        (index for index, (place, word) in enumerate(found) if place + len(word) > at), len(found) - 1
    )
    keyword = found[0][1]
    found = found[max(0, here - _FAR) : here + _FAR // 5]
    here = min(here, _FAR)
    words = [" ".join(word.split()).replace(" ", _BLANK) for _, word in found]
    begins = [0, *accumulate(len(word) + 1 for word in words)]
    for about, pattern, ends_before, help_ in _habits():
        if keyword not in about and "*" not in about:
            continue
        for match in pattern.finditer(" ".join(words)):
            first, last = bisect_right(begins, match.start()) - 1, bisect_left(begins, match.end())
            begin, end = found[first][0], found[last - 1][0] + len(found[last - 1][1])
            if (not ends_before and first <= here < last) or (
                ends_before and last == here and "\n" not in text[begin:end]
            ):
                return Habit(begin, end, match.expand(help_).replace(_BLANK, " "))
    return None


def _end(text: str, start: int, at: int) -> int:
    """Where the declaration ends, as far as that can be seen, or a few hundred characters on."""
    following = _NEXT.search(text, max(start, text.rfind("\n", 0, at)), at + 400)
    return following.start() if following else min(len(text), at + 400)


@cache
def _habits() -> Sequence[tuple[Sequence[str], re.Pattern[str], bool, str]]:
    """Of each habit the declarations that have it, what is written, whether it ends before the place, and the help."""
    about: Sequence[str] = ()
    habits = []
    lines = (files("infoshare.syntax") / "habits.txt").read_text(encoding="utf-8").splitlines()
    rows = iter([line for line in lines if line and not line.startswith("#")])
    for row in rows:
        if row.startswith("["):
            about = row.strip("[]").split()
            continue
        pattern = re.sub("[A-Z_]{3,}", lambda name: _PARTS.get(name[0], name[0]), row)
        expression = re.compile(rf"(?:^|(?<= ))(?:{pattern.removesuffix(' >')})(?= |$)")
        habits.append((about, expression, pattern.endswith(" >"), next(rows).strip()))
    return habits
