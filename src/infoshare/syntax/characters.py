"""Whether the characters of a text are such that a grammar can say the rest, and it is nested no deeper than may be.

A text without a fault is seen to be so by one regular expression. Deliberately not here: what is wrong with
any other (`infoshare.syntax.lexical`).
"""

import re

DEEPEST = 64

_HIDDEN = r"\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
_ENDS = r"\x85\u2028\u2029"
_CONTROL = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff"
BAD = _HIDDEN + _ENDS + _CONTROL

_SOUND = re.compile(
    rf"""(?:
      [ \t\n]++ | \r\n
    | [a-z][a-z0-9_]{{0,99}}+ (?:\.[a-z][a-z0-9_]{{0,99}}+){{0,2}}+ (?![\w.\u0300-\u036f])
    | "(?:[^"\\\t\r{BAD}]++|\r\n)*+" (?=[ \t\r\n,():\#]|\Z)
    | \#(?:[^\n\r{BAD}]++|\r(?=\n))*+
    | [0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}} (?![\w.-])
    | (?:0|[1-9][0-9]{{0,15}}+) (?![\w./]|-[\w])
    | [<>]=?+ | [(),:-]
    )*+""",
    re.VERBOSE,
)
_NESTING = re.compile(r'"[^"]*"|#[^\n]*|\(|\)|\b(?:not|before|after|plus|minus)\b')


def are_sound(text: str) -> bool:
    """Whether every character stands in a name, a number, a string or a sign as it should, nested within the limit."""
    matched = _SOUND.match(text)
    return matched is not None and matched.end() == len(text) and not _may_be_deep(text)


def _may_be_deep(text: str) -> bool:
    """Whether brackets, `not`, `before` and `plus` add up to more than the limit anywhere."""
    if sum(map(text.count, ("(", "not", "before", "after", "plus", "minus"))) <= DEEPEST:
        return False
    depth, chain = 0, 0
    opened: list[int] = []
    for match in _NESTING.finditer(text):
        match match.group()[0]:
            case "(":
                opened.append(1 + chain)
                depth, chain = depth + 1 + chain, 0
            case ")":
                depth, chain = depth - (opened.pop() if opened else 0), 0
            case '"':
                chain = 0
            case _:  # the first letter of a word
                chain += 1
        if depth + chain > DEEPEST:
            return True
    return False
