"""The pages in Debian's Chromium, against a service that is really served: see full_browser.cjs for what is done.

Run by .ci/full, with Node, and playwright-core and axe-core where NODE_PATH says:

    npm install --prefix FOLDER playwright-core axe-core && NODE_PATH=FOLDER/node_modules pytest tests/pages/full_browser.py

Screenshots are kept in the folder that INFOSHARE_SHOTS names, if it names one.
"""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from infoshare.records import Ledger, Practitioner

HERE = Path(__file__).parent


def test_three_cases_are_answered_by_keyboard_and_by_touch_without_script_and_axe_finds_nothing(tmp_path):
    where, shots = tmp_path / "a.ledger", os.environ.get("INFOSHARE_SHOTS") or str(tmp_path / "shots")
    Ledger.create(where).close()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    base = f"http://127.0.0.1:{port}/"
    arguments = ["serve", "infoshare:cscp", "--port", str(port), "--ledger", str(where), "--seconds", "60"]
    with (tmp_path / "log").open("wb") as log:
        served = subprocess.Popen([sys.executable, "-m", "infoshare", *arguments], stderr=log)
        try:
            _wait_for(f"{base}readyz")
            command = ["node", str(HERE / "full_browser.cjs"), base, shots]
            done = subprocess.run(command, capture_output=True, text=True, timeout=5400, check=False)
        finally:
            served.terminate()
            served.wait(60)
    assert done.returncode == 0, done.stdout + done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(each["way"], each["name"]) for each in told] == [
        *((way, name) for way in ("keyboard", "touch") for name in ("refused", "doubt", "agreed")),
        *(("light", name) for name in ("refused", "doubt")),
        ("dark", "refused"),
    ]
    with Ledger.open(where) as ledger:
        assert ledger.verify().holds
        auditor = Practitioner("A. Auditor", "auditor", "Council")
        kept = [each.id for each in ledger.list(by=auditor)]
    assert kept == [each["record"] for each in told]
    said = (tmp_path / "log").read_text("utf-8")
    for secret in ("GP letter", "M. Rose", "significant", "Hill School"):
        assert secret not in said


def _wait_for(address):
    for _ in range(300):
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - its own
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"{address} does not answer")
