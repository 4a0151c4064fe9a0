"""A record, or what an audience may see of one, as a page to read, print and sign: one HTML file that needs nothing else.

Deliberately not here: what an audience may see (`audience`), writing files (the door).
"""

from infoshare.records.page.document import record_page
from infoshare.records.page.pdf import page_pdf

__all__ = ["page_pdf", "record_page"]
