"""The service: what it answers, what it refuses and how it says so, and that nothing of a case is where it should not be."""

import asyncio
import json
import logging
import os
import re
import sys
import threading
from datetime import date
from pathlib import Path

import pytest
from asgi_client import Client
from jsonschema import Draft202012Validator

import infoshare
from infoshare.cli import main
from infoshare.errors import PolicyError, Refused
from infoshare.records import Ledger, Receipt, verify_receipt
from infoshare.service import Limits, PolicyPlace, Tokens, app
from infoshare.service.api import READ_AT_ONCE
from infoshare.service.journal import Lines

ROOT = Path(__file__).parent.parent.parent
CASE = json.loads((ROOT / "examples" / "refused.json").read_text("utf-8"))
DAY = "2026-11-22"
CSCP = infoshare.load("infoshare:cscp")
DECIDE, QUESTIONS, MANY = (f"/v1/policies/cscp/{what}" for what in ("decide", "questions", "decide-many"))
TOKEN = "a-token-that-is-as-long-as-it-must-be"
NURSE = {"name": "Robin Example", "role": "school nurse", "organisation": "Northtown School"}
SMALL = """infoshare 1
policy small "A small one" version "{version}"
facts about consent "consent"
  status "the answer" : one of given "agreed", refused "refused"  ask "Do they agree?"
rule agreed "What they agree to is shared."
  share
  when consent.status is given
rule refused "What they refuse is not."
  withhold
  when consent.status is refused
"""


@pytest.fixture
def served():
    """Makes a client of an application, which is closed at the end."""
    made = []

    def make(policies=(CSCP,), **options):
        application = app(policies, **options)
        made.append(application)
        return Client(application)

    yield make
    for each in made:
        each.state.service.close()


@pytest.fixture(scope="module")
def cscp():
    application = app([CSCP])
    yield Client(application)
    application.state.service.close()


def small(folder, version="1", text=SMALL):
    path = folder / "small.policy"
    path.write_text(text.format(version=version), "utf-8")
    return path


# --- policies -------------------------------------------------------------------------------------


def test_policies_are_told_with_their_digest(cscp):
    (told,) = cscp.get("/v1/policies").json["policies"]
    assert (told["name"], told["version"], told["digest"]) == ("cscp", CSCP.version, CSCP.digest)
    assert told == cscp.get("/v1/policies/cscp").json


def test_the_vocabulary_is_told_as_it_is(cscp):
    told = cscp.get("/v1/policies/cscp/facts").json
    assert [each["name"] for each in told["facts"]] == [each.name for each in CSCP.facts]
    assert [each["name"] for each in told["groups"]] == [each.name for each in CSCP.groups]
    status = next(each for each in told["facts"] if each["name"] == "consent.status")
    assert status["labels"]["refused"] == "whoever has the say refuses"


def test_the_schema_of_the_cases_is_given(cscp):
    answer = cscp.get("/v1/policies/cscp/schema")
    assert answer.headers["content-type"] == "application/schema+json"
    assert answer.json == CSCP.case_schema()


def test_a_misspelt_policy_is_not_found_and_the_nearest_name_is_offered(cscp):
    answer = cscp.post("/v1/policies/cscq/decide", {"facts": {}})
    assert (answer.status, answer.problem) == (404, "not-found")
    assert "did you mean `cscp`?" in answer.json["detail"]


def test_every_answer_of_a_policy_says_which_one_it_is(cscp):
    for answer in (
        cscp.get("/v1/policies/cscp"),
        cscp.post(DECIDE, {"facts": {}}),
        cscp.post(DECIDE, {"fact": {}}),
    ):
        assert answer.headers["infoshare-policy"] == "cscp"
        assert answer.headers["infoshare-digest"] == CSCP.digest


# --- decisions ------------------------------------------------------------------------------------


def test_a_case_is_decided_as_in_python(cscp):
    told = cscp.post(DECIDE, {"facts": CASE, "as_of": DAY}).json
    assert told == json.loads(json.dumps(CSCP.decide(CASE, as_of=date(2026, 11, 22)).to_dict()))


def whole_case(**others):
    """A case that answers all that the small policy of two facts asks."""
    return {"consent": {"status": "given", "written": True} | others}


