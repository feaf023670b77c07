"""What carries requests: the connections that this process shares, or an application in it."""

import atexit
import os
from functools import cache
from ssl import SSLContext
from wsgiref.types import WSGIApplication

import httpcore
import httpx

from assistants.gateway.network import Backend

Transport = httpx.BaseTransport


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
