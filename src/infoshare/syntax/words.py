"""The words of the language, by the use that an author makes of them.

Invariant: `KEYWORDS` are exactly the words that stand as keywords in `grammar.lark`; a test says so.
"""

VERSION = 1  # of the language: what a file says after `infoshare`

# What a declaration that begins with the word is called in messages.
DECLARATIONS: dict[str, str] = {
    "infoshare": "the version of the language",
    "policy": "policy",
    "use": "used file",
    "source": "source",
    "facts": "group of facts",
    "define": "definition",
    "value": "value",
    "impossible": "impossible combination",
    "consent": "consent clause",
    "rule": "rule",
    "override": "override",
    "exception": "exception",
    "duty": "duty",
    "safeguard": "safeguard",
    "advice": "advice",
    "guarantee": "guarantee",
    "scenario": "scenario",
}

# Words that begin a part of a declaration, on a line of their own when laid out.
PARTS = frozenset(
    [
        "version",
        "owner",
        "from",
        "until",
        "review",
        "by",
        "dated",
        "at",
        "unanswered",
        "ask",
        "as",
        "when",
        "unless",
        "because",
        "cites",
        "prevails",
        "sets",
        "must",
        "share",
        "withhold",
        "seek",
        "before",
        "after",
        "for",
        "require",
        "otherwise",
        "never",
        "always",
        "given",
        "then",
        "with",
        "without",
        "lifting",
        "asking",
        "releasing",
        "holding",
        "leaving",
    ]
)

# Words that stand inside a part.
INNER = frozenset(
    [
        "about",
        "each",
        "means",
        "yes",
        "or",
        "no",
        "one",
        "of",
        "some",
        "number",
        "date",
        "text",
        "to",
        "over",
        "aside",
        "every",
        "clause",
        "sharing",
        "withholding",
        "seeking",
        "deciding",
        "item",
        "and",
        "recipient",
        "requires",
        "not",
        "is",
        "includes",
        "any",
        "all",
        "none",
        "these",
        "today",
        "day",
        "days",
        "week",
        "weeks",
        "month",
        "months",
        "year",
        "years",
        "exactly",
        "back",
        "open",
        "conflict",
        "silence",
        "unknown",
        "in",
        "force",
    ]
)

KEYWORDS = frozenset(DECLARATIONS) | PARTS | INNER

# Groups of a case and values of a fact are free, but for these.
RESERVED_GROUP = "case"
RESERVED_VALUE = "unsure"
