"""What goes wrong, as RFC 9457 has it: one object with everything that is wrong, and what to do.

Invariant: a problem holds nothing of the case but the places (paths) of its faults, which go to whoever sent it.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from infoshare.codec import TEXT, Key, Many, Maybe, Object, Scalar, Word
from infoshare.diagnostic import Diagnostic, Severity
from infoshare.values import frozen

TYPES = "https://infoshare.example/problems/"
"""What the names of problems begin with: names, from where nothing is fetched."""

MEDIA_TYPE = "application/problem+json"


@frozen
class Kind:
    """A kind of problem: its name, its status and what it is called."""

    name: str
    status: int
    title: str


MALFORMED = Kind("malformed-request", 400, "The request cannot be read.")
UNAUTHORIZED = Kind("no-token", 401, "A token is needed.")
NOT_FOUND = Kind("not-found", 404, "There is nothing here.")
METHOD = Kind("method-not-allowed", 405, "That cannot be done here.")
NOT_ACCEPTABLE = Kind("not-acceptable", 406, "It cannot be given in that form.")
TOO_SLOW = Kind("too-slow", 408, "The request did not arrive in time.")
CONFLICT = Kind("refused-by-the-ledger", 409, "The ledger refuses it.")
GONE = Kind("erased", 410, "The record was erased.")
TOO_LARGE = Kind("too-large", 413, "The request is too large.")
MEDIA = Kind("unsupported-media-type", 415, "The request is not in a form that is read here.")
MISDIRECTED = Kind("misdirected", 421, "The request is addressed to somebody else.")
INVALID_CASE = Kind("invalid-case", 422, "The case cannot be decided as it stands.")
INVALID_RECORD = Kind("invalid-record", 422, "What is told beside the decision cannot be recorded.")
FAULT = Kind("internal-fault", 500, "That is a fault of infoshare.")
BUSY = Kind("busy", 503, "Too much is asked at once.")
LATE = Kind("late", 503, "The decision takes too long.")
NO_RECEIPT = Kind("no-receipt", 503, "The ledger gave no receipt.")
KINDS = (
    MALFORMED, UNAUTHORIZED, NOT_FOUND, METHOD, NOT_ACCEPTABLE, TOO_SLOW, CONFLICT, TOO_LARGE, MEDIA, MISDIRECTED,
    INVALID_CASE, INVALID_RECORD, FAULT, BUSY, LATE, NO_RECEIPT, GONE,
)  # fmt: skip


class Problem(Exception):  # noqa: N818 - what RFC 9457 calls it
    """A request that gets no answer but this.

    Attributes:
        detail: what is wrong, in a sentence that ends with what to do, where there is something.
        diagnostics: everything that is wrong with what was sent.
        headers: to be sent along.
    """

    def __init__(
        self,
        kind: Kind,
        detail: str,
        diagnostics: Iterable[Diagnostic] = (),
        *,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(kind.name)
        self.kind, self.detail = kind, detail
        self.diagnostics = tuple(diagnostics)
        self.headers = dict(headers or {})

    def to_dict(self, request: str) -> dict[str, Any]:
        """The problem as plain JSON data.

        Args:
            request: the id of the request.
        """
        told = {
            "type": TYPES + self.kind.name,
            "title": self.kind.title,
            "status": self.kind.status,
            "detail": self.detail,
            "request": request,
        }
        if self.diagnostics:
            told["diagnostics"] = [each.to_dict() for each in self.diagnostics]
        return told


def faulty(kind: Kind, diagnostics: Iterable[Diagnostic]) -> Problem:
    """The problem with everything that is wrong with what was sent."""
    found = tuple(diagnostics)
    wrong = f"{len(found)} things are" if len(found) != 1 else "one thing is"
    return Problem(kind, f"Nothing was done: {wrong} wrong, see `diagnostics`.", found)


# --- what it looks like -------------------------------------------------------------------------

_WHOLE = Scalar("a whole number", {"type": "integer"}, "int", lambda data: data)
_PLACE = {
    "file": Key(Maybe(TEXT), "The file; null for a fault of a case."),
    "line": Key(Maybe(_WHOLE), "Its line, from 1."),
    "column": Key(Maybe(_WHOLE), "Its column, from 1."),
    "end_line": Key(Maybe(_WHOLE), "The line where it ends."),
    "end_column": Key(Maybe(_WHOLE), "The column just after it."),
}
LABEL = Object({**_PLACE, "text": Key(TEXT, "What is said of it.")}, "A place, and what to say of it.")
DIAGNOSTIC = Object(
    {
        "code": Key(TEXT, "Such as IS402; every code has a page."),
        "name": Key(TEXT, "The name of the code."),
        "severity": Key(Word(tuple(each.value for each in Severity)), "How bad it is."),
        "message": Key(TEXT, "What is wrong."),
        "path": Key(Maybe(TEXT), "Where in what was sent."),
        **_PLACE,
        "labels": Key(Many(LABEL), "The places that belong to it."),
        "help": Key(Many(TEXT), "What to do next."),
        "blocks": Key(Many(TEXT), "Texts of several lines to show as they stand."),
    },
    "Something that is wrong.",
    name="diagnostic",
)
PROBLEM = Object(
    {
        "type": Key(Word(tuple(TYPES + kind.name for kind in KINDS)), "Which kind of problem it is."),
        "title": Key(TEXT, "What that kind is called."),
        "status": Key(_WHOLE, "The status of the answer."),
        "detail": Key(TEXT, "What is wrong, and what to do."),
        "request": Key(TEXT, "The id of the request, which the log has too."),
        "diagnostics": Key(Many(DIAGNOSTIC), "Everything that is wrong with what was sent.", required=False),
    },
    "What went wrong (RFC 9457).",
    name="problem",
)
