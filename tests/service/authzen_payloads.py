"""The payloads of AuthZEN's certification, how each is sent, and what must come back; in a process and over HTTP alike."""

import json
from pathlib import Path

DATA = Path(__file__).parent.parent / "data"
POLICY, ENTITIES = DATA / "authzen.policy", DATA / "authzen-entities.json"
PAYLOADS = json.loads((DATA / "authzen-scenario.json").read_text("utf-8"))["payloads"]
TOKEN = "a-token-of-the-tests-that-is-long-enough"
TOKENS = f"tests {TOKEN}\n"
PATHS = {
    "Evaluation": "/access/v1/evaluation",
    "Evaluations": "/access/v1/evaluations",
    "SubjectSearch": "/access/v1/search/subject",
    "ResourceSearch": "/access/v1/search/resource",
    "ActionSearch": "/access/v1/search/action",
}
FAULTY = (  # what the suite calls payloads that are answered with 400
    "missing-", "-is-string", "-is-number", "reject-empty-body", "reject-malformed-json", "reject-top-level-array",
    "unknown-semantic-value",
)  # fmt: skip
ANSWERED = ("missing-subject-returns-decision-false", "missing-evaluations-array-backward-compat")


def path_of(payload):
    kind = payload["kind"]
    for suffix in ("Idempotency", "BackwardCompat"):
        kind = kind.removesuffix(suffix)
    return PATHS[kind.removeprefix("Paginated")]


def status_of(payload):
    """The status that must come back."""
    name = payload["name"]
    if "credentials-returns-401" in name:
        return 401
    if "reject-get-method" in name or "reject-put-method" in name:
        return 405
    if "reject-non-json-content-type" in name:
        return 415
    if any(part in name for part in FAULTY) and not name.endswith(ANSWERED):
        return 400
    return 200


def sent(payload):
    """The method, the body and the headers."""
    name, told = payload["name"], payload["payload"]
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {TOKEN}"}
    body = (told or "").encode()
    if "reject-malformed-json" in name:
        body = b'{"subject": {"type": "user", "id": "alice"'
    elif "reject-top-level-array" in name:
        body = b'[{"subject": {"type": "user", "id": "alice"}}]'
    elif "reject-non-json-content-type" in name:
        headers["Content-Type"] = "text/plain"
    elif "accept-content-type-with-charset" in name:
        headers["Content-Type"] = "application/json; charset=utf-8"
    elif "missing-credentials" in name:
        del headers["Authorization"]
    elif "invalid-credentials" in name:
        headers["Authorization"] += "x"
    elif "x-request-id-echoed" in name:
        headers["X-Request-ID"] = "bfe9eb29-ab87-4ca3-be83-a1d5d8305716"
    method = "GET" if "reject-get" in name else "PUT" if "reject-put" in name else "POST"
    return method, b"" if method == "GET" else body, headers


def check(payload, ask):
    """Sends a payload by `ask(method, path, body, headers)`, which gives status, headers and JSON, and looks at the answer."""
    method, body, headers = sent(payload)
    path = path_of(payload)
    status, given, told = ask(method, path, body, headers)
    assert status == status_of(payload), told
    if "X-Request-ID" in headers:
        assert given["x-request-id"] == headers["X-Request-ID"]
    if status != 200:
        assert given["content-type"] == "application/problem+json"
        assert told["status"] == status
        return
    assert given["content-type"] == "application/json"
    if payload["kind"].endswith("Idempotency"):
        assert ask(method, path, body, headers)[2] == told
    if payload["kind"].endswith("BackwardCompat"):
        assert told["decision"] is True
        assert "evaluations" not in told
        return
    expected = json.loads(payload["expected"])
    if "results" in expected:
        _check_search(payload, ask, told, expected["results"])
    elif "evaluations" in expected:
        assert [each["decision"] for each in told["evaluations"]] == [
            each["decision"] for each in expected["evaluations"]
        ]
    else:
        assert told["decision"] is expected["decision"]


def _check_search(payload, ask, told, expected):
    assert next(iter(told)) == "page"
    results, asked = list(told["results"]), json.loads(payload["payload"])
    if payload["kind"].startswith("Paginated"):
        assert len(results) == 1
    while told["page"]["next_token"]:
        assert told["page"]["next_token"]
        body = json.dumps({**asked, "page": {"limit": 1, "token": told["page"]["next_token"]}}).encode()
        status, _, told = ask("POST", path_of(payload), body, sent(payload)[2])
        assert status == 200
        results += told["results"]
    assert all(each in results for each in expected)
    if not expected:
        assert results == []
    assert len(results) == told["page"]["total"]
