"""What carries requests: the connections that this process shares, or an application in it.

And reading the bodies of answers as they were sent.
"""

import atexit
import os
from collections.abc import Iterable, Iterator
from functools import cache
from ssl import SSLContext
from wsgiref.types import WSGIApplication

import httpcore
import httpx

from assistants.gateway.errors import (
    ConnectionLost,
    GatewayError,
    TimedOut,
    UnexpectedAnswer,
    Unreachable,
)
from assistants.gateway.network import Backend
from assistants.gateway.refusal import clean

Transport = httpx.BaseTransport

# What each failure of the network means. The first match counts.
_FAILURES: tuple[tuple[type[Exception], type[GatewayError]], ...] = (
    (httpx.ConnectError, Unreachable),
    (httpx.ConnectTimeout, Unreachable),
    (httpx.PoolTimeout, Unreachable),
    (httpx.TimeoutException, TimedOut),
    (httpx.HTTPError, ConnectionLost),
)
# What httpx refuses to send. Its message may quote a credential.
UNSENDABLE = (
    httpx.InvalidURL,
    httpx.LocalProtocolError,
    httpx.UnsupportedProtocol,
    UnicodeEncodeError,
)


class NetworkTransport(httpx.HTTPTransport):
    """The transport of httpx, over connections that `backend` opens."""

    def __init__(self, backend: Backend, context: SSLContext) -> None:
        super().__init__(verify=context)
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            max_connections=100,
            max_keepalive_connections=20,
            keepalive_expiry=4.0,  # less than the 5 s after which Node hangs up
            network_backend=backend,
        )


_transports: dict[tuple[int, bool], NetworkTransport] = {}


def shared_transport(*, public_only: bool) -> NetworkTransport:
    """Return the transport of this process, made on first use.

    Named private hosts have a transport of their own, so that an endpoint cannot use an open
    connection to a host that only another may reach. A forked child makes its own: processes
    must not share sockets.
    """
    key = (os.getpid(), public_only)
    if key not in _transports:
        made = NetworkTransport(Backend(public_only=public_only), tls_context())
        return _transports.setdefault(key, made)  # a lock could be held while the process forks
    return _transports[key]


@atexit.register
def close_shared_transports() -> None:
    """Close the connections of this process, but not those inherited from its parent."""
    for (pid, _), transport in _transports.items():
        if pid == os.getpid():
            transport.close()


@cache
def tls_context() -> SSLContext:
    """Trust the authorities in SSL_CERT_FILE or SSL_CERT_DIR, else the usual ones."""
    return httpx.create_ssl_context()


def in_process(application: WSGIApplication) -> Transport:
    """Return a transport that calls a WSGI application instead of the network."""
    return httpx.WSGITransport(app=application)


def failure_of(error: httpx.HTTPError, secrets: Iterable[str]) -> GatewayError:
    """Return what a failure of the network means, without any of the `secrets`."""
    kind = next(ours for theirs, ours in _FAILURES if isinstance(error, theirs))
    return kind(clean(str(error), secrets) or "")


def read_body(response: httpx.Response, largest: int) -> bytes:
    """Return the body as it came. Raises `UnexpectedAnswer` if it is encoded or too large.

    We ask for no encoding, and decoding could turn a few bytes into gigabytes.
    """
    if not _is_plain(response):
        raise UnexpectedAnswer("the answer has an encoding that was not asked for")
    pieces, size = [], 0
    for piece in _raw(response):
        size += len(piece)
        if size > largest:
            raise UnexpectedAnswer(f"the answer is larger than {largest:,} bytes")
        pieces.append(piece)
    return b"".join(pieces)


def read_start(response: httpx.Response, most: int) -> bytes:
    """Return the beginning of a failed answer, up to `most` bytes, undecoded."""
    if not _is_plain(response):
        return b""
    start = bytearray()
    for piece in _raw(response):
        start += piece[: most - len(start)]
        if len(start) >= most:
            break
    return bytes(start)


def _is_plain(response: httpx.Response) -> bool:
    encoding = response.headers.get("content-encoding", "").strip().lower()
    return encoding in ("", "identity")


def _raw(response: httpx.Response) -> Iterator[bytes]:
    """Yield the bytes as they were sent. The reading methods of httpx would decode them."""
    stream = response.stream
    assert isinstance(stream, httpx.SyncByteStream)
    yield from stream
