"""A real PDF, by WeasyPrint: needs the extra `pdf`, Pango, and pypdf to read it again; run by `.ci/full`."""

from io import BytesIO

from pypdf import PdfReader
from record_samples import NURSE, policy_of, refused

from infoshare.cli import main
from infoshare.records import Ledger

WHO = ("--by", "Robin Example", "--role", "nurse", "--organisation", "Northtown")


def test_the_pdf_of_a_record_says_what_the_page_says(tmp_path):
    where, to = tmp_path / "a.ledger", tmp_path / "record.pdf"
    with Ledger.create(where) as ledger:
        recorded = ledger.decide(policy_of(), refused(), by=NURSE)
    record, decision = recorded.receipt.record, recorded.decision
    assert main(["record", "export", str(where), record, *WHO, "--pdf", "-o", str(to)]) == 0
    pdf = PdfReader(BytesIO(to.read_bytes()))
    said = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
    for clause in decision.fired:
        assert clause.statement in said
    for text in (record, NURSE.name, NURSE.organisation, decision.policy.digest.partition(":")[2][:16]):
        assert text in said
    assert pdf.metadata is not None and pdf.metadata.title
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and "/StructTreeRoot" in root and root["/Lang"].startswith("en")
