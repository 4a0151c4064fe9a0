"""`infoshare record`: what it prints, its exit codes, and what it says to a mistake."""

import contextlib
import json
import shutil
import sqlite3

import pytest
from ledger_samples import NO, TEXT, URGENT, YES, tampered

from infoshare.cli import main
from infoshare.records import Receipt, verify_receipt

WHO = ("--by", "Robin Example", "--role", "school nurse", "--organisation", "Northtown School")
AS_OF = ("--as-of", "2026-11-22")


class Place:
    """A folder with a policy, cases and a ledger, and the command line in it."""

    def __init__(self, folder, capsys):
        self.folder, self.capsys = folder, capsys
        self.ledger, self.policy = str(folder / "a.ledger"), str(folder / "tiny.policy")
        (folder / "tiny.policy").write_bytes(TEXT)
        for name, facts in {"yes": YES, "no": NO, "urgent": URGENT}.items():
            (folder / f"{name}.json").write_text(json.dumps(facts), "utf-8")

    def __call__(self, command, *arguments, code=0):
        """Runs a command; what it printed and what it complained of."""
        assert main(["record", command, *map(str, arguments)]) == code, self.capsys.readouterr()
        return self.capsys.readouterr()

    def path(self, name):
        return str(self.folder / name)

    def add(self, case="yes", *options, code=0):
        """Adds a record; its receipt, and what was complained of."""
        out, err = self(
            "add", self.ledger, self.policy, self.path(f"{case}.json"), *WHO, *AS_OF, *options, code=code
        )
        return (Receipt.from_bytes(out.encode()) if out.startswith('{"checkpoint"') else out), err


@pytest.fixture
def place(tmp_path, capsys):
    made = Place(tmp_path, capsys)
    made("init", made.ledger, "--origin", "records.example.org/2026")
    return made


def test_init_makes_a_ledger_and_its_keys_and_says_what_each_is_for(tmp_path, capsys):
    place = Place(tmp_path, capsys)
    out, err = place("init", place.ledger)
    assert err == ""
    assert all(word in out for word in ("a.ledger", "case.key", "log.key.pub", "infoshare record add"))
    assert (tmp_path / "a.ledger.keys" / "log.key").exists()
    place("init", place.ledger, code=2)


def test_what_add_prints_is_a_receipt_that_verifies_away_from_the_ledger(place):
    receipt, err = place.add("urgent")
    assert "YES, you may share this" in err
    assert receipt.record in err
    (place.folder / "receipt.json").write_bytes(receipt.to_bytes() + b"\n")
    shutil.copy(place.path("a.ledger.keys/log.key.pub"), place.path("log.pub"))
    shutil.rmtree(place.path("a.ledger.keys"))
    (place.folder / "a.ledger").unlink()
    out, _ = place("verify", "--receipt", place.path("receipt.json"), "--public-key", place.path("log.pub"))
    assert f"verified: the log records.example.org/2026 holds record {receipt.record}" in out


def test_add_writes_the_receipt_to_a_file_and_prints_data(place):
    out, _ = place.add("no", "--receipt", place.path("r.json"), "--json")
    data = json.loads(out)
    assert data["decision"]["outcome"] == "withhold"
    assert json.loads((place.folder / "r.json").read_text("utf-8")) == data["receipt"]
    assert data["receipt"]["record"] == data["record"] and data["number"] == 0


def test_a_decision_not_followed_is_recorded_with_its_reason_and_not_without(place):
    _, err = place.add("no", "--followed", "no", code=2)
    assert "IS742" in err and "--because" in err
    receipt, _ = place.add("no", "--followed", "no", "--because", "She is in danger.")
    out, _ = place("show", place.ledger, receipt.record)
    assert "NOT FOLLOWED, because: She is in danger." in out
    assert "Robin Example, school nurse, Northtown School" in out
    assert "; verified" in out


