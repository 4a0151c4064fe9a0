"""The process that serves the application: uvicorn, one worker or several, until it is told to stop.

Invariants: what was begun when it is told to stop is answered, within a limit; a connection that does not send a request
in time is closed. Deliberately not here: what is answered (`application`), and arguments (`infoshare.cli.serve`).
"""

import asyncio
import functools
import signal
import sys
from collections.abc import Sequence

import attrs
import uvicorn
from starlette.applications import Starlette
from uvicorn.config import STARTUP_FAILURE
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.supervisors.multiprocess import Multiprocess, Process

from infoshare.errors import Refused
from infoshare.service.application import app
from infoshare.service.authzen import Entities
from infoshare.service.journal import log_to_stderr, told
from infoshare.service.limits import Limits
from infoshare.service.shelf import PolicyPlace
from infoshare.writing import reason_of

HEAD_SECONDS = 10.0
"""In which the head of a request has to arrive, once a connection is open or the last answer was given."""

LARGEST_HEAD = 64 * 1024
CONNECTIONS = 512
STOP_SECONDS = 20


@attrs.frozen
class Settings:
    """Everything that a worker is made from; it can be pickled, as workers are processes of their own."""

    policies: tuple[PolicyPlace, ...]
    ledger: str | None = None
    keys: str | None = None
    tokens: str | None = None
    hosts: tuple[str, ...] | None = None
    authzen: str | None = None
    entities: Entities | None = None
    obligations: bool = False
    url: str | None = None
    watch: bool = False
    pages: bool = True
    limits: Limits = attrs.field(factory=Limits)
    log_level: str = "info"

    def application(self) -> Starlette:
        """The application. Raises as `app`."""
        return app(
            self.policies,
            ledger=self.ledger,
            keys=self.keys,
            tokens=self.tokens,
            hosts=self.hosts,
            authzen=self.authzen,
            entities=self.entities,
            obligations=self.obligations,
            url=self.url,
            watch=self.watch,
            pages=self.pages,
            limits=self.limits,
        )


class Protocol(HttpToolsProtocol):
    """HTTP/1.1 as uvicorn speaks it, but that a request has to begin and its head to end in time, and the head is limited."""

    _waiting: asyncio.TimerHandle | None = None
    _head: int | None = None
    """Bytes that came of a head which has not ended."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begins to wait for the first request."""
        super().connection_made(transport)
        self._look()

    def data_received(self, data: bytes) -> None:
        """Waits on, or no more."""
        super().data_received(data)
        if self._head is not None:
            self._head += len(data)
            if self._head > LARGEST_HEAD and not self.transport.is_closing():
                self.send_400_response("The head of the request is too large.")
        self._look()

    def on_message_begin(self) -> None:
        """Begins to count."""
        super().on_message_begin()
        self._head = 0

    def on_headers_complete(self) -> None:
        """Ends the head; what the parser is told here it makes an error of the request."""
        self._head = None
        if len(self.url) + sum(len(name) + len(value) for name, value in self.headers) > LARGEST_HEAD:
            raise ValueError  # which the parser answers
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        """Begins to wait for the next request."""
        super().on_response_complete()
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        """Waits no more."""
        self._stop()
        super().connection_lost(exc)

    def _look(self) -> None:
        if self._answering:
            self._stop()
        elif self._waiting is None and not self.transport.is_closing():
            self._waiting = self.loop.call_later(HEAD_SECONDS, self._close)

    @property
    def _answering(self) -> bool:
        """Whether a request is being answered; there is no cycle before the first one."""
        return getattr(self.cycle, "response_complete", True) is False

    def _stop(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _close(self) -> None:
        self._waiting = None
        if not self._answering:
            self.transport.close()


class _Workers(Multiprocess):
    """Workers of which one that ended is begun again, and none is taken for dead because it is slow.

    uvicorn asks each worker and waits for its answer: on a busy machine one that has not done with starting would be
    killed and begun again for ever, and who waits hears no signal.
    """

    def keep_subprocess_alive(self) -> None:
        """Begins again those that ended; stops where one cannot start."""
        for place, worker in enumerate(self.processes):
            if self.should_exit.is_set() or worker.process.is_alive():
                continue
            worker.process.join()
            if worker.exitcode == STARTUP_FAILURE:
                self.should_exit.set()
                return
            told("worker-ended", 30, exit=worker.exitcode)
            self.processes[place] = Process(self.config, self.sockets)
            self.processes[place].start()


def _made(settings: Settings) -> Starlette:
    """The application of a worker, in its own process."""
    log_to_stderr(settings.log_level)
    sys.setswitchinterval(0.001)  # so that the event loop is not kept waiting by what is being decided
    return settings.application()


def _told_to_stop(*_: object) -> None:
    """What uvicorn finds when it gives signals back that it has obeyed: to be stopped is how a service ends."""


def serve(settings: Settings, *, host: str, port: int, workers: int = 1, proxies: Sequence[str] = ()) -> None:
    """Serves until it is told to stop by SIGINT or SIGTERM.

    Args:
        host, port: where it listens.
        workers: how many processes answer.
        proxies: addresses whose word for the scheme of a request is taken.

    Raises:
        Refused: nothing can listen there.
        PolicyError, RecordError: as `app`; found before anything is served.
    """
    # an interview is known to the process that began it alone, and several answer by turns
    settings = attrs.evolve(settings, pages=settings.pages and workers == 1)
    settings.application().state.service.close()  # what is wrong is told here, once, and not by every worker
    log_to_stderr(settings.log_level)
    config = uvicorn.Config(
        functools.partial(_made, settings),
        factory=True,
        host=host,
        port=port,
        workers=workers,
        http=Protocol,
        ws="none",
        lifespan="on",
        access_log=False,
        log_config=None,
        server_header=False,
        date_header=True,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=list(proxies),
        limit_concurrency=CONNECTIONS,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
    try:
        listening = config.bind_socket()
    except SystemExit:
        raise Refused(
            f"nothing can listen at {host}:{port}", "is something else there? give another --port"
        ) from None
    except OSError as error:
        raise Refused(
            f"nothing can listen at {host}:{port}: {reason_of(error)}", "give another --port"
        ) from None
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _told_to_stop)
    if workers > 1:
        _Workers(config, sockets=[listening]).run()
    else:
        uvicorn.Server(config).run(sockets=[listening])
