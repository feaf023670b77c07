"""A small server that speaks the Assistants API and keeps every request it gets."""

import json
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


@dataclass(frozen=True)
class Received:
    """A request as it arrived behind the gateway; header names in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any


class Upstream:
    """Assistants in memory, each answered with a strong ETag. Use it as a context manager."""

    def __init__(self) -> None:
        self.assistants: dict[str, dict[str, Any]] = {}
        self.received: list[Received] = []
        upstream = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one_request(self) -> None:
                try:
                    super().handle_one_request()
                except ConnectionError:
                    self.close_connection = True

            def do_GET(self) -> None:
                size = int(self.headers.get("Content-Length") or 0)
                body = json.loads(self.rfile.read(size) or "null")
                headers = {name.lower(): value for name, value in self.headers.items()}
                request = Received(self.command, self.path, headers, body)
                upstream.received.append(request)
                status, answer = upstream.answer(request)
                content = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.send_header("x-request-id", f"req_{len(upstream.received)}")
                if "version" in answer:
                    self.send_header("ETag", f'"{answer["version"]}"')
                self.end_headers()
                self.wfile.write(content)

            do_POST = do_DELETE = do_GET

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def answer(self, request: Received) -> tuple[int, dict[str, Any]]:
        """Return status and body."""
        path, _, _ = request.path.partition("?")
        if path == "/v1/models":
            return 200, {"object": "list", "data": [{"id": "gpt-5", "object": "model"}]}
        if path == "/v1/assistants" and request.method == "GET":
            return 200, {"object": "list", "data": [*self.assistants.values()], "has_more": False}
        if path == "/v1/assistants":
            return 200, self._store(f"asst_{len(self.assistants) + 1}", request.body)
        assistant_id = path.removeprefix("/v1/assistants/")
        found = self.assistants.get(assistant_id)
        if found is None:
            message = f"No assistant found with id '{assistant_id}'."
            return 404, {"error": {"message": message, "type": "invalid_request_error"}}
        wanted = request.headers.get("if-match")
        if wanted and wanted != f'"{found["version"]}"':
            return 412, {"error": {"message": "Changed", "code": "precondition_failed"}}
        if request.method == "DELETE":
            del self.assistants[assistant_id]
            return 200, {"id": assistant_id, "object": "assistant.deleted", "deleted": True}
        if request.method == "POST":
            return 200, self._store(assistant_id, request.body)
        return 200, found

    def _store(self, assistant_id: str, body: dict[str, Any]) -> dict[str, Any]:
        old = self.assistants.get(assistant_id, {"created_at": 1699009709, "version": 0})
        fixed = {"id": assistant_id, "object": "assistant", "version": old["version"] + 1}
        self.assistants[assistant_id] = {**old, **body, **fixed}
        return self.assistants[assistant_id]