def test_particulars_are_recorded_and_what_is_wrong_with_them_is_told(place):
    (place.folder / "told.json").write_text('{"familys_wishes": "They want to be rung first."}', "utf-8")
    receipt, _ = place.add("yes", "--particulars", place.path("told.json"))
    out, _ = place("show", place.ledger, receipt.record, "--json")
    assert json.loads(out)["wishes"]["family"] == "They want to be rung first."
    (place.folder / "told.json").write_text('{"familys_wish": "x"}', "utf-8")
    _, err = place.add("yes", "--particulars", place.path("told.json"), code=2)
    assert "told.json: familys_wish" in err
    (place.folder / "told.json").write_text('{"note": "x", "note": "y"}', "utf-8")
    place.add("yes", "--particulars", place.path("told.json"), code=2)


def test_keys_are_made_enrolled_used_and_revoked(place):
    key, public = place.path("rose.key"), place.path("rose.key.pub")
    out, _ = place("keygen", key, "--name", "rose@school.example", "--until", "2099-12-31")
    assert "rose@school.example+" in out
    _, err = place.add("yes", "--key", key, code=2)
    assert "IS734" in err and "infoshare record enrol" in err
    place("enrol", place.ledger, public, *WHO)
    receipt, _ = place.add("yes", "--key", key)
    out, _ = place("show", place.ledger, receipt.record)
    assert "signed by rose@school.example+" in out
    place("enrol", place.ledger, public, "--revoke", "--because", "It was lost.", *WHO)
    place.add("yes", "--key", key, code=2)
    out, err = place("verify", place.ledger)
    assert "verified: 1 record" in out and "warning[IS715]" in err


def test_a_list_names_nobody(place):
    place.add("yes")
    place.add("no", "--followed", "no", "--because", "She is in danger.")
    out, _ = place("list", place.ledger)
    assert "withhold (not followed)" in out and "school nurse" in out
    assert not any(name in out for name in ("Robin", "A. B.", "C. D.", "danger"))
    out, _ = place("list", place.ledger, "--json", "--last", "1")
    (line,) = out.splitlines()
    assert json.loads(line)["followed"] is False


def test_a_list_names_what_is_not_as_it_was_recorded_and_exits_with_seven(place):
    receipts = [place.add(case)[0] for case in ("yes", "no", "urgent")]
    tampered(place.ledger, "DELETE FROM content WHERE number = 1")
    out, err = place("list", place.ledger, code=7)
    assert [line[:36] for line in out.splitlines()[1:]] == [receipts[0].record, receipts[2].record]
    assert receipts[1].record in err and "IS723" in err and "left out: 1 entry" in err
    lines = [json.loads(line) for line in place("list", place.ledger, "--json", code=7).out.splitlines()]
    assert ["problem" in line for line in lines] == [False, True, False]
    assert "left out" not in place("list", place.ledger, "--json", code=7).err
    out, err = place("list", place.ledger, "--outcome", "seek_consent", code=7)
    assert out == "" and receipts[1].record in err


def test_what_nobody_erased_is_not_counted_as_erased(place):
    receipts = [place.add(case)[0] for case in ("yes", "no")]
    place("erase", place.ledger, receipts[0].record, "--because", "It was asked for.", *WHO)
    assert "2 records (1 erased)" in place("verify", place.ledger).out
    tampered(place.ledger, "DELETE FROM content WHERE number = 1")
    for quick in ([], ["--quick"]):
        out, err = place("verify", place.ledger, *quick, code=7)
        assert "2 records (1 erased)" in out and receipts[1].record in err


def test_a_list_is_narrowed(place):
    place.add("yes")
    place.add("no", "--followed", "no", "--because", "She is in danger.")
    assert place("list", place.ledger, "--not-followed").out.count("withhold") == 1
    assert place("list", place.ledger, "--outcome", "share").out.count("share") == 1
    assert "share" in place("list", place.ledger, "--case", "A. B.").out.splitlines()[1]
    assert place("list", place.ledger, "--on", "2001-01-01").out == "no records\n"
    place("list", place.ledger, "--on", "2001-01-01", "--since", "2001-01-01", code=2)
    place("list", place.ledger, "--on", "yesterday", code=2)
    place("list", place.ledger, "--outcome", "perhaps", code=2)


