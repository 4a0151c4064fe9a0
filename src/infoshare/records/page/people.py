"""What people asked, wanted, said and did: who asked, duties, consent and wishes, who was told, advice.

Deliberately not here: what was decided (`decided`).
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from infoshare.explain.english import name, opening
from infoshare.records.body.codec import Json
from infoshare.records.page.words import (
    Speaker,
    at,
    badge,
    bullets,
    grid,
    in_rows,
    of_whom,
    on,
    paragraphs,
    person,
)
from infoshare.webpage.markup import Content, Markup, html, table, tag

if TYPE_CHECKING:
    from infoshare.records.log.envelope import Signature
    from infoshare.records.log.receipt import Receipt


def missing(record: Json) -> str:
    """What stands where there is nothing; an export does not say whether there was something."""
    return "Not told, or not shown here." if "audience" in record else "Not told."


def asked(speaker: Speaker) -> Content:
    """What was asked, by whom, what for, and on what basis."""
    record = speaker.record
    requester = record["requester"]
    rows: list[tuple[str, Content]] = [
        ("Who asked", _party(requester) if requester else None),
        ("What was asked for", _written(record.get("asked_for"))),
        ("For what purpose", _worded(record["purpose"])),
        ("On what lawful basis", _worded(record["lawful_basis"])),
        ("Who is to have it", [tag("p", _party(each)) for each in record["recipients"]] or None),
    ]
    return _or_missing(record, rows)


def _or_missing(record: Json, rows: list[tuple[str, Content]]) -> Content:
    """Names and what they stand for; those that stand for nothing are named in one line."""
    told = [row for row in rows if row[1]]
    nothing = ", ".join(key[:1].lower() + key[1:].removesuffix("?") for key, value in rows if not value)
    return [
        described(told) if told else None,
        tag("p", f"{missing(record).removesuffix('.')}: {nothing}.", class_="note") if nothing else None,
    ]


def described(rows: list[tuple[str, Content]]) -> Markup:
    """Names and what they stand for."""
    return tag(
        "dl", [tag("div", tag("dt", key), tag("dd", value)) for key, value in rows if value], class_="told"
    )


def _party(party: Json) -> str:
    verified = f"; verified: {party['verified']}" if party.get("verified") else ""
    return person(party) + verified


def _written(text: str | None) -> Content:
    return paragraphs(text) if text else None


def _worded(worded: Json) -> Content:
    told: list[Content] = []
    if worded["label"]:
        told.append(tag("p", opening(worded["label"])))
    if worded.get("details"):
        told.append(paragraphs(worded["details"]))
    return told or None


# --- duties -----------------------------------------------------------------------------------


def duties(speaker: Speaker) -> Content:
    """What is to be done, what was done, what was lifted."""
    decision = speaker.decision
    done = {(each["duty"], each.get("whom")): each for each in speaker.record["done"]}
    rows = [
        _duty(
            speaker,
            duty,
            next((done[duty["duty"], of] for of in _of(duty) if (duty["duty"], of) in done), None),
        )
        for duty in decision["duties"]
    ]
    rows += [_lifted(speaker, duty) for duty in decision["lifted"]]
    if not rows:
        return tag("p", "There are none.")
    return grid(("What", "When", "How it stands"), rows, "duties")


def _of(duty: Json) -> list[str | None]:
    """For whom or what a duty is, by name."""
    return list((duty.get("for") or {}).values()) or [None]


def _duty(speaker: Speaker, duty: Json, done: Json | None) -> list[Content]:
    if done:
        by = ", ".join(filter(None, (at(done["at"]), f"by {done['by']}" if done.get("by") else None)))
        state: Content = [badge("Done", "share"), tag("p", opening(by)) if by else None]
        state = [state, paragraphs(done["how"]) if done.get("how") else None]
    elif duty["state"] == "open":
        asks = [tag("p", speaker.question(key)) for key in duty["waiting_for"]]
        state = [
            badge("Open: do not act on it", "seek-advice"),
            tag("p", "It depends on what is not known:"),
            asks,
        ]
    else:
        state = badge("To do", "duty")
    return _cells(speaker, duty, state)


def _lifted(speaker: Speaker, duty: Json) -> list[Content]:
    by = [speaker.clause(each, lead="As") for each in duty["by"]]
    return _cells(speaker, duty, [badge("Lifted: do not do it", "exception"), by])


def _cells(speaker: Speaker, duty: Json, state: Content) -> list[Content]:
    return [[opening(duty["do"]), _of_each(duty), speaker.cited(duty["cites"])], _when(duty), state]


def _of_each(of: Json) -> Content:
    """For whom or what something is to be done, or asked."""
    if "for" not in of:
        return None
    return tag("p", f"For {of_whom(of['for']) or 'each, as far as it applies'}.", class_="note")


def _when(duty: Json) -> Content:
    """When a duty is to be done, and by which day."""
    told = opening(duty["timing"])
    if not duty.get("within"):
        return told
    last = f", by {on(duty['by'])}" if duty.get("by") else ""
    return [tag("p", told), tag("p", f"Within {duty['within']}{last}.")]


# --- consent, wishes, telling, advice ---------------------------------------------------------


def consent(speaker: Speaker) -> Content:
    """Consent and wishes."""
    record = speaker.record
    told, wishes = record["consent"], record["wishes"]
    rows: list[tuple[str, Content]] = [
        ("Was consent sought?", {True: "Yes.", False: "No.", None: None}[told["sought"]]),
        ("How it stands", opening(told["label"]) if told["label"] else None),
        ("What the child wants", _worded(wishes["child"])),
        ("What the family wants", _written(wishes.get("family"))),
    ]
    if told["sought"] is False:
        rows.insert(2, ("Why it was not sought", _written(told.get("why_not_sought"))))
    elif why_not := told.get("why_not_sought"):
        rows.insert(2, ("Why it was not sought", paragraphs(why_not)))
    if by := told.get("by"):
        rows.insert(2, ("Whose it is", opening(by)))
    if told["on"]:
        rows.insert(2, ("On", on(told["on"])))
    if asked := speaker.decision.get("ask_consent"):
        rows.insert(0, ("Whose consent to ask for", bullets(map(_to_ask, asked))))
    return _or_missing(record, rows)


def _to_ask(asked: Json) -> str:
    """Whose consent is to be sought, and for what."""
    whom = opening(asked["whom"] or "Whose it is") if asked["person"] is None else name(asked["person"])
    return f"{whom}, for {in_rows(asked['rows'])}"


def telling(speaker: Speaker) -> Content:
    """Who was told, and who was not."""
    record = speaker.record
    rows: list[list[Content]] = []
    nobody = "Somebody, not named here"
    for each in record["told"]:
        what = paragraphs(each["what"]) if each.get("what") else None
        rows.append([each.get("who") or nobody, badge("Told", "share"), at(each["at"]), what])
    for each in record["not_told"]:
        again = f"To be looked at again on {on(each['review_on'])}" if each["review_on"] else None
        why = paragraphs(each["why"]) if each.get("why") else None
        rows.append([each.get("who") or nobody, badge("Not told", "withhold"), again, why])
    if not rows:
        return tag("p", "Nobody is recorded to have been told, or not to have been told.")
    return grid(("Who", "Told or not", "When", "What, or why not"), rows, "telling")


def advice(speaker: Speaker) -> Content:
    """Advice that was taken, and whom the procedure would have asked."""
    named = {True: "Child and family were not named.", False: "Child and family were named.", None: None}
    taken = bullets(
        [
            tag("p", person({**each, "name": each.get("giver")}) or "Somebody, not named here"),
            tag("p", at(each["at"]), class_="note") if each["at"] else None,
            paragraphs(each["advice"]) if each.get("advice") else None,
            tag("p", told, class_="note") if (told := named[each["anonymised"]]) else None,
        ]
        for each in speaker.record["advice"]
    )
    whom = (
        [opening(each["whom"]), _of_each(each), speaker.cited(each["cites"])]
        for each in speaker.decision["advice"]
    )
    return [taken or tag("p", "None is recorded."), bullets(whom, "Whom the procedure says to ask")]


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
