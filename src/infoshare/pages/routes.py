"""The addresses of the pages: a request -> the page that is shown, the file that is given, or where to go next.

An address has the name of a policy, or the number of a step, and nothing of a case. A page is shown by GET and changes
nothing; what is sent from it changes the interview and leads to the next page, so that going back in the browser goes
back in the interview. Invariants: every answer forbids scripts and keeping; every form bears a token.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Protocol

import attrs
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from infoshare.asking import Dialogue
from infoshare.casefile import read_case
from infoshare.errors import FactsError
from infoshare.pages import answer as answering
from infoshare.pages import questions as asking
from infoshare.pages.forms import Form, NotAFormError, read
from infoshare.pages.parts import Field, Page, button, form, framed, said, typed
from infoshare.pages.questions import Place, Wrong
from infoshare.pages.recording import Made, NotMadeError, Telling, is_possible, make
from infoshare.pages.sessions import Full, Session, Sessions
from infoshare.pages.style import STYLE
from infoshare.pages.words import ENGLISH, Words
from infoshare.policy.policy import Policy
from infoshare.webpage.markup import Content, tag

if TYPE_CHECKING:
    from infoshare.records import Ledger

COOKIE = "infoshare"
LARGEST = 1024 * 1024
"""Bytes of what is sent, a file included."""

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_RECORD_MAY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


class Busy(Exception):  # noqa: N818 - not an error of the program
    """Something could not be worked out for now: too many wait, or it takes too long."""


class Runner(Protocol):
    """What works something out beside the event loop. It may raise `Busy`."""

    def __call__(self, function: Callable[[], Response], /) -> Awaitable[Response]: ...


async def beside(function: Callable[[], Response], /) -> Response:
    """Works something out in a thread."""
    return await asyncio.to_thread(function)


def today() -> date:
    """The day where the computer is: only the doors read the clock."""
    return date.today()  # noqa: DTZ011


def _now() -> datetime:
    return datetime.now(UTC)


class _Stop(Exception):  # noqa: N818 - a way to an answer, not an error
    """The answer is this, whatever else was to be done."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


