"""The log: a line of JSON for each request and for what the service does, and nothing of any case.

A line has the route and not the address, the policy and not the outcome: an outcome tells of the answers that led to it.
"""

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from typing import Any

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
