"""The interview as pages, in this process: whole cases, ways back, doubts, errors, and what must not be let out."""

import json
import logging
import re
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

import attrs
import pytest
from browsing import Browser, Interview, Tree

import infoshare
from infoshare.pages import Busy, Words
from infoshare.pages.forms import NotAFormError, read
from infoshare.pages.sessions import Sessions
from infoshare.records import Ledger
from infoshare.records.body.model import read_body
from infoshare.service import Tokens, app

ROOT = Path(__file__).parent.parent.parent
DAY = date(2026, 11, 29)
CSCP = infoshare.load("infoshare:cscp")


def load(text):
    return infoshare.load_sources({"p.policy": text.encode()}, main="p.policy")


EXAMPLES = ["refused.json", "in-doubt.json", "emergency.toml"]

SMALL = load(
    """infoshare 1
policy small "A small procedure"
  version "1"
  owner "A council"
facts about child "the child"
  age "the child's age" : number of years from 0 to 20
    ask "How old is the child?"
  harm "the child faces …" : one of none "no harm", serious "serious harm"
    ask first "How serious is it?"
  safe "the child is safe now" : yes or no
    ask first "Is the child safe now?"
  since "the day since when it is known" : date
    ask "Since when is it known?"
  signs "signs of harm" : some of bruises "bruises", fear "fear"
    ask "Which signs are there?"
  lawful "a law forbids it" : yes or no
    unanswered means no
    ask "Does a law forbid it?"
facts about each item "a piece of information"
  accurate "it is accurate" : yes or no
    ask "Is this accurate?"
  current "it is up to date" : yes or no
    ask "Is this up to date?"
source guide "The guide"
rule protect "A child in danger is protected."
  must share
  when child.harm is serious and not child.safe
  cites guide "1"
rule young "The young are protected."
  share
  when child.age < 8
  cites guide "2"
rule known "What is known for long is shared."
  share
  when child.since < 2020-01-01 or child.signs includes fear
  cites guide "3"
override barred "What a law forbids is not shared."
  withhold
  prevails over protect, young, known
  when child.lawful
  cites guide "4"
safeguard right "It is accurate and up to date."
  for each item
  require item.accurate and item.current
  otherwise "Put it right first."
  cites guide "5"
duty write "Record it."
  after deciding
  cites guide "6"
advice lead from "the duty team on 0300 123 4567"
  cites guide "7"
"""
)


@pytest.fixture
def small():
    return Interview(SMALL, today=lambda: DAY)


def example(name):
    text = (ROOT / "examples" / name).read_text("utf-8")
    return tomllib.loads(text) if name.endswith("toml") else json.loads(text)


# --- whole cases ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_case_is_answered_page_by_page_and_the_answer_is_the_decision_of_the_same_facts(name):
    facts = example(name)
    browser = Interview(CSCP, today=lambda: DAY).start().answer_all(facts)
    answered = browser.dialogue.facts
    decision = CSCP.decide(answered, as_of=DAY)
    assert decision.to_html(level=1) in browser.answer.text
    meant = CSCP.decide(facts, as_of=DAY)
    assert (decision.outcome, decision.mandatory) == (meant.outcome, meant.mandatory)
    assert [(r.item, r.recipient, r.release) for r in decision.disclosures] == [
        (r.item, r.recipient, r.release) for r in meant.disclosures
    ]
    for group, told in answered.items():  # nothing was answered but what the case says
        for each, own in (
            zip(told, facts[group], strict=True) if isinstance(told, list) else [(told, facts[group])]
        ):
            assert each.items() <= own.items()