TWO = SMALL.replace(
    'ask "Do they agree?"',
    'ask "Do they agree?"\n  written "it is in writing" : yes or no  ask "In writing?"',
)
LISTS = (
    TWO
    + 'facts about each item "what is asked for"\n  necessary "it is needed" : yes or no  ask "Is it needed?"\n'
)


def test_a_case_that_answers_all_is_whole_and_of_a_policy_with_lists_none_is(served, tmp_path):
    shelf = served([small(tmp_path, text=TWO)]).application.state.service.shelf
    (policy,) = shelf.now.policies.values()
    assert policy.is_whole(whole_case())
    assert not policy.is_whole(whole_case(written=None))
    assert not policy.is_whole(whole_case(written="unsure"))
    assert not policy.is_whole({"consent": {"status": "given"}})
    assert not policy.is_whole({"consent": 7})
    shelf = served([small(tmp_path, text=LISTS)]).application.state.service.shelf
    (policy,) = shelf.now.policies.values()
    assert not policy.is_whole(whole_case() | {"item": []})


def test_a_whole_case_is_answered_as_one_that_waits_for_its_turn_and_so_is_what_is_wrong_with_it(
    served, tmp_path
):
    client = served([small(tmp_path, text=TWO)])
    for case in (whole_case(), whole_case(status="refused"), whole_case(status="x"), whole_case(more=1)):
        body = json.dumps({"facts": case, "as_of": DAY}).encode()
        at_once = client.post("/v1/policies/small/decide", body=body)
        in_turn = client.post("/v1/policies/small/decide", body=body + b" " * READ_AT_ONCE)
        assert at_once.status == in_turn.status
        assert {**at_once.json, "request": None} == {**in_turn.json, "request": None}


def test_presumptions_are_left_out_where_that_is_asked_for(cscp):
    told = cscp.post(DECIDE, {"facts": CASE, "as_of": DAY, "presume": False}).json
    assert told == json.loads(
        json.dumps(CSCP.decide(CASE, as_of=date(2026, 11, 22), presume=False).to_dict())
    )


def test_an_explanation_is_given_as_text_or_as_a_page(cscp):
    decision = CSCP.decide(CASE, as_of=date(2026, 11, 22))
    text = cscp.post(DECIDE, {"facts": CASE, "as_of": DAY}, Accept="text/plain")
    assert text.headers["content-type"] == "text/plain; charset=utf-8"
    assert text.text == decision.explain().rstrip("\n") + "\n"
    page = cscp.post(
        DECIDE, {"facts": CASE, "as_of": DAY, "full": True}, Accept="text/html;q=0.9, text/plain;q=0.1"
    )
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "style-src 'sha256-" in page.headers["content-security-policy"]
    assert decision.to_html(full=True, level=1) in page.text
    assert re.search(r"<h1[^>]*>YES, you may share this with Children&#x27;s Social Care\.", page.text)
    assert "<script" not in page.text


def test_names_of_a_case_are_only_text_in_a_page(cscp):
    facts = CASE | {"item": [{"name": "<script>alert(1)</script>", "necessary": True}]}
    page = cscp.post(DECIDE, {"facts": facts}, Accept="text/html").text
    assert "&lt;script&gt;" in page
    assert "<script" not in page


def test_what_is_open_is_told_with_what_would_settle_it(cscp):
    told = cscp.post(QUESTIONS, {"facts": {"consent": {"status": "refused"}}, "as_of": DAY}).json
    decision = json.loads(
        json.dumps(CSCP.decide({"consent": {"status": "refused"}}, as_of=date(2026, 11, 22)).to_dict())
    )
    assert told["questions"] == decision["questions"]
    assert told["assumed"] == decision["assumed"]
    assert told["basis"] == "unknown_facts"
    assert "disclosures" not in told


def test_what_cannot_be_given_is_not_acceptable(cscp):
    answer = cscp.post(DECIDE, {"facts": {}}, Accept="application/xml")
    assert (answer.status, answer.problem) == (406, "not-acceptable")
    assert cscp.post(DECIDE, {"facts": {}}, Accept="application/*;q=0.5, text/plain;q=0").json["format"]


# --- what is refused ------------------------------------------------------------------------------


