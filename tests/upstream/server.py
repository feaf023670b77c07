"""The server's side of the socket: reading requests, and answering them as a fault says."""

import json
import socket
import struct
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.upstream.documents import form_of
from tests.upstream.faults import FaultSpec, error_body
from tests.upstream.state import Asked, Reply, Upstream


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, handler: type["Handler"]) -> None:
        self.stopped = threading.Event()
        super().__init__(("127.0.0.1", 0), handler)

    def shutdown(self) -> None:
        self.stopped.set()  # nobody waits for the end of a silence
        super().shutdown()

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):  # we hung up, or the client did
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or each answer waits 40 ms for its head to be acknowledged
    upstream: Upstream
    server: Server

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
        kind = self.headers.get("Content-Type", "")
        is_form = kind.startswith("multipart/")
        body = (form_of(kind, raw) if is_form else json.loads(raw)) if raw else None
        asked = Asked.of(method, self.path, body, self.headers.get("If-Match"))
        upstream = self.upstream
        with upstream.lock:
            upstream.requests.append((method, self.path, body))
            upstream.headers.append(dict(self.headers))
            spec = self._next_fault(method)
        if upstream.silent:
            while upstream.silent and not self.server.stopped.wait(0.05):
                pass
            self.close_connection = True
        elif spec is not None:
            self._misbehave(asked, spec)
        elif upstream.blind and method == "GET":
            self._answer(FaultSpec(status=503, body=error_body("Down.")), Reply(503, {}))
        else:
            self._answer(FaultSpec(), upstream.carry_out(asked))

    def _next_fault(self, method: str) -> FaultSpec | None:
        for index, (wanted, spec) in enumerate(self.upstream.faults):
            if wanted == method:
                del self.upstream.faults[index]
                return spec
        return None

    def _misbehave(self, asked: Asked, spec: FaultSpec) -> None:
        reply = self._consequence(asked, spec)
        if spec.hang:
            self.server.stopped.wait(spec.hang)
        self.close_connection = True
        if spec.reset:
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.connection.close()
            return
        self._answer(spec, reply or Reply(200, {}))

    def _consequence(self, asked: Asked, spec: FaultSpec) -> Reply | None:
        """Do to the assistants what the fault says; returns the true answer if there is one."""
        upstream = self.upstream
        with upstream.lock:
            upstream.blind = upstream.blind or spec.blind
            upstream.gone = upstream.gone or spec.gone
            if spec.then is not None:
                upstream.fail_next("GET", spec.then)
            if spec.late:
                upstream.held.append(lambda: upstream.carry_out(asked, spec.store))
                return None
            if spec.vanish and len(asked.parts) > 1:
                upstream.assistants.pop(asked.parts[1], None)
            if not (spec.applied or spec.vanish or spec.gone or spec.store):
                return None
            reply = upstream.carry_out(asked, spec.store)
            if spec.vanish and len(asked.parts) == 1:
                del upstream.assistants[reply.value["id"]]
            return reply

    def _answer(self, spec: FaultSpec, reply: Reply) -> None:
        content = (spec.body if spec.status or spec.body else json.dumps(reply.value)).encode()
        self.send_response(spec.status or reply.status)
        self.send_header("Content-Type", spec.content_type)
        for name, value in (
            ("ETag", reply.etag),
            ("Location", spec.location),
            ("Retry-After", spec.retry_after),
            ("Connection", "close" if self.close_connection else ""),
        ):
            if value:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content) + (50 if spec.truncate else 0)))
        self.end_headers()
        self.wfile.write(content)


def start() -> tuple[Upstream, Server]:
    """Start a server on a free loopback port; the caller shuts it down."""
    upstream = Upstream()
    server = Server(type("BoundHandler", (Handler,), {"upstream": upstream}))
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    upstream.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    return upstream, server
