"""A decision as a piece of HTML: what stands in it, in which order, and that whatever was said is only ever text."""

import json
import re
from datetime import date
from html import unescape
from pathlib import Path

import pytest

import infoshare
from infoshare.explain.fragment import linked
from infoshare.webpage.markup import html
from infoshare.webpage.style import DECISION

DAY = date(2026, 11, 29)
CSCP = infoshare.load("infoshare:cscp")
REFUSED = json.loads((Path(__file__).parent.parent / "examples" / "refused.json").read_text("utf-8"))


def text_of(fragment):
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", fragment)).split())


def test_who_and_what_comes_first_then_what_not_to_do_whom_to_ask_and_why():
    told = CSCP.decide(REFUSED, as_of=DAY).to_html()
    places = [
        told.index(each)
        for each in ("YES, you may share", "Hold back", "What not to do", "ask</h3>", "Why</h3>")
    ]
    assert places == sorted(places)
    assert "Do NOT speak with the family" in told


def test_while_it_is_not_settled_whom_to_ask_comes_before_what_to_do():
    told = CSCP.decide({}, as_of=DAY).to_html()
    places = [told.index(each) for each in ("NOT SETTLED YET", "Question 1", "Ask now", "Do not yet")]
    assert places == sorted(places)
    assert "infoshare-unsettled" in told


@pytest.mark.parametrize("facts", [REFUSED, {}, {"consent": {"status": "given"}}])
def test_every_sentence_of_the_explanation_that_says_what_to_do_or_not_is_in_it(facts):
    decision = CSCP.decide(facts, as_of=DAY)
    told = text_of(decision.to_html(full=True)).lower()
    due = [duty for duty in decision.duties if duty.state == "due"]
    for finding in (*due, *decision.lifted):
        assert finding.do.lower().rstrip(".") in told
    for advice in decision.advice:
        assert advice.whom.lower() in told


def test_headings_go_down_one_by_one_from_the_level_that_is_asked_for():
    told = CSCP.decide(REFUSED, as_of=DAY).to_html(level=3)
    assert [int(each) for each in dict.fromkeys(re.findall(r"<h(\d)", told))] == [3, 4, 5]


def test_what_somebody_called_something_is_only_ever_text():
    hostile = '<script>alert("x")</script>'
    facts = {**REFUSED, "item": [{**REFUSED["item"][0], "name": hostile}]}
    told = CSCP.decide(facts, as_of=DAY).to_html(full=True)
    assert "<script" not in told
    assert "&lt;script&gt;" in told


def test_it_has_no_id_no_style_and_nothing_that_runs():
    told = CSCP.decide({}, as_of=DAY).to_html(full=True)
    assert not re.search(r"\s(id|style|on\w+|src)=", told)
    assert set(re.findall(r'href="([^"]*)"', told)) <= {"tel:999"}


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("ring 999 now", "999"),
        ("Call 101.", "101"),
        ("the duty team on 0300 123 4567, day and night", "03001234567"),
        ("(01632) 960 001", "01632960001"),
        ("on +44 1632 960001", "+441632960001"),
    ],
)
def test_a_number_to_ring_is_a_link(said, number):
    assert f'href="tel:{number}"' in html(linked(said))


@pytest.mark.parametrize(
    "said",
    [
        "paragraph 999",
        "in 2026-01-31",
        "section 101",
        "NHS number 943 476 5919",
        "0.5",
        "1010 101",
        "by 2027",
    ],
)
def test_other_numbers_are_no_links(said):
    assert "<a " not in html(linked(said))


def test_each_class_that_means_something_has_a_look():
    for outcome in ("share", "withhold", "seek-consent", "seek-advice", "differs", "unsettled"):
        assert f".infoshare-{outcome}" in DECISION
