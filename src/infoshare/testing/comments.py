"""Puts comments between the words of a policy file, wherever its language has room for one.

Invariant: what the file says is unchanged, and every place between two tokens can be drawn; none is in a string.
Deliberately not here: random files (`infoshare.testing.trees`, `infoshare.testing.policies`).
"""

from collections.abc import Sequence
from random import Random

from infoshare.syntax.lexical import tokens

_TEXTS = (
    "# why",
    "#",
    '# said "so"',
    "#: 2.1",
    '# consent x "y"',
    "# — Grund",
    "#   spaced   out",
    "## loud",
)


def places(text: str) -> Sequence[int]:
    """Every place where a comment may stand: before the first token, between any two, after the last."""
    found = list(tokens(text, 0, len(text)))
    gaps = [0, *(at + len(word) for _, word, at in found)]
    # A comma or a colon may touch a word; a comment there needs no room, as it ends its line.
    return sorted(set(gaps))


def with_comments(rng: Random, text: str, *, share: float = 0.3) -> str:
    """The text with comments in a share of the places between its tokens, numbered so that each is its own.

    A comment ends its line, so what followed goes on in the next one, indented or not.
    """
    pieces, at = [], 0
    for number, place in enumerate(places(text)):
        if rng.random() >= share:
            continue
        pieces.append(text[at:place])
        at = place
        for each in range(rng.choice((1, 1, 1, 2, 3))):
            before = rng.choice(("", " ", "\n", "\n  ", "\n\n", "\t")) if at else rng.choice(("", "\n"))
            pieces.append(f"{before}{rng.choice(_TEXTS)} {number}.{each}".rstrip())
            pieces.append(rng.choice(("\n", "\n", "\n    ", "\n\n", " \n")))
    return "".join([*pieces, text[at:]])
