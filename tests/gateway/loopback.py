"""A server on a real loopback socket that answers as badly as it is told to."""

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Self

Behaviour = Callable[[socket.socket], None]
"""What to do with a connection, each time a request has been read from it whole."""


class Loopback:
    """Reads requests and lets `behave` answer each. Use it as a context manager."""

    def __init__(
        self, behave: Behaviour, *, context: ssl.SSLContext | None = None, reading: bool = True
    ) -> None:
        self.behave = behave
        self.context = context
        self.reading = reading
        self.requests: list[bytes] = []
        self.connections = 0
        self.stopped = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._opened: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stopped.set()
        for opened in (self._listener, *self._opened):
            with suppress(OSError):
                opened.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(timeout=10)
        self._listener.close()

    def url(self, host: str = "127.0.0.1") -> str:
        return f"{'https' if self.context else 'http'}://{host}:{self.port}/v1"

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(10)
        with suppress(OSError), connection:
            if self.context:
                connection = self.context.wrap_socket(connection, server_side=True)
            self._opened.append(connection)
            with connection:
                while not self.stopped.is_set():
                    if self.reading:
                        self.requests.append(read_request(connection))
                    self.behave(connection)


def read_request(connection: socket.socket) -> bytes:
    """Read one request with its sized body. Raises `ConnectionError` when the peer hangs up."""
    head = b""
    while b"\r\n\r\n" not in head:
        head += _receive(connection)
    start, _, body = head.partition(b"\r\n\r\n")
    lines = start.lower().split(b"\r\n")
    sizes = [int(line.split(b":")[1]) for line in lines if line.startswith(b"content-length:")]
    while sizes and len(body) < sizes[0]:
        body += _receive(connection)
    return start + b"\r\n\r\n" + body


def _receive(connection: socket.socket) -> bytes:
    piece = connection.recv(65536)
    if not piece:
        raise ConnectionAbortedError
    return piece


def answer(body: bytes, status: str = "200 OK", **headers: str) -> Behaviour:
    """Answer with this body and keep the connection open."""
    named = {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}
    lines = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return lambda connection: connection.sendall(
        f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body
    )


def reset(connection: socket.socket) -> None:
    """Break the connection off as a crashing process does."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def silence(connection: socket.socket) -> None:
    """Say nothing until the other side gives up."""
    connection.recv(1)


def hang_up(connection: socket.socket) -> None:
    """Close the connection in an orderly way without a word."""
    connection.close()


@contextmanager
def closed_port() -> Iterator[int]:
    """A port of 127.0.0.1 that is taken but refuses connections."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]
