"""A comparison -> one HTML page to read and to sign: what changes for whom, in plain words.

Invariants: pure; no script, and nothing is fetched from anywhere. Deliberately not here: the sentences (`what_changes`).
"""

from collections.abc import Sequence

from infoshare.authoring.page.changes import CHANGES, lead, told
from infoshare.authoring.page.style import STYLE
from infoshare.authoring.what_changes import titles
from infoshare.explain.english import day, listed
from infoshare.policy.comparison import Comparison
from infoshare.webpage.frame import framed
from infoshare.webpage.markup import Content, Markup, table, tag

_SIGNATURES = 4


def changes_page(comparison: Comparison, counts: Sequence[str] = ()) -> str:
    """The page as HTML.

    Args:
        counts: what becomes of a caseload: a sentence, then a line for each change.
    """
    old, new = titles(comparison)
    parts = list(told(comparison))
    if counts:
        lines = [tag("li", line.strip()) for line in counts[1:]]
        parts.insert(
            0, ("cases", "How many cases come to another answer", [tag("p", counts[0]), tag("ul", lines)])
        )
    parts.append(("signatures", "Signatures", _signatures(comparison)))
    body = [
        tag("a", "To the text", href="#text", class_="skip"),
        _header(comparison, old, new),
        tag(
            "nav",
            tag("ol", [tag("li", tag("a", heading, href=f"#{id_}")) for id_, heading, _ in parts]),
            aria_label="Contents",
        ),
        tag(
            "main",
            [
                tag(
                    "section",
                    tag("h2", heading, id=f"{id_}-title"),
                    content,
                    id=id_,
                    aria_labelledby=f"{id_}-title",
                )
                for id_, heading, content in parts
            ],
            id="text",
        ),
        tag(
            "footer",
            tag("p", "Written by infoshare from the files of both versions, whose digests stand above."),
        ),
    ]
    return framed(f"What changes: {new}", STYLE + CHANGES, body)


def _header(comparison: Comparison, old: str, new: str) -> Markup:
    days = listed(dict.fromkeys(day(each.new) for each in comparison.days))
    rows: list[tuple[str, Content]] = [
        ("From", old),
        ("To", new),
        ("Compared as of", days),
        ("Digest of the old version", tag("code", comparison.old.digest, class_="digest")),
        ("Digest of the new version", tag("code", comparison.new.digest, class_="digest")),
    ]
    return tag(
        "header",
        tag("p", "What changes for whom", class_="over"),
        tag("h1", f"What changes: {new}"),
        tag("dl", [tag("div", tag("dt", what), tag("dd", said)) for what, said in rows], class_="facts"),
        lead(comparison),
    )


def _signatures(comparison: Comparison) -> Content:
    _, new = titles(comparison)
    agreed = f"We have read what changes with {new} as it stands above, and agree that it is put in force."
    columns = ("Name", "Role", "Organisation", "Signature", "Date")
    blank = [tag("td", Markup("&#160;"), data_label=column, role="cell") for column in columns]
    return [tag("p", agreed), table(None, columns, [blank] * _SIGNATURES, class_="signatures")]
