"""Writes the page of a record, or of an export; and the page for a family, short, plain and of the same form for all.

Invariants: pure, and the same for the same input; no script, and nothing is fetched from anywhere; headings go down by one
level at a time; what an export leaves out, its page leaves out. Deliberately not here: the parts (each in a module of its own).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from infoshare.explain.english import listed, name, opening
from infoshare.outcome import Outcome
from infoshare.records.audience.table import FORMAT as EXPORT
from infoshare.records.audience.table import Audience
from infoshare.records.body.codec import Json
from infoshare.records.body.model import read_body
from infoshare.records.page import decided, people
from infoshare.records.page.people import described
from infoshare.records.page.style import STYLE
from infoshare.records.page.words import (
    OUTCOMES,
    Speaker,
    at,
    bullets,
    element,
    grid,
    on,
    paragraphs,
    person,
    plain,
)
from infoshare.webpage.frame import framed
from infoshare.webpage.markup import Content, Markup, tag

if TYPE_CHECKING:
    from infoshare.records.log.envelope import Signature
    from infoshare.records.log.receipt import Receipt


def record_page(
    body: Json,
    *,
    envelope_digest: str | None = None,
    receipt: "Receipt | None" = None,
    signatures: Sequence["Signature"] = (),
) -> str:
    """The page as HTML.

    Args:
        body: of a record, `infoshare.record/1`, or what `export` made of one.
        envelope_digest: SHA-256 of the envelope, in hexadecimal; not shown on an export, whose readers are not to
            compare guesses with it.
        receipt: of the record, for its place in the log; not shown on an export either.
        signatures: of the envelope.

    Raises:
        RecordError: IS740, it is no record.
    """
    exported = body.get("format") == EXPORT
    if exported and body["audience"] == Audience.FAMILY:
        return family_page(body)
    record = body if exported else read_body(body)
    speaker = Speaker(record)
    verify = None if exported else people.verifying(record, envelope_digest, receipt, signatures)
    sections = [section for section in _sections(speaker, verify) if section[2]]
    page = [
        tag("a", "To the text", href="#text", class_="skip"),
        _header(speaker),
        tag("main", [_section(*section) for section in sections], id="text"),
        tag(
            "footer",
            tag(
                "p",
                "Written by infoshare from the record. It tells of a child: keep it as the record is kept.",
            ),
        ),
    ]
    return framed(_title(record), STYLE, page)


def _title(record: Json) -> str:
    outcome = OUTCOMES[Outcome(record["decision"]["outcome"])].lower()
    return f"Record of a decision: {outcome if record['followed'] else 'decided otherwise than the procedure says'}"


def _header(speaker: Speaker) -> Markup:
    record, policy = speaker.record, speaker.decision["policy"]
    title = " ".join(
        filter(None, (policy["title"] or policy["name"] or "A policy without a name", policy["version"]))
    )
    notice = [tag("p", each) for each in record.get("notice", ())]
    rows: list[tuple[str, Content]] = [
        ("Decided by", person(record["decided_by"])),
        ("Decided at", at(record["decided_at"])),
        ("Case", name(record["case"]) if record.get("case") else None),
        ("Procedure", title),
        ("Decided for the day", decided.as_of(speaker.decision)),
        ("To be looked at again on", on(record["review_on"])),
        ("Record", tag("code", record["id"])),
        ("In place of the record", tag("code", record["supersedes"]) if record["supersedes"] else None),
    ]
    return tag(
        "header",
        tag("p", "Record of a decision about sharing information", class_="over"),
        tag("h1", _title(record).partition(": ")[2].capitalize()),
        tag("div", notice, class_="notice", role="note") if notice else None,
        tag(
            "dl",
            [tag("div", tag("dt", key), tag("dd", value)) for key, value in rows if value],
            class_="facts",
        ),
    )


def _section(id_: str, heading: str, content: Content) -> Markup:
    return tag(
        "section", tag("h2", heading, id=f"{id_}-heading"), content, id=id_, aria_labelledby=f"{id_}-heading"
    )


def _sections(speaker: Speaker, verify: Content) -> Iterator[tuple[str, str, Content]]:
    record = speaker.record
    yield "answer", "The answer", decided.answer(speaker)
    yield "asked", "What was asked", people.asked(speaker)
    yield "sharing", "What goes to whom, and what is held back", decided.sharing(speaker)
    yield "why", "Why", decided.why(speaker)
    yield "outweighed", "What was overridden or set aside", decided.outweighed(speaker)
    yield "unknown", "What was not known, or assumed", decided.unknown(speaker)
    yield "duties", "What is to be done, and what was done", people.duties(speaker)
    yield "consent", "Consent and wishes", people.consent(speaker)
    yield "telling", "Who was told, and who was not", people.telling(speaker)
    yield "advice", "Advice", people.advice(speaker)
    yield "note", "Notes", paragraphs(record["note"]) if record.get("note") else None
    yield "family", "What the family may be told", _family(record)
    yield "otherwise", "What did not decide", decided.otherwise(speaker)
    yield "facts", "Every fact, as it was known", _facts(speaker)
    if verify:
        yield "verify", "How to verify this record", verify
        yield "signatures", "Signatures", people.signing(record)


def _family(record: Json) -> Content:
    told = record.get("for_family")
    if not told:
        return None
    said = {
        True: "Everyone in the family may know what is shared, and with whom.",
        False: "The family may not know what is shared.",
        None: "Whether the family may know what is shared is not told.",
    }[told["may_know"]]
    return [tag("p", said), tag("blockquote", paragraphs(told["words"])) if told["words"] else None]


def _facts(speaker: Speaker) -> Content:
    """The facts that somebody answered, each in a row; the questions that nobody did, together by what was assumed."""
    assumed = {each["fact"]: plain(each["value"]) for each in speaker.decision["assumed"]}
    answered: dict[str, list[Json]] = {}
    unanswered: dict[str | None, dict[str, list[str]]] = {}
    for entry in speaker.record["answers"]:
        about, question = element(entry["fact"]), entry["question"]
        if entry["state"] == "unanswered":
            questions = unanswered.setdefault(assumed.get(entry["fact"]), {})
            questions.setdefault(question, []).extend([] if about is None else [about])
        else:
            answered.setdefault(entry["fact"] if about is None else question, []).append(entry)
    rows = [
        [entries[0]["question"], [_answered(entry) for entry in entries]] for entries in answered.values()
    ]
    return [
        grid(("Question", "Answer"), rows, "every-fact") if rows else tag("p", "Nobody answered any."),
        [_unanswered(taken, questions) for taken, questions in unanswered.items()],
    ]


def _answered(entry: Json) -> Content:
    about = element(entry["fact"])
    if "label" in entry:
        said: Content = tag("strong", opening(entry["label"]))
    elif entry["state"] == "unsure":
        said = tag("strong", "Somebody was asked, and does not know.")
    else:
        said = "Answered; not shown here."
    return tag("span", None if about is None else f"{name(about)}: ", said, class_="one")


def _unanswered(taken: str | None, questions: Mapping[str, Sequence[str]]) -> Content:
    heading = "Not answered" if taken is None else f"Not answered; taken to be: {taken}"
    told = (
        [question, f" ({listed(name(each) for each in about)})" if about else None]
        for question, about in questions.items()
    )
    return bullets(told, heading, "unanswered")


_TITLE = "About information and your family"


def family_page(export: Json) -> str:
    """The page as HTML."""
    policy = export["policy"]
    title = " ".join(filter(None, (policy["title"], policy["version"])))
    facts: list[tuple[str, Content]] = [
        ("From", export["organisation"]),
        ("Date", on(export["decided_on"])),
        ("Procedure", title or None),
        ("Reference", tag("code", export["reference"])),
    ]
    first, *rest = export["notice"]
    main = [
        tag("p", first, class_="lead"),
        _shared(export),
        paragraphs(export["words"]) if export["words"] else None,
        tag("h2", "What this page does not say"),
        [tag("p", each) for each in rest],
    ]
    page = [
        tag("a", "To the text", href="#text", class_="skip"),
        tag("header", tag("h1", _TITLE), described(facts)),
        tag("main", main, id="text"),
        tag("footer", tag("p", "Written by infoshare.")),
    ]
    return framed(_TITLE, STYLE, page)


def _shared(export: Json) -> Content:
    if not export["shared"]:
        return None
    told = [
        tag("li", opening(f"{_item(pair['item'])}, with {_recipient(pair['recipient'])}"))
        for pair in export["shared"]
    ]
    rows: list[tuple[str, Content]] = [
        ("What for", opening(export["purpose"]) if export["purpose"] else None),
        ("On what basis in law", opening(export["lawful_basis"]) if export["lawful_basis"] else None),
    ]
    return [tag("h2", "What is shared, and with whom"), tag("ul", told), described(rows)]


def _item(item: str | None) -> str:
    return "information about your family" if item is None else name(item)


def _recipient(recipient: str | None) -> str:
    return "those who need it" if recipient is None else name(recipient)
