"""The page of a record: it says everything, in words, and nothing in it can act."""

import json
import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from record_samples import AT, DAY, ID, NURSE, OLDER, SHIPPED, body_of, everything_told, random_cases, refused
from test_audience import CLEARED, shared_with_health

import infoshare
from infoshare.records.audience.table import NOTICE, Audience, export
from infoshare.records.body.build import record_body
from infoshare.records.body.model import ForFamily, Instead, Pair, Particulars
from infoshare.records.errors import RecordError
from infoshare.records.log.envelope import Signature
from infoshare.records.log.receipt import Receipt
from infoshare.records.page.document import record_page
from infoshare.records.page.style import STYLE

VOID = {"meta", "br"}
NOTE = "northtown.example/ledger\n42\nq83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=\n\n— northtown.example/ledger Zm9v\n"
RECEIPT = Receipt(
    record=ID, index=41, salt=b"s" * 32, envelope_sha256=b"e" * 32, proof=(), checkpoint=NOTE.encode()
)
SIGNATURES = (Signature("robin.example+1a2b3c4d", b"x" * 64), Signature("lead.example+5e6f7a8b", b"y" * 64))
DIGEST = "0123456789abcdef" * 4


class Outline(HTMLParser):
    """The elements of a page: whatever is opened is closed, in order."""

    def __init__(self, text):
        super().__init__()
        self.open, self.seen, self.text, self.heads = [], [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, name, attributes):
        keys = [key for key, _ in attributes]
        assert len(keys) == len(set(keys))
        self.seen.append((name, dict(attributes)))
        if name not in VOID:
            self.open.append(name)

    def handle_endtag(self, name):
        assert self.open.pop() == name

    def handle_data(self, data):
        if "style" not in self.open:
            self.text.append(data)
            if self.open and re.fullmatch("h[1-6]", self.open[-1]):
                self.heads.append(int(self.open[-1][1]))

    @property
    def plain(self):
        return " ".join(" ".join(self.text).split())


def page(body, **proof):
    return record_page(body, **proof)


def whole(**told):
    body = body_of(refused(), particulars=everything_told(**told), supersedes=OLDER)
    return body, page(body, envelope_digest=DIGEST, receipt=RECEIPT, signatures=SIGNATURES)


def every_page():
    body, text = whole()
    yield text
    for audience in Audience:
        yield page(export(body, audience))
    yield page(body_of({}))
    yield page(export(body_of(shared_with_health(), particulars=Particulars(for_family=CLEARED)), "family"))
    told = Particulars(instead=Instead("share", (Pair("what I saw", None),), "By telephone."))
    yield page(body_of({}, particulars=told, followed=False, because="It was urgent."))
    yield page(body_of({}, followed=False, because="I see it otherwise."))


PAGES = list(every_page())


