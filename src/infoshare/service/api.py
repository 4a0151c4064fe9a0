"""What is asked of the policies and of the ledger: a method for each route of /v1.

Invariant: what computes is done beside the event loop, the reading of a request included, and writes bytes there; but a
short request is read, and a whole case of a policy without lists decided, at once: that takes less than the way there.
"""

import json
from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from infoshare import codec
from infoshare.casefile import read_case
from infoshare.diagnostic import Diagnostic
from infoshare.errors import FactsError, not_decided
from infoshare.policy.decision import Decision
from infoshare.policy.policy import Policy
from infoshare.service import asked as ask
from infoshare.service import told as tell
from infoshare.service.guard import asked
from infoshare.service.limits import Limits
from infoshare.service.problem import (
    CONFLICT,
    GONE,
    INVALID_CASE,
    INVALID_RECORD,
    MALFORMED,
    NO_RECEIPT,
    NOT_ACCEPTABLE,
    NOT_FOUND,
    TOO_LARGE,
    Problem,
    faulty,
)
from infoshare.service.shelf import Served, Shelf
from infoshare.service.work import Work

if TYPE_CHECKING:
    from infoshare.records import Ledger

JSON, TEXT, HTML, LINES = "application/json", "text/plain", "text/html", "application/x-ndjson"
SCHEMA = "application/schema+json"
READ_AT_ONCE = 16 * 1024
"""Bytes of a request that is read where it arrives: to hand it over would take as long."""

AT_ONCE = 32
"""Cases that are decided in one turn, where there are many."""


def today() -> date:
    """The day where the computer is: only the doors read the clock."""
    return date.today()  # noqa: DTZ011


def as_bytes(value: object) -> bytes:
    """A value as JSON."""
    return _written(value).encode()


_written = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


class Api:
    """The routes of /v1."""

    def __init__(self, shelf: Shelf, work: Work, limits: Limits, ledger: "Ledger | None") -> None:
        self._shelf, self._work, self._limits, self._ledger = shelf, work, limits, ledger

    # --- policies ---------------------------------------------------------------------------

    async def policies(self, request: Request) -> Response:
        """Those that are served."""
        _json_wanted(request)
        served = self._shelf.now.policies.values()
        return Response(
            as_bytes({"policies": [tell.policy_told(each.policy) for each in served]}), media_type=JSON
        )

    async def policy(self, request: Request) -> Response:
        """One of them."""
        _json_wanted(request)
        return Response(as_bytes(tell.policy_told(self._served(request).policy)), media_type=JSON)

    async def facts(self, request: Request) -> Response:
        """Its vocabulary."""
        _json_wanted(request)
        return Response(as_bytes(tell.facts_told(self._served(request).policy)), media_type=JSON)

    async def schema(self, request: Request) -> Response:
        """JSON Schema of its cases."""
        form = _wanted(request, SCHEMA, JSON)
        return Response(as_bytes(self._served(request).case_schema), media_type=form)

    # --- cases ------------------------------------------------------------------------------

    async def decide(self, request: Request) -> Response:
        """The decision of a case: as JSON, or its explanation as text or as a page."""
        form, served = _wanted(request, JSON, TEXT, HTML), self._served(request)
        body = await ask.body_of(request, self._limits, JSON)
        if len(body) <= READ_AT_ONCE:
            told = ask.parsed(body, ask.DECIDE)
            content = (
                _told(served.policy, told, form, self._limits)
                if form == JSON and served.is_whole(told["facts"])
                else await self._work.decide(_told, served.policy, told, form, self._limits)
            )
        else:
            content = await self._work.decide(_decided, served.policy, body, form, self._limits)
        headers = {"Content-Security-Policy": tell.PAGE_MAY} if form == HTML else None
        return Response(content, media_type=form, headers=headers)

    async def questions(self, request: Request) -> Response:
        """What is open of a case."""
        _json_wanted(request)
        served = self._served(request)
        body = await ask.body_of(request, self._limits, JSON)
        content = await self._work.decide(_questioned, served.policy, body, self._limits)
        return Response(content, media_type=JSON)

    async def decide_many(self, request: Request) -> Response:
        """The decisions of many cases, a line each; what is wrong with a case stands in the place of its decision."""
        _wanted(request, LINES)
        served, (day, presume) = self._served(request), _told_of_many(request)
        stream = self._work.stream()
        try:
            lines = await self._lines(request)
        except BaseException:
            stream.close()
            raise
        asked(request.scope).many = len(lines)

        async def answers() -> AsyncIterator[bytes]:
            try:
                for start in range(0, len(lines), AT_ONCE):
                    some = lines[start : start + AT_ONCE]
                    lines[start : start + AT_ONCE] = [(0, b"")] * len(
                        some
                    )  # kept no longer than it is needed
                    try:
                        yield await self._work.go_on(
                            _decided_lines, served.policy, some, day, presume, self._limits
                        )
                    except Problem as problem:  # the status is sent already, so that it is said here
                        yield as_bytes(not_decided(f"line {some[0][0]}", problem.kind.name, ())) + b"\n"
                        return
            finally:
                stream.close()

        return _Closing(answers(), stream.close, media_type=LINES)

    async def _lines(self, request: Request) -> list[tuple[int, bytes]]:
        """The lines of a request with something on them, by number from 1. Raises Problem."""
        body = await ask.body_of(request, self._limits, LINES, "application/jsonl", most=self._limits.many)
        lines = [(number, line) for number, line in enumerate(body.split(b"\n"), start=1) if line.strip()]
        most = self._limits.cases
        if len(lines) > most:
            detail = f"A request may have {most:,} cases: send them in several, or use `infoshare batch`."
            raise Problem(TOO_LARGE, detail)
        return lines

    # --- records ----------------------------------------------------------------------------

    async def record(self, request: Request) -> Response:
        """Decides a case, records the decision, and gives its receipt: none that was given is ever lost."""
        _json_wanted(request)
        served, ledger = self._served(request), self._opened()
        body = await ask.body_of(request, self._limits, JSON)
        recorded = await self._work.record(_recorded, ledger, served.policy, body, self._limits)
        where = str(request.url_for("receipt", record=recorded["record"]).path)
        return Response(as_bytes(recorded), 201, headers={"Location": where}, media_type=JSON)

    async def receipt(self, request: Request) -> Response:
        """The receipt of a record as of now; it tells nothing of the case."""
        _json_wanted(request)
        content = await self._work.record(_receipt, self._opened(), request.path_params["record"])
        return Response(content, media_type=JSON)

    # --- what they share --------------------------------------------------------------------

    def _served(self, request: Request) -> Served:
        """The policy that a request names, which every answer then tells of."""
        served = self._shelf.now.find(request.path_params["name"])
        known = asked(request.scope)
        known.policy, known.digest = served.name, served.policy.digest
        return served

    def _opened(self) -> "Ledger":
        if self._ledger is None:
            raise Problem(NOT_FOUND, "This service keeps no ledger: start it with --ledger.")
        return self._ledger


