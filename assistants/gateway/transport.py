"""What carries requests: the connections that this process shares, or an application in it.

And reading the bodies of answers as they were sent.
"""

import atexit
import os
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from ssl import SSLContext
from wsgiref.types import WSGIApplication

import httpcore
import httpx

from assistants.gateway.errors import (
    ConnectionLost,
    GatewayError,
    Misconfigured,
    TimedOut,
    UnexpectedAnswer,
    Unreachable,
)
from assistants.gateway.network import Backend, is_named, network_deadline
from assistants.gateway.refusal import clean

Transport = httpx.BaseTransport
USER_AGENT = "assistants-admin/1"

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


def transport_for(url: httpx.URL, private_hosts: Collection[str]) -> NetworkTransport:
    """Return the shared transport that may reach the host of `url`: a private one only if named."""
    port = url.port or (443 if url.scheme == "https" else 80)
    return shared_transport(public_only=not is_named(url.host, port, private_hosts))


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


SECONDS_FOR_WORDS = 2.0
"""How long the body of an answer may take whose status is known already."""


@dataclass(frozen=True)
class PlainAnswer:
    """An answer that is judged by its status alone: its headers, and how its body begins."""

    status: int
    headers: Mapping[str, str]
    start: bytes


def post_once(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    seconds: float,
    connect_seconds: float,
    private_hosts: Collection[str],
    most: int,
) -> PlainAnswer:
    """Send one POST to `url`, and follow no redirect. It ends within `seconds`.

    At most `most` bytes of the answer are read. Raises `GatewayError`, whose message says nothing,
    since the address may be a secret.
    """
    failure: GatewayError
    timeouts = dict.fromkeys(("read", "write"), seconds)
    timeouts |= dict.fromkeys(("connect", "pool"), min(connect_seconds, seconds))
    try:
        request = httpx.Request(
            "POST",
            url,
            headers={"Accept-Encoding": "identity", "User-Agent": USER_AGENT, **headers},
            content=body,
            extensions={"timeout": timeouts},
        )
        end = time.monotonic() + seconds
        with network_deadline(end):
            response = transport_for(request.url, private_hosts).handle_request(request)
        try:
            return PlainAnswer(
                response.status_code, response.headers, _start_in_time(response, most, end)
            )
        finally:
            response.close()
    except GatewayError as error:
        failure = type(error)()
    except UNSENDABLE:
        failure = Misconfigured()
    except httpx.HTTPError as error:
        failure = type(failure_of(error, ()))()
    raise failure  # outside the except blocks: what they caught may name the address


def _start_in_time(response: httpx.Response, most: int, end: float) -> bytes:
    with (
        suppress(httpx.HTTPError),
        network_deadline(min(end, time.monotonic() + SECONDS_FOR_WORDS)),
    ):
        return read_start(response, most)
    return b""
