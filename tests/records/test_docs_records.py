"""The session on the page about keeping records is played from top to bottom."""

import json
import re
import shlex
import shutil
from pathlib import Path

from infoshare.cli import main
from infoshare.records.store.postgres import ROLES

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "how-to" / "keep-records.md").read_text("utf-8")
SESSION = re.findall(r"^\$ infoshare (.*)$", PAGE, re.MULTILINE)


def test_every_command_of_the_page_about_keeping_records_works_in_its_order(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for name in ("case1.json", "refused.json"):
        shutil.copy(ROOT / "examples" / name, tmp_path)
    assert {line.split()[1] for line in SESSION} == {
        "init", "add", "list", "log", "show", "export", "replay", "supersede", "verify", "hold", "erase", "keygen", "enrol",
    }  # fmt: skip
    record = None
    for line in SESSION:
        words = [record if word == "ID" else word for word in shlex.split(line)]
        assert main(words) == 0, (line, capsys.readouterr())
        out = capsys.readouterr().out
        if words[1] == "add":
            text = (
                Path(words[words.index("--receipt") + 1]).read_text("utf-8") if "--receipt" in words else out
            )
            record = json.loads(text)["record"]
    assert Path("for-the-family.html").read_text("utf-8").lower().startswith("<!doctype html>")
    assert (
        main(["record", "verify", "children.ledger", "--receipt", "receipt.json", "--receipt", "signed.json"])
        == 0
    )


def test_the_page_of_the_ledger_names_every_role():
    page = (ROOT / "docs" / "ledger.md").read_text("utf-8")
    assert set(re.findall(r"`(infoshare_\w+)`", page)) == set(ROLES)
