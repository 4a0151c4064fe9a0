"""A policy, its scenarios and a day -> the whole page.

Invariants: pure, and the same for the same input; no script, and nothing is fetched from anywhere, which the page's
own content security policy enforces; headings go down by one level at a time.
Deliberately not here: the parts (each in a module of its own).
"""

from collections.abc import Iterator, Sequence
from datetime import date

from infoshare.analysis.search import Search
from infoshare.authoring.findings import Checked
from infoshare.authoring.left_open import left_open
from infoshare.authoring.page import promises
from infoshare.authoring.page.acting import dot, graph, grid, mermaid
from infoshare.authoring.page.changes import CHANGES, lead, told
from infoshare.authoring.page.clauses import clauses, meanings, vocabulary
from infoshare.authoring.page.examples import Examples, Tried, examples, seen, tried
from infoshare.authoring.page.examples import summary as summary_of
from infoshare.authoring.page.style import STYLE
from infoshare.authoring.what_changes import titles
from infoshare.explain.aloud import LeftOpen, Reader, in_force, titled
from infoshare.explain.english import day, opening
from infoshare.meaning.model import Source_
from infoshare.policy.comparison import Comparison
from infoshare.policy.policy import Policy
from infoshare.webpage.frame import framed
from infoshare.webpage.markup import Content, Markup, html, table, tag

_SIGNATURES = 4


def page(policy: Policy, found: Sequence[Examples], *, today: date, since: Comparison | None = None) -> str:
    """The page as HTML.

    Args:
        found: the scenarios to show; of this policy, and the files that it was loaded from.
        today: the day of scenarios and policies that name none.
        since: how it compares with an earlier version, to say what changes.
    """
    reader = Reader(policy.model)
    title = _title(reader)
    sections = [*_since(since), *_sections(reader, policy, found, today)]
    body = [
        tag("a", "To the text", href="#text", class_="skip"),
        _header(reader),
        _contents(sections),
        tag("main", [_section(*section) for section in sections], id="text"),
        tag(
            "footer", tag("p", "Written by infoshare from the policy's own files, whose digest stands above.")
        ),
    ]
    return framed(f"{title}: the policy in plain English", STYLE + (CHANGES if since else ""), body)


def _title(reader: Reader) -> str:
    header = reader.model.header
    return header.title if header else "A library of clauses"


# --- the top --------------------------------------------------------------------------------------


def _header(reader: Reader) -> Markup:
    header, model = reader.model.header, reader.model
    rows: list[tuple[str, Content]] = []
    if header is not None:
        rows = [
            ("Whose", header.owner),
            ("Version", header.version),
            ("In force", in_force(header.start, header.end).removeprefix("In force ").rstrip(".")),
            ("To be reviewed by", day(header.review_by) if header.review_by else None),
            ("Builds on", "; ".join(titled(h) for h in model.headers.values() if h.name != header.name)),
        ]
    rows.append(("Digest", tag("code", model.digest, class_="digest")))
    note = reader.voice.source_note()
    return tag(
        "header",
        tag("p", "A policy on sharing information about a child", class_="over"),
        tag("h1", _title(reader)),
        tag(
            "dl",
            [tag("div", tag("dt", what), tag("dd", told)) for what, told in rows if told],
            class_="facts",
        ),
        tag("p", note, class_="note") if note else None,
    )


def _contents(sections: Sequence[tuple[str, str, Content]]) -> Markup:
    links = [tag("li", tag("a", heading, href=f"#{id_}")) for id_, heading, _ in sections]
    return tag("nav", tag("ol", links), aria_label="Contents")


def _section(id_: str, heading: str, content: Content) -> Markup:
    return tag(
        "section", tag("h2", heading, id=f"{id_}-title"), content, id=id_, aria_labelledby=f"{id_}-title"
    )


def _since(comparison: Comparison | None) -> Iterator[tuple[str, str, Content]]:
    """What changes since an earlier version, if there is one to compare with."""
    if comparison is None:
        return
    old, _ = titles(comparison)
    parts = [
        tag("section", tag("h3", heading, id=f"since-{id_}"), content)
        for id_, heading, content in told(comparison)
    ]
    yield "since", f"What changes since {old}", [lead(comparison), parts]