class _Closing(StreamingResponse):
    """An answer that gives its place back also where nobody began to read it."""

    def __init__(self, content: AsyncIterator[bytes], close: Any, media_type: str) -> None:
        super().__init__(content, media_type=media_type)
        self._close = close

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._close()


def _wanted(request: Request, *offered: str) -> str:
    form = ask.form_wanted(request, *offered)
    if form is None:
        raise Problem(NOT_ACCEPTABLE, f"Ask for it with `Accept: {offered[0]}`{_or(offered[1:])}.")
    return form


def _or(others: Iterable[str]) -> str:
    return "".join(f", or `{each}`" for each in others)


def _json_wanted(request: Request) -> None:
    _wanted(request, JSON)


def _told_of_many(request: Request) -> tuple[date, bool]:
    """The day and whether anything is presumed, as the address of a request with many cases says them."""
    told = request.query_params.multi_items()
    wrong = [name for name, _ in told if name not in {"as_of", "presume"}]
    if wrong or len({name for name, _ in told}) != len(told):
        raise Problem(
            MALFORMED,
            "The address may say `as_of=2026-01-31` and `presume=false`, each once, and nothing else.",
        )
    day, presume = today(), True
    for name, value in told:
        if name == "as_of":
            found, faults = codec.read(codec.DAY, value, code="IS413", path="as_of")
            if faults:
                raise faulty(MALFORMED, faults)
            day = found
        elif value in {"true", "false"}:
            presume = value == "true"
        else:
            raise Problem(MALFORMED, "`presume` in the address is `true` or `false`.")
    return day, presume


# --- beside the event loop ------------------------------------------------------------------------


def _decide(
    policy: Policy, facts: Mapping[str, Any], day: date | None, limits: Limits, *, presume: bool
) -> Decision:
    """The decision of a case. Raises FactsError."""
    rows = 1
    for side in ("item", "recipient"):
        listed = facts.get(side)
        rows *= max(len(listed), 1) if isinstance(listed, list) else 1
    if rows > limits.rows:
        message = f"expected at most {limits.rows:,} items times recipients, found {rows:,}"
        raise FactsError([Diagnostic("IS409", message, help=("send fewer of them at a time",))])
    return policy.decide(facts, as_of=day or today(), presume=presume)


