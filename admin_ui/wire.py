"""One connection of the web server: what has come in, and what its peer has yet to take.

Nothing here waits. The loop of the worker reads and sends when the peer is ready, so that a thread
only gets requests that are complete, and never waits for somebody to take an answer.
"""

import re
import socket
import time
from typing import Any

from gunicorn.http.parser import RequestParser
from gunicorn.http.unreader import Unreader
from gunicorn.workers.gthread import TConn

LARGEST_HEAD = 64 * 1024
"""Bytes of a request line with all headers; each of them has a limit of 8 KB besides."""
HEAD_KEPT_FOR_REFUSALS = 1024
"""Bytes of a request by which its address is known, should it be refused."""
READ_AT_ONCE = 256 * 1024
"""Bytes read at once, so that one quick sender does not keep the others waiting."""

_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]+)[ \t]*\r\n", re.I)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:", re.I)
_EXPECTS = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*\r\n", re.I)
_BARE_END = re.compile(rb"(?<!\r)\n")


class PatientSocket(socket.socket):
    """A socket whose `sendall` never waits: what the peer does not take is kept in `unsent`."""

    def __init__(self, accepted: socket.socket) -> None:
        super().__init__(fileno=accepted.detach())
        self.unsent = bytearray()
        self.asked = b""
        """How the request that is being answered begins."""

    def sendall(self, data: bytes, _flags: int = 0) -> None:  # type: ignore[override]
        self.unsent += data
        self.flush()

    def flush(self) -> None:
        """Send what goes now. Raises `OSError` when the peer is gone."""
        sent = 0
        with memoryview(self.unsent) as view:
            try:
                while sent < len(view):
                    sent += self.send(view[sent:], socket.MSG_DONTWAIT)
            except (BlockingIOError, InterruptedError):
                pass
        del self.unsent[:sent]

    def receive(self) -> bytes | None:
        """Return what is there, nothing at its end, None when it has to be waited for."""
        try:
            return self.recv(READ_AT_ONCE, socket.MSG_DONTWAIT)
        except (BlockingIOError, InterruptedError):
            return None


class ErrorPageSocket:
    """Takes, in place of a socket, what the web server says about an error; `said` is all of it."""

    def __init__(self, sock: PatientSocket) -> None:
        self._sock = sock
        self.said = b""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)

    def sendall(self, data: bytes) -> None:
        self.said += data


class RequestBytes(Unreader):  # type: ignore[misc]  # gunicorn has no types
    """Gives gunicorn's parser the bytes of one request, and never more."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.data = data
        self.at = 0

    def chunk(self, size_hint: int | None = None) -> bytes:
        # Small: what is read and not asked for is copied again with each read.
        piece = self.data[self.at : self.at + min(size_hint or 8192, 64 * 1024)]
        self.at += len(piece)
        return piece


class PatientConnection(TConn):  # type: ignore[misc]
    """A connection that gathers one request after the other.

    `largest_body` is in bytes. A request with a larger body, or one that does not say how large it
    is, is answered from its head, and then the connection ends.
    """

    def __init__(self, *args: Any, largest_body: int) -> None:
        super().__init__(*args)
        self.initialized = self.data_ready = True  # gunicorn's threads need not wait for it
        self.largest_body = largest_body
        self.received = bytearray()
        self.size: int | None = None
        """Bytes of the request that is coming in, once its head is there."""
        self.searched = 0
        """Bytes in which no end of a head was found."""
        self.must_end = False
        self.deadline = time.monotonic()
        self.taken = 0
        """Bytes of the request that is being answered."""
        self.drained = 0
        self.counted = 0

    def init(self) -> None:
        """Do nothing: `begin` has made the parser."""

    @property
    def is_complete(self) -> bool:
        """Whether a request can be answered, if only to say what is wrong with it."""
        return self.size is not None and len(self.received) >= self.size

    def add(self, data: bytes) -> bool:
        """Add what came in; return whether it completed a head whose body is still to come."""
        self.received += data
        if self.size is not None:
            return False
        searched, self.searched = self.searched, len(self.received)
        end = self.received.find(b"\r\n\r\n", max(0, searched - 3))
        if end >= 0:
            self._read_head(bytes(self.received[: end + 4]))
        elif self._is_hopeless(max(0, searched - 1)):
            self.size, self.must_end = len(self.received), True
        return self.size is not None and not self.is_complete

    def _read_head(self, head: bytes) -> None:
        """Find out how much belongs to the request. gunicorn decides what else the head means: at
        worst it finds the body cut short."""
        length = _LENGTH.search(head)
        body = int(length[1][:15]) if length else 0
        self.must_end = body > self.largest_body or bool(_CHUNKED.search(head))
        self.size = len(head) + (0 if self.must_end else body)
        if not self.must_end and self.size > len(self.received) and _EXPECTS.search(head):
            self.sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _is_hopeless(self, start: int) -> bool:
        """Whether this is no HTTP, such as the first bytes of TLS: it is not waited for."""
        first = self.received[:1]
        return not (first.isalpha() or first == b"\r") or bool(
            _BARE_END.search(self.received, start)
        )

    def begin(self) -> None:
        """Give the request that is complete to gunicorn's parser; what follows it stays."""
        self.taken = self.size or 0
        self.parser = RequestParser(self.cfg, (), self.client)
        self.parser.unreader = RequestBytes(bytes(self.received[: self.taken]))
        self.sock.asked = bytes(self.received[:HEAD_KEPT_FOR_REFUSALS])
        del self.received[: self.taken]
        self.size, self.searched = None, 0

    def end(self) -> None:
        """Forget the request that has been answered, whether its body was read or not."""
        self.taken = 0
        self.parser = RequestParser(self.cfg, (), self.client)

    def weigh(self) -> int:
        """Return by how many bytes what is held has grown since this was asked last."""
        before = self.counted
        self.counted = len(self.received) + self.taken + len(self.sock.unsent)
        return self.counted - before
