"""Findings for machines: from diagnostics to JSON, to GitHub's workflow commands, to SARIF 2.1.0.

Deliberately not here: the text for people (`infoshare.rendering`), and printing (the doors).
"""

from collections.abc import Iterator, Sequence
from importlib.metadata import version
from typing import Any
from urllib.parse import quote

from infoshare.codes import name_of
from infoshare.diagnostic import Diagnostic, Label, Severity
from infoshare.text import Span, visible

FORMAT = "infoshare.diagnostics/1"


def as_json(diagnostics: Sequence[Diagnostic]) -> dict[str, Any]:
    """All of them, with the name of the format; keys are only ever added."""
    return {"format": FORMAT, "diagnostics": [diagnostic.to_dict() for diagnostic in diagnostics]}


def as_github(diagnostics: Sequence[Diagnostic]) -> Iterator[str]:
    """A line each, which GitHub shows beside the line of the file."""
    for diagnostic in diagnostics:
        properties = {"title": f"{diagnostic.code} {diagnostic.name}"}
        if diagnostic.span is not None:
            start, end = _places(diagnostic.span)
            properties |= {"file": diagnostic.span.source.path, "line": str(start[0]), "endLine": str(end[0])}
            if start[0] == end[0]:  # GitHub takes columns within one line only
                properties |= {"col": str(start[1]), "endColumn": str(end[1])}
        written = ",".join(f"{key}={_github_property(value)}" for key, value in properties.items())
        message = (
            diagnostic.message if diagnostic.path is None else f"{diagnostic.path}: {diagnostic.message}"
        )
        lines = [message, *_said(diagnostic)]
        yield f"::{diagnostic.severity.value} {written}::{_github_data(chr(10).join(lines))}"


def as_sarif(diagnostics: Sequence[Diagnostic]) -> dict[str, Any]:
    """A SARIF log of one run."""
    codes = sorted({diagnostic.code for diagnostic in diagnostics})
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "infoshare",
                        "version": version("infoshare"),
                        "rules": [_sarif_rule(code) for code in codes],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [
                    _sarif_result(diagnostic, codes.index(diagnostic.code)) for diagnostic in diagnostics
                ],
            }
        ],
    }


def _said(diagnostic: Diagnostic) -> Iterator[str]:
    """What is said beside the message, line by line."""
    yield from (f"help: {line}" for line in diagnostic.help)
    for block in diagnostic.blocks:
        yield from ("", *block.splitlines())


def _places(span: Span) -> tuple[tuple[int, int], tuple[int, int]]:
    """Line and column of the first character, and of the place just after the last."""
    return span.source.line_column(span.start), span.source.line_column(span.end)


def _github_data(text: str) -> str:
    return visible(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _github_property(text: str) -> str:
    return _github_data(text).replace(":", "%3A").replace(",", "%2C")


def _sarif_rule(code: str) -> dict[str, Any]:
    return {
        "id": code,
        "name": name_of(code),
        "help": {"text": f"`infoshare code {code}` says what it means and what to do"},
    }


def _sarif_result(diagnostic: Diagnostic, rule: int) -> dict[str, Any]:
    level = "error" if diagnostic.severity is Severity.ERROR else "warning"
    result: dict[str, Any] = {
        "ruleId": diagnostic.code,
        "ruleIndex": rule,
        "level": level,
        "message": {"text": "\n".join([diagnostic.message, *_said(diagnostic)])},
    }
    if diagnostic.path is not None:
        result["locations"] = [{"logicalLocations": [{"fullyQualifiedName": diagnostic.path}]}]
    if diagnostic.labels:
        result["locations"] = [_sarif_location(diagnostic.labels[0])]
    if diagnostic.labels[1:]:
        result["relatedLocations"] = [_sarif_location(label) for label in diagnostic.labels[1:]]
    return result


def _sarif_location(label: Label) -> dict[str, Any]:
    (line, column), (end_line, end_column) = _places(label.span)
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(label.span.source.path, errors="backslashreplace")},
            "region": {
                "startLine": line,
                "startColumn": column,
                "endLine": end_line,
                "endColumn": end_column,
            },
        }
    }
    if label.text:
        location["message"] = {"text": label.text}
    return location