def test_every_page_of_a_case_is_well_formed_and_every_field_has_a_label():
    browser = Interview(CSCP, today=lambda: DAY).start().answer_all(example("refused.json"))
    browser.go(f"/record?step={len(browser.pages_.sessions.find(browser.cookie).states()) - 1}")
    for page in browser.pages:
        tree = Tree(page.text)
        assert [tag for tag, _ in tree.elements].count("h1") == 1
        assert ("html", {"lang": "en"}) in tree.elements
        for form in tree.forms:
            for field in form["fields"]:
                assert field.get("type") == "hidden" or tree.labels[field["id"]].strip()
        for tag, told in tree.elements:
            assert tag not in {"script", "style", "img", "iframe", "object"}
            assert not any(name.startswith("on") or name == "style" for name in told)
            for name in ("aria-describedby", "aria-labelledby", "for"):
                assert set((told.get(name) or "").split()) <= set(tree.ids)
        assert all(re.match(r"(\./|#|tel:|[a-z.]+(\?[a-z]+=\w+)?$)", link) for link in tree.links)


def test_what_is_to_be_asked_first_stands_on_one_page(small):
    small.start()
    assert "First, what cannot wait" in small.text
    assert {"How serious is it?", "Is the child safe now?"} <= set(small.tree.texts)


def test_pages_say_why_something_is_asked_and_where_each_answer_would_lead(small):
    small.start().send(("a0", "1"), ("a1", "1"))  # no harm, safe
    small.send(do="open")  # of the pieces of information
    assert "How old is the child?" in small.text
    assert "Why this is asked" in small.text
    assert "“The young are protected”" in small.text
    assert "What each answer would lead to" in small.text


def test_what_safeguards_ask_of_each_thing_is_confirmed_together_or_asked_one_by_one(small):
    small.start().send(("a0", "2"), ("a1", "2"))
    small.send(a0="letter", do="add").send(a0="notes", do="done")
    while "Is all of this so?" not in small.text:
        small.send(("a0", "right"), ("do", "answer"))
    assert {"letter", "notes", "It is accurate.", "It is up to date."} <= set(small.tree.texts)
    before = small.at
    small.send(a0="yes")
    assert [each["accurate"] and each["current"] for each in small.dialogue.facts["item"]] == [True, True]
    small.go(before).send(a0="no")
    assert "letter: Is this accurate?" in small.text


def test_names_are_added_and_taken_out_one_by_one(small):
    small.start().send(("a0", "1"), ("a1", "1"))
    small.send(a0="letter", do="add").send(a0="lettre", do="add")
    assert "Remove letter" in small.answer.text
    small.send(a0="letter", do="add")
    assert small.answer.status == 422
    assert "every one needs a name of its own" in small.text
    small.send(do="out 1").send(a0="notes", do="done")
    assert [each["name"] for each in small.dialogue.facts["item"]] == ["letter", "notes"]


# --- doubt, ways back, stopping -------------------------------------------------------------------


def test_every_question_can_be_answered_by_i_am_not_sure():
    browser = Interview(SMALL, today=lambda: DAY).start()
    for _ in range(20):
        if "The answer –" in browser.text:
            break
        assert "I am not sure" in browser.text or "wrong, or whatever you are not sure of" in browser.text
        if browser.dialogue.prompt.stage == "list":
            browser.send(do="unsure")
        elif "what I have not ticked" in browser.answer.text:
            browser.send(a0="right")
        else:
            fields = {f["name"] for f in browser.tree.forms[0]["fields"] if f.get("value") == "unsure"}
            browser.send(*[(name, "unsure") for name in fields])
    facts = browser.dialogue.facts
    assert {*facts["child"].values()} <= {"unsure", False}
    assert SMALL.decide(facts, as_of=DAY).to_html(level=1) in browser.answer.text
    assert "NOT SETTLED YET" in browser.text
    assert 'href="tel:03001234567"' in browser.answer.text


def test_going_back_changes_nothing_until_something_else_is_answered(small):
    small.start().send(("a0", "1"), ("a1", "1"))
    here = small.at
    small.go("/interview?step=0")
    assert "First, what cannot wait" in small.text
    assert small.go(here).dialogue.facts["child"] == {"harm": "none", "safe": True}
    small.go("/interview?step=0").send(("a0", "2"), ("a1", "2"))
    assert small.dialogue.facts["child"] == {"harm": "serious", "safe": False}
    assert 'href="interview?step=0"' in small.answer.text


