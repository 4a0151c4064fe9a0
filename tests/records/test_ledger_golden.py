"""Ledgers of every earlier format still verify, and their records are decided again.

`golden_ledger.py` tells how they were made. A ledger that is here is never made anew: what changes is the program.
"""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from ledger_samples import AT, LEAD, opened, ticking

from infoshare.records import Receipt, RecordError, read_keys, verify_receipt
from infoshare.records.body.model import read_body

DATA = Path(__file__).parent.parent / "data"
FORMATS = sorted(path.name for path in DATA.glob("ledger-*"))


@pytest.fixture(params=FORMATS)
def golden(request, tmp_path):
    """A copy of a ledger of an earlier format, its keys as they must lie, and its receipts."""
    folder = shutil.copytree(DATA / request.param, tmp_path / request.param)
    keys = folder / "a.ledger.keys"
    keys.chmod(0o700)
    for name in ("log.key", "case.key"):
        (keys / name).chmod(0o600)
    receipts = [Receipt.from_bytes(line) for line in (folder / "receipts.ndjson").read_bytes().splitlines()]
    with opened(folder / "a.ledger", clock=ticking(AT + timedelta(days=400))) as ledger:
        yield ledger, receipts


def test_there_is_one_of_every_format():
    assert FORMATS == ["ledger-1", "ledger-1-must"]


def test_it_verifies_with_every_receipt_that_was_given(golden):
    ledger, receipts = golden
    found = ledger.verify(receipts=receipts)
    assert found.problems == ()
    assert found.counts == (
        {"record": 6, "key": 1, "hold": 1, "erasure": 1, "consultation": 1, "erased": 1}
        if len(receipts) == 6
        else {"record": 15}
    )


def test_its_receipts_verify_away_from_it(golden):
    ledger, receipts = golden
    keys = read_keys(ledger.keys.path / "log.key.pub")
    assert [verify_receipt(receipt, keys).index for receipt in receipts] in ([0, 1, 2, 4, 5, 6], [*range(15)])


def test_its_records_are_read_and_decided_again(golden):
    ledger, receipts = golden
    for receipt in receipts:
        if (len(receipts), receipt.index) == (6, 2):
            with pytest.raises(RecordError) as error:
                ledger.show(receipt.record, by=LEAD)
            assert error.value.diagnostics[0].code == "IS730"
            continue
        read_body(ledger.show(receipt.record, by=LEAD).body)
        assert ledger.replay(receipt.record, by=LEAD).problems == ()


def test_it_goes_on(golden):
    ledger, receipts = golden
    ledger.hold(receipts[3].record, by=LEAD, because="A case review began.")
    assert ledger.verify(receipts=receipts).holds


@pytest.mark.parametrize("golden", ["ledger-1-must"], indirect=True)
def test_what_is_decided_otherwise_on_purpose_is_amended_and_nothing_else(golden):
    """Conflicts, and outcomes that are open beside a must, lose it; a must that decided stays."""
    ledger, receipts = golden
    amended = {}
    for receipt in receipts:
        again = ledger.replay(receipt.record, by=LEAD)
        assert again.holds
        amended[ledger.show(receipt.record, by=LEAD).body["case"]] = [each.key for each in again.amended]
    assert {case: keys for case, keys in amended.items() if keys} == {
        "conflict": ["mandatory"],
        "conflict, one of three says must": ["mandatory"],
        "share or conflict": ["mandatory", "questions"],
        "withhold or conflict": ["mandatory", "questions"],
        "nothing is known": ["questions"],
        "court-order-forbids": ["mandatory"],
    }
