"""What a family may see -> its page: short, plain, and of the same form for every family.

Invariant: the page is made of the export alone, so that it tells no more; where nothing may be told, it is the same page as
where there is nothing to tell. Deliberately not here: what may be told (`audience`).
"""

from infoshare.explain.english import name, opening
from infoshare.records.fields import Json
from infoshare.records.page.people import described
from infoshare.records.page.style import STYLE
from infoshare.records.page.words import on, paragraphs
from infoshare.webpage.frame import framed
from infoshare.webpage.markup import Content, tag

_TITLE = "About information and your family"


def family_page(export: Json) -> str:
    """The page as HTML."""
    policy = export["policy"]
    title = " ".join(filter(None, (policy["title"], policy["version"])))
    facts: list[tuple[str, Content]] = [
        ("From", export["organisation"]),
        ("Date", on(export["decided_on"])),
        ("Procedure", title or None),
        ("Reference", tag("code", export["reference"])),
    ]
    first, *rest = export["notice"]
    main = [
        tag("p", first, class_="lead"),
        _shared(export),
        paragraphs(export["words"]) if export["words"] else None,
        tag("h2", "What this page does not say"),
        [tag("p", each) for each in rest],
    ]
    page = [
        tag("a", "To the text", href="#text", class_="skip"),
        tag("header", tag("h1", _TITLE), described(facts)),
        tag("main", main, id="text"),
        tag("footer", tag("p", "Written by infoshare.")),
    ]
    return framed(_TITLE, STYLE, page)


def _shared(export: Json) -> Content:
    if not export["shared"]:
        return None
    told = [
        tag("li", opening(f"{_item(pair['item'])}, with {_recipient(pair['recipient'])}"))
        for pair in export["shared"]
    ]
    rows: list[tuple[str, Content]] = [
        ("What for", opening(export["purpose"]) if export["purpose"] else None),
        ("On what basis in law", opening(export["lawful_basis"]) if export["lawful_basis"] else None),
    ]
    return [tag("h2", "What is shared, and with whom"), tag("ul", told), described(rows)]


def _item(item: str | None) -> str:
    return "information about your family" if item is None else name(item)


def _recipient(recipient: str | None) -> str:
    return "those who need it" if recipient is None else name(recipient)