def test_whoever_stops_sees_what_is_clear_so_far_and_can_go_on(small):
    small.start().send(do="stop")
    assert "NOT SETTLED YET" in small.text
    assert "Answer more questions" in small.text
    small.go("/interview?step=0")
    assert "First, what cannot wait" in small.text


def test_no_answer_is_told_before_what_was_assumed_and_could_change_it_is_confirmed(small):
    small.start().send(
        ("a0", "2"), ("a1", "2")
    )  # serious harm, not safe: must share, unless a law forbids it
    small.send(do="stop")
    assert "Is all of this right?" in small.text
    assert "YES" not in small.text
    assert "must share" not in small.text.lower()
    small.send(do="answer")
    assert small.answer.status == 422
    small.send(a0="right")
    assert "YES, you MUST share this" in small.text
    assert small.dialogue.facts["child"]["lawful"] is False


def test_what_is_ticked_as_wrong_is_asked(small):
    small.start().send(("a0", "2"), ("a1", "2")).send(do="open")
    small.send(("wrong", "1"), ("a0", "right"))
    assert "Does a law forbid it?" in small.text
    small.send(a0=small.choose("yes"))
    assert small.dialogue.decision.outcome == "withhold"


def test_what_is_left_assumed_stays_so_and_the_answer_says_it(small):
    small.start().send(("a0", "2"), ("a1", "2")).send(do="open").send(a0="leave")
    while "The answer –" not in small.text:
        small.send(do="open")
    assert "lawful" not in small.dialogue.facts["child"]
    assert "no law forbids it" in small.text.lower()


# --- errors ---------------------------------------------------------------------------------------


def test_an_answer_that_is_missing_is_said_at_the_top_and_at_its_field(small):
    small.start().send(("a0", "2"))
    assert small.answer.status == 422
    assert "There is a problem" in small.text
    assert 'href="#a1"' in small.answer.text
    assert 'id="a1-error"' in small.answer.text
    assert "<title>Error: " in small.answer.text
    checked = [f["id"] for f in small.tree.forms[0]["fields"] if "checked" in f]
    assert checked == ["a0-1"]  # what was answered is not lost


@pytest.mark.parametrize("typed", ["seven", "21", "-1", "7.0", "back", "9" * 40])
def test_a_number_that_is_none_is_asked_for_again(small, typed):
    small.start().send(("a0", "1"), ("a1", "1")).send(do="open").send(a0=typed)
    assert small.answer.status == 422
    assert f'value="{typed}"' in small.answer.text


def test_a_day_is_typed_in_three_parts(small):
    small.start().send(("a0", "1"), ("a1", "1")).send(do="open").send(a0="12")
    dates = [key for key in ("since",) if "Since when" in small.text]
    if not dates:
        small.send(("a0", "none"))
    assert "Since when is it known?" in small.text
    small.send(("a0-day", "31"), ("a0-month", "2"), ("a0-year", "2019"))
    assert "no such day in the calendar" in small.text
    small.send(("a0-day", "3"), ("a0-month", "2"), ("a0-year", "2019"))
    assert small.dialogue.facts["child"]["since"] == "2019-02-03"


def test_what_cannot_all_be_so_is_said_and_nothing_is_kept():
    policy = load(
        """infoshare 1
policy odd "Odd"
facts about child "the child"
  unborn "the child is unborn" : yes or no
    ask first "Is the child unborn?"
  able "the child can decide" : yes or no
    ask first "Can the child decide?"
impossible both "A child who is not born cannot decide."
  when child.unborn and child.able
rule a "A." share when child.unborn
rule b "B." withhold when child.able
"""
    )
    browser = Interview(policy).start().send(("a0", "1"), ("a1", "1"))
    assert browser.answer.status == 422
    assert "A child who is not born cannot decide" in browser.text
    assert browser.dialogue.facts == {}


