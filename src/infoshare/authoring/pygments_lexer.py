"""The rules of colour as a lexer for Pygments, which Sphinx and many other tools highlight with.

Found by the name `infoshare` and by files that end in .policy. Needs the extra `highlight`; nothing else imports it.
"""

import re
from typing import Any, ClassVar

from pygments.lexer import RegexLexer, bygroups
from pygments.token import (
    Comment,
    Keyword,
    Literal,
    Name,
    Number,
    Operator,
    Punctuation,
    String,
    Text,
    Whitespace,
    _TokenType,
)

from infoshare.authoring.highlighting import RULES, Role, Rule

TOKENS: dict[Role, _TokenType] = {
    Role.COMMENT: Comment.Single,
    Role.TEXT: String.Double,
    Role.DECLARATION: Keyword.Declaration,
    Role.DECLARED: Name.Function,
    Role.PART: Keyword,
    Role.WORD: Keyword.Pseudo,
    Role.LOGIC: Operator.Word,
    Role.FACT: Name.Variable,
    Role.VALUE: Name.Constant,
    Role.NUMBER: Number.Integer,
    Role.DATE: Literal.Date,
    Role.NAME: Name,
    Role.SIGN: Punctuation,
    Role.SPACE: Whitespace,
}


def _rule(rule: Rule) -> tuple[str, Any]:
    tokens = [TOKENS[role] for role in rule.roles]
    return rule.pattern, tokens[0] if len(tokens) == 1 else bygroups(*tokens)  # type: ignore[no-untyped-call]


class PolicyLexer(RegexLexer):
    """Policies of infoshare."""

    name = "infoshare policy"
    aliases: ClassVar = ["infoshare", "policy"]
    filenames: ClassVar = ["*.policy"]
    mimetypes: ClassVar = ["text/x-infoshare-policy"]
    flags = re.MULTILINE

    tokens: ClassVar = {
        "root": [
            (r"\s+", Whitespace),
            _rule(RULES[0]),
            (r'"[^"]*(?:"|\Z)', TOKENS[Role.TEXT]),
            *(_rule(rule) for rule in RULES[1:]),
            (r".", Text),
        ]
    }
