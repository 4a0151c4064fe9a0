"""The words of the language, by the use that an author makes of them; `grammar.lark` is where they are kept."""

from infoshare.syntax.tables import tables

VERSION = 1  # of the language: what a file says after `infoshare`

# What a declaration is called in messages, where its first word does not say it.
_CALLED = {
    "infoshare": "the version of the language",
    "use": "used file",
    "facts": "group of facts",
    "define": "definition",
    "impossible": "impossible combination",
    "consent": "consent clause",
}

KEYWORDS = frozenset(tables().keywords)
# Words that are none of them, but stand for themselves where the grammar has room for them.
BY_PLACE = frozenset(tables().words) - KEYWORDS
# By the word that a declaration begins with: what it is called.
DECLARATIONS = {word: _CALLED.get(word, word) for word in ("infoshare", *tables().declaring)}
# Words that begin a part of a declaration, on a line of their own when laid out; all others stand inside a part.
PARTS = frozenset(tables().parts)

# Groups of a case and values of a fact are free, but for these.
RESERVED_GROUP = "case"
RESERVED_VALUE = "unsure"
