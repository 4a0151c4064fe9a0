"""The body of a record: it carries everything, and what cannot be recorded is told, all of it at once."""

import copy
import json
from datetime import UTC, date, datetime, timedelta, timezone

import attrs
import pytest
from record_samples import (
    AT,
    DAY,
    ID,
    NURSE,
    OLDER,
    SHIPPED,
    body_of,
    everything_told,
    policy_of,
    random_cases,
    refused,
)

from infoshare.errors import FactsError
from infoshare.meaning.case import as_facts
from infoshare.meaning.facts import read
from infoshare.policy.decision import Decision
from infoshare.records.body.model import (
    NOTHING,
    RECORD,
    Consent,
    Done,
    ForFamily,
    Instead,
    NotTold,
    Pair,
    Particulars,
    Party,
    Practitioner,
    Told,
    read_body,
)
from infoshare.records.canonical import canonical, parse
from infoshare.records.errors import RecordError


def faults(facts=None, **told):
    """What is wrong, as (code, path) pairs."""
    with pytest.raises(RecordError) as raised:
        body_of(refused() if facts is None else facts, **told)
    return [(fault.code, fault.path) for fault in raised.value.diagnostics]


def particulars_faults(data):
    with pytest.raises(RecordError) as raised:
        Particulars.from_json(data)
    return raised.value.diagnostics


# --- what it carries --------------------------------------------------------------------------


def test_a_body_has_every_key_of_its_format_in_the_order_in_which_it_is_told():
    assert list(body_of({})) == list(RECORD.keys)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_body_is_canonical_json_reads_back_and_holds_the_whole_decision(name):
    for case in random_cases(name, "body"):
        decision = policy_of(name).decide(case, as_of=DAY)
        body = body_of(case, policy=name)
        again = read_body(parse(canonical(body)))
        assert again == body
        assert Decision.from_dict(again["decision"]) == decision


@pytest.mark.parametrize("name", SHIPPED)
def test_the_facts_of_a_body_are_the_case_and_every_fact_is_told_once_answered_or_not(name):
    model = policy_of(name).model
    for case in random_cases(name, "answers"):
        body = body_of(case, policy=name)
        was = read(model, case).case
        assert body["facts"] == as_facts(was, model)
        assert read(model, body["facts"]).case == was
        told = {entry["fact"]: entry for entry in body["answers"]}
        assert len(told) == len(body["answers"])
        answered = {key for key, entry in told.items() if entry["state"] == "answered"}
        assert {key for key in was.answers if not key.endswith("].name")} | set(was.elements) == answered
        assert {key for key, entry in told.items() if entry["state"] == "unsure"} == set(was.unsure)
        plain = {fact.path for fact in model.facts.values() if not fact.each}
        assert plain <= set(told)


def test_what_the_facts_answer_is_taken_from_them_and_what_is_told_stands_beside_it():
    facts = refused() | {"child": {"wishes": "agrees"}}
    facts["sharing"]["lawful_basis"] = "public_task"
    body = body_of(facts, particulars=everything_told())
    assert body["purpose"] == {
        "answer": "protect_child",
        "label": "to protect a child",
        "details": "To find out whether the child is safe at home.",
    }
    assert body["lawful_basis"]["label"] == "a public task"
    assert body["wishes"]["child"] == {
        "answer": "agrees",
        "label": "the child agrees",
        "details": "She would like her aunt to know.",
    }
    assert body["consent"] == {
        "sought": True,
        "status": "refused",
        "label": "whoever has the say refuses",
        "on": "2026-11-21",
        "by": "a parent",
        "why_not_sought": "It was sought.",
    }
    (recipient,) = body["recipients"]
    assert recipient == {
        "name": "Children's Social Care",
        "role": "social care",
        "organisation": "Northtown Council",
        "verified": "known to the team for years",
    }


@pytest.mark.parametrize(
    ("status", "sought"),
    [
        ("given", True),
        ("refused", True),
        ("withdrawn", True),
        ("not_sought", False),
        ("cannot_be_given", None),
        (None, None),
    ],
)
def test_whether_consent_was_sought_follows_from_the_facts_unless_it_is_told(status, sought):
    facts = {"consent": {"status": status}}
    assert body_of(facts)["consent"]["sought"] is sought
    told = Particulars(consent=Consent(sought=False, why_not_sought="There was no time."))
    assert body_of(facts, particulars=told)["consent"]["sought"] is False


