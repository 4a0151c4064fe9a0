"""A client of `infoshare serve` in the standard library alone: asks for a decision, and says what came of it.

    infoshare serve infoshare:cscp
    python examples/client.py http://127.0.0.1:8080 cscp examples/refused.json

The token, where one is needed, is read from the environment, INFOSHARE_TOKEN: an argument would be seen by everybody on
the machine. What is sent and answered is about a child: use https for anything but this computer.
"""

import json
import os
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

SECONDS = 15


class Refused(Exception):  # noqa: N818 - says what happened
    """What the service did not answer, and everything that is wrong: `problem` is as RFC 9457 has it."""

    def __init__(self, problem: dict[str, Any]) -> None:
        super().__init__(problem.get("detail", "the service did not answer"))
        self.problem = problem


def decide(base: str, policy: str, facts: dict[str, Any], *, token: str | None = None) -> dict[str, Any]:
    """The decision of a case.

    Raises:
        Refused: the case cannot be decided as it stands, or the service does not decide now.
        OSError: the service cannot be reached.
    """
    body = json.dumps({"facts": facts}).encode()
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    request = urllib.request.Request(f"{base}/v1/policies/{policy}/decide", body, headers)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
            return dict(json.load(answer))
    except urllib.error.HTTPError as error:
        if error.headers.get_content_type() == "application/problem+json":
            raise Refused(json.load(error)) from None
        raise


def main(base: str, policy: str, case: str) -> int:
    """Prints the outcome, what may go to whom, and what to ask; returns the exit code."""
    facts = json.loads(Path(case).read_text("utf-8"))
    try:
        decision = decide(base, policy, facts, token=os.environ.get("INFOSHARE_TOKEN"))
    except Refused as refused:
        print(
            refused,
            *(f"{each['path']}: {each['message']}" for each in refused.problem.get("diagnostics", [])),
            sep="\n",
        )
        return 1
    print(decision["outcome"])
    for row in decision["disclosures"]:
        may = {True: "may go", False: "is held back", None: "is open"}[row["release"]]
        print(f"  {row['item'] or 'everything'} for {row['recipient'] or 'everybody'} {may}")
    for question in decision["questions"]:
        print(f"  ask: {question['ask']}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
