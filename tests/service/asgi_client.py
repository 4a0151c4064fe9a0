"""A client of the application in this process: no server, no socket, no package but the application's own."""

import asyncio
import json as json_module
from typing import Any
from urllib.parse import urlsplit

import attrs


@attrs.frozen
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes
    parts: tuple[bytes, ...]

    @property
    def json(self) -> Any:
        return json_module.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def codes(self) -> list[str]:
        return [each["code"] for each in self.json.get("diagnostics", [])]

    @property
    def problem(self) -> str:
        """The name of the problem, where it is one as it must be."""
        assert self.headers["content-type"] == "application/problem+json"
        assert self.json["status"] == self.status
        assert self.json["request"] == self.headers["x-request-id"]
        assert self.json["title"]
        assert self.json["detail"]
        return self.json["type"].removeprefix("https://infoshare.example/problems/")


class Client:
    """Asks an application; `headers` are sent with every request."""

    def __init__(self, application, **headers):
        self.application = application
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}

    def get(self, path, **headers):
        return self.ask("GET", path, **headers)

    def post(self, path, told=None, *, body=None, **headers):
        """Sends JSON, or the bytes of `body`, or what an iterable of bytes gives, one after the other."""
        sent = json_module.dumps(told).encode() if body is None else body
        return self.ask("POST", path, body=sent, **({"content_type": "application/json"} | headers))

    def ask(self, method, path, *, body=b"", **headers):
        return asyncio.run(self.asked(method, path, body=body, **headers))

    async def asked(self, method, path, *, body=b"", never_ends=False, **headers):
        split = urlsplit(path)
        sent = {"host": "127.0.0.1:8080"} | self.headers
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        chunks = [body] if isinstance(body, bytes) else list(body)
        if isinstance(body, bytes) and body and not never_ends:
            sent.setdefault("content-length", str(len(body)))
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": split.path,
            "raw_path": split.path.encode(),
            "query_string": split.query.encode(),
            "root_path": "",
            "headers": [
                (name.lower().encode("latin-1"), value.encode("latin-1"))
                for name, value in sent.items()
                if value is not None
            ],
            "client": ("127.0.0.1", 50000),
            "server": ("127.0.0.1", 8080),
        }
        left = [*chunks]
        told: list[dict[str, Any]] = []

        async def receive():
            if left:
                part = left.pop(0)
                return {"type": "http.request", "body": part, "more_body": bool(left) or never_ends}
            return await asyncio.Event().wait()  # whoever asks stays until there is an answer

        async def send(message):
            told.append(message)

        await self.application(scope, receive, send)
        start = told[0]
        parts = tuple(each["body"] for each in told[1:] if each.get("body"))
        assert not told[-1].get("more_body")
        headers = {name.decode(): value.decode("latin-1") for name, value in start["headers"]}
        return Answer(start["status"], headers, b"".join(parts), parts)
