"""AuthZEN 1.0: every payload of its certification, and what is told beside yes and no."""

import pytest
from asgi_client import Client
from authzen_payloads import ENTITIES, PAYLOADS, POLICY, TOKEN, TOKENS, check

from infoshare import load
from infoshare.service import Entities, Limits, Tokens, app

LEDGER_LIKE = """infoshare 1
policy shares "What goes to whom"
facts about subject "whoever asks"
  id "who it is" : one of ann "Ann", ben "Ben"
  consent "their answer" : one of given "agreed", refused "refused"  ask "Do they agree?"
facts about action "what is to be done"
  name "it" : one of send "send"
facts about resource "what it is about"
  urgent "it is urgent" : yes or no  ask "Is it urgent?"
rule agreed "What they agree to is sent."
  share
  when subject.consent is given
rule refused "What they refuse is not."
  withhold
  when subject.consent is refused
duty log_it "Write it down." after deciding
"""


@pytest.fixture(scope="module")
def hospital():
    application = app(
        [POLICY],
        tokens=Tokens.of_text(TOKENS),
        entities=Entities.read(str(ENTITIES)),
        url="https://pdp.example.org",
    )
    yield Client(application)
    application.state.service.close()


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    path = tmp_path_factory.mktemp("policy") / "shares.policy"
    path.write_text(LEDGER_LIKE, "utf-8")
    application = app([path], obligations=True, limits=Limits(cases=3))
    yield Client(application)
    application.state.service.close()


def asked(told, **over):
    whole = {
        "subject": {"type": "user", "id": "ann"},
        "action": {"name": "send"},
        "resource": {"type": "letter", "id": "1"},
    }
    return whole | told | over


@pytest.mark.parametrize("payload", PAYLOADS, ids=lambda payload: payload["name"])
def test_a_payload_of_the_certification_is_answered_as_it_must_be(payload, hospital):
    def ask(method, path, body, headers):
        answer = hospital.ask(
            method, path, body=body, **{name.replace("-", "_"): value for name, value in headers.items()}
        )
        return answer.status, answer.headers, answer.json

    check(payload, ask)


def test_all_payloads_are_sent():
    assert len(PAYLOADS) == 127
    assert len({payload["name"] for payload in PAYLOADS}) == 127


def test_discovery_says_where_everything_is_to_anybody(hospital):
    told = hospital.get("/.well-known/authzen-configuration").json
    assert told == {
        "policy_decision_point": "https://pdp.example.org",
        "access_evaluation_endpoint": "https://pdp.example.org/access/v1/evaluation",
        "access_evaluations_endpoint": "https://pdp.example.org/access/v1/evaluations",
        "search_subject_endpoint": "https://pdp.example.org/access/v1/search/subject",
        "search_resource_endpoint": "https://pdp.example.org/access/v1/search/resource",
        "search_action_endpoint": "https://pdp.example.org/access/v1/search/action",
    }


def test_a_decision_is_true_only_where_everything_may_go_and_the_context_says_what_would_settle_it(small):
    told = small.post("/access/v1/evaluation", asked({})).json
    assert told["decision"] is False
    context = told["context"]["infoshare"]
    assert (context["outcome"], context["basis"]) == ("seek_advice", "unknown_facts")
    assert [each["fact"] for each in context["questions"]] == ["subject.consent"]
    given = asked({"subject": {"type": "user", "id": "ann", "properties": {"consent": "given"}}})
    assert small.post("/access/v1/evaluation", given).json["decision"] is True


def test_a_property_that_is_declared_is_read_strictly_and_null_is_not_answered(small):
    wrong = asked({"resource": {"type": "letter", "id": "1", "properties": {"urgent": "yes"}}})
    answer = small.post("/access/v1/evaluation", wrong)
    assert (answer.status, answer.codes) == (400, ["IS402"])
    absent = asked(
        {"resource": {"type": "letter", "id": "1", "properties": {"urgent": None, "colour": "red"}}}
    )
    assert small.post("/access/v1/evaluation", absent).status == 200


def test_somebody_whom_the_vocabulary_does_not_name_may_do_nothing_and_is_no_error(small):
    told = small.post("/access/v1/evaluation", asked({"subject": {"type": "user", "id": "zoe"}})).json
    assert told["decision"] is False
    assert told["context"]["error"]["status"] == 404
    assert "zoe" not in str(told)


