"""Writes the results of scenarios as JUnit XML, for servers that run tests.

Shape: `testsuites` holds a `testsuite` for each policy file, which holds a `testcase` for each scenario; one that
failed holds a `failure`, one whose policy could not be loaded an `error`. Invariant: what is given makes the same
bytes every time: no clock, no host. Deliberately not here: writing the file (the door).
"""

import re
from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

import attrs

from infoshare.authoring.comparison import side_by_side
from infoshare.diagnostic import Diagnostic
from infoshare.scenarios import ScenarioResult

# What XML 1.0 has no way to hold, even escaped.
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@attrs.frozen
class Suite:
    """A policy file and what became of its scenarios, or why there is nothing to try."""

    path: str
    results: Sequence[ScenarioResult] = ()
    diagnostics: Sequence[Diagnostic] = ()


def junit(suites: Iterable[Suite]) -> bytes:
    """The report, in UTF-8."""
    root = Element("testsuites", name="infoshare")
    totals = {"tests": 0, "failures": 0, "errors": 0}
    for suite in suites:
        counts = {
            "tests": len(suite.results) + bool(suite.diagnostics),
            "failures": sum(not result.passed for result in suite.results),
            "errors": int(bool(suite.diagnostics)),
        }
        totals = {key: totals[key] + counts[key] for key in totals}
        _suite(root, suite, counts)
    for key, count in totals.items():
        root.set(key, str(count))
    indent(root)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _suite(root: Element, suite: Suite, counts: dict[str, int]) -> None:
    numbers = {key: str(count) for key, count in counts.items()}
    element = SubElement(root, "testsuite", {"name": _clean(suite.path), **numbers, "skipped": "0"})
    if suite.diagnostics:
        case = SubElement(element, "testcase", name="load", classname=_clean(suite.path))
        first = suite.diagnostics[0]
        error = SubElement(case, "error", type=first.code, message=_clean(first.message))
        error.text = _clean("\n".join(f"{each.code}: {each.message}" for each in suite.diagnostics))
    for result in suite.results:
        case = SubElement(element, "testcase", name=_clean(result.title), classname=_clean(suite.path))
        if not result.passed:
            failure = SubElement(case, "failure", type="scenario", message=_clean("; ".join(result.problems)))
            place = f"{result.span.source.path}:{result.span.line}"
            failure.text = _clean("\n".join([place, *side_by_side(result)]))


def _clean(text: str) -> str:
    return _UNWRITABLE.sub("\ufffd", text)
