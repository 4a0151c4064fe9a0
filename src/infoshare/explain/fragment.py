"""A decision as a piece of HTML for a page of somebody else: the letter in parts, each under a heading of its own.

Who and what comes first, then what to do, what not to do and whom to ask; why, and what it rests on, after that. It has
classes and no style of its own, ids or scripts; `webpage.style.DECISION` is a style sheet for it.
Invariants: every sentence is the letter's; all text is escaped; a number to ring is a link, and nothing else is.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

import attrs

from infoshare.explain import duties, letter, rows
from infoshare.explain.english import opening
from infoshare.explain.letter import Part
from infoshare.explain.wording import Voice
from infoshare.meaning.findings import Findings
from infoshare.meaning.model import Model
from infoshare.outcome import Basis
from infoshare.webpage.markup import Content, Markup, html, tag

_NUMBER = re.compile(
    r"(?<![\w+.,/-])(?:(?:\+44|0)(?:[ ()-]{0,2}[0-9]){9,10}|(?<=ring )(?:999|112|101|111)|(?<=call )(?:999|112|101|111)"
    r"|(?<=dial )(?:999|112|101|111))(?![\w/-])",
    re.IGNORECASE,
)
"""A number to ring, as it is written in Britain: whole, or one of the short ones after a word that says to ring it."""

_HEADINGS: dict[Part, str] = {
    "rows": "What goes to whom",
    "sharing": "What goes to whom",
    "questions": "What is still to be answered",
    "before": "Before anything is shared",
    "open": "Not settled yet",
    "ask": "If you are in doubt, ask",
    "afterwards": "Afterwards",
    "why": "Why",
    "assumed": "What was assumed",
    "notes": "To keep in mind",
}
"""What stands above each part, in the order in which they come."""

_SAID_BY_HEADING = ("Why: ", "Afterwards: ")
"""How lines of the letter begin that say no more than the heading above them."""


def decision_html(
    decision: Findings, model: Model | None = None, *, full: bool = False, level: int = 2
) -> str:
    """The decision as an element `section` with the class `infoshare-decision`.

    Args:
        model: the policy that decided, for the words of its facts; the decision's own if not given.
        full: all there is to say, or what a practitioner reads first, together with all that is to be done and that
            was assumed.
        level: of the heading that is the answer, from 1 to 4; those below it are one and two lower.
    """
    voice = Voice(decision, decision.model if model is None else model, full)
    told: dict[Part, list[str]] = {}
    for part, line in letter.parts_of(voice):
        told.setdefault(part, []).append(line)
    told["assumed"] = list(letter.assumed(attrs.evolve(voice, full=True)))
    told["notes"] = [line for line in told.get("notes", ()) if full or not line.startswith("In doubt: ")]
    order = list(_HEADINGS)
    if now := decision.basis is Basis.UNKNOWN_FACTS or bool(voice.open_rows) or rows.advice_is_taken(voice):
        order.remove("ask")
        order.insert(order.index("before"), "ask")
    body: list[Content] = [
        tag(f"h{level}", told["answer"], class_=f"infoshare-answer infoshare-{_kind(voice)}"),
        [tag("p", linked(line), class_="infoshare-at-once") for line in told.get("at once", ())],
    ]
    last = ""
    for part in order:
        content = list(_part(voice, part, told.get(part, ()), level + 2))
        if content:
            heading = "Ask now" if part == "ask" and now else _HEADINGS[part]
            head = tag(f"h{level + 1}", heading) if heading != last else None
            body.append(tag("div", head, content, class_=f"infoshare-{part}"))
            last = heading
    # by which procedure and of which day; how a program says more is no help here
    reference = " ".join(told["reference"]).partition(" More: ")[0]
    body.append(tag("p", reference, class_="infoshare-reference"))
    return html(tag("section", body, class_="infoshare-decision"))


def _part(voice: Voice, part: Part, lines: Sequence[str], level: int) -> Iterator[Content]:
    match part:
        case "ask":
            asked = [
                f"{each.whom}{duties.on([each])}{voice.points(each.cites)}" for each in voice.decision.advice
            ]
            yield from _bullets(dict.fromkeys(map(opening, asked)))
        case "before":
            not_to, steps = duties.first(voice)
            if not_to:
                yield tag(f"h{level}", "What not to do")
                yield from _bullets(map(opening, not_to), "infoshare-not-to")
            if steps:
                yield tag(f"h{level}", "What to do first")
                yield from _bullets(map(opening, steps), "infoshare-first")
        case "afterwards":
            yield from _lines(list(duties.not_afterwards(voice)))
            for head, steps in duties.after(voice):
                yield tag("p", f"{head}:") if head != _HEADINGS[part] else None
                yield from _bullets(map(opening, steps))
        case _:
            yield from _lines(lines)


def linked(text: str) -> Content:
    """Text in which each number to ring is a link that rings it."""
    parts: list[Content] = []
    at = 0
    for found in _NUMBER.finditer(text):
        digits = re.sub(r"[^0-9+]", "", found[0])
        parts += [text[at : found.start()], tag("a", found[0], href=f"tel:{digits}")]
        at = found.end()
    return [*parts, text[at:]]


def _kind(voice: Voice) -> str:
    """What the answer looks like."""
    decision = voice.decision
    return "open" if decision.basis is Basis.UNKNOWN_FACTS else decision.outcome.value.replace("_", "-")


def _lines(lines: Sequence[str]) -> Iterator[Markup]:
    """Lines as paragraphs, and those that are set in as a list below the one before."""
    inner: list[str] = []
    for line in lines:
        if line.startswith("  "):
            inner.append(line.strip())
            continue
        yield from _bullets(inner)
        inner = []
        yield tag("p", linked(_without_heading(line)))
    yield from _bullets(inner)


def _without_heading(line: str) -> str:
    said = next((head for head in _SAID_BY_HEADING if line.startswith(head)), "")
    return opening(line.removeprefix(said)) if said else line


def _bullets(lines: Iterable[str], class_: str | None = None) -> Iterator[Markup]:
    if points := [tag("li", linked(line)) for line in lines]:
        yield tag("ul", points, class_=class_)
