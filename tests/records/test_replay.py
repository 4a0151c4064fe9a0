"""What a record gives when it is decided again: the same, what was amended on purpose, or what differs."""

import copy
import re
from pathlib import Path

import attrs
import pytest
from ledger_samples import DAY

from infoshare.records.ledger.amendments import AMENDMENTS
from infoshare.records.ledger.replay import replay
from kept import kept

DOCS = Path(__file__).parent.parent.parent / "docs"
FACTS = {
    "consent": {"status": "given"},
    "item": [{"name": "the letter"}, {"name": "the note"}],
    "recipient": [{"name": "the nurse"}],
}


@attrs.frozen
class Deciding:
    """A policy that decides what it is told to."""

    decision: dict

    def decide(self, *_, **__):
        return self

    def to_dict(self):
        return self.decision


@pytest.fixture(scope="module")
def recorded():
    return kept("cscp").decide(FACTS, as_of=DAY).to_dict()


def again(was, now):
    body = {"id": "an id", "facts": {}, "presume": True, "decision": was, "engine_version": "0.1.0"}
    return replay(body, Deciding(now), "0.2.0")


def changed(decision, **keys):
    return {**copy.deepcopy(decision), **keys}


def test_the_same_decision_is_the_same(recorded):
    found = again(recorded, copy.deepcopy(recorded))
    assert (found.same, found.holds, found.amended, found.problems) == (True, True, (), ())


def test_keys_that_were_added_since_do_not_count_wherever_they_stand(recorded):
    now = changed(recorded, strength="must")
    for question in now["questions"]:
        question["rows"] = []
    for row in now["disclosures"]:
        row["outcome"] = "share"
    assert now["questions"] and now["disclosures"]
    assert again(recorded, now).same


def test_a_key_that_is_gone_is_a_difference(recorded):
    now = changed(recorded)
    del now["exact"]
    assert again(recorded, now).differences == ("exact",)


def test_a_fact_more_among_the_reasons_is_a_difference(recorded):
    now = changed(recorded)
    now["fired"][0]["facts"]["consent.by"] = "child"
    assert again(recorded, now).differences == ("fired[0].facts.consent.by",)


def conflict(decision, mandatory):
    return changed(
        decision, outcome="seek_advice", basis="conflict", possible=["seek_advice"], mandatory=mandatory
    )


@pytest.mark.parametrize(
    ("basis", "was", "now"),
    [
        ("conflict", True, False),
        ("conflict", None, False),
        ("unknown_facts", True, None),
        ("silence", True, False),
    ],
)
def test_a_must_beside_the_outcome_is_amended_and_passes(recorded, basis, was, now):
    found = again(
        changed(conflict(recorded, was), basis=basis), changed(conflict(recorded, now), basis=basis)
    )
    assert (found.same, found.holds) == (False, True)
    assert [each.key for each in found.amended] == ["mandatory"]


@pytest.mark.parametrize(("was", "now"), [(False, True), (False, None), (None, True)])
def test_no_must_becomes_stronger_by_being_amended(recorded, was, now):
    assert again(conflict(recorded, was), conflict(recorded, now)).differences == ("mandatory",)


def test_a_must_of_a_clause_that_decided_is_not_amended(recorded):
    assert recorded["basis"] == "clauses" and recorded["outcome"] == "share"
    was, now = changed(recorded, mandatory=True), changed(recorded, mandatory=False)
    assert again(was, now).differences == ("mandatory",)


def test_an_amended_key_does_not_excuse_another(recorded):
    was, now = conflict(recorded, True), conflict(recorded, False)
    now["duties"] = []
    found = again(was, now)
    assert not found.holds and [each.key for each in found.amended] == ["mandatory"]
    assert found.differences == ("duties",)


def test_another_outcome_is_not_excused(recorded):
    was, now = conflict(recorded, True), changed(recorded, mandatory=False)
    assert {"mandatory", "outcome", "basis"} <= set(again(was, now).differences)


def test_an_assumption_that_no_longer_matters_is_amended_and_one_that_matters_now_is_not(recorded):
    assumed = {"fact": "concern.fgm", "value": "none"}
    yes, no = ({"assumed": [{**assumed, "matters": matters}]} for matters in (True, False))
    assert again(changed(recorded, **yes), changed(recorded, **no)).amended == (AMENDMENTS["assumed"],)
    assert again(changed(recorded, **no), changed(recorded, **yes)).differences == ("assumed[0].matters",)
    other = {"assumed": [{**assumed, "value": "suspected", "matters": False}]}
    assert not again(changed(recorded, **yes), changed(recorded, **other)).holds


def test_a_question_asked_for_mandatory_alone_may_be_gone_and_no_other(recorded):
    first, *rest = recorded["questions"]
    alone = {**first, "fact": "consent.by", "for": ["mandatory"]}
    both = {**first, "for": ["mandatory", *first["for"]]}
    was = changed(recorded, questions=[alone, both, *rest])
    assert again(was, recorded).amended == (AMENDMENTS["questions"],)
    assert not again(was, changed(recorded, questions=rest)).holds


def test_an_empty_list_among_the_facts_of_a_clause_is_amended_and_a_fact_that_is_gone_is_not(recorded):
    first, *rest = recorded["fired"]
    grown = changed(recorded, fired=[{**first, "facts": {**first["facts"], "parent": []}}, *rest])
    assert again(recorded, grown).amended == (AMENDMENTS["fired"],)
    assert not again(grown, recorded).holds
    assert not again(recorded, changed(recorded, fired=[{**first, "clause": "other"}, *rest])).holds


def test_every_meant_change_stands_in_the_documents_and_no_other():
    section = (DOCS / "records.md").read_text("utf-8").partition("## What is decided otherwise since")[2]
    rows = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", section.partition("\n## ")[0], re.MULTILINE))
    assert rows == {key: amendment.change for key, amendment in AMENDMENTS.items()}