# --- keeping, recording, ending -------------------------------------------------------------------


def test_an_interview_is_saved_as_a_case_file_and_gone_on_with(small):
    small.start().send(("a0", "1"), ("a1", "unsure")).send(a0="Zoë’s “letter”", do="done")
    small.go("/case")
    assert small.answer.headers["content-disposition"] == 'attachment; filename="to-go-on-from.json"'
    saved = small.answer.body
    assert json.loads(saved)["child"] == {"harm": "none", "safe": "unsure"}
    other = Interview(SMALL, today=lambda: DAY)
    other.go("/start?policy=small").upload(saved)
    assert other.dialogue.facts == json.loads(saved)
    assert "First, what cannot wait" not in other.text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Choose the file"),
        (b"not json", "cannot be read"),
        (b'{"nonsense": {"a": 1}}', "does not fit this procedure"),
        (b'{"child": {"age": "Zebedee"}}', "expected a whole number"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_with_a_reason_and_without_what_it_says(small, data, said):
    small.go("/start?policy=small").upload(data)
    assert small.answer.status == 422
    assert said in small.text
    assert "Zebedee" not in small.text


RECORD = {"name": "M. Rose", "role": "school nurse", "organisation": "Hill School", "followed": "yes"}


def ended(browser):
    browser.start().send(("a0", "2"), ("a1", "2")).send(do="open").send(a0="right")
    while browser.tree.forms[0]["action"] != "end":
        browser.send(do="open")
    return browser.go(browser.at.replace("interview", "record"))


def test_a_decision_is_recorded_signed_in_the_ledger_once(tmp_path):
    with Ledger.create(tmp_path / "a.ledger") as ledger:
        browser = ended(Interview(SMALL, today=lambda: DAY, ledger=ledger))
        form = browser.at
        browser.send(**RECORD)
        assert "The decision is recorded" in browser.text
        (listed,) = ledger.list(by=by())
        assert listed.id in browser.text
        page = browser.at
        browser.go("/receipt")
        assert json.loads(browser.answer.body)["record"] == listed.id
        browser.go(page).go(form)
        assert "The decision is recorded" in browser.text
        assert len(list(ledger.list(by=by()))) == 1


def by():
    from infoshare.records import Practitioner

    return Practitioner("A. Auditor", "auditor", "Council")


def test_without_a_ledger_the_record_is_left_to_sign():
    moment = datetime(2026, 11, 29, 22, tzinfo=UTC)
    browser = ended(Interview(SMALL, today=lambda: DAY, now=lambda: moment))
    browser.send(
        **{**RECORD, "followed": "no", "because": "The family is at the door.", "instead": "seek_advice"}
    )
    assert "The record is made" in browser.text
    browser.go("/record.json")
    body = read_body(json.loads(browser.answer.body))
    assert (body["followed"], body["because"]) == (False, "The family is at the door.")
    assert body["instead"]["outcome"] == "seek_advice"
    assert body["decided_by"]["name"] == "M. Rose"
    assert body["decision"] == SMALL.decide(body["facts"], as_of=DAY).to_dict()
    browser.go("/record.html")
    assert "M. Rose" in browser.answer.text


def test_a_record_needs_who_decided_and_why_where_they_decide_otherwise():
    browser = ended(Interview(SMALL, today=lambda: DAY))
    browser.send(followed="no", name="<b>Rose</b>")
    assert browser.answer.status == 422
    for said in ("Enter your role", "Enter whom you act for", "Say why you decide otherwise"):
        assert said in browser.text
    assert 'value="&lt;b&gt;Rose&lt;/b&gt;"' in browser.answer.text


def test_nothing_is_left_of_an_interview_that_was_finished(small):
    small.start().send(do="stop")
    small.send(do="end")
    assert "Nothing is left of it here" in small.text
    small.go("/interview")
    assert small.answer.status == 410


# --- what must not be let out ---------------------------------------------------------------------


def test_a_form_without_its_token_changes_nothing(small):
    small.start()
    cookie = {"cookie": f"infoshare={small.cookie}"}
    for token in ("", "0" * 64, small.pages_.sessions.token("another")):
        answer = small.client.post(
            "/interview?step=0",
            body=f"token={token}&a0=1&a1=1".encode(),
            content_type="application/x-www-form-urlencoded",
            **cookie,
        )
        assert answer.status == 403
        assert small.dialogue.facts == {}


def test_nobody_begins_or_ends_an_interview_from_another_site(small):
    small.start()
    for path in ("/start?policy=small", "/end"):
        answer = small.client.post(path, body=b"do=start", content_type="application/x-www-form-urlencoded")
        assert answer.status == 403
        assert "set-cookie" not in answer.headers
    assert small.go("/interview").answer.status == 200


def test_every_answer_forbids_scripts_and_keeping(small):
    small.start().send(do="stop").go("/case").go("/style.css").go("/nowhere?x=1")
    for answer in small.pages[:-1]:
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'self'; form-action 'self'")
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites_and_tells_nothing():
    small = Interview(SMALL).go("/")
    told = small.answer.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(told.split("; "))
    assert re.fullmatch(r"[\w-]{43}", small.cookie)
    before = small.cookie
    assert small.start().cookie != before  # an id that somebody planted is not that of the interview


def test_no_answer_of_a_case_is_in_an_address_a_title_or_a_log(caplog):
    caplog.set_level(logging.DEBUG)
    application = app([SMALL])
    browser = Browser(application)
    browser.go("/start?policy=small").send(do="start")
    browser.send(("a0", "2"), ("a1", "2")).send(a0="Zebedee", do="done")
    browser.send(("wrong", "1"), ("a0", "right"))
    browser.send(a0="7", do="stop")
    application.state.service.close()
    said = [
        *browser.addresses,
        *re.findall("<title>.*?</title>", "".join(page.text for page in browser.pages)),
    ]
    said += [
        record.getMessage() + str(record.__dict__) for record in caplog.records if record.name != "asyncio"
    ]
    for secret in ("Zebedee", "serious", "safe", "lawful", browser.cookie):
        assert not any(secret in each for each in said), secret
    assert any("/interview" in each for each in said)


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", '" onfocus="x', "a\u202eb", "{name}", "&lt;", "O'Hara & Söhne"]
)
def test_whatever_something_is_called_is_only_ever_text(name):
    browser = Interview(SMALL, today=lambda: DAY).start().send(("a0", "2"), ("a1", "2"))
    browser.send(a0=name, do="add")
    browser.send(do="done")
    for _ in range(12):
        tree = browser.tree
        assert "script" not in [tag for tag, _ in tree.elements]
        assert "onfocus" not in str(tree.elements).replace('" onfocus="x', "").replace('onfocus="x', "")
        if "The answer –" in browser.text:
            break
        browser.send(("a0", "no"), ("a0", "right")) if "Is all of this" in browser.text else browser.send(
            do="open"
        )
    assert name.replace("\u202e", "\\u202e") in " ".join(tree.texts)