def test_who_looked_at_what_is_listed(place):
    receipt, _ = place.add("yes")
    place("show", place.ledger, receipt.record[:13], *WHO)
    place("list", place.ledger)
    out, err = place("log", place.ledger, *WHO)
    assert err == ""
    lines = out.splitlines()
    assert (
        lines[1].endswith(f"{receipt.record}  Robin Example, school nurse, Northtown School")
        and " show " in lines[1]
    )
    assert " list " in lines[2] and " all " in lines[2] and len(lines) == 4
    data = [
        json.loads(line) for line in place("log", place.ledger, receipt.record, "--json").out.splitlines()
    ]
    assert [each["how"] for each in data] == ["show", "log"]
    assert data[0]["by"]["role"] == "school nurse" and data[0]["record"] == receipt.record
    assert place("log", place.ledger, "--who", "nobody").out == "nobody looked\n"


def test_as_much_of_an_id_as_no_other_has_is_enough_and_several_are_named(place):
    receipt, _ = place.add("yes")
    out, _ = place("hold", place.ledger, receipt.record[:8], *WHO, "--because", "A review.")
    assert receipt.record in out
    other, _ = place.add("no")
    shared = receipt.record[:8]  # of about a minute
    assert other.record.startswith(shared)
    _, err = place("show", place.ledger, shared, code=2)
    assert "IS746" in err and receipt.record in err and other.record in err


def test_what_verifying_quickly_leaves_out_is_said_where_it_is_offered_and_where_it_was_done(place, capsys):
    assert main(["record", "verify", "--help"]) == 0
    offered = " ".join(capsys.readouterr().out.split())
    place.add("yes")
    said = " ".join(place("verify", place.ledger, "--quick").out.split())
    for words in ("the form of each record", "signatures of single entries and of older checkpoints"):
        assert words in offered and words in said
    assert "1 checkpoint;" in said
    assert json.loads(place("verify", place.ledger, "--quick", "--json").out)["left_out"]


def test_a_record_whose_envelope_cannot_be_given_is_said_to_be_recorded(place, monkeypatch):
    from infoshare.records import Ledger, RecordError

    def fails(*_, **__):
        raise RecordError.of("IS732", "nothing is shown")

    monkeypatch.setattr(Ledger, "receipt", fails)
    _, err = place.add("yes", "--envelope", code=8)
    assert "the decision is recorded as " in err and "do not record it again" in err
    assert place("list", place.ledger, "--json").out.count("\n") == 1


def test_an_empty_ledger_is_listed_and_verified(place):
    assert place("list", place.ledger).out == "no records\n"
    assert "verified: 0 records" in place("verify", place.ledger).out


def test_a_record_is_decided_again(place):
    receipt, _ = place.add("urgent")
    out, _ = place("replay", place.ledger, receipt.record)
    assert out == f"record {receipt.record}: decided again, and the same, byte for byte\n"
    out, _ = place("replay", place.ledger, receipt.record, "--json", *WHO)
    assert json.loads(out)["same"] is True


def test_a_record_that_is_not_decided_the_same_exits_with_seven_and_names_what_differs(place, monkeypatch):
    receipt, _ = place.add("no")
    from infoshare import Policy

    real = Policy.decide
    monkeypatch.setattr(Policy, "decide", lambda self, *_, **k: real(self, URGENT, as_of=k["as_of"]))
    out, err = place("replay", place.ledger, receipt.record, code=7)
    assert out == ""
    assert receipt.record in err and "IS729" in err and "`outcome`" in err