def test_everything_that_is_wrong_with_a_case_is_told_with_its_place(cscp):
    answer = cscp.post(DECIDE, {"facts": {"consent": {"status": "refusd"}, "concrn": {}}})
    assert (answer.status, answer.problem) == (422, "invalid-case")
    told = {each["path"]: each["help"] for each in answer.json["diagnostics"]}
    assert told["consent.status"] == ["did you mean `refused`?"]
    assert told["concrn"] == ["did you mean `concern`?"]


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        (b"", ["IS412"]),
        (b"{", ["IS412"]),
        (b"[]", ["IS412"]),
        (b'{"facts": {}} x', ["IS412"]),
        (b'{"facts": {}, "facts": {}}', ["IS403"]),
        (b'{"facts": {"a": NaN}}', ["IS410"]),
        (b'{"facts": {"a": "\\ud800"}}', ["IS410"]),
        (b"\xff", ["IS801"]),
        (b'{"facts": ' + b"[" * 100_000, ["IS409"]),
        (b"{}", ["IS413"]),
        (b'{"facts": 7, "as_of": "22/11/2026", "presume": "no"}', ["IS413"] * 3),
        (b'{"facts": {}, "as-of": "2026-01-31", "presum": false}', ["IS413"] * 2),
    ],
    ids=lambda value: repr(value[:30]) if isinstance(value, bytes) else "",
)
def test_a_request_that_is_not_one_is_refused_with_all_that_is_wrong(body, codes, cscp):
    answer = cscp.post(DECIDE, body=body)
    assert (answer.status, answer.problem) == (400, "malformed-request")
    assert answer.codes == codes


def test_a_body_of_another_type_or_compressed_is_refused(cscp):
    assert cscp.post(DECIDE, {"facts": {}}, content_type="text/plain").problem == "unsupported-media-type"
    assert cscp.post(DECIDE, {"facts": {}}, content_type=None).status == 415
    assert cscp.post(DECIDE, {"facts": {}}, content_encoding="gzip").problem == "unsupported-media-type"
    assert cscp.post(DECIDE, {"facts": {}}, content_type="application/json; charset=utf-8").status == 200


def test_another_method_is_refused_and_the_right_one_told(cscp):
    answer = cscp.get(DECIDE)
    assert (answer.status, answer.problem, answer.headers["allow"]) == (405, "method-not-allowed", "POST")
    assert cscp.get("/v2").problem == "not-found"


def test_a_body_that_is_too_large_is_refused_before_it_is_read_and_while_it_comes(served):
    client = served(limits=Limits(body=1000))
    announced = client.post(DECIDE, body=[], content_length="1001")
    assert (announced.status, announced.problem) == (413, "too-large")
    unannounced = client.post(DECIDE, body=[b" " * 600, b" " * 600])
    assert (unannounced.status, unannounced.headers["connection"]) == (413, "close")
    assert client.post(DECIDE, body=b'{"facts": {}}' + b" " * 900).status == 200


def test_a_body_that_does_not_end_is_refused_in_time(served):
    client = served(limits=Limits(body_seconds=0.05))
    sent = {"content_type": "application/json", "content_length": "100"}
    answer = asyncio.run(client.asked("POST", DECIDE, body=b'{"facts":', never_ends=True, **sent))
    assert (answer.status, answer.problem) == (408, "too-slow")


def test_a_case_with_too_many_rows_is_refused(served):
    client = served(limits=Limits(rows=6))
    listed = [{"name": str(number)} for number in range(3)]
    assert client.post(DECIDE, {"facts": {"item": listed, "recipient": listed[:2]}}).status == 200
    answer = client.post(DECIDE, {"facts": {"item": listed, "recipient": listed}})
    assert (answer.status, answer.codes) == (422, ["IS409"])


class Slow:
    """Stands for a decision that does not come to an end until it may."""

    def __init__(self, monkeypatch):
        self.may_end = threading.Event()
        decide = infoshare.Policy.decide
        monkeypatch.setattr(
            infoshare.Policy,
            "decide",
            lambda policy, facts, **of: self.may_end.wait() and decide(policy, facts, **of),
        )


def test_whoever_waits_too_long_is_told_and_health_is_answered_meanwhile(served, monkeypatch):
    slow = Slow(monkeypatch)
    client = served(limits=Limits(seconds=0.05, at_once=1))
    answer = client.post(DECIDE, {"facts": {}})
    assert (answer.status, answer.problem, answer.headers["retry-after"]) == (503, "late", "1")
    assert client.get("/healthz").json == {"status": "ok"}
    ready = client.get("/readyz")
    assert (ready.status, ready.json) == (503, {"status": "late"})
    slow.may_end.set()
    client.application.state.service.work._deciding._pool.shutdown(wait=True)
    assert client.get("/readyz").status == 200


