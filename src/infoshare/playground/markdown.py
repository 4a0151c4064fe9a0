"""The Markdown that infoshare writes of facts, clauses and codes -> markup of a page.

Invariant: what is no Markdown of ours stays text; a link leads to the web or is no link.
Deliberately not here: any other Markdown.
"""

import re
from collections.abc import Iterator

from infoshare.webpage.markup import Content, Markup, tag

_INLINE = re.compile(
    r"`(?P<code>[^`\n]+)`|\*\*(?P<strong>[^*\n]+)\*\*|\*(?P<em>[^*\n]+)\*"
    r"|\[(?P<text>[^\]\n]+)\]\((?P<at>[^)\s]+)\)"
)
_FENCE = "```"


def markup(text: str) -> list[Markup]:
    """The blocks of a text: headings, paragraphs, lists and what is written in a language."""
    return list(_blocks(text.split("\n")))


def _blocks(lines: list[str]) -> Iterator[Markup]:
    at = 0
    while at < len(lines):
        line = lines[at]
        end = at + 1
        if line.startswith(_FENCE):
            while end < len(lines) and not lines[end].startswith(_FENCE):
                end += 1
            yield tag("pre", tag("code", [[each, Markup("\n")] for each in lines[at + 1 : end]]), tabindex=0)
            end += 1
        elif line.startswith("#"):
            level = len(line) - len(line.lstrip("#"))
            yield tag(f"h{min(level + 2, 6)}", list(_inline(line.lstrip("# "))))
        elif line.startswith("- "):
            while end < len(lines) and lines[end].startswith(("- ", "  ")):
                end += 1
            yield tag("ul", [tag("li", list(_inline(item))) for item in _items(lines[at:end])])
        elif line.strip():
            while end < len(lines) and lines[end].strip() and not lines[end].startswith(("#", "- ", _FENCE)):
                end += 1
            yield tag("p", list(_inline(" ".join(lines[at:end]))))
        at = end


def _items(lines: list[str]) -> Iterator[str]:
    item: list[str] = []
    for line in lines:
        if line.startswith("- ") and item:
            yield " ".join(item)
            item = []
        item.append(line.removeprefix("- ").strip())
    yield " ".join(item)


def _inline(text: str) -> Iterator[Content]:
    at = 0
    for found in _INLINE.finditer(text):
        yield text[at : found.start()]
        at = found.end()
        match found.lastgroup:
            case "code":
                yield tag("code", found["code"])
            case "strong":
                yield tag("strong", list(_inline(found["strong"])))
            case "em":
                yield tag("em", found["em"])
            case _ if found["at"].startswith(("https://", "http://")):
                yield tag("a", found["text"], href=found["at"], target="_blank", rel="noopener noreferrer")
            case _:
                yield list(_inline(found["text"]))
    yield text[at:]
