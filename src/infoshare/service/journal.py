"""The log: a line of JSON for each request and for what the service does, and nothing of any case; and traces, likewise.

A line has the route and not the address, the policy and not the outcome: an outcome tells of the answers that led to it.
Where the extra `telemetry` is installed, a request is a span too, by the API of OpenTelemetry alone: where spans go is up
to whoever runs the service.
Source: OpenTelemetry, "Semantic conventions for HTTP spans", stable since 1.23, for the names of what a span has.
"""

import json
import logging
import re
import sys
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

try:
    from opentelemetry import propagate, trace
except ImportError:
    _traced = False
else:
    _traced = True

if TYPE_CHECKING:
    from opentelemetry.trace import Span

LOG = logging.getLogger("infoshare.service")
_TRACE = re.compile(rb"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")


def told(event: str, level: int = logging.INFO, **of: Any) -> None:
    """Logs an event with what is told of it; what is None is left out."""
    if LOG.isEnabledFor(level):
        LOG.log(level, event, extra={"told": {key: value for key, value in of.items() if value is not None}})


def trace_of(header: bytes | None) -> str | None:
    """The id of the trace that a `traceparent` header (W3C Trace Context) is of, so that lines can be found by it."""
    found = _TRACE.fullmatch(header or b"")
    return found[1].decode() if found else None


_IN_SPANS = {
    "method": "http.request.method",
    "route": "http.route",
    "status": "http.response.status_code",
    "fault": "error.type",
    "request": "infoshare.request",
    "policy": "infoshare.policy",
    "digest": "infoshare.digest",
    "cases": "infoshare.cases",
}
"""What of that which is told of a request its span has, and under which name."""


def span_begun(headers: Mapping[str, str]) -> "Span | None":
    """The span of a request that comes in; None where nothing is traced.

    It belongs to the span that is open around it, where the application is mounted in one that is traced, or else to the
    trace that the headers name.
    """
    if not _traced:
        return None
    around = None if trace.get_current_span().get_span_context().is_valid else propagate.extract(headers)
    return trace.get_tracer("infoshare.service").start_span("request", around, trace.SpanKind.SERVER)


def request_told(span: "Span | None", **of: Any) -> None:
    """Logs a request that was answered, and ends its span."""
    told("request", **of)
    if span is not None:
        named = {_IN_SPANS[key]: value for key, value in of.items() if key in _IN_SPANS and value is not None}
        span.update_name(f"{of['method']} {of['route'] or ''}".rstrip())
        span.set_attributes(named)
        if of["status"] >= 500:
            span.set_status(trace.StatusCode.ERROR)
        span.end()


def place_of(error: BaseException) -> str:
    """What went wrong and where, without the message: that may hold what somebody sent."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else ""
    return type(error).__name__ + where


class Lines(logging.Formatter):
    """Writes log records as lines of JSON, in ASCII; a traceback is told by its places alone."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {
            "at": at.replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
        }
        line |= getattr(record, "told", {})
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = place_of(record.exc_info[1])
        return json.dumps(line)


def log_to_stderr(level: str) -> None:
    """Sends what the service, and the server that runs it, log to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    for name in ("infoshare.service", "uvicorn"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(level.upper())
    for name in ("uvicorn.error", "uvicorn.asgi", "uvicorn.access"):
        logging.getLogger(name).handlers = []
    logging.getLogger("uvicorn.access").propagate = False  # it writes addresses