def test_more_than_may_wait_are_told_to_come_again(served, monkeypatch):
    slow = Slow(monkeypatch)
    client = served(limits=Limits(at_once=1, waiting=1))

    async def ask():
        post = {
            "method": "POST",
            "path": DECIDE,
            "body": b'{"facts": {}}',
            "content_type": "application/json",
        }
        waiting = [asyncio.create_task(client.asked(**post)) for _ in range(2)]
        await asyncio.sleep(0.05)
        refused = await client.asked(**post)
        health = await client.asked("GET", "/healthz")
        slow.may_end.set()
        return refused, health, await asyncio.gather(*waiting)

    refused, health, answered = asyncio.run(ask())
    assert (refused.status, refused.problem) == (503, "busy")
    assert health.status == 200
    assert [each.status for each in answered] == [200, 200]


# --- many cases -----------------------------------------------------------------------------------


def lines(*cases):
    return b"".join(json.dumps(case).encode() + b"\n" for case in cases)


def test_many_cases_are_decided_in_their_order_and_what_is_wrong_stands_in_its_place(cscp):
    body = lines(CASE, {"consent": {"status": "no"}}, {}) + b'{"a":\n\n' + lines(CASE).rstrip()
    answer = cscp.post(f"{MANY}?as_of={DAY}", body=body, content_type="application/x-ndjson")
    told = [json.loads(line) for line in answer.text.splitlines()]
    assert [each["format"] for each in told] == [
        "infoshare.decision/1", "infoshare.error/1", "infoshare.decision/1", "infoshare.error/1", "infoshare.decision/1",
    ]  # fmt: skip
    assert told[0] == told[4] == json.loads(json.dumps(CSCP.decide(CASE, as_of=date(2026, 11, 22)).to_dict()))
    assert [told[1]["case"], told[3]["case"]] == ["line 2", "line 4"]
    assert told[1]["error"]["diagnostics"][0]["path"] == "consent.status"


def test_the_answer_comes_in_parts(served, tmp_path):
    answer = served([small(tmp_path)]).post(
        MANY.replace("cscp", "small"), body=lines(*[{}] * 100), content_type="application/x-ndjson"
    )
    assert answer.text.count("\n") == 100
    assert len(answer.parts) == 4


@pytest.mark.parametrize(
    "query", ["as-of=2026-01-31", "as_of=31.1.2026", "presume=no", "as_of=2026-01-31&as_of=2026-01-31"]
)
def test_an_address_that_says_something_else_is_refused(query, cscp):
    assert cscp.post(f"{MANY}?{query}", body=b"{}", content_type="application/x-ndjson").status == 400


def test_many_cases_have_a_most_and_a_line_of_them_too(served):
    client = served(limits=Limits(cases=2, body=20))
    sent = {"content_type": "application/x-ndjson"}
    assert client.post(MANY, body=lines({}, {}, {}), **sent).problem == "too-large"
    answer = client.post(MANY, body=lines({}) + b'{"case": "' + b"x" * 20 + b'"}', **sent)
    assert json.loads(answer.text.splitlines()[1])["error"]["diagnostics"][0]["code"] == "IS802"


def test_an_answer_that_takes_too_long_ends_with_a_line_that_says_so(served, monkeypatch):
    slow = Slow(monkeypatch)
    client = served(limits=Limits(seconds=0.05))
    answer = client.post(MANY, body=lines({}, {}), content_type="application/x-ndjson")
    slow.may_end.set()
    (line,) = answer.text.splitlines()
    assert json.loads(line)["error"]["kind"] == "late"
    assert client.application.state.service.work._streams == 0


# --- who may ask ----------------------------------------------------------------------------------


def test_without_the_right_token_nothing_is_answered_but_health_and_what_the_interface_looks_like(served):
    client = served(tokens=Tokens.of_text(f"ward-7 {TOKEN}"))
    for authorization in (
        None,
        "Bearer",
        f"Bearer {TOKEN}x",
        f"Basic {TOKEN}",
        TOKEN,
        f"Bearer {TOKEN[:-1]}",
    ):
        answer = client.get("/v1/policies", Authorization=authorization)
        assert (answer.status, answer.problem, answer.headers["www-authenticate"]) == (
            401,
            "no-token",
            "Bearer",
        )
    assert client.get("/v1/policies", Authorization=f"bearer {TOKEN}").status == 200
    assert [client.get(path).status for path in ("/healthz", "/readyz", "/openapi.json")] == [200] * 3
    assert client.get("/nothing").status == 401


