"""The service as it runs: over HTTP, with real sockets, processes and signals. Run by `.ci/full`; minutes.

INFOSHARE_SERVICE_SECONDS is how long requests are mixed for (600).
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from authzen_payloads import ENTITIES, PAYLOADS, POLICY, TOKEN, TOKENS, check
from running import DECIDE, PATIENCE, Running

from infoshare.records import Ledger, Receipt, verify_receipt

ROOT = Path(__file__).parent.parent.parent
EXAMPLES = ROOT / "examples"
CASE = json.loads((EXAMPLES / "refused.json").read_text("utf-8"))
NURSE = {"name": "Robin Example", "role": "school nurse", "organisation": "Northtown School"}
SECONDS = float(os.environ.get("INFOSHARE_SERVICE_SECONDS", "600"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("service")


@pytest.fixture(scope="module")
def tokens(folder):
    path = folder / "tokens"
    path.write_text(TOKENS, "utf-8")
    path.chmod(0o600)
    return path


@pytest.fixture(scope="module")
def authzen(folder, tokens):
    with Running(folder, POLICY, "--tokens", tokens, "--authzen-entities", ENTITIES) as running:
        yield running


@pytest.fixture(scope="module")
def cscp(folder):
    with Running(folder, "infoshare:cscp") as running:
        yield running


# --- AuthZEN ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("payload", PAYLOADS, ids=lambda payload: payload["name"])
def test_a_payload_of_the_certification_is_answered_over_http_as_it_must_be(payload, authzen):
    def ask(method, path, body, headers):
        status, given, told = authzen.ask(method, path, body, headers)
        return status, given, json.loads(told)

    check(payload, ask)


def test_the_metadata_say_where_they_were_asked(authzen):
    status, _, told = authzen.ask("GET", "/.well-known/authzen-configuration")
    assert status == 200
    assert json.loads(told)["access_evaluation_endpoint"] == f"{authzen.base}/access/v1/evaluation"


# --- what is described ------------------------------------------------------------------------------


PEOPLE = """infoshare 1
policy people "Every kind of fact, and lists of people and rows, in few clauses"
facts about child "the child"
  harm "harm" : one of none "no harm", serious "serious harm"
  age "the age" : number of years from 0 to 18
  since "the day" : date
  signs "signs" : some of bruises "bruises", fear "fear"
  said "what was said" : text
  barred "a law forbids it" : yes or no  unanswered means no
facts about each person "who is in this"
  suspected "they are suspected" : yes or no
facts about each item "what would be shared"
  about "whom it is about" : some person
  told_by "who told it" : one person
  accurate "it is accurate" : yes or no
facts about each recipient "with whom"
  who "who they are" : one person
rule protect "A child in danger is protected."
  share
  when child.harm is serious or (child.age < 8 and child.signs includes fear) or child.since < 2020-01-01
override law "What a law forbids is not shared."
  withhold
  prevails over protect
  when child.barred
safeguard right "It is accurate."
  for each item
  require item.accurate
  otherwise "Put it right first."
