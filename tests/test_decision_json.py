"""The JSON form of a decision is section 5 of the language, key for key, and reads back as it was."""

import copy
import json
import os
import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import infoshare
from infoshare import codec
from infoshare.errors import DecisionError, FactsError, InfoshareError
from infoshare.meaning.findings import (
    AdviceFinding,
    AnswerOption,
    Assumption,
    Citation,
    ClauseFinding,
    Disclosure,
    DutyFinding,
    Hold,
    KeptSafeguard,
    LiftedDuty,
    PolicyRef,
    Question,
)
from infoshare.outcome import Basis, Outcome
from infoshare.policy import shapes
from infoshare.policy.codec import TYPES, decision_shape
from infoshare.policy.decision import Decision
from infoshare.testing.policies import MAIN, random_day, random_policy, sources
from infoshare.testing.tree_cases import random_case

DIGEST = "sha256:" + "0" * 64
CITE = (Citation("protocol", "1"), Citation("protocol", None))
WELFARE = ClauseFinding(
    "welfare_first",
    "override",
    "share",
    "The child's safety.",
    CITE,
    {"concern.harm_to_child": "significant"},
)
WISHES = ClauseFinding("wishes_respected", "consent", "withhold", "Wishes are respected.")
ENDANGERS = ClauseFinding(
    "telling_endangers", "exception", None, "Telling them would put them at risk.", CITE
)

FULL = Decision(
    policy=PolicyRef("cscp", "Information Sharing (Protocol)", "2026.1", DIGEST),
    case="A 12",
    as_of=date(2026, 11, 22),
    outcome=Outcome.SHARE,
    mandatory=False,
    exact=True,
    basis=Basis.CLAUSES,
    fired=(WELFARE,),
    defeated=(ClauseFinding("wishes_respected", "consent", "withhold", "Wishes.", by=(WELFARE,)),),
    excepted=(ClauseFinding("speak_first", "consent", "seek consent", "Speak first.", by=(ENDANGERS,)),),
    unresolved=(ClauseFinding("late", "rule", "must share", "Late.", waiting_for=("consent.status",)),),
    not_fired=(
        ClauseFinding(
            "legal_bar",
            "rule",
            "must withhold",
            "A law forbids it.",
            facts={"sharing.prohibited_by_law": False},
        ),
    ),
    relied_on={"concern.harm_to_child": "significant", "concern.signs": ["bruising", "fear"], "child.age": 7},
    possible=(Outcome.SHARE,),
    questions=(
        Question(
            fact="consent.status",
            ask="Has agreement been given?",
            type="one of given, refused",
            answers=(
                AnswerOption("given", "the family agrees"),
                AnswerOption("refused", "the family refuses"),
            ),
            answered=None,
            for_=("outcome", "duties"),
            leads_to={"given": ["share"], "refused": ["withhold", "seek_advice"]},
            leads_to_strength={"given": ["must"], "refused": ["may", None]},
        ),
        Question("child.competent", "?", "yes or no", (AnswerOption(True, "yes"),), "unsure", ("outcome",)),
    ),
    duties=(
        DutyFinding("record_decision", "after deciding", "Record it.", "due", (), CITE),
        DutyFinding("inform_family", "before sharing", "Tell them.", "open", ("telling.endangers_child",)),
    ),
    lifted=(LiftedDuty("inform_later", "after sharing", "Tell them later.", (ENDANGERS,), CITE),),
    safeguards=(KeptSafeguard("securely", "It is shared securely.", CITE),),
    disclosures=(
        Disclosure("GP letter", None, True),
        Disclosure("notes", None, False, held_by=(Hold("necessary", "Only that.", "Leave it out."),)),
        Disclosure(
            "report", "Police", None, open_by=(Hold("x", "s", "r", CITE, {"item.a": True}, ("item.b",)),)
        ),
    ),
    advice=(AdviceFinding("safeguarding_lead", "your lead", CITE),),
    assumed=(Assumption("concern.sexual_abuse", False, True), Assumption("concern.signs", ["fear"], False)),
)
BARE = Decision(
    policy=PolicyRef(None, None, None, DIGEST),
    case=None,
    as_of=date(1, 1, 1),
    outcome=Outcome.SEEK_ADVICE,
    mandatory=None,
    exact=False,
    basis=Basis.SILENCE,
)


