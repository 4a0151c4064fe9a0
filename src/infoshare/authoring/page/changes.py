"""What changes, as parts of a page: of the page of a difference, and of that of a policy since an earlier version.

Deliberately not here: the sentences (`infoshare.authoring.what_changes`).
"""

from collections.abc import Iterator, Sequence

from infoshare.authoring.what_changes import (
    USUAL,
    Section,
    Told,
    not_shown,
    proof,
    sections,
    summary,
    written,
)
from infoshare.policy.comparison import Comparison
from infoshare.webpage.markup import Content, Markup, html, tag

CHANGES = """
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


def lead(comparison: Comparison) -> list[Markup]:
    """What it comes to, and what is proved of the rest."""
    return [tag("p", summary(comparison), class_="who"), tag("p", proof(comparison))]


def told(comparison: Comparison) -> Iterator[tuple[str, str, Content]]:
    """Yields the sections: an id, a heading, and what stands beneath."""
    for number, each in enumerate(sections(comparison)):
        yield f"changes-{number}", each.heading, _section(each)
    if rest := not_shown(comparison):
        said = "It may be that an answer changes also in these ways, though no case was found that shows it."
        yield "not-shown", "What is not known", [tag("p", said), tag("ul", [tag("li", r) for r in rest])]
    if comparison.questions:
        yield "questions", "New questions", _questions(comparison)
    names = [(heading, each) for heading, each in written(comparison) if each]
    if names:
        yield "written", "Changes in the text", [_names(*each) for each in names]


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
        tag(
            "p",
            f"And, {USUAL}: {'; '.join(each.usual)}.",
            class_="usual",
        )
        if each.usual
        else None,
        [tag("p", "Which clauses make the difference:"), tag("ul", [tag("li", line) for line in each.why])]
        if each.why
        else None,
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