"""


@pytest.mark.parametrize(
    ("policies", "examples"),
    [(["infoshare:cscp"], 3), (["people.policy"], 40), ([POLICY], 40)],
    ids=["a shipped policy", "people and rows", "AuthZEN"],
)
def test_schemathesis_finds_nothing(policies, examples, folder, tokens, tmp_path):
    ledger = tmp_path / "a.ledger"
    Ledger.create(ledger).close()
    (tmp_path / "people.policy").write_text(PEOPLE, "utf-8")
    policies = [tmp_path / each if each == "people.policy" else each for each in policies]
    options = ["--tokens", tokens, "--ledger", ledger, "--authzen-entities", ENTITIES, "--seconds", "120"]
    with Running(folder, *policies, *options) as running:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "schemathesis.cli"), "run", f"{running.base}/openapi.json",
                *("--header", f"Authorization: Bearer {TOKEN}"), "--checks", "all", "--max-examples", str(examples),
                *("--seed", "7", "--workers", "1", "--request-timeout", "150", "--no-color"),
            ],
            capture_output=True, text=True, check=False, cwd=Path(__file__).parent,
            env=os.environ | {"SCHEMATHESIS_HOOKS": "schemathesis_hooks"},
        )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


# --- clients ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "program", [[sys.executable, "client.py"], ["node", "client.mjs"]], ids=["Python", "JavaScript"]
)
def test_a_client_of_the_examples_gets_a_decision_and_everything_that_is_wrong(program, cscp, tmp_path):
    run, script = program
    command = [shutil.which(run) or run, str(EXAMPLES / script), cscp.base, "cscp"]
    good = subprocess.run(
        [*command, str(EXAMPLES / "refused.json")], capture_output=True, text=True, check=True
    )
    assert good.stdout.startswith("share\n")
    assert "counselling notes for Children's Social Care is held back" in good.stdout
    bad = tmp_path / "bad.json"
    bad.write_text('{"consent": {"status": "refusd"}, "x": 1}', "utf-8")
    done = subprocess.run([*command, str(bad)], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "consent.status: " in done.stdout
    assert "\nx: " in done.stdout


# --- bodies that are not as they should be ------------------------------------------------------------

HEAD = b"POST /v1/policies/cscp/decide HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"


def statuses(answer):
    return [line.split()[1] for line in answer.split(b"\r\n") if line.startswith(b"HTTP/1.1 ")]


def test_a_huge_body_is_refused_before_it_came(cscp):
    begun = time.monotonic()
    assert statuses(cscp.raw(HEAD + b"Content-Length: 100000000\r\n\r\n" + b" " * 65536)) == [b"413"]
    chunk = b"10000\r\n" + b" " * 65536 + b"\r\n"
    assert statuses(cscp.raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", *[chunk] * 64))[:1] == [b"413"]
    assert time.monotonic() - begun < PATIENCE


def test_a_huge_head_is_refused_whether_or_not_it_ends(cscp):
    assert statuses(cscp.raw(HEAD + b"X: " + b"x" * 100_000 + b"\r\n\r\n")) == [b"400"]
    assert statuses(cscp.raw(HEAD, *[b"X: " + b"x" * 1000 + b"\r\n"] * 100)) == [b"400"]
    assert statuses(cscp.raw(b"GET /" + b"x" * 100_000)) == [b"400"]


def test_a_deep_body_is_refused_at_once(cscp):
    status, _, told = cscp.ask("POST", "/v1/policies/cscp/decide", b'{"facts": ' + b"[" * 900_000, DECIDE)
    assert (status, json.loads(told)["diagnostics"][0]["code"]) == (400, "IS409")


def test_bodies_and_heads_that_come_slowly_or_not_at_all_are_given_up_and_others_answered_meanwhile(cscp):
    with ThreadPoolExecutor(40) as pool:
        never_ends = [pool.submit(cscp.raw, HEAD + b'Content-Length: 100\r\n\r\n{"facts"') for _ in range(10)]
        slow = [
            pool.submit(cscp.raw, HEAD + b"Content-Length: 1000\r\n\r\n", *[b" "] * 40, between=0.5)
            for _ in range(10)
        ]
        heads = [pool.submit(cscp.raw, *[b"X"] * 40, between=0.5) for _ in range(10)]
        nothing = [pool.submit(cscp.raw) for _ in range(5)]
        for _ in range(20):
            assert cscp.decide("cscp", CASE)[0] == 200
            time.sleep(0.2)
        assert {tuple(statuses(each.result())) for each in never_ends + slow} == {(b"408",)}
        assert all(not statuses(each.result()) for each in nothing)
        assert all(set(statuses(each.result())) <= {b"400"} for each in heads)


# --- stopping -----------------------------------------------------------------------------------------


def test_what_was_begun_is_answered_when_it_is_told_to_stop(folder, tmp_path):
    (tmp_path / "people.policy").write_text(PEOPLE, "utf-8")
    with Running(folder, tmp_path / "people.policy") as running:
        lines = b"".join(json.dumps({"child": {"harm": "serious"}}).encode() + b"\n" for _ in range(3000))
        with ThreadPoolExecutor(1) as pool:
            asked = pool.submit(
                running.ask,
                "POST",
                "/v1/policies/people/decide-many",
                lines,
                {"Content-Type": "application/x-ndjson"},
            )
            while b"\n" not in lines or not asked.running():
                time.sleep(0.01)
            time.sleep(0.3)
            running.process.send_signal(signal.SIGTERM)
            status, _, told = asked.result()
        assert running.process.wait(PATIENCE) == 0
    assert status == 200
    answered = [json.loads(line) for line in told.splitlines()]
    assert len(answered) == 3000
    assert {each["format"] for each in answered} == {"infoshare.decision/1"}


def test_a_worker_that_is_killed_is_replaced(folder):
    with Running(folder, "infoshare:cscp", "--workers", "2") as running:
        before = set(running.workers)
        os.kill(min(before), signal.SIGKILL)
        until = time.monotonic() + PATIENCE
        while len(set(running.workers) - {min(before)}) < 2:
            assert time.monotonic() < until
            time.sleep(0.1)
        assert running.decide("cscp", CASE)[0] == 200
    assert running.process.returncode == 0


# --- recording ----------------------------------------------------------------------------------------


def test_no_receipt_that_was_answered_is_lost_when_workers_are_killed_while_they_record(folder, tmp_path):
    ledger = tmp_path / "a.ledger"
    with Ledger.create(ledger) as made:
        keys = made.public_keys
    receipts, refused, stop = [], [], threading.Event()

    def record(number):
        while not stop.is_set():
            body = json.dumps({"facts": CASE | {"case": f"case {number}"}, "by": NURSE}).encode()
            try:
                status, _, told = running.ask("POST", "/v1/policies/cscp/records", body, DECIDE)
            except OSError:
                continue  # the worker was killed, and nothing was answered
            if status == 201:
                receipts.append(json.loads(told)["receipt"])
            else:
                refused.append((status, told))

    service = Running(folder, "infoshare:cscp", "--workers", "2", "--ledger", ledger)
    with service as running, ThreadPoolExecutor(4) as pool:
        for number in range(4):
            pool.submit(record, number)
        chosen = random.Random(7)
        try:
            for _ in range(8):
                enough = len(receipts) + 5
                until = time.monotonic() + PATIENCE
                while len(receipts) < enough and time.monotonic() < until:
                    time.sleep(0.02)
                time.sleep(chosen.random() / 5)
                os.kill(chosen.choice(running.workers), signal.SIGKILL)
        finally:
            stop.set()
    assert len(receipts) >= 40
    assert {status for status, _ in refused} <= {503}
    with Ledger.open(ledger) as opened:
        assert opened.verify().holds
        kept = {each.id for each in opened.list()}
    for receipt in receipts:
        read = Receipt.from_bytes(receipt.encode())
        verify_receipt(read, keys)
        assert read.record in kept


# --- for a long time ------------------------------------------------------------------------------------


def mixed(chosen):
    """A request, good or bad: method, path, body, headers, and the statuses that may come back."""
    lists = [
        {"name": str(number), "necessary": chosen.random() < 0.5} for number in range(chosen.randrange(8))
    ]
    answers = [
        CASE,
        {},
        CASE | {"item": lists},
        {"consent": {"status": chosen.choice(["given", "refused", "withdrawn"])}},
    ]
    facts = chosen.choice(answers)
    wrong = chosen.choice([{"x": 1}, {"consent": {"status": 7}}, {"item": [{}]}, {"consent": []}])
    path = "/v1/policies/cscp"
    many = b"".join(json.dumps(each).encode() + b"\n" for each in (facts, wrong, facts))
    return chosen.choice([
        ("POST", path + "/decide", json.dumps({"facts": facts}).encode(), DECIDE, {200}),
        ("POST", path + "/decide", json.dumps({"facts": facts, "full": True}).encode(), DECIDE | {"Accept": "text/html"}, {200}),
        ("POST", path + "/decide", json.dumps({"facts": facts, "presume": False}).encode(), DECIDE, {200}),
        ("POST", path + "/questions", json.dumps({"facts": facts}).encode(), DECIDE, {200}),
        ("POST", path + "/decide-many", many, {"Content-Type": "application/x-ndjson"}, {200, 503}),
        ("POST", path + "/decide", json.dumps({"facts": wrong}).encode(), DECIDE, {422}),
        ("POST", path + "/decide", json.dumps({"fact": facts}).encode(), DECIDE, {400}),
        ("POST", path + "/decide", chosen.randbytes(chosen.randrange(1, 3000)), DECIDE, {400}),
        ("POST", path + "/decide", b"[" * chosen.randrange(1, 100_000), DECIDE, {400}),
        ("POST", path + "/decide", b" " * 1_100_000, DECIDE, {413}),
        ("POST", path + "/decide", b"{}", {}, {415}),
        ("DELETE", path + "/decide", b"", {}, {405}),
        ("GET", f"/v1/policies/{chosen.randrange(10**9)}", b"", {}, {404}),
        ("GET", path + "/facts", b"", {}, {200}),
        ("GET", "/openapi.json", b"", {}, {200}),
        ("GET", "/healthz", b"", {}, {200}),
    ])  # fmt: skip


def test_mixed_requests_for_a_long_time_leave_memory_flat_and_never_give_500(folder, capsys):
    stop, count, wrong = threading.Event(), [0], []

    def ask(seed):
        chosen = random.Random(seed)
        while not stop.is_set():
            method, path, body, headers, expected = mixed(chosen)
            try:
                status, _, told = running.ask(method, path, body, headers)
            except ConnectionError:
                assert expected == {413}, (
                    path
                )  # the answer was given before all was sent, and the rest not taken
                continue
            if status not in expected:
                wrong.append((method, path, body[:200], status, told[:500]))
            count[0] += 1

    with Running(folder, "infoshare:cscp", "--workers", "2") as running:
        with ThreadPoolExecutor(4) as pool:
            asking = [pool.submit(ask, seed) for seed in range(4)]
            try:
                time.sleep(SECONDS / 4)
                early = running.memory
                time.sleep(SECONDS * 3 / 4)
                late = running.memory
            finally:
                stop.set()
        for each in asking:
            each.result()
        log = running.log.read_text("utf-8")
    with capsys.disabled():
        print(
            f"\n{count[0]} requests in {SECONDS:g} s; {early:.1f} MB after a quarter, {late:.1f} MB at the end"
        )
    assert wrong == []
    assert '"status": 500' not in log
    assert "fault" not in log
    assert "counselling" not in log
    assert late < early * 1.1 + 4
