"""Two upstreams that count what arrives; each can be told to refuse, to die or to answer 404."""

import socket
import struct
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

HANG_UP = struct.pack("ii", 1, 0)
"""The value of SO_LINGER with which a close resets the connection."""


class Upstream:
    """A server that answers 200, or else as `mood` says: "dies" (without an answer) or "404"."""

    def __init__(self) -> None:
        self.arrived: Counter[str] = Counter()
        self.mood = ""
        self.port = 0
        self.start()

    def start(self) -> None:
        """Listen, on the same port as before."""
        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), self._handler())
        self.port = self.server.server_address[1]
        Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        """Stop listening, so that connections are refused."""
        self.server.shutdown()
        self.server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        upstream = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                upstream.arrived[self.headers["X-Name"]] += 1
                if upstream.mood == "dies":
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, HANG_UP)
                    self.connection.close()
                    return
                self.send_response(404 if upstream.mood == "404" else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = answer

            def log_message(self, *_args: Any) -> None:
                pass

        return Handler


@contextmanager
def two_upstreams() -> Iterator[tuple[Upstream, Upstream]]:
    """Run two upstreams until the block ends."""
    pair = Upstream(), Upstream()
    try:
        yield pair
    finally:
        for upstream in pair:
            upstream.stop()
