"""A service that runs in processes of its own, and a client that speaks to it over a socket."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time

DECIDE = {"Content-Type": "application/json"}
PATIENCE = 240
"""Seconds in which a process has to start or stop, on a machine that does other things too."""


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class Running:
    """A service: `with Running(folder, "infoshare:cscp", "--workers", "2") as service`."""

    def __init__(self, folder, *arguments):
        self.port = free_port()
        self.log = folder / f"log-{self.port}"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "infoshare", "serve", *map(str, arguments), "--port", str(self.port)],
                stderr=log,
                stdout=log,
            )

    def __enter__(self):
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.process.poll() is None:
            with contextlib.suppress(OSError):
                if self.ask("GET", "/readyz")[0] == 200:
                    return self
            time.sleep(0.05)
        self.__exit__()
        raise AssertionError(self.log.read_text("utf-8"))

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(PATIENCE)
        finally:
            if self.process.poll() is None:
                left = self.workers
                self.process.kill()
                self.process.wait()
                for pid in left:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)

    @property
    def base(self):
        return f"http://127.0.0.1:{self.port}"

    def ask(self, method, path, body=b"", headers=None, timeout=PATIENCE):
        """The status, the headers and the bytes of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body or None, headers or {})
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def decide(self, policy, facts, headers=DECIDE, timeout=PATIENCE):
        return self.ask(
            "POST", f"/v1/policies/{policy}/decide", json.dumps({"facts": facts}).encode(), headers, timeout
        )

    def raw(self, *parts, between=0.0, timeout=PATIENCE):
        """What comes back for some bytes, sent one after the other; all of it until the connection is closed."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as connection:
            with contextlib.suppress(ConnectionError):
                for part in parts:
                    connection.sendall(part)
                    time.sleep(between)
            found = b""
            with contextlib.suppress(ConnectionError):
                while more := connection.recv(65536):
                    found += more
            return found

    @property
    def workers(self):
        """The processes that answer."""
        parent = self.process.pid
        children = [
            int(name)
            for name in os.listdir("/proc")
            if name.isdecimal() and _parent(name) == parent and b"resource_tracker" not in _command(name)
        ]
        return children or [parent]

    @property
    def memory(self):
        """Megabytes that the processes which answer have in memory."""
        return sum(_resident(pid) for pid in self.workers) / 1024


def _status(pid):
    try:
        with open(f"/proc/{pid}/status") as file:
            return {name: value.strip() for name, _, value in (line.partition(":") for line in file)}
    except OSError:
        return {}


def _parent(pid):
    return int(_status(pid).get("PPid", "0"))


def _command(pid):
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return file.read()
    except OSError:
        return b""


def _resident(pid):
    return int(_status(pid).get("VmRSS", "0 kB").split()[0])
