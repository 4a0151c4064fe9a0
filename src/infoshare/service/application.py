"""Puts the application together: policies, ledger, who may ask, and the routes.

Deliberately not here: what any route answers (`api`, `authzen`), and the process that runs it (`server`).
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Collection, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from infoshare.errors import PolicyError, Refused
from infoshare.pages import Busy, Pages
from infoshare.policy.policy import Policy
from infoshare.service import openapi
from infoshare.service.api import JSON, Api, as_bytes
from infoshare.service.authzen import AuthZen, Entities, Profiles
from infoshare.service.guard import Guard, answer_http, answer_problem
from infoshare.service.journal import place_of, told
from infoshare.service.limits import Limits
from infoshare.service.problem import Problem
from infoshare.service.shelf import PolicyPlace, Shelf
from infoshare.service.tokens import Tokens
from infoshare.service.work import Work

if TYPE_CHECKING:
    from infoshare.records import Ledger

OPEN = ("/healthz", "/readyz", "/openapi.json", "/.well-known/authzen-configuration")
"""What is answered without a token: nothing of any case, and of the policies what the interface looks like."""

LOOK_EVERY = 1.0
"""Seconds between two looks at whether files were changed."""


def app(
    policies: Iterable[str | os.PathLike[str] | PolicyPlace | Policy],
    *,
    ledger: "str | os.PathLike[str] | Ledger | None" = None,
    keys: str | os.PathLike[str] | None = None,
    tokens: str | os.PathLike[str] | Tokens | None = None,
    hosts: Collection[str] | None = None,
    authzen: str | None = None,
    entities: Entities | None = None,
    obligations: bool = False,
    url: str | None = None,
    limits: Limits | None = None,
    watch: bool = False,
    pages: bool = True,
    routes: Iterable[BaseRoute] = (),
    open_to_all: Iterable[str] = (),
) -> Starlette:
    """An ASGI application that decides by some policies.

    It may be served as it is or mounted in another one. Mounted, its own lifespan is not run by most frameworks: nothing
    is then watched, and `application.state.service.close()` is to be called at the end.

    Args:
        policies: files, names such as `infoshare:cscp`, or policies that were loaded already.
        ledger: where decisions are recorded, or a ledger that is open, which is then left open.
        keys: the folder of the ledger's keys, if it is not beside it.
        tokens: who may ask, or the file that says so; without, everybody may: then whoever serves the application says
            whom it listens to.
        hosts: whom a request may be addressed to; anybody, if none are given.
        authzen: the name of the policy that answers AuthZEN's requests; without, the first that declares the groups.
        entities: what AuthZEN's searches look through.
        obligations: whether AuthZEN's answers carry duties and safeguards as obligations, by the draft of that profile.
        url: where AuthZEN's metadata say that the service is found.
        limits: what a request may be, and how long it may take.
        watch: whether policies and tokens are read again when their files change, all or nothing.
        pages: whether practitioners find pages at `/`. An interview is known to the process that began it alone, so
            leave them out where several processes answer by turns.
        routes: of your own, looked at after those of the service.
        open_to_all: paths of those that need no token.

    Raises:
        PolicyError: with every error of every policy.
        Refused: the file of tokens is not as it must be.
        RecordError: the ledger cannot be opened.
    """
    service = Service(policies, ledger=ledger, keys=keys, tokens=tokens, limits=limits or Limits())
    api = Api(service.shelf, service.work, service.limits, service.ledger)
    pdp = AuthZen(
        service.shelf,
        service.work,
        service.limits,
        name=authzen,
        entities=entities or Entities(),
        profiles=Profiles(obligations=obligations),
        url=url,
    )
    if authzen is not None and authzen not in service.shelf.now.policies:
        service.close()
        raise Refused(f"no policy named `{authzen}` is served", "name one of those that are given")
    described = openapi.Described(
        service.shelf, with_ledger=service.ledger is not None, with_tokens=tokens is not None
    )

    async def healthz(_: Request) -> Response:
        return Response(as_bytes({"status": "ok"}), media_type=JSON)

    async def readyz(_: Request) -> Response:
        wrong = service.not_ready()
        told = {"status": wrong or "ready"} | ({"reload": "refused"} if service.shelf.failed else {})
        return Response(as_bytes(told), 503 if wrong else 200, media_type=JSON)

    async def openapi_json(_: Request) -> Response:
        return Response(described.document(), media_type=JSON)

    interview = _pages(service) if pages else None

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        watching = asyncio.create_task(service.watch()) if watch else None
        try:
            yield
        finally:
            if watching is not None:
                watching.cancel()
            service.close()

    application = Starlette(
        routes=[
            _get("/healthz", healthz),
            _get("/readyz", readyz),
            _get("/openapi.json", openapi_json),
            _get("/v1/policies", api.policies),
            _get("/v1/policies/{name}", api.policy),
            _get("/v1/policies/{name}/facts", api.facts),
            _get("/v1/policies/{name}/schema", api.schema),
            _post("/v1/policies/{name}/decide", api.decide),
            _post("/v1/policies/{name}/questions", api.questions),
            _post("/v1/policies/{name}/decide-many", api.decide_many),
            _post("/v1/policies/{name}/records", api.record),
            Route("/v1/records/{record}/receipt", api.receipt, methods=["GET"], name="receipt"),
            _post("/access/v1/evaluation", pdp.evaluation),
            _post("/access/v1/evaluations", pdp.evaluations),
            *(
                _post(f"/access/v1/search/{kind}", _searching(pdp, kind))
                for kind in ("subject", "action", "resource")
            ),
            _get("/.well-known/authzen-configuration", pdp.configuration),
            *(interview.routes() if interview is not None else ()),
            *routes,
        ],
        middleware=[
            Middleware(
                Guard,
                tokens=lambda: service.tokens,
                open_to_all=(*OPEN, *(interview.paths() if interview is not None else ()), *open_to_all),
                hosts=hosts,
            )
        ],
        exception_handlers={Problem: answer_problem, HTTPException: answer_http},
        lifespan=lifespan,
    )
    application.router.redirect_slashes = False  # an address that is nearly right is not answered by another
    application.state.service = service
    return application


class Service:
    """What the application holds: `application.state.service`.

    Attributes:
        shelf: the policies.
        tokens: those who may ask, as they are for now.
        ledger: where decisions are recorded, if anywhere.
    """

    def __init__(
        self,
        policies: Iterable[str | os.PathLike[str] | PolicyPlace | Policy],
        *,
        ledger: "str | os.PathLike[str] | Ledger | None",
        keys: str | os.PathLike[str] | None,
        tokens: str | os.PathLike[str] | Tokens | None,
        limits: Limits,
    ) -> None:
        """Loads the policies, reads the tokens and opens the ledger. Raises as `app`."""
        places: list[PolicyPlace] = []
        given: list[Policy] = []
        for each in policies:
            if isinstance(each, Policy):
                given.append(each)
            else:
                places.append(each if isinstance(each, PolicyPlace) else PolicyPlace(os.fspath(each)))
        self.limits = limits
        self.shelf = Shelf(places, given)
        self._token_file = None if tokens is None or isinstance(tokens, Tokens) else os.fspath(tokens)
        self.tokens = Tokens.read(self._token_file) if self._token_file is not None else _tokens(tokens)
        self.ledger, self._own_ledger = _ledger(ledger, keys, limits)
        self.work = Work(limits)
        self._closed = False

    def reload(self) -> None:
        """Reads policies and tokens again, and takes them up together; what was there stays if anything is wrong.

        Raises:
            PolicyError: with every error of every policy.
            Refused: the file of tokens is not as it must be.
        """
        tokens = Tokens.read(self._token_file) if self._token_file is not None else self.tokens
        self.shelf.reload()
        self.tokens = tokens

    def not_ready(self) -> str | None:
        """Why nothing is decided here for now; None where something is."""
        if self._closed:
            return "closing"
        return "late" if self.work.stuck else None

    async def watch(self) -> None:
        """Looks at the files again and again, and reads them when they change."""
        seen: object = None
        stamp = _stamp(self._token_file)
        while True:
            await asyncio.sleep(LOOK_EVERY)
            now = _stamp(self._token_file)
            if not await asyncio.to_thread(self.shelf.changed) and now == stamp:
                continue
            stamp = now
            try:
                await asyncio.to_thread(self.reload)
            except (PolicyError, Refused) as error:
                found = str(error)
                if found != seen:  # the same is not told every second
                    told("reload-refused", 30, error=found)
                seen = found
            except OSError as error:
                told("reload-refused", 30, error=place_of(error))
            else:
                seen = None
                told(
                    "reloaded",
                    digests={name: each.policy.digest for name, each in self.shelf.now.policies.items()},
                )

    def close(self) -> None:
        """Ends the threads, and closes the ledger if the service opened it."""
        if not self._closed:
            self._closed = True
            self.work.close()
            if self._own_ledger and self.ledger is not None:
                self.ledger.close()


def _pages(service: Service) -> Pages:
    """The pages for practitioners, who show their token as an access code where there are tokens."""

    async def decided(function: Callable[[], Response]) -> Response:
        try:
            return await service.work.decide(function)
        except Problem as problem:  # too many wait, or it takes too long
            raise Busy from problem

    def admits() -> Callable[[str], str | None] | None:
        tokens = service.tokens
        return None if tokens is None else lambda code: tokens.whose(b"Bearer " + code.encode())

    return Pages(
        lambda: {name: each.policy for name, each in service.shelf.now.policies.items()},
        ledger=service.ledger,
        admits=admits,
        run=decided,
        keep=service.work.record,
        fault=lambda error: told("pages-fault", 40, fault=place_of(error)),
        seconds=service.limits.body_seconds,
    )


def _tokens(tokens: Any) -> Tokens | None:
    return tokens if isinstance(tokens, Tokens) else None


def _ledger(
    ledger: "str | os.PathLike[str] | Ledger | None", keys: str | os.PathLike[str] | None, limits: Limits
) -> "tuple[Ledger | None, bool]":
    """The ledger, and whether it was opened here."""
    if ledger is None:
        return None, False
    from infoshare.records import Ledger

    if isinstance(ledger, Ledger):
        return ledger, False
    return Ledger.open(ledger, keys=keys, wait=limits.seconds), True


def _stamp(path: str | None) -> tuple[int, int] | None:
    if path is None:
        return None
    try:
        found = Path(path).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _searching(pdp: AuthZen, kind: str) -> Callable[[Request], Any]:
    async def search(request: Request) -> Response:
        request.path_params["entity"] = kind
        return await pdp.search(request)

    return search


def _get(path: str, endpoint: Callable[[Request], Any]) -> Route:
    return Route(path, endpoint, methods=["GET"])


def _post(path: str, endpoint: Callable[[Request], Any]) -> Route:
    return Route(path, endpoint, methods=["POST"])