def test_a_request_to_another_host_is_not_answered_where_there_are_no_tokens(served):
    client = served(hosts=("127.0.0.1", "localhost", "[::1]"))
    assert client.get("/v1/policies", host="evil.example:8080").problem == "misdirected"
    for host in ("127.0.0.1:8080", "localhost", "[::1]:8080", "LOCALHOST:1"):
        assert client.get("/v1/policies", host=host).status == 200


@pytest.mark.skipif(os.name != "posix", reason="rights of files are those of POSIX")
def test_a_file_of_tokens_that_others_can_read_is_refused(tmp_path):
    path = tmp_path / "tokens"
    path.write_text(f"# who\n\nward-7 {TOKEN}\n", "utf-8")
    path.chmod(0o640)
    with pytest.raises(Refused, match="others than its owner can read") as refused:
        Tokens.read(str(path))
    assert refused.value.help == (f"chmod 600 {path}",)
    path.chmod(0o600)
    assert Tokens.read(str(path)).whose(f"Bearer {TOKEN}".encode()) == "ward-7"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nobody\n",
        "ward-7",
        "ward-7 short",
        f"a {TOKEN}\na {TOKEN}2",
        f"a {TOKEN}\nb {TOKEN}",
        f"a b {TOKEN}",
    ],
)
def test_a_file_of_tokens_that_is_none_is_refused_without_telling_what_is_in_it(text):
    with pytest.raises(Refused) as refused:
        Tokens.of_text(text)
    assert TOKEN not in str(refused.value)


def test_without_tokens_only_this_computer_is_served(capsys):
    assert main(["serve", "infoshare:cscp", "--host", "0.0.0.0"]) == 2
    assert "--tokens" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--port", "65536"], ["--workers", "0"], ["--seconds", "nan"]])
def test_a_number_that_is_none_is_a_usage_error(arguments, capsys):
    assert main(["serve", "infoshare:cscp", *arguments]) == 2


def test_a_policy_with_an_error_is_not_served_and_all_errors_are_told(tmp_path, capsys):
    path = small(tmp_path, text=SMALL.replace("is given", "is givn").replace("is refused", "is refusd"))
    assert main(["serve", str(path), "infoshare:cscp"]) == 3
    assert capsys.readouterr().err.count("error[IS301]") == 2


def test_a_library_and_two_policies_of_one_name_are_not_served(tmp_path):
    for policies, code in ((["infoshare:vocabulary"], "IS808"), ([CSCP, "infoshare:cscp"], "IS213")):
        with pytest.raises(PolicyError) as error:
            app(policies)
        assert [each.code for each in error.value.diagnostics] == [code]


# --- a new version --------------------------------------------------------------------------------


def test_a_new_version_is_taken_up_and_one_with_an_error_is_not(tmp_path, served):
    path = small(tmp_path)
    client = served([path, PolicyPlace("infoshare:cscp")])
    service = client.application.state.service
    assert not service.shelf.changed()
    small(tmp_path, "22")
    assert service.shelf.changed()
    service.reload()
    assert not service.shelf.changed()
    assert client.get("/v1/policies/small").json["version"] == "22"
    small(tmp_path, "333", text=SMALL.replace("is given", "is givn"))
    with pytest.raises(PolicyError):
        service.reload()
    assert client.get("/v1/policies/small").json["version"] == "22"
    assert client.get("/readyz").json == {"status": "ready", "reload": "refused"}
    assert service.shelf.changed()
    small(tmp_path, "4444")
    service.reload()
    assert client.get("/v1/policies/small").json["version"] == "4444"
    assert client.get("/readyz").json == {"status": "ready"}
    assert "small_decide_request" in client.get("/openapi.json").json["components"]["schemas"]


