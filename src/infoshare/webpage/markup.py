"""Builds HTML and SVG in which text can never be anything but text.

Invariant: every string is escaped, in content and in attributes, unless this module made it; control and
hidden characters are spelled out. Deliberately not here: what any of it looks like (`style`).
"""

from collections.abc import Iterable, Sequence
from html import escape
from typing import TypeAlias

import attrs

from infoshare.text import visible


@attrs.frozen
class Markup:
    """Text that is HTML already."""

    html: str


Content: TypeAlias = "str | Markup | Iterable[Content] | None"

_EMPTY = frozenset({"meta", "br", "col", "input", "link"})


def tag(name_: str, /, *content: Content, **attributes: str | int | None) -> Markup:
    """An element. Attributes as Python can write them: `class_`, `aria_label`; those that are None or False are left out,
    and those that are True have no value.
    """
    told = "".join(
        f" {_attribute(key)}" + ("" if value is True else f'="{escape(visible(str(value)), quote=True)}"')
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    if name_ in _EMPTY:
        return Markup(f"<{name_}{told}>")
    return Markup(f"<{name_}{told}>{html(content)}</{name_}>")


def _attribute(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def html(content: Content) -> str:
    """Content as HTML."""
    match content:
        case None:
            return ""
        case Markup(text):
            return text
        case str():
            return escape(visible(content), quote=True)
        case _:
            return "".join(html(part) for part in content)


def table(caption: str | None, columns: Sequence[str], rows: Iterable[Content], *, class_: str) -> Markup:
    """A table with a header to each column. Its roles are said, as a narrow page shows it as blocks."""
    heads = [tag("th", column, scope="col", role="columnheader") for column in columns]
    return tag(
        "table",
        tag("caption", caption) if caption else None,
        tag("thead", tag("tr", heads, role="row"), role="rowgroup"),
        tag("tbody", [tag("tr", row, role="row") for row in rows], role="rowgroup"),
        class_=class_,
        role="table",
    )


def spaced(parts: Iterable[Content]) -> list[Content]:
    """Parts with a space between them."""
    found: list[Content] = []
    for part in parts:
        found += [" ", part] if found else [part]
    return found