# --- sessions -------------------------------------------------------------------------------------


def test_an_interview_ends_when_nobody_goes_on_with_it():
    now = [0.0]
    small = Interview(SMALL, sessions=Sessions(lambda: now[0], idle=60, longest=200)).start()
    for _ in range(3):
        now[0] += 59
        assert small.go("/interview").answer.status == 200
    now[0] += 30  # 207 seconds since it began
    assert small.go("/interview").answer.status == 410
    assert "If you saved a file" in small.text


def test_there_are_never_more_interviews_than_may_be_and_none_is_lost_for_another():
    sessions = Sessions(lambda: 0.0, most=1)
    first, second = Interview(SMALL, sessions=sessions).start(), Interview(SMALL, sessions=sessions)
    second.start()
    assert second.answer.status == 503
    assert first.go("/interview").answer.status == 200


def test_where_there_are_tokens_an_interview_is_begun_with_an_access_code():
    tokens = Tokens.of_text("rose " + "a" * 40)
    application = app([SMALL], tokens=tokens)
    browser = Browser(application)
    browser.go("/start?policy=small").send(do="start", code="wrong")
    assert browser.answer.status == 422
    browser.send(do="start", code="a" * 40)
    assert "First, what cannot wait" in browser.text
    application.state.service.close()


def test_whoever_comes_while_too_much_is_worked_out_is_told_so():
    async def run(_):
        raise Busy

    browser = Interview(SMALL, run=run).go("/")
    assert browser.answer.status == 503
    assert "Too many people" in browser.text


