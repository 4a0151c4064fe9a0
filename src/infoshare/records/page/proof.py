"""How a record can be verified, and where it is signed.

Deliberately not here: verifying. A page can be printed with anything on it; only the record itself, with its receipt, shows that
it was not altered, and the page says so.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from infoshare.records.fields import Json
from infoshare.records.page.people import described
from infoshare.webpage.markup import Content, Markup, html, table, tag

if TYPE_CHECKING:
    from infoshare.records.envelope import Signature
    from infoshare.records.receipt import Receipt

_BLANK = 2


def verifying(
    record: Json, envelope_digest: str | None, receipt: "Receipt | None", signatures: Sequence["Signature"]
) -> Content:
    """The fingerprint, the place in the log and the keys, and what to do with them."""
    lead = (
        "This page is for reading. What shows that the record was not altered is the record itself, its signatures and its"
        " receipt. Hold them against what stands here:"
    )
    rows: list[tuple[str, Content]] = [
        ("Record", _code(record["id"])),
        (
            "Fingerprint of what was signed (SHA-256)",
            _code(_grouped(envelope_digest)) if envelope_digest else None,
        ),
        ("Signed with the keys", [tag("p", _code(each.key_id)) for each in signatures]),
        ("Place in the log", str(receipt.index) if receipt else None),
        ("Decided by infoshare", record["engine_version"]),
        ("Digest of the policy's files", _code(record["decision"]["policy"]["digest"])),
    ]
    note = receipt.checkpoint.decode(errors="replace") if receipt else None
    lines = Markup("\n".join(html(line) for line in note.splitlines())) if note else None
    return [
        tag("p", lead),
        described(rows),
        [
            tag("p", "The checkpoint of the log that the receipt leads to:", class_="lead"),
            tag("pre", lines, tabindex=0),
        ]
        if lines
        else None,
        tag(
            "p",
            "Away from the ledger; against all of it; and to decide the case again from what was recorded:",
        ),
        tag(
            "pre",
            Markup(
                "infoshare record verify --receipt FILE --public-key FILE\n"
                "infoshare record verify LEDGER --receipt FILE\n"
                f"infoshare record replay LEDGER {html(record['id'])}"
            ),
            tabindex=0,
        ),
    ]


def _code(text: str) -> Markup:
    return tag("code", text)


def _grouped(digest: str) -> str:
    """A digest in groups of eight, as people compare it."""
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))


def signing(record: Json) -> Content:
    """Where it is signed by hand: by who decided, and by others."""
    by = record["decided_by"]
    columns = ("Name", "Role", "Organisation", "Signature", "Date")
    first = [by["name"], by["role"], by["organisation"], None, None]
    rows = [first, *[[None] * len(columns) for _ in range(_BLANK)]]
    cells = [
        [
            tag("td", told or Markup("&#160;"), data_label=column, role="cell")
            for column, told in zip(columns, row, strict=True)
        ]
        for row in rows
    ]
    lead = (
        "I have read this record as it stands above. It says what I decided and why, or that I agree to it."
    )
    return [tag("p", lead), table(None, columns, cells, class_="signatures")]