def test_what_is_shared_and_held_back_is_what_the_decision_releases_where_it_is_followed():
    body = body_of(refused())
    care = "Children's Social Care"
    assert body["shared"] == [{"item": "GP letter", "recipient": care}]
    assert body["held_back"] == [{"item": "counselling notes", "recipient": care}]


def test_an_open_row_is_not_shared():
    facts = refused()
    del facts["item"][0]["accurate"]
    body = body_of(facts)
    assert body["decision"]["disclosures"][0]["release"] is None
    assert body["shared"] == []


def test_where_the_outcome_is_not_to_share_every_item_is_held_back():
    facts = refused()
    facts["concern"].update(harm_to_child="none", harm_to_others="none")
    body = body_of(facts)
    assert body["decision"]["outcome"] == "withhold"
    assert body["shared"] == []
    assert [pair["item"] for pair in body["held_back"]] == ["GP letter", "counselling notes"]


def test_where_it_was_not_followed_what_was_decided_instead_counts():
    care = "Children's Social Care"
    told = Particulars(instead=Instead("share", (Pair("counselling notes", care),)))
    body = body_of(refused(), particulars=told, followed=False, because="The letter is the wrong child's.")
    assert body["shared"] == [{"item": "counselling notes", "recipient": care}]
    assert body["held_back"] == [{"item": "GP letter", "recipient": care}]
    assert body["because"] == "The letter is the wrong child's."


def test_where_it_was_not_followed_and_nobody_says_what_was_done_that_is_not_made_up():
    body = body_of(refused(), followed=False, because="I see it otherwise.")
    assert body["shared"] is None
    assert body["held_back"] is None


def test_moments_are_kept_in_utc():
    bst = timezone(timedelta(hours=1))
    told = Particulars(told=(Told("The head teacher", at=datetime(2026, 6, 1, 0, 30, tzinfo=bst)),))
    body = body_of(refused(), decided_at=datetime(2026, 6, 1, 0, 30, tzinfo=bst), particulars=told)
    assert body["decided_at"] == body["told"][0]["at"] == "2026-05-31T23:30:00Z"


def test_whether_facts_were_presumed_is_kept():
    assert body_of({}, presume=False)["presume"] is False


def test_every_source_that_is_cited_is_named_and_no_other():
    body = body_of(refused())
    cited = set()

    def look(value):
        if isinstance(value, dict):
            cited.update([value["source"]] if "source" in value else [])
            for inner in value.values():
                look(inner)
        elif isinstance(value, list):
            for inner in value:
                look(inner)

    look(body["decision"])
    assert {source["name"] for source in body["sources"]} == cited


def test_a_body_shares_nothing_with_what_it_was_made_from():
    facts, told = refused(), everything_told()
    body = body_of(facts, particulars=told)
    before = copy.deepcopy(body)
    facts["item"].clear()
    facts["consent"]["status"] = "given"
    assert body == before
    assert body_of(refused(), particulars=told) == before


# --- what cannot be recorded ------------------------------------------------------------------


def test_not_following_needs_a_reason():
    assert faults(followed=False) == [("IS742", "because")]
    assert faults(followed=False, because=" \n") == [("IS741", "because")]
    with pytest.raises(RecordError) as raised:
        body_of(refused(), followed=False)
    assert "say why" in raised.value.diagnostics[0].help[0]


def test_everything_that_is_wrong_is_told_at_once():
    told = Particulars(
        requester=Party(""),
        told=(Told("\x1b[31m"),),
        not_told=(NotTold("The father", None),),
        review_on="soon",
    )
    found = faults(
        by=Practitioner("", 5, "x" * 201), decided_at=datetime(2026, 1, 1), record_id="7", supersedes="8",  # noqa: DTZ001
        followed=None, because=3, particulars=told,
    )  # fmt: skip
    assert found == [
        ("IS741", path)
        for path in (
            "by.name", "by.role", "by.organisation", "decided_at", "record_id", "supersedes", "because", "followed",
            "particulars.requester.name", "particulars.told[0].who", "particulars.not_told[0].why",
            "particulars.review_on",
        )
    ]  # fmt: skip


def test_a_list_that_is_none_and_a_year_that_is_hardly_one_are_faults_too():
    assert faults(particulars=Particulars(told=None)) == [("IS741", "particulars.told")]
    assert faults(particulars=Particulars(told="x")) == [("IS741", "particulars.told")]
    assert faults(particulars={}) == [("IS741", "particulars")]
    assert faults(decided_at=datetime.max.replace(tzinfo=UTC)) == [("IS741", "decided_at")]
    assert faults(decided_at=datetime.min.replace(tzinfo=timezone(timedelta(hours=5)))) == [
        ("IS741", "decided_at")
    ]


