"""The published JSON Schemas: what infoshare writes is valid, and what its readers refuse is not, where a schema can say so."""

import copy
import json
import os
import random
import typing
from contextlib import suppress
from functools import cache

import pytest
from jsonschema import Draft202012Validator
from record_samples import (
    DAY,
    ID,
    ROOT,
    SHIPPED,
    Instead,
    Pair,
    body_of,
    everything_told,
    policy_of,
    random_cases,
    refused,
)

import infoshare
from infoshare import codec
from infoshare.errors import DecisionError, FactsError, InfoshareError
from infoshare.meaning.deciding import decide
from infoshare.outcome import Basis, Outcome
from infoshare.policy import comparison, shapes
from infoshare.policy.codec import FORMAT, decision_shape
from infoshare.policy.decision import Decision
from infoshare.policy.load import load_result
from infoshare.records.body.codec import DIALECT, SCHEMAS, schema_of_told
from infoshare.records.body.model import RECORD, Particulars, read_body
from infoshare.records.log.receipt import Receipt, receipt_shape
from infoshare.testing.policies import random_policy, sources
from infoshare.testing.tree_cases import random_case

FOLDER = ROOT / "docs" / "schemas"
NAMES = ("decision-1", "record-1", "receipt-1", "particulars-1", "diff-1")
REWRITE = bool(os.environ.get("INFOSHARE_REWRITE"))


def published(name):
    return json.loads((FOLDER / f"{name}.json").read_text("utf-8"))


@cache
def validator(name):
    return Draft202012Validator(published(name))


def expected(name):
    """The schema that follows from the code; the record carries that of the decision with it."""
    if name == "decision-1":
        head = {"title": f"A decision of infoshare, {FORMAT}"}
        body = codec.schema(decision_shape())
    elif name == "diff-1":
        head = {"title": f"What a new version of a policy changes, {comparison.FORMAT}"}
        body = codec.schema(comparison.shape())
    elif name == "record-1":
        head = {"title": "A record of infoshare, infoshare.record/1"}
        body = codec.schema(RECORD)
        body["$defs"]["decision"] = published("decision-1")
    elif name == "receipt-1":
        head = {
            "title": "A receipt of infoshare, infoshare.receipt/1",
            "description": "What shows, offline, that a log holds a record. A receipt is signed bytes in canonical form"
            " (RFC 8785): no key may be added, and a valid receipt is still to be verified.",
        }
        body = codec.schema(receipt_shape()) | {"additionalProperties": False}
        del body["description"]
    else:
        head = {
            "title": "The particulars of a decision, as `infoshare record add --particulars FILE` takes them",
            "description": "All of it may be left out.",
        }
        body = schema_of_told(Particulars)
    return {"$schema": DIALECT, "$id": f"{SCHEMAS}{name}.json", **head, **body}


@pytest.mark.parametrize("name", NAMES)
def test_what_is_published_is_what_the_code_reads(name):
    if REWRITE:
        text = json.dumps(expected(name), indent=2, ensure_ascii=False) + "\n"
        (FOLDER / f"{name}.json").write_text(text, "utf-8")
    assert published(name) == expected(name)


@pytest.mark.parametrize("name", NAMES)
def test_each_is_a_schema_with_an_id_of_its_own_and_says_what_it_is(name):
    schema = published(name)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == DIALECT
    assert schema["$id"] == f"{SCHEMAS}{name}.json"
    assert schema["title"]
    assert schema["description"]


@pytest.mark.parametrize("name", ["decision-1", "record-1", "receipt-1", "diff-1"])
def test_every_key_is_described(name):
    schema = published(name)
    assert all("description" in told or "$ref" in told for told in schema["properties"].values())


# --- a decision -------------------------------------------------------------------------------

