"""A policy as a page to sign: one HTML file that needs nothing else.

Deliberately not here: reading files and the clock (the door, `infoshare.cli.doc`).
"""

from infoshare.authoring.page.document import page
from infoshare.authoring.page.examples import Examples

__all__ = ["Examples", "page"]