@pytest.mark.parametrize(
    "by", [None, "Robin Example", {"name": "Robin"}, Party("Robin Example", "nurse", "Northtown")]
)
def test_who_decided_is_a_practitioner(by):
    assert faults(by=by) == [("IS741", "by")]


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\x7f", "\u202e", "\u2028", "\ud800", "\ufeff"])
def test_control_and_hidden_characters_are_refused_and_not_repeated(character):
    with pytest.raises(RecordError) as raised:
        body_of(refused(), particulars=Particulars(note=f"a secret{character}"))
    (fault,) = raised.value.diagnostics
    assert character not in fault.message
    assert "secret" not in fault.message


def test_a_line_end_has_a_place_in_a_text_and_none_in_a_name():
    assert body_of(refused(), particulars=Particulars(note="one\ntwo"))["note"] == "one\ntwo"
    assert faults(by=attrs.evolve(NURSE, name="Robin\nExample")) == [("IS741", "by.name")]


def test_lengths_are_bounded():
    assert body_of(refused(), because="x" * 10_000)["because"] == "x" * 10_000
    assert faults(because="x" * 10_001) == [("IS741", "because")]
    many = (Told("somebody"),) * 201
    assert faults(particulars=Particulars(told=many)) == [("IS741", "particulars.told")]


def test_a_record_cannot_take_its_own_place():
    assert faults(supersedes=ID) == [("IS741", "supersedes")]
    assert body_of(refused(), supersedes=OLDER)["supersedes"] == OLDER


@pytest.mark.parametrize(
    "id_",
    ["", ID.upper(), ID[:-1], ID + "0", ID.replace("-7", "-4"), "019aac1e8d3a7c529b6e4f1d2a3b5c6d", None, 7],
)
def test_an_id_is_a_uuid_of_version_7_in_lower_case(id_):
    assert faults(record_id=id_) == [("IS741", "record_id")]


def test_facts_of_another_case_are_found():
    policy, facts = policy_of(), refused()
    decision = policy.decide(facts, as_of=DAY)

    def found(other):
        from infoshare.records.body.build import record_body

        with pytest.raises(RecordError) as raised:
            record_body(decision, other, by=NURSE, decided_at=AT, record_id=ID, engine_version="0")
        return {(fault.code, fault.path) for fault in raised.value.diagnostics}

    assert ("IS743", "case") in found({**facts, "case": "Another"})
    assert ("IS743", "concern.harm_to_child") in found({**facts, "concern": {"harm_to_child": "none"}})
    assert ("IS743", "item") in found({**facts, "item": facts["item"][:1]})
    assert ("IS743", "sharing.prohibited_by_law") in found(
        {**facts, "sharing": {**facts["sharing"], "prohibited_by_law": True}}
    )


def test_facts_that_are_no_case_are_refused_as_they_are_in_deciding():
    from infoshare.records.body.build import record_body

    decision = policy_of().decide({}, as_of=DAY)
    with pytest.raises(FactsError):
        record_body(decision, {"consnet": {}}, by=NURSE, decided_at=AT, record_id=ID, engine_version="0")


def test_a_decision_that_was_read_back_is_not_recorded_again():
    from infoshare.records.body.build import record_body

    decision = Decision.from_dict(policy_of().decide({}, as_of=DAY).to_dict())
    with pytest.raises(ValueError, match="read back"):
        record_body(decision, {}, by=NURSE, decided_at=AT, record_id=ID, engine_version="0")


def test_a_duty_that_the_decision_has_not_cannot_have_been_done():
    told = Particulars(done=(Done("record_decison"), Done("inform_family")))
    with pytest.raises(RecordError) as raised:
        body_of(refused(), particulars=told)
    misspelt, lifted = raised.value.diagnostics
    assert (misspelt.code, misspelt.path, misspelt.help) == (
        "IS743", "particulars.done[0].duty", ("did you mean `record_decision`?",),
    )  # fmt: skip
    assert lifted.path == "particulars.done[1].duty"