TYPED = {
    "": shapes.DecisionDict, "policy": shapes.PolicyDict, "citation": shapes.CitationDict, "clause": shapes.ClauseDict,
    "question": shapes.QuestionDict, "duty": shapes.DutyDict, "lifted": shapes.LiftedDict,
    "safeguard": shapes.SafeguardDict, "hold": shapes.HoldDict, "disclosure": shapes.DisclosureDict,
    "advice": shapes.AdviceDict, "assumption": shapes.AssumptionDict,
}  # fmt: skip


@pytest.mark.parametrize("part", TYPED)
def test_the_schema_of_a_decision_has_the_keys_that_type_checkers_know(part):
    schema = published("decision-1")
    found = schema["$defs"][part] if part else schema
    typed = TYPED[part]
    hints = typing.get_type_hints(typed, include_extras=True)
    required = {key for key, hint in hints.items() if typing.get_origin(hint) is not typing.NotRequired}
    assert set(found["properties"]) == set(hints)
    assert set(found["required"]) == required


def test_outcome_and_basis_are_the_closed_sets():
    schema = published("decision-1")
    assert schema["$defs"]["outcome"]["enum"] == [each.value for each in Outcome]
    assert schema["properties"]["basis"]["enum"] == [each.value for each in Basis]


def decisions():
    for name in SHIPPED:
        result = load_result(ROOT / "policies" / f"{name}-scenarios.policy")
        for scenario in result.policy.scenarios[::12]:
            yield Decision.of(decide(result.policy.model, scenario.case, scenario.as_of or DAY))
        yield from (policy_of(name).decide(case, as_of=DAY) for case in random_cases(name, "schema", 1))


def test_every_decision_of_a_shipped_policy_is_valid():
    count = 0
    for decision in decisions():
        validator("decision-1").validate(decision.to_dict())
        count += 1
    assert count > 20


@pytest.mark.parametrize("seed", range(12))
def test_every_decision_of_a_random_policy_is_valid(seed):
    rng, found = random.Random(seed), []
    files = random_policy(rng)
    given = sources(files)
    policy = infoshare.load_sources(given, main=list(given)[-1])
    for _ in range(20):
        with suppress(FactsError):  # some answers are impossible together
            found.append(policy.decide(random_case(rng, files), as_of=DAY).to_dict())
    assert found
    for decision in found[:3]:
        validator("decision-1").validate(decision)


