"""Turns the words of the language into rules of colour, for every editor and page from one list.

Invariant: the rules look at one line at a time, and only use what the expressions of Python and of editors have in
common, so that whoever follows them (Pygments, TextMate) colours a file the same. They are tried in order at each
place. Deliberately not here: the form that Pygments wants (`pygments_lexer`), and what is wrong with a file.
"""

import json
from collections.abc import Iterable
from enum import StrEnum
from typing import Any

import attrs

from infoshare.syntax.words import DECLARATIONS, KEYWORDS, PARTS


class Role(StrEnum):
    """What a stretch of text is."""

    COMMENT = "comment"
    TEXT = "text"  # in quotation marks
    DECLARATION = "declaration"  # a word that begins a declaration
    DECLARED = "declared"  # the name that is given to something
    PART = "part"  # a word that begins a part of a declaration
    WORD = "word"  # any other word of the language
    LOGIC = "logic"  # a word that joins conditions
    FACT = "fact"
    VALUE = "value"
    NUMBER = "number"
    DATE = "date"
    NAME = "name"  # of what is declared elsewhere
    SIGN = "sign"
    SPACE = "space"


@attrs.frozen
class Rule:
    """An expression, and what it finds: one role for all of it, or one for each of its groups.

    Invariant: with several roles every character of a match is in exactly one group.
    """

    pattern: str
    roles: tuple[Role, ...]


LOGIC = frozenset(
    [
        "and",
        "or",
        "not",
        "is",
        "includes",
        "any",
        "every",
        "no",
        "all",
        "none",
        "one",
        "some",
        "of",
        "these",
        "exactly",
    ]
)
_NAME = r"[a-z][a-z0-9_]*"
_NAMED = sorted(set(DECLARATIONS) - {"infoshare", "use", "facts", "scenario"})
# Words that a text follows; any other word before one is a value with its label, or an element of a list.
_BEFORE_TEXT = sorted(
    {
        *[
            "version",
            "owner",
            "by",
            "at",
            "ask",
            "because",
            "otherwise",
            "from",
            "to",
            "use",
            "scenario",
            "as",
            "releasing",
            "back",
            "open",
            "with",
            "for",
            "of",
            "first",
        ]
    }
)


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=lambda word: (-len(word), word)))