def test_a_property_does_not_take_the_place_of_an_id(small):
    other = {"type": "user", "id": "zoe", "properties": {"id": "ann", "consent": "given"}}
    assert small.post("/access/v1/evaluation", asked({"subject": other})).json["decision"] is False


def test_duties_are_obligations_only_where_that_was_asked_for(small, hospital):
    told = small.post("/access/v1/evaluation", asked({})).json
    assert [(each["type"], each["name"]) for each in told["context"]["obligations"]] == [("custom", "log_it")]
    assert small.get("/.well-known/authzen-configuration").json["obligations_supported"] == ["custom"]
    body = {
        "subject": {"type": "user", "id": "bob"},
        "action": {"name": "read"},
        "resource": {"type": "record", "id": "record-1"},
    }
    answer = hospital.post("/access/v1/evaluation", body, Authorization=f"Bearer {TOKEN}")
    assert "obligations" not in answer.json["context"]


def test_a_search_without_a_list_looks_through_the_vocabulary(small):
    body = asked({"subject": {"type": "user", "properties": {"consent": "given"}}})
    results = small.post("/access/v1/search/subject", body).json["results"]
    assert [each["id"] for each in results] == ["ann", "ben"]
    assert results[0]["context"]["obligations"][0]["name"] == "log_it"


@pytest.mark.parametrize(
    ("page", "path"),
    [
        ([], "page"),
        ({"limit": 0}, "page.limit"),
        ({"limit": "1"}, "page.limit"),
        ({"token": "1.x"}, "page.token"),
        ({"token": 7}, "page.token"),
    ],
)
def test_a_page_that_cannot_be_given_is_told(page, path, small):
    answer = small.post("/access/v1/search/subject", asked({"page": page}))
    assert (answer.status, [each["path"] for each in answer.json["diagnostics"]]) == (400, [path])


def test_a_batch_has_a_most_and_everything_wrong_with_it_is_told(small):
    answer = small.post(
        "/access/v1/evaluations", asked({"evaluations": [{}] * 4, "options": {"evaluations_semantic": 7}})
    )
    assert answer.status == 400
    assert [each["path"] for each in answer.json["diagnostics"]] == [
        "evaluations",
        "options.evaluations_semantic",
    ]
    assert small.post("/access/v1/evaluations", asked({"evaluations": {}})).status == 400
    for name in ("subject", "action", "resource", "context"):
        answer = small.post("/access/v1/evaluations", asked({"evaluations": [{}]}, **{name: [7]}))
        assert (answer.status, [each["path"] for each in answer.json["diagnostics"]]) == (400, [name])
    assert small.post("/access/v1/evaluations", asked({"evaluations": [{}]}, subject=None)).status == 400
    assert small.post("/access/v1/evaluations", asked({"evaluations": [{}]}, context=None)).status == 200


def test_what_is_wrong_with_one_of_a_batch_does_not_stop_the_others(small):
    agreed = {"subject": {"id": "ben", "properties": {"consent": "given"}}}
    wrong = {"subject": {"id": "ben", "properties": {"consent": "perhaps"}}}
    told = small.post("/access/v1/evaluations", asked({"evaluations": [7, wrong, agreed]})).json
    assert [each["decision"] for each in told["evaluations"]] == [False, False, True]
    assert told["evaluations"][0]["context"]["error"]["status"] == 400


def test_the_first_policy_that_declares_the_groups_answers_or_the_one_that_is_named():
    for name, status in ((None, 200), ("cscp", 200)):
        application = app([load("infoshare:cscp"), load(str(POLICY))], authzen=name)
        body = {
            "subject": {"type": "user", "id": "alice"},
            "action": {"name": "read"},
            "resource": {"type": "record", "id": "record-1"},
        }
        answer = Client(application).post("/access/v1/evaluation", body)
        application.state.service.close()
        assert answer.status == status
        assert answer.headers["infoshare-policy"] == (name or "records_of_a_hospital")


def test_where_no_policy_declares_the_groups_nothing_is_there():
    application = app(["infoshare:cscp"])
    assert Client(application).post("/access/v1/evaluation", {}).problem == "not-found"
    assert Client(application).get("/.well-known/authzen-configuration").status == 404
    application.state.service.close()