@pytest.mark.parametrize("text", PAGES)
def test_every_element_is_closed_every_id_is_there_once_and_headings_go_down_by_one(text):
    found = Outline(text)
    ids = [attributes["id"] for _, attributes in found.seen if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = {a["href"] for name, a in found.seen if name == "a"}
    targets |= {f"#{i}" for _, a in found.seen for i in a.get("aria-labelledby", "").split()}
    assert {target.removeprefix("#") for target in targets} <= set(ids)
    assert found.heads[0] == 1
    assert found.heads.count(1) == 1
    assert all(low - high <= 1 for high, low in pairwise(found.heads))


@pytest.mark.parametrize("text", PAGES)
def test_a_page_says_its_language_its_landmarks_and_what_the_headers_of_a_table_are_for(text):
    found = Outline(text).seen
    assert ("html", {"lang": "en"}) in found
    names = [name for name, _ in found]
    assert [names.count(name) for name in ("header", "main", "footer", "title")] == [1, 1, 1, 1]
    assert all(attributes.get("scope") in {"col", "row"} for name, attributes in found if name == "th")
    first = next(attributes for name, attributes in found if name == "a")
    assert first == {"href": "#text", "class": "skip"}


@pytest.mark.parametrize("text", PAGES)
def test_no_page_runs_a_script_or_fetches_anything(text):
    found = Outline(text).seen
    assert not {name for name, _ in found} & {"script", "img", "iframe", "link", "object", "form", "svg"}
    assert not [a for _, a in found if any(key.startswith("on") or key in {"src", "style"} for key in a)]
    assert [a["href"] for name, a in found if "href" in a] == ["#text"]
    (policy,) = [a["content"] for name, a in found if a.get("http-equiv") == "Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "url(" not in STYLE
    assert "@import" not in STYLE


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_every_text_stands_out_from_what_is_behind_it():
    for scheme in re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL):
        colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", scheme))
        pairs = [(name, name + "-back") for name in colours if name + "-back" in colours]
        pairs += [(text, back) for text in ("ink", "soft", "accent") for back in ("paper", "sheet")]
        assert len(pairs) >= 12
        for text, back in pairs:
            low, high = sorted((luminance(colours[text]), luminance(colours[back])))
            assert (high + 0.05) / (low + 0.05) >= 4.5, (text, back)


def test_everything_that_was_told_is_on_the_page():
    body, text = whole()
    plain = Outline(text).plain

    def told(value):
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            for inner in value.values():
                yield from told(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from told(inner)

    for key in (
        "requester", "asked_for", "recipients", "because", "told", "not_told", "advice", "note", "wishes", "decided_by",
        "shared", "held_back", "supersedes", "id",
    ):  # fmt: skip
        for value in told(body[key]):
            if value == NURSE.id or value.startswith("2026"):
                continue
            for part in value.splitlines():
                assert part.rstrip(".").lower() in plain.lower(), (key, value)
    for details in (body["purpose"]["details"], body["lawful_basis"]["details"]):
        assert details in plain
    assert "22 November 2026, 14:30:05 UTC" in plain
    assert "6 December 2026" in plain


def test_every_clause_duty_question_and_fact_is_on_the_page_with_what_it_cites():
    for name in SHIPPED:
        for case in random_cases(name, "pages", 3):
            body = body_of(case, policy=name)
            plain = Outline(page(body)).plain.lower()
            decision = body["decision"]
            for key in ("fired", "defeated", "excepted", "unresolved", "not_fired"):
                for clause in decision[key]:
                    assert " ".join(clause["statement"].split()).rstrip(".").lower() in plain
            for duty in (*decision["duties"], *decision["lifted"]):
                assert duty["do"].rstrip(".").lower() in plain
            for question in decision["questions"]:
                assert " ".join(question["ask"].split()).lower() in plain
            for entry in body["answers"]:
                assert " ".join(entry["question"].split()).lower() in plain
            for source in body["sources"]:
                assert source["title"].lower() in plain
            for advice in decision["advice"]:
                assert advice["whom"].lower() in plain


def test_an_open_duty_is_never_worded_as_something_to_do():
    body = body_of({"consent": {"status": "refused"}})
    assert [d for d in body["decision"]["duties"] if d["state"] == "open"]
    text = page(body)
    for duty in body["decision"]["duties"]:
        row = text[text.index(duty["do"].rstrip(".")) :].partition("</tr>")[0]
        assert ("do not act on it" in row) == (duty["state"] == "open")


def test_the_page_tells_how_to_verify_it_and_that_it_proves_nothing_by_itself():
    _, text = whole()
    plain = Outline(text).plain
    assert "This page is for reading." in plain
    assert " ".join(DIGEST[at : at + 8] for at in range(0, 64, 8)) in plain
    assert all(signature.key_id in plain for signature in SIGNATURES)
    assert "northtown.example/ledger" in plain
    assert "infoshare record verify --receipt FILE --public-key FILE" in plain
    assert "— northtown.example/ledger Zm9v" in text
    assert Outline(text).plain.count("Robin Example") >= 2


def test_a_decision_that_was_not_followed_says_so_first_and_why():
    told = Particulars(instead=Instead("withhold"))
    body = body_of(refused(), particulars=told, followed=False, because="The letter is the wrong child's.")
    plain = Outline(page(body)).plain
    assert plain.index("Decided otherwise than the procedure says") < plain.index("The answer")
    assert "The letter is the wrong child's." in plain
    assert "Nothing is shared." in plain


HOSTILE = "</dd></td><script>alert(1)</script><img src=x onerror=alert(2)> ' \" & javascript:alert(3)"


def test_whatever_a_record_holds_is_only_ever_text():
    policy = infoshare.load_sources(
        {
            "p.policy": f"""infoshare 1
policy p "{HOSTILE.replace('"', "”")}"
  from 2026-01-01
source s "<script>alert(4)</script>" by "</p>" at "javascript:alert(5)"
facts about child "the child <i>"
  seen "seen <u>" : yes or no  ask "Seen <a href='javascript:alert(6)'>?</a>"
  likes "likes …" : one of a "<em>a</em>", b "]]>"
facts about each item "an item <b>"
  needed "needed <b>" : yes or no  ask "Needed <b>?"
consent c "<script>alert(7)</script>"
  share
  when child.seen
  cites s "<script>8</script>"
safeguard g "<script>alert(9)</script>"
  for each item
  require item.needed
  otherwise "<script>alert(10)</script>"
duty d "<script>alert(11)</script>"
  after deciding
advice a from "<script>alert(12)</script>"
""".encode()
        },
        main="p.policy",
    )
    names = [HOSTILE, "\x1b[31m\u202e<b>", "javascript:alert(13)"]
    facts = {
        "case": HOSTILE,
        "child": {"seen": True, "likes": "a"},
        "item": [{"name": name, "needed": name == HOSTILE} for name in names],
    }
    hostile = everything_told(
        asked_for=HOSTILE, recipients=(), note=HOSTILE, purpose=HOSTILE, done=(), familys_wishes=HOSTILE,
        for_family=ForFamily(True, HOSTILE),
    )  # fmt: skip
    body = record_body(
        policy.decide(facts, as_of=DAY), facts, by=NURSE, decided_at=AT, record_id=ID, engine_version=HOSTILE,
        particulars=hostile, because=HOSTILE,
    )  # fmt: skip
    plainly = {name for name, _ in Outline(PAGES[0]).seen}
    for text in (
        page(body, envelope_digest="<script>", receipt=RECEIPT, signatures=(Signature("<script>", b""),)),
        *(page(export(body, audience)) for audience in Audience),
    ):
        found = Outline(text)
        assert "<script" not in text
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert {name for name, _ in found.seen} - plainly <= {"strong", "span", "blockquote"}
        assert [a["href"] for _, a in found.seen if "href" in a] == ["#text"]
        assert not [a for _, a in found.seen if any(key.startswith("on") for key in a)]
    assert "alert(2)" in Outline(page(body)).plain


@pytest.mark.parametrize("audience", Audience)
def test_the_page_of_an_export_bears_its_notice_and_neither_digest_nor_place_in_the_log(audience):
    found = export(body_of(refused(), particulars=everything_told()), audience)
    text = page(found, envelope_digest=DIGEST, receipt=RECEIPT, signatures=SIGNATURES)
    plain = Outline(text).plain
    assert all(sentence in plain for sentence in NOTICE[audience])
    assert DIGEST[:8] not in text
    assert "northtown" not in text.replace("Northtown", "")
    assert text == page(found)


def test_the_page_of_an_export_holds_no_word_that_the_export_does_not():
    body = body_of(refused(), particulars=everything_told())
    for audience in Audience:
        shown = json.dumps(export(body, audience), ensure_ascii=False)
        text = page(export(body, audience))
        for word in (
            "GP letter",
            "counselling notes",
            "Sam Sample",
            "Pat Pattern",
            "aunt",
            "bruises",
            "Share today",
        ):
            if word not in shown:
                assert word not in text


def test_a_family_is_shown_the_same_page_whatever_is_hidden():
    one, other = body_of(refused(), particulars=everything_told()), body_of({})
    assert page(export(one, "family")) == page(export(other, "family"))


def test_what_is_no_record_is_refused_with_every_fault():
    body = body_of(refused())
    with pytest.raises(RecordError) as raised:
        page({**body, "decided_at": "yesterday", "followed": None, "answers": [{}]})
    paths = [fault.path for fault in raised.value.diagnostics]
    assert {"decided_at", "followed", "answers[0].fact"} <= set(paths)
    assert {fault.code for fault in raised.value.diagnostics} == {"IS740"}


def test_what_nobody_answered_takes_no_row_of_the_table_and_what_is_asked_of_each_item_takes_one():
    body, text = whole()
    table = text.partition('class="every-fact"')[2].partition("</table>")[0]
    answered = {entry["question"] for entry in body["answers"] if entry["state"] != "unanswered"}
    unanswered = {entry["question"] for entry in body["answers"]} - answered
    assert unanswered and answered
    assert table.count("<tr") == 1 + len(answered)
    plain, rows = Outline(text).plain, Outline(f"<table {table}</table>").plain
    assert all(question in plain and question not in rows for question in unanswered)