def test_what_was_altered_exits_with_seven_and_is_named(place):
    receipt, _ = place.add("yes")
    place.add("no")
    tampered(place.ledger, "UPDATE content SET body = zeroblob(99) WHERE number = 0")
    out, err = place("verify", place.ledger, code=7)
    assert out.startswith("DOES NOT VERIFY: 2 records")
    assert receipt.record in err and "IS723" in err
    data = json.loads(place("verify", place.ledger, "--json", code=7).out)
    assert data["verified"] is False and data["problems"][0]["code"] == "IS723"
    _, err = place("show", place.ledger, receipt.record, code=7)
    assert receipt.record in err
    place("replay", place.ledger, receipt.record, code=7)


def test_a_ledger_that_was_rolled_back_is_found_by_a_receipt(place):
    place.add("yes")
    shutil.copy(place.ledger, place.path("yesterday"))
    _receipt, _ = place.add("no", "--receipt", place.path("r.json"))
    shutil.copy(place.path("yesterday"), place.ledger)
    (place.folder / "a.ledger.keys" / "seen").unlink()
    assert "only by a receipt kept outside" in place("verify", place.ledger).out
    out, err = place("verify", place.ledger, "--receipt", place.path("r.json"), code=7)
    assert "DOES NOT VERIFY" in out and "IS725" in err


@pytest.mark.parametrize("change", [b'"index":0', b'"record":"0', b"records.example.org/2026"])
def test_a_receipt_that_was_changed_exits_with_seven_and_is_named(place, change):
    place.add("yes", "--receipt", place.path("r.json"))
    data = (place.folder / "r.json").read_bytes()
    (place.folder / "r.json").write_bytes(data.replace(change, change[:-1] + b"7"))
    public = place.path("a.ledger.keys/log.key.pub")
    out, err = place("verify", "--receipt", place.path("r.json"), "--public-key", public, code=7)
    assert "verified" not in out
    assert "r.json" in err


def test_erasing_holding_and_releasing(place):
    receipt, _ = place.add("yes")
    place("hold", place.ledger, receipt.record, *WHO, "--because", "A review.")
    _, err = place("erase", place.ledger, receipt.record, *WHO, "--because", "Too old.", code=8)
    assert "IS731" in err
    place("hold", place.ledger, receipt.record, *WHO, "--because", "It ended.", "--release")
    out, _ = place("erase", place.ledger, receipt.record, *WHO, "--because", "Too old.")
    assert "copies of the ledger made before still hold it" in out
    for command in ("show", "replay", "receipt"):
        _, err = place(command, place.ledger, receipt.record, code=8)
        assert "was erased at" in err and "Too old." in err
    assert "1 record (1 erased)" in place("verify", place.ledger).out


def test_a_record_is_superseded(place):
    receipt, _ = place.add("no")
    out, _ = place(
        "supersede", place.ledger, receipt.record, place.policy, place.path("urgent.json"), *WHO, *AS_OF
    )
    later = Receipt.from_bytes(out.encode())
    assert f"supersedes {receipt.record}" in place("show", place.ledger, later.record).out
    assert "superseded" in place("show", place.ledger, receipt.record).out.splitlines()[0]


def test_a_receipt_is_given_again_and_with_the_record_it_is_a_consultation(place):
    receipt, _ = place.add("yes")
    again = Receipt.from_bytes(place("receipt", place.ledger, receipt.record).out.encode())
    assert (again.record, again.leaf, again.envelope) == (receipt.record, receipt.leaf, None)
    place("receipt", place.ledger, receipt.record, "--envelope", "-o", place.path("full.json"))
    full = Receipt.from_bytes((place.folder / "full.json").read_bytes())
    assert full.envelope is not None
    with contextlib.closing(sqlite3.connect(place.ledger)) as db:
        assert db.execute("SELECT kind FROM entry").fetchall() == [("record",), ("consultation",)]
    from infoshare.records import read_keys

    proved = verify_receipt(full, read_keys(place.path("a.ledger.keys/log.key.pub")))
    assert proved.envelope_signed_by


