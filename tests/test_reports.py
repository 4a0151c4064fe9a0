"""Findings for machines: JSON, GitHub's workflow commands, and SARIF held against its own schema."""

import json
import re
from urllib.parse import unquote

import pytest
from jsonschema import Draft7Validator

from infoshare.codes import CODES
from infoshare.diagnostic import Diagnostic, Label, Severity
from infoshare.reports import as_github, as_json, as_sarif
from infoshare.text import Source, Span
from pages import CODE_PAGES, ROOT, play, read_page

SCHEMA = json.loads((ROOT / "tests" / "data" / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
POLICY = Source("local/my policy.policy", "infoshare 1\n\nconsent agreed “A.”\n  share\n")
OTHER = Source("infoshare:vocabulary", "infoshare 1\n")


def label(source, words, text=""):
    start = source.text.index(words)
    return Label(Span(source, start, start + len(words)), text)


ERROR = Diagnostic(
    "IS206",
    "two declarations are named `agreed`",
    (label(POLICY, "agreed", "again"), label(OTHER, "infoshare", "first")),
    ("a", "b"),
)
WARNING = Diagnostic(
    "IS216", "100% of it, says: this\r\nand that", (label(POLICY, "share"),), severity=Severity.WARNING
)
OF_A_CASE = Diagnostic(
    "IS402", "expected a date, found text", help=("write it so",), path='item["GP letter"].recorded_on'
)
AT_THE_END = Diagnostic("IS102", "ends", (Label(Span(POLICY, len(POLICY.text), len(POLICY.text))),))
LINES = Diagnostic("IS104", "not closed", (label(POLICY, "agreed “A.”\n  share"),))
ALL = (ERROR, WARNING, OF_A_CASE, AT_THE_END, LINES)


def test_the_schema_is_the_one_of_sarif_2_1_0():
    assert SCHEMA["title"].startswith("Static Analysis Results Format (SARIF) Version 2.1.0")
    Draft7Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("diagnostics", [(), *[(each,) for each in ALL], ALL])
def test_sarif_is_valid(diagnostics):
    log = json.loads(json.dumps(as_sarif(diagnostics)))
    assert [error.message for error in Draft7Validator(SCHEMA).iter_errors(log)] == []


@pytest.mark.parametrize("code", [code for code in CODES if re.match("IS[123478]", code)])
def test_sarif_json_and_github_hold_for_the_example_of_every_code(code, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found, _ = play(read_page(CODE_PAGES / f"{code}.md").section("Example"), tmp_path)
    assert [error.message for error in Draft7Validator(SCHEMA).iter_errors(as_sarif(found))] == []
    assert {result["ruleId"] for result in as_sarif(found)["runs"][0]["results"]} == {code}
    assert [each["code"] for each in as_json(found)["diagnostics"]] == [
        diagnostic.code for diagnostic in found
    ]
    assert all(
        re.fullmatch(r"::(error|warning) title=[^:,]*(,[a-zA-Z]+=[^:,]*)*::.*", line)
        for line in as_github(found)
    )


def test_sarif_says_rule_level_place_and_what_belongs_to_it():
    (run,) = as_sarif(ALL)["runs"]
    error, warning, of_a_case, at_the_end, lines = run["results"]
    assert run["columnKind"] == "unicodeCodePoints"
    assert [run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] for result in run["results"]] == [
        "IS206", "IS216", "IS402", "IS102", "IS104",
    ]  # fmt: skip
    assert (error["level"], warning["level"]) == ("error", "warning")
    assert error["message"]["text"] == "two declarations are named `agreed`\nhelp: a\nhelp: b"
    place = error["locations"][0]["physicalLocation"]
    assert unquote(place["artifactLocation"]["uri"]) == "local/my policy.policy"
    assert " " not in place["artifactLocation"]["uri"]
    assert place["region"] == {"startLine": 3, "startColumn": 9, "endLine": 3, "endColumn": 15}
    (first,) = error["relatedLocations"]
    assert first["message"]["text"] == "first"
    assert ":" not in first["physicalLocation"]["artifactLocation"]["uri"]  # it would be taken for a scheme
    assert (
        of_a_case["locations"][0]["logicalLocations"][0]["fullyQualifiedName"]
        == 'item["GP letter"].recorded_on'
    )
    assert at_the_end["locations"][0]["physicalLocation"]["region"] == {
        "startLine": 5, "startColumn": 1, "endLine": 5, "endColumn": 1,
    }  # fmt: skip
    assert lines["locations"][0]["physicalLocation"]["region"]["endLine"] == 4


def test_json_says_everything_that_there_is_to_say():
    assert ERROR.to_dict() == {
        "code": "IS206",
        "name": "duplicate-name",
        "severity": "error",
        "message": "two declarations are named `agreed`",
        "path": None,
        "file": "local/my policy.policy",
        "line": 3,
        "column": 9,
        "end_line": 3,
        "end_column": 15,
        "labels": [
            {
                "file": "local/my policy.policy",
                "line": 3,
                "column": 9,
                "end_line": 3,
                "end_column": 15,
                "text": "again",
            },
            {
                "file": "infoshare:vocabulary",
                "line": 1,
                "column": 1,
                "end_line": 1,
                "end_column": 10,
                "text": "first",
            },
        ],
        "help": ["a", "b"],
        "blocks": [],
    }


def test_json_of_a_fault_of_a_case_has_a_path_and_no_place():
    found = OF_A_CASE.to_dict()
    assert found["path"] == 'item["GP letter"].recorded_on'
    assert [found[key] for key in ("file", "line", "column", "end_line", "end_column")] == [None] * 5
    assert found["labels"] == []


def test_json_names_its_format_and_is_plain_data():
    assert as_json(())["format"] == "infoshare.diagnostics/1"
    assert json.loads(json.dumps(as_json(ALL))) == as_json(ALL)


def test_github_shows_the_file_the_place_and_the_help():
    (line,) = as_github([ERROR])
    assert line == (
        "::error title=IS206 duplicate-name,file=local/my policy.policy,line=3,endLine=3,col=9,endColumn=15"
        "::two declarations are named `agreed`%0Ahelp: a%0Ahelp: b"
    )


def test_github_escapes_what_would_end_a_property_or_the_line():
    odd = Source("a,b:c%\r\nd.policy", "x")
    (line,) = as_github(
        [
            Diagnostic(
                "IS216", "100% of it, says: this\r\nand that", (label(odd, "x"),), severity=Severity.WARNING
            )
        ]
    )
    assert line == (
        "::warning title=IS216 prevails-over-must,file=a%2Cb%3Ac%25%0D%0Ad.policy,line=1,endLine=1,col=1,endColumn=2"
        "::100%25 of it, says: this%0D%0Aand that"
    )


def test_github_takes_no_columns_over_several_lines():
    (line,) = as_github([LINES])
    assert ",line=3,endLine=4::" in line
    assert "col=" not in line


def test_github_shows_a_fault_without_a_place_on_the_page_of_the_run():
    (line,) = as_github([OF_A_CASE])
    path = 'item["GP letter"].recorded_on'
    assert (
        line == f"::error title=IS402 wrong-answer::{path}: expected a date, found text%0Ahelp: write it so"
    )
