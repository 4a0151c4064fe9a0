"""The PDF of a page: made by WeasyPrint where it is installed, which is told to fetch nothing; `.ci/full` makes a real one."""

import sqlite3
import sys
from contextlib import closing
from types import ModuleType

import pytest
from record_samples import NURSE, policy_of, refused

from infoshare.cli import main
from infoshare.records import Ledger, RecordError, page_pdf


class Writer:
    """Stands for WeasyPrint's `HTML`."""

    def __init__(self, *, string, url_fetcher):
        self.text, self.fetch = string, url_fetcher

    def write_pdf(self, *, pdf_variant):
        assert pdf_variant == "pdf/ua-1"  # tagged, for screen readers
        for url in ("https://example.org/", "file:///etc/passwd", "data:text/css,x"):
            with pytest.raises(ValueError, match="nothing is fetched"):
                self.fetch(url, timeout=1)
        return b"%PDF " + self.text.encode()


@pytest.fixture
def ledger(tmp_path):
    where = tmp_path / "a.ledger"
    with Ledger.create(where) as made:
        record = made.decide(policy_of(), refused(), by=NURSE).receipt.record
    return str(where), record


def entries(where):
    with closing(sqlite3.connect(where)) as connection:
        return connection.execute("SELECT count(*) FROM entry").fetchone()[0]


WHO = ("--by", "Robin Example", "--role", "nurse", "--organisation", "Northtown")


def test_a_page_becomes_a_pdf_and_nothing_is_fetched(monkeypatch):
    module = ModuleType("weasyprint")
    module.HTML = Writer
    monkeypatch.setitem(sys.modules, "weasyprint", module)
    assert page_pdf("<p>x</p>") == b"%PDF <p>x</p>"


def test_without_the_extra_the_message_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(RecordError) as raised:
        page_pdf("")
    (fault,) = raised.value.diagnostics
    assert fault.code == "IS702"
    assert fault.help == ('install it: pip install "infoshare[pdf]"',)


def test_without_pango_the_message_says_what_to_install_and_what_to_do_without():
    class Finder:
        def find_spec(self, name, *_):
            if name == "weasyprint":
                raise OSError("cannot load library 'libpango-1.0-0'")

    sys.modules.pop("weasyprint", None)
    sys.meta_path.insert(0, finder := Finder())
    try:
        with pytest.raises(RecordError) as raised:
            page_pdf("")
    finally:
        sys.meta_path.remove(finder)
    (fault,) = raised.value.diagnostics
    assert fault.code == "IS702"
    assert "Pango" in fault.message
    assert "browser" in fault.help[1]


def test_the_command_writes_a_pdf_to_a_file(ledger, tmp_path, monkeypatch, capsys):
    where, record = ledger
    module = ModuleType("weasyprint")
    module.HTML = Writer
    monkeypatch.setitem(sys.modules, "weasyprint", module)
    to = tmp_path / "record.pdf"
    assert main(["record", "export", where, record, *WHO, "--pdf", "-o", str(to)]) == 0
    assert to.read_bytes().startswith(b"%PDF <!doctype html>")


def test_a_pdf_that_cannot_be_written_is_no_consultation(ledger, monkeypatch, capsys):
    where, record = ledger
    before = entries(where)
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    assert main(["record", "export", where, record, *WHO, "--pdf", "-o", "x.pdf"]) != 0
    assert "IS702" in capsys.readouterr().err
    assert main(["record", "export", where, record, *WHO, "--pdf"]) == 2
    assert "-o FILE" in capsys.readouterr().err
    assert entries(where) == before
