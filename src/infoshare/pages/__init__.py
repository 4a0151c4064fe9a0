"""A policy as pages that a practitioner is led through: what matters is asked, one question a page, then the answer.

    from infoshare.pages import Pages

    pages = Pages(lambda: {"cscp": policy})
    application = Starlette(routes=pages.routes())

Invariants: no script is needed and none runs; nothing is fetched from elsewhere; no answer of a case is in an address, a
log or a store of the browser. What is asked, and when, is decided by `infoshare.asking`, as on the terminal.
"""

from infoshare.pages.routes import Busy, Pages
from infoshare.pages.words import ENGLISH, Words

__all__ = ["ENGLISH", "Busy", "Pages", "Words"]
