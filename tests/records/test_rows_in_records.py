"""Records of decisions that are not the same for all: what they keep, who sees what of it, and the page."""

import copy
import json
import os
import random
import re
from contextlib import suppress
from typing import Any

import pytest
from record_samples import AT, DAY, ID, NURSE

import infoshare
from infoshare.errors import FactsError
from infoshare.meaning.facts import read
from infoshare.policy.decision import Decision
from infoshare.records import Ledger
from infoshare.records.audience.table import Audience, export
from infoshare.records.body.build import record_body
from infoshare.records.body.model import Done, Particulars, read_body
from infoshare.records.canonical import canonical
from infoshare.records.errors import RecordError
from infoshare.records.ledger.replay import replay
from infoshare.records.page.document import record_page
from infoshare.testing.policies import sources
from infoshare.testing.row_policies import random_row_policy
from infoshare.testing.tree_cases import random_row_case

PRACTITIONER, GOVERNANCE, FAMILY = Audience
SEEDS = range(int(os.environ.get("INFOSHARE_ROW_RECORDS", "6")))
TEXT = """infoshare 1

policy people "People" version "1"

facts about each person "a person"
  agrees "they agree" : yes or no  ask "Do they agree?"
  suspected "they are suspected" : yes or no  ask "Are they suspected?"

facts about each item "a piece of information"
  about "whom it is about" : some person  ask "Whom is it about?"
  told_by "who told it" : one person  ask "Who told it?"
  restricted "it may not be named" : yes or no

facts about each recipient "somebody who would be told"
  who "which of the people this is" : one person  ask "Which of the people is this?"

facts about each visit "a visit" unanswered means none
  missed "it was missed" : yes or no

define all_agree "all whom it is about agree" for each item as
  every person in item.about (person.agrees)

consent agreed "They agree." should share for each item when item.all_agree
consent to_ask "They are asked." seek consent from each person in item.about (not person.agrees) for each item
  when not item.all_agree
rule suspect "A suspect gets nothing." must withhold for each recipient when recipient.who.suspected
override nothing "Whatever they agree to." must withhold prevails over agreed, to_ask for each recipient
  when recipient.who.suspected
duty tell "Tell them." before sharing for each recipient within 3 days
duty record "Record it." after deciding
exception missed_visits "Visits were missed." sets aside record when any visit (visit.missed)
"""
POLICY = infoshare.load_sources({"p.policy": TEXT.encode()}, main="p.policy")
CASE: dict[str, Any] = {
    "case": "Elm",
    "person": [
        {"name": "Ann", "agrees": True, "suspected": False},
        {"name": "Bob", "agrees": False, "suspected": True},
    ],
    "item": [
        {"name": "the letter", "about": ["Ann"], "told_by": {"none": True}},
        {"name": "the note", "about": ["Bob", "Ann"], "told_by": "Bob"},
    ],
    "recipient": [{"name": "the father", "who": "Bob"}, {"name": "the school", "who": {"none": True}}],
}


def body_of(case: dict[str, Any], policy: infoshare.Policy = POLICY) -> dict[str, Any]:
    decision = policy.decide(case, as_of=DAY)
    return record_body(decision, case, by=NURSE, decided_at=AT, record_id=ID, engine_version="0.1.0")


def words_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.partition("<main")[2]))


def renamed(case: dict[str, Any], policy: infoshare.Policy, rng: random.Random) -> dict[str, Any]:
    """The case with other names for everybody and everything, where they are listed and where they are named."""
    found = copy.deepcopy(case)
    lists = {group.name for group in policy.model.groups.values() if group.each}
    listed = [
        (group, element["name"])
        for group in sorted(lists)
        for element in (found.get(group) if isinstance(found.get(group), list) else None) or ()
    ]
    # Whom two lists call the same is called the same in both: an export says so of whose consent is asked.
    names = {name: f"{rng.choice(['aa', 'mm', 'zz', 'é'])}{rng.random()}" for _, name in listed}
    others = {(group, name): names[name] for group, name in listed}
    refer = {path: fact.type.group for path, fact in policy.model.facts.items() if hasattr(fact.type, "many")}

    def of(path: str, answer: Any) -> Any:
        if path not in refer or answer == "unsure":
            return answer
        match answer:
            case str():
                return others[refer[path], answer]
            case list():
                return [others[refer[path], each] for each in answer]
            case _:
                return answer

    for group, said in found.items():
        for facts in said if isinstance(said, list) else [said] if isinstance(said, dict) else []:
            for name in facts:
                if name == "name" and group in lists:
                    facts[name] = others[group, facts[name]]
                else:
                    facts[name] = of(f"{group}.{name}", facts[name])
    return found