def test_a_record_is_exported_whole_or_for_an_audience_as_json_or_as_a_page(place):
    receipt, _ = place.add("no")
    whole = json.loads(place("export", place.ledger, receipt.record).out)
    assert whole["id"] == receipt.record
    page = place("export", place.ledger, receipt.record, "--html").out
    assert page.lower().startswith("<!doctype html>") and receipt.record in page
    for audience in ("practitioner", "information_governance", "family"):
        data = json.loads(place("export", place.ledger, receipt.record, "--for", audience, *WHO).out)
        assert data["audience"] == audience
        page = f"{audience}.html"
        place("export", place.ledger, receipt.record, "--for", audience, "--html", "-o", place.path(page))
        assert "<html" in (place.folder / page).read_text("utf-8")
    place("export", place.ledger, receipt.record, "--for", "neighbours", code=2)


def test_what_is_wrong_with_policy_case_or_ledger_has_the_exit_codes_of_every_command(place):
    (place.folder / "bad.policy").write_text("infoshare 1\npolicy", "utf-8")
    (place.folder / "bad.json").write_text('{"q": {"agred": true}}', "utf-8")
    yes = place.path("yes.json")
    place("add", place.ledger, place.path("bad.policy"), yes, *WHO, code=3)
    place("add", place.ledger, place.path("none.policy"), yes, *WHO, code=2)
    place("add", place.ledger, place.policy, place.path("bad.json"), *WHO, code=4)
    place("add", place.ledger, place.policy, place.path("none.json"), *WHO, code=2)
    place("add", place.path("none.ledger"), place.policy, yes, *WHO, code=2)
    place("add", place.ledger, place.policy, yes, "--by", "Robin", code=2)
    place("show", place.ledger, "019aac1e-8d3a-7c52-9b6e-4f1d2a3b5c6d", code=2)
    place("show", place.ledger, "x", "--by", "Robin", code=2)
    place("verify", code=2)
    place("verify", place.ledger, "--receipt", place.path("none.json"), code=2)
    place("list", place.ledger, "--last", "0", code=2)
    assert "0 records" in place("verify", place.ledger).out


def test_a_ledger_that_somebody_else_writes_to_or_may_not_grow_exits_with_eight(place, monkeypatch):
    receipt, _ = place.add("yes")
    from infoshare.records import Ledger

    real = Ledger.open.__func__
    monkeypatch.setattr(
        Ledger, "open", classmethod(lambda cls, *a, **k: real(cls, *a, **{**k, "read_only": True}))
    )
    out, err = place.add("yes", code=8)
    assert out == ""
    assert "YES, you may share this" in err  # the decision is as good as before
    assert "IS722" in err and "nothing was recorded" in err
    _, err = place("show", place.ledger, receipt.record, code=8)
    assert "IS732" in err


def test_what_was_typed_is_never_printed_raw(place):
    _, err = place("show", place.ledger, "\x1b[2J", code=2)
    assert "\x1b" not in err
    _, err = place("verify", place.path("\x1b[2J.ledger"), code=2)
    assert "\x1b" not in err


@pytest.mark.parametrize("command", ["init", "keygen", "enrol", "add", "show", "list", "log", "verify", "receipt",
                                     "replay", "supersede", "erase", "hold", "export"])  # fmt: skip
def test_every_command_has_help_with_its_exit_codes(command, capsys):
    assert main(["record", command, "--help"]) == 0
    out = capsys.readouterr().out
    assert "  7    a record, a receipt or a ledger that does not verify" in out
    assert "  8    " in out and "  130  interrupted" in out


def test_the_extra_that_is_missing_is_named(place, monkeypatch):
    import sys

    for name in list(sys.modules):
        if name.startswith("cryptography"):
            monkeypatch.setitem(sys.modules, name, None)
    _, err = place.add("yes", code=2)
    assert 'pip install "infoshare[records]"' in err