def test_recipients_and_items_that_the_case_does_not_list_are_found():
    told = Particulars(
        recipients=(Party("Childrens Social Care"),), instead=Instead("share", (Pair("GP leter", None),))
    )
    assert faults(particulars=told, followed=False, because="It was right.") == [
        ("IS743", "particulars.recipients[0].name"),
        ("IS743", "particulars.instead.shared[0].item"),
    ]


def test_what_was_decided_instead_is_something_else_and_only_where_it_was_not_followed():
    assert faults(particulars=Particulars(instead=Instead("withhold"))) == [("IS741", "particulars.instead")]
    same = Particulars(instead=Instead("seek_advice"))
    assert faults({}, particulars=same, followed=False, because="Hm.") == [
        ("IS741", "particulars.instead.outcome")
    ]
    pair = Particulars(instead=Instead("withhold", (Pair("GP letter", None),)))
    assert faults(particulars=pair, followed=False, because="Hm.") == [
        ("IS741", "particulars.instead.shared")
    ]


# --- particulars out of a file ----------------------------------------------------------------


def test_particulars_are_read_back_as_they_were_written():
    told = everything_told(for_family=ForFamily(False), instead=Instead("share", (Pair("a", None),), "n"))
    assert Particulars.from_json(json.loads(json.dumps(told.to_json()))) == told
    assert Particulars.from_json({}) == NOTHING


def test_a_moment_of_particulars_may_have_any_offset():
    told = Particulars.from_json({"told": [{"who": "The head", "at": "2026-06-01T00:30:00+01:00"}]})
    assert told.told[0].at == datetime(2026, 5, 31, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "at",
    [
        "2026-06-01T00:30:00",
        "2026-06-01",
        "noon",
        "2026-13-01T00:00:00Z",
        "2026-06-01T24:61:00Z",
        "2016-12-31T23:59:60Z",
        7,
        "٢٠٢٦-06-01T00:30:00Z",
    ],
)
def test_a_moment_without_an_offset_or_that_is_none_is_refused(at):
    (fault,) = particulars_faults({"told": [{"who": "The head", "at": at}]})
    assert (fault.code, fault.path) == ("IS741", "told[0].at")


@pytest.mark.parametrize("day", ["2026-02-30", "1 June", "2026-06-01T00:00:00Z", True, 20260601])
def test_a_day_that_is_none_is_refused(day):
    (fault,) = particulars_faults({"review_on": day})
    assert fault.path == "review_on"
    assert Particulars.from_json({"review_on": "2026-06-01"}).review_on == date(2026, 6, 1)


def test_every_fault_of_particulars_is_told_with_its_path_and_the_nearest_key():
    found = particulars_faults(
        {
            "requestor": {},
            "told": {},
            "advice": [{"giver": 7}, "Pat"],
            "consent": {"sought": "no"},
            "note": "",
        }
    )
    assert [(fault.path, fault.help) for fault in found] == [
        ("requestor", ("did you mean `requester`?",)),
        ("consent.sought", ()),
        ("told", ()),
        ("advice[0].giver", ()),
        ("advice[1]", ()),
    ]


@pytest.mark.parametrize(
    "data", [None, [], "x", 7, {"\ud800": 1}, {"a\x1b": 1}, {"told": [[[]]]}, {"instead": []}]
)
def test_whatever_the_particulars_nothing_but_a_record_error_is_raised(data):
    for fault in particulars_faults(data):
        assert "\x1b" not in fault.message


# --- reading a body back ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        "record",
        {},
        {"format": "infoshare.record/2"},
        {"format": 7},
        {"format": "infoshare.record/1"},
    ],
)
def test_what_is_no_record_is_refused(data):
    with pytest.raises(RecordError) as raised:
        read_body(data)
    assert {fault.code for fault in raised.value.diagnostics} == {"IS740"}


def test_a_body_that_contradicts_itself_is_refused():
    body = body_of(refused(), because="It was right.")
    with pytest.raises(RecordError, match="because"):
        read_body({**body, "followed": False, "because": None})
    answers = [{key: value for key, value in body["answers"][0].items() if key != "answer"}]
    with pytest.raises(RecordError, match=r"answers\[0\]"):
        read_body({**body, "answers": answers})


@pytest.mark.parametrize("key", [key for key in RECORD.keys if key != "facts"])
def test_no_fault_of_a_body_repeats_what_it_holds(key):
    body = body_of(refused(), particulars=everything_told())
    with pytest.raises(RecordError) as raised:
        read_body({**body, key: {"a secret": "another secret"}})
    assert "secret" not in str(raised.value)