R = Role
RULES: tuple[Rule, ...] = (
    Rule(r"#.*", (R.COMMENT,)),
    # Strings are the second rule, but not in this list: they may run over lines, which each tool says its own way.
    Rule(r"\b(infoshare)([ \t]+)([0-9]+)\b", (R.DECLARATION, R.SPACE, R.NUMBER)),
    Rule(
        r"\b(?:every[ \t]+consent[ \t]+clause|all[ \t]+other[ \t]+clauses"
        r"|where[ \t]+no[ \t]+other[ \t]+clause[ \t]+stands|working[ \t]+days?|years[ \t]+between|in[ \t]+order)\b",
        (R.WORD,),
    ),
    Rule(rf"\b(every[ \t]+clause[ \t]+of)([ \t]+)({_NAME})\b", (R.WORD, R.SPACE, R.NAME)),
    Rule(
        r"\binstead[ \t]+of\b|\basking[ \t]+consent[ \t]+of\b|\bask[ \t]+first\b(?=[ \t]*(?:$|\"))", (R.PART,)
    ),
    Rule(r"\b(then)([ \t]+)(differs)\b", (R.PART, R.SPACE, R.WORD)),
    Rule(r"\b(also)([ \t]+)((?:one|some)[ \t]+of)\b", (R.WORD, R.SPACE, R.LOGIC)),
    Rule(rf"(:)([ \t]+)(one|some)([ \t]+)(?!of\b)({_NAME})\b", (R.SIGN, R.SPACE, R.LOGIC, R.SPACE, R.NAME)),
    Rule(
        r"\bnone[ \t]+of[ \t]+them\b|\b(?:is[ \t]+)?at[ \t]+(?:least|most)\b|\bis[ \t]+(?:more|less)[ \t]+than\b"
        rf"|\b(?:plus|minus)\b(?=[ \t]+(?:{_NAME}|-?[0-9]))",
        (R.LOGIC,),
    ),
    Rule(
        rf"\b(facts)([ \t]+)(about)([ \t]+)(each)([ \t]+)({_NAME})(?=[ \t]*(?:$|\"))",
        (R.DECLARATION, R.SPACE, R.WORD, R.SPACE, R.WORD, R.SPACE, R.DECLARED),
    ),
    Rule(
        rf"\b(facts)([ \t]+)(about)([ \t]+)({_NAME})(?=[ \t]*(?:$|\"))",
        (R.DECLARATION, R.SPACE, R.WORD, R.SPACE, R.DECLARED),
    ),
    Rule(
        rf"\b({_any(_NAMED)})([ \t]+)(?!(?:{_any(KEYWORDS)})\b)({_NAME})(?=[ \t]*(?:$|\"|from\b|by\b|-?[0-9]))",
        (R.DECLARATION, R.SPACE, R.DECLARED),
    ),
    Rule(r"\b(?:scenario|use)\b(?=[ \t]*(?:$|\"))", (R.DECLARATION,)),
    Rule(rf"\b{_NAME}(?=[ \t]*\"[^\"]*\"[ \t]*:)", (R.DECLARED,)),
    Rule(rf"\b{_NAME}(?:\.{_NAME}){{1,2}}\b", (R.FACT,)),
    Rule(rf"\b(cites)([ \t]+)({_NAME})\b", (R.PART, R.SPACE, R.NAME)),
    Rule(
        rf"\b((?:one|some)[ \t]+of|exactly|includes[ \t]+(?:any|all|none)[ \t]+of)([ \t]+)"
        rf"({_NAME}(?:[ \t]*,[ \t]*{_NAME})*)\b(?!\.|[ \t]*\")",
        (R.LOGIC, R.SPACE, R.VALUE),
    ),
    Rule(
        r"\b(?:any|all|none)[ \t]+of[ \t]+these\b|\b(?:one|some)[ \t]+of\b"
        r"|\bincludes[ \t]+(?:any|all|none)[ \t]+of\b",
        (R.LOGIC,),
    ),
    Rule(
        rf"\b(is)([ \t]+)(not)([ \t]+)(?!(?:one|none)[ \t]+of\b)({_NAME})\b(?!\.)",
        (R.LOGIC, R.SPACE, R.LOGIC, R.SPACE, R.VALUE),
    ),
    Rule(
        rf"\b(is|includes)([ \t]+)(?!not\b|exactly\b|(?:one|none)[ \t]+of\b)({_NAME})\b(?!\.)",
        (R.LOGIC, R.SPACE, R.VALUE),
    ),
    Rule(
        rf"\b(unanswered)([ \t]+)(means)([ \t]+)(?!every[ \t]+{_NAME}[ \t]*\()({_NAME}(?:[ \t]*,[ \t]*{_NAME})*)\b",
        (R.PART, R.SPACE, R.WORD, R.SPACE, R.VALUE),
    ),
    Rule(rf"\b(?!(?:{_any(_BEFORE_TEXT)})\b){_NAME}(?=[ \t]+\")", (R.VALUE,)),
    Rule(r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b", (R.DATE,)),
    Rule(r"-[0-9]+\b|\b[0-9]+\b", (R.NUMBER,)),
    Rule(rf"\b(?:{_any(LOGIC)})\b", (R.LOGIC,)),
    Rule(rf"\b(?:{_any(PARTS - LOGIC)})\b", (R.PART,)),
    Rule(rf"\b(?:{_any(KEYWORDS - PARTS - LOGIC)})\b|\bhours?\b(?=[ \t]*$|[ \t]+of\b)", (R.WORD,)),
    Rule(rf"\b{_NAME}\b", (R.NAME,)),
    Rule(r"[<>]=?|[(),:-]", (R.SIGN,)),
)


# --- a grammar for TextMate --------------------------------------------------------------------------


SCOPES: dict[Role, str] = {
    Role.COMMENT: "comment.line.number-sign.infoshare",
    Role.TEXT: "string.quoted.double.infoshare",
    Role.DECLARATION: "keyword.declaration.infoshare",
    Role.DECLARED: "entity.name.function.infoshare",
    Role.PART: "keyword.control.infoshare",
    Role.WORD: "keyword.other.infoshare",
    Role.LOGIC: "keyword.operator.word.infoshare",
    Role.FACT: "variable.other.infoshare",
    Role.VALUE: "constant.language.infoshare",
    Role.NUMBER: "constant.numeric.infoshare",
    Role.DATE: "constant.numeric.date.infoshare",
    Role.NAME: "entity.other.infoshare",
    Role.SIGN: "punctuation.infoshare",
}


def grammar() -> dict[str, Any]:
    """The grammar, as JSON holds it."""
    string = {"name": SCOPES[Role.TEXT], "begin": '"', "end": '"'}
    rules = [_rule(rule) for rule in RULES]
    return {
        "$schema": "https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json",
        "name": "infoshare policy",
        "scopeName": "source.infoshare",
        "fileTypes": ["policy"],
        "patterns": [rules[0], string, *rules[1:]],
    }


def written() -> str:
    """The grammar as it stands in its file."""
    return json.dumps(grammar(), indent=2, ensure_ascii=False) + "\n"


def _rule(rule: Rule) -> dict[str, Any]:
    if len(rule.roles) == 1:
        return {"match": rule.pattern, "name": SCOPES[rule.roles[0]]}
    captures = {
        str(number): {"name": SCOPES[role]}
        for number, role in enumerate(rule.roles, start=1)
        if role is not Role.SPACE
    }
    return {"match": rule.pattern, "captures": captures}


if __name__ == "__main__":
    print(written(), end="")  # noqa: T201 - that is what it is for