@attrs.define(eq=False)
class Pages:
    """The pages of some policies, in one process: an interview is known to the process that began it alone.

    Attributes:
        policies: those that are offered now, by name.
        ledger: where records are kept; without, they are made and left to sign.
        admits: tells whose an access code is, None for nobody's; where there is no such thing, anybody may begin.
        run: works out what takes its time.
        keep: the same, for what is recorded.
        fault: is told of what went wrong and should not have; without, it is raised.
        seconds: in which what is sent has to arrive.
        sessions: the interviews that are going on.
        today, now: the clock.
    """

    policies: Callable[[], Mapping[str, Policy]]
    ledger: "Ledger | None" = None
    admits: Callable[[], Callable[[str], str | None] | None] = lambda: None
    run: Runner = beside
    keep: Runner = beside
    fault: Callable[[Exception], None] | None = None
    words: Words = ENGLISH
    seconds: float = 10.0
    sessions: Sessions = attrs.field(factory=lambda: Sessions(time.monotonic))
    today: Callable[[], date] = today
    now: Callable[[], datetime] = _now

    def routes(self) -> list[Route]:
        """The addresses, below wherever they are mounted."""
        return [
            Route("/", self._shown(self._list), methods=["GET"], name="pages"),
            Route("/style.css", _style, methods=["GET"], name="pages-style"),
            Route("/start", self._shown(self._start), methods=["GET"]),
            Route("/start", self._sent(self._begin), methods=["POST"]),
            Route("/interview", self._shown(self._interview), methods=["GET"]),
            Route("/interview", self._sent(self._answered), methods=["POST"]),
            Route("/record", self._shown(self._record), methods=["GET"]),
            Route("/record", self._sent(self._recorded, keeps=True), methods=["POST"]),
            Route("/case", self._shown(self._case), methods=["GET"]),
            Route("/receipt", self._shown(self._receipt), methods=["GET"]),
            Route("/record.html", self._shown(self._record_page), methods=["GET"]),
            Route("/record.json", self._shown(self._record_file), methods=["GET"]),
            Route("/end", self._sent(self._end), methods=["POST"]),
        ]

    def paths(self) -> list[str]:
        """Every address, for whoever guards them."""
        return list(dict.fromkeys(route.path for route in self.routes()))

    # --- how every request is answered -----------------------------------------------------------

    def _shown(self, show: Callable[["_Asked"], Response]) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            return await self._answer(request, Form(), show, self.run)

        return endpoint

    def _sent(
        self, change: Callable[["_Asked"], Response], *, keeps: bool = False
    ) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            try:
                sent = await self._form(request)
            except _Stop as stop:
                return stop.response
            if not self.sessions.is_token(request.cookies.get(COOKIE), sent.get("token")):
                return self._page(self._go_back(self.words.stale_heading, self.words.stale_lead, 403))
            return await self._answer(request, sent, change, self.keep if keeps else self.run)

        return endpoint

    async def _answer(
        self, request: Request, sent: Form, work: Callable[["_Asked"], Response], run: Runner
    ) -> Response:
        id_ = request.cookies.get(COOKIE)
        asked = _Asked(request, sent, id_ or self.sessions.new_id())
        words = self.words

        def answer() -> Response:
            try:
                return work(asked)
            except _Stop as stop:
                return stop.response

        try:
            response = await run(answer)
        except (Busy, Full):
            response = self._page(
                said(words, words.full_heading, words.full_lead, link=_again(request), status=503)
            )
            response.headers["Retry-After"] = "60"
        except Exception as error:
            if self.fault is None:
                raise
            self.fault(error)
            return self._page(
                said(words, words.fault_heading, words.fault_lead, link=_again(request), status=500)
            )
        if asked.id != id_:
            self._give_cookie(request, response, asked.id)
        return response

    def _give_cookie(self, request: Request, response: Response, id_: str) -> None:
        path = request.scope.get("root_path", "") or "/"
        secure = request.url.scheme == "https"
        response.set_cookie(COOKIE, id_, path=path, httponly=True, samesite="strict", secure=secure)

    def _go_back(self, heading: str, lead: str, status: int) -> Page:
        """Says what is wrong with what was sent, with the way back into the interview."""
        words = self.words
        return said(words, heading, lead, link="interview", link_text=words.to_where, status=status)

    async def _form(self, request: Request) -> Form:
        """What was sent. Raises _Stop."""
        words = self.words
        too_large = self._go_back(words.large_heading, words.large_lead, 413)
        unread = self._go_back(words.stale_heading, words.stale_lead, 400)
        parts: list[bytes] = []
        try:
            async with asyncio.timeout(self.seconds):
                async for part in request.stream():
                    parts.append(part)
                    if sum(map(len, parts)) > LARGEST:
                        raise _Stop(self._page(too_large))
            return read(b"".join(parts), request.headers.get("content-type", ""))
        except (TimeoutError, ClientDisconnect, NotAFormError):
            raise _Stop(self._page(unread)) from None

    def _page(self, page: Page) -> Response:
        return Response(framed(page, self.words), page.status, HEADERS, "text/html")

    def _gone(self) -> _Stop:
        words = self.words
        return _Stop(self._page(said(words, words.gone_heading, words.gone_lead, status=410)))

    # --- beginning -------------------------------------------------------------------------------

    def _list(self, _: "_Asked") -> Response:
        words = self.words
        offered = [tag("li", self._offered(name, policy)) for name, policy in self.policies().items()]
        content = [
            tag("h1", words.which),
            tag("p", words.which_lead, class_="lead"),
            tag("ul", offered, class_="policies") if offered else tag("p", words.no_policies),
            tag("p", words.yours),
        ]
        return self._page(Page(words.which, content))

    def _offered(self, name: str, policy: Policy) -> Content:
        header = policy.model.header
        assert header is not None  # noqa: S101 - what is served has a name
        by = self.words.policy_by.format(owner=header.owner or "", version=header.version or "").strip(", ")
        now = self.today()
        in_force = (header.start is None or header.start <= now) and (header.end is None or now <= header.end)
        return [
            tag("a", header.title or name, href=f"start?{_query(policy=name)}"),
            tag("p", by, None if in_force else tag("strong", " ", self.words.not_in_force), class_="hint"),
        ]

    def _start(self, asked: "_Asked", errors: Mapping[str, str] | None = None) -> Response:
        words, errors = self.words, errors or {}
        name, policy = self._policy(asked)
        address, token = f"start?{_query(policy=name)}", self.sessions.token(asked.id)
        code: Content = None
        if self.admits() is not None:
            field = Field("code", words.code, words.code_hint, errors.get("code"))
            code = typed(field, words, "", kind="password", autocomplete="off")
        file = Field("file", words.upload, words.upload_hint, errors.get("file"))
        minutes = round(self.sessions.idle / 60)
        content = [
            tag("h1", policy.title),
            tag("h2", words.start_heading),
            tag("ul", [tag("li", each) for each in words.start_points], class_="points"),
            tag("p", words.kept.format(minutes=minutes)),
            form(
                address,
                token,
                code,
                tag("div", button(words.start, "start"), class_="buttons"),
                tag("h2", words.upload_heading),
                typed(file, words, "", kind="file", accept=".json,application/json"),
                tag("div", button(words.upload_go, "upload", class_="second"), class_="buttons"),
                files=True,
            ),
        ]
        title = policy.title or name
        return self._page(Page(title, content, back="./", errors=errors, status=422 if errors else 200))

    def _begin(self, asked: "_Asked") -> Response:
        words, sent = self.words, asked.sent
        _, policy = self._policy(asked)
        who, admits = None, self.admits()
        if admits is not None:
            who = admits(sent.text("code"))
            if who is None:
                return self._start(asked, {"code": words.code_wrong})
        facts: Mapping[str, Any] = {}
        if sent.get("do") == "upload":
            data = sent.files.get("file", b"")
            if not data:
                return self._start(asked, {"file": words.file_missing})
            found, _ = read_case(data, "the file", "json")
            if found is None:
                return self._start(asked, {"file": words.file_wrong})
            facts = found
        try:
            dialogue = Dialogue.start(policy, facts, as_of=self.today(), naming=True)
        except FactsError as error:
            why = "; ".join(each.message for each in error.diagnostics[:3])
            return self._start(asked, {"file": words.file_other.format(why=why)})
        self.sessions.end(asked.id)
        try:
            asked.id = self.sessions.begin(dialogue, who)
        except Full:
            raise _Stop(self._page(said(words, words.full_heading, words.full_lead, status=503))) from None
        return _to("interview?step=0")

    def _policy(self, asked: "_Asked") -> tuple[str, Policy]:
        """The policy that an address names. Raises _Stop."""
        name = asked.request.query_params.get("policy", "")
        policy = self.policies().get(name)
        if policy is None:
            words = self.words
            raise _Stop(self._page(said(words, words.missing_heading, words.missing_lead, status=404)))
        return name, policy

    # --- the interview ---------------------------------------------------------------------------

    def _session(self, asked: "_Asked") -> Session:
        """The interview of whoever asks. Raises _Stop."""
        session = self.sessions.find(asked.id)
        if session is None:
            raise self._gone()
        return session

    def _state(self, asked: "_Asked") -> tuple[Session, Dialogue, Place]:
        """The state that an address names: the last one where it names none. Raises _Stop."""
        session = self._session(asked)
        states = session.states()
        given = asked.request.query_params.get("step", "")
        step = int(given) if given.isascii() and given.isdecimal() and len(given) < 6 else len(states) - 1
        if step >= len(states):
            raise _Stop(_to(f"interview?step={len(states) - 1}"))
        return session, states[step], Place(self.words, step, self.sessions.token(asked.id), asked.sent)

    def _interview(self, asked: "_Asked") -> Response:
        _, dialogue, place = self._state(asked)
        if asking.is_asked(dialogue):
            return self._page(asking.ask(dialogue, place))
        return self._page(answering.answer(dialogue, place, records=is_possible()))

    def _answered(self, asked: "_Asked") -> Response:
        session, dialogue, place = self._state(asked)
        if not asking.is_asked(dialogue):
            return _to(place.here)
        found = asking.read(dialogue, asked.sent, self.words)
        if isinstance(found, Wrong):
            return self._page(asking.ask(dialogue, attrs.evolve(place, errors=found.errors)))
        session.dialogue = found
        return _to(f"interview?step={len(session.states()) - 1}")

    def _case(self, asked: "_Asked") -> Response:
        facts = self._session(asked).dialogue.facts
        data = json.dumps(facts, ensure_ascii=False, allow_nan=False, indent=2).encode() + b"\n"
        return _file(data, "application/json", "to-go-on-from.json")

    def _end(self, asked: "_Asked") -> Response:
        self.sessions.end(asked.id)
        asked.id = self.sessions.new_id()
        return self._page(answering.ended(self.words))

    # --- the record ------------------------------------------------------------------------------

    def _record(self, asked: "_Asked") -> Response:
        session, dialogue, place = self._ended(asked)
        if session.made is not None and session.made.facts == dialogue.facts:
            return self._page(answering.recorded(session.made, dialogue, place))
        return self._page(
            answering.record(dialogue, place, signed=self.ledger is not None, before=session.made)
        )

    def _ended(self, asked: "_Asked") -> tuple[Session, Dialogue, Place]:
        """The state that an address names, where the answer is shown. Raises _Stop."""
        session, dialogue, place = self._state(asked)
        if asking.is_asked(dialogue) or not is_possible():
            raise _Stop(_to(place.here))
        return session, dialogue, place

    def _recorded(self, asked: "_Asked") -> Response:
        session, dialogue, place = self._ended(asked)
        with session.lock:
            before = session.made
            if before is not None and before.facts == dialogue.facts:  # sent twice
                return _to(f"record?step={place.step}")
            told = Telling.of(asked.sent)
            faults = told.faults(self.words)
            if not faults:
                try:
                    session.made = make(
                        dialogue,
                        told,
                        ledger=self.ledger,
                        now=self.now,
                        who=session.who,
                        supersedes=before.id if before is not None else None,
                    )
                except NotMadeError as error:
                    faults = {"followed": self.words.record_refused.format(why=error)}
        if faults:
            place = attrs.evolve(place, errors=faults)
            return self._page(
                answering.record(dialogue, place, signed=self.ledger is not None, before=before)
            )
        return _to(f"record?step={place.step}")

    def _made(self, asked: "_Asked") -> Made:
        made = self._session(asked).made
        if made is None:
            raise _Stop(_to("interview"))
        return made

    def _receipt(self, asked: "_Asked") -> Response:
        made = self._made(asked)
        return (
            _to("record")
            if made.receipt is None
            else _file(made.receipt, "application/json", f"{made.id}.receipt.json")
        )

    def _record_page(self, asked: "_Asked") -> Response:
        made = self._made(asked)
        return _to("record") if made.page is None else _file(made.page, "text/html", f"{made.id}.html")

    def _record_file(self, asked: "_Asked") -> Response:
        made = self._made(asked)
        return _to("record") if made.body is None else _file(made.body, "application/json", f"{made.id}.json")


@attrs.define(eq=False)
class _Asked:
    """A request, what was sent with it, and the id that its cookie bears, or is to bear."""

    request: Request
    sent: Form
    id: str


async def _style(_: Request) -> Response:
    return Response(STYLE, headers=HEADERS, media_type="text/css")


def _query(**told: str) -> str:
    from urllib.parse import urlencode

    return urlencode(told)


def _to(address: str) -> Response:
    """Leads on to another page; addresses stand beside one another, wherever they are mounted."""
    return RedirectResponse(address, 303, HEADERS)


def _file(data: bytes, kind: str, name: str) -> Response:
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, headers=headers, media_type=kind)


def _again(request: Request) -> str:
    return "interview" if request.url.path.endswith("interview") else "./"