@pytest.mark.skipif(os.name != "posix", reason="rights of files are those of POSIX")
def test_tokens_are_read_again_together_with_the_policies_or_not_at_all(tmp_path, served):
    path, tokens = small(tmp_path), tmp_path / "tokens"
    tokens.write_text(f"a {TOKEN}", "utf-8")
    tokens.chmod(0o600)
    client = served([path], tokens=tokens)
    service = client.application.state.service
    tokens.write_text(f"a {TOKEN}2", "utf-8")
    small(tmp_path, "22", text=SMALL.replace("is given", "is givn"))
    with pytest.raises(PolicyError):
        service.reload()
    assert client.get("/v1/policies", Authorization=f"Bearer {TOKEN}").status == 200
    small(tmp_path, "22")
    service.reload()
    assert client.get("/v1/policies", Authorization=f"Bearer {TOKEN}").status == 401
    assert client.get("/v1/policies", Authorization=f"Bearer {TOKEN}2").json["policies"][0]["version"] == "22"


def test_files_are_looked_at_while_it_runs(tmp_path, monkeypatch):
    monkeypatch.setattr("infoshare.service.application.LOOK_EVERY", 0.01)
    path = small(tmp_path)
    application = app([path], watch=True)

    async def run():
        async with application.router.lifespan_context(application):
            small(tmp_path, "22")
            client = Client(application)
            while (await client.asked("GET", "/v1/policies/small")).json["version"] != "22":
                await asyncio.sleep(0.01)

    asyncio.run(run())
    assert application.state.service.not_ready() == "closing"


# --- records --------------------------------------------------------------------------------------


@pytest.fixture
def ledger(tmp_path):
    path = tmp_path / "a.ledger"
    Ledger.create(path).close()
    return path


def test_a_decision_is_recorded_and_its_receipt_verifies_without_the_service(ledger, served):
    client = served(ledger=ledger)
    answer = client.post("/v1/policies/cscp/records", {"facts": CASE, "as_of": DAY, "by": NURSE})
    assert answer.status == 201
    told = answer.json
    assert told["decision"] == json.loads(json.dumps(CSCP.decide(CASE, as_of=date(2026, 11, 22)).to_dict()))
    receipt = Receipt.from_bytes(told["receipt"].encode())
    assert answer.headers["location"] == f"/v1/records/{told['record']}/receipt"
    assert client.get(answer.headers["location"]).text == told["receipt"]
    with Ledger.open(ledger) as opened:
        verify_receipt(receipt, opened.public_keys)
        view = opened.show(told["record"])
    assert view.body["decided_by"]["name"] == "Robin Example"


def test_what_is_wrong_with_a_record_is_told_and_nothing_is_recorded(ledger, served):
    client = served(ledger=ledger)
    path = "/v1/policies/cscp/records"
    assert client.post(path, {"facts": CASE}).codes == ["IS413"]
    assert (
        client.post(path, {"facts": CASE, "by": NURSE | {"nme": "x"}}).json["diagnostics"][0]["path"]
        == "by.nme"
    )
    assert client.post(path, {"facts": {"x": 1}, "by": NURSE}).problem == "invalid-case"
    unfollowed = client.post(path, {"facts": CASE, "by": NURSE, "followed": False})
    assert (unfollowed.status, unfollowed.problem) == (422, "invalid-record")
    particulars = client.post(path, {"facts": CASE, "by": NURSE, "particulars": {"asked_for": 7}})
    assert (particulars.problem, particulars.codes) == ("invalid-record", ["IS741"])
    unknown = client.post(path, {"facts": CASE, "by": NURSE, "supersedes": "0198aaaa"})
    assert (unknown.status, unknown.codes) == (422, ["IS727"])
    with Ledger.open(ledger) as opened:
        assert list(opened.list()) == []


def test_a_record_is_superseded_once(ledger, served):
    client = served(ledger=ledger)
    path = "/v1/policies/cscp/records"
    first = client.post(path, {"facts": CASE, "by": NURSE}).json["record"]
    assert client.post(path, {"facts": CASE, "by": NURSE, "supersedes": first}).status == 201
    again = client.post(path, {"facts": CASE, "by": NURSE, "supersedes": first})
    assert (again.status, again.problem) == (409, "refused-by-the-ledger")


def test_without_a_ledger_nothing_is_recorded(cscp):
    assert cscp.post("/v1/policies/cscp/records", {"facts": CASE, "by": NURSE}).problem == "not-found"


def test_a_ledger_that_cannot_be_written_gives_no_receipt(ledger, served):
    with Ledger.open(ledger, read_only=True) as opened:
        answer = served(ledger=opened).post("/v1/policies/cscp/records", {"facts": CASE, "by": NURSE})
    assert (answer.status, answer.problem, answer.codes) == (503, "no-receipt", ["IS722"])