def test_a_record_reads_back_and_its_facts_are_the_same_case() -> None:
    body = json.loads(json.dumps(body_of(CASE)))
    assert read_body(body) == body
    read_again, as_it_was = (read(POLICY.model, facts).case for facts in (body["facts"], CASE))
    assert read_again == as_it_was
    assert Decision.from_dict(body["decision"]) == POLICY.decide(CASE, as_of=DAY)


def test_what_is_settled_of_a_row_is_shared_although_others_differ() -> None:
    body = body_of(CASE)
    assert body["decision"]["outcome"] == "differs"
    assert body["shared"] == [{"item": "the letter", "recipient": "the school"}]
    assert {"item": "the note", "recipient": "the school"} in body["held_back"]
    assert len(body["held_back"]) == 3


def test_an_answer_that_names_people_says_of_which_list_they_are() -> None:
    told = {entry["fact"]: entry for entry in body_of(CASE)["answers"]}
    about = told['item["the note"].about']
    assert (about["type"], about["group"], about["answer"]) == ("some", "person", ["Ann", "Bob"])
    assert about["label"] == "Ann and Bob"
    nobody = told['item["the letter"].told_by']
    assert (nobody["type"], nobody["answer"], nobody["label"]) == ("one", {"none": True}, "none of them")


def test_a_list_that_is_taken_to_be_empty_stands_among_what_is_assumed() -> None:
    body = body_of(CASE)
    assumed = {each["fact"]: each for each in body["decision"]["assumed"]}
    assert assumed["visit"]["value"] == []
    assert "Taken to be: none." in words_of(record_page(body))


def test_it_replays_by_the_keys_that_it_has() -> None:
    body = body_of(CASE)
    assert replay(body, POLICY, "0.1.0").same
    older = copy.deepcopy(body)
    for key in ("strength", "ask_consent", "relaxed"):
        del older["decision"][key]
    for row in older["decision"]["disclosures"]:
        del row["fired"]
    assert replay(older, POLICY, "0.1.0").same
    other = copy.deepcopy(body)
    other["decision"]["ask_consent"][0]["person"] = "Ann"
    assert replay(other, POLICY, "0.1.0").differences == ("ask_consent[0].person",)


def test_a_ledger_finds_what_differs(tmp_path: Any) -> None:
    with Ledger.create(tmp_path / "a.ledger") as ledger:
        kept = ledger.decide(POLICY, CASE, by=NURSE)
        assert ledger.replay(kept.receipt.record).same
        ledger.decide(POLICY, {"case": "Ash"}, by=NURSE)
        found = list(ledger.list(outcome="differs", by=NURSE))
        assert [record.id for record in found] == [kept.receipt.record]
        assert ledger.verify().holds


def test_the_page_says_what_is_decided_for_whom_and_whom_to_ask() -> None:
    page = words_of(record_page(body_of(CASE)))
    assert "The answer is not the same for all" in page
    assert "the letter the school Shared" in page
    assert "the letter the father Do not share" in page
    assert "the note the school Ask for consent first" in page
    assert "Whose consent to ask for Bob, for the note to the school" in page
    assert "For the school." in page
    assert "Within 3 days, by 25 November 2026." in page
    assert "should be so, unless there is a reason" in page


def test_an_open_row_is_not_told_to_be_shared() -> None:
    case = copy.deepcopy(CASE)
    del case["recipient"][1]["who"]
    page = words_of(record_page(body_of(case)))
    assert "the letter the school Open: not yet" in page


@pytest.mark.parametrize("audience", [GOVERNANCE, FAMILY])
def test_nobody_is_named_to_those_who_may_not_know(audience: Audience) -> None:
    case = copy.deepcopy(CASE)
    del case["recipient"][1]["who"]
    shown = json.dumps(export(body_of(case), audience))
    for name in ("Ann", "Bob", "the letter", "the note", "the father", "the school"):
        assert not re.search(rf'["\\]{name}["\\]', shown)


