"""What every request passes through: an id, who asks, to whom, a line in the log, and an answer whatever happens.

Plain ASGI, so that bodies and answers stream through it. Invariant: what a person sent is never in an answer that was not
asked for it, nor in the log: an id that is not plain is thrown away, and an exception is told by its place.
"""

import re
import time
import uuid
from collections.abc import Callable, Collection, Iterator
from typing import Any, cast

import attrs
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from infoshare.service.journal import place_of, request_told, span_begun, trace_of
from infoshare.service.problem import (
    FAULT,
    MEDIA_TYPE,
    METHOD,
    MISDIRECTED,
    NOT_FOUND,
    UNAUTHORIZED,
    Kind,
    Problem,
)
from infoshare.service.tokens import Tokens

REQUEST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@/+=-]{0,127}")
_ALWAYS = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)
"""Headers of every answer that does not say otherwise itself."""


@attrs.define
class Asked:
    """What is known of a request, and what is told of it in the log.

    Attributes:
        who: whose token it bears.
        policy, digest: which policy answered.
    """

    id: str
    who: str | None = None
    policy: str | None = None
    digest: str | None = None
    many: int | None = None


def asked(scope: Scope) -> Asked:
    """What is known of the request of this scope."""
    found: Asked = scope["infoshare"]
    return found


class Guard:
    """The outermost part of the application."""

    def __init__(
        self,
        inner: ASGIApp,
        *,
        tokens: Callable[[], Tokens | None],
        open_to_all: Collection[str],
        hosts: Collection[str] | None,
    ) -> None:
        """Puts a guard before an application.

        Args:
            tokens: those who may ask, as they are for now; None where everybody may.
            open_to_all: paths that need no token.
            hosts: whom a request may be addressed to; None for anybody.
        """
        self._inner, self._tokens, self._open = inner, tokens, frozenset(open_to_all)
        self._hosts = None if hosts is None else frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request, or passes on what is none."""
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        headers = Headers(scope=scope)
        known = scope["infoshare"] = Asked(_id(headers.get("x-request-id")))
        begun, status, span = time.perf_counter(), 0, span_begun(headers)

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": [*message.get("headers", ()), *_beside(message, known)]}
            await send(message)

        fault: str | None = None
        try:
            try:
                self._admit(scope, headers, known)
                await self._inner(scope, receive, sending)
            except Problem as problem:
                await answer(problem, known)(scope, receive, sending)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told by its place and nothing else
            fault = place_of(error)
            if not status:
                said = Problem(FAULT, "Please report it, with the id of the request and the line of the log.")
                await answer(said, known)(scope, receive, sending)
        finally:
            route = scope.get("route")
            request_told(
                span,
                request=known.id,
                trace=trace_of(headers.get("traceparent", "").encode("latin-1")),
                method=scope["method"] if scope["method"] in _METHODS else "other",
                route=getattr(route, "path", None),
                status=status,
                ms=round((time.perf_counter() - begun) * 1000, 1),
                who=known.who,
                policy=known.policy,
                digest=known.digest,
                cases=known.many,
                fault=fault,
            )

    def _admit(self, scope: Scope, headers: Headers, known: Asked) -> None:
        if self._hosts is not None and _host(headers.get("host", "")) not in self._hosts:
            raise Problem(
                MISDIRECTED, "This service answers for this computer alone: ask 127.0.0.1 or localhost."
            )
        tokens = self._tokens()
        if tokens is None or scope["path"].removeprefix(scope.get("root_path", "")) in self._open:
            return
        known.who = tokens.whose(headers.get("authorization", "").encode("latin-1"))
        if known.who is None:
            raise Problem(
                UNAUTHORIZED,
                "Send `Authorization: Bearer TOKEN`, with a token that this service knows.",
                headers={"WWW-Authenticate": "Bearer"},
            )


def _beside(message: Message, known: Asked) -> Iterator[tuple[bytes, bytes]]:
    """The headers of an answer that it does not have itself."""
    yield b"x-request-id", known.id.encode("latin-1")
    own = {name for name, _ in message.get("headers", ())}
    yield from (header for header in _ALWAYS if header[0] not in own)
    if known.policy:
        yield b"infoshare-policy", known.policy.encode("latin-1")
        yield b"infoshare-digest", (known.digest or "").encode("latin-1")


_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"}


def _id(given: str | None) -> str:
    """The id that a request gives itself, if it is plain; else one that is made up."""
    return given if given is not None and REQUEST_ID.fullmatch(given) else uuid.uuid4().hex


def _host(header: str) -> str:
    """The host of a `Host` header, without its port."""
    return (
        header.lower().rpartition("]")[0] + "]"
        if header.startswith("[")
        else header.lower().partition(":")[0]
    )


def answer(problem: Problem, known: Asked) -> Response:
    """The answer that a problem is."""
    return JSONResponse(
        problem.to_dict(known.id), problem.kind.status, headers=problem.headers, media_type=MEDIA_TYPE
    )


async def answer_problem(request: Any, problem: Exception) -> Response:
    """What the application answers where a problem is raised in it."""
    return answer(cast("Problem", problem), asked(request.scope))


async def answer_http(request: Any, refused: Exception) -> Response:
    """What the application answers where its router refuses a request."""
    error = cast("HTTPException", refused)
    headers = dict(error.headers or {})
    if error.status_code == METHOD.status:
        allowed = headers.get("Allow", "")
        return answer(Problem(METHOD, f"Here one may {allowed}.", headers=headers), asked(request.scope))
    kind = (
        NOT_FOUND if error.status_code == NOT_FOUND.status else Kind("refused", error.status_code, "Refused.")
    )
    return answer(
        Problem(kind, "See /openapi.json for what there is.", headers=headers), asked(request.scope)
    )