# --- the sections ---------------------------------------------------------------------------------


def _sections(
    reader: Reader, policy: Policy, found: Sequence[Examples], today: date
) -> Iterator[tuple[str, str, Content]]:
    model = reader.model
    search = Search(model, today)
    files = next((each.files for each in found if each.policy is policy), ())
    yield "clauses", "The clauses", clauses(reader)
    if acting := _acting(reader):
        yield "acting", "What prevails over what", acting
    for number, section in enumerate(
        left_open(Checked(policy, tuple(files)), reader, search, today) if files else ()
    ):
        yield f"left-open-{number}", section.heading, _left_open(section)
    if model.guarantees:
        kept = promises.kept(search)
        lead = f"{promises.summary(kept)}: tried not on examples, but on every case that the vocabulary can tell."
        yield "guarantees", "What holds for every case", [tag("p", lead), promises.promises(reader, kept)]
    if parts := meanings(reader):
        yield "meanings", "What the words mean" if len(parts) == 1 else "Words, law and what cannot be", parts
    yield "vocabulary", "What is asked of a case", vocabulary(reader)
    every = tried(found, today)
    if every:
        yield "scenarios", "Cases, and what is decided", _scenarios(reader, every)
        yield "coverage", "What the cases show", [tag("p", _MATTER), seen(reader, found, today)]
    if model.sources:
        yield "sources", "Sources", tag("ul", [_source(source) for source in model.sources.values()])
    yield "signatures", "Signatures", _signatures(reader)


_MATTER = (
    "A condition is seen to matter where a case would have come out otherwise had this one condition been"
    " otherwise, once while it was so and once while it was not."
)


def _acting(reader: Reader) -> Content:
    found = graph(reader)
    if not found.boxes:
        return None
    relaxes = any(line.verb == "relaxes" for line in found.lines)
    acts = (
        "prevails over (>), sets aside (×) or relaxes (~)"
        if relaxes
        else "prevails over (>) or sets aside (×)"
    )
    legend = (
        f"A clause of the first column {acts} the clauses at the top of the columns in which"
        " there is a mark. Clauses that act on the same, and yield to the same, stand together."
    )
    return [
        tag("p", legend),
        tag("div", grid(reader, found), class_="wide", tabindex=0, role="region", aria_label="Grid"),
        _text("As Mermaid text, for a drawing", mermaid(reader, found)),
        _text("As DOT text, for a drawing by Graphviz", dot(reader, found)),
    ]


def _left_open(section: LeftOpen) -> Content:
    return tag(
        "ul", [tag("li", tag("p", r.sentence), tag("p", r.reason, class_="because")) for r in section.remarks]
    )


def _text(heading: str, text: str) -> Markup:
    lines = Markup("\n".join(html(line) for line in text.splitlines()))
    return tag("details", tag("summary", heading), tag("pre", lines, tabindex=0))


def _scenarios(reader: Reader, every: Sequence[Tried]) -> Content:
    count = "One case was worked out." if len(every) == 1 else f"{len(every)} cases were worked out."
    return [tag("p", f"{count} {summary_of(every)}"), examples(reader, every)]


def _source(source: Source_) -> Markup:
    about = [source.by, f"of {day(source.dated)}" if source.dated else None, source.at]
    told = ", ".join(filter(None, about))
    return tag("li", tag("cite", source.title), f", {told}" if told else "")


def _signatures(reader: Reader) -> Content:
    header = reader.model.header
    version = f", version {header.version}," if header and header.version else ""
    agreed = f"We have read {_title(reader)}{version} as it stands above, with the digest that it gives, and agree to it"
    columns = ("Name", "Role", "Organisation", "Signature", "Date")
    blank = [tag("td", Markup("&#160;"), data_label=column, role="cell") for column in columns]
    return [tag("p", opening(agreed)), table(None, columns, [blank] * _SIGNATURES, class_="signatures")]