def test_under_other_names_it_can_still_be_seen_who_is_who() -> None:
    decision = export(body_of(CASE), GOVERNANCE)["decision"]
    assert decision["ask_consent"] == [
        {"person": "person 2", "whom": None, "by": ["to_ask"], "rows": [["item 2", "recipient 2"]]}
    ]
    rows = {(row["item"], row["recipient"]): row["outcome"] for row in decision["disclosures"]}
    assert rows["item 1", "recipient 2"] == "share"
    assert rows["item 2", "recipient 1"] == "withhold"
    assert {duty["duty"]: duty.get("for") for duty in decision["duties"]} == {
        "tell": {"recipient": "recipient 2"},
        "record": None,
    }
    assert all("by" not in duty for duty in decision["duties"])  # a last day may tell a day of the case


def test_an_item_that_may_not_be_named_is_not_named_to_a_practitioner_where_rows_are() -> None:
    case = copy.deepcopy(CASE)
    case["item"][0]["restricted"] = False
    case["item"][1]["restricted"] = True
    shown = export(body_of(case), PRACTITIONER)
    assert "the note" not in json.dumps(shown)
    assert shown["decision"]["ask_consent"][0]["rows"] == [["item 2", "the school"]]
    assert shown["decision"]["ask_consent"][0]["person"] == "Bob"


def test_names_do_not_tell_their_order() -> None:
    rng = random.Random(3)
    for _ in range(5):
        other = renamed(CASE, POLICY, rng)
        assert canonical(export(body_of(CASE), GOVERNANCE)) == canonical(
            export(body_of(other), GOVERNANCE)
        ) or (other["case"] != CASE["case"])


@pytest.mark.parametrize("seed", SEEDS)
def test_records_of_random_policies_with_rows_read_back_replay_and_tell_no_names(seed: int) -> None:
    rng = random.Random(f"records {seed}")
    files = random_row_policy(rng)
    given = sources(files)
    policy = infoshare.load_sources(given, main=list(given)[-1])
    made = 0
    for _ in range(6):
        case = random_row_case(rng, files, completions=20)
        with suppress(FactsError):
            body = json.loads(json.dumps(body_of(case, policy)))
            made += 1
            assert read_body(body) == body
            assert replay(body, policy, "0.1.0").same
            other = body_of(renamed(case, policy, rng), policy)
            assert canonical(export(body, GOVERNANCE)) == canonical(export(other, GOVERNANCE))
            for audience in Audience:
                record_page(export(body, audience))
            record_page(body)
    assert made


# --- a duty that is one for each ---------------------------------------------------------------


def done_for(whom: str | None, duty: str = "tell") -> dict[str, Any]:
    case = copy.deepcopy(CASE)
    case["recipient"].append({"name": "the aunt", "who": {"none": True}})
    decision = POLICY.decide(case, as_of=DAY)
    told = Particulars(done=(Done(duty, AT, "Robin Example", "By letter.", whom),))
    return record_body(
        decision, case, by=NURSE, decided_at=AT, record_id=ID, engine_version="0.1.0", particulars=told
    )


def test_a_duty_that_was_done_for_one_is_not_shown_as_done_for_others() -> None:
    page = words_of(record_page(done_for("the aunt")))
    assert "For the aunt. Before sharing. Within 3 days, by 25 November 2026. Done" in page
    assert "For the school. Before sharing. Within 3 days, by 25 November 2026. To do" in page


@pytest.mark.parametrize(("whom", "duty"), [(None, "tell"), ("the ant", "tell"), ("the aunt", "record")])
def test_for_whom_a_duty_was_done_is_asked_where_it_is_one_for_each_and_only_there(
    whom: str | None, duty: str
) -> None:
    with pytest.raises(RecordError) as raised:
        done_for(whom, duty)
    fault = raised.value.diagnostics[0]
    assert (fault.code, fault.path) == ("IS743", "particulars.done[0].whom")
    assert fault.help


def test_for_whom_it_was_done_is_under_another_name_too() -> None:
    assert export(done_for("the aunt"), GOVERNANCE)["done"] == [
        {"duty": "tell", "at": "2026-11-22T14:30:05.250000Z", "whom": "recipient 3"}
    ]
