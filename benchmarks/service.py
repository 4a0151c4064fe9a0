"""`python benchmarks/service.py [--workers 2] [--connections 8] [--seconds 10] [--rate 2000]`: decisions over HTTP.

Serves `reference.policy` and asks for whole decisions as JSON, each of another case: first as fast as answers come, which
tells how many there are in a second; then at a rate, each request at its moment whether or not the ones before it are
answered, which tells how long one waits (a client that waits for answers before it asks would hide the worst). Client and
workers share the machine; on one that does other things too, look at what a decision takes of a processor. Standard
library alone. Ends with 1 if an answer is not 200.
"""

import argparse
import asyncio
import json
import random
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
CASES = 400
HEAD = (
    "POST /v1/policies/{name}/decide HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    "Content-Length: {length}\r\n\r\n"
)


def main() -> int:
    """Prints both, and returns the exit code."""
    options = _options()
    requests = _requests()
    port = str(options.port)
    command = [sys.executable, "-m", "infoshare", "serve", str(HERE / "reference.policy"), "--port", port]
    command += ["--workers", str(options.workers), "--log-level", options.log_level]
    with Path(options.log).open("wb") as log, subprocess.Popen(command, stderr=log) as process:
        try:
            answered, bad = asyncio.run(_measured(options, requests))
        finally:
            process.terminate()
    took = resource.getrusage(resource.RUSAGE_CHILDREN)
    each = (took.ru_utime + took.ru_stime) / answered * 1e6
    print(f"the workers took {each:,.0f} microseconds of a processor for a decision, their start included")
    return 1 if bad else 0


async def _measured(options: argparse.Namespace, requests: list[bytes]) -> tuple[int, int]:
    """How many requests were answered, and how many not with 200."""
    connections = [await _connected(options.port) for _ in range(options.connections)]
    before, _, _ = await _as_fast_as_answers_come(connections, requests, 2)  # what is made once is made
    count, bad, _ = await _as_fast_as_answers_come(connections, requests, options.seconds)
    print(f"{options.workers} workers, {options.connections} connections")
    print(f"as fast as answers come: {count / options.seconds:,.0f} decisions a second")
    waits, more = await _at_a_rate(connections, requests, options.seconds, options.rate)
    waits.sort()
    shares = {50: 0.5, 90: 0.9, 99: 0.99, 99.9: 0.999}
    told = ", ".join(
        f"{of} of 100 under {waits[int(share * len(waits))] * 1000:.1f} ms" for of, share in shares.items()
    )
    print(f"at {options.rate:,} a second ({len(waits) / options.seconds:,.0f} answered): {told}")
    for each in connections:
        each.close()
    return before + count + len(waits), bad + more


class _Connection(asyncio.Protocol):
    """One connection on which a request is sent and its answer awaited; nothing is parsed that need not be."""

    def __init__(self) -> None:
        self._buffer = b""
        self._waiting: asyncio.Future[bool] | None = None
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, rest = self._buffer.partition(b"\r\n\r\n")
        if found:
            at = head.index(b"content-length: ") + 16
            length = int(head[at : head.find(b"\r\n", at) if b"\r\n" in head[at:] else None])
            if len(rest) >= length:
                self._buffer = rest[length:]
                if self._waiting is not None and not self._waiting.done():
                    self._waiting.set_result(head.startswith(b"HTTP/1.1 200"))

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio gives it
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(False)

    def ask(self, request: bytes) -> "asyncio.Future[bool]":
        """Whether a request is answered with 200."""
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self._waiting

    def close(self) -> None:
        self._transport.close()


async def _connected(port: int) -> _Connection:
    for _ in range(600):
        try:
            return (await asyncio.get_running_loop().create_connection(_Connection, "127.0.0.1", port))[1]
        except OSError:
            await asyncio.sleep(0.05)
    raise SystemExit("the service did not start")


async def _as_fast_as_answers_come(
    connections: list[_Connection], requests: list[bytes], seconds: float
) -> tuple[int, int, list[float]]:
    until, chosen = time.perf_counter() + seconds, random.Random(7)

    async def ask(connection: _Connection) -> tuple[int, int]:
        count = bad = 0
        while time.perf_counter() < until:
            bad += not await connection.ask(chosen.choice(requests))
            count += 1
        return count, bad

    found = await asyncio.gather(*map(ask, connections))
    return sum(count for count, _ in found), sum(bad for _, bad in found), []


async def _at_a_rate(
    connections: list[_Connection], requests: list[bytes], seconds: float, rate: int
) -> tuple[list[float], int]:
    """How long each request waited from its moment on, and how many were not answered with 200."""
    free: asyncio.Queue[_Connection] = asyncio.Queue()
    for each in connections:
        free.put_nowait(each)
    waits: list[float] = []
    bad, begun, chosen = 0, time.perf_counter(), random.Random(7)

    async def ask(due: float, request: bytes) -> None:
        nonlocal bad
        connection = await free.get()
        bad += not await connection.ask(request)
        waits.append(time.perf_counter() - due)
        free.put_nowait(connection)

    asking = set()
    for number in range(int(seconds * rate)):
        due = begun + number / rate
        if (left := due - time.perf_counter()) > 0:
            await asyncio.sleep(left)
        task = asyncio.create_task(ask(due, chosen.choice(requests)))
        asking.add(task)
        task.add_done_callback(asking.discard)
        if number % 20 == 0:
            await asyncio.sleep(0)
    await asyncio.gather(*asking)
    return waits, bad


def _requests() -> list[bytes]:
    """Requests for cases that are all answered, and for such that are not."""
    import infoshare

    policy = infoshare.load(HERE / "reference.policy")
    chosen, found = random.Random(7), []
    for _ in range(CASES):
        facts: dict[str, dict[str, object]] = {}
        for fact in policy.facts:
            group, _, name = fact.name.partition(".")
            answer = {
                "yes or no": chosen.random() < 0.5,
                "one of": chosen.choice(list(fact.labels) or [""]),
                "number": chosen.randint(fact.low or 0, fact.high or 17),
            }[fact.type]
            facts.setdefault(group, {})[name] = answer
        body = json.dumps({"facts": facts, "as_of": "2026-11-22"}).encode()
        found.append(HEAD.format(name=policy.name, length=len(body)).encode() + body)
    return found


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--rate", type=int, default=2000)
    parser.add_argument("--port", type=int, default=8099)
    parser.add_argument("--log", default="/dev/null")
    parser.add_argument("--log-level", default="info")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
