"""A loopback server that speaks the Assistants API and misbehaves on command."""

import json
import socket
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Fault = Callable[["Handler"], bool]
"""Called before the request is carried out; True means that it has answered (or hung up)."""


@dataclass
class Upstream:
    """What the server holds, what it was asked, and how it is to misbehave."""

    assistants: dict[str, dict[str, Any]] = field(default_factory=dict)
    requests: list[tuple[str, str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    faults: list[tuple[str, "FaultSpec"]] = field(default_factory=list)
    url: str = ""
    count: int = 0
    gone: bool = False
    rewrite: Callable[[dict[str, Any]], dict[str, Any]] | None = None

    def fail_next(self, method: str, spec: "FaultSpec") -> None:
        """Make the next request of `method` fail as `spec` says."""
        self.faults.append((method, spec))

    def add(self, **content: Any) -> dict[str, Any]:
        """Put an assistant there as an application would."""
        self.count += 1
        row = {
            "id": f"asst_{self.count:024d}",
            "object": "assistant",
            "created_at": int(time.time()),
            "name": None,
            "description": None,
            "model": "gpt-4o",
            "instructions": None,
            "tools": [],
            "metadata": {},
            **content,
        }
        self.assistants[row["id"]] = row
        return row

    def count_of(self, method: str) -> int:
        return sum(1 for asked, _, _ in self.requests if asked == method)


@dataclass(frozen=True)
class FaultSpec:
    """How one request fails. `applied` carries it out first."""

    status: int = 0
    body: str = ""
    content_type: str = "application/json"
    applied: bool = False
    reset: bool = False
    truncate: bool = False
    hang: float = 0.0
    location: str = ""


def refused(message: str, *, param: str | None = None, code: str | None = None) -> FaultSpec:
    """A 400 with the error body of the API."""
    error = {"message": message, "type": "invalid_request_error", "param": param, "code": code}
    return FaultSpec(status=400, body=json.dumps({"error": error}))


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    upstream: Upstream

    def do_GET(self) -> None:
        self._serve("GET")

    def do_POST(self) -> None:
        self._serve("POST")

    def do_DELETE(self) -> None:
        self._serve("DELETE")

    def log_message(self, *args: Any) -> None:
        pass

    def _serve(self, method: str) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        raw = self.rfile.read(length)
        body = json.loads(raw) if raw else None
        self.upstream.requests.append((method, self.path, body))
        self.upstream.headers.append(dict(self.headers))
        for index, (wanted, spec) in enumerate(self.upstream.faults):
            if wanted == method:
                del self.upstream.faults[index]
                self._misbehave(method, body, spec)
                return
        self.send(*self._carry_out(method, body))

    def _misbehave(self, method: str, body: Any, spec: FaultSpec) -> None:
        answer = self._carry_out(method, body) if spec.applied else None
        if spec.hang:
            time.sleep(spec.hang)
        if spec.reset:
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.close_connection = True
            self.connection.close()
            return
        status, value = answer or (200, {})
        text = spec.body if spec.status or spec.body else json.dumps(value)
        self.send_response(spec.status or status)
        self.send_header("Content-Type", spec.content_type)
        if spec.location:
            self.send_header("Location", spec.location)
        self.send_header("Content-Length", str(len(text.encode()) + (50 if spec.truncate else 0)))
        self.end_headers()
        self.wfile.write(text.encode())
        self.close_connection = True

    def send(self, status: int, value: Any) -> None:
        payload = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def _carry_out(self, method: str, body: Any) -> tuple[int, Any]:
        path = urlsplit(self.path)
        parts = path.path.strip("/").split("/")[1:]
        rows = self.upstream.assistants
        if parts == ["models"]:
            return 200, {"object": "list", "data": [{"id": "gpt-4o"}, {"id": "gpt-5.2"}]}
        if self.upstream.gone or parts[:1] != ["assistants"]:
            return 404, _error(f"Invalid URL ({method} {path.path})")
        if len(parts) == 1:
            return self._collection(method, body, parse_qs(path.query))
        row = rows.get(parts[1])
        if row is None:
            return 404, _error(f"No assistant found with id '{parts[1]}'.")
        if method == "DELETE":
            del rows[parts[1]]
            return 200, {"id": parts[1], "object": "assistant.deleted", "deleted": True}
        if method == "POST":
            row.update(body)
            self._rewrite(row)
        return 200, row

    def _collection(self, method: str, body: Any, query: dict[str, list[str]]) -> tuple[int, Any]:
        if method == "POST":
            row = self.upstream.add(**body)
            self._rewrite(row)
            return 200, row
        rows = list(reversed(self.upstream.assistants.values()))
        after = query.get("after", [""])[0]
        if after:
            ids = [row["id"] for row in rows]
            rows = rows[ids.index(after) + 1 :]
        limit = int(query.get("limit", ["20"])[0])
        page = rows[:limit]
        return 200, {"object": "list", "data": page, "has_more": len(rows) > limit}

    def _rewrite(self, row: dict[str, Any]) -> None:
        if self.upstream.rewrite is not None:
            row.update(self.upstream.rewrite(dict(row)))


def _error(message: str) -> dict[str, Any]:
    return {
        "error": {
            "message": message,
            "type": "invalid_request_error",
            "param": None,
            "code": None,
        }
    }


def start() -> tuple[Upstream, ThreadingHTTPServer]:
    """Start a server on a free loopback port; the caller shuts it down."""
    upstream = Upstream()
    handler = type("BoundHandler", (Handler,), {"upstream": upstream})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    upstream.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    return upstream, server
