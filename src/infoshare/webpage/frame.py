"""A title, a style sheet and a body -> one HTML page that needs nothing else.

Invariant: no script runs, and nothing is fetched from anywhere or sent to anybody: the page's own content security policy
allows its style sheet, by digest, and nothing more. Deliberately not here: what it looks like (`style`).
"""

from base64 import b64encode
from hashlib import sha256

from infoshare.webpage.markup import Content, Markup, html, tag


def framed(title: str, style: str, body: Content) -> str:
    """The page as HTML.

    Args:
        title: as tabs and bookmarks show it.
        style: a whole style sheet, with nothing in it that anybody else wrote.
        body: everything that is to be seen, the link to the text first.
    """
    head = [
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=allowed(style)),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", title),
        tag("style", Markup(style)),
    ]
    return "<!doctype html>\n" + html(tag("html", tag("head", head), tag("body", body), lang="en")) + "\n"


def allowed(style: str) -> str:
    """What a page with this style sheet may do, as its content security policy says it."""
    hashed = b64encode(sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{hashed}'; base-uri 'none'; form-action 'none'"
