"""Whether anybody still waits for the answer to a request."""

import socket
import ssl

from django.http import HttpRequest, HttpResponse

CLIENT_LEFT = 499
"""The status that proxies note for a client that closed its connection; nobody receives it."""


def client_left(request: HttpRequest) -> bool:
    """Return whether the client of a request that only reads has closed its connection.

    False where that cannot be seen: over TLS, and without our web server.
    """
    peer = request.META.get("gunicorn.socket")
    if not isinstance(peer, socket.socket) or isinstance(peer, ssl.SSLSocket):
        return False
    if request.method not in ("GET", "HEAD"):
        return False
    try:
        return peer.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def for_nobody() -> HttpResponse:
    """Return what ends a request whose client has left."""
    answer = HttpResponse(status=CLIENT_LEFT)
    answer._has_been_logged = True  # type: ignore[attr-defined]  # it is no fault
    return answer
