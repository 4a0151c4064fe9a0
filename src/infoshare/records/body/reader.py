"""The body of a record, read back: what is no `infoshare.record/1` is told, with every fault.

Invariants: nothing but RecordError is raised, whatever the data; keys that are not known are passed over, as keys may be
added; what `record_body` writes is read without a fault. Deliberately not here: bytes and signatures (`envelope`).
"""

from typing import Any, cast

from infoshare.diagnostic import Diagnostic
from infoshare.records.body.shape import FORMAT, RECORD
from infoshare.records.body.shapes import check
from infoshare.records.errors import RecordError

CODE = "IS740"


def read_body(data: object) -> dict[str, Any]:
    """The body, once it is known to be one.

    Args:
        data: what a payload holds.

    Raises:
        RecordError: with every fault (IS740), each with its path.
    """
    if isinstance(data, dict) and data.get("format") != FORMAT:
        help_ = (
            "a later infoshare may know it" if str(data.get("format", "")).startswith("infoshare.") else ""
        )
        message = f'`format` is not "{FORMAT}"'
        raise RecordError([Diagnostic(CODE, message, help=(help_,) if help_ else (), path="format")])
    found = check(data, RECORD, CODE)
    if not found:
        found = _at_odds(cast("dict[str, Any]", data))
    if found:
        raise RecordError(found)
    return cast("dict[str, Any]", data)


def _at_odds(body: dict[str, Any]) -> list[Diagnostic]:
    """What two keys say that cannot both be."""
    found = []
    for index, entry in enumerate(body["answers"]):
        if (entry["state"] == "answered") != ("answer" in entry):
            path = f"answers[{index}]"
            found.append(Diagnostic(CODE, f"`{path}` has an answer and no such state, or none", path=path))
    if not body["followed"] and body["because"] is None:
        found.append(
            Diagnostic(CODE, "`because` is missing, as the decision was not followed", path="because")
        )
    return found
