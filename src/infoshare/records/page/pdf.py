"""Turns a page into a PDF, with the extra `pdf` (WeasyPrint, which needs Pango on the machine).

Invariant: nothing is fetched, neither from a network nor from the disk. Without the extra, a browser's "Print" makes the same.
Deliberately not here: what is on the page (`document`).
"""

from typing import Any, NoReturn

from infoshare.records.errors import RecordError, missing_extra


def page_pdf(page: str) -> bytes:
    """The PDF of a page, tagged as PDF/UA asks, so that a screen reader finds headings, lists and tables in it.

    Args:
        page: as `record_page` gave it.

    Raises:
        RecordError: IS702, the extra `pdf` is not installed, or Pango is not.
    """
    written: bytes = writer()(string=page, url_fetcher=_nothing).write_pdf(pdf_variant="pdf/ua-1")
    return written


def writer() -> Any:
    """What writes a PDF; to be asked for before anything is done that is of no use without one.

    Raises:
        RecordError: as for `page_pdf`.
    """
    try:
        from weasyprint import HTML  # type: ignore[import-not-found, import-untyped, unused-ignore]
    except ImportError:
        raise missing_extra("a PDF", "pdf") from None
    except OSError:
        raise RecordError.of(
            "IS702",
            "a PDF needs Pango, which is not on this machine",
            "install it with the machine's own package manager: `libpango-1.0-0` and `libpangoft2-1.0-0` on Debian,"
            " `pango` elsewhere",
            "or print the page in a browser, to a PDF",
        ) from None
    return HTML


def _nothing(url: str, *_: object, **__: object) -> NoReturn:
    """Fetches nothing; there is nothing on a page to be fetched."""
    raise ValueError(f"nothing is fetched: {url}")
