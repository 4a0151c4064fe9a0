"""The rules of colour as a TextMate grammar, which VS Code, Sublime Text, JetBrains' editors and others read.

`python -m infoshare.authoring.textmate` prints `editors/infoshare.tmLanguage.json`; a test keeps the file the same.
"""

import json
from typing import Any

from infoshare.authoring.highlighting import RULES, Role, Rule

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
