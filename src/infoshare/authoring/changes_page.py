"""A comparison -> one HTML page to read and to sign: what changes for whom, in plain words.

Invariants: pure; no script, and nothing is fetched from anywhere. Deliberately not here: the sentences (`what_changes`).
"""

from collections.abc import Sequence

from infoshare.authoring.page.style import STYLE
from infoshare.authoring.what_changes import (
    Section,
    Told,
    not_shown,
    proof,
    sections,
    summary,
    titles,
    written,
)
from infoshare.explain.english import day, listed
from infoshare.policy.comparison import Comparison
from infoshare.webpage.frame import framed
from infoshare.webpage.markup import Content, Markup, html, table, tag

_SIGNATURES = 4
_CHANGES = """
.change {
  background: var(--sheet); border: 1px solid var(--rule); border-radius: 10px; padding: 1rem 1.2rem; margin: 0.8rem 0;
  break-inside: avoid;
}
.change h4 { margin: 0 0 0.5rem; }
.turn { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.2rem 1rem; margin: 0 0 0.6rem; }
.turn dt { color: var(--soft); }
.turn dd { margin: 0; font-weight: 600; }
.who { font-weight: 600; }
.change .usual { color: var(--soft); font-size: 0.92rem; }
.names dt { font-weight: 600; margin-top: 0.6rem; }
.names dd { margin: 0; }
"""


def changes_page(comparison: Comparison, counts: Sequence[str] = ()) -> str:
    """The page as HTML.

    Args:
        counts: what becomes of a caseload: a sentence, then a line for each change.
    """
    old, new = titles(comparison)
    parts = [(f"changes-{n}", each.heading, _section(each)) for n, each in enumerate(sections(comparison))]
    if counts:
        lines = [tag("li", line.strip()) for line in counts[1:]]
        parts.insert(
            0, ("cases", "How many cases come to another answer", [tag("p", counts[0]), tag("ul", lines)])
        )
    if rest := not_shown(comparison):
        lead = "It may be that an answer changes also in these ways, though no case was found that shows it."
        parts.append(
            ("not-shown", "What is not known", [tag("p", lead), tag("ul", [tag("li", r) for r in rest])])
        )
    if comparison.questions:
        parts.append(("questions", "Questions that are asked now and never were", _questions(comparison)))
    told = [(heading, names) for heading, names in written(comparison) if names]
    if told:
        parts.append(("written", "What is written otherwise", [_names(*each) for each in told]))
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
    return framed(f"What changes: {new}", STYLE + _CHANGES, body)


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
        tag("p", summary(comparison), class_="who"),
        tag("p", proof(comparison)),
    )


def _section(section: Section) -> Content:
    return [tag("p", section.lead), [_change(each, number) for number, each in enumerate(section.changes, 1)]]


def _change(each: Told, number: int) -> Markup:
    alone = "This is so in every case." if not each.case and not each.usual else None
    head = "The smallest case that shows it" if each.smallest else "A case that shows it"
    return tag(
        "article",
        tag(
            "dl",
            tag("dt", "Before"),
            tag("dd", f"{each.was}."),
            tag("dt", "Now"),
            tag("dd", f"{each.now}."),
            class_="turn",
        ),
        tag("p", each.who, class_="who") if each.who else None,
        tag("p", alone) if alone else tag("p", f"{head}:"),
        tag("ul", [tag("li", line) for line in each.case]) if each.case else None,
        tag("p", f"And, as would be assumed anyway: {'; '.join(each.usual)}.", class_="usual")
        if each.usual
        else None,
        [tag("p", "What turns it:"), tag("ul", [tag("li", line) for line in each.why])] if each.why else None,
        tag("p", each.note, class_="note") if each.note else None,
        tag(
            "details",
            tag("summary", "As text for the policy"),
            tag("pre", Markup("\n".join(html(line) for line in each.scenario.splitlines())), tabindex=0),
        )
        if each.scenario
        else None,
        class_="change",
        aria_label=f"Change {number}",
    )


def _questions(comparison: Comparison) -> Content:
    facts = comparison.models[1].facts
    return tag("ul", [tag("li", facts[path].ask or facts[path].phrase) for path in comparison.questions])


def _names(heading: str, names: Sequence[tuple[str, str]]) -> Content:
    return [
        tag("h3", heading),
        tag("dl", [(tag("dt", said), tag("dd", tag("code", name))) for name, said in names], class_="names"),
    ]


def _signatures(comparison: Comparison) -> Content:
    _, new = titles(comparison)
    agreed = f"We have read what changes with {new} as it stands above, and agree that it is put in force."
    columns = ("Name", "Role", "Organisation", "Signature", "Date")
    blank = [tag("td", Markup("&#160;"), data_label=column, role="cell") for column in columns]
    return [tag("p", agreed), table(None, columns, [blank] * _SIGNATURES, class_="signatures")]