# --- what is told of it -----------------------------------------------------------------------------


def test_the_interface_is_described_and_what_is_answered_is_as_described(served, ledger):
    client = served(
        [CSCP, infoshare.load("infoshare:hmg-2024")], ledger=ledger, tokens=Tokens.of_text(f"a {TOKEN}")
    )
    client.headers["Authorization"] = f"Bearer {TOKEN}"
    described = client.get("/openapi.json").json
    assert described["openapi"] == "3.1.0"
    schemas = described["components"]["schemas"]

    def valid(path, answer):
        operation = described["paths"][path][
            "get" if not path.endswith(("decide", "questions", "records")) else "post"
        ]
        media = answer.headers["content-type"]
        schema = operation["responses"][str(answer.status)]["content"][media]["schema"]
        whole = {"$ref": schema["$ref"], "components": {"schemas": schemas}} if "$ref" in schema else schema
        Draft202012Validator(whole).validate(answer.json)

    for path in (
        "/healthz",
        "/readyz",
        "/v1/policies",
        "/v1/policies/cscp",
        "/v1/policies/cscp/facts",
        "/v1/policies/cscp/schema",
    ):
        valid(path, client.get(path))
    for body in ({"facts": CASE}, {"facts": {}}, {"facts": {"x": 1}}, {"fact": 1}):
        valid(DECIDE, client.post(DECIDE, body))
        valid(QUESTIONS, client.post(QUESTIONS, body))
    valid("/v1/policies/cscp/records", client.post("/v1/policies/cscp/records", {"facts": CASE, "by": NURSE}))
    request = {"$ref": "#/components/schemas/cscp_decide_request", "components": {"schemas": schemas}}
    assert Draft202012Validator(request).is_valid({"facts": CASE, "as_of": DAY})
    for wrong in ({}, {"facts": {"x": 1}}, {"facts": {}, "as-of": DAY}, {"facts": {}, "as_of": "22/11/2026"}):
        assert not Draft202012Validator(request).is_valid(wrong)
    text = json.dumps(described)
    names = {reference.partition('"')[0] for reference in text.split("#/components/schemas/")[1:]}
    assert names <= set(schemas)
    assert "#/$defs/" not in text
    assert described["security"] == [{"token": []}]


def test_an_id_of_a_request_comes_back_if_it_is_plain_and_else_one_is_made_up(cscp):
    assert cscp.get("/healthz", X_Request_ID="a-1.b_2").headers["x-request-id"] == "a-1.b_2"
    for wrong in ("a b", "x" * 200, "<script>", "a\tb", "é"):
        given = cscp.get("/healthz", X_Request_ID=wrong).headers["x-request-id"]
        assert len(given) == 32
        assert given != wrong


SECRET = "Zebedee-7391"


class Logged(logging.Handler):
    """Everything that was logged anywhere, as it would be written."""

    def __init__(self):
        super().__init__(0)
        self.lines = []

    def emit(self, record):
        self.lines.append(Lines().format(record))


@pytest.fixture
def logged():
    handler = Logged()
    root, service = logging.getLogger(), logging.getLogger("infoshare.service")
    before = root.level, service.level
    root.addHandler(handler)
    root.setLevel(0)
    service.setLevel(1)
    yield handler.lines
    root.removeHandler(handler)
    root.setLevel(before[0])
    service.setLevel(before[1])


