"""gunicorn's threaded worker, in which no thread waits for a slow sender or reader.

The loop collects requests and sends the rest of answers; decision 25 gives the reasons.
"""

import errno
import selectors
import signal
import socket
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from typing import Any

from django.conf import settings
from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, ThreadWorker

from admin_ui.monitoring.metrics import sample
from admin_ui.request.api import in_shape
from admin_ui.request.uploads import largest_upload
from admin_ui.serving.shares import SHARES
from admin_ui.serving.wire import (
    HEAD_KEPT_FOR_REFUSALS,
    LARGEST_HEAD,
    ErrorPageSocket,
    PatientConnection,
    PatientSocket,
)
from admin_ui.serving.writers import WRITERS

MOST_BODIES_HELD = 8
"""Most memory a process holds for requests and answers, in bodies of the largest size."""
MOST_UPLOADS_HELD = 2
"""The same in uploads of the largest size; the more of both counts."""
MOST_LINGERING = 100
LINGER_SECONDS = 5.0
"""Seconds for the peer to read the last answer, while the worker discards what it sends."""
SMALL_CONNECTION_BYTES = 64 * 1024
"""Bytes that a connection may hold without being closed when memory is short."""


class PatientWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """A worker in which slow peers delay only themselves."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.place = SHARES.take()  # still in the master
        super().__init__(*args, **kwargs)
        # Ordered by when each began to wait; a dictionary serves as an ordered set.
        self.coming: dict[PatientConnection, None] = {}
        self.going: dict[PatientConnection, bool] = {}  # value: keep alive afterwards
        self.lingering: dict[PatientConnection, None] = {}
        self.held = 0

    @property
    def nr_conns(self) -> int:
        """Open connections; gunicorn counts them here."""
        return self._connections

    @nr_conns.setter
    def nr_conns(self, count: int) -> None:
        self._connections = count
        SHARES.note(self.place, count)

    def accept(self, listener: socket.socket) -> bool:
        """Accept a connection, and return whether there was one.

        A worker with fewer connections may take it first. When there are too many, close the one
        that waited longest.
        """
        if seconds := SHARES.first_try(self.place):
            time.sleep(seconds)
        try:
            accepted, client = listener.accept()
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK):
                raise
            return False
        self.nr_conns += 1
        if self.nr_conns >= self.worker_connections:
            for conn in (*self.keepalived_conns, *self.coming, *self.going):
                self._drop(conn)
                break
        address = listener.getsockname()
        self._expect(PatientConnection(self.cfg, PatientSocket(accepted), client, address))
        return True

    def on_client_socket_readable(self, conn: PatientConnection, client: PatientSocket) -> None:
        """A connection that was kept alive has another request."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._expect(conn)
        self._on_readable(conn, client)

    def handle_request(self, req: Any, conn: PatientConnection) -> bool:
        # The loop has already sent "100 Continue". No request can follow an unread body.
        req._expected_100_continue = False
        if conn.must_end:
            req.force_close()
        return bool(super().handle_request(req, conn))

    def handle_error(self, req: Any, client: PatientSocket, addr: Any, exc: Exception) -> None:
        page = ErrorPageSocket(client)
        super().handle_error(req, page, addr, exc)
        with suppress(OSError):
            client.sendall(in_shape(client.asked, page.said))

    def _keepalive_after(self, _conn: PatientConnection, keepalive: bool) -> bool:
        return keepalive  # the body is complete, so there is nothing left to wait for

    def finish_request(self, conn: PatientConnection, future: "Future[bool]") -> None:
        """Send the rest of the answer, then continue with the next request."""
        failed = future.cancelled() or future.exception() is not None
        keep = not failed and bool(future.result())
        conn.end()
        self.held += conn.weigh()
        if not conn.sock.unsent:
            self._go_on(conn, keep=keep)
            return
        self.going[conn] = keep
        conn.deadline = time.monotonic() + seconds_allowed(len(conn.sock.unsent))
        self._watch(conn, selectors.EVENT_WRITE, self._on_writable)
        self._make_room()

    def murder_pending(self) -> None:
        """End connections past their deadline; gunicorn calls this at least once a second."""
        sample(open_connections=self.nr_conns, writing=WRITERS.taken)
        now = time.monotonic()
        for conn in [conn for conn in self.coming if conn.deadline <= now]:
            if conn.received:
                self._refuse(conn, "408 Request Timeout")
            else:
                self._drop(conn)
        for conn in [conn for conn in self.going if conn.deadline <= now]:
            self._drop(conn)
        for conn in [conn for conn in self.lingering if conn.deadline <= now]:
            self._close(conn)

    def _cap_keepalive(self, deadline: float) -> None:
        """Begin to stop; gunicorn calls this once, after it has ceased to wait for connections."""
        signal.alarm(self.cfg.graceful_timeout + 1)  # a killed master cannot enforce the limit
        self._stop_listening()
        super()._cap_keepalive(deadline)
        for conn in self.coming:
            if not conn.received:
                conn.deadline = min(conn.deadline, deadline)

    def _stop_listening(self) -> None:
        """Close the listening sockets; connections that are already made are answered first.

        The last process that closes a socket resets what waits in it. So it accepts until nothing
        waits. Where systemd holds the socket too, later requests wait for the next server.
        """
        for listener in self.sockets:
            while self.nr_conns < self.worker_connections - 1 and self.accept(listener):
                pass
            listener.close()

    def _expect(self, conn: PatientConnection) -> None:
        """Wait for the rest of a request; its beginning may already be here."""
        self.coming[conn] = None
        conn.deadline = time.monotonic() + seconds_allowed(0)
        self._watch(conn, selectors.EVENT_READ, self._on_readable)
        if conn.received:
            self._add(conn, b"")

    def _on_readable(self, conn: PatientConnection, _socket: object) -> None:
        try:
            data = conn.sock.receive()
        except OSError:
            data = b""
        if data:
            self._add(conn, data)
        elif data is not None:
            self._drop(conn)

    def _add(self, conn: PatientConnection, data: bytes) -> None:
        if conn.add(data) and conn.size is not None:
            conn.deadline = time.monotonic() + seconds_allowed(conn.size)
        if conn.is_complete:
            self._unwatch(conn)
            conn.begin()
            self.held += conn.weigh()
            self.enqueue_req(conn)
        elif conn.size is None and len(conn.received) > LARGEST_HEAD:
            self._refuse(conn, "431 Request Header Fields Too Large")
        else:
            self.held += conn.weigh()
            self._make_room()

    def _on_writable(self, conn: PatientConnection, _socket: object) -> None:
        try:
            conn.sock.flush()
        except OSError:
            self._drop(conn)
            return
        self.held += conn.weigh()
        if not conn.sock.unsent:
            keep = self.going[conn]
            self._unwatch(conn)
            self._go_on(conn, keep=keep)

    def _go_on(self, conn: PatientConnection, *, keep: bool) -> None:
        if not keep:
            self._end(conn)
        elif conn.received:
            self._expect(conn)
        else:
            conn.set_timeout()
            if not self.alive:
                conn.timeout = min(conn.timeout, time.monotonic() + STOP_KEEPALIVE_LINGER)
            self.keepalived_conns.append(conn)
            self._watch(conn, selectors.EVENT_READ, self.on_client_socket_readable)

    def _make_room(self) -> None:
        """While memory is short, close the large connections with the earliest deadline."""
        most = MOST_BODIES_HELD * settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        while self.held > max(most, MOST_UPLOADS_HELD * largest_upload()):
            large = (
                conn
                for conn in (*self.coming, *self.going)
                if conn.counted > SMALL_CONNECTION_BYTES
            )
            conn = min(large, key=lambda conn: conn.deadline, default=None)
            if conn is None:
                return
            self._drop(conn)

    def _refuse(self, conn: PatientConnection, status: str) -> None:
        """Answer with the error `status`, and end the connection."""
        head = bytes(conn.received[:HEAD_KEPT_FOR_REFUSALS])
        conn.received.clear()
        self._unwatch(conn)
        line = f"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        with suppress(OSError):
            conn.sock.sendall(in_shape(head, line.encode()))
        self._end(conn)

    def _end(self, conn: PatientConnection) -> None:
        """Close the connection after its peer has, so that the peer reads the answer.

        If we closed it while data arrives, TCP would discard the answer.
        """
        self._forget(conn)
        try:
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            conn.close()
            return
        if len(self.lingering) >= MOST_LINGERING:
            self._close(next(iter(self.lingering)))
        self.lingering[conn] = None
        conn.deadline = time.monotonic() + LINGER_SECONDS
        self._watch(conn, selectors.EVENT_READ, self._on_lingering)

    def _on_lingering(self, conn: PatientConnection, _socket: object) -> None:
        try:
            data = conn.sock.receive()
        except OSError:
            data = b""
        if data is not None:
            conn.drained += len(data)
        if data == b"" or conn.drained > 2 * largest_upload():
            self._close(conn)

    def _drop(self, conn: PatientConnection) -> None:
        """End a connection at once."""
        self._forget(conn)
        self._close(conn)

    def _forget(self, conn: PatientConnection) -> None:
        self.nr_conns -= 1
        conn.taken = 0
        conn.received.clear()
        conn.sock.unsent.clear()
        self.held += conn.weigh()

    def _close(self, conn: PatientConnection) -> None:
        self._unwatch(conn)
        conn.close()

    def _watch(self, conn: PatientConnection, event: int, act: Callable[..., None]) -> None:
        self.poller.register(conn.sock, event, partial(act, conn))

    def _unwatch(self, conn: PatientConnection) -> None:
        for kept in (self.coming, self.going, self.lingering):
            kept.pop(conn, None)
        if conn in self.keepalived_conns:
            self.keepalived_conns.remove(conn)
        with suppress(KeyError, ValueError):
            self.poller.unregister(conn.sock)


def seconds_allowed(size: int) -> float:
    """Return the seconds a peer has to send or read `size` bytes."""
    seconds = settings.REQUEST_SECONDS + size / (settings.REQUEST_KILOBYTES_PER_SECOND * 1024)
    return float(seconds)
