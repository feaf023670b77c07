"""One connection of the web server: the bytes received, and the bytes still to send.

Nothing here blocks. The worker's loop reads and sends when the peer is ready. So a thread gets only
complete requests, and never waits for a slow reader.
"""

import re
import socket
import time
from typing import Any

from gunicorn.http.parser import RequestParser
from gunicorn.http.unreader import Unreader
from gunicorn.workers.gthread import TConn

from admin_ui.request.uploads import largest_body

LARGEST_HEAD = 64 * 1024
"""Most bytes of the request line and all headers; each header also has a limit of 8 KB."""
HEAD_KEPT_FOR_REFUSALS = 1024
"""Bytes of a request kept to recognise its address when it is refused."""
READ_AT_ONCE = 256 * 1024
"""Bytes read at once, so that one fast sender does not delay the others."""

_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]+)[ \t]*\r\n", re.I)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:", re.I)
_EXPECTS = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*\r\n", re.I)
_BARE_END = re.compile(rb"(?<!\r)\n")


def _path_of(head: bytes) -> str:
    """Return the path that a request names in its first line, without its query."""
    _method, _space, rest = head.partition(b"\r\n")[0].partition(b" ")
    return rest.partition(b" ")[0].partition(b"?")[0].decode("ascii", "replace")


class PatientSocket(socket.socket):
    """A socket whose `sendall` never blocks: what the peer does not accept stays in `unsent`."""

    def __init__(self, accepted: socket.socket) -> None:
        super().__init__(fileno=accepted.detach())
        self.unsent = bytearray()
        self.asked = b""
        """The first bytes of the current request."""

    def sendall(self, data: bytes, _flags: int = 0) -> None:  # type: ignore[override]
        self.unsent += data
        self.flush()

    def flush(self) -> None:
        """Send as much as the peer accepts now. Raises `OSError` when the peer is gone."""
        sent = 0
        with memoryview(self.unsent) as view:
            try:
                while sent < len(view):
                    sent += self.send(view[sent:], socket.MSG_DONTWAIT)
            except (BlockingIOError, InterruptedError):
                pass
        del self.unsent[:sent]

    def receive(self) -> bytes | None:
        """Return the bytes available: empty at the end, None when there are none yet."""
        try:
            return self.recv(READ_AT_ONCE, socket.MSG_DONTWAIT)
        except (BlockingIOError, InterruptedError):
            return None


class ErrorPageSocket:
    """Replaces a socket to collect the web server's error page in `said`."""

    def __init__(self, sock: PatientSocket) -> None:
        self._sock = sock
        self.said = b""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)

    def sendall(self, data: bytes) -> None:
        self.said += data


class RequestBytes(Unreader):  # type: ignore[misc]  # gunicorn has no types
    """Gives gunicorn's parser the bytes of exactly one request."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.data = data
        self.at = 0

    def chunk(self, size_hint: int | None = None) -> bytes:
        # Small pieces: the parser copies unused bytes again at each read.
        piece = self.data[self.at : self.at + min(size_hint or 8192, 64 * 1024)]
        self.at += len(piece)
        return piece


class PatientConnection(TConn):  # type: ignore[misc]
    """A connection that collects one request after the other.

    A request with a body larger than its address takes, or without a length, is answered from its
    head; then the connection ends.
    """

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.initialized = self.data_ready = True  # gunicorn's threads need not wait for it
        self.received = bytearray()
        self.size: int | None = None
        """Bytes of the incoming request, once its head is complete."""
        self.searched = 0
        """Bytes already searched for the end of the head."""
        self.must_end = False
        self.deadline = time.monotonic()
        self.taken = 0
        """Bytes of the current request."""
        self.drained = 0
        self.counted = 0

    def init(self) -> None:
        """Do nothing: `begin` has made the parser."""

    @property
    def is_complete(self) -> bool:
        """Whether a request can be answered, perhaps with an error."""
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
        """Determine the size of the request. gunicorn interprets the rest of the head; in the worst
        case it finds the body too short."""
        length = _LENGTH.search(head)
        body = int(length[1][:15]) if length else 0
        most = largest_body(_path_of(head))
        self.must_end = body > most or bool(_CHUNKED.search(head))
        self.size = len(head) + (0 if self.must_end else body)
        if not self.must_end and self.size > len(self.received) and _EXPECTS.search(head):
            self.sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _is_hopeless(self, start: int) -> bool:
        """Whether this is not HTTP, such as the start of TLS, so that waiting is useless."""
        first = self.received[:1]
        return not (first.isalpha() or first == b"\r") or bool(
            _BARE_END.search(self.received, start)
        )

    def begin(self) -> None:
        """Give the complete request to gunicorn's parser; later bytes stay."""
        self.taken = self.size or 0
        self.parser = RequestParser(self.cfg, (), self.client)
        self.parser.unreader = RequestBytes(bytes(self.received[: self.taken]))
        self.sock.asked = bytes(self.received[:HEAD_KEPT_FOR_REFUSALS])
        del self.received[: self.taken]
        self.size, self.searched = None, 0

    def end(self) -> None:
        """Forget the answered request, even if its body was not read."""
        self.taken = 0
        self.parser = RequestParser(self.cfg, (), self.client)

    def weigh(self) -> int:
        """Return by how many bytes the held data has grown since the last call."""
        before = self.counted
        self.counted = len(self.received) + self.taken + len(self.sock.unsent)
        return self.counted - before