def test_no_log_holds_anything_of_a_case(served, ledger, logged, monkeypatch):
    client = served([CSCP], ledger=ledger, tokens=Tokens.of_text(f"ward-7 {TOKEN}"))
    client.headers["Authorization"] = f"Bearer {TOKEN}"
    item = [{"name": SECRET, "necessary": True}]
    good, bad = (
        CASE | {"case": SECRET, "item": item},
        {"consent": {"status": SECRET}, SECRET: 1, "item": [*item, *item]},
    )
    for facts in (good, bad):
        client.post(DECIDE, {"facts": facts}, X_Request_ID="one", traceparent=f"00-{'a' * 32}-{'b' * 16}-01")
        client.post(DECIDE, {"facts": facts}, Accept="text/html")
        client.post(QUESTIONS, {"facts": facts})
        client.post(MANY, body=lines(facts), content_type="application/x-ndjson")
        client.post(
            "/v1/policies/cscp/records", {"facts": facts, "by": NURSE | {"name": SECRET}, "because": SECRET}
        )
    client.post(DECIDE, body=f'{{"{SECRET}": '.encode())
    client.get(f"/{SECRET}?{SECRET}={SECRET}", X_Request_ID=f"{SECRET} {SECRET}")
    client.post(f"/v1/policies/{SECRET}/decide", {"facts": good})
    client.ask(f"GET{SECRET}", "/v1/policies", Authorization=f"Bearer {SECRET}")

    def fail(policy, facts, **of):
        raise RuntimeError(f"something with {facts}")

    monkeypatch.setattr(infoshare.Policy, "decide", fail)
    answer = client.post(DECIDE, {"facts": good})
    assert (answer.status, answer.problem) == (500, "internal-fault")
    assert SECRET not in answer.text
    text = "\n".join(logged)
    assert SECRET not in text
    assert TOKEN not in text
    for outcome in infoshare.Outcome:
        assert f'"{outcome.value}"' not in text
    told = [json.loads(line) for line in logged if '"event": "request"' in line]
    assert len(told) == 15
    assert {key: told[0][key] for key in ("request", "trace", "method", "route", "status", "who", "policy", "digest")} == {
        "request": "one", "trace": "a" * 32, "method": "POST", "route": "/v1/policies/{name}/decide", "status": 200,
        "who": "ward-7", "policy": "cscp", "digest": CSCP.digest,
    }  # fmt: skip
    assert told[3]["cases"] == 1
    assert told[-1]["fault"].startswith("RuntimeError at test_service.py:")


@pytest.fixture
def spans(monkeypatch):
    """What is traced, in memory."""
    from opentelemetry import trace
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "get_tracer", provider.get_tracer)
    return exporter.get_finished_spans


def test_a_request_is_a_span_of_the_trace_that_it_names_and_holds_nothing_of_a_case(
    served, spans, monkeypatch
):
    client = served()
    facts = CASE | {"case": SECRET}
    client.post(DECIDE, {"facts": facts}, X_Request_ID="one", traceparent=f"00-{'a' * 32}-{'b' * 16}-01")
    client.post(MANY, body=lines(facts, facts), content_type="application/x-ndjson")
    client.get(f"/{SECRET}?{SECRET}={SECRET}", X_Request_ID=f"{SECRET} {SECRET}")
    client.ask(f"GET{SECRET}", "/v1/policies")

    def fail(policy, facts, **of):
        raise RuntimeError(f"something with {facts}")

    monkeypatch.setattr(infoshare.Policy, "decide", fail)
    client.post(DECIDE, {"facts": facts})
    decided, many, nowhere, _, failed = spans()
    assert (decided.name, decided.kind.name) == ("POST /v1/policies/{name}/decide", "SERVER")
    assert (f"{decided.context.trace_id:032x}", f"{decided.parent.span_id:016x}") == ("a" * 32, "b" * 16)
    assert dict(decided.attributes) == {
        "http.request.method": "POST",
        "http.route": "/v1/policies/{name}/decide",
        "http.response.status_code": 200,
        "infoshare.request": "one",
        "infoshare.policy": "cscp",
        "infoshare.digest": CSCP.digest,
    }
    assert many.attributes["infoshare.cases"] == 2
    assert nowhere.name == "GET"
    assert (failed.status.status_code.name, failed.attributes["http.response.status_code"]) == ("ERROR", 500)
    assert failed.attributes["error.type"].startswith("RuntimeError at ")
    assert SECRET not in "".join(span.to_json() for span in spans())


def test_it_can_be_mounted_in_another_application(cscp):
    from starlette.applications import Starlette
    from starlette.routing import Mount

    whole = Client(Starlette(routes=[Mount("/sharing", app=cscp.application)]))
    answer = whole.post("/sharing/v1/policies/cscp/decide", {"facts": CASE, "as_of": DAY})
    assert (answer.status, answer.json["outcome"]) == (200, "share")


def test_serving_without_the_extra_says_how_to_get_it(capsys, monkeypatch):
    monkeypatch.delitem(sys.modules, "infoshare.service.server", raising=False)
    monkeypatch.delattr("infoshare.service.server", raising=False)
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    assert main(["serve", "infoshare:cscp"]) == 2
    assert "infoshare[service]" in capsys.readouterr().err