def test_the_keys_come_as_section_5_shows_them() -> None:
    data = FULL.to_dict()
    assert list(data) == [
        "format", "policy", "case", "as_of", "outcome", "mandatory", "exact", "basis",
        "fired", "defeated", "excepted", "unresolved", "not_fired", "relied_on", "possible", "questions",
        "duties", "lifted", "safeguards", "disclosures", "advice", "assumed",
    ]  # fmt: skip
    assert list(data["policy"]) == ["name", "title", "version", "digest"]
    assert list(data["fired"][0]) == ["clause", "kind", "effect", "statement", "cites", "facts"]
    assert list(data["questions"][0]) == [
        "fact", "ask", "type", "answers", "answered", "for", "leads_to", "leads_to_strength",
    ]  # fmt: skip
    assert list(data["duties"][0]) == ["duty", "timing", "do", "state", "waiting_for", "cites"]
    assert list(data["disclosures"][0]) == ["item", "recipient", "release", "held_by", "open_by"]


def test_what_a_clause_carries_hangs_on_the_list_that_it_is_in() -> None:
    data = FULL.to_dict()
    assert "by" not in data["fired"][0] and "waiting_for" not in data["fired"][0]
    assert [c["clause"] for c in data["defeated"][0]["by"]] == ["welfare_first"]
    assert [c["clause"] for c in data["excepted"][0]["by"]] == ["telling_endangers"]
    assert data["excepted"][0]["by"][0]["effect"] is None
    assert data["unresolved"][0]["waiting_for"] == ["consent.status"]
    assert [c["clause"] for c in data["lifted"][0]["by"]] == ["telling_endangers"]


def test_values_are_plain_json() -> None:
    data = FULL.to_dict()
    assert data["format"] == "infoshare.decision/1"
    assert data["as_of"] == "2026-11-22"
    assert data["outcome"] == "share" and type(data["outcome"]) is str
    assert data["basis"] == "clauses" and type(data["basis"]) is str
    assert data["possible"] == ["share"]
    assert data["fired"][0]["cites"] == [
        {"source": "protocol", "at": "1"},
        {"source": "protocol", "at": None},
    ]
    assert data["questions"][0]["leads_to"] == {"given": ["share"], "refused": ["withhold", "seek_advice"]}
    assert data["questions"][0]["leads_to_strength"] == {"given": ["must"], "refused": ["may", None]}
    assert json.loads(json.dumps(data, allow_nan=False)) == data


@pytest.mark.parametrize("decision", [FULL, BARE], ids=["full", "bare"])
def test_a_decision_reads_back_as_it_was(decision: Decision) -> None:
    assert Decision.from_dict(decision.to_dict()) == decision
    assert Decision.from_dict(json.loads(json.dumps(decision.to_dict()))) == decision
    assert Decision.from_dict(decision.to_dict()).to_dict() == decision.to_dict()


def test_what_is_written_shares_nothing_with_the_decision() -> None:
    before = copy.deepcopy(FULL.to_dict())
    data = FULL.to_dict()
    data["relied_on"]["concern.signs"].append("x")  # type: ignore[union-attr]
    data["relied_on"].clear()
    data["fired"].clear()
    assert FULL.to_dict() == before


def test_keys_that_are_not_known_are_passed_over() -> None:
    data: Any = FULL.to_dict()
    data["later"] = {"a": 1}
    data["fired"][0]["later"] = 1
    data["policy"]["later"] = None
    assert Decision.from_dict(data) == FULL


def test_another_format_is_refused_by_name() -> None:
    data: Any = FULL.to_dict()
    data["format"] = "infoshare.decision/2"
    with pytest.raises(DecisionError, match=r"infoshare\.decision/1"):
        Decision.from_dict(data)