def _of_request(policy: Policy, told: Mapping[str, Any], limits: Limits) -> Decision:
    try:
        return _decide(policy, told["facts"], told.get("as_of"), limits, presume=told.get("presume", True))
    except FactsError as error:
        raise faulty(INVALID_CASE, error.diagnostics) from None


def _decided(policy: Policy, body: bytes, form: str, limits: Limits) -> bytes:
    return _told(policy, ask.parsed(body, ask.DECIDE), form, limits)


def _told(policy: Policy, told: Mapping[str, Any], form: str, limits: Limits) -> bytes:
    decision = _of_request(policy, told, limits)
    if form == JSON:
        return as_bytes(decision.to_dict())
    full = told.get("full", False)
    if form == HTML:
        return tell.page_told(decision, policy.title or "", full=full).encode()
    return (decision.explain(full=full).rstrip("\n") + "\n").encode()


def _questioned(policy: Policy, body: bytes, limits: Limits) -> bytes:
    decision = _of_request(policy, ask.parsed(body, ask.QUESTIONS), limits)
    return as_bytes(tell.questions_told(dict(decision.to_dict())))


def _decided_lines(
    policy: Policy, lines: Iterable[tuple[int, bytes]], day: date, presume: bool, limits: Limits
) -> bytes:
    return b"".join(as_bytes(_decided_line(policy, *each, day, presume, limits)) + b"\n" for each in lines)


def _decided_line(policy: Policy, number: int, line: bytes, day: date, presume: bool, limits: Limits) -> Any:
    called = f"line {number}"
    if len(line) > limits.body:
        message = f"expected a case of at most {limits.body:,} bytes"
        return not_decided(called, "invalid_case", [Diagnostic("IS802", message)])
    facts, faults = read_case(line, called, "json")
    if facts is None:
        return not_decided(called, "invalid_case", faults)
    try:
        return _decide(policy, facts, day, limits, presume=presume).to_dict()
    except FactsError as error:
        return not_decided(called, "invalid_case", error.diagnostics)


REFUSED = {"IS731", "IS735"}
"""What a ledger refuses although it was asked rightly."""

NOT_THERE = {"IS727", "IS746"}
"""That there is no such record."""


def _recorded(ledger: "Ledger", policy: Policy, body: bytes, limits: Limits) -> dict[str, Any]:
    from infoshare.records import Particulars, Practitioner, RecordError
    from infoshare.records.body.model import NOTHING

    told = ask.parsed(body, ask.RECORD)
    facts, presume = told["facts"], told.get("presume", True)
    try:
        by = Practitioner(**told["by"])
        particulars = told.get("particulars")
        decision = _decide(policy, facts, told.get("as_of"), limits, presume=presume)
        receipt = ledger.record(
            decision,
            facts,
            policy=policy,
            by=by,
            presume=presume,
            followed=told.get("followed", True),
            because=told.get("because"),
            particulars=NOTHING if particulars is None else Particulars.from_json(particulars),
            supersedes=told.get("supersedes"),
        )
    except FactsError as error:
        raise faulty(INVALID_CASE, error.diagnostics) from None
    except RecordError as error:
        raise _of_ledger(error, INVALID_RECORD) from None
    return {
        "record": receipt.record,
        "number": receipt.index,
        "decision": decision.to_dict(),
        "receipt": receipt.to_bytes().decode(),
    }


def _receipt(ledger: "Ledger", record: str) -> bytes:
    from infoshare.records import RecordError

    try:
        return ledger.receipt(record).to_bytes()
    except RecordError as error:
        raise _of_ledger(error, NOT_FOUND) from None


def _of_ledger(error: Any, not_there: Any) -> Problem:
    """The problem that an error of a ledger is."""
    codes = {each.code for each in error.diagnostics}
    if codes <= REFUSED:
        return Problem(CONFLICT, "Nothing was recorded, see `diagnostics`.", error.diagnostics)
    if codes <= NOT_THERE:
        return Problem(not_there, "There is no such record, see `diagnostics`.", error.diagnostics)
    if codes <= {"IS730"}:
        return Problem(GONE, "It was erased, and its receipt with it.")
    if all(code in TOLD_WRONG for code in codes):
        return faulty(INVALID_RECORD, error.diagnostics)
    detail = "See `diagnostics`, which says whether anything was recorded and what to do."
    return Problem(NO_RECEIPT, detail, error.diagnostics)


TOLD_WRONG = {"IS703", "IS741", "IS742", "IS743"}
"""What is wrong with what was told beside a decision."""
