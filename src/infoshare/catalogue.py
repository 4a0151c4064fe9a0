"""The pages of the diagnostic codes: what each means, an example, why it matters, what to write instead.

The pages are Markdown in `docs/codes`, and go into the package with it. Invariant: every code of `infoshare.codes` has a
page, whose first line is its code, its name and a title; a test says so. Deliberately not here: printing (the doors).
"""

import re
from functools import cache
from importlib import resources
from pathlib import Path

from infoshare.codes import CODES
from infoshare.diagnostic import nearest

_BLOCK = re.compile(r"^```[^\n]*\n(.*?)^```\n", re.DOTALL | re.MULTILINE)


def page(code: str) -> str:
    """The page of a code, in Markdown. Raises KeyError for a code that is not in the catalogue."""
    if code not in CODES:
        raise KeyError(code)
    return (pages_folder() / f"{code}.md").read_text(encoding="utf-8")


def title(code: str) -> str:
    """What a code means, in a few words. Raises KeyError for a code that is not in the catalogue."""
    return page(code).partition("\n")[0].partition(": ")[2]


def find(asked: str) -> str | None:
    """The code that a person asks for by `is201`, `IS201` or `unknown-fact`."""
    word = asked.strip().upper()
    if word in CODES:
        return word
    return next((code for code, name in CODES.items() if name == asked.strip().lower()), None)


def suggestion(asked: str) -> str | None:
    """The code or name that a misspelt one most likely stands for."""
    return nearest(asked.strip().upper(), CODES) or nearest(asked.strip().lower(), CODES.values())


def plain(markdown: str) -> str:
    """A page without the marks of Markdown: headings as they are, examples indented."""
    indented = _BLOCK.sub(lambda match: re.sub(r"^(?=.)", "    ", match[1], flags=re.MULTILINE), markdown)
    return re.sub(r"^#+ ", "", indented, flags=re.MULTILINE)


def keyword(word: str) -> str | None:
    """What the reference of the language says of one of its words, in Markdown; None where it has no section of its own."""
    heading = _SECTIONS.get(word, word)
    found = re.search(
        rf"^(#+) {re.escape(heading)}\n.*?(?=^#{{1,4}} (?!gives)|\Z)", _reference(), re.DOTALL | re.MULTILINE
    )
    return found.group().rstrip() + "\n" if found else None


@cache
def _reference() -> str:
    return reference_file().read_text(encoding="utf-8")


def reference_file() -> Path:
    """Where the reference of the language is: in the package, or in a checkout beside `src`."""
    inside = Path(str(resources.files("infoshare"))) / "language.md"
    return inside if inside.is_file() else Path(__file__).resolve().parents[2] / "docs" / "language.md"


_SECTIONS = {
    heading_word: heading
    for heading, heading_words in {
        "Files": "infoshare",
        "policy": "version owner review",
        "source": "by dated at",
        "facts about": "facts about ask unanswered means",
        "One of a list, some of a list": "some one",
        "ask first, fixed": "fixed first",
        "value": "from until",
        "consent": "share withhold seek must should",
        "override": "prevails over",
        "exception": "sets aside",
        "A closing clause": "where",
        "duty": "before after sharing withholding seeking deciding",
        "Deadlines": "within hours days weeks months working",
        "safeguard": "require otherwise",
        "instead of": "instead",
        "Parts": "part",
        "Rows": "for each item recipient",
        "guarantee": "never always requires",
        "scenario": "given then because with without lifting asking releasing holding back leaving open differs"
        " conflict silence unknown",
        "Conditions": "when unless is includes and or not any every no today cites",
        "Counting, sums and differences": "least most exactly plus minus years between",
        "Lists of conditions": "these all none",
    }.items()
    for heading_word in heading_words.split()
}
"""The words that are told of under a heading that is not their own."""


def pages_folder() -> Path:
    """Where the pages are: in the package, or in a checkout beside `src`."""
    inside = Path(str(resources.files("infoshare"))) / "codes_pages"
    return inside if inside.is_dir() else Path(__file__).resolve().parents[2] / "docs" / "codes"