def test_what_went_wrong_is_told_by_its_place_and_the_page_says_nothing_of_the_case(small):
    told = []
    small.pages_.fault = told.append
    small.pages_.policies = lambda: 1 / 0
    assert small.go("/").answer.status == 500
    assert "something went wrong" in small.text
    assert isinstance(told[0], ZeroDivisionError)


def test_a_procedure_that_is_not_there_and_a_body_that_is_too_long_are_answered_with_a_page(small):
    assert small.go("/start?policy=nothing").answer.status == 404
    small.start()
    body = b"a0=" + b"x" * (1024 * 1024)
    answer = small.client.post(
        "/interview",
        body=body,
        content_type="application/x-www-form-urlencoded",
        cookie=f"infoshare={small.cookie}",
    )
    assert answer.status == 413


# --- forms and words ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"a=1", "text/plain"),
        (b"a=%ff", "application/x-www-form-urlencoded"),
        (b"\xff", "application/x-www-form-urlencoded"),
        (b"&".join([b"a=1"] * 1001), "application/x-www-form-urlencoded"),
        (b"", "multipart/form-data"),
        (b"--x\r\n\r\nno name\r\n--x--\r\n", "multipart/form-data; boundary=x"),
        (
            b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
        ),
    ],
)
def test_what_is_no_form_is_not_read(body, kind):
    with pytest.raises(NotAFormError):
        read(body, kind)


def test_every_sentence_of_the_pages_is_in_the_catalogue():
    names = {field.name for field in attrs.fields(Words)} - {"lang", "start_points"}
    marked = Words(lang="cy", start_points=("⟦start_points⟧",), **{name: f"⟦{name}⟧" for name in names})
    browser = ended(Interview(SMALL, today=lambda: DAY, words=marked))
    browser.send(followed="yes").send(**RECORD).go("/").go("/start?policy=small").go("/interview?step=0")
    browser.send(a0="1").go("/start?policy=other").go("/")
    pages = [page for page in browser.pages if page.text.startswith("<!doctype html>")]
    own = {"A small procedure", "–"}
    english = set()
    for page in pages:
        tree = Tree(re.sub(r"<(section|details)\b.*?</\1>", "", page.text, flags=re.DOTALL))
        assert ("html", {"lang": "cy"}) in tree.elements
        for text in tree.texts:
            english.add(re.sub(r"⟦\w+⟧", "", text).strip(" –"))
    asked = {
        "How serious is it?", "Is the child safe now?", "no harm", "serious harm", "yes", "no", "How old is the child?",
        "Which signs are there?", "bruises", "fear", "Since when is it known?", "What would you share?",
        "Before the answer, a moment for what nobody has said. Is all of this right?", "The child", "No law forbids it.",
        "The policy takes it to be so. If any of it is wrong, the answer may be another.",
        "What may go to whom, and what is to be done for whom, is then said for each of them.",
    }  # fmt: skip
    assert english - own - asked - {""} == set()