def places(value, path=()):
    """Every place in a document, by the keys and numbers that lead to it."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield from places(each, (*path, key))


def changed(document, path, new):
    other = copy.deepcopy(document)
    at = other
    for key in path[:-1]:
        at = at[key]
    if new is REMOVED:
        del at[path[-1]]
    else:
        at[path[-1]] = new
    return other


MAPPINGS = {"facts", "relied_on", "leads_to", "leads_to_strength"}
REMOVED = object()
WRONG = (REMOVED, None, 7, 1.5, "no such word", True, [], {}, [7])


def refused_by(read, *errors):
    def refuses(document):
        try:
            read(document)
        except errors:
            return True
        return False

    return refuses


def disagreements(document, name, refuses, skip=lambda _path: False):
    """Every change after which the schema and the reader do not say the same."""
    found = set()
    check = validator(name)
    for path in places(document):
        if not path or skip(path):
            continue
        for new in WRONG:
            if new is REMOVED and isinstance(path[-1], int):
                continue
            other = changed(document, path, new)
            if check.is_valid(other) == refuses(other):
                found.add((path, "removed" if new is REMOVED else repr(new)))
    return found


def rich_decision():
    """A decision of which nearly every list holds something, and none more than one thing: put together from two."""
    case = refused()
    case["telling"] = {"endangers_child": "unsure"}
    del case["item"][0]["accurate"]
    one, other = (policy_of().decide(facts, as_of=DAY).to_dict() for facts in (case, refused()))
    return {
        key: (value or other[key])[:1] if isinstance(value, list) else value for key, value in one.items()
    }


def test_the_schema_of_a_decision_refuses_what_the_reader_refuses_and_nothing_else():
    document = rich_decision()
    refuses = refused_by(Decision.from_dict, DecisionError)
    assert not refuses(document)
    assert disagreements(document, "decision-1", refuses) == set()


def test_a_decision_with_keys_that_are_not_known_is_valid():
    document = rich_decision()
    for path in list(places(document)):
        at = document
        for key in path:
            at = at[key]
        if isinstance(at, dict) and not MAPPINGS & set(path):
            at["zz_later"] = {"anything": [1]}
    validator("decision-1").validate(document)
    Decision.from_dict(document)


# --- a record ---------------------------------------------------------------------------------


def whole_record():
    told = everything_told(
        instead=Instead("share", (Pair("GP letter", "Children's Social Care"),), "By hand.")
    )
    return body_of(refused(), particulars=told, followed=False, because="It was right.")


def test_every_record_is_valid():
    validator("record-1").validate(whole_record())
    for name in SHIPPED:
        for case in random_cases(name, "records", 1):
            validator("record-1").validate(
                body_of(case, policy=name, followed=False, because="It was right.")
            )


def test_the_schema_of_a_record_refuses_what_the_reader_refuses_and_nothing_else():
    document = whole_record()
    document["answers"] = document["answers"][:1] + document["answers"][-2:]
    document["decision"] = {k: [] if isinstance(v, list) else v for k, v in rich_decision().items()}
    refuses = refused_by(read_body, InfoshareError)
    assert not refuses(document)
    found = disagreements(
        document, "record-1", refuses, skip=lambda path: path[0] == "decision" and len(path) > 2
    )
    # what the reader says of two keys at once
    both = {("answers", index, key) for index in range(3) for key in ("state", "answer")} | {("because",)}
    assert {path for path, _ in found} <= both


def test_a_record_with_keys_that_are_not_known_is_valid():
    document = whole_record()
    for path in list(places(document)):
        at = document
        for key in path:
            at = at[key]
        if isinstance(at, dict) and not MAPPINGS & set(path):
            at["zz_later"] = None
    validator("record-1").validate(document)
    read_body(document)


# --- a receipt, and particulars ---------------------------------------------------------------


def receipt():
    made = Receipt(
        record=ID, index=41, salt=b"s" * 32, envelope_sha256=b"e" * 32, proof=(b"p" * 32, b"q" * 32),
        checkpoint=b"northtown.example/ledger\n42\nx\n", envelope=b"{}",
    )  # fmt: skip
    return json.loads(made.to_bytes())


def test_the_schema_of_a_receipt_refuses_what_the_reader_refuses_and_nothing_else():
    document = receipt()
    validator("receipt-1").validate(document)

    def read(data):
        return Receipt.from_bytes(json.dumps(data, sort_keys=True, separators=(",", ":")).encode())

    refuses = refused_by(read, InfoshareError)
    assert not refuses(document)
    assert disagreements(document, "receipt-1", refuses) == set()
    for path, new in ((("zz_later",), 1), (("salt",), "A" * 64), (("proof", 0), "0" * 63), (("index",), -1)):
        other = changed(document, path, new)
        assert refuses(other)
        assert not validator("receipt-1").is_valid(other)


def test_the_schema_of_particulars_refuses_what_the_reader_refuses_and_nothing_else():
    told = everything_told(instead=Instead("share", (Pair("GP letter", None),)))
    document = told.to_json()
    assert Particulars.from_json(document) == told
    refuses = refused_by(Particulars.from_json, InfoshareError)
    assert disagreements(document, "particulars-1", refuses) == set()
    for path, new in (
        (("zz_later",), 1),
        (("note",), "  "),
        (("note",), "x" * 10_001),
        (("asked_for",), "x" * 10_000),
    ):
        other = changed(document, path, new)
        assert validator("particulars-1").is_valid(other) != refuses(other)