@pytest.mark.parametrize("data", [None, [], "x", 7, {}, {"format": None}, {"format": 1}])
def test_what_is_no_decision_is_refused(data: object) -> None:
    with pytest.raises(InfoshareError) as refused:
        Decision.from_dict(data)
    assert refused.value.diagnostics


def test_every_fault_is_told_at_once_with_its_path() -> None:
    data: Any = FULL.to_dict()
    data["outcome"] = "allow"
    data["basis"] = "guess"
    data["as_of"] = "22/11/2026"
    data["exact"] = 1
    data["duties"][1]["state"] = "maybe"
    del data["fired"][0]["statement"]
    del data["policy"]
    with pytest.raises(DecisionError) as refused:
        Decision.from_dict(data)
    assert {d.path for d in refused.value.diagnostics} == {
        "policy", "as_of", "outcome", "exact", "basis", "fired[0].statement", "duties[1].state",
    }  # fmt: skip


@pytest.mark.parametrize("written", ["2026-02-30", "20261122", "2026-W01-1", "", "2026-11-22T00:00"])
def test_the_day_is_a_calendar_date_in_its_one_spelling(written: str) -> None:
    data: Any = FULL.to_dict()
    data["as_of"] = written
    with pytest.raises(DecisionError):
        Decision.from_dict(data)


def test_a_list_that_is_nested_too_deep_is_refused_not_crashed_on() -> None:
    data: Any = FULL.to_dict()
    inner: Any = data["defeated"][0]
    for _ in range(100_000):
        inner["by"] = [dict(data["fired"][0])]
        inner = inner["by"][0]
    with pytest.raises(DecisionError, match="too deep"):
        Decision.from_dict(data)


def test_whatever_is_spoilt_is_either_read_or_refused() -> None:
    """No key of the form can be dropped or replaced so that anything but DecisionError comes of it."""
    rng = random.Random(7)
    junk: list[Any] = [None, True, 0, -1, "x", [], {}, [None], [{}], {"a": None}, [[]], 1.5]
    for _ in range(3000):
        data = json.loads(json.dumps(FULL.to_dict()))
        here: Any = data
        while True:
            key = rng.choice(list(here)) if isinstance(here, dict) else rng.randrange(len(here))
            if isinstance(here[key], (dict, list)) and here[key] and rng.random() < 0.7:
                here = here[key]
                continue
            here[key] = rng.choice(junk)
            break
        try:
            read = Decision.from_dict(data)
        except DecisionError:
            continue
        assert Decision.from_dict(read.to_dict()) == read


def test_decisions_of_random_policies_read_back_as_they_were() -> None:
    rng = random.Random(11)
    read = 0
    for _ in range(40):
        files = random_policy(rng)
        policy = infoshare.load_sources(sources(files), main=MAIN)
        for _ in range(10):
            try:
                decision = policy.decide(
                    random_case(rng, files, unknown_lists=rng.random() < 0.3), as_of=random_day(rng)
                )
            except FactsError:
                continue
            read += 1
            assert Decision.from_dict(json.loads(json.dumps(decision.to_dict()))) == decision
    assert read > 200


def test_what_type_checkers_know_of_a_decision_is_written_from_its_parts() -> None:
    path = Path(shapes.__file__)
    text = path.read_text("utf-8")
    head = text.partition("\n\n\nclass ")[0]
    written = head + "\n".join(["", *codec.types(decision_shape(), TYPES), ""])
    if os.environ.get("INFOSHARE_REWRITE"):
        path.write_text(written, "utf-8")
    assert path.read_text("utf-8") == written


def test_a_decision_that_was_written_before_strengths_were_told_is_read() -> None:
    data: Any = FULL.to_dict()
    for question in data["questions"]:
        del question["leads_to_strength"]
    read = Decision.from_dict(data)
    assert read.questions[0].leads_to_strength == {}
    assert read.questions[0].leads_to == FULL.questions[0].leads_to
