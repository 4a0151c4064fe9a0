"""Makes the ledger in tests/data/ledger-1-must, as version 0.1.0 wrote it before `mandatory` spoke of the outcome alone.

    PYTHONPATH=src python tests/records/golden_ledger_with_must.py FOLDER

Run once, kept for ever, as `golden_ledger` is. It holds what a later version means to decide otherwise, and real cases of
policies that come with the package: `must` in conflicts, where outcomes are open, assumptions, items and recipients.
"""

import json
import sys
from datetime import timedelta
from pathlib import Path

from golden_ledger import ids, lasting
from ledger_samples import AT, DAY, NURSE, created, ticking

import infoshare
from infoshare.casefile import format_of, read_case

CLASH = b"""\
infoshare 1
policy clash "Clauses that disagree"
facts about q "the request"
  owed "a report is owed" : yes or no
  sealed "a court sealed it" : yes or no
  agreed "the family agrees" : yes or no
  feared "somebody is feared" : yes or no unanswered means no
rule report "What is owed is reported."
  must share
  when q.owed
rule seal "What a court sealed is kept."
  must withhold
  when q.sealed
consent agreement "What the family agrees to is shared."
  share
  when q.agreed
rule fear "Where somebody is feared nothing is said."
  withhold
  when q.feared
"""
CASES = {
    "conflict": {"owed": True, "sealed": True, "agreed": False},
    "conflict, one of three says must": {"owed": True, "sealed": False, "agreed": True, "feared": True},
    "share or conflict": {"owed": True, "agreed": True, "sealed": "unsure"},
    "withhold or conflict": {"owed": "unsure", "agreed": False, "sealed": True},
    "nothing is known": {},
    "must share": {"owed": True, "sealed": False, "agreed": True},
    "share": {"owed": False, "sealed": False, "agreed": True},
    "silence": {"owed": False, "sealed": False, "agreed": False},
}
SHIPPED = {
    "cscp": ["several-recipients.json", "missing-answers.toml", "refused.json"],
    "hmg-2024": ["in-doubt.json", "not-settled.json", "court-order-forbids.json"],
    "england-2026": ["duty-of-2026.json"],
}
EXAMPLES = Path(__file__).parent.parent.parent / "examples"


def make(folder):
    folder.mkdir(parents=True)
    path, made = folder / "a.ledger", ids()
    clash = infoshare.load_sources({"clash.policy": CLASH}, main="clash.policy")
    receipts = []
    with created(path, clock=ticking(AT, timedelta(seconds=10)), ids=lambda _: next(made)) as ledger:
        for name, facts in CASES.items():
            receipts.append(ledger.decide(clash, {"case": name, "q": facts}, by=NURSE, as_of=DAY).receipt)
        for name, files in SHIPPED.items():
            policy = infoshare.load(f"infoshare:{name}")
            for file in files:
                facts, _ = read_case((EXAMPLES / file).read_bytes(), file, format_of(file))
                receipts.append(ledger.decide(policy, facts, by=NURSE, as_of=DAY).receipt)
    (folder / "receipts.ndjson").write_bytes(b"".join(receipt.to_bytes() + b"\n" for receipt in receipts))
    lasting(path)
    print(json.dumps({"entries": len(receipts), "size": path.stat().st_size}))


if __name__ == "__main__":
    make(Path(sys.argv[1]))
